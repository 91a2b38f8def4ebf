//! Notices: what was just accepted or refused, as data. One at a time; the newest is shown.

use super::effect::Bell;
use crate::flow::{Refusal, Said};
use crate::warehouse::{BinCode, Fact, Lack, Quantity, SafeText, WhyBin, ZoneCode};

/// One thing to tell the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The warehouse says no.
    Refused(Refusal),
    /// Goods that are not wanted, and what they are called.
    NotWanted(Said, SafeText),
    /// These facts are on disk.
    Recorded(Vec<Fact>),
    /// The whole task is.
    Finished(SafeText),
    /// The last step was taken back.
    TakenBack,
    /// There is nothing to take back.
    NothingToTakeBack,
    /// The same label again within a blink: it was not counted.
    DoubleRead,
    /// The label could not be read; why, and what to do.
    Unreadable(SafeText),
    /// The label was read in part; scan the next symbol.
    PartRead(Refusal),
    /// The disk would not take it: it did not happen.
    NotRecorded(SafeText),
    /// The handheld's memory could not be read.
    Trouble(SafeText),
    /// Going on where the work stopped.
    GoingOn,
    /// Nothing counts from here on.
    PracticeBegun,
    /// All is as it was before the practice.
    PracticeOver,
    /// The task was put back.
    PutBack,
    /// Nothing is waiting to be done.
    NoWork,
    /// Someone else has this task.
    TakenByOther(SafeText),
    /// This worker is not given such work.
    NotForYou(Lack),
    /// This work waits for picking to end.
    NotReady,
    /// This is a second count, of what this worker counted first.
    CountedByYou,
    /// The open work comes first.
    FinishFirst,
    /// No such task waits here.
    NoTaskFor(Said),
    /// No such bin in this warehouse, as far as is known.
    NoSuchBin(BinCode),
    /// No such zone, nor a bin of that name.
    NoSuchZone(ZoneCode),
    /// This bin is frozen.
    BinFrozen(BinCode),
    /// Now scan the other bin.
    ScanOtherBin,
    /// The same, and where the item lies as far as is known: how much.
    OtherBins(Vec<(BinCode, Quantity)>),
    /// Why goods go to the bin they are sent to.
    WhyBin(WhyBin),
    /// Nobody has this badge.
    UnknownBadge(SafeText),
    /// The office's records are not here yet.
    NotFetched,
    /// Scan a badge first.
    BadgeFirst,
    /// This is not a badge.
    NotABadge(Said),
    /// Wrong PIN; so many tries left.
    WrongPin(u32),
    /// Too many wrong PINs; wait so many seconds.
    WaitForPin(u32),
    /// No PIN was set for this worker.
    NoPin,
    /// Someone is signed in; sign out first.
    SignOutFirst,
    /// Asking the office now.
    Syncing,
    /// The office took this handheld in.
    Enrolled(SafeText),
    /// The office did not.
    NotEnrolled(SafeText),
    /// This is not an enrolment code.
    NotAnEnrolment(Said),
    /// The office will not have this handheld.
    Barred(SafeText),
    /// The office recorded a fact, but a person has to decide something.
    AtOffice(SafeText),
    /// The scale is asked.
    Weighing,
    /// The scale says no weight; why.
    NoWeight(SafeText),
    /// A label waits for this printer; why.
    PrinterAway(SafeText, SafeText),
    /// What this label was for was taken back.
    LabelTakenBack,
    /// The office wrote something.
    MessageCame,
    /// Only a lead may do this.
    LeadOnly,
    /// The memory was made whole at the start; what was found.
    Healed(SafeText),
    /// The office was asked and did not answer; why.
    NotReached(SafeText),
    /// The office was asked and has everything.
    AllAtOffice,
    /// The office was asked and answered; so many facts are still on their way.
    StillSending(u64),
}

/// How a notice is meant. Never told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Accepted.
    Good,
    /// Refused.
    Bad,
    /// By the way.
    Note,
}

impl Notice {
    /// How it is meant.
    pub const fn tone(&self) -> Tone {
        match self {
            Self::Recorded(_)
            | Self::Finished(_)
            | Self::TakenBack
            | Self::Enrolled(_)
            | Self::AllAtOffice => Tone::Good,
            Self::DoubleRead
            | Self::PartRead(_)
            | Self::GoingOn
            | Self::PutBack
            | Self::PracticeBegun
            | Self::PracticeOver
            | Self::NoWork
            | Self::ScanOtherBin
            | Self::OtherBins(_)
            | Self::WhyBin(_)
            | Self::Syncing
            | Self::StillSending(_)
            | Self::Healed(_)
            | Self::PrinterAway(..)
            | Self::Weighing
            | Self::MessageCame
            | Self::AtOffice(_) => Tone::Note,
            _ => Tone::Bad,
        }
    }

    /// How it sounds; notes are silent, except where a scan led to them.
    pub const fn bell(&self) -> Option<Bell> {
        match (self, self.tone()) {
            (Self::Finished(_), _) => Some(Bell::Done),
            (Self::TakenBack | Self::PartRead(_) | Self::MessageCame, _) | (_, Tone::Good) => {
                Some(Bell::Good)
            }
            (Self::DoubleRead, _) | (_, Tone::Bad) => Some(Bell::Bad),
            (_, Tone::Note) => None,
        }
    }
}
