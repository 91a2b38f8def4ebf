//! The figures that stock is judged by: turns, days of cover, return on it, and what it costs to carry.

use super::number::{Amount, Positive};
use serde::Serialize;

/// A period's figures, in money at cost but for the revenue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    /// Cost of the goods sold in the period.
    pub cogs: Positive,
    /// Stock at its beginning.
    pub opening_inventory: Amount,
    /// Stock at its end.
    pub closing_inventory: Amount,
    /// What the goods were sold for.
    pub revenue: Positive,
    /// What a year's carrying costs for each money's worth: 0.25 is 25 %.
    pub carrying_rate: Amount,
    /// Days in the period: 365 for a year.
    pub days: Positive,
}

/// What follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Kpis {
    /// (opening + closing) / 2.
    pub average_inventory: f64,
    /// How often the average stock was sold in the period: cogs / average. Not scaled to a year.
    pub turns: f64,
    /// Days that the average stock lasts: days / turns.
    pub days_of_cover: f64,
    /// 100 · (revenue − cogs) / revenue; below zero at a loss.
    pub gross_margin_pct: f64,
    /// Gross margin in money for each money's worth of average stock.
    pub gmroi: f64,
    /// Carrying rate · average stock: what such stock costs a year.
    pub carrying_cost: f64,
}

/// The figures of a period; none if there was no stock at either end.
pub fn kpis(period: &Period) -> Option<Kpis> {
    let average = f64::midpoint(
        period.opening_inventory.get(),
        period.closing_inventory.get(),
    );
    let average = Positive::new(average).ok()?.get();
    let turns = period.cogs.get() / average;
    let margin = period.revenue.get() - period.cogs.get();
    Some(Kpis {
        average_inventory: average,
        turns,
        days_of_cover: period.days.get() / turns,
        gross_margin_pct: 100.0 * margin / period.revenue.get(),
        gmroi: margin / average,
        carrying_cost: period.carrying_rate.get() * average,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "round numbers come out exact")]
    use super::*;

    fn period(opening: f64, closing: f64) -> Period {
        let positive = |number| Positive::new(number).unwrap();
        Period {
            cogs: positive(600.0),
            opening_inventory: Amount::new(opening).unwrap(),
            closing_inventory: Amount::new(closing).unwrap(),
            revenue: positive(1000.0),
            carrying_rate: Amount::new(0.25).unwrap(),
            days: positive(365.0),
        }
    }

    #[test]
    fn a_round_year_comes_out_round() {
        let year = kpis(&period(80.0, 120.0)).unwrap();
        assert_eq!((year.average_inventory, year.turns), (100.0, 6.0));
        assert!((year.days_of_cover - 365.0 / 6.0).abs() < 1e-12);
        assert_eq!((year.gross_margin_pct, year.gmroi), (40.0, 4.0));
        assert_eq!(year.carrying_cost, 25.0);
    }

    #[test]
    fn without_stock_there_are_no_turns() {
        assert_eq!(kpis(&period(0.0, 0.0)), None);
    }
}
