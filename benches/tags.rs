//! SGTIN-96 from hex to GTIN and serial number, single thread, all seven partitions: ours beside the least that any
//! decoder must do. Prints nanoseconds a tag, the median of eleven runs, and fails if ours allocates.

// Bits are cut out by masks, and averages are for people.
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]

use std::hint::black_box;
use std::time::Instant;
use stockhand::scan::{Epc, RawEpc};

const TAGS: usize = 100_000;
const RUNS: usize = 11;
/// Bits of the prefix, and digits of prefix and reference, by partition.
const PARTITIONS: [(u32, u32, u32); 7] = [
    (40, 12, 1),
    (37, 11, 2),
    (34, 10, 3),
    (30, 9, 4),
    (27, 8, 5),
    (24, 7, 6),
    (20, 6, 7),
];

/// Tags of all partitions, most of them with prefixes of seven digits, the same every time.
fn tags() -> Vec<String> {
    let mut state: u64 = 7;
    let mut roll = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u128::from(state % bound)
    };
    (0..TAGS)
        .map(|i| {
            let partition = [0, 1, 2, 3, 4, 5, 5, 5, 5, 6][i % 10];
            let (bits, prefix, reference) = PARTITIONS[partition];
            let value = 0x30 << 88
                | roll(4) << 85
                | (partition as u128) << 82
                | roll(10u64.pow(prefix)) << (82 - bits)
                | roll(10u64.pow(reference)) << 38
                | roll(1 << 38);
            format!("{value:024X}")
        })
        .collect()
}

/// As a warehouse needs it: the GTIN with its check digit, and the serial number.
fn ours(hex: &str) -> (u64, u64) {
    let epc = RawEpc::from_hex(hex).and_then(|raw| Epc::decode(&raw));
    let epc = epc.expect("a good tag");
    let gtin = epc.gtin().expect("an SGTIN");
    (
        black_box(gtin).number(),
        epc.serial_number().expect("it has one"),
    )
}

/// No checks but that of the table: what it costs to read hex, shift, multiply and sum.
fn floor(hex: &str) -> (u64, u64) {
    let mut value: u128 = 0;
    for digit in hex.bytes() {
        value = value << 4 | u128::from((digit & 15) + (digit >> 6) * 9);
    }
    let part = |from: u32, bits: u32| (value >> from) as u64 & ((1 << bits) - 1);
    let (bits, prefix_digits, digits) = PARTITIONS[part(82, 3) as usize];
    let (prefix, reference) = (part(82 - bits, bits), part(38, 44 - bits));
    let unit = 10u64.pow(digits - 1);
    let body = (reference / unit) * 10u64.pow(prefix_digits + digits - 1)
        + prefix * unit
        + reference % unit;
    let (mut left, mut sum) = (body, 0);
    while left > 0 {
        sum += left % 10 * 3 + left / 10 % 10;
        left /= 100;
    }
    (body * 10 + (10 - sum % 10) % 10, part(0, 38))
}

/// Nanoseconds a tag.
fn measured(tags: &[String], decode: fn(&str) -> (u64, u64)) -> f64 {
    let mut runs: Vec<f64> = (0..RUNS)
        .map(|_| {
            let began = Instant::now();
            for tag in tags {
                black_box(decode(black_box(tag)));
            }
            began.elapsed().as_secs_f64() * 1e9 / TAGS as f64
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs[RUNS / 2]
}

fn main() {
    let tags = tags();
    for tag in &tags {
        assert_eq!(ours(tag), floor(tag), "{tag}");
    }
    let allocated = allocation_counter::measure(|| {
        for tag in &tags {
            black_box(ours(black_box(tag)));
        }
    });
    assert_eq!(allocated.count_total, 0, "decoding must not allocate");
    let (floor, ours) = (measured(&tags, floor), measured(&tags, ours));
    println!(
        "SGTIN-96, hex to GTIN and serial: {ours:.1} ns; least work {floor:.1} ns; {TAGS} tags, no allocation"
    );
}
