//! Words of packing into cartons, weighing, loading and delivering.

use crate::warehouse::CartonType;

/// Grams as people weigh.
pub(in crate::screen) fn kilograms(grams: u32) -> String {
    format!("{}.{:03} kg", grams / 1000, grams % 1000)
}

pub(in crate::screen) fn take_carton(
    carton: u32,
    kind: Option<&CartonType>,
) -> (String, Option<String>) {
    match kind {
        Some(kind) => (
            format!("Carton {carton}: take a"),
            Some(kind.code.to_string()),
        ),
        None => (format!("Carton {carton}: take one and scan it."), None),
    }
}

pub(in crate::screen) fn weigh(carton: u32, expected_g: Option<u32>) -> (String, Option<String>) {
    let expected = expected_g.map(|grams| format!("~ {}", kilograms(grams)));
    (format!("Weigh carton {carton}:"), expected)
}

pub(in crate::screen) fn is_weight_right(
    weight_g: u32,
    expected_g: u32,
) -> (String, Option<String>) {
    let said = format!("Should weigh {}. Is this right?", kilograms(expected_g));
    (said, Some(kilograms(weight_g)))
}
