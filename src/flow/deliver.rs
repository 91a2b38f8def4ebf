//! Delivery. At each stop scan what the customer takes; what they refuse, or what is not there, is given up with a reason, a
//! whole carton or some of it; then comes the code that was agreed with them, and who received it. What was refused is brought back.

use super::act::Act;
use super::dealt::{Dealt, Fate};
use super::named::{self, Missing, Named, Names};
use super::prompt::{Ask, Choice, Prompt};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{
    BinCode, DeliverJob, Fact, Goods, Known, Quantity, Reason, SafeText, ShipCarton, Sscc, Stop,
};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A carton for the customer of this stop, by its place in the list.
    HandOver(usize),
    /// What of a carton its customer does not take.
    Part(usize),
    /// What the last label left out.
    Complete(Missing),
    /// The code that was agreed with the customer.
    ShowCode(usize),
    /// Who received it.
    Sign(usize),
    /// Where what was refused is put.
    BringBack,
    /// The end of a tour with nothing on the truck.
    Nothing,
    /// Nothing more.
    Done,
}

/// Delivery of one truck.
#[derive(Clone, Debug)]
pub struct Deliver {
    job: DeliverJob,
    dealt: Dealt,
    names: Names,
    /// The carton that is looked through, and why what is named next is not taken.
    opened: Option<(Sscc, Reason)>,
    codes: Vec<(u32, Option<SafeText>)>,
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
            dealt: Dealt::default(),
            names: Names::new(Vec::new()),
            opened: None,
            codes: Vec::new(),
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
            Some(at) if self.looked_through().is_some() => match self.names.part() {
                Some((part, _)) => Step::Complete(part.missing.unwrap_or(Missing::Lot)),
                None => Step::Part(at),
            },
            Some(at) if self.open(at).next().is_some() => Step::HandOver(at),
            Some(at) if self.wants_code(at) => Step::ShowCode(at),
            Some(at) => Step::Sign(at),
            None if self.refused().next().is_some() => Step::BringBack,
            None => Step::Nothing,
        }
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

    fn carton(&self, plate: Sscc) -> Option<&ShipCarton> {
        let mut cartons = self.job.shipment.cartons.iter();
        cartons.find(|carton| carton.plate == plate)
    }

    fn open(&self, at: usize) -> impl Iterator<Item = &ShipCarton> {
        self.cartons(at)
            .filter(|carton| !self.dealt.is_done(carton))
    }

    /// The carton that is looked through now, and why what is named is not taken.
    fn looked_through(&self) -> Option<(&ShipCarton, Reason)> {
        let (plate, reason) = self.opened?;
        let carton = self.carton(plate)?;
        (!self.dealt.is_done(carton)).then_some((carton, reason))
    }

    /// Whether something was handed over that a code was agreed for, and nobody has asked for it yet.
    fn wants_code(&self, at: usize) -> bool {
        let stop = &self.job.shipment.stops[at];
        let is_asked = self.codes.iter().any(|(known, _)| *known == stop.stop);
        let mut cartons = self.cartons(at);
        !stop.proofs.is_empty()
            && !is_asked
            && cartons.any(|carton| self.dealt.is_delivered(carton.plate))
    }

    fn refused(&self) -> impl Iterator<Item = (Sscc, Vec<(Goods, Quantity)>)> {
        let cartons = self.job.shipment.cartons.iter();
        let refused = cartons.map(|carton| (carton.plate, self.dealt.refused(carton)));
        refused.filter(|(_, goods)| !goods.is_empty())
    }

    /// Whether this scan has to be looked up.
    pub fn asks(&self, scan: &Scan) -> bool {
        let is_part = matches!(self.step(), Step::Part(_) | Step::Complete(_));
        is_part && matches!(scan, Scan::Goods(_) | Scan::Code(_)) && !self.names.knows(scan)
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
            (Step::HandOver(at) | Step::Part(at), Act::ChoseFor(Choice::Part, reason)) => {
                self.look_through(at, *reason)
            }
            (Step::Part(at) | Step::ShowCode(at) | Step::Sign(at), act) => self.at_stop(at, act),
            (Step::Complete(_), act) => self.not_taken(act),
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
            (Step::HandOver(_) | Step::BringBack | Step::Nothing, _) => Err(Refusal::NotHere),
        }
    }

    /// What is said at a stop beside cartons.
    fn at_stop(&self, at: usize, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step(), act) {
            (Step::Part(_), Act::Chose(Choice::Rest, _)) => self.rest(at),
            (Step::Part(_), Act::Scanned(Scan::Plate(plate)))
                if self.opened.is_some_and(|(opened, _)| opened == *plate) =>
            {
                self.rest(at)
            }
            (Step::Part(_), act) => self.not_taken(act),
            (
                Step::ShowCode(_),
                Act::Scanned(scan @ (Scan::Code(_) | Scan::Badge(_) | Scan::Goods(_))),
            ) => self.shown(at, &Said::of(scan).text),
            (Step::ShowCode(_), Act::Chose(Choice::NoCode, _)) => Ok(vec![self.code(at, None)]),
            (Step::ShowCode(_), Act::Agreed) => Err(Refusal::CodeFirst),
            (
                Step::Sign(_),
                Act::Scanned(scan @ (Scan::Code(_) | Scan::Badge(_) | Scan::Goods(_))),
            ) => Ok(self.sign(at, &Said::of(scan).text)),
            (Step::Sign(_), Act::Agreed) => Err(Refusal::ReceiverFirst),
            (_, Act::Scanned(scan)) => Err(Refusal::NotNow(Said::of(scan))),
            (_, _) => Err(Refusal::NotHere),
        }
    }

    fn hand_over(&self, at: usize, plate: Sscc, anyway: bool) -> Result<Vec<Fact>, Refusal> {
        let said = Said::of(&Scan::Plate(plate));
        let carton = self.carton(plate);
        if carton.is_some_and(|carton| self.dealt.is_done(carton)) {
            return Err(Refusal::HandedOver(plate));
        }
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
        Ok(vec![self.delivered(stop.stop, carton)])
    }

    /// What is left of a carton is its customer's.
    fn delivered(&self, stop: u32, carton: &ShipCarton) -> Fact {
        let left = self.dealt.left(carton);
        Fact::Delivered {
            shipment: self.job.shipment.code.clone(),
            stop,
            order: carton.order.clone(),
            plate: carton.plate,
            goods: left,
        }
    }

    /// The carton on the screen is not handed over: it is not there, or the customer does not want it.
    fn given_up(&self, at: usize, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let carton = self.open(at).next().ok_or(Refusal::NotHere)?;
        Ok(vec![self.not_theirs(
            at,
            carton,
            self.dealt.left(carton),
            reason,
        )])
    }

    fn not_theirs(
        &self,
        at: usize,
        carton: &ShipCarton,
        goods: Vec<(Goods, Quantity)>,
        reason: Reason,
    ) -> Fact {
        let (shipment, stop) = (
            self.job.shipment.code.clone(),
            self.job.shipment.stops[at].stop,
        );
        let (order, plate) = (carton.order.clone(), carton.plate);
        if reason == Reason::TooFew {
            return Fact::DeliveredShort {
                shipment,
                stop,
                order,
                plate,
                goods,
            };
        }
        Fact::Refused {
            shipment,
            stop,
            order,
            plate,
            goods,
            reason,
        }
    }

    /// The customer takes a part of the carton on the screen only.
    fn look_through(&self, at: usize, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let opened = self.looked_through().map(|(carton, _)| carton);
        let carton = opened.or_else(|| self.open(at).next());
        let carton = carton.ok_or(Refusal::NotHere)?;
        Ok(vec![Fact::CartonOpened {
            shipment: self.job.shipment.code.clone(),
            stop: self.job.shipment.stops[at].stop,
            order: carton.order.clone(),
            plate: carton.plate,
            reason,
        }])
    }

    fn rest(&self, at: usize) -> Result<Vec<Fact>, Refusal> {
        let (carton, _) = self.looked_through().ok_or(Refusal::NotHere)?;
        Ok(vec![
            self.delivered(self.job.shipment.stops[at].stop, carton),
        ])
    }

    /// Something out of the carton is named that is not taken.
    fn not_taken(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match act {
            Act::Known {
                scan, known, total, ..
            } => self.name(scan, Some(known), *total),
            Act::Scanned(scan @ (Scan::Goods(_) | Scan::Code(_))) => self.name(scan, None, None),
            Act::Counted {
                total,
                label: Some(label),
                ..
            } => self.name(&Scan::Goods(label.clone()), None, Some(*total)),
            Act::Counted { label: None, .. } | Act::Agreed => Err(Refusal::GoodsFirst),
            Act::Scanned(scan) => Err(Refusal::NotNow(Said::of(scan))),
            _ => Err(Refusal::NotHere),
        }
    }

    fn name(
        &self,
        scan: &Scan,
        known: Option<&Known>,
        total: Option<Quantity>,
    ) -> Result<Vec<Fact>, Refusal> {
        let (carton, reason) = self.looked_through().ok_or(Refusal::NotHere)?;
        let mut named = match self.names.read(scan, known, total) {
            Err(Refusal::NotKnown(said)) => return Err(Refusal::NotInWork(said)),
            named => named?,
        };
        let mut inside = carton.goods.iter().map(|(goods, _)| goods);
        let mut fits = inside.by_ref().filter(|goods| is_of(goods, &named));
        let first = fits
            .next()
            .ok_or_else(|| Refusal::NotInWork(Said::of(scan)))?;
        match (named.missing, fits.next()) {
            (Some(_), Some(_)) => return Ok(named.fact.into_iter().collect()),
            _ => named.goods.clone_from(first),
        }
        let had = [Fate::Refused, Fate::Missing]
            .map(|fate| self.dealt.of(carton.plate, Some(fate), first));
        let quantity = named::more(&named, had.into_iter().sum())?;
        let left = self.dealt.left(carton).into_iter();
        let left = left.filter(|(goods, _)| named::same(goods, first));
        let left: Quantity = left.map(|(_, quantity)| quantity).sum();
        if !left.is_positive() {
            return Err(Refusal::AllPacked(first.item.clone()));
        }
        if quantity > left {
            return Err(Refusal::TooMany {
                said: quantity,
                left,
            });
        }
        let stops = self.job.shipment.stops.iter();
        let at = stops
            .zip(0..)
            .find(|(stop, _)| stop.orders.contains(&carton.order));
        let (_, at) = at.ok_or(Refusal::NotHere)?;
        let goods = vec![(named.goods, quantity)];
        let fact = self.not_theirs(at, carton, goods, reason);
        Ok(named.fact.into_iter().chain([fact]).collect())
    }

    fn shown(&self, at: usize, code: &str) -> Result<Vec<Fact>, Refusal> {
        let stop = &self.job.shipment.stops[at];
        if !stop.proofs.iter().any(|proof| proof.is(code)) {
            return Err(Refusal::WrongCode);
        }
        Ok(vec![self.code(at, Some(SafeText::new(code)))])
    }

    fn code(&self, at: usize, code: Option<SafeText>) -> Fact {
        Fact::CodeShown {
            shipment: self.job.shipment.code.clone(),
            stop: self.job.shipment.stops[at].stop,
            code,
        }
    }

    fn sign(&self, at: usize, receiver: &str) -> Vec<Fact> {
        let Stop { stop, orders, .. } = &self.job.shipment.stops[at];
        let code = self.codes.iter().rfind(|(known, _)| known == stop);
        let signed = Fact::DeliverySigned {
            shipment: self.job.shipment.code.clone(),
            stop: *stop,
            orders: orders.clone(),
            receiver: SafeText::new(receiver),
            code: code.and_then(|(_, code)| code.clone()),
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
            cartons: self.refused().collect(),
        };
        vec![back, Fact::TaskFinished]
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        self.names.apply(fact);
        let (stop, plate, fate, goods) = match fact {
            Fact::Delivered {
                stop, plate, goods, ..
            } => (stop, plate, Fate::Delivered, goods),
            Fact::Refused {
                stop, plate, goods, ..
            } => (stop, plate, Fate::Refused, goods),
            Fact::DeliveredShort {
                stop, plate, goods, ..
            } => (stop, plate, Fate::Missing, goods),
            Fact::CartonOpened {
                stop,
                plate,
                reason,
                ..
            } => {
                self.opened = Some((*plate, *reason));
                self.at = Some(*stop);
                return;
            }
            Fact::CodeShown { stop, code, .. } => {
                return self.codes.push((*stop, code.clone()));
            }
            Fact::DeliverySigned { stop, .. } => return self.signed.push(*stop),
            Fact::TaskFinished => {
                self.is_done = true;
                return;
            }
            _ => return,
        };
        self.dealt.note(*plate, fate, goods);
        self.at = Some(*stop);
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let stops = &self.job.shipment.stops;
        let (ask, choices): (_, &[Choice]) = match self.step() {
            Step::HandOver(at) => match self.open(at).next() {
                Some(carton) => (
                    Ask::HandOver(&stops[at], carton),
                    &[Choice::Short, Choice::Part],
                ),
                None => (Ask::Done, &[]),
            },
            Step::Part(at) => match self.looked_through() {
                Some((carton, _)) => (
                    Ask::NotTaken(&stops[at], carton),
                    &[Choice::Rest, Choice::Part],
                ),
                None => (Ask::Done, &[]),
            },
            Step::Complete(missing) => (Ask::Complete(missing), &[]),
            Step::ShowCode(at) => (Ask::DeliveryCode(&stops[at]), &[Choice::NoCode]),
            Step::Sign(at) => (Ask::Receiver(&stops[at]), &[]),
            Step::BringBack => (Ask::BringTo(&self.job.back), &[Choice::OtherBin]),
            Step::Nothing => (Ask::NothingPicked, &[]),
            Step::Done => (Ask::Done, &[]),
        };
        let cartons = &self.job.shipment.cartons;
        let done = cartons.iter().filter(|carton| self.dealt.is_done(carton));
        let (part, item) = self.names.part().unzip();
        Prompt {
            ask,
            line: None,
            item: item.flatten(),
            goods: part.map(|part| part.goods.clone()),
            count: None,
            lines: (done.count(), cartons.len()),
            tote: None,
            takes_number: matches!(self.step(), Step::Part(_)),
            choices,
        }
    }
}

/// Whether goods in a carton are what a label names, as far as it does.
fn is_of(goods: &Goods, named: &Named) -> bool {
    let of = &named.goods;
    goods.item == of.item
        && (of.lot.is_none() || goods.lot == of.lot)
        && (of.serial.is_none() || goods.serial == of.serial)
}
