//! A scanner that types like a keyboard, told from fingers by its speed: characters faster than anyone types,
//! ended by Enter or Tab. Typing is never swallowed, and waits no longer than the gap.

use crate::handheld::Key;
use std::time::Duration;

/// Characters closer together than this are a scanner's. Fingers on a keypad stay above 50 ms.
const GAP: Duration = Duration::from_millis(30);
/// Fewer characters than this are no scan.
const SHORTEST: usize = 4;
/// Longest scan, in characters.
const LONGEST: usize = 4096;

/// What keys turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A key under a finger.
    Key(Key),
    /// A scan.
    Scan(Vec<u8>),
}

/// Tells scans from typing. Time is an argument, since any fixed moment.
#[derive(Clone, Debug, Default)]
pub struct Wedge {
    held: String,
    last: Duration,
}

impl Wedge {
    /// Takes one key.
    pub fn key(&mut self, now: Duration, key: Key, out: &mut Vec<Typed>) {
        if now.saturating_sub(self.last) > GAP {
            self.release(out);
        }
        match key {
            Key::Char(c) if self.held.len() < LONGEST => {
                self.held.push(c);
                self.last = now;
            }
            Key::Enter if self.holds_scan() => {
                out.push(Typed::Scan(std::mem::take(&mut self.held).into_bytes()));
            }
            key => {
                self.release(out);
                out.push(Typed::Key(key));
            }
        }
    }

    /// Whether what is held would be a scan if it ended now.
    pub fn holds_scan(&self) -> bool {
        self.held.chars().count() >= SHORTEST
    }

    /// When held characters must be let go, if nothing else comes.
    pub fn lets_go_at(&self) -> Option<Duration> {
        (!self.held.is_empty()).then(|| self.last + GAP)
    }

    /// Time went on: characters that were typed by fingers go on as keys.
    pub fn tick(&mut self, now: Duration, out: &mut Vec<Typed>) {
        if now.saturating_sub(self.last) >= GAP {
            self.release(out);
        }
    }

    fn release(&mut self, out: &mut Vec<Typed>) {
        out.extend(
            std::mem::take(&mut self.held)
                .chars()
                .map(|c| Typed::Key(Key::Char(c))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(gap_ms: u64, text: &str) -> Vec<Typed> {
        let mut wedge = Wedge::default();
        let mut out = Vec::new();
        let mut now = Duration::from_secs(1);
        for c in text.chars() {
            let key = if c == '\n' { Key::Enter } else { Key::Char(c) };
            wedge.key(now, key, &mut out);
            now += Duration::from_millis(gap_ms);
        }
        wedge.tick(now + GAP, &mut out);
        out
    }

    #[test]
    fn a_fast_burst_with_enter_is_a_scan() {
        assert_eq!(typed(2, "A-01-03\n"), [Typed::Scan(b"A-01-03".to_vec())]);
    }

    #[test]
    fn the_separator_stays_in_the_scan() {
        assert_eq!(
            typed(2, "10L\u{1d}21S\n"),
            [Typed::Scan(b"10L\x1d21S".to_vec())]
        );
    }

    #[test]
    fn fingers_are_keys_and_nothing_is_swallowed() {
        let keys: Vec<Typed> = "12345"
            .chars()
            .map(|c| Typed::Key(Key::Char(c)))
            .chain([Typed::Key(Key::Enter)])
            .collect();
        assert_eq!(typed(90, "12345\n"), keys);
    }

    #[test]
    fn two_quick_digits_and_enter_are_a_quantity_not_a_scan() {
        let keys = [
            Typed::Key(Key::Char('1')),
            Typed::Key(Key::Char('2')),
            Typed::Key(Key::Enter),
        ];
        assert_eq!(typed(10, "12\n"), keys);
    }
}
