//! What is done with stock inside the house, as the office squares it: moves, pick faces, counts, judgements, returns, making.

use super::office_tools::*;
use chrono::TimeDelta;
use stockhand::office::{ToCount, ToMove, Tolerance};
use stockhand::warehouse::{
    CountJob, Entry, Fact, Goods, Job, MoveJob, MoveLine, Quantity, Reason, RestateJob, ReturnJob,
    Status, Task, Timestamp,
};

fn units(count: u32) -> Quantity {
    Quantity::units(count)
}

/// A fact of this worker, so many minutes after ten.
fn at(hand: &mut Hand, minutes: i64, worker: &str, task: &str, fact: Fact) -> u64 {
    let seq = hand.rows.len() as u64 + 1;
    let entry = Entry {
        seq,
        act: seq,
        at: later(minutes),
        worker: Some(worker.parse().unwrap()),
        task: task.parse().ok(),
        cause: None,
        fact,
    };
    hand.record_line(entry.line());
    seq
}

fn later(minutes: i64) -> Timestamp {
    now() + TimeDelta::minutes(minutes)
}

fn opened(job: Job) -> Fact {
    Fact::TaskOpened { job: Box::new(job) }
}

fn confirmed(bin: &str) -> Fact {
    Fact::BinConfirmed {
        line: 1,
        bin: bin.parse().unwrap(),
        reason: None,
    }
}

fn counted(bin: &str, counted: &[(Goods, u32)]) -> Fact {
    let counted = counted.iter();
    Fact::BinCounted {
        line: 1,
        bin: bin.parse().unwrap(),
        item: None,
        counted: counted
            .map(|(goods, count)| (goods.clone(), units(*count)))
            .collect(),
    }
}

fn taken(bin: &str, goods: Goods, count: u32) -> Fact {
    Fact::Taken {
        line: 1,
        goods,
        quantity: units(count),
        plate: None,
        status: Status::Available,
        from: bin.parse().unwrap(),
        into: "worker:P1".parse().unwrap(),
    }
}

fn put(bin: &str, goods: Goods, count: u32) -> Fact {
    Fact::Put {
        line: 1,
        goods,
        quantity: units(count),
        plate: None,
        status: Status::Available,
        from: "worker:P1".parse().unwrap(),
        to: bin.parse().unwrap(),
        reason: None,
    }
}

/// A count of a bin as own work, from one minute to another.
fn count(ground: &Ground, hand: &mut Hand, worker: &str, minutes: (i64, i64), fact: Fact) -> u64 {
    let Fact::BinCounted { bin, .. } = &fact else {
        panic!("it is a count");
    };
    let task = format!("OWN-{}-{}", hand.device.id, hand.rows.len());
    let bin = bin.to_string();
    at(
        hand,
        minutes.0,
        worker,
        &task,
        opened(Job::Count(CountJob::default())),
    );
    at(hand, minutes.0, worker, &task, started());
    at(hand, minutes.0, worker, &task, confirmed(&bin));
    let seq = at(hand, minutes.1, worker, &task, fact);
    hand.push(ground);
    seq
}

fn states(ground: &Ground) -> Vec<String> {
    let counts = ground.office.counts(true).unwrap();
    counts.iter().map(|count| count.state.to_string()).collect()
}

/// Open tasks of a kind, by name.
fn tasks(ground: &Ground, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    let look = |change| {
        if let stockhand::warehouse::Change::Task(task) = change
            && task.id.as_str().starts_with(kind)
        {
            found.push(task.id.to_string());
        }
        Ok::<(), stockhand::office::Error>(())
    };
    ground.office.everything(&w1(), look).unwrap();
    found.sort();
    found
}

fn second_workers(ground: &Ground) {
    let text = "warehouse,code,name,badge,role\nW1,P2,Picker 2,BADGE-102,picker\nW1,L1,Lead 1,BADGE-103,lead\n";
    ground
        .office
        .import(now(), &[sheet("workers.csv", text)])
        .unwrap();
}

#[test]
fn what_is_moved_is_with_the_worker_in_between_and_can_be_taken_back() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let mut hand = ground.hand("W1");
    let task = "OWN-HH-001-1";
    hand.record(Some(task), opened(Job::Move(MoveJob::default())));
    hand.record(Some(task), started());
    hand.does(&ground, task, taken("A-01-01", goods("BOLT", ""), 4));
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 6);
    assert_eq!(ground.stock("worker:P1", "BOLT"), 4);
    let fact = put("A-01-02", goods("BOLT", ""), 4);
    let seq = hand.does(&ground, task, fact.clone());
    assert_eq!(ground.stock("worker:P1", "BOLT"), 0);
    assert_eq!(ground.stock("bin:A-01-02", "BOLT"), 4);
    hand.does(&ground, task, undone(seq, fact));
    assert_eq!(ground.stock("worker:P1", "BOLT"), 4);
    hand.does(&ground, task, put("A-01-03", goods("BOLT", ""), 4));
    hand.does(&ground, task, Fact::TaskFinished);
    assert_eq!(ground.exceptions(), [""; 0]);
    assert_eq!(ground.findings(), [""; 0]);
    assert!(ground.task(task).is_none(), "it is done");
}

