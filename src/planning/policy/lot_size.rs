//! How much to order at a time: the economic order quantity, and the best one under all-units discounts.

use super::number::{Amount, Positive};
use serde::Serialize;

/// What ordering and keeping an item costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LotCosts {
    /// Units a year.
    pub annual_demand: Positive,
    /// Money an order, however large.
    pub order_cost: Positive,
    /// Money a unit.
    pub unit_cost: Positive,
    /// Money a year for each money's worth in stock: 0.22 is 22 %.
    pub carrying_rate: Positive,
}

impl LotCosts {
    /// Money a unit a year for keeping it.
    fn holding_cost(&self) -> f64 {
        self.carrying_rate.get() * self.unit_cost.get()
    }

    /// What a year costs, the goods themselves included, at `quantity` units an order.
    pub fn annual_cost(&self, quantity: f64) -> f64 {
        let demand = self.annual_demand.get();
        demand * self.unit_cost.get()
            + demand * self.order_cost.get() / quantity
            + self.holding_cost() * quantity / 2.0
    }
}

/// The economic order quantity and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Eoq {
    /// Units an order.
    pub eoq: f64,
    /// Money a year for ordering and keeping, without the goods themselves.
    pub annual_order_plus_holding_cost: f64,
    /// Orders a year.
    pub orders_per_year: f64,
    /// Days from order to order, of 365 a year.
    pub cycle_days_365: f64,
}

/// The economic order quantity √(2KD/h) (Harris 1913), with h = carrying rate × unit cost.
pub fn eoq(costs: &LotCosts) -> Eoq {
    let (demand, order) = (costs.annual_demand.get(), costs.order_cost.get());
    let holding = costs.holding_cost();
    let eoq = (2.0 * order * demand / holding).sqrt();
    Eoq {
        eoq,
        annual_order_plus_holding_cost: (2.0 * order * demand * holding).sqrt(),
        orders_per_year: demand / eoq,
        cycle_days_365: 365.0 * eoq / demand,
    }
}

/// A price for all units of an order of this size or more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tier {
    /// The smallest order that gets the price, in units; 0 where any does.
    pub from: Amount,
    /// Money a unit.
    pub unit_cost: Positive,
}

/// Why prices are no all-units discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTiers {
    /// There is no price, or not one for each break-point.
    #[error("give breakpoints and unit_costs of the same length, one price for each break-point")]
    NotPaired,
    /// Break-points do not rise.
    #[error(
        "give breakpoints in rising order, the first the smallest order that is taken (0 if any is)"
    )]
    NotRising,
    /// A larger order would cost more a unit.
    #[error(
        "give unit_costs that do not rise: a price that rises with the quantity is no discount"
    )]
    DearerByMore,
}

/// All-units prices by order size: at least one, sizes rising, prices not.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiers(Vec<Tier>);

impl Tiers {
    /// Takes prices if they are a discount.
    pub fn new(tiers: Vec<Tier>) -> Result<Self, NoTiers> {
        if tiers.is_empty() {
            return Err(NoTiers::NotPaired);
        }
        for pair in tiers.windows(2) {
            if pair[0].from >= pair[1].from {
                return Err(NoTiers::NotRising);
            }
            if pair[0].unit_cost < pair[1].unit_cost {
                return Err(NoTiers::DearerByMore);
            }
        }
        Ok(Self(tiers))
    }

    /// One price for any quantity.
    pub fn flat(unit_cost: Positive) -> Self {
        let from = Amount::ZERO;
        Self(vec![Tier { from, unit_cost }])
    }

    /// The prices, by rising order size.
    pub fn as_slice(&self) -> &[Tier] {
        &self.0
    }

    /// Which price an order of so many units gets, counted from 0; none below the smallest order.
    pub fn index_of(&self, quantity: f64) -> Option<usize> {
        self.0.iter().rposition(|tier| tier.from.get() <= quantity)
    }
}

/// The best order under all-units discounts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DiscountedLot {
    /// Units an order.
    pub order_quantity: f64,
    /// Which price it gets, the first being 0.
    pub tier_index_from_0: usize,
    /// Money a year for the goods, ordering and keeping: cD + KD/Q + icQ/2.
    pub annual_cost_including_purchase: f64,
}

