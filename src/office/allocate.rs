//! Allocation: which stock an order gets, by the rules; what is promised to open tasks is taken.

use super::database::{Tx, values};
use super::rules::{Rotation, Rules};
use super::{Error, ledger, records};
use crate::warehouse::{
    Barcode, BinCode, Goods, Item, ItemCode, LineNo, OrderCode, PickLine, Point, Quantity, TaskId,
    Timestamp,
};

/// Stock that an order line gets.
pub(super) struct Found {
    pub bin: BinCode,
    pub sequence: u64,
    pub at: Point,
    pub goods: Goods,
    pub quantity: Quantity,
    pub empties: bool,
    /// How much is free there after this.
    pub leaves: Quantity,
}

/// What is looked for.
pub(super) struct Wanted<'a> {
    pub goods: &'a Goods,
    pub quantity: Quantity,
    /// Not from here: it fell short there.
    pub not_at: Option<&'a BinCode>,
    /// It must not expire before so many days from now.
    pub life_days: u32,
}

/// Free stock of one lot in one bin.
struct Free {
    bin: BinCode,
    is_face: bool,
    sequence: u64,
    at: Point,
    goods: Goods,
    there: Quantity,
    left: Quantity,
}

impl Free {
    fn take(
        &mut self,
        quantity: Quantity,
        found: &mut Vec<(usize, Quantity)>,
        at: usize,
    ) -> Quantity {
        let part = quantity.min(self.left);
        if part.is_positive() {
            self.left = self.left.minus(part);
            match found.iter_mut().find(|(known, _)| *known == at) {
                Some((_, sum)) => *sum = sum.plus(part),
                None => found.push((at, part)),
            }
        }
        part
    }
}

/// Free stock for what is wanted, by the rules: in which turn, whole pallets and cases from reserve, pick faces first.
pub(super) fn find(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    rules: &Rules,
    wanted: &Wanted,
) -> Result<Vec<Found>, Error> {
    let mut stock = free(tx, now, warehouse, rules, wanted)?;
    let (mut left, mut taken) = (wanted.quantity, Vec::new());
    if rules.full_first {
        let cases = cases(tx, &wanted.goods.item)?;
        for (at, lot) in stock.iter_mut().enumerate().filter(|(_, lot)| !lot.is_face) {
            for plate in plates(tx, warehouse, lot)? {
                if plate <= left && plate <= lot.left {
                    left = left.minus(lot.take(plate, &mut taken, at));
                }
            }
        }
        for (at, lot) in stock.iter_mut().enumerate().filter(|(_, lot)| !lot.is_face) {
            for case in &cases {
                let whole = left.min(lot.left).thousandths() / case.thousandths();
                let whole = Quantity::from_thousandths(whole * case.thousandths());
                left = left.minus(lot.take(whole, &mut taken, at));
            }
        }
    }
    for (at, lot) in stock.iter_mut().enumerate() {
        left = left.minus(lot.take(left, &mut taken, at));
    }
    taken.sort_by_key(|(at, _)| *at);
    let found = taken.into_iter().map(|(at, quantity)| {
        let lot = &stock[at];
        Ok(Found {
            empties: quantity == lot.there && alone(tx, warehouse, &lot.bin)?,
            bin: lot.bin.clone(),
            sequence: lot.sequence,
            at: lot.at,
            goods: lot.goods.clone(),
            quantity,
            leaves: lot.left,
        })
    });
    found.collect()
}

