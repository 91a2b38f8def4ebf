//! How items stand: what is there and usable, what is promised, and what is on its way.

use crate::office::Error;
use crate::office::database::{Row, Tx, values};
use crate::planning::replenish::{Arrival, Standing};
use crate::warehouse::{ItemCode, Quantity, Timestamp};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// How every item of a warehouse stands of which anything is there, promised or coming; or one item.
pub(super) fn all(
    tx: &Tx,
    warehouse: &str,
    item: &str,
    today: NaiveDate,
) -> Result<BTreeMap<ItemCode, Standing>, Error> {
    let mut found: BTreeMap<ItemCode, Standing> = BTreeMap::new();
    let sql = "SELECT item, SUM(quantity) AS quantity FROM stock
               WHERE warehouse = ?1 AND (?2 = '' OR item = ?2) AND place LIKE 'bin:%' AND status = 'available'
                   AND quantity <> 0 AND (expiry IS NULL OR expiry >= ?3) GROUP BY item";
    tx.each(sql, values![warehouse, item, today.to_string()], |row| {
        let standing = of(&mut found, &row)?;
        standing.on_hand = standing.on_hand.plus(quantity(&row)?);
        Ok::<(), Error>(())
    })?;
    // What open work is still to fetch stands there yet; what open orders want was not given to any work.
    let promised = "SELECT item, SUM(quantity - done) AS quantity FROM task_lines
               WHERE warehouse = ?1 AND (?2 = '' OR item = ?2) AND is_open = 1 AND quantity > done GROUP BY item";
    let wanted = "SELECT w.item, SUM(w.quantity) AS quantity FROM (
                   SELECT COALESCE(k.component, l.item) AS item,
                       CASE WHEN k.component IS NULL THEN l.quantity ELSE l.quantity / 1000 * k.quantity END AS quantity
                   FROM orders o JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
                   LEFT JOIN kits k ON k.kit = l.item
                   WHERE o.warehouse = ?1 AND o.kind IN ('sales', 'transfer') AND o.state = 'open') w
               WHERE (?2 = '' OR w.item = ?2) GROUP BY w.item";
    for sql in [promised, wanted] {
        tx.each(sql, values![warehouse, item], |row| {
            let standing = of(&mut found, &row)?;
            standing.promised = standing.promised.plus(quantity(&row)?);
            Ok::<(), Error>(())
        })?;
    }
    let sql = "SELECT l.item, o.due, l.quantity - (SELECT COALESCE(SUM(r.quantity), 0) FROM received r
                   WHERE r.warehouse = l.warehouse AND r.order_code = l.order_code AND r.line = l.line) AS quantity
               FROM orders o JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
               WHERE o.warehouse = ?1 AND o.kind = 'receipt' AND o.state IN ('open', 'released', 'receiving')
                   AND (?2 = '' OR l.item = ?2)";
    tx.each(sql, values![warehouse, item], |row| {
        let left = quantity(&row)?;
        if left.is_positive() {
            // What nobody promised a day for is hoped for, not counted on: as if it were overdue.
            let due = row.parse_maybe::<Timestamp>("due")?;
            let due = due.map_or(NaiveDate::MIN, |due| due.date_naive());
            of(&mut found, &row)?.on_order.push(Arrival {
                due,
                quantity: left,
            });
        }
        Ok::<(), Error>(())
    })?;
    Ok(found)
}

fn quantity(row: &Row) -> Result<Quantity, Error> {
    Ok(Quantity::from_thousandths(row.int("quantity")?))
}

fn of<'a>(
    found: &'a mut BTreeMap<ItemCode, Standing>,
    row: &Row,
) -> Result<&'a mut Standing, Error> {
    let item: ItemCode = row.parse("item")?;
    Ok(found.entry(item.clone()).or_insert_with(|| nothing(item)))
}

/// An item of which nothing is there.
pub(super) const fn nothing(item: ItemCode) -> Standing {
    Standing {
        item,
        on_hand: Quantity::ZERO,
        on_order: Vec::new(),
        promised: Quantity::ZERO,
    }
}
