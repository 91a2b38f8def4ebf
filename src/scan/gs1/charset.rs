//! The character sets of GS1 values. GS1 General Specifications §7.11.

use super::Lint;

/// Which characters a component may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// `N`: digits.
    Digits,
    /// `X`: the 82 characters of figure 7.11-1.
    Cset82,
    /// `Y`: the 39 of figure 7.11-2.
    Cset39,
    /// `Z`: URI-safe base64, padded or not, figure 7.11-3.
    Cset64,
}

const DIGIT: u8 = 1;
const IN_82: u8 = 2;
const IN_39: u8 = 4;
const IN_64: u8 = 8;

/// For every byte the sets that it is in.
const SETS: [u8; 256] = {
    let mut sets = [0; 256];
    let mut c = 0_u8;
    loop {
        let byte = c as usize;
        let digit = c.is_ascii_digit();
        let letter = c.is_ascii_alphabetic();
        if digit {
            sets[byte] |= DIGIT;
        }
        if digit || letter || matches!(c, b'!' | b'"' | b'%'..=b'/' | b':'..=b'?' | b'_') {
            sets[byte] |= IN_82;
        }
        if digit || c.is_ascii_uppercase() || matches!(c, b'#' | b'-' | b'/') {
            sets[byte] |= IN_39;
        }
        if digit || letter || matches!(c, b'-' | b'_') {
            sets[byte] |= IN_64;
        }
        if c == u8::MAX {
            break sets;
        }
        c += 1;
    }
};

/// Folds over the bytes eight at a time from the right, as numbers with the last byte lowest; before the first stand ASCII zeros.
#[inline]
pub(super) fn by_eights<T>(value: &[u8], start: T, mut next: impl FnMut(T, u64) -> T) -> T {
    let (mut folded, mut rest) = (start, value);
    while let Some((front, eight)) = rest.split_last_chunk() {
        folded = next(folded, u64::from_be_bytes(*eight));
        rest = front;
    }
    if rest.is_empty() {
        return folded;
    }
    let bits = 8 * rest.len();
    let word = match value.first_chunk() {
        Some(eight) => u64::from_be_bytes(*eight) >> (64 - bits),
        None => rest
            .iter()
            .fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    next(folded, word | 0x3030_3030_3030_3030 << bits)
}

/// Whether every byte is a digit.
#[inline]
pub(super) fn digits(value: &[u8]) -> bool {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    let wrong = by_eights(value, 0, |wrong, word| {
        // A digit has 3 in its upper half, and still has it with 6 added.
        let more = word.wrapping_add(0x0606_0606_0606_0606);
        wrong | ((word & HIGH | (more & HIGH) >> 4) ^ 0x3333_3333_3333_3333)
    });
    wrong == 0
}

fn all_in(value: &[u8], set: u8) -> bool {
    value
        .iter()
        .fold(set, |all, &byte| all & SETS[usize::from(byte)])
        != 0
}

impl Charset {
    /// How many characters at the front are of the set.
    #[inline]
    pub fn run(self, value: &[u8]) -> usize {
        let set = match self {
            Self::Digits => DIGIT,
            Self::Cset82 => IN_82,
            Self::Cset39 => IN_39,
            Self::Cset64 => IN_64,
        };
        let end = value
            .iter()
            .position(|&byte| SETS[usize::from(byte)] & set == 0);
        end.unwrap_or(value.len())
    }

    /// Whether the value holds only characters of the set.
    #[inline]
    pub fn check(self, value: &[u8]) -> Result<(), Lint> {
        let (good, otherwise) = match self {
            Self::Digits => (digits(value), Lint::NotDigit),
            Self::Cset82 => (all_in(value, IN_82), Lint::NotCset82),
            Self::Cset39 => (all_in(value, IN_39), Lint::NotCset39),
            Self::Cset64 => return base64(value),
        };
        if good { Ok(()) } else { Err(otherwise) }
    }
}

/// RFC 4648 §4 and §5: the padding is left out or whole.
fn base64(value: &[u8]) -> Result<(), Lint> {
    let pads = value.iter().rev().take_while(|&&byte| byte == b'=').count();
    if pads > 2 || (pads > 0 && !value.len().is_multiple_of(4)) {
        return Err(Lint::Padding);
    }
    let body = &value[..value.len() - pads];
    if all_in(body, IN_64) {
        Ok(())
    } else {
        Err(Lint::NotCset64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sets_are_as_large_as_their_names_say() {
        let count = |set| SETS.iter().filter(|&&sets| sets & set != 0).count();
        assert_eq!(
            (count(DIGIT), count(IN_82), count(IN_39), count(IN_64)),
            (10, 82, 39, 64)
        );
    }

    #[test]
    fn a_space_a_hash_and_a_caret_are_in_no_text() {
        for bad in [&b"a b"[..], b"#1", b"a^b", b"\xe9", b"\x1d"] {
            assert_eq!(Charset::Cset82.check(bad), Err(Lint::NotCset82));
        }
    }

    #[test]
    fn base64_is_padded_whole_or_not_at_all() {
        for good in [&b"YWJj"[..], b"YWI=", b"YQ==", b"YQ", b"-_"] {
            assert_eq!(Charset::Cset64.check(good), Ok(()));
        }
        assert_eq!(Charset::Cset64.check(b"YWJj="), Err(Lint::Padding));
        assert_eq!(Charset::Cset64.check(b"YW+j"), Err(Lint::NotCset64));
    }
}
