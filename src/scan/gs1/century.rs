//! Dates on labels have two digits for the year and may leave the day open. What day is meant?

use chrono::{Months, NaiveDate};

/// The year of this release: from it years of two digits are seen where nobody knows the time.
pub const RELEASE_YEAR: i32 = 2026;

/// The full year of two digits, seen from `this_year`: the one less than 50 years back or up to 50 ahead.
/// GS1 General Specifications §7.12.
pub const fn full_year(two_digits: i32, this_year: i32) -> i32 {
    let ahead = two_digits - this_year.rem_euclid(100);
    let century = this_year - this_year.rem_euclid(100);
    let century = match ahead {
        51.. => century - 100,
        ..=-50 => century + 100,
        _ => century,
    };
    century + two_digits
}

/// The day of YYMMDD, seen from `this_year`; day 00 is the last of the month. None if there is no such day.
pub fn date(digits: &str, this_year: i32) -> Option<NaiveDate> {
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = full_year(digits[..2].parse().ok()?, this_year);
    let (month, day) = (digits[2..4].parse().ok()?, digits[4..].parse().ok()?);
    if day > 0 {
        return NaiveDate::from_ymd_opt(year, month, day);
    }
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    first.checked_add_months(Months::new(1))?.pred_opt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_century_is_the_one_that_brings_the_year_near() {
        let years = [(26, 2026), (76, 2076), (77, 1977), (99, 1999), (0, 2000)];
        for (short, long) in years {
            assert_eq!(full_year(short, 2026), long, "{short}");
        }
        assert_eq!(full_year(40, 1990), 2040);
        assert_eq!(full_year(41, 1990), 1941);
        assert_eq!(full_year(10, 2070), 2110);
    }

    #[test]
    fn an_open_day_is_the_last_of_its_month() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        assert_eq!(date("270200", 2026), day(2027, 2, 28));
        assert_eq!(date("280200", 2026), day(2028, 2, 29));
        assert_eq!(date("271200", 2026), day(2027, 12, 31));
        assert_eq!(date("271231", 2026), day(2027, 12, 31));
        assert_eq!(date("271332", 2026), None);
        assert_eq!(date("2712é", 2026), None);
    }
}
