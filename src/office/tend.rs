//! What the office does by itself from time to time: arrived receipts and open orders become work, leases run out,
//! and what nobody needs any more is let go.

use super::database::{Tx, values};
use super::{Error, Office, feed, hook, records, settle};
use crate::warehouse::{OrderCode, TaskId, Timestamp, WarehouseCode};
use chrono::Utc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// What a round of duties did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tended {
    /// Receipts that can be received now, or put away if their goods stand here already.
    pub received: Vec<(WarehouseCode, OrderCode)>,
    /// Orders that can be picked now.
    pub released: Vec<(WarehouseCode, OrderCode)>,
    /// Returns that can be taken in and items that can be made now.
    pub others: Vec<(WarehouseCode, OrderCode)>,
    /// Tasks whose lease ran out: anyone may have them.
    pub freed: Vec<(WarehouseCode, TaskId)>,
    /// Whether another process changed the office's records since the last round.
    pub changed_elsewhere: bool,
}

/// So far behind its head the feed still tells a device how much of its journal it contains.
const CONFIRMED_BACK: u64 = 100_000;

/// Rounds between two clearances.
const FORGET_EACH: u64 = 1000;
/// Rounds between two looks at what has become due soon, though nothing changed.
const LOOK_EACH: u64 = 60;
/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(1);

/// Does the office's duties once a second in a thread of its own, until dropped.
pub struct Caretaker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Caretaker {
    /// Begins with a round at once.
    pub fn start(office: Office) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let rounds = move || {
            loop {
                match office.tend(Utc::now()) {
                    Ok(tended) => say(&office, &tended),
                    Err(why) => office.note_error("a round of duties failed", &why),
                }
                if stopped.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        let thread = Builder::new().name("caretaker".to_owned()).spawn(rounds)?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Caretaker {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn say(office: &Office, tended: &Tended) {
    for (warehouse, order) in &tended.received {
        office.note(&format!(
            "{warehouse}: {order} can be received, or put away"
        ));
    }
    for (warehouse, order) in &tended.released {
        office.note(&format!("{warehouse}: {order} can be picked"));
    }
    for (warehouse, order) in &tended.others {
        office.note(&format!("{warehouse}: {order} can be worked on"));
    }
    for (warehouse, task) in &tended.freed {
        office.note(&format!(
            "{warehouse}: the lease of {task} ran out; anyone may have it"
        ));
    }
}

impl Office {
    /// Does a round of duties. Cheap when there is nothing to do; to be called every second or so.
    pub fn tend(&self, now: Timestamp) -> Result<Tended, Error> {
        let news = self.database().news()?;
        let mut tended = Tended {
            changed_elsewhere: news.elsewhere,
            ..Tended::default()
        };
        // Orders that could not be released will not be until something changes; a new office has all to do.
        let round = self.tended.fetch_add(1, Ordering::Relaxed);
        let anything = news.here || news.elsewhere || round == 0;
        if tended.changed_elsewhere {
            // Whoever waits for news in this process has not heard of it.
            self.tell();
        }
        if round.is_multiple_of(FORGET_EACH) {
            self.write(|tx| forget_invitations(tx, now))?;
        }
        if anything {
            self.square_transfers(now)?;
        }
        for code in self.database().read(records::warehouses)? {
            let warehouse: WarehouseCode = code.parse().map_err(|_| Error::Unknown {
                what: "warehouse",
                code,
            })?;
            let of = |orders: Vec<OrderCode>| {
                let warehouse = warehouse.clone();
                orders
                    .into_iter()
                    .map(move |order| (warehouse.clone(), order))
            };
            if anything {
                tended.received.extend(of(self.receive(now, &warehouse)?));
                tended.released.extend(of(self.release(now, &warehouse)?));
                tended
                    .others
                    .extend(of(self.release_production(now, &warehouse)?));
                tended
                    .others
                    .extend(of(self.release_disassembly(now, &warehouse)?));
                tended.others.extend(of(self.expect_returns(&warehouse)?));
                self.replenish(now, &warehouse, true)?;
                self.keep_outlook(now, &warehouse)?;
            }
            let looks = anything || round.is_multiple_of(LOOK_EACH);
            let waved = self.release_on_schedule(now, &warehouse, looks)?;
            tended.released.extend(of(waved));
            let freed = self.write_in(warehouse.as_str(), |tx| {
                if round.is_multiple_of(FORGET_EACH) {
                    forget_confirmed(tx, warehouse.as_str())?;
                    hook::forget(tx, now, warehouse.as_str())?;
                }
                let freed = free(tx, now, warehouse.as_str())?;
                if anything || !freed.is_empty() {
                    settle::settle_all(tx, now, warehouse.as_str())?;
                }
                Ok(freed)
            })?;
            let freed = freed.into_iter().map(|task| (warehouse.clone(), task));
            tended.freed.extend(freed);
        }
        Ok(tended)
    }
}

/// Leases that have run out are nobody's, and work begun under them can be gone on with by anyone.
fn free(tx: &Tx, now: Timestamp, warehouse: &str) -> Result<Vec<TaskId>, Error> {
    let sql = "UPDATE tasks SET lease_device = '', started_on = '', state = 'open'
               WHERE warehouse = ?1 AND state IN ('open', 'started') AND lease_device <> '' AND lease_until < ?2
               RETURNING id";
    let mut freed = Vec::new();
    for row in tx.rows(sql, values![warehouse, now.to_rfc3339()])? {
        feed::announce(tx, warehouse, "task", row.text("id")?)?;
        freed.push(row.parse("id")?);
    }
    Ok(freed)
}

/// Codes that nobody used in time.
fn forget_invitations(tx: &Tx, now: Timestamp) -> Result<(), Error> {
    let sql = "DELETE FROM invitations WHERE device = '' AND expires_at < ?1";
    tx.run(sql, values![now.to_rfc3339()])?;
    Ok(())
}

/// Far behind the feed's head, one row a device says as much as many.
fn forget_confirmed(tx: &Tx, warehouse: &str) -> Result<(), Error> {
    let old = feed::head(tx, warehouse)?.saturating_sub(CONFIRMED_BACK);
    let sql = "DELETE FROM feed_posted WHERE warehouse = ?1 AND seq < ?2 AND EXISTS (
                   SELECT 1 FROM feed_posted newer WHERE newer.warehouse = feed_posted.warehouse
                   AND newer.device = feed_posted.device AND newer.epoch >= feed_posted.epoch
                   AND newer.seq > feed_posted.seq AND newer.seq < ?2)";
    tx.run(sql, values![warehouse, old])?;
    Ok(())
}
