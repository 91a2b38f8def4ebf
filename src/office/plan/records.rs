//! The records of planning, as sheets bring them in and take them out again.

use crate::office::Error;
use crate::office::allocate::today;
use crate::office::database::{Tx, values};
use crate::office::export::Plan;
use crate::office::import::plan::{Break, PlanRow};
use crate::planning::value::Money;
use crate::warehouse::{Quantity, Timestamp};
use chrono::Weekday;

/// A list of days such as mon;thu.
fn weekdays(days: &[Weekday]) -> String {
    let names: Vec<String> = days
        .iter()
        .map(|day| day.to_string().to_lowercase())
        .collect();
    names.join(";")
}

pub(in crate::office) fn put(tx: &Tx, row: &PlanRow) -> Result<(), Error> {
    match row {
        PlanRow::Terms { .. } => put_terms(tx, row),
        PlanRow::Supply { .. } => put_supply(tx, row),
        PlanRow::Item { .. } => put_item(tx, row),
        PlanRow::PastDemand {
            warehouse,
            item,
            day,
            quantity,
        } => {
            let sql = "INSERT INTO past_demand (warehouse, item, day, quantity) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (warehouse, item, day) DO UPDATE SET quantity = excluded.quantity";
            let day = day.to_string();
            let row = values![
                warehouse.as_str(),
                item.as_str(),
                day,
                quantity.thousandths()
            ];
            tx.run(sql, row)?;
            Ok(())
        }
        PlanRow::OneOff(warehouse, order) => {
            let sql = "INSERT INTO one_offs (warehouse, order_code) VALUES (?1, ?2)
                       ON CONFLICT (warehouse, order_code) DO NOTHING";
            tx.run(sql, values![warehouse.as_str(), order.as_str()])?;
            Ok(())
        }
        PlanRow::Ordered(warehouse, order, day) => {
            let sql = "INSERT INTO order_days (warehouse, order_code, day) VALUES (?1, ?2, ?3)
                       ON CONFLICT (warehouse, order_code) DO UPDATE SET day = excluded.day";
            tx.run(
                sql,
                values![warehouse.as_str(), order.as_str(), day.to_string()],
            )?;
            Ok(())
        }
        PlanRow::Price { .. } | PlanRow::Cost { .. } | PlanRow::Charge { .. } => put_money(tx, row),
    }
}

fn put_terms(tx: &Tx, row: &PlanRow) -> Result<(), Error> {
    let PlanRow::Terms {
        supplier,
        lead_days,
        order_days,
        delivery_days,
        closed,
        least_value,
    } = row
    else {
        return Ok(());
    };

    let sql = "INSERT INTO supplier_terms (supplier, lead_days, order_days, delivery_days, closed, least_value)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (supplier) DO UPDATE
               SET lead_days = excluded.lead_days, order_days = excluded.order_days,
                   delivery_days = excluded.delivery_days, closed = excluded.closed,
                   least_value = excluded.least_value";
    let closed: Vec<String> = closed.iter().map(ToString::to_string).collect();
    let (orders, deliveries) = (weekdays(order_days), weekdays(delivery_days));
    let (name, least) = (supplier.as_str(), least_value.in_cents());
    let row = values![
        name,
        *lead_days,
        orders,
        deliveries,
        closed.join(";"),
        least
    ];
    tx.run(sql, row)?;

    Ok(())
}

fn put_supply(tx: &Tx, row: &PlanRow) -> Result<(), Error> {
    let PlanRow::Supply {
        item,
        supplier,
        rank,
        price,
        least,
        multiple,
        order_cost,
        breaks,
    } = row
    else {
        return Ok(());
    };

    let sql = "INSERT INTO supplies (item, supplier, rank, price, least, multiple, order_cost, breaks)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (item, supplier) DO UPDATE
               SET rank = excluded.rank, price = excluded.price, least = excluded.least,
                   multiple = excluded.multiple, order_cost = excluded.order_cost, breaks = excluded.breaks";
    let breaks: Vec<String> = breaks.iter().map(Break::to_string).collect();
    let (least, multiple) = (least.thousandths(), multiple.thousandths());
    let (item, supplier, cost) = (
        item.as_str(),
        supplier.as_str(),
        order_cost.map(Money::in_cents),
    );
    let row = values![
        item,
        supplier,
        *rank,
        *price,
        least,
        multiple,
        cost,
        breaks.join(";")
    ];
    tx.run(sql, row)?;

    Ok(())
}

fn put_item(tx: &Tx, row: &PlanRow) -> Result<(), Error> {
    let PlanRow::Item {
        warehouse,
        item,
        is_bought,
        like,
        scale,
        service,
    } = row
    else {
        return Ok(());
    };

    let sql = "INSERT INTO plan_items (warehouse, item, is_bought, like_item, scale, service)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (warehouse, item) DO UPDATE
               SET is_bought = excluded.is_bought, like_item = excluded.like_item, scale = excluded.scale,
                   service = excluded.service";
    let like = crate::office::ledger::text(like.as_ref());
    let (warehouse, item, scale) = (warehouse.as_str(), item.as_str(), scale.thousandths());
    tx.run(
        sql,
        values![warehouse, item, *is_bought, like, scale, *service],
    )?;

    Ok(())
}

