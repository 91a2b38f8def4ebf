//! The handheld's memory at work: puts facts on disk and answers what the handheld asks, from the cache with its own
//! facts folded over it. Decides nothing.

use crate::handheld::{Answer, Book, Event, Pin, PinCheck, Query, Record, Tally, Unsent, concerns};
use crate::label::LabelKind;
use crate::scan::Scan;
use crate::store::{
    Act, Cache, CacheReader, Doorkeeper, Error, Healing, Identity, Journal, Labels, Sent, Verdict,
    View,
};
use crate::warehouse::{
    Barcode, BinCode, Entry, Fact, Item, ItemCode, Known, Place, Quantity, SafeText, StockRow,
    Task, Timestamp, Worker, ZoneCode,
};
use std::cell::Cell;
use std::collections::BTreeMap;
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
    dir: PathBuf,
    pub(super) journal: Journal,
    cache: CacheReader,
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

    /// Notes who this handheld is from now on.
    pub fn enrol(&mut self, identity: &Identity, now: Timestamp) -> Result<(), Error> {
        if self.journal.is_in_doubt() {
            self.open_anew(now)?;
        }
        self.journal.enrol(identity, now)?;
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
                Answer::Messages(self.view()?.messages(worker, MOST_MESSAGES)?)
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

    fn known(&self, scan: &Scan) -> Result<Known, Error> {
        match scan {
            Scan::Bin(code) => match self.cache.bin(code)? {
                Some(bin) => {
                    let stock = self.named(self.view()?.stock_in_bin(code)?)?;
                    Ok(Known::Bin { bin, stock })
                }
                None => Ok(Known::Nothing),
            },
            Scan::Badge(badge) => {
                let worker = self.cache.worker_by_badge(badge)?;
                Ok(worker.map_or(Known::Nothing, Known::Worker))
            }
            Scan::Tote(tote) => self.load(self.view()?.stock_at(&Place::Tote(tote.clone()))?),
            Scan::Order(order) => self.load(self.view()?.stock_at(&Place::Order(order.clone()))?),
            Scan::Plate(plate) => self.load(self.view()?.stock_on(*plate)?),
            Scan::Goods(_) | Scan::Code(_) => self.known_goods(scan),
            Scan::Enrolment(_) => Ok(Known::Nothing),
        }
    }

    /// What a barcode stands for: as the office says, else as it was learned here.
    fn barcode(&self, code: &str) -> Result<Option<Barcode>, Error> {
        if let Some(known) = self.cache.barcode(code)? {
            return Ok(Some(known));
        }
        let mut learned = None;
        for entry in &self.own {
            match &entry.fact {
                Fact::BarcodeLearned {
                    code: said,
                    item,
                    holds,
                } if said.as_str() == code => {
                    learned = Some(Barcode {
                        code: said.clone(),
                        item: item.clone(),
                        holds: *holds,
                    });
                }
                Fact::Undone { what, .. } => match &**what {
                    Fact::BarcodeLearned { code: said, .. } if said.as_str() == code => {
                        learned = None;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(learned)
    }

    /// What should be in a zone; none if there is no such zone.
    fn zone(&self, zone: &ZoneCode) -> Result<Option<Book>, Error> {
        if !self.cache.has_zone(zone)? {
            return Ok(None);
        }
        let mut book = Book::default();
        let mut names: BTreeMap<ItemCode, SafeText> = BTreeMap::new();
        for (item, plate, quantity) in self.view()?.sums_in_zone(zone)? {
            if !names.contains_key(&item) {
                let name = self.cache.item(&item)?.map(|item| item.name);
                names.insert(item.clone(), name.unwrap_or_else(|| item.as_str().into()));
            }
            book.add(&item, &names[&item], plate, quantity);
        }
        Ok(Some(book))
    }

    fn item_of(&self, code: &SafeText) -> Result<Option<(Item, Quantity)>, Error> {
        let Some(barcode) = self.barcode(code.as_str())? else {
            return Ok(None);
        };
        let item = self.cache.item(&barcode.item)?;
        Ok(item.map(|item| (item, barcode.holds)))
    }

    fn load(&self, stock: Vec<StockRow>) -> Result<Known, Error> {
        if stock.is_empty() {
            return Ok(Known::Nothing);
        }
        let stock = self.named(stock)?;
        Ok(Known::Load { stock })
    }

    /// Goods by their barcode, an item by its code or the first letters of its name, or whatever else has that code.
    fn known_goods(&self, scan: &Scan) -> Result<Known, Error> {
        let label = crate::flow::label(scan);
        let text = label
            .gtin
            .map(|gtin| gtin.to_string())
            .or(label.code.map(String::from));
        let Some(text) = text else {
            return Ok(Known::Nothing);
        };
        match self.code_exactly(&text)? {
            Known::Nothing => {}
            known => return Ok(known),
        }
        match self.cache.search_items(&text, 1)?.pop() {
            Some(item) => self.item_known(item, Quantity::units(1)),
            None => Ok(Known::Nothing),
        }
    }

    /// The same, and nothing that only begins so: what moves stock must be meant.
    fn exactly(&self, scan: &Scan) -> Result<Known, Error> {
        if !matches!(scan, Scan::Goods(_) | Scan::Code(_)) {
            return self.known(scan);
        }
        let label = crate::flow::label(scan);
        let gtin = label.gtin.map(|gtin| gtin.to_string());
        match gtin.or(label.code.map(String::from)) {
            Some(text) => self.code_exactly(&text),
            None => Ok(Known::Nothing),
        }
    }

    fn code_exactly(&self, text: &str) -> Result<Known, Error> {
        if let Some((item, holds)) = self.item_of(&text.into())? {
            return self.item_known(item, holds);
        }
        if let Ok(bin) = text.parse()
            && let Some(bin) = self.cache.bin(&bin)?
        {
            return self.known(&Scan::Bin(bin.code));
        }
        let item = text.parse().ok().map(|code| self.cache.item(&code));
        match item.transpose()?.flatten() {
            Some(item) => self.item_known(item, Quantity::units(1)),
            None => Ok(Known::Nothing),
        }
    }

    fn item_known(&self, item: Item, holds: Quantity) -> Result<Known, Error> {
        let stock = self.view()?.stock_of_item(&item.code)?;
        Ok(Known::Item { item, holds, stock })
    }

    fn named(&self, stock: Vec<StockRow>) -> Result<Vec<(StockRow, SafeText)>, Error> {
        let name = |row: StockRow| {
            let item = self.cache.item(&row.goods.item)?;
            let name = item.map_or_else(|| row.goods.item.as_str().into(), |item| item.name);
            Ok((row, name))
        };
        stock.into_iter().map(name).collect()
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
