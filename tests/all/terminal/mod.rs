//! The true binaries: pseudo-terminals as screen and scanner, a real office on loopback.

mod day;
mod practice;
mod rig;

use portable_pty::CommandBuilder;
use rig::{Handheld, Scanner, Serving};
use std::time::{Duration, Instant};
use stockhand::store::{Journal, Verified};
use stockhand::warehouse::Fact;

const SHEETS: &[(&str, &str)] = &[
    ("warehouses.csv", "code,name\nW1,Main\n"),
    (
        "items.csv",
        "code,name,unit,lot,serial,expiry\nBOLT,Hex bolt,each,no,no,no\nNUT,Hex nut,each,no,no,no\n\
         MILK,Milk,each,yes,no,yes\n",
    ),
    (
        "barcodes.csv",
        "code,item,holds\n09506000134352,BOLT,1\n09506000134369,BOLT,1\n09506000140445,NUT,1\n\
         09506000117843,MILK,1\n",
    ),
    (
        "bins.csv",
        "warehouse,code,zone,kind,sequence\nW1,A-01-01,A,pick_face,1\nW1,A-01-02,A,pick_face,2\n\
         W1,A-01-03,A,pick_face,3\nW1,PACK-01,P,packing,9\n",
    ),
    (
        "workers.csv",
        "warehouse,code,name,badge,pin,role\nW1,P1,Picker 1,BADGE-101,1101,picker\n",
    ),
];

const STOCK: (&str, &str) = (
    "stock.csv",
    "warehouse,bin,item,lot,serial,expiry,quantity\nW1,A-01-01,BOLT,,,,2000\nW1,A-01-02,NUT,,,,20\n\
     W1,A-01-03,MILK,L1,,2031-01-31,20\n",
);

fn with(order: &str) -> Vec<(&str, &str)> {
    let orders = [STOCK, ("orders.csv", order)];
    SHEETS.iter().copied().chain(orders).collect()
}

/// How much of an item is where, by the office's books.
fn stock(data: &std::path::Path, home: &std::path::Path) -> Vec<String> {
    let to = home.join("out");
    rig::office(data, &["export", "--to", to.to_str().unwrap()]);
    let sheet = std::fs::read_to_string(to.join("stock.csv")).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{} {} {}", cells[1], cells[2], cells[8])
    };
    let mut rows: Vec<String> = sheet.lines().skip(1).map(row).collect();
    rows.sort();
    rows
}

#[test]
fn office_and_handheld_die_in_the_middle_of_a_pick_and_the_ledger_is_right() {
    let home = tempfile::tempdir().unwrap();
    let (home, data) = (home.path(), home.path().join("office"));
    let orders = "warehouse,order,customer,line,item,lot,quantity\nW1,SO-1,C,1,BOLT,,2\n\
                  W1,SO-1,C,2,NUT,,1\nW1,SO-1,C,3,MILK,,1\n";
    rig::import(&data, home, &with(orders));
    let mut office = Serving::start(&data, "127.0.0.1:0");
    let address = office.address.clone();
    let mut scanner = Scanner::new();
    let mut handheld = rig::enrol(home, &data, &address, &mut scanner, (20, 16));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Next task");
    handheld.keys("1");
    handheld.wait_for("Go to, scan bin: A-01-01");
    scanner.scan("A-01-01");
    handheld.wait_for("0 of 2 each");
    scanner.scan("]E09506000134352");
    handheld.wait_for("1 of 2 each");
    // The office dies; work goes on.
    office.kill();
    scanner.scan("]E09506000134369");
    handheld.wait_for("Go to, scan bin: A-01-02");
    scanner.scan("A-01-02");
    handheld.wait_for("Take from A-01-02");
    // The battery is pulled.
    handheld.kill();
    let mut handheld = Handheld::start(home, &scanner.device(), (20, 16));
    handheld.wait_for("PICK SO-1 is open here");
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Take from A-01-02");
    scanner.scan("]E09506000140445");
    handheld.wait_for("Go to, scan bin: A-01-03");
    handheld.wait_for("OFF");
    // The office comes back, at the same place.
    office = Serving::start(&data, &address);
    scanner.scan("A-01-03");
    handheld.wait_for("Take from A-01-03");
    scanner.scan("]C1010950600011784317310131\u{1d}10L1");
    handheld.wait_for("Bring to, scan: PACK-01");
    scanner.scan("PACK-01");
    handheld.wait_for("SO-1 is done.");
    handheld.keys("\r");
    handheld.wait_for("WORK");
    // The end of the shift: everything is at the office, and the office says so.
    handheld.keys("\u{1b}");
    handheld.wait_for("MENU");
    handheld.keys("5");
    handheld.wait_for("SHIFT");
    handheld.keys("\r");
    handheld.wait_for("OK Everything is at the office.");
    handheld.leave();
    rig::office(&data, &["verify"]);
    let wanted = [
        "A-01-01 BOLT 1998",
        "A-01-02 NUT 19",
        "A-01-03 MILK 19",
        "PACK-01 BOLT 2",
        "PACK-01 MILK 1",
        "PACK-01 NUT 1",
    ];
    assert_eq!(stock(&data, home), wanted);
    drop(office);
}

