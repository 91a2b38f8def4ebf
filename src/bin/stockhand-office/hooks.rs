//! Commands for webhooks.

use super::{Done, say, tell};
use clap::Subcommand;
use std::error::Error;
use std::process::ExitCode;
use stockhand::office::Office;
use stockhand::office::hook::{From, HookRecord, LaneRecord, NewHook};
use stockhand::warehouse::{SafeText, WarehouseCode};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Tells an address of events from now on. Shows the hook's number and, this once, the secret of its signatures.
    ///
    /// Each event is an HTTPS POST signed as Standard Webhooks says (headers webhook-id, webhook-timestamp and
    /// webhook-signature); /api/v1/openapi.json describes them. Any answer of 200 to 299 within 15 seconds takes it; no
    /// redirect is followed. One that is not taken is sent again, ever later, for three days; until then none behind it in its
    /// warehouse is sent. Then the hook is given up, which is an exception, until `hook replay`. An event may come twice, with
    /// the same webhook-id.
    Add {
        /// Where to: https://…, or http:// on this machine.
        url: String,
        /// facts.arrived, order.changed or exception.opened. May be said more than once.
        #[arg(long, required = true)]
        event: Vec<String>,
        /// Only of this warehouse; of all if not said. May be said more than once.
        #[arg(long)]
        warehouse: Vec<WarehouseCode>,
        /// The address may be a private one, such as 10.0.0.7.
        #[arg(long)]
        private: bool,
    },
    /// Lists the hooks, and how far they are. Exit code 1: one was given up.
    List,
    /// Sends nothing to an address any more.
    Remove {
        /// Its number.
        hook: u64,
    },
    /// Sends events again, or goes on with a hook that was given up. Events are kept for 30 days.
    Replay {
        /// Its number.
        hook: u64,
        /// From when, such as 2027-03-01T10:00:00Z, or from which event, such as W1/17 (warehouse/seq); without it, from
        /// where the hook stands.
        #[arg(long, value_name = "MOMENT|EVENT")]
        from: Option<String>,
    },
}

pub(crate) fn run(office: &Office, command: Command) -> Done {
    match command {
        Command::Add {
            url,
            event,
            warehouse,
            private,
        } => {
            let new = NewHook {
                url,
                kinds: event,
                warehouses: warehouse,
                goes_inside: private,
            };
            let (id, secret) = office.add_hook(chrono::Utc::now(), &new)?;
            tell(format_args!(
                "Hook {id} tells of what happens from now on. Its secret:"
            ))?;
            say(secret)
        }
        Command::List => list(office),
        Command::Remove { hook } => {
            office.remove_hook(hook)?;
            say(format!("Hook {hook} is removed."))
        }
        Command::Replay { hook, from } => {
            let events = office.replay_hook(hook, &from_where(from.as_deref())?)?;
            say(format!("{events} events from there on."))
        }
    }
}

fn from_where(text: Option<&str>) -> Result<From, Box<dyn Error>> {
    let Some(text) = text else {
        return Ok(From::Here);
    };
    if let Ok(moment) = text.parse() {
        return Ok(From::Moment(moment));
    }
    let wrong = "--from is a moment such as 2027-03-01T10:00:00Z or an event such as W1/17";
    let (warehouse, number) = text.rsplit_once('/').ok_or(wrong)?;
    Ok(From::Event(
        warehouse.parse().map_err(|_| wrong)?,
        number.parse().map_err(|_| wrong)?,
    ))
}

fn list(office: &Office) -> Done {
    let hooks = office.hooks()?;
    for hook in &hooks {
        let HookRecord { id, url, kinds, .. } = hook;
        let kinds: Vec<&str> = kinds.iter().map(SafeText::as_str).collect();
        let places: Vec<&str> = hook.warehouses.iter().map(SafeText::as_str).collect();
        let places = match places.as_slice() {
            [] => "all warehouses".to_owned(),
            some => some.join(", "),
        };
        tell(format_args!(
            "{id}  {url}  {}  in {places}",
            kinds.join(" ")
        ))?;
        for lane in &hook.lanes {
            tell(format_args!("   {}", standing(lane)))?;
        }
    }
    let dead = hooks
        .iter()
        .flat_map(|hook| &hook.lanes)
        .any(|lane| lane.is_dead);
    Ok(if dead {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn standing(lane: &LaneRecord) -> String {
    let LaneRecord {
        warehouse,
        seq,
        head,
        failed,
        why,
        ..
    } = lane;
    let so_far = format!("{warehouse}: at event {seq} of {head}");
    match lane.retry_at {
        _ if lane.is_dead => format!("{so_far}, GIVEN UP after {failed} attempts: {why}"),
        Some(retry_at) => {
            let at = retry_at.with_timezone(&chrono::Local).format("%F %T");
            format!("{so_far}, {failed} attempts failed ({why}), the next at {at}")
        }
        None => so_far,
    }
}
