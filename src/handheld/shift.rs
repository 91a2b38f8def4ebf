//! The end of a shift: what was done, what is unsent and how old it is, and sending it.
//! "Everything is at the office" is said only when the office has acknowledged the last fact.

use super::effect::Effect;
use super::event::{Key, Unsent};
use super::model::{Model, Screen};
use super::notice::Notice;
use super::tally::Tally;

/// The shift screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shift {
    /// What was done; none yet: being counted.
    pub tally: Option<Tally>,
}

impl Model {
    /// Whether the office has acknowledged every fact of this handheld.
    pub const fn is_everything_at_office(&self) -> bool {
        self.unsent.count == 0
    }

    /// The office has said what it has. Whoever asked for it is told.
    pub(super) fn acknowledged(&mut self, unsent: Unsent, orders: &mut Vec<Effect>) {
        self.unsent = unsent;
        if matches!(
            self.notice,
            Some(Notice::Syncing | Notice::StillSending(_) | Notice::NotReached(_))
        ) {
            match unsent.count {
                0 => self.tell(Notice::AllAtOffice, orders),
                count => self.tell(Notice::StillSending(count), orders),
            }
        }
    }

    pub(super) fn found_tally(&mut self, tally: Tally) {
        if let Screen::Shift(shift) = &mut self.screen {
            shift.tally = Some(tally);
        }
    }

    pub(super) fn pressed_at_shift_end(&mut self, key: Key, orders: &mut Vec<Effect>) {
        match key {
            Key::Enter | Key::F(2) => {
                orders.push(Effect::Sync);
                self.tell(Notice::Syncing, orders);
            }
            Key::F(4) => self.sign_out(orders),
            Key::F(1) => self.open_look_up(),
            Key::Esc => {
                self.notice = None;
                self.screen = Screen::Menu { cursor: 0 };
            }
            Key::Char(_) | Key::Backspace | Key::Up | Key::Down | Key::F(_) => {}
        }
    }
}
