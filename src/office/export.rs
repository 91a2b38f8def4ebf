//! Taking records out as the CSV files that [`super::import`] brings in.
//! What the floor has begun is not taken out as open again: a receipt that was received is in the stock, and an order
//! of which something was picked belongs to this office.
//! A cell that a spreadsheet would take for a formula gets a `'` in front, which the import takes off again.

use super::database::{Row, values};
use super::{Error, Office};
use crate::warehouse::Quantity;
use serde_json::{Map, Value};
use std::io::{self, Write};

/// Why a sheet could not be written.
#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    /// The office could not.
    #[error(transparent)]
    Office(#[from] Error),
    /// The file could not be written.
    #[error("the sheet could not be written: {0}")]
    Write(#[from] csv::Error),
    /// The file could not be finished.
    #[error("the sheet could not be finished: {0}")]
    Finish(#[from] std::io::Error),
}

impl From<super::database::Error> for NotExported {
    fn from(why: super::database::Error) -> Self {
        Self::Office(why.into())
    }
}

/// A sheet: its file, its columns, and the statement that gives them under these very names.
pub(super) struct Plan {
    pub(super) file: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) sql: &'static str,
}

const PLANS: &[Plan] = &[
    Plan { file: "warehouses.csv", columns: &["code", "name"], sql: "SELECT code, name FROM warehouses ORDER BY code" },
    Plan {
        file: "items.csv",
        columns: &[
            "code", "name", "unit", "lot", "serial", "expiry", "weight_g", "length_mm", "width_mm", "height_mm",
            "catch_weight", "temperature", "hazard", "fragile", "upright", "shelf_life_days", "inspect",
        ],
        sql: "SELECT code, name, unit, CASE tracks_lot WHEN 1 THEN 'yes' ELSE 'no' END AS lot,
                  CASE tracks_serial WHEN 1 THEN 'yes' ELSE 'no' END AS serial,
                  CASE tracks_expiry WHEN 1 THEN 'yes' ELSE 'no' END AS expiry, weight_g, length_mm, width_mm, height_mm,
                  CASE catch_weight WHEN 1 THEN 'yes' ELSE 'no' END AS catch_weight, temperature, hazard,
                  CASE fragile WHEN 1 THEN 'yes' ELSE 'no' END AS fragile, CASE upright WHEN 1 THEN 'yes' ELSE 'no' END AS upright,
                  shelf_life_days, CASE inspect WHEN 1 THEN 'yes' ELSE 'no' END AS inspect FROM items ORDER BY code",
    },
    Plan { file: "barcodes.csv", columns: &["code", "item", "holds"], sql: "SELECT code, item, holds FROM barcodes ORDER BY code" },
    Plan {
        file: "substitutes.csv",
        columns: &["item", "substitute", "rank"],
        sql: "SELECT item, substitute, rank FROM substitutes ORDER BY item, rank, substitute",
    },
    Plan {
        file: "kits.csv",
        columns: &["kit", "component", "quantity"],
        sql: "SELECT kit, component, quantity FROM kits ORDER BY kit, component",
    },
    Plan {
        file: "bins.csv",
        columns: &[
            "warehouse", "code", "zone", "kind", "sequence", "x_cm", "y_cm", "level", "frozen", "most_weight_g",
            "most_volume_cm3", "most_height_mm", "temperature", "mixing", "equipment",
        ],
        sql: "SELECT warehouse, code, zone, kind, sequence, x_cm, y_cm, level,
                  CASE frozen WHEN 1 THEN 'yes' ELSE 'no' END AS frozen, most_weight_g, most_volume_cm3, most_height_mm, temperature,
                  mixing, equipment FROM bins ORDER BY warehouse, sequence, code",
    },
    Plan {
        file: "workers.csv",
        columns: &["warehouse", "code", "name", "badge", "pin", "role", "jobs", "zones", "equipment", "language"],
        sql: "SELECT warehouse, code, name, badge, pin, role, jobs, zones, equipment, language FROM workers ORDER BY warehouse, code",
    },
    Plan {
        file: "suppliers.csv",
        columns: &["code", "name", "inspect", "address_1", "address_2", "address_3", "address_4"],
        sql: "SELECT code, name, CASE inspect WHEN 1 THEN 'yes' ELSE 'no' END AS inspect,
                  address_1, address_2, address_3, address_4 FROM partners
              WHERE kind = 'supplier' ORDER BY code",
    },
    Plan {
        file: "fixed_bins.csv",
        columns: &["warehouse", "bin", "item"],
        sql: "SELECT warehouse, bin, item FROM fixed_bins ORDER BY warehouse, bin, item",
    },
    Plan {
        file: "customers.csv",
        columns: &[
            "code", "name", "min_life_days", "substitutes", "address_1", "address_2", "address_3", "address_4",
        ],
        sql: "SELECT code, name, min_life_days, CASE takes_substitutes WHEN 1 THEN 'yes' ELSE 'no' END AS substitutes,
                  address_1, address_2, address_3, address_4 FROM partners WHERE kind = 'customer' ORDER BY code",
    },
    Plan {
        file: "stock.csv",
        columns: &["warehouse", "bin", "item", "lot", "serial", "expiry", "plate", "status", "quantity"],
        sql: "SELECT s.warehouse, b.code AS bin, s.item, s.lot, s.serial, s.expiry, s.plate, s.status, s.quantity FROM stock s
              JOIN bins b ON b.warehouse = s.warehouse AND s.place = 'bin:' || b.code
              WHERE s.quantity > 0 ORDER BY s.warehouse, b.sequence, b.code, s.item, s.lot, s.serial, s.plate, s.status",
    },
    Plan {
        file: "receipts.csv",
        columns: &["warehouse", "order", "supplier", "priority", "due", "bin", "over_percent", "least_days", "line", "item", "lot", "serial", "expiry", "plate", "quantity"],
        sql: "SELECT o.warehouse, o.code AS \"order\", o.partner AS supplier, o.priority, o.due, o.bin, o.over_percent, o.least_days, l.line, l.item, l.lot,
                  l.serial, l.expiry, l.plate, l.quantity FROM orders o
              JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
              WHERE o.kind = 'receipt' AND (o.state = 'open' OR (o.state = 'released' AND o.bin = '')) ORDER BY o.warehouse, o.code, l.line",
    },
    Plan {
        file: "orders.csv",
        columns: &["warehouse", "order", "customer", "priority", "due", "bench", "line", "item", "lot", "quantity"],
        sql: "SELECT o.warehouse, o.code AS \"order\", o.partner AS customer, o.priority, o.due, o.bin AS bench, l.line, l.item,
                  l.lot, l.quantity FROM orders o
              JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
              WHERE o.kind = 'sales' AND o.state IN ('open', 'released') ORDER BY o.warehouse, o.code, l.line",
    },
    Plan {
        file: "transfers.csv",
        columns: &["warehouse", "order", "to", "priority", "due", "bench", "line", "item", "lot", "quantity"],
        sql: "SELECT o.warehouse, o.code AS \"order\", o.target AS \"to\", o.priority, o.due, o.bin AS bench, l.line, l.item,
                  l.lot, l.quantity FROM orders o
              JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
              WHERE o.kind = 'transfer' AND o.state IN ('open', 'released') ORDER BY o.warehouse, o.code, l.line",
    },
    Plan {
        file: "cartons.csv",
        columns: &["code", "name", "length_mm", "width_mm", "height_mm", "max_weight_g", "tare_g", "cost"],
        sql: "SELECT code, name, length_mm, width_mm, height_mm, max_weight_g, tare_g, cost FROM carton_types ORDER BY code",
    },
    Plan {
        file: "shipments.csv",
        columns: &["warehouse", "shipment", "order", "stop", "door", "carrier", "priority", "due"],
        sql: "SELECT s.warehouse, s.code AS shipment, x.order_code AS \"order\", x.stop, s.door, s.carrier, s.priority, s.due
              FROM shipments s JOIN shipment_orders x ON x.warehouse = s.warehouse AND x.shipment = s.code
              JOIN orders o ON o.warehouse = x.warehouse AND o.code = x.order_code
              WHERE o.state IN ('open', 'released') ORDER BY s.warehouse, s.code, x.stop, x.order_code",
    },
    Plan {
        file: "delivery_codes.csv",
        columns: &["warehouse", "order", "code"],
        sql: "SELECT c.warehouse, c.order_code AS \"order\", c.code FROM delivery_codes c
              JOIN orders o ON o.warehouse = c.warehouse AND o.code = c.order_code
              WHERE o.state IN ('open', 'released') ORDER BY c.warehouse, c.order_code",
    },
    Plan {
        file: "returns.csv",
        columns: &["warehouse", "order", "customer", "priority", "due", "line", "item", "quantity"],
        sql: "SELECT o.warehouse, o.code AS \"order\", o.partner AS customer, o.priority, o.due, l.line, l.item, l.quantity FROM orders o
              JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
              WHERE o.kind = 'return' AND o.state IN ('open', 'released') ORDER BY o.warehouse, o.code, l.line",
    },
    Plan {
        file: "production.csv",
        columns: &["warehouse", "order", "bin", "priority", "due", "item", "lot", "expiry", "quantity"],
        sql: "SELECT o.warehouse, o.code AS \"order\", o.bin, o.priority, o.due, l.item, l.lot, l.expiry, l.quantity FROM orders o
              JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
              WHERE o.kind = 'production' AND o.state IN ('open', 'released') ORDER BY o.warehouse, o.code, l.line",
    },
    Plan {
        file: "disassembly.csv",
        columns: &["warehouse", "order", "bin", "priority", "due", "item", "lot", "serial", "quantity"],
        sql: "SELECT o.warehouse, o.code AS \"order\", o.bin, o.priority, o.due, l.item, l.lot, l.serial, l.quantity FROM orders o
              JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
              WHERE o.kind = 'disassembly' AND o.state IN ('open', 'released') ORDER BY o.warehouse, o.code, l.line",
    },
    Plan {
        file: "faces.csv",
        columns: &["warehouse", "bin", "item", "least", "most", "multiple"],
        sql: "SELECT warehouse, bin, item, least, most, multiple FROM pick_faces ORDER BY warehouse, bin, item",
    },
    Plan {
        file: "values.csv",
        columns: &["item", "value"],
        sql: "SELECT item, value FROM item_values ORDER BY item",
    },
    Plan {
        file: "recipes.csv",
        columns: &["product", "component", "quantity"],
        sql: "SELECT product, component, quantity FROM recipes ORDER BY product, component",
    },
];

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV with a head line.
    Csv,
    /// A JSON object a line.
    Lines,
}

