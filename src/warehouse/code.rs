//! Codes: short names that people read and scanners send. One type a meaning, so that none is taken for another.

use super::is_plain;
use serde::{Deserialize, Serialize};

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// Nothing there.
    #[error("it is empty")]
    Empty,
    /// More than 48 characters.
    #[error("it is longer than 48 characters")]
    TooLong,
    /// A character that cannot be shown, or a space at an end.
    #[error("it holds a character that a code may not have")]
    NotPlain,
}

fn checked(text: &str) -> Result<(), BadCode> {
    if text.is_empty() {
        Err(BadCode::Empty)
    } else if text.len() > 48 * 4 || text.chars().count() > 48 {
        Err(BadCode::TooLong)
    } else if text.trim() != text || !text.chars().all(is_plain) {
        Err(BadCode::NotPlain)
    } else {
        Ok(())
    }
}

// A macro, because thirteen types with the same ten lines would hide the one thing that differs: the name.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        ///
        /// 1 to 48 plain characters, no space at either end; case matters.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses a code.
            pub fn new(text: impl Into<String>) -> Result<Self, BadCode> {
                let text = text.into();
                checked(&text).map(|()| Self(text))
            }

            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadCode;
            fn try_from(text: String) -> Result<Self, BadCode> {
                Self::new(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadCode;
            fn from_str(text: &str) -> Result<Self, BadCode> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}

codes! {
    /// One warehouse of the company.
    WarehouseCode
    /// A part of a warehouse.
    ZoneCode
    /// One place where goods can stand, as its label says it.
    BinCode
    /// An item (a stock-keeping unit), as the office names it.
    ItemCode
    /// A lot (batch) of an item.
    LotCode
    /// One single unit of an item.
    SerialCode
    /// A kind of equipment: a truck, a lift.
    EquipmentCode
    /// A hazard class, as UN numbers them.
    HazardClass
    /// A reusable tote.
    ToteCode
    /// An order: purchase, sales, transfer.
    OrderCode
    /// One piece of guided work.
    TaskId
    /// A worker, as the office names them.
    WorkerCode
    /// What a worker's badge says. An identifier, not a secret.
    BadgeCode
    /// A handheld, named at enrolment.
    DeviceId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_plain_short_and_there() {
        assert!(BinCode::new("A-01-03").is_ok());
        assert_eq!(BinCode::new(""), Err(BadCode::Empty));
        assert_eq!(BinCode::new("x".repeat(49)), Err(BadCode::TooLong));
        assert_eq!(BinCode::new("A\u{1b}[2J"), Err(BadCode::NotPlain));
        assert_eq!(BinCode::new(" A"), Err(BadCode::NotPlain));
    }

    #[test]
    fn json_cannot_bring_in_a_bad_code() {
        assert!(serde_json::from_str::<LotCode>("\"LOT7\"").is_ok());
        assert!(serde_json::from_str::<LotCode>("\"\\u001b[2J\"").is_err());
    }
}
