//! The office makes work of orders, and squares what comes back from the floor.

use super::office_tools::*;
use stockhand::office::hold::Which;
use stockhand::sync::Claim;
use stockhand::warehouse::{Area, Fact, Job, Quantity, Reason, TaskId};

#[test]
fn what_expires_first_goes_first_and_what_has_expired_stays() {
    let ground = Ground::with_stock(&[
        "A-01-01,MILK,LATE,2027-06-01,10",
        "A-01-02,MILK,SOON,2027-03-09,4",
        "A-01-03,MILK,GONE,2027-02-28,50",
        "A-01-03-01,MILK,TODAY,2027-03-01,3",
    ]);
    ground.order(&["SO-1,1,MILK,9"]);
    assert_eq!(
        ground.picks("PICK-SO-1"),
        ["A-01-01 LATE x2", "A-01-02 SOON x4", "A-01-03-01 TODAY x3"]
    );
}

#[test]
fn without_expiry_what_came_first_goes_first() {
    let ground = Ground::with_stock(&[
        "A-01-03-01,PAINT,OLDEST,,4",
        "A-01-02,PAINT,OLD,,5",
        "A-01-01,PAINT,NEW,,5",
    ]);
    ground.order(&["SO-1,1,PAINT,6"]);
    assert_eq!(
        ground.picks("PICK-SO-1"),
        ["A-01-02 OLD x2", "A-01-03-01 OLDEST x4"]
    );
}

#[test]
fn of_the_same_age_pick_faces_go_before_reserve() {
    let ground = Ground::new();
    let text = "warehouse,bin,item,lot,quantity\nW1,A-01-03-01,PAINT,A,5\nW1,A-01-03,PAINT,B,5\n";
    ground
        .office
        .import(now(), &[sheet("stock.csv", text)])
        .unwrap();
    ground.order(&["SO-1,1,PAINT,6"]);
    assert_eq!(
        ground.picks("PICK-SO-1"),
        ["A-01-03 B x5", "A-01-03-01 A x1"]
    );
}

