//! Commands about orders: how far one is, cancelling it.

use super::{Done, say, tell};
use clap::{Args, Subcommand};
use std::error::Error;
use std::process::ExitCode;
use stockhand::office::{Cancelled, Office, OrderProgress};
use stockhand::warehouse::{OrderCode, SafeText, TaskId, WarehouseCode};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub(super) struct Order {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    which: Option<Which>,
}

#[derive(Args)]
struct Which {
    /// Its number.
    order: OrderCode,
    /// Its warehouse, where several have an order of this number.
    #[arg(long)]
    warehouse: Option<WarehouseCode>,
}

#[derive(Subcommand)]
enum Act {
    /// Cancels an order. What nobody has begun is withdrawn; what was fetched for it is put back, also by whoever has no signal now.
    ///
    /// Exit code 1: work on it is not over yet, and what it brings is put back at its end.
    Cancel {
        #[command(flatten)]
        which: Which,
        /// Why, for whoever asks later.
        #[arg(long, default_value = "")]
        why: String,
    },
}

pub(super) fn run(office: &Office, wish: Order) -> Done {
    match (wish.act, wish.which) {
        (Some(Act::Cancel { which, why }), _) => {
            let warehouse = warehouse(office, &which)?;
            let now = chrono::Utc::now();
            let done = office.cancel_order(now, &warehouse, &which.order, &SafeText::new(&why))?;
            cancelled(&which.order, &done)
        }
        (None, Some(which)) => {
            let warehouse = warehouse(office, &which)?;
            show(&office.order_progress(&warehouse, &which.order)?)
        }
        (None, None) => Err("say which order".into()),
    }
}

fn warehouse(office: &Office, which: &Which) -> Result<WarehouseCode, Box<dyn Error>> {
    if let Some(warehouse) = &which.warehouse {
        return Ok(warehouse.clone());
    }
    let order = &which.order;
    match office.warehouses_of(order)?.as_slice() {
        [] => Err(format!("there is no order {order}").into()),
        [only] => Ok(only.clone()),
        _ => Err(format!("several warehouses have an order {order}: name one by --warehouse").into()),
    }
}

fn cancelled(order: &OrderCode, done: &Cancelled) -> Done {
    if done.put_back.is_positive() {
        tell(format_args!("{} units of it are put back.", done.put_back))?;
    }
    if done.waits_for.is_empty() {
        return say(format!("{order} is cancelled."));
    }
    let tasks: Vec<&str> = done.waits_for.iter().map(TaskId::as_str).collect();
    tell(format_args!(
        "{order} is cancelled as soon as these are over: {}",
        tasks.join(" ")
    ))?;
    Ok(ExitCode::FAILURE)
}

fn show(order: &OrderProgress) -> Done {
    let due = order.due.map_or(String::new(), |due| {
        format!(", due {}", due.with_timezone(&chrono::Local).format("%F %R"))
    });
    tell(format_args!(
        "{} {}  {}  {}  {}  priority {}{due}",
        order.warehouse, order.code, order.kind, order.partner, order.state, order.priority
    ))?;
    if let Some((at, why)) = &order.cancelled {
        let at = at.with_timezone(&chrono::Local).format("%F %R");
        tell(format_args!("cancelled {at}: {why}"))?;
    }
    tell(format_args!(
        "{:>4} {:<14} {:>8} {:>9} {:>8} {:>8} {:>8} {:>9} {:>8} {:>8} {:>8}  promised",
        "line", "item", "wanted", "allocated", "picked", "packed", "shipped", "delivered", "received", "short", "back"
    ))?;
    for line in &order.lines {
        let promised = line.promised.map_or_else(String::new, |at| {
            at.with_timezone(&chrono::Local).format("%F %R").to_string()
        });
        tell(format_args!(
            "{:>4} {:<14} {:>8} {:>9} {:>8} {:>8} {:>8} {:>9} {:>8} {:>8} {:>8}  {promised}",
            line.line,
            line.goods.item,
            line.wanted,
            line.allocated,
            line.picked,
            line.packed,
            line.shipped,
            line.delivered,
            line.received,
            line.short,
            line.back_ordered
        ))?;
    }
    for (task, state) in &order.tasks {
        tell(format_args!("{task} {state}"))?;
    }
    Ok(ExitCode::SUCCESS)
}
