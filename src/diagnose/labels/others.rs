//! The forms `retail_keys`, `aim_ids`, `non_gs1` and `line_mode`.

use super::{Case, bytes, latin, refused, text};
use crate::scan::aim::Aim;
use crate::scan::gs1::RELEASE_YEAR;
use crate::scan::retail::{Format, Upc};
use crate::scan::{Cut, LineEnd, LineFramer, LineRules, envelope, hibc};
use crate::warehouse::{Gtin, Sscc};
use serde_json::{Value, json};

pub(super) fn retail(case: &Case) -> Value {
    let value = text(case, "value").trim();
    match text(case, "op") {
        "gtin" => Gtin::parse(value).map_or_else(refused, |gtin| {
            let digits = gtin.to_string();
            let format = match Format::of(gtin) {
                Format::Gtin8 => "GTIN_8",
                Format::Gtin12 => "GTIN_12",
                Format::Gtin13 => "GTIN_13",
                Format::Gtin14 => "GTIN_14",
            };
            json!({ "ok": true, "format": format, "gtin14": digits, "check_digit": digit(&digits, 13) })
        }),
        "upc" => Upc::parse(value).map_or_else(refused, |upc| {
            json!({
                "ok": true,
                "format": if upc.short_given { "UPC_E" } else { "UPC_A" },
                "upc_a": upc.long,
                "gtin13": format!("0{}", upc.long),
                "upc_e": upc.short,
            })
        }),
        // How long the company prefix is does not stand in the number; only a table of prefixes knows.
        "sscc" => Sscc::parse(value).map_or_else(refused, |sscc| {
            let digits = sscc.to_string();
            json!({
                "ok": true,
                "extension_digit": digit(&digits, 0),
                "check_digit": digit(&digits, 17),
                "company_prefix": null,
            })
        }),
        _ => refused("op is gtin, upc or sscc"),
    }
}

fn digit(digits: &str, at: usize) -> u8 {
    digits.as_bytes()[at] - b'0'
}

pub(super) fn aim(case: &Case) -> Value {
    let scan = bytes(text(case, "scan"));
    let Some(aim) = Aim::parse(&scan) else {
        return refused("there is no AIM identifier in front");
    };
    json!({
        "ok": true,
        "symbology": aim.symbology.name,
        "modifier": latin(aim.modifier),
        "gs1": aim.gs1_name(),
        "data": latin(aim.data),
    })
}

/// Envelopes, HIBC, Code 39 with a check character (marked `C39:`), and bare data identifiers.
pub(super) fn non_gs1(case: &Case) -> Value {
    let scan = bytes(text(case, "scan"));
    let data = Aim::parse(&scan).map_or(&scan[..], |aim| aim.data);
    if let Some(marked) = data.strip_prefix(b"C39:") {
        return code_39(&latin(marked));
    }
    if envelope::begins(data) {
        return told(data);
    }
    let data = latin(data);
    if data.starts_with('+') {
        return health(&data);
    }
    envelope::field(&data).map_or_else(
        || wrong("di", "data_identifier"),
        |(name, value)| json!({ "ok": true, "kind": "di", "fields": [[name, value]], "ambiguous": true }),
    )
}

fn wrong(kind: &str, why: impl std::fmt::Display) -> Value {
    json!({ "ok": false, "kind": kind, "error": why.to_string() })
}

fn code_39(text: &str) -> Value {
    hibc::checked(text).map_or_else(
        || wrong("code39_mod43", "check"),
        |(data, check)| json!({ "ok": true, "kind": "code39_mod43", "data": data, "check": check.to_string() }),
    )
}

fn told(data: &[u8]) -> Value {
    let read = match envelope::parse(data) {
        Ok(read) => read,
        Err(fault) => return wrong("iso15434", fault),
    };
    let formats: Vec<_> = read
        .formats
        .iter()
        .map(|format| match &format.content {
            envelope::Content::Fields(fields) => {
                json!({ "format": format.number, "fields": fields })
            }
            envelope::Content::Raw(fields) => {
                json!({ "format": format.number, "raw_fields": fields })
            }
        })
        .collect();
    let mut told = json!({ "ok": true, "kind": "iso15434", "formats": formats });
    if !read.ended {
        told["warnings"] = json!(["missing_trailer"]);
    }
    told
}

fn health(data: &str) -> Value {
    let read = match hibc::parse(data, RELEASE_YEAR) {
        Ok(read) => read,
        Err(fault) => return wrong("hibc", fault),
    };
    let mut told = json!({ "ok": true, "kind": "hibc", "check": read.check.to_string() });
    if let Some(primary) = &read.primary {
        told["lic"] = json!(primary.lic);
        told["pcn"] = json!(primary.pcn);
        told["unit"] = json!(primary.unit.to_string());
    }
    if let Some(link) = read.link {
        told["link"] = json!(link.to_string());
    }
    if let Some(secondary) = &read.secondary {
        told["secondary"] = json!({
            "lot": secondary.lot,
            "serial": secondary.serial,
            "expiry": secondary.expiry,
            "produced": secondary.produced,
            "quantity": secondary.quantity,
        });
    }
    told
}

/// Chunks of bytes as they come from a port, cut into scans. What is too long is dropped.
pub(super) fn line_mode(case: &Case) -> Value {
    let (Some(rules), Some(chunks)) = (line_rules(case), chunks(case)) else {
        return refused(
            "chunks_hex holds texts of hexadecimal digits, config the rules of the line",
        );
    };
    let silent = rules.idle_ms().is_some();
    let mut framer = LineFramer::new(rules);
    let mut scans = Vec::new();
    let mut keep = |cut| {
        if let Cut::Scan(scan) = cut {
            scans.push(latin(&scan));
        }
    };
    chunks
        .iter()
        .for_each(|chunk| framer.push(chunk, &mut keep));
    // Where silence ends a scan, the end of the input is silence.
    if silent {
        framer.silence(&mut keep);
    }
    json!({ "scans": scans, "pending": latin(framer.pending()) })
}

fn line_rules(case: &Case) -> Option<LineRules> {
    let config = case.get("config").and_then(Value::as_object)?;
    let number = |field: &str| config.get(field).and_then(Value::as_u64);
    let hex = |field: &str| {
        config.get(field).map_or(Some(Vec::new()), |text| {
            unhex(text.as_str().unwrap_or_default())
        })
    };
    let end = match text(config, "terminator") {
        "" | "auto" => LineEnd::Auto,
        "cr" => LineEnd::Cr,
        "lf" => LineEnd::Lf,
        "crlf" => LineEnd::Crlf,
        "tab" => LineEnd::Tab,
        "etx" => LineEnd::Etx,
        "idle" | "none" => LineEnd::Idle,
        _ => return None,
    };
    Some(LineRules {
        end,
        prefix: hex("prefix_hex")?,
        suffix: hex("suffix_hex")?,
        idle_ms: number("idle_ms").map(|ms| u32::try_from(ms).unwrap_or(u32::MAX)),
        max_len: number("max_len").map(|len| usize::try_from(len).unwrap_or(usize::MAX)),
    })
}

fn chunks(case: &Case) -> Option<Vec<Vec<u8>>> {
    let chunks = case.get("chunks_hex").and_then(Value::as_array)?;
    chunks.iter().map(|chunk| unhex(chunk.as_str()?)).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok())
        .collect()
}
