//! Orders that other systems send, over a real server on loopback: done once, or not at all with the reason at its field.

use super::office_tools::*;
use super::open_api::Wire;
use serde_json::{Value, json};
use stockhand::office::open::{FORMS, describe};

fn post(wire: &Wire, key: &str, call: &str, body: impl Into<String>) -> (u16, Value) {
    let sent = wire
        .client
        .post(wire.url("/api/v1/orders"))
        .bearer_auth(key)
        .header("idempotency-key", call)
        .body(body.into());
    let answer = sent.send().unwrap();
    let status = answer.status().as_u16();
    let kind = &answer.headers()["content-type"];
    assert_eq!(kind == "application/problem+json", status != 201);
    let body = answer.bytes().unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

fn sales(order: &str) -> Value {
    json!({
        "kind": "sales", "warehouse": "W1", "order": order, "customer": "Someone", "priority": 10,
        "lines": [{ "line": 1, "item": "BOLT", "quantity": "2.5" }, { "line": 2, "item": "PAINT", "lot": "L1", "quantity": "1" }],
    })
}

fn orders(wire: &Wire) -> i64 {
    let sql = "SELECT COUNT(*) FROM orders WHERE code LIKE 'X-%'";
    let database = wire.ground.database();
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn an_order_of_each_kind_comes_in_as_from_a_sheet() {
    let wire = Wire::new();
    let (key, all) = (
        wire.key("shop", "orders:write", &[]),
        wire.key("all", "*:read", &[]),
    );
    let plate = "095060000000000015";
    let line = json!({ "line": 1, "item": "BOLT", "quantity": "4", "lot": null });
    let mut on_plate = line.clone();
    on_plate["plate"] = plate.into();
    let receipt = |kind: &str, order: &str, line: &Value| json!({ "kind": kind, "warehouse": "W1", "order": order, "supplier": "Maker", "due": "2027-01-31", "over_percent": 10, "lines": [line] });
    for (call, order, kind) in [
        ("1", sales("X-1"), "sales"),
        ("2", receipt("purchase", "X-2", &line), "receipt"),
        ("3", receipt("notice", "X-3", &on_plate), "receipt"),
        (
            "4",
            json!({ "kind": "transfer", "warehouse": "W1", "order": "X-4", "to": "W2", "lines": [line] }),
            "transfer",
        ),
    ] {
        let (status, said) = post(&wire, &key, call, order.to_string());
        assert_eq!(status, 201, "{said}");
        assert_eq!(
            (&said["order"], &said["kind"], &said["state"]),
            (&order["order"], &order["kind"], &json!("open"))
        );
        let code = order["order"].as_str().unwrap();
        let found = wire.rows(&all, &format!("/api/v1/orders?code={code}"));
        assert_eq!(
            (found.len(), &found[0]["kind"], &found[0]["state"]),
            (1, &json!(kind), &json!("open"))
        );
    }
    let lines = wire.rows(&all, "/api/v1/order-lines?order_code=X-1");
    assert_eq!(
        (lines.len(), &lines[0]["quantity"], &lines[1]["lot"]),
        (2, &json!("2.5"), &json!("L1"))
    );
    let lines = wire.rows(&all, "/api/v1/order-lines?order_code=X-3");
    assert_eq!(lines[0]["plate"], plate);
    wire.ground.office.release(now(), &w1()).unwrap();
    assert_ne!(
        wire.ground.order_state("X-1"),
        "open",
        "there is work for it"
    );
    assert!(wire.ground.findings().is_empty());
}

#[test]
fn an_order_whose_answer_was_lost_is_sent_again_and_done_once() {
    let wire = Wire::new();
    let key = wire.key("shop", "orders:write", &[]);
    let other = wire.key("other", "orders:write", &[]);
    let first = post(&wire, &key, "call-1", sales("X-1").to_string());
    assert_eq!(first.0, 201);
    // Written with other spaces it is the same order; released meanwhile, the answer is the one of then.
    wire.ground.office.release(now(), &w1()).unwrap();
    let again = serde_json::to_string_pretty(&sales("X-1")).unwrap();
    assert_eq!(post(&wire, &key, "call-1", again), first);
    assert_eq!(orders(&wire), 1);
    for body in [sales("X-2"), json!({ "kind": "sales" })] {
        let (status, problem) = post(&wire, &key, "call-1", body.to_string());
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            status == 422 && detail.contains("another order"),
            "{problem}"
        );
    }
    let (status, problem) = post(&wire, &key, "call-2", sales("X-1").to_string());
    assert!(status == 409 && problem["detail"].as_str().unwrap().contains("already"));
    assert_eq!(
        post(&wire, &other, "call-1", sales("X-3").to_string()).0,
        201,
        "keys do not share calls"
    );
    assert_eq!(orders(&wire), 2);
    // What was not taken may be put right under the same key.
    let mut wrong = sales("X-4");
    wrong["lines"][0]["item"] = "NONE".into();
    assert_eq!(post(&wire, &key, "call-3", wrong.to_string()).0, 422);
    assert_eq!(post(&wire, &key, "call-3", sales("X-4").to_string()).0, 201);
}

#[test]
fn two_that_send_the_same_order_at_once_get_one_order_and_one_answer() {
    let wire = Wire::new();
    let key = wire.key("shop", "orders:write", &[]);
    for round in 0..5 {
        let (order, call) = (
            sales(&format!("X-{round}")).to_string(),
            format!("call-{round}"),
        );
        let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
            let sent: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| post(&wire, &key, &call, order.clone())))
                .collect();
            sent.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(
            answers
                .iter()
                .all(|answer| answer == &answers[0] && answer.0 == 201),
            "{answers:?}"
        );
    }
    assert_eq!(orders(&wire), 5);
}

