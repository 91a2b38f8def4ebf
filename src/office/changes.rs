//! What was changed, in order: while the office keeps it, every transaction leaves what it did as one row in its own database,
//! from where it is carried to a folder elsewhere. A copy and the changes since make any moment in between come back.
//!
//! A transaction is kept as the statements that it did, with their values: nothing in them depends on anything but the
//! database itself, and a file has one writer at a time, so that the same statements lead to the same rows.

use super::database::{Database, Redone, values};
use super::{Error, Office, records};
use crate::warehouse::Timestamp;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Transactions that are carried at once.
const CARRIED: u32 = 500;
/// A file of changes gives way to the next beyond so many bytes.
const LARGE: u64 = 64 * 1024 * 1024;
/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(1);

/// Why changes could not be carried or done again.
#[derive(Debug, thiserror::Error)]
pub enum NoChanges {
    /// A file of changes cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line that this office did not write.
    #[error("{path} line {line} is no change of this office")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line in it, from 1.
        line: u64,
    },
    /// Changes between the copy and those that are there are missing.
    #[error("the changes after number {after} are missing; the next that is there is {found}")]
    Gap {
        /// The last one that is known.
        after: u64,
        /// The next one that is there.
        found: u64,
    },
    /// A newer office made them.
    #[error("these changes were made by a newer version of the program; install it first")]
    Newer,
    /// The office could not.
    #[error(transparent)]
    Office(#[from] Error),
}

impl From<super::database::Error> for NoChanges {
    fn from(why: super::database::Error) -> Self {
        Self::Office(why.into())
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> NoChanges {
    let path = path.to_owned();
    |source| NoChanges::File { path, source }
}

impl Office {
    /// From now on every transaction leaves what it did, or does so no more. An office on a server leaves that to the server.
    pub fn keep_changes(&self, keep: bool) -> Result<(), Error> {
        if self.database().is_served() {
            return Ok(());
        }
        self.database().write_unkept(|tx| {
            match (records::setting(tx, "changes")?.is_some(), keep) {
                (false, true) => {
                    // A number that no change has: none leads from copies that were taken before to what comes now.
                    tx.next("", "change")?;
                    records::set(tx, "changes", "kept")
                }
                (true, false) => {
                    tx.run("DELETE FROM settings WHERE name = 'changes'", &[])?;
                    tx.run("DELETE FROM changes", &[])?;
                    Ok(())
                }
                (true, true) | (false, false) => Ok::<(), Error>(()),
            }
        })?;
        Ok(())
    }

    /// Carries changes to a folder and lets go of them here once they are on its disk. Says how many transactions that were.
    pub fn carry_changes(&self, folder: &Path) -> Result<u64, NoChanges> {
        let (life, waiting) = self.database().read(|tx| {
            let sql = "SELECT seq, said FROM changes ORDER BY seq LIMIT ?1";
            let rows = tx.rows(sql, values![CARRIED])?;
            let read =
                |row: &super::database::Row| Ok((row.count("seq")?, row.text("said")?.to_owned()));
            let waiting = rows.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
            Ok::<_, Error>((super::incarnation(tx)?, waiting))
        })?;
        let (Some((first, _)), Some((last, _))) = (waiting.first(), waiting.last()) else {
            return Ok(0);
        };
        fs::create_dir_all(folder).map_err(at(folder))?;
        let path = file_for(folder, &life, *first)?;
        let mut open = OpenOptions::new();
        open.append(true).create(true).mode(0o600);
        let mut file = open.open(&path).map_err(at(&path))?;
        let text: String = waiting
            .iter()
            .map(|(_, said)| format!("{said}\n"))
            .collect();
        file.write_all(text.as_bytes()).map_err(at(&path))?;
        file.sync_all().map_err(at(&path))?;
        let folder = File::open(folder).map_err(at(folder))?;
        folder.sync_all().map_err(at(&path))?;
        self.database().write_unkept(|tx| {
            tx.run("DELETE FROM changes WHERE seq <= ?1", values![*last])?;
            Ok::<(), Error>(())
        })?;
        Ok(waiting.len() as u64)
    }
}

/// What files of changes of a life of the office are called, but for a number and their ending.
fn stem(life: &str) -> String {
    format!("changes-{}-", life.get(..8).unwrap_or(life))
}

/// The file that takes the change of this number: the newest one, or a new one if that is large.
fn file_for(folder: &Path, life: &str, first: u64) -> Result<PathBuf, NoChanges> {
    let newest = files(folder, life)?.pop();
    let fits = |path: &PathBuf| fs::metadata(path).is_ok_and(|meta| meta.len() < LARGE);
    let new = || folder.join(format!("{}{first:016}.jsonl", stem(life)));
    Ok(newest.filter(fits).unwrap_or_else(new))
}

/// All files of changes of a life, in their order.
fn files(folder: &Path, life: &str) -> Result<Vec<PathBuf>, NoChanges> {
    let stem = stem(life);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_jsonl = path.extension().is_some_and(|end| end == "jsonl");
        if is_jsonl && name.is_some_and(|name| name.starts_with(&stem)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What doing changes again did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Transactions that were done again.
    pub done: u64,
    /// When the last of them was done first.
    pub at: Option<Timestamp>,
}

/// Does the changes since a copy was taken again in it, up to a moment (and all of them without one). The copy is changed;
/// no office may have it open. Error: changes in between are missing, or one of them is damaged; all before it are done.
pub fn replay(copy: &Path, folder: &Path, until: Option<Timestamp>) -> Result<Replayed, NoChanges> {
    let life = Database::read_any(copy, super::incarnation)?;
    let mut redo = Database::redo(copy)?;
    let mut replayed = Replayed::default();
    for path in files(folder, &life)? {
        let mut file = BufReader::new(File::open(&path).map_err(at(&path))?);
        let mut text = String::new();
        for line in 1.. {
            text.clear();
            if file.read_line(&mut text).map_err(at(&path))? == 0 {
                break;
            }
            let (path, is_whole) = (path.clone(), text.ends_with('\n'));
            match redo.again(&text, until)? {
                Redone::Done(at) => {
                    replayed.done += 1;
                    replayed.at = Some(at);
                }
                Redone::Known => {}
                Redone::Later => return Ok(replayed),
                Redone::Gap { after, found } => return Err(NoChanges::Gap { after, found }),
                Redone::Newer => return Err(NoChanges::Newer),
                // A line that was broken off is written again behind it, whole.
                Redone::Damaged if !is_whole => {}
                Redone::Damaged => return Err(NoChanges::Damaged { path, line }),
            }
        }
    }
    Ok(replayed)
}

/// Carries changes once a second in a thread of its own, until dropped; then the last time.
pub struct Carrier {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Carrier {
    /// Begins at once. Error: the system gives no thread.
    pub fn start(office: Office, folder: PathBuf) -> io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let rounds = move || {
            loop {
                let goes_on = stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout);
                while match office.carry_changes(&folder) {
                    Ok(carried) => carried == u64::from(CARRIED),
                    Err(why) => {
                        office.note(&format!("changes cannot be carried: {why}"));
                        false
                    }
                } {}
                if !goes_on {
                    return;
                }
            }
        };
        let thread = Builder::new().name("carrier".to_owned()).spawn(rounds)?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported when it happened.
            let _ = thread.join();
        }
    }
}
