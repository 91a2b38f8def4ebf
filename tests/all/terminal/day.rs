//! A whole day on one handheld, from the dock door to the customer and back, half of it without signal.

use super::rig::{self, Handheld, Scanner, Serving};
use super::stock;
use std::path::Path;
use stockhand::store::{Journal, Verified};

const MORNING: &[(&str, &str)] = &[
    ("warehouses.csv", "code,name\nW1,Main\n"),
    (
        "items.csv",
        "code,name,unit\nBOLT,Hex bolt,each\nNUT,Hex nut,each\n",
    ),
    (
        "barcodes.csv",
        "code,item,holds\n09506000134352,BOLT,1\n09506000140445,NUT,1\n",
    ),
    (
        "bins.csv",
        "warehouse,code,zone,kind,sequence\nW1,A-01-01,A,pick_face,1\nW1,A-01-02,A,pick_face,2\n\
         W1,B-01-01,B,reserve,3\nW1,B-01-02,B,reserve,4\nW1,RECV-01,R,receiving,7\nW1,DOCK-01,D,dock,8\n\
         W1,PACK-01,P,packing,9\n",
    ),
    (
        "workers.csv",
        "warehouse,code,name,badge,pin,role\nW1,P1,Picker 1,BADGE-101,1101,picker\n",
    ),
    (
        "stock.csv",
        "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,5\n",
    ),
    (
        "receipts.csv",
        "warehouse,order,supplier,line,item,plate,quantity\nW1,PO-1,Supplier,1,BOLT,395060001343519999,60\n\
         W1,PO-1,Supplier,2,NUT,395060001343520001,40\n",
    ),
];

/// What comes in once the pallets stand in their bins.
const NOON: &[(&str, &str)] = &[
    (
        "faces.csv",
        "warehouse,bin,item,least,most\nW1,A-01-01,BOLT,10,30\nW1,A-01-02,NUT,1,8\n",
    ),
    (
        "orders.csv",
        "warehouse,order,customer,line,item,quantity\nW1,SO-1,C1,1,BOLT,6\nW1,SO-1,C1,2,NUT,2\n\
         W1,SO-2,C2,1,BOLT,4\nW1,SO-3,C2,1,NUT,5\nW1,SO-4,C1,1,BOLT,3\n",
    ),
    (
        "shipments.csv",
        "warehouse,shipment,order,stop,door,carrier\nW1,SHP-1,SO-1,1,DOCK-01,Carrier 9\n\
         W1,SHP-1,SO-2,2,DOCK-01,Carrier 9\nW1,SHP-1,SO-3,2,DOCK-01,Carrier 9\nW1,SHP-1,SO-4,1,DOCK-01,Carrier 9\n",
    ),
];

const RULES: &str = r#"{"faces_first": true, "carts": {"totes": 2, "wait_for_wave": true},
    "after_short": {"too_few": {"replace": false, "count": true}}}"#;

const BOLT: &str = "]E09506000134352";
const NUT: &str = "]E09506000140445";
const F2: &str = "\u{1b}OQ";
const ENTER: &str = "\r";
const ESC: &str = "\u{1b}";

/// A worker who does the next thing when the screen says what became of the last.
struct Worker {
    handheld: Handheld,
    scanner: Scanner,
}

impl Worker {
    fn scan(&mut self, label: &str, says: &str) {
        self.scanner.scan(label);
        self.handheld.wait_for(says);
    }

    fn plate(&mut self, plate: &str, says: &str) {
        self.scan(&format!("]C100{plate}"), says);
    }

    fn key(&mut self, keys: &str, says: &str) {
        self.handheld.keys(keys);
        self.handheld.wait_for(says);
    }

    /// Keys something into a line and looks at it: the keys and the scanner are two wires.
    fn write(&mut self, text: &str) {
        self.key(text, &format!("> {text}_"));
    }

    fn total(&mut self, units: u32, label: &str, says: &str) {
        self.write(&units.to_string());
        self.scan(label, says);
    }

    /// From what is done to the first task of the list.
    fn next(&mut self, task: &str, says: &str) {
        self.key(ENTER, task);
        self.handheld.wait_for("WORK");
        self.key(ENTER, says);
    }

    /// From the list to work that nobody planned.
    fn own(&mut self, digit: &str, says: &str) {
        self.key(ESC, "MENU");
        self.key("3", "OTHER WORK");
        self.key(digit, says);
    }

    /// What a new carton is to be labelled with.
    fn proposed_plate(&self) -> String {
        let text = self.handheld.text();
        let (_, label) = text.split_once("Label carton 1:").unwrap();
        let of_label = |sign: &char| sign.is_ascii_digit() || *sign == ' ';
        let plate = label.chars().take_while(of_label);
        plate.filter(char::is_ascii_digit).collect()
    }
}