#[test]
fn twenty_scans_a_second_for_a_minute_are_all_kept_and_none_twice() {
    const SCANS: u32 = 1200;
    let home = tempfile::tempdir().unwrap();
    let (home, data) = (home.path(), home.path().join("office"));
    let orders =
        format!("warehouse,order,customer,line,item,lot,quantity\nW1,SO-1,C,1,BOLT,,{SCANS}\n");
    rig::import(&data, home, &with(&orders));
    let office = Serving::start(&data, "127.0.0.1:0");
    let mut scanner = Scanner::new();
    let mut handheld = rig::enrol(home, &data, &office.address, &mut scanner, (80, 24));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Next task");
    handheld.keys("1");
    handheld.wait_for("Go to, scan bin: A - 0 1 - 0 1");
    scanner.scan("A-01-01");
    handheld.wait_for("Take from A-01-01");
    let (began, strokes) = (Instant::now(), handheld.strokes());
    for scan in 0..SCANS {
        // Two labels in turn, so that each is another pull of the trigger.
        scanner.scan(["]E09506000134352", "]E09506000134369"][scan as usize % 2]);
        let next = began + Duration::from_millis(50) * (scan + 1);
        while Instant::now() < next {
            handheld.look_until(next);
        }
    }
    handheld.wait_for("Bring to, scan:");
    handheld.wait_for("OK 1 x BOLT taken.");
    // The last stroke may come after the last picture. Where a machine stands still for a moment a stroke may be left
    // out, for the screen says the same; what counts is the journal, and that must be exact.
    let deadline = Instant::now() + Duration::from_secs(3);
    while handheld.strokes() - strokes < SCANS as usize && handheld.look_until(deadline) {}
    let heard = handheld.strokes() - strokes;
    assert!(
        heard >= SCANS as usize * 95 / 100,
        "only {heard} were heard"
    );
    handheld.leave();
    let (journal, healings) = Journal::open(&rig::memory(home), chrono::Utc::now()).unwrap();
    assert_eq!(healings, []);
    assert_eq!(journal.verify().unwrap(), Verified::Whole);
    let picked = |fact: &Fact| matches!(fact, Fact::Picked { .. });
    let entries = journal.read().entries_since(0).unwrap();
    let picks = entries.iter().filter(|entry| picked(&entry.fact)).count();
    assert_eq!(picks, SCANS as usize);
    drop(office);
}

const TRIGGER: &str = "\u{1b}[15~";
const WRONG: &str = "\u{1b}[17~";
const TYPED: &str = "\u{1b}[18~";

fn demo(data: &std::path::Path) -> Handheld {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_stockhand"));
    command.args(["demo", "--data"]);
    command.arg(data);
    command.env("TERM", "xterm-256color");
    Handheld::spawn(command, 40, 20)
}

#[test]
fn the_demo_does_the_main_job_and_goes_on_where_one_was() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("demo");
    let mut handheld = demo(&data);
    handheld.wait_for("Scan your badge");
    handheld.keys(TRIGGER);
    handheld.wait_for("Key your PIN");
    handheld.keys("1101\r");
    handheld.wait_for("Next task");
    handheld.keys("1");
    handheld.wait_for("Go to, scan bin:");
    handheld.keys(WRONG);
    handheld.wait_for("NO:");
    handheld.keys(TRIGGER);
    handheld.wait_for("Take from");
    let step = handheld.text();
    handheld.leave();
    let mut handheld = demo(&data);
    handheld.wait_for("is open here");
    handheld.keys(TYPED);
    handheld.wait_for("code: _");
    handheld.keys("BADGE-101\r");
    handheld.wait_for("Key your PIN");
    handheld.keys("1101\r");
    handheld.wait_for("Take from");
    let place = step.split("Take from").nth(1).unwrap();
    handheld.wait_for(place.split_whitespace().next().unwrap());
    // What the step asks for, again and again, until the whole order is at the packing place.
    for _ in 0..400 {
        let text = handheld.text();
        if text.contains("is done.") {
            break;
        }
        let key = if text.contains("1 Yes, empty") {
            "1"
        } else {
            TRIGGER
        };
        handheld.keys(key);
        handheld.wait_for_change(&text);
        // Sooner, it would be the same pull of the trigger.
        handheld.look_for(Duration::from_millis(160));
    }
    handheld.wait_for("is done.");
    handheld.leave();
    rig::office(&data.join("office"), &["verify"]);
}

