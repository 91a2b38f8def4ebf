//! License plates: the SSCC of a pallet or carton. GS1 General Specifications §3.3 (AI 00).

use super::check_digit;
use serde::{Deserialize, Serialize};

/// A Serial Shipping Container Code: 18 digits, its check digit right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sscc(u64);

/// Why a text is no SSCC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSscc {
    /// Not 18 digits.
    #[error("an SSCC has 18 digits")]
    Length,
    /// The last digit does not fit the others.
    #[error("its check digit should be {0}")]
    CheckDigit(u8),
}

impl Sscc {
    /// Reads 18 digits and checks the last.
    pub fn parse(text: &str) -> Result<Self, BadSscc> {
        if text.len() != 18 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadSscc::Length);
        }
        let wanted = check_digit(&text.as_bytes()[..17]);
        if text.as_bytes()[17] - b'0' != wanted {
            return Err(BadSscc::CheckDigit(wanted));
        }
        text.parse()
            .map(Self)
            .map_err(|_: std::num::ParseIntError| BadSscc::Length)
    }

    /// Makes the SSCC of an extension digit, a company prefix and a serial reference, given as 17 digits.
    /// Errors if they are not 17 digits.
    pub fn from_body(body: &str) -> Result<Self, BadSscc> {
        if body.len() != 17 || !body.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadSscc::Length);
        }
        Self::parse(&format!("{body}{}", check_digit(body.as_bytes())))
    }
}

impl std::fmt::Display for Sscc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{:018}", self.0))
    }
}

impl std::str::FromStr for Sscc {
    type Err = BadSscc;
    fn from_str(text: &str) -> Result<Self, BadSscc> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Sscc {
    type Error = BadSscc;
    fn try_from(text: String) -> Result<Self, BadSscc> {
        Self::parse(&text)
    }
}

impl From<Sscc> for String {
    fn from(sscc: Sscc) -> Self {
        sscc.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_made_is_a_plate_read() {
        let plate = Sscc::from_body("39506000134351234").expect("seventeen digits");
        assert_eq!(Sscc::parse(&plate.to_string()), Ok(plate));
        assert_eq!(
            Sscc::parse("395060001343512342"),
            Err(BadSscc::CheckDigit(check_digit(b"39506000134351234")))
        );
    }
}
