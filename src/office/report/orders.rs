//! Orders against their cut-off: which there are, how far each is, and what an order is made of.

use super::{Paged, Words, begins, paged, within};
use crate::office::database::{Row, values};
use crate::office::{Error, Office};
use crate::warehouse::{Quantity, SafeText, Timestamp, WarehouseCode};

/// Which orders.
#[derive(Clone, Debug, Default)]
pub(in crate::office) struct Which {
    pub kind: Option<String>,
    /// One state; none: all that are not finished, unless `finished` asks for those too.
    pub state: Option<String>,
    pub finished: bool,
    pub text: Option<String>,
    /// Only those that are late by then.
    pub late_by: Option<Timestamp>,
    pub item: Option<String>,
}

/// An order in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct OrderSeen {
    pub code: String,
    pub kind: String,
    pub partner: SafeText,
    pub priority: i64,
    pub state: String,
    pub due: Option<Timestamp>,
    pub shipment: Option<String>,
    pub door: String,
    /// When its truck leaves.
    pub leaves: Option<Timestamp>,
    cutoff_key: String,
    pub lines: u64,
    /// In all of its lines; of different units, where the lines are.
    pub wanted: Quantity,
    pub done: Quantity,
}

impl OrderSeen {
    /// When it has to be out: when its truck leaves, or when it is due, whichever is sooner.
    pub fn cutoff(&self) -> Option<Timestamp> {
        match (self.due, self.leaves) {
            (Some(due), Some(leaves)) => Some(due.min(leaves)),
            (due, leaves) => due.or(leaves),
        }
    }

    /// Whether nothing is left to do for it.
    pub fn is_finished(&self) -> bool {
        FINISHED.contains(&self.state.as_str())
    }
}

/// States of orders for which nothing is left to do.
const FINISHED: [&str; 4] = ["shipped", "delivered", "done", "cancelled"];
/// Sorts behind every date.
const NEVER: &str = "9999";

const ORDERS: &str = "SELECT o.code, o.kind, o.partner, o.priority, o.state, o.due, x.shipment, COALESCE(s.door, '') AS door,
        s.due AS leaves, CASE WHEN s.due < o.due THEN s.due ELSE COALESCE(o.due, s.due, '9999') END AS cutoff,
        (SELECT COUNT(*) FROM order_lines l WHERE l.warehouse = o.warehouse AND l.order_code = o.code) AS lines,
        (SELECT COALESCE(SUM(l.quantity), 0) FROM order_lines l WHERE l.warehouse = o.warehouse AND l.order_code = o.code) AS wanted,
        CASE o.kind WHEN 'receipt' THEN (SELECT COALESCE(SUM(r.quantity), 0) FROM received r
                WHERE r.warehouse = o.warehouse AND r.order_code = o.code)
            ELSE (SELECT COALESCE(SUM(t.done), 0) FROM task_orders k
                JOIN task_lines t ON t.warehouse = k.warehouse AND t.task = k.task AND t.order_code = k.order_code
                WHERE k.warehouse = o.warehouse AND k.order_code = o.code) END AS done
    FROM orders o LEFT JOIN shipment_orders x ON x.warehouse = o.warehouse AND x.order_code = o.code
    LEFT JOIN shipments s ON s.warehouse = x.warehouse AND s.code = x.shipment WHERE o.warehouse = ?1";

/// A line of an order, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct OrderLineSeen {
    pub line: i64,
    pub item: String,
    pub name: SafeText,
    pub unit: SafeText,
    pub lot: String,
    pub plate: String,
    pub wanted: Quantity,
    /// Picked for it, or received of it.
    pub done: Quantity,
    /// Still to be fetched by tasks.
    pub open: Quantity,
    /// Given up by workers: it was not where it should be.
    pub given_up: Quantity,
}

/// The truck an order is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct ShipmentSeen {
    pub code: String,
    pub stop: i64,
    pub door: String,
    pub carrier: SafeText,
    pub state: String,
    pub due: Option<Timestamp>,
    pub seal: SafeText,
}

/// An order with all that is known of it.
#[derive(Clone, Debug)]
pub(in crate::office) struct OrderWhole {
    pub head: OrderSeen,
    pub lines: Vec<OrderLineSeen>,
    pub shipment: Option<ShipmentSeen>,
}

