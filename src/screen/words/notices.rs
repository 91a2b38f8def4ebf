//! What is told of what was just scanned or keyed: taken, refused, and what to do next.

use super::kind;
use crate::flow::{Refusal, Said, SaidKind};
use crate::handheld::Notice;
use crate::screen::speech::say;
use crate::warehouse::{Fact, Lack};

/// What a scan is.
pub(in crate::screen) fn said(said: &Said) -> String {
    let text = &said.text;
    match said.kind {
        SaidKind::Bin => say!("bin {text}", text),
        SaidKind::Badge => say!("badge {text}", text),
        SaidKind::Tote => say!("tote {text}", text),
        SaidKind::Order => say!("order {text}", text),
        SaidKind::Plate => say!("pallet label {text}", text),
        SaidKind::Goods => say!("goods {text}", text),
        SaidKind::Details if text.is_empty() => say!("a label without an item"),
        SaidKind::Details => say!("lot or serial {text}", text),
        SaidKind::Enrolment => say!("an enrolment code"),
        SaidKind::Code => say!("code {text}", text),
    }
}

/// A refusal, with what to do next.
pub(in crate::screen) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotNow(what) => say!(
            "That is {what}. Not now: do what stands above.",
            what = said(what)
        ),
        Refusal::WrongBin { said, wanted } => say!("That is {said}. Go to {wanted}.", said, wanted),
        Refusal::BinFirst { wanted } => say!("First scan the bin {wanted}.", wanted),
        Refusal::GoodsFirst => say!("First scan the goods."),
        Refusal::CountFirst => say!("First key how many are left, Enter."),
        Refusal::ForOffice => say!("Too much for the floor. F4: let the office decide."),
        Refusal::AnswerFirst => say!("First answer: 1 Yes, 2 No."),
        Refusal::OnlyLine => say!("It is the only line left. Short it, or put the task back."),
        Refusal::NotSeen => say!("Nothing of it was read. Go closer, or scan it."),
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
        Refusal::NotHere => say!("Not at this step. Do what stands above."),
        Refusal::AllDone => say!("All done. Press Enter."),
        Refusal::ToteTaken { .. }
        | Refusal::ToteInUse(_)
        | Refusal::WrongTote { .. }
        | Refusal::OtherTote { .. }
        | Refusal::PutFirst(_)
        | Refusal::OtherLine { .. }
        | Refusal::DropNow(_) => super::pick::refusal(refusal),
        Refusal::CartonEmpty
        | Refusal::NoPlateLeft
        | Refusal::PlateUsed(_)
        | Refusal::OtherPlate(_)
        | Refusal::CartonFirst
        | Refusal::WeightFirst
        | Refusal::OtherStop { .. }
        | Refusal::OnPallet(_)
        | Refusal::OnTruck(_)
        | Refusal::HandedOver(_)
        | Refusal::ReceiverFirst
        | Refusal::CodeFirst
        | Refusal::CalledBack { .. }
        | Refusal::CalledBackAboard(_)
        | Refusal::WrongCode => super::ship::refusal(refusal),
        Refusal::NotKnown(_)
        | Refusal::WhereFirst
        | Refusal::WhereTo
        | Refusal::BinFrozen(_)
        | Refusal::NotByTheBook { .. }
        | Refusal::StandsElsewhere { .. }
        | Refusal::ScanPlate(_)
        | Refusal::BinOpen { .. }
        | Refusal::NothingCounted
        | Refusal::JudgeFirst
        | Refusal::AlreadySo => super::stock::refusal(refusal),
        Refusal::OtherGoods { .. }
        | Refusal::NotInWork(_)
        | Refusal::WrongLot { .. }
        | Refusal::WrongSerial { .. }
        | Refusal::SerialTwice(_)
        | Refusal::LotMissing
        | Refusal::SerialMissing
        | Refusal::TooMany { .. }
        | Refusal::FewerThanCounted { .. }
        | Refusal::Nothing
        | Refusal::ScanEach
        | Refusal::AllPacked(_) => goods_refused(refusal),
    }
}

