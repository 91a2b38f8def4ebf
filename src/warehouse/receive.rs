//! Receiving as a job: what a supplier sends, as far as it was announced.

use super::{Barcode, BinCode, Item, LineNo, LotCode, OrderCode, Quantity, SafeText, Sscc};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Receiving of what one supplier brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiveJob {
    /// The order or notice; none if nobody announced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderCode>,
    /// Who sends it, as far as is known.
    #[serde(default)]
    pub supplier: SafeText,
    /// Where received goods are put down; none: the worker says where.
    #[serde(default)]
    pub bin: Option<BinCode>,
    /// So much more than ordered is taken without asking, in percent.
    #[serde(default)]
    pub over_percent: u32,
    /// What is expected.
    #[serde(default)]
    pub lines: Vec<ReceiveLine>,
    /// License plates set aside for goods that come without one, used in turn.
    #[serde(default)]
    pub plates: Vec<Sscc>,
}

/// Something that is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiveLine {
    /// Its number.
    pub line: LineNo,
    /// The item.
    pub item: Item,
    /// What can be scanned for it.
    pub barcodes: Vec<Barcode>,
    /// How much is still to come.
    pub quantity: Quantity,
    /// The license plate it was announced on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plate: Option<Sscc>,
    /// The lot that was announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// The last day that was announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<NaiveDate>,
    /// For how many days from today it must be good at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_days: Option<u32>,
    /// What comes in is kept back until a person has looked at it.
    #[serde(default)]
    pub inspect: bool,
}
