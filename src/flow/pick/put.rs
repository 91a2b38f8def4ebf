//! Totes: each order has one, bound at the start; what is in hand goes tote by tote, and a full one gives way to the next.

use super::{Carried, Pick, Step};
use crate::flow::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{Fact, Goods, Known, OrderCode, Place, Quantity, ToteCode};

impl Pick {
    /// Who or what carries the goods of a line's order.
    pub(super) fn carrier_of(&self, line: usize) -> Place {
        let tote = self.orders[self.lines[line].order].tote.clone();
        tote.map_or_else(|| self.carrier.clone(), Place::Tote)
    }

    /// The order that a tote is for, as far as this work knows.
    pub(super) fn order_of(&self, tote: &ToteCode) -> Option<&OrderCode> {
        let holds = |order: &Carried| order.tote.as_ref() == Some(tote) || order.carries(tote);
        let order = self.orders.iter().position(holds)?;
        Some(&self.job.orders[order].order)
    }

    /// A tote for an order. None of this work's others, and none in which something is, as far as is known here.
    pub(super) fn bound(
        &self,
        order: usize,
        scan: &Scan,
        known: Option<&Known>,
    ) -> Result<Vec<Fact>, Refusal> {
        let Scan::Tote(tote) = scan else {
            return Err(Refusal::NotNow(Said::of(scan)));
        };
        match self.order_of(tote) {
            Some(other) => Err(Refusal::ToteTaken {
                tote: tote.clone(),
                order: other.clone(),
            }),
            None if matches!(known, Some(Known::Load { .. })) => {
                Err(Refusal::ToteInUse(tote.clone()))
            }
            None => Ok(vec![Fact::ToteBound {
                order: self.job.orders[order].order.clone(),
                tote: tote.clone(),
            }]),
        }
    }

    pub(super) fn put(&self, line: usize, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let tote = self.orders[self.lines[line].order].tote.as_ref();
        let wanted = tote.ok_or(Refusal::NotHere)?;
        match scan {
            Scan::Tote(said) if said == wanted => Ok(self.put_in_hand(line)),
            Scan::Tote(said) => Err(Refusal::WrongTote {
                said: said.clone(),
                order: self.order_of(said).cloned(),
                wanted: wanted.clone(),
            }),
            Scan::Goods(_) | Scan::Code(_) => Err(Refusal::PutFirst(wanted.clone())),
            Scan::Bin(_)
            | Scan::Badge(_)
            | Scan::Order(_)
            | Scan::Plate(_)
            | Scan::Enrolment(_) => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    /// Before all is in hand: what there is goes into the first tote.
    pub(super) fn put_early(&self, line: usize, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        if !self.scans_totes() {
            return Err(Refusal::NotNow(Said::of(scan)));
        }
        if self.hand.is_none() {
            return Err(Refusal::GoodsFirst);
        }
        self.put(line, scan)
    }

    fn put_in_hand(&self, line: usize) -> Vec<Fact> {
        let mut left = self.left(line);
        let mut facts = Vec::new();
        for (goods, quantity) in self.hand.iter().flat_map(|hand| &hand.goods) {
            let part = left.min(*quantity);
            left = left.minus(part);
            if part.is_positive() {
                facts.push(self.picked_into(line, goods.clone(), part));
            }
        }
        facts
    }

    /// The order at hand and its tote, if something is in it.
    pub(super) fn full_tote(&self) -> Option<(usize, &ToteCode)> {
        let (Step::GoToBin(line) | Step::TakeGoods(line) | Step::PutInTote(line)) = self.step
        else {
            return None;
        };
        let order = self.lines[line].order;
        let carried = &self.orders[order];
        let tote = carried.tote.as_ref()?;
        carried.carries(tote).then_some((order, tote))
    }

    pub(super) fn filled(&self) -> Result<Vec<Fact>, Refusal> {
        let (order, tote) = self.full_tote().ok_or(Refusal::NotHere)?;
        Ok(vec![Fact::ToteFilled {
            order: self.job.orders[order].order.clone(),
            tote: tote.clone(),
        }])
    }

    /// What is put leaves the hand.
    pub(super) fn leaves_hand(&mut self, goods: &Goods, quantity: Quantity) {
        let Some(hand) = &mut self.hand else { return };
        if let Some((_, held)) = hand.goods.iter_mut().find(|(held, _)| held == goods) {
            *held = held.minus(quantity);
        }
        hand.goods.retain(|(_, held)| held.is_positive());
        if hand.goods.is_empty() {
            self.hand = None;
        }
    }
}
