//! Tasks as the floor does them: every fact of a task moves it on, whoever did it, with or without a lease.

use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, allocate, feed, ledger};
use crate::warehouse::{
    DeviceId, Entry, Fact, Job, JobKind, Lease, LineNo, Quantity, Task, TaskId, Timestamp,
};

/// A task in the office's hands.
pub(super) struct Known {
    pub task: Task,
    pub state: String,
}

pub(super) const fn kind(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Putaway => "putaway",
        JobKind::Pick => "pick",
        JobKind::Pack => "pack",
    }
}

/// Puts a new task on the floor.
pub(super) fn create(tx: &Tx, warehouse: &str, task: &Task) -> Result<(), Error> {
    let sql = "INSERT INTO tasks (warehouse, id, order_code, kind, priority, due, state, job, started_on, lease_device,
                   lease_number, lease_until, lease_seconds)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', ?7, '', '', 0, '', 0)";
    let due = task.due.map(|due| due.to_rfc3339());
    let (id, order) = (task.id.as_str(), task.order().as_str());
    tx.run(
        sql,
        values![
            warehouse,
            id,
            order,
            kind(task.job.kind()),
            task.priority,
            due,
            json(&task.job)
        ],
    )?;
    feed::announce(tx, warehouse, "task", id)
}

fn json(job: &Job) -> String {
    serde_json::to_string(job).expect("a job has text keys only")
}

const COLUMNS: &str = "SELECT id, priority, due, state, job, started_on, lease_device, lease_number, lease_seconds FROM tasks";

fn read(tx: &Tx, warehouse: &str, row: &Row) -> Result<Known, Error> {
    let id: TaskId = row.parse("id")?;
    let lease = row.parse_maybe::<DeviceId>("lease_device")?.map(|device| {
        Ok::<_, Error>(Lease {
            device,
            number: row.count("lease_number")?,
            seconds: u32::try_from(row.count("lease_seconds")?).unwrap_or(u32::MAX),
        })
    });
    let sql = "SELECT fact FROM task_facts WHERE warehouse = ?1 AND task = ?2 ORDER BY id";
    let done = tx.rows(sql, values![warehouse, id.as_str()])?;
    let task = Task {
        priority: i32::try_from(row.int("priority")?).unwrap_or_default(),
        due: row.parse_maybe::<Timestamp>("due")?,
        lease: lease.transpose()?,
        started_on: row.parse_maybe("started_on")?,
        done: done
            .iter()
            .map(|row| row.json("fact"))
            .collect::<Result<_, _>>()?,
        job: row.json("job")?,
        id,
    };
    Ok(Known {
        task,
        state: row.text("state")?.to_owned(),
    })
}

pub(super) fn known(tx: &Tx, warehouse: &str, id: &str) -> Result<Option<Known>, Error> {
    let row = tx.first(
        &format!("{COLUMNS} WHERE warehouse = ?1 AND id = ?2"),
        values![warehouse, id],
    )?;
    row.map(|row| read(tx, warehouse, &row)).transpose()
}

/// The task if there is work left on it.
pub(super) fn open_task(tx: &Tx, warehouse: &str, id: &str) -> Result<Option<Task>, Error> {
    let known = known(tx, warehouse, id)?;
    Ok(known
        .filter(|known| known.state == "open" || known.state == "started")
        .map(|known| known.task))
}

/// Moves the entry's task on, and what depends on it.
pub(super) fn advance(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    let Some(id) = &entry.task else { return Ok(()) };
    let Some(known) = known(tx, posting.warehouse, id.as_str())? else {
        return if entry.fact.is_step() {
            posting.exception(
                tx,
                ExceptionKind::Unknown,
                &format!("there is no task {id}"),
            )
        } else {
            Ok(())
        };
    };
    notice_strangers(tx, posting, &known, &entry.fact)?;
    match &entry.fact {
        Fact::TaskStarted { .. } => started(tx, posting, id, &known)?,
        Fact::TaskLeft => set_state(tx, posting.warehouse, id, "open", "")?,
        Fact::Undone { seq, what } => {
            forget(tx, posting, *seq)?;
            effect(tx, posting, &known, what, true)?;
        }
        fact => {
            remember(tx, posting, id, fact)?;
            effect(tx, posting, &known, fact, false)?;
        }
    }
    teach(tx, posting.warehouse, id, entry)?;
    feed::announce(tx, posting.warehouse, "task", id.as_str())
}

