//! The demo warehouse whole, as the sheets that the office imports.

use super::assets;
use super::dice::Dice;
use super::goods;
use super::sheet::{Table, row};
use super::{orders, stock};
use crate::office::import::Sheet;
use chrono::NaiveDate;

/// The seed of the demo that everyone sees.
pub const SEED: u64 = 1;

/// The demo warehouse as sheets to import. Dates lie around `today`; the same day and seed give the same bytes.
pub fn sheets(today: NaiveDate, seed: u64) -> Vec<Sheet> {
    let sheet = |(name, text)| Sheet::new(name, text).expect("every name is one of a sheet");
    files(today, seed).into_iter().map(sheet).collect()
}

/// The same as CSV files: name and content.
pub fn files(today: NaiveDate, seed: u64) -> Vec<(&'static str, Vec<u8>)> {
    let articles = goods::articles();
    let partners = assets::partners();
    let mut dice = Dice::new(seed);
    let mut bins = Table::new(&[
        "warehouse",
        "code",
        "zone",
        "kind",
        "sequence",
        "x_cm",
        "y_cm",
        "level",
    ]);
    let mut kept = Table::new(&[
        "warehouse",
        "bin",
        "item",
        "lot",
        "serial",
        "expiry",
        "quantity",
    ]);
    let mut full = Table::new(&["warehouse", "bin", "item", "least", "most", "multiple"]);
    let mut sales = Table::new(&[
        "warehouse",
        "order",
        "customer",
        "priority",
        "due",
        "line",
        "item",
        "quantity",
    ]);
    let mut receipts = Table::new(&[
        "warehouse",
        "order",
        "supplier",
        "bin",
        "line",
        "item",
        "lot",
        "expiry",
        "plate",
        "quantity",
    ]);
    let mut trucks = Table::new(&["warehouse", "shipment", "order", "stop", "door", "carrier"]);
    for plan in &assets::layout().warehouses {
        let places = stock::places(plan);
        stock::bins(&mut bins, plan, &places);
        let standing = stock::fill(
            &mut kept, &mut full, plan, &places, &articles, today, &mut dice,
        );
        orders::sales(
            &mut sales, plan, &articles, &standing, &partners, today, &mut dice,
        );
        orders::trucks(&mut trucks, plan);
        orders::receipts(&mut receipts, plan, &articles, &partners, today, &mut dice);
    }
    vec![
        ("warehouses.csv", warehouses()),
        ("items.csv", goods::items(&articles)),
        ("barcodes.csv", goods::barcodes(&articles)),
        ("bins.csv", bins.bytes()),
        ("workers.csv", workers()),
        ("suppliers.csv", named("supplier", &partners)),
        ("customers.csv", named("customer", &partners)),
        ("stock.csv", kept.bytes()),
        ("receipts.csv", receipts.bytes()),
        ("orders.csv", sales.bytes()),
        ("cartons.csv", cartons()),
        ("shipments.csv", trucks.bytes()),
        ("faces.csv", full.bytes()),
    ]
}

fn warehouses() -> Vec<u8> {
    let mut table = Table::new(&["code", "name"]);
    for plan in assets::layout().warehouses {
        row!(table, plan.code, plan.name);
    }
    table.bytes()
}

fn workers() -> Vec<u8> {
    let mut table = Table::new(&["warehouse", "code", "name", "badge", "pin", "role"]);
    for person in assets::people() {
        let assets::Person {
            warehouse,
            code,
            name,
            badge,
            pin,
            role,
        } = person;
        table.row(&[warehouse, code, name, badge, pin, role]);
    }
    table.bytes()
}

fn cartons() -> Vec<u8> {
    let mut table = Table::new(&[
        "code",
        "name",
        "length_mm",
        "width_mm",
        "height_mm",
        "max_weight_g",
        "tare_g",
        "cost",
    ]);
    for (code, name, sides, most, tare, cost) in [
        ("BOX-S", "Small box", [200, 150, 100], 5000, 90, 40),
        ("BOX-M", "Medium box", [400, 300, 200], 15_000, 320, 90),
        ("BOX-L", "Large box", [600, 400, 400], 30_000, 780, 180),
    ] {
        let [length, width, height] = sides;
        row!(table, code, name, length, width, height, most, tare, cost);
    }
    table.bytes()
}

fn named(kind: &str, partners: &[assets::Partner]) -> Vec<u8> {
    let mut table = Table::new(&["code", "name", "address_1", "address_2"]);
    let of_kind = partners.iter().filter(|partner| partner.kind == kind);
    for (partner, number) in of_kind.zip(1..) {
        let (street, town) = (format!("{number} Example Street"), "00000 Example Town");
        row!(table, partner.code, partner.name, street, town);
    }
    table.bytes()
}
