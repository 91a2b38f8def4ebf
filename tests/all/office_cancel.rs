//! Cancelling orders while the floor is at work, with signal and without.

use super::office_order_tools::*;
use super::office_tools::*;
use stockhand::flow::Act;
use stockhand::office::Office;
use stockhand::warehouse::{Fact, Job, Quantity};

fn progress(ground: &Ground, order: &str) -> stockhand::office::OrderProgress {
    ground.office.order_progress(&w1(), &code(order)).unwrap()
}

/// Every number of the only line, in the order in which goods come there.
fn numbers(ground: &Ground, order: &str) -> [i64; 7] {
    let all = progress(ground, order);
    let [line] = all.lines.as_slice() else {
        panic!("one line")
    };
    [
        line.allocated,
        line.picked,
        line.packed,
        line.shipped,
        line.delivered,
        line.short,
        line.back_ordered,
    ]
    .map(|quantity| quantity.thousandths() / 1000)
}

#[test]
fn an_order_says_how_far_each_of_its_lines_is_as_facts_arrive() {
    let ground = ground();
    ground.order(&["SO-9,1,PUMP,2"]);
    assert_eq!(numbers(&ground, "SO-9"), [0; 7], "it is not released");
    wants(&ground, "SO-1", 6);
    assert_eq!(numbers(&ground, "SO-1"), [6, 0, 0, 0, 0, 0, 0]);
    let mut away = Away::new(&ground, "W1");
    away.begins("PICK-SO-1");
    away.acts(&bin("A-01-01"));
    away.acts(&bolts(4));
    away.sends_all(&ground);
    assert_eq!(numbers(&ground, "SO-1"), [2, 4, 0, 0, 0, 0, 0]);
    away.acts(&bolts(6));
    away.acts(&bin("PACK-01"));
    away.packs("PACK-SO-1", 6);
    away.sends_all(&ground);
    assert_eq!(numbers(&ground, "SO-1"), [0, 6, 6, 0, 0, 0, 0]);
    away.loads("LOAD-T-SO-1", "DOCK-01");
    away.sends_all(&ground);
    assert_eq!(numbers(&ground, "SO-1"), [0, 6, 6, 6, 0, 0, 0]);
    away.begins("TOUR-T-SO-1");
    let plates = away.plates("TOUR-T-SO-1");
    away.acts(&plate(plates[0]));
    away.sends_all(&ground);
    assert_eq!(numbers(&ground, "SO-1"), [0, 6, 6, 6, 6, 0, 0]);
    assert_eq!(progress(&ground, "SO-1").state.as_str(), "shipped");
}

#[test]
fn what_falls_short_on_the_floor_and_what_was_never_there_are_told_apart() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,5"]);
    ground.order(&["SO-1,1,BOLT,8"]);
    assert_eq!(numbers(&ground, "SO-1"), [5, 0, 0, 0, 0, 0, 3]);
    let mut hand = ground.hand("W1");
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 3),
    );
    hand.does(&ground, "PICK-SO-1", short(1, "A-01-01", "BOLT", 2));
    assert_eq!(numbers(&ground, "SO-1"), [0, 3, 0, 0, 0, 2, 3]);
}