#[test]
fn a_move_that_the_office_asks_for_names_what_lies_there_and_promises_it() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-01,PAINT,RED,,3"]);
    let what = ToMove {
        warehouse: w1(),
        from: "A-01-01".parse().unwrap(),
        to: "A-01-02".parse().unwrap(),
        item: None,
        quantity: None,
    };
    let id = ground.office.have_moved(&what).unwrap().unwrap();
    let Job::Move(job) = ground.task(id.as_str()).unwrap().job else {
        panic!("it is a move");
    };
    assert_eq!(job.lines.len(), 2);
    ground.order(&["SO-1,1,BOLT,1"]);
    assert!(ground.task("PICK-SO-1").is_none(), "all of it is promised");
    let nowhere = ToMove {
        to: "Z-1".parse().unwrap(),
        ..what
    };
    assert!(ground.office.have_moved(&nowhere).is_err());
}

#[test]
fn goods_moved_into_a_frozen_bin_are_told_to_a_person() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground
        .database()
        .execute("UPDATE bins SET frozen = 1 WHERE code = 'A-01-02'", [])
        .unwrap();
    let mut hand = ground.hand("W1");
    let task = "OWN-HH-001-1";
    hand.record(Some(task), opened(Job::Move(MoveJob::default())));
    hand.does(&ground, task, taken("A-01-01", goods("BOLT", ""), 1));
    hand.does(&ground, task, put("A-01-02", goods("BOLT", ""), 1));
    assert_eq!(ground.exceptions(), ["frozen"]);
}

// --- pick faces

fn faces(ground: &Ground, rows: &[&str]) {
    let text = format!(
        "warehouse,bin,item,least,most,multiple\nW1,{}\n",
        rows.join("\nW1,")
    );
    ground
        .office
        .import(now(), &[sheet("faces.csv", &text)])
        .unwrap();
}

fn fill(ground: &Ground, id: &str) -> (i32, Vec<MoveLine>) {
    let Task { priority, job, .. } = ground.task(id).unwrap();
    let Job::Replenish(job) = job else {
        panic!("{id} fills nothing");
    };
    (priority, job.lines)
}

#[test]
fn a_pick_face_below_its_least_is_filled_to_its_most_in_cases_and_by_date() {
    let ground = Ground::with_stock(&[
        "A-01-01,MILK,OLD,2027-04-01,2",
        "A-01-03-01,MILK,LATE,2027-09-01,40",
        "A-01-03-02,MILK,SOON,2027-05-01,7",
    ]);
    faces(&ground, &["A-01-01,MILK,5,30,5"]);
    let made = ground.office.replenish(now(), &w1(), false).unwrap();
    assert_eq!(made.len(), 1);
    let (priority, lines) = fill(&ground, made[0].as_str());
    assert_eq!(priority, 30);
    let said: Vec<String> = lines
        .iter()
        .map(|line| {
            let lot = line.goods.lot.as_ref().unwrap();
            format!("{} {lot} x{} > {}", line.from, line.quantity, line.to)
        })
        .collect();
    // All of what expires first, then whole cases: 7 and 15 make 22 of the 25 that there is room for.
    assert_eq!(
        said,
        [
            "A-01-03-02 SOON x7 > A-01-01",
            "A-01-03-01 LATE x15 > A-01-01"
        ]
    );
    assert_eq!(
        ground.office.replenish(now(), &w1(), false).unwrap(),
        [],
        "what is on its way is not asked for twice"
    );
}

#[test]
fn filling_becomes_urgent_when_an_order_waits_and_what_was_put_is_not_on_its_way_any_more() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,2", "A-01-03-01,BOLT,,,100"]);
    faces(&ground, &["A-01-01,BOLT,5,20,1"]);
    let made = ground.office.replenish(now(), &w1(), false).unwrap();
    let id = made[0].as_str().to_owned();
    assert_eq!(fill(&ground, &id).0, 30);
    // More is promised there than there is: what was short elsewhere, for one.
    ground
        .database()
        .execute(
            "INSERT INTO task_lines (warehouse, task, line, order_line, bin, item, lot, serial, quantity, done, is_open)
             VALUES ('W1', 'PICK-X', 1, 1, 'A-01-01', 'BOLT', '', '', 9000, 0, 1)",
            [],
        )
        .unwrap();
    ground.office.replenish(now(), &w1(), false).unwrap();
    assert_eq!(fill(&ground, &id).0, 5, "a released order waits for it");
    let mut hand = ground.hand("W1");
    hand.record(Some(&id), started());
    hand.does(&ground, &id, taken("A-01-03-01", goods("BOLT", ""), 18));
    hand.does(&ground, &id, put("A-01-01", goods("BOLT", ""), 18));
    hand.does(&ground, &id, Fact::TaskFinished);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 20);
    assert_eq!(ground.findings(), [""; 0]);
    let coming: i64 = ground
        .database()
        .query_row("SELECT SUM(quantity) FROM refills", [], |row| row.get(0))
        .unwrap();
    assert_eq!(coming, 0);
}

