//! What is asked and told at receiving and of the bins that goods are sent to.

use crate::flow::{Ask, Choice, Detail, Refusal};
use crate::warehouse::{BinKind, Fact, PutBy, Quantity, Sscc, Status, Temperature, Unfit, WhyBin};

use super::said;

pub(in crate::screen) const LEAD_WANTED: &str = "A lead must agree. Scan the lead's badge:";
pub(in crate::screen) const WHICH_ITEM: &str = "What is this label?";
pub(in crate::screen) const HOW_MANY_IN_IT: &str = "How many are in it?";
pub(in crate::screen) const ONE_IF_EMPTY: &str = "Key how many, Enter. Enter alone: one.";

pub(in crate::screen) fn lead_pin(name: &str) -> String {
    format!("PIN of {name}, Enter:")
}

/// The last digits of a license plate: what people read of it.
fn end(plate: Sscc) -> String {
    format!("…{}", plate.to_string().split_off(12))
}

/// The question of a step of receiving.
pub(super) fn ask(ask: &Ask) -> (String, Option<String>) {
    let text = |text: &str| (text.to_owned(), None);
    match ask {
        Ask::Door => text("Scan the dock door where it stands:"),
        Ask::PutDown => text("Scan the bin where you put it down:"),
        Ask::ReceiveOnto(plate) => (format!("Scan onto pallet {}:", end(*plate)), None),
        Ask::CheckPlate(plate) => ("All on this pallet?".to_owned(), Some(plate.to_string())),
        Ask::Tell(Detail::Lot) => text("Scan or key the lot:"),
        Ask::Tell(Detail::Expiry) => ("Key the last day:".to_owned(), Some("YYMMDD".to_owned())),
        Ask::Tell(Detail::Serial) => text("Scan or key the serial:"),
        Ask::Tell(Detail::Weight) => ("Weigh it, key:".to_owned(), Some("kg".to_owned())),
        Ask::AllIn => ("All in?".to_owned(), Some("Enter closes".to_owned())),
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
        Choice::Why => ("Why this bin?", "Why"),
        _ => ("", ""),
    }
}

/// A refusal at receiving, with what to do next.
pub(super) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::DoorFirst => "First scan the dock door.".to_owned(),
        Refusal::NotADoor(what) => format!("That is {}. Scan a dock door.", said(what)),
        Refusal::NotForArrivals(what) => {
            format!("Not for this: {}. Scan another bin.", said(what))
        }
        Refusal::PlateIn(plate) => format!("Pallet {} is in already. Next one.", end(*plate)),
        Refusal::PlateNotAnnounced(plate) => {
            format!(
                "Pallet {} not announced. Scan again to count it.",
                end(*plate)
            )
        }
        Refusal::OnPlate(plate) => format!("It comes on pallet {}: scan that.", end(*plate)),
        Refusal::CountIt(name) => format!("Not all is told of {name}. F2: count it."),
        Refusal::KeptBack => "It is kept back. Press Enter, leave it here.".to_owned(),
        Refusal::NotOnOrder(name) => format!("Not ordered: {name}. F2 takes it."),
        Refusal::UnknownCode(what) => format!("Not known: {}. F2 if you know it.", said(what)),
        Refusal::OverOrder { would, ordered } => {
            format!("{would} in all, ordered {ordered}. F2 asks a lead.")
        }
        Refusal::Expired(day) => format!("Past its day, {day}. Refuse it, or F2."),
        Refusal::TooNear { day, wanted } => format!("{day} is too near, wanted {wanted}. Or F2."),
        Refusal::BadDay => "No such day. Key year, month, day: 270131.".to_owned(),
        Refusal::NotAllIn {
            lines: 1,
            missing,
            of,
        } => format!("{missing} {of} missing. F2 closes without."),
        Refusal::NotAllIn { lines, missing, of } => {
            format!(
                "{missing} {of} missing, {} lines more. F2 closes.",
                lines - 1
            )
        }
        Refusal::BinUnfit { bin, why } => format!("{bin} {}. Or F2.", unfit(why)),
        _ => String::new(),
    }
}

/// Why a bin cannot take goods.
fn unfit(why: &Unfit) -> String {
    match why {
        Unfit::Frozen => "is frozen".to_owned(),
        Unfit::Kind { kind } => format!("is {}", bin_kind(*kind)),
        Unfit::Status { there } => format!("holds {} goods", status(*there)),
        Unfit::Temperature { is, .. } => format!("is {}", warm(*is)),
        Unfit::Hazard { .. } => "holds goods of another hazard".to_owned(),
        Unfit::OtherItem { there } => format!("is only for {there}"),
        Unfit::OtherLot { there: Some(lot) } => format!("is only for lot {lot}"),
        Unfit::OtherLot { there: None } => "is only for another lot".to_owned(),
        Unfit::Weight { most, .. } => format!("bears {} kg", most / 1000),
        Unfit::Volume { .. } => "has no room".to_owned(),
        Unfit::Height { most, .. } => format!("is {} cm high", most / 10),
        Unfit::Promised { .. } => "is promised to others".to_owned(),
    }
}

pub(in crate::screen) const fn bin_kind(kind: BinKind) -> &'static str {
    match kind {
        BinKind::PickFace => "pick face",
        BinKind::Reserve => "reserve",
        BinKind::Receiving => "receiving",
        BinKind::Packing => "packing",
        BinKind::Dock => "dock",
        BinKind::Quarantine => "quarantine",
        BinKind::Staging => "staging",
        BinKind::Returns => "returns",
    }
}

const fn warm(temperature: Temperature) -> &'static str {
    match temperature {
        Temperature::Ambient => "not cooled",
        Temperature::Chilled => "chilled",
        Temperature::Frozen => "deep-frozen",
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Available => "free",
        Status::OnHold => "held",
        Status::Damaged => "damaged",
        Status::Expired => "expired",
    }
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
    format!("{by}, {metres} m. {} others would do.", why.others)
}

/// A fact of receiving that was just put on disk.
pub(super) fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Docked { door, .. } => format!("Door {door}."),
        Fact::PlateConfirmed { .. } => "Pallet found.".to_owned(),
        Fact::PlateChosen { plate: Some(plate) } => format!("Onto pallet {}.", end(*plate)),
        Fact::PlateChosen { plate: None } => "On no pallet.".to_owned(),
        Fact::LineAdded { item, .. } => format!("{} is taken in.", item.code),
        Fact::LabelRead { .. } => "Read. One more thing.".to_owned(),
        Fact::Received {
            quantity,
            goods,
            status: Status::Available,
            ..
        } => format!("{quantity} x {} in.", goods.item),
        Fact::Received {
            quantity,
            goods,
            status: kept,
            ..
        } => format!("{quantity} x {} in, {}.", goods.item, status(*kept)),
        Fact::FoundDamaged { quantity, .. } => format!("{quantity} damaged, noted."),
        Fact::ReceivedShort { missing, .. } => format!("{missing} missing, noted."),
        Fact::BarcodeLearned { item, .. } => format!("Learned: {item}. Scan it again."),
        _ => "Noted.".to_owned(),
    }
}
