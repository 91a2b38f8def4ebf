//! Packing and shipping as the office plans them: addresses, kinds of carton, how exactly cartons must weigh.

use super::database::{Tx, values};
use super::{Error, records};
use crate::warehouse::{CartonType, OrderCode, Packing, SafeText, Weighing};

/// How an order is to be packed: what the office knows of its customer and of its own cartons.
pub(super) fn packing(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Packing, Error> {
    let sql = "SELECT p.address FROM orders o JOIN partners p ON p.kind = 'customer' AND (p.code = o.partner OR p.name = o.partner)
               WHERE o.warehouse = ?1 AND o.code = ?2 ORDER BY p.code = o.partner DESC, p.code LIMIT 1";
    let row = tx.first(sql, values![warehouse, order.as_str()])?;
    let address = row.map_or(Ok(String::new()), |row| {
        row.text("address").map(str::to_owned)
    })?;
    Ok(Packing {
        ship_to: address.lines().take(4).map(SafeText::new).collect(),
        cartons: carton_types(tx)?,
        weighing: weighing(tx)?,
    })
}

/// The kinds of carton there are.
pub(super) fn carton_types(tx: &Tx) -> Result<Vec<CartonType>, Error> {
    let sql = "SELECT code, name, length_mm, width_mm, height_mm, max_weight_g, tare_g, cost FROM carton_types ORDER BY code";
    let read = |row: &super::database::Row| {
        let number = |name| {
            row.count(name)
                .map(|value| u32::try_from(value).unwrap_or(u32::MAX))
        };
        Ok(CartonType {
            code: row.parse("code")?,
            name: SafeText::new(row.text("name")?),
            inner_mm: [
                number("length_mm")?,
                number("width_mm")?,
                number("height_mm")?,
            ],
            max_weight_g: number("max_weight_g")?,
            tare_g: number("tare_g")?,
            cost: number("cost")?,
        })
    };
    tx.rows(sql, &[])?.iter().map(read).collect()
}

/// Whether closed cartons are weighed, by two settings: `weigh_cartons_g` and `weigh_cartons_percent`.
fn weighing(tx: &Tx) -> Result<Option<Weighing>, Error> {
    let number = |name| {
        let text = records::setting(tx, name)?;
        Ok::<_, Error>(text.and_then(|text| text.parse::<u32>().ok()))
    };
    let (grams, percent) = (number("weigh_cartons_g")?, number("weigh_cartons_percent")?);
    Ok((grams.is_some() || percent.is_some()).then(|| Weighing {
        tolerance_g: grams.unwrap_or(0),
        tolerance_percent: percent.unwrap_or(0),
    }))
}
