//! SQLite as both ends use it: careful settings for every connection, and schema steps that each run once.
//! It knows nothing of what is stored.

use crate::fault::{self, Fault};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a lock is waited for that another connection holds.
const PATIENCE: Duration = Duration::from_secs(5);

/// How sure a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// What was committed is there after a power cut.
    EveryCommit,
    /// After a power cut the last commits may be missing; the file is whole all the same.
    Checkpoints,
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Made by a newer program.
    #[error(
        "this database was made by a newer version of the program (its schema is {found}, known here is {known}); \
         install the newer version, nothing was changed"
    )]
    Newer {
        /// The database's schema.
        found: u32,
        /// The newest one known here.
        known: u32,
    },
    /// A schema step failed and left nothing behind.
    #[error("schema step {number} failed: {source}")]
    Step {
        /// Which step, from 1.
        number: u32,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// Opens a database for writing, in WAL mode; makes the file if there is none.
pub fn open(path: &Path, durability: Durability) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    settle(&db)?;
    go_wal(&db)?;
    let synchronous = match durability {
        Durability::EveryCommit if fault::is(Fault::SyncSkipped) => "OFF",
        Durability::EveryCommit => "FULL",
        Durability::Checkpoints => "NORMAL",
    };
    db.pragma_update(None, "synchronous", synchronous)?;
    db.pragma_update(None, "journal_size_limit", 4 * 1024 * 1024)?;
    Ok(db)
}

/// Switches to WAL. SQLite itself does not wait here for whoever else makes or opens the same file just now.
fn go_wal(db: &Connection) -> rusqlite::Result<()> {
    let began = Instant::now();
    loop {
        // The answer is the mode that is now in force: a file system that cannot do WAL keeps another, and may.
        match db.query_row("PRAGMA journal_mode = WAL", [], |row| {
            row.get::<_, String>(0)
        }) {
            Err(why) if is_busy(&why) && began.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done.map(drop),
        }
    }
}

fn is_busy(why: &rusqlite::Error) -> bool {
    matches!(
        why.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

/// Opens a database that another connection writes. Nothing can be changed through this one.
pub fn open_read_only(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    settle(&db)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

/// The settings that every connection has: a damaged or hostile file can neither run code nor be made worse.
fn settle(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(PATIENCE)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.pragma_update(None, "mmap_size", 0)?;
    db.pragma_update(None, "temp_store", "MEMORY")
}

/// Brings the schema up to date. Each step runs once, in a transaction of its own together with its number.
pub fn migrate(db: &mut Connection, steps: &[&str]) -> Result<(), SchemaError> {
    let known = u32::try_from(steps.len()).expect("a handful of steps");
    let found = schema(db).map_err(|source| SchemaError::Step { number: 0, source })?;
    if found > known {
        return Err(SchemaError::Newer { found, known });
    }
    for (number, step) in (1..=known).zip(steps).skip(found as usize) {
        run(db, number, step).map_err(|source| SchemaError::Step { number, source })?;
    }
    Ok(())
}

fn run(db: &mut Connection, number: u32, step: &str) -> rusqlite::Result<()> {
    // Whoever opened the file at the same time may have done it meanwhile.
    let work = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if schema(&work)? >= number {
        return Ok(());
    }
    work.execute_batch(step)?;
    work.pragma_update(None, "user_version", number)?;
    work.commit()
}

/// Which schema step the database has reached; 0 for an empty one.
pub fn schema(db: &Connection) -> rusqlite::Result<u32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Whether an error says that the file itself is damaged, and not that the disk or a lock is in the way.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_may_open_a_new_database_at_once() {
        for _ in 0..20 {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("a.db");
            let start = std::sync::Barrier::new(6);
            std::thread::scope(|scope| {
                for _ in 0..6 {
                    scope.spawn(|| {
                        start.wait();
                        let mut db = open(&path, Durability::EveryCommit).unwrap();
                        migrate(&mut db, &["CREATE TABLE a (x)", "CREATE TABLE b (x)"]).unwrap();
                        assert_eq!(schema(&db).unwrap(), 2);
                    });
                }
            });
        }
    }

    #[test]
    fn steps_run_once_and_a_newer_database_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let mut db = open(&path, Durability::EveryCommit).unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x)"];
        migrate(&mut db, &steps[..1]).unwrap();
        migrate(&mut db, &steps).unwrap();
        migrate(&mut db, &steps).unwrap();
        assert_eq!(schema(&db).unwrap(), 2);
        let refused = migrate(&mut db, &steps[..1]).unwrap_err();
        assert!(refused.to_string().contains("newer version"), "{refused}");
    }

    #[test]
    fn a_step_that_fails_leaves_nothing_behind() {
        let mut db = Connection::open_in_memory().unwrap();
        let broken = "CREATE TABLE a (x); CREATE TABLE a (x)";
        assert!(migrate(&mut db, &[broken]).is_err());
        assert_eq!(schema(&db).unwrap(), 0);
        migrate(&mut db, &["CREATE TABLE a (x)"]).unwrap();
    }

    /// Up to 3.51.2 a write beside a checkpoint could lose committed rows.
    #[test]
    fn the_sqlite_that_is_built_in_is_new_enough() {
        assert!(
            rusqlite::version_number() >= 3_051_003,
            "{}",
            rusqlite::version()
        );
    }

    #[test]
    fn what_is_opened_to_read_cannot_be_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let db = open(&path, Durability::Checkpoints).unwrap();
        db.execute_batch("CREATE TABLE a (x)").unwrap();
        let reader = open_read_only(&path).unwrap();
        assert!(reader.execute("INSERT INTO a VALUES (1)", []).is_err());
    }
}
