//! The office's database: transactions, and rows by column name, on SQLite or on PostgreSQL.
//! A thin layer of our own, so that the same SQL runs on both; knows nothing of stock.

mod address;
mod file;
mod mover;
mod redo;
mod row;
mod server;
mod speech;
mod talk;

pub use address::Address;
pub use mover::Moved;
use mover::move_all;
pub(crate) use redo::{Redo, Redone};
pub(crate) use row::values;
pub use row::{Row, Value};

use crate::sqlite::SchemaError;
use file::File;
use server::Server;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    include_str!("../sql/0010_web.sql"),
    include_str!("../sql/0011_api.sql"),
    include_str!("../sql/0012_open_write.sql"),
    include_str!("../sql/0013_systems.sql"),
    include_str!("../sql/0014_orders.sql"),
    include_str!("../sql/0015_reads.sql"),
    include_str!("../sql/0016_plan.sql"),
    include_str!("../sql/0017_trace.sql"),
    include_str!("../sql/0018_picks.sql"),
    include_str!("../sql/0019_dock.sql"),
    include_str!("../sql/0020_tags.sql"),
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
    /// Its address cannot be used.
    #[error("the database's address cannot be used: {0}")]
    Address(String),
    /// The server cannot be reached, or lets nobody in.
    #[error("the PostgreSQL server at {place} cannot be used: {}", server::said(.source))]
    Connect {
        /// Where, without any password.
        place: String,
        /// Why.
        source: postgres::Error,
    },
    /// A statement failed on the server, or the connection was lost. Nothing of the transaction is kept, unless it was lost
    /// while it was being committed: then it may be asked again, as all that handhelds send may.
    #[error("the office's PostgreSQL server: {}", server::said(.0))]
    Server(#[from] postgres::Error),
    /// All connections are in use for too long.
    #[error(
        "the office's PostgreSQL server is too busy: every connection was in use for {0} seconds"
    )]
    Busy(u64),
    /// The two databases do not hold the same after a move.
    #[error(
        "{table} differs after the move: {source_rows} rows there, {target_rows} here; nothing of the source was changed"
    )]
    Differs {
        /// The table.
        table: String,
        /// Rows at the source.
        source_rows: u64,
        /// Rows at the target.
        target_rows: u64,
    },
    /// The database that is to be filled is in use already.
    #[error("there is an office in {0} already; name an empty database")]
    NotEmpty(String),
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
            Self::Server(why) => server::is_of_the_data(why),
            Self::Open { .. }
            | Self::Make { .. }
            | Self::Schema(_)
            | Self::OtherSchema { .. }
            | Self::Address(_)
            | Self::Connect { .. }
            | Self::Busy(_)
            | Self::Differs { .. }
            | Self::NotEmpty(_) => false,
        }
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
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    File(Arc<File>),
    Server(Arc<Server>),
}

impl Database {
    /// Opens a file and brings its schema up to date, each step in a transaction of its own.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            path: path.to_owned(),
            kind: Kind::File(Arc::new(File::open(path, STEPS)?)),
        })
    }

    /// Opens a database on a PostgreSQL server and brings its schema up to date. `path`: beside it, this process keeps its
    /// snapshots.
    pub fn connect(address: &Address, path: &Path) -> Result<Self, Error> {
        Ok(Self {
            path: path.to_owned(),
            kind: Kind::Server(Arc::new(Server::open(address, STEPS)?)),
        })
    }

    /// Where it is; on a server: beside which file this process keeps what is its own.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does it all or nothing; it is on disk when this returns. Says also whether anything changed by it.
    /// Nobody else writes meanwhile, in this process or in another.
    pub fn write<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<(T, bool), E> {
        match &self.kind {
            Kind::File(file) => file.write(work),
            Kind::Server(server) => server.write("", work),
        }
    }

    /// The same for work that writes in one warehouse only: on a server, others go on in other warehouses.
    pub fn write_in<T, E: From<Error>>(
        &self,
        warehouse: &str,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<(T, bool), E> {
        match &self.kind {
            Kind::File(file) => file.write(work),
            Kind::Server(server) => server.write(warehouse, work),
        }
    }

    /// Does it all or nothing, and leaves no change of it to be carried; see [`crate::office::changes`].
    pub fn write_unkept<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<(T, bool), E> {
        match &self.kind {
            Kind::File(file) => file.write_unkept(work),
            Kind::Server(server) => server.write("", work),
        }
    }

    /// Whether it is on a server.
    pub const fn is_served(&self) -> bool {
        matches!(self.kind, Kind::Server(_))
    }

    /// Reads one consistent state.
    pub fn read<T, E: From<Error>>(&self, work: impl FnOnce(&Tx) -> Result<T, E>) -> Result<T, E> {
        match &self.kind {
            Kind::File(file) => file.read(work),
            Kind::Server(server) => server.read(work),
        }
    }

    /// The same through a connection of its own, so that nobody waits for it: for what takes long.
    pub fn read_at_length<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.kind {
            Kind::File(_) => File::read_at_length(&self.path, work),
            Kind::Server(server) => server.read(work),
        }
    }

    /// How large it is, in bytes.
    pub fn size(&self) -> Result<i64, Error> {
        let sql = match &self.kind {
            Kind::File(_) => {
                "SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()"
            }
            Kind::Server(_) => "SELECT pg_database_size(current_database()) AS size",
        };
        self.read(|tx| tx.first(sql, &[])?.expect("a size is one row").int("size"))
    }

    /// What has changed since this was last asked, by whom.
    pub fn news(&self) -> Result<News, Error> {
        match &self.kind {
            Kind::File(file) => file.news(),
            Kind::Server(server) => server.news(),
        }
    }

    /// Copies the whole database into a new SQLite file while it is in use.
    pub fn copy_to(&self, path: &Path) -> Result<(), Error> {
        match &self.kind {
            Kind::File(_) => Self::copy(&self.path, path),
            Kind::Server(_) => {
                let copy = Self::open(path)?;
                move_all(self, &copy)?;
                drop(copy);
                file::stand_alone(path)
            }
        }
    }

    /// Fills this database, which must hold no office yet, with all that another one holds, as of one moment; counts and compares
    /// every table. One of the two is a SQLite file. All of it or nothing.
    pub fn fill_from(&self, source: &Self) -> Result<Vec<Moved>, Error> {
        move_all(source, self)
    }

    /// Copies a database file, in use or not, into a new one that stands alone.
    pub fn copy(source: &Path, target: &Path) -> Result<(), Error> {
        file::copy(source, target)
    }

    /// Makes a database file that nobody has open stand alone: it may be renamed without losing anything.
    pub fn stand_alone(path: &Path) -> Result<(), Error> {
        file::stand_alone(path)
    }

    /// Whether a file is an office's database, of this schema or one that can be brought up to it.
    pub fn check(path: &Path) -> Result<(), Error> {
        let found = file::schema(path)?;
        let known = u32::try_from(STEPS.len()).expect("a handful of steps");
        if (1..=known).contains(&found) {
            Ok(())
        } else {
            Err(Error::OtherSchema { found, known })
        }
    }

    /// A copy in which changes are to be done again.
    pub(crate) fn redo(path: &Path) -> Result<Redo, Error> {
        Redo::open(path)
    }

    /// Reads a database file of whatever schema that no office has open. It is not changed.
    pub(crate) fn read_any<T, E: From<Error>>(
        path: &Path,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        File::read_at_length(path, work)
    }

    /// Reads one consistent state of a database file that no office has open. It is not changed.
    pub fn read_file<T, E: From<Error>>(
        path: &Path,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let (found, known) = (
            file::schema(path)?,
            u32::try_from(STEPS.len()).expect("a handful of steps"),
        );
        if found != known {
            return Err(Error::OtherSchema { found, known }.into());
        }
        File::read_at_length(path, work)
    }
}

