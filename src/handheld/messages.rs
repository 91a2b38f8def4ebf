//! What the office wants a worker to read: it never hides the step in hand, waits in the menu, and is read once Enter says so.

use super::effect::{Effect, Query, Record};
use super::event::Key;
use super::model::{Model, Screen};
use super::notice::Notice;
use crate::warehouse::{Entry, Fact, Message};

impl Model {
    /// Asks whether there is something to read.
    pub(super) fn ask_messages(&self, orders: &mut Vec<Effect>) {
        if let Some(worker) = self.code() {
            orders.push(Effect::Ask(Query::Messages(worker)));
        }
    }

    /// What is not read yet; whoever is not at a step is told.
    pub(super) fn found_messages(&mut self, messages: Vec<Message>, orders: &mut Vec<Effect>) {
        let newest = messages.last().map(|message| message.id);
        let is_new = newest > self.messages.last().map(|message| message.id);
        self.messages = messages;
        if is_new && !self.stays_told() {
            self.tell(Notice::MessageCame, orders);
        }
        if self.messages.is_empty() && matches!(self.screen, Screen::Messages) {
            self.screen = Screen::Menu { cursor: 0 };
        }
    }

    pub(super) fn pressed_at_messages(&mut self, key: Key, orders: &mut Vec<Effect>) {
        match key {
            Key::Enter => {
                let Some(message) = self.messages.first() else {
                    return;
                };
                orders.push(Effect::Record(Record {
                    worker: self.code(),
                    task: None,
                    cause: None,
                    facts: vec![Fact::MessageRead {
                        message: message.id,
                    }],
                    hold: None,
                }));
            }
            Key::Esc | Key::Backspace => {
                self.notice = None;
                self.screen = Screen::Menu { cursor: 0 };
            }
            Key::F(1) => self.open_look_up(),
            Key::Char(_) | Key::Up | Key::Down | Key::F(_) => {}
        }
    }

    pub(super) fn recorded_messages(&mut self, entries: &[Entry], orders: &mut Vec<Effect>) {
        for entry in entries {
            if let Fact::MessageRead { message } = entry.fact {
                self.messages.retain(|known| known.id != message);
                self.notice = None;
                orders.push(Effect::Sound(super::Bell::Good));
                if self.messages.is_empty() && matches!(self.screen, Screen::Messages) {
                    self.screen = Screen::Menu { cursor: 0 };
                }
            }
        }
    }
}
