//! The journal: what happened, on disk twice before anyone is told that it was recorded.

use super::carbon::{self, Carbon, Record as Copy, Rest};
use super::follower::{Follower, Kept, insert_entry, insert_kept, reach};
use super::recovery::{self, Opened};
use super::{Error, Head, Healing, Identity, Reader, Sent, files};
use crate::fault::{self, Fault};
use crate::warehouse::{Entry, Fact, Link, Task, TaskId, Timestamp, WorkerCode, is_plain};
use chrono::SubsecRound;
use rusqlite::{TransactionBehavior, params};
use std::fs::File;
use std::path::{Path, PathBuf};

/// One act of a worker, to be put on record.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Wall clock of the device.
    pub at: Timestamp,
    /// Who has the device.
    pub worker: Option<&'a WorkerCode>,
    /// The task it belongs to.
    pub task: Option<&'a TaskId>,
    /// What was scanned or keyed.
    pub cause: Option<&'a str>,
    /// What follows from it.
    pub facts: &'a [Fact],
    /// The task itself when work on it begins: held until it is finished or left, whatever the office sends.
    pub hold: Option<&'a Task>,
}

/// The handheld's journal, open for writing. One at a time: a second one is refused.
#[derive(Debug)]
pub struct Journal {
    reader: Reader,
    carbon: Carbon,
    head: Head,
    kept: u64,
    in_doubt: bool,
    dir: PathBuf,
    // Held for the lock on it.
    lock: File,
}

/// What a look at the whole journal told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every row is there in both copies, as it was written.
    Whole,
    /// The row with this `seq` is missing from the database or is not what was written.
    BrokenChain(u64),
    /// The second copy cannot be read to its end, or is not equal.
    BrokenCopy {
        /// Facts that are there and equal.
        facts: u64,
    },
}

impl Journal {
    /// Longest line of an entry, in bytes: what a push must be able to carry.
    pub const LONGEST_LINE: usize = 256 * 1024;
    /// Longest text kept of what led to a fact, in characters; the rest of a longer one is cut off.
    pub const LONGEST_CAUSE: usize = 4000;

    /// Opens the journal of a folder, or begins one, and makes whole what is not.
    ///
    /// Every fact that was ever acknowledged is there afterwards, if no more than one of the two files was damaged.
    /// What was set aside stays in the folder.
    pub fn open(dir: &Path, now: Timestamp) -> Result<(Self, Vec<Healing>), Error> {
        files::make_folder(dir)?;
        let lock = files::lock(dir)?;
        Self::assemble(dir, lock, recovery::open(dir, now)?)
    }

    fn assemble(dir: &Path, lock: File, opened: Opened) -> Result<(Self, Vec<Healing>), Error> {
        let kept = reach(&opened.db)?.kept;
        let reader = Reader::new(opened.db);
        let journal = Self {
            head: reader.head()?,
            reader,
            carbon: opened.carbon,
            kept,
            in_doubt: false,
            dir: dir.to_owned(),
            lock,
        };
        Ok((journal, opened.healings))
    }

    /// Puts the facts of one act on disk, in both copies, and gives them back as they stand there.
    /// All of them or none.
    pub fn record(&mut self, act: &Act<'_>) -> Result<Vec<Entry>, Error> {
        let entries = self.entries(act);
        let mut rows = Vec::with_capacity(entries.len());
        let mut link = self.head.chain;
        for entry in &entries {
            let line = entry.line();
            if line.len() > Self::LONGEST_LINE {
                return Err(Error::TooLarge { bytes: line.len() });
            }
            link = link.next(&line);
            rows.push((entry.seq, line, link));
        }
        let kept = self.holds(act)?;
        self.write(&rows, &kept)?;
        Ok(entries)
    }

    fn entries(&self, act: &Act<'_>) -> Vec<Entry> {
        let first = self.head.seq + 1;
        let entry = |(seq, fact): (u64, &Fact)| Entry {
            seq,
            act: first,
            at: act.at.trunc_subsecs(3),
            worker: act.worker.cloned(),
            task: act.task.cloned(),
            cause: act.cause.map(shown),
            fact: fact.clone(),
        };
        (first..).zip(act.facts).map(entry).collect()
    }

    /// How the act changes which tasks are held.
    fn holds(&self, act: &Act<'_>) -> Result<Vec<(String, Option<String>)>, Error> {
        let mut changes = Vec::new();
        if let Some(task) = act.hold {
            let text = serde_json::to_string(task).expect("a task has text keys only");
            changes.push((Reader::held_name(&task.id), Some(text)));
        }
        let Some(task) = act.task else {
            return Ok(changes);
        };
        let name = Reader::held_name(task);
        for fact in act.facts {
            match fact {
                Fact::TaskFinished | Fact::TaskLeft => changes.push((name.clone(), None)),
                Fact::Undone { what, .. } if **what == Fact::TaskFinished => {
                    changes.push((name.clone(), self.reader.last_value(&name)?));
                }
                _ => {}
            }
        }
        Ok(changes)
    }

