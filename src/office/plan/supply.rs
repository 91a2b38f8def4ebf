//! Who supplies what on which terms, and how long they really take: from what came in, not from what was promised.

use super::float;
use super::rules::PlanRules;
use crate::office::Error;
use crate::office::database::{Tx, values};
use crate::office::import::plan::Break;
use crate::planning::policy::{Amount, Positive, Tier, Tiers};
use crate::planning::replenish::{Calendar, LeadTime, Lot, Received, Supply};
use crate::planning::value::Money;
use crate::warehouse::Quantity;
use chrono::{Days, NaiveDate, Weekday};
use std::collections::HashMap;

/// Receipts longer ago say little of today.
const LOOK_BACK_DAYS: u64 = 730;

/// What was agreed with a supplier.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    pub supply: Supply,
    /// Days a week on which it takes orders.
    pub order_days: u32,
    pub least_value: Money,
}

/// How an item is bought.
#[derive(Clone, Debug)]
pub(super) struct Bought {
    pub supplier: String,
    /// What a thousand units cost.
    pub price: Money,
    pub lot: Lot,
    pub order_cost: Option<Money>,
    pub tiers: Option<Tiers>,
    /// By rising quantity.
    breaks: Vec<Break>,
}

impl Bought {
    /// What a thousand units cost in an order of so many.
    pub fn price_at(&self, quantity: Quantity) -> Money {
        let tier = self.breaks.iter().rfind(|tier| tier.from <= quantity);
        tier.map_or(self.price, |tier| Money::cents(tier.price))
    }
}

/// All that planning knows of suppliers.
pub(super) struct Suppliers {
    terms: HashMap<String, Terms>,
    bought: HashMap<String, Bought>,
    values: HashMap<String, Money>,
    /// By supplier and item, and by supplier under no item.
    received: HashMap<(String, String), Vec<Received>>,
    lead_days: u32,
}

impl Suppliers {
    /// With how long they really took.
    pub fn of(
        tx: &Tx,
        warehouse: &str,
        rules: &PlanRules,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        Ok(Self {
            received: received(tx, warehouse, today)?,
            ..Self::agreed(tx, rules)?
        })
    }

    /// As agreed, whatever they really take.
    pub fn agreed(tx: &Tx, rules: &PlanRules) -> Result<Self, Error> {
        Ok(Self {
            terms: terms(tx)?,
            bought: bought(tx)?,
            values: values_of(tx)?,
            received: HashMap::new(),
            lead_days: rules.lead_days,
        })
    }

    pub fn bought(&self, item: &str) -> Option<&Bought> {
        self.bought.get(item)
    }

    /// What a thousand units cost: the supplier's price, else the item's value, else nothing is known.
    pub fn cost_of_thousand(&self, item: &str) -> Option<Money> {
        let price = self.bought(item).map(|bought| bought.price);
        let known = price.or_else(|| self.values.get(item).copied());
        known.filter(|cost| *cost > Money::ZERO)
    }

    /// The terms of a supplier; those of nobody in particular where none are known.
    pub fn terms(&self, supplier: &str) -> Terms {
        let promised = || Terms {
            supply: Supply {
                lead_days: self.lead_days,
                ..Supply::default()
            },
            order_days: 7,
            least_value: Money::ZERO,
        };
        self.terms.get(supplier).cloned().unwrap_or_else(promised)
    }

    /// How long an item takes from its supplier: by its own receipts, else by all of that supplier, else as promised.
    pub fn lead_time(&self, supplier: &str, item: &str) -> LeadTime {
        let days = self.terms(supplier).supply.lead_days.max(1);
        let promised = Positive::new(f64::from(days)).expect("a day or more");
        let of = |item: &str| {
            let key = (supplier.to_owned(), item.to_owned());
            let found = self.received.get(&key).map_or(&[][..], Vec::as_slice);
            LeadTime::from_receipts(found, promised)
        };
        let own = of(item);
        if own.receipts > 0 { own } else { of("") }
    }
}

fn weekdays(text: &str) -> Vec<Weekday> {
    text.split(';').filter_map(|day| day.parse().ok()).collect()
}

fn terms(tx: &Tx) -> Result<HashMap<String, Terms>, Error> {
    let sql = "SELECT supplier, lead_days, order_days, delivery_days, closed, least_value FROM supplier_terms";
    let mut all = HashMap::new();
    for row in tx.rows(sql, &[])? {
        let closed = row.text("closed")?.split(';');
        let closed: Vec<NaiveDate> = closed.filter_map(|day| day.parse().ok()).collect();
        let calendar = |days: &[Weekday]| {
            let open = if days.is_empty() {
                Calendar::default()
            } else {
                Calendar::on(days)
            };
            open.closed_on(closed.iter().copied())
        };
        let orders = weekdays(row.text("order_days")?);
        let supply = Supply {
            orders: calendar(&orders),
            deliveries: calendar(&weekdays(row.text("delivery_days")?)),
            lead_days: u32::try_from(row.count("lead_days")?).unwrap_or(u32::MAX),
        };
        let count = u32::try_from(orders.len()).unwrap_or(7);
        let terms = Terms {
            supply,
            order_days: if count == 0 { 7 } else { count },
            least_value: Money::cents(row.int("least_value")?),
        };
        all.insert(row.text("supplier")?.to_owned(), terms);
    }
    Ok(all)
}

