//! Commands of planning on the office's own books.

use super::{Done, figures, proposing, say, tell};
use clap::Subcommand;
use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::plan::{ForecastRecord, PlanRules, ReminderRecord};
use stockhand::warehouse::{ItemCode, Quantity, WarehouseCode};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Plans now: reads on in the ledger, forecasts, works out levels, and says what is to be ordered.
    ///
    /// `serve` does so by itself once a day, at the time that the rules say.
    Run {
        /// This warehouse only.
        #[arg(long)]
        warehouse: Option<WarehouseCode>,
        /// Reads all of the ledger anew.
        #[arg(long)]
        anew: bool,
    },
    /// Shows the rules of planning as JSON, or sets them. What a file leaves out is as it comes built in.
    Rules {
        /// A file with rules that count from now on.
        #[arg(long, value_name = "FILE")]
        set: Option<PathBuf>,
    },
    /// Writes what was wanted of an item as CSV, period by period, and how it was cleaned.
    Demand {
        /// Its warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// The item.
        #[arg(long)]
        item: ItemCode,
    },
    /// Writes forecasts as CSV; those of one item with the reason in words.
    Forecast {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// This item only.
        #[arg(long)]
        item: Option<ItemCode>,
    },
    /// Notes what a planner expects of a period instead; the forecast is kept beside it, and both are scored later.
    Override {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// The item.
        #[arg(long)]
        item: ItemCode,
        /// The period, by a day of it or as 2027-03.
        #[arg(long)]
        period: String,
        /// What is expected; without it, what was said before is taken back.
        #[arg(long, requires = "planner", requires = "why")]
        quantity: Option<Quantity>,
        /// Who says so.
        #[arg(long, default_value = "")]
        planner: String,
        /// Why.
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Writes how good forecasts and planners' changes were as CSV, item by item, over the periods that are over.
    Scores {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
    },
    /// Writes levels as CSV: safety stock, reorder point, preferred level, usual order, and what they follow from.
    Levels {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// This item only.
        #[arg(long)]
        item: Option<ItemCode>,
    },
    /// Lists what is to be ordered, the most urgent first. Exit code 1: there is something.
    Reminders {
        /// This warehouse only.
        #[arg(long)]
        warehouse: Option<WarehouseCode>,
        /// Also those that are closed, newest first.
        #[arg(long)]
        closed: bool,
    },
    #[command(flatten)]
    Propose(proposing::Command),
    /// Writes moves between pick faces that would shorten the walk as CSV: metres saved a week against minutes of work.
    ///
    /// Bins need places of their own. Each move is worth what it says once those before it are made.
    Slots {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// Has this one made: as tasks, and the pick face is the item's own from now on.
        #[arg(long, value_name = "NUMBER")]
        accept: Option<u64>,
    },
    /// Writes what is due to be counted as CSV, first things first: what fell short, what its class says, what moved a lot.
    Counts {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// Makes count tasks of it. Planning does so by itself if the rules say so.
        #[arg(long)]
        make: bool,
    },
}

pub(crate) fn run(office: &Office, command: Command) -> Done {
    match command {
        Command::Run { warehouse, anew } => plan(office, warehouse, anew),
        Command::Rules { set } => rules(office, set.as_deref()),
        Command::Demand { warehouse, item } => demand(office, &warehouse, &item),
        Command::Forecast { warehouse, item } => forecast(office, &warehouse, item.as_ref()),
        Command::Override {
            warehouse,
            item,
            period,
            quantity,
            planner,
            why,
        } => {
            let now = chrono::Utc::now();
            let by = (planner.as_str(), why.as_str());
            office.override_forecast(now, &warehouse, (&item, &period), quantity, by)?;
            say("Noted.")
        }
        Command::Scores { warehouse } => scores(office, &warehouse),
        Command::Levels { warehouse, item } => levels(office, &warehouse, item.as_ref()),
        Command::Reminders { warehouse, closed } => reminders(office, warehouse, closed),
        Command::Slots { warehouse, accept } => slots(office, &warehouse, accept),
        Command::Counts { warehouse, make } => figures::counts(office, &warehouse, make),
        Command::Propose(command) => proposing::run(office, command),
    }
}

