//! What can be asked of the journal: by its writer, or through a connection of one's own beside it.

use super::follower::{Reach, reach};
use super::{Error, inspection, recovery};
use crate::sqlite;
use crate::warehouse::{
    DeviceId, Entry, Link, SafeText, Task, TaskId, Timestamp, WarehouseCode, WorkerCode,
};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Where the journal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which journal of this handheld.
    pub epoch: u32,
    /// The last row; 0 if there is none.
    pub seq: u64,
    /// Its link.
    pub chain: Link,
}

/// One row as it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The entry, verbatim.
    pub line: String,
    /// Its link.
    pub chain: String,
}

/// What the office has said that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Every row up to this one.
    pub acked: u64,
    /// The life of the office that said so; empty if none ever did.
    pub incarnation: String,
}

/// What the office has not acknowledged yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// How many facts.
    pub count: u64,
    /// When the oldest of them happened.
    pub oldest: Option<Timestamp>,
}

/// Who this handheld is and whom it talks to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its name at the office.
    pub device: DeviceId,
    /// Its secret.
    pub token: String,
    /// Its warehouse.
    pub warehouse: WarehouseCode,
    /// What people call that warehouse.
    pub warehouse_name: SafeText,
    /// Where the office is.
    pub office: String,
    /// SHA-256 of the office's certificate, if that one alone is trusted.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("device", &self.device)
            .field("warehouse", &self.warehouse)
            .field("office", &self.office)
            .finish_non_exhaustive()
    }
}

/// The journal, to be read.
#[derive(Debug)]
pub struct Reader {
    db: Connection,
}

impl Reader {
    pub(super) const IDENTITY: &str = "identity";

