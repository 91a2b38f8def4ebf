//! Tasks as the floor does them: every fact of a task moves it on, whoever did it, with or without a lease.

use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::steps::{effect, order_reaches, take_back};
use super::{Error, feed, lease, outline, proof, receive, relay, settle, stock_steps};
use crate::warehouse::{
    DeviceId, Entry, Fact, Job, JobKind, Lease, OrderCode, Task, TaskId, Timestamp,
};

/// A task in the office's hands.
pub(super) struct Known {
    pub task: Task,
    pub state: String,
}

impl Known {
    /// Whether there is work left on it.
    pub fn is_open(&self) -> bool {
        self.state == "open" || self.state == "started"
    }

    /// Whether it is being worked on, on this device.
    fn is_at(&self, device: &str) -> bool {
        let holder = self.task.started_on.as_ref();
        self.state == "started" && holder.is_some_and(|holder| holder.as_str() == device)
    }
}

/// Puts a new task on the floor. `cause`: the fact that called for it, if one did.
pub(super) fn create(tx: &Tx, warehouse: &str, task: &Task, cause: &str) -> Result<(), Error> {
    let sql = "INSERT INTO tasks (warehouse, id, order_code, kind, priority, due, state, job, started_on, lease_device,
                   lease_number, lease_until, lease_seconds, cause, outline)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', ?7, '', '', 0, '', 0, ?8, ?9)";
    let due = task.due.map(|due| due.to_rfc3339());
    let (id, order) = (task.id.as_str(), task.order().map_or("", OrderCode::as_str));
    tx.run(
        sql,
        values![
            warehouse,
            id,
            order,
            task.job.kind().as_str(),
            task.priority,
            due,
            json(&task.job),
            cause,
            outlined(tx, warehouse, &task.job)?
        ],
    )?;
    let sql = "INSERT INTO task_orders (warehouse, task, order_code) VALUES (?1, ?2, ?3)
               ON CONFLICT (warehouse, task, order_code) DO NOTHING";
    for order in task.orders() {
        tx.run(sql, values![warehouse, id, order.as_str()])?;
    }
    feed::announce(tx, warehouse, "task", id)
}

fn outlined(tx: &Tx, warehouse: &str, job: &Job) -> Result<String, Error> {
    let outline = outline::of(tx, warehouse, job)?;
    Ok(serde_json::to_string(&outline).expect("lists of texts become JSON"))
}

fn json(job: &Job) -> String {
    serde_json::to_string(job).expect("a job has text keys only")
}

const COLUMNS: &str = "SELECT id, priority, due, state, job, started_on, lease_device, lease_number, lease_seconds, outline FROM tasks";

fn read(tx: &Tx, warehouse: &str, row: &Row) -> Result<Known, Error> {
    let mut known = read_new(row)?;
    let sql = "SELECT fact FROM task_facts WHERE warehouse = ?1 AND task = ?2 ORDER BY id";
    let done = tx.rows(sql, values![warehouse, known.task.id.as_str()])?;
    let done = done.iter().map(|row| row.json("fact"));
    known.task.done = done.collect::<Result<_, _>>()?;
    Ok(known)
}

