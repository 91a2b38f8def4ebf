//! What to count next, and why: doubt first, then what its class says is due, then what has moved a lot.

use crate::planning::policy::Abc;
use crate::planning::value::Money;
use crate::warehouse::{BinCode, ItemCode, Quantity};
use chrono::NaiveDate;

/// An item in a bin, as it is looked at for counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countable {
    /// Where.
    pub bin: BinCode,
    /// What.
    pub item: ItemCode,
    /// Its class by turnover.
    pub class: Abc,
    /// What the book says is there, at cost.
    pub value: Money,
    /// The day it was last counted, or first put there.
    pub last_count: NaiveDate,
    /// Movements since.
    pub movements: u32,
    /// What did not square since: short picks, unknown tags, stock below zero.
    pub exceptions: u32,
}

/// How often to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountRules {
    /// Days between counts of A, B and C items.
    pub days: [u32; 3],
    /// Count after so many movements, whatever the class.
    pub movements: u32,
    /// How many counts are asked for at once.
    pub most: usize,
}

impl Default for CountRules {
    /// A monthly, B quarterly, C half-yearly; or after 200 movements; 50 at once.
    fn default() -> Self {
        Self {
            days: [30, 91, 182],
            movements: 200,
            most: 50,
        }
    }
}

/// Why a count is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyCount {
    /// Something did not square.
    #[error("{0} times something did not square since the last count")]
    Exceptions(u32),
    /// Its class is counted so often.
    #[error("last counted {days} days ago; its class is counted every {every}")]
    Frequency {
        /// Days since the last count.
        days: u32,
        /// Days between counts.
        every: u32,
    },
    /// Much has happened.
    #[error("{0} movements since the last count")]
    Movements(u32),
}

/// A count that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCount {
    /// Where.
    pub bin: BinCode,
    /// What.
    pub item: ItemCode,
    /// Why.
    pub why: WhyCount,
    /// What the book says is there, at cost.
    pub value: Money,
}

/// What is due, first things first: doubt, the more the earlier; then the class's turn, the longer overdue for its class the
/// earlier; then movements. Of two alike the one of more value.
pub fn due_counts(stock: &[Countable], today: NaiveDate, rules: &CountRules) -> Vec<DueCount> {
    let mut due: Vec<((u8, u64, i64), &Countable, WhyCount)> = stock
        .iter()
        .filter_map(|place| {
            let why = why(place, today, rules)?;
            let (kind, much) = rank(why);
            let rank = (
                kind,
                u64::MAX - much,
                place.value.in_cents().saturating_neg(),
            );
            Some((rank, place, why))
        })
        .collect();
    due.sort_by(|a, b| (a.0, &a.1.bin, &a.1.item).cmp(&(b.0, &b.1.bin, &b.1.item)));
    due.into_iter()
        .take(rules.most)
        .map(|(_, place, why)| DueCount {
            bin: place.bin.clone(),
            item: place.item.clone(),
            why,
            value: place.value,
        })
        .collect()
}

fn why(place: &Countable, today: NaiveDate, rules: &CountRules) -> Option<WhyCount> {
    let days = u32::try_from((today - place.last_count).num_days()).unwrap_or(0);
    let every = match place.class {
        Abc::A => rules.days[0],
        Abc::B => rules.days[1],
        Abc::C => rules.days[2],
    };
    if place.exceptions > 0 {
        Some(WhyCount::Exceptions(place.exceptions))
    } else if days >= every.max(1) {
        Some(WhyCount::Frequency { days, every })
    } else if place.movements >= rules.movements.max(1) {
        Some(WhyCount::Movements(place.movements))
    } else {
        None
    }
}

/// Which kind comes first, and how much of it there is.
fn rank(why: WhyCount) -> (u8, u64) {
    match why {
        WhyCount::Exceptions(times) => (0, times.into()),
        WhyCount::Frequency { days, every } => {
            (1, u64::from(days) * 1000 / u64::from(every.max(1)))
        }
        WhyCount::Movements(movements) => (2, movements.into()),
    }
}

/// How far a count may be from the book. Each bound alone is enough to be within; a bound that is none allows no difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// Units either way.
    pub quantity: Quantity,
    /// Thousandths of the book's quantity either way.
    pub per_mille: u32,
    /// Money either way.
    pub value: Money,
}

impl Tolerance {
    /// Whether a count is near enough; `value` is what the book's quantity cost.
    pub fn holds(&self, book: Quantity, counted: Quantity, value: Money) -> bool {
        let apart = Quantity::from_thousandths(
            i64::try_from(book.minus(counted).thousandths().unsigned_abs()).unwrap_or(i64::MAX),
        );
        let share = i128::from(book.thousandths()) * i128::from(self.per_mille) / 1000;
        let by_value = book.is_positive()
            && apart <= book
            && !self.value.is_zero()
            && value.part(apart, book) <= self.value;
        apart <= self.quantity || i128::from(apart.thousandths()) <= share || by_value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(days: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap() + chrono::Duration::days(days)
    }

    fn place(
        bin: &str,
        class: Abc,
        counted: i64,
        movements: u32,
        exceptions: u32,
        cents: i64,
    ) -> Countable {
        Countable {
            bin: bin.parse().unwrap(),
            item: "BOLT".parse().unwrap(),
            class,
            value: Money::cents(cents),
            last_count: day(-counted),
            movements,
            exceptions,
        }
    }

    #[test]
    fn doubt_comes_first_then_the_classs_turn_then_what_moved() {
        let stock = [
            place("A-01", Abc::A, 29, 0, 0, 900),
            place("A-02", Abc::A, 30, 0, 0, 100),
            place("A-03", Abc::A, 30, 0, 0, 900),
            place("A-04", Abc::C, 182, 0, 0, 5000),
            place("A-05", Abc::A, 60, 0, 0, 1),
            place("A-06", Abc::B, 1, 250, 0, 1),
            place("A-07", Abc::C, 1, 0, 1, 1),
            place("A-08", Abc::C, 1, 0, 3, 1),
            place("A-09", Abc::A, -5, 199, 0, 1),
        ];
        let due = due_counts(&stock, day(0), &CountRules::default());
        let bins: Vec<&str> = due.iter().map(|due| due.bin.as_str()).collect();
        assert_eq!(
            bins,
            ["A-08", "A-07", "A-05", "A-04", "A-03", "A-02", "A-06"]
        );
        assert_eq!(
            due[2].why.to_string(),
            "last counted 60 days ago; its class is counted every 30"
        );
        let two = CountRules {
            most: 2,
            ..CountRules::default()
        };
        assert_eq!(due_counts(&stock, day(0), &two).len(), 2);
    }

    #[test]
    fn a_count_is_near_enough_by_units_by_share_or_by_value() {
        let units = Quantity::units;
        let exact = Tolerance::default();
        assert!(exact.holds(units(5), units(5), Money::ZERO));
        assert!(!exact.holds(units(5), units(6), Money::ZERO));
        let by_share = Tolerance {
            per_mille: 10,
            ..exact
        };
        assert!(by_share.holds(units(200), units(198), Money::cents(1)));
        assert!(!by_share.holds(units(200), units(197), Money::cents(1)));
        let by_value = Tolerance {
            value: Money::cents(50),
            ..exact
        };
        assert!(by_value.holds(units(10), units(5), Money::cents(100)));
        assert!(!by_value.holds(units(10), units(4), Money::cents(100)));
        assert!(!by_value.holds(units(0), units(4), Money::ZERO));
        let by_units = Tolerance {
            quantity: units(1),
            ..exact
        };
        assert!(by_units.holds(units(0), units(1), Money::ZERO));
    }
}
