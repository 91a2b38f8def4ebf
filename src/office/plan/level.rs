//! When to order each item and up to where: its class, the service that is due, what the forecast misses by, how long its
//! supplier takes, and what an order costs.

use super::forecasts::{self, ForecastRecord};
use super::rules::{PlanRules, cell};
use super::supply::{Bought, Suppliers};
use super::{float, records, thousandths};
use crate::office::allocate::today;
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office};
use crate::planning::policy::{AbcXyz, Amount, Class, ClassCuts, Positive, Tiers, Usage, abc_xyz};
use crate::planning::replenish::{Demand, LeadTime, Levels, Lot, Protection, best_lot, levels};
use crate::planning::value::Money;
use crate::warehouse::{ItemCode, Quantity, SafeText, Timestamp, WarehouseCode};
use chrono::NaiveDate;

/// Demand is taken from so many coming days.
const LOOK_AHEAD_DAYS: usize = 92;
/// Levels that are written in one transaction.
const WRITTEN: usize = 1000;
/// An order lasts no longer than a year, and no longer than half of the goods' life.
const YEAR_DAYS: u32 = 365;

/// The levels of an item, and what they follow from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelRecord {
    /// Which item.
    pub item: ItemCode,
    /// Its class, such as AX.
    pub class: SafeText,
    /// From whom it is bought; empty: nobody said.
    pub supplier: SafeText,
    /// The promised service, in thousandths.
    pub service: u32,
    /// What is expected a day.
    pub daily: Quantity,
    /// By how much the forecast misses a day, as a standard deviation.
    pub daily_sd: Quantity,
    /// Hundredths of a day from order to receipt, and their standard deviation.
    pub lead: (i64, i64),
    /// From how many receipts that is known; none: as promised.
    pub receipts: u64,
    /// The levels. A reorder point below zero: it is ordered only where it is owed.
    pub levels: Levels,
    /// The day they were made.
    pub made_on: NaiveDate,
}

impl LevelRecord {
    /// Why, in words.
    pub fn why(&self) -> String {
        let hundredths = |value: i64| format!("{}.{:02}", value / 100, value % 100);
        let lead = match self.receipts {
            0 => format!("a promised lead time of {} days", hundredths(self.lead.0)),
            receipts => format!(
                "a lead time of {} days (± {}) from {receipts} receipts",
                hundredths(self.lead.0),
                hundredths(self.lead.1)
            ),
        };
        format!(
            "{}: {} a day, missed by {} as a rule; {lead}; service {}.{} %",
            self.class,
            self.daily,
            self.daily_sd,
            self.service / 10,
            self.service % 10
        )
    }
}

/// What the levels of an item are made from.
struct Known {
    forecast: ForecastRecord,
    daily: Quantity,
    cost: Option<Money>,
    shelf_life: Option<u32>,
}

/// Works out the levels of every item that is forecast. Says how many.
pub(super) fn run(
    office: &Office,
    now: Timestamp,
    warehouse: &WarehouseCode,
    rules: &PlanRules,
) -> Result<u64, Error> {
    let (code, today) = (warehouse.as_str(), today(now));
    let made = office.database().read_at_length(|tx| {
        let suppliers = Suppliers::of(tx, code, rules, today)?;
        let said = records::said(tx, code)?;
        let known = known(tx, code, &suppliers, today)?;
        let classes = classes(&known);
        let mut made = Vec::with_capacity(known.len());
        for (known, class) in known.iter().zip(classes) {
            let own = said.get(known.forecast.item.as_str());
            if own.is_some_and(|own| !own.is_bought) {
                continue;
            }
            let own = own.and_then(|own| own.service);
            made.push(one(known, class, own, rules, &suppliers, today));
        }
        Ok::<_, Error>(made)
    })?;
    for part in made.chunks(WRITTEN) {
        office.write_in(code, |tx| {
            part.iter().try_for_each(|level| put(tx, code, level))
        })?;
    }
    office.write_in(code, |tx| {
        let sql = "DELETE FROM stock_levels WHERE warehouse = ?1 AND NOT EXISTS (SELECT 1 FROM forecasts f
                       WHERE f.warehouse = stock_levels.warehouse AND f.item = stock_levels.item)";
        tx.run(sql, values![code])?;
        let sql = "DELETE FROM stock_levels WHERE warehouse = ?1 AND EXISTS (SELECT 1 FROM plan_items n
                       WHERE n.warehouse = stock_levels.warehouse AND n.item = stock_levels.item AND n.is_bought = 0)";
        tx.run(sql, values![code])?;
        Ok::<(), Error>(())
    })?;
    Ok(made.len() as u64)
}

