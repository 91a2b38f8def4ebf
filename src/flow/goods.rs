//! Does this label name the goods that a line is about? The one place that matches labels with items.

use super::refusal::{Refusal, Said};
use crate::scan::{Label, Scan};
use crate::warehouse::{Barcode, Goods, Item, LotCode, Quantity, SerialCode};

/// What a line demands of goods.
pub(super) struct Demand<'a> {
    pub item: &'a Item,
    pub barcodes: &'a [Barcode],
    pub lot: Option<&'a LotCode>,
    pub serial: Option<&'a SerialCode>,
}

/// Goods as read from a label, and how many it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub goods: Goods,
    pub quantity: Quantity,
}

/// The barcode of a list that this scan is, if it is one.
pub(super) fn barcode<'a>(scan: &Scan, barcodes: &'a [Barcode]) -> Option<&'a Barcode> {
    let label = label(scan);
    let text = label
        .gtin
        .map(|gtin| gtin.to_string())
        .or(label.code.map(String::from))?;
    barcodes
        .iter()
        .find(|barcode| barcode.code.as_str() == text)
}

/// The goods label that a scan is; an empty one if it is something else.
pub fn label(scan: &Scan) -> Label {
    match scan {
        Scan::Goods(label) => label.clone(),
        Scan::Code(text) => Label {
            code: Some(text.clone()),
            ..Label::default()
        },
        _ => Label::default(),
    }
}

impl Demand<'_> {
    /// Reads a goods label against the demand. `anyway`: the worker insists on the lot.
    pub fn read(&self, scan: &Scan, anyway: bool) -> Result<Read, Refusal> {
        let Some(barcode) = barcode(scan, self.barcodes) else {
            return Err(Refusal::OtherGoods {
                said: Said::of(scan),
                wanted: self.item.code.clone(),
            });
        };
        let label = label(scan);
        let goods = self.goods(&label, anyway)?;
        let times = label
            .count
            .filter(|count| count.is_positive() && count.is_whole());
        let times = times
            .and_then(|count| u32::try_from(count.thousandths() / 1000).ok())
            .unwrap_or(1);
        let counted = barcode.holds.times(times);
        let quantity = match self.weighed(&label) {
            Some(weight) => weight,
            // A serial is one unit's: what a case is called says nothing of those inside.
            None if goods.serial.is_some() && counted != Quantity::ONE => {
                return Err(Refusal::ScanEach);
            }
            None => counted,
        };
        Ok(Read { goods, quantity })
    }

    /// What the label says it weighs, where that is how the item is counted.
    fn weighed(&self, label: &Label) -> Option<Quantity> {
        let grams = label.weight_g.filter(|_| self.item.unit.as_str() == "kg")?;
        let kilograms = Quantity::from_thousandths(i64::try_from(grams).ok()?);
        (kilograms.is_positive() && kilograms <= Quantity::LIMIT).then_some(kilograms)
    }

    /// The goods that a label of the right item names.
    pub fn goods(&self, label: &Label, anyway: bool) -> Result<Goods, Refusal> {
        let tracking = self.item.tracking;
        if let (Some(said), Some(wanted)) = (&label.lot, self.lot)
            && said != wanted
            && !anyway
        {
            return Err(Refusal::WrongLot {
                said: said.clone(),
                wanted: wanted.clone(),
            });
        }
        if let (Some(said), Some(wanted)) = (&label.serial, self.serial)
            && said != wanted
        {
            return Err(Refusal::WrongSerial {
                said: said.clone(),
                wanted: wanted.clone(),
            });
        }
        if tracking.lot && label.lot.is_none() {
            return Err(Refusal::LotMissing);
        }
        if tracking.serial && label.serial.is_none() {
            return Err(Refusal::SerialMissing);
        }
        Ok(Goods {
            item: self.item.code.clone(),
            lot: label.lot.clone().filter(|_| tracking.lot),
            serial: label.serial.clone().filter(|_| tracking.serial),
            expiry: label.expiry.filter(|_| tracking.expiry),
        })
    }
}

/// Two symbols that belong together as one label: item here, lot or date or serial there.
/// None if they disagree on anything or the second names an item of its own.
pub fn join(first: &Label, second: &Label) -> Option<Label> {
    // Outer none: they disagree.
    #[allow(clippy::option_option)]
    fn one<T: Clone + PartialEq>(a: Option<&T>, b: Option<&T>) -> Option<Option<T>> {
        match (a, b) {
            (Some(a), Some(b)) if a != b => None,
            (a, b) => Some(a.or(b).cloned()),
        }
    }
    if (second.gtin.is_some() && first.gtin != second.gtin)
        || (second.code.is_some() && first.code != second.code)
    {
        return None;
    }
    Some(Label {
        gtin: first.gtin,
        code: first.code.clone(),
        lot: one(first.lot.as_ref(), second.lot.as_ref())?,
        serial: one(first.serial.as_ref(), second.serial.as_ref())?,
        expiry: one(first.expiry.as_ref(), second.expiry.as_ref())?,
        best_before: one(first.best_before.as_ref(), second.best_before.as_ref())?,
        produced: one(first.produced.as_ref(), second.produced.as_ref())?,
        count: one(first.count.as_ref(), second.count.as_ref())?,
        weight_g: one(first.weight_g.as_ref(), second.weight_g.as_ref())?,
        plate: one(first.plate.as_ref(), second.plate.as_ref())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(text: &str) -> Label {
        Label {
            lot: text.parse().ok(),
            ..Label::default()
        }
    }

    #[test]
    fn item_here_and_lot_there_are_one_label() {
        let item = Label {
            gtin: crate::warehouse::Gtin::parse("09506000134352").ok(),
            ..Label::default()
        };
        let both = join(&item, &lot("L7")).expect("they do not disagree");
        assert_eq!((both.gtin, both.lot), (item.gtin, lot("L7").lot));
    }

    #[test]
    fn what_is_counted_in_kilograms_is_taken_as_the_label_weighs_it() {
        let item = |unit: &str| Item {
            code: "CHEESE".parse().unwrap(),
            name: "Cheese".into(),
            unit: unit.into(),
            tracking: crate::warehouse::Tracking::default(),
            weight_g: None,
            handling: crate::warehouse::Handling::default(),
        };
        let label = Label {
            gtin: crate::warehouse::Gtin::parse("09506000134352").ok(),
            weight_g: Some(752),
            ..Label::default()
        };
        let barcodes = [Barcode {
            code: "09506000134352".into(),
            item: "CHEESE".parse().unwrap(),
            holds: Quantity::ONE,
        }];
        for (unit, taken) in [("kg", "0.752"), ("each", "1")] {
            let demand = Demand {
                item: &item(unit),
                barcodes: &barcodes,
                lot: None,
                serial: None,
            };
            let read = demand.read(&Scan::Goods(label.clone()), false).unwrap();
            assert_eq!(read.quantity.to_string(), taken);
        }
    }

    #[test]
    fn two_lots_are_not_one_label() {
        assert_eq!(join(&lot("L7"), &lot("L8")), None);
    }
}
