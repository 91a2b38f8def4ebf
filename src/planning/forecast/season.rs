//! The season in a series: classical decomposition, with indices drawn towards "no season" as far as noise explains them
//! (Miller and Williams 2003).

use super::sums::{mean, number};

/// How each period of the season differs from the usual.
#[derive(Clone, Debug, PartialEq)]
pub struct Season {
    /// By position in the season, position 0 being that of the first value: factors around 1, or amounts around 0.
    pub indices: Vec<f64>,
    /// Whether the indices are factors.
    pub factors: bool,
}

impl Season {
    /// The season of a history, or none: too short, or nothing but noise. Factors where every value is positive and
    /// factors are asked for.
    pub fn of(demand: &[f64], length: usize, factors: bool) -> Option<Self> {
        let n = demand.len();
        if length < 2 || n < 2 * length + length / 2 || (length > 24 && n < 3 * length) {
            return None;
        }
        let factors = factors && demand.iter().all(|value| *value > 0.0);
        let trend = centred(demand, length);
        let mut seen = vec![Vec::new(); length];
        for (at, level) in trend.iter().enumerate() {
            let at = at + length / 2;
            let differs = if factors {
                demand[at] / level
            } else {
                demand[at] - level
            };
            seen[at % length].push(differs);
        }
        let neutral = if factors { 1.0 } else { 0.0 };
        let mut indices: Vec<f64> = seen.iter().map(|seen| mean(seen)).collect();
        let shift = mean(&indices) - neutral;
        indices.iter_mut().for_each(|index| *index -= shift);
        let keep = kept(&seen, &indices, neutral);
        if keep <= 0.0 {
            return None;
        }
        for index in &mut indices {
            *index = neutral + keep * (*index - neutral);
            if factors {
                *index = index.max(0.05);
            }
        }
        Some(Self { indices, factors })
    }

    /// The history without its season.
    pub fn taken_out(&self, demand: &[f64]) -> Vec<f64> {
        let without = |(at, value): (usize, &f64)| {
            let index = self.index(at);
            if self.factors {
                value / index
            } else {
                value - index
            }
        };
        demand.iter().enumerate().map(without).collect()
    }

    /// Puts the season onto values of which the first stands at `at`, counted from the first of the history.
    pub fn put_back(&self, values: &mut [f64], at: usize) {
        for (step, value) in values.iter_mut().enumerate() {
            let index = self.index(at + step);
            *value = if self.factors {
                *value * index
            } else {
                *value + index
            };
        }
    }

    fn index(&self, at: usize) -> f64 {
        self.indices[at % self.indices.len()]
    }
}

/// The moving average over one season around each value; of an even season the ends count half.
fn centred(demand: &[f64], length: usize) -> Vec<f64> {
    let half = length / 2;
    let average = |at: usize| {
        let around = &demand[at - half..=at + half];
        let sum: f64 = around.iter().sum();
        if length % 2 == 1 {
            return sum / number(length);
        }
        (sum - f64::midpoint(around[0], around[2 * half])) / number(length)
    };
    (half..demand.len() - half).map(average).collect()
}

/// So much of a season that is not clean is gone when the next one comes.
const DRIFT: f64 = 0.25;

/// The share of the indices' spread that is not explained by noise, 0 to 1.
fn kept(seen: &[Vec<f64>], indices: &[f64], neutral: f64) -> f64 {
    let (mut squares, mut freedom, mut cycles) = (0.0, 0.0, 0.0);
    for (seen, index) in seen.iter().zip(indices) {
        squares += seen
            .iter()
            .map(|value| (value - index).powi(2))
            .sum::<f64>();
        freedom += number(seen.len().saturating_sub(1));
        cycles += 1.0 / number(seen.len().max(1));
    }
    let length = number(indices.len());
    if freedom < length / 2.0 {
        return 0.0;
    }
    let noise = squares / freedom * (cycles / length);
    let spread: f64 = indices
        .iter()
        .map(|index| (index - neutral).powi(2))
        .sum::<f64>()
        / (length - 1.0);
    if spread <= f64::EPSILON {
        return 0.0;
    }
    // A season that is not clean also drifts: the next one is nearer to none than the past ones were.
    let unclean = noise / spread;
    (1.0 - unclean).max(0.0) * (1.0 - DRIFT * (10.0 * unclean).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_season_is_found_whole_and_noise_is_none() {
        let demand: Vec<f64> = (0..24)
            .map(|at| 10.0 * [0.5, 1.0, 1.5, 1.0][at % 4])
            .collect();
        let season = Season::of(&demand, 4, true).unwrap();
        for (index, wanted) in season.indices.iter().zip([0.5, 1.0, 1.5, 1.0]) {
            assert!((index - wanted).abs() < 1e-9, "{season:?}");
        }
        assert!(
            season
                .taken_out(&demand)
                .iter()
                .all(|value| (value - 10.0).abs() < 1e-9)
        );
        let mut values = vec![10.0, 10.0];
        season.put_back(&mut values, 26);
        assert!((values[0] - 15.0).abs() < 1e-9 && (values[1] - 10.0).abs() < 1e-9);
        let noise = [
            3.0, 1.0, 2.0, 2.0, 1.0, 3.0, 2.0, 1.0, 2.0, 3.0, 1.0, 2.0, 2.0, 2.0, 3.0, 1.0,
        ];
        let drawn = Season::of(&noise, 4, true).map_or(vec![1.0], |season| season.indices);
        assert!(
            drawn.iter().all(|index| (index - 1.0).abs() < 0.1),
            "{drawn:?}"
        );
        let even = [
            1.0, 2.0, 2.0, 1.0, 2.0, 1.0, 1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0, 1.0, 1.0, 2.0,
        ];
        assert_eq!(Season::of(&even, 4, true), None);
    }

    #[test]
    fn a_history_with_zeros_has_amounts_not_factors() {
        let demand: Vec<f64> = (0..20).map(|at| [0.0, 4.0][at % 2]).collect();
        let season = Season::of(&demand, 2, true).unwrap();
        assert!(!season.factors);
        assert!((season.indices[1] - season.indices[0] - 4.0).abs() < 1e-9);
        assert_eq!(Season::of(&demand[..4], 2, true), None);
    }
}
