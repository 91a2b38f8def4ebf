//! Zones picked apart: which part of an order a picking is, and how its totes come from the zone before and go on to the next.

use super::{BinCode, Point, TaskId, ToteCode, ZoneCode};
use serde::{Deserialize, Serialize};

/// The part of an order that lies in one zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// The zone.
    pub zone: ZoneCode,
    /// Where the totes of the zone before stand; none: nothing was picked before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ComesFrom>,
    /// Where the totes go on from; none: they are brought to where the order is packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<GoesTo>,
}

/// Where totes come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComesFrom {
    /// The picking that leaves them there.
    pub task: TaskId,
    /// The own buffer of this zone.
    pub bin: BinCode,
    /// Where that is, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Point>,
    /// The totes that stand there, as far as is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totes: Vec<ToteCode>,
}

/// Where totes go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoesTo {
    /// The zone that goes on with them.
    pub zone: ZoneCode,
    /// Its buffer.
    pub bin: BinCode,
    /// Where that is, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Point>,
}