#[test]
fn in_quiet_times_faces_are_topped_off_and_not_while_picking_waits() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-03-01,BOLT,,,100"]);
    faces(&ground, &["A-01-01,BOLT,5,20,1"]);
    ground.order(&["SO-1,1,BOLT,1"]);
    assert_eq!(ground.office.replenish(now(), &w1(), true).unwrap(), []);
    let mut hand = ground.hand("W1");
    hand.record(Some("PICK-SO-1"), started());
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 1),
    );
    hand.does(&ground, "PICK-SO-1", Fact::TaskFinished);
    let made = ground.office.replenish(now(), &w1(), true).unwrap();
    let (priority, lines) = fill(&ground, made[0].as_str());
    assert_eq!((priority, lines[0].quantity), (90, units(11)));
}

#[test]
fn what_was_not_there_to_fill_with_is_counted() {
    let ground = Ground::with_stock(&["A-01-03-01,BOLT,,,100"]);
    faces(&ground, &["A-01-01,BOLT,5,20,1"]);
    let made = ground.office.replenish(now(), &w1(), false).unwrap();
    let mut hand = ground.hand("W1");
    let fact = Fact::TakenShort {
        line: 1,
        goods: goods("BOLT", ""),
        missing: units(20),
        bin: "A-01-03-01".parse().unwrap(),
        reason: Reason::BinEmpty,
    };
    hand.record(Some(made[0].as_str()), started());
    hand.does(&ground, made[0].as_str(), fact);
    assert_eq!(ground.exceptions(), ["short"]);
    assert_eq!(tasks(&ground, "COUNT"), ["COUNT-1"]);
}

// --- counts

#[test]
fn a_count_that_agrees_changes_nothing() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-01,PAINT,RED,,3"]);
    let mut hand = ground.hand("W1");
    let fact = counted(
        "A-01-01",
        &[(goods("BOLT", ""), 10), (goods("PAINT", "RED"), 3)],
    );
    count(&ground, &mut hand, "P1", (0, 5), fact);
    assert_eq!(states(&ground), ["agreed"]);
    assert_eq!(ground.exceptions(), [""; 0]);
    assert_eq!(tasks(&ground, "COUNT"), [""; 0]);
}

#[test]
fn a_small_difference_is_believed_at_once_and_taken_back_with_its_count() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let tolerance = Tolerance {
        percent: 5,
        ..Tolerance::default()
    };
    ground.office.set_tolerance(tolerance).unwrap();
    let mut hand = ground.hand("W1");
    let fact = counted("A-01-01", &[(goods("BOLT", ""), 96)]);
    let seq = count(&ground, &mut hand, "P1", (0, 5), fact.clone());
    assert_eq!(states(&ground), ["posted"]);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 96);
    let task = "OWN-HH-001-0";
    hand.does(&ground, task, undone(seq, fact));
    assert_eq!(states(&ground), ["undone"]);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 100);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_difference_is_small_by_units_or_percent_and_never_worth_more_than_the_value() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let text = "item,value\nBOLT,0.10\n";
    ground
        .office
        .import(now(), &[sheet("values.csv", text)])
        .unwrap();
    let tolerance = Tolerance {
        units: units(30),
        percent: 0,
        value: Some(200),
    };
    ground.office.set_tolerance(tolerance).unwrap();
    let mut hand = ground.hand("W1");
    count(
        &ground,
        &mut hand,
        "P1",
        (0, 1),
        counted("A-01-01", &[(goods("BOLT", ""), 79)]),
    );
    assert_eq!(states(&ground), ["recount"], "21 are worth 2.10");
    count(
        &ground,
        &mut hand,
        "P1",
        (10, 11),
        counted("A-01-01", &[(goods("BOLT", ""), 80)]),
    );
    assert_eq!(
        states(&ground),
        ["superseded", "posted"],
        "20 are worth 2.00"
    );
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 80);
}

