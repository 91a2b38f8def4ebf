//! Exceptions: what the office could not square. The fact stands; a person decides what follows.

use super::database::{Tx, values};
use super::{Error, Office, hook};
use crate::sync::{Outcome, OutcomeKind};
use crate::warehouse::{Reason, SafeText, Timestamp, WarehouseCode};

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
    /// Another item goes to a customer who takes substitutes.
    Substituted,
    /// A bin was frozen, or goods were moved into or out of a frozen one.
    Frozen,
    /// Goods were set aside where they lie: look at them.
    SetAside,
    /// A count says other than the book: it is counted again, or waits for a decision.
    CountDiffers,
    /// A carton does not weigh what it should, and the worker said that it is right.
    OtherWeight,
    /// A customer did not take what was brought.
    Refused,
    /// Goods were handed over without the code that was agreed with the customer.
    NotProven,
    /// Someone did what only a lead may do.
    NotAllowed,
    /// A return is not what was announced.
    Return,
    /// Goods came that were not ordered.
    NotOrdered,
    /// Goods came damaged.
    Damaged,
    /// Goods came past their day.
    TooOld,
    /// A label was learned on the floor: see whether it is right.
    Learned,
    /// There is no bin for goods at receiving.
    NoSpace,
    /// Goods came that nobody announced: match them with an order.
    Unmatched,
    /// Another system takes no events any more.
    HookDead,
    /// Goods that are called back are where they should not be: stop them.
    Recalled,
    /// A line was left to the office: have it fetched, or give it up.
    LineHeld,
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
            Self::Substituted => "substituted",
            Self::Frozen => "frozen",
            Self::SetAside => "set_aside",
            Self::CountDiffers => "count_differs",
            Self::OtherWeight => "other_weight",
            Self::Refused => "refused",
            Self::NotProven => "not_proven",
            Self::NotAllowed => "not_allowed",
            Self::Return => "return",
            Self::NotOrdered => "not_ordered",
            Self::Damaged => "damaged",
            Self::TooOld => "too_old",
            Self::Learned => "learned",
            Self::NoSpace => "no_space",
            Self::Unmatched => "unmatched",
            Self::HookDead => "hook_dead",
            Self::Recalled => "recalled",
            Self::LineHeld => "line_held",
        }
    }
}

/// A worker's reason, for whoever reads what did not square.
pub(super) const fn because(reason: Reason) -> &'static str {
    match reason {
        Reason::BinEmpty => "the bin is empty",
        Reason::TooFew => "too few there",
        Reason::Damaged => "damaged",
        Reason::WrongGoods => "other goods there",
        Reason::BinFull => "the bin is full",
        Reason::Blocked => "out of reach",
        Reason::DoesNotFit => "it does not fit",
        Reason::BetterPlace => "a better place",
        Reason::ShiftEnds => "the shift ended",
        Reason::NextZone => "the rest lies in another zone",
        Reason::OtherWork => "the worker was wanted elsewhere",
        Reason::NotWanted => "the customer does not want it",
        Reason::Suspect => "something is off",
        Reason::FoundGood => "looked at and good",
        Reason::PastItsDate => "past its date",
        Reason::Used => "opened or used",
        Reason::NotDelivered => "not delivered",
        Reason::ComesLater => "it comes later",
    }
}

/// Whose row of which journal is being posted, and what came of it.
pub(super) struct Posting<'a> {
    pub warehouse: &'a str,
    pub device: &'a str,
    pub epoch: u32,
    pub seq: u64,
    pub task: &'a str,
    pub now: Timestamp,
    pub outcomes: Vec<Outcome>,
}

impl<'a> Posting<'a> {
    /// For what the office itself does.
    pub const fn of_office(warehouse: &'a str, task: &'a str, now: Timestamp) -> Self {
        Self {
            warehouse,
            device: "",
            epoch: 0,
            seq: 0,
            task,
            now,
            outcomes: Vec::new(),
        }
    }

    /// How a task names a fact of this journal that called for it.
    pub fn cause(&self, seq: u64) -> String {
        format!("{}/{}/{seq}", self.device, self.epoch)
    }

    /// Records that something did not square.
    pub fn exception(&mut self, tx: &Tx, kind: ExceptionKind, note: &str) -> Result<(), Error> {
        let id = tx.next(self.warehouse, "exception")?;
        let sql = "INSERT INTO exceptions (warehouse, id, at, kind, note, device, epoch, seq, task, state)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open')";
        let (device, task, now) = (self.device, self.task, self.now.to_rfc3339());
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
        let told = [kind.name(), note, device, task];
        hook::exception_opened(tx, self.warehouse, id, told)?;
        self.outcomes.push(Outcome {
            seq: self.seq,
            kind: OutcomeKind::Exception,
            note: SafeText::new(note),
        });
        Ok(())
    }
}

/// What did not square, as people are shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionRecord {
    /// Where.
    pub warehouse: WarehouseCode,
    /// Its number there.
    pub id: u64,
    /// When the office noticed.
    pub at: Timestamp,
    /// What kind, by name.
    pub kind: SafeText,
    /// In words.
    pub note: SafeText,
    /// On which handheld; empty if on none.
    pub device: SafeText,
    /// In which task; empty if in none.
    pub task: SafeText,
}

impl Office {
    /// What is open for a person to decide, oldest first.
    pub fn exceptions(&self) -> Result<Vec<ExceptionRecord>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT warehouse, id, at, kind, note, device, task FROM exceptions WHERE state = 'open'
                       ORDER BY warehouse, id";
            let read = |row: &super::database::Row| {
                let text = |name| row.text(name).map(SafeText::new);
                Ok(ExceptionRecord {
                    warehouse: row.parse("warehouse")?,
                    id: row.count("id")?,
                    at: row.parse("at")?,
                    kind: text("kind")?,
                    note: text("note")?,
                    device: text("device")?,
                    task: text("task")?,
                })
            };
            tx.rows(sql, &[])?.iter().map(read).collect()
        })
    }

    /// A person has decided. Error: there is no such open exception.
    pub fn close_exception(&self, warehouse: &WarehouseCode, id: u64) -> Result<(), Error> {
        self.write(|tx| close(tx, warehouse, id))
    }
}

/// A person has decided. Error: there is no such open exception.
pub(super) fn close(tx: &Tx, warehouse: &WarehouseCode, id: u64) -> Result<(), Error> {
    let sql = "UPDATE exceptions SET state = 'closed' WHERE warehouse = ?1 AND id = ?2 AND state = 'open'";
    match tx.run(sql, values![warehouse.as_str(), id])? {
        0 => Err(Error::Unknown {
            what: "open exception",
            code: format!("{warehouse}/{id}"),
        }),
        _ => Ok(()),
    }
}
