//! Records: the office's own data. Each `put` says the new state of one thing, and the handhelds hear of it.

use super::database::{Tx, values};
use super::{Document, Error, feed, ledger};
use crate::warehouse::{
    Barcode, Bin, BinCode, BinKind, Goods, Handling, Item, ItemCode, Limits, Move, Place, Quantity,
    SafeText, Spot, Sscc, Status, Tracking, WarehouseCode,
};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Stock as counted at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRecord {
    /// The warehouse.
    pub warehouse: WarehouseCode,
    /// Where.
    pub bin: BinCode,
    /// What.
    pub goods: Goods,
    /// On which license plate.
    pub plate: Option<Sscc>,
    /// Whether it may be used.
    pub status: Status,
    /// How much is there in all.
    pub quantity: Quantity,
}

pub(super) fn setting(tx: &Tx, name: &str) -> Result<Option<String>, Error> {
    let row = tx.first("SELECT value FROM settings WHERE name = ?1", values![name])?;
    Ok(row
        .map(|row| row.text("value").map(str::to_owned))
        .transpose()?)
}

pub(super) fn set(tx: &Tx, name: &str, value: &str) -> Result<(), Error> {
    let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.run(sql, values![name, value])?;
    Ok(())
}

/// Codes of all warehouses.
pub(super) fn warehouses(tx: &Tx) -> Result<Vec<String>, Error> {
    let rows = tx.rows("SELECT code FROM warehouses ORDER BY code", &[])?;
    Ok(rows
        .iter()
        .map(|row| row.text("code").map(str::to_owned))
        .collect::<Result<_, _>>()?)
}

pub(super) const fn bin_kind(kind: BinKind) -> &'static str {
    match kind {
        BinKind::PickFace => "pick_face",
        BinKind::Reserve => "reserve",
        BinKind::Receiving => "receiving",
        BinKind::Packing => "packing",
        BinKind::Dock => "dock",
        BinKind::Quarantine => "quarantine",
        BinKind::Staging => "staging",
        BinKind::Returns => "returns",
    }
}

/// Reads a bin kind as it is written in the database and in imports.
pub(super) fn read_bin_kind(text: &str) -> Option<BinKind> {
    BinKind::ALL
        .into_iter()
        .find(|&kind| bin_kind(kind) == text)
}

pub(crate) fn put_warehouse(tx: &Tx, code: &WarehouseCode, name: &SafeText) -> Result<(), Error> {
    let known = warehouses(tx)?.iter().any(|known| known == code.as_str());
    let sql = "INSERT INTO warehouses (code, name) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET name = excluded.name";
    tx.run(sql, values![code.as_str(), name.as_str()])?;
    // What the whole company has was announced before this warehouse was there to hear it.
    for (kind, sql) in [
        ("item", "SELECT code FROM items ORDER BY code"),
        ("barcode", "SELECT code FROM barcodes ORDER BY code"),
    ] {
        for row in if known {
            Vec::new()
        } else {
            tx.rows(sql, &[])?
        } {
            feed::announce(tx, code.as_str(), kind, row.text("code")?)?;
        }
    }
    Ok(())
}

pub(crate) fn put_item(tx: &Tx, item: &Item) -> Result<(), Error> {
    let sql = "INSERT INTO items (code, name, unit, tracks_lot, tracks_serial, tracks_expiry, weight_g, length_mm, width_mm,
                   height_mm, catch_weight, temperature, hazard, fragile, upright, shelf_life_days, inspect)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
               ON CONFLICT (code) DO UPDATE SET name = excluded.name, unit = excluded.unit, tracks_lot = excluded.tracks_lot,
                   tracks_serial = excluded.tracks_serial, tracks_expiry = excluded.tracks_expiry, weight_g = excluded.weight_g,
                   length_mm = excluded.length_mm, width_mm = excluded.width_mm, height_mm = excluded.height_mm,
                   catch_weight = excluded.catch_weight, temperature = excluded.temperature, hazard = excluded.hazard,
                   fragile = excluded.fragile, upright = excluded.upright, shelf_life_days = excluded.shelf_life_days,
                   inspect = excluded.inspect";
    let handling = &item.handling;
    let side = |at: usize| handling.size_mm.map(|size| size[at]);
    let Tracking {
        lot,
        serial,
        expiry,
    } = item.tracking;
    tx.run(
        sql,
        values![
            item.code.as_str(),
            item.name.as_str(),
            item.unit.as_str(),
            lot,
            serial,
            expiry,
            item.weight_g,
            side(0),
            side(1),
            side(2),
            handling.catch_weight,
            handling.temperature.as_str(),
            ledger::text(handling.hazard.as_ref()),
            handling.fragile,
            handling.upright,
            handling.shelf_life_days,
            handling.inspect
        ],
    )?;
    feed::announce_everywhere(tx, "item", item.code.as_str())
}