/// A refusal of goods, or of how many.
fn goods_refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::OtherGoods { said: what, wanted } => {
            say!("Wrong: {what}. Take {wanted}.", wanted, what = said(what))
        }
        Refusal::NotInWork(what) => {
            say!("Not in this work: {what}. Put it aside.", what = said(what))
        }
        Refusal::WrongLot { said, wanted } => {
            say!("Lot {said}. Wanted: lot {wanted}.", said, wanted)
        }
        Refusal::WrongSerial { said, wanted } => {
            say!("Serial {said}. Wanted: {wanted}.", said, wanted)
        }
        Refusal::SerialTwice(serial) => {
            say!("Serial {serial} is in already. Take another.", serial)
        }
        Refusal::LotMissing => say!("Now scan the lot code."),
        Refusal::SerialMissing => say!("Now scan the serial."),
        Refusal::TooMany { said, left } => {
            say!(
                "That is {said}, only {left} wanted. Key how many.",
                said,
                left
            )
        }
        Refusal::FewerThanCounted { counted } => {
            say!("{counted} are in already. Undo to take back.", counted)
        }
        Refusal::Nothing => say!("Key how many, more than 0."),
        Refusal::ScanEach => say!("Each has a serial: scan each one."),
        Refusal::AllPacked(item) => say!("All of {item} is done. Put it aside.", item),
        _ => String::new(),
    }
}

/// A notice.
pub(in crate::screen) fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Refused(why) | Notice::PartRead(why) => refusal(why),
        Notice::NotWanted(_, name) => say!("{name} is not wanted here. Put it back.", name),
        Notice::Recorded(facts) => super::several::facts(facts)
            .or_else(|| super::stock::facts(facts))
            .or_else(|| facts.iter().find(|it| tells(it)).map(fact))
            .unwrap_or_default(),
        Notice::Finished(title) => super::stock::finished(title.as_str()),
        Notice::TakenBack => say!("Last step undone."),
        Notice::NothingToTakeBack => say!("Nothing to undo here."),
        Notice::DoubleRead => say!("Read twice, counted once. For one more, scan again."),
        Notice::Unreadable(why) => format!("{why}"),
        Notice::NotRecorded(why) => {
            say!(
                "NOT SAVED: {why}. Scan again; if it stays, call your lead.",
                why
            )
        }
        Notice::Trouble(why) => say!("Memory trouble: {why}. Call your lead.", why),
        Notice::GoingOn => say!("Going on where you stopped."),
        Notice::PracticeBegun => say!("Practice: try anything, nothing counts."),
        Notice::PracticeOver => say!("Practice is over. All is as it was."),
        Notice::PutBack => say!("Task put back."),
        Notice::NoWork => say!("No task is free. F2 asks the office."),
        Notice::TakenByOther(device) => say!("{device} has it. Take another.", device),
        Notice::NotForYou(Lack::Job(job)) => {
            say!(
                "You are not down for {job}. Take another.",
                job = kind(*job)
            )
        }
        Notice::NotForYou(Lack::Zone(zone)) => {
            say!("You are not down for zone {zone}. Take another.", zone)
        }
        Notice::NotForYou(Lack::Equipment(needed)) => {
            say!("That needs {needed}. Take another.", needed)
        }
        Notice::NotReady => say!("Still being picked. Take another."),
        Notice::CountedByYou => say!("You counted it first. Another worker must."),
        Notice::FinishFirst => say!("First finish the open task."),
        Notice::NoTaskFor(what) => say!("No task for {what}.", what = said(what)),
        Notice::NoSuchZone(zone) => say!("There is no zone {zone}. Scan a bin of it.", zone),
        Notice::NoSuchBin(bin) => say!("There is no bin {bin}. Scan another.", bin),
        Notice::BinFrozen(bin) => say!("{bin} is frozen. Scan another.", bin),
        Notice::ScanOtherBin => say!("Now scan the bin you use."),
        Notice::OtherBins(bins) => {
            let has = |(bin, quantity): &(_, _)| say!("{bin} has {quantity}", bin, quantity);
            let bins: Vec<String> = bins.iter().map(has).collect();
            say!("{join}. Scan the bin you use.", join = bins.join(", "))
        }
        Notice::WhyBin(why) => super::receive::why_bin(why),
        Notice::UnknownBadge(badge) => {
            say!("Badge {badge} is not known here. Ask your lead.", badge)
        }
        Notice::NotFetched => say!("Not ready: the office's data is on its way. Wait."),
        Notice::BadgeFirst => say!("First scan your badge."),
        Notice::NotABadge(what) => say!("That is {what}. Scan your badge.", what = said(what)),
        Notice::WrongPin(left) => say!("Wrong PIN. {left} tries left.", left),
        Notice::WaitForPin(seconds) => say!("Too many wrong PINs. Wait {seconds} s.", seconds),
        Notice::NoPin => say!("No PIN is set for you. Ask the office."),
        Notice::SignOutFirst => say!("Someone is signed in. Sign out first."),
        Notice::Syncing => say!("Asking the office …"),
        Notice::Enrolled(warehouse) => say!("This handheld belongs to {warehouse} now.", warehouse),
        Notice::NotEnrolled(why) => say!("Not taken in: {why}", why),
        Notice::NotAnEnrolment(what) => {
            say!("That is {what}. Scan the office's code.", what = said(what))
        }
        Notice::Barred(why) => say!("The office bars this handheld: {why}", why),
        Notice::AtOffice(note) => say!(
            "Office: {note}",
            note = super::stock::without_own(note.as_str())
        ),
        Notice::MessageCame => say!("The office wrote. Read it in the menu."),
        Notice::LeadOnly => say!("Only a lead may do this."),
        Notice::Healed(what) => say!("Memory made whole: {what}.", what),
        Notice::NotReached(why) => say!("Office not reached, all is kept here: {why}", why),
        Notice::AllAtOffice => say!("Everything is at the office."),
        Notice::StillSending(count) => say!("Sending, {count} to go.", count),
        Notice::Weighing
        | Notice::NoWeight(_)
        | Notice::PrinterAway(..)
        | Notice::LabelTakenBack => super::ship::hardware(notice),
    }
}

