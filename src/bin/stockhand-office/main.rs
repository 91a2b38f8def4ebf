//! The head office: arguments, open, do one thing, close. What is done is said in `stockhand::office`.

mod arrivals;
mod deliveries;
mod epcis;
mod exceptions;
mod figures;
mod floor;
mod held;
mod hooks;
mod keys;
mod orders;
mod picking;
mod place;
mod plan;
mod planning;
mod proposing;
mod recall;
mod recover;
mod sheets;
mod stock;
mod trace;
mod users;
mod weighing;

use clap::{Args, Parser, Subcommand};
use std::error::Error;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use stockhand::office::api::{Serving, TlsIdentity};
use stockhand::office::backup::{self, Guard};
use stockhand::office::changes::Carrier;
use stockhand::office::config::{Config, Log};
use stockhand::office::hold::{Held, Which};
use stockhand::office::hook::{Courier, Messenger};
use stockhand::office::plan::Planner;
use stockhand::office::verify::Verified;
use stockhand::office::{Caretaker, DeviceState, Office, qr};
use stockhand::planning::forecast::Asked;
use stockhand::sync::Invitation;
use stockhand::warehouse::{BinCode, DeviceId, ItemCode, LotCode, SafeText, WarehouseCode};

use place::{Place, existing, open};

type Done = Result<ExitCode, Box<dyn Error>>;

