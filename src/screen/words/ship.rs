//! Words of packing into cartons, weighing, loading and delivering.

use crate::flow::{Ask, Refusal};
use crate::handheld::Notice;
use crate::screen::speech::{say, tr};
use crate::warehouse::{CartonType, Fact, ShipCarton, Sscc, Stop};

/// Grams as people weigh.
pub(in crate::screen) fn kilograms(grams: u64) -> String {
    format!("{}.{:03} kg", grams / 1000, grams % 1000)
}

pub(in crate::screen) fn take_carton(
    carton: u32,
    kind: Option<&CartonType>,
) -> (String, Option<String>) {
    match kind {
        Some(kind) => (
            say!("Carton {carton}: take a", carton),
            Some(kind.code.to_string()),
        ),
        None => (say!("Carton {carton}: take one and scan it.", carton), None),
    }
}

pub(in crate::screen) fn weigh(carton: u32, expected_g: Option<u32>) -> (String, Option<String>) {
    let expected = expected_g.map(|grams| format!("~ {}", kilograms(u64::from(grams))));
    (say!("Weigh carton {carton}:", carton), expected)
}

pub(in crate::screen) fn is_weight_right(
    weight_g: u32,
    expected_g: u32,
) -> (String, Option<String>) {
    let said = say!(
        "Should weigh {expected_g}. Is this right?",
        expected_g = kilograms(u64::from(expected_g))
    );
    (said, Some(kilograms(u64::from(weight_g))))
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
        Some(pallet) => (
            say!("Load for stop {stop}, pallet:", stop),
            Some(tail(pallet)),
        ),
        None => (
            say!("Load for stop {stop}:", stop),
            Some(tail(carton.plate)),
        ),
    }
}

pub(in crate::screen) fn seal(behind: usize) -> (String, Option<String>) {
    match behind {
        0 => (say!("All in. Close the truck and seal it."), None),
        1 => (say!("1 stays behind. Close the truck, seal it."), None),
        behind => (
            say!("{behind} stay behind. Close the truck, seal it.", behind),
            None,
        ),
    }
}

pub(in crate::screen) fn hand_over(stop: &Stop, carton: &ShipCarton) -> (String, Option<String>) {
    (
        say!("Stop {stop}, hand over:", stop = stop.stop),
        Some(tail(carton.plate)),
    )
}

pub(in crate::screen) fn not_taken(carton: &ShipCarton) -> (String, Option<String>) {
    (
        say!("What is not taken? Scan it:"),
        Some(tail(carton.plate)),
    )
}

pub(in crate::screen) fn delivery_code(stop: &Stop) -> (String, Option<String>) {
    (say!("Stop {stop}: their code?", stop = stop.stop), None)
}

pub(in crate::screen) fn receiver(stop: &Stop) -> (String, Option<String>) {
    (
        say!("Stop {stop}: who received it?", stop = stop.stop),
        None,
    )
}

/// What is being keyed.
pub(in crate::screen) fn type_what(ask: &Ask) -> &'static str {
    tr(match ask {
        Ask::Seal(_) => "Key the seal:",
        Ask::Receiver(_) => "Who received it?",
        Ask::DeliveryCode(_) => "Their code:",
        _ => super::TYPE_CODE,
    })
}

pub(in crate::screen) fn build_pallet(pallet: Sscc, cartons: usize) -> (String, Option<String>) {
    let count = match cartons {
        1 => say!("1 carton"),
        cartons => say!("{cartons} cartons", cartons),
    };
    (
        say!("Pallet {pallet}: scan its cartons.", pallet = tail(pallet)),
        Some(count),
    )
}

