//! Stockhand runs the floor of a warehouse.
//!
//! A worker acts. The **flow** decides which **facts** follow. The facts are **recorded**. What was recorded moves the work
//! on, lights the screen, and in time reaches the head office, where the same facts become stock.
//!
//! One type, [`warehouse::Fact`], is the row in the journal, the message on the wire, the only thing that moves a flow on,
//! what the office's ledger is folded from, and what a test expects. Nothing is shown or beeped as done that is not on disk.
//! After a dead battery the handheld applies its journal again and stands where it stood.
//!
//! # The journey of one scan
//!
//! 1. [`device::listen`]: a thread a port; cuts bytes into a [`scan::Frame`] and knows nothing of their meaning.
//! 2. [`run`]: what a port hears becomes [`handheld::Event::Heard`], stamped with the moment it was heard.
//! 3. [`handheld::update`]: the one place where the handheld changes.
//! 4. [`scan::read`]: what does the label say?
//! 5. [`flow::Work::decide`]: which facts follow? Changes nothing.
//! 6. [`handheld::Effect::Record`], carried out by [`store::Journal::record`]: all of these facts or none, on disk twice.
//! 7. [`handheld::Event::Recorded`]: now they happened.
//! 8. [`flow::Work::apply`]: moves on; decides nothing, refuses nothing.
//! 9. [`flow::Work::prompt`]: what is asked of the worker now, as data; [`screen::draw`]: then as cells.
//!
//! Beside it, [`sync::Client`] sends the same facts to [`office::Office::push`] and keeps the cache up to date.
//!
//! # Floors
//!
//! Arrows run down only. `warehouse`, `scan`, `label`, `planning`, `flow` and `handheld` are pure: no file, port, socket, clock,
//! random number or thread. `screen`, `device`, `store`, `sync` and `office` are the hands: each does one kind of I/O and
//! decides nothing about the work. Which room may use which stands in `tests/all/floors.rs`, which fails on any other.

pub mod config;
pub mod demo;
pub mod device;
pub mod diagnose;
pub mod fault;
pub mod flow;
pub mod handheld;
pub mod label;
pub mod office;
mod pinned;
pub mod planning;
pub mod run;
pub mod scan;
pub mod screen;
pub mod sqlite;
pub mod store;
pub mod sync;
pub mod warehouse;
