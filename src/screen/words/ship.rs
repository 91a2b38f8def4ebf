//! Words of packing into cartons, weighing, loading and delivering.

use crate::flow::Ask;
use crate::warehouse::{CartonType, ShipCarton, Sscc, Stop};

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

/// The end of a license plate, by which people find it.
pub(in crate::screen) fn tail(plate: Sscc) -> String {
    format!("…{}", plate.to_string().split_off(12))
}

pub(in crate::screen) fn load_carton(
    stop: u32,
    carton: &ShipCarton,
    pallet: Option<Sscc>,
) -> (String, Option<String>) {
    match pallet {
        Some(pallet) => (format!("Load for stop {stop}, pallet:"), Some(tail(pallet))),
        None => (format!("Load for stop {stop}:"), Some(tail(carton.plate))),
    }
}

pub(in crate::screen) fn seal(behind: usize) -> (String, Option<String>) {
    match behind {
        0 => ("All in. Close the truck and seal it.".to_owned(), None),
        1 => ("1 stays behind. Close the truck, seal it.".to_owned(), None),
        behind => (
            format!("{behind} stay behind. Close the truck, seal it."),
            None,
        ),
    }
}

pub(in crate::screen) fn hand_over(stop: &Stop, carton: &ShipCarton) -> (String, Option<String>) {
    (
        format!("Stop {}, hand over:", stop.stop),
        Some(tail(carton.plate)),
    )
}

pub(in crate::screen) fn receiver(stop: &Stop) -> (String, Option<String>) {
    (format!("Stop {}: who received it?", stop.stop), None)
}

/// What is being keyed.
pub(in crate::screen) const fn type_what(ask: &Ask) -> &'static str {
    match ask {
        Ask::Seal(_) => "Key the seal:",
        Ask::Receiver(_) => "Who received it?",
        _ => super::TYPE_CODE,
    }
}

pub(in crate::screen) fn build_pallet(pallet: Sscc, cartons: usize) -> (String, Option<String>) {
    let count = match cartons {
        1 => "1 carton".to_owned(),
        cartons => format!("{cartons} cartons"),
    };
    (
        format!("Pallet {}: scan its cartons.", tail(pallet)),
        Some(count),
    )
}
