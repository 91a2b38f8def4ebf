//! What is counted at once.

use super::{BinCode, ZoneCode};
use serde::{Deserialize, Serialize};

/// What is counted at once: as JSON `"bin": "A-01-03"` or `"zone": "A"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// One bin.
    Bin(BinCode),
    /// All bins of a zone.
    Zone(ZoneCode),
}

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bin(bin) => write!(f, "{bin}"),
            Self::Zone(zone) => write!(f, "zone {zone}"),
        }
    }
}