fn receive_and_put_away(worker: &mut Worker) {
    let pallets = [
        ("395060001343519999", "BOLT", 60, "B-01-01"),
        ("395060001343520001", "NUT", 40, "B-01-02"),
    ];
    worker.key("1", "Scan the dock door");
    worker.scan("DOCK-01", "OK Door DOCK-01.");
    for (plate, item, units, _) in pallets {
        worker.plate(plate, "All on this pallet?");
        worker.key(ENTER, &format!("OK {units} x {item} in."));
    }
    worker.key(ENTER, "OK PO-1 is done.");
    worker.next("PUT PO-1", "Scan goods at:");
    for (plate, _, units, bin) in pallets {
        worker.plate(plate, "OK Goods found.");
        worker.scan(bin, &format!("How many into {bin}?"));
        let said = if bin == "B-01-02" {
            "OK PO-1 is done.".to_owned()
        } else {
            format!("OK {units} put into {bin}.")
        };
        worker.key(ENTER, &said);
    }
    worker.key(ENTER, "Nothing is waiting.");
}

fn fill_the_faces(worker: &mut Worker) {
    worker.handheld.wait_for("FILL-1");
    worker.handheld.wait_for("FILL-2");
    worker.key(ENTER, "Go to, scan bin:");
    worker.scan("B-01-01", "Take from B-01-01:");
    worker.total(25, BOLT, "OK 25 x BOLT taken.");
    worker.scan("A-01-01", "OK FILL-1 is done.");
    worker.next("FILL-2", "Go to, scan bin:");
    worker.scan("B-01-02", "Take from B-01-02:");
    worker.total(8, NUT, "OK 8 x NUT taken.");
    worker.scan("A-01-02", "OK FILL-2 is done.");
    worker.key(ENTER, "Nothing is waiting.");
    worker.key(F2, "OK Everything is at the office.");
}

fn bind_the_totes(worker: &mut Worker) {
    worker.handheld.wait_for("PICK CART-2");
    worker.handheld.wait_for("TOUR SHP-1");
    worker.key(ENTER, "Scan a tote for: S O - 1");
    worker.scan("TOTE-1", "OK TOTE-1 is for SO-1.");
    worker.scan("TOTE-2", "OK TOTE-2 is for SO-2.");
}

fn pick_two_carts_one_line_short(worker: &mut Worker) {
    worker.scan("A-01-01", "Take from A-01-01: 0 of 10 each");
    worker.total(10, BOLT, "OK 10 x BOLT in hand.");
    worker.scan("TOTE-1", "OK 6 x BOLT taken.");
    worker.scan("TOTE-2", "OK 4 x BOLT taken.");
    worker.scan("A-01-02", "Take from A-01-02: 0 of 2 each");
    worker.total(2, NUT, "OK 2 x NUT in hand.");
    worker.scan("TOTE-1", "OK 2 x NUT taken.");
    worker.scan("PACK-01", "OK CART-1 is done.");
    worker.next("PICK CART-2", "Scan a tote for: S O - 3");
    worker.scan("TOTE-3", "OK TOTE-3 is for SO-3.");
    worker.scan("TOTE-4", "OK TOTE-4 is for SO-4.");
    worker.scan("A-01-01", "Take from A-01-01: 0 of 3 each");
    worker.total(3, BOLT, "OK 3 x BOLT in hand.");
    worker.scan("TOTE-4", "OK 3 x BOLT taken.");
    worker.scan("A-01-02", "Take from A-01-02: 0 of 5 each");
    worker.total(3, NUT, "OK 3 x NUT in hand.");
    worker.key(F2, "Why not enough?");
    worker.key("2", "OK 2 short, noted.");
    worker.scan("TOTE-3", "OK 3 x NUT taken.");
    worker.scan("PACK-01", "OK CART-2 is done.");
    worker.key(ENTER, "WORK");
}

/// Nothing is left in the bin that the book has three more nuts in.
fn count_the_bin(worker: &mut Worker) {
    worker.own("3", "Scan the bin that you count:");
    worker.scan("A-01-02", "Count in A-01-02:");
    worker.key(F2, "OK A-01-02 is empty, noted.");
    worker.key(F2, "All done.");
}

/// The plates of the cartons, by order.
fn pack(worker: &mut Worker) -> [String; 4] {
    let orders = [
        ("SO-1", &[(6, "BOLT"), (2, "NUT")][..]),
        ("SO-2", &[(4, "BOLT")]),
        ("SO-3", &[(3, "NUT")]),
        ("SO-4", &[(3, "BOLT")]),
    ];
    orders.map(|(order, goods)| {
        worker.next(&format!("PACK {order}"), "Scan into carton 1:");
        for (units, item) in goods {
            let label = if *item == "BOLT" { BOLT } else { NUT };
            worker.total(*units, label, &format!("OK {units} x {item} in carton 1."));
        }
        worker.handheld.wait_for("Label carton 1:");
        let plate = worker.proposed_plate();
        worker.key(ENTER, &format!("OK {order} is done."));
        plate
    })
}

