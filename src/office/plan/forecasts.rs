//! What is expected: made from cleaned histories, so many items at once, and kept with its bounds and its reasons.

use super::demand::{self, Told};
use super::history::{self, History};
use super::records::Said;
use super::rules::PlanRules;
use super::{Period, float, records, rules, thousandths};
use crate::office::allocate::today;
use crate::office::database::{Row, Tx, values};
use crate::office::forecast::all;
use crate::office::{Error, Office};
use crate::planning::forecast::{Asked, Forecast, Series};
use crate::planning::policy::Positive;
use crate::planning::replenish::from_like_item;
use crate::warehouse::{ItemCode, Quantity, SafeText, Timestamp, WarehouseCode};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Items that are forecast together: they are held in memory at once, and judge the methods of their kind.
const TOGETHER: usize = 10_000;
/// Items that are written in one transaction.
const WRITTEN: usize = 1000;
/// With less history than so many periods, an item that has a like one is forecast from that.
const NEW: usize = 6;
/// A like item's forecast may be off by so much of itself, as a standard deviation.
const LIKE_SD: f64 = 0.5;

/// One coming period of a forecast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForecastStep {
    /// The first day of the period.
    pub day: NaiveDate,
    /// How people call it.
    pub name: String,
    /// What is expected.
    pub mean: Quantity,
    /// Four of five come between these.
    pub often: (Quantity, Quantity),
    /// Nineteen of twenty come between these.
    pub nearly: (Quantity, Quantity),
    /// What a planner expects instead.
    pub planner: Option<Quantity>,
}

impl ForecastStep {
    /// What is planned with: what the planner says, if one says anything.
    pub fn planned(&self) -> Quantity {
        self.planner.unwrap_or(self.mean)
    }
}

/// The forecast of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForecastRecord {
    /// Which item.
    pub item: ItemCode,
    /// The day it was made.
    pub made_on: NaiveDate,
    /// smooth, erratic, intermittent or lumpy.
    pub class: SafeText,
    /// In months or weeks.
    pub period: Period,
    /// The coming periods, the one that is under way first.
    pub steps: Vec<ForecastStep>,
    /// Why, in words.
    pub why: SafeText,
    /// Of the last year of its history: the average a period, and the standard deviation, in thousandths.
    pub(super) past: (i64, i64),
}

impl ForecastRecord {
    /// What is expected each day from `today` on, for so many days or as long as the forecast reaches.
    pub fn daily(&self, today: NaiveDate, days: usize) -> Vec<Quantity> {
        let mut daily = Vec::with_capacity(days);
        let this = self.period.of(today);
        for step in &self.steps {
            let number = self.period.of(step.day);
            let count = i64::from(self.period.days(number));
            let each = Quantity::from_thousandths(step.planned().thousandths() / count);
            let passed = (today - step.day).num_days().clamp(0, count);
            if number >= this {
                let left = usize::try_from(count - passed).unwrap_or(0);
                daily.extend(std::iter::repeat_n(each, left.min(days - daily.len())));
            }
        }
        daily
    }

    /// How far off a period's forecast is, as a standard deviation in units.
    pub(super) fn error_sd(&self) -> f64 {
        let Some(step) = self.steps.first() else {
            return 0.0;
        };
        // Four of five values of a bell curve lie within 1.2816 standard deviations, nineteen of twenty within 1.96.
        let above = |bound: Quantity| float(bound.minus(step.mean).thousandths().max(0));
        f64::midpoint(above(step.often.1) / 1.2816, above(step.nearly.1) / 1.96)
    }
}

/// Forecasts every item of a warehouse of which anything is known. Says how many.
pub(super) fn run(
    office: &Office,
    now: Timestamp,
    warehouse: &WarehouseCode,
    rules: &PlanRules,
) -> Result<u64, Error> {
    let (code, today, period) = (warehouse.as_str(), today(now), rules.period);
    let said = office.database().read(|tx| records::said(tx, code))?;
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let histories = office.database().read_at_length(|tx| {
            let items = history::items(tx, code, &after, TOGETHER)?;
            demand::histories(tx, code, &items, period, today)
        })?;
        let Some(last) = histories.last() else { break };
        last.item.as_str().clone_into(&mut after);
        let made = forecasts(office, warehouse, rules, (&histories, &said), today)?;
        for part in made.chunks(WRITTEN) {
            office.write_in(code, |tx| {
                part.iter()
                    .try_for_each(|made| keep(tx, code, today, period, made))
            })?;
        }
        count += made.len() as u64;
    }
    office.write_in(code, |tx| {
        let sql = "DELETE FROM forecasts WHERE warehouse = ?1 AND made_on <> ?2";
        tx.run(sql, values![code, today.to_string()])?;
        Ok::<(), Error>(())
    })?;
    Ok(count)
}

/// A forecast as it is kept: five thousandths a step.
struct Made {
    item: ItemCode,
    class: String,
    past: (i64, i64),
    steps: Vec<[i64; 5]>,
    why: String,
}

