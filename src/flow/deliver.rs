//! Delivery. At each stop scan what the customer takes; what they refuse, or what is not there, is given up with a reason;
//! then key or scan who received it. What was refused is brought back.

use super::act::Act;
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{BinCode, DeliverJob, Fact, Reason, SafeText, ShipCarton, Sscc, Stop};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A carton for the customer of this stop, by its place in the list.
    HandOver(usize),
    /// Who received it.
    Sign(usize),
    /// Where what was refused is put.
    BringBack,
    /// The end of a tour with nothing on the truck.
    Nothing,
    /// Nothing more.
    Done,
}

/// What became of a carton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Delivered,
    Refused,
    Missing,
}

/// Delivery of one truck.
#[derive(Clone, Debug)]
pub struct Deliver {
    job: DeliverJob,
    fates: Vec<(Sscc, Fate)>,
    signed: Vec<u32>,
    /// The stop at which something happened last.
    at: Option<u32>,
    is_done: bool,
}

impl Deliver {
    /// The work at its beginning.
    pub fn new(mut job: DeliverJob) -> Self {
        job.shipment.stops.sort_by_key(|stop| stop.stop);
        Self {
            job,
            fates: Vec::new(),
            signed: Vec::new(),
            at: None,
            is_done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        if self.is_done {
            return Step::Done;
        }
        let stops = &self.job.shipment.stops;
        let waits = |at: &usize| {
            self.cartons(*at).next().is_some() && !self.signed.contains(&stops[*at].stop)
        };
        let here = (0..stops.len())
            .filter(waits)
            .find(|at| Some(stops[*at].stop) == self.at);
        match here.or_else(|| (0..stops.len()).find(waits)) {
            Some(at) if self.open(at).next().is_some() => Step::HandOver(at),
            Some(at) => Step::Sign(at),
            None if self.refused().next().is_some() => Step::BringBack,
            None => Step::Nothing,
        }
    }

    fn fate(&self, plate: Sscc) -> Option<Fate> {
        self.fates
            .iter()
            .find(|(known, _)| *known == plate)
            .map(|(_, fate)| *fate)
    }

    /// What is on the truck for a stop.
    fn cartons(&self, at: usize) -> impl Iterator<Item = &ShipCarton> {
        let orders = &self.job.shipment.stops[at].orders;
        self.job
            .shipment
            .cartons
            .iter()
            .filter(|carton| orders.contains(&carton.order))
    }

    fn open(&self, at: usize) -> impl Iterator<Item = &ShipCarton> {
        self.cartons(at)
            .filter(|carton| self.fate(carton.plate).is_none())
    }

    fn refused(&self) -> impl Iterator<Item = &ShipCarton> {
        let is_refused = |carton: &&ShipCarton| self.fate(carton.plate) == Some(Fate::Refused);
        self.job.shipment.cartons.iter().filter(is_refused)
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::HandOver(at), Act::Scanned(Scan::Plate(plate))) => {
                self.hand_over(at, *plate, false)
            }
            (Step::HandOver(at), Act::Insisted(Scan::Plate(plate))) => {
                self.hand_over(at, *plate, true)
            }
            (Step::HandOver(at), Act::FellShort(reason)) => self.given_up(at, *reason),
            (
                Step::Sign(at),
                Act::Scanned(scan @ (Scan::Code(_) | Scan::Badge(_) | Scan::Goods(_))),
            ) => Ok(self.sign(at, &Said::of(scan).text)),
            (Step::Sign(_), Act::Agreed) => Err(Refusal::ReceiverFirst),
            (Step::BringBack, Act::Scanned(Scan::Bin(bin))) if *bin != self.job.back => {
                Err(Refusal::WrongBin {
                    said: bin.clone(),
                    wanted: self.job.back.clone(),
                })
            }
            (Step::BringBack, Act::Scanned(Scan::Bin(bin)) | Act::ChoseBin { bin, .. }) => {
                Ok(self.bring_back(bin))
            }
            (Step::Nothing, Act::Agreed) => Ok(vec![Fact::TaskFinished]),
            (Step::Done, _) => Err(Refusal::AllDone),
            (_, Act::Scanned(scan)) => Err(Refusal::NotNow(Said::of(scan))),
            (Step::HandOver(_) | Step::Sign(_) | Step::BringBack | Step::Nothing, _) => {
                Err(Refusal::NotHere)
            }
        }
    }

    fn hand_over(&self, at: usize, plate: Sscc, anyway: bool) -> Result<Vec<Fact>, Refusal> {
        let said = Said::of(&Scan::Plate(plate));
        if self.fate(plate).is_some() {
            return Err(Refusal::HandedOver(plate));
        }
        let carton = self
            .job
            .shipment
            .cartons
            .iter()
            .find(|carton| carton.plate == plate);
        let stop = carton.and_then(|carton| self.job.shipment.stop_of(&carton.order));
        let (Some(carton), Some(stop)) = (carton, stop) else {
            return Err(Refusal::NotInWork(said));
        };
        let wanted = self.job.shipment.stops[at].stop;
        if stop.stop != wanted && !anyway {
            return Err(Refusal::OtherStop {
                said: stop.stop,
                wanted,
            });
        }
        Ok(vec![Fact::Delivered {
            shipment: self.job.shipment.code.clone(),
            stop: stop.stop,
            order: carton.order.clone(),
            plate,
            goods: carton.goods.clone(),
        }])
    }

    /// The carton on the screen is not handed over: it is not there, or the customer does not want it.
    fn given_up(&self, at: usize, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let carton = self.open(at).next().ok_or(Refusal::NotHere)?.clone();
        let (shipment, stop) = (
            self.job.shipment.code.clone(),
            self.job.shipment.stops[at].stop,
        );
        let ShipCarton {
            plate,
            order,
            goods,
        } = carton;
        Ok(vec![if reason == Reason::TooFew {
            Fact::DeliveredShort {
                shipment,
                stop,
                order,
                plate,
                goods,
            }
        } else {
            Fact::Refused {
                shipment,
                stop,
                order,
                plate,
                goods,
                reason,
            }
        }])
    }

    fn sign(&self, at: usize, receiver: &str) -> Vec<Fact> {
        let Stop { stop, orders, .. } = &self.job.shipment.stops[at];
        let signed = Fact::DeliverySigned {
            shipment: self.job.shipment.code.clone(),
            stop: *stop,
            orders: orders.clone(),
            receiver: SafeText::new(receiver),
        };
        let mut after = self.clone();
        after.apply(&signed);
        let is_last = after.step() == Step::Nothing;
        std::iter::once(signed)
            .chain(is_last.then_some(Fact::TaskFinished))
            .collect()
    }

    fn bring_back(&self, bin: &BinCode) -> Vec<Fact> {
        let back = Fact::BroughtBack {
            shipment: self.job.shipment.code.clone(),
            bin: bin.clone(),
            cartons: self
                .refused()
                .map(|carton| (carton.plate, carton.goods.clone()))
                .collect(),
        };
        vec![back, Fact::TaskFinished]
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        let (stop, plate, fate) = match fact {
            Fact::Delivered { stop, plate, .. } => (stop, plate, Fate::Delivered),
            Fact::Refused { stop, plate, .. } => (stop, plate, Fate::Refused),
            Fact::DeliveredShort { stop, plate, .. } => (stop, plate, Fate::Missing),
            Fact::DeliverySigned { stop, .. } => return self.signed.push(*stop),
            Fact::TaskFinished => {
                self.is_done = true;
                return;
            }
            _ => return,
        };
        self.fates.push((*plate, fate));
        self.at = Some(*stop);
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let stops = &self.job.shipment.stops;
        let (ask, choices): (_, &[Choice]) = match self.step() {
            Step::HandOver(at) => match self.open(at).next() {
                Some(carton) => (Ask::HandOver(&stops[at], carton), &[Choice::Short]),
                None => (Ask::Done, &[]),
            },
            Step::Sign(at) => (Ask::Receiver(&stops[at]), &[]),
            Step::BringBack => (Ask::BringTo(&self.job.back), &[Choice::OtherBin]),
            Step::Nothing => (Ask::NothingPicked, &[]),
            Step::Done => (Ask::Done, &[]),
        };
        Prompt {
            ask,
            line: None,
            item: None,
            goods: None,
            count: None,
            lines: (self.fates.len(), self.job.shipment.cartons.len()),
            tote: None,
            takes_number: false,
            choices,
        }
    }
}
