//! Facts go up and changes come down, however often they are said.

use super::office_tools::*;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::io::Write;
use stockhand::office::{Error, NoSnapshot, Office};
use stockhand::store::Cache;
use stockhand::sync::{Enrol, Limits, Manifest, OutcomeKind, RefusedKind, Row, Was};
use stockhand::warehouse::{Change, Fact};

fn kind(refused: Result<impl std::fmt::Debug, Error>) -> RefusedKind {
    match refused {
        Err(Error::Refused { kind, .. }) => kind,
        other => panic!("not refused but {other:?}"),
    }
}

fn page_kind(refused: Result<Vec<u8>, NoSnapshot>) -> RefusedKind {
    match refused {
        Err(NoSnapshot::Office(why)) => kind(Err::<(), _>(why)),
        other => panic!("not refused but {other:?}"),
    }
}

#[test]
fn a_code_takes_in_one_handheld_and_only_in_time() {
    let ground = Ground::new();
    let ask = |code: &str| Enrol {
        code: code.to_owned(),
        name: "a handheld".into(),
        was: None,
    };
    let office = &ground.office;
    assert_eq!(kind(office.enrol(now(), &ask("00"))), RefusedKind::Code);
    let invited = office.invite(now(), &w1(), 10).unwrap();
    let late = now() + chrono::TimeDelta::minutes(11);
    assert_eq!(
        kind(office.enrol(late, &ask(&invited.code))),
        RefusedKind::Code
    );
    let enrolled = office.enrol(now(), &ask(&invited.code)).unwrap();
    assert_eq!(enrolled.warehouse, w1());
    assert_eq!(
        kind(office.enrol(now(), &ask(&invited.code))),
        RefusedKind::Code
    );
    let device = office.device_of(&enrolled.token).unwrap();
    office.revoke(&device.id).unwrap();
    assert_eq!(kind(office.device_of(&enrolled.token)), RefusedKind::Device);
    let text = std::fs::read(ground.dir.path().join("office.db")).unwrap();
    let holds = |secret: &str| {
        text.windows(secret.len())
            .any(|part| part == secret.as_bytes())
    };
    assert!(
        !holds(&enrolled.token) && !holds(&invited.code),
        "secrets are kept as hashes only"
    );
    assert!(office.invite(now(), &"W9".parse().unwrap(), 10).is_err());
}

#[test]
fn the_same_rows_again_change_nothing_and_a_gap_is_answered_by_how_far_it_came() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    for _ in 0..4 {
        hand.record(
            Some("PICK-SO-1"),
            picked(1, "A-01-01", goods("BOLT", ""), 1),
        );
    }
    let push = |push| ground.office.push(now(), &hand.device, &push).unwrap();
    assert_eq!(push(hand.from(3)).acked, 0, "rows 1 and 2 are missing");
    let mut two = hand.from(1);
    two.rows.truncate(2);
    assert_eq!(push(two.clone()).acked, 2);
    assert_eq!(push(two).acked, 2);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 8);
    assert_eq!(push(hand.from(1)).acked, 4, "an overlap is passed over");
    assert_eq!(push(hand.from(4)).acked, 4);
    let mut nothing = hand.from(1);
    nothing.rows.clear();
    assert_eq!(push(nothing).acked, 4, "no rows ask how far it came");
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 6);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn another_row_under_the_same_number_freezes_the_handheld() {
    let ground = Ground::new();
    let enrolled = ground.enrol("W1");
    let device = ground.office.device_of(&enrolled.token).unwrap();
    let (mut hand, mut clone) = (Hand::new(device.clone()), Hand::new(device.clone()));
    hand.record(None, Fact::TaskLeft);
    clone.record(None, Fact::TaskFinished);
    clone.record(None, Fact::TaskFinished);
    hand.push(&ground);
    let refused = ground.office.push(now(), &device, &clone.from(1));
    assert_eq!(kind(refused), RefusedKind::Fork);
    assert_eq!(
        kind(ground.office.device_of(&enrolled.token)),
        RefusedKind::Fork
    );
    assert_eq!(ground.office.verify().unwrap().rows, 1);
    ground.office.unfreeze(&device.id).unwrap();
    ground.office.device_of(&enrolled.token).unwrap();
    ground.office.revoke(&device.id).unwrap();
    assert!(
        ground.office.unfreeze(&device.id).is_err(),
        "who was struck off stays so"
    );
    assert_eq!(
        kind(ground.office.device_of(&enrolled.token)),
        RefusedKind::Device
    );
}

