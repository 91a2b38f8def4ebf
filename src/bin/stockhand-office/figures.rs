//! Commands that say what the figures are, as CSV.

use super::planning::Rows;
use super::{Done, say};
use chrono::{Days, Local, NaiveDate};
use clap::{Args, Subcommand, ValueEnum};
use std::error::Error;
use stockhand::office::Office;
use stockhand::office::figures::{By, Method, Span};
use stockhand::warehouse::{ItemCode, WarehouseCode};

/// Which goods' cost leaves with what is sold.
#[derive(Clone, Copy, ValueEnum)]
enum Costing {
    /// That of the oldest goods.
    Fifo,
    /// The average of what is there.
    Average,
}

/// Which figures.
#[derive(Args)]
pub(crate) struct Which {
    /// The warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// From this day on [default: a year before the last day].
    #[arg(long)]
    from: Option<NaiveDate>,
    /// Up to and with this day [default: today].
    #[arg(long)]
    to: Option<NaiveDate>,
    /// Which cost leaves with what is sold.
    #[arg(long, value_enum, default_value = "fifo")]
    method: Costing,
}

impl Which {
    fn span(&self) -> Result<Span, Box<dyn Error>> {
        let to = self.to.unwrap_or_else(|| Local::now().date_naive());
        let from = self.from.or_else(|| to.checked_sub_days(Days::new(364)));
        Ok(Span::new(from.unwrap_or(to), to)?)
    }