/// The head office of Stockhand: keeps every warehouse's stock, makes the work, and talks with the handhelds.
///
/// All commands but restore work while `serve` runs on the same folder.
/// Exit codes: 0 done; 1 done, and there is something to look at; 2 wrong arguments; 3 could not.
#[derive(Parser)]
#[command(name = "stockhand-office", version)]
struct Cli {
    /// A file of settings; see config/office.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The office's folder, made if it is not there [default: office-data].
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The database on a PostgreSQL server, as `postgres://user@host/database`, instead of a file in the folder.
    ///
    /// It may also stand in the file of settings or in `STOCKHAND_DATABASE`. A password is better kept in PGPASSWORD or in the
    /// password file that PGPASSFILE names; PGSSLROOTCERT names the certificate of a server that no public authority vouches for.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers handhelds until Ctrl-C or SIGTERM; makes work of what was imported.
    Serve {
        /// Where to listen [default: port 7443 of every network].
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
        /// How what happens is written on standard error: text, or json for a JSON object a line [default: text].
        #[arg(long, value_name = "FORM")]
        log: Option<Log>,
        /// Carries every change to this folder within seconds, for `restore --changes`. Make a backup once it runs.
        #[arg(long, value_name = "DIR")]
        changes: Option<PathBuf>,
    },
    /// Brings CSV files or JSON lines in: all rows of all of them, or none and a list of what is wrong (exit code 1).
    ///
    /// A file's name says what it holds: warehouses.csv, items.csv, barcodes.csv, bins.csv, workers.csv,
    /// suppliers.csv, customers.csv, stock.csv, receipts.csv, orders.csv, transfers.csv, returns.csv, production.csv,
    /// disassembly.csv, `delivery_codes.csv`, faces.csv,
    /// values.csv, recipes.csv; for planning `supplier_terms.csv`, supplies.csv, `plan_items.csv`, `past_demand.csv`,
    /// `one_offs.csv`, ordered.csv, prices.csv, `receipt_costs.csv`, `receipt_charges.csv`; or items.jsonl and so on with an
    /// object a line. Bringing the same in again updates. Files may be larger than the memory: more than 10,000 rows come in in
    /// pieces, and if that is broken off, the same command goes on where it stood.
    Import(sheets::Import),
    /// Writes the records as the CSV files, or JSON lines, that import takes.
    ///
    /// Workers come with their PIN verifiers, not their PINs. What the floor has begun is not among the orders.
    Export(sheets::Export),
    /// Writes a demo warehouse as CSV files, to be looked at and imported.
    Demo {
        /// The folder to write to, made if it is not there.
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
    },
    /// Invites one handheld: shows a text, and a QR code of it, that the handheld scans once.
    Enrol {
        /// The handheld's warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// How handhelds reach this office.
        #[arg(long, value_name = "HOST:PORT")]
        address: Option<String>,
        /// For how long the invitation is good.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1440))]
        minutes: u32,
    },
    /// Lists the handhelds.
    Devices,
    /// Strikes a handheld off: from its next call on it is refused, and others may go on with its work.
    Revoke {
        /// Its name, such as HH-007.
        device: DeviceId,
    },
    /// Lets a frozen handheld speak again, once a person has looked at it.
    Unfreeze {
        /// Its name, such as HH-007.
        device: DeviceId,
    },
    /// Keys by which other systems read the office: made, listed, revoked.
    #[command(subcommand)]
    Key(keys::Command),
    /// Webhooks, by which other systems are told of what happens: added, listed, removed, sent again.
    #[command(subcommand)]
    Hook(hooks::Command),
    /// Lists stock by bin and lot: how much is there, promised to open picking, free, and kept back.
    Stock(Stock),
    /// Keeps stock back: it is not allocated until released.
    Hold(Stock),
    /// Makes held stock available again.
    ReleaseHold(Stock),
    #[command(flatten)]
    House(stock::Command),
    /// Follows goods through all warehouses: by lot, unit, last day, supplier, order, customer, truck, plate, worker or handheld.
    ///
    /// What is certain and what is only possible are told apart. Exit code 1: nothing in the books fits.
    #[command(subcommand)]
    Trace(trace::Command),
    /// Calls goods back: finds, holds, tells, collects, reports. A drill does it on paper.
    #[command(subcommand)]
    Recall(recall::Command),
    /// Tells partners what happened, as EPCIS 2.0 events, and takes in what they tell.
    #[command(subcommand)]
    Epcis(epcis::Command),
    /// Planning on the office's own books: demand, forecasts, levels, reminders to order.
    #[command(subcommand)]
    Plan(planning::Command),
    /// What the figures say, as CSV: what stock is worth, what it earns, how it turns, ages and expires, and the service achieved.
    #[command(subcommand)]
    Figures(figures::Command),
    /// Writes to the handhelds of a warehouse; the text is read and acknowledged there.
    Tell(floor::Tell),
    /// Says where goods would be put away now, and of every bin why it was chosen or not. Exit code 1: nowhere.
    PutawayWhy(arrivals::Why),
    /// Counts what came unannounced as received for an order, once a person knows which.
    MatchReceipt(arrivals::Match),
    /// Lists deliveries from the dock door to the shelf, newest first.
    Arrivals {
        /// How many.
        #[arg(long, default_value_t = 20)]
        most: u32,
    },
    /// Lists what was brought to customers, newest first: what they took, refused or missed, who received it, and whether they
    /// showed the code that was agreed.
    Deliveries(deliveries::Deliveries),
    /// Shows how fast and how far people work, by worker, kind of work and zone: what each sees of themselves on a handheld.
    Pace(floor::Paces),
    /// Shows whether closed cartons are weighed and how far off they may be; changes it if anything is given.
    Weigh(weighing::Weigh),
    /// Lists what did not square and waits for a person.
    Exceptions {
        /// Closes this one, such as W1/17: a person has decided.
        #[arg(long, value_name = "WAREHOUSE/NUMBER")]
        close: Option<String>,
    },
    /// Says who may sign in at the web page, which stands at https:// and the address of `serve`.
    #[command(subcommand)]
    User(users::Command),
    /// Copies the database into a new file, while the office runs, and checks the copy.
    ///
    /// Keep office-cert.pem and office-key.pem from the folder with it: handhelds trust that certificate and no other.
    Backup {
        /// The new file.
        file: PathBuf,
    },
    /// Puts a backup back as this folder's office. The present database is set aside, not deleted; one on a server must be empty.
    ///
    /// The office must not be running. It begins a new life: handhelds notice, fetch everything anew, and send again
    /// what the backup does not know. Nothing recorded on a handheld is lost.
    Restore(recover::Restore),
    /// Begins a new life of the office on a database that was put back to an earlier state by other means, such as
    /// PostgreSQL's own point-in-time recovery: handhelds notice, and send again what it does not know.
    ///
    /// No office may run on that database meanwhile.
    Reborn,
    /// Moves the whole office into another, empty database: from a SQLite file to PostgreSQL, or back.
    ///
    /// Stop every office on this database first. All tables come over as of one moment, are counted and compared, or nothing
    /// does; then it can be begun again. The database moved from stays as it is.
    MoveTo {
        /// Where to: `postgres://user@host/database`, or a new SQLite file.
        #[arg(value_name = "URL|FILE")]
        to: String,
    },
    /// Forecasts demand: reads `unique_id,ds,y` as CSV from standard input, writes means and bounds as CSV.
    ///
    /// `ds` is a date, a month (2027-03) or a whole number; the coming periods keep its spacing. Periods without a row are
    /// filled from their neighbours. A column `imputed` marks, by anything but 0, values that were not really seen.
    Forecast {
        /// How many periods ahead.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=520))]
        horizon: u16,
        /// How many periods make a season: 12 of months, 52 of weeks, 1 for none.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=366))]
        season: u16,
        /// The plan, as CSV: `unique_id,ds` and what drives demand, such as price, in every coming period.
        #[arg(long, value_name = "FILE")]
        drivers: Option<PathBuf>,
        /// Instead of forecasting, tells how good forecasts of the last horizon, and of so many in all, would have been.
        #[arg(long, value_name = "TIMES", value_parser = clap::value_parser!(u16).range(1..=20))]
        back_test: Option<u16>,
    },
    /// Checks the books against the ledger and the journals. Exit code 1: something is wrong.
    Verify {
        /// A backup to check instead of the folder's office.
        file: Option<PathBuf>,
    },
    /// Shows the rules of picking in a warehouse as JSON, or sets them.
    ///
    /// What a file leaves out is as it comes built in. Work on the floor stays as it is.
    Rules(picking::Rules),
    /// Shows how far an order is, line by line; cancels or changes it.
    Order(orders::Order),
    /// Says when goods can go: now, or when what is announced has come. Exit code 1: nobody can say.
    Promise(orders::Promise),
    /// Lists what is on its way between warehouses.
    Transit,
    /// Releases open orders as one wave, put on carts so that as little as possible is walked.
    PlanWave(picking::PlanWave),
    /// Lists lines that pickers left to the office; has one fetched after all, or gives it up.
    HeldLines(held::Held),
    /// Finds the shortest walk past all picks of a pick-route/1 file, read from standard input.
    ///
    /// Prints one line, {"length": the walk in the file's unit, "order": [the picks' line numbers]}. It needs no office.
    Route,
    /// Answers questions about inventory policy: a JSON object a line in, a JSON object a line out.
    ///
    /// A line names its kind, and the numbers that the kind asks for are its inputs. What cannot be answered is an error
    /// that says what to do; the next line is answered all the same.
    #[command(after_long_help = plan::policy_help())]
    Policy,
}

