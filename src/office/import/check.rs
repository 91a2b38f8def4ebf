//! What rows say of each other: everything that is named must be there, in the office or in the same import.

use super::BadRow;
use super::plan;
use super::rows::{ReadRow, Record};
use super::ship::ShipmentRow;
use crate::office::database::Tx;
use crate::office::{Error, OrderRecord, ledger};
use crate::warehouse::{Goods, OrderKind, Quantity, Tracking};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

#[derive(Default)]
struct Known {
    warehouses: HashSet<String>,
    items: HashMap<String, Tracking>,
    bins: HashSet<(String, String)>,
    kinds: HashMap<(String, String), OrderKind>,
    /// The door of each shipment.
    doors: HashMap<(String, String), String>,
    suppliers: HashSet<String>,
    /// Those of this import.
    orders: HashSet<(String, String)>,
    seen: HashSet<String>,
    last_days: HashMap<(String, String), NaiveDate>,
}

/// Reports every row that names something that is not there.
pub(super) fn references(tx: &Tx, read: &[ReadRow], bad: &mut Vec<BadRow>) -> Result<(), Error> {
    let mut known = Known::default();
    tx.each("SELECT code FROM warehouses", &[], |row| {
        known.warehouses.insert(row.text("code")?.to_owned());
        Ok::<(), Error>(())
    })?;
    tx.each(
        "SELECT code, tracks_lot, tracks_serial, tracks_expiry FROM items",
        &[],
        |row| {
            let tracking = Tracking {
                lot: row.flag("tracks_lot")?,
                serial: row.flag("tracks_serial")?,
                expiry: row.flag("tracks_expiry")?,
            };
            known.items.insert(row.text("code")?.to_owned(), tracking);
            Ok::<(), Error>(())
        },
    )?;
    tx.each("SELECT warehouse, code FROM bins", &[], |row| {
        known.bins.insert((
            row.text("warehouse")?.to_owned(),
            row.text("code")?.to_owned(),
        ));
        Ok::<(), Error>(())
    })?;
    tx.each("SELECT warehouse, code, kind FROM orders", &[], |row| {
        let kind = row.text("kind")?;
        let kind = OrderKind::ALL.into_iter().find(|it| it.as_str() == kind);
        let kind = kind.unwrap_or(OrderKind::Sales);
        let key = (
            row.text("warehouse")?.to_owned(),
            row.text("code")?.to_owned(),
        );
        known.kinds.insert(key, kind);
        Ok::<(), Error>(())
    })?;
    let sql = "SELECT code FROM partners WHERE kind = 'supplier'";
    tx.each(sql, &[], |row| {
        known.suppliers.insert(row.text("code")?.to_owned());
        Ok::<(), Error>(())
    })?;
    for row in read {
        match &row.record {
            Record::Partner(OrderKind::Receipt, code, ..) => {
                known.suppliers.insert(code.clone());
            }
            Record::Order(order) => {
                let key = (order.warehouse.to_string(), order.code.to_string());
                known.orders.insert(key);
            }
            Record::Warehouse(code, _) => {
                known.warehouses.insert(code.to_string());
            }
            Record::Item(item) => {
                known.items.insert(item.code.to_string(), item.tracking);
            }
            Record::Bin(warehouse, bin) => {
                known
                    .bins
                    .insert((warehouse.to_string(), bin.code.to_string()));
            }
            _ => {}
        }
    }
    for row in read {
        if let Err(reason) = known.check(&row.record) {
            bad.push(BadRow {
                file: row.file.clone(),
                line: row.line,
                reason,
            });
        }
    }
    Ok(())
}

