//! An RFID reader floods the handheld with 1,500 reads a second of 5,000 tags while a barcode is scanned every second.
//! Printed are the memory after the first minute and at the end, and the time from a label's last byte to the changed
//! screen, its fact on disk in both copies in between, with and without the flood.
//!
//! `cargo bench --bench flood -- 600` floods for ten minutes; without a number for twenty seconds. A second number is the
//! seconds between two scans: what a pick remembers of its scans, and what the flood leaves behind, can be told apart by it.

#![allow(dead_code)]

#[path = "../tests/all/terminal/rig.rs"]
mod rig;

use rig::{Handheld, Scanner, Serving};
use serialport::{SerialPort, TTYPort};
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use stockhand::scan::Epc;

const READS_A_SECOND: usize = 1500;
const TAGS: usize = 5000;
/// The reader sends that often.
const ROUND: Duration = Duration::from_millis(20);
/// F4 and what is third there: tags.
const READ_TAGS: &str = "\u{1b}OS3";

fn main() {
    let mut asked = std::env::args().filter_map(|word| word.parse::<u32>().ok());
    let seconds = asked.next().unwrap_or(20).max(10);
    let pause = asked.next().unwrap_or(1).clamp(1, seconds / 4);
    let count = usize::try_from(seconds / pause).expect("a number of scans");
    let quiet = count.min(60);
    let wanted = count + quiet;
    let home = tempfile::tempdir().expect("a folder");
    let (home, data) = (home.path(), home.path().join("office"));
    rig::import(&data, home, &sheets(wanted + 1));
    let office = Serving::start(&data, "127.0.0.1:0");
    let mut scanner = Scanner::new();
    let mut handheld = rig::enrol(home, &data, &office.address, &mut scanner, (30, 20));
    handheld.leave();
    let reader = FloodingReader::start();
    let devices = format!(
        "[[port]]\ndevice = \"{}\"\n[[reader]]\ndevice = \"{}\"\nprofile = \"tsl\"\n",
        scanner.device(),
        reader.device
    );
    let mut handheld = Handheld::start_configured(home, &devices, (30, 20));
    begin(&mut handheld, &mut scanner);
    let mut scans = Scans {
        handheld: &mut handheld,
        scanner: &mut scanner,
        done: 0,
        wanted: wanted + 1,
        pause: Duration::from_secs(1),
    };
    let mut without = scans.run(quiet, |_| ());
    reader.flows.store(true, Ordering::Relaxed);
    let began = Instant::now();
    scans.pause = Duration::from_secs(pause.into());
    let minute = Duration::from_secs(60.min(seconds / 2).into());
    let (id, mut early) = (scans.handheld.id(), None);
    let mut with = scans.run(count, |_| {
        if early.is_none() && began.elapsed() >= minute {
            early = Some(resident_kib(id));
        }
    });
    let took = began.elapsed().as_secs();
    let sent = reader.sent.load(Ordering::Relaxed);
    println!(
        "{sent} reads of {TAGS} tags in {took} s: {} a second",
        sent / took.max(1)
    );
    let early = early.unwrap_or_default();
    println!(
        "resident: {early} KiB after {minute:?}, {} KiB at the end",
        resident_kib(id)
    );
    report("scan to screen without the flood", &mut without);
    report("scan to screen within the flood", &mut with);
    handheld.leave();
}

/// From the sign-in to the goods of the only line.
fn begin(handheld: &mut Handheld, scanner: &mut Scanner) {
    handheld.sign_in(scanner);
    handheld.wait_for("Next task");
    handheld.keys("1");
    handheld.wait_for("Go to, scan bin:");
    scanner.scan("A-01-01");
    handheld.wait_for("Take from A-01-01");
}

/// Barcodes, one a second, while tags are read.
struct Scans<'a> {
    handheld: &'a mut Handheld,
    scanner: &'a mut Scanner,
    done: usize,
    wanted: usize,
    /// Between two scans.
    pause: Duration,
}

impl Scans<'_> {
    fn run(&mut self, count: usize, mut each: impl FnMut(usize)) -> Vec<Duration> {
        let mut times = Vec::new();
        for scan in 1..=count {
            self.handheld.keys(READ_TAGS);
            self.handheld.wait_for("Enter Confirm");
            self.handheld
                .look_for(self.pause.saturating_sub(Duration::from_millis(40)));
            self.done += 1;
            let label = ["]E09506000134352", "]E09506000134369"][self.done % 2];
            let began = Instant::now();
            self.scanner.scan(label);
            self.handheld
                .wait_for(&format!(" {} of {}", self.done, self.wanted));
            times.push(began.elapsed());
            each(scan);
        }
        times
    }
}

