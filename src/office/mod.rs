//! The head office: every warehouse's stock ledger, orders and tasks. A fold over facts and documents:
//! what handhelds push and what people import goes into one ledger of balanced moves; all else is derived from it.

mod after_short;
mod allocate;
mod apart;
pub mod api;
mod arrival;
mod assembly;
mod availability;
mod back_order;
pub mod backup;
mod cancel;
mod change;
pub mod changes;
pub mod config;
mod count;
mod count_desk;
mod count_task;
mod counting;
mod cut;
pub(crate) mod database;
mod draft;
mod enrol;
pub mod epcis;
mod exception;
pub mod export;
mod feed;
pub mod figures;
mod floor;
pub mod forecast;
mod held_line;
pub mod hold;
pub mod hook;
pub mod import;
mod journal;
mod kit;
mod lease;
mod ledger;
mod matching;
mod message;
mod off_trucks;
pub mod open;
mod order;
mod outline;
pub mod pace;
mod people;
mod pick_terms;
mod pin;
pub mod plan;
mod progress;
mod promise;
mod proof;
mod put_back;
pub mod putaway;
pub mod qr;
pub mod recall;
mod receive;
mod records;
mod relay;
mod release;
mod replan;
mod replenish;
mod report;
mod returns;
pub mod rules;
mod schedule;
mod settle;
mod ship;
mod shortage;
mod snapshot;
mod space;
mod steps;
mod stock_steps;
mod substitute;
mod tend;
mod tolerance;
pub mod trace;
mod transfer;
mod transit;
mod twice;
pub mod verify;
pub mod wave;
pub mod web;
mod weighing;
mod work;
mod zones;

pub use arrival::Arrival;
pub use availability::Availability;
pub use cancel::Cancelled;
pub use change::OrderChange;
pub use count_desk::{CountRecord, Difference};
pub use count_task::ToCount;
pub use database::{Address, Database, Error as DatabaseError, Moved, Tx, Value};
pub use enrol::{Device, DeviceRecord, DeviceState, Invited};
pub use exception::{ExceptionKind, ExceptionRecord};
pub use held_line::HeldLine;
pub use ledger::Document;
pub use matching::Matched;
pub use message::MessageRecord;
pub use order::{OrderLine, OrderRecord};
pub use people::WorkerRecord;
pub use progress::{LineProgress, OrderProgress};
pub use promise::Promised;
pub use proof::{DeliveredLine, DeliveryRecord, Signature};
pub use records::StockRecord;
pub use replenish::{PickFace, ToMove};
pub use returns::ReturnRecord;
pub use snapshot::NoSnapshot;
pub use tend::{Caretaker, Tended};
pub use tolerance::Tolerance;
pub use transfer::UnderWay;

use crate::sync::{Refused, RefusedKind};
use crate::warehouse::SafeText;
use config::Log;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Why the office did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its database could not.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// It will not; the reason is for whoever asked.
    #[error("{note}")]
    Refused {
        /// For the program.
        kind: RefusedKind,
        /// For people.
        note: String,
    },
    /// A record names something that does not exist.
    #[error("there is no {what} {code}")]
    Unknown {
        /// What it should be.
        what: &'static str,
        /// Its code.
        code: String,
    },
    /// The system gave no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
}

impl Error {
    fn refused(kind: RefusedKind, note: impl Into<String>) -> Self {
        Self::Refused {
            kind,
            note: note.into(),
        }
    }

    /// Whether what was to be recorded is at fault, so that trying again leads nowhere.
    fn is_of_the_data(&self) -> bool {
        match self {
            Self::Database(why) => why.is_of_the_data(),
            Self::Unknown { .. } | Self::Refused { .. } => true,
            Self::Random(_) => false,
        }
    }

    /// What a handheld is told of it: nothing of the office's insides.
    pub fn answer(&self) -> Refused {
        match self {
            Self::Refused { kind, note } => Refused {
                kind: *kind,
                note: SafeText::new(note),
            },
            Self::Database(_) | Self::Unknown { .. } | Self::Random(_) => Self::trouble(),
        }
    }

    fn trouble() -> Refused {
        Refused {
            kind: RefusedKind::Trouble,
            note: "The office has a trouble of its own. Try again later.".into(),
        }
    }
}

type Listener = Box<dyn Fn() + Send + Sync>;
/// How what happens is written, and where.
type Notes = Arc<Mutex<(Log, Box<dyn Write + Send>)>>;

/// The head office over one database.
#[derive(Clone)]
pub struct Office {
    database: Database,
    listeners: Arc<Mutex<Vec<Listener>>>,
    making: Arc<Mutex<()>>,
    tended: Arc<AtomicU64>,
    notes: Notes,
}

