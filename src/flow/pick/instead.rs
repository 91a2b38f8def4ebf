//! Another item instead: of a line that falls short, what the customer takes for it is offered with where it lies. The task
//! brings that along, so that it is there without signal too.

use super::{Line, Pick};
use crate::flow::refusal::Refusal;
use crate::warehouse::{Fact, LineNo, OrderCode, PickLine, Quantity, Reason};

impl Pick {
    /// What can be taken instead of what is wanted now, the best first.
    pub fn instead(&self) -> &[PickLine] {
        match self.step {
            super::Step::GoToBin(line) | super::Step::TakeGoods(line)
                if self.together(line).len() == 1 =>
            {
                &self.told(line).instead
            }
            _ => &[],
        }
    }

    /// The rest of a line is given up, and so much of another item is fetched instead; what that leaves open falls short.
    pub(super) fn substituted(&self, which: usize, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let (super::Step::GoToBin(line) | super::Step::TakeGoods(line)) = self.step else {
            return Err(Refusal::NotHere);
        };
        let allowed = self.job.rules.of_short(reason).ok_or(Refusal::NotHere)?;
        let other = self.instead().get(which).ok_or(Refusal::NotHere)?;
        let missing = self.left(line).minus(self.in_hand());
        let quantity = missing.min(other.quantity);
        if !quantity.is_positive() {
            return Err(Refusal::NotHere);
        }
        let mut facts = vec![Fact::Substituted {
            line: self.told(line).line,
            order: self.order(line).order.clone(),
            bin: self.bin(line).clone(),
            goods: self.demanded(line),
            missing: quantity,
            reason,
            by: Box::new(PickLine {
                line: self.next_number(),
                quantity,
                instead: Vec::new(),
                ..other.clone()
            }),
        }];
        let rest = missing.minus(quantity);
        if rest.is_positive() {
            facts.push(self.short(line, rest, reason));
        }
        facts.extend(
            allowed
                .becomes
                .map(|status| self.set_aside(line, missing, status)),
        );
        Ok(facts)
    }

    pub(super) fn short(&self, line: usize, missing: Quantity, reason: Reason) -> Fact {
        Fact::PickedShort {
            line: self.told(line).line,
            bin: self.bin(line).clone(),
            goods: self.demanded(line),
            missing,
            reason,
        }
    }

    fn next_number(&self) -> LineNo {
        let numbers = (0..self.lines.len()).map(|line| self.told(line).line);
        numbers.max().unwrap_or(0).saturating_add(1)
    }

    /// The work has a line more.
    pub(super) fn has_line(&mut self, order: &OrderCode, line: &PickLine) {
        let Some(order) = self.order_at(order) else {
            return;
        };
        let lines = &mut self.job.orders[order].lines;
        lines.push(line.clone());
        let at = lines.len() - 1;
        self.lines.push(Line::new(order, at));
    }
}
