//! When periods are: numbers, days or months, how far they lie apart, and which come next.

use chrono::{Datelike, Days, NaiveDate};
use std::fmt;
use thiserror::Error;

/// The name of one period, as a person writes it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum When {
    /// A plain number, such as a week's; at most a million million either way.
    Number(i64),
    /// A day, `2027-03-01`; it may be the first or last of its week or month.
    Day(NaiveDate),
    /// A month, `2027-03`, counted from the year 0.
    Month(i32),
}

/// What cannot be read as a period.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("is no date (2027-03-01 or 2027-03) and no whole number")]
pub struct NoPeriod;

/// How far two periods lie apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// So many numbers.
    Numbers(i64),
    /// So many days.
    Days(i64),
    /// So many months.
    Months(i64),
}

impl When {
    /// Reads a period. A time of day may follow a date if it is midnight.
    pub fn read(text: &str) -> Result<Self, NoPeriod> {
        const MOST: i64 = 1_000_000_000_000;
        let text = text.trim();
        if let Ok(number) = text.parse::<i64>() {
            let near = (-MOST..=MOST).contains(&number);
            return if near {
                Ok(Self::Number(number))
            } else {
                Err(NoPeriod)
            };
        }
        let date = ["T00:00:00Z", "T00:00:00", " 00:00:00"]
            .iter()
            .find_map(|end| text.strip_suffix(end))
            .unwrap_or(text);
        if let Some((year, month)) = date.split_once('-').filter(|(_, month)| month.len() == 2) {
            let year: i32 = year.parse().map_err(|_| NoPeriod)?;
            let month: i32 = month.parse().map_err(|_| NoPeriod)?;
            let good = (0..=9999).contains(&year) && (1..=12).contains(&month);
            return if good {
                Ok(Self::Month(year * 12 + month - 1))
            } else {
                Err(NoPeriod)
            };
        }
        let day = NaiveDate::parse_from_str(date, "%Y-%m-%d").map_err(|_| NoPeriod)?;
        if (0..=9999).contains(&day.year()) {
            Ok(Self::Day(day))
        } else {
            Err(NoPeriod)
        }
    }

    /// Whether both are written in the same way.
    pub fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// The distance to a later one of the same kind, in numbers, days or months.
    pub fn until(self, later: Self) -> i64 {
        later.count() - self.count()
    }

    fn count(self) -> i64 {
        match self {
            Self::Number(number) => number,
            Self::Day(day) => i64::from(day.num_days_from_ce()),
            Self::Month(month) => i64::from(month),
        }
    }

    fn month(self) -> i64 {
        match self {
            Self::Day(day) => i64::from(day.year()) * 12 + i64::from(day.month0()),
            other => other.count(),
        }
    }
}

impl Step {
    /// How far apart periods lie, from the periods of all series, each sorted and without doubles. `season` decides where
    /// there is never more than one: 12 or 4 are of months, 52 of weeks. Error: the place in `all` of a period that lies
    /// across the others.
    pub fn of(all: &[Vec<When>], season: usize) -> Result<Self, (usize, usize)> {
        let one = all
            .iter()
            .flatten()
            .next()
            .copied()
            .unwrap_or(When::Number(0));
        let monthly = matches!(one, When::Day(_)) && all.iter().all(|dates| is_monthly(dates));
        let count = |when: When| if monthly { when.month() } else { when.count() };
        let mut steps = std::collections::BTreeMap::<i64, usize>::new();
        for pair in all.iter().flat_map(|dates| dates.windows(2)) {
            *steps.entry(count(pair[1]) - count(pair[0])).or_default() += 1;
        }
        let common = steps.keys().fold(0, |common, step| gcd(common, *step));
        let usual = steps
            .iter()
            .max_by_key(|(step, times)| (**times, -**step))
            .map_or(0, |most| *most.0);
        if common > 0 && usual >= 5 * common {
            return Err(across(all, usual, count));
        }
        Ok(match (one, common) {
            (When::Number(_), _) => Self::Numbers(common.max(1)),
            (When::Month(_), _) => Self::Months(common.max(1)),
            (When::Day(_), 0) => match season {
                12 => Self::Months(1),
                4 => Self::Months(3),
                52 | 53 => Self::Days(7),
                _ => Self::Days(1),
            },
            (When::Day(_), common) if monthly => Self::Months(common),
            (When::Day(_), common) => Self::Days(common),
        })
    }

    /// The number of a period, counted in steps: neighbours differ by 1.
    pub fn number(self, when: When) -> i64 {
        match self {
            Self::Numbers(step) | Self::Days(step) => when.count().div_euclid(step),
            Self::Months(step) => when.month().div_euclid(step),
        }
    }

