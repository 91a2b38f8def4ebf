//! What is told of what was just scanned or keyed: taken, refused, and what to do next.

use super::kind;
use crate::flow::{Refusal, Said, SaidKind};
use crate::handheld::Notice;
use crate::warehouse::{Fact, Lack};

/// What a scan is.
pub(in crate::screen) fn said(said: &Said) -> String {
    let text = &said.text;
    match said.kind {
        SaidKind::Bin => format!("bin {text}"),
        SaidKind::Badge => format!("badge {text}"),
        SaidKind::Tote => format!("tote {text}"),
        SaidKind::Order => format!("order {text}"),
        SaidKind::Plate => format!("pallet label {text}"),
        SaidKind::Goods => format!("goods {text}"),
        SaidKind::Details if text.is_empty() => "a label without an item".to_owned(),
        SaidKind::Details => format!("lot or serial {text}"),
        SaidKind::Enrolment => "an enrolment code".to_owned(),
        SaidKind::Code => format!("code {text}"),
    }
}

/// A refusal, with what to do next.
pub(in crate::screen) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotNow(what) => format!("That is {}. Not now: do what stands above.", said(what)),
        Refusal::WrongBin { said, wanted } => format!("That is {said}. Go to {wanted}."),
        Refusal::OtherLine { said, line } => {
            format!("{said} is line {line}. Scan again to do that first.")
        }
        Refusal::BinFirst { wanted } => format!("First scan the bin {wanted}."),
        Refusal::GoodsFirst => "First scan the goods.".to_owned(),
        Refusal::OtherGoods { said: what, wanted } => {
            format!("Wrong: {}. Take {wanted}.", said(what))
        }
        Refusal::NotInWork(what) => format!("Not in this work: {}. Put it aside.", said(what)),
        Refusal::WrongLot { said, wanted } => format!("Lot {said}. Wanted: lot {wanted}."),
        Refusal::WrongSerial { said, wanted } => format!("Serial {said}. Wanted: {wanted}."),
        Refusal::SerialTwice(serial) => format!("Serial {serial} is in already. Take another."),
        Refusal::LotMissing => "Now scan the lot code.".to_owned(),
        Refusal::SerialMissing => "Now scan the serial.".to_owned(),
        Refusal::TooMany { said, left } => {
            format!("That is {said}, only {left} wanted. Key how many.")
        }
        Refusal::FewerThanCounted { counted } => {
            format!("{counted} are in already. Undo to take back.")
        }
        Refusal::Nothing => "Key how many, more than 0.".to_owned(),
        Refusal::ScanEach => "Each has a serial: scan each one.".to_owned(),
        Refusal::AnswerFirst => "First answer: 1 Yes, 2 No.".to_owned(),
        Refusal::OnlyLine => "It is the only line left. Short it, or put the task back.".to_owned(),
        Refusal::AllPacked(item) => format!("All of {item} is done. Put it aside."),
        Refusal::CartonEmpty => "Nothing is in this carton. Scan a unit into it.".to_owned(),
        Refusal::NoPlateLeft => "No label left. Scan a printed SSCC label.".to_owned(),
        Refusal::PlateUsed(plate) => format!("{plate} is on another carton. Take a new label."),
        Refusal::CartonFirst => "First take a carton: scan its label.".to_owned(),
        Refusal::WeightFirst => "Weigh it: key the kg, Enter.".to_owned(),
        Refusal::OtherStop { said, wanted } => {
            format!("That is for stop {said}, now is {wanted}. Scan again if you mean it.")
        }
        Refusal::OnPallet(plate) => format!("It is on pallet {} already.", super::tail(*plate)),
        Refusal::OnTruck(_) => "It is on the truck already. Take another.".to_owned(),
        Refusal::HandedOver(_) => "Noted already. Take another.".to_owned(),
        Refusal::ReceiverFirst => "First key who received it.".to_owned(),
        Refusal::NotSeen => "Nothing of it was read. Go closer, or scan it.".to_owned(),
        Refusal::OtherPlate(plate) => {
            let end = plate.to_string().split_off(12);
            format!("Label …{end} is not this order's. Scan again to use it.")
        }
        Refusal::ToteTaken { tote, order } => format!("{tote} is for {order}. Take another tote."),
        Refusal::ToteInUse(tote) => format!("{tote} is not empty. Take another tote."),
        Refusal::WrongTote {
            said,
            order: Some(order),
            wanted,
        } => format!("{said} is {order}'s. Put it into {wanted}."),
        Refusal::WrongTote { said, wanted, .. } => {
            format!("{said} is none of these. Put it into {wanted}.")
        }
        Refusal::PutFirst(tote) => format!("First put what you hold into {tote}, scan it."),
        Refusal::DropNow(bin) => format!("Put all down at {bin} now? Scan it again."),
        Refusal::NotKnown(what) => format!("Not known here: {}. Put it aside.", said(what)),
        Refusal::WhereFirst => "First scan the bin, or a pallet.".to_owned(),
        Refusal::WhereTo => "First scan the bin where it goes.".to_owned(),
        Refusal::BinFrozen(bin) => format!("{bin} is frozen. You must? Scan it again."),
        Refusal::NotByTheBook { there, bin } => {
            format!("The book has {there} in {bin}. Sure? Scan it again.")
        }
        Refusal::StandsElsewhere { bin, .. } => {
            format!("By the book it is in {bin}. Sure? Scan it again.")
        }
        Refusal::ScanPlate(plate) => {
            format!("Scan the pallet's own label {}.", super::stock::end(*plate))
        }
        Refusal::BinOpen { open, .. } => format!("First end {open}: press F2."),
        Refusal::NothingCounted => "Nothing counted yet. Is it empty? Press F2.".to_owned(),
        Refusal::JudgeFirst => "First key what becomes of it.".to_owned(),
        Refusal::AlreadySo => "It is so already. Key another, or F3.".to_owned(),
        Refusal::DoorFirst
        | Refusal::NotADoor(_)
        | Refusal::NotForArrivals(_)
        | Refusal::PlateIn(_)
        | Refusal::PlateNotAnnounced(_)
        | Refusal::OnPlate(_)
        | Refusal::CountIt(_)
        | Refusal::KeptBack
        | Refusal::NotOnOrder(_)
        | Refusal::UnknownCode(_)
        | Refusal::OverOrder { .. }
        | Refusal::Expired(_)
        | Refusal::TooNear { .. }
        | Refusal::BadDay
        | Refusal::NotAllIn { .. }
        | Refusal::BinUnfit { .. } => super::receive::refusal(refusal),
        Refusal::NotHere => "Not at this step. Do what stands above.".to_owned(),
        Refusal::AllDone => "All done. Press Enter.".to_owned(),
    }
}