fn put_money(tx: &Tx, row: &PlanRow) -> Result<(), Error> {
    match row {
        PlanRow::Price {
            item,
            customer,
            price,
        } => {
            let sql = "INSERT INTO item_prices (item, customer, price) VALUES (?1, ?2, ?3)
                       ON CONFLICT (item, customer) DO UPDATE SET price = excluded.price";
            tx.run(sql, values![item.as_str(), customer.as_str(), *price])?;
        }
        PlanRow::Cost {
            warehouse,
            order,
            line,
            value,
            duty,
        } => {
            let sql = "INSERT INTO receipt_costs (warehouse, order_code, line, value, duty) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (warehouse, order_code, line) DO UPDATE SET value = excluded.value, duty = excluded.duty";
            let (warehouse, order) = (warehouse.as_str(), order.as_str());
            tx.run(
                sql,
                values![warehouse, order, *line, value.in_cents(), *duty],
            )?;
        }
        PlanRow::Charge {
            warehouse,
            order,
            charge,
            amount,
            basis,
        } => {
            let sql = "INSERT INTO receipt_charges (warehouse, order_code, charge, amount, basis) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (warehouse, order_code, charge) DO UPDATE
                       SET amount = excluded.amount, basis = excluded.basis";
            let (warehouse, order, charge) = (warehouse.as_str(), order.as_str(), charge.as_str());
            tx.run(
                sql,
                values![warehouse, order, charge, amount.in_cents(), *basis],
            )?;
        }
        _ => {}
    }
    Ok(())
}

/// A purchase order that is seen for the first time was placed today, unless someone said otherwise.
pub(in crate::office) fn ordered(
    tx: &Tx,
    warehouse: &str,
    order: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO order_days (warehouse, order_code, day) VALUES (?1, ?2, ?3)
               ON CONFLICT (warehouse, order_code) DO NOTHING";
    tx.run(sql, values![warehouse, order, today(now).to_string()])?;
    Ok(())
}

/// What a planner said of an item.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub is_bought: bool,
    pub like: String,
    pub scale: Quantity,
    pub service: Option<u32>,
}

/// What planners said of the items of a warehouse.
pub(super) fn said(
    tx: &Tx,
    warehouse: &str,
) -> Result<std::collections::HashMap<String, Said>, Error> {
    let sql =
        "SELECT item, is_bought, like_item, scale, service FROM plan_items WHERE warehouse = ?1";
    let mut all = std::collections::HashMap::new();
    tx.each(sql, values![warehouse], |row| {
        let said = Said {
            is_bought: row.flag("is_bought")?,
            like: row.text("like_item")?.to_owned(),
            scale: Quantity::from_thousandths(row.int("scale")?),
            service: row
                .maybe_int("service")
                .and_then(|share| u32::try_from(share).ok()),
        };
        all.insert(row.text("item")?.to_owned(), said);
        Ok::<(), Error>(())
    })?;
    Ok(all)
}

/// The sheets of planning, as they are taken out.
pub(in crate::office) const SHEETS: &[Plan] = &[
    Plan {
        file: "supplier_terms.csv",
        columns: &["supplier", "lead_days", "order_days", "delivery_days", "closed", "least_value"],
        sql: "SELECT supplier, lead_days, order_days, delivery_days, closed, least_value FROM supplier_terms ORDER BY supplier",
    },
    Plan {
        file: "supplies.csv",
        columns: &["item", "supplier", "rank", "price", "least", "multiple", "order_cost", "breaks"],
        sql: "SELECT item, supplier, rank, price, least, multiple, order_cost, breaks FROM supplies ORDER BY item, rank, supplier",
    },
    Plan {
        file: "plan_items.csv",
        columns: &["warehouse", "item", "bought", "like", "scale", "service"],
        sql: "SELECT warehouse, item, CASE is_bought WHEN 1 THEN 'yes' ELSE 'no' END AS bought, like_item AS \"like\", scale, service
              FROM plan_items ORDER BY warehouse, item",
    },
    Plan {
        file: "past_demand.csv",
        columns: &["warehouse", "item", "day", "quantity"],
        sql: "SELECT warehouse, item, day, quantity FROM past_demand ORDER BY warehouse, item, day",
    },
    Plan {
        file: "one_offs.csv",
        columns: &["warehouse", "order"],
        sql: "SELECT f.warehouse, f.order_code AS \"order\" FROM one_offs f
              JOIN orders o ON o.warehouse = f.warehouse AND o.code = f.order_code
              WHERE o.state IN ('open', 'released') AND o.kind <> 'receipt' ORDER BY f.warehouse, f.order_code",
    },
    Plan {
        file: "ordered.csv",
        columns: &["warehouse", "order", "day"],
        sql: "SELECT d.warehouse, d.order_code AS \"order\", d.day FROM order_days d
              JOIN orders o ON o.warehouse = d.warehouse AND o.code = d.order_code
              WHERE o.kind = 'receipt' AND (o.state = 'open' OR (o.state = 'released' AND o.bin = ''))
              ORDER BY d.warehouse, d.order_code",
    },
    Plan {
        file: "prices.csv",
        columns: &["item", "customer", "price"],
        sql: "SELECT item, customer, price FROM item_prices ORDER BY item, customer",
    },
    Plan {
        file: "receipt_costs.csv",
        columns: &["warehouse", "order", "line", "value", "duty_percent"],
        sql: "SELECT c.warehouse, c.order_code AS \"order\", c.line, c.value, c.duty AS duty_percent FROM receipt_costs c
              JOIN orders o ON o.warehouse = c.warehouse AND o.code = c.order_code
              WHERE o.state = 'open' OR (o.state = 'released' AND o.bin = '') ORDER BY c.warehouse, c.order_code, c.line",
    },
    Plan {
        file: "receipt_charges.csv",
        columns: &["warehouse", "order", "charge", "amount", "by"],
        sql: "SELECT c.warehouse, c.order_code AS \"order\", c.charge, c.amount, c.basis AS \"by\" FROM receipt_charges c
              JOIN orders o ON o.warehouse = c.warehouse AND o.code = c.order_code
              WHERE o.state = 'open' OR (o.state = 'released' AND o.bin = '') ORDER BY c.warehouse, c.order_code, c.charge",
    },
];
