//! Tasks: pieces of guided work. A task brings along all that its flow needs, so that no step has to ask anybody.

use super::{
    AssembleJob, Barcode, BinCode, CountJob, DeviceId, Fact, Goods, Item, LineNo, LotCode, MoveJob,
    OrderCode, Outline, Quantity, ReceiveJob, RestateJob, ReturnJob, SafeText, SerialCode, Sscc,
    Status, TaskId, Timestamp, ToteCode, WhyBin,
};
use serde::{Deserialize, Serialize};

/// The right to work on a task, given by the office for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who has it.
    pub device: DeviceId,
    /// Grows with every lease of this task; the highest is the one that counts.
    pub number: u64,
    /// How long it was given for, in seconds from when it was heard of.
    pub seconds: u32,
}

/// A piece of work for one worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its name.
    pub id: TaskId,
    /// Lower is sooner.
    pub priority: i32,
    /// When it should be done.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// Who may work on it now; anyone if none.
    #[serde(default)]
    pub lease: Option<Lease>,
    /// The device on which it was begun and not yet left or finished, as far as the office knows.
    #[serde(default)]
    pub started_on: Option<DeviceId>,
    /// What has been done of it on any device, oldest first, what was taken back left out:
    /// whoever goes on with it starts from there.
    #[serde(default)]
    pub done: Vec<Fact>,
    /// What it asks of whoever does it.
    #[serde(default)]
    pub outline: Outline,
    /// What is to be done.
    pub job: Job,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Take in what a supplier sends.
    Receive(ReceiveJob),
    /// Bring received goods to their bins.
    Putaway(PutawayJob),
    /// Fetch what an order wants.
    Pick(PickJob),
    /// Put what was fetched into cartons.
    Pack(PackJob),
    /// Bring goods from bin to bin.
    Move(MoveJob),
    /// Fill pick faces from reserve.
    Replenish(MoveJob),
    /// Count bins.
    Count(CountJob),
    /// Keep stock back, release it, call it damaged, throw it away.
    Restate(RestateJob),
    /// Take in what a customer sent back.
    Return(ReturnJob),
    /// Make an item of others.
    Assemble(AssembleJob),
}

/// The kind of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Receiving.
    Receive,
    /// Putaway.
    Putaway,
    /// Picking.
    Pick,
    /// Packing.
    Pack,
    /// Moving.
    Move,
    /// Filling pick faces.
    Replenish,
    /// Counting.
    Count,
    /// Judging stock.
    Restate,
    /// Taking returns in.
    Return,
    /// Making.
    Assemble,
}

impl JobKind {
    /// All there are.
    pub const ALL: [Self; 10] = [
        Self::Receive,
        Self::Putaway,
        Self::Pick,
        Self::Pack,
        Self::Move,
        Self::Replenish,
        Self::Count,
        Self::Restate,
        Self::Return,
        Self::Assemble,
    ];

    /// As it is written in files and databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Putaway => "putaway",
            Self::Pick => "pick",
            Self::Pack => "pack",
            Self::Move => "move",
            Self::Replenish => "replenish",
            Self::Count => "count",
            Self::Restate => "restate",
            Self::Return => "return",
            Self::Assemble => "assemble",
        }
    }
}

impl std::str::FromStr for JobKind {
    type Err = BadJobKind;

    fn from_str(text: &str) -> Result<Self, BadJobKind> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or(BadJobKind)
    }
}

/// Why a text is no kind of job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a kind of work is one of receive, putaway, pick, pack, move, replenish, count, restate, return, assemble"
)]
pub struct BadJobKind;

