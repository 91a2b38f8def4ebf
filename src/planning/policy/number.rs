//! The three sorts of number that policies are computed from. Made by parsing; what is computed from them stays finite.

/// The greatest number accepted from outside: a million millions, of whatever unit.
pub const MOST: f64 = 1e12;

/// The smallest number that counts as more than zero: a thousand-millionth.
pub const LEAST: f64 = 1e-9;

/// Why a number is not of the sort that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    /// It should be a [`Positive`].
    #[error("must be a number from 0.000000001 to 1000000000000")]
    NotPositive,
    /// It should be an [`Amount`].
    #[error("must be a number from 0 to 1000000000000")]
    NotAnAmount,
    /// It should be a [`Share`].
    #[error("must be a number above 0 and below 1")]
    NotAShare,
}

/// A number from [`LEAST`] to [`MOST`].
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Positive(f64);

/// A number from 0 to [`MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Amount(f64);

/// A number above 0 and below 1: a probability, or a part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Positive {
    /// Parses a number.
    pub fn new(number: f64) -> Result<Self, BadNumber> {
        let is_one = (LEAST..=MOST).contains(&number);
        is_one.then_some(Self(number)).ok_or(BadNumber::NotPositive)
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Amount {
    /// None.
    pub const ZERO: Self = Self(0.0);

    /// Parses a number; a minus before zero goes.
    pub fn new(number: f64) -> Result<Self, BadNumber> {
        let is_one = (0.0..=MOST).contains(&number);
        is_one
            .then_some(Self(number.abs()))
            .ok_or(BadNumber::NotAnAmount)
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl From<Positive> for Amount {
    fn from(number: Positive) -> Self {
        Self(number.0)
    }
}

impl Share {
    /// Parses a number.
    pub fn new(number: f64) -> Result<Self, BadNumber> {
        let is_one = number > 0.0 && number < 1.0;
        is_one.then_some(Self(number)).ok_or(BadNumber::NotAShare)
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The rest of the whole.
    pub fn rest(self) -> f64 {
        1.0 - self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_of_the_sort_is_refused() {
        for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e-300, 1e13] {
            assert_eq!(Positive::new(bad), Err(BadNumber::NotPositive), "{bad}");
        }
        for bad in [f64::NAN, f64::INFINITY, -1e-9, 1e13] {
            assert_eq!(Amount::new(bad), Err(BadNumber::NotAnAmount), "{bad}");
        }
        for bad in [f64::NAN, 0.0, 1.0, -0.1, 95.0] {
            assert_eq!(Share::new(bad), Err(BadNumber::NotAShare), "{bad}");
        }
        assert_eq!(Amount::new(-0.0).map(|zero| zero.get().to_bits()), Ok(0));
    }
}