/// A fact of packing in cartons, loading or delivery that was just put on disk.
pub(super) fn fact(fact: &Fact) -> String {
    match fact {
        Fact::CartonBegun { kind, carton, .. } => {
            say!("Carton {carton} is a {kind}.", carton, kind)
        }
        Fact::WeightDiffered { .. } => say!("Not the weight it should be."),
        Fact::WeightDoubted { .. } => say!("Open it, look, weigh again."),
        Fact::CartonWeighed { weight_g, .. } => {
            say!("{weight} noted.", weight = kilograms(u64::from(*weight_g)))
        }
        Fact::DoorConfirmed { door, .. } => say!("Door {door}.", door),
        Fact::PalletBegun { pallet, .. } => {
            say!("Pallet {tail} begun.", tail = tail(*pallet))
        }
        Fact::Palletized { carton, pallet, .. } => {
            say!(
                "{tail} on pallet {tail2}.",
                tail = tail(*carton),
                tail2 = tail(*pallet)
            )
        }
        Fact::PalletClosed { pallet, .. } => {
            say!("Pallet {tail} is done.", tail = tail(*pallet))
        }
        Fact::Loaded { plate, .. } => say!("{tail} is on the truck.", tail = tail(*plate)),
        Fact::LeftBehind { plate, .. } => {
            say!("{tail} stays here, noted.", tail = tail(*plate))
        }
        Fact::TruckClosed { .. } => say!("The truck is closed."),
        Fact::Delivered { plate, .. } => say!("{tail} handed over.", tail = tail(*plate)),
        Fact::CartonOpened { plate, .. } => {
            say!("{tail}: only some is taken.", tail = tail(*plate))
        }
        Fact::CodeShown { code: Some(_), .. } => say!("The code is right."),
        Fact::CodeShown { code: None, .. } => say!("No code, noted."),
        Fact::Refused { goods, .. } if goods.len() == 1 => {
            say!(
                "{quantity} x {item} refused: take it back.",
                quantity = goods[0].1,
                item = goods[0].0.item
            )
        }
        Fact::DeliveredShort { goods, .. } if goods.len() == 1 => {
            say!(
                "{quantity} x {item} missing, noted.",
                quantity = goods[0].1,
                item = goods[0].0.item
            )
        }
        Fact::Refused { plate, .. } => {
            say!("{tail} refused: take it back.", tail = tail(*plate))
        }
        Fact::DeliveredShort { plate, .. } => {
            say!("{tail} missing, noted.", tail = tail(*plate))
        }
        Fact::DeliverySigned { receiver, .. } => say!("Received by {receiver}.", receiver),
        Fact::BroughtBack { bin, .. } => say!("Back at {bin}.", bin),
        Fact::LabelWanted { .. } => say!("The label goes to the printer."),
        Fact::Packed {
            quantity,
            goods,
            carton,
            ..
        } => say!(
            "{quantity} x {item} in carton {carton}.",
            quantity,
            carton,
            item = goods.item
        ),
        Fact::CartonClosed { carton, sscc, .. } => {
            say!("Carton {carton} closed: {sscc}", carton, sscc)
        }
        _ => String::new(),
    }
}

/// A refusal of cartons, pallets or stops.
pub(super) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::CartonFirst => say!("First take a carton: scan its label."),
        Refusal::WeightFirst => say!("Weigh it: key the kg, Enter."),
        Refusal::OtherStop { said, wanted } => {
            say!(
                "That is for stop {said}, now is {wanted}. Scan again if you mean it.",
                said,
                wanted
            )
        }
        Refusal::OnPallet(plate) => say!("It is on pallet {tail} already.", tail = tail(*plate)),
        Refusal::OnTruck(_) => say!("It is on the truck already. Take another."),
        Refusal::HandedOver(_) => say!("Noted already. Take another."),
        Refusal::CodeFirst => say!("First key their code. They have none? F2."),
        Refusal::WrongCode => say!("That is not their code. Ask again. None? F2."),
        Refusal::ReceiverFirst => say!("First key who received it."),
        Refusal::CartonEmpty => say!("Nothing is in this carton. Scan a unit into it."),
        Refusal::NoPlateLeft => say!("No label left. Scan a printed SSCC label."),
        Refusal::PlateUsed(plate) => say!("{plate} is on another carton. Take a new label.", plate),
        Refusal::OtherPlate(plate) => {
            let end = plate.to_string().split_off(12);
            say!(
                "Label …{end} is not this order's. Scan again to use it.",
                end
            )
        }
        _ => String::new(),
    }
}

/// A notice of scales and printers.
pub(super) fn hardware(notice: &Notice) -> String {
    match notice {
        Notice::Weighing => say!("Weighing …"),
        Notice::NoWeight(why) => say!("Scale: {why}. Enter again, or key the kg.", why),
        Notice::PrinterAway(name, why) => say!("Label waits for {name}: {why}.", name, why),
        Notice::LabelTakenBack => say!("What it was for was taken back. Nothing to print."),
        _ => String::new(),
    }
}