#[derive(Args)]
struct Stock {
    /// Its warehouse.
    #[arg(long)]
    warehouse: WarehouseCode,
    /// At this bin only.
    #[arg(long)]
    bin: Option<BinCode>,
    /// Of this item only.
    #[arg(long)]
    item: Option<ItemCode>,
    /// Of this lot only.
    #[arg(long)]
    lot: Option<LotCode>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        // Whoever reads our output has heard enough: no need to say more.
        Err(why) if is_broken_pipe(&*why) => ExitCode::from(3),
        Err(why) => {
            let why = SafeText::new(&why.to_string());
            // With nobody to hear it, the exit code says it.
            let _ = writeln!(io::stderr(), "stockhand-office: {why}");
            ExitCode::from(3)
        }
    }
}

fn is_broken_pipe(why: &(dyn Error + 'static)) -> bool {
    why.downcast_ref::<io::Error>()
        .is_some_and(|why| why.kind() == io::ErrorKind::BrokenPipe)
}

fn run(cli: Cli) -> Done {
    let config = match &cli.config {
        Some(path) => Config::read(path)?,
        None => Config::default(),
    };
    let config = config.or_variables(|name| std::env::var(name).ok())?;
    let data = Place::find(cli.data, cli.database.as_deref(), &config)?;
    match cli.command {
        Command::Serve {
            listen,
            log,
            changes,
        } => {
            let config = Config {
                listen: listen.or(config.listen),
                log: log.or(config.log),
                changes: changes.or(config.changes),
                ..config
            };
            serve(&data, &config)
        }
        Command::Import(wish) => sheets::import(&open(&data)?, &wish),
        Command::Export(wish) => sheets::export(&existing(&data)?, &wish),
        Command::Demo { to } => sheets::demo(&to),
        Command::Enrol {
            warehouse,
            address,
            minutes,
        } => enrol(&data, &warehouse, address.or(config.address), minutes),
        Command::Devices => devices(&existing(&data)?),
        Command::Revoke { device } => revoke(&existing(&data)?, &device),
        Command::Unfreeze { device } => unfreeze(&existing(&data)?, &device),
        Command::Key(command) => keys::run(&existing(&data)?, command),
        Command::Hook(command) => hooks::run(&existing(&data)?, command),
        Command::Stock(stock) => stock_list(&existing(&data)?, &which(stock)?),
        Command::Hold(stock) => hold(&existing(&data)?, stock),
        Command::ReleaseHold(stock) => release_hold(&existing(&data)?, stock),
        Command::Trace(command) => trace::run(&existing(&data)?, command),
        Command::Epcis(command) => epcis::run(&existing(&data)?, command),
        Command::Recall(command) => recall::run(&existing(&data)?, command),
        Command::Plan(command) => planning::run(&existing(&data)?, command),
        Command::Figures(command) => figures::run(&existing(&data)?, command),
        Command::House(command) => stock::run(&existing(&data)?, command),
        Command::PutawayWhy(wish) => arrivals::why(&existing(&data)?, wish),
        Command::MatchReceipt(wish) => arrivals::match_receipt(&existing(&data)?, &wish),
        Command::Arrivals { most } => arrivals::list(&existing(&data)?, most),
        Command::Deliveries(wish) => deliveries::list(&existing(&data)?, &wish),
        Command::Tell(wish) => floor::tell_floor(&existing(&data)?, &wish),
        Command::Pace(wish) => floor::paces(&existing(&data)?, &wish),
        Command::Weigh(wish) => weighing::weigh(&existing(&data)?, &wish),
        Command::Exceptions { close } => exceptions::list(&existing(&data)?, close.as_deref()),
        Command::User(wish) => users::run(&open(&data)?, wish),
        Command::Backup { file } => verified(&existing(&data)?.backup(&file)?),
        Command::Restore(wish) => recover::restore(&data, &wish),
        Command::Reborn => recover::reborn(&data),
        Command::MoveTo { to } => place::move_to(&data, &to),
        Command::Forecast {
            horizon,
            season,
            drivers,
            back_test,
        } => {
            let (horizon, season) = (horizon.into(), season.into());
            plan::forecasts(Asked { horizon, season }, drivers.as_deref(), back_test)
        }
        Command::Verify { file: Some(file) } => verified(&backup::verify_file(&file)?),
        Command::Verify { file: None } => verified(&existing(&data)?.verify()?),
        Command::Rules(asked) => picking::rules(&existing(&data)?, &asked),
        Command::HeldLines(asked) => held::held(&existing(&data)?, &asked),
        Command::Order(wish) => orders::run(&existing(&data)?, wish),
        Command::Promise(wish) => orders::promise(&existing(&data)?, &wish),
        Command::Transit => orders::transit(&existing(&data)?),
        Command::PlanWave(asked) => picking::plan_wave(&existing(&data)?, &asked),
        Command::Route => plan::route(),
        Command::Policy => plan::answer_policy(),
    }
}

/// Says a line to whoever asked. Error: they have stopped listening, as `head` does; see `main`.
fn tell(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

fn say(line: impl Display) -> Done {
    tell(line)?;
    Ok(ExitCode::SUCCESS)
}

fn serve(place: &Place, config: &Config) -> Done {
    let listen = config.listen;
    let listen = listen.unwrap_or_else(|| SocketAddr::from(([0u16; 8], 7443)));
    let (data, office) = (&place.folder, open(place)?);
    office.write_notes_as(config.log.unwrap_or_default());
    let _guard = Guard::take(data)?;
    office.keep_changes(config.changes.is_some())?;
    let carrier = config.changes.clone();
    let carrier = carrier.map(|folder| Carrier::start(office.clone(), folder));
    let _carrier = carrier.transpose()?;
    if let Some(prefix) = &config.company_prefix {
        office.set_company_prefix(prefix)?;
    }
    let identity = TlsIdentity::in_folder(data)?;
    let parked = office.post_parked(chrono::Utc::now())?;
    if parked > 0 {
        office.note(&format!("{parked} rows that were parked are posted now"));
    }
    let _caretaker = Caretaker::start(office.clone())?;
    let _messenger = Messenger::start(office.clone(), Courier::default())?;
    let _planner = Planner::start(office.clone())?;
    let serving = Serving::start(office.clone(), listen, &identity)?;
    office.note(&format!("listening at {}", serving.address()));
    serving.run_until_signal()?;
    office.note("stopped");
    Ok(ExitCode::SUCCESS)
}

fn enrol(place: &Place, warehouse: &WarehouseCode, address: Option<String>, minutes: u32) -> Done {
    let address = address.ok_or("say by --address HOST:PORT how handhelds reach this office")?;
    let office = existing(place)?;
    let identity = TlsIdentity::in_folder(&place.folder)?;
    // The address is looked at before a code is spent on it.
    Invitation::new(&address, &"0".repeat(32), None)?;
    let invited = office.invite(chrono::Utc::now(), warehouse, minutes)?;
    let invitation =
        Invitation::new(&address, &invited.code, Some(identity.fingerprint()))?.to_string();
    let until = invited.expires_at.with_timezone(&chrono::Local);
    tell(format_args!(
        "Scan this with the new handheld of {warehouse}. It is good for one, until {}.\n",
        until.format("%H:%M")
    ))?;
    if io::stdout().is_terminal() {
        tell(qr::picture(&invitation)?)?;
    }
    say(format!("\n{invitation}"))
}

fn revoke(office: &Office, device: &DeviceId) -> Done {
    office.revoke(device)?;
    say(format!("{device} is struck off."))
}

fn unfreeze(office: &Office, device: &DeviceId) -> Done {
    office.unfreeze(device)?;
    say(format!("{device} may speak again."))
}

fn devices(office: &Office) -> Done {
    for known in office.devices()? {
        let state = match known.state {
            DeviceState::Active => "active".to_owned(),
            DeviceState::Frozen => format!("FROZEN: {}", known.why),
            DeviceState::Revoked => "struck off".to_owned(),
        };
        let (id, warehouse) = (&known.device.id, &known.device.warehouse);
        let seen = known.seen_at.with_timezone(&chrono::Local);
        tell(format_args!(
            "{id}  {warehouse}  {}  last heard {}  {state}",
            known.name,
            seen.format("%F %R")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn which(stock: Stock) -> Result<Which, Box<dyn Error>> {
    let Stock {
        warehouse,
        bin,
        item,
        lot,
    } = stock;
    if bin.is_none() && item.is_none() && lot.is_none() {
        return Err("say which stock: --bin, --item or --lot".into());
    }
    Ok(Which {
        warehouse,
        bin,
        item,
        lot,
    })
}

fn stock_list(office: &Office, which: &Which) -> Done {
    tell(format_args!(
        "{:<14} {:<14} {:<14} {:<10} {:>8} {:>9} {:>8} {:>8}",
        "bin", "item", "lot", "expiry", "there", "promised", "free", "held"
    ))?;
    for row in office.stock(chrono::Utc::now(), which)? {
        let lot = row
            .goods
            .lot
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let expiry = row
            .goods
            .expiry
            .map(|day| day.to_string())
            .unwrap_or_default();
        let (bin, item) = (&row.bin, &row.goods.item);
        let (there, promised, free, held) = (row.there, row.promised, row.free, row.held);
        tell(format_args!(
            "{bin:<14} {item:<14} {lot:<14} {expiry:<10} {there:>8} {promised:>9} {free:>8} {held:>8}"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn hold(office: &Office, stock: Stock) -> Done {
    held(&office.hold(chrono::Utc::now(), &which(stock)?)?, "held")
}

fn release_hold(office: &Office, stock: Stock) -> Done {
    let done = office.release_hold(chrono::Utc::now(), &which(stock)?)?;
    held(&done, "released")
}

fn held(held: &Held, how: &str) -> Done {
    tell(format_args!(
        "{} in {} places {how}.",
        held.quantity, held.rows
    ))?;
    if how == "held" {
        for task in &held.promised {
            tell(format_args!(
                "{task} still fetches from there: tell whoever picks it."
            ))?;
        }
    }
    Ok(if held.rows == 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn verified(verified: &Verified) -> Done {
    let Verified {
        rows,
        moves,
        stock,
        findings,
    } = verified;
    tell(format_args!(
        "Looked at {rows} journal rows, {moves} moves, {stock} stock rows."
    ))?;
    for finding in findings {
        tell(SafeText::new(&finding.0))?;
    }
    if findings.is_empty() {
        return say("All is as it should be.");
    }
    tell(format_args!("{} findings.", findings.len()))?;
    Ok(ExitCode::FAILURE)
}
