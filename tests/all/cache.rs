//! The cache and what a worker sees through it.

use std::fs;
use stockhand::store::{Act, Cache, CacheReader, Cursor, Journal, View};
use stockhand::warehouse::{
    Barcode, Bin, BinKind, Change, Entry, Fact, Goods, Item, Job, PackJob, PackLine, PickJob,
    PickOrder, Place, Quantity, Spot, Sscc, StockRow, Task, TaskId, Timestamp,
};

fn item(code: &str, name: &str) -> Item {
    Item {
        code: code.parse().unwrap(),
        name: name.into(),
        unit: "each".into(),
        tracking: stockhand::warehouse::Tracking::default(),
        weight_g: None,
        handling: stockhand::warehouse::Handling::default(),
    }
}

fn bolts(place: &str, units: u32) -> StockRow {
    StockRow {
        spot: Spot::at(place.parse().unwrap()),
        goods: Goods {
            lot: Some("L1".parse().unwrap()),
            expiry: Some("2027-01-31".parse().unwrap()),
            ..Goods::of("BOLT".parse().unwrap())
        },
        quantity: Quantity::units(units),
    }
}

fn cursor(next: u64) -> Cursor {
    Cursor {
        next,
        incarnation: "one".into(),
        confirmed: (0, 0),
    }
}

fn task(id: &str, priority: i32, job: Job) -> Change {
    Change::Task(Box::new(Task {
        id: id.parse().unwrap(),
        priority,
        due: None,
        lease: None,
        started_on: None,
        done: Vec::new(),
        outline: stockhand::warehouse::Outline::default(),
        job,
    }))
}

fn pick(id: &str, priority: i32) -> Change {
    let job = PickJob::of(PickOrder {
        order: "SO-1".parse().unwrap(),
        customer: "Someone".into(),
        tote: None,
        drop: "PACK".parse().unwrap(),
        drop_at: None,
        leg: None,
        lines: Vec::new(),
    });
    task(id, priority, Job::Pick(job))
}

fn pack(id: &str, after: &str) -> Change {
    let job = PackJob {
        order: "SO-1".parse().unwrap(),
        customer: "Someone".into(),
        bench: "PACK".parse().unwrap(),
        after: vec![after.parse().unwrap()],
        lines: vec![PackLine {
            line: 1,
            item: item("BOLT", "Bolt"),
            barcodes: Vec::new(),
            wanted: Quantity::units(3),
            picked: Vec::new(),
        }],
        plates: Vec::new(),
        totes: Vec::new(),
        weighed_g: 0,
        only: Vec::new(),
        how: stockhand::warehouse::Packing::default(),
    };
    task(id, 9, Job::Pack(job))
}

#[test]
fn what_is_applied_is_found_and_twice_is_the_same_as_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(dir.path()).unwrap();
    let plate = Sscc::from_body("39506000134351234").unwrap();
    let mut loaded = bolts("bin:DOCK", 7);
    loaded.spot.plate = Some(plate);
    let barcode = Barcode {
        code: "09506000134352".into(),
        item: "BOLT".parse().unwrap(),
        holds: Quantity::units(12),
    };
    let changes = [
        Change::Item(item("BOLT", "Hex bolt")),
        Change::Barcode(barcode.clone()),
        Change::Stock(bolts("bin:A-01", 5)),
        Change::Stock(loaded.clone()),
        pick("T2", 2),
        pick("T1", 1),
    ];
    for _ in 0..2 {
        cache.apply(&changes, &cursor(6)).unwrap();
        let read = CacheReader::open(dir.path()).unwrap();
        assert_eq!(read.cursor().unwrap(), cursor(6));
        assert_eq!(
            read.barcode("09506000134352").unwrap(),
            Some(barcode.clone())
        );
        for prefix in ["BO", "hex b", "HEX"] {
            assert_eq!(
                read.search_items(prefix, 9).unwrap(),
                [item("BOLT", "Hex bolt")],
                "{prefix}"
            );
        }
        assert_eq!(
            read.search_items("bolt", 9).unwrap(),
            [],
            "words inside are not looked for"
        );
        assert_eq!(
            read.stock_of_item(&"BOLT".parse().unwrap()).unwrap(),
            [bolts("bin:A-01", 5), loaded.clone()]
        );
        assert_eq!(read.stock_on(plate).unwrap(), std::slice::from_ref(&loaded));
        let ids: Vec<_> = read
            .tasks(0, 9)
            .unwrap()
            .into_iter()
            .map(|task| task.id.to_string())
            .collect();
        assert_eq!(ids, ["T1", "T2"]);
    }
    let gone = [
        Change::Stock(bolts("bin:A-01", 0)),
        Change::TaskGone("T1".parse().unwrap()),
    ];
    cache.apply(&gone, &cursor(8)).unwrap();
    assert_eq!(
        cache.read().stock_at(&"bin:A-01".parse().unwrap()).unwrap(),
        []
    );
    assert_eq!(cache.read().tasks(0, 9).unwrap().len(), 1);
}

