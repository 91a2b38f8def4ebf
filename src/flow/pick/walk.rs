//! The order of the walk, and where a worker stands in it.

use super::Pick;
use crate::flow::act::Act;
use crate::flow::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{BinCode, Fact, LineNo, Reason};

impl Pick {
    pub(super) fn first_walk(&self) -> Vec<usize> {
        let mut walk: Vec<usize> = (0..self.lines.len()).collect();
        walk.sort_by_key(|&line| self.told(line).sequence);
        walk
    }

    pub(super) fn index(&self, line: LineNo) -> Option<usize> {
        (0..self.lines.len()).find(|&at| self.told(at).line == line)
    }

    pub(super) fn arrived(&self, line: usize, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let wanted = self.bin(line);
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
        Fact::BinConfirmed {
            line: self.told(line).line,
            bin: self.bin(line).clone(),
            reason: None,
        }
    }

    pub(super) fn another_bin(&self, line: usize, said: &BinCode) -> Refusal {
        let wanted = self.bin(line);
        match self.open_line_at(said) {
            Some(other) if said != wanted => Refusal::OtherLine {
                said: said.clone(),
                line: self.told(other).line,
            },
            _ if said == wanted => Refusal::NotNow(Said::of(&Scan::Bin(said.clone()))),
            _ if self.hand.is_none() && self.carries_to(said) => Refusal::DropNow(said.clone()),
            _ => Refusal::WrongBin {
                said: said.clone(),
                wanted: wanted.clone(),
            },
        }
    }

    fn open_line_at(&self, bin: &BinCode) -> Option<usize> {
        self.open().find(|&line| self.bin(line) == bin)
    }

    /// Another bin, scanned twice: it is meant.
    pub(super) fn changed_line(&self, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let Scan::Bin(bin) = scan else {
            return Err(Refusal::NotHere);
        };
        if let Some(tote) = self.stays() {
            return Err(tote);
        }
        match self.open_line_at(bin) {
            Some(other) => Ok(vec![self.confirmed(other)]),
            None if self.carries_to(bin) => self.dropped(bin),
            None => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    /// Another bin than told, with a reason; or the one where the work is left standing.
    pub(super) fn chose_bin(
        &self,
        line: usize,
        bin: &BinCode,
        reason: Reason,
    ) -> Result<Vec<Fact>, Refusal> {
        if self.job.rules.hands_over(reason) {
            return self.left_standing(bin, reason);
        }
        if bin == self.bin(line) {
            return self.decide(&Act::Scanned(Scan::Bin(bin.clone())));
        }
        let confirmed = |line| Fact::BinConfirmed {
            line: self.told(line).line,
            bin: bin.clone(),
            reason: Some(reason),
        };
        // The first is confirmed last: it is the one that is gone on with.
        let lines = self.together(line).into_iter().rev();
        Ok(lines.map(confirmed).collect())
    }

    pub(super) fn skipped(&self, line: usize) -> Result<Vec<Fact>, Refusal> {
        let together = self.together(line);
        if self.open().all(|other| together.contains(&other)) {
            return Err(Refusal::OnlyLine);
        }
        let skipped = |line| Fact::LineSkipped {
            line: self.told(line).line,
        };
        Ok(together.into_iter().map(skipped).collect())
    }
}
