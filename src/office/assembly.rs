//! Making: orders for an item that is made of others become work, with the components that there are.

use super::allocate::{self, Wanted};
use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::steps::order_reaches;
use super::work::Known;
use super::{Error, Office, ledger, records, rules, work};
use crate::warehouse::{
    AssembleJob, BinCode, Fact, Goods, ItemCode, Job, LotCode, MoveLine, OrderCode, Quantity,
    Status, Task, TaskId, Timestamp, WarehouseCode,
};

impl Office {
    /// Puts open production orders on the floor, as far as all components are there. Says which.
    pub fn release_production(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<OrderCode>, Error> {
        self.write(|tx| {
            let sql = "SELECT o.code, o.priority, o.due, o.bin, l.item, l.lot, l.expiry, l.quantity FROM orders o
                       JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
                       WHERE o.warehouse = ?1 AND o.kind = 'production' AND o.state = 'open' ORDER BY o.priority, o.code";
            let mut released = Vec::new();
            for row in tx.rows(sql, values![warehouse.as_str()])? {
                released.extend(release(tx, now, warehouse.as_str(), &row)?);
            }
            Ok(released)
        })
    }
}

fn release(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    row: &Row,
) -> Result<Option<OrderCode>, Error> {
    let order: OrderCode = row.parse("code")?;
    let product = records::known_item(tx, &row.parse("item")?)?;
    let quantity = Quantity::from_thousandths(row.int("quantity")?);
    let to: BinCode = row.parse("bin")?;
    let id: TaskId = format!("MAKE-{order}")
        .parse()
        .map_err(|_| Error::Unknown {
            what: "task name short enough for order",
            code: order.to_string(),
        })?;
    let Some(components) = components(tx, now, warehouse, &product.code, quantity, &to)? else {
        return Ok(None);
    };
    for line in &components {
        promise(tx, warehouse, &id, line)?;
    }
    let lot: Option<LotCode> = row.parse_maybe("lot")?;
    let made_on = allocate::today(now);
    let life = product
        .handling
        .shelf_life_days
        .filter(|_| product.tracking.expiry);
    let expiry = life.and_then(|days| made_on.checked_add_days(chrono::Days::new(days.into())));
    let job = AssembleJob {
        order: order.clone(),
        lot: lot.filter(|_| product.tracking.lot),
        expiry: row.parse_maybe("expiry")?.or(expiry),
        product,
        quantity,
        to,
        components,
    };
    let mut task = Task::opened(id, Job::Assemble(job));
    task.priority = i32::try_from(row.int("priority")?).unwrap_or_default();
    task.due = row.parse_maybe("due")?;
    work::create(tx, warehouse, &task, "")?;
    order_reaches(tx, warehouse, order.as_str(), "released")?;
    Ok(Some(order))
}

/// From where each component is fetched; none if anything is missing, or nobody knows what it is made of.
fn components(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    product: &ItemCode,
    quantity: Quantity,
    to: &BinCode,
) -> Result<Option<Vec<MoveLine>>, Error> {
    let sql = "SELECT component, quantity FROM recipes WHERE product = ?1 ORDER BY component";
    let rules = rules::of(tx, warehouse)?;
    let mut lines: Vec<MoveLine> = Vec::new();
    for row in tx.rows(sql, values![product.as_str()])? {
        let item = records::known_item(tx, &row.parse("component")?)?;
        let wanted = Quantity::from_thousandths(row.int("quantity")?).for_all(quantity);
        let found = allocate::find(
            tx,
            now,
            warehouse,
            &rules,
            &Wanted {
                goods: &Goods::of(item.code.clone()),
                quantity: wanted,
                not_at: None,
                life_days: 0,
            },
        )?;
        let there: Quantity = found.iter().map(|found| found.quantity).sum();
        if there < wanted {
            return Ok(None);
        }
        for found in found {
            lines.push(MoveLine {
                line: u32::try_from(lines.len() + 1).unwrap_or(u32::MAX),
                from: found.bin,
                to: to.clone(),
                plate: None,
                status: Status::Available,
                goods: found.goods,
                item: item.clone(),
                quantity: found.quantity,
                barcodes: records::barcodes_of(tx, &item.code)?,
            });
        }
    }
    Ok(Some(lines).filter(|lines| !lines.is_empty()))
}

/// What a line still has to fetch is promised to it.
pub(super) fn promise(
    tx: &Tx,
    warehouse: &str,
    task: &TaskId,
    line: &MoveLine,
) -> Result<(), Error> {
    let sql = "INSERT INTO task_lines (warehouse, task, line, order_line, bin, item, lot, serial, quantity, done, is_open)
               VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, 0, 1)";
    let (lot, serial) = (
        ledger::text(line.goods.lot.as_ref()),
        ledger::text(line.goods.serial.as_ref()),
    );
    tx.run(
        sql,
        values![
            warehouse,
            task.as_str(),
            line.line,
            line.from.as_str(),
            line.goods.item.as_str(),
            lot,
            serial,
            line.quantity.thousandths()
        ],
    )?;
    Ok(())
}

/// Something was made: if it was less than wanted, a person is told.
pub(super) fn made(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    fact: &Fact,
) -> Result<(), Error> {
    let (Job::Assemble(job), Fact::Assembled { quantity, .. }) = (&known.task.job, fact) else {
        return Ok(());
    };
    if *quantity >= job.quantity {
        return Ok(());
    }
    let note = format!(
        "{}: {quantity} of {} made instead of {}",
        job.order, job.product.code, job.quantity
    );
    posting.exception(tx, ExceptionKind::Short, &note)
}
