//! Opening the journal: look at both copies, make whole what is not, set aside what cannot be trusted.
//! Nothing is deleted. Any damage to one of the two files leaves every acknowledged fact.

use super::carbon::{self, Carbon, Record, Rest};
use super::follower::{Follower, Kept, Reach, insert_kept, reach};
use super::inspection::{State, inspect};
use super::{DatabaseFlaw, Error, Healing, files};
use crate::sqlite::{self, Durability};
use crate::warehouse::Timestamp;
use rusqlite::{Connection, Transaction};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

pub(super) const STEPS: &[&str] = &[include_str!("sql/journal/0001_start.sql")];

pub(super) fn database(dir: &Path) -> PathBuf {
    dir.join("journal.db")
}

/// The two copies, equal.
pub(super) struct Opened {
    pub db: Connection,
    pub carbon: Carbon,
    pub healings: Vec<Healing>,
}

/// Opens the journal of a folder, or begins one.
pub(super) fn open(dir: &Path, now: Timestamp) -> Result<Opened, Error> {
    let carbon = Carbon::epochs(dir).map_err(Error::Carbon)?.pop();
    let mut healings = Vec::new();
    let (why, spoke_of) = match inspect(&database(dir))? {
        State::Sound { db, epoch } if carbon.is_none_or(|newest| newest <= epoch) => {
            return reconcile(dir, db, epoch, healings);
        }
        State::Sound { .. } => (DatabaseFlaw::Outdated, 0),
        State::Flawed { why, spoke_of } => (why, spoke_of),
    };
    let kept_as = files::set_database_aside(&database(dir)).map_err(Error::SetAside)?;
    let Some(epoch) = carbon.filter(|&epoch| is_readable(dir, epoch)) else {
        return begin_anew(dir, now, carbon, kept_as);
    };
    let facts = rebuild(dir, epoch)?;
    healings.push(Healing::DatabaseRebuilt {
        why,
        facts,
        kept_as,
    });
    if spoke_of > facts {
        healings.push(Healing::FactsMissing {
            last: facts,
            should_be: spoke_of,
        });
    }
    let db = sqlite::open(&database(dir), Durability::EveryCommit).map_err(Error::OpenJournal)?;
    reconcile(dir, db, epoch, healings)
}

/// Begins a journal where there is none. Its epoch is one that no journal of this handheld had.
pub(super) fn begin(dir: &Path, now: Timestamp, after: Option<u32>) -> Result<Opened, Error> {
    let by_clock = u32::try_from(now.timestamp()).unwrap_or(1).max(1);
    let epoch = by_clock.max(after.map_or(0, |epoch| epoch.saturating_add(1)));
    create_database(dir, |work| {
        let kept = Kept {
            number: 1,
            name: "epoch".to_owned(),
            value: Some(epoch.to_string()),
        };
        insert_kept(work, &kept).map_err(Error::Record)
    })?;
    let db = sqlite::open(&database(dir), Durability::EveryCommit).map_err(Error::OpenJournal)?;
    let carbon = write_carbon(dir, &db, epoch)?;
    Ok(Opened {
        db,
        carbon,
        healings: Vec::new(),
    })
}

fn begin_anew(
    dir: &Path,
    now: Timestamp,
    carbon: Option<u32>,
    kept_as: Option<PathBuf>,
) -> Result<Opened, Error> {
    let damaged = carbon.map(|epoch| Carbon::path_of(dir, epoch));
    let damaged = damaged
        .map(|path| files::set_aside(&path))
        .transpose()
        .map_err(Error::SetAside)?;
    let mut opened = begin(dir, now, carbon)?;
    opened.healings.extend(
        kept_as
            .or(damaged)
            .map(|kept_as| Healing::BegunAnew { kept_as }),
    );
    Ok(opened)
}

/// Makes a database under a draft name, fills it, and lets it appear whole and durable under its own.
fn create_database<T>(
    dir: &Path,
    fill: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let draft = dir.join("journal.draft");
    for part in files::parts(&draft).iter().filter(|part| part.exists()) {
        std::fs::remove_file(part).map_err(Error::SetAside)?;
    }
    let mut db = sqlite::open(&draft, Durability::EveryCommit).map_err(Error::OpenJournal)?;
    sqlite::migrate(&mut db, STEPS)?;
    let work = db.transaction().map_err(Error::OpenJournal)?;
    let filled = fill(&work)?;
    work.commit().map_err(Error::Record)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(Error::Record)?;
    // Closing the only connection also removes the write-ahead log, so that one file is left to be renamed.
    db.close().map_err(|(_, e)| Error::Record(e))?;
    File::open(&draft)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&draft, database(dir)))
        .and_then(|()| files::settle(dir))
        .map_err(Error::SetAside)?;
    Ok(filled)
}

/// Whether a carbon has at least its head and the epoch.
fn is_readable(dir: &Path, epoch: u32) -> bool {
    let mut batches = 0;
    let extent = carbon::scan::<io::Error>(&Carbon::path_of(dir, epoch), |_| {
        batches += 1;
        Ok(batches < 2)
    });
    extent.is_ok() && batches > 1
}

/// Builds the database from what the carbon has; how many facts that are.
fn rebuild(dir: &Path, epoch: u32) -> Result<u64, Error> {
    create_database(dir, |work| {
        let mut follower = Follower::new(work, epoch, Reach::default());
        carbon::scan(&Carbon::path_of(dir, epoch), |batch| follower.take(&batch))?;
        Ok(follower.seen.facts)
    })
}

