//! One row of a handheld's journal: what was said, when, by whom, and what followed from it in the books.

use super::history::{self, Movement, RowOf, Told};
use crate::office::database::{Row, values};
use crate::office::{Error, Office};
use crate::warehouse::{SafeText, Timestamp, WarehouseCode};

/// A fact, and what came of it.
#[derive(Clone, Debug)]
pub(in crate::office) struct FactSeen {
    pub told: Told,
    pub received_at: Timestamp,
    /// Whether it was posted; one that could not be read yet waits.
    pub posted: bool,
    pub chain: String,
    /// All that it says, a thing a line.
    pub said: Vec<SafeText>,
    pub moves: Vec<Movement>,
    /// Notes of the exceptions it raised.
    pub exceptions: Vec<SafeText>,
}

/// Most lines of a fact that are shown.
const MOST: usize = 400;

impl Office {
    /// A row of a journal of a warehouse's handheld; none if there is no such row there.
    pub(in crate::office) fn fact(
        &self,
        warehouse: &WarehouseCode,
        which: &RowOf,
    ) -> Result<Option<FactSeen>, Error> {
        let key = values![
            warehouse.as_str(),
            which.device.as_str(),
            which.epoch,
            which.seq
        ];
        self.database().read(|tx| {
            let sql = "SELECT j.line, j.chain, j.received_at, j.posted FROM journal j JOIN devices d ON d.device = j.device
                       WHERE d.warehouse = ?1 AND j.device = ?2 AND j.epoch = ?3 AND j.seq = ?4";
            let Some(row) = tx.first(sql, key)? else { return Ok(None) };
            let sql = "SELECT id, at, device, epoch, seq, document, item, lot, serial, quantity, source_place, source_plate,
                           source_status, target_place, target_plate, target_status, NULL AS line FROM moves
                       WHERE warehouse = ?1 AND device = ?2 AND epoch = ?3 AND seq = ?4 ORDER BY id";
            let moves = tx.rows(sql, key)?;
            let sql = "SELECT note FROM exceptions WHERE warehouse = ?1 AND device = ?2 AND epoch = ?3 AND seq = ?4 ORDER BY id";
            let notes = tx.rows(sql, key)?;
            let line = row.text("line")?;
            Ok(Some(FactSeen {
                told: Told::read(line),
                received_at: row.parse("received_at")?,
                posted: row.flag("posted")?,
                chain: row.text("chain")?.to_owned(),
                said: said(line),
                moves: moves.iter().map(history::read).collect::<Result<_, _>>()?,
                exceptions: notes.iter().map(note).collect::<Result<_, Error>>()?,
            }))
        })
    }
}

fn note(row: &Row) -> Result<SafeText, Error> {
    Ok(row.text("note")?.into())
}

/// A line of a journal in many lines, each safe to show.
fn said(line: &str) -> Vec<SafeText> {
    let pretty = serde_json::from_str::<serde_json::Value>(line)
        .and_then(|value| serde_json::to_string_pretty(&value));
    let text = pretty.unwrap_or_else(|_| line.to_owned());
    text.lines().take(MOST).map(SafeText::new).collect()
}
