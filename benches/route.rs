//! How long it takes to find the shortest walk past the picks of the files in `tests/routing`, and to put 40 orders on carts.

use std::hint::black_box;
use std::time::{Duration, Instant};
use stockhand::planning::batch::{Cart, Order, Wave};
use stockhand::planning::route::{Instance, Layout, Point};

const RUNS: usize = 101;

fn main() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routing");
    let files = std::fs::read_dir(folder)
        .expect("the files are there")
        .flatten();
    let mut files: Vec<_> = files.map(|file| file.path()).collect();
    files.sort();
    let mut by_cross: [Vec<Duration>; 2] = Default::default();
    for path in &files {
        let json = std::fs::read(path).expect("the file is there");
        let instance = Instance::parse(&json).expect("it tells of a walk");
        let median = median(RUNS, || {
            black_box(black_box(&instance).solve().expect("there is a walk"));
        });
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        println!("{name}: {:.1} µs", micros(median));
        by_cross[usize::from(name.starts_with('T'))].push(median);
    }
    for (times, cross) in by_cross.iter_mut().zip([2, 3]) {
        times.sort();
        let (middle, most) = (times[times.len() / 2], times[times.len() - 1]);
        println!(
            "{cross} cross aisles: median {:.1} µs, most {:.1} µs",
            micros(middle),
            micros(most)
        );
    }
    carts();
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

/// 40 orders of one to six lines, carts of 16 lines, ten aisles of 32 metres; twelve times, as literature has it.
fn carts() {
    let layout = Layout::new((0..10).map(|x| x * 300).collect(), vec![0, 3200]).expect("a floor");
    let cart = Cart {
        lines: 16,
        totes: 16,
        volume_cm3: u64::MAX,
        weight_g: u64::MAX,
    };
    let depot = Point::new(1350, 0);
    let (mut times, mut ours, mut first) = (Vec::new(), 0, 0);
    for seed in 1..=12 {
        let orders = orders(seed);
        let wave = Wave {
            layout: &layout,
            start: depot,
            end: depot,
            cart,
            orders: &orders,
        };
        times.push(median(3, || {
            black_box(black_box(&wave).batches().expect("they fit"));
        }));
        ours += wave.batches().expect("they fit").length;
        first += wave.first_come().expect("they fit").length;
    }
    times.sort();
    println!(
        "40 orders on carts: median {:.1} ms, most {:.1} ms",
        micros(times[6]) / 1e3,
        micros(times[11]) / 1e3
    );
    let (ours, first) = (ours / 1200, first / 1200);
    println!("walked for them: {ours} m; first come, first served: {first} m");
}

fn orders(seed: u64) -> Vec<Order> {
    let mut state = seed;
    let mut below = |end: i32| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i32::try_from(state >> 33).expect("31 bits") % end
    };
    let mut order = || {
        let lines = 1 + below(6);
        let stops = (0..lines).map(|_| Point::new(below(10) * 300, 50 + below(32) * 100));
        Order {
            stops: stops.collect(),
            volume_cm3: 0,
            weight_g: 0,
        }
    };
    (0..40).map(|_| order()).collect()
}
