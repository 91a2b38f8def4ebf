//! Counting. Go to a bin and scan it; scan what lies there or key how many; end the bin, or say in one key that it is empty.
//! What should be there is not shown where the count is blind; what differs from the book is for the office to judge.

use super::act::Act;
use super::named::{self, Missing, Named, Names};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{
    BinCode, CountBin, CountJob, Fact, Goods, Item, Known, LineNo, Quantity, Status, parts,
};

/// What is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A bin: this one, or any that the worker likes.
    GoToBin(Option<BinCode>),
    /// Goods in this bin, or its end.
    CountGoods(BinCode),
    /// What the last label left out.
    Complete(Missing),
    /// Nothing more.
    Done,
}

/// Counting of bins, one after the other.
#[derive(Clone, Debug)]
pub struct Count {
    job: CountJob,
    names: Names,
    counted: Vec<LineNo>,
    at: Option<(LineNo, BinCode)>,
    tally: Vec<(Goods, Quantity)>,
    last: Option<Goods>,
    done: bool,
}

impl Count {
    /// The work at its beginning.
    pub fn new(job: CountJob) -> Self {
        Self {
            names: Names::new(job.items.clone()),
            job,
            counted: Vec::new(),
            at: None,
            tally: Vec::new(),
            last: None,
            done: false,
        }
    }

    fn is_own(&self) -> bool {
        self.job.bins.is_empty()
    }

    fn next(&self) -> Option<&CountBin> {
        let mut bins = self.job.bins.iter();
        bins.find(|bin| !self.counted.contains(&bin.line))
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match (&self.at, self.names.part()) {
            _ if self.done => Step::Done,
            (Some(_), Some((part, _))) => Step::Complete(part.missing.unwrap_or(Missing::Lot)),
            (Some((_, bin)), None) => Step::CountGoods(bin.clone()),
            (None, _) => Step::GoToBin(self.next().map(|next| next.bin.clone())),
        }
    }

