//! Who works in a warehouse, and at what, as the records say. Badges and PINs are nobody's to read.

use crate::office::database::{Row, values};
use crate::office::{Error, Office};
use crate::warehouse::{SafeText, WarehouseCode};

/// A worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct WorkerSeen {
    pub code: SafeText,
    pub name: SafeText,
    pub role: SafeText,
    /// Kinds of work, zones and equipment they are for; any if empty.
    pub jobs: SafeText,
    pub zones: SafeText,
    pub equipment: SafeText,
    pub language: SafeText,
    pub has_pin: bool,
}

impl Office {
    /// The workers of a warehouse, by code.
    pub(in crate::office) fn workers_seen(
        &self,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<WorkerSeen>, Error> {
        let sql = "SELECT code, name, role, jobs, zones, equipment, language, CASE WHEN pin IS NULL THEN 0 ELSE 1 END AS has_pin
                   FROM workers WHERE warehouse = ?1 ORDER BY code";
        self.database().read(|tx| {
            let rows = tx.rows(sql, values![warehouse.as_str()])?;
            rows.iter().map(seen).collect()
        })
    }
}

fn seen(row: &Row) -> Result<WorkerSeen, Error> {
    let text = |name| row.text(name).map(SafeText::new);
    let list = |name| {
        row.text(name)
            .map(|text| SafeText::new(&text.replace(';', ", ")))
    };
    Ok(WorkerSeen {
        code: text("code")?,
        name: text("name")?,
        role: text("role")?,
        jobs: list("jobs")?,
        zones: list("zones")?,
        equipment: list("equipment")?,
        language: text("language")?,
        has_pin: row.flag("has_pin")?,
    })
}
