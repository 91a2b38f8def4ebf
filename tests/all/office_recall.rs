//! Goods called back: held everywhere in one act, told to every handheld, collected, and told of when the floor was faster.

use super::office_tools::*;
use stockhand::office::recall::{Opened, ToRecall};
use stockhand::office::trace::{Asked, Exposure, Grouping};
use stockhand::warehouse::{CalledBack, Change, Fact, Job, Onward, Quantity, Status};

fn recall(code: &str, item: &str, lot: &str, is_drill: bool) -> ToRecall {
    ToRecall {
        code: code.parse().unwrap(),
        reason: "Glass in it.".into(),
        asked: Asked {
            goods: Grouping::Lot(item.parse().unwrap(), lot.parse().unwrap()),
            forward: true,
            until: None,
            warehouse: None,
        },
        is_drill,
    }
}

fn open(ground: &Ground, lot: &str) -> Opened {
    ground
        .office
        .open_recall(now(), &recall("R-1", "PAINT", lot, false))
        .unwrap()
}

/// A lot in two bins of one warehouse and one of another, another lot beside it, and a place for what is called back.
fn ground() -> Ground {
    let ground = Ground::with_stock(&[
        "A-01-01,PAINT,RED,,10",
        "A-01-01,PAINT,BLUE,,10",
        "A-01-03-01,PAINT,RED,,30",
    ]);
    let bins = "warehouse,code,zone,kind,sequence\nW1,QUAR-01,Q,quarantine,90\n";
    let stock = "warehouse,bin,item,lot,quantity\nW2,A-01-01,PAINT,RED,7\n";
    let sheets = [sheet("bins.csv", bins), sheet("stock.csv", stock)];
    ground.office.import(now(), &sheets).unwrap();
    ground
}

/// Stock by place, lot and status, in both warehouses.
fn stock(ground: &Ground) -> Vec<String> {
    let mut rows = Vec::new();
    for warehouse in ["W1", "W2"] {
        let look = |change| {
            if let Change::Stock(row) = change {
                let lot = row.goods.lot.map(|lot| lot.to_string()).unwrap_or_default();
                let (place, status) = (row.spot.place, row.spot.status);
                rows.push(format!(
                    "{warehouse} {place} {lot} {status:?} {}",
                    row.quantity
                ));
            }
            Ok::<(), stockhand::office::Error>(())
        };
        ground
            .office
            .everything(&warehouse.parse().unwrap(), look)
            .unwrap();
    }
    rows.sort();
    rows
}

/// Open exceptions of recalls and of bins below nothing; the tasks of these tests are nobody's.
fn told(ground: &Ground) -> Vec<String> {
    let mut told = ground.exceptions();
    told.retain(|kind| kind == "recalled" || kind == "below_zero");
    told
}

/// What handhelds of a warehouse hear is called back.
fn called(ground: &Ground, warehouse: &str) -> Vec<CalledBack> {
    let mut called = Vec::new();
    let look = |change| {
        if let Change::Message(message) = change {
            called.extend(message.called_back);
        }
        Ok::<(), stockhand::office::Error>(())
    };
    let warehouse = warehouse.parse().unwrap();
    ground.office.everything(&warehouse, look).unwrap();
    called
}

#[test]
fn one_act_holds_a_lot_in_every_warehouse_tells_every_handheld_and_has_it_collected() {
    let ground = ground();
    let opened = open(&ground, "RED");
    assert_eq!(
        stock(&ground),
        [
            "W1 bin:A-01-01 BLUE Available 10",
            "W1 bin:A-01-01 RED OnHold 10",
            "W1 bin:A-01-03-01 RED OnHold 30",
            "W2 bin:A-01-01 RED OnHold 7",
        ]
    );
    assert_eq!(opened.held.len(), 3);
    assert_eq!(opened.collecting.len(), 2);
    assert_eq!(opened.nowhere, ["W2".parse().unwrap()]);
    for warehouse in ["W1", "W2"] {
        let called = called(&ground, warehouse);
        assert_eq!(called.len(), 1);
        let red = goods("PAINT", "RED");
        let it = Onward {
            goods: &red,
            from: None,
            plate: None,
        };
        assert!(called[0].means(&it));
    }
    let Some(Job::Move(job)) = ground
        .task(opened.collecting[0].1.as_str())
        .map(|task| task.job)
    else {
        panic!("it is a move");
    };
    assert!(job.lines.iter().all(|line| line.status == Status::OnHold));
    assert!(job.lines.iter().all(|line| line.to.as_str() == "QUAR-01"));
    assert_eq!(ground.findings(), Vec::<String>::new());
    let again = ground
        .office
        .open_recall(now(), &recall("R-1", "PAINT", "RED", false));
    assert!(again.is_err(), "a recall has a name of its own");
    let nothing = ground
        .office
        .open_recall(now(), &recall("R-2", "PAINT", "GREEN", false));
    assert!(nothing.is_err(), "nothing fits");
}