impl Job {
    /// The bins it leads to, in the order in which it does.
    pub fn bins(&self) -> Vec<&BinCode> {
        match self {
            Self::Receive(job) => job.bin.iter().collect(),
            Self::Putaway(job) => {
                let to = job.lines.iter().map(|line| &line.bin);
                std::iter::once(&job.from).chain(to).collect()
            }
            Self::Pick(job) => {
                let from = job.lines.iter().map(|line| &line.bin);
                from.chain(std::iter::once(&job.drop)).collect()
            }
            Self::Pack(job) => vec![&job.bench],
            Self::Move(MoveJob { lines }) | Self::Replenish(MoveJob { lines }) => lines
                .iter()
                .flat_map(|line| [&line.from, &line.to])
                .collect(),
            Self::Count(job) => job.bins.iter().map(|bin| &bin.bin).collect(),
            Self::Assemble(job) => {
                let from = job.components.iter().map(|line| &line.from);
                from.chain(std::iter::once(&job.to)).collect()
            }
            Self::Restate(_) | Self::Return(_) => Vec::new(),
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Receive(_) => JobKind::Receive,
            Self::Putaway(_) => JobKind::Putaway,
            Self::Pick(_) => JobKind::Pick,
            Self::Pack(_) => JobKind::Pack,
            Self::Move(_) => JobKind::Move,
            Self::Replenish(_) => JobKind::Replenish,
            Self::Count(_) => JobKind::Count,
            Self::Restate(_) => JobKind::Restate,
            Self::Return(_) => JobKind::Return,
            Self::Assemble(_) => JobKind::Assemble,
        }
    }
}

/// Putaway of what stands at a receiving bin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutawayJob {
    /// The receipt it came with.
    pub order: OrderCode,
    /// Where the goods stand.
    pub from: BinCode,
    /// What stands there.
    pub lines: Vec<PutawayLine>,
}

/// Goods to be put away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutawayLine {
    /// Its number.
    pub line: LineNo,
    /// The license plate they stand on, if on one.
    #[serde(default)]
    pub plate: Option<Sscc>,
    /// What they are.
    pub goods: Goods,
    /// The item.
    pub item: Item,
    /// How much.
    pub quantity: Quantity,
    /// Where they should go.
    pub bin: BinCode,
    /// Why there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<WhyBin>,
    /// Whether they may be used.
    #[serde(default)]
    pub status: Status,
    /// What can be scanned for them.
    pub barcodes: Vec<Barcode>,
}

/// Picking for one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickJob {
    /// The order.
    pub order: OrderCode,
    /// Who it is for.
    pub customer: SafeText,
    /// The tote to pick into, if one is set; otherwise the worker carries the goods.
    #[serde(default)]
    pub tote: Option<ToteCode>,
    /// Where what was picked is brought.
    pub drop: BinCode,
    /// What to fetch, in the order of the walk.
    pub lines: Vec<PickLine>,
}

/// One thing to fetch from one bin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickLine {
    /// Its number.
    pub line: LineNo,
    /// Where it is.
    pub bin: BinCode,
    /// The item.
    pub item: Item,
    /// The lot that must be taken, if it must be one.
    #[serde(default)]
    pub lot: Option<LotCode>,
    /// The serial that must be taken, if it must be one.
    #[serde(default)]
    pub serial: Option<SerialCode>,
    /// Last day of the demanded lot, if known.
    #[serde(default)]
    pub expiry: Option<chrono::NaiveDate>,
    /// How much.
    pub quantity: Quantity,
    /// What can be scanned for it.
    pub barcodes: Vec<Barcode>,
    /// By the book, this empties the bin: then the worker is asked to look.
    #[serde(default)]
    pub empties_bin: bool,
}

/// Packing of one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackJob {
    /// The order.
    pub order: OrderCode,
    /// Who it is for.
    pub customer: SafeText,
    /// Where what was picked stands.
    pub bench: BinCode,
    /// The picking that must be finished first.
    pub after: Vec<TaskId>,
    /// What the order wants, each with what has been picked for it.
    pub lines: Vec<PackLine>,
    /// License plates set aside for this order's cartons, used in turn.
    pub plates: Vec<Sscc>,
}

/// One item to be packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackLine {
    /// Its number.
    pub line: LineNo,
    /// The item.
    pub item: Item,
    /// What can be scanned for it.
    pub barcodes: Vec<Barcode>,
    /// What the order wants.
    pub wanted: Quantity,
    /// What was brought to the bench, as far as is known.
    #[serde(default)]
    pub picked: Vec<(Goods, Quantity)>,
}

