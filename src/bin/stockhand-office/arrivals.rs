//! Commands for those who look after what comes in: where goods would go and why, and how long deliveries take.

use super::{Done, say, tell};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::putaway::{Asked, BinVerdict, because_unfit};
use stockhand::planning::putaway::Verdict;
use stockhand::warehouse::{
    BinCode, Goods, ItemCode, LotCode, OrderCode, PutBy, Quantity, Status, TaskId, WarehouseCode,
};

#[derive(Args)]
pub(crate) struct Why {
    /// The warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// The item.
    #[arg(long)]
    item: ItemCode,
    /// How much of it.
    #[arg(long, default_value = "1")]
    quantity: Quantity,
    /// Its lot.
    #[arg(long)]
    lot: Option<LotCode>,
    /// Where it stands.
    #[arg(long)]
    from: Option<BinCode>,
    /// It stands on a license plate.
    #[arg(long)]
    plate: bool,
    /// It is kept back until a person has looked at it.
    #[arg(long)]
    held: bool,
    /// Rules to try instead of those that count, as `rules` shows them: what putaway would do by them. Changes nothing.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// How many bins are shown.
    #[arg(long, default_value_t = 20)]
    most: usize,
}

pub(crate) fn why(office: &Office, wish: Why) -> Done {
    if !wish.quantity.is_positive() || wish.quantity > Quantity::LIMIT {
        return Err("how much? --quantity must be more than 0".into());
    }
    let by = wish.rules.as_deref().map(super::picking::read);
    let asked = Asked {
        by: by.transpose()?.map(|rules| rules.putaway),
        warehouse: wish.warehouse,
        from: wish.from,
        goods: Goods {
            lot: wish.lot,
            ..Goods::of(wish.item.clone())
        },
        item: wish.item,
        quantity: wish.quantity,
        on_plate: wish.plate,
        status: if wish.held {
            Status::OnHold
        } else {
            Status::Available
        },
    };
    let said = office.putaway_why(&asked)?;
    for verdict in said.iter().take(wish.most) {
        tell(row(verdict))?;
    }
    let hidden = said.len().saturating_sub(wish.most);
    if hidden > 0 {
        tell(format_args!("and {hidden} bins more; --most shows them"))?;
    }
    let is_chosen = said.first().is_some_and(|first| first.chosen.is_some());
    Ok(if is_chosen {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn row(verdict: &BinVerdict) -> String {
    let bin = &verdict.bin;
    let (by, room, score) = match &verdict.verdict {
        Verdict::Unfit(why) => return format!("-  {bin:<14} {}", because_unfit(why)),
        Verdict::Fit { by, room, score } => (*by, *room, score),
    };
    let mark = match verdict.chosen {
        Some(quantity) => format!("*  {bin:<14} {quantity} of it go here: "),
        None => format!("   {bin:<14} would do for {room}: "),
    };
    let face = score.to_face_cm.map_or_else(String::new, |cm| {
        format!(", {} m to where it is picked", cm / 100)
    });
    let more = score.apart_cm + score.waste_cm;
    let more = if more > 0 {
        format!(", {} m for one more place or for waste", more / 100)
    } else {
        String::new()
    };
    let metres = score.walk_cm / 100;
    format!("{mark}{}; {metres} m there{face}{more}", rule(by))
}

const fn rule(by: PutBy) -> &'static str {
    match by {
        PutBy::Fixed => "its own bin",
        PutBy::OwnKind => "the same goods lie there",
        PutBy::NearFace => "empty, near to where it is picked",
        PutBy::Empty => "empty",
        PutBy::Room => "has room",
    }
}

#[derive(Args)]
pub(crate) struct Match {
    /// The warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// The task by which it came in, as the exception names it.
    task: TaskId,
    /// The order it belongs to.
    order: OrderCode,
}

pub(crate) fn match_receipt(office: &Office, wish: &Match) -> Done {
    let done = office.match_receipt(&wish.warehouse, &wish.task, &wish.order)?;
    let order = &wish.order;
    tell(format_args!(
        "{} count as received for {order}.",
        done.matched
    ))?;
    if done.strange.is_positive() {
        tell(format_args!("{} are not on {order}.", done.strange))?;
    }
    if let Some(task) = &done.begun {
        tell(format_args!(
            "{task} is being worked on: tell whoever does."
        ))?;
    }
    say("The goods are held until release-hold makes them available.")
}

pub(crate) fn list(office: &Office, most: u32) -> Done {
    let arrivals = office.arrivals(most)?;
    if arrivals.is_empty() {
        return say("No delivery was received on a handheld yet.");
    }
    for arrival in arrivals {
        let at = |time: Option<stockhand::warehouse::Timestamp>| {
            time.map_or_else(
                || "-".to_owned(),
                |at| {
                    at.with_timezone(&chrono::Local)
                        .format("%m-%d %R")
                        .to_string()
                },
            )
        };
        let took = arrival.dock_to_stock().map_or_else(
            || "on its way".to_owned(),
            |took| format!("dock to stock {} min", took.num_minutes()),
        );
        let door = arrival.door.as_ref().map_or("-", BinCode::as_str);
        let (warehouse, task) = (&arrival.warehouse, &arrival.task);
        tell(format_args!(
            "{warehouse}  {task:<28} door {door:<10} first in {}  all in {}  put away {}  {took}",
            at(arrival.received_at),
            at(arrival.closed_at),
            at(arrival.stocked_at),
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
