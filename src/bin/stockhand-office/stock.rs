//! Commands about stock inside the house: counts, pick faces, moves, returns.

use super::{Done, say, tell};
use clap::Subcommand;
use std::process::ExitCode;
use stockhand::office::{CountRecord, Office, ToCount, ToMove, Tolerance};
use stockhand::warehouse::{
    BinCode, ItemCode, OrderCode, Quantity, Status, TaskId, WarehouseCode, ZoneCode,
};

#[derive(Subcommand)]
pub enum Command {
    /// Lists counts that wait: for a second count, or for a person's decision.
    Counts {
        /// Also those that are settled.
        #[arg(long)]
        all: bool,
        /// Believes this one, such as W1/17: the book says so from now on.
        #[arg(long, value_name = "WAREHOUSE/NUMBER")]
        approve: Option<String>,
        /// Does not believe this one: the book stays as it is.
        #[arg(long, value_name = "WAREHOUSE/NUMBER")]
        reject: Option<String>,
        /// Has this one counted once more, by anyone.
        #[arg(long, value_name = "WAREHOUSE/NUMBER")]
        again: Option<String>,
    },
    /// Has stock counted: a bin, a zone, an item wherever it lies. Blind, unless it is told what should be there.
    Count {
        /// Its warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// This bin.
        #[arg(long)]
        bin: Option<BinCode>,
        /// All bins of this zone.
        #[arg(long)]
        zone: Option<ZoneCode>,
        /// This item only.
        #[arg(long)]
        item: Option<ItemCode>,
        /// Tells the worker what should be there.
        #[arg(long)]
        tell: bool,
    },
    /// Shows how much a count may differ and be believed at once; changes it if anything is given.
    Tolerance {
        /// So many units, either way.
        #[arg(long)]
        units: Option<Quantity>,
        /// So many hundredths of what should be there.
        #[arg(long)]
        percent: Option<u32>,
        /// Worth so much at most, by values.csv; `none` for any worth.
        #[arg(long)]
        value: Option<String>,
    },
    /// Makes what is needed to fill pick faces; `serve` does so by itself.
    Replenish {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// Also those above their least, if no picking waits.
        #[arg(long)]
        top_off: bool,
    },
    /// Has goods moved from one bin to another: all of them, or one item.
    Move {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// From this bin.
        #[arg(long)]
        from: BinCode,
        /// Into this one.
        #[arg(long)]
        to: BinCode,
        /// This item only.
        #[arg(long)]
        item: Option<ItemCode>,
        /// Only so much of it.
        #[arg(long, requires = "item")]
        quantity: Option<Quantity>,
    },
    /// Lists what customers sent back and is not credited yet.
    Returns {
        /// All of this return is credited, such as W1/R-17; `W1/` for what came unannounced.
        #[arg(long, value_name = "WAREHOUSE/RETURN")]
        credit: Option<String>,
        /// What looks good becomes available, or stays `on_hold`, from now on.
        #[arg(long, value_name = "STATUS")]
        good_becomes: Option<String>,
    },
}

pub fn run(office: &Office, command: Command) -> Done {
    match command {
        Command::Counts {
            all,
            approve,
            reject,
            again,
        } => counts(office, all, approve, reject, again),
        Command::Count {
            warehouse,
            bin,
            zone,
            item,
            tell,
        } => count(
            office,
            &ToCount {
                warehouse,
                bin,
                zone,
                item,
                tells: tell,
            },
        ),
        Command::Tolerance {
            units,
            percent,
            value,
        } => tolerance(office, units, percent, value.as_deref()),
        Command::Replenish { warehouse, top_off } => {
            made(&office.replenish(chrono::Utc::now(), &warehouse, top_off)?)
        }
        Command::Move {
            warehouse,
            from,
            to,
            item,
            quantity,
        } => {
            let what = ToMove {
                warehouse,
                from,
                to,
                item,
                quantity,
            };
            made(&Vec::from_iter(office.have_moved(&what)?))
        }
        Command::Returns {
            credit,
            good_becomes,
        } => returns(office, credit.as_deref(), good_becomes.as_deref()),
    }
}

