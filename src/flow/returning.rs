//! Taking returns in. Scan the bin where they are put; scan what came back and say how many; say whether it is good,
//! damaged or waste. What was announced and did not come is for the office to ask about.

use super::act::Act;
use super::hand::{self, Held};
use super::named::{self, Missing, Names};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{BinCode, Fact, Goods, Known, LineNo, Quantity, ReturnJob, Status};

/// What is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The bin where returns are put.
    Start,
    /// What came back.
    ScanGoods(BinCode),
    /// What the last label left out.
    Complete(Missing),
    /// How it looks.
    Judge,
    /// Nothing more.
    Done,
}

/// Taking in what a customer sent back.
#[derive(Clone, Debug)]
pub struct Returning {
    job: ReturnJob,
    names: Names,
    at: Option<BinCode>,
    hand: Vec<Held>,
    came: Vec<(Goods, Quantity)>,
    line: LineNo,
    done: bool,
}

impl Returning {
    /// The work at its beginning.
    pub fn new(job: ReturnJob) -> Self {
        let items = job.lines.iter();
        let items = items.map(|line| (line.item.clone(), line.barcodes.clone()));
        Self {
            names: Names::new(items.collect()),
            job,
            at: None,
            hand: Vec::new(),
            came: Vec::new(),
            line: 1,
            done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match (&self.at, self.names.part()) {
            _ if self.done => Step::Done,
            (None, _) => Step::Start,
            (Some(_), Some((part, _))) => Step::Complete(part.missing.unwrap_or(Missing::Lot)),
            (Some(bin), None) if self.hand.is_empty() => Step::ScanGoods(bin.clone()),
            (Some(_), None) => Step::Judge,
        }
    }

    /// Whether this scan has to be looked up.
    pub fn asks(&self, scan: &Scan) -> bool {
        match scan {
            Scan::Bin(_) => matches!(self.step(), Step::Start | Step::ScanGoods(_)),
            Scan::Goods(_) | Scan::Code(_) => {
                self.at.is_some() && !self.done && !self.names.knows(scan)
            }
            _ => false,
        }
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::Done, _) => Err(Refusal::AllDone),
            (
                Step::Start | Step::ScanGoods(_),
                Act::Known {
                    scan: scan @ Scan::Bin(_),
                    known,
                    insisted,
                    ..
                },
            ) => {
                let bin = hand::bin(scan, known, *insisted)?;
                Ok(vec![Fact::BinConfirmed {
                    line: self.line,
                    bin: bin.code.clone(),
                    reason: None,
                }])
            }
            (
                Step::ScanGoods(_) | Step::Complete(_) | Step::Judge,
                Act::Known {
                    scan, known, total, ..
                },
            ) => self.scanned(scan, Some(known), *total),
            (Step::Judge, Act::Scanned(scan)) if !is_goods(scan) => Err(Refusal::JudgeFirst),
            (Step::ScanGoods(_) | Step::Complete(_) | Step::Judge, Act::Scanned(scan)) => {
                self.scanned(scan, None, None)
            }
            (Step::Start, Act::Scanned(Scan::Goods(_) | Scan::Code(_)) | Act::Agreed) => {
                Err(Refusal::WhereFirst)
            }
            (Step::Start, Act::Scanned(scan)) => Err(Refusal::NotNow(Said::of(scan))),
            (
                Step::ScanGoods(_),
                Act::Counted {
                    total,
                    label: Some(label),
                    ..
                },
            ) => self.scanned(&Scan::Goods(label.clone()), None, Some(*total)),
            (Step::ScanGoods(_), Act::Agreed | Act::Counted { .. }) => Err(Refusal::GoodsFirst),
            (Step::ScanGoods(_), Act::Chose(Choice::Finish, _)) => Ok(vec![Fact::TaskFinished]),
            (Step::Judge, Act::Chose(choice, _)) => self.judge(*choice),
            (Step::Start | Step::ScanGoods(_) | Step::Complete(_) | Step::Judge, _) => {
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
        if !is_goods(scan) {
            return Err(Refusal::NotNow(Said::of(scan)));
        }
        let named = self.names.read(scan, known, total)?;
        if named.missing.is_some() {
            return Ok(named.fact.into_iter().collect());
        }
        if let Some(serial) = &named.goods.serial
            && self
                .came
                .iter()
                .any(|(it, _)| named::same(it, &named.goods))
        {
            return Err(Refusal::SerialTwice(serial.clone()));
        }
        let here = (self.hand.iter()).filter(|it| named::same(&it.goods, &named.goods));
        let quantity = named::more(&named, here.map(|it| it.quantity).sum())?;
        let tallied = Fact::Tallied {
            line: self.line,
            bin: self.at.clone().ok_or(Refusal::WhereFirst)?,
            plate: None,
            status: Status::Available,
            goods: named.goods,
            quantity,
        };
        Ok(named.fact.into_iter().chain([tallied]).collect())
    }

    fn judge(&self, choice: Choice) -> Result<Vec<Fact>, Refusal> {
        let becomes = match choice {
            Choice::Good => Some(self.job.good),
            Choice::Damaged => Some(Status::Damaged),
            Choice::Scrap => None,
            _ => return Err(Refusal::NotHere),
        };
        let returned = |held: &Held| Fact::Returned {
            order: self.job.order.clone(),
            goods: held.goods.clone(),
            quantity: held.quantity,
            bin: held.bin.clone(),
            becomes,
        };
        Ok(self.hand.iter().map(returned).collect())
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
            } => {
                let mut hand = hand::Hand(std::mem::take(&mut self.hand));
                hand.add(Held {
                    bin: bin.clone(),
                    plate: *plate,
                    status: *status,
                    goods: goods.clone(),
                    quantity: *quantity,
                });
                self.hand = hand.0;
            }
            Fact::Returned {
                goods, quantity, ..
            } => {
                named::add(&mut self.came, goods, *quantity);
                self.hand.retain(|held| !named::same(&held.goods, goods));
                self.line += 1;
            }
            Fact::TaskFinished => self.done = true,
            _ => {}
        }
    }

    /// Lines of which all has come.
    fn complete(&self) -> usize {
        let came = |item: &crate::warehouse::ItemCode| -> Quantity {
            let of_it = self.came.iter().filter(|(goods, _)| goods.item == *item);
            of_it.map(|(_, quantity)| *quantity).sum()
        };
        let lines = self.job.lines.iter();
        lines
            .filter(|line| came(&line.item.code) >= line.quantity)
            .count()
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, choices): (_, &[Choice]) = match self.step() {
            Step::Done => (Ask::Done, &[]),
            Step::Complete(missing) => (Ask::Complete(missing), &[]),
            Step::Judge => (
                Ask::Judge(&self.hand),
                &[Choice::Good, Choice::Damaged, Choice::Scrap],
            ),
            Step::ScanGoods(_) => (Ask::ScanReturned, &[Choice::Finish]),
            Step::Start => (Ask::ScanReturnBin, &[]),
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
            lines: (self.complete(), self.job.lines.len()),
            tote: None,
            takes_number: matches!(self.step(), Step::ScanGoods(_)),
            choices,
        }
    }
}

const fn is_goods(scan: &Scan) -> bool {
    matches!(scan, Scan::Goods(_) | Scan::Code(_))
}
