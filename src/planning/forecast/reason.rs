//! Why a forecast is what it is, as data that a page can show and as one sentence.

use super::choose::Weights;
use super::classes::Class;
use super::pool::Method;
use super::series::Series;
use super::sums::mean;
use std::fmt;

/// What a person would want to know of a forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What kind of demand it is.
    pub class: Class,
    /// How many periods count as recent.
    pub window: usize,
    /// Their average.
    pub recent: f64,
    /// The average of what is expected, as a share of the recent average: 0.08 is 8 % up. None: nothing was wanted lately.
    pub change: Option<f64>,
    /// The coming period, from 1, that lies furthest from the average of the forecast, and by which share of it.
    pub peak: Option<(usize, f64)>,
    /// The loudest methods, with their shares.
    pub methods: Vec<(Method, f64)>,
    /// Whether prices, promotions or the like of the coming periods were known.
    pub planned: bool,
}

/// A period nearer to the average than this is not worth a word.
const WORTH: f64 = 0.02;

impl Reason {
    /// The reasons for `mean`, made from `series` with `weights`.
    pub(super) fn of(
        series: &Series,
        class: Class,
        weights: &Weights,
        said: &[f64],
        window: usize,
    ) -> Self {
        let demand = &series.demand;
        let recent = mean(&demand[demand.len().saturating_sub(window)..]);
        let level = mean(said);
        let mut methods: Vec<(Method, f64)> = Method::ALL
            .into_iter()
            .zip(*weights)
            .filter(|(_, weight)| *weight >= 0.1)
            .collect();
        methods.sort_by(|a, b| b.1.total_cmp(&a.1));
        let away = |value: f64| value / level - 1.0;
        let peak = said
            .iter()
            .enumerate()
            .max_by(|a, b| (a.1 - level).abs().total_cmp(&(b.1 - level).abs()))
            .map(|(step, value)| (step + 1, away(*value)))
            .filter(|(_, share)| level > 0.0 && share.abs() >= WORTH);
        Self {
            class,
            window: window.min(demand.len()),
            recent,
            change: (recent > 0.0).then(|| level / recent - 1.0),
            peak,
            methods,
            planned: weights[Method::Drivers as usize] > 0.0,
        }
    }
}

impl Reason {
    /// In one sentence; `period` says how people call a coming period, from 1.
    pub fn in_words(&self, period: impl Fn(usize) -> String) -> String {
        let mut words = String::new();
        self.say(&mut words, period)
            .expect("a text takes what is written");
        words
    }

    fn say(&self, f: &mut impl fmt::Write, period: impl Fn(usize) -> String) -> fmt::Result {
        let (class, window, recent) = (self.class, self.window, self.recent);
        write!(
            f,
            "{class} demand; the average of the last {window} periods is {recent:.1}"
        )?;
        match self.change {
            Some(change) if change.abs() >= WORTH => {
                write!(f, ", from there {} on average", Share(change))?;
            }
            Some(_) => write!(f, ", and so it goes on")?,
            None => {}
        }
        if let Some((step, share)) = self.peak {
            write!(f, ", {} in {}", Share(share), period(step))?;
        }
        let names: Vec<String> = self
            .methods
            .iter()
            .take(3)
            .map(|(method, weight)| format!("{method} {:.0} %", weight * 100.0))
            .collect();
        write!(f, "; by {}", names.join(", "))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, |step| format!("period {step}"))
    }
}

/// A change in words.
struct Share(f64);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.0 < 0.0 { "down" } else { "up" };
        write!(f, "{way} {:.0} %", self.0.abs() * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_says_level_change_and_peak() {
        let series = Series::plain("A", &[90.0, 110.0, 100.0, 100.0]);
        let mut weights = [0.0; Method::ALL.len()];
        weights[Method::Theta as usize] = 0.75;
        weights[Method::MovingAverage as usize] = 0.25;
        let reason = Reason::of(&series, Class::Smooth, &weights, &[100.0, 132.0, 98.0], 4);
        assert_eq!(
            reason.to_string(),
            "smooth demand; the average of the last 4 periods is 100.0, from there up 10 % on average, up 20 % in \
             period 2; by theta 75 %, the recent average 25 %"
        );
        let nothing = Reason::of(
            &Series::plain("B", &[0.0]),
            Class::Lumpy,
            &weights,
            &[0.0],
            4,
        );
        assert_eq!((nothing.change, nothing.peak), (None, None));
    }
}
