//! Tags at receiving: a unit that is in the house by the book has come in before, at this delivery or an earlier one, and
//! does not come in again. Nothing else of a sweep is judged here.

use super::effect::{Effect, Query};
use super::model::{Model, Screen};
use super::panel::Panel;
use super::sweep::{Spotted, Sweep};
use super::work::Draft;
use crate::flow::{Act, Insist, Refusal, label};
use crate::scan::{RawEpc, Scan};
use crate::warehouse::{ItemCode, JobKind, SerialCode};
use std::collections::BTreeSet;

impl Sweep {
    /// The unit that a tag is of, if its item is known and its units have serials.
    fn unit(&self, spotted: &Spotted) -> Option<(ItemCode, SerialCode)> {
        let (item, _) = self
            .item(spotted)
            .filter(|(item, _)| item.tracking.serial)?;
        Some((item.code.clone(), label(&spotted.scan).serial?))
    }

    /// Asks of units that were not asked for yet whether they are in the house.
    fn ask_units(&mut self) -> Option<Effect> {
        let unsure = std::mem::take(&mut self.unsure);
        let (mut units, mut later) = (BTreeSet::new(), Vec::new());
        for at in unsure {
            let spotted = &self.spotted[at];
            match (self.item(spotted), self.unit(spotted)) {
                (_, Some(unit)) => drop(units.insert(unit)),
                (Some(_), None) => {}
                // What it is was not answered yet.
                (None, None) => later.push(at),
            }
        }
        self.unsure = later;
        let units: Vec<_> = units.into_iter().collect();
        (!units.is_empty()).then_some(Effect::Ask(Query::Units(units)))
    }

    fn found_units(&mut self, here: &BTreeSet<(ItemCode, SerialCode)>) {
        let is_here = |it: &Spotted| self.unit(it).is_some_and(|unit| here.contains(&unit));
        let places = self.spotted.iter().enumerate();
        let places = places.filter(|(_, it)| is_here(it)).map(|(at, _)| at);
        for at in places.collect::<Vec<usize>>() {
            self.spotted[at].is_in_house = true;
        }
    }
}

impl Model {
    pub(super) fn is_receiving(&self) -> bool {
        self.work
            .as_ref()
            .is_some_and(|work| work.kind() == JobKind::Receive)
    }

    /// What a sweep heard that can come in, and how many units of it are in the house already.
    pub fn tags_to_receive<'a>(&self, sweep: &'a Sweep) -> (Vec<&'a Spotted>, usize) {
        let (here, new): (Vec<&Spotted>, Vec<&Spotted>) =
            sweep.spotted.iter().partition(|it| it.is_in_house);
        (new, here.len())
    }

    /// At receiving, units are asked for as soon as it is known what they are.
    pub(super) fn ask_units(&mut self, orders: &mut Vec<Effect>) {
        if self.is_receiving()
            && let Some(sweep) = self.sweep()
        {
            orders.extend(sweep.ask_units());
        }
    }

    pub(super) fn found_units(&mut self, here: Vec<(ItemCode, SerialCode)>) {
        if let (Some(sweep), false) = (self.sweep(), here.is_empty()) {
            sweep.found_units(&here.into_iter().collect());
        }
    }

    pub(super) fn confirm_arrived(&mut self, orders: &mut Vec<Effect>) {
        let Screen::Work(Draft {
            panel: Panel::Tags(sweep),
            ..
        }) = &self.screen
        else {
            return;
        };
        let (new, _) = self.tags_to_receive(sweep);
        let tags: Vec<(RawEpc, Scan)> =
            new.iter().map(|it| (it.tag.epc, it.scan.clone())).collect();
        let here = sweep.spotted.iter().find(|it| it.is_in_house);
        let here = here.and_then(|it| label(&it.scan).serial);
        let act = Act::Swept {
            tags,
            anyway: false,
        };
        let decided = self.work.as_ref().map(|work| work.decide(&act));
        match (decided, here) {
            (Some(Err(Refusal::NotSeen)), Some(serial)) => {
                self.refused(Refusal::SerialTwice(serial), None, orders);
            }
            (Some(Err(why)), _) => {
                // What a key, a number or another label settles is done at the step itself.
                if why.can_insist() != Insist::No || matches!(why, Refusal::CountIt(_)) {
                    self.close_tags();
                }
                self.act(&act, None, "tags", orders);
            }
            _ => self.act(&act, None, "tags", orders),
        }
    }
}