fn known(
    tx: &Tx,
    warehouse: &str,
    suppliers: &Suppliers,
    today: NaiveDate,
) -> Result<Vec<Known>, Error> {
    let mut lives = std::collections::HashMap::new();
    let sql = "SELECT code, shelf_life_days FROM items WHERE shelf_life_days IS NOT NULL";
    tx.each(sql, &[], |row| {
        let days = row
            .maybe_int("shelf_life_days")
            .and_then(|days| u32::try_from(days).ok());
        lives.insert(row.text("code")?.to_owned(), days);
        Ok::<(), Error>(())
    })?;
    let mut known = Vec::new();
    forecasts::each(tx, warehouse, "", |forecast| {
        let ahead = forecast.daily(today, LOOK_AHEAD_DAYS);
        let sum: Quantity = ahead.iter().copied().sum();
        let days = i64::try_from(ahead.len()).unwrap_or(1).max(1);
        let item = forecast.item.as_str();
        known.push(Known {
            daily: Quantity::from_thousandths(sum.thousandths() / days),
            cost: suppliers.cost_of_thousand(item),
            shelf_life: lives.get(item).copied().flatten(),
            forecast: ForecastRecord {
                steps: forecast.steps.into_iter().take(1).collect(),
                ..forecast
            },
        });
        Ok(())
    })?;
    Ok(known)
}

/// ABC by what a year of the forecast is worth, XYZ by how evenly it was wanted in the last year.
fn classes(known: &[Known]) -> Vec<Class> {
    let usage = |known: &Known| {
        // Where nobody said what an item costs, a unit is a unit of money.
        let cost = known.cost.map_or(1.0, unit_cost);
        let (mean, sd) = known.forecast.past;
        let amount = |number: f64| Amount::new(number).unwrap_or_default();
        Usage {
            annual_value: amount(365.0 * float(known.daily.thousandths()) * cost),
            demand_mean: amount(float(mean)),
            demand_sd: amount(float(sd)),
        }
    };
    let usages: Vec<Usage> = known.iter().map(usage).collect();
    let classified = abc_xyz(&usages, &ClassCuts::default());
    classified.iter().map(AbcXyz::class).collect()
}

/// Money of one unit.
pub(super) fn unit_cost(of_thousand: Money) -> f64 {
    float(of_thousand.in_cents()) / 100.0
}

fn one(
    known: &Known,
    class: Class,
    own: Option<u32>,
    rules: &PlanRules,
    suppliers: &Suppliers,
    today: NaiveDate,
) -> LevelRecord {
    let item = known.forecast.item.as_str();
    let bought = suppliers.bought(item);
    let supplier = bought.map_or("", |bought| bought.supplier.as_str());
    let lead = suppliers.lead_time(supplier, item);
    let (service, thousandths_of) = rules.service_of(class, own);
    let period = known.forecast.period;
    let days = f64::from(period.days(period.of(today)));
    let daily_sd = known.forecast.error_sd() / days.sqrt();
    let sizes = bought.map_or_else(Lot::default, |bought| bought.lot);
    let levels = match (
        Positive::new(float(known.daily.thousandths())),
        Amount::new(daily_sd),
    ) {
        (Ok(daily), Ok(daily_error_sd)) => {
            let demand = Demand {
                daily,
                daily_error_sd,
            };
            let review = review_days(rules, suppliers, supplier);
            let protection = Protection::new(demand, lead, review);
            let lot = lot(known, daily, rules, bought, &sizes);
            levels(&protection, service, lot, &Lot::default())
        }
        // Nobody wants it any more: it is bought where it is owed.
        _ => Levels {
            safety_stock: Quantity::ZERO,
            reorder_point: Quantity::from_thousandths(-1),
            preferred: Quantity::ZERO,
            lot: sizes.up(Quantity::ZERO),
        },
    };
    LevelRecord {
        item: known.forecast.item.clone(),
        class: SafeText::new(&cell(class)),
        supplier: SafeText::new(supplier),
        service: thousandths_of,
        daily: known.daily,
        daily_sd: Quantity::from_thousandths(thousandths(daily_sd)),
        lead: hundredths(lead),
        receipts: lead.receipts as u64,
        levels,
        made_on: today,
    }
}

fn hundredths(lead: LeadTime) -> (i64, i64) {
    let of = |days: f64| thousandths(days / 10.0);
    (of(lead.mean_days.get()), of(lead.sd_days.get()))
}

/// Days from one chance to order to the next.
fn review_days(rules: &PlanRules, suppliers: &Suppliers, supplier: &str) -> Amount {
    let order_days = suppliers.terms(supplier).order_days.clamp(1, 7);
    let between = 7.0 / f64::from(order_days);
    Amount::new(between.max(f64::from(rules.review_days))).unwrap_or_default()
}