#[test]
fn the_demo_has_tags_to_count_and_one_to_find() {
    let home = tempfile::tempdir().unwrap();
    let mut handheld = demo(&home.path().join("demo"));
    handheld.wait_for("Scan your badge");
    handheld.keys(TRIGGER);
    handheld.wait_for("Key your PIN");
    handheld.keys("1101\r");
    handheld.wait_for("Count by tags");
    handheld.keys("5");
    handheld.wait_for("Scan a bin");
    handheld.keys(TRIGGER);
    handheld.wait_for("A-01-01");
    // One is not there, and a stray is.
    handheld.wait_for(": -1");
    handheld.wait_for("book 0: +1");
    handheld.keys("\r");
    handheld.wait_for("Count of A-01-01 noted.");
    handheld.keys("\u{1b}");
    handheld.wait_for("Look up");
    handheld.keys("4");
    handheld.wait_for("Scan or key anything");
    handheld.keys("HXB-001\r");
    handheld.wait_for("Hex bolt");
    handheld.keys("\u{1b}OQ");
    handheld.wait_for("FIND");
    handheld.wait_for("dBm");
    handheld.leave();
}

#[test]
fn nothing_on_a_label_moves_the_cursor_sets_a_title_or_fills_the_clipboard() {
    let home = tempfile::tempdir().unwrap();
    let mut scanner = Scanner::new();
    let mut handheld = Handheld::start(home.path(), &scanner.device(), (30, 20));
    handheld.wait_for(&scanner.device());
    let hostile: &[&[u8]] = &[
        b"\x1b]52;c;aGVsbG8=\x07",
        b"\x1b]0;title\x07",
        b"\x1b[2J\x1b[31m",
        b"\x9b2J",
        "safe\u{202e}esrever".as_bytes(),
    ];
    for label in hostile {
        scanner.write(label);
        scanner.write(b"\r");
    }
    scanner.scan("LAST-ONE");
    handheld.wait_for("LAST-ONE");
    let before = handheld.raw.clone();
    for bad in [&b"\x1b]52"[..], b"\x1b]0;", b"\x9b", "\u{202e}".as_bytes()] {
        let found = before.windows(bad.len()).any(|window| window == bad);
        // A byte of a longer character is not C1: only the one byte alone would be.
        let utf8 = bad == b"\x9b" && std::str::from_utf8(&before).is_ok();
        assert!(!found || utf8, "{bad:?} reached the terminal");
    }
    handheld.leave();
}

#[test]
fn an_unplugged_scanner_is_heard_again_when_it_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let link = home.path().join("scanner-port");
    let plug = |scanner: &Scanner| {
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(scanner.device(), &link).unwrap();
    };
    let mut scanner = Scanner::new();
    plug(&scanner);
    let mut handheld = Handheld::start(home.path(), link.to_str().unwrap(), (40, 12));
    handheld.wait_for(&scanner.device());
    scanner.scan("FIRST-1");
    handheld.wait_for("FIRST-1");
    drop(scanner);
    handheld.wait_for("not there");
    let mut scanner = Scanner::new();
    plug(&scanner);
    handheld.wait_for(&scanner.device());
    scanner.scan("SECOND-2");
    handheld.wait_for("SECOND-2");
    handheld.leave();
}

#[test]
fn several_scanners_are_heard_at_once_each_in_its_own_framing() {
    let home = tempfile::tempdir().unwrap();
    let (mut one, mut two) = (Scanner::new(), Scanner::new());
    let devices = [one.device(), two.device()];
    let ports = [devices[0].as_str(), devices[1].as_str()];
    let mut handheld = Handheld::start_with(home.path(), &ports, (40, 20));
    for device in &devices {
        handheld.wait_for(device);
    }
    // Halves of labels from two wires, one into the other.
    one.write(b"FIRST");
    two.write(b"SEC");
    one.write(b"-1\r");
    two.write(b"OND-2\r\n");
    handheld.wait_for("FIRST-1");
    handheld.wait_for("SECOND-2");
    handheld.leave();
}

#[test]
fn a_scanner_that_types_or_pastes_is_told_from_fingers() {
    let home = tempfile::tempdir().unwrap();
    let scanner = Scanner::new();
    let mut handheld = Handheld::start(home.path(), &scanner.device(), (40, 12));
    handheld.wait_for("Scan the enrolment code");
    handheld.keys("A-01-03\r");
    handheld.wait_for("That is bin A-01-03.");
    handheld.keys("\u{1b}[200~TOTE-7\nTOTE-8\u{1b}[201~");
    handheld.wait_for("That is tote TOTE-8.");
    handheld.leave();
}
