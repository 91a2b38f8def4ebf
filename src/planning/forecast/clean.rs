//! Cleaning a history before it is forecast from: what was sold is not always what was wanted. Nothing is changed without
//! being told.

use super::series::Series;
use super::sums::{mean, median, number};

/// What is known about one period of a history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// There was no stock for this share of the period, 0 to 1: what was sold is less than what was wanted.
    OutOfStock(f64),
    /// So much came back of what was sold in this period.
    Returned(f64),
    /// So much went to one order that will not come again.
    OneOff(f64),
    /// So much at least was asked for, whether it was there or not.
    AtLeast(f64),
}

/// One change to a history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The period, counted from the first.
    pub at: usize,
    /// Why.
    pub mark: Mark,
    /// What stood there.
    pub before: f64,
    /// What stands there now.
    pub after: f64,
}

/// The history as it would have been, and what was changed, in the order of the marks. Marks of periods that are not there,
/// and numbers that are no amounts, change nothing.
///
/// Returns and one-off orders are taken off, never below nothing. A period with little stock is scaled up by the share it
/// had stock, but to no more than the most wanted in its neighbours; one with none at all is set to the median of the six
/// periods before and after that had stock, and counts as not seen.
pub fn cleaned(series: &Series, marks: &[(usize, Mark)]) -> (Series, Vec<Change>) {
    let mut clean = series.clone();
    let usual = without(series, marks);
    let mut changes = Vec::new();
    let short: Vec<usize> = marks
        .iter()
        .filter(|(_, mark)| matches!(mark, Mark::OutOfStock(_)))
        .map(|(at, _)| *at)
        .collect();
    for (at, mark) in marks {
        let Some(before) = clean.demand.get(*at).copied() else {
            continue;
        };
        let near = around(&usual, *at, &short);
        let after = match *mark {
            Mark::Returned(amount) | Mark::OneOff(amount) if amount.is_finite() && amount > 0.0 => {
                (before - amount).max(0.0)
            }
            Mark::AtLeast(amount) if (0.0..=Series::MOST).contains(&amount) => before.max(amount),
            Mark::OutOfStock(share) if share > 0.0 && share <= 1.0 => wanted(before, share, &near),
            _ => continue,
        };
        if matches!(mark, Mark::OutOfStock(share) if *share >= WHOLE) {
            clean.seen[*at] = false;
        }
        clean.demand[*at] = after;
        changes.push(Change {
            at: *at,
            mark: *mark,
            before,
            after,
        });
    }
    (clean, changes)
}

/// The history without what came back and what will not come again: what is usual.
fn without(series: &Series, marks: &[(usize, Mark)]) -> Series {
    let mut usual = series.clone();
    for (at, mark) in marks {
        let (Mark::Returned(amount) | Mark::OneOff(amount)) = *mark else {
            continue;
        };
        if let Some(value) = usual.demand.get_mut(*at)
            && amount.is_finite()
            && amount > 0.0
        {
            *value = (*value - amount).max(0.0);
        }
    }
    usual
}

/// So much of a period without stock says nothing of what was wanted.
const WHOLE: f64 = 0.9;

fn wanted(sold: f64, without: f64, near: &[f64]) -> f64 {
    if near.is_empty() {
        return sold;
    }
    if without >= WHOLE {
        return median(near).max(sold);
    }
    let most = near.iter().copied().fold(0.0, f64::max);
    (sold / (1.0 - without)).min(most).max(sold)
}

/// Six periods before and after, of those with stock.
fn around(series: &Series, at: usize, short: &[usize]) -> Vec<f64> {
    let end = (at + 7).min(series.demand.len());
    (at.saturating_sub(6)..end)
        .filter(|near| !short.contains(near) && series.seen[*near])
        .map(|near| series.demand[near])
        .collect()
}

/// What a planner set in place of a forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The coming period, from 0.
    pub step: usize,
    /// What the planner expects.
    pub value: f64,
    /// Who.
    pub by: String,
    /// Why.
    pub why: String,
}

