//! The office's books: brought in, taken out, copied, and checked.

use super::office_tools::*;
use std::os::unix::fs::PermissionsExt;
use stockhand::office::Office;
use stockhand::office::backup::{self, Guard, NoBackup};
use stockhand::office::import::{NotImported, Sheet};
use stockhand::warehouse::Fact;

fn bad(ground: &Ground, sheets: &[Sheet]) -> Vec<String> {
    match ground.office.import(now(), sheets) {
        Err(NotImported::BadRows(bad)) => bad.iter().map(ToString::to_string).collect(),
        other => panic!("not refused but {other:?}"),
    }
}

/// All sheets of an office, as text.
fn exported(office: &Office) -> Vec<(&'static str, String)> {
    let sheet = |name| {
        let mut text = Vec::new();
        assert!(office.export(name, &mut text).unwrap());
        (name, String::from_utf8(text).unwrap())
    };
    Sheet::names().map(sheet).collect()
}

#[test]
fn every_bad_row_is_named_and_nothing_is_half_imported() {
    let ground = Ground::new();
    let before = exported(&ground.office);
    let sheets = [
        sheet(
            "stock.csv",
            "warehouse,bin,item,lot,serial,expiry,status,quantity\nW1,A-01-01,BOLT,,,,,5\nW1,NOWHERE,BOLT,,,,,5\n\
               W1,A-01-01,BOLT,,,,on_fire,5\nW1,A-01-01,BOLT,,,,,0\nW1,A-01-01,MILK,M1,,,,5\nW1,A-01-01,PAINT,,,,,5\n\
               W1,A-01-01,PUMP,,S1,,,2\nW1,A-01-01,BOLT,,,,,6\nW1,A-01-02,MILK,M1,,32.1.2027,,5\n",
        ),
        sheet(
            "items.csv",
            "code,name,unit\nNUT,Nut,each\n,Nameless,each\nNUT,Nut again,each\n",
        ),
        sheet(
            "barcodes.csv",
            "code,item,holds\n9506000134351,BOLT,1\n9506000134369,NOTHING,1\n",
        ),
        sheet(
            "workers.csv",
            "warehouse,code,name,badge,role,pin\nW1,P7,A,BADGE-7,boss,\nW1,P8,B,BADGE-8,picker,12\n\
               W1,P9,C,BADGE-9,picker,\nW1,P10,D,BADGE-9,picker,\n",
        ),
        sheet(
            "orders.csv",
            "warehouse,order,customer,line,item,quantity\nW1,SO-1,Someone,1,BOLT,1\nW1,SO-1,Someone,1,BOLT,1\n\
               W9,SO-2,Someone,1,BOLT,1\nW1,SO-0123456789012345678901234567890123456789,Someone,1,BOLT,1\n",
        ),
        sheet(
            "receipts.csv",
            "warehouse,order,supplier,line,item,quantity\nW1,SO-1,Someone,2,BOLT,1\n",
        ),
        sheet(
            "bins.csv",
            "warehouse,code,kind,sequence\nW1,A-09-09,pick_face,1\n",
        ),
        sheet("customers.csv", "code,name\nC\u{1b}1,Someone\n"),
    ];
    let mut named: Vec<String> = bad(&ground, &sheets)
        .iter()
        .map(|row| row.split(": ").next().unwrap().to_owned())
        .collect();
    named.sort();
    let wanted = [
        "barcodes.csv line 2",
        "barcodes.csv line 3",
        "bins.csv line 1",
        "customers.csv line 2",
        "items.csv line 3",
        "items.csv line 4",
        "orders.csv line 3",
        "orders.csv line 4",
        "orders.csv line 5",
        "stock.csv line 10",
        "stock.csv line 3",
        "stock.csv line 4",
        "stock.csv line 5",
        "stock.csv line 6",
        "stock.csv line 7",
        "stock.csv line 8",
        "stock.csv line 9",
        "workers.csv line 2",
        "workers.csv line 3",
        "workers.csv line 5",
    ];
    // SO-1 is an order and a receipt at once: whichever sheet comes second is told.
    let both = named
        .iter()
        .position(|row| row.starts_with("orders.csv line 2") || row.starts_with("receipts.csv"));
    assert!(both.is_some(), "{named:#?}");
    named.retain(|row| row != "orders.csv line 2" && !row.starts_with("receipts.csv"));
    assert_eq!(named, wanted);
    assert_eq!(exported(&ground.office), before);
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 0);
}

