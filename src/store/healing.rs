//! What was found broken at the start and how it was made whole again: told to people, kept for evidence.

use std::path::PathBuf;

/// One thing that was made whole. Whatever was set aside is still there under the name given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Healing {
    /// The database lacked rows that the second copy has; they were put back.
    RowsPutBack {
        /// How many facts.
        facts: u64,
    },
    /// The second copy lacked what the database has; it was written again.
    CopyCompleted {
        /// How many facts.
        facts: u64,
    },
    /// The second copy ended in a half-written record, as after a power cut.
    TornEndSetAside {
        /// How many bytes.
        bytes: u64,
        /// Where they are now.
        kept_as: PathBuf,
    },
    /// The second copy was damaged and was written anew from the database.
    CopyRewritten {
        /// Where the damaged one is now.
        kept_as: PathBuf,
    },
    /// The database was damaged or missing and was built anew from the second copy.
    DatabaseRebuilt {
        /// What was wrong with it.
        why: DatabaseFlaw,
        /// How many facts it has now.
        facts: u64,
        /// Where the damaged file is now, if there was one.
        kept_as: Option<PathBuf>,
    },
    /// Both copies were damaged: facts that the database had could not be brought back here.
    FactsMissing {
        /// The last one that is there.
        last: u64,
        /// The last one that the damaged database spoke of.
        should_be: u64,
    },
    /// The copies told different stories; the longer one was believed.
    CopiesDiffered {
        /// The first row in which they differ.
        seq: u64,
        /// Where the other one is now.
        kept_as: PathBuf,
    },
    /// No journal was left of an earlier one whose files were set aside: a new one was begun.
    BegunAnew {
        /// Where the damaged file is now.
        kept_as: PathBuf,
    },
}

/// What was wrong with a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseFlaw {
    /// It was not there.
    Missing,
    /// It had no content.
    Empty,
    /// It was not a sound database.
    Damaged,
    /// The row with this `seq` is missing or is not what was written.
    Chain(u64),
    /// It belongs to an earlier journal than the second copy.
    Outdated,
}

impl std::fmt::Display for DatabaseFlaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Empty => f.write_str("empty"),
            Self::Damaged => f.write_str("damaged"),
            Self::Chain(seq) => write!(f, "not as written from fact {seq} on"),
            Self::Outdated => f.write_str("older than the second copy"),
        }
    }
}
