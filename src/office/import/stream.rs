//! Bringing sheets in without holding them: first every row is looked at, then all come in. What is small comes in at once;
//! what is large comes in piece by piece, so that the floor never waits long, and goes on where it was broken off.

use super::cells::{Cells, Columns};
use super::check::Known;
use super::rows::{self, Record};
use super::scratch::{Kept, Scratch};
use super::sheet::Sheet;
use super::{BadRow, NotImported, join, put};
use crate::office::database::{Tx, values};
use crate::office::{Error, Office, OrderRecord, order, promise};
use crate::warehouse::Timestamp;
use csv::StringRecord;
use sha2::{Digest, Sha256};

/// So many rows are held and come in all at once; more come in piece by piece.
const SMALL: usize = 10_000;
/// Rows and orders of a piece.
const PIECE: usize = 1000;
/// Most lines of one order.
const MOST_LINES: u64 = 10_000;
/// For so many hours an import that was broken off goes on where it stood; after that it begins anew.
const GOES_ON_HOURS: i64 = 24;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BroughtIn {
    /// Rows that came in, or could come in if nothing was to be changed.
    pub rows: u64,
    /// Orders that stayed as they were, because work on them has begun.
    pub begun: u64,
    /// Bad rows; if there is one, nothing came in.
    pub bad: u64,
    /// Rows and orders that had come in before this import was broken off, and were passed over now.
    pub before: u64,
}

/// What looking at the sheets found.
#[derive(Default)]
struct Looked {
    /// The rows themselves, if they are few.
    held: Option<Vec<Record>>,
    columns: Vec<Option<Columns>>,
    rows: u64,
    bad: u64,
}

enum Unit {
    Row(Box<Record>),
    Order(Box<OrderRecord>),
}

impl Office {
    /// Brings sheets in that may be larger than the memory. Every bad row is told, and if there is one nothing comes in.
    /// Up to 10,000 rows come in all at once; more in pieces of 1,000, and if it is broken off then, the same call within a
    /// day goes on where it stood. `is_dry`: changes nothing.
    pub fn bring_in(
        &self,
        now: Timestamp,
        sheets: &[Sheet],
        is_dry: bool,
        tell: &mut dyn FnMut(BadRow),
    ) -> Result<BroughtIn, NotImported> {
        self.bring_in_with(now, sheets, is_dry, tell, |_| Ok(()))
    }

    /// The same, and something else that is written with the last piece.
    pub(super) fn bring_in_with(
        &self,
        now: Timestamp,
        sheets: &[Sheet],
        is_dry: bool,
        tell: &mut dyn FnMut(BadRow),
        also: impl FnOnce(&Tx) -> Result<(), Error>,
    ) -> Result<BroughtIn, NotImported> {
        let mut sheets: Vec<&Sheet> = sheets.iter().collect();
        sheets.sort_by_key(|sheet| sheet.kind);
        let said = Scratch::new()?;
        let looked = self
            .database()
            .read_at_length(|tx| look(tx, &said, &sheets, tell))?;
        let brought = BroughtIn {
            rows: looked.rows,
            bad: looked.bad,
            ..BroughtIn::default()
        };
        if is_dry || looked.bad > 0 {
            return Ok(brought);
        }
        let mut pieces = Pieces::new(self, now, looked.held.is_none());
        if pieces.is_large {
            pieces.find_place(&sheets)?;
        }
        match looked.held {
            Some(held) => held
                .into_iter()
                .try_for_each(|record| pieces.add_row(record))?,
            None => sheets
                .iter()
                .try_for_each(|sheet| again(sheet, &mut pieces))?,
        }
        orders(&said, &sheets, &looked.columns, &mut pieces)?;
        pieces.finish(also)?;
        Ok(BroughtIn {
            rows: pieces.rows,
            begun: pieces.begun,
            before: pieces.before,
            ..brought
        })
    }
}

