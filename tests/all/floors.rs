//! The arrows between rooms, and a few measures of taste, read off the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Which room may use which. To add an arrow is to edit this table.
const ARROWS: &[(&str, &[&str])] = &[
    ("warehouse", &[]),
    ("scan", &["warehouse"]),
    ("label", &["scan", "warehouse"]),
    ("planning", &["warehouse"]),
    ("flow", &["planning", "scan", "warehouse"]),
    (
        "handheld",
        &["flow", "label", "planning", "scan", "warehouse"],
    ),
    (
        "screen",
        &["flow", "handheld", "label", "scan", "warehouse"],
    ),
    (
        "device",
        &["handheld", "label", "scan", "warehouse", "pinned"],
    ),
    ("sqlite", &["fault"]),
    ("pinned", &[]),
    ("fault", &[]),
    // The queue of labels keeps them as they are made.
    ("store", &["fault", "label", "sqlite", "warehouse"]),
    ("sync", &["fault", "store", "warehouse", "pinned"]),
    // Beside what it plans with, the office makes ready cache files: only the cache itself knows how they look.
    (
        "office",
        &[
            "fault",
            "planning",
            "scan",
            "sqlite",
            "store",
            "sync",
            "warehouse",
        ],
    ),
    (
        "config",
        &["device", "handheld", "label", "scan", "screen", "warehouse"],
    ),
    ("diagnose", &["device", "flow", "scan", "warehouse"]),
    (
        "demo",
        &[
            "flow",
            "handheld",
            "office",
            "scan",
            "screen",
            "store",
            "sync",
            "warehouse",
        ],
    ),
    (
        "run",
        &[
            "demo",
            "device",
            "flow",
            "handheld",
            "label",
            "scan",
            "screen",
            "store",
            "sync",
            "warehouse",
        ],
    ),
];

/// Rooms that are pure: time, ids and settings come in as arguments.
const PURE: &[&str] = &["warehouse", "scan", "label", "planning", "flow", "handheld"];

/// What no pure room may name.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::io",
    "std::net",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::env",
    "Utc::now",
    "Local::now",
    "getrandom",
    "rusqlite",
    "reqwest",
    "println!",
];

struct Source {
    path: PathBuf,
    /// Its room; none for `lib.rs` and the binaries.
    room: Option<String>,
    /// Without the tests at its end and without comments.
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(read(&root, path));
            }
        }
    }
    assert!(found.len() > 100, "the sources were found");
    found
}

fn read(root: &Path, path: PathBuf) -> Source {
    let text = std::fs::read_to_string(&path).unwrap();
    let inside = path.strip_prefix(root).unwrap();
    let first = inside.iter().next().unwrap().to_string_lossy();
    let first = first.trim_end_matches(".rs");
    let room = (!matches!(first, "lib" | "bin")).then(|| first.to_owned());
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: Vec<&str> = code.lines().filter(is_code).collect();
    Source {
        room,
        code: code.join("\n"),
        lines: text.lines().count(),
        path,
    }
}

/// The rooms that a source names.
fn used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let names = match after.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap().split(',').collect(),
            None => vec![after],
        };
        for name in names {
            let end = |c: char| !c.is_ascii_alphanumeric() && c != '_';
            let name = name.trim().split(end).next().unwrap();
            used.insert(name.to_owned());
        }
    }
    used
}

#[test]
fn arrows_run_down_only() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for source in sources() {
        let Some(room) = &source.room else { continue };
        let Some(allowed) = allowed.get(room.as_str()) else {
            panic!("which rooms may {room} use?");
        };
        for other in used(&source.code) {
            let known = ARROWS.iter().any(|(name, _)| *name == other);
            assert!(
                !known || other == *room || allowed.contains(&other.as_str()),
                "{}: {room} may not use {other}",
                source.path.display()
            );
        }
    }
}

#[test]
fn no_arrows_meet_in_a_ring() {
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    while placed.len() < ARROWS.len() {
        let next = ARROWS.iter().find(|(room, uses)| {
            !placed.contains(room) && uses.iter().all(|used| placed.contains(used))
        });
        let (room, _) = next.expect("every room stands on rooms below it");
        placed.insert(room);
    }
}

#[test]
fn pure_rooms_touch_nothing() {
    for source in sources() {
        if !source
            .room
            .as_deref()
            .is_some_and(|room| PURE.contains(&room))
        {
            continue;
        }
        for word in IMPURE {
            assert!(
                !source.code.contains(word),
                "{} names {word}",
                source.path.display()
            );
        }
    }
}

#[test]
fn files_open_with_a_sentence_and_stay_short() {
    for source in sources() {
        let text = std::fs::read_to_string(&source.path).unwrap();
        let path = source.path.display();
        assert!(
            text.starts_with("//!"),
            "{path} does not say what it is for"
        );
        // One type from disk to wire to ledger is one page, however many things happen in a warehouse.
        let most = if path.to_string().ends_with("warehouse/fact.rs") {
            900
        } else {
            560
        };
        assert!(
            source.lines <= most,
            "{path} has {} lines: look for the second noun",
            source.lines
        );
        let long = longest_function(&source.code);
        assert!(long <= 80, "{path} has a function of {long} lines");
    }
}

/// Lines of the longest function, by its indentation.
fn longest_function(code: &str) -> usize {
    let lines: Vec<&str> = code.lines().collect();
    let mut longest = 0;
    for (at, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let starts = [
            "fn ",
            "pub fn ",
            "pub(super) fn ",
            "pub(crate) fn ",
            "const fn ",
            "pub const fn ",
        ];
        if !starts.iter().any(|start| body.starts_with(start)) {
            continue;
        }
        let indent = line.len() - body.len();
        let close = format!("{:indent$}}}", "");
        let end = lines[at..].iter().position(|line| **line == close);
        longest = longest.max(end.map_or(0, |end| end + 1));
    }
    longest
}

#[test]
fn no_error_is_thrown_away_in_an_unwrap() {
    for source in sources() {
        assert!(
            !source.code.contains(".unwrap()"),
            "{}",
            source.path.display()
        );
        for word in ["todo!", "unimplemented!", "dbg!"] {
            assert!(
                !source.code.contains(word),
                "{} says {word}",
                source.path.display()
            );
        }
    }
}

/// Other systems are told of every state that an order reaches; whoever wrote it elsewhere would forget to.
#[test]
fn only_one_place_moves_an_order_from_state_to_state() {
    let writes = |source: &Source| source.code.contains("UPDATE orders SET state");
    let places: Vec<PathBuf> = sources()
        .into_iter()
        .filter(writes)
        .map(|it| it.path)
        .collect();
    assert!(
        matches!(places.as_slice(), [only] if only.ends_with("office/steps.rs")),
        "use order_reaches or order_turns: {places:?}"
    );
}
