//! Health industry labels: HIBC primary and secondary data (ANSI/HIBC 2), and the modulo 43 check that Code 39 shares with them.

use super::gs1::full_year;
use chrono::{Datelike, Days, NaiveDate};

const ALPHABET: &[u8; 43] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// The modulo 43 check character of a text; none if it holds a character that Code 39 does not have.
pub fn check_character(text: &[u8]) -> Option<char> {
    let sum = text.iter().try_fold(0, |sum, c| {
        ALPHABET
            .iter()
            .position(|known| known == c)
            .map(|value| sum + value)
    })?;
    Some(char::from(ALPHABET[sum % 43]))
}

/// The text without its check character, and the check character; none if it is wrong.
pub fn checked(text: &str) -> Option<(&str, char)> {
    let last = text.chars().next_back()?;
    let body = &text[..text.len() - last.len_utf8()];
    (check_character(body.as_bytes()) == Some(last)).then_some((body, last))
}

/// Who made what, in which packing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Primary<'a> {
    /// Labeler identification code: a letter and three letters or digits.
    pub lic: &'a str,
    /// Product or catalogue number, 1 to 18 letters and digits.
    pub pcn: &'a str,
    /// Unit of measure: 0 is the single unit, 1 to 9 are packings of it.
    pub unit: char,
}

/// What lot, serial, date and quantity are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secondary<'a> {
    /// How many.
    pub quantity: Option<u32>,
    /// Last day of use; where only the month is said, its last.
    pub expiry: Option<NaiveDate>,
    /// Day of making.
    pub produced: Option<NaiveDate>,
    /// Lot.
    pub lot: Option<&'a str>,
    /// Serial number.
    pub serial: Option<&'a str>,
}

/// A label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hibc<'a> {
    /// The primary data; none in a symbol with secondary data only.
    pub primary: Option<Primary<'a>>,
    /// The secondary data, if there are any.
    pub secondary: Option<Secondary<'a>>,
    /// In a symbol with secondary data only: the check character of the primary symbol that it belongs to.
    pub link: Option<char>,
    /// The check character.
    pub check: char,
}

/// Why data are no HIBC label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No `+` in front.
    #[error("header")]
    Header,
    /// The check character is wrong, or there is a character that the alphabet does not have.
    #[error("check")]
    Check,
    /// No labeler, product and unit.
    #[error("primary")]
    Primary,
    /// Secondary data whose form is not known.
    #[error("secondary")]
    Secondary,
}

/// Reads a label; years of two digits are seen from `this_year`.
pub fn parse(text: &str, this_year: i32) -> Result<Hibc<'_>, Fault> {
    if !text.starts_with('+') {
        return Err(Fault::Header);
    }
    let (body, check) = checked(text).ok_or(Fault::Check)?;
    let body = &body[1..];
    // Secondary data alone begin with a digit or `$`, a labeler with a letter.
    if !body.starts_with(|c: char| c.is_ascii_uppercase()) {
        let link = body.chars().next_back().ok_or(Fault::Primary)?;
        let data = &body[..body.len() - link.len_utf8()];
        let secondary = Some(secondary(data, this_year).ok_or(Fault::Secondary)?);
        return Ok(Hibc {
            primary: None,
            secondary,
            link: Some(link),
            check,
        });
    }
    let (head, tail) = body
        .split_once('/')
        .map_or((body, None), |(head, tail)| (head, Some(tail)));
    let primary = Some(primary(head).ok_or(Fault::Primary)?);
    let secondary = tail
        .map(|tail| joined(tail, this_year).ok_or(Fault::Secondary))
        .transpose()?;
    Ok(Hibc {
        primary,
        secondary,
        link: None,
        check,
    })
}

fn primary(text: &str) -> Option<Primary<'_>> {
    let plain = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit();
    if !(6..=23).contains(&text.len()) || !text.bytes().all(plain) {
        return None;
    }
    let (lic, rest) = text.split_at(4);
    let (pcn, unit) = rest.split_at(rest.len() - 1);
    let unit = unit.chars().next().filter(char::is_ascii_digit)?;
    lic.starts_with(|c: char| c.is_ascii_uppercase())
        .then_some(Primary { lic, pcn, unit })
}

