//! Taking apart. Fetch what is taken apart; scan each part that comes out of it, with its lot, and say how many; what cannot be
//! used again is given up with a reason; then scan the bin where the parts are put. One lot after the other.

use super::act::Act;
use super::hand;
use super::haul::{Haul, Step as HaulStep};
use super::named::{self, Missing, Named, Names};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{
    BinCode, DisassembleJob, Fact, Goods, Known, MoveJob, PartLine, Place, Quantity, Reason, Status,
};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What is to be taken apart.
    Fetch,
    /// A part; the first of which something is still to come, by its place in the list.
    Part(usize),
    /// What the last label left out.
    Complete(Missing),
    /// The bin where the parts are put.
    PutInto,
    /// The end of a walk that found nothing.
    Return,
    /// Nothing more.
    Done,
}

/// Taking apart for one order.
#[derive(Clone, Debug)]
pub struct Disassemble {
    job: DisassembleJob,
    haul: Haul,
    names: Names,
    /// What was fetched and is still whole: each lot with who or what carries it.
    whole: Vec<(Goods, Quantity, Place)>,
    /// What came out of the first of it.
    parts: Vec<(Goods, Quantity)>,
    /// What should have come out of the first of it and did not.
    lost: Vec<(Goods, Quantity)>,
    /// Parts with serials that came out before.
    before: Vec<Goods>,
    done: bool,
}

