//! What RFID readers say, frame by frame.

use super::tags::{hex, in_hex, latin};
use super::trouble;
use crate::device::rfid::{
    Bad, ChainwayFrame, Cut, LlrpMessage, LlrpTag, MercuryFrame, MercuryKind, R200Frame,
    TslResponse, Uhf18Dialect, Uhf18Frame, ZetiLine, message_name,
};
use serde_json::{Map, Value, json};

/// What bytes say in one form, given the case's other fields.
type Said = fn(&[u8], &Map<String, Value>) -> Result<Value, Bad>;

/// The answer to a case of one of the reader forms; none if the form is not one of them.
pub(super) fn answer(form: &str, case: &Map<String, Value>) -> Option<Value> {
    let of_bytes = |said: Said| {
        let answer = hex(case).map(|bytes| said(&bytes, case).unwrap_or_else(bad));
        answer.unwrap_or_else(|| trouble("the field `hex` holds the bytes"))
    };
    let of_text = |said: fn(&[u8]) -> Result<Value, Bad>| {
        let text = case.get("text").and_then(Value::as_str);
        let answer = text.map(|text| said(text.as_bytes()).unwrap_or_else(bad));
        answer.unwrap_or_else(|| trouble("the field `text` holds the lines"))
    };
    Some(match form {
        "rfid_r200" => of_bytes(r200),
        "rfid_thingmagic" => of_bytes(mercury),
        "rfid_uhfreader18" => of_bytes(uhf18),
        "rfid_chainway" => of_bytes(chainway),
        "rfid_llrp" => of_bytes(llrp),
        "rfid_tsl" => of_text(tsl),
        "rfid_zeti" => of_text(zeti),
        _ => return None,
    })
}

// `map_err` and its kin hand errors on by value.
#[allow(clippy::needless_pass_by_value)]
fn bad(why: Bad) -> Value {
    let mut said = trouble(&why.to_string());
    if why == Bad::NeedMore {
        said["need_more"] = true.into();
    }
    said
}

/// The first frame; what is behind it belongs to the next.
fn first<T>(cut: Cut<T>) -> Result<T, Bad> {
    cut.map(|(frame, _)| frame)
}

/// An object of the fields that have a value.
fn fields<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let known = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(known.collect())
}

/// All frames of these bytes, errors and noise passed over.
fn all<T>(bytes: &[u8], cut: impl Fn(&[u8]) -> Cut<T>) -> Vec<T> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match cut(&bytes[at..]) {
            Ok((frame, len)) => {
                found.push(frame);
                at += len;
            }
            Err(_) => at += 1,
        }
    }
    found
}

fn r200(bytes: &[u8], case: &Map<String, Value>) -> Result<Value, Bad> {
    if case.get("op").and_then(Value::as_str) == Some("stream") {
        let frames = all(bytes, R200Frame::read);
        let tags = frames.iter().filter_map(R200Frame::tag);
        let epcs: Vec<String> = tags.map(|tag| in_hex(tag.epc)).collect();
        return Ok(json!({ "ok": true, "epcs": epcs }));
    }
    let frame = first(R200Frame::read(bytes))?;
    if let Some(tag) = frame.tag() {
        return Ok(json!({ "ok": true, "kind": "tag", "tags": [{
            "epc": in_hex(tag.epc),
            "rssi": tag.rssi,
            "pc": format!("{:04X}", tag.pc),
            "crc": format!("{:04X}", tag.crc),
            "pc_length_matches": usize::from(tag.pc >> 11) * 2 == tag.epc.len(),
        }]}));
    }
    let kind = match (frame.kind, frame.command, frame.data.as_slice()) {
        // A notice too short for a tag.
        (2, 0x22, _) => return Err(Bad::Parts),
        (1, 0xff, [0x15]) => "no_tag",
        (1, 0xff, _) => "error",
        (1, ..) => "reply",
        (2, ..) => "notice",
        _ => "command",
    };
    Ok(json!({
        "ok": true,
        "kind": kind,
        "cmd": frame.command,
        "data": in_hex(&frame.data),
        "text": latin(&frame.data),
        "tags": [],
    }))
}

fn mercury(bytes: &[u8], _: &Map<String, Value>) -> Result<Value, Bad> {
    let frame = match first(MercuryFrame::read(bytes)) {
        Err(Bad::Checksum) => {
            let mut said = bad(Bad::Checksum);
            said["kind"] = "bad_crc".into();
            return Ok(said);
        }
        frame => frame?,
    };
    let kind = match frame.kind()? {
        MercuryKind::Tag(tag) => {
            return Ok(json!({ "ok": true, "kind": "tag", "tags": [{
                "epc": in_hex(tag.epc),
                "rssi": tag.rssi,
                "freq_khz": tag.freq_khz,
                "timestamp_ms": tag.timestamp_ms,
                "embedded_bytes": tag.embedded.len(),
            }]}));
        }
        MercuryKind::KeepAlive => "keepalive",
        MercuryKind::TempThrottle => "temp_throttle",
        MercuryKind::HighReturnLoss => "high_return_loss",
        MercuryKind::Temperature => "temperature",
        MercuryKind::Other => "other",
        MercuryKind::Reply => "reply",
    };
    Ok(json!({
        "ok": true,
        "kind": kind,
        "op": format!("{:02X}", frame.opcode),
        "status": format!("{:04X}", frame.status),
        "data": in_hex(&frame.data),
    }))
}

