//! What else a `+` tag says behind its identity: application identifiers and their values, packed (TDS 2.3 §15.3).
//! How each value is written stands in Table F of the Tag Data Translation standard 2.2.

use super::BadEpc;
use super::element::Element;
use super::raw::{Cursor, RawEpc};
use super::values::{read_coded, read_number};
use crate::scan::gs1::{self, Entry};
use std::fmt::Write;

/// Most of them on one tag that are read; a tag has room for fewer.
const MOST: usize = 64;

/// How a value, or a part of it, is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// §14.5.2: so many digits as one number.
    Number(usize),
    /// §14.5.4: so many digits of four bits each.
    Digits(usize),
    /// §14.5.5: digits of four bits until F ends the value or E opens a text of at most so many characters.
    Delimited(usize),
    /// §14.5.6: at most so many characters: coding, length, characters.
    Text(usize),
    /// §14.5.7: 0 or 1.
    Bit,
    /// §14.5.8: YYMMDD.
    Date,
    /// §14.5.9: a date, hour and minute.
    Minute,
    /// §14.5.10: a date, or from one to another.
    Period,
    /// §14.5.11: YYMMDD, and as much of hhmmss as is known.
    Moment,
    /// §14.5.12: a country's two letters.
    Country,
    /// §14.5.13: at most so many digits: length, number.
    Counted(usize),
    /// §14.5.14: a minus sign or none.
    Minus,
    /// §14.5.15: `1/3`.
    Sequence,
}

/// The parts of an identifier's value by Table F; none if it is not in the table.
fn parts(entry: &Entry) -> Option<(Part, Option<Part>)> {
    use Part::{
        Bit, Counted, Country, Date, Delimited, Digits, Minus, Minute, Moment, Number, Period,
        Sequence, Text,
    };
    let one = |part| Some((part, None));
    let two = |first, second| Some((first, Some(second)));
    let ai = entry.ai.as_str();
    match ai {
        "01" | "02" => one(Digits(14)),
        "00" | "8006" | "8017" | "8018" | "8026" => one(Digits(18)),
        "410" | "411" | "412" | "413" | "414" | "415" | "416" | "417" => one(Digits(13)),
        "7241" => one(Digits(2)),
        "253" => two(Digits(13), Text(17)),
        "255" => two(Digits(13), Counted(12)),
        "8003" => two(Digits(14), Text(16)),
        "11" | "12" | "13" | "15" | "16" | "17" | "4326" | "7006" => one(Date),
        "4324" | "4325" | "7003" => one(Minute),
        "7007" => one(Period),
        "7011" | "8008" => one(Moment),
        "7252" => one(Number(1)),
        "20" => one(Number(2)),
        "422" | "424" | "426" => one(Number(3)),
        "8111" => one(Number(4)),
        "8005" => one(Number(6)),
        "7250" => one(Number(8)),
        "7251" => one(Number(12)),
        "7001" => one(Number(13)),
        "8001" => one(Number(14)),
        "402" => one(Number(17)),
        "4309" => one(Number(20)),
        "7004" => one(Counted(4)),
        "242" => one(Counted(6)),
        "30" | "37" => one(Counted(8)),
        "8019" => one(Counted(10)),
        "8011" => one(Counted(12)),
        "423" | "425" => one(Counted(15)),
        "421" => two(Number(3), Text(9)),
        "4307" | "4317" => one(Country),
        "4321" | "4322" | "4323" => one(Bit),
        "4330" | "4331" | "4332" | "4333" => two(Number(6), Minus),
        "7023" | "8004" | "8010" => one(Delimited(30)),
        "7258" => one(Sequence),
        "8007" => one(Text(24)),
        // Younger than the table.
        "03" | "8014" | "8043" => None,
        _ => match ai.as_bytes() {
            [b'3', b'1'..=b'6', ..] | [b'3', b'9', b'5', _] => one(Number(6)),
            [b'3', b'9', b'0' | b'2', _] => one(Counted(15)),
            [b'3', b'9', b'1' | b'3', _] => two(Number(3), Counted(15)),
            [b'3', b'9', b'4', _] => one(Number(4)),
            [b'7', b'0', b'3', _] => two(Number(3), Text(27)),
            _ => one(Text(entry.max)),
        },
    }
}

/// Bits that a length of at most so much needs.
const fn length_bits(most: usize) -> usize {
    (usize::BITS - most.leading_zeros()) as usize
}

