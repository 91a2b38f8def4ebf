//! Balanced moves: what a fact does to stock. The one place that says so, for the handheld's view and the office's ledger.

use super::{Fact, Goods, Place, Quantity, Spot, Sscc};

/// So much of some goods went from one spot to another. Nothing appears or vanishes: outside is a place too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// What.
    pub goods: Goods,
    /// How much; more than zero.
    pub quantity: Quantity,
    /// From where.
    pub source: Spot,
    /// To where.
    pub target: Spot,
}

impl Move {
    fn new(goods: &Goods, quantity: Quantity, source: Spot, target: Spot) -> Self {
        Self {
            goods: goods.clone(),
            quantity,
            source,
            target,
        }
    }

    /// The same move backwards.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self {
            source: self.target,
            target: self.source,
            ..self
        }
    }
}

impl Fact {
    /// The moves of stock that follow from this fact alone; none for most.
    ///
    /// A closed carton's contents move onto its license plate; what is undone moves back, last move first.
    pub fn moves(&self) -> Vec<Move> {
        match self {
            Self::Picked {
                goods,
                quantity,
                bin,
                into,
                ..
            } => {
                vec![Move::new(
                    goods,
                    *quantity,
                    Spot::at(Place::Bin(bin.clone())),
                    Spot::at(into.clone()),
                )]
            }
            Self::Dropped { bin, goods, .. } => goods
                .iter()
                .map(|(goods, quantity, from)| {
                    Move::new(
                        goods,
                        *quantity,
                        Spot::at(from.clone()),
                        Spot::at(Place::Bin(bin.clone())),
                    )
                })
                .collect(),
            Self::PutAway {
                goods,
                quantity,
                plate,
                from,
                to,
                ..
            } => {
                let at = |bin: &super::BinCode| Spot::at(Place::Bin(bin.clone())).on(*plate);
                vec![Move::new(goods, *quantity, at(from), at(to))]
            }
            Self::Packed {
                order,
                goods,
                quantity,
                from,
                ..
            } => vec![Move::new(
                goods,
                *quantity,
                Spot::at(Place::Bin(from.clone())),
                Spot::at(Place::Order(order.clone())),
            )],
            Self::CartonClosed {
                order, sscc, goods, ..
            } => {
                let at = |plate: Option<Sscc>| Spot::at(Place::Order(order.clone())).on(plate);
                goods
                    .iter()
                    .map(|(goods, quantity)| Move::new(goods, *quantity, at(None), at(Some(*sscc))))
                    .collect()
            }
            Self::Undone { what, .. } => {
                what.moves().into_iter().rev().map(Move::reversed).collect()
            }
            Self::SignedIn { .. }
            | Self::SignedOut { .. }
            | Self::TaskOpened { .. }
            | Self::TaskStarted { .. }
            | Self::TaskLeft
            | Self::TaskFinished
            | Self::BinConfirmed { .. }
            | Self::GoodsConfirmed { .. }
            | Self::PickedShort { .. }
            | Self::PutShort { .. }
            | Self::PackedShort { .. }
            | Self::LineSkipped { .. }
            | Self::BinChecked { .. }
            | Self::TagsCounted { .. } => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_undone_ends_where_it_began() {
        let picked = Fact::Picked {
            line: 1,
            order: "SO-1".parse().expect("a code"),
            bin: "A-01".parse().expect("a code"),
            goods: Goods::of("BOLT".parse().expect("a code")),
            quantity: Quantity::units(3),
            into: "tote:T1".parse().expect("a place"),
        };
        let there = picked.moves();
        let back = Fact::Undone {
            seq: 7,
            what: Box::new(picked),
        }
        .moves();
        assert_eq!(there.len(), 1);
        assert_eq!(back[0].source, there[0].target);
        assert_eq!(back[0].target, there[0].source);
    }
}
