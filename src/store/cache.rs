//! The cache: what the office said, to be asked without signal. A damaged or outdated one is thrown away and fetched again.

use super::{CacheReader, Error, files};
use crate::fault::{self, Fault};
use crate::sqlite::{self, Durability};
use crate::warehouse::{Change, StockRow, Task};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

const STEPS: [&str; Cache::SCHEMA as usize] = [
    include_str!("sql/cache/0001_start.sql"),
    include_str!("sql/cache/0002_messages.sql"),
    include_str!("sql/cache/0003_zones.sql"),
];

/// What is told as changes.
const TABLES: &[&str] = &[
    "items", "barcodes", "bins", "workers", "stock", "tasks", "messages",
];

/// How far the cache has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The number after which the feed goes on; 0 in an empty cache.
    pub next: u64,
    /// The life of the office that said so; empty if none ever did.
    pub incarnation: String,
    /// Epoch and `seq` up to which this device's own facts are contained.
    pub confirmed: (u32, u64),
}

/// The cache, open for writing.
#[derive(Debug)]
pub struct Cache {
    reader: CacheReader,
}

impl Cache {
    /// The schema of the cache made here: a ready cache file of another one is of no use.
    pub const SCHEMA: u32 = 3;

    /// Where the cache of a folder is.
    pub fn path_of(dir: &Path) -> PathBuf {
        dir.join("cache.db")
    }

    /// Opens the cache of a folder. One that is damaged or of another version is thrown away first.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        files::make_folder(dir)?;
        Self::open_file(&Self::path_of(dir))
    }

    /// The same for a file of any name.
    pub fn open_file(path: &Path) -> Result<Self, Error> {
        if let Some(db) = usable(path)? {
            let reader = CacheReader::new(db);
            return Ok(Self { reader });
        }
        throw_away(path)?;
        let mut db = sqlite::open(path, Durability::Checkpoints).map_err(Error::OpenCache)?;
        sqlite::migrate(&mut db, &STEPS)?;
        let reader = CacheReader::new(db);
        Ok(Self { reader })
    }

    /// Throws the cache of a folder away, whatever it holds, and begins an empty one.
    pub fn open_anew(dir: &Path) -> Result<Self, Error> {
        throw_away(&Self::path_of(dir))?;
        Self::open(dir)
    }

    /// What can be asked of it.
    pub const fn read(&self) -> &CacheReader {
        &self.reader
    }

    /// Takes in what the office said together with how far that reaches: both or neither.
    pub fn apply(&mut self, changes: &[Change], cursor: &Cursor) -> Result<(), Error> {
        if fault::is(Fault::CursorFirst) && cursor.next.is_multiple_of(5) {
            self.write(|work| set_cursor(work, cursor))?;
            return Err(Error::InUse);
        }
        self.write(|work| {
            changes.iter().try_for_each(|change| put(work, change))?;
            set_cursor(work, cursor)
        })
    }

    /// Forgets everything, to be told it again from this cursor on.
    pub fn clear(&mut self, cursor: &Cursor) -> Result<(), Error> {
        self.write(|work| {
            for table in TABLES {
                work.execute(&format!("DELETE FROM {table}"), [])?;
            }
            set_cursor(work, cursor)
        })
    }

    /// Takes in a whole cache as a stream of changes, all or nothing. The stream says in the end how far it reaches.
    pub fn fill<E: From<Error>>(
        &mut self,
        stream: impl FnOnce(&mut dyn FnMut(Change) -> Result<(), E>) -> Result<Cursor, E>,
    ) -> Result<(), E> {
        let work = self.begin().map_err(|e| E::from(Error::WriteCache(e)))?;
        let cursor =
            stream(&mut |change| put(&work, &change).map_err(|e| E::from(Error::WriteCache(e))))?;
        set_cursor(&work, &cursor)
            .and_then(|()| work.commit())
            .map_err(|e| E::from(Error::WriteCache(e)))
    }

    /// Puts a whole other cache file in this one's place, with a cursor of its own. Whoever reads sees the old one or the new one.
    /// Refused if the file is damaged or of another schema; the cache then stands as before.
    pub fn replace(&mut self, ready: &Path, cursor: &Cursor) -> Result<(), Error> {
        let mut other = Self::open_ready(ready)?;
        other.write(|work| set_cursor(work, cursor))?;
        let backup = Backup::new(other.reader.database(), self.reader.writer())
            .map_err(Error::WriteCache)?;
        loop {
            match backup.step(-1).map_err(Error::WriteCache)? {
                StepResult::Done => return Ok(()),
                // Someone reads the old one just now; each look-up is short.
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    fn open_ready(path: &Path) -> Result<Self, Error> {
        let unfit = || {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_NOTADB);
            Error::OpenCache(rusqlite::Error::SqliteFailure(code, None))
        };
        let db = usable(path)?.ok_or_else(unfit)?;
        let word: String = db
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(Error::OpenCache)?;
        let reader = CacheReader::new(db);
        (word == "ok").then_some(Self { reader }).ok_or_else(unfit)
    }

    /// Writes everything into the one file and lets go of it, so that it can be sent as it is.
    pub fn close(self) -> Result<(), Error> {
        let db = self.reader.into_database();
        // A reader elsewhere may have the file in this mode; then it must not be sent, and this is an error.
        db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
            .map_err(Error::WriteCache)?;
        db.close().map_err(|(_, e)| Error::WriteCache(e))
    }

    fn begin(&mut self) -> rusqlite::Result<Transaction<'_>> {
        self.reader
            .writer()
            .transaction_with_behavior(TransactionBehavior::Immediate)
    }

    fn write(
        &mut self,
        fill: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        self.begin()
            .and_then(|work| fill(&work).and_then(|()| work.commit()))
            .map_err(Error::WriteCache)
    }
}

