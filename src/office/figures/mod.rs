//! What the figures say: what stock is worth and what it cost to sell, what earns money and what only lies there. All of it
//! is worked out anew from the ledger's moves, and every amount can be followed to the moves it is made of.
//! Goods that are packed for a customer have left the books; what is in bins, totes and hands is in them.

mod book;
mod cost;
mod margin;
mod service;
mod stock;

pub use book::{Booked, Booking, ValueRow};
pub use margin::{By, MarginRow};
pub use service::Service;
pub use stock::{ExpiryRow, StockRow};

pub use crate::planning::value::Method;

use super::Error;
use crate::sync::RefusedKind;
use chrono::NaiveDate;

/// From a day to a day, both with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    from: NaiveDate,
    to: NaiveDate,
}

impl Span {
    /// Error: it ends before it begins, or is longer than a hundred years.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, Error> {
        let days = (to - from).num_days();
        if (0..36_525).contains(&days) {
            return Ok(Self { from, to });
        }
        let note = format!("From {from} to {to} is no span of time.");
        Err(Error::refused(RefusedKind::Body, note))
    }

    /// How many days it has; one or more.
    pub fn days(self) -> u32 {
        u32::try_from((self.to - self.from).num_days() + 1).unwrap_or(1)
    }
}
