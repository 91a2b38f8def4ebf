//! The hands: each effect is carried out by one of them, and what comes of it is told as events.

use super::{FromPrinter, Memory, Printers, Radio, Scale};
use crate::device::Ringer;
use crate::handheld::{Effect, Event, Identity, Query, SyncNews};
use crate::store;
use crate::sync::{Client, Told};
use crate::warehouse::{SafeText, Timestamp};
use std::time::Instant;

/// So much of the office's news waits for the end of a practice.
const MOST_NEWS: usize = 50;

/// All that a handheld can do.
pub struct Hands {
    memory: Memory,
    sync: Client,
    bell: Option<Ringer>,
    radio: Radio,
    printers: Printers,
    scale: Scale,
    began: Instant,
    ending: bool,
    /// A copy of the memory, while somebody practises: all that the worker does goes there.
    practice: Option<Memory>,
    /// What is told when the practice is over.
    later: Vec<SyncNews>,
}

impl Hands {
    /// Hands over this memory and this line to the office. No bell: silence.
    pub fn new(
        memory: Memory,
        sync: Client,
        bell: Option<Ringer>,
        radio: Radio,
        (printers, scale): (Printers, Scale),
    ) -> Self {
        Self {
            memory,
            sync,
            bell,
            radio,
            printers,
            scale,
            began: Instant::now(),
            ending: false,
            practice: None,
            later: Vec::new(),
        }
    }

    /// Whether the program should end.
    pub const fn is_ending(&self) -> bool {
        self.ending
    }

    /// The program should end. All that was acknowledged is on disk.
    pub const fn end(&mut self) {
        self.ending = true;
    }

    /// Carries an effect out.
    pub fn carry_out(&mut self, now: Timestamp, effect: Effect) -> Vec<Event> {
        if let Some(copy) = &mut self.practice
            && let Effect::Record(record) = &effect
        {
            return copy.record(now, record);
        }
        match effect {
            // Nobody outside hears of a practice.
            Effect::Sync | Effect::HurryPrinters | Effect::Claim(_) | Effect::Enrol(_)
                if self.practice.is_some() =>
            {
                Vec::new()
            }
            Effect::Practise(true) => self.practise(now),
            Effect::Practise(false) => self.end_practice(),
            Effect::Record(record) => {
                let mut events = self.memory.record(now, &record);
                self.follow();
                self.sync.recorded();
                self.printers.forget(&self.memory.take_called_off());
                events.extend(self.feed_printers());
                events
            }
            Effect::Sound(bell) => {
                if let Some(ringer) = &self.bell {
                    ringer.ring(bell);
                }
                Vec::new()
            }
            Effect::Radio(on) => {
                self.radio.send(on);
                Vec::new()
            }
            Effect::Ask(query) => vec![self.ask(&query)],
            Effect::CheckPin { worker, pin } => {
                let running = self.began.elapsed();
                let events = self.memory.check_pin(now, &worker, &pin, running);
                self.follow();
                events
            }
            Effect::Weigh => {
                self.scale.ask();
                Vec::new()
            }
            Effect::HurryPrinters => {
                self.printers.hurry();
                Vec::new()
            }
            Effect::Sync => {
                self.sync.now();
                Vec::new()
            }
            Effect::Claim(task) => {
                self.sync.claim(task);
                Vec::new()
            }
            Effect::Enrol(invitation) => {
                self.sync.enrol(invitation);
                Vec::new()
            }
            Effect::Quit => {
                self.ending = true;
                Vec::new()
            }
        }
    }

    /// Whoever can print is given what waits.
    fn feed_printers(&mut self) -> Vec<Event> {
        let fed = self.printers.feed(&mut self.memory);
        fed.err().map(|why| trouble(&why)).into_iter().collect()
    }

    /// What a printer told.
    pub fn printer(&mut self, from: FromPrinter) -> Vec<Event> {
        let mut events = match self.printers.told(&mut self.memory, from) {
            Ok(events) => events,
            Err(why) => vec![trouble(&why)],
        };
        events.extend(self.feed_printers());
        events
    }

    /// A journal that was opened anew may be another file: whoever sends it must read that one.
    fn follow(&mut self) {
        if self.memory.take_reopened()
            && let Ok(Some(identity)) = self.memory.journal().read().identity()
        {
            self.sync.belong(&identity);
        }
    }