impl Task {
    /// A task that a worker opened themselves, at its beginning.
    pub const fn opened(id: TaskId, job: Job) -> Self {
        Self {
            id,
            priority: 50,
            due: None,
            lease: None,
            started_on: None,
            done: Vec::new(),
            outline: Outline {
                zones: Vec::new(),
                equipment: Vec::new(),
                begins: None,
                ends: None,
            },
            job,
        }
    }

    /// Whether the work can be begun: what it waits for is done.
    pub fn is_ready(&self) -> bool {
        match &self.job {
            Job::Pack(job) => job.after.is_empty(),
            Job::Receive(_)
            | Job::Putaway(_)
            | Job::Pick(_)
            | Job::Move(_)
            | Job::Replenish(_)
            | Job::Count(_)
            | Job::Restate(_)
            | Job::Return(_)
            | Job::Assemble(_) => true,
        }
    }

    /// The order it belongs to, if it belongs to one.
    pub const fn order(&self) -> Option<&OrderCode> {
        match &self.job {
            Job::Receive(job) => job.order.as_ref(),
            Job::Putaway(job) => Some(&job.order),
            Job::Pick(job) => Some(&job.order),
            Job::Pack(job) => Some(&job.order),
            Job::Return(job) => job.order.as_ref(),
            Job::Assemble(job) => Some(&job.order),
            Job::Move(_) | Job::Replenish(_) | Job::Count(_) | Job::Restate(_) => None,
        }
    }

    /// What people call it: its order, else its own name.
    pub fn title(&self) -> &str {
        self.order().map_or(self.id.as_str(), OrderCode::as_str)
    }

    /// What this task learns from a fact of another task: packing learns what was brought to its bench
    /// and that the picking it waited for is done. Facts of the task itself change nothing here.
    pub fn learn(&mut self, task: Option<&TaskId>, fact: &Fact) {
        let Job::Pack(job) = &mut self.job else {
            return;
        };
        match fact {
            Fact::TaskFinished => job.after.retain(|waited| Some(waited) != task),
            Fact::Dropped { order, goods, .. } if *order == job.order => {
                for (goods, quantity, _) in goods {
                    job.brought(goods, *quantity);
                }
            }
            Fact::Undone { what, .. } => match &**what {
                Fact::TaskFinished => job.after.extend(task.cloned()),
                Fact::Dropped { order, goods, .. } if *order == job.order => {
                    for (goods, quantity, _) in goods {
                        job.brought(goods, Quantity::ZERO.minus(*quantity));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

impl PackJob {
    fn brought(&mut self, goods: &Goods, quantity: Quantity) {
        let Some(line) = self
            .lines
            .iter_mut()
            .find(|line| line.item.code == goods.item)
        else {
            return;
        };
        // The date belongs to the lot: a label that leaves it out names the same goods.
        let same = |known: &Goods| (&known.lot, &known.serial) == (&goods.lot, &goods.serial);
        match line.picked.iter_mut().find(|(known, _)| same(known)) {
            Some((_, sum)) => *sum = sum.plus(quantity),
            None => line.picked.push((goods.clone(), quantity)),
        }
        line.picked.retain(|(_, sum)| sum.is_positive());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lot_read_with_its_date_and_without_is_brought_as_one() {
        let item = Item {
            code: "MILK".parse().unwrap(),
            name: "Milk".into(),
            unit: "each".into(),
            tracking: super::super::Tracking::default(),
            weight_g: None,
            handling: super::super::Handling::default(),
        };
        let line = PackLine {
            line: 1,
            item: item.clone(),
            barcodes: Vec::new(),
            wanted: Quantity::units(2),
            picked: Vec::new(),
        };
        let mut job = PackJob {
            order: "SO-1".parse().unwrap(),
            customer: "Someone".into(),
            bench: "PACK-01".parse().unwrap(),
            after: Vec::new(),
            lines: vec![line],
            plates: Vec::new(),
        };
        let plain = Goods {
            lot: "L1".parse().ok(),
            ..Goods::of(item.code)
        };
        let dated = Goods {
            expiry: chrono::NaiveDate::from_ymd_opt(2027, 1, 31),
            ..plain.clone()
        };
        job.brought(&dated, Quantity::units(1));
        job.brought(&plain, Quantity::units(1));
        assert_eq!(job.lines[0].picked, [(dated, Quantity::units(2))]);
    }
}