fn made(tasks: &[TaskId]) -> Done {
    for task in tasks {
        tell(task)?;
    }
    if tasks.is_empty() {
        tell("Nothing to do there.")?;
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn named(name: &str) -> Result<(WarehouseCode, u64), Box<dyn std::error::Error>> {
    let bad = "a count is named as W1/17";
    let (warehouse, number) = name.rsplit_once('/').ok_or(bad)?;
    Ok((warehouse.parse()?, number.parse().map_err(|_| bad)?))
}

fn counts(
    office: &Office,
    all: bool,
    approve: Option<String>,
    reject: Option<String>,
    again: Option<String>,
) -> Done {
    if let Some(name) = approve {
        let (warehouse, id) = named(&name)?;
        office.approve_count(chrono::Utc::now(), &warehouse, id)?;
        return say(format!("{name} is approved: the book says so now."));
    }
    if let Some(name) = reject {
        let (warehouse, id) = named(&name)?;
        office.reject_count(&warehouse, id)?;
        return say(format!("{name} is rejected: the book stays."));
    }
    if let Some(name) = again {
        let (warehouse, id) = named(&name)?;
        return made(&Vec::from_iter(office.count_again(&warehouse, id)?));
    }
    for count in office.counts(all)? {
        show(&count)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(count: &CountRecord) -> std::io::Result<()> {
    let (warehouse, id, bin, state) = (&count.warehouse, count.id, &count.bin, &count.state);
    let at = count.at.with_timezone(&chrono::Local).format("%F %R");
    let checks = match count.checks {
        0 => String::new(),
        checks => format!("  checks {warehouse}/{checks}"),
    };
    tell(format_args!(
        "{warehouse}/{id}  {at}  {bin}  by {}  {state}{checks}",
        count.worker
    ))?;
    for line in &count.lines {
        let (goods, expected, counted) = (&line.goods, line.expected, line.counted);
        let lot = goods
            .lot
            .as_ref()
            .map_or_else(String::new, |lot| format!(" lot {lot}"));
        let serial = goods.serial.as_ref();
        let serial = serial.map_or_else(String::new, |serial| format!(" serial {serial}"));
        let more = counted.minus(expected);
        let sign = if more.is_positive() { "+" } else { "" };
        tell(format_args!(
            "    {}{lot}{serial}: counted {counted}, expected {expected} ({sign}{more})",
            goods.item
        ))?;
    }
    Ok(())
}

fn count(office: &Office, what: &ToCount) -> Done {
    if what.bin.is_none() && what.zone.is_none() && what.item.is_none() {
        return Err("say what to count: --bin, --zone or --item".into());
    }
    made(&office.have_counted(what)?)
}

fn tolerance(
    office: &Office,
    units: Option<Quantity>,
    percent: Option<u32>,
    value: Option<&str>,
) -> Done {
    let mut tolerance = office.tolerance()?;
    tolerance.units = units.unwrap_or(tolerance.units);
    tolerance.percent = percent.unwrap_or(tolerance.percent);
    match value {
        Some("none") => tolerance.value = None,
        Some(text) => {
            let value: Quantity = text.parse()?;
            tolerance.value = u64::try_from(value.thousandths() / 10).ok();
        }
        None => {}
    }
    if tolerance.units < Quantity::ZERO || tolerance.percent > 100 {
        return Err("units are not below 0, and percent is 0 to 100".into());
    }
    if units.is_some() || percent.is_some() || value.is_some() {
        office.set_tolerance(tolerance)?;
    }
    let Tolerance {
        units,
        percent,
        value,
    } = tolerance;
    let value = value.map_or("of any worth".to_owned(), |value| {
        format!("worth at most {}.{:02}", value / 100, value % 100)
    });
    say(format!(
        "A count may differ by {units} units or {percent} %, {value}."
    ))
}

fn returns(office: &Office, credit: Option<&str>, good_becomes: Option<&str>) -> Done {
    if let Some(status) = good_becomes {
        office.set_returns_become(match status {
            "available" => Status::Available,
            "on_hold" => Status::OnHold,
            _ => return Err("returned goods become available or on_hold".into()),
        })?;
        return say("Noted for returns from now on.");
    }
    if let Some(name) = credit {
        let (warehouse, order) = name.split_once('/').ok_or("a return is named as W1/R-17")?;
        let order: Option<OrderCode> = match order {
            "" => None,
            order => Some(order.parse()?),
        };
        let rows = office.credit(&warehouse.parse()?, order.as_ref())?;
        return say(format!("{rows} rows are credited."));
    }
    for row in office.returns()? {
        let at = row.at.with_timezone(&chrono::Local).format("%F %R");
        let (warehouse, order, goods) = (&row.warehouse, &row.order, &row.goods);
        let lot = goods
            .lot
            .as_ref()
            .map_or_else(String::new, |lot| format!(" lot {lot}"));
        tell(format_args!(
            "{warehouse}/{order}  {at}  {}  {} x {}{lot}  {}",
            row.customer, row.quantity, goods.item, row.becomes
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
