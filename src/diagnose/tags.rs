//! What tags say, and the packets of scanners; what RFID readers say is next door.

use super::trouble;
use crate::device::ssi::{BadPacket, Opcode, Packet, code_name, nak_cause};
use crate::device::{SsiEvent, SsiHost};
use crate::scan::{Coding, Epc, Packing, RawEpc};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The answer to a case of one of the tag and reader forms; none if the form is not one of them.
pub(super) fn answer(form: &str, case: &Map<String, Value>) -> Option<Value> {
    match form {
        "epc" => Some(epc(case)),
        "ssi" => Some(ssi(case)),
        _ => super::readers::answer(form, case),
    }
}

fn epc(case: &Map<String, Value>) -> Value {
    let Some(hex) = case.get("hex").and_then(Value::as_str) else {
        return trouble("the field `hex` holds the EPC from its header on");
    };
    match RawEpc::from_hex(hex).and_then(|raw| Epc::decode(&raw)) {
        Ok(epc) => said(&epc),
        Err(why) => trouble(&why.to_string()),
    }
}

fn said(epc: &Epc) -> Value {
    let mut said = json!({ "ok": true, "scheme": epc.scheme().name() });
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            said[name] = value;
        }
    };
    put("filter", epc.filter().map(Value::from));
    put("pure", epc.pure_uri().map(|uri| uri.to_string().into()));
    put("tag", epc.tag_uri().map(|uri| uri.to_string().into()));
    put("element_string", epc.element_string().map(Value::from));
    put("digital_link", epc.digital_link().map(Value::from));
    if epc.is_plus() {
        put("data_toggle", Some(u8::from(epc.more_follows()).into()));
        put("unread", epc.unread().map(|bits| bits.to_string().into()));
        put(
            "encoding_indicator",
            Some(json!(epc.coding().map(Coding::indicator))),
        );
    }
    said
}

/// What a tag says, in one line: its scheme, its identity, and what it is fixed to.
pub(super) fn meaning(epc: &Epc) -> String {
    let what = epc.element_string();
    let what = what.or_else(|| Some(epc.pure_uri()?.to_string()));
    let on = epc.packing().map_or("", packing);
    let unread = epc.unread();
    let unread = unread.map_or_else(String::new, |bits| format!(", and bits {bits}"));
    let scheme = epc.scheme().name().to_uppercase();
    format!("{scheme} {}{on}{unread}", what.unwrap_or_default())
}

const fn packing(packing: Packing) -> &'static str {
    match packing {
        Packing::Item => " on an item",
        Packing::Inner => " on a pack in a case",
        Packing::Case => " on a case",
        Packing::UnitLoad => " on a pallet",
        Packing::Component => " in an item",
    }
}

fn ssi(case: &Map<String, Value>) -> Value {
    let Some(bytes) = hex(case) else {
        return trouble("the field `hex` holds the bytes");
    };
    if case.get("op").and_then(Value::as_str) == Some("session") {
        return session(&bytes);
    }
    match Packet::read(&bytes) {
        Ok((packet, _)) => packet_said(&packet),
        Err(BadPacket::NeedMore) => {
            json!({ "ok": false, "need_more": true, "error": BadPacket::NeedMore.to_string() })
        }
        Err(why) => trouble(&why.to_string()),
    }
}

fn packet_said(packet: &Packet) -> Value {
    let mut said = json!({
        "ok": true,
        "opcode": packet.opcode.to_string(),
        "source": packet.source,
        "status": packet.status,
        "retransmit": packet.is_again(),
        "data_hex": in_hex(&packet.data),
    });
    match (packet.opcode, packet.data.split_first()) {
        (Opcode::DECODE_DATA, Some((&code, text))) => {
            said["code_type"] = code.into();
            said["code_name"] = code_name(code).into();
            said["data_hex"] = in_hex(text).into();
            said["data"] = latin(text).into();
        }
        (Opcode::NAK, Some((&cause, _))) => said["nak_cause"] = nak_cause(cause).into(),
        _ => {}
    }
    said
}

/// What a host answers to these bytes, and what it delivers.
fn session(bytes: &[u8]) -> Value {
    let mut host = SsiHost::default();
    let mut scans = Vec::new();
    host.hear(Duration::ZERO, bytes, |event| {
        if let SsiEvent::Scan { bytes, .. } = event {
            scans.push(latin(&bytes));
        }
    });
    let replies: Vec<String> = host.replies().iter().map(Opcode::to_string).collect();
    json!({ "ok": true, "scans": scans, "replies": replies })
}

/// The bytes of the field `hex`.
pub(super) fn hex(case: &Map<String, Value>) -> Option<Vec<u8>> {
    let digits = case.get("hex")?.as_str()?.as_bytes();
    let nibble = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|it| u8::try_from(it).ok())
    };
    digits
        .chunks(2)
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(*pair.get(1)?)?))
        .collect()
}

pub(super) fn in_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Each byte as the character of its number.
pub(super) fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}
