//! What is asked of the worker at a step.

use crate::flow::{Ask, Missing};

/// What is to be done now, and the one thing to read from afar.
pub(in crate::screen) fn ask(ask: &Ask) -> (String, Option<String>) {
    match ask {
        Ask::GoToBin(bin) => ("Go to, scan bin:".to_owned(), Some(bin.to_string())),
        Ask::TakeGoods(bin) => (format!("Take from {bin}:"), None),
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
pub(in crate::screen) const fn hint(ask: &Ask) -> Option<&'static str> {
    match ask {
        Ask::TakeGoods(_) | Ask::FillCarton(_) | Ask::CountGoods(_) | Ask::ScanReturned => {
            Some("Scan each, or key the total + scan.")
        }
        Ask::TakeAny(_) => Some("All of it: scan the bin once more."),
        Ask::Complete(_) | Ask::NameLot => Some("Not readable? F4 keys it."),
        Ask::MakeInto(_) => Some("Other number? Key it, then scan."),
        Ask::IsBinEmpty(_) => Some("1 Yes, empty   2 No"),
        Ask::HowMany(_) => Some("Enter: all. Or key how many."),
        Ask::CloseCarton(_, Some(_)) => Some("Stick it on, Enter. Or scan another."),
        Ask::NothingPicked => Some("Enter ends the task."),
        Ask::Door
        | Ask::PutDown
        | Ask::Receive
        | Ask::ReceiveOnto(_)
        | Ask::CheckPlate(_)
        | Ask::Tell(_)
        | Ask::AllIn => super::receive::hint(ask),
        Ask::Done => Some("Enter: what next?"),
        Ask::GoToBin(_)
        | Ask::BringTo(_)
        | Ask::ScanGoods(_)
        | Ask::PutInto(_)
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
