//! What rows say of each other: everything that is named must be there, in the office or in the same import.

use super::plan;
use super::rows::Record;
use super::scratch::Scratch;
use super::ship::ShipmentRow;
use crate::office::database::{Tx, Value, values};
use crate::office::{Error, OrderRecord, ledger};
use crate::warehouse::{Goods, OrderKind, Quantity, Tracking};
use std::cell::RefCell;

/// What is known: said by this import, or else kept by the office, where only what is named is looked up.
pub(super) struct Known<'a> {
    tx: &'a Tx<'a>,
    said: &'a Scratch,
    trouble: RefCell<Option<Error>>,
}

impl<'a> Known<'a> {
    pub fn new(tx: &'a Tx<'a>, said: &'a Scratch) -> Self {
        Self {
            tx,
            said,
            trouble: RefCell::new(None),
        }
    }

    /// Learns what a row says, and says why it cannot come in if it names something that is not there. Sheets come in the
    /// order in which they build on each other.
    pub fn look_at(&mut self, record: &Record) -> Result<Result<(), String>, Error> {
        match record {
            Record::Warehouse(code, _) => self.said.set(&format!("warehouse\n{code}"), "")?,
            Record::Partner(OrderKind::Receipt, code, ..) => {
                self.said.set(&format!("supplier\n{code}"), "")?;
            }
            Record::Item(item) => {
                let Tracking {
                    lot,
                    serial,
                    expiry,
                } = item.tracking;
                let flags = [lot, serial, expiry].map(|yes| if yes { 'y' } else { 'n' });
                let flags: String = flags.iter().collect();
                self.said.set(&format!("item\n{}", item.code), &flags)?;
            }
            Record::Bin(warehouse, bin) => {
                self.said
                    .set(&format!("bin\n{warehouse}\n{}", bin.code), "")?;
            }
            _ => {}
        }
        let found = self.check(record);
        match self.trouble.take() {
            Some(trouble) => Err(trouble),
            None => Ok(found),
        }
    }

    /// What is said of a thing, or kept under `value` in the first row of an answer.
    fn look_up(&self, what: &str, sql: &str, values: &[Value]) -> Option<String> {
        let look = || {
            if let Some(said) = self.said.get(what)? {
                return Ok(Some(said));
            }
            let row = self.tx.first(sql, values)?;
            let value = row
                .map(|row| row.text("value").map(str::to_owned))
                .transpose()?;
            if let Some(value) = &value {
                self.said.set(what, value)?;
            }
            Ok::<_, Error>(value)
        };
        look().unwrap_or_else(|trouble| {
            // The row is neither good nor bad then; see `look_at`.
            self.trouble.replace(Some(trouble));
            None
        })
    }

    /// Notes what was said of a thing for the first time; answers with what that was.
    fn first(&self, what: &str, value: &str) -> String {
        let note = || match self.said.get(what)? {
            Some(first) => Ok(first),
            None => self.said.set(what, value).map(|()| value.to_owned()),
        };
        note().unwrap_or_else(|trouble: Error| {
            self.trouble.replace(Some(trouble));
            value.to_owned()
        })
    }

    /// What kind an order is that was said or is kept.
    fn kind(&self, warehouse: &str, code: &str) -> Option<OrderKind> {
        let sql = "SELECT kind AS value FROM orders WHERE warehouse = ?1 AND code = ?2";
        let kind = self.look_up(
            &format!("order\n{warehouse}\n{code}"),
            sql,
            values![warehouse, code],
        );
        let kind = kind?;
        let known = OrderKind::ALL.into_iter().find(|it| it.as_str() == kind);
        Some(known.unwrap_or(OrderKind::Sales))
    }

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
                match self.kind(warehouse.as_str(), order.as_str()) {
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

    fn is_supplier(&self, code: &str) -> bool {
        let sql = "SELECT '' AS value FROM partners WHERE kind = 'supplier' AND code = ?1";
        let found = self.look_up(&format!("supplier\n{code}"), sql, values![code]);
        found.is_some()
    }

    fn plan(&self, names: &plan::Names) -> Result<(), String> {
        if let Some(supplier) = names.supplier
            && !self.is_supplier(supplier.as_str())
        {
            return Err(format!("there is no supplier {supplier}"));
        }
        if let Some(warehouse) = names.warehouse {
            self.warehouse(warehouse.as_str())?;
            if let Some(order) = names.order
                && self.kind(warehouse.as_str(), order.as_str()).is_none()
            {
                return Err(format!("there is no order {order} in {warehouse}"));
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
        if !matches!(
            self.kind(warehouse, row.order.as_str()),
            Some(OrderKind::Sales | OrderKind::Transfer)
        ) {
            return Err(format!("there is no order {} of a customer", row.order));
        }
        let truck = format!("door\n{warehouse}\n{}", row.shipment);
        let door = self.first(&truck, row.door.as_str());
        if door != row.door.as_str() {
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
        let known = self.kind(warehouse, order.code.as_str());
        if known.is_none() {
            self.first(
                &format!("order\n{warehouse}\n{}", order.code),
                order.kind.as_str(),
            );
        }
        if known.is_some_and(|kind| kind != order.kind) {
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
        match keys.into_iter().find(|key| !self.is_first(key)) {
            Some(key) => Err(format!("{key} is there twice")),
            None => Ok(()),
        }
    }

    fn is_first(&self, key: &str) -> bool {
        self.said
            .once(&format!("row\n{key}"))
            .unwrap_or_else(|trouble| {
                self.trouble.replace(Some(trouble));
                true
            })
    }

    fn warehouse(&self, code: &str) -> Result<(), String> {
        let sql = "SELECT '' AS value FROM warehouses WHERE code = ?1";
        match self.look_up(&format!("warehouse\n{code}"), sql, values![code]) {
            Some(_) => Ok(()),
            None => Err(format!("there is no warehouse {code}")),
        }
    }

    fn bin(&self, warehouse: &str, code: &str) -> Result<(), String> {
        self.warehouse(warehouse)?;
        let sql = "SELECT '' AS value FROM bins WHERE warehouse = ?1 AND code = ?2";
        match self.look_up(
            &format!("bin\n{warehouse}\n{code}"),
            sql,
            values![warehouse, code],
        ) {
            Some(_) => Ok(()),
            None => Err(format!("there is no bin {code} in {warehouse}")),
        }
    }

    fn item(&self, code: &str) -> Result<Tracking, String> {
        let sql = "SELECT CASE tracks_lot WHEN 1 THEN 'y' ELSE 'n' END || CASE tracks_serial WHEN 1 THEN 'y' ELSE 'n' END
                   || CASE tracks_expiry WHEN 1 THEN 'y' ELSE 'n' END AS value FROM items WHERE code = ?1";
        let flags = self.look_up(&format!("item\n{code}"), sql, values![code]);
        let flags = flags.ok_or_else(|| format!("there is no item {code}"))?;
        let is = |at: usize| flags.as_bytes().get(at) == Some(&b'y');
        Ok(Tracking {
            lot: is(0),
            serial: is(1),
            expiry: is(2),
        })
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
            let key = format!("last day\n{}\n{lot}", goods.item);
            let first = self.first(&key, &day.to_string());
            if first != day.to_string() {
                return Err(format!(
                    "lot {lot} of {} has another expiry, {first}, further up",
                    goods.item
                ));
            }
        }
        Ok(())
    }
}
