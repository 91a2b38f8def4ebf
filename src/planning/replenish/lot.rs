//! How much to order at a time, in quantities that a supplier sells: minimum, multiple and price breaks.

use crate::planning::policy::{LotCosts, Positive, Tier, Tiers, eoq};
use crate::warehouse::Quantity;

/// What sizes of order are sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The smallest.
    pub minimum: Quantity,
    /// Each is a multiple of this; one thousandth where any is sold.
    pub multiple: Quantity,
}

impl Default for Lot {
    /// Any number of whole units.
    fn default() -> Self {
        Self {
            minimum: Quantity::ONE,
            multiple: Quantity::ONE,
        }
    }
}

impl Lot {
    fn step(&self) -> i64 {
        self.multiple.thousandths().max(1)
    }

    /// The smallest size that is sold and not below `wanted`.
    pub fn up(&self, wanted: Quantity) -> Quantity {
        let wanted = wanted.max(self.minimum).max(self.multiple).thousandths();
        let steps = (wanted - 1).div_euclid(self.step()) + 1;
        Quantity::from_thousandths(steps.saturating_mul(self.step()))
    }

    /// The largest size that is sold and not above `wanted`; the smallest of all where none is.
    pub fn down(&self, wanted: Quantity) -> Quantity {
        let steps = wanted.thousandths().div_euclid(self.step());
        let down = Quantity::from_thousandths(steps.saturating_mul(self.step()));
        if down < self.minimum || !down.is_positive() {
            self.up(Quantity::ZERO)
        } else {
            down
        }
    }
}

/// So much, to the thousandth above; at most [`Quantity::LIMIT`].
pub(super) fn quantity_up(units: f64) -> Quantity {
    let thousandths = (units * 1000.0 - 1e-6).ceil();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a conversion from float stops at the ends of the range, and the limit is far inside"
    )]
    let quantity = Quantity::from_thousandths(thousandths as i64);
    quantity.min(Quantity::LIMIT)
}

/// So many units; exact up to nine million million.
pub(super) fn units(quantity: Quantity) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "quantities from outside are within 2^53 thousandths"
    )]
    let thousandths = quantity.thousandths() as f64;
    thousandths / 1000.0
}

/// The size of least yearly cost among those that are sold, all-units prices considered.
///
/// Of each price the sizes next to its economic order quantity and next to its break-point are weighed; of two that cost
/// the same the smaller is taken.
pub fn best_lot(
    annual_demand: Positive,
    order_cost: Positive,
    carrying_rate: Positive,
    tiers: &Tiers,
    lot: &Lot,
) -> Quantity {
    let costs = |tier: &Tier| LotCosts {
        annual_demand,
        order_cost,
        unit_cost: tier.unit_cost,
        carrying_rate,
    };
    let mut sizes = Vec::new();
    for tier in tiers.as_slice() {
        let best = quantity_up(eoq(&costs(tier)).eoq.max(tier.from.get()));
        sizes.extend([lot.down(best), lot.up(best)]);
        sizes.push(lot.up(quantity_up(tier.from.get())));
    }
    sizes.sort_unstable();
    let cost = |size: Quantity| {
        let size = units(size);
        let tier = tiers.index_of(size).map(|index| tiers.as_slice()[index]);
        tier.map_or(f64::INFINITY, |tier| costs(&tier).annual_cost(size))
    };
    sizes
        .into_iter()
        .map(|size| (size, cost(size)))
        .reduce(|best, other| {
            if other.1 < best.1 * (1.0 - 1e-14) {
                other
            } else {
                best
            }
        })
        .map_or(lot.up(Quantity::ZERO), |(size, _)| size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::policy::Amount;

    fn number(number: f64) -> Positive {
        Positive::new(number).unwrap()
    }

    fn lot(minimum: u32, multiple: u32) -> Lot {
        Lot {
            minimum: Quantity::units(minimum),
            multiple: Quantity::units(multiple),
        }
    }

    #[test]
    fn sizes_are_multiples_not_below_the_minimum() {
        let lot = lot(50, 12);
        assert_eq!(lot.up(Quantity::units(1)), Quantity::units(60));
        assert_eq!(lot.up(Quantity::units(61)), Quantity::units(72));
        assert_eq!(lot.up(Quantity::units(72)), Quantity::units(72));
        assert_eq!(lot.down(Quantity::units(71)), Quantity::units(60));
        assert_eq!(lot.down(Quantity::units(59)), Quantity::units(60));
        let nothing = Lot {
            minimum: Quantity::ZERO,
            multiple: Quantity::ZERO,
        };
        assert_eq!(nothing.up(Quantity::ZERO).thousandths(), 0);
    }

    #[test]
    fn the_best_size_is_sold_and_no_other_that_is_sold_costs_less() {
        let tier = |from, cost| Tier {
            from: Amount::new(from).unwrap(),
            unit_cost: number(cost),
        };
        let tiers =
            Tiers::new(vec![tier(0.0, 10.0), tier(500.0, 9.8), tier(1000.0, 9.75)]).unwrap();
        for (minimum, multiple) in [(1, 1), (50, 12), (300, 7), (700, 100), (1, 36)] {
            let lot = lot(minimum, multiple);
            let best = best_lot(number(2000.0), number(60.0), number(0.25), &tiers, &lot);
            let cost = |size: u32| {
                let unit_cost = tiers.as_slice()[tiers.index_of(size.into()).unwrap()].unit_cost;
                let costs = LotCosts {
                    annual_demand: number(2000.0),
                    order_cost: number(60.0),
                    unit_cost,
                    carrying_rate: number(0.25),
                };
                costs.annual_cost(size.into())
            };
            let sold = (1..3000).filter(|size| size % multiple == 0 && *size >= minimum);
            let least = sold.map(cost).fold(f64::INFINITY, f64::min);
            let found = cost(u32::try_from(best.thousandths() / 1000).unwrap());
            assert!(
                best.is_whole() && found <= least + 1e-9,
                "{minimum} {multiple}: {best}"
            );
        }
    }
}
