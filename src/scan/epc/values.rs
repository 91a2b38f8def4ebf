//! How the schemes of TDS 2 write the values of application identifiers (TDS 2.3 §14.5).

use super::BadEpc;
use super::raw::{Cursor, Pen};
use super::short::{Short, is_82};

/// How a variable-length value was written: its encoding indicator (TDS 2.3 table 14-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// 0: digits as one number.
    Integer,
    /// 1: hex in capitals.
    HexCapital,
    /// 2: hex in small letters.
    HexSmall,
    /// 3: the 64 characters of file-safe base 64.
    Base64,
    /// 4: 7-bit ASCII.
    Ascii,
    /// 5: URN code 40.
    UrnCode40,
}

use Coding::{Ascii, Base64, HexCapital, HexSmall, Integer, UrnCode40};

const CODINGS: [Coding; 6] = [Integer, HexCapital, HexSmall, Base64, Ascii, UrnCode40];

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// TDS 2.3 table 14-8. The first stands for no character.
const CODE40: &[u8; 40] = b"\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";

impl Coding {
    /// The encoding indicator, 0 to 5.
    pub const fn indicator(self) -> u8 {
        self as u8
    }

    /// Bits of a text of so many characters.
    fn bits(self, len: usize) -> usize {
        match self {
            Integer => digits_bits(len),
            HexCapital | HexSmall => len * 4,
            Base64 => len * 6,
            Ascii => len * 7,
            UrnCode40 => len.div_ceil(3) * 16,
        }
    }

    const fn holds(self, byte: u8) -> bool {
        match self {
            Integer => byte.is_ascii_digit(),
            HexCapital => matches!(byte, b'0'..=b'9' | b'A'..=b'F'),
            HexSmall => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
            Ascii => is_82(byte),
            UrnCode40 => matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b':'),
        }
    }

    /// The coding with the fewest bits. A number with zeros in front is no integer.
    fn best(text: &Short) -> Option<Self> {
        let zero = text.as_bytes().first() == Some(&b'0');
        CODINGS
            .into_iter()
            .filter(|&coding| coding != Integer || !zero)
            .filter(|coding| text.as_bytes().iter().all(|&byte| coding.holds(byte)))
            .min_by_key(|coding| coding.bits(text.len()))
    }
}

/// Bits of a number of so many digits, 38 at most (TDS 2.3 table 14-7).
fn digits_bits(len: usize) -> usize {
    match u32::try_from(len)
        .ok()
        .and_then(|len| 10u128.checked_pow(len))
    {
        Some(1) => 0,
        // A power of ten is no power of two, so it is as long as the longest number below it.
        Some(most) => (u128::BITS - most.leading_zeros()) as usize,
        None => 128,
    }
}

/// Most digits of a number of 128 bits.
const MOST_DIGITS: usize = 38;

/// A number of so many digits, zeros in front included.
pub(super) fn read_number(
    cursor: &mut Cursor<'_>,
    len: usize,
    push: impl FnMut(u8) -> Result<(), BadEpc>,
) -> Result<(), BadEpc> {
    if len > MOST_DIGITS {
        return Err(BadEpc::Digits);
    }
    let value = cursor.take_wide(digits_bits(len))?;
    let digits = format!("{value:0len$}");
    // No digits are no number, not a zero.
    if len > 0 && digits.len() > len {
        return Err(BadEpc::Digits);
    }
    digits.bytes().take(len).try_for_each(push)
}

fn write_number(pen: &mut Pen, digits: &str) -> Result<(), BadEpc> {
    let value: u128 = digits.parse().map_err(|_| BadEpc::Character)?;
    pen.put_wide(value, digits_bits(digits.len()))
}

