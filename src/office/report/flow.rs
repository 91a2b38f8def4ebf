//! What moved day by day: how much came, was picked, went out and was corrected.

use super::Words;
use crate::office::{Error, Office};
use crate::warehouse::{Timestamp, WarehouseCode};
use chrono::{DateTime, Local, NaiveDate};
use std::collections::BTreeMap;

/// What a movement is, by its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) enum Way {
    /// From a supplier, or back from a customer.
    Came,
    /// Out of a bin, into a tote, a hand or a carton.
    Fetched,
    /// Onto a truck.
    Loaded,
    /// Found or lost: the book was wrong.
    Corrected,
    /// All else in the house.
    Within,
}

impl Way {
    pub const ALL: [Self; 5] = [
        Self::Came,
        Self::Fetched,
        Self::Loaded,
        Self::Corrected,
        Self::Within,
    ];

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Fetched => "fetched",
            Self::Loaded => "loaded",
            Self::Corrected => "corrected",
            Self::Within => "within",
        }
    }
}

/// The name of a movement's way, for a statement.
pub(super) const WAY: &str = "CASE WHEN source_place IN ('supplier', 'customer') THEN 'came'
        WHEN source_place IN ('found', 'loss', 'unknown') OR target_place IN ('found', 'loss', 'unknown') THEN 'corrected'
        WHEN target_place LIKE 'truck:%' THEN 'loaded'
        WHEN source_place LIKE 'bin:%' AND NOT target_place LIKE 'bin:%' THEN 'fetched' ELSE 'within' END";

/// Movements of each way, in the order of [`Way::ALL`].
pub(in crate::office) type Ways = [u64; Way::ALL.len()];

impl Office {
    /// How many movements of each way there were on each day of the office, between two moments.
    pub(in crate::office) fn ways_by_day(
        &self,
        warehouse: &WarehouseCode,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeMap<NaiveDate, Ways>, Error> {
        let words = Words::between(warehouse, from, until);
        // By the hour, for the office's day begins at another hour than that of the books.
        let sql = format!(
            "SELECT hour, way, COUNT(*) AS many FROM (SELECT SUBSTR(at, 1, 13) AS hour, {WAY} AS way FROM moves
                 WHERE warehouse = ?1 AND at >= ?2 AND at <= ?3) m GROUP BY hour, way ORDER BY hour, way"
        );
        let mut days: BTreeMap<NaiveDate, Ways> = BTreeMap::new();
        self.database().read_at_length(|tx| {
            tx.each(&sql, &words.values, |row| {
                let Ok(hour) =
                    format!("{}:00:00Z", row.text("hour")?).parse::<DateTime<chrono::Utc>>()
                else {
                    return Ok(());
                };
                let day = hour.with_timezone(&Local).date_naive();
                let way = row.text("way")?;
                if let Some(at) = Way::ALL.iter().position(|known| known.name() == way) {
                    days.entry(day).or_default()[at] += row.count("many")?;
                }
                Ok::<(), Error>(())
            })
        })?;
        Ok(days)
    }
}
