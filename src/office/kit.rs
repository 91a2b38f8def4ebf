//! Kits: what a customer orders under one name and gets as components, only as many as are whole.

use super::database::{Tx, values};
use super::release::{Head, Terms};
use super::{Error, allocate};
use crate::warehouse::{Goods, ItemCode, Quantity, Timestamp};

/// A component of a kit, and how much of it one kit has.
pub(super) struct Component {
    pub item: ItemCode,
    pub each: Quantity,
}

/// What is fetched for an order line, and how much of the line that leaves out.
pub(super) struct Parts {
    /// Goods and how much of them.
    pub parts: Vec<(Goods, Quantity)>,
    /// So much of the line cannot be had whole.
    pub lacking: Quantity,
    /// Whether it is a kit.
    pub is_kit: bool,
}

/// The line itself, or the components of as many whole kits as there is stock for.
pub(super) fn parts(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    (terms, head): (&Terms, &Head),
    goods: &Goods,
    wanted: Quantity,
) -> Result<Parts, Error> {
    let components = components(tx, &goods.item)?;
    if components.is_empty() {
        return Ok(Parts {
            parts: vec![(goods.clone(), wanted)],
            lacking: Quantity::ZERO,
            is_kit: false,
        });
    }
    let mut whole = wanted.thousandths() / 1000;
    for Component { item, each } in &components {
        let goods = Goods::of(item.clone());
        let all = allocate::Wanted {
            goods: &goods,
            quantity: Quantity::from_thousandths(whole.saturating_mul(each.thousandths())),
            not_at: None,
            life_days: head.life_days,
        };
        let found = allocate::find(tx, now, warehouse, &terms.rules, &all)?;
        let there: Quantity = found.iter().map(|found| found.quantity).sum();
        whole = whole.min(there.thousandths() / each.thousandths().max(1));
    }
    let of_all =
        |each: Quantity| Quantity::from_thousandths(whole.saturating_mul(each.thousandths()));
    let parts = components.into_iter();
    Ok(Parts {
        parts: parts
            .map(|part| (Goods::of(part.item), of_all(part.each)))
            .filter(|(_, quantity)| quantity.is_positive())
            .collect(),
        lacking: wanted.minus(Quantity::from_thousandths(whole.saturating_mul(1000))),
        is_kit: true,
    })
}

/// What a kit is put together from; nothing if the item is no kit.
pub(super) fn components(tx: &Tx, kit: &ItemCode) -> Result<Vec<Component>, Error> {
    let sql = "SELECT component, quantity FROM kits WHERE kit = ?1 ORDER BY component";
    let rows = tx.rows(sql, values![kit.as_str()])?;
    rows.iter()
        .map(|row| {
            Ok(Component {
                item: row.parse("component")?,
                each: Quantity::from_thousandths(row.int("quantity")?),
            })
        })
        .collect()
}

/// One kit has so much of this component from now on.
pub(crate) fn put_component(
    tx: &Tx,
    kit: &ItemCode,
    component: &ItemCode,
    quantity: Quantity,
) -> Result<(), Error> {
    let sql = "INSERT INTO kits (kit, component, quantity) VALUES (?1, ?2, ?3)
               ON CONFLICT (kit, component) DO UPDATE SET quantity = excluded.quantity";
    let values = values![kit.as_str(), component.as_str(), quantity.thousandths()];
    tx.run(sql, values)?;
    Ok(())
}
