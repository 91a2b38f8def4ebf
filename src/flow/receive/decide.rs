//! Which facts follow from what a receiver does.

use super::label::day;
use super::{Detail, Lay, Part, Receive, Step};
use crate::flow::Act;
use crate::flow::prompt::Choice;
use crate::flow::refusal::{Refusal, Said};
use crate::scan::{Label, Scan};
use crate::warehouse::{
    Barcode, Bin, BinCode, BinKind, Fact, Item, Known, Place, Quantity, Reason, Sscc, Status,
};
use chrono::{Days, NaiveDate};

/// How a scan of goods is meant.
#[derive(Clone, Copy, Debug, Default)]
struct Meant {
    /// So many in all were keyed.
    total: Option<Quantity>,
    /// It had been refused.
    insisted: bool,
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
            (Act::Counted { total, label, anyway }, Step::Scan | Step::AllIn) => {
                let meant = Meant {
                    total: Some(*total),
                    insisted: *anyway,
                };
                self.counted(label.as_ref(), meant, today)
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
            (Step::Door, Scan::Plate(_) | Scan::Goods(_) | Scan::Code(_)) => Err(Refusal::DoorFirst),
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

    // --- doors and plates

    fn docked(&self, door: &BinCode) -> Fact {
        Fact::Docked {
            order: self.job.order.clone(),
            door: door.clone(),
        }
    }

    /// A license plate: one that was announced is looked at, any other is what goods will stand on.
    fn plate(&self, plate: Sscc, insisted: bool) -> Result<Vec<Fact>, Refusal> {
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
    fn whole(
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
                goods: crate::warehouse::Goods {
                    lot: known.is.lot.clone(),
                    expiry: known.is.expiry,
                    ..crate::warehouse::Goods::of(known.is.item.code.clone())
                },
                quantity: known.left(),
                weight_g: None,
                plate: Some(plate),
            };
            // What the notice leaves out must be counted.
            if self.lacks(&part).is_some_and(|lacks| lacks != Detail::Weight) {
                return Err(Refusal::CountIt(known.is.item.name.clone()));
            }
            let aged = self.aged(&part, today);
            let found = aged.as_ref().map_or(Status::Available, |(_, status)| *status);
            let status = if status == Status::Available { found } else { status };
            facts.push(self.receipt(&part, status));
        }
        Ok(facts)
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
        let best = fitting.iter().copied().find(open).or(fitting.first().copied());
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
    fn take(
        &self,
        part: &Part,
        insisted: bool,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        if let Some(serial) = &part.goods.serial {
            let number = self.lines[part.line].is.line;
            let same = |(of, had): &(_, crate::warehouse::Goods)| {
                *of == number && had.serial.as_ref() == Some(serial)
            };
            if self.serials.iter().any(same) {
                return Err(Refusal::SerialTwice(serial.clone()));
            }
        }
        if !insisted {
            self.not_over(part)?;
        }
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
    fn not_over(&self, part: &Part) -> Result<(), Refusal> {
        let line = &self.lines[part.line];
        let most = line.most(self.job.over_percent);
        let would = line.received.plus(part.quantity);
        if line.extra || would <= most || line.received > most {
            return Ok(());
        }
        Err(Refusal::OverOrder {
            would,
            ordered: line.is.quantity,
        })
    }

    /// Why goods are too old to be taken without a word, and in which status they come in all the same.
    fn aged(&self, part: &Part, today: Option<NaiveDate>) -> Option<(Refusal, Status)> {
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

    fn receipt(&self, part: &Part, status: Status) -> Fact {
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

    fn bin(&self) -> BinCode {
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
        self.take(&told, insisted, today)
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
            (Step::Check(plate), Known::Bin { bin, .. }) => self.straight_into(*plate, bin, today),
            (Step::Scan | Step::AllIn, Known::Item { item, holds, .. }) => {
                self.not_expected(scan, item, *holds, meant, today)
            }
            (Step::Scan | Step::AllIn, Known::Nothing) => {
                Err(Refusal::UnknownCode(Said::of(scan)))
            }
            _ => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    /// A pallet is in and put away in one scan of the bin it was brought to.
    fn straight_into(
        &self,
        plate: Sscc,
        bin: &Bin,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let mut facts = self.whole(plate, Status::Available, today)?;
        if bin.frozen || !matches!(bin.kind, BinKind::Reserve | BinKind::PickFace) {
            return Err(Refusal::NotForArrivals(Said {
                kind: crate::flow::SaidKind::Bin,
                text: bin.code.to_string(),
            }));
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

    // --- choices, and the end

    fn chose(
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
    fn ended(&self) -> Result<Vec<Fact>, Refusal> {
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

    fn closed_short(&self, reason: Reason) -> Result<Vec<Fact>, Refusal> {
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

fn put_down(bin: &BinCode) -> Fact {
    Fact::BinConfirmed {
        line: 0,
        bin: bin.clone(),
        reason: None,
    }
}

fn is_for_arrivals(bin: &Bin) -> bool {
    let fits = matches!(bin.kind, BinKind::Receiving | BinKind::Dock | BinKind::Returns);
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
