//! What was counted in bins and zones, by tags and by hand, as the office puts it together and holds it against the book.

use super::office_tools::*;
use stockhand::warehouse::{Area, Change, Fact, Goods, Job, Quantity};

const UNITS: &str = "warehouse,bin,item,lot,serial,expiry,quantity\n\
     W1,A-01-01,BOLT,,S1,,1\nW1,A-01-02,BOLT,,S2,,1\nW1,A-01-02,BOLT,,S3,,1\nW1,RECV-01,BOLT,,S9,,1\n";

fn unit(serial: &str) -> (Goods, Quantity) {
    let unit = Goods {
        serial: serial.parse().ok(),
        ..goods("BOLT", "")
    };
    (unit, Quantity::ONE)
}

fn zone(counted: Vec<(Goods, Quantity)>) -> Fact {
    Fact::TagsCounted {
        area: Area::Zone("A".parse().unwrap()),
        counted,
        unknown: 0,
        more: false,
    }
}

fn notes(ground: &Ground) -> Vec<String> {
    let open = ground.office.exceptions().unwrap();
    open.iter().map(|it| it.note.to_string()).collect()
}

/// The bins that are to be counted by hand.
fn to_count(ground: &Ground) -> Vec<String> {
    let mut bins = Vec::new();
    let look = |change| {
        if let Change::Task(task) = change
            && let Job::Count(job) = &task.job
        {
            bins.extend(job.bins.iter().map(|bin| bin.bin.to_string()));
        }
        Ok::<(), stockhand::office::Error>(())
    };
    ground.office.everything(&w1(), look).unwrap();
    bins
}

#[test]
fn a_zone_counted_by_units_has_those_bins_counted_where_they_are_missing_or_come_from() {
    let ground = Ground::with_stock(&[]);
    ground
        .office
        .import(now(), &[sheet("stock.csv", UNITS)])
        .unwrap();
    let mut hand = ground.hand("W1");
    hand.record(None, zone(vec![unit("S1"), unit("S2"), unit("S3")]));
    hand.push(&ground);
    assert_eq!(notes(&ground), [""; 0]);
    assert_eq!(to_count(&ground), [""; 0]);
    hand.record(None, zone(vec![unit("S2"), unit("S3"), unit("S9")]));
    hand.push(&ground);
    let wanted =
        "zone A by its tags holds 0 of BOLT serial S1 and not 1, 1 of BOLT serial S9 and not 0";
    assert_eq!(notes(&ground), [wanted]);
    // S1 should lie in the first, S9 in the second by the book.
    assert_eq!(to_count(&ground), ["A-01-01", "RECV-01"]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn lots_are_compared_where_every_tag_tells_its_lot_and_not_where_one_does_not() {
    let ground = Ground::with_stock(&[
        "A-01-01,MILK,L1,2027-01-31,4",
        "A-01-02,MILK,L2,2027-06-30,4",
    ]);
    let mut hand = ground.hand("W1");
    let lot = |lot: &str, count| (goods("MILK", lot), Quantity::units(count));
    hand.record(None, zone(vec![lot("L1", 4), lot("L2", 4)]));
    hand.record(None, zone(vec![lot("L1", 5), lot("", 3)]));
    hand.push(&ground);
    assert_eq!(notes(&ground), [""; 0]);
    hand.record(None, zone(vec![lot("L1", 5), lot("L2", 3)]));
    hand.push(&ground);
    let wanted = "zone A by its tags holds 5 of MILK lot L1 and not 4, 3 of MILK lot L2 and not 4";
    assert_eq!(notes(&ground), [wanted]);
    assert_eq!(to_count(&ground), ["A-01-01", "A-01-02"]);
}

#[test]
fn what_is_missing_in_a_zone_is_counted_where_it_can_only_be() {
    let ground = Ground::with_stock(&[
        "A-01-01,BOLT,,,4",
        "A-01-02,BOLT,,,4",
        "A-01-02,PAINT,RED,,2",
    ]);
    let mut hand = ground.hand("W1");
    let some = |item, count| (goods(item, ""), Quantity::units(count));
    // Of bolts nobody knows in which of two bins they are missing.
    hand.record(None, zone(vec![some("BOLT", 7), some("PAINT", 2)]));
    hand.push(&ground);
    assert_eq!(notes(&ground).len(), 1);
    assert_eq!(to_count(&ground), [""; 0]);
    hand.record(None, zone(vec![some("BOLT", 8), some("PAINT", 1)]));
    hand.push(&ground);
    assert_eq!(to_count(&ground), ["A-01-02"]);
}

#[test]
fn a_count_by_hand_of_so_much_that_it_takes_several_facts_is_one_count() {
    let ground = Ground::with_stock(&[
        "A-01-01,MILK,L1,2027-01-31,4",
        "A-01-01,MILK,L2,2027-06-30,5",
    ]);
    let mut hand = ground.hand("W1");
    let bin = || "A-01-01".parse().unwrap();
    let part = Fact::PartCounted {
        bin: bin(),
        counted: vec![(goods("MILK", "L1"), Quantity::units(4))],
    };
    let end = |count| Fact::BinCounted {
        line: 1,
        bin: bin(),
        item: None,
        counted: vec![(goods("MILK", "L2"), Quantity::units(count))],
    };
    let act = hand.record(None, part.clone());
    hand.record_in(act, None, end(5));
    hand.push(&ground);
    assert_eq!(ground.exceptions(), [""; 0]);
    assert_eq!(to_count(&ground), [""; 0], "it is as the book has it");
    // What another act counted is no part of it.
    hand.record(None, part);
    hand.record(None, end(5));
    hand.push(&ground);
    assert_eq!(to_count(&ground), ["A-01-01"]);
}
