//! Allocation: which stock an order gets. First what expires first, else what came first; what is promised to open tasks is taken.
//! Makes the picking and packing tasks of an order.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, Office, feed, ledger, records, work};
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

/// What an order says above its lines.
struct Head {
    order: OrderCode,
    customer: SafeText,
    priority: i32,
    due: Option<Timestamp>,
    bench: BinCode,
}

impl Head {
    fn task(&self, id: TaskId, job: Job) -> Task {
        Task {
            id,
            priority: self.priority,
            due: self.due,
            lease: None,
            started_on: None,
            done: Vec::new(),
            job,
        }
    }
}

fn head(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Option<Head>, Error> {
    let sql = "SELECT partner, priority, due, bin FROM orders WHERE warehouse = ?1 AND code = ?2";
    let row = tx
        .first(sql, values![warehouse, order.as_str()])?
        .expect("the order was just listed");
    let Some(bench) = bench(tx, warehouse, row.parse_maybe("bin")?)? else {
        return Ok(None);
    };
    Ok(Some(Head {
        order: order.clone(),
        customer: SafeText::new(row.text("partner")?),
        priority: i32::try_from(row.int("priority")?).unwrap_or_default(),
        due: row.parse_maybe("due")?,
        bench,
    }))
}

fn release(tx: &Tx, now: Timestamp, warehouse: &str, order: &OrderCode) -> Result<bool, Error> {
    let Some(head) = head(tx, warehouse, order)? else {
        return Ok(false);
    };
    let id = |kind| {
        format!("{kind}-{order}")
            .parse()
            .map_err(|_| too_long(order))
    };
    let (pick, pack): (TaskId, TaskId) = (id("PICK")?, id("PACK")?);
    let (mut picks, mut packs, mut shorts) = (Vec::new(), Vec::new(), Vec::new());
    let sql = "SELECT line, item, lot, serial, expiry, quantity FROM order_lines WHERE warehouse = ?1 AND order_code = ?2 ORDER BY line";
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        let goods = records::goods(&row)?;
        let item = records::known_item(tx, &goods.item)?;
        let barcodes = records::barcodes_of(tx, &goods.item)?;
        let wanted = Quantity::from_thousandths(row.int("quantity")?);
        let line = u32::try_from(row.count("line")?).unwrap_or(u32::MAX);
        let mut missing = wanted;
        for found in find(tx, now, warehouse, &goods, wanted, None)? {
            missing = missing.minus(found.quantity);
            let number = LineNo::try_from(picks.len() + 1).unwrap_or(u32::MAX);
            reserve(tx, warehouse, &pick, number, line, &found)?;
            let sequence = found.sequence;
            let fetch = pick_line(number, found, item.clone(), barcodes.clone());
            picks.push((sequence, fetch));
        }
        if missing.is_positive() {
            shorts.push(format!(
                "{order} line {line}: {missing} of {} not in stock",
                goods.item
            ));
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
    let job = PickJob {
        order: order.clone(),
        customer: head.customer.clone(),
        tote: None,
        drop: head.bench.clone(),
        lines: in_walk(picks),
    };
    work::create(tx, warehouse, &head.task(pick.clone(), Job::Pick(job)), "")?;
    put_on_bench(tx, warehouse, &head, pack, pick, packs)?;
    let mut posting = Posting::of_office(warehouse, "", now);
    for short in shorts {
        posting.exception(tx, ExceptionKind::Short, &short)?;
    }
    let sql = "UPDATE orders SET state = 'released' WHERE warehouse = ?1 AND code = ?2";
    tx.run(sql, values![warehouse, order.as_str()])?;
    Ok(true)
}

fn put_on_bench(
    tx: &Tx,
    warehouse: &str,
    head: &Head,
    id: TaskId,
    after: TaskId,
    lines: Vec<PackLine>,
) -> Result<(), Error> {
    let job = PackJob {
        order: head.order.clone(),
        customer: head.customer.clone(),
        bench: head.bench.clone(),
        after: vec![after],
        lines,
        plates: plates(tx, warehouse)?,
    };
    work::create(tx, warehouse, &head.task(id, Job::Pack(job)), "")
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

/// Free stock for so much of some goods: what expires first, else what came first; of the same age, pick faces before reserve.
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
    posting: &Posting,
    task: &Task,
    line: LineNo,
    bin: &BinCode,
    missing: Quantity,
) -> Result<(), Error> {
    let warehouse = posting.warehouse;
    let Job::Pick(job) = &task.job else {
        return Ok(());
    };
    let Some(short) = job.lines.iter().find(|known| known.line == line) else {
        return Ok(());
    };
    let sql = "SELECT COUNT(*) AS tries FROM tasks
               WHERE warehouse = ?1 AND order_code = ?2 AND kind = 'pick' AND cause <> '' AND state <> 'cancelled'";
    let tries = tx.first(sql, values![warehouse, job.order.as_str()])?;
    // Twice is enough: after that a person decides.
    if tries.map_or(Ok(0), |row| row.int("tries"))? >= 2 {
        return Ok(());
    }
    let (order_line, goods) = demanded(tx, warehouse, &task.id, line, short)?;
    let found = find(tx, posting.now, warehouse, &goods, missing, Some(bin))?;
    if found.is_empty() {
        return Ok(());
    }
    let number = tx.next(warehouse, &format!("again:{}", job.order))?;
    let id: TaskId = format!("PICK-{}-{}", job.order, number + 1)
        .parse()
        .map_err(|_| too_long(&job.order))?;
    let mut lines = Vec::new();
    for (found, line) in found.into_iter().zip(1..) {
        reserve(tx, warehouse, &id, line, order_line, &found)?;
        let (sequence, item) = (found.sequence, short.item.clone());
        let line = pick_line(line, found, item, short.barcodes.clone());
        lines.push((sequence, line));
    }
    let again = PickJob {
        lines: in_walk(lines),
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
    work::create(tx, warehouse, &task, &posting.cause(posting.seq))?;
    wait_for(tx, warehouse, &job.order, |after| after.push(id))
}

/// It was not short after all: what was looked for elsewhere is withdrawn, unless someone is on the way already.
pub(super) fn not_instead(tx: &Tx, posting: &mut Posting, seq: u64) -> Result<(), Error> {
    let warehouse = posting.warehouse;
    let sql = "SELECT id, order_code, state FROM tasks WHERE warehouse = ?1 AND cause = ?2 AND state <> 'cancelled'";
    for row in tx.rows(sql, values![warehouse, posting.cause(seq)])? {
        let id = row.text("id")?;
        if row.text("state")? != "open" {
            let note =
                format!("{id} fetches elsewhere what was found after all: put the surplus back");
            posting.exception(tx, ExceptionKind::TooMany, &note)?;
            continue;
        }
        let sql = "UPDATE tasks SET state = 'cancelled', lease_device = '' WHERE warehouse = ?1 AND id = ?2";
        tx.run(sql, values![warehouse, id])?;
        let sql = "UPDATE task_lines SET is_open = 0 WHERE warehouse = ?1 AND task = ?2";
        tx.run(sql, values![warehouse, id])?;
        feed::announce(tx, warehouse, "task", id)?;
        wait_for(tx, warehouse, &row.parse("order_code")?, |after| {
            after.retain(|task| task.as_str() != id);
        })?;
    }
    Ok(())
}

/// Which line of the order a picking line serves, and what the customer demands there.
fn demanded(
    tx: &Tx,
    warehouse: &str,
    task: &TaskId,
    line: LineNo,
    short: &PickLine,
) -> Result<(LineNo, Goods), Error> {
    let sql = "SELECT t.order_line, o.item, o.lot, o.serial, NULL AS expiry FROM task_lines t
               JOIN tasks k ON k.warehouse = t.warehouse AND k.id = t.task
               JOIN order_lines o ON o.warehouse = t.warehouse AND o.order_code = k.order_code AND o.line = t.order_line
               WHERE t.warehouse = ?1 AND t.task = ?2 AND t.line = ?3";
    let Some(row) = tx.first(sql, values![warehouse, task.as_str(), line])? else {
        return Ok((0, Goods::of(short.item.code.clone())));
    };
    let order_line = u32::try_from(row.count("order_line")?).unwrap_or(u32::MAX);
    Ok((order_line, records::goods(&row)?))
}

/// What packing of the order waits for changes.
fn wait_for(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    change: impl FnOnce(&mut Vec<TaskId>),
) -> Result<(), Error> {
    let Some(mut known) = work::known(tx, warehouse, &format!("PACK-{order}"))? else {
        return Ok(());
    };
    if let Job::Pack(job) = &mut known.task.job {
        change(&mut job.after);
        work::replace_job(tx, warehouse, &known.task)?;
    }
    Ok(())
}

/// Lines in the order of the walk.
fn in_walk(mut lines: Vec<(u64, PickLine)>) -> Vec<PickLine> {
    lines.sort_by_key(|(sequence, line)| (*sequence, line.line));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The day it is where the office stands: stock may be used on its last day, until midnight there.
fn today(now: Timestamp) -> chrono::NaiveDate {
    now.with_timezone(&chrono::Local).date_naive()
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
