//! What the floor did with goods that are called back, before it knew or after: it is held where it is put down, and a person
//! is told before it leaves the dock.

use super::hold::{is_named, mark, name, post};
use crate::office::database::{Tx, values};
use crate::office::exception::{ExceptionKind, Posting};
use crate::office::{Error, ledger};
use crate::warehouse::{Entry, Fact, Goods, Move, Place, Quantity, Spot, Status, Timestamp};

/// The recall by which goods at a place are called back, if they are.
fn recall_of(
    tx: &Tx,
    warehouse: &str,
    goods: &Goods,
    place: &Place,
) -> Result<Option<String>, Error> {
    let (lot, serial) = (
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
    );
    let (item, place) = (goods.item.as_str(), place.to_string());
    let row = if is_named(goods) {
        let sql = "SELECT r.code FROM recall_goods g JOIN recalls r ON r.code = g.recall
                   WHERE r.state = 'open' AND r.is_drill = 0 AND g.item = ?1 AND (g.lot = '' OR g.lot = ?2)
                       AND (g.serial = '' OR g.serial = ?3) ORDER BY r.code LIMIT 1";
        tx.first(sql, values![item, lot, serial])?
    } else {
        let sql = "SELECT r.code FROM recalls r WHERE r.state = 'open' AND r.is_drill = 0 AND (EXISTS (
                       SELECT 1 FROM recall_places p WHERE p.recall = r.code AND p.warehouse = ?1 AND p.place = ?2
                           AND p.item = ?3)
                       OR EXISTS (SELECT 1 FROM recall_goods g JOIN stock s ON s.warehouse = ?1 AND s.place = ?2
                           AND s.item = g.item AND s.lot = g.lot AND s.serial = g.serial AND s.quantity > 0
                           WHERE g.recall = r.code AND g.item = ?3)) ORDER BY r.code LIMIT 1";
        tx.first(sql, values![warehouse, place, item])?
    };
    Ok(row
        .map(|row| row.text("code").map(str::to_owned))
        .transpose()?)
}

fn any_open(tx: &Tx) -> Result<bool, Error> {
    let sql = "SELECT code FROM recalls WHERE state = 'open' AND is_drill = 0 LIMIT 1";
    Ok(tx.first(sql, &[])?.is_some())
}

/// What was taken after it was held, was taken: as much as is needed is free again, so that the book does not go below nothing.
pub(in crate::office) fn make_way(
    tx: &Tx,
    warehouse: &str,
    now: Timestamp,
    step: &Move,
) -> Result<(), Error> {
    let source = &step.source;
    if source.status != Status::Available || source.place.bin().is_none() || !any_open(tx)? {
        return Ok(());
    }
    let Some(code) = recall_of(tx, warehouse, &step.goods, &source.place)? else {
        return Ok(());
    };
    let sql = "SELECT plate, status, quantity FROM stock WHERE warehouse = ?1 AND place = ?2 AND item = ?3 AND lot = ?4
               AND serial = ?5 AND quantity > 0 AND status IN ('available', 'on_hold') ORDER BY status, plate";
    let goods = &step.goods;
    let (lot, serial) = (
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
    );
    let place = source.place.to_string();
    let of = values![warehouse, place, goods.item.as_str(), lot, serial];
    let mut missing = step.quantity;
    // What is available comes first: by name it does.
    for row in tx.rows(sql, of)? {
        let there = Quantity::from_thousandths(row.int("quantity")?).min(missing);
        missing = missing.minus(there);
        if row.text("status")? == "on_hold" && there.is_positive() {
            let at = |status| {
                Ok::<_, Error>(Spot {
                    place: source.place.clone(),
                    plate: row.parse_maybe("plate")?,
                    status,
                })
            };
            let free = Move {
                goods: goods.clone(),
                quantity: there,
                source: at(Status::OnHold)?,
                target: at(Status::Available)?,
            };
            post(tx, warehouse, now, &code, &free)?;
        }
    }
    Ok(())
}

/// Looks at what was done with goods that are called back.
pub(in crate::office) fn hear(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    let steps = ledger::moves(&entry.fact).unwrap_or_default();
    let closes = matches!(entry.fact, Fact::TruckClosed { .. });
    if (steps.is_empty() && !closes) || !any_open(tx)? {
        return Ok(());
    }
    if let Fact::TruckClosed { shipment, .. } = &entry.fact {
        return leaves(tx, posting, &Place::Truck(shipment.clone()));
    }
    let onward = !entry.fact.onward().is_empty();
    let mut spoilt: Option<String> = None;
    let mut told = false;
    for step in &steps {
        let warehouse = posting.warehouse;
        let made = step.source.place == Place::Production;
        let code = match recall_of(tx, warehouse, &step.goods, &step.source.place)? {
            None if made => spoilt.clone(),
            found => found,
        };
        let Some(code) = code else { continue };
        let place = &step.target.place;
        if place == &Place::Production {
            spoilt = Some(code.clone());
        } else if is_named(&step.goods) {
            name(tx, &code, &step.goods, true)?;
        } else if place.is_inside() {
            mark(tx, &code, warehouse, &place.to_string(), &step.goods)?;
        }
        if place.bin().is_some() && step.target.status == Status::Available {
            let held = Move {
                source: step.target.clone(),
                target: Spot {
                    status: Status::OnHold,
                    ..step.target.clone()
                },
                ..step.clone()
            };
            post(tx, warehouse, posting.now, &code, &held)?;
        }
        if onward && !told {
            told = true;
            let note = format!(
                "{code}: {} of {} was called back and is now at {place}: stop it before it leaves",
                step.quantity, step.goods.item
            );
            posting.exception(tx, ExceptionKind::Recalled, &note)?;
        }
    }
    Ok(())
}

/// A truck goes: is anything on it that should not?
fn leaves(tx: &Tx, posting: &mut Posting, truck: &Place) -> Result<(), Error> {
    let sql = "SELECT plate, item, lot, serial, expiry, quantity FROM stock WHERE warehouse = ?1 AND place = ?2 AND quantity > 0
               ORDER BY plate, item, lot, serial";
    let place = truck.to_string();
    for row in tx.rows(sql, values![posting.warehouse, place])? {
        let goods = crate::office::records::goods(&row)?;
        if let Some(code) = recall_of(tx, posting.warehouse, &goods, truck)? {
            let quantity = Quantity::from_thousandths(row.int("quantity")?);
            let note = format!(
                "{code}: {truck} was closed with {quantity} of {} in carton {}, which is called back: stop the truck",
                goods.item,
                row.text("plate")?
            );
            posting.exception(tx, ExceptionKind::Recalled, &note)?;
        }
    }
    Ok(())
}
