//! The menu and the queue: what can be done, and what there is to do, most urgent first.

use super::effect::{Effect, Query, Record};
use super::event::Key;
use super::look_up::LookUp;
use super::model::{Model, Screen};
use super::narrow::Narrowed;
use super::next::next;
use super::notice::Notice;
use super::own::OwnWork;
use super::panel::row_of;
use super::shift::Shift;
use super::work::Draft;
use crate::flow::Said;
use crate::scan::Scan;
use crate::warehouse::{Fact, Job, Lack, Role, SafeText, Task, Worker, WorkerCode};

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuItem {
    /// Go on with the open work, or take the most urgent.
    Next,
    /// See what there is to do.
    Queue,
    /// Begin work that nobody planned.
    Own,
    /// What is this, where is it?
    LookUp,
    /// Count a bin by its tags; where there is a reader.
    Count,
    /// What was printed, what waits; where there is a printer.
    Labels,
    /// What was done, what is unsent, send it.
    Shift,
    /// Lock the handheld.
    Lock,
    /// Give the handheld back.
    SignOut,
    /// Ports and raw scans; for leads.
    SetUp,
    /// Try everything out on a copy: nothing counts.
    Practise,
    /// Back to where things count.
    EndPractice,
    /// Read what the office wrote; where there is something.
    Messages,
}

impl MenuItem {
    /// What this worker can do, in the order of the digits that choose it.
    pub fn all(role: Role, has_reader: bool, has_printer: bool) -> Vec<Self> {
        let mut items = vec![Self::Next, Self::Queue];
        if !OwnWork::all(role).is_empty() {
            items.push(Self::Own);
        }
        items.push(Self::LookUp);
        if has_reader {
            items.push(Self::Count);
        }
        if has_printer {
            items.push(Self::Labels);
        }
        items.extend([Self::Shift, Self::Lock, Self::SignOut]);
        if role == Role::Lead {
            items.push(Self::SetUp);
        }
        items.push(Self::Practise);
        items
    }
}

/// What there is to do.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// Open tasks, most urgent first; none yet: being looked up.
    pub tasks: Option<Vec<Task>>,
    /// The one that Enter takes.
    pub cursor: usize,
    /// Begin the first that can be begun as soon as they are known.
    pub(super) take_first: bool,
    /// Begin the one this scan belongs to.
    pub(super) take: Option<Scan>,
    /// What belongs to no work is looked up.
    pub(super) or_look_up: bool,
    /// Only work that leads to this is shown.
    pub only: Option<Scan>,
}

impl Model {
    /// What can be done, in the order of the digits that choose it.
    pub fn menu(&self) -> Vec<MenuItem> {
        let role = self
            .worker
            .as_ref()
            .map_or(Role::Picker, |worker| worker.role);
        let mut items = MenuItem::all(role, self.settings.has_reader, self.settings.has_printer);
        if !self.messages.is_empty() {
            // Behind all that is chosen every day: no digit of that means something else because the office wrote.
            let last = items.len() - 1;
            items.insert(last, MenuItem::Messages);
        }
        if self.is_practice() {
            // Who gives the handheld back has practised enough.
            items.retain(|item| *item != MenuItem::Practise);
            for item in &mut items {
                if *item == MenuItem::SignOut {
                    *item = MenuItem::EndPractice;
                }
            }
        }
        items
    }

    pub(super) fn pressed_in_menu(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let items = self.menu();
        let Screen::Menu { cursor } = &mut self.screen else {
            return;
        };
        match key {
            Key::Up => *cursor = cursor.saturating_sub(1),
            Key::Down => *cursor = (*cursor + 1).min(items.len() - 1),
            Key::Enter => {
                let item = items[(*cursor).min(items.len() - 1)];
                self.choose(item, orders);
            }
            Key::Char(c) => {
                if let Some(item) = row_of(c).and_then(|row| items.get(row)) {
                    self.choose(*item, orders);
                }
            }
            Key::F(1) => self.choose(MenuItem::LookUp, orders),
            Key::Esc | Key::Backspace | Key::F(_) => self.notice = None,
        }
    }

