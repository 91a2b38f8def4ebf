//! Orders: what customers want of us and what suppliers send, as the office keeps them.

use super::database::{Tx, values};
use super::{Error, hook, ledger};
use crate::warehouse::{
    BinCode, Goods, LineNo, OrderCode, OrderKind, Quantity, SafeText, Sscc, Timestamp,
    WarehouseCode,
};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRecord {
    /// The warehouse.
    pub warehouse: WarehouseCode,
    /// Its code.
    pub code: OrderCode,
    /// Receipt, sale, transfer or another.
    pub kind: OrderKind,
    /// Supplier, customer or the other warehouse.
    pub partner: SafeText,
    /// Lower is sooner.
    pub priority: i32,
    /// When it should be done.
    pub due: Option<Timestamp>,
    /// Receipts: where the goods stand, once they have arrived. Sales: where they are packed.
    pub bin: Option<BinCode>,
    /// Receipts: so much more than ordered is taken without asking, in percent.
    pub over_percent: u32,
    /// Receipts: for how many days from their arrival goods must be good at least.
    pub least_days: Option<u32>,
    /// Transfers: to which warehouse.
    pub target: Option<WarehouseCode>,
    /// What.
    pub lines: Vec<OrderLine>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// Its number.
    pub line: LineNo,
    /// What; for sales only as much as the customer demands.
    pub goods: Goods,
    /// On which license plate, for receipts.
    pub plate: Option<Sscc>,
    /// How much.
    pub quantity: Quantity,
}

/// Puts an order with its lines. One that is released already stays as it is: its work is on the floor.
/// Says whether it was put.
pub(crate) fn put_order(tx: &Tx, order: &OrderRecord) -> Result<bool, Error> {
    let (warehouse, code) = (order.warehouse.as_str(), order.code.as_str());
    let known = tx.first(
        "SELECT state FROM orders WHERE warehouse = ?1 AND code = ?2",
        values![warehouse, code],
    )?;
    let was = known
        .map(|row| row.text("state").map(str::to_owned))
        .transpose()?;
    if was.as_deref().is_some_and(|state| state != "open") {
        return Ok(false);
    }
    hook::order_changed(tx, warehouse, code, was.as_deref(), "open")?;
    let sql = "INSERT INTO orders (warehouse, code, kind, partner, priority, due, state, bin, over_percent, least_days, target)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', ?7, ?8, ?9, ?10)
               ON CONFLICT (warehouse, code) DO UPDATE SET kind = excluded.kind, partner = excluded.partner,
                   priority = excluded.priority, due = excluded.due, bin = excluded.bin,
                   over_percent = excluded.over_percent, least_days = excluded.least_days,
                   target = excluded.target";
    let kind = order.kind.as_str();
    let due = order.due.map(|due| due.to_rfc3339());
    tx.run(
        sql,
        values![
            warehouse,
            code,
            kind,
            order.partner.as_str(),
            order.priority,
            due,
            ledger::text(order.bin.as_ref()),
            order.over_percent,
            order.least_days,
            ledger::text(order.target.as_ref())
        ],
    )?;
    tx.run(
        "DELETE FROM order_lines WHERE warehouse = ?1 AND order_code = ?2",
        values![warehouse, code],
    )?;
    order
        .lines
        .iter()
        .try_for_each(|line| put_line(tx, warehouse, code, line))?;
    Ok(true)
}

pub(super) fn put_line(
    tx: &Tx,
    warehouse: &str,
    order: &str,
    line: &OrderLine,
) -> Result<(), Error> {
    let sql = "INSERT INTO order_lines (warehouse, order_code, line, item, lot, serial, expiry, plate, quantity)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let goods = &line.goods;
    let values = values![
        warehouse,
        order,
        line.line,
        goods.item.as_str(),
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
        goods.expiry.map(|day| day.to_string()),
        ledger::text(line.plate.as_ref()),
        line.quantity.thousandths(),
    ];
    tx.run(sql, values)?;
    Ok(())
}
