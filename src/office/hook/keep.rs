//! Hooks as people keep them: added, listed, removed, and told to send again.

use super::event::{self, EVENTS};
use super::{NoAddress, address, lane, sign};
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office, records};
use crate::warehouse::{SafeText, Timestamp, WarehouseCode};

/// Most hooks of an office.
const MOST: usize = 32;

/// What a hook is to be.
#[derive(Clone, Debug, Default)]
pub struct NewHook {
    /// Where events go.
    pub url: String,
    /// Which: names of [`EVENTS`].
    pub kinds: Vec<String>,
    /// Of which warehouses; none: all.
    pub warehouses: Vec<WarehouseCode>,
    /// Whether the address may be a private one.
    pub goes_inside: bool,
}

/// A hook, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookRecord {
    /// Its number.
    pub id: u64,
    /// Where events go.
    pub url: SafeText,
    /// Which events.
    pub kinds: Vec<SafeText>,
    /// Of which warehouses; none: all.
    pub warehouses: Vec<SafeText>,
    /// How far it is in each warehouse.
    pub lanes: Vec<LaneRecord>,
}

/// How far a hook is in a warehouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneRecord {
    /// The warehouse.
    pub warehouse: SafeText,
    /// All events up to this number were taken, or were of other kinds.
    pub seq: u64,
    /// The number of the warehouse's newest event.
    pub head: u64,
    /// Whether it was given up.
    pub is_dead: bool,
    /// How often the next event was not taken.
    pub failed: u64,
    /// Why not.
    pub why: SafeText,
    /// When it is tried again, if it failed.
    pub retry_at: Option<Timestamp>,
}

/// From where events are sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// From where the hook stands, at once, even if it was given up.
    Here,
    /// What was written at this moment or later.
    Moment(Timestamp),
    /// This event and those after it in its warehouse.
    Event(WarehouseCode, u64),
}

