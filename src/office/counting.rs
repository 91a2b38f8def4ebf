//! Counts by hand, held against the book as it was when the bin was counted: what this handheld did before is in it, what
//! others did after is not. Small differences are corrected at once, others are counted again by another worker and then
//! decided by a person. What others did while it was being counted, or tell of later, makes a count uncertain, not wrong.

use super::count::parts_before;
use super::count_task::{self, Wanted};
use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::tolerance::Tolerance;
use super::{Document, Error, feed, ledger, records};
use crate::warehouse::{
    BinCode, Entry, Fact, Goods, ItemCode, Move, Place, Quantity, Spot, TaskId, Timestamp,
};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// Clocks of handhelds agree to so many seconds, at best: what happened so near to a count may be in it or not.
const DOUBT_S: i64 = 120;
/// Moves are looked at from so long before a count began: by then they had been pushed or were on their way. Hours.
const LOOKED_BACK_H: i64 = 1;
/// Rows of a journal that are searched for where a count began.
const SEARCHED: u32 = 2000;
/// A count is held against facts that arrive late for so many days.
const LATE_DAYS: i64 = 30;

/// One thing that was counted, or should have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    counted: Quantity,
    expected: Quantity,
    /// How much others moved in (less out) while it was being counted.
    doubt: Quantity,
}

impl Held {
    fn difference(self) -> Quantity {
        self.counted.minus(self.expected)
    }

    /// Whether it is as expected, with all or none of what others did meanwhile. Anything between is no agreement:
    /// a bin that is empty must not pass for one in which much was going on.
    fn agrees(self) -> bool {
        self.counted == self.expected || self.counted == self.expected.minus(self.doubt)
    }
}

type Things = BTreeMap<Goods, Held>;

/// Where and when.
struct Scope<'a> {
    bin: &'a BinCode,
    item: Option<&'a ItemCode>,
    began: Timestamp,
    ended: Timestamp,
}

/// What a fact of any kind means for counts: a count is taken in or taken back, and a move that happened before a count
/// but is told of only now makes that count uncertain.
pub(super) fn hear(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    match &entry.fact {
        Fact::BinCounted {
            bin, item, counted, ..
        } => take_in(tx, posting, entry, bin, item.as_ref(), counted),
        Fact::Undone { seq, what } if matches!(**what, Fact::BinCounted { .. }) => {
            take_back(tx, posting, *seq)
        }
        fact => {
            for step in fact.moves() {
                for place in [&step.source.place, &step.target.place] {
                    if let Place::Bin(bin) = place {
                        came_late(tx, posting, entry, bin, &step.goods.item)?;
                    }
                }
            }
            Ok(())
        }
    }
}

fn take_in(
    tx: &Tx,
    posting: &mut Posting,
    entry: &Entry,
    bin: &BinCode,
    item: Option<&ItemCode>,
    counted: &[(Goods, Quantity)],
) -> Result<(), Error> {
    let limit = |quantity: &Quantity| *quantity > Quantity::ZERO && *quantity <= Quantity::LIMIT;
    let mut all = parts_before(tx, posting, entry, |fact| match fact {
        Fact::PartCounted { bin: of, counted } if of == *bin => Some(counted),
        _ => None,
    })?;
    all.extend(counted.iter().cloned());
    let counted = all.as_slice();
    if !counted.iter().all(|(_, quantity)| limit(quantity)) {
        let note = format!("a count of {bin} names a quantity that cannot be: count it again");
        return posting.exception(tx, ExceptionKind::Unknown, &note);
    }
    if records::bin(tx, posting.warehouse, bin.as_str())?.is_none() {
        let note = format!("{bin} was counted, and there is no such bin");
        return posting.exception(tx, ExceptionKind::Unknown, &note);
    }
    let scope = Scope {
        bin,
        item,
        began: began(tx, posting, bin)?.unwrap_or(entry.at),
        ended: entry.at,
    };
    let mut things = book(tx, posting, &scope)?;
    for (goods, quantity) in counted {
        let held = things.entry(key(goods)).or_default();
        held.counted = held.counted.plus(*quantity);
    }
    things.retain(|_, held| !held.agrees());
    let worker = ledger::text(entry.worker.as_ref());
    let first = count_task::checks(tx, posting.warehouse, posting.task)?;
    let id = note_down(tx, posting, &scope, &worker, first, &things, counted)?;
    supersede(tx, posting, bin, item, id)?;
    judge(tx, posting, &scope, id, first, &worker, &things)
}

