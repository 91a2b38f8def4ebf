//! What the office allows while picking, and what must not be left undone.

use super::{Carried, Pick, Step};
use crate::flow::prompt::Choice;
use crate::flow::refusal::Refusal;
use crate::scan::Scan;
use crate::warehouse::{Allowed, Fact, LineNo, Quantity, Reason};

/// How much and how much worth a reason allows; no limit where there is none.
type Limits = fn(&Allowed) -> (Option<Quantity>, Option<u64>);

fn of(allowed: &[Allowed], reason: Reason) -> Option<&Allowed> {
    allowed.iter().find(|allowed| allowed.reason == reason)
}

impl Pick {
    /// The reasons that the office offers for this; none if it is not offered.
    pub(in crate::flow) fn reasons(&self, choice: Choice) -> Vec<Reason> {
        let rules = &self.job.rules;
        let allowed: &[Allowed] = match choice {
            Choice::Short => &rules.short,
            Choice::OtherBin => &rules.other_bin,
            Choice::HandOver => &rules.hand_over,
            Choice::HoldLine => &rules.hold_line,
            // Needs no reason, or is of another kind of work.
            _ => &[],
        };
        allowed.iter().map(|allowed| allowed.reason).collect()
    }

    /// Whether a lead must agree to these facts.
    pub(in crate::flow) fn wants_lead(&self, facts: &[Fact]) -> bool {
        self.exceeds(facts, |it| (it.lead_above, it.lead_above_value))
    }

    /// Whether these facts go beyond what a lead may agree to.
    pub(super) fn is_for_office(&self, facts: &[Fact]) -> bool {
        // What is left to the office is left to it.
        let is_held = |fact: &Fact| matches!(fact, Fact::LineHeld { .. });
        !facts.iter().any(is_held)
            && self.exceeds(facts, |it| (it.never_above, it.never_above_value))
    }

    /// Whether one of these facts is about more than its reason allows, by number or by value.
    fn exceeds(&self, facts: &[Fact], limits: Limits) -> bool {
        let rules = &self.job.rules;
        facts.iter().any(|fact| match fact {
            Fact::PickedShort {
                line,
                missing,
                reason,
                ..
            }
            | Fact::Substituted {
                line,
                missing,
                reason,
                ..
            } => self.above(&rules.short, *reason, *line, *missing, limits),
            Fact::LineHeld {
                line,
                quantity,
                reason,
                ..
            } => self.above(&rules.hold_line, *reason, *line, *quantity, limits),
            Fact::BinConfirmed {
                line,
                reason: Some(reason),
                ..
            } => self.index(*line).is_some_and(|at| {
                self.above(&rules.other_bin, *reason, *line, self.left(at), limits)
            }),
            Fact::LeftStanding { reason, .. } => {
                let carried = self.orders.iter().flat_map(|order| &order.goods);
                let carried: Quantity = carried.map(|it| it.1).sum();
                let of_it = of(&rules.hand_over, *reason).map(limits);
                of_it.is_some_and(|(most, _)| most.is_some_and(|most| carried > most))
            }
            _ => false,
        })
    }

    fn above(
        &self,
        allowed: &[Allowed],
        reason: Reason,
        line: LineNo,
        quantity: Quantity,
        limits: Limits,
    ) -> bool {
        let Some((most, most_value)) = of(allowed, reason).map(limits) else {
            return false;
        };
        let each = self.index(line).and_then(|line| self.told(line).value);
        let thousandths = u64::try_from(quantity.thousandths()).unwrap_or(0);
        let value = each.map(|each| each.saturating_mul(thousandths) / 1000);
        most.is_some_and(|most| quantity > most)
            || matches!((value, most_value), (Some(value), Some(most)) if value > most)
    }

    /// Whether this scan can be judged only with what the memory knows of it: a tote may hold something of others.
    pub(in crate::flow) const fn asks(&self, scan: &Scan) -> bool {
        matches!(
            (self.step, scan),
            (Step::BindTote(_) | Step::FetchTote(_), Scan::Tote(_))
        )
    }

    /// Whether the worker must put something down before going away.
    pub(in crate::flow) fn stays(&self) -> Option<Refusal> {
        let hand = self.hand.as_ref()?;
        let line = self.together(hand.line).into_iter().next()?;
        let tote = self.orders[self.lines[line].order].tote.clone()?;
        Some(Refusal::PutFirst(tote))
    }

    /// Whether the office and the moment allow this.
    pub(in crate::flow) fn offers(&self, choice: Choice) -> bool {
        let (rules, stands) = (&self.job.rules, self.hand.is_none());
        let carries = || self.orders.iter().any(Carried::is_loaded);
        match choice {
            Choice::Short => !rules.short.is_empty(),
            Choice::Skip => rules.skip && stands,
            Choice::OtherBin => !rules.other_bin.is_empty() && stands,
            Choice::ToteFull => self.full_tote().is_some(),
            Choice::HoldLine => !rules.hold_line.is_empty(),
            Choice::HandOver => !rules.hand_over.is_empty() && stands && carries(),
            // Of another kind of work.
            _ => false,
        }
    }
}
