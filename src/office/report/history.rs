//! Movements, newest first, each traced to the fact it comes from: which row of which handheld's journal, by whom, when.

use super::flow::WAY;
use super::{Paged, Words, paged};
use crate::office::database::Row;
use crate::office::{Error, Office};
use crate::warehouse::{Quantity, SafeText, Timestamp, WarehouseCode};
use serde::Deserialize;

/// Which movements; what is none is not asked for.
#[derive(Clone, Debug, Default)]
pub(in crate::office) struct Which {
    pub item: Option<String>,
    pub lot: Option<String>,
    pub serial: Option<String>,
    pub plate: Option<String>,
    /// As `bin:A-01-03`: from there or to there.
    pub place: Option<String>,
    pub device: Option<String>,
    pub document: Option<String>,
    /// What it is by its two ends, by name: see [`super::flow::Way`].
    pub way: Option<String>,
    /// Booked from then on, and until then.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// One end of a movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct End {
    pub place: String,
    pub plate: String,
    pub status: String,
}

/// A row of a handheld's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct RowOf {
    pub device: String,
    pub epoch: i64,
    pub seq: i64,
}

/// So much went from here to there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct Movement {
    pub id: i64,
    /// When the office booked it.
    pub at: Timestamp,
    at_text: String,
    pub item: String,
    pub lot: String,
    pub serial: String,
    pub quantity: Quantity,
    pub source: End,
    pub target: End,
    /// The office's own paper, for what no handheld did.
    pub document: SafeText,
    pub row: Option<RowOf>,
    pub told: Told,
}

/// What a journal's row says around its fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::office) struct Told {
    /// When by the handheld's clock.
    pub at: Option<Timestamp>,
    pub worker: String,
    pub task: String,
    /// The fact's name, as `picked`.
    pub fact: String,
}

#[derive(Deserialize)]
struct Line {
    at: Timestamp,
    #[serde(default)]
    worker: String,
    #[serde(default)]
    task: String,
    fact: Name,
}

#[derive(Deserialize)]
struct Name {
    fact: String,
}

impl Told {
    /// Reads a row of a journal; one of a newer program may say nothing that is known here.
    pub fn read(line: &str) -> Self {
        let Ok(line) = serde_json::from_str::<Line>(line) else {
            return Self::default();
        };
        let safe = |text: &str| SafeText::new(text).to_string();
        Self {
            at: Some(line.at),
            worker: safe(&line.worker),
            task: safe(&line.task),
            fact: safe(&line.fact.fact),
        }
    }
}

const COLUMNS: &str = "id, at, device, epoch, seq, document, item, lot, serial, quantity, source_place, source_plate, source_status,
    target_place, target_plate, target_status";

impl Office {
    /// One page of movements, newest first. `after`: when and which was the last of the page before.
    pub(in crate::office) fn movements(
        &self,
        warehouse: &WarehouseCode,
        which: &Which,
        after: &[String],
        most: usize,
    ) -> Result<Paged<Movement>, Error> {
        let (sql, words) = statement(warehouse, which, after, most);
        let rows = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.rows(&sql, &words.values)?))?;
        paged(rows, most, read, |move_| {
            vec![move_.at_text.clone(), move_.id.to_string()]
        })
    }
}

fn statement(
    warehouse: &WarehouseCode,
    which: &Which,
    after: &[String],
    most: usize,
) -> (String, Words) {
    let mut words = Words::default();
    words.put(warehouse.as_str());
    let mut only = words.equal(&[
        ("item", &which.item),
        ("lot", &which.lot),
        ("serial", &which.serial),
        ("device", &which.device),
        ("document", &which.document),
    ]);
    if let Some(way) = &which.way {
        let way = words.put(way.as_str());
        only.extend([format!(" AND {WAY} = {way}")]);
    }
    for (sign, at) in [(">=", which.from), ("<=", which.until)] {
        if let Some(at) = at {
            let at = words.put(at.to_rfc3339());
            only.extend([format!(" AND at {sign} {at}")]);
        }
    }
    if let Some(plate) = &which.plate {
        let plate = words.put(plate.as_str());
        only.extend([format!(
            " AND (source_plate = {plate} OR target_plate = {plate})"
        )]);
    }
    if let [at, id] = after
        && let Ok(id) = id.parse::<i64>()
    {
        let (at, id) = (words.put(at.as_str()), words.put(id));
        only.extend([format!(" AND (at, id) < ({at}, {id})")]);
    }
    let limit = most.saturating_add(1);
    let side = |more: &str| {
        format!(
            "SELECT {COLUMNS} FROM moves WHERE warehouse = ?1{only}{more} ORDER BY at DESC, id DESC LIMIT {limit}"
        )
    };
    let found = match &which.place {
        // Each end has its own index.
        Some(place) => {
            let place = words.put(place.as_str());
            let (source, target) = (
                side(&format!(" AND source_place = {place}")),
                side(&format!(" AND target_place = {place}")),
            );
            format!("SELECT {COLUMNS} FROM ({source}) s UNION SELECT {COLUMNS} FROM ({target}) t")
        }
        None => side(""),
    };
    let sql = format!(
        "SELECT m.*, j.line FROM ({found}) m LEFT JOIN journal j ON j.device = m.device AND j.epoch = m.epoch AND j.seq = m.seq
         ORDER BY m.at DESC, m.id DESC LIMIT {limit}"
    );
    (sql, words)
}

/// A movement from its columns, with its journal's `line` if it has one.
pub(super) fn read(row: &Row) -> Result<Movement, Error> {
    let text = |name| row.text(name).map(str::to_owned);
    let device = text("device")?;
    let row_of = (!device.is_empty()).then(|| {
        Ok::<_, Error>(RowOf {
            device,
            epoch: row.int("epoch")?,
            seq: row.int("seq")?,
        })
    });
    Ok(Movement {
        id: row.int("id")?,
        at: row.parse("at")?,
        at_text: text("at")?,
        item: text("item")?,
        lot: text("lot")?,
        serial: text("serial")?,
        quantity: Quantity::from_thousandths(row.int("quantity")?),
        source: End {
            place: text("source_place")?,
            plate: text("source_plate")?,
            status: text("source_status")?,
        },
        target: End {
            place: text("target_place")?,
            plate: text("target_plate")?,
            status: text("target_status")?,
        },
        document: row.text("document")?.into(),
        row: row_of.transpose()?,
        told: row.maybe("line").map(Told::read).unwrap_or_default(),
    })
}