/// Work on a task that is closed, or that another handheld is at: it happened, and a person should know.
fn notice_strangers(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    fact: &Fact,
) -> Result<(), Error> {
    let id = &known.task.id;
    if known.state == "cancelled" && fact.is_step() {
        return posting.exception(
            tx,
            ExceptionKind::TaskClosed,
            &format!("{id} was withdrawn: put the goods back"),
        );
    }
    let other = known
        .task
        .started_on
        .as_ref()
        .filter(|device| device.as_str() != posting.device);
    if let (Some(other), Fact::TaskStarted { .. }) = (other, fact) {
        let note = format!("{id} was begun on {other} and on {}", posting.device);
        return posting.exception(tx, ExceptionKind::DoneTwice, &note);
    }
    if known.state == "done" && matches!(fact, Fact::TaskStarted { .. }) {
        return posting.exception(
            tx,
            ExceptionKind::DoneTwice,
            &format!("{id} was done already"),
        );
    }
    Ok(())
}

fn started(tx: &Tx, posting: &Posting, id: &TaskId, known: &Known) -> Result<(), Error> {
    if known.state != "open" {
        return Ok(());
    }
    set_state(tx, posting.warehouse, id, "started", posting.device)?;
    set_order_state(
        tx,
        posting.warehouse,
        known.task.order().as_str(),
        "open",
        "released",
    )?;
    let state = match known.task.job.kind() {
        JobKind::Pick => "picking",
        JobKind::Pack => "packing",
        JobKind::Putaway => return Ok(()),
    };
    order_is(tx, posting.warehouse, known.task.order().as_str(), state)
}

fn set_state(
    tx: &Tx,
    warehouse: &str,
    id: &TaskId,
    state: &str,
    device: &str,
) -> Result<(), Error> {
    let sql = "UPDATE tasks SET state = ?3, started_on = ?4, lease_device = CASE WHEN ?3 = 'started' THEN lease_device ELSE '' END
               WHERE warehouse = ?1 AND id = ?2";
    tx.run(sql, values![warehouse, id.as_str(), state, device])?;
    Ok(())
}

fn order_is(tx: &Tx, warehouse: &str, order: &str, state: &str) -> Result<(), Error> {
    tx.run(
        "UPDATE orders SET state = ?3 WHERE warehouse = ?1 AND code = ?2",
        values![warehouse, order, state],
    )?;
    Ok(())
}

fn set_order_state(
    tx: &Tx,
    warehouse: &str,
    order: &str,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let sql = "UPDATE orders SET state = ?4 WHERE warehouse = ?1 AND code = ?2 AND state = ?3";
    tx.run(sql, values![warehouse, order, from, to])?;
    Ok(())
}

fn remember(tx: &Tx, posting: &Posting, id: &TaskId, fact: &Fact) -> Result<(), Error> {
    if !fact.is_step() || matches!(fact, Fact::TaskFinished) {
        return Ok(());
    }
    let number = tx.next(posting.warehouse, "task_fact")?;
    let sql = "INSERT INTO task_facts (warehouse, task, id, device, epoch, seq, fact) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let text = serde_json::to_string(fact).expect("a fact has text keys only");
    tx.run(
        sql,
        values![
            posting.warehouse,
            id.as_str(),
            number,
            posting.device,
            posting.epoch,
            posting.seq,
            text
        ],
    )?;
    Ok(())
}

fn forget(tx: &Tx, posting: &Posting, seq: u64) -> Result<(), Error> {
    let sql = "DELETE FROM task_facts WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
    tx.run(sql, values![posting.device, posting.epoch, seq])?;
    Ok(())
}

/// What a step of a task changes in the office's books beside the stock; `back`: it is taken back.
fn effect(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    fact: &Fact,
    back: bool,
) -> Result<(), Error> {
    let id = &known.task.id;
    match fact {
        Fact::Picked {
            line,
            goods,
            quantity,
            ..
        } => {
            let by = if back {
                Quantity::ZERO.minus(*quantity)
            } else {
                *quantity
            };
            let (wanted, lot) = line_done(tx, posting.warehouse, id, *line, by)?;
            if back {
                return Ok(());
            }
            if wanted < Quantity::ZERO {
                let note = format!(
                    "{id} line {line}: {} more of {} than wanted",
                    Quantity::ZERO.minus(wanted),
                    goods.item
                );
                posting.exception(tx, ExceptionKind::TooMany, &note)?;
            }
            if !lot.is_empty()
                && goods
                    .lot
                    .as_ref()
                    .is_some_and(|taken| taken.as_str() != lot)
            {
                let taken = ledger::text(goods.lot.as_ref());
                posting.exception(
                    tx,
                    ExceptionKind::OtherLot,
                    &format!("{id} line {line}: lot {taken} instead of {lot}"),
                )?;
            }
        }
        Fact::PickedShort {
            line,
            bin,
            goods,
            missing,
            reason,
        } => {
            line_open(tx, posting.warehouse, id, *line, back)?;
            if !back {
                let note = format!(
                    "{id} line {line}: {missing} of {} short at {bin} ({reason:?})",
                    goods.item
                );
                posting.exception(tx, ExceptionKind::Short, &note)?;
                allocate::instead(tx, posting.warehouse, &known.task, *line, bin, *missing)?;
            }
        }
        Fact::PackedShort {
            line,
            goods,
            missing,
            ..
        } if !back => {
            let note = format!(
                "{id} line {line}: {missing} of {} picked but not there to pack",
                goods.item
            );
            posting.exception(tx, ExceptionKind::Short, &note)?;
        }
        Fact::BinChecked {
            bin,
            goods,
            empty: false,
            ..
        } if !back => {
            let note = format!(
                "{bin} should hold no {} any more, but it is not empty: count it",
                goods.item
            );
            posting.exception(tx, ExceptionKind::NotEmpty, &note)?;
        }
        Fact::PutAway {
            to,
            reason: Some(reason),
            ..
        } if !back => {
            posting.exception(
                tx,
                ExceptionKind::OtherBin,
                &format!("{id}: put into {to} instead ({reason:?})"),
            )?;
        }
        Fact::TaskFinished => finished(tx, posting, known, back)?,
        _ => {}
    }
    Ok(())
}

