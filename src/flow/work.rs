//! Work: a task, its flow, and all that has been done of it on this device, so that the last step can be taken back.

use super::act::Act;
use super::apart::Disassemble;
use super::assemble::Assemble;
use super::count::Count;
use super::deliver::Deliver;
use super::haul::Haul;
use super::load::Load;
use super::moving::Moving;
use super::pack::Pack;
use super::pick::{Map, Pick};
use super::prompt::{Choice, Prompt};
use super::putaway::Putaway;
use super::receive::Receive;
use super::refusal::Refusal;
use super::restate::Restate;
use super::returning::Returning;
use super::sweep::Expected;
use crate::scan::Scan;
use crate::warehouse::{
    Bin, Entry, Fact, Item, Job, JobKind, PickLine, Place, Quantity, Reason, ReceiveLine, SafeText,
    ShipCarton, Sscc, StockRow, Task, Unfit, WhyBin,
};
use chrono::NaiveDate;

/// One flow of each kind.
#[derive(Clone, Debug)]
enum Flow {
    Receive(Box<Receive>),
    Putaway(Putaway),
    Pick(Box<Pick>),
    Pack(Box<Pack>),
    Load(Load),
    Deliver(Deliver),
    Moving(Moving),
    Haul(Haul),
    Count(Count),
    Restate(Restate),
    Returning(Returning),
    Assemble(Assemble),
    Disassemble(Box<Disassemble>),
}

impl Flow {
    fn new(job: Job, carrier: Place) -> Self {
        match job {
            Job::Receive(job) => Self::Receive(Box::new(Receive::new(job))),
            Job::Putaway(job) => Self::Putaway(Putaway::new(job)),
            Job::Pick(job) => Self::Pick(Box::new(Pick::new(job, carrier))),
            Job::Pack(job) => Self::Pack(Box::new(Pack::new(job))),
            Job::Load(job) => Self::Load(Load::new(job)),
            Job::Deliver(job) => Self::Deliver(Deliver::new(job)),
            Job::Move(job) if job.lines.is_empty() => Self::Moving(Moving::new(carrier)),
            Job::Move(job) => Self::Haul(Haul::new(job, carrier, true)),
            Job::Replenish(job) => Self::Haul(Haul::new(job, carrier, false)),
            Job::Count(job) => Self::Count(Count::new(job)),
            Job::Restate(job) => Self::Restate(Restate::new(job)),
            Job::Return(job) => Self::Returning(Returning::new(job)),
            Job::Assemble(job) => Self::Assemble(Assemble::new(job, carrier)),
            Job::Disassemble(job) => Self::Disassemble(Box::new(Disassemble::new(job, carrier))),
        }
    }

    fn apply(&mut self, fact: &Fact) {
        match self {
            Self::Receive(flow) => flow.apply(fact),
            Self::Putaway(flow) => flow.apply(fact),
            Self::Pick(flow) => flow.apply(fact),
            Self::Pack(flow) => flow.apply(fact),
            Self::Load(flow) => flow.apply(fact),
            Self::Deliver(flow) => flow.apply(fact),
            Self::Moving(flow) => flow.apply(fact),
            Self::Haul(flow) => flow.apply(fact),
            Self::Count(flow) => flow.apply(fact),
            Self::Restate(flow) => flow.apply(fact),
            Self::Returning(flow) => flow.apply(fact),
            Self::Assemble(flow) => flow.apply(fact),
            Self::Disassemble(flow) => flow.apply(fact),
        }
    }
}

/// A task being worked on.
///
/// Its state is its task and the facts applied to it, nothing else: the same facts always lead to the same step.
#[derive(Clone, Debug)]
pub struct Work {
    task: Task,
    carrier: Place,
    entries: Vec<Entry>,
    today: Option<NaiveDate>,
    flow: Flow,
}

impl Work {
    /// The work where others left it. `carrier` is who or what carries picked goods when no tote is set.
    pub fn new(task: Task, carrier: Place) -> Self {
        let mut flow = Flow::new(task.job.clone(), carrier.clone());
        task.done.iter().for_each(|fact| flow.apply(fact));
        Self {
            task,
            carrier,
            entries: Vec::new(),
            today: None,
            flow,
        }
    }

    /// The task.
    pub const fn task(&self) -> &Task {
        &self.task
    }

    /// Which day it is, for work that looks at dates.
    pub const fn set_today(&mut self, today: NaiveDate) {
        self.today = Some(today);
    }

