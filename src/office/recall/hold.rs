//! Holding what is called back: in every bin of every warehouse, at every handheld, and work to bring it together.

use super::{Held, Opened, ToRecall};
use crate::office::database::{Row, Tx, values};
use crate::office::exception::{ExceptionKind, Posting};
use crate::office::trace::{Stage, Traced};
use crate::office::{Document, Error, assembly, ledger, message, records, work};
use crate::warehouse::{
    BinCode, CalledBack, Goods, Job, Message, Move, MoveJob, MoveLine, Place, Quantity, SafeText,
    Spot, Sscc, Status, Task, TaskId, Timestamp, WarehouseCode,
};
use std::collections::{BTreeMap, BTreeSet};

/// So many goods go into one message.
const TOGETHER: usize = 500;

/// Holds everything that was found. Of a drill, says only what would be held.
pub(super) fn hold(
    tx: &Tx,
    now: Timestamp,
    what: &ToRecall,
    found: Traced,
) -> Result<Opened, Error> {
    name_goods(tx, what, &found)?;
    let rows = rows(tx, &found)?;
    let held: Vec<Held> = rows.iter().map(|row| row.held.clone()).collect();
    let mut opened = Opened {
        found,
        held,
        collecting: Vec::new(),
        nowhere: Vec::new(),
    };
    if what.is_drill {
        return Ok(opened);
    }
    for row in &rows {
        if row.status == Status::Available {
            keep(tx, now, what.code.as_str(), row)?;
        }
    }
    tell(tx, now, what, &opened.found)?;
    warn(tx, now, what, &opened.found)?;
    collect(tx, rows, &mut opened)?;
    Ok(opened)
}

/// Writes down by what labels, and at which places, goods are known to be called back.
fn name_goods(tx: &Tx, what: &ToRecall, found: &Traced) -> Result<(), Error> {
    let code = what.code.as_str();
    for it in found.goods.iter().filter(|it| is_named(&it.goods)) {
        let is_certain = it.came.certain.is_positive();
        name(tx, code, &it.goods, is_certain)?;
    }
    for it in found.stands.iter().filter(|it| !is_named(&it.goods)) {
        let (warehouse, place) = (it.warehouse.as_str(), it.place.to_string());
        mark(tx, code, warehouse, &place, &it.goods)?;
    }
    Ok(())
}

/// Whether goods say more than their item.
pub(super) const fn is_named(goods: &Goods) -> bool {
    goods.lot.is_some() || goods.serial.is_some()
}

pub(super) fn name(tx: &Tx, code: &str, goods: &Goods, is_certain: bool) -> Result<(), Error> {
    let sql = "INSERT INTO recall_goods (recall, item, lot, serial, is_certain) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (recall, item, lot, serial) DO NOTHING";
    let (lot, serial) = (
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
    );
    tx.run(
        sql,
        values![code, goods.item.as_str(), lot, serial, is_certain],
    )?;
    Ok(())
}

/// Goods of the item that say no more may be called back if they come from here.
pub(super) fn mark(
    tx: &Tx,
    code: &str,
    warehouse: &str,
    place: &str,
    goods: &Goods,
) -> Result<(), Error> {
    let sql = "INSERT INTO recall_places (recall, warehouse, place, item) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (recall, warehouse, place, item) DO NOTHING";
    tx.run(sql, values![code, warehouse, place, goods.item.as_str()])?;
    Ok(())
}

/// Stock in a bin that is called back.
pub(super) struct Stock {
    held: Held,
    plate: Option<Sscc>,
    status: Status,
}

