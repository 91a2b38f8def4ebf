//! How much to keep against chance, and the level at which to order: for a cycle service, for a fill rate, and for
//! orders that are placed at fixed intervals.

use super::normal;
use super::number::{Amount, Positive, Share};
use serde::Serialize;

/// Daily demand and a lead time, both uncertain and independent of each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VaryingDemand {
    /// Units a day.
    pub daily_demand_mean: Positive,
    /// Its standard deviation, or that of the forecast's error, in units.
    pub daily_demand_sd: Amount,
    /// Days from order to arrival.
    pub lead_time_mean_days: Positive,
    /// Its standard deviation, in days.
    pub lead_time_sd_days: Amount,
}

impl VaryingDemand {
    /// Mean demand while an order is on its way, in units.
    pub fn mean(&self) -> f64 {
        self.daily_demand_mean.get() * self.lead_time_mean_days.get()
    }

    /// Its standard deviation: √(L·σd² + d²·σL²), in units.
    pub fn sigma(&self) -> f64 {
        let from_demand = self.lead_time_mean_days.get().sqrt() * self.daily_demand_sd.get();
        let from_lead_time = self.daily_demand_mean.get() * self.lead_time_sd_days.get();
        from_demand.hypot(from_lead_time)
    }
}

/// Safety stock for a cycle service.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SafetyStock {
    /// Standard deviations kept.
    pub z: f64,
    /// Standard deviation of demand in the lead time, in units.
    pub sigma_lead_time_demand: f64,
    /// Units kept against chance; below zero for a service below one half.
    pub safety_stock: f64,
    /// The inventory position at which to order, in units.
    pub reorder_point: f64,
}

/// Safety stock and reorder point for a cycle service: the probability that an order arrives before stock runs out.
pub fn safety_stock(demand: &VaryingDemand, cycle_service_level: Share) -> SafetyStock {
    let z = normal::quantile(cycle_service_level);
    let sigma_lead_time_demand = demand.sigma();
    let safety_stock = z * sigma_lead_time_demand;
    SafetyStock {
        z,
        sigma_lead_time_demand,
        safety_stock,
        reorder_point: demand.mean() + safety_stock,
    }
}

/// Safety stock for a fill rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FillRate {
    /// Standard deviations kept; below zero where the order quantity alone gives more than the wanted service.
    pub k: f64,
    /// Units kept against chance, k standard deviations.
    pub safety_stock: f64,
    /// The inventory position at which to order, in units.
    pub reorder_point: f64,
    /// The probability Φ(k) that an order arrives before stock runs out, which is not the fill rate.
    pub implied_cycle_service_level: f64,
}

/// Safety stock and reorder point for a fill rate β, the share of demand met from stock: G(k) = (1 − β)·Q / σL, where G is
/// the loss of [`normal::loss`] (Silver, Pyke & Thomas, 4th edition, chapter 6; what is short at a cycle's start is left out).
pub fn fill_rate(
    order_quantity: Positive,
    sigma_lead_time_demand: Positive,
    lead_time_demand_mean: Amount,
    fill_rate: Share,
) -> FillRate {
    let sigma = sigma_lead_time_demand.get();
    let k = normal::loss_inverse(fill_rate.rest() * order_quantity.get() / sigma);
    let safety_stock = k * sigma;
    FillRate {
        k,
        safety_stock,
        reorder_point: lead_time_demand_mean.get() + safety_stock,
        implied_cycle_service_level: normal::cumulative(k),
    }
}

/// Orders at fixed intervals: how long, against which demand, for which service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReviewCycle {
    /// Days from one review to the next.
    pub review_days: Positive,
    /// Days from order to arrival.
    pub lead_time_days: Amount,
    /// Units a day.
    pub daily_demand_mean: Positive,
    /// Its standard deviation, in units.
    pub daily_demand_sd: Amount,
    /// The wanted probability that stock lasts until the next order's goods are there.
    pub cycle_service_level: Share,
}

