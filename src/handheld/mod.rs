//! The whole handheld as one value. [`update`] is the one place where it changes: an event in, orders to the hands out.
//! Pure: time comes in with each event; disks, ports and links are the business of whoever carries the orders out.

mod arrive;
mod book;
mod count;
mod detail;
mod effect;
mod event;
mod find;
mod labels;
mod lead;
mod learn;
mod look_up;
mod menu;
mod messages;
mod model;
mod narrow;
mod next;
mod notice;
mod own;
mod panel;
mod practice;
mod recall;
mod setup;
mod shift;
mod sign_in;
mod sweep;
mod tagged;
mod tally;
mod weigh;
mod work;

pub use book::Book;
pub use count::{Count, Counted, Counting};
pub use effect::{Answer, Bell, Effect, Pin, PinCheck, Query, Record};
pub use event::{
    Event, Framing, Identity, Key, PortNews, Power, PrinterNews, PrinterState, SyncNews, Unsent,
};
pub use find::Find;
pub use labels::LabelList;
pub use lead::Lead;
pub use learn::Learn;
pub use look_up::LookUp;
pub use menu::{MenuItem, Queue, lack};
pub use model::{Link, Model, Screen, Settings};
pub use narrow::concerns;
pub use notice::{Notice, Tone};
pub use own::OwnWork;
pub use panel::{Extra, Panel};
pub use setup::{Heard, SetUp};
pub use shift::Shift;
pub use sign_in::SignIn;
pub use sweep::{Spotted, Sweep};
pub use tally::Tally;
pub use work::Draft;

use crate::scan::{self, Frame, Scan};
use crate::warehouse::{SafeText, Timestamp, is_plain};
use chrono::{Datelike, TimeDelta};

/// The one place where the handheld changes: what follows from an event at this time.
pub fn update(model: &mut Model, now: Timestamp, event: Event) -> Vec<Effect> {
    let mut orders = Vec::new();
    model.now = now;
    if let Some(work) = &mut model.work {
        // Goods are good until midnight where they are.
        work.set_today(now.with_timezone(&chrono::Local).date_naive());
    }
    // Also before it: a handheld that slept is locked for whoever wakes it.
    model.lock_if_idle();
    match event {
        Event::Heard(frame) => model.heard(&frame, &mut orders),
        Event::Seen(tags) => model.seen(&tags, &mut orders),
        Event::Port(news) => model.port(news),
        Event::Printer(news) => model.printer(news, &mut orders),
        Event::Weighed(said) => model.weighed(said, &mut orders),
        Event::Pressed(key) => model.pressed(key, &mut orders),
        Event::Recorded(entries) => model.recorded(&entries, &mut orders),
        Event::NotRecorded(why) => model.tell(Notice::NotRecorded(why), &mut orders),
        Event::Found(answer) => model.found(answer, &mut orders),
        Event::Practising(begins) => model.practising(begins, &mut orders),
        Event::Synced(news) => model.synced(news, &mut orders),
        Event::Unsent(unsent) => model.acknowledged(unsent, &mut orders),
        Event::Ticked(power) => model.power = power,
    }
    model.lock_if_idle();
    model.rest_tags();
    model.turn_radio(&mut orders);
    orders
}

/// What the handheld asks for when it starts, before any event.
pub fn begin() -> Vec<Effect> {
    vec![Effect::Ask(Query::Held)]
}

impl Model {
    /// Puts a notice on the screen, with its sound.
    fn tell(&mut self, notice: Notice, orders: &mut Vec<Effect>) {
        orders.extend(notice.bell().map(Effect::Sound));
        self.notice = Some(notice);
    }

    fn heard(&mut self, frame: &Frame, orders: &mut Vec<Effect>) {
        self.touched = self.now;
        if self.is_double_read(frame) {
            return self.tell(Notice::DoubleRead, orders);
        }
        if self.is_pin_typed_fast(frame) {
            return self.keyed_pin(&frame.bytes, orders);
        }
        let read = scan::read_in(frame, &self.settings.labels, self.now.year());
        if let Screen::SetUp(setup) = &mut self.screen {
            setup.heard(frame, &read);
        }
        match read {
            Ok(scan) => self.scanned(scan, &SafeText::from_bytes(&frame.bytes), orders),
            Err(why) => self.tell(Notice::Unreadable(SafeText::new(&why.to_string())), orders),
        }
    }

    /// The same bytes from the same port within the window are one pull of the trigger, not two units.
    fn is_double_read(&mut self, frame: &Frame) -> bool {
        let window = TimeDelta::milliseconds(i64::from(self.settings.double_read_ms));
        let since = self
            .last_heard
            .as_ref()
            .filter(|(_, last)| last == frame)
            .map(|(at, _)| self.now - *at);
        let double = since.is_some_and(|since| since >= TimeDelta::zero() && since < window);
        if !double {
            self.last_heard = Some((self.now, frame.clone()));
        }
        double
    }

    fn scanned(&mut self, scan: Scan, cause: &SafeText, orders: &mut Vec<Effect>) {
        match &self.screen {
            Screen::SetUp(_) => self.scanned_in_setup(scan, orders),
            Screen::SignIn(_) => self.scanned_at_sign_in(scan, orders),
            Screen::Menu { .. }
            | Screen::Own { .. }
            | Screen::Queue(_)
            | Screen::Messages
            | Screen::Labels(_)
            | Screen::Shift(_) => {
                self.scanned_in_menu(scan, orders);
            }
            Screen::LookUp(_) => self.scanned_to_look_up(scan, orders),
            Screen::Find(_) => self.scanned_at_find(scan, orders),
            Screen::Count(_) => self.scanned_at_count(scan, orders),
            Screen::Work(_) => self.scanned_at_work(scan, cause, orders),
        }
    }

