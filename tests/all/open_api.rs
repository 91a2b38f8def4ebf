//! What other systems read, over a real server on loopback: keys, pages, warehouses kept apart, and the document.

use super::office_tools::*;
use reqwest::blocking::Client;
use serde_json::Value;
use std::collections::BTreeSet;
use stockhand::office::api::Serving;
use stockhand::office::open::{AREAS, Area, describe};

pub struct Wire {
    pub ground: Ground,
    serving: Serving,
    pub client: Client,
}

impl Wire {
    pub fn new() -> Self {
        let ground = Ground::with_stock(&["A-01-01,BOLT,,,10.5", "A-01-02,PAINT,L1,,4"]);
        ground.order(&["SO-1,1,BOLT,3", "SO-2,1,BOLT,1000"]);
        let there = "warehouse,bin,item,lot,expiry,quantity\nW2,A-01-01,BOLT,,,7\n";
        ground
            .office
            .import(now(), &[sheet("stock.csv", there)])
            .unwrap();
        let mut hand = ground.hand("W1");
        hand.record(None, picked(1, "A-01-03", goods("NUT", ""), 1));
        hand.push(&ground);
        ground.enrol("W2");
        let (serving, client) = ground.served(|client| client);
        Self {
            ground,
            serving,
            client,
        }
    }

    pub fn key(&self, name: &str, scope: &str, warehouses: &[&str]) -> String {
        let warehouses: Vec<_> = warehouses
            .iter()
            .map(|code| code.parse().unwrap())
            .collect();
        self.ground
            .office
            .make_key(now(), name, &[scope.to_owned()], &warehouses)
            .unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.serving.address().port())
    }

    pub fn get(&self, key: &str, path: &str) -> (u16, Value) {
        let url = self.url(path);
        let answer = self.client.get(url).bearer_auth(key).send().unwrap();
        let (status, kind) = (
            answer.status().as_u16(),
            answer.headers()["content-type"].clone(),
        );
        assert_eq!(kind == "application/problem+json", status != 200);
        (
            status,
            serde_json::from_slice(&answer.bytes().unwrap()).unwrap(),
        )
    }

    pub fn rows(&self, key: &str, path: &str) -> Vec<Value> {
        let (status, page) = self.get(key, path);
        assert_eq!(status, 200, "{path}: {page}");
        page["data"].as_array().unwrap().clone()
    }
}

#[test]
fn every_area_answers_what_the_document_says_and_nothing_else() {
    let wire = Wire::new();
    let key = wire.key("all", "*:read", &[]);
    let (status, document) = wire.get(&key, "/api/v1/openapi.json");
    assert_eq!((status, &document), (200, &describe()));
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(
        paths.len(),
        AREAS.len() + 2,
        "the areas, all of one, and /metrics"
    );
    for area in AREAS {
        let path = &paths[&format!("/api/v1/{}", area.name)];
        assert!(path["get"]["responses"]["404"].is_object(), "{}", area.name);
        let schema = &document["components"]["schemas"][area.name]["properties"];
        let described: BTreeSet<&String> = schema.as_object().unwrap().keys().collect();
        for row in wire.rows(&key, &format!("/api/v1/{}", area.name)) {
            let said: BTreeSet<&String> = row.as_object().unwrap().keys().collect();
            assert_eq!(said, described, "{}", area.name);
            for (name, value) in row.as_object().unwrap() {
                let kind = match value {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(_) => "integer",
                    Value::String(_) => "string",
                    Value::Array(_) | Value::Object(_) => "nested",
                };
                let allowed = schema[name]["type"].to_string();
                assert!(allowed.contains(kind), "{} {name}: {value}", area.name);
            }
        }
    }
    let stock = wire.rows(
        &key,
        "/api/v1/stock?item=BOLT&place=bin:A-01-01&warehouse=W1",
    );
    assert_eq!(stock[0]["quantity"], "10.5");
}

#[test]
fn a_key_of_one_warehouse_never_sees_anything_of_another() {
    let wire = Wire::new();
    let all = wire.key("all", "*:read", &[]);
    let one = wire.key("one", "*:read", &["W2"]);
    let mut hidden = 0;
    for area in AREAS {
        let own = match area.name {
            "warehouses" => "code",
            _ if area.filters().any(|name| name == "warehouse") => "warehouse",
            _ => continue,
        };
        let path = format!("/api/v1/{}", area.name);
        let everywhere = wire.rows(&all, &path);
        let there: Vec<Value> = everywhere
            .iter()
            .filter(|row| row[own] == "W2")
            .cloned()
            .collect();
        hidden += everywhere.len() - there.len();
        assert_eq!(wire.rows(&one, &path), there, "{}", area.name);
        assert!(
            wire.rows(&one, &format!("{path}?{own}=W1")).is_empty(),
            "{}",
            area.name
        );
    }
    assert!(hidden > 15, "there is something to hide: {hidden}");
    // Nor by the cursor of somebody who may see it.
    let (_, page) = wire.get(&all, "/api/v1/bins?limit=1");
    let path = format!("/api/v1/bins?cursor={}", page["next"].as_str().unwrap());
    assert!(
        wire.rows(&one, &path)
            .iter()
            .all(|row| row["warehouse"] == "W2")
    );
}

