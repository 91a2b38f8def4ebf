//! Signing in and out: sessions that end, and a lock-out that grows with every wrong password and outlives a restart.

use super::acts::{self, Act};
use super::factor;
use super::users::{Role, UserName};
use crate::office::database::{Tx, values};
use crate::office::enrol::{hashed, random_hex};
use crate::office::{Error, Office, pin};
use crate::sync::RefusedKind;
use crate::warehouse::Timestamp;
use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use chrono::{SecondsFormat, TimeDelta};
use std::sync::LazyLock;

/// A session ends after so long without a page being opened.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// A session ends after so long, whatever is done.
const WHOLE: TimeDelta = TimeDelta::hours(12);
/// Between two notes of when a session was last used.
const NOTED: TimeDelta = TimeDelta::minutes(1);
/// Wrong passwords that cost nothing.
const FREE: u32 = 4;
/// What the next one costs; each after it costs twice as much as the one before.
const FIRST_DELAY_S: i64 = 30;
/// The most that one costs.
const MOST_DELAY_S: i64 = 3600;
/// Names that were tried are forgotten so long after their last lock-out.
const FORGOTTEN: TimeDelta = TimeDelta::days(1);

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: UserName,
    /// What they may do now.
    pub role: Role,
    /// Whether the house asks a second factor of them that they do not have.
    pub lacks_factor: bool,
}

/// Checked when nobody has the name, so that an answer takes as long as when somebody has.
static NOBODY: LazyLock<String> = LazyLock::new(|| pin::hashed("nobody").unwrap_or_default());

fn is_right(password: &str, verifier: &str) -> bool {
    PasswordHash::new(verifier).is_ok_and(|hash| {
        let checked = Argon2::default().verify_password(password.as_bytes(), &hash);
        checked.is_ok()
    })
}

/// How long nobody may try after so many wrong passwords in a row.
fn delay(failures: u32) -> TimeDelta {
    let Some(past) = failures.checked_sub(FREE + 1) else {
        return TimeDelta::zero();
    };
    let grown = FIRST_DELAY_S.saturating_mul(1 << past.min(16));
    TimeDelta::seconds(grown.min(MOST_DELAY_S))
}

