//! From the last byte of a scan at the pseudo-terminal to the changed cells on the screen, with the fact on disk in both
//! copies in between; beside it, in the same run and on the same disk, one bare durable commit of a row of the same size.

#![allow(dead_code)]

#[path = "../tests/all/terminal/rig.rs"]
mod rig;

use rig::{Scanner, Serving};
use rusqlite::Connection;
use std::time::{Duration, Instant};
use stockhand::sqlite::{self, Durability};

const SCANS: usize = 2000;

fn main() {
    let home = tempfile::tempdir().expect("a folder");
    let (home, data) = (home.path(), home.path().join("office"));
    let order = format!("warehouse,order,customer,line,item,quantity\nW1,SO-1,C,1,BOLT,{SCANS}\n");
    rig::import(&data, home, &sheets(&order));
    let office = Serving::start(&data, "127.0.0.1:0");
    let mut scanner = Scanner::new();
    let mut handheld = rig::enrol(home, &data, &office.address, &mut scanner, (20, 16));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Next task");
    handheld.keys("1");
    handheld.wait_for("Go to, scan bin:");
    scanner.scan("A-01-01");
    handheld.wait_for("0 of");
    let bare = bare_database(&rig::memory(home));
    let row = "x".repeat(400);
    let (mut seen, mut committed) = (Vec::new(), Vec::new());
    for scan in 1..=SCANS {
        let label = ["]E09506000134352\r", "]E09506000134369\r"][scan % 2];
        let began = Instant::now();
        scanner.write(label.as_bytes());
        if scan < SCANS {
            handheld.wait_for(&format!(" {scan} of {SCANS}"));
        } else {
            handheld.wait_for("Bring to");
        }
        seen.push(began.elapsed());
        let began = Instant::now();
        bare.execute("INSERT INTO bare (line) VALUES (?1)", [&row])
            .expect("a commit");
        committed.push(began.elapsed());
        // A picker breathes: what the handheld does after a scan must not fall into the next.
        handheld.look_until(Instant::now() + Duration::from_millis(5));
    }
    handheld.leave();
    report("scan to screen, durable twice", &mut seen);
    report("bare durable commit", &mut committed);
    let goal = percentile(&committed, 99) * 2 + Duration::from_millis(2);
    println!("goal for the 99th: {goal:?} (twice the bare commit's and 2 ms)");
}

fn sheets(order: &str) -> Vec<(&str, &str)> {
    vec![
        ("warehouses.csv", "code,name\nW1,Main\n"),
        ("items.csv", "code,name,unit\nBOLT,Hex bolt,each\n"),
        (
            "barcodes.csv",
            "code,item,holds\n09506000134352,BOLT,1\n09506000134369,BOLT,1\n",
        ),
        (
            "bins.csv",
            "warehouse,code,zone,kind,sequence\nW1,A-01-01,A,pick_face,1\nW1,PACK-01,P,packing,9\n",
        ),
        (
            "workers.csv",
            "warehouse,code,name,badge,pin,role\nW1,P1,Picker 1,BADGE-101,1101,picker\n",
        ),
        (
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,9000\n",
        ),
        ("orders.csv", order),
    ]
}

fn bare_database(folder: &std::path::Path) -> Connection {
    let db = sqlite::open(&folder.join("bare.db"), Durability::EveryCommit).expect("a database");
    db.execute_batch("CREATE TABLE bare (seq INTEGER PRIMARY KEY, line TEXT NOT NULL)")
        .expect("a table");
    db
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() - 1) * percent / 100]
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    println!(
        "{what}: median {:?}, 99th {:?}, worst {:?}",
        percentile(times, 50),
        percentile(times, 99),
        percentile(times, 100)
    );
}
