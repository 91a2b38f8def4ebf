//! The handheld's state: who has it, what they work on, what they see.

use super::count::Count;
use super::event::{Identity, PortNews, Power, PrinterNews, Unsent};
use super::find::Find;
use super::labels::LabelList;
use super::look_up::LookUp;
use super::menu::Queue;
use super::notice::Notice;
use super::setup::SetUp;
use super::shift::Shift;
use super::sign_in::SignIn;
use super::sweep::Counted;
use super::work::Draft;
use crate::flow::Work;
use crate::scan::{Frame, Labels};
use crate::warehouse::{Language, Message, Point, SafeText, Timestamp, Worker};
use chrono::{TimeDelta, Timelike};

/// What the handheld was told by its configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How the warehouse's own labels look.
    pub labels: Labels,
    /// The same label from the same port within this time is a double read. Milliseconds.
    pub double_read_ms: u32,
    /// Nothing touched for so long locks the handheld. Seconds.
    pub lock_after_s: u32,
    /// Whether an RFID reader belongs to it.
    pub has_reader: bool,
    /// Whether it has a label printer.
    pub has_printer: bool,
    /// Whether it has a scale.
    pub has_scale: bool,
    /// What it speaks to whoever wants no other language.
    pub language: Language,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            labels: Labels::default(),
            double_read_ms: 150,
            lock_after_s: 300,
            has_reader: false,
            language: Language::English,
            has_printer: false,
            has_scale: false,
        }
    }
}

/// How things stand with the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Nothing was tried yet.
    #[default]
    Unknown,
    /// It answered last time.
    Online,
    /// It did not; why.
    Offline(SafeText),
    /// It will not talk to this handheld; why.
    Barred(SafeText),
}

/// What is on the screen, with its drafts: half-typed digits, cursors. Lost in a crash without harm.
#[derive(Clone, Debug)]
pub enum Screen {
    /// First run, and later a lead's look at the ports.
    SetUp(SetUp),
    /// Badge and PIN; also the lock.
    SignIn(SignIn),
    /// What can be done.
    Menu {
        /// The item that Enter takes.
        cursor: usize,
    },
    /// What a worker can begin without a task.
    Own {
        /// The item that Enter takes.
        cursor: usize,
    },
    /// What there is to do.
    Queue(Queue),
    /// Guided work.
    Work(Draft),
    /// What is this, where is it?
    LookUp(LookUp),
    /// Where is it? By its tags.
    Find(Find),
    /// What is in this bin? By its tags.
    Count(Box<Count>),
    /// What the office wants to be read.
    Messages,
    /// What was done, what is unsent.
    Shift(Shift),
    /// What was printed, what waits.
    Labels(LabelList),
}

/// The whole handheld.
#[derive(Clone, Debug)]
pub struct Model {
    /// What it was told.
    pub settings: Settings,
    /// The time of the last event.
    pub now: Timestamp,
    /// Who it is; none before enrolment.
    pub identity: Option<Identity>,
    /// Who has it.
    pub worker: Option<Worker>,
    /// The work that is open on it.
    pub work: Option<Box<Work>>,
    /// What is on the screen.
    pub screen: Screen,
    /// What was just accepted or refused.
    pub notice: Option<Notice>,
    /// How things stand with the office.
    pub link: Link,
    /// When the office last answered.
    pub last_word: Option<Timestamp>,
    /// Whether the cache holds what the office said, of whatever age.
    pub is_fetched: bool,
    /// The cache is being fetched: bytes here, bytes in all.
    pub fetching: Option<(u64, u64)>,
    /// What the office has not acknowledged yet.
    pub unsent: Unsent,
    /// The ports.
    pub ports: Vec<PortNews>,
    /// The label printers.
    pub printers: Vec<PrinterNews>,
    /// The battery.
    pub power: Option<Power>,
    /// What this worker has not read yet, oldest first.
    pub messages: Vec<Message>,
    /// Whether the readers send.
    pub radio: bool,
    /// Where the worker was when the last task ended.
    /// While somebody practises: the handheld as it really is.
    pub(super) real: Option<Box<Self>>,
    pub(super) here: Option<Point>,
    pub(super) counted: Vec<Counted>,
    pub(super) touched: Timestamp,
    pub(super) last_heard: Option<(Timestamp, Frame)>,
}

impl Model {
    /// A handheld just switched on.
    pub fn new(settings: Settings, now: Timestamp, identity: Option<Identity>) -> Self {
        let screen = match &identity {
            Some(_) => Screen::SignIn(SignIn::default()),
            None => Screen::SetUp(SetUp::default()),
        };
        Self {
            settings,
            now,
            identity,
            worker: None,
            work: None,
            screen,
            notice: None,
            link: Link::default(),
            last_word: None,
            is_fetched: true,
            fetching: None,
            unsent: Unsent::default(),
            ports: Vec::new(),
            printers: Vec::new(),
            power: None,
            messages: Vec::new(),
            radio: false,
            real: None,
            here: None,
            counted: Vec::new(),
            touched: now,
            last_heard: None,
        }
    }

    /// What is spoken now: the worker's own language, else the handheld's.
    pub fn language(&self) -> Language {
        let own = self.worker.as_ref().and_then(|worker| worker.language);
        own.unwrap_or(self.settings.language)
    }

    /// Whether work is open here: begun and not finished.
    pub fn has_open_work(&self) -> bool {
        self.work.as_ref().is_some_and(|work| !work.is_done())
    }

    /// When the handheld locks if nothing is touched.
    pub fn locks_at(&self) -> Timestamp {
        self.touched + TimeDelta::seconds(i64::from(self.settings.lock_after_s))
    }

    /// When something on the screen changes by time alone: the next full minute, or the lock.
    pub fn wakes_at(&self) -> Timestamp {
        let past =
            i64::from(self.now.second()) * 1000 + i64::from(self.now.timestamp_subsec_millis());
        let minute = self.now + TimeDelta::milliseconds(60_000 - past.min(59_999));
        let turns = match &self.screen {
            Screen::Find(find) => find.lost_at().filter(|at| *at > self.now),
            _ => self.tags_rest_at(),
        };
        let wakes = turns.map_or(minute, |turns| minute.min(turns));
        if self.worker.is_some() {
            wakes.min(self.locks_at())
        } else {
            wakes
        }
    }
}
