//! Allocation: which stock an order gets. First what expires first, else what came first; what is promised to open tasks is taken.

use super::database::{Tx, values};
use super::{Error, ledger, records};
use crate::warehouse::{
    Barcode, BinCode, Goods, Item, LineNo, OrderCode, PickLine, Quantity, TaskId, Timestamp,
};

/// Stock that an order line gets.
pub(super) struct Found {
    pub bin: BinCode,
    pub sequence: u64,
    pub goods: Goods,
    pub quantity: Quantity,
    pub empties: bool,
}

/// Free stock for so much of some goods: what expires first, else what came first; of the same age, pick faces before reserve.
pub(super) fn find(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    goods: &Goods,
    wanted: Quantity,
    not_at: Option<&BinCode>,
) -> Result<Vec<Found>, Error> {
    let sql = "SELECT s.item, s.lot, s.serial, s.expiry, SUM(s.quantity) AS quantity, b.code, b.sequence,
                   (SELECT COALESCE(SUM(l.quantity - l.done), 0) FROM task_lines l WHERE l.warehouse = s.warehouse
                       AND l.bin = b.code AND l.item = s.item AND l.lot = s.lot AND l.serial = s.serial
                       AND l.is_open = 1 AND l.quantity > l.done) AS promised
               FROM stock s JOIN bins b ON b.warehouse = s.warehouse AND b.code = SUBSTR(s.place, 5) AND s.place LIKE 'bin:%'
               WHERE s.warehouse = ?1 AND s.item = ?2 AND s.status = 'available' AND s.quantity > 0 AND b.frozen = 0
                   AND b.kind IN ('pick_face', 'reserve') AND (s.expiry IS NULL OR s.expiry >= ?3)
                   AND (?4 = '' OR s.lot = ?4) AND (?5 = '' OR s.serial = ?5)
               GROUP BY s.warehouse, s.item, s.lot, s.serial, s.expiry, b.code, b.sequence, b.kind
               ORDER BY s.expiry IS NULL, s.expiry, MIN(s.since), b.kind, b.sequence, s.lot, s.serial";
    let today = today(now).to_string();
    let (lot, serial) = (
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
    );
    let mut left = wanted;
    let mut found = Vec::new();
    for row in tx.rows(
        sql,
        values![warehouse, goods.item.as_str(), today, lot, serial],
    )? {
        let bin: BinCode = row.parse("code")?;
        let there = Quantity::from_thousandths(row.int("quantity")?);
        let free = there.minus(Quantity::from_thousandths(row.int("promised")?));
        if !free.is_positive() || !left.is_positive() || not_at == Some(&bin) {
            continue;
        }
        let quantity = free.min(left);
        left = left.minus(quantity);
        let empties = quantity == there && alone(tx, warehouse, &bin)?;
        found.push(Found {
            bin,
            sequence: row.count("sequence")?,
            goods: records::goods(&row)?,
            quantity,
            empties,
        });
    }
    Ok(found)
}

/// Whether a bin holds one thing only.
fn alone(tx: &Tx, warehouse: &str, bin: &BinCode) -> Result<bool, Error> {
    let sql =
        "SELECT COUNT(*) AS rows FROM stock WHERE warehouse = ?1 AND place = ?2 AND quantity > 0";
    let row = tx.first(sql, values![warehouse, format!("bin:{bin}")])?;
    Ok(row.map_or(Ok(0), |row| row.int("rows"))? == 1)
}

pub(super) fn reserve(
    tx: &Tx,
    warehouse: &str,
    task: &TaskId,
    line: LineNo,
    (order, order_line): (&OrderCode, LineNo),
    found: &Found,
) -> Result<(), Error> {
    let sql = "INSERT INTO task_lines (warehouse, task, line, order_line, bin, item, lot, serial, quantity, done, is_open, order_code)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 1, ?10)";
    let (lot, serial) = (
        ledger::text(found.goods.lot.as_ref()),
        ledger::text(found.goods.serial.as_ref()),
    );
    let (bin, item) = (found.bin.as_str(), found.goods.item.as_str());
    tx.run(
        sql,
        values![
            warehouse,
            task.as_str(),
            line,
            order_line,
            bin,
            item,
            lot,
            serial,
            found.quantity.thousandths(),
            order.as_str()
        ],
    )?;
    Ok(())
}

pub(super) fn too_long(order: &OrderCode) -> Error {
    Error::Unknown {
        what: "task name short enough for order",
        code: order.to_string(),
    }
}

pub(super) fn pick_line(
    line: LineNo,
    found: Found,
    item: Item,
    barcodes: Vec<Barcode>,
) -> PickLine {
    PickLine {
        line,
        bin: found.bin,
        sequence: u32::try_from(found.sequence).unwrap_or(u32::MAX),
        item,
        lot: found.goods.lot,
        serial: found.goods.serial,
        expiry: found.goods.expiry,
        quantity: found.quantity,
        barcodes,
        empties_bin: found.empties,
    }
}

/// Lines in the order of the walk.
pub(super) fn in_walk(mut lines: Vec<PickLine>) -> Vec<PickLine> {
    lines.sort_by_key(|line| (line.sequence, line.line));
    lines
}

/// The day it is where the office stands: stock may be used on its last day, until midnight there.
pub(super) fn today(now: Timestamp) -> chrono::NaiveDate {
    now.with_timezone(&chrono::Local).date_naive()
}
