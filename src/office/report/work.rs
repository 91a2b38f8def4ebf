//! Tasks and waves: what waits, what is in work and at whom, what is done, and what was done of a task step by step.

use super::history::{RowOf, Told};
use super::{Paged, Words, begins, paged};
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office};
use crate::warehouse::{Quantity, Timestamp, WarehouseCode};

/// Most waves that are listed.
const WAVES: u32 = 20;
/// Most steps of a task that are listed.
const STEPS: u32 = 1000;

/// Which tasks.
#[derive(Clone, Debug, Default)]
pub(in crate::office) struct Which {
    pub kind: Option<String>,
    /// One state; none: waiting and in work.
    pub state: Option<String>,
    pub wave: Option<i64>,
    pub order: Option<String>,
    pub text: Option<String>,
}

/// A task in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct TaskSeen {
    pub id: String,
    pub kind: String,
    pub priority: i64,
    pub due: Option<Timestamp>,
    pub state: String,
    pub wave: i64,
    /// The handheld it is at, or was.
    pub device: String,
    /// Who did the last of it.
    pub worker: String,
    /// When the last of it was done, by the handheld's clock.
    pub touched: Option<Timestamp>,
    pub lines: u64,
    pub lines_done: u64,
    pub orders: u64,
    pub first_order: String,
}

/// A line of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct TaskLineSeen {
    pub line: i64,
    pub order: String,
    pub bin: String,
    pub item: String,
    pub lot: String,
    pub quantity: Quantity,
    pub done: Quantity,
    pub is_open: bool,
}

/// A step of a task, as a handheld told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct StepSeen {
    pub row: RowOf,
    pub told: Told,
}

/// A task with all that is known of it.
#[derive(Clone, Debug)]
pub(in crate::office) struct TaskWhole {
    pub head: TaskSeen,
    pub orders: Vec<String>,
    pub lines: Vec<TaskLineSeen>,
    pub steps: Vec<StepSeen>,
}

/// Tasks that were released together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct WaveSeen {
    pub number: i64,
    pub waiting: u64,
    pub started: u64,
    pub done: u64,
    pub lines: u64,
    pub lines_done: u64,
    pub orders: u64,
}

const TASKS: &str = "SELECT t.id, t.kind, t.priority, t.due, t.state, t.wave, t.started_on,
        (SELECT COUNT(*) FROM task_lines l WHERE l.warehouse = t.warehouse AND l.task = t.id) AS lines,
        (SELECT COUNT(*) FROM task_lines l WHERE l.warehouse = t.warehouse AND l.task = t.id
            AND (l.is_open = 0 OR l.done >= l.quantity)) AS lines_done,
        (SELECT COUNT(*) FROM task_orders o WHERE o.warehouse = t.warehouse AND o.task = t.id) AS orders,
        COALESCE((SELECT MIN(o.order_code) FROM task_orders o WHERE o.warehouse = t.warehouse AND o.task = t.id), '') AS first_order,
        (SELECT j.line FROM task_facts f JOIN journal j ON j.device = f.device AND j.epoch = f.epoch AND j.seq = f.seq
            WHERE f.warehouse = t.warehouse AND f.task = t.id ORDER BY f.id DESC LIMIT 1) AS last
    FROM tasks t WHERE t.warehouse = ?1";

