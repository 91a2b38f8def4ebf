//! Commands that follow goods: what became of them, what they came from.

use super::{Done, say, tell};
use clap::{Args, Subcommand};
use std::error::Error;
use std::fs;
use std::io;
use std::path::PathBuf;
use stockhand::office::Office;
use stockhand::office::trace::{Asked, Exposure, Grouping, Traced, picture, write_sheet};
use stockhand::warehouse::{
    DeviceId, Goods, OrderCode, Sscc, Timestamp, WarehouseCode, WorkerCode,
};

#[derive(Subcommand)]
pub enum Command {
    /// What became of goods: made into what, sent to whom, and what is where still.
    Forward(Wish),
    /// What goods came from: components, receipts, suppliers.
    Backward(Wish),
}

#[derive(Args)]
pub struct Wish {
    #[command(flatten)]
    which: Which,
    /// Orders, workers and shipments of this warehouse only.
    #[arg(long)]
    warehouse: Option<WarehouseCode>,
    /// As the books stood then, such as 2027-03-01T10:00:00Z; now, if not given.
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Writes the answer as CSV instead.
    #[arg(long)]
    csv: bool,
    /// Writes a picture of the flow into this file, as SVG.
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

/// Which goods: one of these.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// All goods of a lot.
    #[arg(long, value_name = "ITEM/LOT")]
    lot: Option<String>,
    /// One unit.
    #[arg(long, value_name = "ITEM/SERIAL")]
    serial: Option<String>,
    /// All goods whose last day is between these two, such as 2027-03-01..2027-03-31; `ITEM:` in front for one item.
    #[arg(long, value_name = "FROM..TO")]
    expiry: Option<String>,
    /// What came from a supplier.
    #[arg(long)]
    supplier: Option<String>,
    /// What came with a receipt or return, went to an order, or was made by a production order.
    #[arg(long)]
    order: Option<OrderCode>,
    /// What went to a customer.
    #[arg(long)]
    customer: Option<String>,
    /// What went onto a truck.
    #[arg(long)]
    shipment: Option<OrderCode>,
    /// What was ever put onto a license plate.
    #[arg(long, value_name = "SSCC")]
    plate: Option<Sscc>,
    /// What a worker moved or made.
    #[arg(long)]
    worker: Option<WorkerCode>,
    /// What was moved or made with a handheld.
    #[arg(long)]
    device: Option<DeviceId>,
}

impl Which {
    /// The grouping that was named.
    pub fn grouping(self) -> Result<Grouping, Box<dyn Error>> {
        let text = |of: &Option<OrderCode>| of.as_ref().map(ToString::to_string);
        let named = [
            ("lot", self.lot),
            ("serial", self.serial),
            ("expiry", self.expiry),
            ("supplier", self.supplier),
            ("order", text(&self.order)),
            ("customer", self.customer),
            ("shipment", text(&self.shipment)),
            ("plate", self.plate.map(|plate| plate.to_string())),
            ("worker", self.worker.map(|worker| worker.to_string())),
            ("device", self.device.map(|device| device.to_string())),
        ];
        let asked = named.into_iter().find_map(|(by, of)| Some((by, of?)));
        let (by, of) = asked.ok_or("say which goods")?;
        Grouping::read(by, of.trim())
            .ok_or_else(|| format!("--{by} is not written so: see --help").into())
    }
}

pub fn run(office: &Office, command: Command) -> Done {
    let (wish, forward) = match command {
        Command::Forward(wish) => (wish, true),
        Command::Backward(wish) => (wish, false),
    };
    let asked = Asked {
        goods: wish.which.grouping()?,
        forward,
        until: wish.until,
        warehouse: wish.warehouse,
    };
    let traced = office.trace(&asked)?;
    if let Some(file) = &wish.picture {
        fs::write(file, picture(&traced))
            .map_err(|why| format!("the picture {} cannot be written: {why}", file.display()))?;
    }
    if wish.csv {
        write_sheet(&traced, io::stdout().lock())?;
        return Ok(std::process::ExitCode::SUCCESS);
    }
    if traced.goods.is_empty() {
        tell("Nothing in the books fits that.")?;
        return Ok(std::process::ExitCode::FAILURE);
    }
    table(&traced)?;
    match &wish.picture {
        Some(file) => say(format_args!("The picture is in {}.", file.display())),
        None => Ok(std::process::ExitCode::SUCCESS),
    }
}