/// The forecast with the planner's values in it. The forecast itself is kept by the caller, to be held against them later.
/// Values that are no amounts, and of periods that are not forecast, are left out.
pub fn overridden(forecast: &[f64], overrides: &[Override]) -> Vec<f64> {
    let mut with = forecast.to_vec();
    for said in overrides {
        if let Some(value) = with
            .get_mut(said.step)
            .filter(|_| (0.0..=Series::MOST).contains(&said.value))
        {
            *value = said.value;
        }
    }
    with
}

/// What the planner's changes were worth, once it is known what came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AddedValue {
    /// The mean absolute error of the forecast, over the periods that were overridden.
    pub forecast_error: f64,
    /// That of the planner.
    pub planner_error: f64,
    /// How much nearer to what came the planner was, as a share of the forecast's error: below 0, the change did harm.
    pub added: f64,
}

/// Scores overrides against what came; none as long as nothing of it came.
pub fn added_value(forecast: &[f64], overrides: &[Override], came: &[f64]) -> Option<AddedValue> {
    let with = overridden(forecast, overrides);
    let mut steps: Vec<usize> = overrides.iter().map(|said| said.step).collect();
    steps.sort_unstable();
    steps.dedup();
    let known: Vec<usize> = steps
        .into_iter()
        .filter(|step| *step < came.len().min(forecast.len()))
        .collect();
    if known.is_empty() {
        return None;
    }
    let error = |said: &[f64]| {
        mean(
            &known
                .iter()
                .map(|step| (said[*step] - came[*step]).abs())
                .collect::<Vec<_>>(),
        )
    };
    let (forecast_error, planner_error) = (error(forecast), error(&with));
    let added = if forecast_error > 0.0 {
        1.0 - planner_error / forecast_error
    } else {
        -number(usize::from(planner_error > 0.0))
    };
    Some(AddedValue {
        forecast_error,
        planner_error,
        added,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sold_is_made_what_was_wanted_and_told() {
        let series = Series::plain("A", &[10.0, 12.0, 0.0, 11.0, 60.0, 5.0, 10.0]);
        let marks = [
            (2, Mark::OutOfStock(1.0)),
            (4, Mark::OneOff(50.0)),
            (5, Mark::OutOfStock(0.5)),
            (6, Mark::Returned(40.0)),
            (1, Mark::AtLeast(9.0)),
            (3, Mark::AtLeast(12.5)),
            (3, Mark::AtLeast(f64::INFINITY)),
            (99, Mark::OneOff(1.0)),
            (0, Mark::OneOff(f64::NAN)),
        ];
        let (clean, changes) = cleaned(&series, &marks);
        assert_eq!(clean.demand, [10.0, 12.0, 10.0, 12.5, 10.0, 10.0, 0.0]);
        assert!(!clean.seen[2] && clean.seen[5]);
        let told: Vec<_> = changes
            .iter()
            .map(|change| (change.at, change.before, change.after))
            .collect();
        assert_eq!(
            told,
            [
                (2, 0.0, 10.0),
                (4, 60.0, 10.0),
                (5, 5.0, 10.0),
                (6, 10.0, 0.0),
                (1, 12.0, 12.0),
                (3, 11.0, 12.5)
            ]
        );
    }

    #[test]
    fn an_override_stands_beside_the_forecast_and_is_scored() {
        let set = |step, value| Override {
            step,
            value,
            by: "P1".to_owned(),
            why: "fair".to_owned(),
        };
        let forecast = [10.0, 10.0, 10.0];
        let overrides = [set(1, 18.0), set(2, 0.0), set(0, -3.0), set(7, 1.0)];
        assert_eq!(overridden(&forecast, &overrides), [10.0, 18.0, 0.0]);
        let value = added_value(&forecast, &overrides[..2], &[10.0, 20.0]).unwrap();
        assert_eq!(
            value,
            AddedValue {
                forecast_error: 10.0,
                planner_error: 2.0,
                added: 0.8
            }
        );
        assert_eq!(added_value(&forecast, &overrides[..2], &[10.0]), None);
    }
}