impl Office {
    /// One page of tasks, the most urgent first.
    pub(in crate::office) fn tasks_seen(
        &self,
        warehouse: &WarehouseCode,
        which: &Which,
        after: &[String],
        most: usize,
    ) -> Result<Paged<TaskSeen>, Error> {
        let mut words = Words::default();
        words.put(warehouse.as_str());
        let mut only = words.equal(&[("t.kind", &which.kind), ("t.state", &which.state)]);
        if which.state.is_none() && which.order.is_none() && which.wave.is_none() {
            only.push_str(" AND t.state IN ('open', 'started')");
        }
        if let Some(wave) = which.wave {
            only.extend([format!(" AND t.wave = {}", words.put(wave))]);
        }
        if let Some(order) = &which.order {
            let order = words.put(order.as_str());
            only.extend([format!(
                " AND EXISTS (SELECT 1 FROM task_orders o WHERE o.warehouse = t.warehouse AND o.task = t.id AND o.order_code = {order})"
            )]);
        }
        if let Some(text) = &which.text {
            let begins = words.put(begins(text));
            only.extend([format!(
                " AND (UPPER(t.id) LIKE {begins} ESCAPE '!' OR EXISTS (SELECT 1 FROM task_orders o WHERE o.warehouse = t.warehouse
                    AND o.task = t.id AND UPPER(o.order_code) LIKE {begins} ESCAPE '!'))"
            )]);
        }
        if let [priority, id] = after
            && let Ok(priority) = priority.parse::<i64>()
        {
            let (priority, id) = (words.put(priority), words.put(id.as_str()));
            only.extend([format!(" AND (t.priority, t.id) > ({priority}, {id})")]);
        }
        let sql = format!(
            "{TASKS}{only} ORDER BY t.priority, t.id LIMIT {}",
            most.saturating_add(1)
        );
        let rows = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.rows(&sql, &words.values)?))?;
        paged(rows, most, seen, |task| {
            vec![task.priority.to_string(), task.id.clone()]
        })
    }

    /// A task with its lines and steps; none if there is no such task.
    pub(in crate::office) fn task_whole(
        &self,
        warehouse: &WarehouseCode,
        id: &str,
    ) -> Result<Option<TaskWhole>, Error> {
        let key = values![warehouse.as_str(), id];
        self.database().read(|tx| {
            let Some(row) = tx.first(&format!("{TASKS} AND t.id = ?2"), key)? else {
                return Ok(None);
            };
            let sql = "SELECT order_code FROM task_orders WHERE warehouse = ?1 AND task = ?2 ORDER BY order_code";
            let orders = tx.rows(sql, key)?;
            let orders = orders.iter().map(|row| row.text("order_code").map(str::to_owned));
            Ok(Some(TaskWhole {
                head: seen(&row)?,
                orders: orders.collect::<Result<_, _>>()?,
                lines: lines(tx, key)?,
                steps: steps(tx, key)?,
            }))
        })
    }

    /// The latest waves, newest first.
    pub(in crate::office) fn waves(
        &self,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<WaveSeen>, Error> {
        let sql = "SELECT t.wave, SUM(CASE t.state WHEN 'open' THEN 1 ELSE 0 END) AS waiting,
                SUM(CASE t.state WHEN 'started' THEN 1 ELSE 0 END) AS started,
                SUM(CASE t.state WHEN 'done' THEN 1 ELSE 0 END) AS done,
                SUM((SELECT COUNT(*) FROM task_lines l WHERE l.warehouse = t.warehouse AND l.task = t.id)) AS lines,
                SUM((SELECT COUNT(*) FROM task_lines l WHERE l.warehouse = t.warehouse AND l.task = t.id
                    AND (l.is_open = 0 OR l.done >= l.quantity))) AS lines_done,
                SUM((SELECT COUNT(*) FROM task_orders o WHERE o.warehouse = t.warehouse AND o.task = t.id)) AS orders
            FROM tasks t WHERE t.warehouse = ?1 AND t.wave > 0 GROUP BY t.wave ORDER BY t.wave DESC LIMIT ?2";
        self.database().read_at_length(|tx| {
            let rows = tx.rows(sql, values![warehouse.as_str(), WAVES])?;
            rows.iter().map(wave).collect()
        })
    }
}

fn seen(row: &Row) -> Result<TaskSeen, Error> {
    let told = row.maybe("last").map(Told::read).unwrap_or_default();
    Ok(TaskSeen {
        id: row.text("id")?.to_owned(),
        kind: row.text("kind")?.to_owned(),
        priority: row.int("priority")?,
        due: row.parse_maybe("due")?,
        state: row.text("state")?.to_owned(),
        wave: row.int("wave")?,
        device: row.text("started_on")?.to_owned(),
        worker: told.worker,
        touched: told.at,
        lines: row.count("lines")?,
        lines_done: row.count("lines_done")?,
        orders: row.count("orders")?,
        first_order: row.text("first_order")?.to_owned(),
    })
}

fn lines(tx: &Tx, key: &[crate::office::database::Value]) -> Result<Vec<TaskLineSeen>, Error> {
    let sql = "SELECT line, order_code, bin, item, lot, quantity, done, is_open FROM task_lines
               WHERE warehouse = ?1 AND task = ?2 ORDER BY line";
    let rows = tx.rows(sql, key)?;
    let read = |row: &Row| {
        Ok(TaskLineSeen {
            line: row.int("line")?,
            order: row.text("order_code")?.to_owned(),
            bin: row.text("bin")?.to_owned(),
            item: row.text("item")?.to_owned(),
            lot: row.text("lot")?.to_owned(),
            quantity: Quantity::from_thousandths(row.int("quantity")?),
            done: Quantity::from_thousandths(row.int("done")?),
            is_open: row.flag("is_open")?,
        })
    };
    rows.iter().map(read).collect()
}

fn steps(tx: &Tx, key: &[crate::office::database::Value]) -> Result<Vec<StepSeen>, Error> {
    let sql = "SELECT f.device, f.epoch, f.seq, j.line FROM task_facts f
               LEFT JOIN journal j ON j.device = f.device AND j.epoch = f.epoch AND j.seq = f.seq
               WHERE f.warehouse = ?1 AND f.task = ?2 ORDER BY f.id LIMIT ?3";
    let mut asked = key.to_vec();
    asked.push(STEPS.into());
    let rows = tx.rows(sql, &asked)?;
    let read = |row: &Row| {
        Ok(StepSeen {
            row: RowOf {
                device: row.text("device")?.to_owned(),
                epoch: row.int("epoch")?,
                seq: row.int("seq")?,
            },
            told: row.maybe("line").map(Told::read).unwrap_or_default(),
        })
    };
    rows.iter().map(read).collect()
}

fn wave(row: &Row) -> Result<WaveSeen, Error> {
    Ok(WaveSeen {
        number: row.int("wave")?,
        waiting: row.count("waiting")?,
        started: row.count("started")?,
        done: row.count("done")?,
        lines: row.count("lines")?,
        lines_done: row.count("lines_done")?,
        orders: row.count("orders")?,
    })
}
