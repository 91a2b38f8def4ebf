//! Regression on what drives demand: price, promotion, season. The logarithm of demand is explained by all series
//! together, then by what each group (store, brand) and each series does differently, each drawn towards the whole as far
//! as it has little to say for itself. What is left over is smoothed into a level.

use super::pool::{Method, within};
use super::series::{Asked, Series};
use super::sums::{mean, median, number, solve};
use super::trial::Trial;
use std::collections::{BTreeMap, HashMap};

/// How strongly what all do alike, what a group does and what a series does are drawn towards nothing, in rows of evidence.
const PULL: [f64; 3] = [5.0, 60.0, 100.0];
/// Of more drivers than these, no two are looked at together.
const PAIRED: usize = 5;
/// So many kinds of groups are looked at.
const KINDS: usize = 3;
/// How fast the level follows.
const SPEED: f64 = 0.12;

const HALF: f64 = 0.5;

/// Lets the regression speak in the trials of all series whose drivers are planned.
pub fn add(series: &[Series], trials: &mut [Trial], asked: Asked) {
    let planned: Vec<usize> = (0..series.len())
        .filter(|at| series[*at].is_planned(asked.horizon))
        .collect();
    if planned.is_empty() {
        return;
    }
    let of: Vec<&Series> = planned.iter().map(|at| &series[*at]).collect();
    let features = Features::of(&of, asked);
    let now: Vec<Option<usize>> = of.iter().map(|series| Some(series.demand.len())).collect();
    let said = features.fit(&of, &now, asked);
    for (at, said) in planned.iter().zip(said) {
        trials[*at].now.said[Method::Drivers as usize] = said;
    }
    for back in 0..super::trial::ORIGINS {
        let cuts: Vec<Option<usize>> = planned
            .iter()
            .map(|at| Some(trials[*at].past.get(back)?.at))
            .collect();
        if cuts.iter().all(Option::is_none) {
            break;
        }
        let said = features.fit(&of, &cuts, asked);
        for (at, said) in planned.iter().zip(said) {
            if let Some(origin) = trials[*at].past.get_mut(back) {
                origin.said[Method::Drivers as usize] = said;
            }
        }
    }
}

/// What may explain demand: per series a row a period, of past and horizon.
struct Features {
    width: usize,
    rows: Vec<Vec<f64>>,
    /// Per kind of group, which series belong together.
    groups: Vec<Vec<Vec<usize>>>,
}

impl Features {
    fn of(series: &[&Series], asked: Asked) -> Self {
        let drivers = series[0].drivers.len();
        let logged: Vec<bool> = (0..drivers)
            .map(|driver| {
                series
                    .iter()
                    .all(|series| series.drivers[driver].iter().all(|value| *value > 0.0))
            })
            .collect();
        let own: Vec<Vec<f64>> = series
            .iter()
            .map(|series| own(series, &logged, asked))
            .collect();
        let groups = groups(series);
        let beside: Vec<Vec<Vec<f64>>> = groups
            .iter()
            .map(|groups| others(series, &own, groups, drivers))
            .collect();
        let waves = if asked.season >= 4 { 4 } else { 0 };
        let paired = if drivers <= PAIRED { drivers } else { 0 };
        let pairs = paired * paired.saturating_sub(1) / 2;
        let width = drivers * (2 + groups.len()) + pairs + waves;
        let row = |at: usize| {
            let reach = series[at].demand.len() + asked.horizon;
            let mut rows = Vec::with_capacity(reach * width);
            for period in 0..reach {
                let now = &own[at][period * drivers..][..drivers];
                rows.extend_from_slice(now);
                rows.extend_from_slice(&own[at][period.saturating_sub(1) * drivers..][..drivers]);
                for beside in &beside {
                    rows.extend_from_slice(&beside[at][period * drivers..][..drivers]);
                }
                for one in 0..paired {
                    rows.extend((one + 1..drivers).map(|other| now[one] * now[other]));
                }
                if waves > 0 {
                    let when = (series[at].first + i64::try_from(period).unwrap_or(0))
                        .rem_euclid(i64::try_from(asked.season).unwrap_or(1));
                    let turn = std::f64::consts::TAU * f64::from(i32::try_from(when).unwrap_or(0))
                        / number(asked.season);
                    rows.extend([
                        turn.sin(),
                        turn.cos(),
                        (2.0 * turn).sin(),
                        (2.0 * turn).cos(),
                    ]);
                }
            }
            rows
        };
        let rows = (0..series.len()).map(row).collect();
        Self {
            width,
            rows,
            groups,
        }
    }

