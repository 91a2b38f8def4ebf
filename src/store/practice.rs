//! A copy of the handheld's memory to practise on. What happens in it never reaches the journal it was made from.

use super::{Cache, CacheReader, Error, Journal, files, recovery};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// Copies journal and cache into a folder of their own, as they are now; what was there before is gone. The journal's
/// second copy is written anew when the folder is opened.
pub fn copy(journal: &Journal, cache: &CacheReader, to: &Path) -> Result<(), Error> {
    forget(to)?;
    files::make_folder(to)?;
    let done = copy_database(journal.read().database(), &recovery::database(to))
        .and_then(|()| copy_database(cache.database(), &Cache::path_of(to)));
    done.map_err(Error::Practise)
}

/// Deletes such a copy, if it is there.
pub fn forget(dir: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(dir) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(Error::Folder {
            path: dir.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

fn copy_database(from: &Connection, to: &Path) -> rusqlite::Result<()> {
    let mut copy = Connection::open(to)?;
    let backup = Backup::new(from, &mut copy)?;
    loop {
        match backup.step(-1)? {
            StepResult::Done => return Ok(()),
            // The sync thread writes just now; each write is short.
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}
