//! The ledger: balanced moves, and the stock that follows from them, kept in the same transaction.

use super::database::{Tx, values};
use super::{Error, feed};
use crate::fault::{self, Fault};
use crate::warehouse::{Fact, Move, Quantity, Spot, Status};

/// What a move comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// A row of a handheld's journal.
    Fact {
        /// The device.
        device: String,
        /// Its journal.
        epoch: u32,
        /// The row.
        seq: u64,
    },
    /// A paper of the office: an import, a receipt.
    Paper(String),
}

/// How a status is written in the database.
pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Available => "available",
        Status::OnHold => "on_hold",
        Status::Damaged => "damaged",
        Status::Expired => "expired",
    }
}

/// Reads a status as it is written in the database.
pub(super) fn read_status(text: &str) -> Option<Status> {
    [
        Status::Available,
        Status::OnHold,
        Status::Damaged,
        Status::Expired,
    ]
    .into_iter()
    .find(|&known| status(known) == text)
}

/// Puts a move into the ledger and the stock. Says what its source holds afterwards.
pub(super) fn post(
    tx: &Tx,
    warehouse: &str,
    now: &str,
    document: &Document,
    step: &Move,
) -> Result<Quantity, Error> {
    let id = tx.next(warehouse, "move")?;
    let (device, epoch, seq, paper) = match document {
        Document::Fact { device, epoch, seq } => (device.as_str(), *epoch, *seq, ""),
        Document::Paper(name) => ("", 0, 0, name.as_str()),
    };
    let goods = &step.goods;
    let sql = "INSERT INTO moves (warehouse, id, device, epoch, seq, document, item, lot, serial, expiry, quantity,
                   source_place, source_plate, source_status, target_place, target_plate, target_status, at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
    let (lot, serial) = (text(goods.lot.as_ref()), text(goods.serial.as_ref()));
    let expiry = goods.expiry.map(|day| day.to_string());
    let (source, target) = (&step.source, &step.target);
    tx.run(
        sql,
        values![
            warehouse,
            id,
            device,
            epoch,
            seq,
            paper,
            goods.item.as_str(),
            lot,
            serial,
            expiry,
            step.quantity.thousandths(),
            source.place.to_string(),
            text(source.plate.as_ref()),
            status(source.status),
            target.place.to_string(),
            text(target.plate.as_ref()),
            status(target.status),
            now,
        ],
    )?;
    let left = change(
        tx,
        warehouse,
        now,
        step,
        source,
        Quantity::ZERO.minus(step.quantity),
    )?;
    if !fault::is(Fault::HalfAMove) {
        change(tx, warehouse, now, step, target, step.quantity)?;
    }
    Ok(left)
}

/// The moves that follow from a fact; none if it speaks of a quantity that cannot be.
pub(super) fn moves(fact: &Fact) -> Option<Vec<Move>> {
    let moves = fact.moves();
    let can_be = |step: &Move| step.quantity.is_positive() && step.quantity <= Quantity::LIMIT;
    moves.iter().all(can_be).then_some(moves)
}

/// A move as the book can take it: what is taken loose from a bin where it stands on license plates comes off those plates.
pub(super) fn off_plates(tx: &Tx, warehouse: &str, step: Move) -> Result<Vec<Move>, Error> {
    if step.source.plate.is_some() || step.source.place.bin().is_none() {
        return Ok(vec![step]);
    }
    let sql = "SELECT plate, quantity FROM stock WHERE warehouse = ?1 AND place = ?2 AND status = ?3 AND item = ?4
               AND lot = ?5 AND serial = ?6 AND quantity > 0 ORDER BY plate";
    let (place, goods) = (step.source.place.to_string(), &step.goods);
    let (lot, serial) = (text(goods.lot.as_ref()), text(goods.serial.as_ref()));
    let wanted = values![
        warehouse,
        place,
        status(step.source.status),
        goods.item.as_str(),
        lot,
        serial
    ];
    let mut left = step.quantity;
    let mut parts = Vec::new();
    // Loose goods come first: their plate is ''.
    for row in tx.rows(sql, wanted)? {
        let quantity = left.min(Quantity::from_thousandths(row.int("quantity")?));
        let source = step.source.clone().on(row.parse_maybe("plate")?);
        if quantity.is_positive() {
            left = left.minus(quantity);
            parts.push(Move {
                quantity,
                source,
                ..step.clone()
            });
        }
    }
    // What the book does not know of is taken all the same, loose.
    if left.is_positive() {
        parts.push(Move {
            quantity: left,
            ..step
        });
    }
    Ok(parts)
}

/// A code as a key: none is `''`.
pub(super) fn text(code: Option<&impl ToString>) -> String {
    code.map(ToString::to_string).unwrap_or_default()
}

fn change(
    tx: &Tx,
    warehouse: &str,
    now: &str,
    step: &Move,
    spot: &Spot,
    by: Quantity,
) -> Result<Quantity, Error> {
    let goods = &step.goods;
    // FIFO asks how old stock is: what is added to an older lot is as old as that lot.
    let sql = "INSERT INTO stock (warehouse, place, plate, status, item, lot, serial, expiry, quantity, since)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
               ON CONFLICT (warehouse, place, plate, status, item, lot, serial) DO UPDATE
               SET quantity = stock.quantity + excluded.quantity,
                   expiry = COALESCE(stock.expiry, excluded.expiry),
                   since = CASE WHEN stock.quantity <= 0 THEN excluded.since ELSE stock.since END
               RETURNING quantity";
    let (place, plate, state) = (
        spot.place.to_string(),
        text(spot.plate.as_ref()),
        status(spot.status),
    );
    let (item, lot, serial) = (
        goods.item.as_str(),
        text(goods.lot.as_ref()),
        text(goods.serial.as_ref()),
    );
    let expiry = goods.expiry.map(|day| day.to_string());
    let row = tx.first(
        sql,
        values![
            warehouse,
            &place,
            &plate,
            state,
            item,
            &lot,
            &serial,
            expiry,
            by.thousandths(),
            now
        ],
    )?;
    if spot.place.is_inside() && !fault::is(Fault::NewsKeptBack) {
        feed::announce_stock(tx, warehouse, &[&place, &plate, state, item, &lot, &serial])?;
    }
    Ok(Quantity::from_thousandths(
        row.expect("an upsert returns its row").int("quantity")?,
    ))
}
