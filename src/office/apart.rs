//! Taking apart: orders for an item that is made of others become work; where the house made it, the lots of its parts are known.

use super::allocate::{self, Wanted};
use super::assembly::promise;
use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting, because};
use super::work::Known;
use super::{Error, Office, ledger, records, rules, steps, work};
use crate::warehouse::{
    BinCode, DisassembleJob, Fact, Goods, Item, ItemCode, Job, MadeOf, MoveLine, OrderCode,
    PartLine, Quantity, Status, Task, TaskId, Timestamp, WarehouseCode,
};

impl Office {
    /// Puts open orders for taking apart on the floor, as far as all of it is there. Says which.
    pub fn release_disassembly(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<OrderCode>, Error> {
        self.write(|tx| {
            let sql = "SELECT o.code, o.priority, o.due, o.bin, l.item, l.lot, l.serial, l.expiry, l.quantity FROM orders o
                       JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
                       WHERE o.warehouse = ?1 AND o.kind = 'disassembly' AND o.state = 'open' ORDER BY o.priority, o.code";
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
    let wanted = records::goods(row)?;
    let product = records::known_item(tx, &wanted.item)?;
    let to: BinCode = row.parse("bin")?;
    let id: TaskId = format!("APART-{order}")
        .parse()
        .map_err(|_| Error::Unknown {
            what: "task name short enough for order",
            code: order.to_string(),
        })?;
    let quantity = Quantity::from_thousandths(row.int("quantity")?);
    let products = whole(tx, now, warehouse, (&product, &wanted), quantity, &to)?;
    let parts = parts(tx, warehouse, &product.code, &products)?;
    if products.is_empty() || parts.is_empty() {
        return Ok(None);
    }
    for line in &products {
        promise(tx, warehouse, &id, line)?;
    }
    let job = DisassembleJob {
        order: order.clone(),
        product,
        to,
        products,
        parts,
    };
    let mut task = Task::opened(id, Job::Disassemble(job));
    task.priority = i32::try_from(row.int("priority")?).unwrap_or_default();
    task.due = row.parse_maybe("due")?;
    work::create(tx, warehouse, &task, "")?;
    steps::order_is(tx, warehouse, order.as_str(), "released")?;
    Ok(Some(order))
}

/// From where it is fetched; nothing if not all of it is there.
fn whole(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    (product, wanted): (&Item, &Goods),
    quantity: Quantity,
    to: &BinCode,
) -> Result<Vec<MoveLine>, Error> {
    let wanted = Wanted {
        goods: wanted,
        quantity,
        not_at: None,
        life_days: 0,
    };
    let found = allocate::find(tx, now, warehouse, &rules::of(tx, warehouse)?, &wanted)?;
    let there: Quantity = found.iter().map(|found| found.quantity).sum();
    if there < quantity {
        return Ok(Vec::new());
    }
    let barcodes = records::barcodes_of(tx, &product.code)?;
    let line = |(found, line): (allocate::Found, u32)| MoveLine {
        line,
        from: found.bin,
        to: to.clone(),
        plate: None,
        status: Status::Available,
        goods: found.goods,
        item: product.clone(),
        quantity: found.quantity,
        barcodes: barcodes.clone(),
    };
    Ok(found.into_iter().zip(1..).map(line).collect())
}

/// What comes out of it, each part with the lots that are known to be in it.
fn parts(
    tx: &Tx,
    warehouse: &str,
    product: &ItemCode,
    products: &[MoveLine],
) -> Result<Vec<PartLine>, Error> {
    let sql = "SELECT component, quantity FROM recipes WHERE product = ?1 ORDER BY component";
    let mut parts: Vec<PartLine> = Vec::new();
    for row in tx.rows(sql, values![product.as_str()])? {
        let item = records::known_item(tx, &row.parse("component")?)?;
        let mut made_of: Vec<MadeOf> = Vec::new();
        for line in products {
            for known in known(tx, warehouse, &line.goods, &item.code)? {
                if !made_of.contains(&known) {
                    made_of.push(known);
                }
            }
        }
        parts.push(PartLine {
            line: u32::try_from(parts.len() + 1).unwrap_or(u32::MAX),
            barcodes: records::barcodes_of(tx, &item.code)?,
            item,
            of_one: Quantity::from_thousandths(row.int("quantity")?),
            made_of,
        });
    }
    Ok(parts)
}

/// The lots of a part that went into this lot of the product when it was made here.
fn known(tx: &Tx, warehouse: &str, product: &Goods, part: &ItemCode) -> Result<Vec<MadeOf>, Error> {
    if product.lot.is_none() && product.serial.is_none() {
        return Ok(Vec::new());
    }
    let sql = "SELECT DISTINCT i.item, i.lot, i.serial, i.expiry FROM moves o
               JOIN moves i ON i.warehouse = o.warehouse AND i.device = o.device AND i.epoch = o.epoch AND i.seq = o.seq
               WHERE o.warehouse = ?1 AND o.source_place = 'production' AND o.item = ?2 AND o.lot = ?3 AND o.serial = ?4
                   AND i.target_place = 'production' AND i.item = ?5 AND i.lot <> ''
               ORDER BY i.lot, i.serial LIMIT 50";
    let (lot, serial) = (
        ledger::text(product.lot.as_ref()),
        ledger::text(product.serial.as_ref()),
    );
    let rows = tx.rows(
        sql,
        values![warehouse, product.item.as_str(), lot, serial, part.as_str()],
    )?;
    let made_of = |row: &Row| {
        Ok(MadeOf {
            product: product.clone(),
            part: records::goods(row)?,
        })
    };
    rows.iter().map(made_of).collect()
}

/// Something was taken apart: what was lost, what is more or less than the recipe says and another bin than told are said.
pub(super) fn taken_apart(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    fact: &Fact,
) -> Result<(), Error> {
    let (
        Job::Disassemble(job),
        Fact::Disassembled {
            product,
            quantity,
            parts,
            lost,
            reason,
            ..
        },
    ) = (&known.task.job, fact)
    else {
        return Ok(());
    };
    let order = &job.order;
    for (goods, quantity) in lost {
        let note = format!(
            "{order}: {quantity} of {} lost when {} was taken apart",
            goods.item, product.item
        );
        posting.exception(tx, ExceptionKind::Short, &note)?;
    }
    for line in &job.parts {
        let of_it = |item: &ItemCode| *item == line.item.code;
        let came = parts.iter().filter(|(goods, ..)| of_it(&goods.item));
        let came: Quantity = came.map(|(_, quantity, _)| *quantity).sum();
        let gone = lost.iter().filter(|(goods, _)| of_it(&goods.item));
        let all = came.plus(gone.map(|(_, quantity)| *quantity).sum());
        let wanted = line.of_one.for_all(*quantity);
        if all != wanted {
            let note = format!(
                "{order}: {all} of {} out of {quantity} of {}, by the recipe {wanted}",
                line.item.code, product.item
            );
            posting.exception(tx, ExceptionKind::Unknown, &note)?;
        }
    }
    if let Some(reason) = reason {
        let note = format!(
            "{}: parts put elsewhere than {}: {}",
            known.task.id,
            job.to,
            because(*reason)
        );
        posting.exception(tx, ExceptionKind::OtherBin, &note)?;
    }
    Ok(())
}