#[test]
fn a_damaged_or_outdated_cache_is_thrown_away() {
    let dir = tempfile::tempdir().unwrap();
    let path = Cache::path_of(dir.path());
    let fill = || {
        let mut cache = Cache::open(dir.path()).unwrap();
        cache
            .apply(&[Change::Item(item("BOLT", "Bolt"))], &cursor(1))
            .unwrap();
        drop(cache);
        assert_eq!(
            Cache::open(dir.path())
                .unwrap()
                .read()
                .cursor()
                .unwrap()
                .next,
            1
        );
    };
    let other_schema = || {
        let db = rusqlite::Connection::open(&path).unwrap();
        db.pragma_update(None, "user_version", 77).unwrap();
    };
    let no_table = || {
        let db = rusqlite::Connection::open(&path).unwrap();
        db.execute_batch("DROP TABLE stock").unwrap();
    };
    let damages: [&dyn Fn(); 4] = [
        &|| fs::write(&path, "").unwrap(),
        &|| fs::write(&path, [7; 5000]).unwrap(),
        &other_schema,
        &no_table,
    ];
    for damage in damages {
        fill();
        damage();
        let cache = Cache::open(dir.path()).unwrap();
        assert_eq!(cache.read().cursor().unwrap(), Cursor::default());
        assert_eq!(cache.read().tasks(0, 1).unwrap(), []);
    }
}

#[test]
fn a_whole_new_cache_replaces_the_old_one_under_the_eyes_of_its_readers() {
    let dir = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(dir.path()).unwrap();
    cache
        .apply(&[Change::Item(item("OLD", "Old"))], &cursor(1))
        .unwrap();
    let reader = CacheReader::open(dir.path()).unwrap();
    let ready = dir.path().join("ready.db");
    let mut made = Cache::open_file(&ready).unwrap();
    made.fill::<stockhand::store::Error>(|put| {
        put(Change::Item(item("NEW", "New")))?;
        Ok(cursor(5))
    })
    .unwrap();
    made.close().unwrap();
    let confirmed = Cursor {
        confirmed: (7, 3),
        ..cursor(5)
    };
    cache.replace(&ready, &confirmed).unwrap();
    assert_eq!(reader.cursor().unwrap(), confirmed);
    assert!(reader.item(&"OLD".parse().unwrap()).unwrap().is_none());
    assert!(reader.item(&"NEW".parse().unwrap()).unwrap().is_some());
    fs::write(&ready, [0; 9000]).unwrap();
    assert!(cache.replace(&ready, &cursor(9)).is_err());
    assert_eq!(
        reader.cursor().unwrap(),
        confirmed,
        "what does not fit changes nothing"
    );
    cache
        .apply(&[Change::Item(item("MORE", "More"))], &cursor(6))
        .unwrap();
    assert!(reader.item(&"MORE".parse().unwrap()).unwrap().is_some());
}

fn recorded(journal: &mut Journal, task: &TaskId, facts: &[Fact]) -> Vec<Entry> {
    let act = Act {
        at: Timestamp::UNIX_EPOCH,
        worker: None,
        task: Some(task),
        cause: None,
        facts,
        hold: None,
    };
    journal.record(&act).unwrap()
}

#[test]
fn a_worker_sees_what_they_did_before_the_office_does_and_never_twice() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(dir.path(), Timestamp::UNIX_EPOCH).unwrap();
    let mut cache = Cache::open(dir.path()).unwrap();
    let (bin, tote): (Place, Place) = ("bin:A-01".parse().unwrap(), "tote:T7".parse().unwrap());
    cache
        .apply(
            &[
                Change::Stock(bolts("bin:A-01", 5)),
                pick("T1", 1),
                pack("T2", "T1"),
            ],
            &cursor(3),
        )
        .unwrap();
    let goods = bolts("bin:A-01", 1).goods;
    let picked = Fact::Picked {
        line: 1,
        order: "SO-1".parse().unwrap(),
        bin: "A-01".parse().unwrap(),
        goods: goods.clone(),
        quantity: Quantity::units(3),
        into: tote.clone(),
    };
    let dropped = Fact::Dropped {
        order: "SO-1".parse().unwrap(),
        bin: "PACK".parse().unwrap(),
        goods: vec![(goods.clone(), Quantity::units(3), tote.clone())],
    };
    let task: TaskId = "T1".parse().unwrap();
    recorded(&mut journal, &task, &[picked]);
    recorded(&mut journal, &task, &[dropped, Fact::TaskFinished]);
    let (entries, epoch) = (
        journal.read().entries_since(0).unwrap(),
        journal.head().epoch,
    );
    let view = |upto: usize, cache: &CacheReader| {
        let view = View::new(cache, epoch, &entries[..upto]).unwrap();
        let units = |place: &Place| {
            view.stock_at(place)
                .unwrap()
                .iter()
                .map(|row| row.quantity)
                .sum::<Quantity>()
        };
        (units(&bin), units(&tote), view.tasks(9).unwrap())
    };
    let (in_bin, in_tote, tasks) = view(1, cache.read());
    assert_eq!(
        (in_bin, in_tote, tasks.len()),
        (Quantity::units(2), Quantity::units(3), 2)
    );
    let (_, in_tote, tasks) = view(3, cache.read());
    assert!(in_tote.is_zero());
    assert_eq!(tasks.len(), 1, "what is finished here is not offered again");
    assert!(
        tasks[0].is_ready(),
        "packing knows that its picking is done"
    );
    let Job::Pack(job) = &tasks[0].job else {
        panic!()
    };
    assert_eq!(job.lines[0].picked, [(goods, Quantity::units(3))]);
    // Now the office has heard of the picking and says so: nothing may be taken off twice.
    let heard = [
        Change::Stock(bolts("bin:A-01", 2)),
        Change::Stock(bolts("tote:T7", 3)),
    ];
    let confirmed = Cursor {
        confirmed: (epoch, 1),
        ..cursor(5)
    };
    cache.apply(&heard, &confirmed).unwrap();
    assert_eq!(view(1, cache.read()).0, Quantity::units(2));
    assert_eq!(view(3, cache.read()).1, Quantity::ZERO);
}

