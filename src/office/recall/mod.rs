//! Calling goods back: one act finds everything that is affected, holds it in every warehouse, tells every handheld, has it
//! collected and says which customers have some. A drill does all of it on paper.

mod hear;
mod hold;

pub(super) use hear::{hear, make_way};

use super::database::{Row, Tx, values};
use super::trace::{Asked, Stands, Traced, trace};
use super::{Error, Office, message, records};
use crate::sync::RefusedKind;
use crate::warehouse::{BinCode, OrderCode, Quantity, SafeText, TaskId, Timestamp, WarehouseCode};

/// A recall as it is begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToRecall {
    /// Its name, as people will call it.
    pub code: OrderCode,
    /// Why, in words that the floor reads too.
    pub reason: SafeText,
    /// Which goods: what became of these is called back with them.
    pub asked: Asked,
    /// Whether it is done on paper only.
    pub is_drill: bool,
}

/// Goods that were held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Where.
    pub warehouse: WarehouseCode,
    /// In which bin.
    pub bin: BinCode,
    /// What.
    pub goods: crate::warehouse::Goods,
    /// How much.
    pub quantity: Quantity,
}

/// What a recall found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What is affected, and where it is.
    pub found: Traced,
    /// What is held from now on; of a drill, what would be.
    pub held: Vec<Held>,
    /// Tasks that collect it.
    pub collecting: Vec<(WarehouseCode, TaskId)>,
    /// Warehouses that have no quarantine bin to collect it in.
    pub nowhere: Vec<WarehouseCode>,
}

/// How far a recall is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecallRecord {
    /// Its name.
    pub code: OrderCode,
    /// Why.
    pub reason: SafeText,
    /// Whether it is on paper only.
    pub is_drill: bool,
    /// Whether it is closed.
    pub is_closed: bool,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// What was where then.
    pub found: Traced,
}

/// Where everything is that is called back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The recall.
    pub recall: RecallRecord,
    /// What is where now.
    pub now: Traced,
    /// In quarantine.
    pub collected: Vec<Stands>,
    /// In the house, and not in quarantine yet.
    pub open: Vec<Stands>,
}

impl Office {
    /// Calls goods back. All of it is done or nothing. Error: there is a recall of that name, or nothing fits the question.
    pub fn open_recall(&self, now: Timestamp, what: &ToRecall) -> Result<Opened, Error> {
        self.write(|tx| {
            let sql = "SELECT code FROM recalls WHERE code = ?1";
            if tx.first(sql, values![what.code.as_str()])?.is_some() {
                let note = format!(
                    "There is a recall {} already: give this one another name.",
                    what.code
                );
                return Err(Error::refused(RefusedKind::Body, note));
            }
            let asked = Asked {
                forward: true,
                until: None,
                ..what.asked.clone()
            };
            let found = trace(tx, &asked)?;
            if found.goods.is_empty() {
                return Err(Error::refused(
                    RefusedKind::Body,
                    "Nothing in the books fits that: nothing is called back.",
                ));
            }
            note_down(tx, now, what, &found)?;
            hold::hold(tx, now, what, found)
        })
    }

    /// All recalls, newest first.
    pub fn recalls(&self) -> Result<Vec<RecallRecord>, Error> {
        self.database().read(|tx| {
            let sql =
                "SELECT code, reason, found, is_drill, state, opened_at, closed_at FROM recalls
                       ORDER BY opened_at DESC, code";
            tx.rows(sql, &[])?.iter().map(record).collect()
        })
    }

    /// How far a recall is: of a drill, how far it would be.
    pub fn recall_progress(&self, code: &OrderCode) -> Result<Progress, Error> {
        self.database().read_at_length(|tx| progress(tx, code))
    }

    /// A recall is over: handhelds forget it, what is held stays held until someone judges it. Says how far it came.
    pub fn close_recall(&self, now: Timestamp, code: &OrderCode) -> Result<Progress, Error> {
        self.write(|tx| {
            let sql = "UPDATE recalls SET state = 'closed', closed_at = ?2 WHERE code = ?1 AND state = 'open'";
            if tx.run(sql, values![code.as_str(), now.to_rfc3339()])? == 0 {
                return Err(unknown(code));
            }
            let sql = "SELECT warehouse, message FROM recall_messages WHERE recall = ?1";
            for row in tx.rows(sql, values![code.as_str()])? {
                message::let_go(tx, row.text("warehouse")?, row.count("message")?)?;
            }
            progress(tx, code)
        })
    }
}

fn unknown(code: &OrderCode) -> Error {
    Error::Unknown {
        what: "open recall",
        code: code.to_string(),
    }
}

fn note_down(tx: &Tx, now: Timestamp, what: &ToRecall, found: &Traced) -> Result<(), Error> {
    let sql =
        "INSERT INTO recalls (code, reason, asked, found, is_drill, state, opened_at, closed_at)
               VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, '')";
    tx.run(
        sql,
        values![
            what.code.as_str(),
            what.reason.as_str(),
            serde_json::to_string(&found.asked).expect("a question has text keys only"),
            serde_json::to_string(found).expect("an answer has text keys only"),
            what.is_drill,
            now.to_rfc3339()
        ],
    )?;
    Ok(())
}

fn record(row: &Row) -> Result<RecallRecord, Error> {
    Ok(RecallRecord {
        code: row.parse("code")?,
        reason: SafeText::new(row.text("reason")?),
        is_drill: row.flag("is_drill")?,
        is_closed: row.text("state")? == "closed",
        opened_at: row.parse("opened_at")?,
        closed_at: row.parse_maybe("closed_at")?,
        found: row.json("found")?,
    })
}

fn progress(tx: &Tx, code: &OrderCode) -> Result<Progress, Error> {
    let sql = "SELECT code, reason, found, is_drill, state, opened_at, closed_at FROM recalls WHERE code = ?1";
    let row = tx.first(sql, values![code.as_str()])?;
    let recall = record(&row.ok_or_else(|| unknown(code))?)?;
    let now = trace(tx, &recall.found.asked)?;
    let (mut collected, mut open) = (Vec::new(), Vec::new());
    for it in &now.stands {
        let bin = it.place.bin().map(BinCode::as_str);
        let bin = bin.map(|bin| records::bin(tx, it.warehouse.as_str(), bin));
        let bin = bin.transpose()?.flatten();
        if bin.is_some_and(|bin| bin.kind == crate::warehouse::BinKind::Quarantine) {
            collected.push(it.clone());
        } else {
            open.push(it.clone());
        }
    }
    Ok(Progress {
        recall,
        now,
        collected,
        open,
    })
}
