//! The `OpenAPI` 3.1 document, made from the table of areas: what is described is what is answered.

use super::{AREAS, Area, FORMS, Field, Form, Key, Kind, MOST, MOST_LINES};
use serde_json::{Map, Value, json};

/// The document.
pub fn describe() -> Value {
    let mut paths: Map<String, Value> = AREAS
        .iter()
        .map(|area| (format!("/api/v1/{}", area.name), path(area)))
        .collect();
    paths["/api/v1/orders"]["post"] = send();
    paths.insert("/metrics".to_owned(), metrics());
    paths.insert("/api/v1/export/{area}".to_owned(), export());
    let mut schemas: Map<String, Value> = AREAS
        .iter()
        .map(|area| (area.name.to_owned(), row(area)))
        .collect();
    let texts = json!({ "type": "string" });
    schemas.insert("problem".to_owned(), json!({
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": { "type": texts, "title": texts, "status": { "type": "integer" }, "detail": texts, "errors": {
            "type": "array", "items": { "type": "object", "required": ["pointer", "detail"], "properties": { "pointer": texts, "detail": texts } },
        } },
    }));
    schemas.extend(
        FORMS
            .iter()
            .map(|form| (format!("{}-order", form.kind), sent(form))),
    );
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Stockhand office", "version": "1",
            "description": "Quantities are decimal strings in the item's unit; times are RFC 3339." },
        "security": [{ "key": [] }],
        "paths": paths,
        "webhooks": super::told::webhooks(),
        "components": { "schemas": schemas, "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } } },
    })
}

fn path(area: &Area) -> Value {
    let parameter = |name: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "schema": schema });
    let mut parameters = vec![
        parameter(
            "limit",
            json!({ "type": "integer", "minimum": 1, "maximum": MOST }),
        ),
        parameter("cursor", json!({ "type": "string" })),
    ];
    parameters.extend(
        area.filters()
            .map(|name| parameter(name, json!({ "type": "string" }))),
    );
    let reference = format!("#/components/schemas/{}", area.name);
    let page = json!({
        "type": "object", "required": ["data", "next"], "additionalProperties": false,
        "properties": { "data": { "type": "array", "items": { "$ref": reference } }, "next": { "type": ["string", "null"] } },
    });
    json!({ "get": {
        "summary": area.about, "description": format!("Needs the scope {}:read.", area.name), "parameters": parameters,
        "responses": {
            "200": { "description": "A page.", "content": { "application/json": { "schema": page } } },
            "400": problem("A parameter cannot be used."), "401": problem("No good key."),
            "403": problem("The key lacks the scope."), "404": problem("There is no such area."), "429": problem("Too many calls."), "500": problem("A trouble of the office."),
        },
    } })
}

fn problem(why: &str) -> Value {
    json!({
        "description": why, "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } },
    })
}

/// Sending an order.
fn send() -> Value {
    let call = json!({
        "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
        "description": "A new one for each order. The same again, with the same order, is answered alike and done once, for 30 days.",
    });
    let forms = FORMS
        .iter()
        .map(|form| json!({ "$ref": format!("#/components/schemas/{}-order", form.kind) }));
    let forms: Vec<Value> = forms.collect();
    let (text, lines) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let taken = json!({
        "type": "object", "required": ["warehouse", "order", "kind", "state", "lines"], "additionalProperties": false,
        "properties": { "warehouse": text, "order": text, "kind": text, "state": text, "lines": lines },
    });
    json!({
        "summary": "Takes an order in, open: nothing is fetched for it before it is released.",
        "description": format!("Needs the scope {}. A body has at most 1 MiB.", Key::WRITE_ORDERS), "parameters": [call],
        "requestBody": { "required": true, "content": { "application/json": { "schema": { "oneOf": forms } } } },
        "responses": {
            "201": { "description": "It is kept.", "content": { "application/json": { "schema": taken } } },
            "400": problem("The body is no JSON, or the Idempotency-Key is missing."), "401": problem("No good key."),
            "403": problem("The key lacks the scope or the warehouse."), "409": problem("An order of this code is there."),
            "413": problem("The body is too large."), "415": problem("The body is compressed."),
            "422": problem("Fields are wrong, or the Idempotency-Key was used for another order."),
            "429": problem("Too many calls."), "500": problem("A trouble of the office."),
        },
    })
}

/// A whole area at once.
fn export() -> Value {
    let names: Vec<&str> = AREAS.iter().map(|area| area.name).collect();
    let parameters = json!([
        { "name": "area", "in": "path", "required": true, "schema": { "type": "string", "enum": names } },
        { "name": "format", "in": "query", "required": false, "schema": { "enum": ["jsonl", "csv"], "default": "jsonl" } },
    ]);
    let text = json!({ "schema": { "type": "string" } });
    json!({ "get": {
        "summary": "All rows of an area, as JSON lines or CSV, as the caller takes them.",
        "description": "Needs the scope AREA:read; takes the parameters of the area by which rows are chosen, too. A row is as it \
                        stands when it is read. In CSV a text that a spreadsheet would take for a formula begins with '. An answer \
                        that breaks off is not whole.",
        "parameters": parameters,
        "responses": {
            "200": { "description": "The rows.", "content": { "application/jsonl": text, "text/csv": text } },
            "400": problem("A parameter cannot be used."), "401": problem("No good key."),
            "403": problem("The key lacks the scope."), "404": problem("There is no such area."),
            "429": problem("Too many calls, or exports at once."), "500": problem("A trouble of the office."),
        },
    } })
}

fn metrics() -> Value {
    json!({ "get": {
        "summary": "How the office does, in numbers.", "description": format!("Needs the scope {}.", Key::READ_METRICS),
        "responses": {
            "200": { "description": "Prometheus text format 0.0.4.", "content": { "text/plain": { "schema": { "type": "string" } } } },
            "401": problem("No good key."), "403": problem("The key lacks the scope."), "429": problem("Too many calls."),
            "500": problem("A trouble of the office."),
        },
    } })
}

/// An order as it is sent.
fn sent(form: &Form) -> Value {
    let mut order = object(form.about, form.head, true);
    let line = object("A line.", form.line, true);
    order["properties"]["kind"] = json!({ "const": form.kind });
    order["properties"]["lines"] =
        json!({ "type": "array", "minItems": 1, "maxItems": MOST_LINES, "items": line });
    if let Some(required) = order["required"].as_array_mut() {
        required.extend([json!("kind"), json!("lines")]);
    }
    order
}

fn row(area: &Area) -> Value {
    object(area.about, area.fields, false)
}

/// An object of fields. `may_lack`: what may be null may also be left out.
pub(super) fn object(about: &str, fields: &[Field], may_lack: bool) -> Value {
    let field = |kind: Kind| match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Maybe => json!({ "type": ["string", "null"] }),
        Kind::Int => json!({ "type": "integer" }),
        Kind::MaybeInt => json!({ "type": ["integer", "null"] }),
        Kind::Quantity => json!({ "type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,3})?$" }),
        Kind::Flag => json!({ "type": "boolean" }),
    };
    let needed = |it: &&Field| !(may_lack && matches!(it.1, Kind::Maybe | Kind::MaybeInt));
    let names: Vec<&str> = fields.iter().filter(needed).map(|it| it.0).collect();
    let properties: Map<String, Value> = fields
        .iter()
        .map(|it| (it.0.to_owned(), field(it.1)))
        .collect();
    json!({ "type": "object", "description": about, "required": names, "additionalProperties": false, "properties": properties })
}