    fn choose(&mut self, item: MenuItem, orders: &mut Vec<Effect>) {
        self.notice = None;
        match item {
            MenuItem::Next if self.has_open_work() => self.screen = Screen::Work(Draft::default()),
            MenuItem::Next => self.open_queue(true, None, orders),
            MenuItem::Queue => self.open_queue(false, None, orders),
            MenuItem::Own => self.screen = Screen::Own { cursor: 0 },
            MenuItem::LookUp => self.open_look_up(),
            MenuItem::Count => self.screen = Screen::Count(Box::default()),
            MenuItem::Labels => self.open_labels(orders),
            MenuItem::Messages => self.screen = Screen::Messages,
            MenuItem::Shift => {
                self.screen = Screen::Shift(Shift::default());
                if let Some(worker) = self.code() {
                    orders.push(Effect::Ask(Query::Shift(worker)));
                }
            }
            MenuItem::Lock => self.lock(),
            MenuItem::SignOut => self.sign_out(orders),
            MenuItem::SetUp => self.open_setup(),
            MenuItem::Practise => orders.push(Effect::Practise(true)),
            MenuItem::EndPractice => orders.push(Effect::Practise(false)),
        }
    }

    pub(super) fn code(&self) -> Option<WorkerCode> {
        self.worker.as_ref().map(|worker| worker.code.clone())
    }

    pub(super) fn open_look_up(&mut self) {
        let back = std::mem::replace(&mut self.screen, Screen::Menu { cursor: 0 });
        self.screen = Screen::LookUp(LookUp::from(back));
    }

    pub(super) fn open_queue(
        &mut self,
        take_first: bool,
        take: Option<Scan>,
        orders: &mut Vec<Effect>,
    ) {
        let query = take.clone().map_or(Query::Tasks, Query::TasksFor);
        self.screen = Screen::Queue(Queue {
            take_first,
            take,
            ..Queue::default()
        });
        orders.push(Effect::Ask(query));
    }

    /// Scanning goods, a license plate or an order in the menu takes the work that it belongs to.
    pub(super) fn scanned_in_menu(&mut self, scan: Scan, orders: &mut Vec<Effect>) {
        match scan {
            Scan::Badge(_) => self.tell(Notice::SignOutFirst, orders),
            _ if self.work.is_some() => {
                self.screen = Screen::Work(Draft::default());
                self.scanned(scan, &SafeText::default(), orders);
            }
            Scan::Bin(_) if matches!(self.screen, Screen::Queue(_)) => {
                self.open_queue(false, Some(scan), orders);
            }
            Scan::Enrolment(_) | Scan::Bin(_) => {
                self.open_look_up();
                self.scanned_to_look_up(scan, orders);
            }
            Scan::Tote(_) => {
                self.open_queue(false, Some(scan), orders);
                if let Screen::Queue(queue) = &mut self.screen {
                    queue.or_look_up = true;
                }
            }
            Scan::Plate(_) | Scan::Goods(_) | Scan::Order(_) | Scan::Code(_) => {
                self.open_queue(false, Some(scan), orders);
            }
        }
    }

