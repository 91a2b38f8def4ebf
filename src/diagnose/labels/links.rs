//! The forms `gs1_digital_link` and `gs1_dl_compressed`.

use super::{Case, refused, rules, text};
use crate::scan::digital_link::{self, CANONICAL_STEM, Fault, Link};
use crate::scan::gs1;
use serde_json::{Map, Value, json};

pub(super) fn plain(case: &Case) -> Value {
    match text(case, "op") {
        "parse" => digital_link::parse(text(case, "uri"), rules(case))
            .and_then(|link| told(&link))
            .unwrap_or_else(refused),
        "generate" => generated(case).map_or_else(
            |fault| json!({ "ok": false, "uri": null, "error": fault.to_string() }),
            |uri| json!({ "ok": true, "uri": uri }),
        ),
        _ => refused("op is parse or generate"),
    }
}

fn told(link: &Link) -> Result<Value, Fault> {
    let pairs = || {
        link.pairs
            .iter()
            .map(|(entry, value)| (entry.ai, value.as_str()))
    };
    let all: Vec<_> = pairs()
        .map(|(ai, value)| json!([ai.as_str(), value]))
        .collect();
    Ok(json!({
        "ok": true,
        "ais": all,
        "bracketed": gs1::bracketed(pairs()),
        "ignored_query": link.ignored,
        "canonical": digital_link::generate(&link.pairs, CANONICAL_STEM)?,
    }))
}

fn generated(case: &Case) -> Result<String, Fault> {
    let pairs = gs1::from_brackets(text(case, "bracketed"))?;
    digital_link::check(&pairs, rules(case))?;
    let stem = text(case, "stem");
    digital_link::generate(
        &pairs,
        if stem.is_empty() {
            CANONICAL_STEM
        } else {
            stem
        },
    )
}

pub(super) fn compressed(case: &Case) -> Value {
    if text(case, "op") != "decompress" {
        return refused("op is decompress");
    }
    match digital_link::unpack(text(case, "compressed")) {
        Ok(link) => {
            let all = link
                .pairs
                .into_iter()
                .map(|(entry, value)| (entry.ai.to_string(), Value::from(value)));
            json!({ "ok": true, "ais": all.collect::<Map<_, _>>() })
        }
        Err(fault) => refused(fault),
    }
}
