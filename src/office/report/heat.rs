//! The floor as a map shows it: where each bin stands, how often it was picked from, and how full it is.

use crate::office::database::{Row, values};
use crate::office::{Error, Office};
use crate::warehouse::{Timestamp, WarehouseCode};

/// A bin on the floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct Spot {
    pub bin: String,
    pub zone: String,
    pub kind: String,
    pub x_cm: i64,
    pub y_cm: i64,
    pub level: i64,
    pub frozen: bool,
    /// Picks from it in the time that was asked for; what was taken back is none.
    pub picks: u64,
    /// Rows of stock in it.
    pub rows: u64,
    /// How full it is in hundredths, by the volume or the weight it can take, whichever is nearer to full; none where
    /// nobody said how much that is or how large the goods are.
    pub full: Option<u64>,
}

const BINS: &str = "SELECT b.code, b.zone, b.kind, b.x_cm, b.y_cm, b.level, b.frozen, b.most_volume_cm3, b.most_weight_g,
        COALESCE(p.picks, 0) AS picks, COALESCE(s.many, 0) AS many, COALESCE(s.volume, 0) AS volume,
        COALESCE(s.weight, 0) AS weight, COALESCE(s.sized, 0) AS sized, COALESCE(s.weighed, 0) AS weighed
    FROM bins b LEFT JOIN (
        SELECT m.source_place AS place, COUNT(*) AS picks FROM moves m
        JOIN task_facts f ON f.device = m.device AND f.epoch = m.epoch AND f.seq = m.seq
        JOIN tasks t ON t.warehouse = f.warehouse AND t.id = f.task AND t.kind = 'pick'
        WHERE m.warehouse = ?1 AND m.at >= ?2 AND m.at <= ?3 AND m.source_place LIKE 'bin:%' GROUP BY m.source_place
    ) p ON p.place = 'bin:' || b.code LEFT JOIN (
        SELECT h.place, COUNT(*) AS many, SUM(CASE WHEN i.length_mm IS NULL THEN 0 ELSE 1 END) AS sized,
            SUM(CASE WHEN i.weight_g IS NULL THEN 0 ELSE 1 END) AS weighed,
            SUM(COALESCE(i.length_mm * i.width_mm / 100 * i.height_mm / 10, 0) * h.quantity / 1000) AS volume,
            SUM(COALESCE(i.weight_g, 0) * h.quantity / 1000) AS weight
        FROM stock h LEFT JOIN items i ON i.code = h.item
        WHERE h.warehouse = ?1 AND h.quantity > 0 AND h.place LIKE 'bin:%' GROUP BY h.place
    ) s ON s.place = 'bin:' || b.code
    WHERE b.warehouse = ?1 ORDER BY b.sequence, b.code";

impl Office {
    /// Every bin of a warehouse in the order of the walk, with what happened there between two moments.
    pub(in crate::office) fn heat(
        &self,
        warehouse: &WarehouseCode,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Spot>, Error> {
        let asked = values![warehouse.as_str(), from.to_rfc3339(), until.to_rfc3339()];
        self.database()
            .read_at_length(|tx| tx.rows(BINS, asked)?.iter().map(spot).collect())
    }
}

fn spot(row: &Row) -> Result<Spot, Error> {
    let rows = row.count("many")?;
    // Goods of unknown size would make it look emptier than it is.
    let part = |known: &'static str, sum: &'static str, most: &'static str| {
        let most = row.maybe_int(most).filter(|most| *most > 0);
        match most {
            Some(most) if row.count(known)? == rows => {
                let sum = row.int(sum)?.max(0);
                Ok(u64::try_from(sum.saturating_mul(100) / most).ok())
            }
            _ => Ok::<_, Error>(None),
        }
    };
    let volume = part("sized", "volume", "most_volume_cm3")?;
    let weight = part("weighed", "weight", "most_weight_g")?;
    Ok(Spot {
        bin: row.text("code")?.to_owned(),
        zone: row.text("zone")?.to_owned(),
        kind: row.text("kind")?.to_owned(),
        x_cm: row.int("x_cm")?,
        y_cm: row.int("y_cm")?,
        level: row.int("level")?,
        frozen: row.flag("frozen")?,
        picks: row.count("picks")?,
        rows,
        full: volume.max(weight),
    })
}
