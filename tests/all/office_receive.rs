//! The office makes work of what is on order, squares what was received, and finds a bin for all of it.

use super::office_tools::*;
use std::fmt::Write as _;
use stockhand::office::ToMove;
use stockhand::office::putaway::Asked;
use stockhand::planning::putaway::Verdict;
use stockhand::warehouse::{
    Change, Fact, Goods, Job, PutBy, PutawayLine, Quantity, Reason, ReceiveJob, Sscc, Status, Unfit,
};

/// Receipts in W1, each row `order,line,item,lot,expiry,plate,quantity`.
fn on_order(ground: &Ground, rows: &[&str]) {
    let head = "warehouse,supplier,order,line,item,lot,expiry,plate,quantity";
    let rows: Vec<String> = rows.iter().map(|row| format!("W1,S1,{row}")).collect();
    import(
        ground,
        "receipts.csv",
        &format!("{head}\n{}\n", rows.join("\n")),
    );
    ground.office.tend(now()).unwrap();
}

fn import(ground: &Ground, name: &str, text: &str) {
    ground.office.import(now(), &[sheet(name, text)]).unwrap();
}

fn job(ground: &Ground, id: &str) -> ReceiveJob {
    let Job::Receive(job) = ground.task(id).expect(id).job else {
        panic!("{id} is no receiving");
    };
    job
}

/// What a putaway task brings: item, how many, to where.
fn puts(ground: &Ground, id: &str) -> Vec<String> {
    let Some(task) = ground.task(id) else {
        return Vec::new();
    };
    let Job::Putaway(job) = task.job else {
        panic!("{id} is no putaway");
    };
    let say = |line: &PutawayLine| {
        let plate = if line.plate.is_some() {
            " on plate"
        } else {
            ""
        };
        format!(
            "{} x{} to {}{plate}",
            line.goods.item, line.quantity, line.bin
        )
    };
    job.lines.iter().map(say).collect()
}

fn received(line: u32, goods: Goods, units: u32) -> Fact {
    Fact::Received {
        order: "PO-1".parse().ok(),
        line,
        goods,
        quantity: Quantity::units(units),
        weight_g: None,
        plate: None,
        status: Status::Available,
        bin: "RECV-01".parse().unwrap(),
    }
}

fn on_plate(fact: Fact, plate: Sscc) -> Fact {
    match fact {
        Fact::Received {
            order,
            line,
            goods,
            quantity,
            weight_g,
            status,
            bin,
            ..
        } => Fact::Received {
            order,
            line,
            goods,
            quantity,
            weight_g,
            status,
            bin,
            plate: Some(plate),
        },
        other => other,
    }
}

fn kept(fact: Fact, as_is: Status) -> Fact {
    match fact {
        Fact::Received {
            order,
            line,
            goods,
            quantity,
            weight_g,
            plate,
            bin,
            ..
        } => Fact::Received {
            order,
            line,
            goods,
            quantity,
            weight_g,
            plate,
            bin,
            status: as_is,
        },
        other => other,
    }
}

fn missing(line: u32, item: &str, units: u32, reason: Reason) -> Fact {
    Fact::ReceivedShort {
        order: "PO-1".parse().ok(),
        line,
        item: item.parse().unwrap(),
        missing: Quantity::units(units),
        reason,
    }
}

fn plate(number: u32) -> Sscc {
    Sscc::from_body(&format!("3950600013435{number:04}")).unwrap()
}

const RECV: &str = "RECV-PO-1";

#[test]
fn what_is_on_order_becomes_a_task_to_receive_it() {
    let ground = Ground::new();
    on_order(
        &ground,
        &["PO-1,1,BOLT,,,,20", "PO-1,2,MILK,L1,2027-09-30,,6"],
    );
    let job = job(&ground, RECV);
    assert_eq!(job.order, "PO-1".parse().ok());
    assert_eq!(job.bin, "RECV-01".parse().ok(), "there is but one");
    assert_eq!(job.lines.len(), 2);
    assert_eq!(job.lines[0].barcodes.len(), 2, "each and case");
    assert!(job.plates.len() > 1);
    assert_eq!(ground.order_state("PO-1"), "released");
    assert_eq!(
        ground.stock("bin:RECV-01", "BOLT"),
        0,
        "nothing is there yet"
    );
    ground.office.tend(now()).unwrap();
    assert!(ground.task("RECV-PO-1-2").is_none(), "once");
}

