//! How long it takes to follow goods, as the ledger grows: random lots and receipts, forward and backward, in histories of
//! 10,000, 100,000 and 1,000,000 moves over three warehouses and five levels of making. `STOCKHAND_DATABASE` names an empty
//! PostgreSQL database to do the same on one; arguments are other sizes.

#![allow(dead_code)]

#[path = "../tests/all/office_trace/history.rs"]
mod history;

use history::{Care, History, Token, item_name, warehouse};
use std::time::{Duration, Instant};
use stockhand::office::trace::{Asked, Grouping};
use stockhand::office::{Address, Office};

const QUESTIONS: usize = 500;

fn main() {
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|size| size.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![10_000, 100_000, 1_000_000]
    } else {
        sizes
    };
    let address = std::env::var("STOCKHAND_DATABASE").ok();
    for care in [Care::Exact, Care::Sloppy] {
        for &size in &sizes {
            run(size, care, address.as_deref());
        }
    }
}

fn run(size: usize, care: Care, address: Option<&str>) {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("office.db");
    let office = match address {
        Some(address) => {
            let address = Address::read(address).expect("an address");
            Office::connect(&address, &file).expect("a server")
        }
        None => Office::open(&file).expect("a database"),
    };
    let mut history = History::new(size as u64, care);
    history.until(size);
    let began = Instant::now();
    history.store(&office);
    let how = match care {
        Care::Exact => "every lot read",
        Care::Sloppy => "lots mixed and not read",
    };
    println!("{size} moves, {how} (stored in {:.0?})", began.elapsed());
    let (mut forward, mut backward) = (Vec::new(), Vec::new());
    let (mut longest, mut met) = (0, 0);
    for _ in 0..QUESTIONS {
        let number = history.dice.below(history.tokens.len());
        let (goods, here) = match &history.tokens[number] {
            Token::Lot(item) => {
                let lot = format!("L{number}").parse().expect("a lot");
                (
                    Grouping::Lot(item_name(*item).parse().expect("an item"), lot),
                    None,
                )
            }
            Token::Receipt(here, order) => {
                let order = order.parse().expect("an order");
                (Grouping::Order(order), Some(warehouse(*here)))
            }
        };
        let mut asked = Asked {
            goods,
            forward: true,
            until: None,
            warehouse: here,
        };
        for times in [&mut forward, &mut backward] {
            let began = Instant::now();
            let traced = office.trace(&asked).expect("an answer");
            times.push(began.elapsed());
            longest = longest.max(traced.goods.len());
            met += traced.goods.len();
            asked.forward = false;
        }
    }
    report("forward", &mut forward);
    report("backward", &mut backward);
    println!(
        "  goods met by a question: {} on average, {longest} at most",
        met / QUESTIONS / 2
    );
    if address.is_some() {
        office
            .database()
            .write(|tx| {
                for sql in [
                    "DELETE FROM moves",
                    "DELETE FROM received",
                    "DELETE FROM orders",
                    "DELETE FROM warehouses",
                ] {
                    tx.run(sql, &[])?;
                }
                Ok::<(), stockhand::office::DatabaseError>(())
            })
            .expect("an empty office");
    }
}

fn report(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "  {name:<9} median {:>9.2?}  p95 {:>9.2?}  p99 {:>9.2?}  longest {:>9.2?}",
        at(50),
        at(95),
        at(99),
        at(100)
    );
}
