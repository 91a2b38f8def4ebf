//! Is the journal's database sound? Looks before SQLite may touch anything, then at every row.

use super::recovery::STEPS;
use super::{DatabaseFlaw, Error};
use crate::sqlite::{self, Durability, SchemaError};
use crate::warehouse::Link;
use rusqlite::{Connection, OptionalExtension};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What a look at the database told.
pub(super) enum State {
    Sound {
        db: Connection,
        epoch: u32,
    },
    Flawed {
        why: DatabaseFlaw,
        /// The last fact that can still be seen in it.
        spoke_of: u64,
    },
}

/// Looks at the database as it is. Errors only if it cannot be told, or belongs to a newer program.
pub(super) fn inspect(path: &Path) -> Result<State, Error> {
    let flawed = |why| Ok(State::Flawed { why, spoke_of: 0 });
    // SQLite must not see these: it would throw a good write-ahead log away beside an empty database.
    match head_of(path).map_err(|e| Error::OpenJournal(io_trouble(&e)))? {
        None => return flawed(DatabaseFlaw::Missing),
        Some(head) if head.is_empty() => return flawed(DatabaseFlaw::Empty),
        Some(head) if head != *b"SQLite format 3\0" => return flawed(DatabaseFlaw::Damaged),
        Some(_) => {}
    }
    let mut db = match sqlite::open(path, Durability::EveryCommit) {
        Err(e) if sqlite::is_damage(&e) => return flawed(DatabaseFlaw::Damaged),
        other => other.map_err(Error::OpenJournal)?,
    };
    match sqlite::migrate(&mut db, STEPS) {
        Err(SchemaError::Step { source, .. }) if is_unsound(&source) => {
            return flawed(DatabaseFlaw::Damaged);
        }
        other => other?,
    }
    match examine(&db) {
        Ok(Ok(epoch)) => Ok(State::Sound { db, epoch }),
        Ok(Err(why)) => Ok(State::Flawed {
            why,
            spoke_of: spoke_of(&db),
        }),
        Err(e) if is_unsound(&e) => Ok(State::Flawed {
            why: DatabaseFlaw::Damaged,
            spoke_of: spoke_of(&db),
        }),
        Err(e) => Err(Error::OpenJournal(e)),
    }
}

/// Whether the error can only come from what is in the file, not from a disk or a lock in the way.
fn is_unsound(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, OutOfMemory, PermissionDenied,
        ReadOnly, SystemIoFailure,
    };
    !matches!(
        error.sqlite_error_code(),
        Some(
            CannotOpen
                | DatabaseBusy
                | DatabaseLocked
                | DiskFull
                | OutOfMemory
                | PermissionDenied
                | ReadOnly
                | SystemIoFailure
        )
    )
}

fn io_trouble(error: &io::Error) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
    rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
}

/// The first bytes of a file; nothing if there is none.
fn head_of(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match File::open(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
        Ok(file) => {
            let mut head = Vec::new();
            file.take(16).read_to_end(&mut head)?;
            Ok(Some(head))
        }
    }
}

fn spoke_of(db: &Connection) -> u64 {
    db.query_row("SELECT max(seq) AS seq FROM journal", [], |row| {
        row.get::<_, Option<u64>>("seq")
    })
    .ok()
    .flatten()
    .unwrap_or(0)
}

/// The journal's epoch, if every row is there and is what was written.
fn examine(db: &Connection) -> rusqlite::Result<Result<u32, DatabaseFlaw>> {
    let word: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if word != "ok" {
        return Ok(Err(DatabaseFlaw::Damaged));
    }
    if let Err(seq) = follow_chain(db)? {
        return Ok(Err(DatabaseFlaw::Chain(seq)));
    }
    let (count, last): (u64, Option<u64>) = db.query_row(
        "SELECT count(*) AS count, max(number) AS last FROM kept",
        [],
        |row| Ok((row.get("count")?, row.get("last")?)),
    )?;
    let epoch = epoch(db)?;
    Ok(match epoch {
        Some(epoch) if last == Some(count) => Ok(epoch),
        _ => Err(DatabaseFlaw::Damaged),
    })
}

/// Follows the chain from the first row to the last; the first row that is missing or is not what was written.
pub(super) fn follow_chain(db: &Connection) -> rusqlite::Result<Result<(u64, Link), u64>> {
    let mut rows = db.prepare("SELECT seq, line, chain FROM journal ORDER BY seq")?;
    let mut rows = rows.query([])?;
    let (mut last, mut link) = (0, Link::START);
    while let Some(row) = rows.next()? {
        let (seq, line) = (row.get::<_, u64>("seq")?, row.get_ref("line")?.as_str()?);
        link = link.next(line);
        let same = Link::from_hex(row.get_ref("chain")?.as_str()?) == Some(link);
        if seq != last + 1 || !same {
            return Ok(Err(last + 1));
        }
        last = seq;
    }
    Ok(Ok((last, link)))
}

/// Which journal this is.
pub(super) fn epoch(db: &Connection) -> rusqlite::Result<Option<u32>> {
    let sql =
        "SELECT CAST(value AS INTEGER) AS epoch FROM kept WHERE number = 1 AND name = 'epoch'";
    db.query_row(sql, [], |row| row.get("epoch")).optional()
}
