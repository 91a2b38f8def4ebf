//! How many, or how much: a count in thousandths, so that half a kilogram is exact.

use serde::{Deserialize, Serialize};

/// A quantity in the item's own unit, exact to a thousandth; up to nine thousand million million thousandths each way.
/// On disk and on the wire it is a decimal text (`"2"`, `"0.5"`), never a float.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Quantity(i64);

/// Why a text is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quantity is a number such as 12 or 0.5, with at most three decimals")]
pub struct BadQuantity;

impl Quantity {
    /// None.
    pub const ZERO: Self = Self(0);
    /// One whole unit.
    pub const ONE: Self = Self(1000);
    /// The bound of what is accepted from outside, either way: a thousand million units.
    pub const LIMIT: Self = Self(1_000_000_000_000);

    /// So many whole units.
    pub const fn units(count: u32) -> Self {
        Self(count as i64 * 1000)
    }

    /// So many thousandths.
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// The quantity in thousandths.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// Whether it is none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is more than none.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether it is a whole number of units.
    pub const fn is_whole(self) -> bool {
        self.0 % 1000 == 0
    }

    /// The sum; at the ends of the range it stays there (nothing real is near them).
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, likewise.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// So much for one unit, for so many units: rounded up to a thousandth, at most [`Self::LIMIT`].
    #[must_use]
    pub fn for_all(self, units: Self) -> Self {
        let product = i128::from(self.0) * i128::from(units.0);
        let thousandths = (product + 999).div_euclid(1000);
        Self(i64::try_from(thousandths).unwrap_or(i64::MAX)).min(Self::LIMIT)
    }

    /// So many times as much.
    #[must_use]
    pub const fn times(self, factor: u32) -> Self {
        Self(self.0.saturating_mul(factor as i64))
    }
}

impl std::iter::Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Self::plus)
    }
}

impl std::str::FromStr for Quantity {
    type Err = BadQuantity;

    fn from_str(text: &str) -> Result<Self, BadQuantity> {
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || part.len() > 3 || !plain(whole) || !plain(part) {
            return Err(BadQuantity);
        }
        if digits.contains('.') && part.is_empty() {
            return Err(BadQuantity);
        }
        let whole: i64 = whole.parse().map_err(|_| BadQuantity)?;
        let part: i64 = format!("{part:0<3}").parse().map_err(|_| BadQuantity)?;
        let size = whole * 1000 + part;
        Ok(Self(if negative { -size } else { size }))
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let (whole, part) = (size / 1000, size % 1000);
        if part == 0 {
            f.pad(&format!("{sign}{whole}"))
        } else {
            f.pad(format!("{sign}{whole}.{part:03}").trim_end_matches('0'))
        }
    }
}

impl TryFrom<String> for Quantity {
    type Error = BadQuantity;
    fn try_from(text: String) -> Result<Self, BadQuantity> {
        text.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> Self {
        quantity.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["0", "2", "0.5", "-1.25", "123456789.001"] {
            assert_eq!(
                text.parse::<Quantity>().map(|q| q.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in [
            "",
            "-",
            ".5",
            "1.",
            "1.2345",
            "1e3",
            "+1",
            " 1",
            "9999999999999",
        ] {
            assert_eq!(text.parse::<Quantity>(), Err(BadQuantity), "{text:?}");
        }
    }
}