    fn method(&self) -> Method {
        match self.method {
            Costing::Fifo => Method::Fifo,
            Costing::Average => Method::MovingAverage,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Name {
    /// Items.
    Item,
    /// Customers.
    Customer,
    /// Orders.
    Order,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// What stock is worth: opening and receipts are what went out and what is left, to the hundredth.
    Value(Which),
    /// What was earned, at the prices of prices.csv: by item, customer or order.
    Margin {
        #[command(flatten)]
        which: Which,
        /// By what.
        #[arg(long, value_enum, default_value = "item")]
        by: Name,
    },
    /// How well stock works: turns, days of cover, GMROI, cost of keeping, age, dead and excess stock.
    Stock(Which),
    /// Lots that will expire before they are sold.
    Expiry {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
    },
    /// Service achieved, pick and count accuracy.
    Service(Which),
    /// The moves behind the figures of an item, each with the fact or the paper that says so.
    Facts {
        #[command(flatten)]
        which: Which,
        /// The item.
        #[arg(long)]
        item: ItemCode,
    },
}

pub(crate) fn run(office: &Office, command: Command) -> Done {
    match command {
        Command::Value(which) => value(office, &which),
        Command::Margin { which, by } => margin(office, &which, by),
        Command::Stock(which) => stock(office, &which),
        Command::Expiry { warehouse } => expiry(office, &warehouse),
        Command::Service(which) => service(office, &which),
        Command::Facts { which, item } => facts(office, &which, &item),
    }
}

fn value(office: &Office, which: &Which) -> Done {
    let head = [
        "item", "quantity", "opening", "receipts", "sold", "used", "lost", "closing",
    ];
    let mut rows = Rows::new(&head)?;
    for row in office.stock_value(&which.warehouse, which.method(), which.span()?)? {
        let amounts = [
            row.statement.opening,
            row.statement.receipts,
            row.sold,
            row.used,
            row.lost,
            row.statement.closing,
        ];
        let mut cells = vec![row.item.to_string(), row.quantity.to_string()];
        cells.extend(amounts.map(|amount| amount.to_string()));
        rows.row(&cells)?;
    }
    rows.end()
}

/// Hundredths of a per cent as per cent.
fn percent(points: Option<i64>) -> String {
    let of = |points: i64| {
        let sign = if points < 0 { "-" } else { "" };
        let size = points.unsigned_abs();
        format!("{sign}{}.{:02}", size / 100, size % 100)
    };
    points.map(of).unwrap_or_default()
}

fn margin(office: &Office, which: &Which, by: Name) -> Done {
    let (name, by) = match by {
        Name::Item => ("item", By::Item),
        Name::Customer => ("customer", By::Customer),
        Name::Order => ("order", By::Order),
    };
    let mut rows = Rows::new(&[
        name,
        "revenue",
        "cost",
        "margin",
        "margin_percent",
        "without_price",
    ])?;
    for row in office.margins(&which.warehouse, (which.method(), which.span()?), by)? {
        rows.row(&[
            row.name.to_string(),
            row.revenue.to_string(),
            row.cost.to_string(),
            row.margin().to_string(),
            percent(row.basis_points()),
            row.without_price.to_string(),
        ])?;
    }
    rows.end()
}

fn stock(office: &Office, which: &Which) -> Done {
    let head = [
        "item",
        "class",
        "quantity",
        "value",
        "turns",
        "days_of_cover",
        "gmroi",
        "carrying_cost_a_year",
        "up_to_30_days",
        "up_to_90",
        "up_to_180",
        "up_to_365",
        "older",
        "dead",
        "excess",
    ];
    let mut rows = Rows::new(&head)?;
    let now = chrono::Utc::now();
    for row in office.stock_figures(now, &which.warehouse, (which.method(), which.span()?))? {
        let figures = row.figures.as_ref();
        let number = |number: Option<f64>| {
            number
                .map(|number| format!("{number:.2}"))
                .unwrap_or_default()
        };
        let mut cells = vec![
            row.item.to_string(),
            row.class.to_string(),
            row.quantity.to_string(),
            row.value.to_string(),
            number(figures.map(|figures| figures.turns)),
            number(figures.map(|figures| figures.days_of_cover)),
            number(figures.map(|figures| figures.gmroi)),
            row.holding.to_string(),
        ];
        cells.extend(row.ages.iter().map(|bucket| bucket.value.to_string()));
        cells.extend([row.dead.value.to_string(), row.excess.value.to_string()]);
        rows.row(&cells)?;
    }
    rows.end()
}

fn expiry(office: &Office, warehouse: &WarehouseCode) -> Done {
    let mut rows = Rows::new(&[
        "item",
        "lot",
        "last_day",
        "quantity",
        "at_risk",
        "value_at_risk",
    ])?;
    for row in office.expiry(chrono::Utc::now(), warehouse)? {
        rows.row(&[
            row.item.to_string(),
            row.lot.to_string(),
            row.last_day.to_string(),
            row.quantity.to_string(),
            row.at_risk.to_string(),
            row.value.to_string(),
        ])?;
    }
    rows.end()
}

fn service(office: &Office, which: &Which) -> Done {
    let found = office.service(&which.warehouse, which.span()?)?;
    let orders = found.orders;
    let mut rows = Rows::new(&["figure", "good", "of", "percent"])?;
    for (name, rate) in [
        ("lines shipped whole", orders.lines),
        ("orders shipped whole", orders.complete),
        ("orders on time", orders.on_time),
        ("orders of which nothing came back", orders.accurate),
        ("perfect orders", orders.perfect),
        ("picks fetched whole", found.picks),
        ("counts that agreed", found.counts),
    ] {
        let share = percent(rate.basis_points().map(i64::from));
        rows.row(&[
            name.to_owned(),
            rate.good.to_string(),
            rate.of.to_string(),
            share,
        ])?;
    }
    rows.end()
}

fn facts(office: &Office, which: &Which, item: &ItemCode) -> Done {
    let mut rows = Rows::new(&["move", "at", "what", "quantity", "cost", "document", "fact"])?;
    let mut broken = None;
    let method = which.method();
    office.booked(&which.warehouse, item, (method, which.span()?), |booked| {
        let cells = [
            booked.id.to_string(),
            booked.at.to_rfc3339(),
            booked.what.as_str().to_owned(),
            booked.quantity.to_string(),
            booked.cost.to_string(),
            booked.document.to_string(),
            booked.fact.to_string(),
        ];
        if broken.is_none() {
            broken = rows.row(&cells).err();
        }
        Ok(())
    })?;
    match broken {
        Some(why) => Err(why),
        None => rows.end(),
    }
}

/// What is due to be counted; made into tasks if wanted.
pub(crate) fn counts(office: &Office, warehouse: &WarehouseCode, make: bool) -> Done {
    let now = chrono::Utc::now();
    if make {
        let made = office.have_due_counted(now, warehouse)?;
        let names: Vec<String> = made.iter().map(ToString::to_string).collect();
        return match names.as_slice() {
            [] => say("Nothing is due that is not to be counted already."),
            names => say(names.join("\n")),
        };
    }
    let mut rows = Rows::new(&["bin", "item", "value", "why"])?;
    for due in office.due_counts(now, warehouse)? {
        let (bin, item) = (due.bin.to_string(), due.item.to_string());
        rows.row(&[bin, item, due.value.to_string(), due.why.to_string()])?;
    }
    rows.end()
}
