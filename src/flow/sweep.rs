//! Tags against a step: which of them it expects, which are missing, which have no business here.
//! Reading tags decides nothing; confirming them is the same acts as scanning each tag's label would be.

use super::act::Act;
use super::goods;
use super::levels::{Levels, Nesting};
use super::refusal::Refusal;
use super::work::Work;
use crate::scan::Scan;
use crate::warehouse::{
    Barcode, Fact, Goods, Item, ItemCode, JobKind, LineNo, Quantity, SerialCode, Sscc,
};
use std::collections::BTreeMap;

/// Something that a step can be answered with.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    /// Its line.
    pub line: LineNo,
    /// The item.
    pub item: &'a Item,
    /// The license plate it stands on, if on one.
    pub plate: Option<Sscc>,
    /// What can be scanned for it.
    pub barcodes: &'a [Barcode],
    /// The goods that will do: their lots and serials, where it matters.
    pub goods: Vec<Goods>,
    /// Units that were counted elsewhere: at another line, in another carton. Their tags count for nothing here.
    pub gone: Vec<Goods>,
    /// How much of it can be in hand at this step.
    pub wanted: Quantity,
}

impl Expected<'_> {
    /// Whether a tag is of a unit that was counted elsewhere.
    fn is_gone(&self, scan: &Scan) -> bool {
        let serial = goods::label(scan).serial;
        let same = |gone: &Goods| gone.serial.is_some() && gone.serial == serial;
        self.gone.iter().any(same) && goods::barcode(scan, self.barcodes).is_some()
    }

    /// How many units of it a tag stands for; none if it is no tag of it.
    fn holds(&self, scan: &Scan) -> Option<Quantity> {
        let barcode = goods::barcode(scan, self.barcodes)?;
        let label = goods::label(scan);
        let fits = |goods: &Goods| {
            let serial = goods.serial.is_none() || goods.serial == label.serial;
            let lot = goods.lot.is_none() || label.lot.is_none() || goods.lot == label.lot;
            serial && lot
        };
        self.goods.iter().any(fits).then_some(barcode.holds)
    }
}

/// What of an expectation was seen.
#[derive(Clone, Debug)]
pub struct Swept<'a> {
    /// What is expected.
    pub expected: Expected<'a>,
    /// How many units the tags seen stand for.
    pub seen: Quantity,
    /// Whether its license plate was seen.
    pub plate_seen: bool,
    /// The tags seen of it that count, as places in the list that was given.
    pub tags: Vec<usize>,
    /// How many more of it were seen: on cases whose units count, or on units within cases that count.
    pub nested: usize,
}

impl Swept<'_> {
    /// Whether anything of it was seen.
    pub fn is_seen(&self) -> bool {
        self.plate_seen || !self.tags.is_empty()
    }

    /// The serials that are known and were not seen.
    pub fn missing<'b>(&'b self, scans: &'b [&Scan]) -> impl Iterator<Item = &'b SerialCode> {
        let serials = self.expected.goods.iter().map(|goods| &goods.serial);
        serials.flatten().filter(|serial| {
            let has = |at: &usize| goods::label(scans[*at]).serial.as_ref() == Some(serial);
            !self.tags.iter().any(has)
        })
    }
}

impl Work {
    /// Whether this step can be answered by tags.
    pub fn takes_tags(&self) -> bool {
        self.expected_rows() > 0
    }

    /// Holds tags against the step: what is expected, each with what was seen of it, and the places of the tags
    /// that are not expected. Each tag counts once, for the first that it fits and that is not complete yet.
    pub fn sweep(&self, scans: &[&Scan]) -> (Vec<Swept<'_>>, Vec<usize>) {
        let mut rows: Vec<Swept> = self
            .expected()
            .into_iter()
            .map(|expected| Swept {
                expected,
                seen: Quantity::ZERO,
                plate_seen: false,
                tags: Vec::new(),
                nested: 0,
            })
            .collect();
        let counting = counting(&rows, scans);
        let mut strays = Vec::new();
        for (at, scan) in scans.iter().enumerate() {
            if !assign(&mut rows, at, scan, &counting) {
                strays.push(at);
            }
        }
        (rows, strays)
    }

    /// The facts that follow from confirming what was seen; `chosen` is the row of a step where one is chosen.
    /// Never more than is wanted, and none from tags that are not expected.
    pub fn confirm(&self, scans: &[&Scan], chosen: usize) -> Result<Vec<Fact>, Refusal> {
        if let Some(flow) = self.loading() {
            return flow.confirm(scans);
        }
        let (rows, _) = self.sweep(scans);
        if self.kind() == JobKind::Putaway {
            let row = rows.get(chosen).filter(|row| row.is_seen());
            let row = row.ok_or(Refusal::NotSeen)?;
            return self.choose(row, scans);
        }
        if let Some(row) = rows.iter().find(|row| row.seen > row.expected.wanted) {
            return Err(row.too_many());
        }
        let mut trial = self.clone();
        let (mut facts, mut known) = (Vec::new(), None);
        let acts = rows
            .iter()
            .flat_map(|row| self.acts(row, scans).into_iter().map(move |act| (row, act)));
        for (row, act) in acts {
            // What was scanned before and is not heard now counts too: the line may be full, and the next one begun.
            if !trial.awaits(row.expected.line) {
                return Err(Refusal::TooMany {
                    said: row.seen,
                    left: taken(&facts, row.expected.line),
                });
            }
            match trial.decide(&act) {
                Ok(more) => {
                    more.iter().for_each(|fact| trial.foresee(fact));
                    facts.extend(more);
                }
                // Seen again: it was counted before, which is no reason against the others.
                Err(why @ (Refusal::SerialTwice(_) | Refusal::FewerThanCounted { .. })) => {
                    known = Some(why);
                }
                Err(why) => return Err(why),
            }
        }
        if facts.is_empty() {
            return Err(known.unwrap_or(Refusal::NotSeen));
        }
        Ok(facts)
    }
}

