//! Practising: everything works as ever, on a copy of the memory. The handheld as it really is waits beside it and is there
//! again, exactly as it was, when the practice ends.

use super::effect::{Effect, Query};
use super::model::{Model, Screen};
use super::notice::Notice;

impl Model {
    /// Whether nothing counts now.
    pub const fn is_practice(&self) -> bool {
        self.real.is_some()
    }

    /// The copy is made and all works on it; or it is gone.
    pub(super) fn practising(&mut self, begins: bool, orders: &mut Vec<Effect>) {
        if begins {
            if self.real.is_none() {
                self.real = Some(Box::new(self.clone()));
                self.tell(Notice::PracticeBegun, orders);
            }
            return;
        }
        let Some(real) = self.real.take() else { return };
        let was = self.code();
        let now = std::mem::replace(self, *real);
        self.keep_hardware(now);
        // Whoever practised last may not be who had it: then it asks for badge and PIN, as after a lock.
        if self.worker.is_some() && self.code() != was {
            self.lock();
        }
        if matches!(self.screen, Screen::Queue(_)) {
            orders.push(Effect::Ask(Query::Tasks));
        }
        self.tell(Notice::PracticeOver, orders);
    }

    /// What is plugged in, and how things stand with the office, did not stand still.
    fn keep_hardware(&mut self, now: Self) {
        self.now = now.now;
        self.touched = now.touched;
        self.last_heard = now.last_heard;
        self.link = now.link;
        self.last_word = now.last_word;
        self.ports = now.ports;
        self.printers = now.printers;
        self.power = now.power;
        self.radio = now.radio;
    }
}
