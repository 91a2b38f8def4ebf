//! What a handheld's memory knows of a code: the answer to "what is this, where is it?".

use super::{Bin, Item, Quantity, SafeText, StockRow, Worker};

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// An item, and where it is.
    Item {
        /// The item.
        item: Item,
        /// How many units this very code stands for.
        holds: Quantity,
        /// Where it is.
        stock: Vec<StockRow>,
    },
    /// A bin, and what is in it.
    Bin {
        /// The bin.
        bin: Bin,
        /// What is in it, with the items' names.
        stock: Vec<(StockRow, SafeText)>,
    },
    /// A license plate, tote or order, and what is on it.
    Load {
        /// What is on it, with the items' names.
        stock: Vec<(StockRow, SafeText)>,
    },
    /// A worker.
    Worker(Worker),
    /// Nothing is known of it here.
    Nothing,
}
