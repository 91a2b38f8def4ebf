//! Bringing what was picked to its place, all at once or tote by tote; or leaving it standing for someone else.

use super::{Carried, Pick, add_to};
use crate::flow::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{BinCode, Fact, Goods, Place, Quantity, Reason, ToteCode};

/// Most different goods in one fact: a journal's row has a limit, and each may have a long serial.
pub(super) const MOST_GOODS: usize = 100;

type Load = Vec<(Goods, Quantity, Place)>;

impl Pick {
    /// Whether something is carried whose place this is.
    pub(super) fn carries_to(&self, bin: &BinCode) -> bool {
        let both = self.job.orders.iter().zip(&self.orders);
        let mut loaded = both.filter(|(_, carried)| carried.is_loaded());
        loaded.any(|(order, _)| order.goal() == bin)
    }

    /// A tote in which something of an order is carried.
    pub(super) fn carrying_tote(&self, order: usize) -> Option<&ToteCode> {
        let carried = &self.orders[order];
        let inside = carried.goods.iter().find_map(|(.., place)| match place {
            Place::Tote(tote) => Some(tote),
            _ => None,
        });
        inside.or_else(|| carried.taken_on().next())
    }

    fn carrier_order(&self, tote: &ToteCode) -> Option<usize> {
        self.orders.iter().position(|order| order.carries(tote))
    }

    /// The order of the tote that was chosen to be brought first.
    pub(super) fn chosen_order(&self) -> Option<usize> {
        self.carrier_order(self.chosen.as_ref()?)
    }

    pub(super) fn chose_tote(&self, tote: &ToteCode) -> Result<Vec<Fact>, Refusal> {
        match self.carrier_order(tote) {
            Some(_) => Ok(vec![Fact::ToteChosen { tote: tote.clone() }]),
            None => {
                let said = Said::of(&Scan::Tote(tote.clone()));
                Err(Refusal::NotInWork(said))
            }
        }
    }

    pub(super) fn dropped(&self, bin: &BinCode) -> Result<Vec<Fact>, Refusal> {
        let orders = 0..self.orders.len();
        let here: Vec<usize> = orders
            .filter(|&order| self.job.orders[order].goal() == bin)
            .filter(|&order| self.puts_down(order))
            .collect();
        if here.is_empty() {
            let wanted = (0..self.orders.len()).find(|order| self.puts_down(*order));
            return Err(match wanted {
                Some(order) => Refusal::WrongBin {
                    said: bin.clone(),
                    wanted: self.job.orders[order].goal().clone(),
                },
                None => Refusal::NotHere,
            });
        }
        let facts: Vec<Fact> = here
            .into_iter()
            .flat_map(|order| self.put_down_at(order, bin))
            .collect();
        let mut after = self.clone();
        facts.iter().for_each(|fact| after.apply(fact));
        let is_all = after.open().next().is_none() && !after.orders.iter().any(Carried::is_loaded);
        let end = is_all.then_some(Fact::TaskFinished);
        Ok(facts.into_iter().chain(end).collect())
    }

    /// Whether something of an order is put down now.
    fn puts_down(&self, order: usize) -> bool {
        !self.load(order).is_empty() || !self.totes_down(order).is_empty()
    }

    /// What is put down of an order: for the next zone its totes, else its goods, and the totes where others filled them too.
    fn put_down_at(&self, order: usize, bin: &BinCode) -> Vec<Fact> {
        let told = &self.job.orders[order];
        let mut facts = Vec::new();
        if told.passes_to().is_none() {
            let load = self.load(order);
            facts.extend(load.chunks(MOST_GOODS).map(|goods| Fact::Dropped {
                order: told.order.clone(),
                bin: bin.clone(),
                goods: goods.to_vec(),
            }));
        }
        let totes = self.totes_down(order);
        if !totes.is_empty() {
            facts.push(Fact::TotesPutDown {
                order: told.order.clone(),
                totes,
                bin: bin.clone(),
            });
        }
        facts
    }

    /// The totes of an order that are put down as they are, with all that is in them.
    fn totes_down(&self, order: usize) -> Vec<ToteCode> {
        let told = &self.job.orders[order];
        if told.passes_to().is_none() && told.from().is_none() {
            return Vec::new();
        }
        let chosen = |tote: &ToteCode| self.chosen.as_ref().is_none_or(|chosen| chosen == tote);
        let totes = self.orders[order].totes().into_iter();
        totes.filter(chosen).collect()
    }

    /// What of an order is put down now: all of it, or what is in the chosen tote.
    fn load(&self, order: usize) -> Load {
        let chosen = |place: &Place| match &self.chosen {
            Some(chosen) => matches!(place, Place::Tote(tote) if tote == chosen),
            None => true,
        };
        let mut load = Load::new();
        let goods = self.orders[order].goods.iter();
        for (goods, quantity, place) in goods.filter(|(.., place)| chosen(place)) {
            add_to(&mut load, goods, *quantity, place);
        }
        load
    }

    pub(super) fn left_standing(
        &self,
        bin: &BinCode,
        reason: Reason,
    ) -> Result<Vec<Fact>, Refusal> {
        if let Some(tote) = self.stays() {
            return Err(tote);
        }
        if !self.job.rules.hands_over(reason) {
            return Err(Refusal::NotHere);
        }
        let standing = Fact::LeftStanding {
            bin: bin.clone(),
            reason,
        };
        Ok(vec![standing, Fact::TaskLeft])
    }

    pub(super) fn taken_over(&self, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let standing = self.standing.as_ref().ok_or(Refusal::NotHere)?;
        let taken = Ok(vec![Fact::TakenOver {
            bin: standing.clone(),
        }]);
        match scan {
            Scan::Bin(bin) if bin == standing => taken,
            Scan::Tote(tote) if self.carrier_order(tote).is_some() => taken,
            Scan::Bin(bin) => Err(Refusal::WrongBin {
                said: bin.clone(),
                wanted: standing.clone(),
            }),
            _ => Err(Refusal::NotNow(Said::of(scan))),
        }
    }
}
