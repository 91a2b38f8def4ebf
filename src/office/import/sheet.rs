//! A sheet to bring in: CSV or JSON lines, from memory or from a file, read row by row and never held whole.

use super::cells::Columns;
use super::rows::{Kind, kinds};
use crate::office::export;
use crate::warehouse::SafeText;
use csv::StringRecord;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Longest row, in bytes.
const LONGEST: usize = 1024 * 1024;

/// One file.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub(super) kind: Kind,
    pub(super) file: String,
    is_json: bool,
    from: Origin,
}

#[derive(Clone, Debug)]
enum Origin {
    Text(Vec<u8>),
    File(PathBuf),
}

/// What comes of a line: its cells under these columns, or why it cannot be read.
pub(super) type Line<'a> = (u64, Result<(&'a Columns, StringRecord), String>);

impl Sheet {
    /// A sheet by its file's name, which says what it holds: `items.csv`, or `items.jsonl` with an object a line.
    /// None if the name is none that is known.
    pub fn new(file: &str, text: impl Into<Vec<u8>>) -> Option<Self> {
        Self::named(file, Origin::Text(text.into()))
    }

    /// The same of a file that is read when the sheet is brought in, however large it is.
    pub fn at(path: &Path) -> Option<Self> {
        let file = path.file_name()?.to_str()?;
        Self::named(file, Origin::File(path.to_owned()))
    }

    fn named(file: &str, from: Origin) -> Option<Self> {
        let (stem, is_json) = match file.strip_suffix(".jsonl") {
            Some(stem) => (stem, true),
            None => (file.strip_suffix(".csv")?, false),
        };
        let (_, kind, _) = kinds().find(|(name, ..)| name.strip_suffix(".csv") == Some(stem))?;
        Some(Self {
            kind,
            file: file.to_owned(),
            is_json,
            from,
        })
    }

    /// The name of its file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The names of all sheets, as CSV.
    pub fn names() -> impl Iterator<Item = &'static str> {
        kinds().map(|(name, ..)| name)
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match &self.from {
            Origin::Text(text) => Box::new(text.as_slice()),
            Origin::File(path) => Box::new(File::open(path)?),
        })
    }

    /// Adds what the sheet is to a digest.
    pub(super) fn digest(&self, digest: &mut Sha256) -> io::Result<()> {
        digest.update(format!("{}\n", self.file));
        let mut from = self.open()?;
        let mut piece = vec![0; 64 * 1024];
        loop {
            let read = from.read(&mut piece)?;
            if read == 0 {
                return Ok(());
            }
            digest.update(&piece[..read]);
        }
    }

    /// Each line after another; the head line only if it cannot be used, and then nothing behind it. A file that cannot be
    /// opened, or breaks off, is such a line too.
    pub(super) fn each<E>(&self, mut take: impl FnMut(Line) -> Result<(), E>) -> Result<(), E> {
        let from = match self.open() {
            Ok(from) => from,
            Err(why) => return take((1, Err(format!("the file cannot be read: {why}")))),
        };
        if self.is_json {
            self.each_object(BufReader::new(from), take)
        } else {
            self.each_row(from, &mut take)
        }
    }

    fn each_row<E>(
        &self,
        from: impl Read,
        take: &mut impl FnMut(Line) -> Result<(), E>,
    ) -> Result<(), E> {
        let left = Rc::new(Cell::new(LONGEST));
        let meter = Meter {
            inner: from,
            left: left.clone(),
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(meter);
        let head = match reader.headers() {
            Ok(head) => head.clone(),
            Err(why) => return take((1, Err(format!("the head line cannot be read: {why}")))),
        };
        let columns = match Columns::new(&head, self.wanted()) {
            Ok(columns) => columns,
            Err(reason) => return take((1, Err(reason))),
        };
        loop {
            // The reader reads ahead, so that a long row may use what the one before it left.
            left.set(LONGEST);
            let mut record = StringRecord::new();
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    take((line, Ok((&columns, record))))?;
                }
                Err(why) => {
                    let line = why.position().map_or(0, csv::Position::line);
                    let ends = matches!(why.kind(), csv::ErrorKind::Io(_));
                    take((line, Err(format!("the row cannot be read: {why}"))))?;
                    if ends {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn wanted(&self) -> &'static [&'static str] {
        let found = kinds().find(|(_, kind, _)| *kind == self.kind);
        found.expect("every kind is in the list").2
    }

    fn each_object<E>(
        &self,
        mut from: impl BufRead,
        mut take: impl FnMut(Line) -> Result<(), E>,
    ) -> Result<(), E> {
        let (name, ..) = kinds()
            .find(|(_, kind, _)| *kind == self.kind)
            .expect("every kind is in the list");
        let names = export::columns(name).unwrap_or_else(|| self.wanted());
        let head = StringRecord::from(names.to_vec());
        let columns = match Columns::new(&head, self.wanted()) {
            Ok(columns) => columns,
            Err(reason) => return take((1, Err(reason))),
        };
        let mut bytes = Vec::new();
        for line in 1.. {
            bytes.clear();
            let most = LONGEST as u64 + 1;
            let read = from.by_ref().take(most).read_until(b'\n', &mut bytes);
            match read {
                Ok(0) => return Ok(()),
                Ok(_) if bytes.len() > LONGEST => {
                    return take((line, Err(format!("the row is longer than {LONGEST} bytes"))));
                }
                Ok(_) => {}
                Err(why) => return take((line, Err(format!("the row cannot be read: {why}")))),
            }
            if !bytes.trim_ascii().is_empty() {
                let record = record(&bytes, names).map(|record| (&columns, record));
                take((line, record))?;
            }
        }
        Ok(())
    }
}

/// What a sheet of this name holds.
pub(super) fn kind_of(file: &str) -> Option<Kind> {
    let found = kinds().find(|(name, ..)| *name == file);
    found.map(|(_, kind, _)| kind)
}

/// The cells of an object in the order of the columns.
fn record(bytes: &[u8], names: &[&str]) -> Result<StringRecord, String> {
    let object: Map<String, Value> = serde_json::from_slice(bytes)
        .map_err(|why| format!("the line is no JSON object: {why}"))?;
    if let Some(name) = object.keys().find(|name| !names.contains(&name.as_str())) {
        let name = SafeText::new(name);
        return Err(format!(
            "there is no column {name}; take {}",
            names.join(", ")
        ));
    }
    names
        .iter()
        .map(|name| cell(name, object.get(*name)))
        .collect::<Result<Vec<String>, String>>()
        .map(StringRecord::from)
}

fn cell(name: &str, value: Option<&Value>) -> Result<String, String> {
    match value {
        None | Some(Value::Null) => Ok(String::new()),
        // In JSON a text is a text: only in a spreadsheet is a quote in front not its own.
        Some(Value::String(text)) => Ok(export::guarded(text.clone())),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::Bool(yes)) => Ok(if *yes { "yes" } else { "no" }.to_owned()),
        Some(Value::Array(_) | Value::Object(_)) => {
            Err(format!("{name} is a text, a number, true, false or null"))
        }
    }
}

/// Reads no further than so many bytes ahead.
struct Meter<R> {
    inner: R,
    left: Rc<Cell<usize>>,
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(io::Error::other(format!(
                "it is longer than {LONGEST} bytes"
            )));
        }
        let most = into.len().min(left);
        let read = self.inner.read(&mut into[..most])?;
        self.left.set(left - read);
        Ok(read)
    }
}
