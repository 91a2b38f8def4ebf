//! The hash chain over a journal: each row vouches for all before it, so that a gap or an edit shows.

use super::Entry;
use sha2::{Digest, Sha256};

/// SHA-256 over the link before and the row's line. The first row's link before is all zeros.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Link(pub [u8; 32]);

impl Link {
    /// What stands before the first row.
    pub const START: Self = Self([0; 32]);

    /// The link of a row that follows this one. `line` is the row exactly as stored and sent.
    #[must_use]
    pub fn next(self, line: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(line.as_bytes());
        Self(hash.finalize().into())
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        if text.len() != 64 {
            return None;
        }
        let digit = |b: u8| {
            char::from(b)
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
        };
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Display for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link({self})")
    }
}

impl Entry {
    /// The row as one line of JSON: what is stored, chained and sent. Written once, then only copied.
    pub fn line(&self) -> String {
        serde_json::to_string(self).expect("a fact has text keys only, so it always becomes JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_row_changes_every_link_after_it() {
        let honest = Link::START.next("a").next("b");
        let edited = Link::START.next("x").next("b");
        assert_ne!(honest, edited);
        assert_eq!(Link::from_hex(&honest.to_string()), Some(honest));
        assert_eq!(Link::from_hex("zz"), None);
    }
}