#[test]
fn what_is_in_a_zone_is_what_is_in_its_bins_own_facts_included() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(dir.path(), Timestamp::UNIX_EPOCH).unwrap();
    let mut cache = Cache::open(dir.path()).unwrap();
    let bin = |code: &str| {
        Change::Bin(Bin {
            code: code.parse().unwrap(),
            zone: code[..1].parse().unwrap(),
            kind: BinKind::PickFace,
            sequence: 1,
            x_cm: 0,
            y_cm: 0,
            level: 0,
            frozen: false,
            limits: stockhand::warehouse::Limits::default(),
        })
    };
    let plate = Sscc::from_body("39506000134351234").unwrap();
    let mut pallet = bolts("bin:A-02", 40);
    pallet.spot.plate = Some(plate);
    let stock = [
        bolts("bin:A-01", 5),
        bolts("bin:A-02", 2),
        bolts("bin:B-01", 9),
        pallet,
    ];
    let mut changes: Vec<Change> = ["A-01", "A-02", "B-01"].map(bin).into();
    changes.extend(stock.map(Change::Stock));
    cache.apply(&changes, &cursor(3)).unwrap();
    let goods = bolts("bin:A-01", 1).goods;
    let taken = |bin: &str, units| Fact::Picked {
        line: 1,
        order: "SO-1".parse().unwrap(),
        bin: bin.parse().unwrap(),
        goods: goods.clone(),
        quantity: Quantity::units(units),
        into: "tote:T7".parse().unwrap(),
    };
    recorded(
        &mut journal,
        &"T1".parse().unwrap(),
        &[taken("A-01", 3), taken("B-01", 1)],
    );
    let (own, epoch) = (
        journal.read().entries_since(0).unwrap(),
        journal.head().epoch,
    );
    let view = View::new(cache.read(), epoch, &own).unwrap();
    let sums = view.sums_in_zone(&"A".parse().unwrap()).unwrap();
    let loose = (goods.item.clone(), None, Quantity::units(4));
    assert_eq!(
        sums,
        [loose, (goods.item, Some(plate), Quantity::units(40))]
    );
    assert!(view.sums_in_zone(&"C".parse().unwrap()).unwrap().is_empty());
}

#[test]
fn packing_waits_again_only_for_its_own_picking_when_that_is_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(dir.path(), Timestamp::UNIX_EPOCH).unwrap();
    let mut cache = Cache::open(dir.path()).unwrap();
    let changes = [pick("T1", 1), pack("T2", "T1")];
    cache.apply(&changes, &cursor(3)).unwrap();
    let finish = [Fact::TaskFinished];
    let undo = [Fact::Undone {
        seq: 1,
        what: Box::new(Fact::TaskFinished),
    }];
    let mut is_ready_after = |task: &str, facts: &[Fact]| {
        recorded(&mut journal, &task.parse().unwrap(), facts);
        let (own, epoch) = (
            journal.read().entries_since(0).unwrap(),
            journal.head().epoch,
        );
        let view = View::new(cache.read(), epoch, &own).unwrap();
        view.task(&"T2".parse().unwrap())
            .unwrap()
            .map(|task| task.is_ready())
    };
    assert_eq!(is_ready_after("T1", &finish), Some(true));
    assert_eq!(is_ready_after("T9", &finish), Some(true));
    assert_eq!(is_ready_after("T9", &undo), Some(true), "another order's");
    assert_eq!(is_ready_after("T2", &finish), None);
    assert_eq!(is_ready_after("T2", &undo), Some(true), "its own");
    assert_eq!(is_ready_after("T1", &undo), Some(false));
}