#[test]
fn what_was_picked_before_the_handheld_knew_is_told_and_held_where_it_is_put_down() {
    let ground = ground();
    ground.order(&["SO-1,1,PAINT,4"]);
    let mut hand = ground.hand("W1");
    let taken = picked(1, "A-01-01", goods("PAINT", "RED"), 4);
    hand.record(Some("T"), taken);
    open(&ground, "RED");
    // The journal of the picker who had no signal comes in after that.
    hand.push(&ground);
    assert_eq!(
        ground.exceptions(),
        ["recalled"],
        "and no bin is below nothing"
    );
    let dropped = Fact::Dropped {
        order: "SO-1".parse().unwrap(),
        bin: "PACK-01".parse().unwrap(),
        goods: vec![(
            goods("PAINT", "RED"),
            Quantity::units(4),
            "worker:P1".parse().unwrap(),
        )],
    };
    hand.does(&ground, "T", dropped);
    let rows = stock(&ground);
    assert!(
        rows.contains(&"W1 bin:A-01-01 RED OnHold 6".to_owned()),
        "{rows:?}"
    );
    assert!(
        rows.contains(&"W1 bin:PACK-01 RED OnHold 4".to_owned()),
        "{rows:?}"
    );
    assert!(
        !rows
            .iter()
            .any(|row| row.contains("RED Available") && !row.ends_with(" 0"))
    );
    assert_eq!(ground.findings(), Vec::<String>::new());
    let progress = ground
        .office
        .recall_progress(&"R-1".parse().unwrap())
        .unwrap();
    let open: Exposure = progress
        .open
        .iter()
        .fold(Exposure::default(), |sum, it| sum.plus(it.amount));
    assert_eq!(open.certain, Quantity::units(47));
}

#[test]
fn a_truck_that_goes_with_it_and_what_is_made_of_it_are_told() {
    let ground = ground();
    ground.order(&["SO-1,1,PAINT,4"]);
    let mut hand = ground.hand("W1");
    open(&ground, "RED");
    let made = Fact::Assembled {
        order: "MO-1".parse().unwrap(),
        product: goods("MILK", "KIT"),
        quantity: Quantity::units(2),
        bin: "A-01-02".parse().unwrap(),
        consumed: vec![(
            goods("PAINT", "RED"),
            Quantity::units(1),
            "bin:A-01-01".parse().unwrap(),
        )],
    };
    hand.does(&ground, "T", made);
    let rows = stock(&ground);
    assert!(
        rows.contains(&"W1 bin:A-01-02 KIT OnHold 2".to_owned()),
        "{rows:?}"
    );
    let plate = stockhand::warehouse::Sscc::from_body("39506000000000001").unwrap();
    let contents = vec![(goods("PAINT", "RED"), Quantity::units(1))];
    hand.does(
        &ground,
        "T",
        Fact::Loaded {
            shipment: "SHP-1".parse().unwrap(),
            door: "DOCK-01".parse().unwrap(),
            order: "SO-1".parse().unwrap(),
            plate,
            goods: contents,
        },
    );
    let closed = Fact::TruckClosed {
        shipment: "SHP-1".parse().unwrap(),
        door: "DOCK-01".parse().unwrap(),
        orders: vec!["SO-1".parse().unwrap()],
        seal: None,
    };
    hand.does(&ground, "T", closed);
    let notes: Vec<String> = ground
        .office
        .exceptions()
        .unwrap()
        .iter()
        .filter(|it| it.kind.as_str() == "recalled")
        .map(|it| it.note.to_string())
        .collect();
    assert!(
        notes.iter().any(|note| note.contains("stop the truck")),
        "{notes:?}"
    );
    assert_eq!(notes.len(), 3, "{notes:?}");
}

#[test]
fn a_drill_says_it_all_and_moves_nothing() {
    let ground = ground();
    let before = stock(&ground);
    let drill = recall("D-1", "PAINT", "RED", true);
    let opened = ground.office.open_recall(now(), &drill).unwrap();
    assert_eq!(
        opened.held.iter().map(|it| it.quantity).sum::<Quantity>(),
        Quantity::units(47)
    );
    assert_eq!(stock(&ground), before);
    assert!(called(&ground, "W1").is_empty() && told(&ground).is_empty());
    let mut hand = ground.hand("W1");
    hand.does(&ground, "T", picked(1, "A-01-01", goods("PAINT", "RED"), 1));
    assert!(told(&ground).is_empty());
    let closed = ground
        .office
        .close_recall(now(), &"D-1".parse().unwrap())
        .unwrap();
    assert!(closed.recall.is_closed && closed.recall.is_drill);
}

#[test]
fn a_closed_recall_is_forgotten_by_handhelds_and_what_is_held_stays_held() {
    let ground = ground();
    open(&ground, "RED");
    let code = "R-1".parse().unwrap();
    let progress = ground.office.close_recall(now() + hours(2), &code).unwrap();
    assert_eq!(progress.open.len(), 3);
    assert!(called(&ground, "W1").is_empty());
    assert!(
        stock(&ground)
            .iter()
            .all(|row| !row.contains("RED Available"))
    );
    assert!(
        ground.office.close_recall(now(), &code).is_err(),
        "once is enough"
    );
    let mut hand = ground.hand("W1");
    hand.does(
        &ground,
        "T",
        picked(1, "A-01-01", goods("PAINT", "BLUE"), 1),
    );
    assert!(told(&ground).is_empty());
    assert_eq!(ground.office.recalls().unwrap().len(), 1);
}