impl Format {
    /// How files of it end.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Lines => "jsonl",
        }
    }

    /// What it is called on the wire.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Lines => "application/jsonl; charset=utf-8",
        }
    }
}

impl Office {
    /// Writes the sheet of this name as CSV. Says whether there is such a sheet.
    pub fn export(&self, file: &str, out: impl Write) -> Result<bool, NotExported> {
        self.export_as(file, Format::Csv, out)
    }

    /// Writes the sheet of this name, row by row, as of one moment. Says whether there is such a sheet.
    pub fn export_as(
        &self,
        file: &str,
        format: Format,
        out: impl Write,
    ) -> Result<bool, NotExported> {
        match (plan(file), format) {
            (None, _) => Ok(false),
            (Some(plan), Format::Csv) => self.export_csv(plan, out).map(|()| true),
            (Some(plan), Format::Lines) => self.export_lines(plan, out).map(|()| true),
        }
    }

    fn export_lines(&self, plan: &Plan, out: impl Write) -> Result<(), NotExported> {
        let mut out = io::BufWriter::new(out);
        self.database().read_at_length(|tx| {
            tx.each(plan.sql, values![], |row| {
                let cell = |column: &&'static str| ((*column).to_owned(), value(&row, column));
                let object: Map<String, Value> = plan.columns.iter().map(cell).collect();
                Ok::<(), NotExported>(writeln!(out, "{}", Value::Object(object))?)
            })
        })?;
        Ok(out.flush()?)
    }