#[test]
fn a_kit_counts_in_whole_kits_and_a_substitute_for_what_it_stands_for() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let sheets = [
        sheet("items.csv", "code,name,unit\nSET,Set,each\nNUT,Nut,each\n"),
        sheet(
            "kits.csv",
            "kit,component,quantity\nSET,BOLT,4\nSET,NUT,1\n",
        ),
        sheet(
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-03,NUT,50\n",
        ),
    ];
    ground.office.import(now(), &sheets).unwrap();
    ground.order(&["SO-1,1,SET,3"]);
    assert_eq!(numbers(&ground, "SO-1"), [3, 0, 0, 0, 0, 0, 0]);
    let mut hand = ground.hand("W1");
    let Job::Pick(job) = ground.task("PICK-SO-1").unwrap().job else {
        panic!("no picking")
    };
    for line in job.lines() {
        let units = if line.item.code.as_str() == "BOLT" {
            11
        } else {
            3
        };
        let fact = picked(
            line.line,
            line.bin.as_str(),
            goods(line.item.code.as_str(), ""),
            units,
        );
        hand.does(&ground, "PICK-SO-1", fact);
    }
    assert_eq!(
        numbers(&ground, "SO-1"),
        [0, 2, 0, 0, 0, 1, 0],
        "11 bolts are two sets"
    );
    let sheets = [
        sheet("items.csv", "code,name,unit\nNAIL,Nail,each\n"),
        sheet("substitutes.csv", "item,substitute\nNAIL,NUT\n"),
        sheet("customers.csv", "code,name,substitutes\nC-2,Flexible,yes\n"),
        sheet(
            "orders.csv",
            "warehouse,customer,order,line,item,quantity\nW1,Flexible,SO-2,1,NAIL,60\n",
        ),
    ];
    ground.office.import(now(), &sheets).unwrap();
    ground.office.release(now(), &w1()).unwrap();
    let nuts = ground.stock("bin:A-01-03", "NUT");
    assert_eq!(numbers(&ground, "SO-2"), [nuts, 0, 0, 0, 0, 0, 60 - nuts]);
}

/// A picker, packer and loader without signal do the first so many acts of an order. Says how many rows that made.
fn works(away: &mut Away, order: &str, acts: usize) -> usize {
    let (pick, pack, load) = (
        format!("PICK-{order}"),
        format!("PACK-{order}"),
        format!("LOAD-T-{order}"),
    );
    for act in 0..acts {
        match act {
            0 => away.begins(&pick),
            1 => away.acts(&bin("A-01-01")),
            2 => away.acts(&bolts(2)),
            3 | 8 => away.acts(&bolts(6)),
            4 => away.acts(&bin("PACK-01")),
            5 => away.begins(&pack),
            6 => away.acts(&bolts(1)),
            7 | 9 => away.acts(&Act::Closed(None)),
            10 => away.begins(&load),
            11 => away.acts(&bin("DOCK-01")),
            12 | 13 => away.acts(&plate(away.plates(&load)[act - 12])),
            _ => panic!("there are {ACTS} acts"),
        }
    }
    away.hand.rows.len()
}

const ACTS: usize = 14;

/// Everyone hears the news, and all that is left to do is done.
fn settles(ground: &Ground, away: &mut Away, is_loaded: bool) {
    if away.is_at().is_some() {
        if is_loaded {
            away.acts(&Act::Agreed);
        } else {
            away.leaves();
        }
    }
    away.sends_all(ground);
    ground.office.tend(now()).unwrap();
    away.hear(ground);
    for task in away.names() {
        if task.starts_with("PICK") {
            away.begins(&task);
            away.acts(&bin("PACK-01"));
        }
    }
    away.sends_all(ground);
    away.hear(ground);
    for task in away.names() {
        if task.starts_with("PUT") {
            away.puts_away(&task);
        }
    }
    away.sends_all(ground);
}

