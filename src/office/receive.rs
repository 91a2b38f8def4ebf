//! Receiving as the office sees it: which facts a delivery leaves behind in the books beside the stock, what a person must
//! know of it, and what follows when a receipt is closed.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting, because};
use super::putaway::{self, Standing};
use super::steps::{order_reaches, order_turns};
use super::work::Known;
use super::{Error, arrival, feed, ledger, records};
use crate::warehouse::{
    Barcode, BinCode, Entry, Fact, Goods, Job, LineNo, OrderCode, Quantity, Reason, ReceiveJob,
    Sscc, Status, TaskId,
};
use std::collections::BTreeMap;

/// What a step of receiving changes in the books beside the stock.
pub(super) fn effect(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    entry: &Entry,
) -> Result<(), Error> {
    let id = &known.task.id;
    match &entry.fact {
        Fact::Received { .. } => received(tx, posting, known, entry),
        Fact::FoundDamaged {
            goods, quantity, ..
        } => {
            let note = format!("{id}: {quantity} of {} came in damaged", goods.item);
            posting.exception(tx, ExceptionKind::Damaged, &note)
        }
        Fact::ReceivedShort {
            line,
            item,
            missing,
            reason,
            ..
        } => {
            let why = because(*reason);
            let note = format!("{id} line {line}: {missing} of {item} did not come: {why}");
            posting.exception(tx, ExceptionKind::Short, &note)
        }
        Fact::BarcodeLearned { code, item, holds } => {
            let barcode = Barcode {
                code: code.clone(),
                item: item.clone(),
                holds: *holds,
            };
            learned(tx, posting, &barcode)
        }
        _ => Ok(()),
    }
}

