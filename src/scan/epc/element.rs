//! An identity as GS1 element string and Digital Link, and back from AI values (TDS 2.3 §7 and §14.6).

use super::keyed::Keyed;
use super::plus::{Dated, Plus};
use super::scheme::{Kind, Layout, Scheme};
use super::{BadEpc, Epc, Filter, Form};
use crate::scan::gs1;
use crate::warehouse::{Gtin, Sscc, check_digit};
use std::fmt::Write;

/// What may stand between a trade item and its serial in a link, in this order (GS1 Digital Link URI syntax §4.9).
const QUALIFIERS: [&str; 2] = ["22", "10"];

/// Whether an identity's AI is its date, on DSGTIN tags.
fn is_date(ai: &str) -> bool {
    matches!(ai, "11" | "13" | "15" | "16" | "17" | "7006" | "7007")
}

/// One AI and its value.
pub type Element = (&'static str, String);

impl Epc {
    /// Its AIs and their values, the key first and what follows behind a `+` identity last; empty for the schemes outside
    /// GS1's keys.
    pub fn elements(&self) -> Vec<Element> {
        let mut all = self.identity();
        all.extend(self.more().0);
        all
    }

    /// The same without what follows behind the identity.
    pub(super) fn identity(&self) -> Vec<Element> {
        match &self.0 {
            Form::Keyed(it) => of_kind(it.scheme.kind(), it.key(), it.serial.to_string()),
            Form::Plus(it) => {
                let serial = it.serial.map(|serial| serial.to_string());
                let kind = it.scheme.kind();
                let mut all = of_kind(kind, it.key.to_string(), serial.unwrap_or_default());
                all.extend(it.date.map(Dated::element));
                all
            }
            Form::Other(_) => Vec::new(),
        }
    }

    /// Its element string in brackets: `(01)09506000134352(21)123`; none outside GS1's keys.
    pub fn element_string(&self) -> Option<String> {
        let all = self.elements();
        let text = all.iter().map(|(ai, value)| format!("({ai}){value}"));
        (!all.is_empty()).then(|| text.collect())
    }

    /// Its GS1 Digital Link, at the host the tag names, else at id.gs1.org; none outside GS1's keys.
    pub fn digital_link(&self) -> Option<String> {
        let (more, _) = self.more();
        let mut path = self.identity();
        let mut query: Vec<Element> = path.extract_if(.., |(ai, _)| is_date(ai)).collect();
        let (key, _) = path.first()?;
        let qualifies = |ai: &str| matches!(*key, "01" | "8006") && QUALIFIERS.contains(&ai);
        let (before, more): (Vec<Element>, Vec<Element>) =
            more.into_iter().partition(|(ai, _)| qualifies(ai));
        let is_attribute = |ai: &str| {
            gs1::dictionary()
                .entry(ai.as_bytes())
                .is_some_and(|of| of.attribute)
        };
        query.extend(more.into_iter().filter(|(ai, _)| is_attribute(ai)));
        path.splice(1..1, before);
        path[1..].sort_by_key(|(ai, _)| QUALIFIERS.iter().position(|of| of == ai).unwrap_or(9));
        let host = match &self.0 {
            Form::Plus(it) => it.host.as_deref(),
            _ => None,
        };
        let mut link = format!("https://{}", host.unwrap_or("id.gs1.org"));
        for (ai, value) in &path {
            write!(link, "/{ai}/").expect("a string takes all");
            percent(value, &mut link);
        }
        for ((ai, value), sign) in query
            .iter()
            .zip(std::iter::once('?').chain(std::iter::repeat('&')))
        {
            write!(link, "{sign}{ai}=").expect("a string takes all");
            percent(value, &mut link);
        }
        Some(link)
    }

    /// The trade item, with SGTIN, DSGTIN and ITIP; none if its check digit is wrong, which only `+` tags can tell.
    #[inline]
    pub fn gtin(&self) -> Option<Gtin> {
        match (&self.0, self.scheme().kind()) {
            (Form::Keyed(it), Kind::Sgtin | Kind::Itip) => it.body().and_then(Gtin::from_body),
            (Form::Plus(it), Kind::Sgtin | Kind::Dsgtin | Kind::Itip) => {
                Gtin::parse(it.key.as_str().get(..14)?).ok()
            }
            _ => None,
        }
    }

    /// The logistic unit, with SSCC; none if its check digit is wrong, which only `+` tags can tell.
    pub fn sscc(&self) -> Option<Sscc> {
        match (&self.0, self.scheme().kind()) {
            (Form::Keyed(it), Kind::Sscc) => Sscc::parse(&it.key()).ok(),
            (Form::Plus(it), Kind::Sscc) => Sscc::parse(it.key.as_str()).ok(),
            _ => None,
        }
    }

    /// Makes an identity of its AIs and their values. `prefix_digits`, 6 to 12, is needed for the schemes that
    /// tell the company prefix; `host` for the `++` schemes. Errors if something is missing, left over or does
    /// not fit the scheme, and if a check digit is wrong.
    pub fn from_elements(
        scheme: Scheme,
        filter: Filter,
        prefix_digits: usize,
        host: Option<&str>,
        elements: &[(&str, &str)],
    ) -> Result<Self, BadEpc> {
        let mut given = Given::new(elements);
        let (key, serial) = given.take(scheme.kind())?;
        if matches!(scheme.layout(), Layout::Plus { .. }) {
            let date = given.date()?;
            given.done()?;
            let made = Plus::new(scheme, filter, key, serial, date, host)?;
            return Ok(Self(Form::Plus(made)));
        }
        given.done()?;
        let split = |from: usize, to: usize| key.get(from..to).ok_or(BadEpc::Digits);
        let n = prefix_digits;
        let mut piece = None;
        let (prefix, reference, serial) = match scheme.kind() {
            Kind::Sgtin | Kind::Itip => {
                if scheme.kind() == Kind::Itip {
                    let two = |text: &str| text.parse().map_err(|_| BadEpc::Digits);
                    piece = Some((two(split(14, 16)?)?, two(split(16, 18)?)?));
                }
                let reference = format!("{}{}", split(0, 1)?, split(1 + n, 13)?);
                (split(1, 1 + n)?, reference, serial)
            }
            Kind::Sscc => {
                let reference = format!("{}{}", split(0, 1)?, split(1 + n, 17)?);
                (split(1, 1 + n)?, reference, "")
            }
            Kind::Gsrn | Kind::Gsrnp => (split(0, n)?, split(n, 17)?.to_owned(), ""),
            Kind::Giai => (split(0, n)?, String::new(), split(n, key.len())?),
            Kind::Cpi => (split(0, n)?, split(n, key.len())?.to_owned(), serial),
            // A returnable asset's key starts with a zero that is not on the tag.
            Kind::Grai => (split(1, 1 + n)?, split(1 + n, 13)?.to_owned(), serial),
            _ => (split(0, n)?, split(n, 12)?.to_owned(), serial),
        };
        Keyed::new(scheme, filter, prefix, &reference, piece, serial)
            .map(|it| Self(Form::Keyed(it)))
    }
}

/// AIs that were given and are not yet used.
struct Given<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Given<'a> {
    fn new(elements: &[(&'a str, &'a str)]) -> Self {
        Self(elements.to_vec())
    }

    fn find(&mut self, ai: &str) -> Option<&'a str> {
        let at = self.0.iter().position(|(of, _)| *of == ai)?;
        Some(self.0.remove(at).1)
    }

    fn key(&mut self, ai: &str, digits: usize) -> Result<(&'a str, &'a str), BadEpc> {
        let value = self.find(ai).ok_or(BadEpc::Parts)?;
        let (key, serial) = value.split_at_checked(digits).ok_or(BadEpc::Digits)?;
        checked(&key[..digits.min(18)]).map(|()| (key, serial))
    }

    /// The key and its serial number, which is empty where there is none.
    fn take(&mut self, kind: Kind) -> Result<(&'a str, &'a str), BadEpc> {
        match kind {
            Kind::Sgtin | Kind::Dsgtin => {
                let (key, rest) = self.key("01", 14)?;
                nothing(rest)?;
                Ok((key, self.find("21").ok_or(BadEpc::Parts)?))
            }
            Kind::Itip => {
                let value = self.find("8006").ok_or(BadEpc::Parts)?;
                checked(value.get(..14).ok_or(BadEpc::Digits)?)?;
                nothing(value.get(18..).ok_or(BadEpc::Digits)?)?;
                Ok((value, self.find("21").ok_or(BadEpc::Parts)?))
            }
            Kind::Sgln => {
                let (key, rest) = self.key("414", 13)?;
                nothing(rest)?;
                // TDS 2.3 §6.3.3: a place without an extension has the extension 0.
                Ok((key, self.find("254").unwrap_or("0")))
            }
            Kind::Cpi => {
                let key = self.find("8010").ok_or(BadEpc::Parts)?;
                Ok((key, self.find("8011").ok_or(BadEpc::Parts)?))
            }
            Kind::Giai => Ok((self.find("8004").ok_or(BadEpc::Parts)?, "")),
            Kind::Sscc => self.key("00", 18),
            Kind::Gsrn => self.key("8018", 18),
            Kind::Gsrnp => self.key("8017", 18),
            Kind::Grai => self.key("8003", 14),
            Kind::Gdti => self.key("253", 13),
            Kind::Sgcn => self.key("255", 13),
            Kind::Gid | Kind::Usdod | Kind::Adi => Err(BadEpc::Scheme),
        }
    }

    fn date(&mut self) -> Result<Option<Dated>, BadEpc> {
        let found = self.0.pop();
        found.map(|(ai, text)| Dated::parse(ai, text)).transpose()
    }

    fn done(&self) -> Result<(), BadEpc> {
        self.0.is_empty().then_some(()).ok_or(BadEpc::Parts)
    }
}

