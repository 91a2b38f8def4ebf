//! Sends events while the office is served: each address on a thread of its own, so that a slow one delays nobody.

use super::Courier;
use crate::office::{Error, Office, enrol};
use chrono::Utc;
use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Between two looks, if nobody says that something happened.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two looks at least: many changes are one look.
const BREATH: Duration = Duration::from_millis(50);

/// Sends what is due until dropped. What is under way then is sent again by whoever comes next.
pub struct Messenger {
    stopped: Arc<AtomicBool>,
    wake: SyncSender<()>,
    thread: Option<JoinHandle<()>>,
}

struct Desk {
    office: Office,
    courier: Courier,
    /// What this process is called.
    me: String,
    /// Hooks that a thread is at just now.
    busy: Mutex<BTreeSet<u64>>,
    stopped: Arc<AtomicBool>,
}

impl Messenger {
    /// Begins at once. Error: the system gives no thread.
    pub fn start(office: Office, courier: Courier) -> io::Result<Self> {
        // One that waits says as much as many.
        let (wake, woken) = sync_channel(1);
        let nudge = wake.clone();
        office.on_change(move || {
            let _ = nudge.try_send(());
        });
        let stopped = Arc::new(AtomicBool::new(false));
        let me = enrol::random_hex::<8>().map_err(io::Error::other)?;
        let desk = Arc::new(Desk {
            office,
            courier,
            me,
            busy: Mutex::default(),
            stopped: stopped.clone(),
        });
        let look = move || rounds(&desk, &woken);
        let thread = Builder::new().name("messenger".to_owned()).spawn(look)?;
        Ok(Self {
            stopped,
            wake,
            thread: Some(thread),
        })
    }
}

impl Drop for Messenger {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Full: it is being woken already.
        let _ = self.wake.try_send(());
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn rounds(desk: &Arc<Desk>, woken: &Receiver<()>) {
    while !desk.stopped.load(Ordering::Relaxed) {
        match desk.office.hooks_due(Utc::now(), &desk.me) {
            Ok(due) => due.into_iter().for_each(|hook| begin(desk, hook)),
            Err(why) => desk.office.note_error("hooks cannot be looked at", &why),
        }
        // Woken or not, it is time to look.
        let _ = woken.recv_timeout(PAUSE);
        std::thread::sleep(BREATH);
    }
}

/// Does rounds of a hook on a thread of its own until nothing is due, unless one is at it already.
fn begin(desk: &Arc<Desk>, hook: u64) {
    let mark = move |desk: &Desk, change: fn(&mut BTreeSet<u64>, u64) -> bool| {
        change(
            &mut desk.busy.lock().unwrap_or_else(PoisonError::into_inner),
            hook,
        )
    };
    if !mark(desk, BTreeSet::insert) {
        return;
    }
    let at_it = desk.clone();
    let go = move || {
        while !at_it.stopped.load(Ordering::Relaxed) && round(&at_it, hook) {}
        mark(&at_it, |busy, hook| busy.remove(&hook));
    };
    if let Err(why) = Builder::new().name(format!("hook {hook}")).spawn(go) {
        desk.office
            .note(&format!("hook {hook} gets no thread: {why}"));
        mark(desk, |busy, hook| busy.remove(&hook));
    }
}

/// Says whether there may be more.
fn round(desk: &Desk, hook: u64) -> bool {
    let Desk {
        office,
        courier,
        me,
        ..
    } = desk;
    match office.tell_hook(Utc::now(), hook, *courier, me) {
        Ok(told) => {
            if told.failed > 0 {
                office.note(&format!("hook {hook}: an event was not taken"));
            }
            if told.dead > 0 {
                office.note(&format!("hook {hook} is given up until `hook replay`"));
            }
            told.taken > 0
        }
        // Removed meanwhile.
        Err(Error::Unknown { .. }) => false,
        Err(why) => {
            office.note_error("a hook cannot be told", &why);
            false
        }
    }
}
