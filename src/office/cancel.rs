//! Cancelling an order, wherever it is: what nobody has begun is withdrawn, what was fetched is put back. Whoever goes on with it
//! without signal is believed, and what they bring is put back as well.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::progress::unknown;
use super::{Error, Office, feed, off_trucks, settle, steps};
use crate::sync::RefusedKind;
use crate::warehouse::{OrderCode, Quantity, SafeText, TaskId, Timestamp, WarehouseCode};

/// What became of a cancelled order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cancelled {
    /// Work on it that is not over: what it brings is put back at its end.
    pub waits_for: Vec<TaskId>,
    /// What is being put back.
    pub put_back: Quantity,
}

impl Office {
    /// Cancels an order, for a reason in words. Saying it again changes nothing.
    /// Refused: it was shipped or received, or it is no order of a customer or warehouse and work on it has begun.
    pub fn cancel_order(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        order: &OrderCode,
        why: &SafeText,
    ) -> Result<Cancelled, Error> {
        self.write_in(warehouse.as_str(), |tx| {
            let warehouse = warehouse.as_str();
            let sql = "SELECT kind, state FROM orders WHERE warehouse = ?1 AND code = ?2";
            let Some(row) = tx.first(sql, values![warehouse, order.as_str()])? else {
                return Err(unknown(order));
            };
            let (kind, state) = (row.text("kind")?, row.text("state")?);
            let mut posting = Posting::of_office(warehouse, "", now);
            if state == "cancelled" || state == "cancelling" {
                return settle::settle(tx, &mut posting, order);
            }
            let picked = matches!(kind, "sales" | "transfer");
            refuse_if_over(order, state)?;
            if !picked {
                withdraw_untouched(tx, warehouse, order)?;
            }
            steps::order_is(tx, warehouse, order.as_str(), "cancelling")?;
            let sql = "UPDATE orders SET cancelled_at = ?3, cancelled_why = ?4, back_ordered = 0
                       WHERE warehouse = ?1 AND code = ?2";
            let at = now.to_rfc3339();
            tx.run(sql, values![warehouse, order.as_str(), at, why.as_str()])?;
            if let Some(load) = off_trucks::is_loading(tx, warehouse, order)? {
                let note = format!(
                    "{order} was cancelled while {load} is under way: leave its cartons behind"
                );
                posting.exception(tx, ExceptionKind::TaskClosed, &note)?;
            }
            settle::settle(tx, &mut posting, order)
        })
    }
}

/// Whether an order was cancelled.
pub(super) fn is_cancelled(tx: &Tx, warehouse: &str, order: &str) -> Result<bool, Error> {
    let sql = "SELECT code FROM orders WHERE warehouse = ?1 AND code = ?2 AND state IN ('cancelling', 'cancelled')";
    Ok(tx.first(sql, values![warehouse, order])?.is_some())
}

/// What is out of our hands cannot be called off any more.
pub(super) fn refuse_if_over(order: &OrderCode, state: &str) -> Result<(), Error> {
    let note = match state {
        "shipped" | "delivered" => {
            format!("{order} has left the house; what comes back of it is a return.")
        }
        "received" | "done" => {
            format!("{order} is {state}; there is nothing left of it to change.")
        }
        _ => return Ok(()),
    };
    Err(Error::refused(RefusedKind::Body, note))
}

/// Withdraws all tasks of an order, unless one was begun.
pub(super) fn withdraw_untouched(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<(), Error> {
    let sql = "SELECT k.id, k.state, (SELECT COUNT(*) FROM task_facts f WHERE f.warehouse = k.warehouse AND f.task = k.id) AS facts
               FROM tasks k WHERE k.warehouse = ?1 AND k.order_code = ?2 AND k.state <> 'cancelled' ORDER BY k.id";
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        let id = row.text("id")?;
        if row.text("state")? != "open" || row.int("facts")? > 0 {
            let note = format!("Work on {order} has begun: {id} must be finished first.");
            return Err(Error::refused(RefusedKind::Body, note));
        }
        withdraw(tx, warehouse, id, order)?;
    }
    Ok(())
}

/// A task that nobody has begun is gone from every handheld, and promises nothing any more.
pub(super) fn withdraw(
    tx: &Tx,
    warehouse: &str,
    task: &str,
    order: &OrderCode,
) -> Result<(), Error> {
    let sql = "UPDATE tasks SET state = 'cancelled', lease_device = '', started_on = '', withdrawn_for = ?3
               WHERE warehouse = ?1 AND id = ?2";
    tx.run(sql, values![warehouse, task, order.as_str()])?;
    let sql = "UPDATE task_lines SET is_open = 0 WHERE warehouse = ?1 AND task = ?2";
    tx.run(sql, values![warehouse, task])?;
    feed::announce(tx, warehouse, "task", task)
}
