//! The journal under damage: whatever happens to one of its two files, every acknowledged fact is still there.

use std::fs;
use std::path::{Path, PathBuf};
use stockhand::store::{
    Act, DatabaseFlaw, Error, Healing, Identity, Journal, Reader, Sent, Verified,
};
use stockhand::warehouse::{
    Entry, Fact, Goods, Job, PutawayJob, Quantity, Task, TaskId, Timestamp, WorkerCode,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn picked(line: u32) -> Fact {
    Fact::Picked {
        line,
        order: "SO-1".parse().unwrap(),
        bin: "A-01-03".parse().unwrap(),
        goods: Goods::of("BOLT".parse().unwrap()),
        quantity: Quantity::units(2),
        into: "tote:T1".parse().unwrap(),
    }
}

fn act(facts: &[Fact]) -> Act<'_> {
    Act {
        at: at(1),
        worker: None,
        task: None,
        cause: None,
        facts,
        hold: None,
    }
}

fn open(dir: &Path) -> (Journal, Vec<Healing>) {
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(5);
    loop {
        match Journal::open(dir, at(0)) {
            // Another test starts a program just now: for a moment, between fork and exec, it holds what we let go of.
            Err(stockhand::store::Error::InUse) if std::time::Instant::now() < patience => {
                std::thread::yield_now();
            }
            opened => return opened.unwrap(),
        }
    }
}

/// A journal with some acts in it, still in its write-ahead log, and its folder as a killed process leaves it.
struct Killed {
    _home: tempfile::TempDir,
    dir: PathBuf,
    entries: Vec<Entry>,
    round: std::cell::Cell<u32>,
}

impl Killed {
    fn after(acts: u32) -> Self {
        let home = tempfile::tempdir().unwrap();
        let live = home.path().join("live");
        let (mut journal, healings) = open(&live);
        assert_eq!(healings, []);
        let mut entries = Vec::new();
        for n in 1..=acts {
            let facts = vec![picked(n); 1 + n as usize % 3];
            entries.extend(journal.record(&act(&facts)).unwrap());
        }
        let dir = home.path().join("image");
        copy(&live, &dir);
        Self {
            _home: home,
            dir,
            entries,
            round: 0.into(),
        }
    }

    /// A fresh copy of the files, to be damaged.
    fn image(&self) -> PathBuf {
        self.round.set(self.round.get() + 1);
        let image = self
            .dir
            .with_file_name(format!("round-{}", self.round.get()));
        copy(&self.dir, &image);
        image
    }

    fn carbon(&self) -> String {
        let is_carbon = |name: &String| name.starts_with("carbon-");
        names(&self.dir).into_iter().find(is_carbon).unwrap()
    }

    /// Opens a damaged image: nothing is missing, and one can go on working.
    fn survives(&self, image: &Path, what: &str) -> Vec<Healing> {
        let (mut journal, healings) = open(image);
        assert_eq!(
            journal.read().entries_since(0).unwrap(),
            self.entries,
            "{what}"
        );
        assert_eq!(journal.verify().unwrap(), Verified::Whole, "{what}");
        let next = journal.record(&act(&[picked(99)])).unwrap();
        assert_eq!(next[0].seq, self.entries.len() as u64 + 1, "{what}");
        drop(journal);
        let (journal, again) = open(image);
        assert_eq!((again, journal.head().seq), (vec![], next[0].seq), "{what}");
        drop(journal);
        fs::remove_dir_all(image).unwrap();
        healings
    }
}

