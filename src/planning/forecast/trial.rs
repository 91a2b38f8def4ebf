//! The back-test: what every method would have said at earlier moments of a series, beside what came.

use super::classes::Class;
use super::pool::{Method, forecasts};
use super::series::{Asked, Series};
use super::sums::mean;

/// What was forecast at one moment.
#[derive(Clone, Debug)]
pub struct Origin {
    /// How many periods had passed.
    pub at: usize,
    /// By method, in the order of [`Method::ALL`]; the last is empty where drivers are not known.
    pub said: Vec<Vec<f64>>,
}

/// A series' back-test and what its methods say of the future.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What kind of demand it has.
    pub class: Class,
    /// Its usual error: of the plain method of its kind, one period ahead. Above 0.
    pub scale: f64,
    /// Earlier moments, the latest first.
    pub past: Vec<Origin>,
    /// Now.
    pub now: Origin,
}

/// At most so many earlier moments are tried.
pub const ORIGINS: usize = 5;

impl Trial {
    /// Tries every plain method. The cost grows with the length of the history, up to ten seasons of it.
    pub fn of(series: &Series, asked: Asked) -> Self {
        let look = |at: usize| {
            let mut said = forecasts(&series.demand[..at], asked);
            said.push(Vec::new());
            Origin { at, said }
        };
        Self {
            class: Class::of(&series.demand),
            scale: scale(&series.demand, asked.season),
            past: origins(series.demand.len(), asked)
                .into_iter()
                .map(look)
                .collect(),
            now: look(series.demand.len()),
        }
    }
}

impl Trial {
    /// Whether it speaks with knowledge of what drives the series.
    pub fn is_driven(&self) -> bool {
        !self.now.said[Method::Drivers as usize].is_empty()
    }
}

/// The earlier moments to look from: half a horizon apart, as long as enough history is left before them.
pub fn origins(periods: usize, asked: Asked) -> Vec<usize> {
    let step = asked.horizon.div_ceil(2);
    let season = if asked.season <= 24 {
        2 * asked.season
    } else {
        asked.season
    };
    let enough = season.max(4).min(periods / 2).max(2);
    (1..=ORIGINS)
        .filter_map(|back| periods.checked_sub(back * step))
        .filter(|at| *at >= enough)
        .collect()
}

/// The mean absolute step of the series, a season back where there is one: what errors are measured in.
pub fn scale(demand: &[f64], season: usize) -> f64 {
    let back = if demand.len() > season {
        season.max(1)
    } else {
        1
    };
    let steps: Vec<f64> = demand
        .iter()
        .skip(back)
        .zip(demand)
        .map(|(now, then)| (now - then).abs())
        .collect();
    let steps = mean(&steps);
    if steps > 0.0 {
        steps
    } else {
        mean(demand).max(1e-9)
    }
}

/// One thing that was said of one period, and what came.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// How many periods ahead, from 0.
    pub step: usize,
    /// What came.
    pub came: f64,
}

/// What came after an origin, as far as it is known and was really seen.
pub fn came<'a>(
    series: &'a Series,
    origin: &'a Origin,
    horizon: usize,
) -> impl Iterator<Item = Point> + 'a {
    (0..horizon)
        .map(|step| (step, origin.at + step))
        .take_while(|(_, at)| *at < series.demand.len())
        .filter(|(_, at)| series.seen[*at])
        .map(|(step, at)| Point {
            step,
            came: series.demand[at],
        })
}
