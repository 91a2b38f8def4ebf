//! A frame: the bytes of one scan as a port heard them, before anyone asks what they mean.

use std::sync::Arc;

/// Longest scan that is kept, in bytes. QR holds at most 7,089 digits; more is noise.
pub const LONGEST_FRAME: usize = 8 * 1024;

/// How the bytes reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A scanner on a port.
    Scanner,
    /// A scanner that types, told from fingers by its speed or by paste brackets.
    Wedge,
    /// Fingers on keys.
    Keys,
}

/// The bytes of one scan, without its line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// How it came.
    pub source: Source,
    /// Name of the port it came from, as configured ("scanner", "/dev/ttyACM0").
    pub port: Arc<str>,
    /// What was read; at most [`LONGEST_FRAME`] bytes.
    pub bytes: Vec<u8>,
}
