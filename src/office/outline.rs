//! Outlines of tasks: which zones a job leads to, what equipment it needs, where it begins and ends.

use super::database::Tx;
use super::{Error, records};
use crate::warehouse::{Job, Outline};

/// The outline of a job in a warehouse; a bin that is not known says nothing.
pub(super) fn of(tx: &Tx, warehouse: &str, job: &Job) -> Result<Outline, Error> {
    let mut outline = Outline::default();
    for code in job.bins() {
        let Some(bin) = records::bin(tx, warehouse, code.as_str())? else {
            continue;
        };
        let at = bin.at();
        outline.begins = outline.begins.or(Some(at));
        outline.ends = Some(at);
        if !outline.zones.contains(&bin.zone) {
            outline.zones.push(bin.zone);
        }
        if let Some(needed) = bin.limits.equipment
            && !outline.equipment.contains(&needed)
        {
            outline.equipment.push(needed);
        }
    }
    Ok(outline)
}
