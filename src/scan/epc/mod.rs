//! What a tag says: EPC Tag Data Standard 2.3, the schemes of 96 bits and more, `+` and `++` included.
//! From bits to identity and back; a tag that is none of these is shown as hex.

mod aidc;
mod element;
#[cfg(test)]
mod examples;
mod host;
mod keyed;
mod other;
mod plus;
mod raw;
mod scheme;
mod short;
mod uri;
mod values;

pub use raw::{LONGEST_EPC, RawEpc};
pub use scheme::{Kind, Scheme};
pub use values::Coding;

use super::fill::Filling;
use super::{Label, Scan, gs1};
use crate::warehouse::SafeText;
use keyed::Keyed;
use other::Other;
use plus::Plus;
use scheme::Layout;

/// Why bits, a URI or AI values are no EPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEpc {
    /// Nothing was given.
    #[error("it is empty")]
    Empty,
    /// More than a tag can hold.
    #[error("it is too long for a tag")]
    TooLong,
    /// Something else than hex digits.
    #[error("it is not written in hex digits")]
    Hex,
    /// The header belongs to no scheme.
    #[error("no scheme has the header {0:02X}")]
    Header(u8),
    /// It ends before its scheme does, or a part is empty.
    #[error("it ends too early")]
    Short,
    /// There is something behind its end.
    #[error("there is more behind its end")]
    Trailing,
    /// A company prefix has 6 to 12 digits.
    #[error("its company prefix has no valid length")]
    Partition,
    /// A part has more or fewer digits than its place.
    #[error("a part has the wrong number of digits")]
    Digits,
    /// A part holds a character that it may not hold.
    #[error("a part holds a character that it may not hold")]
    Character,
    /// TDS 2.3 table 14-6 reserves the values 6 and 7.
    #[error("a part is coded in a way that is reserved")]
    Indicator,
    /// No such day or type of date.
    #[error("its date is no date")]
    Date,
    /// No host name.
    #[error("its host name is none")]
    Host,
    /// A check digit does not fit.
    #[error("its check digit is wrong")]
    CheckDigit,
    /// A filter value beyond its range.
    #[error("its filter value is out of range")]
    Filter,
    /// A URI that is not of this form.
    #[error("it is not an EPC URI of this form")]
    Uri,
    /// The scheme cannot hold this identity.
    #[error("the scheme cannot hold it")]
    Scheme,
    /// An AI is missing or one too many.
    #[error("an application identifier is missing, or one too many")]
    Parts,
}

/// The filter value of a tag, 0 to 7: what kind of packing it is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter(u8);

impl Filter {
    /// Errors above 7.
    pub fn new(value: u8) -> Result<Self, BadEpc> {
        (value < 8).then_some(Self(value)).ok_or(BadEpc::Filter)
    }

    /// 0 to 7.
    pub const fn value(self) -> u8 {
        self.0
    }
}

/// What a tag is fixed to, as its filter value tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// A single item, as it is sold.
    Item,
    /// A pack within a case.
    Inner,
    /// A case.
    Case,
    /// A pallet or other unit load.
    UnitLoad,
    /// Something within an item.
    Component,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Keyed(Keyed),
    Other(Other),
    Plus(Plus),
}

/// What a tag's EPC says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epc(Form);

impl Epc {
    /// Reads the bits from the header on. Zeros behind the end are padding.
    /// No allocation for the schemes of 96 bits.
    #[inline]
    pub fn decode(raw: &RawEpc) -> Result<Self, BadEpc> {
        let mut cursor = raw.read();
        let header = cursor.byte(8)?;
        let scheme = Scheme::of_header(header).ok_or(BadEpc::Header(header))?;
        let form = match scheme.layout() {
            Layout::Plus { .. } => {
                return Plus::read(scheme, &mut cursor).map(Form::Plus).map(Self);
            }
            layout @ (Layout::General | Layout::Defence | Layout::Aerospace) => {
                Form::Other(Other::read(layout, &mut cursor)?)
            }
            _ => Form::Keyed(Keyed::read(scheme, &mut cursor)?),
        };
        if cursor.rest_is_zero() {
            Ok(Self(form))
        } else {
            Err(BadEpc::Trailing)
        }
    }

