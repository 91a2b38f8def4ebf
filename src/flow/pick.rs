//! Picking. Walk to the bin and scan it; scan the goods; say how many. When all is fetched, bring it to the packing place.
//! Fewer than wanted is a short pick: the rest goes back to the office with the reason.

use super::act::Act;
use super::goods::{Demand, Read};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use super::sweep::Expected;
use crate::scan::{Label, Scan};
use crate::warehouse::{
    BinCode, Fact, Goods, JobKind, LineNo, PickJob, PickLine, Place, Quantity, Reason,
};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The bin of a line.
    GoToBin(usize),
    /// The goods of a line.
    TakeGoods(usize),
    /// Whether the bin of a line is empty.
    LookIntoBin(usize),
    /// The packing place.
    Drop,
    /// The end of a walk that found nothing.
    Return,
    /// Nothing more.
    Done,
}

#[derive(Clone, Debug, Default)]
struct Progress {
    /// What was taken, how much of it, and who or what carries it: another worker may have begun this task.
    picked: Vec<(Goods, Quantity, Place)>,
    given_up: bool,
    looked: bool,
}

/// Picking for one order.
#[derive(Clone, Debug)]
pub struct Pick {
    job: PickJob,
    carrier: Place,
    lines: Vec<Progress>,
    walk: Vec<usize>,
    at: Option<BinCode>,
    step: Step,
}

impl Pick {
    /// The work at its beginning. `carrier` is who or what carries the goods when no tote is set.
    pub fn new(job: PickJob, carrier: Place) -> Self {
        let carrier = job.tote.clone().map_or(carrier, Place::Tote);
        let lines = vec![Progress::default(); job.lines.len()];
        let walk = (0..job.lines.len()).collect();
        let mut pick = Self {
            job,
            carrier,
            lines,
            walk,
            at: None,
            step: Step::Return,
        };
        pick.step = pick.next();
        pick
    }

    /// What is awaited.
    pub const fn step(&self) -> Step {
        self.step
    }

    fn picked(&self, line: usize) -> Quantity {
        self.lines[line]
            .picked
            .iter()
            .map(|(_, quantity, _)| *quantity)
            .sum()
    }

    fn left(&self, line: usize) -> Quantity {
        self.job.lines[line].quantity.minus(self.picked(line))
    }

    fn is_open(&self, line: usize) -> bool {
        !self.lines[line].given_up && self.left(line).is_positive()
    }

