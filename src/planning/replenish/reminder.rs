//! The reminder to order: when, how urgently, and why, as data that can be said in words.

use super::Levels;
use crate::warehouse::{ItemCode, Quantity};
use chrono::{Days, NaiveDate};

/// Goods that were ordered and have not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The day they are due.
    pub due: NaiveDate,
    /// How much.
    pub quantity: Quantity,
}

/// How an item stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub item: ItemCode,
    /// In the house and usable.
    pub on_hand: Quantity,
    /// Ordered from suppliers, or on its way from another warehouse.
    pub on_order: Vec<Arrival>,
    /// Promised to orders, whether it is there or not: allocated stock and back orders.
    pub promised: Quantity,
}

impl Standing {
    /// On hand + on order − promised: what decides whether to order.
    pub fn position(&self) -> Quantity {
        let coming: Quantity = self.on_order.iter().map(|arrival| arrival.quantity).sum();
        self.on_hand.plus(coming).minus(self.promised)
    }
}

/// Why there is a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// More is promised than is there and coming.
    #[error("{short} more are promised than are there and coming")]
    Owed {
        /// How much more.
        short: Quantity,
    },
    /// The forecast empties the shelf before an order of today can be here.
    #[error(
        "stock runs out on {stock_out}, and what is ordered now is here on {arrival}; position {position}, order at {reorder_point}"
    )]
    RunsOutFirst {
        /// When it runs out.
        stock_out: NaiveDate,
        /// When an order would be here.
        arrival: NaiveDate,
        /// The inventory position.
        position: Quantity,
        /// The level at which to order.
        reorder_point: Quantity,
    },
    /// It is time.
    #[error("there and coming are {position}, and it is time to order at {reorder_point}")]
    AtReorderPoint {
        /// The inventory position.
        position: Quantity,
        /// The level at which to order.
        reorder_point: Quantity,
    },
}

/// Order this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Which item.
    pub item: ItemCode,
    /// Why.
    pub why: Why,
    /// On hand + on order − promised.
    pub position: Quantity,
    /// What is missing up to the preferred level.
    pub wanted: Quantity,
    /// The first day that the forecast cannot be met; none within the forecast.
    pub stock_out: Option<NaiveDate>,
    /// Days from the arrival of an order placed now to that day: below zero there will be nothing for so many days.
    /// None if stock lasts as long as the forecast.
    pub days_to_spare: Option<i64>,
}

/// The first day on which forecast demand is more than what is free and has come until then; day 0 of the forecast is
/// today. What is overdue is not counted on.
pub fn stock_out(standing: &Standing, today: NaiveDate, daily: &[Quantity]) -> Option<NaiveDate> {
    let mut free = standing.on_hand.minus(standing.promised);
    for (days, wanted) in (0..).zip(daily) {
        let date = today.checked_add_days(Days::new(days))?;
        let came = standing
            .on_order
            .iter()
            .filter(|arrival| arrival.due == date);
        free = free.plus(came.map(|arrival| arrival.quantity).sum());
        free = free.minus(*wanted);
        if free < Quantity::ZERO {
            return Some(date);
        }
    }
    None
}

/// The reminder to order an item, if its inventory position is at or below the reorder point. `arrival` is when an order
/// placed now would be here.
pub fn reminder(
    standing: &Standing,
    levels: &Levels,
    today: NaiveDate,
    arrival: NaiveDate,
    daily: &[Quantity],
) -> Option<Reminder> {
    let position = standing.position();
    let reorder_point = levels.reorder_point;
    if position > reorder_point {
        return None;
    }
    let stock_out = stock_out(standing, today, daily);
    let why = match stock_out {
        _ if position < Quantity::ZERO => Why::Owed {
            short: Quantity::ZERO.minus(position),
        },
        Some(stock_out) if stock_out < arrival => Why::RunsOutFirst {
            stock_out,
            arrival,
            position,
            reorder_point,
        },
        _ => Why::AtReorderPoint {
            position,
            reorder_point,
        },
    };
    Some(Reminder {
        item: standing.item.clone(),
        why,
        position,
        wanted: levels.preferred.minus(position),
        stock_out,
        days_to_spare: stock_out.map(|date| (date - arrival).num_days()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn standing(on_hand: u32, promised: u32, due: &[(&str, u32)]) -> Standing {
        Standing {
            item: "BOLT".parse().unwrap(),
            on_hand: Quantity::units(on_hand),
            on_order: due
                .iter()
                .map(|&(due, units)| Arrival {
                    due: date(due),
                    quantity: Quantity::units(units),
                })
                .collect(),
            promised: Quantity::units(promised),
        }
    }

    fn remind(standing: &Standing) -> Option<Reminder> {
        let levels = Levels {
            safety_stock: Quantity::units(10),
            reorder_point: Quantity::units(40),
            preferred: Quantity::units(100),
            lot: Quantity::units(60),
        };
        let daily = [Quantity::units(5); 30];
        let (today, arrival) = (date("2026-11-02"), date("2026-11-09"));
        reminder(standing, &levels, today, arrival, &daily)
    }

    #[test]
    fn the_position_decides_not_what_is_on_hand() {
        assert_eq!(remind(&standing(10, 0, &[("2026-11-03", 60)])), None);
        assert_eq!(remind(&standing(41, 0, &[])), None);
        let found = remind(&standing(90, 50, &[])).unwrap();
        assert_eq!(found.position, Quantity::units(40));
        assert_eq!(found.wanted, Quantity::units(60));
        // 40 free at 5 a day: gone on the ninth day.
        assert_eq!(found.stock_out, Some(date("2026-11-10")));
        assert_eq!(found.days_to_spare, Some(1));
        assert!(matches!(found.why, Why::AtReorderPoint { .. }));
    }

    #[test]
    fn what_runs_out_before_an_order_is_here_says_so() {
        let found = remind(&standing(12, 0, &[])).unwrap();
        assert_eq!(
            found.why.to_string(),
            "stock runs out on 2026-11-04, and what is ordered now is here on 2026-11-09; position 12, order at 40"
        );
        assert_eq!(found.days_to_spare, Some(-5));
        let found = remind(&standing(0, 7, &[])).unwrap();
        assert_eq!(
            found.why,
            Why::Owed {
                short: Quantity::units(7)
            }
        );
    }

    #[test]
    fn what_is_overdue_is_not_counted_on_and_what_is_due_is() {
        let today = date("2026-11-02");
        let daily = [Quantity::units(5); 6];
        let overdue = standing(10, 0, &[("2026-10-30", 50)]);
        assert_eq!(stock_out(&overdue, today, &daily), Some(date("2026-11-04")));
        let due = standing(10, 0, &[("2026-11-04", 50)]);
        assert_eq!(stock_out(&due, today, &daily), None);
    }
}
