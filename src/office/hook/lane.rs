//! How far a warehouse's events have gone to an address, and when the next attempt is due.

use super::courier::NotTaken;
use super::event;
use crate::office::Error;
use crate::office::database::{Tx, values};
use crate::office::exception::{ExceptionKind, Posting};
use crate::warehouse::Timestamp;
use chrono::Duration;

/// Pauses between attempts, in seconds: about three days in all, as Standard Webhooks advises.
const PAUSES: [i64; 10] = [
    5,
    60,
    5 * 60,
    30 * 60,
    2 * 3600,
    5 * 3600,
    10 * 3600,
    14 * 3600,
    20 * 3600,
    24 * 3600,
];
/// A process that sends holds its lane for so long; one that died holds it no longer.
const HELD: i64 = 60;

/// One address and one warehouse.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub hook: u64,
    pub warehouse: String,
    /// The last event that was taken, or was not for this address.
    pub seq: u64,
    failed: u64,
}

/// How long to wait after so many failures, a tenth more or less by chance. None: it has been enough.
fn pause(failed: u64, chance: u32) -> Option<Duration> {
    let at = usize::try_from(failed).ok()?.checked_sub(1)?;
    let seconds = PAUSES.get(at)?;
    let spread = seconds * 200 * i64::from(chance) / i64::from(u32::MAX);
    Some(Duration::milliseconds(seconds * 900 + spread))
}

/// Where the events of a warehouse stand; a warehouse that is new since the hook was added begins at its beginning.
pub(super) fn find(tx: &Tx, hook: u64, warehouse: &str) -> Result<Lane, Error> {
    let sql = "SELECT seq, failed FROM hook_lanes WHERE hook = ?1 AND warehouse = ?2";
    let row = tx.first(sql, values![hook, warehouse])?;
    let (seq, failed) = match row {
        Some(row) => (row.count("seq")?, row.count("failed")?),
        None => (0, 0),
    };
    Ok(Lane {
        hook,
        warehouse: warehouse.to_owned(),
        seq,
        failed,
    })
}

/// Begins a lane after an event; one that was given up is open again.
pub(super) fn begin(tx: &Tx, hook: u64, warehouse: &str, seq: u64) -> Result<(), Error> {
    let sql = "INSERT INTO hook_lanes (hook, warehouse, seq, state, failed, why, retry_at, held_by, held_until)
               VALUES (?1, ?2, ?3, 'open', 0, '', '', '', '')
               ON CONFLICT (hook, warehouse) DO UPDATE SET seq = excluded.seq, state = 'open', failed = 0, why = '',
                   retry_at = '', held_by = '', held_until = ''";
    tx.run(sql, values![hook, warehouse, seq])?;
    Ok(())
}

/// Whether an attempt is due now, and nobody else makes it.
pub(super) fn is_due(tx: &Tx, lane: &Lane, now: Timestamp, me: &str) -> Result<bool, Error> {
    let sql = "SELECT hook FROM hook_lanes WHERE hook = ?1 AND warehouse = ?2
               AND NOT (state = 'open' AND retry_at <= ?3 AND (held_by = ?4 OR held_until <= ?3))";
    let barred = tx.first(
        sql,
        values![lane.hook, &lane.warehouse, now.to_rfc3339(), me],
    )?;
    Ok(barred.is_none())
}

/// Takes hold of a lane if it is due; nobody else sends on it meanwhile.
pub(super) fn hold(
    tx: &Tx,
    hook: u64,
    warehouse: &str,
    now: Timestamp,
    me: &str,
) -> Result<Option<Lane>, Error> {
    let known = tx.first("SELECT id FROM hooks WHERE id = ?1", values![hook])?;
    let lane = find(tx, hook, warehouse)?;
    if known.is_none() || !is_due(tx, &lane, now, me)? {
        return Ok(None);
    }
    let until = now + Duration::seconds(HELD);
    let sql = "INSERT INTO hook_lanes (hook, warehouse, seq, state, failed, why, retry_at, held_by, held_until)
               VALUES (?1, ?2, ?3, 'open', 0, '', '', ?4, ?5)
               ON CONFLICT (hook, warehouse) DO UPDATE SET held_by = excluded.held_by, held_until = excluded.held_until";
    tx.run(
        sql,
        values![hook, warehouse, lane.seq, me, until.to_rfc3339()],
    )?;
    Ok(Some(lane))
}

/// Lets go of a lane that was held: it has come as far as `seq`, and then perhaps no further. Whoever has set it elsewhere
/// meanwhile, or removed it, is not overruled. Says whether it was given up.
pub(super) fn let_go(
    tx: &Tx,
    now: Timestamp,
    lane: &Lane,
    (seq, failure): (u64, Option<&NotTaken>),
    (me, chance): (&str, u32),
) -> Result<bool, Error> {
    let failed = match failure {
        None => 0,
        Some(_) if seq > lane.seq => 1,
        Some(_) => lane.failed + 1,
    };
    let wait = match failure {
        Some(why) if why.is_gone => None,
        Some(_) => pause(failed, chance),
        None => Some(Duration::zero()),
    };
    let (state, retry_at) = match wait {
        Some(wait) if failure.is_some() => ("open", (now + wait).to_rfc3339()),
        Some(_) => ("open", String::new()),
        None => ("dead", String::new()),
    };
    let why = failure.map_or("", |failure| failure.why.as_str());
    let sql = "UPDATE hook_lanes SET seq = ?3, state = ?4, failed = ?5, why = ?6, retry_at = ?7, held_by = '', held_until = ''
               WHERE hook = ?1 AND warehouse = ?2 AND held_by = ?8 AND seq = ?9";
    let key = values![
        lane.hook,
        &lane.warehouse,
        seq,
        state,
        failed,
        why,
        retry_at,
        me,
        lane.seq
    ];
    let is_dead = tx.run(sql, key)? > 0 && state == "dead";
    if is_dead {
        let mut posting = Posting::of_office(&lane.warehouse, "", now);
        let behind = event::head(tx, &lane.warehouse)?.saturating_sub(seq);
        let note = format!(
            "hook {} takes no events any more ({why}); {behind} wait: see `stockhand-office hook list`",
            lane.hook
        );
        posting.exception(tx, ExceptionKind::HookDead, &note)?;
    }
    Ok(is_dead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_day_and_end_after_about_three() {
        let middle = |failed| pause(failed, u32::MAX / 2).map(|pause| pause.num_seconds());
        assert_eq!((middle(0), middle(1), middle(2)), (None, Some(4), Some(59)));
        assert_eq!((middle(10), middle(11)), (Some(86_399), None));
        let all: i64 = (1..=10).filter_map(middle).sum();
        assert!((3 * 86_400..4 * 86_400).contains(&all), "{all}");
    }

    #[test]
    fn those_that_failed_together_do_not_come_back_together() {
        let (least, most) = (pause(5, 0).unwrap(), pause(5, u32::MAX).unwrap());
        assert_eq!((least.num_seconds(), most.num_seconds()), (6480, 7920));
    }
}