#[test]
fn what_is_promised_or_on_hold_is_not_allocated() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-02,BOLT,,,10"]);
    let which = Which {
        warehouse: w1(),
        bin: Some("A-01-02".parse().unwrap()),
        item: None,
        lot: None,
    };
    let held = ground.office.hold(now(), &which).unwrap();
    assert_eq!((held.rows, held.quantity), (1, Quantity::units(10)));
    ground.order(&["SO-1,1,BOLT,7", "SO-2,1,BOLT,7", "SO-3,1,BOLT,7"]);
    assert_eq!(ground.picks("PICK-SO-1"), ["A-01-01 x7"]);
    assert_eq!(ground.picks("PICK-SO-2"), ["A-01-01 x3"]);
    assert!(ground.task("PICK-SO-3").is_none());
    assert_eq!(
        ground.exceptions(),
        ["short"],
        "SO-2 is 4 short and a person knows"
    );
    let released = ground.office.release_hold(now(), &which).unwrap();
    assert_eq!(released.quantity, Quantity::units(10));
    ground.office.tend(now()).unwrap();
    assert_eq!(ground.picks("PICK-SO-2-2"), ["A-01-02 x4"], "it came first");
    assert_eq!(ground.picks("PICK-SO-3"), ["A-01-02 x6"]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_is_there_promised_free_and_held_is_said_by_bin_and_lot() {
    let ground = Ground::with_stock(&[
        "A-01-01,PAINT,RED,,10",
        "A-01-02,PAINT,BLUE,,5",
        "PACK-01,PAINT,RED,,2",
        "A-01-03,MILK,GONE,2027-02-28,7",
    ]);
    ground.order(&["SO-1,1,PAINT,4"]);
    let which = |item: &str, lot: Option<&str>| Which {
        warehouse: w1(),
        bin: None,
        item: Some(item.parse().unwrap()),
        lot: lot.map(|lot| lot.parse().unwrap()),
    };
    ground
        .office
        .hold(now(), &which("PAINT", Some("BLUE")))
        .unwrap();
    let said = |item| -> Vec<String> {
        let rows = ground.office.stock(now(), &which(item, None)).unwrap();
        let say = |row: &stockhand::office::Availability| {
            format!(
                "{} there {} promised {} free {} held {}",
                row.bin, row.there, row.promised, row.free, row.held
            )
        };
        rows.iter().map(say).collect()
    };
    assert_eq!(
        said("PAINT"),
        [
            "A-01-01 there 10 promised 4 free 6 held 0",
            "A-01-02 there 0 promised 0 free 0 held 5",
            "PACK-01 there 2 promised 0 free 0 held 0",
        ]
    );
    assert_eq!(said("MILK"), ["A-01-03 there 7 promised 0 free 0 held 0"]);
}

#[test]
fn holding_says_which_picking_still_fetches_from_there() {
    let ground = Ground::with_stock(&["A-01-01,PAINT,L1,,10"]);
    ground.order(&["SO-1,1,PAINT,2"]);
    let which = Which {
        warehouse: w1(),
        bin: None,
        item: Some("PAINT".parse().unwrap()),
        lot: Some("L1".parse().unwrap()),
    };
    let held = ground.office.hold(now(), &which).unwrap();
    assert_eq!(held.promised, ["PICK-SO-1".parse::<TaskId>().unwrap()]);
    assert_eq!(ground.office.hold(now(), &which).unwrap().rows, 0);
}

#[test]
fn a_short_pick_is_fetched_elsewhere_in_the_demanded_lot_and_not_past_its_day() {
    let ground = Ground::with_stock(&[
        "A-01-01,MILK,SOON,2027-03-09,4",
        "A-01-02,MILK,GONE,2027-02-28,50",
        "A-01-03,MILK,LATE,2027-06-01,10",
    ]);
    ground.order(&["SO-1,1,MILK,4"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", started());
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("MILK", "SOON"), 1),
    );
    hand.does(&ground, "PICK-SO-1", short(1, "A-01-01", "MILK", 3));
    assert_eq!(ground.picks("PICK-SO-1-2"), ["A-01-03 LATE x3"]);
    let Job::Pack(pack) = ground.task("PACK-SO-1").unwrap().job else {
        panic!("no packing");
    };
    assert_eq!(pack.after.len(), 2, "packing waits for both");
    assert_eq!(ground.exceptions(), ["short"]);

    let ground = Ground::with_stock(&["A-01-01,PAINT,RED,,4", "A-01-02,PAINT,BLUE,,50"]);
    let text = "warehouse,customer,order,line,item,lot,quantity\nW1,Someone,SO-1,1,PAINT,RED,4\n";
    ground
        .office
        .import(now(), &[sheet("orders.csv", text)])
        .unwrap();
    ground.office.release(now(), &w1()).unwrap();
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", short(1, "A-01-01", "PAINT", 4));
    assert!(
        ground.task("PICK-SO-1-2").is_none(),
        "the customer wants red"
    );
}

#[test]
fn what_was_found_after_all_is_not_fetched_elsewhere() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,4", "A-01-02,BOLT,,,50"]);
    ground.order(&["SO-1,1,BOLT,4"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", started());
    let seq = hand.does(&ground, "PICK-SO-1", short(1, "A-01-01", "BOLT", 4));
    assert_eq!(ground.picks("PICK-SO-1-2"), ["A-01-02 x4"]);
    hand.does(
        &ground,
        "PICK-SO-1",
        undone(seq, short(1, "A-01-01", "BOLT", 4)),
    );
    assert!(ground.task("PICK-SO-1-2").is_none());
    // Nor is it waited for, even if a handheld that had not heard of that ended it and takes the end back.
    let mut late = ground.hand("W1");
    let end = late.does(&ground, "PICK-SO-1-2", Fact::TaskFinished);
    late.does(&ground, "PICK-SO-1-2", undone(end, Fact::TaskFinished));
    let Job::Pack(pack) = ground.task("PACK-SO-1").unwrap().job else {
        panic!("no packing");
    };
    assert_eq!(pack.after, ["PICK-SO-1".parse::<TaskId>().unwrap()]);
    // Short again, and someone is on the way when it is found: a person puts the surplus back.
    let seq = hand.does(&ground, "PICK-SO-1", short(1, "A-01-01", "BOLT", 4));
    let mut other = ground.hand("W1");
    other.does(&ground, "PICK-SO-1-3", started());
    hand.does(
        &ground,
        "PICK-SO-1",
        undone(seq, short(1, "A-01-01", "BOLT", 4)),
    );
    assert!(ground.task("PICK-SO-1-3").is_some());
    let told = ground.exceptions();
    assert_eq!(told, ["short", "task_closed", "short", "too_many"]);
}

#[test]
fn a_bin_below_zero_is_told_to_a_person_and_the_pick_stands() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,2"]);
    ground.order(&["SO-1,1,BOLT,2"]);
    let mut hand = ground.hand("W1");
    hand.record(
        Some("PICK-SO-1"),
        picked(1, "A-01-01", goods("BOLT", ""), 5),
    );
    let outcomes = hand.push(&ground).outcomes;
    assert_eq!(ground.exceptions(), ["below_zero", "too_many"]);
    assert_eq!(outcomes.len(), 2);
    assert_eq!(
        (
            ground.stock("bin:A-01-01", "BOLT"),
            ground.stock("worker:P1", "BOLT")
        ),
        (-3, 5)
    );
    assert_eq!(ground.findings(), [""; 0]);
    let id = ground.office.exceptions().unwrap()[0].id;
    ground.office.close_exception(&w1(), id).unwrap();
    assert_eq!(ground.exceptions(), ["too_many"]);
    assert!(ground.office.close_exception(&w1(), id).is_err());
}

#[test]
fn a_task_done_on_two_handhelds_is_posted_twice_and_told() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let (mut one, mut two) = (ground.hand("W1"), ground.hand("W1"));
    for hand in [&mut one, &mut two] {
        hand.record(Some("PICK-SO-1"), started());
        hand.record(
            Some("PICK-SO-1"),
            picked(1, "A-01-01", goods("BOLT", ""), 3),
        );
        hand.record(Some("PICK-SO-1"), Fact::TaskFinished);
        hand.push(&ground);
    }
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 4);
    assert_eq!(ground.exceptions(), ["done_twice", "too_many"]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn goods_taken_loose_come_off_the_plate_they_stand_on() {
    let ground = Ground::new();
    let plates = ["095060001343512344", "195060001343512341"].map(|plate| {
        stockhand::warehouse::Sscc::from_body(&plate[..17])
            .unwrap()
            .to_string()
    });
    let text = format!(
        "warehouse,bin,item,plate,quantity\nW1,A-01-03-01,BOLT,{},4\nW1,A-01-03-01,BOLT,{},4\nW1,A-01-03-01,BOLT,,1\n",
        plates[0], plates[1]
    );
    ground
        .office
        .import(now(), &[sheet("stock.csv", &text)])
        .unwrap();
    ground.order(&["SO-1,1,BOLT,7"]);
    let mut hand = ground.hand("W1");
    let seq = hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-03-01", goods("BOLT", ""), 7),
    );
    assert_eq!(ground.exceptions(), [""; 0]);
    assert_eq!(ground.stock("bin:A-01-03-01", "BOLT"), 2);
    assert_eq!(ground.findings(), [""; 0]);
    hand.does(
        &ground,
        "PICK-SO-1",
        undone(seq, picked(1, "A-01-03-01", goods("BOLT", ""), 7)),
    );
    assert_eq!(
        (
            ground.stock("bin:A-01-03-01", "BOLT"),
            ground.stock("worker:P1", "BOLT")
        ),
        (9, 0)
    );
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn an_order_only_moves_forward_but_for_what_is_taken_back() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    assert_eq!(ground.order_state("SO-1"), "released");
    hand.does(&ground, "PICK-SO-1", started());
    assert_eq!(ground.order_state("SO-1"), "picking");
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 3),
    );
    let seq = hand.does(&ground, "PICK-SO-1", Fact::TaskFinished);
    assert_eq!(ground.order_state("SO-1"), "picked");
    hand.does(&ground, "PICK-SO-1", undone(seq, Fact::TaskFinished));
    assert_eq!(ground.order_state("SO-1"), "picking");
    hand.does(&ground, "PICK-SO-1", Fact::TaskFinished);
    hand.does(&ground, "PACK-SO-1", started());
    assert_eq!(ground.order_state("SO-1"), "packing");
    let mut late = ground.hand("W1");
    late.does(&ground, "PICK-SO-1", started());
    late.does(&ground, "PICK-SO-1", Fact::TaskFinished);
    assert_eq!(
        ground.order_state("SO-1"),
        "packing",
        "a late finish takes nothing back"
    );
    hand.does(&ground, "PACK-SO-1", Fact::TaskFinished);
    assert_eq!(ground.order_state("SO-1"), "packed");
}

