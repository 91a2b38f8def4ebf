//! What is told of picking: totes, what was taken, what was left.

use super::kilograms;
use crate::flow::{Refusal, Said};
use crate::scan::Scan;
use crate::screen::speech::{say, tr};
use crate::warehouse::{Fact, PickLine};

/// What the list of work was narrowed to.
pub(in crate::screen) fn only(scan: &Scan) -> String {
    let code = Said::of(scan).text;
    say!("Only for {code}. Esc: all", code)
}

/// What can be taken instead, each with how much of it, and where and what it is where there is room; and that nothing is.
pub(in crate::screen) fn instead(lines: &[PickLine], width: usize) -> Vec<String> {
    let row = |line: &PickLine| {
        let short = format!("{} x{}", line.item.code, line.quantity);
        match width {
            0..30 => short,
            _ => format!("{short}  {}  {}", line.bin, line.item.name),
        }
    };
    let none = tr("No, leave it short").to_owned();
    lines.iter().map(row).chain([none]).collect()
}

/// A refusal of totes.
pub(super) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::ToteTaken { tote, order } => {
            say!("{tote} is for {order}. Take another tote.", tote, order)
        }
        Refusal::ToteInUse(tote) => say!("{tote} is not empty. Take another tote.", tote),
        Refusal::WrongTote {
            said,
            order: Some(order),
            wanted,
        } => say!(
            "{said} is {order}'s. Put it into {wanted}.",
            said,
            order,
            wanted
        ),
        Refusal::WrongTote { said, wanted, .. } => {
            say!(
                "{said} is none of these. Put it into {wanted}.",
                said,
                wanted
            )
        }
        Refusal::OtherLine { said, line } => {
            say!(
                "{said} is line {line}. Scan again to do that first.",
                said,
                line
            )
        }
        Refusal::OtherTote {
            said,
            wanted,
            order,
        } => say!(
            "{said} is not {order}'s, {wanted} is. Meant? Scan again.",
            said,
            order,
            wanted
        ),
        Refusal::PutFirst(tote) => say!("First put what you hold into {tote}, scan it.", tote),
        Refusal::DropNow(bin) => say!("Put all down at {bin} now? Scan it again.", bin),
        _ => String::new(),
    }
}

/// A fact of picking that was just put on disk.
pub(super) fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Picked {
            quantity, goods, ..
        } => say!("{quantity} x {item} taken.", quantity, item = goods.item),
        Fact::PickedShort { missing, .. } => say!("{missing} short, noted.", missing),
        Fact::BinChecked { empty: true, .. } => say!("Bin is empty, noted."),
        Fact::BinChecked { empty: false, .. } => {
            say!("Bin not empty, noted: it will be counted.")
        }
        Fact::LineHeld { .. } => say!("The office decides on it."),
        Fact::Substituted { by, .. } => {
            say!("{item} instead, noted.", item = by.item.code)
        }
        Fact::ToteBound { order, tote } => say!("{tote} is for {order}.", tote, order),
        Fact::ToteFilled { tote, .. } => say!("{tote} is full. Take a new tote.", tote),
        Fact::TakenInHand {
            quantity, goods, ..
        } => say!("{quantity} x {item} in hand.", quantity, item = goods.item),
        Fact::Weighed { grams, .. } => {
            say!("{weight} noted.", weight = kilograms(*grams))
        }
        Fact::SetAside { quantity, .. } => say!("{quantity} set aside.", quantity),
        Fact::ToteChosen { tote } => say!("Now bring {tote}.", tote),
        Fact::LeftStanding { bin, .. } | Fact::TotesPutDown { bin, .. } => {
            say!("Left at {bin} for the next one.", bin)
        }
        Fact::TakenOver { .. } => say!("Taken over. Going on."),
        Fact::ToteTakenUp { tote, .. } => say!("{tote} taken over.", tote),
        Fact::LineSkipped { .. } => say!("Moved to the end."),
        Fact::Dropped { bin, .. } => say!("Brought to {bin}.", bin),
        _ => String::new(),
    }
}
