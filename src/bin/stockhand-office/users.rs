//! Commands for who may sign in at the web page.

use super::{Done, say, tell};
use clap::{Subcommand, ValueEnum};
use std::error::Error;
use std::io::{self, BufRead, Read};
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::web::{Role, UserName};

/// Longest line that is read as a password, in bytes.
const MOST: u64 = 1024;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lets someone sign in. The password, 12 to 128 characters, is the first line of standard input.
    Add {
        /// Lower-case letters, digits, dots, hyphens and underscores.
        name: UserName,
        /// What they may do: viewer looks, manager also decides, administrator also takes handhelds in and strikes them off.
        #[arg(long, default_value = "viewer")]
        role: Role,
    },
    /// Lists who may sign in.
    List,
    /// Lets someone sign in no more; they are signed out at once.
    Remove {
        /// Their name.
        name: UserName,
    },
    /// Asks a second factor of every administrator, or of none: without it they may only look until they have set it up.
    SecondFactor {
        /// Whether it is asked for.
        wanted: Wanted,
    },
    /// Forgets someone's second factor, for who has lost telephone and recovery codes; they are signed out.
    ForgetFactor {
        /// Their name.
        name: UserName,
    },
    /// Gives someone another password, the first line of standard input; they are signed out everywhere.
    Password {
        /// Their name.
        name: UserName,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Wanted {
    /// Of every administrator.
    Required,
    /// Of nobody; who has one is still asked for it.
    Optional,
}

pub(crate) fn run(office: &Office, wish: Command) -> Done {
    let now = chrono::Utc::now();
    match wish {
        Command::Add { name, role } => {
            office.add_user(now, &name, role, &password()?)?;
            say(format_args!("{name} may sign in as {}.", role.name()))
        }
        Command::List => {
            for (name, role) in office.users()? {
                tell(format_args!("{name:<32} {}", role.name()))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Remove { name } => {
            office.remove_user(now, &name)?;
            say(format_args!("{name} may sign in no more."))
        }
        Command::SecondFactor { wanted } => {
            let required = matches!(wanted, Wanted::Required);
            office.require_second_factor(now, required)?;
            say(if required {
                "Every administrator needs a second factor."
            } else {
                "Administrators may do without a second factor."
            })
        }
        Command::ForgetFactor { name } => {
            office.forget_second_factor(now, &name)?;
            say(format_args!("{name} has no second factor any more."))
        }
        Command::Password { name } => {
            office.set_password(now, &name, &password()?)?;
            say(format_args!("{name} has a new password."))
        }
    }
}

fn password() -> Result<String, Box<dyn Error>> {
    let mut line = String::new();
    io::stdin().lock().take(MOST).read_line(&mut line)?;
    let line = line.trim_end_matches(['\n', '\r']);
    if line.is_empty() {
        return Err("the password is read from standard input; nothing came".into());
    }
    Ok(line.to_owned())
}