#[test]
fn a_key_sends_orders_only_where_it_may() {
    let wire = Wire::new();
    let (one, reader) = (
        wire.key("one", "orders:write", &["W2"]),
        wire.key("reader", "*:read", &[]),
    );
    for (key, status, detail) in [
        (&one, 403, "warehouse"),
        (&reader, 403, "orders:write"),
        (&String::new(), 401, "Bearer"),
    ] {
        let (found, problem) = post(&wire, key, "call", sales("X-1").to_string());
        assert!(
            found == status && problem["detail"].as_str().unwrap().contains(detail),
            "{problem}"
        );
    }
    // Neither in another writing of the warehouse, nor of one that there is not: it is not told which there are.
    for warehouse in [" W1", "W1 ", "W9"] {
        let mut order = sales("X-1");
        order["warehouse"] = warehouse.into();
        assert_eq!(
            post(&wire, &one, "call", order.to_string()).0,
            403,
            "{warehouse}"
        );
    }
    assert_eq!(orders(&wire), 0);
    let mut order = sales("X-1");
    order["warehouse"] = "W2".into();
    assert_eq!(post(&wire, &one, "call", order.to_string()).0, 201);
}

#[test]
fn what_cannot_be_taken_is_told_at_its_field_and_leaves_nothing() {
    let wire = Wire::new();
    let key = wire.key("shop", "orders:write", &[]);
    for (path, value, pointer, detail) in [
        ("/kind", json!("gift"), "#/kind", "sales, purchase, notice"),
        ("/warehouse", json!("W9"), "#/warehouse", "no warehouse W9"),
        ("/warehouse", Value::Null, "#/warehouse", "must be there"),
        ("/order", json!("X-1\u{202e}"), "#/order", "order"),
        ("/order", json!("X".repeat(39)), "#/order", "order"),
        ("/customer", json!("  "), "#/customer", "empty"),
        ("/priority", json!("10"), "#/priority", "whole number"),
        (
            "/priority",
            json!(99_999_999_999_u64),
            "#/priority",
            "priority",
        ),
        ("/due", json!("soon"), "#/due", "2027-01-31T15:00:00Z"),
        ("/bench", json!("NOWHERE"), "#/bench", "no bin NOWHERE"),
        ("/colour", json!("red"), "#", "no field colour"),
        ("/lines", json!([]), "#/lines", "1 to 1000"),
        ("/lines", json!(vec![1; 1001]), "#/lines", "1 to 1000"),
        ("/lines/1", json!(7), "#/lines/1", "JSON object"),
        ("/lines/1/line", json!(1), "#/lines/1/line", "twice"),
        ("/lines/1/line", json!(-1), "#/lines/1/line", "line"),
        (
            "/lines/1/item",
            json!("NONE"),
            "#/lines/1/item",
            "no item NONE",
        ),
        (
            "/lines/0/quantity",
            json!("0"),
            "#/lines/0/quantity",
            "more than 0",
        ),
        (
            "/lines/0/quantity",
            json!(2.5),
            "#/lines/0/quantity",
            "\"2.5\"",
        ),
        ("/lines/0/plate", json!("1"), "#/lines/0", "no field plate"),
    ] {
        let mut order = sales("X-1");
        match order.pointer_mut(path) {
            Some(place) => *place = value,
            None => {
                let (within, name) = path.rsplit_once('/').unwrap();
                order.pointer_mut(within).unwrap()[name] = value;
            }
        }
        let (status, problem) = post(&wire, &key, "call", order.to_string());
        let fault = &problem["errors"][0];
        assert!(
            status == 422 && fault["pointer"] == pointer,
            "{path}: {problem}"
        );
        assert!(
            fault["detail"].as_str().unwrap().contains(detail),
            "{path}: {problem}"
        );
        assert!(!problem.to_string().contains('\u{202e}'), "{path}");
    }
    assert_eq!(orders(&wire), 0);
}

