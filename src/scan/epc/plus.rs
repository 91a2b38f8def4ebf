//! The schemes of TDS 2, `+` and `++`: AI values one after another, as on a barcode (TDS 2.3 §14.6).
//! The company prefix's length is not on such a tag, so there is no EPC URI for it: an element string instead.

use super::raw::{Cursor, Pen, RawEpc};
use super::scheme::{Kind, Layout, Scheme};
use super::short::{Short, is_39, is_82};
use super::values::{
    Coding, read_counted, read_counted_singly, read_delimited, read_fixed, read_variable,
    write_counted, write_delimited, write_fixed, write_variable,
};
use super::{BadEpc, Filter, host};

/// AI of each date type, 0 to 6 (TDS 2.3 table 14-10).
const DATE_AIS: [&str; 7] = ["11", "13", "15", "16", "17", "7006", "7007"];

/// A date on a DSGTIN tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    kind: u8,
    year: u8,
    month: u8,
    day: u8,
}

impl Dated {
    fn new(kind: u8, year: u8, month: u8, day: u8) -> Result<Self, BadEpc> {
        let known = usize::from(kind) < DATE_AIS.len();
        if known && year < 100 && (1..=12).contains(&month) && day < 32 {
            Ok(Self {
                kind,
                year,
                month,
                day,
            })
        } else {
            Err(BadEpc::Date)
        }
    }

    /// The date of an AI and its YYMMDD.
    pub(super) fn parse(ai: &str, text: &str) -> Result<Self, BadEpc> {
        let kind = DATE_AIS.iter().position(|of| *of == ai);
        let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let part = |from: usize| text[from..from + 2].parse().map_err(|_| BadEpc::Date);
        match kind.and_then(|kind| u8::try_from(kind).ok()) {
            Some(kind) if digits => Self::new(kind, part(0)?, part(2)?, part(4)?),
            _ => Err(BadEpc::Date),
        }
    }

    /// Its AI and its YYMMDD.
    pub(super) fn element(self) -> (&'static str, String) {
        let text = format!("{:02}{:02}{:02}", self.year, self.month, self.day);
        (DATE_AIS[usize::from(self.kind)], text)
    }

    fn read(cursor: &mut Cursor<'_>) -> Result<Self, BadEpc> {
        let kind = cursor.byte(4)?;
        let (year, month, day) = (cursor.byte(7)?, cursor.byte(4)?, cursor.byte(5)?);
        Self::new(kind, year, month, day)
    }

    fn write(self, pen: &mut Pen) -> Result<(), BadEpc> {
        pen.put(self.kind.into(), 4)?;
        pen.put(self.year.into(), 7)?;
        pen.put(self.month.into(), 4)?;
        pen.put(self.day.into(), 5)
    }
}

/// An identity on a `+` or `++` tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plus {
    pub(super) scheme: Scheme,
    pub(super) filter: Filter,
    /// What follows on the tag behind the identity, if more AIs do.
    pub(super) more: Option<Box<RawEpc>>,
    pub(super) date: Option<Dated>,
    /// The key's AI value, without a serial number that is part of it.
    pub(super) key: Short,
    pub(super) serial: Option<Short>,
    /// How the variable part was written.
    pub(super) coding: Option<Coding>,
    pub(super) host: Option<Box<str>>,
}

/// How the values of a kind are laid out.
enum Values {
    /// So many digits.
    Fixed(usize),
    /// So many digits and text of at most so many characters.
    FixedText(usize, usize),
    /// So many digits and a counted number of at most so many digits.
    FixedCounted(usize, usize),
    /// Digits and text.
    Delimited,
    /// The same of fewer characters, and a counted number.
    DelimitedCounted(usize),
}

const fn values(kind: Kind) -> Values {
    match kind {
        Kind::Sscc | Kind::Gsrn | Kind::Gsrnp => Values::Fixed(18),
        Kind::Sgln => Values::FixedText(13, 20),
        Kind::Gdti => Values::FixedText(13, 17),
        Kind::Grai => Values::FixedText(14, 16),
        Kind::Itip => Values::FixedText(18, 20),
        Kind::Sgcn => Values::FixedCounted(13, 12),
        Kind::Giai => Values::Delimited,
        Kind::Cpi => Values::DelimitedCounted(12),
        // The others have no `+` scheme.
        Kind::Sgtin | Kind::Dsgtin | Kind::Gid | Kind::Usdod | Kind::Adi => {
            Values::FixedText(14, 20)
        }
    }
}

