//! What is earned: what was sold, at the prices of `prices.csv`, less what it cost; by item, customer or order.

use super::Span;
use super::book::{Booking, walk};
use super::cost::share;
use crate::office::database::{Tx, values};
use crate::office::{Error, Office};
use crate::planning::value::{Method, Money};
use crate::warehouse::{Quantity, SafeText, WarehouseCode};
use std::collections::{BTreeMap, HashMap};

/// What margins are told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By item.
    Item,
    /// By customer.
    Customer,
    /// By order.
    Order,
}

/// What was earned with one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarginRow {
    /// The item, customer or order; empty: nobody can say which.
    pub name: SafeText,
    /// What it was sold for, less what came back.
    pub revenue: Money,
    /// What that cost.
    pub cost: Money,
    /// So much of it has no price, and counts as given away.
    pub without_price: Quantity,
}

impl MarginRow {
    /// What is left.
    pub fn margin(&self) -> Money {
        self.revenue.minus(self.cost)
    }

    /// In hundredths of a per cent of the revenue; none of no revenue.
    pub fn basis_points(&self) -> Option<i64> {
        let revenue = i128::from(self.revenue.in_cents());
        let points = i128::from(self.margin().in_cents()).checked_mul(10_000)?;
        (revenue > 0).then(|| i64::try_from(points / revenue).unwrap_or(i64::MIN))
    }
}

/// Who bought, and what they pay.
struct Prices {
    /// By item and customer; the customer is empty for all others.
    prices: HashMap<(String, String), Money>,
    /// The code of each customer's name.
    codes: HashMap<String, String>,
    customers: HashMap<String, String>,
}

impl Prices {
    fn of(tx: &Tx, warehouse: &str) -> Result<Self, Error> {
        let mut known = Self {
            prices: HashMap::new(),
            codes: HashMap::new(),
            customers: HashMap::new(),
        };
        tx.each(
            "SELECT item, customer, price FROM item_prices",
            &[],
            |row| {
                let key = (
                    row.text("item")?.to_owned(),
                    row.text("customer")?.to_owned(),
                );
                known.prices.insert(key, Money::cents(row.int("price")?));
                Ok::<(), Error>(())
            },
        )?;
        tx.each(
            "SELECT code, name FROM partners WHERE kind = 'customer'",
            &[],
            |row| {
                known
                    .codes
                    .insert(row.text("name")?.to_owned(), row.text("code")?.to_owned());
                Ok::<(), Error>(())
            },
        )?;
        let sql = "SELECT code, partner FROM orders WHERE warehouse = ?1 AND kind = 'sales'";
        tx.each(sql, values![warehouse], |row| {
            known.customers.insert(
                row.text("code")?.to_owned(),
                row.text("partner")?.to_owned(),
            );
            Ok::<(), Error>(())
        })?;
        Ok(known)
    }

    fn customer(&self, order: &str) -> &str {
        self.customers.get(order).map_or("", String::as_str)
    }

    /// What so much of an item is sold for; none where nobody said.
    fn price(&self, item: &str, customer: &str, quantity: Quantity) -> Option<Money> {
        let code = self.codes.get(customer).map_or(customer, String::as_str);
        let names = [customer, code, ""];
        let mut found = names.iter().filter_map(|name| {
            let key = (item.to_owned(), (*name).to_owned());
            self.prices.get(&key)
        });
        found
            .next()
            .map(|&price| share(price, quantity, Quantity::units(1000)))
    }
}

impl Office {
    /// What was earned over a span, the most first. What came back is taken off where it is known from whom.
    pub fn margins(
        &self,
        warehouse: &WarehouseCode,
        (method, span): (Method, Span),
        by: By,
    ) -> Result<Vec<MarginRow>, Error> {
        self.database().read_at_length(|tx| {
            let prices = Prices::of(tx, warehouse.as_str())?;
            let mut rows: BTreeMap<String, MarginRow> = BTreeMap::new();
            walk(
                tx,
                warehouse.as_str(),
                "",
                (method, span),
                |booked| {
                    let sold = match booked.what {
                        Booking::Sold => true,
                        Booking::Returned => false,
                        _ => return Ok(()),
                    };
                    let order = booked.document.as_str();
                    let customer = prices.customer(order);
                    let price = prices.price(booked.item.as_str(), customer, booked.quantity);
                    let name = match by {
                        By::Item => booked.item.as_str(),
                        By::Customer => customer,
                        By::Order => order,
                    };
                    let row = rows.entry(name.to_owned()).or_insert_with(|| MarginRow {
                        name: SafeText::new(name),
                        revenue: Money::ZERO,
                        cost: Money::ZERO,
                        without_price: Quantity::ZERO,
                    });
                    let revenue = price.unwrap_or(Money::ZERO);
                    if sold {
                        row.revenue = row.revenue.plus(revenue);
                        row.cost = row.cost.plus(booked.cost);
                        if price.is_none() {
                            row.without_price = row.without_price.plus(booked.quantity);
                        }
                    } else {
                        row.revenue = row.revenue.minus(revenue);
                        row.cost = row.cost.minus(booked.cost);
                    }
                    Ok(())
                },
                |_| Ok(()),
            )?;
            let mut rows: Vec<MarginRow> = rows.into_values().collect();
            rows.sort_by_key(|row| std::cmp::Reverse(row.margin()));
            Ok(rows)
        })
    }
}
