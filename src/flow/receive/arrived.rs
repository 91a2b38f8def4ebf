//! Tags at the dock: how much of what is expected was heard, on which pallets, and what has no business here. Confirming
//! them is the same facts as scanning would be; each tag counts once, and what was not expected never comes in by itself.

use super::label::quantity;
use super::{Part, Receive, Step};
use crate::flow::Work;
use crate::flow::goods::label;
use crate::flow::levels::{Levels, Nesting};
use crate::flow::refusal::Refusal;
use crate::scan::{Label, RawEpc, Scan};
use crate::warehouse::{
    Fact, Goods, ItemCode, Quantity, ReceiveLine, SerialCode, Sscc, Status, TagCode, parts,
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A line of which something is still to come, held against tags.
#[derive(Clone, Debug)]
pub struct Arriving<'a> {
    /// The line.
    pub is: &'a ReceiveLine,
    /// How much of it is still to come.
    pub left: Quantity,
    /// How much of it was heard.
    pub seen: Quantity,
    /// Whether the tag of the pallet it was announced on was heard.
    pub plate_seen: bool,
    /// Whether that tag alone speaks for it: nothing on the pallet was heard by tags of its own.
    pub as_announced: bool,
    at: usize,
    /// The tags that count, as places in the list that was given.
    tags: Vec<usize>,
    /// Tags of packages that hold what counts, or lie in it.
    nested: Vec<usize>,
}

impl Arriving<'_> {
    /// Whether anything of it was heard.
    pub const fn is_seen(&self) -> bool {
        self.plate_seen || !self.tags.is_empty()
    }

    /// How many more tags of it were heard: on cases whose units count, or on units within cases that count.
    pub const fn nested(&self) -> usize {
        self.nested.len()
    }
}

/// A delivery held against tags.
#[derive(Clone, Debug)]
pub struct Arrived<'a> {
    /// What is still to come, each with what was heard of it.
    pub rows: Vec<Arriving<'a>>,
    /// How many of the tags are of what is in already.
    pub known: usize,
    /// Tags that are not expected, as places in the list that was given.
    pub strays: Vec<usize>,
    /// A unit that is in already.
    twice: Option<SerialCode>,
    /// A pallet that unexpected goods may stand on: there are several, and none of them was heard.
    unclear: Option<Sscc>,
}

/// A tag of goods that are expected.
struct Heard {
    at: usize,
    label: Label,
    /// The rows it can be of, and how much it stands for there.
    fits: Vec<(usize, Quantity)>,
}

