//! Transfers between warehouses: sent as an order is, in transit, announced as it was sent, received, and squared.

use super::office_order_tools::*;
use super::office_tools::*;
use stockhand::warehouse::{
    Fact, Goods, Job, LineNo, Place, Quantity, Reason, ReceiveJob, Sscc, Status,
};

/// Two warehouses; W1 has bolts, paint of a lot and a pump; TO-1 takes some of each to W2, on a truck of its own.
fn on_the_way() -> Ground {
    let ground = ground();
    let sheets = [
        sheet(
            "bins.csv",
            "warehouse,code,zone,kind,sequence\nW2,RECV-01,R,receiving,1\nW2,A-01-02,A,reserve,3\n",
        ),
        sheet(
            "stock.csv",
            "warehouse,bin,item,lot,serial,quantity\nW1,A-01-02,PAINT,L1,,9\nW1,A-01-03,PUMP,,P-7,1\n",
        ),
        sheet(
            "transfers.csv",
            "warehouse,order,to,due,line,item,lot,quantity\nW1,TO-1,W2,2027-03-02T12:00:00Z,1,BOLT,,6\n\
             W1,TO-1,W2,2027-03-02T12:00:00Z,2,PAINT,L1,2\nW1,TO-1,W2,2027-03-02T12:00:00Z,3,PUMP,,1\n",
        ),
        sheet(
            "shipments.csv",
            "warehouse,shipment,order,stop,door,carrier\nW1,T-1,TO-1,1,DOCK-01,Own truck\n",
        ),
    ];
    ground.office.import(now(), &sheets).unwrap();
    ground.office.tend(now()).unwrap();
    ground
}

/// What the transfer takes along.
fn load() -> Vec<(Goods, Quantity)> {
    let pump = Goods {
        serial: "P-7".parse().ok(),
        ..goods("PUMP", "")
    };
    vec![
        (goods("BOLT", ""), Quantity::units(6)),
        (goods("PAINT", "L1"), Quantity::units(2)),
        (pump, Quantity::ONE),
    ]
}

fn plate_of(ground: &Ground) -> Sscc {
    let Job::Pack(job) = ground.task("PACK-TO-1").expect("packing").job else {
        panic!("no packing")
    };
    job.plates[0]
}

/// All of W1's work on TO-1, done without signal: picked, packed in one carton, loaded, the truck closed.
fn sends(ground: &Ground, away: &mut Away) {
    let (order, plate, bench) = (code("TO-1"), plate_of(ground), "PACK-01");
    let worker: Place = "worker:P1".parse().unwrap();
    let Job::Pick(pick) = ground.task("PICK-TO-1").expect("picking").job else {
        panic!("no picking")
    };
    away.begins("PICK-TO-1");
    for (line, (goods, quantity)) in pick.lines().zip(load()) {
        assert_eq!((&line.item.code, line.quantity), (&goods.item, quantity));
        away.records(vec![Fact::Picked {
            line: line.line,
            order: order.clone(),
            bin: line.bin.clone(),
            goods,
            quantity,
            into: worker.clone(),
        }]);
    }
    let brought = load().into_iter();
    away.records(vec![
        Fact::Dropped {
            order: order.clone(),
            bin: bench.parse().unwrap(),
            goods: brought
                .map(|(goods, quantity)| (goods, quantity, worker.clone()))
                .collect(),
        },
        Fact::TaskFinished,
    ]);
    away.begins("PACK-TO-1");
    for (line, (goods, quantity)) in (1..).zip(load()) {
        away.records(vec![Fact::Packed {
            line,
            order: order.clone(),
            carton: 1,
            goods,
            quantity,
            from: bench.parse().unwrap(),
        }]);
    }
    away.records(vec![
        Fact::CartonClosed {
            order,
            carton: 1,
            sscc: plate,
            goods: load(),
        },
        Fact::TaskFinished,
    ]);
    away.loads("LOAD-T-1", "DOCK-01");
}

/// How many of all items lie at a place of a warehouse, by the book.
fn at(ground: &Ground, warehouse: &str, place: &str) -> i64 {
    let sql = "SELECT COALESCE(SUM(quantity), 0) FROM stock WHERE warehouse = ?1 AND place = ?2";
    let sum: i64 = ground
        .database()
        .query_row(sql, [warehouse, place], |row| row.get(0))
        .unwrap();
    sum / 1000
}

