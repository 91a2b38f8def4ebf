//! What happened, as events that partners understand: EPCIS 2.0 in JSON-LD. Facts go out as events, what was taken back with
//! an error declaration; a partner's document comes in as a notice, or is refused in words.

mod check;
mod event;
mod names;
mod vocabulary;

pub use check::{Notice, Refused, read};

use super::database::{Row, Tx, values};
use super::{Error, Office, records};
use crate::sync::RefusedKind;
use crate::warehouse::{Entry, Fact, Gtin, SafeText, Sscc, Timestamp, WarehouseCode};
use event::About;
use names::Names;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Where the meaning of the words stands (EPCIS 2.0 §10.1).
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// Which events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this warehouse only.
    pub warehouse: Option<WarehouseCode>,
    /// Recorded at the office at this moment or later.
    pub since: Option<Timestamp>,
    /// And before this one.
    pub before: Option<Timestamp>,
    /// No more than so many facts are looked at; all if none.
    pub most: Option<u32>,
}

/// Events, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// Each as JSON-LD.
    pub events: Vec<Value>,
    /// Items without a GTIN: what was done with them could not be told.
    pub unnamed: BTreeSet<String>,
}

impl Office {
    /// Tells a warehouse's GLN: 13 digits, the last of them right.
    pub fn set_gln(&self, warehouse: &WarehouseCode, gln: &str) -> Result<(), Error> {
        let is_one = gln.len() == 13 && gln.parse::<Gtin>().is_ok();
        if !is_one {
            let note = "A GLN has 13 digits, and its check digit is right.";
            return Err(Error::refused(RefusedKind::Body, note));
        }
        self.write(|tx| records::set(tx, &names::setting(warehouse.as_str()), gln))
    }

    /// What happened, as events.
    pub fn epcis_events(&self, wanted: &Wanted) -> Result<Events, Error> {
        self.database().read_at_length(|tx| events(tx, wanted))
    }
}

/// The events as one document (EPCIS 2.0 §9.2).
pub fn document(now: Timestamp, events: &[Value]) -> Value {
    json!({
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": said(now),
        "epcisBody": { "eventList": events },
    })
}

