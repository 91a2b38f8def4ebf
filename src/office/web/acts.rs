//! Who did what at the web page, and when: written with the act itself, never changed.

use super::users::UserName;
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office};
use crate::warehouse::{SafeText, Timestamp};

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What, by name.
    pub act: SafeText,
    /// To what.
    pub thing: SafeText,
    /// Why, or more of it.
    pub note: SafeText,
}

impl Act {
    pub(super) fn new(act: &str, thing: &str, note: &str) -> Self {
        Self {
            act: act.into(),
            thing: thing.into(),
            note: note.into(),
        }
    }
}

/// An act, as people are shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActRecord {
    /// When.
    pub at: Timestamp,
    /// Who; empty for who stood at the office's machine.
    pub name: SafeText,
    /// What.
    pub act: Act,
}

/// Writes an act down. `who`: none for who stands at the office's machine.
pub(super) fn note(
    tx: &Tx,
    now: Timestamp,
    who: Option<&UserName>,
    done: &Act,
) -> Result<(), Error> {
    let id = tx.next("", "web_act")?;
    let sql =
        "INSERT INTO web_acts (id, at, name, act, thing, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let name = who.map_or("", UserName::as_str);
    let (act, thing, why) = (done.act.as_str(), done.thing.as_str(), done.note.as_str());
    tx.run(sql, values![id, now.to_rfc3339(), name, act, thing, why])?;
    Ok(())
}

fn read(row: &Row) -> Result<ActRecord, Error> {
    Ok(ActRecord {
        at: row.parse("at")?,
        name: row.text("name")?.into(),
        act: Act::new(row.text("act")?, row.text("thing")?, row.text("note")?),
    })
}

impl Office {
    /// The latest acts, newest first; of one kind only, if it is named.
    pub fn acts(&self, kind: Option<&str>, most: u32) -> Result<Vec<ActRecord>, Error> {
        self.database().read(|tx| {
            let rows = match kind {
                Some(kind) => {
                    let sql = "SELECT at, name, act, thing, note FROM web_acts WHERE act = ?1 ORDER BY id DESC LIMIT ?2";
                    tx.rows(sql, values![kind, most])?
                }
                None => {
                    let sql = "SELECT at, name, act, thing, note FROM web_acts ORDER BY id DESC LIMIT ?1";
                    tx.rows(sql, values![most])?
                }
            };
            rows.iter().map(read).collect()
        })
    }
}
