//! Labels and papers: which of them a fact calls for, what stands on them, and how that is said to a printer.
//! Knows nothing of ports, queues or who prints.

mod bars;
mod contents;
mod template;

pub use bars::{NoBars, code_128, gs1_128};
pub use contents::{About, called_for, calls};
pub use template::{BadTemplate, Dialect, FIELDS, Template, Templates};

use crate::warehouse::{SafeText, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What kind of label or paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// On a carton: its SSCC, whom it goes to, which of the order's cartons it is.
    Carton,
    /// On a carton or pallet for the carrier: the address, large.
    Shipping,
    /// On a pallet: its SSCC and what stands on it.
    Plate,
    /// In the last carton of an order: what is in each.
    PackingList,
    /// On a bin.
    Bin,
    /// On a tote.
    Tote,
    /// Worn by a worker.
    Badge,
}

impl LabelKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Carton,
        Self::Shipping,
        Self::Plate,
        Self::PackingList,
        Self::Bin,
        Self::Tote,
        Self::Badge,
    ];

    /// Its name in files: of its template, and in configurations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Carton => "carton",
            Self::Shipping => "shipping",
            Self::Plate => "plate",
            Self::PackingList => "packing_list",
            Self::Bin => "bin",
            Self::Tote => "tote",
            Self::Badge => "badge",
        }
    }
}

/// What stands on one label, before a template says where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// What kind.
    pub kind: LabelKind,
    /// What people call it: the carton, the bin.
    pub name: SafeText,
    /// Named texts; [`FIELDS`] says which there are.
    pub fields: BTreeMap<String, SafeText>,
    /// Lines of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<SafeText>,
}

/// Where a label stands in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelState {
    /// It waits for its printer.
    Waiting,
    /// A printer took it.
    Printed,
    /// Its fact was taken back before it was printed.
    Withdrawn,
    /// What stands on it cannot be printed.
    Bad,
}

impl LabelState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Printed, Self::Withdrawn, Self::Bad];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Printed => "printed",
            Self::Withdrawn => "withdrawn",
            Self::Bad => "bad",
        }
    }
}

/// A label in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Its number.
    pub id: i64,
    /// The fact that called for it.
    pub seq: u64,
    /// When that happened.
    pub at: Timestamp,
    /// Where it stands.
    pub state: LabelState,
    /// What stands on it.
    pub label: Label,
}

impl Label {
    fn new(kind: LabelKind, name: &str) -> Self {
        Self {
            kind,
            name: SafeText::new(name),
            fields: BTreeMap::new(),
            rows: Vec::new(),
        }
    }

    fn with(mut self, field: &str, text: &str) -> Self {
        self.fields.insert(field.to_owned(), SafeText::new(text));
        self
    }
}