/// The last stop first.
fn load(worker: &mut Worker, [first, second, third, fourth]: &[String; 4]) {
    worker.next("LOAD SHP-1", "Go to door, scan it:");
    worker.scan("DOCK-01", "Load for stop 2:");
    worker.plate(second, "1/4 cartons");
    worker.plate(third, "Load for stop 1:");
    worker.plate(fourth, "3/4 cartons");
    worker.plate(first, "Close the truck and seal it.");
    worker.write("SEAL7");
    worker.key(ENTER, "OK SHP-1 is done.");
}

fn deliver(worker: &mut Worker, [first, second, third, fourth]: &[String; 4]) {
    worker.plate(fourth, "1/4 cartons");
    worker.plate(first, "Stop 1: who received it?");
    worker.write("Ada");
    worker.key(ENTER, "Stop 2, hand over:");
    worker.plate(second, "3/4 cartons");
    worker.plate(third, "Stop 2: who received it?");
    worker.write("Bo");
    worker.key(ENTER, "All done.");
    worker.key(ENTER, "WORK");
}

fn take_a_return(worker: &mut Worker) {
    worker.own("5", "Scan bin where you put it:");
    worker.scan("RECV-01", "Scan what came back:");
    worker.total(2, BOLT, "What becomes of it?");
    worker.key("1", "Scan what came back:");
    worker.key(F2, "All done.");
    worker.key(ENTER, "WORK");
}

fn end_the_shift(worker: &mut Worker) {
    worker.key(ESC, "MENU");
    worker.key("5", "SHIFT");
    worker.key(ENTER, "Everything is at the office.");
    worker.handheld.leave();
}

/// What the office holds is what the handheld wrote, and the stock is what a person counts together from the day.
fn square(data: &Path, home: &Path) {
    let (journal, healings) = Journal::open(&rig::memory(home), chrono::Utc::now()).unwrap();
    assert_eq!(healings, []);
    assert_eq!(journal.verify().unwrap(), Verified::Whole);
    let written = journal.read().entries_since(0).unwrap().len();
    let verified = rig::office(data, &["verify"]);
    let all = format!("Looked at {written} journal rows");
    assert!(verified.contains(&all), "{all}: {verified}");
    // Bolts: 5 there + 60 in - 13 out + 2 back. Nuts: 40 in - 5 out - 3 that were counted away.
    let wanted = [
        "A-01-01 BOLT 17",
        "B-01-01 BOLT 35",
        "B-01-02 NUT 32",
        "RECV-01 BOLT 2",
    ];
    assert_eq!(stock(data, home), wanted);
    let told = rig::office_command(data)
        .arg("exceptions")
        .output()
        .unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let kind = |line: &str| line.split_whitespace().nth(3).map(str::to_owned);
    let kinds: Vec<String> = told.lines().filter_map(kind).collect();
    assert_eq!(kinds, ["short", "return"], "{told}");
}

#[test]
fn a_whole_day_is_worked_half_of_it_without_signal_and_the_books_are_right() {
    let home = tempfile::tempdir().unwrap();
    let (home, data) = (home.path(), home.path().join("office"));
    rig::import(&data, home, MORNING);
    let rules = home.join("rules.json");
    std::fs::write(&rules, RULES).unwrap();
    let set = ["rules", "--warehouse", "W1", "--set"];
    rig::office(&data, &[&set[..], &[rules.to_str().unwrap()]].concat());
    rig::office(&data, &["tolerance", "--units", "5"]);
    let office = Serving::start(&data, "127.0.0.1:0");
    let address = office.address.clone();
    let mut scanner = Scanner::new();
    let mut handheld = rig::enrol(home, &data, &address, &mut scanner, (40, 20));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Next task");
    let mut worker = Worker { handheld, scanner };
    receive_and_put_away(&mut worker);
    rig::import(&data, &home.join("noon"), NOON);
    fill_the_faces(&mut worker);
    rig::office(&data, &["plan-wave", "--warehouse", "W1"]);
    bind_the_totes(&mut worker);
    // The signal is gone until the truck stands at its first stop.
    office.kill();
    worker.handheld.wait_for("OFFLINE");
    pick_two_carts_one_line_short(&mut worker);
    count_the_bin(&mut worker);
    let plates = pack(&mut worker);
    load(&mut worker, &plates);
    worker.next("TOUR SHP-1", "Stop 1, hand over:");
    worker.handheld.wait_for("OFFLINE");
    let office = Serving::start(&data, &address);
    worker.handheld.wait_for("online");
    deliver(&mut worker, &plates);
    take_a_return(&mut worker);
    end_the_shift(&mut worker);
    square(&data, home);
    drop(office);
}