impl Known {
    fn check(&mut self, record: &Record) -> Result<(), String> {
        self.once(record)?;
        match record {
            Record::Warehouse(..) | Record::Item(_) | Record::Partner(..) | Record::Carton(_) => {
                Ok(())
            }
            Record::Shipment(row) => self.shipment(row),
            Record::Barcode(barcode) => self.item(barcode.item.as_str()).map(|_| ()),
            Record::Substitute(item, other, _) if item == other => {
                Err(format!("{item} cannot go instead of itself"))
            }
            Record::Substitute(item, other, _) => {
                self.item(item.as_str())?;
                self.item(other.as_str()).map(|_| ())
            }
            Record::Kit(kit, component, _) if kit == component => {
                Err(format!("{kit} cannot be a component of itself"))
            }
            Record::Kit(kit, component, _) => {
                self.item(kit.as_str())?;
                self.item(component.as_str()).map(|_| ())
            }
            Record::FixedBin(warehouse, bin, item) => {
                self.bin(warehouse.as_str(), bin.as_str())?;
                self.item(item.as_str()).map(|_| ())
            }
            Record::Bin(warehouse, _) => self.warehouse(warehouse.as_str()),
            Record::Worker(worker) => self.warehouse(worker.warehouse.as_str()),
            Record::Stock(stock) => {
                self.bin(stock.warehouse.as_str(), stock.bin.as_str())?;
                if stock.goods.serial.is_some() && stock.quantity != Quantity::ONE {
                    return Err("a serial stands for one unit: its quantity is 1".to_owned());
                }
                self.goods(&stock.goods)
            }
            Record::Order(order) => self.order(order),
            Record::PickFace(face) => {
                self.bin(face.warehouse.as_str(), face.bin.as_str())?;
                self.item(face.item.as_str()).map(|_| ())
            }
            Record::DeliveryCode(warehouse, order, _) => {
                let key = (warehouse.to_string(), order.to_string());
                match self.kinds.get(&key) {
                    Some(OrderKind::Sales) => Ok(()),
                    _ => Err(format!("there is no order {order} of a customer")),
                }
            }
            Record::Value(item, _) => self.item(item.as_str()).map(|_| ()),
            Record::Recipe(product, component, _) => {
                self.item(product.as_str())?;
                self.item(component.as_str()).map(|_| ())
            }
            Record::Plan(row) => self.plan(&plan::names(row)),
        }
    }

    fn plan(&self, names: &plan::Names) -> Result<(), String> {
        if let Some(supplier) = names.supplier
            && !self.suppliers.contains(supplier.as_str())
        {
            return Err(format!("there is no supplier {supplier}"));
        }
        if let Some(warehouse) = names.warehouse {
            self.warehouse(warehouse.as_str())?;
            if let Some(order) = names.order {
                let key = (warehouse.to_string(), order.to_string());
                if !self.kinds.contains_key(&key) && !self.orders.contains(&key) {
                    return Err(format!("there is no order {order} in {warehouse}"));
                }
            }
        }
        names
            .items
            .iter()
            .try_for_each(|item| self.item(item.as_str()).map(|_| ()))
    }

    /// The order and the door must be there, and the truck stands at one door only.
    fn shipment(&mut self, row: &ShipmentRow) -> Result<(), String> {
        let warehouse = row.warehouse.as_str();
        self.bin(warehouse, row.door.as_str())?;
        let key = (warehouse.to_owned(), row.order.to_string());
        if !matches!(
            self.kinds.get(&key),
            Some(OrderKind::Sales | OrderKind::Transfer)
        ) {
            return Err(format!("there is no order {} of a customer", row.order));
        }
        let truck = (warehouse.to_owned(), row.shipment.to_string());
        let door = self
            .doors
            .entry(truck)
            .or_insert_with(|| row.door.to_string());
        if *door != row.door.as_str() {
            return Err(format!(
                "shipment {} is at {door} and at {}",
                row.shipment, row.door
            ));
        }
        Ok(())
    }

    fn order(&mut self, order: &OrderRecord) -> Result<(), String> {
        let warehouse = order.warehouse.as_str();
        self.warehouse(warehouse)?;
        let key = (warehouse.to_owned(), order.code.to_string());
        if *self.kinds.entry(key).or_insert(order.kind) != order.kind {
            return Err(format!(
                "{} is a receipt and an order at once, or an order of two kinds",
                order.code
            ));
        }
        if let Some(bin) = &order.bin {
            self.bin(warehouse, bin.as_str())?;
        }
        if let Some(target) = &order.target {
            self.warehouse(target.as_str())?;
            if target.as_str() == warehouse {
                let code = &order.code;
                return Err(format!(
                    "{code} stays in {warehouse}: to says where it goes"
                ));
            }
        }
        for line in &order.lines {
            if order.bin.is_some() && order.kind == OrderKind::Receipt {
                self.goods(&line.goods)?;
            } else {
                let tracking = self.item(line.goods.item.as_str())?;
                if order.kind == OrderKind::Production && tracking.serial {
                    return Err(format!(
                        "{} has serials: it cannot be made by a recipe",
                        line.goods.item
                    ));
                }
            }
        }
        Ok(())
    }

