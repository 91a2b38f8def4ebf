//! The handheld's memory: a journal that is precious and kept twice, a cache that can be fetched again, and a queue of
//! labels that can be derived again.
//!
//! The main thread alone writes the journal; the sync thread reads it through a [`Reader`] of its own and writes
//! the cache, which the main thread reads.

mod cache;
mod cache_reader;
mod carbon;
mod error;
mod files;
mod follower;
mod healing;
mod inspection;
mod journal;
mod labels;
mod pin;
pub mod practice;
mod reader;
mod recovery;
mod view;

pub use cache::{Cache, Cursor};
pub use cache_reader::CacheReader;
pub use error::Error;
pub use healing::{DatabaseFlaw, Healing};
pub use journal::{Act, Journal, Verified};
pub use labels::Labels;
pub use pin::{Doorkeeper, Verdict};
pub use reader::{Head, Identity, Line, Reader, Sent, Unsent};
pub use view::View;
