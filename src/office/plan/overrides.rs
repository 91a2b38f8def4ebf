//! What planners expect instead of the forecast: kept beside it, and held against what came, as the forecast is.

use super::{float, forecasts, history, thousandths};
use crate::office::allocate::today;
use crate::office::database::values;
use crate::office::{Error, Office};
use crate::planning::forecast::clean::{AddedValue, Override, added_value};
use crate::warehouse::{ItemCode, Quantity, SafeText, Timestamp, WarehouseCode};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// What a planner says of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideRecord {
    /// Which item.
    pub item: ItemCode,
    /// The first day of the period.
    pub day: NaiveDate,
    /// What the planner expects.
    pub quantity: Quantity,
    /// Who.
    pub planner: SafeText,
    /// Why.
    pub why: SafeText,
}

/// How good the forecasts of an item were, over the periods that are over.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastScore {
    /// Which item.
    pub item: ItemCode,
    /// Over how many periods.
    pub periods: usize,
    /// What came in all.
    pub came: Quantity,
    /// What was forecast too much, as a share of what came; none where nothing came.
    pub bias: Option<f64>,
    /// What was forecast too much or too little, as a share of what came; none where nothing came.
    pub wape: Option<f64>,
    /// What a planner's changes were worth; none where none was made.
    pub planner: Option<AddedValue>,
}

impl Office {
    /// Notes what a planner expects of a period, named by a day of it or as 2027-03; none takes it back.
    /// Error: no such item, a period that is over, or nobody says who and why.
    pub fn override_forecast(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        (item, period): (&ItemCode, &str),
        quantity: Option<Quantity>,
        (planner, why): (&str, &str),
    ) -> Result<(), Error> {
        let (code, item) = (warehouse.as_str(), item.as_str());
        let unknown = |what, code: &str| Error::Unknown {
            what,
            code: code.to_owned(),
        };
        self.write(|tx| {
            let kind = forecasts::period(tx)?;
            let number = kind
                .read(period)
                .filter(|&number| number >= kind.of(today(now)))
                .ok_or_else(|| unknown("coming period", period))?;
            if crate::office::records::item(tx, item)?.is_none() {
                return Err(unknown("item", item));
            }
            let day = kind.first_day(number).to_string();
            let Some(quantity) = quantity else {
                let sql = "DELETE FROM forecast_overrides WHERE warehouse = ?1 AND item = ?2 AND period = ?3";
                return match tx.run(sql, values![code, item, &day])? {
                    0 => Err(unknown("planner's word on", &format!("{item} in {day}"))),
                    _ => Ok(()),
                };
            };
            let (planner, why) = (SafeText::new(planner.trim()), SafeText::new(why.trim()));
            if planner.is_empty() || why.is_empty() || quantity < Quantity::ZERO || quantity > Quantity::LIMIT {
                return Err(unknown("planner, reason or quantity in", &format!("{planner:?}, {why:?}, {quantity}")));
            }
            let sql = "INSERT INTO forecast_overrides (warehouse, item, period, quantity, planner, why, at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                       ON CONFLICT (warehouse, item, period) DO UPDATE SET quantity = excluded.quantity,
                           planner = excluded.planner, why = excluded.why, at = excluded.at";
            let (much, at) = (quantity.thousandths(), now.to_rfc3339());
            tx.run(sql, values![code, item, &day, much, planner.as_str(), why.as_str(), at])?;
            Ok(())
        })
    }

    /// What planners say, by item and period.
    pub fn overrides(&self, warehouse: &WarehouseCode) -> Result<Vec<OverrideRecord>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT item, period, quantity, planner, why FROM forecast_overrides
                       WHERE warehouse = ?1 ORDER BY item, period";
            let rows = tx.rows(sql, values![warehouse.as_str()])?;
            rows.iter()
                .map(|row| {
                    Ok(OverrideRecord {
                        item: row.parse("item")?,
                        day: row.parse("period")?,
                        quantity: Quantity::from_thousandths(row.int("quantity")?),
                        planner: SafeText::new(row.text("planner")?),
                        why: SafeText::new(row.text("why")?),
                    })
                })
                .collect()
        })
    }

    /// How good the forecasts of each item were that were made before their periods began, by what was wanted then.
    pub fn forecast_scores(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<ForecastScore>, Error> {
        history::read_on(self, now, warehouse)?;
        self.database().read_at_length(|tx| {
            let code = warehouse.as_str();
            let (kind, today) = (forecasts::period(tx)?, today(now));
            let this = kind.first_day(kind.of(today)).to_string();
            let sql = "SELECT k.item, k.period, k.mean, o.quantity, o.planner, o.why FROM forecasts_kept k
                       LEFT JOIN forecast_overrides o ON o.warehouse = k.warehouse AND o.item = k.item AND o.period = k.period
                       WHERE k.warehouse = ?1 AND k.period < ?2 ORDER BY k.item, k.period";
            let mut kept: BTreeMap<ItemCode, Vec<(NaiveDate, i64, Option<Quantity>)>> = BTreeMap::new();
            tx.each(sql, values![code, this], |row| {
                let planner = row.maybe_int("quantity").map(Quantity::from_thousandths);
                let of_item = kept.entry(row.parse("item")?).or_default();
                of_item.push((row.parse("period")?, row.int("mean")?, planner));
                Ok::<(), Error>(())
            })?;
            let items: Vec<ItemCode> = kept.keys().cloned().collect();
            let mut scores = Vec::new();
            for history in super::demand::histories(tx, code, &items, kind, today)? {
                let (came, _) = super::demand::series(&history, kind);
                let value = |day: NaiveDate| {
                    let at = usize::try_from(kind.of(day) - history.first).ok()?;
                    came.demand.get(at).copied()
                };
                scores.extend(score(&history.item, &kept[&history.item], value));
            }
            Ok(scores)
        })
    }
}

fn score(
    item: &ItemCode,
    kept: &[(NaiveDate, i64, Option<Quantity>)],
    value: impl Fn(NaiveDate) -> Option<f64>,
) -> Option<ForecastScore> {
    let (mut said, mut came, mut overrides) = (Vec::new(), Vec::new(), Vec::new());
    for (day, mean, planner) in kept {
        let Some(value) = value(*day) else { continue };
        if let Some(quantity) = planner {
            overrides.push(Override {
                step: said.len(),
                value: float(quantity.thousandths()),
                by: String::new(),
                why: String::new(),
            });
        }
        said.push(float(*mean));
        came.push(value);
    }
    if said.is_empty() {
        return None;
    }
    let all: f64 = came.iter().sum();
    let share = |sum: f64| (all > 0.0).then(|| sum / all);
    let apart = said.iter().zip(&came).map(|(said, came)| said - came);
    Some(ForecastScore {
        item: item.clone(),
        periods: said.len(),
        came: Quantity::from_thousandths(thousandths(all)),
        bias: share(apart.clone().sum()),
        wape: share(apart.map(f64::abs).sum()),
        planner: added_value(&said, &overrides, &came),
    })
}