    /// Whoever says the same thing twice in one import meant something else by one of them.
    fn once(&mut self, record: &Record) -> Result<(), String> {
        let mut keys = vec![match record {
            Record::Warehouse(code, _) => format!("warehouse {code}"),
            Record::Item(item) => format!("item {}", item.code),
            Record::Barcode(barcode) => format!("barcode {}", barcode.code),
            Record::Bin(warehouse, bin) => format!("bin {} in {warehouse}", bin.code),
            Record::Worker(it) => format!("worker {} in {}", it.worker.code, it.warehouse),
            Record::Substitute(item, other, _) => format!("substitute {other} of {item}"),
            Record::Kit(kit, component, _) => format!("component {component} of kit {kit}"),
            Record::Carton(kind) => format!("carton {}", kind.code),
            Record::Shipment(row) => {
                format!("order {} on a shipment in {}", row.order, row.warehouse)
            }
            Record::Partner(kind, code, ..) => format!("{kind:?} partner {code}"),
            Record::FixedBin(warehouse, bin, item) => {
                format!("{item} at {bin} in {warehouse}")
            }
            Record::PickFace(face) => {
                format!(
                    "{} at the face {} in {}",
                    face.item, face.bin, face.warehouse
                )
            }
            Record::DeliveryCode(warehouse, order, _) => {
                format!("the code of order {order} in {warehouse}")
            }
            Record::Value(item, _) => format!("the value of {item}"),
            Record::Recipe(product, component, _) => format!("{component} in {product}"),
            Record::Plan(row) => plan::key(row),
            Record::Stock(stock) => {
                let Goods {
                    item, lot, serial, ..
                } = &stock.goods;
                let parts = [
                    ledger::text(lot.as_ref()),
                    ledger::text(serial.as_ref()),
                    ledger::text(stock.plate.as_ref()),
                ];
                let status = ledger::status(stock.status);
                format!(
                    "{status} {item} {} at {} in {}",
                    parts.join(" "),
                    stock.bin,
                    stock.warehouse
                )
            }
            Record::Order(order) => {
                let lines = order.lines.iter().map(|line| line.line.to_string());
                let lines: Vec<String> = lines.collect();
                format!(
                    "line {} of {} in {}",
                    lines.join(", "),
                    order.code,
                    order.warehouse
                )
            }
        }];
        if let Record::Worker(it) = record {
            keys.push(format!("badge {} in {}", it.worker.badge, it.warehouse));
        }
        match keys.into_iter().find(|key| !self.seen.insert(key.clone())) {
            Some(key) => Err(format!("{key} is there twice")),
            None => Ok(()),
        }
    }

    fn warehouse(&self, code: &str) -> Result<(), String> {
        if self.warehouses.contains(code) {
            Ok(())
        } else {
            Err(format!("there is no warehouse {code}"))
        }
    }

    fn bin(&self, warehouse: &str, code: &str) -> Result<(), String> {
        self.warehouse(warehouse)?;
        let there = self.bins.contains(&(warehouse.to_owned(), code.to_owned()));
        if there {
            Ok(())
        } else {
            Err(format!("there is no bin {code} in {warehouse}"))
        }
    }

    fn item(&self, code: &str) -> Result<Tracking, String> {
        self.items
            .get(code)
            .copied()
            .ok_or_else(|| format!("there is no item {code}"))
    }

    /// Goods that are there must say what their item demands.
    fn goods(&mut self, goods: &Goods) -> Result<(), String> {
        let tracking = self.item(goods.item.as_str())?;
        let missing = [
            (tracking.lot && goods.lot.is_none(), "lot"),
            (tracking.serial && goods.serial.is_none(), "serial"),
            (tracking.expiry && goods.expiry.is_none(), "expiry"),
        ];
        if let Some((_, name)) = missing.iter().find(|(missing, _)| *missing) {
            return Err(format!("{} needs a {name}", goods.item));
        }
        if let (Some(lot), Some(day)) = (&goods.lot, goods.expiry) {
            let key = (goods.item.to_string(), lot.to_string());
            let first = *self.last_days.entry(key).or_insert(day);
            if first != day {
                return Err(format!(
                    "lot {lot} of {} has another expiry, {first}, further up",
                    goods.item
                ));
            }
        }
        Ok(())
    }
}
