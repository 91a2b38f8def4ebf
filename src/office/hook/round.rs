//! One round of a hook: what is due in each of its warehouses goes out, one event after another, until one is not taken.

use super::courier::{Courier, Line, NotTaken};
use super::keep::{self, Hook};
use super::lane::{self, Lane};
use super::{event, event::Letter};
use crate::office::database::Tx;
use crate::office::{Error, Office};
use crate::warehouse::Timestamp;
use std::time::{Duration, Instant};

/// Events that are looked at in one round.
const LOOKED_AT: usize = 500;
/// Events that go out in one round.
const SENT: usize = 32;
/// A round ends after so long, before its hold on the lane does.
const ROUND: Duration = Duration::from_secs(20);

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Events that were taken.
    pub taken: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Lanes that were given up.
    pub dead: u64,
}

impl Office {
    /// Does a round of a hook. `me` names this process: of several, one at a time sends the events of a warehouse.
    /// Error: there is no such hook.
    pub fn tell_hook(
        &self,
        now: Timestamp,
        id: u64,
        courier: Courier,
        me: &str,
    ) -> Result<Told, Error> {
        let hook = self.database().read(|tx| keep::hook(tx, id))?;
        let mut told = Told::default();
        for warehouse in self.database().read(|tx| hook.places(tx))? {
            if !self
                .database()
                .read(|tx| waits(tx, &hook, &warehouse, now, me))?
            {
                continue;
            }
            // The floor need not hear of it, so nobody who waits for news is woken.
            let hold = |tx: &Tx| lane::hold(tx, id, &warehouse, now, me);
            let (held, _) = self.database().write_in(&warehouse, hold)?;
            if let Some(lane) = held {
                self.send(now, &hook, &lane, courier, me, &mut told)?;
            }
        }
        Ok(told)
    }

    /// The hooks for which something is due.
    pub(super) fn hooks_due(&self, now: Timestamp, me: &str) -> Result<Vec<u64>, Error> {
        self.database().read(|tx| {
            let mut due = Vec::new();
            for hook in keep::all(tx)? {
                for warehouse in hook.places(tx)? {
                    if waits(tx, &hook, &warehouse, now, me)? {
                        due.push(hook.id);
                        break;
                    }
                }
            }
            Ok(due)
        })
    }

    fn send(
        &self,
        now: Timestamp,
        hook: &Hook,
        lane: &Lane,
        courier: Courier,
        me: &str,
        told: &mut Told,
    ) -> Result<(), Error> {
        let began = Instant::now();
        let (letters, last) = self.database().read(|tx| letters(tx, hook, lane))?;
        let mut seq = lane.seq;
        let mut sent = || -> Result<(), NotTaken> {
            let line: Line = courier.line(&hook.url, hook.goes_inside)?;
            for letter in letters.iter().take_while(|_| began.elapsed() < ROUND) {
                let passed = chrono::Duration::from_std(began.elapsed()).unwrap_or_default();
                line.carry(now + passed, &hook.secret, letter)?;
                seq = letter.seq;
                told.taken += 1;
            }
            Ok(())
        };
        let failure = sent().err();
        if failure.is_none() && letters.last().is_none_or(|letter| letter.seq == seq) {
            // What came after the last of them was not for this address.
            seq = last;
        }
        told.failed += u64::from(failure.is_some());
        let passed = chrono::Duration::from_std(began.elapsed()).unwrap_or_default();
        let chance = getrandom::u32().map_err(Error::Random)?;
        let (gone, _) = self.database().write_in(&lane.warehouse, |tx| {
            lane::let_go(
                tx,
                now + passed,
                lane,
                (seq, failure.as_ref()),
                (me, chance),
            )
        })?;
        told.dead += u64::from(gone);
        Ok(())
    }
}

/// Whether there is something to send or to pass over.
fn waits(tx: &Tx, hook: &Hook, warehouse: &str, now: Timestamp, me: &str) -> Result<bool, Error> {
    let lane = lane::find(tx, hook.id, warehouse)?;
    if event::head(tx, warehouse)? <= lane.seq || !lane::is_due(tx, &lane, now, me)? {
        return Ok(false);
    }
    let events = event::after(tx, warehouse, lane.seq, LOOKED_AT)?;
    let wanted = events.iter().any(|event| hook.kinds.contains(&event.kind));
    Ok(wanted || events.len() == LOOKED_AT)
}

/// The next events for a hook, and the number of the last one that was looked at.
fn letters(tx: &Tx, hook: &Hook, lane: &Lane) -> Result<(Vec<Letter>, u64), Error> {
    let mut last = lane.seq;
    let mut letters = Vec::new();
    for event in event::after(tx, &lane.warehouse, lane.seq, LOOKED_AT)? {
        let is_wanted = hook.kinds.contains(&event.kind);
        if is_wanted && letters.len() == SENT {
            break;
        }
        last = event.seq;
        if is_wanted {
            letters.push(event::letter(tx, &lane.warehouse, &event)?);
        }
    }
    Ok((letters, last))
}
