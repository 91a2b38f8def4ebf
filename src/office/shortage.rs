//! What fell short: looked for elsewhere, and withdrawn again when it was found after all.

use super::allocate::{self, Wanted, pick_line};
use super::cancel::is_cancelled;
use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::pick_terms::{self, For};
use super::release::Terms;
use super::steps::order_turns;
use super::{Error, feed, records, release, substitute, work};
use crate::warehouse::{
    BinCode, Goods, Item, Job, LineNo, OrderCode, PackJob, PackLine, PickJob, PickLine, PickOrder,
    Quantity, Task, TaskId, ToteCode,
};

/// What fell short at a bin is looked for elsewhere and becomes a picking task of its own.
pub(super) fn instead(
    tx: &Tx,
    posting: &mut Posting,
    task: &Task,
    line: LineNo,
    bin: &BinCode,
    missing: Quantity,
) -> Result<(), Error> {
    let warehouse = posting.warehouse;
    let Job::Pick(job) = &task.job else {
        return Ok(());
    };
    let of_line = |order: &&PickOrder| order.lines.iter().any(|known| known.line == line);
    let Some(order) = job.orders.iter().find(of_line) else {
        return Ok(());
    };
    let short = order.lines.iter().find(|known| known.line == line);
    let short = short.expect("it was just found by this line");
    let code = &order.order;
    if is_cancelled(tx, warehouse, code.as_str())? {
        return Ok(());
    }
    // Twice is enough: after that a person decides.
    if tries(tx, warehouse, code)? >= 2 {
        return Ok(());
    }
    let (order_line, goods) = demanded(tx, warehouse, &task.id, line, short)?;
    let terms = Terms::of(tx, warehouse)?;
    let wanted = Wanted {
        goods: &goods,
        quantity: missing,
        not_at: Some(bin),
        life_days: release::life_days(tx, order.customer.as_str())?,
    };
    let customer = order.customer.as_str();
    let found = substitute::find(tx, posting.now, warehouse, &terms.rules, &wanted, customer)?;
    if found.is_empty() {
        return Ok(());
    }
    let id = again(tx, warehouse, code)?;
    let of = For {
        now: posting.now,
        warehouse,
        rules: &terms.rules,
        customer,
        life_days: wanted.life_days,
    };
    let (mut lines, mut others) = (Vec::new(), Vec::new());
    for (found, line) in found.into_iter().zip(1..) {
        allocate::reserve(tx, warehouse, &id, line, (code, order_line), &found)?;
        let item = records::known_item(tx, &found.goods.item)?;
        let barcodes = records::barcodes_of(tx, &item.code)?;
        if item.code != short.item.code {
            others.push((item.clone(), found.quantity));
        }
        let leaves = found.leaves;
        let line = pick_line(line, found, item, barcodes);
        lines.push(pick_terms::complete(tx, &of, &goods, leaves, line)?);
    }
    for (item, quantity) in &others {
        let (other, own) = (&item.code, &short.item.code);
        let note = format!("{code} line {order_line}: {quantity} of {other} go instead of {own}");
        posting.exception(tx, ExceptionKind::Substituted, &note)?;
    }
    let again = PickOrder {
        lines: allocate::in_walk(lines),
        tote: None,
        leg: None,
        ..order.clone()
    };
    let task = anew(task, id.clone(), terms.job(vec![again]));
    work::create(tx, warehouse, &task, &posting.cause(posting.seq))?;
    wait_for(tx, warehouse, code, &id, &others)
}

/// A task of the same urgency as another, at its beginning.
pub(super) fn anew(task: &Task, id: TaskId, job: PickJob) -> Task {
    Task {
        id,
        lease: None,
        started_on: None,
        done: Vec::new(),
        outline: crate::warehouse::Outline::default(),
        job: Job::Pick(job),
        ..task.clone()
    }
}

/// How often something of an order was looked for elsewhere.
fn tries(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) AS tries FROM tasks k JOIN task_orders o ON o.warehouse = k.warehouse AND o.task = k.id
               WHERE k.warehouse = ?1 AND o.order_code = ?2 AND k.kind = 'pick' AND k.cause <> '' AND k.state <> 'cancelled'";
    let row = tx.first(sql, values![warehouse, order.as_str()])?;
    Ok(row.map_or(Ok(0), |row| row.int("tries"))?)
}

