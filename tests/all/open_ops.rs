//! Operating the office: any moment brought back, logs without people in them, readiness, and answers that are let go of.

use super::office_command::{Served, run};
use super::office_tools::*;
use super::open_api::Wire;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use stockhand::office::backup::{self, NoBackup, Since};
use stockhand::office::changes::{NoChanges, replay};
use stockhand::office::config::Log;
use stockhand::office::open::Key;
use stockhand::office::{Device, Office};
use stockhand::sync::Enrol;
use stockhand::warehouse::{Fact, Quantity};

/// All that a database file holds, but for what only waits to be carried.
fn everything(path: &Path) -> BTreeMap<String, Vec<String>> {
    let db = rusqlite::Connection::open(path).unwrap();
    let mut names = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let rows = |table: &String| {
        let mut all = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = all.column_count();
        let row = |row: &rusqlite::Row| {
            let cells = (0..width).map(|at| row.get::<_, rusqlite::types::Value>(at));
            Ok(format!("{:?}", cells.collect::<Result<Vec<_>, _>>()?))
        };
        let mut rows: Vec<String> = all
            .query_map([], row)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        rows.sort();
        (table.clone(), rows)
    };
    names
        .iter()
        .filter(|name| *name != "changes")
        .map(rows)
        .collect()
}

/// An office in a file whose changes are carried to a folder.
struct Kept {
    dir: tempfile::TempDir,
    office: Office,
    folder: PathBuf,
    hand: Hand,
}

