//! How right the books are: counts that found what the book said, and counts that did not.

use super::{Paged, Words, paged};
use crate::office::database::Row;
use crate::office::{Error, Office};
use crate::warehouse::{Quantity, SafeText, Timestamp, WarehouseCode};

/// A count, and how far it was from the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct Counted {
    pub id: i64,
    pub at: Timestamp,
    at_key: String,
    pub bin: String,
    pub zone: String,
    pub item: String,
    pub worker: SafeText,
    pub state: String,
    /// Things that differed.
    pub differs: u64,
    pub more: Quantity,
    pub less: Quantity,
    /// What the differences are worth, in hundredths, more or less alike.
    pub value: i64,
}

/// Counts of a zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::office) struct ZoneCounts {
    pub zone: String,
    pub counts: u64,
    pub right: u64,
}

const COUNTS: &str = "SELECT c.id, c.counted_at, c.bin, COALESCE(b.zone, '') AS zone, c.item, c.worker, c.state,
        (SELECT COUNT(*) FROM count_lines l WHERE l.warehouse = c.warehouse AND l.count = c.id) AS differs,
        (SELECT COALESCE(SUM(CASE WHEN l.counted > l.expected THEN l.counted - l.expected ELSE 0 END), 0) FROM count_lines l
            WHERE l.warehouse = c.warehouse AND l.count = c.id) AS more,
        (SELECT COALESCE(SUM(CASE WHEN l.counted < l.expected THEN l.expected - l.counted ELSE 0 END), 0) FROM count_lines l
            WHERE l.warehouse = c.warehouse AND l.count = c.id) AS less,
        (SELECT COALESCE(SUM(ABS(l.counted - l.expected) * v.value / 1000), 0) FROM count_lines l
            JOIN item_values v ON v.item = l.item WHERE l.warehouse = c.warehouse AND l.count = c.id) AS value
    FROM counts c LEFT JOIN bins b ON b.warehouse = c.warehouse AND b.code = c.bin
    WHERE c.warehouse = ?1 AND c.counted_at >= ?2 AND c.counted_at <= ?3 AND c.state NOT IN ('undone', 'superseded')";

impl Office {
    /// Counts of each zone between two moments; what was counted anew counts once.
    pub(in crate::office) fn counts_by_zone(
        &self,
        warehouse: &WarehouseCode,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ZoneCounts>, Error> {
        let words = Words::between(warehouse, from, until);
        let sql = format!(
            "SELECT q.zone, COUNT(*) AS counts, SUM(CASE q.differs WHEN 0 THEN 1 ELSE 0 END) AS correct FROM ({COUNTS}) q
             GROUP BY q.zone ORDER BY q.zone"
        );
        let read = |row: &Row| {
            Ok(ZoneCounts {
                zone: row.text("zone")?.to_owned(),
                counts: row.count("counts")?,
                right: row.count("correct")?,
            })
        };
        self.database()
            .read_at_length(|tx| tx.rows(&sql, &words.values)?.iter().map(read).collect())
    }

    /// One page of counts between two moments, newest first; of one zone only, if it is named.
    pub(in crate::office) fn counts_seen(
        &self,
        warehouse: &WarehouseCode,
        (from, until): (Timestamp, Timestamp),
        zone: Option<&str>,
        after: &[String],
        most: usize,
    ) -> Result<Paged<Counted>, Error> {
        let mut words = Words::between(warehouse, from, until);
        let zone = zone.map(str::to_owned);
        let mut only = words.equal(&[("b.zone", &zone)]);
        if let [at, id] = after
            && let Ok(id) = id.parse::<i64>()
        {
            let (at, id) = (words.put(at.as_str()), words.put(id));
            only.extend([format!(" AND (c.counted_at, c.id) < ({at}, {id})")]);
        }
        let sql = format!(
            "{COUNTS}{only} ORDER BY c.counted_at DESC, c.id DESC LIMIT {}",
            most.saturating_add(1)
        );
        let rows = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.rows(&sql, &words.values)?))?;
        paged(rows, most, counted, |row| {
            vec![row.at_key.clone(), row.id.to_string()]
        })
    }
}

fn counted(row: &Row) -> Result<Counted, Error> {
    let text = |name| row.text(name).map(str::to_owned);
    Ok(Counted {
        id: row.int("id")?,
        at: row.parse("counted_at")?,
        at_key: text("counted_at")?,
        bin: text("bin")?,
        zone: text("zone")?,
        item: text("item")?,
        worker: row.text("worker")?.into(),
        state: text("state")?,
        differs: row.count("differs")?,
        more: Quantity::from_thousandths(row.int("more")?),
        less: Quantity::from_thousandths(row.int("less")?),
        value: row.int("value")?,
    })
}