#[test]
fn only_who_has_a_task_can_put_it_back() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let (mut one, mut two) = (ground.hand("W1"), ground.hand("W1"));
    one.does(&ground, "PICK-SO-1", started());
    two.does(&ground, "PICK-SO-1", Fact::TaskLeft);
    assert_eq!(
        ground.task("PICK-SO-1").unwrap().started_on,
        Some(one.device.id.clone())
    );
    one.does(&ground, "PICK-SO-1", Fact::TaskLeft);
    assert_eq!(ground.task("PICK-SO-1").unwrap().started_on, None);
    one.does(&ground, "PICK-SO-1", started());
    one.does(&ground, "PICK-SO-1", Fact::TaskFinished);
    one.does(&ground, "PICK-SO-1", Fact::TaskLeft);
    assert!(
        ground.task("PICK-SO-1").is_none(),
        "what is done stays done"
    );
}

#[test]
fn a_full_warehouse_still_receives() {
    let ground = Ground::with_stock(&[
        "A-01-01,BOLT,,,1",
        "A-01-02,BOLT,,,1",
        "A-01-03,PAINT,RED,,1",
        "A-01-03-01,BOLT,,,1",
        "A-01-03-02,BOLT,,,1",
    ]);
    let text = "warehouse,order,supplier,bin,line,item,lot,quantity\nW1,PO-1,Someone,RECV-01,1,PAINT,BLUE,5\n";
    ground
        .office
        .import(now(), &[sheet("receipts.csv", text)])
        .unwrap();
    assert_eq!(ground.office.tend(now()).unwrap().received.len(), 1);
    let Job::Putaway(job) = ground.task("PUT-PO-1").unwrap().job else {
        panic!("no putaway");
    };
    assert_eq!(job.lines[0].bin.as_str(), "A-01-03", "to the other paint");
}

