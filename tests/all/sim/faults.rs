//! The checks are checked: each of these faults, made on purpose, is seen by one of them.

use super::{Plan, simulate};
use std::panic::{AssertUnwindSafe, catch_unwind};
use stockhand::fault::{self, Fault};

/// Faults that a simulation must see.
const SEEN_BY_A_SIMULATION: &[Fault] = &[
    Fault::AnsweredUnwritten,
    Fault::CarbonForgotten,
    Fault::CursorFirst,
    Fault::OwnFactsTwice,
    Fault::RowLeftOut,
    Fault::PostedTwice,
    Fault::ForkUnseen,
    Fault::GapTaken,
    Fault::RowChanged,
    Fault::HalfAMove,
    Fault::NewsKeptBack,
    Fault::NewsSkipped,
    Fault::SnapshotAhead,
    Fault::OldLifeGoesOn,
];
/// Days that are simulated until a fault must have been seen.
const DAYS: u64 = 16;

/// Whether a simulation with this fault in it comes to a bad end; how it was seen.
fn seen(fault: Fault) -> Option<String> {
    (1..=DAYS).find_map(|seed| {
        let plan = Plan {
            seed,
            handhelds: 3,
            hours: 12,
        };
        fault::set(Some(fault));
        let end = catch_unwind(AssertUnwindSafe(|| simulate(plan)));
        fault::set(None);
        let why = end.err()?;
        let text = why.downcast_ref::<String>().cloned();
        let text = text.or_else(|| why.downcast_ref::<&str>().map(|&text| text.to_owned()));
        Some(text.unwrap_or_default())
    })
}

#[test]
fn every_fault_made_on_purpose_is_seen() {
    for &fault in SEEN_BY_A_SIMULATION {
        let how = seen(fault);
        let how = how.unwrap_or_else(|| panic!("{fault:?} goes unseen"));
        println!("{fault:?}: {}", how.lines().next().unwrap_or_default());
    }
}