/// A transaction under way.
pub struct Tx<'a>(On<'a>);

enum On<'a> {
    /// And where to note what is done, if that is kept.
    File(&'a rusqlite::Connection, Option<&'a redo::Did>),
    Server(&'a (dyn talk::Speak + 'a)),
}

fn note(did: Option<&redo::Did>, sql: &str, values: &[Value]) {
    if let Some(did) = did {
        did.note(sql, values);
    }
}

impl Tx<'_> {
    /// Runs a statement; says how many rows it touched.
    pub fn run(&self, sql: &str, values: &[Value]) -> Result<usize, Error> {
        match &self.0 {
            On::File(connection, did) => {
                let touched = file::run(connection, sql, values)?;
                note(*did, sql, values);
                Ok(touched)
            }
            On::Server(talk) => talk.run(sql, values),
        }
    }

    /// All rows of an answer.
    pub fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        match &self.0 {
            On::File(..) => {
                let mut all = Vec::new();
                self.each(sql, values, |row| {
                    all.push(row);
                    Ok::<(), Error>(())
                })?;
                Ok(all)
            }
            On::Server(talk) => talk.rows(sql, values),
        }
    }

    /// Each row of an answer, one after another, without holding them all.
    pub fn each<E: From<Error>>(
        &self,
        sql: &str,
        values: &[Value],
        mut use_row: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        match &self.0 {
            On::File(connection, did) => {
                file::each(connection, sql, values, use_row)?;
                note(*did, sql, values);
                Ok(())
            }
            On::Server(talk) => {
                let mut answer = talk.begin(sql, values)?;
                loop {
                    let page = talk.page(&mut answer)?;
                    if page.is_empty() {
                        return Ok(());
                    }
                    page.into_iter().try_for_each(&mut use_row)?;
                }
            }
        }
    }

    /// The first row of an answer, if there is one.
    pub fn first(&self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// Does all of this or none of it, within the transaction.
    pub fn whole<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.say("SAVEPOINT whole")?;
        let done = work();
        if done.is_err() {
            self.say("ROLLBACK TO whole")?;
        }
        self.say("RELEASE whole")?;
        done
    }

    fn say(&self, sql: &str) -> Result<(), Error> {
        match &self.0 {
            On::File(connection, did) => {
                file::run(connection, sql, &[])?;
                note(*did, sql, &[]);
                Ok(())
            }
            On::Server(talk) => talk.say(sql),
        }
    }

    /// What is wrong with the file itself, in words. A server looks after its files itself.
    pub fn damage(&self) -> Result<Vec<String>, Error> {
        let On::File(..) = &self.0 else {
            return Ok(Vec::new());
        };
        let mut damage = Vec::new();
        for row in self.rows("PRAGMA integrity_check(20)", &[])? {
            let said = row.text("integrity_check")?;
            if said != "ok" {
                damage.push(format!("the file: {said}"));
            }
        }
        Ok(damage)
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
