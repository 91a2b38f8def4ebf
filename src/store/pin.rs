//! PINs: checked without signal, and few enough times that guessing leads nowhere.
//!
//! After five wrong tries each further one costs a wait, 30 seconds at first, doubling up to 15 minutes. A try is counted
//! on disk before it is checked, so that pulling the battery does not give it back. The wait is measured by how long the
//! program has been running, which no one can set like a clock; starting again starts the wait again.

use super::{Error, Journal};
use crate::fault::{self, Fault};
use crate::warehouse::{Worker, WorkerCode};
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params};
use std::collections::BTreeMap;
use std::time::Duration;

/// Tries before the first wait.
const FREE: u32 = 5;
const FIRST_WAIT_S: u64 = 30;
const LONGEST_WAIT_S: u64 = 15 * 60;
/// A verifier that asks for more than this is no honest one. KiB and passes.
const MOST_MEMORY: u32 = 256 * 1024;
const MOST_PASSES: u32 = 16;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is right.
    Right,
    /// It is wrong; so many tries are left before a wait.
    Wrong {
        /// Tries left.
        left: u32,
    },
    /// It was not checked: wait.
    Wait {
        /// For so many seconds.
        seconds: u64,
    },
    /// None is set for this worker.
    NotSet,
}

/// Who checks PINs on this handheld.
#[derive(Debug, Default)]
pub struct Doorkeeper {
    /// When each worker's last wrong try was, by the time the program has been running; since the start if not here.
    tried: BTreeMap<WorkerCode, Duration>,
}

impl Doorkeeper {
    /// Checks a PIN. `running` is how long the program has been running.
    pub fn check(
        &mut self,
        journal: &mut Journal,
        worker: &Worker,
        pin: &str,
        running: Duration,
    ) -> Result<Verdict, Error> {
        let Some(verifier) = &worker.pin else {
            return Ok(Verdict::NotSet);
        };
        let name = format!("tries/{}", worker.code);
        let tries = tries(journal, &name)?;
        let since = self.tried.get(&worker.code).copied().unwrap_or_default();
        if let Some(left) = (since + wait_after(tries)).checked_sub(running)
            && !left.is_zero()
        {
            let seconds = left.as_millis().div_ceil(1000);
            let seconds = u64::try_from(seconds).unwrap_or(LONGEST_WAIT_S);
            return Ok(Verdict::Wait { seconds });
        }
        let tries = tries.saturating_add(1);
        if !fault::is(Fault::TriesForgotten) {
            journal.keep(&name, Some(tries.to_string()))?;
        }
        self.tried.insert(worker.code.clone(), running);
        if is_right(pin, verifier)? {
            journal.keep(&name, None)?;
            self.tried.remove(&worker.code);
            return Ok(Verdict::Right);
        }
        let left = FREE.saturating_sub(tries);
        Ok(Verdict::Wrong { left })
    }
}

fn tries(journal: &Journal, name: &str) -> Result<u32, Error> {
    let text = journal.read().value(name)?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// How long nobody may try after so many wrong tries.
fn wait_after(tries: u32) -> Duration {
    let Some(over) = tries.checked_sub(FREE) else {
        return Duration::ZERO;
    };
    let doubled = FIRST_WAIT_S.saturating_mul(1 << over.min(16));
    Duration::from_secs(doubled.min(LONGEST_WAIT_S))
}

/// Whether a PIN is the one of which this is the Argon2id verifier in PHC text form.
pub fn is_right(pin: &str, verifier: &str) -> Result<bool, Error> {
    let hash = PasswordHash::new(verifier).map_err(|_| Error::BadVerifier)?;
    let params = Params::try_from(&hash).map_err(|_| Error::BadVerifier)?;
    if params.m_cost() > MOST_MEMORY || params.t_cost() > MOST_PASSES {
        return Err(Error::BadVerifier);
    }
    Ok(Argon2::default()
        .verify_password(pin.as_bytes(), &hash)
        .is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::{Role, Timestamp};
    use argon2::password_hash::PasswordHasher;

    fn worker(pin: &str) -> Worker {
        let params = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
        let argon = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let hash = argon
            .hash_password_with_salt(pin.as_bytes(), b"a salt of sixteen")
            .unwrap();
        Worker {
            code: "W1".parse().unwrap(),
            name: "Ada".into(),
            badge: "B1".parse().unwrap(),
            pin: Some(hash.to_string()),
            role: Role::Picker,
            skills: crate::warehouse::Skills::default(),
            language: None,
        }
    }

    fn open(dir: &tempfile::TempDir) -> Journal {
        Journal::open(dir.path(), Timestamp::UNIX_EPOCH).unwrap().0
    }

    fn after(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_right_pin_opens_and_forgets_the_wrong_ones() {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, mut door, worker) = (open(&dir), Doorkeeper::default(), worker("2468"));
        let mut check = |pin| door.check(&mut journal, &worker, pin, after(1)).unwrap();
        for left in [4, 3, 2, 1] {
            assert_eq!(check("0000"), Verdict::Wrong { left });
        }
        assert_eq!(check("2468"), Verdict::Right);
        assert_eq!(check("0000"), Verdict::Wrong { left: 4 });
    }

    #[test]
    fn guessing_costs_ever_longer_waits_and_the_right_pin_does_not_shorten_them() {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, mut door, worker) = (open(&dir), Doorkeeper::default(), worker("2468"));
        let mut now = 0;
        for _ in 0..5 {
            door.check(&mut journal, &worker, "0000", after(now))
                .unwrap();
        }
        for wait in [30, 60, 120, 240, 480, 900, 900] {
            let verdict = door
                .check(&mut journal, &worker, "2468", after(now))
                .unwrap();
            assert_eq!(verdict, Verdict::Wait { seconds: wait });
            now += wait;
            let verdict = door
                .check(&mut journal, &worker, "0000", after(now))
                .unwrap();
            assert_eq!(verdict, Verdict::Wrong { left: 0 });
        }
    }

    #[test]
    fn neither_a_restart_nor_a_lost_database_gives_tries_back() {
        let dir = tempfile::tempdir().unwrap();
        let worker = worker("2468");
        let mut journal = open(&dir);
        for _ in 0..5 {
            let mut door = Doorkeeper::default();
            door.check(&mut journal, &worker, "0000", after(0)).unwrap();
        }
        drop(journal);
        std::fs::remove_file(dir.path().join("journal.db")).unwrap();
        let mut journal = open(&dir);
        let mut door = Doorkeeper::default();
        let verdict = door.check(&mut journal, &worker, "2468", after(0)).unwrap();
        assert_eq!(verdict, Verdict::Wait { seconds: 30 });
    }

    #[test]
    fn a_verifier_that_would_eat_all_memory_is_not_tried() {
        let greedy = "$argon2id$v=19$m=4000000,t=3,p=1$YWFhYWFhYWFhYWFhYWFhYQ$\
                      YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE";
        for verifier in ["", "rubbish", greedy] {
            assert!(is_right("1", verifier).is_err(), "{verifier}");
        }
    }
}