/// Of each item the supplier that is asked first.
fn bought(tx: &Tx) -> Result<HashMap<String, Bought>, Error> {
    let sql = "SELECT item, supplier, price, least, multiple, order_cost, breaks FROM supplies ORDER BY item, rank, supplier";
    let mut all = HashMap::new();
    tx.each(sql, &[], |row| {
        let price = row.int("price")?;
        let breaks = row.text("breaks")?.split(';');
        let breaks: Vec<Break> = breaks.filter_map(|tier| tier.parse().ok()).collect();
        let bought = Bought {
            supplier: row.text("supplier")?.to_owned(),
            price: Money::cents(price),
            lot: Lot {
                minimum: Quantity::from_thousandths(row.int("least")?),
                multiple: Quantity::from_thousandths(row.int("multiple")?),
            },
            order_cost: row.maybe_int("order_cost").map(Money::cents),
            tiers: tiers(price, &breaks),
            breaks,
        };
        all.entry(row.text("item")?.to_owned()).or_insert(bought);
        Ok::<(), Error>(())
    })?;
    Ok(all)
}

/// Money of one unit, from hundredths of a thousand.
fn unit(price: i64) -> Option<Positive> {
    // Hundredths of a thousand: a hundred thousandth each.
    Positive::new(float(price) / 100.0).ok()
}

fn tiers(price: i64, breaks: &[Break]) -> Option<Tiers> {
    let mut all = vec![Tier {
        from: Amount::ZERO,
        unit_cost: unit(price)?,
    }];
    for tier in breaks {
        all.push(Tier {
            from: Amount::new(float(tier.from.thousandths())).ok()?,
            unit_cost: unit(tier.price)?,
        });
    }
    Tiers::new(all).ok()
}

fn values_of(tx: &Tx) -> Result<HashMap<String, Money>, Error> {
    let mut all = HashMap::new();
    tx.each("SELECT item, value FROM item_values", &[], |row| {
        let of_thousand = row.int("value")?.saturating_mul(1000);
        all.insert(row.text("item")?.to_owned(), Money::cents(of_thousand));
        Ok::<(), Error>(())
    })?;
    Ok(all)
}

/// When orders came, of which most is here: the day on which half of what was ordered had come.
fn received(
    tx: &Tx,
    warehouse: &str,
    today: NaiveDate,
) -> Result<HashMap<(String, String), Vec<Received>>, Error> {
    let mut codes: HashMap<String, String> = HashMap::new();
    tx.each(
        "SELECT code, name FROM partners WHERE kind = 'supplier'",
        &[],
        |row| {
            codes.insert(row.text("name")?.to_owned(), row.text("code")?.to_owned());
            Ok::<(), Error>(())
        },
    )?;
    let sql = "SELECT o.partner, r.order_code, r.item, d.day AS ordered, SUBSTR(r.at, 1, 10) AS came, SUM(r.quantity) AS quantity,
                   (SELECT COALESCE(SUM(l.quantity), 0) FROM order_lines l WHERE l.warehouse = r.warehouse
                        AND l.order_code = r.order_code AND l.item = r.item) AS wanted
               FROM received r JOIN orders o ON o.warehouse = r.warehouse AND o.code = r.order_code
               JOIN order_days d ON d.warehouse = r.warehouse AND d.order_code = r.order_code
               WHERE r.warehouse = ?1 AND d.day >= ?2
               GROUP BY r.warehouse, o.partner, r.order_code, r.item, d.day, SUBSTR(r.at, 1, 10)
               ORDER BY r.order_code, r.item, SUBSTR(r.at, 1, 10)";
    let since = today
        .checked_sub_days(Days::new(LOOK_BACK_DAYS))
        .unwrap_or(today);
    let mut all: HashMap<(String, String), Vec<Received>> = HashMap::new();
    let mut so_far = (String::new(), String::new(), 0_i64);
    tx.each(sql, values![warehouse, since.to_string()], |row| {
        let (order, item) = (row.text("order_code")?, row.text("item")?);
        if so_far.0 != order || so_far.1 != item {
            so_far = (order.to_owned(), item.to_owned(), 0);
        }
        let (before, wanted) = (so_far.2, row.int("wanted")?);
        so_far.2 += row.int("quantity")?;
        if wanted > 0 && before * 2 < wanted && so_far.2 * 2 >= wanted {
            let receipt = Received {
                ordered: row.parse("ordered")?,
                received: row.parse("came")?,
            };
            let partner = row.text("partner")?;
            let supplier = codes.get(partner).map_or(partner, String::as_str);
            for item in [item, ""] {
                let key = (supplier.to_owned(), item.to_owned());
                all.entry(key).or_default().push(receipt);
            }
        }
        Ok::<(), Error>(())
    })?;
    Ok(all)
}
