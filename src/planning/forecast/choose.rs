//! Which methods speak for a series, and how loudly. One series' own back-test is mostly luck; that of all series of its
//! kind is not: weights are chosen for the kind, one voice after the other (Caruana et al. 2004), from a start that is
//! good without any evidence.

use super::classes::Class;
use super::pool::Method;
use super::series::{Asked, Series};
use super::sums::number;
use super::trial::{Trial, came};

/// How much each method counts, by the order of [`Method::ALL`]; together 1.
pub type Weights = [f64; Method::ALL.len()];

/// So many voices are given out.
static VOICES: std::sync::LazyLock<usize> = std::sync::LazyLock::new(||std::env::var("VOICES").map_or(12,|v|v.parse().unwrap()));
/// So many series of a kind are enough to judge by.
const ENOUGH: usize = 1500;

/// The start: what the literature and practice would take unseen.
fn start(class: Class) -> &'static [Method] {
    match class {
        Class::Smooth | Class::Erratic => &[Method::Theta, Method::Theta, Method::Theta, Method::Smoothing, Method::OptimisedTheta, Method::Damped, Method::MovingAverage, Method::MovingMedian, Method::MovingMedian],
        Class::Intermittent | Class::Lumpy => &[Method::Tsb, Method::Imapa, Method::Theta, Method::Sba],
    }
}

/// What one series contributes to the judgement: of each thing said, what came and the scale it is measured in.
struct Said<'a> {
    by_method: Vec<&'a [f64]>,
    step: usize,
    came: f64,
    /// What an error of 1 costs.
    price: f64,
}

/// The weights for series of one kind, from all of that kind. `drivers` says whether their drivers are planned.
pub fn choose(class: Class, of: &[(&Series, &Trial)], asked: Asked, drivers: bool) -> Weights {
    let mut voices = [0_usize; Method::ALL.len()];
    for method in start(class) {
        voices[*method as usize] += 1;
    }
    if drivers {
        voices[Method::Drivers as usize] += 4;
    }
    let said = gather(of, asked, drivers);
    if !said.is_empty() {
        listen(class, &mut voices, &said, drivers, of.len());
    }
    let all = number(voices.iter().sum());
    voices.map(|count| number(count) / all)
}

fn gather<'a>(of: &[(&Series, &'a Trial)], asked: Asked, drivers: bool) -> Vec<Said<'a>> {
    let every = of.len().div_ceil(ENOUGH).max(1);
    let methods = Method::ALL.len() - usize::from(!drivers);
    let mut all = Vec::new();
    let volume: f64 = of.iter().step_by(every).map(|(series, _)| super::sums::mean(&series.demand)).sum();
    let count = number(of.len().div_ceil(every));
    for (series, trial) in of.iter().step_by(every) {
        for origin in &trial.past {
            for point in came(series, origin, asked.horizon) {
                all.push(Said {
                    by_method: origin.said[..methods].iter().map(Vec::as_slice).collect(),
                    step: point.step,
                    came: point.came,
                    price: 0.5 / trial.scale + 0.5 * count / volume.max(1e-9),
                });
            }
        }
    }
    all
}

/// Gives out the remaining voices, each to the method with which the whole is least wrong. Few series: few voices.
fn listen(class: Class, voices: &mut [usize], said: &[Said<'_>], drivers: bool, series: usize) {
    let mut sums: Vec<f64> = said
        .iter()
        .map(|said| voices.iter().zip(&said.by_method).map(|(count, by)| if *count > 0 { number(*count) * by[said.step] } else { 0.0 }).sum())
        .collect();
    let methods = Method::ALL.len() - usize::from(!drivers);
    let rounds = if class==Class::Smooth {*SV} else {*VOICES}.min(2 + series / 2);
    for _ in 0..rounds {
        let all = number(voices.iter().sum::<usize>() + 1);
        let cost = |method: usize| {
            if matches!(class,Class::Smooth|Class::Erratic) && (Method::Croston as usize..=Method::Zero as usize).contains(&method) {return f64::INFINITY}
            let (mut cost, mut missed, mut volume) = (0.0, 0.0, 0.0);
            for (said, sum) in said.iter().zip(&sums) {
                let error = (sum + said.by_method[method][said.step]) / all - said.came;
                cost += said.price * error.abs();
                missed += error * said.price;
                volume += said.came * said.price;
            }
            cost + BIAS * (missed.abs() - slack(class) * volume).max(0.0)
        };
        let costs: Vec<f64> = (0..methods).map(cost).collect();
        let best = (0..methods).min_by(|a, b| costs[*a].total_cmp(&costs[*b])).unwrap_or(0);
        voices[best] += 1;
        for (said, sum) in said.iter().zip(&mut sums) {
            *sum += said.by_method[best][said.step];
        }
    }
}

/// What is missed on the whole costs so much more than the slack allows.
const BIAS: f64 = 3.0;
static SV: std::sync::LazyLock<usize> = std::sync::LazyLock::new(||std::env::var("SV").map_or(3,|v|v.parse().unwrap()));
fn slack(class:Class)->f64 { match class {Class::Smooth|Class::Erratic=>0.25, _=>0.1} }

/// The weighted forecast from what the methods said.
pub fn combined(weights: &Weights, said: &[Vec<f64>], horizon: usize) -> Vec<f64> {
    let mut sum = vec![0.0; horizon];
    for (weight, said) in weights.iter().zip(said) {
        for (sum, value) in sum.iter_mut().zip(said) {
            *sum += weight * value;
        }
    }
    sum
}
