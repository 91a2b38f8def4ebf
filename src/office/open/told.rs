//! What the `OpenAPI` document says of webhooks, made from the table of events.

use super::describe::object;
use super::{Field, Kind};
use crate::office::hook::{EVENTS, EventKind};
use serde_json::{Map, Value, json};

/// The `webhooks` of the document.
pub(super) fn webhooks() -> Value {
    let all = EVENTS
        .iter()
        .map(|kind| (kind.name.to_owned(), webhook(kind)));
    all.collect::<Map<_, _>>().into()
}

fn webhook(kind: &EventKind) -> Value {
    let header = |name: &str, about: &str| json!({ "name": name, "in": "header", "required": true, "description": about, "schema": { "type": "string" } });
    json!({ "post": {
        "summary": kind.about,
        "description": "Signed as Standard Webhooks says. An event may come twice, with the same webhook-id; those of a warehouse \
                        come in the order of seq. See `stockhand-office hook add --help`.",
        "security": [],
        "parameters": [
            header("webhook-id", "One name of the event for ever."),
            header("webhook-timestamp", "When this attempt was made, in seconds since 1970."),
            header("webhook-signature", "v1, and base64 of HMAC-SHA256 over id.timestamp.body with the hook's secret."),
        ],
        "requestBody": { "required": true, "content": { "application/json": { "schema": body(kind) } } },
        "responses": {
            "2XX": { "description": "The event is taken." },
            "410": { "description": "The address is gone: nothing is sent any more." },
            "default": { "description": "It is sent again, later." },
        },
    } })
}

fn body(kind: &EventKind) -> Value {
    let own = [Field("warehouse", Kind::Text), Field("seq", Kind::Int)];
    let fields: Vec<Field> = own.iter().chain(kind.fields).copied().collect();
    let mut data = object(kind.about, &fields, false);
    if kind.name == "facts.arrived" {
        let about = "Each as the handheld wrote it.";
        data["properties"]["facts"] = json!({ "type": "array", "maxItems": 50, "description": about, "items": { "type": "object" } });
        if let Some(required) = data["required"].as_array_mut() {
            required.push("facts".into());
        }
    }
    json!({
        "type": "object", "required": ["type", "timestamp", "data"], "additionalProperties": false,
        "properties": {
            "type": { "const": kind.name }, "timestamp": { "type": "string", "format": "date-time" }, "data": data,
        },
    })
}
