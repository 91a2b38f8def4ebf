//! Levels of one item: safety stock from forecast error and lead time, the reorder point, and the level preferred after
//! an order has come.

use super::LeadTime;
use super::lot::{Lot, quantity_up, units};
use crate::planning::policy::{Amount, Positive, Share, VaryingDemand, normal};
use crate::warehouse::Quantity;

/// The service that is promised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Service {
    /// The probability that an order arrives before stock runs out; as [`crate::planning::policy::Class::service_target`]
    /// says it for each class.
    Cycle(Share),
    /// The share of demand that is met from stock.
    Fill(Share),
}

/// What is expected to be wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Forecast units a day.
    pub daily: Positive,
    /// Standard deviation of the forecast's error a day, in units: of the error, not of the demand.
    pub daily_error_sd: Amount,
}

/// What safety stock has to cover: demand from the order to its arrival, and what the position has already sunk below the
/// reorder point when the order is placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Protection {
    /// Mean, in units.
    pub mean: f64,
    /// Standard deviation, in units.
    pub sigma: f64,
}

impl Protection {
    /// For stock that is looked at every so many days; 0 where it is looked at with every issue.
    ///
    /// Demand Z between two looks leaves the position below the reorder point by E\[Z²\] / 2E\[Z\] on average, with variance
    /// E\[Z³\] / 3E\[Z\] less the square of that (renewal theory; Silver, Pyke & Thomas, 4th edition, chapter 7).
    pub fn new(demand: Demand, lead: LeadTime, review_days: Amount) -> Self {
        let in_lead_time = VaryingDemand {
            daily_demand_mean: demand.daily,
            daily_demand_sd: demand.daily_error_sd,
            lead_time_mean_days: lead.mean_days,
            lead_time_sd_days: lead.sd_days,
        };
        let (mean, sigma) = (in_lead_time.mean(), in_lead_time.sigma());
        let days = review_days.get();
        if days == 0.0 {
            return Self { mean, sigma };
        }
        let m = demand.daily.get() * days;
        let variance = demand.daily_error_sd.get().powi(2) * days;
        let below = (m * m + variance) / (2.0 * m);
        let below_variance = (m * m + 3.0 * variance) / 3.0 - below * below;
        Self {
            mean: mean + below,
            sigma: (sigma * sigma + below_variance.max(0.0)).sqrt(),
        }
    }

    /// How many standard deviations a service needs with orders of `lot` units. A cycle service below a half and a fill
    /// rate that the lot alone gives need less than none.
    pub fn factor(&self, service: Service, lot: f64) -> f64 {
        match service {
            Service::Cycle(service) => normal::quantile(service),
            // At a sigma of nothing any factor is the same.
            Service::Fill(_) if self.sigma <= f64::MIN_POSITIVE => 0.0,
            Service::Fill(service) => {
                let short = service.rest() * lot / self.sigma;
                normal::loss_inverse(short.max(f64::MIN_POSITIVE))
            }
        }
    }
}

/// The levels of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Kept against chance; below zero where the lot alone gives more than the promised service.
    pub safety_stock: Quantity,
    /// Order when the inventory position is at this or below; not below zero.
    pub reorder_point: Quantity,
    /// Order up to this: the reorder point and a lot.
    pub preferred: Quantity,
    /// The usual order.
    pub lot: Quantity,
}

/// The levels for a promised service; each rounded up to a size that `step` allows (whole units for what is counted).
pub fn levels(protection: &Protection, service: Service, lot: Quantity, step: &Lot) -> Levels {
    levels_at(
        protection,
        protection.factor(service, units(lot)),
        lot,
        step,
    )
}

/// The levels with so many standard deviations of safety stock, such as [`super::shared_factors`] gives; rounded likewise.
pub fn levels_at(protection: &Protection, factor: f64, lot: Quantity, step: &Lot) -> Levels {
    let safety = factor * protection.sigma;
    let reorder = quantity_up((protection.mean + safety).max(0.0));
    let reorder_point = if reorder.is_zero() {
        reorder
    } else {
        step.up(reorder)
    };
    Levels {
        safety_stock: quantity_up(safety),
        reorder_point,
        preferred: reorder_point.plus(lot),
        lot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(daily: f64, sd: f64) -> Demand {
        Demand {
            daily: Positive::new(daily).unwrap(),
            daily_error_sd: Amount::new(sd).unwrap(),
        }
    }

    fn lead(days: f64, sd: f64) -> LeadTime {
        LeadTime {
            mean_days: Positive::new(days).unwrap(),
            sd_days: Amount::new(sd).unwrap(),
            receipts: 9,
        }
    }

    #[test]
    fn looked_at_with_every_issue_the_textbook_levels_come_out() {
        let protection = Protection::new(demand(40.0, 12.0), lead(9.0, 2.0), Amount::ZERO);
        let service = Service::Cycle(Share::new(0.95).unwrap());
        let levels = levels(&protection, service, Quantity::units(500), &Lot::default());
        // 144.2978 and 504.2978, as in the worked example.
        assert_eq!(levels.safety_stock, "144.298".parse().unwrap());
        assert_eq!(levels.reorder_point, Quantity::units(505));
        assert_eq!(levels.preferred, Quantity::units(1005));
    }

    #[test]
    fn steady_demand_looked_at_once_a_week_is_half_a_week_late() {
        let protection =
            Protection::new(demand(10.0, 0.0), lead(3.0, 0.0), Amount::new(7.0).unwrap());
        assert!((protection.mean - 65.0).abs() < 1e-12);
        // Anything from nothing to a week's demand: 70 / √12.
        assert!((protection.sigma - 70.0 / 12.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn certainty_needs_no_safety_and_a_great_lot_less_than_none() {
        let certain = Protection::new(demand(10.0, 0.0), lead(3.0, 0.0), Amount::ZERO);
        let fill = Service::Fill(Share::new(0.95).unwrap());
        let lot = Quantity::units(10);
        assert_eq!(
            levels(&certain, fill, lot, &Lot::default()).safety_stock,
            Quantity::ZERO
        );
        let uncertain = Protection::new(demand(10.0, 5.0), lead(3.0, 1.0), Amount::ZERO);
        let lot = Quantity::units(1000);
        let levels = levels(&uncertain, fill, lot, &Lot::default());
        assert!(levels.safety_stock < Quantity::ZERO);
        assert!(levels.reorder_point >= Quantity::ZERO);
    }
}