impl Receive {
    /// What tags can be held against now; none at steps that ask for something else.
    fn arriving(&self) -> Option<Vec<Arriving<'_>>> {
        let only = match self.step() {
            Step::Check(plate) => Some(plate),
            Step::Scan | Step::AllIn => None,
            Step::Door | Step::PutDown | Step::Tell(..) | Step::Done => return None,
        };
        let row = |at: usize| Arriving {
            is: &self.lines[at].is,
            left: self.lines[at].left(),
            seen: Quantity::ZERO,
            plate_seen: false,
            as_announced: false,
            at,
            tags: Vec::new(),
            nested: Vec::new(),
        };
        let rows = self.open().map(row);
        let rows: Vec<_> = rows
            .filter(|row| only.is_none() || row.is.plate == only)
            .collect();
        (!rows.is_empty()).then_some(rows)
    }

    /// Holds tags against what is still to come. `anyway`: goods may be of a pallet that was not heard.
    fn held_against(&self, tags: &[(RawEpc, &Scan)], anyway: bool) -> Option<Arrived<'_>> {
        let mut arrived = Arrived {
            rows: self.arriving()?,
            known: 0,
            strays: Vec::new(),
            twice: None,
            unclear: None,
        };
        let codes = codes(&arrived.rows);
        let (mut units, mut goods) = (BTreeSet::new(), Vec::new());
        for (at, (epc, scan)) in tags.iter().enumerate() {
            if self.tags.contains(epc) {
                arrived.known += 1;
            } else if let Scan::Plate(plate) = scan {
                self.plate_heard(&mut arrived, at, *plate);
            } else {
                let heard = heard(&arrived.rows, &codes, at, label(scan));
                match heard {
                    None => arrived.strays.push(at),
                    Some(heard) if self.is_in(&mut arrived, &heard, &mut units) => {
                        arrived.known += 1;
                    }
                    Some(heard) => goods.push(heard),
                }
            }
        }
        drop(codes);
        self.share_out(&mut arrived, &goods, anyway);
        arrived.strays.sort_unstable();
        Some(arrived)
    }

    fn plate_heard(&self, arrived: &mut Arrived, at: usize, plate: Sscc) {
        let on_it = arrived.rows.iter_mut();
        let on_it = on_it.filter(|row| row.is.plate == Some(plate));
        if on_it.map(|row| row.plate_seen = true).count() > 0 {
            return;
        }
        let is_in = self
            .on_plate(plate)
            .all(|line| !self.lines[line].left().is_positive());
        if is_in && (self.on_plate(plate).next().is_some() || self.used.contains(&plate)) {
            arrived.known += 1;
        } else {
            arrived.strays.push(at);
        }
    }

    /// Whether a unit is in already, or was heard by another tag that names the same unit.
    fn is_in(
        &self,
        arrived: &mut Arrived,
        heard: &Heard,
        units: &mut BTreeSet<(String, SerialCode)>,
    ) -> bool {
        let (Some(serial), Some((row, _))) = (&heard.label.serial, heard.fits.first()) else {
            return false;
        };
        let item = &arrived.rows[*row].is.item;
        if item.tracking.serial && self.had.contains(&(item.code.clone(), serial.clone())) {
            arrived.twice.get_or_insert_with(|| serial.clone());
            return true;
        }
        !units.insert((code(&heard.label).unwrap_or_default(), serial.clone()))
    }

    /// Gives each tag to a row. Of an item of which packages of several sizes were heard, the sizes that hold most count.
    fn share_out(&self, arrived: &mut Arrived, goods: &[Heard], anyway: bool) {
        let counting = counting(&arrived.rows, goods);
        for heard in goods {
            let (first, holds) = heard.fits[0];
            let item = &arrived.rows[first].is.item;
            let is_unit = heard.label.serial.is_some() && holds == Quantity::ONE;
            let counts = if item.tracking.serial {
                is_unit
            } else {
                sizes_count(counting.get(&item.code), holds)
            };
            match self.row_of(&arrived.rows, heard, anyway) {
                Ok((row, _)) if !counts => arrived.rows[row].nested.push(heard.at),
                Ok((row, holds)) => {
                    let row = &mut arrived.rows[row];
                    row.seen = row.seen.plus(holds);
                    row.tags.push(heard.at);
                }
                Err(plate) => {
                    arrived.unclear = Some(plate);
                    arrived.strays.push(heard.at);
                }
            }
        }
        let by_tags: BTreeSet<_> = (arrived.rows.iter())
            .filter(|row| !row.tags.is_empty() || !row.nested.is_empty())
            .filter_map(|row| row.is.plate)
            .collect();
        for row in &mut arrived.rows {
            let plate = row
                .is
                .plate
                .filter(|it| row.plate_seen && !by_tags.contains(it));
            row.as_announced = plate.is_some_and(|it| self.is_untouched(it));
            if row.as_announced {
                row.seen = row.left;
            }
        }
    }

    /// Whether nothing of what was announced on a pallet is in. Of what was counted in part, its tag says nothing any more.
    fn is_untouched(&self, plate: Sscc) -> bool {
        let mut lines = self.on_plate(plate).map(|line| &self.lines[line]);
        lines.all(|line| line.received.is_zero() && line.missing.is_zero())
    }

    /// The row that a tag of goods is of: on the pallet at hand before loose ones, of its lot before others, with room
    /// before full ones. A pallet that was not heard will do if it is the only one. Else: one of those it may stand on.
    fn row_of(
        &self,
        rows: &[Arriving],
        heard: &Heard,
        anyway: bool,
    ) -> Result<(usize, Quantity), Sscc> {
        let row = |fit: &(usize, Quantity)| &rows[fit.0];
        let is_near =
            |fit: &(usize, Quantity)| row(fit).is.plate.is_none() || self.is_at_hand(row(fit));
        let mut fits = heard.fits.clone();
        let is_far = !fits.iter().any(is_near);
        if !is_far {
            fits.retain(is_near);
        }
        let plates: BTreeSet<Sscc> = fits.iter().filter_map(|fit| row(fit).is.plate).collect();
        // On which of two pallets a unit with a number of its own stands matters, and cannot be known.
        let matters = is_far || row(&fits[0]).is.item.tracking.serial;
        match plates.first() {
            Some(plate) if matters && plates.len() > 1 && !anyway => return Err(*plate),
            _ => {}
        }
        fits.sort_by_key(|fit| {
            let wanted = row(fit).is;
            let other_lot = heard.label.lot.is_some() && wanted.lot != heard.label.lot;
            (
                !self.is_at_hand(row(fit)),
                wanted.plate.is_some(),
                other_lot,
            )
        });
        let has_room = |fit: &&(usize, Quantity)| row(fit).seen.plus(fit.1) <= row(fit).left;
        Ok(*fits.iter().find(has_room).unwrap_or(&fits[0]))
    }

    fn is_at_hand(&self, row: &Arriving) -> bool {
        let plate = row.is.plate;
        plate.is_some() && (row.plate_seen || plate == self.plate || plate == self.checking)
    }

    /// The facts of all that was heard of what is expected: these or none.
    pub(super) fn swept(
        &self,
        tags: &[(RawEpc, Scan)],
        anyway: bool,
        today: Option<NaiveDate>,
    ) -> Result<Vec<Fact>, Refusal> {
        let heard: Vec<(RawEpc, &Scan)> = tags.iter().map(|(epc, scan)| (*epc, scan)).collect();
        let arrived = self.held_against(&heard, anyway).ok_or(Refusal::NotHere)?;
        let by_tags = || arrived.rows.iter().filter(|row| !row.as_announced);
        if !anyway {
            by_tags().try_for_each(|row| self.not_over(row.at, row.seen))?;
        }
        let mut then = self.clone();
        let (mut facts, mut lacking) = (Vec::new(), None);
        for (part, places) in by_tags().flat_map(|row| self.parts(row, &heard)) {
            let taken = taken(then.lines[part.line].is.line, &places, tags);
            let more = then.take(&part, anyway, today)?;
            if let [Fact::LabelRead { .. }] = more.as_slice() {
                lacking.get_or_insert((taken, more));
                continue;
            }
            let more: Vec<Fact> = taken.into_iter().chain(more).collect();
            more.iter().for_each(|fact| then.apply(fact));
            facts.extend(more);
        }
        let whole: BTreeSet<_> = (arrived.rows.iter())
            .filter(|row| row.as_announced)
            .filter_map(|row| row.is.plate)
            .collect();
        let mut unsaid = None;
        for plate in whole {
            match self.whole(plate, Status::Available, today) {
                Ok(more) => facts.extend(more),
                // What its notice leaves out is asked for as if its label had been scanned.
                Err(Refusal::CountIt(_)) if self.checking.is_none() => {
                    unsaid.get_or_insert(Fact::PlateConfirmed { plate });
                }
                Err(why) => return Err(why),
            }
        }
        // Last, for then the rest of it is asked for.
        match (lacking, unsaid) {
            (Some((taken, more)), _) => facts.extend(taken.into_iter().chain(more)),
            (None, unsaid) => facts.extend(unsaid),
        }
        if facts.is_empty() {
            return Err(match (arrived.twice, arrived.unclear) {
                (Some(serial), _) => Refusal::SerialTwice(serial),
                (None, Some(plate)) => Refusal::OnPlate(plate),
                (None, None) => Refusal::NotSeen,
            });
        }
        Ok(facts)
    }

    /// What was heard of a row, as goods: units with serials one by one, else all of the same lot and day together.
    fn parts(&self, row: &Arriving, tags: &[(RawEpc, &Scan)]) -> Vec<(Part, Vec<usize>)> {
        let plate = row.is.plate.or(self.plate);
        let mut parts: BTreeMap<Goods, (Part, Vec<usize>)> = BTreeMap::new();
        for &at in &row.tags {
            let label = label(tags[at].1);
            let goods = self.tagged(row, &label, plate);
            let quantity = amount(row, &label);
            let weight_g = label.weight_g.filter(|_| row.is.item.handling.catch_weight);
            match parts.get_mut(&goods) {
                Some((part, places)) => {
                    part.quantity = part.quantity.plus(quantity);
                    // The weight of all is known if that of each is.
                    let both = part.weight_g.zip(weight_g);
                    part.weight_g = both.map(|(sum, one)| sum.saturating_add(one));
                    places.push(at);
                }
                None => {
                    let part = Part {
                        line: row.at,
                        goods: goods.clone(),
                        quantity,
                        weight_g,
                        plate,
                    };
                    parts.insert(goods, (part, vec![at]));
                }
            }
        }
        let mut parts: Vec<_> = parts.into_values().collect();
        if let Some((_, places)) = parts.first_mut() {
            places.extend(&row.nested);
        }
        parts
    }

    /// The goods of a tag; what it leaves out is taken from those counted before, and from what the pallet's notice says.
    fn tagged(&self, row: &Arriving, label: &Label, plate: Option<Sscc>) -> Goods {
        let mut goods = self.goods(row.at, label, plate);
        let tracking = row.is.item.tracking;
        if row.is.plate.is_some() {
            let announced = row.is.lot.clone().filter(|_| tracking.lot);
            goods.lot = goods.lot.or(announced);
            let day = row.is.expiry.filter(|_| tracking.expiry);
            let is_of_lot = !tracking.lot || goods.lot == row.is.lot;
            goods.expiry = goods.expiry.or(day.filter(|_| is_of_lot));
        }
        goods
    }
}

