//! Demand as it would have been: returns and one-off orders taken off, stock-outs made good. Every change is told.

use super::history::{self, History};
use super::{Period, float, rules, thousandths};
use crate::office::allocate::today;
use crate::office::database::Tx;
use crate::office::{Error, Office};
use crate::planning::forecast::Series;
use crate::planning::forecast::clean::{Mark, cleaned};
use crate::warehouse::{ItemCode, Quantity, Timestamp, WarehouseCode};
use chrono::NaiveDate;

/// So many periods in a row without stock, and without anybody asking, and nothing is taken for nothing.
const WAITED: usize = 3;

/// One period of an item's demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandRow {
    /// The first day of the period.
    pub day: NaiveDate,
    /// How people call it.
    pub name: String,
    /// Packed for customers, or used for what is made.
    pub shipped: Quantity,
    /// Come back in this period.
    pub returned: Quantity,
    /// Packed for orders that will not come again.
    pub one_off: Quantity,
    /// Asked for by orders that ended without it.
    pub unmet: Quantity,
    /// Days on which nothing usable stood in any bin.
    pub days_without: u32,
    /// What is forecast from.
    pub demand: Quantity,
    /// Whether it was seen; otherwise it is filled in from the periods around it.
    pub is_seen: bool,
}

/// What was done to a history before it is forecast from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub filled: usize,
    pub raised: usize,
    pub returned: i64,
    pub one_off: i64,
}

impl Told {
    /// In words, to stand behind another sentence; nothing where nothing was done.
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        let some = |count: usize| if count == 1 { "period" } else { "periods" };
        if self.filled > 0 {
            parts.push(format!(
                "{} {} without stock filled in",
                self.filled,
                some(self.filled)
            ));
        }
        if self.raised > 0 {
            parts.push(format!(
                "{} {} raised to what was asked for",
                self.raised,
                some(self.raised)
            ));
        }
        let quantity = Quantity::from_thousandths;
        if self.returned > 0 {
            parts.push(format!("{} returned taken off", quantity(self.returned)));
        }
        if self.one_off > 0 {
            parts.push(format!(
                "{} of one-off orders left out",
                quantity(self.one_off)
            ));
        }
        if parts.is_empty() {
            String::new()
        } else {
            format!("; of the history, {}", parts.join(", "))
        }
    }
}

/// The series that is forecast from, and what was done to it.
pub(super) fn series(history: &History, period: Period) -> (Series, Told) {
    let sold: Vec<f64> = history
        .periods
        .iter()
        .map(|past| float(past.shipped.max(0)))
        .collect();
    let plain = Series {
        first: history.first,
        ..Series::plain(history.item.as_str(), &sold)
    };
    let (clean, changes) = cleaned(&plain, &marks(history, period));
    let mut told = Told::default();
    for change in changes {
        match change.mark {
            Mark::Returned(_) => told.returned += thousandths(change.before - change.after),
            Mark::OneOff(_) => told.one_off += thousandths(change.before - change.after),
            Mark::OutOfStock(_) | Mark::AtLeast(_) if change.after <= change.before => {}
            Mark::OutOfStock(_) if !clean.seen[change.at] => told.filled += 1,
            Mark::OutOfStock(_) | Mark::AtLeast(_) => told.raised += 1,
        }
    }
    (clean, told)
}

fn marks(history: &History, period: Period) -> Vec<(usize, Mark)> {
    let mut marks = Vec::new();
    let mut waited = 0;
    for (at, past) in history.periods.iter().enumerate() {
        if past.returned > 0 {
            marks.push((at, Mark::Returned(float(past.returned))));
        }
        if past.one_off > 0 {
            marks.push((at, Mark::OneOff(float(past.one_off))));
        }
        let days = period.days(history.first + i64::try_from(at).unwrap_or(0));
        let share = f64::from(past.days_without.min(days)) / f64::from(days);
        let was_asked_for = past.unmet > 0 || past.shipped > 0;
        waited = if share >= 0.9 && !was_asked_for {
            waited + 1
        } else {
            0
        };
        if share > 0.0 && waited <= WAITED {
            marks.push((at, Mark::OutOfStock(share)));
        }
        if past.unmet > 0 {
            let net = past.shipped - past.returned.max(0) - past.one_off.max(0);
            marks.push((at, Mark::AtLeast(float(net.max(0) + past.unmet))));
        }
    }
    marks
}

/// The histories of so many items, those of which nothing is known yet with nothing in them.
pub(super) fn histories(
    tx: &Tx,
    warehouse: &str,
    items: &[ItemCode],
    period: Period,
    today: NaiveDate,
) -> Result<Vec<History>, Error> {
    let (Some(first), Some(last)) = (items.first(), items.last()) else {
        return Ok(Vec::new());
    };
    let known = history::load(tx, warehouse, (first, last), period, today)?;
    let mut known = known.into_iter().peekable();
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        while known.peek().is_some_and(|history| history.item < *item) {
            known.next();
        }
        let empty = History {
            item: item.clone(),
            first: period.of(today),
            periods: Vec::new(),
        };
        let found = known.next_if(|history| history.item == *item);
        all.push(found.unwrap_or(empty));
    }
    Ok(all)
}

impl Office {
    /// What was wanted of an item, oldest period first, without the one that is not over; five years at most.
    pub fn demand(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        item: &ItemCode,
    ) -> Result<Vec<DemandRow>, Error> {
        history::read_on(self, now, warehouse)?;
        self.known_demand(now, warehouse, item)
    }

    /// The same as far as the ledger was read when planning was last done.
    pub fn known_demand(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        item: &ItemCode,
    ) -> Result<Vec<DemandRow>, Error> {
        self.database().read_at_length(|tx| {
            let period = rules::of(tx)?.period;
            let items = [item.clone()];
            let found = histories(tx, warehouse.as_str(), &items, period, today(now))?;
            let mut rows = Vec::new();
            for history in found {
                let (series, _) = series(&history, period);
                for (at, (number, past)) in (history.first..).zip(&history.periods).enumerate() {
                    let quantity = Quantity::from_thousandths;
                    rows.push(DemandRow {
                        day: period.first_day(number),
                        name: period.name(number),
                        shipped: quantity(past.shipped),
                        returned: quantity(past.returned),
                        one_off: quantity(past.one_off),
                        unmet: quantity(past.unmet),
                        days_without: past.days_without,
                        demand: quantity(thousandths(series.demand[at])),
                        is_seen: series.seen[at],
                    });
                }
            }
            Ok(rows)
        })
    }
}
