//! Checks on dates and times. The character set has seen to it that they are digits.

use super::Lint;

fn two(tens: u8, units: u8) -> u32 {
    u32::from(tens & 0xf) * 10 + u32::from(units & 0xf)
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
    let &[y, yy, m, mm, d, dd] = value else {
        return Err(Lint::Day);
    };
    check(2000 + two(y, yy), two(m, mm), two(d, dd), open)
}

fn long(value: &[u8], open: bool) -> Result<(), Lint> {
    let &[c, cc, y, yy, m, mm, d, dd] = value else {
        return Err(Lint::Day);
    };
    let year = two(c, cc) * 100 + two(y, yy);
    check(year, two(m, mm), two(d, dd), open)
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

fn below(value: &[u8], end: u32) -> Result<(), Lint> {
    match value {
        &[tens, units] if two(tens, units) < end => Ok(()),
        _ => Err(Lint::Time),
    }
}

/// hh.
pub(super) fn hour(value: &[u8]) -> Result<(), Lint> {
    below(value, 24)
}

/// mm or ss.
pub(super) fn sixtieth(value: &[u8]) -> Result<(), Lint> {
    below(value, 60)
}

/// hhmm.
pub(super) fn hour_minute(value: &[u8]) -> Result<(), Lint> {
    let (hours, minutes) = value.split_at_checked(2).ok_or(Lint::Time)?;
    hour(hours)?;
    sixtieth(minutes)
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
