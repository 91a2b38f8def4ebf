//! Taking apart: an item becomes the parts that it was made of.

use super::{Barcode, BinCode, Goods, Item, LineNo, MoveLine, OrderCode, Quantity};
use serde::{Deserialize, Serialize};

/// An item is taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisassembleJob {
    /// The order that asks for it.
    pub order: OrderCode,
    /// What is taken apart.
    pub product: Item,
    /// Where its parts are put.
    pub to: BinCode,
    /// From where it is fetched, and how much.
    pub products: Vec<MoveLine>,
    /// What comes out of it.
    pub parts: Vec<PartLine>,
}

/// One part of what is taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLine {
    /// Its number.
    pub line: LineNo,
    /// The item.
    pub item: Item,
    /// What can be scanned for it.
    pub barcodes: Vec<Barcode>,
    /// How much comes out of one unit.
    pub of_one: Quantity,
    /// Of what lots these parts are, where it is known how the product was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_of: Vec<MadeOf>,
}

/// A lot of the product, and what went into it when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeOf {
    /// The product.
    pub product: Goods,
    /// The part.
    pub part: Goods,
}

impl PartLine {
    /// What a part without a lot on it is: the only lot that went into this product, if it is known and there is only one.
    pub fn only_lot(&self, product: &Goods) -> Option<&Goods> {
        let mut known = (self.made_of.iter())
            .filter(|known| {
                (&known.product.lot, &known.product.serial) == (&product.lot, &product.serial)
            })
            .map(|known| &known.part);
        let first = known.next()?;
        known.all(|other| other.lot == first.lot).then_some(first)
    }
}
