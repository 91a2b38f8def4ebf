//! Moving what the office asked for, and filling pick faces. Go to the bin, take the goods or the whole pallet, bring them to
//! the other bin. What lies in one bin and goes to another one is taken together. What finds no room is put back.

use super::act::Act;
use super::goods::{Demand, Read};
use super::hand::{self, Held};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::{Label, Scan};
use crate::warehouse::{
    BinCode, Fact, Goods, LineNo, MoveJob, MoveLine, Place, Quantity, Reason, Sscc,
};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The bin of a line.
    GoToBin(usize),
    /// The goods or the pallet of a line.
    TakeGoods(usize),
    /// The bin where a line goes.
    PutInto(usize),
    /// The end of a walk that found nothing.
    Return,
    /// Nothing more.
    Done,
}

#[derive(Clone, Debug, Default)]
struct Progress {
    taken: Quantity,
    given_up: bool,
}

/// Goods of a line on their way.
#[derive(Clone, Debug)]
struct OnTheWay {
    line: usize,
    held: Held,
}

/// Moving by a list.
#[derive(Clone, Debug)]
pub struct Haul {
    job: MoveJob,
    /// Whether all of a bin may be taken by scanning it again, without a look at what it is.
    whole_bins: bool,
    /// Whether all lines are taken before anything is put down.
    collects: bool,
    carrier: Place,
    lines: Vec<Progress>,
    walk: Vec<usize>,
    hand: Vec<OnTheWay>,
    at: Option<BinCode>,
    done: bool,
}

impl Haul {
    /// The work at its beginning. `carrier` is who or what carries the goods.
    pub fn new(job: MoveJob, carrier: Place, whole_bins: bool) -> Self {
        let lines = vec![Progress::default(); job.lines.len()];
        let walk = (0..job.lines.len()).collect();
        Self {
            job,
            whole_bins,
            collects: false,
            carrier,
            lines,
            walk,
            hand: Vec::new(),
            at: None,
            done: false,
        }
    }

    /// Fetching of all lines, to be put down together.
    pub(super) fn collecting(job: MoveJob, carrier: Place) -> Self {
        Self {
            collects: true,
            ..Self::new(job, carrier, false)
        }
    }

    fn left(&self, line: usize) -> Quantity {
        if self.lines[line].given_up {
            return Quantity::ZERO;
        }
        self.job.lines[line].quantity.minus(self.lines[line].taken)
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        let walk = self.walk.iter().copied();
        walk.filter(|&line| self.left(line).is_positive())
    }

