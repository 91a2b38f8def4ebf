//! What a picking line brings along beside its bin and its goods, so that a worker without signal can act on it: whether to
//! say how many are left, what a unit is worth, and what the customer takes instead.

use super::allocate::{self, Wanted, pick_line};
use super::database::{Tx, values};
use super::rules::Rules;
use super::{Error, records, substitute};
use crate::warehouse::{BinCode, Goods, ItemCode, PickLine, Quantity, Timestamp};

/// Most items that are offered instead.
const OFFERED: usize = 3;

/// Who it is for, when and by which rules.
pub(super) struct For<'a> {
    pub now: Timestamp,
    pub warehouse: &'a str,
    pub rules: &'a Rules,
    pub customer: &'a str,
    pub life_days: u32,
}

/// The line with all that goes with it. `wanted` is what the customer asked for; `leaves`, how many are left when it is done.
pub(super) fn complete(
    tx: &Tx,
    of: &For,
    wanted: &Goods,
    leaves: Quantity,
    line: PickLine,
) -> Result<PickLine, Error> {
    let item = &line.item.code;
    let is_plain = wanted.lot.is_none() && wanted.serial.is_none() && wanted.item == *item;
    Ok(PickLine {
        ask_left: asks_left(tx, of, &line, leaves)?,
        value: value(tx, item)?,
        instead: if is_plain && of.rules.offer_instead {
            instead(tx, of, wanted, line.quantity)?
        } else {
            Vec::new()
        },
        ..line
    })
}

fn value(tx: &Tx, item: &ItemCode) -> Result<Option<u64>, Error> {
    let sql = "SELECT value FROM item_values WHERE item = ?1";
    let row = tx.first(sql, values![item.as_str()])?;
    Ok(row.map(|row| row.count("value")).transpose()?)
}

/// Whether so few are left by the book that the worker who stands there should count them. Only where the item lies there in
/// one lot and status, and without serials: a number says nothing of others.
fn asks_left(tx: &Tx, of: &For, line: &PickLine, leaves: Quantity) -> Result<bool, Error> {
    let (rules, item) = (&of.rules.ask_left, &line.item.code);
    let most = rules.of.get(item).copied().or(rules.at_most);
    let few = most.is_some_and(|most| leaves <= most)
        || rules.below_least && leaves < least(tx, of.warehouse, &line.bin, item)?;
    if !few || line.empties_bin || line.item.tracking.serial {
        return Ok(false);
    }
    let sql = "SELECT COUNT(*) AS rows FROM stock WHERE warehouse = ?1 AND place = ?2 AND item = ?3 AND quantity <> 0";
    let place = format!("bin:{}", line.bin);
    let row = tx.first(sql, values![of.warehouse, place, item.as_str()])?;
    Ok(row.map_or(Ok(0), |row| row.int("rows"))? == 1)
}

/// How many of an item should be in its pick face at least; none where it has no face there.
fn least(tx: &Tx, warehouse: &str, bin: &BinCode, item: &ItemCode) -> Result<Quantity, Error> {
    let sql = "SELECT least FROM pick_faces WHERE warehouse = ?1 AND bin = ?2 AND item = ?3";
    let row = tx.first(sql, values![warehouse, bin.as_str(), item.as_str()])?;
    let least = row.map_or(Ok(0), |row| row.int("least"))?;
    Ok(Quantity::from_thousandths(least))
}

/// What the customer takes instead and is free now. Nothing is promised by it.
fn instead(tx: &Tx, of: &For, wanted: &Goods, quantity: Quantity) -> Result<Vec<PickLine>, Error> {
    let mut offered = Vec::new();
    for item in substitute::offered(tx, &wanted.item, of.customer)? {
        let goods = Goods::of(item);
        let wanted = Wanted {
            goods: &goods,
            quantity,
            not_at: None,
            life_days: of.life_days,
        };
        let found = allocate::find(tx, of.now, of.warehouse, of.rules, &wanted)?;
        let Some(best) = found.into_iter().max_by_key(|found| found.quantity) else {
            continue;
        };
        let item = records::known_item(tx, &goods.item)?;
        let barcodes = records::barcodes_of(tx, &item.code)?;
        let value = value(tx, &item.code)?;
        let line = pick_line(0, best, item, barcodes);
        offered.push(PickLine { value, ..line });
        if offered.len() == OFFERED {
            break;
        }
    }
    Ok(offered)
}