/// All stock in bins under a label that was found, or at a place where goods without one were.
fn rows(tx: &Tx, found: &Traced) -> Result<Vec<Stock>, Error> {
    let places: BTreeSet<(String, String, String)> = found
        .stands
        .iter()
        .map(|it| {
            let (warehouse, place) = (it.warehouse.to_string(), it.place.to_string());
            (warehouse, place, it.goods.item.to_string())
        })
        .collect();
    let sql = "SELECT s.warehouse, s.place, s.plate, s.status, s.item, s.lot, s.serial, s.expiry, s.quantity FROM warehouses w
               JOIN stock s ON s.warehouse = w.code AND s.item = ?1 AND s.status IN ('available', 'on_hold')
               WHERE s.lot = ?2 AND s.serial = ?3 AND s.quantity > 0 AND s.place LIKE 'bin:%'
               ORDER BY s.warehouse, s.place, s.plate";
    let mut rows = Vec::new();
    for it in &found.goods {
        let goods = &it.goods;
        let (lot, serial) = (
            ledger::text(goods.lot.as_ref()),
            ledger::text(goods.serial.as_ref()),
        );
        for row in tx.rows(sql, values![goods.item.as_str(), lot, serial])? {
            let text = |name| row.text(name).map(str::to_owned);
            let key = (text("warehouse")?, text("place")?, text("item")?);
            if is_named(goods) || places.contains(&key) {
                rows.push(stock(&row)?);
            }
        }
    }
    Ok(rows)
}

fn stock(row: &Row) -> Result<Stock, Error> {
    let place: Place = row.parse("place")?;
    Ok(Stock {
        held: Held {
            warehouse: row.parse("warehouse")?,
            bin: place.bin().cloned().expect("only bins are asked for"),
            goods: records::goods(row)?,
            quantity: Quantity::from_thousandths(row.int("quantity")?),
        },
        plate: row.parse_maybe("plate")?,
        status: ledger::read_status(row.text("status")?).unwrap_or_default(),
    })
}

/// Nobody is given this from now on.
fn keep(tx: &Tx, now: Timestamp, code: &str, row: &Stock) -> Result<(), Error> {
    let at = |status| Spot {
        place: Place::Bin(row.held.bin.clone()),
        plate: row.plate,
        status,
    };
    let step = Move {
        goods: row.held.goods.clone(),
        quantity: row.held.quantity,
        source: at(Status::Available),
        target: at(Status::OnHold),
    };
    post(tx, row.held.warehouse.as_str(), now, code, &step)
}

pub(super) fn post(
    tx: &Tx,
    warehouse: &str,
    now: Timestamp,
    code: &str,
    step: &Move,
) -> Result<(), Error> {
    let paper = Document::Paper(format!("recall {code}"));
    ledger::post(tx, warehouse, &now.to_rfc3339(), &paper, step).map(|_| ())
}

/// Every handheld hears what is called back, and where goods without a label may be of it.
fn tell(tx: &Tx, now: Timestamp, what: &ToRecall, found: &Traced) -> Result<(), Error> {
    for warehouse in records::warehouses(tx)? {
        let all = called(&warehouse, what, found);
        for part in all.chunks(TOGETHER) {
            let id = message::put(tx, now, &warehouse, None, &text(what, part), part)?;
            let sql =
                "INSERT INTO recall_messages (recall, warehouse, message) VALUES (?1, ?2, ?3)";
            tx.run(sql, values![what.code.as_str(), &warehouse, id])?;
        }
    }
    Ok(())
}

fn called(warehouse: &str, what: &ToRecall, found: &Traced) -> Vec<CalledBack> {
    let here = |it: &WarehouseCode| it.as_str() == warehouse;
    let bins = |goods: &Goods| -> Vec<BinCode> {
        let there = found.stands.iter();
        let there = there.filter(|it| here(&it.warehouse) && it.goods.item == goods.item);
        let bins: BTreeSet<BinCode> = there.filter_map(|it| it.place.bin().cloned()).collect();
        bins.into_iter().collect()
    };
    let plates = |goods: &Goods| -> Vec<Sscc> {
        let sent = found
            .sent
            .iter()
            .filter(|it| here(&it.warehouse) && it.stage != Stage::Delivered);
        let of_it = sent.filter(|it| it.goods == *goods);
        of_it
            .filter_map(|it| it.plate.as_str().parse().ok())
            .collect()
    };
    let back = |goods: &Goods| CalledBack {
        recall: SafeText::new(what.code.as_str()),
        item: goods.item.clone(),
        lot: goods.lot.clone(),
        serial: goods.serial.clone(),
        bins: bins(goods),
        plates: plates(goods),
    };
    found.goods.iter().map(|it| back(&it.goods)).collect()
}

