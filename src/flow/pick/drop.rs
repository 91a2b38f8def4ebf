//! Bringing what was picked to its place, all at once or tote by tote; or leaving it standing for someone else.

use super::{Carried, Pick, add_to};
use crate::flow::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{BinCode, Fact, Goods, Place, Quantity, Reason, ToteCode};

/// Most different goods in one fact: a journal's row has a limit, and each may have a long serial.
const MOST_GOODS: usize = 100;

type Load = Vec<(Goods, Quantity, Place)>;

impl Pick {
    /// Whether something is carried whose place this is.
    pub(super) fn carries_to(&self, bin: &BinCode) -> bool {
        let both = self.job.orders.iter().zip(&self.orders);
        let mut loaded = both.filter(|(_, carried)| !carried.goods.is_empty());
        loaded.any(|(order, _)| order.drop == *bin)
    }

    /// A tote in which something of an order is carried.
    pub(super) fn carrying_tote(&self, order: usize) -> Option<&ToteCode> {
        let goods = &self.orders[order].goods;
        goods.iter().find_map(|(.., place)| match place {
            Place::Tote(tote) => Some(tote),
            _ => None,
        })
    }

    fn carrier_order(&self, tote: &ToteCode) -> Option<usize> {
        let inside = |place: &Place| matches!(place, Place::Tote(known) if known == tote);
        let holds = |order: &Carried| order.goods.iter().any(|(.., at)| inside(at));
        self.orders.iter().position(holds)
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
        let load: Vec<(usize, Load)> = orders
            .filter(|&order| self.job.orders[order].drop == *bin)
            .map(|order| (order, self.load(order)))
            .filter(|(_, load)| !load.is_empty())
            .collect();
        if load.is_empty() {
            let carries = |order: &usize| !self.load(*order).is_empty();
            let wanted = (0..self.orders.len()).find(carries);
            return Err(match wanted {
                Some(order) => Refusal::WrongBin {
                    said: bin.clone(),
                    wanted: self.job.orders[order].drop.clone(),
                },
                None => Refusal::NotHere,
            });
        }
        let put_down: usize = load.iter().map(|(_, load)| load.len()).sum();
        let carried: usize = self.orders.iter().map(|order| order.goods.len()).sum();
        let mut facts = Vec::new();
        for (order, load) in load {
            facts.extend(load.chunks(MOST_GOODS).map(|goods| Fact::Dropped {
                order: self.job.orders[order].order.clone(),
                bin: bin.clone(),
                goods: goods.to_vec(),
            }));
        }
        if put_down == carried && self.open().next().is_none() {
            facts.push(Fact::TaskFinished);
        }
        Ok(facts)
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