fn claim(tasks: &[&str], ahead: u32) -> Claim {
    Claim {
        tasks: tasks.iter().map(|task| task.parse().unwrap()).collect(),
        ahead,
    }
}

#[test]
fn a_lease_keeps_others_away_until_it_runs_out() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let (one, two) = (ground.hand("W1").device, ground.hand("W1").device);
    let office = &ground.office;
    let leases = |device, at, wanted| office.claim(at, device, &wanted).unwrap().leases;
    let given = leases(&one, now(), claim(&["PICK-SO-1"], 0));
    assert_eq!((given.len(), given[0].1.number), (1, 1));
    assert!(leases(&two, now() + hours(7), claim(&["PICK-SO-1"], 5)).is_empty());
    // Heard of again, the first holds on to it.
    assert_eq!(leases(&one, now() + hours(7), claim(&[], 0))[0].1.number, 1);
    office.tend(now() + hours(9)).unwrap();
    assert!(ground.task("PICK-SO-1").unwrap().lease.is_some());
    let before = office.page(now(), &two, 0, 2000).unwrap().next;
    let freed = office.tend(now() + hours(16)).unwrap().freed;
    assert_eq!(freed.len(), 1);
    let news = office.page(now(), &two, before, 2000).unwrap().changes;
    assert_eq!(news.len(), 1, "handhelds hear that it is free");
    assert_eq!(ground.task("PICK-SO-1").unwrap().lease, None);
    let given = leases(&two, now() + hours(16), claim(&["PICK-SO-1"], 0));
    assert_eq!(given[0].1.number, 2, "the newer lease counts");
}

