//! Inventory policy through the real program: worked examples of the textbooks, and lines that cannot be answered.

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// What `stockhand-office policy` answers to these lines.
fn ask(lines: &str) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stockhand-office"))
        .arg("policy")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines = lines.to_owned();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let answer = |line| serde_json::from_str(line).unwrap();
    text.lines().map(answer).collect()
}

fn question(kind: &str, inputs: &Value) -> String {
    json!({ "kind": kind, "inputs": inputs }).to_string() + "\n"
}

/// Every value that is expected is there, numbers to so many parts.
fn agree(expected: &Value, found: &Value, tolerance: f64, at: &str) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (name, expected) in expected {
                let found = found.get(name).unwrap_or(&Value::Null);
                agree(expected, found, tolerance, &format!("{at}.{name}"));
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            assert_eq!(expected.len(), found.len(), "{at}");
            for (expected, found) in expected.iter().zip(found) {
                agree(expected, found, tolerance, at);
            }
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= tolerance * a.abs(), "{at}: {a}, not {b}");
        }
        _ => assert_eq!(expected, found, "{at}"),
    }
}

const KINDS: [(&str, &str); 6] = [
    ("P01", "eoq"),
    ("P02", "safety_stock"),
    ("P04", "newsvendor"),
    ("P06", "periodic_review"),
    ("P08", "valuation"),
    ("P10", "abc_xyz"),
];

#[test]
fn the_worked_examples_come_out_to_their_last_digit() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy/examples.json");
    let text = std::fs::read_to_string(path).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let examples = file["examples"].as_array().unwrap();
    assert_eq!(examples.len(), KINDS.len());
    let lines: String = examples
        .iter()
        .map(|example| {
            let kind = KINDS.iter().find(|(id, _)| example["id"] == *id).unwrap().1;
            question(kind, &example["inputs"])
        })
        .collect();
    let answers = ask(&lines);
    assert_eq!(answers.len(), examples.len());
    for (example, answer) in examples.iter().zip(&answers) {
        // They are printed to six decimals; what is asked of us is a part in ten thousand.
        let at = example["id"].as_str().unwrap();
        agree(&example["expected"], answer, 3e-6, at);
    }
}

/// Kinds without a published example: inputs, and results computed apart, mostly by hand or to forty digits.
fn further() -> [(&'static str, Value, Value); 7] {
    [
        (
            "fill_rate",
            json!({"order_quantity": 200, "sigma_lead_time_demand": 60, "lead_time_demand_mean": 400, "fill_rate": 0.985}),
            json!({"k": 1.255_581_715_301_822_8, "safety_stock": 75.334_902_918_109_37,
                "reorder_point": 475.334_902_918_109_4, "implied_cycle_service_level": 0.895_366_167_936_485}),
        ),
        (
            "quantity_discounts",
            json!({"annual_demand": 1300, "order_cost": 8, "carrying_rate": 0.3,
                "breakpoints": [0, 400, 800], "unit_costs": [0.75, 0.72, 0.68]}),
            json!({"order_quantity": 800, "tier_index_from_0": 2, "annual_cost_including_purchase": 978.6}),
        ),
        (
            "kpis",
            json!({"cogs": 600, "opening_inventory": 80, "closing_inventory": 120, "revenue": 1000,
                "carrying_rate": 0.25, "days": 365}),
            json!({"average_inventory": 100, "turns": 6, "days_of_cover": 60.833_333_333_333_336,
                "gross_margin_pct": 40, "gmroi": 4, "carrying_cost": 25}),
        ),
        (
            "newsvendor",
            json!({"underage_cost": 14, "overage_cost": 6, "demand_mean": 52}),
            json!({"critical_ratio": 0.7, "order_up_to": 56, "expected_cost": 50.713_236_683_447_2}),
        ),
        (
            "wagner_whitin",
            json!({"setup_cost": 500, "holding_cost_per_period": 2, "demands": [90, 120, 80, 70]}),
            json!({"order_periods": [1, 3], "quantities": [210, 150], "cost": 1380}),
        ),
        (
            "reorder_rq",
            json!({"holding_cost": 0.225, "stockout_cost": 7.5, "order_cost": 8, "annual_demand": 1300,
                "lead_time_demand_mean": 108.333_333_333_333_33, "sigma_lead_time_demand": 43.301_270_189_221_93}),
            json!({"reorder_point": 213.970_442_125_805_16, "order_quantity": 318.590_181_086_87}),
        ),
        (
            "s_s_power_approximation",
            json!({"holding_cost": 0.18, "stockout_cost": 0.7, "order_cost": 2.5, "demand_mean": 50, "demand_sd": 8}),
            json!({"reorder_point": 40.194_616_956_474_07, "order_up_to_level": 74.290_170_109_805_79}),
        ),
    ]
}

#[test]
fn kinds_without_a_published_example_come_out_right() {
    let cases = further();
    let lines: String = cases
        .iter()
        .map(|(kind, inputs, _)| question(kind, inputs))
        .collect();
    for ((kind, _, expected), answer) in cases.iter().zip(ask(&lines)) {
        agree(expected, &answer, 1e-10, kind);
    }
}

#[test]
fn a_bad_line_is_answered_in_words_and_the_next_one_all_the_same() {
    let good = question(
        "eoq",
        &json!({"annual_demand": 8, "order_cost": 1, "unit_cost": 1, "carrying_rate": 1}),
    );
    let long = "x".repeat(17 * 1024 * 1024);
    let bad = [
        "",
        "{",
        "{\"kind\": \"eoq\"}",
        "{\"kind\": \"eoq\", \"inputs\": {\"annual_demand\": NaN}}",
        "{\"kind\": \"\u{202e}\", \"inputs\": {}}",
        &"[".repeat(5000),
        &long,
    ];
    let lines: String = bad.iter().map(|bad| format!("{bad}\n{good}")).collect();
    let answers = ask(&lines);
    assert_eq!(answers.len(), 2 * bad.len());
    for pair in answers.chunks(2) {
        let error = pair[0]["error"].as_str().unwrap();
        assert!(!error.is_empty() && error.chars().all(stockhand::warehouse::is_plain));
        assert_eq!(pair[1]["eoq"], 4.0);
    }
}