    fn export_csv(&self, plan: &Plan, out: impl Write) -> Result<(), NotExported> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(plan.columns)?;
        self.database().read_at_length(|tx| {
            tx.each(plan.sql, values![], |row| {
                let cells: Vec<String> = plan
                    .columns
                    .iter()
                    .map(|column| cell(&row, column))
                    .collect();
                writer.write_record(cells).map_err(NotExported::Write)
            })
        })?;
        Ok(writer.flush()?)
    }
}

fn value(row: &Row, column: &'static str) -> Value {
    let decimal = |value| Quantity::from_thousandths(value).to_string().into();
    match row.maybe_int(column) {
        Some(value) if column == "price" => super::import::plan::of_one(value).into(),
        Some(value) if matches!(column, "least_value" | "order_cost" | "amount") => {
            let money = crate::planning::value::Money::cents(value);
            money.to_string().into()
        }
        Some(value) if column == "scale" => decimal(value),
        Some(value) if column == "service" => decimal(value * 100),
        Some(value) if column == "duty_percent" => decimal(value / 10),
        Some(value) if column == "value" => decimal(value * 10),
        Some(value) if matches!(column, "quantity" | "holds" | "least" | "most" | "multiple") => {
            decimal(value)
        }
        Some(value) => value.into(),
        None => row.maybe(column).into(),
    }
}

fn cell(row: &Row, column: &'static str) -> String {
    match value(row, column) {
        Value::String(text) => guarded(text),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Whether a spreadsheet would take a text for a formula, but for quotes in front.
pub(super) fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text as it stands in a cell.
pub(super) fn guarded(text: String) -> String {
    if is_formula(&text) {
        format!("'{text}")
    } else {
        text
    }
}

/// The columns of a sheet.
pub(super) fn columns(file: &str) -> Option<&'static [&'static str]> {
    plan(file).map(|plan| plan.columns)
}

fn plan(file: &str) -> Option<&'static Plan> {
    let mut plans = PLANS.iter().chain(super::plan::SHEETS);
    plans.find(|plan| plan.file == file)
}