/// A notice.
pub(in crate::screen) fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Refused(why) | Notice::PartRead(why) => refusal(why),
        Notice::NotWanted(_, name) => format!("{name} is not wanted here. Put it back."),
        Notice::Recorded(facts) => super::stock::facts(facts)
            .or_else(|| facts.iter().find(|it| tells(it)).map(fact))
            .unwrap_or_default(),
        Notice::Finished(title) => super::stock::finished(title.as_str()),
        Notice::TakenBack => "Last step undone.".to_owned(),
        Notice::NothingToTakeBack => "Nothing to undo here.".to_owned(),
        Notice::DoubleRead => "Read twice, counted once. For one more, scan again.".to_owned(),
        Notice::Unreadable(why) => format!("{why}"),
        Notice::NotRecorded(why) => {
            format!("NOT SAVED: {why}. Scan again; if it stays, call your lead.")
        }
        Notice::Trouble(why) => format!("Memory trouble: {why}. Call your lead."),
        Notice::GoingOn => "Going on where you stopped.".to_owned(),
        Notice::PutBack => "Task put back.".to_owned(),
        Notice::NoWork => "No task is free. F2 asks the office.".to_owned(),
        Notice::TakenByOther(device) => format!("{device} has it. Take another."),
        Notice::NotForYou(Lack::Job(job)) => {
            format!("You are not down for {}. Take another.", kind(*job))
        }
        Notice::NotForYou(Lack::Zone(zone)) => {
            format!("You are not down for zone {zone}. Take another.")
        }
        Notice::NotForYou(Lack::Equipment(needed)) => {
            format!("That needs {needed}. Take another.")
        }
        Notice::NotReady => "Still being picked. Take another.".to_owned(),
        Notice::CountedByYou => "You counted it first. Another worker must.".to_owned(),
        Notice::FinishFirst => "First finish the open task.".to_owned(),
        Notice::NoTaskFor(what) => format!("No task for {}.", said(what)),
        Notice::NoSuchZone(zone) => format!("There is no zone {zone}. Scan a bin of it."),
        Notice::NoSuchBin(bin) => format!("There is no bin {bin}. Scan another."),
        Notice::BinFrozen(bin) => format!("{bin} is frozen. Scan another."),
        Notice::ScanOtherBin => "Now scan the bin you use.".to_owned(),
        Notice::OtherBins(bins) => {
            let has = |(bin, quantity): &(_, _)| format!("{bin} has {quantity}");
            let bins: Vec<String> = bins.iter().map(has).collect();
            format!("{}. Scan the bin you use.", bins.join(", "))
        }
        Notice::WhyBin(why) => super::receive::why_bin(why),
        Notice::UnknownBadge(badge) => format!("Badge {badge} is not known here. Ask your lead."),
        Notice::NotFetched => "Not ready: the office's data is on its way. Wait.".to_owned(),
        Notice::BadgeFirst => "First scan your badge.".to_owned(),
        Notice::NotABadge(what) => format!("That is {}. Scan your badge.", said(what)),
        Notice::WrongPin(left) => format!("Wrong PIN. {left} tries left."),
        Notice::WaitForPin(seconds) => format!("Too many wrong PINs. Wait {seconds} s."),
        Notice::NoPin => "No PIN is set for you. Ask the office.".to_owned(),
        Notice::SignOutFirst => "Someone is signed in. Sign out first.".to_owned(),
        Notice::Syncing => "Asking the office …".to_owned(),
        Notice::Enrolled(warehouse) => format!("This handheld belongs to {warehouse} now."),
        Notice::NotEnrolled(why) => format!("Not taken in: {why}"),
        Notice::NotAnEnrolment(what) => format!("That is {}. Scan the office's code.", said(what)),
        Notice::Barred(why) => format!("The office bars this handheld: {why}"),
        Notice::AtOffice(note) => format!("Office: {note}"),
        Notice::Weighing => "Weighing …".to_owned(),
        Notice::NoWeight(why) => format!("Scale: {why}. Enter again, or key the kg."),
        Notice::PrinterAway(name, why) => format!("Label waits for {name}: {why}."),
        Notice::LabelTakenBack => "What it was for was taken back. Nothing to print.".to_owned(),
        Notice::MessageCame => "The office wrote. Read it in the menu.".to_owned(),
        Notice::LeadOnly => "Only a lead may do this.".to_owned(),
        Notice::Healed(what) => format!("Memory made whole: {what}."),
        Notice::NotReached(why) => format!("Office not reached, all is kept here: {why}"),
        Notice::AllAtOffice => "Everything is at the office.".to_owned(),
        Notice::StillSending(count) => format!("Sending, {count} to go."),
    }
}

