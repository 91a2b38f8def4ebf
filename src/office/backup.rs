//! Copies of the office's database: taken while it is in use, checked, and put back as a new life of the office.

use super::changes::{self, NoChanges, Replayed};
use super::database::{self, Address, Database, values};
use super::verify::{self, Verified};
use super::{Error, Office, enrol, hook, records};
use crate::fault::{self, Fault};
use crate::sqlite;
use crate::warehouse::Timestamp;
use chrono::Utc;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Why a copy could not be taken or put back.
#[derive(Debug, thiserror::Error)]
pub enum NoBackup {
    /// There is a file of that name.
    #[error("{0} is there already; nothing was overwritten")]
    Exists(PathBuf),
    /// There is no such file.
    #[error("there is no file {0}")]
    Missing(PathBuf),
    /// The office is being served just now.
    #[error("the office is running on this folder; stop it first")]
    Running,
    /// A file could not be moved or made.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// With the changes since, the copy does not fit together.
    #[error("with the changes since, {0} things do not fit in the books; nothing was put back")]
    Unfit(usize),
    /// The changes since could not be done again.
    #[error(transparent)]
    Changes(#[from] NoChanges),
    /// The office could not.
    #[error(transparent)]
    Office(#[from] Error),
}

impl From<database::Error> for NoBackup {
    fn from(why: database::Error) -> Self {
        Self::Office(why.into())
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> NoBackup {
    let path = path.to_owned();
    |source| NoBackup::File { path, source }
}

/// Held while an office is served: no second one is on the same folder, and nothing is put back under it.
#[derive(Debug)]
pub struct Guard {
    _file: File,
}

impl Guard {
    /// Takes hold of an office's folder until dropped. Error: another process has it.
    pub fn take(folder: &Path) -> Result<Self, NoBackup> {
        let path = folder.join("office.lock");
        let file = File::create(&path).map_err(at(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(NoBackup::Running),
            Err(TryLockError::Error(source)) => Err(NoBackup::File { path, source }),
        }
    }
}

impl Office {
    /// Copies the database into a new file while it is in use, then checks the copy as [`verify_file`] does.
    /// The file gets its name only once it is whole.
    pub fn backup(&self, to: &Path) -> Result<Verified, NoBackup> {
        if to.exists() {
            return Err(NoBackup::Exists(to.to_owned()));
        }
        let part = beside(to, ".part");
        if part.exists() {
            fs::remove_file(&part).map_err(at(&part))?;
        }
        self.database().copy_to(&part)?;
        let file = File::open(&part).map_err(at(&part))?;
        file.sync_all().map_err(at(&part))?;
        let verified = verify_file(&part)?;
        fs::rename(&part, to).map_err(at(to))?;
        Ok(verified)
    }
}

/// Checks the books of a database that no office has open, without changing it.
pub fn verify_file(path: &Path) -> Result<Verified, NoBackup> {
    if !path.is_file() {
        return Err(NoBackup::Missing(path.to_owned()));
    }
    Ok(verify::file(path)?)
}

/// Puts a copy back as a folder's office: the database that was there is set aside, and the office begins a new life,
/// so that handhelds offer again what the copy does not know. Says where the old database went, if there was one.
/// The copy itself stays as it is.
pub fn restore(folder: &Path, from: &Path) -> Result<Option<PathBuf>, NoBackup> {
    Ok(restore_since(folder, from, None)?.0)
}

/// The same, and then does the changes since again that were carried to a folder, up to a moment. Says also how far it came.
pub fn restore_since(
    folder: &Path,
    from: &Path,
    since: Option<Since>,
) -> Result<(Option<PathBuf>, Replayed), NoBackup> {
    let (_guard, new, replayed) = reborn(folder, from, since)?;
    let database = database_in(folder);
    let aside = set_aside(&database)?;
    fs::rename(&new, &database).map_err(at(&database))?;
    Ok((aside, replayed))
}

/// Puts a copy back as the office on a server, in a database that holds no office yet, as a new life of it.
/// All of it or nothing; the copy itself stays as it is.
pub fn restore_to(
    address: &Address,
    folder: &Path,
    from: &Path,
    since: Option<Since>,
) -> Result<Replayed, NoBackup> {
    let (_guard, new, replayed) = reborn(folder, from, since)?;
    let source = Database::open(&new)?;
    Database::connect(address, &database_in(folder))?.fill_from(&source)?;
    drop(source);
    fs::remove_file(&new).map_err(at(&new))?;
    Ok(replayed)
}

/// A copy of a copy beside a folder's database. It has begun its new life before it can be taken for the office's database:
/// one of the old life would let handhelds keep to themselves what it does not know.
fn reborn(
    folder: &Path,
    from: &Path,
    since: Option<Since>,
) -> Result<(Guard, PathBuf, Replayed), NoBackup> {
    if !from.is_file() {
        return Err(NoBackup::Missing(from.to_owned()));
    }
    Database::check(from)?;
    fs::create_dir_all(folder).map_err(at(folder))?;
    let guard = Guard::take(folder)?;
    let new = folder.join("office.db.new");
    for part in [new.clone(), beside(&new, "-wal"), beside(&new, "-shm")] {
        if part.exists() {
            fs::remove_file(&part).map_err(at(&part))?;
        }
    }
    Database::copy(from, &new)?;
    let mut replayed = Replayed::default();
    if let Some(since) = since {
        replayed = changes::replay(&new, since.folder, since.until)?;
    }
    let office = Office::open(&new)?;
    if replayed.done > 0 {
        let findings = office.verify()?.findings.len();
        if findings > 0 {
            return Err(NoBackup::Unfit(findings));
        }
    }
    office.begin_new_life()?;
    drop(office);
    Database::stand_alone(&new)?;
    Ok((guard, new, replayed))
}

/// The changes since a copy was taken.
#[derive(Clone, Copy, Debug)]
pub struct Since<'a> {
    /// Where they were carried to.
    pub folder: &'a Path,
    /// Up to this moment; none: all that are there.
    pub until: Option<Timestamp>,
}

/// Where a folder's database is.
pub fn database_in(folder: &Path) -> PathBuf {
    folder.join("office.db")
}

/// The file of this name and ending.
fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn set_aside(database: &Path) -> Result<Option<PathBuf>, NoBackup> {
    if !database.exists() {
        return Ok(None);
    }
    // Whatever still stands in its log comes into the one file first.
    if let Ok(db) = sqlite::open(database, sqlite::Durability::EveryCommit) {
        // A damaged one is set aside as it is.
        let _ = db.pragma_query_value(None, "wal_checkpoint(TRUNCATE)", |_| Ok(()));
    }
    let name = format!("office-before-{}.db", Utc::now().format("%Y%m%dT%H%M%S%3f"));
    let aside = database.with_file_name(name);
    fs::rename(database, &aside).map_err(at(database))?;
    for end in ["-wal", "-shm"] {
        if beside(database, end).exists() {
            fs::rename(beside(database, end), beside(&aside, end)).map_err(at(database))?;
        }
    }
    Ok(Some(aside))
}

impl Office {
    /// The office is another one from now on, as it must be once its database was put back to an earlier state: handhelds
    /// notice, and offer again what it does not know. To be called before anyone is answered.
    pub fn begin_new_life(&self) -> Result<(), Error> {
        let incarnation = enrol::random_hex::<16>()?;
        self.database().write_unkept(|tx| {
            // What its former life did was carried by its former life.
            tx.run("DELETE FROM changes", &[])?;
            tx.next("", "change")?;
            // What was numbered after the copy was taken is out in the world: no number of it is given again.
            let sql = "UPDATE counters SET value = value + ?2 WHERE warehouse = '' AND name = ?1";
            tx.run(sql, values!["plate", 100_000])?;
            tx.run(sql, values!["device", 100])?;
            hook::begin_life(tx, &incarnation)?;
            if fault::is(Fault::OldLifeGoesOn) {
                return Ok(());
            }
            records::set(tx, "incarnation", &incarnation)
        })?;
        self.tell();
        Ok(())
    }
}
