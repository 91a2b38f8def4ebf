//! What steps of work inside the house change in the office's books beside the stock, and how they are taken back.

use super::count_task::{self, Wanted};
use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting, because};
use super::steps::{line_done, line_open};
use super::work::Known;
use super::{Error, apart, assembly, ledger, people, records, replenish, returns};
use crate::warehouse::{BinCode, Entry, Fact, Goods, ItemCode, Quantity, Role, Status};

/// What a step changes.
pub(super) fn effect(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    fact: &Fact,
) -> Result<(), Error> {
    let (warehouse, id) = (posting.warehouse, &known.task.id);
    match fact {
        Fact::Taken {
            line,
            quantity,
            from,
            ..
        } => {
            line_done(tx, warehouse, id, *line, *quantity)?;
            frozen(tx, posting, from)
        }
        Fact::TakenShort {
            line,
            goods,
            missing,
            bin,
            reason,
        } => {
            line_open(tx, warehouse, id, *line, false)?;
            let (item, why) = (&goods.item, because(*reason));
            let note = format!("{id} line {line}: {missing} of {item} not at {bin}: {why}");
            posting.exception(tx, ExceptionKind::Short, &note)?;
            replenish::arrived(tx, warehouse, id, *missing)?;
            look(tx, posting, bin, item)
        }
        Fact::Put {
            to,
            reason,
            quantity,
            ..
        } => {
            if let Some(reason) = reason {
                let note = format!("{id}: put into {to} instead: {}", because(*reason));
                posting.exception(tx, ExceptionKind::OtherBin, &note)?;
            }
            frozen(tx, posting, to)?;
            replenish::arrived(tx, warehouse, id, *quantity)
        }
        Fact::BinChecked {
            bin,
            goods,
            empty: false,
            ..
        } => look(tx, posting, bin, &goods.item),
        Fact::Returned { .. } => returns::note_down(tx, posting, known, fact),
        Fact::Assembled { .. } => assembly::made(tx, posting, known, fact),
        Fact::Disassembled { .. } => apart::taken_apart(tx, posting, known, fact),
        Fact::TaskFinished => returns::finished(tx, posting, known),
        _ => Ok(()),
    }
}

/// Takes back what [`effect`] did. What a person was told stays, and so does the wish to count: it costs a look.
pub(super) fn take_back(
    tx: &Tx,
    posting: &Posting,
    known: &Known,
    fact: &Fact,
    seq: u64,
) -> Result<(), Error> {
    let (warehouse, id) = (posting.warehouse, &known.task.id);
    match fact {
        Fact::Taken { line, quantity, .. } => {
            let less = Quantity::ZERO.minus(*quantity);
            line_done(tx, warehouse, id, *line, less).map(|_| ())
        }
        Fact::Put { quantity, .. } => {
            replenish::arrived(tx, warehouse, id, Quantity::ZERO.minus(*quantity))
        }
        Fact::TakenShort { line, missing, .. } => {
            replenish::arrived(tx, warehouse, id, Quantity::ZERO.minus(*missing))?;
            // What is done or withdrawn promises nothing any more.
            if known.is_open() {
                line_open(tx, warehouse, id, *line, true)?;
            }
            Ok(())
        }
        Fact::Returned { .. } => returns::take_back(tx, posting, seq),
        _ => Ok(()),
    }
}

/// What the floor found otherwise than the book is counted.
pub(super) fn look(
    tx: &Tx,
    posting: &Posting,
    bin: &BinCode,
    item: &ItemCode,
) -> Result<(), Error> {
    let wanted = Wanted {
        bins: std::slice::from_ref(bin),
        item: Some(item),
        not_by: None,
        checks: 0,
        priority: 70,
        tells: false,
    };
    count_task::make(tx, posting.warehouse, &wanted).map(|_| ())
}

/// A frozen bin takes and gives nothing; a worker insisted.
fn frozen(tx: &Tx, posting: &mut Posting, bin: &BinCode) -> Result<(), Error> {
    match records::bin(tx, posting.warehouse, bin.as_str())? {
        Some(known) if known.frozen => {
            let note = format!("{bin} is frozen, and goods were moved there all the same");
            posting.exception(tx, ExceptionKind::Frozen, &note)
        }
        _ => Ok(()),
    }
}

/// Stock was judged: by someone who may, and what is promised of it is said.
pub(super) fn judged(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    let Fact::Restated {
        bin,
        goods,
        was,
        becomes,
        reason,
        quantity,
        ..
    } = &entry.fact
    else {
        return Ok(());
    };
    let needs_lead = matches!(becomes, None | Some(Status::Available));
    let worker = ledger::text(entry.worker.as_ref());
    let role = people::worker(tx, posting.warehouse, &worker)?.map(|worker| worker.role);
    if needs_lead && role != Some(Role::Lead) {
        let what = if becomes.is_none() {
            "threw away"
        } else {
            "released"
        };
        let note = format!(
            "{worker} is no lead and {what} {quantity} of {} at {bin}: {}",
            goods.item,
            because(*reason)
        );
        posting.exception(tx, ExceptionKind::NotAllowed, &note)?;
    }
    if *was == Status::Available {
        promised(tx, posting, bin, goods)?;
    }
    Ok(())
}

/// Open picking that was promised more than is left of it.
fn promised(tx: &Tx, posting: &mut Posting, bin: &BinCode, goods: &Goods) -> Result<(), Error> {
    let (item, lot) = (goods.item.as_str(), ledger::text(goods.lot.as_ref()));
    let sql = "SELECT COALESCE(SUM(quantity), 0) AS there FROM stock WHERE warehouse = ?1 AND place = 'bin:' || ?2 AND item = ?3
               AND status = 'available' AND (?4 = '' OR lot = ?4)";
    let row = tx.first(sql, values![posting.warehouse, bin.as_str(), item, &lot])?;
    let mut there = row.map_or(Ok(0), |row| row.int("there"))?;
    let sql = "SELECT task, quantity - done AS wanted FROM task_lines WHERE warehouse = ?1 AND bin = ?2 AND item = ?3
               AND is_open = 1 AND quantity > done AND (?4 = '' OR lot = ?4 OR lot = '') ORDER BY task";
    for row in tx.rows(sql, values![posting.warehouse, bin.as_str(), item, &lot])? {
        there -= row.int("wanted")?;
        if there < 0 {
            let task = row.text("task")?;
            let note = format!(
                "{task} still fetches {item} from {bin}, where it may not be used any more"
            );
            posting.exception(tx, ExceptionKind::Short, &note)?;
        }
    }
    Ok(())
}
