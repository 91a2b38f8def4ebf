//! A partner's document, looked at harder than the schema does: bare words must be of the vocabulary, identifiers must be
//! Digital Links or EPC URNs with their check digits right, and nothing has happened yet that is to come.

use super::names::fault;
use super::vocabulary::{ACTIONS, DISPOSITIONS, EVENTS, STEPS};
use crate::warehouse::{SafeText, Timestamp};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

/// Most bytes and most events of a document.
const LONGEST: usize = 8 << 20;
const MOST: usize = 10_000;
/// Clocks differ; so far ahead an event may be.
const AHEAD: TimeDelta = TimeDelta::minutes(10);

/// An event of a partner's.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Its name.
    pub id: SafeText,
    /// When it happened.
    pub at: Timestamp,
    /// What it says, in a line.
    pub said: SafeText,
    /// The event itself.
    pub event: Value,
}

/// Why a document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which of its events, from 1; 0 for the document itself.
    pub event: usize,
    /// Why, in words.
    pub why: SafeText,
}

/// Reads a document. Error: every reason against it.
pub fn read(now: Timestamp, text: &str) -> Result<Vec<Notice>, Vec<Refused>> {
    let whole = |why: &str| {
        vec![Refused {
            event: 0,
            why: SafeText::new(why),
        }]
    };
    if text.len() > LONGEST {
        return Err(whole("The document is longer than 8 MB."));
    }
    let document: Value =
        serde_json::from_str(text).map_err(|why| whole(&format!("It is no JSON: {why}.")))?;
    if document["type"] != "EPCISDocument" {
        return Err(whole("It is no EPCISDocument."));
    }
    if document["schemaVersion"]
        .as_str()
        .is_none_or(|it| !it.starts_with('2'))
    {
        return Err(whole("Its schemaVersion is not 2.0."));
    }
    let Some(events) = document["epcisBody"]["eventList"].as_array() else {
        return Err(whole("It has no epcisBody with an eventList."));
    };
    if events.len() > MOST {
        return Err(whole("It has more than 10,000 events."));
    }
    let (mut notices, mut refused) = (Vec::new(), Vec::new());
    for (event, number) in events.iter().zip(1..) {
        let mut look = Look {
            now,
            faults: Vec::new(),
        };
        let notice = look.event(event);
        let faults = look.faults.into_iter().map(|why| Refused {
            event: number,
            why: SafeText::new(&why),
        });
        refused.extend(faults);
        notices.extend(notice);
    }
    if refused.is_empty() {
        Ok(notices)
    } else {
        Err(refused)
    }
}

struct Look {
    now: Timestamp,
    faults: Vec<String>,
}

/// Fields that hold identifiers of goods and cartons.
const LISTS: [&str; 4] = ["epcList", "childEPCs", "inputEPCList", "outputEPCList"];
/// Fields that hold so much of a kind.
const CLASSES: [&str; 4] = [
    "quantityList",
    "childQuantityList",
    "inputQuantityList",
    "outputQuantityList",
];

impl Look {
    fn say(&mut self, why: impl Into<String>) {
        self.faults.push(why.into());
    }

    fn event(&mut self, event: &Value) -> Option<Notice> {
        let Some(fields) = event.as_object() else {
            self.say("It is no event.");
            return None;
        };
        let kind = text(fields, "type");
        if !EVENTS.contains(&kind) {
            self.say(format!("There is no kind of event {kind}."));
        }
        let at = self.time(fields);
        self.words(fields, kind);
        self.identifiers(fields);
        let at = at?;
        let id = match text(fields, "eventID") {
            "" => super::uuid(&event.to_string()),
            id => id.to_owned(),
        };
        let things: usize = LISTS
            .iter()
            .chain(&CLASSES)
            .map(|name| len(fields, name))
            .sum();
        let step = text(fields, "bizStep").rsplit(['-', ':', '/']).next();
        let said = format!("{kind} {}: {things} named", step.unwrap_or_default());
        Some(Notice {
            id: SafeText::new(&id),
            at,
            said: SafeText::new(&said),
            event: event.clone(),
        })
    }

