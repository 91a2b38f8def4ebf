//! Files set aside, folders made durable: what the journal needs of a file system beyond reading and writing.

use super::Error;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a lock that someone else holds is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Makes the names in a folder durable: a file that was synced can still vanish while its name is not.
pub(super) fn settle(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Makes the folder if there is none, closed to other users of the machine: it holds the handheld's secret.
pub(super) fn make_folder(dir: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|source| Error::Folder {
        path: dir.to_owned(),
        source,
    })
}

/// Takes the folder for this process alone, for as long as the file is held.
pub(super) fn lock(dir: &Path) -> Result<File, Error> {
    let path = dir.join("journal.lock");
    let trouble = |source| Error::Folder {
        path: path.clone(),
        source,
    };
    let file = File::create(&path).map_err(trouble)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // Whoever was killed a moment ago may still be letting go.
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(TryLockError::WouldBlock) => return Err(Error::InUse),
            Err(TryLockError::Error(source)) => return Err(trouble(source)),
        }
    }
}

/// A name that no file has yet, for something set aside.
fn free_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    (1..u32::MAX)
        .map(|n| path.with_file_name(format!("quarantine-{n}-{name}")))
        .find(|free| !free.exists())
        .expect("four thousand million names are not all taken")
}

/// Renames a file out of the way. Nothing is deleted; where it is now.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let kept_as = free_name(path);
    std::fs::rename(path, &kept_as)?;
    settle(path.parent().unwrap_or(Path::new(".")))?;
    Ok(kept_as)
}

/// Renames a database with its write-ahead log, if there are any; where the first of them is now.
pub(super) fn set_database_aside(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut kept_as = None;
    for part in parts(path) {
        if part.exists() {
            kept_as.get_or_insert(set_aside(&part)?);
        }
    }
    Ok(kept_as)
}

/// A database's files: itself, its write-ahead log, its index of that.
pub(super) fn parts(path: &Path) -> [PathBuf; 3] {
    let with = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    [path.to_owned(), with("-wal"), with("-shm")]
}

/// Moves the end of a file from `from` on into a file of its own, and cuts it off. Where it is now.
pub(super) fn set_end_aside(path: &Path, from: u64) -> io::Result<PathBuf> {
    use io::{Seek, SeekFrom};
    let mut file = File::options().read(true).write(true).open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let kept_as = free_name(path);
    let mut kept = File::create_new(&kept_as)?;
    io::copy(&mut file, &mut kept)?;
    kept.sync_all()?;
    settle(path.parent().unwrap_or(Path::new(".")))?;
    file.set_len(from)?;
    file.sync_all()?;
    Ok(kept_as)
}
