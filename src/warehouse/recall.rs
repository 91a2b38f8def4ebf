//! Goods that are called back: what must not go any further towards a customer.

use super::{BinCode, Fact, Goods, ItemCode, LotCode, Place, SafeText, SerialCode, Sscc};
use serde::{Deserialize, Serialize};

/// Goods that are called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledBack {
    /// By which recall.
    pub recall: SafeText,
    /// The item.
    pub item: ItemCode,
    /// Of this lot only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// This unit only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<SerialCode>,
    /// Goods of the item of which nobody read the lot may be of them, if they come from these bins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<BinCode>,
    /// Or out of these cartons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plates: Vec<Sscc>,
}

/// Goods that a fact brings nearer to a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onward<'a> {
    /// What.
    pub goods: &'a Goods,
    /// Out of this bin.
    pub from: Option<&'a BinCode>,
    /// In this carton.
    pub plate: Option<Sscc>,
}

impl CalledBack {
    /// Whether these goods are called back, or may be: what their label does not tell, their place may.
    pub fn means(&self, it: &Onward) -> bool {
        fn told<T: PartialEq>(mine: Option<&T>, said: Option<&T>) -> Option<bool> {
            match (mine, said) {
                (Some(mine), Some(said)) => Some(mine == said),
                (Some(_), None) => None,
                (None, _) => Some(true),
            }
        }
        let Onward { goods, from, plate } = it;
        if goods.item != self.item {
            return false;
        }
        let lot = told(self.lot.as_ref(), goods.lot.as_ref());
        let serial = told(self.serial.as_ref(), goods.serial.as_ref());
        let here = from.is_some_and(|bin| self.bins.contains(bin))
            || plate.is_some_and(|plate| self.plates.contains(&plate));
        let is_named = self.lot.is_some() || self.serial.is_some();
        match (lot, serial) {
            (Some(false), _) | (_, Some(false)) => false,
            (Some(true), Some(true)) if is_named => true,
            _ => here,
        }
    }
}

impl Fact {
    /// What it brings nearer to a customer, or uses up; nothing for facts that only carry, put away or judge.
    pub fn onward(&self) -> Vec<Onward<'_>> {
        let one = |goods, from, plate| Onward { goods, from, plate };
        match self {
            Self::Picked { goods, bin, .. } => vec![one(goods, Some(bin), None)],
            Self::TakenInHand { goods, .. } => vec![one(goods, None, None)],
            Self::Packed { goods, from, .. } => vec![one(goods, Some(from), None)],
            Self::CartonClosed { sscc, goods, .. } => {
                let all = goods.iter();
                all.map(|(goods, _)| one(goods, None, Some(*sscc)))
                    .collect()
            }
            Self::Loaded { plate, goods, .. } | Self::Delivered { plate, goods, .. } => {
                let all = goods.iter();
                all.map(|(goods, _)| one(goods, None, Some(*plate)))
                    .collect()
            }
            Self::Assembled { consumed, .. } => {
                let all = consumed.iter();
                all.map(|(goods, _, from)| one(goods, Place::bin(from), None))
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::Quantity;

    fn called(lot: Option<&str>) -> CalledBack {
        CalledBack {
            recall: "R-1".into(),
            item: "MILK".parse().unwrap(),
            lot: lot.map(|lot| lot.parse().unwrap()),
            serial: None,
            bins: vec!["A-01".parse().unwrap()],
            plates: Vec::new(),
        }
    }

    fn picked(item: &str, lot: Option<&str>, bin: &str) -> Fact {
        Fact::Picked {
            line: 1,
            order: "SO-1".parse().unwrap(),
            bin: bin.parse().unwrap(),
            goods: Goods {
                lot: lot.map(|lot| lot.parse().unwrap()),
                ..Goods::of(item.parse().unwrap())
            },
            quantity: Quantity::ONE,
            into: "tote:T1".parse().unwrap(),
        }
    }

    #[test]
    fn a_lot_is_known_by_its_label_and_by_the_bin_where_there_is_none() {
        let means =
            |called: &CalledBack, fact: &Fact| fact.onward().iter().any(|it| called.means(it));
        let milk = called(Some("BAD"));
        assert!(means(&milk, &picked("MILK", Some("BAD"), "B-09")));
        assert!(!means(&milk, &picked("MILK", Some("GOOD"), "A-01")));
        assert!(means(&milk, &picked("MILK", None, "A-01")));
        assert!(!means(&milk, &picked("MILK", None, "B-09")));
        assert!(!means(&milk, &picked("BOLT", Some("BAD"), "A-01")));
        // What has no lots is known by its bin alone.
        assert!(means(&called(None), &picked("MILK", None, "A-01")));
        assert!(!means(&called(None), &picked("MILK", None, "B-09")));
    }

    #[test]
    fn what_is_carried_to_where_it_is_kept_is_not_onward() {
        let put = Fact::Dropped {
            order: "SO-1".parse().unwrap(),
            bin: "PACK".parse().unwrap(),
            goods: Vec::new(),
        };
        assert!(put.onward().is_empty());
    }
}