/// Why there is no such hook.
#[derive(Debug, thiserror::Error)]
pub enum NoHook {
    /// Events cannot go there.
    #[error(transparent)]
    Address(#[from] NoAddress),
    /// There is no such event.
    #[error("there is no event {0:?}; take {all}", all = names())]
    Event(String),
    /// There are enough.
    #[error("there are {MOST} hooks; remove one first")]
    TooMany,
    /// The office could not.
    #[error(transparent)]
    Office(#[from] Error),
}

impl std::convert::From<crate::office::database::Error> for NoHook {
    fn from(why: crate::office::database::Error) -> Self {
        Self::Office(why.into())
    }
}

fn names() -> String {
    let names: Vec<&str> = EVENTS.iter().map(|kind| kind.name).collect();
    names.join(", ")
}

/// A hook as it is sent on.
pub(super) struct Hook {
    pub id: u64,
    pub url: String,
    pub secret: String,
    pub kinds: Vec<String>,
    pub warehouses: Vec<String>,
    pub goes_inside: bool,
}

impl Hook {
    fn read(row: &Row) -> Result<Self, Error> {
        let parts = |name| {
            let text: &str = row.text(name)?;
            Ok::<_, Error>(text.lines().map(str::to_owned).collect())
        };
        Ok(Self {
            id: row.count("id")?,
            url: row.text("url")?.to_owned(),
            secret: row.text("secret")?.to_owned(),
            kinds: parts("kinds")?,
            warehouses: parts("warehouses")?,
            goes_inside: row.flag("goes_inside")?,
        })
    }

    /// The warehouses of which it tells, those added since among them.
    pub fn places(&self, tx: &Tx) -> Result<Vec<String>, Error> {
        let mut all = records::warehouses(tx)?;
        all.retain(|code| self.warehouses.is_empty() || self.warehouses.contains(code));
        Ok(all)
    }
}

/// All hooks.
pub(super) fn all(tx: &Tx) -> Result<Vec<Hook>, Error> {
    let sql = "SELECT id, url, secret, kinds, warehouses, goes_inside FROM hooks ORDER BY id";
    tx.rows(sql, &[])?.iter().map(Hook::read).collect()
}

/// A hook by its number.
pub(super) fn hook(tx: &Tx, id: u64) -> Result<Hook, Error> {
    let found = all(tx)?.into_iter().find(|hook| hook.id == id);
    found.ok_or_else(|| Error::Unknown {
        what: "hook",
        code: id.to_string(),
    })
}

impl Office {
    /// Tells an address of all that happens from now on. Answers with the hook's number and its secret, which is never shown again.
    pub fn add_hook(&self, now: Timestamp, new: &NewHook) -> Result<(u64, String), NoHook> {
        let url = address::read(&new.url)?;
        // A name is looked up when something is sent; an address that is not allowed never will be.
        address::literal(&url).map_or(Ok(()), |_| {
            address::look_up(&url, new.goes_inside).map(|_| ())
        })?;
        let known = |name: &str| EVENTS.iter().any(|kind| kind.name == name);
        let unknown = |name: &String| NoHook::Event(SafeText::new(name).as_str().to_owned());
        if let Some(name) = new.kinds.iter().find(|name| !known(name)) {
            return Err(unknown(name));
        }
        if new.kinds.is_empty() {
            return Err(NoHook::Event(String::new()));
        }
        let secret = sign::new_secret()?;
        let codes: Vec<&str> = new.warehouses.iter().map(WarehouseCode::as_str).collect();
        let added = self.write(|tx| {
            if all(tx)?.len() >= MOST {
                return Ok(None);
            }
            let there = records::warehouses(tx)?;
            if let Some(code) = codes
                .iter()
                .find(|code| !there.iter().any(|it| it == *code))
            {
                let code = (*code).to_owned();
                return Err(Error::Unknown {
                    what: "warehouse",
                    code,
                });
            }
            let id = u64::try_from(tx.next("", "hook")?).expect("it counts up from 1");
            let sql = "INSERT INTO hooks (id, url, secret, kinds, warehouses, goes_inside, made_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let (kinds, codes) = (new.kinds.join("\n"), codes.join("\n"));
            let made = now.to_rfc3339();
            tx.run(
                sql,
                values![
                    id,
                    url.as_str(),
                    &secret,
                    kinds,
                    codes,
                    new.goes_inside,
                    made
                ],
            )?;
            for code in hook(tx, id)?.places(tx)? {
                lane::begin(tx, id, &code, event::head(tx, &code)?)?;
            }
            Ok(Some(id))
        })?;
        Ok((added.ok_or(NoHook::TooMany)?, secret))
    }

    /// All hooks and how far they are, without their secrets.
    pub fn hooks(&self) -> Result<Vec<HookRecord>, Error> {
        self.database().read(|tx| {
            let hooks = all(tx)?;
            hooks.iter().map(|hook| record(tx, hook)).collect()
        })
    }

    /// Sends nothing to an address any more. Error: there is no such hook.
    pub fn remove_hook(&self, id: u64) -> Result<(), Error> {
        self.write(|tx| {
            hook(tx, id)?;
            tx.run("DELETE FROM hook_lanes WHERE hook = ?1", values![id])?;
            tx.run("DELETE FROM hooks WHERE id = ?1", values![id])?;
            Ok(())
        })
    }

    /// Sends again from there on, each event under the id it had. Says how many events of whatever kind that are.
    /// Error: there is no such hook, or no such event any more.
    pub fn replay_hook(&self, id: u64, from: &From) -> Result<u64, Error> {
        self.write(|tx| {
            let mut events = 0;
            for code in hook(tx, id)?.places(tx)? {
                let Some(seq) = start(tx, id, &code, from)? else {
                    continue;
                };
                lane::begin(tx, id, &code, seq)?;
                events += event::head(tx, &code)?.saturating_sub(seq);
            }
            match from {
                From::Event(warehouse, number) if events == 0 => Err(Error::Unknown {
                    what: "event of this hook",
                    code: format!("{warehouse}/{number}"),
                }),
                _ => Ok(events),
            }
        })
    }
}

/// After which event of a warehouse a hook begins again.
fn start(tx: &Tx, hook: u64, warehouse: &str, from: &From) -> Result<Option<u64>, Error> {
    let (sql, wanted) = match from {
        From::Here => return Ok(Some(lane::find(tx, hook, warehouse)?.seq)),
        From::Moment(moment) => {
            let sql = "SELECT MIN(seq) AS seq FROM events WHERE warehouse = ?1 AND at >= ?2";
            (sql, values![warehouse, moment.to_rfc3339()].to_vec())
        }
        From::Event(code, _) if code.as_str() != warehouse => return Ok(None),
        From::Event(_, number) => {
            let sql = "SELECT seq FROM events WHERE warehouse = ?1 AND seq = ?2";
            (sql, values![warehouse, *number].to_vec())
        }
    };
    let row = tx.first(sql, &wanted)?;
    let first = row
        .and_then(|row| row.maybe_int("seq"))
        .and_then(|seq| u64::try_from(seq).ok());
    match (first, from) {
        (Some(first), _) => Ok(Some(first.saturating_sub(1))),
        (None, From::Event(..)) => Ok(None),
        (None, _) => event::head(tx, warehouse).map(Some),
    }
}

fn record(tx: &Tx, hook: &Hook) -> Result<HookRecord, Error> {
    let sql = "SELECT seq, state, failed, why, retry_at FROM hook_lanes WHERE hook = ?1 AND warehouse = ?2";
    let lane = |warehouse: &String| {
        let row = tx.first(sql, values![hook.id, warehouse])?;
        let count = |name| row.as_ref().map_or(Ok(0), |row| row.count(name));
        let text = |name| row.as_ref().and_then(|row| row.maybe(name)).unwrap_or("");
        Ok(LaneRecord {
            warehouse: SafeText::new(warehouse),
            seq: count("seq")?,
            head: event::head(tx, warehouse)?,
            is_dead: text("state") == "dead",
            failed: count("failed")?,
            why: SafeText::new(text("why")),
            retry_at: text("retry_at").parse().ok(),
        })
    };
    let lanes: Result<_, Error> = hook.places(tx)?.iter().map(lane).collect();
    let shown = |texts: &[String]| texts.iter().map(|text| SafeText::new(text)).collect();
    Ok(HookRecord {
        id: hook.id,
        url: SafeText::new(&hook.url),
        kinds: shown(&hook.kinds),
        warehouses: shown(&hook.warehouses),
        lanes: lanes?,
    })
}
