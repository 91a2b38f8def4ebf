//! What left the house: lines that went whole and lines that went short, order by order and day by day; and what came in,
//! from the dock to the shelf.

use super::{Paged, Words, paged};
use crate::office::database::Row;
use crate::office::{Error, Office};
use crate::warehouse::{Quantity, SafeText, Timestamp, WarehouseCode};

/// A line of an order that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct LineShipped {
    pub left_at: Timestamp,
    left_key: String,
    pub order: String,
    pub partner: SafeText,
    pub line: i64,
    pub item: String,
    pub name: SafeText,
    pub wanted: Quantity,
    pub shipped: Quantity,
}

impl LineShipped {
    pub fn missing(&self) -> Quantity {
        self.wanted.minus(self.shipped).max(Quantity::ZERO)
    }
}

/// Orders that left: when the last of each was loaded; their lines, and what was picked for each.
const LINES: &str = "SELECT g.left_at, l.order_code, o.partner, l.line, l.item, COALESCE(i.name, '') AS name, l.quantity,
        (SELECT COALESCE(SUM(t.done), 0) FROM task_orders k JOIN task_lines t ON t.warehouse = k.warehouse AND t.task = k.task
            AND t.order_code = k.order_code WHERE k.warehouse = l.warehouse AND k.order_code = l.order_code
            AND t.order_line = l.line) AS shipped
    FROM (SELECT SUBSTR(source_place, 7) AS code, MAX(at) AS left_at FROM moves
          WHERE warehouse = ?1 AND at >= ?2 AND at <= ?3 AND target_place LIKE 'truck:%' AND source_place LIKE 'order:%'
          GROUP BY SUBSTR(source_place, 7)) g
    JOIN orders o ON o.warehouse = ?1 AND o.code = g.code AND o.state IN ('shipped', 'delivered', 'done')
    JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
    LEFT JOIN items i ON i.code = l.item";

/// A delivery from the dock door to the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct Docked {
    pub task: String,
    pub order: String,
    pub partner: SafeText,
    pub door: String,
    pub docked_at: Option<Timestamp>,
    pub received_at: Timestamp,
    received_key: String,
    pub closed_at: Option<Timestamp>,
    pub stocked_at: Option<Timestamp>,
}

impl Docked {
    /// Minutes from the dock, or from the first goods where nobody scanned the dock, to the shelf.
    pub fn minutes(&self) -> Option<i64> {
        let from = self.docked_at.unwrap_or(self.received_at);
        Some((self.stocked_at? - from).num_minutes().max(0))
    }
}

impl Office {
    /// One page of lines of orders that left between two moments, the latest first; only short ones, if so asked.
    pub(in crate::office) fn lines_shipped(
        &self,
        warehouse: &WarehouseCode,
        (from, until): (Timestamp, Timestamp),
        short_only: bool,
        after: &[String],
        most: usize,
    ) -> Result<Paged<LineShipped>, Error> {
        let mut words = Words::between(warehouse, from, until);
        let mut only = String::new();
        if short_only {
            only.push_str(" AND q.shipped < q.quantity");
        }
        if let [at, order, line] = after
            && let Ok(line) = line.parse::<i64>()
        {
            let (at, order, line) = (
                words.put(at.as_str()),
                words.put(order.as_str()),
                words.put(line),
            );
            only.extend([format!(
                " AND (q.left_at, q.order_code, q.line) < ({at}, {order}, {line})"
            )]);
        }
        let sql = format!(
            "SELECT * FROM ({LINES}) q WHERE q.line > 0{only} ORDER BY q.left_at DESC, q.order_code DESC, q.line DESC LIMIT {}",
            most.saturating_add(1)
        );
        let rows = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.rows(&sql, &words.values)?))?;
        paged(rows, most, shipped, |line| {
            vec![
                line.left_key.clone(),
                line.order.clone(),
                line.line.to_string(),
            ]
        })
    }

    /// One page of deliveries of which the first goods were received between two moments, the latest first.
    pub(in crate::office) fn docked(
        &self,
        warehouse: &WarehouseCode,
        (from, until): (Timestamp, Timestamp),
        after: &[String],
        most: usize,
    ) -> Result<Paged<Docked>, Error> {
        let mut words = Words::between(warehouse, from, until);
        let mut only = String::new();
        if let [at, task] = after {
            let (at, task) = (words.put(at.as_str()), words.put(task.as_str()));
            only = format!(" AND (a.received_at, a.task) < ({at}, {task})");
        }
        let sql = format!(
            "SELECT a.task, a.order_code, COALESCE(o.partner, '') AS partner, a.door, a.docked_at, a.received_at, a.closed_at,
                 a.stocked_at FROM arrivals a LEFT JOIN orders o ON o.warehouse = a.warehouse AND o.code = a.order_code
             WHERE a.warehouse = ?1 AND a.received_at >= ?2 AND a.received_at <= ?3{only}
             ORDER BY a.received_at DESC, a.task DESC LIMIT {}",
            most.saturating_add(1)
        );
        let rows = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.rows(&sql, &words.values)?))?;
        paged(rows, most, docked, |row| {
            vec![row.received_key.clone(), row.task.clone()]
        })
    }
}

fn shipped(row: &Row) -> Result<LineShipped, Error> {
    let text = |name| row.text(name).map(str::to_owned);
    Ok(LineShipped {
        left_at: row.parse("left_at")?,
        left_key: text("left_at")?,
        order: text("order_code")?,
        partner: row.text("partner")?.into(),
        line: row.int("line")?,
        item: text("item")?,
        name: row.text("name")?.into(),
        wanted: Quantity::from_thousandths(row.int("quantity")?),
        shipped: Quantity::from_thousandths(row.int("shipped")?),
    })
}

fn docked(row: &Row) -> Result<Docked, Error> {
    let text = |name| row.text(name).map(str::to_owned);
    Ok(Docked {
        task: text("task")?,
        order: text("order_code")?,
        partner: row.text("partner")?.into(),
        door: text("door")?,
        docked_at: row.parse_maybe("docked_at")?,
        received_at: row.parse("received_at")?,
        received_key: text("received_at")?,
        closed_at: row.parse_maybe("closed_at")?,
        stocked_at: row.parse_maybe("stocked_at")?,
    })
}
