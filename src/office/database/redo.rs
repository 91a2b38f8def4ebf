//! What a transaction on a file did, kept in the same transaction: its statements with their values, to be done again.

use super::{Error, On, STEPS, Tx, Value, values};
use crate::sqlite::{self, Durability};
use crate::warehouse::Timestamp;
use chrono::Utc;
use rusqlite::{Connection, TransactionBehavior};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::path::Path;

/// The statements of a transaction under way, in their order.
#[derive(Default)]
pub(super) struct Did(RefCell<Vec<Json>>);

impl Did {
    /// Notes a statement that was done. What only looks is not noted.
    pub fn note(&self, sql: &str, values: &[Value]) {
        let word = sql.split_whitespace().next().unwrap_or("");
        if ["SELECT", "PRAGMA"].contains(&word) {
            return;
        }
        debug_assert!(WRITES.contains(&word), "{word} would not be done again");
        let value = |value: &Value| match value {
            Value::Null => Json::Null,
            Value::Int(number) => json!(number),
            Value::Text(text) => json!(text),
        };
        let said = [json!(sql)].into_iter().chain(values.iter().map(value));
        self.0.borrow_mut().push(said.collect());
    }

    /// Puts all of it into the database, as part of the very transaction.
    pub fn keep(self, connection: &Connection) -> Result<(), Error> {
        let did = self.0.into_inner();
        if did.is_empty() {
            return Ok(());
        }
        let quiet = Tx(On::File(connection, None));
        let seq = quiet.next("", NUMBER)?;
        let said =
            json!({ "seq": seq, "at": Utc::now().to_rfc3339(), "schema": STEPS.len(), "did": did });
        let sql = "INSERT INTO changes (seq, said) VALUES (?1, ?2)";
        quiet.run(sql, values![seq, said.to_string()])?;
        Ok(())
    }
}

/// How statements begin that are done again.
const WRITES: [&str; 6] = [
    "INSERT",
    "UPDATE",
    "DELETE",
    "SAVEPOINT",
    "ROLLBACK",
    "RELEASE",
];
/// Under this name the number of the last change is kept.
const NUMBER: &str = "change";

/// Whether transactions keep what they did.
pub(super) fn is_kept(connection: &Connection) -> Result<bool, Error> {
    let quiet = Tx(On::File(connection, None));
    let sql = "SELECT value FROM settings WHERE name = 'changes'";
    Ok(quiet.first(sql, &[])?.is_some())
}

/// What came of a change that was to be done again.
pub enum Redone {
    /// It was done now, and first at this time.
    Done(Timestamp),
    /// The copy has it already.
    Known,
    /// It came after the moment that is wanted.
    Later,
    /// Changes before it are missing.
    Gap {
        /// The last one that is known.
        after: u64,
        /// The number of this one.
        found: u64,
    },
    /// Its schema is not known here.
    Newer,
    /// It cannot be read, or not be done.
    Damaged,
}

/// A copy in which changes are done again.
pub struct Redo {
    file: Connection,
}

impl Redo {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = sqlite::open(path, Durability::Checkpoints)?;
        Ok(Self { file })
    }

    /// Does the next change again: all of it or nothing.
    pub fn again(&mut self, line: &str, until: Option<Timestamp>) -> Result<Redone, Error> {
        let Some(change) = Change::read(line) else {
            return Ok(Redone::Damaged);
        };
        let quiet = Tx(On::File(&self.file, None));
        let sql = "SELECT value FROM counters WHERE warehouse = '' AND name = ?1";
        let row = quiet.first(sql, values![NUMBER])?;
        let after = row.map_or(Ok(0), |row| row.count("value"))?;
        if change.seq <= after {
            return Ok(Redone::Known);
        }
        if until.is_some_and(|until| change.at > until) {
            return Ok(Redone::Later);
        }
        if change.seq > after + 1 {
            let found = change.seq;
            return Ok(Redone::Gap { after, found });
        }
        if change.schema > STEPS.len() {
            return Ok(Redone::Newer);
        }
        sqlite::migrate(&mut self.file, &STEPS[..change.schema])?;
        let tx = self
            .file
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let did = Tx(On::File(&tx, None));
        if change.did.iter().any(|said| do_again(&did, said).is_none()) {
            return Ok(Redone::Damaged);
        }
        did.next("", NUMBER)?;
        tx.commit()?;
        Ok(Redone::Done(change.at))
    }
}

struct Change {
    seq: u64,
    at: Timestamp,
    schema: usize,
    did: Vec<Vec<Json>>,
}

impl Change {
    fn read(line: &str) -> Option<Self> {
        let mut change: Json = serde_json::from_str(line).ok()?;
        Some(Self {
            seq: change["seq"].as_u64()?,
            at: change["at"].as_str()?.parse().ok()?,
            schema: usize::try_from(change["schema"].as_u64()?).ok()?,
            did: serde_json::from_value(change["did"].take()).ok()?,
        })
    }
}

/// None: it could not be done.
fn do_again(tx: &Tx, said: &[Json]) -> Option<()> {
    let (sql, values) = said.split_first()?;
    let word = sql.as_str()?.split_whitespace().next()?;
    if !WRITES.contains(&word) {
        return None;
    }
    let value = |value: &Json| match value {
        Json::Null => Some(Value::Null),
        Json::Number(number) => number.as_i64().map(Value::Int),
        Json::String(text) => Some(Value::Text(text.clone())),
        _ => None,
    };
    let values: Vec<Value> = values.iter().map(value).collect::<Option<_>>()?;
    // One that answers with rows is done whole only when all of them were fetched.
    tx.rows(sql.as_str()?, &values).ok().map(|_| ())
}
