//! Tests of whole rooms and of rooms together, in one binary.

mod cache;
mod converge;
mod demo;
mod floors;
mod journal;
mod tape;
mod terminal;
