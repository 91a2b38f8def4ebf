//! The terminal bell: the one sound that every handheld has. Patterns are told apart by count.

use crate::handheld::Bell;
use std::io::{self, Write};

/// Rings: once for accepted, twice for refused, three times for all done.
pub fn ring(out: &mut impl Write, bell: Bell) -> io::Result<()> {
    let times = match bell {
        Bell::Good => 1,
        Bell::Bad => 2,
        Bell::Done => 3,
    };
    out.write_all(&b"\x07\x07\x07"[..times])?;
    out.flush()
}