/// Reads a counted number.
type Count = fn(&mut Cursor<'_>, usize) -> Result<Short, BadEpc>;

impl Plus {
    /// Reads what follows the header. Leaves the cursor at its end.
    pub(super) fn read(scheme: Scheme, cursor: &mut Cursor<'_>) -> Result<Self, BadEpc> {
        let mut other = *cursor;
        let host = matches!(scheme.layout(), Layout::Plus { host: true });
        Self::read_as(scheme, cursor, read_counted).or_else(|why| {
            // Some writers put the digits of SGCN++ and CPI++ singly, against TDS 2.3 §14.5.13. The host name
            // tells the two forms apart, so such a tag is read as it was meant.
            if host {
                let read = Self::read_as(scheme, &mut other, read_counted_singly);
                *cursor = other;
                read.map_err(|_| why)
            } else {
                Err(why)
            }
        })
    }

    fn read_as(scheme: Scheme, cursor: &mut Cursor<'_>, count: Count) -> Result<Self, BadEpc> {
        let more = cursor.take(1)? == 1;
        let filter = Filter(cursor.byte(3)?);
        let dated = scheme.kind() == Kind::Dsgtin;
        let date = dated.then(|| Dated::read(cursor)).transpose()?;
        let (key, serial, coding) = match values(scheme.kind()) {
            Values::Fixed(digits) => (read_fixed(cursor, digits)?, None, None),
            Values::FixedText(digits, most) => {
                let key = read_fixed(cursor, digits)?;
                let (serial, coding) = read_variable(cursor, most, is_82)?;
                (key, Some(serial), Some(coding))
            }
            Values::FixedCounted(digits, most) => {
                let key = read_fixed(cursor, digits)?;
                (key, Some(count(cursor, most)?), None)
            }
            Values::Delimited => {
                let (key, coding) = read_delimited(cursor, 30, is_82)?;
                (key, None, coding)
            }
            Values::DelimitedCounted(most) => {
                let (key, coding) = read_delimited(cursor, 30, is_39)?;
                (key, Some(count(cursor, most)?), coding)
            }
        };
        let host = match scheme.layout() {
            Layout::Plus { host: true } => Some(host::read(cursor)?),
            _ => None,
        };
        if !more && !cursor.rest_is_zero() {
            return Err(BadEpc::Trailing);
        }
        let more = more.then(|| Box::new(cursor.rest()));
        Ok(Self {
            scheme,
            filter,
            more,
            date,
            key,
            serial,
            coding,
            host,
        })
    }

    /// Makes an identity of its parts as text. Errors if a part does not fit the scheme.
    pub(super) fn new(
        scheme: Scheme,
        filter: Filter,
        key: &str,
        serial: &str,
        date: Option<Dated>,
        host: Option<&str>,
    ) -> Result<Self, BadEpc> {
        let Layout::Plus { host: hosted } = scheme.layout() else {
            return Err(BadEpc::Scheme);
        };
        if hosted != host.is_some() || (scheme.kind() == Kind::Dsgtin) != date.is_some() {
            return Err(BadEpc::Parts);
        }
        let digits = |text: &str, len: usize| {
            let short = Short::new(text)?.checked(len, |byte| byte.is_ascii_digit())?;
            (short.len() == len).then_some(short).ok_or(BadEpc::Digits)
        };
        let few = |most: usize, fits| Short::new(serial)?.checked(most, fits).map(Some);
        let (key, serial) = match values(scheme.kind()) {
            Values::Fixed(len) if serial.is_empty() => (digits(key, len)?, None),
            Values::FixedText(len, most) => (digits(key, len)?, few(most, is_82)?),
            Values::FixedCounted(len, most) => {
                (digits(key, len)?, few(most, |byte| byte.is_ascii_digit())?)
            }
            Values::Delimited if serial.is_empty() => (Short::new(key)?.checked(30, is_82)?, None),
            Values::Fixed(_) | Values::Delimited => return Err(BadEpc::Parts),
            Values::DelimitedCounted(most) => (
                Short::new(key)?.checked(30, is_39)?,
                few(most, |byte| byte.is_ascii_digit())?,
            ),
        };
        let mut made = Self {
            scheme,
            filter,
            more: None,
            date,
            key,
            serial,
            coding: None,
            host: host.map(host::parse).transpose()?,
        };
        made.coding = made.write()?.1;
        Ok(made)
    }

    /// Writes it, each part in the shortest coding, without what follows behind the identity.
    pub(super) fn write(&self) -> Result<(Pen, Option<Coding>), BadEpc> {
        let mut pen = Pen::new();
        pen.put(self.scheme.header().into(), 8)?;
        pen.put(self.more.is_some().into(), 1)?;
        pen.put(self.filter.0.into(), 3)?;
        if let Some(date) = self.date {
            date.write(&mut pen)?;
        }
        let serial = self.serial.unwrap_or_default();
        let coding = match values(self.scheme.kind()) {
            Values::Fixed(_) => {
                write_fixed(&mut pen, self.key.as_str())?;
                None
            }
            Values::FixedText(..) => {
                write_fixed(&mut pen, self.key.as_str())?;
                Some(write_variable(&mut pen, &serial)?)
            }
            Values::FixedCounted(..) => {
                write_fixed(&mut pen, self.key.as_str())?;
                write_counted(&mut pen, &serial)?;
                None
            }
            Values::Delimited => write_delimited(&mut pen, &self.key)?,
            Values::DelimitedCounted(_) => {
                let coding = write_delimited(&mut pen, &self.key)?;
                write_counted(&mut pen, &serial)?;
                coding
            }
        };
        if let Some(host) = &self.host {
            host::write(&mut pen, host)?;
        }
        Ok((pen, coding))
    }
}
