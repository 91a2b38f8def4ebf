//! What should be there by the book, as far as a count by tags needs it: each item once, and what stands on each plate.

use crate::warehouse::{ItemCode, Quantity, SafeText, Sscc};
use std::collections::BTreeMap;

/// What should be in a bin or zone by the book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    items: BTreeMap<ItemCode, (SafeText, Quantity)>,
    plates: BTreeMap<Sscc, BTreeMap<ItemCode, Quantity>>,
}

impl Book {
    /// Adds so much of an item, which people call so, on a license plate if on one.
    pub fn add(
        &mut self,
        item: &ItemCode,
        name: &SafeText,
        plate: Option<Sscc>,
        quantity: Quantity,
    ) {
        let of_it = self.items.entry(item.clone());
        let (_, sum) = of_it.or_insert_with(|| (name.clone(), Quantity::ZERO));
        *sum = sum.plus(quantity);
        if let Some(plate) = plate {
            let on_it = self.plates.entry(plate).or_default();
            let sum = on_it.entry(item.clone()).or_default();
            *sum = sum.plus(quantity);
        }
    }

    /// Each item, what people call it and how much there should be of it, by code.
    pub fn items(&self) -> impl Iterator<Item = (&ItemCode, &SafeText, Quantity)> {
        self.items
            .iter()
            .map(|(item, (name, sum))| (item, name, *sum))
    }

    /// What should stand on a license plate; none if that plate should not be there.
    pub fn on(&self, plate: Sscc) -> Option<&BTreeMap<ItemCode, Quantity>> {
        self.plates.get(&plate)
    }
}
