//! The office on a real PostgreSQL server, which is started here where `initdb` is found: the very tests that run on SQLite
//! run again on it, in a process of their own, and besides them what only a server can show.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use stockhand::office::{Address, Database, DatabaseError, Office, backup};

/// Where the server's socket is; set for the tests that run on it.
const SOCKET: &str = "STOCKHAND_TEST_SOCKET";
/// Set by whoever wants a machine without PostgreSQL to fail.
const REQUIRED: &str = "STOCKHAND_NEEDS_POSTGRES";

/// Opens the office at a path: on the server if the tests run on one, each path in a database of its own.
pub fn open(path: &Path) -> Office {
    match std::env::var(SOCKET) {
        Ok(socket) => Office::connect(&database_of(&socket, path), path).unwrap(),
        Err(_) => Office::open(path).unwrap(),
    }
}

/// An office's database as a SQLite file: the very one, or a copy of what is on the server.
pub fn file_of(office: &Office, folder: &Path) -> rusqlite::Connection {
    static COPIES: AtomicU64 = AtomicU64::new(0);
    let file = if std::env::var(SOCKET).is_ok() {
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let copy = folder.join(format!("copy-{number}.db"));
        office.database().copy_to(&copy).unwrap();
        copy
    } else {
        folder.join("office.db")
    };
    rusqlite::Connection::open(file).unwrap()
}

/// The address of a path's database, which is made if it is not there.
pub fn url_for(path: &Path) -> String {
    let socket = std::env::var(SOCKET).expect("run by the_same_tests_pass_on_postgresql");
    database_of(&socket, path);
    url(&socket, &name_of(path))
}

fn name_of(path: &Path) -> String {
    let mut name = String::new();
    for byte in path.to_str().unwrap().bytes() {
        write!(name, "{byte:02x}").unwrap();
    }
    // A name has 63 bytes at most; the end of a path is what differs.
    let from = name.len().saturating_sub(60);
    format!("t{}", &name[from..])
}

fn database_of(socket: &str, path: &Path) -> Address {
    let name = name_of(path);
    let mut client = postgres::Client::connect(&url(socket, "postgres"), postgres::NoTls).unwrap();
    let known = "SELECT 1 FROM pg_database WHERE datname = $1";
    if client.query_opt(known, &[&name]).unwrap().is_none() {
        // Not in bytes' order: the office must see to that itself.
        let sql = format!(
            "CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'"
        );
        client.batch_execute(&sql).unwrap();
    }
    Address::read(&url(socket, &name)).unwrap()
}

fn url(socket: &str, database: &str) -> String {
    let socket = socket.replace('/', "%2F");
    format!("postgres://postgres@{socket}/{database}")
}

/// A server of our own, until dropped.
struct Server {
    process: Child,
    home: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = self.process.id().to_string();
        // SIGQUIT: it ends at once, with its children.
        let _ = Command::new("kill").args(["-QUIT", &pid]).status();
        let _ = self.process.wait();
    }
}

impl Server {
    /// None where there is no PostgreSQL.
    fn start() -> Option<Self> {
        let bin = programs()?;
        let home = tempfile::tempdir().unwrap();
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|me| {
            use std::os::unix::fs::MetadataExt;
            me.uid() == 0
        });
        if is_root {
            let owner = Command::new("chown")
                .arg("postgres")
                .arg(home.path())
                .status();
            assert!(owner.unwrap().success());
        }
        // It refuses to run as root.
        let run = |program: &str| {
            let program = bin.join(program);
            if !is_root {
                return Command::new(program);
            }
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            command.arg(program);
            command
        };
        let data = home.path().join("data");
        let made = run("initdb")
            .arg("-D")
            .arg(&data)
            .args([
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ])
            .current_dir("/")
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let process = run("postgres")
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(home.path())
            // Nothing here is about power cuts.
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=400",
            ])
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { process, home };
        let url = url(&server.socket(), "postgres");
        for _ in 0..3000 {
            if postgres::Client::connect(&url, postgres::NoTls).is_ok() {
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server does not come up");
    }

    fn socket(&self) -> String {
        self.home.path().to_str().unwrap().to_owned()
    }
}

/// Where its programs are, newest version first.
fn programs() -> Option<PathBuf> {
    let mut known: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    known.sort();
    known.reverse();
    let path = std::env::var_os("PATH").unwrap_or_default();
    known.extend(std::env::split_paths(&path));
    known.into_iter().find(|bin| bin.join("initdb").is_file())
}

/// What looks into the SQLite file itself, tampers with it behind the office's back, or runs a command on a folder.
const OF_FILES: &[&str] = &[
    "the_same_tests_pass_on_postgresql",
    "a_code_takes_in_one_handheld_and_only_in_time",
    "a_fact_of_an_unknown_kind_is_parked_and_posted_once_it_is_known",
    "a_restored_office_serves_no_snapshot_of_its_former_life",
    "a_snapshot_is_shared_while_fresh_says_what_it_contains_of_each_and_is_kept_for_who_is_late",
    "an_office_without_its_database_is_not_ready_but_alive",
    "an_import_that_was_broken_off_goes_on_where_it_stood",
    "a_weight_that_is_off_and_right_is_told",
    "counts_moves_and_returns_are_asked_for_by_command",
    "filling_becomes_urgent_when_an_order_waits_and_what_was_put_is_not_on_its_way_any_more",
    "goods_moved_into_a_frozen_bin_are_told_to_a_person",
    "planning_is_done_and_asked_for_by_command",
    "text_from_the_floor_is_text_on_the_page",
];

