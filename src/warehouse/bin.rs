//! Bins: the places of a warehouse where goods can stand.

use super::{BinCode, EquipmentCode, Point, Temperature, ZoneCode};
use serde::{Deserialize, Serialize};

/// What a bin is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BinKind {
    /// Picked from, refilled from reserve.
    PickFace,
    /// Full pallets and cases above the pick face.
    Reserve,
    /// Where received goods wait for putaway.
    Receiving,
    /// Where picked goods wait for packing.
    Packing,
    /// A dock door and the floor before it.
    Dock,
    /// Where goods wait for a person to look at them.
    Quarantine,
    /// Where packed goods wait for their truck.
    Staging,
    /// Where what customers send back arrives.
    Returns,
}

/// One bin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bin {
    /// What its label says.
    pub code: BinCode,
    /// The zone it belongs to.
    pub zone: ZoneCode,
    /// What it is for.
    pub kind: BinKind,
    /// Its place in the walk of the warehouse: lower comes first.
    pub sequence: u32,
    /// Centre line of its aisle, in centimetres from the layout's origin.
    pub x_cm: i32,
    /// How far along the aisle, in centimetres from the layout's origin.
    pub y_cm: i32,
    /// Shelf level: 0 stands on the floor.
    pub level: u8,
    /// A frozen bin takes and gives nothing until it is released.
    pub frozen: bool,
    /// What it can take.
    #[serde(default)]
    pub limits: Limits,
}

impl Bin {
    /// Where it is on the floor.
    pub const fn at(&self) -> Point {
        Point {
            x_cm: self.x_cm,
            y_cm: self.y_cm,
        }
    }
}

impl BinKind {
    /// All there are.
    pub const ALL: [Self; 8] = [
        Self::PickFace,
        Self::Reserve,
        Self::Receiving,
        Self::Packing,
        Self::Dock,
        Self::Quarantine,
        Self::Staging,
        Self::Returns,
    ];
}

/// What a bin can take. What nobody said sets no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Most weight in grams.
    pub weight_g: Option<u64>,
    /// Most volume in cubic centimetres.
    pub volume_cm3: Option<u64>,
    /// Greatest height of what stands in it, in millimetres.
    pub height_mm: Option<u32>,
    /// How warm it is.
    pub temperature: Temperature,
    /// What may lie together in it.
    pub mixing: Mixing,
    /// What is needed to reach it.
    pub equipment: Option<EquipmentCode>,
}

/// What may lie together in a bin.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Mixing {
    /// Anything.
    #[default]
    Any,
    /// One item, of whatever lots.
    OneItem,
    /// One lot of one item.
    OneLot,
}

impl Mixing {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Any, Self::OneItem, Self::OneLot];

    /// As it is written in files and databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::OneItem => "one_item",
            Self::OneLot => "one_lot",
        }
    }
}

impl std::str::FromStr for Mixing {
    type Err = BadMixing;

    fn from_str(text: &str) -> Result<Self, BadMixing> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or(BadMixing)
    }
}

/// Why a text does not say what may lie together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what may lie together is any, one_item or one_lot")]
pub struct BadMixing;
