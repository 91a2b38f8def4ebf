//! The dictionary in memory: what each application identifier's value looks like, and what goes with what.

use super::linters::Linter;
use super::{Ai, Charset, Fault, Lint, load};
use std::sync::LazyLock;

/// A component of a value.
pub(in crate::scan) struct Part {
    pub charset: Charset,
    pub min: usize,
    pub max: usize,
    pub optional: bool,
    pub linters: Vec<Linter>,
}

/// What is known of one application identifier.
pub struct Entry {
    /// The identifier.
    pub ai: Ai,
    /// Its data title ("USE BY or EXPIRY").
    pub title: &'static str,
    /// Whether its value ends only at a separator or at the end of the data.
    pub separated: bool,
    /// Whether it may be an attribute of a GS1 Digital Link URI.
    pub attribute: bool,
    /// Fewest characters of the value.
    pub min: usize,
    /// Most characters of the value.
    pub max: usize,
    pub(in crate::scan) parts: Vec<Part>,
    /// For a primary key of GS1 Digital Link: the sequences of qualifiers that may follow it.
    pub(in crate::scan) qualifiers: Option<Vec<Vec<Ai>>>,
    /// A bit for every pattern of the dictionary's associations that this identifier fits.
    pub(super) marks: u128,
    /// Patterns that may not be there as well.
    pub(super) excludes: u128,
    /// For each demand the groups of patterns of which one must be there whole.
    pub(super) requires: Vec<Vec<u128>>,
}

impl Entry {
    /// Checks the front of `data` as the value, up to its longest. Says how many bytes it takes.
    #[inline]
    pub(super) fn front(&self, data: &[u8]) -> Result<usize, Fault> {
        if data.is_empty() {
            return Err(Fault::EmptyValue(self.ai));
        }
        let mut at = 0;
        for part in &self.parts {
            let rest = &data[at..];
            let len = rest.len().min(part.max);
            if len == 0 && part.optional {
                continue;
            }
            if len < part.min {
                return Err(Fault::Length(self.ai));
            }
            part.check(&rest[..len])
                .map_err(|lint| Fault::Value(self.ai, lint))?;
            at += len;
        }
        Ok(at)
    }

    /// Checks the whole of `value`.
    pub fn check(&self, value: &[u8]) -> Result<(), Fault> {
        if value.is_empty() {
            Err(Fault::EmptyValue(self.ai))
        } else if value.len() < self.min {
            Err(Fault::TooShort(self.ai))
        } else if value.len() > self.max {
            Err(Fault::TooLong(self.ai))
        } else if self.front(value)? < value.len() {
            Err(Fault::Length(self.ai))
        } else {
            Ok(())
        }
    }
}

impl Part {
    #[inline]
    fn check(&self, value: &[u8]) -> Result<(), Lint> {
        self.charset.check(value)?;
        self.linters.iter().try_for_each(|linter| linter(value))
    }
}

/// All application identifiers.
pub struct Dictionary {
    pub(super) entries: Vec<Entry>,
    /// Where the entry stands, by the identifier's digits padded with zeros on the right to four; `NONE` if there is none.
    places: Box<[u16]>,
    /// How many digits an identifier has, by its first two; 0 if there is none.
    lengths: [u8; 100],
    /// Where the digital signature (AI 8030) stands, if it is known.
    pub(super) signature: Option<u16>,
}

const NONE: u16 = u16::MAX;

fn hundreds(pair: [u8; 2]) -> Option<usize> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| usize::from(byte - b'0'));
    Some(digit(pair[0])? * 10 + digit(pair[1])?)
}

impl Dictionary {
    /// Sets the look-up tables up. Entries that begin alike must be equally long (GS1 General Specifications §7.8.4).
    pub(super) fn new(entries: Vec<Entry>) -> Option<Self> {
        let mut places = vec![NONE; 10_000].into_boxed_slice();
        let mut lengths = [0; 100];
        for (at, entry) in entries.iter().enumerate() {
            let bytes = entry.ai.as_bytes();
            let len = u8::try_from(bytes.len()).ok()?;
            let known = &mut lengths[hundreds([bytes[0], bytes[1]])?];
            let place = &mut places[Self::place(bytes)?];
            if (*known != 0 && *known != len) || *place != NONE {
                return None;
            }
            (*known, *place) = (len, u16::try_from(at).ok()?);
        }
        let signature = Ai::parse(b"8030").and_then(|ai| Self::place(ai.as_bytes()));
        let signature = signature.map(|at| places[at]).filter(|&at| at != NONE);
        Some(Self {
            entries,
            places,
            lengths,
            signature,
        })
    }

    fn place(ai: &[u8]) -> Option<usize> {
        let tail = |at: usize| ai.get(at).copied().unwrap_or(b'0');
        Some(hundreds([ai[0], ai[1]])? * 100 + hundreds([tail(2), tail(3)])?)
    }

    /// Where the entry stands whose identifier begins the data.
    #[inline]
    pub(super) fn find(&self, data: &[u8]) -> Option<u16> {
        let &[tens, units, ..] = data else {
            return None;
        };
        let len = usize::from(self.lengths[hundreds([tens, units])?]);
        let ai = data.get(..len).filter(|ai| !ai.is_empty())?;
        let place = self.places[Self::place(ai)?];
        (place != NONE).then_some(place)
    }

    /// The entry of exactly this identifier.
    pub fn entry(&self, ai: &[u8]) -> Option<&Entry> {
        let entry = &self.entries[usize::from(self.find(ai)?)];
        (entry.ai.as_bytes() == ai).then_some(entry)
    }

    /// All entries, by their identifiers.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many digits an identifier has that begins with these two, if there is any.
    pub(in crate::scan) fn length(&self, pair: [u8; 2]) -> Option<usize> {
        let len = self.lengths[hundreds(pair)?];
        (len > 0).then_some(usize::from(len))
    }
}

/// The dictionary that came with the program.
pub fn dictionary() -> &'static Dictionary {
    static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
        load::read(include_str!(
            "../../../assets/gs1/gs1-syntax-dictionary.txt"
        ))
        .expect("a test reads the dictionary that came with the program")
    });
    &DICTIONARY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_knows_every_identifier_of_its_file() {
        let all = dictionary();
        assert_eq!(all.entries().len(), 541);
        for entry in all.entries() {
            let found = all.entry(entry.ai.as_bytes()).map(|entry| entry.ai);
            assert_eq!(found, Some(entry.ai));
        }
    }

    #[test]
    fn the_first_two_digits_say_how_long_an_identifier_is() {
        let all = dictionary();
        let found = |text: &str| {
            all.find(text.as_bytes())
                .map(|at| all.entries[usize::from(at)].ai.to_string())
        };
        assert_eq!(found("0109506"), Some("01".to_owned()));
        assert_eq!(found("235x"), Some("235".to_owned()));
        assert_eq!(found("3103001"), Some("3103".to_owned()));
        for unknown in ["3106001", "234x", "05123", "2", "", "392x", "310", "x1"] {
            assert_eq!(found(unknown), None, "{unknown}");
        }
        assert!(all.entry(b"0195").is_none());
    }

    #[test]
    fn identifiers_of_predefined_length_need_no_separator() {
        let all = dictionary();
        let separated = |ai: &str| all.entry(ai.as_bytes()).map(|entry| entry.separated);
        assert_eq!(
            (separated("3103"), separated("414"), separated("7003")),
            (Some(false), Some(false), Some(true))
        );
    }
}
