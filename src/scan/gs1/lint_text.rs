//! Checks on texts and numbers that need no list.

use super::Lint;

fn when(good: bool, otherwise: Lint) -> Result<(), Lint> {
    if good { Ok(()) } else { Err(otherwise) }
}

/// RFC 3986 §2.1: a percent sign has two hexadecimal digits behind it.
pub(super) fn percent(value: &[u8]) -> Result<(), Lint> {
    let mut parts = value.split(|&byte| byte == b'%');
    parts.next();
    let whole = |part: &[u8]| {
        part.get(..2)
            .is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit))
    };
    when(parts.all(whole), Lint::Percent)
}

fn at_most(value: &[u8], most: u64) -> bool {
    let number = std::str::from_utf8(value)
        .ok()
        .and_then(|text| text.parse().ok());
    number.is_some_and(|number: u64| value.len() == 10 && number <= most)
}

/// Ten digits: degrees north of the south pole, to a ten-millionth.
pub(super) fn latitude(value: &[u8]) -> Result<(), Lint> {
    when(at_most(value, 1_800_000_000), Lint::Latitude)
}

/// Ten digits: degrees east, to a ten-millionth, once round.
pub(super) fn longitude(value: &[u8]) -> Result<(), Lint> {
    when(at_most(value, 3_600_000_000), Lint::Longitude)
}

/// A minus sign.
pub(super) fn minus(value: &[u8]) -> Result<(), Lint> {
    when(value.iter().all(|&byte| byte == b'-'), Lint::Hyphen)
}

/// Regulation (EU) 2018/574: one letter, digit, `-` or `_`.
pub(super) fn importer_index(value: &[u8]) -> Result<(), Lint> {
    let good = matches!(value, [c] if c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    when(good, Lint::ImporterIndex)
}

/// Not all zeros.
pub(super) fn not_zero(value: &[u8]) -> Result<(), Lint> {
    when(value.iter().any(|&byte| byte != b'0'), Lint::Zero)
}

/// All zeros.
pub(super) fn zero(value: &[u8]) -> Result<(), Lint> {
    when(value.iter().all(|&byte| byte == b'0'), Lint::NotZero)
}

/// No zero in front.
pub(super) fn no_zero_in_front(value: &[u8]) -> Result<(), Lint> {
    when(value.first() != Some(&b'0'), Lint::ZeroPrefix)
}

/// Something else than digits.
pub(super) fn not_only_digits(value: &[u8]) -> Result<(), Lint> {
    when(!value.iter().all(u8::is_ascii_digit), Lint::OnlyDigits)
}

/// `position/end`: two numbers without zeros in front, the first at most the second.
pub(super) fn position(value: &[u8]) -> Result<(), Lint> {
    let slash = value.iter().position(|&byte| byte == b'/');
    let (at, end) = value.split_at(slash.ok_or(Lint::Position)?);
    let end = &end[1..];
    let number = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if !number(at) || !number(end) {
        return Err(Lint::Position);
    }
    if at[0] == b'0' || end[0] == b'0' {
        return Err(Lint::ZeroPrefix);
    }
    // Without zeros in front the longer number is the larger.
    when((at.len(), at) <= (end.len(), end), Lint::Position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_codes_are_whole() {
        for good in [&b""[..], b"A%20B", b"%fF", b"%00+"] {
            assert_eq!(percent(good), Ok(()));
        }
        for bad in [&b"%"[..], b"A%2", b"%gf", b"%%20"] {
            assert_eq!(percent(bad), Err(Lint::Percent));
        }
    }

    #[test]
    fn the_earth_is_round_once() {
        assert_eq!(latitude(b"1800000000"), Ok(()));
        assert_eq!(latitude(b"1800000001"), Err(Lint::Latitude));
        assert_eq!(longitude(b"3600000000"), Ok(()));
        assert_eq!(longitude(b"9999999999"), Err(Lint::Longitude));
    }

    #[test]
    fn a_position_is_not_beyond_its_end() {
        for good in [&b"1/1"[..], b"9/10", b"10/10"] {
            assert_eq!(position(good), Ok(()));
        }
        for bad in [&b"2/1"[..], b"10/9", b"/1", b"1/", b"1//2", b"a/2", b"12"] {
            assert_eq!(position(bad), Err(Lint::Position));
        }
        assert_eq!(position(b"0/1"), Err(Lint::ZeroPrefix));
        assert_eq!(position(b"1/02"), Err(Lint::ZeroPrefix));
    }

    #[test]
    fn zeros_are_where_they_belong() {
        assert_eq!((zero(b"0"), zero(b"1")), (Ok(()), Err(Lint::NotZero)));
        assert_eq!(
            (not_zero(b"010"), not_zero(b"00")),
            (Ok(()), Err(Lint::Zero))
        );
        assert_eq!(no_zero_in_front(b"01"), Err(Lint::ZeroPrefix));
        assert_eq!(not_only_digits(b"12"), Err(Lint::OnlyDigits));
        assert_eq!(importer_index(b"_"), Ok(()));
        assert_eq!(importer_index(b"+"), Err(Lint::ImporterIndex));
        assert_eq!(minus(b"7"), Err(Lint::Hyphen));
    }
}
