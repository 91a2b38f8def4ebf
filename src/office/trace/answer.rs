//! What a trace answers.

use super::Asked;
use crate::planning::trace::Share;
use crate::warehouse::{
    Goods, ItemCode, OrderCode, Place, Quantity, SafeText, Timestamp, WarehouseCode,
};
use serde::{Deserialize, Serialize};

/// How much of what is followed: so much surely, and so much more that may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// So much surely.
    pub certain: Quantity,
    /// So much more, perhaps.
    pub possible: Quantity,
}

impl Exposure {
    /// All that it may be.
    pub const fn most(self) -> Quantity {
        self.certain.plus(self.possible)
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            certain: self.certain.plus(other.certain),
            possible: self.possible.plus(other.possible),
        }
    }

    /// Without what went back.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self {
            certain: self.certain.minus(other.certain),
            possible: self.possible.minus(other.possible),
        }
    }

    /// Whether it is any at all.
    pub const fn is_any(self) -> bool {
        self.certain.is_positive() || self.possible.is_positive()
    }
}

impl From<Share> for Exposure {
    fn from(share: Share) -> Self {
        Self {
            certain: Quantity::from_thousandths(share.least),
            possible: Quantity::from_thousandths(share.most.saturating_sub(share.least)),
        }
    }
}

/// Goods that were met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedGoods {
    /// What.
    pub goods: Goods,
    /// How many runs of making lie between it and what was asked for.
    pub level: u32,
    /// How much came in or was made.
    pub came: Exposure,
}

/// How goods came into our hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// From a supplier.
    Received,
    /// From another warehouse of ours.
    Transferred,
    /// A count found more, or stock was brought into the books.
    Found,
    /// A customer sent it back.
    Returned,
}

impl How {
    /// Its name on lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Transferred => "transferred",
            Self::Found => "found",
            Self::Returned => "returned",
        }
    }
}

/// What came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// How.
    pub how: How,
    /// Where.
    pub warehouse: WarehouseCode,
    /// The order or paper it came with; empty if with none.
    pub order: SafeText,
    /// The supplier, if the order names one.
    pub partner: SafeText,
    /// What.
    pub goods: Goods,
    /// How much.
    pub amount: Exposure,
    /// When the first of it was booked.
    pub at: Timestamp,
}

/// What went into what: one row a pair of goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Into {
    /// What was used up.
    pub from: Goods,
    /// How much of it.
    pub used: Exposure,
    /// What was made of it.
    pub into: Goods,
    /// How much of that.
    pub made: Exposure,
}

/// What is there still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stands {
    /// Where.
    pub warehouse: WarehouseCode,
    /// In which bin, tote or hands.
    pub place: Place,
    /// What.
    pub goods: Goods,
    /// How much.
    pub amount: Exposure,
}

/// How far goods for a customer have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Packed, in the house.
    Packed,
    /// On a truck.
    Loaded,
    /// Handed over.
    Delivered,
}

impl Stage {
    /// Its name on lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Packed => "packed",
            Self::Loaded => "on a truck",
            Self::Delivered => "delivered",
        }
    }
}

/// What went to a customer, or is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// From where.
    pub warehouse: WarehouseCode,
    /// With which order, if that is known.
    pub order: Option<OrderCode>,
    /// To whom; empty if the order is not known.
    pub customer: SafeText,
    /// On which truck's shipment, once it is on one.
    pub shipment: SafeText,
    /// The license plate of its carton; empty if it has none.
    pub plate: SafeText,
    /// What.
    pub goods: Goods,
    /// How much.
    pub amount: Exposure,
    /// How far it is.
    pub stage: Stage,
}

/// What came of all there was of an item. What came is what went, what is left and what is not accounted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The item.
    pub item: ItemCode,
    /// Came in, or was there when it was asked for.
    pub came: Exposure,
    /// Was made.
    pub made: Exposure,
    /// Went to customers and did not come back.
    pub sent: Exposure,
    /// Went into something else.
    pub used: Exposure,
    /// Was written off.
    pub lost: Exposure,
    /// Nobody can say.
    pub unknown: Exposure,
    /// Is in our hands.
    pub left: Exposure,
    /// So much is in none of these with certainty: it went somewhere without its lot being read.
    pub open: Quantity,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traced {
    /// To which question.
    pub asked: Asked,
    /// All goods that were met, nearest first.
    pub goods: Vec<TracedGoods>,
    /// How they came in.
    pub came: Vec<Came>,
    /// What became what.
    pub made: Vec<Into>,
    /// What is there still; not asked backward.
    pub stands: Vec<Stands>,
    /// What customers have or will get.
    pub sent: Vec<Sent>,
    /// What came of it all; not asked backward.
    pub balance: Vec<Balance>,
}
