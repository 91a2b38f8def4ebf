//! Goods that no task named: read from a label and from what the handheld's memory knows of it. What the label leaves out
//! (the lot, the serial) is asked for next, and a lot or serial alone completes it.

use super::goods::{self, Demand, Read};
use super::refusal::{Refusal, Said};
use crate::scan::{Label, Scan};
use crate::warehouse::{Barcode, Fact, Goods, Item, ItemCode, Known, Quantity, SafeText};

/// The items that a work knows by now, and a label that was read in part.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    items: Vec<(Item, Vec<Barcode>)>,
    part: Option<Named>,
}

/// Goods as far as a label names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub goods: Goods,
    pub quantity: Quantity,
    /// Whether the quantity is how many there are in all, and not so many more.
    pub total: bool,
    /// What the label leaves out, if it must be known.
    pub missing: Option<Missing>,
    /// What has to be recorded so that the name is known from now on.
    pub fact: Option<Fact>,
}

/// What a label leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The lot.
    Lot,
    /// The serial.
    Serial,
}

fn missing(item: &Item, goods: &Goods) -> Option<Missing> {
    if item.tracking.lot && goods.lot.is_none() {
        return Some(Missing::Lot);
    }
    (item.tracking.serial && goods.serial.is_none()).then_some(Missing::Serial)
}

impl Names {
    /// What is known from the beginning.
    pub const fn new(items: Vec<(Item, Vec<Barcode>)>) -> Self {
        Self { items, part: None }
    }

    /// The item, if its name is known.
    pub fn item(&self, code: &ItemCode) -> Option<&Item> {
        self.items
            .iter()
            .map(|(item, _)| item)
            .find(|item| item.code == *code)
    }

    /// Whether this scan can be understood without asking.
    pub fn knows(&self, scan: &Scan) -> bool {
        let is_detail =
            matches!(scan, Scan::Goods(label) if label.gtin.is_none() && label.code.is_none());
        self.find(scan).is_some() || is_detail
    }

    /// Whether work that begins at a bin or a pallet has to look this scan up; `is_at_bin`: goods are awaited.
    pub fn asks(&self, scan: &Scan, is_at_bin: bool) -> bool {
        match scan {
            Scan::Bin(_) | Scan::Plate(_) => true,
            Scan::Goods(_) | Scan::Code(_) => {
                is_at_bin && !(self.part.is_some() && self.knows(scan))
            }
            Scan::Badge(_) | Scan::Tote(_) | Scan::Order(_) | Scan::Enrolment(_) => false,
        }
    }

    fn find(&self, scan: &Scan) -> Option<(&Item, &Barcode)> {
        self.items
            .iter()
            .find_map(|(item, codes)| goods::barcode(scan, codes).map(|code| (item, code)))
    }

    /// The goods of which the lot or the serial is still to be read.
    pub fn part(&self) -> Option<(&Named, Option<&Item>)> {
        let part = self.part.as_ref()?;
        Some((part, self.item(&part.goods.item)))
    }