#[test]
fn cancelled_at_any_point_every_unit_is_put_back_or_on_its_truck_and_nothing_is_lost() {
    let ground = ground();
    let (mut shipped, mut number) = (0, 0);
    for acts in 0..=ACTS {
        let mut known = 0;
        loop {
            number += 1;
            let order = format!("SO-{number}");
            wants(&ground, &order, 6);
            let mut away = Away::new(&ground, "W1");
            let rows = works(&mut away, &order, acts);
            away.sends(&ground, known);
            let story =
                format!("{order}: {known} of {rows} rows were known, {acts} acts were done");
            cancels(&ground, &order).unwrap_or_else(|why| panic!("{story}: {why}"));
            settles(&ground, &mut away, acts == ACTS);
            let loaded = ground.stock(&format!("truck:T-{order}"), "BOLT");
            shipped += loaded;
            assert_eq!(loaded > 0, acts > 12, "{story}");
            assert_eq!(ground.stock("bin:PACK-01", "BOLT"), 0, "{story}");
            assert_eq!(ground.stock("worker:P1", "BOLT"), 0, "{story}");
            assert_eq!(in_bins(&ground), 1000 - shipped, "{story}");
            let packed = ground.stock(&format!("order:{order}"), "BOLT");
            assert_eq!(packed, 0, "{story}");
            assert_eq!(ground.order_state(&order), "cancelled", "{story}");
            let mut left = away.names_now(&ground);
            left.retain(|task| task.contains(&order));
            let on_truck = [format!("LOAD-T-{order}"), format!("TOUR-T-{order}")];
            let on_truck = match acts {
                0..13 => &on_truck[..0],
                // One carton is on it, and the loader went home.
                13 => &on_truck[..],
                _ => &on_truck[1..],
            };
            assert_eq!(left, *on_truck, "{story}");
            if known == rows {
                break;
            }
            known += 1;
        }
    }
    assert!(number > 130, "only {number} stories");
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_nobody_has_begun_is_withdrawn_and_free_for_others_at_once() {
    let ground = ground();
    wants(&ground, "SO-1", 1000);
    wants(&ground, "SO-2", 5);
    assert_eq!(ground.order_state("SO-2"), "open", "all is promised");
    let device = ground.hand("W1").device;
    let done = cancels(&ground, "SO-1").unwrap();
    assert_eq!(done.waits_for, []);
    assert_eq!(ground.order_state("SO-1"), "cancelled");
    assert_eq!(
        tasks(&ground.office, "W1").len(),
        0,
        "no picking, packing, truck"
    );
    ground.office.tend(now()).unwrap();
    assert_eq!(ground.picks("PICK-SO-2"), ["A-01-01 x5"]);
    // A handheld that reads the whole feed ends with the same tasks.
    let tables = ground.mirror(&device, "cache.db", 3);
    assert_eq!(tables["tasks"].len(), 4);
    assert_eq!(ground.exceptions(), [""; 0]);
    let said = progress(&ground, "SO-1");
    assert_eq!(said.cancelled.unwrap().1.as_str(), "not wanted any more");
    assert_eq!(
        cancels(&ground, "SO-1").unwrap(),
        done,
        "said twice is said once"
    );
    let again = "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-1,1,BOLT,3\n";
    let imported = ground.office.import(now(), &[sheet("orders.csv", again)]);
    assert_eq!(
        imported.unwrap().begun,
        1,
        "a cancelled order stays cancelled"
    );
}

#[test]
fn an_order_that_was_never_released_or_has_left_is_answered_for() {
    let ground = ground();
    ground.order(&["SO-9,1,PUMP,2"]);
    cancels(&ground, "SO-9").unwrap();
    assert_eq!(ground.order_state("SO-9"), "cancelled");
    assert_eq!(
        cancels(&ground, "SO-8").unwrap_err(),
        "there is no order SO-8"
    );
    wants(&ground, "SO-1", 6);
    let mut away = Away::new(&ground, "W1");
    works(&mut away, "SO-1", ACTS);
    away.acts(&Act::Agreed);
    away.sends_all(&ground);
    let why = cancels(&ground, "SO-1").unwrap_err();
    assert_eq!(
        why,
        "SO-1 has left the house; what comes back of it is a return."
    );
    assert_eq!(ground.order_state("SO-1"), "shipped");
}

#[test]
fn a_shared_cart_goes_its_way_and_only_the_cancelled_order_is_put_back() {
    let ground = ground();
    let rules = serde_json::from_str(r#"{"carts": {"totes": 2}}"#).unwrap();
    ground.office.set_rules(&w1(), &rules).unwrap();
    ground.order(&["SO-1,1,BOLT,2", "SO-2,1,BOLT,3"]);
    let done = cancels(&ground, "SO-1").unwrap();
    assert_eq!(done.waits_for, ["CART-1".parse().unwrap()]);
    assert_eq!(ground.order_state("SO-1"), "cancelling");
    let mut hand = ground.hand("W1");
    hand.does(&ground, "CART-1", started());
    for (line, order, units) in [(1, "SO-1", 2), (2, "SO-2", 3)] {
        let tote: stockhand::warehouse::Place = format!("tote:T{line}").parse().unwrap();
        hand.does(
            &ground,
            "CART-1",
            Fact::Picked {
                line,
                order: code(order),
                bin: "A-01-01".parse().unwrap(),
                goods: goods("BOLT", ""),
                quantity: Quantity::units(units),
                into: tote.clone(),
            },
        );
        hand.does(
            &ground,
            "CART-1",
            Fact::Dropped {
                order: code(order),
                bin: "PACK-01".parse().unwrap(),
                goods: vec![(goods("BOLT", ""), Quantity::units(units), tote)],
            },
        );
    }
    assert!(ground.task("PUT-SO-1").is_none(), "the cart is not done");
    hand.does(&ground, "CART-1", Fact::TaskFinished);
    assert_eq!(ground.order_state("SO-1"), "cancelled");
    let Job::Putaway(job) = ground.task("PUT-SO-1").unwrap().job else {
        panic!("no putaway")
    };
    assert_eq!(job.from.as_str(), "PACK-01");
    assert_eq!(job.lines[0].quantity, Quantity::units(2));
    assert!(ground.task("PACK-SO-2").unwrap().is_ready());
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn totes_that_go_from_zone_to_zone_are_still_brought_and_then_put_back() {
    for begun in [true, false] {
        let ground = ground();
        let sheets = [
            sheet(
                "bins.csv",
                "warehouse,code,zone,kind,sequence\nW1,B-01-01,B,pick_face,5\nW1,BUF-B,B,staging,6\n",
            ),
            sheet(
                "stock.csv",
                "warehouse,bin,item,lot,quantity\nW1,B-01-01,PAINT,L1,9\n",
            ),
        ];
        ground.office.import(now(), &sheets).unwrap();
        let rules = r#"{"zones": [{"zone": "A"}, {"zone": "B", "buffer": "BUF-B"}]}"#;
        let rules = serde_json::from_str(rules).unwrap();
        ground.office.set_rules(&w1(), &rules).unwrap();
        ground.order(&["SO-1,1,BOLT,4", "SO-1,2,PAINT,2"]);
        let (first, second) = ("PICK-SO-1-A", "PICK-SO-1-B");
        let mut hand = ground.hand("W1");
        let tote: stockhand::warehouse::ToteCode = "T1".parse().unwrap();
        let into = stockhand::warehouse::Place::Tote(tote.clone());
        if begun {
            hand.does(&ground, first, started());
            hand.does(
                &ground,
                first,
                Fact::Picked {
                    line: 1,
                    order: code("SO-1"),
                    bin: "A-01-01".parse().unwrap(),
                    goods: goods("BOLT", ""),
                    quantity: Quantity::units(4),
                    into: into.clone(),
                },
            );
            hand.does(
                &ground,
                first,
                Fact::TotesPutDown {
                    order: code("SO-1"),
                    totes: vec![tote.clone()],
                    bin: "BUF-B".parse().unwrap(),
                },
            );
            hand.does(&ground, first, Fact::TaskFinished);
        }
        let done = cancels(&ground, "SO-1").unwrap();
        if !begun {
            assert_eq!(done.waits_for, []);
            assert!(tasks(&ground.office, "W1").is_empty());
            continue;
        }
        assert_eq!(done.waits_for, [second.parse().unwrap()]);
        let Job::Pick(job) = ground.task(second).unwrap().job else {
            panic!("no picking")
        };
        assert!(
            job.lines().all(|line| line.quantity.is_zero()),
            "no paint is fetched"
        );
        // The second zone brings the tote to the bench.
        hand.does(&ground, second, started());
        hand.does(
            &ground,
            second,
            Fact::Dropped {
                order: code("SO-1"),
                bin: "PACK-01".parse().unwrap(),
                goods: vec![(goods("BOLT", ""), Quantity::units(4), into)],
            },
        );
        hand.does(&ground, second, Fact::TaskFinished);
        assert_eq!(ground.order_state("SO-1"), "cancelled");
        let Job::Putaway(job) = ground.task("PUT-SO-1").unwrap().job else {
            panic!("no putaway")
        };
        assert_eq!(job.lines[0].quantity, Quantity::units(4));
        assert_eq!(ground.findings(), [""; 0]);
    }
}

#[test]
fn a_truck_keeps_its_other_orders_and_a_loader_is_told() {
    let ground = ground();
    ground.order(&["SO-1,1,BOLT,2", "SO-2,1,BOLT,3", "SO-3,1,BOLT,3"]);
    let rows: String = (1..=3)
        .map(|n| format!("W1,T-1,SO-{n},{n},DOCK-01,Carrier 9\n"))
        .collect();
    let text = format!("warehouse,shipment,order,stop,door,carrier\n{rows}");
    let done = ground
        .office
        .import(now(), &[sheet("shipments.csv", &text)]);
    done.unwrap();
    ground.office.release(now(), &w1()).unwrap();
    let stops = |task: &str| match ground.task(task).unwrap().job {
        Job::Load(job) => (job.shipment.stops.len(), job.after.len()),
        Job::Deliver(job) => (job.shipment.stops.len(), job.after.len()),
        _ => panic!("no truck"),
    };
    assert_eq!(stops("LOAD-T-1"), (3, 3));
    cancels(&ground, "SO-1").unwrap();
    assert_eq!(stops("LOAD-T-1"), (2, 2));
    assert_eq!(stops("TOUR-T-1"), (2, 1));
    assert_eq!(ground.exceptions(), [""; 0]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "LOAD-T-1", started());
    cancels(&ground, "SO-2").unwrap();
    assert_eq!(stops("LOAD-T-1"), (2, 2), "someone is at it");
    assert_eq!(ground.exceptions(), ["task_closed"]);
    assert_eq!(ground.order_state("SO-2"), "cancelling");
    // The handheld was lost; its lease runs out, and the office squares the order by itself.
    let late = now() + hours(9);
    ground.office.tend(late).unwrap();
    assert_eq!(ground.order_state("SO-2"), "cancelled");
}

#[test]
fn a_purchase_is_cancelled_until_it_is_being_received_and_then_what_came_is_put_away() {
    let ground = Ground::new();
    let text = "warehouse,supplier,order,line,item,quantity\nW1,Maker,PO-1,1,BOLT,5\nW1,Maker,PO-2,1,BOLT,5\n";
    ground
        .office
        .import(now(), &[sheet("receipts.csv", text)])
        .unwrap();
    ground.office.tend(now()).unwrap();
    let mut hand = ground.hand("W1");
    hand.does(&ground, "RECV-PO-1", started());
    let why = cancels(&ground, "PO-1").unwrap_err();
    assert_eq!(
        why,
        "Work on PO-1 has begun: RECV-PO-1 must be finished first."
    );
    cancels(&ground, "PO-2").unwrap();
    assert!(ground.task("RECV-PO-2").is_none());
    // It came all the same, and was received without signal.
    let received = Fact::Received {
        order: Some(code("PO-2")),
        line: 1,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(5),
        weight_g: None,
        plate: None,
        status: stockhand::warehouse::Status::Available,
        bin: "RECV-01".parse().unwrap(),
    };
    for fact in [started(), received, Fact::TaskFinished] {
        hand.does(&ground, "RECV-PO-2", fact);
    }
    assert_eq!(ground.exceptions(), ["task_closed"]);
    assert!(ground.task("PUT-PO-2").is_some());
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn the_office_that_is_opened_again_knows_the_same() {
    let ground = ground();
    wants(&ground, "SO-1", 6);
    let mut away = Away::new(&ground, "W1");
    works(&mut away, "SO-1", 5);
    away.sends_all(&ground);
    cancels(&ground, "SO-1").unwrap();
    let again: Office = crate::postgres::open(&ground.dir.path().join("office.db"));
    let (one, two) = (
        again.order_progress(&w1(), &code("SO-1")).unwrap(),
        progress(&ground, "SO-1"),
    );
    assert_eq!(one, two);
    assert_eq!(one.tasks.len(), 1, "it is being put back");
}
