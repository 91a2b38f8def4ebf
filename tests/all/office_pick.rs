//! Rules of picking: which stock, which carts, and what follows when something falls short.

use super::office_tools::*;
use stockhand::office::rules::Rules;
use stockhand::warehouse::{Fact, Job, Quantity, Task};

fn ruled(ground: &Ground, rules: &str) {
    let rules: Rules = serde_json::from_str(rules).unwrap();
    ground.office.set_rules(&w1(), &rules).unwrap();
}

/// A floor of five aisles: bin `C-07` is in aisle C, 700 cm from the front; twenty bolts in each.
fn wide() -> Ground {
    use std::fmt::Write as _;
    let ground = Ground::new();
    let (mut bins, mut stock) = (String::new(), String::new());
    for (x, aisle) in ["A", "B", "C", "D", "E"].iter().enumerate() {
        for place in 1..=9 {
            let (sequence, along) = (x * 10 + place, place * 100);
            let bin = format!("{aisle}-{place:02}");
            let _ = writeln!(bins, "W1,{bin},Z,pick_face,{sequence},{},{along}", x * 300);
            let _ = writeln!(stock, "W1,{bin},PAINT,{aisle}{place},20");
        }
    }
    let sheets = [
        sheet(
            "bins.csv",
            &format!("warehouse,code,zone,kind,sequence,x_cm,y_cm\n{bins}"),
        ),
        sheet(
            "stock.csv",
            &format!("warehouse,bin,item,lot,quantity\n{stock}"),
        ),
    ];
    ground.office.import(now(), &sheets).unwrap();
    ground
}

/// Orders, each row `order,priority,lot`: one of that lot, which lies in one bin.
fn want(ground: &Ground, rows: &[&str]) {
    use std::fmt::Write as _;
    let mut text = "warehouse,customer,item,quantity,order,priority,lot,line\n".to_owned();
    for (row, line) in rows.iter().zip(1..) {
        let _ = writeln!(text, "W1,Someone,PAINT,1,{row},{line}");
    }
    ground
        .office
        .import(now(), &[sheet("orders.csv", &text)])
        .unwrap();
}

fn orders(task: &Task) -> Vec<String> {
    task.orders().iter().map(ToString::to_string).collect()
}

