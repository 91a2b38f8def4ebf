//! The terminal bell: the one sound that every handheld has. Patterns are told apart by count.

use crate::handheld::Bell;
use std::io::{self, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

/// Silence between two strokes, long enough to count them.
const GAP: Duration = Duration::from_millis(150);
/// Silence after a pattern, so long that the next one is not taken for its end: two accepted scans are no refusal.
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

/// The silence after each stroke of a pattern.
fn silences(bell: Bell) -> impl Iterator<Item = Duration> {
    let gaps = std::iter::repeat_n(GAP, strokes(bell) - 1);
    gaps.chain(std::iter::once(REST))
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
            for bell in waiting {
                for silence in silences(bell) {
                    if strike().is_err() {
                        return;
                    }
                    std::thread::sleep(silence);
                }
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
    fn one_pattern_after_another_is_not_heard_as_a_third() {
        for bell in [Bell::Good, Bell::Bad, Bell::Done] {
            let silences: Vec<Duration> = silences(bell).collect();
            let (last, within) = silences.split_last().unwrap();
            assert_eq!(silences.len(), strokes(bell));
            assert!(within.iter().all(|gap| *gap * 2 < *last), "{bell:?}");
        }
    }
}
