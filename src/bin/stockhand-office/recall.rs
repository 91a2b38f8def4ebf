//! Commands that call goods back.

use super::trace::{Which, amount, named, table};
use super::{Done, tell};
use clap::{Args, Subcommand};
use std::io;
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::recall::{Opened, Progress, ToRecall};
use stockhand::office::trace::{Asked, Exposure, Sent, Stage, write_sheet};
use stockhand::warehouse::{OrderCode, SafeText, WarehouseCode};

#[derive(Subcommand)]
pub enum Command {
    /// Finds everything that is affected, holds it in every warehouse, tells every handheld, and has it collected.
    Open(Wish),
    /// The same on paper: says what would be held and whom it would concern. Nothing is moved, nobody is told.
    Drill(Wish),
    /// Says how far a recall is; without a name, lists them.
    Status {
        /// Its name.
        code: Option<OrderCode>,
        /// Writes where everything is as CSV instead.
        #[arg(long, requires = "code")]
        csv: bool,
    },
    /// Ends a recall and reports. Handhelds forget it; what is held stays held until someone judges it.
    ///
    /// Exit code 1: not everything in the house is in quarantine.
    Close {
        /// Its name.
        code: OrderCode,
    },
}

#[derive(Args)]
pub struct Wish {
    /// What it is to be called, such as RECALL-7.
    code: OrderCode,
    /// Why; the floor reads it too.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    which: Which,
    /// Orders, workers and shipments of this warehouse only; what became of those goods is found everywhere.
    #[arg(long)]
    warehouse: Option<WarehouseCode>,
}

pub fn run(office: &Office, command: Command) -> Done {
    match command {
        Command::Open(wish) => open(office, wish, false),
        Command::Drill(wish) => open(office, wish, true),
        Command::Status { code: None, .. } => list(office),
        Command::Status {
            code: Some(code),
            csv,
        } => status(office, &code, csv),
        Command::Close { code } => {
            let progress = office.close_recall(chrono::Utc::now(), &code)?;
            report(&progress)?;
            Ok(if progress.open.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}

fn open(office: &Office, wish: Wish, is_drill: bool) -> Done {
    let what = ToRecall {
        code: wish.code,
        reason: SafeText::new(wish.reason.trim()),
        asked: Asked {
            goods: wish.which.grouping()?,
            forward: true,
            until: None,
            warehouse: wish.warehouse,
        },
        is_drill,
    };
    let opened = office.open_recall(chrono::Utc::now(), &what)?;
    say_opened(&what, &opened)?;
    Ok(ExitCode::SUCCESS)
}

fn say_opened(what: &ToRecall, opened: &Opened) -> io::Result<()> {
    table(&opened.found)?;
    let held = if what.is_drill {
        "Would hold:"
    } else {
        "Held:"
    };
    tell(held)?;
    for it in &opened.held {
        let goods = named(&it.goods);
        tell(format_args!(
            "  {}  {:<16} {goods:<32} {}",
            it.warehouse, it.bin, it.quantity
        ))?;
    }
    for (warehouse, task) in &opened.collecting {
        tell(format_args!("{warehouse}: {task} brings it to quarantine."))?;
    }
    for warehouse in &opened.nowhere {
        tell(format_args!(
            "{warehouse} has no quarantine bin: it is held where it lies."
        ))?;
    }
    customers(&opened.found.sent)?;
    if what.is_drill {
        tell("A drill: nothing was moved, and nobody was told.")?;
    }
    Ok(())
}

/// Whom it concerns, and how many each has.
fn customers(sent: &[Sent]) -> io::Result<()> {
    let mut known: Vec<(&SafeText, Exposure)> = Vec::new();
    for it in sent.iter().filter(|it| it.stage == Stage::Delivered) {
        match known
            .iter_mut()
            .find(|(customer, _)| *customer == &it.customer)
        {
            Some((_, sum)) => *sum = sum.plus(it.amount),
            None => known.push((&it.customer, it.amount)),
        }
    }
    if known.is_empty() {
        return tell("No customer has any of it.");
    }
    tell("Customers who have some:")?;
    for (customer, sum) in known {
        tell(format_args!("  {customer:<32} {}", amount(sum)))?;
    }
    Ok(())
}

fn list(office: &Office) -> Done {
    for it in office.recalls()? {
        let at = it.opened_at.with_timezone(&chrono::Local).format("%F %R");
        let state = match (it.is_drill, it.is_closed) {
            (true, false) => "drill",
            (true, true) => "drill, closed",
            (false, false) => "open",
            (false, true) => "closed",
        };
        tell(format_args!(
            "{:<16} {at}  {state:<14} {}",
            it.code, it.reason
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn status(office: &Office, code: &OrderCode, csv: bool) -> Done {
    let progress = office.recall_progress(code)?;
    if csv {
        write_sheet(&progress.now, io::stdout().lock())?;
    } else {
        report(&progress)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn report(progress: &Progress) -> io::Result<()> {
    let Progress {
        recall,
        now,
        collected,
        open,
    } = progress;
    let at = |at: &stockhand::warehouse::Timestamp| {
        at.with_timezone(&chrono::Local).format("%F %R").to_string()
    };
    let drill = if recall.is_drill { " (a drill)" } else { "" };
    let (code, reason, opened) = (&recall.code, &recall.reason, at(&recall.opened_at));
    tell(format_args!("{code}{drill}: {reason}. Begun {opened}."))?;
    if let Some(closed) = &recall.closed_at {
        tell(format_args!("Closed {}.", at(closed)))?;
    }
    let sum = |of: &mut dyn Iterator<Item = Exposure>| of.fold(Exposure::default(), Exposure::plus);
    let then = sum(&mut recall.found.stands.iter().map(|it| it.amount));
    let safe = sum(&mut collected.iter().map(|it| it.amount));
    let rest = sum(&mut open.iter().map(|it| it.amount));
    tell(format_args!(
        "In the house when it began: {}.",
        amount(then)
    ))?;
    tell(format_args!("In quarantine now: {}.", amount(safe)))?;
    tell(format_args!("Elsewhere in the house: {}.", amount(rest)))?;
    for it in open {
        let (place, goods) = (it.place.to_string(), named(&it.goods));
        tell(format_args!(
            "  {}  {place:<24} {goods:<32} {}",
            it.warehouse,
            amount(it.amount)
        ))?;
    }
    for it in now.sent.iter().filter(|it| it.stage != Stage::Delivered) {
        let order = it.order.as_ref().map(ToString::to_string);
        tell(format_args!(
            "  {}  {} for {}  {}",
            it.warehouse,
            it.stage.name(),
            order.unwrap_or_default(),
            amount(it.amount)
        ))?;
    }
    customers(&now.sent)?;
    for it in &now.balance {
        if !it.open.is_zero() || it.lost.is_any() || it.unknown.is_any() {
            tell(format_args!(
                "{}: written off {}, nobody can say {}, not accounted for {}.",
                it.item,
                amount(it.lost),
                amount(it.unknown),
                it.open
            ))?;
        }
    }
    Ok(())
}
