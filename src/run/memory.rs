//! The handheld's memory at work: puts facts on disk and answers what the handheld asks, from the cache with its own
//! facts folded over it. Decides nothing.

mod look_up;

use crate::handheld::{Answer, Event, Pin, PinCheck, Query, Record, Tally, Unsent, concerns};
use crate::label::LabelKind;
use crate::scan::Scan;
use crate::store::{
    Act, Cache, CacheReader, Doorkeeper, Error, Healing, Identity, Journal, Labels, Sent, Verdict,
    View,
};
use crate::warehouse::{BinCode, Entry, Fact, SafeText, Task, Timestamp, Worker};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Most tasks that are listed.
const MOST_TASKS: usize = 200;
/// Most messages that wait to be read.
const MOST_MESSAGES: usize = 20;

/// A task and what was done of it here.
type Held = Box<(Task, Vec<Entry>)>;

/// Journal and cache of one handheld.
pub struct Memory {
    pub(super) dir: PathBuf,
    pub(super) journal: Journal,
    pub(super) cache: CacheReader,
    /// Facts that the cache may not contain yet, oldest first.
    own: Vec<Entry>,
    door: Doorkeeper,
    damaged: bool,
    reopened: bool,
    pub(super) labels: Labels,
    /// What is printed here.
    pub(super) kinds: Vec<LabelKind>,
    pub(super) called_off: Vec<i64>,
}

impl Memory {
    /// Opens the memory of a folder, makes whole what is not, and says what that was.
    /// The cache is given out to whoever keeps it up to date.
    pub fn open(dir: &Path, now: Timestamp) -> Result<(Self, Cache, Vec<Healing>), Error> {
        let (journal, healings) = Journal::open(dir, now)?;
        let writer = Cache::open(dir)?;
        let cache = CacheReader::open(dir)?;
        let head = journal.head();
        let labels = Labels::open(dir, (head.epoch, head.seq))?;
        let mut memory = Self {
            dir: dir.to_owned(),
            journal,
            cache,
            own: Vec::new(),
            door: Doorkeeper::default(),
            damaged: false,
            reopened: false,
            labels,
            kinds: Vec::new(),
            called_off: Vec::new(),
        };
        memory.load_own()?;
        Ok((memory, writer, healings))
    }

    /// The journal.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The cache.
    pub const fn cache(&self) -> &CacheReader {
        &self.cache
    }

    /// Whether the cache was found damaged since this was asked last.
    pub const fn take_damaged(&mut self) -> bool {
        std::mem::replace(&mut self.damaged, false)
    }

    /// Whether the journal was opened anew since this was asked last: its file may be another one, and whoever reads
    /// it beside its writer must open it anew too.
    pub const fn take_reopened(&mut self) -> bool {
        std::mem::replace(&mut self.reopened, false)
    }

    /// Puts facts on disk, all of them or none, and says which of the two.
    pub(super) fn record_facts(&mut self, now: Timestamp, record: &Record) -> Vec<Event> {
        if self.journal.is_in_doubt() {
            match self.open_anew(now) {
                Ok(found) if found.is_empty() => {}
                // What was in doubt did happen; what was decided without knowing that must be decided again.
                Ok(found) => {
                    let again = "an earlier scan was saved after all".into();
                    return vec![Event::Recorded(found), Event::NotRecorded(again)];
                }
                Err(why) => return vec![not_recorded(&why)],
            }
        }
        let act = Act {
            at: now,
            worker: record.worker.as_ref(),
            task: record.task.as_ref(),
            cause: record.cause.as_deref(),
            facts: &record.facts,
            hold: record.hold.as_deref(),
        };
        match self.journal.record(&act) {
            Ok(entries) => {
                self.own.extend(entries.iter().cloned());
                vec![Event::Recorded(entries)]
            }
            Err(why) if self.journal.is_in_doubt() => match self.open_anew(now) {
                Ok(found) if !found.is_empty() => vec![Event::Recorded(found)],
                _ => vec![not_recorded(&why)],
            },
            Err(why) => vec![not_recorded(&why)],
        }
    }

    /// After a failed write only a look at both copies tells what the disk has: the facts beyond those acknowledged.
    fn open_anew(&mut self, now: Timestamp) -> Result<Vec<Entry>, Error> {
        let known = self.journal.head().seq;
        self.journal.reopen(now)?;
        self.reopened = true;
        let found = self.journal.read().entries_since(known)?;
        self.own.extend(found.iter().cloned());
        Ok(found)
    }

    /// Does the housekeeping that must not fall into a scan.
    pub fn rest(&mut self) -> Result<(), Error> {
        self.journal.rest()
    }

    /// Notes what the office has, and says what it lacks.
    pub fn acked(&mut self, sent: &Sent) -> Event {
        match self.journal.set_sent(sent) {
            Ok(()) => self.unsent(),
            Err(why) => trouble(&why),
        }
    }

