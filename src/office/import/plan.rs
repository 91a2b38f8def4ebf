//! Rows of planning: who sells what on which terms, what was wanted before, what goods cost and are sold for.

use super::cells::Cells;
use crate::planning::value::{DutyRate, Money};
use crate::warehouse::{ItemCode, LineNo, OrderCode, Quantity, SafeText, WarehouseCode};
use chrono::{NaiveDate, Weekday};

/// Longest time from an order to its delivery, in days.
const LONGEST_LEAD: u32 = 730;

/// The sheets of planning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::office) enum PlanSheet {
    SupplierTerms,
    Supplies,
    PlanItems,
    PastDemand,
    OneOffs,
    Ordered,
    Prices,
    ReceiptCosts,
    ReceiptCharges,
}

/// Their files, and the columns that each must have.
pub(super) const SHEETS: &[(&str, PlanSheet, &[&str])] = &[
    (
        "supplier_terms.csv",
        PlanSheet::SupplierTerms,
        &["supplier", "lead_days"],
    ),
    (
        "supplies.csv",
        PlanSheet::Supplies,
        &["item", "supplier", "price"],
    ),
    (
        "plan_items.csv",
        PlanSheet::PlanItems,
        &["warehouse", "item"],
    ),
    (
        "past_demand.csv",
        PlanSheet::PastDemand,
        &["warehouse", "item", "day", "quantity"],
    ),
    ("one_offs.csv", PlanSheet::OneOffs, &["warehouse", "order"]),
    (
        "ordered.csv",
        PlanSheet::Ordered,
        &["warehouse", "order", "day"],
    ),
    ("prices.csv", PlanSheet::Prices, &["item", "price"]),
    (
        "receipt_costs.csv",
        PlanSheet::ReceiptCosts,
        &["warehouse", "order", "line", "value"],
    ),
    (
        "receipt_charges.csv",
        PlanSheet::ReceiptCharges,
        &["warehouse", "order", "charge", "amount"],
    ),
];

/// What a row of them says. Prices are of a thousand units, in hundredths.
#[derive(Clone, Debug)]
pub(in crate::office) enum PlanRow {
    Terms {
        supplier: ItemCode,
        lead_days: u32,
        order_days: Vec<Weekday>,
        delivery_days: Vec<Weekday>,
        closed: Vec<NaiveDate>,
        least_value: Money,
    },
    Supply {
        item: ItemCode,
        supplier: ItemCode,
        rank: u32,
        price: i64,
        least: Quantity,
        multiple: Quantity,
        order_cost: Option<Money>,
        breaks: Vec<Break>,
    },
    Item {
        warehouse: WarehouseCode,
        item: ItemCode,
        is_bought: bool,
        like: Option<ItemCode>,
        scale: Quantity,
        /// Thousandths.
        service: Option<u32>,
    },
    PastDemand {
        warehouse: WarehouseCode,
        item: ItemCode,
        day: NaiveDate,
        quantity: Quantity,
    },
    OneOff(WarehouseCode, OrderCode),
    Ordered(WarehouseCode, OrderCode, NaiveDate),
    Price {
        item: ItemCode,
        customer: SafeText,
        price: i64,
    },
    Cost {
        warehouse: WarehouseCode,
        order: OrderCode,
        line: LineNo,
        value: Money,
        /// Millionths.
        duty: u32,
    },
    Charge {
        warehouse: WarehouseCode,
        order: OrderCode,
        charge: SafeText,
        amount: Money,
        basis: &'static str,
    },
}

/// A price for orders of so much or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) struct Break {
    pub from: Quantity,
    pub price: i64,
}

impl std::str::FromStr for Break {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = "a break is written 100=9.50: from so many units on, that price";
        let (from, price) = text.split_once('=').ok_or(bad)?;
        let from: Quantity = from.trim().parse().map_err(|_| bad)?;
        let price = of_thousand(price.trim()).ok_or(bad)?;
        if from.is_positive() && from <= Quantity::LIMIT {
            Ok(Self { from, price })
        } else {
            Err(bad)
        }
    }
}

impl std::fmt::Display for Break {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.from, of_one(self.price))
    }
}

/// The price of a thousand units, in hundredths, from that of one with at most five decimals.
pub(in crate::office) fn of_thousand(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=9).contains(&whole.len()) && (1..=5).contains(&part.len());
    if !fits || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<5}").parse().ok()
}

/// The price of one unit, as it is written in a sheet.
pub(in crate::office) fn of_one(of_thousand: i64) -> String {
    let (whole, part) = (of_thousand / 100_000, of_thousand % 100_000);
    let text = format!("{whole}.{part:05}");
    let short = text.trim_end_matches('0');
    let decimals = short.len() - short.find('.').unwrap_or(0) - 1;
    text[..text.len() - 5 + decimals.max(2)].to_owned()
}

