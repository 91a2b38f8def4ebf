//! Reads the GS1 Barcode Syntax Dictionary. Its grammar stands at the head of the file in `assets/gs1/`.

use super::dictionary::{Demand, Dictionary, Entry, Part};
use super::linters::{self, Linter};
use super::{Ai, Charset};

/// Why a dictionary cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDictionary {
    /// A line that the grammar does not allow.
    #[error("line {0}: {1}")]
    Line(usize, &'static str),
    /// A check that this program does not have.
    #[error("line {0}: there is no check named {1}")]
    UnknownLinter(usize, String),
    /// More patterns in the associations than can be told apart.
    #[error("more than 128 patterns in the associations")]
    TooManyPatterns,
    /// Identifiers twice, or such that their length does not follow from their first two digits.
    #[error("the identifiers contradict each other")]
    Contradiction,
}

/// A row before its associations have become bits.
struct Row {
    line: usize,
    first: u16,
    last: u16,
    len: usize,
    separated: bool,
    attribute: bool,
    spec: Vec<&'static str>,
    excludes: Vec<&'static str>,
    requires: Vec<&'static str>,
    qualifiers: Option<Vec<Vec<Ai>>>,
    title: &'static str,
}

/// Reads the whole file; the first thing that is wrong refuses it.
pub(super) fn read(text: &'static str) -> Result<Dictionary, BadDictionary> {
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let (content, title) = line.split_once('#').unwrap_or((line, ""));
        if !content.trim().is_empty() {
            rows.push(row(at + 1, content, title.trim())?);
        }
    }
    let patterns = patterns(&rows)?;
    let mut entries = Vec::new();
    for row in &rows {
        for number in row.first..=row.last {
            entries.push(entry(row, number, &patterns)?);
        }
    }
    Dictionary::new(entries).ok_or(BadDictionary::Contradiction)
}

fn row(line: usize, content: &'static str, title: &'static str) -> Result<Row, BadDictionary> {
    let bad = |why| BadDictionary::Line(line, why);
    let mut words = content.split_ascii_whitespace().peekable();
    let range = words.next().ok_or_else(|| bad("no identifier"))?;
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let number = |text: &str| {
        let ai = Ai::parse(text.as_bytes()).filter(|_| text.len() == first.len());
        ai.and_then(|_| text.parse().ok())
            .ok_or_else(|| bad("no identifier"))
    };
    let mut row = Row {
        line,
        first: number(first)?,
        last: number(last)?,
        len: first.len(),
        separated: true,
        attribute: false,
        spec: Vec::new(),
        excludes: Vec::new(),
        requires: Vec::new(),
        qualifiers: None,
        title,
    };
    if let Some(flags) = words.next_if(|word| word.bytes().all(|byte| byte.is_ascii_punctuation()))
    {
        row.separated = !flags.contains('*');
        row.attribute = flags.contains('?');
    }
    for word in words {
        match word.split_once('=') {
            _ if word.starts_with(['N', 'X', 'Y', 'Z', '[']) => row.spec.push(word),
            Some(("req", groups)) => row.requires.push(groups),
            Some(("ex", patterns)) => row.excludes.push(patterns),
            Some(("dlpkey", sequences)) => {
                row.qualifiers = Some(
                    sequences
                        .split('|')
                        .map(|seq| qualifiers(line, seq))
                        .collect::<Result<_, _>>()?,
                );
            }
            None if word == "dlpkey" => row.qualifiers = Some(Vec::new()),
            // The header allows for further attributes; what they would ask for must not be passed over.
            _ => return Err(bad("an attribute that is not known")),
        }
    }
    Ok(row)
}

fn qualifiers(line: usize, sequence: &str) -> Result<Vec<Ai>, BadDictionary> {
    let ai =
        |text: &str| Ai::parse(text.as_bytes()).ok_or(BadDictionary::Line(line, "no qualifier"));
    sequence.split(',').map(ai).collect()
}

/// Every pattern that some association names; its place is its bit.
fn patterns(rows: &[Row]) -> Result<Vec<&'static str>, BadDictionary> {
    let mut all: Vec<_> = rows
        .iter()
        .flat_map(|row| row.requires.iter().chain(&row.excludes))
        .flat_map(|list| list.split([',', '+']))
        .collect();
    all.sort_unstable();
    all.dedup();
    if all.len() > 128 {
        Err(BadDictionary::TooManyPatterns)
    } else {
        Ok(all)
    }
}

