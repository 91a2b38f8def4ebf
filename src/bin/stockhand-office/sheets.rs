//! Commands that bring records in and take them out, as sheets.

use super::{Done, say, tell};
use std::error::Error;
use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::import::{NotImported, Sheet};
use stockhand::warehouse::SafeText;

pub(crate) fn import(office: &Office, from: &[PathBuf]) -> Done {
    let mut sheets = Vec::new();
    for path in from {
        if path.is_dir() {
            let known = Sheet::names().map(|name| path.join(name));
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
    match office.import(chrono::Utc::now(), &sheets) {
        Ok(done) => {
            tell(format_args!("{} rows imported.", done.rows))?;
            if done.begun > 0 {
                tell(format_args!(
                    "{} orders stayed as they were: work on them has begun.",
                    done.begun
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(NotImported::BadRows(bad)) => {
            for row in &bad {
                tell(format_args!("{}", SafeText::new(&row.to_string())))?;
            }
            tell(format_args!(
                "{} bad rows; nothing was imported.",
                bad.len()
            ))?;
            Ok(ExitCode::FAILURE)
        }
        Err(why) => Err(why.into()),
    }
}

fn sheet(path: &Path) -> Result<Sheet, Box<dyn Error>> {
    let text = fs::read(path).map_err(|why| format!("{} cannot be read: {why}", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let names: Vec<&str> = Sheet::names().collect();
    let unknown = || {
        format!(
            "{} has none of the names {}",
            path.display(),
            names.join(", ")
        )
    };
    Ok(Sheet::new(&name, text).ok_or_else(unknown)?)
}

fn folder(to: &Path) -> Result<(), Box<dyn Error>> {
    Ok(fs::create_dir_all(to)
        .map_err(|why| format!("the folder {} cannot be made: {why}", to.display()))?)
}

pub(crate) fn export(office: &Office, to: &Path) -> Done {
    folder(to)?;
    for name in Sheet::names() {
        let path = to.join(name);
        // Workers' PIN verifiers are among it: for the owner's eyes.
        let mut open = fs::OpenOptions::new();
        open.write(true).create(true).truncate(true).mode(0o600);
        let file = open
            .open(&path)
            .map_err(|why| format!("{} cannot be written: {why}", path.display()))?;
        office.export(name, file)?;
    }
    say(format!("Exported to {}.", to.display()))
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
