//! Setting a handheld up: which ports there are, what the scanner sends, and the office's code that takes it in.
//! A lead can come back here to look at raw scans.

use super::effect::Effect;
use super::event::{Identity, Key};
use super::model::{Model, Screen};
use super::notice::Notice;
use super::sign_in::SignIn;
use crate::flow::Said;
use crate::scan::{Frame, Scan, Tag, Unreadable};
use crate::warehouse::{Role, SafeText, Timestamp};
use chrono::TimeDelta;

/// How many scans are kept on the screen.
const KEPT: usize = 8;
/// Tags are read for so long after the last key or scan: the radio costs battery, and nobody may be looking.
const READS_FOR: TimeDelta = TimeDelta::seconds(120);
/// Longest enrolment text that can be keyed.
const LONGEST: usize = 300;

/// One scan as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The port; empty for a tag.
    pub port: SafeText,
    /// The bytes, control characters by name.
    pub raw: SafeText,
    /// What it is, or why it cannot be read.
    pub meaning: Result<Scan, SafeText>,
}

/// The set-up screen.
#[derive(Clone, Debug, Default)]
pub struct SetUp {
    /// The latest scans, newest first.
    pub heard: Vec<Heard>,
    /// What is being keyed.
    pub keyed: String,
    /// Whether tags are read too.
    pub reads_tags: bool,
    /// Whether the office is being asked.
    pub waiting: bool,
}

impl SetUp {
    pub(super) fn heard(&mut self, frame: &Frame, read: &Result<Scan, Unreadable>) {
        self.keep(Heard {
            port: SafeText::new(&frame.port),
            raw: raw(&frame.bytes),
            meaning: match read {
                Ok(scan) => Ok(scan.clone()),
                Err(why) => Err(SafeText::new(&why.to_string())),
            },
        });
    }

    /// Tags, each shown once while it is on the screen.
    pub(super) fn seen(&mut self, tags: &[Tag]) {
        for tag in tags {
            let raw = SafeText::new(&tag.epc.to_string());
            if !self.heard.iter().any(|heard| heard.raw == raw) {
                self.keep(Heard {
                    port: SafeText::default(),
                    raw,
                    meaning: Ok(tag.scan()),
                });
            }
        }
    }

    fn keep(&mut self, heard: Heard) {
        self.heard.insert(0, heard);
        self.heard.truncate(KEPT);
    }
}

/// Bytes for reading: printable ASCII as it is, all else as `<1D>`.
fn raw(bytes: &[u8]) -> SafeText {
    let text: String = bytes
        .iter()
        .take(SafeText::MAX)
        .map(|&byte| match byte {
            0x20..=0x7e => char::from(byte).to_string(),
            byte => format!("<{byte:02X}>"),
        })
        .collect();
    SafeText::new(&text)
}

impl Model {
    /// When the set-up screen stops reading tags, if it reads them.
    pub(super) fn tags_rest_at(&self) -> Option<Timestamp> {
        let reads = matches!(&self.screen, Screen::SetUp(setup) if setup.reads_tags);
        reads.then(|| self.touched + READS_FOR)
    }

    /// Stops reading tags at the set-up screen when nobody has touched anything for a while.
    pub(super) fn rest_tags(&mut self) {
        if self.tags_rest_at().is_some_and(|at| self.now >= at)
            && let Screen::SetUp(setup) = &mut self.screen
        {
            setup.reads_tags = false;
        }
    }

    pub(super) fn open_setup(&mut self) {
        let lead = self
            .worker
            .as_ref()
            .is_some_and(|worker| worker.role == Role::Lead);
        if lead || self.identity.is_none() || self.worker.is_none() {
            self.notice = None;
            self.screen = Screen::SetUp(SetUp::default());
        } else {
            self.notice = Some(Notice::LeadOnly);
        }
    }

    pub(super) fn scanned_in_setup(&mut self, scan: Scan, orders: &mut Vec<Effect>) {
        match scan {
            Scan::Enrolment(text) if self.identity.is_none() => self.enrol(text, orders),
            _ if self.identity.is_some() => orders.push(Effect::Sound(super::Bell::Good)),
            other => self.tell(Notice::NotAnEnrolment(Said::of(&other)), orders),
        }
    }

    fn enrol(&mut self, text: SafeText, orders: &mut Vec<Effect>) {
        if let Screen::SetUp(setup) = &mut self.screen {
            setup.waiting = true;
        }
        orders.push(Effect::Enrol(text));
        self.tell(Notice::Syncing, orders);
    }

    pub(super) fn pressed_in_setup(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let Screen::SetUp(setup) = &mut self.screen else {
            return;
        };
        match key {
            Key::Char(c) if !c.is_control() && setup.keyed.chars().count() < LONGEST => {
                setup.keyed.push(c);
            }
            Key::Backspace => {
                setup.keyed.pop();
            }
            Key::Enter if !setup.keyed.is_empty() => {
                let bytes = std::mem::take(&mut setup.keyed).into_bytes();
                self.keyed_code(bytes, orders);
            }
            Key::Esc if self.identity.is_some() => {
                self.notice = None;
                let items = self.menu();
                self.screen = match self.worker {
                    Some(_) => Screen::Menu {
                        cursor: items.len() - 1,
                    },
                    None => Screen::SignIn(SignIn::default()),
                };
            }
            Key::F(2) if self.settings.has_reader => setup.reads_tags = !setup.reads_tags,
            Key::F(4) if self.identity.is_none() => orders.push(Effect::Quit),
            Key::Char(_) | Key::Enter | Key::Esc | Key::Up | Key::Down | Key::F(_) => {}
        }
    }

    pub(super) fn enrolled(&mut self, identity: Identity, orders: &mut Vec<Effect>) {
        let name = identity.warehouse_name.clone();
        self.identity = Some(identity);
        self.is_fetched = false;
        self.screen = Screen::SignIn(SignIn::default());
        self.tell(Notice::Enrolled(name), orders);
        orders.push(Effect::Sync);
    }
}
