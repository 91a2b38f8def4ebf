//! What tapes say of packing and shipping beyond the lines: kinds of carton, weighing.

use super::world::Words;
use stockhand::warehouse::{CartonType, Handling, Item, Packing, Weighing};

/// Sizes and weights of the items that are packed by them.
pub fn measured(item: Item) -> Item {
    let (size_mm, weight_g) = match item.code.as_str() {
        "BOLT" => ([100, 50, 50], 250),
        "NUT" => ([50, 50, 50], 100),
        _ => return item,
    };
    Item {
        weight_g: Some(weight_g),
        handling: Handling {
            size_mm: Some(size_mm),
            ..item.handling
        },
        ..item
    }
}

/// `cartons`: there are two kinds; `weigh`: closed ones are weighed.
pub fn packing(words: &Words) -> Packing {
    let carton = |code: &str, name: &str, inner_mm, tare_g, cost| CartonType {
        code: code.parse().unwrap(),
        name: name.into(),
        inner_mm,
        max_weight_g: 10_000,
        tare_g,
        cost,
    };
    let kinds = vec![
        carton("BOX-S", "Small box", [100, 100, 100], 80, 40),
        carton("BOX-L", "Large box", [200, 150, 100], 150, 90),
    ];
    Packing {
        ship_to: vec!["1 Long Road".into(), "12345 Anytown".into()],
        cartons: if words.plain.contains(&"cartons") {
            kinds
        } else {
            Vec::new()
        },
        weighing: words.plain.contains(&"weigh").then_some(Weighing {
            tolerance_g: 30,
            tolerance_percent: 2,
        }),
    }
}