pub(crate) fn put_barcode(tx: &Tx, barcode: &Barcode) -> Result<(), Error> {
    let sql = "INSERT INTO barcodes (code, item, holds) VALUES (?1, ?2, ?3)
               ON CONFLICT (code) DO UPDATE SET item = excluded.item, holds = excluded.holds";
    tx.run(
        sql,
        values![
            barcode.code.as_str(),
            barcode.item.as_str(),
            barcode.holds.thousandths()
        ],
    )?;
    feed::announce_everywhere(tx, "barcode", barcode.code.as_str())
}

pub(crate) fn put_bin(tx: &Tx, warehouse: &WarehouseCode, bin: &Bin) -> Result<(), Error> {
    let sql = "INSERT INTO bins (warehouse, code, zone, kind, sequence, x_cm, y_cm, level, frozen, most_weight_g,
                   most_volume_cm3, most_height_mm, temperature, mixing, equipment)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
               ON CONFLICT (warehouse, code) DO UPDATE SET zone = excluded.zone, kind = excluded.kind,
                   sequence = excluded.sequence, x_cm = excluded.x_cm, y_cm = excluded.y_cm, level = excluded.level,
                   frozen = excluded.frozen, most_weight_g = excluded.most_weight_g,
                   most_volume_cm3 = excluded.most_volume_cm3, most_height_mm = excluded.most_height_mm,
                   temperature = excluded.temperature, mixing = excluded.mixing, equipment = excluded.equipment";
    let kind = bin_kind(bin.kind);
    let (code, zone) = (bin.code.as_str(), bin.zone.as_str());
    let level = u32::from(bin.level);
    tx.run(
        sql,
        values![
            warehouse.as_str(),
            code,
            zone,
            kind,
            bin.sequence,
            bin.x_cm,
            bin.y_cm,
            level,
            bin.frozen,
            bin.limits.weight_g,
            bin.limits.volume_cm3,
            bin.limits.height_mm,
            bin.limits.temperature.as_str(),
            bin.limits.mixing.as_str(),
            ledger::text(bin.limits.equipment.as_ref())
        ],
    )?;
    feed::announce(tx, warehouse.as_str(), "bin", bin.code.as_str())
}

/// A bin is an item's own from now on.
pub(crate) fn put_fixed_bin(
    tx: &Tx,
    warehouse: &WarehouseCode,
    bin: &BinCode,
    item: &ItemCode,
) -> Result<(), Error> {
    let sql =
        "INSERT INTO fixed_bins (warehouse, bin, item) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    tx.run(
        sql,
        values![warehouse.as_str(), bin.as_str(), item.as_str()],
    )?;
    Ok(())
}

/// What one unit of an item is worth, in hundredths.
pub(crate) fn put_value(tx: &Tx, item: &ItemCode, value: i64) -> Result<(), Error> {
    let sql = "INSERT INTO item_values (item, value) VALUES (?1, ?2) ON CONFLICT (item) DO UPDATE SET value = excluded.value";
    tx.run(sql, values![item.as_str(), value])?;
    Ok(())
}

/// One unit of a product takes so much of a component.
pub(crate) fn put_recipe(
    tx: &Tx,
    product: &ItemCode,
    component: &ItemCode,
    quantity: Quantity,
) -> Result<(), Error> {
    let sql = "INSERT INTO recipes (product, component, quantity) VALUES (?1, ?2, ?3)
               ON CONFLICT (product, component) DO UPDATE SET quantity = excluded.quantity";
    let (product, component) = (product.as_str(), component.as_str());
    tx.run(sql, values![product, component, quantity.thousandths()])?;
    Ok(())
}

