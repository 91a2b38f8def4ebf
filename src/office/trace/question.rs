//! What is asked: goods by any grouping, and which labels or which moves of the ledger that names.

use super::ledger::Moves;
use crate::office::Error;
use crate::office::database::{Row, Tx, Value, values};
use crate::planning::trace::{Direction, Question};
use crate::warehouse::{
    DeviceId, Entry, ItemCode, LotCode, OrderCode, SafeText, SerialCode, Sscc, Timestamp,
    WarehouseCode, WorkerCode,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// All goods of a lot.
    Lot(ItemCode, LotCode),
    /// One unit.
    Serial(ItemCode, SerialCode),
    /// All goods whose last day is from the one to the other; of one item, or of all.
    Expiry(NaiveDate, NaiveDate, Option<ItemCode>),
    /// What came from a supplier, by code or name.
    Supplier(SafeText),
    /// What came with a receipt or a return, went to a sales order, or was made by a production order.
    Order(OrderCode),
    /// What went to a customer, by code or name.
    Customer(SafeText),
    /// What went onto a truck.
    Shipment(OrderCode),
    /// What was ever put onto a license plate.
    Plate(Sscc),
    /// What a worker moved or made.
    Worker(WorkerCode),
    /// What was moved or made with a handheld.
    Device(DeviceId),
}

impl Grouping {
    /// Reads goods by the name of a grouping and what people write for it: `lot` and `ITEM/LOT`, `expiry` and `FROM..TO` with
    /// `ITEM:` in front for one item, all others by their code or name. None: it is not written so.
    pub fn read(by: &str, of: &str) -> Option<Self> {
        let named = || Some(SafeText::new(of)).filter(|name| !name.is_empty());
        Some(match by {
            "lot" => {
                let (item, lot) = of.split_once('/')?;
                Self::Lot(item.parse().ok()?, lot.parse().ok()?)
            }
            "serial" => {
                let (item, serial) = of.split_once('/')?;
                Self::Serial(item.parse().ok()?, serial.parse().ok()?)
            }
            "expiry" => {
                let (item, days) = match of.rsplit_once(':') {
                    Some((item, days)) => (Some(item.parse().ok()?), days),
                    None => (None, of),
                };
                let (from, to) = days.split_once("..")?;
                Self::Expiry(from.parse().ok()?, to.parse().ok()?, item)
            }
            "supplier" => Self::Supplier(named()?),
            "customer" => Self::Customer(named()?),
            "order" => Self::Order(of.parse().ok()?),
            "shipment" => Self::Shipment(of.parse().ok()?),
            "plate" => Self::Plate(of.parse().ok()?),
            "worker" => Self::Worker(of.parse().ok()?),
            "device" => Self::Device(of.parse().ok()?),
            _ => return None,
        })
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which goods.
    pub goods: Grouping,
    /// Whether it is asked what became of them, and not what they came from.
    pub forward: bool,
    /// As the books stood at this moment; now if none.
    pub until: Option<Timestamp>,
    /// Orders, workers and shipments of this warehouse only.
    pub warehouse: Option<WarehouseCode>,
}

impl Asked {
    pub(super) const fn direction(&self) -> Direction {
        if self.forward {
            Direction::Forward
        } else {
            Direction::Backward
        }
    }

    /// The labels and moves that are meant.
    pub(super) fn find(&self, tx: &Tx, moves: &mut Moves) -> Result<Question, Error> {
        let mut found = Found {
            tx,
            moves,
            warehouse: self.warehouse.as_ref().map_or("", WarehouseCode::as_str),
            question: Question::default(),
        };
        match &self.goods {
            Grouping::Lot(item, lot) => {
                let sql =
                    "SELECT DISTINCT item, lot, serial FROM moves WHERE item = ?1 AND lot = ?2";
                found.labels(sql, values![item.as_str(), lot.as_str()])?;
            }
            Grouping::Serial(item, serial) => {
                let sql =
                    "SELECT DISTINCT item, lot, serial FROM moves WHERE item = ?1 AND serial = ?2";
                found.labels(sql, values![item.as_str(), serial.as_str()])?;
            }
            Grouping::Expiry(from, to, item) => {
                let item = item.as_ref().map_or("", ItemCode::as_str);
                let sql = "SELECT DISTINCT item, lot, serial FROM stock WHERE expiry >= ?1 AND expiry <= ?2
                           AND (?3 = '' OR item = ?3)";
                found.labels(sql, values![from.to_string(), to.to_string(), item])?;
            }
            Grouping::Supplier(name) => found.received("partner", name.as_str())?,
            Grouping::Order(order) => found.order(order.as_str())?,
            Grouping::Customer(name) => found.customer(name.as_str())?,
            Grouping::Shipment(code) => found.brought_to(&format!("truck:{code}"))?,
            Grouping::Plate(plate) => {
                let sql = "SELECT warehouse, id, item, lot, serial FROM moves WHERE target_plate <> '' AND target_plate = ?1";
                found.steps(sql, values![plate.to_string()])?;
            }
            Grouping::Worker(worker) => found.worker(worker)?,
            Grouping::Device(device) => {
                let sql = "SELECT warehouse, id, item, lot, serial FROM moves WHERE device <> '' AND device = ?1";
                found.steps(sql, values![device.as_str()])?;
            }
        }
        Ok(found.question)
    }
}

struct Found<'a, 'b, 'c, 'd> {
    tx: &'a Tx<'b>,
    moves: &'a mut Moves<'c, 'd>,
    warehouse: &'a str,
    question: Question,
}

impl Found<'_, '_, '_, '_> {
    fn labels(&mut self, sql: &str, of: &[Value]) -> Result<(), Error> {
        for row in self.tx.rows(sql, of)? {
            let (item, lot, serial) = (row.text("item")?, row.text("lot")?, row.text("serial")?);
            let label = self.moves.names.label(item, lot, serial);
            self.question.labels.insert(label);
        }
        Ok(())
    }

