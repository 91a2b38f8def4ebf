//! What a label says of received goods, and what it leaves to be said.

use super::{Detail, Part, Receive};
use crate::flow::goods;
use crate::flow::refusal::{Refusal, Said};
use crate::scan::{Label, Scan};
use crate::warehouse::{Goods, Item, LotCode, Quantity, Sscc};
use chrono::NaiveDate;

/// Whether a scan says only a lot, a date, a serial or a weight.
pub(super) fn is_detail(scan: &Scan) -> bool {
    matches!(scan, Scan::Goods(label) if label.gtin.is_none() && label.code.is_none())
}

/// The day of YYMMDD, seen from today; day 00 is the last of the month. None if there is no such day.
pub(super) fn day(digits: &str, today: Option<NaiveDate>) -> Option<NaiveDate> {
    let year = today.map_or(crate::scan::gs1::RELEASE_YEAR, |today| {
        chrono::Datelike::year(&today)
    });
    crate::scan::gs1::date(digits, year)
}

/// The barcode of an item that the label could be of, if it has one with that code.
fn holds(item: &super::Line, scan: &Scan) -> Option<Quantity> {
    goods::barcode(scan, &item.is.barcodes).map(|barcode| barcode.holds)
}

impl Receive {
    /// The lines that a label can be of.
    pub(super) fn lines_of(&self, scan: &Scan) -> Vec<usize> {
        let fits = |line: &usize| holds(&self.lines[*line], scan).is_some();
        (0..self.lines.len()).filter(fits).collect()
    }

    /// What a label says of goods of a line; what it leaves out is taken from the goods counted before, where that
    /// is the same for all of them. `total`: so many in all were keyed.
    pub(super) fn part(
        &self,
        line: usize,
        scan: &Scan,
        total: Option<Quantity>,
        plate: Option<Sscc>,
    ) -> Result<Part, Refusal> {
        let label = goods::label(scan);
        let known = &self.lines[line];
        let holds = holds(known, scan).unwrap_or(Quantity::ONE);
        let goods = self.goods(line, &label, plate);
        let counted = quantity(&known.is.item, &label, holds)?;
        let quantity = match total {
            Some(total) => self.more(line, &goods, plate, total)?,
            None => counted,
        };
        if known.is.item.tracking.serial && quantity != Quantity::ONE {
            return Err(Refusal::ScanEach);
        }
        Ok(Part {
            line,
            goods,
            quantity,
            weight_g: label
                .weight_g
                .filter(|_| known.is.item.handling.catch_weight),
            plate,
        })
    }

    pub(super) fn goods(&self, line: usize, label: &Label, plate: Option<Sscc>) -> Goods {
        let item = &self.lines[line].is.item;
        let tracking = item.tracking;
        let before = (self.lay.as_ref()).filter(|lay| (lay.line, lay.plate) == (line, plate));
        let lot = label.lot.clone().filter(|_| tracking.lot);
        let lot = lot.or_else(|| before.and_then(|lay| lay.goods.lot.clone()));
        let said = label.expiry.or(label.best_before);
        let expiry = said.or_else(|| self.expiry_of(line, lot.as_ref()));
        Goods {
            item: item.code.clone(),
            serial: label.serial.clone().filter(|_| tracking.serial),
            expiry: expiry.filter(|_| tracking.expiry),
            lot,
        }
    }

    /// A lot has one last day: what was said of it once holds.
    fn expiry_of(&self, line: usize, lot: Option<&LotCode>) -> Option<NaiveDate> {
        let wanted = &self.lines[line].is;
        let number = wanted.line;
        let same = |(of, goods): &&(_, Goods)| *of == number && goods.lot.as_ref() == lot;
        let said = self.dates.iter().rfind(same);
        let announced = wanted
            .expiry
            .filter(|_| lot.is_some() && wanted.lot.as_ref() == lot);
        // Without lots every unit may have a day of its own; the one counted on has that of the last.
        let is_lotless = !wanted.item.tracking.lot;
        let before = self
            .lay
            .as_ref()
            .filter(|lay| is_lotless && lay.line == line);
        match (said.filter(|_| !is_lotless), before) {
            (Some((_, goods)), _) => goods.expiry,
            (None, Some(lay)) => lay.goods.expiry,
            (None, None) => announced,
        }
    }

