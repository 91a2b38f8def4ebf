//! Compressed URIs: identifiers and values as bits, written in one segment of URI-safe base64.
//!
//! ```text
//! identifier: 4 bits a digit, or one letter-bearing byte for a known sequence   ·   value, by its components:
//!   digits, fixed     one number in the fewest bits
//!   digits, variable  length, then the number
//!   text              3 bits of encoding, length if variable, then the characters
//! ```

use super::bits::{Bits, base64_character, length_bits, value_bits};
use super::parse::{after_scheme, parts};
use super::{Fault, Link, Pair, check};
use crate::scan::gs1::{Charset, Entry, MOST, Rules, dictionary};

/// Sequences that have a byte of their own. GS1 Digital Link compression, table of optimisations.
const SEQUENCES: [(u8, &[&str]); 32] = [
    (0x0a, &["01", "22"]),
    (0x0b, &["01", "10"]),
    (0x0c, &["01", "21"]),
    (0x0d, &["01", "17"]),
    (0x0e, &["01", "7003"]),
    (0x0f, &["01", "30"]),
    (0x1a, &["01", "10", "21", "17"]),
    (0x1b, &["01", "15"]),
    (0x1c, &["01", "11"]),
    (0x1d, &["01", "16"]),
    (0x1e, &["01", "91"]),
    (0x1f, &["01", "10", "15"]),
    (0x2a, &["01", "3100"]),
    (0x2b, &["01", "3101"]),
    (0x2c, &["01", "3102"]),
    (0x2d, &["01", "3103"]),
    (0x2e, &["01", "3104"]),
    (0x2f, &["01", "3105"]),
    (0x3a, &["01", "3200"]),
    (0x3b, &["01", "3201"]),
    (0x3c, &["01", "3202"]),
    (0x3d, &["01", "3203"]),
    (0x3e, &["01", "3204"]),
    (0x3f, &["01", "3205"]),
    (0x9a, &["8010", "8011"]),
    (0x9b, &["8017", "8019"]),
    (0x9c, &["8018", "8019"]),
    (0x9d, &["414", "254"]),
    (0xca, &["255", "3940"]),
    (0xcb, &["255", "3941"]),
    (0xcc, &["255", "3942"]),
    (0xcd, &["255", "3943"]),
];

/// In which order the values of a sequence follow.
#[derive(Clone, Copy)]
enum Order {
    /// By the identifiers' digits, as the toolkit that GS1 publishes writes them, and with it most of what is in the field.
    Sorted,
    /// As the table lists them.
    Listed,
}

/// A component as the compression sees it: neighbours of fixed digits are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Digits(usize),
    UpToDigits(usize),
    Text(usize),
    UpToText(usize),
}

/// Reads a compressed URI and checks what it says, as for a plain one.
pub fn decompress(uri: &str, rules: Rules) -> Result<Link, Fault> {
    let link = unpack(uri)?;
    if !link
        .pairs
        .iter()
        .any(|(entry, _)| entry.qualifiers.is_some())
    {
        return Err(Fault::NoKey);
    }
    check(&link.pairs, rules)?;
    Ok(link)
}

/// Unpacks a compressed URI: the whole of it in the last segment, or key and value plain and the rest there.
/// The values are of their lengths and can be shown; whether they hold otherwise is not asked.
pub fn unpack(uri: &str) -> Result<Link, Fault> {
    let parts = parts(uri)?;
    let (before, segment) = parts.path.rsplit_once('/').ok_or(Fault::Compressed)?;
    let mut pairs = unpack_segment(segment)?;
    if let Some(key) = plain_key(before) {
        pairs.insert(0, key);
    }
    let parameters = parts.query.split('&').filter(|text| !text.is_empty());
    let ignored = parameters.take(MOST).map(str::to_owned).collect();
    Ok(Link { pairs, ignored })
}

/// Key and value in front of a compressed segment, where they are plain.
fn plain_key(path: &str) -> Option<Pair> {
    let (before, value) = path.rsplit_once('/')?;
    let (_, ai) = before.rsplit_once('/')?;
    let entry = dictionary()
        .entry(ai.as_bytes())
        .filter(|entry| entry.qualifiers.is_some())?;
    entry.check(value.as_bytes()).ok()?;
    Some((entry, value.to_owned()))
}

/// Whether a text could be a compressed URI at all: a web address that ends in base64.
pub fn could_be_compressed(uri: &str) -> bool {
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    let path = after_scheme(uri).and_then(|rest| rest.split(['?', '#']).next());
    let segment = path.and_then(|path| path.rsplit_once('/'));
    segment.is_some_and(|(_, segment)| segment.len() >= 4 && segment.bytes().all(plain))
}