#[test]
fn what_was_exported_comes_into_a_new_office_as_it_was() {
    let ground = Ground::with_stock(&[
        "A-01-01,BOLT,,,10",
        "A-01-02,MILK,M1,2027-05-01,4",
        "A-01-03,PAINT,RED,,2.5",
    ]);
    let more = [
        sheet(
            "stock.csv",
            "warehouse,bin,item,serial,status,quantity\nW1,A-01-03,PUMP,S1,,1\nW1,A-01-01,BOLT,,on_hold,3\n",
        ),
        sheet(
            "items.csv",
            "code,name,unit,weight_g\nFORMULA,=1+1,each,5\nQUOTED,\"One, \"\"two\"\"\",each,\n",
        ),
        sheet("suppliers.csv", "code,name\nSUP-1,Supplier\n"),
        sheet("customers.csv", "code,name\nCUS-1,-Customer-\n"),
        sheet(
            "workers.csv",
            "warehouse,code,name,badge,role,pin\nW1,L1,Lead,BADGE-111,lead,1111\n",
        ),
        sheet(
            "orders.csv",
            "warehouse,order,customer,priority,due,bench,line,item,lot,quantity\n\
               W1,SO-1,Someone,10,2027-03-01T15:00:00Z,PACK-01,1,PAINT,RED,1\nW1,SO-1,Someone,10,,,2,BOLT,,2\n",
        ),
        sheet(
            "receipts.csv",
            "warehouse,order,supplier,bin,line,item,lot,expiry,plate,quantity\n\
               W1,PO-1,Someone,RECV-01,1,MILK,M2,2027-06-01,,5\n",
        ),
    ];
    ground.office.import(now(), &more).unwrap();
    let out = exported(&ground.office);
    let formula = &out.iter().find(|(name, _)| *name == "items.csv").unwrap().1;
    assert!(
        formula.contains("'=1+1"),
        "a spreadsheet must not run it: {formula}"
    );
    let other = Ground::bare();
    let sheets: Vec<Sheet> = out.iter().map(|(name, text)| sheet(name, text)).collect();
    other.office.import(now(), &sheets).unwrap();
    assert_eq!(exported(&other.office), out);
    let known = |ground: &Ground| ground.mirror(&ground.hand("W1").device, "all.db", 2000);
    assert_eq!(known(&other), known(&ground));
    for office in [&ground.office, &other.office] {
        office.tend(now()).unwrap();
    }
    assert_eq!(known(&other)["tasks"].len(), known(&ground)["tasks"].len());
}

#[test]
fn what_the_floor_has_received_is_not_received_again_from_an_export() {
    let ground = Ground::new();
    let text =
        "warehouse,order,supplier,bin,line,item,quantity\nW1,PO-1,Someone,RECV-01,1,BOLT,5\n";
    ground
        .office
        .import(now(), &[sheet("receipts.csv", text)])
        .unwrap();
    ground.office.tend(now()).unwrap();
    let other = Ground::bare();
    let sheets: Vec<Sheet> = exported(&ground.office)
        .iter()
        .map(|(name, text)| sheet(name, text))
        .collect();
    other.office.import(now(), &sheets).unwrap();
    other.office.tend(now()).unwrap();
    assert_eq!(other.stock("bin:RECV-01", "BOLT"), 5);
}

#[test]
fn the_same_sheets_again_update_and_double_nothing() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let again = [
        sheet(
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,7\n",
        ),
        sheet("items.csv", "code,name,unit\nBOLT,Better bolt,each\n"),
    ];
    ground.office.import(now(), &again).unwrap();
    ground.office.import(now(), &again).unwrap();
    assert_eq!(ground.stock("bin:A-01-01", "BOLT"), 7);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_wrong_expiry_is_put_right_by_another_import_wherever_the_lot_stands() {
    let ground = Ground::with_stock(&[
        "A-01-01,MILK,M1,2027-01-01,5",
        "A-01-02,MILK,M1,2027-01-01,5",
    ]);
    let device = ground.hand("W1").device;
    let head = ground.office.page(now(), &device, 0, 2000).unwrap().next;
    let text =
        |day: &str| format!("warehouse,bin,item,lot,expiry,quantity\nW1,A-01-01,MILK,M1,{day},5\n");
    ground
        .office
        .import(now(), &[sheet("stock.csv", &text("2027-10-01"))])
        .unwrap();
    assert_eq!(
        ground
            .office
            .page(now(), &device, head, 2000)
            .unwrap()
            .changes
            .len(),
        2
    );
    ground.order(&["SO-1,1,MILK,8"]);
    assert_eq!(ground.picks("PICK-SO-1").len(), 2);
    let two = text("2027-10-01") + "W1,A-01-02,MILK,M1,2027-11-01,5\n";
    assert_eq!(bad(&ground, &[sheet("stock.csv", &two)]).len(), 1);
}

#[test]
fn a_copy_taken_while_handhelds_push_is_whole() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,1000"]);
    ground.order(&["SO-1,1,BOLT,500"]);
    let mut hand = ground.hand("W1");
    let to = |at: usize| ground.dir.path().join(format!("copy-{at}.db"));
    std::thread::scope(|scope| {
        let pushing = scope.spawn(|| {
            for _ in 0..200 {
                hand.record(
                    Some("PICK-SO-1"),
                    picked(1, "A-01-01", goods("BOLT", ""), 1),
                );
                hand.push(&ground);
            }
        });
        for at in 0..5 {
            let verified = ground.office.backup(&to(at)).unwrap();
            assert_eq!(verified.findings, []);
        }
        pushing.join().unwrap();
    });
    assert!(matches!(
        ground.office.backup(&to(0)),
        Err(NoBackup::Exists(_))
    ));
    let last = ground.dir.path().join("last.db");
    assert_eq!(ground.office.backup(&last).unwrap().rows, 200);
    assert_eq!(backup::verify_file(&last).unwrap().rows, 200);
    assert!(
        !ground.dir.path().join("last.db-wal").exists(),
        "the copy stands alone"
    );
    assert_eq!(
        std::fs::metadata(&last).unwrap().permissions().mode() & 0o077,
        0
    );
}