#[test]
fn a_large_difference_is_counted_by_another_worker_and_then_decided() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100", "A-01-01,PAINT,RED,,5"]);
    second_workers(&ground);
    let mut hand = ground.hand("W1");
    let fact = counted(
        "A-01-01",
        &[(goods("BOLT", ""), 60), (goods("PAINT", "BLUE"), 5)],
    );
    count(&ground, &mut hand, "P1", (0, 5), fact);
    let Job::Count(job) = ground.task("COUNT-1").unwrap().job else {
        panic!("it is a count");
    };
    assert_eq!(job.not_by, "P1".parse().ok());
    assert_eq!(job.bins[0].expected, [], "it is blind");
    let mut other = ground.hand("W1");
    at(&mut other, 30, "P2", "COUNT-1", started());
    at(&mut other, 30, "P2", "COUNT-1", confirmed("A-01-01"));
    let fact = counted(
        "A-01-01",
        &[(goods("BOLT", ""), 61), (goods("PAINT", "BLUE"), 5)],
    );
    at(&mut other, 40, "P2", "COUNT-1", fact);
    at(&mut other, 40, "P2", "COUNT-1", Fact::TaskFinished);
    other.push(&ground);
    assert_eq!(states(&ground), ["superseded", "approval"]);
    assert_eq!(ground.exceptions(), ["count_differs"]);
    assert_eq!(
        ground.stock("bin:A-01-01", "BOLT"),
        100,
        "nothing moves before"
    );
    // Picking goes on meanwhile: the difference is that of the moment of the count.
    let mut third = ground.hand("W1");
    at(
        &mut third,
        60,
        "P1",
        "OWN-1",
        opened(Job::Move(MoveJob::default())),
    );
    at(
        &mut third,
        60,
        "P1",
        "OWN-1",
        taken("A-01-01", goods("BOLT", ""), 10),
    );
    third.push(&ground);
    ground.office.approve_count(now(), &w1(), 2).unwrap();
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 51);
    assert_eq!(ground.stock("bin:A-01-01", "PAINT"), 5);
    assert!(
        ground.office.approve_count(now(), &w1(), 2).is_err(),
        "once is enough"
    );
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn who_counted_it_first_is_no_second_worker() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let mut hand = ground.hand("W1");
    count(
        &ground,
        &mut hand,
        "P1",
        (0, 5),
        counted("A-01-01", &[(goods("BOLT", ""), 60)]),
    );
    at(&mut hand, 10, "P1", "COUNT-1", started());
    at(&mut hand, 10, "P1", "COUNT-1", confirmed("A-01-01"));
    at(
        &mut hand,
        12,
        "P1",
        "COUNT-1",
        counted("A-01-01", &[(goods("BOLT", ""), 60)]),
    );
    at(&mut hand, 12, "P1", "COUNT-1", Fact::TaskFinished);
    hand.push(&ground);
    assert_eq!(states(&ground), ["superseded", "recount"]);
    assert_eq!(tasks(&ground, "COUNT"), ["COUNT-2"]);
}

#[test]
fn a_rejected_count_leaves_the_book_and_one_more_can_be_asked_for() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100", "A-01-02,BOLT,,,100"]);
    let mut hand = ground.hand("W1");
    count(&ground, &mut hand, "P1", (0, 5), counted("A-01-01", &[]));
    count(&ground, &mut hand, "P1", (10, 15), counted("A-01-02", &[]));
    assert_eq!(tasks(&ground, "COUNT"), ["COUNT-1", "COUNT-2"]);
    ground.office.reject_count(&w1(), 1).unwrap();
    assert_eq!(tasks(&ground, "COUNT"), ["COUNT-2"]);
    let again = ground.office.count_again(&w1(), 2).unwrap().unwrap();
    assert_eq!(tasks(&ground, "COUNT"), [again.to_string()]);
    assert_eq!(states(&ground), ["rejected", "superseded"]);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 100);
}

#[test]
fn what_others_did_after_a_count_that_arrives_late_is_no_difference() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let (mut hand, mut other) = (ground.hand("W1"), ground.hand("W1"));
    // Counted at five past, without signal; someone takes ten at half past and is heard at once.
    at(
        &mut other,
        30,
        "P1",
        "OWN-1",
        opened(Job::Move(MoveJob::default())),
    );
    at(
        &mut other,
        30,
        "P1",
        "OWN-1",
        taken("A-01-01", goods("BOLT", ""), 10),
    );
    other.push(&ground);
    count(
        &ground,
        &mut hand,
        "P1",
        (0, 5),
        counted("A-01-01", &[(goods("BOLT", ""), 100)]),
    );
    assert_eq!(states(&ground), ["agreed"]);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 90);
}

#[test]
fn what_this_handheld_did_before_it_counted_is_in_the_book() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let mut hand = ground.hand("W1");
    at(
        &mut hand,
        0,
        "P1",
        "OWN-1",
        opened(Job::Move(MoveJob::default())),
    );
    at(
        &mut hand,
        0,
        "P1",
        "OWN-1",
        taken("A-01-01", goods("BOLT", ""), 10),
    );
    count(
        &ground,
        &mut hand,
        "P1",
        (1, 2),
        counted("A-01-01", &[(goods("BOLT", ""), 90)]),
    );
    assert_eq!(states(&ground), ["agreed"]);
}

#[test]
fn what_others_did_while_it_was_counted_makes_it_uncertain_and_not_wrong() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let (mut hand, mut other) = (ground.hand("W1"), ground.hand("W1"));
    at(
        &mut other,
        10,
        "P1",
        "OWN-1",
        opened(Job::Move(MoveJob::default())),
    );
    at(
        &mut other,
        10,
        "P1",
        "OWN-1",
        taken("A-01-01", goods("BOLT", ""), 10),
    );
    other.push(&ground);
    // Between both readings nothing is wrong.
    count(
        &ground,
        &mut hand,
        "P1",
        (5, 15),
        counted("A-01-01", &[(goods("BOLT", ""), 100)]),
    );
    assert_eq!(states(&ground), ["agreed"]);
    // Beyond both something is, and nobody can say how much: again, by anyone.
    count(
        &ground,
        &mut hand,
        "P1",
        (6, 14),
        counted("A-01-01", &[(goods("BOLT", ""), 80)]),
    );
    assert_eq!(states(&ground), ["agreed", "recount"]);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 90);
    let Job::Count(job) = ground.task("COUNT-1").unwrap().job else {
        panic!("it is a count");
    };
    assert_eq!(job.not_by, None);
}

