//! Words of work inside the house: moving, filling, counting, judging, returns, making.

use crate::flow::Held;
use crate::warehouse::{Fact, Quantity, Sscc, Status, Task};

/// What a task is called on the screen: its kind, and its order or its number. A worker's own work has neither.
pub(in crate::screen) fn task_name(task: &Task) -> String {
    let (kind, title) = (super::kind(task.job.kind()), task.title());
    match task.order() {
        None if title.starts_with("OWN-") => kind.to_owned(),
        None if title.starts_with(kind) => title.to_owned(),
        _ => format!("{kind} {title}"),
    }
}

/// The end of a task, by its title.
pub(super) fn finished(title: &str) -> String {
    if title.starts_with("OWN-") {
        return "All done.".to_owned();
    }
    format!("{title} is done.")
}

/// What is in hand, in one line to read from afar.
pub(super) fn in_hand(held: &[Held]) -> Option<String> {
    let (first, more) = held.split_first()?;
    Some(match first.plate {
        Some(plate) if more.iter().all(|held| held.plate == Some(plate)) => {
            format!("pallet {}", end(plate))
        }
        _ if !more.is_empty() => format!("{} things", held.len()),
        _ => format!("{} x {}", first.quantity, first.goods.item),
    })
}

/// The digits of a pallet's number that tell it from the others.
pub(super) fn end(plate: Sscc) -> String {
    format!("…{}", plate.to_string().split_off(11))
}

/// How a status is called.
pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Available => "free to use",
        Status::OnHold => "kept back",
        Status::Damaged => "damaged",
        Status::Expired => "past its date",
    }
}

fn becomes(now: Option<Status>) -> &'static str {
    now.map_or("thrown away", status)
}

/// What of an act is told: its last facts matter more than the names that led to them.
pub(super) fn facts(facts: &[Fact]) -> Option<String> {
    let told = |fact: &&Fact| !matches!(fact, Fact::GoodsNamed { .. });
    let many = facts.iter().filter(told).count();
    match facts.iter().find(told)? {
        Fact::Taken { from, .. } if many > 1 => Some(format!("{many} things taken from {from}.")),
        Fact::Put { to, .. } if many > 1 => Some(format!("All of it put into {to}.")),
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
        } => format!("{} noted.", so_many(quantity, &goods.item)),
        Fact::BinCounted { bin, counted, .. } if counted.is_empty() => {
            format!("{bin} is empty, noted.")
        }
        Fact::BinCounted { bin, .. } => format!("{bin} is counted."),
        Fact::Taken {
            goods, quantity, ..
        } => format!("{} taken.", so_many(quantity, &goods.item)),
        Fact::TakenShort { missing, .. } => format!("{missing} missing, noted."),
        Fact::Put { quantity, to, .. } => format!("{quantity} put into {to}."),
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
        } => format!("{} made.", so_many(quantity, &product.item)),
        _ => return None,
    })
}
