//! Bins: the places of a warehouse where goods can stand.

use super::{BinCode, ZoneCode};
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
}
