//! Commands for those who lead the floor: what it is told, and how it goes.

use super::{Done, say, tell};
use clap::Args;
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::warehouse::{SafeText, WarehouseCode, WorkerCode};

#[derive(Args)]
pub(crate) struct Tell {
    /// The warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// One worker only.
    #[arg(long)]
    worker: Option<WorkerCode>,
    /// What they should read: 1 to 160 characters.
    #[arg(required_unless_present_any = ["take_back", "list"])]
    text: Option<String>,
    /// Takes this one back instead.
    #[arg(long, value_name = "NUMBER", conflicts_with = "text")]
    take_back: Option<u64>,
    /// Lists the last messages and who has read them instead.
    #[arg(long, conflicts_with_all = ["text", "take_back"])]
    list: bool,
}

/// Most messages that are listed.
const MOST: u32 = 50;

pub(crate) fn tell_floor(office: &Office, wish: &Tell) -> Done {
    if let Some(id) = wish.take_back {
        office.take_back_message(&wish.warehouse, id)?;
        return say(format_args!("Message {id} is taken back."));
    }
    if wish.list {
        return list(office, &wish.warehouse);
    }
    let text = wish.text.as_deref().unwrap_or_default();
    let now = chrono::Utc::now();
    let id = office.tell_floor(now, &wish.warehouse, wish.worker.as_ref(), text)?;
    say(format_args!("Message {id} goes out with the next sync."))
}

fn list(office: &Office, warehouse: &WarehouseCode) -> Done {
    for known in office.messages(warehouse, MOST)? {
        let message = &known.message;
        let to = message.to.as_ref().map_or("all", WorkerCode::as_str);
        let at = message.at.with_timezone(&chrono::Local).format("%F %R");
        let read: Vec<&str> = known.read_by.iter().map(SafeText::as_str).collect();
        let read = if read.is_empty() {
            "nobody yet".to_owned()
        } else {
            read.join(", ")
        };
        let (id, text) = (message.id, &message.text);
        tell(format_args!(
            "{id}  {at}  to {to}: {text}  (read by {read})"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Args)]
pub(crate) struct Paces {
    /// The warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// Over so many hours up to now.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=744))]
    hours: u16,
}

pub(crate) fn paces(office: &Office, wish: &Paces) -> Done {
    let since = chrono::Utc::now() - chrono::TimeDelta::hours(i64::from(wish.hours));
    tell(format_args!(
        "{:<12} {:<10} {:<8} {:>6} {:>7} {:>7} {:>8} {:>7}",
        "worker", "work", "zone", "lines", "lines/h", "s/step", "minutes", "metres"
    ))?;
    let figure = |figure: Option<u64>| figure.map_or_else(|| "-".to_owned(), |it| it.to_string());
    for (key, pace) in office.pace(&wish.warehouse, since)? {
        tell(format_args!(
            "{:<12} {:<10} {:<8} {:>6} {:>7} {:>7} {:>8} {:>7}",
            key.worker.as_str(),
            key.kind.as_str(),
            key.zone.as_str(),
            pace.lines.max(0),
            figure(pace.lines_an_hour()),
            figure(pace.seconds_a_step()),
            pace.active_s / 60,
            pace.walked_cm / 100
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
