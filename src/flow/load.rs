//! Loading. Scan the dock door; scan the cartons onto the truck, those of the last stop first; give up with a reason what is
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
            loaded: Vec::new(),
            left_behind: Vec::new(),
            is_done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match (&self.door, self.is_done) {
            (_, true) => Step::Done,
            (None, false) => Step::GoToDoor,
            (Some(_), false) if self.next().is_some() => Step::Load,
            (Some(_), false) => Step::Seal,
        }
    }

    /// What is not on the truck yet.
    fn open(&self) -> impl Iterator<Item = &ShipCarton> {
        let is_open = |carton: &&ShipCarton| {
            !self.loaded.contains(&carton.plate) && !self.left_behind.contains(&carton.plate)
        };
        self.job.shipment.cartons.iter().filter(is_open)
    }

    fn stop(&self, carton: &ShipCarton) -> u32 {
        self.job
            .shipment
            .stop_of(&carton.order)
            .map_or(0, |stop| stop.stop)
    }

    /// The carton that is wanted next: what is delivered last stands deepest in the truck.
    fn next(&self) -> Option<&ShipCarton> {
        self.open()
            .max_by_key(|carton| (self.stop(carton), std::cmp::Reverse(carton.plate)))
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::GoToDoor, Act::Scanned(Scan::Bin(bin))) => self.at_door(bin),
            (Step::GoToDoor, Act::ChoseBin { bin, reason }) => {
                Ok(vec![self.door(bin, Some(*reason))])
            }
            (Step::GoToDoor, Act::Scanned(Scan::Plate(_) | Scan::Goods(_))) => {
                Err(Refusal::BinFirst {
                    wanted: self.job.shipment.door.clone(),
                })
            }
            (Step::Load, Act::Scanned(Scan::Plate(plate))) => self.load(*plate, false),
            (Step::Load, Act::Insisted(Scan::Plate(plate))) => self.load(*plate, true),
            (Step::Load, Act::FellShort(reason)) => self.leave_behind(*reason),
            (Step::Seal, Act::Scanned(Scan::Plate(plate))) => Err(self.not_open(*plate)),
            (Step::Seal, Act::Scanned(scan @ (Scan::Code(_) | Scan::Goods(_)))) => {
                self.close(Some(SafeText::new(&Said::of(scan).text)))
            }
            (Step::Seal, Act::Agreed) => self.close(None),
            (Step::GoToDoor | Step::Load | Step::Seal, Act::Scanned(scan)) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
            (Step::Done, _) => Err(Refusal::AllDone),
            (Step::GoToDoor | Step::Load | Step::Seal, _) => Err(Refusal::NotHere),
        }
    }

    fn at_door(&self, bin: &BinCode) -> Result<Vec<Fact>, Refusal> {
        let wanted = &self.job.shipment.door;
        if bin == wanted {
            Ok(vec![self.door(bin, None)])
        } else {
            Err(Refusal::WrongBin {
                said: bin.clone(),
                wanted: wanted.clone(),
            })
        }
    }

    fn door(&self, door: &BinCode, reason: Option<Reason>) -> Fact {
        Fact::DoorConfirmed {
            shipment: self.job.shipment.code.clone(),
            door: door.clone(),
            reason,
        }
    }

    fn load(&self, plate: Sscc, anyway: bool) -> Result<Vec<Fact>, Refusal> {
        let Some(carton) = self.open().find(|carton| carton.plate == plate) else {
            return Err(self.not_open(plate));
        };
        let wanted = self.next().map_or(0, |next| self.stop(next));
        if self.stop(carton) != wanted && !anyway {
            return Err(Refusal::OtherStop {
                said: self.stop(carton),
                wanted,
            });
        }
        Ok(vec![Fact::Loaded {
            shipment: self.job.shipment.code.clone(),
            door: self
                .door
                .clone()
                .unwrap_or_else(|| self.job.shipment.door.clone()),
            order: carton.order.clone(),
            plate,
            goods: carton.goods.clone(),
        }])
    }

    fn not_open(&self, plate: Sscc) -> Refusal {
        if self.loaded.contains(&plate) {
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
            Fact::DoorConfirmed { door, .. } => self.door = Some(door.clone()),
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
            Step::Load => match self.next() {
                Some(carton) => (Ask::LoadCarton(self.stop(carton), carton), &[Choice::Short]),
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