/// What follows a primary in the same symbol: secondary data, then further fields that name themselves.
fn joined(text: &str, this_year: i32) -> Option<Secondary<'_>> {
    let mut parts = text.split('/');
    let first = parts.next()?;
    let mut all = match first.as_bytes().first() {
        Some(b'$' | b'0'..=b'9') if named(first, &mut Secondary::default()).is_none() => {
            secondary(first, this_year)?
        }
        _ => {
            let mut all = Secondary::default();
            named(first, &mut all)?;
            all
        }
    };
    for part in parts {
        named(part, &mut all)?;
    }
    Some(all)
}

/// `S` serial, `Q` quantity, `14D` expiry and `16D` making as YYYYMMDD.
fn named<'a>(text: &'a str, all: &mut Secondary<'a>) -> Option<()> {
    if let Some(date) = text.strip_prefix("14D") {
        all.expiry = Some(long_date(date)?);
    } else if let Some(date) = text.strip_prefix("16D") {
        all.produced = Some(long_date(date)?);
    } else if let Some(serial) = text.strip_prefix('S') {
        all.serial = Some(serial).filter(|serial| !serial.is_empty());
    } else {
        let count = text.strip_prefix('Q')?;
        all.quantity = Some(count.parse().ok()?);
    }
    Some(())
}

fn long_date(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().ok();
    if !digits {
        return None;
    }
    NaiveDate::from_ymd_opt(
        i32::try_from(number(0, 4)?).ok()?,
        number(4, 6)?,
        number(6, 8)?,
    )
}

/// ```text
/// YYJJJ lot           date as year and day of the year
/// $ lot    $+ serial  no date
/// $$ [8QQ|9QQQQQ] date lot     $$+ … serial
/// ```
fn secondary(text: &str, this_year: i32) -> Option<Secondary<'_>> {
    let mut all = Secondary::default();
    let (rest, is_serial) = if let Some(rest) = text.strip_prefix("$$") {
        let (rest, is_serial) = plus(rest);
        let rest = counted(rest, &mut all)?;
        (dated(rest, &mut all, this_year)?, is_serial)
    } else if let Some(rest) = text.strip_prefix('$') {
        plus(rest)
    } else {
        let date = text.get(..5)?;
        all.expiry = Some(day_of_year(date, this_year)?);
        (&text[5..], false)
    };
    let name = Some(rest).filter(|name| !name.is_empty());
    if is_serial {
        all.serial = name;
    } else {
        all.lot = name;
    }
    Some(all)
}

fn plus(text: &str) -> (&str, bool) {
    text.strip_prefix('+')
        .map_or((text, false), |rest| (rest, true))
}

fn counted<'a>(text: &'a str, all: &mut Secondary<'a>) -> Option<&'a str> {
    let len = match text.as_bytes().first() {
        Some(b'8') => 2,
        Some(b'9') => 5,
        _ => return Some(text),
    };
    all.quantity = Some(text.get(1..=len)?.parse().ok()?);
    Some(&text[1 + len..])
}

fn dated<'a>(text: &'a str, all: &mut Secondary<'a>, this_year: i32) -> Option<&'a str> {
    let (form, rest) = match text.as_bytes().first() {
        None => return Some(text),
        Some(form @ b'2'..=b'7') => (*form, &text[1..]),
        Some(_) => (b'1', text),
    };
    let len = match form {
        b'1' => 4,
        b'2' | b'3' => 6,
        b'4' => 8,
        b'5' => 5,
        b'6' => 7,
        _ => 0,
    };
    let date = rest.get(..len)?;
    let two = |at: usize| date.get(at..at + 2);
    let swapped = |y: usize, m: usize, d: Option<usize>| {
        let day = d.map_or(Some("00"), two)?;
        super::gs1::date(&format!("{}{}{day}", two(y)?, two(m)?), this_year)
    };
    all.expiry = match form {
        b'1' => Some(swapped(2, 0, None)?),
        b'2' => Some(swapped(4, 0, Some(2))?),
        b'3' | b'4' => Some(swapped(0, 2, Some(4))?),
        b'5' | b'6' => Some(day_of_year(&date[..5], this_year)?),
        _ => None,
    };
    Some(&rest[len..])
}

