//! What a picking line brings along, and what pickers decide on the spot: a line left to the office, another item instead,
//! how many are left.

use super::office_tools::*;
use stockhand::office::rules::Rules;
use stockhand::warehouse::{Change, Fact, Job, PickLine, Quantity, Reason};

fn ruled(ground: &Ground, rules: &str) {
    let rules: Rules = serde_json::from_str(rules).unwrap();
    ground.office.set_rules(&w1(), &rules).unwrap();
}

fn line(ground: &Ground, id: &str) -> PickLine {
    let task = ground
        .task(id)
        .unwrap_or_else(|| panic!("there is no {id}"));
    let Job::Pick(job) = task.job else {
        panic!("{id} is no picking");
    };
    job.lines().next().expect("a line").clone()
}

/// The bins that are to be counted.
fn counts(ground: &Ground) -> Vec<String> {
    let mut bins = Vec::new();
    let look = |change| {
        if let Change::Task(task) = change
            && let Job::Count(job) = &task.job
        {
            bins.extend(job.bins.iter().map(|bin| bin.bin.to_string()));
        }
        Ok::<(), stockhand::office::Error>(())
    };
    ground.office.everything(&w1(), look).unwrap();
    bins
}

fn packing(ground: &Ground) -> (Vec<String>, usize) {
    let Job::Pack(job) = ground.task("PACK-SO-1").expect("a packing task").job else {
        panic!("no packing");
    };
    let wanted = job
        .lines
        .iter()
        .map(|line| format!("{} x{}", line.item.code, line.wanted));
    (wanted.collect(), job.after.len())
}

fn held(reason: Reason) -> Fact {
    Fact::LineHeld {
        line: 1,
        bin: "A-01-01".parse().unwrap(),
        goods: goods("BOLT", ""),
        quantity: Quantity::units(3),
        reason,
    }
}

#[test]
fn a_line_left_to_the_office_waits_promised_until_a_person_has_it_fetched() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,5"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", held(Reason::Suspect));
    assert!(ground.exceptions().contains(&"line_held".to_owned()));
    let waiting = ground.office.held_lines(&w1()).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].task.as_str(), "PICK-SO-1-2");
    assert_eq!(waiting[0].quantity, Quantity::units(3));
    assert!(ground.task("PICK-SO-1-2").is_none(), "nobody gets it yet");
    assert_eq!(packing(&ground).1, 2, "packing waits for both");
    ground.order(&["SO-2,1,BOLT,9"]);
    assert_eq!(
        ground.picks("PICK-SO-2"),
        ["A-01-01 x7"],
        "it stays promised"
    );
    ground.office.fetch_held(&w1(), &waiting[0].task).unwrap();
    assert_eq!(ground.picks("PICK-SO-1-2"), ["A-01-01 x3"]);
    assert_eq!(ground.office.held_lines(&w1()).unwrap(), []);
    assert!(ground.office.fetch_held(&w1(), &waiting[0].task).is_err());
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_line_left_to_the_office_can_be_given_up_or_taken_back() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    let seq = hand.does(&ground, "PICK-SO-1", held(Reason::Blocked));
    hand.does(&ground, "PICK-SO-1", undone(seq, held(Reason::Blocked)));
    assert_eq!(ground.office.held_lines(&w1()).unwrap(), []);
    assert_eq!(packing(&ground).1, 1);
    hand.does(&ground, "PICK-SO-1", held(Reason::Blocked));
    let waiting = ground.office.held_lines(&w1()).unwrap();
    ground.office.give_up_held(&w1(), &waiting[0].task).unwrap();
    assert_eq!(packing(&ground).1, 1);
    ground.order(&["SO-2,1,BOLT,10"]);
    assert_eq!(
        ground.picks("PICK-SO-2"),
        ["A-01-01 x10"],
        "it is free again"
    );
}

#[test]
fn the_rules_freeze_the_bin_of_a_line_left_to_the_office_for_its_reason() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ruled(
        &ground,
        r#"{"after_short": {"blocked": {"freeze": true, "count": false}}}"#,
    );
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    let seq = hand.does(&ground, "PICK-SO-1", held(Reason::Blocked));
    assert!(ground.exceptions().contains(&"frozen".to_owned()));
    hand.does(&ground, "PICK-SO-1", undone(seq, held(Reason::Blocked)));
    ground.order(&["SO-2,1,BOLT,1"]);
    assert_eq!(ground.picks("PICK-SO-2"), ["A-01-01 x1"], "frozen no more");
}

/// A customer who takes pumps' paint instead of bolts: lots, but no matter.
fn with_substitute() -> Ground {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-02,PAINT,P1,,8"]);
    let sheets = [
        sheet("customers.csv", "code,name,substitutes\nC-1,Someone,yes\n"),
        sheet("substitutes.csv", "item,substitute,rank\nBOLT,PAINT,1\n"),
    ];
    ground.office.import(now(), &sheets).unwrap();
    ground
}

