//! Leases: who may work on a task now. Given for a while by the office's clock; a lease keeps nobody from recording what happened.

use super::database::{Tx, values};
use super::{Device, Error, Office, enrol, feed};
use crate::sync::{Claim, Claimed};
use crate::warehouse::{Lease, TaskId, Timestamp};
use chrono::TimeDelta;

/// How long a lease lasts: a shift. Seconds.
const LASTS_S: u32 = 8 * 3600;
/// How many tasks a handheld may hold ahead, at most.
const AHEAD: u32 = 50;

impl Office {
    /// Gives a device the right to work on tasks: on those it names, as far as they are free, and on the next `ahead` ones.
    /// Leases it has already are renewed.
    pub fn claim(&self, now: Timestamp, device: &Device, claim: &Claim) -> Result<Claimed, Error> {
        self.write(|tx| {
            enrol::seen(tx, now, &device.id)?;
            for task in claim.tasks.iter().take(AHEAD as usize) {
                lease(tx, now, device, task)?;
            }
            let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND state = 'open' AND kind <> 'pack'
                       AND (lease_device = '' OR lease_until < ?2) ORDER BY priority, due IS NULL, due, id LIMIT ?3";
            let (warehouse, ahead) = (device.warehouse.as_str(), claim.ahead.min(AHEAD));
            for row in tx.rows(sql, values![warehouse, now.to_rfc3339(), ahead])? {
                lease(tx, now, device, &row.parse("id")?)?;
            }
            let renewed = "UPDATE tasks SET lease_until = ?3 WHERE warehouse = ?1 AND lease_device = ?2 AND state IN ('open', 'started')";
            let until = now + TimeDelta::seconds(i64::from(LASTS_S));
            tx.run(renewed, values![warehouse, device.id.as_str(), until.to_rfc3339()])?;
            Ok(Claimed { leases: held(tx, device)? })
        })
    }
}

fn lease(tx: &Tx, now: Timestamp, device: &Device, task: &TaskId) -> Result<(), Error> {
    let sql = "UPDATE tasks SET lease_number = lease_number + 1, lease_device = ?3, lease_until = ?4, lease_seconds = ?5
               WHERE warehouse = ?1 AND id = ?2 AND state IN ('open', 'started') AND (started_on = '' OR started_on = ?3)
               AND lease_device <> ?3 AND (lease_device = '' OR lease_until < ?6)";
    let until = now + TimeDelta::seconds(i64::from(LASTS_S));
    let (warehouse, id) = (device.warehouse.as_str(), task.as_str());
    let given = tx.run(
        sql,
        values![
            warehouse,
            id,
            device.id.as_str(),
            until.to_rfc3339(),
            LASTS_S,
            now.to_rfc3339()
        ],
    )?;
    if given > 0 {
        feed::announce(tx, warehouse, "task", id)
    } else {
        Ok(())
    }
}

fn held(tx: &Tx, device: &Device) -> Result<Vec<(TaskId, Lease)>, Error> {
    let sql = "SELECT id, lease_number FROM tasks WHERE warehouse = ?1 AND lease_device = ?2 AND state IN ('open', 'started')
               ORDER BY priority, id";
    tx.rows(sql, values![device.warehouse.as_str(), device.id.as_str()])?
        .iter()
        .map(|row| {
            let lease = Lease {
                device: device.id.clone(),
                number: row.count("lease_number")?,
                seconds: LASTS_S,
            };
            Ok((row.parse("id")?, lease))
        })
        .collect()
}
