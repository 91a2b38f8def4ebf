//! A whole day on one handheld, from the dock door to the customer and back, half of it without signal.

use super::rig::{self, Handheld, Scanner, Serving};
use super::stock;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use stockhand::store::{Journal, Verified};
use stockhand::warehouse::{Fact, Goods, Quantity};

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

/// What the pick faces need, once the pallets stand in their bins.
const NOON: &[(&str, &str)] = &[(
    "faces.csv",
    "warehouse,bin,item,least,most\nW1,A-01-01,BOLT,6,40\nW1,A-01-02,NUT,1,15\n",
)];

/// Twelve orders of two customers, on one truck: each its own number of bolts, every third also three nuts.
fn orders() -> [(&'static str, String); 2] {
    let mut orders = "warehouse,order,customer,line,item,quantity\n".to_owned();
    let mut truck = "warehouse,shipment,order,stop,door,carrier\n".to_owned();
    for (code, bolts, nuts) in wanted() {
        let stop = stop_of(&code);
        let _ = writeln!(orders, "W1,{code},C{stop},1,BOLT,{bolts}");
        if nuts > 0 {
            let _ = writeln!(orders, "W1,{code},C{stop},2,NUT,{nuts}");
        }
        let _ = writeln!(truck, "W1,SHP-1,{code},{stop},DOCK-01,Carrier 9");
    }
    [("orders.csv", orders), ("shipments.csv", truck)]
}

/// Order, bolts, nuts.
fn wanted() -> impl Iterator<Item = (String, u32, u32)> {
    (1..=12_u32).map(|n| {
        (
            format!("SO-{n}"),
            1 + n % 4,
            if n.is_multiple_of(3) { 3 } else { 0 },
        )
    })
}

fn stop_of(order: &str) -> u32 {
    let number: u32 = order.rsplit('-').next().unwrap().parse().unwrap();
    1 + number % 2
}

const RULES: &str = r#"{"faces_first": true, "carts": {"totes": 4, "wait_for_wave": true},
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
    last: String,
}

