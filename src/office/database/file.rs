//! The office's database as one SQLite file: one connection writes, another reads.

use super::{Error, News, On, Row, Tx, Value, redo};
use crate::sqlite::{self, Durability};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, TransactionBehavior};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a write waits for another process's: an import or a wave is one write, and takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// An open file.
pub(super) struct File {
    // Dropped before the writer, whose end then brings everything into the one file.
    reader: Mutex<Connection>,
    writer: Mutex<Connection>,
    seen: Mutex<Seen>,
}

impl File {
    pub(super) fn open(path: &Path, steps: &[&str]) -> Result<Self, Error> {
        let failed = |source| Error::Open {
            path: path.to_owned(),
            source,
        };
        private(path)?;
        let mut writer = sqlite::open(path, Durability::EveryCommit).map_err(failed)?;
        writer.busy_timeout(PATIENCE).map_err(failed)?;
        writer.set_prepared_statement_cache_capacity(128);
        sqlite::migrate(&mut writer, steps)?;
        let seen = Seen::now(&writer).map_err(failed)?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(open_reader(path)?),
            seen: Mutex::new(seen),
        })
    }

    pub(super) fn write<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<(T, bool), E> {
        let mut connection = lock(&self.writer);
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::Run)?;
        let before = tx.total_changes();
        let did = redo::is_kept(&tx)?.then(redo::Did::default);
        let done = work(&Tx(On::File(&tx, did.as_ref())))?;
        let changed = tx.total_changes() != before;
        if changed && let Some(did) = did {
            did.keep(&tx)?;
        }
        tx.commit().map_err(Error::Run)?;
        Ok((done, changed))
    }

    pub(super) fn write_unkept<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<(T, bool), E> {
        let mut connection = lock(&self.writer);
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::Run)?;
        let done = work(&Tx(On::File(&tx, None)))?;
        tx.commit().map_err(Error::Run)?;
        Ok((done, true))
    }

    pub(super) fn read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = lock(&self.reader);
        let tx = connection.transaction().map_err(Error::Run)?;
        work(&Tx(On::File(&tx, None)))
    }

    /// Reads through a connection of its own.
    pub(super) fn read_at_length<T, E: From<Error>>(
        path: &Path,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = open_reader(path)?;
        let tx = connection.transaction().map_err(Error::Run)?;
        work(&Tx(On::File(&tx, None)))
    }

    pub(super) fn news(&self) -> Result<News, Error> {
        let writer = lock(&self.writer);
        let seen = Seen::now(&writer)?;
        let before = std::mem::replace(&mut *lock(&self.seen), seen);
        Ok(News {
            here: seen.changes != before.changes,
            elsewhere: seen.version != before.version,
        })
    }
}

/// Which schema step a file has reached.
pub(super) fn schema(path: &Path) -> Result<u32, Error> {
    Ok(sqlite::schema(&open_reader(path)?)?)
}

/// Copies a file, in use or not, into a new one that stands alone.
pub(super) fn copy(source: &Path, target: &Path) -> Result<(), Error> {
    let source = open_reader(source)?;
    private(target)?;
    let mut target = Connection::open(target)?;
    // All pages in one step: what commits meanwhile is either in the copy whole or not at all.
    let backup = rusqlite::backup::Backup::new(&source, &mut target)?;
    backup.run_to_completion(i32::MAX, Duration::from_millis(50), None)?;
    drop(backup);
    target.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(())
}

/// Makes a file that nobody has open stand alone: nothing of it is in files beside it.
pub(super) fn stand_alone(path: &Path) -> Result<(), Error> {
    let file = Connection::open(path)?;
    Ok(file.pragma_update(None, "journal_mode", "DELETE")?)
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

pub(super) fn run(connection: &Connection, sql: &str, values: &[Value]) -> Result<usize, Error> {
    Ok(connection
        .prepare_cached(sql)?
        .execute(rusqlite::params_from_iter(values))?)
}

pub(super) fn each<E: From<Error>>(
    connection: &Connection,
    sql: &str,
    values: &[Value],
    mut use_row: impl FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = connection.prepare_cached(sql).map_err(Error::Run)?;
    let names: Arc<Vec<String>> = Arc::new(statement.column_names().map(str::to_owned).collect());
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
