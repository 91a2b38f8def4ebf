//! What an import has said so far, in a file of its own that nobody sees and that is gone afterwards: a sheet may be larger
//! than the memory.

use crate::office::Error;
use crate::office::database::Error as DatabaseError;
use rusqlite::{Connection, OptionalExtension, params};

/// Its file is on disk only as far as it does not fit into a few megabytes.
pub(super) struct Scratch(Connection);

fn failed(why: rusqlite::Error) -> Error {
    DatabaseError::Run(why).into()
}

/// A row of an order, to be put once all its rows are known.
pub(super) struct Kept {
    pub order: (String, String),
    /// The sheet it came in, by its place among all.
    pub sheet: usize,
    pub line: u64,
    pub cells: Vec<String>,
}

impl Scratch {
    /// An empty one.
    pub fn new() -> Result<Self, Error> {
        let file = Connection::open("").map_err(failed)?;
        file.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;
             CREATE TABLE said (what TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
             CREATE TABLE kept (warehouse TEXT NOT NULL, code TEXT NOT NULL, number INTEGER NOT NULL, sheet INTEGER NOT NULL,
                 line INTEGER NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (warehouse, code, number)) WITHOUT ROWID;
             BEGIN",
        )
        .map_err(failed)?;
        Ok(Self(file))
    }

    /// What was said of a thing.
    pub fn get(&self, what: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT value FROM said WHERE what = ?1";
        let mut question = self.0.prepare_cached(sql).map_err(failed)?;
        let found = question.query_row([what], |row| row.get(0)).optional();
        found.map_err(failed)
    }

    /// Says a thing, whatever was said of it before.
    pub fn set(&self, what: &str, value: &str) -> Result<(), Error> {
        let sql = "INSERT INTO said (what, value) VALUES (?1, ?2) ON CONFLICT (what) DO UPDATE SET value = excluded.value";
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        statement.execute([what, value]).map(|_| ()).map_err(failed)
    }

    /// Says a thing of which nothing was said yet. False: something was.
    pub fn once(&self, what: &str) -> Result<bool, Error> {
        let sql = "INSERT INTO said (what, value) VALUES (?1, '') ON CONFLICT (what) DO NOTHING";
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        Ok(statement.execute([what]).map_err(failed)? > 0)
    }

    /// Keeps a row of an order behind those that were kept before.
    pub fn keep(&self, number: u64, row: &Kept) -> Result<(), Error> {
        let sql = "INSERT INTO kept (warehouse, code, number, sheet, line, cells) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let cells = serde_json::to_string(&row.cells).expect("texts become JSON");
        let (warehouse, code) = &row.order;
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        let values = params![warehouse, code, number, row.sheet, row.line, cells];
        statement.execute(values).map(|_| ()).map_err(failed)
    }

    /// All kept rows, order by order, each order's rows as they came.
    pub fn kept<E: From<Error>>(
        &self,
        mut take: impl FnMut(Kept) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql =
            "SELECT warehouse, code, sheet, line, cells FROM kept ORDER BY warehouse, code, number";
        let mut question = self.0.prepare(sql).map_err(failed)?;
        let mut rows = question.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let read = || {
                let cells: String = row.get(4)?;
                Ok(Kept {
                    order: (row.get(0)?, row.get(1)?),
                    sheet: row.get(2)?,
                    line: row.get(3)?,
                    cells: serde_json::from_str(&cells).unwrap_or_default(),
                })
            };
            take(read().map_err(failed)?)?;
        }
        Ok(())
    }

    /// Orders of more rows than this: the sheet and line of their first one, and their code.
    pub fn longer_than(&self, most: u64) -> Result<Vec<(usize, u64, String)>, Error> {
        let sql = "SELECT MIN(sheet), MIN(line), code FROM kept GROUP BY warehouse, code HAVING COUNT(*) > ?1 LIMIT 100";
        let mut question = self.0.prepare(sql).map_err(failed)?;
        let found = question.query_map([most], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        found.and_then(Iterator::collect).map_err(failed)
    }
}
