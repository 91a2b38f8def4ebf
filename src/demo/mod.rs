//! The demo: a head office, a warehouse to work in, a make-believe scanner and an
//! RFID reader on real wires. The warehouse is made from
//! the few words in `assets/demo` by a fixed seed, so that the same day gives the same warehouse everywhere.

mod assets;
mod dice;
mod goods;
mod labels;
mod office;
mod orders;
mod reader;
mod scanner;
mod sheet;
mod stock;
mod tags;
mod warehouse;

pub use labels::{right, wrong};
pub use office::{NoDemo, Office, PIN};
pub use scanner::Scanner;
pub use warehouse::{SEED, files, sheets};
