//! What is asked and told at receiving and of the bins that goods are sent to.

use crate::flow::{Ask, Choice, Detail, Refusal};
use crate::screen::speech::{say, tr};
use crate::warehouse::{BinKind, Fact, PutBy, Quantity, Sscc, Status, Temperature, Unfit, WhyBin};

use super::said;

pub(in crate::screen) const LEAD_WANTED: &str = "A lead must agree. Scan the lead's badge:";
pub(in crate::screen) const WHICH_ITEM: &str = "What is this label?";
pub(in crate::screen) const ON_NO_PALLET: &str = "On no pallet";
pub(in crate::screen) const HOW_MANY_IN_IT: &str = "How many are in it?";
pub(in crate::screen) const ONE_IF_EMPTY: &str = "Key how many, Enter. Enter alone: one.";

pub(in crate::screen) fn lead_pin(name: &str) -> String {
    say!("PIN of {name}, Enter:", name)
}

/// The last digits of a license plate: what people read of it.
fn end(plate: Sscc) -> String {
    format!("…{}", plate.to_string().split_off(12))
}

/// The question of a step of receiving.
pub(super) fn ask(ask: &Ask) -> (String, Option<String>) {
    let text = |text: &'static str| (tr(text).to_owned(), None);
    match ask {
        Ask::Door => text("Scan the dock door where it stands:"),
        Ask::PutDown => text("Scan the bin where you put it down:"),
        Ask::ReceiveOnto(plate) => (say!("Scan onto pallet {plate}:", plate = end(*plate)), None),
        Ask::CheckPlate(plate) => (say!("All on this pallet?"), Some(plate.to_string())),
        Ask::Tell(Detail::Lot) => text("Scan or key the lot:"),
        Ask::Tell(Detail::Expiry) => (say!("Key the last day:"), Some("YYMMDD".to_owned())),
        Ask::Tell(Detail::Serial) => text("Scan or key the serial:"),
        Ask::Tell(Detail::Weight) => (say!("Weigh it, key:"), Some("kg".to_owned())),
        Ask::AllIn => (say!("All in?"), Some(say!("Enter closes"))),
        _ => text("Scan goods or a pallet:"),
    }
}

pub(super) const fn hint(ask: &Ask) -> Option<&'static str> {
    match ask {
        Ask::CheckPlate(_) => Some("Enter: yes. Or scan the bin it is in."),
        Ask::Receive | Ask::ReceiveOnto(_) => Some("Scan each or key how many. Enter: all in?"),
        Ask::Tell(Detail::Expiry) => Some("As 270131. Then Enter."),
        Ask::AllIn => Some("Or scan what came on top."),
        _ => None,
    }
}

/// One thing that should be on a pallet.
pub(in crate::screen) fn on_pallet(quantity: Quantity, name: &str) -> String {
    format!("{quantity} x {name}")
}

/// A choice in full, and in short for its key.
pub(super) const fn choice(choice: Choice) -> (&'static str, &'static str) {
    match choice {
        Choice::Close => ("Close, not all in", "Close"),
        Choice::NewPlate => ("Onto a new pallet", "Plate"),
        Choice::Loose => ("On no pallet", "Loose"),
        Choice::OtherLot => ("Next: another lot", "Lot"),
        Choice::Damaged => ("These are damaged", "Damaged"),
        Choice::CountPlate => ("No: count it", "Count"),
        Choice::Part => ("Only some of it", "Some"),
        Choice::Rest => ("They take the rest", "Rest"),
        Choice::NoCode => ("They have no code", "None"),
        Choice::Why => ("Why this bin?", "Why"),
        _ => ("", ""),
    }
}

/// A refusal at receiving, with what to do next.
pub(super) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::DoorFirst => say!("First scan the dock door."),
        Refusal::NotADoor(what) => say!("That is {what}. Scan a dock door.", what = said(what)),
        Refusal::NotForArrivals(what) => {
            say!("Not for this: {what}. Scan another bin.", what = said(what))
        }
        Refusal::PlateIn(plate) => say!(
            "Pallet {plate} is in already. Next one.",
            plate = end(*plate)
        ),
        Refusal::PlateNotAnnounced(plate) => {
            say!(
                "Pallet {plate} not announced. Scan again to count it.",
                plate = end(*plate)
            )
        }
        Refusal::OnPlate(plate) => say!(
            "It comes on pallet {plate}: scan that.",
            plate = end(*plate)
        ),
        Refusal::CountIt(name) => say!("Not all is told of {name}. F2: count it.", name),
        Refusal::KeptBack => say!("It is kept back. Press Enter, leave it here."),
        Refusal::NotOnOrder(name) => say!("Not ordered: {name}. F2 takes it.", name),
        Refusal::UnknownCode(what) => {
            say!("Not known: {what}. F2 if you know it.", what = said(what))
        }
        Refusal::OverOrder { would, ordered } => {
            say!(
                "{would} in all, ordered {ordered}. F2 asks a lead.",
                would,
                ordered
            )
        }
        Refusal::Expired(day) => say!("Past its day, {day}. Refuse it, or F2.", day),
        Refusal::TooNear { day, wanted } => {
            say!("{day} is too near, wanted {wanted}. Or F2.", day, wanted)
        }
        Refusal::BadDay => say!("No such day. Key year, month, day: 270131."),
        Refusal::NotAllIn {
            lines: 1,
            missing,
            of,
        } => say!("{missing} {of} missing. F2 closes without.", missing, of),
        Refusal::NotAllIn { lines, missing, of } => {
            say!(
                "{missing} {of} missing, {lines} lines more. F2 closes.",
                missing,
                of,
                lines = lines - 1
            )
        }
        Refusal::BinUnfit { bin, why } => say!("{bin} {why}. Or F2.", bin, why = unfit(why)),
        _ => String::new(),
    }
}

