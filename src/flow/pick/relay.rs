//! Zones picked apart: the totes of the zone before stand at this zone's buffer. Whoever has one in front of them takes it
//! on, also where no word of it came: what the label says and what the memory knows is enough to go on.

use super::drop::MOST_GOODS;
use super::{Carried, Pick};
use crate::flow::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{Fact, Goods, Known, OrderCode, Place, Quantity, ToteCode};

/// A tote that is to be fetched.
pub(super) enum Awaited<'a> {
    /// This one: the zone before told so.
    Heard(&'a ToteCode),
    /// Whichever stands there: nothing was heard of it.
    Unheard,
}

impl Carried {
    /// Whether something is carried: goods, or a tote of the zone before whatever is in it.
    pub(super) fn is_loaded(&self) -> bool {
        !self.goods.is_empty() || self.taken_on().next().is_some()
    }

    /// Totes of the zone before that are carried now.
    pub(super) fn taken_on(&self) -> impl Iterator<Item = &ToteCode> {
        self.fetched.iter().filter(|tote| !self.down.contains(tote))
    }

    /// The totes that are carried, the one that is picked into last.
    pub(super) fn totes(&self) -> Vec<ToteCode> {
        let inside = self.goods.iter().filter_map(|(.., place)| match place {
            Place::Tote(tote) => Some(tote),
            _ => None,
        });
        let mut totes: Vec<ToteCode> = Vec::new();
        for tote in self.taken_on().chain(inside) {
            if !totes.contains(tote) {
                totes.push(tote.clone());
            }
        }
        totes.sort_by_key(|tote| self.tote.as_ref() == Some(tote));
        totes
    }

    /// Whether this tote is carried.
    pub(super) fn carries(&self, tote: &ToteCode) -> bool {
        let inside = |place: &Place| matches!(place, Place::Tote(known) if known == tote);
        self.goods.iter().any(|(.., at)| inside(at)) || self.taken_on().any(|known| known == tote)
    }
}

impl Pick {
    /// The tote of the zone before that is to be fetched for an order.
    pub(super) fn awaited(&self, order: usize) -> Option<Awaited<'_>> {
        let from = self.job.orders[order].from()?;
        let carried = &self.orders[order];
        let mut missing = from.totes.iter();
        let missing = missing.find(|tote| !carried.fetched.contains(tote));
        // Another one that was meant stands for one that is not there.
        if let Some(tote) = missing.filter(|_| carried.fetched.len() < from.totes.len()) {
            return Some(Awaited::Heard(tote));
        }
        let may_come = self.job.after.contains(&from.task) && from.totes.is_empty();
        (may_come && carried.fetched.is_empty()).then_some(Awaited::Unheard)
    }

    /// The first order of which a tote is to be fetched.
    pub(super) fn awaits(&self) -> Option<usize> {
        (0..self.orders.len()).find(|&order| self.awaited(order).is_some())
    }

    /// A tote at the buffer. Of an order whose totes were heard of it must be one of them, or be meant.
    pub(super) fn taken_up(
        &self,
        order: usize,
        scan: &Scan,
        known: Option<&Known>,
        anyway: bool,
    ) -> Result<Vec<Fact>, Refusal> {
        let Scan::Tote(tote) = scan else {
            return Err(Refusal::NotNow(Said::of(scan)));
        };
        if let Some(other) = self.order_of(tote) {
            return Err(Refusal::ToteTaken {
                tote: tote.clone(),
                order: other.clone(),
            });
        }
        let order = self.whose(tote).unwrap_or(order);
        let told = &self.job.orders[order];
        let from = told.from().ok_or(Refusal::NotHere)?;
        if let (Some(Awaited::Heard(wanted)), false) = (self.awaited(order), anyway)
            && !from.totes.contains(tote)
        {
            return Err(Refusal::OtherTote {
                said: tote.clone(),
                wanted: wanted.clone(),
                order: told.order.clone(),
            });
        }
        Ok(vec![Fact::ToteTakenUp {
            order: told.order.clone(),
            tote: tote.clone(),
            bin: from.bin.clone(),
            goods: inside(known),
        }])
    }

    /// The order whose tote this is, as the zone before told.
    fn whose(&self, tote: &ToteCode) -> Option<usize> {
        let stands = |order: usize| {
            let from = self.job.orders[order].from();
            from.is_some_and(|from| from.totes.contains(tote))
        };
        (0..self.orders.len()).find(|&order| stands(order))
    }

    /// An order goes on with a tote and what is in it.
    pub(super) fn has_tote(
        &mut self,
        order: &OrderCode,
        tote: &ToteCode,
        goods: &[(Goods, Quantity)],
    ) {
        let Some(order) = self.order_at(order) else {
            return;
        };
        let from = self.job.orders[order].from();
        self.stands = from.and_then(|from| from.at).or(self.stands);
        let carried = &mut self.orders[order];
        let place = Place::Tote(tote.clone());
        for (goods, quantity) in goods {
            super::add_to(&mut carried.goods, goods, *quantity, &place);
        }
        carried.tote = Some(tote.clone());
        carried.down.retain(|down| down != tote);
        carried.fetched.push(tote.clone());
    }

    /// Totes of an order are carried no more.
    pub(super) fn put_totes_down(&mut self, order: &OrderCode, totes: &[ToteCode]) {
        self.chosen = None;
        let Some(order) = self.order_at(order) else {
            return;
        };
        let carried = &mut self.orders[order];
        let gone = |place: &Place| matches!(place, Place::Tote(tote) if totes.contains(tote));
        carried.goods.retain(|(.., place)| !gone(place));
        carried.down.extend(totes.iter().cloned());
        carried.tote.take_if(|tote| totes.contains(tote));
    }
}

/// What the memory knows to be in a tote; what is too much for a row of the journal is left to the office.
fn inside(known: Option<&Known>) -> Vec<(Goods, Quantity)> {
    let Some(Known::Load { stock }) = known else {
        return Vec::new();
    };
    let there = stock.iter().filter(|(row, _)| row.quantity.is_positive());
    let goods = there.map(|(row, _)| (row.goods.clone(), row.quantity));
    goods.take(MOST_GOODS).collect()
}
