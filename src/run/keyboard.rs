//! The keyboard's thread: tells scans that are typed or pasted from keys under fingers.

use super::{Happened, Stamped};
use crate::device::{Typed, Wedge};
use crate::handheld::{Event, Key};
use crate::scan::{Cut, Frame, LineFramer, LineRules, Source};
use crate::screen::keys::{self, Pressed};
use chrono::Utc;
use crossterm::event;
use std::io;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

/// How long the thread waits for a key when none is held back: only so that it can end.
const LONG: Duration = Duration::from_secs(3600);

/// Starts the thread. It ends with the loop; when the terminal is lost, it ends the program.
pub fn listen(out: SyncSender<Stamped>) {
    std::thread::spawn(move || {
        let lost = Keyboard::new(&out).listen();
        // Either way there is nobody left to press a key.
        let _ = (lost, out.send((Utc::now(), Happened::Quit)));
    });
}

struct Keyboard<'a> {
    out: &'a SyncSender<Stamped>,
    began: Instant,
    wedge: Wedge,
}

impl<'a> Keyboard<'a> {
    fn new(out: &'a SyncSender<Stamped>) -> Self {
        Self {
            out,
            began: Instant::now(),
            wedge: Wedge::default(),
        }
    }

    fn listen(&mut self) -> io::Result<()> {
        loop {
            let now = self.began.elapsed();
            let lets_go = self.wedge.lets_go_at();
            let wait = lets_go.map_or(LONG, |at| at.saturating_sub(now));
            if !event::poll(wait)? {
                let mut typed = Vec::new();
                self.wedge.tick(self.began.elapsed(), &mut typed);
                self.send_all(typed)?;
                continue;
            }
            match event::read()? {
                event::Event::Key(key) => match keys::read(&key) {
                    Some(Pressed::Key(key)) => self.key(key)?,
                    Some(Pressed::ScanEnd) if self.wedge.holds_scan() => self.key(Key::Enter)?,
                    Some(Pressed::Trigger(trigger)) => self.send(Happened::Trigger(trigger))?,
                    Some(Pressed::Quit) => return Ok(()),
                    Some(Pressed::ScanEnd) | None => {}
                },
                event::Event::Paste(text) => self.pasted(&text)?,
                event::Event::Resize(..) => self.send(Happened::Resized)?,
                event::Event::FocusGained | event::Event::FocusLost | event::Event::Mouse(_) => {}
            }
        }
    }

    fn key(&mut self, key: Key) -> io::Result<()> {
        let mut typed = Vec::new();
        self.wedge.key(self.began.elapsed(), key, &mut typed);
        self.send_all(typed)
    }

    /// What a terminal pastes between brackets came from a scanner, each line a scan.
    fn pasted(&self, text: &str) -> io::Result<()> {
        let mut scans = Vec::new();
        let mut framer = LineFramer::new(LineRules::default());
        framer.push(text.as_bytes(), |cut| scans.push(cut));
        framer.push(b"\n", |cut| scans.push(cut));
        for scan in scans {
            let bytes = match scan {
                Cut::Scan(bytes) => bytes,
                Cut::TooLong => vec![0; crate::scan::LONGEST_FRAME + 1],
            };
            self.scan(bytes)?;
        }
        Ok(())
    }

    fn scan(&self, bytes: Vec<u8>) -> io::Result<()> {
        self.send(Happened::Event(Event::Heard(Frame {
            source: Source::Wedge,
            port: "wedge".into(),
            bytes,
        })))
    }

    fn send_all(&self, typed: Vec<Typed>) -> io::Result<()> {
        typed.into_iter().try_for_each(|typed| match typed {
            Typed::Key(key) => self.send(Happened::Event(Event::Pressed(key))),
            Typed::Scan(bytes) => self.scan(bytes),
        })
    }

    fn send(&self, what: Happened) -> io::Result<()> {
        self.out
            .send((Utc::now(), what))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
