//! Envelopes of ISO/IEC 15434, as on shipping labels, and the data identifiers of ANSI MH10.8.2 in them.
//!
//! ```text
//! [)> RS  06 GS P ABC-123 GS Q 24  RS  EOT
//!         └ format: fields …        ┘
//! ```

use super::gs1;

const GS: u8 = 0x1d;
const RS: u8 = 0x1e;
const EOT: u8 = 0x04;

/// Most formats and most fields that are read of one envelope.
const MOST: usize = 256;

/// A field that names itself: the identifier, and its data.
pub type Field<'a> = (&'a str, &'a str);

/// What one format of an envelope holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// Format 06: data identifiers. Format 05: GS1 application identifiers.
    Fields(Vec<Field<'a>>),
    /// Any other: fields as they stand.
    Raw(Vec<&'a str>),
}

/// One format of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format<'a> {
    /// Its two digits.
    pub number: &'a str,
    /// What it holds.
    pub content: Content<'a>,
}

/// A whole envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// Its formats, in their order.
    pub formats: Vec<Format<'a>>,
    /// Whether the end was there; scanners cut it off as they like.
    pub ended: bool,
}

/// Why data are no envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No `[)>` and RS in front.
    #[error("header")]
    Header,
    /// No two digits where a format begins, or no GS behind them.
    #[error("format")]
    Format,
    /// A field without a data identifier: up to three digits and a capital letter.
    #[error("data_identifier")]
    DataIdentifier,
    /// A field of GS1 data that is not good.
    #[error("application_identifier")]
    ApplicationIdentifier,
    /// Something behind the end.
    #[error("trailer")]
    Trailer,
    /// Bytes that are no text.
    #[error("charset")]
    Charset,
    /// More formats or fields than a label holds.
    #[error("too_many")]
    TooMany,
}

/// Whether the data begin as an envelope does.
pub fn begins(data: &[u8]) -> bool {
    data.starts_with(b"[)>")
}

/// Splits a field into its data identifier and the data; none if it has no identifier. ANSI MH10.8.2.
pub fn field(text: &str) -> Option<Field<'_>> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let letter = text
        .as_bytes()
        .get(digits)
        .filter(|byte| byte.is_ascii_uppercase());
    (digits <= 3 && letter.is_some()).then(|| text.split_at(digits + 1))
}

/// Reads an envelope.
pub fn parse(data: &[u8]) -> Result<Envelope<'_>, Fault> {
    let body = data.strip_prefix(b"[)>\x1e").ok_or(Fault::Header)?;
    let end = body.iter().position(|&byte| byte == EOT);
    let (body, after) = body.split_at(end.unwrap_or(body.len()));
    if after.len() > 1 {
        return Err(Fault::Trailer);
    }
    let whole = body.strip_suffix(&[RS]);
    let ended = whole.is_some() && end.is_some();
    let body = whole.unwrap_or(body);
    let mut formats = Vec::new();
    for text in body.split(|&byte| byte == RS) {
        if formats.len() == MOST {
            return Err(Fault::TooMany);
        }
        formats.push(format(text)?);
    }
    Ok(Envelope { formats, ended })
}

fn format(text: &[u8]) -> Result<Format<'_>, Fault> {
    let text = std::str::from_utf8(text).map_err(|_| Fault::Charset)?;
    let number = text
        .get(..2)
        .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let number = number.ok_or(Fault::Format)?;
    let mut fields = text[2..].split(char::from(GS));
    // The first separator belongs to the format's own header.
    if fields.next() != Some("") {
        return Err(Fault::Format);
    }
    let fields: Vec<&str> = fields
        .filter(|field| !field.is_empty())
        .take(MOST + 1)
        .collect();
    if fields.len() > MOST {
        return Err(Fault::TooMany);
    }
    let content = match number {
        "05" => Content::Fields(elements(&fields)?),
        "06" => {
            let fields = fields
                .into_iter()
                .map(|text| field(text).ok_or(Fault::DataIdentifier));
            Content::Fields(fields.collect::<Result<_, _>>()?)
        }
        _ => Content::Raw(fields),
    };
    Ok(Format { number, content })
}

/// Each field may hold several elements, where the earlier ones need no separator.
fn elements<'a>(fields: &[&'a str]) -> Result<Vec<Field<'a>>, Fault> {
    let mut all = Vec::new();
    for text in fields {
        let read = gs1::parse(text.as_bytes(), gs1::Rules::FLOOR)
            .map_err(|_| Fault::ApplicationIdentifier)?;
        all.extend(
            read.iter()
                .map(|element| (element.entry.ai.as_str(), element.value)),
        );
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_name_themselves() {
        let read = parse(b"[)>\x1e06\x1dPABC-123\x1dQ24\x1d1T0001\x1e\x04").expect("it is whole");
        let fields = vec![("P", "ABC-123"), ("Q", "24"), ("1T", "0001")];
        assert_eq!(
            read.formats,
            [Format {
                number: "06",
                content: Content::Fields(fields)
            }]
        );
        assert!(read.ended);
    }

    #[test]
    fn an_envelope_may_hold_several_formats_and_lose_its_end() {
        let read = parse(b"[)>\x1e01\x1d96123\x1d840\x1e05\x1d0109506000134352\x1d10A")
            .expect("it is good");
        assert_eq!(read.formats[0].content, Content::Raw(vec!["96123", "840"]));
        assert_eq!(
            read.formats[1].content,
            Content::Fields(vec![("01", "09506000134352"), ("10", "A")])
        );
        assert!(!read.ended);
        assert!(!parse(b"[)>\x1e06\x1dQ5\x1e").expect("it is good").ended);
    }

    #[test]
    fn what_is_no_envelope_says_why() {
        for (data, fault) in [
            (&b"[)>06\x1dPABC\x1e\x04"[..], Fault::Header),
            (b"[)>\x1e06\x1d9999Z1\x1e\x04", Fault::DataIdentifier),
            (b"[)>\x1e06\x1d123\x1e\x04", Fault::DataIdentifier),
            (b"[)>\x1e06\x1dpx\x1e\x04", Fault::DataIdentifier),
            (b"[)>\x1e6\x1dPA\x1e\x04", Fault::Format),
            (b"[)>\x1e06PA\x1e\x04", Fault::Format),
            (b"[)>\x1e", Fault::Format),
            (
                b"[)>\x1e05\x1d0109506000134351\x1e\x04",
                Fault::ApplicationIdentifier,
            ),
            (b"[)>\x1e06\x1dPA\x1e\x04x", Fault::Trailer),
            (b"[)>\x1e06\x1dP\xe9\x1e\x04", Fault::Charset),
        ] {
            assert_eq!(parse(data), Err(fault), "{data:?}");
        }
    }

    #[test]
    fn a_data_identifier_is_up_to_three_digits_and_a_letter() {
        assert_eq!(field("12PABC"), Some(("12P", "ABC")));
        assert_eq!(field("Q"), Some(("Q", "")));
        for bad in ["", "1234Q", "123", "q1", "éQ", "-Q"] {
            assert_eq!(field(bad), None, "{bad}");
        }
    }
}
