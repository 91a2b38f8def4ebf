//! Tests of whole rooms and of rooms together, in one binary.

mod cache;
mod converge;
mod demo;
mod floors;
mod hostile_labels;
mod journal;
mod label_vectors;
mod line;
mod office_books;
mod office_command;
mod office_stock;
mod office_storm;
mod office_sync;
mod office_tools;
mod office_wire;
mod office_work;
mod readers;
mod simulators;
mod ssi_port;
mod tag_mutations;
mod tag_vectors;
mod tape;
mod terminal;