impl Work {
    fn awaits(&self, line: LineNo) -> bool {
        self.expected().iter().any(|expected| expected.line == line)
    }

    /// Chooses a row by the tag of it that leads there; by any of its tags where none does, as scanning it would.
    fn choose(&self, row: &Swept, scans: &[&Scan]) -> Result<Vec<Fact>, Refusal> {
        let leads = |facts: &[Fact]| matches!(facts, [Fact::GoodsConfirmed { line }] if *line == row.expected.line);
        let mut first = None;
        for scan in row.choices(scans) {
            let decided = self.decide(&Act::Scanned(scan));
            if decided.as_deref().is_ok_and(leads) {
                return decided;
            }
            first = first.or(Some(decided));
        }
        first.unwrap_or(Err(Refusal::NotSeen))
    }

    /// What a worker would do who scanned each label of a row: units with serials one by one, else the total.
    fn acts(&self, row: &Swept, scans: &[&Scan]) -> Vec<Act> {
        let tracking = row.expected.item.tracking;
        if tracking.serial {
            let each = |at: &usize| Act::Scanned(scans[*at].clone());
            return row.tags.iter().map(each).collect();
        }
        // Tags tell no lot: that of the label scanned before them holds.
        let is_begun = self
            .prompt()
            .count
            .is_some_and(|(done, _)| done.is_positive());
        let goes_on = tracking.lot && is_begun && self.kind() == JobKind::Pick;
        let first = row.tags.first();
        let counted = first.map(|&at| Act::Counted {
            total: row.seen,
            label: Some(goods::label(scans[at])).filter(|_| !goes_on),
            anyway: false,
        });
        counted.into_iter().collect()
    }
}

/// How much of a line these facts take.
fn taken(facts: &[Fact], of: LineNo) -> Quantity {
    let of_it = facts.iter().filter_map(|fact| match fact {
        Fact::Picked { line, quantity, .. }
        | Fact::TakenInHand { line, quantity, .. }
        | Fact::Packed { line, quantity, .. } => (*line == of).then_some(*quantity),
        _ => None,
    });
    of_it.sum()
}

/// For each item the sizes of package whose tags count; those of other sizes are within these, or hold them.
fn counting(rows: &[Swept], scans: &[&Scan]) -> BTreeMap<ItemCode, Vec<Quantity>> {
    let mut levels: BTreeMap<&ItemCode, Levels> = BTreeMap::new();
    for scan in scans {
        let mut fits = rows
            .iter()
            .filter_map(|row| Some((row, row.expected.holds(scan)?)));
        if let Some((row, holds)) = fits.next() {
            let of_it = levels.entry(&row.expected.item.code).or_default();
            of_it.add(holds, holds);
        }
    }
    let counting = |(item, levels): (&ItemCode, Levels)| {
        let (_, counting) = levels.total(Nesting::Judged);
        (item.clone(), counting)
    };
    levels.into_iter().map(counting).collect()
}

fn assign(
    rows: &mut [Swept],
    at: usize,
    scan: &Scan,
    counting: &BTreeMap<ItemCode, Vec<Quantity>>,
) -> bool {
    if let Scan::Plate(sscc) = scan {
        let on_it = rows
            .iter_mut()
            .filter(|row| row.expected.plate == Some(*sscc));
        return on_it.map(|row| row.plate_seen = true).count() > 0;
    }
    if rows.iter().any(|row| row.expected.is_gone(scan)) {
        return true;
    }
    let fits = |row: &Swept| row.expected.holds(scan);
    let room = |row: &Swept, holds| row.seen.plus(holds) <= row.expected.wanted;
    let first = rows
        .iter()
        .position(|row| fits(row).is_some_and(|holds| room(row, holds)))
        .or_else(|| rows.iter().position(|row| fits(row).is_some()));
    let Some(row) = first.map(|first| &mut rows[first]) else {
        return false;
    };
    if let Some(holds) = fits(row) {
        let sizes = counting.get(&row.expected.item.code);
        if sizes.is_some_and(|sizes| !sizes.contains(&holds)) {
            row.nested += 1;
            return true;
        }
        row.seen = row.seen.plus(holds);
        row.tags.push(at);
    }
    true
}

impl Swept<'_> {
    const fn too_many(&self) -> Refusal {
        Refusal::TooMany {
            said: self.seen,
            left: self.expected.wanted,
        }
    }

    /// What can be scanned to choose it: its license plate, and one of its goods, as far as they were seen.
    fn choices(&self, scans: &[&Scan]) -> Vec<Scan> {
        let plate = self.expected.plate.filter(|_| self.plate_seen);
        let goods = self.tags.first().map(|&at| scans[at].clone());
        plate.map(Scan::Plate).into_iter().chain(goods).collect()
    }
}