#[test]
fn a_restored_office_is_another_life_and_takes_again_what_it_does_not_know() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3", "SO-2,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", started());
    let copy = ground.dir.path().join("copy.db");
    ground.office.backup(&copy).unwrap();
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 3),
    );
    let before = ground.office.incarnation().unwrap();
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(backup::restore(folder.path(), &copy).unwrap(), None);
    let database = backup::database_in(folder.path());
    {
        let office = Office::open(&database).unwrap();
        assert_ne!(office.incarnation().unwrap(), before);
        let mut asked = hand.from(2);
        asked.rows.clear();
        assert_eq!(office.push(now(), &hand.device, &asked).unwrap().acked, 1);
        assert_eq!(
            office
                .push(now(), &hand.device, &hand.from(1))
                .unwrap()
                .acked,
            2
        );
        assert_eq!(office.verify().unwrap().findings, []);
        let guard = Guard::take(folder.path()).unwrap();
        assert!(matches!(
            backup::restore(folder.path(), &copy),
            Err(NoBackup::Running)
        ));
        drop(guard);
    }
    let aside = backup::restore(folder.path(), &copy)
        .unwrap()
        .expect("there was one");
    assert_eq!(
        backup::verify_file(&aside).unwrap().rows,
        2,
        "what was set aside is whole"
    );
    assert_eq!(Office::open(&database).unwrap().verify().unwrap().rows, 1);
}

/// Every kind of tampering, and a word of what is said of it.
const TAMPERING: &[(&str, &str)] = &[
    (
        "UPDATE stock SET quantity = quantity + 1000 WHERE place = 'bin:A-01-01'",
        "the book says",
    ),
    (
        "DELETE FROM stock WHERE place = 'bin:A-01-01'",
        "the book has no row",
    ),
    (
        "UPDATE moves SET quantity = quantity + 1000 WHERE device = ''",
        "the moves say",
    ),
    (
        "UPDATE moves SET quantity = -quantity WHERE device = ''",
        "a move of BOLT",
    ),
    (
        "DELETE FROM moves WHERE device <> '' AND seq = 2",
        "its moves are not what it says",
    ),
    (
        "UPDATE moves SET source_place = 'bin:A-01-02' WHERE device <> '' AND seq = 2",
        "its moves are not what it says",
    ),
    (
        "UPDATE moves SET seq = 77 WHERE device <> '' AND seq = 2",
        "which is not there",
    ),
    (
        "UPDATE journal SET line = replace(line, 'P1', 'P2') WHERE seq = 2",
        "was changed",
    ),
    (
        "UPDATE journal SET chain = 'x' WHERE seq = 2",
        "was changed",
    ),
    (
        "UPDATE journal SET line = 'x' WHERE seq = 2",
        "cannot be read",
    ),
    ("DELETE FROM journal WHERE seq = 1", "row 1 is missing"),
    (
        "DELETE FROM journal WHERE seq = 3",
        "rows were acknowledged",
    ),
    (
        "UPDATE journals SET head = replace(head, substr(head, 1, 1), 'x')",
        "does not end as was acknowledged",
    ),
    ("UPDATE journals SET acked = 2", "rows were acknowledged"),
    (
        "UPDATE journal SET posted = 0 WHERE seq = 2",
        "its moves are not what it says",
    ),
    ("DELETE FROM journals", "is not known to be acknowledged"),
    ("DELETE FROM stock WHERE place = 'found'", "sums to"),
];

#[test]
fn every_kind_of_tampering_is_found() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", started());
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 3),
    );
    hand.does(&ground, "PICK-SO-1", Fact::TaskFinished);
    assert_eq!(ground.findings(), [""; 0]);
    for (at, (sql, said)) in TAMPERING.iter().enumerate() {
        let copy = ground.dir.path().join(format!("tampered-{at}.db"));
        ground.office.backup(&copy).unwrap();
        let changed = rusqlite::Connection::open(&copy)
            .unwrap()
            .execute(sql, [])
            .unwrap();
        assert!(changed > 0, "{sql}");
        let findings = backup::verify_file(&copy).unwrap().findings;
        let found = findings.iter().any(|finding| finding.0.contains(said));
        assert!(found, "{sql}\n{findings:#?}");
    }
}

#[test]
fn a_file_that_is_no_office_is_said_to_be_none() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("some.db");
    assert!(matches!(
        backup::verify_file(&file),
        Err(NoBackup::Missing(_))
    ));
    std::fs::write(&file, "hello").unwrap();
    assert!(backup::verify_file(&file).is_err());
    std::fs::write(&file, "").unwrap();
    assert!(backup::verify_file(&file).is_err());
    assert!(backup::restore(&dir.path().join("new"), &file).is_err());
}
