//! The cells of the sheet that forecasts are made from: every row is read or refused with its line.

use crate::planning::forecast::{Series, When};
use crate::warehouse::is_plain;
use std::collections::HashMap;
use std::io::Read;

/// Why a sheet cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadSheet {
    /// A row is wrong.
    #[error("line {line}: {why}")]
    Row {
        /// The line in the file, from 1.
        line: u64,
        /// What is wrong, and what would be right.
        why: String,
    },
    /// The sheet as a whole is wrong.
    #[error("{0}")]
    Whole(String),
}

pub(super) fn row(line: u64, why: impl Into<String>) -> BadSheet {
    BadSheet::Row {
        line,
        why: why.into(),
    }
}

/// So many bytes at most; a sheet of 10,000 series of 20 years of weeks is well below.
const MOST_BYTES: u64 = 512 << 20;
/// So many rows at most.
const MOST_ROWS: usize = 5_000_000;
/// So many columns at most.
const MOST_COLUMNS: usize = 64;
/// So many numbers at most, over all columns.
const MOST_CELLS: usize = 60_000_000;

/// One row: which series, when, how much, and where it stood.
pub(super) struct Row {
    pub when: When,
    pub demand: f64,
    pub line: u32,
}

/// A further column.
pub(super) struct Column {
    pub name: String,
    /// Its numbers, a value a row; none as soon as one cell is no number.
    pub numbers: Option<Vec<f64>>,
    /// The first line in which it is no number.
    pub odd: Option<u64>,
    /// By series, the text in its first row.
    pub first: Vec<String>,
    /// Whether any series has two different texts in it.
    pub varies: bool,
}

/// All cells of a sheet, as read.
pub(super) struct Cells {
    /// The series' names in the order in which they came.
    pub ids: Vec<String>,
    /// Per series the places of its rows.
    pub of: Vec<Vec<u32>>,
    pub rows: Vec<Row>,
    pub columns: Vec<Column>,
}

impl Cells {
    /// Reads a sheet with the columns `unique_id`, `ds`, where wanted `y`, and any others.
    pub fn read(from: impl Read, wants_demand: bool) -> Result<Self, BadSheet> {
        let mut limited = from.take(MOST_BYTES);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(&mut limited);
        let head = reader.headers().map_err(|why| unreadable(&why))?.clone();
        let places = Places::of(&head, wants_demand)?;
        let mut cells = Self {
            ids: Vec::new(),
            of: Vec::new(),
            rows: Vec::new(),
            columns: places
                .others
                .iter()
                .map(|(_, name)| Column::new(name))
                .collect(),
        };
        let mut known = HashMap::new();
        let mut record = csv::StringRecord::new();
        while reader
            .read_record(&mut record)
            .map_err(|why| unreadable(&why))?
        {
            let line = record.position().map_or(0, csv::Position::line);
            cells.take(&record, &places, &mut known, line)?;
        }
        drop(reader);
        if limited.limit() == 0 {
            return Err(BadSheet::Whole(format!(
                "the sheet is larger than {} MiB",
                MOST_BYTES >> 20
            )));
        }
        if cells.rows.is_empty() {
            return Err(BadSheet::Whole("the sheet has no rows".to_owned()));
        }
        Ok(cells)
    }

    fn take(
        &mut self,
        record: &csv::StringRecord,
        places: &Places,
        known: &mut HashMap<String, usize>,
        line: u64,
    ) -> Result<(), BadSheet> {
        let full =
            self.rows.len() >= MOST_ROWS || self.rows.len() * self.columns.len() >= MOST_CELLS;
        if full {
            return Err(row(
                line,
                "the sheet has more rows than can be forecast at once; split it by series",
            ));
        }
        let id = record.get(places.id).unwrap_or_default();
        if id.is_empty() || id.len() > 200 || !id.chars().all(is_plain) {
            return Err(row(
                line,
                "unique_id must be a plain name of 1 to 200 characters",
            ));
        }
        let ds = record.get(places.ds).unwrap_or_default();
        let when = When::read(ds).map_err(|why| row(line, format!("ds {} {why}", quoted(ds))))?;
        if self
            .rows
            .first()
            .is_some_and(|first| !first.when.is_like(when))
        {
            let first = self.rows[0].when;
            return Err(row(
                line,
                format!("ds {} is not written like {first} further up", quoted(ds)),
            ));
        }
        let demand = match places.y {
            Some(y) => demand(record.get(y).unwrap_or_default()).map_err(|why| row(line, why))?,
            None => 0.0,
        };
        let series = *known.entry(id.to_owned()).or_insert_with(|| {
            self.ids.push(id.to_owned());
            self.of.push(Vec::new());
            self.ids.len() - 1
        });
        for (column, (at, _)) in self.columns.iter_mut().zip(&places.others) {
            column.take(record.get(*at).unwrap_or_default(), series, line);
        }
        self.of[series].push(u32::try_from(self.rows.len()).expect("rows are limited"));
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.rows.push(Row { when, demand, line });
        Ok(())
    }

