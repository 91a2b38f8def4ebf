//! What a lead must agree to: it waits on the screen, unrecorded, until a lead scans their badge.

use super::effect::{Effect, Query};
use super::model::{Model, Screen};
use super::notice::Notice;
use crate::flow::Refusal;
use crate::scan::Scan;
use crate::warehouse::{Fact, Role, Worker};

/// What waits for a lead.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    facts: Vec<Fact>,
    cause: String,
}

impl Model {
    /// Records facts that were decided, or keeps them until a lead agrees.
    pub(super) fn record_or_wait(
        &mut self,
        facts: Vec<Fact>,
        cause: &str,
        orders: &mut Vec<Effect>,
    ) {
        let wants = self.work.as_ref().is_some_and(|it| it.wants_lead(&facts));
        if !wants {
            return self.record(facts, cause, orders);
        }
        if let Some(draft) = self.draft() {
            let cause = cause.to_owned();
            draft.for_lead = Some(Box::new(Waiting { facts, cause }));
        }
        self.refused(Refusal::LeadWanted, None, orders);
    }

    /// Whether a badge was scanned that something waits for. Any other scan is another thought: what waited is dropped.
    pub(super) fn asks_for_lead(&mut self, scan: &Scan, orders: &mut Vec<Effect>) -> bool {
        let Some(draft) = self.draft().filter(|draft| draft.for_lead.is_some()) else {
            return false;
        };
        let Scan::Badge(badge) = scan else {
            draft.for_lead = None;
            return false;
        };
        orders.push(Effect::Ask(Query::Badge(badge.clone())));
        true
    }

    /// Whose badge it is that was scanned over a step. Whether a step had waited for it.
    pub(super) fn found_lead(&mut self, worker: Option<&Worker>, orders: &mut Vec<Effect>) -> bool {
        if !matches!(self.screen, Screen::Work(_)) {
            return false;
        }
        let waiting = self.draft().and_then(|draft| draft.for_lead.clone());
        let waiting = waiting.map(|waiting| *waiting);
        match (waiting, worker) {
            (Some(Waiting { mut facts, cause }), Some(worker)) if worker.role == Role::Lead => {
                let lead = worker.code.clone();
                facts.insert(0, Fact::LeadAgreed { lead });
                self.record(facts, &cause, orders);
            }
            (Some(_), _) => self.tell(Notice::LeadOnly, orders),
            (None, _) => {}
        }
        true
    }
}
