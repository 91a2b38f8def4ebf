//! Commands that tell partners what happened, and hear it of them.

use super::{Done, say, tell};
use clap::Subcommand;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::epcis::{Wanted, document};
use stockhand::warehouse::{SafeText, Timestamp, WarehouseCode};

#[derive(Subcommand)]
pub enum Command {
    /// Writes what happened as an EPCIS 2.0 document (JSON-LD).
    ///
    /// Exit code 1: something was done with items that have no GTIN among their barcodes; that is left out, and they are named.
    Export {
        /// Recorded at the office at this moment or later, such as 2027-03-01T00:00:00Z.
        #[arg(long, value_name = "TIME")]
        since: Option<Timestamp>,
        /// And before this one.
        #[arg(long, value_name = "TIME")]
        before: Option<Timestamp>,
        /// In this warehouse only.
        #[arg(long)]
        warehouse: Option<WarehouseCode>,
    },
    /// Takes in a partner's document as notices, or says what is wrong with it (exit code 1).
    Import {
        /// The file; `-` for standard input.
        file: PathBuf,
    },
    /// Lists notices of partners, newest first.
    Notices {
        /// How many.
        #[arg(long, default_value_t = 50)]
        most: u32,
    },
    /// Tells a warehouse's GLN, by which partners know its places.
    Gln {
        /// The warehouse.
        #[arg(long)]
        warehouse: WarehouseCode,
        /// 13 digits.
        gln: String,
    },
}

pub fn run(office: &Office, command: Command) -> Done {
    match command {
        Command::Export {
            since,
            before,
            warehouse,
        } => {
            let wanted = Wanted {
                warehouse,
                since,
                before,
                most: None,
            };
            let found = office.epcis_events(&wanted)?;
            tell(document(chrono::Utc::now(), &found.events))?;
            for item in &found.unnamed {
                eprintln!("{}: no barcode of it is a GTIN", SafeText::new(item));
            }
            Ok(if found.unnamed.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        Command::Import { file } => import(office, &file),
        Command::Notices { most } => {
            for it in office.notices(most)? {
                let at = it.at.with_timezone(&chrono::Local).format("%F %R");
                tell(format_args!("{at}  {}  {}", it.id, it.said))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Gln { warehouse, gln } => {
            office.set_gln(&warehouse, &gln)?;
            say(format_args!("{warehouse} is {gln} to partners."))
        }
    }
}

fn import(office: &Office, file: &std::path::Path) -> Done {
    /// More is refused as too long, whatever comes behind it.
    const MOST: u64 = (8 << 20) + 1;
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().take(MOST).read_to_string(&mut text)?;
    } else {
        std::fs::File::open(file)?
            .take(MOST)
            .read_to_string(&mut text)?;
    }
    match office.take_notice(chrono::Utc::now(), &text) {
        Ok(notices) => say(format_args!("{} notices are in.", notices.len())),
        Err(refused) => {
            for it in refused.iter().take(100) {
                match it.event {
                    0 => tell(&it.why)?,
                    event => tell(format_args!("event {event}: {}", it.why))?,
                }
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