#[test]
fn from_the_dock_door_to_the_shelf() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    on_order(&ground, &["PO-1,1,BOLT,,,,5", "PO-1,2,MILK,,,,6"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, RECV, started());
    assert_eq!(ground.order_state("PO-1"), "receiving");
    let docked = Fact::Docked {
        order: "PO-1".parse().ok(),
        door: "DOCK-01".parse().unwrap(),
    };
    hand.does(&ground, RECV, docked);
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 5));
    hand.does(&ground, RECV, received(2, goods("MILK", "L1"), 6));
    assert_eq!(ground.stock("bin:RECV-01", "BOLT"), 5);
    assert!(puts(&ground, "PUT-PO-1").is_empty(), "not before all is in");
    hand.does(&ground, RECV, Fact::TaskFinished);
    assert_eq!(ground.order_state("PO-1"), "received");
    assert_eq!(
        puts(&ground, "PUT-PO-1"),
        ["BOLT x5 to A-01-01", "MILK x6 to A-01-03-01"]
    );
    for (line, item, to) in [(1, "BOLT", "A-01-01"), (2, "MILK", "A-01-03-01")] {
        let put = Fact::PutAway {
            line,
            goods: goods(item, if line == 2 { "L1" } else { "" }),
            quantity: Quantity::units(if line == 1 { 5 } else { 6 }),
            plate: None,
            status: Status::Available,
            from: "RECV-01".parse().unwrap(),
            to: to.parse().unwrap(),
            reason: None,
        };
        hand.does(&ground, "PUT-PO-1", put);
    }
    let arrival = || ground.office.arrivals(9).unwrap().remove(0);
    assert_eq!(arrival().dock_to_stock(), None);
    let end = hand.does(&ground, "PUT-PO-1", Fact::TaskFinished);
    assert_eq!(ground.order_state("PO-1"), "done");
    assert_eq!(arrival().door, "DOCK-01".parse().ok());
    assert!(arrival().docked_at.is_some() && arrival().closed_at.is_some());
    assert!(arrival().dock_to_stock().is_some());
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 15);
    hand.does(&ground, "PUT-PO-1", undone(end, Fact::TaskFinished));
    assert_eq!(arrival().stocked_at, None);
    assert_eq!(ground.exceptions(), [""; 0]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_receipt_that_goes_on_takes_its_putaway_back_unless_someone_is_on_the_way() {
    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,5"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, RECV, started());
    let first = received(1, goods("BOLT", ""), 5);
    let seq = hand.does(&ground, RECV, first.clone());
    let end = hand.does(&ground, RECV, Fact::TaskFinished);
    assert_eq!(puts(&ground, "PUT-PO-1").len(), 1);
    hand.does(&ground, RECV, undone(end, Fact::TaskFinished));
    assert!(ground.task("PUT-PO-1").is_none());
    assert_eq!(ground.order_state("PO-1"), "receiving");
    hand.does(&ground, RECV, undone(seq, first));
    assert_eq!(ground.stock("bin:RECV-01", "BOLT"), 0);
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 3));
    let end = hand.does(&ground, RECV, Fact::TaskFinished);
    assert_eq!(puts(&ground, "PUT-PO-1-2"), ["BOLT x3 to A-01-03-01"]);
    let mut other = ground.hand("W1");
    other.does(&ground, "PUT-PO-1-2", started());
    hand.does(&ground, RECV, undone(end, Fact::TaskFinished));
    assert_eq!(ground.exceptions(), ["done_twice"]);
    assert_eq!(puts(&ground, "PUT-PO-1-2").len(), 1);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_comes_later_is_expected_again_and_what_does_not_is_not() {
    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,20", "PO-1,2,PAINT,,,,4"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, RECV, started());
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 15));
    hand.does(&ground, RECV, received(2, goods("PAINT", "RED"), 4));
    hand.does(&ground, RECV, missing(1, "BOLT", 5, Reason::ComesLater));
    let end = hand.does(&ground, RECV, Fact::TaskFinished);
    let rest = job(&ground, "RECV-PO-1-2");
    assert_eq!(rest.lines.len(), 1);
    assert_eq!(rest.lines[0].quantity, Quantity::units(5));
    assert_eq!(ground.exceptions(), ["short"]);
    hand.does(&ground, RECV, undone(end, Fact::TaskFinished));
    assert!(
        ground.task("RECV-PO-1-2").is_none(),
        "withdrawn with its cause"
    );
    hand.does(&ground, RECV, Fact::TaskFinished);
    assert!(ground.task("RECV-PO-1-3").is_some());

    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,20"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 15));
    hand.does(&ground, RECV, missing(1, "BOLT", 5, Reason::NotDelivered));
    hand.does(&ground, RECV, Fact::TaskFinished);
    ground.office.tend(now()).unwrap();
    assert!(ground.task("RECV-PO-1-2").is_none());
}