#[test]
fn work_begun_without_a_lease_has_one_and_is_freed_when_the_handheld_stays_silent() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut one = ground.hand("W1");
    one.does(&ground, "PICK-SO-1", started());
    let task = ground.task("PICK-SO-1").unwrap();
    assert_eq!(task.lease.unwrap().device, one.device.id);
    ground.office.tend(now() + hours(9)).unwrap();
    let task = ground.task("PICK-SO-1").unwrap();
    assert_eq!((task.lease, task.started_on), (None, None));
}

#[test]
fn a_handheld_holds_no_more_than_its_share_ahead_and_loses_it_when_struck_off() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,500"]);
    let orders: Vec<String> = (1..=80)
        .map(|order| format!("SO-{order},1,BOLT,1"))
        .collect();
    ground.order(&orders.iter().map(String::as_str).collect::<Vec<_>>());
    let one = ground.hand("W1").device;
    for _ in 0..3 {
        let leases = ground
            .office
            .claim(now(), &one, &claim(&[], 40))
            .unwrap()
            .leases;
        assert!(leases.len() <= 50, "{}", leases.len());
    }
    ground.office.revoke(&one.id).unwrap();
    assert_eq!(ground.task("PICK-SO-1").unwrap().lease, None);
}

#[test]
fn receipts_become_putaway_and_packing_learns_what_comes_to_its_bench() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let text = "warehouse,order,supplier,bin,line,item,lot,expiry,quantity\n\
                W1,PO-1,Someone,RECV-01,1,MILK,M1,2027-05-01,12\nW1,PO-1,Someone,RECV-01,2,BOLT,,,5\n";
    ground
        .office
        .import(now(), &[sheet("receipts.csv", text)])
        .unwrap();
    let tended = ground.office.tend(now()).unwrap();
    assert_eq!(tended.received.len(), 1);
    assert_eq!(ground.stock("bin:RECV-01", "MILK"), 12);
    let Job::Putaway(job) = ground.task("PUT-PO-1").unwrap().job else {
        panic!("no putaway");
    };
    let bins: Vec<&str> = job.lines.iter().map(|line| line.bin.as_str()).collect();
    assert_eq!(
        bins,
        ["A-01-03-01", "A-01-01"],
        "reserve for a new lot, the face for what lies there"
    );
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 3),
    );
    let dropped = Fact::Dropped {
        order: "SO-1".parse().unwrap(),
        bin: "PACK-01".parse().unwrap(),
        goods: vec![(
            goods("BOLT", ""),
            Quantity::units(3),
            "worker:P1".parse().unwrap(),
        )],
    };
    hand.does(&ground, "PICK-SO-1", dropped);
    hand.does(&ground, "PICK-SO-1", Fact::TaskFinished);
    let Job::Pack(pack) = ground.task("PACK-SO-1").unwrap().job else {
        panic!("no packing");
    };
    assert!(pack.after.is_empty());
    assert_eq!(
        pack.lines[0].picked,
        [(goods("BOLT", ""), Quantity::units(3))]
    );
    assert_eq!(ground.stock("bin:PACK-01", "BOLT"), 3);
}

