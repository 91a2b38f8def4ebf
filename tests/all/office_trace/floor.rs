//! Goods followed through what people did on the floor: mixed bins, a mistake taken back, a return, and the book as it stood.

use super::super::office_tools::*;
use super::stands;
use chrono::TimeDelta;
use stockhand::office::trace::{Asked, Exposure, Grouping, How, Stage, Traced};
use stockhand::warehouse::{Fact, Goods, Quantity, Sscc, Status};

fn forward(ground: &Ground, item: &str, lot: &str) -> Traced {
    let asked = Asked {
        goods: Grouping::Lot(item.parse().unwrap(), lot.parse().unwrap()),
        forward: true,
        until: None,
        warehouse: None,
    };
    ground.office.trace(&asked).unwrap()
}

fn exposure(certain: u32, possible: u32) -> Exposure {
    Exposure {
        certain: Quantity::units(certain),
        possible: Quantity::units(possible),
    }
}

fn plate() -> Sscc {
    Sscc::from_body("39506000000000001").unwrap()
}

/// Picked with or without its lot, packed, loaded, handed over.
fn send(ground: &Ground, hand: &mut Hand, goods: &Goods, units: u32) {
    let contents = vec![(goods.clone(), Quantity::units(units))];
    let order = || "SO-1".parse().unwrap();
    hand.record(Some("T"), picked(1, "A-01-01", goods.clone(), units));
    let facts = [
        Fact::Dropped {
            order: order(),
            bin: "PACK-01".parse().unwrap(),
            goods: vec![(
                goods.clone(),
                Quantity::units(units),
                "worker:P1".parse().unwrap(),
            )],
        },
        Fact::Packed {
            line: 1,
            order: order(),
            carton: 1,
            goods: goods.clone(),
            quantity: Quantity::units(units),
            from: "PACK-01".parse().unwrap(),
        },
        Fact::CartonClosed {
            order: order(),
            carton: 1,
            sscc: plate(),
            goods: contents.clone(),
        },
        Fact::Loaded {
            shipment: "SHP-1".parse().unwrap(),
            door: "DOCK-01".parse().unwrap(),
            order: order(),
            plate: plate(),
            goods: contents.clone(),
        },
        Fact::Delivered {
            shipment: "SHP-1".parse().unwrap(),
            stop: 1,
            order: order(),
            plate: plate(),
            goods: contents,
        },
    ];
    for fact in facts {
        hand.record(Some("T"), fact);
    }
    hand.push(ground);
}

#[test]
fn what_went_without_its_lot_from_a_mixed_bin_is_possible_and_the_balance_says_so() {
    let ground = Ground::with_stock(&["A-01-01,PAINT,RED,,10", "A-01-01,PAINT,BLUE,,10"]);
    ground.order(&["SO-1,1,PAINT,4"]);
    let mut hand = ground.hand("W1");
    send(&ground, &mut hand, &goods("PAINT", ""), 4);
    let traced = forward(&ground, "PAINT", "RED");
    let row = &traced.sent[0];
    assert_eq!(
        (row.customer.as_str(), row.stage),
        ("Someone", Stage::Delivered)
    );
    assert_eq!(
        (row.shipment.as_str(), row.plate.to_string()),
        ("SHP-1", plate().to_string())
    );
    assert_eq!(row.amount, exposure(0, 4));
    let bin = ("W1".to_owned(), "A-01-01".to_owned());
    assert_eq!(stands(&traced)[&bin], exposure(6, 4));
    let balance = &traced.balance[0];
    assert_eq!(
        (balance.came, balance.left),
        (exposure(10, 0), exposure(6, 4))
    );
    assert_eq!(
        (balance.sent, balance.open),
        (exposure(0, 4), Quantity::units(4))
    );
    // Had the lot been read, all would be known.
    let ground = Ground::with_stock(&["A-01-01,PAINT,RED,,10", "A-01-01,PAINT,BLUE,,10"]);
    ground.order(&["SO-1,1,PAINT,4"]);
    let mut hand = ground.hand("W1");
    send(&ground, &mut hand, &goods("PAINT", "RED"), 4);
    let traced = forward(&ground, "PAINT", "RED");
    assert_eq!(traced.sent[0].amount, exposure(4, 0));
    assert!(traced.balance[0].open.is_zero());
    assert!(forward(&ground, "PAINT", "BLUE").sent.is_empty());
}

fn made(consumed: &[(Goods, u32)], product: Goods, units: u32) -> Fact {
    let consumed = consumed.iter().map(|(goods, units)| {
        (
            goods.clone(),
            Quantity::units(*units),
            "bin:A-01-01".parse().unwrap(),
        )
    });
    Fact::Assembled {
        order: "MO-1".parse().unwrap(),
        product,
        quantity: Quantity::units(units),
        bin: "A-01-02".parse().unwrap(),
        consumed: consumed.collect(),
    }
}

