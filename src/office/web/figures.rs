//! What the floor does today, in figures, from the records.

use crate::office::database::{Row, values};
use crate::office::{DeviceRecord, Error, Office, records};
use crate::warehouse::{SafeText, Timestamp, WarehouseCode};
use std::collections::BTreeMap;

/// Most orders that are listed.
const ORDERS: u32 = 50;

/// Tasks of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    /// Nobody has begun them.
    pub waiting: u64,
    /// Someone is at them.
    pub started: u64,
    /// Done, the last of it today.
    pub done: u64,
}

/// An order that is not out yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueOrder {
    /// Its code.
    pub code: SafeText,
    /// Who wants it.
    pub partner: SafeText,
    /// How far it is.
    pub state: SafeText,
    /// When it has to be out; none if that was not said.
    pub due: Option<Timestamp>,
}

/// How fast someone works today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hourly {
    /// Who.
    pub worker: SafeText,
    /// Lines done.
    pub lines: i64,
    /// Lines an hour; none if too little was done to say.
    pub an_hour: Option<u64>,
}

/// What a warehouse does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Tasks by kind.
    pub tasks: BTreeMap<String, KindCount>,
    /// Sales orders that are not out, those due first before the others; no more than 50.
    pub orders: Vec<DueOrder>,
    /// How many there are.
    pub open_orders: u64,
    /// How many of them are late.
    pub late_orders: u64,
    /// Its handhelds but those that were struck off.
    pub devices: Vec<DeviceRecord>,
    /// Open exceptions by kind.
    pub exceptions: BTreeMap<String, u64>,
}

const NOT_OUT: &str = "warehouse = ?1 AND kind IN ('sales', 'transfer') AND state NOT IN ('shipped', 'delivered', 'done', 'cancelled')";

impl Office {
    /// What a warehouse does. `today`: when this day began.
    pub fn board(
        &self,
        warehouse: &WarehouseCode,
        now: Timestamp,
        today: Timestamp,
    ) -> Result<Board, Error> {
        let mut devices = self.devices()?;
        devices.retain(|known| {
            known.device.warehouse == *warehouse
                && known.state != crate::office::DeviceState::Revoked
        });
        self.database().read_at_length(|tx| {
            let code = warehouse.as_str();
            let mut tasks: BTreeMap<String, KindCount> = BTreeMap::new();
            let sql = "SELECT kind, state, COUNT(*) AS many FROM tasks
                       WHERE warehouse = ?1 AND state IN ('open', 'started') GROUP BY kind, state";
            for row in tx.rows(sql, values![code])? {
                let count = tasks.entry(row.text("kind")?.to_owned()).or_default();
                match row.text("state")? {
                    "open" => count.waiting = row.count("many")?,
                    _ => count.started = row.count("many")?,
                }
            }
            let sql = "SELECT t.kind, COUNT(DISTINCT t.id) AS many FROM journal j
                       JOIN task_facts f ON f.device = j.device AND f.epoch = j.epoch AND f.seq = j.seq
                       JOIN tasks t ON t.warehouse = f.warehouse AND t.id = f.task
                       WHERE j.received_at >= ?2 AND t.warehouse = ?1 AND t.state = 'done' GROUP BY t.kind";
            for row in tx.rows(sql, values![code, today.to_rfc3339()])? {
                tasks.entry(row.text("kind")?.to_owned()).or_default().done = row.count("many")?;
            }
            let sql = format!("SELECT code, partner, state, due FROM orders WHERE {NOT_OUT}
                               ORDER BY CASE WHEN due IS NULL THEN 1 ELSE 0 END, due, code LIMIT ?2");
            let orders = tx.rows(&sql, values![code, ORDERS])?;
            let sql = format!("SELECT COUNT(*) AS many FROM orders WHERE {NOT_OUT}");
            let open = tx.first(&sql, values![code])?;
            let sql = format!("SELECT COUNT(*) AS many FROM orders WHERE {NOT_OUT} AND due < ?2");
            let late = tx.first(&sql, values![code, now.to_rfc3339()])?;
            let many = |row: Option<Row>| row.map_or(Ok(0), |row| row.count("many"));
            let sql = "SELECT kind, COUNT(*) AS many FROM exceptions WHERE warehouse = ?1 AND state = 'open' GROUP BY kind";
            let exceptions = tx.rows(sql, values![code])?;
            let counted = |row: &Row| Ok((row.text("kind")?.to_owned(), row.count("many")?));
            Ok(Board {
                tasks,
                orders: orders.iter().map(due_order).collect::<Result<_, _>>()?,
                open_orders: many(open)?,
                late_orders: many(late)?,
                devices,
                exceptions: exceptions.iter().map(counted).collect::<Result<_, Error>>()?,
            })
        })
    }

    /// How fast everyone in a warehouse works since a moment, by name.
    pub fn hourly(
        &self,
        warehouse: &WarehouseCode,
        since: Timestamp,
    ) -> Result<Vec<Hourly>, Error> {
        let mut by_worker = BTreeMap::new();
        for (key, pace) in self.pace(warehouse, since)? {
            let all: &mut crate::planning::pace::Pace =
                by_worker.entry(key.worker.to_string()).or_default();
            all.add(&pace);
        }
        let hourly = by_worker.into_iter().map(|(worker, pace)| Hourly {
            worker: SafeText::new(&worker),
            lines: pace.lines.max(0),
            an_hour: pace.lines_an_hour(),
        });
        Ok(hourly.collect())
    }

    /// The warehouses, by code.
    pub fn warehouse_codes(&self) -> Result<Vec<WarehouseCode>, Error> {
        self.database().read(|tx| {
            let parsed = records::warehouses(tx)?.into_iter().map(|code| {
                code.parse().map_err(|_| {
                    let text = code.clone();
                    Error::from(crate::office::DatabaseError::Unreadable { what: "code", text })
                })
            });
            parsed.collect()
        })
    }
}

fn due_order(row: &Row) -> Result<DueOrder, Error> {
    Ok(DueOrder {
        code: row.text("code")?.into(),
        partner: row.text("partner")?.into(),
        state: row.text("state")?.into(),
        due: row.parse_maybe("due")?,
    })
}
