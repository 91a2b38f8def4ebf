//! Bringing records in from CSV files: all rows are checked first, every bad row is reported with file, line and reason,
//! and either all of them come in or nothing does. Bringing them in again updates.
//!
//! | file | columns |
//! |---|---|
//! | `warehouses.csv` | code, name |
//! | `items.csv` | code, name, unit, lot, serial, expiry, weight_g, length_mm, width_mm, height_mm, catch_weight, temperature, hazard, fragile, upright, shelf_life_days, inspect (`lot`, `serial`, `expiry`, `catch_weight`, `fragile`, `upright`, `inspect`: yes or no; `temperature`: ambient if empty, or chilled, frozen) |
//! | `barcodes.csv` | code, item, holds |
//! | `substitutes.csv` | item, substitute, rank (lower goes first) |
//! | `kits.csv` | kit, component, quantity (of the component in one kit; the kit itself is not kept in stock) |
//! | `bins.csv` | warehouse, code, zone, kind, sequence, x_cm, y_cm, level, frozen, most_weight_g, most_volume_cm3, most_height_mm, temperature, mixing, equipment (`kind`: pick_face, reserve, receiving, packing, dock, quarantine, staging, returns; `mixing`: any if empty, or one_item, one_lot) |
//! | `workers.csv` | warehouse, code, name, badge, pin, role, jobs, zones, equipment, language (`role`: picker or lead; `jobs`, `zones`, `equipment`: lists parted by `;`, any job and zone if empty; `language`: en, es, de, pl or fr) |
//! | `suppliers.csv` | code, name, inspect, address_1 to address_4 (`inspect`: yes or no) |
//! | `customers.csv` | code, name, min_life_days (for how many days what they get must be good), substitutes (yes: they take them), address_1 to address_4 |
//! | `fixed_bins.csv` | warehouse, bin, item |
//! | `stock.csv` | warehouse, bin, item, lot, serial, expiry, plate, status, quantity (`status`: available if empty, or on_hold, damaged, expired) |
//! | `receipts.csv` | warehouse, order, supplier, priority, due, bin, over_percent, least_days, line, item, lot, serial, expiry, plate, quantity (`bin` only if the goods stand there already) |
//! | `orders.csv` | warehouse, order, customer, priority, due, bench, line, item, lot, quantity |
//! | `transfers.csv` | warehouse (that sends), order, to (the warehouse that gets it), priority, due, bench, line, item, lot, quantity |
//! | `cartons.csv` | code, name, length_mm, width_mm, height_mm (inside), max_weight_g, tare_g, cost |
//! | `shipments.csv` | warehouse, shipment, order, stop, door, carrier, priority, due |
//! | `delivery_codes.csv` | warehouse, order, code (3 to 20 letters and digits that the customer shows when the order is brought) |
//! | `returns.csv` | warehouse, order, customer, priority, due, line, item, quantity |
//! | `production.csv` | warehouse, order, bin, priority, due, item, lot, expiry, quantity (`bin`: where it is put) |
//! | `disassembly.csv` | warehouse, order, bin, priority, due, item, lot, serial, quantity (`bin`: where its parts are put) |
//! | `faces.csv` | warehouse, bin, item, least, most, multiple (`multiple`: a case) |
//! | `values.csv` | item, value (of one unit, in the house's currency) |
//! | `recipes.csv` | product, component, quantity (for one unit of the product) |
//! | `supplier_terms.csv` | supplier, lead_days, order_days, delivery_days, closed, least_value (`order_days`, `delivery_days`: such as mon;thu, every day if empty; `closed`: days such as 2027-12-24;2027-12-25; `least_value`: of an order) |
//! | `supplies.csv` | item, supplier, rank, price, least, multiple, order_cost, breaks (of one unit, with up to five decimals; `rank`: lower is asked first; `breaks`: such as 100=9.50;500=9; `order_cost`: of an order, however large) |
//! | `plan_items.csv` | warehouse, item, bought, like, scale, service (`bought`: no for what is not bought any more; `like`, `scale`: a new item sells so many times what that one did; `service`: in per cent) |
//! | `past_demand.csv` | warehouse, item, day, quantity (what was wanted before this office kept the books) |
//! | `one_offs.csv` | warehouse, order (an order that will not come again) |
//! | `ordered.csv` | warehouse, order, day (when a receipt was ordered; the day it was imported if nobody says) |
//! | `prices.csv` | item, customer, price (what one unit is sold for; `customer`: empty for all others) |
//! | `receipt_costs.csv` | warehouse, order, line, value, duty_percent (what a line of a receipt cost by the invoice) |
//! | `receipt_charges.csv` | warehouse, order, charge, amount, by (a charge on a whole receipt; `by`: value if empty, or quantity, weight, volume) |

mod cells;
mod check;
mod made;
pub(super) mod one;
pub(super) mod plan;
mod rows;
mod scratch;
mod sheet;
pub(super) mod ship;
mod stream;

