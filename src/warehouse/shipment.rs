//! Shipments: what goes through which dock door onto which truck, and to whom it is brought in which order.

use super::{BinCode, Fact, Goods, OrderCode, Quantity, SafeText, Sscc, TaskId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One customer on the way of a truck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Its place on the way: lower comes first, and is loaded last.
    pub stop: u32,
    /// Who.
    pub customer: SafeText,
    /// The address, line by line.
    #[serde(default)]
    pub ship_to: Vec<SafeText>,
    /// The orders that are brought there.
    pub orders: Vec<OrderCode>,
    /// What the code must be that the customer shows, where the office has agreed on one with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<CodeProof>,
}

/// What a delivery code must be, without saying it: whoever brings the goods cannot read it off the handheld.
///
/// A few digits can be guessed by whoever takes the handheld's memory apart; the office holds against the code itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeProof {
    /// The order that it was agreed for.
    pub order: OrderCode,
    /// SHA-256 of order and code, in hex.
    pub sha256: SafeText,
}

impl CodeProof {
    /// The proof of an order's code. Spaces around it, and whether letters are large or small, do not matter.
    pub fn of(order: &OrderCode, code: &str) -> Self {
        let code = code.trim().to_uppercase();
        let digest = Sha256::digest(format!("{order}\n{code}").as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            order: order.clone(),
            sha256: SafeText::new(&hex),
        }
    }

    /// Whether this is the code.
    pub fn is(&self, code: &str) -> bool {
        Self::of(&self.order, code) == *self
    }
}

/// A closed carton that is to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipCarton {
    /// Its license plate.
    pub plate: Sscc,
    /// The order it belongs to.
    pub order: OrderCode,
    /// What is in it.
    pub goods: Vec<(Goods, Quantity)>,
}

/// A truck's load: its stops, and the cartons for them as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Its code.
    pub code: OrderCode,
    /// Who drives it.
    pub carrier: SafeText,
    /// The dock door it stands at.
    pub door: BinCode,
    /// Whom it goes to, the first stop first.
    pub stops: Vec<Stop>,
    /// What goes.
    #[serde(default)]
    pub cartons: Vec<ShipCarton>,
}

/// Loading of a truck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadJob {
    /// The packing that must be finished first.
    pub after: Vec<TaskId>,
    /// What is loaded.
    pub shipment: Shipment,
}

/// Delivery of what a truck brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverJob {
    /// The loading that must be finished first.
    pub after: Vec<TaskId>,
    /// What is delivered.
    pub shipment: Shipment,
    /// Where what customers refuse is brought back to.
    pub back: BinCode,
}

impl Shipment {
    /// The stop an order is brought to, if it is on this truck.
    pub fn stop_of(&self, order: &OrderCode) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.orders.contains(order))
    }

    fn add(&mut self, carton: ShipCarton) {
        if self.stop_of(&carton.order).is_some() {
            self.remove(carton.plate);
            self.cartons.push(carton);
        }
    }

    fn remove(&mut self, plate: Sscc) {
        self.cartons.retain(|known| known.plate != plate);
    }
}

/// Notes that a task is done that was waited for, or is not done after all.
fn waited(after: &mut Vec<TaskId>, task: Option<&TaskId>, fact: &Fact) {
    match fact {
        Fact::TaskFinished => after.retain(|waited| Some(waited) != task),
        Fact::Undone { what, .. } if **what == Fact::TaskFinished => {
            if let Some(task) = task.filter(|task| !after.contains(task)) {
                after.push(task.clone());
            }
        }
        _ => {}
    }
}

impl LoadJob {
    /// What it learns from a fact of another task: a carton was closed, packing is done; or that was taken back.
    pub(super) fn learn(&mut self, task: Option<&TaskId>, fact: &Fact) {
        waited(&mut self.after, task, fact);
        match fact {
            Fact::CartonClosed {
                order, sscc, goods, ..
            } => self.shipment.add(ShipCarton {
                plate: *sscc,
                order: order.clone(),
                goods: goods.clone(),
            }),
            Fact::Undone { what, .. } => {
                if let Fact::CartonClosed { sscc, .. } = &**what {
                    self.shipment.remove(*sscc);
                }
            }
            _ => {}
        }
    }
}

impl DeliverJob {
    /// What it learns from a fact of another task: a carton is on the truck, loading is done; or that was taken back.
    pub(super) fn learn(&mut self, task: Option<&TaskId>, fact: &Fact) {
        waited(&mut self.after, task, fact);
        match fact {
            Fact::Loaded {
                shipment,
                order,
                plate,
                goods,
                ..
            } if *shipment == self.shipment.code => {
                self.shipment.add(ShipCarton {
                    plate: *plate,
                    order: order.clone(),
                    goods: goods.clone(),
                });
            }
            Fact::Undone { what, .. } => {
                if let Fact::Loaded { plate, .. } = &**what {
                    self.shipment.remove(*plate);
                }
            }
            _ => {}
        }
    }
}
