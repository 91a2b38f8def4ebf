//! Money in whole cents: sums and shares come out exact.

use crate::warehouse::Quantity;
use serde::{Deserialize, Serialize};

/// An amount of the one currency that the books are kept in, in cents; below zero it is owed.
/// On disk and on the wire it is a decimal text (`"12.50"`), never a float.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

/// Why a text is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount of money is a number such as 12 or 12.50, with at most two decimals")]
pub struct BadMoney;

impl Money {
    /// None.
    pub const ZERO: Self = Self(0);
    /// The bound of what is accepted from outside, either way: a million millions.
    pub const LIMIT: Self = Self(100_000_000_000_000);

    /// So many cents.
    pub const fn cents(cents: i64) -> Self {
        Self(cents)
    }

    /// The amount in cents.
    pub const fn in_cents(self) -> i64 {
        self.0
    }

    /// Whether it is none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum; at the ends of the range it stays there (nothing that is accepted comes near them).
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, likewise.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The part of this amount that falls on `part` of a `whole` quantity, to the nearest cent, half a cent away from zero.
    /// All of it where the part is the whole or more, none where it is none or less.
    #[must_use]
    pub fn part(self, part: Quantity, whole: Quantity) -> Self {
        if part >= whole {
            self
        } else if part <= Quantity::ZERO {
            Self::ZERO
        } else {
            let size = |quantity: Quantity| quantity.thousandths().unsigned_abs().into();
            self.scaled(size(part), size(whole))
        }
    }

    /// This amount times `over / under`, to the nearest cent, half a cent away from zero; neither is beyond 64 bits.
    pub(super) fn scaled(self, over: u128, under: u128) -> Self {
        let doubled = 2 * u128::from(self.0.unsigned_abs()) * over;
        let size = (doubled + under) / (2 * under);
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        Self(if self.0 < 0 { -size } else { size })
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Self::plus)
    }
}

impl std::str::FromStr for Money {
    type Err = BadMoney;

    fn from_str(text: &str) -> Result<Self, BadMoney> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "00"));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_short = (1..=12).contains(&whole.len()) && (1..=2).contains(&part.len());
        if !is_short || !all_digits(whole) || !all_digits(part) {
            return Err(BadMoney);
        }
        let whole: i64 = whole.parse().map_err(|_| BadMoney)?;
        let cents: i64 = format!("{part:0<2}").parse().map_err(|_| BadMoney)?;
        let size = whole * 100 + cents;
        Ok(Self(if negative { -size } else { size }))
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", size / 100, size % 100))
    }
}

impl TryFrom<String> for Money {
    type Error = BadMoney;
    fn try_from(text: String) -> Result<Self, BadMoney> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["0.00", "12.50", "-0.05", "999999999999.99"] {
            let read = text.parse::<Money>().map(|money| money.to_string());
            assert_eq!(read, Ok(text.to_owned()));
        }
        assert_eq!("7".parse(), Ok(Money::cents(700)));
        assert_eq!("7.5".parse(), Ok(Money::cents(750)));
        for text in [
            "",
            "-",
            ".5",
            "1.",
            "1.234",
            "1e3",
            "+1",
            "1,50",
            "9999999999999",
        ] {
            assert_eq!(text.parse::<Money>(), Err(BadMoney), "{text:?}");
        }
    }

    #[test]
    fn a_part_is_rounded_to_the_nearest_cent() {
        let units = Quantity::units;
        assert_eq!(Money::cents(100).part(units(1), units(3)), Money::cents(33));
        assert_eq!(Money::cents(100).part(units(2), units(3)), Money::cents(67));
        assert_eq!(Money::cents(1).part(units(1), units(2)), Money::cents(1));
        assert_eq!(
            Money::cents(-100).part(units(2), units(3)),
            Money::cents(-67)
        );
        assert_eq!(Money::cents(99).part(units(3), units(3)), Money::cents(99));
        let most = Money::cents(i64::MAX);
        assert!(
            most.part(
                Quantity::from_thousandths(i64::MAX - 1),
                Quantity::from_thousandths(i64::MAX)
            ) < most
        );
    }
}
