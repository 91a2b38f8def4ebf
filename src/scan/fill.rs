//! From identifiers and values to a goods label: which part of a label says what.

use super::envelope::{Content, Envelope};
use super::gs1::date;
use super::hibc::Hibc;
use super::{Label, digital_link, gs1};
use crate::warehouse::{Gtin, Quantity, SafeText, Sscc};

/// A label being read, seen from a year.
pub(super) struct Filling {
    pub label: Label,
    pub this_year: i32,
}

impl Filling {
    pub const fn new(label: Label, this_year: i32) -> Self {
        Self { label, this_year }
    }

    /// All elements of a string.
    pub fn elements(&mut self, elements: &gs1::Elements) {
        for element in elements.iter() {
            self.element(element.entry.ai.as_str(), element.value);
        }
    }

    /// All pairs of a Digital Link.
    pub fn pairs(&mut self, pairs: &[digital_link::Pair]) {
        for (entry, value) in pairs {
            self.element(entry.ai.as_str(), value);
        }
    }

    /// One element; its value has been checked. What no work is done with is passed over.
    pub fn element(&mut self, ai: &str, value: &str) {
        let year = self.this_year;
        let label = &mut self.label;
        match ai {
            "00" => label.plate = Sscc::parse(value).ok(),
            "01" | "02" | "03" => label.gtin = Gtin::parse(value).ok(),
            "8006" | "8026" => label.gtin = value.get(..14).and_then(|gtin| Gtin::parse(gtin).ok()),
            "10" => label.lot = value.parse().ok(),
            "21" => label.serial = value.parse().ok(),
            "17" => label.expiry = date(value, year),
            "7003" => label.expiry = label.expiry.or_else(|| date(value.get(..6)?, year)),
            "15" => label.best_before = date(value, year),
            "11" => label.produced = date(value, year),
            "30" | "37" => label.count = value.parse().ok().map(Quantity::units),
            _ => label.weight_g = grams(ai, value).or(label.weight_g),
        }
    }

    /// What an envelope says, by data identifiers and, in format 05, by application identifiers.
    pub fn envelope(&mut self, envelope: &Envelope) {
        for format in &envelope.formats {
            let Content::Fields(fields) = &format.content else {
                continue;
            };
            for (name, value) in fields {
                if format.number == "05" {
                    self.element(name, value);
                } else {
                    self.field(name, value);
                }
            }
        }
    }

    /// One field. ANSI MH10.8.2, the identifiers that say what goods they are and how many.
    fn field(&mut self, name: &str, value: &str) {
        let label = &mut self.label;
        match name {
            // The customer's own number is the one that is looked up here; the supplier's stands in for it.
            "P" => label.code = Some(SafeText::new(value)),
            "1P" => label.code = label.code.take().or_else(|| Some(SafeText::new(value))),
            "T" | "1T" => label.lot = value.parse().ok(),
            "S" => label.serial = value.parse().ok(),
            "Q" => label.count = value.parse().ok(),
            "14D" => label.expiry = long_date(value),
            "16D" => label.produced = long_date(value),
            "J" | "1J" | "2J" | "3J" | "4J" | "5J" | "6J" => {
                label.plate = plate(value).or(label.plate);
            }
            _ => {}
        }
    }

    /// What an HIBC label says.
    pub fn hibc(&mut self, hibc: &Hibc) {
        let label = &mut self.label;
        if let Some(primary) = &hibc.primary {
            let code = format!("{}{}{}", primary.lic, primary.pcn, primary.unit);
            label.code = Some(SafeText::new(&code));
        }
        if let Some(secondary) = &hibc.secondary {
            label.lot = secondary.lot.and_then(|lot| lot.parse().ok());
            label.serial = secondary.serial.and_then(|serial| serial.parse().ok());
            label.expiry = secondary.expiry;
            label.produced = secondary.produced;
            label.count = secondary.quantity.map(Quantity::units);
        }
    }
}

/// A license plate that is an SSCC, with or without the `00` that says so.
fn plate(value: &str) -> Option<Sscc> {
    let digits = if value.len() == 20 {
        value.strip_prefix("00")?
    } else {
        value
    };
    Sscc::parse(digits).ok()
}

fn long_date(value: &str) -> Option<chrono::NaiveDate> {
    chrono::NaiveDate::parse_from_str(value, "%Y%m%d")
        .ok()
        .filter(|_| value.len() == 8)
}

/// Net weight: kilograms (310n), pounds (320n) and troy ounces (356n); the last digit says where the decimal point is.
fn grams(ai: &str, value: &str) -> Option<u64> {
    let (measure, places) = ai.split_at_checked(3)?;
    // In ten-millionths of a gram.
    let unit: u64 = match measure {
        "310" => 10_000_000_000,
        "320" => 4_535_923_700,
        "356" => 311_034_768,
        _ => return None,
    };
    let divisor = 10_u64.pow(places.parse::<u32>().ok()?.min(9)) * 10_000_000;
    let amount = value.parse::<u64>().ok()?.checked_mul(unit)?;
    Some((amount + divisor / 2) / divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_become_grams_whatever_they_are_measured_in() {
        assert_eq!(grams("3103", "001250"), Some(1_250));
        assert_eq!(grams("3100", "999999"), Some(999_999_000));
        assert_eq!(grams("3202", "000276"), Some(1_252));
        assert_eq!(grams("3560", "000001"), Some(31));
        assert_eq!(grams("3111", "000001"), None);
        assert_eq!(grams("10", "1"), None);
    }

    #[test]
    fn a_plate_in_an_envelope_is_one_if_it_is_an_sscc() {
        assert!(plate("106141412345678908").is_some() && plate("00106141412345678908").is_some());
        assert_eq!(plate("UN123456789A2B4C6D8E"), None);
    }
}