/// Takes back what [`effect`] did. What a person was told stays: it happened.
pub(super) fn take_back(tx: &Tx, posting: &Posting, fact: &Fact, seq: u64) -> Result<(), Error> {
    match fact {
        Fact::Received { .. } => {
            let sql = "DELETE FROM received WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
            tx.run(sql, values![posting.device, posting.epoch, seq])?;
            Ok(())
        }
        Fact::BarcodeLearned { code, item, .. } => {
            let sql = "DELETE FROM barcodes WHERE code = ?1 AND item = ?2";
            if tx.run(sql, values![code.as_str(), item.as_str()])? > 0 {
                feed::announce_everywhere(tx, "barcode", code.as_str())?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// From now on everyone knows the label; a person looks at it in their own time.
fn learned(tx: &Tx, posting: &mut Posting, barcode: &Barcode) -> Result<(), Error> {
    let (code, item, holds) = (&barcode.code, &barcode.item, barcode.holds);
    let in_bounds = holds.is_positive() && holds <= Quantity::LIMIT;
    if records::item(tx, item.as_str())?.is_none() || !in_bounds || code.as_str().is_empty() {
        let note = format!("label {code} cannot stand for {holds} of {item}");
        return posting.exception(tx, ExceptionKind::Unknown, &note);
    }
    if let Some(known) = records::barcode(tx, code.as_str())? {
        if known == *barcode {
            return Ok(());
        }
        let note = format!(
            "label {code} was learned as {holds} of {item}, and is {} of {}",
            known.holds, known.item
        );
        return posting.exception(tx, ExceptionKind::Learned, &note);
    }
    records::put_barcode(tx, barcode)?;
    let note = format!("label {code} was learned: it stands for {holds} of {item}");
    posting.exception(tx, ExceptionKind::Learned, &note)
}

fn received(tx: &Tx, posting: &mut Posting, known: &Known, entry: &Entry) -> Result<(), Error> {
    let (Job::Receive(job), Fact::Received { .. }) = (&known.task.job, &entry.fact) else {
        return Ok(());
    };
    let Fact::Received {
        order,
        line,
        goods,
        quantity,
        weight_g,
        status,
        ..
    } = &entry.fact
    else {
        return Ok(());
    };
    let id = &known.task.id;
    let sql = "INSERT INTO received (warehouse, device, epoch, seq, task, order_code, line, item, lot, quantity, weight_g, at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    tx.run(
        sql,
        values![
            posting.warehouse,
            posting.device,
            posting.epoch,
            posting.seq,
            id.as_str(),
            ledger::text(order.as_ref()),
            *line,
            goods.item.as_str(),
            ledger::text(goods.lot.as_ref()),
            quantity.thousandths(),
            *weight_g,
            entry.at.to_rfc3339()
        ],
    )?;
    if let Status::Expired = status {
        let item = &goods.item;
        let day = ledger::text(goods.expiry.as_ref());
        let note = format!("{id}: {quantity} of {item} came in past their day {day}");
        posting.exception(tx, ExceptionKind::TooOld, &note)?;
    }
    match job.lines.iter().find(|known| known.line == *line) {
        None if order.is_some() => {
            let note = format!("{id}: {quantity} of {} are not on the order", goods.item);
            posting.exception(tx, ExceptionKind::NotOrdered, &note)?;
        }
        None => {}
        Some(wanted) => over(tx, posting, id, job, wanted.quantity, *line)?,
    }
    // Its receipt is closed, so nobody else will send it on.
    if known.state == "done" {
        let standing = standing(known, std::slice::from_ref(&entry.fact));
        for it in standing {
            putaway::stands(tx, posting.warehouse, &it, &posting.cause(posting.seq))?;
        }
        putaway::plan(tx, posting.now, posting.warehouse)?;
    }
    Ok(())
}

/// Tells once of more than was ordered and agreed.
fn over(
    tx: &Tx,
    posting: &mut Posting,
    id: &TaskId,
    job: &ReceiveJob,
    wanted: Quantity,
    line: LineNo,
) -> Result<(), Error> {
    let sql = "SELECT COALESCE(SUM(quantity), 0) AS quantity FROM received WHERE warehouse = ?1 AND task = ?2 AND line = ?3
               AND NOT (device = ?4 AND epoch = ?5 AND seq = ?6)";
    let of = values![
        posting.warehouse,
        id.as_str(),
        line,
        posting.device,
        posting.epoch,
        posting.seq
    ];
    let before = tx
        .first(sql, of)?
        .map_or(Ok(0), |row| row.int("quantity"))?;
    let sql = "SELECT quantity FROM received WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
    let own = values![posting.device, posting.epoch, posting.seq];
    let new = tx
        .first(sql, own)?
        .map_or(Ok(0), |row| row.int("quantity"))?;
    let more = wanted.times(job.over_percent).thousandths() / 100;
    let most = wanted.thousandths().saturating_add(more);
    if before <= most && before.saturating_add(new) > most {
        let sum = Quantity::from_thousandths(before.saturating_add(new));
        let note = format!("{id} line {line}: {sum} came, {wanted} were ordered");
        posting.exception(tx, ExceptionKind::TooMany, &note)?;
    }
    Ok(())
}

/// A receipt is closed: what stands at receiving looks for bins, what comes later is expected again, and what nobody
/// announced is for a person to match.
pub(super) fn closed(tx: &Tx, posting: &mut Posting, known: &Known) -> Result<(), Error> {
    let Job::Receive(job) = &known.task.job else {
        return Ok(());
    };
    let (warehouse, cause) = (posting.warehouse, posting.cause(posting.seq));
    let standing = standing(known, &known.task.done);
    for it in &standing {
        putaway::stands(tx, warehouse, it, &cause)?;
    }
    putaway::plan(tx, posting.now, warehouse)?;
    match &job.order {
        Some(order) => {
            order_reaches(tx, warehouse, order.as_str(), "received")?;
            let later = |fact: &&Fact| matches!(fact, Fact::ReceivedShort { reason, .. } if *reason == Reason::ComesLater);
            if known.task.done.iter().any(|fact| later(&fact)) {
                arrival::expect_rest(tx, warehouse, order, &cause)?;
            }
            Ok(())
        }
        None => {
            let sum: Quantity = standing.iter().map(|it| it.quantity).sum();
            let id = &known.task.id;
            let note = format!("{id}: {sum} came that nobody announced: match them with an order");
            posting.exception(tx, ExceptionKind::Unmatched, &note)
        }
    }
}

/// A closed receipt goes on.
pub(super) fn reopened(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    seq: u64,
) -> Result<(), Error> {
    putaway::withdraw(tx, posting, seq)?;
    if let Some(order) = known.task.order() {
        order_turns(
            tx,
            posting.warehouse,
            order.as_str(),
            "received",
            "receiving",
        )?;
    }
    Ok(())
}

type Spot = (BinCode, Option<Sscc>, Status, Goods);

/// What these facts left standing at receiving.
fn standing(known: &Known, facts: &[Fact]) -> Vec<Standing> {
    let mut sums: BTreeMap<Spot, Quantity> = BTreeMap::new();
    let moves = facts.iter().flat_map(Fact::moves);
    for step in moves {
        for (spot, sign) in [(step.source, -1), (step.target, 1)] {
            let Some(bin) = spot.place.bin() else {
                continue;
            };
            let key = (bin.clone(), spot.plate, spot.status, step.goods.clone());
            let by = Quantity::from_thousandths(sign * step.quantity.thousandths());
            let sum = sums.entry(key).or_default();
            *sum = sum.plus(by);
        }
    }
    let put_down = |bin: &BinCode| {
        let is_it = |fact: &Fact| matches!(fact, Fact::Received { bin: at, .. } if at == bin);
        facts.iter().any(is_it)
    };
    let order = known.task.title().parse::<OrderCode>();
    let Ok(order) = order else {
        return Vec::new();
    };
    sums.into_iter()
        .filter(|((bin, ..), sum)| sum.is_positive() && put_down(bin))
        .map(|((bin, plate, status, goods), quantity)| Standing {
            order: order.clone(),
            priority: known.task.priority,
            due: known.task.due,
            bin,
            plate,
            status,
            goods,
            quantity,
        })
        .collect()
}

/// Notes when a delivery docked, came in, was closed and was put away.
pub(super) fn note_times(
    tx: &Tx,
    posting: &Posting,
    known: &Known,
    entry: &Entry,
) -> Result<(), Error> {
    let (warehouse, at) = (posting.warehouse, entry.at.to_rfc3339());
    let id = known.task.id.as_str();
    let order = known.task.title();
    let set = |column: &str, value: &str| {
        let sql = "INSERT INTO arrivals (warehouse, task, order_code, door, docked_at, received_at, closed_at, stocked_at)
                   VALUES (?1, ?2, ?3, '', '', '', '', '') ON CONFLICT (warehouse, task) DO NOTHING";
        tx.run(sql, values![warehouse, id, order])?;
        let sql = format!("UPDATE arrivals SET {column} = ?3 WHERE warehouse = ?1 AND task = ?2");
        tx.run(&sql, values![warehouse, id, value]).map(drop)
    };
    match (&known.task.job, &entry.fact) {
        (Job::Receive(_), Fact::Docked { door, .. }) => {
            set("docked_at", &at)?;
            set("door", door.as_str())?;
        }
        (Job::Receive(_), Fact::Received { .. }) => {
            set(
                "docked_at",
                &first(tx, warehouse, id, "docked_at")?.unwrap_or_else(|| at.clone()),
            )?;
            let before = first(tx, warehouse, id, "received_at")?;
            set("received_at", &before.unwrap_or(at))?;
        }
        (Job::Receive(_) | Job::Putaway(_), Fact::TaskFinished) => {
            if let Job::Receive(_) = known.task.job {
                set("closed_at", &at)?;
            }
            let sql = "UPDATE arrivals SET stocked_at = ?3 WHERE warehouse = ?1 AND order_code = ?2 AND closed_at <> ''
                       AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.warehouse = ?1 AND t.order_code = ?2
                           AND t.kind = 'putaway' AND t.state IN ('open', 'started'))
                       AND NOT EXISTS (SELECT 1 FROM to_put_away p WHERE p.warehouse = ?1 AND p.order_code = ?2)";
            tx.run(sql, values![warehouse, order, at])?;
        }
        (Job::Receive(_) | Job::Putaway(_), Fact::Undone { what, .. })
            if **what == Fact::TaskFinished =>
        {
            if let Job::Receive(_) = known.task.job {
                set("closed_at", "")?;
            }
            let sql =
                "UPDATE arrivals SET stocked_at = '' WHERE warehouse = ?1 AND order_code = ?2";
            tx.run(sql, values![warehouse, order])?;
        }
        _ => {}
    }
    Ok(())
}

fn first(
    tx: &Tx,
    warehouse: &str,
    task: &str,
    column: &'static str,
) -> Result<Option<String>, Error> {
    let sql = "SELECT docked_at, received_at FROM arrivals WHERE warehouse = ?1 AND task = ?2";
    let row = tx.first(sql, values![warehouse, task])?;
    let text = row
        .map(|row| row.text(column).map(str::to_owned))
        .transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}