#[test]
fn who_is_enrolled_anew_hears_how_much_of_its_journal_is_here() {
    let ground = Ground::new();
    let mut hand = ground.hand("W1");
    hand.record(None, Fact::TaskLeft);
    hand.push(&ground);
    let there = |epoch| {
        let code = ground
            .office
            .invite(now(), &"W1".parse().unwrap(), 10)
            .unwrap()
            .code;
        let device = hand.device.id.clone();
        let was = Some(Was { device, epoch });
        let name = "H".into();
        let ask = Enrol { code, name, was };
        ground.office.enrol(now(), &ask).unwrap().there
    };
    assert_eq!(there(hand.from(1).epoch), Some(1));
    assert_eq!(there(hand.from(1).epoch + 1), Some(0));
}

#[test]
fn a_copy_of_a_handheld_is_not_told_that_the_rows_of_the_other_are_its_own() {
    let ground = Ground::new();
    let device = ground.office.device_of(&ground.enrol("W1").token).unwrap();
    let (mut hand, mut copy) = (Hand::new(device.clone()), Hand::new(device.clone()));
    for one in [&mut hand, &mut copy] {
        one.record(None, Fact::TaskLeft);
    }
    hand.record(None, Fact::TaskLeft);
    copy.record(None, Fact::TaskFinished);
    hand.push(&ground);
    let mut shared = copy.from(1);
    shared.rows.truncate(1);
    let pushed = ground.office.push(now(), &device, &shared).unwrap();
    assert_eq!(pushed.acked, 1, "its second row was never seen");
    let refused = ground.office.push(now(), &device, &copy.from(2));
    assert_eq!(kind(refused), RefusedKind::Fork);
}

#[test]
fn what_is_no_journal_is_refused_whole() {
    let ground = Ground::new();
    let mut hand = ground.hand("W1");
    for _ in 0..3 {
        hand.record(None, Fact::TaskLeft);
    }
    let push = |push| kind(ground.office.push(now(), &hand.device, &push));
    let mut broken = hand.from(1);
    broken.rows[2].chain = broken.rows[1].chain.clone();
    assert_eq!(push(broken), RefusedKind::Body);
    let mut edited = hand.from(1);
    edited.rows[1].line = edited.rows[1].line.replace("P1", "P2");
    assert_eq!(push(edited), RefusedKind::Body);
    let mut moved = hand.from(1);
    moved.first = 2;
    assert_eq!(push(moved), RefusedKind::Body);
    let mut zero = hand.from(1);
    zero.first = 0;
    assert_eq!(push(zero), RefusedKind::Body);
    let mut long = hand.from(1);
    long.rows[0].line = "x".repeat(Limits::LINE + 1);
    assert_eq!(push(long), RefusedKind::Size);
    let mut many = hand.from(1);
    many.rows = vec![many.rows[0].clone(); Limits::ROWS + 1];
    assert_eq!(push(many), RefusedKind::Size);
    assert_eq!(
        ground.office.verify().unwrap().rows,
        0,
        "nothing of it was kept"
    );
}

