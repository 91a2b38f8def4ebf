//! What tags and readers say: EPC, and the packets of scanners and RFID readers.

use super::trouble;
use crate::scan::{Coding, Epc, RawEpc};
use serde_json::{Map, Value, json};

/// The answer to a case of one of the tag and reader forms; none if the form is not one of them.
pub(super) fn answer(form: &str, case: &Map<String, Value>) -> Option<Value> {
    match form {
        "epc" => Some(epc(case)),
        _ => None,
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
        put(
            "encoding_indicator",
            Some(json!(epc.coding().map(Coding::indicator))),
        );
    }
    said
}
