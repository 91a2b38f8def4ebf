//! From bytes to meaning: what does a label or a tag say?
//! Knows nothing of ports, of stock or of what was asked for.

pub mod aim;
pub mod digital_link;
pub mod envelope;
mod epc;
mod fill;
mod frame;
pub mod gs1;
pub mod hibc;
mod labels;
mod line;
mod read;
pub mod retail;
mod substitutes;
mod tag;
mod unreadable;

pub use epc::{BadEpc, Coding, Epc, Filter, Kind, LONGEST_EPC, Packing, RawEpc, Scheme, read_tag};
pub use frame::{Frame, LONGEST_FRAME, Source};
pub use labels::Labels;
pub use line::{Cut, LineEnd, LineFramer, LineRules};
pub use read::{read, read_in};
pub use substitutes::Substitutes;
pub use tag::{Signal, Tag};
pub use unreadable::Unreadable;

use crate::warehouse::{
    BadgeCode, BinCode, Gtin, LotCode, OrderCode, Quantity, SafeText, SerialCode, Sscc, ToteCode,
};
use chrono::NaiveDate;

/// What a label or a tag says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// A bin's label.
    Bin(BinCode),
    /// A worker's badge.
    Badge(BadgeCode),
    /// A tote's label.
    Tote(ToteCode),
    /// An order's paper.
    Order(OrderCode),
    /// The license plate of a pallet or carton.
    Plate(Sscc),
    /// Goods, or a part of what must be known of them (a second symbol with lot and expiry only).
    Goods(Label),
    /// The office's code for a new handheld.
    Enrolment(SafeText),
    /// Well read, but nothing that this warehouse knows a meaning for; looked up as it stands.
    Code(SafeText),
}

/// What a goods label says, each part if it says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// AI 01, 02 or 03, the first part of 8006 or 8026, or the retail barcode itself.
    pub gtin: Option<Gtin>,
    /// What stands for the item where there is no GTIN: a code of the warehouse's own, a part number (MH10.8.2),
    /// or labeler, product and unit of an HIBC label.
    pub code: Option<SafeText>,
    /// AI 10.
    pub lot: Option<LotCode>,
    /// AI 21.
    pub serial: Option<SerialCode>,
    /// AI 17 or 7003; day 00 is the last of the month.
    pub expiry: Option<NaiveDate>,
    /// AI 15.
    pub best_before: Option<NaiveDate>,
    /// AI 11.
    pub produced: Option<NaiveDate>,
    /// AI 30 or 37: how many the label says there are.
    pub count: Option<Quantity>,
    /// AI 310n, 320n or 356n: net weight in grams, rounded.
    pub weight_g: Option<u64>,
    /// AI 00 on the same label.
    pub plate: Option<Sscc>,
}

impl Label {
    /// Whether it says nothing that work is done with.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
