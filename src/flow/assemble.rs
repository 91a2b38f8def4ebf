//! Making an item of others. Fetch each component and scan its lot; then name the lot that was made, key how many if it is
//! another number than wanted, and scan the bin where it is put. What was fetched is used up.

use super::act::Act;
use super::hand;
use super::haul::{Haul, Step as HaulStep};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{AssembleJob, Barcode, BinCode, Fact, Goods, MoveJob, Place, Quantity};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Components.
    Fetch,
    /// The lot of what is made.
    NameLot,
    /// The bin where it is put.
    PutInto,
    /// The end of a walk that found nothing.
    Return,
    /// Nothing more.
    Done,
}

/// Making for one order.
#[derive(Clone, Debug)]
pub struct Assemble {
    job: AssembleJob,
    haul: Haul,
    consumed: Vec<(Goods, Quantity, Place)>,
    made: Goods,
    done: bool,
}

impl Assemble {
    /// The work at its beginning. `carrier` is who or what carries the components.
    pub fn new(job: AssembleJob, carrier: Place) -> Self {
        let lines = job.components.clone();
        let made = Goods {
            lot: job.lot.clone(),
            expiry: job.expiry,
            ..Goods::of(job.product.code.clone())
        };
        Self {
            haul: Haul::collecting(MoveJob { lines }, carrier),
            job,
            consumed: Vec::new(),
            made,
            done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match self.haul.step() {
            _ if self.done => Step::Done,
            HaulStep::GoToBin(_) | HaulStep::TakeGoods(_) => Step::Fetch,
            HaulStep::Return | HaulStep::Done => Step::Return,
            HaulStep::PutInto(_) if self.job.product.tracking.lot && self.made.lot.is_none() => {
                Step::NameLot
            }
            HaulStep::PutInto(_) => Step::PutInto,
        }
    }

    /// Whether this scan has to be looked up.
    pub fn asks(&self, scan: &Scan) -> bool {
        match (self.step(), scan) {
            (Step::PutInto, Scan::Bin(_)) | (Step::NameLot, Scan::Code(_)) => true,
            (Step::Fetch, scan) => self.haul.asks(scan),
            _ => false,
        }
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::Done, _) => Err(Refusal::AllDone),
            (Step::Fetch, act) => {
                let mut facts = self.haul.decide(act)?;
                // What is fetched short still is to be made of; only its end is decided here.
                facts.retain(|fact| *fact != Fact::TaskFinished);
                Ok(facts)
            }
            (Step::NameLot, Act::Known { scan, known, .. }) => match (scan, &**known) {
                (Scan::Code(text), crate::warehouse::Known::Nothing) => {
                    let lot = text.as_str().parse().ok();
                    let lot = lot.ok_or_else(|| Refusal::NotNow(Said::of(scan)))?;
                    Ok(vec![self.named(Goods {
                        lot: Some(lot),
                        ..self.made.clone()
                    })])
                }
                _ => Err(Refusal::NotNow(Said::of(scan))),
            },
            (Step::NameLot, Act::Scanned(Scan::Goods(label))) if label.lot.is_some() => {
                let expiry = label.expiry.filter(|_| self.job.product.tracking.expiry);
                Ok(vec![self.named(Goods {
                    lot: label.lot.clone(),
                    expiry: expiry.or(self.made.expiry),
                    ..self.made.clone()
                })])
            }
            (
                Step::PutInto,
                Act::Known {
                    scan,
                    known,
                    total,
                    insisted,
                },
            ) => {
                let bin = hand::bin(scan, known, *insisted)?;
                self.put(&bin.code, *total)
            }
            (Step::PutInto, Act::Counted { .. } | Act::Agreed) => Err(Refusal::BinFirst {
                wanted: self.job.to.clone(),
            }),
            (Step::Return, Act::Agreed) => Ok(vec![Fact::TaskFinished]),
            (Step::NameLot | Step::PutInto | Step::Return, Act::Scanned(scan)) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
            (Step::NameLot | Step::PutInto | Step::Return, _) => Err(Refusal::NotHere),
        }
    }

    fn named(&self, goods: Goods) -> Fact {
        let item = &self.job.product;
        Fact::GoodsNamed {
            item: Box::new(item.clone()),
            barcode: Barcode {
                code: item.code.as_str().into(),
                item: item.code.clone(),
                holds: Quantity::ONE,
            },
            goods,
            quantity: self.job.quantity,
            total: true,
        }
    }

    fn put(&self, bin: &BinCode, made: Option<Quantity>) -> Result<Vec<Fact>, Refusal> {
        if *bin != self.job.to {
            return Err(Refusal::WrongBin {
                said: bin.clone(),
                wanted: self.job.to.clone(),
            });
        }
        let quantity = made.unwrap_or(self.job.quantity);
        if !quantity.is_positive() {
            return Err(Refusal::Nothing);
        }
        if quantity > self.job.quantity {
            return Err(Refusal::TooMany {
                said: quantity,
                left: self.job.quantity,
            });
        }
        Ok(vec![
            Fact::Assembled {
                order: self.job.order.clone(),
                product: self.made.clone(),
                quantity,
                bin: bin.clone(),
                consumed: self.consumed.clone(),
            },
            Fact::TaskFinished,
        ])
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::GoodsNamed { goods, .. } if goods.item == self.made.item => {
                self.made = goods.clone();
            }
            Fact::Taken {
                goods,
                quantity,
                into,
                ..
            } => {
                let same = |(had, _, carrier): &&mut (Goods, Quantity, Place)| {
                    carrier == into && super::named::same(had, goods)
                };
                match self.consumed.iter_mut().find(same) {
                    Some((_, sum, _)) => *sum = sum.plus(*quantity),
                    None => self.consumed.push((goods.clone(), *quantity, into.clone())),
                }
            }
            Fact::TaskFinished => self.done = true,
            _ => {}
        }
        self.haul.apply(fact);
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let none: &[Choice] = &[];
        let ask = match self.step() {
            Step::Fetch => return self.haul.prompt(),
            Step::NameLot => Ask::NameLot,
            Step::PutInto => Ask::MakeInto(&self.job.to),
            Step::Return => Ask::NothingPicked,
            Step::Done => Ask::Done,
        };
        let is_open = matches!(self.step(), Step::NameLot | Step::PutInto);
        let lines = self.job.components.len();
        Prompt {
            ask,
            line: None,
            item: Some(&self.job.product).filter(|_| is_open),
            goods: Some(self.made.clone()).filter(|_| is_open),
            count: Some((self.job.quantity, self.job.quantity)).filter(|_| is_open),
            lines: (lines, lines),
            tote: None,
            takes_number: self.step() == Step::PutInto,
            choices: none,
        }
    }
}