#[test]
fn making_that_was_taken_back_never_was() {
    let ground = Ground::with_stock(&[
        "A-01-01,MILK,GOOD,2027-05-01,10",
        "A-01-01,MILK,BAD,2027-05-01,10",
    ]);
    let mut hand = ground.hand("W1");
    let wrong = made(&[(goods("MILK", "BAD"), 3)], goods("PAINT", "P1"), 2);
    let seq = hand.does(&ground, "T", wrong.clone());
    hand.does(&ground, "T", undone(seq, wrong));
    let right = made(&[(goods("MILK", "GOOD"), 3)], goods("PAINT", "P1"), 2);
    hand.does(&ground, "T", right);
    let traced = forward(&ground, "MILK", "BAD");
    assert!(traced.made.is_empty(), "{:?}", traced.made);
    assert_eq!(traced.balance[0].left, exposure(10, 0));
    let traced = forward(&ground, "MILK", "GOOD");
    assert_eq!(traced.made[0].used, exposure(3, 0));
    assert_eq!(traced.made[0].made, exposure(2, 0));
    assert_eq!(traced.goods.last().map(|it| it.level), Some(1));
    let bin = ("W1".to_owned(), "A-01-02".to_owned());
    assert_eq!(stands(&traced)[&bin], exposure(2, 0));
}

#[test]
fn what_comes_back_is_there_again_and_a_moment_before_it_is_not() {
    let ground = Ground::with_stock(&["A-01-01,PAINT,RED,,10"]);
    ground.order(&["SO-1,1,PAINT,4"]);
    let mut hand = ground.hand("W1");
    send(&ground, &mut hand, &goods("PAINT", "RED"), 4);
    let back = Fact::Returned {
        order: None,
        goods: goods("PAINT", "RED"),
        quantity: Quantity::units(3),
        bin: "A-01-03".parse().unwrap(),
        becomes: Some(Status::OnHold),
    };
    let seq = hand.record(Some("R"), back);
    let push = hand.from(usize::try_from(seq).unwrap());
    ground
        .office
        .push(now() + hours(1), &hand.device, &push)
        .unwrap();
    let traced = forward(&ground, "PAINT", "RED");
    let bin = ("W1".to_owned(), "A-01-03".to_owned());
    assert_eq!(stands(&traced)[&bin], exposure(3, 0));
    assert_eq!(traced.balance[0].sent, exposure(1, 0));
    let returned: Vec<_> = traced
        .came
        .iter()
        .filter(|it| it.how == How::Returned)
        .collect();
    assert_eq!(returned[0].amount, exposure(3, 0));
    let before = Asked {
        until: Some(now() + TimeDelta::minutes(30)),
        ..traced.asked
    };
    let traced = ground.office.trace(&before).unwrap();
    assert!(!stands(&traced).contains_key(&bin));
    assert_eq!(traced.balance[0].sent, exposure(4, 0));
}

#[test]
fn a_customer_a_truck_a_plate_and_a_worker_are_followed_back_alike() {
    let ground = Ground::with_stock(&["A-01-01,PAINT,RED,,10", "A-01-01,MILK,M1,2027-05-01,5"]);
    ground.order(&["SO-1,1,PAINT,4"]);
    let mut hand = ground.hand("W1");
    send(&ground, &mut hand, &goods("PAINT", "RED"), 4);
    let ask = |goods| Asked {
        goods,
        forward: false,
        until: None,
        warehouse: None,
    };
    for grouping in [
        Grouping::Customer("Someone".into()),
        Grouping::Shipment("SHP-1".parse().unwrap()),
        Grouping::Plate(plate()),
        Grouping::Order("SO-1".parse().unwrap()),
        Grouping::Worker("P1".parse().unwrap()),
        Grouping::Device(hand.device.id.clone()),
    ] {
        let traced = ground.office.trace(&ask(grouping)).unwrap();
        assert_eq!(traced.goods.len(), 1, "{traced:?}");
        assert_eq!(
            (traced.came[0].how, traced.came[0].amount),
            (How::Found, exposure(4, 0))
        );
    }
    let window = Grouping::Expiry(
        "2027-04-01".parse().unwrap(),
        "2027-05-01".parse().unwrap(),
        None,
    );
    let traced = ground.office.trace(&ask(window)).unwrap();
    assert_eq!(traced.goods[0].goods.lot.as_ref().unwrap().as_str(), "M1");
    let nobody = ground
        .office
        .trace(&ask(Grouping::Worker("P_".parse().unwrap())))
        .unwrap();
    assert!(nobody.goods.is_empty());
}
