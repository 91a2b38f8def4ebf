//! EPC URIs, to and fro: what is identified (`urn:epc:id:…`) and how it is written on a tag (`urn:epc:tag:…`),
//! TDS 2.3 §6 and §12.

use super::keyed::Keyed;
use super::other::Other;
use super::scheme::{Kind, Layout, Scheme};
use super::short::Part;
use super::{BadEpc, Epc, Filter, Form};
use std::fmt::{self, Write};

/// An EPC URI, made when it is written.
pub(super) struct Uri<'a> {
    epc: &'a Epc,
    tag: bool,
}

impl Epc {
    /// Its pure identity URI; none for the `+` schemes, which do not tell the company prefix.
    pub fn pure_uri(&self) -> Option<impl fmt::Display> {
        let epc = self;
        (!self.is_plus()).then_some(Uri { epc, tag: false })
    }

    /// Its tag URI, with scheme and filter; none for the `+` schemes.
    pub fn tag_uri(&self) -> Option<impl fmt::Display> {
        let epc = self;
        (!self.is_plus()).then_some(Uri { epc, tag: true })
    }

    /// Reads a tag URI.
    pub fn from_tag_uri(uri: &str) -> Result<Self, BadEpc> {
        let rest = uri.strip_prefix("urn:epc:tag:").ok_or(BadEpc::Uri)?;
        let (name, rest) = rest.split_once(':').ok_or(BadEpc::Uri)?;
        let scheme = Scheme::named(name).ok_or(BadEpc::Scheme)?;
        if scheme.layout() == Layout::General {
            return parts(scheme, 0, rest);
        }
        let (filter, rest) = rest.split_once('.').ok_or(BadEpc::Uri)?;
        parts(scheme, filter.parse().map_err(|_| BadEpc::Uri)?, rest)
    }

    /// Reads a pure identity URI, to be written on a tag in this scheme with this filter.
    pub fn from_pure_uri(uri: &str, scheme: Scheme, filter: Filter) -> Result<Self, BadEpc> {
        let rest = uri.strip_prefix("urn:epc:id:").ok_or(BadEpc::Uri)?;
        let (kind, rest) = rest.split_once(':').ok_or(BadEpc::Uri)?;
        if kind != scheme.kind().urn() {
            return Err(BadEpc::Scheme);
        }
        parts(scheme, filter.0, rest)
    }
}

/// The identity of what follows scheme and filter. Only the last part may hold a dot.
fn parts(scheme: Scheme, filter: u8, text: &str) -> Result<Epc, BadEpc> {
    let count = match scheme.kind() {
        Kind::Sscc | Kind::Gsrn | Kind::Gsrnp | Kind::Giai | Kind::Usdod => 2,
        Kind::Itip => 5,
        _ => 3,
    };
    let parts: Vec<String> = text
        .splitn(count, '.')
        .map(unescape)
        .collect::<Result<_, _>>()?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let three = |first, second, third| {
        let limit = match scheme.layout() {
            Layout::Defence => 15,
            Layout::Aerospace => 63,
            _ => 0,
        };
        if filter > limit {
            return Err(BadEpc::Filter);
        }
        Other::new(scheme.layout(), filter, [first, second, third]).map(|it| Epc(Form::Other(it)))
    };
    let keyed = |prefix, reference, piece, serial| {
        let filter = Filter::new(filter)?;
        Keyed::new(scheme, filter, prefix, reference, piece, serial).map(|it| Epc(Form::Keyed(it)))
    };
    match (scheme.kind(), parts.as_slice()) {
        (Kind::Gid | Kind::Adi, &[first, second, third]) => three(first, second, third),
        (Kind::Usdod, &[owner, serial]) => three(owner, serial, ""),
        (Kind::Giai, &[prefix, serial]) => keyed(prefix, "", None, serial),
        (_, &[prefix, reference]) => keyed(prefix, reference, None, ""),
        (_, &[prefix, reference, serial]) => keyed(prefix, reference, None, serial),
        (_, &[prefix, reference, piece, total, serial]) => {
            let two = |text: &str| {
                let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse().ok().filter(|_| digits).ok_or(BadEpc::Digits)
            };
            keyed(prefix, reference, Some((two(piece)?, two(total)?)), serial)
        }
        _ => Err(BadEpc::Uri),
    }
}

/// Takes %XX for the character it stands for.
fn unescape(text: &str) -> Result<String, BadEpc> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        let hex = after.get(..2).ok_or(BadEpc::Uri)?;
        let digits = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let byte = u8::from_str_radix(hex, 16).ok().filter(|_| digits);
        plain.push_str(before);
        plain.push(byte.ok_or(BadEpc::Uri)?.into());
        rest = &after[2..];
    }
    plain.push_str(rest);
    Ok(plain)
}

/// Text in which every character that a URN may not hold stands as %XX (TDS 2.3 table A-1).
struct Escaped<T>(T);

impl<T: fmt::Display> fmt::Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);
        impl Write for Escaping<'_, '_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                text.chars().try_for_each(|c| match c {
                    '"' | '%' | '&' | '/' | '<' | '>' | '?' | '#' => {
                        write!(self.0, "%{:02X}", c as u32)
                    }
                    c => self.0.write_char(c),
                })
            }
        }
        write!(Escaping(f), "{}", self.0)
    }
}

impl fmt::Display for Uri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.epc.scheme();
        if self.tag {
            write!(f, "urn:epc:tag:{}:", scheme.name())?;
        } else {
            write!(f, "urn:epc:id:{}:", scheme.kind().urn())?;
        }
        match &self.epc.0 {
            Form::Keyed(it) => keyed(it, self.tag, f),
            Form::Other(it) => other(it, self.tag, f),
            // Never made for these.
            Form::Plus(_) => Err(fmt::Error),
        }
    }
}

fn keyed(it: &Keyed, tag: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if tag {
        write!(f, "{}.", it.filter.0)?;
    }
    write!(f, "{}", it.prefix)?;
    if it.reference != Part::None {
        write!(f, ".{}", Escaped(it.reference))?;
    }
    if let Some((piece, total)) = it.piece {
        write!(f, ".{piece:02}.{total:02}")?;
    }
    if it.serial != Part::None {
        write!(f, ".{}", Escaped(it.serial))?;
    }
    Ok(())
}

fn other(it: &Other, tag: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match it {
        Other::General {
            manager,
            class,
            serial,
        } => write!(f, "{manager}.{class}.{serial}"),
        Other::Defence {
            filter,
            owner,
            serial,
        } => {
            if tag {
                write!(f, "{filter}.")?;
            }
            write!(f, "{owner}.{serial}")
        }
        Other::Aerospace {
            filter,
            owner,
            part,
            serial,
        } => {
            if tag {
                write!(f, "{filter}.")?;
            }
            write!(f, "{owner}.{}.{}", Escaped(part), Escaped(serial))
        }
    }
}