pub use sheet::Sheet;
pub use stream::BroughtIn;

use super::database::Tx;
use super::{Error, Office, OrderRecord, people, records, replenish};
use crate::warehouse::Timestamp;
use rows::Record;

/// Why a row cannot come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: u64,
    /// Why, and what would be right.
    pub reason: String,
}

impl std::fmt::Display for BadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} line {}: {}", self.file, self.line, self.reason)
    }
}

/// How an import ended that did not come in.
#[derive(Debug, thiserror::Error)]
pub enum NotImported {
    /// Some rows are bad; nothing came in.
    #[error("{} bad rows; nothing was imported", .0.len())]
    BadRows(Vec<BadRow>),
    /// A file was read twice and said two things.
    #[error("{file} line {line} changed while it was read: {reason}; bring it in again")]
    Changed {
        /// The file.
        file: String,
        /// The line in it, from 1.
        line: u64,
        /// What stands there now.
        reason: String,
    },
    /// The office could not.
    #[error(transparent)]
    Office(#[from] Error),
}

/// What came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that came in.
    pub rows: u64,
    /// Orders that stayed as they were, because work on them has begun.
    pub begun: u64,
}

/// Most bad rows that are reported; more help nobody.
const MOST_BAD: usize = 1000;

impl Office {
    /// Brings sheets in: all rows of all of them, or none.
    pub fn import(&self, now: Timestamp, sheets: &[Sheet]) -> Result<Imported, NotImported> {
        self.import_with(now, sheets, |_| Ok(()))
    }

    /// Looks sheets through without bringing them in. Says how many rows would come in.
    pub fn try_import(&self, sheets: &[Sheet]) -> Result<u64, NotImported> {
        // Nothing is written, so that it is of no moment when that is.
        let looked = self.told(sheets, true, chrono::Utc::now(), |_| Ok(()))?;
        Ok(looked.rows)
    }

    /// Brings sheets in together with something else that is written with the last of them.
    pub(super) fn import_with(
        &self,
        now: Timestamp,
        sheets: &[Sheet],
        also: impl FnOnce(&Tx) -> Result<(), Error>,
    ) -> Result<Imported, NotImported> {
        let BroughtIn { rows, begun, .. } = self.told(sheets, false, now, also)?;
        Ok(Imported { rows, begun })
    }

    fn told(
        &self,
        sheets: &[Sheet],
        is_dry: bool,
        now: Timestamp,
        also: impl FnOnce(&Tx) -> Result<(), Error>,
    ) -> Result<BroughtIn, NotImported> {
        let mut bad = Vec::new();
        let mut tell = |row| {
            if bad.len() < MOST_BAD {
                bad.push(row);
            }
        };
        let done = self.bring_in_with(now, sheets, is_dry, &mut tell, also)?;
        if bad.is_empty() {
            Ok(done)
        } else {
            Err(NotImported::BadRows(bad))
        }
    }
}

/// Adds a row of an order to the others of it.
fn join(order: &mut Option<OrderRecord>, part: OrderRecord) {
    match order {
        Some(order) => order.lines.extend(part.lines),
        None => *order = Some(part),
    }
}

fn put(tx: &Tx, now: &str, record: &Record) -> Result<(), Error> {
    match record {
        Record::Warehouse(code, name) => records::put_warehouse(tx, code, name),
        Record::Item(item) => records::put_item(tx, item),
        Record::Substitute(item, other, rank) => super::substitute::put(tx, item, other, *rank),
        Record::Kit(kit, component, quantity) => {
            super::kit::put_component(tx, kit, component, *quantity)
        }
        Record::Barcode(barcode) => records::put_barcode(tx, barcode),
        Record::Bin(warehouse, bin) => records::put_bin(tx, warehouse, bin),
        Record::Worker(worker) => people::put_worker(tx, worker),
        Record::Partner(kind, code, name, terms, address) => {
            people::put_partner(tx, *kind, code, name, *terms)?;
            super::ship::put_address(tx, *kind, code, address)
        }
        Record::Carton(kind) => super::ship::put_carton(tx, kind),
        Record::Shipment(row) => super::ship::put_shipment(tx, row),
        Record::DeliveryCode(warehouse, order, code) => {
            super::proof::put_code(tx, warehouse, order, code)
        }
        Record::FixedBin(warehouse, bin, item) => records::put_fixed_bin(tx, warehouse, bin, item),
        Record::Stock(stock) => records::put_stock(tx, now, "import", stock),
        Record::PickFace(face) => replenish::put_pick_face(tx, face),
        Record::Value(item, value) => records::put_value(tx, item, *value),
        Record::Recipe(product, component, quantity) => {
            records::put_recipe(tx, product, component, *quantity)
        }
        Record::Plan(row) => super::plan::put(tx, row),
        // Orders are put whole, once all their lines are known.
        Record::Order(_) => Ok(()),
    }
}
