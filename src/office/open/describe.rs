//! The `OpenAPI` 3.1 document, made from the table of areas: what is described is what is answered.

use super::{AREAS, Area, Kind, MOST};
use serde_json::{Map, Value, json};

/// The document.
pub fn describe() -> Value {
    let paths: Map<String, Value> = AREAS
        .iter()
        .map(|area| (format!("/api/v1/{}", area.name), path(area)))
        .collect();
    let mut schemas: Map<String, Value> = AREAS
        .iter()
        .map(|area| (area.name.to_owned(), row(area)))
        .collect();
    let texts = json!({ "type": "string" });
    schemas.insert("problem".to_owned(), json!({
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": { "type": texts, "title": texts, "status": { "type": "integer" }, "detail": texts },
    }));
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Stockhand office", "version": "1",
            "description": "Quantities are decimal strings in the item's unit; times are RFC 3339." },
        "security": [{ "key": [] }],
        "paths": paths,
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
    let problem = |why: &str| {
        json!({
            "description": why, "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } },
        })
    };
    json!({ "get": {
        "summary": area.about, "description": format!("Needs the scope {}:read.", area.name), "parameters": parameters,
        "responses": {
            "200": { "description": "A page.", "content": { "application/json": { "schema": page } } },
            "400": problem("A parameter cannot be used."), "401": problem("No good key."),
            "403": problem("The key lacks the scope."), "429": problem("Too many calls."), "500": problem("A trouble of the office."),
        },
    } })
}

fn row(area: &Area) -> Value {
    let field = |kind: Kind| match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Maybe => json!({ "type": ["string", "null"] }),
        Kind::Int => json!({ "type": "integer" }),
        Kind::MaybeInt => json!({ "type": ["integer", "null"] }),
        Kind::Quantity => json!({ "type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,3})?$" }),
        Kind::Flag => json!({ "type": "boolean" }),
    };
    let names: Vec<&str> = area.fields.iter().map(|field| field.0).collect();
    let properties: Map<String, Value> = area
        .fields
        .iter()
        .map(|it| (it.0.to_owned(), field(it.1)))
        .collect();
    json!({ "type": "object", "description": area.about, "required": names, "additionalProperties": false, "properties": properties })
}
