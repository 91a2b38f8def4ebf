//! Counting a bin or a zone by its tags: scan the bin, sweep the reader over it, see what the book says, and record the
//! count. Nothing moves by it: what differs is for the office to decide.

use super::book::Book;
use super::effect::{Effect, Query, Record};
use super::event::Key;
use super::menu::MenuItem;
use super::model::{Model, Screen};
use super::notice::Notice;
use super::sweep::{Spotted, Sweep};
use super::tagged::{facts, size};
use crate::flow::{Levels, Nesting, Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{
    Area, Entry, Fact, ItemCode, Known, Quantity, SafeText, StockRow, ZoneCode,
};
use std::collections::BTreeMap;

/// Longest code that can be keyed.
const LONGEST: usize = 48;
/// Most tags of one count. Further ones are not looked at, and the screen says so.
pub(super) const MOST_TAGS: usize = 16_384;

/// The counting screen.
#[derive(Clone, Debug, Default)]
pub struct Count {
    /// What is counted, once a bin was scanned.
    pub of: Option<Counting>,
    /// What was heard since.
    pub sweep: Sweep,
    /// How cases and the units seen with them are taken.
    pub nesting: Nesting,
    /// First row shown.
    pub top: usize,
    /// What is being keyed.
    pub keyed: String,
}

/// What is counted.
#[derive(Clone, Debug)]
pub struct Counting {
    /// The bin or the zone.
    pub area: Area,
    /// The zone that it is or belongs to.
    pub zone: ZoneCode,
    /// What is there by the book.
    pub book: Book,
}

/// One item of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The item.
    pub item: ItemCode,
    /// What people call it.
    pub name: SafeText,
    /// How many units its tags stand for, each counted once.
    pub seen: Quantity,
    /// How many there are by the book.
    pub book: Quantity,
    /// The sizes of package whose tags were seen.
    pub levels: Levels,
    /// Whether smaller packages are counted beside larger ones that were seen.
    pub beside: bool,
}

impl Count {
    /// Every item that was seen or should be there, by code.
    ///
    /// A pallet's tag stands for what is on the pallet by the book, where less of it was seen by tags of its own.
    pub fn rows(&self) -> Vec<Counted> {
        let mut rows: BTreeMap<&ItemCode, Counted> = BTreeMap::new();
        let row = |item: &ItemCode, name: &SafeText| Counted {
            item: item.clone(),
            name: name.clone(),
            seen: Quantity::ZERO,
            book: Quantity::ZERO,
            levels: Levels::default(),
            beside: false,
        };
        for it in &self.sweep.spotted {
            if let Some((item, holds)) = self.sweep.item(it) {
                let of_it = rows.entry(&item.code);
                let of_it = of_it.or_insert_with(|| row(&item.code, &item.name));
                of_it.levels.add(size(it, *holds), *holds);
            }
        }
        for (item, name, sum) in self.book().into_iter().flat_map(Book::items) {
            let of_it = rows.entry(item);
            of_it.or_insert_with(|| row(item, name)).book = sum;
        }
        let on_plates = self.on_plates();
        for row in rows.values_mut() {
            let (total, counting) = row.levels.total(self.nesting);
            let on_plates = on_plates.get(&row.item).copied().unwrap_or_default();
            row.seen = total.max(on_plates);
            row.beside = counting.len() > 1;
        }
        rows.into_values().collect()
    }

    /// What stands by the book on the pallets whose tags were seen.
    fn on_plates(&self) -> BTreeMap<ItemCode, Quantity> {
        let mut sums: BTreeMap<ItemCode, Quantity> = BTreeMap::new();
        for it in &self.sweep.spotted {
            let Scan::Plate(plate) = it.scan else {
                continue;
            };
            let on_it = self.book().and_then(|book| book.on(plate));
            for (item, quantity) in on_it.into_iter().flatten() {
                let sum = sums.entry(item.clone()).or_default();
                *sum = sum.plus(*quantity);
            }
        }
        sums
    }

    /// Tags that are of no item known here and of no pallet that stands here by the book.
    pub fn unknown(&self) -> Vec<&Spotted> {
        let is_known = |it: &Spotted| match it.scan {
            Scan::Plate(plate) => self.book().is_some_and(|book| book.on(plate).is_some()),
            _ => self.sweep.item(it).is_some(),
        };
        let spotted = self.sweep.spotted.iter();
        spotted.filter(|it| !is_known(it)).collect()
    }

    /// Whether cases were seen together with units of the same item, so that a worker can say how they are to be taken.
    pub fn is_mixed(&self) -> bool {
        self.rows().iter().any(|row| row.levels.is_mixed())
    }

    /// Takes units and cases the other way than now.
    fn turn_nesting(&mut self) {
        let beside = self.rows().iter().any(|row| row.beside);
        self.nesting = if beside {
            Nesting::Inside
        } else {
            Nesting::Beside
        };
    }

