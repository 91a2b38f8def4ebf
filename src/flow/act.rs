//! Acts: what a worker does at a step, once keys and frames have been given their meaning.

use super::prompt::Choice;
use crate::scan::{Label, RawEpc, Scan};
use crate::warehouse::{BinCode, Known, Quantity, Reason, Sscc};

/// What a worker did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Scanned something.
    Scanned(Scan),
    /// Scanned something that the step could judge only with what the memory knows of it ([`super::Work::asks`]).
    Known {
        /// What was scanned.
        scan: Scan,
        /// What it is, exactly.
        known: Box<Known>,
        /// Digits keyed before it: how many in all.
        total: Option<Quantity>,
        /// Whether it had been refused before and is meant.
        insisted: bool,
    },
    /// Meant it: took what had been refused as possible but not asked for ([`super::Refusal::can_insist`]).
    Insisted(Scan),
    /// Keyed how many in all; `label` is the goods label read at this step, if it could not be counted itself.
    Counted {
        /// The total in hand for this line.
        total: Quantity,
        /// The label that names the goods.
        label: Option<Label>,
        /// Whether that label was insisted on.
        anyway: bool,
    },
    /// Confirmed that what these tags are fixed to is what the step expects.
    Swept {
        /// The tags, each once, and what each means.
        tags: Vec<(RawEpc, Scan)>,
        /// Whether it had been refused before and is meant.
        anyway: bool,
    },
    /// Agreed to what the screen proposes.
    Agreed,
    /// Said yes or no.
    Answered(bool),
    /// Gives the rest of the line up.
    FellShort(Reason),
    /// Gives the rest of the line up for another item that the task offers.
    ChoseInstead {
        /// Which of those offered.
        which: usize,
        /// Why.
        reason: Reason,
    },
    /// Moves the line to the end.
    Skipped,
    /// Takes another bin than told.
    ChoseBin {
        /// The bin.
        bin: BinCode,
        /// Why.
        reason: Reason,
    },
    /// Keyed what the step asks for: a lot, a date, a serial, a weight.
    Told {
        /// What was keyed.
        text: String,
        /// Whether it had been refused before and is meant.
        anyway: bool,
    },
    /// Took one of the step's own choices, after digits or without.
    Chose(Choice, Option<Quantity>),
    /// Took one of them for this reason.
    ChoseFor(Choice, Reason),
    /// Closes the carton: with a label stuck on, or with the next one set aside.
    Closed(Option<Sscc>),
}
