//! What a worker sees: the cache, with this handheld's own facts folded over it that the cache does not contain yet.

use super::cache_reader::ZoneSum;
use super::{CacheReader, Error};
use crate::fault::{self, Fault};
use crate::warehouse::{
    BinCode, CalledBack, Entry, Fact, Goods, ItemCode, Message, Move, Place, Quantity, SerialCode,
    Spot, Sscc, StockRow, Task, TaskId, WorkerCode, ZoneCode,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most messages that are looked at.
const MOST_MESSAGES: u32 = 1000;

/// The cache as this handheld knows better.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    cache: &'a CacheReader,
    own: &'a [Entry],
}

impl<'a> View<'a> {
    /// The cache with these entries of the own journal over it, oldest first.
    ///
    /// Entries that the cache contains already are left out: those up to the `seq` in its cursor, if it speaks of this epoch.
    pub fn new(cache: &'a CacheReader, epoch: u32, entries: &'a [Entry]) -> Result<Self, Error> {
        let (confirmed, seq) = cache.cursor()?.confirmed;
        let contains = confirmed == epoch && !fault::is(Fault::OwnFactsTwice);
        let seq = if contains { seq } else { 0 };
        let first = entries.partition_point(|entry| entry.seq <= seq);
        let own = &entries[first..];
        Ok(Self { cache, own })
    }

    /// What is in a bin.
    pub fn stock_in_bin(&self, bin: &BinCode) -> Result<Vec<StockRow>, Error> {
        self.stock_at(&Place::Bin(bin.clone()))
    }

    /// What is at a place.
    pub fn stock_at(&self, place: &Place) -> Result<Vec<StockRow>, Error> {
        let rows = self.cache.stock_at(place)?;
        Ok(self.fold(rows, |spot, _| spot.place == *place))
    }

    /// Where an item is.
    pub fn stock_of_item(&self, item: &ItemCode) -> Result<Vec<StockRow>, Error> {
        let rows = self.cache.stock_of_item(item)?;
        Ok(self.fold(rows, |spot, goods| {
            spot.place.is_inside() && goods.item == *item
        }))
    }

    /// Which of these units are in our hands.
    pub fn units_inside(
        &self,
        units: &[(ItemCode, SerialCode)],
    ) -> Result<Vec<(ItemCode, SerialCode)>, Error> {
        let mut of_items: BTreeMap<&ItemCode, BTreeSet<&SerialCode>> = BTreeMap::new();
        for (item, serial) in units {
            of_items.entry(item).or_default().insert(serial);
        }
        let mut inside = BTreeSet::new();
        for (item, serials) in of_items {
            let rows = self.cache.units(item, serials.iter().copied())?;
            let is_asked = |spot: &Spot, goods: &Goods| {
                let serial = goods.serial.as_ref();
                goods.item == *item
                    && spot.place.is_inside()
                    && serial.is_some_and(|it| serials.contains(it))
            };
            let there = self.fold(rows, is_asked).into_iter();
            let there =
                there.filter(|row| row.quantity.is_positive() && row.spot.place.is_inside());
            inside.extend(there.filter_map(|row| Some((row.goods.item, row.goods.serial?))));
        }
        Ok(inside.into_iter().collect())
    }

    /// What stands on a license plate.
    pub fn stock_on(&self, plate: Sscc) -> Result<Vec<StockRow>, Error> {
        let rows = self.cache.stock_on(plate)?;
        Ok(self.fold(rows, |spot, _| spot.plate == Some(plate)))
    }

    /// How much of each item is in all bins of a zone, by license plate where it stands on one.
    pub fn sums_in_zone(&self, zone: &ZoneCode) -> Result<Vec<ZoneSum>, Error> {
        let mut sums: BTreeMap<(ItemCode, Option<Sscc>), Quantity> = BTreeMap::new();
        let mut add = |item: ItemCode, plate, quantity| {
            let sum = sums.entry((item, plate)).or_default();
            *sum = sum.plus(quantity);
        };
        for (item, plate, quantity) in self.cache.sums_in_zone(zone)? {
            add(item, plate, quantity);
        }
        for moved in self.own.iter().flat_map(|entry| entry.fact.moves()) {
            let sides = [
                (moved.source, Quantity::ZERO.minus(moved.quantity)),
                (moved.target, moved.quantity),
            ];
            for (spot, quantity) in sides {
                let Some(bin) = spot.place.bin() else {
                    continue;
                };
                if self.cache.bin(bin)?.is_some_and(|bin| bin.zone == *zone) {
                    add(moved.goods.item.clone(), spot.plate, quantity);
                }
            }
        }
        let there = sums.into_iter().filter(|(_, quantity)| !quantity.is_zero());
        Ok(there
            .map(|((item, plate), quantity)| (item, plate, quantity))
            .collect())
    }

    fn fold(
        &self,
        mut rows: Vec<StockRow>,
        asked: impl Fn(&Spot, &Goods) -> bool,
    ) -> Vec<StockRow> {
        for entry in self.own {
            for Move {
                goods,
                quantity,
                source,
                target,
            } in entry.fact.moves()
            {
                if asked(&source, &goods) {
                    change(&mut rows, source, &goods, Quantity::ZERO.minus(quantity));
                }
                if asked(&target, &goods) {
                    change(&mut rows, target, &goods, quantity);
                }
            }
        }
        rows.retain(|row| !row.quantity.is_zero());
        rows
    }

