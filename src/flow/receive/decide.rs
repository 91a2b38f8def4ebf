//! Which facts follow from what a receiver does.

use super::label::day;
use super::{Detail, Lay, Part, Receive, Step};
use crate::flow::Act;
use crate::flow::refusal::{Refusal, Said};
use crate::scan::{Label, Scan};
use crate::warehouse::{Barcode, Bin, BinCode, BinKind, Fact, Item, Known, Quantity, Status};
use chrono::{Days, NaiveDate};

/// How a scan of goods is meant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meant {
    /// So many in all were keyed.
    pub total: Option<Quantity>,
    /// It had been refused.
    pub insisted: bool,
}

impl Receive {
    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act, today: Option<NaiveDate>) -> Result<Vec<Fact>, Refusal> {
        let step = self.step();
        if let Step::Done = step {
            return Err(Refusal::AllDone);
        }
        match (act, &step) {
            (Act::Known { .. }, _) => self.known(&step, act, today),
            (Act::Insisted(scan), _) => self.scanned(&step, scan, true, today),
            (Act::Scanned(scan), _) => self.scanned(&step, scan, false, today),
            (Act::Told { text, anyway }, Step::Tell(part, detail)) => {
                let scan = read(text, *detail, today)?;
                self.told_scan(part, *detail, &scan, *anyway, today)
            }
            (
                Act::Counted {
                    total,
                    label,
                    anyway,
                },
                Step::Scan | Step::AllIn,
            ) => {
                let meant = Meant {
                    total: Some(*total),
                    insisted: *anyway,
                };
                self.counted(label.as_ref(), meant, today)
            }
            (Act::Swept { tags, anyway }, Step::Check(_) | Step::Scan | Step::AllIn) => {
                self.swept(tags, *anyway, today)
            }
            (Act::Agreed, Step::Check(plate)) => self.whole(*plate, Status::Available, today),
            (Act::Agreed, Step::AllIn) => Ok(vec![Fact::TaskFinished]),
            (Act::Agreed, Step::Scan) => self.ended(),
            (Act::FellShort(reason), Step::Scan) => self.closed_short(*reason),
            (Act::Chose(choice, number), Step::Check(_) | Step::Scan | Step::AllIn) => {
                self.chose(&step, *choice, *number, today)
            }
            _ => Err(Refusal::NotHere),
        }
    }

    fn scanned(
        &self,
        step: &Step,
        scan: &Scan,
        insisted: bool,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let meant = Meant {
            insisted,
            ..Meant::default()
        };
        match (step, scan) {
            // Which bin this is is asked of the memory first; without that any will do.
            (Step::Door, Scan::Bin(door)) => Ok(vec![self.docked(door)]),
            (Step::PutDown, Scan::Bin(bin)) => Ok(vec![put_down(bin)]),
            (Step::Door, Scan::Plate(_) | Scan::Goods(_) | Scan::Code(_)) => {
                Err(Refusal::DoorFirst)
            }
            (Step::Tell(part, detail), Scan::Goods(_) | Scan::Code(_)) => {
                self.told_scan(part, *detail, scan, insisted, today)
            }
            (Step::Check(open), Scan::Plate(plate)) if open == plate => {
                self.whole(*plate, Status::Available, today)
            }
            (Step::Check(open), Scan::Plate(plate)) => {
                let mut facts = self.whole(*open, Status::Available, today)?;
                let mut then = self.clone();
                facts.iter().for_each(|fact| then.apply(fact));
                facts.extend(then.plate(*plate, insisted)?);
                Ok(facts)
            }
            (Step::Scan | Step::AllIn, Scan::Plate(plate)) => self.plate(*plate, insisted),
            (Step::Scan | Step::AllIn, Scan::Goods(_) | Scan::Code(_)) => {
                self.goods_scanned(scan, meant, today)
            }
            _ => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    // --- goods

    fn goods_scanned(
        &self,
        scan: &Scan,
        meant: Meant,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let label = crate::flow::label(scan);
        // One label may say all of a pallet: its plate, what stands on it, how many.
        if let Some(plate) = label.plate.filter(|plate| Some(*plate) != self.plate) {
            let mut facts = self.plate(plate, meant.insisted)?;
            if let [Fact::PlateConfirmed { .. }] = facts.as_slice() {
                return Ok(facts);
            }
            let mut then = self.clone();
            facts.iter().for_each(|fact| then.apply(fact));
            facts.extend(then.of_line(scan, meant, today)?);
            return Ok(facts);
        }
        self.of_line(scan, meant, today)
    }

    fn of_line(
        &self,
        scan: &Scan,
        meant: Meant,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let lines = self.lines_of(scan);
        let Some(&first) = lines.first() else {
            return Err(Refusal::NotInWork(Said::of(scan)));
        };
        let here = |line: &usize| {
            let announced = self.lines[*line].is.plate;
            announced.is_none() || announced == self.plate
        };
        let open = |line: &usize| self.lines[*line].left().is_positive();
        let fitting: Vec<usize> = lines.iter().copied().filter(here).collect();
        let best = fitting
            .iter()
            .copied()
            .find(open)
            .or(fitting.first().copied());
        let line = match (best, self.lines[first].is.plate) {
            (Some(line), _) => line,
            (None, Some(plate)) if !meant.insisted => return Err(Refusal::OnPlate(plate)),
            (None, _) => lines.into_iter().find(open).unwrap_or(first),
        };
        let part = self.part(line, scan, meant.total, self.plate)?;
        self.take(&part, meant.insisted, today)
    }

    fn counted(
        &self,
        label: Option<&Label>,
        meant: Meant,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        if let Some(label) = label {
            return self.goods_scanned(&Scan::Goods(label.clone()), meant, today);
        }
        let Some(lay) = &self.lay else {
            return Err(Refusal::GoodsFirst);
        };
        if lay.goods.serial.is_some() {
            return Err(Refusal::ScanEach);
        }
        let total = meant.total.unwrap_or_default();
        let part = Part {
            line: lay.line,
            goods: lay.goods.clone(),
            quantity: self.more(lay.line, &lay.goods, lay.plate, total)?,
            weight_g: None,
            plate: lay.plate,
        };
        self.take(&part, meant.insisted, today)
    }

    /// Goods go in, or what must still be said of them is asked for.
    pub(super) fn take(
        &self,
        part: &Part,
        insisted: bool,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        if let Some(serial) = &part.goods.serial
            && (self.had).contains(&(part.goods.item.clone(), serial.clone()))
        {
            return Err(Refusal::SerialTwice(serial.clone()));
        }
        if !insisted {
            self.not_over(part.line, part.quantity)?;
        }
        self.settle(part, insisted, today)
    }

    /// The same for goods of which it is known that they are not too many.
    fn settle(
        &self,
        part: &Part,
        insisted: bool,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let aged = self.aged(part, today);
        let is_known = |lay: &Lay| (lay.line, lay.goods.expiry) == (part.line, part.goods.expiry);
        let was_meant = insisted || self.lay.as_ref().is_some_and(is_known);
        if let (Some((why, _)), false) = (&aged, was_meant) {
            return Err(why.clone());
        }
        if self.lacks(part).is_some() {
            return Ok(vec![self.label_read(part)]);
        }
        let status = aged.map_or(Status::Available, |(_, status)| status);
        Ok(vec![self.receipt(part, status)])
    }

    /// More than was ordered is taken within bounds; beyond them a lead must agree, once.
    pub(super) fn not_over(&self, line: usize, quantity: Quantity) -> Result<(), Refusal> {
        let line = &self.lines[line];
        let most = line.most(self.job.over_percent);
        let would = line.received.plus(quantity);
        if line.extra || would <= most || line.received > most {
            return Ok(());
        }
        Err(Refusal::OverOrder {
            would,
            ordered: line.is.quantity,
        })
    }

    /// Why goods are too old to be taken without a word, and in which status they come in all the same.
    pub(super) fn aged(&self, part: &Part, today: Option<NaiveDate>) -> Option<(Refusal, Status)> {
        let (day, today) = (part.goods.expiry?, today?);
        if day < today {
            return Some((Refusal::Expired(day), Status::Expired));
        }
        let least = self.lines[part.line].is.least_days?;
        let wanted = today.checked_add_days(Days::new(u64::from(least)))?;
        (day < wanted).then_some((Refusal::TooNear { day, wanted }, Status::OnHold))
    }

    fn label_read(&self, part: &Part) -> Fact {
        Fact::LabelRead {
            line: self.lines[part.line].is.line,
            goods: part.goods.clone(),
            quantity: part.quantity,
            weight_g: part.weight_g,
            plate: part.plate,
        }
    }

    pub(super) fn receipt(&self, part: &Part, status: Status) -> Fact {
        let line = &self.lines[part.line];
        // What nobody ordered or a person must look at is kept back.
        let kept_back = line.is.inspect || line.is.item.handling.inspect || line.extra;
        let status = match status {
            Status::Available if kept_back => Status::OnHold,
            status => status,
        };
        Fact::Received {
            order: self.job.order.clone(),
            line: line.is.line,
            goods: part.goods.clone(),
            quantity: part.quantity,
            weight_g: part.weight_g,
            plate: part.plate,
            status,
            bin: self.bin(),
        }
    }

    pub(super) fn bin(&self) -> BinCode {
        let bin = self.bin.clone();
        bin.expect("goods are taken once it is known where they are put down")
    }

    fn told_scan(
        &self,
        part: &Part,
        detail: Detail,
        scan: &Scan,
        insisted: bool,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let told = self.told(part, detail, scan)?;
        // How many there are was judged when the label was read, unless the weight has only now told.
        if part.quantity == told.quantity && detail != Detail::Serial {
            self.settle(&told, insisted, today)
        } else {
            self.take(&told, insisted, today)
        }
    }

    // --- what only the memory knows

    fn known(
        &self,
        step: &Step,
        act: &Act,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let Act::Known {
            scan,
            known,
            total,
            insisted,
        } = act
        else {
            return Err(Refusal::NotHere);
        };
        let meant = Meant {
            total: *total,
            insisted: *insisted,
        };
        match (step, &**known) {
            (Step::Door, Known::Bin { bin, .. }) if bin.kind == BinKind::Dock => {
                Ok(vec![self.docked(&bin.code)])
            }
            // Where there are no doors, the place where goods are put down is one.
            (Step::Door, Known::Bin { bin, .. }) if is_for_arrivals(bin) => {
                Ok(vec![self.docked(&bin.code), put_down(&bin.code)])
            }
            (Step::Door, _) => Err(Refusal::NotADoor(Said::of(scan))),
            (Step::PutDown, Known::Bin { bin, .. }) if is_for_arrivals(bin) => {
                Ok(vec![put_down(&bin.code)])
            }
            (Step::PutDown, _) => Err(Refusal::NotForArrivals(Said::of(scan))),
            (Step::Check(plate), Known::Bin { bin, .. }) => {
                self.straight_into(*plate, bin, meant, today)
            }
            (Step::Scan | Step::AllIn, Known::Item { item, holds, .. }) => {
                self.not_expected(scan, item, *holds, meant, today)
            }
            (Step::Scan | Step::AllIn, Known::Nothing) => Err(Refusal::UnknownCode(Said::of(scan))),
            _ => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    /// Goods that are on no line. Of what nobody announced each is; else it is meant only if that is said.
    fn not_expected(
        &self,
        scan: &Scan,
        item: &Item,
        holds: Quantity,
        meant: Meant,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        if self.job.order.is_some() && !meant.insisted {
            return Err(Refusal::NotOnOrder(item.name.clone()));
        }
        let label = crate::flow::label(scan);
        let text = label.gtin.map(|gtin| gtin.to_string());
        let Some(code) = text.map(Into::into).or(label.code) else {
            return Err(Refusal::NotNow(Said::of(scan)));
        };
        let last = self.lines.iter().map(|line| line.is.line).max();
        let added = Fact::LineAdded {
            line: last.unwrap_or(0).saturating_add(1),
            item: Box::new(item.clone()),
            barcode: Barcode {
                code,
                item: item.code.clone(),
                holds,
            },
        };
        let mut then = self.clone();
        then.apply(&added);
        let mut facts = vec![added];
        facts.extend(then.goods_scanned(scan, meant, today)?);
        Ok(facts)
    }
}

fn put_down(bin: &BinCode) -> Fact {
    Fact::BinConfirmed {
        line: 0,
        bin: bin.clone(),
        reason: None,
    }
}

fn is_for_arrivals(bin: &Bin) -> bool {
    let fits = matches!(
        bin.kind,
        BinKind::Receiving | BinKind::Dock | BinKind::Returns
    );
    fits && !bin.frozen
}

/// What was keyed, as the label that would say the same.
fn read(text: &str, detail: Detail, today: Option<NaiveDate>) -> Result<Scan, Refusal> {
    let text = text.trim();
    let mut label = Label::default();
    match detail {
        Detail::Lot => label.lot = Some(text.parse().map_err(|_| Refusal::LotMissing)?),
        Detail::Serial => label.serial = Some(text.parse().map_err(|_| Refusal::SerialMissing)?),
        Detail::Expiry => label.expiry = Some(day(text, today).ok_or(Refusal::BadDay)?),
        Detail::Weight => {
            let kilograms: Quantity = text.parse().map_err(|_| Refusal::Nothing)?;
            let in_bounds = kilograms.is_positive() && kilograms <= Quantity::LIMIT;
            let grams = u64::try_from(kilograms.thousandths()).ok();
            label.weight_g = Some(grams.filter(|_| in_bounds).ok_or(Refusal::Nothing)?);
        }
    }
    Ok(Scan::Goods(label))
}