    /// A keyed number is how many there are of these goods in all, as they stand on this plate; those counted before
    /// are among them.
    pub(super) fn more(
        &self,
        line: usize,
        goods: &Goods,
        plate: Option<Sscc>,
        total: Quantity,
    ) -> Result<Quantity, Refusal> {
        let same = |lay: &&super::Lay| {
            let lot = goods.lot.is_none() || lay.goods.lot == goods.lot;
            (lay.line, lay.plate) == (line, plate) && lot
        };
        let counted = self
            .lay
            .as_ref()
            .filter(same)
            .map_or(Quantity::ZERO, |lay| lay.sum);
        if !total.is_positive() {
            return Err(Refusal::Nothing);
        }
        if total <= counted {
            return Err(Refusal::FewerThanCounted { counted });
        }
        Ok(total.minus(counted))
    }

    /// The first thing that must still be said of goods.
    pub(super) fn lacks(&self, part: &Part) -> Option<Detail> {
        let item = &self.lines[part.line].is.item;
        let tracking = item.tracking;
        let weighs = item.handling.catch_weight && part.weight_g.is_none();
        let lacks = [
            (Detail::Lot, tracking.lot && part.goods.lot.is_none()),
            (
                Detail::Expiry,
                tracking.expiry && part.goods.expiry.is_none(),
            ),
            (
                Detail::Serial,
                tracking.serial && part.goods.serial.is_none(),
            ),
            (Detail::Weight, weighs || !part.quantity.is_positive()),
        ];
        lacks
            .into_iter()
            .find(|(_, lacks)| *lacks)
            .map(|(it, _)| it)
    }

    /// The goods with what was told of them now.
    pub(super) fn told(&self, part: &Part, detail: Detail, scan: &Scan) -> Result<Part, Refusal> {
        let label = goods::label(scan);
        let mut part = part.clone();
        // What stands for goods is no lot, though it could be one by its looks.
        let is_free = label.gtin.is_none() && self.lines_of(scan).is_empty();
        let text = label.code.as_ref().filter(|_| is_free);
        let other = || Err(Refusal::NotNow(Said::of(scan)));
        // A second symbol on the goods may tell it, but not one on other goods.
        if label.gtin.is_some() && !self.lines_of(scan).contains(&part.line) {
            return other();
        }
        match detail {
            Detail::Lot => {
                let plain = text.and_then(|text| text.as_str().parse().ok());
                let Some(lot) = label.lot.or(plain) else {
                    return other();
                };
                let known = self.expiry_of(part.line, Some(&lot));
                let tracks = self.lines[part.line].is.item.tracking.expiry;
                let said = label.expiry.or(label.best_before);
                let expiry = part.goods.expiry.or(said).or(known);
                part.goods.expiry = expiry.filter(|_| tracks);
                part.goods.lot = Some(lot);
            }
            Detail::Expiry => match label.expiry.or(label.best_before) {
                Some(expiry) => part.goods.expiry = Some(expiry),
                None => return other(),
            },
            Detail::Serial => {
                let plain = text.and_then(|text| text.as_str().parse().ok());
                match label.serial.or(plain) {
                    Some(serial) => part.goods.serial = Some(serial),
                    None => return other(),
                }
            }
            Detail::Weight => match label.weight_g.filter(|grams| *grams > 0) {
                Some(grams) => self.weigh(&mut part, grams),
                None => return other(),
            },
        }
        Ok(part)
    }

    /// What is counted in kilograms is as much as it weighs; of all else the weight is noted.
    fn weigh(&self, part: &mut Part, grams: u64) {
        let item = &self.lines[part.line].is.item;
        let kilograms = i64::try_from(grams).map(Quantity::from_thousandths);
        if let (true, Ok(kilograms)) = (item.unit.as_str() == "kg", kilograms) {
            part.quantity = kilograms.min(Quantity::LIMIT);
        }
        if item.handling.catch_weight {
            part.weight_g = Some(grams);
        }
    }
}

/// How many units a label stands for; none yet of what is counted by its weight, where the label tells no weight.
pub(super) fn quantity(item: &Item, label: &Label, holds: Quantity) -> Result<Quantity, Refusal> {
    if item.unit.as_str() == "kg" {
        let grams = label.weight_g.and_then(|grams| i64::try_from(grams).ok());
        let kilograms = Quantity::from_thousandths(grams.unwrap_or(0));
        return if kilograms <= Quantity::LIMIT {
            Ok(kilograms)
        } else {
            Err(Refusal::Nothing)
        };
    }
    let whole = (label.count).filter(|count| count.is_positive() && count.is_whole());
    let times = whole.and_then(|count| u32::try_from(count.thousandths() / 1000).ok());
    let quantity = holds.times(times.unwrap_or(1));
    if quantity <= Quantity::LIMIT {
        Ok(quantity)
    } else {
        Err(Refusal::Nothing)
    }
}