/// Why a bin cannot take goods.
fn unfit(why: &Unfit) -> String {
    match why {
        Unfit::Frozen => say!("is frozen"),
        Unfit::Kind { kind } => say!("is {kind}", kind = bin_kind(*kind)),
        Unfit::Status { there } => say!("holds {there} goods", there = status(*there)),
        Unfit::Temperature { is, .. } => say!("is {is}", is = warm(*is)),
        Unfit::Hazard { .. } => say!("holds goods of another hazard"),
        Unfit::OtherItem { there } => say!("is only for {there}", there),
        Unfit::OtherLot { there: Some(lot) } => say!("is only for lot {lot}", lot),
        Unfit::OtherLot { there: None } => say!("is only for another lot"),
        Unfit::Weight { most, .. } => say!("bears {most} kg", most = most / 1000),
        Unfit::Volume { .. } => say!("has no room"),
        Unfit::Height { most, .. } => say!("is {most} cm high", most = most / 10),
        Unfit::Promised { .. } => say!("is promised to others"),
    }
}

pub(in crate::screen) fn bin_kind(kind: BinKind) -> &'static str {
    tr(match kind {
        BinKind::PickFace => "pick face",
        BinKind::Reserve => "reserve",
        BinKind::Receiving => "receiving",
        BinKind::Packing => "packing",
        BinKind::Dock => "dock",
        BinKind::Quarantine => "quarantine",
        BinKind::Staging => "staging",
        BinKind::Returns => "returns",
    })
}

fn warm(temperature: Temperature) -> &'static str {
    tr(match temperature {
        Temperature::Ambient => "not cooled",
        Temperature::Chilled => "chilled",
        Temperature::Frozen => "deep-frozen",
    })
}

pub(super) fn status(status: Status) -> &'static str {
    tr(match status {
        Status::Available => "free",
        Status::OnHold => "held",
        Status::Damaged => "damaged",
        Status::Expired => "expired",
    })
}

/// Why goods go to a bin.
pub(super) fn why_bin(why: &WhyBin) -> String {
    let by = match why.by {
        PutBy::Fixed => "Its own bin",
        PutBy::OwnKind => "The same lies there",
        PutBy::NearFace => "Empty, near its face",
        PutBy::Empty => "Empty",
        PutBy::Room => "Has room",
    };
    let metres = why.walk_cm / 100;
    say!(
        "{by}, {metres} m. {others} others would do.",
        by,
        metres,
        others = why.others
    )
}

/// A fact of receiving that was just put on disk.
pub(super) fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Docked { door, .. } => say!("Door {door}.", door),
        Fact::PlateConfirmed { .. } => say!("Pallet found."),
        Fact::PlateChosen { plate: Some(plate) } => {
            say!("Onto pallet {plate}.", plate = end(*plate))
        }
        Fact::PlateChosen { plate: None } => say!("On no pallet."),
        Fact::LineAdded { item, .. } => say!("{code} is taken in.", code = item.code),
        Fact::LabelRead { .. } => say!("Read. One more thing."),
        Fact::Received {
            quantity,
            goods,
            status: Status::Available,
            ..
        } => say!("{quantity} x {item} in.", quantity, item = goods.item),
        Fact::Received {
            quantity,
            goods,
            status: kept,
            ..
        } => say!(
            "{quantity} x {item} in, {kept}.",
            quantity,
            item = goods.item,
            kept = status(*kept)
        ),
        Fact::FoundDamaged { quantity, .. } => say!("{quantity} damaged, noted.", quantity),
        Fact::ReceivedShort { missing, .. } => say!("{missing} missing, noted.", missing),
        Fact::BarcodeLearned { item, .. } => say!("Learned: {item}. Scan it again.", item),
        _ => say!("Noted."),
    }
}