fn text(what: &ToRecall, part: &[CalledBack]) -> String {
    let first = part.first().map_or(String::new(), |it| {
        let lot = it.lot.as_ref().map(|lot| format!("/{lot}"));
        format!("{}{}", it.item, lot.unwrap_or_default())
    });
    let more = match part.len() {
        0 | 1 => String::new(),
        many => format!(" and {} more", many - 1),
    };
    let text = format!(
        "CALLED BACK {}: {first}{more}. Do not pick, pack or load it. {}",
        what.code, what.reason
    );
    text.chars().take(Message::LONGEST).collect()
}

/// What is not in a bin is for a person to stop.
fn warn(tx: &Tx, now: Timestamp, what: &ToRecall, found: &Traced) -> Result<(), Error> {
    let say = |warehouse: &WarehouseCode, note: &str| {
        let mut posting = Posting::of_office(warehouse.as_str(), "", now);
        posting.exception(tx, ExceptionKind::Recalled, note)
    };
    let code = &what.code;
    for it in found.stands.iter().filter(|it| it.place.bin().is_none()) {
        let note = format!(
            "{code}: up to {} of {} is called back and is at {}: stop it",
            it.amount.most(),
            it.goods.item,
            it.place
        );
        say(&it.warehouse, &note)?;
    }
    for it in found.sent.iter().filter(|it| it.stage != Stage::Delivered) {
        let order = ledger::text(it.order.as_ref());
        let note = format!(
            "{code}: up to {} of {} for {order} is called back and is {} (carton {}): stop it",
            it.amount.most(),
            it.goods.item,
            it.stage.name(),
            it.plate
        );
        say(&it.warehouse, &note)?;
    }
    Ok(())
}

/// A task a bin that brings everything to quarantine.
fn collect(tx: &Tx, rows: Vec<Stock>, opened: &mut Opened) -> Result<(), Error> {
    let mut bins: BTreeMap<(WarehouseCode, BinCode), Vec<Stock>> = BTreeMap::new();
    for row in rows {
        let key = (row.held.warehouse.clone(), row.held.bin.clone());
        bins.entry(key).or_default().push(row);
    }
    for ((warehouse, bin), rows) in bins {
        let here = warehouse.as_str();
        let sql = "SELECT code, (SELECT COUNT(*) FROM bins b WHERE b.warehouse = ?1 AND b.code = ?2 AND b.kind = 'quarantine')
                       AS is_there FROM bins WHERE warehouse = ?1 AND kind = 'quarantine' AND frozen = 0
                   ORDER BY sequence, code LIMIT 1";
        let Some(row) = tx.first(sql, values![here, bin.as_str()])? else {
            if !opened.nowhere.contains(&warehouse) {
                opened.nowhere.push(warehouse);
            }
            continue;
        };
        if row.flag("is_there")? {
            continue;
        }
        let to: BinCode = row.parse("code")?;
        let id: TaskId = format!("COLLECT-{}", tx.next(here, "collect_task")?)
            .parse()
            .expect("a word and a number are a code");
        let mut lines = Vec::new();
        for (row, number) in rows.into_iter().zip(1..) {
            let line = line(tx, number, row, &to)?;
            assembly::promise(tx, here, &id, &line)?;
            lines.push(line);
        }
        let mut task = Task::opened(id.clone(), Job::Move(MoveJob { lines }));
        task.priority = 1;
        work::create(tx, here, &task, "")?;
        opened.collecting.push((warehouse, id));
    }
    Ok(())
}

fn line(tx: &Tx, line: u32, row: Stock, to: &BinCode) -> Result<MoveLine, Error> {
    let item = records::known_item(tx, &row.held.goods.item)?;
    Ok(MoveLine {
        line,
        from: row.held.bin,
        to: to.clone(),
        plate: None,
        status: Status::OnHold,
        barcodes: records::barcodes_of(tx, &item.code)?,
        goods: row.held.goods,
        item,
        quantity: row.held.quantity,
    })
}