#[test]
fn more_than_ordered_is_told_once_and_only_beyond_what_was_agreed() {
    let ground = Ground::new();
    let text =
        "warehouse,supplier,order,line,item,quantity,over_percent\nW1,S1,PO-1,1,BOLT,10,20\n";
    import(&ground, "receipts.csv", text);
    ground.office.tend(now()).unwrap();
    assert_eq!(job(&ground, RECV).over_percent, 20);
    let mut hand = ground.hand("W1");
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 12));
    assert_eq!(ground.exceptions(), [""; 0]);
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 1));
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 1));
    assert_eq!(ground.exceptions(), ["too_many"]);
}

#[test]
fn a_unit_that_is_in_the_house_already_is_for_a_person_when_it_comes_in_again() {
    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,9"]);
    let unit = |serial: &str| Goods {
        serial: serial.parse().ok(),
        ..goods("BOLT", "")
    };
    let mut hand = ground.hand("W1");
    hand.does(&ground, RECV, received(1, unit("S1"), 1));
    hand.does(&ground, RECV, received(1, unit("S2"), 1));
    assert_eq!(ground.exceptions(), [""; 0]);
    // By another handheld, which cannot know of it.
    let mut other = ground.hand("W1");
    other.does(&ground, RECV, received(1, unit("S1"), 1));
    assert_eq!(ground.exceptions(), ["done_twice"]);
}