/// Of an act of several facts that which says most.
const fn tells(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::Approved { .. } | Fact::LineAdded { .. } | Fact::TagsTaken { .. }
    )
}

/// A fact that was just put on disk.
fn fact(fact: &Fact) -> String {
    match fact {
        Fact::BinConfirmed { bin, .. } => say!("Bin {bin}.", bin),
        Fact::GoodsConfirmed { .. } => say!("Goods found."),
        Fact::PutAway { quantity, to, .. } => say!("{quantity} put into {to}.", quantity, to),
        Fact::PutShort { missing, .. } | Fact::PackedShort { missing, .. } => {
            say!("{missing} missing, noted.", missing)
        }
        Fact::Packed { .. }
        | Fact::CartonClosed { .. }
        | Fact::CartonBegun { .. }
        | Fact::WeightDiffered { .. }
        | Fact::WeightDoubted { .. }
        | Fact::CartonWeighed { .. }
        | Fact::DoorConfirmed { .. }
        | Fact::PalletBegun { .. }
        | Fact::Palletized { .. }
        | Fact::PalletClosed { .. }
        | Fact::Loaded { .. }
        | Fact::LeftBehind { .. }
        | Fact::TruckClosed { .. }
        | Fact::Delivered { .. }
        | Fact::Refused { .. }
        | Fact::CartonOpened { .. }
        | Fact::CodeShown { .. }
        | Fact::DeliveredShort { .. }
        | Fact::DeliverySigned { .. }
        | Fact::BroughtBack { .. }
        | Fact::LabelWanted { .. } => super::ship::fact(fact),
        Fact::TagsCounted { area, .. } => say!("Count of {area} noted. Next bin?", area),
        Fact::GoodsNamed { .. }
        | Fact::Tallied { .. }
        | Fact::BinCounted { .. }
        | Fact::PartCounted { .. }
        | Fact::Taken { .. }
        | Fact::TakenShort { .. }
        | Fact::Put { .. }
        | Fact::Restated { .. }
        | Fact::Returned { .. }
        | Fact::Assembled { .. }
        | Fact::PartLost { .. }
        | Fact::Disassembled { .. } => super::stock::stock(fact).unwrap_or_default(),
        Fact::Docked { .. }
        | Fact::PlateConfirmed { .. }
        | Fact::PlateChosen { .. }
        | Fact::LineAdded { .. }
        | Fact::LabelRead { .. }
        | Fact::TagsTaken { .. }
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
        | Fact::Undone { .. } => say!("Noted."),
        Fact::Picked { .. }
        | Fact::PickedShort { .. }
        | Fact::BinChecked { .. }
        | Fact::LineHeld { .. }
        | Fact::Substituted { .. }
        | Fact::ToteBound { .. }
        | Fact::ToteFilled { .. }
        | Fact::TakenInHand { .. }
        | Fact::Weighed { .. }
        | Fact::SetAside { .. }
        | Fact::ToteChosen { .. }
        | Fact::LeftStanding { .. }
        | Fact::TakenOver { .. }
        | Fact::TotesPutDown { .. }
        | Fact::ToteTakenUp { .. }
        | Fact::LineSkipped { .. }
        | Fact::Dropped { .. } => super::pick::fact(fact),
    }
}