/// What can be read for the rows: each code, with the rows and how many units it stands for there.
fn codes<'a>(rows: &[Arriving<'a>]) -> HashMap<&'a str, Vec<(usize, Quantity)>> {
    let mut codes: HashMap<&str, Vec<(usize, Quantity)>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        for barcode in &row.is.barcodes {
            let rows = codes.entry(barcode.code.as_str()).or_default();
            rows.push((at, barcode.holds));
        }
    }
    codes
}

fn code(label: &Label) -> Option<String> {
    let gtin = label.gtin.map(|gtin| gtin.to_string());
    gtin.or_else(|| label.code.clone().map(String::from))
}

/// A tag of something that is expected; none of all else, and of what is counted by a weight that it does not tell.
fn heard(
    rows: &[Arriving],
    codes: &HashMap<&str, Vec<(usize, Quantity)>>,
    at: usize,
    label: Label,
) -> Option<Heard> {
    let fits = codes.get(code(&label)?.as_str())?;
    let amount = |&(row, holds): &(usize, Quantity)| {
        let amount = quantity(&rows[row].is.item, &label, holds).ok();
        amount
            .filter(|it| it.is_positive())
            .map(|amount| (row, amount))
    };
    let fits: Vec<_> = fits.iter().filter_map(amount).collect();
    (!fits.is_empty()).then_some(Heard { at, label, fits })
}

