//! Effects: what the handheld orders its hands to do, and what it may ask its memory.

use super::book::Book;
use super::tally::Tally;
use crate::label::Queued;
use crate::scan::Scan;
use crate::warehouse::{
    BadgeCode, Bin, BinCode, CalledBack, Entry, Fact, Item, ItemCode, Known, Message, Quantity,
    SafeText, SerialCode, Task, TaskId, Worker, WorkerCode, ZoneCode,
};

/// An order to a hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Put these on disk, all or none; then say so with `Event::Recorded`.
    Record(Record),
    /// Make a sound.
    Sound(Bell),
    /// Look something up; then say so with `Event::Found`.
    Ask(Query),
    /// RFID readers send and listen, or rest: their radio costs battery.
    Radio(bool),
    /// Check a PIN; then say so with `Event::Found`.
    CheckPin {
        /// Whose.
        worker: Box<Worker>,
        /// What was keyed.
        pin: Pin,
    },
    /// Ask the scale for a weight; then say so with `Event::Weighed`.
    Weigh,
    /// Printers that wait try at once.
    HurryPrinters,
    /// Talk to the office now.
    Sync,
    /// Ask the office for the right to work on this task.
    Claim(TaskId),
    /// Ask an office to take this handheld in.
    Enrol(SafeText),
    /// Work on a copy of the memory from now on, or on the memory itself again; then say so with `Event::Practising`.
    Practise(bool),
    /// End the program.
    Quit,
}

/// What was keyed as a PIN. Never shown, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(pub String);

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// Facts to be put on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Who has the handheld.
    pub worker: Option<WorkerCode>,
    /// The task they belong to.
    pub task: Option<TaskId>,
    /// The label or keys that led to them.
    pub cause: Option<String>,
    /// The facts; at least one.
    pub facts: Vec<Fact>,
    /// The task itself, when work on it begins: it is kept until it is finished or left.
    pub hold: Option<Box<Task>>,
}

/// Bell patterns, to be told apart with closed eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bell {
    /// One: accepted.
    Good,
    /// Two: refused.
    Bad,
    /// Three: all done.
    Done,
}

/// A question to the handheld's memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Whose badge is this?
    Badge(BadgeCode),
    /// What work is open on this handheld?
    Held,
    /// What work is there to do?
    Tasks,
    /// The same, and what this scan belongs to, however far behind that stands.
    TasksFor(Scan),
    /// Is there such a bin?
    Bin(BinCode),
    /// What is this, where is it, what is in it?
    Code(Scan),
    /// The same, and nothing that only begins so: for work, where what is meant must be certain.
    Exactly(Scan),
    /// Which items do these barcodes stand for? No more than a few dozen at a time.
    Barcodes(Vec<SafeText>),
    /// Which of these units are in the house by the book?
    Units(Vec<(ItemCode, SerialCode)>),
    /// What should be in all bins of this zone?
    Zone(ZoneCode),
    /// What has this worker done since they signed in?
    Shift(WorkerCode),
    /// Which labels were printed, and which wait?
    Labels,
    /// What has this worker not read yet?
    Messages(WorkerCode),
}

/// What the memory says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Whose badge it is.
    Badge(BadgeCode, Option<Box<Worker>>),
    /// The open work and all that was done of it here.
    Held(Option<Box<(Task, Vec<Entry>)>>),
    /// Open tasks, most urgent first.
    Tasks(Vec<Task>),
    /// The bin, if there is one.
    Bin(BinCode, Option<Bin>),
    /// What a code stands for.
    Code(Scan, Box<Known>),
    /// What a code stands for, exactly.
    Exactly(Scan, Box<Known>),
    /// The items of barcodes, and how many units each barcode stands for.
    Barcodes(Vec<(SafeText, Option<(Item, Quantity)>)>),
    /// The units asked for that are in the house by the book.
    Units(Vec<(ItemCode, SerialCode)>),
    /// What should be in a zone; none if there is no such zone.
    Zone(ZoneCode, Option<Book>),
    /// What was done.
    Shift(Tally),
    /// Labels, newest first.
    Labels(Vec<Queued>),
    /// What is not read yet, oldest first, and what goods are called back.
    Messages(Vec<Message>, Vec<CalledBack>),
    /// How a PIN check ended.
    Pin(PinCheck),
    /// The memory could not be read.
    Trouble(SafeText),
}

/// How a PIN check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinCheck {
    /// It is right.
    Right,
    /// It is wrong; so many tries are left before a wait.
    Wrong(u32),
    /// Not checked: wait so many seconds.
    Wait(u32),
    /// This worker has no PIN yet.
    NotSet,
}
