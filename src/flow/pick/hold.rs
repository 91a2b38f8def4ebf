//! A line that is left to the office: something about it is not right, and whoever has an overview decides. The rest of the
//! work goes on.

use super::Pick;
use crate::flow::refusal::Refusal;
use crate::warehouse::{Fact, Quantity, Reason, Status};

impl Pick {
    /// What is in hand goes to the first orders; the rest of the lines is left to the office.
    pub(super) fn held_back(&self, line: usize, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let mut offered = self.job.rules.hold_line.iter();
        let allowed = offered.find(|allowed| allowed.reason == reason);
        let allowed = allowed.ok_or(Refusal::NotHere)?;
        let open = self.uncovered(line);
        let held = open.iter().map(|&(line, quantity)| Fact::LineHeld {
            line: self.told(line).line,
            bin: self.bin(line).clone(),
            goods: self.demanded(line),
            quantity,
            reason,
        });
        let all = open.iter().map(|(_, quantity)| *quantity).sum();
        let status = allowed
            .becomes
            .map(|status| self.set_aside(line, all, status));
        Ok(held.chain(status).collect())
    }

    /// The lines that are fetched together, each with what is not in hand for it.
    pub(super) fn uncovered(&self, line: usize) -> Vec<(usize, Quantity)> {
        let mut covered = self.in_hand();
        let mut open = Vec::new();
        for line in self.together(line) {
            let got = covered.min(self.left(line));
            covered = covered.minus(got);
            let missing = self.left(line).minus(got);
            if missing.is_positive() {
                open.push((line, missing));
            }
        }
        open
    }

    pub(super) fn set_aside(&self, line: usize, quantity: Quantity, status: Status) -> Fact {
        Fact::SetAside {
            line: self.told(line).line,
            bin: self.bin(line).clone(),
            goods: self.demanded(line),
            quantity,
            status,
        }
    }
}
