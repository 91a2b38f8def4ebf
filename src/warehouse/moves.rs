//! Balanced moves: what a fact does to stock. The one place that says so, for the handheld's view and the office's ledger.

use super::{BinCode, Fact, Goods, Place, Quantity, Spot, Sscc, Status};

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

/// A whole carton goes from one place to another.
fn carton(goods: &[(Goods, Quantity)], plate: Sscc, from: Place, to: Place) -> Vec<Move> {
    let (source, target) = (Spot::at(from).on(Some(plate)), Spot::at(to).on(Some(plate)));
    let step = |(goods, quantity): &(Goods, Quantity)| {
        Move::new(goods, *quantity, source.clone(), target.clone())
    };
    goods.iter().map(step).collect()
}

impl Fact {
    /// The moves of stock that follow from this fact alone; none for most.
    ///
    /// A closed carton's contents move onto its license plate; what is undone moves back, last move first.
    pub fn moves(&self) -> Vec<Move> {
        match self {
            Self::Picked { .. } | Self::Dropped { .. } | Self::SetAside { .. } => self.picking(),
            Self::PutAway { .. } | Self::Received { .. } | Self::FoundDamaged { .. } => {
                self.arriving().into_iter().collect()
            }
            Self::Packed { .. } | Self::CartonClosed { .. } => self.at_bench(),
            Self::Taken { .. } | Self::Put { .. } | Self::Restated { .. } => self.within(),
            Self::Returned { .. } | Self::Assembled { .. } => self.through(),
            Self::Disassembled { .. } => self.apart(),
            Self::Loaded { .. }
            | Self::Delivered { .. }
            | Self::DeliveredShort { .. }
            | Self::BroughtBack { .. } => self.on_the_way(),
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
            | Self::LineHeld { .. }
            | Self::Substituted { .. }
            | Self::PutShort { .. }
            | Self::PackedShort { .. }
            | Self::ToteBound { .. }
            | Self::ToteFilled { .. }
            | Self::TakenInHand { .. }
            | Self::ToteChosen { .. }
            | Self::Weighed { .. }
            | Self::LeftStanding { .. }
            | Self::TakenOver { .. }
            | Self::TotesPutDown { .. }
            | Self::ToteTakenUp { .. }
            | Self::LineSkipped { .. }
            | Self::BinChecked { .. }
            | Self::GoodsNamed { .. }
            | Self::Tallied { .. }
            | Self::BinCounted { .. }
            | Self::PartCounted { .. }
            | Self::PartLost { .. }
            | Self::TakenShort { .. }
            | Self::Docked { .. }
            | Self::PlateConfirmed { .. }
            | Self::PlateChosen { .. }
            | Self::LineAdded { .. }
            | Self::LabelRead { .. }
            | Self::TagsTaken { .. }
            | Self::ReceivedShort { .. }
            | Self::BarcodeLearned { .. }
            | Self::Approved { .. }
            | Self::TagsCounted { .. }
            | Self::CartonBegun { .. }
            | Self::WeightDiffered { .. }
            | Self::WeightDoubted { .. }
            | Self::CartonWeighed { .. }
            | Self::DoorConfirmed { .. }
            | Self::PalletBegun { .. }
            | Self::Palletized { .. }
            | Self::PalletClosed { .. }
            | Self::LeftBehind { .. }
            | Self::TruckClosed { .. }
            | Self::Refused { .. }
            | Self::CartonOpened { .. }
            | Self::CodeShown { .. }
            | Self::DeliverySigned { .. }
            | Self::LabelWanted { .. }
            | Self::MessageRead { .. } => Vec::new(),
        }
    }

    /// The moves of packing: into the order's carton, and with it onto its license plate.
    fn at_bench(&self) -> Vec<Move> {
        match self {
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
            _ => Vec::new(),
        }
    }

