//! Keeping stock back: a person's decision, as a paper move between available and on hold.

use super::database::values;
use super::{Document, Error, Office, ledger, records};
use crate::warehouse::{
    BinCode, ItemCode, LotCode, Move, Place, Quantity, Spot, Status, TaskId, Timestamp,
    WarehouseCode,
};

/// Which stock: all that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Which {
    /// Its warehouse.
    pub warehouse: WarehouseCode,
    /// At this bin; at any if none.
    pub bin: Option<BinCode>,
    /// Of this item; of any if none.
    pub item: Option<ItemCode>,
    /// Of this lot; of any if none.
    pub lot: Option<LotCode>,
}

/// What was held or released.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Stock rows that changed.
    pub rows: u64,
    /// How much in all.
    pub quantity: Quantity,
    /// Open picking that still is to fetch from there.
    pub promised: Vec<TaskId>,
}

impl Office {
    /// Keeps stock back: it is not allocated any more. What open tasks fetch from there is said, for a person to stop.
    pub fn hold(&self, now: Timestamp, which: &Which) -> Result<Held, Error> {
        self.restate(now, which, Status::Available, Status::OnHold)
    }

    /// Makes held stock available again.
    pub fn release_hold(&self, now: Timestamp, which: &Which) -> Result<Held, Error> {
        self.restate(now, which, Status::OnHold, Status::Available)
    }

    fn restate(
        &self,
        now: Timestamp,
        which: &Which,
        from: Status,
        to: Status,
    ) -> Result<Held, Error> {
        let warehouse = which.warehouse.as_str();
        let place = which.bin.as_ref().map(|bin| format!("bin:{bin}"));
        let (item, lot) = (
            ledger::text(which.item.as_ref()),
            ledger::text(which.lot.as_ref()),
        );
        self.write(|tx| {
            let mut held = Held::default();
            let sql = "SELECT place, plate, item, lot, serial, expiry, quantity FROM stock
                       WHERE warehouse = ?1 AND status = ?2 AND quantity > 0 AND place LIKE 'bin:%'
                       AND (?3 = '' OR place = ?3) AND (?4 = '' OR item = ?4) AND (?5 = '' OR lot = ?5)";
            let wanted = values![warehouse, ledger::status(from), place.clone().unwrap_or_default(), &item, &lot];
            for row in tx.rows(sql, wanted)? {
                let quantity = Quantity::from_thousandths(row.int("quantity")?);
                let spot = |status| {
                    let place: Place = row.parse("place")?;
                    Ok::<_, Error>(Spot { place, plate: row.parse_maybe("plate")?, status })
                };
                let goods = records::goods(&row)?;
                let step = Move { goods, quantity, source: spot(from)?, target: spot(to)? };
                ledger::post(tx, warehouse, &now.to_rfc3339(), &Document::Paper("hold".to_owned()), &step)?;
                held.rows += 1;
                held.quantity = held.quantity.plus(quantity);
            }
            let sql = "SELECT DISTINCT task FROM task_lines WHERE warehouse = ?1 AND is_open = 1 AND quantity > done
                       AND (?2 = '' OR bin = ?2) AND (?3 = '' OR item = ?3) AND (?4 = '' OR lot = ?4) ORDER BY task";
            let bin = ledger::text(which.bin.as_ref());
            for row in tx.rows(sql, values![warehouse, bin, &item, &lot])? {
                held.promised.push(row.parse("task")?);
            }
            Ok(held)
        })
    }
}
