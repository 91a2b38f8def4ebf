//! How old stock is, what of it is dead, what is too much, and what will expire before it is sold.

use super::{Layer, Money};
use crate::warehouse::Quantity;
use chrono::NaiveDate;

/// Stock of one age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeBucket {
    /// From so many days on.
    pub from_days: u32,
    /// Up to and with so many; none: without end.
    pub to_days: Option<u32>,
    /// How much there is.
    pub quantity: Quantity,
    /// What it cost.
    pub value: Money,
}

/// Stock by age: one bucket up to and with each of the `ends`, and one for what is older. Ends must rise; those that do
/// not are passed over. What comes from the future is as new.
pub fn ageing<'a>(
    layers: impl IntoIterator<Item = &'a Layer>,
    today: NaiveDate,
    ends: &[u32],
) -> Vec<AgeBucket> {
    let mut buckets = Vec::new();
    let mut from_days = 0;
    for &end in ends.iter().filter(|&&end| end < u32::MAX) {
        if end >= from_days {
            buckets.push(empty(from_days, Some(end)));
            from_days = end + 1;
        }
    }
    buckets.push(empty(from_days, None));
    for layer in layers {
        let days = u32::try_from((today - layer.since).num_days()).unwrap_or(0);
        let holds = |bucket: &&mut AgeBucket| bucket.to_days.is_none_or(|end| days <= end);
        let bucket = buckets.iter_mut().find(holds).expect("the last has no end");
        bucket.quantity = bucket.quantity.plus(layer.quantity);
        bucket.value = bucket.value.plus(layer.value);
    }
    buckets
}

const fn empty(from_days: u32, to_days: Option<u32>) -> AgeBucket {
    AgeBucket {
        from_days,
        to_days,
        quantity: Quantity::ZERO,
        value: Money::ZERO,
    }
}

/// One item's stock, as it is looked at for what does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// How much is there.
    pub on_hand: Quantity,
    /// What it cost.
    pub value: Money,
    /// The day something last went out, or first came in where nothing ever did.
    pub last_issue: NaiveDate,
    /// The most that policy wants there.
    pub max_level: Quantity,
    /// What is forecast to go out over the horizon that is looked at.
    pub forecast: Quantity,
}

/// Stock that is there without a use, and what it cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slow {
    /// How much.
    pub quantity: Quantity,
    /// Its part of the cost.
    pub value: Money,
}

/// All of it if nothing has gone out for `days` days or more; nothing otherwise.
pub fn dead(shelf: &Shelf, today: NaiveDate, days: u32) -> Slow {
    let is_dead = (today - shelf.last_issue).num_days() >= i64::from(days);
    if is_dead && shelf.on_hand.is_positive() {
        Slow {
            quantity: shelf.on_hand,
            value: shelf.value,
        }
    } else {
        Slow::default()
    }
}

/// What is above both the most that policy wants and what is forecast to go out.
pub fn excess(shelf: &Shelf) -> Slow {
    let wanted = shelf.max_level.max(shelf.forecast);
    let quantity = shelf.on_hand.minus(wanted).max(Quantity::ZERO);
    Slow {
        quantity,
        value: shelf.value.part(quantity, shelf.on_hand),
    }
}

/// A lot that expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiring {
    /// The last day it may go out.
    pub last_day: NaiveDate,
    /// How much of it is there.
    pub quantity: Quantity,
    /// What that cost.
    pub value: Money,
}

/// A lot that will not all be sold in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotAtRisk {
    /// Which of the lots given.
    pub index: usize,
    /// How much will be left on its last day, or is left past it.
    pub quantity: Quantity,
    /// Its part of the cost.
    pub value: Money,
}

/// What expires unsold when lots go out first expired, first out, at the forecast daily demand from today on; worst lot first.
/// A lot past its day is at risk as a whole and serves no demand.
pub fn expiry_risk(lots: &[Expiring], today: NaiveDate, daily: &[Quantity]) -> Vec<LotAtRisk> {
    let mut order: Vec<usize> = (0..lots.len()).collect();
    order.sort_by_key(|&at| (lots[at].last_day, at));
    let mut served = Quantity::ZERO;
    let mut at_risk = Vec::new();
    for index in order {
        let lot = lots[index];
        let days = usize::try_from((lot.last_day - today).num_days() + 1).unwrap_or(0);
        let wanted: Quantity = daily.iter().take(days).copied().sum();
        let sold = wanted.minus(served).max(Quantity::ZERO).min(lot.quantity);
        served = served.plus(sold);
        let quantity = lot.quantity.minus(sold);
        if quantity.is_positive() {
            let value = lot.value.part(quantity, lot.quantity);
            at_risk.push(LotAtRisk {
                index,
                quantity,
                value,
            });
        }
    }
    at_risk.sort_by_key(|lot| std::cmp::Reverse(lot.value));
    at_risk
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(days: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Duration::days(days)
    }

    #[test]
    fn stock_stands_in_the_bucket_of_its_age() {
        let layer = |age: i64, units| Layer {
            since: day(-age),
            quantity: Quantity::units(units),
            value: Money::cents(100 * i64::from(units)),
        };
        let layers = [
            layer(0, 1),
            layer(30, 2),
            layer(31, 4),
            layer(400, 8),
            layer(-3, 16),
        ];
        let buckets = ageing(&layers, day(0), &[30, 90]);
        let units: Vec<_> = buckets.iter().map(|bucket| bucket.quantity).collect();
        assert_eq!(units, [19, 4, 8].map(Quantity::units));
        assert_eq!((buckets[1].from_days, buckets[1].to_days), (31, Some(90)));
        assert_eq!(buckets[2].value, Money::cents(800));
    }

    #[test]
    fn dead_is_what_has_not_moved_and_excess_what_nobody_will_want() {
        let shelf = Shelf {
            on_hand: Quantity::units(30),
            value: Money::cents(1000),
            last_issue: day(-180),
            max_level: Quantity::units(10),
            forecast: Quantity::units(20),
        };
        assert_eq!(dead(&shelf, day(0), 180).value, Money::cents(1000));
        assert_eq!(dead(&shelf, day(-1), 180), Slow::default());
        assert_eq!(excess(&shelf).quantity, Quantity::units(10));
        assert_eq!(excess(&shelf).value, Money::cents(333));
    }

    #[test]
    fn what_cannot_be_sold_in_time_is_at_risk() {
        let lot = |days, units| Expiring {
            last_day: day(days),
            quantity: Quantity::units(units),
            value: Money::cents(100 * i64::from(units)),
        };
        // Two a day: 6 by day 2, 20 by day 9. The first lot takes 6 of 10, the second 14 of 15; the third has passed.
        let lots = [lot(9, 15), lot(2, 10), lot(-1, 3)];
        let daily = [Quantity::units(2); 30];
        let risks = expiry_risk(&lots, day(0), &daily);
        let found: Vec<_> = risks
            .iter()
            .map(|risk| (risk.index, risk.quantity))
            .collect();
        assert_eq!(
            found,
            [
                (1, Quantity::units(4)),
                (2, Quantity::units(3)),
                (0, Quantity::units(1))
            ]
        );
        assert_eq!(risks[0].value, Money::cents(400));
    }
}
