//! Rows of shipping: kinds of carton, and which order goes on which truck.

use super::cells::Cells;
use super::rows::Record;
use crate::warehouse::{BinCode, CartonType, OrderCode, SafeText, Timestamp, WarehouseCode};

/// An order on a truck.
#[derive(Clone, Debug)]
pub(in crate::office) struct ShipmentRow {
    pub warehouse: WarehouseCode,
    pub shipment: OrderCode,
    pub order: OrderCode,
    pub stop: u32,
    pub door: BinCode,
    pub carrier: SafeText,
    pub priority: i32,
    pub due: Option<Timestamp>,
}

pub(super) fn carton(cells: &Cells) -> Result<CartonType, String> {
    let inner_mm = [
        cells.parse("length_mm")?,
        cells.parse("width_mm")?,
        cells.parse("height_mm")?,
    ];
    if inner_mm.iter().any(|side| !(1..=10_000).contains(side)) {
        return Err("length_mm, width_mm and height_mm go from 1 to 10000".to_owned());
    }
    Ok(CartonType {
        code: cells.parse("code")?,
        name: cells.name("name")?,
        inner_mm,
        max_weight_g: cells.parse("max_weight_g")?,
        tare_g: cells.maybe("tare_g")?.unwrap_or(0),
        cost: cells.maybe("cost")?.unwrap_or(0),
    })
}

/// Lines of an address, one below the other.
pub(super) fn address(cells: &Cells) -> [SafeText; 4] {
    ["address_1", "address_2", "address_3", "address_4"].map(|name| SafeText::new(cells.text(name)))
}

/// What the customer of an order shows: a code that can be keyed on a handheld.
pub(super) fn delivery_code(cells: &Cells) -> Result<Record, String> {
    let code = cells.text("code").trim();
    if !(3..=20).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err("code is 3 to 20 letters and digits".to_owned());
    }
    Ok(Record::DeliveryCode(
        cells.parse("warehouse")?,
        cells.parse("order")?,
        SafeText::new(code),
    ))
}

pub(super) fn shipment(cells: &Cells) -> Result<ShipmentRow, String> {
    let shipment: OrderCode = cells.parse("shipment")?;
    // Its tasks are named after it.
    if shipment.as_str().chars().count() > super::rows::LONGEST_ORDER {
        return Err(format!(
            "shipment {shipment} is longer than {} characters",
            super::rows::LONGEST_ORDER
        ));
    }
    Ok(ShipmentRow {
        warehouse: cells.parse("warehouse")?,
        shipment,
        order: cells.parse("order")?,
        stop: cells.parse("stop")?,
        door: cells.parse("door")?,
        carrier: cells.name("carrier")?,
        priority: cells.maybe("priority")?.unwrap_or(50),
        due: cells.moment("due")?,
    })
}
