//! Squaring a cancelled order with what the floor does: work that nobody has begun is withdrawn, work that someone is at is waited
//! for, and all that then lies at the bench is put back. Done again with every fact that ends such work, however late it comes:
//! what is to be put back is counted from the facts, so that nothing is put back twice and nothing is forgotten.

use super::cancel::{self, Cancelled, is_cancelled};
use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::put_back::give_back;
use super::work::{self, Known};
use super::{Document, Error, cut, lease, ledger, off_trucks, steps};
use crate::warehouse::{
    BinCode, Entry, Fact, Goods, Job, Move, OrderCode, Place, Quantity, Spot, Task, TaskId,
    Timestamp,
};

/// Work on a withdrawn task goes on where there was no signal: it happened, so the task is under way again.
pub(super) fn revived(
    tx: &Tx,
    posting: &mut Posting,
    known: Known,
    fact: &Fact,
) -> Result<Known, Error> {
    let begins = fact.is_step() || matches!(fact, Fact::TaskStarted { .. });
    if known.state != "cancelled" || !begins {
        return Ok(known);
    }
    let (warehouse, id) = (posting.warehouse, &known.task.id);
    let sql =
        "SELECT withdrawn_for FROM tasks WHERE warehouse = ?1 AND id = ?2 AND withdrawn_for <> ''";
    let Some(row) = tx.first(sql, values![warehouse, id.as_str()])? else {
        return Ok(known);
    };
    let order = row.text("withdrawn_for")?;
    lease::begin(tx, warehouse, posting.now, id, posting.device)?;
    let sql = "UPDATE tasks SET withdrawn_for = '' WHERE warehouse = ?1 AND id = ?2";
    tx.run(sql, values![warehouse, id.as_str()])?;
    steps::order_turns(tx, warehouse, order, "cancelled", "cancelling")?;
    let note = format!(
        "{id} was withdrawn for {order} and is worked on all the same: what it brings is put back at its end"
    );
    posting.exception(tx, ExceptionKind::TaskClosed, &note)?;
    if let Job::Load(job) = &known.task.job {
        off_trucks::goes_after_all(tx, warehouse, &job.shipment.code)?;
    }
    Ok(work::known(tx, warehouse, id.as_str())?.unwrap_or(known))
}

/// What follows for cancelled and cut orders when work on them ends, or its end is taken back.
pub(super) fn follow(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    entry: &Entry,
) -> Result<(), Error> {
    let ends = match &entry.fact {
        Fact::TaskFinished | Fact::TaskLeft | Fact::Loaded { .. } => true,
        Fact::Undone { what, .. } => matches!(**what, Fact::TaskFinished | Fact::Loaded { .. }),
        _ => false,
    };
    if !ends {
        return Ok(());
    }
    let orders: Vec<OrderCode> = match &known.task.job {
        Job::Pick(_) | Job::Pack(_) => known.task.orders().into_iter().cloned().collect(),
        Job::Load(job) => (job.shipment.stops.iter())
            .flat_map(|stop| stop.orders.iter().cloned())
            .collect(),
        _ => return Ok(()),
    };
    for order in orders {
        if is_cancelled(tx, posting.warehouse, order.as_str())? {
            warn(tx, posting, &order, &entry.fact)?;
            settle(tx, posting, &order)?;
        } else if is_cut(tx, posting.warehouse, &order)? {
            cut::cap(tx, posting.warehouse, &order)?;
            surplus(tx, posting, &order)?;
        }
    }
    Ok(())
}

/// Someone loaded what was cancelled: the truck has not gone yet.
fn warn(tx: &Tx, posting: &mut Posting, order: &OrderCode, fact: &Fact) -> Result<(), Error> {
    match fact {
        Fact::Loaded {
            order: loaded,
            plate,
            shipment,
            ..
        } if loaded == order => {
            let note = format!(
                "{order} was cancelled, and its carton {plate} is on the truck of {shipment}: take it off"
            );
            posting.exception(tx, ExceptionKind::TaskClosed, &note)
        }
        _ => Ok(()),
    }
}

