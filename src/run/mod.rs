//! The handheld running: threads hear, one loop decides, records, shows. One event has all its consequences
//! before the next is looked at, and one picture is drawn when nothing more waits.

mod hands;
mod keyboard;
mod labels;
mod memory;
mod ports;
mod practice;
mod readers;
mod scale;
mod signals;
mod terminal;

pub use hands::{Hands, shown};
pub use keyboard::listen as listen_to_keyboard;
pub use labels::{FromPrinter, Printers};
pub use memory::Memory;
pub use ports::listen as listen_to_ports;
pub use readers::{Radio, Waiting, listen as listen_to_readers};
pub use scale::Scale;
pub use signals::end_on_signals;
pub use terminal::{Screen, restore_on_panic};

use crate::demo::Scanner;
use crate::handheld::{Effect, Event, Key, Model, update};
use crate::screen::Theme;
use crate::screen::keys::Trigger;
use crate::sync::Told;
use crate::warehouse::Timestamp;
use chrono::Utc;
use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// What waits for the loop. When it is full, whoever hears more waits: a scanner's bytes then wait in its port,
/// the sync threads' news in theirs. Nothing is dropped.
const WAITING: usize = 1024;
/// Most that is taken in before the screen is drawn again.
const AT_ONCE: usize = 64;
/// With nothing going on for so long, the memory does its housekeeping.
const QUIET: Duration = Duration::from_secs(2);

/// Something reached the loop.
#[derive(Debug)]
pub enum Happened {
    /// For the handheld.
    Event(Event),
    /// A reader has tags.
    Tags(Waiting),
    /// From the sync threads.
    Told(Told),
    /// From a printer.
    Printer(FromPrinter),
    /// A key of the make-believe scanner.
    Trigger(Trigger),
    /// The terminal has another size.
    Resized,
    /// The program should end.
    Quit,
}

/// Something that happened, and when: a scan that waited was still heard when it was heard.
pub type Stamped = (Timestamp, Happened);

/// The way into the loop, and its end.
pub fn channel() -> (SyncSender<Stamped>, Receiver<Stamped>) {
    sync_channel(WAITING)
}

/// Lets one event have all its consequences.
pub fn settle(
    model: &mut Model,
    now: Timestamp,
    event: Event,
    mut carry_out: impl FnMut(Effect) -> Vec<Event>,
) {
    let mut events = VecDeque::from([event]);
    while let Some(event) = events.pop_front() {
        for effect in update(model, now, event) {
            events.extend(carry_out(effect));
        }
    }
}

/// The handheld in one piece.
pub struct Running<'a> {
    /// Its state.
    pub model: Model,
    /// Its hands.
    pub hands: Hands,
    /// Its picture.
    pub screen: &'a mut Screen,
    /// How it is coloured.
    pub theme: Theme,
    /// A make-believe scanner, in the demo.
    pub scanner: Option<Scanner>,
}

impl Running<'_> {
    /// Runs until it is told to end.
    pub fn run(&mut self, happened: &Receiver<Stamped>) -> io::Result<()> {
        let mut rested = false;
        self.draw()?;
        while !self.hands.is_ending() {
            match happened.recv_timeout(self.patience(rested)) {
                Ok(first) => {
                    rested = false;
                    self.take(first);
                    happened
                        .try_iter()
                        .take(AT_ONCE)
                        .for_each(|next| self.take(next));
                }
                Err(RecvTimeoutError::Timeout) if !rested => {
                    rested = true;
                    for event in self.hands.rest() {
                        self.settle(Utc::now(), event);
                    }
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.settle(Utc::now(), Event::Ticked(crate::device::power()));
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            self.draw()?;
        }
        Ok(())
    }

    /// How long nothing may happen before the loop wakes by itself.
    fn patience(&self, rested: bool) -> Duration {
        let wakes = self.model.wakes_at() - Utc::now();
        let wakes = wakes.to_std().unwrap_or_default();
        // A clock that was set back must not put the loop to sleep for years.
        let wakes = wakes.clamp(Duration::from_millis(10), Duration::from_secs(60));
        if rested { wakes } else { wakes.min(QUIET) }
    }

    fn take(&mut self, (at, what): Stamped) {
        match what {
            Happened::Event(Event::Pressed(key)) if self.is_for_scanner(key) => {}
            Happened::Event(event) => self.settle(at, event),
            Happened::Tags(waiting) => self.settle(at, Event::Seen(waiting.take())),
            Happened::Told(told) => {
                for event in self.hands.told(at, told) {
                    self.settle(at, event);
                }
            }
            Happened::Printer(from) => {
                for event in self.hands.printer(from) {
                    self.settle(at, event);
                }
            }
            Happened::Trigger(trigger) => {
                if let Some(scanner) = &mut self.scanner {
                    scanner.pull(trigger, &self.model);
                }
            }
            Happened::Resized => {}
            Happened::Quit => self.hands.end(),
        }
    }

    /// Whether a key was typed into the make-believe scanner.
    fn is_for_scanner(&mut self, key: Key) -> bool {
        self.scanner
            .as_mut()
            .is_some_and(|scanner| scanner.typed(key))
    }

    fn settle(&mut self, at: Timestamp, event: Event) {
        let hands = &mut self.hands;
        settle(&mut self.model, at, event, |effect| {
            hands.carry_out(at, effect)
        });
    }

    fn draw(&mut self) -> io::Result<()> {
        if let Some(scanner) = &self.scanner {
            scanner.watch(&self.model);
        }
        self.screen
            .draw(&self.model, self.theme, self.scanner.as_ref())
    }
}