    /// Puts each series' rows in the order of time. Error: a period stands twice.
    pub fn sort(&mut self) -> Result<(), BadSheet> {
        let rows = &self.rows;
        for (id, of) in self.ids.iter().zip(&mut self.of) {
            of.sort_by_key(|at| rows[*at as usize].when);
            let twice = of
                .windows(2)
                .find(|pair| rows[pair[0] as usize].when == rows[pair[1] as usize].when);
            if let Some([first, second]) = twice {
                let (first, second) = (&rows[*first as usize], &rows[*second as usize]);
                let why = format!("{id} has {} already, in line {}", second.when, first.line);
                return Err(row(second.line.into(), why));
            }
        }
        Ok(())
    }
}

impl Column {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            numbers: Some(Vec::new()),
            odd: None,
            first: Vec::new(),
            varies: false,
        }
    }

    fn take(&mut self, cell: &str, series: usize, line: u64) {
        if let Some(numbers) = &mut self.numbers {
            match cell.parse::<f64>() {
                Ok(number) if number.abs() <= Series::MOST => numbers.push(number),
                _ => (self.numbers, self.odd) = (None, Some(line)),
            }
        }
        match self.first.get(series) {
            None => self.first.push(cell.to_owned()),
            Some(first) => self.varies |= first != cell,
        }
    }
}

/// Where the columns stand.
struct Places {
    id: usize,
    ds: usize,
    y: Option<usize>,
    others: Vec<(usize, String)>,
}

impl Places {
    fn of(head: &csv::StringRecord, wants_demand: bool) -> Result<Self, BadSheet> {
        if head.len() > MOST_COLUMNS {
            return Err(row(
                1,
                format!("there are more than {MOST_COLUMNS} columns"),
            ));
        }
        let find = |name: &str| {
            head.iter()
                .position(|column| column.trim_start_matches('\u{feff}') == name)
        };
        let must =
            |name: &str| find(name).ok_or_else(|| row(1, format!("there is no column {name}")));
        let (id, ds) = (must("unique_id")?, must("ds")?);
        let y = if wants_demand { Some(must("y")?) } else { None };
        let mut others = Vec::new();
        for (at, name) in head.iter().enumerate() {
            if at == id || at == ds || name == "y" {
                continue;
            }
            if name.is_empty() || !name.chars().all(is_plain) || find(name) != Some(at) {
                return Err(row(1, format!("column {} has no name of its own", at + 1)));
            }
            others.push((at, name.to_owned()));
        }
        Ok(Self { id, ds, y, others })
    }
}

fn demand(cell: &str) -> Result<f64, String> {
    match cell.parse::<f64>() {
        Ok(value) if (0.0..=Series::MOST).contains(&value) => Ok(value),
        Ok(value) if value < 0.0 => Err(format!(
            "y is {value}; demand is not negative: book what came back apart"
        )),
        Ok(value) if value.is_finite() => {
            Err(format!("y is {value}, more than {:e}", Series::MOST))
        }
        _ => Err(format!("y {} is no number", quoted(cell))),
    }
}

/// A cell as it can be said: its beginning, in quotes.
pub(super) fn quoted(cell: &str) -> String {
    if cell.is_empty() {
        return "(empty)".to_owned();
    }
    let begin: String = cell.chars().filter(|c| is_plain(*c)).take(40).collect();
    format!("\"{begin}\"")
}

fn unreadable(why: &csv::Error) -> BadSheet {
    let line = why.position().map_or(0, csv::Position::line);
    match why.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => row(
            line,
            format!("there are {len} cells, but {expected_len} columns"),
        ),
        csv::ErrorKind::Utf8 { .. } => row(line, "this is no UTF-8 text"),
        _ => BadSheet::Whole(format!("the sheet cannot be read: {why}")),
    }
}
