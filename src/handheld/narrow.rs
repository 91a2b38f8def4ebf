//! Scans in the list of work: what a label belongs to is begun; what it only leads to is shown alone, to choose from.

use super::menu::{Queue, is_free, suits};
use super::model::Model;
use crate::scan::Scan;
use crate::warehouse::{Barcode, Fact, Job, PickJob, Task, ToteCode};

/// What follows from a scan in the list.
pub(super) enum Narrowed {
    /// This one is begun.
    Begin(usize),
    /// These are shown.
    Show(Vec<Task>),
    /// Nothing is about it.
    Nothing,
}

impl Model {
    /// What follows from a scan: of several that it belongs to, the one that this worker can begin.
    pub(super) fn narrowed(&self, scan: &Scan, tasks: &[Task]) -> Narrowed {
        let me = self.identity.as_ref();
        let me = me.map(|identity| &identity.device);
        let can = |task: &Task| task.can_begin() && is_free(task, me);
        let fits = |task: &Task| can(task) && suits(task, self.worker.as_ref());
        let belongs = |task: &&Task| belongs(scan, task);
        let found = tasks.iter().find(|task| belongs(task) && fits(task));
        let found = found.or_else(|| tasks.iter().find(|task| belongs(task) && can(task)));
        let found = found.or_else(|| tasks.iter().find(belongs));
        if let Some(found) = found {
            let at = tasks.iter().position(|task| task.id == found.id);
            return at.map_or(Narrowed::Nothing, Narrowed::Begin);
        }
        let led: Vec<usize> = (0..tasks.len())
            .filter(|&at| leads_to(scan, &tasks[at]))
            .collect();
        match led.as_slice() {
            [] => Narrowed::Nothing,
            [one] => Narrowed::Begin(*one),
            several => Narrowed::Show(several.iter().map(|&at| tasks[at].clone()).collect()),
        }
    }
}

impl Queue {
    /// Of all tasks those that the list was narrowed to.
    pub(super) fn keep(&self, tasks: &mut Vec<Task>) {
        if let Some(scan) = &self.only {
            tasks.retain(|task| leads_to(scan, task));
        }
    }
}

fn texts(scan: &Scan) -> Option<String> {
    let label = crate::flow::label(scan);
    let gtin = label.gtin.map(|gtin| gtin.to_string());
    gtin.or(label.code.map(String::from))
}

fn is_among(text: &str, barcodes: &[Barcode]) -> bool {
    barcodes.iter().any(|barcode| barcode.code.as_str() == text)
}

/// Whether a task has to do with what was scanned: it belongs to it, or leads there.
pub fn concerns(scan: &Scan, task: &Task) -> bool {
    belongs(scan, task) || leads_to(scan, task)
}

/// Whether a scan is of a bin that a task leads to, or of goods that it fetches.
fn leads_to(scan: &Scan, task: &Task) -> bool {
    match (scan, &task.job) {
        (Scan::Bin(bin), job) => job.bins().contains(&bin),
        (Scan::Goods(_) | Scan::Code(_), Job::Pick(job)) => texts(scan).is_some_and(|text| {
            let mut lines = job.lines();
            lines.any(|line| line.item.code.as_str() == text || is_among(&text, &line.barcodes))
        }),
        (Scan::Goods(_) | Scan::Code(_), Job::Move(job) | Job::Replenish(job)) => {
            let mut lines = job.lines.iter();
            texts(scan).is_some_and(|text| lines.any(|line| is_among(&text, &line.barcodes)))
        }
        _ => false,
    }
}

/// Whether this scan names something that the task begins with.
fn belongs(scan: &Scan, task: &Task) -> bool {
    let label = crate::flow::label(scan);
    let text = texts(scan);
    match (scan, &task.job) {
        (Scan::Order(code), _) => task.is_for(code),
        (Scan::Tote(tote), Job::Pack(job)) => job.totes.contains(tote),
        (Scan::Tote(tote), Job::Pick(job)) => waits(job, tote) || left(&task.done, tote),
        (Scan::Plate(sscc), Job::Putaway(job)) => {
            job.lines.iter().any(|line| line.plate == Some(*sscc))
        }
        (Scan::Plate(sscc), Job::Receive(job)) => {
            job.lines.iter().any(|line| line.plate == Some(*sscc))
        }
        (Scan::Goods(_) | Scan::Code(_), Job::Putaway(job)) => job.lines.iter().any(|line| {
            let fits = |text: &str| is_among(text, &line.barcodes);
            text.as_deref().is_some_and(fits)
                && (label.lot.is_none() || line.goods.lot.is_none() || line.goods.lot == label.lot)
        }),
        (Scan::Plate(sscc), Job::Move(job) | Job::Replenish(job)) => {
            job.lines.iter().any(|line| line.plate == Some(*sscc))
        }
        (Scan::Code(text), _) => task.title() == text.as_str(),
        _ => false,
    }
}

/// Whether a tote stands at the buffer of the zone that is picked.
fn waits(job: &PickJob, tote: &ToteCode) -> bool {
    let mut from = job.orders.iter().filter_map(|order| order.from());
    from.any(|from| from.totes.contains(tote))
}

/// Whether work that was put back goes on with this tote.
fn left(done: &[Fact], tote: &ToteCode) -> bool {
    done.iter().any(|fact| match fact {
        Fact::ToteBound { tote: of, .. } | Fact::ToteTakenUp { tote: of, .. } => of == tote,
        _ => false,
    })
}