impl Worker {
    fn scan(&mut self, label: &str, says: &str) {
        if self.last == label {
            // So fast nobody pulls a trigger twice and means it.
            self.handheld.look_for(Duration::from_millis(200));
        }
        label.clone_into(&mut self.last);
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

    /// What stands below a question, its letters apart or not.
    fn below(&self, question: &str) -> Option<String> {
        let rows = self.handheld.rows();
        let at = rows.iter().position(|row| row.contains(question))?;
        let row = rows[at + 1..].iter().find(|row| !row.trim().is_empty())?;
        Some(row.split_whitespace().collect())
    }

    /// How many there are of how many, as `3 of 5 each` stands on the screen.
    fn wanted(&self) -> u32 {
        let rows = self.handheld.rows();
        let row = rows
            .iter()
            .find(|row| row.contains(" of ") && row.contains(" each"));
        let number = row.and_then(|row| row.split_whitespace().nth(2)?.parse().ok());
        number.unwrap_or_else(|| panic!("how many? {}", self.handheld.text()))
    }

    /// Which goods stand on the screen: their label and their code.
    fn goods(&self) -> (&'static str, &'static str) {
        if self.handheld.text().contains("Hex bolt") {
            (BOLT, "BOLT")
        } else {
            (NUT, "NUT")
        }
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
    worker.total(35, BOLT, "OK 35 x BOLT taken.");
    worker.scan("A-01-01", "OK FILL-1 is done.");
    worker.next("FILL-2", "Go to, scan bin:");
    worker.scan("B-01-02", "Take from B-01-02:");
    worker.total(15, NUT, "OK 15 x NUT taken.");
    worker.scan("A-01-02", "OK FILL-2 is done.");
    worker.key(ENTER, "Nothing is waiting.");
    worker.key(F2, "OK Everything is at the office.");
}

/// Does what the screen says until the cart is picked. Of the first nuts, two are not found.
fn pick_a_cart(worker: &mut Worker, cart: u32, is_short: bool) {
    let mut nuts_lack = is_short;
    loop {
        let before = worker.handheld.text();
        if before.contains("is done.") {
            break;
        }
        if let Some(order) = worker.below("Scan a tote for:") {
            worker.scan(&order.replace("SO-", "TOTE-"), &format!("is for {order}."));
        } else if let Some(bin) = worker.below("Go to, scan bin:") {
            worker.scan(&bin, &format!("Take from {bin}:"));
        } else if before.contains("Take from ") {
            let (label, item) = worker.goods();
            let lacks = item == "NUT" && std::mem::take(&mut nuts_lack);
            let units = worker.wanted() - if lacks { 2 } else { 0 };
            worker.total(units, label, &format!("OK {units} x {item} in hand."));
            if lacks {
                worker.key(F2, "Why not enough?");
                worker.key("2", "OK 2 short, noted.");
            }
        } else if let Some(tote) = worker.below("into, scan:") {
            worker.scanner.scan(&tote);
            worker.handheld.wait_for_change(&before);
        } else if before.contains("Bring to, scan:") {
            worker.scan("PACK-01", &format!("OK CART-{cart} is done."));
        } else {
            panic!("what now? {before}");
        }
    }
}

fn pick_three_carts_one_line_short(worker: &mut Worker) {
    pick_a_cart(worker, 1, false);
    worker.next("PICK CART-2", "Scan a tote for:");
    pick_a_cart(worker, 2, true);
    worker.next("PICK CART-3", "Scan a tote for:");
    pick_a_cart(worker, 3, false);
    worker.key(ENTER, "WORK");
}

/// Nothing is left in the bin that the book has five more nuts in.
fn count_the_bin(worker: &mut Worker) {
    worker.own("3", "Scan the bin that you count:");
    worker.scan("A-01-02", "Count in A-01-02:");
    worker.key(F2, "OK A-01-02 is empty, noted.");
    worker.key(F2, "All done.");
}

/// The plates of the cartons, by order, as they are packed.
fn pack(worker: &mut Worker) -> Vec<(String, String)> {
    let mut plates = Vec::new();
    for _ in wanted() {
        worker.next("PACK SO-", "Scan into carton 1:");
        let title = worker.handheld.rows()[0].clone();
        let order = title.split_whitespace().nth(1).unwrap().to_owned();
        while !worker.handheld.text().contains("Label carton 1:") {
            let ((label, item), units) = (worker.goods(), worker.wanted());
            worker.total(units, label, &format!("OK {units} x {item} in carton 1."));
        }
        let plate = worker.below("Label carton 1:").unwrap();
        worker.key(ENTER, &format!("OK {order} is done."));
        plates.push((order, plate));
    }
    plates
}

fn of_stop(plates: &[(String, String)], stop: u32) -> Vec<&str> {
    let of_it = plates.iter().filter(|(order, _)| stop_of(order) == stop);
    of_it.map(|(_, plate)| plate.as_str()).collect()
}

/// The last stop first.
fn load(worker: &mut Worker, plates: &[(String, String)]) {
    worker.next("LOAD SHP-1", "Go to door, scan it:");
    worker.scan("DOCK-01", "Load for stop 2:");
    let all = [of_stop(plates, 2), of_stop(plates, 1)].concat();
    for (plate, loaded) in all.iter().zip(1..) {
        let says = if loaded == all.len() {
            "Close the truck and seal it.".to_owned()
        } else {
            format!("{loaded}/12 cartons")
        };
        worker.plate(plate, &says);
    }
    worker.write("SEAL7");
    worker.key(ENTER, "OK SHP-1 is done.");
}

fn deliver(worker: &mut Worker, plates: &[(String, String)]) {
    for (stop, receiver, then) in [(1, "Ada", "Stop 2, hand over:"), (2, "Bo", "All done.")] {
        for plate in of_stop(plates, stop) {
            worker.plate(plate, "handed over.");
            let tail = &plate[12..];
            worker.handheld.wait_for(&format!("{tail} handed over."));
        }
        worker
            .handheld
            .wait_for(&format!("Stop {stop}: who received it?"));
        worker.write(receiver);
        worker.key(ENTER, then);
    }
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

/// What is where, added up again from what the journal says happened, by no rule of the product's own.
fn recount(journal: &Journal) -> Vec<String> {
    type Books = BTreeMap<(String, String), i64>;
    fn add(books: &mut Books, place: &str, goods: &Goods, quantity: Quantity, sign: i64) {
        let place = place.trim_start_matches("bin:");
        let sum = books
            .entry((place.to_owned(), goods.item.to_string()))
            .or_default();
        *sum += sign * quantity.thousandths() / 1000;
    }
    // What was there in the morning.
    let mut books = Books::from([(("A-01-01".to_owned(), "BOLT".to_owned()), 5)]);
    for entry in journal.read().entries_since(0).unwrap() {
        let mut moved = |from: &str, to: &str, goods: &Goods, quantity: Quantity| {
            add(&mut books, from, goods, quantity, -1);
            add(&mut books, to, goods, quantity, 1);
        };
        match &entry.fact {
            Fact::Received {
                goods,
                quantity,
                bin,
                ..
            }
            | Fact::Returned {
                goods,
                quantity,
                bin,
                ..
            } => {
                moved("outside", bin.as_str(), goods, *quantity);
            }
            Fact::PutAway {
                goods,
                quantity,
                from,
                to,
                ..
            } => {
                moved(from.as_str(), to.as_str(), goods, *quantity);
            }
            Fact::Taken {
                goods,
                quantity,
                from,
                into,
                ..
            } => {
                moved(from.as_str(), &into.to_string(), goods, *quantity);
            }
            Fact::Put {
                goods,
                quantity,
                from,
                to,
                ..
            } => {
                moved(&from.to_string(), to.as_str(), goods, *quantity);
            }
            Fact::Picked {
                goods,
                quantity,
                bin,
                into,
                ..
            } => {
                moved(bin.as_str(), &into.to_string(), goods, *quantity);
            }
            Fact::Dropped { bin, goods, .. } => {
                for (goods, quantity, from) in goods {
                    moved(&from.to_string(), bin.as_str(), goods, *quantity);
                }
            }
            Fact::Packed {
                goods,
                quantity,
                from,
                ..
            } => moved(from.as_str(), "packed", goods, *quantity),
            Fact::Loaded { goods, .. } => goods
                .iter()
                .for_each(|(goods, quantity)| moved("packed", "truck", goods, *quantity)),
            Fact::Delivered { goods, .. } => goods
                .iter()
                .for_each(|(goods, quantity)| moved("truck", "outside", goods, *quantity)),
            Fact::BinCounted { bin, counted, .. } => {
                // It differed by few, and so the office believed it.
                books.retain(|(place, _), _| place != bin.as_str());
                counted.iter().for_each(|(goods, quantity)| {
                    add(&mut books, bin.as_str(), goods, *quantity, 1);
                });
            }
            Fact::Undone { .. } => panic!("nothing was taken back this day"),
            _ => {}
        }
    }
    books.retain(|(place, _), sum| *sum != 0 && place != "outside");
    books
        .into_iter()
        .map(|((place, item), sum)| format!("{place} {item} {sum}"))
        .collect()
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
    assert_eq!(stock(data, home), recount(&journal));
    // By hand, from the day itself: 5 bolts there, 60 in, 30 out, 2 back. 40 nuts in, 10 out, 5 counted away.
    let bolts: u32 = wanted().map(|(_, bolts, _)| bolts).sum();
    assert_eq!(bolts, 30);
    let said = [
        "A-01-01 BOLT 10",
        "B-01-01 BOLT 25",
        "B-01-02 NUT 25",
        "RECV-01 BOLT 2",
    ];
    assert_eq!(stock(data, home), said);
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
    let mut handheld = rig::enrol(home, &data, &address, &mut scanner, (40, 24));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Next task");
    let mut worker = Worker {
        handheld,
        scanner,
        last: String::new(),
    };
    receive_and_put_away(&mut worker);
    rig::import(&data, &home.join("noon"), NOON);
    fill_the_faces(&mut worker);
    rig::import(&data, &home.join("orders"), &orders());
    rig::office(&data, &["plan-wave", "--warehouse", "W1"]);
    worker.handheld.wait_for("PICK CART-3");
    worker.handheld.wait_for("TOUR SHP-1");
    worker.key(ENTER, "Scan a tote for:");
    // The signal is gone until the truck stands at its first stop.
    office.kill();
    worker.handheld.wait_for("OFFLINE");
    pick_three_carts_one_line_short(&mut worker);
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
