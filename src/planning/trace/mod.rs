//! Following goods through the ledger, with time or against it: which of them are surely what was asked for, and which may be.
//! Every pool of goods keeps bounds (at least so much, at most so much); nothing is assumed of which unit went first.

mod pool;
mod walk;

pub use pool::{Family, Share};
pub use walk::{
    Direction, End, Followed, Ledger, Moment, NotFollowed, Passed, Question, Rest, Step, follow,
};

/// What is known of some goods, as numbers that whoever keeps the names gave out. 0: not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The item; always told.
    pub item: u32,
    /// The lot.
    pub lot: u32,
    /// The single unit.
    pub serial: u32,
}

impl Label {
    /// Whether goods under one label can be those under the other: nothing that both tell differs.
    pub const fn fits(self, other: Self) -> bool {
        const fn same(one: u32, other: u32) -> bool {
            one == 0 || other == 0 || one == other
        }
        self.item == other.item && same(self.lot, other.lot) && same(self.serial, other.serial)
    }

    /// Whether it tells more than the item.
    pub const fn is_told(self) -> bool {
        self.lot != 0 || self.serial != 0
    }
}
