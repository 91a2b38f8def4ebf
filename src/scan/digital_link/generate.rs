//! Writes a URI from identifiers and values. GS1 Digital Link URI Syntax §4, §6 (canonical form: §4.11).

use super::{Fault, Pair, path};
use std::fmt::Write;

/// Where the canonical form of a URI begins.
pub const CANONICAL_STEM: &str = "https://id.gs1.org";

/// The URI of these data: the first key among them, its qualifiers, and all else as attributes, those of predefined length first.
/// What stands twice is written once.
pub fn generate(pairs: &[Pair], stem: &str) -> Result<String, Fault> {
    let key = pairs
        .iter()
        .find(|(entry, _)| entry.qualifiers.is_some())
        .ok_or(Fault::NoKey)?
        .0;
    let count = |ai| pairs.iter().filter(|(entry, _)| entry.ai == ai).count();
    let mut in_path = path::best(key, count);
    in_path.insert(0, key.ai);
    let mut uri = stem.strip_suffix('/').unwrap_or(stem).to_owned();
    for ai in &in_path {
        if let Some((_, value)) = pairs.iter().find(|(entry, _)| entry.ai == *ai) {
            uri.push('/');
            uri.push_str(ai.as_str());
            uri.push('/');
            escape(value, &mut uri);
        }
    }
    let mut mark = '?';
    for separated in [false, true] {
        for (at, (entry, value)) in pairs.iter().enumerate() {
            let written = in_path.contains(&entry.ai)
                || pairs[..at]
                    .iter()
                    .any(|(earlier, _)| earlier.ai == entry.ai);
            if written || entry.separated != separated {
                continue;
            }
            if !entry.attribute {
                return Err(Fault::Place(entry.ai));
            }
            uri.push(mark);
            uri.push_str(entry.ai.as_str());
            uri.push('=');
            escape(value, &mut uri);
            mark = '&';
        }
    }
    Ok(uri)
}

/// RFC 3986 §2.3: all but the unreserved characters, with capital digits.
fn escape(value: &str, uri: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a string takes all");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::gs1::from_brackets;

    fn written(text: &str, stem: &str) -> Result<String, Fault> {
        generate(&from_brackets(text).expect("it is in order"), stem)
    }

    #[test]
    fn qualifiers_go_into_the_path_and_attributes_behind_it() {
        assert_eq!(
            written(
                "(21)X/Z(01)12312312312333(10)A(99)I(3103)000195",
                "https://example.com/p/"
            ),
            Ok("https://example.com/p/01/12312312312333/10/A/21/X%2FZ?3103=000195&99=I".to_owned())
        );
    }

    #[test]
    fn what_has_no_place_in_a_uri_is_refused() {
        assert!(matches!(
            written("(99)X", CANONICAL_STEM),
            Err(Fault::NoKey)
        ));
        let both = written("(01)12312312312326(22)A(10)D(235)T", CANONICAL_STEM);
        assert!(matches!(both, Err(Fault::Place(ai)) if ai.as_str() == "235"));
    }
}