impl Kept {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let office = Office::open(&backup::database_in(dir.path())).unwrap();
        let world: Vec<_> = WORLD.iter().map(|(name, text)| sheet(name, text)).collect();
        office.import(now(), &world).unwrap();
        office.backup(&dir.path().join("too-early.db")).unwrap();
        office.keep_changes(true).unwrap();
        let invited = office.invite(now(), &w1(), 10).unwrap();
        let ask = Enrol {
            code: invited.code,
            name: "a handheld".into(),
            was: None,
        };
        let enrolled = office.enrol(now(), &ask).unwrap();
        let device = Device {
            id: enrolled.device,
            warehouse: enrolled.warehouse,
        };
        let folder = dir.path().join("carried");
        Self {
            dir,
            office,
            folder,
            hand: Hand::new(device),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Orders, stock, picks, a short one, goods that nobody knows, and one that cannot be posted.
    fn day(&mut self, number: u32) {
        let stock =
            "warehouse,bin,item,lot,quantity\nW1,A-01-01,BOLT,,500\nW1,A-01-02,PAINT,L1,4\n";
        self.office
            .import(now(), &[sheet("stock.csv", stock)])
            .unwrap();
        let order = format!(
            "warehouse,customer,order,line,item,quantity\nW1,O'Neill \"& Söhne\" ?1,SO-{number},1,BOLT,3\n"
        );
        self.office
            .import(now(), &[sheet("orders.csv", &order)])
            .unwrap();
        self.office.release(now(), &w1()).unwrap();
        let first = self.hand.rows.len() + 1;
        let task = format!("PICK-SO-{number}");
        self.hand
            .record(Some(&task), picked(1, "A-01-01", goods("BOLT", ""), 1));
        self.hand
            .record(None, picked(1, "A-01-03", goods("NUT", ""), 1));
        let learned = Fact::BarcodeLearned {
            code: format!("LABEL-{number}").into(),
            item: "BOLT".parse().unwrap(),
            holds: Quantity::units(7),
        };
        self.hand.record(None, learned);
        let push = self.hand.from(first);
        self.office.push(now(), &self.hand.device, &push).unwrap();
        self.office.tend(now() + hours(9)).unwrap();
    }

    fn carry(&self) -> u64 {
        self.office.carry_changes(&self.folder).unwrap()
    }
}

#[test]
fn any_moment_comes_back_from_a_copy_and_the_changes_since() {
    let mut kept = Kept::new();
    kept.day(1);
    let copy = kept.path("copy.db");
    kept.office.backup(&copy).unwrap();
    assert!(kept.carry() > 3, "what was before the copy is carried too");
    kept.day(2);
    let (moment, then) = (chrono::Utc::now(), kept.path("then.db"));
    kept.office.backup(&then).unwrap();
    kept.carry();
    kept.day(3);
    kept.carry();
    let at_the_end = kept.path("end.db");
    kept.office.backup(&at_the_end).unwrap();
    assert_eq!(kept.carry(), 0, "each is carried once");
    for (until, wanted) in [(Some(moment), &then), (None, &at_the_end)] {
        let again = kept.path("again.db");
        std::fs::copy(&copy, &again).unwrap();
        let done = replay(&again, &kept.folder, until).unwrap();
        assert!(done.done > 3 && until.is_none_or(|until| done.at.unwrap() <= until));
        assert_eq!(everything(&again), everything(wanted), "{until:?}");
        std::fs::remove_file(&again).unwrap();
    }
    let other = tempfile::tempdir().unwrap();
    let since = Since {
        folder: &kept.folder,
        until: Some(moment),
    };
    let before = kept.office.incarnation().unwrap();
    backup::restore_since(other.path(), &copy, Some(since)).unwrap();
    let office = Office::open(&backup::database_in(other.path())).unwrap();
    assert!(office.verify().unwrap().findings.is_empty());
    assert_ne!(office.incarnation().unwrap(), before);
    // The handheld offers again what is not known there, and nothing is lost or doubled.
    let pushed = office
        .push(now(), &kept.hand.device, &kept.hand.from(1))
        .unwrap();
    assert_eq!(pushed.acked, kept.hand.rows.len() as u64);
    assert_eq!(
        office.journal_of(&kept.hand.device.id).unwrap().len(),
        kept.hand.rows.len()
    );
    // Its own changes are not mixed with those of its former life.
    office.carry_changes(&kept.folder).unwrap();
    let next = other.path().join("next.db");
    office.backup(&next).unwrap();
    assert_eq!(replay(&next, &kept.folder, None).unwrap().done, 0);
}

#[test]
fn changes_that_are_missing_or_damaged_are_told_and_nothing_is_put_back() {
    let mut kept = Kept::new();
    let copy = kept.path("copy.db");
    kept.office.backup(&copy).unwrap();
    kept.day(1);
    kept.carry();
    let file = std::fs::read_dir(&kept.folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let good = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let restore = |from: &Path, text: &str| {
        std::fs::write(&file, text).unwrap();
        let target = tempfile::tempdir().unwrap();
        let since = Since {
            folder: &kept.folder,
            until: None,
        };
        let done = backup::restore_since(target.path(), from, Some(since));
        assert_eq!(done.is_ok(), backup::database_in(target.path()).exists());
        done.map(|(_, replayed)| replayed.done)
    };
    let whole = restore(&copy, &good).unwrap();
    let missing = format!(
        "{}\n",
        lines[..2]
            .iter()
            .chain(&lines[3..])
            .copied()
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert!(matches!(
        restore(&copy, &missing),
        Err(NoBackup::Changes(NoChanges::Gap { .. }))
    ));
    let (last, others) = lines.split_last().unwrap();
    let with_last = |last: &str| format!("{}\n{last}\n", others.join("\n"));
    let verbs = ["INSERT INTO", "UPDATE", "DELETE FROM"];
    let verb = verbs.into_iter().find(|verb| last.contains(verb)).unwrap();
    let garbled = with_last(&last.replacen(verb, "INSERD", 1));
    assert!(matches!(
        restore(&copy, &garbled),
        Err(NoBackup::Changes(NoChanges::Damaged { .. }))
    ));
    let hostile = with_last(&last.replacen(verb, "ATTACH", 1));
    assert!(matches!(
        restore(&copy, &hostile),
        Err(NoBackup::Changes(NoChanges::Damaged { .. }))
    ));
    // A line that a power cut broke off was not let go of here, so it comes again.
    let torn = format!("{}\n{}", others.join("\n"), &last[..last.len() / 2]);
    assert_eq!(restore(&copy, &torn).unwrap(), whole - 1);
    let again = format!("{torn}\n{last}\n");
    assert!(
        restore(&copy, &again).is_err(),
        "a broken line in between is told"
    );
    let twice = format!("{good}{good}");
    assert_eq!(
        restore(&copy, &twice).unwrap(),
        whole,
        "carried twice is done once"
    );
    let too_early = kept.path("too-early.db");
    assert!(matches!(
        restore(&too_early, &good),
        Err(NoBackup::Changes(NoChanges::Gap { .. }))
    ));
}

/// What the office notes, as it notes it.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<u8>>>);

impl Write for Notes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_noted_names_nobody_and_shows_no_secret_and_no_label() {
    let wire = Wire::new();
    let (office, notes) = (&wire.ground.office, Notes::default());
    office.write_notes_to(notes.clone());
    office.write_notes_as(Log::Json);
    let key = wire.key("shop", "*:read", &[]);
    let invited = office.invite(now(), &w1(), 10).unwrap();
    let post = |path: &str, token: &str, body: &Value| {
        let call = wire.client.post(wire.url(path)).bearer_auth(token);
        let call = call
            .header("stockhand-protocol", "1")
            .body(body.to_string());
        let answer = call.send().unwrap();
        let status = answer.status().as_u16();
        let said = answer.bytes().unwrap();
        (
            status,
            serde_json::from_slice::<Value>(&said).unwrap_or_default(),
        )
    };
    let (_, enrolled) = post(
        "/v1/enrol",
        "",
        &json!({ "code": invited.code, "name": "Alice's own" }),
    );
    let token = enrolled["token"].as_str().unwrap_or_default().to_owned();
    assert!(!token.is_empty(), "{enrolled}");
    let mut hand = Hand::new(Device {
        id: enrolled["device"].as_str().unwrap().parse().unwrap(),
        warehouse: w1(),
    });
    let learned = Fact::BarcodeLearned {
        code: "SECRET-LABEL".into(),
        item: "BOLT".parse().unwrap(),
        holds: Quantity::units(7),
    };
    hand.record(None, learned);
    hand.record(None, picked(1, "A-01-03", goods("SECRET-ITEM", ""), 1));
    hand.record_line(r#"{"seq":3,"worker":"P1","fact":"told_of_SECRET"}"#.to_owned());
    let (status, said) = post("/v1/journal", &token, &json!(hand.from(1)));
    assert_eq!(status, 200, "{said}");
    // Another content under a number that is known: the handheld is frozen.
    let mut fork = Hand::new(hand.device.clone());
    fork.record(None, picked(9, "A-01-03", goods("SECRET-ITEM", ""), 9));
    assert_eq!(post("/v1/journal", &token, &json!(fork.from(1))).0, 409);
    wire.get("stockhand_wrong", "/api/v1/bins");
    wire.get(&key, "/api/v1/workers");
    office.tend(now()).unwrap();
    office.note_error(
        "x",
        &stockhand::office::Error::Unknown {
            what: "worker",
            code: "SECRET-NAME".to_owned(),
        },
    );
    let text = String::from_utf8(notes.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.len() >= 5, "{text}");
    for line in &lines {
        assert!(
            line["at"].as_str().unwrap().ends_with('Z') && line["message"].is_string(),
            "{line}"
        );
    }
    let about = |name: &str| lines.iter().filter(|line| line[name].is_string()).count();
    assert!(about("device") >= 3 && about("row") >= 3, "{text}");
    for secret in [
        "SECRET",
        "Alice",
        "Picker",
        "P1",
        "BADGE",
        &invited.code,
        &token,
        &key,
        "stockhand_wrong",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn an_office_without_its_database_is_not_ready_but_alive() {
    let wire = Wire::new();
    let ask = |path: &str| {
        let answer = wire.client.get(wire.url(path)).send().unwrap();
        (answer.status().as_u16(), answer.text().unwrap())
    };
    assert_eq!(ask("/readyz").0, 200);
    wire.ground
        .database()
        .execute_batch("ALTER TABLE settings RENAME TO lost")
        .unwrap();
    assert_eq!(
        ask("/readyz"),
        (503, "the database does not answer\n".to_owned())
    );
    assert_eq!(ask("/healthz"), (200, "ok\n".to_owned()));
    wire.ground
        .database()
        .execute_batch("ALTER TABLE lost RENAME TO settings")
        .unwrap();
    assert_eq!(ask("/readyz").0, 200);
}

#[test]
fn an_answer_is_kept_for_thirty_days_and_then_let_go_of() {
    let wire = Wire::new();
    let key = wire.key("shop", "orders:write", &[]);
    let key: Key = wire.ground.office.key_of(&key).unwrap().unwrap();
    let order = |code: &str| {
        let lines = json!([{ "line": 1, "item": "BOLT", "quantity": "1" }]);
        json!({ "kind": "sales", "warehouse": "W1", "order": code, "customer": "Someone", "lines": lines }).to_string()
    };
    let take = |days: i64, call: &str, code: &str| {
        let at = now() + hours(24 * days);
        wire.ground
            .office
            .take_order(at, &key, call, order(code).as_bytes())
            .map_err(|why| why.to_string())
    };
    let first = take(0, "call-1", "X-1").unwrap();
    take(29, "call-2", "X-2").unwrap();
    assert_eq!(
        take(29, "call-1", "X-1"),
        Ok(first),
        "the same answer for a month"
    );
    assert!(
        take(29, "call-1", "X-3")
            .unwrap_err()
            .contains("another order")
    );
    take(31, "call-4", "X-4").unwrap();
    let calls = "SELECT group_concat(call, ' ') FROM (SELECT call FROM api_answers ORDER BY call)";
    let kept: String = wire
        .ground
        .database()
        .query_row(calls, [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, "call-2 call-4");
    take(31, "call-1", "X-3").unwrap();
}

#[test]
fn the_office_is_set_by_flags_by_the_environment_and_by_its_file_in_this_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::write(
        path("office.toml"),
        format!("data = {:?}\n", path("by-file")),
    )
    .unwrap();
    let ask = |variable: Option<&str>, flag: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stockhand-office"));
        command.arg("--config").arg(path("office.toml"));
        if let Some(name) = variable {
            command.env("STOCKHAND_DATA", path(name));
        }
        if let Some(name) = flag {
            command.arg("--data").arg(path(name));
        }
        let said = command.arg("devices").output().unwrap().stderr;
        String::from_utf8(said).unwrap()
    };
    assert!(ask(None, None).contains("by-file"));
    assert!(ask(Some("by-variable"), None).contains("by-variable"));
    assert!(ask(Some("by-variable"), Some("by-flag")).contains("by-flag"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_stockhand-office"));
    let said = command
        .env("STOCKHAND_LISTEN", "everywhere")
        .arg("devices")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(3));
    assert!(
        String::from_utf8(said.stderr)
            .unwrap()
            .contains("STOCKHAND_LISTEN")
    );
}

#[test]
fn a_served_office_carries_its_changes_and_is_brought_back_by_command() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (data, other) = (dir.path().join("data"), dir.path().join("other"));
    world_in(&dir.path().join("world"));
    assert_eq!(run(&data, &["import", &path("world")]).0, 0);
    let serve = ["--log", "json", "--changes", &path("carried")];
    let served = Served::start_with(&data, &serve);
    assert!(
        served
            .said
            .iter()
            .all(|line| serde_json::from_str::<Value>(line).is_ok()),
        "{:?}",
        served.said
    );
    assert_eq!(run(&data, &["backup", &path("copy.db")]).0, 0);
    // By another process while it is served.
    std::fs::write(
        dir.path().join("items.csv"),
        "code,name,unit\nNEW,New,each\n",
    )
    .unwrap();
    assert_eq!(run(&data, &["import", &path("items.csv")]).0, 0);
    assert_eq!(served.stop(), 0);
    let restore = ["restore", &path("copy.db"), "--changes", &path("carried")];
    let (code, said) = run(&other, &restore);
    assert!(
        code == 0 && said.contains("changes since the backup; the last at"),
        "{said}"
    );
    let export = |data: &Path, to: &str| {
        assert_eq!(run(data, &["export", "--to", &path(to)]).0, 0);
        std::fs::read_to_string(dir.path().join(to).join("items.csv")).unwrap()
    };
    assert!(export(&other, "after").contains("NEW,New"));
    let until = [&restore[..], &["--until", "2020-01-01T00:00:00Z"]].concat();
    let (code, said) = run(&other, &until);
    assert!(code == 0 && said.contains("0 changes since"), "{said}");
    assert!(!export(&other, "before").contains("NEW,New"));
    assert_eq!(
        run(
            &other,
            &[
                "restore",
                &path("copy.db"),
                "--until",
                "2027-01-01T00:00:00Z"
            ]
        )
        .0,
        2
    );
    let (code, said) = run(&other, &["reborn"]);
    assert!(code == 0 && said.contains("new life"), "{said}");
}
