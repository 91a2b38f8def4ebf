//! Changing an order: how urgent it is, when it is due, what is wanted. One whose work is on the floor is changed with its work:
//! more is fetched by a task of its own, less is not fetched any more, and what was fetched already is put back.

use super::cancel::refuse_if_over;
use super::database::{Tx, values};
use super::draft::draft_of;
use super::exception::Posting;
use super::order::{OrderLine, put_line};
use super::progress::{self, unknown};
use super::release::Terms;
use super::{Error, Office, cut, feed, promise, records, settle, wave};
use crate::sync::RefusedKind;
use crate::warehouse::{Goods, LineNo, OrderCode, Quantity, Timestamp, WarehouseCode};

/// What changes of an order; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderChange {
    /// How urgent it is.
    pub priority: Option<i32>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// So much is wanted of these lines from now on; nothing: the line is not wanted any more.
    pub lines: Vec<(LineNo, Quantity)>,
    /// These are wanted as well, each as a line of its own.
    pub more: Vec<(Goods, Quantity)>,
}

impl Office {
    /// Changes an order: all that is asked, or nothing.
    /// Refused: it has left the house or was cancelled; a line would be less than what is packed already; nothing of it would be
    /// left; or lines are to change of an order that is not for a customer or warehouse, and work on it has begun.
    pub fn change_order(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        order: &OrderCode,
        change: &OrderChange,
    ) -> Result<(), Error> {
        self.write_in(warehouse.as_str(), |tx| {
            let warehouse = warehouse.as_str();
            let sql = "SELECT kind, state FROM orders WHERE warehouse = ?1 AND code = ?2";
            let Some(row) = tx.first(sql, values![warehouse, order.as_str()])? else {
                return Err(unknown(order));
            };
            let (kind, state) = (row.text("kind")?, row.text("state")?);
            refuse_if_over(order, state)?;
            if matches!(state, "cancelled" | "cancelling") {
                return refused(format!("{order} was cancelled; send a new order instead."));
            }
            urgency(tx, warehouse, order, change)?;
            if change.lines.is_empty() && change.more.is_empty() {
                return Ok(());
            }
            let is_open = state == "open";
            if !is_open && !matches!(kind, "sales" | "transfer") {
                let note =
                    format!("Work on {order} is on the floor: cancel it and send a new one.");
                return refused(note);
            }
            let wish = Wish {
                tx,
                now,
                warehouse,
                order,
                is_open,
            };
            wish.done(change)
        })
    }
}

fn refused<T>(note: impl Into<String>) -> Result<T, Error> {
    Err(Error::refused(RefusedKind::Body, note))
}

/// How urgent the order and its work are from now on. A cart is as urgent as the most urgent of its orders.
fn urgency(tx: &Tx, warehouse: &str, order: &OrderCode, change: &OrderChange) -> Result<(), Error> {
    if change.priority.is_none() && change.due.is_none() {
        return Ok(());
    }
    let sql = "UPDATE orders SET priority = COALESCE(?3, priority), due = COALESCE(?4, due) WHERE warehouse = ?1 AND code = ?2";
    let due = change.due.map(|due| due.to_rfc3339());
    tx.run(
        sql,
        values![warehouse, order.as_str(), change.priority, due],
    )?;
    let sql = "UPDATE tasks SET
                   priority = (SELECT MIN(o.priority) FROM task_orders y JOIN orders o ON o.warehouse = y.warehouse AND o.code = y.order_code
                       WHERE y.warehouse = tasks.warehouse AND y.task = tasks.id),
                   due = (SELECT MIN(o.due) FROM task_orders y JOIN orders o ON o.warehouse = y.warehouse AND o.code = y.order_code
                       WHERE y.warehouse = tasks.warehouse AND y.task = tasks.id)
               WHERE warehouse = ?1 AND state IN ('open', 'started')
               AND id IN (SELECT x.task FROM task_orders x WHERE x.warehouse = ?1 AND x.order_code = ?2) RETURNING id";
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        feed::announce(tx, warehouse, "task", row.text("id")?)?;
    }
    Ok(())
}

/// A change of what is wanted of an order.
struct Wish<'a> {
    tx: &'a Tx<'a>,
    now: Timestamp,
    warehouse: &'a str,
    order: &'a OrderCode,
    is_open: bool,
}

