//! The queue of labels: which facts called for which, and whether a printer has taken them. Never a label without its fact:
//! a label is derived from a fact that is in the journal, at the latest when the handheld starts again.
//!
//! It is kept less carefully than the journal: what a power cut takes of it is derived once more, and printed once more.

use super::{Error, files};
use crate::label::{Label, LabelKind, LabelState, Queued};
use crate::sqlite::{self, Durability};
use crate::warehouse::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::Path;

const STEPS: &[&str] = &[include_str!("sql/labels/0001_start.sql")];

const MARK: &str = "UPDATE mark SET epoch = ?1, seq = ?2";

/// So many labels that are printed or withdrawn are kept, to be printed again.
const KEPT: u32 = 500;

/// The queue, on disk.
#[derive(Debug)]
pub struct Labels {
    db: Connection,
}

impl Labels {
    /// Opens the queue of a folder. One that is damaged or of another version is thrown away: then nothing that happened
    /// up to `head`, given as epoch and number, is printed unasked.
    pub fn open(dir: &Path, head: (u32, u64)) -> Result<Self, Error> {
        let path = dir.join("labels.db");
        let labels = match Self::open_file(&path, head) {
            Ok(labels) => return Ok(labels),
            Err(_) => {
                for part in files::parts(&path).iter().filter(|part| part.exists()) {
                    std::fs::remove_file(part).map_err(Error::ThrowAway)?;
                }
                Self::open_file(&path, head)?
            }
        };
        Ok(labels)
    }

    fn open_file(path: &Path, head: (u32, u64)) -> Result<Self, Error> {
        let mut db = sqlite::open(path, Durability::Checkpoints).map_err(Error::Labels)?;
        sqlite::migrate(&mut db, STEPS)?;
        let labels = Self { db };
        if labels.mark()?.is_none() {
            labels
                .db
                .execute(
                    "INSERT INTO mark (epoch, seq) VALUES (?1, ?2)",
                    params![head.0, head.1],
                )
                .map_err(Error::Labels)?;
        }
        labels.waiting(&LabelKind::ALL)?;
        Ok(labels)
    }

    fn mark(&self) -> Result<Option<(u32, u64)>, Error> {
        let read = |row: &Row| Ok((row.get("epoch")?, row.get("seq")?));
        self.db
            .query_row("SELECT epoch, seq FROM mark", [], read)
            .optional()
            .map_err(Error::Labels)
    }

    /// Up to which fact of this epoch labels were derived.
    pub fn derived(&self, epoch: u32) -> Result<u64, Error> {
        let mark = self.mark()?;
        Ok(mark
            .filter(|(of, _)| *of == epoch)
            .map_or(0, |(_, seq)| seq))
    }

    /// Puts the labels that a fact called for into the queue, those that are not in it already: all of them and how far
    /// labels are derived, or nothing.
    pub fn put(
        &mut self,
        epoch: u32,
        seq: u64,
        at: Timestamp,
        labels: &[Label],
    ) -> Result<(), Error> {
        self.write(|work| {
            for (label, place) in labels.iter().zip(0_u32..) {
                let text = serde_json::to_string(label).expect("a label has text keys only");
                work.prepare_cached(
                    "INSERT OR IGNORE INTO labels (epoch, seq, place, at, kind, label, state)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting')",
                )?
                .execute(params![epoch, seq, place, at.to_rfc3339(), label.kind.name(), text])?;
            }
            work.prepare_cached(MARK)?.execute(params![epoch, seq])?;
            let old = "DELETE FROM labels WHERE state <> 'waiting' AND id <= (SELECT max(id) FROM labels) - ?1";
            work.prepare_cached(old)?.execute([KEPT])?;
            Ok(())
        })
    }

    /// The fact was taken back: what waits for it is not printed any more. Says which.
    pub fn withdraw(&mut self, epoch: u32, seq: u64) -> Result<Vec<i64>, Error> {
        let sql = "UPDATE labels SET state = 'withdrawn' WHERE epoch = ?1 AND seq = ?2 AND state = 'waiting' RETURNING id";
        self.ids(sql, params![epoch, seq])
    }

    /// What the fact called for is printed once more, as fact `by` asks; what was taken back is not.
    pub fn again(&mut self, epoch: u32, seq: u64, by: u64) -> Result<(), Error> {
        self.write(|work| {
            let sql = "UPDATE labels SET state = 'waiting' WHERE epoch = ?1 AND seq = ?2 AND state <> 'withdrawn'";
            work.prepare_cached(sql)?.execute(params![epoch, seq])?;
            work.prepare_cached(MARK)?.execute(params![epoch, by]).map(drop)
        })
    }

