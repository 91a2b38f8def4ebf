//! Judging stock. Scan the pallet, or the bin and the goods; say what becomes of it: kept back, damaged, and for a lead also
//! released or thrown away; say why.

use super::act::Act;
use super::hand::{self, Found, Hand, Held};
use super::named::{Missing, Names};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{BinCode, Fact, Known, LineNo, Quantity, Reason, RestateJob, Status};

/// What is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A pallet, or the bin where it lies.
    Start,
    /// Goods or a pallet in this bin.
    ScanGoods(BinCode),
    /// What the last label left out.
    Complete(Missing),
    /// What becomes of it.
    Judge,
    /// Nothing more.
    Done,
}

/// Judging of what a worker chooses.
#[derive(Clone, Debug)]
pub struct Restate {
    job: RestateJob,
    names: Names,
    at: Option<BinCode>,
    hand: Hand,
    line: LineNo,
    judged: usize,
    done: bool,
}

impl Restate {
    /// The work at its beginning.
    pub fn new(job: RestateJob) -> Self {
        Self {
            job,
            names: Names::default(),
            at: None,
            hand: Hand::default(),
            line: 1,
            judged: 0,
            done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match (&self.at, self.names.part()) {
            _ if self.done => Step::Done,
            (Some(_), Some((part, _))) => Step::Complete(part.missing.unwrap_or(Missing::Lot)),
            _ if !self.hand.0.is_empty() => Step::Judge,
            (Some(bin), None) => Step::ScanGoods(bin.clone()),
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
            ) => self.known(scan, known, (*total, *insisted)),
            (Step::Complete(_), Act::Scanned(scan)) => self.goods(scan, None, (None, false)),
            (
                Step::Start,
                Act::Scanned(Scan::Goods(_) | Scan::Code(_)) | Act::Agreed | Act::Counted { .. },
            ) => Err(Refusal::WhereFirst),
            (_, Act::Scanned(scan)) => Err(Refusal::NotNow(Said::of(scan))),
            (Step::Start, Act::Chose(Choice::Finish, _)) => Ok(vec![Fact::TaskFinished]),
            (Step::ScanGoods(_), Act::Agreed | Act::Counted { .. }) => Err(Refusal::GoodsFirst),
            (Step::Judge, Act::ChoseFor(choice, reason)) => self.judge(*choice, *reason),
            (Step::Start | Step::ScanGoods(_) | Step::Complete(_) | Step::Judge, _) => {
                Err(Refusal::NotHere)
            }
        }
    }

    fn known(
        &self,
        scan: &Scan,
        known: &Known,
        how: (Option<Quantity>, bool),
    ) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), scan, known) {
            (Step::Judge, Scan::Bin(_) | Scan::Plate(_), _) => Err(Refusal::JudgeFirst),
            (Step::Start | Step::ScanGoods(_), Scan::Bin(_), Known::Bin { bin, .. }) => {
                // A frozen bin is just where such goods lie.
                Ok(vec![Fact::BinConfirmed {
                    line: self.line,
                    bin: bin.code.clone(),
                    reason: None,
                }])
            }
            (Step::Start | Step::ScanGoods(_), Scan::Plate(_), Known::Load { stock }) => {
                let held = hand::plate(scan, stock, self.at.as_ref(), how.1)?;
                Ok(self.tallied(held))
            }
            (
                Step::ScanGoods(_) | Step::Judge | Step::Complete(_),
                Scan::Goods(_) | Scan::Code(_),
                _,
            ) if self.at.is_some() => self.goods(scan, Some(known), how),
            _ => Err(Refusal::NotKnown(Said::of(scan))),
        }
    }

    fn goods(
        &self,
        scan: &Scan,
        known: Option<&Known>,
        how: (Option<Quantity>, bool),
    ) -> Result<Vec<Fact>, Refusal> {
        let bin = self.at.as_ref().ok_or(Refusal::WhereFirst)?;
        let Found { name, held } = self.hand.goods(&self.names, bin, scan, known, how)?;
        Ok(name.into_iter().chain(self.tallied(held)).collect())
    }

    fn tallied(&self, held: Vec<Held>) -> Vec<Fact> {
        let tally = |held: Held| Fact::Tallied {
            line: self.line,
            bin: held.bin,
            plate: held.plate,
            status: held.status,
            goods: held.goods,
            quantity: held.quantity,
        };
        held.into_iter().map(tally).collect()
    }

    fn judge(&self, choice: Choice, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        if !self.choices().contains(&choice) {
            return Err(Refusal::NotHere);
        }
        let becomes = match choice {
            Choice::Hold => Some(Status::OnHold),
            Choice::Damaged => Some(Status::Damaged),
            Choice::Release => Some(Status::Available),
            _ => None,
        };
        let other = self.hand.0.iter().filter(|it| becomes != Some(it.status));
        let restated = |held: &Held| Fact::Restated {
            bin: held.bin.clone(),
            plate: held.plate,
            goods: held.goods.clone(),
            quantity: held.quantity,
            was: held.status,
            becomes,
            reason,
        };
        let facts: Vec<Fact> = other.map(restated).collect();
        if facts.is_empty() {
            return Err(Refusal::AlreadySo);
        }
        Ok(facts)
    }

    const fn choices(&self) -> &'static [Choice] {
        if self.job.by_lead {
            &[
                Choice::Hold,
                Choice::Damaged,
                Choice::Release,
                Choice::Scrap,
            ]
        } else {
            &[Choice::Hold, Choice::Damaged]
        }
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        self.names.apply(fact);
        match fact {
            Fact::BinConfirmed { bin, .. } => self.at = Some(bin.clone()),
            Fact::Tallied {
                bin,
                plate,
                status,
                goods,
                quantity,
                ..
            } => self.hand.add(Held {
                bin: bin.clone(),
                plate: *plate,
                status: *status,
                goods: goods.clone(),
                quantity: *quantity,
            }),
            Fact::Restated { .. } => {
                // One judgement is about all that was set apart.
                self.hand.0.clear();
                self.at = None;
                self.line += 1;
                self.judged += 1;
            }
            Fact::TaskFinished => self.done = true,
            _ => {}
        }
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, choices): (_, &[Choice]) = match (self.step(), &self.at) {
            (Step::Done, _) => (Ask::Done, &[]),
            (Step::Complete(missing), _) => (Ask::Complete(missing), &[]),
            (Step::Judge, _) => (Ask::Judge(&self.hand.0), self.choices()),
            (Step::ScanGoods(_), Some(bin)) => (Ask::ScanGoods(bin), &[]),
            (Step::ScanGoods(_) | Step::Start, _) => (Ask::ScanToJudge, &[Choice::Finish]),
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
            lines: (self.judged, 0),
            tote: None,
            takes_number: matches!(self.step(), Step::ScanGoods(_)),
            choices,
        }
    }
}
