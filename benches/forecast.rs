//! Forecasts of 1,000 items over five years of months: every method, tried at every earlier moment, with bounds. Prints the
//! time an item; then how good forecasts of the excerpts in `tests/forecast` would have been.

use std::hint::black_box;
use std::time::Instant;
use stockhand::office::forecast::{Sheet, all, back_test};
use stockhand::planning::forecast::{Asked, Series};

const ITEMS: u32 = 1_000;
const MONTHS: u32 = 60;

/// Items that sell often and seldom, with and without a season, the same every time.
fn items() -> Vec<Series> {
    let mut state: u32 = 7;
    let mut roll = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 16) / 65_536.0
    };
    let mut item = |number: u32| {
        let seldom = f64::from(number % 4) / 4.0;
        let month = |at: u32| {
            let season = 1.0 + 0.3 * (f64::from(at) * std::f64::consts::TAU / 12.0).sin();
            if roll() < seldom {
                0.0
            } else {
                (100.0 * season * (0.5 + roll())).round()
            }
        };
        let demand: Vec<f64> = (0..MONTHS).map(month).collect();
        Series::plain(&format!("ITEM-{number}"), &demand)
    };
    (0..ITEMS).map(&mut item).collect()
}

fn main() {
    let items = items();
    let asked = Asked {
        horizon: 12,
        season: 12,
    };
    let start = Instant::now();
    black_box(all(&items, asked));
    let took = start.elapsed();
    let each = took / ITEMS;
    println!(
        "{ITEMS} items of {MONTHS} months: {took:.2?}, {each:.2?} an item; 10,000 would take {:.1?}",
        each * 10_000
    );
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forecast/");
    for (name, horizon, season) in [
        ("monthly", 18, 12),
        ("weekly", 8, 52),
        ("intermittent", 13, 1),
    ] {
        let asked = Asked { horizon, season };
        let file = std::fs::File::open(format!("{folder}{name}.csv"))
            .expect("the excerpts are in the repository");
        let sheet =
            Sheet::read(file, None::<std::fs::File>, asked).expect("the excerpts are good sheets");
        println!(
            "\n{name}, {horizon} ahead, three times\n{}",
            back_test(&sheet.series, asked, 3)
        );
    }
}
