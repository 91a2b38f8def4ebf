//! Reads a plain URI. GS1 Digital Link URI Syntax §4 to §6.

use super::{Fault, Link, Pair, check, path};
use crate::scan::gs1::{Ai, Entry, MOST, Rules, dictionary};

/// RFC 3986 §2: what may stand in a URI at all.
fn is_uri_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// The text behind `http://` or `https://`, in small or in capital letters.
pub(super) fn after_scheme(text: &str) -> Option<&str> {
    ["https://", "HTTPS://", "http://", "HTTP://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
}

/// Whether the text begins as a web address does.
pub fn is_uri(text: &str) -> bool {
    after_scheme(text).is_some()
}

/// The parts of a URI behind its host.
pub(super) struct Parts<'a> {
    pub path: &'a str,
    pub query: &'a str,
}

/// Takes a URI apart. The fragment is of no meaning here.
pub(super) fn parts(uri: &str) -> Result<Parts<'_>, Fault> {
    let rest = after_scheme(uri).ok_or(Fault::Scheme)?;
    if !uri.bytes().all(is_uri_character) {
        return Err(Fault::Characters);
    }
    let slash = rest.find('/').filter(|&at| at > 0).ok_or(Fault::Host)?;
    let (host, rest) = rest.split_at(slash);
    if host
        .bytes()
        .any(|byte| b"_~?#@!$&'()*+,;=%".contains(&byte))
    {
        return Err(Fault::Characters);
    }
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Ok(Parts { path, query })
}

/// Reads a URI and checks all that is said of it and of the data in it.
pub fn parse(uri: &str, rules: Rules) -> Result<Link, Fault> {
    let parts = parts(uri)?;
    let mut pairs = in_path(parts.path)?;
    let key = pairs[0].0;
    let qualifiers: Vec<Ai> = pairs[1..].iter().map(|(entry, _)| entry.ai).collect();
    let mut ignored = Vec::new();
    for parameter in parameters(parts.query) {
        if pairs.len() + ignored.len() >= MOST {
            return Err(Fault::TooMany);
        }
        match in_query(parameter)? {
            Some(pair) => pairs.push(pair),
            None => ignored.push(parameter.to_owned()),
        }
    }
    if !path::fits(key, &qualifiers) {
        return Err(Fault::Order);
    }
    for (at, (entry, _)) in pairs.iter().enumerate().skip(1 + qualifiers.len()) {
        if pairs[..at]
            .iter()
            .any(|(earlier, _)| earlier.ai == entry.ai)
        {
            return Err(Fault::Twice(entry.ai));
        }
        if !entry.attribute || path::belongs(key, &qualifiers, entry.ai) {
            return Err(Fault::Place(entry.ai));
        }
    }
    check(&pairs, rules)?;
    Ok(Link { pairs, ignored })
}

/// From the right the first key whose followers are all identifiers with values: it and they.
fn in_path(path: &str) -> Result<Vec<Pair>, Fault> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let known = |at: usize| dictionary().entry(segments[at].as_bytes());
    let mut from = segments.len();
    let key = loop {
        from = from.checked_sub(2).ok_or(Fault::NoKey)?;
        let entry = known(from).ok_or(Fault::NoKey)?;
        if entry.qualifiers.is_some() {
            break from;
        }
    };
    let pairs = segments[key..].chunks_exact(2);
    if pairs.len() > MOST {
        return Err(Fault::TooMany);
    }
    pairs
        .map(|pair| {
            let entry = dictionary().entry(pair[0].as_bytes()).ok_or(Fault::NoKey)?;
            Ok((entry, decoded(entry, pair[1], false)?))
        })
        .collect()
}

/// The parameters of a query. Separators may come several at once; behind one at the end stands an empty parameter.
fn parameters(query: &str) -> impl Iterator<Item = &str> {
    let last = query.ends_with('&').then_some("");
    query.split('&').filter(|text| !text.is_empty()).chain(last)
}

/// A parameter that is an identifier; none if it is something of the site's own.
fn in_query(parameter: &str) -> Result<Option<Pair>, Fault> {
    let Some((name, value)) = parameter.split_once('=') else {
        return Ok(None);
    };
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let entry = dictionary()
        .entry(name.as_bytes())
        .ok_or(Fault::UnknownAi)?;
    Ok(Some((entry, decoded(entry, value, true)?)))
}

