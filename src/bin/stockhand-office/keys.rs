//! Commands for the keys of other systems.

use super::{Done, say, tell};
use clap::Subcommand;
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::warehouse::WarehouseCode;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Makes a key and shows it, this once. Calls carry it as `Authorization: Bearer KEY`; see /api/v1/openapi.json.
    Make {
        /// Its name, such as shop.
        name: String,
        /// What it may do: *:read, AREA:read such as stock:read, orders:write, metrics:read. May be said more than once.
        #[arg(long, required = true)]
        scope: Vec<String>,
        /// Only in this warehouse; all of them if not said. May be said more than once.
        #[arg(long)]
        warehouse: Vec<WarehouseCode>,
    },
    /// Lists the keys, never what they are.
    List,
    /// From its next call on a key opens nothing.
    Revoke {
        /// Its name.
        name: String,
    },
}

pub(crate) fn run(office: &Office, command: Command) -> Done {
    match command {
        Command::Make {
            name,
            scope,
            warehouse,
        } => say(office.make_key(chrono::Utc::now(), &name, &scope, &warehouse)?),
        Command::List => {
            for key in office.keys()? {
                let state = if key.is_good { "good" } else { "revoked" };
                let places = if key.warehouses.as_str().is_empty() {
                    "all warehouses"
                } else {
                    key.warehouses.as_str()
                };
                tell(format_args!(
                    "{}  {state}  {}  in {places}  since {}",
                    key.name, key.scopes, key.made_at
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Revoke { name } => {
            office.revoke_key(&name)?;
            say(format!("{name} opens nothing any more."))
        }
    }
}