    fn pressed(&mut self, key: Key, orders: &mut Vec<Effect>) {
        self.touched = self.now;
        // What a scanner types like a keyboard may hold anything; it would stand on the screen as it is.
        if matches!(key, Key::Char(c) if !is_plain(c)) {
            return;
        }
        match &self.screen {
            Screen::SetUp(_) => self.pressed_in_setup(key, orders),
            Screen::SignIn(_) => self.pressed_at_sign_in(key, orders),
            Screen::Menu { .. } => self.pressed_in_menu(key, orders),
            Screen::Own { .. } => self.pressed_in_own(key, orders),
            Screen::Queue(_) => self.pressed_in_queue(key, orders),
            Screen::LookUp(_) => self.pressed_at_look_up(key, orders),
            Screen::Find(_) => self.pressed_at_find(key),
            Screen::Count(_) => self.pressed_at_count(key, orders),
            Screen::Messages => self.pressed_at_messages(key, orders),
            Screen::Shift(_) => self.pressed_at_shift_end(key, orders),
            Screen::Labels(_) => self.pressed_at_labels(key, orders),
            Screen::Work(_) => self.pressed_at_work(key, orders),
        }
    }

    fn recorded(&mut self, entries: &[crate::warehouse::Entry], orders: &mut Vec<Effect>) {
        self.unsent.count += entries.len() as u64;
        self.unsent.oldest = self.unsent.oldest.or(entries.first().map(|entry| entry.at));
        self.recorded_people(entries, orders);
        self.recorded_work(entries, orders);
        self.recorded_count(entries, orders);
        self.recorded_labels(entries, orders);
        self.recorded_messages(entries, orders);
    }

    fn found(&mut self, answer: Answer, orders: &mut Vec<Effect>) {
        match answer {
            Answer::Badge(badge, worker) if self.asks_lead() => {
                self.found_lead(&badge, worker, orders);
            }
            Answer::Pin(check) if self.asks_lead() => self.checked_lead(check, orders),
            Answer::Badge(badge, worker) => self.found_worker(&badge, worker, orders),
            Answer::Pin(check) => self.checked_pin(check, orders),
            Answer::Held(held) => self.found_held(held),
            Answer::Tasks(tasks) => self.found_tasks(tasks, orders),
            Answer::Bin(code, bin) => self.found_bin(&code, bin.as_ref(), orders),
            Answer::Code(scan, known) if matches!(self.screen, Screen::Count(_)) => {
                self.found_to_count(&scan, *known, orders);
            }
            Answer::Code(scan, known) => self.found_known(scan, *known),
            Answer::Exactly(scan, known) => self.found_exactly(scan, known, orders),
            Answer::Barcodes(found) => self.found_barcodes(found, orders),
            Answer::Units(here) => self.found_units(here),
            Answer::Messages(messages, called_back) => {
                self.called_back = called_back;
                self.found_messages(messages, orders);
            }
            Answer::Zone(zone, book) => self.found_zone(zone, book, orders),
            Answer::Shift(tally) => self.found_tally(tally),
            Answer::Labels(rows) => self.found_labels(rows),
            Answer::Trouble(why) => self.tell(Notice::Trouble(why), orders),
        }
    }

    fn port(&mut self, news: PortNews) {
        match self.ports.iter_mut().find(|port| port.name == news.name) {
            Some(port) => *port = news,
            None => self.ports.push(news),
        }
    }

    fn synced(&mut self, news: SyncNews, orders: &mut Vec<Effect>) {
        match news {
            SyncNews::Online => {
                self.link = Link::Online;
                self.last_word = Some(self.now);
                self.fetching = None;
            }
            SyncNews::Offline(why) => {
                if self.notice == Some(Notice::Syncing) {
                    self.tell(Notice::NotReached(why.clone()), orders);
                }
                self.link = Link::Offline(why);
            }
            SyncNews::Barred(why) => {
                // Said aloud once, not with every try.
                if self.link != Link::Barred(why.clone()) {
                    self.tell(Notice::Barred(why.clone()), orders);
                }
                self.link = Link::Barred(why);
            }
            SyncNews::CacheChanged => {
                self.is_fetched = true;
                self.fetching = None;
                self.ask_messages(orders);
                if matches!(self.screen, Screen::Queue(_) | Screen::Menu { .. }) {
                    orders.push(Effect::Ask(self.ask_again()));
                }
            }
            SyncNews::CacheGone => self.is_fetched = false,
            SyncNews::Fetching(done, all) => self.fetching = Some((done, all)),
            SyncNews::Enrolled(identity) => self.enrolled(identity, orders),
            SyncNews::NotEnrolled(why) => self.tell(Notice::NotEnrolled(why), orders),
            SyncNews::Outcome(note) => {
                if !self.stays_told() {
                    self.tell(Notice::AtOffice(note), orders);
                }
            }
        }
    }

    /// Whether what stands in the notice must not be hidden by the office's news: this worker has to do something now.
    fn stays_told(&self) -> bool {
        self.notice.as_ref().is_some_and(|notice| {
            let awaits = matches!(
                notice,
                Notice::PartRead(_) | Notice::ScanOtherBin | Notice::OtherBins(_) | Notice::Syncing
            );
            awaits || notice.tone() == Tone::Bad
        })
    }

    fn lock_if_idle(&mut self) {
        if self.now >= self.locks_at() && self.worker.is_some() {
            self.lock();
        }
    }
}
