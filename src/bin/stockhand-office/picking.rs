//! What people set and plan of picking: the rules of a warehouse, and waves.

use super::{Done, say, tell};
use clap::Args;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use stockhand::office::Office;
use stockhand::office::rules::Rules as Document;
use stockhand::office::wave::Planned;
use stockhand::warehouse::{OrderCode, WarehouseCode};

#[derive(Args)]
pub(super) struct Rules {
    /// The warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// A file with rules that count from now on.
    #[arg(long, value_name = "FILE")]
    set: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct PlanWave {
    /// The warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// Most orders of the wave; the most urgent ones.
    #[arg(long, default_value_t = 300)]
    orders: u16,
    /// Only says what the wave would be made of, what it lacks and how far is walked; nothing is released.
    #[arg(long)]
    dry_run: bool,
    /// Rules to try instead of those that count; with --dry-run only.
    #[arg(long, value_name = "FILE", requires = "dry_run")]
    rules: Option<PathBuf>,
    /// Of a wave that went to the floor already, counted from 1, instead of open orders; with --dry-run only.
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "dry_run",
        conflicts_with = "orders"
    )]
    wave: Option<u32>,
}

pub(super) fn read(path: &Path) -> Result<Document, Box<dyn Error>> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|why| format!("{shown} cannot be read: {why}"))?;
    Ok(serde_json::from_str(&text).map_err(|why| format!("{shown} holds no rules: {why}"))?)
}

pub(super) fn rules(office: &Office, asked: &Rules) -> Done {
    if let Some(path) = &asked.set {
        office.set_rules(&asked.warehouse, &read(path)?)?;
    }
    let rules = office.rules(&asked.warehouse)?;
    say(serde_json::to_string_pretty(&rules)?)
}

pub(super) fn plan_wave(office: &Office, asked: &PlanWave) -> Done {
    let (now, most) = (chrono::Utc::now(), usize::from(asked.orders));
    let planned = if asked.dry_run {
        let rules = match &asked.rules {
            Some(path) => read(path)?,
            None => office.rules(&asked.warehouse)?,
        };
        match asked.wave {
            Some(wave) => office.replan_wave(&asked.warehouse, rules, wave)?,
            None => office.plan_wave(now, &asked.warehouse, rules, most)?,
        }
    } else {
        office.release_wave(now, &asked.warehouse, most)?
    };
    for cart in &planned.carts {
        let orders: Vec<&str> = cart.orders.iter().map(OrderCode::as_str).collect();
        tell(format_args!(
            "{:>3} lines  {:>6} units  {:>8}  {}",
            cart.lines,
            cart.quantity,
            metres(cart.walk_cm),
            orders.join(" ")
        ))?;
    }
    for note in planned.shorts.iter().chain(&planned.substituted) {
        tell(note)?;
    }
    if !planned.nothing.is_empty() {
        let orders: Vec<&str> = planned.nothing.iter().map(OrderCode::as_str).collect();
        tell(format_args!("Nothing is in stock of {}.", orders.join(" ")))?;
    }
    say(summary(&planned))
}

fn summary(planned: &Planned) -> String {
    let orders: usize = planned.carts.iter().map(|cart| cart.orders.len()).sum();
    format!(
        "{orders} orders in {} tasks: {} to walk. First come, first served: {}. Each order alone: {}.",
        planned.carts.len(),
        metres(planned.walk_cm),
        metres(planned.first_come_cm),
        metres(planned.alone_cm)
    )
}

fn metres(centimetres: Option<u64>) -> String {
    centimetres.map_or_else(|| "? m".to_owned(), |cm| format!("{} m", cm / 100))
}