/// The order of least cost, of goods that are used up in time.
fn lot(
    known: &Known,
    daily: Positive,
    rules: &PlanRules,
    bought: Option<&Bought>,
    sizes: &Lot,
) -> Quantity {
    let annual = Positive::new(365.0 * daily.get()).unwrap_or(daily);
    let order_cost = bought
        .and_then(|bought| bought.order_cost)
        .unwrap_or(rules.order_cost);
    let order_cost = Positive::new(float(order_cost.in_cents()) * 10.0);
    let flat = || {
        let cost = known.cost.map_or(1.0, unit_cost);
        Positive::new(cost).ok().map(Tiers::flat)
    };
    let tiers = bought.and_then(|bought| bought.tiers.clone()).or_else(flat);
    let best = match (order_cost, tiers) {
        (Ok(order_cost), Some(tiers)) => {
            best_lot(annual, order_cost, rules.carrying(), &tiers, sizes)
        }
        _ => sizes.up(Quantity::ZERO),
    };
    let life = known.shelf_life.map_or(YEAR_DAYS, |days| days / 2);
    let most = known.daily.times(life.clamp(1, YEAR_DAYS));
    if best > most { sizes.down(most) } else { best }
}

fn put(tx: &Tx, warehouse: &str, level: &LevelRecord) -> Result<(), Error> {
    let sql = "INSERT INTO stock_levels (warehouse, item, class, supplier, service, daily, daily_sd, lead, lead_sd, receipts,
                   safety, reorder_point, preferred, lot, made_on)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
               ON CONFLICT (warehouse, item) DO UPDATE SET class = excluded.class, supplier = excluded.supplier,
                   service = excluded.service, daily = excluded.daily, daily_sd = excluded.daily_sd, lead = excluded.lead,
                   lead_sd = excluded.lead_sd, receipts = excluded.receipts, safety = excluded.safety,
                   reorder_point = excluded.reorder_point, preferred = excluded.preferred, lot = excluded.lot,
                   made_on = excluded.made_on";
    let Levels {
        safety_stock,
        reorder_point,
        preferred,
        lot,
    } = level.levels;
    let row = values![
        warehouse,
        level.item.as_str(),
        level.class.as_str(),
        level.supplier.as_str(),
        level.service,
        level.daily.thousandths(),
        level.daily_sd.thousandths(),
        level.lead.0,
        level.lead.1,
        level.receipts,
        safety_stock.thousandths(),
        reorder_point.thousandths(),
        preferred.thousandths(),
        lot.thousandths(),
        level.made_on.to_string(),
    ];
    tx.run(sql, row)?;
    Ok(())
}

fn read(row: &Row) -> Result<LevelRecord, Error> {
    let quantity = |name| row.int(name).map(Quantity::from_thousandths);
    Ok(LevelRecord {
        item: row.parse("item")?,
        class: SafeText::new(row.text("class")?),
        supplier: SafeText::new(row.text("supplier")?),
        service: u32::try_from(row.count("service")?).unwrap_or_default(),
        daily: quantity("daily")?,
        daily_sd: quantity("daily_sd")?,
        lead: (row.int("lead")?, row.int("lead_sd")?),
        receipts: row.count("receipts")?,
        levels: Levels {
            safety_stock: quantity("safety")?,
            reorder_point: quantity("reorder_point")?,
            preferred: quantity("preferred")?,
            lot: quantity("lot")?,
        },
        made_on: row.parse("made_on")?,
    })
}

/// The levels of all items of a warehouse, by item; or of one.
pub(super) fn all(tx: &Tx, warehouse: &str, item: &str) -> Result<Vec<LevelRecord>, Error> {
    let sql = "SELECT item, class, supplier, service, daily, daily_sd, lead, lead_sd, receipts, safety, reorder_point, preferred,
                   lot, made_on FROM stock_levels WHERE warehouse = ?1 AND (?2 = '' OR item = ?2) ORDER BY item";
    let mut found = Vec::new();
    tx.each(sql, values![warehouse, item], |row| {
        found.push(read(&row)?);
        Ok::<(), Error>(())
    })?;
    Ok(found)
}

/// The levels of all items of a warehouse.
pub(in crate::office) fn levels_of(tx: &Tx, warehouse: &str) -> Result<Vec<LevelRecord>, Error> {
    all(tx, warehouse, "")
}

impl Office {
    /// When to order each item of a warehouse and up to where, by item; of one item only, if it is named.
    pub fn levels(
        &self,
        warehouse: &WarehouseCode,
        item: Option<&ItemCode>,
    ) -> Result<Vec<LevelRecord>, Error> {
        let item = item.map_or("", ItemCode::as_str);
        self.database()
            .read_at_length(|tx| all(tx, warehouse.as_str(), item))
    }
}