    fn steps(&mut self, sql: &str, of: &[Value]) -> Result<(), Error> {
        for row in self.tx.rows(sql, of)? {
            self.step(&row)?;
        }
        Ok(())
    }

    fn step(&mut self, row: &Row) -> Result<(), Error> {
        let warehouse = row.text("warehouse")?;
        if !self.warehouse.is_empty() && self.warehouse != warehouse {
            return Ok(());
        }
        let (item, lot, serial) = (row.text("item")?, row.text("lot")?, row.text("serial")?);
        let label = self.moves.names.label(item, lot, serial);
        let key = (self.moves.names.number(warehouse), row.int("id")?);
        self.question.steps.insert(key, label);
        Ok(())
    }

    /// What came with a receipt, by its code or its supplier.
    fn received(&mut self, by: &str, name: &str) -> Result<(), Error> {
        let sql = "SELECT m.warehouse, m.id, m.item, m.lot, m.serial FROM orders o
                   JOIN received r ON r.warehouse = o.warehouse AND r.order_code = o.code
                   JOIN moves m ON m.device <> '' AND m.device = r.device AND m.epoch = r.epoch AND m.seq = r.seq
                   WHERE o.kind = 'receipt' AND ((?1 = 'code' AND o.code = ?2) OR (?1 = 'partner' AND (o.partner = ?2
                       OR EXISTS (SELECT 1 FROM partners p WHERE p.kind = 'supplier'
                           AND ((p.code = ?2 AND p.name = o.partner) OR (p.name = ?2 AND p.code = o.partner))))))";
        self.steps(sql, values![by, name])?;
        let sql = "SELECT m.warehouse, m.id, m.item, m.lot, m.serial FROM orders o
                   JOIN moves m ON m.warehouse = o.warehouse AND m.document <> '' AND m.document = o.code
                       AND m.source_place = 'supplier'
                   WHERE o.kind = 'receipt' AND ((?1 = 'code' AND o.code = ?2) OR (?1 = 'partner' AND (o.partner = ?2
                       OR EXISTS (SELECT 1 FROM partners p WHERE p.kind = 'supplier'
                           AND ((p.code = ?2 AND p.name = o.partner) OR (p.name = ?2 AND p.code = o.partner))))))";
        self.steps(sql, values![by, name])
    }

    /// What came to a place such as an order's or a truck's.
    fn brought_to(&mut self, place: &str) -> Result<(), Error> {
        let sql = "SELECT m.warehouse, m.id, m.item, m.lot, m.serial FROM warehouses w
                   JOIN moves m ON m.warehouse = w.code AND m.target_place = ?1 WHERE m.source_place <> ?1";
        self.steps(sql, values![place])
    }

    fn order(&mut self, order: &str) -> Result<(), Error> {
        self.received("code", order)?;
        self.brought_to(&format!("order:{order}"))?;
        let sql = "SELECT m.warehouse, m.id, m.item, m.lot, m.serial FROM warehouses w
                   JOIN returns r ON r.warehouse = w.code AND r.order_code = ?1
                   JOIN moves m ON m.device <> '' AND m.device = r.device AND m.epoch = r.epoch AND m.seq = r.seq";
        self.steps(sql, values![order])?;
        let sql = "SELECT m.warehouse, m.id, m.item, m.lot, m.serial FROM warehouses w
                   JOIN tasks t ON t.warehouse = w.code AND t.order_code = ?1 AND t.kind = 'assemble'
                   JOIN task_facts f ON f.warehouse = t.warehouse AND f.task = t.id
                   JOIN moves m ON m.device <> '' AND m.device = f.device AND m.epoch = f.epoch AND m.seq = f.seq
                       AND m.source_place = 'production'";
        self.steps(sql, values![order])
    }

    fn customer(&mut self, name: &str) -> Result<(), Error> {
        let sql = "SELECT m.warehouse, m.id, m.item, m.lot, m.serial FROM orders o
                   JOIN moves m ON m.warehouse = o.warehouse AND m.target_place = 'order:' || o.code
                   WHERE o.kind = 'sales' AND m.source_place <> m.target_place AND (o.partner = ?1
                       OR EXISTS (SELECT 1 FROM partners p WHERE p.kind = 'customer'
                           AND ((p.code = ?1 AND p.name = o.partner) OR (p.name = ?1 AND p.code = o.partner))))";
        self.steps(sql, values![name])
    }

    /// Who did a row stands in the row alone, so all of them are looked through.
    fn worker(&mut self, worker: &WorkerCode) -> Result<(), Error> {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '%' };
        let code: String = worker.as_str().chars().map(plain).collect();
        let sql = "SELECT j.line, m.warehouse, m.id, m.item, m.lot, m.serial FROM journal j
                   JOIN moves m ON m.device <> '' AND m.device = j.device AND m.epoch = j.epoch AND m.seq = j.seq
                   WHERE j.line LIKE ?1";
        let tx = self.tx;
        tx.each(sql, values![format!("%\"worker\":\"{code}\"%")], |row| {
            let is_it = |entry: Entry| entry.worker.as_ref() == Some(worker);
            if serde_json::from_str(row.text("line")?).is_ok_and(is_it) {
                self.step(&row)?;
            }
            Ok(())
        })
    }
}
