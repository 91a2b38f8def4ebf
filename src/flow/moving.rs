//! Moving of one's own. A pallet: scan its label, scan the bin where it goes. Loose goods: scan the bin, the goods, the other
//! bin. All of a bin: scan it twice. What was taken is in the worker's hands by the book until it is put down.

use super::act::Act;
use super::hand::{self, Found, Hand, Held};
use super::named::{Missing, Names};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{BinCode, Fact, Known, LineNo, Place, Quantity};

/// What is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A pallet, or the bin to take from.
    Start,
    /// Goods or a pallet out of this bin, or the same bin again for all of it.
    TakeGoods(BinCode),
    /// What the last label left out.
    Complete(Missing),
    /// The bin where it goes.
    PutDown,
    /// Nothing more.
    Done,
}

/// Moving of what a worker chooses.
#[derive(Clone, Debug)]
pub struct Moving {
    carrier: Place,
    names: Names,
    at: Option<BinCode>,
    hand: Hand,
    line: LineNo,
    put: usize,
    done: bool,
}

impl Moving {
    /// The work at its beginning. `carrier` is who or what carries the goods.
    pub fn new(carrier: Place) -> Self {
        Self {
            carrier,
            names: Names::default(),
            at: None,
            hand: Hand::default(),
            line: 1,
            put: 0,
            done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match (&self.at, self.names.part()) {
            _ if self.done => Step::Done,
            (Some(_), Some((part, _))) => Step::Complete(part.missing.unwrap_or(Missing::Lot)),
            _ if !self.hand.0.is_empty() => Step::PutDown,
            (Some(bin), None) => Step::TakeGoods(bin.clone()),
            (None, _) => Step::Start,
        }
    }

    /// Whether this scan has to be looked up.
    pub fn asks(&self, scan: &Scan) -> bool {
        !self.done && self.names.asks(scan, self.at.is_some())
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::Done, _) => Err(Refusal::AllDone),
            (
                _,
                Act::Known {
                    scan,
                    known,
                    total,
                    insisted,
                },
            ) => self.known(scan, known, *total, *insisted),
            (Step::Complete(_), Act::Scanned(scan)) => self.goods(scan, None, None, false),
            (
                Step::Start,
                Act::Scanned(Scan::Goods(_) | Scan::Code(_)) | Act::Agreed | Act::Counted { .. },
            ) => Err(Refusal::WhereFirst),
            (_, Act::Scanned(scan)) => Err(Refusal::NotNow(Said::of(scan))),
            (Step::Start, Act::Chose(Choice::Finish, _)) => Ok(vec![Fact::TaskFinished]),
            (Step::TakeGoods(_), Act::Agreed | Act::Counted { .. }) => Err(Refusal::GoodsFirst),
            (Step::PutDown, Act::Counted { total, .. }) => {
                Ok(vec![self.taken(self.hand.keyed(*total)?)])
            }
            (Step::PutDown, Act::Agreed) => Err(Refusal::WhereTo),
            (Step::Start | Step::TakeGoods(_) | Step::Complete(_) | Step::PutDown, _) => {
                Err(Refusal::NotHere)
            }
        }
    }

    fn known(
        &self,
        scan: &Scan,
        known: &Known,
        total: Option<Quantity>,
        insisted: bool,
    ) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), scan, known) {
            (Step::Complete(_), ..) => self.goods(scan, Some(known), total, insisted),
            (Step::PutDown, Scan::Bin(_), _) => {
                let bin = hand::bin(scan, known, insisted)?;
                self.put_down(&bin.code, total)
            }
            (Step::TakeGoods(at), Scan::Bin(said), Known::Bin { bin, stock }) if *said == at => {
                Ok(self.taken_all(hand::all_in(bin, stock)?))
            }
            (Step::Start | Step::TakeGoods(_), Scan::Bin(_), _) => {
                let bin = hand::bin(scan, known, insisted)?;
                Ok(vec![Fact::BinConfirmed {
                    line: self.line,
                    bin: bin.code.clone(),
                    reason: None,
                }])
            }
            (Step::PutDown, Scan::Plate(_), _) => Err(Refusal::WhereTo),
            (Step::Start | Step::TakeGoods(_), Scan::Plate(_), Known::Load { stock }) => {
                let held = hand::plate(scan, stock, self.at.as_ref(), insisted)?;
                Ok(self.taken_all(held))
            }
            (Step::TakeGoods(_) | Step::PutDown, Scan::Goods(_) | Scan::Code(_), _) => {
                self.goods(scan, Some(known), total, insisted)
            }
            _ => Err(Refusal::NotKnown(Said::of(scan))),
        }
    }

    fn goods(
        &self,
        scan: &Scan,
        known: Option<&Known>,
        total: Option<Quantity>,
        insisted: bool,
    ) -> Result<Vec<Fact>, Refusal> {
        let bin = self.at.as_ref().ok_or(Refusal::WhereFirst)?;
        let Found { name, held } =
            self.hand
                .goods(&self.names, bin, scan, known, (total, insisted))?;
        Ok(name.into_iter().chain(self.taken_all(held)).collect())
    }

    fn taken_all(&self, held: Vec<Held>) -> Vec<Fact> {
        held.into_iter().map(|held| self.taken(held)).collect()
    }

    fn taken(&self, held: Held) -> Fact {
        Fact::Taken {
            line: self.line,
            goods: held.goods,
            quantity: held.quantity,
            plate: held.plate,
            status: held.status,
            from: held.bin,
            into: self.carrier.clone(),
        }
    }

    /// All that is in hand; or so many of it, if it is one thing.
    fn put_down(&self, bin: &BinCode, total: Option<Quantity>) -> Result<Vec<Fact>, Refusal> {
        let hand = &self.hand.0;
        if let (Some(total), [held]) = (total, &hand[..]) {
            if !total.is_positive() {
                return Err(Refusal::Nothing);
            }
            if total > held.quantity {
                return Err(Refusal::TooMany {
                    said: total,
                    left: held.quantity,
                });
            }
        } else if total.is_some() {
            return Err(Refusal::ScanEach);
        }
        let put = |held: &Held| Fact::Put {
            line: self.line,
            goods: held.goods.clone(),
            quantity: total.unwrap_or(held.quantity),
            plate: held.plate,
            status: held.status,
            from: self.carrier.clone(),
            to: bin.clone(),
            reason: None,
        };
        Ok(hand.iter().map(put).collect())
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        self.names.apply(fact);
        match fact {
            Fact::BinConfirmed { bin, .. } => self.at = Some(bin.clone()),
            Fact::Taken {
                goods,
                quantity,
                plate,
                status,
                from,
                into,
                ..
            } => {
                // Who goes on with it carries it.
                self.carrier = into.clone();
                self.hand.add(Held {
                    bin: from.clone(),
                    plate: *plate,
                    status: *status,
                    goods: goods.clone(),
                    quantity: *quantity,
                });
            }
            Fact::Put {
                goods,
                quantity,
                plate,
                ..
            } => {
                self.hand.take_off(goods, *plate, *quantity);
                if self.hand.0.is_empty() {
                    self.at = None;
                    self.line += 1;
                    self.put += 1;
                }
            }
            Fact::TaskFinished => self.done = true,
            _ => {}
        }
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let hand = &self.hand.0;
        let (ask, choices): (_, &[Choice]) = match (self.step(), &self.at) {
            (Step::Done, _) => (Ask::Done, &[]),
            (Step::Complete(missing), _) => (Ask::Complete(missing), &[]),
            (Step::PutDown, _) => (Ask::Bring(hand), &[]),
            (Step::TakeGoods(_), Some(bin)) => (Ask::TakeAny(bin), &[]),
            (Step::TakeGoods(_) | Step::Start, _) => (Ask::ScanToMove, &[Choice::Finish]),
        };
        let last = self.hand.last().map(|held| &held.goods);
        let (part, named) = self.names.part().unzip();
        let item = last.and_then(|goods| self.names.item(&goods.item));
        Prompt {
            ask,
            line: None,
            item: named.flatten().or(item),
            goods: part.map(|part| &part.goods).or(last).cloned(),
            count: None,
            lines: (self.put, 0),
            tote: None,
            takes_number: matches!(self.step(), Step::TakeGoods(_) | Step::PutDown),
            choices,
        }
    }
}
