//! The change feed: what a handheld must hear of since it last asked. Numbers follow the order of commits,
//! so whoever has seen N has seen all before it. A row names a thing; its state is read when the page is made.

use super::database::{Tx, values};
use super::{Device, Error, Office, incarnation, ledger, message, people, records, work};
use crate::fault::{self, Fault};
use crate::sync::{Limits, Page, RefusedKind};
use crate::warehouse::{Change, Quantity, Spot, StockRow, Timestamp, WarehouseCode};

/// A thing of a warehouse changed. Its older row in the feed gives way: whoever has not seen that one will see this one,
/// so the feed never holds more rows than there are things.
pub(super) fn announce(tx: &Tx, warehouse: &str, kind: &str, thing: &str) -> Result<(), Error> {
    let seq = tx.next(warehouse, "feed")?;
    let sql = "INSERT INTO feed (warehouse, seq, kind, thing) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (warehouse, kind, thing) DO UPDATE SET seq = excluded.seq";
    tx.run(sql, values![warehouse, seq, kind, thing])?;
    Ok(())
}

/// A thing of the whole company changed.
pub(super) fn announce_everywhere(tx: &Tx, kind: &str, thing: &str) -> Result<(), Error> {
    for warehouse in records::warehouses(tx)? {
        announce(tx, &warehouse, kind, thing)?;
    }
    Ok(())
}

/// A stock row changed. The key: place, plate, status, item, lot, serial.
pub(super) fn announce_stock(tx: &Tx, warehouse: &str, key: &[&str; 6]) -> Result<(), Error> {
    announce(
        tx,
        warehouse,
        "stock",
        &serde_json::to_string(key).expect("texts become JSON"),
    )
}

/// From this number on, the feed contains a device's facts up to `seq`.
pub(super) fn announce_posted(
    tx: &Tx,
    warehouse: &str,
    device: &str,
    epoch: u32,
    fact: u64,
) -> Result<(), Error> {
    let seq = tx.next(warehouse, "feed")?;
    let sql =
        "INSERT INTO feed_posted (warehouse, seq, device, epoch, fact) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.run(sql, values![warehouse, seq, device, epoch, fact])?;
    Ok(())
}

pub(super) fn head(tx: &Tx, warehouse: &str) -> Result<u64, Error> {
    let sql = "SELECT value FROM counters WHERE warehouse = ?1 AND name = 'feed'";
    Ok(tx
        .first(sql, values![warehouse])?
        .map_or(Ok(0), |row| row.count("value"))?)
}

/// Up to which of its facts a device finds itself in the feed up to a number: in its newest journal that is in there.
pub(super) fn confirmed(tx: &Tx, device: &Device, upto: u64) -> Result<(u32, u64), Error> {
    let sql =
        "SELECT epoch, fact FROM feed_posted WHERE warehouse = ?1 AND device = ?2 AND seq <= ?3
               ORDER BY epoch DESC, fact DESC LIMIT 1";
    let row = tx.first(
        sql,
        values![device.warehouse.as_str(), device.id.as_str(), upto],
    )?;
    let Some(row) = row else { return Ok((0, 0)) };
    Ok((
        u32::try_from(row.count("epoch")?).unwrap_or(u32::MAX),
        row.count("fact")?,
    ))
}

impl Office {
    /// News for a device after this number, at most `limit` things. Refused with `Snapshot` if the number is of another life.
    pub fn page(
        &self,
        now: Timestamp,
        device: &Device,
        after: u64,
        limit: u32,
    ) -> Result<Page, Error> {
        let limit = limit.clamp(1, Limits::CHANGES);
        self.database.read(|tx| {
            let warehouse = device.warehouse.as_str();
            let head = head(tx, warehouse)?;
            if after > head {
                return Err(Error::refused(RefusedKind::Snapshot, "This office has not come that far: fetch everything anew."));
            }
            let sql = "SELECT seq, kind, thing FROM feed WHERE warehouse = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
            let mut rows = tx.rows(sql, values![warehouse, after, limit + 1])?;
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = match rows.last() {
                Some(row) if more && !fault::is(Fault::NewsSkipped) => row.count("seq")?,
                _ => head,
            };
            let mut changes = Vec::new();
            for row in &rows {
                changes.extend(state(tx, warehouse, row.text("kind")?, row.text("thing")?)?);
            }
            let confirmed = confirmed(tx, device, next)?;
            Ok(Page { incarnation: incarnation(tx)?, next, more, confirmed, changes, time: now })
        })
    }