#[test]
fn a_count_between_both_readings_is_no_agreement() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let (mut hand, mut other) = (ground.hand("W1"), ground.hand("W1"));
    at(
        &mut other,
        10,
        "P1",
        "OWN-1",
        opened(Job::Move(MoveJob::default())),
    );
    at(
        &mut other,
        10,
        "P1",
        "OWN-1",
        taken("A-01-01", goods("BOLT", ""), 40),
    );
    other.push(&ground);
    count(
        &ground,
        &mut hand,
        "P1",
        (5, 15),
        counted("A-01-01", &[(goods("BOLT", ""), 75)]),
    );
    assert_eq!(states(&ground), ["recount"]);
}

#[test]
fn what_happened_before_a_count_but_is_told_later_has_it_counted_again() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let tolerance = Tolerance {
        units: units(10),
        ..Tolerance::default()
    };
    ground.office.set_tolerance(tolerance).unwrap();
    let (mut hand, mut other) = (ground.hand("W1"), ground.hand("W1"));
    // Ten were taken at ten, without signal; the count at half past sees ninety.
    at(
        &mut other,
        0,
        "P1",
        "OWN-1",
        opened(Job::Move(MoveJob::default())),
    );
    at(
        &mut other,
        0,
        "P1",
        "OWN-1",
        taken("A-01-01", goods("BOLT", ""), 10),
    );
    count(
        &ground,
        &mut hand,
        "P1",
        (25, 30),
        counted("A-01-01", &[(goods("BOLT", ""), 90)]),
    );
    assert_eq!(states(&ground), ["posted"]);
    other.push(&ground);
    assert_eq!(ground.exceptions(), ["count_differs"]);
    assert_eq!(tasks(&ground, "COUNT"), ["COUNT-1"]);
    // What waits for a decision is not decided by numbers that are not certain any more.
    assert_eq!(ground.office.counts(false).unwrap(), []);
}

#[test]
fn a_bin_that_should_be_empty_and_what_came_up_short_are_counted() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,5", "A-01-02,PAINT,RED,,5"]);
    ground.order(&["SO-1,1,BOLT,5", "SO-1,2,PAINT,5"]);
    let mut hand = ground.hand("W1");
    hand.record(Some("PICK-SO-1"), started());
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 5),
    );
    let looked = Fact::BinChecked {
        line: 1,
        bin: "A-01-01".parse().unwrap(),
        goods: goods("BOLT", ""),
        empty: false,
    };
    hand.does(&ground, "PICK-SO-1", looked.clone());
    hand.does(&ground, "PICK-SO-1", short(2, "A-01-02", "PAINT", 2));
    assert_eq!(tasks(&ground, "COUNT"), ["COUNT-1", "COUNT-2"]);
    hand.does(&ground, "PICK-SO-1", looked);
    assert_eq!(tasks(&ground, "COUNT").len(), 2, "one wish, one task");
}

#[test]
fn a_bin_a_zone_and_an_item_can_be_counted_and_nothing_twice() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,5", "A-01-03,BOLT,,,5"]);
    let what = |zone: &str, item: &str| ToCount {
        warehouse: w1(),
        bin: None,
        zone: zone.parse().ok(),
        item: item.parse().ok(),
        tells: true,
    };
    let made = ground.office.have_counted(&what("", "BOLT")).unwrap();
    let Job::Count(job) = ground.task(made[0].as_str()).unwrap().job else {
        panic!("it is a count");
    };
    let bins: Vec<String> = job.bins.iter().map(|bin| bin.bin.to_string()).collect();
    assert_eq!(bins, ["A-01-01", "A-01-03"], "in the order of the walk");
    assert_eq!(job.bins[0].expected, [(goods("BOLT", ""), units(5))]);
    assert_eq!(ground.office.have_counted(&what("", "BOLT")).unwrap(), []);
    let made = ground.office.have_counted(&what("A", "")).unwrap();
    let Job::Count(job) = ground.task(made[0].as_str()).unwrap().job else {
        panic!("it is a count");
    };
    assert_eq!(job.bins.len(), 5);
}

// --- judgements

fn restated(becomes: Option<Status>, count: u32) -> Fact {
    Fact::Restated {
        bin: "A-01-01".parse().unwrap(),
        plate: None,
        goods: goods("BOLT", ""),
        quantity: units(count),
        was: Status::Available,
        becomes,
        reason: Reason::Damaged,
    }
}

