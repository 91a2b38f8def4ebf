//! Facts go up: what the office lacks, in order, until it has all. Nothing is deleted here, whatever it answers;
//! the office's word alone decides what it has.

use super::{CallFailed, Calls, Limits, Outcome, Push, Row};
use crate::fault::{self, Fault};
use crate::store::{self, Reader, Sent};
use crate::warehouse::{SafeText, TaskId, Timestamp};

/// Rows of the first push after a failure: small enough for a link that crawls.
const FEW: usize = 20;
/// Bytes of rows in one push, before packing.
const BYTES: usize = 1024 * 1024;

/// Why facts could not go up.
#[derive(Debug, thiserror::Error)]
pub enum NotPushed {
    /// The call failed.
    #[error(transparent)]
    Call(#[from] CallFailed),
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] store::Error),
    /// The office speaks of rows that this journal does not have: another disk bears this handheld's name.
    #[error(
        "the office has {acked} facts of this handheld, which itself has {here}: call the office"
    )]
    Ahead {
        /// What the office says.
        acked: u64,
        /// What is here.
        here: u64,
    },
}

/// What the office said to one push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What it has.
    pub sent: Sent,
    /// What a person at the office has to decide.
    pub notes: Vec<SafeText>,
    /// Whether there is more to push.
    pub more: bool,
    /// Its clock.
    pub time: Timestamp,
}

/// The way up, for one journal.
#[derive(Debug)]
pub struct Pusher {
    journal: Reader,
    acked: u64,
    few: usize,
}

impl Pusher {
    /// Begins where the office was last heard to be.
    pub fn new(journal: Reader) -> Result<Self, store::Error> {
        let acked = journal.sent()?.acked;
        Ok(Self {
            journal,
            acked,
            few: FEW,
        })
    }

    /// Whether the journal has rows of which the office has not said that it has them.
    pub fn has_more(&self) -> Result<bool, store::Error> {
        Ok(self.journal.head()?.seq > self.acked)
    }

    /// Whether a task is being worked on here, as far as the journal says.
    pub fn is_held(&self, task: &TaskId) -> Result<bool, store::Error> {
        Ok(self.journal.held()?.iter().any(|held| held.id == *task))
    }

    /// One call. With nothing to push it still asks how far the office is: one that was restored from a backup
    /// has less than it once said, and gets it again.
    pub fn step(&mut self, office: &mut impl Calls) -> Result<Heard, NotPushed> {
        let head = self.journal.head()?;
        let mut lines = self.journal.after(self.acked, self.few, BYTES)?;
        if fault::is(Fault::RowLeftOut) && !lines.is_empty() {
            lines.remove(0);
        }
        let rows: Vec<Row> = lines
            .into_iter()
            .map(|line| Row {
                line: line.line,
                chain: line.chain,
            })
            .collect();
        let push = Push {
            epoch: head.epoch,
            first: self.acked + 1,
            rows,
        };
        let pushed = match office.push(&push) {
            Ok(pushed) => pushed,
            Err(why) => {
                self.few = (self.few / 2).max(1);
                return Err(why.into());
            }
        };
        if pushed.acked > head.seq {
            return Err(NotPushed::Ahead {
                acked: pushed.acked,
                here: head.seq,
            });
        }
        self.few = (self.few * 2).min(Limits::ROWS);
        self.acked = pushed.acked;
        Ok(Heard {
            sent: Sent {
                acked: pushed.acked,
                incarnation: pushed.incarnation,
            },
            notes: pushed.outcomes.iter().map(Outcome::told).collect(),
            more: self.journal.head()?.seq > pushed.acked,
            time: pushed.time,
        })
    }
}

impl Outcome {
    fn told(&self) -> SafeText {
        self.note.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Act, Journal};
    use crate::warehouse::{Fact, Job, PutawayJob, Task};

    #[test]
    fn a_task_is_held_from_its_beginning_until_it_is_put_back() {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open(dir.path(), Timestamp::UNIX_EPOCH).unwrap();
        let pusher = Pusher::new(Reader::open(dir.path()).unwrap()).unwrap();
        let task = Task {
            id: "T1".parse().unwrap(),
            priority: 1,
            due: None,
            lease: None,
            started_on: None,
            done: Vec::new(),
            outline: crate::warehouse::Outline::default(),
            job: Job::Putaway(PutawayJob {
                order: "PO-1".parse().unwrap(),
                from: "RECV-01".parse().unwrap(),
                lines: Vec::new(),
            }),
        };
        let mut record = |fact: Fact, hold: Option<&Task>| {
            let act = Act {
                at: Timestamp::UNIX_EPOCH,
                worker: None,
                task: Some(&task.id),
                cause: None,
                facts: &[fact],
                hold,
            };
            journal.record(&act).unwrap();
            pusher.is_held(&task.id).unwrap()
        };
        assert!(record(Fact::TaskStarted { lease: None }, Some(&task)));
        assert!(!record(Fact::TaskLeft, None));
    }
}