    fn ids(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<i64>, Error> {
        let read = |db: &Connection| {
            let mut select = db.prepare_cached(sql)?;
            let rows = select.query_map(values, |row| row.get("id"))?;
            rows.collect::<rusqlite::Result<Vec<i64>>>()
        };
        read(&self.db).map_err(Error::Labels)
    }

    /// A label came to an end: printed, or it never can be.
    pub fn settle(&mut self, id: i64, state: LabelState) -> Result<(), Error> {
        self.db
            .execute(
                "UPDATE labels SET state = ?2 WHERE id = ?1 AND state = 'waiting'",
                params![id, state.name()],
            )
            .map(drop)
            .map_err(Error::Labels)
    }

    /// The one of these kinds that has waited longest.
    pub fn next(&self, kinds: &[LabelKind]) -> Result<Option<Queued>, Error> {
        let sql =
            "SELECT id, seq, at, state, label FROM labels WHERE state = 'waiting' ORDER BY id";
        let all = self.rows(sql, [])?;
        Ok(all
            .into_iter()
            .find(|queued| kinds.contains(&queued.label.kind)))
    }

    /// How many of these kinds wait.
    pub fn waiting(&self, kinds: &[LabelKind]) -> Result<usize, Error> {
        let all = self.rows(
            "SELECT id, seq, at, state, label FROM labels WHERE state = 'waiting'",
            [],
        )?;
        Ok(all
            .iter()
            .filter(|queued| kinds.contains(&queued.label.kind))
            .count())
    }

    /// The newest, newest first.
    pub fn newest(&self, most: u32) -> Result<Vec<Queued>, Error> {
        self.rows(
            "SELECT id, seq, at, state, label FROM labels ORDER BY id DESC LIMIT ?1",
            [most],
        )
    }

    fn rows(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Queued>, Error> {
        let read = |db: &Connection| {
            let mut select = db.prepare_cached(sql)?;
            let rows = select.query_map(values, queued)?;
            rows.collect::<rusqlite::Result<Vec<Queued>>>()
        };
        read(&self.db).map_err(Error::Labels)
    }

    fn write(
        &mut self,
        fill: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        let work = self.db.transaction().map_err(Error::Labels)?;
        fill(&work)
            .and_then(|()| work.commit())
            .map_err(Error::Labels)
    }
}

fn queued(row: &Row) -> rusqlite::Result<Queued> {
    let bad = |index, why: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, why)
    };
    let (at, state, label): (String, String, String) =
        (row.get("at")?, row.get("state")?, row.get("label")?);
    Ok(Queued {
        id: row.get("id")?,
        seq: row.get("seq")?,
        at: at
            .parse()
            .map_err(|why: chrono::ParseError| bad(2, why.into()))?,
        state: LabelState::ALL
            .into_iter()
            .find(|known| known.name() == state)
            .ok_or_else(|| bad(3, "no such state".into()))?,
        label: serde_json::from_str(&label).map_err(|why| bad(4, why.into()))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn label(name: &str) -> Label {
        Label {
            kind: LabelKind::Carton,
            name: name.into(),
            fields: BTreeMap::new(),
            rows: Vec::new(),
        }
    }

    fn names(labels: &Labels) -> Vec<String> {
        let newest = labels.newest(9).unwrap().into_iter();
        newest
            .map(|queued| format!("{} {}", queued.label.name, queued.state.name()))
            .collect()
    }

    #[test]
    fn a_label_waits_until_it_is_printed_and_is_there_once_however_often_it_is_derived() {
        let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::UNIX_EPOCH);
        let mut labels = Labels::open(dir.path(), (1, 4)).unwrap();
        assert_eq!(labels.derived(1).unwrap(), 4);
        labels.put(1, 7, now, &[label("A"), label("B")]).unwrap();
        drop(labels);
        let mut labels = Labels::open(dir.path(), (1, 99)).unwrap();
        labels.put(1, 7, now, &[label("A"), label("B")]).unwrap();
        assert_eq!(
            (labels.derived(1).unwrap(), labels.derived(2).unwrap()),
            (7, 0)
        );
        let first = labels.next(&[LabelKind::Carton]).unwrap().unwrap();
        assert_eq!(labels.next(&[LabelKind::Bin]).unwrap(), None);
        labels.settle(first.id, LabelState::Printed).unwrap();
        assert_eq!(names(&labels), ["B waiting", "A printed"]);
        labels.again(1, 7, 8).unwrap();
        assert_eq!(labels.waiting(&LabelKind::ALL).unwrap(), 2);
        assert_eq!(labels.withdraw(1, 7).unwrap().len(), 2);
        labels.again(1, 7, 9).unwrap();
        assert_eq!(names(&labels), ["B withdrawn", "A withdrawn"]);
    }

    #[test]
    fn a_damaged_queue_is_begun_anew_and_prints_nothing_of_old() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(
            dir.path().join("labels.db"),
            b"no database at all, but long enough to be looked at",
        )
        .unwrap();
        let labels = Labels::open(dir.path(), (3, 12)).unwrap();
        assert_eq!(labels.derived(3).unwrap(), 12);
        assert_eq!(names(&labels), [""; 0]);
    }

    #[test]
    fn what_is_long_printed_is_forgotten_and_what_waits_is_not() {
        let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::UNIX_EPOCH);
        let mut labels = Labels::open(dir.path(), (1, 0)).unwrap();
        for seq in 1..=u64::from(KEPT) + 20 {
            labels.put(1, seq, now, &[label("A")]).unwrap();
            if seq != 3 {
                let id = i64::try_from(seq).unwrap();
                labels.settle(id, LabelState::Printed).unwrap();
            }
        }
        let newest = labels.newest(9999).unwrap();
        assert_eq!(newest.len(), KEPT as usize + 1);
        assert_eq!(newest.last().map(|queued| queued.seq), Some(3));
    }
}