    /// Whether this scan has to be looked up.
    pub fn asks(&self, scan: &Scan) -> bool {
        match (self.step(), scan) {
            (Step::GoToBin(wanted), Scan::Bin(_)) => wanted.is_none(),
            (Step::CountGoods(_) | Step::Complete(_), Scan::Goods(_) | Scan::Code(_)) => {
                !self.names.knows(scan)
            }
            _ => false,
        }
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::Done, _) => Err(Refusal::AllDone),
            (Step::GoToBin(wanted), Act::Scanned(scan)) => self.arrived(wanted.as_ref(), scan),
            (Step::GoToBin(_), Act::Known { scan, known, .. }) => self.chose_bin(scan, known),
            (Step::GoToBin(wanted), Act::Counted { .. } | Act::Agreed) => {
                Err(wanted.map_or(Refusal::WhereFirst, |wanted| Refusal::BinFirst { wanted }))
            }
            (Step::GoToBin(None), Act::Chose(Choice::Finish, _)) => Ok(vec![Fact::TaskFinished]),
            // Its key would call the open bin empty: that must be meant.
            (Step::CountGoods(_), Act::Scanned(Scan::Bin(_))) if self.tally.is_empty() => {
                Err(Refusal::NothingCounted)
            }
            (Step::CountGoods(_) | Step::Complete(_), Act::Scanned(Scan::Bin(bin))) => {
                Err(Refusal::BinOpen {
                    said: bin.clone(),
                    open: self.bin().clone(),
                })
            }
            (Step::CountGoods(_) | Step::Complete(_), Act::Scanned(scan)) => {
                self.scanned(scan, None, None)
            }
            (
                Step::CountGoods(_) | Step::Complete(_),
                Act::Known {
                    scan, known, total, ..
                },
            ) => self.scanned(scan, Some(known), *total),
            (Step::CountGoods(_), Act::Counted { total, label, .. }) => {
                let scan = label.clone().map(Scan::Goods);
                scan.map_or_else(
                    || self.keyed(*total),
                    |scan| self.scanned(&scan, None, Some(*total)),
                )
            }
            (Step::CountGoods(_), Act::Agreed | Act::Chose(Choice::EndBin, _)) => self.ended(),
            (Step::CountGoods(_), Act::Chose(Choice::BinIsEmpty, _)) => self.is_empty(),
            (Step::GoToBin(_) | Step::CountGoods(_) | Step::Complete(_), _) => {
                Err(Refusal::NotHere)
            }
        }
    }

    fn arrived(&self, wanted: Option<&BinCode>, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        match (scan, wanted, self.next()) {
            (Scan::Bin(said), Some(wanted), Some(next)) if said == wanted => {
                Ok(vec![confirmed(next.line, said)])
            }
            (Scan::Bin(said), Some(wanted), _) => Err(Refusal::WrongBin {
                said: said.clone(),
                wanted: wanted.clone(),
            }),
            (Scan::Goods(_) | Scan::Code(_), Some(wanted), _) => Err(Refusal::BinFirst {
                wanted: wanted.clone(),
            }),
            (Scan::Goods(_) | Scan::Code(_), None, _) => Err(Refusal::WhereFirst),
            _ => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    fn chose_bin(&self, scan: &Scan, known: &Known) -> Result<Vec<Fact>, Refusal> {
        let Known::Bin { bin, .. } = known else {
            return Err(Refusal::NotKnown(Said::of(scan)));
        };
        let line = self.counted.iter().max().unwrap_or(&0) + 1;
        Ok(vec![confirmed(line, &bin.code)])
    }

    fn bin(&self) -> &BinCode {
        let (_, bin) = self.at.as_ref().expect("a step at a bin has a bin");
        bin
    }

    fn line(&self) -> LineNo {
        self.at.as_ref().map_or(0, |(line, _)| *line)
    }

    fn had(&self, goods: &Goods) -> Quantity {
        let known = self.tally.iter().find(|(it, _)| named::same(it, goods));
        known.map_or(Quantity::ZERO, |(_, sum)| *sum)
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
        let named = self.names.read(scan, known, total)?;
        if let Some(wanted) = &self.job.item
            && named.goods.item != *wanted
        {
            return Err(Refusal::OtherGoods {
                said: Said::of(scan),
                wanted: wanted.clone(),
            });
        }
        self.tallied(named)
    }

    fn tallied(&self, named: Named) -> Result<Vec<Fact>, Refusal> {
        if named.missing.is_some() {
            return Ok(named.fact.into_iter().collect());
        }
        let quantity = named::more(&named, self.had(&named.goods))?;
        let tallied = self.tally_of(named.goods, quantity);
        Ok(named.fact.into_iter().chain([tallied]).collect())
    }

    fn tally_of(&self, goods: Goods, quantity: Quantity) -> Fact {
        Fact::Tallied {
            line: self.line(),
            bin: self.bin().clone(),
            plate: None,
            status: Status::Available,
            goods,
            quantity,
        }
    }

    /// A number alone is how many there are of what was scanned last.
    fn keyed(&self, total: Quantity) -> Result<Vec<Fact>, Refusal> {
        let goods = self.last.clone().ok_or(Refusal::GoodsFirst)?;
        if goods.serial.is_some() {
            return Err(Refusal::ScanEach);
        }
        let quantity = named::more_than(total, self.had(&goods))?;
        Ok(vec![self.tally_of(goods, quantity)])
    }

    fn ended(&self) -> Result<Vec<Fact>, Refusal> {
        if self.tally.is_empty() {
            return Err(Refusal::NothingCounted);
        }
        Ok(self.end(self.tally.clone()))
    }

    fn is_empty(&self) -> Result<Vec<Fact>, Refusal> {
        if !self.tally.is_empty() {
            return Err(Refusal::NotHere);
        }
        Ok(self.end(Vec::new()))
    }

    fn end(&self, counted: Vec<(Goods, Quantity)>) -> Vec<Fact> {
        let bin = self.bin().clone();
        let mut parts = parts(counted);
        let counted = parts.pop().unwrap_or_default();
        let part = |counted| Fact::PartCounted {
            bin: bin.clone(),
            counted,
        };
        let mut facts: Vec<Fact> = parts.into_iter().map(part).collect();
        facts.push(Fact::BinCounted {
            line: self.line(),
            bin: bin.clone(),
            item: self.job.item.clone(),
            counted,
        });
        let is_last = self.counted.len() + 1 == self.job.bins.len();
        if !self.is_own() && is_last {
            facts.push(Fact::TaskFinished);
        }
        facts
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        self.names.apply(fact);
        match fact {
            Fact::BinConfirmed { line, bin, .. } => {
                self.at = Some((*line, bin.clone()));
                self.tally.clear();
                self.last = None;
            }
            Fact::Tallied {
                goods, quantity, ..
            } => {
                named::add(&mut self.tally, goods, *quantity);
                self.last = Some(goods.clone());
            }
            Fact::BinCounted { line, .. } => {
                self.counted.push(*line);
                self.at = None;
                self.tally.clear();
                self.last = None;
            }
            Fact::TaskFinished => self.done = true,
            _ => {}
        }
    }

    /// What should be there of what was scanned last, where the worker may know; else all that should be there.
    fn expected(&self) -> Option<Quantity> {
        let (line, _) = self.at.as_ref()?;
        let bin = self.job.bins.iter().find(|bin| bin.line == *line)?;
        let of = |goods: &Goods| {
            let same = bin.expected.iter().filter(|(it, _)| named::same(it, goods));
            same.map(|(_, quantity)| *quantity).sum()
        };
        match &self.last {
            _ if bin.expected.is_empty() || self.names.part().is_some() => None,
            Some(last) => Some(of(last)),
            None if self.job.item.is_some() => {
                Some(bin.expected.iter().map(|(_, quantity)| *quantity).sum())
            }
            None => None,
        }
    }

    fn item_in_hand(&self) -> Option<&Item> {
        let code = self.last.as_ref().map(|goods| &goods.item);
        let part = self.names.part().and_then(|(_, item)| item);
        part.or_else(|| self.names.item(code.or(self.job.item.as_ref())?))
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, choices): (_, &[Choice]) = match self.step() {
            Step::Done => (Ask::Done, &[]),
            Step::Complete(missing) => (Ask::Complete(missing), &[]),
            Step::CountGoods(_) if self.tally.is_empty() => {
                (Ask::CountGoods(self.bin()), &[Choice::BinIsEmpty])
            }
            Step::CountGoods(_) => (Ask::CountGoods(self.bin()), &[Choice::EndBin]),
            Step::GoToBin(_) => match self.next() {
                Some(next) => (Ask::GoToBin(&next.bin), &[]),
                None => (Ask::ScanBinToCount, &[Choice::Finish]),
            },
        };
        let part = self.names.part().map(|(part, _)| part.goods.clone());
        let counted = self.last.as_ref().map(|goods| self.had(goods));
        let counted = counted.filter(|_| self.at.is_some() && part.is_none());
        Prompt {
            ask,
            line: self.at.as_ref().map(|(line, _)| *line),
            item: self.item_in_hand().filter(|_| self.at.is_some()),
            goods: part.or_else(|| self.last.clone()),
            count: match (counted, self.expected()) {
                (counted, Some(expected)) => Some((counted.unwrap_or_default(), expected)),
                (Some(counted), None) => Some((counted, counted)),
                (None, None) => None,
            },
            lines: (self.counted.len(), self.job.bins.len()),
            tote: None,
            takes_number: matches!(self.step(), Step::CountGoods(_)),
            choices,
        }
    }
}

