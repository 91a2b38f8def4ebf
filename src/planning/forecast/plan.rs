//! From the trials of all series to their forecasts.

use super::average::window;
use super::choose::{Weights, choose, combined};
use super::classes::Class;
use super::drivers;
use super::interval::{Bounds, Spread};
use super::pool::within;
use super::reason::Reason;
use super::series::{Asked, Series};
use super::trial::Trial;

/// What is expected of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The series' name.
    pub id: String,
    /// What kind of demand it has.
    pub class: Class,
    /// What is expected, per coming period: finite and not negative.
    pub mean: Vec<f64>,
    /// Lower and upper bounds between which four of five values come.
    pub often: Bounds,
    /// Bounds between which nineteen of twenty come; never inside the others.
    pub nearly: Bounds,
    /// How much each method counts.
    pub weights: Weights,
    /// Why.
    pub reason: Reason,
}

/// So few series of a kind are judged with all others.
const FEW: usize = 8;

/// The forecasts of all series, in their order, from their trials; where drivers are planned, these are added to them.
pub fn forecast(series: &[Series], trials: &mut [Trial], asked: Asked) -> Vec<Forecast> {
    drivers::add(series, trials, asked);
    let trials = &*trials;
    let all: Vec<(&Series, &Trial)> = series.iter().zip(trials).collect();
    let mut found: Vec<Option<Forecast>> = vec![None; all.len()];
    for class in Class::ALL {
        for planned in [false, true] {
            let is_one = |(_, trial): &&(&Series, &Trial)| {
                trial.class == class && trial.is_driven() == planned
            };
            let alike: Vec<_> = all.iter().filter(is_one).copied().collect();
            if alike.is_empty() {
                continue;
            }
            let judges = judges(&all, &alike, planned);
            let weights = choose(class, &judges, asked, planned);
            let spread = Spread::measure(&judges, &weights, asked);
            for (slot, (series, trial)) in found.iter_mut().zip(&all) {
                if trial.class == class && trial.is_driven() == planned {
                    *slot = Some(one(series, trial, &weights, &spread, asked));
                }
            }
        }
    }
    found.into_iter().flatten().collect()
}

/// Those by whose back-test a kind is judged: its own, or where they are few, all that know as much.
fn judges<'a>(
    all: &[(&'a Series, &'a Trial)],
    alike: &[(&'a Series, &'a Trial)],
    planned: bool,
) -> Vec<(&'a Series, &'a Trial)> {
    if alike.len() >= FEW {
        return alike.to_vec();
    }
    all.iter()
        .filter(|(_, trial)| trial.is_driven() == planned)
        .copied()
        .collect()
}

fn one(
    series: &Series,
    trial: &Trial,
    weights: &Weights,
    spread: &Spread,
    asked: Asked,
) -> Forecast {
    let mean = combined(weights, &trial.now.said, asked.horizon);
    let mean: Vec<f64> = mean
        .into_iter()
        .map(|value| within(value, f64::MAX))
        .collect();
    let usual = spread.usual(series, trial, weights, asked);
    let (often, nearly) = spread.around(&usual, &mean);
    let reason = Reason::of(series, trial.class, weights, &mean, window(asked.season));
    Forecast {
        id: series.id.clone(),
        class: trial.class,
        mean,
        often,
        nearly,
        weights: *weights,
        reason,
    }
}
