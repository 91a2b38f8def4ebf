//! Deliveries before they are received: what is on order becomes a task to receive it, and what arrived on paper comes into
//! stock where it stands. Both end at the same putaway.

use super::database::{Row, Tx, values};
use super::putaway::{self, Standing};
use super::steps::order_reaches;
use super::{Document, Error, Office, ledger, records, release, work};
use crate::warehouse::{
    BinCode, Job, Move, OrderCode, Place, Quantity, ReceiveJob, ReceiveLine, SafeText, Spot,
    Status, Task, TaskId, Timestamp, WarehouseCode,
};

/// A delivery on its way from the dock door to the shelf; none of a time: not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The warehouse.
    pub warehouse: WarehouseCode,
    /// The task by which it was received.
    pub task: TaskId,
    /// The dock door, if one was scanned.
    pub door: Option<BinCode>,
    /// When it docked.
    pub docked_at: Option<Timestamp>,
    /// When the first of it was received.
    pub received_at: Option<Timestamp>,
    /// When all of it was in.
    pub closed_at: Option<Timestamp>,
    /// When all of it was put away.
    pub stocked_at: Option<Timestamp>,
}

impl Arrival {
    /// Dock to stock: from the first goods received to the last put away.
    pub fn dock_to_stock(&self) -> Option<chrono::TimeDelta> {
        Some(self.stocked_at? - self.received_at?)
    }
}

impl Office {
    /// Makes work of receipts: those whose goods stand at a receiving bin come into stock, all others become tasks to
    /// receive them; and what waits for a bin looks for one again. Says which receipts.
    pub fn receive(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<OrderCode>, Error> {
        self.write(|tx| {
            let sql = "SELECT code, partner, priority, due, bin, over_percent, least_days FROM orders
                       WHERE warehouse = ?1 AND kind = 'receipt' AND state = 'open' ORDER BY priority, code";
            let mut begun = Vec::new();
            for row in tx.rows(sql, values![warehouse.as_str()])? {
                let done = match row.parse_maybe::<BinCode>("bin")? {
                    Some(bin) => on_paper(tx, now, warehouse.as_str(), &row, &bin)?,
                    None => expect(tx, warehouse.as_str(), &row, "")?,
                };
                if done {
                    super::plan::ordered(tx, warehouse.as_str(), row.text("code")?, now)?;
                    begun.push(row.parse("code")?);
                }
            }
            putaway::plan(tx, now, warehouse.as_str())?;
            Ok(begun)
        })
    }

    /// Deliveries that were received on handhelds, newest first, no more than so many.
    pub fn arrivals(&self, most: u32) -> Result<Vec<Arrival>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT warehouse, task, door, docked_at, received_at, closed_at, stocked_at FROM arrivals
                       ORDER BY docked_at DESC, task LIMIT ?1";
            let read = |row: &Row| {
                Ok(Arrival {
                    warehouse: row.parse("warehouse")?,
                    task: row.parse("task")?,
                    door: row.parse_maybe("door")?,
                    docked_at: row.parse_maybe("docked_at")?,
                    received_at: row.parse_maybe("received_at")?,
                    closed_at: row.parse_maybe("closed_at")?,
                    stocked_at: row.parse_maybe("stocked_at")?,
                })
            };
            tx.rows(sql, values![most])?.iter().map(read).collect()
        })
    }
}

const LINES: &str = "SELECT line, item, lot, serial, expiry, plate, quantity,
        (SELECT COALESCE(SUM(r.quantity), 0) FROM received r WHERE r.warehouse = l.warehouse AND r.order_code = l.order_code
            AND r.line = l.line) AS received
    FROM order_lines l WHERE warehouse = ?1 AND order_code = ?2 ORDER BY line";

/// Goods that arrived on paper come into stock where they stand.
fn on_paper(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    head: &Row,
    bin: &BinCode,
) -> Result<bool, Error> {
    let order: OrderCode = head.parse("code")?;
    let rows = tx.rows(LINES, values![warehouse, order.as_str()])?;
    let paper = Document::Paper(order.to_string());
    for row in &rows {
        let standing = Standing {
            order: order.clone(),
            priority: i32::try_from(head.int("priority")?).unwrap_or_default(),
            due: head.parse_maybe("due")?,
            bin: bin.clone(),
            plate: row.parse_maybe("plate")?,
            status: Status::Available,
            goods: records::goods(row)?,
            quantity: Quantity::from_thousandths(row.int("quantity")?),
        };
        let step = Move {
            goods: standing.goods.clone(),
            quantity: standing.quantity,
            source: Spot::at(Place::Supplier),
            target: Spot::at(Place::Bin(bin.clone())).on(standing.plate),
        };
        ledger::post(tx, warehouse, &now.to_rfc3339(), &paper, &step)?;
        putaway::stands(tx, warehouse, &standing, "")?;
    }
    if rows.is_empty() {
        return Ok(false);
    }
    order_reaches(tx, warehouse, order.as_str(), "received")?;
    Ok(true)
}

