//! One thread a port: what it hears is stamped and handed to the loop.

use super::{Happened, Stamped};
use crate::device::{Heard, PortSettings, Protocol, Taken, listen as listen_to};
use crate::handheld::{Event, Framing, PortNews};
use crate::scan::{Frame, LONGEST_FRAME, Source};
use crate::warehouse::SafeText;
use chrono::Utc;
use std::ops::ControlFlow;
use std::sync::mpsc::SyncSender;

/// Starts a thread for each port. They end with the loop.
pub fn listen(ports: Vec<PortSettings>, taken: &Taken, out: &SyncSender<Stamped>) {
    for port in ports {
        let (taken, out) = (taken.clone(), out.clone());
        std::thread::spawn(move || {
            let name = SafeText::new(&port.name);
            let cut = match port.protocol {
                Protocol::Line => Framing::Line(port.end),
                Protocol::Ssi => Framing::Ssi,
            };
            listen_to(&port, &taken, |heard| {
                let event = event(&name, cut, heard);
                match out.send((Utc::now(), Happened::Event(event))) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            });
        });
    }
}

fn event(name: &SafeText, cut: Framing, heard: Heard) -> Event {
    match heard {
        Heard::Frame(frame) => Event::Heard(frame),
        // A frame longer than any label says by itself that it is too long.
        Heard::TooLong => Event::Heard(Frame {
            source: Source::Scanner,
            port: name.as_str().into(),
            bytes: vec![0; LONGEST_FRAME + 1],
        }),
        Heard::Opened(path) => Event::Port(PortNews {
            name: name.clone(),
            is_reader: false,
            open_on: Some(path),
            cut,
            why: SafeText::default(),
        }),
        Heard::Lost(why) => Event::Port(PortNews {
            name: name.clone(),
            is_reader: false,
            open_on: None,
            cut,
            why,
        }),
    }
}
