//! Commands about proposals: what is to be bought or brought, and what a planner says to it.

use super::planning::those;
use super::{Done, say, tell};
use clap::Subcommand;
use std::error::Error;
use std::io;
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::plan::{Kind, ProposalRecord, State};
use stockhand::planning::value::Money;
use stockhand::warehouse::{ItemCode, OrderCode, Quantity, WarehouseCode};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lists what is proposed to buy or to bring from another warehouse. Exit code 1: something waits for a planner.
    Proposals {
        /// This warehouse only.
        #[arg(long)]
        warehouse: Option<WarehouseCode>,
        /// Also those that are decided, newest first.
        #[arg(long)]
        all: bool,
    },
    /// Makes an order of a proposal, as if it had been imported.
    Accept {
        /// Which, such as W1/7.
        #[arg(value_name = "WAREHOUSE/NUMBER")]
        proposal: String,
        /// Who accepts it.
        #[arg(long)]
        planner: String,
        /// The order's name; one of its own if none is given.
        #[arg(long)]
        order: Option<OrderCode>,
    },
    /// Changes how much of an item is proposed; 0 leaves it out.
    Change {
        /// Which, such as W1/7.
        #[arg(value_name = "WAREHOUSE/NUMBER")]
        proposal: String,
        /// Who changes it.
        #[arg(long)]
        planner: String,
        /// The item.
        #[arg(long)]
        item: ItemCode,
        /// How much from now on.
        #[arg(long)]
        quantity: Quantity,
    },
    /// Says no to a proposal, and why. Its items are not proposed again until their reminders are over.
    Refuse {
        /// Which, such as W1/7.
        #[arg(value_name = "WAREHOUSE/NUMBER")]
        proposal: String,
        /// Who refuses it.
        #[arg(long)]
        planner: String,
        /// Why.
        #[arg(long)]
        why: String,
    },
}

pub(crate) fn run(office: &Office, command: Command) -> Done {
    let now = chrono::Utc::now();
    match command {
        Command::Proposals { warehouse, all } => proposals(office, warehouse, all),
        Command::Accept {
            proposal,
            planner,
            order,
        } => {
            let (warehouse, id) = named(&proposal)?;
            match office.accept_proposal(now, &warehouse, id, order.as_ref(), &planner)? {
                Some(order) => say(format!("{proposal} is order {order} now.")),
                None => say(format!("{proposal} is accepted: have it sent from there.")),
            }
        }
        Command::Change {
            proposal,
            planner,
            item,
            quantity,
        } => {
            let (warehouse, id) = named(&proposal)?;
            office.change_proposal(&warehouse, id, (&item, quantity), &planner)?;
            say("Changed.")
        }
        Command::Refuse {
            proposal,
            planner,
            why,
        } => {
            let (warehouse, id) = named(&proposal)?;
            office.refuse_proposal(now, &warehouse, id, (&planner, &why))?;
            say(format!("{proposal} is refused."))
        }
    }
}

fn proposals(office: &Office, warehouse: Option<WarehouseCode>, all: bool) -> Done {
    let mut open = 0;
    for warehouse in those(office, warehouse)? {
        for known in office.proposals(&warehouse, all)? {
            open += u32::from(known.state == State::Open);
            show_proposal(&warehouse, &known)?;
        }
    }
    if open > 0 {
        return Ok(ExitCode::FAILURE);
    }
    say("Nothing waits for a planner.")
}

fn show_proposal(warehouse: &WarehouseCode, known: &ProposalRecord) -> io::Result<()> {
    let (id, source, state) = (known.id, &known.source, known.state.as_str());
    let what = match known.kind {
        Kind::Purchase => format!("buy from {source}"),
        Kind::Transfer => format!("bring from {source}"),
    };
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or("no day known".to_owned(), |day| day.to_string())
    };
    let below = match known.below_minimum {
        Money::ZERO => String::new(),
        below => format!("  {below} below its smallest order"),
    };
    let order = known.order.as_ref();
    let order = order.map_or_else(String::new, |order| format!("  as {order}"));
    let by = match known.planner.as_str() {
        "" => String::new(),
        planner => format!("  by {planner} {}", known.why),
    };
    tell(format_args!(
        "{warehouse}/{id}  {state}  {what} for {}, order on {}, here on {}{below}{order}{by}",
        known.value(),
        day(known.order_on),
        day(known.arrives_on)
    ))?;
    for line in &known.lines {
        let changed = if line.quantity == line.proposed {
            String::new()
        } else {
            format!(" (proposed {})", line.proposed)
        };
        tell(format_args!(
            "    {} x {}{changed}  {}  {}",
            line.quantity, line.item, line.value, line.why
        ))?;
    }
    Ok(())
}

/// A thing of a warehouse, such as W1/7.
pub(crate) fn named(name: &str) -> Result<(WarehouseCode, u64), Box<dyn Error>> {
    let bad = "it is named by its warehouse and number, such as W1/7";
    let (warehouse, number) = name.rsplit_once('/').ok_or(bad)?;
    Ok((warehouse.parse()?, number.parse().map_err(|_| bad)?))
}
