//! What a port says, live: the bytes of each scan, and what they mean.

use super::labels;
use crate::device::{self, Heard, PortSettings, Taken};
use std::io::{self, Write};
use std::ops::ControlFlow;

/// Prints what a port says until the output is closed. A lost port is said, and opened again when it comes back.
pub fn listen(port: &PortSettings, mut out: impl Write) -> io::Result<()> {
    let mut ended = Ok(());
    device::listen(port, &Taken::default(), |heard| {
        ended = said(&heard, &mut out);
        match ended {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    ended
}

fn said(heard: &Heard, out: &mut impl Write) -> io::Result<()> {
    match heard {
        Heard::Frame(frame) => {
            let shown: String = frame.bytes.iter().map(|&byte| shown(byte)).collect();
            writeln!(out, "{shown}\n    {}", labels::words(&frame.bytes))?;
        }
        Heard::TooLong => writeln!(out, "more than a label can hold; dropped up to its end")?,
        Heard::Opened(path) => writeln!(out, "listening to {path}")?,
        Heard::Lost(why) => writeln!(out, "not there: {why}")?,
    }
    out.flush()
}

/// A byte for reading: printable ASCII as it is, all else as `<1D>`.
fn shown(byte: u8) -> String {
    match byte {
        0x20..=0x7e => char::from(byte).to_string(),
        byte => format!("<{byte:02X}>"),
    }
}
