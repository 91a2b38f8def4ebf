//! Zones picked apart: which tasks an order becomes, and the books in whatever order the zones are heard of.

use super::office_tools::*;
use stockhand::office::rules::Rules;
use stockhand::warehouse::{Fact, Job, PickJob, Place, Quantity};

const BINS: &str = "warehouse,code,zone,kind,sequence\nW1,B-01-01,B,pick_face,10\nW1,C-01-01,C,pick_face,11\n\
                    W1,B-00-00,B,staging,12\nW1,C-00-00,C,staging,13\n";

/// Bolts in zone A, milk in zone B, paint in zone C.
fn ground(rules: &str) -> Ground {
    let ground = Ground::new();
    let stock = "warehouse,bin,item,lot,expiry,quantity\nW1,A-01-01,BOLT,,,50\nW1,B-01-01,MILK,L1,2027-12-31,50\nW1,C-01-01,PAINT,P1,,50\n";
    let sheets = [sheet("bins.csv", BINS), sheet("stock.csv", stock)];
    ground.office.import(now(), &sheets).unwrap();
    let rules: Rules = serde_json::from_str(rules).unwrap();
    ground.office.set_rules(&w1(), &rules).unwrap();
    ground
}

const PASSED: &str = r#"{"zones": [{"zone": "A"}, {"zone": "B", "buffer": "B-00-00"}, {"zone": "C", "buffer": "C-00-00"}]}"#;

fn job(ground: &Ground, id: &str) -> PickJob {
    let task = ground
        .task(id)
        .unwrap_or_else(|| panic!("there is no {id}"));
    match task.job {
        Job::Pick(job) => job,
        _ => panic!("{id} is no picking"),
    }
}

/// What stands packed for an order: each item with how many, and whether packing may begin.
fn packing(ground: &Ground) -> (Vec<String>, bool) {
    let Job::Pack(job) = ground.task("PACK-SO-1").expect("a packing task").job else {
        panic!("no packing");
    };
    let picked = job.lines.iter().flat_map(|line| &line.picked);
    let mut picked: Vec<String> = picked
        .map(|(goods, quantity)| format!("{} x{quantity}", goods.item))
        .collect();
    picked.sort();
    (picked, job.after.is_empty())
}

fn tote() -> Place {
    "tote:TOTE-1".parse().unwrap()
}

fn took(line: u32, bin: &str, item: &str, lot: &str, units: u32) -> Fact {
    Fact::Picked {
        line,
        order: "SO-1".parse().unwrap(),
        bin: bin.parse().unwrap(),
        goods: goods(item, lot),
        quantity: Quantity::units(units),
        into: tote(),
    }
}

fn put_down(bin: &str) -> Fact {
    Fact::TotesPutDown {
        order: "SO-1".parse().unwrap(),
        totes: vec!["TOTE-1".parse().unwrap()],
        bin: bin.parse().unwrap(),
    }
}

fn taken_up(known: &[(&str, &str, u32)]) -> Fact {
    let goods = known.iter();
    Fact::ToteTakenUp {
        order: "SO-1".parse().unwrap(),
        tote: "TOTE-1".parse().unwrap(),
        bin: "B-00-00".parse().unwrap(),
        goods: goods
            .map(|(item, lot, units)| {
                (
                    super::office_tools::goods(item, lot),
                    Quantity::units(*units),
                )
            })
            .collect(),
    }
}

fn brought(known: &[(&str, &str, u32)]) -> Fact {
    let goods = known.iter();
    Fact::Dropped {
        order: "SO-1".parse().unwrap(),
        bin: "PACK-01".parse().unwrap(),
        goods: goods
            .map(|(item, lot, units)| {
                let goods = super::office_tools::goods(item, lot);
                (goods, Quantity::units(*units), tote())
            })
            .collect(),
    }
}

