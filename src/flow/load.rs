//! Loading. Stack cartons on pallets first, if you like: scan the pallet's label, then its cartons. Scan the dock door; scan the cartons onto the truck, those of the last stop first; give up with a reason what is
//! not there; key or scan the seal when all is in.

use super::act::Act;
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{BinCode, Fact, LoadJob, Reason, SafeText, ShipCarton, Sscc};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The dock door.
    GoToDoor,
    /// A carton for the pallet that is being stacked.
    Stack,
    /// A carton.
    Load,
    /// The seal of the closed truck.
    Seal,
    /// Nothing more.
    Done,
}

/// Loading of one truck.
#[derive(Clone, Debug)]
pub struct Load {
    job: LoadJob,
    door: Option<BinCode>,
    /// What stands on which pallet.
    pallets: Vec<(Sscc, Sscc)>,
    /// The pallet that is being stacked.
    pallet: Option<Sscc>,
    loaded: Vec<Sscc>,
    left_behind: Vec<Sscc>,
    is_done: bool,
}

impl Load {
    /// The work at its beginning.
    pub const fn new(job: LoadJob) -> Self {
        Self {
            job,
            door: None,
            pallets: Vec::new(),
            pallet: None,
            loaded: Vec::new(),
            left_behind: Vec::new(),
            is_done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match (&self.door, self.is_done) {
            (_, true) => Step::Done,
            (None, false) if self.pallet.is_some() => Step::Stack,
            (None, false) => Step::GoToDoor,
            (Some(_), false) if self.next().is_some() => Step::Load,
            (Some(_), false) => Step::Seal,
        }
    }

    /// What is not on the truck yet.
    pub(super) fn open(&self) -> impl Iterator<Item = &ShipCarton> {
        let is_open = |carton: &&ShipCarton| {
            !self.loaded.contains(&carton.plate) && !self.left_behind.contains(&carton.plate)
        };
        self.job.shipment.cartons.iter().filter(is_open)
    }

    pub(super) fn stop(&self, carton: &ShipCarton) -> u32 {
        self.job
            .shipment
            .stop_of(&carton.order)
            .map_or(0, |stop| stop.stop)
    }

    /// The carton that is wanted next: what is delivered last stands deepest in the truck.
    pub(super) fn next(&self) -> Option<&ShipCarton> {
        self.open()
            .max_by_key(|carton| (self.stop(carton), std::cmp::Reverse(carton.plate)))
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::GoToDoor | Step::Stack, Act::Scanned(Scan::Bin(bin))) => self.at_door(bin),
            (Step::GoToDoor | Step::Stack, Act::Scanned(Scan::Plate(plate))) => self.stack(*plate),
            (Step::GoToDoor | Step::Stack, Act::ChoseBin { bin, reason }) => {
                Ok(self.open_door(bin, Some(*reason)))
            }
            (Step::GoToDoor, Act::Scanned(Scan::Goods(_))) => Err(Refusal::BinFirst {
                wanted: self.job.shipment.door.clone(),
            }),
            (Step::Load, Act::Scanned(Scan::Plate(plate))) => self.load(*plate, false),
            (Step::Load, Act::Insisted(Scan::Plate(plate))) => self.load(*plate, true),
            (Step::Load, Act::FellShort(reason)) => self.leave_behind(*reason),
            (Step::Seal, Act::Scanned(Scan::Plate(plate))) => Err(self.not_open(*plate)),
            (Step::Seal, Act::Scanned(scan @ (Scan::Code(_) | Scan::Goods(_)))) => {
                self.close(Some(SafeText::new(&Said::of(scan).text)))
            }
            (Step::Seal, Act::Agreed) => self.close(None),
            (Step::GoToDoor | Step::Stack | Step::Load | Step::Seal, Act::Scanned(scan)) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
            (Step::Done, _) => Err(Refusal::AllDone),
            (Step::GoToDoor | Step::Stack | Step::Load | Step::Seal, _) => Err(Refusal::NotHere),
        }
    }

    fn at_door(&self, bin: &BinCode) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.shipment.door;
        if bin == wanted {
            Ok(self.open_door(bin, None))
        } else {
            Err(Refusal::WrongBin {
                said: bin.clone(),
                wanted: wanted.clone(),
            })
        }
    }

    /// Whoever stands at the door is done with stacking.
    fn open_door(&self, door: &BinCode, reason: Option<Reason>) -> Vec<Fact> {
        let confirmed = Fact::DoorConfirmed {
            shipment: self.job.shipment.code.clone(),
            door: door.clone(),
            reason,
        };
        self.stacked().into_iter().chain([confirmed]).collect()
    }

    /// The pallet in work, if anything stands on it.
    fn stacked(&self) -> Option<Fact> {
        let pallet = self.pallet?;
        let on_it = self
            .job
            .shipment
            .cartons
            .iter()
            .filter(|carton| self.pallet_of(carton.plate) == Some(pallet));
        let cartons: Vec<_> = on_it
            .map(|carton| (carton.order.clone(), carton.plate))
            .collect();
        (!cartons.is_empty()).then(|| Fact::PalletClosed {
            shipment: self.job.shipment.code.clone(),
            pallet,
            cartons,
        })
    }

    pub(super) fn pallet_of(&self, carton: Sscc) -> Option<Sscc> {
        self.pallets
            .iter()
            .find(|(known, _)| *known == carton)
            .map(|(_, pallet)| *pallet)
    }

    /// A carton goes onto the pallet; any other license plate is the next pallet's.
    fn stack(&self, plate: Sscc) -> Result<Vec<Fact>, Refusal> {
        let shipment = self.job.shipment.code.clone();
        let carton = self
            .job
            .shipment
            .cartons
            .iter()
            .find(|carton| carton.plate == plate);
        match (carton, self.pallet_of(plate), self.pallet) {
            (Some(_), Some(pallet), _) => Err(Refusal::OnPallet(pallet)),
            (Some(_), None, None) => Err(Refusal::BinFirst {
                wanted: self.job.shipment.door.clone(),
            }),
            (Some(carton), None, Some(pallet)) => Ok(vec![Fact::Palletized {
                shipment,
                pallet,
                order: carton.order.clone(),
                carton: plate,
            }]),
            (None, _, Some(pallet)) if pallet == plate => {
                Err(Refusal::NotNow(Said::of(&Scan::Plate(plate))))
            }
            (None, ..) => {
                let begun = Fact::PalletBegun {
                    shipment,
                    pallet: plate,
                };
                Ok(self.stacked().into_iter().chain([begun]).collect())
            }
        }
    }

    /// A carton, or all that stand on a pallet.
    fn load(&self, plate: Sscc, anyway: bool) -> Result<Vec<Fact>, Refusal> {
        let is_meant = |carton: &&ShipCarton| self.bears(plate, carton.plate);
        let cartons: Vec<&ShipCarton> = self.open().filter(is_meant).collect();
        let Some(said) = cartons.iter().map(|carton| self.stop(carton)).max() else {
            return Err(self.not_open(plate));
        };
        let wanted = self.next().map_or(0, |next| self.stop(next));
        if said != wanted && !anyway {
            return Err(Refusal::OtherStop { said, wanted });
        }
        let loaded = |carton| self.loaded(carton);
        Ok(cartons.into_iter().map(loaded).collect())
    }

    pub(super) fn loaded(&self, carton: &ShipCarton) -> Fact {
        Fact::Loaded {
            shipment: self.job.shipment.code.clone(),
            door: self
                .door
                .clone()
                .unwrap_or_else(|| self.job.shipment.door.clone()),
            order: carton.order.clone(),
            plate: carton.plate,
            goods: carton.goods.clone(),
        }
    }

    /// Whether a label is the carton's own, or that of the pallet it stands on.
    pub(super) fn bears(&self, label: Sscc, carton: Sscc) -> bool {
        carton == label || self.pallet_of(carton) == Some(label)
    }

    /// What is on the truck.
    pub(super) fn on_truck(&self) -> Vec<&ShipCarton> {
        let cartons = self.job.shipment.cartons.iter();
        cartons
            .filter(|carton| self.loaded.contains(&carton.plate))
            .collect()
    }

    /// Whether the carton of this label is loaded, or one on the pallet of this label.
    pub(super) fn is_on_truck(&self, label: Sscc) -> bool {
        self.loaded.iter().any(|carton| self.bears(label, *carton))
    }

    fn not_open(&self, plate: Sscc) -> Refusal {
        if self.is_on_truck(plate) {
            Refusal::OnTruck(plate)
        } else {
            Refusal::NotInWork(Said::of(&Scan::Plate(plate)))
        }
    }

    /// Gives up the carton on the screen.
    fn leave_behind(&self, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let carton = self.next().ok_or(Refusal::NotHere)?;
        Ok(vec![Fact::LeftBehind {
            shipment: self.job.shipment.code.clone(),
            order: carton.order.clone(),
            plate: carton.plate,
            reason,
        }])
    }

    fn close(&self, seal: Option<SafeText>) -> Result<Vec<Fact>, Refusal> {
        let door = self.door.clone().ok_or(Refusal::NotHere)?;
        let closed = Fact::TruckClosed {
            shipment: self.job.shipment.code.clone(),
            door,
            orders: self
                .job
                .shipment
                .stops
                .iter()
                .flat_map(|stop| stop.orders.clone())
                .collect(),
            seal,
        };
        Ok(vec![closed, Fact::TaskFinished])
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::PalletBegun { pallet, .. } => self.pallet = Some(*pallet),
            Fact::Palletized { pallet, carton, .. } => self.pallets.push((*carton, *pallet)),
            Fact::PalletClosed { .. } => self.pallet = None,
            Fact::DoorConfirmed { door, .. } => {
                self.door = Some(door.clone());
                self.pallet = None;
            }
            Fact::Loaded { plate, .. } => self.loaded.push(*plate),
            Fact::LeftBehind { plate, .. } => self.left_behind.push(*plate),
            Fact::TaskFinished => self.is_done = true,
            _ => {}
        }
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, choices): (_, &[Choice]) = match self.step() {
            Step::GoToDoor => (Ask::GoToDoor(&self.job.shipment), &[Choice::OtherBin]),
            Step::Stack => match self.pallet {
                Some(pallet) => {
                    let on_it = self.pallets.iter().filter(|(_, known)| *known == pallet);
                    (Ask::BuildPallet(pallet, on_it.count()), &[Choice::OtherBin])
                }
                None => (Ask::Done, &[]),
            },
            Step::Load => match self.next() {
                Some(carton) => {
                    let pallet = self.pallet_of(carton.plate);
                    (
                        Ask::LoadCarton(self.stop(carton), carton, pallet),
                        &[Choice::Short],
                    )
                }
                None => (Ask::Done, &[]),
            },
            Step::Seal => (Ask::Seal(self.left_behind.len()), &[]),
            Step::Done => (Ask::Done, &[]),
        };
        let all = self.job.shipment.cartons.len();
        let done = all - self.open().count();
        Prompt {
            ask,
            line: None,
            item: None,
            goods: None,
            count: None,
            lines: (done, all),
            tote: None,
            takes_number: false,
            choices,
        }
    }
}