/// Of an act of several facts that which says most.
const fn tells(fact: &Fact) -> bool {
    !matches!(fact, Fact::Approved { .. } | Fact::LineAdded { .. })
}

/// A fact that was just put on disk.
fn fact(fact: &Fact) -> String {
    match fact {
        Fact::BinConfirmed { bin, .. } => format!("Bin {bin}."),
        Fact::GoodsConfirmed { .. } => "Goods found.".to_owned(),
        Fact::Picked {
            quantity, goods, ..
        } => format!("{quantity} x {} taken.", goods.item),
        Fact::PickedShort { missing, .. } => format!("{missing} short, noted."),
        Fact::ToteBound { order, tote } => format!("{tote} is for {order}."),
        Fact::ToteFilled { tote, .. } => format!("{tote} is full. Take a new tote."),
        Fact::TakenInHand {
            quantity, goods, ..
        } => format!("{quantity} x {} in hand.", goods.item),
        Fact::Weighed { grams, .. } => {
            format!("{}.{:03} kg noted.", grams / 1000, grams % 1000)
        }
        Fact::SetAside { quantity, .. } => format!("{quantity} set aside."),
        Fact::ToteChosen { tote } => format!("Now bring {tote}."),
        Fact::LeftStanding { bin, .. } => format!("Left at {bin} for the next one."),
        Fact::TakenOver { .. } => "Taken over. Going on.".to_owned(),
        Fact::LineSkipped { .. } => "Moved to the end.".to_owned(),
        Fact::BinChecked { empty: true, .. } => "Bin is empty, noted.".to_owned(),
        Fact::BinChecked { empty: false, .. } => {
            "Bin not empty, noted: it will be counted.".to_owned()
        }
        Fact::Dropped { bin, .. } => format!("Brought to {bin}."),
        Fact::PutAway { quantity, to, .. } => format!("{quantity} put into {to}."),
        Fact::Packed {
            quantity,
            goods,
            carton,
            ..
        } => format!("{quantity} x {} in carton {carton}.", goods.item),
        Fact::PutShort { missing, .. } | Fact::PackedShort { missing, .. } => {
            format!("{missing} missing, noted.")
        }
        Fact::CartonClosed { carton, sscc, .. } => format!("Carton {carton} closed: {sscc}"),
        Fact::CartonBegun { kind, carton, .. } => format!("Carton {carton} is a {kind}."),
        Fact::WeightDiffered { .. } => "Not the weight it should be.".to_owned(),
        Fact::WeightDoubted { .. } => "Open it, look, weigh again.".to_owned(),
        Fact::CartonWeighed { weight_g, .. } => format!("{} noted.", super::kilograms(*weight_g)),
        Fact::DoorConfirmed { door, .. } => format!("Door {door}."),
        Fact::PalletBegun { pallet, .. } => format!("Pallet {} begun.", super::tail(*pallet)),
        Fact::Palletized { carton, pallet, .. } => {
            format!(
                "{} on pallet {}.",
                super::tail(*carton),
                super::tail(*pallet)
            )
        }
        Fact::PalletClosed { pallet, .. } => format!("Pallet {} is done.", super::tail(*pallet)),
        Fact::Loaded { plate, .. } => format!("{} is on the truck.", super::tail(*plate)),
        Fact::LeftBehind { plate, .. } => format!("{} stays here, noted.", super::tail(*plate)),
        Fact::TruckClosed { .. } => "The truck is closed.".to_owned(),
        Fact::Delivered { plate, .. } => format!("{} handed over.", super::tail(*plate)),
        Fact::Refused { plate, .. } => format!("{} refused: take it back.", super::tail(*plate)),
        Fact::DeliveredShort { plate, .. } => format!("{} missing, noted.", super::tail(*plate)),
        Fact::DeliverySigned { receiver, .. } => format!("Received by {receiver}."),
        Fact::BroughtBack { bin, .. } => format!("Back at {bin}."),
        Fact::LabelWanted { .. } => "The label goes to the printer.".to_owned(),
        Fact::TagsCounted { area, .. } => format!("Count of {area} noted. Next bin?"),
        Fact::GoodsNamed { .. }
        | Fact::Tallied { .. }
        | Fact::BinCounted { .. }
        | Fact::Taken { .. }
        | Fact::TakenShort { .. }
        | Fact::Put { .. }
        | Fact::Restated { .. }
        | Fact::Returned { .. }
        | Fact::Assembled { .. } => super::stock::stock(fact).unwrap_or_default(),
        Fact::Docked { .. }
        | Fact::PlateConfirmed { .. }
        | Fact::PlateChosen { .. }
        | Fact::LineAdded { .. }
        | Fact::LabelRead { .. }
        | Fact::Received { .. }
        | Fact::FoundDamaged { .. }
        | Fact::ReceivedShort { .. }
        | Fact::BarcodeLearned { .. }
        | Fact::Approved { .. } => super::receive::fact(fact),
        Fact::SignedIn { .. }
        | Fact::SignedOut { .. }
        | Fact::MessageRead { .. }
        | Fact::TaskOpened { .. }
        | Fact::TaskStarted { .. }
        | Fact::TaskLeft
        | Fact::TaskFinished
        | Fact::Undone { .. } => "Noted.".to_owned(),
    }
}