fn receives(ground: &Ground, task: &str) -> ReceiveJob {
    match tasks(&ground.office, "W2")
        .remove(task)
        .map(|task| task.job)
    {
        Some(Job::Receive(job)) => job,
        other => panic!("{task} is {other:?}"),
    }
}

fn received(ground: &Ground, order: &str, line: LineNo, goods: Goods, units: u32) -> Fact {
    let job = receives(ground, &format!("RECV-{order}"));
    let wanted = job.lines.iter().find(|it| it.line == line).expect("a line");
    Fact::Received {
        order: Some(code(order)),
        line,
        goods,
        quantity: Quantity::units(units),
        weight_g: None,
        plate: wanted.plate,
        status: Status::Available,
        bin: "RECV-01".parse().unwrap(),
    }
}

fn way(ground: &Ground) -> Vec<(i64, Option<String>)> {
    let all = ground.office.in_transit().unwrap();
    let say = all.iter().map(|way| {
        let notice = way.notice.as_ref().map(ToString::to_string);
        (way.quantity.thousandths() / 1000, notice)
    });
    say.collect()
}

#[test]
fn what_was_sent_without_signal_is_announced_as_it_was_sent_and_received_there_without_signal() {
    let ground = on_the_way();
    let mut here = Away::new(&ground, "W1");
    sends(&ground, &mut here);
    assert!(
        ground.task("TOUR-T-1").is_none(),
        "no customer signs for it"
    );
    here.sends_all(&ground);
    assert_eq!(ground.order_state("TO-1"), "shipped");
    assert_eq!(
        (
            at(&ground, "W1", "truck:T-1"),
            at(&ground, "W1", "transit:TO-1")
        ),
        (0, 9)
    );
    assert!(
        tasks(&ground.office, "W2").is_empty(),
        "the floor's facts stay in their warehouse"
    );
    assert_eq!(way(&ground), [(6, None), (2, None), (1, None)]);
    ground.office.tend(now()).unwrap();
    ground.office.tend(now()).unwrap();
    let told = || Some("TO-1".to_owned());
    assert_eq!(way(&ground), [(6, told()), (2, told()), (1, told())]);
    let job = receives(&ground, "RECV-TO-1");
    assert_eq!((job.supplier.as_str(), job.lines.len()), ("W1", 3));
    assert!(
        job.lines
            .iter()
            .all(|line| line.plate == Some(plate_of_load(&ground)))
    );
    assert_eq!(job.lines[1].lot, "L1".parse().ok());
    // At W2: two bolts are missing, and one pot of paint came too much.
    let mut there = Away::new(&ground, "W2");
    there.begins("RECV-TO-1");
    let [bolt, paint, pump] = [0, 1, 2].map(|at| load()[at].0.clone());
    let short = Fact::ReceivedShort {
        order: Some(code("TO-1")),
        line: 1,
        item: "BOLT".parse().unwrap(),
        missing: Quantity::units(2),
        reason: Reason::NotDelivered,
    };
    there.records(vec![received(&ground, "TO-1", 1, bolt.clone(), 4)]);
    there.sends_all(&ground);
    ground.office.tend(now()).unwrap();
    assert_eq!(
        way(&ground)[0],
        (2, told()),
        "as it is received it is not in transit any more"
    );
    there.records(vec![
        short.clone(),
        received(&ground, "TO-1", 2, paint, 3),
        received(&ground, "TO-1", 3, pump, 1),
        Fact::TaskFinished,
    ]);
    there.sends_all(&ground);
    assert_eq!(
        ground.exceptions(),
        ["short", "too_many"],
        "what W2 itself sees"
    );
    ground.office.tend(now()).unwrap();
    ground.office.tend(now()).unwrap();
    assert_eq!(
        ground.exceptions(),
        ["short", "too_many", "short", "too_many"],
        "what W1 must know, once"
    );
    assert_eq!(way(&ground), []);
    assert_eq!(at(&ground, "W1", "transit:TO-1"), 0);
    assert_eq!(
        (at(&ground, "W1", "customer"), at(&ground, "W1", "unknown")),
        (7, 2)
    );
    assert_eq!(at(&ground, "W2", "bin:RECV-01"), 8);
    assert!(tasks(&ground.office, "W2").contains_key("PUT-TO-1"));
    // The two bolts are found in the truck.
    let seq = there.hand.rows.len() as u64;
    there
        .hand
        .record(Some("RECV-TO-1"), undone(seq, Fact::TaskFinished));
    there.hand.record(Some("RECV-TO-1"), undone(seq - 3, short));
    there.sends_all(&ground);
    let more = received(&ground, "TO-1", 1, bolt, 2);
    there.hand.record(Some("RECV-TO-1"), more);
    there.hand.record(Some("RECV-TO-1"), Fact::TaskFinished);
    there.sends_all(&ground);
    ground.office.tend(now()).unwrap();
    assert_eq!(
        (at(&ground, "W1", "customer"), at(&ground, "W1", "unknown")),
        (9, 0)
    );
    assert_eq!(ground.order_state("TO-1"), "delivered");
    assert_eq!(ground.findings(), [""; 0]);
}

