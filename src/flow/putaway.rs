//! Putaway. Scan the goods or the license plate that stand at receiving; bring them to the bin you are sent to;
//! scan the bin; confirm how many. Another bin is possible, with a reason.

use super::act::Act;
use super::goods::{self, Demand};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use super::sweep::Expected;
use crate::planning::putaway::{self, Held, Load, Shelf};
use crate::scan::Scan;
use crate::warehouse::{
    Bin, BinCode, BinKind, Fact, JobKind, LineNo, PutawayJob, PutawayLine, Quantity, Reason,
    SafeText, StockRow, Unfit, WhyBin,
};

/// What is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Goods or a license plate of any open line.
    ScanGoods,
    /// The bin for a line.
    GoToBin(usize),
    /// How many of a line went into a bin.
    HowMany {
        /// The line.
        line: usize,
        /// The bin.
        bin: BinCode,
        /// Why another than told.
        reason: Option<Reason>,
    },
    /// Nothing more.
    Done,
}

/// Putaway of what stands at one receiving bin.
#[derive(Clone, Debug)]
pub struct Putaway {
    job: PutawayJob,
    put: Vec<Quantity>,
    given_up: Vec<bool>,
    step: Step,
}

impl Putaway {
    /// The work at its beginning.
    pub fn new(job: PutawayJob) -> Self {
        let put = vec![Quantity::ZERO; job.lines.len()];
        let given_up = vec![false; job.lines.len()];
        Self {
            job,
            put,
            given_up,
            step: Step::ScanGoods,
        }
    }

    /// What is awaited.
    pub const fn step(&self) -> &Step {
        &self.step
    }

