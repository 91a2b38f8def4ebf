//! Tasks: pieces of guided work. A task brings along all that its flow needs, so that no step has to ask anybody.

use super::{
    AssembleJob, Barcode, BinCode, CountJob, DeliverJob, DeviceId, DisassembleJob, Fact, Goods,
    Item, LineNo, LoadJob, MoveJob, OrderCode, Outline, Packing, PickJob, PickLine, PickOrder,
    Place, Quantity, ReceiveJob, RestateJob, ReturnJob, SafeText, Sscc, Status, TaskId, Timestamp,
    ToteCode, WhyBin,
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
    /// Fetch what one order or several want.
    Pick(PickJob),
    /// Put what was fetched into cartons.
    Pack(PackJob),
    /// Put cartons onto a truck.
    Load(LoadJob),
    /// Bring them to customers.
    Deliver(DeliverJob),
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
    /// Take an item apart.
    Disassemble(DisassembleJob),
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
    /// Loading.
    Load,
    /// Delivery.
    Deliver,
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
    /// Taking apart.
    Disassemble,
}

impl JobKind {
    /// All there are.
    pub const ALL: [Self; 13] = [
        Self::Receive,
        Self::Putaway,
        Self::Pick,
        Self::Pack,
        Self::Load,
        Self::Deliver,
        Self::Move,
        Self::Replenish,
        Self::Count,
        Self::Restate,
        Self::Return,
        Self::Assemble,
        Self::Disassemble,
    ];

