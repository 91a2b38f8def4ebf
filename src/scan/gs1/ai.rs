//! An application identifier: the two to four digits that say what the value behind them is.

/// An application identifier, two to four digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ai {
    digits: [u8; 4],
    len: u8,
}

impl Ai {
    /// Two to four ASCII digits; none if they are not.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if !(2..=4).contains(&text.len()) || !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut digits = [0; 4];
        digits[..text.len()].copy_from_slice(text);
        let len = u8::try_from(text.len()).expect("it is four at most");
        Some(Self { digits, len })
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).expect("digits are ASCII")
    }

    /// How many digits.
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(self) -> usize {
        self.len as usize
    }

    /// The digits as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.digits[..usize::from(self.len)]
    }

    /// Whether it has the form of a pattern such as `310n`: as long, and the same digits where the pattern has digits.
    pub(super) fn fits(self, pattern: &str) -> bool {
        let bytes = self.as_bytes();
        bytes.len() == pattern.len()
            && bytes
                .iter()
                .zip(pattern.bytes())
                .all(|(&digit, mask)| mask == b'n' || mask == digit)
    }
}

impl std::fmt::Display for Ai {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::fmt::Debug for Ai {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_two_to_four_digits() {
        assert_eq!(
            Ai::parse(b"3103").map(|ai| ai.to_string()),
            Some("3103".to_owned())
        );
        for bad in [&b"1"[..], b"12345", b"1a", b""] {
            assert_eq!(Ai::parse(bad), None);
        }
    }

    #[test]
    fn a_pattern_fits_only_identifiers_of_its_length() {
        let ai = Ai::parse(b"3103").expect("four digits");
        assert!(ai.fits("310n") && ai.fits("31nn") && ai.fits("3103"));
        assert!(!ai.fits("31") && !ai.fits("31n") && !ai.fits("320n"));
    }
}