/// The warehouse that was named, or all of them.
pub(crate) fn those(
    office: &Office,
    named: Option<WarehouseCode>,
) -> Result<Vec<WarehouseCode>, Box<dyn Error>> {
    Ok(match named {
        Some(warehouse) => vec![warehouse],
        None => office.warehouse_codes()?,
    })
}

fn plan(office: &Office, warehouse: Option<WarehouseCode>, anew: bool) -> Done {
    for warehouse in those(office, warehouse)? {
        if anew {
            office.forget_demand(&warehouse)?;
        }
        let planned = office.plan(chrono::Utc::now(), &warehouse)?;
        tell(format_args!("{warehouse}: {planned}."))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn rules(office: &Office, file: Option<&Path>) -> Done {
    if let Some(path) = file {
        let text = fs::read_to_string(path)
            .map_err(|why| format!("{} cannot be read: {why}", path.display()))?;
        let rules: PlanRules = serde_json::from_str(&text)
            .map_err(|why| format!("{} is no rules: {why}", path.display()))?;
        office.set_plan_rules(&rules)?;
    }
    say(serde_json::to_string_pretty(&office.plan_rules()?)?)
}

/// Rows of a table, as CSV on standard output.
pub(crate) struct Rows(csv::Writer<io::StdoutLock<'static>>);

impl Rows {
    pub fn new(head: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut rows = csv::Writer::from_writer(io::stdout().lock());
        rows.write_record(head).map_err(broken)?;
        Ok(Self(rows))
    }

    pub fn row(&mut self, cells: &[String]) -> Result<(), Box<dyn Error>> {
        // A cell that a spreadsheet would take for a formula gets a ' in front; numbers are none.
        let safe = |cell: &String| {
            let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            if is_formula && cell.parse::<f64>().is_err() {
                format!("'{cell}")
            } else {
                cell.clone()
            }
        };
        self.0.write_record(cells.iter().map(safe)).map_err(broken)
    }

    pub fn end(mut self) -> Done {
        self.0.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Whoever reads our output may have heard enough.
fn broken(why: csv::Error) -> Box<dyn Error> {
    match why.into_kind() {
        csv::ErrorKind::Io(why) => why.into(),
        other => format!("the table could not be written: {other:?}").into(),
    }
}

fn demand(office: &Office, warehouse: &WarehouseCode, item: &ItemCode) -> Done {
    let head = [
        "period",
        "shipped",
        "returned",
        "one_off",
        "unmet",
        "days_without_stock",
        "demand",
        "filled_in",
    ];
    let mut rows = Rows::new(&head)?;
    for row in office.demand(chrono::Utc::now(), warehouse, item)? {
        rows.row(&[
            row.day.to_string(),
            row.shipped.to_string(),
            row.returned.to_string(),
            row.one_off.to_string(),
            row.unmet.to_string(),
            row.days_without.to_string(),
            row.demand.to_string(),
            if row.is_seen { "no" } else { "yes" }.to_owned(),
        ])?;
    }
    rows.end()
}

fn forecast(office: &Office, warehouse: &WarehouseCode, item: Option<&ItemCode>) -> Done {
    let mut why = None;
    let head = [
        "item", "period", "mean", "lo80", "hi80", "lo95", "hi95", "planner",
    ];
    let mut rows = Rows::new(&head)?;
    let mut broken = None;
    let mut write = |record: &ForecastRecord| {
        for step in &record.steps {
            let said = step.planner.map(|said| said.to_string());
            rows.row(&[
                record.item.to_string(),
                step.day.to_string(),
                step.mean.to_string(),
                step.often.0.to_string(),
                step.often.1.to_string(),
                step.nearly.0.to_string(),
                step.nearly.1.to_string(),
                said.unwrap_or_default(),
            ])?;
        }
        Ok::<(), Box<dyn Error>>(())
    };
    match item {
        Some(item) => {
            if let Some(record) = office.forecast_of(warehouse, item)? {
                write(&record)?;
                why = Some(record.why);
            }
        }
        None => office.each_forecast(warehouse, |record| {
            if broken.is_none() {
                broken = write(&record).err();
            }
            Ok(())
        })?,
    }
    if let Some(why) = broken {
        return Err(why);
    }
    rows.end()?;
    match (item, why) {
        (Some(item), None) => Err(format!("there is no forecast of {item}; plan first").into()),
        (_, Some(why)) => {
            // The words stand beside the table, not in it.
            eprintln!("{why}");
            Ok(ExitCode::SUCCESS)
        }
        (None, None) => Ok(ExitCode::SUCCESS),
    }
}

fn scores(office: &Office, warehouse: &WarehouseCode) -> Done {
    let head = [
        "item",
        "periods",
        "came",
        "bias",
        "wape",
        "forecast_error",
        "planner_error",
        "planner_added",
    ];
    let mut rows = Rows::new(&head)?;
    let share = |share: Option<f64>| share.map(|share| format!("{share:.4}")).unwrap_or_default();
    for score in office.forecast_scores(chrono::Utc::now(), warehouse)? {
        let planner = score.planner.as_ref();
        rows.row(&[
            score.item.to_string(),
            score.periods.to_string(),
            score.came.to_string(),
            share(score.bias),
            share(score.wape),
            share(planner.map(|value| value.forecast_error)),
            share(planner.map(|value| value.planner_error)),
            share(planner.map(|value| value.added)),
        ])?;
    }
    rows.end()
}

fn levels(office: &Office, warehouse: &WarehouseCode, item: Option<&ItemCode>) -> Done {
    let head = [
        "item",
        "class",
        "supplier",
        "safety_stock",
        "reorder_point",
        "preferred",
        "order",
        "daily",
        "why",
    ];
    let mut rows = Rows::new(&head)?;
    for level in office.levels(warehouse, item)? {
        let levels = level.levels;
        rows.row(&[
            level.item.to_string(),
            level.class.to_string(),
            level.supplier.to_string(),
            levels.safety_stock.to_string(),
            levels.reorder_point.to_string(),
            levels.preferred.to_string(),
            levels.lot.to_string(),
            level.daily.to_string(),
            level.why(),
        ])?;
    }
    rows.end()
}

fn reminders(office: &Office, warehouse: Option<WarehouseCode>, closed: bool) -> Done {
    let mut open = 0;
    for warehouse in those(office, warehouse)? {
        for known in office.reminders(&warehouse, closed)? {
            open += u32::from(known.closed_at.is_none());
            show(&warehouse, &known)?;
        }
    }
    if open > 0 {
        return Ok(ExitCode::FAILURE);
    }
    say("Nothing is to be ordered.")
}

fn show(warehouse: &WarehouseCode, known: &ReminderRecord) -> io::Result<()> {
    let (id, item, wanted, why) = (known.id, &known.item, known.wanted, &known.why);
    let lasts = match (known.closed_at, known.stock_out) {
        (Some(at), _) => format!(
            "closed {}",
            at.with_timezone(&chrono::Local).format("%F %R")
        ),
        (None, Some(day)) => format!("lasts until {day}"),
        (None, None) => "lasts for a year".to_owned(),
    };
    let answer = match known.answer.as_str() {
        "" => String::new(),
        answer => format!("  [{answer}]"),
    };
    tell(format_args!(
        "{warehouse}/{id}  {item}  order {wanted}  {lasts}  {why}{answer}"
    ))
}

fn slots(office: &Office, warehouse: &WarehouseCode, accept: Option<u64>) -> Done {
    if let Some(id) = accept {
        for task in office.accept_slot(warehouse, id)? {
            tell(task)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let head = [
        "number",
        "item",
        "from",
        "to",
        "swapped_with",
        "metres_a_week",
        "minutes",
    ];
    let mut rows = Rows::new(&head)?;
    for found in office.slotting(chrono::Utc::now(), warehouse)? {
        let other = found.swapped.as_ref();
        rows.row(&[
            found.id.to_string(),
            found.item.to_string(),
            found.from.to_string(),
            found.to.to_string(),
            other.map(ToString::to_string).unwrap_or_default(),
            found.metres_a_week.to_string(),
            found.minutes.to_string(),
        ])?;
    }
    rows.end()
}