fn uhf18(bytes: &[u8], case: &Map<String, Value>) -> Result<Value, Bad> {
    let dialect = match case.get("dialect").and_then(Value::as_str) {
        Some("uhfreader288") => Uhf18Dialect::Uhf288,
        _ => Uhf18Dialect::Uhf18,
    };
    let frame = first(Uhf18Frame::read(bytes))?;
    let mut said = json!({
        "ok": true,
        "addr": frame.address,
        "cmd": frame.command,
        "status": frame.status,
        "data": in_hex(&frame.data),
    });
    if frame.is_inventory() {
        let tags = frame.tags(dialect)?;
        said["num_tags"] = tags.len().into();
        let tag = |(epc, signal): (&[u8], Option<u8>)| {
            fields([
                ("epc", Some(in_hex(epc).into())),
                ("rssi_raw", signal.map(Value::from)),
            ])
        };
        said["tags"] = tags.into_iter().map(tag).collect();
    }
    Ok(said)
}

fn chainway(bytes: &[u8], _: &Map<String, Value>) -> Result<Value, Bad> {
    let frame = first(ChainwayFrame::read(bytes))?;
    let Some(tag) = frame.tag() else {
        return Ok(json!({ "ok": true, "cmd": frame.command, "data": in_hex(&frame.data) }));
    };
    let tag = tag?;
    Ok(json!({ "ok": true, "cmd": frame.command, "tags": [{
        "epc": in_hex(tag.epc),
        "rssi": f64::from(tag.rssi) / 10.0,
        "antenna": tag.antenna,
        "tid": tag.tid.map(in_hex),
    }]}))
}

fn llrp(bytes: &[u8], _: &Map<String, Value>) -> Result<Value, Bad> {
    let it = first(LlrpMessage::read(bytes))?;
    let name = message_name(it.kind).map_or_else(|| format!("TYPE_{}", it.kind), str::to_owned);
    let mut said = json!({ "ok": true, "message": name, "id": it.id });
    if it.kind == 61 {
        said["tags"] = it.tags()?.iter().map(llrp_tag).collect();
    }
    Ok(said)
}

fn llrp_tag(tag: &LlrpTag) -> Value {
    fields([
        ("epc", Some(in_hex(tag.epc).into())),
        ("antenna", tag.antenna.map(Value::from)),
        ("rssi", tag.rssi.map(Value::from)),
        ("channel", tag.channel.map(Value::from)),
        ("seen", tag.seen.map(Value::from)),
        ("first_seen_utc_us", tag.first_seen_utc_us.map(Value::from)),
    ])
}

fn tsl(text: &[u8]) -> Result<Value, Bad> {
    let response = TslResponse::read(text)?;
    let tags = response.tags.iter().map(|tag| {
        fields([
            ("epc", Some(in_hex(&tag.epc).into())),
            ("pc", tag.pc.map(|pc| format!("{pc:04X}").into())),
            ("crc", tag.crc.map(|crc| format!("{crc:04X}").into())),
            ("rssi", tag.rssi.map(Value::from)),
        ])
    });
    let mut said = json!({
        "ok": response.error.is_none() && !response.corrupt,
        "command": response.command,
        "tags": tags.collect::<Vec<Value>>(),
        "fields": response.fields,
    });
    if let Some(number) = &response.error {
        said["error_code"] = number.as_str().into();
        said["error"] = "the reader says no".into();
    } else if response.corrupt {
        said["error"] = "a line cannot be read".into();
    }
    if let Some(barcode) = &response.barcode {
        said["barcode"] = String::from_utf8_lossy(barcode).into();
    }
    Ok(said)
}

fn zeti(text: &[u8]) -> Result<Value, Bad> {
    let mut tags = Vec::new();
    let mut said = json!({ "ok": true });
    let mut known = false;
    let lines = text.split(|byte| *byte == b'\n');
    for line in lines {
        match ZetiLine::read(line)? {
            Some(ZetiLine::Answer { command, status }) => {
                said["ok"] = ZetiLine::is_good(&status).into();
                said["command"] = command.into();
                said["status"] = status.into();
            }
            Some(ZetiLine::Tag {
                epc,
                rssi,
                phase,
                channel,
            }) => tags.push(fields([
                ("epc", Some(in_hex(&epc).into())),
                ("rssi", rssi.map(Value::from)),
                ("phase", phase.map(Value::from)),
                ("channel", channel.map(Value::from)),
            ])),
            Some(ZetiLine::Other(line)) => said["line"] = line.into(),
            None => continue,
        }
        known = true;
    }
    if !known {
        return Err(Bad::NeedMore);
    }
    if !tags.is_empty() {
        said["tags"] = tags.into();
    }
    Ok(said)
}
