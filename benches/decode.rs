//! How long it takes to read and check GS1 element strings as a warehouse sees them, all rules on.
//! The mix: half goods with date, lot and serial; pallets with contents, plates alone, weighed goods, locations.

// Averages for people: nobody reads the fifteenth digit.
#![allow(clippy::cast_precision_loss)]

use std::hint::black_box;
use std::time::Instant;
use stockhand::scan::gs1::{Rules, parse};

const STRINGS: usize = 100_000;
const RUNS: usize = 9;

/// Numbers that look random and are the same in every run (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    fn text(&mut self, least: u64, most: u64) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
        let len = least + self.below(most - least + 1);
        let letter = |dice: &mut Self| LETTERS[usize::try_from(dice.below(37)).expect("below 37")];
        (0..len).map(|_| char::from(letter(self))).collect()
    }

    fn date(&mut self) -> String {
        let (y, m, d) = (26 + self.below(4), 1 + self.below(12), 1 + self.below(28));
        format!("{y:02}{m:02}{d:02}")
    }

    /// A key of so many digits, its check digit right.
    fn key(&mut self, first: &str, digits: usize) -> String {
        const PREFIXES: [&str; 4] = ["0614141", "4012345", "5901234", "9521234"];
        let prefix = PREFIXES[usize::try_from(self.below(4)).expect("below four")];
        let body = format!(
            "{first}{prefix}{:0>1$}",
            self.below(90_000) + 10_000,
            digits - 8 - first.len()
        );
        let check = stockhand::warehouse::check_digit(body.as_bytes());
        format!("{body}{check}")
    }

    fn string(&mut self) -> String {
        let gtin = self.key("0", 14);
        match self.below(20) {
            0..10 => format!(
                "01{gtin}17{}10{}\u{1d}21{}",
                self.date(),
                self.text(4, 10),
                self.text(6, 14)
            ),
            10..14 => {
                let (date, lot, count) = (self.date(), self.text(4, 12), 1 + self.below(998));
                format!(
                    "02{gtin}17{date}10{lot}\u{1d}37{count}\u{1d}00{}",
                    self.key("3", 18)
                )
            }
            14..16 => format!("00{}", self.key("3", 18)),
            16..18 => {
                let (date, lot, count) = (self.date(), self.text(4, 12), 1 + self.below(9_998));
                format!(
                    "02{gtin}15{date}10{lot}\u{1d}37{count}\u{1d}00{}",
                    self.key("3", 18)
                )
            }
            18 => format!(
                "01{gtin}3103{:06}11{}10{}",
                self.below(30_000),
                self.date(),
                self.text(4, 10)
            ),
            _ => format!("414{}254{}", self.key("", 13), self.text(3, 12)),
        }
    }
}

fn main() {
    let mut dice = Dice(20_261_123);
    // One text, as a file of scans is, so that the memory's speed is not what is measured.
    let all: String = (0..STRINGS).map(|_| dice.string() + "\n").collect();
    let strings: Vec<&str> = all.lines().collect();
    let bytes = all.len() - STRINGS;
    let mut elements = 0;
    for text in &strings {
        elements += parse(text.as_bytes(), Rules::STRICT)
            .expect("all of them are good")
            .len();
    }
    println!(
        "{STRINGS} strings, {} bytes and {:.1} elements each",
        bytes / STRINGS,
        elements as f64 / STRINGS as f64
    );
    let ours = |text: &str| parse(black_box(text.as_bytes()), Rules::STRICT).is_ok();
    let least = |text: &str| floor(black_box(text.as_bytes())).is_some();
    let (ours, least) = (medians(&strings, ours), medians(&strings, least));
    println!("read and checked:               {ours}");
    println!("by hand, these identifiers only: {least}");
}

/// Times both ways of reading, a run of each in turn.
fn medians(strings: &[&str], reads: impl Fn(&str) -> bool) -> String {
    let once = || {
        let start = Instant::now();
        assert!(strings.iter().all(|text| black_box(reads(text))));
        start.elapsed().as_secs_f64() * 1e9 / strings.len() as f64
    };
    let mut runs: Vec<f64> = (0..RUNS).map(|_| once()).collect();
    runs.sort_by(f64::total_cmp);
    let (median, least, most) = (runs[RUNS / 2], runs[0], runs[RUNS - 1]);
    format!("{median:.0} ns a string (median of {RUNS}; {least:.0} to {most:.0})")
}

/// The limit: the same strings, read by code that knows these identifiers alone and nothing of what goes together.
fn floor(data: &[u8]) -> Option<usize> {
    let (mut at, mut count) = (0, 0);
    while at < data.len() {
        let (ai, key, most) = match data.get(at..at + 2)? {
            b"00" => (2, true, 18),
            b"01" | b"02" => (2, true, 14),
            b"11" | b"15" | b"17" => (2, false, 6),
            b"31" => (4, false, 6),
            b"41" => (3, true, 13),
            b"10" | b"21" | b"37" => (2, false, 0),
            _ => (3, false, 0),
        };
        at += ai;
        if most == 0 {
            let end = data[at..]
                .iter()
                .position(|&byte| byte == 0x1d)
                .map_or(data.len(), |len| at + len);
            let plain = |byte: &u8| matches!(byte, b'!'..=b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z');
            if end == at || end - at > 20 || !data[at..end].iter().all(plain) {
                return None;
            }
            at = end + 1;
        } else {
            let value = data.get(at..at + most)?;
            let sum: u32 = value
                .iter()
                .rev()
                .zip([1, 3].into_iter().cycle())
                .map(|(b, w)| u32::from(b & 15) * w)
                .sum();
            if !value.iter().all(u8::is_ascii_digit)
                || (key && !sum.is_multiple_of(10))
                || (!key && most == 6 && value[2] > b'1' && ai == 2)
            {
                return None;
            }
            at += most;
        }
        count += 1;
    }
    Some(count)
}