/// Of the two orders the one whose values all hold; if neither does, the usual one, should it come out at all.
fn unpack_segment(segment: &str) -> Result<Vec<Pair>, Fault> {
    let read = |order| pairs(Bits::from_base64(segment)?, order);
    let holds = |(entry, value): &Pair| entry.check(value.as_bytes()).is_ok();
    let good = |pairs: &Vec<Pair>| pairs.iter().all(holds);
    let sorted = read(Order::Sorted);
    if sorted.as_ref().is_some_and(good) {
        return sorted.ok_or(Fault::Compressed);
    }
    let listed = read(Order::Listed).filter(good);
    listed.or(sorted).ok_or(Fault::Compressed)
}

fn pairs(mut bits: Bits, order: Order) -> Option<Vec<Pair>> {
    let mut all = Vec::new();
    // What is left below one character is padding.
    while bits.left() >= 8 {
        if all.len() >= MOST {
            return None;
        }
        let byte = u8::try_from(bits.number(8)?).ok()?;
        if byte >> 4 == 0xf {
            foreign(&mut bits, byte & 0xf)?;
        } else if byte >> 4 <= 9 && byte & 0xf <= 9 {
            let entry = identifier(&mut bits, byte)?;
            all.push((entry, value(&mut bits, entry)?));
        } else {
            for entry in sequence(byte, order)? {
                all.push((entry, value(&mut bits, entry)?));
            }
        }
    }
    (!all.is_empty() && bits.left() < 6 && bits.rest_is_zero()).then_some(all)
}

/// The rest of an identifier whose first two digits are these.
fn identifier(bits: &mut Bits, byte: u8) -> Option<&'static Entry> {
    let mut digits = vec![b'0' + (byte >> 4), b'0' + (byte & 0xf)];
    let len = dictionary().length([digits[0], digits[1]])?;
    while digits.len() < len {
        digits.push(
            b'0' + u8::try_from(bits.number(4)?)
                .ok()
                .filter(|&digit| digit <= 9)?,
        );
    }
    dictionary().entry(&digits)
}

fn sequence(byte: u8, order: Order) -> Option<Vec<&'static Entry>> {
    let entry = |ai: &str| dictionary().entry(ai.as_bytes());
    let (tens, units) = (byte >> 4, byte & 0xf);
    // Prices and coupon values, one code for each place of the decimal point.
    let mut sequence = match (tens, units) {
        (0xa, 0..=9) => vec![entry("01")?, entry(&format!("392{units}"))?],
        (0xc, 0..=9) => vec![entry("255")?, entry(&format!("390{units}"))?],
        _ => {
            let (_, listed) = SEQUENCES.iter().find(|(code, _)| *code == byte)?;
            listed
                .iter()
                .map(|ai| entry(ai))
                .collect::<Option<Vec<_>>>()?
        }
    };
    if matches!(order, Order::Sorted) {
        sequence.sort_by_key(|entry| entry.ai);
    }
    Some(sequence)
}

/// A parameter of the site's own: its name in base64 characters, its value like any text. It is passed over.
fn foreign(bits: &mut Bits, high: u8) -> Option<()> {
    let len = usize::from(high) << 3 | usize::from(bits.number(3)?);
    bits.skip(6 * len)?;
    let encoding = bits.number(3)?;
    let len = usize::from(bits.number(7)?);
    let size = match encoding {
        0 => value_bits(len),
        1 | 2 => 4 * len,
        3 => 6 * len,
        4 => 7 * len,
        _ => return None,
    };
    bits.skip(size)
}

fn value(bits: &mut Bits, entry: &Entry) -> Option<String> {
    let mut value = String::new();
    for piece in pieces(entry) {
        value.push_str(&match piece {
            Piece::Digits(len) => bits.digits(len)?,
            Piece::UpToDigits(most) => {
                let len = length(bits, most)?;
                bits.digits(len)?
            }
            Piece::Text(len) => {
                let encoding = bits.number(3)?;
                characters(bits, encoding, len)?
            }
            Piece::UpToText(most) => {
                let encoding = bits.number(3)?;
                let len = length(bits, most)?;
                characters(bits, encoding, len)?
            }
        });
    }
    Some(value)
}

fn length(bits: &mut Bits, most: usize) -> Option<usize> {
    let len = usize::from(bits.number(length_bits(most))?);
    (len <= most).then_some(len)
}

fn characters(bits: &mut Bits, encoding: u16, len: usize) -> Option<String> {
    let hex = |value: u16| char::from_digit(u32::from(value), 16);
    match encoding {
        0 => bits.digits(len),
        1 => bits.text(len, 4, hex),
        2 => bits.text(len, 4, hex).map(|text| text.to_ascii_uppercase()),
        3 => bits.text(len, 6, base64_character),
        4 => bits.text(len, 7, |value| {
            let byte = u8::try_from(value).ok();
            byte.filter(u8::is_ascii_graphic).map(char::from)
        }),
        _ => None,
    }
}