fn is_cut(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<bool, Error> {
    let sql = "SELECT code FROM orders WHERE warehouse = ?1 AND code = ?2 AND cut_at <> ''";
    Ok(tx.first(sql, values![warehouse, order.as_str()])?.is_some())
}

/// Squares every order of a warehouse that waits for work to end: leases may have run out meanwhile.
pub(super) fn settle_all(tx: &Tx, now: Timestamp, warehouse: &str) -> Result<(), Error> {
    let sql = "SELECT code FROM orders WHERE warehouse = ?1 AND kind IN ('sales', 'transfer') AND state = 'cancelling' ORDER BY code";
    for row in tx.rows(sql, values![warehouse])? {
        let mut posting = Posting::of_office(warehouse, "", now);
        settle(tx, &mut posting, &row.parse("code")?)?;
    }
    Ok(())
}

/// Squares a cancelled order as far as can be done now.
pub(super) fn settle(
    tx: &Tx,
    posting: &mut Posting,
    order: &OrderCode,
) -> Result<Cancelled, Error> {
    let warehouse = posting.warehouse;
    withdraw(tx, warehouse, order)?;
    off_trucks::take_off(tx, warehouse, order)?;
    let waits_for = begun(tx, warehouse, order)?;
    let state = if waits_for.is_empty() {
        "cancelled"
    } else {
        "cancelling"
    };
    steps::order_is(tx, warehouse, order.as_str(), state)?;
    let mut put_back = Quantity::ZERO;
    if waits_for.is_empty() {
        unpack(tx, posting, order)?;
        put_back = give_back(tx, posting, order)?;
    }
    Ok(Cancelled {
        waits_for,
        put_back,
    })
}

/// Puts back what lies at the bench for an order of which less is wanted, once nobody picks or packs for it any more.
pub(super) fn surplus(tx: &Tx, posting: &mut Posting, order: &OrderCode) -> Result<(), Error> {
    let sql = "SELECT k.id FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
               WHERE x.warehouse = ?1 AND x.order_code = ?2 AND k.kind IN ('pick', 'pack') AND k.state IN ('open', 'started')";
    let busy = tx.first(sql, values![posting.warehouse, order.as_str()])?;
    if busy.is_none() {
        give_back(tx, posting, order)?;
    }
    Ok(())
}

/// Withdraws the picking and packing of an order that nobody is at. Goods that were fetched and not brought yet are still brought,
/// through all the zones that their totes go through.
fn withdraw(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<(), Error> {
    let sql = "SELECT k.id, (SELECT COUNT(*) FROM task_orders y JOIN orders o ON o.warehouse = y.warehouse AND o.code = y.order_code
                   WHERE y.warehouse = k.warehouse AND y.task = k.id AND o.state NOT IN ('cancelling', 'cancelled')) AS wanted
               FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
               WHERE x.warehouse = ?1 AND x.order_code = ?2 AND k.kind IN ('pick', 'pack') AND k.state = 'open' ORDER BY k.id";
    let totes_come = totes_come(tx, warehouse, order)?;
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        // A cart on which others' goods lie too goes its way.
        if row.int("wanted")? > 0 {
            continue;
        }
        let Some(known) = work::known(tx, warehouse, row.text("id")?)? else {
            continue;
        };
        let brings = match &known.task.job {
            Job::Pick(job) => {
                let takes_on = job.orders.iter().any(|order| order.from().is_some());
                carries(&known.task.done).is_positive() || takes_on && totes_come
            }
            _ => false,
        };
        if brings {
            only_bring(tx, warehouse, known.task)?;
        } else {
            cancel::withdraw(tx, warehouse, known.task.id.as_str(), order)?;
            not_before(tx, warehouse, order, &known.task.id)?;
        }
    }
    Ok(())
}

