//! The methods that compete, and their forecasts of one history.

use super::average::{
    moving_average, moving_median, naive, seasonal_average, seasonal_naive, window,
};
use super::season::Season;
use super::series::Asked;
use super::smooth::{Joins, damped, fitted_level, winters};
use super::sparse::{adida, croston, imapa, sba, tsb};
use super::theta::{optimised, theta};
use std::fmt;

/// A way to forecast.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Method {
    /// The last value.
    Naive,
    /// The value a season ago.
    SeasonalNaive,
    /// The mean of the recent periods.
    MovingAverage,
    /// The median of the recent periods.
    MovingMedian,
    /// The mean of the same period in all seasons.
    SeasonalAverage,
    /// Simple exponential smoothing.
    Smoothing,
    /// Holt's damped trend.
    Damped,
    /// Holt-Winters, the season added.
    WintersAdded,
    /// Holt-Winters, the season a factor.
    WintersMultiplied,
    /// Theta.
    Theta,
    /// Theta, optimised.
    OptimisedTheta,
    /// Croston.
    Croston,
    /// Syntetos and Boylan.
    Sba,
    /// Teunter, Syntetos and Babai; quick to forget.
    Tsb,
    /// The same, slow to forget.
    SlowTsb,
    /// One bucket length.
    Adida,
    /// All bucket lengths.
    Imapa,
    /// Nothing will be wanted.
    Zero,
    /// Regression on what drives demand.
    Drivers,
}

impl Method {
    /// Every method, in the order of their declaration.
    pub const ALL: [Self; 19] = [
        Self::Naive,
        Self::SeasonalNaive,
        Self::MovingAverage,
        Self::MovingMedian,
        Self::SeasonalAverage,
        Self::Smoothing,
        Self::Damped,
        Self::WintersAdded,
        Self::WintersMultiplied,
        Self::Theta,
        Self::OptimisedTheta,
        Self::Croston,
        Self::Sba,
        Self::Tsb,
        Self::SlowTsb,
        Self::Adida,
        Self::Imapa,
        Self::Zero,
        Self::Drivers,
    ];

    /// Those that need no more than the history: all but [`Method::Drivers`].
    pub const PLAIN: usize = Self::ALL.len() - 1;
}

/// The forecasts of all plain methods, in the order of [`Method::ALL`]: finite, not negative, and no more than five
/// times the most that was ever wanted.
pub fn forecasts(demand: &[f64], asked: Asked) -> Vec<Vec<f64>> {
    let Asked { horizon, season } = asked;
    let demand = &demand[demand.len() - reach(demand.len(), season)..];
    let most = 5.0 * demand.iter().copied().fold(0.0, f64::max);
    let found = Season::of(demand, season, true);
    let plain = found
        .as_ref()
        .map_or_else(|| demand.to_vec(), |season| season.taken_out(demand));
    let dressed = |mut values: Vec<f64>| {
        if let Some(season) = &found {
            season.put_back(&mut values, demand.len());
        }
        values
    };
    let flat = |value: f64| vec![value; horizon];
    let near = window(season);
    let smoothed = || dressed(flat(fitted_level(&plain)));
    let forecast = |method: &Method| match method {
        Method::Naive => naive(demand, horizon),
        Method::SeasonalNaive => seasonal_naive(demand, season, horizon),
        Method::MovingAverage => moving_average(demand, near, horizon),
        Method::MovingMedian => moving_median(demand, near, horizon),
        Method::SeasonalAverage => seasonal_average(demand, season, horizon),
        Method::Smoothing => smoothed(),
        Method::Damped => dressed(damped(&plain, horizon)),
        Method::WintersAdded => {
            winters(demand, season, horizon, Joins::Added).unwrap_or_else(smoothed)
        }
        Method::WintersMultiplied => {
            winters(demand, season, horizon, Joins::Multiplied).unwrap_or_else(smoothed)
        }
        Method::Theta => dressed(theta(&plain, horizon)),
        Method::OptimisedTheta => dressed(optimised(&plain, horizon)),
        Method::Croston => flat(croston(demand, 0.1)),
        Method::Sba => flat(sba(demand, 0.1)),
        Method::Tsb => flat(tsb(demand, 0.1, 0.15)),
        Method::SlowTsb => flat(tsb(demand, 0.1, 0.05)),
        Method::Adida => flat(adida(demand)),
        Method::Imapa => flat(imapa(demand)),
        Method::Zero | Method::Drivers => flat(0.0),
    };
    let kept = |values: Vec<f64>| {
        values
            .into_iter()
            .map(|value| within(value, most))
            .collect()
    };
    Method::ALL[..Method::PLAIN]
        .iter()
        .map(forecast)
        .map(kept)
        .collect()
}

/// What is not a number, or far from all that was seen, is no forecast.
pub fn within(value: f64, most: f64) -> f64 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(0.0, most)
    }
}

/// How much of a long history is looked at: what is older says little and costs time.
fn reach(periods: usize, season: usize) -> usize {
    periods.min((10 * season).clamp(120, 520))
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Naive => "the last value",
            Self::SeasonalNaive => "the same period of last season",
            Self::MovingAverage => "the recent average",
            Self::MovingMedian => "the recent median",
            Self::SeasonalAverage => "the average of the same period in all seasons",
            Self::Smoothing => "exponential smoothing",
            Self::Damped => "a damped trend",
            Self::WintersAdded => "Holt-Winters, season added",
            Self::WintersMultiplied => "Holt-Winters, season multiplied",
            Self::Theta => "theta",
            Self::OptimisedTheta => "optimised theta",
            Self::Croston => "Croston",
            Self::Sba => "Syntetos-Boylan",
            Self::Tsb => "Teunter-Syntetos-Babai",
            Self::SlowTsb => "Teunter-Syntetos-Babai, slow",
            Self::Adida => "ADIDA",
            Self::Imapa => "IMAPA",
            Self::Zero => "nothing",
            Self::Drivers => "price and promotion",
        })
    }
}
