//! Short texts and numbers as tags hold them, kept without allocation.

use super::BadEpc;
use super::raw::{Cursor, Pen};
use std::fmt;

/// At most 32 ASCII characters that can be shown.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Short {
    bytes: [u8; 32],
    len: u8,
}

impl Short {
    /// Keeps a text. Errors if it is too long or holds anything but printable ASCII.
    pub fn new(text: &str) -> Result<Self, BadEpc> {
        let mut short = Self::default();
        text.bytes().try_for_each(|byte| short.push(byte))?;
        Ok(short)
    }

    pub(super) fn push(&mut self, byte: u8) -> Result<(), BadEpc> {
        if !byte.is_ascii_graphic() && byte != b' ' {
            return Err(BadEpc::Character);
        }
        *self
            .bytes
            .get_mut(usize::from(self.len))
            .ok_or(BadEpc::Digits)? = byte;
        self.len += 1;
        Ok(())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).expect("only ASCII was taken")
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    pub(super) const fn len(&self) -> usize {
        self.len as usize
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Itself, if it has at most `most` characters and `fits` all of them.
    pub(super) fn checked(self, most: usize, fits: fn(u8) -> bool) -> Result<Self, BadEpc> {
        if self.is_empty() {
            Err(BadEpc::Short)
        } else if self.len() > most {
            Err(BadEpc::Digits)
        } else if self.as_bytes().iter().all(|&byte| fits(byte)) {
            Ok(self)
        } else {
            Err(BadEpc::Character)
        }
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// A number of a fixed count of digits, zeros in front included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digits {
    pub(super) value: u64,
    pub(super) len: u8,
}

impl Digits {
    /// Errors if the value has more digits.
    pub(super) fn new(value: u64, len: u8) -> Result<Self, BadEpc> {
        if value < power(len)? {
            Ok(Self { value, len })
        } else {
            Err(BadEpc::Digits)
        }
    }

    /// Reads decimal digits, at most 18; none is a number without digits.
    pub(super) fn parse(text: &str) -> Result<Self, BadEpc> {
        let len = u8::try_from(text.len()).map_err(|_| BadEpc::Digits)?;
        power(len)?;
        let value = text.bytes().try_fold(0, |value: u64, byte| {
            byte.is_ascii_digit()
                .then(|| value * 10 + u64::from(byte - b'0'))
                .ok_or(BadEpc::Character)
        })?;
        Ok(Self { value, len })
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len {
            0 => Ok(()),
            len => write!(f, "{:0len$}", self.value, len = usize::from(len)),
        }
    }
}

/// Ten to the power of this many digits, at most 18.
pub(super) fn power(digits: u8) -> Result<u64, BadEpc> {
    const POWERS: [u64; 19] = {
        let mut powers = [1; 19];
        let mut i = 1;
        while i < 19 {
            powers[i] = powers[i - 1] * 10;
            i += 1;
        }
        powers
    };
    POWERS
        .get(usize::from(digits))
        .copied()
        .ok_or(BadEpc::Digits)
}

/// A part of an identity: as its scheme has it, a number, digits or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The scheme has no such part.
    None,
    /// A number without zeros in front.
    Number(u64),
    /// Digits, zeros in front included.
    Digits(Digits),
    /// Text.
    Text(Short),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Number(number) => number.fmt(f),
            Self::Digits(digits) => digits.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// GS1 General Specifications figure 7.11-1: the 82 characters of most identifiers.
pub(super) const fn is_82(byte: u8) -> bool {
    matches!(byte, b'!' | b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z')
}

/// GS1 General Specifications figure 7.11-2: the 39 characters of component and part identifiers.
pub(super) const fn is_39(byte: u8) -> bool {
    matches!(byte, b'#' | b'-' | b'/' | b'0'..=b'9' | b'A'..=b'Z')
}

/// TDS §14.3.5: 7-bit characters in `bits` bits, ended by zeros.
pub(super) fn read_seven_bit(
    cursor: &mut Cursor<'_>,
    bits: usize,
    most: usize,
) -> Result<Short, BadEpc> {
    let mut text = Short::default();
    let mut ended = false;
    for _ in 0..bits / 7 {
        match (cursor.byte(7)?, ended) {
            (0, _) => ended = true,
            (byte, false) => text.push(byte)?,
            (_, true) => return Err(BadEpc::Trailing),
        }
    }
    if cursor.take(bits % 7)? != 0 {
        return Err(BadEpc::Trailing);
    }
    text.checked(most, is_82)
}

pub(super) fn write_seven_bit(pen: &mut Pen, text: &Short, bits: usize) -> Result<(), BadEpc> {
    for &byte in text.as_bytes() {
        pen.put(byte.into(), 7)?;
    }
    let mut left = bits.checked_sub(text.len() * 7).ok_or(BadEpc::Digits)?;
    while left > 0 {
        pen.put(0, left.min(64))?;
        left -= left.min(64);
    }
    Ok(())
}

/// TDS §14.3.8 and appendix G: 6-bit characters, ended by six zeros. May be empty.
pub(super) fn read_six_bit(cursor: &mut Cursor<'_>) -> Result<Short, BadEpc> {
    let mut text = Short::default();
    loop {
        match cursor.byte(6)? {
            0 => return Ok(text),
            code => text.push(six_bit(code))?,
        }
    }
}

/// The character of a 6-bit code: the low six bits of its ASCII code.
pub(super) const fn six_bit(code: u8) -> u8 {
    if code < 0x20 { code | 0x40 } else { code }
}

pub(super) fn write_six_bit(pen: &mut Pen, text: &Short) -> Result<(), BadEpc> {
    for &byte in text.as_bytes() {
        pen.put(u64::from(byte & 0x3f), 6)?;
    }
    pen.put(0, 6)
}
