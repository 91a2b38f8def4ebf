//! The plain methods: the last value, the value a season ago, and averages. Hard to beat, and what the others are held
//! against.

use super::sums::{mean, median};

/// The last value, again and again; 0 of nothing.
pub fn naive(demand: &[f64], horizon: usize) -> Vec<f64> {
    vec![demand.last().copied().unwrap_or(0.0); horizon]
}

/// The value one season ago; [`naive`] while there is no whole season.
pub fn seasonal_naive(demand: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let Some(start) = demand.len().checked_sub(season.max(1)) else {
        return naive(demand, horizon);
    };
    let last = &demand[start..];
    (0..horizon)
        .map(|step| last.get(step % season.max(1)).copied().unwrap_or(0.0))
        .collect()
}

/// The mean of the last `window` values.
pub fn moving_average(demand: &[f64], window: usize, horizon: usize) -> Vec<f64> {
    vec![mean(recent(demand, window)); horizon]
}

/// The median of the last `window` values: what is usual, whatever a promotion did in between.
pub fn moving_median(demand: &[f64], window: usize, horizon: usize) -> Vec<f64> {
    vec![median(recent(demand, window)); horizon]
}

/// For each coming period the mean of the same period in all seasons so far; [`moving_average`] of all while there is no
/// whole season.
pub fn seasonal_average(demand: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let (n, season) = (demand.len(), season.max(1));
    if n < season {
        return moving_average(demand, n, horizon);
    }
    let same = |step: usize| {
        let first = (n + step) % season;
        let same: Vec<f64> = demand[first..].iter().step_by(season).copied().collect();
        mean(&same)
    };
    (0..horizon).map(same).collect()
}

/// How many periods count as recent: a whole season where that is short, else a quarter of weeks.
pub fn window(season: usize) -> usize {
    if (2..=26).contains(&season) {
        season
    } else {
        13
    }
}

fn recent(demand: &[f64], window: usize) -> &[f64] {
    &demand[demand.len().saturating_sub(window.max(1))..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_and_the_last_season_are_repeated() {
        let demand = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(naive(&demand, 2), [5.0, 5.0]);
        assert_eq!(seasonal_naive(&demand, 3, 4), [3.0, 4.0, 5.0, 3.0]);
        assert_eq!(seasonal_naive(&demand, 6, 1), [5.0]);
        assert_eq!(naive(&[], 1), [0.0]);
    }

    #[test]
    fn averages_are_of_what_they_say() {
        let demand = [1.0, 2.0, 3.0, 4.0, 9.0];
        assert_eq!(moving_average(&demand, 2, 1), [6.5]);
        assert_eq!(moving_median(&demand, 3, 1), [4.0]);
        // Position 5 of a season of 2 is an odd one: 2 and 4; then 1, 3 and 9.
        assert_eq!(seasonal_average(&demand, 2, 2), [3.0, 13.0 / 3.0]);
        assert_eq!(seasonal_average(&demand, 9, 1), [3.8]);
    }
}
