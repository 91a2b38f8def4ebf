//! Orders, as far as the floor speaks of them.

use serde::{Deserialize, Serialize};

/// A line's number on its order or task, from 1.
pub type LineNo = u32;

/// What kind of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// Goods that a supplier sends us.
    Receipt,
    /// Goods that we send a customer.
    Sales,
    /// Goods that a customer sends back.
    Return,
    /// Goods that we make of others.
    Production,
    /// Goods that we take apart.
    Disassembly,
    /// Goods that we send to another warehouse of ours.
    Transfer,
}

impl OrderKind {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Receipt,
        Self::Sales,
        Self::Return,
        Self::Production,
        Self::Disassembly,
        Self::Transfer,
    ];

    /// As it is written in databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Sales => "sales",
            Self::Return => "return",
            Self::Production => "production",
            Self::Disassembly => "disassembly",
            Self::Transfer => "transfer",
        }
    }
}