fn names(dir: &Path) -> Vec<String> {
    let name =
        |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    fs::read_dir(dir).unwrap().map(name).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for name in names(from) {
        fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
}

fn flip(path: &Path, bit: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_killed_handheld_stands_where_it_stood_and_has_nothing_to_heal() {
    let killed = Killed::after(5);
    let image = killed.image();
    assert_eq!(killed.survives(&image, "killed"), []);
}

#[test]
fn a_flipped_bit_anywhere_in_the_write_ahead_log_loses_nothing() {
    let killed = Killed::after(4);
    let bytes = fs::metadata(killed.dir.join("journal.db-wal"))
        .unwrap()
        .len();
    assert!(bytes > 8192, "the rows must still be in the log: {bytes}");
    let bits = usize::try_from(bytes).unwrap() * 8;
    let mut healed = 0;
    for bit in (0..400).step_by(13).chain((400..bits).step_by(4_801)) {
        let image = killed.image();
        flip(&image.join("journal.db-wal"), bit);
        healed += usize::from(!killed.survives(&image, &format!("bit {bit}")).is_empty());
    }
    assert!(
        healed > 10,
        "only {healed} flips did harm: the test looks in the wrong place"
    );
}

#[test]
fn a_carbon_cut_or_changed_at_any_byte_loses_nothing() {
    let killed = Killed::after(2);
    let carbon = killed.carbon();
    let bytes = fs::read(killed.dir.join(&carbon)).unwrap();
    for place in 0..bytes.len() {
        let image = killed.image();
        fs::write(image.join(&carbon), &bytes[..place]).unwrap();
        let healings = killed.survives(&image, &format!("cut at {place}"));
        assert!(!healings.is_empty(), "cut at {place}");
        let image = killed.image();
        flip(&image.join(&carbon), place * 8 + place % 8);
        let healings = killed.survives(&image, &format!("flipped at {place}"));
        assert!(!healings.is_empty(), "flipped at {place}");
    }
}

#[test]
fn a_database_that_is_gone_empty_or_rubbish_is_built_again() {
    let killed = Killed::after(3);
    let rebuilt = |image: &Path, what| match &killed.survives(image, what)[..] {
        [Healing::DatabaseRebuilt { why, facts, .. }] => {
            assert_eq!(*facts, killed.entries.len() as u64, "{what}");
            *why
        }
        other => panic!("{what}: {other:?}"),
    };
    let image = killed.image();
    fs::remove_file(image.join("journal.db")).unwrap();
    assert_eq!(rebuilt(&image, "gone, its log left"), DatabaseFlaw::Missing);
    let image = killed.image();
    fs::write(image.join("journal.db"), "").unwrap();
    assert_eq!(rebuilt(&image, "empty beside its log"), DatabaseFlaw::Empty);
    let image = killed.image();
    fs::write(image.join("journal.db"), [0xa5; 9000]).unwrap();
    assert_eq!(rebuilt(&image, "rubbish"), DatabaseFlaw::Damaged);
}

#[test]
fn a_lost_write_ahead_log_is_made_up_for() {
    let killed = Killed::after(3);
    let image = killed.image();
    fs::remove_file(image.join("journal.db-wal")).unwrap();
    let facts = killed.entries.len() as u64;
    assert_eq!(
        killed.survives(&image, "no log"),
        [Healing::RowsPutBack { facts }]
    );
}

#[test]
fn a_flipped_bit_in_the_database_itself_loses_nothing() {
    let killed = Killed::after(6);
    let settled = killed.image();
    drop(open(&settled)); // closing writes the log back
    let bits =
        usize::try_from(fs::metadata(settled.join("journal.db")).unwrap().len()).unwrap() * 8;
    for bit in (0..bits).step_by(2_477) {
        let image = killed.image();
        fs::remove_file(image.join("journal.db-wal")).unwrap();
        fs::copy(settled.join("journal.db"), image.join("journal.db")).unwrap();
        flip(&image.join("journal.db"), bit);
        killed.survives(&image, &format!("bit {bit}"));
    }
}

#[test]
fn an_edited_row_is_found_and_the_edited_file_is_kept() {
    let killed = Killed::after(4);
    let image = killed.image();
    let db = rusqlite::Connection::open(image.join("journal.db")).unwrap();
    let refused = db.execute("UPDATE journal SET line = '{}' WHERE seq = 3", []);
    assert!(refused.unwrap_err().to_string().contains("never changed"));
    db.execute_batch(
        "DROP TRIGGER journal_is_never_changed; \
         UPDATE journal SET line = replace(line, '\"2\"', '\"9\"') WHERE seq = 3",
    )
    .unwrap();
    drop(db);
    let (journal, healings) = open(&image);
    let [
        Healing::DatabaseRebuilt {
            why,
            kept_as: Some(kept_as),
            ..
        },
    ] = &healings[..]
    else {
        panic!("{healings:?}");
    };
    assert_eq!(*why, DatabaseFlaw::Chain(3));
    assert!(kept_as.exists());
    assert_eq!(journal.read().entries_since(0).unwrap(), killed.entries);
}

#[test]
fn of_an_act_all_rows_come_back_or_none() {
    let killed = Killed::after(2);
    let whole = killed.entries.iter().filter(|entry| entry.act == 1).count();
    let carbon = killed.carbon();
    let bytes = fs::read(killed.dir.join(&carbon)).unwrap();
    for cut in 0..bytes.len() {
        let image = killed.image();
        for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
            fs::remove_file(image.join(name)).unwrap();
        }
        fs::write(image.join(&carbon), &bytes[..cut]).unwrap();
        let seq = open(&image).0.head().seq;
        let ends = [0, whole as u64, killed.entries.len() as u64];
        assert!(ends.contains(&seq), "cut at {cut}: {seq}");
        fs::remove_dir_all(image).unwrap();
    }
}

#[test]
fn damage_to_both_files_is_told_and_what_is_left_is_kept() {
    let killed = Killed::after(6);
    let image = killed.image();
    let carbon = image.join(killed.carbon());
    let mut bytes = fs::read(&carbon).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&carbon, bytes).unwrap();
    let db = rusqlite::Connection::open(image.join("journal.db")).unwrap();
    db.execute_batch(
        "DROP TRIGGER journal_is_never_changed; UPDATE journal SET line = '{}' WHERE seq = 2",
    )
    .unwrap();
    drop(db);
    let (journal, healings) = open(&image);
    let last = journal.head().seq;
    assert!(last > 2 && last < killed.entries.len() as u64);
    assert_eq!(
        journal.read().entries_since(0).unwrap(),
        killed.entries[..usize::try_from(last).unwrap()]
    );
    let should_be = killed.entries.len() as u64;
    assert!(
        healings.contains(&Healing::FactsMissing { last, should_be }),
        "{healings:?}"
    );
    let set_aside = |name: &String| name.starts_with("quarantine-");
    assert!(names(&image).iter().filter(|name| set_aside(name)).count() >= 2);
}

