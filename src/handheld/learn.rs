//! A label that nobody knows is learned: the worker says which item it is and how many it holds, a lead agrees.

use super::effect::Effect;
use super::event::Key;
use super::model::Model;
use super::notice::Notice;
use super::panel::{ListKey, Panel, list_key};
use crate::flow::{self, Refusal};
use crate::warehouse::{Fact, Item, Quantity, SafeText};

/// Most digits of how many a label holds.
const LONGEST: usize = 6;

/// A label being learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learn {
    /// What was scanned.
    pub code: SafeText,
    /// The item that Enter takes.
    pub cursor: usize,
    /// The item it is of, once that is said.
    pub item: Option<Box<Item>>,
    /// How many it holds, as far as it was keyed.
    pub digits: String,
}

impl Model {
    /// Whether what was just refused can be learned.
    pub(super) fn can_learn(&self) -> bool {
        let unknown = matches!(&self.notice, Some(Notice::Refused(Refusal::UnknownCode(_))));
        let teachable = self.work.as_ref().map(|work| work.teachable());
        unknown && self.unknown_code().is_some() && teachable.is_some_and(|it| !it.is_empty())
    }

    fn unknown_code(&self) -> Option<SafeText> {
        let super::Screen::Work(draft) = &self.screen else {
            return None;
        };
        let label = flow::label(draft.refused.as_ref()?);
        let gtin = label.gtin.map(|gtin| SafeText::new(&gtin.to_string()));
        gtin.or(label.code)
    }

    pub(super) fn open_learn(&mut self) {
        let Some(code) = self.unknown_code() else {
            return;
        };
        self.notice = None;
        if let Some(draft) = self.draft() {
            draft.panel = Panel::Learn(Box::new(Learn {
                code,
                cursor: 0,
                item: None,
                digits: String::new(),
            }));
        }
    }

    pub(super) fn pressed_to_learn(
        &mut self,
        key: Key,
        mut learn: Learn,
        orders: &mut Vec<Effect>,
    ) {
        if learn.item.is_some() {
            return self.pressed_how_many(key, learn, orders);
        }
        let items = self.work.as_ref().map(|work| work.teachable());
        let items = items.unwrap_or_default();
        match list_key(key, learn.cursor, items.len()) {
            ListKey::Moved(cursor) => learn.cursor = cursor,
            ListKey::Chosen(at) => learn.item = Some(Box::new(items[at].clone())),
            ListKey::Closed => return self.close_panel(),
            ListKey::Ignored => return,
        }
        self.keep(learn);
    }

    fn pressed_how_many(&mut self, key: Key, mut learn: Learn, orders: &mut Vec<Effect>) {
        match key {
            Key::Char(c) if c.is_ascii_digit() && learn.digits.len() < LONGEST => {
                learn.digits.push(c);
            }
            Key::Backspace => {
                learn.digits.pop();
            }
            Key::Esc => learn.item = None,
            Key::Enter => return self.learn(&learn, orders),
            Key::Char(_) | Key::Up | Key::Down | Key::F(_) => return,
        }
        self.keep(learn);
    }

    fn learn(&mut self, learn: &Learn, orders: &mut Vec<Effect>) {
        let Some(item) = &learn.item else { return };
        let holds = match learn.digits.as_str() {
            "" => Ok(Quantity::ONE),
            digits => digits.parse::<Quantity>(),
        };
        match holds {
            Ok(holds) if holds.is_positive() => {
                let learned = Fact::BarcodeLearned {
                    code: learn.code.clone(),
                    item: item.code.clone(),
                    holds,
                };
                self.with_lead(vec![learned], learn.code.as_str(), orders);
            }
            _ => self.tell(Notice::Refused(Refusal::Nothing), orders),
        }
    }

    fn keep(&mut self, learn: Learn) {
        if let Some(draft) = self.draft() {
            draft.panel = Panel::Learn(Box::new(learn));
        }
    }

    fn close_panel(&mut self) {
        if let Some(draft) = self.draft() {
            draft.panel = Panel::None;
        }
    }
}
