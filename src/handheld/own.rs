//! Work of one's own: what nobody planned and a worker begins by themselves. The office makes a task of it when it hears.

use super::effect::{Effect, Record};
use super::event::Key;
use super::model::{Model, Screen};
use super::notice::Notice;
use super::panel::row_of;
use crate::warehouse::{
    CountJob, Fact, Job, MoveJob, ReceiveJob, RestateJob, ReturnJob, Role, SafeText, Status, Task,
    TaskId,
};

/// Most characters of a handheld's name in the name of its tasks.
const LONGEST_NAME: usize = 20;

/// The kinds of work that a worker can begin without a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnWork {
    /// Receive what nobody announced.
    Receive,
    /// Move goods, a pallet or all of a bin.
    Move,
    /// Count bins.
    Count,
    /// Keep stock back, call it damaged, release it, throw it away.
    Restate,
    /// Take in what a customer sent back.
    Return,
}

impl OwnWork {
    /// What this worker may begin, in the order of the digits that choose it.
    pub fn all(_role: Role) -> Vec<Self> {
        vec![
            Self::Receive,
            Self::Move,
            Self::Count,
            Self::Restate,
            Self::Return,
        ]
    }

    /// The job, with all that is not known yet left open.
    fn job(self, role: Role) -> Job {
        match self {
            Self::Move => Job::Move(MoveJob::default()),
            Self::Count => Job::Count(CountJob::default()),
            Self::Restate => Job::Restate(RestateJob {
                by_lead: role == Role::Lead,
            }),
            // Nobody knows where it has been: a person looks before it is sold again.
            Self::Return => Job::Return(ReturnJob {
                good: Status::OnHold,
                ..ReturnJob::default()
            }),
            Self::Receive => Job::Receive(ReceiveJob {
                order: None,
                supplier: SafeText::default(),
                bin: None,
                over_percent: 0,
                lines: Vec::new(),
                plates: Vec::new(),
            }),
        }
    }
}

impl Model {
    /// What this worker may begin, in the order of the digits that choose it.
    pub fn own_work(&self) -> Vec<OwnWork> {
        let role = self.worker.as_ref().map(|worker| worker.role);
        OwnWork::all(role.unwrap_or(Role::Picker))
    }

    pub(super) fn pressed_in_own(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let items = self.own_work();
        let Screen::Own { cursor } = &mut self.screen else {
            return;
        };
        let chosen = match key {
            Key::Up => return *cursor = cursor.saturating_sub(1),
            Key::Down => return *cursor = (*cursor + 1).min(items.len().saturating_sub(1)),
            Key::Enter => items.get(*cursor),
            Key::Char(c) => row_of(c).and_then(|row| items.get(row)),
            Key::F(1) => return self.open_look_up(),
            Key::Esc | Key::Backspace | Key::F(_) => {
                self.notice = None;
                return self.screen = Screen::Menu { cursor: 0 };
            }
        };
        if let Some(chosen) = chosen {
            let role = self.worker.as_ref().map(|worker| worker.role);
            self.open_job(chosen.job(role.unwrap_or(Role::Picker)), orders);
        }
    }

    /// Begins a job that no task asked for.
    pub(super) fn open_job(&mut self, job: Job, orders: &mut Vec<Effect>) {
        if self.has_open_work() {
            return self.tell(Notice::FinishFirst, orders);
        }
        let task = Task::opened(self.own_task_id(), job);
        let opened = Fact::TaskOpened {
            job: Box::new(task.job.clone()),
        };
        orders.push(Effect::Record(Record {
            worker: self.code(),
            task: Some(task.id.clone()),
            cause: None,
            facts: vec![opened, Fact::TaskStarted { lease: None }],
            hold: Some(Box::new(task)),
        }));
    }

    /// A name that no other task has: no handheld begins two of its own within a millisecond.
    fn own_task_id(&self) -> TaskId {
        let device = self.identity.as_ref().map(|identity| &identity.device);
        let name: String = device
            .map_or("NEW", SafeText::as_str)
            .chars()
            .take(LONGEST_NAME)
            .collect();
        let id = format!("OWN-{}-{}", name.trim(), self.now.timestamp_millis());
        id.parse()
            .expect("a safe text cut to size between plain ones is a code")
    }
}
