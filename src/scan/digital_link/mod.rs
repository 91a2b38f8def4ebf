//! GS1 Digital Link: the same identifiers and values as an element string, in the form of a URI, plain or compressed.
//! A URI is read, never fetched.

mod bits;
mod compressed;
mod generate;
mod parse;
mod path;

pub use compressed::{could_be_compressed, decompress, unpack};
pub use generate::{CANONICAL_STEM, generate};
pub use parse::{is_uri, parse};

use crate::scan::gs1::{self, Ai, Entry};

/// An identifier with its value, which may have been escaped in the URI.
pub type Pair = (&'static Entry, String);

/// What a URI says.
#[derive(Clone)]
pub struct Link {
    /// Key, qualifiers and attributes, in their order.
    pub pairs: Vec<Pair>,
    /// Parameters that are no identifiers, as they stand.
    pub ignored: Vec<String>,
}

/// Why a URI is no GS1 Digital Link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Neither http nor https.
    #[error("no web address")]
    Scheme,
    /// A character that no URI has.
    #[error("a character that no address has")]
    Characters,
    /// No host, or nothing behind it.
    #[error("no host or path")]
    Host,
    /// No GS1 key in the path.
    #[error("no GS1 key in the address")]
    NoKey,
    /// Nothing behind an identifier.
    #[error("({0}) is empty")]
    EmptyValue(Ai),
    /// A NUL character in a value.
    #[error("({0}) holds a NUL")]
    Nul(Ai),
    /// An all-digit parameter that is no identifier.
    #[error("unknown part in the address")]
    UnknownAi,
    /// The qualifiers do not belong to the key, or stand in another order.
    #[error("the path is not in order")]
    Order,
    /// The same identifier twice.
    #[error("({0}) stands twice")]
    Twice(Ai),
    /// An identifier that may not be an attribute, or belongs in the path.
    #[error("({0}) may not stand there")]
    Place(Ai),
    /// More parts than are read.
    #[error("too many parts")]
    TooMany,
    /// The values do not hold, by themselves or together.
    #[error("{0}")]
    Data(#[from] gs1::Fault),
    /// The compressed part does not come out.
    #[error("the short address does not come out")]
    Compressed,
}

impl Fault {
    /// The kind of fault in one word, as the test vectors name it.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Data(fault) => fault.class(),
            Self::EmptyValue(_) => "empty",
            Self::UnknownAi => "unknown_ai",
            _ => "other",
        }
    }
}

/// Checks values and what goes together, as for element strings.
pub fn check(pairs: &[Pair], rules: gs1::Rules) -> Result<(), Fault> {
    for (entry, value) in pairs {
        entry.check(value.as_bytes())?;
    }
    Ok(gs1::check_pairs(pairs, rules)?)
}
