//! Events: what other systems are told of. Written where it happens, read when it is sent.

use crate::office::Error;
use crate::office::database::{Row, Tx, values};
use crate::office::open::{Field, Kind};
use crate::warehouse::{SafeText, Timestamp};
use chrono::Utc;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// For so many days an event can be sent again.
const KEPT_DAYS: i64 = 30;
/// Facts of one event, at most.
const FACTS: u64 = 50;

/// A kind of event.
#[derive(Clone, Copy, Debug)]
pub struct EventKind {
    /// Its name, as `type` says it.
    pub name: &'static str,
    /// What happened, in a sentence.
    pub about: &'static str,
    /// What its `data` says beside `warehouse` and `seq`. `facts.arrived` also has the list `facts`.
    pub fields: &'static [Field],
}

const ARRIVED: &str = "facts.arrived";
const CHANGED: &str = "order.changed";
const OPENED: &str = "exception.opened";

/// All kinds.
pub const EVENTS: &[EventKind] = &[
    EventKind {
        name: ARRIVED,
        about: "Rows of a handheld's journal came in; facts holds them in their order, 50 at most.",
        fields: &[
            Field("device", Kind::Text),
            Field("epoch", Kind::Int),
            Field("first", Kind::Int),
            Field("last", Kind::Int),
        ],
    },
    EventKind {
        name: CHANGED,
        about: "An order came in or was sent again (state open), or reached another state.",
        fields: &[
            Field("order", Kind::Text),
            Field("state", Kind::Text),
            Field("was", Kind::Maybe),
        ],
    },
    EventKind {
        name: OPENED,
        about: "Something did not square: a person has to decide.",
        fields: &[
            Field("id", Kind::Int),
            Field("kind", Kind::Text),
            Field("note", Kind::Text),
            Field("device", Kind::Maybe),
            Field("task", Kind::Maybe),
        ],
    },
];

/// Rows `first` to `last` of a journal came in.
pub(in crate::office) fn facts_arrived(
    tx: &Tx,
    warehouse: &str,
    device: &str,
    epoch: u32,
    (mut first, last): (u64, u64),
) -> Result<(), Error> {
    while first <= last {
        let end = last.min(first + FACTS - 1);
        let said = json!({ "device": device, "epoch": epoch, "first": first, "last": end });
        tell(tx, warehouse, ARRIVED, &said)?;
        first = end + 1;
    }
    Ok(())
}

/// An order reached a state; `was`: the one before, none if it is new.
pub(in crate::office) fn order_changed(
    tx: &Tx,
    warehouse: &str,
    order: &str,
    was: Option<&str>,
    state: &str,
) -> Result<(), Error> {
    let said = json!({ "order": order, "state": state, "was": was });
    tell(tx, warehouse, CHANGED, &said)
}

/// An exception was opened, on this device and in this task; `''` for none.
pub(in crate::office) fn exception_opened(
    tx: &Tx,
    warehouse: &str,
    id: i64,
    [kind, note, device, task]: [&str; 4],
) -> Result<(), Error> {
    let maybe = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let note = SafeText::new(note);
    let said = json!({
        "id": id, "kind": kind, "note": note.as_str(), "device": maybe(device), "task": maybe(task),
    });
    tell(tx, warehouse, OPENED, &said)
}

fn tell(tx: &Tx, warehouse: &str, kind: &str, said: &Value) -> Result<(), Error> {
    let seq = tx.next(warehouse, "event")?;
    let sql = "INSERT INTO events (warehouse, seq, at, kind, said) VALUES (?1, ?2, ?3, ?4, ?5)";
    let (at, said) = (Utc::now().to_rfc3339(), said.to_string());
    tx.run(sql, values![warehouse, seq, at, kind, said])?;
    Ok(())
}

/// Lets go of events that nobody can ask for any more.
pub(in crate::office) fn forget(tx: &Tx, now: Timestamp, warehouse: &str) -> Result<(), Error> {
    let oldest = now - chrono::Duration::days(KEPT_DAYS);
    let sql = "DELETE FROM events WHERE warehouse = ?1 AND at < ?2";
    tx.run(sql, values![warehouse, oldest.to_rfc3339()])?;
    Ok(())
}

/// Events that come from here on are of another life of the office.
pub(in crate::office) fn begin_life(tx: &Tx, life: &str) -> Result<(), Error> {
    // Warehouses that are not here yet begin with the life that was begun last; it stands under ''.
    let last = life_of(tx, "", 1)?.unwrap_or_default();
    for warehouse in crate::office::records::warehouses(tx)? {
        if life_of(tx, &warehouse, i64::MAX as u64)?.is_none() {
            put_life(tx, &warehouse, 0, &last)?;
        }
        put_life(tx, &warehouse, head(tx, &warehouse)?, life)?;
    }
    put_life(tx, "", 0, life)
}

