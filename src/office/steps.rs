//! What a step of a task changes in the office's books beside the stock, and how it is taken back.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting, because};
use super::held_line::{self, Held};
use super::work::{Known, set_state};
use super::{Error, after_short, hook, lease, ledger, receive, ship, transit};
use crate::warehouse::{Fact, Goods, Job, JobKind, LineNo, OrderCode, Quantity, Task, TaskId};

/// How far an order can be, in the order in which it gets there.
const STATES: [&str; 11] = [
    "open",
    "released",
    "receiving",
    "received",
    "picking",
    "picked",
    "packing",
    "packed",
    "shipped",
    "delivered",
    "done",
];

/// An order has come so far; one that is further already stays there.
pub(super) fn order_reaches(
    tx: &Tx,
    warehouse: &str,
    order: &str,
    state: &str,
) -> Result<(), Error> {
    let before = STATES.iter().take_while(|known| **known != state);
    for from in before {
        order_turns(tx, warehouse, order, from, state)?;
    }
    Ok(())
}

/// An order is in a state from now on, whatever it was in.
pub(super) fn order_is(tx: &Tx, warehouse: &str, order: &str, state: &str) -> Result<(), Error> {
    let sql = "SELECT state FROM orders WHERE warehouse = ?1 AND code = ?2 AND state <> ?3";
    match tx.first(sql, values![warehouse, order, state])? {
        Some(row) => order_turns(tx, warehouse, order, row.text("state")?, state),
        None => Ok(()),
    }
}

/// An order that is in one state is in another from now on.
pub(super) fn order_turns(
    tx: &Tx,
    warehouse: &str,
    order: &str,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let sql = "UPDATE orders SET state = ?4 WHERE warehouse = ?1 AND code = ?2 AND state = ?3";
    match tx.run(sql, values![warehouse, order, from, to])? {
        0 => Ok(()),
        _ => hook::order_changed(tx, warehouse, order, Some(from), to),
    }
}

/// What a step of a task changes in the office's books beside the stock.
pub(super) fn effect(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    fact: &Fact,
) -> Result<(), Error> {
    let id = &known.task.id;
    let (kind, note) = match fact {
        Fact::Picked {
            line,
            goods,
            quantity,
            ..
        } => return picked(tx, posting, id, *line, goods, *quantity),
        Fact::PickedShort {
            line,
            bin,
            goods,
            missing,
            reason,
        } => {
            line_open(tx, posting.warehouse, id, *line, false)?;
            let at = (*line, bin, &goods.item);
            after_short::follow(tx, posting, &known.task, at, *missing, *reason)?;
            let item = &goods.item;
            let note = format!(
                "{id} line {line}: {missing} of {item} short at {bin}: {}",
                because(*reason)
            );
            (ExceptionKind::Short, note)
        }
        Fact::LineHeld {
            line,
            bin,
            quantity,
            reason,
            ..
        } => {
            let held = Held {
                line: *line,
                bin,
                quantity: *quantity,
                reason: *reason,
            };
            return held_line::hold(tx, posting, &known.task, &held);
        }
        Fact::Substituted {
            line,
            order,
            bin,
            missing,
            reason,
            by,
            ..
        } => {
            let held = Held {
                line: *line,
                bin,
                quantity: *missing,
                reason: *reason,
            };
            return held_line::substituted(tx, posting, &known.task, (order, &held, by));
        }
        Fact::TaskFinished => return finished(tx, posting, known),
        Fact::TruckClosed { .. } | Fact::DeliverySigned { .. } => {
            transit::leaves(tx, posting, known, fact)?;
            return ship::went(tx, posting.warehouse, fact);
        }
        fact => match told(id, &known.task.job, fact) {
            Some(told) => told,
            None => return Ok(()),
        },
    };
    posting.exception(tx, kind, &note)
}

