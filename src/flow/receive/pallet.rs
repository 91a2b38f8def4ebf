//! Pallets at receiving, what else can be chosen there, and the end of a receipt.

use super::decide::Meant;
use super::{Detail, Lay, Part, Receive, Step};
use crate::flow::SaidKind;
use crate::flow::prompt::Choice;
use crate::flow::refusal::{Refusal, Said};
use crate::planning::putaway::unfit_alone;
use crate::warehouse::{Bin, BinCode, BinKind, Fact, Goods, Place, Quantity, Reason, Sscc, Status};
use chrono::NaiveDate;

impl Receive {
    pub(super) fn docked(&self, door: &BinCode) -> Fact {
        Fact::Docked {
            order: self.job.order.clone(),
            door: door.clone(),
        }
    }

    /// A license plate: one that was announced is looked at, any other is what goods will stand on.
    pub(super) fn plate(&self, plate: Sscc, insisted: bool) -> Result<Vec<Fact>, Refusal> {
        let mut announced = self.on_plate(plate).peekable();
        if announced.peek().is_some() {
            return if announced.any(|line| self.lines[line].left().is_positive()) {
                Ok(vec![Fact::PlateConfirmed { plate }])
            } else {
                Err(Refusal::PlateIn(plate))
            };
        }
        let expects_plates = self.lines.iter().any(|line| line.is.plate.is_some());
        let is_ours = self.job.plates.contains(&plate) || self.used.contains(&plate);
        if expects_plates && !is_ours && !insisted {
            return Err(Refusal::PlateNotAnnounced(plate));
        }
        Ok(vec![Fact::PlateChosen { plate: Some(plate) }])
    }

    /// All that a pallet was announced to bear is in, as announced.
    pub(super) fn whole(
        &self,
        plate: Sscc,
        status: Status,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let mut facts = Vec::new();
        for line in self.on_plate(plate) {
            let known = &self.lines[line];
            if !known.left().is_positive() {
                continue;
            }
            let part = Part {
                line,
                goods: Goods {
                    lot: known.is.lot.clone(),
                    expiry: known.is.expiry,
                    ..Goods::of(known.is.item.code.clone())
                },
                quantity: known.left(),
                weight_g: None,
                plate: Some(plate),
            };
            // What the notice leaves out must be counted.
            if self
                .lacks(&part)
                .is_some_and(|lacks| lacks != Detail::Weight)
            {
                return Err(Refusal::CountIt(known.is.item.name.clone()));
            }
            let aged = self.aged(&part, today);
            let found = aged
                .as_ref()
                .map_or(Status::Available, |(_, status)| *status);
            let status = if status == Status::Available {
                found
            } else {
                status
            };
            facts.push(self.receipt(&part, status));
        }
        if facts.is_empty() {
            return Err(Refusal::PlateIn(plate));
        }
        Ok(facts)
    }

    /// A pallet is in and put away in one scan of the bin it was brought to.
    pub(super) fn straight_into(
        &self,
        plate: Sscc,
        bin: &Bin,
        meant: Meant,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let mut facts = self.whole(plate, Status::Available, today)?;
        if bin.frozen || !matches!(bin.kind, BinKind::Reserve | BinKind::PickFace) {
            return Err(Refusal::NotForArrivals(Said {
                kind: SaidKind::Bin,
                text: bin.code.to_string(),
            }));
        }
        let unfit = |line: usize| unfit_alone(&self.lines[line].is.item, bin);
        if let (Some(why), false) = (self.on_plate(plate).find_map(unfit), meant.insisted) {
            let bin = bin.code.clone();
            return Err(Refusal::BinUnfit { bin, why });
        }
        let put = |fact: &Fact| match fact {
            // What is kept back goes where directed putaway sends it.
            Fact::Received {
                line,
                goods,
                quantity,
                plate,
                status: Status::Available,
                bin: from,
                ..
            } => Some(Fact::PutAway {
                line: *line,
                goods: goods.clone(),
                quantity: *quantity,
                plate: *plate,
                status: Status::Available,
                from: from.clone(),
                to: bin.code.clone(),
                reason: None,
            }),
            _ => None,
        };
        let away: Option<Vec<Fact>> = facts.iter().map(put).collect();
        let away = away.ok_or(Refusal::KeptBack)?;
        facts.extend(away);
        Ok(facts)
    }

    pub(super) fn chose(
        &self,
        step: &Step,
        choice: Choice,
        number: Option<Quantity>,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let chosen = |plate| Ok(vec![Fact::PlateChosen { plate }]);
        match (choice, step) {
            (Choice::CountPlate, Step::Check(plate)) => chosen(Some(*plate)),
            (Choice::Damaged, Step::Check(plate)) => self.whole(*plate, Status::Damaged, today),
            (Choice::NewPlate, Step::Scan | Step::AllIn) => match self.next_plate() {
                Some(plate) => chosen(Some(plate)),
                None => Err(Refusal::NoPlateLeft),
            },
            (Choice::Loose, Step::Scan | Step::AllIn) => chosen(None),
            (Choice::OtherLot, Step::Scan | Step::AllIn) => chosen(self.plate),
            (Choice::Damaged, Step::Scan | Step::AllIn) => self.damaged(number),
            _ => Err(Refusal::NotHere),
        }
    }

    /// So many of the goods counted last are damaged; without a number those of the last scan.
    fn damaged(&self, number: Option<Quantity>) -> Result<Vec<Fact>, Refusal> {
        let Some(lay) = &self.lay else {
            return Err(Refusal::GoodsFirst);
        };
        let Lay { sum, last, .. } = lay;
        let quantity = number.unwrap_or(*last);
        if !quantity.is_positive() {
            return Err(Refusal::Nothing);
        }
        if quantity > *sum {
            return Err(Refusal::TooMany {
                said: quantity,
                left: *sum,
            });
        }
        Ok(vec![Fact::FoundDamaged {
            line: self.lines[lay.line].is.line,
            goods: lay.goods.clone(),
            quantity,
            plate: lay.plate,
            status: lay.status,
            place: Place::Bin(self.bin()),
        }])
    }

    /// The worker says that all is in.
    pub(super) fn ended(&self) -> Result<Vec<Fact>, Refusal> {
        let missing: Vec<usize> = self.open().collect();
        match missing.first() {
            Some(&first) => Err(Refusal::NotAllIn {
                lines: missing.len(),
                missing: self.lines[first].left(),
                of: self.lines[first].is.item.code.clone(),
            }),
            None if self.lines.is_empty() => Err(Refusal::GoodsFirst),
            None => Ok(vec![Fact::TaskFinished]),
        }
    }

    pub(super) fn closed_short(&self, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let short = |line: usize| {
            let known = &self.lines[line];
            Fact::ReceivedShort {
                order: self.job.order.clone(),
                line: known.is.line,
                item: known.is.item.code.clone(),
                missing: known.left(),
                reason,
            }
        };
        let mut facts: Vec<Fact> = self.open().map(short).collect();
        if facts.is_empty() {
            return self.ended();
        }
        facts.push(Fact::TaskFinished);
        Ok(facts)
    }
}