/// Without the date, which belongs to the lot.
fn key(goods: &Goods) -> Goods {
    Goods {
        expiry: None,
        ..goods.clone()
    }
}

/// When the worker came to the bin.
fn began(tx: &Tx, posting: &Posting, bin: &BinCode) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT line FROM journal WHERE device = ?1 AND epoch = ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4";
    let rows = values![posting.device, posting.epoch, posting.seq, SEARCHED];
    for row in tx.rows(sql, rows)? {
        let Ok(entry) = serde_json::from_str::<Entry>(row.text("line")?) else {
            continue;
        };
        if entry
            .task
            .as_ref()
            .is_none_or(|task| task.as_str() != posting.task)
        {
            continue;
        }
        if matches!(&entry.fact, Fact::BinConfirmed { bin: there, .. } if there == bin) {
            return Ok(Some(entry.at));
        }
    }
    Ok(None)
}

/// The book as it was when the bin was counted.
fn book(tx: &Tx, posting: &Posting, scope: &Scope) -> Result<Things, Error> {
    let place = Place::Bin(scope.bin.clone()).to_string();
    let only = ledger::text(scope.item);
    let sql = "SELECT item, lot, serial, NULL AS expiry, SUM(quantity) AS quantity FROM stock
               WHERE warehouse = ?1 AND place = ?2 AND (?3 = '' OR item = ?3) GROUP BY item, lot, serial";
    let mut things = Things::new();
    for row in tx.rows(sql, values![posting.warehouse, &place, &only])? {
        let held = things.entry(records::goods(&row)?).or_default();
        held.expected = Quantity::from_thousandths(row.int("quantity")?);
    }
    let doubt = TimeDelta::seconds(DOUBT_S);
    let since = (scope.began - TimeDelta::hours(LOOKED_BACK_H)).to_rfc3339();
    for (column, sign) in [("target_place", 1), ("source_place", -1)] {
        let sql = format!(
            "SELECT m.item, m.lot, m.serial, NULL AS expiry, m.quantity, m.at, j.line FROM moves m
             LEFT JOIN journal j ON j.device = m.device AND j.epoch = m.epoch AND j.seq = m.seq
             WHERE m.warehouse = ?1 AND m.{column} = ?2 AND m.at >= ?3 AND m.device <> ?4 AND (?5 = '' OR m.item = ?5)"
        );
        let rows = values![posting.warehouse, &place, &since, posting.device, &only];
        for row in tx.rows(&sql, rows)? {
            let happened = happened(&row)?;
            let moved = Quantity::from_thousandths(sign * row.int("quantity")?);
            let held = things.entry(records::goods(&row)?).or_default();
            if happened > scope.ended + doubt {
                held.expected = held.expected.minus(moved);
            } else if happened >= scope.began - doubt {
                held.doubt = held.doubt.plus(moved);
            }
        }
    }
    Ok(things)
}

/// When a move happened: a handheld's by its clock, the office's own when it was posted.
fn happened(row: &Row) -> Result<Timestamp, Error> {
    let entry = row
        .maybe("line")
        .and_then(|line| serde_json::from_str::<Entry>(line).ok());
    Ok(match entry {
        Some(entry) => entry.at,
        None => row.parse("at")?,
    })
}