    /// Opens the journal of a folder beside its writer, on a thread of one's own.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        sqlite::open_read_only(&recovery::database(dir))
            .map(Self::new)
            .map_err(Error::OpenJournal)
    }

    pub(super) const fn new(db: Connection) -> Self {
        Self { db }
    }

    pub(super) const fn writer(&mut self) -> &mut Connection {
        &mut self.db
    }

    pub(super) const fn database(&self) -> &Connection {
        &self.db
    }

    pub(super) fn follow_chain(&self) -> Result<Result<(u64, Link), u64>, Error> {
        inspection::follow_chain(&self.db).map_err(Error::ReadJournal)
    }

    pub(super) fn reach(&self) -> Result<Reach, Error> {
        reach(&self.db)
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut rows = self.db.prepare_cached(sql).map_err(Error::ReadJournal)?;
        let mut rows = rows.query(params).map_err(Error::ReadJournal)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(Error::ReadJournal)? {
            all.push(read(row)?);
        }
        Ok(all)
    }

    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        self.db
            .prepare_cached(sql)
            .and_then(|mut rows| rows.query_row(params, read).optional())
            .map_err(Error::ReadJournal)
    }

    /// Where the journal ends.
    pub fn head(&self) -> Result<Head, Error> {
        let epoch = inspection::epoch(&self.db).map_err(Error::ReadJournal)?;
        let sql = "SELECT seq, chain FROM journal ORDER BY seq DESC LIMIT 1";
        let last = self.one(sql, [], |row| {
            Ok((row.get("seq")?, row.get::<_, String>("chain")?))
        })?;
        let (seq, chain) = last.unwrap_or((0, Link::START.to_string()));
        let chain = Link::from_hex(&chain).ok_or(Error::Unreadable { seq })?;
        Ok(Head {
            epoch: epoch.unwrap_or_default(),
            seq,
            chain,
        })
    }

    /// Rows after `seq`, oldest first, no more than so many and so many bytes; but always one if there is one.
    pub fn after(&self, seq: u64, rows: usize, bytes: usize) -> Result<Vec<Line>, Error> {
        let mut left = bytes;
        let mut lines = self
            .db
            .prepare_cached("SELECT line, chain FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2")
            .map_err(Error::ReadJournal)?;
        let mut lines = lines.query((seq, rows)).map_err(Error::ReadJournal)?;
        let mut taken = Vec::new();
        while let Some(row) = lines.next().map_err(Error::ReadJournal)? {
            let line: String = row.get("line").map_err(Error::ReadJournal)?;
            if line.len() > left && !taken.is_empty() {
                break;
            }
            left = left.saturating_sub(line.len());
            let chain = row.get("chain").map_err(Error::ReadJournal)?;
            taken.push(Line { line, chain });
        }
        Ok(taken)
    }

    /// All facts after `seq`, oldest first.
    pub fn entries_since(&self, seq: u64) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT seq, line FROM journal WHERE seq > ?1 ORDER BY seq";
        self.all(sql, [seq], entry)
    }

    /// All facts of a task that happened here, oldest first.
    pub fn entries_of(&self, task: &TaskId) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT seq, line FROM journal WHERE task = ?1 ORDER BY seq";
        self.all(sql, [task.as_str()], entry)
    }

    /// All facts of a worker since they last signed in here, oldest first.
    pub fn shift_of(&self, worker: &WorkerCode) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT seq, line FROM journal WHERE worker = ?1 AND seq >= \
                   (SELECT max(seq) FROM journal WHERE worker = ?1 AND fact = 'signed_in') \
                   ORDER BY seq";
        self.all(sql, [worker.as_str()], entry)
    }

    /// What the office has said that it has.
    pub fn sent(&self) -> Result<Sent, Error> {
        let sent = self.one("SELECT acked, incarnation FROM sent", [], |row| {
            Ok(Sent {
                acked: row.get("acked")?,
                incarnation: row.get("incarnation")?,
            })
        })?;
        Ok(sent.unwrap_or_default())
    }

    /// What the office has not acknowledged yet.
    pub fn unsent(&self) -> Result<Unsent, Error> {
        let sql = "SELECT count(*) AS count, min(seq) AS oldest FROM journal \
                   WHERE seq > (SELECT acked FROM sent)";
        let (count, oldest) = self
            .one(sql, [], |row| Ok((row.get("count")?, row.get("oldest")?)))?
            .unwrap_or((0, None::<u64>));
        let oldest = oldest
            .map(|seq| self.all("SELECT seq, line FROM journal WHERE seq = ?1", [seq], entry))
            .transpose()?
            .and_then(|rows| rows.first().map(|entry| entry.at));
        Ok(Unsent { count, oldest })
    }

    /// Who this handheld is, once it is enrolled.
    pub fn identity(&self) -> Result<Option<Identity>, Error> {
        let text = self.value(Self::IDENTITY)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// The tasks that are being worked on here, as they were when work on them began; the latest last.
    pub fn held(&self) -> Result<Vec<Task>, Error> {
        let sql = "SELECT value FROM kept WHERE number IN \
                   (SELECT max(number) FROM kept WHERE name GLOB 'held/*' GROUP BY name) \
                   AND value IS NOT NULL ORDER BY number";
        let texts: Vec<String> =
            self.all(sql, [], |row| row.get("value").map_err(Error::ReadJournal))?;
        let read =
            |text: &String| serde_json::from_str(text).map_err(|_| Error::Unreadable { seq: 0 });
        texts.iter().map(read).collect()
    }

    /// The task on which work was last begun here, as it was then, even if it is finished or left by now.
    pub fn last_held(&self) -> Result<Option<Task>, Error> {
        let sql = "SELECT value FROM kept WHERE name GLOB 'held/*' AND value IS NOT NULL \
                   ORDER BY number DESC LIMIT 1";
        let text: Option<String> = self.one(sql, [], |row| row.get("value"))?;
        let read = |text: String| serde_json::from_str(&text);
        text.map(read)
            .transpose()
            .map_err(|_| Error::Unreadable { seq: 0 })
    }

    /// A task that was once begun here, as it was then last.
    pub fn kept_task(&self, task: &TaskId) -> Result<Option<Task>, Error> {
        let text = self.last_value(&Self::held_name(task))?;
        text.map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|_| Error::Unreadable { seq: 0 })
    }

    pub(super) fn held_name(task: &TaskId) -> String {
        format!("held/{task}")
    }

    /// What is kept under a name.
    pub(super) fn value(&self, name: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT value FROM kept WHERE name = ?1 ORDER BY number DESC LIMIT 1";
        Ok(self.one(sql, [name], |row| row.get("value"))?.flatten())
    }

    /// What was last kept under a name, even if it was forgotten since.
    pub(super) fn last_value(&self, name: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT value FROM kept WHERE name = ?1 AND value IS NOT NULL \
                   ORDER BY number DESC LIMIT 1";
        self.one(sql, [name], |row| row.get("value"))
    }
}

fn entry(row: &Row<'_>) -> Result<Entry, Error> {
    let line: String = row.get("line").map_err(Error::ReadJournal)?;
    let seq = row.get("seq").map_err(Error::ReadJournal)?;
    serde_json::from_str(&line).map_err(|_| Error::Unreadable { seq })
}
