//! Available to promise: when goods can go, from what is free, what is on its way from receiving, and what is announced with a date.
//! Orders that came before go first, by priority and date. Counted by item: lots, lives and substitutes are looked at at release.

use super::allocate::today;
use super::database::{Tx, values};
use super::{Error, Office, kit, progress, records};
use crate::planning::promise::moments;
use crate::warehouse::{ItemCode, LineNo, OrderCode, Quantity, Timestamp, WarehouseCode};
use std::collections::BTreeMap;

/// When some goods can go from a warehouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    /// The warehouse.
    pub warehouse: WarehouseCode,
    /// When; now, if they are free. None: nothing that is announced makes up for what lacks.
    pub at: Option<Timestamp>,
    /// What is there and promised to nobody, of an item that is no kit; below zero if more is wanted than is there.
    pub free: Quantity,
}

impl Office {
    /// When so much of an item can go, from this warehouse or from each. Changes nothing. Error: there is no such item.
    pub fn promise(
        &self,
        now: Timestamp,
        item: &ItemCode,
        quantity: Quantity,
        warehouse: Option<&WarehouseCode>,
    ) -> Result<Vec<Promised>, Error> {
        self.database().read(|tx| {
            records::known_item(tx, item)?;
            let mut all = Vec::new();
            for code in records::warehouses(tx)? {
                if warehouse.is_some_and(|wanted| wanted.as_str() != code) {
                    continue;
                }
                let named: WarehouseCode = code.parse().map_err(|_| unreadable(&code))?;
                all.push(Promised {
                    at: when(tx, now, &code, item, quantity)?,
                    free: free(tx, now, &code, item)?,
                    warehouse: named,
                });
            }
            Ok(all)
        })
    }
}

fn unreadable(code: &str) -> Error {
    Error::Unknown {
        what: "warehouse",
        code: code.to_owned(),
    }
}

fn free(tx: &Tx, now: Timestamp, warehouse: &str, item: &ItemCode) -> Result<Quantity, Error> {
    let wanted: Quantity = demands(tx, warehouse, item)?
        .iter()
        .map(|it| it.quantity)
        .sum();
    Ok(there(tx, now, warehouse, item)?.minus(wanted))
}

/// When so much of an item can go after all that is wanted already; of a kit, when its last component can.
fn when(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    item: &ItemCode,
    quantity: Quantity,
) -> Result<Option<Timestamp>, Error> {
    let mut last = Some(now);
    for (part, each) in parts(tx, item)? {
        let mut wanted: Vec<Quantity> = (demands(tx, warehouse, &part)?.into_iter())
            .map(|demand| demand.quantity)
            .collect();
        wanted.push(scaled(quantity, each));
        let met = moments(supply(tx, now, warehouse, &part)?, &wanted);
        let at = met.last().copied().flatten();
        last = last.zip(at).map(|(one, other)| one.max(other));
    }
    Ok(last)
}

/// The components of a kit with how much one kit has of each, else the item itself.
fn parts(tx: &Tx, item: &ItemCode) -> Result<Vec<(ItemCode, Quantity)>, Error> {
    let kit = kit::components(tx, item)?;
    if kit.is_empty() {
        return Ok(vec![(item.clone(), Quantity::ONE)]);
    }
    Ok(kit.into_iter().map(|part| (part.item, part.each)).collect())
}

fn scaled(quantity: Quantity, each: Quantity) -> Quantity {
    let all = i128::from(quantity.thousandths()) * i128::from(each.thousandths()) / 1000;
    Quantity::from_thousandths(i64::try_from(all).unwrap_or(i64::MAX))
}

/// What is there now and promised to no open work, wherever it can be picked from or soon will be.
fn there(tx: &Tx, now: Timestamp, warehouse: &str, item: &ItemCode) -> Result<Quantity, Error> {
    let sql = "SELECT COALESCE(SUM(s.quantity), 0) AS quantity FROM stock s
               JOIN bins b ON b.warehouse = s.warehouse AND b.code = SUBSTR(s.place, 5) AND s.place LIKE 'bin:%'
               WHERE s.warehouse = ?1 AND s.item = ?2 AND s.status = 'available' AND s.quantity > 0 AND b.frozen = 0
                   AND b.kind IN ('pick_face', 'reserve', 'receiving') AND (s.expiry IS NULL OR s.expiry >= ?3)";
    let row = tx.first(
        sql,
        values![warehouse, item.as_str(), today(now).to_string()],
    )?;
    let there = row.map_or(Ok(0), |row| row.int("quantity"))?;
    let sql = "SELECT COALESCE(SUM(l.quantity - l.done), 0) AS quantity FROM task_lines l
               JOIN tasks k ON k.warehouse = l.warehouse AND k.id = l.task
               WHERE l.warehouse = ?1 AND l.item = ?2 AND l.is_open = 1 AND l.quantity > l.done AND k.kind IN ('pick', 'assemble')";
    let row = tx.first(sql, values![warehouse, item.as_str()])?;
    let taken = row.map_or(Ok(0), |row| row.int("quantity"))?;
    Ok(Quantity::from_thousandths(there.saturating_sub(taken)))
}

