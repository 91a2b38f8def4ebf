//! Books of one item's stock: every receipt comes with its cost, every issue leaves with one, and not a cent is lost.

use super::Money;
use crate::warehouse::Quantity;
use chrono::NaiveDate;
use std::collections::VecDeque;

/// Which cost leaves with an issue (IAS 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// That of the oldest stock.
    Fifo,
    /// The average of what is there.
    MovingAverage,
}

/// Stock that came at one cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The day it came; by moving average the day of the last receipt.
    pub since: NaiveDate,
    /// How much of it is left; more than zero.
    pub quantity: Quantity,
    /// What that cost.
    pub value: Money,
}

/// Why something was not booked. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBooked {
    /// More is to go than is there.
    #[error("only {there} are there")]
    NotThere {
        /// What is.
        there: Quantity,
    },
    /// A quantity or a cost that makes no sense, or more than the books hold.
    #[error(
        "a quantity is more than 0, a cost not below 0, and all of it at most a million millions"
    )]
    OutOfRange,
}

/// What the books say. Opening and receipts make up cost of goods sold and closing, to the cent; always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Value at the beginning.
    pub opening: Money,
    /// Cost of all receipts.
    pub receipts: Money,
    /// Cost of all that went.
    pub cogs: Money,
    /// Value of what is there.
    pub closing: Money,
}

impl Statement {
    /// Whether what came is what went and what is left.
    pub fn balances(&self) -> bool {
        self.opening.plus(self.receipts) == self.cogs.plus(self.closing)
    }
}

/// The books of one item.
#[derive(Clone, Debug)]
pub struct Books {
    method: Method,
    /// Oldest first; by moving average one at most.
    layers: VecDeque<Layer>,
    opening: Money,
    receipts: Money,
    cogs: Money,
}

impl Books {
    /// Books without stock.
    pub fn new(method: Method) -> Self {
        Self {
            method,
            layers: VecDeque::new(),
            opening: Money::ZERO,
            receipts: Money::ZERO,
            cogs: Money::ZERO,
        }
    }

    /// The next period: what is there is its opening stock.
    #[must_use]
    pub fn carried_forward(self) -> Self {
        Self {
            opening: self.value(),
            receipts: Money::ZERO,
            cogs: Money::ZERO,
            ..self
        }
    }

    /// How much is there.
    pub fn on_hand(&self) -> Quantity {
        self.layers.iter().map(|layer| layer.quantity).sum()
    }

    /// What it cost.
    pub fn value(&self) -> Money {
        self.layers.iter().map(|layer| layer.value).sum()
    }