    fn practise(&mut self, now: Timestamp) -> Vec<Event> {
        match self.memory.practise(now) {
            Ok(copy) => {
                self.practice = Some(copy);
                vec![Event::Practising(true)]
            }
            Err(why) => vec![trouble(&why)],
        }
    }

    fn end_practice(&mut self) -> Vec<Event> {
        self.practice = None;
        let mut events = vec![Event::Practising(false), self.memory.unsent()];
        events.extend(self.later.drain(..).map(Event::Synced));
        events.extend(self.memory.end_practice().err().map(|why| trouble(&why)));
        events
    }

    /// What comes of the office's news. During a practice it is noted, and told when that is over.
    fn news(&mut self, news: SyncNews) -> Vec<Event> {
        let is_link = matches!(
            news,
            SyncNews::Online | SyncNews::Offline(_) | SyncNews::Barred(_)
        );
        if self.practice.is_none() || is_link {
            return vec![Event::Synced(news)];
        }
        let is_kept = !matches!(news, SyncNews::Fetching(..)) && !self.later.contains(&news);
        if is_kept && self.later.len() < MOST_NEWS {
            self.later.push(news);
        }
        Vec::new()
    }

    fn ask(&mut self, query: &Query) -> Event {
        if let Some(copy) = &mut self.practice {
            return copy.ask(query);
        }
        let answer = self.memory.ask(query);
        if self.memory.take_damaged() {
            self.sync.cache_is_damaged();
        }
        answer
    }

    /// What is known before anything has happened, and what the handheld asks for first.
    pub fn beginning(&mut self, effects: Vec<Effect>) -> Vec<Event> {
        let mut events = vec![self.memory.unsent(), Event::Ticked(crate::device::power())];
        events.extend(self.printers.news());
        // A power cut may have left the copy of a practice behind.
        events.extend(self.memory.end_practice().err().map(|why| trouble(&why)));
        if let Err(why) = self.memory.print(self.printers.kinds()) {
            events.push(trouble(&why));
        }
        events.extend(self.feed_printers());
        for effect in effects {
            events.extend(self.carry_out(chrono::Utc::now(), effect));
        }
        events
    }

    /// What the sync threads told, noted where it must be and put into the handheld's words.
    pub fn told(&mut self, now: Timestamp, told: Told) -> Vec<Event> {
        let news = match told {
            Told::Online => SyncNews::Online,
            Told::Offline(why) => SyncNews::Offline(why),
            Told::Barred(why) => SyncNews::Barred(why),
            Told::Acked(sent) => {
                let unsent = self.memory.acked(&sent);
                return Some(unsent)
                    .filter(|_| self.practice.is_none())
                    .into_iter()
                    .collect();
            }
            Told::CacheChanged => match self.memory.cache_changed() {
                Ok(()) => SyncNews::CacheChanged,
                Err(why) => return vec![trouble(&why)],
            },
            Told::CacheReplaced => match self.memory.cache_replaced() {
                Ok(()) => SyncNews::CacheGone,
                Err(why) => return vec![trouble(&why)],
            },
            Told::Fetching(done, all) => SyncNews::Fetching(done, all),
            Told::Enrolled(identity, there) => self.enrolled(now, &identity, there),
            Told::NotEnrolled(why) => SyncNews::NotEnrolled(why),
            Told::Outcome(note) => SyncNews::Outcome(note),
        };
        self.news(news)
    }

    /// Who this handheld is must be on disk before anyone acts upon it.
    fn enrolled(
        &mut self,
        now: Timestamp,
        identity: &store::Identity,
        there: Option<u64>,
    ) -> SyncNews {
        match self.memory.enrol(identity, now, there) {
            Ok(()) => {
                self.sync.belong(identity);
                SyncNews::Enrolled(shown(identity))
            }
            Err(why) => SyncNews::NotEnrolled(SafeText::new(&why.to_string())),
        }
    }

    /// Does the memory's housekeeping; nothing to tell unless it fails.
    pub fn rest(&mut self) -> Vec<Event> {
        self.memory
            .rest()
            .err()
            .map(|why| trouble(&why))
            .into_iter()
            .collect()
    }
}

/// What the screen may know of who this handheld is.
pub fn shown(identity: &store::Identity) -> Identity {
    Identity {
        device: identity.device.as_str().into(),
        warehouse: identity.warehouse.clone(),
        warehouse_name: identity.warehouse_name.clone(),
    }
}

fn trouble(why: &store::Error) -> Event {
    let why = SafeText::new(&why.to_string());
    Event::Found(crate::handheld::Answer::Trouble(why))
}
