//! Weighing: the scale is asked, and what it says is taken as if it had been keyed, but only while a weight is asked for.

use super::effect::Effect;
use super::model::{Model, Screen};
use super::notice::Notice;
use crate::flow::{Act, Ask};
use crate::warehouse::{Quantity, SafeText};

impl Model {
    fn awaits_weight(&self) -> bool {
        let ask = self.work.as_ref().map(|work| work.prompt().ask);
        matches!(self.screen, Screen::Work(_)) && matches!(ask, Some(Ask::WeighCarton(..)))
    }

    /// Asks the scale, if there is one and its answer is wanted. Says whether it did.
    pub(super) fn ask_scale(&mut self, orders: &mut Vec<Effect>) -> bool {
        let asks = self.settings.has_scale && self.awaits_weight();
        if asks {
            orders.push(Effect::Weigh);
            self.tell(Notice::Weighing, orders);
        }
        asks
    }

    pub(super) fn weighed(&mut self, said: Result<u32, SafeText>, orders: &mut Vec<Effect>) {
        if !self.awaits_weight() {
            return;
        }
        match said {
            Ok(grams) => {
                let total = Quantity::from_thousandths(i64::from(grams));
                let act = Act::Counted {
                    total,
                    label: None,
                    anyway: false,
                };
                self.act(&act, None, &format!("scale {total} kg"), orders);
            }
            Err(why) => self.tell(Notice::NoWeight(why), orders),
        }
    }
}
