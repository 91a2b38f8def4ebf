//! Following the carbon beside the database, row by row: the one place that says when the two copies are equal.

use super::Error;
use super::carbon::Record;
use crate::sqlite::SchemaError;
use crate::warehouse::Link;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

/// The form of the carbon written here.
const CARBON: u32 = 1;

/// One row of `kept` as the carbon has it.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub number: u64,
    pub name: String,
    pub value: Option<String>,
}

impl Kept {
    pub fn record(&self) -> Record {
        Record::Kept(serde_json::to_string(self).expect("three plain fields"))
    }
}

/// How far a copy reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub facts: u64,
    pub kept: u64,
}

/// How far the database reaches.
pub(super) fn reach(db: &Connection) -> Result<Reach, Error> {
    let sql = "SELECT (SELECT ifnull(max(seq), 0) FROM journal) AS facts, \
               (SELECT ifnull(max(number), 0) FROM kept) AS kept";
    db.query_row(sql, [], |row| {
        Ok(Reach {
            facts: row.get("facts")?,
            kept: row.get("kept")?,
        })
    })
    .map_err(Error::ReadJournal)
}

/// Goes along the carbon beside the database: what both have must be equal, what only the carbon has is put back.
pub(super) struct Follower<'a> {
    db: &'a Connection,
    epoch: u32,
    has: Reach,
    puts_back: bool,
    link: Link,
    /// Whether the head was read.
    pub headed: bool,
    pub seen: Reach,
    /// The first row that is not the same in both.
    pub differs: Option<u64>,
}

impl<'a> Follower<'a> {
    /// One that only looks.
    pub fn looking(db: &'a Connection, epoch: u32, has: Reach) -> Self {
        Self {
            puts_back: false,
            ..Self::new(db, epoch, has)
        }
    }

    /// One that puts back into the database what only the carbon has.
    pub fn new(db: &'a Connection, epoch: u32, has: Reach) -> Self {
        Self {
            puts_back: true,
            db,
            epoch,
            has,
            link: Link::START,
            headed: false,
            seen: Reach::default(),
            differs: None,
        }
    }

    /// Takes one batch in; false if the carbon is not to be believed from here on.
    pub fn take(&mut self, batch: &[Record]) -> Result<bool, Error> {
        // A batch counts as a whole or not at all, so it is looked over before anything of it is put back.
        let (mut facts, mut kept) = (self.seen.facts, self.seen.kept);
        for record in batch {
            let fits = match record {
                Record::Head(text) => self.head(text)?,
                Record::Entry(line) => {
                    facts += 1;
                    self.headed && seq_of(line) == Some(facts)
                }
                Record::Kept(text) => {
                    kept += 1;
                    self.headed && read_kept(text).is_some_and(|row| row.number == kept)
                }
            };
            if !fits {
                return Ok(false);
            }
        }
        for record in batch {
            let same = match record {
                Record::Head(_) => true,
                Record::Entry(line) => self.entry(line)?,
                Record::Kept(text) => self.kept(text)?,
            };
            if !same {
                self.differs = Some(self.seen.facts.max(1));
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn head(&mut self, text: &str) -> Result<bool, Error> {
        #[derive(Deserialize)]
        struct Head {
            carbon: u32,
            epoch: u32,
        }
        let Ok(head) = serde_json::from_str::<Head>(text) else {
            return Ok(false);
        };
        if head.carbon > CARBON {
            let (found, known) = (head.carbon, CARBON);
            return Err(SchemaError::Newer { found, known }.into());
        }
        let first = !std::mem::replace(&mut self.headed, true);
        Ok(first && head.epoch == self.epoch)
    }

    fn entry(&mut self, line: &str) -> Result<bool, Error> {
        self.link = self.link.next(line);
        self.seen.facts += 1;
        let seq = self.seen.facts;
        if seq > self.has.facts {
            if !self.puts_back {
                return Ok(false);
            }
            insert_entry(self.db, seq, line, self.link).map_err(Error::Record)?;
            return Ok(true);
        }
        let mut chain = self
            .db
            .prepare_cached("SELECT chain FROM journal WHERE seq = ?1")
            .map_err(Error::ReadJournal)?;
        let chain: String = chain
            .query_row([seq], |row| row.get("chain"))
            .map_err(Error::ReadJournal)?;
        Ok(Link::from_hex(&chain) == Some(self.link))
    }

    fn kept(&mut self, text: &str) -> Result<bool, Error> {
        let Some(kept) = read_kept(text) else {
            return Ok(false);
        };
        self.seen.kept += 1;
        if kept.number > self.has.kept {
            if !self.puts_back {
                return Ok(false);
            }
            insert_kept(self.db, &kept).map_err(Error::Record)?;
            return Ok(true);
        }
        let mut same = self
            .db
            .prepare_cached("SELECT name = ?2 AND value IS ?3 AS same FROM kept WHERE number = ?1")
            .map_err(Error::ReadJournal)?;
        same.query_row(params![kept.number, kept.name, kept.value], |row| {
            row.get("same")
        })
        .map_err(Error::ReadJournal)
    }
}

fn seq_of(line: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Place {
        seq: u64,
    }
    serde_json::from_str::<Place>(line).ok().map(|at| at.seq)
}

fn read_kept(text: &str) -> Option<Kept> {
    serde_json::from_str(text).ok()
}

pub(super) fn insert_entry(
    db: &Connection,
    seq: u64,
    line: &str,
    chain: Link,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO journal (seq, line, chain) VALUES (?1, ?2, ?3)")?
        .execute(params![seq, line, chain.to_string()])
        .map(drop)
}

pub(super) fn insert_kept(db: &Connection, kept: &Kept) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO kept (number, name, value) VALUES (?1, ?2, ?3)")?
        .execute(params![kept.number, kept.name, kept.value])
        .map(drop)
}