    fn time(&mut self, fields: &Map<String, Value>) -> Option<Timestamp> {
        let offset = text(fields, "eventTimeZoneOffset");
        let probe = format!("2000-01-01T00:00:00{offset}");
        let is_offset = offset.len() == 6 && DateTime::parse_from_rfc3339(&probe).is_ok();
        if !is_offset {
            self.say(format!(
                "eventTimeZoneOffset {offset} is not written as +00:00."
            ));
        }
        let said = text(fields, "eventTime");
        let Ok(at) = DateTime::parse_from_rfc3339(said) else {
            self.say(format!(
                "eventTime {said} is no moment with its offset, such as 2027-03-01T10:00:00Z."
            ));
            return None;
        };
        let at = at.with_timezone(&Utc);
        if at > self.now + AHEAD {
            self.say(format!("eventTime {said} is still to come."));
        }
        Some(at)
    }

    /// A word that stands bare must be one of these; one with a colon is someone's own.
    fn word(&mut self, name: &str, said: &str, known: &[&str]) {
        if !said.contains(':') && !known.contains(&said) {
            self.say(format!(
                "{name} {said} is not in the Core Business Vocabulary."
            ));
        }
    }

    fn words(&mut self, fields: &Map<String, Value>, kind: &str) {
        for (name, known) in [("bizStep", STEPS), ("disposition", DISPOSITIONS)] {
            if let Some(said) = fields.get(name) {
                self.word(name, said.as_str().unwrap_or(""), known);
            }
        }
        for change in ["set", "unset"] {
            let all = fields.get("persistentDisposition").map(|it| &it[change]);
            for said in all.and_then(Value::as_array).into_iter().flatten() {
                self.word(
                    "persistentDisposition",
                    said.as_str().unwrap_or(""),
                    DISPOSITIONS,
                );
            }
        }
        let action = text(fields, "action");
        match (kind, fields.contains_key("action")) {
            ("TransformationEvent", true) => self.say("A TransformationEvent has no action."),
            ("TransformationEvent", false) => {}
            _ if !ACTIONS.contains(&action) => {
                self.say(format!("action {action} is none of ADD, OBSERVE, DELETE."));
            }
            _ => {}
        }
    }

    fn identifiers(&mut self, fields: &Map<String, Value>) {
        for name in LISTS {
            for id in array(fields, name) {
                self.id(name, id);
            }
        }
        for name in CLASSES {
            for class in array(fields, name) {
                self.id(name, &class["epcClass"]);
                match &class["quantity"] {
                    Value::Null => {}
                    Value::Number(number) if number.as_f64().is_some_and(|it| it > 0.0) => {}
                    other => self.say(format!("{name}: {other} is no quantity above 0.")),
                }
            }
        }
        if let Some(id) = fields.get("parentID") {
            self.id("parentID", id);
        }
        for name in ["readPoint", "bizLocation"] {
            if let Some(place) = fields.get(name) {
                self.id(name, &place["id"]);
            }
        }
        if LISTS
            .iter()
            .chain(&CLASSES)
            .all(|name| len(fields, name) == 0)
            && !fields.contains_key("sensorElementList")
        {
            self.say("It names no goods and no cartons.");
        }
    }

    fn id(&mut self, name: &str, id: &Value) {
        match id.as_str().map(fault) {
            None => self.say(format!("{name}: {id} is no identifier.")),
            Some(Some(why)) => self.say(format!("{name}: {why}.")),
            Some(None) => {}
        }
    }
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or("")
}

fn array<'a>(fields: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    let all = fields.get(name).and_then(Value::as_array);
    all.map_or(&[], Vec::as_slice)
}

fn len(fields: &Map<String, Value>, name: &str) -> usize {
    array(fields, name).len()
}
