//! Which methods speak for a series, and how loudly. One series' own back-test is mostly luck; that of all series of its
//! kind is not: weights are chosen for the kind, one voice after the other (Caruana et al. 2004), from a start that is
//! good without any evidence.

use super::classes::Class;
use super::pool::Method;
use super::series::{Asked, Series};
use super::sums::{mean, number};
use super::trial::{Trial, came};

/// How much each method counts, by the order of [`Method::ALL`]; together 1.
pub type Weights = [f64; Method::ALL.len()];

/// What drives demand, where it is known, says more than all history: so many voices at the start.
const DRIVEN: usize = 8;
/// So many series of a kind are enough to judge by.
const ENOUGH: usize = 1500;

/// The start: what the literature and practice would take unseen.
fn start(class: Class) -> &'static [Method] {
    match class {
        Class::Smooth | Class::Erratic => &[
            Method::Theta,
            Method::Theta,
            Method::Theta,
            Method::Smoothing,
            Method::OptimisedTheta,
            Method::Damped,
            Method::MovingAverage,
            Method::MovingMedian,
            Method::MovingMedian,
        ],
        Class::Intermittent | Class::Lumpy => {
            &[Method::Tsb, Method::Imapa, Method::Theta, Method::Sba]
        }
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
    if drivers {
        voices[Method::Drivers as usize] = DRIVEN;
    } else {
        start(class)
            .iter()
            .for_each(|method| voices[*method as usize] += 1);
    }
    let said = gather(of, asked, drivers);
    if !said.is_empty() {
        listen(class, &mut voices, &said, rounds(class, drivers, of.len()));
    }
    let all = number(voices.iter().sum());
    voices.map(|count| number(count) / all)
}

fn gather<'a>(of: &[(&Series, &'a Trial)], asked: Asked, drivers: bool) -> Vec<Said<'a>> {
    let every = of.len().div_ceil(ENOUGH).max(1);
    let methods = Method::ALL.len() - usize::from(!drivers);
    let mut all = Vec::new();
    let volume: f64 = of
        .iter()
        .step_by(every)
        .map(|(series, _)| mean(&series.demand))
        .sum();
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

/// Gives out further voices, each to the method with which the whole is least wrong.
fn listen(class: Class, voices: &mut [usize], said: &[Said<'_>], rounds: usize) {
    let of = |said: &Said<'_>, voices: &[usize]| -> f64 {
        let heard = voices
            .iter()
            .zip(&said.by_method)
            .filter(|(count, _)| **count > 0);
        heard
            .map(|(count, by)| number(*count) * by[said.step])
            .sum()
    };
    let mut sums: Vec<f64> = said.iter().map(|said| of(said, voices)).collect();
    let methods = said[0].by_method.len();
    for _ in 0..rounds {
        let all = number(voices.iter().sum::<usize>() + 1);
        let cost = |method: usize| {
            let (mut cost, mut over, mut volume) = (0.0, 0.0, 0.0);
            for (said, sum) in said.iter().zip(&sums) {
                let error = (sum + said.by_method[method][said.step]) / all - said.came;
                cost += said.price * error.abs();
                over += said.price * error;
                volume += said.price * said.came;
            }
            cost + BIAS * (over.abs() - slack(class) * volume).max(0.0)
        };
        let costs = (0..methods)
            .filter(|method| may_speak(class, *method))
            .map(|method| (cost(method), method));
        let Some((_, best)) = costs.min_by(|a, b| a.0.total_cmp(&b.0)) else {
            return;
        };
        voices[best] += 1;
        for (said, sum) in said.iter().zip(&mut sums) {
            *sum += said.by_method[best][said.step];
        }
    }
}

/// Methods for many periods of none have nothing to say where there are few of them.
fn may_speak(class: Class, method: usize) -> bool {
    let often = matches!(class, Class::Smooth | Class::Erratic);
    let sparse = Method::Croston as usize..=Method::Zero as usize;
    !(often && sparse.contains(&method))
}

/// How many voices the back-test gives out. Where the start is good and the past much alike, few; one series alone
/// proves little.
fn rounds(class: Class, drivers: bool, series: usize) -> usize {
    let most = match class {
        _ if drivers => 4,
        Class::Smooth => 3,
        Class::Erratic | Class::Intermittent | Class::Lumpy => 12,
    };
    most.min(2 + series / 2)
}

/// What the whole is off by, beyond the slack, costs so many times an error of one.
const BIAS: f64 = 3.0;

/// How much the whole may be off, as a share of what is wanted. What is usual lies below the mean; where promotions are
/// not known, it is the better guess.
fn slack(class: Class) -> f64 {
    match class {
        Class::Smooth | Class::Erratic => 0.25,
        Class::Intermittent | Class::Lumpy => 0.05,
    }
}

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
