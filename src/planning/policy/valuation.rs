//! What receipts cost once they are here, and what sold and remaining stock is worth by FIFO and by average: the
//! formulae, unrounded. Books that are kept to the cent are in [`crate::planning::value`].

use super::number::{Amount, Positive};
use serde::Serialize;

/// Goods that came in, oldest first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Receipt {
    /// Units.
    pub qty: Positive,
    /// Money a unit, as invoiced.
    pub unit_price: Amount,
}

/// What stock cost and is worth. Cost of goods sold and closing value make up the whole landed cost, by either formula.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Valuation {
    /// Money a unit of each receipt: price with duty, and its share of freight.
    pub landed_unit_costs: Vec<f64>,
    /// Cost of the units sold, oldest first.
    pub fifo_cogs: f64,
    /// Cost of the units left.
    pub fifo_closing_value: f64,
    /// Money a unit over all receipts.
    pub average_unit_cost: f64,
    /// Cost of the units sold, at the average.
    pub average_cogs: f64,
    /// Cost of the units left, at the average.
    pub average_closing_value: f64,
}

/// Why stock cannot be valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoValuation {
    /// More went out than came in.
    #[error("give units_sold of at most what was received: nobody can sell what never came")]
    SoldTooMany,
    /// Freight by value, and nothing has any.
    #[error("give at least one unit_price above 0: freight is shared out by value")]
    NoValue,
}

/// Values receipts of which some units were sold after the last came in (IAS 2 cost formulas).
///
/// Duty is a share of the price; freight is shared out by value before duty.
pub fn valuation(
    receipts: &[Receipt],
    freight_total: Amount,
    duty_rate: Amount,
    units_sold: Amount,
) -> Result<Valuation, NoValuation> {
    let received: f64 = receipts.iter().map(|receipt| receipt.qty.get()).sum();
    let sold = units_sold.get();
    // What adds up to all but the last digit is all.
    if sold > received * (1.0 + 1e-12) {
        return Err(NoValuation::SoldTooMany);
    }
    let landed_unit_costs = landed(receipts, freight_total.get(), duty_rate.get())?;
    let (mut left, mut fifo_cogs, mut fifo_closing_value) = (sold, 0.0, 0.0);
    for (receipt, cost) in receipts.iter().zip(&landed_unit_costs) {
        let taken = receipt.qty.get().min(left);
        left -= taken;
        fifo_cogs += taken * cost;
        fifo_closing_value += (receipt.qty.get() - taken) * cost;
    }
    let average_unit_cost = (fifo_cogs + fifo_closing_value) / received;
    Ok(Valuation {
        landed_unit_costs,
        fifo_cogs,
        fifo_closing_value,
        average_unit_cost,
        average_cogs: average_unit_cost * sold,
        average_closing_value: average_unit_cost * (received - sold).max(0.0),
    })
}

fn landed(receipts: &[Receipt], freight: f64, duty_rate: f64) -> Result<Vec<f64>, NoValuation> {
    let value = |receipt: &Receipt| receipt.qty.get() * receipt.unit_price.get();
    let total: f64 = receipts.iter().map(value).sum();
    if total <= 0.0 {
        return Err(NoValuation::NoValue);
    }
    // A unit's share of freight is as its price: freight · (qty · price / total) / qty.
    let factor = 1.0 + duty_rate + freight / total;
    Ok(receipts
        .iter()
        .map(|receipt| receipt.unit_price.get() * factor)
        .collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "round numbers come out exact")]
    use super::*;

    fn receipts() -> [Receipt; 2] {
        [(10.0, 1.0), (10.0, 3.0)].map(|(qty, unit_price)| Receipt {
            qty: Positive::new(qty).unwrap(),
            unit_price: Amount::new(unit_price).unwrap(),
        })
    }

    fn valued(freight: f64, duty: f64, sold: f64) -> Result<Valuation, NoValuation> {
        let amount = |number| Amount::new(number).unwrap();
        valuation(&receipts(), amount(freight), amount(duty), amount(sold))
    }

    #[test]
    fn oldest_units_go_first_and_nothing_is_lost() {
        // Goods 40, duty 4, freight 8: 52 in all, a quarter of it on the first ten.
        let valued = valued(8.0, 0.1, 15.0).unwrap();
        assert!((valued.landed_unit_costs[0] - 1.3).abs() < 1e-12);
        assert!((valued.landed_unit_costs[1] - 3.9).abs() < 1e-12);
        assert!((valued.fifo_cogs - 32.5).abs() < 1e-12);
        assert!((valued.fifo_closing_value - 19.5).abs() < 1e-12);
        assert!((valued.average_unit_cost - 2.6).abs() < 1e-12);
        assert!((valued.average_cogs - 39.0).abs() < 1e-12);
        assert!((valued.average_closing_value - 13.0).abs() < 1e-12);
    }

    #[test]
    fn no_more_is_sold_than_came_in() {
        assert_eq!(valued(0.0, 0.0, 20.1), Err(NoValuation::SoldTooMany));
        assert_eq!(valued(0.0, 0.0, 20.0).unwrap().fifo_closing_value, 0.0);
    }
}
