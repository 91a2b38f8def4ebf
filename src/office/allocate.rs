//! Allocation: which stock an order gets. First what expires first, else what came first; what is promised to open tasks is taken.
//! Makes the picking and packing tasks of an order.

use super::database::{Tx, values};
use super::{Error, Office, ledger, records, work};
use crate::warehouse::{
    BinCode, Goods, Job, LineNo, OrderCode, PackJob, PackLine, PickJob, PickLine, Quantity,
    SafeText, Sscc, Task, TaskId, Timestamp, WarehouseCode,
};

/// How many license plates are set aside for an order's cartons.
const PLATES: u32 = 6;
/// GS1 company prefix under which this office numbers its cartons, until the settings name the company's own.
/// GS1 General Specifications §1.4.4: prefixes that begin with 2 are for use inside a company.
const PREFIX: &str = "2000000";

/// Stock that an order line gets.
struct Found {
    bin: BinCode,
    sequence: u64,
    goods: Goods,
    quantity: Quantity,
    empties: bool,
}

impl Office {
    /// Releases open sales orders of a warehouse to the floor, most urgent first: picking and packing tasks for what there is.
    /// An order of which nothing is there stays open. Says which were released.
    pub fn release(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<OrderCode>, Error> {
        self.write(|tx| {
            let sql =
                "SELECT code FROM orders WHERE warehouse = ?1 AND kind = 'sales' AND state = 'open'
                       ORDER BY priority, due IS NULL, due, code";
            let mut released = Vec::new();
            for row in tx.rows(sql, values![warehouse.as_str()])? {
                let order: OrderCode = row.parse("code")?;
                if release(tx, now, warehouse.as_str(), &order)? {
                    released.push(order);
                }
            }
            Ok(released)
        })
    }
}

fn release(tx: &Tx, now: Timestamp, warehouse: &str, order: &OrderCode) -> Result<bool, Error> {
    let sql = "SELECT partner, priority, due, bin FROM orders WHERE warehouse = ?1 AND code = ?2";
    let head = tx
        .first(sql, values![warehouse, order.as_str()])?
        .expect("the order was just listed");
    let Some(bench) = bench(tx, warehouse, head.parse_maybe("bin")?)? else {
        return Ok(false);
    };
    let sql = "SELECT line, item, lot, serial, expiry, quantity FROM order_lines WHERE warehouse = ?1 AND order_code = ?2 ORDER BY line";
    let lines = tx.rows(sql, values![warehouse, order.as_str()])?;
    let id: TaskId = format!("PICK-{order}")
        .parse()
        .map_err(|_| too_long(order))?;
    let (mut picks, mut packs) = (Vec::new(), Vec::new());
    for row in &lines {
        let goods = records::goods(row)?;
        let item = records::known_item(tx, &goods.item)?;
        let barcodes = records::barcodes_of(tx, &goods.item)?;
        let wanted = Quantity::from_thousandths(row.int("quantity")?);
        let line = u32::try_from(row.count("line")?).unwrap_or(u32::MAX);
        for found in find(tx, now, warehouse, &goods, wanted, None)? {
            picks.push((line, found, item.clone(), barcodes.clone()));
            let (_, found, ..) = picks.last().expect("just pushed");
            reserve(
                tx,
                warehouse,
                &id,
                LineNo::try_from(picks.len()).unwrap_or(u32::MAX),
                line,
                found,
            )?;
        }
        packs.push(PackLine {
            line,
            item,
            barcodes,
            wanted,
            picked: Vec::new(),
        });
    }
    if picks.is_empty() {
        return Ok(false);
    }
    let customer = SafeText::new(head.text("partner")?);
    let (priority, due) = (
        i32::try_from(head.int("priority")?).unwrap_or_default(),
        head.parse_maybe::<Timestamp>("due")?,
    );
    let mut lines: Vec<(u64, PickLine)> = picks
        .into_iter()
        .zip(1..)
        .map(|((_, found, item, barcodes), line)| {
            (found.sequence, pick_line(line, found, item, barcodes))
        })
        .collect();
    lines.sort_by_key(|(sequence, line)| (*sequence, line.line));
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    let job = PickJob {
        order: order.clone(),
        customer: customer.clone(),
        tote: None,
        drop: bench.clone(),
        lines,
    };
    let blank = |id, job| Task {
        id,
        priority,
        due,
        lease: None,
        started_on: None,
        done: Vec::new(),
        job,
    };
    work::create(tx, warehouse, &blank(id.clone(), Job::Pick(job)))?;
    let plates = plates(tx, warehouse)?;
    let job = PackJob {
        order: order.clone(),
        customer,
        bench,
        after: vec![id],
        lines: packs,
        plates,
    };
    let id = format!("PACK-{order}")
        .parse()
        .map_err(|_| too_long(order))?;
    work::create(tx, warehouse, &blank(id, Job::Pack(job)))?;
    let sql = "UPDATE orders SET state = 'released' WHERE warehouse = ?1 AND code = ?2";
    tx.run(sql, values![warehouse, order.as_str()])?;
    Ok(true)
}

fn too_long(order: &OrderCode) -> Error {
    Error::Unknown {
        what: "task name short enough for order",
        code: order.to_string(),
    }
}

fn pick_line(
    line: LineNo,
    found: Found,
    item: crate::warehouse::Item,
    barcodes: Vec<crate::warehouse::Barcode>,
) -> PickLine {
    PickLine {
        line,
        bin: found.bin,
        item,
        lot: found.goods.lot,
        serial: found.goods.serial,
        expiry: found.goods.expiry,
        quantity: found.quantity,
        barcodes,
        empties_bin: found.empties,
    }
}

/// Where the order is packed: its own place, else the first packing place of the walk.
fn bench(tx: &Tx, warehouse: &str, own: Option<BinCode>) -> Result<Option<BinCode>, Error> {
    if own.is_some() {
        return Ok(own);
    }
    let sql = "SELECT code FROM bins WHERE warehouse = ?1 AND kind = 'packing' AND frozen = 0 ORDER BY sequence, code LIMIT 1";
    Ok(tx
        .first(sql, values![warehouse])?
        .map(|row| row.parse("code"))
        .transpose()?)
}

/// Free stock for so much of some goods: what expires first, else what came first; pick faces before reserve.
fn find(
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
               FROM stock s JOIN bins b ON b.warehouse = s.warehouse AND s.place = 'bin:' || b.code
               WHERE s.warehouse = ?1 AND s.item = ?2 AND s.status = 'available' AND s.quantity > 0 AND b.frozen = 0
                   AND b.kind IN ('pick_face', 'reserve') AND (s.expiry IS NULL OR s.expiry >= ?3)
                   AND (?4 = '' OR s.lot = ?4) AND (?5 = '' OR s.serial = ?5)
               GROUP BY s.warehouse, s.item, s.lot, s.serial, s.expiry, b.code, b.sequence, b.kind
               ORDER BY s.expiry IS NULL, s.expiry, b.kind, MIN(s.since), b.sequence, s.lot, s.serial";
    let today = now.date_naive().to_string();
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

fn reserve(
    tx: &Tx,
    warehouse: &str,
    task: &TaskId,
    line: LineNo,
    order_line: LineNo,
    found: &Found,
) -> Result<(), Error> {
    let sql = "INSERT INTO task_lines (warehouse, task, line, order_line, bin, item, lot, serial, quantity, done, is_open)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 1)";
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
            found.quantity.thousandths()
        ],
    )?;
    Ok(())
}