    /// The moves of picking.
    fn picking(&self) -> Vec<Move> {
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
            Self::Dropped { bin, goods, .. } => dropped(bin, goods),
            Self::SetAside {
                bin,
                goods,
                quantity,
                status,
                ..
            } => vec![set_aside(bin, goods, *quantity, *status)],
            _ => Vec::new(),
        }
    }

    /// The moves of cartons on and off trucks.
    fn on_the_way(&self) -> Vec<Move> {
        match self {
            Self::Loaded {
                shipment,
                order,
                plate,
                goods,
                ..
            } => carton(
                goods,
                *plate,
                Place::Order(order.clone()),
                Place::Truck(shipment.clone()),
            ),
            Self::Delivered {
                shipment,
                plate,
                goods,
                ..
            } => carton(
                goods,
                *plate,
                Place::Truck(shipment.clone()),
                Place::Customer,
            ),
            // Nobody can say yet where it is.
            Self::DeliveredShort {
                shipment,
                plate,
                goods,
                ..
            } => carton(
                goods,
                *plate,
                Place::Truck(shipment.clone()),
                Place::Unknown,
            ),
            Self::BroughtBack {
                shipment,
                bin,
                cartons,
            } => cartons
                .iter()
                .flat_map(|(plate, goods)| {
                    carton(
                        goods,
                        *plate,
                        Place::Truck(shipment.clone()),
                        Place::Bin(bin.clone()),
                    )
                })
                .map(|step| Move {
                    target: Spot {
                        status: Status::OnHold,
                        ..step.target
                    },
                    ..step
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The move of goods on their way from the supplier to the shelf.
    fn arriving(&self) -> Option<Move> {
        let spot = |place: Place, plate: &Option<Sscc>, status: &Status| Spot {
            place,
            plate: *plate,
            status: *status,
        };
        Some(match self {
            Self::Received {
                goods,
                quantity,
                plate,
                status,
                bin,
                ..
            } => {
                let there = spot(Place::Bin(bin.clone()), plate, status);
                Move::new(goods, *quantity, Spot::at(Place::Supplier), there)
            }
            Self::FoundDamaged {
                goods,
                quantity,
                plate,
                status,
                place,
                ..
            } => {
                let at = |status| spot(place.clone(), plate, status);
                Move::new(goods, *quantity, at(status), at(&Status::Damaged))
            }
            Self::PutAway {
                goods,
                quantity,
                plate,
                status,
                from,
                to,
                ..
            } => {
                let at = |bin: &BinCode| spot(Place::Bin(bin.clone()), plate, status);
                Move::new(goods, *quantity, at(from), at(to))
            }
            _ => return None,
        })
    }

    /// The moves of goods that come from beyond the walls, or become others.
    fn through(&self) -> Vec<Move> {
        match self {
            Self::Returned {
                goods,
                quantity,
                bin,
                becomes,
                ..
            } => vec![Move::new(
                goods,
                *quantity,
                Spot::at(Place::Customer),
                judged(bin, None, *becomes),
            )],
            Self::Assembled {
                product,
                quantity,
                bin,
                consumed,
                ..
            } => {
                let made = || Spot::at(Place::Production);
                let into = consumed.iter().map(|(goods, quantity, from)| {
                    Move::new(goods, *quantity, Spot::at(from.clone()), made())
                });
                let bin = Spot::at(Place::Bin(bin.clone()));
                into.chain([Move::new(product, *quantity, made(), bin)])
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The moves of what is taken apart: it goes into production, its parts come out of it.
    fn apart(&self) -> Vec<Move> {
        let Self::Disassembled {
            product,
            quantity,
            from,
            parts,
            lost,
            ..
        } = self
        else {
            return Vec::new();
        };
        let apart = || Spot::at(Place::Production);
        let whole = Move::new(product, *quantity, Spot::at(from.clone()), apart());
        let parts = parts.iter().map(|(goods, quantity, bin)| {
            let bin = Spot::at(Place::Bin(bin.clone()));
            Move::new(goods, *quantity, apart(), bin)
        });
        let lost = lost
            .iter()
            .map(|(goods, quantity)| Move::new(goods, *quantity, apart(), Spot::at(Place::Loss)));
        std::iter::once(whole).chain(parts).chain(lost).collect()
    }

    /// The move of goods that stay in the house.
    fn within(&self) -> Vec<Move> {
        let spot = |place: &Place, plate: &Option<Sscc>, status: &Status| Spot {
            place: place.clone(),
            plate: *plate,
            status: *status,
        };
        let at = |bin: &BinCode| Place::Bin(bin.clone());
        match self {
            Self::Taken {
                goods,
                quantity,
                plate,
                status,
                from,
                into,
                ..
            } => vec![Move::new(
                goods,
                *quantity,
                spot(&at(from), plate, status),
                spot(into, plate, status),
            )],
            Self::Put {
                goods,
                quantity,
                plate,
                status,
                from,
                to,
                ..
            } => vec![Move::new(
                goods,
                *quantity,
                spot(from, plate, status),
                spot(&at(to), plate, status),
            )],
            Self::Restated {
                bin,
                plate,
                goods,
                quantity,
                was,
                becomes,
                ..
            } => vec![Move::new(
                goods,
                *quantity,
                spot(&at(bin), plate, was),
                judged(bin, *plate, *becomes),
            )],
            _ => Vec::new(),
        }
    }
}

/// Where goods are once someone has judged them: in the bin in that status, or gone.
fn judged(bin: &BinCode, plate: Option<Sscc>, becomes: Option<Status>) -> Spot {
    becomes.map_or_else(
        || Spot::at(Place::Loss),
        |status| Spot {
            place: Place::Bin(bin.clone()),
            plate,
            status,
        },
    )
}

fn dropped(bin: &BinCode, goods: &[(Goods, Quantity, Place)]) -> Vec<Move> {
    let to = || Spot::at(Place::Bin(bin.clone()));
    let step = |(goods, quantity, from): &(Goods, Quantity, Place)| {
        Move::new(goods, *quantity, Spot::at(from.clone()), to())
    };
    goods.iter().map(step).collect()
}

fn set_aside(bin: &BinCode, goods: &Goods, quantity: Quantity, status: Status) -> Move {
    let at = |status: Status| Spot {
        status,
        ..Spot::at(Place::Bin(bin.clone()))
    };
    Move::new(goods, quantity, at(Status::Available), at(status))
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
