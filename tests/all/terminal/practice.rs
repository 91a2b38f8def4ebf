//! Practising on the real binaries: nothing of it counts, and nothing of what counts is lost by it.

use super::rig::{self, Handheld, Scanner, Serving};
use super::{stock, with};
use portable_pty::CommandBuilder;
use std::path::Path;
use stockhand::store::{Journal, Reader, Verified};
use stockhand::warehouse::Entry;

const BOLT: &str = "]E09506000134352";

/// What the journal holds, read beside whoever writes it.
fn written(home: &Path) -> Vec<String> {
    let reader = Reader::open(&rig::memory(home)).unwrap();
    let entries = reader.entries_since(0).unwrap();
    entries.iter().map(Entry::line).collect()
}

/// Takes the open pick to its end, from where the bin is confirmed.
fn pick_on(handheld: &mut Handheld, scanner: &mut Scanner) {
    handheld.wait_for("Take from A-01-01: 0 of 2 each");
    handheld.keys("2");
    handheld.wait_for("> 2_");
    scanner.scan(BOLT);
    handheld.wait_for("Bring to, scan: PACK-01");
    scanner.scan("PACK-01");
    handheld.wait_for("OK SO-1 is done.");
}

#[test]
fn a_practice_leaves_no_trace_and_a_battery_that_dies_in_it_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (home, data) = (home.path(), home.path().join("office"));
    let orders = "warehouse,order,customer,line,item,lot,quantity\nW1,SO-1,C,1,BOLT,,2\nW1,SO-2,C,1,BOLT,,1\n";
    rig::import(&data, home, &with(orders));
    let office = Serving::start(&data, "127.0.0.1:0");
    let mut scanner = Scanner::new();
    let mut handheld = rig::enrol(home, &data, &office.address, &mut scanner, (30, 16));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Next task");
    handheld.keys("1");
    handheld.wait_for("Go to, scan bin: A-01-01");
    scanner.scan("A-01-01");
    handheld.wait_for("Take from A-01-01");
    let before = written(home);

    handheld.keys("\u{1b}");
    handheld.wait_for("8 Practise");
    handheld.keys("8");
    handheld.wait_for("!! PRACTICE");
    handheld.wait_for("nothing counts");
    handheld.keys("1");
    pick_on(&mut handheld, &mut scanner);
    assert!(handheld.text().contains("!! PRACTICE"));
    handheld.keys("\r");
    handheld.wait_for("PACK SO-1");
    // Also what the office would be asked for stays here: the next task is begun.
    handheld.keys("\r");
    handheld.wait_for("!! PRACTICE");
    assert_eq!(written(home), before, "nothing is written");
    handheld.keys("\u{1b}");
    handheld.wait_for("7 End practice");
    handheld.keys("7");
    handheld.wait_for("Practice is over.");
    assert!(!handheld.text().contains("!! PRACTICE"));
    assert!(!rig::memory(home).join("practice").exists());

    // Once more, and the battery is pulled.
    handheld.keys("8");
    handheld.wait_for("!! PRACTICE");
    handheld.keys("1");
    pick_on(&mut handheld, &mut scanner);
    handheld.kill();
    assert_eq!(written(home), before, "nothing is written");
    let mut handheld = Handheld::start(home, &scanner.device(), (30, 16));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Take from A-01-01: 0 of 2 each");
    assert!(!rig::memory(home).join("practice").exists());
    pick_on(&mut handheld, &mut scanner);
    handheld.leave();

    // Practising from the start: the screen says so before anyone signs in.
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_stockhand"));
    command.arg("--practise");
    command.arg("--config");
    command.arg(home.join("handheld.toml"));
    command.arg("--data");
    command.arg(rig::memory(home));
    command.env("TERM", "xterm-256color");
    let all = written(home);
    let mut handheld = Handheld::spawn(command, 40, 16);
    handheld.wait_for("PRACTICE: nothing counts");
    handheld.sign_in(&mut scanner);
    handheld.wait_for("All done.");
    handheld.keys("\r");
    handheld.wait_for("PICK SO-2");
    handheld.keys("\r");
    handheld.wait_for("!! ");
    handheld.wait_for("scan");
    assert_eq!(written(home), all, "nobody signed in, nothing was begun");
    handheld.leave();

    let mut handheld = Handheld::start(home, &scanner.device(), (30, 16));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("All done.");
    handheld.keys("\u{1b}");
    handheld.wait_for("Next task");
    handheld.keys("5");
    handheld.wait_for("SHIFT");
    handheld.keys("\r");
    handheld.wait_for("Everything is at the office.");
    handheld.leave();
    let (journal, healings) = Journal::open(&rig::memory(home), chrono::Utc::now()).unwrap();
    assert_eq!(healings, []);
    assert_eq!(journal.verify().unwrap(), Verified::Whole);
    let rows = written(home).len();
    let verified = rig::office(&data, &["verify"]);
    assert!(
        verified.contains(&format!("Looked at {rows} journal rows")),
        "{verified}"
    );
    let bolts: Vec<String> = stock(&data, home);
    assert!(bolts.contains(&"A-01-01 BOLT 1998".to_owned()), "{bolts:?}");
}
