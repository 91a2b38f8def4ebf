//! At a bin: goods are taken for one order, or in hand for several; what is not there falls short.

use super::Pick;
use crate::flow::goods::{self, Demand, Read};
use crate::flow::refusal::{Refusal, Said};
use crate::scan::{Label, Scan};
use crate::warehouse::{Fact, Goods, PickLine, Quantity, Reason};

impl Pick {
    fn demand(line: &PickLine) -> Demand<'_> {
        Demand {
            item: &line.item,
            barcodes: &line.barcodes,
            lot: line.lot.as_ref(),
            serial: line.serial.as_ref(),
        }
    }

    pub(super) fn took(
        &self,
        line: usize,
        scan: &Scan,
        anyway: bool,
    ) -> Result<Vec<Fact>, Refusal> {
        if !matches!(scan, Scan::Goods(_) | Scan::Code(_)) {
            return Err(Refusal::NotNow(Said::of(scan)));
        }
        let told = self.told(line);
        let Read {
            mut goods,
            quantity,
        } = Self::demand(told).read(scan, anyway)?;
        goods.expiry = goods
            .expiry
            .or(told.expiry.filter(|_| goods.lot == told.lot));
        self.refuse_twice(&goods)?;
        let weight = self.weight_on(line, &goods, &goods::label(scan));
        let mut facts = self.take(line, goods, quantity)?;
        facts.extend(weight);
        Ok(facts)
    }

    fn refuse_twice(&self, goods: &Goods) -> Result<(), Refusal> {
        let Some(serial) = &goods.serial else {
            return Ok(());
        };
        let picked = self.lines.iter().flat_map(|line| &line.picked);
        let picked = picked.map(|(had, ..)| had);
        let hand = self.hand.iter().flat_map(|hand| &hand.goods);
        let mut known = picked.chain(hand.map(|(had, _)| had));
        if known.any(|had| had.item == goods.item && had.serial.as_ref() == Some(serial)) {
            Err(Refusal::SerialTwice(serial.clone()))
        } else {
            Ok(())
        }
    }

    pub(super) fn counted(
        &self,
        line: usize,
        total: Quantity,
        label: Option<&Label>,
        anyway: bool,
    ) -> Result<Vec<Fact>, Refusal> {
        let told = self.told(line);
        let goods = match (label, self.last_taken(line)) {
            (Some(label), _) => Self::demand(told).goods(label, anyway)?,
            (None, Some(goods)) => goods.clone(),
            (None, None) => return Err(Refusal::GoodsFirst),
        };
        if told.item.tracking.serial {
            return Err(Refusal::ScanEach);
        }
        let (had, wanted) = self.count(line);
        if total.is_zero() {
            return Err(Refusal::Nothing);
        }
        if total <= had {
            return Err(Refusal::FewerThanCounted { counted: had });
        }
        if total > wanted {
            return Err(Refusal::TooMany {
                said: total,
                left: wanted,
            });
        }
        self.take(line, goods, total.minus(had))
    }

    /// The goods scanned last for what is counted now.
    fn last_taken(&self, line: usize) -> Option<&Goods> {
        let in_hand = self.hand.as_ref().and_then(|hand| hand.goods.last());
        let picked = || self.lines[line].picked.last().map(|(goods, ..)| goods);
        match in_hand {
            Some((goods, _)) => Some(goods),
            None if self.scans_totes() => None,
            None => picked(),
        }
    }

    fn take(&self, line: usize, goods: Goods, quantity: Quantity) -> Result<Vec<Fact>, Refusal> {
        let (had, wanted) = self.count(line);
        let left = wanted.minus(had);
        if quantity > left {
            return Err(Refusal::TooMany {
                said: quantity,
                left,
            });
        }
        let number = self.told(line).line;
        if self.scans_totes() {
            return Ok(vec![Fact::TakenInHand {
                line: number,
                goods,
                quantity,
            }]);
        }
        Ok(vec![self.picked_into(line, goods, quantity)])
    }

    /// The fact that goods went from the line's bin to whatever carries its order.
    pub(super) fn picked_into(&self, line: usize, goods: Goods, quantity: Quantity) -> Fact {
        Fact::Picked {
            line: self.told(line).line,
            order: self.order(line).order.clone(),
            bin: self.bin(line).clone(),
            goods,
            quantity,
            into: self.carrier_of(line),
        }
    }

    /// What is in hand goes to the first orders; the rest is missing.
    pub(super) fn fell_short(&self, line: usize, reason: Reason) -> Result<Vec<Fact>, Refusal> {
        let allowed = self.job.rules.of_short(reason).ok_or(Refusal::NotHere)?;
        let open = self.uncovered(line);
        let short = open
            .iter()
            .map(|(line, missing)| self.short(*line, *missing, reason));
        let all = open.iter().map(|(_, missing)| *missing).sum();
        let status = allowed
            .becomes
            .map(|status| self.set_aside(line, all, status));
        Ok(short.chain(status).collect())
    }

    pub(super) fn demanded(&self, line: usize) -> Goods {
        let told = self.told(line);
        Goods {
            lot: told.lot.clone(),
            serial: told.serial.clone(),
            expiry: told.expiry,
            ..Goods::of(told.item.code.clone())
        }
    }
}
