//! What a count by tags comes to: units by their serials, goods by lot and day as far as their tags tell, the rest by item.

use super::count::Count;
use super::sweep::Spotted;
use crate::flow::label;
use crate::scan::Packing;
use crate::warehouse::{Area, Fact, Goods, Item, ItemCode, Quantity, parts};
use std::collections::BTreeMap;

impl Count {
    /// Everything that was counted, each once, by item. What of an item no tag tells more of, comes first.
    pub(super) fn counted(&self) -> Vec<(Goods, Quantity)> {
        let mut told: BTreeMap<ItemCode, BTreeMap<Goods, Quantity>> = BTreeMap::new();
        let rows = self.rows();
        let sizes: BTreeMap<&ItemCode, Vec<Quantity>> = rows
            .iter()
            .map(|row| (&row.item, row.levels.total(self.nesting).1))
            .collect();
        for it in &self.sweep.spotted {
            let Some((item, holds)) = self.sweep.item(it) else {
                continue;
            };
            let counts = sizes
                .get(&item.code)
                .is_some_and(|sizes| sizes.contains(&size(it, *holds)));
            let goods = goods(item, it, *holds);
            if counts && goods != Goods::of(item.code.clone()) {
                let of_it = told.entry(item.code.clone()).or_default();
                let sum = of_it.entry(goods).or_default();
                *sum = sum.plus(*holds);
            }
        }
        let mut counted = Vec::new();
        for row in rows.into_iter().filter(|row| row.seen.is_positive()) {
            let told = told.remove(&row.item).unwrap_or_default();
            let rest = row.seen.minus(told.values().copied().sum());
            if rest.is_positive() {
                counted.push((Goods::of(row.item), rest));
            }
            counted.extend(told);
        }
        counted
    }
}

/// The size of package that a tag is on. What is sold as it is holds nothing that is tagged, however many units it stands for.
pub(super) fn size(spotted: &Spotted, holds: Quantity) -> Quantity {
    match spotted.packing {
        Some(Packing::Item) => Quantity::ONE,
        _ => holds,
    }
}

/// What a tag tells of goods, as far as it matters: a serial is one unit's, and a day may stand as either kind of date.
fn goods(item: &Item, spotted: &Spotted, holds: Quantity) -> Goods {
    let (label, tracking) = (label(&spotted.scan), item.tracking);
    let is_unit = tracking.serial && holds == Quantity::ONE;
    Goods {
        item: item.code.clone(),
        lot: label.lot.filter(|_| tracking.lot),
        serial: label.serial.filter(|_| is_unit),
        expiry: label
            .expiry
            .or(label.best_before)
            .filter(|_| tracking.expiry),
    }
}

/// A count as facts of one act: as many as it needs.
pub(super) fn facts(area: &Area, counted: Vec<(Goods, Quantity)>, unknown: u32) -> Vec<Fact> {
    let parts = parts(counted);
    let last = parts.len() - 1;
    let fact = |(at, counted)| Fact::TagsCounted {
        area: area.clone(),
        counted,
        unknown: if at == last { unknown } else { 0 },
        more: at != last,
    };
    parts.into_iter().enumerate().map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::{Entry, Timestamp};

    #[test]
    fn a_count_of_much_fits_into_lines_of_the_journal_whatever_its_codes_are() {
        let text = |at: u32| format!("{at:05}{}", "\u{1F4E6}".repeat(43));
        let counted: Vec<(Goods, Quantity)> = (0..16_384)
            .map(|at| {
                let goods = Goods {
                    lot: text(at).parse().ok(),
                    serial: text(at).parse().ok(),
                    expiry: "2027-01-31".parse().ok(),
                    ..Goods::of(text(at).parse().unwrap())
                };
                (goods, Quantity::units(at + 1))
            })
            .collect();
        let area = Area::Zone("\\".repeat(48).parse().unwrap());
        let facts = facts(&area, counted.clone(), 7);
        let (mut all, mut ends) = (Vec::new(), Vec::new());
        for fact in &facts {
            let entry = Entry {
                seq: u64::MAX,
                act: u64::MAX,
                at: Timestamp::UNIX_EPOCH,
                worker: None,
                task: None,
                cause: None,
                fact: fact.clone(),
            };
            assert!(entry.line().len() < 40_000);
            let Fact::TagsCounted {
                counted,
                unknown,
                more,
                ..
            } = fact
            else {
                panic!("{fact:?}");
            };
            ends.push((*more, *unknown));
            all.extend(counted.clone());
        }
        assert_eq!(ends.pop(), Some((false, 7)));
        assert!(ends.iter().all(|end| *end == (true, 0)));
        assert_eq!(all, counted);
    }

    #[test]
    fn nothing_seen_is_a_count_too() {
        let area = Area::Bin("A-01-03".parse().unwrap());
        assert_eq!(facts(&area, Vec::new(), 0).len(), 1);
    }
}