#[test]
fn a_journal_lost_altogether_is_never_taken_for_the_old_one() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open(dir.path());
    let old = journal.head().epoch;
    drop(journal);
    fs::remove_file(dir.path().join("journal.db")).unwrap();
    let carbon = names(dir.path())
        .into_iter()
        .find(|name| name.starts_with("carbon-"))
        .unwrap();
    fs::write(dir.path().join(carbon), "").unwrap();
    let (journal, healings) = Journal::open(dir.path(), at(-1_000_000)).unwrap();
    assert!(journal.head().epoch > old, "even when the clock went back");
    assert!(
        matches!(healings[..], [Healing::BegunAnew { .. }]),
        "{healings:?}"
    );
}

#[test]
fn a_newer_programs_journal_is_left_alone() {
    let killed = Killed::after(1);
    let image = killed.image();
    let db = rusqlite::Connection::open(image.join("journal.db")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let before = names(&image).len();
    let refused = Journal::open(&image, at(0)).unwrap_err();
    assert!(refused.to_string().contains("newer version"), "{refused}");
    assert_eq!(
        names(&image)
            .iter()
            .filter(|name| name.starts_with("quarantine"))
            .count(),
        0
    );
    assert!(names(&image).len() <= before);
}

#[test]
fn two_programs_cannot_have_one_journal() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path());
    assert!(matches!(
        Journal::open(dir.path(), at(0)),
        Err(Error::InUse)
    ));
    drop(first);
    assert!(Journal::open(dir.path(), at(0)).is_ok());
}

fn task(id: &str) -> Task {
    Task {
        id: id.parse().unwrap(),
        priority: 1,
        due: None,
        lease: None,
        started_on: None,
        done: Vec::new(),
        outline: stockhand::warehouse::Outline::default(),
        job: Job::Putaway(PutawayJob {
            order: "PO-1".parse().unwrap(),
            from: "DOCK".parse().unwrap(),
            lines: Vec::new(),
        }),
    }
}

#[test]
fn a_task_is_held_from_its_start_to_its_end_and_again_when_the_end_is_undone() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    let held = task("PUT-1");
    let id: TaskId = held.id.clone();
    let mut record = |fact: Fact, hold| {
        let facts = [fact];
        let act = Act {
            task: Some(&id),
            hold,
            ..act(&facts)
        };
        journal.record(&act).unwrap();
        journal.read().held().unwrap()
    };
    assert_eq!(
        record(Fact::TaskStarted { lease: None }, Some(&held)),
        std::slice::from_ref(&held)
    );
    assert_eq!(record(Fact::TaskFinished, None), []);
    let what = Box::new(Fact::TaskFinished);
    assert_eq!(
        record(Fact::Undone { seq: 2, what }, None),
        std::slice::from_ref(&held)
    );
    drop(journal);
    fs::remove_file(dir.path().join("journal.db")).unwrap();
    let (journal, _) = open(dir.path());
    assert_eq!(
        journal.read().held().unwrap(),
        [held],
        "the second copy has it too"
    );
    assert_eq!(journal.read().entries_of(&id).unwrap().len(), 3);
}

