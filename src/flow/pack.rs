//! Packing. Scan each picked unit into the carton; what does not belong is refused. Close the carton with a license plate;
//! when all is in closed cartons the order is packed. Where the warehouse says so, each carton is taken by its kind first and
//! weighed last.

use super::act::Act;
use super::carton::{Closed, Plan};
use super::goods::{self, Demand};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use super::sweep::Expected;
use crate::scan::{Label, Scan};
use crate::warehouse::{
    CartonCode, Fact, Goods, JobKind, LineNo, PackJob, PackLine, Quantity, Reason, Sscc,
};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An empty carton.
    Take,
    /// A unit for the open carton.
    Fill,
    /// The license plate of the open carton: all is in.
    Close,
    /// The weight of the carton that was just closed.
    Weigh,
    /// Whether its weight, which is not what it should be, is right.
    CheckWeight,
    /// The end of an order of which nothing was picked.
    Return,
    /// Nothing more.
    Done,
}

/// Packing of one order.
#[derive(Clone, Debug)]
pub struct Pack {
    pub(super) job: PackJob,
    packed: Vec<Vec<(Goods, Quantity)>>,
    missing: Vec<Quantity>,
    pub(super) carton: u32,
    pub(super) inside: Vec<(usize, Goods, Quantity)>,
    pub(super) used: Vec<Sscc>,
    /// The kind of the open carton, once it was taken.
    pub(super) kind: Option<CartonCode>,
    pub(super) plan: Plan,
    /// The carton that is closed and not weighed yet.
    pub(super) closed: Option<Closed>,
    step: Step,
}

impl Pack {
    /// The work at its beginning.
    pub fn new(job: PackJob) -> Self {
        let packed = vec![Vec::new(); job.lines.len()];
        let missing = vec![Quantity::ZERO; job.lines.len()];
        let mut pack = Self {
            job,
            packed,
            missing,
            carton: 1,
            inside: Vec::new(),
            used: Vec::new(),
            kind: None,
            plan: Plan::default(),
            closed: None,
            step: Step::Fill,
        };
        pack.go_on();
        pack
    }

    /// What is awaited.
    pub const fn step(&self) -> Step {
        self.step
    }

    fn go_on(&mut self) {
        self.step = self.next();
        if self.step == Step::Take || self.plan.is_stale(self.kind.as_ref()) {
            self.plan = Plan::of(&self.job, self.kind.as_ref(), |line| self.left(line));
        }
    }

    fn next(&self) -> Step {
        match &self.closed {
            Some(Closed {
                differs: Some(_), ..
            }) => return Step::CheckWeight,
            Some(_) => return Step::Weigh,
            None => {}
        }
        let takes = !self.job.how.cartons.is_empty() && self.kind.is_none();
        match (self.open().next(), self.inside.is_empty()) {
            (Some(_), true) if takes => Step::Take,
            (Some(_), false) if self.is_as_planned() => Step::Close,
            (Some(_), _) => Step::Fill,
            (None, false) => Step::Close,
            (None, true) => Step::Return,
        }
    }

    fn picked(&self, line: usize) -> Quantity {
        self.job.lines[line]
            .picked
            .iter()
            .map(|(_, quantity)| *quantity)
            .sum()
    }

    fn packed(&self, line: usize) -> Quantity {
        self.packed[line]
            .iter()
            .map(|(_, quantity)| *quantity)
            .sum()
    }

    pub(super) fn left(&self, line: usize) -> Quantity {
        self.picked(line)
            .minus(self.packed(line))
            .minus(self.missing[line])
    }

