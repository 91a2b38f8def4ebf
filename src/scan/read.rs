//! One scan read: the AIM identifier first, then GS1, the warehouse's own labels, retail keys, and a plain code last.

use super::{Frame, Label, Labels, Scan};
use crate::warehouse::{BadGtin, BadSscc, Gtin, Quantity, SafeText, Sscc};
use chrono::NaiveDate;

/// Why a label says nothing that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No bytes.
    #[error("The label is empty. Scan again.")]
    Empty,
    /// More than a label can hold.
    #[error("That is too long for a label. Scan one label alone.")]
    TooLong,
    /// Characters that no code has.
    #[error("The label holds characters that no code has. Print it anew.")]
    NotPlain,
    /// A GS1 label with an application identifier that is not known.
    #[error("GS1 label: unknown part ({0}). Scan another label.")]
    UnknownAi(SafeText),
    /// A GS1 label in which a part is wrong.
    #[error("GS1 label: part ({0}) is wrong: {1}. Scan another label.")]
    BadAi(&'static str, &'static str),
    /// A GTIN with a wrong check digit.
    #[error("GTIN misread: {0}. Scan again.")]
    Gtin(BadGtin),
    /// An SSCC with a wrong check digit.
    #[error("SSCC misread: {0}. Scan again.")]
    Sscc(BadSscc),
}

const GS: char = '\u{1d}';

/// What a label says.
pub fn read(frame: &Frame, labels: &Labels) -> Result<Scan, Unreadable> {
    if frame.bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if frame.bytes.len() > super::LONGEST_FRAME {
        return Err(Unreadable::TooLong);
    }
    let latin = || {
        frame
            .bytes
            .iter()
            .map(|&byte| char::from(byte))
            .collect::<String>()
    };
    let text = std::str::from_utf8(&frame.bytes).map_or_else(|_| latin(), str::to_owned);
    match aim(&text) {
        Some(("C1" | "e0" | "d2" | "Q3" | "J1", data)) => gs1(data),
        Some((_, data)) => plain(data, labels),
        None => plain(&text, labels),
    }
}

fn aim(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(']')?;
    let id = rest
        .get(..2)
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
    Some((id, &rest[2..]))
}

fn plain(text: &str, labels: &Labels) -> Result<Scan, Unreadable> {
    let text = text.trim();
    if let Some(scan) = labels.read(text) {
        return Ok(scan);
    }
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    if !text.chars().all(crate::warehouse::is_plain) {
        return Err(Unreadable::NotPlain);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        match text.len() {
            8 | 12 | 13 | 14 if Gtin::parse(text).is_ok() => return retail(text),
            18 if Sscc::parse(text).is_ok() => {
                return Sscc::parse(text).map(Scan::Plate).map_err(Unreadable::Sscc);
            }
            20 if text.starts_with("00") => {
                return Sscc::parse(&text[2..])
                    .map(Scan::Plate)
                    .map_err(Unreadable::Sscc);
            }
            _ => {}
        }
    }
    Ok(Scan::Code(SafeText::new(text)))
}

fn retail(text: &str) -> Result<Scan, Unreadable> {
    let gtin = Gtin::parse(text).map_err(Unreadable::Gtin)?;
    Ok(Scan::Goods(Label {
        gtin: Some(gtin),
        ..Label::default()
    }))
}

/// GS1 General Specifications §7.8: element strings one after another, variable ones ended by FNC1.
fn gs1(data: &str) -> Result<Scan, Unreadable> {
    let mut rest = data.trim_start_matches(GS);
    let mut label = Label::default();
    while !rest.is_empty() {
        rest = element(rest, &mut label)?.trim_start_matches(GS);
    }
    match (label.plate, label.gtin) {
        (Some(plate), None) => Ok(Scan::Plate(plate)),
        _ => Ok(Scan::Goods(label)),
    }
}

fn element<'a>(text: &'a str, label: &mut Label) -> Result<&'a str, Unreadable> {
    let unknown =
        || Unreadable::UnknownAi(SafeText::new(&text.chars().take(4).collect::<String>()));
    let ai = text.get(..2).ok_or_else(unknown)?;
    let fixed = |from: usize, len: usize, ai: &'static str| {
        text.get(from..from + len)
            .filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|value| (value, &text[from + len..]))
            .ok_or(Unreadable::BadAi(ai, "too short or not digits"))
    };
    let variable = || {
        let value = &text[2..];
        value.split_once(GS).unwrap_or((value, ""))
    };
    Ok(match ai {
        "00" => {
            let (value, rest) = fixed(2, 18, "00")?;
            label.plate = Some(Sscc::parse(value).map_err(Unreadable::Sscc)?);
            rest
        }
        "01" | "02" => {
            let (value, rest) = fixed(2, 14, "01")?;
            label.gtin = Some(Gtin::parse(value).map_err(Unreadable::Gtin)?);
            rest
        }
        "11" | "15" | "17" => {
            let (value, rest) = fixed(2, 6, "17")?;
            let day = date(value).ok_or(Unreadable::BadAi("17", "no such day"))?;
            match ai {
                "11" => label.produced = Some(day),
                "15" => label.best_before = Some(day),
                _ => label.expiry = Some(day),
            }
            rest
        }
        "10" => {
            let (value, rest) = variable();
            label.lot = Some(
                value
                    .parse()
                    .map_err(|_| Unreadable::BadAi("10", "no lot"))?,
            );
            rest
        }
        "21" => {
            let (value, rest) = variable();
            label.serial = Some(
                value
                    .parse()
                    .map_err(|_| Unreadable::BadAi("21", "no serial"))?,
            );
            rest
        }
        "30" | "37" => {
            let (value, rest) = variable();
            let count: u32 = value
                .parse()
                .map_err(|_| Unreadable::BadAi("37", "no number"))?;
            label.count = Some(Quantity::units(count));
            rest
        }
        "31" if text.starts_with("310") => {
            let (decimals, _) = fixed(3, 1, "310")?;
            let (value, rest) = fixed(4, 6, "310")?;
            let places: u32 = decimals
                .parse()
                .map_err(|_| Unreadable::BadAi("310", "no number"))?;
            let value: u64 = value
                .parse()
                .map_err(|_| Unreadable::BadAi("310", "no number"))?;
            label.weight_g = Some(value * 1000 / 10u64.pow(places.min(6)));
            rest
        }
        _ => return Err(unknown()),
    })
}

/// YYMMDD; day 00 is the last of the month. The century: GS1 General Specifications §7.12, taken around 2026.
fn date(text: &str) -> Option<NaiveDate> {
    let part = |from: usize| text.get(from..from + 2)?.parse::<u32>().ok();
    let (year, month, day) = (part(0)?, part(2)?, part(4)?);
    let year = 2000 + i32::try_from(year).ok()? - if year >= 77 { 100 } else { 0 };
    if day > 0 {
        return NaiveDate::from_ymd_opt(year, month, day);
    }
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    first.checked_add_months(chrono::Months::new(1))?.pred_opt()
}