    fn next(&self) -> Step {
        let open = self.walk.iter().copied().find(|&line| self.is_open(line));
        match open {
            Some(line) if self.at.as_ref() == Some(&self.job.lines[line].bin) => {
                Step::TakeGoods(line)
            }
            Some(line) => Step::GoToBin(line),
            None if self.lines.iter().any(|line| !line.picked.is_empty()) => Step::Drop,
            None => Step::Return,
        }
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step, act) {
            (Step::GoToBin(line), Act::Scanned(scan)) => self.arrived(line, scan),
            (Step::GoToBin(_) | Step::TakeGoods(_), Act::Insisted(scan @ Scan::Bin(_))) => {
                self.changed_line(scan)
            }
            (Step::TakeGoods(line), Act::Scanned(Scan::Bin(bin))) => {
                Err(self.another_bin(line, bin))
            }
            (Step::TakeGoods(line), Act::Scanned(scan)) => self.took(line, scan, false),
            (Step::TakeGoods(line), Act::Insisted(scan)) => self.took(line, scan, true),
            (
                Step::TakeGoods(line),
                Act::Counted {
                    total,
                    label,
                    anyway,
                },
            ) => self.counted(line, *total, label.as_ref(), *anyway),
            (Step::GoToBin(line) | Step::TakeGoods(line), Act::FellShort(reason)) => {
                Ok(self.fell_short(line, *reason))
            }
            (Step::GoToBin(line) | Step::TakeGoods(line), Act::Skipped) => self.skipped(line),
            (Step::GoToBin(line), Act::Counted { .. } | Act::Agreed) => Err(Refusal::BinFirst {
                wanted: self.job.lines[line].bin.clone(),
            }),
            (Step::TakeGoods(_), Act::Agreed) => Err(Refusal::GoodsFirst),
            (Step::LookIntoBin(line), Act::Answered(empty)) => Ok(vec![self.looked(line, *empty)]),
            (Step::LookIntoBin(_), _) => Err(Refusal::AnswerFirst),
            (Step::Drop, Act::Scanned(Scan::Bin(bin))) => self.dropped(bin),
            (Step::Return, Act::Agreed) => Ok(vec![Fact::TaskFinished]),
            (Step::Drop | Step::Return, Act::Scanned(scan)) => Err(Refusal::NotNow(Said::of(scan))),
            (Step::Done, _) => Err(Refusal::AllDone),
            (
                Step::GoToBin(_) | Step::TakeGoods(_) | Step::Drop | Step::Return,
                Act::Insisted(_)
                | Act::Counted { .. }
                | Act::Agreed
                | Act::Answered(_)
                | Act::FellShort(_)
                | Act::Skipped
                | Act::Known { .. }
                | Act::Told { .. }
                | Act::Chose(..)
                | Act::ChoseFor(..)
                | Act::ChoseBin { .. }
                | Act::Closed(_),
            ) => Err(Refusal::NotHere),
        }
    }

    fn arrived(&self, line: usize, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.lines[line].bin;
        match scan {
            Scan::Bin(bin) if bin == wanted => Ok(vec![self.confirmed(line)]),
            Scan::Bin(bin) => Err(self.another_bin(line, bin)),
            Scan::Goods(_) | Scan::Code(_) => Err(Refusal::BinFirst {
                wanted: wanted.clone(),
            }),
            Scan::Badge(_)
            | Scan::Tote(_)
            | Scan::Order(_)
            | Scan::Plate(_)
            | Scan::Enrolment(_) => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    fn confirmed(&self, line: usize) -> Fact {
        let wanted = &self.job.lines[line];
        Fact::BinConfirmed {
            line: wanted.line,
            bin: wanted.bin.clone(),
            reason: None,
        }
    }

    fn another_bin(&self, line: usize, said: &BinCode) -> Refusal {
        let wanted = &self.job.lines[line].bin;
        match self.open_line_at(said) {
            Some(other) if said != wanted => Refusal::OtherLine {
                said: said.clone(),
                line: self.job.lines[other].line,
            },
            _ if said == wanted => Refusal::NotNow(Said::of(&Scan::Bin(said.clone()))),
            _ => Refusal::WrongBin {
                said: said.clone(),
                wanted: wanted.clone(),
            },
        }
    }

    fn open_line_at(&self, bin: &BinCode) -> Option<usize> {
        self.walk
            .iter()
            .copied()
            .find(|&line| self.is_open(line) && self.job.lines[line].bin == *bin)
    }

    fn changed_line(&self, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let Scan::Bin(bin) = scan else {
            return Err(Refusal::NotHere);
        };
        match self.open_line_at(bin) {
            Some(other) => Ok(vec![self.confirmed(other)]),
            None => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    fn demand(line: &PickLine) -> Demand<'_> {
        Demand {
            item: &line.item,
            barcodes: &line.barcodes,
            lot: line.lot.as_ref(),
            serial: line.serial.as_ref(),
        }
    }

    fn took(&self, line: usize, scan: &Scan, anyway: bool) -> Result<Vec<Fact>, Refusal> {
        if !matches!(scan, Scan::Goods(_) | Scan::Code(_)) {
            return Err(Refusal::NotNow(Said::of(scan)));
        }
        let wanted = &self.job.lines[line];
        let Read {
            mut goods,
            quantity,
        } = Self::demand(wanted).read(scan, anyway)?;
        goods.expiry = goods
            .expiry
            .or(wanted.expiry.filter(|_| goods.lot == wanted.lot));
        self.refuse_twice(&goods)?;
        self.take(line, goods, quantity)
    }

    fn refuse_twice(&self, goods: &Goods) -> Result<(), Refusal> {
        let Some(serial) = &goods.serial else {
            return Ok(());
        };
        let known = self.lines.iter().flat_map(|line| &line.picked);
        let twice = known
            .into_iter()
            .any(|(had, ..)| had.item == goods.item && had.serial.as_ref() == Some(serial));
        if twice {
            Err(Refusal::SerialTwice(serial.clone()))
        } else {
            Ok(())
        }
    }

    fn counted(
        &self,
        line: usize,
        total: Quantity,
        label: Option<&Label>,
        anyway: bool,
    ) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.lines[line];
        let goods = match (label, self.lines[line].picked.last()) {
            (Some(label), _) => Self::demand(wanted).goods(label, anyway)?,
            (None, Some((goods, ..))) => goods.clone(),
            (None, None) => return Err(Refusal::GoodsFirst),
        };
        if wanted.item.tracking.serial {
            return Err(Refusal::ScanEach);
        }
        let had = self.picked(line);
        if total.is_zero() {
            return Err(Refusal::Nothing);
        }
        if total <= had {
            return Err(Refusal::FewerThanCounted { counted: had });
        }
        if total > wanted.quantity {
            return Err(Refusal::TooMany {
                said: total,
                left: wanted.quantity,
            });
        }
        self.take(line, goods, total.minus(had))
    }

    fn take(&self, line: usize, goods: Goods, quantity: Quantity) -> Result<Vec<Fact>, Refusal> {
        let left = self.left(line);
        if quantity > left {
            return Err(Refusal::TooMany {
                said: quantity,
                left,
            });
        }
        Ok(vec![Fact::Picked {
            line: self.job.lines[line].line,
            order: self.job.order.clone(),
            bin: self.job.lines[line].bin.clone(),
            goods,
            quantity,
            into: self.carrier.clone(),
        }])
    }

    fn fell_short(&self, line: usize, reason: Reason) -> Vec<Fact> {
        let wanted = &self.job.lines[line];
        let goods = Goods {
            lot: wanted.lot.clone(),
            serial: wanted.serial.clone(),
            expiry: wanted.expiry,
            ..Goods::of(wanted.item.code.clone())
        };
        let missing = self.left(line);
        vec![Fact::PickedShort {
            line: wanted.line,
            bin: wanted.bin.clone(),
            goods,
            missing,
            reason,
        }]
    }

    fn skipped(&self, line: usize) -> Result<Vec<Fact>, Refusal> {
        if self.walk.iter().filter(|&&line| self.is_open(line)).count() < 2 {
            return Err(Refusal::OnlyLine);
        }
        Ok(vec![Fact::LineSkipped {
            line: self.job.lines[line].line,
        }])
    }

    fn looked(&self, line: usize, empty: bool) -> Fact {
        let wanted = &self.job.lines[line];
        let goods = Goods {
            lot: wanted.lot.clone(),
            ..Goods::of(wanted.item.code.clone())
        };
        Fact::BinChecked {
            line: wanted.line,
            bin: wanted.bin.clone(),
            goods,
            empty,
        }
    }

    fn dropped(&self, bin: &BinCode) -> Result<Vec<Fact>, Refusal> {
        if *bin != self.job.drop {
            return Err(Refusal::WrongBin {
                said: bin.clone(),
                wanted: self.job.drop.clone(),
            });
        }
        let mut goods: Vec<(Goods, Quantity, Place)> = Vec::new();
        for (what, quantity, carrier) in self.lines.iter().flat_map(|line| &line.picked) {
            add_to(&mut goods, what, *quantity, carrier);
        }
        Ok(vec![
            Fact::Dropped {
                order: self.job.order.clone(),
                bin: bin.clone(),
                goods,
            },
            Fact::TaskFinished,
        ])
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::BinConfirmed { line, bin, .. } => self.at_bin(*line, bin),
            Fact::Picked {
                line,
                goods,
                quantity,
                into,
                ..
            } => return self.has(*line, goods, *quantity, into),
            Fact::PickedShort { line, .. } => {
                if let Some(line) = self.index(*line) {
                    self.lines[line].given_up = true;
                }
            }
            Fact::LineSkipped { line } => {
                if let Some(line) = self.index(*line) {
                    self.walk.retain(|&other| other != line);
                    self.walk.push(line);
                }
            }
            Fact::BinChecked { line, .. } => {
                if let Some(line) = self.index(*line) {
                    self.lines[line].looked = true;
                }
            }
            Fact::TaskFinished => {
                self.step = Step::Done;
                return;
            }
            _ => return,
        }
        self.step = self.next();
    }

    fn index(&self, line: LineNo) -> Option<usize> {
        self.job.lines.iter().position(|wanted| wanted.line == line)
    }

    fn at_bin(&mut self, line: LineNo, bin: &BinCode) {
        self.at = Some(bin.clone());
        if let Some(line) = self.index(line) {
            self.walk.retain(|&other| other != line);
            self.walk.insert(0, line);
        }
    }

    fn has(&mut self, line: LineNo, goods: &Goods, quantity: Quantity, into: &Place) {
        let Some(line) = self.index(line) else { return };
        add_to(&mut self.lines[line].picked, goods, quantity, into);
        self.step = self.next();
        if self.job.lines[line].empties_bin && !self.is_open(line) && !self.lines[line].looked {
            self.step = Step::LookIntoBin(line);
        }
    }

    /// What was picked of the same item at other lines.
    fn picked_elsewhere(&self, line: usize) -> Vec<Goods> {
        let others = self.lines.iter().enumerate().filter(|(at, _)| *at != line);
        let goods = others.flat_map(|(_, it)| it.picked.iter().map(|(goods, ..)| goods));
        let item = &self.job.lines[line].item.code;
        goods.filter(|goods| goods.item == *item).cloned().collect()
    }

    /// What tags can tell at this step: the goods of the line in hand.
    pub(super) fn expected(&self) -> Vec<Expected<'_>> {
        let Step::TakeGoods(line) = self.step else {
            return Vec::new();
        };
        let wanted = &self.job.lines[line];
        vec![Expected {
            line: wanted.line,
            item: &wanted.item,
            plate: None,
            barcodes: &wanted.barcodes,
            goods: vec![Goods {
                lot: wanted.lot.clone(),
                serial: wanted.serial.clone(),
                ..Goods::of(wanted.item.code.clone())
            }],
            gone: self.picked_elsewhere(line),
            wanted: wanted.quantity,
        }]
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, line, choices): (_, _, &[Choice]) = match self.step {
            Step::GoToBin(line) => (
                Ask::GoToBin(&self.job.lines[line].bin),
                Some(line),
                &[Choice::Short, Choice::Skip],
            ),
            Step::TakeGoods(line) => (
                Ask::TakeGoods(&self.job.lines[line].bin),
                Some(line),
                &[Choice::Short, Choice::Skip],
            ),
            Step::LookIntoBin(line) => {
                (Ask::IsBinEmpty(&self.job.lines[line].bin), Some(line), &[])
            }
            Step::Drop => (Ask::BringTo(&self.job.drop), None, &[]),
            Step::Return => (Ask::NothingPicked, None, &[]),
            Step::Done => (Ask::Done, None, &[]),
        };
        let wanted = line.map(|line| &self.job.lines[line]);
        let closed = (0..self.lines.len())
            .filter(|&line| !self.is_open(line))
            .count();
        Prompt {
            ask,
            line: wanted.map(|wanted| wanted.line),
            item: wanted.map(|wanted| &wanted.item),
            goods: wanted.map(|wanted| Goods {
                item: wanted.item.code.clone(),
                lot: wanted.lot.clone(),
                serial: wanted.serial.clone(),
                expiry: wanted.expiry,
            }),
            count: line.map(|line| (self.picked(line), self.job.lines[line].quantity)),
            lines: (closed, self.lines.len()),
            tote: self.job.tote.as_ref(),
            takes_number: matches!(self.step, Step::TakeGoods(_)),
            choices,
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> JobKind {
        JobKind::Pick
    }
}

fn add_to(sums: &mut Vec<(Goods, Quantity, Place)>, goods: &Goods, by: Quantity, carrier: &Place) {
    match sums
        .iter_mut()
        .find(|(had, _, by)| had == goods && by == carrier)
    {
        Some((_, sum, _)) => *sum = sum.plus(by),
        None => sums.push((goods.clone(), by, carrier.clone())),
    }
}
