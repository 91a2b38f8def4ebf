//! Commands that bring records in and take them out, as sheets.

use super::{Done, say, tell};
use clap::{Args, ValueEnum};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::export::Format;
use stockhand::office::import::{BadRow, Sheet};
use stockhand::office::open::AREAS;
use stockhand::warehouse::SafeText;

#[derive(Args)]
pub(crate) struct Import {
    /// Files, or folders of which every known file is taken.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    from: Vec<PathBuf>,
    /// Looks at every row and changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Writes every bad row to this file, as CSV: file, line, reason. On the screen there are 1000 at most.
    #[arg(long, value_name = "FILE")]
    bad_rows: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Export {
    /// The folder to write to, made if it is not there.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// How rows are written.
    #[arg(long, value_enum, default_value_t = Written::Csv)]
    format: Written,
    /// Also what import does not take, in a folder `areas`: orders in every state, the ledger, tasks, exceptions, handhelds.
    #[arg(long)]
    everything: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Written {
    /// CSV with a head line.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

impl From<Written> for Format {
    fn from(written: Written) -> Self {
        match written {
            Written::Csv => Self::Csv,
            Written::Jsonl => Self::Lines,
        }
    }
}

pub(crate) fn import(office: &Office, wish: &Import) -> Done {
    let sheets = sheets(&wish.from)?;
    let mut report = wish.bad_rows.as_deref().map(Report::new).transpose()?;
    let mut shown = 0;
    let mut trouble: Result<(), Box<dyn Error>> = Ok(());
    let done = office.bring_in(chrono::Utc::now(), &sheets, wish.dry_run, &mut |row| {
        shown += 1;
        let told = report.as_mut().map_or(Ok(()), |report| report.add(&row));
        let told = told.and_then(|()| match shown {
            ..=SHOWN => Ok(tell(SafeText::new(&row.to_string()))?),
            _ => Ok(()),
        });
        if trouble.is_ok() {
            trouble = told;
        }
    })?;
    trouble?;
    report.map_or(Ok(()), Report::finish)?;
    if done.bad > 0 {
        tell(format_args!("{} bad rows; nothing was imported.", done.bad))?;
        return Ok(ExitCode::FAILURE);
    }
    if wish.dry_run {
        return say(format!(
            "{} rows can be imported; nothing was changed.",
            done.rows
        ));
    }
    if done.before > 0 {
        tell(format_args!(
            "Went on behind {} rows and orders that were in already.",
            done.before
        ))?;
    }
    tell(format_args!("{} rows imported.", done.rows))?;
    if done.begun > 0 {
        tell(format_args!(
            "{} orders stayed as they were: work on them has begun.",
            done.begun
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Bad rows on the screen, at most.
const SHOWN: u64 = 1000;

/// A file of bad rows.
struct Report(csv::Writer<fs::File>);

impl Report {
    fn new(path: &Path) -> Result<Self, Box<dyn Error>> {
        let file = fs::File::create(path)
            .map_err(|why| format!("{} cannot be written: {why}", path.display()))?;
        let mut report = csv::Writer::from_writer(file);
        report.write_record(["file", "line", "reason"])?;
        Ok(Self(report))
    }

    fn add(&mut self, row: &BadRow) -> Result<(), Box<dyn Error>> {
        let reason = SafeText::new(&row.reason);
        let line = row.line.to_string();
        Ok(self.0.write_record([&row.file, &line, reason.as_str()])?)
    }

    fn finish(mut self) -> Result<(), Box<dyn Error>> {
        Ok(self.0.flush()?)
    }
}

fn sheets(from: &[PathBuf]) -> Result<Vec<Sheet>, Box<dyn Error>> {
    let mut sheets = Vec::new();
    for path in from {
        if path.is_dir() {
            let known =
                Sheet::names().flat_map(|name| [name.to_owned(), name.replace(".csv", ".jsonl")]);
            let known = known.map(|name| path.join(name));
            for file in known.filter(|file| file.is_file()) {
                sheets.push(sheet(&file)?);
            }
        } else {
            sheets.push(sheet(path)?);
        }
    }
    if sheets.is_empty() {
        return Err(
            "there is no file of a known name; see `stockhand-office import --help`".into(),
        );
    }
    Ok(sheets)
}

fn sheet(path: &Path) -> Result<Sheet, Box<dyn Error>> {
    fs::File::open(path).map_err(|why| format!("{} cannot be read: {why}", path.display()))?;
    let names: Vec<&str> = Sheet::names().collect();
    let unknown = || {
        format!(
            "{} has none of the names {}",
            path.display(),
            names.join(", ")
        )
    };
    Ok(Sheet::at(path).ok_or_else(unknown)?)
}

fn folder(to: &Path) -> Result<(), Box<dyn Error>> {
    Ok(fs::create_dir_all(to)
        .map_err(|why| format!("the folder {} cannot be made: {why}", to.display()))?)
}

pub(crate) fn export(office: &Office, wish: &Export) -> Done {
    let format = Format::from(wish.format);
    folder(&wish.to)?;
    for name in Sheet::names() {
        let file = create(&wish.to, name.trim_end_matches(".csv"), format)?;
        office.export_as(name, format, file)?;
    }
    if wish.everything {
        let areas = wish.to.join("areas");
        folder(&areas)?;
        for area in AREAS {
            let mut file = create(&areas, area.name, format)?;
            let mut pages = office.export_area(area, format);
            while let Some(page) = pages.next_page()? {
                file.write_all(page.as_bytes())?;
            }
        }
    }
    say(format!("Exported to {}.", wish.to.display()))
}

fn create(folder: &Path, name: &str, format: Format) -> Result<fs::File, Box<dyn Error>> {
    let path = folder.join(format!("{name}.{}", format.ending()));
    // Workers' PIN verifiers are among it: for the owner's eyes.
    let mut open = fs::OpenOptions::new();
    open.write(true).create(true).truncate(true).mode(0o600);
    let file = open.open(&path);
    Ok(file.map_err(|why| format!("{} cannot be written: {why}", path.display()))?)
}

pub(crate) fn demo(to: &Path) -> Done {
    folder(to)?;
    let today = chrono::Local::now().date_naive();
    for (name, text) in stockhand::demo::files(today, stockhand::demo::SEED) {
        let path = to.join(name);
        fs::write(&path, text)
            .map_err(|why| format!("{} cannot be written: {why}", path.display()))?;
    }
    let folder = to.display();
    say(format!(
        "The demo warehouse is in {folder}; bring it in by import."
    ))
}
