//! Why goods go into one bin and cannot go into another: what directed putaway says of each, and a worker can read.

use super::{BinKind, HazardClass, ItemCode, LotCode, Quantity, Status, Temperature};
use serde::{Deserialize, Serialize};

/// Why a bin cannot take some goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unfit", rename_all = "snake_case")]
pub enum Unfit {
    /// It takes and gives nothing for now.
    Frozen,
    /// Goods like these are not kept in bins of its kind.
    Kind {
        /// Its kind.
        kind: BinKind,
    },
    /// What lies there is of another status, and must not be taken for the same.
    Status {
        /// The status of what lies there.
        there: Status,
    },
    /// It is too warm, or too cold.
    Temperature {
        /// How warm it is.
        is: Temperature,
        /// How warm the goods must be kept.
        wanted: Temperature,
    },
    /// Goods of another hazard class lie there, or of none.
    Hazard {
        /// The class of what lies there.
        there: Option<HazardClass>,
    },
    /// It holds one item only, and that is another.
    OtherItem {
        /// What lies there, or is on its way there.
        there: ItemCode,
    },
    /// It holds one lot only, and that is another.
    OtherLot {
        /// The lot that lies there, or is on its way there.
        there: Option<LotCode>,
    },
    /// It would bear too much, in grams.
    Weight {
        /// What it would bear.
        would: u64,
        /// The most it may.
        most: u64,
    },
    /// It has not so much room, in cubic centimetres.
    Volume {
        /// What would be in it.
        would: u64,
        /// The most that goes in.
        most: u64,
    },
    /// The goods are higher than it is, in millimetres.
    Height {
        /// The height of the goods.
        is: u32,
        /// The most that goes in.
        most: u32,
    },
    /// The room that is left is promised to goods on their way.
    Promised {
        /// How much of the goods would go in, were it not.
        else_room: Quantity,
    },
}

/// By which rule a bin was chosen, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PutBy {
    /// It is the item's own bin.
    Fixed,
    /// The same goods lie there.
    OwnKind,
    /// It is empty, and near to where the item is picked.
    NearFace,
    /// It is empty.
    Empty,
    /// It still has room.
    Room,
}

impl PutBy {
    /// All there are, in their order.
    pub const ALL: [Self; 5] = [
        Self::Fixed,
        Self::OwnKind,
        Self::NearFace,
        Self::Empty,
        Self::Room,
    ];
}

/// Why this bin of all that would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyBin {
    /// The rule.
    pub by: PutBy,
    /// The walk from where the goods stand to the bin, in centimetres.
    pub walk_cm: u32,
    /// From the bin to where the item is picked, in centimetres, if it is picked anywhere.
    #[serde(default)]
    pub to_face_cm: Option<u32>,
    /// How many other bins would have done.
    pub others: u32,
}
