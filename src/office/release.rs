//! Orders onto the floor: picking and packing tasks for what there is of them.

use super::allocate::{self, pick_line};
use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, Office, records, work};
use crate::warehouse::{
    BinCode, Job, LineNo, OrderCode, PackJob, PackLine, PickJob, Quantity, SafeText, Sscc, Task,
    TaskId, Timestamp, WarehouseCode,
};

/// How many license plates are set aside for an order's cartons.
const PLATES: u32 = 6;
/// GS1 company prefix under which this office numbers its cartons, until the settings name the company's own.
/// GS1 General Specifications §1.4.4: prefixes that begin with 2 are for use inside a company.
const PREFIX: &str = "2000000";

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
            outline: crate::warehouse::Outline::default(),
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
            .map_err(|_| allocate::too_long(order))
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
        for found in allocate::find(tx, now, warehouse, &goods, wanted, None)? {
            missing = missing.minus(found.quantity);
            let number = LineNo::try_from(picks.len() + 1).unwrap_or(u32::MAX);
            allocate::reserve(tx, warehouse, &pick, number, line, &found)?;
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
        lines: allocate::in_walk(picks),
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

pub(super) fn plates(tx: &Tx, warehouse: &str) -> Result<Vec<Sscc>, Error> {
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
