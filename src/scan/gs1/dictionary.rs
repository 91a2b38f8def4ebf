//! The dictionary in memory: what each application identifier's value looks like, and what goes with what.

use super::linters::Linter;
use super::{Ai, Charset, Fault, GS, Lint, load};
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
    /// What must be there as well, all of it.
    pub(super) requires: Vec<Demand>,
}

/// Companions of which one suffices.
pub(super) struct Demand {
    /// Patterns that suffice each by itself.
    pub any: u128,
    /// Groups that suffice if they are there whole.
    pub groups: Vec<u128>,
}

impl Demand {
    /// Whether what is present meets it.
    #[inline]
    pub fn is_met(&self, present: u128) -> bool {
        self.any & present != 0 || self.groups.iter().any(|&group| group & !present == 0)
    }
}

impl Entry {
    /// How long the value is at the front of `data`, for the two shapes that nearly all values have; none if it is of another
    /// shape or not good.
    #[inline]
    pub(super) fn quick(&self, data: &[u8]) -> Option<usize> {
        if !self.separated {
            let value = data.get(..self.max)?;
            return self.front(value).ok().filter(|&used| used == self.max);
        }
        let [part] = self.parts.as_slice() else {
            return None;
        };
        if !part.linters.is_empty() {
            return None;
        }
        let len = part.charset.run(&data[..data.len().min(part.max)]);
        let ended = data.get(len).is_none_or(|&next| next == GS);
        (len >= part.min && ended).then_some(len)
    }

    /// How long the value is at the front of `data`, up to a separator or the longest it can be.
    pub(super) fn careful(&self, data: &[u8]) -> Result<usize, Fault> {
        // One byte more than the longest value, so as to see whether it goes on.
        let window = &data[..data.len().min(self.max + 1)];
        let end = window.iter().position(|&byte| byte == GS);
        let end = end.unwrap_or(window.len());
        let used = self.front(&window[..end])?;
        if self.separated && used < end {
            return Err(Fault::TooLong(self.ai));
        }
        Ok(used)
    }

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
    pub(super) signature: Option<usize>,
}

const NONE: u16 = u16::MAX;

#[inline]
fn hundreds(pair: [u8; 2]) -> Option<usize> {
    let [tens, units] = pair.map(|byte| usize::from(byte.wrapping_sub(b'0')));
    (tens < 10 && units < 10).then_some(tens * 10 + units)
}

impl Dictionary {
    /// Sets the look-up tables up. Entries that begin alike must be equally long (GS1 General Specifications §7.8.4).
    pub(super) fn new(entries: Vec<Entry>) -> Option<Self> {
        if entries.len() > super::element::MOST_ENTRIES {
            return None;
        }
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
        let signature = signature
            .map(|at| places[at])
            .filter(|&at| at != NONE)
            .map(usize::from);
        Some(Self {
            entries,
            places,
            lengths,
            signature,
        })
    }

    #[inline]
    fn place(ai: &[u8]) -> Option<usize> {
        let tail = |at: usize| ai.get(at).copied().unwrap_or(b'0');
        Some(hundreds([ai[0], ai[1]])? * 100 + hundreds([tail(2), tail(3)])?)
    }

    /// Where the entry stands whose identifier begins the data.
    #[inline]
    pub(super) fn find(&self, data: &[u8]) -> Option<u16> {
        let high = hundreds(*data.first_chunk()?)?;
        let low = match self.lengths[high] {
            2 => 0,
            3 => hundreds([*data.get(2)?, b'0'])?,
            4 => hundreds([*data.get(2)?, *data.get(3)?])?,
            _ => return None,
        };
        let place = self.places[high * 100 + low];
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
