//! What rows say of each other: everything that is named must be there, in the office or in the same import.

use super::BadRow;
use super::rows::{ReadRow, Record};
use crate::office::Error;
use crate::office::database::Tx;
use crate::warehouse::{Goods, Tracking};
use std::collections::{HashMap, HashSet};

#[derive(Default)]
struct Known {
    warehouses: HashSet<String>,
    items: HashMap<String, Tracking>,
    bins: HashSet<(String, String)>,
    lines: HashSet<(String, String, u32)>,
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
    for row in read {
        match &row.record {
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
        match record {
            Record::Warehouse(..) | Record::Item(_) | Record::Partner(..) => Ok(()),
            Record::Barcode(barcode) => self.item(barcode.item.as_str()).map(|_| ()),
            Record::Bin(warehouse, _) => self.warehouse(warehouse.as_str()),
            Record::Worker(worker) => self.warehouse(worker.warehouse.as_str()),
            Record::Stock(stock) => {
                self.bin(stock.warehouse.as_str(), stock.bin.as_str())?;
                self.goods(&stock.goods)
            }
            Record::Order(order) => {
                self.warehouse(order.warehouse.as_str())?;
                if let Some(bin) = &order.bin {
                    self.bin(order.warehouse.as_str(), bin.as_str())?;
                }
                for line in &order.lines {
                    if !self.lines.insert((
                        order.warehouse.to_string(),
                        order.code.to_string(),
                        line.line,
                    )) {
                        return Err(format!(
                            "line {} of {} is there twice",
                            line.line, order.code
                        ));
                    }
                    if order.bin.is_some() && order.kind == crate::warehouse::OrderKind::Receipt {
                        self.goods(&line.goods)?;
                    } else {
                        self.item(line.goods.item.as_str()).map(|_| ())?;
                    }
                }
                Ok(())
            }
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
    fn goods(&self, goods: &Goods) -> Result<(), String> {
        let tracking = self.item(goods.item.as_str())?;
        let missing = [
            (tracking.lot && goods.lot.is_none(), "lot"),
            (tracking.serial && goods.serial.is_none(), "serial"),
            (tracking.expiry && goods.expiry.is_none(), "expiry"),
        ];
        match missing.iter().find(|(missing, _)| *missing) {
            Some((_, name)) => Err(format!("{} needs a {name}", goods.item)),
            None => Ok(()),
        }
    }
}
