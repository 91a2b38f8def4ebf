//! How much to have for one season, when what is left is worth less and what is short is lost.

use super::normal;
use super::number::{Amount, Positive, Share};
use serde::Serialize;

/// What being wrong by one unit costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewsvendorCosts {
    /// Money a unit short.
    pub underage_cost: Positive,
    /// Money a unit left over.
    pub overage_cost: Positive,
}

impl NewsvendorCosts {
    fn critical_ratio(&self) -> f64 {
        let (under, over) = (self.underage_cost.get(), self.overage_cost.get());
        under / (under + over)
    }

    /// The quantile of the critical ratio, from the smaller of the two tails, so that no digits are lost near 1.
    fn z(&self) -> f64 {
        let (under, over) = (self.underage_cost.get(), self.overage_cost.get());
        let tail = under.min(over) / (under + over);
        let tail = Share::new(tail).expect("both costs are above zero and not boundlessly apart");
        let z = normal::quantile(tail);
        if under > over { -z } else { z }
    }
}

/// The best stock for the season.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Newsvendor {
    /// cu / (cu + co): the probability with which demand should be covered.
    pub critical_ratio: f64,
    /// Units to have at the beginning.
    pub order_up_to: f64,
    /// Expected money lost by units short and left over.
    pub expected_cost: f64,
}

/// The best stock against normally distributed demand: S = μ + σ·Φ⁻¹(ratio); cost (cu + co)·σ·φ(z).
pub fn newsvendor_normal(
    costs: &NewsvendorCosts,
    demand_mean: Amount,
    demand_sd: Positive,
) -> Newsvendor {
    let z = costs.z();
    let (under, over) = (costs.underage_cost.get(), costs.overage_cost.get());
    let sigma = demand_sd.get();
    Newsvendor {
        critical_ratio: costs.critical_ratio(),
        order_up_to: demand_mean.get() + sigma * z,
        expected_cost: (under + over) * sigma * normal::density(z),
    }
}

/// The greatest mean for which Poisson demand is summed; beyond it nobody can tell it from the normal.
pub const MOST_POISSON_MEAN: f64 = 1e6;

/// The best stock against Poisson demand: the smallest whole S with F(S) ≥ ratio. None for a mean above
/// [`MOST_POISSON_MEAN`].
pub fn newsvendor_poisson(costs: &NewsvendorCosts, demand_mean: Positive) -> Option<Newsvendor> {
    let mean = demand_mean.get();
    if mean > MOST_POISSON_MEAN {
        return None;
    }
    let (first, weights) = poisson(mean);
    let critical_ratio = costs.critical_ratio();
    let (mut order_up_to, mut covered) = (first, 0.0);
    for weight in &weights {
        covered += weight;
        if covered >= critical_ratio {
            break;
        }
        order_up_to += 1.0;
    }
    let mut expected_cost = 0.0;
    let mut demand = first;
    for weight in &weights {
        let (short, left) = (demand - order_up_to, order_up_to - demand);
        expected_cost += weight * costs.underage_cost.get() * short.max(0.0);
        expected_cost += weight * costs.overage_cost.get() * left.max(0.0);
        demand += 1.0;
    }
    Some(Newsvendor {
        critical_ratio,
        order_up_to,
        expected_cost,
    })
}

/// The first demand that is likely enough to count, and the probability of it and each one after it.
///
/// Grown from the most likely demand outwards by ratios, and scaled to sum to one: no factorial is ever computed.
fn poisson(mean: f64) -> (f64, Vec<f64>) {
    const NOTHING: f64 = 1e-25;
    let mode = mean.floor();
    let mut weights = Vec::new();
    let (mut demand, mut weight) = (mode, 1.0);
    while demand > 0.0 && weight > NOTHING {
        weight *= demand / mean;
        demand -= 1.0;
        weights.push(weight);
    }
    weights.reverse();
    let first = demand;
    (demand, weight) = (mode, 1.0);
    while weight > NOTHING {
        weights.push(weight);
        demand += 1.0;
        weight *= mean / demand;
    }
    let total: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= total);
    (first, weights)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "round numbers come out exact")]
    use super::*;

    fn costs(under: f64, over: f64) -> NewsvendorCosts {
        NewsvendorCosts {
            underage_cost: Positive::new(under).unwrap(),
            overage_cost: Positive::new(over).unwrap(),
        }
    }

    fn poisson_best(under: f64, over: f64, mean: f64) -> (f64, f64) {
        let best = newsvendor_poisson(&costs(under, over), Positive::new(mean).unwrap()).unwrap();
        (best.order_up_to, best.expected_cost)
    }

    #[test]
    fn equal_costs_want_the_mean() {
        let best = newsvendor_normal(
            &costs(3.0, 3.0),
            Amount::new(100.0).unwrap(),
            Positive::new(10.0).unwrap(),
        );
        assert!((best.order_up_to - 100.0).abs() < 1e-12);
        // 6 · 10 / √(2π)
        assert!((best.expected_cost - 23.936_536_824_085_96).abs() < 1e-12);
    }

    #[test]
    fn poisson_demand_is_covered_to_the_whole_unit() {
        for (under, over, mean, level, cost) in [
            (0.18, 0.7, 50.0, 44.0, 1.727_626_732_531_94),
            (14.0, 6.0, 52.0, 56.0, 50.713_236_683_447_2),
            (1.0, 9.0, 3.7, 1.0, 2.947_235_264_703_4),
        ] {
            let best = poisson_best(under, over, mean);
            assert_eq!(best.0, level, "{best:?}");
            assert!((best.1 - cost).abs() < 1e-11, "{best:?}");
        }
    }

    #[test]
    fn a_rare_demand_and_a_common_one_are_both_summed() {
        // With mean 0.05 nothing is wanted with probability e^−0.05 = 0.951.
        assert_eq!(poisson_best(95.0, 5.0, 0.05).0, 0.0);
        assert_eq!(poisson_best(96.0, 4.0, 0.05).0, 1.0);
        let (level, _) = poisson_best(3.0, 1.0, 1e6);
        assert!((level - 1_000_674.0).abs() <= 1.0, "{level}");
        let many = Positive::new(1e9).unwrap();
        assert_eq!(newsvendor_poisson(&costs(1.0, 1.0), many), None);
    }
}
