//! What is written by hand in `assets/demo`, as values. The files are part of the program, so reading them cannot fail
//! in the field; a test reads them all.

use serde::Deserialize;

/// A family of goods.
#[derive(Debug, Deserialize)]
pub(super) struct Family {
    pub family: String,
    pub name: String,
    pub zone: String,
    #[serde(default)]
    pub track: String,
    pub days: u32,
    pub case: u32,
    pub weight_g: u32,
    kinds: String,
    sizes: String,
}

impl Family {
    /// Every kind in every size.
    pub fn variants(&self) -> impl Iterator<Item = (&str, &str)> {
        let kinds = self.kinds.split('|');
        kinds.flat_map(|kind| self.sizes.split('|').map(move |size| (kind, size)))
    }

    pub fn has_serials(&self) -> bool {
        self.track.contains('s')
    }

    pub fn expires(&self) -> bool {
        self.track.contains('e')
    }

    pub fn has_lots(&self) -> bool {
        self.track.contains('l') || self.expires()
    }
}

/// A supplier or a customer.
#[derive(Debug, Deserialize)]
pub(super) struct Partner {
    pub kind: String,
    pub code: String,
    pub name: String,
}

/// Someone who works there.
#[derive(Debug, Deserialize)]
pub(super) struct Person {
    pub warehouse: String,
    pub code: String,
    pub name: String,
    pub badge: String,
    pub pin: String,
    pub role: String,
}

/// All warehouses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    #[serde(rename = "warehouse")]
    pub warehouses: Vec<Plan>,
}

/// How a warehouse is built and how busy it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub code: String,
    pub name: String,
    pub keeps_each: usize,
    pub receiving: u32,
    pub packing: u32,
    pub docks: u32,
    pub orders: u32,
    pub receipts: u32,
    #[serde(rename = "zone")]
    pub zones: Vec<Zone>,
}

/// A part of a warehouse: aisles side by side, all alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Zone {
    pub code: String,
    pub aisles: u32,
    pub bays: u32,
    pub levels: u32,
    pub pick_levels: u32,
    pub x_cm: i32,
    pub y_cm: i32,
}

fn rows<T: for<'a> Deserialize<'a>>(text: &str) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let rows = reader.deserialize().collect::<Result<_, _>>();
    rows.expect("a test reads this file")
}

pub(super) fn families() -> Vec<Family> {
    rows(include_str!("../../assets/demo/goods.csv"))
}

pub(super) fn partners() -> Vec<Partner> {
    rows(include_str!("../../assets/demo/partners.csv"))
}

pub(super) fn people() -> Vec<Person> {
    rows(include_str!("../../assets/demo/people.csv"))
}

pub(super) fn layout() -> Layout {
    toml::from_str(include_str!("../../assets/demo/layout.toml")).expect("a test reads this file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_hand_can_be_read() {
        assert!(families().iter().all(|family| family.case > 0));
        assert!(!partners().is_empty() && !people().is_empty());
        let zones: Vec<String> = layout().warehouses[0]
            .zones
            .iter()
            .map(|z| z.code.clone())
            .collect();
        for family in families() {
            assert!(
                zones.contains(&family.zone),
                "{} has no zone",
                family.family
            );
            assert!(
                !family.expires() || family.days > 0,
                "{} never expires",
                family.family
            );
        }
    }
}
