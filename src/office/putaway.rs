//! Arrived receipts: their goods come into stock at receiving, and a putaway task says where each should go.

use super::database::{Tx, values};
use super::{Document, Error, Office, ledger, records, work};
use crate::warehouse::{
    BinCode, Goods, Job, Move, OrderCode, Place, PutawayJob, PutawayLine, Quantity, Spot, Sscc,
    Task, TaskId, Timestamp, WarehouseCode,
};
use std::collections::BTreeSet;

impl Office {
    /// Takes receipts whose goods stand at a receiving bin into stock, and makes their putaway tasks. Says which.
    pub fn receive(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<OrderCode>, Error> {
        self.write(|tx| {
            let sql = "SELECT code FROM orders WHERE warehouse = ?1 AND kind = 'receipt' AND state = 'open' AND bin <> ''
                       ORDER BY priority, code";
            let mut received = Vec::new();
            for row in tx.rows(sql, values![warehouse.as_str()])? {
                let order: OrderCode = row.parse("code")?;
                if receive(tx, now, warehouse.as_str(), &order)? {
                    received.push(order);
                }
            }
            Ok(received)
        })
    }
}

fn receive(tx: &Tx, now: Timestamp, warehouse: &str, order: &OrderCode) -> Result<bool, Error> {
    let sql = "SELECT priority, due, bin FROM orders WHERE warehouse = ?1 AND code = ?2";
    let head = tx
        .first(sql, values![warehouse, order.as_str()])?
        .expect("the order was just listed");
    let from: BinCode = head.parse("bin")?;
    let sql = "SELECT line, item, lot, serial, expiry, plate, quantity FROM order_lines WHERE warehouse = ?1 AND order_code = ?2 ORDER BY line";
    let mut given = BTreeSet::new();
    let mut lines = Vec::new();
    let rows = tx.rows(sql, values![warehouse, order.as_str()])?;
    for row in &rows {
        let (goods, plate) = (records::goods(row)?, row.parse_maybe::<Sscc>("plate")?);
        let quantity = Quantity::from_thousandths(row.int("quantity")?);
        let Some(bin) = suggest(tx, warehouse, &goods, plate.is_some(), &given)? else {
            return Ok(false);
        };
        given.insert(bin.clone());
        lines.push(PutawayLine {
            line: u32::try_from(row.count("line")?).unwrap_or(u32::MAX),
            plate,
            item: records::known_item(tx, &goods.item)?,
            barcodes: records::barcodes_of(tx, &goods.item)?,
            goods,
            quantity,
            bin,
        });
    }
    if lines.is_empty() {
        return Ok(false);
    }
    take_in(tx, now, warehouse, order, &from, &lines)?;
    let id: TaskId = format!("PUT-{order}").parse().map_err(|_| Error::Unknown {
        what: "task name short enough for order",
        code: order.to_string(),
    })?;
    let task = Task {
        id,
        priority: i32::try_from(head.int("priority")?).unwrap_or_default(),
        due: head.parse_maybe::<Timestamp>("due")?,
        lease: None,
        started_on: None,
        done: Vec::new(),
        outline: crate::warehouse::Outline::default(),
        job: Job::Putaway(PutawayJob {
            order: order.clone(),
            from,
            lines,
        }),
    };
    work::create(tx, warehouse, &task, "")?;
    tx.run(
        "UPDATE orders SET state = 'released' WHERE warehouse = ?1 AND code = ?2",
        values![warehouse, order.as_str()],
    )?;
    Ok(true)
}

/// The goods come into stock where they stand.
fn take_in(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    order: &OrderCode,
    from: &BinCode,
    lines: &[PutawayLine],
) -> Result<(), Error> {
    let paper = Document::Paper(order.to_string());
    for line in lines {
        let step = Move {
            goods: line.goods.clone(),
            quantity: line.quantity,
            source: Spot::at(Place::Supplier),
            target: Spot::at(Place::Bin(from.clone())).on(line.plate),
        };
        ledger::post(tx, warehouse, &now.to_rfc3339(), &paper, &step)?;
    }
    Ok(())
}

/// Where goods should go: loose ones to a pick face that holds the same goods; all else to the first empty reserve bin,
/// or an empty pick face where there is none; one that no other line of this receipt or open task is sent to.
/// In a full warehouse to where the same item is, else to the first bin of the walk: whoever stands there knows better.
fn suggest(
    tx: &Tx,
    warehouse: &str,
    goods: &Goods,
    on_plate: bool,
    given: &BTreeSet<BinCode>,
) -> Result<Option<BinCode>, Error> {
    if !on_plate && let Some(bin) = same(tx, warehouse, goods)? {
        return Ok(Some(bin));
    }
    let promised = promised(tx, warehouse)?;
    for kind in ["reserve", "pick_face"] {
        let sql = "SELECT b.code FROM bins b WHERE b.warehouse = ?1 AND b.kind = ?2 AND b.frozen = 0 AND NOT EXISTS (
                       SELECT 1 FROM stock s WHERE s.warehouse = b.warehouse AND s.place = 'bin:' || b.code AND s.quantity <> 0)
                   ORDER BY b.sequence, b.code LIMIT ?3";
        let most = given.len() + promised.len() + 1;
        for row in tx.rows(sql, values![warehouse, kind, most as u64])? {
            let bin: BinCode = row.parse("code")?;
            if !given.contains(&bin) && !promised.contains(&bin) {
                return Ok(Some(bin));
            }
        }
    }
    let sql = "SELECT b.code FROM bins b WHERE b.warehouse = ?1 AND b.kind IN ('reserve', 'pick_face') AND b.frozen = 0
               ORDER BY EXISTS (SELECT 1 FROM stock s WHERE s.warehouse = b.warehouse AND s.place = 'bin:' || b.code
                   AND s.item = ?2 AND s.quantity > 0) DESC, b.sequence, b.code LIMIT 1";
    let full = tx.first(sql, values![warehouse, goods.item.as_str()])?;
    Ok(full.map(|row| row.parse("code")).transpose()?)
}

fn same(tx: &Tx, warehouse: &str, goods: &Goods) -> Result<Option<BinCode>, Error> {
    let sql = "SELECT b.code FROM stock s JOIN bins b ON b.warehouse = s.warehouse AND b.code = SUBSTR(s.place, 5) AND s.place LIKE 'bin:%'
               WHERE s.warehouse = ?1 AND s.item = ?2 AND s.lot = ?3 AND s.quantity > 0 AND b.kind = 'pick_face' AND b.frozen = 0
               ORDER BY b.sequence LIMIT 1";
    let lot = ledger::text(goods.lot.as_ref());
    Ok(tx
        .first(sql, values![warehouse, goods.item.as_str(), lot])?
        .map(|row| row.parse("code"))
        .transpose()?)
}

/// Bins that open putaway is on its way to.
fn promised(tx: &Tx, warehouse: &str) -> Result<BTreeSet<BinCode>, Error> {
    let sql = "SELECT job FROM tasks WHERE warehouse = ?1 AND kind = 'putaway' AND state IN ('open', 'started')";
    let mut bins = BTreeSet::new();
    for row in tx.rows(sql, values![warehouse])? {
        if let Job::Putaway(job) = row.json::<Job>("job")? {
            bins.extend(job.lines.into_iter().map(|line| line.bin));
        }
    }
    Ok(bins)
}
