//! Methods for demand with many periods of none: Croston 1972, its correction by Syntetos and Boylan 2005, Teunter,
//! Syntetos and Babai 2011, and averages over longer buckets (ADIDA, IMAPA).

use super::smooth::fitted_level;
use super::sums::{mean, number, whole};

/// Sizes of demand and the periods between, smoothed apart; both only move when something is wanted.
pub fn croston(demand: &[f64], speed: f64) -> f64 {
    let (mut size, mut gap): (Option<f64>, f64) = (None, 0.0);
    let mut since = 1.0;
    for value in demand {
        if *value <= 0.0 {
            since += 1.0;
            continue;
        }
        match &mut size {
            None => (size, gap) = (Some(*value), since),
            Some(size) => {
                *size += speed * (value - *size);
                gap += speed * (since - gap);
            }
        }
        since = 1.0;
    }
    size.map_or(0.0, |size| size / gap)
}

/// [`croston`] without its upward bias.
pub fn sba(demand: &[f64], speed: f64) -> f64 {
    (1.0 - speed / 2.0) * croston(demand, speed)
}

/// The chance of demand, smoothed every period, times its size, smoothed when there is some: what is wanted no more
/// fades away.
pub fn tsb(demand: &[f64], speed: f64, chance_speed: f64) -> f64 {
    let wanted = |value: &&f64| **value > 0.0;
    let Some(first) = demand.iter().find(wanted) else {
        return 0.0;
    };
    let early = &demand[..demand.len().min(13)];
    let mut chance = number(early.iter().filter(wanted).count()) / number(early.len());
    let mut size = *first;
    for value in demand {
        if *value > 0.0 {
            size += speed * (value - size);
            chance += chance_speed * (1.0 - chance);
        } else {
            chance -= chance_speed * chance;
        }
    }
    chance * size
}

/// Buckets as long as the mean gap between demands, smoothed, spread evenly over their periods.
pub fn adida(demand: &[f64]) -> f64 {
    bucketed(demand, mean_gap(demand))
}

/// The mean over all bucket lengths from one period to the mean gap.
pub fn imapa(demand: &[f64]) -> f64 {
    let longest = mean_gap(demand);
    let all: Vec<f64> = (1..=longest)
        .map(|length| bucketed(demand, length))
        .collect();
    mean(&all)
}

/// The mean number of periods from one demand to the next, rounded, at least 1 and at most 26.
fn mean_gap(demand: &[f64]) -> usize {
    let times = demand.iter().filter(|value| **value > 0.0).count();
    let first = demand.iter().position(|value| *value > 0.0).unwrap_or(0);
    let gap = number(demand.len() - first) / number(times.max(1));
    whole(gap.round()).clamp(1, 26)
}

/// The oldest periods that fill no bucket are left out.
fn bucketed(demand: &[f64], length: usize) -> f64 {
    let spare = demand.len() % length;
    let buckets: Vec<f64> = demand[spare..]
        .chunks(length)
        .map(|bucket| bucket.iter().sum())
        .collect();
    fitted_level(&buckets) / number(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-9
    }

    /// By hand: sizes 3, then 3 + 0.1·(5 − 3) = 3.2; gaps 2, then 2 + 0.1·(3 − 2) = 2.1.
    #[test]
    fn croston_smooths_sizes_and_gaps_apart() {
        let demand = [0.0, 3.0, 0.0, 0.0, 5.0, 0.0];
        assert!(near(croston(&demand, 0.1), 3.2 / 2.1));
        assert!(near(sba(&demand, 0.1), 0.95 * 3.2 / 2.1));
        assert!(near(croston(&[0.0, 0.0], 0.1), 0.0));
    }

    /// By hand: the chance starts at 1 of 2, then 0.5 − 0.1·0.5 = 0.45, then 0.45 + 0.1·0.55 = 0.505; the size stays 4.
    #[test]
    fn tsb_smooths_the_chance_every_period() {
        assert!(near(tsb(&[0.0, 4.0], 0.2, 0.1), 0.505 * 4.0));
        let long: Vec<f64> = [4.0, 4.0].into_iter().chain([0.0; 60]).collect();
        assert!(
            tsb(&long, 0.2, 0.1) < 0.02,
            "what is wanted no more fades away"
        );
        assert!(near(tsb(&[0.0; 5], 0.2, 0.1), 0.0));
    }

    #[test]
    fn buckets_as_long_as_the_gap_are_even() {
        let demand: Vec<f64> = (0..30)
            .map(|at| if at % 3 == 2 { 6.0 } else { 0.0 })
            .collect();
        assert_eq!(mean_gap(&demand[2..]), 3);
        assert!(near(adida(&demand), 2.0));
        assert!(imapa(&demand) > 1.0 && imapa(&demand) < 3.0);
    }

    /// The Python package statsforecast says the same; with buckets, whose speed is fitted otherwise, nearly.
    #[test]
    fn a_sparse_series_is_forecast_as_statsforecast_does() {
        let demand = [
            0.0, 3.0, 0.0, 0.0, 5.0, 0.0, 2.0, 0.0, 0.0, 0.0, 4.0, 1.0, 0.0, 6.0, 0.0, 0.0, 0.0,
            2.0, 0.0, 3.0,
        ];
        assert!((croston(&demand, 0.1) - 1.361_596_37).abs() < 1e-8);
        assert!((sba(&demand, 0.1) - 1.293_516_55).abs() < 1e-8);
        assert!(
            (adida(&demand) - 1.376_574).abs() < 0.15,
            "{}",
            adida(&demand)
        );
        assert!(
            (imapa(&demand) - 1.284_103).abs() < 0.15,
            "{}",
            imapa(&demand)
        );
    }
}