pub(super) fn row(sheet: PlanSheet, cells: &Cells) -> Result<PlanRow, String> {
    Ok(match sheet {
        PlanSheet::SupplierTerms => terms(cells)?,
        PlanSheet::Supplies => supply(cells)?,
        PlanSheet::PlanItems => item(cells)?,
        PlanSheet::PastDemand => PlanRow::PastDemand {
            warehouse: cells.parse("warehouse")?,
            item: cells.parse("item")?,
            day: day(cells, "day")?,
            quantity: amount(cells)?,
        },
        PlanSheet::OneOffs => PlanRow::OneOff(cells.parse("warehouse")?, cells.parse("order")?),
        PlanSheet::Ordered => PlanRow::Ordered(
            cells.parse("warehouse")?,
            cells.parse("order")?,
            day(cells, "day")?,
        ),
        PlanSheet::Prices => PlanRow::Price {
            item: cells.parse("item")?,
            customer: SafeText::new(cells.text("customer")),
            price: price(cells)?,
        },
        PlanSheet::ReceiptCosts => PlanRow::Cost {
            warehouse: cells.parse("warehouse")?,
            order: cells.parse("order")?,
            line: cells.parse("line")?,
            value: money(cells, "value")?,
            duty: duty(cells)?,
        },
        PlanSheet::ReceiptCharges => PlanRow::Charge {
            warehouse: cells.parse("warehouse")?,
            order: cells.parse("order")?,
            charge: cells.name("charge")?,
            amount: money(cells, "amount")?,
            basis: basis(cells)?,
        },
    })
}

fn terms(cells: &Cells) -> Result<PlanRow, String> {
    let lead_days: u32 = cells.parse("lead_days")?;
    if !(1..=LONGEST_LEAD).contains(&lead_days) {
        return Err(format!("lead_days goes from 1 to {LONGEST_LEAD}"));
    }
    let least_value = match cells.text("least_value") {
        "" => Money::ZERO,
        _ => money(cells, "least_value")?,
    };
    Ok(PlanRow::Terms {
        supplier: cells.parse("supplier")?,
        lead_days,
        order_days: weekdays(cells, "order_days")?,
        delivery_days: weekdays(cells, "delivery_days")?,
        closed: cells.list("closed")?,
        least_value,
    })
}

/// Days such as `mon;thu`.
fn weekdays(cells: &Cells, name: &str) -> Result<Vec<Weekday>, String> {
    let parts = cells
        .text(name)
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let bad = || format!("{name} is a list such as mon;thu");
    parts.map(|part| part.parse().map_err(|_| bad())).collect()
}

fn supply(cells: &Cells) -> Result<PlanRow, String> {
    let mut breaks: Vec<Break> = cells.list("breaks")?;
    breaks.sort_by_key(|tier| tier.from);
    let price = price(cells)?;
    let mut before = Break {
        from: Quantity::ZERO,
        price,
    };
    for &tier in &breaks {
        if tier.from == before.from || tier.price > before.price {
            return Err("breaks name each quantity once, and no price rises with it".to_owned());
        }
        before = tier;
    }
    let size = |name| match cells.text(name) {
        "" => Ok(Quantity::ONE),
        _ => cells.quantity(name),
    };
    let order_cost = match cells.text("order_cost") {
        "" => None,
        _ => Some(money(cells, "order_cost")?),
    };
    Ok(PlanRow::Supply {
        item: cells.parse("item")?,
        supplier: cells.parse("supplier")?,
        rank: cells.maybe("rank")?.unwrap_or(1),
        price,
        least: size("least")?,
        multiple: size("multiple")?,
        order_cost,
        breaks,
    })
}

fn item(cells: &Cells) -> Result<PlanRow, String> {
    let scale = cells.maybe("scale")?.unwrap_or(Quantity::ONE);
    if !scale.is_positive() || scale > Quantity::units(1000) {
        return Err("scale is more than 0 and at most 1000".to_owned());
    }
    Ok(PlanRow::Item {
        warehouse: cells.parse("warehouse")?,
        item: cells.parse("item")?,
        is_bought: match cells.text("bought") {
            "" => true,
            _ => cells.flag("bought")?,
        },
        like: cells.maybe("like")?,
        scale,
        service: service(cells)?,
    })
}

/// A share of demand or of cycles in hundredths, with one decimal at most.
fn service(cells: &Cells) -> Result<Option<u32>, String> {
    let Some(percent) = cells.maybe::<Quantity>("service")? else {
        return Ok(None);
    };
    let thousandths = percent.thousandths();
    if thousandths % 100 == 0 && (50_000..100_000).contains(&thousandths) {
        Ok(u32::try_from(thousandths / 100).ok())
    } else {
        Err("service goes from 50 to 99.9 per cent".to_owned())
    }
}

fn day(cells: &Cells, name: &str) -> Result<NaiveDate, String> {
    cells.day(name)?.ok_or_else(|| format!("{name} is empty"))
}