#[test]
fn what_was_not_ordered_came_damaged_or_too_old_is_for_a_person() {
    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,10"]);
    let mut hand = ground.hand("W1");
    let strange = kept(received(9, goods("PAINT", "RED"), 2), Status::OnHold);
    hand.does(&ground, RECV, strange);
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 10));
    let damaged = Fact::FoundDamaged {
        line: 1,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(3),
        plate: None,
        status: Status::Available,
        place: "bin:RECV-01".parse().unwrap(),
    };
    hand.does(&ground, RECV, damaged);
    hand.does(
        &ground,
        RECV,
        kept(received(1, goods("BOLT", ""), 1), Status::Expired),
    );
    assert_eq!(
        ground.exceptions(),
        ["not_ordered", "damaged", "too_old", "too_many"]
    );
    hand.does(&ground, RECV, Fact::TaskFinished);
    let Job::Putaway(put) = ground.task("PUT-PO-1").unwrap().job else {
        panic!("no putaway");
    };
    let said: Vec<(String, Status)> = (put.lines.iter())
        .map(|line| {
            (
                format!("{} x{}", line.goods.item, line.quantity),
                line.status,
            )
        })
        .collect();
    assert!(
        said.contains(&("BOLT x7".to_owned(), Status::Available)),
        "{said:?}"
    );
    assert!(
        said.contains(&("BOLT x3".to_owned(), Status::Damaged)),
        "{said:?}"
    );
    let mut bins: Vec<&str> = put.lines.iter().map(|line| line.bin.as_str()).collect();
    bins.sort_unstable();
    bins.dedup();
    assert_eq!(
        bins.len(),
        put.lines.len(),
        "of another status, so not together"
    );
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_nobody_announced_comes_in_and_is_for_a_person_to_match() {
    let ground = Ground::new();
    let mut hand = ground.hand("W1");
    let id = blind(&ground, &mut hand, &[("BOLT", 7)]);
    assert_eq!(ground.exceptions(), ["unmatched"]);
    let puts = puts(&ground, &format!("PUT-{id}"));
    assert_eq!(puts, ["BOLT x7 to A-01-03-01"]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_came_blind_is_counted_for_its_order_once_a_person_says_so() {
    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,10", "PO-1,2,PAINT,,,,4"]);
    let mut hand = ground.hand("W1");
    let id = blind(&ground, &mut hand, &[("BOLT", 7), ("PUMP", 1)]);
    let (task, order) = (id.parse().unwrap(), "PO-1".parse().unwrap());
    let done = ground.office.match_receipt(&w1(), &task, &order).unwrap();
    assert_eq!(
        (done.matched, done.strange),
        (Quantity::units(7), Quantity::units(1))
    );
    assert_eq!(done.begun, None);
    let left: Vec<Quantity> = (job(&ground, RECV).lines.iter())
        .map(|line| line.quantity)
        .collect();
    assert_eq!(left, [Quantity::units(3), Quantity::units(4)]);
    assert!(!ground.exceptions().contains(&"unmatched".to_owned()));
    let again = ground
        .office
        .match_receipt(&w1(), &task, &"PO-9".parse().unwrap());
    assert!(again.unwrap_err().to_string().contains("PO-9"));
    // All of the rest too: nothing is expected any more.
    let id = blind(&ground, &mut hand, &[("BOLT", 3), ("PAINT", 4)]);
    let task = id.parse().unwrap();
    ground.office.match_receipt(&w1(), &task, &order).unwrap();
    assert!(ground.task(RECV).is_none());
    assert_eq!(ground.order_state("PO-1"), "received");
    let again = ground.office.match_receipt(&w1(), &task, &order);
    assert!(again.is_err(), "it has an order now");
    assert_eq!(ground.findings(), [""; 0]);
}

/// Receives what nobody announced, item by item, and closes it. Says the task.
fn blind(ground: &Ground, hand: &mut Hand, items: &[(&str, u32)]) -> String {
    let id = format!("OWN-HH-001-{}", hand.rows.len());
    let opened = Fact::TaskOpened {
        job: Box::new(Job::Receive(ReceiveJob {
            order: None,
            supplier: "".into(),
            bin: None,
            over_percent: 0,
            lines: Vec::new(),
            plates: Vec::new(),
        })),
    };
    hand.does(ground, &id, opened);
    hand.does(ground, &id, started());
    for ((item, units), line) in items.iter().zip(1..) {
        let fact = kept(received(line, goods(item, ""), *units), Status::OnHold);
        let mut said = serde_json::to_value(&fact).unwrap();
        said.as_object_mut().unwrap().remove("order");
        hand.does(ground, &id, serde_json::from_value(said).unwrap());
    }
    hand.does(ground, &id, Fact::TaskFinished);
    id
}

#[test]
fn a_label_learned_on_the_floor_is_known_everywhere_and_a_person_looks_at_it() {
    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,10"]);
    let (mut hand, other) = (ground.hand("W1"), ground.hand("W1").device);
    let before = ground.office.page(now(), &other, 0, 2000).unwrap().next;
    let learned = Fact::BarcodeLearned {
        code: "04006381333931".into(),
        item: "BOLT".parse().unwrap(),
        holds: Quantity::units(6),
    };
    let seq = hand.does(&ground, RECV, learned.clone());
    let heard = |after| ground.office.page(now(), &other, after, 2000).unwrap();
    let page = heard(before);
    let is_it = |change: &Change| matches!(change, Change::Barcode(code) if code.code.as_str() == "04006381333931");
    assert!(page.changes.iter().any(is_it), "{:?}", page.changes);
    assert_eq!(ground.exceptions(), ["learned"]);
    // Learned otherwise by someone else: what is known stays.
    let otherwise = Fact::BarcodeLearned {
        code: "04006381333931".into(),
        item: "PAINT".parse().unwrap(),
        holds: Quantity::units(1),
    };
    let wrong = hand.does(&ground, RECV, otherwise.clone());
    assert_eq!(ground.exceptions(), ["learned", "learned"]);
    hand.does(&ground, RECV, undone(wrong, otherwise));
    let gone = |change: &Change| matches!(change, Change::BarcodeGone(_));
    assert!(!heard(page.next).changes.iter().any(gone));
    hand.does(&ground, RECV, undone(seq, learned));
    assert!(heard(page.next).changes.iter().any(gone));
    // What cannot be is told, and learned by nobody.
    let nonsense = Fact::BarcodeLearned {
        code: "X-1".into(),
        item: "NOTHING".parse().unwrap(),
        holds: Quantity::units(1),
    };
    hand.does(&ground, RECV, nonsense);
    assert_eq!(ground.exceptions(), ["learned", "learned", "unknown"]);
}

#[test]
fn what_must_be_looked_at_first_goes_to_quarantine() {
    let ground = Ground::new();
    import(
        &ground,
        "suppliers.csv",
        "code,name,inspect\nS1,Supplier 1,yes\n",
    );
    let text = "warehouse,code,zone,kind,sequence\nW1,Q-01-01,Q,quarantine,9\n";
    import(&ground, "bins.csv", text);
    on_order(&ground, &["PO-1,1,BOLT,,,,10"]);
    assert!(job(&ground, RECV).lines[0].inspect);
    let mut hand = ground.hand("W1");
    hand.does(
        &ground,
        RECV,
        kept(received(1, goods("BOLT", ""), 10), Status::OnHold),
    );
    hand.does(&ground, RECV, Fact::TaskFinished);
    assert_eq!(puts(&ground, "PUT-PO-1"), ["BOLT x10 to Q-01-01"]);
}

/// A warehouse in which only these bins have room, each for so many grams.
fn with_room(ground: &Ground, rooms: &[(&str, u64)]) {
    let mut text = "warehouse,code,zone,kind,sequence,most_weight_g\n".to_owned();
    let codes = ["A-01-01", "A-01-02", "A-01-03", "A-01-03-01", "A-01-03-02"];
    for (code, sequence) in codes.iter().zip(1..) {
        let room = rooms.iter().find(|(known, _)| known == code);
        let grams = room.map_or(0, |(_, grams)| *grams);
        writeln!(text, "W1,{code},A,reserve,{sequence},{grams}").unwrap();
    }
    import(ground, "bins.csv", &text);
    let text = "code,name,unit,weight_g\nBOLT,Bolt,each,1000\n";
    import(ground, "items.csv", text);
}

#[test]
fn two_receipts_are_never_sent_to_the_same_last_space() {
    let ground = Ground::new();
    with_room(&ground, &[("A-01-02", 10_000)]);
    let text = "warehouse,order,supplier,bin,line,item,quantity\nW1,PO-1,S,RECV-01,1,BOLT,10\nW1,PO-2,S,RECV-01,1,BOLT,10\n";
    import(&ground, "receipts.csv", text);
    ground.office.tend(now()).unwrap();
    assert_eq!(puts(&ground, "PUT-PO-1"), ["BOLT x10 to A-01-02"]);
    assert!(ground.task("PUT-PO-2").is_none(), "its space is promised");
    assert_eq!(ground.exceptions(), ["no_space"]);
    import(
        &ground,
        "items.csv",
        "code,name,unit,weight_g\nPAINT,Paint,each,1\n",
    );
    ground.office.tend(now()).unwrap();
    assert_eq!(ground.exceptions(), ["no_space"], "told once");
    // The first goes elsewhere: the space is free for the second.
    let mut hand = ground.hand("W1");
    let elsewhere = Fact::PutAway {
        line: 1,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(10),
        plate: None,
        status: Status::Available,
        from: "RECV-01".parse().unwrap(),
        to: "A-01-03".parse().unwrap(),
        reason: Some(Reason::BetterPlace),
    };
    hand.does(&ground, "PUT-PO-1", elsewhere);
    ground.office.tend(now()).unwrap();
    assert_eq!(puts(&ground, "PUT-PO-2"), ["BOLT x10 to A-01-02"]);
}

#[test]
fn a_space_that_a_move_is_on_its_way_to_is_not_given_to_a_receipt() {
    let ground = Ground::new();
    with_room(&ground, &[("A-01-02", 10_000), ("A-01-03", 10_000)]);
    let text = "warehouse,bin,item,quantity\nW1,A-01-02,BOLT,10\n";
    import(&ground, "stock.csv", text);
    let what = ToMove {
        warehouse: w1(),
        from: "A-01-02".parse().unwrap(),
        to: "A-01-03".parse().unwrap(),
        item: None,
        quantity: None,
    };
    let id = ground.office.have_moved(&what).unwrap().unwrap();
    let text = "warehouse,order,supplier,bin,line,item,quantity\nW1,PO-1,S,RECV-01,1,BOLT,10\n";
    import(&ground, "receipts.csv", text);
    ground.office.tend(now()).unwrap();
    assert!(ground.task("PUT-PO-1").is_none(), "its space is promised");
    let mut hand = ground.hand("W1");
    let short = Fact::TakenShort {
        line: 1,
        goods: goods("BOLT", ""),
        missing: Quantity::units(10),
        bin: "A-01-02".parse().unwrap(),
        reason: Reason::BinEmpty,
    };
    hand.does(&ground, id.as_str(), short);
    ground.office.tend(now()).unwrap();
    assert_eq!(puts(&ground, "PUT-PO-1"), ["BOLT x10 to A-01-03"]);
}

#[test]
fn goods_that_fit_in_part_are_spread_and_the_rest_waits() {
    let ground = Ground::new();
    with_room(&ground, &[("A-01-01", 4_000), ("A-01-03", 3_000)]);
    let text = "warehouse,order,supplier,bin,line,item,quantity\nW1,PO-1,S,RECV-01,1,BOLT,10\n";
    import(&ground, "receipts.csv", text);
    ground.office.tend(now()).unwrap();
    assert_eq!(
        puts(&ground, "PUT-PO-1"),
        ["BOLT x4 to A-01-01", "BOLT x3 to A-01-03"]
    );
    with_room(
        &ground,
        &[("A-01-01", 4_000), ("A-01-03", 3_000), ("A-01-02", 9_000)],
    );
    ground.office.tend(now()).unwrap();
    assert_eq!(puts(&ground, "PUT-PO-1-2"), ["BOLT x3 to A-01-02"]);
}

#[test]
fn a_mixed_pallet_stays_together_where_it_may_and_is_split_where_not() {
    let receive = |ground: &Ground| {
        on_order(ground, &["PO-1,1,BOLT,,,,5", "PO-1,2,PAINT,,,,4"]);
        let mut hand = ground.hand("W1");
        hand.does(
            ground,
            RECV,
            on_plate(received(1, goods("BOLT", ""), 5), plate(1)),
        );
        hand.does(
            ground,
            RECV,
            on_plate(received(2, goods("PAINT", "RED"), 4), plate(1)),
        );
        hand.does(ground, RECV, Fact::TaskFinished);
    };
    let ground = Ground::new();
    receive(&ground);
    assert_eq!(
        puts(&ground, "PUT-PO-1"),
        [
            "BOLT x5 to A-01-03-01 on plate",
            "PAINT x4 to A-01-03-01 on plate"
        ]
    );
    let ground = Ground::new();
    let head = "warehouse,code,zone,kind,sequence,mixing\n";
    let rows = [
        ("A-01-01", "pick_face"),
        ("A-01-02", "pick_face"),
        ("A-01-03", "pick_face"),
    ];
    let more = [("A-01-03-01", "reserve"), ("A-01-03-02", "reserve")];
    let rows: String = (rows.iter().chain(&more).zip(1..))
        .map(|((code, kind), at)| format!("W1,{code},A,{kind},{at},one_item\n"))
        .collect();
    import(&ground, "bins.csv", &format!("{head}{rows}"));
    receive(&ground);
    assert_eq!(
        puts(&ground, "PUT-PO-1"),
        ["BOLT x5 to A-01-03-01", "PAINT x4 to A-01-03-02"]
    );
}

#[test]
fn a_fixed_bin_comes_first_and_why_can_be_read() {
    let ground = Ground::with_stock(&["A-01-02,BOLT,,,3"]);
    import(
        &ground,
        "fixed_bins.csv",
        "warehouse,bin,item\nW1,A-01-03,BOLT\n",
    );
    let asked = Asked {
        warehouse: w1(),
        from: "RECV-01".parse().ok(),
        item: "BOLT".parse().unwrap(),
        goods: goods("BOLT", ""),
        quantity: Quantity::units(5),
        on_plate: false,
        status: Status::Available,
        by: None,
    };
    let said = ground.office.putaway_why(&asked).unwrap();
    let bins: Vec<&str> = said.iter().map(|it| it.bin.as_str()).collect();
    assert_eq!(
        bins[..2],
        ["A-01-03", "A-01-02"],
        "its own, then with its own kind"
    );
    assert_eq!(said[0].chosen, Some(Quantity::units(5)));
    let tried = Asked {
        by: Some(vec![PutBy::OwnKind, PutBy::Fixed]),
        ..asked.clone()
    };
    let other = ground.office.putaway_why(&tried).unwrap();
    assert_eq!(other[0].bin.as_str(), "A-01-02", "rules are tried unset");
    assert!(
        said.iter()
            .all(|it| matches!(it.verdict, Verdict::Fit { .. }))
    );
    let text = "warehouse,code,zone,kind,sequence,frozen\nW1,A-01-03,A,pick_face,3,yes\n";
    import(&ground, "bins.csv", text);
    let said = ground.office.putaway_why(&asked).unwrap();
    assert_eq!(said[0].bin.as_str(), "A-01-02");
    let last = said.last().unwrap();
    assert_eq!(last.verdict, Verdict::Unfit(Unfit::Frozen));
    on_order(&ground, &["PO-1,1,BOLT,,,,5"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, RECV, received(1, goods("BOLT", ""), 5));
    hand.does(&ground, RECV, Fact::TaskFinished);
    let Job::Putaway(put) = ground.task("PUT-PO-1").unwrap().job else {
        panic!("no putaway");
    };
    let why = put.lines[0].why.expect("the task says why");
    assert_eq!(why.by, PutBy::OwnKind);
}

#[test]
fn goods_go_by_the_rules_of_the_warehouse_in_their_order_and_by_no_other() {
    let into = |rules: &str| {
        let ground = Ground::with_stock(&["A-01-02,BOLT,,,3"]);
        import(
            &ground,
            "fixed_bins.csv",
            "warehouse,bin,item\nW1,A-01-03,BOLT\n",
        );
        let rules = serde_json::from_str(rules).unwrap();
        ground.office.set_rules(&w1(), &rules).unwrap();
        on_order(&ground, &["PO-1,1,BOLT,,,,5"]);
        let mut hand = ground.hand("W1");
        hand.does(&ground, RECV, received(1, goods("BOLT", ""), 5));
        hand.does(&ground, RECV, Fact::TaskFinished);
        puts(&ground, "PUT-PO-1")
    };
    assert_eq!(into("{}"), ["BOLT x5 to A-01-03"], "as built in");
    let own_kind_first = r#"{"putaway": ["own_kind", "fixed"]}"#;
    assert_eq!(into(own_kind_first), ["BOLT x5 to A-01-02"]);
    let none = serde_json::from_str(r#"{"putaway": []}"#).unwrap();
    let refused = Ground::new().office.set_rules(&w1(), &none).unwrap_err();
    assert!(refused.to_string().contains("name at least one"));
}

#[test]
fn goods_that_another_handheld_received_after_the_end_are_put_away_too() {
    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,10"]);
    let (mut one, mut two) = (ground.hand("W1"), ground.hand("W1"));
    one.does(&ground, RECV, started());
    one.does(&ground, RECV, received(1, goods("BOLT", ""), 6));
    one.does(&ground, RECV, Fact::TaskFinished);
    two.does(&ground, RECV, received(1, goods("BOLT", ""), 4));
    assert_eq!(puts(&ground, "PUT-PO-1"), ["BOLT x6 to A-01-03-01"]);
    let late = puts(&ground, "PUT-PO-1-2");
    assert_eq!(late.len(), 1);
    assert!(late[0].starts_with("BOLT x4 to "), "{late:?}");
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_pallet_put_straight_into_its_bin_is_not_put_away_again() {
    let ground = Ground::new();
    on_order(&ground, &["PO-1,1,BOLT,,,,10"]);
    let mut hand = ground.hand("W1");
    hand.does(
        &ground,
        RECV,
        on_plate(received(1, goods("BOLT", ""), 10), plate(1)),
    );
    let put = Fact::PutAway {
        line: 1,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(10),
        plate: Some(plate(1)),
        status: Status::Available,
        from: "RECV-01".parse().unwrap(),
        to: "A-01-03-02".parse().unwrap(),
        reason: None,
    };
    hand.does(&ground, RECV, put);
    hand.does(&ground, RECV, Fact::TaskFinished);
    assert!(ground.task("PUT-PO-1").is_none());
    let arrival = ground.office.arrivals(9).unwrap().remove(0);
    assert!(arrival.stocked_at.is_some(), "nothing is left to put away");
    assert_eq!(ground.stock("bin:A-01-03-02", "BOLT"), 10);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn terms_of_receipts_and_own_bins_come_out_as_they_came_in() {
    let ground = Ground::new();
    import(
        &ground,
        "suppliers.csv",
        "code,name,inspect\nS1,Supplier 1,yes\n",
    );
    import(
        &ground,
        "fixed_bins.csv",
        "warehouse,bin,item\nW1,A-01-03,BOLT\n",
    );
    let text = "warehouse,supplier,order,line,item,quantity,over_percent,least_days\nW1,S1,PO-1,1,BOLT,10,20,30\n";
    import(&ground, "receipts.csv", text);
    let out = |name: &str| {
        let mut text = Vec::new();
        assert!(ground.office.export(name, &mut text).unwrap());
        String::from_utf8(text).unwrap()
    };
    assert!(out("suppliers.csv").contains("S1,Supplier 1,yes"));
    assert!(out("fixed_bins.csv").contains("W1,A-01-03,BOLT"));
    assert!(
        out("receipts.csv").contains(",20,30,1,BOLT,"),
        "{}",
        out("receipts.csv")
    );
    let bad =
        "warehouse,supplier,order,line,item,quantity,over_percent\nW1,S1,PO-2,1,BOLT,10,5000\n";
    let bad = ground.office.import(now(), &[sheet("receipts.csv", bad)]);
    assert!(bad.unwrap_err().to_string().contains("1 bad rows"));
    ground.office.tend(now()).unwrap();
    assert_eq!(job(&ground, RECV).lines[0].least_days, Some(30));
}