#[test]
fn nothing_that_a_row_says_stops_the_rows_behind_it() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    let nothing = Fact::Picked {
        line: 1,
        order: "SO-1".parse().unwrap(),
        bin: "A-01-01".parse().unwrap(),
        goods: goods("BOLT", ""),
        quantity: Quantity::from_thousandths(-5000),
        into: "worker:P1".parse().unwrap(),
    };
    hand.record(Some("PICK-SO-1"), nothing.clone());
    hand.record(Some("PICK-SO-1"), undone(1, nothing));
    hand.record(
        Some("NO-SUCH-TASK"),
        picked(9, "NOWHERE", goods("NOTHING", ""), 1),
    );
    let nan = short(77, "NOWHERE", "NOTHING", 1);
    hand.record(Some("PICK-SO-1"), nan.clone());
    hand.record(Some("PUT-PO-9"), Fact::TaskLeft);
    hand.record(Some("PACK-SO-1"), undone(4, nan));
    hand.record(None, undone(99, undone(98, Fact::TaskFinished)));
    hand.record(
        Some("PICK-SO-1"),
        picked(1, "A-01-01", goods("BOLT", ""), 3),
    );
    hand.push(&ground);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 7);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn an_unpacked_shortage_and_a_bin_that_is_not_empty_are_told() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    let bin = |text: &str| text.parse().unwrap();
    let checked = Fact::BinChecked {
        line: 1,
        bin: bin("A-01-01"),
        goods: goods("BOLT", ""),
        empty: false,
    };
    hand.does(&ground, "PICK-SO-1", checked);
    let unpacked = Fact::PackedShort {
        line: 1,
        order: "SO-1".parse().unwrap(),
        goods: goods("BOLT", ""),
        missing: Quantity::units(1),
        bin: bin("PACK-01"),
        reason: Reason::Damaged,
    };
    hand.does(&ground, "PACK-SO-1", unpacked);
    assert_eq!(ground.exceptions(), ["not_empty", "short"]);
}

#[test]
fn a_count_by_tags_that_differs_is_told_and_moves_nothing() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-02,BOLT,,,4"]);
    let mut hand = ground.hand("W1");
    let counted = |bin: &str, counted: &[(&str, u32)], unknown| Fact::TagsCounted {
        area: Area::Bin(bin.parse().unwrap()),
        counted: counted
            .iter()
            .map(|(item, count)| (goods(item, ""), Quantity::units(*count)))
            .collect(),
        unknown,
        more: false,
    };
    hand.record(None, counted("A-01-01", &[("BOLT", 10)], 3));
    hand.push(&ground);
    assert_eq!(
        ground.exceptions(),
        [""; 0],
        "what lies next door is no difference"
    );
    hand.record(None, counted("A-01-01", &[("BOLT", 9), ("PAINT", 2)], 1));
    hand.record(None, counted("A-01-02", &[], 0));
    hand.push(&ground);
    let notes: Vec<String> = ground
        .office
        .exceptions()
        .unwrap()
        .iter()
        .map(|it| format!("{}: {}", it.kind, it.note))
        .collect();
    assert_eq!(
        notes,
        [
            "count_differs: A-01-01 by its tags holds 9 of BOLT and not 10, 2 of PAINT and not 0; not known: 1",
            "count_differs: A-01-02 by its tags holds 0 of BOLT and not 4",
        ]
    );
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 10);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_zone_counted_over_several_facts_is_held_against_the_book_once_and_whole() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-02,BOLT,,,4"]);
    let mut hand = ground.hand("W1");
    let part = |item: &str, count, more| Fact::TagsCounted {
        area: Area::Zone("A".parse().unwrap()),
        counted: vec![(goods(item, ""), Quantity::units(count))],
        unknown: 0,
        more,
    };
    let act = hand.record(None, part("BOLT", 14, true));
    hand.record_in(act, None, part("PAINT", 1, false));
    hand.push(&ground);
    // Another count, of which the first part is no part.
    hand.record(None, part("BOLT", 13, false));
    hand.push(&ground);
    let notes = ground.office.exceptions().unwrap();
    let notes: Vec<&str> = notes.iter().map(|it| it.note.as_str()).collect();
    assert_eq!(
        notes,
        [
            "zone A by its tags holds 1 of PAINT and not 0",
            "zone A by its tags holds 13 of BOLT and not 14",
        ]
    );
    assert_eq!(ground.findings(), [""; 0]);
}