#[test]
fn what_is_no_order_at_all_is_refused_before_anything_is_read_into_it() {
    let wire = Wire::new();
    let key = wire.key("shop", "orders:write", &[]);
    let deep = "[".repeat(100_000);
    for (call, body, status, detail) in [
        ("call", "{", 400, "no JSON"),
        ("call", deep.as_str(), 400, "no JSON"),
        ("call", "[]", 422, "errors"),
        ("", "{}", 400, "Idempotency-Key"),
        ("a b", "{}", 400, "Idempotency-Key"),
        (&"x".repeat(201), "{}", 400, "Idempotency-Key"),
        ("call", &" ".repeat(1024 * 1024 + 1), 413, "1 MiB"),
    ] {
        let (found, problem) = post(&wire, &key, call, body);
        assert!(
            found == status && problem["detail"].as_str().unwrap().contains(detail),
            "{problem}"
        );
    }
    let send = |path: &str| wire.client.post(wire.url(path)).bearer_auth(&key);
    let answer = send("/api/v1/items").send().unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            &answer.headers()["allow"] == "GET, HEAD"
        ),
        (405, true)
    );
    let answer = send("/api/v1/orders")
        .header("content-encoding", "zstd")
        .send()
        .unwrap();
    assert_eq!(answer.status(), 415);
    assert_eq!(orders(&wire), 0);
}

#[test]
fn the_document_says_how_an_order_is_sent() {
    let document = describe();
    let post = &document["paths"]["/api/v1/orders"]["post"];
    let forms = post
        .pointer("/requestBody/content/application~1json/schema/oneOf")
        .unwrap();
    assert_eq!(forms.as_array().unwrap().len(), FORMS.len());
    for form in forms.as_array().unwrap() {
        let name = form["$ref"].as_str().unwrap().trim_start_matches('#');
        let schema = document.pointer(name).unwrap();
        let required = schema["required"].to_string();
        assert!(
            required.contains("lines") && !required.contains("due"),
            "{required}"
        );
    }
    let order = &document["components"]["schemas"]["sales-order"]["properties"];
    for name in sales("X").as_object().unwrap().keys() {
        assert!(order[name].is_object(), "{name}");
    }
}

#[test]
fn metrics_tell_of_the_warehouses_of_the_key_and_only_to_one_that_may() {
    let wire = Wire::new();
    let ask = |key: &str| {
        let answer = wire
            .client
            .get(wire.url("/metrics"))
            .bearer_auth(key)
            .send()
            .unwrap();
        (answer.status().as_u16(), answer.text().unwrap())
    };
    let (all, one) = (
        wire.key("m", "metrics:read", &[]),
        wire.key("n", "metrics:read", &["W2"]),
    );
    assert_eq!(ask(&wire.key("reader", "*:read", &[])).0, 403);
    assert_eq!(ask("").0, 401);
    let (status, text) = ask(&all);
    assert_eq!(status, 200);
    for line in [
        "stockhand_facts_received_total{warehouse=\"W1\",device=\"HH-001\"} 1\n",
        "stockhand_exceptions_open{warehouse=\"W1\",kind=",
        "stockhand_tasks{warehouse=\"W1\",kind=\"pick\",state=",
        "stockhand_orders{warehouse=\"W1\",kind=\"sales\",state=",
        "stockhand_device_last_contact_timestamp_seconds{warehouse=\"W2\",device=\"HH-002\",state=\"active\"} ",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let size = text.lines().last().unwrap().rsplit(' ').next().unwrap();
    assert!(size.parse::<u64>().unwrap() > 10_000);
    let (_, text) = ask(&one);
    assert!(
        text.contains("\"W2\"") && !text.contains("\"W1\""),
        "{text}"
    );
}
