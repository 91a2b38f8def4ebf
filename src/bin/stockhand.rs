//! The handheld: opens its memory, its ports and its line to the office, and runs until it is told to end.

use clap::{Args, Parser, Subcommand};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use stockhand::config::Config;
use stockhand::demo::{self, Scanner};
use stockhand::device::rfid::{Fingerprint, ReaderSettings};
use stockhand::device::{PortSettings, PrinterSettings, Ringer, Taken, strike};
use stockhand::handheld::{Effect, Model, begin};
use stockhand::run::{self, Hands, Happened, Memory, Running, Screen};
use stockhand::store::{Healing, Journal, Verified};
use stockhand::sync::Client;
use stockhand::{device, diagnose};

/// Runs the floor of a warehouse from a handheld, with or without signal.
#[derive(Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: Run,
}

#[derive(Args, Clone, Default)]
struct Run {
    #[command(flatten)]
    place: At,
    /// Practise: work on a copy of the memory; nothing counts, and nothing reaches the office
    #[arg(long)]
    practise: bool,
}

#[derive(Args, Clone, Default)]
struct At {
    /// Configuration file; none: the defaults (see `stockhand config`)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the handheld's memory
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the handheld full screen (also without a command)
    Run(Run),
    /// Try it: a head office, a demo warehouse and a make-believe scanner, all on this machine
    Demo {
        /// Folder that keeps the demo; leaving and starting again goes on where one was
        #[arg(long, value_name = "FOLDER")]
        data: Option<PathBuf>,
        /// Begin the demo anew: what was done in it is set aside
        #[arg(long)]
        fresh: bool,
        /// Also listen to a real scanner on this device file
        #[arg(long, value_name = "DEVICE")]
        port: Option<String>,
    },
    /// Look at every row of both copies of the journal
    Verify(At),
    /// Print the configuration that holds without a file, to begin one's own with
    Config,
    /// List device files that look like scanners
    Ports,
    /// Say what each line of standard input is
    Decode {
        /// Read and answer one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Print what a port says, live
    Listen(Listen),
}

#[derive(Args)]
struct Listen {
    /// The device file, or auto
    #[arg(long, default_value = "auto")]
    port: String,
    /// Baud rate
    #[arg(long, default_value_t = 9600)]
    baud: u32,
    /// It is an RFID reader: its profile or protocol (tsl, llrp …), or auto (also without a name)
    #[arg(long, value_name = "READER", num_args = 0..=1, default_missing_value = "auto")]
    reader: Option<String>,
    /// Power of the RFID reader in dBm
    #[arg(long, value_name = "DBM", requires = "reader", value_parser = clap::value_parser!(u8).range(0..=36))]
    power: Option<u8>,
    /// SHA-256 of the certificate of a portal that is spoken to over TLS
    #[arg(long, value_name = "HEX", requires = "reader")]
    certificate: Option<Fingerprint>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => handheld(&cli.run),
        Some(Command::Run(run)) => handheld(&run),
        Some(Command::Demo { data, fresh, port }) => demo_run(data, fresh, port),
        Some(Command::Verify(place)) => verify(&place),
        Some(Command::Config) => {
            print!("{}", stockhand::config::EXAMPLE);
            Ok(())
        }
        Some(Command::Ports) => {
            device::candidates()
                .iter()
                .for_each(|path| println!("{}", path.display()));
            Ok(())
        }
        Some(Command::Decode { json }) => decode(json),
        Some(Command::Listen(listen)) => heard(listen).map_err(Into::into),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("stockhand: {why}");
            ExitCode::FAILURE
        }
    }
}

fn heard(listen: Listen) -> io::Result<()> {
    let Some(profile) = listen.reader else {
        let port = PortSettings {
            device: listen.port,
            baud: listen.baud,
            ..PortSettings::default()
        };
        return diagnose::listen(&port, io::stdout());
    };
    let reader = ReaderSettings {
        device: listen.port,
        profile,
        power_dbm: listen.power,
        certificate: listen.certificate,
        reads_at_once: true,
        ..ReaderSettings::default()
    };
    diagnose::listen_to_reader(&reader, io::stdout())
}

fn decode(json: bool) -> Result<(), Box<dyn Error>> {
    let (input, output) = (BufReader::new(io::stdin().lock()), io::stdout().lock());
    if json {
        diagnose::decode_json(input, output)?;
    } else {
        diagnose::decode_words(input, output)?;
    }
    Ok(())
}

fn read(place: &At) -> Result<(Config, PathBuf), Box<dyn Error>> {
    let config = match &place.config {
        Some(path) => Config::read(path)?,
        None => Config::default(),
    };
    let data = place.data.clone().or_else(|| config.data.clone());
    let data = data.map_or_else(|| data_folder("stockhand"), Ok)?;
    Ok((config, data))
}

