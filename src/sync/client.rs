//! The handheld's side of the line, on two threads: one sends facts up, one keeps the cache up to date.
//! They tell what they hear and wait by themselves; nothing on the floor ever waits for them.

use super::backoff::Backoff;
use super::pull::{Brought, NotPulled, Puller};
use super::push::{NotPushed, Pusher};
use super::{CallFailed, Calls, Claim, Enrol, Invitation, Limits, Link, RefusedKind, Was, Welcome};
use crate::store::{self, Cache, Identity, Reader, Sent};
use crate::warehouse::{self, SafeText, TaskId};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// With nothing to send, the office is asked this often how far it is.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// Leases are renewed this often.
const RENEWAL: Duration = Duration::from_secs(30 * 60);
/// A new fact is a reason to try again, but not more often than this.
const PATIENCE: Duration = Duration::from_secs(5);
/// An office that bars this handheld is asked again this often.
const BARRED: Duration = Duration::from_secs(60);

/// What the threads tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The office answered.
    Online,
    /// It did not answer, or not in time.
    Offline(SafeText),
    /// It will not have this handheld until a person looks.
    Barred(SafeText),
    /// It has these facts: to be noted in the journal.
    Acked(Sent),
    /// The cache was brought up to date.
    CacheChanged,
    /// The cache is another file now: to be opened anew.
    CacheReplaced,
    /// A whole cache is being fetched: bytes here, bytes in all.
    Fetching(u64, u64),
    /// An office takes this handheld in: to be noted in the journal, then [`Client::belong`] is to be called.
    /// With it: how many facts of its present journal, written under another name, that office has, if it says so.
    Enrolled(Identity, Option<u64>),
    /// An office does not.
    NotEnrolled(SafeText),
    /// A fact is at the office, and a person there has to decide something.
    Outcome(SafeText),
}

enum Order {
    Now,
    Recorded,
    Claim(TaskId),
    Enrol(SafeText),
    Belong(Box<Identity>),
    Damaged,
}

/// The two threads. They end when this is dropped and what they wait for has come.
#[derive(Debug, Clone)]
pub struct Client {
    up: SyncSender<Order>,
    down: SyncSender<Order>,
}

/// Orders that may wait. When it is full a nudge is dropped, for one is waiting already; a claim that is dropped
/// leaves its task to be done without a lease, which is allowed.
const ORDERS: usize = 64;

impl Client {
    /// Starts the threads for the memory in this folder. They are silent until the handheld belongs to an office.
    pub fn start(
        dir: &Path,
        cache: Cache,
        name: SafeText,
        tell: impl Fn(Told) + Clone + Send + 'static,
    ) -> Self {
        let (up, up_orders) = sync_channel(ORDERS);
        let (down, down_orders) = sync_channel(ORDERS);
        let upward = Upward {
            orders: up_orders,
            tell: tell.clone(),
            dir: dir.to_owned(),
            name,
            line: None,
            claims: Vec::new(),
            backoff: Backoff::default(),
            renewed: Instant::now(),
            asked: Duration::ZERO,
        };
        let downward = Downward {
            orders: down_orders,
            up: up.clone(),
            tell,
            link: None,
            puller: Puller::new(dir, cache),
            backoff: Backoff::default(),
        };
        std::thread::spawn(move || upward.run());
        std::thread::spawn(move || downward.run());
        Self { up, down }
    }

    fn both(&self, order: impl Fn() -> Order) {
        // Full: see ORDERS. Gone: the program is ending.
        let _ = self.up.try_send(order());
        let _ = self.down.try_send(order());
    }

    /// From now on the handheld is this one, and talks to that office.
    pub fn belong(&self, identity: &Identity) {
        self.both(|| Order::Belong(Box::new(identity.clone())));
    }

    /// Talk to the office now, however long ago it last answered.
    pub fn now(&self) {
        self.both(|| Order::Now);
    }

    /// There are new facts.
    pub fn recorded(&self) {
        let _ = self.up.try_send(Order::Recorded);
    }

    /// Ask for the right to work on a task.
    pub fn claim(&self, task: TaskId) {
        let _ = self.up.try_send(Order::Claim(task));
    }

    /// Ask the office of this invitation to take the handheld in.
    pub fn enrol(&self, invitation: SafeText) {
        let _ = self.up.try_send(Order::Enrol(invitation));
    }

    /// The cache is damaged: fetch it anew.
    pub fn cache_is_damaged(&self) {
        let _ = self.down.try_send(Order::Damaged);
    }
}

fn chance() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX / 2)
}

