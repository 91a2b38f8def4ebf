//! The form `gs1_element_strings`: a scan with its AIM identifier.

use super::{Case, bytes, latin, refused_as, rules, text};
use crate::scan::aim::Aim;
use crate::scan::{digital_link, gs1};
use crate::warehouse::Gtin;
use serde_json::{Value, json};

/// The name of a symbol that can carry GS1 data, and whether it does; by AIM identifier.
const SYMBOLS: [(&str, &str, bool); 15] = [
    ("C1", "GS1_128_CCA", true),
    ("e0", "DataBarExpanded", true),
    ("e1", "DataBarExpanded", true),
    ("e2", "DataBarExpanded", true),
    ("d1", "DM", false),
    ("d2", "DM", true),
    ("d5", "DM", true),
    ("Q1", "QR", false),
    ("Q3", "QR", true),
    ("Q4", "QR", true),
    ("J0", "DotCode", false),
    ("J1", "DotCode", true),
    ("z1", "Aztec", true),
    ("E0", "EAN13", false),
    ("E4", "EAN8", false),
];

const UNSUPPORTED: &str = "unsupported_symbology_id";

pub(super) fn answer(case: &Case) -> Value {
    let scan = bytes(text(case, "scan"));
    let Some((id, data)) = scan
        .strip_prefix(b"]")
        .and_then(|rest| rest.split_at_checked(2))
    else {
        return refused_as("there is no AIM identifier in front", UNSUPPORTED);
    };
    let Some((_, symbol, is_gs1)) = SYMBOLS.iter().find(|(known, _, _)| known.as_bytes() == id)
    else {
        let name = Aim::parse(&scan).map_or("an unknown symbol", |aim| aim.symbology.title);
        return refused_as(format!("{name} is no GS1 symbol"), UNSUPPORTED);
    };
    match *symbol {
        "EAN13" => retail(case, symbol, data, 13),
        "EAN8" => retail(case, symbol, data, 8),
        _ if *is_gs1 => elements(case, symbol, data),
        _ => plain(case, symbol, data),
    }
}

fn elements(case: &Case, symbol: &str, data: &[u8]) -> Value {
    // A caret stands for FNC1 in other notations; a scanner never sends it for one (GS1 General Specifications §7.8.3).
    if data.contains(&b'^') {
        return refused_as("a ^ is in no GS1 character set", "charset");
    }
    match gs1::parse(data, rules(case)) {
        Ok(elements) => good(
            symbol,
            elements
                .iter()
                .map(|element| (element.entry.ai, element.value)),
        ),
        Err(fault) => refused_as(fault, fault.class()),
    }
}

fn good<'a>(symbol: &str, pairs: impl Iterator<Item = (gs1::Ai, &'a str)> + Clone) -> Value {
    let all: Vec<_> = pairs
        .clone()
        .map(|(ai, value)| json!([ai.as_str(), value]))
        .collect();
    let lines: Vec<_> = pairs
        .clone()
        .map(|(ai, value)| format!("({ai}) {value}"))
        .collect();
    json!({
        "ok": true,
        "sym": symbol,
        "ais": all,
        "bracketed": gs1::bracketed(pairs),
        "hri": lines,
    })
}

/// EAN-13 or EAN-8, alone or with a composite behind `|]e0`.
fn retail(case: &Case, symbol: &str, data: &[u8], len: usize) -> Value {
    let Some((key, rest)) = data.split_at_checked(len) else {
        return refused_as("too few digits", "too_short");
    };
    let composite = rest.strip_prefix(b"|]e0");
    if composite.is_none() && !rest.is_empty() {
        return refused_as("too many digits", "too_long");
    }
    let key = latin(key);
    if !key.bytes().all(|byte| byte.is_ascii_digit()) {
        return refused_as("not all digits", "other");
    }
    if let Err(why) = Gtin::parse(&key) {
        return refused_as(why, "check_digit");
    }
    composite.map_or_else(
        || json!({ "ok": true, "sym": symbol, "plain_data": key }),
        |composite| elements(case, symbol, composite),
    )
}

/// Data without FNC1: a GS1 Digital Link, or anything.
fn plain(case: &Case, symbol: &str, data: &[u8]) -> Value {
    let data = latin(data);
    if !digital_link::is_uri(&data) {
        return json!({ "ok": true, "sym": symbol, "plain_data": data });
    }
    match digital_link::parse(&data, rules(case)) {
        Ok(link) => good(
            symbol,
            link.pairs
                .iter()
                .map(|(entry, value)| (entry.ai, value.as_str())),
        ),
        Err(fault) => refused_as(&fault, fault.class()),
    }
}