#[test]
fn what_is_kept_back_is_not_allocated_and_what_is_thrown_away_is_gone() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    second_workers(&ground);
    let mut hand = ground.hand("W1");
    let job = || opened(Job::Restate(RestateJob { by_lead: true }));
    at(&mut hand, 0, "L1", "OWN-1", job());
    let held = restated(Some(Status::OnHold), 4);
    let seq = at(&mut hand, 0, "L1", "OWN-1", held.clone());
    at(&mut hand, 0, "L1", "OWN-1", restated(None, 1));
    hand.push(&ground);
    assert_eq!(ground.exceptions(), [""; 0]);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 9);
    ground.order(&["SO-1,1,BOLT,9"]);
    assert_eq!(ground.picks("PICK-SO-1"), ["A-01-01 x5"]);
    at(&mut hand, 1, "L1", "OWN-1", undone(seq, held));
    hand.push(&ground);
    ground.office.release(now(), &w1()).unwrap();
    assert_eq!(
        ground.picks("PICK-SO-1-2"),
        ["A-01-01 x4"],
        "it waited for them"
    );
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn who_is_no_lead_and_threw_away_is_told_to_a_person_and_so_is_picking_that_lacks_it() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,8"]);
    let mut hand = ground.hand("W1");
    at(
        &mut hand,
        0,
        "P1",
        "OWN-1",
        opened(Job::Restate(RestateJob::default())),
    );
    at(&mut hand, 0, "P1", "OWN-1", restated(None, 5));
    hand.push(&ground);
    assert_eq!(ground.exceptions(), ["not_allowed", "short"]);
    assert_eq!(
        ground.stock("bin:A-01-01", "BOLT"),
        5,
        "it happened all the same"
    );
}

// --- returns

fn returned(order: &str, item: &str, count: u32, becomes: Option<Status>) -> Fact {
    Fact::Returned {
        order: order.parse().ok(),
        goods: goods(item, ""),
        quantity: units(count),
        bin: "RECV-01".parse().unwrap(),
        becomes,
    }
}

