//! Which tape shows which question and which refusal. A new one does not compile without its tape.

use super::reel;
use std::collections::BTreeSet;
use stockhand::flow::Refusal;

/// The tape that shows this refusal. No key leads to the last two: the screen
/// offers only what the step takes, and whatever is scanned or keyed after the end begins something new.
const fn tape_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotNow(_) => "pick/any_scan_is_named",
        Refusal::WrongBin { .. } => "pick/wrong_bin",
        Refusal::OtherLine { .. } => "pick/other_line",
        Refusal::BinFirst { .. } => "pick/bin_first",
        Refusal::GoodsFirst => "pick/goods_first",
        Refusal::OtherGoods { .. } => "pick/wrong_goods",
        Refusal::NotInWork(_) => "pack/not_in_work",
        Refusal::WrongLot { .. } => "pick/wrong_lot",
        Refusal::WrongSerial { .. }
        | Refusal::SerialTwice(_)
        | Refusal::SerialMissing
        | Refusal::ScanEach => "pick/serials",
        Refusal::LotMissing => "pick/two_symbols",
        Refusal::TooMany { .. } => "pick/case_and_each",
        Refusal::FewerThanCounted { .. } | Refusal::Nothing => "pick/keyed_totals",
        Refusal::AnswerFirst => "pick/is_the_bin_empty",
        Refusal::CountFirst => "pick/how_many_left",
        Refusal::ForOffice => "pick/left_to_the_office",
        Refusal::OnlyLine => "pick/skip",
        Refusal::AllPacked(_) => "pack/all_packed",
        Refusal::CartonEmpty => "pack/two_cartons",
        Refusal::NoPlateLeft => "pack/no_plate_left",
        Refusal::PlateUsed(_) => "pack/plate_used",
        Refusal::OtherPlate(_) => "pack/other_plate",
        Refusal::ToteTaken { .. } | Refusal::ToteInUse(_) => "pick/cluster_totes",
        Refusal::WrongTote { .. } | Refusal::PutFirst(_) => "pick/cluster",
        Refusal::OtherTote { .. } => "pick/zones",
        Refusal::DropNow(_) => "pick/cluster_full_tote",
        Refusal::OtherStop { .. } => "load/other_stop",
        Refusal::OnPallet(_) => "load/pallets",
        Refusal::OnTruck(_) => "load/straight",
        Refusal::CalledBack { .. } => "pick/called_back",
        Refusal::CalledBackAboard(_) => "load/called_back",
        Refusal::HandedOver(_) | Refusal::ReceiverFirst => "deliver/straight",
        Refusal::CodeFirst | Refusal::WrongCode => "deliver/code",
        Refusal::CartonFirst => "pack/cartons",
        Refusal::WeightFirst => "pack/weigh_keyed",
        Refusal::NotSeen => "rfid/serials",
        Refusal::WhereFirst | Refusal::WhereTo => "move/loose",
        Refusal::BinFrozen(_)
        | Refusal::NotByTheBook { .. }
        | Refusal::StandsElsewhere { .. }
        | Refusal::NotKnown(_) => "move/by_the_book",
        Refusal::ScanPlate(_) => "move/planned",
        Refusal::BinOpen { .. } | Refusal::NothingCounted => "count/blind",
        Refusal::JudgeFirst | Refusal::AlreadySo => "status/judged",
        Refusal::DoorFirst | Refusal::NotADoor(_) | Refusal::NotForArrivals(_) => {
            "receive/where_it_stands"
        }
        Refusal::PlateIn(_)
        | Refusal::PlateNotAnnounced(_)
        | Refusal::OnPlate(_)
        | Refusal::CountIt(_)
        | Refusal::KeptBack => "receive/pallets_out_of_turn",
        Refusal::NotOnOrder(_) => "receive/not_ordered",
        Refusal::UnknownCode(_) => "receive/learn",
        Refusal::OverOrder { .. } => "receive/over",
        Refusal::Expired(_) | Refusal::TooNear { .. } => "receive/too_old",
        Refusal::BadDay => "receive/lot_and_day",
        Refusal::NotAllIn { .. } => "receive/short",
        Refusal::BinUnfit { .. } => "putaway/unfit",
        Refusal::NotHere | Refusal::AllDone => "none",
    }
}