#[test]
fn a_fact_of_an_unknown_kind_is_parked_and_posted_once_it_is_known() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    hand.record_line(
        r#"{"seq":1,"act":1,"at":"2027-03-01T08:00:00Z","fact":{"fact":"teleported","to":"A"}}"#
            .into(),
    );
    hand.record(
        Some("PICK-SO-1"),
        picked(1, "A-01-01", goods("BOLT", ""), 3),
    );
    let outcomes = hand.push(&ground).outcomes;
    assert_eq!(outcomes.len(), 1);
    assert_eq!(
        (outcomes[0].seq, outcomes[0].kind),
        (1, OutcomeKind::Parked)
    );
    assert_eq!(
        ground.stock("bin:A-01-01", "BOLT"),
        7,
        "the row behind it is posted"
    );
    assert_eq!(ground.office.post_parked(now()).unwrap(), 0);
    assert_eq!(ground.findings(), [""; 0]);
    // What an upgrade does: a row that an older office parked can be read by now.
    let row = serde_json::to_string(&hand.rows[1]).unwrap();
    let row: Row = serde_json::from_str(&row).unwrap();
    let mut other = ground.hand("W1");
    other.record_line(
        row.line
            .replace("\"seq\":2,\"act\":2", "\"seq\":1,\"act\":1"),
    );
    other.push(&ground);
    let db = ground.database();
    let parked = "UPDATE journal SET posted = 0 WHERE device = 'HH-002'; DELETE FROM moves WHERE device = 'HH-002';
                  UPDATE stock SET quantity = quantity + 3000 WHERE place = 'bin:A-01-01' AND item = 'BOLT';
                  UPDATE stock SET quantity = quantity - 3000 WHERE place = 'worker:P1' AND item = 'BOLT'";
    db.execute_batch(parked).unwrap();
    assert_eq!(ground.findings(), [""; 0]);
    assert_eq!(ground.office.post_parked(now()).unwrap(), 1);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 4);
    assert_eq!(ground.office.post_parked(now()).unwrap(), 0);
    assert_eq!(ground.findings(), [""; 0]);
}

/// A warehouse in which things have happened.
fn busy() -> (Ground, Hand) {
    let ground = Ground::with_stock(&[
        "A-01-01,BOLT,,,100",
        "A-01-02,MILK,M1,2027-05-01,20",
        "A-01-03-01,PAINT,RED,,30",
    ]);
    ground.order(&["SO-1,1,BOLT,5", "SO-1,2,MILK,2", "SO-2,1,PAINT,3"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", started());
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 5),
    );
    (ground, hand)
}

fn fetch(office: &Office, device: &stockhand::office::Device, manifest: &Manifest) -> Vec<u8> {
    let mut file = Vec::new();
    for (hash, page) in manifest.pages.iter().zip(0..) {
        let packed = office.snapshot_page(device, &manifest.id, page).unwrap();
        let bytes = zstd::bulk::decompress(&packed, Limits::SNAPSHOT_PAGE).unwrap();
        let digest = Sha256::digest(&bytes);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, *hash);
        file.extend(bytes);
    }
    assert_eq!(file.len() as u64, manifest.bytes);
    file
}

#[test]
fn the_feed_in_pages_of_any_size_and_the_snapshot_end_alike() {
    let (ground, hand) = busy();
    let manifest = ground.office.snapshot(&hand.device).unwrap();
    let path = ground.dir.path().join("snapshot.db");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(&fetch(&ground.office, &hand.device, &manifest))
        .unwrap();
    let ready = tables(&path);
    assert!(ready.values().all(|rows| !rows.is_empty()), "{ready:#?}");
    for limit in [1, 2, 3, 7, 50, 2000] {
        let mirrored = ground.mirror(&hand.device, &format!("feed-{limit}.db"), limit);
        assert_eq!(mirrored, ready, "in pages of {limit}");
    }
    let cache = Cache::open_file(&path).unwrap();
    assert_eq!(cache.read().cursor().unwrap().next, manifest.next);
    let head = ground
        .office
        .page(now(), &hand.device, manifest.next, 10)
        .unwrap();
    assert_eq!(
        (head.next, head.more, head.changes.len()),
        (manifest.next, false, 0)
    );
}