pub(super) fn stamp(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Counts a try before it is known whether it is right, so that tries at once are counted too.
pub(super) fn begin_try(tx: &Tx, now: Timestamp, name: &UserName) -> Result<(), Error> {
    let sql = "SELECT failures, locked_until FROM web_tries WHERE name = ?1";
    let known = tx.first(sql, values![name.as_str()])?;
    let mut failures = 0;
    if let Some(row) = known {
        if row.parse::<Timestamp>("locked_until")? > now {
            let note = "Too many wrong passwords. Wait, and try again.";
            return Err(Error::refused(RefusedKind::Busy, note));
        }
        failures = u32::try_from(row.count("failures")?).unwrap_or(u32::MAX);
    }
    let failures = failures.saturating_add(1);
    let until = stamp(now + delay(failures));
    let sql = "INSERT INTO web_tries (name, failures, locked_until) VALUES (?1, ?2, ?3)
               ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, locked_until = excluded.locked_until";
    tx.run(sql, values![name.as_str(), failures, until])?;
    let sql = "DELETE FROM web_tries WHERE locked_until < ?1";
    tx.run(sql, values![stamp(now - FORGOTTEN)])?;
    Ok(())
}

/// A new session of someone whose password was right; the token.
fn begin(tx: &Tx, now: Timestamp, name: &UserName, verifier: &str) -> Result<String, Error> {
    let sql = "SELECT name FROM web_users WHERE name = ?1 AND password = ?2";
    let same = tx.first(sql, values![name.as_str(), verifier])?;
    same.ok_or_else(wrong)?;
    // Whoever knows the password alone must not begin anew to guess codes.
    let waits = factor::has_one(tx, name)?;
    if !waits {
        let sql = "DELETE FROM web_tries WHERE name = ?1";
        tx.run(sql, values![name.as_str()])?;
    }
    let sql = "DELETE FROM web_sessions WHERE began_at < ?1 OR seen_at < ?2";
    tx.run(sql, values![stamp(now - WHOLE), stamp(now - IDLE)])?;
    let token = random_hex::<32>()?;
    let sql = "INSERT INTO web_sessions (token_hash, name, began_at, seen_at, waits) VALUES (?1, ?2, ?3, ?3, ?4)";
    tx.run(
        sql,
        values![hashed(&token), name.as_str(), stamp(now), waits],
    )?;
    acts::note(tx, now, Some(name), &Act::new("signed_in", "", ""))?;
    Ok(token)
}

fn wrong() -> Error {
    let note = "This name and this password do not belong together.";
    Error::refused(RefusedKind::Code, note)
}

impl Office {
    /// Signs someone in; the token of the session, which waits for a code if they have a second factor. Refused if name or password are wrong, or while the name is locked.
    pub fn sign_in(
        &self,
        now: Timestamp,
        name: &UserName,
        password: &str,
    ) -> Result<String, Error> {
        // Sessions are no news to handhelds: nobody is woken.
        let ((), _) = self.database().write(|tx| begin_try(tx, now, name))?;
        let verifier = self.database().read(|tx| {
            let sql = "SELECT password FROM web_users WHERE name = ?1";
            let row = tx.first(sql, values![name.as_str()])?;
            Ok::<_, Error>(
                row.map(|row| row.text("password").map(str::to_owned))
                    .transpose()?,
            )
        })?;
        let right = is_right(password, verifier.as_deref().unwrap_or(&NOBODY));
        let (true, Some(verifier)) = (right, verifier) else {
            let act = Act::new("wrong_password", name.as_str(), "");
            self.database()
                .write(|tx| acts::note(tx, now, None, &act))?;
            return Err(wrong());
        };
        let (token, _) = self
            .database()
            .write(|tx| begin(tx, now, name, &verifier))?;
        Ok(token)
    }

    /// Whose session this is; none if it is nobody's or has ended. `used`: a person is at it, so that it goes on.
    pub fn signed_in(
        &self,
        now: Timestamp,
        token: &str,
        used: bool,
    ) -> Result<Option<Person>, Error> {
        let token = hashed(token);
        let found = self.database().read(|tx| {
            let sql = "SELECT u.name, u.role, s.began_at, s.seen_at FROM web_sessions s JOIN web_users u ON u.name = s.name
                       WHERE s.token_hash = ?1 AND s.waits = 0";
            let Some(row) = tx.first(sql, values![token.as_str()])? else { return Ok(None) };
            let (began, seen): (Timestamp, Timestamp) = (row.parse("began_at")?, row.parse("seen_at")?);
            let (name, role) = (row.parse("name")?, row.parse("role")?);
            let role_now = factor::role_now(tx, &name, role)?;
            let person = Person { name, role: role_now, lacks_factor: role_now != role };
            let lasts = now - began < WHOLE && now - seen < IDLE;
            Ok::<_, Error>(lasts.then_some((person, seen)))
        })?;
        let Some((person, seen)) = found else {
            return Ok(None);
        };
        if used && now - seen > NOTED {
            let sql = "UPDATE web_sessions SET seen_at = ?2 WHERE token_hash = ?1";
            let noted = values![token.as_str(), stamp(now)];
            self.database()
                .write(|tx| Ok::<_, Error>(tx.run(sql, noted)?))?;
        }
        Ok(Some(person))
    }

    /// Ends a session.
    pub fn sign_out(&self, now: Timestamp, who: &Person, token: &str) -> Result<(), Error> {
        let ((), _) = self.database().write(|tx| {
            let sql = "DELETE FROM web_sessions WHERE token_hash = ?1";
            tx.run(sql, values![hashed(token)])?;
            let act = Act::new("signed_out", "", "");
            acts::note(tx, now, Some(&who.name), &act)
        })?;
        Ok(())
    }
}
