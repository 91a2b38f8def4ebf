//! The code of an RFID tag, whatever it means: what tells it from every other tag.

use super::BadCode;
use serde::{Deserialize, Serialize};

/// The bits of a tag's EPC from the header on, as 1 to [`TagCode::LONGEST`] hex digits in capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TagCode(String);

impl TagCode {
    /// Most digits: a tag gives its length in words of 16 bits, 31 of them at most (EPC Gen2 §6.3.2.1.2.2).
    pub const LONGEST: usize = 124;

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TagCode {
    type Error = BadCode;

    fn try_from(text: String) -> Result<Self, BadCode> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
        match text.len() {
            0 => Err(BadCode::Empty),
            length if length > Self::LONGEST => Err(BadCode::TooLong),
            _ if text.bytes().all(is_digit) => Ok(Self(text)),
            _ => Err(BadCode::NotPlain),
        }
    }
}

impl From<TagCode> for String {
    fn from(code: TagCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_hex_in_capitals_and_no_longer_than_a_tag_can_be() {
        let tag = |text: &str| TagCode::try_from(text.to_owned());
        assert!(tag("30364433400D1EC000000001").is_ok());
        assert_eq!(tag(""), Err(BadCode::Empty));
        assert_eq!(tag(&"0".repeat(125)), Err(BadCode::TooLong));
        for wrong in ["30a4", "30 4", "G0"] {
            assert_eq!(tag(wrong), Err(BadCode::NotPlain));
        }
        assert!(serde_json::from_str::<TagCode>("\"30\\u001b\"").is_err());
    }
}
