//! What goes together: exclusions, companions and repetitions, over all that was read of one item.

use super::dictionary::{Dictionary, Entry};
use super::element::{MOST, Slot};
use super::{Fault, Rules, dictionary};

/// Checks what the dictionary says about identifiers beside each other. Each slot's value is read by `value`.
pub(in crate::scan) fn check<'a>(
    dictionary: &Dictionary,
    slots: &[Slot],
    value: impl Fn(&Slot) -> &'a [u8],
    rules: Rules,
) -> Result<(), Fault> {
    let all = |slot: &Slot| &dictionary.entries[slot.entry()];
    let entries = || slots.iter().map(all);
    let (present, excluded) = entries().fold((0, 0), |(present, excluded), entry| {
        (present | entry.marks, excluded | entry.excludes)
    });
    // Looked for one by one only where there is something to find.
    if present & excluded != 0 {
        for entry in entries() {
            if let Some(other) = entries().find(|other| excludes(entry, other)) {
                return Err(Fault::Excluded(entry.ai, other.ai));
            }
        }
    }
    let lacks = |entry: &&Entry| !entry.requires.iter().all(|demand| demand.is_met(present));
    if rules.requisites
        && let Some(entry) = entries().find(lacks)
    {
        return Err(Fault::Missing(entry.ai));
    }
    for (at, slot) in slots.iter().enumerate() {
        let differs = |other: &Slot| other.entry() == slot.entry() && value(other) != value(slot);
        if slots[at + 1..].iter().any(differs) {
            return Err(Fault::Differs(all(slot).ai));
        }
    }
    signed(dictionary, slots)
}

/// The same over pairs that stand each for itself, each good by itself.
pub(in crate::scan) fn check_pairs(pairs: &[(&Entry, String)], rules: Rules) -> Result<(), Fault> {
    if pairs.len() > MOST {
        return Err(Fault::TooMany);
    }
    let all = dictionary();
    let mut data = Vec::new();
    let mut slots = Vec::new();
    for (entry, value) in pairs {
        let from = data.len();
        data.extend_from_slice(value.as_bytes());
        let place = all.find(entry.ai.as_bytes()).ok_or(Fault::TooMany)?;
        slots.push(Slot::new(place, from, value.len()));
    }
    check(all, &slots, |slot| slot.value(&data), rules)
}

/// An identifier does not exclude itself even if it fits its own pattern.
fn excludes(entry: &Entry, other: &Entry) -> bool {
    other.ai != entry.ai && other.marks & entry.excludes != 0
}

/// A digital signature binds one object: the keys that may stand for many need their serial.
/// GS1 General Specifications §3.9 (AI 8030).
fn signed(dictionary: &Dictionary, slots: &[Slot]) -> Result<(), Fault> {
    if !slots
        .iter()
        .any(|slot| Some(slot.entry()) == dictionary.signature)
    {
        return Ok(());
    }
    let bare = slots.iter().find_map(|slot| {
        let entry = &dictionary.entries[slot.entry()];
        let class = matches!(entry.ai.as_str(), "253" | "255" | "8003");
        (class && slot.len() == entry.min).then_some(entry.ai)
    });
    bare.map_or(Ok(()), |ai| Err(Fault::NoSerial(ai)))
}
