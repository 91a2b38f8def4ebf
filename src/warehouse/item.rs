//! Items, the barcodes that stand for them, and the goods that people hold in their hands.

use super::{HazardClass, ItemCode, LotCode, Quantity, SafeText, SerialCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What must be known of every unit of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tracking {
    /// Each unit belongs to a lot.
    pub lot: bool,
    /// Each unit has its own serial.
    pub serial: bool,
    /// Each lot has an expiry date.
    pub expiry: bool,
}

/// An item: what is bought, kept and sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The office's code for it.
    pub code: ItemCode,
    /// What people call it.
    pub name: SafeText,
    /// The unit that quantities count ("each", "kg").
    pub unit: SafeText,
    /// What must be known of every unit.
    #[serde(default)]
    pub tracking: Tracking,
    /// Weight of one unit in grams, if known.
    #[serde(default)]
    pub weight_g: Option<u32>,
    /// How it must be kept, packed and carried.
    #[serde(default)]
    pub handling: Handling,
}

/// How an item must be kept, packed and carried. What nobody said asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Handling {
    /// Length, width and height of one unit in millimetres, as it stands upright.
    pub size_mm: Option<[u32; 3]>,
    /// Each piece is weighed: its weight is not the same for all.
    pub catch_weight: bool,
    /// How warm it may be.
    pub temperature: Temperature,
    /// Its hazard class (UN "3", "8", …); goods of different classes are kept apart.
    pub hazard: Option<HazardClass>,
    /// Nothing heavy may stand on it.
    pub fragile: bool,
    /// It may not be laid on its side.
    pub upright: bool,
    /// For how many days it can be used from the day it was made.
    pub shelf_life_days: Option<u32>,
    /// What comes in is kept back until a person has looked at it.
    pub inspect: bool,
}

/// How warm goods must be kept, or a bin is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Temperature {
    /// As it is.
    #[default]
    Ambient,
    /// From 2 to 8 degrees Celsius.
    Chilled,
    /// Below -18 degrees Celsius.
    Frozen,
}

impl Temperature {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Ambient, Self::Chilled, Self::Frozen];

    /// As it is written in files and databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ambient => "ambient",
            Self::Chilled => "chilled",
            Self::Frozen => "frozen",
        }
    }
}

impl std::str::FromStr for Temperature {
    type Err = BadTemperature;

    fn from_str(text: &str) -> Result<Self, BadTemperature> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or(BadTemperature)
    }
}

/// Why a text is no temperature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a temperature is ambient, chilled or frozen")]
pub struct BadTemperature;

/// A code that stands for so many units of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barcode {
    /// What is scanned: a GTIN in its 14-digit form, or any other code as printed.
    pub code: SafeText,
    /// The item it stands for.
    pub item: ItemCode,
    /// How many units it holds: 1 for an each, 12 for a case of twelve.
    pub holds: Quantity,
}

/// Goods: an item, and as much of lot, serial and expiry as is known or demanded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Goods {
    /// The item.
    pub item: ItemCode,
    /// Its lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Its serial; then the quantity is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<SerialCode>,
    /// Last day it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<NaiveDate>,
}

impl Goods {
    /// Goods of which only the item is known.
    pub fn of(item: ItemCode) -> Self {
        Self {
            item,
            lot: None,
            serial: None,
            expiry: None,
        }
    }
}
