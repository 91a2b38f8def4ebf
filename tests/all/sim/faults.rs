//! The checks are checked: each of these faults, made on purpose, is seen by one of them.

use super::{Plan, simulate};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use stockhand::fault::{self, Fault};
use stockhand::store::{Doorkeeper, Journal, Verdict};
use stockhand::warehouse::{Role, Skills, Timestamp, Worker};

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

/// What a sixth wrong PIN is answered, when the battery is pulled after each of five.
fn sixth_try() -> Verdict {
    let dir = tempfile::tempdir().unwrap();
    let params = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let pin = argon.hash_password_with_salt(b"1101", b"salt of a sort..");
    let worker = Worker {
        code: "P1".parse().unwrap(),
        name: "P".into(),
        badge: "B".parse().unwrap(),
        pin: Some(pin.unwrap().to_string()),
        role: Role::Picker,
        skills: Skills::default(),
        language: None,
    };
    let tried = |_| {
        let (mut journal, _) = Journal::open(dir.path(), Timestamp::UNIX_EPOCH).unwrap();
        let mut door = Doorkeeper::default();
        door.check(&mut journal, &worker, "0000", Duration::from_secs(9))
            .unwrap()
    };
    (0..6).map(tried).collect::<Vec<_>>().pop().unwrap()
}

#[test]
fn tries_that_are_not_counted_on_disk_are_found_out() {
    assert!(matches!(sixth_try(), Verdict::Wait { .. }));
    fault::set(Some(Fault::TriesForgotten));
    let verdict = sixth_try();
    fault::set(None);
    assert!(matches!(verdict, Verdict::Wrong { .. }));
}