    /// The forecasts of all series as known when only so many periods of each had passed; empty where none.
    fn fit(&self, series: &[&Series], cuts: &[Option<usize>], asked: Asked) -> Vec<Vec<f64>> {
        let (centre, size) = self.scales(series, cuts);
        let mut left: Vec<Vec<f64>> = series
            .iter()
            .zip(cuts)
            .map(|(series, cut)| left_over(series, cut.unwrap_or(0)))
            .collect();
        let standard = |at: usize, period: usize| -> Vec<f64> {
            let row = &self.rows[at][period * self.width..][..self.width];
            row.iter()
                .zip(centre[at].iter().zip(&size))
                .map(|(value, (centre, size))| (value - centre) / size)
                .collect()
        };
        let mut effect: Vec<Vec<f64>> = vec![vec![0.0; self.width]; series.len()];
        let everyone = vec![(0..series.len()).collect::<Vec<_>>()];
        let each: Vec<Vec<usize>> = (0..series.len()).map(|at| vec![at]).collect();
        let mut stages = vec![(&everyone, PULL[0])];
        stages.extend(self.groups.iter().map(|groups| (groups, PULL[1])));
        stages.push((&each, PULL[2]));
        for (sets, pull) in stages {
            for set in sets {
                let more = self.explain(set, series, &left, &standard, pull);
                for at in set {
                    for (period, left) in left[*at].iter_mut().enumerate() {
                        let explained: f64 = standard(*at, period)
                            .iter()
                            .zip(&more)
                            .map(|(value, more)| value * more)
                            .sum();
                        *left -= explained;
                    }
                    for (effect, more) in effect[*at].iter_mut().zip(&more) {
                        *effect += more;
                    }
                }
            }
        }
        let smear = smear(&left, series, cuts);
        let ahead = |at: usize| {
            let Some(cut) = cuts[at] else {
                return Vec::new();
            };
            let level = level(&left[at], &series[at].seen);
            let past = &series[at].demand[..cut];
            let most = 5.0 * past.iter().copied().fold(0.0, f64::max);
            let usual = centre_of(series[at], cut);
            (cut..cut + asked.horizon)
                .map(|period| {
                    let explained: f64 = standard(at, period)
                        .iter()
                        .zip(&effect[at])
                        .map(|(value, effect)| value * effect)
                        .sum();
                    within(
                        (usual + level + explained).exp() * smear - offset(past),
                        most,
                    )
                })
                .collect()
        };
        (0..series.len()).map(ahead).collect()
    }

    /// Per series the mean of each feature, and over all how far it usually lies from there.
    fn scales(&self, series: &[&Series], cuts: &[Option<usize>]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let mut size = vec![1e-6; self.width];
        let mut count = 1e-6;
        let mut centres = Vec::new();
        for ((rows, series), cut) in self.rows.iter().zip(series).zip(cuts) {
            let seen: Vec<&[f64]> = rows
                .chunks(self.width)
                .take(cut.unwrap_or(0))
                .zip(&series.seen)
                .filter(|(_, seen)| **seen)
                .map(|(row, _)| row)
                .collect();
            let centre: Vec<f64> = (0..self.width)
                .map(|col| seen.iter().map(|row| row[col]).sum::<f64>() / number(seen.len().max(1)))
                .collect();
            for row in &seen {
                for ((size, value), centre) in size.iter_mut().zip(*row).zip(&centre) {
                    *size += (value - centre).powi(2);
                }
            }
            count += number(seen.len());
            centres.push(centre);
        }
        (
            centres,
            size.iter()
                .map(|size| (size / count).sqrt().max(1e-6))
                .collect(),
        )
    }

    /// What explains best what is left over in a set of series.
    fn explain(
        &self,
        set: &[usize],
        series: &[&Series],
        left: &[Vec<f64>],
        standard: &impl Fn(usize, usize) -> Vec<f64>,
        pull: f64,
    ) -> Vec<f64> {
        let mut matrix = vec![vec![0.0; self.width]; self.width];
        let mut right = vec![0.0; self.width];
        for at in set {
            for (period, left) in left[*at]
                .iter()
                .enumerate()
                .filter(|(period, _)| series[*at].seen[*period])
            {
                let row = standard(*at, period);
                for (one, value) in row.iter().enumerate() {
                    right[one] += value * left;
                    for (cell, other) in matrix[one].iter_mut().zip(&row) {
                        *cell += value * other;
                    }
                }
            }
        }
        for (at, row) in matrix.iter_mut().enumerate() {
            row[at] += pull;
        }
        solve(matrix, right)
    }
}

