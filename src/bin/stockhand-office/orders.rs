//! Commands about orders: how far one is, cancelling and changing it, and when goods can go.

use super::{Done, say, tell};
use clap::{Args, Subcommand};
use std::error::Error;
use std::process::ExitCode;
use std::str::FromStr;
use stockhand::office::{Cancelled, Office, OrderChange, OrderProgress};
use stockhand::warehouse::{
    Goods, ItemCode, OrderCode, Quantity, SafeText, TaskId, Timestamp, WarehouseCode,
};

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
    /// Changes an order and the work on it: more is fetched at once if it is there, less is not fetched any more or put back.
    Change {
        #[command(flatten)]
        which: Which,
        /// How urgent it is: lower is sooner.
        #[arg(long, allow_negative_numbers = true)]
        priority: Option<i32>,
        /// When it is due, such as 2027-01-31T15:00:00Z.
        #[arg(long, value_name = "TIME")]
        due: Option<Timestamp>,
        /// So much is wanted of a line from now on, such as 2=5; 2=0: the line is not wanted any more. May be given several times.
        #[arg(long, value_name = "LINE=QUANTITY")]
        line: Vec<String>,
        /// So much of an item is wanted as well, such as BOLT=5. May be given several times.
        #[arg(long, value_name = "ITEM=QUANTITY")]
        add: Vec<String>,
    },
}

#[derive(Args)]
pub(super) struct Promise {
    /// The item, or kit.
    #[arg(long)]
    item: ItemCode,
    /// How much of it.
    #[arg(long)]
    quantity: Quantity,
    /// From this warehouse only.
    #[arg(long)]
    warehouse: Option<WarehouseCode>,
}

pub(super) fn transit(office: &Office) -> Done {
    for way in office.in_transit()? {
        let notice = way.notice;
        let notice = notice.map_or_else(String::new, |it| format!("  announced as {it}"));
        let goods = &way.goods;
        let lot = (goods.lot.as_ref()).map_or_else(String::new, |lot| format!(" {lot}"));
        tell(format_args!(
            "{} to {}  {}  {}  {} of {}{lot}{notice}",
            way.from, way.to, way.order, way.shipment, way.quantity, goods.item
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Exit code 1: from nowhere.
pub(super) fn promise(office: &Office, wish: &Promise) -> Done {
    let now = chrono::Utc::now();
    let all = office.promise(now, &wish.item, wish.quantity, wish.warehouse.as_ref())?;
    for one in &all {
        let (warehouse, free) = (&one.warehouse, one.free);
        let when = match one.at {
            Some(at) if at <= now => "now".to_owned(),
            Some(at) => local(at),
            None => "not in sight".to_owned(),
        };
        tell(format_args!("{warehouse:<10} {when:<18} {free} free"))?;
    }
    Ok(if all.iter().any(|one| one.at.is_some()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn local(at: Timestamp) -> String {
    at.with_timezone(&chrono::Local).format("%F %R").to_string()
}

/// Two values parted by `=`.
fn pair<A: FromStr, B: FromStr>(text: &str) -> Result<(A, B), String> {
    let parts = text.split_once('=');
    let both = parts.and_then(|(one, other)| Some((one.parse().ok()?, other.parse().ok()?)));
    both.ok_or_else(|| format!("{text} is not written as NAME=QUANTITY"))
}

pub(super) fn run(office: &Office, wish: Order) -> Done {
    match (wish.act, wish.which) {
        (Some(Act::Cancel { which, why }), _) => {
            let warehouse = warehouse(office, &which)?;
            let now = chrono::Utc::now();
            let done = office.cancel_order(now, &warehouse, &which.order, &SafeText::new(&why))?;
            cancelled(&which.order, &done)
        }
        (
            Some(Act::Change {
                which,
                priority,
                due,
                line,
                add,
            }),
            _,
        ) => {
            let warehouse = warehouse(office, &which)?;
            let lines = line.iter().map(|text| pair(text));
            let more = add.iter().map(|text| {
                let (item, quantity) = pair(text)?;
                Ok::<_, String>((Goods::of(item), quantity))
            });
            let change = OrderChange {
                priority,
                due,
                lines: lines.collect::<Result<_, _>>()?,
                more: more.collect::<Result<_, _>>()?,
            };
            office.change_order(chrono::Utc::now(), &warehouse, &which.order, &change)?;
            show(&office.order_progress(&warehouse, &which.order)?)
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
        _ => {
            Err(format!("several warehouses have an order {order}: name one by --warehouse").into())
        }
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
    let due = order.due;
    let due = due.map_or_else(String::new, |due| format!(", due {}", local(due)));
    tell(format_args!(
        "{} {}  {}  {}  {}  priority {}{due}",
        order.warehouse, order.code, order.kind, order.partner, order.state, order.priority
    ))?;
    if let Some((at, why)) = &order.cancelled {
        tell(format_args!("cancelled {}: {why}", local(*at)))?;
    }
    tell(format_args!(
        "{:>4} {:<14} {:>8} {:>9} {:>8} {:>8} {:>8} {:>9} {:>8} {:>8} {:>8}  promised",
        "line",
        "item",
        "wanted",
        "allocated",
        "picked",
        "packed",
        "shipped",
        "delivered",
        "received",
        "short",
        "back"
    ))?;
    for line in &order.lines {
        let promised = line.promised.map_or_else(String::new, local);
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
