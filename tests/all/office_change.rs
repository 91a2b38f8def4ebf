//! Orders that change while the floor is at work, and what waits for stock.

use super::office_order_tools::*;
use super::office_tools::*;
use stockhand::office::{LineProgress, OrderChange};
use stockhand::warehouse::{Goods, Job, Quantity};

fn change(ground: &Ground, order: &str, change: &OrderChange) -> Result<(), String> {
    let done = ground
        .office
        .change_order(now(), &w1(), &code(order), change);
    done.map_err(|why| why.to_string())
}

fn line(line: u32, units: u32) -> OrderChange {
    OrderChange {
        lines: vec![(line, Quantity::units(units))],
        ..OrderChange::default()
    }
}

fn more(item: &str, units: u32) -> OrderChange {
    OrderChange {
        more: vec![(Goods::of(item.parse().unwrap()), Quantity::units(units))],
        ..OrderChange::default()
    }
}

fn lines(ground: &Ground, order: &str) -> Vec<LineProgress> {
    let progress = ground.office.order_progress(&w1(), &code(order));
    progress.unwrap().lines
}

/// Wanted, allocated, picked, packed, back-ordered of each line.
fn numbers(ground: &Ground, order: &str) -> Vec<[i64; 5]> {
    let all = lines(ground, order);
    let all = all.iter().map(|line| {
        [
            line.wanted,
            line.allocated,
            line.picked,
            line.packed,
            line.back_ordered,
        ]
        .map(|quantity| quantity.thousandths() / 1000)
    });
    all.collect()
}

/// Item, wanted and brought of each packing line.
fn packs(ground: &Ground, task: &str) -> Vec<(String, i64, i64)> {
    let Job::Pack(job) = ground.task(task).expect("a packing task").job else {
        panic!("no packing")
    };
    let units = |quantity: Quantity| quantity.thousandths() / 1000;
    let say = job.lines.iter().map(|line| {
        let brought: Quantity = line.picked.iter().map(|(_, quantity)| *quantity).sum();
        let item = line.item.code.to_string();
        (item, units(line.wanted), units(brought))
    });
    say.collect()
}

#[test]
fn an_order_that_waits_is_changed_like_a_sheet_of_paper() {
    let ground = ground();
    let text = "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-1,1,PUMP,2\nW1,Someone,SO-1,2,BOLT,3\n";
    ground
        .office
        .import(now(), &[sheet("orders.csv", text)])
        .unwrap();
    change(&ground, "SO-1", &line(1, 0)).unwrap();
    change(&ground, "SO-1", &line(2, 5)).unwrap();
    change(&ground, "SO-1", &more("BOLT", 1)).unwrap();
    assert_eq!(numbers(&ground, "SO-1"), [[5, 0, 0, 0, 0], [1, 0, 0, 0, 0]]);
    let why = change(&ground, "SO-1", &more("NAIL", 1)).unwrap_err();
    assert_eq!(why, "there is no item NAIL");
    let why = change(&ground, "SO-1", &line(7, 1)).unwrap_err();
    assert_eq!(why, "there is no line 7 of SO-1");
    let both = OrderChange {
        lines: vec![(2, Quantity::ZERO), (3, Quantity::ZERO)],
        ..OrderChange::default()
    };
    let why = change(&ground, "SO-1", &both).unwrap_err();
    assert_eq!(why, "Nothing would be left of SO-1: cancel it instead.");
    assert_eq!(numbers(&ground, "SO-1").len(), 2, "all or nothing");
    ground.office.release(now(), &w1()).unwrap();
    assert_eq!(ground.picks("PICK-SO-1"), ["A-01-01 x5", "A-01-01 x1"]);
}

#[test]
fn what_is_more_urgent_now_is_so_on_every_handheld() {
    let ground = ground();
    wants(&ground, "SO-1", 6);
    let due = now() + hours(3);
    let wish = OrderChange {
        priority: Some(3),
        due: Some(due),
        ..OrderChange::default()
    };
    change(&ground, "SO-1", &wish).unwrap();
    for task in ["PICK-SO-1", "PACK-SO-1"] {
        let task = ground.task(task).unwrap();
        assert_eq!((task.priority, task.due), (3, Some(due)), "{}", task.id);
    }
    assert_eq!(ground.task("LOAD-T-SO-1").unwrap().priority, 50);
}