/// A value that must have ended.
fn nothing(rest: &str) -> Result<(), BadEpc> {
    rest.is_empty().then_some(()).ok_or(BadEpc::Digits)
}

/// Whether these are digits and the last is the check digit of the others.
fn checked(digits: &str) -> Result<(), BadEpc> {
    let (last, body) = digits.as_bytes().split_last().ok_or(BadEpc::Digits)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Err(BadEpc::Character)
    } else if check_digit(body) + b'0' == *last {
        Ok(())
    } else {
        Err(BadEpc::CheckDigit)
    }
}

fn of_kind(kind: Kind, key: String, serial: String) -> Vec<Element> {
    match kind {
        Kind::Sgtin | Kind::Dsgtin => vec![("01", key), ("21", serial)],
        Kind::Sscc => vec![("00", key)],
        Kind::Sgln => vec![("414", key), ("254", serial)],
        Kind::Grai => vec![("8003", key + &serial)],
        Kind::Giai => vec![("8004", key)],
        Kind::Gsrn => vec![("8018", key)],
        Kind::Gsrnp => vec![("8017", key)],
        Kind::Gdti => vec![("253", key + &serial)],
        Kind::Cpi => vec![("8010", key), ("8011", serial)],
        Kind::Sgcn => vec![("255", key + &serial)],
        Kind::Itip => vec![("8006", key), ("21", serial)],
        Kind::Gid | Kind::Usdod | Kind::Adi => Vec::new(),
    }
}

/// Everything but letters, digits, `-`, `.` and `_` as %XX (RFC 3986 §2.3).
fn percent(value: &str, link: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'-' | b'.' | b'_' => link.push(byte.into()),
            byte if byte.is_ascii_alphanumeric() => link.push(byte.into()),
            byte => write!(link, "%{byte:02X}").expect("a string takes all"),
        }
    }
}
