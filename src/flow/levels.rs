//! Tags of packages and of what is in them: a case's tag and its units' tags stand for the same goods, and count once.

use crate::warehouse::Quantity;
use std::collections::BTreeMap;

/// How packages and smaller ones that were seen with them are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nesting {
    /// Within the larger ones if at least half of what those hold was seen; else beside them.
    /// A reader misses some of a full case; of an opened one the smaller part is left.
    #[default]
    Judged,
    /// Within the larger ones.
    Inside,
    /// Beside the larger ones.
    Beside,
}

/// How much of one item the tags on each size of package stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels(BTreeMap<Quantity, Quantity>);

impl Levels {
    /// A tag that stands for so much, on a package of this size.
    pub fn add(&mut self, size: Quantity, holds: Quantity) {
        let sum = self.0.entry(size).or_default();
        *sum = sum.plus(holds);
    }

    /// Sizes of package and how much the tags of each stand for, the smallest first.
    pub fn sizes(&self) -> impl Iterator<Item = (Quantity, Quantity)> {
        self.0.iter().map(|(size, units)| (*size, *units))
    }

    /// How much was seen, and the sizes whose tags count for it: all others are within these, or hold them.
    pub fn total(&self, nesting: Nesting) -> (Quantity, Vec<Quantity>) {
        let (mut total, mut counting) = (Quantity::ZERO, Vec::new());
        for (size, units) in self.sizes() {
            let inside = match nesting {
                Nesting::Inside => true,
                Nesting::Beside => false,
                Nesting::Judged => total.times(2) >= units,
            };
            if !inside || counting.is_empty() {
                total = total.plus(units);
                counting.push(size);
            } else if units > total {
                (total, counting) = (units, vec![size]);
            }
        }
        (total, counting)
    }

    /// Whether packages were seen together with smaller ones.
    pub fn is_mixed(&self) -> bool {
        self.0.len() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(sizes: &[(u32, u32)]) -> Levels {
        let mut levels = Levels::default();
        for (holds, tags) in sizes {
            let holds = Quantity::units(*holds);
            (0..*tags).for_each(|_| levels.add(holds, holds));
        }
        levels
    }

    #[test]
    fn units_within_a_case_count_once_and_those_of_an_opened_one_beside_it() {
        let total = |sizes: &[(u32, u32)], nesting| levels(sizes).total(nesting).0;
        for (sizes, wanted) in [
            (&[(1, 2), (12, 4)][..], 50),
            (&[(1, 36), (12, 3)], 36),
            (&[(1, 33), (12, 3)], 36),
            (&[(1, 40), (12, 3)], 40),
            (&[(1, 5)], 5),
            (&[(1, 48), (4, 12), (48, 1)], 48),
            (&[], 0),
        ] {
            assert_eq!(
                total(sizes, Nesting::Judged),
                Quantity::units(wanted),
                "{sizes:?}"
            );
        }
        assert_eq!(
            total(&[(1, 2), (12, 4)], Nesting::Inside),
            Quantity::units(48)
        );
        assert_eq!(
            total(&[(1, 36), (12, 3)], Nesting::Beside),
            Quantity::units(72)
        );
    }

    #[test]
    fn what_counts_is_the_level_of_which_most_was_seen() {
        let counting = |sizes: &[(u32, u32)]| levels(sizes).total(Nesting::Judged).1;
        assert_eq!(counting(&[(1, 12), (12, 1)]), [Quantity::units(1)]);
        assert_eq!(counting(&[(1, 11), (12, 1)]), [Quantity::units(12)]);
        let both = [Quantity::units(1), Quantity::units(12)];
        assert_eq!(counting(&[(1, 2), (12, 1)]), both);
    }
}
