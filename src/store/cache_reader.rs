//! What can be asked of the cache. Every question is answered from an index, however large the warehouse is.

use super::{Cache, Cursor, Error};
use crate::sqlite;
use crate::warehouse::{
    BadgeCode, Barcode, Bin, BinCode, Goods, Item, ItemCode, Message, Place, Quantity, SerialCode,
    Spot, Sscc, StockRow, Task, TaskId, Worker, WorkerCode, ZoneCode,
};
use rusqlite::types::Type;
use rusqlite::{Connection, Params, Row};
use serde::de::DeserializeOwned;
use std::path::Path;

/// An item, the license plate it stands on, if on one, and how much of it there is.
pub type ZoneSum = (ItemCode, Option<Sscc>, Quantity);

/// The cache, to be read. What was damaged is an error that [`Error::is_cache_damage`] knows.
#[derive(Debug)]
pub struct CacheReader {
    db: Connection,
}

impl CacheReader {
    /// Opens the cache of a folder beside its writer.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        sqlite::open_read_only(&Cache::path_of(dir))
            .map(Self::new)
            .map_err(Error::OpenCache)
    }

    pub(super) const fn new(db: Connection) -> Self {
        Self { db }
    }

    pub(super) const fn writer(&mut self) -> &mut Connection {
        &mut self.db
    }

    pub(super) const fn database(&self) -> &Connection {
        &self.db
    }

    pub(super) fn into_database(self) -> Connection {
        self.db
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        #[cfg(test)]
        tests::refuse_to_search_row_by_row(&self.db, sql);
        self.db
            .prepare_cached(sql)
            .and_then(|mut rows| rows.query_map(params, read)?.collect())
            .map_err(Error::ReadCache)
    }

    fn one<T>(
        &self,
        sql: &str,
        key: &str,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        Ok(self.all(sql, [key], read)?.pop())
    }

    /// How far the cache has come.
    pub fn cursor(&self) -> Result<Cursor, Error> {
        let sql = "SELECT next, incarnation, confirmed_epoch, confirmed_seq FROM cursor";
        let read = |row: &Row<'_>| {
            Ok(Cursor {
                next: row.get("next")?,
                incarnation: row.get("incarnation")?,
                confirmed: (row.get("confirmed_epoch")?, row.get("confirmed_seq")?),
            })
        };
        Ok(self.all(sql, [], read)?.pop().unwrap_or_default())
    }

    /// Whose badge this is.
    pub fn worker_by_badge(&self, badge: &BadgeCode) -> Result<Option<Worker>, Error> {
        let sql = "SELECT said FROM workers WHERE badge = ?1 ORDER BY code DESC";
        self.one(sql, badge.as_str(), said)
    }

    /// A worker.
    pub fn worker(&self, code: &WorkerCode) -> Result<Option<Worker>, Error> {
        self.one(
            "SELECT said FROM workers WHERE code = ?1",
            code.as_str(),
            said,
        )
    }

    /// What a barcode stands for.
    pub fn barcode(&self, code: &str) -> Result<Option<Barcode>, Error> {
        let sql = "SELECT code, item, holds FROM barcodes WHERE code = ?1";
        self.one(sql, code, |row| {
            Ok(Barcode {
                code: row.get::<_, String>("code")?.into(),
                item: text(row, "item")?,
                holds: Quantity::from_thousandths(row.get("holds")?),
            })
        })
    }

    /// An item.
    pub fn item(&self, code: &ItemCode) -> Result<Option<Item>, Error> {
        self.one(
            "SELECT said FROM items WHERE code = ?1",
            code.as_str(),
            said,
        )
    }

    /// Items whose code or name begins so, small and capital letters alike in names; no more than so many.
    pub fn search_items(&self, prefix: &str, most: u32) -> Result<Vec<Item>, Error> {
        let end = format!("{prefix}\u{10ffff}");
        let sql = "SELECT said FROM items WHERE code IN (\
                   SELECT * FROM (SELECT code FROM items WHERE code >= ?1 AND code < ?2 LIMIT ?3) \
                   UNION SELECT * FROM (SELECT code FROM items \
                   WHERE name >= ?1 COLLATE NOCASE AND name < ?2 COLLATE NOCASE LIMIT ?3)) \
                   ORDER BY code LIMIT ?3";
        self.all(sql, (prefix, end, most), said)
    }

    /// A bin.
    pub fn bin(&self, code: &BinCode) -> Result<Option<Bin>, Error> {
        self.one("SELECT said FROM bins WHERE code = ?1", code.as_str(), said)
    }

    /// What the office knows to be at a place.
    pub fn stock_at(&self, place: &Place) -> Result<Vec<StockRow>, Error> {
        let sql = "SELECT * FROM stock WHERE place = ?1 ORDER BY plate, status, item, lot, serial";
        self.all(sql, [place.to_string()], stock)
    }

    /// Whether the warehouse has such a zone.
    pub fn has_zone(&self, zone: &ZoneCode) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM bins WHERE zone = ?1 LIMIT 1";
        Ok(self.one(sql, zone.as_str(), |_| Ok(()))?.is_some())
    }

    /// How much of each item the office knows to be in all bins of a zone, by license plate where it stands on one.
    pub(super) fn sums_in_zone(&self, zone: &ZoneCode) -> Result<Vec<ZoneSum>, Error> {
        let sql = "SELECT item, plate, SUM(quantity) AS quantity \
                   FROM bins CROSS JOIN stock ON place = 'bin:' || bins.code WHERE zone = ?1 GROUP BY item, plate";
        self.all(sql, [zone.as_str()], |row| {
            let quantity = Quantity::from_thousandths(row.get("quantity")?);
            Ok((
                text(row, "item")?,
                maybe(row, "plate", Sscc::parse)?,
                quantity,
            ))
        })
    }

    /// Where the office knows an item to be.
    pub fn stock_of_item(&self, item: &ItemCode) -> Result<Vec<StockRow>, Error> {
        let sql = "SELECT * FROM stock WHERE item = ?1 ORDER BY place, plate, status, lot, serial";
        self.all(sql, [item.as_str()], stock)
    }

    /// Where the office knows these units of an item to be.
    pub(super) fn units<'a>(
        &self,
        item: &ItemCode,
        serials: impl Iterator<Item = &'a SerialCode>,
    ) -> Result<Vec<StockRow>, Error> {
        let wanted: Vec<&str> = serials.map(SerialCode::as_str).collect();
        let wanted = serde_json::to_string(&wanted).expect("a list of texts becomes JSON");
        let sql = "SELECT * FROM stock WHERE item = ?1 AND serial IN (SELECT value FROM json_each(?2)) \
                   ORDER BY place, plate, status, lot, serial";
        self.all(sql, [item.as_str(), &wanted], stock)
    }

    /// What the office knows to stand on a license plate.
    pub fn stock_on(&self, plate: Sscc) -> Result<Vec<StockRow>, Error> {
        let sql = "SELECT * FROM stock WHERE plate = ?1 AND plate <> '' \
                   ORDER BY place, status, item, lot, serial";
        self.all(sql, [plate.to_string()], stock)
    }

    /// An open task.
    pub fn task(&self, id: &TaskId) -> Result<Option<Task>, Error> {
        self.one("SELECT said FROM tasks WHERE id = ?1", id.as_str(), said)
    }

    /// Open tasks, most urgent first: `most` of them after leaving out the first `from`.
    pub fn tasks(&self, from: u32, most: u32) -> Result<Vec<Task>, Error> {
        let sql =
            "SELECT said FROM tasks ORDER BY priority, due IS NULL, due, id LIMIT ?2 OFFSET ?1";
        self.all(sql, (from, most), said)
    }

    /// What there is to read, oldest first; no more than so many.
    pub fn messages(&self, most: u32) -> Result<Vec<Message>, Error> {
        self.all(
            "SELECT said FROM messages ORDER BY id LIMIT ?1",
            [most],
            said,
        )
    }
}