/// Looks at every row.
fn look(
    tx: &Tx,
    said: &Scratch,
    sheets: &[&Sheet],
    tell: &mut dyn FnMut(BadRow),
) -> Result<Looked, Error> {
    let mut known = Known::new(tx, said);
    let mut looked = Looked {
        held: Some(Vec::new()),
        ..Looked::default()
    };
    for (at, sheet) in sheets.iter().enumerate() {
        looked.columns.push(None);
        sheet.each(|(line, read)| {
            let found = match read {
                Err(reason) => Err(reason),
                Ok((columns, record)) => {
                    looked.columns[at].get_or_insert_with(|| columns.clone());
                    look_at(&mut known, sheet, columns, &record)?.map(|found| (found, record))
                }
            };
            looked.rows += 1;
            match found {
                Ok((Record::Order(part), cells)) => said.keep(
                    looked.rows,
                    &Kept {
                        order: (part.warehouse.to_string(), part.code.to_string()),
                        sheet: at,
                        line,
                        cells: cells.iter().map(str::to_owned).collect(),
                    },
                )?,
                Ok((record, _)) => looked.hold(record),
                Err(reason) => {
                    looked.bad += 1;
                    let file = sheet.file.clone();
                    tell(BadRow { file, line, reason });
                }
            }
            if looked.rows > SMALL as u64 {
                looked.held = None;
            }
            Ok::<(), Error>(())
        })?;
    }
    for (sheet, line, order) in said.longer_than(MOST_LINES)? {
        looked.bad += 1;
        let reason = format!("{order} has more than {MOST_LINES} lines: part it");
        let file = sheets[sheet].file.clone();
        tell(BadRow { file, line, reason });
    }
    Ok(looked)
}

impl Looked {
    fn hold(&mut self, record: Record) {
        if let Some(held) = &mut self.held {
            held.push(record);
        }
    }
}

fn look_at(
    known: &mut Known,
    sheet: &Sheet,
    columns: &Columns,
    record: &StringRecord,
) -> Result<Result<Record, String>, Error> {
    match rows::row(sheet.kind, &Cells { columns, record }) {
        Ok(record) => Ok(known.look_at(&record)?.map(|()| record)),
        Err(reason) => Ok(Err(reason)),
    }
}

/// Reads a sheet again, whose rows were all good. Orders were kept: their rows need not stand together.
fn again(sheet: &Sheet, pieces: &mut Pieces) -> Result<(), NotImported> {
    sheet.each(|(line, read)| {
        let changed = |reason: String| NotImported::Changed {
            file: sheet.file.clone(),
            line,
            reason,
        };
        let (columns, record) = read.map_err(changed)?;
        let cells = Cells {
            columns,
            record: &record,
        };
        match rows::row(sheet.kind, &cells).map_err(changed)? {
            Record::Order(_) => Ok(()),
            record => Ok(pieces.add_row(record)?),
        }
    })
}

/// The orders whole, one after another.
fn orders(
    said: &Scratch,
    sheets: &[&Sheet],
    columns: &[Option<Columns>],
    pieces: &mut Pieces,
) -> Result<(), NotImported> {
    let mut name = (String::new(), String::new());
    let mut order: Option<OrderRecord> = None;
    said.kept(|row| {
        if row.order != name {
            name = row.order;
            order
                .take()
                .map_or(Ok(()), |order| pieces.add_order(order))?;
        }
        let record = StringRecord::from(row.cells);
        let Some(columns) = &columns[row.sheet] else {
            return Ok(());
        };
        let cells = Cells {
            columns,
            record: &record,
        };
        let sheet = sheets[row.sheet];
        match rows::row(sheet.kind, &cells) {
            Ok(Record::Order(part)) => join(&mut order, part),
            Ok(_) => {}
            Err(reason) => {
                let file = sheet.file.clone();
                let line = row.line;
                return Err(NotImported::Changed { file, line, reason });
            }
        }
        Ok::<(), NotImported>(())
    })?;
    Ok(order.map_or(Ok(()), |order| pieces.add_order(order))?)
}