fn throw_away(path: &Path) -> Result<(), Error> {
    files::parts(path)
        .iter()
        .filter(|part| part.exists())
        .try_for_each(|part| std::fs::remove_file(part).map_err(Error::ThrowAway))
}

/// Opens a cache file if it is there, sound at first sight and of this very schema.
fn usable(path: &Path) -> Result<Option<Connection>, Error> {
    if !File::open(path).is_ok_and(|file| file.metadata().is_ok_and(|data| data.len() > 0)) {
        return Ok(None);
    }
    let looked = sqlite::open(path, Durability::Checkpoints).and_then(|db| {
        let fits = sqlite::schema(&db)? == Cache::SCHEMA;
        // Reads the schema and the first page of every table.
        for table in ["cursor"].iter().chain(TABLES) {
            db.query_row(
                &format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 1)"),
                [],
                |_| Ok(()),
            )?;
        }
        Ok(fits.then_some(db))
    });
    match looked {
        Err(e) if is_lost(&e) => Ok(None),
        other => other.map_err(Error::OpenCache),
    }
}

fn is_lost(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::Unknown; // such as "no such table"
    sqlite::is_damage(error) || error.sqlite_error_code() == Some(Unknown)
}

fn set_cursor(db: &Connection, cursor: &Cursor) -> rusqlite::Result<()> {
    let (epoch, seq) = cursor.confirmed;
    db.prepare_cached(
        "UPDATE cursor SET next = ?1, incarnation = ?2, confirmed_epoch = ?3, confirmed_seq = ?4",
    )?
    .execute(params![cursor.next, cursor.incarnation, epoch, seq])
    .map(drop)
}

fn json(thing: &impl serde::Serialize) -> String {
    serde_json::to_string(thing).expect("these have text keys only")
}

fn put(db: &Connection, change: &Change) -> rusqlite::Result<()> {
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        db.prepare_cached(sql)?.execute(values).map(drop)
    };
    match change {
        Change::Item(item) => run(
            "INSERT OR REPLACE INTO items (code, name, said) VALUES (?1, ?2, ?3)",
            &[&item.code.as_str(), &item.name.as_str(), &json(item)],
        ),
        Change::ItemGone(code) => run("DELETE FROM items WHERE code = ?1", &[&code.as_str()]),
        Change::Barcode(barcode) => run(
            "INSERT OR REPLACE INTO barcodes (code, item, holds) VALUES (?1, ?2, ?3)",
            &[
                &barcode.code.as_str(),
                &barcode.item.as_str(),
                &barcode.holds.thousandths(),
            ],
        ),
        Change::BarcodeGone(code) => run("DELETE FROM barcodes WHERE code = ?1", &[code]),
        Change::Bin(bin) => run(
            "INSERT OR REPLACE INTO bins (code, zone, said) VALUES (?1, ?2, ?3)",
            &[&bin.code.as_str(), &bin.zone.as_str(), &json(bin)],
        ),
        Change::BinGone(code) => run("DELETE FROM bins WHERE code = ?1", &[&code.as_str()]),
        Change::Worker(worker) => run(
            "INSERT OR REPLACE INTO workers (code, badge, said) VALUES (?1, ?2, ?3)",
            &[&worker.code.as_str(), &worker.badge.as_str(), &json(worker)],
        ),
        Change::WorkerGone(code) => run("DELETE FROM workers WHERE code = ?1", &[&code.as_str()]),
        Change::Stock(row) => put_stock(db, row),
        Change::Task(task) => put_task(db, task),
        Change::Message(message) => run(
            "INSERT OR REPLACE INTO messages (id, said) VALUES (?1, ?2)",
            &[&message.id, &json(message)],
        ),
        Change::MessageGone(id) => run("DELETE FROM messages WHERE id = ?1", &[id]),
        Change::TaskGone(id) => run("DELETE FROM tasks WHERE id = ?1", &[&id.as_str()]),
    }
}

fn put_stock(db: &Connection, row: &StockRow) -> rusqlite::Result<()> {
    let plate = row.spot.plate.map(|plate| plate.to_string());
    let status = json(&row.spot.status);
    let key = params![
        row.spot.place.to_string(),
        plate.unwrap_or_default(),
        status.trim_matches('"'),
        row.goods.item.as_str(),
        row.goods.lot.as_ref().map_or("", |lot| lot.as_str()),
        row.goods
            .serial
            .as_ref()
            .map_or("", |serial| serial.as_str()),
        row.goods.expiry.map(|day| day.to_string()),
        row.quantity.thousandths(),
    ];
    if row.quantity.is_zero() {
        let sql = "DELETE FROM stock WHERE place = ?1 AND plate = ?2 AND status = ?3 \
                   AND item = ?4 AND lot = ?5 AND serial = ?6";
        return db.prepare_cached(sql)?.execute(&key[..6]).map(drop);
    }
    let sql = "INSERT OR REPLACE INTO stock \
               (place, plate, status, item, lot, serial, expiry, quantity) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    db.prepare_cached(sql)?.execute(key).map(drop)
}

fn put_task(db: &Connection, task: &Task) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO tasks (id, priority, due, said) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        task.id.as_str(),
        task.priority,
        task.due.map(|due| due.format("%FT%T%.3fZ").to_string()),
        json(task),
    ])
    .map(drop)
}
