//! A second factor beside the password: whose telephone makes codes, recovery codes for the day it is lost, and sessions that wait
//! for a code. The house may ask it of every administrator.

use super::acts::{self, Act};
use super::session::{begin_try, stamp};
use super::totp;
use super::users::{Role, UserName};
use crate::office::database::{Tx, values};
use crate::office::enrol::{hashed, random_hex};
use crate::office::{Error, Office, records};
use crate::sync::RefusedKind;
use crate::warehouse::Timestamp;

/// Bytes of a secret: RFC 4226 §4, R6 recommends 160 bits.
const SECRET: usize = 20;
/// Recovery codes that are given at a time.
const RECOVERY: usize = 8;
/// The setting that says whether administrators must have one.
const SETTING: &str = "second_factor";

/// A secret to be put on a telephone.
pub(super) struct Secret {
    /// In base32, to be typed.
    pub text: String,
    /// As a link that a telephone's camera reads: the key URI format of authenticators.
    pub link: String,
}

/// How someone stands with their second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub has_one: bool,
    /// Recovery codes that were not used yet.
    pub recovery: u64,
}

fn bytes(hex: &str) -> Result<Vec<u8>, Error> {
    let bad = || {
        let text = "a secret".to_owned();
        crate::office::DatabaseError::Unreadable {
            what: "secret",
            text,
        }
    };
    let pairs = (0..hex.len() / 2).map(|at| hex.get(2 * at..2 * at + 2));
    let byte = |pair: Option<&str>| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes = pairs.map(|pair| byte(pair).ok_or_else(bad));
    Ok(bytes.collect::<Result<_, _>>()?)
}

fn wrong() -> Error {
    let note = "This code is not right, or was used already. Take the next one.";
    Error::refused(RefusedKind::Code, note)
}

/// Whether someone has a second factor that counts.
pub(super) fn has_one(tx: &Tx, name: &UserName) -> Result<bool, Error> {
    let sql = "SELECT 1 AS one FROM web_factors WHERE name = ?1 AND counts = 1";
    Ok(tx.first(sql, values![name.as_str()])?.is_some())
}

/// Whether the house asks it of administrators.
pub(super) fn is_required(tx: &Tx) -> Result<bool, Error> {
    Ok(records::setting(tx, SETTING)?.as_deref() == Some("required"))
}

/// Forgets someone's second factor and recovery codes.
pub(super) fn forget(tx: &Tx, name: &UserName) -> Result<(), Error> {
    for table in ["web_factors", "web_recovery"] {
        let sql = format!("DELETE FROM {table} WHERE name = ?1");
        tx.run(&sql, values![name.as_str()])?;
    }
    Ok(())
}

/// Takes a code of someone's telephone, or one of their recovery codes, out of use. Says whether it was right.
fn spend(
    tx: &Tx,
    now: Timestamp,
    name: &UserName,
    text: &str,
    counts: bool,
) -> Result<bool, Error> {
    if let Some(typed) = totp::typed(text) {
        let sql = "SELECT secret, last_step FROM web_factors WHERE name = ?1 AND counts = ?2";
        let Some(row) = tx.first(sql, values![name.as_str(), counts])? else {
            return Ok(false);
        };
        let (secret, last) = (bytes(row.text("secret")?)?, row.count("last_step")?);
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let Some(step) = totp::matching(&secret, seconds, typed, last) else {
            return Ok(false);
        };
        let sql = "UPDATE web_factors SET last_step = ?2 WHERE name = ?1";
        tx.run(sql, values![name.as_str(), step])?;
        return Ok(true);
    }
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let sql = "DELETE FROM web_recovery WHERE name = ?1 AND code_hash = ?2";
    let hash = hashed(&letters.to_uppercase());
    Ok(counts && tx.run(sql, values![name.as_str(), hash])? > 0)
}

/// New recovery codes instead of those there were; each is good once.
fn recovery(tx: &Tx, name: &UserName) -> Result<Vec<String>, Error> {
    tx.run(
        "DELETE FROM web_recovery WHERE name = ?1",
        values![name.as_str()],
    )?;
    let mut codes = Vec::new();
    for _ in 0..RECOVERY {
        // 80 bits: they need no slow hash.
        let code = totp::base32(&bytes(&random_hex::<10>()?)?);
        let sql = "INSERT INTO web_recovery (name, code_hash) VALUES (?1, ?2)";
        tx.run(sql, values![name.as_str(), hashed(&code)])?;
        let parts = [&code[..4], &code[4..8], &code[8..12], &code[12..]];
        codes.push(parts.join("-"));
    }
    Ok(codes)
}

impl Office {
    /// Asks a second factor of every administrator from now on, or of none. One without it may only look until they have it.
    pub fn require_second_factor(&self, now: Timestamp, required: bool) -> Result<(), Error> {
        self.write(|tx| {
            let word = if required { "required" } else { "optional" };
            records::set(tx, SETTING, word)?;
            acts::note(tx, now, None, &Act::new("second_factor", word, ""))
        })
    }