fn put_life(tx: &Tx, warehouse: &str, after: u64, life: &str) -> Result<(), Error> {
    let sql = "INSERT INTO event_lives (warehouse, after_seq, life) VALUES (?1, ?2, ?3)
               ON CONFLICT (warehouse, after_seq) DO UPDATE SET life = excluded.life";
    tx.run(sql, values![warehouse, after, life])?;
    Ok(())
}

fn life_of(tx: &Tx, warehouse: &str, seq: u64) -> Result<Option<String>, Error> {
    let sql = "SELECT life FROM event_lives WHERE warehouse = ?1 AND after_seq < ?2 ORDER BY after_seq DESC LIMIT 1";
    let row = tx.first(sql, values![warehouse, seq])?;
    Ok(row
        .map(|row| row.text("life").map(str::to_owned))
        .transpose()?)
}

/// The number of a warehouse's newest event.
pub(super) fn head(tx: &Tx, warehouse: &str) -> Result<u64, Error> {
    let sql = "SELECT value FROM counters WHERE warehouse = ?1 AND name = 'event'";
    let row = tx.first(sql, values![warehouse])?;
    Ok(row.map_or(Ok(0), |row| row.count("value"))?)
}

/// An event as it is sent.
pub(super) struct Letter {
    pub seq: u64,
    /// One name for ever, in whatever attempt.
    pub id: String,
    pub body: String,
}

/// An event, not yet written out.
pub(super) struct Event {
    pub seq: u64,
    pub kind: String,
    at: String,
    said: String,
}

/// So many events after a number, of whatever kind.
pub(super) fn after(tx: &Tx, warehouse: &str, seq: u64, most: usize) -> Result<Vec<Event>, Error> {
    let sql = "SELECT seq, at, kind, said FROM events WHERE warehouse = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let read = |row: &Row| {
        let text = |name| row.text(name).map(str::to_owned);
        Ok(Event {
            seq: row.count("seq")?,
            at: text("at")?,
            kind: text("kind")?,
            said: text("said")?,
        })
    };
    let rows = tx.rows(sql, values![warehouse, seq, most as u64])?;
    rows.iter().map(read).collect()
}

/// Writes an event out.
pub(super) fn letter(tx: &Tx, warehouse: &str, event: &Event) -> Result<Letter, Error> {
    let unreadable = || crate::office::database::Error::Unreadable {
        what: "event",
        text: event.said.clone(),
    };
    let mut data: Value = serde_json::from_str(&event.said).map_err(|_| unreadable())?;
    if !data.is_object() {
        return Err(unreadable().into());
    }
    data["warehouse"] = warehouse.into();
    data["seq"] = event.seq.into();
    if event.kind == ARRIVED {
        data["facts"] = facts(tx, &data)?;
    }
    let body = json!({ "type": event.kind, "timestamp": event.at, "data": data });
    let life = life(tx, warehouse, event.seq)?;
    let name = Sha256::digest(format!("{life}/{warehouse}/{}", event.seq));
    let id = name[..16].iter().map(|byte| format!("{byte:02x}"));
    Ok(Letter {
        seq: event.seq,
        id: format!("evt_{}", id.collect::<String>()),
        body: body.to_string(),
    })
}

fn life(tx: &Tx, warehouse: &str, seq: u64) -> Result<String, Error> {
    let own = life_of(tx, warehouse, seq)?;
    Ok(own
        .map_or_else(|| life_of(tx, "", 1), |life| Ok(Some(life)))?
        .unwrap_or_default())
}

/// The rows of a journal that an event speaks of, as JSON.
fn facts(tx: &Tx, data: &Value) -> Result<Value, Error> {
    let number = |name: &str| data[name].as_i64().unwrap_or_default();
    let sql = "SELECT line FROM journal WHERE device = ?1 AND epoch = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq";
    let device = data["device"].as_str().unwrap_or_default();
    let wanted = values![device, number("epoch"), number("first"), number("last")];
    let rows = tx.rows(sql, wanted)?;
    let line = |row: &Row| {
        let line = row.text("line")?;
        // What a handheld sent was JSON when it came in; a text says what it was if it is none.
        Ok(serde_json::from_str(line).unwrap_or_else(|_| Value::from(line)))
    };
    rows.iter().map(line).collect()
}
