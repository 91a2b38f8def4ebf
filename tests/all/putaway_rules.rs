//! Directed putaway: the hard rules, the strategies in their order, the score, and that each can be read.

use stockhand::planning::putaway::{Held, Load, Placed, Shelf, Verdict, face_of, place};
use stockhand::warehouse::{
    Bin, BinKind, Goods, Handling, Item, Limits, Mixing, Point, PutBy, Quantity, Status,
    Temperature, Tracking, Unfit,
};

const ORIGIN: Point = Point { x_cm: 0, y_cm: 0 };

fn item(code: &str) -> Item {
    Item {
        code: code.parse().unwrap(),
        name: code.into(),
        unit: "each".into(),
        tracking: Tracking::default(),
        weight_g: Some(1000),
        handling: Handling {
            size_mm: Some([100, 100, 100]),
            ..Handling::default()
        },
    }
}

fn bin(code: &str, kind: BinKind, x_cm: i32) -> Shelf {
    Shelf {
        bin: Bin {
            code: code.parse().unwrap(),
            zone: "A".parse().unwrap(),
            kind,
            sequence: 1,
            x_cm,
            y_cm: 0,
            level: 0,
            frozen: false,
            limits: Limits::default(),
        },
        held: Vec::new(),
        promised: Vec::new(),
        fixed: Vec::new(),
    }
}

fn reserve(code: &str, x_cm: i32) -> Shelf {
    bin(code, BinKind::Reserve, x_cm)
}

fn face(code: &str, x_cm: i32) -> Shelf {
    bin(code, BinKind::PickFace, x_cm)
}

fn held(item: &Item, lot: &str, count: u32) -> Held {
    let goods = Goods {
        lot: lot.parse().ok(),
        ..Goods::of(item.code.clone())
    };
    Held::new(item, &goods, Status::Available, Quantity::units(count))
}

fn goods<'a>(item: &'a Item, lot: &str, count: u32) -> Load<'a> {
    Load {
        lines: vec![(item, held(item, lot, count))],
        on_plate: false,
    }
}

fn placed(load: &Load, shelves: &[Shelf]) -> Placed {
    place(load, ORIGIN, shelves, &PutBy::ALL)
}

fn where_to(load: &Load, shelves: &[Shelf]) -> Vec<String> {
    let placed = placed(load, shelves);
    let say = |part: &stockhand::planning::putaway::Part| {
        let bin = &shelves[part.shelf].bin.code;
        format!("{bin} x{} {:?}", part.quantity, part.by)
    };
    placed.parts.iter().map(say).collect()
}

/// Why the only shelf there is does not take the load.
fn why(load: &Load, shelf: Shelf) -> Unfit {
    match placed(load, &[shelf]).verdicts.remove(0) {
        Verdict::Unfit(why) => why,
        fit @ Verdict::Fit { .. } => panic!("it fits: {fit:?}"),
    }
}

#[test]
fn each_strategy_comes_before_the_next() {
    let bolt = item("BOLT");
    let mut own = face("OWN", 90);
    own.fixed = vec![bolt.code.clone()];
    let mut same = face("SAME", 80);
    same.held = vec![held(&bolt, "L1", 5)];
    let near = reserve("NEAR", 70);
    let mut other = reserve("OTHER", 60);
    other.held = vec![held(&item("NUT"), "", 5)];
    let load = goods(&bolt, "L1", 10);
    let shelves = [other, near, same, own];
    assert_eq!(where_to(&load, &shelves), ["OWN x10 Fixed"]);
    assert_eq!(where_to(&load, &shelves[..3]), ["SAME x10 OwnKind"]);
    let new_lot = goods(&bolt, "L2", 10);
    assert_eq!(where_to(&new_lot, &shelves[..3]), ["NEAR x10 NearFace"]);
    assert_eq!(where_to(&load, &shelves[..2]), ["NEAR x10 Empty"]);
    assert_eq!(where_to(&load, &shelves[..1]), ["OTHER x10 Room"]);
}

#[test]
fn the_strategies_that_are_used_and_their_order_are_the_callers() {
    let bolt = item("BOLT");
    let mut same = face("SAME", 10);
    same.held = vec![held(&bolt, "", 5)];
    let shelves = [same, reserve("EMPTY", 900)];
    let load = goods(&bolt, "", 10);
    let placed = place(&load, ORIGIN, &shelves, &[PutBy::Empty, PutBy::OwnKind]);
    assert_eq!(
        (placed.parts[0].shelf, placed.parts[0].by),
        (1, PutBy::Empty)
    );
}