impl Disassemble {
    /// The work at its beginning. `carrier` is who or what carries what is fetched.
    pub fn new(job: DisassembleJob, carrier: Place) -> Self {
        let lines = job.products.clone();
        let items = job.parts.iter();
        let items = items.map(|part| (part.item.clone(), part.barcodes.clone()));
        Self {
            haul: Haul::collecting(MoveJob { lines }, carrier),
            names: Names::new(items.collect()),
            job,
            whole: Vec::new(),
            parts: Vec::new(),
            lost: Vec::new(),
            before: Vec::new(),
            done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match (self.haul.step(), self.names.part()) {
            _ if self.done => Step::Done,
            (HaulStep::GoToBin(_) | HaulStep::TakeGoods(_), _) => Step::Fetch,
            _ if self.whole.is_empty() => Step::Return,
            (_, Some((part, _))) => Step::Complete(part.missing.unwrap_or(Missing::Lot)),
            _ => match (0..self.job.parts.len()).find(|&part| self.left(part).is_positive()) {
                Some(part) => Step::Part(part),
                None => Step::PutInto,
            },
        }
    }

    /// What should come of a part out of what is taken apart now.
    fn wanted(&self, part: usize) -> Quantity {
        let whole = self.whole.first();
        whole.map_or(Quantity::ZERO, |(_, quantity, _)| {
            self.job.parts[part].of_one.for_all(*quantity)
        })
    }

    fn came(&self, part: usize) -> Quantity {
        let item = &self.job.parts[part].item.code;
        let all = self.parts.iter().chain(&self.lost);
        let of_it = all.filter(|(goods, _)| goods.item == *item);
        of_it.map(|(_, quantity)| *quantity).sum()
    }

    fn left(&self, part: usize) -> Quantity {
        self.wanted(part).minus(self.came(part))
    }

    /// Whether this scan has to be looked up.
    pub fn asks(&self, scan: &Scan) -> bool {
        match (self.step(), scan) {
            (Step::Fetch, scan) => self.haul.asks(scan),
            (Step::PutInto, Scan::Bin(_)) => true,
            (Step::Part(_) | Step::Complete(_), Scan::Goods(_) | Scan::Code(_)) => {
                !self.names.knows(scan)
            }
            _ => false,
        }
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::Done, _) => Err(Refusal::AllDone),
            (Step::Fetch, act) => {
                let mut facts = self.haul.decide(act)?;
                // What is fetched short still is to be taken apart; only its end is decided here.
                facts.retain(|fact| *fact != Fact::TaskFinished);
                Ok(facts)
            }
            (
                Step::Part(_) | Step::Complete(_),
                Act::Known {
                    scan, known, total, ..
                },
            ) => self.scanned(scan, Some(known), *total),
            (Step::Part(_) | Step::Complete(_), Act::Scanned(scan)) => {
                self.scanned(scan, None, None)
            }
            (
                Step::Part(_),
                Act::Counted {
                    total,
                    label: Some(label),
                    ..
                },
            ) => self.scanned(&Scan::Goods(label.clone()), None, Some(*total)),
            (Step::Part(_), Act::Counted { label: None, .. } | Act::Agreed) => {
                Err(Refusal::GoodsFirst)
            }
            (Step::Part(part), Act::FellShort(reason)) => Ok(self.give_up(part, *reason)),
            (
                Step::PutInto,
                Act::Known {
                    scan,
                    known,
                    insisted,
                    ..
                },
            ) => {
                let bin = hand::bin(scan, known, *insisted)?;
                if bin.code != self.job.to {
                    return Err(Refusal::WrongBin {
                        said: bin.code.clone(),
                        wanted: self.job.to.clone(),
                    });
                }
                Ok(self.put(&bin.code, None))
            }
            (Step::PutInto, Act::ChoseBin { bin, reason }) => Ok(self.put(bin, Some(*reason))),
            (Step::PutInto, Act::Counted { .. } | Act::Agreed) => Err(Refusal::BinFirst {
                wanted: self.job.to.clone(),
            }),
            (Step::Return, Act::Agreed) => Ok(vec![Fact::TaskFinished]),
            (Step::PutInto | Step::Return, Act::Scanned(scan)) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
            (Step::Part(_) | Step::Complete(_) | Step::PutInto | Step::Return, _) => {
                Err(Refusal::NotHere)
            }
        }
    }

    fn scanned(
        &self,
        scan: &Scan,
        known: Option<&Known>,
        total: Option<Quantity>,
    ) -> Result<Vec<Fact>, Refusal> {
        if !matches!(scan, Scan::Goods(_) | Scan::Code(_)) {
            return Err(Refusal::NotNow(Said::of(scan)));
        }
        let mut named = match self.names.read(scan, known, total) {
            Err(Refusal::NotKnown(said)) => return Err(Refusal::NotInWork(said)),
            named => named?,
        };
        let part = self
            .part(&named.goods)
            .ok_or_else(|| Refusal::NotInWork(Said::of(scan)))?;
        self.made_of(&self.job.parts[part], &mut named);
        if named.missing.is_some() {
            return Ok(named.fact.into_iter().collect());
        }
        self.add(part, named)
    }

    fn part(&self, goods: &Goods) -> Option<usize> {
        let mut parts = self.job.parts.iter();
        parts.position(|part| part.item.code == goods.item)
    }

    /// A part without a lot on it is of the lot that went into the product, where that is known.
    fn made_of(&self, part: &PartLine, named: &mut Named) {
        let product = self.whole.first().map(|(product, ..)| product);
        if named.missing == Some(Missing::Lot)
            && named.goods.serial.is_none()
            && !part.item.tracking.serial
            && let Some(only) = product.and_then(|product| part.only_lot(product))
        {
            named.goods.lot.clone_from(&only.lot);
            named.goods.expiry = named.goods.expiry.or(only.expiry);
            named.missing = None;
        }
    }

    fn add(&self, part: usize, named: Named) -> Result<Vec<Fact>, Refusal> {
        let line = &self.job.parts[part];
        let same = |goods: &Goods| named::same(goods, &named.goods);
        if let Some(serial) = &named.goods.serial
            && (self.before.iter().any(same) || self.parts.iter().any(|(goods, _)| same(goods)))
        {
            return Err(Refusal::SerialTwice(serial.clone()));
        }
        let had = self.parts.iter().filter(|(goods, _)| same(goods));
        let quantity = named::more(&named, had.map(|(_, quantity)| *quantity).sum())?;
        let left = self.left(part);
        if !left.is_positive() {
            return Err(Refusal::AllPacked(line.item.code.clone()));
        }
        if quantity > left {
            return Err(Refusal::TooMany {
                said: quantity,
                left,
            });
        }
        Ok(vec![Fact::Tallied {
            line: line.line,
            bin: self.job.to.clone(),
            plate: None,
            status: Status::Available,
            goods: named.goods,
            quantity,
        }])
    }

    /// What is left of a part cannot be used again. Where nothing else came out, that was all.
    fn give_up(&self, part: usize, reason: Reason) -> Vec<Fact> {
        let line = &self.job.parts[part];
        let lost = Fact::PartLost {
            line: line.line,
            item: line.item.code.clone(),
            quantity: self.left(part),
            reason,
        };
        let mut after = self.clone();
        after.apply(&lost);
        let mut facts = vec![lost];
        if after.step() == Step::PutInto && after.parts.is_empty() {
            facts.extend(after.put(&self.job.to, None));
        }
        facts
    }

    fn put(&self, bin: &BinCode, reason: Option<Reason>) -> Vec<Fact> {
        let Some((product, quantity, from)) = self.whole.first().cloned() else {
            return Vec::new();
        };
        let part = |(goods, quantity): &(Goods, Quantity)| (goods.clone(), *quantity, bin.clone());
        let apart = Fact::Disassembled {
            order: self.job.order.clone(),
            product,
            quantity,
            from,
            parts: self.parts.iter().map(part).collect(),
            lost: self.lost.clone(),
            reason,
        };
        let is_last = self.whole.len() == 1;
        std::iter::once(apart)
            .chain(is_last.then_some(Fact::TaskFinished))
            .collect()
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        self.names.apply(fact);
        match fact {
            Fact::Taken {
                goods,
                quantity,
                into,
                ..
            } => {
                let same = |(had, _, carrier): &&mut (Goods, Quantity, Place)| {
                    carrier == into && named::same(had, goods)
                };
                match self.whole.iter_mut().find(same) {
                    Some((_, sum, _)) => *sum = sum.plus(*quantity),
                    None => self.whole.push((goods.clone(), *quantity, into.clone())),
                }
            }
            Fact::Tallied {
                goods, quantity, ..
            } => named::add(&mut self.parts, goods, *quantity),
            Fact::PartLost { item, quantity, .. } => {
                named::add(&mut self.lost, &Goods::of(item.clone()), *quantity);
            }
            Fact::Disassembled { product, from, .. } => {
                self.whole.retain(|(goods, _, carrier)| {
                    !(named::same(goods, product) && carrier == from)
                });
                let serials = self.parts.drain(..).map(|(goods, _)| goods);
                self.before
                    .extend(serials.filter(|goods| goods.serial.is_some()));
                self.lost.clear();
            }
            Fact::TaskFinished => self.done = true,
            _ => {}
        }
        self.haul.apply(fact);
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let whole = self.whole.first().map(|(product, ..)| product);
        let (ask, choices): (_, &[Choice]) = match (self.step(), whole) {
            (Step::Fetch, _) => return self.haul.prompt(),
            (Step::Part(_), Some(whole)) => (Ask::TakeApart(whole), &[Choice::Short]),
            (Step::Complete(missing), _) => (Ask::Complete(missing), &[]),
            (Step::PutInto, _) => (Ask::PutParts(&self.job.to), &[Choice::OtherBin]),
            (Step::Return | Step::Part(_), _) => (Ask::NothingPicked, &[]),
            (Step::Done, _) => (Ask::Done, &[]),
        };
        let part = match self.step() {
            Step::Part(part) => Some(part),
            _ => None,
        };
        let (named, item) = self.names.part().unzip();
        let all = self.job.parts.len();
        let open = (0..all)
            .filter(|&part| self.left(part).is_positive())
            .count();
        Prompt {
            ask,
            line: part.map(|part| self.job.parts[part].line),
            item: item
                .flatten()
                .or_else(|| part.map(|part| &self.job.parts[part].item)),
            goods: named.map(|named| named.goods.clone()),
            count: part.map(|part| (self.came(part), self.wanted(part))),
            lines: (all - open, all),
            tote: None,
            takes_number: part.is_some(),
            choices,
        }
    }
}