/// The events as the answer to a query (EPCIS 2.0 §12.6).
pub fn answer(now: Timestamp, events: &[Value]) -> Value {
    json!({
        "@context": [CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": said(now),
        "epcisBody": {
            "queryResults": {
                "queryName": "SimpleEventQuery",
                "resultsBody": { "eventList": events },
            },
        },
    })
}

fn said(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// A name that is the same whenever the same thing is named: RFC 9562 §5.8, from a hash.
fn uuid(of: &str) -> String {
    let hash = Sha256::digest(of.as_bytes());
    let hex: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "urn:uuid:{}-{}-8{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}

fn events(tx: &Tx, wanted: &Wanted) -> Result<Events, Error> {
    let mut found = Events::default();
    let mut names = Names::new(tx);
    let here = wanted.warehouse.as_ref().map_or("", WarehouseCode::as_str);
    let bound = |at: Option<Timestamp>| at.map(|at| at.to_rfc3339()).unwrap_or_default();
    let (since, before) = (bound(wanted.since), bound(wanted.before));
    let most = wanted.most.map_or(i64::MAX, i64::from);
    let sql = "SELECT j.device, j.epoch, j.seq, j.line, d.warehouse FROM journal j JOIN devices d ON d.device = j.device
               WHERE j.posted = 1 AND (?1 = '' OR d.warehouse = ?1) AND (?2 = '' OR j.received_at >= ?2)
                   AND (?3 = '' OR j.received_at < ?3)
               ORDER BY j.received_at, j.device, j.epoch, j.seq LIMIT ?4";
    tx.each(sql, values![here, since, before, most], |row| {
        let Ok(entry) = serde_json::from_str::<Entry>(row.text("line")?) else {
            return Ok(());
        };
        let (event, unnamed) = one(tx, &mut names, &row, &entry)?;
        found.unnamed.extend(unnamed);
        found.events.extend(event);
        Ok::<(), Error>(())
    })?;
    Ok(found)
}

fn one(
    tx: &Tx,
    names: &mut Names,
    row: &Row,
    entry: &Entry,
) -> Result<(Option<Value>, Vec<String>), Error> {
    let (device, epoch) = (row.text("device")?, row.int("epoch")?);
    let (mut fact, mut at, mut seq) = (&entry.fact, entry.at, entry.seq);
    // What was taken back is told again as it was, with the declaration that it was not so (EPCIS 2.0 §7.4.1.4).
    if let Fact::Undone { seq: before, what } = &entry.fact {
        let sql = "SELECT line FROM journal WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
        let before_it = tx.first(sql, values![device, epoch, *before])?;
        let line = before_it.as_ref().map(|row| row.text("line")).transpose()?;
        let was = line.and_then(|line| serde_json::from_str::<Entry>(line).ok());
        (fact, seq) = (what, *before);
        at = was.map_or(at, |was| was.at);
    }
    let id = format!("{device}/{epoch}/{seq}");
    let warehouse = row.text("warehouse")?;
    let about = About {
        warehouse,
        aboard: aboard(tx, warehouse, fact)?,
        id,
    };
    let (event, unnamed) = event::of(names, &about, fact)?;
    let Some(fields) = event else {
        return Ok((None, unnamed));
    };
    let mut event = Map::new();
    event.insert("eventID".to_owned(), json!(uuid(&about.id)));
    event.insert("eventTime".to_owned(), json!(said(at)));
    event.insert("eventTimeZoneOffset".to_owned(), json!("+00:00"));
    event.extend(fields);
    if let Fact::Undone { .. } = entry.fact {
        let declared = json!({ "declarationTime": said(entry.at), "reason": "did_not_occur" });
        event.insert("errorDeclaration".to_owned(), declared);
    }
    Ok((Some(Value::Object(event)), unnamed))
}

/// The cartons that went with a truck that was closed.
fn aboard(tx: &Tx, warehouse: &str, fact: &Fact) -> Result<Vec<Sscc>, Error> {
    let Fact::TruckClosed { shipment, .. } = fact else {
        return Ok(Vec::new());
    };
    let sql = "SELECT DISTINCT target_plate FROM moves WHERE warehouse = ?1 AND target_place = ?2 AND target_plate <> ''
               ORDER BY target_plate";
    let rows = tx.rows(sql, values![warehouse, format!("truck:{shipment}")])?;
    Ok(rows
        .iter()
        .map(|row| row.parse("target_plate"))
        .collect::<Result<_, _>>()?)
}

impl Office {
    /// Takes a partner's document in: each event of it is a notice that people can read. All of it or nothing; refused with
    /// every reason.
    pub fn take_notice(&self, now: Timestamp, text: &str) -> Result<Vec<Notice>, Vec<Refused>> {
        let notices = read(now, text)?;
        let keep = |tx: &Tx| {
            for it in &notices {
                let sql = "INSERT INTO epcis_notices (event, at, event_at, said, text) VALUES (?1, ?2, ?3, ?4, ?5)
                           ON CONFLICT (event) DO NOTHING";
                let (at, when) = (now.to_rfc3339(), it.at.to_rfc3339());
                tx.run(
                    sql,
                    values![
                        it.id.as_str(),
                        at,
                        when,
                        it.said.as_str(),
                        it.event.to_string()
                    ],
                )?;
            }
            Ok::<(), Error>(())
        };
        match self.write(keep) {
            Ok(()) => Ok(notices),
            Err(why) => Err(vec![Refused {
                event: 0,
                why: SafeText::new(&why.to_string()),
            }]),
        }
    }

    /// Notices of partners, newest first, no more than so many.
    pub fn notices(&self, most: u32) -> Result<Vec<Notice>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT event, event_at, said, text FROM epcis_notices ORDER BY at DESC, event LIMIT ?1";
            let read = |row: &Row| {
                Ok(Notice {
                    id: SafeText::new(row.text("event")?),
                    at: row.parse("event_at")?,
                    said: SafeText::new(row.text("said")?),
                    event: row.json("text")?,
                })
            };
            tx.rows(sql, values![most])?.iter().map(read).collect()
        })
    }
}
