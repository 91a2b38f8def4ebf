//! Element strings one after another: read, checked, and left where they stand. Nothing is copied and nothing allocated.

use super::dictionary::{Dictionary, dictionary};
use super::{Ai, Entry, Fault, check_together};

/// The separator as scanners send it; in the symbol it is FNC1. GS1 General Specifications §7.8.3.
pub const GS: u8 = 0x1d;

/// Most elements that are read at once.
pub const MOST: usize = 64;

/// What is asked of the data beside what always holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether the companions that identifiers need must be there. On the floor they may be in another symbol.
    pub requisites: bool,
    /// Whether separators may stand where none belongs: in front, or several at once.
    pub loose_separators: bool,
}

impl Rules {
    /// All that the standard asks of the data of one item.
    pub const STRICT: Self = Self {
        requisites: true,
        loose_separators: false,
    };
    /// What one of several symbols on a label must keep to.
    pub const FLOOR: Self = Self {
        requisites: false,
        loose_separators: true,
    };
}

/// Which entry an element is of and where its value stands, in one word: the entry in 11 bits, where the value begins in 14, its
/// length in 7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::scan) struct Slot(u32);

/// Most entries that a slot can tell apart.
pub(super) const MOST_ENTRIES: usize = 1 << 11;

/// Most bytes that are read at once: twice the longest frame.
const LONGEST: usize = (1 << 14) - 1;

impl Slot {
    /// The entry is below 2,048, `from` at most [`LONGEST`], `len` below 128.
    pub const fn new(entry: u16, from: usize, len: usize) -> Self {
        debug_assert!(entry < 1 << 11 && from <= LONGEST && len < 1 << 7);
        #[allow(clippy::cast_possible_truncation)] // Both are far below 2^32.
        Self((entry as u32) << 21 | (from as u32) << 7 | len as u32)
    }

    pub const fn entry(self) -> usize {
        (self.0 >> 21) as usize
    }

    pub const fn len(self) -> usize {
        (self.0 & 0x7f) as usize
    }

    const fn from(self) -> usize {
        (self.0 >> 7 & 0x3fff) as usize
    }

    const fn to(self) -> usize {
        self.from() + self.len()
    }

    /// The value, in the data that the slot was made for.
    pub fn value(self, data: &[u8]) -> &[u8] {
        &data[self.from()..self.to()]
    }
}

/// The elements of good data, in their order.
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    data: &'a [u8],
    slots: [Slot; MOST],
    count: usize,
}

/// One element.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    /// What its identifier means.
    pub entry: &'static Entry,
    /// Its value; characters of its set only, all of them ASCII.
    pub value: &'a str,
}

impl<'a> Elements<'a> {
    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = Element<'a>> + Clone {
        let all = dictionary();
        self.slots[..self.count].iter().map(|slot| Element {
            entry: &all.entries[slot.entry()],
            value: std::str::from_utf8(slot.value(self.data))
                .expect("every character set is ASCII"),
        })
    }

    /// The value of that identifier, if it is there.
    pub fn get(&self, ai: &str) -> Option<&'a str> {
        self.iter()
            .find(|element| element.entry.ai.as_str() == ai)
            .map(|element| element.value)
    }

    /// How many there are; one at least.
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(&self) -> usize {
        self.count
    }

    fn push(&mut self, slot: Slot) -> Result<(), Fault> {
        *self.slots.get_mut(self.count).ok_or(Fault::TooMany)? = slot;
        self.count += 1;
        Ok(())
    }
}

/// Reads and checks element strings, without what names the symbology.
pub fn parse(data: &[u8], rules: Rules) -> Result<Elements<'_>, Fault> {
    let all = dictionary();
    let mut read = Elements {
        data,
        slots: [Slot::default(); MOST],
        count: 0,
    };
    if data.len() > LONGEST {
        return Err(Fault::TooMany);
    }
    let mut at = separators(data, 0, rules);
    if at == data.len() {
        return Err(Fault::Empty);
    }
    while at < data.len() {
        let slot = next(all, data, at)?;
        read.push(slot)?;
        at = slot.to();
        if data.get(at) == Some(&GS) {
            at = separators(data, at + 1, rules);
        }
    }
    check_together(
        all,
        &read.slots[..read.count],
        |slot| slot.value(data),
        rules,
    )?;
    Ok(read)
}

/// Passes over separators that do not belong there, if that is allowed.
fn separators(data: &[u8], at: usize, rules: Rules) -> usize {
    if rules.loose_separators {
        at + data[at..].iter().take_while(|&&byte| byte == GS).count()
    } else {
        at
    }
}

#[inline]
fn next(all: &Dictionary, data: &[u8], at: usize) -> Result<Slot, Fault> {
    let rest = &data[at..];
    let place = all.find(rest).ok_or_else(|| Fault::UnknownAi(head(rest)))?;
    let entry = &all.entries[usize::from(place)];
    let rest = &rest[entry.ai.len()..];
    let used = match entry.quick(rest) {
        Some(used) => used,
        None => entry.careful(rest)?,
    };
    let from = data.len() - rest.len();
    Ok(Slot::new(place, from, used))
}

fn head(rest: &[u8]) -> [u8; 4] {
    let mut head = [0; 4];
    let len = rest.len().min(4);
    head[..len].copy_from_slice(&rest[..len]);
    head
}

