//! The demo: a make-believe scanner on a real wire.

mod labels;
mod scanner;

pub use scanner::Scanner;