/// A name for one more picking of an order.
pub(super) fn again(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<TaskId, Error> {
    let number = tx.next(warehouse, &format!("again:{order}"))?;
    let name = format!("PICK-{order}-{}", number + 1).parse();
    name.map_err(|_| allocate::too_long(order))
}

/// Totes of an order that stand where nobody goes on with them are fetched by a picking task of their own.
pub(super) fn fetch_totes(
    tx: &Tx,
    posting: &Posting,
    task: &Task,
    code: &OrderCode,
    totes: Vec<ToteCode>,
) -> Result<(), Error> {
    let (warehouse, Job::Pick(job)) = (posting.warehouse, &task.job) else {
        return Ok(());
    };
    let Some(order) = job.orders.iter().find(|order| order.order == *code) else {
        return Ok(());
    };
    let id = again(tx, warehouse, code)?;
    let mut alone = PickOrder {
        lines: Vec::new(),
        ..order.clone()
    };
    if let Some(leg) = &mut alone.leg {
        leg.to = None;
        if let Some(from) = &mut leg.from {
            from.totes = totes;
        }
    }
    let job = PickJob {
        orders: vec![alone],
        after: Vec::new(),
        ..job.clone()
    };
    let task = anew(task, id.clone(), job);
    work::create(tx, warehouse, &task, &posting.cause(posting.seq))?;
    wait_for(tx, warehouse, code, &id, &[])
}

/// It was not short after all: what was looked for elsewhere is withdrawn, unless someone is on the way already.
pub(super) fn not_instead(tx: &Tx, posting: &mut Posting, seq: u64) -> Result<(), Error> {
    let warehouse = posting.warehouse;
    let sql = "SELECT id, order_code, state FROM tasks WHERE warehouse = ?1 AND cause = ?2 AND state <> 'cancelled'";
    for row in tx.rows(sql, values![warehouse, posting.cause(seq)])? {
        let id = row.text("id")?;
        if !matches!(row.text("state")?, "open" | "held") {
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
        wait_no_more(tx, warehouse, &row.parse("order_code")?, &row.parse("id")?)?;
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
               JOIN order_lines o ON o.warehouse = t.warehouse AND o.order_code = t.order_code AND o.line = t.order_line
               WHERE t.warehouse = ?1 AND t.task = ?2 AND t.line = ?3";
    let Some(row) = tx.first(sql, values![warehouse, task.as_str(), line])? else {
        return Ok((0, Goods::of(short.item.code.clone())));
    };
    let order_line = u32::try_from(row.count("order_line")?).unwrap_or(u32::MAX);
    let goods = records::goods(&row)?;
    // The component of a kit, or what was taken for something else: the line names another item.
    if goods.item != short.item.code {
        return Ok((order_line, Goods::of(short.item.code.clone())));
    }
    Ok((order_line, goods))
}

/// Packing tasks of an order, oldest first.
pub(super) fn packing(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
) -> Result<Vec<work::Known>, Error> {
    let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND order_code = ?2 AND kind = 'pack' ORDER BY LENGTH(id), id";
    let rows = tx.rows(sql, values![warehouse, order.as_str()])?;
    let mut known = Vec::new();
    for row in rows {
        known.extend(work::known(tx, warehouse, row.text("id")?)?);
    }
    Ok(known)
}

/// Packing of the order waits for one more picking. Where it is over already, what comes later is packed by a task of its own.
pub(super) fn wait_for(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    pick: &TaskId,
    others: &[(Item, Quantity)],
) -> Result<(), Error> {
    let all = packing(tx, warehouse, order)?;
    let Some(last) = all.last() else {
        return Ok(());
    };
    if let Some(open) = all.iter().find(|known| known.is_open()) {
        let mut task = open.task.clone();
        if let Job::Pack(job) = &mut task.job {
            job.after.push(pick.clone());
            if !job.only.is_empty() {
                job.only.push(pick.clone());
            }
            pack_too(tx, &mut job.lines, others)?;
        }
        return work::replace_job(tx, warehouse, &task);
    }
    let Job::Pack(before) = &last.task.job else {
        return Ok(());
    };
    let lines = before.lines.iter().map(|line| PackLine {
        picked: Vec::new(),
        ..line.clone()
    });
    let mut rest = PackJob {
        after: vec![pick.clone()],
        only: vec![pick.clone()],
        lines: lines.collect(),
        plates: release::plates(tx, warehouse)?,
        totes: Vec::new(),
        weighed_g: 0,
        ..before.clone()
    };
    pack_too(tx, &mut rest.lines, others)?;
    let id = format!("PACK-{order}-{}", all.len() + 1);
    let task = Task {
        id: id.parse().map_err(|_| allocate::too_long(order))?,
        lease: None,
        started_on: None,
        done: Vec::new(),
        job: Job::Pack(rest),
        ..last.task.clone()
    };
    work::create(tx, warehouse, &task, "")?;
    order_turns(tx, warehouse, order.as_str(), "packed", "packing")?;
    Ok(())
}

fn pack_too(tx: &Tx, lines: &mut Vec<PackLine>, others: &[(Item, Quantity)]) -> Result<(), Error> {
    let mut others = others.iter();
    others.try_for_each(|(item, quantity)| substitute::pack_too(tx, lines, item, *quantity))
}

/// Packing of the order waits for this picking no more; packing that was there for nothing else is withdrawn.
pub(super) fn wait_no_more(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    pick: &TaskId,
) -> Result<(), Error> {
    for known in packing(tx, warehouse, order)? {
        let mut task = known.task;
        let Job::Pack(job) = &mut task.job else {
            continue;
        };
        job.after.retain(|after| after != pick);
        if job.only.as_slice() == std::slice::from_ref(pick) {
            let sql = "UPDATE tasks SET state = 'cancelled', lease_device = '' WHERE warehouse = ?1 AND id = ?2 AND state = 'open'";
            tx.run(sql, values![warehouse, task.id.as_str()])?;
        }
        work::replace_job(tx, warehouse, &task)?;
    }
    Ok(())
}
