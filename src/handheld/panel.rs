//! What lies over a step: what else can be done, why, and codes keyed by hand.

use super::effect::{Effect, Query};
use super::event::Key;
use super::lead::Lead;
use super::learn::Learn;
use super::model::{Model, Screen};
use super::notice::Notice;
use super::sweep::Sweep;
use super::work::{Draft, is_goods};
use crate::flow::{self, Act, Ask, Choice, Insist, Refusal};
use crate::scan::Scan;
use crate::warehouse::{
    Bin, BinCode, JobKind, Known, Quantity, Reason, SafeText, Status, StockRow,
};
use std::collections::BTreeMap;

/// Longest code that can be keyed.
const LONGEST_CODE: usize = 48;

/// What lies over a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// Nothing.
    #[default]
    None,
    /// What else can be done.
    More {
        /// The one that Enter takes.
        cursor: usize,
    },
    /// Why?
    Reasons {
        /// What it is for.
        choice: Choice,
        /// The one that Enter takes.
        cursor: usize,
    },
    /// Something else instead?
    Instead {
        /// Why what is wanted is not taken.
        reason: Reason,
        /// The one that Enter takes.
        cursor: usize,
    },
    /// A code being keyed.
    Typing(String),
    /// The walk as a map.
    Map,
    /// Tags being read.
    Tags(Box<Sweep>),
    /// A lead is asked.
    Lead(Box<Lead>),
    /// A label is learned.
    Learn(Box<Learn>),
}

/// What else can be done at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// What the flow offers.
    Choice(Choice),
    /// Take what was just refused.
    Insist,
    /// Say what the label is that nobody knows.
    Learn,
    /// Take the last step back.
    Undo,
    /// Read tags against what the step expects.
    ReadTags,
    /// Key a code that cannot be scanned.
    TypeCode,
    /// Look something up and come back.
    LookUp,
    /// See the walk as a map.
    Map,
    /// Put the task back.
    Leave,
}

impl Model {
    /// What can be done at this step beside scanning, in the order of the digits that choose it.
    pub fn extras(&self) -> Vec<Extra> {
        let Some(work) = &self.work else {
            return Vec::new();
        };
        // What is common comes first, and its digits stay whatever else the moment allows.
        let choices = work.choices();
        let common = choices.iter().take_while(|choice| !work.is_rare(**choice));
        let common = common.count();
        let mut extras: Vec<Extra> = choices.into_iter().map(Extra::Choice).collect();
        let mut rare = extras.split_off(common);
        if self.can_insist() {
            extras.insert(0, Extra::Insist);
        }
        if self.can_learn() {
            extras.insert(0, Extra::Learn);
        }
        if self.settings.has_reader && work.takes_tags() {
            extras.push(Extra::ReadTags);
        }
        extras.extend([Extra::TypeCode, Extra::LookUp, Extra::Undo]);
        if !work.is_done() {
            extras.push(Extra::Leave);
        }
        let held = rare
            .iter()
            .position(|it| *it == Extra::Choice(Choice::HoldLine));
        let held = held.map(|at| rare.remove(at));
        extras.extend(rare);
        if work.map().is_some() {
            extras.push(Extra::Map);
        }
        extras.extend(held);
        extras
    }

    /// What F2 does at this step.
    pub fn first_extra(&self) -> Option<Extra> {
        if self.can_insist() {
            return Some(Extra::Insist);
        }
        if self.can_learn() {
            return Some(Extra::Learn);
        }
        let work = self.work.as_ref()?;
        let mut choices = work.choices().into_iter();
        let first = choices.find(|choice| !work.is_rare(*choice));
        first.map(Extra::Choice)
    }

    pub(super) fn can_insist(&self) -> bool {
        let has_refused = matches!(
            &self.screen,
            Screen::Work(Draft { refused, meant, .. }) if refused.is_some() || meant.is_some()
        );
        matches!(&self.notice, Some(Notice::Refused(refusal)) if refusal.can_insist() != Insist::No)
            && has_refused
    }