    /// Writes the bits, filled up with zeros to a whole word of 16. `+` schemes in the shortest coding, with as much of what
    /// follows behind their identity as can be read. Errors only if that does not fit any more.
    pub fn encode(&self) -> Result<RawEpc, BadEpc> {
        match &self.0 {
            Form::Keyed(it) => it.write(),
            Form::Other(it) => it.write(),
            Form::Plus(it) => it.write().and_then(|(mut pen, _)| {
                if let Some(more) = &it.more {
                    pen.append(&aidc::readable(more, &self.identity()))?;
                }
                Ok(pen)
            }),
        }?
        .finish()
    }

    /// How it is written on a tag.
    pub fn scheme(&self) -> Scheme {
        match &self.0 {
            Form::Keyed(it) => it.scheme,
            Form::Other(it) => it.scheme(),
            Form::Plus(it) => it.scheme,
        }
    }

    /// The filter value; aerospace and defence tags have ranges of their own, general ones none.
    pub fn filter(&self) -> Option<u8> {
        match &self.0 {
            Form::Keyed(it) => Some(it.filter.0),
            Form::Plus(it) => Some(it.filter.0),
            Form::Other(Other::General { .. }) => None,
            Form::Other(Other::Defence { filter, .. } | Other::Aerospace { filter, .. }) => {
                Some(*filter)
            }
        }
    }

    /// What the tag is fixed to, if its filter value tells (TDS 2.3 tables 10-2 and 10-3).
    pub fn packing(&self) -> Option<Packing> {
        match (self.scheme().kind(), self.filter()?) {
            (Kind::Sgtin | Kind::Dsgtin, 1) => Some(Packing::Item),
            (Kind::Sgtin | Kind::Dsgtin | Kind::Sscc, 2) => Some(Packing::Case),
            (Kind::Sgtin | Kind::Dsgtin, 4) => Some(Packing::Inner),
            (Kind::Sgtin | Kind::Dsgtin | Kind::Sscc, 6) => Some(Packing::UnitLoad),
            (Kind::Sgtin | Kind::Dsgtin, 7) => Some(Packing::Component),
            _ => None,
        }
    }

    /// The serial number if it is a plain number, as on SGTIN-96 and GRAI-96.
    pub fn serial_number(&self) -> Option<u64> {
        match &self.0 {
            Form::Keyed(Keyed {
                serial: short::Part::Number(number),
                ..
            }) => Some(*number),
            _ => None,
        }
    }

    /// Whether it is one of the `+` or `++` schemes.
    pub const fn is_plus(&self) -> bool {
        matches!(self.0, Form::Plus(_))
    }

    /// Whether more AIs follow behind a `+` identity.
    pub const fn more_follows(&self) -> bool {
        matches!(self.0, Form::Plus(Plus { more: Some(_), .. }))
    }

    /// What of that cannot be read.
    pub fn unread(&self) -> Option<RawEpc> {
        self.more().1
    }

    /// The AIs behind a `+` identity, and what cannot be read of them.
    fn more(&self) -> (Vec<element::Element>, Option<RawEpc>) {
        match &self.0 {
            Form::Plus(Plus {
                more: Some(more), ..
            }) => aidc::read(more, &self.identity()),
            _ => (Vec::new(), None),
        }
    }

    /// How the variable part of a `+` tag was written.
    pub const fn coding(&self) -> Option<Coding> {
        match &self.0 {
            Form::Plus(it) => it.coding,
            _ => None,
        }
    }

    /// What it means to the warehouse: goods, a plate, or a code to be looked up as it stands.
    fn scan(&self) -> Option<Scan> {
        if let Some(plate) = self.sscc() {
            return Some(Scan::Plate(plate));
        }
        if self.gtin().is_some() {
            let mut filling = Filling::new(Label::default(), gs1::RELEASE_YEAR);
            // The identity last: it is what the tag is on, whatever else is written there.
            for (ai, value) in self.more().0.into_iter().chain(self.identity()) {
                filling.element(ai, &value);
            }
            return Some(Scan::Goods(filling.label));
        }
        let code = self.element_string();
        let code = code.or_else(|| Some(self.pure_uri()?.to_string()))?;
        Some(Scan::Code(SafeText::new(&code)))
    }
}

/// What a tag means to the warehouse. Unknown tags and tags outside EPC, which the toggle bit of `pc` tells
/// (EPC Gen2 §6.3.2.1.2.2), are codes in hex.
pub fn read_tag(pc: Option<u16>, raw: &RawEpc) -> Scan {
    let iso = pc.is_some_and(|pc| pc & 0x0100 != 0);
    let epc = (!iso).then(|| Epc::decode(raw).ok()).flatten();
    epc.and_then(|epc| epc.scan())
        .unwrap_or_else(|| Scan::Code(SafeText::new(&raw.to_string())))
}
