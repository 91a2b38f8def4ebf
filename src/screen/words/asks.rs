//! What is asked of the worker at a step.

use crate::flow::Ask;

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
        Ask::Done => ("All done.".to_owned(), None),
    }
}

/// The rule of the step, for whoever waits a moment.
pub(in crate::screen) const fn hint(ask: &Ask) -> Option<&'static str> {
    match ask {
        Ask::TakeGoods(_) | Ask::FillCarton(_) => Some("Scan each, or key the total + scan."),
        Ask::IsBinEmpty(_) => Some("1 Yes, empty   2 No"),
        Ask::HowMany(_) => Some("Enter: all. Or key how many."),
        Ask::CloseCarton(_, Some(_)) => Some("Stick it on, Enter. Or scan another."),
        Ask::NothingPicked => Some("Enter ends the task."),
        Ask::Done => Some("Enter: what next?"),
        Ask::GoToBin(_)
        | Ask::BringTo(_)
        | Ask::ScanGoods(_)
        | Ask::PutInto(_)
        | Ask::CloseCarton(_, None) => None,
    }
}
