//! When and how much to order for demand that is known and lumpy: the plan of least cost (Wagner & Whitin 1958).

use super::number::{Amount, Positive};
use serde::Serialize;

/// The most periods that are planned at once.
const MOST_PERIODS: usize = 2_000;

/// Orders that meet every demand at the least cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LotPlan {
    /// Periods in which to order, the first period being 1.
    pub order_periods: Vec<usize>,
    /// What to order in each of them, in units.
    pub quantities: Vec<f64>,
    /// Set-ups, and a period's holding cost for every unit carried over into the next.
    pub cost: f64,
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    /// Too many periods.
    #[error("give at most 2000 demands; plan further ones later")]
    TooLong,
    /// Nothing is wanted.
    #[error("give at least one demand above 0: there is nothing to order")]
    NothingWanted,
}

/// The cheapest plan: an order arrives at once and serves whole periods; demand of a period is taken at its beginning.
/// Where two plans cost the same, the one that orders later has it.
pub fn wagner_whitin(
    setup_cost: Positive,
    holding_cost_per_period: Positive,
    demands: &[Amount],
) -> Result<LotPlan, NoPlan> {
    if demands.len() > MOST_PERIODS {
        return Err(NoPlan::TooLong);
    }
    if demands.iter().all(|demand| demand.get() == 0.0) {
        return Err(NoPlan::NothingWanted);
    }
    let (setup, holding) = (setup_cost.get(), holding_cost_per_period.get());
    let (least, next) = costs_to_go(setup, holding, demands);
    let (mut order_periods, mut quantities) = (Vec::new(), Vec::new());
    let mut period = 0;
    while period < demands.len() {
        let until = next[period];
        if demands[period].get() > 0.0 {
            order_periods.push(period + 1);
            quantities.push(demands[period..until].iter().map(|d| d.get()).sum());
        }
        period = until;
    }
    Ok(LotPlan {
        order_periods,
        quantities,
        cost: least[0],
    })
}

/// For each period, the least cost from it to the end when nothing is left over, and the period up to which it orders.
fn costs_to_go(setup: f64, holding: f64, demands: &[Amount]) -> (Vec<f64>, Vec<usize>) {
    let periods = demands.len();
    let (mut least, mut next) = (vec![0.0; periods + 1], vec![periods; periods]);
    for period in (0..periods).rev() {
        if demands[period].get() == 0.0 {
            (least[period], next[period]) = (least[period + 1], period + 1);
            continue;
        }
        let (mut carried, mut waited) = (0.0, 0.0);
        least[period] = f64::INFINITY;
        for until in period + 1..=periods {
            let cost = setup + carried + least[until];
            if cost < least[period] * (1.0 - 1e-14) || least[period] == f64::INFINITY {
                (least[period], next[period]) = (cost, until);
            }
            waited += 1.0;
            carried += holding * waited * demands.get(until).map_or(0.0, |demand| demand.get());
        }
    }
    (least, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(setup: f64, holding: f64, demands: &[f64]) -> Result<LotPlan, NoPlan> {
        let demands: Vec<Amount> = demands.iter().map(|&d| Amount::new(d).unwrap()).collect();
        let number = |number| Positive::new(number).unwrap();
        wagner_whitin(number(setup), number(holding), &demands)
    }

    #[test]
    fn two_orders_serve_four_lumpy_periods() {
        // 500 + 2·120 for the first two, 500 + 2·70 for the last two.
        let plan = plan(500.0, 2.0, &[90.0, 120.0, 80.0, 70.0]).unwrap();
        assert_eq!(plan.order_periods, [1, 3]);
        assert_eq!(plan.quantities, [210.0, 150.0]);
        assert!((plan.cost - 1380.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_ordered_before_it_is_wanted() {
        let plan = plan(10.0, 1.0, &[0.0, 0.0, 5.0, 0.0, 100.0]).unwrap();
        assert_eq!(plan.order_periods, [3, 5]);
        assert_eq!(plan.quantities, [5.0, 100.0]);
        assert!((plan.cost - 20.0).abs() < 1e-9);
    }

    /// Every way to cut the periods into orders.
    fn by_trying_all(setup: f64, holding: f64, demands: &[f64]) -> f64 {
        let cost = |cuts: u32| {
            let (mut cost, mut ordered) = (0.0, 0);
            for (period, demand) in demands.iter().enumerate() {
                if period == 0 || cuts & (1 << period) != 0 {
                    (cost, ordered) = (cost + setup, period);
                }
                #[expect(clippy::cast_precision_loss, reason = "a few periods")]
                let waited = (period - ordered) as f64;
                cost += waited * holding * demand;
            }
            cost
        };
        (0..1 << demands.len())
            .map(cost)
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn no_other_plan_is_cheaper() {
        for seed in 1..60_u32 {
            let demand = |period: u32| f64::from(1 + (seed * 7919 + period * 104_729) % 97);
            let demands: Vec<f64> = (0..9).map(demand).collect();
            let setup = f64::from(20 + seed * 5);
            let cost = plan(setup, 0.7, &demands).unwrap().cost;
            assert!((cost - by_trying_all(setup, 0.7, &demands)).abs() < 1e-9);
        }
    }

    #[test]
    fn no_demand_and_endless_demand_are_refused() {
        assert_eq!(plan(1.0, 1.0, &[0.0, 0.0]), Err(NoPlan::NothingWanted));
        assert_eq!(plan(1.0, 1.0, &[]), Err(NoPlan::NothingWanted));
        assert_eq!(plan(1.0, 1.0, &[1.0; 2001]), Err(NoPlan::TooLong));
    }
}
