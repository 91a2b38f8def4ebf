//! From CSV rows to records, each checked by itself.

use super::cells::Cells;
use super::made;
use super::plan::{self, PlanRow, PlanSheet};
use super::ship::{self, ShipmentRow};
use crate::office::people::PartnerTerms;
use crate::office::{
    OrderLine, OrderRecord, PickFace, StockRecord, WorkerRecord, ledger, pin, records,
};
use crate::warehouse::{
    Barcode, Bin, BinCode, BinKind, CartonType, Goods, Gtin, Handling, Item, ItemCode, Limits,
    OrderCode, OrderKind, Quantity, Role, SafeText, Skills, Status, Tracking, WarehouseCode,
    Worker,
};

/// Longest code of an order, in characters.
pub(super) const LONGEST_ORDER: usize = 38;

/// What a sheet holds, in the order in which sheets build on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Warehouses,
    Items,
    Barcodes,
    Kits,
    Substitutes,
    Bins,
    Workers,
    Suppliers,
    Customers,
    FixedBins,
    Stock,
    Receipts,
    Orders,
    Transfers,
    Cartons,
    Shipments,
    Returns,
    Production,
    Disassembly,
    DeliveryCodes,
    PickFaces,
    Values,
    Recipes,
    Plan(PlanSheet),
}

/// Every sheet by its file, and the columns that it must have.
const KINDS: &[(&str, Kind, &[&str])] = &[
    ("warehouses.csv", Kind::Warehouses, &["code", "name"]),
    ("items.csv", Kind::Items, &["code", "name", "unit"]),
    ("barcodes.csv", Kind::Barcodes, &["code", "item", "holds"]),
    ("kits.csv", Kind::Kits, &["kit", "component", "quantity"]),
    (
        "substitutes.csv",
        Kind::Substitutes,
        &["item", "substitute"],
    ),
    (
        "bins.csv",
        Kind::Bins,
        &["warehouse", "code", "zone", "kind", "sequence"],
    ),
    (
        "workers.csv",
        Kind::Workers,
        &["warehouse", "code", "name", "badge", "role"],
    ),
    ("suppliers.csv", Kind::Suppliers, &["code", "name"]),
    ("customers.csv", Kind::Customers, &["code", "name"]),
    (
        "fixed_bins.csv",
        Kind::FixedBins,
        &["warehouse", "bin", "item"],
    ),
    (
        "stock.csv",
        Kind::Stock,
        &["warehouse", "bin", "item", "quantity"],
    ),
    (
        "receipts.csv",
        Kind::Receipts,
        &["warehouse", "order", "supplier", "line", "item", "quantity"],
    ),
    (
        "orders.csv",
        Kind::Orders,
        &["warehouse", "order", "customer", "line", "item", "quantity"],
    ),
    (
        "transfers.csv",
        Kind::Transfers,
        &["warehouse", "order", "to", "line", "item", "quantity"],
    ),
    (
        "cartons.csv",
        Kind::Cartons,
        &[
            "code",
            "name",
            "length_mm",
            "width_mm",
            "height_mm",
            "max_weight_g",
        ],
    ),
    (
        "shipments.csv",
        Kind::Shipments,
        &["warehouse", "shipment", "order", "stop", "door", "carrier"],
    ),
    (
        "returns.csv",
        Kind::Returns,
        &["warehouse", "order", "customer", "line", "item", "quantity"],
    ),
    (
        "production.csv",
        Kind::Production,
        &["warehouse", "order", "bin", "item", "quantity"],
    ),
    (
        "disassembly.csv",
        Kind::Disassembly,
        &["warehouse", "order", "bin", "item", "quantity"],
    ),
    (
        "delivery_codes.csv",
        Kind::DeliveryCodes,
        &["warehouse", "order", "code"],
    ),
    (
        "faces.csv",
        Kind::PickFaces,
        &["warehouse", "bin", "item", "least", "most"],
    ),
    ("values.csv", Kind::Values, &["item", "value"]),
    (
        "recipes.csv",
        Kind::Recipes,
        &["product", "component", "quantity"],
    ),
];

