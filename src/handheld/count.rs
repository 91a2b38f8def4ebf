//! Counting a bin by its tags: scan the bin, sweep the reader over it, see what the book says, and record the count.
//! Nothing moves by it: what differs is for the office to decide.

use super::effect::{Effect, Query, Record};
use super::event::Key;
use super::menu::MenuItem;
use super::model::{Model, Screen};
use super::notice::Notice;
use super::sweep::{Spotted, Sweep};
use crate::flow::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{
    BinCode, Entry, Fact, Goods, ItemCode, Known, Quantity, SafeText, Sscc, StockRow,
};
use std::collections::{BTreeMap, BTreeSet};

/// Longest code that can be keyed.
const LONGEST: usize = 48;

/// The counting screen.
#[derive(Clone, Debug, Default)]
pub struct Count {
    /// The bin, once it was scanned, and what is in it by the book, with the items' names.
    pub bin: Option<(BinCode, Vec<(StockRow, SafeText)>)>,
    /// What was heard since.
    pub sweep: Sweep,
    /// First row shown.
    pub top: usize,
    /// What is being keyed.
    pub keyed: String,
}

/// One item of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The item.
    pub item: ItemCode,
    /// What people call it.
    pub name: SafeText,
    /// How many units its tags stand for.
    pub seen: Quantity,
    /// How many there are by the book.
    pub book: Quantity,
}

impl Count {
    /// Every item that was seen or should be there, by code.
    ///
    /// A pallet's tag stands for what is on the pallet by the book, where less of it was seen by tags of its own.
    pub fn rows(&self) -> Vec<Counted> {
        let mut rows: BTreeMap<ItemCode, Counted> = BTreeMap::new();
        let row = |item: &ItemCode, name: &SafeText| Counted {
            item: item.clone(),
            name: name.clone(),
            seen: Quantity::ZERO,
            book: Quantity::ZERO,
        };
        for (item, holds) in self.known() {
            let of_it = rows.entry(item.code.clone());
            let of_it = of_it.or_insert_with(|| row(&item.code, &item.name));
            of_it.seen = of_it.seen.plus(*holds);
        }
        let plates = self.plates();
        let mut on_plates: BTreeMap<&ItemCode, Quantity> = BTreeMap::new();
        for (stock, name) in self.stock() {
            let item = &stock.goods.item;
            let of_it = rows.entry(item.clone()).or_insert_with(|| row(item, name));
            of_it.book = of_it.book.plus(stock.quantity);
            if stock
                .spot
                .plate
                .is_some_and(|plate| plates.contains(&plate))
            {
                let sum = on_plates.entry(item).or_default();
                *sum = sum.plus(stock.quantity);
            }
        }
        for (item, sum) in on_plates {
            if let Some(row) = rows.get_mut(item) {
                row.seen = row.seen.max(sum);
            }
        }
        rows.into_values().collect()
    }

    /// Tags that are of no item known here and of no pallet that stands here by the book.
    pub fn unknown(&self) -> Vec<&Spotted> {
        let here: BTreeSet<Sscc> = self
            .stock()
            .iter()
            .filter_map(|(row, _)| row.spot.plate)
            .collect();
        let is_known = |scan: &Scan| match scan {
            Scan::Plate(plate) => here.contains(plate),
            scan => self.sweep.item(scan).is_some(),
        };
        let spotted = self.sweep.spotted.iter();
        spotted.filter(|it| !is_known(&it.scan)).collect()
    }

    fn known(&self) -> impl Iterator<Item = &(crate::warehouse::Item, Quantity)> {
        let spotted = self.sweep.spotted.iter();
        spotted.filter_map(|it| self.sweep.item(&it.scan))
    }

    fn plates(&self) -> BTreeSet<Sscc> {
        let plate = |it: &Spotted| match it.scan {
            Scan::Plate(plate) => Some(plate),
            _ => None,
        };
        self.sweep.spotted.iter().filter_map(plate).collect()
    }

