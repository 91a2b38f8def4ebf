//! GTIN: the number on a trade item. GS1 General Specifications §3.3 and §7.9 (check digit).

use serde::{Deserialize, Serialize};

/// A Global Trade Item Number in its 14-digit form; shorter ones are padded with zeros on the left.
/// Its check digit is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gtin(u64);

/// Why a text is no GTIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadGtin {
    /// Not 8, 12, 13 or 14 digits.
    #[error("a GTIN has 8, 12, 13 or 14 digits")]
    Length,
    /// The last digit does not fit the others.
    #[error("its check digit should be {0}")]
    CheckDigit(u8),
}

/// The GS1 check digit of these ASCII digits, the check digit itself left out (weights 3, 1, 3 … from the right).
/// The caller has seen to it that they are digits.
pub fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, b)| u32::from(b.wrapping_sub(b'0')) * if i % 2 == 0 { 3 } else { 1 })
        .sum();
    u8::try_from((10 - sum % 10) % 10).expect("a digit is below ten")
}

/// Weighted sums of two digits: three times the right one and the left one.
const PAIRS: [u8; 100] = {
    let mut pairs = [0; 100];
    let mut pair = 0;
    while pair < 100 {
        pairs[pair as usize] = pair % 10 * 3 + pair / 10;
        pair += 1;
    }
    pairs
};

/// The GS1 check digit of a number's digits, the check digit itself left out.
#[inline]
pub fn check_digit_of(mut number: u64) -> u8 {
    let pair = |of: u64| u64::from(PAIRS[usize::try_from(of % 100).expect("below 100")]);
    let mut sum = 0;
    while number > 0 {
        let four = number % 10_000;
        sum += pair(four) + pair(four / 100);
        number /= 10_000;
    }
    u8::try_from((10 - sum % 10) % 10).expect("a digit is below ten")
}

impl Gtin {
    /// The GTIN of 13 digits and the check digit that belongs to them; none if the number has more digits.
    #[inline]
    pub fn from_body(body: u64) -> Option<Self> {
        (body < 10_000_000_000_000).then(|| Self(body * 10 + u64::from(check_digit_of(body))))
    }

    /// Its fourteen digits as a number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Reads a GTIN-8, -12, -13 or -14 and checks its check digit.
    pub fn parse(text: &str) -> Result<Self, BadGtin> {
        let digits = text.as_bytes();
        if !matches!(digits.len(), 8 | 12 | 13 | 14) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadGtin::Length);
        }
        let (body, last) = digits.split_at(digits.len() - 1);
        let wanted = check_digit(body);
        if last[0] - b'0' != wanted {
            return Err(BadGtin::CheckDigit(wanted));
        }
        text.parse()
            .map(Self)
            .map_err(|_: std::num::ParseIntError| BadGtin::Length)
    }
}

impl std::fmt::Display for Gtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{:014}", self.0))
    }
}

impl std::str::FromStr for Gtin {
    type Err = BadGtin;
    fn from_str(text: &str) -> Result<Self, BadGtin> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Gtin {
    type Error = BadGtin;
    fn try_from(text: String) -> Result<Self, BadGtin> {
        Self::parse(&text)
    }
}

impl From<Gtin> for String {
    fn from(gtin: Gtin) -> Self {
        gtin.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_becomes_fourteen_digits() {
        for (text, full) in [
            ("9506000134352", "09506000134352"),
            ("09506000134352", "09506000134352"),
            ("71082929", "00000071082929"),
        ] {
            assert_eq!(
                Gtin::parse(text).map(|g| g.to_string()),
                Ok(full.to_owned())
            );
        }
    }

    #[test]
    fn a_check_digit_is_the_same_from_digits_and_from_a_number() {
        for body in ["950600013435", "0000007108292", "9999999999999", "0"] {
            let number = body.parse().expect("digits");
            assert_eq!(check_digit_of(number), check_digit(body.as_bytes()));
        }
        let full = Gtin::from_body(950_600_013_435).map(|gtin| gtin.to_string());
        assert_eq!(full.as_deref(), Some("09506000134352"));
        assert_eq!(Gtin::from_body(10_000_000_000_000), None);
    }

    #[test]
    fn a_wrong_check_digit_is_named() {
        assert_eq!(Gtin::parse("9506000134351"), Err(BadGtin::CheckDigit(2)));
        assert_eq!(Gtin::parse("12345"), Err(BadGtin::Length));
        assert_eq!(Gtin::parse("95060001३4352"), Err(BadGtin::Length));
    }
}
