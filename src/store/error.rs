//! What the handheld's memory cannot do, and why.

use crate::sqlite::SchemaError;
use std::io;
use std::path::PathBuf;

/// The disk, a file or a database stands in the way.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder cannot be made or read.
    #[error("cannot use the folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another program holds the journal.
    #[error("another stockhand is running on this handheld's memory")]
    InUse,
    /// The journal's database cannot be opened or read.
    #[error("cannot open the journal: {0}")]
    OpenJournal(#[source] rusqlite::Error),
    /// A database is not one this program may touch.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The second copy cannot be read or written.
    #[error("cannot use the journal's second copy: {0}")]
    Carbon(#[from] io::Error),
    /// A damaged file cannot be set aside.
    #[error("cannot set a damaged file aside: {0}")]
    SetAside(#[source] io::Error),
    /// The memory cannot be copied to practise on.
    #[error("cannot copy the memory to practise on: {0}")]
    Practise(#[source] rusqlite::Error),
    /// The facts could not be put on disk; nothing of them is recorded.
    #[error("the disk did not take it: {0}")]
    Record(#[source] rusqlite::Error),
    /// The second copy could not be put on disk; nothing of it is recorded.
    #[error("the disk did not take the second copy: {0}")]
    RecordCarbon(#[source] io::Error),
    /// A write failed before in a way that leaves the disk in doubt: the journal must be opened anew.
    #[error("the journal must be opened anew after a failed write")]
    InDoubt,
    /// A fact too large for a journal row.
    #[error("this is too much for one entry ({bytes} bytes)")]
    TooLarge {
        /// Its size as a line.
        bytes: usize,
    },
    /// The journal could not be read.
    #[error("cannot read the journal: {0}")]
    ReadJournal(#[source] rusqlite::Error),
    /// A row that this program does not understand.
    #[error("row {seq} of the journal was written by another version of the program")]
    Unreadable {
        /// Its place.
        seq: u64,
    },
    /// The handheld still has facts for the office it belongs to.
    #[error("{count} facts have not reached the office yet; they must be sent first")]
    Unsent {
        /// How many.
        count: u64,
    },
    /// The cache could not be opened.
    #[error("cannot open the cache: {0}")]
    OpenCache(#[source] rusqlite::Error),
    /// The cache could not be read.
    #[error("cannot read the cache: {0}")]
    ReadCache(#[source] rusqlite::Error),
    /// The cache could not be written; it stands as before.
    #[error("cannot write the cache: {0}")]
    WriteCache(#[source] rusqlite::Error),
    /// A damaged cache could not be thrown away.
    #[error("cannot throw the damaged cache away: {0}")]
    ThrowAway(#[source] io::Error),
    /// The queue of labels could not be read or written. The facts that call for them are kept all the same.
    #[error("cannot use the queue of labels: {0}")]
    Labels(#[source] rusqlite::Error),
    /// A PIN verifier that is none.
    #[error("the PIN set for this worker cannot be read; it must be set again at the office")]
    BadVerifier,
}

impl Error {
    /// Whether the cache itself is damaged: throw it away and fetch it again.
    pub fn is_cache_damage(&self) -> bool {
        matches!(self, Self::OpenCache(e) | Self::ReadCache(e) | Self::WriteCache(e)
            if crate::sqlite::is_damage(e) || matches!(e, rusqlite::Error::FromSqlConversionFailure(..)))
    }
}
