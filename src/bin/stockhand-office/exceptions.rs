//! The command about what did not square.

use super::{Done, say, tell};
use std::process::ExitCode;
use stockhand::office::Office;

pub(crate) fn list(office: &Office, close: Option<&str>) -> Done {
    if let Some(name) = close {
        let (warehouse, number) = name
            .rsplit_once('/')
            .ok_or("an exception is named as W1/17")?;
        let number = number
            .parse()
            .map_err(|_| "an exception is named as W1/17")?;
        office.close_exception(&warehouse.parse()?, number)?;
        return say(format!("{name} is closed."));
    }
    for open in office.exceptions()? {
        let at = open.at.with_timezone(&chrono::Local).format("%F %R");
        let (warehouse, id, kind) = (&open.warehouse, open.id, &open.kind);
        let device = match open.device.as_str() {
            "" => String::new(),
            device => format!("  [{device}]"),
        };
        tell(format_args!(
            "{warehouse}/{id}  {at}  {kind}  {}{device}",
            open.note
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