    /// The whole present state of a warehouse, one thing after another, as of one moment.
    /// Says from where the feed goes on.
    pub fn everything<E: From<Error> + From<super::database::Error>>(
        &self,
        warehouse: &WarehouseCode,
        mut take: impl FnMut(Change) -> Result<(), E>,
    ) -> Result<u64, E> {
        self.database.read_at_length(|tx| {
            let warehouse = warehouse.as_str();
            let next = head(tx, warehouse)?;
            for (kind, sql) in [
                ("item", "SELECT code AS thing FROM items WHERE ?1 <> ''"),
                ("barcode", "SELECT code AS thing FROM barcodes WHERE ?1 <> ''"),
                ("bin", "SELECT code AS thing FROM bins WHERE warehouse = ?1"),
                ("worker", "SELECT code AS thing FROM workers WHERE warehouse = ?1"),
                ("message", "SELECT CAST(id AS TEXT) AS thing FROM messages WHERE warehouse = ?1 AND is_gone = 0"),
                ("task", "SELECT id AS thing FROM tasks WHERE warehouse = ?1 AND state IN ('open', 'started')"),
            ] {
                tx.each(sql, values![warehouse], |row| {
                    let thing = row.text("thing").map_err(Error::from)?;
                    state(tx, warehouse, kind, thing)?.map_or(Ok(()), &mut take)
                })?;
            }
            let sql = "SELECT place, plate, status, item, lot, serial, expiry, quantity FROM stock
                       WHERE warehouse = ?1 AND quantity <> 0
                       AND (place LIKE 'bin:%' OR place LIKE 'tote:%' OR place LIKE 'worker:%' OR place LIKE 'order:%'
                       OR place LIKE 'truck:%')";
            tx.each(sql, values![warehouse], |row| take(Change::Stock(stock_row(&row)?)))?;
            Ok(next)
        })
    }
}

fn stock_row(row: &super::database::Row) -> Result<StockRow, Error> {
    let status = row.text("status")?;
    let unreadable = || super::database::Error::Unreadable {
        what: "status",
        text: status.to_owned(),
    };
    Ok(StockRow {
        spot: Spot {
            place: row.parse("place")?,
            plate: row.parse_maybe("plate")?,
            status: ledger::read_status(status).ok_or_else(unreadable)?,
        },
        goods: records::goods(row)?,
        quantity: Quantity::from_thousandths(row.int("quantity")?),
    })
}

/// The present state of a thing, or that it is no more.
fn state(tx: &Tx, warehouse: &str, kind: &str, thing: &str) -> Result<Option<Change>, Error> {
    let bad = || {
        Error::Database(super::database::Error::Unreadable {
            what: "feed row",
            text: format!("{kind} {thing}"),
        })
    };
    Ok(Some(match kind {
        "item" => match records::item(tx, thing)? {
            Some(item) => Change::Item(item),
            None => Change::ItemGone(thing.parse().map_err(|_| bad())?),
        },
        "barcode" => match records::barcode(tx, thing)? {
            Some(barcode) => Change::Barcode(barcode),
            None => Change::BarcodeGone(thing.to_owned()),
        },
        "bin" => match records::bin(tx, warehouse, thing)? {
            Some(bin) => Change::Bin(bin),
            None => Change::BinGone(thing.parse().map_err(|_| bad())?),
        },
        "worker" => match people::worker(tx, warehouse, thing)? {
            Some(worker) => Change::Worker(worker),
            None => Change::WorkerGone(thing.parse().map_err(|_| bad())?),
        },
        "task" => match work::open_task(tx, warehouse, thing)? {
            Some(task) => Change::Task(Box::new(task)),
            None => Change::TaskGone(thing.parse().map_err(|_| bad())?),
        },
        "message" => message::state(tx, warehouse, thing.parse().map_err(|_| bad())?)?,
        "stock" => {
            let key: [String; 6] = serde_json::from_str(thing).map_err(|_| bad())?;
            let sql = "SELECT place, plate, status, item, lot, serial, expiry, quantity FROM stock WHERE warehouse = ?1
                       AND place = ?2 AND plate = ?3 AND status = ?4 AND item = ?5 AND lot = ?6 AND serial = ?7";
            let [place, plate, status, item, lot, serial] = &key;
            let row = tx.first(
                sql,
                values![warehouse, place, plate, status, item, lot, serial],
            )?;
            return row
                .map(|row| stock_row(&row).map(Change::Stock))
                .transpose();
        }
        _ => return Err(bad()),
    }))
}