fn forecasts(
    office: &Office,
    warehouse: &WarehouseCode,
    rules: &PlanRules,
    (histories, said): (&[History], &HashMap<String, Said>),
    today: NaiveDate,
) -> Result<Vec<Made>, Error> {
    let period = rules.period;
    let asked = Asked {
        horizon: rules.horizon,
        season: period.season(),
    };
    let (mut series, mut told): (Vec<Series>, Vec<Told>) = (Vec::new(), Vec::new());
    let mut new: Vec<(&History, &Said)> = Vec::new();
    for history in histories {
        let said = said.get(history.item.as_str());
        match said.filter(|said| !said.like.is_empty() && history.periods.len() < NEW) {
            Some(said) => new.push((history, said)),
            None if history.periods.is_empty() => {}
            None => {
                let (clean, words) = demand::series(history, period);
                series.push(clean);
                told.push(words);
            }
        }
    }
    let first = period.of(today);
    let name = |step: usize| period.name(first + i64::try_from(step).unwrap_or(1) - 1);
    let mut made = Vec::with_capacity(histories.len());
    for ((forecast, series), told) in all(&series, asked).iter().zip(&series).zip(&told) {
        made.push(of_history(forecast, series, asked, told, name)?);
    }
    for (history, said) in new {
        made.extend(of_like_item(
            office,
            warehouse,
            rules,
            (history, said),
            today,
        )?);
    }
    Ok(made)
}

fn of_history(
    forecast: &Forecast,
    series: &Series,
    asked: Asked,
    told: &Told,
    name: impl Fn(usize) -> String,
) -> Result<Made, Error> {
    let bounds = forecast.often.iter().zip(&forecast.nearly);
    let steps = forecast.mean.iter().zip(bounds);
    let steps = steps.map(|(mean, (often, nearly))| {
        [*mean, often.0, often.1, nearly.0, nearly.1].map(thousandths)
    });
    Ok(Made {
        item: code(&forecast.id)?,
        class: forecast.class.to_string(),
        past: spread(&series.demand, asked.season),
        steps: steps.collect(),
        why: format!("{}{}", forecast.reason.in_words(name), told.words()),
    })
}

fn code(text: &str) -> Result<ItemCode, Error> {
    text.parse().map_err(|_| Error::Unknown {
        what: "item",
        code: text.to_owned(),
    })
}

/// Mean and sample standard deviation of the last year.
fn spread(demand: &[f64], season: usize) -> (i64, i64) {
    let year = &demand[demand.len().saturating_sub(season)..];
    let count = f64::from(u32::try_from(year.len()).unwrap_or(u32::MAX));
    let mean = year.iter().sum::<f64>() / count.max(1.0);
    let squares: f64 = year.iter().map(|value| (value - mean).powi(2)).sum();
    let sd = (squares / (count - 1.0).max(1.0)).sqrt();
    (thousandths(mean), thousandths(sd))
}

/// What a new item is expected to do: what the like one did at its age. None where the like one is not known for longer.
fn of_like_item(
    office: &Office,
    warehouse: &WarehouseCode,
    rules: &PlanRules,
    (history, said): (&History, &Said),
    today: NaiveDate,
) -> Result<Option<Made>, Error> {
    let period = rules.period;
    let like = [code(&said.like)?];
    let found = office
        .database()
        .read_at_length(|tx| demand::histories(tx, warehouse.as_str(), &like, period, today))?;
    let (like, _) = demand::series(&found[0], period);
    let (own, _) = demand::series(history, period);
    let Ok(scale) = Positive::new(float(said.scale.thousandths())) else {
        return Ok(None);
    };
    let mut mean = from_like_item(&like.demand, scale, &own.demand);
    let Some(last) = mean.last().copied() else {
        return Ok(None);
    };
    mean.resize(rules.horizon, last);
    let bounds = |mean: f64| {
        let far = |sds: f64| mean * LIKE_SD * sds;
        let (often, nearly) = (far(1.2816), far(1.96));
        [
            mean,
            mean - often,
            mean + often,
            (mean - nearly).max(0.0),
            mean + nearly,
        ]
        .map(thousandths)
    };
    let why = format!(
        "new; as {} sold at the same age, times {}, drawn towards what was sold so far",
        said.like, said.scale
    );
    Ok(Some(Made {
        item: history.item.clone(),
        class: "new".to_owned(),
        past: spread(&mean, period.season()),
        steps: mean.into_iter().map(bounds).collect(),
        why,
    }))
}