#[test]
fn what_a_customer_takes_instead_comes_with_the_line_and_is_squared() {
    let ground = with_substitute();
    ground.order(&["SO-1,1,BOLT,3"]);
    let told = line(&ground, "PICK-SO-1");
    assert_eq!(told.instead.len(), 1);
    let offer = &told.instead[0];
    assert_eq!(offer.bin.as_str(), "A-01-02");
    assert_eq!(offer.quantity, Quantity::units(3));
    let by = PickLine {
        line: 2,
        ..offer.clone()
    };
    let instead = Fact::Substituted {
        line: 1,
        order: "SO-1".parse().unwrap(),
        bin: "A-01-01".parse().unwrap(),
        goods: goods("BOLT", ""),
        missing: Quantity::units(3),
        reason: Reason::TooFew,
        by: Box::new(by),
    };
    let mut hand = ground.hand("W1");
    let seq = hand.does(&ground, "PICK-SO-1", instead.clone());
    assert!(ground.exceptions().contains(&"substituted".to_owned()));
    assert!(
        ground.task("PICK-SO-1-2").is_none(),
        "nothing is looked for besides"
    );
    assert_eq!(packing(&ground).0, ["BOLT x3", "PAINT x3"]);
    ground.order(&["SO-2,1,PAINT,8"]);
    assert_eq!(
        ground.picks("PICK-SO-2"),
        ["A-01-02 P1 x5"],
        "it is promised"
    );
    hand.does(&ground, "PICK-SO-1", undone(seq, instead));
    assert_eq!(packing(&ground).0, ["BOLT x3"]);
    ground
        .office
        .release(now(), &"W1".parse().unwrap())
        .unwrap();
    assert_eq!(
        ground.picks("PICK-SO-2-2"),
        ["A-01-02 P1 x3"],
        "it is free again, for who waits for it"
    );
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn nothing_is_offered_where_the_rules_or_the_customer_do_not_want_it() {
    let ground = with_substitute();
    ruled(&ground, r#"{"offer_instead": false}"#);
    ground.order(&["SO-1,1,BOLT,3"]);
    assert!(line(&ground, "PICK-SO-1").instead.is_empty());
    let plain = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-02,PAINT,P1,,8"]);
    let sheets = [sheet(
        "substitutes.csv",
        "item,substitute,rank\nBOLT,PAINT,1\n",
    )];
    plain.office.import(now(), &sheets).unwrap();
    plain.order(&["SO-1,1,BOLT,3"]);
    assert!(line(&plain, "PICK-SO-1").instead.is_empty());
}

#[test]
fn how_many_are_left_is_asked_where_few_should_be_and_the_answer_is_a_count() {
    let asks = |rules: &str, wanted: &str| {
        let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
        ruled(&ground, rules);
        ground.order(&[wanted]);
        (line(&ground, "PICK-SO-1").ask_left, ground)
    };
    let few = r#"{"ask_left": {"at_most": "3"}}"#;
    assert!(
        !asks("{}", "SO-1,1,BOLT,8").0,
        "only where the rules want it"
    );
    assert!(!asks(few, "SO-1,1,BOLT,2").0, "eight are many");
    assert!(!asks(few, "SO-1,1,BOLT,10").0, "then it should be empty");
    assert!(
        !asks(
            r#"{"ask_left": {"at_most": "3", "of": {"BOLT": "1"}}}"#,
            "SO-1,1,BOLT,8"
        )
        .0
    );
    let (asked, ground) = asks(few, "SO-1,1,BOLT,8");
    assert!(asked);
    let mut hand = ground.hand("W1");
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 8),
    );
    let counted = |left: u32| Fact::BinCounted {
        line: 1,
        bin: "A-01-01".parse().unwrap(),
        item: Some("BOLT".parse().unwrap()),
        counted: vec![(goods("BOLT", ""), Quantity::units(left))],
    };
    let seq = hand.does(&ground, "PICK-SO-1", counted(2));
    assert_eq!(counts(&ground), [""; 0], "as by the book");
    hand.does(&ground, "PICK-SO-1", undone(seq, counted(2)));
    hand.does(&ground, "PICK-SO-1", counted(1));
    assert_eq!(
        counts(&ground),
        ["A-01-01"],
        "another worker counts it again"
    );
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_pick_face_below_its_least_is_looked_at_where_the_rules_want_it() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let faces = "warehouse,bin,item,least,most,multiple\nW1,A-01-01,BOLT,4,20,1\n";
    let imported = ground.office.import(now(), &[sheet("faces.csv", faces)]);
    imported.unwrap();
    ruled(&ground, r#"{"ask_left": {"below_least": true}}"#);
    ground.order(&["SO-1,1,BOLT,6", "SO-2,1,BOLT,1"]);
    assert!(!line(&ground, "PICK-SO-1").ask_left);
    assert!(line(&ground, "PICK-SO-2").ask_left);
}