fn line(identity: &Identity) -> Result<Link, CallFailed> {
    let unreadable = || CallFailed::Unreachable("the office's certificate is not known".into());
    let pin = |text: &String| warehouse::Link::from_hex(text).ok_or_else(unreadable);
    let pin = identity.fingerprint.as_ref().map(pin).transpose()?;
    let link = Link::new(&identity.office, pin.map(|pin| pin.0))?;
    Ok(link.with_token(&identity.token))
}

/// What a failed call means for people, and how long to leave the office alone at least.
fn meaning(why: &CallFailed) -> (Told, Option<Duration>) {
    match why {
        CallFailed::Refused { refused, .. }
            if matches!(
                refused.kind,
                RefusedKind::Device | RefusedKind::Fork | RefusedKind::Protocol
            ) =>
        {
            (Told::Barred(refused.note.clone()), Some(BARRED))
        }
        CallFailed::Refused {
            refused,
            retry_after,
        } => (Told::Offline(refused.note.clone()), *retry_after),
        CallFailed::Unreachable(why) | CallFailed::Garbled(why) => {
            (Told::Offline(why.clone()), None)
        }
    }
}

struct Upward<T> {
    orders: Receiver<Order>,
    tell: T,
    dir: PathBuf,
    name: SafeText,
    line: Option<(Link, Pusher)>,
    claims: Vec<TaskId>,
    backoff: Backoff,
    renewed: Instant,
    /// How long the office asked to be left alone when it last refused: no new fact shortens that.
    asked: Duration,
}

impl<T: Fn(Told)> Upward<T> {
    fn run(mut self) {
        let mut next = Instant::now() + HEARTBEAT;
        let mut tried = Instant::now();
        loop {
            let wait = next.saturating_duration_since(Instant::now());
            match self.orders.recv_timeout(wait) {
                Err(RecvTimeoutError::Disconnected) => return,
                // A fact soon after a failure waits its turn.
                Ok(Order::Recorded) if next > Instant::now() && self.backoff.is_waiting() => {
                    next = next.min(tried + PATIENCE.max(self.asked));
                    continue;
                }
                Ok(order) => self.take(order),
                Err(RecvTimeoutError::Timeout) => {}
            }
            while let Ok(order) = self.orders.try_recv() {
                self.take(order);
            }
            tried = Instant::now();
            next = tried + self.round();
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Belong(identity) => self.belong(&identity),
            Order::Claim(task) => self.claims.push(task),
            Order::Enrol(text) => {
                let told = self.enrol(&text).unwrap_or_else(Told::NotEnrolled);
                (self.tell)(told);
            }
            Order::Now | Order::Recorded | Order::Damaged => {}
        }
    }

    fn belong(&mut self, identity: &Identity) {
        let journal = || Pusher::new(Reader::open(&self.dir)?);
        match (line(identity), journal()) {
            (Ok(link), Ok(pusher)) => self.line = Some((link, pusher)),
            (Err(why), _) => (self.tell)(meaning(&why).0),
            (_, Err(why)) => (self.tell)(Told::Offline(SafeText::new(&why.to_string()))),
        }
    }

    fn enrol(&self, text: &SafeText) -> Result<Told, SafeText> {
        let said = |why: &dyn std::fmt::Display| SafeText::new(&why.to_string());
        let invitation: Invitation = text.as_str().parse().map_err(|why| said(&why))?;
        let mut link =
            Link::new(&invitation.office, invitation.fingerprint).map_err(|why| said(&why))?;
        let ask = Enrol {
            code: invitation.code.clone(),
            name: self.name.clone(),
            was: self.was().map_err(|why| said(&why))?,
        };
        let enrolled = link.enrol(&ask).map_err(|why| said(&why))?;
        let identity = Identity {
            device: enrolled.device,
            token: enrolled.token,
            warehouse: enrolled.warehouse,
            warehouse_name: enrolled.warehouse_name,
            office: invitation.office.clone(),
            fingerprint: invitation
                .fingerprint
                .map(|pin| warehouse::Link(pin).to_string()),
        };
        Ok(Told::Enrolled(identity, enrolled.there))
    }

    /// Whose journal this handheld has by now.
    fn was(&self) -> Result<Option<Was>, store::Error> {
        let journal = Reader::open(&self.dir)?;
        let epoch = journal.head()?.epoch;
        let identity = journal.identity()?;
        Ok(identity.map(|identity| Was {
            device: identity.device,
            epoch,
        }))
    }

