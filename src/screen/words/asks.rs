//! What is asked of the worker at a step.

use crate::flow::{Ask, Missing};
use crate::screen::speech::say;

/// What is to be done now, and the one thing to read from afar.
pub(in crate::screen) fn ask(ask: &Ask) -> (String, Option<String>) {
    match ask {
        Ask::GoToBin(bin) => (say!("Go to, scan bin:"), Some(bin.to_string())),
        Ask::TakeGoods(bin) => (say!("Take from {bin}:", bin), None),
        Ask::BindTote(order) => (say!("Scan a tote for:"), Some(order.to_string())),
        Ask::FetchTotes(bin) => (say!("Fetch what stands at:"), Some(bin.to_string())),
        Ask::FetchTote(_, Some(tote), bin) => {
            (say!("Fetch from {bin}:", bin), Some(tote.to_string()))
        }
        Ask::FetchTote(order, None, bin) => {
            (say!("{order}'s tote from:", order), Some(bin.to_string()))
        }
        Ask::PutInTote(tote, quantity) => (
            say!("Put {quantity} into, scan:", quantity),
            Some(tote.to_string()),
        ),
        Ask::Weigh => (say!("Weigh it, key the kg:"), None),
        Ask::IsBinEmpty(bin) => (say!("Is it empty now?"), Some(bin.to_string())),
        Ask::HowManyLeft(bin) => (say!("How many are left?"), Some(bin.to_string())),
        Ask::BringTo(bin) => (say!("Bring to, scan:"), Some(bin.to_string())),
        Ask::PassOn(bin, zone) => (say!("Leave for zone {zone}:", zone), Some(bin.to_string())),
        Ask::NothingPicked => (say!("Nothing to bring."), None),
        Ask::ScanGoods(bin) => (say!("Scan goods at:"), Some(bin.to_string())),
        Ask::PutInto(bin) => (say!("Put into, scan bin:"), Some(bin.to_string())),
        Ask::HowMany(bin) => (say!("How many into {bin}?", bin), None),
        Ask::FillCarton(carton) => (say!("Scan into carton {carton}:", carton), None),
        Ask::CloseCarton(carton, Some(plate)) => (
            say!("Label carton {carton}:", carton),
            Some(plate.to_string()),
        ),
        Ask::CloseCarton(carton, None) => (say!("Scan carton {carton} label:", carton), None),
        Ask::TakeCarton(carton, kind, _) => super::take_carton(*carton, *kind),
        Ask::WeighCarton(carton, expected) => super::weigh(*carton, *expected),
        Ask::IsWeightRight(weight, expected) => super::is_weight_right(*weight, *expected),
        Ask::GoToDoor(shipment) => (
            say!("Go to door, scan it:"),
            Some(shipment.door.to_string()),
        ),
        Ask::BuildPallet(pallet, cartons) => super::build_pallet(*pallet, *cartons),
        Ask::LoadCarton(stop, carton, pallet) => super::load_carton(*stop, carton, *pallet),
        Ask::Seal(behind) => super::seal(*behind),
        Ask::HandOver(stop, carton) => super::hand_over(stop, carton),
        Ask::NotTaken(_, carton) => super::not_taken(carton),
        Ask::DeliveryCode(stop) => super::delivery_code(stop),
        Ask::Receiver(stop) => super::receiver(stop),
        Ask::TakePlate(bin, plate) => (say!("Pallet from {bin}:", bin), Some(plate.to_string())),
        Ask::ScanToMove => (say!("Scan pallet, or bin to take from:"), None),
        Ask::TakeAny(bin) => (say!("Take what? Scan it:"), Some(bin.to_string())),
        Ask::Bring(held) => (say!("Bring it, scan bin:"), super::stock::in_hand(held)),
        Ask::Complete(Missing::Lot) => (say!("Now scan its lot:"), None),
        Ask::Complete(Missing::Serial) => (say!("Now scan its serial:"), None),
        Ask::ScanBinToCount => (say!("Scan the bin that you count:"), None),
        Ask::CountGoods(bin) => (say!("Count in {bin}:", bin), None),
        Ask::ScanToJudge => (say!("Scan pallet, or bin where it is:"), None),
        Ask::Judge(held) => (say!("What becomes of it?"), super::stock::in_hand(held)),
        Ask::ScanReturnBin => (say!("Scan bin where you put it:"), None),
        Ask::ScanReturned => (say!("Scan what came back:"), None),
        Ask::NameLot => (say!("Scan or key the lot that you made:"), None),
        Ask::MakeInto(bin) => (say!("Now put it into:"), Some(bin.to_string())),
        Ask::TakeApart(whole) => (super::stock::take_apart(whole), None),
        Ask::PutParts(bin) => (say!("Put its parts into:"), Some(bin.to_string())),
        Ask::Door
        | Ask::PutDown
        | Ask::Receive
        | Ask::ReceiveOnto(_)
        | Ask::CheckPlate(_)
        | Ask::Tell(_)
        | Ask::AllIn => super::receive::ask(ask),
        Ask::Done => (say!("All done."), None),
    }
}

/// The rule of the step, for whoever waits a moment.
pub(in crate::screen) const fn hint(ask: &Ask, has_printer: bool) -> Option<&'static str> {
    match ask {
        Ask::CloseCarton(_, Some(_)) if has_printer => Some("Enter prints it. Or scan another."),
        Ask::TakeGoods(_) | Ask::FillCarton(_) | Ask::CountGoods(_) | Ask::ScanReturned => {
            Some("Scan each, or key the total + scan.")
        }
        Ask::TakeApart(_) => Some("Scan each part. F2: it is lost."),
        Ask::TakeAny(_) => Some("All of it: scan the bin once more."),
        Ask::Complete(_) | Ask::NameLot => Some("Not readable? F4 keys it."),
        Ask::MakeInto(_) => Some("Other number? Key it, then scan."),
        Ask::HowManyLeft(_) => Some("Count them, key it, Enter. None: 0."),
        Ask::IsBinEmpty(_) => Some("1 Yes, empty   2 No"),
        Ask::HowMany(_) => Some("Enter: all. Or key how many."),
        Ask::CloseCarton(_, Some(_)) => Some("Stick it on, Enter. Or scan another."),
        Ask::FetchTotes(_) => Some("Scan the bin or one of the totes."),
        Ask::FetchTote(_, None, _) => Some("Scan the tote. None came? An empty one."),
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
        Ask::NotTaken(..) => Some("Scan each. The rest is taken: F2."),
        Ask::DeliveryCode(_) => Some("Key or scan it. None? F2."),
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
        | Ask::FetchTote(_, Some(_), _)
        | Ask::BindTote(_)
        | Ask::PutInTote(..)
        | Ask::BringTo(_)
        | Ask::PassOn(..)
        | Ask::ScanGoods(_)
        | Ask::PutInto(_)
        | Ask::PutParts(_)
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
