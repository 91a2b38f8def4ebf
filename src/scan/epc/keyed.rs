//! The schemes with a GS1 company prefix whose length the tag tells: SGTIN-96 and its kin (TDS 2.3 §14.6).

use super::raw::{Cursor, Pen};
use super::scheme::{Kind, Layout, Scheme, Tail};
use super::short::{
    Digits, Part, Short, is_39, is_82, power, read_seven_bit, read_six_bit, write_seven_bit,
    write_six_bit,
};
use super::{BadEpc, Filter};
use crate::warehouse::check_digit_of;

/// Bits of the company prefix by partition value; it has 12 digits for partition 0, six for 6 (TDS table 14-3).
const PREFIX_BITS: [u8; 7] = [40, 37, 34, 30, 27, 24, 20];

/// An identity that starts with a GS1 company prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keyed {
    pub(super) scheme: Scheme,
    pub(super) filter: Filter,
    pub(super) prefix: Digits,
    /// Indicator or extension digit first, where the key has one.
    pub(super) reference: Part,
    /// Which of how many pieces; only with ITIP.
    pub(super) piece: Option<(u8, u8)>,
    pub(super) serial: Part,
}

impl Keyed {
    #[inline]
    pub(super) fn read(scheme: Scheme, cursor: &mut Cursor<'_>) -> Result<Self, BadEpc> {
        let filter = Filter(cursor.byte(3)?);
        let partition = cursor.byte(3)?;
        let prefix_bits = *PREFIX_BITS
            .get(usize::from(partition))
            .ok_or(BadEpc::Partition)?;
        let prefix = Digits::new(cursor.take(prefix_bits.into())?, 12 - partition)?;
        let rest = |bits: u8| usize::from(bits - prefix_bits);
        let (mut piece, mut reference) = (None, Part::None);
        let serial;
        match scheme.layout() {
            Layout::Keyed {
                together,
                spare,
                serial: tail,
            } => {
                let value = cursor.take(rest(together))?;
                reference = Part::Digits(Digits::new(value, spare + partition)?);
                if scheme.kind() == Kind::Itip {
                    piece = Some((two_digits(cursor)?, two_digits(cursor)?));
                }
                serial = read_tail(tail, cursor)?;
            }
            Layout::Asset96 => serial = number(cursor.take(rest(82))?, 12 + partition)?,
            Layout::Asset202 => {
                let most = usize::from(18 + partition);
                serial = Part::Text(read_seven_bit(cursor, rest(188), most)?);
            }
            Layout::Part96 => {
                reference = number(cursor.take(rest(51))?, 3 + partition)?;
                serial = Part::Number(cursor.take(31)?);
            }
            _ => {
                let most = usize::from(18 + partition);
                reference = Part::Text(read_six_bit(cursor)?.checked(most, is_39)?);
                serial = number(cursor.take(40)?, 12)?;
            }
        }
        Ok(Self {
            scheme,
            filter,
            prefix,
            reference,
            piece,
            serial,
        })
    }

    /// Makes an identity of its parts as text. Errors if a part does not fit the scheme.
    pub(super) fn new(
        scheme: Scheme,
        filter: Filter,
        prefix: &str,
        reference: &str,
        piece: Option<(u8, u8)>,
        serial: &str,
    ) -> Result<Self, BadEpc> {
        let prefix = Digits::parse(prefix)?;
        if !(6..=12).contains(&prefix.len) {
            return Err(BadEpc::Partition);
        }
        if piece.is_some() != (scheme.kind() == Kind::Itip) {
            return Err(BadEpc::Parts);
        }
        let partition = 12 - prefix.len;
        let long = usize::from(18 + partition);
        let (reference, serial) = match scheme.layout() {
            Layout::Keyed {
                spare,
                serial: tail,
                ..
            } => {
                let reference = Digits::parse(reference)?;
                if reference.len != spare + partition {
                    return Err(BadEpc::Digits);
                }
                (Part::Digits(reference), parse_tail(tail, serial)?)
            }
            Layout::Asset96 => (Part::None, parse_number(serial, 12 + partition)?),
            Layout::Asset202 => {
                let text = Short::new(serial)?.checked(long, is_82)?;
                (Part::None, Part::Text(text))
            }
            Layout::Part96 => {
                let reference = parse_number(reference, 3 + partition)?;
                (reference, parse_number(serial, 10)?)
            }
            Layout::PartVar => {
                let text = Short::new(reference)?.checked(long, is_39)?;
                (Part::Text(text), parse_number(serial, 12)?)
            }
            _ => return Err(BadEpc::Scheme),
        };
        let made = Self {
            scheme,
            filter,
            prefix,
            reference,
            piece,
            serial,
        };
        made.write().map(|_| made)
    }

