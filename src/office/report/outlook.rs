//! What the ledger of goods does not say, kept as it changes: what is promised, what is on order, what is announced. Written down
//! by the caretaker within a second or so of each change, so that stock by status can be told of any moment.

use super::stock::COMING;
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office};
use crate::warehouse::{Timestamp, WarehouseCode};

/// What is other than was written down last: promises of open picking, and what suppliers owe.
fn changed(tx: &Tx, warehouse: &str) -> Result<Vec<Row>, Error> {
    let sql = format!(
        "SELECT kind, place, item, lot, serial, SUM(quantity) AS more FROM (
             SELECT 'reserved' AS kind, 'bin:' || bin AS place, item, lot, serial, quantity - done AS quantity FROM task_lines
                 WHERE warehouse = ?1 AND is_open = 1 AND quantity > done
             UNION ALL SELECT p.place, '', p.item, '', '', p.quantity FROM ({COMING}) p
             UNION ALL SELECT kind, place, item, lot, serial, -quantity FROM outlook_now WHERE warehouse = ?1) d
         GROUP BY kind, place, item, lot, serial HAVING SUM(quantity) <> 0 ORDER BY kind, place, item, lot, serial"
    );
    Ok(tx.rows(&sql, values![warehouse])?)
}

impl Office {
    /// Writes down what is promised and on order other than before. Says how many things changed.
    pub(in crate::office) fn keep_outlook(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<usize, Error> {
        let code = warehouse.as_str();
        // Mostly there is nothing to write, and nobody is kept waiting.
        let is_same = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(changed(tx, code)?.is_empty()))?;
        if is_same {
            return Ok(0);
        }
        let (many, _) = self.database().write_in(code, |tx| {
            let changed = changed(tx, code)?;
            changed
                .iter()
                .try_for_each(|row| keep(tx, now, code, row))?;
            Ok::<_, Error>(changed.len())
        })?;
        Ok(many)
    }
}

fn keep(tx: &Tx, now: Timestamp, warehouse: &str, row: &Row) -> Result<(), Error> {
    let id = tx.next(warehouse, "outlook")?;
    let more = row.int("more")?;
    let [kind, place, item, lot, serial] =
        ["kind", "place", "item", "lot", "serial"].map(|name| row.text(name));
    let (kind, place, item, lot, serial) = (kind?, place?, item?, lot?, serial?);
    let sql = "INSERT INTO outlook (warehouse, id, at, kind, place, item, lot, serial, quantity)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let at = now.to_rfc3339();
    tx.run(
        sql,
        values![warehouse, id, at, kind, place, item, lot, serial, more],
    )?;
    let sql = "INSERT INTO outlook_now (warehouse, kind, place, item, lot, serial, quantity) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (warehouse, kind, place, item, lot, serial) DO UPDATE
               SET quantity = outlook_now.quantity + excluded.quantity";
    tx.run(
        sql,
        values![warehouse, kind, place, item, lot, serial, more],
    )?;
    let sql = "DELETE FROM outlook_now WHERE warehouse = ?1 AND kind = ?2 AND place = ?3 AND item = ?4 AND quantity = 0";
    tx.run(sql, values![warehouse, kind, place, item])?;
    Ok(())
}
