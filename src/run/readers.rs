//! One thread an RFID reader, and the way to tell them when to send. Tags never stand in the way of a label:
//! each reader has one place for them, and takes one of the loop's places however many there are.

use super::{Happened, Stamped};
use crate::device::Taken;
use crate::device::rfid::{
    MOST_TAGS, Profile, ReaderHeard, ReaderOrder, ReaderSettings, Sighting, Warning, listen_reader,
};
use crate::handheld::{Event, Framing, PortNews};
use crate::scan::Tag;
use crate::warehouse::SafeText;
use chrono::Utc;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Orders that wait for a reader. They are obeyed within a tenth of a second, or within a round of looking for it;
/// when it is full, the newest order is dropped and the reader obeys the next.
const ORDERS: usize = 16;

/// The way to tell all readers to send or to rest.
#[derive(Debug, Default)]
pub struct Radio(Vec<SyncSender<ReaderOrder>>);

impl Radio {
    /// Tells them.
    pub fn send(&self, on: bool) {
        let order = if on {
            ReaderOrder::Start
        } else {
            ReaderOrder::Stop
        };
        for reader in &self.0 {
            // Full: see `ORDERS`. Gone: its thread ended with the loop.
            let _ = reader.try_send(order);
        }
    }
}

/// Tags on their way to the loop. What comes while they wait is folded in; beyond `MOST_TAGS` tags it is dropped,
/// and comes again with the next round.
#[derive(Clone, Debug, Default)]
pub struct Waiting(Arc<Mutex<HashMap<crate::scan::RawEpc, Tag>>>);

impl Waiting {
    /// Adds tags; whether there were none before, so that the loop must be told.
    fn add(&self, tags: impl Iterator<Item = Tag>) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let was_empty = waiting.is_empty();
        for tag in tags {
            let full = waiting.len() >= MOST_TAGS;
            match waiting.get_mut(&tag.epc) {
                Some(known) => known.add(&tag),
                None if full => {}
                None => {
                    waiting.insert(tag.epc, tag);
                }
            }
        }
        was_empty && !waiting.is_empty()
    }

    /// Takes them all, by EPC.
    pub fn take(&self) -> Vec<Tag> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tags: Vec<Tag> = waiting.drain().map(|(_, tag)| tag).collect();
        tags.sort_by_key(|tag| tag.epc);
        tags
    }
}

/// Starts a thread for each reader. They end with the loop.
pub fn listen(
    readers: Vec<ReaderSettings>,
    profiles: &[Profile],
    taken: &Taken,
    out: &SyncSender<Stamped>,
) -> Radio {
    let mut radio = Radio::default();
    for settings in readers {
        let (order, orders) = sync_channel(ORDERS);
        radio.0.push(order);
        let (profiles, taken, out) = (profiles.to_vec(), taken.clone(), out.clone());
        std::thread::spawn(move || serve(&settings, &profiles, &taken, &orders, &out));
    }
    radio
}

fn serve(
    settings: &ReaderSettings,
    profiles: &[Profile],
    taken: &Taken,
    orders: &Receiver<ReaderOrder>,
    out: &SyncSender<Stamped>,
) {
    let waiting = Waiting::default();
    let mut news = PortNews {
        name: SafeText::new(&settings.name),
        is_reader: true,
        open_on: None,
        cut: Framing::Reader,
        why: SafeText::default(),
    };
    listen_reader(settings, profiles, taken, orders, |heard| {
        let what = match heard {
            ReaderHeard::Tags(folded) => {
                let tags = folded.tags.iter().map(Sighting::tag);
                if !waiting.add(tags) {
                    return ControlFlow::Continue(());
                }
                Happened::Tags(waiting.clone())
            }
            ReaderHeard::Frame(frame) => Happened::Event(Event::Heard(frame)),
            other => {
                learn(&mut news, other);
                Happened::Event(Event::Port(news.clone()))
            }
        };
        match out.send((Utc::now(), what)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
}

fn learn(news: &mut PortNews, heard: ReaderHeard) {
    match heard {
        ReaderHeard::Opened { device, profile } => {
            news.open_on = Some(SafeText::new(&format!("{device}, {profile}")));
            news.why = SafeText::default();
        }
        ReaderHeard::Lost(why) => {
            news.open_on = None;
            news.why = why;
        }
        ReaderHeard::Battery(percent) => news.why = format!("Battery {percent}%").as_str().into(),
        ReaderHeard::Warning(Warning::TooHot) => news.why = "Too hot: it reads slower.".into(),
        ReaderHeard::Warning(Warning::Antenna) => news.why = "Look at its antenna.".into(),
        ReaderHeard::Tags(_) | ReaderHeard::Frame(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{RawEpc, Signal};

    fn tag(number: u32, dbm: i8) -> Tag {
        Tag {
            epc: RawEpc::from_bytes(&number.to_be_bytes()).expect("four bytes"),
            pc: None,
            count: 1,
            signal: Some(Signal::dbm(dbm)),
        }
    }

    #[test]
    fn a_flood_takes_one_place_and_is_bounded() {
        let waiting = Waiting::default();
        assert!(waiting.add([tag(1, -60)].into_iter()));
        assert!(!waiting.add([tag(1, -50), tag(2, -70)].into_iter()));
        let tags = waiting.take();
        assert_eq!((tags.len(), tags[0].count), (2, 2));
        assert_eq!(tags[0].signal, Some(Signal::dbm(-50)));
        assert!(waiting.add((0..10_000).map(|number| tag(number, -40))));
        assert_eq!(waiting.take().len(), MOST_TAGS);
        assert!(!waiting.add(std::iter::empty()));
    }
}
