//! Reorder point and order size chosen together, for the least cost: the (r,Q) and the (s,S) policy, by named
//! approximations.

use super::normal;
use super::number::{Amount, BadNumber, LEAST, MOST, Positive, Share};
use serde::Serialize;

/// What an (r,Q) policy is computed from. One unit of time throughout, usually a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RqCosts {
    /// Money a unit a year for keeping it.
    pub holding_cost: Positive,
    /// Money for each unit short.
    pub stockout_cost: Positive,
    /// Money an order.
    pub order_cost: Positive,
    /// Units a year.
    pub annual_demand: Positive,
    /// Units in the lead time.
    pub lead_time_demand_mean: Amount,
    /// Its standard deviation.
    pub sigma_lead_time_demand: Positive,
}

/// A reorder point and an order quantity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ReorderRq {
    /// The inventory position r at which to order, in units.
    pub reorder_point: f64,
    /// Units Q an order.
    pub order_quantity: f64,
    /// Money a year by the approximation: h(r − dL + Q/2) + KD/Q + pD·n(r)/Q.
    pub annual_cost: f64,
}

/// Why there is no (r,Q) policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRq {
    /// Being short costs less than keeping stock.
    #[error(
        "give a higher stockout_cost: being short is cheaper than keeping stock, so that no reorder point is best"
    )]
    ShortIsCheaper,
}

/// The (r,Q) policy of least cost by Hadley & Whitin's expected-inventory-level approximation (1963), for normal demand in
/// the lead time: F(r) = 1 − hQ/(pD) and Q = √(2D(K + p·n(r))/h), in turn until neither changes.
pub fn reorder_rq(costs: &RqCosts) -> Result<ReorderRq, NoRq> {
    let (h, p) = (costs.holding_cost.get(), costs.stockout_cost.get());
    let (k, demand) = (costs.order_cost.get(), costs.annual_demand.get());
    let (mean, sigma) = (
        costs.lead_time_demand_mean.get(),
        costs.sigma_lead_time_demand.get(),
    );
    let quantity_for = |short: f64| (2.0 * demand * (k + p * short) / h).sqrt();
    let mut quantity = quantity_for(0.0);
    let (mut z, mut short) = (0.0, 0.0);
    for _ in 0..1000 {
        let tail = Share::new(h * quantity / (p * demand)).map_err(|_| NoRq::ShortIsCheaper)?;
        z = -normal::quantile(tail);
        short = sigma * normal::loss(z);
        let next = quantity_for(short);
        let apart = (next - quantity).abs();
        quantity = next;
        if apart <= 1e-14 * quantity {
            break;
        }
    }
    let reorder_point = mean + z * sigma;
    Ok(ReorderRq {
        reorder_point,
        order_quantity: quantity,
        annual_cost: h * (z * sigma + quantity / 2.0)
            + k * demand / quantity
            + p * demand * short / quantity,
    })
}

/// What an (s,S) policy is computed from; the demand is that of the lead time and one review period together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SsCosts {
    /// Money a unit a period for keeping it.
    pub holding_cost: Positive,
    /// Money a unit a period while it is short.
    pub stockout_cost: Positive,
    /// Money an order.
    pub order_cost: Positive,
    /// Units a period.
    pub demand_mean: Positive,
    /// Its standard deviation.
    pub demand_sd: Positive,
}

/// When the position is at s or below, order up to S.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SS {
    /// The reorder point s, in units.
    pub reorder_point: f64,
    /// The level S, in units.
    pub order_up_to_level: f64,
}

/// The (s,S) policy by the power approximation of Ehrhardt & Mosier (Management Science 30, 1984).
///
/// A good heuristic, fitted to whole policies: not meant for demand that is all but certain. Error: the result is beyond
/// any number that is accepted.
pub fn s_s_power_approximation(costs: &SsCosts) -> Result<SS, BadNumber> {
    let (h, p) = (costs.holding_cost.get(), costs.stockout_cost.get());
    let (mean, sigma) = (costs.demand_mean.get(), costs.demand_sd.get());
    let spread = (sigma / mean).powi(2);
    let quantity = 1.30
        * mean.powf(0.494)
        * (costs.order_cost.get() / h).powf(0.506)
        * (1.0 + spread).powf(0.116);
    let z = (quantity / sigma * h / p).sqrt();
    let reorder_point = 0.973 * mean + sigma * (0.183 / z + 1.063 - 2.192 * z);
    if reorder_point.abs() > MOST || !(LEAST..=MOST).contains(&quantity) {
        return Err(BadNumber::NotPositive);
    }
    Ok(SS {
        reorder_point,
        order_up_to_level: reorder_point + quantity,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: f64) -> Positive {
        Positive::new(number).unwrap()
    }

    #[test]
    fn reorder_point_and_quantity_satisfy_both_conditions() {
        let costs = RqCosts {
            holding_cost: number(0.225),
            stockout_cost: number(7.5),
            order_cost: number(8.0),
            annual_demand: number(1300.0),
            lead_time_demand_mean: Amount::new(1300.0 / 12.0).unwrap(),
            sigma_lead_time_demand: number(150.0 / 12.0_f64.sqrt()),
        };
        let best = reorder_rq(&costs).unwrap();
        let z = (best.reorder_point - 1300.0 / 12.0) / (150.0 / 12.0_f64.sqrt());
        let tail = 0.225 * best.order_quantity / (7.5 * 1300.0);
        assert!((normal::upper(z) - tail).abs() < 1e-14);
        // As stockout and order costs weigh against holding: a published worked example.
        assert!((best.reorder_point - 213.970_440).abs() < 1e-5, "{best:?}");
        assert!((best.order_quantity - 318.590_181).abs() < 1e-5, "{best:?}");
        assert!((best.annual_cost - 95.451_140).abs() < 1e-5, "{best:?}");
    }

    #[test]
    fn where_being_short_is_cheap_nothing_is_best() {
        let costs = RqCosts {
            holding_cost: number(10.0),
            stockout_cost: number(0.01),
            order_cost: number(8.0),
            annual_demand: number(100.0),
            lead_time_demand_mean: Amount::ZERO,
            sigma_lead_time_demand: number(1.0),
        };
        assert_eq!(reorder_rq(&costs), Err(NoRq::ShortIsCheaper));
    }

    #[test]
    fn the_power_approximation_gives_its_known_levels() {
        let levels = s_s_power_approximation(&SsCosts {
            holding_cost: number(0.18),
            stockout_cost: number(0.70),
            order_cost: number(2.5),
            demand_mean: number(50.0),
            demand_sd: number(8.0),
        })
        .unwrap();
        assert!((levels.reorder_point - 40.194_616_956_474_07).abs() < 1e-10);
        assert!((levels.order_up_to_level - 74.290_170_109_805_79).abs() < 1e-10);
    }
}
