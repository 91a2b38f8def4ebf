//! What labels say: barcodes in every form that scanners send.

mod element_strings;
mod links;
mod others;
mod words;

use serde_json::{Map, Value, json};

pub(super) use words::words;

type Case = Map<String, Value>;

/// The answer to a case of one of the label forms; none if the form is not one of them.
pub(super) fn answer(form: &str, case: &Case) -> Option<Value> {
    Some(match form {
        "gs1_element_strings" => element_strings::answer(case),
        "gs1_digital_link" => links::plain(case),
        "gs1_dl_compressed" => links::compressed(case),
        "retail_keys" => others::retail(case),
        "aim_ids" => others::aim(case),
        "non_gs1" => others::non_gs1(case),
        "line_mode" => others::line_mode(case),
        _ => return None,
    })
}

/// The text of a field; an empty one if it is not there.
fn text<'a>(case: &'a Case, field: &str) -> &'a str {
    case.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The bytes of a scan: JSON holds them as Latin-1 text, one character a byte. Other text is taken as UTF-8.
fn bytes(text: &str) -> Vec<u8> {
    let latin: Result<Vec<u8>, _> = text.chars().map(|c| u8::try_from(u32::from(c))).collect();
    latin.unwrap_or_else(|_| text.as_bytes().to_vec())
}

/// Bytes as Latin-1 text.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// Whether the companions of identifiers are asked for: yes, unless the case says no.
fn rules(case: &Case) -> crate::scan::gs1::Rules {
    crate::scan::gs1::Rules {
        requisites: case
            .get("requisites")
            .and_then(Value::as_bool)
            .unwrap_or(true),
        loose_separators: false,
    }
}

fn refused(why: impl std::fmt::Display) -> Value {
    json!({ "ok": false, "error": why.to_string() })
}

fn refused_as(why: impl std::fmt::Display, class: &str) -> Value {
    json!({ "ok": false, "error": why.to_string(), "error_class": class })
}
