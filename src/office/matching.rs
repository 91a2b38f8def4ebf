//! What came unannounced, and the order it turns out to belong to: a person at the office says so.

use super::arrival::{head, rest_of};
use super::database::{Tx, values};
use super::steps::order_reaches;
use super::{Error, Office, feed, work};
use crate::warehouse::{Job, OrderCode, Quantity, TaskId, WarehouseCode};

/// What became of goods that nobody had announced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// How much belongs to the order.
    pub matched: Quantity,
    /// How much of it is not on the order: it stays without one.
    pub strange: Quantity,
    /// A task to receive the order that someone has begun already: they should know.
    pub begun: Option<TaskId>,
}

impl Office {
    /// Counts what was received blind in a task as received for an order, so that it is not expected any more.
    /// Stock stays where it is and as it is. Error: there is no such receipt without an order, or no such order.
    pub fn match_receipt(
        &self,
        warehouse: &WarehouseCode,
        task: &TaskId,
        order: &OrderCode,
    ) -> Result<Matched, Error> {
        self.write(|tx| {
            let (warehouse, id) = (warehouse.as_str(), task.as_str());
            let Some(head) = head(tx, warehouse, order)? else {
                return Err(unknown("receipt order", order.as_str()));
            };
            let sql = "SELECT device, epoch, seq, item, quantity FROM received
                       WHERE warehouse = ?1 AND task = ?2 AND order_code = '' ORDER BY at, device, epoch, seq";
            let rows = tx.rows(sql, values![warehouse, id])?;
            if rows.is_empty() {
                return Err(unknown("receipt without an order", id));
            }
            let mut matched = Matched::default();
            for row in rows {
                let quantity = Quantity::from_thousandths(row.int("quantity")?);
                let Some(line) = line_for(tx, warehouse, order, row.text("item")?)? else {
                    matched.strange = matched.strange.plus(quantity);
                    continue;
                };
                matched.matched = matched.matched.plus(quantity);
                let sql = "UPDATE received SET order_code = ?4, line = ?5 WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
                let key = values![
                    row.text("device")?,
                    row.int("epoch")?,
                    row.int("seq")?,
                    order.as_str(),
                    line
                ];
                tx.run(sql, key)?;
            }
            let sql = "UPDATE exceptions SET state = 'closed' WHERE warehouse = ?1 AND task = ?2 AND kind = 'unmatched'";
            tx.run(sql, values![warehouse, id])?;
            matched.begun = expect_less(tx, warehouse, order, &head)?;
            Ok(matched)
        })
    }
}

fn unknown(what: &'static str, code: &str) -> Error {
    Error::Unknown {
        what,
        code: code.to_owned(),
    }
}

/// The line of an order for an item: one that still lacks some of it before one that does not.
fn line_for(tx: &Tx, warehouse: &str, order: &OrderCode, item: &str) -> Result<Option<i64>, Error> {
    let sql = "SELECT line FROM order_lines l WHERE warehouse = ?1 AND order_code = ?2 AND item = ?3
               ORDER BY quantity <= (SELECT COALESCE(SUM(r.quantity), 0) FROM received r WHERE r.warehouse = l.warehouse
                   AND r.order_code = l.order_code AND r.line = l.line), line LIMIT 1";
    let row = tx.first(sql, values![warehouse, order.as_str(), item])?;
    Ok(row.map(|row| row.int("line")).transpose()?)
}

/// The open task of the order expects that much less, or nothing at all. Says which task someone is at.
fn expect_less(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    head: &super::database::Row,
) -> Result<Option<TaskId>, Error> {
    let sql =
        "SELECT id, state FROM tasks WHERE warehouse = ?1 AND order_code = ?2 AND kind = 'receive'
               AND state IN ('open', 'started') ORDER BY id LIMIT 1";
    let Some(row) = tx.first(sql, values![warehouse, order.as_str()])? else {
        return Ok(None);
    };
    let id: TaskId = row.parse("id")?;
    let Some(mut known) = work::known(tx, warehouse, id.as_str())? else {
        return Ok(None);
    };
    // What was done of it was counted against what it expects now.
    if row.text("state")? == "started" || !known.task.done.is_empty() {
        return Ok(Some(id));
    }
    let lines = rest_of(tx, warehouse, order, head)?;
    if lines.is_empty() {
        let sql = "UPDATE tasks SET state = 'cancelled', lease_device = '' WHERE warehouse = ?1 AND id = ?2";
        tx.run(sql, values![warehouse, id.as_str()])?;
        feed::announce(tx, warehouse, "task", id.as_str())?;
        order_reaches(tx, warehouse, order.as_str(), "received")?;
    } else if let Job::Receive(job) = &mut known.task.job {
        job.lines = lines;
        work::replace_job(tx, warehouse, &known.task)?;
    }
    Ok(None)
}