    fn book(&self) -> Option<&Book> {
        self.of.as_ref().map(|of| &of.book)
    }
}

impl Model {
    pub(super) fn scanned_at_count(&mut self, scan: Scan, orders: &mut Vec<Effect>) {
        match scan {
            Scan::Bin(_) => {
                self.notice = None;
                orders.push(Effect::Ask(Query::Code(scan)));
            }
            Scan::Code(text) if ZoneCode::new(text.as_str()).is_ok() => {
                self.notice = None;
                orders.extend(
                    ZoneCode::new(text.as_str())
                        .ok()
                        .map(Query::Zone)
                        .map(Effect::Ask),
                );
            }
            other => self.tell(Notice::Refused(Refusal::NotNow(Said::of(&other))), orders),
        }
    }

    /// The bin is known, and what should be in it: the count of it begins.
    pub(super) fn found_to_count(&mut self, scan: &Scan, known: Known, orders: &mut Vec<Effect>) {
        match (scan, known) {
            (_, Known::Bin { bin, stock }) => {
                let of = Counting {
                    area: Area::Bin(bin.code),
                    zone: bin.zone,
                    book: book(&stock),
                };
                self.begin_count(of, Sweep::default(), orders);
            }
            (Scan::Bin(code), _) => self.tell(Notice::NoSuchBin(code.clone()), orders),
            _ => {}
        }
    }

    /// The zone is known, and what should be in it. What was read of it before counts.
    pub(super) fn found_zone(
        &mut self,
        zone: ZoneCode,
        book: Option<Book>,
        orders: &mut Vec<Effect>,
    ) {
        let Screen::Count(count) = &mut self.screen else {
            return;
        };
        let Some(book) = book else {
            return self.tell(Notice::NoSuchZone(zone), orders);
        };
        let goes_on = count.of.as_ref().is_some_and(|of| of.zone == zone);
        let sweep = std::mem::take(&mut count.sweep);
        let sweep = if goes_on { sweep } else { Sweep::default() };
        let of = Counting {
            area: Area::Zone(zone.clone()),
            zone,
            book,
        };
        self.begin_count(of, sweep, orders);
    }

    fn begin_count(&mut self, of: Counting, sweep: Sweep, orders: &mut Vec<Effect>) {
        self.screen = Screen::Count(Box::new(Count {
            of: Some(of),
            sweep,
            ..Count::default()
        }));
        orders.push(Effect::Sound(super::Bell::Good));
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
                if count.of.is_none()
                    && count.keyed.chars().count() < LONGEST
                    && !c.is_control() =>
            {
                count.keyed.push(c);
            }
            Key::Enter if count.of.is_some() => self.record_count(orders),
            Key::Enter if !count.keyed.is_empty() => {
                let bytes = std::mem::take(&mut count.keyed).into_bytes();
                self.keyed_code(bytes, orders);
            }
            Key::Esc => {
                let begins = count.of.is_none();
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
            Key::F(2) => {
                if let Some(Counting {
                    area: Area::Bin(_),
                    zone,
                    ..
                }) = &count.of
                {
                    orders.push(Effect::Ask(Query::Zone(zone.clone())));
                }
            }
            Key::F(3) if count.is_mixed() => count.turn_nesting(),
            Key::Char(_) | Key::Enter | Key::F(_) => {}
        }
    }

    fn record_count(&mut self, orders: &mut Vec<Effect>) {
        let Screen::Count(count) = &self.screen else {
            return;
        };
        let Some(of) = &count.of else { return };
        // A reader that is gone has counted nothing, which is not none.
        let is_lost = |port: &super::PortNews| port.is_reader && port.open_on.is_none();
        if count.sweep.spotted.is_empty() && self.ports.iter().any(is_lost) {
            return self.tell(Notice::Refused(Refusal::NotSeen), orders);
        }
        let unknown = u32::try_from(count.unknown().len()).unwrap_or(u32::MAX);
        orders.push(Effect::Record(Record {
            worker: self.code(),
            task: None,
            cause: Some(of.area.to_string()),
            facts: facts(&of.area, count.counted(), unknown),
            hold: None,
        }));
    }

    /// The count is on disk: the next bin.
    pub(super) fn recorded_count(&mut self, entries: &[Entry], orders: &mut Vec<Effect>) {
        let is_count = |entry: &&Entry| matches!(entry.fact, Fact::TagsCounted { more: false, .. });
        let Some(entry) = entries.iter().find(is_count) else {
            return;
        };
        if matches!(self.screen, Screen::Count(_)) {
            self.screen = Screen::Count(Box::default());
        }
        self.tell(Notice::Recorded(vec![entry.fact.clone()]), orders);
    }
}

/// The book of a bin.
fn book(stock: &[(StockRow, SafeText)]) -> Book {
    let mut book = Book::default();
    for (row, name) in stock {
        book.add(&row.goods.item, name, row.spot.plate, row.quantity);
    }
    book
}
