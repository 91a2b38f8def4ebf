//! Back-orders: what was not in stock when its order was released goes after the rest once there is stock, picked and packed by
//! tasks of its own unless the packing of its order has not begun.

use super::database::{Tx, values};
use super::draft::Drafted;
use super::shortage::packing;
use super::substitute::UNNAMED;
use super::{Error, allocate, release, steps, substitute, work};
use crate::warehouse::{Job, OrderCode, PackJob, PackLine, TaskId};

/// The name of the next picking of an order; it is taken once something was found.
pub(super) fn next_pick(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<TaskId, Error> {
    let sql = "SELECT value FROM counters WHERE warehouse = ?1 AND name = ?2";
    let row = tx.first(sql, values![warehouse, format!("again:{order}")])?;
    let number = row.map_or(Ok(0), |row| row.int("value"))?;
    format!("PICK-{order}-{}", number + 2)
        .parse()
        .map_err(|_| allocate::too_long(order))
}

/// A back-order has its pickings: packing waits for them.
pub(super) fn on_the_floor(
    tx: &Tx,
    warehouse: &str,
    drafted: &Drafted,
    picks: Vec<TaskId>,
) -> Result<(), Error> {
    let order = &drafted.head.order;
    tx.next(warehouse, &format!("again:{order}"))?;
    let all = packing(tx, warehouse, order)?;
    match all.iter().find(|known| known.state == "open") {
        Some(open) => {
            let mut task = open.task.clone();
            if let Job::Pack(job) = &mut task.job {
                job.after.extend(picks.iter().cloned());
                if !job.only.is_empty() {
                    job.only.extend(picks);
                }
                join(tx, &mut job.lines, &drafted.packs)?;
            }
            work::replace_job(tx, warehouse, &task)?;
        }
        None => {
            for known in all.into_iter().filter(|known| known.state == "started") {
                only_what_it_has(tx, warehouse, known, &picks)?;
            }
            pack_apart(tx, warehouse, drafted, picks)?;
        }
    }
    steps::order_turns(tx, warehouse, order.as_str(), "picked", "picking")?;
    let mut further = ["packed", "shipped", "delivered", "done"].into_iter();
    further.try_for_each(|from| steps::order_turns(tx, warehouse, order.as_str(), from, "packing"))
}

/// What is fetched later is packed with the rest.
fn join(tx: &Tx, lines: &mut Vec<PackLine>, more: &[PackLine]) -> Result<(), Error> {
    for line in more {
        if line.line > UNNAMED {
            substitute::pack_too(tx, lines, &line.item, line.wanted)?;
        } else if !lines.iter().any(|known| known.line == line.line) {
            lines.push(line.clone());
        }
    }
    Ok(())
}

/// Packing that someone is at goes on with what it was made for.
fn only_what_it_has(
    tx: &Tx,
    warehouse: &str,
    known: work::Known,
    new: &[TaskId],
) -> Result<(), Error> {
    let mut task = known.task;
    let Job::Pack(job) = &mut task.job else {
        return Ok(());
    };
    if !job.only.is_empty() {
        return Ok(());
    }
    let sql =
        "SELECT k.id FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
               WHERE x.warehouse = ?1 AND x.order_code = ?2 AND k.kind = 'pick' ORDER BY k.id";
    for row in tx.rows(sql, values![warehouse, job.order.as_str()])? {
        let pick: TaskId = row.parse("id")?;
        if !new.contains(&pick) {
            job.only.push(pick);
        }
    }
    work::replace_job(tx, warehouse, &task)
}

/// What is fetched later is packed by a task of its own.
fn pack_apart(
    tx: &Tx,
    warehouse: &str,
    drafted: &Drafted,
    picks: Vec<TaskId>,
) -> Result<(), Error> {
    let order = &drafted.head.order;
    let number = packing(tx, warehouse, order)?.len() + 1;
    let id = format!("PACK-{order}-{number}");
    let id = id.parse().map_err(|_| allocate::too_long(order))?;
    let only = picks.clone();
    let job = release::pack_job(tx, warehouse, &drafted.head, picks, drafted.packs.clone())?;
    let job = PackJob { only, ..job };
    work::create(tx, warehouse, &drafted.head.task(id, Job::Pack(job)), "")
}