    /// Forgets someone's second factor, for who has lost both telephone and recovery codes; they are signed out.
    pub fn forget_second_factor(&self, now: Timestamp, name: &UserName) -> Result<(), Error> {
        self.write(|tx| {
            if !has_one(tx, name)? {
                let (what, code) = ("second factor of", name.to_string());
                return Err(Error::Unknown { what, code });
            }
            forget(tx, name)?;
            tx.run(
                "DELETE FROM web_sessions WHERE name = ?1",
                values![name.as_str()],
            )?;
            let act = Act::new("second_factor_forgotten", name.as_str(), "");
            acts::note(tx, now, None, &act)
        })
    }

    /// How someone stands with it.
    pub(super) fn second_factor(&self, name: &UserName) -> Result<Standing, Error> {
        self.database().read(|tx| {
            let sql = "SELECT COUNT(*) AS many FROM web_recovery WHERE name = ?1";
            let row = tx.first(sql, values![name.as_str()])?;
            Ok(Standing {
                has_one: has_one(tx, name)?,
                recovery: row.map_or(Ok(0), |row| row.count("many"))?,
            })
        })
    }

    /// A new secret for someone's telephone. It counts once a code of it was typed. Refused if they have one that counts.
    pub(super) fn begin_factor(&self, now: Timestamp, name: &UserName) -> Result<Secret, Error> {
        let hex = random_hex::<SECRET>()?;
        let text = totp::base32(&bytes(&hex)?);
        self.write(|tx| {
            if has_one(tx, name)? {
                let note = "There is a second factor already. Give it up first.";
                return Err(Error::refused(RefusedKind::Body, note));
            }
            let sql = "INSERT INTO web_factors (name, secret, counts, last_step, made_at) VALUES (?1, ?2, 0, 0, ?3)
                       ON CONFLICT (name) DO UPDATE SET secret = excluded.secret, last_step = 0, made_at = excluded.made_at";
            tx.run(sql, values![name.as_str(), hex.as_str(), stamp(now)])?;
            Ok(())
        })?;
        let link = format!(
            "otpauth://totp/Stockhand:{name}?secret={text}&issuer=Stockhand&algorithm=SHA1&digits={}&period={}",
            totp::DIGITS,
            totp::STEP_S
        );
        Ok(Secret { text, link })
    }

    /// A code of the new secret was typed: it counts from now on. The recovery codes, which are shown once.
    pub(super) fn confirm_factor(
        &self,
        now: Timestamp,
        name: &UserName,
        code: &str,
    ) -> Result<Vec<String>, Error> {
        self.write(|tx| {
            if !spend(tx, now, name, code, false)? {
                return Err(wrong());
            }
            let sql = "UPDATE web_factors SET counts = 1 WHERE name = ?1";
            tx.run(sql, values![name.as_str()])?;
            acts::note(
                tx,
                now,
                Some(name),
                &Act::new("second_factor_set", name.as_str(), ""),
            )?;
            recovery(tx, name)
        })
    }

    /// Gives the second factor up; a code shows that it is its owner who does.
    pub(super) fn give_up_factor(
        &self,
        now: Timestamp,
        name: &UserName,
        code: &str,
    ) -> Result<(), Error> {
        let ((), _) = self.database().write(|tx| begin_try(tx, now, name))?;
        self.write(|tx| {
            if !spend(tx, now, name, code, true)? {
                return Err(wrong());
            }
            forget(tx, name)?;
            tx.run(
                "DELETE FROM web_tries WHERE name = ?1",
                values![name.as_str()],
            )?;
            acts::note(
                tx,
                now,
                Some(name),
                &Act::new("second_factor_given_up", name.as_str(), ""),
            )
        })
    }

    /// Whose session waits for a code; none if it waits for none.
    pub(super) fn waits_for_code(&self, token: &str) -> Result<Option<UserName>, Error> {
        let sql = "SELECT name FROM web_sessions WHERE token_hash = ?1 AND waits = 1";
        let row = self
            .database()
            .read(|tx| Ok::<_, Error>(tx.first(sql, values![hashed(token)])?))?;
        Ok(row.map(|row| row.parse("name")).transpose()?)
    }

    /// A code for a session that waits for one. Refused if it is wrong, or while the name is locked: codes are tried as passwords
    /// are.
    pub(super) fn give_code(&self, now: Timestamp, token: &str, code: &str) -> Result<(), Error> {
        let name = self.waits_for_code(token)?.ok_or_else(wrong)?;
        let ((), _) = self.database().write(|tx| begin_try(tx, now, &name))?;
        let (right, _) = self.database().write(|tx| {
            let right = spend(tx, now, &name, code, true)?;
            if right {
                let sql = "UPDATE web_sessions SET waits = 0, seen_at = ?2 WHERE token_hash = ?1";
                tx.run(sql, values![hashed(token), stamp(now)])?;
                tx.run(
                    "DELETE FROM web_tries WHERE name = ?1",
                    values![name.as_str()],
                )?;
            }
            let act = if right { "code_given" } else { "wrong_code" };
            acts::note(tx, now, Some(&name), &Act::new(act, name.as_str(), ""))?;
            Ok::<_, Error>(right)
        })?;
        if right { Ok(()) } else { Err(wrong()) }
    }
}

/// What someone may do now: an administrator who lacks what the house asks for may look.
pub(super) fn role_now(tx: &Tx, name: &UserName, role: Role) -> Result<Role, Error> {
    if role == Role::Administrator && is_required(tx)? && !has_one(tx, name)? {
        return Ok(Role::Viewer);
    }
    Ok(role)
}
