//! The scale's thread: asked once, it answers once.

use super::{Happened, Stamped};
use crate::device::{ScaleSettings, weigh};
use crate::handheld::Event;
use chrono::Utc;
use std::sync::mpsc::{SyncSender, sync_channel};

/// The scale of a handheld, if it has one.
#[derive(Debug, Default)]
pub struct Scale(Option<SyncSender<()>>);

impl Scale {
    /// Starts the thread. It ends with the loop.
    pub fn start(settings: Option<ScaleSettings>, out: &SyncSender<Stamped>) -> Self {
        let Some(settings) = settings else {
            return Self(None);
        };
        // One question: a second one while it weighs is the same question.
        let (ask, asked) = sync_channel(1);
        let out = out.clone();
        std::thread::spawn(move || {
            while asked.recv().is_ok() {
                let event = Event::Weighed(weigh(&settings));
                if out.send((Utc::now(), Happened::Event(event))).is_err() {
                    return;
                }
            }
        });
        Self(Some(ask))
    }

    /// Asks for a weight.
    pub fn ask(&self) {
        if let Some(ask) = &self.0 {
            let _ = ask.try_send(());
        }
    }
}
