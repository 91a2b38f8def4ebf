//! What became of cartons at their customers: handed over, refused, not there; whole or in part.

use super::named;
use crate::warehouse::{Goods, Quantity, ShipCarton, Sscc};

/// What became of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Delivered,
    Refused,
    Missing,
}

type Amounts = Vec<(Goods, Quantity)>;

/// What became of all cartons of a truck so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Dealt(Vec<(Sscc, Fate, Amounts)>);

impl Dealt {
    pub fn note(&mut self, plate: Sscc, fate: Fate, goods: &[(Goods, Quantity)]) {
        self.0.push((plate, fate, goods.to_vec()));
    }

    /// How much of these goods in a carton met this fate; any if none is named.
    pub fn of(&self, plate: Sscc, fate: Option<Fate>, goods: &Goods) -> Quantity {
        let here = self
            .0
            .iter()
            .filter(|(known, met, _)| *known == plate && fate.is_none_or(|fate| fate == *met));
        let goods = here
            .flat_map(|(_, _, goods)| goods)
            .filter(|(known, _)| named::same(known, goods));
        goods.map(|(_, quantity)| *quantity).sum()
    }

    /// What of a carton nothing was said about.
    pub fn left(&self, carton: &ShipCarton) -> Vec<(Goods, Quantity)> {
        let left = carton.goods.iter().map(|(goods, quantity)| {
            let dealt = self.of(carton.plate, None, goods);
            (goods.clone(), quantity.minus(dealt))
        });
        left.filter(|(_, left)| left.is_positive()).collect()
    }

    /// What of a carton was refused.
    pub fn refused(&self, carton: &ShipCarton) -> Vec<(Goods, Quantity)> {
        let refused = carton.goods.iter().map(|(goods, _)| {
            let refused = self.of(carton.plate, Some(Fate::Refused), goods);
            (goods.clone(), refused)
        });
        refused
            .filter(|(_, refused)| refused.is_positive())
            .collect()
    }

    /// Whether something was said of a carton.
    pub fn knows(&self, plate: Sscc) -> bool {
        self.0.iter().any(|(known, ..)| *known == plate)
    }

    /// Whether any of it was handed over.
    pub fn is_delivered(&self, plate: Sscc) -> bool {
        let mut known = self.0.iter();
        known.any(|(known, fate, _)| *known == plate && *fate == Fate::Delivered)
    }

    /// Whether all of a carton is dealt with.
    pub fn is_done(&self, carton: &ShipCarton) -> bool {
        self.knows(carton.plate) && self.left(carton).is_empty()
    }
}