#[test]
fn among_the_bins_of_one_strategy_the_walk_decides_to_the_bin_and_from_there_to_the_face() {
    let bolt = item("BOLT");
    let mut picked = face("FACE", 3000);
    picked.held = vec![held(&bolt, "OLD", 5)];
    let mut high = reserve("HIGH", 2000);
    high.bin.level = 4;
    let shelves = [
        reserve("DOOR", 0),
        reserve("LOW", 2000),
        high,
        reserve("PAST", 4000),
        picked,
    ];
    let mut pallet = goods(&bolt, "NEW", 10);
    pallet.on_plate = true;
    assert_eq!(where_to(&pallet, &shelves), ["DOOR x10 NearFace"]);
    let scores: Vec<u32> = placed(&pallet, &shelves)
        .verdicts
        .iter()
        .map(|verdict| match verdict {
            Verdict::Fit { score, .. } => score.total(),
            Verdict::Unfit(_) => u32::MAX,
        })
        .collect();
    assert_eq!(scores[0], scores[1], "on the way is no detour");
    assert!(scores[2] > scores[1] && scores[3] > scores[1], "{scores:?}");
    assert_eq!(
        face_of(&bolt.code, &shelves).map(stockhand::warehouse::BinCode::as_str),
        Some("FACE")
    );
}

#[test]
fn an_item_gets_no_further_place_for_a_few_steps_less() {
    let bolt = item("BOLT");
    let mut far = reserve("FAR", 500);
    far.held = vec![held(&bolt, "L1", 5), held(&item("NUT"), "", 5)];
    let mut near = reserve("NEAR", 0);
    near.held = vec![held(&item("NUT"), "", 5)];
    assert_eq!(
        where_to(&goods(&bolt, "L2", 5), &[near, far]),
        ["FAR x5 Room"]
    );
}

#[test]
fn a_bin_that_is_frozen_or_of_another_kind_takes_nothing() {
    let bolt = item("BOLT");
    let mut frozen = reserve("A", 0);
    frozen.bin.frozen = true;
    assert_eq!(why(&goods(&bolt, "", 1), frozen), Unfit::Frozen);
    for kind in [
        BinKind::Receiving,
        BinKind::Packing,
        BinKind::Dock,
        BinKind::Quarantine,
    ] {
        assert_eq!(
            why(&goods(&bolt, "", 1), bin("A", kind, 0)),
            Unfit::Kind { kind }
        );
    }
}

#[test]
fn what_is_kept_back_goes_to_quarantine_and_never_beside_what_is_free() {
    let bolt = item("BOLT");
    let mut load = goods(&bolt, "", 5);
    load.lines[0].1.status = Status::OnHold;
    let quarantine = bin("Q-01", BinKind::Quarantine, 900);
    assert_eq!(
        where_to(&load, &[reserve("A", 0), quarantine]),
        ["Q-01 x5 Empty"]
    );
    let mut free = reserve("A", 0);
    free.held = vec![held(&bolt, "", 5)];
    let there = Status::Available;
    assert_eq!(why(&load, free), Unfit::Status { there });
    // Where there is no quarantine, an empty bin is better than the floor at the door.
    assert_eq!(where_to(&load, &[reserve("A", 0)]), ["A x5 Empty"]);
}

#[test]
fn goods_are_kept_as_warm_as_they_must_be() {
    let mut ice = item("ICE");
    ice.handling.temperature = Temperature::Frozen;
    let (is, wanted) = (Temperature::Ambient, Temperature::Frozen);
    assert_eq!(
        why(&goods(&ice, "", 1), reserve("A", 0)),
        Unfit::Temperature { is, wanted }
    );
    let mut cold = reserve("B", 0);
    cold.bin.limits.temperature = Temperature::Frozen;
    assert_eq!(where_to(&goods(&ice, "", 1), &[cold]), ["B x1 Empty"]);
}

#[test]
fn hazards_are_kept_apart_also_from_what_is_on_its_way() {
    let (mut acid, mut spirit) = (item("ACID"), item("SPIRIT"));
    acid.handling.hazard = Some("8".parse().unwrap());
    spirit.handling.hazard = Some("3".parse().unwrap());
    let mut shelf = reserve("A", 0);
    shelf.promised = vec![held(&acid, "", 1)];
    let there = acid.handling.hazard.clone();
    let bars = Unfit::Hazard { there };
    assert_eq!(why(&goods(&spirit, "", 1), shelf.clone()), bars);
    assert_eq!(why(&goods(&item("BREAD"), "", 1), shelf.clone()), bars);
    assert_eq!(where_to(&goods(&acid, "", 1), &[shelf]), ["A x1 Room"]);
}

#[test]
fn one_item_or_one_lot_a_bin_where_that_is_the_rule() {
    let (bolt, nut) = (item("BOLT"), item("NUT"));
    let mut shelf = reserve("A", 0);
    shelf.held = vec![held(&bolt, "L1", 5)];
    shelf.bin.limits.mixing = Mixing::OneItem;
    let there = bolt.code.clone();
    assert_eq!(
        why(&goods(&nut, "L1", 1), shelf.clone()),
        Unfit::OtherItem { there }
    );
    assert_eq!(
        where_to(&goods(&bolt, "L2", 1), &[shelf.clone()]),
        ["A x1 Room"]
    );
    shelf.bin.limits.mixing = Mixing::OneLot;
    let there = "L1".parse().ok();
    assert_eq!(
        why(&goods(&bolt, "L2", 1), shelf.clone()),
        Unfit::OtherLot { there }
    );
}

