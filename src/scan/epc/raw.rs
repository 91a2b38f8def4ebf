//! The bits of a tag's EPC as a reader gives them, a cursor that reads them and a pen that writes them.

use super::BadEpc;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Longest EPC in bytes: a tag gives its length in five bits, in words of 16 (EPC Gen2 §6.3.2.1.2.2).
pub const LONGEST_EPC: usize = 62;
/// So that a window of sixteen bytes can be taken anywhere.
const ROOM: usize = LONGEST_EPC + 18;

/// The bits of a tag's EPC, from the header on: at most 496. Compares, sorts and hashes as bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RawEpc {
    // All bits behind the last are zero.
    bytes: [u8; ROOM],
    bits: u16,
}

impl RawEpc {
    const EMPTY: Self = Self {
        bytes: [0; ROOM],
        bits: 0,
    };

    /// Takes whole bytes. Errors if there are none or more than [`LONGEST_EPC`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadEpc> {
        let mut raw = Self::EMPTY;
        if bytes.is_empty() {
            return Err(BadEpc::Empty);
        }
        raw.bytes
            .get_mut(..bytes.len().min(LONGEST_EPC + 1))
            .filter(|room| room.len() == bytes.len() && bytes.len() <= LONGEST_EPC)
            .ok_or(BadEpc::TooLong)?
            .copy_from_slice(bytes);
        raw.bits = u16::try_from(bytes.len() * 8).map_err(|_| BadEpc::TooLong)?;
        Ok(raw)
    }

    /// Reads hex digits, large or small; an odd number of them ends in half a byte.
    #[inline]
    pub fn from_hex(hex: &str) -> Result<Self, BadEpc> {
        let digits = hex.as_bytes();
        if digits.is_empty() {
            return Err(BadEpc::Empty);
        }
        if digits.len() > LONGEST_EPC * 2 {
            return Err(BadEpc::TooLong);
        }
        let mut raw = Self::EMPTY;
        let mut seen = 0;
        let mut nibble = |digit: u8| {
            let value = NIBBLE[usize::from(digit)];
            seen |= value;
            value
        };
        let pairs = digits.chunks_exact(2);
        if let [last] = pairs.remainder() {
            raw.bytes[digits.len() / 2] = nibble(*last) << 4;
        }
        for (byte, pair) in raw.bytes.iter_mut().zip(pairs) {
            *byte = nibble(pair[0]) << 4 | nibble(pair[1]) & 15;
        }
        if seen > 15 {
            return Err(BadEpc::Hex);
        }
        raw.bits = u16::try_from(digits.len() * 4).map_err(|_| BadEpc::TooLong)?;
        Ok(raw)
    }

    /// The bytes; the last may be half used.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.bits).div_ceil(8)]
    }

    /// How many bits there are.
    pub const fn bits(&self) -> usize {
        self.bits as usize
    }

    /// The first so many bits, all if there are fewer.
    pub(super) fn front(&self, bits: usize) -> Self {
        let mut pen = Pen::new();
        let mut cursor = self.read();
        let mut left = bits.min(self.bits());
        while left > 0 {
            let count = left.min(64);
            let taken = cursor.take(count).and_then(|bits| pen.put(bits, count));
            taken.expect("as many bits are there, and fit where all of them did");
            left -= count;
        }
        pen.0
    }

    pub(super) const fn read(&self) -> Cursor<'_> {
        Cursor { raw: self, at: 0 }
    }
}

/// The value of each hex digit; 255 for all other characters.
const NIBBLE: [u8; 256] = {
    let mut table = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        table[b"0123456789abcdef"[digit as usize] as usize] = digit;
        digit += 1;
    }
    table
};

impl Hash for RawEpc {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
        self.bits.hash(state);
    }
}

/// Hex, in capitals.
impl fmt::Display for RawEpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..self.bits().div_ceil(4)).try_for_each(|i| {
            let byte = self.bytes[i / 2];
            write!(f, "{:X}", if i % 2 == 0 { byte >> 4 } else { byte & 15 })
        })
    }
}

impl fmt::Debug for RawEpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawEpc({self})")
    }
}

/// Reads bits from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    raw: &'a RawEpc,
    at: usize,
}