/// What is there now, and what is announced with a date; what is late may come any moment. What has no date is not counted on.
fn supply(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    item: &ItemCode,
) -> Result<Vec<(Timestamp, Quantity)>, Error> {
    let mut supply = vec![(now, there(tx, now, warehouse, item)?)];
    let sql = "SELECT o.due, o.bin, l.quantity, COALESCE((SELECT SUM(r.quantity) FROM received r WHERE r.warehouse = l.warehouse
                   AND r.order_code = l.order_code AND r.line = l.line), 0) AS received
               FROM order_lines l JOIN orders o ON o.warehouse = l.warehouse AND o.code = l.order_code
               WHERE l.warehouse = ?1 AND l.item = ?2 AND o.kind = 'receipt' AND o.state IN ('open', 'released', 'receiving')";
    for row in tx.rows(sql, values![warehouse, item.as_str()])? {
        let left = row.int("quantity")?.saturating_sub(row.int("received")?);
        let due: Option<Timestamp> = row.parse_maybe("due")?;
        let due = if row.text("bin")?.is_empty() {
            due
        } else {
            Some(now)
        };
        supply.extend(due.map(|due| (due.max(now), Quantity::from_thousandths(left))));
    }
    Ok(supply)
}

/// Something that is wanted and not allocated yet.
struct Demand {
    urgency: (i64, bool, Option<String>),
    order: OrderCode,
    line: LineNo,
    quantity: Quantity,
}

/// What orders want of an item and have not got, in the order in which they get it.
fn demands(tx: &Tx, warehouse: &str, item: &ItemCode) -> Result<Vec<Demand>, Error> {
    let sql = "SELECT o.priority, o.due, o.code, o.back_ordered, l.line, l.quantity, 1000 AS each
               FROM order_lines l JOIN orders o ON o.warehouse = l.warehouse AND o.code = l.order_code
               WHERE l.warehouse = ?1 AND l.item = ?2 AND o.kind IN ('sales', 'transfer') AND (o.state = 'open' OR o.back_ordered = 1)
                   AND NOT EXISTS (SELECT 1 FROM kits n WHERE n.kit = l.item)
               UNION ALL
               SELECT o.priority, o.due, o.code, o.back_ordered, l.line, l.quantity, k.quantity AS each
               FROM kits k JOIN order_lines l ON l.warehouse = ?1 AND l.item = k.kit
               JOIN orders o ON o.warehouse = l.warehouse AND o.code = l.order_code
               WHERE k.component = ?2 AND o.kind IN ('sales', 'transfer') AND (o.state = 'open' OR o.back_ordered = 1)";
    let mut demands = Vec::new();
    for row in tx.rows(sql, values![warehouse, item.as_str()])? {
        let due = row.maybe("due").map(str::to_owned);
        let order: OrderCode = row.parse("code")?;
        let line = u32::try_from(row.count("line")?).unwrap_or(u32::MAX);
        let mut quantity = Quantity::from_thousandths(row.int("quantity")?);
        if row.flag("back_ordered")? {
            let lines = progress::lines(tx, warehouse, &order)?;
            let known = lines.iter().find(|known| known.line == line);
            quantity = known.map_or(Quantity::ZERO, |known| known.back_ordered);
        }
        demands.push(Demand {
            urgency: (row.int("priority")?, due.is_none(), due),
            order,
            line,
            quantity: scaled(quantity, Quantity::from_thousandths(row.int("each")?)),
        });
    }
    demands.sort_by(|one, other| {
        let key = |it: &Demand| (it.urgency.clone(), it.order.clone(), it.line);
        key(one).cmp(&key(other))
    });
    Ok(demands)
}

/// When each line of an order can go.
type ByLine = BTreeMap<(OrderCode, LineNo), Option<Timestamp>>;

/// Says of every line of these orders that was not promised yet when it can go. What was said before stays said.
pub(super) fn give(tx: &Tx, now: Timestamp, orders: &[(String, String)]) -> Result<(), Error> {
    let mut known: BTreeMap<(String, ItemCode), ByLine> = BTreeMap::new();
    for (warehouse, order) in orders {
        let sql = "SELECT l.line, l.item FROM order_lines l JOIN orders o ON o.warehouse = l.warehouse AND o.code = l.order_code
                   WHERE l.warehouse = ?1 AND l.order_code = ?2 AND l.promised = '' AND o.kind IN ('sales', 'transfer')";
        for row in tx.rows(sql, values![warehouse, order])? {
            let line = u32::try_from(row.count("line")?).unwrap_or(u32::MAX);
            let mut last = Some(now);
            for (part, _) in parts(tx, &row.parse("item")?)? {
                let key = (warehouse.clone(), part.clone());
                if !known.contains_key(&key) {
                    known.insert(key.clone(), said(tx, now, warehouse, &part)?);
                }
                let of_line = (order.parse().map_err(|_| unreadable(order))?, line);
                // What is on the floor in full waits for nothing.
                let at = known[&key].get(&of_line).copied().unwrap_or(Some(now));
                last = last.zip(at).map(|(one, other)| one.max(other));
            }
            let text = last.map_or_else(|| "unknown".to_owned(), |at| at.to_rfc3339());
            let sql = "UPDATE order_lines SET promised = ?4 WHERE warehouse = ?1 AND order_code = ?2 AND line = ?3";
            tx.run(sql, values![warehouse, order, line, text])?;
        }
    }
    Ok(())
}

/// When each line that waits for an item can go.
fn said(tx: &Tx, now: Timestamp, warehouse: &str, item: &ItemCode) -> Result<ByLine, Error> {
    let demands = demands(tx, warehouse, item)?;
    let wanted: Vec<Quantity> = demands.iter().map(|demand| demand.quantity).collect();
    let met = moments(supply(tx, now, warehouse, item)?, &wanted);
    let named = demands.into_iter().map(|it| (it.order, it.line));
    Ok(named.zip(met).collect())
}