/// Elements as people write them, `(01)…(10)…`; a bracket that belongs to a value stands as `\(`.
pub fn bracketed<'a>(elements: impl IntoIterator<Item = (Ai, &'a str)>) -> String {
    elements
        .into_iter()
        .fold(String::new(), |mut text, (ai, value)| {
            text.push('(');
            text.push_str(ai.as_str());
            text.push(')');
            text.push_str(&value.replace('(', "\\("));
            text
        })
}

/// Reads what [`bracketed`] writes; the values are checked one by one, not what goes together.
pub fn from_brackets(text: &str) -> Result<Vec<(&'static Entry, String)>, Fault> {
    let mut elements = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (ai, tail) = rest
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .ok_or(Fault::Brackets)?;
        let entry = dictionary()
            .entry(ai.as_bytes())
            .ok_or_else(|| Fault::UnknownAi(head(ai.as_bytes())))?;
        let (value, after) = bracket_value(tail);
        entry.check(value.as_bytes())?;
        if elements.len() == MOST {
            return Err(Fault::TooMany);
        }
        elements.push((entry, value));
        rest = after;
    }
    if elements.is_empty() {
        Err(Fault::Empty)
    } else {
        Ok(elements)
    }
}

/// The value up to the next bracket that is not a part of it, and what follows.
fn bracket_value(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('(') {
        let Some(before) = rest[..at].strip_suffix('\\') else {
            value.push_str(&rest[..at]);
            return (value, &rest[at..]);
        };
        value.push_str(before);
        value.push('(');
        rest = &rest[at + 1..];
    }
    value.push_str(rest);
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::super::Lint;
    use super::*;

    fn read(data: &str) -> Result<String, Fault> {
        let elements = parse(data.as_bytes(), Rules::STRICT)?;
        Ok(bracketed(
            elements
                .iter()
                .map(|element| (element.entry.ai, element.value)),
        ))
    }

    fn ai(text: &str) -> Ai {
        Ai::parse(text.as_bytes()).expect("digits")
    }

    #[test]
    fn a_pick_label_is_read_whole() {
        assert_eq!(
            read("01095060001343521726123110LOT7\u{1d}21S(1)"),
            Ok("(01)09506000134352(17)261231(10)LOT7(21)S\\(1)".to_owned())
        );
    }

    #[test]
    fn separators_end_what_is_variable_and_do_no_harm_behind_what_is_not() {
        assert!(read("0109506000134352\u{1d}10LOT\u{1d}").is_ok());
        assert_eq!(
            read("\u{1d}0109506000134352"),
            Err(Fault::UnknownAi(*b"\x1d010"))
        );
        let floor = parse(b"\x1d\x1d0109506000134352\x1d\x1d10LOT", Rules::FLOOR);
        assert_eq!(floor.map(|elements| elements.len()), Ok(2));
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        for (data, fault) in [
            ("", Fault::Empty),
            ("0109506000134351", Fault::Value(ai("01"), Lint::CheckDigit)),
            ("010950600013435", Fault::Length(ai("01"))),
            ("010950600013435210", Fault::EmptyValue(ai("10"))),
            (
                "010950600013435210AAAAAAAAAAAAAAAAAAAAA",
                Fault::TooLong(ai("10")),
            ),
            (
                "010950600013435221a b",
                Fault::Value(ai("21"), Lint::NotCset82),
            ),
            ("01095060001343523106001250", Fault::UnknownAi(*b"3106")),
            ("10LOT", Fault::Missing(ai("10"))),
            (
                "010950600013435231030012503102000125",
                Fault::Excluded(ai("3103"), ai("3102")),
            ),
            ("01095060001343520109506000134369", Fault::Differs(ai("01"))),
            ("80301\u{1d}2531231231231232", Fault::NoSerial(ai("253"))),
        ] {
            assert_eq!(read(data), Err(fault), "{data}");
        }
    }

    #[test]
    fn companions_may_be_in_another_symbol_and_a_repetition_is_no_exclusion() {
        assert!(parse(b"10LOT", Rules::FLOOR).is_ok());
        assert!(read("010950600013435231030012503103001250").is_ok());
        // One group of companions must be there whole.
        assert_eq!(
            read("010950600013435280401234567890123452121"),
            Err(Fault::TooLong(ai("8040")))
        );
        assert!(read("01095060001343528040123456789012345\u{1d}21S").is_ok());
        assert_eq!(
            read("01095060001343528040123456789012345"),
            Err(Fault::Missing(ai("8040")))
        );
    }

    #[test]
    fn more_elements_than_are_read_are_refused() {
        let data = "990\u{1d}".repeat(MOST + 1);
        assert_eq!(read(&data), Err(Fault::TooMany));
        assert!(read(&"990\u{1d}".repeat(MOST)).is_ok());
    }

    #[test]
    fn brackets_are_read_as_they_are_written() {
        let text = "(01)09506000134352(10)A\\(1)(21)x";
        let read = from_brackets(text).expect("they are in order");
        assert_eq!(read[1].1, "A(1)");
        assert_eq!(
            bracketed(read.iter().map(|(entry, value)| (entry.ai, value.as_str()))),
            text
        );
        for bad in [
            "",
            "01",
            "(01",
            "(1)2",
            "(89)x",
            "(10)",
            "(01)123(10)x",
            "x(10)y",
        ] {
            assert!(from_brackets(bad).is_err(), "{bad}");
        }
    }
}