/// Triplets of characters, each of 16 bits: 1600 a + 40 b + c + 1 (TDS 2.3 §14.5.6.6).
pub(super) fn read_code40(
    cursor: &mut Cursor<'_>,
    len: usize,
    mut push: impl FnMut(u8) -> Result<(), BadEpc>,
) -> Result<(), BadEpc> {
    let mut left = len;
    while left > 0 {
        let triplet = cursor.take(16)?;
        if !(1..=64_000).contains(&triplet) {
            return Err(BadEpc::Character);
        }
        for unit in [1600, 40, 1] {
            let index = usize::try_from((triplet - 1) / unit % 40).expect("it is below 40");
            match (index, left) {
                (0, 0) => {}
                (0, _) | (_, 0) => return Err(BadEpc::Character),
                _ => {
                    push(CODE40[index])?;
                    left -= 1;
                }
            }
        }
    }
    Ok(())
}

pub(super) fn write_code40(pen: &mut Pen, text: &[u8]) -> Result<(), BadEpc> {
    for triplet in text.chunks(3) {
        let mut value = 1;
        for (byte, unit) in triplet.iter().zip([1600, 40, 1]) {
            let index = CODE40.iter().position(|of| of == byte).filter(|&i| i > 0);
            value += unit * index.ok_or(BadEpc::Character)? as u64;
        }
        pen.put(value, 16)?;
    }
    Ok(())
}

/// TDS 2.3 §14.5.4: fixed-length numeric, four bits a digit.
pub(super) fn read_fixed(cursor: &mut Cursor<'_>, digits: usize) -> Result<Short, BadEpc> {
    let mut text = Short::default();
    for _ in 0..digits {
        match cursor.byte(4)? {
            digit @ 0..=9 => text.push(b'0' + digit)?,
            _ => return Err(BadEpc::Digits),
        }
    }
    Ok(text)
}

pub(super) fn write_fixed(pen: &mut Pen, digits: &str) -> Result<(), BadEpc> {
    digits.bytes().try_for_each(|byte| match byte {
        b'0'..=b'9' => pen.put(u64::from(byte - b'0'), 4),
        _ => Err(BadEpc::Character),
    })
}

/// TDS 2.3 §14.5.6: variable-length alphanumeric: indicator, length, characters. At least one, at most `most`.
pub(super) fn read_variable(
    cursor: &mut Cursor<'_>,
    most: usize,
    fits: fn(u8) -> bool,
) -> Result<(Short, Coding), BadEpc> {
    let mut text = Short::default();
    let coding = read_coded(cursor, 5, |byte| text.push(byte))?;
    Ok((text.checked(most, fits)?, coding))
}

/// The same of any length, which is told in `length_bits` bits, at most eight.
pub(super) fn read_coded(
    cursor: &mut Cursor<'_>,
    length_bits: usize,
    mut push: impl FnMut(u8) -> Result<(), BadEpc>,
) -> Result<Coding, BadEpc> {
    let coding = *CODINGS
        .get(usize::from(cursor.byte(3)?))
        .ok_or(BadEpc::Indicator)?;
    let len = usize::from(cursor.byte(length_bits)?);
    if cursor.left() < coding.bits(len) {
        return Err(BadEpc::Short);
    }
    match coding {
        Integer => read_number(cursor, len, push)?,
        UrnCode40 => read_code40(cursor, len, push)?,
        _ => (0..len).try_for_each(|_| {
            push(match coding {
                HexCapital => b"0123456789ABCDEF"[usize::from(cursor.byte(4)?)],
                HexSmall => b"0123456789abcdef"[usize::from(cursor.byte(4)?)],
                Base64 => BASE64[usize::from(cursor.byte(6)?)],
                _ => cursor.byte(7)?,
            })
        })?,
    }
    Ok(coding)
}