/// What did not come yet is expected again, under a task of its own.
pub(super) fn expect_rest(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    cause: &str,
) -> Result<(), Error> {
    match head(tx, warehouse, order)? {
        Some(head) => expect(tx, warehouse, &head, cause).map(drop),
        None => Ok(()),
    }
}

/// What a receipt says above its lines, if there is such a receipt.
pub(super) fn head(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Option<Row>, Error> {
    let sql = "SELECT code, partner, priority, due, bin, over_percent, least_days FROM orders
               WHERE warehouse = ?1 AND code = ?2 AND kind = 'receipt'";
    Ok(tx.first(sql, values![warehouse, order.as_str()])?)
}

/// Makes a task to receive what an order still lacks. `cause`: the fact that called for it, if one did.
fn expect(tx: &Tx, warehouse: &str, head: &Row, cause: &str) -> Result<bool, Error> {
    let order: OrderCode = head.parse("code")?;
    let supplier = SafeText::new(head.text("partner")?);
    let lines = rest_of(tx, warehouse, &order, head)?;
    if lines.is_empty() {
        return Ok(false);
    }
    let job = ReceiveJob {
        order: Some(order.clone()),
        supplier,
        bin: only_receiving(tx, warehouse)?,
        over_percent: u32::try_from(head.int("over_percent")?).unwrap_or_default(),
        lines,
        plates: release::plates(tx, warehouse)?,
    };
    let task = Task {
        priority: i32::try_from(head.int("priority")?).unwrap_or_default(),
        due: head.parse_maybe("due")?,
        ..Task::opened(name(tx, warehouse, &order)?, Job::Receive(job))
    };
    work::create(tx, warehouse, &task, cause)?;
    order_reaches(tx, warehouse, order.as_str(), "released")?;
    Ok(true)
}

/// What an order still lacks, line by line.
pub(super) fn rest_of(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    head: &Row,
) -> Result<Vec<ReceiveLine>, Error> {
    let inspect = is_inspected(tx, head.text("partner")?)?;
    let least_days = head.maybe_int("least_days");
    let mut lines = Vec::new();
    for row in tx.rows(LINES, values![warehouse, order.as_str()])? {
        let left = row.int("quantity")?.saturating_sub(row.int("received")?);
        let goods = records::goods(&row)?;
        if left <= 0 {
            continue;
        }
        lines.push(ReceiveLine {
            line: u32::try_from(row.count("line")?).unwrap_or(u32::MAX),
            item: records::known_item(tx, &goods.item)?,
            barcodes: records::barcodes_of(tx, &goods.item)?,
            quantity: Quantity::from_thousandths(left),
            plate: row.parse_maybe("plate")?,
            lot: goods.lot,
            expiry: goods.expiry,
            least_days: least_days.and_then(|days| u32::try_from(days).ok()),
            inspect,
        });
    }
    Ok(lines)
}

fn name(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<TaskId, Error> {
    let number = tx.next(warehouse, &format!("recv:{order}"))?;
    let name = match number {
        1 => format!("RECV-{order}"),
        number => format!("RECV-{order}-{number}"),
    };
    name.parse().map_err(|_| Error::Unknown {
        what: "task name short enough for order",
        code: order.to_string(),
    })
}

/// Where goods are put down, where there is but one such place; else the worker says where.
fn only_receiving(tx: &Tx, warehouse: &str) -> Result<Option<BinCode>, Error> {
    let sql = "SELECT code FROM bins WHERE warehouse = ?1 AND kind = 'receiving' AND frozen = 0 ORDER BY sequence, code LIMIT 2";
    match tx.rows(sql, values![warehouse])?.as_slice() {
        [only] => Ok(Some(only.parse("code")?)),
        _ => Ok(None),
    }
}

/// Whether all that this supplier sends is looked at first. Orders name them by code or by name.
fn is_inspected(tx: &Tx, supplier: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 AS one FROM partners WHERE kind = 'supplier' AND inspect = 1 AND (code = ?1 OR name = ?1)";
    Ok(tx.first(sql, values![supplier])?.is_some())
}
