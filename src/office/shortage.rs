//! What fell short: looked for elsewhere, and withdrawn again when it was found after all.

use super::allocate::{self, pick_line};
use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, feed, records, work};
use crate::warehouse::{
    BinCode, Goods, Job, LineNo, OrderCode, PickJob, PickLine, Quantity, Task, TaskId,
};

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
    let found = allocate::find(tx, posting.now, warehouse, &goods, missing, Some(bin))?;
    if found.is_empty() {
        return Ok(());
    }
    let number = tx.next(warehouse, &format!("again:{}", job.order))?;
    let id: TaskId = format!("PICK-{}-{}", job.order, number + 1)
        .parse()
        .map_err(|_| allocate::too_long(&job.order))?;
    let mut lines = Vec::new();
    for (found, line) in found.into_iter().zip(1..) {
        allocate::reserve(tx, warehouse, &id, line, order_line, &found)?;
        let (sequence, item) = (found.sequence, short.item.clone());
        let line = pick_line(line, found, item, short.barcodes.clone());
        lines.push((sequence, line));
    }
    let again = PickJob {
        lines: allocate::in_walk(lines),
        ..job.clone()
    };
    let task = Task {
        id: id.clone(),
        lease: None,
        started_on: None,
        done: Vec::new(),
        outline: crate::warehouse::Outline::default(),
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