fn plate_of_load(ground: &Ground) -> Sscc {
    let all = ground.office.in_transit().unwrap();
    all[0].plate.expect("on a plate")
}

#[test]
fn a_truck_that_comes_back_to_its_door_is_called_off_at_the_other_end() {
    let ground = on_the_way();
    let mut here = Away::new(&ground, "W1");
    sends(&ground, &mut here);
    here.sends_all(&ground);
    ground.office.tend(now()).unwrap();
    assert!(tasks(&ground.office, "W2").contains_key("RECV-TO-1"));
    let seq = here.hand.rows.len() as u64;
    let closed: stockhand::warehouse::Entry =
        serde_json::from_str(&here.hand.rows[here.hand.rows.len() - 2].line).unwrap();
    assert!(matches!(closed.fact, Fact::TruckClosed { .. }));
    let opens = |here: &mut Away, seq: u64| {
        here.hand
            .record(Some("LOAD-T-1"), undone(seq, Fact::TaskFinished));
        here.hand
            .record(Some("LOAD-T-1"), undone(seq - 1, closed.fact.clone()));
    };
    let closes = |here: &mut Away| {
        here.hand.record(Some("LOAD-T-1"), closed.fact.clone());
        here.hand.record(Some("LOAD-T-1"), Fact::TaskFinished)
    };
    opens(&mut here, seq);
    here.sends_all(&ground);
    assert_eq!(
        (
            at(&ground, "W1", "truck:T-1"),
            at(&ground, "W1", "transit:TO-1")
        ),
        (9, 0)
    );
    assert_eq!(ground.order_state("TO-1"), "packed");
    ground.office.tend(now()).unwrap();
    assert!(tasks(&ground.office, "W2").is_empty(), "nothing comes");
    let seq = closes(&mut here);
    // Opened and closed once more before anyone hears of it.
    opens(&mut here, seq);
    let seq = closes(&mut here);
    here.sends_all(&ground);
    ground.office.tend(now()).unwrap();
    let told = Some("TO-1-2".to_owned());
    assert_eq!(
        way(&ground),
        [(6, told.clone()), (2, told.clone()), (1, told)]
    );
    assert_eq!(receives(&ground, "RECV-TO-1-2").lines.len(), 3);
    // W2 has begun: it must look for itself.
    let mut there = Away::new(&ground, "W2");
    there.begins("RECV-TO-1-2");
    there.sends_all(&ground);
    assert_eq!(ground.exceptions(), [""; 0]);
    opens(&mut here, seq);
    here.sends_all(&ground);
    ground.office.tend(now()).unwrap();
    assert_eq!(ground.exceptions(), ["not_ordered"]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_number_that_the_other_warehouse_uses_already_is_told_apart() {
    let ground = on_the_way();
    let text = "warehouse,supplier,order,line,item,quantity\nW2,Maker,TO-1,1,BOLT,50\n";
    ground
        .office
        .import(now(), &[sheet("receipts.csv", text)])
        .unwrap();
    let mut here = Away::new(&ground, "W1");
    sends(&ground, &mut here);
    here.sends_all(&ground);
    ground.office.tend(now()).unwrap();
    assert_eq!(receives(&ground, "RECV-TO-1").supplier.as_str(), "Maker");
    assert_eq!(receives(&ground, "RECV-TO-1-2").supplier.as_str(), "W1");
    // What is announced can be promised there.
    let (bolt, w2) = ("BOLT".parse().unwrap(), "W2".parse().unwrap());
    let promised = ground
        .office
        .promise(now(), &bolt, Quantity::units(6), Some(&w2));
    let due = "2027-03-02T12:00:00Z".parse().unwrap();
    assert_eq!(promised.unwrap()[0].at, Some(due));
}

#[test]
fn a_transfer_is_cancelled_like_an_order_until_it_has_left() {
    let ground = on_the_way();
    let mut here = Away::new(&ground, "W1");
    sends(&ground, &mut here);
    let before_loading = here.hand.rows.len() - 4;
    here.sends(&ground, before_loading);
    cancels(&ground, "TO-1").unwrap();
    here.sends_all(&ground);
    assert_eq!(
        at(&ground, "W1", "transit:TO-1"),
        9,
        "it left all the same, and a person knows"
    );
    assert!(ground.exceptions().contains(&"task_closed".to_owned()));
    let other = on_the_way();
    let mut here = Away::new(&other, "W1");
    sends(&other, &mut here);
    here.sends_all(&other);
    let why = cancels(&other, "TO-1").unwrap_err();
    assert_eq!(
        why,
        "TO-1 has left the house; what comes back of it is a return."
    );
    assert_eq!((ground.findings(), other.findings()), (vec![], vec![]));
}

#[test]
fn a_sheet_of_transfers_is_checked_and_comes_out_as_it_came_in() {
    let ground = ground();
    let head = "warehouse,order,to,line,item,quantity\n";
    let import = |rows: &str| {
        let done = ground
            .office
            .import(now(), &[sheet("transfers.csv", &format!("{head}{rows}"))]);
        done.map(drop).map_err(|why| match why {
            stockhand::office::import::NotImported::BadRows(rows) => rows[0].reason.clone(),
            why => why.to_string(),
        })
    };
    for (row, told) in [
        ("W1,TO-9,W1,1,BOLT,5\n", "TO-9 stays in W1"),
        ("W1,TO-9,W9,1,BOLT,5\n", "W9"),
        ("W1,TO-9,,1,BOLT,5\n", "to"),
    ] {
        let why = import(row).unwrap_err();
        assert!(why.contains(told), "{why}");
    }
    import("W1,TO-9,W2,1,BOLT,5\n").unwrap();
    let mut out = Vec::new();
    ground.office.export("transfers.csv", &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("W1,TO-9,W2,50,,,1,BOLT,,5"), "{text}");
    ground
        .office
        .import(now(), &[sheet("transfers.csv", &text)])
        .unwrap();
}

#[test]
fn what_went_onto_the_truck_is_followed_into_the_other_warehouse() {
    use stockhand::office::trace::{Asked, Exposure, Grouping};
    let ground = on_the_way();
    let mut here = Away::new(&ground, "W1");
    sends(&ground, &mut here);
    here.sends_all(&ground);
    ground.office.tend(now()).unwrap();
    let mut there = Away::new(&ground, "W2");
    there.begins("RECV-TO-1");
    let [bolt, paint] = [0, 1].map(|at| load()[at].0.clone());
    there.records(vec![
        received(&ground, "TO-1", 1, bolt, 4),
        received(&ground, "TO-1", 2, paint, 3),
    ]);
    there.sends_all(&ground);
    let asked = Asked {
        goods: Grouping::Shipment("T-1".parse().unwrap()),
        forward: true,
        until: None,
        warehouse: None,
    };
    let traced = ground.office.trace(&asked).unwrap();
    let at = |warehouse: &str, place: &str, item: &str| -> Exposure {
        let there = traced.stands.iter().filter(|it| {
            let where_it_is = (it.warehouse.as_str(), it.place.to_string());
            where_it_is == (warehouse, place.to_owned()) && it.goods.item.as_str() == item
        });
        there.fold(Exposure::default(), |sum, it| sum.plus(it.amount))
    };
    let units = |certain, possible| Exposure {
        certain: Quantity::units(certain),
        possible: Quantity::units(possible),
    };
    assert_eq!(at("W2", "bin:RECV-01", "BOLT"), units(4, 0));
    assert_eq!(at("W1", "transit:TO-1", "BOLT"), units(2, 0));
    assert_eq!(at("W1", "transit:TO-1", "PUMP"), units(1, 0));
    // One pot more than was sent: it may be of the same lot, from nobody knows where.
    assert_eq!(at("W2", "bin:RECV-01", "PAINT"), units(2, 1));
}
