//! Planning on the office's own books: what was wanted, what is expected, when to order, what to buy, what to count and what
//! to move. The maths is in [`crate::planning`]; what people decide is kept beside what was worked out.

mod clock;
mod counts;
mod demand;
mod forecasts;
mod history;
mod level;
mod overrides;
mod period;
mod proposal;
mod propose;
mod records;
mod remind;
mod rules;
mod slots;
mod standing;
mod supply;

pub use clock::Planner;
pub use counts::CountPrompt;
pub use demand::DemandRow;
pub use forecasts::{ForecastRecord, ForecastStep};
pub use level::LevelRecord;
pub use overrides::{ForecastScore, OverrideRecord};
pub use period::Period;
pub use proposal::{Kind, LineRecord, ProposalRecord, State};
pub use propose::Proposed;
pub use remind::{Reminded, ReminderRecord};
pub use rules::{CountPlan, PlanRules, Promise};
pub use slots::SlotRecord;

pub(in crate::office) use forecasts::daily_of;
pub(in crate::office) use level::levels_of;
pub(in crate::office) use proposal::{accept, change, refuse};
pub(in crate::office) use records::{SHEETS, ordered, put};

use super::{Error, Office};
use crate::planning::value::Money;
use crate::warehouse::{Quantity, Timestamp, WarehouseCode};
use std::fmt;

/// What planning did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Items that are forecast.
    pub forecasts: u64,
    /// Items with levels.
    pub levels: u64,
    /// What became of reminders.
    pub reminders: Reminded,
    /// What became of proposals.
    pub proposals: Proposed,
    /// Count tasks that were made.
    pub counts: u64,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reminded {
            opened,
            kept,
            closed,
        } = self.reminders;
        write!(
            f,
            "{} items forecast, {} with levels; time to order: {opened} new, {kept} still, {closed} no more; {} new proposals, {} counts",
            self.forecasts, self.levels, self.proposals.new, self.counts
        )
    }
}

impl Office {
    /// Plans a warehouse: reads on in the ledger, forecasts, works out levels, and looks what is to be ordered.
    /// So many items at once are held in memory, however many there are.
    pub fn plan(&self, now: Timestamp, warehouse: &WarehouseCode) -> Result<Planned, Error> {
        if !self.warehouse_codes()?.contains(warehouse) {
            return Err(Error::Unknown {
                what: "warehouse",
                code: warehouse.to_string(),
            });
        }
        let rules = self.plan_rules()?;
        history::read_on(self, now, warehouse)?;
        let forecasts = forecasts::run(self, now, warehouse, &rules)?;
        let levels = level::run(self, now, warehouse, &rules)?;
        let reminders = self.remind(now, warehouse)?;
        let proposals = self.propose(now, warehouse)?;
        let counts = if rules.counts.by_itself {
            self.have_due_counted(now, warehouse)?.len() as u64
        } else {
            0
        };
        Ok(Planned {
            forecasts,
            levels,
            reminders,
            proposals,
            counts,
        })
    }

    /// Forgets what was read of a warehouse's ledger, so that the next planning reads all of it anew.
    pub fn forget_demand(&self, warehouse: &WarehouseCode) -> Result<(), Error> {
        self.write_in(warehouse.as_str(), |tx| {
            history::forget(tx, warehouse.as_str())
        })
    }
}

/// Units, from thousandths.
pub(in crate::office) fn float(thousandths: i64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "quantities and money from outside are within 2^53"
    )]
    let number = thousandths as f64;
    number / 1000.0
}

/// Thousandths, to the nearest; what is no number is none.
fn thousandths(number: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a conversion from float stops at the ends of the range"
    )]
    let thousandths = (number * 1000.0).round() as i64;
    thousandths
}

/// What so much costs, to the nearest hundredth.
fn value_of(quantity: Quantity, cost_of_thousand: Money) -> Money {
    let whole = i128::from(quantity.thousandths()) * i128::from(cost_of_thousand.in_cents());
    Money::cents(i64::try_from((whole + 500_000) / 1_000_000).unwrap_or(i64::MAX))
}