/// Reads the rest of a tag: identifiers and their values, and the bits from where they cannot be read any more; none
/// if all of it is read. A value that its identifier may not have, or an identifier that was there before, cannot.
pub(super) fn read(tail: &RawEpc, known: &[Element]) -> (Vec<Element>, Option<RawEpc>) {
    let mut elements: Vec<Element> = Vec::new();
    let mut cursor = tail.read();
    while cursor.left() >= 8 && !cursor.rest_is_zero() {
        let before = cursor;
        let twice = |ai: &str| known.iter().chain(&elements).any(|(of, _)| *of == ai);
        match element(&mut cursor) {
            Ok((ai, value)) if !twice(ai) && elements.len() < MOST => elements.push((ai, value)),
            _ => return (elements, Some(before.rest())),
        }
    }
    let rest = (!cursor.rest_is_zero()).then(|| cursor.rest());
    (elements, rest)
}

/// The bits of it that can be read. Half a value is none: zeros behind it might make it whole.
pub(super) fn readable(tail: &RawEpc, known: &[Element]) -> RawEpc {
    let unread = read(tail, known).1.map_or(0, |rest| rest.bits());
    tail.front(tail.bits() - unread)
}

fn element(cursor: &mut Cursor<'_>) -> Result<Element, BadEpc> {
    let mut digit = || match cursor.byte(4)? {
        digit @ 0..=9 => Ok(b'0' + digit),
        _ => Err(BadEpc::Digits),
    };
    let mut ai = vec![digit()?, digit()?];
    let len = gs1::dictionary().length([ai[0], ai[1]]);
    for _ in 2..len.ok_or(BadEpc::Scheme)? {
        ai.push(digit()?);
    }
    let entry = gs1::dictionary().entry(&ai).ok_or(BadEpc::Scheme)?;
    let (first, second) = parts(entry).ok_or(BadEpc::Scheme)?;
    let mut value = String::new();
    first.read(cursor, &mut value)?;
    if let Some(second) = second {
        second.read(cursor, &mut value)?;
    }
    let checked = entry.check(value.as_bytes());
    checked.map_err(|_| BadEpc::Character)?;
    // A plate of zeros alone cannot be told from the zeros that fill a tag up.
    if entry.ai.as_str() == "00" && value.bytes().all(|digit| digit == b'0') {
        return Err(BadEpc::Digits);
    }
    Ok((entry.ai.as_str(), value))
}

impl Part {
    fn read(self, cursor: &mut Cursor<'_>, value: &mut String) -> Result<(), BadEpc> {
        let mut push = |byte: u8| {
            value.push(char::from(byte));
            Ok(())
        };
        match self {
            Self::Number(digits) => read_number(cursor, digits, push),
            Self::Digits(digits) => (0..digits).try_for_each(|_| match cursor.byte(4)? {
                digit @ 0..=9 => push(b'0' + digit),
                _ => Err(BadEpc::Digits),
            }),
            Self::Delimited(most) => loop {
                match cursor.byte(4)? {
                    digit @ 0..=9 => push(b'0' + digit)?,
                    0xe => return read_coded(cursor, length_bits(most), push).map(drop),
                    0xf => return Ok(()),
                    _ => return Err(BadEpc::Digits),
                }
            },
            Self::Text(most) => read_coded(cursor, length_bits(most), push).map(drop),
            Self::Counted(most) => {
                let len = usize::from(cursor.byte(length_bits(most))?);
                read_number(cursor, len, push)
            }
            Self::Bit => push(b'0' + cursor.byte(1)?),
            Self::Minus if cursor.byte(1)? == 1 => push(b'-'),
            Self::Minus => Ok(()),
            Self::Date => date(cursor, value),
            Self::Minute => date(cursor, value).and_then(|()| time(cursor, 2, value)),
            Self::Period if cursor.byte(1)? == 0 => date(cursor, value),
            Self::Period => date(cursor, value).and_then(|()| date(cursor, value)),
            Self::Moment => {
                let precise = cursor.byte(2)?;
                date(cursor, value)?;
                // Hours, minutes, seconds; 3 is the date alone.
                let parts = if precise == 3 { 0 } else { precise + 1 };
                time(cursor, parts, value)
            }
            Self::Country => (0..2).try_for_each(|_| match cursor.byte(6)? {
                letter @ 0..26 => push(b'A' + letter),
                _ => Err(BadEpc::Character),
            }),
            Self::Sequence => {
                let (at, of) = (cursor.byte(4)?, cursor.byte(4)?);
                write!(value, "{at}/{of}").map_err(|_| BadEpc::Character)
            }
        }
    }
}