#[test]
fn loose_goods_fill_what_there_is_and_the_rest_goes_on() {
    let bolt = item("BOLT");
    let small = |code: &str, x_cm| {
        let mut shelf = reserve(code, x_cm);
        shelf.bin.limits.weight_g = Some(4_500);
        shelf
    };
    let shelves = [small("A", 0), small("B", 10), small("C", 20)];
    assert_eq!(
        where_to(&goods(&bolt, "", 10), &shelves),
        ["A x4 Empty", "B x4 Empty", "C x2 Empty"]
    );
    let too_many = placed(&goods(&bolt, "", 13), &shelves);
    assert_eq!(too_many.left, Quantity::units(1));
    // One that takes all comes before nearer ones that do not.
    let shelves = [small("A", 0), reserve("WIDE", 900)];
    assert_eq!(
        where_to(&goods(&bolt, "", 10), &shelves),
        ["WIDE x10 Empty"]
    );
}

#[test]
fn a_plate_is_never_split_and_the_figures_say_why_it_does_not_fit() {
    let bolt = item("BOLT");
    let mut plate = goods(&bolt, "", 10);
    plate.on_plate = true;
    let mut shelf = reserve("A", 0);
    shelf.bin.limits.weight_g = Some(9_999);
    let (would, most) = (10_000, 9_999);
    assert_eq!(why(&plate, shelf.clone()), Unfit::Weight { would, most });
    shelf.bin.limits = Limits {
        volume_cm3: Some(9_000),
        ..Limits::default()
    };
    let (would, most) = (10_000, 9_000);
    assert_eq!(why(&plate, shelf.clone()), Unfit::Volume { would, most });
    shelf.bin.limits = Limits {
        height_mm: Some(99),
        ..Limits::default()
    };
    let (is, most) = (100, 99);
    assert_eq!(why(&plate, shelf), Unfit::Height { is, most });
}

#[test]
fn room_that_is_promised_to_others_is_not_given_away_twice() {
    let bolt = item("BOLT");
    let mut last = reserve("LAST", 0);
    last.bin.limits.weight_g = Some(10_000);
    assert_eq!(
        where_to(&goods(&bolt, "", 10), &[last.clone()]),
        ["LAST x10 Empty"]
    );
    last.promised = vec![held(&bolt, "", 10)];
    let else_room = Quantity::units(10);
    assert_eq!(
        why(&goods(&bolt, "", 10), last),
        Unfit::Promised { else_room }
    );
}

#[test]
fn a_mixed_plate_goes_where_all_of_it_may_go() {
    let (bolt, nut) = (item("BOLT"), item("NUT"));
    let plate = Load {
        lines: vec![(&bolt, held(&bolt, "", 5)), (&nut, held(&nut, "", 5))],
        on_plate: true,
    };
    let mut pure = reserve("PURE", 0);
    pure.bin.limits.mixing = Mixing::OneItem;
    assert!(matches!(why(&plate, pure.clone()), Unfit::OtherItem { .. }));
    let shelves = [pure, reserve("ANY", 500)];
    assert_eq!(where_to(&plate, &shelves), ["ANY x10 Empty"]);
}

#[test]
fn of_every_bin_it_can_be_read_why_it_was_chosen_or_not() {
    let bolt = item("BOLT");
    let mut frozen = reserve("B", 0);
    frozen.bin.frozen = true;
    let placed = placed(&goods(&bolt, "", 5), &[reserve("A", 300), frozen]);
    assert_eq!(placed.verdicts.len(), 2);
    assert_eq!(placed.fitting(), 1);
    let Verdict::Fit { by, room, score } = &placed.verdicts[0] else {
        panic!("A fits");
    };
    assert_eq!(
        (*by, *room, score.walk_cm),
        (PutBy::Empty, Quantity::units(5), 300)
    );
    assert_eq!(placed.verdicts[1], Verdict::Unfit(Unfit::Frozen));
}

#[test]
fn a_bin_that_no_listed_rule_finds_is_not_used() {
    let bolt = item("BOLT");
    let mut mixed = reserve("MIXED", 100);
    mixed.held.push(held(&item("NUT"), "", 1));
    let shelves = [mixed];
    let load = goods(&bolt, "", 3);
    let by = |rules: &[PutBy]| place(&load, ORIGIN, &shelves, rules).parts.len();
    assert_eq!(by(&PutBy::ALL), 1);
    assert_eq!(by(&[PutBy::Fixed, PutBy::Empty]), 0);
}