    /// What the office lacks.
    pub fn unsent(&self) -> Event {
        match self.journal.read().unsent() {
            Ok(unsent) => Event::Unsent(Unsent {
                count: unsent.count,
                oldest: unsent.oldest,
            }),
            Err(why) => trouble(&why),
        }
    }

    /// Notes who this handheld is from now on: see [`Journal::enrol`].
    pub fn enrol(
        &mut self,
        identity: &Identity,
        now: Timestamp,
        there: Option<u64>,
    ) -> Result<(), Error> {
        if self.journal.is_in_doubt() {
            self.open_anew(now)?;
        }
        self.journal.enrol(identity, now, there)?;
        self.load_own()
    }

    /// The cache has changed: own facts that it contains by now need not be folded over it any more.
    pub fn cache_changed(&mut self) -> Result<(), Error> {
        let seq = self.confirmed()?;
        // An office restored from a backup confirms less than it once did.
        if self.own.first().is_none_or(|first| first.seq > seq + 1) {
            return self.load_own();
        }
        let known = self.own.partition_point(|entry| entry.seq <= seq);
        self.own.drain(..known);
        Ok(())
    }

    /// The cache is another file now.
    pub fn cache_replaced(&mut self) -> Result<(), Error> {
        self.cache = CacheReader::open(&self.dir)?;
        self.load_own()
    }

    fn load_own(&mut self) -> Result<(), Error> {
        self.own = self.journal.read().entries_since(self.confirmed()?)?;
        Ok(())
    }

    /// Up to which of its own facts the cache contains them.
    fn confirmed(&self) -> Result<u64, Error> {
        let (epoch, seq) = self.cache.cursor()?.confirmed;
        Ok(if epoch == self.journal.head().epoch {
            seq
        } else {
            0
        })
    }

    /// Checks a PIN; `running` is how long the program has been running. Tries are counted on disk: a journal that a failed
    /// write left in doubt is opened anew first, for whoever cannot sign in cannot record anything that would do so.
    pub fn check_pin(
        &mut self,
        now: Timestamp,
        worker: &Worker,
        pin: &Pin,
        running: Duration,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        if self.journal.is_in_doubt() {
            match self.open_anew(now) {
                Ok(found) if found.is_empty() => {}
                Ok(found) => events.push(Event::Recorded(found)),
                Err(why) => return vec![trouble(&why)],
            }
        }
        let verdict = self.door.check(&mut self.journal, worker, &pin.0, running);
        events.push(match verdict {
            Ok(verdict) => Event::Found(Answer::Pin(match verdict {
                Verdict::Right => PinCheck::Right,
                Verdict::Wrong { left } => PinCheck::Wrong(left),
                Verdict::Wait { seconds } => {
                    PinCheck::Wait(u32::try_from(seconds).unwrap_or(u32::MAX))
                }
                Verdict::NotSet => PinCheck::NotSet,
            })),
            Err(why) => trouble(&why),
        });
        events
    }

    /// Answers a question. What cannot be read is told as trouble; a damaged cache is remembered as such.
    pub fn ask(&mut self, query: &Query) -> Event {
        match self.answer(query) {
            Ok(answer) => Event::Found(answer),
            Err(why) => {
                self.damaged |= why.is_cache_damage();
                trouble(&why)
            }
        }
    }

