//! Signing in: scan the badge, key the PIN. Works without signal. A locked handheld asks for the same again.

use super::effect::{Effect, Pin, PinCheck, Query, Record};
use super::event::Key;
use super::model::{Model, Screen};
use super::notice::Notice;
use super::work::Draft;
use crate::flow::Said;
use crate::scan::{Frame, Scan, Source};
use crate::warehouse::{BadgeCode, Entry, Fact, SafeText, Worker};

/// Longest PIN that is taken, in digits.
const LONGEST_PIN: usize = 12;
/// Longest badge that can be keyed.
const LONGEST_BADGE: usize = 24;

/// The sign-in screen.
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    /// Whose PIN is awaited.
    pub who: Option<Box<Worker>>,
    /// What was keyed: the PIN once `who` is known, the badge before.
    pub(super) keyed: String,
}

impl SignIn {
    /// How many digits of the PIN were keyed.
    pub fn dots(&self) -> usize {
        if self.who.is_some() {
            self.keyed.chars().count()
        } else {
            0
        }
    }

    /// The badge as far as it was keyed.
    pub fn badge(&self) -> &str {
        if self.who.is_some() { "" } else { &self.keyed }
    }
}

impl Model {
    /// Asks for badge and PIN again. Whatever was being done stays as it is.
    pub(super) fn lock(&mut self) {
        self.worker = None;
        self.notice = None;
        self.screen = Screen::SignIn(SignIn::default());
    }

    pub(super) fn scanned_at_sign_in(&mut self, scan: Scan, orders: &mut Vec<Effect>) {
        match scan {
            Scan::Badge(badge) => orders.push(Effect::Ask(Query::Badge(badge))),
            Scan::Code(text) => self.badge_as_text(text.as_str(), orders),
            other => self.tell(Notice::NotABadge(Said::of(&other)), orders),
        }
    }

    /// Where a PIN is awaited, digits from the keyboard are its digits, however fast they come.
    pub(super) fn is_pin_typed_fast(&self, frame: &Frame) -> bool {
        let awaited = matches!(&self.screen, Screen::SignIn(sign_in) if sign_in.who.is_some());
        let digits = frame.bytes.iter().all(u8::is_ascii_digit);
        awaited && frame.source == Source::Wedge && digits && frame.bytes.len() <= LONGEST_PIN
    }

    pub(super) fn keyed_pin(&mut self, digits: &[u8], orders: &mut Vec<Effect>) {
        for &digit in digits {
            self.pressed_at_sign_in(Key::Char(char::from(digit)), orders);
        }
        self.pressed_at_sign_in(Key::Enter, orders);
    }

    fn badge_as_text(&mut self, text: &str, orders: &mut Vec<Effect>) {
        match BadgeCode::new(text) {
            Ok(badge) => orders.push(Effect::Ask(Query::Badge(badge))),
            Err(_) => self.tell(Notice::BadgeFirst, orders),
        }
    }

    pub(super) fn pressed_at_sign_in(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let Screen::SignIn(sign_in) = &mut self.screen else {
            return;
        };
        match key {
            Key::Char(c)
                if sign_in.who.is_none()
                    && !c.is_control()
                    && sign_in.keyed.len() < LONGEST_BADGE =>
            {
                sign_in.keyed.push(c);
            }
            Key::Char(c) if c.is_ascii_digit() && sign_in.keyed.len() < LONGEST_PIN => {
                sign_in.keyed.push(c);
            }
            Key::Backspace => {
                sign_in.keyed.pop();
            }
            Key::Esc => {
                *sign_in = SignIn::default();
                self.notice = None;
            }
            Key::Enter if sign_in.keyed.is_empty() => {
                let notice = if sign_in.who.is_some() {
                    Notice::WrongPin(0)
                } else {
                    Notice::BadgeFirst
                };
                if matches!(notice, Notice::BadgeFirst) {
                    self.tell(notice, orders);
                }
            }
            Key::Enter => {
                let keyed = std::mem::take(&mut sign_in.keyed);
                match sign_in.who.clone() {
                    Some(worker) => orders.push(Effect::CheckPin {
                        worker,
                        pin: Pin(keyed),
                    }),
                    None => self.badge_as_text(keyed.trim(), orders),
                }
            }
            Key::F(4) => self.open_setup(),
            Key::Char(_) | Key::Up | Key::Down | Key::F(_) => {}
        }
    }

    pub(super) fn found_worker(
        &mut self,
        badge: &BadgeCode,
        worker: Option<Box<Worker>>,
        orders: &mut Vec<Effect>,
    ) {
        let Screen::SignIn(sign_in) = &mut self.screen else {
            return;
        };
        match worker {
            Some(worker) => {
                *sign_in = SignIn {
                    who: Some(worker),
                    keyed: String::new(),
                };
                self.notice = None;
                orders.push(Effect::Sound(super::Bell::Good));
            }
            None if !self.is_fetched => self.tell(Notice::NotFetched, orders),
            None => self.tell(Notice::UnknownBadge(SafeText::new(badge.as_str())), orders),
        }
    }

    pub(super) fn checked_pin(&mut self, check: PinCheck, orders: &mut Vec<Effect>) {
        let Screen::SignIn(SignIn {
            who: Some(worker), ..
        }) = &self.screen
        else {
            return;
        };
        match check {
            PinCheck::Right => {
                let worker = worker.code.clone();
                orders.push(Effect::Record(Record {
                    worker: Some(worker.clone()),
                    task: None,
                    cause: None,
                    facts: vec![Fact::SignedIn { worker }],
                    hold: None,
                }));
            }
            PinCheck::Wrong(left) => self.tell(Notice::WrongPin(left), orders),
            PinCheck::Wait(seconds) => self.tell(Notice::WaitForPin(seconds), orders),
            PinCheck::NotSet => self.tell(Notice::NoPin, orders),
        }
    }

    pub(super) fn recorded_people(&mut self, entries: &[Entry], orders: &mut Vec<Effect>) {
        for entry in entries {
            match &entry.fact {
                Fact::SignedIn { .. } => self.signed_in(orders),
                Fact::SignedOut { .. } => {
                    self.lock();
                    orders.push(Effect::Sync);
                }
                _ => {}
            }
        }
    }

    fn signed_in(&mut self, orders: &mut Vec<Effect>) {
        let Screen::SignIn(SignIn {
            who: Some(worker), ..
        }) = &self.screen
        else {
            return;
        };
        self.worker = Some((**worker).clone());
        self.notice = None;
        self.messages.clear();
        self.ask_messages(orders);
        if self.work.is_some() {
            self.screen = Screen::Work(Draft::default());
            if self.has_open_work() {
                self.tell(Notice::GoingOn, orders);
            }
            orders.push(Effect::Sound(super::Bell::Good));
        } else {
            self.screen = Screen::Menu { cursor: 0 };
            orders.push(Effect::Sound(super::Bell::Good));
        }
    }

    pub(super) fn sign_out(&mut self, orders: &mut Vec<Effect>) {
        let Some(worker) = self.worker.as_ref().map(|worker| worker.code.clone()) else {
            return;
        };
        orders.push(Effect::Record(Record {
            worker: Some(worker.clone()),
            task: None,
            cause: None,
            facts: vec![Fact::SignedOut { worker }],
            hold: None,
        }));
    }
}