    /// The items that a label nobody knows can be of.
    pub fn teachable(&self) -> Vec<&Item> {
        match &self.flow {
            Flow::Receive(flow) => flow.teachable(),
            Flow::Putaway(_) | Flow::Pick(_) | Flow::Pack(_) | Flow::Load(_) | Flow::Deliver(_) => {
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// What a pallet was announced to bear, where that is looked at.
    pub fn announced(&self, plate: Sscc) -> Vec<(&ReceiveLine, Quantity)> {
        match &self.flow {
            Flow::Receive(flow) => flow.announced(plate),
            Flow::Putaway(_) | Flow::Pick(_) | Flow::Pack(_) | Flow::Load(_) | Flow::Deliver(_) => {
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Why goods go to the bin that is asked for.
    pub fn why_bin(&self) -> Option<WhyBin> {
        match &self.flow {
            Flow::Putaway(flow) => flow.why(),
            Flow::Receive(_) | Flow::Pick(_) | Flow::Pack(_) | Flow::Load(_) | Flow::Deliver(_) => {
                None
            }
            _ => None,
        }
    }

    /// Why the goods in hand should not go into another bin, as far as can be told from what is known of it here.
    pub fn unfit(&self, bin: &Bin, stock: &[(StockRow, SafeText)]) -> Option<Unfit> {
        match &self.flow {
            Flow::Putaway(flow) => flow.unfit(bin, stock),
            Flow::Receive(_) | Flow::Pick(_) | Flow::Pack(_) | Flow::Load(_) | Flow::Deliver(_) => {
                None
            }
            _ => None,
        }
    }

    /// What kind of work.
    pub const fn kind(&self) -> JobKind {
        self.task.job.kind()
    }

    /// Which facts follow from an act now. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match &self.flow {
            Flow::Receive(flow) => flow.decide(act, self.today),
            Flow::Putaway(flow) => flow.decide(act),
            Flow::Pick(flow) => flow.decide(act),
            Flow::Pack(flow) => flow.decide(act),
            Flow::Load(flow) => flow.decide(act),
            Flow::Deliver(flow) => flow.decide(act),
            Flow::Moving(flow) => flow.decide(act),
            Flow::Haul(flow) => flow.decide(act),
            Flow::Count(flow) => flow.decide(act),
            Flow::Restate(flow) => flow.decide(act),
            Flow::Returning(flow) => flow.decide(act),
            Flow::Assemble(flow) => flow.decide(act),
            Flow::Disassemble(flow) => flow.decide(act),
        }
    }

    /// Whether this step can judge this scan only with what the handheld's memory knows of it.
    pub fn asks(&self, scan: &Scan) -> bool {
        match &self.flow {
            Flow::Receive(flow) => flow.asks(scan),
            Flow::Pick(flow) => flow.asks(scan),
            Flow::Putaway(_) | Flow::Pack(_) | Flow::Load(_) => false,
            Flow::Deliver(flow) => flow.asks(scan),
            Flow::Moving(flow) => flow.asks(scan),
            Flow::Haul(flow) => flow.asks(scan),
            Flow::Count(flow) => flow.asks(scan),
            Flow::Restate(flow) => flow.asks(scan),
            Flow::Returning(flow) => flow.asks(scan),
            Flow::Assemble(flow) => flow.asks(scan),
            Flow::Disassemble(flow) => flow.asks(scan),
        }
    }

    /// The picking, if that is what it is: much that the office can set is set for picking alone.
    const fn picking(&self) -> Option<&Pick> {
        match &self.flow {
            Flow::Pick(flow) => Some(flow),
            _ => None,
        }
    }

    /// The receiving, if it is that.
    pub(super) const fn receiving(&self) -> Option<&Receive> {
        match &self.flow {
            Flow::Receive(flow) => Some(flow),
            _ => None,
        }
    }

    /// The loading of a truck, if it is that.
    pub(super) const fn loading(&self) -> Option<&super::load::Load> {
        match &self.flow {
            Flow::Load(flow) => Some(flow),
            _ => None,
        }
    }

    /// The cartons that were put on the truck, if that is the work.
    pub fn on_truck(&self) -> Vec<&ShipCarton> {
        self.loading().map_or_else(Vec::new, |flow| flow.on_truck())
    }

    /// What else can be done at this step, as far as the office and the moment allow it.
    pub fn choices(&self) -> Vec<Choice> {
        let offered = |choice: &Choice| self.picking().is_none_or(|flow| flow.offers(*choice));
        let choices = self.prompt().choices.iter().copied();
        choices.filter(offered).collect()
    }

    /// Whether a choice is wanted so seldom at this work that it comes behind all else.
    pub const fn is_rare(&self, choice: Choice) -> bool {
        let seldom = matches!(
            choice,
            Choice::OtherBin | Choice::ToteFull | Choice::HandOver | Choice::HoldLine
        );
        seldom && matches!(self.flow, Flow::Pick(_))
    }

    /// The reasons that go with a choice; none: no reason is asked for.
    pub fn reasons(&self, choice: Choice) -> Vec<Reason> {
        match self.picking() {
            Some(flow) => flow.reasons(choice),
            None => choice.reasons(self.kind()).to_vec(),
        }
    }

    /// What can be taken instead of what is wanted now, the best first.
    pub fn instead(&self) -> &[PickLine] {
        self.picking().map_or(&[], Pick::instead)
    }

    /// The walk that is left, as a map; none where the floor is not known or nothing is fetched.
    pub fn map(&self) -> Option<Map<'_>> {
        self.picking()?.map()
    }

    /// Whether a lead must agree to these facts before they are recorded.
    pub fn wants_lead(&self, facts: &[Fact]) -> bool {
        self.picking().is_some_and(|flow| flow.wants_lead(facts))
    }

    /// The facts that put the task back. Refused while something is in hand that belongs elsewhere.
    pub fn leave(&self) -> Result<Vec<Fact>, Refusal> {
        let stays = self.picking().and_then(Pick::stays);
        stays.map_or(Ok(vec![Fact::TaskLeft]), Err)
    }

    /// Moves on by an entry of this task. Decides nothing, refuses nothing.
    pub fn apply(&mut self, entry: &Entry) {
        if let Fact::Undone { seq, .. } = entry.fact {
            self.entries.retain(|done| done.seq != seq);
            self.flow = Flow::new(self.task.job.clone(), self.carrier.clone());
            self.task.done.iter().for_each(|fact| self.flow.apply(fact));
            self.entries
                .iter()
                .for_each(|done| self.flow.apply(&done.fact));
        } else {
            self.flow.apply(&entry.fact);
            self.entries.push(entry.clone());
        }
    }

    /// The facts that take the last step back: all of its act, last first. None if nothing was done here.
    /// Beginning the task is no step.
    pub fn undo(&self) -> Option<Vec<Fact>> {
        let last = self.entries.last().filter(|entry| entry.fact.is_step())?;
        let facts: Vec<Fact> = self
            .entries
            .iter()
            .rev()
            .take_while(|entry| entry.act == last.act && entry.fact.is_step())
            .map(|entry| Fact::Undone {
                seq: entry.seq,
                what: Box::new(entry.fact.clone()),
            })
            .collect();
        Some(facts)
    }

    /// What this step can be answered with, where tags can tell it.
    pub(super) fn expected(&self) -> Vec<Expected<'_>> {
        match &self.flow {
            Flow::Putaway(flow) => flow.expected(),
            Flow::Pick(flow) => flow.expected(),
            Flow::Pack(flow) => flow.expected(),
            Flow::Receive(_)
            | Flow::Load(_)
            | Flow::Deliver(_)
            | Flow::Moving(_)
            | Flow::Haul(_)
            | Flow::Count(_)
            | Flow::Restate(_)
            | Flow::Returning(_)
            | Flow::Assemble(_)
            | Flow::Disassemble(_) => Vec::new(),
        }
    }

    /// Moves on by a fact that is only thought of.
    pub(super) fn foresee(&mut self, fact: &Fact) {
        self.flow.apply(fact);
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        match &self.flow {
            Flow::Receive(flow) => flow.prompt(),
            Flow::Putaway(flow) => flow.prompt(),
            Flow::Pick(flow) => flow.prompt(),
            Flow::Pack(flow) => flow.prompt(),
            Flow::Load(flow) => flow.prompt(),
            Flow::Deliver(flow) => flow.prompt(),
            Flow::Moving(flow) => flow.prompt(),
            Flow::Haul(flow) => flow.prompt(),
            Flow::Count(flow) => flow.prompt(),
            Flow::Restate(flow) => flow.prompt(),
            Flow::Returning(flow) => flow.prompt(),
            Flow::Assemble(flow) => flow.prompt(),
            Flow::Disassemble(flow) => flow.prompt(),
        }
    }

    /// Whether all is done.
    pub fn is_done(&self) -> bool {
        matches!(self.prompt().ask, super::Ask::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::{PackJob, PickJob, PickOrder, PutawayJob, ReceiveJob};

    fn task(job: Job) -> Work {
        let task = Task {
            id: "T1".parse().expect("a code"),
            priority: 1,
            due: None,
            lease: None,
            started_on: None,
            done: Vec::new(),
            outline: crate::warehouse::Outline::default(),
            job,
        };
        Work::new(task, Place::Unknown)
    }

    #[test]
    fn what_a_step_does_not_take_is_refused_by_every_flow_and_so_is_all_after_the_end() {
        let order = || "SO-1".parse().expect("a code");
        let bin = || "A-01-03".parse().expect("a code");
        let jobs = [
            Job::Receive(ReceiveJob {
                order: Some(order()),
                supplier: "S".into(),
                bin: Some(bin()),
                over_percent: 0,
                lines: Vec::new(),
                plates: Vec::new(),
            }),
            Job::Putaway(PutawayJob {
                order: order(),
                from: bin(),
                lines: Vec::new(),
            }),
            Job::Pick(PickJob::of(PickOrder {
                order: order(),
                customer: "C".into(),
                tote: None,
                drop: bin(),
                drop_at: None,
                leg: None,
                lines: Vec::new(),
            })),
            Job::Pack(PackJob {
                order: order(),
                customer: "C".into(),
                bench: bin(),
                after: Vec::new(),
                lines: Vec::new(),
                plates: Vec::new(),
                totes: Vec::new(),
                weighed_g: 0,
                only: Vec::new(),
                how: crate::warehouse::Packing::default(),
            }),
        ];
        for job in jobs {
            let mut work = task(job);
            for act in [Act::Answered(true), Act::Skipped, Act::Closed(None)] {
                assert_eq!(work.decide(&act), Err(Refusal::NotHere), "{act:?}");
            }
            work.flow.apply(&Fact::TaskFinished);
            assert_eq!(work.decide(&Act::Agreed), Err(Refusal::AllDone));
        }
    }
}
