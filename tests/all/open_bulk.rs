//! Everything in and out: sheets larger than the memory, JSON lines, dry runs, reports of bad rows, and whole areas on the wire.

use super::office_command::run;
use super::office_tools::*;
use super::open_api::Wire;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use stockhand::office::Office;
use stockhand::office::export::Format;
use stockhand::office::import::{BadRow, BroughtIn, NotImported, Sheet};

fn bring(office: &Office, sheets: &[Sheet], is_dry: bool) -> (BroughtIn, Vec<BadRow>) {
    let mut bad = Vec::new();
    let done = office
        .bring_in(now(), sheets, is_dry, &mut |row| bad.push(row))
        .unwrap();
    (done, bad)
}

fn exported(office: &Office, name: &str, format: Format) -> String {
    let mut text = Vec::new();
    assert!(office.export_as(name, format, &mut text).unwrap());
    String::from_utf8(text).unwrap()
}

fn many_items(count: usize) -> String {
    let mut text = "code,name,unit\n".to_owned();
    for number in 0..count {
        writeln!(text, "I-{number:06},Item number {number} of very many,each").unwrap();
    }
    text
}

fn count(ground: &Ground, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    ground
        .database()
        .query_row(&sql, [], |row| row.get(0))
        .unwrap()
}

fn file(folder: &Path, name: &str, text: &str) -> Sheet {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    Sheet::at(&path).unwrap()
}

#[test]
fn a_sheet_far_larger_than_what_is_held_of_it_comes_in_and_goes_out() {
    let ground = Ground::new();
    let sheet = file(ground.dir.path(), "items.csv", &many_items(40_000));
    let mut done = BroughtIn::default();
    let used = allocation_counter::measure(|| {
        done = bring(&ground.office, std::slice::from_ref(&sheet), false).0;
    });
    assert_eq!((done.rows, done.before, done.bad), (40_000, 0, 0));
    assert_eq!(count(&ground, "items"), 40_004);
    assert_eq!(
        count(&ground, "imports"),
        0,
        "nothing is left to go on with"
    );
    assert!(
        used.bytes_max < 12 << 20,
        "held at once: {} bytes",
        used.bytes_max
    );
    for format in [Format::Csv, Format::Lines] {
        let export = || {
            ground
                .office
                .export_as("items.csv", format, std::io::sink())
                .unwrap();
        };
        let used = allocation_counter::measure(export);
        assert!(
            used.bytes_max < 1 << 20,
            "{format:?} held {} bytes",
            used.bytes_max
        );
    }
}

#[test]
fn an_import_that_was_broken_off_goes_on_where_it_stood() {
    let ground = Ground::new();
    let sheets = [sheet("items.csv", &many_items(12_500))];
    let trap = "CREATE TRIGGER trap BEFORE INSERT ON items WHEN NEW.code = 'I-007500' BEGIN SELECT RAISE(ABORT, 'no'); END";
    ground.database().execute_batch(trap).unwrap();
    let failed = ground.office.bring_in(now(), &sheets, false, &mut |_| ());
    assert!(matches!(failed, Err(NotImported::Office(_))), "{failed:?}");
    assert_eq!(count(&ground, "items"), 4 + 7000, "whole pieces");
    // What the floor or a person has changed since is not overwritten by what had come in before.
    let sql = "UPDATE items SET name = 'Renamed' WHERE code = 'I-000001'; DROP TRIGGER trap";
    ground.database().execute_batch(sql).unwrap();
    let (done, _) = bring(&ground.office, &sheets, false);
    assert_eq!((done.before, done.rows), (7000, 5500));
    assert_eq!(count(&ground, "items"), 4 + 12_500);
    let renamed = "items WHERE name = 'Renamed'";
    assert_eq!(count(&ground, renamed), 1);
    let (done, _) = bring(&ground.office, &sheets, false);
    assert_eq!(
        (done.before, done.rows),
        (0, 12_500),
        "once whole, it begins anew"
    );
    assert_eq!(count(&ground, renamed), 0);
}

#[test]
fn orders_of_a_large_sheet_come_in_whole_though_their_rows_stand_apart() {
    let ground = Ground::new();
    let mut text = "warehouse,order,customer,line,item,quantity\n".to_owned();
    for line in 1..=3 {
        for order in 0..4000 {
            writeln!(text, "W1,SO-{order},Someone,{line},BOLT,{line}").unwrap();
        }
    }
    let (done, bad) = bring(&ground.office, &[sheet("orders.csv", &text)], false);
    assert_eq!((done.rows, bad.len()), (12_000, 0));
    let whole = "(SELECT order_code FROM order_lines GROUP BY order_code HAVING COUNT(*) = 3 AND SUM(quantity) = 6000) whole";
    assert_eq!(count(&ground, whole), 4000);
}