#[test]
fn pages_hold_every_row_once_whatever_is_added_meanwhile() {
    let wire = Wire::new();
    let key = wire.key("all", "bins:read", &["W1"]);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, page) = wire.get(&key, &format!("/api/v1/bins?limit=2{cursor}"));
        seen.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["code"].to_string()),
        );
        if seen.len() == 2 {
            let more = "warehouse,code,zone,kind,sequence\nW1,A-00-00,A,pick_face,0\nW1,Z-01-01,Z,reserve,9\n";
            wire.ground
                .office
                .import(now(), &[sheet("bins.csv", more)])
                .unwrap();
        }
        let Some(next) = page["next"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    let once: BTreeSet<&String> = seen.iter().collect();
    assert_eq!((seen.len(), once.len()), (8, 8));
    assert!(seen.contains(&"\"Z-01-01\"".to_owned()));
}

#[test]
fn what_cannot_be_asked_is_a_problem_that_says_what_to_do() {
    let wire = Wire::new();
    let key = wire.key("bins", "bins:read", &[]);
    for (key, path, status, detail) in [
        ("", "/api/v1/bins", 401, "Authorization: Bearer"),
        ("stockhand_0", "/api/v1/bins", 401, "stockhand-office key"),
        (&key, "/api/v1/stock", 403, "stock:read"),
        (&key, "/api/v1/nothing", 404, "openapi.json"),
        (&key, "/api/v1/bins?limit=0", 400, "from 1 to 500"),
        (
            &key,
            "/api/v1/bins?limit=99999999999999999999",
            400,
            "from 1 to 500",
        ),
        (&key, "/api/v1/bins?cursor=zz", 400, "begin anew"),
        (&key, "/api/v1/bins?cursor=%C3%A9%C3%A9", 400, "begin anew"),
        (&key, "/api/v1/bins?cursor=5b5b5d2c315d", 400, "begin anew"),
        (
            &key,
            "/api/v1/bins?code%20OR%201=1",
            400,
            "there is no parameter",
        ),
        (
            &key,
            "/api/v1/bins?sequence=1",
            400,
            "there is no parameter",
        ),
    ] {
        let (found, problem) = wire.get(key, path);
        let said = problem["detail"].as_str().unwrap_or_default();
        assert!(found == status, "{path}: {problem}");
        assert!(said.contains(detail), "{path}: {said}");
    }
    assert!(
        wire.rows(&key, "/api/v1/bins?code=x'%20OR%20'1'='1")
            .is_empty()
    );
}

#[test]
fn a_revoked_key_opens_nothing_and_no_key_is_kept_in_the_clear() {
    let wire = Wire::new();
    let key = wire.key("shop", "items:read", &[]);
    assert_eq!(wire.rows(&key, "/api/v1/items").len(), 4);
    let kept: String = wire
        .ground
        .database()
        .query_row("SELECT hash || name || scopes FROM api_keys", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert!(!kept.contains(key.trim_start_matches("stockhand_")));
    wire.ground.office.revoke_key("shop").unwrap();
    assert_eq!(wire.get(&key, "/api/v1/items").0, 401);
    let again = wire
        .ground
        .office
        .make_key(now(), "shop", &["items:read".to_owned()], &[]);
    assert!(again.is_err(), "a name is one key's for ever");
    for scope in ["items", "items:write", "none:read", ""] {
        assert!(
            wire.ground
                .office
                .make_key(now(), "x", &[scope.to_owned()], &[])
                .is_err(),
            "{scope}"
        );
    }
}

#[test]
fn who_calls_too_often_waits_and_others_do_not() {
    let wire = Wire::new();
    let (often, seldom) = (
        wire.key("often", "*:read", &[]),
        wire.key("seldom", "*:read", &[]),
    );
    let asked = (0..2000).map(|_| wire.get(&often, "/api/v1/warehouses").0);
    assert!(asked.into_iter().any(|status| status == 429));
    assert_eq!(wire.get(&seldom, "/api/v1/warehouses").0, 200);
    assert!(Area::named("warehouses").is_some());
}