#[test]
fn the_same_tests_pass_on_postgresql() {
    let Some(server) = Server::start() else {
        assert!(
            std::env::var(REQUIRED).is_err(),
            "PostgreSQL is required here, and there is no initdb"
        );
        eprintln!("NOT RUN: the office on PostgreSQL, as there is no initdb on this machine");
        return;
    };
    let mut tests = Command::new(std::env::current_exe().unwrap());
    tests.args([
        "office_",
        "open_",
        "converge::",
        "line::",
        "postgres::",
        "--include-ignored",
    ]);
    for name in OF_FILES {
        tests.args(["--skip", name]);
    }
    let done = tests.env(SOCKET, server.socket()).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let passed = said.lines().find(|line| line.starts_with("test result"));
    eprintln!("on PostgreSQL: {}", passed.unwrap());
}

fn fresh() -> (Address, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let socket = std::env::var(SOCKET).expect("run by the_same_tests_pass_on_postgresql");
    (database_of(&socket, &dir.path().join("office.db")), dir)
}

/// 64 writers in four warehouses, each pausing before it commits, through four offices; 8 readers follow the feed.
#[test]
#[ignore = "run on a server by the_same_tests_pass_on_postgresql"]
fn no_row_of_the_feed_is_skipped_or_told_twice() {
    const EACH: u64 = 16;
    let (address, dir) = fresh();
    let offices: Vec<Database> = (0..4)
        .map(|_| Database::connect(&address, dir.path()).unwrap())
        .collect();
    let dice = AtomicU64::new(1);
    let write = |writer: usize| {
        let warehouse = format!("W{}", writer % 4);
        for turn in 0..EACH {
            let done = offices[writer / 4 % 4].write_in(&warehouse, |tx| {
                let seq = tx.next(&warehouse, "feed")?;
                let sql =
                    "INSERT INTO feed (warehouse, seq, kind, thing) VALUES (?1, ?2, 'test', ?3)";
                let thing = format!("{writer}/{turn}");
                tx.run(sql, &[warehouse.as_str().into(), seq.into(), thing.into()])?;
                let pause = dice.fetch_add(7919, Ordering::Relaxed) % 13;
                std::thread::sleep(Duration::from_micros(pause * 300));
                Ok::<(), DatabaseError>(())
            });
            done.unwrap();
        }
    };
    let read = |reader: usize| {
        let warehouse = format!("W{}", reader % 4);
        let mut after: i64 = 0;
        let mut things = std::collections::BTreeSet::new();
        while things.len() < 16 * usize::try_from(EACH).unwrap() {
            let rows = offices[reader % 3].read(|tx| {
                let sql = "SELECT seq, thing FROM feed WHERE warehouse = ?1 AND seq > ?2 ORDER BY seq LIMIT 50";
                tx.rows(sql, &[warehouse.as_str().into(), after.into()])
            });
            let rows: Vec<_> = rows.map_err(|why: DatabaseError| why.to_string()).unwrap();
            for row in rows {
                let seq = row.int("seq").unwrap();
                assert_eq!(seq, after + 1, "a reader of {warehouse} skipped a row");
                after = seq;
                assert!(things.insert(row.text("thing").unwrap().to_owned()));
            }
        }
    };
    std::thread::scope(|scope| {
        for writer in 0..64 {
            scope.spawn(move || write(writer));
        }
        for reader in 0..8 {
            scope.spawn(move || read(reader));
        }
    });
}

/// There and back again: what comes over is all there, a second office is not moved into, and the books are right.
#[test]
#[ignore = "run on a server by the_same_tests_pass_on_postgresql"]
fn an_office_is_moved_to_a_server_and_back_whole() {
    let (address, dir) = fresh();
    let file = dir.path().join("first.db");
    let office = Office::open(&file).unwrap();
    let now = chrono::Utc::now();
    let sheets: Vec<_> = crate::office_tools::WORLD
        .iter()
        .map(|(name, text)| crate::office_tools::sheet(name, text))
        .collect();
    office.import(now, &sheets).unwrap();
    let server = Database::connect(&address, &dir.path().join("server.db")).unwrap();
    let there = server.fill_from(office.database()).unwrap();
    assert!(there.iter().map(|table| table.rows).sum::<u64>() > 20);
    let again = server.fill_from(office.database()).unwrap_err();
    assert!(matches!(again, DatabaseError::NotEmpty(_)), "{again}");
    let home = Database::open(&dir.path().join("second.db")).unwrap();
    assert_eq!(home.fill_from(&server).unwrap(), there);
    let moved = Office::connect(&address, &dir.path().join("server.db")).unwrap();
    assert_eq!(moved.incarnation().unwrap(), office.incarnation().unwrap());
    assert_eq!(moved.verify().unwrap(), office.verify().unwrap());
}

