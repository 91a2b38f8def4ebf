//! How long it takes to read and check GS1 element strings as a warehouse sees them, all rules on.
//! The mix: half goods with date, lot and serial; pallets with contents, plates alone, weighed goods, locations.

use std::hint::black_box;
use std::time::Instant;
use stockhand::scan::gs1::{Rules, parse};

const STRINGS: usize = 100_000;
const RUNS: usize = 9;

/// Numbers that look random and are the same in every run (SplitMix64).
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
    let strings: Vec<String> = (0..STRINGS).map(|_| dice.string()).collect();
    let bytes: usize = strings.iter().map(String::len).sum();
    let mut elements = 0;
    for text in &strings {
        elements += parse(text.as_bytes(), Rules::STRICT)
            .expect("all of them are good")
            .len();
    }
    let mut runs: Vec<f64> = (0..RUNS).map(|_| nanoseconds(&strings)).collect();
    runs.sort_by(f64::total_cmp);
    let (median, least, most) = (runs[RUNS / 2], runs[0], runs[RUNS - 1]);
    println!(
        "{STRINGS} strings, {} bytes and {:.1} elements each",
        bytes / STRINGS,
        elements as f64 / STRINGS as f64
    );
    println!(
        "read and checked: {median:.0} ns a string (median of {RUNS}; {least:.0} to {most:.0})"
    );
}

fn nanoseconds(strings: &[String]) -> f64 {
    let start = Instant::now();
    for text in strings {
        let read = parse(black_box(text.as_bytes()), Rules::STRICT);
        assert!(black_box(read).is_ok());
    }
    start.elapsed().as_secs_f64() * 1e9 / strings.len() as f64
}