impl Office {
    /// Opens the office's database, making it if it is not there.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::over(Database::open(path)?)
    }

    /// Opens the office's database on a PostgreSQL server, where other processes may serve the same office.
    /// `path`: beside it, this process keeps its snapshots.
    pub fn connect(address: &Address, path: &Path) -> Result<Self, Error> {
        Self::over(Database::connect(address, path)?)
    }

    fn over(database: Database) -> Result<Self, Error> {
        let office = Self {
            database,
            listeners: Arc::default(),
            making: Arc::default(),
            tended: Arc::default(),
            notes: Arc::new(Mutex::new((Log::Text, Box::new(io::stderr())))),
        };
        office.database.write(|tx| {
            if records::setting(tx, "incarnation")?.is_none() {
                records::set(tx, "incarnation", &enrol::random_hex::<16>()?)?;
            }
            Ok::<(), Error>(())
        })?;
        Ok(office)
    }

    /// Its database, for copies and checks.
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Numbers license plates under this company's prefix from now on.
    pub fn set_company_prefix(&self, prefix: &config::CompanyPrefix) -> Result<(), Error> {
        self.write(|tx| {
            if records::setting(tx, "company_prefix")?.as_deref() == Some(prefix.as_str()) {
                return Ok(());
            }
            records::set(tx, "company_prefix", prefix.as_str())
        })
    }

    /// Writes its notes here from now on, instead of on standard error.
    pub fn write_notes_to(&self, out: impl Write + Send + 'static) {
        self.notes().1 = Box::new(out);
    }

    /// Writes its notes in this form from now on.
    pub fn write_notes_as(&self, log: Log) {
        self.notes().0 = log;
    }

    fn notes(&self) -> MutexGuard<'_, (Log, Box<dyn Write + Send>)> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says one line of what happens to whoever watches the office. Never a secret, never a person's name or what a label says.
    pub fn note(&self, text: &str) {
        self.note_of(text, &[]);
    }

    /// The same with what it is about, name by name.
    pub fn note_of(&self, text: &str, about: &[(&str, &str)]) {
        let now = chrono::Utc::now().format("%FT%TZ").to_string();
        let text = SafeText::new(text);
        let mut notes = self.notes();
        let (log, out) = &mut *notes;
        let line = match log {
            Log::Text => {
                let about = about
                    .iter()
                    .map(|(name, value)| format!(" {name}={}", SafeText::new(value)));
                format!("{now} {text}{}", about.collect::<String>())
            }
            Log::Json => {
                let own = [("at", now.as_str()), ("message", text.as_str())];
                let all = own.iter().chain(about);
                let all = all.map(|(name, value)| ((*name).to_owned(), (*value).into()));
                serde_json::Value::Object(all.collect()).to_string()
            }
        };
        // A watcher that is gone must not stop the office.
        let _ = writeln!(out, "{line}");
    }

    /// Says that something failed, without what it failed at.
    pub fn note_error(&self, what: &str, why: &Error) {
        let why = match why {
            Error::Database(database::Error::Unreadable { what, .. }) => {
                format!("the office's database holds a {what} that cannot be read")
            }
            Error::Unknown { what, .. } => format!("there is no such {what}"),
            other => other.to_string(),
        };
        self.note_of(what, &[("why", &why)]);
    }

    /// Calls this after every change that handhelds should hear of. It must be quick.
    pub fn on_change(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Box::new(listener));
    }

    /// Whether it knows of no warehouse yet.
    pub fn is_empty(&self) -> Result<bool, Error> {
        self.database
            .read(|tx| Ok(records::warehouses(tx)?.is_empty()))
    }

    /// Which life of the office this is.
    pub fn incarnation(&self) -> Result<String, Error> {
        self.database.read(incarnation)
    }

    /// Does it all or nothing, then tells whoever waits for news.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Tx) -> Result<T, Error>) -> Result<T, Error> {
        let (done, changed) = self.database.write(work)?;
        if changed {
            self.tell();
        }
        Ok(done)
    }

    /// The same for work that writes in one warehouse only: on a server, others go on in other warehouses meanwhile.
    pub(crate) fn write_in<T>(
        &self,
        warehouse: &str,
        work: impl FnOnce(&Tx) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (done, changed) = self.database.write_in(warehouse, work)?;
        if changed {
            self.tell();
        }
        Ok(done)
    }

    fn tell(&self) {
        let listeners = self.listeners.lock();
        for listener in listeners.unwrap_or_else(PoisonError::into_inner).iter() {
            listener();
        }
    }
}

fn incarnation(tx: &Tx) -> Result<String, Error> {
    Ok(records::setting(tx, "incarnation")?.unwrap_or_default())
}