fn keep(
    tx: &Tx,
    warehouse: &str,
    today: NaiveDate,
    period: Period,
    made: &Made,
) -> Result<(), Error> {
    let sql = "INSERT INTO forecasts (warehouse, item, made_on, period, first, class, past_mean, past_sd, steps, why)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
               ON CONFLICT (warehouse, item) DO UPDATE SET made_on = excluded.made_on, period = excluded.period,
                   first = excluded.first, class = excluded.class, past_mean = excluded.past_mean,
                   past_sd = excluded.past_sd, steps = excluded.steps, why = excluded.why";
    let this = period.of(today);
    let (item, made_on) = (made.item.as_str(), today.to_string());
    let steps = serde_json::to_string(&made.steps).expect("numbers are JSON");
    let first = period.first_day(this).to_string();
    let (class, (mean, sd)) = (made.class.as_str(), made.past);
    let row = values![
        warehouse,
        item,
        &made_on,
        period.as_str(),
        first,
        class,
        mean,
        sd,
        steps,
        &made.why
    ];
    tx.run(sql, row)?;
    // What is under way keeps what was said before it began.
    let sql = "INSERT INTO forecasts_kept (warehouse, item, period, made_on, mean) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (warehouse, item, period) DO UPDATE SET made_on = excluded.made_on, mean = excluded.mean
               WHERE excluded.period > excluded.made_on";
    for (number, step) in (this..).zip(made.steps.iter().take(2)) {
        let begins = period.first_day(number).to_string();
        tx.run(sql, values![warehouse, item, begins, &made_on, step[0]])?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<ForecastRecord, Error> {
    let period = match row.text("period")? {
        "week" => Period::Week,
        _ => Period::Month,
    };
    let first = period.of(row.parse("first")?);
    let steps: Vec<[i64; 5]> = row.json("steps")?;
    let step = |(number, step): (i64, [i64; 5])| {
        let [mean, lo80, hi80, lo95, hi95] = step.map(Quantity::from_thousandths);
        ForecastStep {
            day: period.first_day(number),
            name: period.name(number),
            mean,
            often: (lo80, hi80),
            nearly: (lo95, hi95),
            planner: None,
        }
    };
    Ok(ForecastRecord {
        item: row.parse("item")?,
        made_on: row.parse("made_on")?,
        class: SafeText::new(row.text("class")?),
        period,
        steps: (first..).zip(steps).map(step).collect(),
        why: SafeText::new(row.text("why")?),
        past: (row.int("past_mean")?, row.int("past_sd")?),
    })
}

/// Every forecast of a warehouse with what planners say, one after another, by item; or that of one item.
pub(super) fn each(
    tx: &Tx,
    warehouse: &str,
    item: &str,
    mut take: impl FnMut(ForecastRecord) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut said: HashMap<String, Vec<(NaiveDate, Quantity)>> = HashMap::new();
    let sql = "SELECT item, period, quantity FROM forecast_overrides WHERE warehouse = ?1 AND (?2 = '' OR item = ?2)";
    tx.each(sql, values![warehouse, item], |row| {
        let quantity = Quantity::from_thousandths(row.int("quantity")?);
        let of_item = said.entry(row.text("item")?.to_owned()).or_default();
        of_item.push((row.parse("period")?, quantity));
        Ok::<(), Error>(())
    })?;
    let sql =
        "SELECT item, made_on, period, first, class, past_mean, past_sd, steps, why FROM forecasts
               WHERE warehouse = ?1 AND (?2 = '' OR item = ?2) ORDER BY item";
    tx.each(sql, values![warehouse, item], |row| {
        let mut record = read(&row)?;
        for (day, quantity) in said.get(record.item.as_str()).into_iter().flatten() {
            let step = record.steps.iter_mut().find(|step| step.day == *day);
            if let Some(step) = step {
                step.planner = Some(*quantity);
            }
        }
        take(record)
    })
}

/// What is expected each day of every item, for so many days or as long as the forecasts reach.
pub(in crate::office) fn daily_of(
    tx: &Tx,
    warehouse: &str,
    today: NaiveDate,
    days: usize,
) -> Result<HashMap<ItemCode, Vec<Quantity>>, Error> {
    let mut all = HashMap::new();
    each(tx, warehouse, "", |record| {
        let daily = record.daily(today, days);
        all.insert(record.item, daily);
        Ok(())
    })?;
    Ok(all)
}

impl Office {
    /// What is expected of an item; none before planning was done.
    pub fn forecast_of(
        &self,
        warehouse: &WarehouseCode,
        item: &ItemCode,
    ) -> Result<Option<ForecastRecord>, Error> {
        self.database().read(|tx| {
            let mut found = None;
            each(tx, warehouse.as_str(), item.as_str(), |record| {
                found = Some(record);
                Ok(())
            })?;
            Ok(found)
        })
    }

    /// What is expected of every item of a warehouse, one after another.
    pub fn each_forecast(
        &self,
        warehouse: &WarehouseCode,
        take: impl FnMut(ForecastRecord) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.database()
            .read_at_length(|tx| each(tx, warehouse.as_str(), "", take))
    }
}

/// The period that the rules count in.
pub(super) fn period(tx: &Tx) -> Result<Period, Error> {
    Ok(rules::of(tx)?.period)
}