fn identity(device: &str) -> Identity {
    Identity {
        device: device.parse().unwrap(),
        token: "secret".into(),
        warehouse: "WH1".parse().unwrap(),
        warehouse_name: "North".into(),
        office: "https://office:8443".into(),
        fingerprint: None,
    }
}

#[test]
fn another_device_begins_another_journal_once_all_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    journal.enrol(&identity("HH-1"), at(0), None).unwrap();
    journal.record(&act(&[picked(1)])).unwrap();
    let refused = journal.enrol(&identity("HH-2"), at(0), None).unwrap_err();
    assert!(matches!(refused, Error::Unsent { count: 1 }), "{refused}");
    let sent = Sent {
        acked: 1,
        incarnation: "one".into(),
    };
    journal.set_sent(&sent).unwrap();
    let old = journal.head().epoch;
    journal.enrol(&identity("HH-2"), at(0), None).unwrap();
    assert!(journal.head().epoch > old);
    assert_eq!(
        (journal.head().seq, journal.read().sent().unwrap()),
        (0, Sent::default())
    );
    drop(journal);
    let (journal, healings) = open(dir.path());
    assert_eq!(healings, []);
    assert_eq!(journal.read().identity().unwrap(), Some(identity("HH-2")));
}

#[test]
fn an_office_that_has_none_of_the_facts_is_offered_all_of_them_under_the_new_name() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    journal.enrol(&identity("HH-1"), at(0), None).unwrap();
    for line in 1..=3 {
        journal.record(&act(&[picked(line)])).unwrap();
    }
    let incarnation = "one".to_owned();
    let sent = Sent {
        acked: 3,
        incarnation,
    };
    journal.set_sent(&sent).unwrap();
    let some = journal
        .enrol(&identity("HH-2"), at(0), Some(2))
        .unwrap_err();
    assert!(matches!(some, Error::Unsent { count: 1 }), "{some}");
    let epoch = journal.head().epoch;
    journal.enrol(&identity("HH-2"), at(0), Some(0)).unwrap();
    assert_eq!((journal.head().epoch, journal.head().seq), (epoch, 3));
    assert_eq!(journal.read().unsent().unwrap().count, 3);
    journal.enrol(&identity("HH-3"), at(0), Some(3)).unwrap();
    assert_eq!(journal.head().seq, 0, "all of them are there: a new one");
}

#[test]
fn what_is_unsent_is_counted_and_read_beside_the_writer_in_bounded_bites() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    for _ in 0..10 {
        journal.record(&act(&[picked(1)])).unwrap();
    }
    journal
        .set_sent(&Sent {
            acked: 4,
            incarnation: "one".into(),
        })
        .unwrap();
    let unsent = reader.unsent().unwrap();
    assert_eq!((unsent.count, unsent.oldest), (6, Some(at(1))));
    assert_eq!(reader.after(4, 3, usize::MAX).unwrap().len(), 3);
    assert_eq!(
        reader.after(4, 100, 1).unwrap().len(),
        1,
        "one row always goes"
    );
    assert_eq!(reader.head().unwrap(), journal.head());
}

#[test]
fn a_shift_is_what_one_worker_did_since_they_signed_in() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    let worker: WorkerCode = "W1".parse().unwrap();
    let signed_in = Fact::SignedIn {
        worker: worker.clone(),
    };
    for facts in [
        vec![signed_in.clone()],
        vec![picked(1)],
        vec![signed_in],
        vec![picked(2)],
    ] {
        journal
            .record(&Act {
                worker: Some(&worker),
                ..act(&facts)
            })
            .unwrap();
    }
    assert_eq!(journal.read().shift_of(&worker).unwrap().len(), 2);
    assert_eq!(journal.read().shift_of(&"W2".parse().unwrap()).unwrap(), []);
}

#[test]
fn an_entry_too_large_to_be_sent_is_refused_before_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    let goods = vec![
        (
            Goods::of("BOLT".parse().unwrap()),
            Quantity::ONE,
            "tote:T1".parse().unwrap()
        );
        20_000
    ];
    let large = Fact::Dropped {
        order: "SO-1".parse().unwrap(),
        bin: "P".parse().unwrap(),
        goods,
    };
    assert!(matches!(
        journal.record(&act(&[picked(1), large])),
        Err(Error::TooLarge { .. })
    ));
    assert_eq!(journal.head().seq, 0);
    let cause = "\u{1b}]0;hostile".repeat(50);
    let entries = journal
        .record(&Act {
            cause: Some(&cause),
            ..act(&[picked(1)])
        })
        .unwrap();
    assert!(!entries[0].cause.as_ref().unwrap().contains('\u{1b}'));
}
