//! Keys of other systems: made, listed, revoked. A key is shown once and kept as a hash.

use super::Area;
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office, enrol, records};
use crate::warehouse::{SafeText, Timestamp, WarehouseCode};

/// What a key may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    scopes: Vec<String>,
    warehouses: Vec<String>,
}

/// A key as people are shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its name.
    pub name: SafeText,
    /// What it may do, parted by spaces.
    pub scopes: SafeText,
    /// Where, parted by spaces; empty: everywhere.
    pub warehouses: SafeText,
    /// When it was made.
    pub made_at: SafeText,
    /// Whether it is good.
    pub is_good: bool,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum NoKey {
    /// A name that would not be read back.
    #[error("a key's name has 1 to 40 letters, digits, - or _")]
    Name,
    /// A key of this name is or was there.
    #[error("there is or was a key {0}; take another name")]
    Taken(String),
    /// Nothing can be done with it.
    #[error(
        "{0:?} is no scope; write *:read, AREA:read with an area such as items, stock or orders, {write} or {metrics}",
        write = Key::WRITE_ORDERS, metrics = Key::READ_METRICS
    )]
    Scope(String),
    /// The office could not.
    #[error(transparent)]
    Office(#[from] Error),
}

impl From<crate::office::database::Error> for NoKey {
    fn from(why: crate::office::database::Error) -> Self {
        Self::Office(why.into())
    }
}

impl Key {
    /// The scope of sending orders.
    pub const WRITE_ORDERS: &'static str = "orders:write";
    /// The scope of reading `/metrics`; *:read does not hold it.
    pub const READ_METRICS: &'static str = "metrics:read";

    /// What whoever has the office's folder may do.
    pub(super) fn of_office() -> Self {
        Self {
            name: String::new(),
            scopes: vec!["*:read".to_owned()],
            warehouses: Vec::new(),
        }
    }

    /// Whether it has this very scope.
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|it| it == scope)
    }

    /// Whether it is for this warehouse.
    pub fn is_for(&self, warehouse: &str) -> bool {
        self.warehouses()
            .is_none_or(|codes| codes.iter().any(|code| code == warehouse))
    }

    /// Whether it may read an area.
    pub fn may_read(&self, area: &Area) -> bool {
        let reads = |scope: &String| {
            scope
                .strip_suffix(":read")
                .is_some_and(|it| it == "*" || it == area.name)
        };
        self.scopes.iter().any(reads)
    }

    /// Its warehouses; none: all of them.
    pub(super) fn warehouses(&self) -> Option<&[String]> {
        (!self.warehouses.is_empty()).then_some(&self.warehouses)
    }
}

fn check(name: &str, scopes: &[String]) -> Result<(), NoKey> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !(1..=40).contains(&name.len()) || !name.chars().all(plain) {
        return Err(NoKey::Name);
    }
    let known = |scope: &str| {
        let reads = scope.strip_suffix(":read");
        [Key::WRITE_ORDERS, Key::READ_METRICS].contains(&scope)
            || reads.is_some_and(|it| it == "*" || Area::named(it).is_some())
    };
    match scopes.iter().find(|scope| !known(scope)) {
        Some(scope) => Err(NoKey::Scope(scope.clone())),
        None if scopes.is_empty() => Err(NoKey::Scope(String::new())),
        None => Ok(()),
    }
}

fn words(row: &Row, name: &'static str) -> Result<Vec<String>, Error> {
    Ok(row
        .text(name)?
        .split_whitespace()
        .map(str::to_owned)
        .collect())
}

fn taken(tx: &Tx, name: &str) -> Result<bool, Error> {
    let row = tx.first("SELECT name FROM api_keys WHERE name = ?1", values![name])?;
    Ok(row.is_some())
}

impl Office {
    /// Makes a key that may do this in these warehouses, or in all if none is named. The answer is the only place where it is ever shown.
    pub fn make_key(
        &self,
        now: Timestamp,
        name: &str,
        scopes: &[String],
        warehouses: &[WarehouseCode],
    ) -> Result<String, NoKey> {
        check(name, scopes)?;
        let codes: Vec<&str> = warehouses.iter().map(WarehouseCode::as_str).collect();
        let key = format!("stockhand_{}", enrol::random_hex::<32>()?);
        let is_taken = self.write(|tx| {
            let known = records::warehouses(tx)?;
            if let Some(code) = codes.iter().find(|code| !known.iter().any(|it| it == *code)) {
                return Err(Error::Unknown { what: "warehouse", code: (*code).to_owned() });
            }
            if taken(tx, name)? {
                return Ok(true);
            }
            let sql = "INSERT INTO api_keys (name, hash, scopes, warehouses, made_at, state) VALUES (?1, ?2, ?3, ?4, ?5, 'good')";
            tx.run(sql, values![name, enrol::hashed(&key), scopes.join(" "), codes.join(" "), now.to_rfc3339()])?;
            Ok(false)
        })?;
        if is_taken {
            Err(NoKey::Taken(name.to_owned()))
        } else {
            Ok(key)
        }
    }

    /// All keys, revoked ones too.
    pub fn keys(&self) -> Result<Vec<KeyRecord>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT name, scopes, warehouses, made_at, state FROM api_keys ORDER BY name";
            let read = |row: &Row| {
                let text = |name| row.text(name).map(SafeText::new);
                Ok(KeyRecord {
                    name: text("name")?,
                    scopes: text("scopes")?,
                    warehouses: text("warehouses")?,
                    made_at: text("made_at")?,
                    is_good: row.text("state")? == "good",
                })
            };
            tx.rows(sql, &[])?.iter().map(read).collect()
        })
    }

    /// From now on a key opens nothing. Error: there is no such good key.
    pub fn revoke_key(&self, name: &str) -> Result<(), Error> {
        self.write(|tx| {
            match tx.run(
                "UPDATE api_keys SET state = 'revoked' WHERE name = ?1 AND state = 'good'",
                values![name],
            )? {
                0 => Err(Error::Unknown {
                    what: "good key",
                    code: name.to_owned(),
                }),
                _ => Ok(()),
            }
        })
    }

    /// Whose key this is; nobody's, or a revoked one, is none.
    pub fn key_of(&self, key: &str) -> Result<Option<Key>, Error> {
        self.database().read(|tx| {
            let sql =
                "SELECT name, scopes, warehouses FROM api_keys WHERE hash = ?1 AND state = 'good'";
            let Some(row) = tx.first(sql, values![enrol::hashed(key)])? else {
                return Ok(None);
            };
            let (scopes, warehouses) = (words(&row, "scopes")?, words(&row, "warehouses")?);
            Ok(Some(Key {
                name: row.text("name")?.to_owned(),
                scopes,
                warehouses,
            }))
        })
    }
}