#[test]
fn a_dry_run_changes_nothing_and_every_bad_row_is_reported() {
    let ground = Ground::new();
    let mut text = many_items(3000);
    for number in 0..2500 {
        writeln!(text, "I-{number:06},twice,each").unwrap();
    }
    let sheets = [sheet("items.csv", &text)];
    let (done, bad) = bring(&ground.office, &sheets, false);
    assert_eq!((done.bad, bad.len()), (2500, 2500));
    assert_eq!(
        (bad[0].line, bad[0].reason.as_str()),
        (3002, "item I-000000 is there twice")
    );
    let (done, bad) = bring(
        &ground.office,
        &[sheet("items.csv", &many_items(3000))],
        true,
    );
    assert_eq!((done.rows, bad.len()), (3000, 0));
    assert_eq!(count(&ground, "items"), 4);
}

#[test]
fn what_goes_out_as_json_lines_comes_in_again_as_it_was() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10.5", "A-01-02,PAINT,L1,,4"]);
    ground.order(&["SO-1,1,BOLT,3", "SO-2,1,BOLT,1000"]);
    let odd = "code,name,unit\n-X,'=1+1,each\nY,''=quoted,each\nZ,\"a \"\"b\"\", c\",each\nQ,'plain',each\n";
    ground
        .office
        .import(now(), &[sheet("items.csv", odd)])
        .unwrap();
    let other = Ground::bare();
    let lines: Vec<Sheet> = Sheet::names()
        .map(|name| {
            let text = exported(&ground.office, name, Format::Lines);
            assert!(
                text.lines()
                    .all(|line| serde_json::from_str::<Value>(line).unwrap().is_object())
            );
            sheet(&name.replace(".csv", ".jsonl"), &text)
        })
        .collect();
    let (done, bad) = bring(&other.office, &lines, false);
    assert!(done.rows > 20 && bad.is_empty(), "{bad:?}");
    for name in Sheet::names() {
        let (first, second) = (
            exported(&ground.office, name, Format::Csv),
            exported(&other.office, name, Format::Csv),
        );
        assert_eq!(first, second, "{name}");
    }
    let names = exported(&other.office, "items.csv", Format::Lines);
    for name in ["\"=1+1\"", "\"'=quoted\"", "\"'plain'\"", "\"-X\""] {
        assert!(names.contains(name), "{name}: {names}");
    }
}

#[test]
fn a_row_without_end_or_sense_is_a_bad_row() {
    let ground = Ground::new();
    let endless = format!("code,name,unit\nA,\"{}", "x".repeat(3 << 20));
    let long_line = format!("{{\"code\": \"{}\"}}\n", "x".repeat(3 << 20));
    let deep = format!("{{\"code\": {}\n", "[".repeat(500_000));
    for (name, text, reason) in [
        ("items.csv", endless.as_str(), "longer than"),
        ("items.csv", "", "the column code is missing"),
        (
            "items.csv",
            "code,name,unit\n\u{feff}\u{202e}A,x,each\n",
            "code",
        ),
        ("items.jsonl", &long_line, "longer than"),
        ("items.jsonl", &deep, "no JSON object"),
        ("items.jsonl", "[1]\n", "no JSON object"),
        (
            "items.jsonl",
            "{\"code\": \"A\", \"colour\": 1}\n",
            "no column colour",
        ),
        ("items.jsonl", "{\"code\": {\"a\": 1}}\n", "code is a text"),
        ("items.jsonl", "{\"code\": \"A\"}\n", "name is empty"),
        (
            "items.jsonl",
            "\n{\"code\": \"A\", \"name\": \"a\", \"unit\": \"b\", \"lot\": \"maybe\"}\n",
            "write yes or no",
        ),
    ] {
        let mut found = Vec::new();
        let used = allocation_counter::measure(|| {
            found = bring(&ground.office, &[sheet(name, text)], false).1;
        });
        assert!(
            found.len() == 1 && found[0].reason.contains(reason),
            "{name}: {found:?}"
        );
        assert!(used.bytes_max < 20 << 20);
    }
    let good = "{\"code\": \"A\", \"name\": \"a\", \"unit\": \"b\", \"lot\": true, \"weight_g\": 5, \"hazard\": null}\n";
    assert_eq!(
        bring(&ground.office, &[sheet("items.jsonl", good)], false)
            .0
            .rows,
        1
    );
    let missing = Sheet::at(&ground.dir.path().join("items.csv")).unwrap();
    assert!(
        bring(&ground.office, &[missing], true).1[0]
            .reason
            .contains("cannot be read")
    );
}

#[test]
fn an_order_of_more_lines_than_anyone_could_pick_is_refused() {
    let ground = Ground::new();
    let mut text = "warehouse,order,customer,line,item,quantity\n".to_owned();
    for line in 1..=10_001 {
        writeln!(text, "W1,SO-1,Someone,{line},BOLT,1").unwrap();
    }
    let (_, bad) = bring(&ground.office, &[sheet("orders.csv", &text)], false);
    assert!(
        bad.len() == 1 && bad[0].reason.contains("part it"),
        "{bad:?}"
    );
}

