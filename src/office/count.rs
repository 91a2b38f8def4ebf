//! Counts: what was counted in a bin or a zone against the book. Nothing is moved; a person decides what a difference means.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, stock_steps};
use crate::warehouse::{Area, Entry, Fact, Goods, Place, Quantity};
use std::collections::BTreeMap;

/// Most items that a note names.
const NAMED: usize = 5;

/// Most facts of one count that are put together.
const MOST_PARTS: u64 = 200;

/// Holds a count against the book when its last part is here, and tells a person where they differ.
/// Other facts are no counts.
pub(super) fn compare(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    let Fact::TagsCounted {
        area,
        counted,
        unknown,
        more: false,
    } = &entry.fact
    else {
        return Ok(());
    };
    let mut items = book(tx, posting.warehouse, area)?;
    let before = parts_before(tx, posting, entry)?;
    for (Goods { item, .. }, quantity) in before.iter().chain(counted) {
        let (count, _) = items.entry(item.to_string()).or_default();
        *count = count.plus(*quantity);
    }
    items.retain(|_, (count, book)| count != book);
    if items.is_empty() {
        return Ok(());
    }
    let differ = items.iter().take(NAMED);
    let differ: Vec<String> = differ
        .map(|(item, (count, book))| format!("{count} of {item} and not {book}"))
        .collect();
    let more = match items.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more items differ"),
    };
    let strange = match unknown {
        0 => String::new(),
        unknown => format!("; not known: {unknown}"),
    };
    let note = format!(
        "{area} by its tags holds {}{more}{strange}",
        differ.join(", ")
    );
    posting.exception(tx, ExceptionKind::CountDiffers, &note)?;
    // Tags tell no lots and can be out of reach: a hand count is held against the book and corrects it.
    match area {
        Area::Bin(bin) => stock_steps::count_all(tx, posting, bin),
        Area::Zone(_) => Ok(()),
    }
}

/// What the earlier facts of the same act and count name.
fn parts_before(
    tx: &Tx,
    posting: &Posting,
    entry: &Entry,
) -> Result<Vec<(Goods, Quantity)>, Error> {
    let first = entry.act.max(posting.seq.saturating_sub(MOST_PARTS));
    let sql = "SELECT line FROM journal WHERE device = ?1 AND epoch = ?2 AND seq >= ?3 AND seq < ?4 ORDER BY seq";
    let mut parts = Vec::new();
    for row in tx.rows(
        sql,
        values![posting.device, posting.epoch, first, posting.seq],
    )? {
        // What cannot be read is no part of a count that can.
        let Ok(part) = serde_json::from_str::<Entry>(row.text("line")?) else {
            continue;
        };
        if let Fact::TagsCounted {
            counted,
            more: true,
            ..
        } = part.fact
            && part.act == entry.act
        {
            parts.extend(counted);
        }
    }
    Ok(parts)
}

/// What each item in a bin or zone was counted to (nothing yet), and what it should be.
fn book(
    tx: &Tx,
    warehouse: &str,
    area: &Area,
) -> Result<BTreeMap<String, (Quantity, Quantity)>, Error> {
    let rows = match area {
        Area::Bin(bin) => {
            let place = Place::Bin(bin.clone()).to_string();
            let sql = "SELECT item, quantity FROM stock WHERE warehouse = ?1 AND place = ?2 AND quantity <> 0";
            tx.rows(sql, values![warehouse, place])
        }
        Area::Zone(zone) => {
            let sql = "SELECT s.item, s.quantity FROM bins b JOIN stock s ON s.warehouse = b.warehouse
                       AND s.place = 'bin:' || b.code WHERE b.warehouse = ?1 AND b.zone = ?2 AND s.quantity <> 0";
            tx.rows(sql, values![warehouse, zone.as_str()])
        }
    }?;
    let mut items: BTreeMap<String, (Quantity, Quantity)> = BTreeMap::new();
    for row in rows {
        let (_, book) = items.entry(row.text("item")?.to_owned()).or_default();
        *book = book.plus(Quantity::from_thousandths(row.int("quantity")?));
    }
    Ok(items)
}
