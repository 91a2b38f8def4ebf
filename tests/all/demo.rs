//! The demo warehouse, brought into a real office.

use chrono::NaiveDate;
use std::collections::HashSet;
use stockhand::demo;
use stockhand::office::Office;
use stockhand::scan::{Labels, Scan};
use stockhand::warehouse::{Change, Job, Timestamp, WarehouseCode};

fn today() -> NaiveDate {
    "2027-03-01".parse().unwrap()
}

fn now() -> Timestamp {
    "2027-03-01T08:00:00Z".parse().unwrap()
}

#[test]
fn the_same_day_and_seed_give_the_same_bytes() {
    assert_eq!(demo::files(today(), 7), demo::files(today(), 7));
    assert_ne!(demo::files(today(), 7), demo::files(today(), 8));
    let later = today() + chrono::Days::new(1);
    assert_ne!(demo::files(today(), 7), demo::files(later, 7));
}

#[test]
fn the_demo_comes_in_whole_and_gives_work_of_every_kind() {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::open(&dir.path().join("office.db")).unwrap();
    let sheets = demo::sheets(today(), demo::SEED);
    let done = office.import(now(), &sheets).unwrap();
    assert!(done.rows > 12_000, "{done:?}");
    for (warehouse, orders, receipts) in [("W1", 28, 8), ("W2", 6, 2)] {
        let warehouse: WarehouseCode = warehouse.parse().unwrap();
        assert_eq!(office.receive(now(), &warehouse).unwrap().len(), receipts);
        assert_eq!(office.release(now(), &warehouse).unwrap().len(), orders);
        let (mut picks, mut packs, mut puts, mut receives, mut trucks) = (0, 0, 0, 0, 0);
        let count = |change| {
            if let Change::Task(task) = change {
                match task.job {
                    Job::Pick(job) => picks += usize::from(job.lines().next().is_some()),
                    Job::Pack(_) => packs += 1,
                    Job::Putaway(_) => puts += 1,
                    Job::Receive(_) => receives += 1,
                    Job::Load(_) => trucks += 1,
                    Job::Deliver(_) => {}
                    other => panic!("nobody ordered {other:?}"),
                }
            }
            Ok::<(), stockhand::office::Error>(())
        };
        office.everything(&warehouse, count).unwrap();
        assert_eq!((picks, packs, puts + receives), (orders, orders, receipts));
        assert_eq!(receives, receipts / 4, "some are still to come");
        assert_eq!(trucks, orders / 2);
    }
    let verified = office.verify().unwrap();
    assert_eq!(verified.findings, []);
    assert!(verified.moves > 3000, "{verified:?}");
}

#[test]
fn the_demo_is_as_large_and_as_mixed_as_a_warehouse_is() {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::open(&dir.path().join("office.db")).unwrap();
    office
        .import(now(), &demo::sheets(today(), demo::SEED))
        .unwrap();
    let (mut items, mut lots, mut expiries, mut serials) = (0, 0, 0, 0);
    let (mut bins, mut sequences, mut badges, labels) =
        (0, HashSet::new(), Vec::new(), Labels::default());
    let look = |change| {
        match change {
            Change::Item(item) => {
                items += 1;
                lots += usize::from(item.tracking.lot);
                expiries += usize::from(item.tracking.expiry);
                serials += usize::from(item.tracking.serial);
            }
            Change::Bin(bin) => {
                bins += 1;
                assert!(
                    sequences.insert(bin.sequence),
                    "{} shares its place in the walk",
                    bin.code
                );
                let read = labels.read(bin.code.as_str());
                assert!(
                    matches!(read, Some(Scan::Bin(_))),
                    "{} is no bin label",
                    bin.code
                );
            }
            Change::Worker(worker) => {
                assert!(worker.pin.is_some());
                badges.push(worker.badge.to_string());
            }
            _ => {}
        }
        Ok::<(), stockhand::office::Error>(())
    };
    office.everything(&"W1".parse().unwrap(), look).unwrap();
    assert!((2800..=3500).contains(&items), "{items} items");
    assert!((4000..=4500).contains(&bins), "{bins} bins");
    assert!(
        lots * 4 > items && lots * 2 < items,
        "{lots} of {items} have lots"
    );
    assert!(
        expiries * 6 > items && expiries * 4 < items,
        "{expiries} of {items} expire"
    );
    assert!(serials > 5, "{serials} with serials");
    assert_eq!(badges, ["BADGE-111", "BADGE-101", "BADGE-102", "BADGE-103"]);
}
