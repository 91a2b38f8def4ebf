//! Transfers as the warehouse sees them that sends: what leaves on a truck is in transit, carton by carton. What the other
//! warehouse makes of it is squared elsewhere: nothing here looks beyond the walls.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::work::Known;
use super::{Document, Error, ledger, records};
use crate::warehouse::{Fact, Goods, Move, OrderCode, Place, Quantity, Spot, Sscc, WarehouseCode};

/// Which of some orders go to another warehouse.
pub(super) fn transfers(
    tx: &Tx,
    warehouse: &str,
    orders: &[OrderCode],
) -> Result<Vec<OrderCode>, Error> {
    let mut found = Vec::new();
    for order in orders {
        if target(tx, warehouse, order)?.is_some() {
            found.push(order.clone());
        }
    }
    Ok(found)
}

/// To which warehouse an order goes, if it is a transfer.
fn target(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Option<WarehouseCode>, Error> {
    let sql = "SELECT target FROM orders WHERE warehouse = ?1 AND code = ?2 AND kind = 'transfer'";
    let row = tx.first(sql, values![warehouse, order.as_str()])?;
    Ok(row.map(|row| row.parse("target")).transpose()?)
}

/// A truck goes: what is on it for another warehouse is in transit.
pub(super) fn leaves(tx: &Tx, posting: &Posting, known: &Known, fact: &Fact) -> Result<(), Error> {
    let Fact::TruckClosed { shipment, .. } = fact else {
        return Ok(());
    };
    for loaded in &known.task.done {
        let Fact::Loaded {
            order,
            plate,
            goods,
            ..
        } = loaded
        else {
            continue;
        };
        let Some(target) = target(tx, posting.warehouse, order)? else {
            continue;
        };
        for (goods, quantity) in goods {
            let carton = Carton {
                shipment: shipment.clone(),
                order: order.clone(),
                plate: *plate,
                goods: goods.clone(),
                quantity: *quantity,
            };
            carton.leaves(tx, posting, &target)?;
        }
    }
    Ok(())
}

/// Some goods in a carton on a truck.
struct Carton {
    shipment: OrderCode,
    order: OrderCode,
    plate: Sscc,
    goods: Goods,
    quantity: Quantity,
}

impl Carton {
    /// From the truck into transit.
    fn step(&self) -> Move {
        let at = |place: Place| Spot::at(place).on(Some(self.plate));
        Move {
            goods: self.goods.clone(),
            quantity: self.quantity,
            source: at(Place::Truck(self.shipment.clone())),
            target: at(Place::Transit(self.order.clone())),
        }
    }

    fn leaves(&self, tx: &Tx, posting: &Posting, target: &WarehouseCode) -> Result<(), Error> {
        let warehouse = posting.warehouse;
        let paper = Document::Paper(format!("transit {}", self.shipment));
        let now = posting.now.to_rfc3339();
        ledger::post(tx, warehouse, &now, &paper, &self.step())?;
        let number = tx.next(warehouse, &format!("transit:{}", self.order))?;
        let sql = "INSERT INTO transit (warehouse, order_code, number, shipment, plate, item, lot, serial, expiry, quantity,
                       target, notice, line, arrived, lost, is_open)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '', 0, 0, 0, 1)";
        let goods = &self.goods;
        tx.run(
            sql,
            values![
                warehouse,
                self.order.as_str(),
                number,
                self.shipment.as_str(),
                self.plate.to_string(),
                goods.item.as_str(),
                ledger::text(goods.lot.as_ref()),
                ledger::text(goods.serial.as_ref()),
                goods.expiry.map(|day| day.to_string()),
                self.quantity.thousandths(),
                target.as_str()
            ],
        )?;
        Ok(())
    }
}

/// A truck did not go after all: what was in transit is on it again, unless some of it has arrived.
pub(super) fn stays(tx: &Tx, posting: &mut Posting, fact: &Fact) -> Result<(), Error> {
    let Fact::TruckClosed {
        shipment, orders, ..
    } = fact
    else {
        return Ok(());
    };
    let warehouse = posting.warehouse;
    for order in orders {
        let sql = "SELECT number, plate, item, lot, serial, expiry, quantity, notice, arrived, lost FROM transit
                   WHERE warehouse = ?1 AND order_code = ?2 AND shipment = ?3 AND is_open = 1 ORDER BY number";
        for row in tx.rows(sql, values![warehouse, order.as_str(), shipment.as_str()])? {
            if row.int("arrived")? > 0 || row.int("lost")? > 0 {
                let note = format!(
                    "{shipment} was opened again, and some of {order} has arrived already: look at both ends"
                );
                posting.exception(tx, ExceptionKind::DoneTwice, &note)?;
                continue;
            }
            let carton = Carton {
                shipment: shipment.clone(),
                order: order.clone(),
                plate: row.parse("plate")?,
                goods: records::goods(&row)?,
                quantity: Quantity::from_thousandths(row.int("quantity")?),
            };
            let paper = Document::Paper(format!("no transit {shipment}"));
            let now = posting.now.to_rfc3339();
            ledger::post(tx, warehouse, &now, &paper, &carton.step().reversed())?;
            let key = values![warehouse, order.as_str(), row.int("number")?];
            let sql = if row.text("notice")?.is_empty() {
                "DELETE FROM transit WHERE warehouse = ?1 AND order_code = ?2 AND number = ?3"
            } else {
                // The other warehouse was told of it, and must hear that it does not come.
                "UPDATE transit SET is_open = 2 WHERE warehouse = ?1 AND order_code = ?2 AND number = ?3"
            };
            tx.run(sql, key)?;
        }
    }
    Ok(())
}
