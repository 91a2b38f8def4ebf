//! Exponential smoothing: of the level, of level and damped trend (Holt; Gardner), and of the season with
//! them (Winters). What is smoothed how fast is fitted to the history by its one-step errors.

use super::season::Season;
use super::sums::{least, mean, number};

/// How fast level, trend and season follow, and how much of the trend is kept a period. All 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speeds {
    /// Of the level.
    pub level: f64,
    /// Of the trend.
    pub trend: f64,
    /// Of the season.
    pub season: f64,
    /// What is left of the trend from one period to the next.
    pub damping: f64,
}

/// How a season joins the level.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Joins {
    /// As an amount on top.
    Added,
    /// As a factor.
    Multiplied,
}

/// Simple exponential smoothing at a given speed from a given first level: the level after the last value, and the mean
/// square of the one-step errors.
pub fn level(demand: &[f64], speed: f64, first: f64) -> (f64, f64) {
    let (mut level, mut squares) = (first, 0.0);
    for value in demand {
        let error = value - level;
        squares += error * error;
        level += speed * error;
    }
    (level, squares / number(demand.len().max(1)))
}

/// Simple exponential smoothing, speed fitted: the level after the last value. It starts at the mean of the first few.
pub fn fitted_level(demand: &[f64]) -> f64 {
    let first = mean(&demand[..demand.len().min(6)]);
    let mut best = (f64::INFINITY, first);
    for step in 1_u8..=20 {
        let (last, squares) = level(demand, f64::from(step) * 0.05 - 0.03, first);
        if squares < best.0 {
            best = (squares, last);
        }
    }
    best.1
}

/// Holt's damped trend, fitted.
pub fn damped(demand: &[f64], horizon: usize) -> Vec<f64> {
    if demand.len() < 4 {
        return vec![mean(demand); horizon];
    }
    let start = Start::of(demand);
    let fit = least([0.3, 0.2, 0.5], 60, |[level, trend, damping]| {
        start.run(demand, speeds(*level, *trend, *damping)).squares
    });
    let end = start.run(demand, speeds(fit[0], fit[1], fit[2]));
    end.ahead(speeds(fit[0], fit[1], fit[2]).damping, horizon)
}

/// The trend follows no faster than the level, and damping lies where it is of use: 0.8 to 0.98 (Hyndman et al. 2008).
fn speeds(level: f64, trend: f64, damping: f64) -> Speeds {
    Speeds {
        level: 0.01 + 0.98 * level,
        trend: (0.01 + 0.98 * level) * trend * 0.6,
        season: 0.0,
        damping: 0.8 + 0.18 * damping,
    }
}

struct Start {
    level: f64,
    trend: f64,
}

struct End {
    level: f64,
    trend: f64,
    squares: f64,
}

impl Start {
    /// From a straight line through the first ten values, as R's `ets` does.
    fn of(demand: &[f64]) -> Self {
        let (level, trend) = super::theta::line(&demand[..demand.len().min(10)]);
        Self { level, trend }
    }

    fn run(&self, demand: &[f64], speeds: Speeds) -> End {
        let (mut level, mut trend, mut squares) = (self.level, self.trend, 0.0);
        for value in demand {
            let expected = level + speeds.damping * trend;
            let error = value - expected;
            squares += error * error;
            level = expected + speeds.level * error;
            trend = speeds.damping * trend + speeds.trend * error;
        }
        End {
            level,
            trend,
            squares,
        }
    }
}

impl End {
    fn ahead(&self, damping: f64, horizon: usize) -> Vec<f64> {
        let (mut value, mut trend) = (self.level, self.trend);
        let step = |_| {
            trend *= damping;
            value += trend;
            value
        };
        (0..horizon).map(step).collect()
    }
}

