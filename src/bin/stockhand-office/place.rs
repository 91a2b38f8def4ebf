//! Where the office's records are: a folder, and for what is shared a database in it or on a PostgreSQL server.

use crate::{Done, say, tell};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use stockhand::office::backup::{self, Guard};
use stockhand::office::config::Config;
use stockhand::office::{Address, Database, Office};

/// Where it is.
pub struct Place {
    /// The certificate and the snapshots; without a server, the database too.
    pub folder: PathBuf,
    /// The server.
    pub database: Option<Address>,
}

impl Place {
    /// What the command line says counts more than the settings.
    pub fn find(
        folder: Option<PathBuf>,
        database: Option<&str>,
        config: &Config,
    ) -> Result<Self, Box<dyn Error>> {
        let folder = folder.or_else(|| config.data.clone());
        let database = database.or(config.database.as_deref());
        Ok(Self {
            folder: folder.unwrap_or_else(|| PathBuf::from("office-data")),
            database: database.map(Address::read).transpose()?,
        })
    }
}

/// Opens the office, making it if it is not there.
pub fn open(place: &Place) -> Result<Office, Box<dyn Error>> {
    let folder = &place.folder;
    fs::create_dir_all(folder)
        .map_err(|why| format!("the folder {} cannot be made: {why}", folder.display()))?;
    let file = backup::database_in(folder);
    Ok(match &place.database {
        Some(address) => Office::connect(address, &file)?,
        None => Office::open(&file)?,
    })
}

/// Opens an office that is there: looking must not make one.
pub fn existing(place: &Place) -> Result<Office, Box<dyn Error>> {
    let database = backup::database_in(&place.folder);
    if place.database.is_none() && !database.is_file() {
        let folder = place.folder.display();
        return Err(format!(
            "there is no office in {folder}; import something first, or name its folder by --data"
        )
        .into());
    }
    open(place)
}

/// Moves the office into another database, and says of each table what came over.
pub fn move_to(place: &Place, to: &str) -> Done {
    let source = existing(place)?;
    // A file that is served just now would change behind our back.
    let _guard = Guard::take(&place.folder)?;
    let target = if to.contains("://") {
        Database::connect(&Address::read(to)?, Path::new(to))?
    } else {
        Database::open(Path::new(to))?
    };
    for moved in target.fill_from(source.database())? {
        tell(format_args!(
            "{:<20} {:>10} rows  {}",
            moved.table,
            moved.rows,
            &moved.checksum[..16]
        ))?;
    }
    say("Everything is there: counted and compared.")
}