    pub(super) fn pressed_in_more(&mut self, key: Key, cursor: usize, orders: &mut Vec<Effect>) {
        let extras = self.extras();
        let Some(draft) = self.draft() else { return };
        match list_key(key, cursor, extras.len()) {
            ListKey::Moved(cursor) => draft.panel = Panel::More { cursor },
            ListKey::Closed => draft.panel = Panel::None,
            ListKey::Chosen(at) => {
                draft.panel = Panel::None;
                self.take(extras[at], orders);
            }
            ListKey::Ignored => {}
        }
    }

    pub(super) fn pressed_in_reasons(
        &mut self,
        key: Key,
        choice: Choice,
        cursor: usize,
        orders: &mut Vec<Effect>,
    ) {
        let reasons = self.work.as_ref().map(|work| work.reasons(choice));
        let reasons = reasons.unwrap_or_default();
        let Some(draft) = self.draft() else { return };
        match list_key(key, cursor, reasons.len()) {
            ListKey::Moved(cursor) => draft.panel = Panel::Reasons { choice, cursor },
            ListKey::Closed => draft.panel = Panel::None,
            ListKey::Chosen(at) => {
                draft.panel = Panel::None;
                self.because(choice, reasons[at], orders);
            }
            ListKey::Ignored => {}
        }
    }

    pub(super) fn pressed_at_map(&mut self, key: Key) {
        let Some(draft) = self.draft() else { return };
        if matches!(key, Key::Esc | Key::Enter | Key::F(4)) {
            draft.panel = Panel::None;
        }
    }

    pub(super) fn pressed_while_typing(
        &mut self,
        key: Key,
        mut keyed: String,
        orders: &mut Vec<Effect>,
    ) {
        let Some(draft) = self.draft() else { return };
        match key {
            Key::Char(c) if !c.is_control() && keyed.chars().count() < LONGEST_CODE => {
                keyed.push(c);
            }
            Key::Backspace => {
                keyed.pop();
            }
            Key::Enter if !keyed.is_empty() => {
                draft.panel = Panel::None;
                if self.tells() {
                    return self.told(keyed, orders);
                }
                return self.keyed_code(keyed.into_bytes(), orders);
            }
            Key::Esc => {
                draft.panel = Panel::None;
                return;
            }
            Key::Char(_) | Key::Enter | Key::Up | Key::Down | Key::F(_) => {}
        }
        draft.panel = Panel::Typing(keyed);
    }

    pub(super) fn take(&mut self, extra: Extra, orders: &mut Vec<Effect>) {
        match extra {
            Extra::Choice(Choice::Skip) => self.act(&Act::Skipped, None, "skip", orders),
            Extra::Choice(Choice::CloseCarton) => {
                self.act(&Act::Closed(None), None, "close", orders);
            }
            Extra::Choice(Choice::Why) => {
                if let Some(why) = self.work.as_ref().and_then(|work| work.why_bin()) {
                    self.tell(Notice::WhyBin(why), orders);
                }
            }
            Extra::Learn => self.open_learn(),
            Extra::Choice(choice) => {
                let reasons = self.work.as_ref().map(|work| work.reasons(choice));
                if reasons.is_none_or(|reasons| reasons.is_empty()) {
                    self.chose(choice, orders);
                } else if let Some(draft) = self.draft() {
                    draft.panel = Panel::Reasons { choice, cursor: 0 };
                }
            }
            Extra::Insist => self.insist(orders),
            Extra::Undo => match self.work.as_ref().and_then(|work| work.undo()) {
                Some(facts) => self.record(facts, "undo", orders),
                None => self.tell(Notice::NothingToTakeBack, orders),
            },
            Extra::ReadTags => {
                self.notice = None;
                if let Some(draft) = self.draft() {
                    draft.panel = Panel::Tags(Box::default());
                }
            }
            Extra::TypeCode => {
                if let Some(draft) = self.draft() {
                    draft.panel = Panel::Typing(String::new());
                }
            }
            Extra::LookUp => self.open_look_up(),
            Extra::Map => {
                self.notice = None;
                if let Some(draft) = self.draft() {
                    draft.panel = Panel::Map;
                }
            }
            Extra::Leave => match self.work.as_ref().map(|work| work.leave()) {
                Some(Ok(facts)) => self.record(facts, "leave", orders),
                Some(Err(refusal)) => self.refused(refusal, None, orders),
                None => {}
            },
        }
    }