fn date(cursor: &mut Cursor<'_>, value: &mut String) -> Result<(), BadEpc> {
    for bits in [7, 4, 5] {
        two_digits(cursor, bits, value)?;
    }
    Ok(())
}

/// Hours of five bits, minutes and seconds of six.
fn time(cursor: &mut Cursor<'_>, parts: u8, value: &mut String) -> Result<(), BadEpc> {
    (0..parts).try_for_each(|part| two_digits(cursor, if part == 0 { 5 } else { 6 }, value))
}

fn two_digits(cursor: &mut Cursor<'_>, bits: usize, value: &mut String) -> Result<(), BadEpc> {
    let number = cursor.byte(bits)?;
    if number > 99 {
        return Err(BadEpc::Date);
    }
    write!(value, "{number:02}").map_err(|_| BadEpc::Character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::epc::raw::Pen;
    use crate::scan::{Epc, Scan, read_tag};

    /// SGTIN+ of 09506000134352, serial S1, and what follows as pairs of a value and its bits.
    fn tag(toggle: u64, tail: &[(u64, usize)]) -> RawEpc {
        let mut pen = Pen::new();
        let head = [(0xf7, 8), (toggle, 1), (3, 3), (0x0009_5060_0013_4352, 56)];
        // Base 64: two characters, S and 1.
        let serial = [(3, 3), (2, 5), (18, 6), (53, 6)];
        for (value, bits) in head.iter().chain(&serial).chain(tail) {
            pen.put(*value, *bits).unwrap();
        }
        pen.finish().unwrap()
    }

    fn said(tail: &[(u64, usize)]) -> String {
        let epc = Epc::decode(&tag(1, tail)).unwrap();
        let unread = epc.unread().map(|bits| format!(" {bits}"));
        let text = epc.element_string().unwrap();
        let text = text.strip_prefix("(01)09506000134352(21)S1").unwrap();
        format!("{text}{}", unread.unwrap_or_default())
    }

    /// The lot ABC123 in base 64.
    const LOT: [(u64, usize); 9] = [
        (0x10, 8),
        (3, 3),
        (6, 5),
        (0, 6),
        (1, 6),
        (2, 6),
        (53, 6),
        (54, 6),
        (55, 6),
    ];
    /// The expiry 2026-12-31.
    const EXPIRY: [(u64, usize); 4] = [(0x17, 8), (26, 7), (12, 4), (31, 5)];

    #[test]
    fn values_behind_an_identity_are_read_each_as_its_identifier_has_them() {
        assert_eq!(said(&LOT), "(10)ABC123");
        assert_eq!(
            said(&[LOT.as_slice(), &EXPIRY].concat()),
            "(10)ABC123(17)261231"
        );
        for (tail, wanted) in [
            (&[(0x3103, 16), (1250, 20)][..], "(3103)001250"),
            (&[(0x10, 8), (0, 3), (5, 5), (123, 17)], "(10)00123"),
            (&[(0x11, 8), (26, 7), (2, 4), (0, 5)], "(11)260200"),
            (&[(0x37, 8), (3, 4), (144, 10)], "(37)144"),
            (
                &[
                    (0x8008, 16),
                    (1, 2),
                    (26, 7),
                    (1, 4),
                    (15, 5),
                    (14, 5),
                    (30, 6),
                ],
                "(8008)2601151430",
            ),
            (
                &[
                    (0x7007, 16),
                    (1, 1),
                    (26, 7),
                    (1, 4),
                    (1, 5),
                    (26, 7),
                    (1, 4),
                    (31, 5),
                ],
                "(7007)260101260131",
            ),
            (&[(0x4330, 16), (1850, 20), (1, 1)], "(4330)001850-"),
            (&[(0x4307, 16), (1, 6), (17, 6)], "(4307)BR"),
            (
                &[(0x00, 8), (0x0952_0123_4567, 48), (0x0089_1235, 24)],
                "(00)095201234567891235",
            ),
            (&[(0x7258, 16), (1, 4), (3, 4)], "(7258)1/3"),
            (&[(0x3920, 16), (4, 4), (1299, 14)], "(3920)1299"),
        ] {
            assert_eq!(said(tail), wanted);
        }
    }

    #[test]
    fn what_cannot_be_read_is_kept_as_bits_and_refuses_nothing() {
        let with = |bad: &[(u64, usize)]| said(&[EXPIRY.as_slice(), bad].concat());
        // A header that is no identifier, one that nothing begins with, a serial there already, the 30th of February.
        assert_eq!(with(&[(0xa0ff, 16)]), "(17)261231 A0FF");
        assert_eq!(with(&[(0x14ff, 16)]), "(17)261231 14FF");
        assert!(with(&[(0x21, 8), (0, 3), (2, 5), (42, 7)]).starts_with("(17)261231 21"));
        assert!(with(&[(0x11, 8), (26, 7), (2, 4), (30, 5)]).starts_with("(17)261231 11"));
        // A coding that is reserved, a length beyond the end.
        assert!(with(&[(0x10, 8), (6, 3), (2, 5)]).starts_with("(17)261231 10"));
        assert!(with(&[(0x10, 8), (3, 3), (20, 5), (1, 6)]).starts_with("(17)261231 10"));
    }

    #[test]
    fn lot_and_date_of_a_tag_reach_the_work_and_its_key_stays_its_key() {
        // Another trade item behind the first is no reason to take it for that.
        let contained = [(0x02, 8), (0x0009_5060_0011_7843, 56)];
        let raw = tag(1, &[LOT.as_slice(), &EXPIRY, &contained].concat());
        let Scan::Goods(label) = read_tag(None, &raw) else {
            panic!("goods");
        };
        assert_eq!(label.lot.map(String::from).as_deref(), Some("ABC123"));
        assert_eq!(
            label.expiry.map(|day| day.to_string()).as_deref(),
            Some("2026-12-31")
        );
        assert_eq!(
            label.gtin.map(|gtin| gtin.to_string()).as_deref(),
            Some("09506000134352")
        );
        assert_eq!(label.serial.map(String::from).as_deref(), Some("S1"));
        let link = Epc::decode(&raw).unwrap().digital_link();
        let wanted = "https://id.gs1.org/01/09506000134352/10/ABC123/21/S1?17=261231";
        assert!(link.is_some_and(|link| link.starts_with(wanted)));
    }

    #[test]
    fn what_was_read_is_written_again() {
        let raw = tag(1, &[LOT.as_slice(), &EXPIRY, &[(0xa0ff, 16)]].concat());
        let epc = Epc::decode(&raw).unwrap();
        let again = Epc::decode(&epc.encode().unwrap()).unwrap();
        assert_eq!(again.elements(), epc.elements());
        assert!(again.more_follows() && again.unread().is_none());
        // Half a moment behind an identity in a coding that is not the shortest.
        let raw = RawEpc::from_hex("F7B0200000013435262DB5800844C100");
        let epc = Epc::decode(&raw.unwrap()).unwrap();
        assert!(epc.unread().is_some());
        let again = Epc::decode(&epc.encode().unwrap()).unwrap();
        assert_eq!(again.elements(), epc.elements());
        // A plate of zeros, which nobody can tell from what fills a tag up once nothing comes behind it.
        let raw = RawEpc::from_hex("F4C6000000000000000000000000000000000000000000FFFFFFFF");
        let epc = Epc::decode(&raw.unwrap()).unwrap();
        let again = Epc::decode(&epc.encode().unwrap()).unwrap();
        assert_eq!(again.elements(), epc.elements());
        assert_eq!(Epc::decode(&tag(0, &EXPIRY)), Err(BadEpc::Trailing));
    }

    #[test]
    fn every_identifier_of_the_dictionary_has_a_form_that_its_values_fit() {
        let digits = |part: &Part| match *part {
            Part::Number(len) | Part::Digits(len) => len,
            Part::Date => 6,
            Part::Minute => 10,
            Part::Bit | Part::Minus => 1,
            Part::Country => 2,
            Part::Sequence => 3,
            Part::Period | Part::Moment => 12,
            Part::Counted(most) | Part::Text(most) | Part::Delimited(most) => most,
        };
        let mut unknown = Vec::new();
        for entry in gs1::dictionary().entries() {
            let Some((first, second)) = parts(entry) else {
                unknown.push(entry.ai.as_str());
                continue;
            };
            let most = digits(&first) + second.as_ref().map_or(0, digits);
            // IBANs became longer after the table was made; a test is done at a minute and not at a second.
            let fits = most == entry.max || matches!(entry.ai.as_str(), "8007" | "7011");
            assert!(fits, "{} has {} and not {most}", entry.ai, entry.max);
        }
        assert_eq!(unknown, ["03", "8014", "8043"]);
    }
}
