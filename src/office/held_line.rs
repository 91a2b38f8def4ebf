//! Lines that the floor left to the office: promised on, but nobody's work until a person says that they are fetched after
//! all, or given up.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting, because};
use super::steps::line_open;
use super::{Error, Office, after_short, allocate, feed, shortage, work};
use crate::warehouse::{
    BinCode, ItemCode, Job, OrderCode, PickJob, PickLine, PickOrder, Quantity, Reason, Task,
    TaskId, WarehouseCode,
};

/// A line that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldLine {
    /// The task that it is from now on.
    pub task: TaskId,
    /// The order.
    pub order: OrderCode,
    /// The bin it should be taken from.
    pub bin: BinCode,
    /// The item.
    pub item: ItemCode,
    /// How much.
    pub quantity: Quantity,
}

impl Office {
    /// Lines that wait for a decision.
    pub fn held_lines(&self, warehouse: &WarehouseCode) -> Result<Vec<HeldLine>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT l.task, l.order_code, l.bin, l.item, l.quantity FROM task_lines l
                       JOIN tasks t ON t.warehouse = l.warehouse AND t.id = l.task
                       WHERE l.warehouse = ?1 AND t.state = 'held' ORDER BY l.task";
            let rows = tx.rows(sql, values![warehouse.as_str()])?;
            rows.iter()
                .map(|row| {
                    Ok(HeldLine {
                        task: row.parse("task")?,
                        order: row.parse("order_code")?,
                        bin: row.parse("bin")?,
                        item: row.parse("item")?,
                        quantity: Quantity::from_thousandths(row.int("quantity")?),
                    })
                })
                .collect()
        })
    }

    /// A line that waited is work for anyone from now on. Error: no line waits under this name.
    pub fn fetch_held(&self, warehouse: &WarehouseCode, task: &TaskId) -> Result<(), Error> {
        self.write(|tx| {
            turn(tx, warehouse.as_str(), task, "open")?;
            feed::announce(tx, warehouse.as_str(), "task", task.as_str())
        })
    }

    /// A line that waited is given up: the order goes without. Error: no line waits under this name.
    pub fn give_up_held(&self, warehouse: &WarehouseCode, task: &TaskId) -> Result<(), Error> {
        self.write(|tx| {
            let warehouse = warehouse.as_str();
            turn(tx, warehouse, task, "cancelled")?;
            let sql = "UPDATE task_lines SET is_open = 0 WHERE warehouse = ?1 AND task = ?2";
            tx.run(sql, values![warehouse, task.as_str()])?;
            let known = work::known(tx, warehouse, task.as_str())?;
            let orders = known.iter().flat_map(|known| known.task.orders());
            for order in orders {
                shortage::wait_no_more(tx, warehouse, order, task)?;
            }
            Ok(())
        })
    }
}

fn turn(tx: &Tx, warehouse: &str, task: &TaskId, to: &str) -> Result<(), Error> {
    let sql = "UPDATE tasks SET state = ?3 WHERE warehouse = ?1 AND id = ?2 AND state = 'held'";
    match tx.run(sql, values![warehouse, task.as_str(), to])? {
        0 => Err(Error::Unknown {
            what: "held line",
            code: task.to_string(),
        }),
        _ => Ok(()),
    }
}

/// What was left to the office.
pub(super) struct Held<'a> {
    pub line: u32,
    pub bin: &'a BinCode,
    pub quantity: Quantity,
    pub reason: Reason,
}

