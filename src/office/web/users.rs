//! Who may sign in at the web page: names, roles and password verifiers. The passwords themselves are kept nowhere.

use super::acts::{self, Act};
use super::factor;
use crate::office::database::{Tx, values};
use crate::office::{Error, Office, pin};
use crate::sync::RefusedKind;
use crate::warehouse::Timestamp;
use std::fmt;
use std::str::FromStr;

/// Fewest and most characters of a password.
const PASSWORD: std::ops::RangeInclusive<usize> = 12..=128;
/// Most characters of a name.
const NAME_MAX: usize = 32;

/// What someone may do. Each may do what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Look.
    Viewer,
    /// Decide what the floor asks.
    Manager,
    /// Take handhelds in and strike them off, and see who did what.
    Administrator,
}

impl Role {
    /// Its name in the database and on pages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }
}

impl FromStr for Role {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Viewer, Self::Manager, Self::Administrator];
        let named = all.into_iter().find(|role| role.name() == text);
        named.ok_or("a role is viewer, manager or administrator")
    }
}

/// A user's name: 1 to 32 lower-case letters, digits, dots, hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserName(String);

impl UserName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_".contains(&c);
        if (1..=NAME_MAX).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a name has 1 to 32 lower-case letters, digits, dots, hyphens and underscores")
        }
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The verifier of a password that is long enough.
fn verifier(password: &str) -> Result<String, Error> {
    if !PASSWORD.contains(&password.chars().count()) {
        let note = "A password has 12 to 128 characters.";
        return Err(Error::refused(RefusedKind::Body, note));
    }
    let failed = |why| Error::refused(RefusedKind::Trouble, format!("no verifier: {why}"));
    pin::hashed(password).map_err(failed)
}

fn unknown(name: &UserName) -> Error {
    Error::Unknown {
        what: "user",
        code: name.to_string(),
    }
}

impl Office {
    /// Lets someone sign in. Error: the name is taken, or the password has not 12 to 128 characters.
    pub fn add_user(
        &self,
        now: Timestamp,
        name: &UserName,
        role: Role,
        password: &str,
    ) -> Result<(), Error> {
        let verifier = verifier(password)?;
        self.write(|tx| {
            let sql =
                "INSERT INTO web_users (name, password, role, made_at) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (name) DO NOTHING";
            let (code, role) = (name.as_str(), role.name());
            if tx.run(sql, values![code, verifier, role, now.to_rfc3339()])? == 0 {
                let note = format!("There is a user {name} already.");
                return Err(Error::refused(RefusedKind::Body, note));
            }
            acts::note(tx, now, None, &Act::new("user_added", code, role))
        })
    }

    /// Who may sign in, by name.
    pub fn users(&self) -> Result<Vec<(UserName, Role)>, Error> {
        self.database().read(|tx| {
            let rows = tx.rows("SELECT name, role FROM web_users ORDER BY name", &[])?;
            let read =
                |row: &crate::office::database::Row| Ok((row.parse("name")?, row.parse("role")?));
            rows.iter().map(read).collect()
        })
    }

    /// Gives someone another password, signs them out everywhere and ends a lock-out.
    pub fn set_password(
        &self,
        now: Timestamp,
        name: &UserName,
        password: &str,
    ) -> Result<(), Error> {
        let verifier = verifier(password)?;
        self.write(|tx| {
            let sql = "UPDATE web_users SET password = ?2 WHERE name = ?1";
            if tx.run(sql, values![name.as_str(), verifier])? == 0 {
                return Err(unknown(name));
            }
            forget(tx, name)?;
            acts::note(tx, now, None, &Act::new("password_set", name.as_str(), ""))
        })
    }

    /// Lets someone sign in no more; they are signed out at once.
    pub fn remove_user(&self, now: Timestamp, name: &UserName) -> Result<(), Error> {
        self.write(|tx| {
            forget(tx, name)?;
            factor::forget(tx, name)?;
            let sql = "DELETE FROM web_users WHERE name = ?1";
            if tx.run(sql, values![name.as_str()])? == 0 {
                return Err(unknown(name));
            }
            acts::note(tx, now, None, &Act::new("user_removed", name.as_str(), ""))
        })
    }
}

/// Ends someone's sessions, and what is held against their name.
fn forget(tx: &Tx, name: &UserName) -> Result<(), Error> {
    for table in ["web_sessions", "web_tries"] {
        let sql = format!("DELETE FROM {table} WHERE name = ?1");
        tx.run(&sql, values![name.as_str()])?;
    }
    Ok(())
}