#[test]
fn an_announced_return_becomes_work_and_what_differs_is_told() {
    let ground = Ground::new();
    let text = "warehouse,order,customer,line,item,quantity\nW1,R-1,Someone,1,BOLT,3\nW1,R-1,Someone,2,PUMP,1\n";
    ground
        .office
        .import(now(), &[sheet("returns.csv", text)])
        .unwrap();
    ground.office.set_returns_become(Status::Available).unwrap();
    ground.office.tend(now()).unwrap();
    let Job::Return(job) = ground.task("RETURN-R-1").unwrap().job else {
        panic!("it is a return");
    };
    assert_eq!((job.lines.len(), job.good), (2, Status::Available));
    let mut hand = ground.hand("W1");
    let task = "RETURN-R-1";
    hand.record(Some(task), started());
    hand.does(
        &ground,
        task,
        returned("R-1", "BOLT", 2, Some(Status::Available)),
    );
    let scrap = returned("R-1", "PAINT", 1, None);
    let seq = hand.does(&ground, task, scrap.clone());
    hand.does(&ground, task, Fact::TaskFinished);
    assert_eq!(ground.exceptions(), ["return", "return"]);
    assert_eq!(ground.stock("bin:RECV-01", "BOLT"), 2);
    assert_eq!(ground.order_state("R-1"), "done");
    let customers: Vec<String> = (ground.office.returns().unwrap().iter())
        .map(|row| format!("{} {} {}", row.customer, row.goods.item, row.becomes))
        .collect();
    assert_eq!(
        customers,
        ["Someone BOLT available", "Someone PAINT scrapped"]
    );
    hand.does(&ground, task, undone(seq, scrap));
    assert_eq!(ground.office.returns().unwrap().len(), 1);
    let order = "R-1".parse().ok();
    assert_eq!(ground.office.credit(&w1(), order.as_ref()).unwrap(), 1);
    assert_eq!(ground.office.returns().unwrap(), []);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_comes_back_unannounced_is_kept_back_and_asked_about() {
    let ground = Ground::new();
    let mut hand = ground.hand("W1");
    hand.record(Some("OWN-1"), opened(Job::Return(ReturnJob::default())));
    hand.does(
        &ground,
        "OWN-1",
        returned("", "BOLT", 2, Some(Status::OnHold)),
    );
    hand.does(&ground, "OWN-1", Fact::TaskFinished);
    assert_eq!(ground.exceptions(), ["return"]);
    ground.order(&["SO-1,1,BOLT,1"]);
    assert!(ground.task("PICK-SO-1").is_none());
}

// --- making

#[test]
fn what_is_made_uses_up_its_components_and_can_be_taken_back() {
    let ground = Ground::with_stock(&[
        "A-01-01,BOLT,,,100",
        "A-01-02,PAINT,RED,,3",
        "A-01-03,PAINT,BLUE,,9",
    ]);
    let recipe = "product,component,quantity\nMILK,BOLT,2\nMILK,PAINT,0.5\n";
    let order =
        "warehouse,order,bin,item,lot,expiry,quantity\nW1,W-1,A-01-03-01,MILK,NEW,2028-01-31,10\n";
    ground
        .office
        .import(
            now(),
            &[sheet("recipes.csv", recipe), sheet("production.csv", order)],
        )
        .unwrap();
    ground.office.tend(now()).unwrap();
    let Job::Assemble(job) = ground.task("MAKE-W-1").unwrap().job else {
        panic!("it is making");
    };
    let said: Vec<String> = (job.components.iter())
        .map(|line| format!("{} {} x{}", line.from, line.item.code, line.quantity))
        .collect();
    assert_eq!(
        said,
        ["A-01-01 BOLT x20", "A-01-02 PAINT x3", "A-01-03 PAINT x2"]
    );
    ground.order(&["SO-1,1,BOLT,90"]);
    assert_eq!(
        ground.picks("PICK-SO-1"),
        ["A-01-01 x80"],
        "20 are promised"
    );
    let mut hand = ground.hand("W1");
    let task = "MAKE-W-1";
    hand.record(Some(task), started());
    hand.record(Some(task), taken("A-01-01", goods("BOLT", ""), 20));
    hand.does(&ground, task, taken("A-01-02", goods("PAINT", "RED"), 3));
    let carrier = || "worker:P1".parse().unwrap();
    let made = Fact::Assembled {
        order: "W-1".parse().unwrap(),
        product: goods("MILK", "NEW"),
        quantity: units(9),
        bin: "A-01-03-01".parse().unwrap(),
        consumed: vec![
            (goods("BOLT", ""), units(20), carrier()),
            (goods("PAINT", "RED"), units(3), carrier()),
        ],
    };
    let seq = hand.does(&ground, task, made.clone());
    let end = hand.does(&ground, task, Fact::TaskFinished);
    assert_eq!(ground.stock("worker:P1", "BOLT"), 0);
    assert_eq!(ground.stock("bin:A-01-03-01", "MILK"), 9);
    assert_eq!(ground.order_state("W-1"), "done");
    assert!(
        ground.exceptions().contains(&"short".to_owned()),
        "one less than wanted"
    );
    hand.does(&ground, task, undone(end, Fact::TaskFinished));
    hand.does(&ground, task, undone(seq, made));
    assert_eq!(ground.stock("worker:P1", "BOLT"), 20);
    assert_eq!(ground.stock("bin:A-01-03-01", "MILK"), 0);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_lacks_a_component_is_not_begun() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,19"]);
    let recipe = "product,component,quantity\nMILK,BOLT,2\n";
    let order =
        "warehouse,order,bin,item,lot,expiry,quantity\nW1,W-1,A-01-03-01,MILK,NEW,2028-01-31,10\n";
    ground
        .office
        .import(
            now(),
            &[sheet("recipes.csv", recipe), sheet("production.csv", order)],
        )
        .unwrap();
    ground.office.tend(now()).unwrap();
    assert!(ground.task("MAKE-W-1").is_none());
    assert_eq!(ground.order_state("W-1"), "open");
}

#[test]
fn counts_moves_and_returns_are_asked_for_by_command() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100"]);
    let data = ground.dir.path();
    let run = |words: &str| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_stockhand-office"))
            .arg("--data")
            .arg(data)
            .args(words.split(' '))
            .output()
            .unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        (done.status.code().unwrap(), said.trim().to_owned())
    };
    let said = |code, text: &str| (code, text.to_owned());
    assert_eq!(
        run("count --warehouse W1 --bin A-01-01"),
        said(0, "COUNT-1")
    );
    assert_eq!(
        run("count --warehouse W1 --bin A-01-01"),
        said(1, "Nothing to do there.")
    );
    assert_eq!(run("count --warehouse W1").0, 3);
    let small = "A count may differ by 2 units or 1 %, worth at most 12.50.";
    assert_eq!(
        run("tolerance --units 2 --percent 1 --value 12.5"),
        said(0, small)
    );
    assert_eq!(run("tolerance"), said(0, small));
    assert_eq!(run("tolerance --percent 101").0, 3);
    let mut hand = ground.hand("W1");
    count(
        &ground,
        &mut hand,
        "P1",
        (0, 5),
        counted("A-01-01", &[(goods("BOLT", ""), 60)]),
    );
    let (code, text) = run("counts");
    assert_eq!(code, 0);
    assert!(text.contains("by P1  recount"), "{text}");
    assert!(
        text.contains("BOLT: counted 60, expected 100 (-40)"),
        "{text}"
    );
    assert_eq!(run("counts --approve W1/1").0, 0);
    assert_eq!(run("counts --approve W1/1").0, 3, "once is enough");
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 60);
    assert_eq!(
        run("move --warehouse W1 --from A-01-01 --to A-01-02"),
        said(0, "MOVE-1")
    );
    assert_eq!(run("replenish --warehouse W1").0, 1);
    assert_eq!(run("returns"), said(0, ""));
    assert_eq!(run("returns --good-becomes gone").0, 3);
    assert_eq!(run("returns --credit W1/"), said(0, "0 rows are credited."));
    assert_eq!(run("verify").0, 0);
}

// --- taking apart