    fn left(&self, line: usize) -> Quantity {
        if self.given_up[line] {
            return Quantity::ZERO;
        }
        self.job.lines[line].quantity.minus(self.put[line])
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.put.len()).filter(|&line| self.left(line).is_positive())
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (&self.step, act) {
            (Step::ScanGoods, Act::Scanned(scan)) => self.found(scan),
            (Step::ScanGoods, Act::Counted { .. } | Act::Agreed) => Err(Refusal::GoodsFirst),
            (Step::GoToBin(line), Act::Scanned(scan)) => self.arrived(*line, scan),
            (Step::GoToBin(line), Act::ChoseBin { bin, reason }) => {
                Ok(vec![self.confirmed(*line, bin, Some(*reason))])
            }
            (Step::GoToBin(line), Act::Counted { .. } | Act::Agreed) => Err(Refusal::BinFirst {
                wanted: self.job.lines[*line].bin.clone(),
            }),
            (Step::GoToBin(line) | Step::HowMany { line, .. }, Act::FellShort(reason)) => {
                Ok(self.fell_short(*line, *reason))
            }
            (Step::ScanGoods, Act::FellShort(reason)) => match self.open().next() {
                Some(line) => Ok(self.fell_short(line, *reason)),
                None => Err(Refusal::NotHere),
            },
            (Step::HowMany { line, bin, reason }, Act::Agreed) => {
                self.put(*line, bin, *reason, self.left(*line))
            }
            (Step::HowMany { line, bin, reason }, Act::Counted { total, .. }) => {
                self.put(*line, bin, *reason, *total)
            }
            (Step::HowMany { .. }, Act::Scanned(scan)) => Err(Refusal::NotNow(Said::of(scan))),
            (Step::Done, _) => Err(Refusal::AllDone),
            (
                Step::ScanGoods | Step::GoToBin(_) | Step::HowMany { .. },
                Act::Insisted(_)
                | Act::Answered(_)
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

    fn found(&self, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        match scan {
            Scan::Plate(sscc) => self.found_by(scan, |line| line.plate == Some(*sscc)),
            Scan::Goods(_) | Scan::Code(_) => self.found_goods(scan),
            Scan::Bin(_) | Scan::Badge(_) | Scan::Tote(_) | Scan::Order(_) | Scan::Enrolment(_) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
        }
    }

    fn found_by(
        &self,
        scan: &Scan,
        fits: impl Fn(&PutawayLine) -> bool,
    ) -> Result<Vec<Fact>, Refusal> {
        let fitting: Vec<usize> = (0..self.put.len())
            .filter(|&line| fits(&self.job.lines[line]))
            .collect();
        match fitting.iter().find(|&&line| self.left(line).is_positive()) {
            Some(&line) => Ok(vec![Fact::GoodsConfirmed {
                line: self.job.lines[line].line,
            }]),
            None => Err(fitting.first().map_or_else(
                || Refusal::NotInWork(Said::of(scan)),
                |&line| Refusal::AllPacked(self.job.lines[line].item.code.clone()),
            )),
        }
    }

    /// Goods that name their lot go to the line of that lot; a label without one will do if only one lot stands here.
    fn found_goods(&self, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let label = goods::label(scan);
        let of_item = |line: &PutawayLine| goods::barcode(scan, &line.barcodes).is_some();
        let Some(first) = self
            .open()
            .map(|line| &self.job.lines[line])
            .find(|line| of_item(line))
        else {
            return self.found_by(scan, of_item);
        };
        let several = self
            .job
            .lines
            .iter()
            .any(|line| of_item(line) && line.goods.lot != first.goods.lot);
        if label.lot.is_none() && several {
            return Err(Refusal::LotMissing);
        }
        let demand = Demand {
            item: &first.item,
            barcodes: &first.barcodes,
            lot: None,
            serial: None,
        };
        let lot = label.lot.clone().filter(|_| first.item.tracking.lot);
        match (&lot, &first.goods.lot) {
            (Some(said), Some(wanted)) if !several && said != wanted => {
                return Err(Refusal::WrongLot {
                    said: said.clone(),
                    wanted: wanted.clone(),
                });
            }
            _ => {}
        }
        let serial = label.serial.filter(|_| demand.item.tracking.serial);
        self.found_by(scan, |line| {
            of_item(line)
                && (lot.is_none() || line.goods.lot == lot)
                && (serial.is_none() || line.goods.serial.is_none() || line.goods.serial == serial)
        })
    }

    fn arrived(&self, line: usize, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.lines[line].bin;
        match scan {
            Scan::Bin(bin) if bin == wanted => Ok(vec![self.confirmed(line, bin, None)]),
            Scan::Bin(bin) => Err(Refusal::WrongBin {
                said: bin.clone(),
                wanted: wanted.clone(),
            }),
            Scan::Goods(_) | Scan::Code(_) | Scan::Plate(_) => self.found(scan),
            Scan::Badge(_) | Scan::Tote(_) | Scan::Order(_) | Scan::Enrolment(_) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
        }
    }

    fn confirmed(&self, line: usize, bin: &BinCode, reason: Option<Reason>) -> Fact {
        Fact::BinConfirmed {
            line: self.job.lines[line].line,
            bin: bin.clone(),
            reason,
        }
    }

    fn put(
        &self,
        line: usize,
        bin: &BinCode,
        reason: Option<Reason>,
        quantity: Quantity,
    ) -> Result<Vec<Fact>, Refusal> {
        let (wanted, left) = (&self.job.lines[line], self.left(line));
        if !quantity.is_positive() {
            return Err(Refusal::Nothing);
        }
        if quantity > left {
            return Err(Refusal::TooMany {
                said: quantity,
                left,
            });
        }
        let mut facts = vec![Fact::PutAway {
            line: wanted.line,
            goods: wanted.goods.clone(),
            quantity,
            plate: wanted.plate,
            status: wanted.status,
            from: self.job.from.clone(),
            to: bin.clone(),
            reason,
        }];
        if quantity == left && self.open().count() == 1 {
            facts.push(Fact::TaskFinished);
        }
        Ok(facts)
    }

    /// What is left of a line is not there. Before anything is scanned it is the first open line that is given up.
    fn fell_short(&self, line: usize, reason: Reason) -> Vec<Fact> {
        let wanted = &self.job.lines[line];
        let mut facts = vec![Fact::PutShort {
            line: wanted.line,
            goods: wanted.goods.clone(),
            missing: self.left(line),
            bin: self.job.from.clone(),
            reason,
        }];
        if self.open().count() == 1 {
            facts.push(Fact::TaskFinished);
        }
        facts
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::GoodsConfirmed { line } => {
                if let Some(line) = self.index(*line) {
                    self.step = Step::GoToBin(line);
                }
            }
            Fact::BinConfirmed { line, bin, reason } => {
                if let Some(line) = self.index(*line) {
                    self.step = Step::HowMany {
                        line,
                        bin: bin.clone(),
                        reason: *reason,
                    };
                }
            }
            Fact::PutAway { line, quantity, .. } => {
                if let Some(line) = self.index(*line) {
                    self.put[line] = self.put[line].plus(*quantity);
                    self.step = Step::ScanGoods;
                }
            }
            Fact::PutShort { line, .. } => {
                if let Some(line) = self.index(*line) {
                    self.given_up[line] = true;
                    self.step = Step::ScanGoods;
                }
            }
            Fact::TaskFinished => self.step = Step::Done,
            _ => {}
        }
    }

    fn index(&self, line: LineNo) -> Option<usize> {
        self.job.lines.iter().position(|wanted| wanted.line == line)
    }

    /// What tags can tell at this step: which of the open lines stand here, and how much of each.
    pub(super) fn expected(&self) -> Vec<Expected<'_>> {
        if self.step != Step::ScanGoods {
            return Vec::new();
        }
        let expected = |line: usize| {
            let wanted = &self.job.lines[line];
            Expected {
                line: wanted.line,
                item: &wanted.item,
                plate: wanted.plate,
                barcodes: &wanted.barcodes,
                goods: vec![wanted.goods.clone()],
                gone: Vec::new(),
                wanted: self.left(line),
            }
        };
        self.open().map(expected).collect()
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, line, choices): (_, _, &[Choice]) = match &self.step {
            Step::ScanGoods => (
                Ask::ScanGoods(&self.job.from),
                self.open().next(),
                &[Choice::Short],
            ),
            Step::GoToBin(line) => (
                Ask::PutInto(&self.job.lines[*line].bin),
                Some(*line),
                if self.job.lines[*line].why.is_some() {
                    &[Choice::OtherBin, Choice::Short, Choice::Why]
                } else {
                    &[Choice::OtherBin, Choice::Short]
                },
            ),
            Step::HowMany { line, bin, .. } => (Ask::HowMany(bin), Some(*line), &[Choice::Short]),
            Step::Done => (Ask::Done, None, &[]),
        };
        let wanted = line.map(|line| &self.job.lines[line]);
        Prompt {
            ask,
            line: wanted.map(|wanted| wanted.line),
            item: wanted.map(|wanted| &wanted.item),
            goods: wanted.map(|wanted| wanted.goods.clone()),
            count: line.map(|line| (self.put[line], self.job.lines[line].quantity)),
            lines: (self.put.len() - self.open().count(), self.put.len()),
            tote: None,
            takes_number: matches!(self.step, Step::HowMany { .. }),
            choices,
        }
    }

    /// Why the goods in hand go to the bin they are sent to.
    pub(super) fn why(&self) -> Option<WhyBin> {
        match self.step {
            Step::GoToBin(line) | Step::HowMany { line, .. } => self.job.lines[line].why,
            Step::ScanGoods | Step::Done => None,
        }
    }

    /// Why the goods in hand should not go into a bin, by what the handheld knows of it: what other items are like
    /// that lie there it does not know, and what is on its way there neither.
    pub(super) fn unfit(&self, bin: &Bin, stock: &[(StockRow, SafeText)]) -> Option<Unfit> {
        let Step::GoToBin(line) = self.step else {
            return None;
        };
        let wanted = &self.job.lines[line];
        let new = Held::new(&wanted.item, &wanted.goods, wanted.status, self.left(line));
        let held = |(row, _): &(StockRow, SafeText)| {
            let is_same = row.goods.item == wanted.item.code;
            Held {
                item: row.goods.item.clone(),
                lot: row.goods.lot.clone(),
                status: row.spot.status,
                quantity: row.quantity,
                weight_g: new.weight_g.filter(|_| is_same),
                volume_mm3: new.volume_mm3.filter(|_| is_same),
                hazard: new.hazard.clone(),
            }
        };
        let shelf = Shelf {
            bin: bin.clone(),
            held: stock.iter().map(held).collect(),
            promised: Vec::new(),
            fixed: Vec::new(),
        };
        let load = Load {
            lines: vec![(&wanted.item, new)],
            on_plate: wanted.plate.is_some(),
        };
        putaway::room(&load, &shelf, bin.kind == BinKind::Quarantine).err()
    }

    /// Its kind.
    pub const fn kind(&self) -> JobKind {
        JobKind::Putaway
    }
}
