//! Checks on dates and times. The character set has seen to it that they are digits.

use super::Lint;

fn two(value: &[u8], at: usize) -> u32 {
    let digit = |at: usize| {
        value
            .get(at)
            .map_or(0, |&byte| u32::from(byte.wrapping_sub(b'0')))
    };
    digit(at) * 10 + digit(at + 1)
}

fn check(year: u32, month: u32, day: u32, open: bool) -> Result<(), Lint> {
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => return Err(Lint::Month),
    };
    if day > last || (day == 0 && !open) {
        Err(Lint::Day)
    } else {
        Ok(())
    }
}

const fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

// Of two digits 00 is the year 2000 for every reader before 2050 (GS1 General Specifications §7.12).
fn short(value: &[u8], open: bool) -> Result<(), Lint> {
    if value.len() != 6 {
        return Err(Lint::Day);
    }
    check(2000 + two(value, 0), two(value, 2), two(value, 4), open)
}

fn long(value: &[u8], open: bool) -> Result<(), Lint> {
    if value.len() != 8 {
        return Err(Lint::Day);
    }
    let year = two(value, 0) * 100 + two(value, 2);
    check(year, two(value, 4), two(value, 6), open)
}

/// YYMMDD, or YYMM00 where the day is open.
pub(super) fn day_or_month(value: &[u8]) -> Result<(), Lint> {
    short(value, true)
}

/// YYMMDD.
pub(super) fn day(value: &[u8]) -> Result<(), Lint> {
    short(value, false)
}

/// YYYYMMDD, or YYYYMM00 where the day is open.
pub(super) fn long_day_or_month(value: &[u8]) -> Result<(), Lint> {
    long(value, true)
}

/// YYYYMMDD.
pub(super) fn long_day(value: &[u8]) -> Result<(), Lint> {
    long(value, false)
}

fn below(value: u32, end: u32) -> Result<(), Lint> {
    if value < end { Ok(()) } else { Err(Lint::Time) }
}

/// hh.
pub(super) fn hour(value: &[u8]) -> Result<(), Lint> {
    below(two(value, 0), 24)
}

/// mm or ss.
pub(super) fn sixtieth(value: &[u8]) -> Result<(), Lint> {
    below(two(value, 0), 60)
}

/// hhmm.
pub(super) fn hour_minute(value: &[u8]) -> Result<(), Lint> {
    hour(value)?;
    below(two(value, 2), 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_their_days_and_february_its_leap_years() {
        assert_eq!(day(b"240229"), Ok(()));
        assert_eq!(day(b"230229"), Err(Lint::Day));
        assert_eq!(day(b"000229"), Ok(()));
        assert_eq!(day(b"260431"), Err(Lint::Day));
        assert_eq!(day(b"261301"), Err(Lint::Month));
        assert_eq!(day(b"260001"), Err(Lint::Month));
        assert_eq!(long_day(b"19000229"), Err(Lint::Day));
        assert_eq!(long_day(b"20000229"), Ok(()));
    }

    #[test]
    fn a_day_may_be_open_only_where_the_dictionary_says_so() {
        assert_eq!(day_or_month(b"260200"), Ok(()));
        assert_eq!(day(b"260200"), Err(Lint::Day));
        assert_eq!(long_day_or_month(b"20260200"), Ok(()));
        assert_eq!(long_day(b"20260200"), Err(Lint::Day));
    }

    #[test]
    fn a_day_has_24_hours_of_60_minutes() {
        assert_eq!(hour_minute(b"2359"), Ok(()));
        assert_eq!(hour_minute(b"2400"), Err(Lint::Time));
        assert_eq!(hour_minute(b"0060"), Err(Lint::Time));
        assert_eq!(sixtieth(b"59"), Ok(()));
    }
}
