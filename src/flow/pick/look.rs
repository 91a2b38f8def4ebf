//! A look into the bin in passing: is it empty, or how many are left? Asked where the office wants to know, when nothing more
//! is to be taken of it.

use super::Pick;
use crate::flow::refusal::Refusal;
use crate::warehouse::{Fact, Goods, Quantity};

/// What the worker is asked about a bin, and of which line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Look {
    /// Whether it is empty.
    Empty(usize),
    /// How many are left.
    Count(usize),
}

impl Pick {
    /// What is asked now that goods were taken of a line.
    pub(super) fn asks_about(&self, line: usize) -> Option<Look> {
        let told = self.told(line);
        if self.lines[line].elsewhere.is_some() || self.is_open(line) {
            return None;
        }
        if told.empties_bin && !self.lines[line].looked {
            return Some(Look::Empty(line));
        }
        // Goods in hand, or still to be taken, would be counted or not as it comes.
        let same = |other: &usize| {
            let it = self.told(*other);
            it.bin == told.bin && it.item.code == told.item.code
        };
        let mut lines = (0..self.lines.len()).filter(same);
        let still = self.hand.is_some() || lines.clone().any(|line| self.is_open(line));
        let wants = lines.any(|line| self.told(line).ask_left && !self.lines[line].looked);
        (wants && !still).then_some(Look::Count(line))
    }

    pub(super) fn looked(&self, line: usize, empty: bool) -> Fact {
        Fact::BinChecked {
            line: self.told(line).line,
            bin: self.bin(line).clone(),
            goods: self.of_lot(line),
            empty,
        }
    }

    /// So many are left: a count of the item in this bin.
    pub(super) fn left_there(&self, line: usize, left: Quantity) -> Result<Vec<Fact>, Refusal> {
        if left > Quantity::LIMIT {
            return Err(Refusal::CountFirst);
        }
        let there = left.is_positive().then(|| (self.of_lot(line), left));
        Ok(vec![Fact::BinCounted {
            line: self.told(line).line,
            bin: self.bin(line).clone(),
            item: Some(self.told(line).item.code.clone()),
            counted: there.into_iter().collect(),
        }])
    }

    fn of_lot(&self, line: usize) -> Goods {
        let told = self.told(line);
        Goods {
            lot: told.lot.clone(),
            ..Goods::of(told.item.code.clone())
        }
    }

    /// A bin was looked into: nobody is asked again for what lies there.
    pub(super) fn was_looked_at(&mut self, line: usize) {
        let (bin, item) = (
            self.told(line).bin.clone(),
            self.told(line).item.code.clone(),
        );
        for other in 0..self.lines.len() {
            let told = self.told(other);
            if other == line || (told.bin == bin && told.item.code == item && told.ask_left) {
                self.lines[other].looked = true;
            }
        }
        self.looking = None;
    }
}