fn entry(row: &Row, number: u16, patterns: &[&str]) -> Result<Entry, BadDictionary> {
    let digits = format!("{number:0len$}", len = row.len);
    let ai = Ai::parse(digits.as_bytes()).ok_or(BadDictionary::Line(row.line, "no identifier"))?;
    let parts = row
        .spec
        .iter()
        .map(|word| part(row.line, word))
        .collect::<Result<Vec<_>, _>>()?;
    if parts.is_empty() {
        return Err(BadDictionary::Line(row.line, "no specification"));
    }
    let max: usize = parts.iter().map(|part| part.max).sum();
    if max > 90 {
        return Err(BadDictionary::Line(row.line, "a length beyond 90"));
    }
    let bits = |list: &str| {
        let bit = |pattern| {
            patterns
                .binary_search(&pattern)
                .map_or(0, |at| 1_u128 << at)
        };
        list.split([',', '+'])
            .fold(0, |bits, pattern| bits | bit(pattern))
    };
    let marks = patterns
        .iter()
        .filter(|pattern| ai.fits(pattern))
        .fold(0, |marks, pattern| marks | bits(pattern));
    Ok(Entry {
        ai,
        title: row.title,
        separated: row.separated,
        attribute: row.attribute,
        min: parts
            .iter()
            .filter(|part| !part.optional)
            .map(|part| part.min)
            .sum(),
        max,
        parts,
        qualifiers: row.qualifiers.clone(),
        marks,
        excludes: row.excludes.iter().fold(0, |all, list| all | bits(list)),
        requires: row.requires.iter().map(|list| demand(list, bits)).collect(),
    })
}

fn demand(list: &str, bits: impl Fn(&str) -> u128) -> Demand {
    let (groups, single): (Vec<&str>, Vec<&str>) =
        list.split(',').partition(|group| group.contains('+'));
    Demand {
        any: single
            .into_iter()
            .fold(0, |any, pattern| any | bits(pattern)),
        groups: groups.into_iter().map(bits).collect(),
    }
}

/// `N14,csum`, `X..20`, `[N..12]`, `[N6],yymmdd`.
fn part(line: usize, word: &str) -> Result<Part, BadDictionary> {
    let bad = |why| BadDictionary::Line(line, why);
    let mut names = word.split(',');
    let form = names.next().unwrap_or_default();
    let inner = form
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let plain = inner.unwrap_or(form);
    let charset = match plain.as_bytes().first() {
        Some(b'N') => Charset::Digits,
        Some(b'X') => Charset::Cset82,
        Some(b'Y') => Charset::Cset39,
        Some(b'Z') => Charset::Cset64,
        _ => return Err(bad("no component")),
    };
    let size = &plain[1..];
    let max: usize = size
        .trim_start_matches("..")
        .parse()
        .map_err(|_| bad("no length"))?;
    if !(1..=90).contains(&max) {
        return Err(bad("a length beyond 90"));
    }
    let min = if size.starts_with("..") { 1 } else { max };
    let unknown = |name: &str| BadDictionary::UnknownLinter(line, name.to_owned());
    let linter = |name: &str| linters::named(name).ok_or_else(|| unknown(name));
    // Enough digits always begin with a company prefix: no need to ask each time.
    let is_idle = |name: &str| charset == Charset::Digits && min > 4 && name.starts_with("gcppos");
    let linters: Vec<(&str, Linter)> = names
        .map(|name| Ok((name, linter(name)?)))
        .collect::<Result<_, _>>()?;
    Ok(Part {
        charset,
        min,
        max,
        optional: inner.is_some(),
        linters: linters
            .into_iter()
            .filter(|(name, _)| !is_idle(name))
            .map(|(_, linter)| linter)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_that_came_with_the_program_is_good() {
        let text = include_str!("../../../assets/gs1/gs1-syntax-dictionary.txt");
        assert!(read(text).is_ok());
    }

    #[test]
    fn a_check_that_is_not_there_refuses_the_dictionary() {
        let unknown = Err(BadDictionary::UnknownLinter(2, "moonphase".to_owned()));
        assert_eq!(
            read("# head\n01 *? N14,csum,moonphase # GTIN").map(|_| ()),
            unknown
        );
    }

    #[test]
    fn lines_that_the_grammar_does_not_allow_refuse_it() {
        for bad in [
            "1 N2",
            "01 *?",
            "01 Q3",
            "01 N..",
            "01 N99",
            "01 N2 wish=02",
            "012-02 N2",
        ] {
            assert!(matches!(read(bad), Err(BadDictionary::Line(1, _))), "{bad}");
        }
        for bad in ["01 N2\n01 N2", "01 N2\n012 N2"] {
            assert_eq!(
                read(bad).map(|_| ()),
                Err(BadDictionary::Contradiction),
                "{bad}"
            );
        }
    }

    #[test]
    fn components_add_up_to_the_lengths_of_the_value() {
        let good = read("253 ? N13,csum [X..17] dlpkey # GDTI").expect("as in the dictionary");
        let entry = good.entry(b"253").expect("it is the only one");
        assert_eq!(
            (entry.min, entry.max, entry.title, entry.separated),
            (13, 30, "GDTI", true)
        );
        assert_eq!(entry.qualifiers, Some(Vec::new()));
    }
}
