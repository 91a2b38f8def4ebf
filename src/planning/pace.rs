//! Pace: what a worker's journal says of how fast and how far, the same figures on their own handheld and at the office.
//!
//! A line is an act that moved stock; what is taken back is taken off again. Time counts from act to act, a pause of more
//! than five minutes not at all. Walking is measured along and across the aisles between the bins that were confirmed,
//! taken from or put into.

use crate::warehouse::{BinCode, Entry, Fact, Point};

/// A longer gap between two acts is a pause. Seconds.
const PAUSE_S: i64 = 300;

/// Sums over acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Acts that moved stock, less those taken back; never below zero when shown.
    pub lines: i64,
    /// Acts of guided work.
    pub steps: u64,
    /// Time at work, in seconds, pauses left out.
    pub active_s: u64,
    /// Walked, in centimetres.
    pub walked_cm: u64,
}

/// One act of a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stride<'a> {
    /// The first entry of the act.
    pub entry: &'a Entry,
    /// Where it was done, if it says.
    pub bin: Option<BinCode>,
    /// What it adds.
    pub adds: Pace,
}

impl Pace {
    /// Adds another.
    pub const fn add(&mut self, other: &Self) {
        self.lines = self.lines.saturating_add(other.lines);
        self.steps = self.steps.saturating_add(other.steps);
        self.active_s = self.active_s.saturating_add(other.active_s);
        self.walked_cm = self.walked_cm.saturating_add(other.walked_cm);
    }

    /// Lines an hour of time at work; none in less than a minute.
    pub fn lines_an_hour(&self) -> Option<u64> {
        let lines = u64::try_from(self.lines).unwrap_or(0);
        (self.active_s >= 60).then(|| lines.saturating_mul(3600) / self.active_s)
    }

    /// Seconds a step, rounded down; none without a step.
    pub const fn seconds_a_step(&self) -> Option<u64> {
        self.active_s.checked_div(self.steps)
    }

    /// The whole of a worker's entries, oldest first. `at` says where a bin is.
    pub fn of(entries: &[Entry], at: impl Fn(&BinCode) -> Option<Point>) -> Self {
        let mut sum = Self::default();
        for stride in strides(entries, at) {
            sum.add(&stride.adds);
        }
        sum
    }
}

/// The acts of one worker's entries, oldest first. `at` says where a bin is.
pub fn strides(entries: &[Entry], at: impl Fn(&BinCode) -> Option<Point>) -> Vec<Stride<'_>> {
    let mut strides = Vec::new();
    let mut here = None;
    let mut before: Option<&Entry> = None;
    for act in entries.chunk_by(|one, next| one.act == next.act) {
        let entry = &act[0];
        let gap = before.map_or(0, |before| (entry.at - before.at).num_seconds());
        let works = (0..=PAUSE_S).contains(&gap) && !matches!(entry.fact, Fact::SignedIn { .. });
        let bin = act.iter().find_map(|entry| bin_of(&entry.fact));
        let there = bin.as_ref().and_then(&at);
        let walked_cm = match (here, there) {
            (Some(here), Some(there)) => Point::walk_cm(here, there),
            _ => 0,
        };
        here = there.or(here);
        before = act.last();
        let is_step = act.iter().any(|entry| entry.fact.is_step());
        strides.push(Stride {
            entry,
            bin,
            adds: Pace {
                lines: lines_of(act),
                steps: u64::from(is_step),
                active_s: if works { gap.unsigned_abs() } else { 0 },
                walked_cm,
            },
        });
    }
    strides
}

fn lines_of(act: &[Entry]) -> i64 {
    let moved = |fact: &Fact| !fact.moves().is_empty();
    let is_undone = |entry: &Entry| matches!(entry.fact, Fact::Undone { .. });
    match act.iter().any(|entry| moved(&entry.fact)) {
        true if act.iter().any(is_undone) => -1,
        moved => i64::from(moved),
    }
}

/// The bin a fact was done at: the one it names, else the one that its goods went to, else the one they came from.
fn bin_of(fact: &Fact) -> Option<BinCode> {
    match fact {
        Fact::BinConfirmed { bin, .. } | Fact::BinChecked { bin, .. } => Some(bin.clone()),
        fact => {
            let step = fact.moves().into_iter().next()?;
            let bin = step.target.place.bin().or(step.source.place.bin());
            bin.cloned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::{Goods, Place, Quantity, Timestamp};
    use chrono::TimeDelta;

    fn entry(seq: u64, after_s: i64, fact: Fact) -> Entry {
        Entry {
            seq,
            act: seq,
            at: Timestamp::UNIX_EPOCH + TimeDelta::seconds(after_s),
            worker: None,
            task: None,
            cause: None,
            fact,
        }
    }

    fn at_bin(bin: &str) -> Fact {
        Fact::BinConfirmed {
            line: 1,
            bin: bin.parse().unwrap(),
            reason: None,
        }
    }

    fn picked(bin: &str) -> Fact {
        Fact::Picked {
            line: 1,
            order: "SO-1".parse().unwrap(),
            bin: bin.parse().unwrap(),
            goods: Goods::of("BOLT".parse().unwrap()),
            quantity: Quantity::units(2),
            into: Place::Unknown,
        }
    }

    fn place(bin: &BinCode) -> Option<Point> {
        let x_cm = bin.as_str().strip_prefix('A')?.parse().ok()?;
        Some(Point { x_cm, y_cm: 50 })
    }

    #[test]
    fn time_walk_and_lines_add_up_and_a_pause_is_left_out() {
        let entries = [
            entry(1, 0, at_bin("A100")),
            entry(2, 20, picked("A100")),
            entry(3, 50, at_bin("A700")),
            entry(4, 50 + 3600, picked("A700")),
            entry(5, 50 + 3610, at_bin("NOWHERE")),
            entry(6, 50 + 3620, at_bin("A600")),
        ];
        let pace = Pace::of(&entries, place);
        let wanted = Pace {
            lines: 2,
            steps: 6,
            active_s: 20 + 30 + 10 + 10,
            walked_cm: 600 + 100,
        };
        assert_eq!(pace, wanted);
        assert_eq!(pace.lines_an_hour(), Some(2 * 3600 / 70));
        assert_eq!(pace.seconds_a_step(), Some(11));
    }

    #[test]
    fn what_is_taken_back_is_no_line_and_a_clock_set_back_costs_nothing() {
        let undone = Fact::Undone {
            seq: 1,
            what: Box::new(picked("A1")),
        };
        let entries = [entry(1, 900, picked("A1")), entry(2, 0, undone)];
        let pace = Pace::of(&entries, place);
        assert_eq!((pace.lines, pace.active_s), (0, 0));
        assert_eq!(pace.lines_an_hour(), None);
    }
}
