//! How fast and how far people work, from the journals: by worker, kind of work and zone. The same figures that each worker
//! sees of themselves at the end of their shift.

use super::database::{Tx, values};
use super::{Error, Office, records};
use crate::planning::pace::{Pace, strides};
use crate::warehouse::{BinCode, Entry, Point, SafeText, Timestamp, WarehouseCode, ZoneCode};
use std::collections::{BTreeMap, BTreeSet};

/// Most rows of journals that one report reads.
const MOST_ROWS: u32 = 500_000;

/// Whose pace, at what, where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaceKey {
    /// Who.
    pub worker: SafeText,
    /// The kind of work; empty outside of any task.
    pub kind: SafeText,
    /// The zone; empty where no bin is named.
    pub zone: SafeText,
}

/// A bin's zone, and where it is.
type Spot = (ZoneCode, Point);

impl Office {
    /// The pace of everyone in a warehouse since a moment, by what had arrived here; no more than half a million rows of it.
    pub fn pace(
        &self,
        warehouse: &WarehouseCode,
        since: Timestamp,
    ) -> Result<BTreeMap<PaceKey, Pace>, Error> {
        // The floor does not wait for it.
        self.database().read_at_length(|tx| {
            let code = warehouse.as_str();
            let sql = "SELECT j.line FROM journal j JOIN devices d ON d.device = j.device
                       WHERE d.warehouse = ?1 AND j.received_at >= ?2 ORDER BY j.device, j.epoch, j.seq LIMIT ?3";
            let mut by_worker: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
            for row in tx.rows(sql, values![code, since.to_rfc3339(), MOST_ROWS])? {
                // What cannot be read yet is parked, and told of elsewhere.
                let Ok(entry) = serde_json::from_str::<Entry>(row.text("line")?) else { continue };
                if let Some(worker) = &entry.worker {
                    by_worker.entry(worker.to_string()).or_default().push(entry);
                }
            }
            let kinds = kinds(tx, code, by_worker.values().flatten())?;
            let bins = bins(tx, code, &by_worker)?;
            let spot = |bin: &BinCode| bins.get(bin).cloned();
            let mut paces: BTreeMap<PaceKey, Pace> = BTreeMap::new();
            for (worker, entries) in &by_worker {
                for stride in strides(entries, |bin| spot(bin).map(|(_, at)| at)) {
                    let task = stride.entry.task.as_ref();
                    let kind = task.and_then(|task| kinds.get(task.as_str()));
                    let zone = stride.bin.as_ref().and_then(spot).map(|(zone, _)| zone);
                    let key = PaceKey {
                        worker: SafeText::new(worker),
                        kind: SafeText::new(kind.map_or("", String::as_str)),
                        zone: SafeText::new(zone.as_ref().map_or("", ZoneCode::as_str)),
                    };
                    paces.entry(key).or_default().add(&stride.adds);
                }
            }
            Ok(paces)
        })
    }
}

/// The kinds of the tasks that entries name.
fn kinds<'a>(
    tx: &Tx,
    warehouse: &str,
    entries: impl Iterator<Item = &'a Entry>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut kinds = BTreeMap::new();
    for task in entries.filter_map(|entry| entry.task.as_ref()) {
        if kinds.contains_key(task.as_str()) {
            continue;
        }
        let sql = "SELECT kind FROM tasks WHERE warehouse = ?1 AND id = ?2";
        let row = tx.first(sql, values![warehouse, task.as_str()])?;
        let kind = row.map_or(Ok(String::new()), |row| row.text("kind").map(str::to_owned))?;
        kinds.insert(task.to_string(), kind);
    }
    Ok(kinds)
}

/// Zone and place of the bins that entries name.
fn bins(
    tx: &Tx,
    warehouse: &str,
    by_worker: &BTreeMap<String, Vec<Entry>>,
) -> Result<BTreeMap<BinCode, Spot>, Error> {
    let acts = by_worker
        .values()
        .flat_map(|entries| strides(entries, |_| None));
    let named: BTreeSet<BinCode> = acts.filter_map(|stride| stride.bin).collect();
    let mut bins = BTreeMap::new();
    for code in named {
        if let Some(bin) = records::bin(tx, warehouse, code.as_str())? {
            let at = bin.at();
            bins.insert(code, (bin.zone, at));
        }
    }
    Ok(bins)
}
