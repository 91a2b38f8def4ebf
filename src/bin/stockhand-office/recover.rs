//! Commands that put an earlier state of the office back.

use super::place::{Place, existing};
use super::{Done, say, tell, verified};
use clap::Args;
use std::path::PathBuf;
use stockhand::office::backup::{self, Guard, Since};
use stockhand::warehouse::Timestamp;

#[derive(Args)]
pub(crate) struct Restore {
    /// The backup.
    file: PathBuf,
    /// Then does again what was changed since: the folder that `serve --changes` carried it to.
    #[arg(long, value_name = "DIR")]
    changes: Option<PathBuf>,
    /// Only what was changed up to this moment, such as 2027-03-01T10:00:00Z.
    #[arg(long, value_name = "MOMENT", requires = "changes")]
    until: Option<Timestamp>,
}

pub(crate) fn restore(place: &Place, wish: &Restore) -> Done {
    let checked = backup::verify_file(&wish.file)?;
    if !checked.findings.is_empty() {
        verified(&checked)?;
        return Err("this backup is damaged; nothing was changed".into());
    }
    let until = wish.until;
    let since = wish
        .changes
        .as_deref()
        .map(|folder| Since { folder, until });
    let (aside, replayed) = match &place.database {
        Some(address) => {
            let replayed = backup::restore_to(address, &place.folder, &wish.file, since)?;
            (None, replayed)
        }
        None => backup::restore_since(&place.folder, &wish.file, since)?,
    };
    if let Some(aside) = aside {
        tell(format_args!(
            "The database that was there is now {}.",
            aside.display()
        ))?;
    }
    if since.is_some() {
        let last = replayed
            .at
            .map_or_else(String::new, |at| format!("; the last at {at}"));
        tell(format_args!(
            "{} changes since the backup{last}.",
            replayed.done
        ))?;
    }
    say("Restored. The office has begun a new life; start it with serve.")
}

pub(crate) fn reborn(place: &Place) -> Done {
    let office = existing(place)?;
    let _guard = Guard::take(&place.folder)?;
    office.begin_new_life()?;
    say("The office has begun a new life; start it with serve.")
}