#[test]
fn a_wave_puts_orders_that_lie_together_on_one_cart_and_says_what_that_saves() {
    let ground = wide();
    ruled(&ground, r#"{"carts": {"totes": 2, "wait_for_wave": true}}"#);
    want(
        &ground,
        &[
            "SO-1,5,A9",
            "SO-2,5,E9",
            "SO-3,5,A8",
            "SO-4,5,E8",
            "SO-5,1,C1",
        ],
    );
    assert_eq!(ground.office.release(now(), &w1()).unwrap(), []);
    let rules = ground.office.rules(&w1()).unwrap();
    let dry = ground.office.plan_wave(now(), &w1(), rules, 99).unwrap();
    assert!(
        ground.task("CART-1").is_none(),
        "a dry run releases nothing"
    );
    assert_eq!(ground.order_state("SO-1"), "open");
    assert!(
        dry.walk_cm < dry.first_come_cm && dry.first_come_cm < dry.alone_cm,
        "{dry:?}"
    );
    let planned = ground.office.release_wave(now(), &w1(), 99).unwrap();
    assert_eq!(planned, dry, "what was planned is what is done");
    let rules = || ground.office.rules(&w1()).unwrap();
    let again = |rules| ground.office.replan_wave(&w1(), rules, 1).unwrap();
    assert_eq!(again(rules()), planned, "by the same rules it is the same");
    let alone = Rules {
        carts: stockhand::office::rules::CartRules {
            totes: 1,
            ..rules().carts
        },
        ..rules()
    };
    assert_eq!(again(alone).walk_cm, planned.alone_cm);
    assert!(ground.office.replan_wave(&w1(), rules(), 2).is_err());
    let carts = ["CART-1", "CART-2"].map(|cart| orders(&ground.task(cart).unwrap()));
    assert_eq!(carts, [["SO-1", "SO-3"], ["SO-2", "SO-4"]]);
    assert_eq!(
        ground.picks("PICK-SO-5"),
        ["C-01 C1 x1"],
        "what is more urgent waits for nobody"
    );
    let Job::Pick(job) = ground.task("CART-1").unwrap().job else {
        panic!("no picking")
    };
    assert_eq!(
        job.lines().map(|line| line.line).collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(job.floor.unwrap().aisles_cm.len(), 5);
}

#[test]
fn an_order_too_large_for_a_cart_and_one_due_at_another_time_are_picked_alone() {
    let ground = wide();
    ruled(&ground, r#"{"carts": {"totes": 4, "alone_from_lines": 2}}"#);
    let head = "warehouse,customer,item,quantity,order,priority,due,lot,line";
    let rows = [
        "SO-1,5,2027-03-01T12:05:00Z,A1,1",
        "SO-2,5,2027-03-01T12:55:00Z,A2,1",
        "SO-3,5,2027-03-01T15:00:00Z,A3,1",
        "SO-4,5,2027-03-01T12:00:00Z,A4,1",
        "SO-4,5,2027-03-01T12:00:00Z,A5,2",
    ];
    let rows: String = rows
        .iter()
        .map(|row| format!("W1,Someone,PAINT,1,{row}\n"))
        .collect();
    ground
        .office
        .import(now(), &[sheet("orders.csv", &format!("{head}\n{rows}"))])
        .unwrap();
    ground.office.release(now(), &w1()).unwrap();
    assert_eq!(orders(&ground.task("CART-1").unwrap()), ["SO-1", "SO-2"]);
    assert!(ground.task("PICK-SO-3").is_some() && ground.task("PICK-SO-4").is_some());
}

#[test]
fn a_cart_moves_every_one_of_its_orders_on_and_feeds_each_ones_packing() {
    let ground = wide();
    ruled(&ground, r#"{"carts": {"totes": 2}}"#);
    want(&ground, &["SO-1,5,A9", "SO-2,5,A8"]);
    ground.office.release(now(), &w1()).unwrap();
    let mut hand = ground.hand("W1");
    hand.does(&ground, "CART-1", started());
    assert_eq!(
        [ground.order_state("SO-1"), ground.order_state("SO-2")],
        ["picking", "picking"]
    );
    let of = |order: &str, line: u32, lot: &str, tote: &str| Fact::Picked {
        line,
        order: order.parse().unwrap(),
        bin: format!("A-0{}", &lot[1..]).parse().unwrap(),
        goods: goods("PAINT", lot),
        quantity: Quantity::ONE,
        into: tote.parse().unwrap(),
    };
    hand.does(&ground, "CART-1", of("SO-1", 1, "A9", "tote:T1"));
    let dropped = Fact::Dropped {
        order: "SO-1".parse().unwrap(),
        bin: "PACK-01".parse().unwrap(),
        goods: vec![(
            goods("PAINT", "A9"),
            Quantity::ONE,
            "tote:T1".parse().unwrap(),
        )],
    };
    hand.does(&ground, "CART-1", dropped);
    let pack = |order: &str| match ground.task(&format!("PACK-{order}")).unwrap().job {
        Job::Pack(job) => job,
        _ => panic!("no packing"),
    };
    assert_eq!(pack("SO-1").lines[0].picked.len(), 1);
    assert_eq!(pack("SO-1").totes, ["T1".parse().unwrap()]);
    assert!(pack("SO-2").lines[0].picked.is_empty());
    let end = hand.does(&ground, "CART-1", Fact::TaskFinished);
    assert!(pack("SO-1").after.is_empty() && pack("SO-2").after.is_empty());
    assert_eq!(
        [ground.order_state("SO-1"), ground.order_state("SO-2")],
        ["picked", "picked"]
    );
    hand.does(&ground, "CART-1", undone(end, Fact::TaskFinished));
    assert_eq!(ground.order_state("SO-2"), "picking");
    assert_eq!(pack("SO-2").after.len(), 1);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_line_of_a_cart_that_falls_short_is_fetched_for_its_own_order() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,4", "A-01-02,BOLT,,,50"]);
    ruled(&ground, r#"{"carts": {"totes": 2}}"#);
    ground.order(&["SO-1,1,BOLT,2", "SO-2,1,BOLT,2"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "CART-1", short(2, "A-01-01", "BOLT", 2));
    let again = ground
        .task("PICK-SO-2-2")
        .expect("the second line is the second order's");
    assert_eq!(orders(&again), ["SO-2"]);
    assert_eq!(ground.picks("PICK-SO-2-2"), ["A-01-02 x2"]);
}

#[test]
fn what_comes_after_packing_is_packed_by_a_task_of_its_own() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,4", "A-01-02,BOLT,,,50"]);
    ground.order(&["SO-1,1,BOLT,4"]);
    let (mut hand, mut late) = (ground.hand("W1"), ground.hand("W1"));
    hand.does(&ground, "PACK-SO-1", Fact::TaskFinished);
    assert_eq!(ground.order_state("SO-1"), "packed");
    let seq = late.does(&ground, "PICK-SO-1", short(1, "A-01-01", "BOLT", 4));
    assert_eq!(ground.order_state("SO-1"), "packing");
    let Job::Pack(rest) = ground.task("PACK-SO-1-2").expect("a packing task").job else {
        panic!("no packing");
    };
    assert_eq!(rest.after, ["PICK-SO-1-2".parse().unwrap()]);
    assert_eq!(rest.lines.len(), 1);
    late.does(
        &ground,
        "PICK-SO-1",
        undone(seq, short(1, "A-01-01", "BOLT", 4)),
    );
    assert!(
        ground.task("PACK-SO-1-2").is_none(),
        "it was there for nothing else"
    );
}

#[test]
fn a_customer_gets_what_is_good_long_enough() {
    let ground = Ground::with_stock(&[
        "A-01-01,MILK,SOON,2027-03-20,10",
        "A-01-02,MILK,LATE,2027-06-01,10",
    ]);
    let customers = "code,name,min_life_days\nC-7,Careful,30\n";
    ground
        .office
        .import(now(), &[sheet("customers.csv", customers)])
        .unwrap();
    let text = "warehouse,customer,order,line,item,quantity\nW1,Careful,SO-1,1,MILK,4\nW1,Someone,SO-2,1,MILK,4\n";
    ground
        .office
        .import(now(), &[sheet("orders.csv", text)])
        .unwrap();
    ground.office.release(now(), &w1()).unwrap();
    assert_eq!(ground.picks("PICK-SO-1"), ["A-01-02 LATE x4"]);
    assert_eq!(ground.picks("PICK-SO-2"), ["A-01-01 SOON x4"]);
}

#[test]
fn the_rules_say_what_goes_first() {
    let stock = [
        "A-01-01,MILK,LATE,2027-06-01,10",
        "A-01-02,MILK,SOON,2027-05-01,10",
        "A-01-03,MILK,MID,2027-05-20,10",
    ];
    for (rules, bin) in [
        ("{}", "A-01-02 SOON x1"),
        (r#"{"rotation": "fifo"}"#, "A-01-01 LATE x1"),
        (r#"{"rotation_of": {"MILK": "lifo"}}"#, "A-01-03 MID x1"),
    ] {
        let ground = Ground::with_stock(&stock);
        ruled(&ground, rules);
        ground.order(&["SO-1,1,MILK,1"]);
        assert_eq!(ground.picks("PICK-SO-1"), [bin], "{rules}");
    }
}

#[test]
fn pick_faces_go_first_and_whole_pallets_and_cases_come_from_reserve_where_the_rules_say_so() {
    let old = ["A-01-03-01,BOLT,,,30", "A-01-01,BOLT,,,30"];
    let ground = Ground::with_stock(&old);
    ruled(&ground, r#"{"faces_first": true}"#);
    ground.order(&["SO-1,1,BOLT,5"]);
    assert_eq!(
        ground.picks("PICK-SO-1"),
        ["A-01-01 x5"],
        "whatever its age"
    );

    let ground = Ground::with_stock(&["A-01-01,BOLT,,,30"]);
    let plates = "warehouse,bin,item,quantity,plate\nW1,A-01-03-01,BOLT,48,095060001343512340\nW1,A-01-03-02,BOLT,35,\n";
    ground
        .office
        .import(now(), &[sheet("stock.csv", plates)])
        .unwrap();
    ruled(&ground, r#"{"full_first": true, "faces_first": true}"#);
    ground.order(&["SO-1,1,BOLT,75"]);
    assert_eq!(
        ground.picks("PICK-SO-1"),
        ["A-01-01 x7", "A-01-03-01 x48", "A-01-03-02 x20"],
        "a pallet of 48, two cases of ten, and seven singles"
    );
}

#[test]
fn a_bin_that_fell_short_is_frozen_and_counted_where_the_rules_say_so_and_thawed_when_it_was_not_short()
 {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,4", "A-01-02,BOLT,,,50"]);
    ruled(
        &ground,
        r#"{"after_short": {"too_few": {"freeze": true, "count": true, "replace": false}}}"#,
    );
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    let seq = hand.does(&ground, "PICK-SO-1", short(1, "A-01-01", "BOLT", 3));
    assert!(
        ground.task("PICK-SO-1-2").is_none(),
        "nothing is fetched elsewhere"
    );
    assert_eq!(ground.exceptions(), ["frozen", "short"]);
    ground.order(&["SO-2,1,BOLT,1"]);
    assert_eq!(
        ground.picks("PICK-SO-2"),
        ["A-01-02 x1"],
        "a frozen bin gives nothing"
    );
    hand.does(
        &ground,
        "PICK-SO-1",
        undone(seq, short(1, "A-01-01", "BOLT", 3)),
    );
    ground.order(&["SO-3,1,BOLT,1"]);
    assert_eq!(ground.picks("PICK-SO-3"), ["A-01-01 x1"]);
}

#[test]
fn what_is_set_aside_is_not_allocated_and_comes_back_when_it_is_undone() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,4"]);
    ground.order(&["SO-1,1,BOLT,1"]);
    let aside = Fact::SetAside {
        line: 1,
        bin: "A-01-01".parse().unwrap(),
        goods: goods("BOLT", ""),
        quantity: Quantity::units(3),
        status: stockhand::warehouse::Status::Damaged,
    };
    let mut hand = ground.hand("W1");
    let seq = hand.does(&ground, "PICK-SO-1", aside.clone());
    ground.order(&["SO-2,1,BOLT,1"]);
    assert!(ground.task("PICK-SO-2").is_none());
    hand.does(&ground, "PICK-SO-1", undone(seq, aside));
    ground.office.release(now(), &w1()).unwrap();
    assert_eq!(ground.picks("PICK-SO-2"), ["A-01-01 x1"]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_kit_is_fetched_as_its_components_and_only_as_many_as_are_whole() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-02,PAINT,RED,,3"]);
    let kits = [
        sheet("items.csv", "code,name,unit\nSET,Set,each\n"),
        sheet(
            "kits.csv",
            "kit,component,quantity\nSET,BOLT,4\nSET,PAINT,1\n",
        ),
    ];
    ground.office.import(now(), &kits).unwrap();
    ground.order(&["SO-1,1,SET,3"]);
    assert_eq!(ground.picks("PICK-SO-1"), ["A-01-01 x8", "A-01-02 RED x2"]);
    assert_eq!(ground.exceptions(), ["short"], "the third set is not whole");
    let Job::Pack(pack) = ground.task("PACK-SO-1").unwrap().job else {
        panic!("no packing");
    };
    let wanted = |item: &str| {
        let line = pack
            .lines
            .iter()
            .find(|line| line.item.code.as_str() == item);
        line.unwrap().wanted
    };
    assert_eq!(
        (wanted("BOLT"), wanted("PAINT")),
        (Quantity::units(8), Quantity::units(2))
    );
    let more = "warehouse,bin,item,quantity\nW1,A-01-03,BOLT,50\n";
    ground
        .office
        .import(now(), &[sheet("stock.csv", more)])
        .unwrap();
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", short(1, "A-01-01", "BOLT", 8));
    assert_eq!(
        ground.picks("PICK-SO-1-2"),
        ["A-01-03 x8"],
        "a component is fetched elsewhere too"
    );
}

#[test]
fn what_is_not_there_goes_as_its_substitute_to_those_who_take_it() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,2", "A-01-02,PAINT,RED,,9"]);
    let sheets = [
        sheet(
            "customers.csv",
            "code,name,substitutes\nC-1,Easy,yes\nC-2,Strict,no\n",
        ),
        sheet("substitutes.csv", "item,substitute,rank\nBOLT,PAINT,1\n"),
        sheet(
            "orders.csv",
            "warehouse,customer,order,priority,line,item,quantity\nW1,Strict,SO-1,1,1,BOLT,1\n\
             W1,Easy,SO-2,2,1,BOLT,3\nW1,Strict,SO-3,3,1,BOLT,3\n",
        ),
    ];
    ground.office.import(now(), &sheets).unwrap();
    ground.office.release(now(), &w1()).unwrap();
    assert_eq!(ground.picks("PICK-SO-2"), ["A-01-01 x1", "A-01-02 RED x2"]);
    assert!(ground.task("PICK-SO-3").is_none(), "bolts or nothing");
    assert_eq!(ground.exceptions(), ["substituted"]);
    let wanted = |task: &str| {
        let Job::Pack(pack) = ground.task(task).unwrap().job else {
            panic!("no packing");
        };
        let say =
            |line: &stockhand::warehouse::PackLine| format!("{} x{}", line.item.code, line.wanted);
        pack.lines.iter().map(say).collect::<Vec<_>>()
    };
    assert_eq!(wanted("PACK-SO-2"), ["BOLT x1", "PAINT x2"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-2", short(1, "A-01-01", "BOLT", 1));
    assert_eq!(ground.picks("PICK-SO-2-2"), ["A-01-02 RED x1"]);
    assert_eq!(wanted("PACK-SO-2"), ["BOLT x1", "PAINT x3"]);
}
