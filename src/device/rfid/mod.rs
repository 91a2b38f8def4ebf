//! RFID readers. Each speaks in its own way; all of them are started, stopped, set to a power and heard alike.
//! Bytes go in and come out and time is an argument: only `listen` touches a port.

mod chainway;
mod fold;
mod frames;
mod listen;
mod llrp;
mod mercury;
mod open;
mod probe;
mod profile;
mod r200;
mod reader;
mod settings;
mod tls;
mod tsl;
mod uhf18;
mod zeti;

pub use chainway::{ChainwayFrame, ChainwayTag};
pub use fold::{Fold, Folded, MOST_TAGS, Sighting};
pub use frames::{Bad, Cut};
pub use listen::{ReaderHeard, ReaderOrder, listen_reader};
pub use llrp::{LlrpMessage, LlrpTag, message_name};
pub use mercury::{MercuryFrame, MercuryKind, MercuryTag};
pub use probe::{Asked, Probe};
pub use profile::{BadProfile, Profile, Protocol, built_in, profiles};
pub use r200::{R200Frame, R200Tag};
pub use reader::Reader;
pub use settings::ReaderSettings;
pub use tls::{BadFingerprint, Fingerprint};
pub use tsl::{TslResponse, TslTag};
pub use uhf18::{Uhf18Dialect, Uhf18Frame, Uhf18Tag};
pub use zeti::ZetiLine;

pub use crate::scan::Signal;

use crate::scan::RawEpc;
use crate::warehouse::SafeText;
use std::time::Duration;

/// One tag, as it was heard once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its EPC, from the header on.
    pub epc: RawEpc,
    /// Its protocol control word, if the reader tells it.
    pub pc: Option<u16>,
    /// How strongly; none where the reader does not tell, which is not weak.
    pub signal: Option<Signal>,
    /// The antenna, from 1.
    pub antenna: Option<u16>,
}

impl Seen {
    /// A tag of which only the EPC is known. None if it cannot be one.
    pub(super) fn of(epc: &[u8]) -> Option<Self> {
        let epc = RawEpc::from_bytes(epc).ok()?;
        Some(Self {
            epc,
            pc: None,
            signal: None,
            antenna: None,
        })
    }
}

/// What a reader tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A tag.
    Seen(Seen),
    /// A barcode, from a reader that has a scanner too.
    Barcode(Vec<u8>),
    /// The charge of its battery, in percent.
    Battery(u8),
    /// What it is: the answer to [`Speech::ask`].
    Version(SafeText),
    /// It is too hot and reads slower, or its antenna is not right.
    Warning(Warning),
    /// Something came corrupted and was dropped.
    Corrupt,
    /// An order was answered: done, or not, with the reader's own code.
    Answer(Result<(), u16>),
    /// A round of reading is over; the next one must be asked for.
    RoundOver,
}

/// What a reader complains of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// It is too hot and reads slower.
    TooHot,
    /// Its antenna is missing or broken.
    Antenna,
}

/// How readers of one kind speak.
pub trait Speech: Send {
    /// Takes bytes as they come, split anyhow. What must be answered at once is put into `out`.
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>, tell: &mut dyn FnMut(Event));

    /// The line was silent for a while: half a frame will not be finished.
    fn silence(&mut self, _tell: &mut dyn FnMut(Event)) {}

    /// Whether half a frame is held.
    fn is_amid(&self) -> bool {
        false
    }

    /// Asks what the reader is.
    fn ask(&self) -> Vec<u8>;

    /// The orders that start reading, to be sent one after another, each when the one before is answered.
    fn start(&self) -> Vec<Vec<u8>>;

    /// The order for the next round, for readers that read in rounds.
    fn next_round(&self) -> Option<Vec<u8>> {
        None
    }

    /// The order that stops reading.
    fn stop(&self) -> Vec<u8>;

    /// The order that sets the power of reading, in dBm. None where it is not known how.
    fn power(&mut self, dbm: u8) -> Option<Vec<u8>>;

    /// A reader that is reading and silent for this long has stopped by itself and is started anew.
    fn silent_at_most(&self) -> Option<Duration> {
        None
    }
}