    /// Sends all there is to send; how long to wait then.
    fn round(&mut self) -> Duration {
        self.asked = Duration::ZERO;
        let done = self.send_all().and_then(|()| self.claim_all());
        match done {
            Ok(()) => {
                self.backoff.answered();
                HEARTBEAT
            }
            Err(NotPushed::Call(why)) => {
                let (told, least) = meaning(&why);
                (self.tell)(told);
                self.asked = least.unwrap_or_default();
                self.backoff.failed(chance(), least)
            }
            Err(why @ NotPushed::Ahead { .. }) => {
                (self.tell)(Told::Barred(SafeText::new(&why.to_string())));
                self.asked = BARRED;
                self.backoff.failed(chance(), Some(BARRED))
            }
            Err(NotPushed::Journal(why)) => {
                (self.tell)(Told::Offline(SafeText::new(&why.to_string())));
                self.backoff.failed(chance(), None)
            }
        }
    }

    fn send_all(&mut self) -> Result<(), NotPushed> {
        let Some((link, pusher)) = &mut self.line else {
            return Ok(());
        };
        loop {
            let heard = pusher.step(link)?;
            (self.tell)(Told::Acked(heard.sent));
            (self.tell)(Told::Online);
            heard
                .notes
                .into_iter()
                .for_each(|note| (self.tell)(Told::Outcome(note)));
            if !heard.more {
                return Ok(());
            }
        }
    }

    fn claim_all(&mut self) -> Result<(), NotPushed> {
        let Some((link, pusher)) = &mut self.line else {
            return Ok(());
        };
        // What was put back or finished while the office was out of reach must not be kept from others.
        self.claims
            .retain(|task| pusher.is_held(task).unwrap_or(false));
        if self.claims.is_empty() && self.renewed.elapsed() < RENEWAL {
            return Ok(());
        }
        let claim = Claim {
            tasks: self.claims.clone(),
            ahead: 0,
        };
        link.claim(&claim)?;
        self.claims.clear();
        self.renewed = Instant::now();
        Ok(())
    }
}

struct Downward<T> {
    orders: Receiver<Order>,
    up: SyncSender<Order>,
    tell: T,
    link: Option<Link>,
    puller: Puller,
    backoff: Backoff,
}

impl<T: Fn(Told)> Downward<T> {
    fn run(mut self) {
        let mut patient = false;
        loop {
            while let Ok(order) = self.orders.try_recv() {
                self.take(order);
            }
            let wait = match &mut self.link {
                None => HEARTBEAT,
                Some(link) => {
                    let wait_s = if patient { Limits::WAIT_S } else { 0 };
                    match self.puller.step(link, wait_s) {
                        Ok(brought) => {
                            patient = true;
                            self.backoff.answered();
                            self.brought(brought);
                            continue;
                        }
                        Err(why) => {
                            patient = false;
                            self.failed(&why)
                        }
                    }
                }
            };
            match self.orders.recv_timeout(wait) {
                Ok(order) => self.take(order),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Belong(identity) => match line(&identity) {
                Ok(link) => self.link = Some(link),
                Err(why) => (self.tell)(meaning(&why).0),
            },
            Order::Damaged => self.start_over(),
            Order::Now | Order::Recorded | Order::Claim(_) | Order::Enrol(_) => {}
        }
    }

    fn start_over(&mut self) {
        match self.puller.start_over() {
            Ok(()) => (self.tell)(Told::CacheReplaced),
            Err(why) => (self.tell)(Told::Offline(SafeText::new(&why.to_string()))),
        }
    }

    fn brought(&self, brought: Brought) {
        (self.tell)(Told::Online);
        match brought {
            Brought::Nothing => {}
            Brought::Changes { .. } => (self.tell)(Told::CacheChanged),
            Brought::Part { done, all } => (self.tell)(Told::Fetching(done, all)),
            Brought::Whole => {
                (self.tell)(Told::CacheChanged);
                // Another life of the office may lack facts that its last one had.
                let _ = self.up.try_send(Order::Now);
            }
        }
    }

    fn failed(&mut self, why: &NotPulled) -> Duration {
        match why {
            NotPulled::Call(why) => {
                let (told, least) = meaning(why);
                (self.tell)(told);
                self.backoff.failed(chance(), least)
            }
            NotPulled::Cache(why) if why.is_cache_damage() => {
                self.start_over();
                self.backoff.failed(chance(), None)
            }
            NotPulled::Cache(store::Error::InUse) | NotPulled::Unfit => {
                self.backoff.failed(chance(), None)
            }
            NotPulled::Cache(_) | NotPulled::Keep(_) => {
                (self.tell)(Told::Offline(SafeText::new(&why.to_string())));
                self.backoff.failed(chance(), None)
            }
        }
    }
}
