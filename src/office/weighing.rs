//! Whether closed cartons are weighed, and how far off they may be. Data of the office, changed by a person.

use super::database::{Tx, values};
use super::{Error, Office, records};
use crate::warehouse::Weighing;

const GRAMS: &str = "weigh_cartons_g";
const PERCENT: &str = "weigh_cartons_percent";

/// How closed cartons are weighed; none: they are not.
pub(super) fn of(tx: &Tx) -> Result<Option<Weighing>, Error> {
    let number = |name| {
        let text = records::setting(tx, name)?;
        Ok::<_, Error>(text.and_then(|text| text.parse::<u32>().ok()))
    };
    let (grams, percent) = (number(GRAMS)?, number(PERCENT)?);
    Ok((grams.is_some() || percent.is_some()).then(|| Weighing {
        tolerance_g: grams.unwrap_or(0),
        tolerance_percent: percent.unwrap_or(0),
    }))
}

impl Office {
    /// How closed cartons are weighed; none: they are not.
    pub fn weighing(&self) -> Result<Option<Weighing>, Error> {
        self.database().read(of)
    }

    /// From now on they are weighed so, or not at all. Packing tasks that a handheld holds stay as they are.
    pub fn set_weighing(&self, weighing: Option<Weighing>) -> Result<(), Error> {
        self.write(|tx| {
            let Some(weighing) = weighing else {
                let sql = "DELETE FROM settings WHERE name IN (?1, ?2)";
                tx.run(sql, values![GRAMS, PERCENT])?;
                return Ok(());
            };
            records::set(tx, GRAMS, &weighing.tolerance_g.to_string())?;
            records::set(tx, PERCENT, &weighing.tolerance_percent.to_string())
        })
    }
}
