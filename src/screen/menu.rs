//! The menu and the queue.

use super::parts::Page;
use super::{words, work};
use crate::handheld::{MenuItem, Model, Queue, lack};
use crate::warehouse::{DeliverJob, Job, LoadJob, Task};
use unicode_width::UnicodeWidthStr;

pub(super) fn draw(model: &Model, cursor: usize, page: &mut Page) {
    let rows: Vec<String> = model
        .menu()
        .iter()
        .map(
            |item| match (item, model.work.as_ref().filter(|_| model.has_open_work())) {
                (MenuItem::Next, Some(work)) => words::go_on(work.kind()),
                (item, _) => words::menu_item(*item).to_owned(),
            },
        )
        .collect();
    if let Some(worker) = &model.worker {
        page.line(worker.name.as_str(), page.theme().ask());
    }
    page.gap();
    page.list(&work::numbered(&rows), cursor);
}

pub(super) fn draw_own(model: &Model, cursor: usize, page: &mut Page) {
    let rows: Vec<String> = model
        .own_work()
        .into_iter()
        .map(|item| words::own_work(item).to_owned())
        .collect();
    page.gap();
    page.list(&work::numbered(&rows), cursor);
}

pub(super) fn draw_queue(model: &Model, queue: &Queue, page: &mut Page) {
    let Some(tasks) = &queue.tasks else {
        return page.line(words::tr(words::LOOKING), page.theme().quiet());
    };
    if tasks.is_empty() {
        return page.text(words::tr(words::QUEUE_EMPTY), page.theme().ask(), 4);
    }
    let me = model
        .identity
        .as_ref()
        .map_or("", |identity| identity.device.as_str());
    let rows: Vec<String> = tasks
        .iter()
        .map(|task| row(task, me, not_theirs(model, task), page.width()))
        .collect();
    let some_not_theirs = tasks.iter().any(|task| not_theirs(model, task));
    let head = words::tasks(tasks.len(), some_not_theirs);
    page.text(&head, page.theme().quiet(), 2);
    if let Some(scan) = &queue.only {
        page.text(&words::only(scan), page.theme().ask(), 2);
    }
    page.list(&rows, queue.cursor);
}

fn not_theirs(model: &Model, task: &Task) -> bool {
    let worker = model.worker.as_ref();
    worker.is_some_and(|worker| lack(task, worker).is_some())
}

fn row(task: &Task, me: &str, not_theirs: bool, width: usize) -> String {
    let other = task
        .started_on
        .as_ref()
        .or(task.lease.as_ref().map(|lease| &lease.device));
    let sign = match other {
        _ if !task.is_ready() => "~",
        Some(device) if device.as_str() != me => "x",
        _ if not_theirs => "-",
        Some(_) => "*",
        None => " ",
    };
    let lines = match &task.job {
        Job::Receive(job) => job.lines.len(),
        Job::Putaway(job) => job.lines.len(),
        Job::Pick(job) => job.lines().count(),
        Job::Pack(job) => job.lines.len(),
        Job::Load(LoadJob { shipment, .. }) | Job::Deliver(DeliverJob { shipment, .. }) => {
            shipment.cartons.len()
        }
        Job::Move(job) | Job::Replenish(job) => job.lines.len(),
        Job::Count(job) => job.bins.len(),
        Job::Return(job) => job.lines.len(),
        Job::Assemble(job) => job.components.len(),
        Job::Disassemble(job) => job.parts.len(),
        Job::Restate(_) => 0,
    };
    let work = format!("{sign}{}", words::task_name(task));
    if width < 30 {
        return format!("{work} {lines}");
    }
    let due = task.due.map_or_else(String::new, words::due);
    let mut row = format!("{work}  {}{due}", words::line_count(lines));
    if row.width() > width && !due.is_empty() {
        // Until when counts for more than how much.
        return format!("{work}{due}");
    }
    if width >= 60 {
        row.push_str("  ");
        row.push_str(&customer(&task.job));
    }
    row
}

/// Who a job is for.
fn customer(job: &Job) -> String {
    match job {
        Job::Return(job) => job.customer.to_string(),
        Job::Receive(_)
        | Job::Putaway(_)
        | Job::Load(_)
        | Job::Deliver(_)
        | Job::Move(_)
        | Job::Replenish(_)
        | Job::Count(_)
        | Job::Restate(_)
        | Job::Assemble(_)
        | Job::Disassemble(_) => String::new(),
        Job::Pack(job) => job.customer.to_string(),
        Job::Pick(job) => match job.orders.as_slice() {
            [one] => one.customer.to_string(),
            several => words::orders(several.len()),
        },
    }
}
