//! What is asked of the worker at a step.

use crate::flow::{Ask, Missing};

/// What is to be done now, and the one thing to read from afar.
pub(in crate::screen) fn ask(ask: &Ask) -> (String, Option<String>) {
    match ask {
        Ask::GoToBin(bin) => ("Go to, scan bin:".to_owned(), Some(bin.to_string())),
        Ask::TakeGoods(bin) => (format!("Take from {bin}:"), None),
        Ask::BindTote(order) => ("Scan a tote for:".to_owned(), Some(order.to_string())),
        Ask::FetchTotes(bin) => ("Fetch what stands at:".to_owned(), Some(bin.to_string())),
        Ask::PutInTote(tote, quantity) => (
            format!("Put {quantity} into, scan:"),
            Some(tote.to_string()),
        ),
        Ask::Weigh => ("Weigh it, key the kg:".to_owned(), None),
        Ask::IsBinEmpty(bin) => ("Is it empty now?".to_owned(), Some(bin.to_string())),
        Ask::BringTo(bin) => ("Bring to, scan:".to_owned(), Some(bin.to_string())),
        Ask::NothingPicked => ("Nothing to bring.".to_owned(), None),
        Ask::ScanGoods(bin) => ("Scan goods at:".to_owned(), Some(bin.to_string())),
        Ask::PutInto(bin) => ("Put into, scan bin:".to_owned(), Some(bin.to_string())),
        Ask::HowMany(bin) => (format!("How many into {bin}?"), None),
        Ask::FillCarton(carton) => (format!("Scan into carton {carton}:"), None),
        Ask::CloseCarton(carton, Some(plate)) => {
            (format!("Label carton {carton}:"), Some(plate.to_string()))
        }
        Ask::CloseCarton(carton, None) => (format!("Scan carton {carton} label:"), None),
        Ask::TakeCarton(carton, kind, _) => super::take_carton(*carton, *kind),
        Ask::WeighCarton(carton, expected) => super::weigh(*carton, *expected),
        Ask::IsWeightRight(weight, expected) => super::is_weight_right(*weight, *expected),
        Ask::GoToDoor(shipment) => (
            "Go to door, scan it:".to_owned(),
            Some(shipment.door.to_string()),
        ),
        Ask::BuildPallet(pallet, cartons) => super::build_pallet(*pallet, *cartons),
        Ask::LoadCarton(stop, carton, pallet) => super::load_carton(*stop, carton, *pallet),
        Ask::Seal(behind) => super::seal(*behind),
        Ask::HandOver(stop, carton) => super::hand_over(stop, carton),
        Ask::Receiver(stop) => super::receiver(stop),
        Ask::TakePlate(bin, plate) => (format!("Pallet from {bin}:"), Some(plate.to_string())),
        Ask::ScanToMove => ("Scan pallet, or bin to take from:".to_owned(), None),
        Ask::TakeAny(bin) => ("Take what? Scan it:".to_owned(), Some(bin.to_string())),
        Ask::Bring(held) => (
            "Bring it, scan bin:".to_owned(),
            super::stock::in_hand(held),
        ),
        Ask::Complete(Missing::Lot) => ("Now scan its lot:".to_owned(), None),
        Ask::Complete(Missing::Serial) => ("Now scan its serial:".to_owned(), None),
        Ask::ScanBinToCount => ("Scan the bin that you count:".to_owned(), None),
        Ask::CountGoods(bin) => (format!("Count in {bin}:"), None),
        Ask::ScanToJudge => ("Scan pallet, or bin where it is:".to_owned(), None),
        Ask::Judge(held) => (
            "What becomes of it?".to_owned(),
            super::stock::in_hand(held),
        ),
        Ask::ScanReturnBin => ("Scan bin where you put it:".to_owned(), None),
        Ask::ScanReturned => ("Scan what came back:".to_owned(), None),
        Ask::NameLot => ("Scan or key the lot that you made:".to_owned(), None),
        Ask::MakeInto(bin) => ("Now put it into:".to_owned(), Some(bin.to_string())),
        Ask::Door
        | Ask::PutDown
        | Ask::Receive
        | Ask::ReceiveOnto(_)
        | Ask::CheckPlate(_)
        | Ask::Tell(_)
        | Ask::AllIn => super::receive::ask(ask),
        Ask::Done => ("All done.".to_owned(), None),
    }
}

/// The rule of the step, for whoever waits a moment.
pub(in crate::screen) const fn hint(ask: &Ask, has_printer: bool) -> Option<&'static str> {
    match ask {
        Ask::CloseCarton(_, Some(_)) if has_printer => Some("Enter prints it. Or scan another."),
        Ask::TakeGoods(_) | Ask::FillCarton(_) | Ask::CountGoods(_) | Ask::ScanReturned => {
            Some("Scan each, or key the total + scan.")
        }
        Ask::TakeAny(_) => Some("All of it: scan the bin once more."),
        Ask::Complete(_) | Ask::NameLot => Some("Not readable? F4 keys it."),
        Ask::MakeInto(_) => Some("Other number? Key it, then scan."),
        Ask::IsBinEmpty(_) => Some("1 Yes, empty   2 No"),
        Ask::HowMany(_) => Some("Enter: all. Or key how many."),
        Ask::CloseCarton(_, Some(_)) => Some("Stick it on, Enter. Or scan another."),
        Ask::FetchTotes(_) => Some("Scan the bin or one of the totes."),
        Ask::Weigh => Some("Or scan its weight label."),
        Ask::NothingPicked => Some("Enter ends the task."),
        Ask::TakeCarton(_, Some(_), _) => Some("Enter: I have it. Or scan another."),
        Ask::WeighCarton(..) => Some("Enter: scale. Or key the kg."),
        Ask::IsWeightRight(..) => Some("1 Yes, right   2 No, look and weigh again"),
        Ask::BuildPallet(..) => Some("Scan the next pallet, or the door."),
        Ask::GoToDoor(_) => Some("Or a pallet label, to stack first."),
        Ask::LoadCarton(_, _, Some(_)) => Some("Scan the pallet, or each carton."),
        Ask::LoadCarton(..) => Some("Scan each carton of this stop."),
        Ask::Seal(_) => Some("Key or scan seal. Enter: none."),
        Ask::HandOver(..) => Some("Scan what they take. F2: not taken."),
        Ask::Receiver(_) => Some("Key the name, or scan their code."),
        Ask::Door
        | Ask::PutDown
        | Ask::Receive
        | Ask::ReceiveOnto(_)
        | Ask::CheckPlate(_)
        | Ask::Tell(_)
        | Ask::AllIn => super::receive::hint(ask),
        Ask::Done => Some("Enter: what next?"),
        Ask::GoToBin(_)
        | Ask::BindTote(_)
        | Ask::PutInTote(..)
        | Ask::BringTo(_)
        | Ask::ScanGoods(_)
        | Ask::PutInto(_)
        | Ask::TakeCarton(_, None, _)
        | Ask::TakePlate(..)
        | Ask::ScanToMove
        | Ask::Bring(_)
        | Ask::ScanBinToCount
        | Ask::ScanToJudge
        | Ask::Judge(_)
        | Ask::ScanReturnBin
        | Ask::CloseCarton(_, None) => None,
    }
}
