//! Jobs inside the house: goods are moved, pick faces filled, bins counted, stock judged, returns taken in, items made.

use super::{
    Barcode, BinCode, Goods, Item, ItemCode, LineNo, LotCode, OrderCode, Quantity, SafeText, Sscc,
    Status, WorkerCode,
};
use serde::{Deserialize, Serialize};

/// Goods go from bin to bin. Without lines the worker chooses what, and where to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveJob {
    /// What to move, in turn.
    pub lines: Vec<MoveLine>,
}

/// Goods to be moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveLine {
    /// Its number.
    pub line: LineNo,
    /// From where.
    pub from: BinCode,
    /// To where.
    pub to: BinCode,
    /// The license plate that is moved as a whole, if one is.
    #[serde(default)]
    pub plate: Option<Sscc>,
    /// In which status the goods are.
    #[serde(default)]
    pub status: Status,
    /// What.
    pub goods: Goods,
    /// The item.
    pub item: Item,
    /// How much.
    pub quantity: Quantity,
    /// What can be scanned for it.
    pub barcodes: Vec<Barcode>,
}

/// Bins are counted. Without bins the worker chooses which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountJob {
    /// Which bins, in the order of the walk.
    pub bins: Vec<CountBin>,
    /// Only this item; all that lies there if none.
    #[serde(default)]
    pub item: Option<ItemCode>,
    /// What may lie there, so that nothing has to be looked up.
    #[serde(default)]
    pub items: Vec<(Item, Vec<Barcode>)>,
    /// Who must not count it: they counted it before.
    #[serde(default)]
    pub not_by: Option<WorkerCode>,
}

/// One bin to be counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountBin {
    /// Its number.
    pub line: LineNo,
    /// The bin.
    pub bin: BinCode,
    /// What should be there, if the worker may know; nobody is told in a blind count.
    #[serde(default)]
    pub expected: Vec<(Goods, Quantity)>,
}

/// Stock in a bin is kept back, released, called damaged or thrown away. The worker chooses which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestateJob {
    /// Whether this worker may also release and throw away.
    pub by_lead: bool,
}

/// Goods that a customer sent back are taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnJob {
    /// The return that the office knows of; none if nobody had announced it.
    #[serde(default)]
    pub order: Option<OrderCode>,
    /// Who sent it, if known.
    #[serde(default)]
    pub customer: SafeText,
    /// What should be in it.
    #[serde(default)]
    pub lines: Vec<ReturnLine>,
    /// What becomes of goods that look good.
    pub good: Status,
}

/// One item that should come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Its number.
    pub line: LineNo,
    /// The item.
    pub item: Item,
    /// What can be scanned for it.
    pub barcodes: Vec<Barcode>,
    /// How much was announced.
    pub quantity: Quantity,
}

/// An item is made of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssembleJob {
    /// The order that asks for it.
    pub order: OrderCode,
    /// What is made.
    pub product: Item,
    /// How much of it.
    pub quantity: Quantity,
    /// The lot it becomes, if the office has named one.
    #[serde(default)]
    pub lot: Option<LotCode>,
    /// The last day it may be used, if the office knows it.
    #[serde(default)]
    pub expiry: Option<chrono::NaiveDate>,
    /// Where it is put.
    pub to: BinCode,
    /// What it is made of: from where, how much for the whole quantity.
    pub components: Vec<MoveLine>,
}