/// The rest of a line becomes a task of its own that nobody gets, and packing waits for it.
pub(super) fn hold(tx: &Tx, posting: &mut Posting, task: &Task, held: &Held) -> Result<(), Error> {
    let warehouse = posting.warehouse;
    line_open(tx, warehouse, &task.id, held.line, false)?;
    let Some((order, line)) = told(task, held.line) else {
        return Ok(());
    };
    after_short::look(tx, posting, (held.bin, &line.item.code), held.reason)?;
    let code = &order.order;
    let id = shortage::again(tx, warehouse, code)?;
    let sql = "SELECT order_line FROM task_lines WHERE warehouse = ?1 AND task = ?2 AND line = ?3";
    let row = tx.first(sql, values![warehouse, task.id.as_str(), held.line])?;
    let order_line = row.map_or(Ok(0), |row| row.count("order_line"))?;
    let order_line = u32::try_from(order_line).unwrap_or(u32::MAX);
    let rest = PickLine {
        line: 1,
        quantity: held.quantity,
        empties_bin: false,
        ask_left: false,
        ..line.clone()
    };
    allocate::reserve(tx, warehouse, &id, 1, (code, order_line), &found(&rest))?;
    let alone = PickOrder {
        lines: vec![rest],
        tote: None,
        leg: None,
        ..order.clone()
    };
    let Job::Pick(of) = &task.job else {
        return Ok(());
    };
    let job = PickJob {
        orders: vec![alone],
        after: Vec::new(),
        ..of.clone()
    };
    let waits = shortage::anew(task, id.clone(), job);
    work::create(tx, warehouse, &waits, &posting.cause(posting.seq))?;
    work::set_state(tx, warehouse, &id, "held", "")?;
    shortage::wait_for(tx, warehouse, code, &id, &[])?;
    let (quantity, item, why) = (held.quantity, &line.item.code, because(held.reason));
    let note = format!(
        "{} line {}: {quantity} of {item} at {} is left to you as {id}: {why}",
        task.id, held.line, held.bin
    );
    posting.exception(tx, ExceptionKind::LineHeld, &note)
}

/// It goes on after all, where it was.
pub(super) fn take_back(
    tx: &Tx,
    posting: &mut Posting,
    known: &work::Known,
    line: u32,
    seq: u64,
) -> Result<(), Error> {
    if known.is_open() {
        line_open(tx, posting.warehouse, &known.task.id, line, true)?;
    }
    after_short::take_back(tx, posting, seq)
}

fn told(task: &Task, line: u32) -> Option<(&PickOrder, &PickLine)> {
    let Job::Pick(job) = &task.job else {
        return None;
    };
    let lines = job.orders.iter().flat_map(|order| {
        let lines = order.lines.iter();
        lines.map(move |line| (order, line))
    });
    lines.into_iter().find(|(_, known)| known.line == line)
}

fn found(line: &PickLine) -> allocate::Found {
    allocate::Found {
        bin: line.bin.clone(),
        sequence: u64::from(line.sequence),
        at: line
            .at
            .unwrap_or(crate::warehouse::Point { x_cm: 0, y_cm: 0 }),
        goods: crate::warehouse::Goods {
            lot: line.lot.clone(),
            serial: line.serial.clone(),
            expiry: line.expiry,
            ..crate::warehouse::Goods::of(line.item.code.clone())
        },
        quantity: line.quantity,
        empties: false,
        leaves: Quantity::ZERO,
    }
}

/// Another item is fetched instead: its stock is promised to this task, what was wanted is so no more, and a person knows.
pub(super) fn substituted(
    tx: &Tx,
    posting: &mut Posting,
    task: &Task,
    (order, held, by): (&OrderCode, &Held, &PickLine),
) -> Result<(), Error> {
    let (warehouse, id) = (posting.warehouse, &task.id);
    line_open(tx, warehouse, id, held.line, false)?;
    let wanted = told(task, held.line).map(|(_, line)| line.item.code.clone());
    let wanted = wanted.unwrap_or_else(|| by.item.code.clone());
    after_short::look(tx, posting, (held.bin, &wanted), held.reason)?;
    allocate::reserve(tx, warehouse, id, by.line, (order, 0), &found(by))?;
    let (quantity, other, line) = (held.quantity, &by.item.code, held.line);
    let note = format!(
        "{order}: {quantity} of {other} go instead of {wanted} ({id} line {line}, decided on the floor)"
    );
    posting.exception(tx, ExceptionKind::Substituted, &note)
}

/// What was wanted is fetched after all.
pub(super) fn not_substituted(
    tx: &Tx,
    posting: &mut Posting,
    known: &work::Known,
    (line, by): (u32, &PickLine),
    seq: u64,
) -> Result<(), Error> {
    let sql =
        "DELETE FROM task_lines WHERE warehouse = ?1 AND task = ?2 AND line = ?3 AND done = 0";
    let id = known.task.id.as_str();
    tx.run(sql, values![posting.warehouse, id, by.line])?;
    take_back(tx, posting, known, line, seq)
}