/// A column that holds what should not be there counts as damage.
fn bad(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
}

fn said<T: DeserializeOwned>(row: &Row<'_>) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref("said")?.as_str()?).map_err(bad)
}

fn text<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    row.get_ref(column)?.as_str()?.parse().map_err(bad)
}

fn maybe<T, E: std::error::Error + Send + Sync + 'static>(
    row: &Row<'_>,
    column: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| parse(&text)).transpose().map_err(bad)
}

fn stock(row: &Row<'_>) -> rusqlite::Result<StockRow> {
    let status: String = row.get("status")?;
    Ok(StockRow {
        spot: Spot {
            place: text(row, "place")?,
            plate: maybe(row, "plate", Sscc::parse)?,
            status: serde_json::from_value(status.into()).map_err(bad)?,
        },
        goods: Goods {
            item: text(row, "item")?,
            lot: maybe(row, "lot", str::parse)?,
            serial: maybe(row, "serial", str::parse)?,
            expiry: maybe(row, "expiry", str::parse)?,
        },
        quantity: Quantity::from_thousandths(row.get("quantity")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every question of every unit test comes through here.
    pub(super) fn refuse_to_search_row_by_row(db: &Connection, sql: &str) {
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut steps = plan.raw_query();
        while let Some(step) = steps.next().unwrap() {
            let step: String = step.get("detail").unwrap();
            let in_turn = step.contains("USING INDEX tasks_in_turn");
            let few = ["SCAN cursor", "SCAN messages"];
            let small = few.iter().any(|few| step.starts_with(few)) || step.contains("subquery");
            let scans = step.starts_with("SCAN") && !in_turn && !small;
            let sorts = step.contains("TEMP B-TREE FOR ORDER BY") && sql.contains("tasks");
            assert!(!scans && !sorts, "{sql}\n{step}");
        }
    }

    #[test]
    fn every_question_is_answered_from_an_index() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let read = cache.read();
        let (item, place) = ("I".parse().unwrap(), Place::Supplier);
        let plate = Sscc::from_body("39506000134351234").unwrap();
        assert!(
            read.worker_by_badge(&"B".parse().unwrap())
                .unwrap()
                .is_none()
        );
        assert!(read.worker(&"W".parse().unwrap()).unwrap().is_none());
        assert!(read.barcode("09506000134352").unwrap().is_none());
        assert!(read.item(&item).unwrap().is_none());
        assert!(read.search_items("bo", 5).unwrap().is_empty());
        assert!(read.bin(&"A".parse().unwrap()).unwrap().is_none());
        assert!(read.stock_at(&place).unwrap().is_empty());
        let zone = "A".parse().unwrap();
        assert!(!read.has_zone(&zone).unwrap());
        assert!(read.sums_in_zone(&zone).unwrap().is_empty());
        assert!(read.stock_of_item(&item).unwrap().is_empty());
        assert!(read.stock_on(plate).unwrap().is_empty());
        assert!(read.task(&"T".parse().unwrap()).unwrap().is_none());
        assert!(read.tasks(0, 5).unwrap().is_empty());
        assert!(read.messages(5).unwrap().is_empty());
        assert_eq!(read.cursor().unwrap(), Cursor::default());
    }
}