/// The tape that shows this question.
fn tape_of_ask(name: &str) -> &'static str {
    match name {
        "GoToBin" | "TakeGoods" | "BringTo" | "Done" => "pick/straight",
        "HowManyLeft" => "pick/how_many_left",
        "IsBinEmpty" => "pick/is_the_bin_empty",
        "BindTote" | "PutInTote" => "pick/cluster",
        "FetchTotes" => "pick/hand_over",
        "FetchTote" | "PassOn" => "pick/zones",
        "Weigh" => "pick/catch_weight",
        "NothingPicked" => "pick/nothing_there",
        "ScanGoods" | "PutInto" | "HowMany" => "putaway/straight",
        "BuildPallet" => "load/pallets",
        "GoToDoor" | "LoadCarton" | "Seal" => "load/straight",
        "HandOver" | "Receiver" => "deliver/straight",
        "NotTaken" => "deliver/some_of_it",
        "DeliveryCode" => "deliver/code",
        "TakeCarton" => "pack/cartons",
        "WeighCarton" | "IsWeightRight" => "pack/weigh",
        "FillCarton" | "CloseCarton" => "pack/straight",
        "ScanToMove" | "TakeAny" | "Bring" => "move/loose",
        "TakePlate" => "move/planned",
        "Complete" => "move/lots",
        "ScanBinToCount" => "count/own",
        "CountGoods" => "count/blind",
        "ScanToJudge" | "Judge" => "status/judged",
        "ScanReturnBin" | "ScanReturned" => "return/blind",
        "NameLot" | "MakeInto" => "make/straight",
        "TakeApart" | "PutParts" => "apart/straight",
        "Door" | "Receive" | "AllIn" => "receive/straight",
        "PutDown" => "receive/where_it_stands",
        "ReceiveOnto" => "receive/pallets",
        "CheckPlate" => "receive/notice",
        "Tell" => "receive/lot_and_day",
        other => panic!("which tape shows {other}?"),
    }
}

#[test]
fn every_question_and_every_refusal_has_its_tape() {
    let mut seen = BTreeSet::new();
    let mut shown: Vec<(String, &str)> = Vec::new();
    let mut asked: Vec<(String, &str)> = Vec::new();
    for tape in reel::all() {
        let (player, _) = tape.play();
        for refusal in &player.refusals {
            shown.push((tape.name.clone(), tape_of(refusal)));
            seen.insert(format!("{:?}", std::mem::discriminant(refusal)));
        }
        for ask in &player.asks {
            asked.push((tape.name.clone(), tape_of_ask(ask)));
        }
    }
    for tape in ALL_REFUSAL_TAPES {
        let there = shown
            .iter()
            .any(|(name, wanted)| name == tape && wanted == tape);
        assert!(there, "{tape} does not show what it is there for");
    }
    for tape in [
        "pick/cluster",
        "pick/hand_over",
        "pick/zones",
        "pick/how_many_left",
        "pick/catch_weight",
        "pick/straight",
        "pick/is_the_bin_empty",
        "pick/nothing_there",
        "putaway/straight",
        "pack/straight",
        "pack/cartons",
        "pack/weigh",
        "load/straight",
        "load/pallets",
        "deliver/straight",
        "deliver/some_of_it",
        "deliver/code",
        "move/loose",
        "move/planned",
        "move/lots",
        "count/own",
        "count/blind",
        "status/judged",
        "return/blind",
        "make/straight",
        "apart/straight",
        "receive/straight",
        "receive/where_it_stands",
        "receive/pallets",
        "receive/notice",
        "receive/lot_and_day",
    ] {
        assert!(
            asked
                .iter()
                .any(|(name, wanted)| name == tape && *wanted == tape),
            "{tape}"
        );
    }
    assert_eq!(seen.len(), REFUSALS, "a refusal was never shown, or is new");
}

/// How many kinds of refusal a worker can meet.
const REFUSALS: usize = 70;

const ALL_REFUSAL_TAPES: &[&str] = &[
    "pick/any_scan_is_named",
    "pick/wrong_bin",
    "pick/other_line",
    "pick/bin_first",
    "pick/called_back",
    "load/called_back",
    "pick/goods_first",
    "pick/wrong_goods",
    "pack/not_in_work",
    "pick/wrong_lot",
    "pick/serials",
    "pick/two_symbols",
    "pick/case_and_each",
    "pick/keyed_totals",
    "pick/is_the_bin_empty",
    "pick/skip",
    "pack/all_packed",
    "pack/two_cartons",
    "pack/no_plate_left",
    "pack/plate_used",
    "pack/other_plate",
    "pack/cartons",
    "pack/weigh_keyed",
    "load/other_stop",
    "load/straight",
    "load/pallets",
    "deliver/straight",
    "deliver/code",
    "rfid/serials",
    "pick/cluster",
    "pick/cluster_totes",
    "pick/cluster_full_tote",
    "pick/zones",
    "pick/how_many_left",
    "pick/left_to_the_office",
    "move/loose",
    "move/by_the_book",
    "move/planned",
    "count/blind",
    "status/judged",
    "receive/where_it_stands",
    "receive/pallets_out_of_turn",
    "receive/not_ordered",
    "receive/learn",
    "receive/over",
    "receive/too_old",
    "receive/lot_and_day",
    "receive/short",
    "putaway/unfit",
];
