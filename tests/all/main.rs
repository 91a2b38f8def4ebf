//! Tests of whole rooms and of rooms together, in one binary.

mod cache;
mod demo;
mod journal;
mod tape;