impl Wish<'_> {
    fn done(&self, change: &OrderChange) -> Result<(), Error> {
        let (tx, warehouse, order) = (self.tx, self.warehouse, self.order);
        for (line, quantity) in &change.lines {
            self.line(*line, *quantity)?;
        }
        for (goods, quantity) in &change.more {
            self.add(goods, *quantity)?;
        }
        let sql = "SELECT COUNT(*) AS lines FROM order_lines WHERE warehouse = ?1 AND order_code = ?2 AND quantity > 0";
        let left = tx.first(sql, values![warehouse, order.as_str()])?;
        if left.map_or(Ok(0), |row| row.int("lines"))? == 0 {
            return refused(format!(
                "Nothing would be left of {order}: cancel it instead."
            ));
        }
        if !self.is_open {
            self.fetch_more()?;
            let mut posting = Posting::of_office(warehouse, "", self.now);
            settle::surplus(tx, &mut posting, order)?;
        }
        promise::give(tx, self.now, &[(warehouse.to_owned(), order.to_string())])
    }

    fn line(&self, line: LineNo, quantity: Quantity) -> Result<(), Error> {
        let (tx, warehouse, order) = (self.tx, self.warehouse, self.order.as_str());
        bounded(quantity, Quantity::ZERO)?;
        let sql = "SELECT quantity FROM order_lines WHERE warehouse = ?1 AND order_code = ?2 AND line = ?3";
        let Some(row) = tx.first(sql, values![warehouse, order, line])? else {
            return Err(Error::Unknown {
                what: "line",
                code: format!("{line} of {order}"),
            });
        };
        if self.is_open && quantity.is_zero() {
            let sql =
                "DELETE FROM order_lines WHERE warehouse = ?1 AND order_code = ?2 AND line = ?3";
            tx.run(sql, values![warehouse, order, line])?;
            return Ok(());
        }
        let before = Quantity::from_thousandths(row.int("quantity")?);
        if !self.is_open && quantity < before {
            cut::line(tx, warehouse, self.order, line, quantity)?;
            let sql = "UPDATE orders SET cut_at = ?3 WHERE warehouse = ?1 AND code = ?2";
            tx.run(sql, values![warehouse, order, self.now.to_rfc3339()])?;
        }
        if !self.is_open && quantity > before {
            cut::pack_more(tx, warehouse, self.order, line, quantity.minus(before))?;
            self.waits()?;
        }
        let sql = "UPDATE order_lines SET quantity = ?4, promised = '' WHERE warehouse = ?1 AND order_code = ?2 AND line = ?3";
        tx.run(sql, values![warehouse, order, line, quantity.thousandths()])?;
        Ok(())
    }

    fn add(&self, goods: &Goods, quantity: Quantity) -> Result<(), Error> {
        let (tx, warehouse, order) = (self.tx, self.warehouse, self.order.as_str());
        bounded(quantity, Quantity::from_thousandths(1))?;
        records::known_item(tx, &goods.item)?;
        let sql = "SELECT COALESCE(MAX(line), 0) AS last FROM order_lines WHERE warehouse = ?1 AND order_code = ?2";
        let last = tx.first(sql, values![warehouse, order])?;
        let last = last.map_or(Ok(0), |row| row.count("last"))?;
        let line = OrderLine {
            line: u32::try_from(last + 1).unwrap_or(u32::MAX),
            goods: goods.clone(),
            plate: None,
            quantity,
        };
        put_line(tx, warehouse, order, &line)?;
        if self.is_open { Ok(()) } else { self.waits() }
    }

    /// More is wanted than is on the floor.
    fn waits(&self) -> Result<(), Error> {
        let sql = "UPDATE orders SET back_ordered = 1 WHERE warehouse = ?1 AND code = ?2";
        self.tx
            .run(sql, values![self.warehouse, self.order.as_str()])?;
        Ok(())
    }

    /// What is there of what waits is fetched at once; the rest waits on, if there is a rest and the rules have it wait.
    fn fetch_more(&self) -> Result<(), Error> {
        let (tx, warehouse, order) = (self.tx, self.warehouse, self.order);
        let terms = Terms::of(tx, warehouse)?;
        let draft = draft_of(tx, self.now, warehouse, &terms, order, true)?;
        wave::onto_the_floor(tx, self.now, warehouse, &terms, draft.into_iter().collect())?;
        let lines = progress::lines(tx, warehouse, order)?;
        let waits = lines.iter().any(|line| line.back_ordered.is_positive());
        let sql = "UPDATE orders SET back_ordered = ?3 WHERE warehouse = ?1 AND code = ?2";
        let waits = waits && terms.rules.back_orders;
        tx.run(sql, values![warehouse, order.as_str(), waits])?;
        Ok(())
    }
}

fn bounded(quantity: Quantity, least: Quantity) -> Result<(), Error> {
    if (least..=Quantity::LIMIT).contains(&quantity) {
        return Ok(());
    }
    let most = Quantity::LIMIT;
    refused(format!("A line is of {least} to {most} units."))
}