/// YYJJJ.
fn day_of_year(text: &str, this_year: i32) -> Option<NaiveDate> {
    if text.len() != 5 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = full_year(text[..2].parse().ok()?, this_year);
    let days: u64 = text[2..].parse().ok()?;
    let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let day = first.checked_add_days(Days::new(days.checked_sub(1)?))?;
    (day.year() == year).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(y, m, d)
    }

    /// With the right check character put behind.
    fn read(body: &str) -> Result<Secondary<'static>, Fault> {
        let check = check_character(body.as_bytes()).expect("the alphabet has it");
        let text: &'static str = Box::leak(format!("{body}{check}").into_boxed_str());
        parse(text, 2026).map(|label| label.secondary.unwrap_or_default())
    }

    #[test]
    fn the_published_label_is_read() {
        let label = parse("+A123BJC5D6E71G", 2026).expect("it is the published one");
        let primary = Primary {
            lic: "A123",
            pcn: "BJC5D6E7",
            unit: '1',
        };
        assert_eq!((label.primary, label.check), (Some(primary), 'G'));
        assert_eq!(parse("+A123BJC5D6E71H", 2026), Err(Fault::Check));
        assert_eq!(parse("A123", 2026), Err(Fault::Header));
        assert_eq!(parse("+", 2026), Err(Fault::Check));
        assert_eq!(parse("+é", 2026), Err(Fault::Check));
    }

    #[test]
    fn lot_and_date_may_follow_in_the_same_symbol() {
        let secondary = read("+A99912345/$$52001510X3").expect("the standard's form");
        assert_eq!(
            (secondary.lot, secondary.expiry),
            (Some("10X3"), day(2020, 1, 15))
        );
        let secondary = read("+A99912345/$$3261231L7/S77/16D20260131/Q24").expect("it is good");
        assert_eq!(
            (secondary.lot, secondary.serial, secondary.quantity),
            (Some("L7"), Some("77"), Some(24))
        );
        assert_eq!(
            (secondary.expiry, secondary.produced),
            (day(2026, 12, 31), day(2026, 1, 31))
        );
    }

    #[test]
    fn every_form_of_date_is_known() {
        for (body, expiry) in [
            ("+$$1226L1X", day(2026, 12, 31)),
            ("+$$2123026L1X", day(2026, 12, 30)),
            ("+$$3261230L1X", day(2026, 12, 30)),
            ("+$$426123023L1X", day(2026, 12, 30)),
            ("+$$526365L1X", day(2026, 12, 31)),
            ("+$$62636523L1X", day(2026, 12, 31)),
            ("+$$7L1X", None),
            ("+$L1X", None),
            ("+26365L1X", day(2026, 12, 31)),
        ] {
            let secondary = read(body).expect("it is good");
            assert_eq!(
                (secondary.lot, secondary.expiry),
                (Some("L1"), expiry),
                "{body}"
            );
        }
        assert_eq!(
            read("+$$80512261X").map(|s| (s.quantity, s.expiry)),
            Ok((Some(5), day(2026, 12, 31)))
        );
        assert_eq!(read("+$$900050726L1X").map(|s| s.quantity), Ok(Some(50)));
        assert_eq!(read("+$$+7SN1X").map(|s| s.serial), Ok(Some("SN1")));
        assert_eq!(read("+$+SN1X").map(|s| s.serial), Ok(Some("SN1")));
    }

    #[test]
    fn what_does_not_come_out_is_refused() {
        for body in [
            "+$$3261331LX",
            "+$$526366LX",
            "+$$526000LX",
            "+26X",
            "+$$8X",
        ] {
            assert_eq!(read(body), Err(Fault::Secondary), "{body}");
        }
        for body in ["+A12", "+A1231", "+A123B-1", "+A123BC"] {
            assert_eq!(read(body), Err(Fault::Primary), "{body}");
        }
    }
}