    fn chose(&mut self, choice: Choice, orders: &mut Vec<Effect>) {
        let Some(draft) = self.draft() else { return };
        let number = draft.digits.parse::<Quantity>().ok();
        self.act(&Act::Chose(choice, number), None, "chosen", orders);
    }

    /// What was refused is meant. Digits keyed before it are the total all the same.
    pub(super) fn insist(&mut self, orders: &mut Vec<Effect>) {
        let by_lead = matches!(&self.notice, Some(Notice::Refused(refusal)) if refusal.can_insist() == Insist::ByLead);
        let Some(draft) = self.draft() else { return };
        if let Some(meant) = draft.meant.clone() {
            return self.act_meant(&meant, by_lead, orders);
        }
        let Some(scan) = draft.refused.clone() else {
            return;
        };
        draft.insisted = true;
        let keyed = draft.digits.parse::<Quantity>().ok();
        let act = match keyed.filter(|_| is_goods(&scan)) {
            Some(total) => Act::Counted {
                total,
                label: Some(flow::label(&scan)),
                anyway: true,
            },
            None => Act::Insisted(scan.clone()),
        };
        if by_lead {
            return self.act_meant(&act, by_lead, orders);
        }
        self.act(&act, Some(scan), "insisted", orders);
    }

    /// Does what had been refused; some of it only when a lead agrees.
    fn act_meant(&mut self, act: &Act, by_lead: bool, orders: &mut Vec<Effect>) {
        let facts = self.work.as_ref().map(|work| work.decide(act));
        match facts {
            Some(Ok(facts)) if by_lead => self.with_lead(facts, "insisted", orders),
            _ => self.act(act, None, "insisted", orders),
        }
    }

    fn because(&mut self, choice: Choice, reason: Reason, orders: &mut Vec<Effect>) {
        match choice {
            Choice::Short if self.has_instead() => {
                if let Some(draft) = self.draft() {
                    draft.panel = Panel::Instead { reason, cursor: 0 };
                }
            }
            Choice::Short | Choice::Close => {
                self.act(&Act::FellShort(reason), None, "short", orders);
            }
            Choice::OtherBin | Choice::HandOver => {
                let Some(draft) = self.draft() else { return };
                draft.elsewhere = Some(reason);
                match draft.refused.clone() {
                    Some(Scan::Bin(bin)) => orders.push(Effect::Ask(Query::Bin(bin))),
                    _ => {
                        self.tell(Notice::ScanOtherBin, orders);
                        if choice == Choice::OtherBin {
                            self.ask_for_other_bins(orders);
                        }
                    }
                }
            }
            choice => self.act(&Act::ChoseFor(choice, reason), None, "chosen", orders),
        }
    }

    fn has_instead(&self) -> bool {
        let work = self.work.as_ref();
        work.is_some_and(|work| !work.instead().is_empty())
    }

    /// Behind what can be taken instead stands that nothing is.
    pub(super) fn pressed_for_instead(
        &mut self,
        key: Key,
        reason: Reason,
        cursor: usize,
        orders: &mut Vec<Effect>,
    ) {
        let offered = self.work.as_ref().map_or(0, |work| work.instead().len());
        let Some(draft) = self.draft() else { return };
        match list_key(key, cursor, offered + 1) {
            ListKey::Moved(cursor) => draft.panel = Panel::Instead { reason, cursor },
            ListKey::Closed => draft.panel = Panel::None,
            ListKey::Chosen(which) => {
                draft.panel = Panel::None;
                let act = if which < offered {
                    Act::ChoseInstead { which, reason }
                } else {
                    Act::FellShort(reason)
                };
                self.act(&act, None, "short", orders);
            }
            ListKey::Ignored => {}
        }
    }

    /// Where else the item in hand lies.
    fn ask_for_other_bins(&self, orders: &mut Vec<Effect>) {
        let item = self.work.as_ref().and_then(|work| work.prompt().item);
        let code = item.map(|item| Scan::Code(SafeText::new(item.code.as_str())));
        orders.extend(code.map(|code| Effect::Ask(Query::Code(code))));
    }

