//! How much a count may differ from the book and be believed at once. Data of the office, changed by a person.

use super::database::{Tx, values};
use super::{Error, Office, records};
use crate::warehouse::{ItemCode, Quantity};
use serde::{Deserialize, Serialize};

/// A difference is small if it is within the units or within the percent, and worth no more than the value.
/// As it is at first, none is: every difference is counted twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tolerance {
    /// So many units, either way.
    pub units: Quantity,
    /// So many hundredths of what is expected.
    pub percent: u32,
    /// Worth so much at most, in hundredths of the house's currency; any worth if none. What has no value is not measured by it.
    pub value: Option<u64>,
}

const NAME: &str = "count_tolerance";

impl Tolerance {
    pub(super) fn of(tx: &Tx) -> Result<Self, Error> {
        let text = records::setting(tx, NAME)?;
        Ok(text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Whether a difference of an item is small.
    pub(super) fn takes(
        &self,
        tx: &Tx,
        item: &ItemCode,
        expected: Quantity,
        difference: Quantity,
    ) -> Result<bool, Error> {
        let size = i128::from(difference.thousandths()).abs();
        let by_units = size <= i128::from(self.units.thousandths());
        let share = i128::from(expected.thousandths().max(0)) * i128::from(self.percent);
        let by_percent = size * 100 <= share;
        if !by_units && !by_percent {
            return Ok(false);
        }
        let Some(most) = self.value else {
            return Ok(true);
        };
        let sql = "SELECT value FROM item_values WHERE item = ?1";
        let value = tx.first(sql, values![item.as_str()])?;
        let value = value.map_or(Ok(0), |row| row.int("value"))?;
        Ok(size * i128::from(value) <= i128::from(most) * 1000)
    }
}

impl Office {
    /// How much a count may differ and be believed at once.
    pub fn tolerance(&self) -> Result<Tolerance, Error> {
        self.database().read(Tolerance::of)
    }

    /// From now on it may differ so much.
    pub fn set_tolerance(&self, tolerance: Tolerance) -> Result<(), Error> {
        let text = serde_json::to_string(&tolerance).expect("a tolerance has text keys only");
        self.write(|tx| records::set(tx, NAME, &text))
    }
}