#[test]
fn what_is_taken_apart_becomes_its_parts_and_knows_the_lots_that_went_into_it() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,20", "A-01-02,PAINT,RED,,10"]);
    let recipe = "product,component,quantity\nMILK,BOLT,2\nMILK,PAINT,0.5\n";
    let order =
        "warehouse,order,bin,item,lot,expiry,quantity\nW1,W-1,A-01-03-01,MILK,NEW,2028-01-31,10\n";
    let sheets = [sheet("recipes.csv", recipe), sheet("production.csv", order)];
    ground.office.import(now(), &sheets).unwrap();
    ground.office.tend(now()).unwrap();
    let mut hand = ground.hand("W1");
    let carrier = || "worker:P1".parse().unwrap();
    hand.record(Some("MAKE-W-1"), started());
    hand.record(Some("MAKE-W-1"), taken("A-01-01", goods("BOLT", ""), 20));
    hand.does(
        &ground,
        "MAKE-W-1",
        taken("A-01-02", goods("PAINT", "RED"), 5),
    );
    let made = Fact::Assembled {
        order: "W-1".parse().unwrap(),
        product: goods("MILK", "NEW"),
        quantity: units(10),
        bin: "A-01-03-01".parse().unwrap(),
        consumed: vec![
            (goods("BOLT", ""), units(20), carrier()),
            (goods("PAINT", "RED"), units(5), carrier()),
        ],
    };
    hand.record(Some("MAKE-W-1"), made);
    hand.does(&ground, "MAKE-W-1", Fact::TaskFinished);

    let order = "warehouse,order,bin,item,lot,quantity\nW1,T-1,A-01-01,MILK,NEW,4\n";
    let more = "W1,T-2,A-01-01,MILK,OLD,1\n";
    let wanted = format!("{order}{more}");
    let sheets = [sheet("disassembly.csv", &wanted)];
    ground.office.import(now(), &sheets).unwrap();
    ground.office.tend(now()).unwrap();
    assert_eq!(ground.order_state("T-2"), "open", "that lot is not there");
    let Job::Disassemble(job) = ground.task("APART-T-1").unwrap().job else {
        panic!("it is taking apart");
    };
    let said: Vec<String> = (job.parts.iter())
        .map(|part| {
            format!(
                "{} x{}: {:?}",
                part.item.code,
                part.of_one,
                part.only_lot(&goods("MILK", "NEW"))
                    .and_then(|part| part.lot.as_ref())
            )
        })
        .collect();
    assert_eq!(
        said,
        ["BOLT x2: None", "PAINT x0.5: Some(LotCode(\"RED\"))"]
    );
    assert_eq!(job.products[0].from.as_str(), "A-01-03-01");

    let task = "APART-T-1";
    hand.record(Some(task), started());
    hand.does(&ground, task, taken("A-01-03-01", goods("MILK", "NEW"), 4));
    let bin = || "A-01-01".parse().unwrap();
    let apart = |quantity: u32, bolts: u32, lost: u32| Fact::Disassembled {
        order: "T-1".parse().unwrap(),
        product: goods("MILK", "NEW"),
        quantity: units(quantity),
        from: carrier(),
        parts: vec![
            (goods("BOLT", ""), units(bolts), bin()),
            (goods("PAINT", "RED"), units(2), bin()),
        ],
        lost: vec![(goods("BOLT", ""), units(lost))],
        reason: None,
    };
    let seq = hand.does(&ground, task, apart(4, 7, 1));
    let end = hand.does(&ground, task, Fact::TaskFinished);
    assert_eq!(ground.exceptions(), ["short"], "one part was lost");
    assert_eq!(ground.order_state("T-1"), "done");
    let there = |place: &str, item: &str| ground.stock(place, item);
    assert_eq!(there("worker:P1", "MILK"), 0);
    assert_eq!(there("bin:A-01-01", "BOLT"), 7);
    assert_eq!(there("bin:A-01-01", "PAINT"), 2);
    let gone = |item: &str, place: &str| -> Quantity {
        let moves = apart(4, 7, 1).moves().into_iter();
        let of_it = moves.filter(|it| it.goods.item.as_str() == item);
        let there = of_it.filter(|it| it.target.place.to_string() == place);
        there.map(|it| it.quantity).sum()
    };
    assert_eq!(gone("MILK", "production"), units(4));
    assert_eq!(
        gone("BOLT", "loss").plus(gone("BOLT", "bin:A-01-01")),
        units(8)
    );

    hand.does(&ground, task, undone(end, Fact::TaskFinished));
    hand.does(&ground, task, undone(seq, apart(4, 7, 1)));
    assert_eq!(there("worker:P1", "MILK"), 4);
    assert_eq!(there("bin:A-01-01", "BOLT"), 0);
    assert_eq!(ground.order_state("T-1"), "released");
    hand.does(&ground, task, apart(4, 9, 1));
    assert!(
        ground.exceptions().contains(&"unknown".to_owned()),
        "more came out than is in it"
    );
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_has_serials_is_taken_apart_by_a_recipe_but_not_made_by_one() {
    let ground = Ground::new();
    let items = "code,name,unit,lot,serial,expiry\nPUMP,Pump,each,no,yes,no\n";
    let recipe = "product,component,quantity\nPUMP,BOLT,2\n";
    let order = "warehouse,order,bin,item,quantity\nW1,W-9,A-01-01,PUMP,1\n";
    let sheets = [sheet("items.csv", items), sheet("recipes.csv", recipe)];
    ground.office.import(now(), &sheets).unwrap();
    let made = ground
        .office
        .import(now(), &[sheet("production.csv", order)]);
    assert!(format!("{made:?}").contains("has serials"), "{made:?}");
    let apart = ground
        .office
        .import(now(), &[sheet("disassembly.csv", order)]);
    apart.unwrap();
}
