//! Events: what reached the handheld. Each names its source; all that ever changes the handheld comes as one of these.

use super::effect::Answer;
use crate::scan::{Frame, LineEnd, Tag};
use crate::warehouse::{Entry, SafeText, Timestamp, WarehouseCode};

/// Something reached us.
#[derive(Clone, Debug)]
pub enum Event {
    /// A port heard a scan.
    Heard(Frame),
    /// Readers heard these tags, each told once however often it was heard.
    Seen(Vec<Tag>),
    /// A port came or went.
    Port(PortNews),
    /// A printer took a label, or does not.
    Printer(PrinterNews),
    /// The scale weighed, in grams; or why not.
    Weighed(Result<u32, SafeText>),
    /// A key was pressed.
    Pressed(Key),
    /// These are on disk now, in both copies.
    Recorded(Vec<Entry>),
    /// The disk would not take what was to be recorded; nothing of it happened.
    NotRecorded(SafeText),
    /// What was asked for.
    Found(Answer),
    /// All works on a copy of the memory from now on; or on the memory itself again.
    Practising(bool),
    /// The sync thread has news.
    Synced(SyncNews),
    /// How much the office has not acknowledged yet.
    Unsent(Unsent),
    /// Time went on.
    Ticked(Option<Power>),
}

/// A key, whatever the keyboard calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A printable character.
    Char(char),
    /// Enter.
    Enter,
    /// Esc.
    Esc,
    /// Rub out.
    Backspace,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// F1 to F4.
    F(u8),
}

/// A port came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortNews {
    /// Its configured name.
    pub name: SafeText,
    /// Whether it is an RFID reader.
    pub is_reader: bool,
    /// The device file it is open on; none when it is lost.
    pub open_on: Option<SafeText>,
    /// How its bytes are cut into scans.
    pub cut: Framing,
    /// Why it is lost, in the system's words; or what it complains of.
    pub why: SafeText,
}

/// How bytes are cut into scans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// At this end of a line.
    Line(LineEnd),
    /// Symbol and Zebra's packets.
    Ssi,
    /// Frames of an RFID reader.
    Reader,
}

/// How a printer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterNews {
    /// Its configured name.
    pub name: SafeText,
    /// Whether it prints.
    pub state: PrinterState,
}

/// Whether a printer prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrinterState {
    /// It took the last label, or nothing was asked of it yet.
    Ready,
    /// A label waits for it; why.
    Away(SafeText),
}

/// What the sync thread tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncNews {
    /// The office answered.
    Online,
    /// The office did not answer, or not in time.
    Offline(SafeText),
    /// The office will not have this handheld until a person looks.
    Barred(SafeText),
    /// The cache was brought up to date.
    CacheChanged,
    /// The cache was thrown away and is fetched anew.
    CacheGone,
    /// The cache is being fetched: so many bytes of so many.
    Fetching(u64, u64),
    /// The office took this handheld in.
    Enrolled(Identity),
    /// The office did not.
    NotEnrolled(SafeText),
    /// A fact was recorded at the office but needs a person there.
    Outcome(SafeText),
}

/// Who this handheld is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its name at the office.
    pub device: SafeText,
    /// Its warehouse.
    pub warehouse: WarehouseCode,
    /// What people call that warehouse.
    pub warehouse_name: SafeText,
}

/// What the office has not acknowledged yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// How many facts.
    pub count: u64,
    /// When the oldest happened.
    pub oldest: Option<Timestamp>,
}

/// The battery, where the system tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Power {
    /// 0 to 100.
    pub percent: u8,
    /// On the cradle.
    pub charging: bool,
}
