//! The terminal bell: the one sound that every handheld has. Patterns are told apart by count.

use crate::handheld::Bell;
use std::io::{self, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Silence between two strokes, long enough to count them.
const GAP: Duration = Duration::from_millis(150);
/// Silence between a refusal and what comes before or after it, so long that the two are not taken for a third pattern.
/// Accepted scans, however fast they come, are each rung at once.
const REST: Duration = Duration::from_millis(350);
/// Patterns that wait to be rung. When that many wait, further ones stay silent: the screen says the same.
const WAITING: usize = 8;

/// How often the bell is struck: once for accepted, twice for refused, three times for all done.
pub const fn strokes(bell: Bell) -> usize {
    match bell {
        Bell::Good => 1,
        Bell::Bad => 2,
        Bell::Done => 3,
    }
}

/// The least silence between the last stroke of one pattern and the first of the next.
const fn rest(before: Bell, next: Bell) -> Duration {
    match (before, next) {
        (Bell::Good, Bell::Good) => Duration::ZERO,
        _ => REST,
    }
}

/// Rings on a thread of its own, so that no pattern holds a scan up.
#[derive(Debug)]
pub struct Ringer {
    bells: SyncSender<Bell>,
}

impl Ringer {
    /// Begins. `strike` makes one stroke heard.
    pub fn start(mut strike: impl FnMut() -> io::Result<()> + Send + 'static) -> Self {
        let (bells, waiting) = sync_channel(WAITING);
        std::thread::spawn(move || {
            let mut before: Option<(Bell, Instant)> = None;
            for bell in waiting {
                if let Some((last, at)) = before {
                    std::thread::sleep(rest(last, bell).saturating_sub(at.elapsed()));
                }
                for stroke in 0..strokes(bell) {
                    if stroke > 0 {
                        std::thread::sleep(GAP);
                    }
                    if strike().is_err() {
                        return;
                    }
                }
                before = Some((bell, Instant::now()));
            }
        });
        Self { bells }
    }

    /// Rings a pattern after those that wait.
    pub fn ring(&self, bell: Bell) {
        // Full: see WAITING. Gone: the terminal is.
        let _ = self.bells.try_send(bell);
    }
}

/// One stroke of a terminal's bell.
pub fn strike(out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"\x07")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_stands_apart_and_accepted_scans_are_rung_at_once() {
        for other in [Bell::Good, Bell::Bad, Bell::Done] {
            assert!(rest(other, Bell::Bad) > GAP * 2, "{other:?}");
            assert!(rest(Bell::Bad, other) > GAP * 2, "{other:?}");
        }
        assert_eq!(rest(Bell::Good, Bell::Good), Duration::ZERO);
    }
}
