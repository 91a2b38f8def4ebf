//! The floor of a warehouse, as far as a walk over it must be known.

use super::Point;
use serde::{Deserialize, Serialize};

/// Where one can walk: along aisles and across them.
///
/// All in centimetres from the layout's origin. Aisles run along y, each at its x; cross aisles along x, each at its y.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// Where the aisles are.
    pub aisles_cm: Vec<i32>,
    /// Where one can go from aisle to aisle.
    pub cross_aisles_cm: Vec<i32>,
    /// Where carts and totes stand, if known: a walk begins there.
    #[serde(default)]
    pub start: Option<Point>,
}