/// Whether goods of an order are on their way to where it is packed, or may be: someone is picking.
fn totes_come(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<bool, Error> {
    let mut on_the_way = Quantity::ZERO;
    for known in picks(tx, warehouse, order)? {
        if known.state == "started" {
            return Ok(true);
        }
        on_the_way = on_the_way.plus(carries(&known.task.done));
    }
    let sql = "SELECT COALESCE(SUM(quantity), 0) AS quantity FROM relayed WHERE warehouse = ?1 AND order_code = ?2";
    let row = tx.first(sql, values![warehouse, order.as_str()])?;
    let there = row.map_or(Ok(0), |row| row.int("quantity"))?;
    Ok(on_the_way.thousandths() > there)
}

/// Picking of an order, over or not.
fn picks(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Vec<Known>, Error> {
    let sql =
        "SELECT k.id FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
               WHERE x.warehouse = ?1 AND x.order_code = ?2 AND k.kind = 'pick' ORDER BY k.id";
    let mut picks = Vec::new();
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        picks.extend(work::known(tx, warehouse, row.text("id")?)?);
    }
    Ok(picks)
}

/// Picking in later zones does not wait for one that was withdrawn.
fn not_before(tx: &Tx, warehouse: &str, order: &OrderCode, gone: &TaskId) -> Result<(), Error> {
    for known in picks(tx, warehouse, order)?
        .into_iter()
        .filter(Known::is_open)
    {
        let mut task = known.task;
        if let Job::Pick(job) = &mut task.job
            && job.after.contains(gone)
        {
            job.after.retain(|before| before != gone);
            work::replace_job(tx, warehouse, &task)?;
        }
    }
    Ok(())
}

/// What was picked by some facts and not brought yet.
fn carries(done: &[Fact]) -> Quantity {
    let by = |fact: &Fact| match fact {
        Fact::Picked { quantity, .. } => *quantity,
        Fact::Dropped { goods, .. } => {
            let all: Quantity = goods.iter().map(|(_, quantity, _)| *quantity).sum();
            Quantity::ZERO.minus(all)
        }
        _ => Quantity::ZERO,
    };
    done.iter().map(by).sum()
}

/// Nothing more is fetched in a picking; what was fetched is brought.
fn only_bring(tx: &Tx, warehouse: &str, mut task: Task) -> Result<(), Error> {
    let Job::Pick(job) = &mut task.job else {
        return Ok(());
    };
    let mut changed = false;
    for line in job.orders.iter_mut().flat_map(|order| &mut order.lines) {
        let of_line = |fact: &Fact| match fact {
            Fact::Picked {
                line: at, quantity, ..
            } if *at == line.line => *quantity,
            _ => Quantity::ZERO,
        };
        let picked: Quantity = task.done.iter().map(of_line).sum();
        changed |= line.quantity != picked;
        line.quantity = picked;
    }
    if !changed {
        return Ok(());
    }
    let sql =
        "UPDATE task_lines SET is_open = 0, quantity = done WHERE warehouse = ?1 AND task = ?2";
    tx.run(sql, values![warehouse, task.id.as_str()])?;
    work::replace_job(tx, warehouse, &task)
}

/// Work on an order that is not over: picking, packing, and loading that is under way.
fn begun(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Vec<TaskId>, Error> {
    let sql = "SELECT k.id FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
               WHERE x.warehouse = ?1 AND x.order_code = ?2 AND k.kind IN ('pick', 'pack') AND k.state IN ('open', 'started')
               ORDER BY k.id";
    let mut begun = Vec::new();
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        begun.push(row.parse("id")?);
    }
    begun.extend(off_trucks::is_loading(tx, warehouse, order)?);
    Ok(begun)
}

/// What was packed counts as lying at the bench again; what was loaded all the same counts as packed again.
fn unpack(tx: &Tx, posting: &mut Posting, order: &OrderCode) -> Result<(), Error> {
    let warehouse = posting.warehouse;
    let Some(bench) = bench(tx, warehouse, order)? else {
        return Ok(());
    };
    let place = Place::Order(order.clone());
    let sql = "SELECT plate, item, lot, serial, expiry, quantity FROM stock
               WHERE warehouse = ?1 AND place = ?2 AND status = 'available' AND quantity <> 0 ORDER BY plate, item, lot, serial";
    let paper = Document::Paper(format!("cancel {order}"));
    let now = posting.now.to_rfc3339();
    for row in tx.rows(sql, values![warehouse, place.to_string()])? {
        let quantity = row.int("quantity")?;
        let packed = Spot::at(place.clone()).on(row.parse_maybe("plate")?);
        let step = Move {
            goods: super::records::goods(&row)?,
            quantity: Quantity::from_thousandths(quantity.saturating_abs()),
            source: packed,
            target: Spot::at(Place::Bin(bench.clone())),
        };
        let step = if quantity > 0 { step } else { step.reversed() };
        ledger::post(tx, warehouse, &now, &paper, &step)?;
        note_unpacked(tx, warehouse, order, &step.goods, quantity)?;
    }
    Ok(())
}

fn note_unpacked(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    goods: &Goods,
    quantity: i64,
) -> Result<(), Error> {
    let sql = "INSERT INTO unpacked (warehouse, order_code, item, lot, serial, expiry, quantity) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (warehouse, order_code, item, lot, serial) DO UPDATE SET quantity = unpacked.quantity + excluded.quantity";
    let values = values![
        warehouse,
        order.as_str(),
        goods.item.as_str(),
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
        goods.expiry.map(|day| day.to_string()),
        quantity
    ];
    tx.run(sql, values)?;
    Ok(())
}

/// Where an order is packed.
pub(super) fn bench(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Option<BinCode>, Error> {
    let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND order_code = ?2 AND kind = 'pack' ORDER BY LENGTH(id), id LIMIT 1";
    let Some(row) = tx.first(sql, values![warehouse, order.as_str()])? else {
        return Ok(None);
    };
    let known = work::known(tx, warehouse, row.text("id")?)?;
    Ok(known.and_then(|known| match known.task.job {
        Job::Pack(job) => Some(job.bench),
        _ => None,
    }))
}