    /// Keeps a value under a name, in both copies; no value: forgets it.
    pub(super) fn keep(&mut self, name: &str, value: Option<String>) -> Result<(), Error> {
        self.write(&[], &[(name.to_owned(), value)])
    }

    /// The one way to the disk. The carbon is written first, because it can be taken back when the database refuses,
    /// and a transaction can be rolled back when the carbon does.
    fn write(
        &mut self,
        rows: &[(u64, String, Link)],
        kept: &[(String, Option<String>)],
    ) -> Result<(), Error> {
        if self.in_doubt {
            return Err(Error::InDoubt);
        }
        let kept: Vec<Kept> = (self.kept + 1..)
            .zip(kept)
            .map(|(number, (name, value))| Kept {
                number,
                name: name.clone(),
                value: value.clone(),
            })
            .collect();
        let batch: Vec<Copy> = rows
            .iter()
            .map(|(_, line, _)| Copy::Entry(line.clone()))
            .chain(kept.iter().map(Kept::record))
            .collect();
        if batch.is_empty() || (fault::is(Fault::AnsweredUnwritten) && rows.len() > 1) {
            return Ok(());
        }
        let end = self.carbon.end();
        let work = self
            .reader
            .writer()
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::Record)?;
        for (seq, line, chain) in rows {
            insert_entry(&work, *seq, line, *chain).map_err(Error::Record)?;
        }
        for row in &kept {
            insert_kept(&work, row).map_err(Error::Record)?;
        }
        if !fault::is(Fault::CarbonForgotten)
            && let Err(failed) = self.carbon.write(&batch)
        {
            self.in_doubt = !failed.clean;
            return Err(Error::RecordCarbon(failed.source));
        }
        // Both copies go to the disk at the same time; it is recorded when both have said that they are there.
        self.carbon.begin_sync();
        let committed = work.commit();
        let synced = self.carbon.end_sync();
        // Whatever the disk has after a failure, opening anew compares the copies; until then nothing more is taken.
        if let Err(refused) = committed {
            self.in_doubt = true;
            let _ = self.carbon.take_back(end);
            return Err(Error::Record(refused));
        }
        if let Err(source) = synced {
            self.in_doubt = true;
            return Err(Error::RecordCarbon(source));
        }
        if let Some((seq, _, chain)) = rows.last() {
            self.head = Head {
                seq: *seq,
                chain: *chain,
                ..self.head
            };
        }
        self.kept += kept.len() as u64;
        Ok(())
    }

    /// Notes what the office says it has.
    pub fn set_sent(&mut self, sent: &Sent) -> Result<(), Error> {
        if self.reader.sent()? == *sent {
            return Ok(());
        }
        self.reader
            .writer()
            .execute(
                "UPDATE sent SET acked = ?1, incarnation = ?2",
                params![sent.acked, sent.incarnation],
            )
            .map(drop)
            .map_err(Error::Record)
    }

    /// Notes who this handheld is from now on.
    ///
    /// The office knows facts by device and number. `there`: how many facts of this journal, written under another name, the
    /// office has. None of them: this journal is gone on with, and offered from its first fact on under the new name. All
    /// of them: it is closed for good (its files stay) and a new one is begun. Some of them: refused. An office that does not
    /// say has those that it once acknowledged.
    pub fn enrol(
        &mut self,
        identity: &Identity,
        now: Timestamp,
        there: Option<u64>,
    ) -> Result<(), Error> {
        let text = serde_json::to_string(identity).expect("plain fields");
        let known = self.reader.identity()?;
        let same = known.is_none_or(|known| known.device == identity.device);
        if self.head.seq > 0 && !same {
            let unsent = self.reader.unsent()?.count;
            let count = there.map_or(unsent, |there| self.head.seq.saturating_sub(there));
            match there {
                Some(0) => self.set_sent(&Sent::default())?,
                _ if count > 0 => return Err(Error::Unsent { count }),
                _ => self.begin_anew(now)?,
            }
        }
        self.keep(Reader::IDENTITY, Some(text))
    }

    fn begin_anew(&mut self, now: Timestamp) -> Result<(), Error> {
        let lock = self.lock.try_clone().map_err(Error::SetAside)?;
        self.in_doubt = true;
        files::set_database_aside(&recovery::database(&self.dir)).map_err(Error::SetAside)?;
        let opened = recovery::begin(&self.dir, now, Some(self.head.epoch))?;
        (*self, _) = Self::assemble(&self.dir.clone(), lock, opened)?;
        Ok(())
    }

    /// After a failed write: looks at both copies as at the start, and goes on with what the disk has.
    /// That may be more than was acknowledged.
    pub fn reopen(&mut self, now: Timestamp) -> Result<Vec<Healing>, Error> {
        self.in_doubt = true;
        // The old connection must be gone before files are looked at or set aside.
        let nothing = rusqlite::Connection::open_in_memory().map_err(Error::OpenJournal)?;
        self.reader = Reader::new(nothing);
        let lock = self.lock.try_clone().map_err(Error::SetAside)?;
        let opened = recovery::open(&self.dir, now)?;
        let (anew, healings) = Self::assemble(&self.dir.clone(), lock, opened)?;
        *self = anew;
        Ok(healings)
    }

    /// What can be asked of the journal.
    pub const fn read(&self) -> &Reader {
        &self.reader
    }

    /// Where the journal ends.
    pub const fn head(&self) -> Head {
        self.head
    }

    /// Whether a write failed so that the journal must be dropped and opened anew.
    pub const fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// As after a write of which nobody knows what the disk has.
    #[cfg(test)]
    pub const fn doubt(&mut self) {
        self.in_doubt = true;
    }

    /// Does the database's housekeeping, so that it falls into no one's scan. To be called when nothing is going on.
    pub fn rest(&mut self) -> Result<(), Error> {
        self.reader
            .writer()
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
            .map_err(Error::Record)
    }

    /// Looks at every row of both copies.
    pub fn verify(&self) -> Result<Verified, Error> {
        if let Err(seq) = self.reader.follow_chain()? {
            return Ok(Verified::BrokenChain(seq));
        }
        let has = self.reader.reach()?;
        let mut follower = Follower::looking(self.reader.database(), self.head.epoch, has);
        let extent = carbon::scan(self.carbon.path(), |batch| follower.take(&batch))?;
        let whole = extent.rest == Rest::Nothing && follower.seen == has;
        Ok(if whole {
            Verified::Whole
        } else {
            let facts = follower.seen.facts;
            Verified::BrokenCopy { facts }
        })
    }
}

