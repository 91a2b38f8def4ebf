//! `stockhand-office route` over files with proven shortest walks, as a person at a shell would run it.

use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Exit code, output, complaint.
fn route(file: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stockhand-office"))
        .arg("route")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A file that is refused early need not be read to its end.
    let _ = stdin.write_all(file.as_bytes());
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        done.status.code().unwrap(),
        text(done.stdout),
        text(done.stderr),
    )
}

fn number(of: &Value) -> i64 {
    of.as_i64().unwrap()
}

/// The walk by this order, measured by the rule that the files state.
fn measured(file: &Value, order: &[i64]) -> i64 {
    let place = |of: &Value| (number(&of["x"]), number(&of["y"]));
    let cross: Vec<i64> = file["cross_aisles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| number(&of["y"]))
        .collect();
    let far = |(x1, y1): (i64, i64), (x2, y2): (i64, i64)| {
        let by = cross.iter().map(|c| (y1 - c).abs() + (c - y2).abs());
        if x1 == x2 {
            (y1 - y2).abs()
        } else {
            (x1 - x2).abs() + by.min().unwrap()
        }
    };
    let picks = file["picks"].as_array().unwrap();
    let pick = |line: &i64| {
        place(
            picks
                .iter()
                .find(|pick| number(&pick["line"]) == *line)
                .unwrap(),
        )
    };
    let depot = [place(&file["depot"])];
    let places: Vec<_> = depot
        .into_iter()
        .chain(order.iter().map(pick))
        .chain(depot)
        .collect();
    places.windows(2).map(|leg| far(leg[0], leg[1])).sum()
}

/// Asks the program, and checks its order against its length.
fn solved(file: &Value) -> i64 {
    let (code, said, complaint) = route(&file.to_string());
    assert_eq!((code, complaint.as_str()), (0, ""));
    assert_eq!(said.lines().count(), 1, "{said}");
    let answer: Value = serde_json::from_str(&said).unwrap();
    let order: Vec<i64> = answer["order"]
        .as_array()
        .unwrap()
        .iter()
        .map(number)
        .collect();
    let mut lines: Vec<i64> = file["picks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pick| number(&pick["line"]))
        .collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    lines.sort_unstable();
    assert_eq!(sorted, lines, "every line once");
    assert_eq!(measured(file, &order), number(&answer["length"]));
    number(&answer["length"])
}

#[test]
fn every_walk_is_the_shortest_there_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routing");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let mut file: Value =
            serde_json::from_slice(&std::fs::read(entry.path()).unwrap()).unwrap();
        // The program has to find out by itself.
        let proven = file
            .as_object_mut()
            .unwrap()
            .remove("optimal_length")
            .unwrap();
        assert_eq!(solved(&file), number(&proven), "{}", entry.path().display());
        count += 1;
    }
    assert_eq!(count, 30);
}

#[test]
fn a_depot_between_aisles_and_odd_spacing_are_walked() {
    let file = json!({
        "format": "pick-route/1",
        "aisles": [{"id": "A1", "x": 0}, {"id": "A2", "x": 170}, {"id": "A3", "x": 900}],
        "cross_aisles": [{"id": "C0", "y": 0}, {"id": "C1", "y": 400}, {"id": "C2", "y": 3000}],
        "depot": {"x": 500, "y": 400, "cross_aisle": "C1", "position": "between"},
        "picks": [
            {"line": 10, "x": 170, "y": 500}, {"line": 20, "x": 900, "y": 3000}, {"line": 30, "x": 900, "y": 100},
            {"line": 40, "x": 900, "y": 3000},
        ],
    });
    // Right 400, front 300 and back, then round: back 2600, left 730, front 2600, right 330.
    assert_eq!(solved(&file), 400 + 2 * 300 + 2600 + 730 + 2600 + 330);
}

#[test]
fn a_bad_file_is_refused_in_a_sentence() {
    let floor = r#""aisles":[{"x":0}],"cross_aisles":[{"y":0}],"depot":{"x":0,"y":0}"#;
    let cases = [
        (String::new(), "no pick-route/1 file"),
        ("[[[[".repeat(100_000), "no pick-route/1 file"),
        (format!("{{{floor}}}"), "missing field `picks`"),
        (
            format!(r#"{{{floor},"picks":[{{"line":3,"x":5,"y":9}}]}}"#),
            "pick line 3 at x 5, y 9",
        ),
        (
            format!(r#"{{{floor},"picks":[{{"line":3,"x":0.5,"y":9}}]}}"#),
            "0.5",
        ),
        (
            format!(r#"{{{floor},"picks":[]}}"#).replace(r#"[{"x":0}]"#, "[]"),
            "1 to 1000 aisles",
        ),
    ];
    for (file, reason) in cases {
        let (code, said, complaint) = route(&file);
        assert_eq!((code, said.as_str()), (3, ""));
        assert!(complaint.contains(reason), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}
