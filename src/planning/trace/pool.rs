//! Goods of one item at one place: under each label at least and at most so much of what is followed, and at most so much
//! of the rest. What is taken under a label may be of any goods there whose label it fits.

use super::Label;

/// How much of some goods is what is followed: surely so much, and no more than so much. Thousandths of the item's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Certain.
    pub least: i64,
    /// Certain and possible.
    pub most: i64,
}

impl Share {
    /// None of it.
    pub const NONE: Self = Self { least: 0, most: 0 };

    /// All of it.
    pub const fn all(quantity: i64) -> Self {
        Self {
            least: quantity,
            most: quantity,
        }
    }

    /// Whether any of it may be what is followed.
    pub const fn is_any(self) -> bool {
        self.most > 0
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Pool {
    label: Label,
    /// No more than so much is in it.
    total: i64,
    share: Share,
    /// At most so much of it is not what is followed.
    other: i64,
}

impl Pool {
    const fn is_empty(&self) -> bool {
        self.share.most == 0 && self.other == 0
    }

    /// No more than so much is left.
    fn cap(&mut self, most: i64) {
        self.total = self.total.min(most);
        self.share.most = self.share.most.min(self.total);
        self.share.least = self.share.least.min(self.share.most);
        self.other = self.other.min(self.total);
    }
}

/// All of an item at a place.
#[derive(Clone, Debug, Default)]
pub struct Family {
    pools: Vec<Pool>,
    total: i64,
}

impl Family {
    /// Goods came under this label.
    pub fn put(&mut self, label: Label, quantity: i64, share: Share) {
        let at = self.pools.iter().position(|pool| pool.label == label);
        let at = at.unwrap_or_else(|| {
            self.pools.push(Pool {
                label,
                total: 0,
                share: Share::NONE,
                other: 0,
            });
            self.pools.len() - 1
        });
        let pool = &mut self.pools[at];
        pool.total = pool.total.saturating_add(quantity);
        pool.share = pool.share.plus(share);
        pool.other = pool.other.saturating_add(quantity - share.least);
        self.total = self.total.saturating_add(quantity);
    }

    /// Goods went under this label: how much of them is what is followed. `strays`: whether goods under this label that nobody
    /// saw come here may be.
    pub fn take(&mut self, label: Label, quantity: i64, strays: bool) -> Share {
        let fits = |pool: &&Pool| label.fits(pool.label) && !pool.is_empty();
        let sum = |of: fn(&Pool) -> i64| {
            self.pools
                .iter()
                .filter(fits)
                .map(of)
                .fold(0, i64::saturating_add)
        };
        let (most, other) = (sum(|pool| pool.share.most), sum(|pool| pool.other));
        let known = quantity.min(most.saturating_add(other));
        let unknown = if strays { quantity - known } else { 0 };
        let share = Share {
            least: (known - other).max(0),
            most: known.min(most).saturating_add(unknown).min(quantity),
        };
        let is_alone = self.pools.iter().filter(fits).count() == 1;
        self.total = (self.total - quantity).max(0);
        for pool in &mut self.pools {
            if label.fits(pool.label) {
                pool.share.least = (pool.share.least - quantity).max(0);
                if is_alone {
                    pool.cap((pool.total - quantity).max(0));
                }
            }
            pool.cap(self.total);
        }
        self.pools.retain(|pool| !pool.is_empty());
        share
    }

    /// No more than so much there is what is followed.
    pub fn most(&self) -> i64 {
        let most = self.pools.iter().map(|pool| pool.share.most);
        most.fold(0, i64::saturating_add)
    }

    /// What is there of what is followed, by label.
    pub fn rest(&self) -> impl Iterator<Item = (Label, Share)> + '_ {
        let left = self.pools.iter().filter(|pool| pool.share.is_any());
        left.map(|pool| (pool.label, pool.share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn lot(lot: u32) -> Label {
        Label {
            item: 1,
            lot,
            serial: 0,
        }
    }

    fn share(least: i64, most: i64) -> Share {
        Share { least, most }
    }

    #[test]
    fn what_is_taken_by_its_lot_is_certain_and_leaves_the_other_lot_alone() {
        let mut bin = Family::default();
        bin.put(lot(1), 10, Share::all(10));
        bin.put(lot(2), 10, Share::NONE);
        assert_eq!(bin.take(lot(2), 4, true), Share::NONE);
        assert_eq!(bin.take(lot(1), 4, true), Share::all(4));
        assert_eq!(bin.rest().collect::<Vec<_>>(), [(lot(1), share(6, 6))]);
    }

    #[test]
    fn what_is_taken_without_lot_is_certain_only_where_there_is_no_other() {
        let mut bin = Family::default();
        bin.put(lot(1), 10, Share::all(10));
        assert_eq!(bin.take(lot(0), 3, false), Share::all(3));
        bin.put(lot(2), 5, Share::NONE);
        // Seven and five are there.
        assert_eq!(bin.take(lot(0), 4, false), share(0, 4));
        assert_eq!(bin.rest().collect::<Vec<_>>(), [(lot(1), share(3, 7))]);
        // Even if all four were of the first lot, two of these are.
        assert_eq!(bin.take(lot(0), 7, false), share(2, 7));
        assert_eq!(bin.take(lot(0), 1, false), share(0, 1));
        assert_eq!(bin.rest().count(), 0, "nothing is left of anything");
    }

    #[test]
    fn an_empty_place_forgets_and_a_book_below_nothing_does_not_eat_what_comes() {
        let mut bin = Family::default();
        assert_eq!(bin.take(lot(0), 5, false), Share::NONE);
        bin.put(lot(1), 10, Share::all(10));
        assert_eq!(bin.rest().collect::<Vec<_>>(), [(lot(1), share(10, 10))]);
        // What nobody saw come may be of this lot; it is not sure.
        assert_eq!(bin.take(lot(1), 12, true), share(10, 12));
        assert_eq!(bin.rest().count(), 0);
    }
}