/// Goods in one word.
pub fn named(goods: &Goods) -> String {
    let lot = goods.lot.as_ref().map(|lot| format!("/{lot}"));
    let serial = goods.serial.as_ref().map(|serial| format!("/{serial}"));
    let (lot, serial) = (lot.unwrap_or_default(), serial.unwrap_or_default());
    format!("{}{lot}{serial}", goods.item)
}

/// How much, in words.
pub fn amount(amount: Exposure) -> String {
    match (amount.certain.is_zero(), amount.possible.is_zero()) {
        (_, true) => amount.certain.to_string(),
        (true, false) => format!("perhaps {}", amount.possible),
        (false, false) => format!("{} + perhaps {}", amount.certain, amount.possible),
    }
}

/// Says it all, part by part.
pub fn table(traced: &Traced) -> io::Result<()> {
    tell("Goods:")?;
    for it in &traced.goods {
        let (goods, came) = (named(&it.goods), amount(it.came));
        tell(format_args!("  {:<3} {goods:<32} {came}", it.level))?;
    }
    head("Came in:", traced.came.is_empty())?;
    for it in &traced.came {
        let (goods, came) = (named(&it.goods), amount(it.amount));
        let at = it.at.with_timezone(&chrono::Local).format("%F %R");
        let (how, place) = (it.how.name(), &it.warehouse);
        tell(format_args!(
            "  {at}  {place}  {how:<11} {:<14} {:<20} {goods:<32} {came}",
            it.order, it.partner
        ))?;
    }
    head("Went into:", traced.made.is_empty())?;
    for it in &traced.made {
        let (from, into) = (named(&it.from), named(&it.into));
        let (used, made) = (amount(it.used), amount(it.made));
        tell(format_args!("  {from:<32} {used:<22} {into:<32} {made}"))?;
    }
    head("With customers, or on the way:", traced.sent.is_empty())?;
    for it in &traced.sent {
        let order = it.order.as_ref().map(ToString::to_string);
        let (order, goods) = (order.unwrap_or_default(), named(&it.goods));
        let (stage, place) = (it.stage.name(), &it.warehouse);
        tell(format_args!(
            "  {stage:<10} {place}  {order:<14} {:<20} {:<18} {goods:<32} {}",
            it.customer,
            it.plate,
            amount(it.amount)
        ))?;
    }
    head("There still:", traced.stands.is_empty())?;
    for it in &traced.stands {
        let (place, goods) = (it.place.to_string(), named(&it.goods));
        let much = amount(it.amount);
        tell(format_args!(
            "  {}  {place:<24} {goods:<32} {much}",
            it.warehouse
        ))?;
    }
    head("Mass balance:", traced.balance.is_empty())?;
    traced.balance.iter().try_for_each(balance)
}

fn head(title: &str, is_empty: bool) -> io::Result<()> {
    if is_empty { Ok(()) } else { tell(title) }
}

fn balance(it: &stockhand::office::trace::Balance) -> io::Result<()> {
    let parts = [
        ("came", it.came),
        ("made", it.made),
        ("sent", it.sent),
        ("used", it.used),
        ("written off", it.lost),
        ("unknown", it.unknown),
        ("in our hands", it.left),
    ];
    let parts = parts.iter().filter(|(_, part)| part.is_any());
    let parts: Vec<String> = parts
        .map(|(name, part)| format!("{name} {}", amount(*part)))
        .collect();
    let open = if it.open.is_zero() {
        "all accounted for".to_owned()
    } else {
        format!("NOT ACCOUNTED FOR: {}", it.open)
    };
    tell(format_args!("  {}: {}; {open}", it.item, parts.join(", ")))
}