/// The user's data folder, by the XDG base directory specification.
fn data_folder(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let base = set("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".local/share")));
    base.map(|base| base.join(name))
        .ok_or_else(|| "there is no home folder: say where with --data".into())
}

fn handheld(run: &Run) -> Result<(), Box<dyn Error>> {
    let (config, data) = read(&run.place)?;
    run_in(&data, config, run.practise, None)
}

fn demo_run(
    data: Option<PathBuf>,
    fresh: bool,
    port: Option<String>,
) -> Result<(), Box<dyn Error>> {
    let data = data.map_or_else(|| data_folder("stockhand-demo"), Ok)?;
    let office = demo::Office::open(&data, fresh)?;
    let scanner = Scanner::new(demo::PIN)?;
    let make_believe = PortSettings {
        name: "make-believe".to_owned(),
        device: scanner.device(),
        ..PortSettings::default()
    };
    let real = port.map(|device| PortSettings {
        device,
        ..PortSettings::default()
    });
    let printer = PrinterSettings {
        device: demo::start_printer(&data.join("labels.txt"))?,
        ..PrinterSettings::default()
    };
    let config = Config {
        printer: vec![printer],
        name: Some("Demo".to_owned()),
        port: std::iter::once(make_believe).chain(real).collect(),
        reader: vec![ReaderSettings {
            device: scanner.reader_device(),
            profile: "tsl".to_owned(),
            ..ReaderSettings::default()
        }],
        ..Config::default()
    };
    office.enrol(&data.join("handheld"))?;
    run_in(&data.join("handheld"), config, false, Some(scanner))?;
    println!("{}", office.farewell(&data));
    Ok(())
}

fn verify(place: &At) -> Result<(), Box<dyn Error>> {
    let (_, data) = read(place)?;
    let (journal, healings) = Journal::open(&data, chrono::Utc::now())?;
    healings
        .iter()
        .for_each(|healing| println!("{}", said(healing)));
    let (head, unsent) = (journal.head(), journal.read().unsent()?);
    match journal.verify()? {
        Verified::Whole => {
            println!(
                "{} facts, whole in both copies; {} not at the office yet",
                head.seq, unsent.count
            );
            Ok(())
        }
        Verified::BrokenChain(seq) => {
            Err(format!("fact {seq} is not what was written: do not use this handheld, call the office").into())
        }
        Verified::BrokenCopy { facts } => Err(format!(
            "the second copy is whole up to fact {facts} of {}: start the handheld, it writes it anew",
            head.seq
        )
        .into()),
    }
}

/// What was made whole at the start, for people.
fn said(healing: &Healing) -> String {
    match healing {
        Healing::RowsPutBack { facts } => {
            format!("{facts} facts were missing from the database and were put back")
        }
        Healing::CopyCompleted { facts } => {
            format!("{facts} facts were missing from the second copy and were put back")
        }
        Healing::TornEndSetAside { bytes, kept_as } => format!(
            "the second copy ended in {bytes} half-written bytes, kept as {}",
            kept_as.display()
        ),
        Healing::CopyRewritten { kept_as } => format!(
            "the second copy was damaged and was written anew; the old one is kept as {}",
            kept_as.display()
        ),
        Healing::DatabaseRebuilt {
            why,
            facts,
            kept_as,
        } => {
            let mut text = format!("the database was {why} and was built anew with {facts} facts");
            if let Some(kept_as) = kept_as {
                let _ = write!(text, "; the old one is kept as {}", kept_as.display());
            }
            text
        }
        Healing::FactsMissing { last, should_be } => format!(
            "BOTH COPIES WERE DAMAGED: facts {} to {should_be} are missing. Call the office before going on",
            last + 1
        ),
        Healing::CopiesDiffered { seq, kept_as } => format!(
            "the two copies differed from fact {seq} on; the longer one was believed, the other is kept as {}",
            kept_as.display()
        ),
        Healing::BegunAnew { kept_as } => format!(
            "no sound journal was left and a new one was begun; the old one is kept as {}",
            kept_as.display()
        ),
    }
}

fn run_in(
    data: &Path,
    config: Config,
    practise: bool,
    scanner: Option<Scanner>,
) -> Result<(), Box<dyn Error>> {
    let now = chrono::Utc::now();
    let (memory, cache, healings) = Memory::open(data, now)?;
    let identity = memory.journal().read().identity()?;
    let (out, happened) = run::channel();
    let tell = {
        let out = out.clone();
        move |told| {
            // The loop has ended: there is nobody to tell.
            let _ = out.send((chrono::Utc::now(), Happened::Told(told)));
        }
    };
    let name = config.name.clone().unwrap_or_else(host_name);
    let sync = Client::start(data, cache, name.as_str().into(), tell);
    if let Some(identity) = &identity {
        sync.belong(identity);
    }
    let bell = config
        .bell
        .then(|| Ringer::start(|| strike(&mut io::stdout())));
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let theme = config.theme(no_color);
    let mut model = Model::new(config.settings(), now, identity.as_ref().map(run::shown));
    model.is_fetched = !memory.cache().cursor()?.incarnation.is_empty();
    // Shared, so that no two look for their device on the same port.
    let taken = Taken::default();
    let known = device::rfid::built_in();
    let radio = run::listen_to_readers(config.reader.clone(), &known, &taken, &out);
    let templates = stockhand::config::templates(config.templates.as_deref())?;
    let scale = run::Scale::start(config.scale.clone(), &out);
    let printers = run::Printers::start(config.printer.clone(), templates, &out);
    let mut hands = Hands::new(memory, sync, bell, radio, (printers, scale));
    run::restore_on_panic();
    let mut screen = Screen::open()?;
    for event in hands.beginning(begin()) {
        run::settle(&mut model, now, event, |effect| {
            hands.carry_out(now, effect)
        });
    }
    if practise {
        for event in hands.carry_out(now, Effect::Practise(true)) {
            run::settle(&mut model, now, event, |effect| {
                hands.carry_out(now, effect)
            });
        }
    }
    if let Some(healing) = healings.last() {
        model.notice = Some(stockhand::handheld::Notice::Healed(
            said(healing).as_str().into(),
        ));
    }
    run::end_on_signals(&out)?;
    run::listen_to_ports(config.port, &taken, &out);
    run::listen_to_keyboard(out);
    let ended = Running {
        model,
        hands,
        screen: &mut screen,
        theme,
        scanner,
    }
    .run(&happened);
    drop(screen);
    healings
        .iter()
        .for_each(|healing| eprintln!("stockhand: {}", said(healing)));
    ended.map_err(Into::into)
}

/// What the machine is called.
fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "handheld" } else { name }.to_owned()
}
