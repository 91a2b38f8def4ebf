//! What stock there is: on hand, promised to open picking, free, and kept back. Derived each time, never counted along.

use super::allocate::today;
use super::database::values;
use super::hold::Which;
use super::{Error, Office, ledger, records};
use crate::warehouse::{BinCode, Goods, Quantity, Timestamp};

/// Stock of one kind in one bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Where.
    pub bin: BinCode,
    /// What.
    pub goods: Goods,
    /// What may be used by its status.
    pub there: Quantity,
    /// What open picking still is to fetch of that.
    pub promised: Quantity,
    /// What an order could get now: none of what has expired, and none at a bin that is not picked from.
    pub free: Quantity,
    /// What is on hold, damaged or expired by its status.
    pub held: Quantity,
}

impl Office {
    /// The stock that fits, in the order of the walk.
    pub fn stock(&self, now: Timestamp, which: &Which) -> Result<Vec<Availability>, Error> {
        let sql = "SELECT b.code, s.item, s.lot, s.serial, s.expiry,
                       SUM(CASE s.status WHEN 'available' THEN s.quantity ELSE 0 END) AS there,
                       SUM(CASE s.status WHEN 'available' THEN 0 ELSE s.quantity END) AS held,
                       (SELECT COALESCE(SUM(l.quantity - l.done), 0) FROM task_lines l WHERE l.warehouse = s.warehouse
                           AND l.bin = b.code AND l.item = s.item AND l.lot = s.lot AND l.serial = s.serial
                           AND l.is_open = 1 AND l.quantity > l.done) AS promised,
                       CASE WHEN b.kind IN ('pick_face', 'reserve') AND b.frozen = 0
                           AND (s.expiry IS NULL OR s.expiry >= ?5) THEN 1 ELSE 0 END AS can_be_picked
                   FROM stock s JOIN bins b ON b.warehouse = s.warehouse AND b.code = SUBSTR(s.place, 5) AND s.place LIKE 'bin:%'
                   WHERE s.warehouse = ?1 AND s.quantity <> 0 AND (?2 = '' OR b.code = ?2) AND (?3 = '' OR s.item = ?3)
                       AND (?4 = '' OR s.lot = ?4)
                   GROUP BY s.warehouse, b.code, b.sequence, b.kind, b.frozen, s.item, s.lot, s.serial, s.expiry
                   ORDER BY b.sequence, b.code, s.item, s.lot, s.serial";
        let wanted = values![
            which.warehouse.as_str(),
            ledger::text(which.bin.as_ref()),
            ledger::text(which.item.as_ref()),
            ledger::text(which.lot.as_ref()),
            today(now).to_string(),
        ];
        self.database().read(|tx| {
            let mut all = Vec::new();
            tx.each(sql, wanted, |row| {
                let quantity = |name| row.int(name).map(Quantity::from_thousandths);
                let (there, promised) = (quantity("there")?, quantity("promised")?);
                let free = if row.flag("can_be_picked")? {
                    there.minus(promised).max(Quantity::ZERO)
                } else {
                    Quantity::ZERO
                };
                all.push(Availability {
                    bin: row.parse("code")?,
                    goods: records::goods(&row)?,
                    there,
                    promised,
                    free,
                    held: quantity("held")?,
                });
                Ok::<(), Error>(())
            })?;
            Ok(all)
        })
    }
}
