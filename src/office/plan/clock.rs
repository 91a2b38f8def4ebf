//! When planning is done: once a day at a set time, and a look at the stock every minute in between.

use super::{Planned, rules};
use crate::office::database::values;
use crate::office::{Error, Office, records};
use crate::warehouse::{Timestamp, WarehouseCode};
use chrono::{Local, Utc};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(60);
/// The day of the last planning.
const RAN: &str = "plan_ran";

/// Plans at the set time in a thread of its own, until dropped: the floor's duties do not wait for it.
pub struct Planner {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Planner {
    /// The first look is a minute after the start: what waits for the office on the floor goes first.
    pub fn start(office: Office) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let rounds = move || {
            while stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                if let Err(why) = look(&office, Utc::now()) {
                    office.note(&format!("planning failed: {why}"));
                }
            }
        };
        let thread = Builder::new().name("planner".to_owned()).spawn(rounds)?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Planner {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn look(office: &Office, now: Timestamp) -> Result<(), Error> {
    if let Some(planned) = office.plan_if_due(now)? {
        for (warehouse, planned) in planned {
            office.note(&format!("{warehouse}: {planned}"));
        }
        return Ok(());
    }
    for warehouse in office.warehouse_codes()? {
        let done = office.remind(now, &warehouse)?;
        if done.opened > 0 {
            office.note(&format!("{warehouse}: time to order {} items", done.opened));
        }
    }
    Ok(())
}

impl Office {
    /// Plans every warehouse if its time of the day has come and nobody has today; none otherwise.
    pub fn plan_if_due(
        &self,
        now: Timestamp,
    ) -> Result<Option<Vec<(WarehouseCode, Planned)>>, Error> {
        let Some(at) = self.database().read(rules::of)?.at else {
            return Ok(None);
        };
        let here = now.with_timezone(&Local);
        let today = here.date_naive().to_string();
        let ran = self.database().read(|tx| records::setting(tx, RAN))?;
        if here.time() < at || ran.as_deref().is_some_and(|ran| ran >= today.as_str()) {
            return Ok(None);
        }
        // Of several processes over one database, one plans.
        let ours = self.write(|tx| {
            let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2)
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE settings.value < excluded.value";
            Ok(tx.run(sql, values![RAN, &today])? > 0)
        })?;
        if !ours {
            return Ok(None);
        }
        let mut all = Vec::new();
        for warehouse in self.warehouse_codes()? {
            let planned = self.plan(now, &warehouse)?;
            all.push((warehouse, planned));
        }
        Ok(Some(all))
    }
}