fn note_down(
    tx: &Tx,
    posting: &Posting,
    scope: &Scope,
    worker: &str,
    first: u64,
    things: &Things,
    counted: &[(Goods, Quantity)],
) -> Result<u64, Error> {
    let warehouse = posting.warehouse;
    let id = tx.next(warehouse, "count")?;
    let sql = "INSERT INTO counts (warehouse, id, bin, item, worker, device, epoch, seq, began_at, counted_at, first, state)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'agreed')";
    tx.run(
        sql,
        values![
            warehouse,
            id,
            scope.bin.as_str(),
            ledger::text(scope.item),
            worker,
            posting.device,
            posting.epoch,
            posting.seq,
            scope.began.to_rfc3339(),
            scope.ended.to_rfc3339(),
            first
        ],
    )?;
    for (goods, held) in things {
        let named = counted.iter().find(|(it, _)| key(it) == *goods);
        let expiry = named.and_then(|(it, _)| it.expiry);
        let sql = "INSERT INTO count_lines (warehouse, count, item, lot, serial, expiry, expected, counted)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        tx.run(
            sql,
            values![
                warehouse,
                id,
                goods.item.as_str(),
                ledger::text(goods.lot.as_ref()),
                ledger::text(goods.serial.as_ref()),
                expiry.map(|day| day.to_string()),
                held.expected.thousandths(),
                held.counted.thousandths()
            ],
        )?;
    }
    Ok(u64::try_from(id).unwrap_or_default())
}

/// What was counted before in this bin and not decided yet is decided by this count.
fn supersede(
    tx: &Tx,
    posting: &Posting,
    bin: &BinCode,
    item: Option<&ItemCode>,
    but: u64,
) -> Result<(), Error> {
    let sql =
        "UPDATE counts SET state = 'superseded' WHERE warehouse = ?1 AND bin = ?2 AND id <> ?3
               AND state IN ('recount', 'approval') AND (?4 = '' OR item = ?4)";
    let (warehouse, item) = (posting.warehouse, ledger::text(item));
    tx.run(sql, values![warehouse, bin.as_str(), but, &item])?;
    count_task::withdraw(tx, warehouse, bin, &item, posting.task)
}

fn judge(
    tx: &Tx,
    posting: &mut Posting,
    scope: &Scope,
    id: u64,
    first: u64,
    worker: &str,
    things: &Things,
) -> Result<(), Error> {
    let warehouse = posting.warehouse;
    if things.is_empty() {
        return Ok(());
    }
    if things.values().any(|held| !held.doubt.is_zero()) {
        let note = format!(
            "count {warehouse}/{id}: others were at {} while it was counted: it is counted again",
            scope.bin
        );
        posting.exception(tx, ExceptionKind::CountDiffers, &note)?;
        return again(tx, posting, scope, id, "");
    }
    let tolerance = Tolerance::of(tx)?;
    let mut small = true;
    for (goods, held) in things {
        small &= tolerance.takes(tx, &goods.item, held.expected, held.difference())?;
    }
    if small {
        set_state(tx, warehouse, id, "posted")?;
        return correct(tx, warehouse, posting.now, id);
    }
    let same = "SELECT worker FROM counts WHERE warehouse = ?1 AND id = ?2 AND worker <> ?3";
    let by_another = tx.first(same, values![warehouse, first, worker])?.is_some();
    if first == 0 || !by_another {
        return again(tx, posting, scope, id, worker);
    }
    set_state(tx, warehouse, id, "approval")?;
    let note = format!(
        "count {warehouse}/{id} of {}: counted twice, {} things differ from the book: approve or reject it",
        scope.bin,
        things.len()
    );
    posting.exception(tx, ExceptionKind::CountDiffers, &note)
}