/// Every sheet: its file, what it holds, and the columns that it must have.
pub(super) fn kinds() -> impl Iterator<Item = (&'static str, Kind, &'static [&'static str])> {
    let plan = plan::SHEETS.iter();
    let plan = plan.map(|&(file, sheet, wanted)| (file, Kind::Plan(sheet), wanted));
    KINDS.iter().copied().chain(plan)
}

/// What a row says.
pub(super) enum Record {
    Warehouse(WarehouseCode, SafeText),
    Item(Item),
    Barcode(Barcode),
    /// A kit, a component, and how much of it one kit has.
    Kit(ItemCode, ItemCode, Quantity),
    /// An item, what may go instead, and in which turn.
    Substitute(ItemCode, ItemCode, u32),
    Bin(WarehouseCode, Bin),
    Worker(WorkerRecord),
    /// Their name, what was agreed with them, and the lines of their address.
    Partner(OrderKind, String, SafeText, PartnerTerms, [SafeText; 4]),
    Carton(CartonType),
    Shipment(ShipmentRow),
    /// What the customer of an order shows when it is brought.
    DeliveryCode(WarehouseCode, OrderCode, SafeText),
    FixedBin(WarehouseCode, BinCode, ItemCode),
    Stock(StockRecord),
    /// An order with this one line.
    Order(OrderRecord),
    PickFace(PickFace),
    /// What one unit is worth, in hundredths.
    Value(ItemCode, i64),
    /// A product, a component, and how much of it one unit takes.
    Recipe(ItemCode, ItemCode, Quantity),
    Plan(PlanRow),
}

pub(super) fn row(kind: Kind, cells: &Cells) -> Result<Record, String> {
    Ok(match kind {
        Kind::Warehouses => Record::Warehouse(cells.parse("code")?, cells.name("name")?),
        Kind::Items => Record::Item(item(cells)?),
        Kind::Barcodes => Record::Barcode(barcode(cells)?),
        Kind::Substitutes => Record::Substitute(
            cells.parse("item")?,
            cells.parse("substitute")?,
            cells.maybe("rank")?.unwrap_or(1),
        ),
        Kind::Kits => Record::Kit(
            cells.parse("kit")?,
            cells.parse("component")?,
            cells.quantity("quantity")?,
        ),
        Kind::Bins => Record::Bin(cells.parse("warehouse")?, bin(cells)?),
        Kind::Workers => Record::Worker(worker(cells)?),
        Kind::Suppliers => Record::Partner(
            OrderKind::Receipt,
            cells.parse::<ItemCode>("code")?.to_string(),
            cells.name("name")?,
            PartnerTerms {
                inspect: cells.flag("inspect")?,
                ..PartnerTerms::default()
            },
            ship::address(cells),
        ),
        Kind::FixedBins => Record::FixedBin(
            cells.parse("warehouse")?,
            cells.parse("bin")?,
            cells.parse("item")?,
        ),
        Kind::Customers => Record::Partner(
            OrderKind::Sales,
            cells.parse::<ItemCode>("code")?.to_string(),
            cells.name("name")?,
            PartnerTerms {
                min_life_days: min_life(cells)?,
                takes_substitutes: cells.flag("substitutes")?,
                inspect: false,
            },
            ship::address(cells),
        ),
        Kind::Stock => Record::Stock(StockRecord {
            warehouse: cells.parse("warehouse")?,
            bin: cells.parse("bin")?,
            goods: goods(cells)?,
            plate: cells.maybe("plate")?,
            status: status(cells)?,
            quantity: cells.quantity("quantity")?,
        }),
        Kind::Cartons => Record::Carton(ship::carton(cells)?),
        Kind::Shipments => Record::Shipment(ship::shipment(cells)?),
        Kind::Receipts => Record::Order(order(cells, OrderKind::Receipt, "supplier", "bin")?),
        Kind::Orders => Record::Order(order(cells, OrderKind::Sales, "customer", "bench")?),
        Kind::Transfers => Record::Order(order(cells, OrderKind::Transfer, "to", "bench")?),
        Kind::Returns => Record::Order(order(cells, OrderKind::Return, "customer", "bin")?),
        Kind::Production => Record::Order(made::order(cells, OrderKind::Production)?),
        Kind::DeliveryCodes => ship::delivery_code(cells)?,
        Kind::Disassembly => Record::Order(made::order(cells, OrderKind::Disassembly)?),
        Kind::PickFaces => Record::PickFace(pick_face(cells)?),
        Kind::Values => Record::Value(cells.parse("item")?, value(cells)?),
        Kind::Recipes => Record::Recipe(
            cells.parse("product")?,
            cells.parse("component")?,
            cells.quantity("quantity")?,
        ),
        Kind::Plan(sheet) => Record::Plan(plan::row(sheet, cells)?),
    })
}

fn item(cells: &Cells) -> Result<Item, String> {
    Ok(Item {
        code: cells.parse("code")?,
        name: cells.name("name")?,
        unit: cells.name("unit")?,
        tracking: Tracking {
            lot: cells.flag("lot")?,
            serial: cells.flag("serial")?,
            expiry: cells.flag("expiry")?,
        },
        weight_g: cells.maybe("weight_g")?,
        handling: Handling {
            size_mm: size(cells)?,
            catch_weight: cells.flag("catch_weight")?,
            temperature: cells.maybe("temperature")?.unwrap_or_default(),
            hazard: cells.maybe("hazard")?,
            fragile: cells.flag("fragile")?,
            upright: cells.flag("upright")?,
            shelf_life_days: cells.maybe("shelf_life_days")?,
            inspect: cells.flag("inspect")?,
        },
    })
}

/// Length, width and height: all three or none.
fn size(cells: &Cells) -> Result<Option<[u32; 3]>, String> {
    let sides = [
        cells.maybe("length_mm")?,
        cells.maybe("width_mm")?,
        cells.maybe("height_mm")?,
    ];
    match sides {
        [Some(0), ..] | [_, Some(0), _] | [.., Some(0)] => {
            Err("a side of 0 mm is none: leave length_mm, width_mm and height_mm empty".to_owned())
        }
        [Some(length), Some(width), Some(height)] => Ok(Some([length, width, height])),
        [None, None, None] => Ok(None),
        _ => Err("give length_mm, width_mm and height_mm, or none of them".to_owned()),
    }
}

fn barcode(cells: &Cells) -> Result<Barcode, String> {
    let code = cells.text("code");
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    // A GTIN of any length is kept in its one 14-digit form; digits that are no GTIN are a code of the house.
    let code = match Gtin::parse(code) {
        Ok(gtin) => gtin.to_string(),
        Err(why) if digits && matches!(code.len(), 12..=14) => {
            return Err(format!("code {code} is no GTIN: {why}"));
        }
        Err(_) => cells.parse::<ItemCode>("code")?.to_string(),
    };
    Ok(Barcode {
        code: code.into(),
        item: cells.parse("item")?,
        holds: cells.quantity("holds")?,
    })
}

fn bin(cells: &Cells) -> Result<Bin, String> {
    let kind = cells.text("kind");
    Ok(Bin {
        code: cells.parse("code")?,
        zone: cells.parse("zone")?,
        kind: records::read_bin_kind(kind).ok_or_else(|| {
            let all = BinKind::ALL.map(records::bin_kind).join(", ");
            format!("kind {kind:?} is none of {all}")
        })?,
        sequence: cells.parse("sequence")?,
        x_cm: cells.maybe("x_cm")?.unwrap_or(0),
        y_cm: cells.maybe("y_cm")?.unwrap_or(0),
        level: cells.maybe("level")?.unwrap_or(0),
        frozen: cells.flag("frozen")?,
        limits: Limits {
            weight_g: cells.maybe("most_weight_g")?,
            volume_cm3: cells.maybe("most_volume_cm3")?,
            height_mm: cells.maybe("most_height_mm")?,
            temperature: cells.maybe("temperature")?.unwrap_or_default(),
            mixing: cells.maybe("mixing")?.unwrap_or_default(),
            equipment: cells.maybe("equipment")?,
        },
    })
}

/// For how many days what a customer gets must be good; at most ten years.
fn min_life(cells: &Cells) -> Result<u32, String> {
    let days: u32 = cells.maybe("min_life_days")?.unwrap_or(0);
    if days > 3650 {
        return Err(format!("min_life_days {days} is more than 3650"));
    }
    Ok(days)
}

fn worker(cells: &Cells) -> Result<WorkerRecord, String> {
    let role = match cells.text("role") {
        "picker" | "" => Role::Picker,
        "lead" => Role::Lead,
        other => return Err(format!("role {other:?} is neither picker nor lead")),
    };
    let pin = match cells.text("pin") {
        "" => None,
        verifier if verifier.starts_with("$argon2id$") => Some(verifier.to_owned()),
        digits => Some(pin::verifier(digits).map_err(|why| why.to_string())?),
    };
    let worker = Worker {
        code: cells.parse("code")?,
        name: cells.name("name")?,
        badge: cells.parse("badge")?,
        pin,
        role,
        skills: Skills {
            jobs: cells.list("jobs")?,
            zones: cells.list("zones")?,
            equipment: cells.list("equipment")?,
        },
        language: cells.maybe("language")?,
    };
    Ok(WorkerRecord {
        warehouse: cells.parse("warehouse")?,
        worker,
    })
}

fn status(cells: &Cells) -> Result<Status, String> {
    match cells.text("status") {
        "" => Ok(Status::Available),
        text => ledger::read_status(text).ok_or_else(|| {
            let text = SafeText::new(text);
            format!("status {text:?} is none of available, on_hold, damaged, expired")
        }),
    }
}

pub(super) fn goods(cells: &Cells) -> Result<Goods, String> {
    Ok(Goods {
        item: cells.parse("item")?,
        lot: cells.maybe("lot")?,
        serial: cells.maybe("serial")?,
        expiry: cells.day("expiry")?,
    })
}

fn pick_face(cells: &Cells) -> Result<PickFace, String> {
    let (least, most) = (cells.quantity("least")?, cells.quantity("most")?);
    if least > most {
        return Err(format!("least {least} is more than most {most}"));
    }
    Ok(PickFace {
        warehouse: cells.parse("warehouse")?,
        bin: cells.parse("bin")?,
        item: cells.parse("item")?,
        least,
        most,
        multiple: cells.maybe("multiple")?.unwrap_or(Quantity::ONE),
    })
}

/// Money with at most two decimals, in hundredths.
fn value(cells: &Cells) -> Result<i64, String> {
    let value: Quantity = cells.parse("value")?;
    let thousandths = value.thousandths();
    if thousandths < 0 || thousandths % 10 != 0 {
        return Err("value is an amount such as 12 or 0.50".to_owned());
    }
    Ok(thousandths / 10)
}

fn order(cells: &Cells, kind: OrderKind, partner: &str, bin: &str) -> Result<OrderRecord, String> {
    let line = OrderLine {
        line: cells.parse("line")?,
        goods: goods(cells)?,
        plate: cells.maybe("plate")?,
        quantity: cells.quantity("quantity")?,
    };
    let code: OrderCode = cells.parse("order")?;
    // Tasks are named after their order, with a few characters before and behind.
    if code.as_str().chars().count() > LONGEST_ORDER {
        return Err(format!(
            "order {code} is longer than {LONGEST_ORDER} characters"
        ));
    }
    Ok(OrderRecord {
        warehouse: cells.parse("warehouse")?,
        code,
        kind,
        partner: cells.name(partner)?,
        priority: cells.maybe("priority")?.unwrap_or(50),
        due: cells.moment("due")?,
        bin: cells.maybe(bin)?,
        over_percent: percent(cells)?,
        least_days: cells.maybe("least_days")?,
        target: match kind {
            OrderKind::Transfer => Some(cells.parse("to")?),
            _ => None,
        },
        lines: vec![line],
    })
}

/// So much more than ordered is taken; nothing is none.
fn percent(cells: &Cells) -> Result<u32, String> {
    match cells.maybe("over_percent")?.unwrap_or(0) {
        percent @ 0..=1000 => Ok(percent),
        percent => Err(format!(
            "over_percent is {percent}, at most 1000 can be meant"
        )),
    }
}