pub(super) fn write_variable(pen: &mut Pen, text: &Short) -> Result<Coding, BadEpc> {
    let coding = Coding::best(text).ok_or(BadEpc::Character)?;
    pen.put(coding.indicator().into(), 3)?;
    pen.put(text.len() as u64, 5)?;
    let at = |table: &[u8], byte: u8| table.iter().position(|&of| of == byte);
    match coding {
        Integer => write_number(pen, text.as_str())?,
        UrnCode40 => write_code40(pen, text.as_bytes())?,
        _ => text.as_bytes().iter().try_for_each(|&byte| {
            let (code, bits) = match coding {
                HexCapital => (at(b"0123456789ABCDEF", byte), 4),
                HexSmall => (at(b"0123456789abcdef", byte), 4),
                Base64 => (at(BASE64, byte), 6),
                _ => (Some(usize::from(byte)), 7),
            };
            pen.put(code.ok_or(BadEpc::Character)? as u64, bits)
        })?,
    }
    Ok(coding)
}

/// TDS 2.3 §14.5.5: digits of four bits until F ends the value or E opens an alphanumeric rest.
pub(super) fn read_delimited(
    cursor: &mut Cursor<'_>,
    most: usize,
    fits: fn(u8) -> bool,
) -> Result<(Short, Option<Coding>), BadEpc> {
    let mut text = Short::default();
    loop {
        match cursor.byte(4)? {
            digit @ 0..=9 => text.push(b'0' + digit)?,
            0xe => {
                let (rest, coding) = read_variable(cursor, most, fits)?;
                for &byte in rest.as_bytes() {
                    text.push(byte)?;
                }
                return Ok((text.checked(most, fits)?, Some(coding)));
            }
            0xf => return Ok((text.checked(most, fits)?, None)),
            _ => return Err(BadEpc::Digits),
        }
    }
}

pub(super) fn write_delimited(pen: &mut Pen, text: &Short) -> Result<Option<Coding>, BadEpc> {
    let all = text.as_str();
    let digits = all.bytes().take_while(u8::is_ascii_digit).count();
    write_fixed(pen, &all[..digits])?;
    if digits == all.len() {
        pen.put(0xf, 4)?;
        return Ok(None);
    }
    pen.put(0xe, 4)?;
    write_variable(pen, &Short::new(&all[digits..])?).map(Some)
}

/// TDS 2.3 §14.5.13: variable-length numeric string: a length of four bits, the digits as one number.
pub(super) fn read_counted(cursor: &mut Cursor<'_>, most: usize) -> Result<Short, BadEpc> {
    let len = usize::from(cursor.byte(4)?);
    let mut text = Short::default();
    read_number(cursor, len, |byte| text.push(byte))?;
    text.checked(most, |byte| byte.is_ascii_digit())
}

/// The same as some writers have it, against the standard: the digits four bits each.
pub(super) fn read_counted_singly(cursor: &mut Cursor<'_>, most: usize) -> Result<Short, BadEpc> {
    let len = usize::from(cursor.byte(4)?);
    read_fixed(cursor, len)?.checked(most, |byte| byte.is_ascii_digit())
}

pub(super) fn write_counted(pen: &mut Pen, digits: &Short) -> Result<(), BadEpc> {
    pen.put(digits.len() as u64, 4)?;
    write_number(pen, digits.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_numbers_are_those_of_the_table() {
        // TDS 2.3 table 14-7: ceiling of digits x log2(10).
        let wanted = [
            0, 4, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40, 44, 47, 50, 54, 57, 60, 64, 67,
        ];
        for (len, bits) in wanted.into_iter().enumerate() {
            assert_eq!(digits_bits(len), bits, "{len} digits");
        }
    }

    #[test]
    fn the_shortest_coding_is_taken() {
        let best = |text| Coding::best(&Short::new(text).expect("short"));
        assert_eq!(best("5678"), Some(Integer));
        assert_eq!(best("0"), Some(HexCapital));
        assert_eq!(best("beef"), Some(HexSmall));
        assert_eq!(best("rif981"), Some(Base64));
        assert_eq!(best("32a/b"), Some(Ascii));
        assert_eq!(best("AB.CD:EF-"), Some(UrnCode40));
        assert_eq!(best("a b"), None);
    }
}