    /// Open lines that are taken here together with what is in hand.
    fn along(&self) -> impl Iterator<Item = usize> + '_ {
        let to = self.hand.first().map(|it| &self.job.lines[it.line].to);
        self.open().filter(move |&line| {
            let wanted = &self.job.lines[line];
            self.at.as_ref() == Some(&wanted.from) && to.is_none_or(|to| *to == wanted.to)
        })
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        if self.done {
            return Step::Done;
        }
        match (self.along().next(), self.hand.first(), self.open().next()) {
            (Some(line), ..) => Step::TakeGoods(line),
            (None, Some(first), None) => Step::PutInto(first.line),
            (None, Some(first), Some(_)) if !self.collects => Step::PutInto(first.line),
            (None, _, Some(line)) => Step::GoToBin(line),
            (None, None, None) => Step::Return,
        }
    }

    /// Whether this scan has to be looked up.
    pub fn asks(&self, scan: &Scan) -> bool {
        matches!((self.step(), scan), (Step::PutInto(_), Scan::Bin(_)))
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::Done, _) => Err(Refusal::AllDone),
            (Step::GoToBin(line), Act::Scanned(scan)) => self.arrived(line, scan),
            (Step::GoToBin(line), Act::Counted { .. } | Act::Agreed) => Err(Refusal::BinFirst {
                wanted: self.job.lines[line].from.clone(),
            }),
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
            (Step::TakeGoods(_), Act::Agreed) => Err(Refusal::GoodsFirst),
            (Step::GoToBin(line) | Step::TakeGoods(line), Act::FellShort(reason)) => {
                Ok(self.fell_short(line, *reason))
            }
            (Step::GoToBin(line) | Step::TakeGoods(line), Act::Skipped) => self.skipped(line),
            (
                Step::PutInto(line),
                Act::Known {
                    scan,
                    known,
                    total,
                    insisted,
                },
            ) => {
                let bin = hand::bin(scan, known, *insisted)?;
                self.brought(line, &bin.code, *total)
            }
            (Step::PutInto(_), Act::ChoseBin { bin, reason }) => self.put(bin, None, Some(*reason)),
            (Step::PutInto(line), Act::Counted { .. } | Act::Agreed) => Err(Refusal::BinFirst {
                wanted: self.job.lines[line].to.clone(),
            }),
            (Step::PutInto(_) | Step::Return, Act::Scanned(scan)) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
            (Step::Return, Act::Agreed) => Ok(vec![Fact::TaskFinished]),
            (Step::GoToBin(_) | Step::TakeGoods(_) | Step::PutInto(_) | Step::Return, _) => {
                Err(Refusal::NotHere)
            }
        }
    }

    fn arrived(&self, line: usize, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.lines[line];
        match scan {
            Scan::Bin(bin) if *bin == wanted.from => Ok(vec![Fact::BinConfirmed {
                line: wanted.line,
                bin: bin.clone(),
                reason: None,
            }]),
            Scan::Bin(bin) => Err(Refusal::WrongBin {
                said: bin.clone(),
                wanted: wanted.from.clone(),
            }),
            // A pallet's label says more than its bin's.
            Scan::Plate(plate) => self.took_plate(*plate, scan, self.open()),
            Scan::Goods(_) | Scan::Code(_) => Err(Refusal::BinFirst {
                wanted: wanted.from.clone(),
            }),
            Scan::Badge(_) | Scan::Tote(_) | Scan::Order(_) | Scan::Enrolment(_) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
        }
    }

    fn took(&self, line: usize, scan: &Scan, anyway: bool) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.lines[line];
        match (scan, wanted.plate) {
            (Scan::Plate(plate), _) => self.took_plate(*plate, scan, self.along()),
            (Scan::Bin(bin), _) if self.whole_bins && self.at.as_ref() == Some(bin) => {
                let all = self.along().map(|line| self.taken(line, self.left(line)));
                Ok(all.collect())
            }
            (Scan::Goods(_) | Scan::Code(_), Some(plate)) => Err(Refusal::ScanPlate(plate)),
            (Scan::Goods(_) | Scan::Code(_), None) => {
                let Read { goods, quantity } = demand(wanted).read(scan, anyway)?;
                self.take(line, &goods, quantity)
            }
            _ => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    fn took_plate(
        &self,
        plate: Sscc,
        scan: &Scan,
        lines: impl Iterator<Item = usize>,
    ) -> Result<Vec<Fact>, Refusal> {
        let on_it = lines.filter(|&line| self.job.lines[line].plate == Some(plate));
        let taken: Vec<Fact> = on_it
            .map(|line| self.taken(line, self.left(line)))
            .collect();
        if taken.is_empty() {
            return Err(Refusal::NotInWork(Said::of(scan)));
        }
        Ok(taken)
    }

    fn counted(
        &self,
        line: usize,
        total: Quantity,
        label: Option<&Label>,
        anyway: bool,
    ) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.lines[line];
        let last = self.hand.iter().rfind(|it| it.line == line);
        let goods = match (label, last) {
            (Some(label), _) => demand(wanted).goods(label, anyway)?,
            (None, Some(last)) => last.held.goods.clone(),
            (None, None) => return Err(Refusal::GoodsFirst),
        };
        if wanted.item.tracking.serial {
            return Err(Refusal::ScanEach);
        }
        let more = super::named::more_than(total, self.lines[line].taken)?;
        self.take(line, &goods, more)
    }

    fn take(&self, line: usize, goods: &Goods, quantity: Quantity) -> Result<Vec<Fact>, Refusal> {
        let left = self.left(line);
        if quantity > left {
            return Err(Refusal::TooMany {
                said: quantity,
                left,
            });
        }
        if let Some(serial) = &goods.serial
            && (self.hand.iter()).any(|it| super::named::same(&it.held.goods, goods))
        {
            return Err(Refusal::SerialTwice(serial.clone()));
        }
        let wanted = &self.job.lines[line];
        let expiry = wanted
            .goods
            .expiry
            .filter(|_| goods.lot == wanted.goods.lot);
        let mut fact = self.taken(line, quantity);
        if let Fact::Taken { goods: told, .. } = &mut fact {
            told.clone_from(goods);
            told.expiry = told.expiry.or(expiry);
        }
        Ok(vec![fact])
    }

    fn taken(&self, line: usize, quantity: Quantity) -> Fact {
        let wanted = &self.job.lines[line];
        Fact::Taken {
            line: wanted.line,
            goods: wanted.goods.clone(),
            quantity,
            plate: wanted.plate,
            status: wanted.status,
            from: wanted.from.clone(),
            into: self.carrier.clone(),
        }
    }

    fn fell_short(&self, line: usize, reason: Reason) -> Vec<Fact> {
        let wanted = &self.job.lines[line];
        let mut facts = vec![Fact::TakenShort {
            line: wanted.line,
            goods: wanted.goods.clone(),
            missing: self.left(line),
            bin: wanted.from.clone(),
            reason,
        }];
        if self.hand.is_empty() && self.open().count() == 1 {
            facts.push(Fact::TaskFinished);
        }
        facts
    }

    fn skipped(&self, line: usize) -> Result<Vec<Fact>, Refusal> {
        if self.open().count() < 2 {
            return Err(Refusal::OnlyLine);
        }
        Ok(vec![Fact::LineSkipped {
            line: self.job.lines[line].line,
        }])
    }

    fn brought(
        &self,
        line: usize,
        bin: &BinCode,
        total: Option<Quantity>,
    ) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.lines[line];
        if *bin != wanted.to && *bin != wanted.from {
            return Err(Refusal::WrongBin {
                said: bin.clone(),
                wanted: wanted.to.clone(),
            });
        }
        self.put(bin, total, None)
    }

    /// Puts all that goes there down; or so many of it, if it is one thing.
    fn put(
        &self,
        bin: &BinCode,
        total: Option<Quantity>,
        reason: Option<Reason>,
    ) -> Result<Vec<Fact>, Refusal> {
        let Some(first) = self.hand.first() else {
            return Err(Refusal::NotHere);
        };
        let to = &self.job.lines[first.line].to;
        let goes = |it: &&OnTheWay| self.job.lines[it.line].to == *to;
        let all: Vec<&OnTheWay> = self.hand.iter().filter(goes).collect();
        match (total, &all[..]) {
            (Some(total), _) if !total.is_positive() => return Err(Refusal::Nothing),
            (Some(total), [only]) if total > only.held.quantity => {
                return Err(Refusal::TooMany {
                    said: total,
                    left: only.held.quantity,
                });
            }
            (Some(_), [_, _, ..]) => return Err(Refusal::ScanEach),
            _ => {}
        }
        let put = |it: &&OnTheWay| Fact::Put {
            line: self.job.lines[it.line].line,
            goods: it.held.goods.clone(),
            quantity: total.unwrap_or(it.held.quantity),
            plate: it.held.plate,
            status: it.held.status,
            from: self.carrier.clone(),
            to: bin.clone(),
            reason,
        };
        let mut facts: Vec<Fact> = all.iter().map(put).collect();
        let mut after = self.clone();
        facts.iter().for_each(|fact| after.apply(fact));
        if after.hand.is_empty() && after.open().next().is_none() {
            facts.push(Fact::TaskFinished);
        }
        Ok(facts)
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::BinConfirmed { line, bin, .. } => {
                self.at = Some(bin.clone());
                if let Some(line) = self.index(*line) {
                    self.walk.retain(|&other| other != line);
                    self.walk.insert(0, line);
                }
            }
            Fact::Taken {
                line,
                goods,
                quantity,
                plate,
                status,
                from,
                into,
            } => {
                let held = Held {
                    bin: from.clone(),
                    plate: *plate,
                    status: *status,
                    goods: goods.clone(),
                    quantity: *quantity,
                };
                self.has(*line, held, into);
            }
            Fact::TakenShort { line, .. } => {
                if let Some(line) = self.index(*line) {
                    self.lines[line].given_up = true;
                }
            }
            Fact::LineSkipped { line } => {
                if let Some(line) = self.index(*line) {
                    self.walk.retain(|&other| other != line);
                    self.walk.push(line);
                    self.at = None;
                }
            }
            Fact::Put {
                line,
                goods,
                quantity,
                to,
                ..
            } => self.has_put(*line, goods, *quantity, to),
            Fact::TaskFinished => self.done = true,
            _ => {}
        }
    }

    fn index(&self, line: LineNo) -> Option<usize> {
        self.job.lines.iter().position(|wanted| wanted.line == line)
    }

    fn has(&mut self, line: LineNo, held: Held, into: &Place) {
        let Some(line) = self.index(line) else { return };
        // Who goes on with it carries it.
        self.carrier = into.clone();
        self.at = Some(held.bin.clone());
        let progress = &mut self.lines[line];
        progress.taken = progress.taken.plus(held.quantity);
        let same =
            |it: &&mut OnTheWay| it.line == line && super::named::same(&it.held.goods, &held.goods);
        match self.hand.iter_mut().find(same) {
            Some(it) => it.held.quantity = it.held.quantity.plus(held.quantity),
            None => self.hand.push(OnTheWay { line, held }),
        }
    }

    fn has_put(&mut self, line: LineNo, goods: &Goods, quantity: Quantity, to: &BinCode) {
        let Some(line) = self.index(line) else { return };
        self.at = None;
        for it in &mut self.hand {
            if it.line == line && super::named::same(&it.held.goods, goods) {
                it.held.quantity = it.held.quantity.minus(quantity);
            }
        }
        self.hand.retain(|it| it.held.quantity.is_positive());
        // What was put back where it came from found no room: nobody fetches it again.
        if *to == self.job.lines[line].from {
            self.lines[line].given_up = true;
        }
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, line, choices): (_, _, &[Choice]) = match self.step() {
            Step::GoToBin(line) => (
                Ask::GoToBin(&self.job.lines[line].from),
                Some(line),
                &[Choice::Short, Choice::Skip],
            ),
            Step::TakeGoods(line) => {
                let wanted = &self.job.lines[line];
                let ask = match wanted.plate {
                    Some(plate) => Ask::TakePlate(&wanted.from, plate),
                    None => Ask::TakeGoods(&wanted.from),
                };
                (ask, Some(line), &[Choice::Short, Choice::Skip])
            }
            Step::PutInto(line) => (
                Ask::PutInto(&self.job.lines[line].to),
                Some(line),
                &[Choice::OtherBin],
            ),
            Step::Return => (Ask::NothingPicked, None, &[]),
            Step::Done => (Ask::Done, None, &[]),
        };
        let wanted = line.map(|line| &self.job.lines[line]);
        let carried = |line: usize| {
            let of_it = self.hand.iter().filter(|it| it.line == line);
            of_it.map(|it| it.held.quantity).sum()
        };
        let count = line.map(|line| match ask {
            Ask::PutInto(_) => (carried(line), carried(line)),
            _ => (self.lines[line].taken, self.job.lines[line].quantity),
        });
        Prompt {
            ask,
            line: wanted.map(|wanted| wanted.line),
            item: wanted.map(|wanted| &wanted.item),
            goods: wanted.map(|wanted| wanted.goods.clone()),
            count,
            lines: (self.lines.len() - self.open().count(), self.lines.len()),
            tote: None,
            takes_number: matches!(self.step(), Step::TakeGoods(_) | Step::PutInto(_)),
            choices,
        }
    }
}

fn demand(line: &MoveLine) -> Demand<'_> {
    Demand {
        item: &line.item,
        barcodes: &line.barcodes,
        lot: line.goods.lot.as_ref(),
        serial: line.goods.serial.as_ref(),
    }
}
