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
        Refusal::OnlyLine => "pick/skip",
        Refusal::AllPacked(_) => "pack/all_packed",
        Refusal::CartonEmpty => "pack/two_cartons",
        Refusal::NoPlateLeft => "pack/no_plate_left",
        Refusal::PlateUsed(_) => "pack/plate_used",
        Refusal::OtherPlate(_) => "pack/other_plate",
        Refusal::NotSeen => "rfid/serials",
        Refusal::WhereFirst | Refusal::WhereTo => "move/loose",
        Refusal::BinFrozen(_)
        | Refusal::NotByTheBook { .. }
        | Refusal::StandsElsewhere { .. }
        | Refusal::NotKnown(_) => "move/by_the_book",
        Refusal::ScanPlate(_) => "move/planned",
        Refusal::BinOpen { .. } | Refusal::NothingCounted => "count/blind",
        Refusal::JudgeFirst | Refusal::AlreadySo => "status/judged",
        Refusal::NotHere | Refusal::AllDone => "none",
    }
}

/// The tape that shows this question.
fn tape_of_ask(name: &str) -> &'static str {
    match name {
        "GoToBin" | "TakeGoods" | "BringTo" | "Done" => "pick/straight",
        "IsBinEmpty" => "pick/is_the_bin_empty",
        "NothingPicked" => "pick/nothing_there",
        "ScanGoods" | "PutInto" | "HowMany" => "putaway/straight",
        "FillCarton" | "CloseCarton" => "pack/straight",
        "ScanToMove" | "TakeAny" | "PutDown" => "move/loose",
        "TakePlate" => "move/planned",
        "Complete" => "move/lots",
        "ScanBinToCount" => "count/own",
        "CountGoods" => "count/blind",
        "ScanToJudge" | "Judge" => "status/judged",
        "ScanReturnBin" | "ScanReturned" => "return/blind",
        "NameLot" | "MakeInto" => "make/straight",
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
        "pick/straight",
        "pick/is_the_bin_empty",
        "pick/nothing_there",
        "putaway/straight",
        "pack/straight",
        "move/loose",
        "move/planned",
        "move/lots",
        "count/own",
        "count/blind",
        "status/judged",
        "return/blind",
        "make/straight",
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
const REFUSALS: usize = 35;

const ALL_REFUSAL_TAPES: &[&str] = &[
    "pick/any_scan_is_named",
    "pick/wrong_bin",
    "pick/other_line",
    "pick/bin_first",
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
    "rfid/serials",
    "move/loose",
    "move/by_the_book",
    "move/planned",
    "count/blind",
    "status/judged",
];