/// Sets stock to what was counted: the difference to the book is found or lost.
pub(crate) fn put_stock(
    tx: &Tx,
    now: &str,
    paper: &str,
    record: &StockRecord,
) -> Result<(), Error> {
    let spot = Spot {
        place: Place::Bin(record.bin.clone()),
        plate: record.plate,
        status: record.status,
    };
    let sql = "SELECT quantity FROM stock WHERE warehouse = ?1 AND place = ?2 AND plate = ?3 AND status = ?7
               AND item = ?4 AND lot = ?5 AND serial = ?6";
    let goods = &record.goods;
    let (place, plate) = (spot.place.to_string(), ledger::text(record.plate.as_ref()));
    let (lot, serial) = (
        ledger::text(goods.lot.as_ref()),
        ledger::text(goods.serial.as_ref()),
    );
    let known = tx.first(
        sql,
        values![
            record.warehouse.as_str(),
            place,
            plate,
            goods.item.as_str(),
            lot,
            serial,
            ledger::status(record.status)
        ],
    )?;
    let known = known.map_or(Ok(0), |row| row.int("quantity"))?;
    let more = record.quantity.minus(Quantity::from_thousandths(known));
    let (quantity, source, target) = if more.is_positive() {
        (more, Spot::at(Place::Found), spot)
    } else {
        (Quantity::ZERO.minus(more), spot, Spot::at(Place::Loss))
    };
    if quantity.is_positive() {
        let step = Move {
            goods: goods.clone(),
            quantity,
            source,
            target,
        };
        ledger::post(
            tx,
            record.warehouse.as_str(),
            now,
            &Document::Paper(paper.to_owned()),
            &step,
        )?;
    }
    correct_expiry(tx, record.warehouse.as_str(), goods)
}

/// A lot has one last day, wherever it stands: what is said last counts.
fn correct_expiry(tx: &Tx, warehouse: &str, goods: &Goods) -> Result<(), Error> {
    let (Some(lot), Some(expiry)) = (&goods.lot, goods.expiry) else {
        return Ok(());
    };
    let sql = "UPDATE stock SET expiry = ?4 WHERE warehouse = ?1 AND item = ?2 AND lot = ?3 AND expiry IS DISTINCT FROM ?4
               RETURNING place, plate, status, serial";
    let (item, lot) = (goods.item.as_str(), lot.as_str());
    for row in tx.rows(sql, values![warehouse, item, lot, expiry.to_string()])? {
        if row.parse::<Place>("place")?.is_inside() {
            let (place, plate, status) =
                (row.text("place")?, row.text("plate")?, row.text("status")?);
            let key = [place, plate, status, item, lot, row.text("serial")?];
            feed::announce_stock(tx, warehouse, &key)?;
        }
    }
    Ok(())
}

/// All items, by their code.
pub(super) fn items(tx: &Tx) -> Result<HashMap<ItemCode, Item>, Error> {
    let mut items = HashMap::new();
    tx.each(ITEMS, values![], |row| {
        let item = read_item(&row)?;
        items.insert(item.code.clone(), item);
        Ok::<(), Error>(())
    })?;
    Ok(items)
}

const ITEMS: &str = "SELECT code, name, unit, tracks_lot, tracks_serial, tracks_expiry, weight_g, length_mm, width_mm,
    height_mm, catch_weight, temperature, hazard, fragile, upright, shelf_life_days, inspect FROM items";

pub(super) fn item(tx: &Tx, code: &str) -> Result<Option<Item>, Error> {
    let row = tx.first(&format!("{ITEMS} WHERE code = ?1"), values![code])?;
    row.map(|row| read_item(&row)).transpose()
}

fn read_item(row: &super::database::Row) -> Result<Item, Error> {
    Ok(Item {
        code: row.parse("code")?,
        name: SafeText::new(row.text("name")?),
        unit: SafeText::new(row.text("unit")?),
        tracking: Tracking {
            lot: row.flag("tracks_lot")?,
            serial: row.flag("tracks_serial")?,
            expiry: row.flag("tracks_expiry")?,
        },
        weight_g: small(row, "weight_g"),
        handling: handling(row)?,
    })
}