/// A series' own drivers: of prices the logarithm of how far they lie from the usual one.
fn own(series: &Series, logged: &[bool], asked: Asked) -> Vec<f64> {
    let reach = series.demand.len() + asked.horizon;
    let usual: Vec<f64> = series
        .drivers
        .iter()
        .map(|row| median(&row[..series.demand.len()]))
        .collect();
    let mut rows = Vec::with_capacity(reach * logged.len());
    for period in 0..reach {
        for ((row, logged), usual) in series.drivers.iter().zip(logged).zip(&usual) {
            rows.push(if *logged {
                (row[period] / usual).ln()
            } else {
                row[period]
            });
        }
    }
    rows
}

/// Per kind of group with at least two groups and some company in them, who belongs together.
fn groups(series: &[&Series]) -> Vec<Vec<Vec<usize>>> {
    let kinds = series[0].groups.len();
    let of_kind = |kind: usize| {
        let mut sets = BTreeMap::<&str, Vec<usize>>::new();
        for (at, series) in series.iter().enumerate() {
            sets.entry(series.groups[kind].as_str())
                .or_default()
                .push(at);
        }
        sets.into_values().collect::<Vec<_>>()
    };
    (0..kinds)
        .map(of_kind)
        .filter(|sets| sets.len() > 1 && sets.len() * 2 <= series.len())
        .take(KINDS)
        .collect()
}

/// The mean of the drivers of the others in the same group in the same period: what stands beside it on the shelf.
fn others(
    series: &[&Series],
    own: &[Vec<f64>],
    groups: &[Vec<usize>],
    drivers: usize,
) -> Vec<Vec<f64>> {
    let mut beside: Vec<Vec<f64>> = own.iter().map(|rows| vec![0.0; rows.len()]).collect();
    for set in groups {
        let mut sums = HashMap::<i64, (f64, Vec<f64>)>::new();
        let when = |at: usize, period: usize| series[at].first + i64::try_from(period).unwrap_or(0);
        for at in set {
            for (period, row) in own[*at].chunks(drivers).enumerate() {
                let (count, sum) = sums
                    .entry(when(*at, period))
                    .or_insert_with(|| (0.0, vec![0.0; drivers]));
                *count += 1.0;
                sum.iter_mut()
                    .zip(row)
                    .for_each(|(sum, value)| *sum += value);
            }
        }
        for at in set {
            for (period, row) in own[*at].chunks(drivers).enumerate() {
                let (count, sum) = &sums[&when(*at, period)];
                if *count > 1.0 {
                    for driver in 0..drivers {
                        beside[*at][period * drivers + driver] =
                            (sum[driver] - row[driver]) / (count - 1.0);
                    }
                }
            }
        }
    }
    beside
}

/// Keeps the logarithm of nothing within reach.
fn offset(past: &[f64]) -> f64 {
    0.02 * mean(past) + 1e-9
}

fn centre_of(series: &Series, cut: usize) -> f64 {
    let offset = offset(&series.demand[..cut]);
    let logs: Vec<f64> = series.demand[..cut]
        .iter()
        .zip(&series.seen)
        .filter(|(_, seen)| **seen)
        .map(|(value, _)| (value + offset).ln())
        .collect();
    mean(&logs)
}

/// The logarithm of demand, from its mean.
fn left_over(series: &Series, cut: usize) -> Vec<f64> {
    let (offset, centre) = (offset(&series.demand[..cut]), centre_of(series, cut));
    series.demand[..cut]
        .iter()
        .map(|value| (value + offset).ln() - centre)
        .collect()
}

/// How much more the mean is than what is usual: an exponent of errors that cancel out does not cancel out (Duan 1983). Half
/// of it: promotions past are no promise.
fn smear(left: &[Vec<f64>], series: &[&Series], cuts: &[Option<usize>]) -> f64 {
    let (mut came, mut fitted) = (0.0, 0.0);
    for ((left, series), cut) in left.iter().zip(series).zip(cuts) {
        let past = &series.demand[..cut.unwrap_or(0)];
        let offset = offset(past);
        for (value, left) in past.iter().zip(left) {
            came += value + offset;
            fitted += (value + offset) / left.clamp(-20.0, 20.0).exp();
        }
    }
    if fitted > 0.0 {
        (came / fitted).clamp(0.5, 2.0).powf(HALF)
    } else {
        1.0
    }
}

/// What is left over, smoothed: how far the level has moved from its mean.
fn level(left: &[f64], seen: &[bool]) -> f64 {
    let mut level = 0.0;
    for (left, _) in left.iter().zip(seen).filter(|(_, seen)| **seen) {
        level += SPEED * (left - level);
    }
    level
}
