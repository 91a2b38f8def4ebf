//! A lead agrees on the spot: badge and PIN on the worker's own handheld, with or without signal. What they agree to is
//! recorded in one act with their name; without them none of it is.

use super::effect::{Effect, Pin, PinCheck, Query};
use super::event::Key;
use super::model::{Model, Screen};
use super::notice::Notice;
use super::panel::Panel;
use crate::flow::Said;
use crate::scan::Scan;
use crate::warehouse::{BadgeCode, Fact, Role, SafeText, Worker, WorkerCode};

/// Longest PIN or badge that can be keyed.
const LONGEST: usize = 24;

/// A lead is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Whose PIN is awaited.
    pub who: Option<Box<Worker>>,
    keyed: String,
    facts: Vec<Fact>,
    cause: String,
}

impl Lead {
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
    /// Records what a lead must agree to: at once if a lead has the handheld, else after badge and PIN.
    pub(super) fn with_lead(&mut self, facts: Vec<Fact>, cause: &str, orders: &mut Vec<Effect>) {
        let lead = self.worker.as_ref().filter(|it| it.role == Role::Lead);
        if let Some(lead) = lead.map(|lead| lead.code.clone()) {
            return self.approved(lead, facts, cause, orders);
        }
        self.notice = None;
        if let Some(draft) = self.draft() {
            draft.panel = Panel::Lead(Box::new(Lead {
                who: None,
                keyed: String::new(),
                facts,
                cause: cause.to_owned(),
            }));
        }
    }

    fn approved(
        &mut self,
        lead: WorkerCode,
        facts: Vec<Fact>,
        cause: &str,
        orders: &mut Vec<Effect>,
    ) {
        let agreed = std::iter::once(Fact::Approved { lead });
        self.record(agreed.chain(facts).collect(), cause, orders);
    }

    fn lead(&mut self) -> Option<&mut Lead> {
        match &mut self.draft()?.panel {
            Panel::Lead(lead) => Some(lead),
            _ => None,
        }
    }

    /// Whether a lead's badge or PIN is awaited.
    pub(super) fn asks_lead(&self) -> bool {
        matches!(&self.screen, Screen::Work(draft) if matches!(draft.panel, Panel::Lead(_)))
    }

    pub(super) fn scanned_to_lead(&mut self, scan: Scan, orders: &mut Vec<Effect>) {
        let Some(lead) = self.lead() else { return };
        match (scan, &lead.who) {
            (Scan::Badge(badge), _) => orders.push(Effect::Ask(Query::Badge(badge))),
            // A keyboard that types like a scanner.
            (Scan::Code(digits), Some(_)) => {
                lead.keyed = digits.to_string();
                self.pressed_to_lead(Key::Enter, orders);
            }
            (Scan::Code(text), None) => self.lead_badge(text.as_str(), orders),
            (other, _) => self.tell(Notice::NotABadge(Said::of(&other)), orders),
        }
    }

    fn lead_badge(&mut self, text: &str, orders: &mut Vec<Effect>) {
        match BadgeCode::new(text) {
            Ok(badge) => orders.push(Effect::Ask(Query::Badge(badge))),
            Err(_) => self.tell(Notice::BadgeFirst, orders),
        }
    }

    pub(super) fn pressed_to_lead(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let Some(lead) = self.lead() else { return };
        match key {
            Key::Char(c) if !c.is_control() && lead.keyed.len() < LONGEST => {
                if lead.who.is_none() || c.is_ascii_digit() {
                    lead.keyed.push(c);
                }
            }
            Key::Backspace => {
                lead.keyed.pop();
            }
            Key::Esc => {
                self.notice = None;
                if let Some(draft) = self.draft() {
                    draft.panel = Panel::None;
                }
            }
            Key::Enter if !lead.keyed.is_empty() => {
                let keyed = std::mem::take(&mut lead.keyed);
                match lead.who.clone() {
                    Some(worker) => orders.push(Effect::CheckPin {
                        worker,
                        pin: Pin(keyed),
                    }),
                    None => self.lead_badge(keyed.trim(), orders),
                }
            }
            Key::Char(_) | Key::Enter | Key::Up | Key::Down | Key::F(_) => {}
        }
    }

    pub(super) fn found_lead(
        &mut self,
        badge: &BadgeCode,
        worker: Option<Box<Worker>>,
        orders: &mut Vec<Effect>,
    ) {
        let Some(lead) = self.lead() else { return };
        match worker {
            Some(worker) if worker.role == Role::Lead => {
                (lead.who, lead.keyed) = (Some(worker), String::new());
                self.notice = None;
                orders.push(Effect::Sound(super::Bell::Good));
            }
            Some(_) => self.tell(Notice::LeadOnly, orders),
            None => self.tell(Notice::UnknownBadge(SafeText::new(badge.as_str())), orders),
        }
    }

    pub(super) fn checked_lead(&mut self, check: PinCheck, orders: &mut Vec<Effect>) {
        let Some(Lead {
            who: Some(who),
            facts,
            cause,
            ..
        }) = self.lead().map(|lead| lead.clone())
        else {
            return;
        };
        match check {
            PinCheck::Right => self.approved(who.code, facts, &cause, orders),
            PinCheck::Wrong(left) => self.tell(Notice::WrongPin(left), orders),
            PinCheck::Wait(seconds) => self.tell(Notice::WaitForPin(seconds), orders),
            PinCheck::NotSet => self.tell(Notice::NoPin, orders),
        }
    }
}