    fn stock(&self) -> &[(StockRow, SafeText)] {
        self.bin.as_ref().map_or(&[], |(_, stock)| stock)
    }
}

impl Model {
    pub(super) fn scanned_at_count(&mut self, scan: Scan, orders: &mut Vec<Effect>) {
        match scan {
            Scan::Bin(_) => {
                self.notice = None;
                orders.push(Effect::Ask(Query::Code(scan)));
            }
            other => self.tell(Notice::Refused(Refusal::NotNow(Said::of(&other))), orders),
        }
    }

    /// The bin is known, and what should be in it: the count of it begins.
    pub(super) fn found_to_count(&mut self, scan: &Scan, known: Known, orders: &mut Vec<Effect>) {
        match (scan, known) {
            (_, Known::Bin { bin, stock }) => {
                self.screen = Screen::Count(Box::new(Count {
                    bin: Some((bin.code, stock)),
                    ..Count::default()
                }));
                orders.push(Effect::Sound(super::Bell::Good));
            }
            (Scan::Bin(code), _) => self.tell(Notice::NoSuchBin(code.clone()), orders),
            _ => {}
        }
    }

    pub(super) fn pressed_at_count(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let items = self.menu();
        let Screen::Count(count) = &mut self.screen else {
            return;
        };
        match key {
            Key::Up => count.top = count.top.saturating_sub(1),
            Key::Down => count.top = (count.top + 1).min(count.rows().len().saturating_sub(1)),
            Key::Backspace => {
                count.keyed.pop();
            }
            Key::Char(c)
                if count.bin.is_none()
                    && count.keyed.chars().count() < LONGEST
                    && !c.is_control() =>
            {
                count.keyed.push(c);
            }
            Key::Enter if count.bin.is_some() => self.record_count(orders),
            Key::Enter if !count.keyed.is_empty() => {
                let bytes = std::mem::take(&mut count.keyed).into_bytes();
                self.keyed_code(bytes, orders);
            }
            Key::Esc => {
                let begins = count.bin.is_none();
                self.notice = None;
                let cursor = items.iter().position(|item| *item == MenuItem::Count);
                self.screen = if begins {
                    Screen::Menu {
                        cursor: cursor.unwrap_or_default(),
                    }
                } else {
                    Screen::Count(Box::default())
                };
            }
            Key::Char(_) | Key::Enter | Key::F(_) => {}
        }
    }

    fn record_count(&mut self, orders: &mut Vec<Effect>) {
        let Screen::Count(count) = &self.screen else {
            return;
        };
        let Some((bin, _)) = &count.bin else { return };
        // A reader that is gone has counted nothing, which is not none.
        let is_lost = |port: &super::PortNews| port.is_reader && port.open_on.is_none();
        if count.sweep.spotted.is_empty() && self.ports.iter().any(is_lost) {
            return self.tell(Notice::Refused(Refusal::NotSeen), orders);
        }
        let seen = count
            .rows()
            .into_iter()
            .filter(|row| row.seen.is_positive());
        let counted = seen.map(|row| (Goods::of(row.item), row.seen)).collect();
        let unknown = u32::try_from(count.unknown().len()).unwrap_or(u32::MAX);
        orders.push(Effect::Record(Record {
            worker: self.code(),
            task: None,
            cause: Some(bin.to_string()),
            facts: vec![Fact::TagsCounted {
                bin: bin.clone(),
                counted,
                unknown,
            }],
            hold: None,
        }));
    }

    /// The count is on disk: the next bin.
    pub(super) fn recorded_count(&mut self, entries: &[Entry], orders: &mut Vec<Effect>) {
        let is_count = |entry: &&Entry| matches!(entry.fact, Fact::TagsCounted { .. });
        let Some(entry) = entries.iter().find(is_count) else {
            return;
        };
        if matches!(self.screen, Screen::Count(_)) {
            self.screen = Screen::Count(Box::default());
        }
        self.tell(Notice::Recorded(vec![entry.fact.clone()]), orders);
    }
}
