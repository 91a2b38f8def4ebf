//! What the office tells a handheld: the new state of one thing, to be put into its cache.

use super::{
    Barcode, Bin, BinCode, Goods, Item, ItemCode, Message, Quantity, Spot, Task, TaskId, Worker,
    WorkerCode,
};
use serde::{Deserialize, Serialize};

/// How much of some goods is at a spot. The key is spot, item, lot and serial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockRow {
    /// Where.
    pub spot: Spot,
    /// What.
    pub goods: Goods,
    /// How much in all; zero removes the row, less than zero is possible and wants a count.
    pub quantity: Quantity,
}

/// The new state of one thing. Applying the same change twice is the same as once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", content = "is", rename_all = "snake_case")]
pub enum Change {
    /// An item is so.
    Item(Item),
    /// An item is no more.
    ItemGone(ItemCode),
    /// A barcode stands for this.
    Barcode(Barcode),
    /// A barcode stands for nothing any more.
    BarcodeGone(String),
    /// A bin is so.
    Bin(Bin),
    /// A bin is no more.
    BinGone(BinCode),
    /// A worker is so.
    Worker(Worker),
    /// A worker may not sign in any more.
    WorkerGone(WorkerCode),
    /// So much is there.
    Stock(StockRow),
    /// A task is so.
    Task(Box<Task>),
    /// A task is done or withdrawn.
    TaskGone(TaskId),
    /// Something to be read.
    Message(Message),
    /// Nobody need read it any more.
    MessageGone(u64),
}
