//! The periods that demand is counted in: months, or weeks that begin on Monday, each with a number of its own.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Months or weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Months.
    #[default]
    Month,
    /// Weeks.
    Week,
}

impl Period {
    /// How it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
        }
    }

    /// How many make a year.
    pub const fn season(self) -> usize {
        match self {
            Self::Month => 12,
            Self::Week => 52,
        }
    }

    /// How many of them are looked back at: five years.
    pub const fn most(self) -> usize {
        self.season() * 5
    }

    /// The number of the period that a day is in; the next period has the next number.
    pub fn of(self, day: NaiveDate) -> i64 {
        match self {
            Self::Month => i64::from(day.year()) * 12 + i64::from(day.month0()),
            // The first day of the common era was a Monday.
            Self::Week => (i64::from(day.num_days_from_ce()) - 1).div_euclid(7),
        }
    }

    /// The first day of a period; the last day that there is where the number is none of a calendar.
    pub fn first_day(self, number: i64) -> NaiveDate {
        let day = match self {
            Self::Month => i32::try_from(number.div_euclid(12)).ok().and_then(|year| {
                let month = u32::try_from(number.rem_euclid(12)).ok()? + 1;
                NaiveDate::from_ymd_opt(year, month, 1)
            }),
            Self::Week => i32::try_from(number.saturating_mul(7).saturating_add(1))
                .ok()
                .and_then(NaiveDate::from_num_days_from_ce_opt),
        };
        day.unwrap_or(NaiveDate::MAX)
    }

    /// How many days it has.
    pub fn days(self, number: i64) -> u32 {
        let days = (self.first_day(number + 1) - self.first_day(number)).num_days();
        u32::try_from(days).unwrap_or(1).max(1)
    }

    /// How people call it.
    pub fn name(self, number: i64) -> String {
        let day = self.first_day(number);
        match self {
            Self::Month => day.format("%B %Y").to_string(),
            Self::Week => format!("the week of {day}"),
        }
    }

    /// Reads a day of it, or a month such as 2027-03.
    pub fn read(self, text: &str) -> Option<i64> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .or_else(|_| NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d"));
        day.ok().map(|day| self.of(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_lies_between_the_first_days_of_its_period_and_the_next() {
        let start = NaiveDate::from_ymd_opt(2026, 12, 20).unwrap();
        for day in start.iter_days().take(800) {
            for period in [Period::Month, Period::Week] {
                let number = period.of(day);
                assert!(period.first_day(number) <= day, "{day}");
                assert!(day < period.first_day(number + 1), "{day}");
            }
        }
        assert_eq!(
            Period::Week.name(Period::Week.of(start)),
            "the week of 2026-12-14"
        );
        assert_eq!(
            Period::Month.read("2027-03"),
            Some(Period::Month.of("2027-03-09".parse().unwrap()))
        );
        assert_eq!(Period::Month.name(Period::Month.of(start)), "December 2026");
        assert_eq!(Period::Month.days(Period::Month.of(start)), 31);
        assert_eq!(Period::Month.first_day(i64::MAX / 2), NaiveDate::MAX);
    }
}
