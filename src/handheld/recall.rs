//! Goods that are called back go no further: whatever the work at hand says, no fact that brings them on is recorded.

use super::model::Model;
use crate::flow::Refusal;
use crate::warehouse::{CalledBack, Fact, Onward};

impl Model {
    /// Why these facts may not be, if they bring on what is called back.
    pub(super) fn stops(&self, facts: &[Fact]) -> Option<Refusal> {
        if self.called_back.is_empty() {
            return None;
        }
        facts.iter().find_map(|fact| self.stops_one(fact))
    }

    fn stops_one(&self, fact: &Fact) -> Option<Refusal> {
        if let Fact::TruckClosed { .. } = fact {
            return self.stops_truck();
        }
        let onward = fact.onward();
        let called = onward.iter().find_map(|it| self.calls(it))?;
        Some(Refusal::CalledBack {
            item: called.item.clone(),
            lot: called.lot.clone(),
            recall: called.recall.clone(),
        })
    }

    fn calls(&self, it: &Onward) -> Option<&CalledBack> {
        self.called_back.iter().find(|called| called.means(it))
    }

    /// What was loaded before anyone here knew stands on the truck: it does not go with that.
    fn stops_truck(&self) -> Option<Refusal> {
        let aboard = self.work.as_ref()?.on_truck();
        aboard.into_iter().find_map(|carton| {
            let is_called = carton.goods.iter().any(|(goods, _)| {
                let it = Onward {
                    goods,
                    from: None,
                    plate: Some(carton.plate),
                };
                self.calls(&it).is_some()
            });
            is_called.then_some(Refusal::CalledBackAboard(carton.plate))
        })
    }
}