    /// What a label names, alone or together with the one read before it. `total`: how many were keyed for it.
    pub fn read(
        &self,
        scan: &Scan,
        known: Option<&Known>,
        total: Option<Quantity>,
    ) -> Result<Named, Refusal> {
        if let Some((item, barcode)) = self.find(scan) {
            let mut named = read(item, barcode, scan, total)?;
            named.fact = named.missing.is_some().then(|| told(item, barcode, &named));
            return Ok(named);
        }
        if let Some(Known::Item { item, holds, .. }) = known {
            let barcode = Barcode {
                code: code_of(scan),
                item: item.code.clone(),
                holds: *holds,
            };
            let mut named = read(item, &barcode, scan, total)?;
            named.fact = Some(told(item, &barcode, &named));
            return Ok(named);
        }
        match (&self.part, known) {
            (Some(part), None | Some(Known::Nothing)) => self.completed(part, scan),
            (None, _) => Err(Refusal::NotKnown(Said::of(scan))),
            (Some(_), Some(_)) => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    /// The label read before, with the lot or serial that this one says.
    fn completed(&self, part: &Named, scan: &Scan) -> Result<Named, Refusal> {
        let item = self.item(&part.goods.item);
        let item = item.ok_or_else(|| Refusal::NotKnown(Said::of(scan)))?;
        let label = match scan {
            Scan::Goods(label) if label.gtin.is_none() && label.code.is_none() => label.clone(),
            Scan::Code(text) => said(text.as_str(), part.missing),
            _ => return Err(Refusal::NotNow(Said::of(scan))),
        };
        let mut named = part.clone();
        let goods = &mut named.goods;
        goods.lot = goods.lot.take().or(label.lot.filter(|_| item.tracking.lot));
        goods.serial = goods
            .serial
            .take()
            .or(label.serial.filter(|_| item.tracking.serial));
        goods.expiry = goods
            .expiry
            .or(label.expiry.filter(|_| item.tracking.expiry));
        if goods == &part.goods {
            return Err(Refusal::NotNow(Said::of(scan)));
        }
        named.missing = missing(item, &named.goods);
        let barcode = self.items.iter().find(|(it, _)| it.code == item.code);
        let barcode = barcode.and_then(|(_, codes)| codes.first());
        named.fact = barcode
            .filter(|_| named.missing.is_some())
            .map(|barcode| told(item, barcode, &named));
        Ok(named)
    }

    /// Remembers names; whatever else happens ends a label that was read in part.
    pub fn apply(&mut self, fact: &Fact) {
        self.part = None;
        let Fact::GoodsNamed {
            item,
            barcode,
            goods,
            quantity,
            total,
        } = fact
        else {
            return;
        };
        match self.items.iter_mut().find(|(it, _)| it.code == item.code) {
            Some((_, codes)) if codes.contains(barcode) => {}
            Some((_, codes)) => codes.push(barcode.clone()),
            None => self.items.push((*item.clone(), vec![barcode.clone()])),
        }
        let missing = missing(item, goods);
        self.part = missing.is_some().then(|| Named {
            goods: goods.clone(),
            quantity: *quantity,
            total: *total,
            missing,
            fact: None,
        });
    }
}

fn code_of(scan: &Scan) -> SafeText {
    let label = goods::label(scan);
    let gtin = label.gtin.map(|gtin| SafeText::new(&gtin.to_string()));
    gtin.or(label.code).unwrap_or_default()
}

/// A plain code where a lot or a serial is awaited is that.
fn said(text: &str, missing: Option<Missing>) -> Label {
    match missing {
        Some(Missing::Lot) => Label {
            lot: text.parse().ok(),
            ..Label::default()
        },
        Some(Missing::Serial) => Label {
            serial: text.parse().ok(),
            ..Label::default()
        },
        None => Label::default(),
    }
}

fn told(item: &Item, barcode: &Barcode, named: &Named) -> Fact {
    Fact::GoodsNamed {
        item: Box::new(item.clone()),
        barcode: barcode.clone(),
        goods: named.goods.clone(),
        quantity: named.quantity,
        total: named.total,
    }
}

fn read(
    item: &Item,
    barcode: &Barcode,
    scan: &Scan,
    total: Option<Quantity>,
) -> Result<Named, Refusal> {
    let demand = Demand {
        item,
        barcodes: std::slice::from_ref(barcode),
        lot: None,
        serial: None,
    };
    if total.is_some() && item.tracking.serial {
        return Err(Refusal::ScanEach);
    }
    let (goods, quantity) = match demand.read(scan, true) {
        Ok(Read { goods, quantity }) => (goods, quantity),
        Err(Refusal::LotMissing | Refusal::SerialMissing) => in_part(item, barcode, scan)?,
        Err(why) => return Err(why),
    };
    Ok(Named {
        missing: missing(item, &goods),
        goods,
        quantity: total.unwrap_or(quantity),
        total: total.is_some(),
        fact: None,
    })
}

fn in_part(item: &Item, barcode: &Barcode, scan: &Scan) -> Result<(Goods, Quantity), Refusal> {
    let label = goods::label(scan);
    if item.tracking.serial && barcode.holds != Quantity::ONE {
        return Err(Refusal::ScanEach);
    }
    let goods = Goods {
        item: item.code.clone(),
        lot: label.lot.filter(|_| item.tracking.lot),
        serial: label.serial.filter(|_| item.tracking.serial),
        expiry: label.expiry.filter(|_| item.tracking.expiry),
    };
    Ok((goods, barcode.holds))
}

/// Adds to a list in which each goods stands once; the date belongs to the lot.
pub(super) fn add(list: &mut Vec<(Goods, Quantity)>, goods: &Goods, quantity: Quantity) {
    match list.iter_mut().find(|(known, _)| same(known, goods)) {
        Some((known, sum)) => {
            known.expiry = known.expiry.or(goods.expiry);
            *sum = sum.plus(quantity);
        }
        None => list.push((goods.clone(), quantity)),
    }
}

/// Whether two labels name the same goods.
pub(super) fn same(one: &Goods, other: &Goods) -> bool {
    (&one.item, &one.lot, &one.serial) == (&other.item, &other.lot, &other.serial)
}

/// How many more these are than there are already: what a scan adds, or what is missing to a keyed total.
pub(super) fn more(named: &Named, had: Quantity) -> Result<Quantity, Refusal> {
    if !named.total {
        if let (Some(serial), true) = (&named.goods.serial, had.is_positive()) {
            return Err(Refusal::SerialTwice(serial.clone()));
        }
        return Ok(named.quantity);
    }
    more_than(named.quantity, had)
}

/// How many are missing to a keyed total.
pub(super) fn more_than(total: Quantity, had: Quantity) -> Result<Quantity, Refusal> {
    if !total.is_positive() {
        return Err(Refusal::Nothing);
    }
    if total <= had {
        return Err(Refusal::FewerThanCounted { counted: had });
    }
    Ok(total.minus(had))
}