/// The components of a value as the compression joins them: fixed digits with fixed digits, text with text,
/// and all that is optional at the end as one of variable length.
fn pieces(entry: &Entry) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in &entry.parts {
        let is_fixed = part.min == part.max && !part.optional;
        let next = match (part.charset == Charset::Digits, is_fixed) {
            (true, true) => Piece::Digits(part.max),
            (true, false) => Piece::UpToDigits(part.max),
            (false, true) => Piece::Text(part.max),
            (false, false) => Piece::UpToText(part.max),
        };
        let joined = match (pieces.last().copied(), next) {
            (Some(Piece::Digits(a)), Piece::Digits(b)) => Some(Piece::Digits(a + b)),
            (Some(Piece::UpToDigits(a)), Piece::UpToDigits(b)) => Some(Piece::UpToDigits(a + b)),
            (Some(Piece::Text(a)), Piece::Text(b)) => Some(Piece::Text(a + b)),
            (Some(Piece::Text(a)), Piece::UpToText(b)) => Some(Piece::UpToText(a + b)),
            _ => None,
        };
        if let Some(joined) = joined {
            pieces.pop();
            pieces.push(joined);
        } else {
            pieces.push(next);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::gs1;

    fn read(segment: &str) -> Option<String> {
        let pairs = unpack_segment(segment).ok()?;
        Some(shown(&pairs))
    }

    fn shown(pairs: &[Pair]) -> String {
        gs1::bracketed(
            pairs
                .iter()
                .map(|(entry, value)| (entry.ai, value.as_str())),
        )
    }

    #[test]
    fn plain_identifiers_and_known_sequences_are_read() {
        let both = Some("(01)09506000134352(21)a+b".to_owned());
        assert_eq!(read("ARFKk4XBoEMHhV4g"), both);
        assert_eq!(read("DBFKk4XBoQeFXi"), both);
        assert_eq!(
            read("LRFRJydaKAAYY").as_deref(),
            Some("(01)09520123456788(3103)000195")
        );
    }

    #[test]
    fn what_does_not_come_out_is_refused() {
        for bad in [
            "",
            "A",
            "ARFKk4XBo",
            "ARFKk4XBo!",
            "____",
            "BQ",
            "ARFKk4XBoEMHhV4gB",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert!(decompress("https://id.gs1.org/10-abc", Rules::FLOOR).is_err());
    }

    #[test]
    fn parameters_of_the_site_are_kept_aside() {
        let link = unpack("https://id.gs1.org/ARFKk4XBoEMHhV4g?linkType=x").expect("it is good");
        assert_eq!(
            (link.pairs.len(), link.ignored),
            (2, vec!["linkType=x".to_owned()])
        );
    }

    #[test]
    fn a_key_in_front_may_be_plain() {
        // 0001 0000 (10), 000 digits, 00001 one of them, 0111 seven, padded: 000100 000000 000101 110000
        let link =
            decompress("https://a/x/01/09506000134352/EAFw", Rules::STRICT).expect("it is good");
        assert_eq!(shown(&link.pairs), "(01)09506000134352(10)7");
        assert!(matches!(
            decompress("https://a/EAFw", Rules::FLOOR),
            Err(Fault::NoKey)
        ));
    }

    /// Bits as text, padded as they are in a URI.
    fn written(bits: &str) -> String {
        let len = bits.len().next_multiple_of(6);
        let padded = format!("{bits:0<len$}");
        (0..len)
            .step_by(6)
            .filter_map(|at| u16::from_str_radix(&padded[at..at + 6], 2).ok())
            .filter_map(base64_character)
            .collect()
    }

    #[test]
    fn what_the_site_put_among_the_bits_is_passed_over() {
        // F, 0000001 one character of name, A; then 100 text, 0000001 one character, a space; then (37)5.
        let bits =
            "11110000001000000".to_owned() + "1000000001" + "0100000" + "00110111" + "00010101";
        assert_eq!(read(&written(&bits)).as_deref(), Some("(37)5"));
    }

    #[test]
    fn both_orders_of_a_sequence_are_understood() {
        // 9D: 414 and 254, here in the listed order: 44 bits of GLN, then 000 00001 0111.
        let gln = format!("{:044b}", 9_506_000_134_352_u64);
        let bits = format!("10011101{gln}000000010111");
        assert_eq!(
            read(&written(&bits)).as_deref(),
            Some("(414)9506000134352(254)7")
        );
        assert_eq!(
            read("nYVmywr8UUqThcGg").as_deref(),
            Some("(254)32a/b(414)9506000134352")
        );
    }

    #[test]
    fn components_are_joined_as_the_compression_does() {
        let of = |ai: &str| pieces(dictionary().entry(ai.as_bytes()).expect("it is known"));
        assert_eq!(of("8003"), [Piece::Digits(14), Piece::UpToText(16)]);
        assert_eq!(of("7003"), [Piece::Digits(10)]);
        assert_eq!(of("423"), [Piece::Digits(3), Piece::UpToDigits(12)]);
        assert_eq!(of("8008"), [Piece::Digits(8), Piece::UpToDigits(4)]);
        assert_eq!(of("7230"), [Piece::UpToText(30)]);
        assert_eq!(of("7040"), [Piece::Digits(1), Piece::Text(3)]);
    }
}
