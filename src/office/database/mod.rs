//! The office's database: one writer, transactions, rows by column name.
//! A thin layer of our own, so that the same SQL can run on another database; knows nothing of stock.

mod row;

pub(crate) use row::values;
pub use row::{Row, Value};

use crate::sqlite::{self, Durability, SchemaError};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, TransactionBehavior};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Schema steps, oldest first. A released step is never edited.
const STEPS: &[&str] = &[
    include_str!("../sql/0001_start.sql"),
    include_str!("../sql/0002_handling.sql"),
    include_str!("../sql/0003_work.sql"),
    include_str!("../sql/0004_messages.sql"),
    include_str!("../sql/0005_pace.sql"),
    include_str!("../sql/0006_receive.sql"),
    include_str!("../sql/0007_pick.sql"),
    include_str!("../sql/0008_ship.sql"),
    include_str!("../sql/0009_stock.sql"),
    include_str!("../sql/0013_web.sql"),
    include_str!("../sql/0014_api.sql"),
];

/// Why the database could not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be opened.
    #[error("the office's database {path} cannot be opened: {source}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The file could not be made.
    #[error("the office's database {path} cannot be made: {source}")]
    Make {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its schema is not one that this program may touch, or could not be brought up to date.
    #[error("the office's database: {0}")]
    Schema(#[from] SchemaError),
    /// A file that is only to be read is of another schema.
    #[error(
        "this is no office database of this version (its schema is {found}, known here is {known})"
    )]
    OtherSchema {
        /// Schema of the file.
        found: u32,
        /// Schema known here.
        known: u32,
    },
    /// A statement failed.
    #[error("the office's database failed: {0}")]
    Run(#[from] rusqlite::Error),
    /// A row holds what the program never writes.
    #[error("the office's database holds a {what} that cannot be read: {text}")]
    Unreadable {
        /// What it should be.
        what: &'static str,
        /// What stands there.
        text: String,
    },
}

impl Error {
    /// Whether what was to be written is at fault, and not the disk, a lock or the file: trying again leads nowhere.
    pub fn is_of_the_data(&self) -> bool {
        match self {
            Self::Unreadable { .. } => true,
            Self::Run(why) => matches!(
                why.sqlite_error_code(),
                Some(
                    rusqlite::ErrorCode::ConstraintViolation
                        | rusqlite::ErrorCode::TooBig
                        | rusqlite::ErrorCode::TypeMismatch
                )
            ),
            Self::Open { .. } | Self::Make { .. } | Self::Schema(_) | Self::OtherSchema { .. } => {
                false
            }
        }
    }
}

/// How often the database was changed, as far as was looked.
#[derive(Clone, Copy)]
struct Seen {
    version: i64,
    changes: u64,
}

impl Seen {
    fn now(writer: &Connection) -> rusqlite::Result<Self> {
        // Counts the commits of all connections but the one that asks; the only other one in here never commits.
        let version = writer.pragma_query_value(None, "data_version", |row| row.get(0))?;
        Ok(Self {
            version,
            changes: writer.total_changes(),
        })
    }
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// By this process.
    pub here: bool,
    /// By another process.
    pub elsewhere: bool,
}

/// The database.
#[derive(Clone)]
pub struct Database {
    path: PathBuf,
    // Dropped before the writer, whose end then brings everything into the one file.
    reader: Arc<Mutex<Connection>>,
    writer: Arc<Mutex<Connection>>,
    seen: Arc<Mutex<Seen>>,
}