/// What is on its way into the office.
struct Pieces<'a> {
    office: &'a Office,
    now: Timestamp,
    is_large: bool,
    digest: String,
    waiting: Vec<Unit>,
    seen: u64,
    before: u64,
    rows: u64,
    begun: u64,
}

impl<'a> Pieces<'a> {
    const fn new(office: &'a Office, now: Timestamp, is_large: bool) -> Self {
        Self {
            office,
            now,
            is_large,
            digest: String::new(),
            waiting: Vec::new(),
            seen: 0,
            before: 0,
            rows: 0,
            begun: 0,
        }
    }

    /// Finds out whether these very files were on their way in before.
    fn find_place(&mut self, sheets: &[&Sheet]) -> Result<(), NotImported> {
        let mut digest = Sha256::new();
        for sheet in sheets {
            let changed = |why: std::io::Error| NotImported::Changed {
                file: sheet.file.clone(),
                line: 0,
                reason: why.to_string(),
            };
            sheet.digest(&mut digest).map_err(changed)?;
        }
        let bytes = digest.finalize();
        self.digest = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let oldest = self.now - chrono::Duration::hours(GOES_ON_HOURS);
        let sql = "SELECT done FROM imports WHERE digest = ?1 AND at >= ?2";
        let wanted = values![&self.digest, oldest.to_rfc3339()];
        let row = self.office.database().read(|tx| tx.first(sql, wanted));
        let row = row.map_err(Error::from)?;
        let done = row.map(|row| row.count("done")).transpose();
        self.before = done.map_err(Error::from)?.unwrap_or(0);
        Ok(())
    }

    fn add_row(&mut self, record: Record) -> Result<(), Error> {
        self.add(Unit::Row(Box::new(record)))
    }

    fn add_order(&mut self, order: OrderRecord) -> Result<(), Error> {
        self.add(Unit::Order(Box::new(order)))
    }

    fn add(&mut self, unit: Unit) -> Result<(), Error> {
        self.seen += 1;
        if self.seen > self.before {
            self.waiting.push(unit);
        }
        if self.is_large && self.waiting.len() >= PIECE {
            self.send(|_| Ok(()))?;
        }
        Ok(())
    }

    fn send(&mut self, also: impl FnOnce(&Tx) -> Result<(), Error>) -> Result<(), Error> {
        let now = self.now.to_rfc3339();
        let (rows, begun) = self.office.write(|tx| {
            let (mut rows, mut begun) = (0, 0);
            let mut named = Vec::new();
            for unit in &self.waiting {
                match unit {
                    Unit::Row(record) => {
                        rows += 1;
                        put(tx, &now, record)?;
                    }
                    Unit::Order(order) => {
                        rows += order.lines.len() as u64;
                        begun += u64::from(!order::put_order(tx, order)?);
                        named.push((order.warehouse.to_string(), order.code.to_string()));
                    }
                }
            }
            promise::give(tx, self.now, &named)?;
            also(tx)?;
            if self.is_large {
                let sql = "INSERT INTO imports (digest, done, at) VALUES (?1, ?2, ?3)
                           ON CONFLICT (digest) DO UPDATE SET done = excluded.done, at = excluded.at";
                tx.run(sql, values![&self.digest, self.seen, &now])?;
            }
            Ok((rows, begun))
        })?;
        self.waiting.clear();
        self.rows += rows;
        self.begun += begun;
        Ok(())
    }

    /// All is in; the same files are brought in anew next time.
    fn finish(&mut self, also: impl FnOnce(&Tx) -> Result<(), Error>) -> Result<(), Error> {
        self.send(also)?;
        if !self.is_large {
            return Ok(());
        }
        let oldest = self.now - chrono::Duration::hours(GOES_ON_HOURS);
        self.office.write(|tx| {
            let sql = "DELETE FROM imports WHERE digest = ?1 OR at < ?2";
            tx.run(sql, values![&self.digest, oldest.to_rfc3339()])?;
            Ok(())
        })
    }
}
