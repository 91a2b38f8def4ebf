//! Finding one item by its tags: the stronger the nearest of them is heard, the longer the bar and the faster the ticks.
//! Time comes in with each event; what was not heard for a second is lost and silent.

use super::effect::{Bell, Effect, Query};
use super::event::Key;
use super::model::{Model, Screen};
use super::sweep::code;
use crate::flow;
use crate::scan::{Scan, Tag};
use crate::warehouse::{Item, ItemCode, Known, Quantity, SafeText, Timestamp};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// What was not heard for so long is lost.
const LOST: TimeDelta = TimeDelta::milliseconds(1000);
/// Between two ticks of a tag that is just heard; of one at the antenna it is a tenth of that.
const SLOWEST_MS: i64 = 1000;
/// Between two ticks where the reader tells no strength.
const UNKNOWN_MS: i64 = 500;
/// Most barcodes whose items are kept; those of further items are not looked at.
const MOST: usize = 1024;
/// Most barcodes that are asked for at a time.
const ASKED: usize = 32;

/// The finding screen.
#[derive(Clone, Debug)]
pub struct Find {
    /// What is looked for.
    pub item: Item,
    /// What was looked up; with a serial, only the unit with that serial is looked for.
    pub wanted: Scan,
    /// The tag that was heard best in the latest round, and when.
    pub nearest: Option<(Tag, Timestamp)>,
    ticked: Option<Timestamp>,
    /// Barcodes heard: asked for (none), or of this item or not.
    known: BTreeMap<SafeText, Option<bool>>,
    back: Box<Screen>,
}

impl Find {
    /// The tag if it is heard now.
    pub fn heard(&self, now: Timestamp) -> Option<&Tag> {
        let (tag, at) = self.nearest.as_ref()?;
        (now - *at <= LOST).then_some(tag)
    }

    /// When what is heard now will be lost.
    pub(super) fn lost_at(&self) -> Option<Timestamp> {
        let (_, at) = self.nearest.as_ref()?;
        Some(*at + LOST + TimeDelta::milliseconds(1))
    }

    /// Whether a tag is what is looked for, as far as is known.
    fn is_wanted(&self, scan: &Scan) -> bool {
        let (wanted, heard) = (flow::label(&self.wanted), flow::label(scan));
        let same = wanted.gtin.is_some() && wanted.gtin == heard.gtin;
        let known = code(scan).and_then(|code| self.known.get(&code).copied().flatten());
        let serial = wanted.serial.is_none() || wanted.serial == heard.serial;
        serial && (same || (wanted.serial.is_none() && known == Some(true)))
    }

    fn ask(&mut self, scans: &[Scan]) -> Option<Effect> {
        let mut new: Vec<SafeText> = scans.iter().filter_map(code).collect();
        new.retain(|code| !self.known.contains_key(code));
        new.sort();
        new.dedup();
        new.truncate(ASKED.min(MOST - self.known.len().min(MOST)));
        self.known
            .extend(new.iter().map(|code| (code.clone(), None)));
        (!new.is_empty()).then_some(Effect::Ask(Query::Barcodes(new)))
    }

    pub(super) fn learn(&mut self, found: &[(SafeText, Option<(Item, Quantity)>)]) {
        let wanted: &ItemCode = &self.item.code;
        for (code, item) in found {
            let is_it = item.as_ref().is_some_and(|(item, _)| item.code == *wanted);
            if let Some(known) = self.known.get_mut(code) {
                *known = Some(is_it);
            }
        }
    }

    /// Takes tags in; whether it is time to tick.
    fn feel(&mut self, now: Timestamp, tags: &[Tag], scans: &[Scan]) -> bool {
        let wanted = tags.iter().zip(scans);
        let wanted = wanted.filter(|(_, scan)| self.is_wanted(scan));
        // None is less than any signal.
        let Some((tag, _)) = wanted.max_by_key(|(tag, _)| tag.signal) else {
            return false;
        };
        self.nearest = Some((*tag, now));
        let pause = tag.signal.map_or(UNKNOWN_MS, |signal| {
            SLOWEST_MS - i64::from(signal.percent()) * SLOWEST_MS * 9 / 1000
        });
        let due = self
            .ticked
            .is_none_or(|at| now < at || now - at >= TimeDelta::milliseconds(pause));
        if due {
            self.ticked = Some(now);
        }
        due
    }
}

impl Model {
    /// From an item that was looked up to finding it.
    pub(super) fn open_find(&mut self) {
        let Screen::LookUp(look_up) = &self.screen else {
            return;
        };
        let Some((wanted, Known::Item { item, .. })) = &look_up.found else {
            return;
        };
        self.notice = None;
        self.screen = Screen::Find(Find {
            item: item.clone(),
            wanted: wanted.clone(),
            nearest: None,
            ticked: None,
            known: BTreeMap::new(),
            back: Box::new(self.screen.clone()),
        });
    }

    pub(super) fn felt(&mut self, tags: &[Tag], orders: &mut Vec<Effect>) {
        let now = self.now;
        let Screen::Find(find) = &mut self.screen else {
            return;
        };
        let scans: Vec<Scan> = tags.iter().map(Tag::scan).collect();
        orders.extend(find.ask(&scans));
        if find.feel(now, tags, &scans) {
            orders.push(Effect::Sound(Bell::Good));
        }
    }

    pub(super) fn pressed_at_find(&mut self, key: Key) {
        if let (Screen::Find(find), Key::Esc | Key::F(1 | 2)) = (&self.screen, key) {
            self.notice = None;
            self.screen = (*find.back).clone();
        }
    }

    /// Scanning while looking for something looks that up instead.
    pub(super) fn scanned_at_find(&mut self, scan: Scan, orders: &mut Vec<Effect>) {
        if let Screen::Find(find) = &self.screen {
            self.screen = (*find.back).clone();
            self.scanned_to_look_up(scan, orders);
        }
    }
}