    pub(super) fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.packed.len()).filter(|&line| self.left(line).is_positive())
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step, act) {
            (Step::Take, Act::Agreed) => self.take(None),
            (Step::Take | Step::Fill | Step::Close, Act::Scanned(scan))
                if self.kind_of(scan).is_some() =>
            {
                self.take(self.kind_of(scan))
            }
            (Step::Take, Act::Scanned(scan)) => match scan {
                Scan::Goods(_) | Scan::Code(_) => Err(Refusal::CartonFirst),
                other => Err(Refusal::NotNow(Said::of(other))),
            },
            (Step::Weigh | Step::CheckWeight, Act::Counted { total, .. }) => self.weighed(*total),
            (Step::Weigh, Act::Agreed | Act::Scanned(_)) => Err(Refusal::WeightFirst),
            (Step::CheckWeight, Act::Answered(true)) => self.right(),
            (Step::CheckWeight, Act::Answered(false)) => self.doubted(),
            (Step::CheckWeight, Act::Agreed | Act::Scanned(_)) => Err(Refusal::AnswerFirst),
            (Step::Fill | Step::Close, Act::Scanned(Scan::Plate(sscc))) => self.labelled(*sscc),
            (Step::Fill | Step::Close, Act::Insisted(Scan::Plate(sscc))) => {
                self.closed(Some(*sscc))
            }
            (Step::Fill | Step::Close, Act::Closed(plate)) => self.closed(*plate),
            (Step::Fill | Step::Close, Act::Scanned(scan)) => self.put(scan),
            (Step::Fill, Act::Counted { total, label, .. }) => self.counted(*total, label.as_ref()),
            (Step::Take | Step::Fill, Act::FellShort(reason)) => self.fell_short(*reason),
            (Step::Fill, Act::Agreed) => Err(Refusal::GoodsFirst),
            (Step::Close, Act::Agreed) => self.closed(None),
            (Step::Return, Act::Agreed) => Ok(vec![Fact::TaskFinished]),
            (Step::Return, Act::Scanned(scan)) => Err(Refusal::NotInWork(Said::of(scan))),
            (Step::Done, _) => Err(Refusal::AllDone),
            (
                Step::Take
                | Step::Fill
                | Step::Close
                | Step::Weigh
                | Step::CheckWeight
                | Step::Return,
                Act::Insisted(_)
                | Act::Counted { .. }
                | Act::Answered(_)
                | Act::FellShort(_)
                | Act::ChoseInstead { .. }
                | Act::Skipped
                | Act::Known { .. }
                | Act::Told { .. }
                | Act::Chose(..)
                | Act::ChoseFor(..)
                | Act::ChoseBin { .. }
                | Act::Closed(_)
                | Act::Swept { .. },
            ) => Err(Refusal::NotHere),
        }
    }

    fn put(&self, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        if !matches!(scan, Scan::Goods(_) | Scan::Code(_)) {
            return Err(Refusal::NotNow(Said::of(scan)));
        }
        let of_item =
            |line: &usize| goods::barcode(scan, &self.job.lines[*line].barcodes).is_some();
        let all = 0..self.packed.len();
        let Some(known) = all.clone().find(of_item) else {
            return Err(Refusal::NotInWork(Said::of(scan)));
        };
        let line = self.open().find(of_item).unwrap_or(known);
        let wanted = &self.job.lines[line];
        let whole = Self::complete(wanted, &goods::label(scan));
        let demand = Demand {
            item: &wanted.item,
            barcodes: &wanted.barcodes,
            lot: None,
            serial: None,
        };
        let read = demand.read(&Scan::Goods(whole), true)?;
        self.add(line, &read.goods, read.quantity)
    }

    /// What the label leaves out, where only one lot or serial was picked.
    fn complete(line: &PackLine, label: &Label) -> Label {
        let mut label = label.clone();
        if let [(only, _)] = line.picked.as_slice() {
            label.lot = label.lot.or_else(|| only.lot.clone());
            label.serial = label.serial.or_else(|| only.serial.clone());
        }
        label
    }

    fn add(&self, line: usize, read: &Goods, quantity: Quantity) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.lines[line];
        let same = |had: &Goods| had.lot == read.lot && had.serial == read.serial;
        let Some((goods, picked)) = wanted.picked.iter().find(|(had, _)| same(had)) else {
            return Err(self.not_picked(line, read));
        };
        let packed = self.packed[line]
            .iter()
            .find(|(had, _)| same(had))
            .map_or(Quantity::ZERO, |(_, sum)| *sum);
        if let Some(serial) = read.serial.as_ref().filter(|_| packed.is_positive()) {
            return Err(Refusal::SerialTwice(serial.clone()));
        }
        let left = picked.minus(packed).min(self.left(line));
        if !left.is_positive() {
            return Err(Refusal::AllPacked(wanted.item.code.clone()));
        }
        if quantity > left {
            return Err(Refusal::TooMany {
                said: quantity,
                left,
            });
        }
        Ok(vec![Fact::Packed {
            line: wanted.line,
            order: self.job.order.clone(),
            carton: self.carton,
            goods: goods.clone(),
            quantity,
            from: self.job.bench.clone(),
        }])
    }

    fn not_picked(&self, line: usize, read: &Goods) -> Refusal {
        let first = self.job.lines[line].picked.first().map(|(goods, _)| goods);
        match (first, &read.lot, &read.serial) {
            (
                Some(Goods {
                    serial: Some(wanted),
                    ..
                }),
                _,
                Some(said),
            ) => Refusal::WrongSerial {
                said: said.clone(),
                wanted: wanted.clone(),
            },
            (
                Some(Goods {
                    lot: Some(wanted), ..
                }),
                Some(said),
                _,
            ) if said != wanted => Refusal::WrongLot {
                said: said.clone(),
                wanted: wanted.clone(),
            },
            _ => Refusal::AllPacked(read.item.clone()),
        }
    }

    /// A keyed number is the total of the line, as it stands on the screen; what is more than before is of the last
    /// scanned goods and goes into this carton.
    fn counted(&self, total: Quantity, label: Option<&Label>) -> Result<Vec<Fact>, Refusal> {
        if total.is_zero() {
            return Err(Refusal::Nothing);
        }
        let (line, goods) = match (label, self.inside.last()) {
            (Some(label), _) => self.named(label)?,
            (None, Some((line, goods, _))) => (*line, goods.clone()),
            (None, None) => return Err(Refusal::GoodsFirst),
        };
        if goods.serial.is_some() {
            return Err(Refusal::ScanEach);
        }
        let had = self.packed(line);
        if total <= had {
            return Err(Refusal::FewerThanCounted { counted: had });
        }
        self.add(line, &goods, total.minus(had))
    }

    fn named(&self, label: &Label) -> Result<(usize, Goods), Refusal> {
        let scan = Scan::Goods(label.clone());
        let of_item =
            |line: &usize| goods::barcode(&scan, &self.job.lines[*line].barcodes).is_some();
        let Some(line) = self.open().find(of_item) else {
            return Err(Refusal::NotInWork(Said::of(&scan)));
        };
        let wanted = &self.job.lines[line];
        let demand = Demand {
            item: &wanted.item,
            barcodes: &wanted.barcodes,
            lot: None,
            serial: None,
        };
        let read = demand.goods(&Self::complete(wanted, label), true)?;
        let known = wanted
            .picked
            .iter()
            .map(|(goods, _)| goods)
            .find(|had| had.lot == read.lot && had.serial == read.serial);
        Ok((line, known.cloned().unwrap_or(read)))
    }

    fn fell_short(&self, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let mut facts = Vec::new();
        let line = self.at().or_else(|| self.open().next());
        if let Some(line) = line {
            let wanted = &self.job.lines[line];
            for (goods, picked) in &wanted.picked {
                let packed = self.packed[line]
                    .iter()
                    .find(|(had, _)| had == goods)
                    .map_or(Quantity::ZERO, |(_, sum)| *sum);
                let missing = picked.minus(packed);
                if missing.is_positive() {
                    facts.push(Fact::PackedShort {
                        line: wanted.line,
                        order: self.job.order.clone(),
                        goods: goods.clone(),
                        missing,
                        bin: self.job.bench.clone(),
                        reason,
                    });
                }
            }
        }
        if facts.is_empty() {
            Err(Refusal::NotHere)
        } else {
            Ok(facts)
        }
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Packed {
                line,
                goods,
                quantity,
                ..
            } => {
                let Some(line) = self.index(*line) else {
                    return;
                };
                add_to(&mut self.packed[line], goods, *quantity);
                match self.inside.iter().position(|(_, had, _)| had == goods) {
                    Some(at) => {
                        let (line, goods, sum) = self.inside.remove(at);
                        self.inside.push((line, goods, sum.plus(*quantity)));
                    }
                    None => self.inside.push((line, goods.clone(), *quantity)),
                }
            }
            Fact::PackedShort { line, missing, .. } => {
                let Some(line) = self.index(*line) else {
                    return;
                };
                self.missing[line] = self.missing[line].plus(*missing);
            }
            Fact::CartonBegun { kind, .. } => self.kind = Some(kind.clone()),
            Fact::CartonClosed { sscc, .. } => {
                self.used.push(*sscc);
                if self.job.how.weighing.is_some() {
                    self.closed = Some(Closed::new(self.carton, *sscc, self.expected_g()));
                }
                self.inside.clear();
                self.carton += 1;
                self.kind = None;
            }
            Fact::WeightDiffered {
                weight_g,
                expected_g,
                ..
            } => {
                if let Some(closed) = &mut self.closed {
                    closed.differs = Some((*weight_g, *expected_g));
                }
            }
            Fact::WeightDoubted { .. } => {
                if let Some(closed) = &mut self.closed {
                    closed.differs = None;
                }
            }
            Fact::CartonWeighed { .. } => self.closed = None,
            Fact::TaskFinished => {
                self.step = Step::Done;
                return;
            }
            _ => return,
        }
        self.go_on();
    }

    fn index(&self, line: LineNo) -> Option<usize> {
        self.job.lines.iter().position(|wanted| wanted.line == line)
    }

    /// Whether a unit with a serial is in a carton that is closed.
    fn is_gone(&self, line: usize, goods: &Goods) -> bool {
        let is_packed = self.packed[line].iter().any(|(had, _)| had == goods);
        let is_inside = self.inside.iter().any(|(_, had, _)| had == goods);
        goods.serial.is_some() && is_packed && !is_inside
    }

    /// What tags can tell at this step: what is in the open carton, or goes into it.
    pub(super) fn expected(&self) -> Vec<Expected<'_>> {
        if self.step != Step::Fill {
            return Vec::new();
        }
        let expected = |line: usize| {
            let wanted = &self.job.lines[line];
            let inside = self.inside.iter().filter(|(of, ..)| *of == line);
            let inside: Quantity = inside.map(|(.., quantity)| *quantity).sum();
            Expected {
                line: wanted.line,
                item: &wanted.item,
                plate: None,
                barcodes: &wanted.barcodes,
                goods: wanted
                    .picked
                    .iter()
                    .map(|(goods, _)| goods)
                    .filter(|goods| !self.is_gone(line, goods))
                    .cloned()
                    .collect(),
                gone: self.packed[line]
                    .iter()
                    .map(|(goods, _)| goods)
                    .filter(|goods| self.is_gone(line, goods))
                    .cloned()
                    .collect(),
                wanted: self.left(line).plus(inside),
            }
        };
        (0..self.packed.len())
            .filter(|&line| {
                self.inside.iter().any(|(of, ..)| *of == line) || self.left(line).is_positive()
            })
            .map(expected)
            .collect()
    }

    /// The line on the screen: the one of the last unit, else the first open one.
    fn at(&self) -> Option<usize> {
        match self.step {
            Step::Fill => self
                .inside
                .last()
                .map(|(line, ..)| *line)
                .filter(|&line| self.left(line).is_positive())
                .or_else(|| self.planned().next())
                .or_else(|| self.open().next()),
            Step::Take
            | Step::Close
            | Step::Weigh
            | Step::CheckWeight
            | Step::Return
            | Step::Done => None,
        }
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, choices): (_, &[Choice]) = match self.step {
            Step::Take => (self.asks_carton(), &[Choice::Short]),
            Step::Weigh | Step::CheckWeight => (self.asks_weight(), &[]),
            Step::Fill => (
                Ask::FillCarton(self.carton),
                &[Choice::CloseCarton, Choice::Short],
            ),
            Step::Close => (
                Ask::CloseCarton(self.carton, self.next_plate()),
                &[Choice::CloseCarton],
            ),
            Step::Return => (Ask::NothingPicked, &[]),
            Step::Done => (Ask::Done, &[]),
        };
        let line = self.at();
        let wanted = line.map(|line| &self.job.lines[line]);
        Prompt {
            ask,
            line: wanted.map(|wanted| wanted.line),
            item: wanted.map(|wanted| &wanted.item),
            goods: None,
            count: line.map(|line| (self.packed(line), self.picked(line))),
            lines: (self.packed.len() - self.open().count(), self.packed.len()),
            tote: None,
            takes_number: matches!(self.step, Step::Fill | Step::Weigh),
            choices,
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> JobKind {
        JobKind::Pack
    }
}

fn add_to(sums: &mut Vec<(Goods, Quantity)>, goods: &Goods, quantity: Quantity) {
    match sums.iter_mut().find(|(had, _)| had == goods) {
        Some((_, sum)) => *sum = sum.plus(quantity),
        None => sums.push((goods.clone(), quantity)),
    }
}