    pub(super) fn found_tasks(&mut self, mut tasks: Vec<Task>, orders: &mut Vec<Effect>) {
        // What still waits for other work comes last, whatever its priority.
        tasks.sort_by_key(|task| !task.is_ready());
        let me = self
            .identity
            .as_ref()
            .map(|identity| identity.device.clone());
        let (now, here, worker) = (self.now, self.here, self.worker.clone());
        let Screen::Queue(queue) = &mut self.screen else {
            return;
        };
        queue.keep(&mut tasks);
        // The cursor stays on its task, wherever the office's news moved that to.
        let chosen = queue.tasks.as_ref().and_then(|old| old.get(queue.cursor));
        let moved = chosen.and_then(|old| tasks.iter().position(|task| task.id == old.id));
        queue.cursor = moved
            .unwrap_or(queue.cursor)
            .min(tasks.len().saturating_sub(1));
        let take = (queue.take.take(), std::mem::take(&mut queue.take_first));
        let wanted = match take {
            (Some(scan), _) => match self.narrowed(&scan, &tasks) {
                Narrowed::Begin(at) => Some(at),
                other => return self.show(scan, other, tasks, orders),
            },
            (None, true) => match next(&tasks, now, here, |task| {
                task.is_ready() && is_free(task, me.as_ref()) && suits(task, worker.as_ref())
            }) {
                Some(at) => Some(at),
                None => {
                    if let Screen::Queue(queue) = &mut self.screen {
                        queue.tasks = Some(tasks);
                    }
                    return self.tell(Notice::NoWork, orders);
                }
            },
            (None, false) => None,
        };
        if let Screen::Queue(queue) = &mut self.screen {
            queue.tasks = Some(tasks);
        }
        if let Some(at) = wanted {
            self.start(at, orders);
        }
    }

    pub(super) fn pressed_in_queue(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let Screen::Queue(queue) = &mut self.screen else {
            return;
        };
        let last = queue
            .tasks
            .as_ref()
            .map_or(0, |tasks| tasks.len().saturating_sub(1));
        match key {
            Key::Up => queue.cursor = queue.cursor.saturating_sub(1),
            Key::Down => queue.cursor = (queue.cursor + 1).min(last),
            Key::Enter => {
                let cursor = queue.cursor;
                self.start(cursor, orders);
            }
            Key::F(1) => self.open_look_up(),
            Key::F(2) => {
                orders.push(Effect::Sync);
                self.tell(Notice::Syncing, orders);
            }
            Key::Esc if queue.only.is_some() => {
                self.notice = None;
                self.open_queue(false, None, orders);
            }
            Key::Esc => {
                self.notice = None;
                self.screen = Screen::Menu { cursor: 0 };
            }
            Key::Char(_) | Key::Backspace | Key::F(_) => {}
        }
    }

    /// The list after a scan that begins nothing: what it leads to alone, or all and a word about it.
    fn show(&mut self, scan: Scan, narrowed: Narrowed, tasks: Vec<Task>, orders: &mut Vec<Effect>) {
        let Screen::Queue(queue) = &mut self.screen else {
            return;
        };
        match narrowed {
            Narrowed::Show(few) => {
                (queue.tasks, queue.only, queue.cursor) = (Some(few), Some(scan), 0);
                orders.push(Effect::Sound(super::Bell::Good));
            }
            _ if queue.or_look_up => {
                self.screen = Screen::Menu { cursor: 0 };
                self.open_look_up();
                self.scanned_to_look_up(scan, orders);
            }
            _ => {
                queue.tasks = Some(tasks);
                self.tell(Notice::NoTaskFor(Said::of(&scan)), orders);
            }
        }
    }

    /// What the list asks for when the office's news may have changed it.
    pub(super) fn ask_again(&self) -> Query {
        match &self.screen {
            Screen::Queue(Queue {
                only: Some(scan), ..
            }) => Query::TasksFor(scan.clone()),
            _ => Query::Tasks,
        }
    }