/// The task as it was before anything was done of it.
fn read_new(row: &Row) -> Result<Known, Error> {
    let id: TaskId = row.parse("id")?;
    let lease = row.parse_maybe::<DeviceId>("lease_device")?.map(|device| {
        Ok::<_, Error>(Lease {
            device,
            number: row.count("lease_number")?,
            seconds: u32::try_from(row.count("lease_seconds")?).unwrap_or(u32::MAX),
        })
    });
    let task = Task {
        priority: i32::try_from(row.int("priority")?).unwrap_or_default(),
        due: row.parse_maybe::<Timestamp>("due")?,
        lease: lease.transpose()?,
        started_on: row.parse_maybe("started_on")?,
        done: Vec::new(),
        outline: row.json("outline")?,
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

/// The same, without what was done of it.
fn known_new(tx: &Tx, warehouse: &str, id: &str) -> Result<Option<Known>, Error> {
    let sql = format!("{COLUMNS} WHERE warehouse = ?1 AND id = ?2");
    let row = tx.first(&sql, values![warehouse, id])?;
    row.map(|row| read_new(&row)).transpose()
}

/// Goods come in unit by unit, a thousand at a time: what came before them is looked at when the receipt is closed.
const fn looks_back(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::Received { .. } | Fact::TagsTaken { .. } | Fact::LabelRead { .. }
    )
}

/// The task if there is work left on it.
pub(super) fn open_task(tx: &Tx, warehouse: &str, id: &str) -> Result<Option<Task>, Error> {
    let known = known(tx, warehouse, id)?;
    Ok(known.filter(Known::is_open).map(|known| known.task))
}

/// Moves the entry's task on, and what depends on it.
pub(super) fn advance(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    let Some(id) = &entry.task else { return Ok(()) };
    if let Some(task) = entry.opened() {
        return open(tx, posting, &task);
    }
    let known = if looks_back(&entry.fact) {
        known(tx, posting.warehouse, id.as_str())?
    } else {
        known_new(tx, posting.warehouse, id.as_str())?
    };
    let Some(known) = known else {
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
    let known = settle::revived(tx, posting, known, &entry.fact)?;
    notice_strangers(tx, posting, &known, &entry.fact)?;
    match &entry.fact {
        Fact::TaskStarted { .. } => started(tx, posting, id, &known)?,
        // Only who has it can put it back: it may be done by now, or someone else's.
        Fact::TaskLeft if known.is_at(posting.device) => {
            set_state(tx, posting.warehouse, id, "open", "")?;
        }
        Fact::TaskLeft => {}
        Fact::Undone { seq, what } => {
            forget(tx, posting, *seq)?;
            take_back(tx, posting, &known, what, *seq)?;
            stock_steps::take_back(tx, posting, &known, what, *seq)?;
            receive::take_back(tx, posting, what, *seq)?;
            proof::take_back(tx, posting, what, *seq)?;
        }
        fact => {
            remember(tx, posting, id, fact)?;
            effect(tx, posting, &known, fact)?;
            stock_steps::effect(tx, posting, &known, fact)?;
            receive::effect(tx, posting, &known, entry)?;
            proof::note(tx, posting, entry)?;
        }
    }
    receive::note_times(tx, posting, &known, entry)?;
    // What was withdrawn is not waited for again when its end is taken back.
    let gone_on_with =
        matches!(&entry.fact, Fact::Undone { what, .. } if **what == Fact::TaskFinished);
    if known.state != "cancelled" || !gone_on_with {
        teach(tx, posting.warehouse, id, entry)?;
        relay::teach(tx, posting, &known, &entry.fact)?;
    }
    relay::settle(tx, posting, &known, &entry.fact)?;
    settle::follow(tx, posting, &known, entry)?;
    feed::announce(tx, posting.warehouse, "task", id.as_str())
}

/// Makes a task of what a worker began by themselves.
fn open(tx: &Tx, posting: &mut Posting, task: &Task) -> Result<(), Error> {
    if known(tx, posting.warehouse, task.id.as_str())?.is_some() {
        let note = format!("there is a task {} already", task.id);
        return posting.exception(tx, ExceptionKind::DoneTwice, &note);
    }
    create(tx, posting.warehouse, task, "")
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
    let warehouse = posting.warehouse;
    lease::begin(tx, warehouse, posting.now, id, posting.device)?;
    let state = match known.task.job.kind() {
        JobKind::Pick => "picking",
        JobKind::Pack => "packing",
        JobKind::Receive => "receiving",
        JobKind::Putaway
        | JobKind::Load
        | JobKind::Deliver
        | JobKind::Move
        | JobKind::Replenish
        | JobKind::Count
        | JobKind::Restate
        | JobKind::Return
        | JobKind::Assemble
        | JobKind::Disassemble => return Ok(()),
    };
    let mut orders = known.task.orders().into_iter();
    orders.try_for_each(|order| order_reaches(tx, warehouse, order.as_str(), state))
}

pub(super) fn set_state(
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

/// Packing learns from the picking of its order, loading from the packing of its orders, delivery from its loading.
fn teach(tx: &Tx, warehouse: &str, id: &TaskId, entry: &Entry) -> Result<(), Error> {
    let sql = format!(
        "{COLUMNS} WHERE warehouse = ?1 AND id <> ?2 AND (
             kind = 'pack' AND order_code IN (SELECT order_code FROM task_orders WHERE warehouse = ?1 AND task = ?2)
             OR kind = 'deliver' AND order_code = (SELECT order_code FROM tasks WHERE warehouse = ?1 AND id = ?2)
             OR kind = 'load' AND order_code = (SELECT s.shipment FROM shipment_orders s JOIN tasks t
                 ON t.warehouse = s.warehouse AND t.order_code = s.order_code WHERE t.warehouse = ?1 AND t.id = ?2))"
    );
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
    let sql = "UPDATE tasks SET job = ?3, outline = ?4 WHERE warehouse = ?1 AND id = ?2";
    let outline = outlined(tx, warehouse, &task.job)?;
    tx.run(
        sql,
        values![warehouse, task.id.as_str(), json(&task.job), outline],
    )?;
    feed::announce(tx, warehouse, "task", task.id.as_str())
}