/// RFC 3986 §2.1; in a query `+` is a space. What is no code stands for itself.
fn decoded(entry: &Entry, text: &str, is_query: bool) -> Result<String, Fault> {
    if text.is_empty() {
        return Err(Fault::EmptyValue(entry.ai));
    }
    let hex =
        |digits: Option<&str>| u8::from_str_radix(digits.filter(|d| !d.starts_with('+'))?, 16).ok();
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let code = if c == '%' { hex(rest.get(1..3)) } else { None };
        match (c, code) {
            (_, Some(0)) => return Err(Fault::Nul(entry.ai)),
            // Latin-1: whatever is not ASCII is in no character set and refused with the value.
            (_, Some(code)) => value.push(char::from(code)),
            ('+', None) if is_query => value.push(' '),
            (c, None) => value.push(c),
        }
        rest = &rest[if code.is_some() { 3 } else { 1 }..];
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::gs1;

    fn read(uri: &str) -> Result<String, Fault> {
        let link = parse(uri, Rules::STRICT)?;
        Ok(gs1::bracketed(
            link.pairs
                .iter()
                .map(|(entry, value)| (entry.ai, value.as_str())),
        ))
    }

    #[test]
    fn key_qualifiers_and_attributes_are_read_in_their_order() {
        assert_eq!(
            read("https://id.gs1.org/01/09506000134352/10/A/21/B?17=261231&3103=000195"),
            Ok("(01)09506000134352(10)A(21)B(17)261231(3103)000195".to_owned())
        );
        assert_eq!(
            read("HTTPS://a.example:80/x/01/y/01/09506000134352#f?x"),
            Ok("(01)09506000134352".to_owned())
        );
    }

    #[test]
    fn what_belongs_to_the_site_is_kept_aside() {
        let link = parse(
            "https://a/01/09506000134352?linkType=all&flag&&99=X&99ABC=1",
            Rules::STRICT,
        )
        .expect("it is good");
        assert_eq!(link.ignored, ["linkType=all", "flag", "99ABC=1"]);
        assert_eq!(link.pairs.len(), 2);
        let empty =
            parse("https://a/01/09506000134352?&&99=X&&", Rules::STRICT).expect("it is good");
        assert_eq!((empty.pairs.len(), empty.ignored), (2, vec![String::new()]));
    }

    #[test]
    fn escapes_are_undone_after_the_path_is_cut() {
        assert_eq!(
            read("https://a/01/09506000134352/10/A%2FB%2"),
            Ok("(01)09506000134352(10)A/B%2".to_owned())
        );
        assert_eq!(
            read("https://a/01/09506000134352/10/%"),
            Ok("(01)09506000134352(10)%".to_owned())
        );
        assert!(matches!(
            read("https://a/01/09506000134352/10/A%00"),
            Err(Fault::Nul(_))
        ));
        assert!(matches!(
            read("https://a/01/09506000134352?99=A+B"),
            Err(Fault::Data(_))
        ));
        assert!(matches!(
            read("https://a/01/09506000134352?99=%E9"),
            Err(Fault::Data(_))
        ));
    }

    #[test]
    fn what_is_no_digital_link_says_why() {
        let ai = |text: &str| Ai::parse(text.as_bytes()).expect("digits");
        for (uri, fault) in [
            ("", Fault::Scheme),
            ("HtTp://a/01/09506000134352", Fault::Scheme),
            ("https://", Fault::Host),
            ("https:///01/09506000134352", Fault::Host),
            ("https://a$/01/09506000134352", Fault::Characters),
            ("https://a/01/0950é", Fault::Characters),
            ("https://a/gtin/09506000134352", Fault::NoKey),
            ("https://a/01/09506000134352/", Fault::NoKey),
            ("https://a/01/09506000134352/89/x", Fault::NoKey),
            (
                "https://a/01/09506000134352/10/",
                Fault::EmptyValue(ai("10")),
            ),
            ("https://a/01/09506000134352/21/B/10/A", Fault::Order),
            ("https://a/01/09506000134352?10=A", Fault::Place(ai("10"))),
            ("https://a/253/1231231231232?21=A", Fault::Place(ai("21"))),
            (
                "https://a/01/09506000134352?01=09506000134352",
                Fault::Twice(ai("01")),
            ),
            ("https://a/01/09506000134352?999=1", Fault::UnknownAi),
        ] {
            assert_eq!(read(uri), Err(fault), "{uri}");
        }
    }
}
