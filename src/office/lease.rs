//! Leases: who may work on a task now. Given for a while by the office's clock; a lease keeps nobody from recording what happened.

use super::database::{Tx, values};
use super::{Device, Error, Office, enrol, feed};
use crate::sync::{Claim, Claimed};
use crate::warehouse::{DeviceId, Lease, TaskId, Timestamp};
use chrono::TimeDelta;

/// How long a lease lasts: a shift. Seconds.
const LASTS_S: u32 = 8 * 3600;
/// How many tasks a handheld may hold ahead, at most.
const AHEAD: u32 = 50;

impl Office {
    /// Gives a device the right to work on tasks: on those it names, as far as they are free, and on the next `ahead` ones.
    /// Leases it has already are renewed.
    pub fn claim(&self, now: Timestamp, device: &Device, claim: &Claim) -> Result<Claimed, Error> {
        self.write_in(device.warehouse.as_str(), |tx| {
            enrol::seen(tx, now, &device.id)?;
            for task in claim.tasks.iter().take(AHEAD as usize) {
                lease(tx, now, device, task)?;
            }
            let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND state = 'open' AND kind <> 'pack'
                       AND (lease_device = '' OR lease_until < ?2) ORDER BY priority, due IS NULL, due, id LIMIT ?3";
            // A device that holds its share already gets no more ahead, however often it asks.
            let has = u32::try_from(held(tx, device)?.len()).unwrap_or(AHEAD);
            let (warehouse, ahead) = (device.warehouse.as_str(), claim.ahead.min(AHEAD.saturating_sub(has)));
            for row in tx.rows(sql, values![warehouse, now.to_rfc3339(), ahead])? {
                lease(tx, now, device, &row.parse("id")?)?;
            }
            renew(tx, now, device)?;
            Ok(Claimed { leases: held(tx, device)? })
        })
    }
}

fn until(now: Timestamp) -> String {
    (now + TimeDelta::seconds(i64::from(LASTS_S))).to_rfc3339()
}

/// A device was heard of: what it holds it holds on to.
pub(super) fn renew(tx: &Tx, now: Timestamp, device: &Device) -> Result<(), Error> {
    let sql = "UPDATE tasks SET lease_until = ?3 WHERE warehouse = ?1 AND lease_device = ?2 AND state IN ('open', 'started')";
    let (warehouse, id) = (device.warehouse.as_str(), device.id.as_str());
    tx.run(sql, values![warehouse, id, until(now)])?;
    Ok(())
}

/// Work was begun on a device, with or without a lease: from now on it has one.
pub(super) fn begin(
    tx: &Tx,
    warehouse: &str,
    now: Timestamp,
    task: &TaskId,
    device: &str,
) -> Result<(), Error> {
    let sql = "UPDATE tasks SET state = 'started', started_on = ?3, lease_device = ?3, lease_until = ?4, lease_seconds = ?5,
                   lease_number = CASE WHEN lease_device = ?3 THEN lease_number ELSE lease_number + 1 END
               WHERE warehouse = ?1 AND id = ?2";
    let values = values![warehouse, task.as_str(), device, until(now), LASTS_S];
    tx.run(sql, values)?;
    Ok(())
}

/// A device will not come back: what it held and had begun is anyone's.
pub(super) fn give_up(tx: &Tx, device: &DeviceId) -> Result<(), Error> {
    let sql = "UPDATE tasks SET state = 'open', started_on = '', lease_device = ''
               WHERE (lease_device = ?1 OR started_on = ?1) AND state IN ('open', 'started') RETURNING warehouse, id";
    for row in tx.rows(sql, values![device.as_str()])? {
        feed::announce(tx, row.text("warehouse")?, "task", row.text("id")?)?;
    }
    Ok(())
}

fn lease(tx: &Tx, now: Timestamp, device: &Device, task: &TaskId) -> Result<(), Error> {
    let sql = "UPDATE tasks SET lease_number = lease_number + 1, lease_device = ?3, lease_until = ?4, lease_seconds = ?5
               WHERE warehouse = ?1 AND id = ?2 AND state IN ('open', 'started') AND (started_on = '' OR started_on = ?3)
               AND lease_device <> ?3 AND (lease_device = '' OR lease_until < ?6)";
    let (warehouse, id) = (device.warehouse.as_str(), task.as_str());
    let given = tx.run(
        sql,
        values![
            warehouse,
            id,
            device.id.as_str(),
            until(now),
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
