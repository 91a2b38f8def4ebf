//! Substitutes: what may go instead of an item that is not there, to customers who take it.

use super::allocate::{self, Found, Wanted};
use super::database::{Tx, values};
use super::rules::Rules;
use super::{Error, records};
use crate::warehouse::{Goods, Item, ItemCode, LineNo, PackLine, Quantity, Timestamp};

/// Free stock of what is wanted; for what is not there, of its substitutes where the customer takes them and no lot or
/// serial was demanded. What was found names its item.
pub(super) fn find(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    rules: &Rules,
    wanted: &Wanted,
    customer: &str,
) -> Result<Vec<Found>, Error> {
    let mut found = allocate::find(tx, now, warehouse, rules, wanted)?;
    let goods = wanted.goods;
    let left = |found: &[Found]| {
        wanted
            .quantity
            .minus(found.iter().map(|it| it.quantity).sum())
    };
    let is_bound = goods.lot.is_some() || goods.serial.is_some();
    if is_bound || !left(&found).is_positive() || !takes(tx, customer)? {
        return Ok(found);
    }
    for item in of(tx, &goods.item)? {
        let instead = Goods::of(item);
        let more = Wanted {
            goods: &instead,
            quantity: left(&found),
            ..*wanted
        };
        if more.quantity.is_positive() {
            found.extend(allocate::find(tx, now, warehouse, rules, &more)?);
        }
    }
    Ok(found)
}

/// What may go instead of an item to a customer, the best first; nothing if they take no substitutes.
pub(super) fn offered(tx: &Tx, item: &ItemCode, customer: &str) -> Result<Vec<ItemCode>, Error> {
    let of_it = of(tx, item)?;
    if of_it.is_empty() || !takes(tx, customer)? {
        return Ok(Vec::new());
    }
    Ok(of_it)
}

fn takes(tx: &Tx, customer: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 AS one FROM partners WHERE kind = 'customer' AND (code = ?1 OR name = ?1) AND takes_substitutes = 1";
    Ok(tx.first(sql, values![customer])?.is_some())
}

fn of(tx: &Tx, item: &ItemCode) -> Result<Vec<ItemCode>, Error> {
    let sql = "SELECT substitute FROM substitutes WHERE item = ?1 ORDER BY rank, substitute";
    let rows = tx.rows(sql, values![item.as_str()])?;
    rows.iter()
        .map(|row| Ok(row.parse("substitute")?))
        .collect()
}

/// This may go instead of an item from now on.
pub(crate) fn put(tx: &Tx, item: &ItemCode, substitute: &ItemCode, rank: u32) -> Result<(), Error> {
    let sql = "INSERT INTO substitutes (item, substitute, rank) VALUES (?1, ?2, ?3)
               ON CONFLICT (item, substitute) DO UPDATE SET rank = excluded.rank";
    tx.run(sql, values![item.as_str(), substitute.as_str(), rank])?;
    Ok(())
}

/// Packing lines of what an order did not name itself are numbered from here on.
pub(super) const UNNAMED: LineNo = 100_000;

/// Adds so much of an item to what is packed: to its line if it has one, else under a number of its own.
pub(super) fn pack_too(
    tx: &Tx,
    lines: &mut Vec<PackLine>,
    item: &Item,
    quantity: Quantity,
) -> Result<(), Error> {
    if let Some(known) = lines.iter_mut().find(|line| line.item.code == item.code) {
        known.wanted = known.wanted.plus(quantity);
        return Ok(());
    }
    let last = lines.iter().map(|line| line.line).max().unwrap_or(0);
    lines.push(PackLine {
        line: last.max(UNNAMED).saturating_add(1),
        item: item.clone(),
        barcodes: records::barcodes_of(tx, &item.code)?,
        wanted: quantity,
        picked: Vec::new(),
    });
    Ok(())
}