    pub(super) fn name_other_bins(&mut self, known: &Known) {
        let Known::Item { stock, .. } = known else {
            return;
        };
        let told = self.work.as_ref().map(|work| work.prompt().ask);
        let told = match told {
            Some(Ask::GoToBin(bin) | Ask::TakeGoods(bin) | Ask::PutInto(bin)) => Some(bin),
            _ => None,
        };
        let mut bins: BTreeMap<&BinCode, Quantity> = BTreeMap::new();
        let free = stock
            .iter()
            .filter(|row| row.spot.status == Status::Available);
        for row in free {
            if let Some(bin) = row.spot.place.bin().filter(|bin| Some(*bin) != told) {
                let sum = bins.entry(bin).or_default();
                *sum = sum.plus(row.quantity);
            }
        }
        bins.retain(|_, quantity| quantity.is_positive());
        let mut bins: Vec<_> = bins
            .into_iter()
            .map(|(bin, sum)| (bin.clone(), sum))
            .collect();
        bins.sort_by_key(|(_, quantity)| std::cmp::Reverse(*quantity));
        bins.truncate(2);
        if !bins.is_empty() {
            self.notice = Some(Notice::OtherBins(bins));
        }
    }

    pub(super) fn found_bin(
        &mut self,
        code: &BinCode,
        bin: Option<&Bin>,
        orders: &mut Vec<Effect>,
    ) {
        let Some(reason) = self.draft().and_then(|draft| draft.elsewhere) else {
            return;
        };
        match bin {
            None => self.tell(Notice::NoSuchBin(code.clone()), orders),
            Some(bin) if bin.frozen => self.tell(Notice::BinFrozen(code.clone()), orders),
            // Where goods are put away it matters what lies there.
            Some(_) if self.is_putaway() => {
                orders.push(Effect::Ask(Query::Exactly(Scan::Bin(code.clone()))));
            }
            Some(_) => self.act(
                &Act::ChoseBin {
                    bin: code.clone(),
                    reason,
                },
                None,
                code.as_str(),
                orders,
            ),
        }
    }

    fn is_putaway(&self) -> bool {
        let kind = self.work.as_ref().map(|work| work.kind());
        kind == Some(JobKind::Putaway)
    }

    /// What lies in the other bin is known: the rules that can be told here are looked at again.
    pub(super) fn found_elsewhere(
        &mut self,
        bin: &Bin,
        stock: &[(StockRow, SafeText)],
        orders: &mut Vec<Effect>,
    ) {
        let (Some(work), Screen::Work(draft)) = (&self.work, &mut self.screen) else {
            return;
        };
        let Some(reason) = draft.elsewhere else {
            return;
        };
        let (why, bin) = (work.unfit(bin, stock), bin.code.clone());
        let act = Act::ChoseBin {
            bin: bin.clone(),
            reason,
        };
        match why {
            None => self.act(&act, None, bin.as_str(), orders),
            Some(why) => {
                draft.meant = Some(Box::new(act));
                self.tell(Notice::Refused(Refusal::BinUnfit { bin, why }), orders);
            }
        }
    }
}

pub(super) enum ListKey {
    Moved(usize),
    Chosen(usize),
    Closed,
    Ignored,
}

/// The row of a list that a digit chooses: 1 the first, and 0 the tenth.
pub(super) fn row_of(digit: char) -> Option<usize> {
    let digit = digit.to_digit(10)? as usize;
    Some(digit.checked_sub(1).unwrap_or(9))
}

/// What a key does in a list of so many: arrows move, Enter and digits choose, Esc closes.
pub(super) fn list_key(key: Key, cursor: usize, len: usize) -> ListKey {
    match key {
        Key::Up => ListKey::Moved(cursor.saturating_sub(1)),
        Key::Down => ListKey::Moved((cursor + 1).min(len.saturating_sub(1))),
        Key::Enter if cursor < len => ListKey::Chosen(cursor),
        Key::Esc | Key::F(4) => ListKey::Closed,
        Key::Char(c) => match row_of(c) {
            Some(at) if at < len => ListKey::Chosen(at),
            _ => ListKey::Ignored,
        },
        Key::Enter | Key::Backspace | Key::F(_) => ListKey::Ignored,
    }
}