/// A quantity that may be nothing.
fn amount(cells: &Cells) -> Result<Quantity, String> {
    let quantity: Quantity = cells.parse("quantity")?;
    if quantity >= Quantity::ZERO && quantity <= Quantity::LIMIT {
        Ok(quantity)
    } else {
        Err(format!("quantity goes from 0 to {}", Quantity::LIMIT))
    }
}

fn price(cells: &Cells) -> Result<i64, String> {
    let bad = "price is an amount such as 12.50, with at most five decimals";
    of_thousand(cells.text("price")).ok_or_else(|| bad.to_owned())
}

fn money(cells: &Cells, name: &str) -> Result<Money, String> {
    let money: Money = cells.parse(name)?;
    if money < Money::ZERO {
        return Err(format!("{name} is below 0"));
    }
    Ok(money)
}

/// Per cent with up to three decimals.
fn duty(cells: &Cells) -> Result<u32, String> {
    let percent = cells.maybe::<Quantity>("duty_percent")?;
    let millionths = percent.unwrap_or(Quantity::ZERO).thousandths() * 10;
    let millionths = u32::try_from(millionths).ok();
    let known = millionths.filter(|&rate| DutyRate::from_millionths(rate).is_some());
    known.ok_or_else(|| "duty_percent goes from 0 to 1000".to_owned())
}

fn basis(cells: &Cells) -> Result<&'static str, String> {
    let text = cells.text("by");
    let known = ["value", "quantity", "weight", "volume"];
    let found = known
        .into_iter()
        .find(|&known| known == text || (text.is_empty() && known == "value"));
    found.ok_or_else(|| "by is value, quantity, weight or volume".to_owned())
}

/// What must not be said twice.
pub(super) fn key(row: &PlanRow) -> String {
    match row {
        PlanRow::Terms { supplier, .. } => format!("the terms of {supplier}"),
        PlanRow::Supply { item, supplier, .. } => format!("{item} from {supplier}"),
        PlanRow::Item {
            warehouse, item, ..
        } => format!("planning of {item} in {warehouse}"),
        PlanRow::PastDemand {
            warehouse,
            item,
            day,
            ..
        } => format!("demand for {item} on {day} in {warehouse}"),
        PlanRow::OneOff(warehouse, order) => format!("one-off {order} in {warehouse}"),
        PlanRow::Ordered(warehouse, order, _) => format!("the day of {order} in {warehouse}"),
        PlanRow::Price { item, customer, .. } => format!("the price of {item} for {customer:?}"),
        PlanRow::Cost {
            warehouse,
            order,
            line,
            ..
        } => format!("the cost of line {line} of {order} in {warehouse}"),
        PlanRow::Charge {
            warehouse,
            order,
            charge,
            ..
        } => format!("{charge} of {order} in {warehouse}"),
    }
}

/// What a row names that must be there: a warehouse, items, a supplier, an order.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub warehouse: Option<&'a WarehouseCode>,
    pub items: Vec<&'a ItemCode>,
    pub supplier: Option<&'a ItemCode>,
    pub order: Option<&'a OrderCode>,
}

pub(super) fn names(row: &PlanRow) -> Names<'_> {
    let mut names = Names::default();
    match row {
        PlanRow::Terms { supplier, .. } => names.supplier = Some(supplier),
        PlanRow::Supply { item, supplier, .. } => {
            names.supplier = Some(supplier);
            names.items.push(item);
        }
        PlanRow::Item {
            warehouse,
            item,
            like,
            ..
        } => {
            names.warehouse = Some(warehouse);
            names.items.push(item);
            names.items.extend(like);
        }
        PlanRow::PastDemand {
            warehouse, item, ..
        } => {
            names.warehouse = Some(warehouse);
            names.items.push(item);
        }
        PlanRow::OneOff(warehouse, order)
        | PlanRow::Ordered(warehouse, order, _)
        | PlanRow::Cost {
            warehouse, order, ..
        }
        | PlanRow::Charge {
            warehouse, order, ..
        } => {
            names.warehouse = Some(warehouse);
            names.order = Some(order);
        }
        PlanRow::Price { item, .. } => names.items.push(item),
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_exact_to_a_thousandth_of_a_hundredth() {
        for (text, thousand, again) in [
            ("12.5", 1_250_000, "12.50"),
            ("0.00425", 425, "0.00425"),
            ("7", 700_000, "7.00"),
            ("0.125", 12_500, "0.125"),
        ] {
            assert_eq!(of_thousand(text), Some(thousand), "{text}");
            assert_eq!(of_one(thousand), again);
        }
        for text in ["", ".5", "1.", "-1", "1.000001", "1e3", "1234567890"] {
            assert_eq!(of_thousand(text), None, "{text:?}");
        }
        let tier: Break = "100=9.5".parse().unwrap();
        assert_eq!(tier.to_string(), "100=9.50");
        assert!("0=9.5".parse::<Break>().is_err());
    }
}
