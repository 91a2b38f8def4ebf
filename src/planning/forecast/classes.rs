//! What kind of demand a series has, by how often and how evenly something is wanted (Syntetos, Boylan and Croston 2005).

use super::sums::{mean, number};
use std::fmt;

/// The four kinds.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Class {
    /// Often and evenly.
    Smooth,
    /// Often, in very different amounts.
    Erratic,
    /// Seldom, in even amounts.
    Intermittent,
    /// Seldom, and in very different amounts.
    Lumpy,
}

impl Class {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Smooth, Self::Erratic, Self::Intermittent, Self::Lumpy];

    /// Seldom: more than 1.32 periods from one demand to the next. Uneven: the squared coefficient of variation of the
    /// amounts is above 0.49.
    pub fn of(demand: &[f64]) -> Self {
        let amounts: Vec<f64> = demand
            .iter()
            .copied()
            .filter(|value| *value > 0.0)
            .collect();
        let seldom = number(demand.len()) > 1.32 * number(amounts.len());
        let usual = mean(&amounts);
        let squares: Vec<f64> = amounts
            .iter()
            .map(|value| (value - usual).powi(2))
            .collect();
        let uneven = mean(&squares) > 0.49 * usual * usual;
        match (seldom, uneven) {
            (false, false) => Self::Smooth,
            (false, true) => Self::Erratic,
            (true, false) => Self::Intermittent,
            (true, true) => Self::Lumpy,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Smooth => "smooth",
            Self::Erratic => "erratic",
            Self::Intermittent => "intermittent",
            Self::Lumpy => "lumpy",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_kinds_are_told_apart() {
        assert_eq!(Class::of(&[5.0, 6.0, 5.0, 4.0]), Class::Smooth);
        assert_eq!(Class::of(&[1.0, 1.0, 1.0, 40.0]), Class::Erratic);
        assert_eq!(Class::of(&[0.0, 2.0, 0.0, 2.0]), Class::Intermittent);
        assert_eq!(
            Class::of(&[0.0, 1.0, 0.0, 30.0, 0.0, 1.0, 0.0, 0.0]),
            Class::Lumpy
        );
        assert_eq!(Class::of(&[0.0, 0.0]), Class::Intermittent);
    }
}