/// The order quantity of least yearly cost under all-units discounts.
///
/// Each price's economic order quantity, raised to its break-point where that is larger, is a candidate; one that would
/// already get the next price is not. Of candidates that cost the same the smallest order is taken.
pub fn quantity_discounts(
    annual_demand: Positive,
    order_cost: Positive,
    carrying_rate: Positive,
    tiers: &Tiers,
) -> DiscountedLot {
    let candidate = |(index, tier): (usize, &Tier)| {
        let costs = LotCosts {
            annual_demand,
            order_cost,
            unit_cost: tier.unit_cost,
            carrying_rate,
        };
        let quantity = eoq(&costs).eoq.max(tier.from.get());
        let next = tiers.0.get(index + 1);
        next.is_none_or(|next| quantity < next.from.get())
            .then(|| DiscountedLot {
                order_quantity: quantity,
                tier_index_from_0: index,
                annual_cost_including_purchase: costs.annual_cost(quantity),
            })
    };
    let candidates = tiers.0.iter().enumerate().filter_map(candidate);
    candidates
        .reduce(|best, other| {
            let (cost, least) = (
                other.annual_cost_including_purchase,
                best.annual_cost_including_purchase,
            );
            // Equal but for rounding is equal.
            if cost < least * (1.0 - 1e-14) {
                other
            } else {
                best
            }
        })
        .expect("the last price has no next one, so that it always has a candidate")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "round numbers come out exact")]
    use super::*;

    fn number(number: f64) -> Positive {
        Positive::new(number).unwrap()
    }

    fn tiers(tiers: &[(f64, f64)]) -> Result<Tiers, NoTiers> {
        let tier = |&(from, cost): &(f64, f64)| Tier {
            from: Amount::new(from).unwrap(),
            unit_cost: number(cost),
        };
        Tiers::new(tiers.iter().map(tier).collect())
    }

    fn best(demand: f64, order: f64, rate: f64, prices: &[(f64, f64)]) -> (f64, usize, f64) {
        let lot = quantity_discounts(
            number(demand),
            number(order),
            number(rate),
            &tiers(prices).unwrap(),
        );
        (
            lot.order_quantity,
            lot.tier_index_from_0,
            lot.annual_cost_including_purchase,
        )
    }

    #[test]
    fn a_round_example_comes_out_round() {
        // √(2 · 50 · 1000 / (0.1 · 10)) = √100000
        let lot = eoq(&LotCosts {
            annual_demand: number(1000.0),
            order_cost: number(50.0),
            unit_cost: number(10.0),
            carrying_rate: number(0.1),
        });
        assert!((lot.eoq - 100_000_f64.sqrt()).abs() < 1e-10);
        assert!((lot.annual_order_plus_holding_cost - lot.eoq).abs() < 1e-10);
        assert!((lot.orders_per_year * lot.cycle_days_365 - 365.0).abs() < 1e-10);
    }

    #[test]
    fn the_best_order_may_be_a_break_point_or_between_two() {
        let (quantity, tier, cost) = best(
            1300.0,
            8.0,
            0.3,
            &[(0.0, 0.75), (400.0, 0.72), (800.0, 0.68)],
        );
        assert_eq!((quantity, tier), (800.0, 2));
        assert!((cost - 978.6).abs() < 1e-9);
        // The break is too far away: √(2 · 8 · 1300 / 0.225)
        let (quantity, tier, _) = best(1300.0, 8.0, 0.3, &[(0.0, 0.75), (90_000.0, 0.74)]);
        assert!((quantity - (20_800.0_f64 / 0.225).sqrt()).abs() < 1e-9);
        assert_eq!(tier, 0);
    }

    #[test]
    fn an_economic_quantity_beyond_the_next_break_gets_the_next_price() {
        // Both economic quantities are above 10: the dear price is out of reach.
        let (quantity, tier, _) = best(1000.0, 50.0, 0.1, &[(1.0, 10.0), (10.0, 9.0)]);
        assert_eq!(tier, 1);
        assert!((quantity - (100_000.0_f64 / 0.9).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn of_two_orders_that_cost_the_same_the_smaller_is_taken() {
        // At 1 a unit: Q = 100, cost 1000 + 100 + 100. At 200 units: 1000c + 50 + 200c, the same for c = 1150/1200.
        let same = 1150.0 / 1200.0;
        let (quantity, tier, _) = best(1000.0, 10.0, 2.0, &[(0.0, 1.0), (200.0, same)]);
        assert_eq!((quantity, tier), (100.0, 0));
        let (quantity, ..) = best(1000.0, 10.0, 2.0, &[(0.0, 1.0), (50.0, 1.0)]);
        assert_eq!(quantity, 100.0);
    }

    #[test]
    fn what_is_no_discount_is_refused() {
        assert_eq!(tiers(&[]), Err(NoTiers::NotPaired));
        assert_eq!(tiers(&[(5.0, 2.0), (5.0, 1.0)]), Err(NoTiers::NotRising));
        assert_eq!(tiers(&[(0.0, 1.0), (5.0, 2.0)]), Err(NoTiers::DearerByMore));
    }
}