fn confirmed(line: LineNo, bin: &BinCode) -> Fact {
    Fact::BinConfirmed {
        line,
        bin: bin.clone(),
        reason: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::{Entry, Timestamp};

    #[test]
    fn a_bin_of_three_thousand_units_is_ended_in_facts_that_the_office_takes() {
        let mut flow = Count::new(CountJob::default());
        let bin: BinCode = "A-01-03".parse().unwrap();
        flow.apply(&Fact::BinConfirmed {
            line: 1,
            bin: bin.clone(),
            reason: None,
        });
        for serial in 0..3000 {
            let goods = Goods {
                serial: format!("{serial:05}{}", "\u{1F4E6}".repeat(40))
                    .parse()
                    .ok(),
                ..Goods::of("DRILL".parse().unwrap())
            };
            named::add(&mut flow.tally, &goods, Quantity::ONE);
        }
        let facts = flow.decide(&Act::Agreed).unwrap();
        let mut counted = Vec::new();
        for fact in &facts {
            let entry = Entry {
                seq: u64::MAX,
                act: 1,
                at: Timestamp::UNIX_EPOCH,
                worker: None,
                task: None,
                cause: None,
                fact: fact.clone(),
            };
            assert!(entry.line().len() < 40_000);
            match fact {
                Fact::PartCounted { counted: part, .. }
                | Fact::BinCounted { counted: part, .. } => {
                    counted.extend(part.clone());
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(counted, flow.tally);
        assert!(matches!(facts.last(), Some(Fact::BinCounted { .. })));
    }
}
