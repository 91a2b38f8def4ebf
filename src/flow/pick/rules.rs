//! What the office allows while picking, and what must not be left undone.

use super::{Carried, Pick, Step};
use crate::flow::prompt::Choice;
use crate::flow::refusal::Refusal;
use crate::scan::Scan;
use crate::warehouse::{Allowed, Fact, Quantity, Reason};

impl Pick {
    /// The reasons that the office offers for this; none if it is not offered.
    pub(in crate::flow) fn reasons(&self, choice: Choice) -> Vec<Reason> {
        let rules = &self.job.rules;
        let allowed: &[Allowed] = match choice {
            Choice::Short => &rules.short,
            Choice::OtherBin => &rules.other_bin,
            Choice::HandOver => &rules.hand_over,
            // Needs no reason, or is of another kind of work.
            _ => &[],
        };
        allowed.iter().map(|allowed| allowed.reason).collect()
    }

    /// Whether a lead must agree to these facts.
    pub(in crate::flow) fn wants_lead(&self, facts: &[Fact]) -> bool {
        let rules = &self.job.rules;
        let above = |allowed: &[Allowed], why: Reason, quantity: Quantity| {
            let of_it = allowed.iter().find(|allowed| allowed.reason == why);
            let limit = of_it.and_then(|allowed| allowed.lead_above);
            limit.is_some_and(|limit| quantity > limit)
        };
        facts.iter().any(|fact| match fact {
            Fact::PickedShort {
                missing, reason, ..
            } => above(&rules.short, *reason, *missing),
            Fact::BinConfirmed {
                line,
                reason: Some(reason),
                ..
            } => self
                .index(*line)
                .is_some_and(|line| above(&rules.other_bin, *reason, self.left(line))),
            Fact::LeftStanding { reason, .. } => {
                let carried = self.orders.iter().flat_map(|order| &order.goods);
                above(&rules.hand_over, *reason, carried.map(|it| it.1).sum())
            }
            _ => false,
        })
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
            Choice::HandOver => !rules.hand_over.is_empty() && stands && carries(),
            // Of another kind of work.
            _ => false,
        }
    }
}
