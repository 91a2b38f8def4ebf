//! Reasons: why a worker did other than they were told.

use serde::{Deserialize, Serialize};

/// Why a worker did other than they were told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing in the bin.
    BinEmpty,
    /// Fewer there than wanted.
    TooFew,
    /// What is there is broken.
    Damaged,
    /// Something else lies there.
    WrongGoods,
    /// The bin has no room.
    BinFull,
    /// The bin cannot be reached.
    Blocked,
    /// The goods do not fit.
    DoesNotFit,
    /// Another place is plainly better.
    BetterPlace,
    /// The worker goes home.
    ShiftEnds,
    /// What is left lies in someone else's zone.
    NextZone,
    /// The worker is wanted elsewhere.
    OtherWork,
    /// Something about it is not right.
    Suspect,
    /// It was looked at and is as it should be.
    FoundGood,
    /// Its last day is past.
    PastItsDate,
    /// It was opened or used.
    Used,
    /// The customer does not want it.
    NotWanted,
    /// The supplier did not bring it, and will not.
    NotDelivered,
    /// The supplier brings it another time.
    ComesLater,
}