#[test]
fn an_order_becomes_a_task_a_zone_and_each_leaves_its_totes_for_the_next() {
    let ground = ground(PASSED);
    ground.order(&["SO-1,1,PAINT,1", "SO-1,2,BOLT,2", "SO-1,3,MILK,3"]);
    assert_eq!(ground.picks("PICK-SO-1-A"), ["A-01-01 x2"]);
    assert_eq!(ground.picks("PICK-SO-1-B"), ["B-01-01 L1 x3"]);
    assert_eq!(ground.picks("PICK-SO-1-C"), ["C-01-01 P1 x1"]);
    let [a, b, c] = ["A", "B", "C"].map(|zone| job(&ground, &format!("PICK-SO-1-{zone}")));
    let goal = |job: &PickJob| job.orders[0].goal().to_string();
    assert_eq!([&a, &b, &c].map(goal), ["B-00-00", "C-00-00", "PACK-01"]);
    assert_eq!(b.after, ["PICK-SO-1-A".parse().unwrap()]);
    assert_eq!(c.orders[0].from().unwrap().bin, "C-00-00".parse().unwrap());
    assert!(ground.task("PICK-SO-1-A").unwrap().is_ready());
    let b = ground.task("PICK-SO-1-B").unwrap();
    assert!(!b.is_ready() && b.can_begin());
    assert_eq!(packing(&ground), (vec![], false));
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn zones_without_buffers_are_picked_at_once_and_come_together_where_the_order_is_packed() {
    let ground = ground(r#"{"zones": [{"zone": "A"}, {"zone": "B"}]}"#);
    ground.order(&["SO-1,1,PAINT,1", "SO-1,2,BOLT,2", "SO-1,3,MILK,3"]);
    for zone in ["A", "B", "C"] {
        let task = ground.task(&format!("PICK-SO-1-{zone}")).unwrap();
        assert!(task.is_ready(), "{zone}");
        assert_eq!(
            job(&ground, task.id.as_str()).orders[0].goal().as_str(),
            "PACK-01"
        );
    }
    let mut hand = ground.hand("W1");
    for zone in ["A", "B", "C"] {
        assert!(!packing(&ground).1);
        hand.does(&ground, &format!("PICK-SO-1-{zone}"), Fact::TaskFinished);
    }
    assert!(packing(&ground).1);
    assert_eq!(ground.order_state("SO-1"), "picked");
}

#[test]
fn what_lies_in_one_zone_is_picked_as_ever() {
    let ground = ground(PASSED);
    ground.order(&["SO-1,1,BOLT,2"]);
    assert_eq!(job(&ground, "PICK-SO-1").orders[0].leg, None);
}

#[test]
fn a_cart_goes_through_the_zones_of_its_orders() {
    let rules = PASSED.replacen('{', r#"{"carts": {"totes": 2}, "#, 1);
    let ground = ground(&rules);
    ground.order(&[
        "SO-1,1,BOLT,2",
        "SO-1,2,MILK,3",
        "SO-2,1,MILK,1",
        "SO-2,2,PAINT,1",
    ]);
    let orders = |id: &str| -> Vec<String> {
        let job = job(&ground, id);
        let say = job.orders.iter().map(|order| {
            let from = order.from().map_or("-", |from| from.bin.as_str());
            format!("{} {from} {}", order.order, order.goal())
        });
        say.collect()
    };
    assert_eq!(orders("CART-1-A"), ["SO-1 - B-00-00"]);
    assert_eq!(
        orders("CART-1-B"),
        ["SO-1 B-00-00 PACK-01", "SO-2 - C-00-00"]
    );
    assert_eq!(orders("CART-1-C"), ["SO-2 C-00-00 PACK-01"]);
    let lines = job(&ground, "CART-1-B");
    let lines: Vec<u32> = lines.lines().map(|line| line.line).collect();
    assert_eq!(lines, [1, 2]);
}

#[test]
fn zones_that_cannot_be_are_refused() {
    let ground = ground("{}");
    let set = |rules: &str| {
        let rules: Rules = serde_json::from_str(rules).unwrap();
        ground
            .office
            .set_rules(&w1(), &rules)
            .unwrap_err()
            .to_string()
    };
    let twice = set(r#"{"zones": [{"zone": "A"}, {"zone": "A"}]}"#);
    assert!(twice.contains("twice"), "{twice}");
    let nowhere = set(r#"{"zones": [{"zone": "A", "buffer": "NOWHERE"}]}"#);
    assert!(nowhere.contains("NOWHERE"), "{nowhere}");
}

/// What zone A's and zone B's handhelds record; the second knows what the first did, or nothing of it.
fn stories(knows: bool) -> [Vec<Fact>; 2] {
    let known: &[(&str, &str, u32)] = if knows { &[("BOLT", "", 2)] } else { &[] };
    let all: Vec<(&str, &str, u32)> = known.iter().copied().chain([("MILK", "L1", 3)]).collect();
    let first = vec![
        started(),
        took(1, "A-01-01", "BOLT", "", 2),
        put_down("B-00-00"),
        Fact::TaskFinished,
    ];
    let second = vec![
        started(),
        taken_up(known),
        took(1, "B-01-01", "MILK", "L1", 3),
        brought(&all),
        put_down("PACK-01"),
        Fact::TaskFinished,
    ];
    [first, second]
}

#[test]
fn whichever_zone_is_heard_of_first_all_stands_where_the_order_is_packed() {
    // Whose fact the office hears next: 0 zone A's, 1 zone B's; what is left over follows in turn.
    let orders: [&[usize]; 6] = [
        &[],
        &[1, 1, 1, 1, 1, 1],
        &[1, 0, 1, 0, 1, 0, 1, 0],
        &[0, 0, 1, 1, 1, 1, 1, 1],
        &[1, 1, 1, 1, 0, 0, 1],
        &[0, 1, 1, 1, 1, 1, 1, 0],
    ];
    for knows in [true, false] {
        for order in orders {
            let ground = ground(PASSED);
            ground.order(&["SO-1,1,BOLT,2", "SO-1,2,MILK,3"]);
            let mut hands = [ground.hand("W1"), ground.hand("W1")];
            let tasks = ["PICK-SO-1-A", "PICK-SO-1-B"];
            let mut stories = stories(knows).map(Vec::into_iter);
            for &who in order {
                if let Some(fact) = stories[who].next() {
                    hands[who].does(&ground, tasks[who], fact);
                }
            }
            for who in [0, 1] {
                for fact in stories[who].by_ref() {
                    hands[who].does(&ground, tasks[who], fact);
                }
            }
            let shown = format!("{order:?}, known: {knows}");
            assert_eq!(ground.stock("bin:PACK-01", "BOLT"), 2, "{shown}");
            assert_eq!(ground.stock("bin:PACK-01", "MILK"), 3, "{shown}");
            assert_eq!(ground.stock("tote:TOTE-1", "BOLT"), 0, "{shown}");
            assert_eq!(ground.stock("tote:TOTE-1", "MILK"), 0, "{shown}");
            let picked = ["BOLT x2", "MILK x3"].map(str::to_owned).to_vec();
            assert_eq!(packing(&ground), (picked, true), "{shown}");
            assert_eq!(ground.findings(), [""; 0], "{shown}");
            // Whoever knew of it before the office did draws on what the book does not have yet.
            let told = ground.exceptions();
            assert!(
                told.iter().all(|kind| knows && kind == "below_zero"),
                "{told:?}, {shown}"
            );
        }
    }
}

#[test]
fn what_is_taken_back_of_a_zone_stands_at_the_bench_no_more() {
    let ground = ground(PASSED);
    ground.order(&["SO-1,1,BOLT,2", "SO-1,2,MILK,3"]);
    let (mut first, mut second) = (ground.hand("W1"), ground.hand("W1"));
    second.does(&ground, "PICK-SO-1-B", taken_up(&[]));
    second.does(&ground, "PICK-SO-1-B", put_down("PACK-01"));
    let seq = first.does(&ground, "PICK-SO-1-A", took(1, "A-01-01", "BOLT", "", 2));
    assert_eq!(ground.stock("bin:PACK-01", "BOLT"), 2);
    let back = undone(seq, took(1, "A-01-01", "BOLT", "", 2));
    first.does(&ground, "PICK-SO-1-A", back);
    assert_eq!(ground.stock("bin:PACK-01", "BOLT"), 0);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 50);
    assert_eq!(packing(&ground).0, [""; 0]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_tote_that_nobody_goes_on_with_is_fetched_for_itself() {
    for first in [true, false] {
        let ground = ground(PASSED);
        ground.order(&["SO-1,1,BOLT,2", "SO-1,2,MILK,3"]);
        let (mut a, mut b) = (ground.hand("W1"), ground.hand("W1"));
        let mut zone_a = || {
            a.does(&ground, "PICK-SO-1-A", took(1, "A-01-01", "BOLT", "", 2));
            a.does(&ground, "PICK-SO-1-A", put_down("B-00-00"));
            a.does(&ground, "PICK-SO-1-A", Fact::TaskFinished);
        };
        if first {
            zone_a();
        }
        b.does(&ground, "PICK-SO-1-B", Fact::TaskFinished);
        if !first {
            zone_a();
        }
        let fetched = job(&ground, "PICK-SO-1-2");
        assert_eq!(fetched.lines().count(), 0);
        assert_eq!(
            fetched.orders[0].from().unwrap().totes,
            ["TOTE-1".parse().unwrap()]
        );
        assert_eq!(fetched.orders[0].goal().as_str(), "PACK-01");
        assert!(!packing(&ground).1, "packing waits for it");
        b.does(&ground, "PICK-SO-1-2", taken_up(&[("BOLT", "", 2)]));
        b.does(&ground, "PICK-SO-1-2", brought(&[("BOLT", "", 2)]));
        b.does(&ground, "PICK-SO-1-2", put_down("PACK-01"));
        b.does(&ground, "PICK-SO-1-2", Fact::TaskFinished);
        assert_eq!(packing(&ground), (vec!["BOLT x2".to_owned()], true));
        assert_eq!(ground.stock("bin:PACK-01", "BOLT"), 2);
    }
}
