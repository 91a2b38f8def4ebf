//! The theta method (Assimakopoulos and Nikolopoulos 2000) as Fiorucci et al. 2016 write it down: a level smoothed
//! exponentially, plus a share of the straight line through the whole history.

use super::smooth::fitted_level;
use super::sums::{least, mean, number};

/// The straight line of least squares: its value before the first period, and its slope.
pub fn line(demand: &[f64]) -> (f64, f64) {
    let n = number(demand.len());
    if demand.len() < 2 {
        return (mean(demand), 0.0);
    }
    let middle = f64::midpoint(n, 1.0);
    let level = mean(demand);
    let (mut up, mut across) = (0.0, 0.0);
    for (at, value) in demand.iter().enumerate() {
        let away = number(at + 1) - middle;
        up += away * (value - level);
        across += away * away;
    }
    let slope = up / across;
    (level - slope * middle, slope)
}

/// The standard method, theta = 2: half of the line's slope.
pub fn theta(demand: &[f64], horizon: usize) -> Vec<f64> {
    if demand.len() < 3 {
        return vec![mean(demand); horizon];
    }
    let first = demand[0] / 2.0;
    let fit = least([0.3, 0.5], 50, |[speed, from]| {
        run(demand, &model(demand, *speed, from * 4.0 * first, 2.0)).squares
    });
    let model = model(demand, fit[0], fit[1] * 4.0 * first, 2.0);
    run(demand, &model).ahead(&model, demand.len(), horizon)
}

/// The optimised method: theta too is fitted, from 1 (no line at all) to 10 (nearly the whole slope).
pub fn optimised(demand: &[f64], horizon: usize) -> Vec<f64> {
    if demand.len() < 5 {
        return vec![fitted_level(demand); horizon];
    }
    let first = demand[0] / 2.0;
    let built = |[speed, from, theta]: &[f64; 3]| {
        model(demand, *speed, from * 4.0 * first, 1.0 + 9.0 * theta)
    };
    let fit = least([0.3, 0.5, 0.11], 80, |point| {
        run(demand, &built(point)).squares
    });
    let model = built(&fit);
    run(demand, &model).ahead(&model, demand.len(), horizon)
}

struct Model {
    speed: f64,
    first: f64,
    /// Of the line, how much is added: 1 − 1/theta.
    share: f64,
    line: (f64, f64),
}

struct End {
    level: f64,
    squares: f64,
}

fn model(demand: &[f64], speed: f64, first: f64, theta: f64) -> Model {
    Model {
        speed: 0.01 + 0.98 * speed,
        first,
        share: 1.0 - 1.0 / theta,
        line: line(demand),
    }
}

impl Model {
    /// What the line adds to the level after `seen` periods.
    fn drift(&self, kept: f64) -> f64 {
        let (before, slope) = self.line;
        self.share * (before * kept + slope * (1.0 - kept * (1.0 - self.speed)) / self.speed)
    }
}

fn run(demand: &[f64], model: &Model) -> End {
    let (mut level, mut squares, mut kept) = (model.first, 0.0, 1.0);
    for (at, value) in demand.iter().enumerate() {
        let error = value - (level + model.drift(kept));
        // The first guesses are only guesses.
        if at >= 3 {
            squares += error * error;
        }
        level += model.speed * (value - level);
        kept *= 1.0 - model.speed;
    }
    End { level, squares }
}

impl End {
    fn ahead(&self, model: &Model, n: usize, horizon: usize) -> Vec<f64> {
        let kept = (1.0 - model.speed).powf(number(n));
        let first = self.level + model.drift(kept);
        (0..horizon)
            .map(|step| first + model.share * model.line.1 * number(step))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_that_of_least_squares() {
        let (before, slope) = line(&[3.0, 5.0, 7.0]);
        assert!((before - 1.0).abs() < 1e-12 && (slope - 2.0).abs() < 1e-12);
        assert_eq!(line(&[4.0]), (4.0, 0.0));
    }

    #[test]
    fn half_the_slope_is_gone_on_with_from_the_level() {
        let demand: Vec<f64> = (1..=40).map(|at| 100.0 + 2.0 * number(at)).collect();
        let ahead = theta(&demand, 3);
        assert!((ahead[1] - ahead[0] - 1.0).abs() < 1e-9, "{ahead:?}");
        assert!((ahead[0] - 181.0).abs() < 1.5, "{ahead:?}");
        assert!(
            theta(&[5.0; 20], 2)
                .iter()
                .all(|value| (value - 5.0).abs() < 0.01)
        );
        let whole = optimised(&demand, 3);
        assert!(
            (whole[2] - 186.0).abs() < 1.0,
            "a straight line goes on nearly whole: {whole:?}"
        );
    }

    /// Two years of airline passengers, in thousands (Box and Jenkins); the numbers wanted are those of the Python package
    /// statsforecast.
    #[test]
    fn passengers_are_forecast_as_statsforecast_does() {
        let demand = [
            112.0, 118.0, 132.0, 129.0, 121.0, 135.0, 148.0, 148.0, 136.0, 119.0, 104.0, 118.0,
            115.0, 126.0, 141.0, 135.0, 125.0, 149.0, 170.0, 170.0, 158.0, 133.0, 114.0, 140.0,
        ];
        for (ahead, wanted) in theta(&demand, 3).iter().zip([140.232, 140.717, 141.202]) {
            assert!((ahead - wanted).abs() < 0.5, "{ahead} {wanted}");
        }
        for (ahead, wanted) in optimised(&demand, 3)
            .iter()
            .zip([140.096, 140.447, 140.797])
        {
            assert!((ahead - wanted).abs() < 1.0, "{ahead} {wanted}");
        }
    }
}