    /// What is there, oldest first.
    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.layers.iter()
    }

    /// Books a receipt of so much that cost so much in all. What comes back from a customer is one, at the cost that left.
    pub fn receive(
        &mut self,
        on: NaiveDate,
        quantity: Quantity,
        value: Money,
    ) -> Result<(), NotBooked> {
        let all = self.opening.plus(self.receipts).plus(value);
        let much = self.on_hand().plus(quantity);
        if !quantity.is_positive()
            || value < Money::ZERO
            || all > Money::LIMIT
            || much > Quantity::LIMIT
        {
            return Err(NotBooked::OutOfRange);
        }
        self.receipts = self.receipts.plus(value);
        match (self.method, self.layers.back_mut()) {
            (Method::MovingAverage, Some(layer)) => {
                layer.since = on;
                layer.quantity = layer.quantity.plus(quantity);
                layer.value = layer.value.plus(value);
            }
            (Method::Fifo, _) | (Method::MovingAverage, None) => self.layers.push_back(Layer {
                since: on,
                quantity,
                value,
            }),
        }
        Ok(())
    }

    /// Books an issue and says what it cost. A part of a layer takes its part of the cost to the nearest cent, the rest stays
    /// with the rest: the last unit takes whatever cents are left.
    pub fn issue(&mut self, quantity: Quantity) -> Result<Money, NotBooked> {
        if !quantity.is_positive() {
            return Err(NotBooked::OutOfRange);
        }
        let there = self.on_hand();
        if quantity > there {
            return Err(NotBooked::NotThere { there });
        }
        let (mut left, mut cost) = (quantity, Money::ZERO);
        while left.is_positive() {
            let layer = self.layers.front_mut().expect("there is enough");
            let taken = left.min(layer.quantity);
            let value = layer.value.part(taken, layer.quantity);
            left = left.minus(taken);
            cost = cost.plus(value);
            layer.quantity = layer.quantity.minus(taken);
            layer.value = layer.value.minus(value);
            if layer.quantity.is_zero() {
                self.layers.pop_front();
            }
        }
        self.cogs = self.cogs.plus(cost);
        Ok(cost)
    }

    /// What the books say now.
    pub fn statement(&self) -> Statement {
        Statement {
            opening: self.opening,
            receipts: self.receipts,
            cogs: self.cogs,
            closing: self.value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
    }

    fn books(method: Method, receipts: &[(u32, i64)]) -> Books {
        let mut books = Books::new(method);
        for &(units, cents) in receipts {
            let units = Quantity::units(units);
            books.receive(day(), units, Money::cents(cents)).unwrap();
        }
        books
    }

    #[test]
    fn the_oldest_cost_or_the_average_leaves_first() {
        // Landed values of a worked example, to the cent: 100 for 1097.19, 60 for 757.06, 80 for 1075.25.
        let receipts = [(100, 109_719), (60, 75_706), (80, 107_525)];
        let mut fifo = books(Method::Fifo, &receipts);
        assert_eq!(fifo.issue(Quantity::units(150)), Ok(Money::cents(172_807)));
        assert_eq!(fifo.value(), Money::cents(120_143));
        let mut average = books(Method::MovingAverage, &receipts);
        // 2929.50 · 150 / 240 = 1830.9375
        assert_eq!(
            average.issue(Quantity::units(150)),
            Ok(Money::cents(183_094))
        );
        assert_eq!(average.value(), Money::cents(109_856));
    }

    #[test]
    fn three_thirds_of_ten_cents_are_ten_cents() {
        for method in [Method::Fifo, Method::MovingAverage] {
            let mut books = books(method, &[(3, 10)]);
            let costs: Vec<i64> = (0..3)
                .map(|_| books.issue(Quantity::ONE).unwrap().in_cents())
                .collect();
            assert_eq!(costs, [3, 4, 3]);
            assert_eq!(books.statement().closing, Money::ZERO);
            assert!(books.statement().balances());
        }
    }

    #[test]
    fn what_is_not_there_is_not_booked() {
        let mut books = books(Method::Fifo, &[(5, 100)]);
        let there = Quantity::units(5);
        assert_eq!(
            books.issue(Quantity::units(6)),
            Err(NotBooked::NotThere { there })
        );
        assert_eq!(books.issue(Quantity::ZERO), Err(NotBooked::OutOfRange));
        let negative = Quantity::from_thousandths(-1);
        assert_eq!(
            books.receive(day(), negative, Money::ZERO),
            Err(NotBooked::OutOfRange)
        );
        assert_eq!(
            books.receive(day(), there, Money::cents(-1)),
            Err(NotBooked::OutOfRange)
        );
        assert_eq!(
            books.receive(day(), there, Money::LIMIT),
            Err(NotBooked::OutOfRange)
        );
        assert_eq!(books.value(), Money::cents(100));
    }

    /// A small generator, so that each seed is the same story everywhere.
    fn dice(state: &mut u64, sides: u64) -> u64 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state % sides
    }

    #[test]
    fn a_hundred_thousand_movements_balance_to_the_cent() {
        for (method, seed) in [
            (Method::Fifo, 1),
            (Method::Fifo, 77),
            (Method::MovingAverage, 2),
            (Method::MovingAverage, 78),
        ] {
            let (mut books, mut state) = (Books::new(method), seed * 0x9e37_79b9);
            let (mut opening, mut came, mut went) = (0, 0, 0);
            for step in 0..100_000 {
                let thousandths = i64::try_from(1 + dice(&mut state, 90_000)).unwrap();
                let quantity = Quantity::from_thousandths(thousandths);
                if dice(&mut state, 2) == 0 {
                    let cents = i64::try_from(dice(&mut state, 1_000_000)).unwrap();
                    books.receive(day(), quantity, Money::cents(cents)).unwrap();
                    came += cents;
                } else if let Ok(cost) = books.issue(quantity) {
                    went += cost.in_cents();
                }
                if step % 1000 == 0 {
                    let left = books.value().in_cents();
                    assert_eq!(opening + came, went + left, "{method:?} {seed} {step}");
                    assert!(books.statement().balances());
                }
                if step % 40_000 == 39_999 {
                    books = books.carried_forward();
                    (opening, came, went) = (books.value().in_cents(), 0, 0);
                }
            }
            assert!(came > 0 && went > 0);
        }
    }
}
