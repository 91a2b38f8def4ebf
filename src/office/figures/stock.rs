//! How well stock works: how often it turns, how long it lasts, what it earns and costs to keep, how old it is, what of it is
//! dead or too much, and what will expire before it is sold.

use super::Span;
use super::book::{ItemBooks, walk};
use super::cost::share;
use super::margin::By;
use crate::office::allocate::today;
use crate::office::database::{Tx, values};
use crate::office::plan::{LevelRecord, daily_of, float, levels_of};
use crate::office::{Error, Office};
use crate::planning::policy::{Amount, Kpis, Period, Positive, kpis};
use crate::planning::value::{
    AgeBucket, Expiring, Method, Money, Shelf, Slow, ageing, dead, excess, expiry_risk,
};
use crate::warehouse::{ItemCode, Quantity, SafeText, Timestamp, WarehouseCode};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Stock up to so many days old stands in a bucket of its own.
pub(super) const AGES: [u32; 4] = [30, 90, 180, 365];
/// Nothing has gone out for so many days: it is dead.
const DEAD_DAYS: u32 = 180;
/// What is forecast for so many days is not too much.
const AHEAD_DAYS: usize = 180;

/// How well the stock of an item works.
#[derive(Clone, Debug, PartialEq)]
pub struct StockRow {
    /// Which item.
    pub item: ItemCode,
    /// Its class, such as AX; empty: it is not planned.
    pub class: SafeText,
    /// How much there is at the end.
    pub quantity: Quantity,
    /// What it cost.
    pub value: Money,
    /// Turns, days of cover and the like; none where nothing was sold, or nothing was there.
    pub figures: Option<Kpis>,
    /// What a year of keeping it costs.
    pub holding: Money,
    /// By age.
    pub ages: Vec<AgeBucket>,
    /// What has not moved for half a year.
    pub dead: Slow,
    /// What is above both its preferred level and what is forecast for half a year.
    pub excess: Slow,
}

/// A lot that will not be sold in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiryRow {
    /// Which item.
    pub item: ItemCode,
    /// Which lot.
    pub lot: SafeText,
    /// Its last day.
    pub last_day: NaiveDate,
    /// How much there is.
    pub quantity: Quantity,
    /// How much of that will be left.
    pub at_risk: Quantity,
    /// What that cost.
    pub value: Money,
}

impl Office {
    /// How well the stock of a warehouse works, by a span and as it is at its end; the most valuable first.
    pub fn stock_figures(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        (method, span): (Method, Span),
    ) -> Result<Vec<StockRow>, Error> {
        let earned = self.margins(warehouse, (method, span), By::Item)?;
        let revenue: HashMap<String, Money> = earned
            .into_iter()
            .map(|row| (row.name.to_string(), row.revenue))
            .collect();
        let carrying = self.plan_rules()?.carrying_percent;
        self.database().read_at_length(|tx| {
            let code = warehouse.as_str();
            let levels: HashMap<ItemCode, LevelRecord> = levels_of(tx, code)?
                .into_iter()
                .map(|level| (level.item.clone(), level))
                .collect();
            let daily = daily_of(tx, code, today(now), AHEAD_DAYS)?;
            let mut rows = Vec::new();
            walk(
                tx,
                code,
                "",
                (method, span),
                |_| Ok(()),
                |books| {
                    let item = books.item.clone();
                    let level = levels.get(&item);
                    let forecast = daily
                        .get(&item)
                        .map_or(Quantity::ZERO, |days| days.iter().copied().sum());
                    let revenue = revenue.get(item.as_str()).copied().unwrap_or_default();
                    rows.push(row(&books, level, forecast, revenue, (carrying, span)));
                    Ok(())
                },
            )?;
            rows.sort_by_key(|row| std::cmp::Reverse(row.value));
            Ok(rows)
        })
    }