/// Adds to what was done of a line. Says what is left of it, and the lot it demanded.
fn line_done(
    tx: &Tx,
    warehouse: &str,
    id: &TaskId,
    line: LineNo,
    by: Quantity,
) -> Result<(Quantity, String), Error> {
    let sql =
        "UPDATE task_lines SET done = done + ?4 WHERE warehouse = ?1 AND task = ?2 AND line = ?3
               RETURNING quantity - done AS wanted, lot";
    let row = tx.first(sql, values![warehouse, id.as_str(), line, by.thousandths()])?;
    let Some(row) = row else {
        return Ok((Quantity::ZERO, String::new()));
    };
    Ok((
        Quantity::from_thousandths(row.int("wanted")?),
        row.text("lot")?.to_owned(),
    ))
}

fn line_open(tx: &Tx, warehouse: &str, id: &TaskId, line: LineNo, open: bool) -> Result<(), Error> {
    let sql = "UPDATE task_lines SET is_open = ?4 WHERE warehouse = ?1 AND task = ?2 AND line = ?3";
    tx.run(sql, values![warehouse, id.as_str(), line, open])?;
    Ok(())
}

fn finished(tx: &Tx, posting: &Posting, known: &Known, back: bool) -> Result<(), Error> {
    let (warehouse, id, order) = (
        posting.warehouse,
        &known.task.id,
        known.task.order().as_str(),
    );
    let device = if back { posting.device } else { "" };
    set_state(
        tx,
        warehouse,
        id,
        if back { "started" } else { "done" },
        device,
    )?;
    let sql =
        "UPDATE task_lines SET is_open = ?3 WHERE warehouse = ?1 AND task = ?2 AND done < quantity";
    tx.run(sql, values![warehouse, id.as_str(), back])?;
    let state = match (known.task.job.kind(), back) {
        (JobKind::Putaway, false) => "done",
        (JobKind::Putaway, true) => "released",
        (JobKind::Pick, false) => "picked",
        (JobKind::Pick, true) => "picking",
        (JobKind::Pack, false) => "packed",
        (JobKind::Pack, true) => "packing",
    };
    let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND order_code = ?2 AND kind = ?3 AND state IN ('open', 'started')";
    let others = tx.rows(sql, values![warehouse, order, kind(known.task.job.kind())])?;
    if others.is_empty() || back {
        order_is(tx, warehouse, order, state)
    } else {
        Ok(())
    }
}

/// Packing learns from the picking of its order.
fn teach(tx: &Tx, warehouse: &str, id: &TaskId, entry: &Entry) -> Result<(), Error> {
    let sql = format!("{COLUMNS} WHERE warehouse = ?1 AND kind = 'pack' AND id <> ?2 AND state IN ('open', 'started')
               AND order_code = (SELECT order_code FROM tasks WHERE warehouse = ?1 AND id = ?2)");
    for row in tx.rows(&sql, values![warehouse, id.as_str()])? {
        let mut learner = read(tx, warehouse, &row)?.task;
        let before = learner.job.clone();
        learner.learn(Some(id), &entry.fact);
        if learner.job != before {
            replace_job(tx, warehouse, &learner)?;
        }
    }
    Ok(())
}

/// The task's job is so from now on.
pub(super) fn replace_job(tx: &Tx, warehouse: &str, task: &Task) -> Result<(), Error> {
    let sql = "UPDATE tasks SET job = ?3 WHERE warehouse = ?1 AND id = ?2";
    tx.run(sql, values![warehouse, task.id.as_str(), json(&task.job)])?;
    feed::announce(tx, warehouse, "task", task.id.as_str())
}