fn handling(row: &super::database::Row) -> Result<Handling, Error> {
    let sides = (
        small(row, "length_mm"),
        small(row, "width_mm"),
        small(row, "height_mm"),
    );
    Ok(Handling {
        size_mm: match sides {
            (Some(length), Some(width), Some(height)) => Some([length, width, height]),
            _ => None,
        },
        catch_weight: row.flag("catch_weight")?,
        temperature: row.parse("temperature")?,
        hazard: row.parse_maybe("hazard")?,
        fragile: row.flag("fragile")?,
        upright: row.flag("upright")?,
        shelf_life_days: small(row, "shelf_life_days"),
        inspect: row.flag("inspect")?,
    })
}

/// A number that may be unknown; one that cannot be counts as unknown.
fn small<T: TryFrom<i64>>(row: &super::database::Row, name: &'static str) -> Option<T> {
    row.maybe_int(name)
        .and_then(|value| T::try_from(value).ok())
}

/// An item that must be there.
pub(super) fn known_item(tx: &Tx, code: &ItemCode) -> Result<Item, Error> {
    item(tx, code.as_str())?.ok_or_else(|| Error::Unknown {
        what: "item",
        code: code.to_string(),
    })
}

fn read_barcode(row: &super::database::Row) -> Result<Barcode, Error> {
    Ok(Barcode {
        code: SafeText::new(row.text("code")?),
        item: row.parse("item")?,
        holds: Quantity::from_thousandths(row.int("holds")?),
    })
}

pub(super) fn barcode(tx: &Tx, code: &str) -> Result<Option<Barcode>, Error> {
    let row = tx.first(
        "SELECT code, item, holds FROM barcodes WHERE code = ?1",
        values![code],
    )?;
    row.map(|row| read_barcode(&row)).transpose()
}

pub(super) fn barcodes_of(tx: &Tx, item: &ItemCode) -> Result<Vec<Barcode>, Error> {
    let rows = tx.rows(
        "SELECT code, item, holds FROM barcodes WHERE item = ?1 ORDER BY holds, code",
        values![item.as_str()],
    )?;
    rows.iter().map(read_barcode).collect()
}

pub(super) fn bin(tx: &Tx, warehouse: &str, code: &str) -> Result<Option<Bin>, Error> {
    let sql = "SELECT code, zone, kind, sequence, x_cm, y_cm, level, frozen, most_weight_g, most_volume_cm3, most_height_mm,
                   temperature, mixing, equipment FROM bins WHERE warehouse = ?1 AND code = ?2";
    let Some(row) = tx.first(sql, values![warehouse, code])? else {
        return Ok(None);
    };
    read_bin(&row).map(Some)
}

/// A bin from its columns.
pub(super) fn read_bin(row: &super::database::Row) -> Result<Bin, Error> {
    let bad = |what, text: &str| {
        Error::Database(super::database::Error::Unreadable {
            what,
            text: text.to_owned(),
        })
    };
    let kind = row.text("kind")?;
    Ok(Bin {
        code: row.parse("code")?,
        zone: row.parse("zone")?,
        kind: read_bin_kind(kind).ok_or_else(|| bad("bin kind", kind))?,
        sequence: u32::try_from(row.count("sequence")?).unwrap_or(u32::MAX),
        x_cm: small(row, "x_cm").unwrap_or_default(),
        y_cm: small(row, "y_cm").unwrap_or_default(),
        level: u8::try_from(row.count("level")?).unwrap_or(u8::MAX),
        frozen: row.flag("frozen")?,
        limits: Limits {
            weight_g: small(row, "most_weight_g"),
            volume_cm3: small(row, "most_volume_cm3"),
            height_mm: small(row, "most_height_mm"),
            temperature: row.parse("temperature")?,
            mixing: row.parse("mixing")?,
            equipment: row.parse_maybe("equipment")?,
        },
    })
}

/// Goods from the usual columns.
pub(super) fn goods(row: &super::database::Row) -> Result<Goods, Error> {
    Ok(Goods {
        item: row.parse("item")?,
        lot: row.parse_maybe("lot")?,
        serial: row.parse_maybe("serial")?,
        expiry: row.parse_maybe::<NaiveDate>("expiry")?,
    })
}