/// What a step tells a person, where that is all that follows from it.
fn told(id: &TaskId, job: &Job, fact: &Fact) -> Option<(ExceptionKind, String)> {
    Some(match fact {
        Fact::PutShort {
            line,
            goods,
            missing,
            bin,
            reason,
        } => {
            let (item, why) = (&goods.item, because(*reason));
            let note =
                format!("{id} line {line}: {missing} of {item} received but not at {bin}: {why}");
            (ExceptionKind::Short, note)
        }
        Fact::PackedShort {
            line,
            goods,
            missing,
            reason,
            ..
        } => {
            let (item, why) = (&goods.item, because(*reason));
            let note = format!(
                "{id} line {line}: {missing} of {item} picked but not there to pack: {why}"
            );
            (ExceptionKind::Short, note)
        }
        Fact::BinChecked {
            bin,
            goods,
            empty: false,
            ..
        } => {
            let item = &goods.item;
            let note =
                format!("{bin} should hold no {item} any more, but it is not empty: count it");
            (ExceptionKind::NotEmpty, note)
        }
        Fact::PutAway {
            to,
            reason: Some(reason),
            ..
        } => {
            let note = format!("{id}: put into {to} instead: {}", because(*reason));
            (ExceptionKind::OtherBin, note)
        }
        Fact::BinConfirmed {
            bin,
            reason: Some(reason),
            ..
        } if job.kind() == JobKind::Pick => {
            let note = format!("{id}: taken from {bin} instead: {}", because(*reason));
            (ExceptionKind::OtherBin, note)
        }
        Fact::SetAside {
            bin,
            goods,
            quantity,
            status,
            ..
        } => {
            let (item, status) = (&goods.item, ledger::status(*status));
            let note = format!("{quantity} of {item} at {bin} are {status} now: look at them");
            (ExceptionKind::SetAside, note)
        }
        fact => return ship::told(id, fact),
    })
}

/// Takes back what [`effect`] did. What a person was told stays: it happened.
pub(super) fn take_back(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    fact: &Fact,
    seq: u64,
) -> Result<(), Error> {
    let (warehouse, id) = (posting.warehouse, &known.task.id);
    match fact {
        Fact::Picked { line, quantity, .. } => {
            line_done(tx, warehouse, id, *line, Quantity::ZERO.minus(*quantity)).map(|_| ())
        }
        Fact::PickedShort { line, .. } => {
            // What is done or withdrawn promises nothing any more.
            if known.is_open() {
                line_open(tx, warehouse, id, *line, true)?;
            }
            after_short::take_back(tx, posting, seq)
        }
        Fact::LineHeld { line, .. } => held_line::take_back(tx, posting, known, *line, seq),
        Fact::Substituted { line, by, .. } => {
            held_line::not_substituted(tx, posting, known, (*line, by), seq)
        }
        Fact::TaskFinished => {
            if let Job::Receive(_) = known.task.job {
                receive::reopened(tx, posting, known, seq)?;
            }
            unfinished(tx, posting, known)
        }
        Fact::TruckClosed { .. } | Fact::DeliverySigned { .. } => {
            transit::stays(tx, posting, fact)?;
            ship::came_back(tx, warehouse, fact)
        }
        _ => Ok(()),
    }
}

fn picked(
    tx: &Tx,
    posting: &mut Posting,
    id: &TaskId,
    line: LineNo,
    goods: &Goods,
    quantity: Quantity,
) -> Result<(), Error> {
    let (wanted, lot) = line_done(tx, posting.warehouse, id, line, quantity)?;
    if wanted < Quantity::ZERO {
        let (more, item) = (Quantity::ZERO.minus(wanted), &goods.item);
        let note = format!("{id} line {line}: {more} more of {item} than wanted");
        posting.exception(tx, ExceptionKind::TooMany, &note)?;
    }
    let taken = ledger::text(goods.lot.as_ref());
    if !lot.is_empty() && !taken.is_empty() && taken != lot {
        let note = format!("{id} line {line}: lot {taken} instead of {lot}");
        posting.exception(tx, ExceptionKind::OtherLot, &note)?;
    }
    Ok(())
}

/// Adds to what was done of a line. Says what is left of it, and the lot it demanded.
pub(super) fn line_done(
    tx: &Tx,
    warehouse: &str,
    id: &TaskId,
    line: LineNo,
    by: Quantity,
) -> Result<(Quantity, String), Error> {
    let sql =
        "UPDATE task_lines SET done = done + ?4 WHERE warehouse = ?1 AND task = ?2 AND line = ?3
               RETURNING quantity - done AS wanted, lot";
    let row = tx.first(sql, values![warehouse, id.as_str(), line, by.thousandths()])?;
    let Some(row) = row else {
        return Ok((Quantity::ZERO, String::new()));
    };
    Ok((
        Quantity::from_thousandths(row.int("wanted")?),
        row.text("lot")?.to_owned(),
    ))
}

