//! Tags at the dock door: which cartons of the stop in work were heard, alone or on their pallet, and which have no
//! business there. Confirming them loads the same cartons as scanning each label would.

use super::load::{Load, Step};
use super::refusal::Refusal;
use super::work::Work;
use crate::scan::Scan;
use crate::warehouse::{Fact, ShipCarton, Sscc};

/// The cartons that go in now, held against tags.
#[derive(Clone, Debug)]
pub struct Aboard<'a> {
    /// The stop they are for.
    pub stop: u32,
    /// Each carton not loaded yet, and whether its tag or that of its pallet was heard.
    pub cartons: Vec<(&'a ShipCarton, bool)>,
    /// The tags that are theirs, as places in the list that was given.
    pub tags: Vec<usize>,
    /// License plates that are not wanted now: of other stops, of other trucks.
    pub strays: Vec<usize>,
}

impl Aboard<'_> {
    /// How many cartons were heard.
    pub fn seen(&self) -> usize {
        self.cartons.iter().filter(|(_, seen)| *seen).count()
    }

    /// The cartons that were not.
    pub fn missing(&self) -> impl Iterator<Item = Sscc> + '_ {
        let missing = self.cartons.iter().filter(|(_, seen)| !*seen);
        missing.map(|(carton, _)| carton.plate)
    }
}

impl Load {
    /// Holds tags against the stop in work; none at other steps. Only license plates count: what is heard from within
    /// cartons says nothing of them. What is on the truck already is neither wanted nor in the way.
    pub(super) fn aboard(&self, scans: &[&Scan]) -> Option<Aboard<'_>> {
        let stop = match self.step() {
            Step::Load => self.stop(self.next()?),
            Step::GoToDoor | Step::Stack | Step::Seal | Step::Done => return None,
        };
        let heard = |plate| scans.contains(&&Scan::Plate(plate));
        let is_heard = |carton: &ShipCarton| {
            let on_pallet = self.pallet_of(carton.plate).is_some_and(heard);
            on_pallet || (self.stop(carton) == stop && heard(carton.plate))
        };
        let cartons: Vec<_> = self
            .open()
            .filter(|carton| self.goes_now(carton, stop))
            .map(|carton| (carton, is_heard(carton)))
            .collect();
        let (mut tags, mut strays) = (Vec::new(), Vec::new());
        for (at, scan) in scans.iter().enumerate() {
            let Scan::Plate(plate) = scan else { continue };
            let is_of = |(carton, _): &(&ShipCarton, bool)| self.bears(*plate, carton.plate);
            if cartons.iter().any(is_of) {
                tags.push(at);
            } else if !self.is_on_truck(*plate) {
                strays.push(at);
            }
        }
        Some(Aboard {
            stop,
            cartons,
            tags,
            strays,
        })
    }

    /// A carton of the stop, or one that stands on a pallet with one of them.
    fn goes_now(&self, carton: &ShipCarton, stop: u32) -> bool {
        let pallet = self.pallet_of(carton.plate);
        let same = |other: &ShipCarton| {
            self.stop(other) == stop && pallet.is_some() && self.pallet_of(other.plate) == pallet
        };
        self.stop(carton) == stop || self.open().any(same)
    }

    /// The facts of loading all that was heard.
    pub(super) fn confirm(&self, scans: &[&Scan]) -> Result<Vec<Fact>, Refusal> {
        let aboard = self.aboard(scans).ok_or(Refusal::NotHere)?;
        let seen = aboard.cartons.iter().filter(|(_, seen)| *seen);
        let facts: Vec<Fact> = seen.map(|(carton, _)| self.loaded(carton)).collect();
        if facts.is_empty() {
            return Err(Refusal::NotSeen);
        }
        Ok(facts)
    }
}

impl Work {
    /// Tags held against the truck's load; none where nothing is loaded.
    pub fn aboard(&self, scans: &[&Scan]) -> Option<Aboard<'_>> {
        self.loading()?.aboard(scans)
    }

    /// The tags that answer this step, as places in the list that is given.
    pub fn answering(&self, scans: &[&Scan]) -> Vec<usize> {
        match self.aboard(scans) {
            Some(aboard) => aboard.tags,
            None => {
                let (rows, _) = self.sweep(scans);
                rows.into_iter().flat_map(|row| row.tags).collect()
            }
        }
    }

    /// How many lines a list of what is expected has, for the keys that move through it.
    pub fn expected_rows(&self) -> usize {
        match (self.aboard(&[]), self.arrived(&[])) {
            (Some(aboard), _) => aboard.cartons.len(),
            (None, Some(arrived)) => arrived.rows.len(),
            (None, None) => self.expected().len(),
        }
    }
}
