//! What a worker has done since they signed in: all that is recorded of it, for their own eyes as for the office's.

use crate::planning::pace::Pace;
use crate::warehouse::{BinCode, Entry, Fact, Point, Timestamp};

/// What a worker has done since they signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Since when.
    pub since: Option<Timestamp>,
    /// Tasks finished.
    pub tasks: u32,
    /// Lines given up.
    pub short: u32,
    /// How fast and how far.
    pub pace: Pace,
}

impl Tally {
    /// The tally of a shift's entries, oldest first. `at` says where a bin is.
    pub fn of(entries: &[Entry], at: impl Fn(&BinCode) -> Option<Point>) -> Self {
        let mut tally = Self {
            since: entries.first().map(|entry| entry.at),
            pace: Pace::of(entries, at),
            ..Self::default()
        };
        entries.iter().for_each(|entry| tally.count(&entry.fact));
        tally
    }

    /// Counts one more fact; what is undone is taken off again.
    fn count(&mut self, fact: &Fact) {
        let (counter, down) = match fact {
            Fact::Undone { what, .. } => (self.counter(what), true),
            fact => (self.counter(fact), false),
        };
        if let Some(counter) = counter {
            *counter = if down {
                counter.saturating_sub(1)
            } else {
                counter.saturating_add(1)
            };
        }
    }

    const fn counter(&mut self, fact: &Fact) -> Option<&mut u32> {
        match fact {
            Fact::TaskFinished => Some(&mut self.tasks),
            Fact::PickedShort { .. }
            | Fact::PutShort { .. }
            | Fact::PackedShort { .. }
            | Fact::ReceivedShort { .. }
            | Fact::TakenShort { .. } => Some(&mut self.short),
            _ => None,
        }
    }
}
