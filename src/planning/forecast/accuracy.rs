//! How good forecasts were, once it is known what came.

use super::interval::Bounds;
use super::series::{Asked, Series};
use super::sums::{mean, number};
use std::fmt;

/// Gathers forecasts and what came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accuracy {
    scaled: f64,
    seasonally: f64,
    series: usize,
    missed: f64,
    over: f64,
    came: f64,
    points: usize,
    often: usize,
    nearly: usize,
    bounded: bool,
}

impl Accuracy {
    /// Adds what was said of one series when `at` periods had passed. Values that were not really seen do not count, and
    /// a series that never moved has no scale.
    pub fn add(
        &mut self,
        series: &Series,
        at: usize,
        asked: Asked,
        said: &[f64],
        bounds: Option<(&Bounds, &Bounds)>,
    ) {
        let (mut missed, mut count) = (0.0, 0);
        for (step, said) in said.iter().enumerate() {
            let Some(came) = series
                .demand
                .get(at + step)
                .filter(|_| series.seen[at + step])
            else {
                continue;
            };
            count += 1;
            missed += (said - came).abs();
            self.over += said - came;
            self.came += came;
            if let Some((often, nearly)) = bounds {
                self.bounded = true;
                let within = |bounds: &Bounds| (bounds[step].0..=bounds[step].1).contains(came);
                self.often += usize::from(within(often));
                self.nearly += usize::from(within(nearly));
            }
        }
        self.missed += missed;
        self.points += count;
        let past = &series.demand[..at];
        if let (Some(step), Some(season)) = (moves(past, 1), moves(past, asked.season))
            && count > 0
        {
            self.scaled += missed / number(count) / step;
            self.seasonally += missed / number(count) / season;
            self.series += 1;
        }
    }

    /// Mean absolute error in units of the history's own step from one period to the next, averaged over series.
    pub fn mase(&self) -> f64 {
        self.scaled / number(self.series)
    }

    /// The same in units of the step from one season to the next.
    pub fn seasonal_mase(&self) -> f64 {
        self.seasonally / number(self.series)
    }

    /// All that was missed, as a share of all that came.
    pub fn wape(&self) -> f64 {
        self.missed / self.came
    }

    /// What was forecast too much (negative: too little), as a share of all that came.
    pub fn bias(&self) -> f64 {
        self.over / self.came
    }

    /// The shares of what came that lay between the bounds for four of five and for nineteen of twenty.
    pub fn coverage(&self) -> Option<(f64, f64)> {
        let share = |count: usize| number(count) / number(self.points);
        self.bounded
            .then(|| (share(self.often), share(self.nearly)))
    }
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seasonal, plain) = (self.seasonal_mase(), self.mase());
        let (wape, bias) = (self.wape(), self.bias());
        write!(f, "{seasonal:>8.3} {plain:>8.3} {wape:>8.3} {bias:>+8.3}")?;
        if let Some((often, nearly)) = self.coverage() {
            write!(f, " {:>6.1} % {:>6.1} %", often * 100.0, nearly * 100.0)?;
        }
        Ok(())
    }
}

fn moves(past: &[f64], back: usize) -> Option<f64> {
    let back = back.max(1);
    let steps: Vec<f64> = past
        .iter()
        .skip(back)
        .zip(past)
        .map(|(now, then)| (now - then).abs())
        .collect();
    Some(mean(&steps)).filter(|step| *step > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measures_are_what_a_hand_reckons() {
        let mut series = Series::plain("A", &[2.0, 4.0, 3.0, 5.0, 4.0, 8.0, 100.0]);
        series.seen[6] = false;
        let asked = Asked {
            horizon: 3,
            season: 2,
        };
        let mut accuracy = Accuracy::default();
        let often = vec![(3.0, 7.0); 3];
        accuracy.add(&series, 4, asked, &[5.0, 5.0, 5.0], Some((&often, &often)));
        // The steps were 2, 1 and 2; over a season of two, 1 and 1. Missed are 1 and 3.
        assert!((accuracy.mase() - 2.0 / (5.0 / 3.0)).abs() < 1e-12);
        assert!((accuracy.seasonal_mase() - 2.0).abs() < 1e-12);
        assert!((accuracy.wape() - 4.0 / 12.0).abs() < 1e-12);
        assert!((accuracy.bias() + 2.0 / 12.0).abs() < 1e-12);
        assert_eq!(accuracy.coverage(), Some((0.5, 0.5)));
    }
}
