//! The power goes at any moment, and what was not yet durable comes in parts, torn, or not at all.
//! A real journal is written by a real process under strace; from its system calls the disks that a crash could have
//! left are made and opened: whatever beeped is there.

mod disk;
mod trace;

use crate::sim::Dice;
use disk::{Disk, Step};
use std::path::Path;
use std::process::Command;
use stockhand::fault::{self, Fault};
use stockhand::store::{Act, Journal, Sent, Verified};
use stockhand::warehouse::{Fact, Timestamp};

const DIR: &str = "STOCKHAND_CRASH_DIR";
const CARELESS: &str = "STOCKHAND_CRASH_CARELESS";
/// What the subject writes when a fact beeps, before its number.
const BEEP: &[u8] = b"BEEP ";

/// Not a test by itself: what is done under strace.
#[test]
#[ignore = "run under strace by the others"]
fn subject() {
    use std::io::Write;
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    if std::env::var_os(CARELESS).is_some() {
        fault::set(Some(Fault::SyncSkipped));
    }
    let mut bell = std::fs::File::options()
        .write(true)
        .open("/dev/null")
        .unwrap();
    let mut line = 0;
    for _ in 0..3 {
        let (mut journal, _) = Journal::open(Path::new(&dir), Timestamp::UNIX_EPOCH).unwrap();
        for turn in 0..8 {
            let facts: Vec<Fact> = (0..=turn % 3)
                .map(|_| {
                    line += 1;
                    Fact::LineSkipped { line }
                })
                .collect();
            let entries = journal
                .record(&Act {
                    at: Timestamp::UNIX_EPOCH,
                    worker: None,
                    task: None,
                    cause: Some("a label that is long enough to cross a sector now and then"),
                    facts: &facts,
                    hold: None,
                })
                .unwrap();
            let last = entries.last().unwrap().seq;
            bell.write_all(format!("BEEP {last}").as_bytes()).unwrap();
            if turn == 3 {
                let incarnation = "one".to_owned();
                journal
                    .set_sent(&Sent {
                        acked: last / 2,
                        incarnation,
                    })
                    .unwrap();
            }
            if turn == 5 {
                journal.rest().unwrap();
            }
        }
    }
}

/// The system calls of the subject; nothing where they cannot be seen.
fn steps(dir: &Path, careless: bool) -> Option<Vec<Step>> {
    let calls = dir.join("calls");
    let journal = dir.join("journal");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-xx", "-s", "1048576", "-o"])
        .arg(&calls);
    strace.args(["-e", trace::CALLS]);
    strace.arg(std::env::current_exe().unwrap());
    strace.args(["--ignored", "--exact", "crash::subject"]);
    strace.env(DIR, &journal);
    if careless {
        strace.env(CARELESS, "1");
    }
    match strace.output() {
        Ok(done) if done.status.success() => {}
        why => {
            eprintln!("NOT RUN: no crash was tried, because strace cannot be used here: {why:?}");
            return None;
        }
    }
    let text = std::fs::read_to_string(&calls).unwrap();
    Some(trace::read(&text, &journal, BEEP))
}

/// What is wrong with a journal that was found after a crash: `beeped` is the last fact that beeped.
fn trouble(dir: &Path, beeped: u64) -> Option<String> {
    let journal = match Journal::open(dir, Timestamp::UNIX_EPOCH) {
        Ok((journal, _)) => journal,
        Err(why) => return Some(format!("it does not open: {why}")),
    };
    let entries = journal.read().entries_since(0).unwrap();
    if (entries.len() as u64) < beeped {
        return Some(format!(
            "{} facts are left of {beeped} that beeped",
            entries.len()
        ));
    }
    let as_recorded = entries.iter().zip(1..).all(|(entry, line)| {
        entry.seq == u64::from(line) && entry.fact == Fact::LineSkipped { line }
    });
    if !as_recorded {
        return Some("a fact is not what was recorded".to_owned());
    }
    match journal.verify() {
        Ok(Verified::Whole) => None,
        other => Some(format!("it is not whole after it was opened: {other:?}")),
    }
}

/// Makes disks of so many chances at each step, opens them; how many, and what was wrong first.
fn crash(steps: &[Step], chances: u64, home: &Path) -> (u64, Option<String>) {
    let mut dice = Dice::new(1);
    let mut disks = 0;
    for at in 0..=steps.len() {
        let disk = Disk::at(&steps[..at]);
        let beeped = disk.beeped;
        for chance in 0..chances {
            let dir = home.join("image");
            disk.write(&dir, chance, &mut dice);
            disks += 1;
            let trouble = trouble(&dir, beeped);
            if let Some(trouble) = trouble {
                let step = at.checked_sub(1).map(|last| steps[last].told());
                let why = format!("after step {at} ({step:?}), chance {chance}: {trouble}");
                return (disks, Some(why));
            }
            std::fs::remove_dir_all(&dir).unwrap();
        }
    }
    (disks, None)
}

fn home() -> tempfile::TempDir {
    match Path::new("/dev/shm") {
        memory if memory.is_dir() => tempfile::tempdir_in(memory).unwrap(),
        _ => tempfile::tempdir().unwrap(),
    }
}

#[test]
fn whatever_a_crash_leaves_of_the_disk_all_that_beeped_is_there() {
    let home = home();
    let Some(steps) = steps(home.path(), false) else {
        return;
    };
    let beeps = steps.iter().filter(|step| matches!(step, Step::Beep(_)));
    assert_eq!(beeps.count(), 24, "the subject beeped");
    let chances = std::env::var("STOCKHAND_CRASH_CHANCES").map_or(4, |text| text.parse().unwrap());
    let (disks, trouble) = crash(&steps, chances, home.path());
    assert_eq!(trouble, None);
    println!("{disks} disks after {} steps", steps.len());
    assert!(disks > 300, "only {disks} disks");
}

#[test]
fn a_journal_that_does_not_wait_for_the_disk_is_found_out() {
    let home = home();
    let Some(steps) = steps(home.path(), true) else {
        return;
    };
    let (_, trouble) = crash(&steps, 4, home.path());
    let trouble = trouble.expect("facts are lost that beeped");
    assert!(trouble.contains("that beeped"), "{trouble}");
}
