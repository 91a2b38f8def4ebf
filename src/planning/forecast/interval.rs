//! How far off a forecast may be: bounds from what the same way of forecasting missed by in the back-test (split conformal
//! prediction), not from a bell curve.

use super::choose::{Weights, combined};
use super::series::{Asked, Series};
use super::sums::{mean, number, quantile};
use super::trial::{Origin, Trial, came};

/// The usual miss of one series: of the whole back-test, and without each origin, to judge that origin fairly.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    all: f64,
    without: Vec<f64>,
}

/// What the bounds of a kind of series are made with.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The mean miss in units of a series' scale.
    typical: f64,
    /// How much wider each further period is.
    growth: f64,
    /// How many usual misses lie below and above the mean, of bounds that hold four times in five.
    often: (f64, f64),
    /// Of bounds that hold nineteen times in twenty.
    nearly: (f64, f64),
}

/// A lower and an upper bound, per period.
pub type Bounds = Vec<(f64, f64)>;

/// So many points of a series' own weigh as much as what is typical of its kind.
const TRUST: f64 = 30.0;

/// One miss of the back-test, in units of what was usual.
struct Miss(f64);

impl Spread {
    /// Measures the misses of a kind of series under its weights. With no back-test at all, a bell curve must do.
    pub fn measure(of: &[(&Series, &Trial)], weights: &Weights, asked: Asked) -> Self {
        let mut spread = Self {
            typical: 1.0,
            growth: 0.05,
            often: (1.6, 1.6),
            nearly: (2.45, 2.45),
        };
        let (typical, growth) = typical(of, weights, asked);
        let Some(typical) = typical else {
            return spread;
        };
        (spread.typical, spread.growth) = (typical, growth);
        let mut misses = Vec::new();
        for (series, trial) in of {
            let usual = spread.usual(series, trial, weights, asked);
            for (origin, usual) in trial.past.iter().zip(&usual.without) {
                if !is_telling(series, trial, origin) {
                    continue;
                }
                let said = combined(weights, &origin.said, asked.horizon);
                let units = spread.units(*usual, &said);
                for point in came(series, origin, asked.horizon) {
                    misses.push(Miss((point.came - said[point.step]) / units[point.step]));
                }
            }
        }
        spread.often = factors(&misses, 0.8);
        spread.nearly = factors(&misses, 0.95);
        // Bounds that hold more often are never closer.
        spread.nearly.0 = spread.nearly.0.max(spread.often.0);
        spread.nearly.1 = spread.nearly.1.max(spread.often.1);
        spread
    }

    /// A series' usual miss, drawn towards what is typical of its kind.
    pub fn usual(&self, series: &Series, trial: &Trial, weights: &Weights, asked: Asked) -> Usual {
        let sums: Vec<(f64, f64)> = trial
            .past
            .iter()
            .map(|origin| missed(series, origin, weights, asked, self.growth))
            .collect();
        let total = sums
            .iter()
            .fold((0.0, 0.0), |all, sum| (all.0 + sum.0, all.1 + sum.1));
        let drawn =
            |sum: f64, count: f64| (sum + TRUST * self.typical * trial.scale) / (count + TRUST);
        Usual {
            all: drawn(total.0, total.1),
            without: sums
                .iter()
                .map(|sum| drawn(total.0 - sum.0, total.1 - sum.1))
                .collect(),
        }
    }

    /// The bounds around a forecast, four times in five and nineteen times in twenty. None is negative or crosses the mean.
    pub fn around(&self, usual: &Usual, mean: &[f64]) -> (Bounds, Bounds) {
        let units = self.units(usual.all, mean);
        let bounds = |(below, above): (f64, f64)| {
            let bound =
                |(mean, unit): (&f64, &f64)| ((mean - below * unit).max(0.0), mean + above * unit);
            mean.iter().zip(&units).map(bound).collect()
        };
        (bounds(self.often), bounds(self.nearly))
    }

    /// What is usual at each step: more further ahead, and more where more is expected.
    fn units(&self, usual: f64, said: &[f64]) -> Vec<f64> {
        let middle = mean(said).max(1e-12);
        let unit = |(step, said): (usize, &f64)| {
            let more = (0.25 + 0.75 * said / middle).min(16.0).sqrt();
            (usual * (1.0 + self.growth * number(step)) * more).max(1e-12)
        };
        said.iter().enumerate().map(unit).collect()
    }
}

/// Whether an origin knew nearly as much as is known now: with less history, more is missed than will be.
fn is_telling(series: &Series, trial: &Trial, origin: &Origin) -> bool {
    let latest = trial.past.first().map_or(0, |latest| latest.at);
    origin.at == latest || number(origin.at) >= 0.75 * number(series.demand.len())
}

/// The sum of what was missed from one origin, each as if one period ahead, and of how many.
fn missed(
    series: &Series,
    origin: &Origin,
    weights: &Weights,
    asked: Asked,
    growth: f64,
) -> (f64, f64) {
    let said = combined(weights, &origin.said, asked.horizon);
    came(series, origin, asked.horizon).fold((0.0, 0.0), |(sum, count), point| {
        let miss = (point.came - said[point.step]).abs();
        (
            sum + miss / (1.0 + growth * number(point.step)),
            count + 1.0,
        )
    })
}

/// The typical miss one period ahead in units of scale, and its growth a period: a straight line through all.
fn typical(of: &[(&Series, &Trial)], weights: &Weights, asked: Asked) -> (Option<f64>, f64) {
    let mut by_step = vec![(0.0, 0.0); asked.horizon];
    for (series, trial) in of {
        for origin in &trial.past {
            let said = combined(weights, &origin.said, asked.horizon);
            for point in came(series, origin, asked.horizon) {
                let seen = &mut by_step[point.step];
                seen.0 += (point.came - said[point.step]).abs() / trial.scale;
                seen.1 += 1.0;
            }
        }
    }
    let half = by_step.len().div_ceil(2);
    let part = |steps: &[(f64, f64)]| {
        let (sum, count) = steps
            .iter()
            .fold((0.0, 0.0), |all, step| (all.0 + step.0, all.1 + step.1));
        (count > 0.0).then(|| sum / count)
    };
    let Some(near) = part(&by_step[..half]) else {
        return (None, 0.0);
    };
    let far = part(&by_step[half..]).unwrap_or(near);
    let slope = ((far - near) / number(half)).max(0.0);
    let first = (near - slope * number(half - 1) / 2.0).max(near / 2.0);
    (
        Some(first),
        if first > 0.0 {
            (slope / first).min(1.0)
        } else {
            0.0
        },
    )
}

/// How far down and up the bounds must reach to hold for this part of all misses; as lopsided as the misses are.
fn factors(misses: &[Miss], part: f64) -> (f64, f64) {
    let mut sorted: Vec<f64> = misses.iter().map(|miss| miss.0).collect();
    sorted.sort_by(f64::total_cmp);
    let tail = (1.0 - part) / 2.0;
    let below = (-quantile(&sorted, tail)).max(0.05);
    let above = quantile(&sorted, 1.0 - tail).max(0.05);
    let ratio = (above / below).clamp(0.25, 4.0);
    let mut needed: Vec<f64> = sorted
        .iter()
        .map(|miss| (-miss).max(miss / ratio))
        .collect();
    needed.sort_by(f64::total_cmp);
    let reach = quantile(&needed, part);
    (reach, reach * ratio)
}