#[test]
fn a_snapshot_is_shared_while_fresh_says_what_it_contains_of_each_and_is_kept_for_who_is_late() {
    let (ground, mut hand) = busy();
    let (office, device) = (&ground.office, hand.device.clone());
    let first = office.snapshot(&device).unwrap();
    assert_eq!(first.confirmed, (1, 2));
    hand.does(&ground, "PICK-SO-1", Fact::TaskLeft);
    let again = office.snapshot(&device).unwrap();
    assert_eq!(
        again, first,
        "row 3 came after it, and is not confirmed by it"
    );
    let other = ground.hand("W1").device;
    let shared = office.snapshot(&other).unwrap();
    assert_eq!(
        (shared.id.clone(), shared.confirmed),
        (first.id.clone(), (0, 0))
    );
    // Much happens: the snapshot grows old.
    let ages = |by: u32| {
        let sql = "UPDATE counters SET value = value + ?1 WHERE warehouse = 'W1' AND name = 'feed'";
        ground.database().execute(sql, [by]).unwrap();
    };
    ages(5000);
    let second = office.snapshot(&device).unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(second.confirmed, (1, 3));
    fetch(office, &device, &first);
    ages(5000);
    let third = office.snapshot(&device).unwrap();
    fetch(office, &device, &second);
    fetch(office, &device, &third);
    assert_eq!(
        page_kind(office.snapshot_page(&device, &first.id, 0)),
        RefusedKind::Unknown
    );
    let kept = std::fs::read_dir(ground.dir.path().join("office-snapshots")).unwrap();
    assert_eq!(kept.count(), 2, "no more than two are kept");
}

#[test]
fn no_name_of_a_page_leads_out_of_the_snapshots() {
    let (ground, hand) = busy();
    let manifest = ground.office.snapshot(&hand.device).unwrap();
    let stranger = ground.hand("W2").device;
    let ask = |device, id: &str, page| page_kind(ground.office.snapshot_page(device, id, page));
    assert_eq!(ask(&stranger, &manifest.id, 0), RefusedKind::Unknown);
    assert_eq!(
        ask(&hand.device, &manifest.id, manifest.pages.len()),
        RefusedKind::Unknown
    );
    for id in [
        "",
        "..",
        "../office.db",
        "making",
        &"0".repeat(32),
        &"é".repeat(16),
    ] {
        assert_eq!(ask(&hand.device, id, 0), RefusedKind::Unknown, "{id}");
    }
}

#[test]
fn a_restored_office_serves_no_snapshot_of_its_former_life() {
    let (ground, hand) = busy();
    let former = ground.office.snapshot(&hand.device).unwrap();
    let sql = "UPDATE settings SET value = 'another' WHERE name = 'incarnation'";
    ground.database().execute(sql, []).unwrap();
    let new = ground.office.snapshot(&hand.device).unwrap();
    assert_eq!(new.incarnation, "another");
    assert_ne!(new.id, former.id);
}

#[test]
fn a_cursor_that_is_ahead_of_the_office_needs_a_snapshot() {
    let (ground, hand) = busy();
    let page = ground.office.page(now(), &hand.device, u64::MAX, 10);
    assert_eq!(kind(page), RefusedKind::Snapshot);
}

#[test]
fn the_feed_grows_with_the_things_and_not_with_what_happens_to_them() {
    let (ground, mut hand) = busy();
    let count = || -> i64 {
        let sql = "SELECT COUNT(*) FROM feed WHERE warehouse = 'W1'";
        ground
            .database()
            .query_row(sql, [], |row| row.get(0))
            .unwrap()
    };
    let before = count();
    for _ in 0..20 {
        let seq = hand.does(
            &ground,
            "PICK-SO-1",
            picked(2, "A-01-02", goods("MILK", "M1"), 1),
        );
        hand.does(
            &ground,
            "PICK-SO-1",
            undone(seq, picked(2, "A-01-02", goods("MILK", "M1"), 1)),
        );
    }
    assert!(
        count() <= before + 1,
        "one more thing: milk in the worker's hands"
    );
    assert_eq!(
        ground.mirror(&hand.device, "a.db", 3),
        ground.mirror(&hand.device, "b.db", 2000)
    );
}

#[test]
fn a_page_confirms_what_it_contains_by_the_newest_journal() {
    let (ground, mut hand) = busy();
    let confirmed = |hand: &Hand| {
        ground
            .office
            .page(now(), &hand.device, 0, 2000)
            .unwrap()
            .confirmed
    };
    assert_eq!(confirmed(&hand), (1, 2));
    let mut second = Hand::new(hand.device.clone());
    second.epoch = 2;
    second.record(None, Fact::TaskLeft);
    second.push(&ground);
    assert_eq!(confirmed(&hand), (2, 1));
    hand.does(&ground, "PICK-SO-1", Fact::TaskLeft);
    assert_eq!(
        confirmed(&hand),
        (2, 1),
        "a late row of the old journal takes nothing back"
    );
    let small = ground.office.page(now(), &hand.device, 0, 1).unwrap();
    assert_eq!((small.more, small.confirmed), (true, (0, 0)));
}

