//! Looking up: what is this code, where is this item, what is in this bin. A detour: Esc goes back to where one was.

use super::effect::{Effect, Query};
use super::event::Key;
use super::model::{Model, Screen};
use crate::scan::{self, Frame, Scan, Source};
use crate::warehouse::Known;
use chrono::Datelike;

/// Longest code that can be keyed.
const LONGEST: usize = 48;

/// The look-up screen.
#[derive(Clone, Debug)]
pub struct LookUp {
    /// What was looked up last, and what is known of it.
    pub found: Option<(Scan, Known)>,
    /// First row shown of a long answer.
    pub top: usize,
    /// What is being keyed.
    pub keyed: String,
    back: Box<Screen>,
}

impl From<Screen> for LookUp {
    fn from(back: Screen) -> Self {
        Self {
            found: None,
            top: 0,
            keyed: String::new(),
            back: Box::new(back),
        }
    }
}

impl Model {
    pub(super) fn scanned_to_look_up(&mut self, scan: Scan, orders: &mut Vec<Effect>) {
        self.notice = None;
        orders.push(Effect::Ask(Query::Code(scan)));
    }

    pub(super) fn found_known(&mut self, scan: Scan, known: Known) {
        match &mut self.screen {
            Screen::LookUp(look_up) => {
                look_up.found = Some((scan, known));
                look_up.top = 0;
            }
            Screen::Work(_) => self.name_refused(&scan, &known),
            _ => {}
        }
    }

    pub(super) fn pressed_at_look_up(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let can_find = self.can_find();
        let Screen::LookUp(look_up) = &mut self.screen else {
            return;
        };
        match key {
            Key::Esc | Key::F(1) => {
                self.notice = None;
                self.screen = *look_up.back.clone();
            }
            Key::F(2) if can_find => self.open_find(),
            Key::Up => look_up.top = look_up.top.saturating_sub(1),
            Key::Down => look_up.top = (look_up.top + 1).min(look_up.rows().saturating_sub(1)),
            Key::Backspace => {
                look_up.keyed.pop();
            }
            Key::Char(c) if look_up.keyed.chars().count() < LONGEST && !c.is_control() => {
                look_up.keyed.push(c);
            }
            Key::Enter if !look_up.keyed.is_empty() => {
                let bytes = std::mem::take(&mut look_up.keyed).into_bytes();
                self.keyed_code(bytes, orders);
            }
            Key::Char(_) | Key::Enter | Key::F(_) => {}
        }
    }

    /// Whether what was looked up can be found by its tags.
    pub fn can_find(&self) -> bool {
        let is_item = matches!(&self.screen, Screen::LookUp(look_up)
            if matches!(look_up.found, Some((_, Known::Item { .. }))));
        self.settings.has_reader && is_item
    }

    /// A code keyed by hand means what the same code means when scanned.
    pub(super) fn keyed_code(&mut self, bytes: Vec<u8>, orders: &mut Vec<Effect>) {
        let frame = Frame {
            source: Source::Keys,
            port: "keys".into(),
            bytes,
        };
        match scan::read_in(&frame, &self.settings.labels, self.now.year()) {
            Ok(scan) => self.scanned(
                scan,
                &crate::warehouse::SafeText::from_bytes(&frame.bytes),
                orders,
            ),
            Err(why) => {
                let why = crate::warehouse::SafeText::new(&why.to_string());
                self.tell(super::Notice::Unreadable(why), orders);
            }
        }
    }
}

impl LookUp {
    /// How many rows of stock the answer has.
    pub fn rows(&self) -> usize {
        match self.found.as_ref().map(|(_, known)| known) {
            Some(Known::Item { stock, .. }) => stock.len(),
            Some(Known::Bin { stock, .. } | Known::Load { stock }) => stock.len(),
            Some(Known::Worker(_) | Known::Nothing) | None => 0,
        }
    }
}