    /// The period `steps` after the last of a series. None: the calendar has no such.
    pub fn after(self, dates: &[When], steps: i64) -> Option<When> {
        let last = *dates.last()?;
        match (self, last) {
            (Self::Numbers(step), When::Number(number)) => {
                Some(When::Number(number.checked_add(step.checked_mul(steps)?)?))
            }
            (Self::Days(step), When::Day(day)) => {
                let days = u64::try_from(step.checked_mul(steps)?).ok()?;
                day.checked_add_days(Days::new(days))
                    .filter(|day| day.year() <= 9999)
                    .map(When::Day)
            }
            (Self::Months(step), When::Month(month)) => {
                let ahead = i32::try_from(step.checked_mul(steps)?).ok()?;
                month
                    .checked_add(ahead)
                    .filter(|month| *month < 120_000)
                    .map(When::Month)
            }
            (Self::Months(step), When::Day(_)) => {
                let month = last.month().checked_add(step.checked_mul(steps)?)?;
                day_in(month, anchor(dates))
                    .filter(|day| day.year() <= 9999)
                    .map(When::Day)
            }
            _ => None,
        }
    }
}

/// Which period does not fit into the usual steps.
fn across(all: &[Vec<When>], usual: i64, count: impl Fn(When) -> i64) -> (usize, usize) {
    for (series, dates) in all.iter().enumerate() {
        let odd = dates
            .windows(2)
            .position(|pair| (count(pair[1]) - count(pair[0])) % usual != 0);
        if let Some(at) = odd {
            return (series, at + 1);
        }
    }
    (0, 0)
}

/// The day of the month that a series keeps, 31 for the last.
fn anchor(dates: &[When]) -> u32 {
    let days = || {
        dates.iter().filter_map(|when| match when {
            When::Day(day) => Some(*day),
            _ => None,
        })
    };
    let ends = days().all(|day| day_in(When::Day(day).month(), 31) == Some(day));
    if ends {
        31
    } else {
        days().map(|day| day.day()).max().unwrap_or(1)
    }
}

/// Whether the days keep one day of the month, as far as months have it.
fn is_monthly(dates: &[When]) -> bool {
    let anchor = anchor(dates);
    let far = dates.windows(2).all(|pair| pair[0].until(pair[1]) >= 28);
    let keeps =
        |when: &When| matches!(when, When::Day(day) if day_in(when.month(), anchor) == Some(*day));
    far && dates.iter().all(keeps)
}

fn day_in(month: i64, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let of_year = u32::try_from(month.rem_euclid(12)).ok()? + 1;
    (28..=day.max(28))
        .rev()
        .map(|last| day.min(last))
        .find_map(|day| NaiveDate::from_ymd_opt(year, of_year, day))
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Month(month) => write!(
                f,
                "{:04}-{:02}",
                month.div_euclid(12),
                month.rem_euclid(12) + 1
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(dates: &[&str], season: usize) -> String {
        let dates: Vec<When> = dates.iter().map(|date| When::read(date).unwrap()).collect();
        let step = Step::of(std::slice::from_ref(&dates), season).unwrap();
        let ahead = (1..=3).map(|steps| step.after(&dates, steps).unwrap().to_string());
        ahead.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_next_periods_keep_the_spacing() {
        assert_eq!(next(&["1", "2", "3"], 12), "4 5 6");
        assert_eq!(next(&["10", "20", "40"], 12), "50 60 70");
        assert_eq!(next(&["2027-11", "2027-12"], 12), "2028-01 2028-02 2028-03");
        assert_eq!(
            next(&["2026-11-01", "2026-12-01"], 12),
            "2027-01-01 2027-02-01 2027-03-01"
        );
        assert_eq!(
            next(&["2027-11-30", "2027-12-31"], 12),
            "2028-01-31 2028-02-29 2028-03-31"
        );
        assert_eq!(
            next(&["2026-12-30", "2027-01-30"], 12),
            "2027-02-28 2027-03-30 2027-04-30"
        );
        assert_eq!(
            next(&["2027-03-01", "2027-03-08"], 52),
            "2027-03-15 2027-03-22 2027-03-29"
        );
        assert_eq!(
            next(&["2027-03-01", "2027-03-02"], 7),
            "2027-03-03 2027-03-04 2027-03-05"
        );
        assert_eq!(
            next(&["2027-03-31", "2027-06-30"], 4),
            "2027-09-30 2027-12-31 2028-03-31"
        );
    }

    #[test]
    fn one_period_alone_goes_on_as_the_season_says() {
        assert_eq!(
            next(&["2027-01-31"], 12),
            "2027-02-28 2027-03-31 2027-04-30"
        );
        assert_eq!(
            next(&["2027-01-31"], 52),
            "2027-02-07 2027-02-14 2027-02-21"
        );
        assert_eq!(next(&["7"], 12), "8 9 10");
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "x",
            "2027-13-01",
            "2027-02-30",
            "1.5",
            "2027-00",
            "99999999999999999",
            "2027-03-01T08:00:00",
        ] {
            assert_eq!(When::read(text), Err(NoPeriod), "{text}");
        }
        assert!(When::read("2027-03-01 00:00:00").is_ok());
    }

    #[test]
    fn a_day_across_all_weeks_is_found() {
        let dates = ["2027-03-01", "2027-03-08", "2027-03-15", "2027-03-24"];
        let dates: Vec<When> = dates.iter().map(|date| When::read(date).unwrap()).collect();
        assert_eq!(Step::of(&[dates], 52), Err((0, 3)));
    }
}