/// A reader that sends whether it is asked to or not, as one does whose trigger is held.
struct FloodingReader {
    device: String,
    flows: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
    // Held open: the port is lost when it is not.
    _wire: TTYPort,
}

impl FloodingReader {
    fn start() -> Self {
        let (port, wire) = TTYPort::pair().expect("a pseudo-terminal");
        let answers = port.try_clone_native().expect("the same port");
        let (flows, sent) = (Arc::default(), Arc::default());
        let (stream, count) = (Arc::clone(&flows), Arc::clone(&sent));
        std::thread::spawn(move || flood(port, &stream, &count));
        std::thread::spawn(move || answer(answers));
        Self {
            device: wire.name().expect("it has a name"),
            flows,
            sent,
            _wire: wire,
        }
    }
}

fn answer(mut port: TTYPort) {
    port.set_timeout(Duration::from_secs(3600))
        .expect("a time-out");
    let mut bytes = [0; 256];
    while let Ok(len @ 1..) = port.read(&mut bytes) {
        if bytes[..len].windows(3).any(|it| it == b".vr") {
            port.write_all(b"CS: .vr\r\nMF: TSL\r\nUS: 1128\r\nOK:\r\n\r\n")
                .expect("it is read");
        }
    }
}

fn flood(mut port: TTYPort, flows: &AtomicBool, sent: &AtomicU64) {
    port.set_timeout(Duration::from_secs(60))
        .expect("a time-out");
    let lines = lines();
    let (mut due, mut next) = (Instant::now(), 0);
    loop {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        due += ROUND;
        if !flows.load(Ordering::Relaxed) {
            continue;
        }
        let reads = READS_A_SECOND * 20 / 1000;
        let round: String = (0..reads)
            .map(|at| lines[(next + at) % TAGS].as_str())
            .collect();
        next += reads;
        let round = format!("CS: .iv -r on\r\n{round}OK:\r\n\r\n");
        if port.write_all(round.as_bytes()).is_err() {
            return;
        }
        sent.fetch_add(reads as u64, Ordering::Relaxed);
    }
}

/// What the reader says of each tag: every other one is of what is picked, the rest of fifty other items.
fn lines() -> Vec<String> {
    let line = |tag: usize| {
        let item = if tag.is_multiple_of(2) {
            13435
        } else {
            tag % 50
        };
        let uri = format!("urn:epc:tag:sgtin-96:1.9506000.0{item:05}.{tag}");
        let raw = Epc::from_tag_uri(&uri).and_then(|epc| epc.encode());
        format!("EP: {}\r\nRI: -{}\r\n", raw.expect("an EPC"), 40 + tag % 30)
    };
    (0..TAGS).map(line).collect()
}

/// The pages that a process has in memory, in KiB.
fn resident_kib(id: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/statm")).expect("it runs");
    let pages = text
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.expect("a number of pages") * 4
}

fn sheets(count: usize) -> Vec<(&'static str, String)> {
    let bins =
        "warehouse,code,zone,kind,sequence\nW1,A-01-01,A,pick_face,1\nW1,PACK-01,P,packing,9\n";
    let people = "warehouse,code,name,badge,pin,role\nW1,P1,Picker 1,BADGE-101,1101,picker\n";
    let order = "warehouse,order,customer,line,item,quantity\nW1,SO-1,C,1,BOLT,";
    vec![
        ("warehouses.csv", "code,name\nW1,Main\n".to_owned()),
        (
            "items.csv",
            "code,name,unit\nBOLT,Hex bolt,each\n".to_owned(),
        ),
        (
            "barcodes.csv",
            "code,item,holds\n09506000134352,BOLT,1\n09506000134369,BOLT,1\n".to_owned(),
        ),
        ("bins.csv", bins.to_owned()),
        ("workers.csv", people.to_owned()),
        (
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,9000\n".to_owned(),
        ),
        ("orders.csv", format!("{order}{count}\n")),
    ]
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let percentile = |percent: usize| times[(times.len() - 1) * percent / 100];
    let (median, high, worst) = (percentile(50), percentile(99), percentile(100));
    println!("{what}: median {median:?}, 99th {high:?}, worst {worst:?}");
}