/// What a copy does not know is offered again: the office on the server is in another life before anyone can reach it.
#[test]
#[ignore = "run on a server by the_same_tests_pass_on_postgresql"]
fn a_copy_is_put_back_on_a_server_as_a_new_life() {
    let (address, dir) = fresh();
    let ground = crate::office_tools::Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let copy = dir.path().join("copy.db");
    ground.office.backup(&copy).unwrap();
    let folder = dir.path().join("data");
    backup::restore_to(&address, &folder, &copy, None).unwrap();
    let file = backup::database_in(&folder);
    let office = Office::connect(&address, &file).unwrap();
    assert_ne!(
        office.incarnation().unwrap(),
        ground.office.incarnation().unwrap()
    );
    assert_eq!(office.verify().unwrap(), ground.office.verify().unwrap());
    // The second time the server holds an office, which stays as it is.
    let life = office.incarnation().unwrap();
    assert!(backup::restore_to(&address, &folder, &copy, None).is_err());
    assert_eq!(office.incarnation().unwrap(), life);
}

/// Every statement that stands in the office's sources can be prepared on the server; what cannot is named.
#[test]
#[ignore = "run on a server by the_same_tests_pass_on_postgresql"]
fn every_statement_is_understood_by_postgresql() {
    let (address, dir) = fresh();
    drop(Database::connect(&address, dir.path()).unwrap());
    let socket = std::env::var(SOCKET).unwrap();
    let name = address.place();
    let name = name.rsplit('/').next().unwrap();
    let mut client = postgres::Client::connect(&url(&socket, name), postgres::NoTls).unwrap();
    let office = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/office");
    let (mut seen, mut strange) = (0, String::new());
    for (file, sql) in statements(&office) {
        // A file of its own on this machine, whatever the office's database is.
        if file.ends_with("import/scratch.rs") {
            continue;
        }
        seen += 1;
        let said = (1..30).rev().fold(sql.clone(), |sql, at| {
            sql.replace(&format!("?{at}"), &format!("${at}"))
        });
        if let Err(why) = client.prepare(&said) {
            let why = why
                .as_db_error()
                .map_or_else(|| why.to_string(), |why| why.message().to_owned());
            writeln!(strange, "{}: {why}\n    {sql}", file.display()).unwrap();
        }
    }
    assert!(seen > 150, "only {seen} statements were found");
    assert!(
        strange.is_empty(),
        "PostgreSQL does not understand:\n{strange}"
    );
}

/// The text literals of the sources that are whole statements.
fn statements(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("database") {
                found.extend(statements(&path));
            }
            continue;
        }
        if path.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for begin in ["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM "] {
            for (at, _) in text.match_indices(begin) {
                let rest = &text[at + 1..];
                let sql = &rest[..rest.find('"').unwrap()];
                // What is put together as the program runs is met by the other tests; a worker's sentence is no statement.
                if !sql.contains('{') && !sql.ends_with([' ', '\\']) {
                    found.push((path.clone(), sql.replace("\\\n", "\n")));
                }
            }
        }
    }
    found
}

/// As after PostgreSQL's own recovery: the database stands as it stood earlier, and begins a new life by command.
#[test]
#[ignore = "run on a server by the_same_tests_pass_on_postgresql"]
fn a_database_that_the_server_put_back_begins_a_new_life_and_handhelds_offer_again_what_it_lost() {
    use crate::office_tools::{Ground, Hand, goods, now, picked};
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let mut hand: Hand = ground.hand("W1");
    let pick = || picked(1, "A-01-01", goods("BOLT", ""), 1);
    hand.record(None, pick());
    hand.push(&ground);
    let before = ground.office.incarnation().unwrap();
    let socket = std::env::var(SOCKET).expect("run by the_same_tests_pass_on_postgresql");
    let dir = tempfile::tempdir().unwrap();
    let earlier = ground.dir.path().join("earlier.db");
    ground.office.backup(&earlier).unwrap();
    let address = database_of(&socket, &dir.path().join("office.db"));
    let stood = Database::connect(&address, &dir.path().join("office.db")).unwrap();
    stood.fill_from(&Database::open(&earlier).unwrap()).unwrap();
    drop(stood);
    hand.record(None, pick());
    hand.push(&ground);
    let put_back = Office::connect(&address, &dir.path().join("office.db")).unwrap();
    assert_eq!(
        put_back.incarnation().unwrap(),
        before,
        "nobody would notice"
    );
    put_back.begin_new_life().unwrap();
    let pushed = put_back.push(now(), &hand.device, &hand.from(1)).unwrap();
    assert_eq!(pushed.acked, 2);
    assert_ne!(pushed.incarnation, before, "handhelds notice");
    assert!(put_back.verify().unwrap().findings.is_empty());
}