impl Database {
    /// Opens the file and brings its schema up to date, each step in a transaction of its own.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Open {
            path: path.to_owned(),
            source,
        };
        private(path)?;
        let mut writer = sqlite::open(path, Durability::EveryCommit).map_err(failed)?;
        writer.set_prepared_statement_cache_capacity(128);
        sqlite::migrate(&mut writer, STEPS)?;
        let seen = Seen::now(&writer).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Arc::new(Mutex::new(writer)),
            reader: Arc::new(Mutex::new(open_reader(path)?)),
            seen: Arc::new(Mutex::new(seen)),
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does it all or nothing; it is on disk when this returns. Says also whether anything changed by it.
    pub fn write<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<(T, bool), E> {
        let mut connection = lock(&self.writer);
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::Run)?;
        let before = tx.total_changes();
        let done = work(&Tx { connection: &tx })?;
        let changed = tx.total_changes() != before;
        tx.commit().map_err(Error::Run)?;
        Ok((done, changed))
    }

    /// Reads one consistent state.
    pub fn read<T, E: From<Error>>(&self, work: impl FnOnce(&Tx) -> Result<T, E>) -> Result<T, E> {
        let mut connection = lock(&self.reader);
        let tx = connection.transaction().map_err(Error::Run)?;
        work(&Tx { connection: &tx })
    }

    /// The same through a connection of its own, so that nobody waits for it: for what takes long.
    pub fn read_at_length<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = open_reader(&self.path)?;
        let tx = connection.transaction().map_err(Error::Run)?;
        work(&Tx { connection: &tx })
    }

    /// What has changed since this was last asked, by whom.
    pub fn news(&self) -> Result<News, Error> {
        let writer = lock(&self.writer);
        let seen = Seen::now(&writer)?;
        let before = std::mem::replace(&mut *lock(&self.seen), seen);
        Ok(News {
            here: seen.changes != before.changes,
            elsewhere: seen.version != before.version,
        })
    }

    /// Copies the whole database into a new file while it is in use.
    pub fn copy_to(&self, path: &Path) -> Result<(), Error> {
        Self::copy(&self.path, path)
    }

    /// Copies a database file, in use or not, into a new one that stands alone.
    pub fn copy(source: &Path, target: &Path) -> Result<(), Error> {
        let source = open_reader(source)?;
        private(target)?;
        let mut target = Connection::open(target)?;
        // All pages in one step: what commits meanwhile is either in the copy whole or not at all.
        let backup = rusqlite::backup::Backup::new(&source, &mut target)?;
        backup.run_to_completion(i32::MAX, std::time::Duration::from_millis(50), None)?;
        drop(backup);
        target.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(())
    }

    /// Whether a file is an office's database, of this schema or one that can be brought up to it.
    pub fn check(path: &Path) -> Result<(), Error> {
        let found = sqlite::schema(&open_reader(path)?)?;
        let known = u32::try_from(STEPS.len()).expect("a handful of steps");
        if (1..=known).contains(&found) {
            Ok(())
        } else {
            Err(Error::OtherSchema { found, known })
        }
    }

    /// Reads one consistent state of a database file that no office has open. It is not changed.
    pub fn read_file<T, E: From<Error>>(
        path: &Path,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = open_reader(path)?;
        let (found, known) = (
            sqlite::schema(&connection).map_err(Error::Run)?,
            u32::try_from(STEPS.len()).expect("a handful of steps"),
        );
        if found != known {
            return Err(Error::OtherSchema { found, known }.into());
        }
        let tx = connection.transaction().map_err(Error::Run)?;
        work(&Tx { connection: &tx })
    }
}

// A panic while the lock was held left no half transaction: the connection rolled it back.
fn lock<T>(connection: &Mutex<T>) -> MutexGuard<'_, T> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a file, if it is not there, that its owner alone can read; what SQLite puts beside it is made alike.
fn private(path: &Path) -> Result<(), Error> {
    let mut open = std::fs::OpenOptions::new();
    open.append(true).create(true).mode(0o600);
    match open.open(path) {
        Ok(_) => Ok(()),
        Err(source) => Err(Error::Make {
            path: path.to_owned(),
            source,
        }),
    }
}

fn open_reader(path: &Path) -> Result<Connection, Error> {
    let reader = sqlite::open_read_only(path).map_err(|source| Error::Open {
        path: path.to_owned(),
        source,
    })?;
    reader.set_prepared_statement_cache_capacity(128);
    Ok(reader)
}

/// A transaction under way.
pub struct Tx<'a> {
    connection: &'a Connection,
}

impl Tx<'_> {
    /// Runs a statement; says how many rows it touched.
    pub fn run(&self, sql: &str, values: &[Value]) -> Result<usize, Error> {
        Ok(self
            .connection
            .prepare_cached(sql)?
            .execute(rusqlite::params_from_iter(values))?)
    }

    /// All rows of an answer.
    pub fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let mut all = Vec::new();
        self.each(sql, values, |row| {
            all.push(row);
            Ok::<(), Error>(())
        })?;
        Ok(all)
    }

    /// Each row of an answer, one after another, without holding them all.
    pub fn each<E: From<Error>>(
        &self,
        sql: &str,
        values: &[Value],
        mut use_row: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.connection.prepare_cached(sql).map_err(Error::Run)?;
        let names: Arc<Vec<String>> =
            Arc::new(statement.column_names().map(str::to_owned).collect());
        let mut rows = statement
            .query(rusqlite::params_from_iter(values))
            .map_err(Error::Run)?;
        while let Some(row) = rows.next().map_err(Error::Run)? {
            let values = (0..names.len())
                .map(|at| value(row.get_ref(at)?))
                .collect::<Result<_, Error>>()?;
            use_row(Row {
                names: names.clone(),
                values,
            })?;
        }
        Ok(())
    }

    /// The first row of an answer, if there is one.
    pub fn first(&self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// Does all of this or none of it, within the transaction.
    pub fn whole<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.run("SAVEPOINT whole", &[])?;
        let done = work();
        if done.is_err() {
            self.run("ROLLBACK TO whole", &[])?;
        }
        self.run("RELEASE whole", &[])?;
        done
    }

    /// The next number of a counter of a warehouse. Numbers follow the order of commits.
    pub fn next(&self, warehouse: &str, name: &str) -> Result<i64, Error> {
        let sql = "INSERT INTO counters (warehouse, name, value) VALUES (?1, ?2, 1)
                   ON CONFLICT (warehouse, name) DO UPDATE SET value = counters.value + 1 RETURNING value";
        self.first(sql, values![warehouse, name])?
            .expect("an upsert returns its row")
            .int("value")
    }
}

fn value(value: ValueRef) -> Result<Value, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Real(real) => {
            return Err(Error::Unreadable {
                what: "number",
                text: real.to_string(),
            });
        }
        ValueRef::Blob(_) => {
            return Err(Error::Unreadable {
                what: "text",
                text: "bytes".to_owned(),
            });
        }
    })
}