pub(super) fn line_open(
    tx: &Tx,
    warehouse: &str,
    id: &TaskId,
    line: LineNo,
    open: bool,
) -> Result<(), Error> {
    let sql = "UPDATE task_lines SET is_open = ?4 WHERE warehouse = ?1 AND task = ?2 AND line = ?3";
    tx.run(sql, values![warehouse, id.as_str(), line, open])?;
    Ok(())
}

fn finished(tx: &Tx, posting: &mut Posting, known: &Known) -> Result<(), Error> {
    let (warehouse, task) = (posting.warehouse, &known.task);
    // What was withdrawn stays withdrawn; a person was told that it was worked on.
    if known.state == "cancelled" {
        return Ok(());
    }
    set_state(tx, warehouse, &task.id, "done", "")?;
    let sql = "UPDATE task_lines SET is_open = 0 WHERE warehouse = ?1 AND task = ?2";
    tx.run(sql, values![warehouse, task.id.as_str()])?;
    if let Job::Pack(job) = &task.job
        && !job.after.is_empty()
    {
        let note = format!(
            "{} was packed while its picking was not finished: see what is brought to {} later",
            task.id, job.bench
        );
        posting.exception(tx, ExceptionKind::Short, &note)?;
    }
    if let Job::Receive(_) = task.job {
        return receive::closed(tx, posting, known);
    }
    let state = match task.job.kind() {
        JobKind::Receive => "received",
        JobKind::Putaway | JobKind::Return | JobKind::Assemble | JobKind::Disassemble => "done",
        JobKind::Pick => "picked",
        JobKind::Pack => "packed",
        JobKind::Deliver => return delivery_turns(tx, warehouse, task, "gone", "done"),
        JobKind::Load | JobKind::Move | JobKind::Replenish | JobKind::Count | JobKind::Restate => {
            return Ok(());
        }
    };
    let kind = task.job.kind().as_str();
    let sql = "SELECT k.id FROM tasks k JOIN task_orders o ON o.warehouse = k.warehouse AND o.task = k.id
               WHERE k.warehouse = ?1 AND o.order_code = ?2 AND k.kind = ?3 AND k.state IN ('open', 'started')";
    for order in task.orders() {
        let order = order.as_str();
        if tx.first(sql, values![warehouse, order, kind])?.is_none() {
            order_reaches(tx, warehouse, order, state)?;
        }
    }
    Ok(())
}

/// The work is being gone on with. Lines that were given up as short stay given up.
fn unfinished(tx: &Tx, posting: &Posting, known: &Known) -> Result<(), Error> {
    let (warehouse, task) = (posting.warehouse, &known.task);
    if known.state != "done" {
        return Ok(());
    }
    lease::begin(tx, warehouse, posting.now, &task.id, posting.device)?;
    let sql =
        "UPDATE task_lines SET is_open = 1 WHERE warehouse = ?1 AND task = ?2 AND done < quantity";
    tx.run(sql, values![warehouse, task.id.as_str()])?;
    for fact in &task.done {
        if let Fact::PickedShort { line, .. }
        | Fact::LineHeld { line, .. }
        | Fact::Substituted { line, .. } = fact
        {
            line_open(tx, warehouse, &task.id, *line, false)?;
        }
    }
    let (from, to) = match task.job.kind() {
        JobKind::Receive
        | JobKind::Load
        | JobKind::Move
        | JobKind::Replenish
        | JobKind::Count
        | JobKind::Restate => return Ok(()),
        JobKind::Putaway => ("done", "received"),
        JobKind::Return | JobKind::Assemble | JobKind::Disassemble => ("done", "released"),
        JobKind::Pick => ("picked", "picking"),
        JobKind::Pack => ("packed", "packing"),
        JobKind::Deliver => return delivery_turns(tx, warehouse, task, "done", "gone"),
    };
    let mut orders = task.orders().into_iter();
    orders.try_for_each(|order| order_turns(tx, warehouse, order.as_str(), from, to))
}

/// The shipment of a delivery is in another state from now on.
fn delivery_turns(
    tx: &Tx,
    warehouse: &str,
    task: &Task,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let shipment = task.order().map(OrderCode::as_str);
    shipment.map_or(Ok(()), |code| ship::turns(tx, warehouse, code, from, to))
}