    /// As it is written in files and databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Putaway => "putaway",
            Self::Pick => "pick",
            Self::Pack => "pack",
            Self::Load => "load",
            Self::Deliver => "deliver",
            Self::Move => "move",
            Self::Replenish => "replenish",
            Self::Count => "count",
            Self::Restate => "restate",
            Self::Return => "return",
            Self::Assemble => "assemble",
            Self::Disassemble => "disassemble",
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
    "a kind of work is one of receive, putaway, pick, pack, load, deliver, move, replenish, count, restate, return, assemble, disassemble"
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
                let mut lines: Vec<&PickLine> = job.lines().collect();
                lines.sort_by_key(|line| line.sequence);
                let drops = job.orders.iter().map(PickOrder::goal);
                lines.iter().map(|line| &line.bin).chain(drops).collect()
            }
            Self::Pack(job) => vec![&job.bench],
            Self::Load(job) => vec![&job.shipment.door],
            Self::Move(MoveJob { lines }) | Self::Replenish(MoveJob { lines }) => lines
                .iter()
                .flat_map(|line| [&line.from, &line.to])
                .collect(),
            Self::Count(job) => job.bins.iter().map(|bin| &bin.bin).collect(),
            Self::Assemble(job) => {
                let from = job.components.iter().map(|line| &line.from);
                from.chain(std::iter::once(&job.to)).collect()
            }
            Self::Disassemble(job) => {
                let from = job.products.iter().map(|line| &line.from);
                from.chain(std::iter::once(&job.to)).collect()
            }
            Self::Restate(_) | Self::Return(_) | Self::Deliver(_) => Vec::new(),
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Receive(_) => JobKind::Receive,
            Self::Putaway(_) => JobKind::Putaway,
            Self::Pick(_) => JobKind::Pick,
            Self::Pack(_) => JobKind::Pack,
            Self::Load(_) => JobKind::Load,
            Self::Deliver(_) => JobKind::Deliver,
            Self::Move(_) => JobKind::Move,
            Self::Replenish(_) => JobKind::Replenish,
            Self::Count(_) => JobKind::Count,
            Self::Restate(_) => JobKind::Restate,
            Self::Return(_) => JobKind::Return,
            Self::Assemble(_) => JobKind::Assemble,
            Self::Disassemble(_) => JobKind::Disassemble,
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
    /// What was weighed of it while picking, in grams.
    #[serde(default)]
    pub weighed_g: u64,
    /// The totes in which it was brought.
    #[serde(default)]
    pub totes: Vec<ToteCode>,
    /// The only picking whose goods it packs, where the rest of the order was packed before; any of the order if empty.
    #[serde(default)]
    pub only: Vec<TaskId>,
    /// Whom it goes to, and in which cartons.
    #[serde(default)]
    pub how: Packing,
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
        self.after().is_empty()
    }

    /// Whether it can be begun even so: picking can, where the totes of the zone before stand in front of the worker,
    /// whatever was heard of it.
    pub fn can_begin(&self) -> bool {
        self.is_ready() || matches!(self.job, Job::Pick(_))
    }

    /// The tasks that must be finished first.
    pub fn after(&self) -> &[TaskId] {
        match &self.job {
            Job::Pack(job) => &job.after,
            Job::Load(job) => &job.after,
            Job::Deliver(job) => &job.after,
            Job::Pick(job) => &job.after,
            Job::Receive(_)
            | Job::Putaway(_)
            | Job::Move(_)
            | Job::Replenish(_)
            | Job::Count(_)
            | Job::Restate(_)
            | Job::Return(_)
            | Job::Assemble(_)
            | Job::Disassemble(_) => &[],
        }
    }

    /// The order it belongs to, if it belongs to one.
    pub const fn order(&self) -> Option<&OrderCode> {
        match &self.job {
            Job::Receive(job) => job.order.as_ref(),
            Job::Putaway(job) => Some(&job.order),
            Job::Pick(job) => match job.orders.as_slice() {
                [one] => Some(&one.order),
                _ => None,
            },
            Job::Pack(job) => Some(&job.order),
            Job::Load(job) => Some(&job.shipment.code),
            Job::Deliver(job) => Some(&job.shipment.code),
            Job::Return(job) => job.order.as_ref(),
            Job::Assemble(job) => Some(&job.order),
            Job::Disassemble(job) => Some(&job.order),
            Job::Move(_) | Job::Replenish(_) | Job::Count(_) | Job::Restate(_) => None,
        }
    }

    /// The orders it is for.
    pub fn orders(&self) -> Vec<&OrderCode> {
        match &self.job {
            Job::Pick(job) => job.orders.iter().map(|order| &order.order).collect(),
            _ => self.order().into_iter().collect(),
        }
    }

    /// Whether it is for this order, alone or among others.
    pub fn is_for(&self, code: &OrderCode) -> bool {
        self.orders().contains(&code)
    }

    /// What people call it: its order, else its own name.
    pub fn title(&self) -> &str {
        self.order().map_or(self.id.as_str(), OrderCode::as_str)
    }

    /// The same, with the zone where an order is picked in several.
    pub fn part(&self) -> SafeText {
        let zone = match &self.job {
            // A cart's name says its zone itself.
            Job::Pick(job) if job.orders.len() == 1 => job.orders[0].leg.as_ref(),
            _ => None,
        };
        let title = self.title();
        zone.map_or_else(
            || SafeText::new(title),
            |leg| SafeText::new(&format!("{title} {}", leg.zone)),
        )
    }

    /// What this task learns from a fact of another task: packing learns what was brought to its bench
    /// and that the picking it waited for is done. Facts of the task itself change nothing here.
    pub fn learn(&mut self, task: Option<&TaskId>, fact: &Fact) {
        let job = match &mut self.job {
            Job::Pack(job) => job,
            Job::Load(job) => return job.learn(task, fact),
            Job::Deliver(job) => return job.learn(task, fact),
            Job::Pick(job) => return job.learn(task, fact),
            Job::Receive(_)
            | Job::Putaway(_)
            | Job::Move(_)
            | Job::Replenish(_)
            | Job::Count(_)
            | Job::Restate(_)
            | Job::Return(_)
            | Job::Assemble(_)
            | Job::Disassemble(_) => return,
        };
        if !job.only.is_empty() && !task.is_some_and(|task| job.only.contains(task)) {
            return;
        }
        match fact {
            Fact::TaskFinished => job.after.retain(|waited| Some(waited) != task),
            Fact::Dropped { order, goods, .. } if *order == job.order => job.come(goods),
            Fact::Substituted { order, by, .. } if *order == job.order => {
                job.pack_too(&by.item, &by.barcodes, by.quantity);
            }
            Fact::Weighed { order, grams, .. } if *order == job.order => {
                job.weighed_g = job.weighed_g.saturating_add(*grams);
            }
            Fact::Undone { what, .. } => match &**what {
                Fact::TaskFinished => job.after.extend(task.cloned()),
                Fact::Dropped { order, goods, .. } if *order == job.order => job.gone(goods),
                Fact::Substituted { order, by, .. } if *order == job.order => {
                    job.pack_too(&by.item, &by.barcodes, Quantity::ZERO.minus(by.quantity));
                }
                Fact::Weighed { order, grams, .. } if *order == job.order => {
                    job.weighed_g = job.weighed_g.saturating_sub(*grams);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// Packing lines of what an order did not name itself are numbered from here on.
const UNNAMED: LineNo = 100_000;

impl PackJob {
    /// So much more of an item is packed: on its line if it has one, else under a number of its own. Less than nothing: less.
    pub fn pack_too(&mut self, item: &Item, barcodes: &[Barcode], quantity: Quantity) {
        let last = self.lines.iter().map(|line| line.line).max().unwrap_or(0);
        match self
            .lines
            .iter_mut()
            .find(|line| line.item.code == item.code)
        {
            Some(line) => line.wanted = line.wanted.plus(quantity),
            None => self.lines.push(PackLine {
                line: last.max(UNNAMED).saturating_add(1),
                item: item.clone(),
                barcodes: barcodes.to_vec(),
                wanted: quantity,
                picked: Vec::new(),
            }),
        }
        let nothing = |line: &PackLine| !line.wanted.is_positive() && line.picked.is_empty();
        self.lines
            .retain(|line| line.line <= UNNAMED || !nothing(line));
    }

    fn come(&mut self, goods: &[(Goods, Quantity, Place)]) {
        for (goods, quantity, from) in goods {
            self.brought(goods, *quantity);
            if let Place::Tote(tote) = from
                && !self.totes.contains(tote)
            {
                self.totes.push(tote.clone());
            }
        }
    }

    fn gone(&mut self, goods: &[(Goods, Quantity, Place)]) {
        for (goods, quantity, from) in goods {
            self.brought(goods, Quantity::ZERO.minus(*quantity));
            self.totes
                .retain(|tote| !matches!(from, Place::Tote(gone) if gone == tote));
        }
    }

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
            weighed_g: 0,
            totes: Vec::new(),
            only: Vec::new(),
            how: super::super::Packing::default(),
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