/// What is there and what is promised, in units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    /// In the house.
    pub on_hand: Amount,
    /// Ordered and not yet here.
    pub on_order: Amount,
    /// Sold and not yet delivered.
    pub backorders: Amount,
}

impl Position {
    /// On hand + on order − back orders; below zero when more is owed than is coming.
    pub fn net(&self) -> f64 {
        self.on_hand.get() + self.on_order.get() - self.backorders.get()
    }
}

/// The order-up-to level and today's order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PeriodicReview {
    /// Days that stock must last: review and lead time.
    pub protection_interval_days: f64,
    /// Units kept against chance over that interval.
    pub safety_stock: f64,
    /// The level S up to which each review orders.
    pub order_up_to_level: f64,
    /// On hand + on order − back orders.
    pub inventory_position: f64,
    /// What to order now, in units; 0 where the position is at the level or above.
    pub order_now: f64,
}

/// The (R,S) policy: S = d·(R + L) + z·σ·√(R + L).
pub fn periodic_review(cycle: &ReviewCycle, position: &Position) -> PeriodicReview {
    let days = cycle.review_days.get() + cycle.lead_time_days.get();
    let z = normal::quantile(cycle.cycle_service_level);
    let safety_stock = z * cycle.daily_demand_sd.get() * days.sqrt();
    let level = cycle.daily_demand_mean.get() * days + safety_stock;
    PeriodicReview {
        protection_interval_days: days,
        safety_stock,
        order_up_to_level: level,
        inventory_position: position.net(),
        order_now: (level - position.net()).max(0.0),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "round numbers come out exact")]
    use super::*;

    fn number(number: f64) -> Positive {
        Positive::new(number).unwrap()
    }

    fn amount(number: f64) -> Amount {
        Amount::new(number).unwrap()
    }

    #[test]
    fn certain_demand_and_lead_time_need_no_safety_stock() {
        let demand = VaryingDemand {
            daily_demand_mean: number(7.0),
            daily_demand_sd: Amount::ZERO,
            lead_time_mean_days: number(3.0),
            lead_time_sd_days: Amount::ZERO,
        };
        let kept = safety_stock(&demand, Share::new(0.999).unwrap());
        assert_eq!((kept.safety_stock, kept.reorder_point), (0.0, 21.0));
    }

    #[test]
    fn both_spreads_add_as_squares() {
        // √(9 · 2² + 4² · 2²) = √(36 + 64)
        let demand = VaryingDemand {
            daily_demand_mean: number(4.0),
            daily_demand_sd: amount(2.0),
            lead_time_mean_days: number(9.0),
            lead_time_sd_days: amount(2.0),
        };
        assert!((demand.sigma() - 10.0).abs() < 1e-14);
    }

    #[test]
    fn a_fill_rate_that_the_lot_alone_gives_needs_less_than_nothing() {
        // (1 − 0.9) · 1000 / 50 = 2: k is −1.9914911765… as computed to forty digits.
        let kept = fill_rate(
            number(1000.0),
            number(50.0),
            amount(300.0),
            Share::new(0.9).unwrap(),
        );
        assert!(kept.k < -1.99 && kept.k > -2.0, "{}", kept.k);
        assert!((normal::loss(kept.k) - 2.0).abs() < 1e-14);
        assert!((kept.reorder_point - 300.0 - 50.0 * kept.k).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_ordered_above_the_level() {
        let cycle = ReviewCycle {
            review_days: number(7.0),
            lead_time_days: amount(2.0),
            daily_demand_mean: number(1.0),
            daily_demand_sd: Amount::ZERO,
            cycle_service_level: Share::new(0.9).unwrap(),
        };
        let mut position = Position {
            on_hand: amount(20.0),
            ..Position::default()
        };
        assert_eq!(periodic_review(&cycle, &position).order_now, 0.0);
        position.backorders = amount(15.0);
        assert_eq!(periodic_review(&cycle, &position).order_now, 4.0);
    }
}
