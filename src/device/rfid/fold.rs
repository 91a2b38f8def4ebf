//! Folds a reader's flood into one sighting per tag, however often it was heard. What it may hold is bounded.

use super::{Seen, Signal};
use crate::scan::{RawEpc, Tag};
use crate::warehouse::Timestamp;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Tags that one fold keeps apart. Reads of further ones are counted and dropped; they come again in the next fold.
pub const MOST_TAGS: usize = 4096;

/// How one tag was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Its EPC.
    pub epc: RawEpc,
    /// Its protocol control word, if any read told it.
    pub pc: Option<u16>,
    /// How often.
    pub count: u32,
    /// When first.
    pub first: Timestamp,
    /// When last.
    pub last: Timestamp,
    /// How strongly at best; none if no read told it, which is not weak.
    pub signal: Option<Signal>,
    /// The antenna that heard it best.
    pub antenna: Option<u16>,
}

impl Sighting {
    fn of(now: Timestamp, seen: &Seen) -> Self {
        Self {
            epc: seen.epc,
            pc: seen.pc,
            count: 1,
            first: now,
            last: now,
            signal: seen.signal,
            antenna: seen.antenna,
        }
    }

    /// The tag itself.
    pub const fn tag(&self) -> Tag {
        Tag {
            epc: self.epc,
            pc: self.pc,
            count: self.count,
            signal: self.signal,
        }
    }

    /// Adds what was heard later of the same tag.
    pub fn add(&mut self, later: &Self) {
        self.count = self.count.saturating_add(later.count);
        self.last = self.last.max(later.last);
        self.first = self.first.min(later.first);
        self.pc = self.pc.or(later.pc);
        // None is less than any signal.
        if later.signal > self.signal || self.antenna.is_none() {
            self.signal = self.signal.max(later.signal);
            self.antenna = later.antenna.or(self.antenna);
        }
    }
}

/// What was heard since the last fold was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Each tag once, in the order in which they were first heard.
    pub tags: Vec<Sighting>,
    /// Reads of tags beyond [`MOST_TAGS`].
    pub beyond: u64,
    /// Corrupted frames that were dropped.
    pub corrupt: u64,
}

/// The fold.
#[derive(Debug, Default)]
pub struct Fold {
    at: HashMap<RawEpc, usize>,
    folded: Folded,
}

impl Fold {
    /// A tag was heard.
    pub fn add(&mut self, now: Timestamp, seen: &Seen) {
        let sighting = Sighting::of(now, seen);
        let full = self.at.len() >= MOST_TAGS;
        match self.at.entry(seen.epc) {
            Entry::Occupied(at) => self.folded.tags[*at.get()].add(&sighting),
            Entry::Vacant(_) if full => self.folded.beyond += 1,
            Entry::Vacant(free) => {
                free.insert(self.folded.tags.len());
                self.folded.tags.push(sighting);
            }
        }
    }

    /// A frame was dropped.
    pub fn corrupt(&mut self) {
        self.folded.corrupt += 1;
    }

    /// Whether nothing was heard.
    pub fn is_empty(&self) -> bool {
        self.folded.tags.is_empty() && self.folded.corrupt == 0 && self.folded.beyond == 0
    }

    /// Takes what was heard and begins anew.
    pub fn take(&mut self) -> Folded {
        self.at.clear();
        std::mem::take(&mut self.folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_timestamp_millis(ms).expect("a moment")
    }

    fn seen(number: u32, signal: Option<i8>, antenna: u16) -> Seen {
        Seen {
            epc: RawEpc::from_bytes(&number.to_be_bytes()).expect("four bytes"),
            pc: None,
            signal: signal.map(Signal::dbm),
            antenna: Some(antenna),
        }
    }

    #[test]
    fn a_tag_heard_often_is_one_sighting_at_its_best() {
        let mut fold = Fold::default();
        for (ms, signal, antenna) in [
            (5, None, 3),
            (6, Some(-70), 1),
            (7, Some(-40), 2),
            (9, Some(-60), 1),
        ] {
            fold.add(at(ms), &seen(1, signal, antenna));
        }
        fold.add(at(8), &seen(2, None, 1));
        let folded = fold.take();
        let [one, two] = folded.tags.as_slice() else {
            panic!("two tags: {folded:?}");
        };
        assert_eq!((one.count, one.first, one.last), (4, at(5), at(9)));
        assert_eq!((one.signal, one.antenna), (Some(Signal::dbm(-40)), Some(2)));
        assert_eq!((two.count, two.signal), (1, None));
        assert!(fold.is_empty());
    }

    #[test]
    fn tags_beyond_the_bound_are_counted_not_kept() {
        let mut fold = Fold::default();
        for number in 0..10_000 {
            fold.add(at(0), &seen(number, None, 1));
            fold.add(at(1), &seen(0, None, 1));
        }
        let folded = fold.take();
        assert_eq!(folded.tags.len(), MOST_TAGS);
        assert_eq!(folded.beyond, 10_000 - MOST_TAGS as u64);
        assert_eq!(folded.tags[0].count, 10_001);
    }
}