/// The bin is to be counted again, by another worker than this.
fn again(
    tx: &Tx,
    posting: &mut Posting,
    scope: &Scope,
    id: u64,
    not_by: &str,
) -> Result<(), Error> {
    set_state(tx, posting.warehouse, id, "recount")?;
    let wanted = Wanted {
        bins: std::slice::from_ref(scope.bin),
        item: scope.item,
        not_by: not_by.parse().ok(),
        checks: id,
        priority: 60,
        tells: false,
    };
    count_task::make(tx, posting.warehouse, &wanted).map(|_| ())
}

pub(super) fn set_state(tx: &Tx, warehouse: &str, id: u64, state: &str) -> Result<(), Error> {
    let sql = "UPDATE counts SET state = ?3 WHERE warehouse = ?1 AND id = ?2";
    tx.run(sql, values![warehouse, id, state])?;
    Ok(())
}

fn paper(warehouse: &str, id: u64) -> String {
    format!("count {warehouse}/{id}")
}

/// Makes the book say what was counted: the difference is lost or found, as of the moment of the count.
pub(super) fn correct(tx: &Tx, warehouse: &str, now: Timestamp, id: u64) -> Result<(), Error> {
    let bin = "SELECT bin FROM counts WHERE warehouse = ?1 AND id = ?2";
    let Some(row) = tx.first(bin, values![warehouse, id])? else {
        return Ok(());
    };
    let place = Place::Bin(row.parse("bin")?);
    let sql = "SELECT item, lot, serial, expiry, counted - expected AS more FROM count_lines WHERE warehouse = ?1 AND count = ?2
               ORDER BY item, lot, serial";
    for row in tx.rows(sql, values![warehouse, id])? {
        let (goods, more) = (
            records::goods(&row)?,
            Quantity::from_thousandths(row.int("more")?),
        );
        let steps = if more.is_positive() {
            vec![Move {
                goods,
                quantity: more,
                source: Spot::at(Place::Found),
                target: Spot::at(place.clone()),
            }]
        } else {
            lost(tx, warehouse, &place, &goods, Quantity::ZERO.minus(more))?
        };
        for step in steps {
            let document = Document::Paper(paper(warehouse, id));
            ledger::post(tx, warehouse, &now.to_rfc3339(), &document, &step)?;
        }
    }
    Ok(())
}

/// What is missing is taken off where it stands: what is free to use first, loose before pallets.
fn lost(
    tx: &Tx,
    warehouse: &str,
    place: &Place,
    goods: &Goods,
    missing: Quantity,
) -> Result<Vec<Move>, Error> {
    let sql = "SELECT plate, status, quantity FROM stock WHERE warehouse = ?1 AND place = ?2 AND item = ?3 AND lot = ?4
               AND serial = ?5 AND quantity > 0 ORDER BY status <> 'available', status, plate";
    let (lot, serial) = (
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
    );
    let wanted = values![
        warehouse,
        place.to_string(),
        goods.item.as_str(),
        lot,
        serial
    ];
    let step = |source: Spot, quantity: Quantity| Move {
        goods: goods.clone(),
        quantity,
        source,
        target: Spot::at(Place::Loss),
    };
    let mut left = missing;
    let mut steps = Vec::new();
    for row in tx.rows(sql, wanted)? {
        let part = left.min(Quantity::from_thousandths(row.int("quantity")?));
        let status = ledger::read_status(row.text("status")?).unwrap_or_default();
        if part.is_positive() {
            left = left.minus(part);
            let spot = Spot::at(place.clone()).on(row.parse_maybe("plate")?);
            steps.push(step(Spot { status, ..spot }, part));
        }
    }
    if left.is_positive() {
        steps.push(step(Spot::at(place.clone()), left));
    }
    Ok(steps)
}