impl Office {
    /// One page of orders, those with the nearest cut-off first.
    pub(in crate::office) fn orders_seen(
        &self,
        warehouse: &WarehouseCode,
        which: &Which,
        after: &[String],
        most: usize,
    ) -> Result<Paged<OrderSeen>, Error> {
        let mut words = Words::default();
        words.put(warehouse.as_str());
        let mut only = words.equal(&[("o.kind", &which.kind), ("o.state", &which.state)]);
        if which.state.is_none() && !which.finished {
            only.push_str(" AND o.state NOT IN ('shipped', 'delivered', 'done', 'cancelled')");
        }
        if let Some(text) = &which.text {
            let (begins, within) = (words.put(begins(text)), words.put(within(text)));
            only.extend([format!(
                " AND (UPPER(o.code) LIKE {begins} ESCAPE '!' OR UPPER(o.partner) LIKE {within} ESCAPE '!'
                    OR UPPER(x.shipment) LIKE {begins} ESCAPE '!')"
            )]);
        }
        if let Some(item) = &which.item {
            let item = words.put(item.as_str());
            only.extend([format!(
                " AND EXISTS (SELECT 1 FROM order_lines l WHERE l.warehouse = o.warehouse AND l.order_code = o.code AND l.item = {item})"
            )]);
        }
        let mut found = String::new();
        if let Some(now) = which.late_by {
            found.extend([format!(" AND q.cutoff < {}", words.put(now.to_rfc3339()))]);
        }
        if let [cutoff, code] = after {
            let (cutoff, code) = (words.put(cutoff.as_str()), words.put(code.as_str()));
            found.extend([format!(" AND (q.cutoff, q.code) > ({cutoff}, {code})")]);
        }
        let sql = format!(
            "SELECT * FROM ({ORDERS}{only}) q WHERE q.cutoff <= '{NEVER}'{found} ORDER BY q.cutoff, q.code LIMIT {}",
            most.saturating_add(1)
        );
        let rows = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.rows(&sql, &words.values)?))?;
        paged(rows, most, seen, |order| {
            vec![order.cutoff_key.clone(), order.code.clone()]
        })
    }

    /// An order with its lines and its truck; none if there is no such order.
    pub(in crate::office) fn order_whole(
        &self,
        warehouse: &WarehouseCode,
        code: &str,
    ) -> Result<Option<OrderWhole>, Error> {
        let key = values![warehouse.as_str(), code];
        self.database().read(|tx| {
            let Some(row) = tx.first(&format!("{ORDERS} AND o.code = ?2"), key)? else { return Ok(None) };
            let head = seen(&row)?;
            let sql = "SELECT l.line, l.item, l.lot, l.plate, l.quantity, COALESCE(i.name, '') AS name, COALESCE(i.unit, '') AS unit,
                    (SELECT COALESCE(SUM(r.quantity), 0) FROM received r WHERE r.warehouse = l.warehouse
                        AND r.order_code = l.order_code AND r.line = l.line) AS received,
                    COALESCE(p.done, 0) AS done, COALESCE(p.still, 0) AS still, COALESCE(p.given_up, 0) AS given_up
                FROM order_lines l LEFT JOIN items i ON i.code = l.item LEFT JOIN (
                    SELECT t.order_line, SUM(t.done) AS done,
                        SUM(CASE WHEN t.is_open = 1 AND t.quantity > t.done THEN t.quantity - t.done ELSE 0 END) AS still,
                        SUM(CASE WHEN t.is_open = 0 AND t.quantity > t.done THEN t.quantity - t.done ELSE 0 END) AS given_up
                    FROM task_orders k JOIN task_lines t ON t.warehouse = k.warehouse AND t.task = k.task AND t.order_code = k.order_code
                    WHERE k.warehouse = ?1 AND k.order_code = ?2 GROUP BY t.order_line) p ON p.order_line = l.line
                WHERE l.warehouse = ?1 AND l.order_code = ?2 ORDER BY l.line";
            let is_receipt = head.kind == "receipt";
            let lines = tx.rows(sql, key)?;
            let lines = lines.iter().map(|row| line(row, is_receipt)).collect::<Result<_, _>>()?;
            let sql = "SELECT s.code, x.stop, s.door, s.carrier, s.state, s.due, s.seal FROM shipment_orders x
                       JOIN shipments s ON s.warehouse = x.warehouse AND s.code = x.shipment
                       WHERE x.warehouse = ?1 AND x.order_code = ?2";
            let shipment = tx.first(sql, key)?.map(|row| shipment(&row)).transpose()?;
            Ok(Some(OrderWhole { head, lines, shipment }))
        })
    }
}

fn seen(row: &Row) -> Result<OrderSeen, Error> {
    Ok(OrderSeen {
        code: row.text("code")?.to_owned(),
        kind: row.text("kind")?.to_owned(),
        partner: row.text("partner")?.into(),
        priority: row.int("priority")?,
        state: row.text("state")?.to_owned(),
        due: row.parse_maybe("due")?,
        shipment: row.maybe("shipment").map(str::to_owned),
        door: row.text("door")?.to_owned(),
        leaves: row.parse_maybe("leaves")?,
        cutoff_key: row.text("cutoff")?.to_owned(),
        lines: row.count("lines")?,
        wanted: Quantity::from_thousandths(row.int("wanted")?),
        done: Quantity::from_thousandths(row.int("done")?),
    })
}

fn line(row: &Row, is_receipt: bool) -> Result<OrderLineSeen, Error> {
    let quantity = |name| row.int(name).map(Quantity::from_thousandths);
    Ok(OrderLineSeen {
        line: row.int("line")?,
        item: row.text("item")?.to_owned(),
        name: row.text("name")?.into(),
        unit: row.text("unit")?.into(),
        lot: row.text("lot")?.to_owned(),
        plate: row.text("plate")?.to_owned(),
        wanted: quantity("quantity")?,
        done: quantity(if is_receipt { "received" } else { "done" })?,
        open: quantity("still")?,
        given_up: quantity("given_up")?,
    })
}

fn shipment(row: &Row) -> Result<ShipmentSeen, Error> {
    Ok(ShipmentSeen {
        code: row.text("code")?.to_owned(),
        stop: row.int("stop")?,
        door: row.text("door")?.to_owned(),
        carrier: row.text("carrier")?.into(),
        state: row.text("state")?.to_owned(),
        due: row.parse_maybe("due")?,
        seal: row.text("seal")?.into(),
    })
}
