//! Exceptions: what the office could not square. The fact stands; a person decides what follows.

use super::Error;
use super::database::{Tx, values};
use crate::sync::{Outcome, OutcomeKind};
use crate::warehouse::SafeText;

/// What did not square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionKind {
    /// A place holds less than nothing by the book: count it.
    BelowZero,
    /// A line came up short.
    Short,
    /// More than was wanted was taken.
    TooMany,
    /// A bin that should be empty is not: count it.
    NotEmpty,
    /// Two handhelds did the same task.
    DoneTwice,
    /// Work on a task that is done or withdrawn.
    TaskClosed,
    /// Another lot than demanded was taken.
    OtherLot,
    /// A fact names a bin, item or task that the office does not know.
    Unknown,
    /// Goods were put elsewhere than told.
    OtherBin,
}

impl ExceptionKind {
    /// Its name in the database and on lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BelowZero => "below_zero",
            Self::Short => "short",
            Self::TooMany => "too_many",
            Self::NotEmpty => "not_empty",
            Self::DoneTwice => "done_twice",
            Self::TaskClosed => "task_closed",
            Self::OtherLot => "other_lot",
            Self::Unknown => "unknown",
            Self::OtherBin => "other_bin",
        }
    }
}

/// Whose row of which journal is being posted, and what came of it.
pub(super) struct Posting<'a> {
    pub warehouse: &'a str,
    pub device: &'a str,
    pub epoch: u32,
    pub seq: u64,
    pub task: &'a str,
    pub now: String,
    pub outcomes: Vec<Outcome>,
}

impl Posting<'_> {
    /// Records that something did not square.
    pub fn exception(&mut self, tx: &Tx, kind: ExceptionKind, note: &str) -> Result<(), Error> {
        let id = tx.next(self.warehouse, "exception")?;
        let sql = "INSERT INTO exceptions (warehouse, id, at, kind, note, device, epoch, seq, task, state)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open')";
        let (device, task, now) = (self.device, self.task, &self.now);
        tx.run(
            sql,
            values![
                self.warehouse,
                id,
                now,
                kind.name(),
                note,
                device,
                self.epoch,
                self.seq,
                task
            ],
        )?;
        self.outcomes.push(Outcome {
            seq: self.seq,
            kind: OutcomeKind::Exception,
            note: SafeText::new(note),
        });
        Ok(())
    }
}
