//! Names as numbers, for as long as a question is answered: the walk compares numbers, the answer says names.

use crate::planning::trace::Label;
use std::collections::HashMap;

/// Texts and their numbers; 0 is the empty text.
pub(super) struct Names {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            numbers: HashMap::from([(String::new(), 0)]),
            texts: vec![String::new()],
        }
    }
}

impl Names {
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let next = u32::try_from(self.texts.len()).expect("a walk has an end long before");
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), next);
        next
    }

    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    pub fn label(&mut self, item: &str, lot: &str, serial: &str) -> Label {
        Label {
            item: self.number(item),
            lot: self.number(lot),
            serial: self.number(serial),
        }
    }
}