impl Cursor<'_> {
    /// The next `count` bits, at most 64, as a number.
    #[inline]
    pub(super) fn take(&mut self, count: usize) -> Result<u64, BadEpc> {
        if count > self.left() {
            return Err(BadEpc::Short);
        }
        let (from, skip) = (self.at / 8, self.at % 8);
        self.at += count;
        let bytes = &self.raw.bytes[from..from + 16];
        if let (1..=57, Some(window)) = (count, bytes.first_chunk::<8>()) {
            return Ok(u64::from_be_bytes(*window) << skip >> (64 - count));
        }
        let window = bytes.first_chunk::<16>().filter(|_| count > 0);
        let value = window.map_or(0, |window| {
            u128::from_be_bytes(*window) << skip >> (128 - count)
        });
        Ok(u64::try_from(value).expect("at most 64 bits were asked for"))
    }

    /// The next `count` bits, at most 128.
    pub(super) fn take_wide(&mut self, count: usize) -> Result<u128, BadEpc> {
        let high = u128::from(self.take(count.saturating_sub(64))?);
        Ok(high << 64 | u128::from(self.take(count.min(64))?))
    }

    /// The next `count` bits, at most eight, as a byte.
    pub(super) fn byte(&mut self, count: usize) -> Result<u8, BadEpc> {
        let value = self.take(count)?;
        Ok(u8::try_from(value).expect("at most 8 bits were asked for"))
    }

    pub(super) const fn left(&self) -> usize {
        self.raw.bits() - self.at
    }

    /// The bits that are left.
    pub(super) fn rest(mut self) -> RawEpc {
        let mut pen = Pen::new();
        while self.left() > 0 {
            let count = self.left().min(64);
            let taken = self.take(count).and_then(|bits| pen.put(bits, count));
            taken.expect("as many bits are there, and fit where all of them did");
        }
        pen.0
    }

    /// Whether nothing but padding is left.
    pub(super) fn rest_is_zero(mut self) -> bool {
        while self.left() > 0 {
            if self.take(self.left().min(64)) != Ok(0) {
                return false;
            }
        }
        true
    }
}

/// Writes bits to the end.
#[derive(Clone, Debug)]
pub(super) struct Pen(RawEpc);

impl Pen {
    pub(super) const fn new() -> Self {
        Self(RawEpc::EMPTY)
    }

    /// Writes a number as `count` bits, at most 64. Errors if it does not fit them or the EPC grows too long.
    pub(super) fn put(&mut self, value: u64, count: usize) -> Result<(), BadEpc> {
        let at = self.0.bits();
        if at + count > LONGEST_EPC * 8 {
            return Err(BadEpc::TooLong);
        }
        if count < 64 && value >> count != 0 {
            return Err(BadEpc::Digits);
        }
        if count == 0 {
            return Ok(());
        }
        let window = &mut self.0.bytes[at / 8..at / 8 + 16];
        let ink = u128::from(value) << (128 - count - at % 8);
        for (byte, ink) in window.iter_mut().zip(ink.to_be_bytes()) {
            *byte |= ink;
        }
        self.0.bits = u16::try_from(at + count).map_err(|_| BadEpc::TooLong)?;
        Ok(())
    }

    /// Writes a number as `count` bits, at most 128.
    pub(super) fn put_wide(&mut self, value: u128, count: usize) -> Result<(), BadEpc> {
        let high = u64::try_from(value >> 64).expect("half of it");
        let low = u64::try_from(value & u128::from(u64::MAX)).expect("the other half");
        self.put(high, count.saturating_sub(64))?;
        self.put(low, count.min(64))
    }

    /// Writes bits as they are.
    pub(super) fn append(&mut self, bits: &RawEpc) -> Result<(), BadEpc> {
        let mut cursor = bits.read();
        while cursor.left() > 0 {
            let count = cursor.left().min(64);
            self.put(cursor.take(count)?, count)?;
        }
        Ok(())
    }

    /// What was written, filled up with zeros to a whole word, as tags want it.
    pub(super) fn finish(mut self) -> Result<RawEpc, BadEpc> {
        let missing = self.0.bits().next_multiple_of(16) - self.0.bits();
        self.put(0, missing)?;
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_comes_back_as_it_was_even_with_an_odd_number_of_digits() {
        for hex in ["F43952114112345678906", "3034257BF7194E4000001A85", "0"] {
            assert_eq!(
                RawEpc::from_hex(hex).map(|raw| raw.to_string()),
                Ok(hex.to_owned())
            );
        }
        assert_eq!(RawEpc::from_hex("3G"), Err(BadEpc::Hex));
        assert_eq!(RawEpc::from_hex("३"), Err(BadEpc::Hex));
        assert_eq!(RawEpc::from_hex(&"0".repeat(125)), Err(BadEpc::TooLong));
        assert_eq!(RawEpc::from_bytes(&[0; 63]), Err(BadEpc::TooLong));
        assert_eq!(RawEpc::from_bytes(&[0; 500]), Err(BadEpc::TooLong));
    }

    #[test]
    fn what_a_pen_wrote_a_cursor_reads() {
        let mut pen = Pen::new();
        let parts = [
            (5, 3),
            (0, 0),
            (u64::MAX, 64),
            (1, 1),
            (0x1234, 13),
            (77, 60),
        ];
        for (value, count) in parts {
            pen.put(value, count).expect("it fits");
        }
        let raw = pen.finish().expect("it fits");
        assert_eq!(raw.bits(), 144);
        let mut cursor = raw.read();
        for (value, count) in parts {
            assert_eq!(cursor.take(count), Ok(value));
        }
        assert!(cursor.rest_is_zero());
        assert_eq!(Pen::new().put(8, 3), Err(BadEpc::Digits));
    }

    #[test]
    fn the_longest_epc_can_be_read_to_its_last_bit() {
        let raw = RawEpc::from_bytes(&[0xff; LONGEST_EPC]).expect("it fits");
        let mut cursor = raw.read();
        for _ in 0..62 {
            assert_eq!(cursor.take(8), Ok(0xff));
        }
        assert_eq!(cursor.take(1), Err(BadEpc::Short));
    }
}
