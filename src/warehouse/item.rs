//! Items, the barcodes that stand for them, and the goods that people hold in their hands.

use super::{ItemCode, LotCode, Quantity, SafeText, SerialCode};
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
}

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