#[test]
fn a_whole_area_is_sent_as_its_pages_would_be() {
    let wire = Wire::new();
    let mut text = many_items(1200);
    writeln!(text, "X,\"=HYPERLINK(\"\"x\"\")\",each").unwrap();
    let text = text.replace("\nX,\"=", "\nX,\"'=");
    wire.ground
        .office
        .import(now(), &[sheet("items.csv", &text)])
        .unwrap();
    let (all, one) = (
        wire.key("all", "*:read", &[]),
        wire.key("one", "bins:read", &["W2"]),
    );
    let get = |key: &str, path: &str| {
        let answer = wire
            .client
            .get(wire.url(path))
            .bearer_auth(key)
            .send()
            .unwrap();
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (answer.status().as_u16(), kind, answer.text().unwrap())
    };
    let (status, kind, lines) = get(&all, "/api/v1/export/items");
    assert_eq!(
        (status, kind.as_str()),
        (200, "application/jsonl; charset=utf-8")
    );
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 1205);
    assert_eq!(rows[..100], wire.rows(&all, "/api/v1/items"));
    let (status, kind, sheet) = get(&all, "/api/v1/export/items?format=csv");
    assert_eq!((status, kind.as_str()), (200, "text/csv; charset=utf-8"));
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().next(), Some("code"));
    let cells: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(cells.len(), 1205);
    assert_eq!(
        &cells[1204][1], "'=HYPERLINK(\"x\")",
        "no spreadsheet runs what stands in a name"
    );
    let (_, _, moves) = get(
        &all,
        "/api/v1/export/moves?format=csv&warehouse=W1&item=BOLT",
    );
    assert!(moves.lines().count() > 1 && !moves.contains("W2"));
    let (_, _, bins) = get(&one, "/api/v1/export/bins");
    assert!(bins.lines().count() == 2 && !bins.contains("W1"), "{bins}");
    for (key, path, status, detail) in [
        ("", "/api/v1/export/bins", 401, "Bearer"),
        (&one, "/api/v1/export/items", 403, "items:read"),
        (&all, "/api/v1/export/nothing", 404, "openapi.json"),
        (&all, "/api/v1/export/bins?format=xml", 400, "jsonl or csv"),
        (
            &all,
            "/api/v1/export/bins?limit=1&limit=2",
            400,
            "parameter",
        ),
        (
            &all,
            "/api/v1/export/bins?colour=red",
            400,
            "there is no parameter",
        ),
    ] {
        let (found, kind, said) = get(key, path);
        assert!(
            found == status && said.contains(detail),
            "{path}: {found} {said}"
        );
        assert_eq!(kind, "application/problem+json");
    }
}

#[test]
fn a_caller_who_takes_nothing_keeps_no_place_from_others_for_ever() {
    let wire = Wire::new();
    let key = wire.key("all", "*:read", &[]);
    for _ in 0..6 {
        let answer = wire
            .client
            .get(wire.url("/api/v1/export/items"))
            .bearer_auth(&key)
            .send()
            .unwrap();
        // Left with its body unread; its place is free again.
        assert!(answer.status() == 200 || answer.status() == 429);
        drop(answer);
    }
    let fetch = || {
        wire.client
            .get(wire.url("/api/v1/export/items"))
            .bearer_auth(&key)
            .send()
            .unwrap()
    };
    let done = (0..1000)
        .map(|_| fetch())
        .find(|answer| answer.status() == 200);
    assert_eq!(done.unwrap().text().unwrap().lines().count(), 4);
}

#[test]
fn everything_goes_out_and_comes_in_by_command() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    assert_eq!(run(&first, &["demo", "--to", &path("demo")]).0, 0);
    let (code, said) = run(&first, &["import", "--dry-run", &path("demo")]);
    assert!(code == 0 && said.contains("nothing was changed"), "{said}");
    assert_eq!(run(&first, &["import", &path("demo")]).0, 0);
    let export = [
        "export",
        "--format",
        "jsonl",
        "--everything",
        "--to",
        &path("out"),
    ];
    assert_eq!(run(&first, &export).0, 0);
    let moves = std::fs::read_to_string(dir.path().join("out/areas/moves.jsonl")).unwrap();
    assert!(moves.lines().count() > 10);
    let (code, said) = run(&second, &["import", &path("out")]);
    assert_eq!(code, 0, "{said}");
    for (office, to) in [(&first, "csv-1"), (&second, "csv-2")] {
        assert_eq!(run(office, &["export", "--to", &path(to)]).0, 0);
    }
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(read("csv-1/stock.csv"), read("csv-2/stock.csv"));
    std::fs::write(
        dir.path().join("items.csv"),
        "code,name,unit\n,x,each\nA,,each\n",
    )
    .unwrap();
    let bad = ["import", "--bad-rows", &path("bad.csv"), &path("items.csv")];
    let (code, said) = run(&second, &bad);
    assert!(code == 1 && said.contains("2 bad rows"), "{said}");
    let report = read("bad.csv");
    assert!(
        report.starts_with("file,line,reason\nitems.csv,2,"),
        "{report}"
    );
    assert!(report.contains("items.csv,3,name is empty"), "{report}");
}