/// What fits and is free, in the turn in which it goes.
fn free(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    rules: &Rules,
    wanted: &Wanted,
) -> Result<Vec<Free>, Error> {
    let goods = wanted.goods;
    let turn = match rules.rotation(&goods.item) {
        Rotation::Fefo => "s.expiry IS NULL, s.expiry, MIN(s.since)",
        Rotation::Fifo => "MIN(s.since)",
        Rotation::Lifo => "MIN(s.since) DESC",
    };
    let faces = if rules.faces_first { "b.kind, " } else { "" };
    let sql = format!(
        "SELECT s.item, s.lot, s.serial, s.expiry, SUM(s.quantity) AS quantity, b.code, b.kind, b.sequence, b.x_cm, b.y_cm,
             (SELECT COALESCE(SUM(l.quantity - l.done), 0) FROM task_lines l WHERE l.warehouse = s.warehouse
                 AND l.bin = b.code AND l.item = s.item AND l.lot = s.lot AND l.serial = s.serial
                 AND l.is_open = 1 AND l.quantity > l.done) AS promised
         FROM stock s JOIN bins b ON b.warehouse = s.warehouse AND b.code = SUBSTR(s.place, 5) AND s.place LIKE 'bin:%'
         WHERE s.warehouse = ?1 AND s.item = ?2 AND s.status = 'available' AND s.quantity > 0 AND b.frozen = 0
             AND b.kind IN ('pick_face', 'reserve') AND (s.expiry IS NULL OR s.expiry >= ?3)
             AND (?4 = '' OR s.lot = ?4) AND (?5 = '' OR s.serial = ?5)
         GROUP BY s.warehouse, s.item, s.lot, s.serial, s.expiry, b.code, b.sequence, b.kind, b.x_cm, b.y_cm
         ORDER BY {faces}{turn}, b.kind, b.sequence, s.lot, s.serial"
    );
    let last = today(now) + chrono::Days::new(u64::from(wanted.life_days));
    let (lot, serial) = (
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
    );
    let mut found = Vec::new();
    for row in tx.rows(
        &sql,
        values![
            warehouse,
            goods.item.as_str(),
            last.to_string(),
            lot,
            serial
        ],
    )? {
        let bin: BinCode = row.parse("code")?;
        let there = Quantity::from_thousandths(row.int("quantity")?);
        let left = there.minus(Quantity::from_thousandths(row.int("promised")?));
        if !left.is_positive() || wanted.not_at == Some(&bin) {
            continue;
        }
        let small = |name| Ok::<_, Error>(i32::try_from(row.int(name)?).unwrap_or_default());
        found.push(Free {
            is_face: row.text("kind")? == "pick_face",
            sequence: row.count("sequence")?,
            at: Point {
                x_cm: small("x_cm")?,
                y_cm: small("y_cm")?,
            },
            goods: records::goods(&row)?,
            bin,
            there,
            left,
        });
    }
    Ok(found)
}

/// How much of a lot stands on each license plate of a bin, most first.
fn plates(tx: &Tx, warehouse: &str, lot: &Free) -> Result<Vec<Quantity>, Error> {
    let sql = "SELECT quantity FROM stock WHERE warehouse = ?1 AND place = ?2 AND plate <> '' AND status = 'available'
                   AND item = ?3 AND lot = ?4 AND serial = ?5 AND quantity > 0 ORDER BY quantity DESC, plate";
    let (place, goods) = (format!("bin:{}", lot.bin), &lot.goods);
    let (code, serial) = (
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
    );
    let rows = tx.rows(
        sql,
        values![warehouse, place, goods.item.as_str(), code, serial],
    )?;
    let quantity =
        |row: &super::database::Row| Ok(Quantity::from_thousandths(row.int("quantity")?));
    rows.iter().map(quantity).collect()
}

/// How much the cases of an item hold, the largest first.
fn cases(tx: &Tx, item: &ItemCode) -> Result<Vec<Quantity>, Error> {
    let barcodes = records::barcodes_of(tx, item)?;
    let mut cases: Vec<Quantity> = barcodes.iter().map(|barcode| barcode.holds).collect();
    cases.retain(|holds| *holds > Quantity::ONE);
    cases.sort_unstable_by(|a, b| b.cmp(a));
    cases.dedup();
    Ok(cases)
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
        at: Some(found.at),
        item,
        lot: found.goods.lot,
        serial: found.goods.serial,
        expiry: found.goods.expiry,
        quantity: found.quantity,
        barcodes,
        empties_bin: found.empties,
        ask_left: false,
        value: None,
        instead: Vec::new(),
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