/// What fell short at a bin is looked for elsewhere and becomes a picking task of its own.
pub(super) fn instead(
    tx: &Tx,
    warehouse: &str,
    task: &Task,
    line: LineNo,
    bin: &BinCode,
    missing: Quantity,
) -> Result<(), Error> {
    let Job::Pick(job) = &task.job else {
        return Ok(());
    };
    let Some(short) = job.lines.iter().find(|known| known.line == line) else {
        return Ok(());
    };
    let sql = "SELECT value FROM counters WHERE warehouse = ?1 AND name = ?2";
    let name = format!("again:{}", job.order);
    let tries = tx
        .first(sql, values![warehouse, &name])?
        .map_or(Ok(0), |row| row.int("value"))?;
    // Twice is enough: after that a person decides.
    if tries >= 2 {
        return Ok(());
    }
    let goods = Goods::of(short.item.code.clone());
    let found = find(
        tx,
        chrono::DateTime::UNIX_EPOCH,
        warehouse,
        &goods,
        missing,
        Some(bin),
    )?;
    if found.is_empty() {
        return Ok(());
    }
    let number = tx.next(warehouse, &name)?;
    let id: TaskId = format!("PICK-{}-{}", job.order, number + 1)
        .parse()
        .map_err(|_| too_long(&job.order))?;
    let order_line = order_line(tx, warehouse, &task.id, line)?;
    let mut lines = Vec::new();
    for (found, line) in found.into_iter().zip(1..) {
        reserve(tx, warehouse, &id, line, order_line, &found)?;
        lines.push(pick_line(
            line,
            found,
            short.item.clone(),
            short.barcodes.clone(),
        ));
    }
    let again = PickJob {
        lines,
        ..job.clone()
    };
    let task = Task {
        id: id.clone(),
        lease: None,
        started_on: None,
        done: Vec::new(),
        job: Job::Pick(again),
        ..task.clone()
    };
    work::create(tx, warehouse, &task)?;
    wait_for(tx, warehouse, &job.order, id)
}

fn order_line(tx: &Tx, warehouse: &str, task: &TaskId, line: LineNo) -> Result<LineNo, Error> {
    let sql = "SELECT order_line FROM task_lines WHERE warehouse = ?1 AND task = ?2 AND line = ?3";
    let row = tx.first(sql, values![warehouse, task.as_str(), line])?;
    Ok(row
        .map_or(Ok(0), |row| row.count("order_line"))
        .map(|line| u32::try_from(line).unwrap_or(u32::MAX))?)
}

/// Packing of the order waits for one more picking task.
fn wait_for(tx: &Tx, warehouse: &str, order: &OrderCode, pick: TaskId) -> Result<(), Error> {
    let Some(mut known) = work::known(tx, warehouse, &format!("PACK-{order}"))? else {
        return Ok(());
    };
    if let Job::Pack(job) = &mut known.task.job {
        job.after.push(pick);
        work::replace_job(tx, warehouse, &known.task)?;
    }
    Ok(())
}

fn plates(tx: &Tx, warehouse: &str) -> Result<Vec<Sscc>, Error> {
    let prefix = records::setting(tx, "company_prefix")?.unwrap_or_else(|| PREFIX.to_owned());
    let digits = 16usize.saturating_sub(prefix.len());
    (0..PLATES)
        .map(|_| {
            // Numbered over all warehouses: a license plate is unique in the company.
            let number = tx.next("", "plate")?;
            let body = format!("0{prefix}{number:0digits$}");
            let bad = || Error::Unknown {
                what: "free license plate under company prefix",
                code: format!("{prefix} ({warehouse})"),
            };
            Sscc::from_body(&body).map_err(|_| bad())
        })
        .collect()
}