/// Holt-Winters with a damped trend, fitted; none where there is no season to be found at the start.
pub fn winters(demand: &[f64], season: usize, horizon: usize, joins: Joins) -> Option<Vec<f64>> {
    let first = Season::of(demand, season, joins == Joins::Multiplied)?;
    if first.factors != (joins == Joins::Multiplied) {
        return None;
    }
    let plain = first.taken_out(demand);
    let start = Start::of(&plain);
    let mut indices = first.indices.clone();
    let mut run = |point: &[f64; 4]| {
        indices.copy_from_slice(&first.indices);
        let mut speeds = speeds(point[0], point[1], point[2]);
        speeds.season = (1.0 - speeds.level) * point[3] * 0.5;
        (
            seasonal_run(demand, &start, &mut indices, speeds, joins),
            speeds,
            indices.clone(),
        )
    };
    let fit = least([0.2, 0.1, 0.5, 0.1], 80, |point| run(point).0.squares);
    let (end, speeds, indices) = run(&fit);
    let mut ahead = end.ahead(speeds.damping, horizon);
    let last = Season {
        indices,
        factors: first.factors,
    };
    last.put_back(&mut ahead, demand.len());
    Some(ahead)
}

fn seasonal_run(
    demand: &[f64],
    start: &Start,
    indices: &mut [f64],
    speeds: Speeds,
    joins: Joins,
) -> End {
    let (mut level, mut trend, mut squares) = (start.level, start.trend, 0.0);
    let length = indices.len();
    for (at, value) in demand.iter().enumerate() {
        let index = &mut indices[at % length];
        let base = level + speeds.damping * trend;
        // The error in units of the level: of a factor, divided by it.
        let (seen, seasonal_base) = match joins {
            Joins::Added => (value - *index, value - base),
            Joins::Multiplied => (value / index.max(0.05), value / base.max(1e-9)),
        };
        let error = match joins {
            Joins::Added => value - (base + *index),
            Joins::Multiplied => value - base * *index,
        };
        squares += error * error;
        level = base + speeds.level * (seen - base);
        trend = speeds.damping * trend + speeds.trend * (seen - base);
        *index += speeds.season * (seasonal_base - *index);
        if joins == Joins::Multiplied {
            *index = index.clamp(0.01, 100.0);
            level = level.max(0.0);
        }
    }
    End {
        level,
        trend,
        squares,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64, within: f64) -> bool {
        (left - right).abs() < within
    }

    /// By hand: 10, then 10 + 0.5·2 = 11, then 11 + 0.5·3 = 12.5; the errors were 2 and 3.
    #[test]
    fn the_level_follows_at_its_speed() {
        let (last, squares) = level(&[12.0, 14.0], 0.5, 10.0);
        assert!(near(last, 12.5, 1e-12) && near(squares, 6.5, 1e-12));
        assert!(near(fitted_level(&[7.0; 9]), 7.0, 1e-9));
    }

    #[test]
    fn a_straight_line_is_gone_on_with_damped() {
        let demand: Vec<f64> = (0..30).map(|at| 10.0 + 2.0 * number(at)).collect();
        let ahead = damped(&demand, 3);
        assert!(ahead[0] > 69.0 && ahead[0] <= 70.1, "{ahead:?}");
        assert!(ahead[2] > ahead[1] && ahead[2] - ahead[1] < ahead[1] - ahead[0] + 1e-9);
    }

    #[test]
    fn a_clean_season_is_gone_on_with() {
        let demand: Vec<f64> = (0..36).map(|at| [8.0, 10.0, 12.0, 10.0][at % 4]).collect();
        for joins in [Joins::Added, Joins::Multiplied] {
            let ahead = winters(&demand, 4, 4, joins).unwrap();
            for (ahead, wanted) in ahead.iter().zip([8.0, 10.0, 12.0, 10.0]) {
                assert!(near(*ahead, wanted, 0.05), "{joins:?} {ahead}");
            }
        }
        assert_eq!(winters(&demand[..6], 4, 1, Joins::Added), None);
    }

    /// Two years of airline passengers (Box and Jenkins) in the Python package statsforecast: 139.742, and with a damped
    /// trend 141.040.
    #[test]
    fn passengers_are_forecast_as_statsforecast_does() {
        let demand = [
            112.0, 118.0, 132.0, 129.0, 121.0, 135.0, 148.0, 148.0, 136.0, 119.0, 104.0, 118.0,
            115.0, 126.0, 141.0, 135.0, 125.0, 149.0, 170.0, 170.0, 158.0, 133.0, 114.0, 140.0,
        ];
        assert!(
            near(fitted_level(&demand), 139.742, 0.6),
            "{}",
            fitted_level(&demand)
        );
        assert!(
            near(damped(&demand, 1)[0], 141.040, 1.5),
            "{:?}",
            damped(&demand, 1)
        );
    }
}