    fn start(&mut self, at: usize, orders: &mut Vec<Effect>) {
        let me = self
            .identity
            .as_ref()
            .map(|identity| identity.device.clone());
        let Screen::Queue(queue) = &self.screen else {
            return;
        };
        let Some(task) = queue.tasks.as_ref().and_then(|tasks| tasks.get(at)) else {
            return self.tell(Notice::NoWork, orders);
        };
        if self.has_open_work() {
            return self.tell(Notice::FinishFirst, orders);
        }
        if !task.can_begin() {
            return self.tell(Notice::NotReady, orders);
        }
        if self
            .worker
            .as_ref()
            .is_some_and(|worker| counted_by(task, worker))
        {
            return self.tell(Notice::CountedByYou, orders);
        }
        if let Some(lack) = self.worker.as_ref().and_then(|worker| lack(task, worker)) {
            return self.tell(Notice::NotForYou(lack), orders);
        }
        if !is_free(task, me.as_ref()) {
            let holder = task
                .started_on
                .as_ref()
                .or(task.lease.as_ref().map(|lease| &lease.device));
            let holder = holder
                .map(|device| SafeText::new(device.as_str()))
                .unwrap_or_default();
            return self.tell(Notice::TakenByOther(holder), orders);
        }
        let task = task.clone();
        let lease = task.lease.as_ref().map(|lease| lease.number);
        if lease.is_none() {
            orders.push(Effect::Claim(task.id.clone()));
        }
        orders.push(Effect::Record(Record {
            worker: self.code(),
            task: Some(task.id.clone()),
            cause: None,
            facts: vec![Fact::TaskStarted { lease }],
            hold: Some(Box::new(task)),
        }));
    }
}

/// Whether this worker counted it before: then another must.
fn counted_by(task: &Task, worker: &Worker) -> bool {
    matches!(&task.job, Job::Count(job) if job.not_by.as_ref() == Some(&worker.code))
}

/// What a worker lacks for a task. A lead steps in for anyone, but drives only what they may.
pub fn lack(task: &Task, worker: &Worker) -> Option<Lack> {
    let lack = worker.skills.lack(task.job.kind(), &task.outline);
    let steps_in = worker.role == Role::Lead;
    lack.filter(|lack| !steps_in || matches!(lack, Lack::Equipment(_)))
}

pub(super) fn suits(task: &Task, worker: Option<&Worker>) -> bool {
    worker.is_none_or(|worker| lack(task, worker).is_none() && !counted_by(task, worker))
}

/// Whether nobody else has it.
pub(super) fn is_free(task: &Task, me: Option<&SafeText>) -> bool {
    let other =
        |device: &crate::warehouse::DeviceId| Some(device.as_str()) != me.map(SafeText::as_str);
    !task.started_on.as_ref().is_some_and(other)
        && !task
            .lease
            .as_ref()
            .is_some_and(|lease| other(&lease.device))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handheld::{Answer, Event, Key, Settings, update};
    use crate::warehouse::{PutawayJob, Timestamp};

    fn task(id: &str) -> Task {
        Task {
            id: id.parse().unwrap(),
            priority: 1,
            due: None,
            lease: None,
            started_on: None,
            done: Vec::new(),
            outline: crate::warehouse::Outline::default(),
            job: Job::Putaway(PutawayJob {
                order: "PO-1".parse().unwrap(),
                from: "RECV-01".parse().unwrap(),
                lines: Vec::new(),
            }),
        }
    }

    #[test]
    fn enter_takes_the_task_under_the_cursor_even_if_the_list_has_just_changed() {
        let now = Timestamp::UNIX_EPOCH;
        let mut model = Model::new(Settings::default(), now, None);
        model.screen = Screen::Queue(Queue::default());
        let list = |ids: &[&str]| {
            let tasks = ids.iter().map(|id| task(id)).collect();
            Event::Found(Answer::Tasks(tasks))
        };
        update(&mut model, now, list(&["T1", "T2", "T3"]));
        update(&mut model, now, Event::Pressed(Key::Down));
        update(&mut model, now, list(&["T0", "T2", "T3"]));
        update(&mut model, now, list(&["T2", "T3"]));
        let orders = update(&mut model, now, Event::Pressed(Key::Enter));
        let begun = orders.iter().find_map(|order| match order {
            Effect::Record(record) => record.task.clone(),
            _ => None,
        });
        assert_eq!(begun, "T2".parse().ok());
    }
}