/// A cause fit to be shown, and no longer than a row has room for.
fn shown(cause: &str) -> String {
    let plain = |c| if is_plain(c) { c } else { '·' };
    cause
        .chars()
        .take(Journal::LONGEST_CAUSE)
        .map(plain)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(facts: &[Fact]) -> Act<'_> {
        Act {
            at: Timestamp::UNIX_EPOCH,
            worker: None,
            task: None,
            cause: None,
            facts,
            hold: None,
        }
    }

    fn opened(dir: &Path) -> Journal {
        Journal::open(dir, Timestamp::UNIX_EPOCH).unwrap().0
    }

    #[test]
    fn a_full_disk_takes_nothing_and_what_was_taken_stays() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = opened(dir.path());
        let facts = vec![Fact::LineSkipped { line: 1 }; 400];
        journal.record(&act(&facts[..1])).unwrap();
        let db = journal.reader.writer();
        let pages: u32 = db
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        db.pragma_update(None, "max_page_count", pages + 1).unwrap();
        assert!(matches!(
            journal.record(&act(&facts)),
            Err(Error::Record(_))
        ));
        assert_eq!((journal.head.seq, journal.is_in_doubt()), (1, false));
        assert_eq!(journal.verify().unwrap(), Verified::Whole);
        journal.record(&act(&facts[..1])).unwrap();
        drop(journal);
        assert_eq!(opened(dir.path()).read().entries_since(0).unwrap().len(), 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn when_the_second_copy_cannot_be_written_nothing_is_recorded_until_both_are_opened_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = opened(dir.path());
        let facts = [Fact::LineSkipped { line: 1 }];
        journal.record(&act(&facts)).unwrap();
        journal.carbon.write_to(Path::new("/dev/full"));
        assert!(matches!(
            journal.record(&act(&facts)),
            Err(Error::RecordCarbon(_))
        ));
        assert_eq!(
            journal.read().head().unwrap().seq,
            1,
            "not in the database either"
        );
        assert!(matches!(journal.record(&act(&facts)), Err(Error::InDoubt)));
        drop(journal);
        let mut journal = opened(dir.path());
        assert_eq!(journal.record(&act(&facts)).unwrap()[0].seq, 2);
        assert_eq!(journal.verify().unwrap(), Verified::Whole);
    }
}