    fn view(&self) -> Result<View<'_>, Error> {
        View::new(&self.cache, self.journal.head().epoch, &self.own)
    }

    fn answer(&self, query: &Query) -> Result<Answer, Error> {
        Ok(match query {
            Query::Badge(badge) => {
                let worker = self.cache.worker_by_badge(badge)?;
                Answer::Badge(badge.clone(), worker.map(Box::new))
            }
            Query::Held => Answer::Held(self.held()?),
            Query::Tasks => Answer::Tasks(self.view()?.tasks(MOST_TASKS)?),
            Query::TasksFor(scan) => Answer::Tasks(self.tasks_for(scan)?),
            Query::Bin(code) => Answer::Bin(code.clone(), self.cache.bin(code)?),
            Query::Code(scan) => Answer::Code(scan.clone(), Box::new(self.known(scan)?)),
            Query::Exactly(scan) => Answer::Exactly(scan.clone(), Box::new(self.exactly(scan)?)),
            Query::Barcodes(codes) => {
                let found = codes
                    .iter()
                    .map(|code| Ok((code.clone(), self.item_of(code)?)));
                Answer::Barcodes(found.collect::<Result<_, Error>>()?)
            }
            Query::Units(units) => Answer::Units(self.view()?.units_inside(units)?),
            Query::Labels => Answer::Labels(self.labels()?),
            Query::Messages(worker) => {
                let view = self.view()?;
                Answer::Messages(view.messages(worker, MOST_MESSAGES)?, view.called_back()?)
            }
            Query::Zone(zone) => Answer::Zone(zone.clone(), self.zone(zone)?),
            Query::Shift(worker) => {
                let entries = self.journal.read().shift_of(worker)?;
                Answer::Shift(self.tally(&entries)?)
            }
        })
    }

    fn tally(&self, entries: &[Entry]) -> Result<Tally, Error> {
        let trouble = Cell::new(None);
        let at = |code: &BinCode| match self.cache.bin(code) {
            Ok(bin) => bin.map(|bin| bin.at()),
            Err(why) => {
                trouble.set(Some(why));
                None
            }
        };
        let tally = Tally::of(entries, at);
        trouble.take().map_or(Ok(tally), Err)
    }

    /// The list, and what a scan belongs to that did not find room on it.
    fn tasks_for(&self, scan: &Scan) -> Result<Vec<Task>, Error> {
        let view = self.view()?;
        let mut tasks = view.tasks(MOST_TASKS)?;
        let named = view.tasks_that(MOST_TASKS, |task| concerns(scan, task))?;
        let listed = tasks.len();
        for task in named {
            if !tasks[..listed].iter().any(|known| known.id == task.id) {
                tasks.push(task);
            }
        }
        Ok(tasks)
    }

    /// The open work, with what was done of it since it was last begun here. Work that was the last to be finished
    /// counts as open: its last step can still be taken back.
    fn held(&self) -> Result<Option<Held>, Error> {
        let open = self.journal.read().held()?.pop();
        let is_open = open.is_some();
        let Some(task) =
            open.map_or_else(|| self.journal.read().last_held(), |task| Ok(Some(task)))?
        else {
            return Ok(None);
        };
        let mut entries = self.journal.read().entries_of(&task.id)?;
        let begun = entries
            .iter()
            .rposition(|entry| matches!(entry.fact, Fact::TaskStarted { .. }));
        entries.drain(..begun.unwrap_or(0));
        let ended = entries.last().map(|entry| &entry.fact);
        if !is_open && ended != Some(&Fact::TaskFinished) {
            return Ok(None);
        }
        Ok(Some(Box::new((task, entries))))
    }
}

fn not_recorded(why: &Error) -> Event {
    Event::NotRecorded(SafeText::new(&why.to_string()))
}

pub(super) fn trouble(why: &Error) -> Event {
    Event::Found(Answer::Trouble(SafeText::new(&why.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handheld::Record;
    use crate::store::Cursor;
    use crate::warehouse::{Change, Job, PutawayJob, Role};
    use argon2::password_hash::PasswordHasher;
    use argon2::{Argon2, Params};

    fn worker() -> Worker {
        let params = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
        let argon = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let hash = argon.hash_password_with_salt(b"1111", b"a salt of sixteen");
        Worker {
            code: "W1".parse().unwrap(),
            name: "Ada".into(),
            badge: "B1".parse().unwrap(),
            pin: Some(hash.unwrap().to_string()),
            role: Role::Picker,
            skills: crate::warehouse::Skills::default(),
            language: None,
        }
    }

    #[test]
    fn a_scan_finds_its_task_however_many_are_more_urgent() {
        let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::UNIX_EPOCH);
        let (memory, mut cache, _) = Memory::open(dir.path(), now).unwrap();
        let task = |number: i32| Task {
            id: format!("T{number}").parse().unwrap(),
            priority: number,
            due: None,
            lease: None,
            started_on: None,
            done: Vec::new(),
            outline: crate::warehouse::Outline::default(),
            job: Job::Putaway(PutawayJob {
                order: format!("PO-{number}").parse().unwrap(),
                from: "RECV-01".parse().unwrap(),
                lines: Vec::new(),
            }),
        };
        let changes: Vec<Change> = (1..=300)
            .map(|number| Change::Task(Box::new(task(number))))
            .collect();
        cache.apply(&changes, &Cursor::default()).unwrap();
        let found = memory.tasks_for(&Scan::Order("PO-290".parse().unwrap()));
        let found = found.unwrap();
        assert_eq!(found.len(), MOST_TASKS + 1);
        assert_eq!(found.last(), Some(&task(290)));
        let listed = memory.tasks_for(&Scan::Order("PO-2".parse().unwrap()));
        assert_eq!(listed.unwrap().len(), MOST_TASKS);
    }

    #[test]
    fn whoever_signs_in_after_a_failed_write_need_not_start_the_handheld_again() {
        let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::UNIX_EPOCH);
        let (mut memory, _cache, _) = Memory::open(dir.path(), now).unwrap();
        let record = Record {
            worker: None,
            task: None,
            cause: None,
            facts: vec![Fact::LineSkipped { line: 1 }],
            hold: None,
        };
        memory.record(now, &record);
        memory.journal.doubt();
        let pin = Pin("1111".to_owned());
        let events = memory.check_pin(now, &worker(), &pin, Duration::ZERO);
        let right = Answer::Pin(PinCheck::Right);
        assert!(
            matches!(&events[..], [Event::Found(answer)] if *answer == right),
            "{events:?}"
        );
        assert!(memory.take_reopened() && !memory.take_reopened());
    }
}