    pub(super) fn write(&self) -> Result<Pen, BadEpc> {
        let mut pen = Pen::new();
        let partition = 12 - self.prefix.len;
        let prefix_bits = PREFIX_BITS[usize::from(partition)];
        let rest = |bits: u8| usize::from(bits - prefix_bits);
        pen.put(self.scheme.header().into(), 8)?;
        pen.put(self.filter.0.into(), 3)?;
        pen.put(partition.into(), 3)?;
        pen.put(self.prefix.value, prefix_bits.into())?;
        match (self.scheme.layout(), self.reference, self.serial) {
            (
                Layout::Keyed {
                    together, serial, ..
                },
                Part::Digits(reference),
                _,
            ) => {
                pen.put(reference.value, rest(together))?;
                if let Some((piece, total)) = self.piece {
                    pen.put(piece.into(), 7)?;
                    pen.put(total.into(), 7)?;
                }
                write_tail(serial, self.serial, &mut pen)?;
            }
            (Layout::Asset96, _, Part::Number(serial)) => pen.put(serial, rest(82))?,
            (Layout::Asset202, _, Part::Text(serial)) => {
                write_seven_bit(&mut pen, &serial, rest(188))?;
            }
            (Layout::Part96, Part::Number(reference), Part::Number(serial)) => {
                pen.put(reference, rest(51))?;
                pen.put(serial, 31)?;
            }
            (Layout::PartVar, Part::Text(reference), Part::Number(serial)) => {
                write_six_bit(&mut pen, &reference)?;
                pen.put(serial, 40)?;
            }
            _ => return Err(BadEpc::Scheme),
        }
        Ok(pen)
    }

    /// The key's digits without its check digit, as a number: 13 digits for SGTIN and ITIP, 17 for SSCC and GSRN,
    /// 12 for the others. None for keys without a check digit.
    #[inline]
    pub(super) fn body(&self) -> Option<u64> {
        let Part::Digits(reference) = self.reference else {
            return None;
        };
        let unit = power(reference.len).ok()?;
        let plain = |value: u64| self.prefix.value * unit + value;
        Some(match self.scheme.kind() {
            Kind::Sgtin | Kind::Itip | Kind::Sscc => {
                // The first digit of the reference goes to the front.
                let unit = power(reference.len - 1).ok()?;
                let first = reference.value / unit;
                let rest = self.prefix.value * unit + reference.value % unit;
                first * power(self.prefix.len + reference.len - 1).ok()? + rest
            }
            _ => plain(reference.value),
        })
    }

    /// The value of the key's AI, without a serial number that is part of it.
    pub(super) fn key(&self) -> String {
        let Some(body) = self.body() else {
            return match self.scheme.kind() {
                Kind::Giai => format!("{}{}", self.prefix, self.serial),
                _ => format!("{}{}", self.prefix, self.reference),
            };
        };
        let check = check_digit_of(body);
        match (self.scheme.kind(), self.piece) {
            (Kind::Sgtin, _) => format!("{body:013}{check}"),
            (Kind::Itip, Some((piece, total))) => format!("{body:013}{check}{piece:02}{total:02}"),
            (Kind::Sscc | Kind::Gsrn | Kind::Gsrnp, _) => format!("{body:017}{check}"),
            (Kind::Grai, _) => format!("0{body:012}{check}"),
            _ => format!("{body:012}{check}"),
        }
    }
}

fn two_digits(cursor: &mut Cursor<'_>) -> Result<u8, BadEpc> {
    cursor
        .byte(7)
        .and_then(|value| (value < 100).then_some(value).ok_or(BadEpc::Digits))
}

/// A number of at most so many digits.
fn number(value: u64, most: u8) -> Result<Part, BadEpc> {
    Digits::new(value, most).map(|digits| Part::Number(digits.value))
}

/// A number without zeros in front.
fn parse_number(text: &str, most: u8) -> Result<Part, BadEpc> {
    if text.is_empty() || (text.len() > 1 && text.starts_with('0')) {
        return Err(BadEpc::Digits);
    }
    number(Digits::parse(text)?.value, most)
}

fn read_tail(tail: Tail, cursor: &mut Cursor<'_>) -> Result<Part, BadEpc> {
    match tail {
        Tail::Zeros if cursor.take(24)? == 0 => Ok(Part::None),
        Tail::Zeros => Err(BadEpc::Trailing),
        Tail::Number(bits) => Ok(Part::Number(cursor.take(bits.into())?)),
        Tail::Text(most) => {
            let most = usize::from(most);
            read_seven_bit(cursor, most * 7, most).map(Part::Text)
        }
        Tail::Marked(bits, most) => {
            let value = cursor.take(bits.into())?;
            let len = u8::try_from(value.checked_ilog10().unwrap_or(0))
                .expect("it has 20 digits at most");
            let unit = power(len)?;
            if len == 0 || len > most || value / unit != 1 {
                return Err(BadEpc::Digits);
            }
            Ok(Part::Digits(Digits::new(value - unit, len)?))
        }
    }
}

fn parse_tail(tail: Tail, text: &str) -> Result<Part, BadEpc> {
    match tail {
        Tail::Zeros if text.is_empty() => Ok(Part::None),
        Tail::Zeros => Err(BadEpc::Digits),
        Tail::Number(_) => parse_number(text, 18),
        Tail::Text(most) => Short::new(text)?
            .checked(most.into(), is_82)
            .map(Part::Text),
        Tail::Marked(_, most) => {
            let digits = Digits::parse(text)?;
            if digits.len == 0 || digits.len > most {
                return Err(BadEpc::Digits);
            }
            Ok(Part::Digits(digits))
        }
    }
}

fn write_tail(tail: Tail, serial: Part, pen: &mut Pen) -> Result<(), BadEpc> {
    match (tail, serial) {
        (Tail::Zeros, Part::None) => pen.put(0, 24),
        (Tail::Number(bits), Part::Number(number)) => pen.put(number, bits.into()),
        (Tail::Text(most), Part::Text(text)) => write_seven_bit(pen, &text, usize::from(most) * 7),
        (Tail::Marked(bits, _), Part::Digits(digits)) => {
            pen.put(power(digits.len)? + digits.value, bits.into())
        }
        _ => Err(BadEpc::Scheme),
    }
}