    /// What will expire before it is sold, by the forecast, first expired first out; the most valuable first.
    pub fn expiry(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<ExpiryRow>, Error> {
        let today = today(now);
        let span = Span::new(today, today)?;
        let values = self.stock_value(warehouse, Method::MovingAverage, span)?;
        let values: HashMap<ItemCode, (Money, Quantity)> = values
            .into_iter()
            .map(|row| (row.item, (row.statement.closing, row.quantity)))
            .collect();
        self.database().read_at_length(|tx| {
            let daily = daily_of(tx, warehouse.as_str(), today, 3 * 365)?;
            let mut rows = Vec::new();
            for (item, lots) in lots(tx, warehouse.as_str())? {
                let (value, there) = values.get(&item).copied().unwrap_or_default();
                let expiring: Vec<Expiring> = lots
                    .iter()
                    .map(|(_, last_day, quantity)| Expiring {
                        last_day: *last_day,
                        quantity: *quantity,
                        value: share(value, *quantity, there),
                    })
                    .collect();
                let days = daily.get(&item).map_or(&[][..], Vec::as_slice);
                for risk in expiry_risk(&expiring, today, days) {
                    let (lot, last_day, quantity) = &lots[risk.index];
                    rows.push(ExpiryRow {
                        item: item.clone(),
                        lot: lot.clone(),
                        last_day: *last_day,
                        quantity: *quantity,
                        at_risk: risk.quantity,
                        value: risk.value,
                    });
                }
            }
            rows.sort_by_key(|row| std::cmp::Reverse(row.value));
            Ok(rows)
        })
    }
}

fn row(
    books: &ItemBooks,
    level: Option<&LevelRecord>,
    forecast: Quantity,
    revenue: Money,
    (carrying, span): (u32, Span),
) -> StockRow {
    let (statement, quantity) = (books.statement(), books.quantity());
    let money = |money: Money| float(money.in_cents()) * 10.0;
    let figures = (|| {
        kpis(&Period {
            cogs: Positive::new(money(books.sold)).ok()?,
            opening_inventory: Amount::new(money(statement.opening)).ok()?,
            closing_inventory: Amount::new(money(statement.closing)).ok()?,
            revenue: Positive::new(money(revenue)).ok()?,
            carrying_rate: Amount::new(f64::from(carrying) / 100.0).ok()?,
            days: Positive::new(f64::from(span.days())).ok()?,
        })
    })();
    let shelf = Shelf {
        on_hand: quantity,
        value: statement.closing,
        last_issue: books.last_issue.or(books.first).unwrap_or(span.to),
        max_level: level.map_or(Quantity::ZERO, |level| level.levels.preferred),
        forecast,
    };
    StockRow {
        item: books.item.clone(),
        class: level.map_or_else(SafeText::default, |level| level.class.clone()),
        quantity,
        value: statement.closing,
        figures,
        holding: share(
            statement.closing,
            Quantity::units(carrying),
            Quantity::units(100),
        ),
        ages: ageing(books.layers(), span.to, &AGES),
        dead: dead(&shelf, span.to, DEAD_DAYS),
        excess: excess(&shelf),
    }
}

type Lots = Vec<(ItemCode, Vec<(SafeText, NaiveDate, Quantity)>)>;

/// Lots that expire, by item.
fn lots(tx: &Tx, warehouse: &str) -> Result<Lots, Error> {
    let sql = "SELECT item, lot, expiry, SUM(quantity) AS quantity FROM stock
               WHERE warehouse = ?1 AND place LIKE 'bin:%' AND expiry IS NOT NULL AND quantity > 0
               GROUP BY item, lot, expiry ORDER BY item, expiry, lot";
    let mut all: Lots = Vec::new();
    tx.each(sql, values![warehouse], |row| {
        let item: ItemCode = row.parse("item")?;
        let lot = SafeText::new(row.text("lot")?);
        let lot = (
            lot,
            row.parse("expiry")?,
            Quantity::from_thousandths(row.int("quantity")?),
        );
        match all.last_mut() {
            Some((known, lots)) if *known == item => lots.push(lot),
            _ => all.push((item, vec![lot])),
        }
        Ok::<(), Error>(())
    })?;
    Ok(all)
}