#[test]
fn a_new_warehouse_hears_of_all_items() {
    let ground = Ground::new();
    let sheets = [
        sheet("warehouses.csv", "code,name\nW3,New\n"),
        sheet(
            "bins.csv",
            "warehouse,code,zone,kind,sequence\nW3,A-01-01,A,pick_face,1\n",
        ),
    ];
    ground.office.import(now(), &sheets).unwrap();
    let hand = ground.hand("W3");
    let mirrored = ground.mirror(&hand.device, "w3.db", 3);
    assert_eq!(mirrored["items"].len(), 4);
    assert_eq!(mirrored["barcodes"].len(), 2);
    assert_eq!(mirrored["bins"].len(), 1);
}

/// Whether a change speaks of anything that is in W2 alone.
fn is_of_w2(change: &Change) -> bool {
    serde_json::to_string(change).unwrap().contains("ONLY-W2")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_handheld_never_hears_of_another_warehouse(
        rows in prop::collection::vec((any::<bool>(), 1u32..4, 1u32..9), 1..20),
        limit in 1u32..40,
    ) {
        use std::fmt::Write;
        let ground = Ground::bare();
        let mut bins = "warehouse,code,zone,kind,sequence\nW1,PACK-01,P,packing,1\nW2,PACK-01,P,packing,1\n".to_owned();
        let mut stock = "warehouse,bin,item,lot,quantity\n".to_owned();
        let mut orders = "warehouse,order,customer,line,item,quantity\n".to_owned();
        let mut workers = "warehouse,code,name,badge,role\n".to_owned();
        for ((second, item, quantity), at) in rows.iter().zip(0u32..) {
            let (warehouse, mark) = if *second { ("W2", "ONLY-W2-") } else { ("W1", "") };
            writeln!(bins, "{warehouse},{mark}B{at},A,pick_face,{at}").unwrap();
            writeln!(stock, "{warehouse},{mark}B{at},I{item},{mark}L{at},{quantity}").unwrap();
            writeln!(orders, "{warehouse},{mark}SO{at},{mark}Someone,1,I{item},{quantity}").unwrap();
            writeln!(workers, "{warehouse},{mark}P{at},Someone,{mark}BADGE-{at},picker").unwrap();
        }
        let sheets = [
            sheet("warehouses.csv", "code,name\nW1,Main\nW2,Depot\n"),
            sheet("items.csv", "code,name,unit,lot\nI1,One,each,yes\nI2,Two,each,yes\nI3,Three,each,yes\n"),
            sheet("bins.csv", &bins),
            sheet("stock.csv", &stock),
            sheet("orders.csv", &orders),
            sheet("workers.csv", &workers),
        ];
        ground.office.import(now(), &sheets).unwrap();
        ground.office.tend(now()).unwrap();
        let mut stranger = ground.hand("W2");
        stranger.record(Some("PICK-ONLY-W2-SO0"), started());
        stranger.record(None, picked(1, "ONLY-W2-B0", goods("I1", "ONLY-W2-L0"), 1));
        stranger.push(&ground);
        let device = ground.hand("W1").device;
        let mut after = 0;
        loop {
            let page = ground.office.page(now(), &device, after, limit).unwrap();
            prop_assert!(!page.changes.iter().any(is_of_w2));
            after = page.next;
            if !page.more {
                break;
            }
        }
        let manifest = ground.office.snapshot(&device).unwrap();
        let file = fetch(&ground.office, &device, &manifest);
        prop_assert!(!file.windows(7).any(|part| part == b"ONLY-W2"));
        let claim = stockhand::sync::Claim { tasks: vec!["PICK-ONLY-W2-SO0".parse().unwrap()], ahead: 50 };
        for (task, _) in ground.office.claim(now(), &device, &claim).unwrap().leases {
            prop_assert!(!task.as_str().contains("ONLY-W2"));
        }
    }
}
