//! Lines that the floor left to the office: seen, fetched after all, or given up.

use super::{Done, say, tell};
use clap::Args;
use stockhand::office::Office;
use stockhand::warehouse::{TaskId, WarehouseCode};

#[derive(Args)]
pub(super) struct Held {
    /// The warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// This one is work for anyone from now on.
    #[arg(long, value_name = "TASK", conflicts_with = "give_up")]
    fetch: Option<TaskId>,
    /// This one is given up: its order goes without.
    #[arg(long, value_name = "TASK")]
    give_up: Option<TaskId>,
}

pub(super) fn held(office: &Office, asked: &Held) -> Done {
    if let Some(task) = &asked.fetch {
        office.fetch_held(&asked.warehouse, task)?;
        return say(format_args!("{task} goes to the floor."));
    }
    if let Some(task) = &asked.give_up {
        office.give_up_held(&asked.warehouse, task)?;
        return say(format_args!("{task} is given up."));
    }
    let held = office.held_lines(&asked.warehouse)?;
    for line in &held {
        tell(format_args!(
            "{}  {} of {} at {}, for {}",
            line.task, line.quantity, line.item, line.bin, line.order
        ))?;
    }
    say(format_args!("{} waiting", held.len()))
}