/// A count was taken back on the handheld: its correction too, and the second count that it called for.
fn take_back(tx: &Tx, posting: &Posting, seq: u64) -> Result<(), Error> {
    let sql = "SELECT id, bin, state FROM counts WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
    let Some(row) = tx.first(sql, values![posting.device, posting.epoch, seq])? else {
        return Ok(());
    };
    let (warehouse, id) = (posting.warehouse, row.count("id")?);
    if matches!(row.text("state")?, "posted" | "approved") {
        reverse(tx, posting, &paper(warehouse, id))?;
    }
    set_state(tx, warehouse, id, "undone")?;
    count_task::withdraw_check(tx, warehouse, id)
}

fn reverse(tx: &Tx, posting: &Posting, paper: &str) -> Result<(), Error> {
    let sql = "SELECT item, lot, serial, expiry, quantity, source_place, source_plate, source_status, target_place, target_plate,
                   target_status FROM moves WHERE warehouse = ?1 AND document = ?2 ORDER BY id DESC";
    let spot = |row: &Row, place, plate, status| {
        Ok::<_, Error>(Spot {
            place: row.parse(place)?,
            plate: row.parse_maybe(plate)?,
            status: ledger::read_status(row.text(status)?).unwrap_or_default(),
        })
    };
    for row in tx.rows(sql, values![posting.warehouse, paper])? {
        let step = Move {
            goods: records::goods(&row)?,
            quantity: Quantity::from_thousandths(row.int("quantity")?),
            source: spot(&row, "target_place", "target_plate", "target_status")?,
            target: spot(&row, "source_place", "source_plate", "source_status")?,
        };
        let document = Document::Paper(format!("{paper} taken back"));
        ledger::post(
            tx,
            posting.warehouse,
            &posting.now.to_rfc3339(),
            &document,
            &step,
        )?;
    }
    Ok(())
}

/// A move out of or into a bin that happened before (or while) another handheld counted it, but is told of only now: what was
/// counted included it, the book it was held against did not. A person is told, and the bin is counted again.
fn came_late(
    tx: &Tx,
    posting: &mut Posting,
    entry: &Entry,
    bin: &BinCode,
    item: &ItemCode,
) -> Result<(), Error> {
    let from = (entry.at - TimeDelta::seconds(DOUBT_S)).to_rfc3339();
    let oldest = (posting.now - TimeDelta::days(LATE_DAYS)).to_rfc3339();
    let sql = "SELECT id, state FROM counts WHERE warehouse = ?1 AND bin = ?2 AND (item = '' OR item = ?3) AND device <> ?4
               AND counted_at >= ?5 AND counted_at >= ?6 AND state NOT IN ('undone', 'superseded') ORDER BY id DESC LIMIT 1";
    let rows = values![
        posting.warehouse,
        bin.as_str(),
        item.as_str(),
        posting.device,
        from,
        oldest
    ];
    let Some(row) = tx.first(sql, rows)? else {
        return Ok(());
    };
    let id = row.count("id")?;
    if matches!(row.text("state")?, "recount" | "approval") {
        set_state(tx, posting.warehouse, id, "superseded")?;
    }
    let wanted = Wanted {
        bins: std::slice::from_ref(bin),
        item: Some(item),
        not_by: None,
        checks: 0,
        priority: 65,
        tells: false,
    };
    if count_task::make(tx, posting.warehouse, &wanted)?.is_some() {
        let note = format!(
            "{item} at {bin}: what happened before count {}/{id} is told only now: it is counted again",
            posting.warehouse
        );
        posting.exception(tx, ExceptionKind::CountDiffers, &note)?;
    }
    Ok(())
}

/// Withdraws a task that nobody has begun.
pub(super) fn withdraw(tx: &Tx, warehouse: &str, task: &TaskId) -> Result<(), Error> {
    let sql = "UPDATE tasks SET state = 'cancelled', lease_device = '' WHERE warehouse = ?1 AND id = ?2 AND state = 'open'";
    if tx.run(sql, values![warehouse, task.as_str()])? > 0 {
        feed::announce(tx, warehouse, "task", task.as_str())?;
    }
    Ok(())
}