#[test]
fn more_of_an_order_on_the_floor_is_fetched_at_once_and_packed_with_it() {
    let ground = ground();
    wants(&ground, "SO-1", 6);
    change(&ground, "SO-1", &line(1, 8)).unwrap();
    assert_eq!(ground.picks("PICK-SO-1-2"), ["A-01-01 x2"]);
    assert_eq!(packs(&ground, "PACK-SO-1"), [("BOLT".to_owned(), 8, 0)]);
    assert_eq!(ground.task("PACK-SO-1").unwrap().after().len(), 2);
    assert_eq!(numbers(&ground, "SO-1"), [[8, 8, 0, 0, 0]]);
    let mut away = Away::new(&ground, "W1");
    away.picks("PICK-SO-1", "A-01-01", 6);
    away.picks("PICK-SO-1-2", "A-01-01", 2);
    away.packs("PACK-SO-1", 8);
    away.sends_all(&ground);
    assert_eq!(ground.order_state("SO-1"), "packed");
    // Packed already: the rest is packed by a task of its own.
    change(&ground, "SO-1", &more("BOLT", 3)).unwrap();
    assert_eq!(ground.order_state("SO-1"), "packing");
    away.hear(&ground);
    away.picks("PICK-SO-1-3", "A-01-01", 3);
    away.packs("PACK-SO-1-2", 3);
    away.sends_all(&ground);
    assert_eq!(ground.order_state("SO-1"), "packed");
    assert_eq!(numbers(&ground, "SO-1"), [[8, 0, 8, 8, 0], [3, 0, 3, 3, 0]]);
    let why = change(&ground, "SO-1", &line(1, 7)).unwrap_err();
    assert_eq!(
        why,
        "8 of line 1 of SO-1 are packed already: it cannot be less."
    );
    assert_eq!((ground.exceptions(), ground.findings()), (vec![], vec![]));
}

#[test]
fn less_is_not_fetched_if_nobody_is_at_it_yet() {
    let ground = ground();
    ground.order(&["SO-1,1,BOLT,6", "SO-1,2,BOLT,4"]);
    change(&ground, "SO-1", &line(1, 2)).unwrap();
    assert_eq!(ground.picks("PICK-SO-1"), ["A-01-01 x2", "A-01-01 x4"]);
    change(&ground, "SO-1", &line(2, 0)).unwrap();
    assert_eq!(ground.picks("PICK-SO-1"), ["A-01-01 x2"]);
    assert_eq!(numbers(&ground, "SO-1"), [[2, 2, 0, 0, 0], [0, 0, 0, 0, 0]]);
    let mut away = Away::new(&ground, "W1");
    away.picks("PICK-SO-1", "A-01-01", 2);
    away.packs("PACK-SO-1", 2);
    away.sends_all(&ground);
    assert_eq!(ground.order_state("SO-1"), "packed");
    assert_eq!((ground.exceptions(), ground.findings()), (vec![], vec![]));
}

#[test]
fn what_was_fetched_without_signal_and_is_not_wanted_any_more_is_put_back() {
    // The packer hears of it before packing, or packs what the office does not want.
    for packer_hears in [true, false] {
        let ground = ground();
        wants(&ground, "SO-1", 6);
        let mut away = Away::new(&ground, "W1");
        away.picks("PICK-SO-1", "A-01-01", 6);
        change(&ground, "SO-1", &line(1, 4)).unwrap();
        if packer_hears {
            away.sends_all(&ground);
            away.hear(&ground);
            assert_eq!(packs(&ground, "PACK-SO-1"), [("BOLT".to_owned(), 4, 4)]);
            away.packs("PACK-SO-1", 4);
        } else {
            away.packs("PACK-SO-1", 6);
        }
        away.sends_all(&ground);
        let packed = if packer_hears { 4 } else { 6 };
        assert_eq!(ground.stock("order:SO-1", "BOLT"), packed);
        assert_eq!(ground.stock("bin:PACK-01", "BOLT"), 6 - packed);
        assert_eq!(
            ground.exceptions(),
            ["too_many"],
            "two more than wanted were picked"
        );
        away.hear(&ground);
        if packer_hears {
            away.puts_away("PUT-SO-1");
            away.sends_all(&ground);
        }
        assert_eq!(in_bins(&ground), 1000 - packed);
        assert_eq!(ground.findings(), [""; 0]);
    }
}

#[test]
fn a_kit_is_cut_by_whole_kits() {
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
    change(&ground, "SO-1", &line(1, 1)).unwrap();
    assert_eq!(ground.picks("PICK-SO-1"), ["A-01-01 x4", "A-01-03 x1"]);
    let wanted = [("BOLT".to_owned(), 4, 0), ("NUT".to_owned(), 1, 0)];
    assert_eq!(packs(&ground, "PACK-SO-1"), wanted);
    assert_eq!(numbers(&ground, "SO-1"), [[1, 1, 0, 0, 0]]);
}