/// How much a tag that counts stands for.
fn amount(row: &Arriving, label: &Label) -> Quantity {
    let code = code(label);
    let mut barcodes = row.is.barcodes.iter();
    let barcode = barcodes.find(|it| Some(it.code.as_str()) == code.as_deref());
    let amount = barcode.and_then(|it| quantity(&row.is.item, label, it.holds).ok());
    amount.unwrap_or_default()
}

/// For each item the sizes of package whose tags count; those of other sizes are within these, or hold them. Where units
/// beside their cases would be more than is expected, they are in them.
fn counting(rows: &[Arriving], goods: &[Heard]) -> BTreeMap<ItemCode, Vec<Quantity>> {
    let mut levels: BTreeMap<&ItemCode, Levels> = BTreeMap::new();
    for heard in goods {
        let (row, holds) = heard.fits[0];
        // What is weighed is in no other package.
        if rows[row].is.item.unit.as_str() == "kg" {
            continue;
        }
        let of_it = levels.entry(&rows[row].is.item.code).or_default();
        of_it.add(holds, holds);
    }
    let counting = |(item, levels): (&ItemCode, Levels)| {
        let of_it = rows.iter().filter(|row| row.is.item.code == *item);
        let left: Quantity = of_it.map(|row| row.left).sum();
        let (judged, inside) = (levels.total(Nesting::Judged), levels.total(Nesting::Inside));
        let is_within = judged.0 > left && inside.0 <= left;
        let (_, counting) = if is_within { inside } else { judged };
        (item.clone(), counting)
    };
    levels.into_iter().map(counting).collect()
}

fn sizes_count(counting: Option<&Vec<Quantity>>, size: Quantity) -> bool {
    counting.is_none_or(|sizes| sizes.contains(&size))
}

/// Which tags they are, in as many facts as there must be.
fn taken(line: u32, places: &[usize], tags: &[(RawEpc, Scan)]) -> Vec<Fact> {
    let codes = places.iter().map(|&at| {
        let tag = TagCode::try_from(tags[at].0.to_string());
        tag.expect("the bits of a tag are hex, and no longer than a tag's")
    });
    let fact = |tags| Fact::TagsTaken { line, tags };
    parts(codes).into_iter().map(fact).collect()
}

impl Work {
    /// Tags held against a delivery; none where nothing is received.
    pub fn arrived(&self, tags: &[(RawEpc, &Scan)]) -> Option<Arrived<'_>> {
        self.receiving()?.held_against(tags, false)
    }
}