/// Brings the carbon of `epoch` and a sound database to the same state.
fn reconcile(
    dir: &Path,
    mut db: Connection,
    epoch: u32,
    mut healings: Vec<Healing>,
) -> Result<Opened, Error> {
    let path = Carbon::path_of(dir, epoch);
    let had = reach(&db)?;
    if !path.exists() {
        healings.push(Healing::CopyCompleted { facts: had.facts });
        let carbon = write_carbon(dir, &db, epoch)?;
        return Ok(Opened {
            db,
            carbon,
            healings,
        });
    }
    let work = db.transaction().map_err(Error::Record)?;
    let mut follower = Follower::new(&work, epoch, had);
    let extent = carbon::scan(&path, |batch| follower.take(&batch))?;
    let (seen, differs, headed) = (follower.seen, follower.differs, follower.headed);
    if let Some(seq) = differs {
        drop(work);
        return settle_difference(dir, db, epoch, seq, healings);
    }
    work.commit().map_err(Error::Record)?;
    if seen.facts > had.facts {
        let facts = seen.facts - had.facts;
        healings.push(Healing::RowsPutBack { facts });
    }
    let carbon = match extent.rest {
        // A file without its head says nothing that could be gone on with.
        rest if rest == Rest::Damage || !headed => {
            let kept_as = files::set_aside(&path).map_err(Error::SetAside)?;
            healings.push(Healing::CopyRewritten { kept_as });
            write_carbon(dir, &db, epoch)?
        }
        rest => {
            if rest == Rest::Torn {
                let kept_as = files::set_end_aside(&path, extent.good).map_err(Error::SetAside)?;
                let bytes = extent.bytes - extent.good;
                healings.push(Healing::TornEndSetAside { bytes, kept_as });
            }
            complete(dir, &db, epoch, seen, &mut healings)?
        }
    };
    Ok(Opened {
        db,
        carbon,
        healings,
    })
}

/// Appends to the carbon what only the database has.
fn complete(
    dir: &Path,
    db: &Connection,
    epoch: u32,
    seen: Reach,
    healings: &mut Vec<Healing>,
) -> Result<Carbon, Error> {
    let has = reach(db)?;
    let mut carbon = Carbon::open(dir, epoch).map_err(Error::Carbon)?;
    if seen != has {
        let facts = has.facts - seen.facts;
        healings.push(Healing::CopyCompleted { facts });
        copy_out(db, seen, &mut |batch| {
            carbon.append(batch).map_err(|failed| failed.source)
        })?;
    }
    Ok(carbon)
}

/// Two sound copies that differ, as after one of them was restored from elsewhere: the longer one is believed.
fn settle_difference(
    dir: &Path,
    db: Connection,
    epoch: u32,
    seq: u64,
    mut healings: Vec<Healing>,
) -> Result<Opened, Error> {
    let path = Carbon::path_of(dir, epoch);
    let mut facts = 0;
    carbon::scan::<io::Error>(&path, |batch| {
        facts += batch
            .iter()
            .filter(|record| matches!(record, Record::Entry(_)))
            .count() as u64;
        Ok(true)
    })
    .map_err(Error::Carbon)?;
    let (db, carbon, kept_as) = if facts > reach(&db)?.facts {
        drop(db);
        let kept_as = files::set_database_aside(&database(dir)).map_err(Error::SetAside)?;
        rebuild(dir, epoch)?;
        let db = sqlite::open(&database(dir), Durability::EveryCommit);
        let db = db.map_err(Error::OpenJournal)?;
        let carbon = Carbon::open(dir, epoch).map_err(Error::Carbon)?;
        (db, carbon, kept_as.unwrap_or_default())
    } else {
        let kept_as = files::set_aside(&path).map_err(Error::SetAside)?;
        let carbon = write_carbon(dir, &db, epoch)?;
        (db, carbon, kept_as)
    };
    healings.push(Healing::CopiesDiffered { seq, kept_as });
    Ok(Opened {
        db,
        carbon,
        healings,
    })
}

/// Writes a carbon anew from all that the database has.
fn write_carbon(dir: &Path, db: &Connection, epoch: u32) -> Result<Carbon, Error> {
    Carbon::create(dir, epoch, |write| copy_out(db, Reach::default(), write))
}

/// Hands out what the database has beyond `from`, one batch an act.
fn copy_out(
    db: &Connection,
    from: Reach,
    write: &mut dyn FnMut(&[Record]) -> io::Result<()>,
) -> Result<(), Error> {
    let read = Error::ReadJournal;
    let mut rows = db
        .prepare("SELECT number, name, value FROM kept WHERE number > ?1 ORDER BY number")
        .map_err(read)?;
    let mut rows = rows.query([from.kept]).map_err(read)?;
    while let Some(row) = rows.next().map_err(read)? {
        let kept = Kept {
            number: row.get("number").map_err(read)?,
            name: row.get("name").map_err(read)?,
            value: row.get("value").map_err(read)?,
        };
        write(&[kept.record()]).map_err(Error::Carbon)?;
    }
    let mut rows = db
        .prepare("SELECT act, line FROM journal WHERE seq > ?1 ORDER BY seq")
        .map_err(read)?;
    let mut rows = rows.query([from.facts]).map_err(read)?;
    let (mut batch, mut of) = (Vec::new(), None);
    while let Some(row) = rows.next().map_err(read)? {
        let act: Option<u64> = row.get("act").map_err(read)?;
        if act != of && !batch.is_empty() {
            write(&std::mem::take(&mut batch)).map_err(Error::Carbon)?;
        }
        of = act;
        batch.push(Record::Entry(row.get("line").map_err(read)?));
    }
    if !batch.is_empty() {
        write(&batch).map_err(Error::Carbon)?;
    }
    Ok(())
}