#[test]
fn what_was_not_there_goes_by_itself_when_it_comes_and_the_most_urgent_first() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,5"]);
    let text = "warehouse,customer,order,priority,line,item,quantity\nW1,Someone,SO-1,9,1,BOLT,8\nW1,Someone,SO-2,5,1,BOLT,4\n";
    ground
        .office
        .import(now(), &[sheet("orders.csv", text)])
        .unwrap();
    ground.office.tend(now()).unwrap();
    assert_eq!(ground.picks("PICK-SO-2"), ["A-01-01 x4"]);
    assert_eq!(numbers(&ground, "SO-1"), [[8, 1, 0, 0, 7]]);
    let stock = |bin: &str, units: u32| {
        let text = format!("warehouse,bin,item,quantity\nW1,{bin},BOLT,{units}\n");
        ground
            .office
            .import(now(), &[sheet("stock.csv", &text)])
            .unwrap();
        ground.office.tend(now()).unwrap()
    };
    let tended = stock("A-01-02", 3);
    assert_eq!(tended.released, [(w1(), code("SO-1"))]);
    assert_eq!(ground.picks("PICK-SO-1-2"), ["A-01-02 x3"]);
    assert_eq!(numbers(&ground, "SO-1"), [[8, 4, 0, 0, 4]]);
    assert_eq!(ground.task("PACK-SO-1").unwrap().after().len(), 2);
    assert_eq!(
        ground.office.tend(now()).unwrap().released,
        [],
        "nothing new, nothing done"
    );
    // A more urgent order gets what comes next.
    let text = "warehouse,customer,order,priority,line,item,quantity\nW1,Someone,SO-3,1,1,BOLT,2\n";
    ground
        .office
        .import(now(), &[sheet("orders.csv", text)])
        .unwrap();
    let tended = stock("A-01-03", 3);
    assert_eq!(
        tended.released,
        [(w1(), code("SO-3")), (w1(), code("SO-1"))]
    );
    assert_eq!(ground.picks("PICK-SO-3"), ["A-01-03 x2"]);
    assert_eq!(ground.picks("PICK-SO-1-3"), ["A-01-03 x1"]);
    assert_eq!(ground.exceptions(), ["short"], "told once");
}

#[test]
fn what_comes_while_the_order_is_being_packed_is_packed_apart() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,5"]);
    ground.order(&["SO-1,1,BOLT,8"]);
    let mut away = Away::new(&ground, "W1");
    away.picks("PICK-SO-1", "A-01-01", 5);
    away.begins("PACK-SO-1");
    away.acts(&bolts(2));
    away.sends_all(&ground);
    let text = "warehouse,bin,item,quantity\nW1,A-01-02,BOLT,3\n";
    ground
        .office
        .import(now(), &[sheet("stock.csv", text)])
        .unwrap();
    ground.office.tend(now()).unwrap();
    let mut other = Away::new(&ground, "W1");
    other.picks("PICK-SO-1-2", "A-01-02", 3);
    other.sends_all(&ground);
    assert_eq!(packs(&ground, "PACK-SO-1"), [("BOLT".to_owned(), 8, 5)]);
    other.packs("PACK-SO-1-2", 3);
    other.sends_all(&ground);
    away.acts(&bolts(5));
    away.acts(&stockhand::flow::Act::Closed(None));
    away.sends_all(&ground);
    assert_eq!(numbers(&ground, "SO-1"), [[8, 0, 8, 8, 0]]);
    assert_eq!(ground.order_state("SO-1"), "packed");
    assert_eq!(ground.stock("order:SO-1", "BOLT"), 8);
    assert_eq!(ground.exceptions(), ["short"]);
}

#[test]
fn a_warehouse_may_give_up_what_is_not_there() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,5"]);
    let rules = serde_json::from_str(r#"{"back_orders": false}"#).unwrap();
    ground.office.set_rules(&w1(), &rules).unwrap();
    ground.order(&["SO-1,1,BOLT,8"]);
    let text = "warehouse,bin,item,quantity\nW1,A-01-02,BOLT,9\n";
    ground
        .office
        .import(now(), &[sheet("stock.csv", text)])
        .unwrap();
    ground.office.tend(now()).unwrap();
    assert_eq!(numbers(&ground, "SO-1"), [[8, 5, 0, 0, 0]]);
    assert_eq!(lines(&ground, "SO-1")[0].short, Quantity::units(3));
}

#[test]
fn what_comes_after_its_truck_has_gone_goes_on_another() {
    let ground = ground();
    wants(&ground, "SO-1", 6);
    let mut away = Away::new(&ground, "W1");
    away.picks("PICK-SO-1", "A-01-01", 6);
    away.packs("PACK-SO-1", 6);
    away.sends_all(&ground);
    change(&ground, "SO-1", &more("BOLT", 2)).unwrap();
    away.loads("LOAD-T-SO-1", "DOCK-01");
    away.sends_all(&ground);
    away.hear(&ground);
    away.picks("PICK-SO-1-2", "A-01-01", 2);
    away.packs("PACK-SO-1-2", 2);
    away.sends_all(&ground);
    let text = "warehouse,shipment,order,stop,door,carrier\nW1,T-2,SO-1,1,DOCK-02,Carrier 9\n";
    ground
        .office
        .import(now(), &[sheet("shipments.csv", text)])
        .unwrap();
    ground.office.tend(now()).unwrap();
    away.hear(&ground);
    away.loads("LOAD-T-2", "DOCK-02");
    away.sends_all(&ground);
    assert_eq!(ground.stock("truck:T-2", "BOLT"), 2);
    let shipped: Vec<Quantity> = lines(&ground, "SO-1")
        .iter()
        .map(|line| line.shipped)
        .collect();
    assert_eq!(shipped, [Quantity::units(6), Quantity::units(2)]);
    assert_eq!((ground.exceptions(), ground.findings()), (vec![], vec![]));
}