    /// An open task, knowing what happened here since.
    pub fn task(&self, id: &TaskId) -> Result<Option<Task>, Error> {
        let cached = self.cache.task(id)?;
        let task = cached.or_else(|| self.opened().find(|task| task.id == *id));
        Ok(task
            .filter(|_| !self.is_finished(id))
            .map(|task| self.learned(task)))
    }

    /// Open tasks that are not finished here, most urgent first, no more than so many.
    pub fn tasks(&self, most: usize) -> Result<Vec<Task>, Error> {
        self.tasks_that(most, |_| true)
    }

    /// Those of them of which this is so, likewise.
    pub fn tasks_that(
        &self,
        most: usize,
        fits: impl Fn(&Task) -> bool,
    ) -> Result<Vec<Task>, Error> {
        const PAGE: u32 = 100;
        let mut open = Vec::new();
        for from in (0..).step_by(PAGE as usize) {
            let page = self.cache.tasks(from, PAGE)?;
            let last = page.len() < PAGE as usize;
            let open_here = |task: &Task| fits(task) && !self.is_finished(&task.id);
            open.extend(page.into_iter().filter(open_here));
            if last || open.len() >= most {
                break;
            }
        }
        for task in self.opened() {
            let fits = fits(&task) && !self.is_finished(&task.id);
            if fits && !open.iter().any(|known| known.id == task.id) {
                open.push(task);
            }
        }
        open.truncate(most);
        Ok(open.into_iter().map(|task| self.learned(task)).collect())
    }

    /// Tasks that workers of this handheld opened themselves and the cache does not know yet.
    fn opened(&self) -> impl Iterator<Item = Task> {
        self.own.iter().filter_map(Entry::opened)
    }

    /// The task with what was done here since the office told of it: of other tasks that it waits for,
    /// and of itself, so that a task put back half done is gone on with from there.
    fn learned(&self, mut task: Task) -> Task {
        let after = task.after().to_vec();
        for entry in self.own {
            if !is_gone_on_with(&entry.fact) || self.waits_for(&task, &after, entry) {
                task.learn(entry.task.as_ref(), &entry.fact);
            }
            if entry.task.as_ref() != Some(&task.id) {
                continue;
            }
            match &entry.fact {
                Fact::Undone { what, .. } => {
                    if let Some(at) = task.done.iter().rposition(|fact| fact == &**what) {
                        task.done.remove(at);
                    }
                }
                fact if fact.is_step() && *fact != Fact::TaskFinished => {
                    task.done.push(fact.clone());
                }
                _ => {}
            }
        }
        task
    }

    /// Whether a task waits for the one that is being gone on with: `after` names it, or what it brought for this order
    /// is taken back in the same act.
    fn waits_for(&self, task: &Task, after: &[TaskId], entry: &Entry) -> bool {
        let brought = |fact: &Fact| matches!(fact, Fact::Dropped { order, .. } if Some(order) == task.order());
        let taken_back = |fact: &Fact| matches!(fact, Fact::Undone { what, .. } if brought(what));
        let mut same = self.own.iter().filter(|other| other.act == entry.act);
        entry.task.as_ref().is_some_and(|id| after.contains(id))
            || same.any(|other| taken_back(&other.fact))
    }

    /// The goods that messages call back, read or not.
    pub fn called_back(&self) -> Result<Vec<CalledBack>, Error> {
        let messages = self.cache.messages(MOST_MESSAGES)?;
        Ok(messages.into_iter().flat_map(|it| it.called_back).collect())
    }

    /// What a worker has not read yet, oldest first; no more than so many.
    pub fn messages(&self, worker: &WorkerCode, most: usize) -> Result<Vec<Message>, Error> {
        let read = |id: u64| {
            let of_it = |entry: &Entry| {
                entry.worker.as_ref() == Some(worker)
                    && matches!(entry.fact, Fact::MessageRead { message } if message == id)
            };
            self.own.iter().any(of_it)
        };
        let mut messages = self.cache.messages(MOST_MESSAGES)?;
        messages.retain(|message| message.is_for(worker) && !read(message.id));
        messages.truncate(most);
        Ok(messages)
    }

    fn is_finished(&self, id: &TaskId) -> bool {
        let of_it = |entry: &&Entry| entry.task.as_ref() == Some(id);
        let ends = |entry: &Entry| match &entry.fact {
            Fact::TaskFinished => Some(true),
            fact if is_gone_on_with(fact) => Some(false),
            _ => None,
        };
        self.own.iter().rev().filter(of_it).find_map(ends) == Some(true)
    }
}

/// Whether a finished task was opened again.
fn is_gone_on_with(fact: &Fact) -> bool {
    matches!(fact, Fact::Undone { what, .. } if **what == Fact::TaskFinished)
}

/// Stock is told apart by spot, item, lot and serial; the date belongs to the lot.
fn change(rows: &mut Vec<StockRow>, spot: Spot, goods: &Goods, by: Quantity) {
    let same = |row: &&mut StockRow| {
        row.spot == spot
            && (&row.goods.item, &row.goods.lot, &row.goods.serial)
                == (&goods.item, &goods.lot, &goods.serial)
    };
    match rows.iter_mut().find(same) {
        Some(row) => row.quantity = row.quantity.plus(by),
        None => rows.push(StockRow {
            spot,
            goods: goods.clone(),
            quantity: by,
        }),
    }
}
