//! Forecasts from sheets: reads history and plan, lets all cores try the methods, writes what is expected as a sheet, or
//! how good it would have been.

mod cells;
mod sheet;

pub use cells::BadSheet;
pub use sheet::Sheet;

use crate::planning::forecast::{Accuracy, Asked, Forecast, Method, Series, Trial, forecast};
use std::fmt;
use std::io::{self, Write};
use std::num::NonZero;
use std::thread;

/// The forecasts of all series, in their order.
pub fn all(series: &[Series], asked: Asked) -> Vec<Forecast> {
    forecast(series, &mut trials(series, asked), asked)
}

/// The trials of all series: each is for itself, so every core takes its part.
fn trials(series: &[Series], asked: Asked) -> Vec<Trial> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let part = series.len().div_ceil(cores * 4).max(1);
    let of = |part: &[Series]| {
        part.iter()
            .map(|series| Trial::of(series, asked))
            .collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let parts: Vec<_> = series
            .chunks(part)
            .map(|part| scope.spawn(move || of(part)))
            .collect();
        let tried = parts
            .into_iter()
            .map(|part| part.join().expect("trials do not panic"));
        tried.flatten().collect()
    })
}

/// Writes `unique_id,ds,mean,lo80,hi80,lo95,hi95`, a row a series and coming period.
pub fn write(sheet: &Sheet, forecasts: &[Forecast], to: impl Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(to);
    rows.write_record(["unique_id", "ds", "mean", "lo80", "hi80", "lo95", "hi95"])?;
    for (forecast, coming) in forecasts.iter().zip(&sheet.coming) {
        for (step, when) in coming.iter().enumerate() {
            let (often, nearly) = (forecast.often[step], forecast.nearly[step]);
            let values = [forecast.mean[step], often.0, often.1, nearly.0, nearly.1];
            let when = when.to_string();
            let cells = values.map(|value| format!("{value:.4}"));
            let names = [forecast.id.as_str(), when.as_str()];
            rows.write_record(names.into_iter().chain(cells.iter().map(String::as_str)))?;
        }
    }
    rows.flush()
}

/// What a back-test found.
#[derive(Debug, Default)]
pub struct BackTest {
    /// Of these forecasts.
    pub ours: Accuracy,
    /// Of the value a season ago.
    pub seasonal_naive: Accuracy,
    /// Of the recent average.
    pub moving_average: Accuracy,
}

/// Forecasts the last horizon of every series, and as many earlier ones as asked, each half a horizon before the other,
/// with nothing known of what came but the drivers' plan. Series with less than a horizon of history are left out.
pub fn back_test(series: &[Series], asked: Asked, origins: usize) -> BackTest {
    let mut found = BackTest::default();
    for back in 0..origins {
        let cut = asked.horizon + back * asked.horizon.div_ceil(2);
        let long: Vec<&Series> = series
            .iter()
            .filter(|series| series.demand.len() >= cut + asked.horizon)
            .collect();
        let past: Vec<Series> = long
            .iter()
            .map(|series| series.until(series.demand.len() - cut))
            .collect();
        let mut tried = trials(&past, asked);
        let said = forecast(&past, &mut tried, asked);
        for ((full, trial), ours) in long.iter().zip(&tried).zip(said) {
            let at = trial.now.at;
            found.ours.add(
                full,
                at,
                asked,
                &ours.mean,
                Some((&ours.often, &ours.nearly)),
            );
            let plain = |method: Method| &trial.now.said[method as usize];
            found
                .seasonal_naive
                .add(full, at, asked, plain(Method::SeasonalNaive), None);
            found
                .moving_average
                .add(full, at, asked, plain(Method::MovingAverage), None);
        }
    }
    found
}

impl fmt::Display for BackTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<16} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
            "", "MASE (s)", "MASE", "WAPE", "bias", "in 80 %", "in 95 %"
        )?;
        writeln!(f, "{:<16} {}", "Stockhand", self.ours)?;
        writeln!(f, "{:<16} {}", "seasonal naive", self.seasonal_naive)?;
        write!(f, "{:<16} {}", "moving average", self.moving_average)
    }
}
