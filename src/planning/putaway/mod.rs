//! Directed putaway: which bin some goods go to, and why not to any other.
//!
//! First the hard rules ([`Unfit`]): they leave the bins that may take the goods at all. Then the strategies in their order
//! ([`PutBy`]): the first that knows a bin decides. Among its bins the score: least walk, fewest places for one item,
//! fullest fit. What is promised to goods on their way counts as there, so that no space is given away twice.

mod rules;
mod score;

pub use rules::{room, unfit_alone};
pub use score::Score;

use crate::warehouse::{
    Bin, BinCode, Goods, HazardClass, Item, ItemCode, LotCode, Point, PutBy, Quantity, Status,
    Unfit,
};

/// Most bins that one lot of goods is spread over; what is left then waits.
const MOST_PARTS: usize = 8;

/// Goods that lie in a bin or are on their way there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The item.
    pub item: ItemCode,
    /// Its lot.
    pub lot: Option<LotCode>,
    /// Its status.
    pub status: Status,
    /// Its hazard class.
    pub hazard: Option<HazardClass>,
    /// How much.
    pub quantity: Quantity,
    /// Weight of one unit in grams, if known.
    pub weight_g: Option<u64>,
    /// Volume of one unit in cubic millimetres, if known.
    pub volume_mm3: Option<u64>,
}

impl Held {
    /// So much of some goods.
    pub fn new(item: &Item, goods: &Goods, status: Status, quantity: Quantity) -> Self {
        // A kilogram weighs a thousand grams, whatever it is of.
        let is_weight = item.unit.as_str() == "kg";
        let weight_g = item.weight_g.map(u64::from);
        let size = item.handling.size_mm;
        Self {
            item: item.code.clone(),
            lot: goods.lot.clone(),
            status,
            hazard: item.handling.hazard.clone(),
            quantity,
            weight_g: weight_g.or(is_weight.then_some(1000)),
            volume_mm3: size.map(|sides| sides.into_iter().map(u64::from).product()),
        }
    }
}

/// A bin with all that counts for putaway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The bin.
    pub bin: Bin,
    /// What lies there.
    pub held: Vec<Held>,
    /// What open work is on its way there with.
    pub promised: Vec<Held>,
    /// The items whose own bin it is.
    pub fixed: Vec<ItemCode>,
}

impl Shelf {
    /// Whether nothing lies there and nothing comes.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty() && self.promised.is_empty()
    }

    fn all(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().chain(&self.promised)
    }
}

/// Goods that look for a bin together: one thing, or all that stands on one license plate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load<'a> {
    /// What: each with its item.
    pub lines: Vec<(&'a Item, Held)>,
    /// Whether they stand on a license plate: then they stay together.
    pub on_plate: bool,
}

/// Where a bin is.
pub const fn point(bin: &Bin) -> Point {
    Point {
        x_cm: bin.x_cm,
        y_cm: bin.y_cm,
    }
}

/// What was said of one bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It cannot take any of the goods.
    Unfit(Unfit),
    /// It could take so much of them, by this rule and at this score.
    Fit {
        /// The rule.
        by: PutBy,
        /// How much of the goods goes in.
        room: Quantity,
        /// The score; lower is better.
        score: Score,
    },
}

/// So much of the goods into one bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The place of the bin in the list of shelves.
    pub shelf: usize,
    /// How much.
    pub quantity: Quantity,
    /// By which rule.
    pub by: PutBy,
    /// At which score.
    pub score: Score,
}

/// Where goods go, and what was said of every bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The bins chosen, in turn; more than one only for loose goods.
    pub parts: Vec<Part>,
    /// What found no place.
    pub left: Quantity,
    /// What was said of each shelf, in their order, before anything was placed.
    pub verdicts: Vec<Verdict>,
}

/// Finds bins for a load that stands at `from`. `strategies`: those that may be used, in their order.
///
/// Loose goods may be spread over several bins, the goods of a plate never. The shelves are not changed:
/// whoever uses the answer adds it to their promises.
pub fn place(load: &Load, from: Point, shelves: &[Shelf], strategies: &[PutBy]) -> Placed {
    let context = score::Context::new(load, from, shelves, strategies);
    let all: Quantity = load.lines.iter().map(|(_, held)| held.quantity).sum();
    let verdicts: Vec<Verdict> = shelves
        .iter()
        .map(|shelf| context.judge(load, shelf))
        .collect();
    let mut fits: Vec<(usize, PutBy, Quantity, Score)> = verdicts
        .iter()
        .enumerate()
        .filter_map(|(at, verdict)| match verdict {
            Verdict::Fit { by, room, score } if strategies.contains(by) => {
                Some((at, *by, *room, *score))
            }
            Verdict::Fit { .. } | Verdict::Unfit(_) => None,
        })
        .collect();
    fits.sort_by_key(|(at, by, room, score)| {
        let bin = &shelves[*at].bin;
        let turn = strategies.iter().position(|it| it == by);
        (
            turn,
            *room < all,
            score.total(),
            bin.sequence,
            bin.code.clone(),
        )
    });
    let mut left = all;
    let mut parts = Vec::new();
    for (shelf, by, room, score) in fits.into_iter().take(MOST_PARTS) {
        let quantity = room.min(left);
        if quantity.is_positive() {
            left = left.minus(quantity);
            parts.push(Part {
                shelf,
                quantity,
                by,
                score,
            });
        }
    }
    Placed {
        parts,
        left,
        verdicts,
    }
}

impl Placed {
    /// How many bins could take the goods.
    pub fn fitting(&self) -> usize {
        let fits = |verdict: &&Verdict| matches!(verdict, Verdict::Fit { .. });
        self.verdicts.iter().filter(fits).count()
    }
}

/// Where an item is picked: its own bin, else the pick face that holds most of it.
pub fn face_of<'a>(item: &ItemCode, shelves: &'a [Shelf]) -> Option<&'a BinCode> {
    score::face(item, shelves).map(|shelf| &shelf.bin.code)
}
