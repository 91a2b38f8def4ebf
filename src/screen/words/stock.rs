//! Words of work inside the house: moving, filling, counting, judging, returns, making.

use crate::flow::{Held, Refusal};
use crate::screen::speech::{say, tr};
use crate::warehouse::{Fact, Goods, Quantity, Sscc, Status, Task};

/// What a task is called on the screen: its kind, and its order or its number. A worker's own work has neither.
pub(in crate::screen) fn task_name(task: &Task) -> String {
    let (kind, title) = (super::kind(task.job.kind()), task.title());
    match task.order() {
        None if title.starts_with("OWN-") => kind.to_owned(),
        None if title.starts_with(kind) => title.to_owned(),
        _ => format!("{kind} {}", task.part()),
    }
}

/// The end of a task, by its title.
pub(super) fn finished(title: &str) -> String {
    if title.starts_with("OWN-") {
        return say!("Noted.");
    }
    say!("{title} is done.", title)
}

/// What the office wrote, without the number of a worker's own work before it: nobody on the floor needs it.
pub(super) fn without_own(note: &str) -> &str {
    match note.split_once(": ") {
        Some((number, rest)) if number.starts_with("OWN-") => rest,
        _ => note,
    }
}

/// What is in hand, in one line to read from afar.
pub(super) fn in_hand(held: &[Held]) -> Option<String> {
    let (first, more) = held.split_first()?;
    Some(match first.plate {
        Some(plate) if more.iter().all(|held| held.plate == Some(plate)) => {
            say!("pallet {plate}", plate = end(plate))
        }
        _ if !more.is_empty() => say!("{len} things", len = held.len()),
        _ => format!("{} x {}", first.quantity, first.goods.item),
    })
}

/// The digits of a pallet's number that tell it from the others.
pub(super) fn end(plate: Sscc) -> String {
    format!("…{}", plate.to_string().split_off(11))
}

/// How a status is called.
pub(super) fn status(status: Status) -> &'static str {
    tr(match status {
        Status::Available => "free to use",
        Status::OnHold => "kept back",
        Status::Damaged => "damaged",
        Status::Expired => "past its date",
    })
}

fn becomes(now: Option<Status>) -> &'static str {
    tr(now.map_or("thrown away", status))
}

/// What of an act is told: its last facts matter more than the names that led to them.
pub(super) fn facts(facts: &[Fact]) -> Option<String> {
    let told = |fact: &&Fact| !matches!(fact, Fact::GoodsNamed { .. } | Fact::PartCounted { .. });
    let many = facts.iter().filter(told).count();
    match facts.iter().find(told)? {
        Fact::Taken { from, .. } if many > 1 => {
            Some(say!("{many} things taken from {from}.", many, from))
        }
        Fact::Put { to, .. } if many > 1 => Some(say!("All of it put into {to}.", to)),
        fact => stock(fact),
    }
}

/// A fact of such work that was just put on disk; none if it is of other work.
pub(super) fn stock(fact: &Fact) -> Option<String> {
    let so_many =
        |quantity: &Quantity, item: &crate::warehouse::ItemCode| format!("{quantity} x {item}");
    Some(match fact {
        Fact::GoodsNamed { item, .. } => format!("{}.", item.name),
        Fact::Tallied {
            goods, quantity, ..
        } => say!("{so_many} noted.", so_many = so_many(quantity, &goods.item)),
        Fact::BinCounted { bin, counted, .. } if counted.is_empty() => {
            say!("{bin} is empty, noted.", bin)
        }
        Fact::BinCounted { bin, .. } => say!("{bin} is counted.", bin),
        Fact::Taken {
            goods, quantity, ..
        } => say!("{so_many} taken.", so_many = so_many(quantity, &goods.item)),
        Fact::TakenShort { missing, .. } => say!("{missing} missing, noted.", missing),
        Fact::Put { quantity, to, .. } => say!("{quantity} put into {to}.", quantity, to),
        Fact::Restated {
            goods,
            quantity,
            becomes: now,
            ..
        }
        | Fact::Returned {
            goods,
            quantity,
            becomes: now,
            ..
        } => format!("{}: {}.", so_many(quantity, &goods.item), becomes(*now)),
        Fact::Assembled {
            product, quantity, ..
        } => say!(
            "{so_many} made.",
            so_many = so_many(quantity, &product.item)
        ),
        Fact::PartLost { item, quantity, .. } => {
            say!("{so_many} lost, noted.", so_many = so_many(quantity, item))
        }
        Fact::Disassembled {
            product, quantity, ..
        } => say!(
            "{so_many} taken apart.",
            so_many = so_many(quantity, &product.item)
        ),
        _ => return None,
    })
}

/// What is taken apart now.
pub(super) fn take_apart(whole: &Goods) -> String {
    match (&whole.lot, &whole.serial) {
        (_, Some(serial)) => say!("Parts of serial {serial}:", serial),
        (Some(lot), None) => say!("Parts of lot {lot}:", lot),
        (None, None) => say!("Parts of {item}:", item = whole.item),
    }
}

/// A refusal of stock in the house.
pub(super) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotKnown(what) => say!(
            "Not known here: {what}. Put it aside.",
            what = super::said(what)
        ),
        Refusal::WhereFirst => say!("First scan the bin, or a pallet."),
        Refusal::WhereTo => say!("First scan the bin where it goes."),
        Refusal::BinFrozen(bin) => say!("{bin} is frozen. You must? Scan it again.", bin),
        Refusal::NotByTheBook { there, bin } => {
            say!(
                "The book has {there} in {bin}. Sure? Scan it again.",
                there,
                bin
            )
        }
        Refusal::StandsElsewhere { bin, .. } => {
            say!("By the book it is in {bin}. Sure? Scan it again.", bin)
        }
        Refusal::ScanPlate(plate) => {
            say!("Scan the pallet's own label {end}.", end = end(*plate))
        }
        Refusal::BinOpen { open, .. } => say!("First end {open}: press F2.", open),
        Refusal::NothingCounted => say!("Nothing counted yet. Is it empty? Press F2."),
        Refusal::JudgeFirst => say!("First key what becomes of it."),
        Refusal::AlreadySo => say!("It is so already. Key another, or F3."),
        _ => String::new(),
    }
}
