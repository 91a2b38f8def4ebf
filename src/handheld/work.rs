//! At work: keys and scans become acts, acts become facts, facts on disk move the work on.
//! The rules for what a picker half did (digits keyed, a label read in part, a bin refused) live here.

use super::detail::completed;
use super::effect::{Effect, Query, Record};
use super::event::Key;
use super::menu::Queue;
use super::model::{Model, Screen};
use super::notice::Notice;
use super::panel::{Extra, Panel, row_of};
use crate::flow::{self, Act, Ask, Choice, Detail, Insist, Refusal, Work};
use crate::scan::{Label, Scan};
use crate::warehouse::{Entry, Fact, Known, Place, Quantity, Reason, SafeText, Task};

/// Most digits of a quantity.
const LONGEST_NUMBER: usize = 9;

/// What is half done at a step. Lost in a crash without harm.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// A quantity being keyed.
    pub digits: String,
    /// What lies over the step.
    pub panel: Panel,
    /// A label that is right as far as it goes; the next symbol or a number completes it.
    pub(super) pending: Option<Label>,
    /// Whether that label was insisted on.
    pub(super) insisted: bool,
    /// What was refused last; the same again may mean that it is meant.
    pub(super) refused: Option<Scan>,
    /// What was refused last and was no scan, as it would be done if it is meant.
    pub(super) meant: Option<Box<Act>>,
    /// Another bin will be scanned, for this reason.
    pub(super) elsewhere: Option<Reason>,
    /// A scan whose meaning is being asked for.
    pub(super) asked: Option<Asked>,
    /// A code that may be the lot or serial of the label before it, and what led to it.
    pub(super) detail: Option<Box<(Scan, String)>>,
}

/// A scan whose meaning is being asked for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    scan: Scan,
    cause: String,
    total: Option<Quantity>,
    insisted: bool,
}

impl Model {
    pub(super) fn draft(&mut self) -> Option<&mut Draft> {
        match &mut self.screen {
            Screen::Work(draft) => Some(draft),
            _ => None,
        }
    }

    // --- scans

    pub(super) fn scanned_at_work(
        &mut self,
        scan: Scan,
        cause: &SafeText,
        orders: &mut Vec<Effect>,
    ) {
        let (Some(work), Screen::Work(draft)) = (&self.work, &mut self.screen) else {
            return;
        };
        if let Panel::Lead(_) = draft.panel {
            return self.scanned_to_lead(scan, orders);
        }
        draft.panel = Panel::None;
        draft.insisted = false;
        draft.meant = None;
        if matches!(work.prompt().ask, Ask::Done) {
            // The next job's label begins that job.
            (self.work, self.notice) = (None, None);
            return self.open_queue(false, Some(scan), orders);
        }
        if let (Some(reason), Scan::Bin(bin)) = (draft.elsewhere, &scan)
            && (hands_over(reason) || work.decide(&Act::Scanned(scan.clone())).is_err())
        {
            draft.refused = Some(scan.clone());
            return orders.push(Effect::Ask(Query::Bin(bin.clone())));
        }
        let again = draft.refused.as_ref() == Some(&scan);
        let by_scan = matches!(&self.notice, Some(Notice::Refused(refusal)) if refusal.can_insist() == Insist::ByScan);
        if again && by_scan {
            return self.act(
                &Act::Insisted(scan.clone()),
                Some(scan),
                cause.as_str(),
                orders,
            );
        }
        self.scanned_at_step(scan, cause.as_str(), orders);
    }

    fn scanned_at_step(&mut self, scan: Scan, cause: &str, orders: &mut Vec<Effect>) {
        if !self.asks_for_detail(&scan, cause, orders) {
            self.scanned_whole(scan, cause, orders);
        }
    }

    /// A scan with all that belongs to it.
    pub(super) fn scanned_whole(&mut self, scan: Scan, cause: &str, orders: &mut Vec<Effect>) {
        let (Some(work), Screen::Work(draft)) = (&self.work, &self.screen) else {
            return;
        };
        let scan = completed(work, draft.pending.as_ref(), scan);
        let keyed = draft.digits.parse::<Quantity>().ok();
        if work.asks(&scan) {
            return self.ask_for(scan, cause, keyed, false, orders);
        }
        if keyed.is_none() && !draft.digits.is_empty() && is_goods(&scan) {
            return self.refused(Refusal::Nothing, None, orders);
        }
        let keyed = keyed.filter(|_| is_goods(&scan));
        let alone = work.decide(&Act::Scanned(scan.clone()));
        let names_goods = matches!(
            &alone,
            Ok(_) | Err(Refusal::TooMany { .. } | Refusal::OverOrder { .. })
        );
        match keyed {
            // Digits before the goods are the total, and the scan says of what: they are never overwritten by 1.
            Some(total) if names_goods => {
                let label = Some(flow::label(&scan));
                let anyway = false;
                self.act(
                    &Act::Counted {
                        total,
                        label,
                        anyway,
                    },
                    Some(scan),
                    cause,
                    orders,
                );
            }
            _ => self.act(&Act::Scanned(scan.clone()), Some(scan), cause, orders),
        }
    }

    pub(super) fn act(
        &mut self,
        act: &Act,
        scan: Option<Scan>,
        cause: &str,
        orders: &mut Vec<Effect>,
    ) {
        let Some(work) = &self.work else { return };
        if let Act::Insisted(scan) = act
            && work.asks(scan)
        {
            return self.ask_for(scan.clone(), cause, None, true, orders);
        }
        match work.decide(act) {
            Ok(facts) if work.wants_lead(&facts) => self.with_lead(facts, cause, orders),
            Ok(facts) => self.record(facts, cause, orders),
            Err(refusal) => {
                let meant = anyway(act).filter(|_| refusal.can_insist() != Insist::No);
                self.refused(refusal, scan, orders);
                if let Some(draft) = self.draft() {
                    draft.meant = meant.map(Box::new);
                }
            }
        }
    }

    fn ask_for(
        &mut self,
        scan: Scan,
        cause: &str,
        total: Option<Quantity>,
        insisted: bool,
        orders: &mut Vec<Effect>,
    ) {
        if let Some(draft) = self.draft() {
            draft.asked = Some(Asked {
                scan: scan.clone(),
                cause: cause.to_owned(),
                total,
                insisted,
            });
            orders.push(Effect::Ask(Query::Exactly(scan)));
        }
    }

    /// What was asked for is known: now the step can judge it.
    pub(super) fn found_exactly(
        &mut self,
        scan: Scan,
        known: Box<Known>,
        orders: &mut Vec<Effect>,
    ) {
        if self.found_detail(&scan, &known, orders) {
            return;
        }
        let asked = self.draft().and_then(|draft| draft.asked.take());
        if let (None, Known::Bin { bin, stock }) = (&asked, &*known) {
            return self.found_elsewhere(bin, stock, orders);
        }
        let Some(asked) = asked.filter(|asked| asked.scan == scan) else {
            return;
        };
        let act = Act::Known {
            scan: scan.clone(),
            known,
            total: asked.total,
            insisted: asked.insisted,
        };
        self.act(&act, Some(scan), &asked.cause, orders);
    }

    /// Records what follows, unless it brings goods on that are called back.
    pub(super) fn record(&mut self, facts: Vec<Fact>, cause: &str, orders: &mut Vec<Effect>) {
        if let Some(refusal) = self.stops(&facts) {
            return self.refused(refusal, None, orders);
        }
        let task = self.work.as_ref().map(|work| work.task().id.clone());
        let cause = Some(cause.to_owned()).filter(|cause| !cause.is_empty());
        orders.push(Effect::Record(Record {
            worker: self.code(),
            task,
            cause,
            facts,
            hold: None,
        }));
    }

    pub(super) fn refused(
        &mut self,
        refusal: Refusal,
        scan: Option<Scan>,
        orders: &mut Vec<Effect>,
    ) {
        let unknown = matches!(refusal, Refusal::OtherGoods { .. } | Refusal::NotInWork(_));
        if let (true, Some(scan)) = (unknown, &scan) {
            orders.push(Effect::Ask(Query::Code(scan.clone())));
        }
        if let Some(draft) = self.draft() {
            if let (true, Some(scan)) = (refusal.wants_more(), &scan) {
                draft.pending = Some(flow::label(scan));
            }
            draft.refused = scan;
        }
        let part = matches!(refusal, Refusal::LotMissing | Refusal::SerialMissing);
        let notice = if part {
            Notice::PartRead(refusal)
        } else {
            Notice::Refused(refusal)
        };
        self.tell(notice, orders);
    }

    /// The refusal stands; now it can say what the goods are called.
    pub(super) fn name_refused(&mut self, scan: &Scan, known: &Known) {
        let Known::Item { item, .. } = known else {
            return;
        };
        let said = flow::Said::of(scan);
        let same = match &self.notice {
            Some(Notice::Refused(
                Refusal::OtherGoods { said: told, .. } | Refusal::NotInWork(told),
            )) => *told == said,
            _ => false,
        };
        if same {
            self.notice = Some(Notice::NotWanted(said, item.name.clone()));
        }
    }

    // --- keys

    pub(super) fn pressed_at_work(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let Screen::Work(draft) = &self.screen else {
            return;
        };
        match draft.panel.clone() {
            Panel::None => self.pressed_at_step(key, orders),
            Panel::More { cursor } => self.pressed_in_more(key, cursor, orders),
            Panel::Reasons { choice, cursor } => {
                self.pressed_in_reasons(key, choice, cursor, orders);
            }
            Panel::Instead { reason, cursor } => {
                self.pressed_for_instead(key, reason, cursor, orders);
            }
            Panel::Typing(keyed) => self.pressed_while_typing(key, keyed, orders),
            Panel::Map => self.pressed_at_map(key),
            Panel::Tags(_) => self.pressed_at_tags(key, orders),
            Panel::Lead(_) => self.pressed_to_lead(key, orders),
            Panel::Learn(learn) => self.pressed_to_learn(key, *learn, orders),
        }
    }

    fn pressed_at_step(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let (Some(work), Screen::Work(draft)) = (&self.work, &mut self.screen) else {
            return;
        };
        let prompt = work.prompt();
        match (key, prompt.ask) {
            (Key::Char('1'), Ask::IsBinEmpty(_) | Ask::IsWeightRight(..)) => {
                self.act(&Act::Answered(true), None, "1", orders);
            }
            (Key::Char(c @ ('0' | '2')), Ask::IsBinEmpty(_) | Ask::IsWeightRight(..)) => {
                self.act(&Act::Answered(false), None, c.to_string().as_str(), orders);
            }
            // What has no label is keyed at once.
            (Key::Char(c), Ask::Seal(_) | Ask::Receiver(_) | Ask::DeliveryCode(_))
                if !c.is_control() =>
            {
                draft.panel = Panel::Typing(c.to_string());
                self.notice = None;
            }
            (Key::Char(c), ask) if ask.is_choice() => {
                let choice = row_of(c).and_then(|row| prompt.choices.get(row));
                if let Some(&choice) = choice {
                    self.take(Extra::Choice(choice), orders);
                }
            }
            // What has letters in it is typed straight away.
            (Key::Char(c), Ask::Tell(Detail::Lot | Detail::Serial)) => {
                self.pressed_while_typing(Key::Char(c), String::new(), orders);
            }
            (Key::Char(c), _) if c.is_ascii_digit() || c == '.' => {
                if prompt.takes_number && draft.digits.len() < LONGEST_NUMBER {
                    draft.digits.push(c);
                }
            }
            (Key::Backspace, _) => {
                draft.digits.pop();
            }
            (Key::Esc, _) if !draft.digits.is_empty() => draft.digits.clear(),
            (Key::Esc, _) => {
                self.notice = None;
                self.screen = Screen::Menu { cursor: 0 };
            }
            (Key::Enter, Ask::Done) => self.end_work(orders),
            (Key::Enter, _) => self.entered(orders),
            (Key::F(1), _) => self.open_look_up(),
            (Key::F(2), _) => {
                let is_empty = Some(Extra::Choice(Choice::BinIsEmpty));
                if !draft.digits.is_empty() && self.first_extra() == is_empty {
                    return self.tell(Notice::Refused(Refusal::GoodsFirst), orders);
                }
                if let Some(extra) = self.first_extra() {
                    self.take(extra, orders);
                }
            }
            (Key::F(3), _) => self.take(Extra::Undo, orders),
            (Key::F(4), _) => draft.panel = Panel::More { cursor: 0 },
            (Key::Char(_) | Key::Up | Key::Down | Key::F(_), _) => {}
        }
    }

    pub(super) fn entered(&mut self, orders: &mut Vec<Effect>) {
        let Screen::Work(draft) = &self.screen else {
            return;
        };
        let digits = draft.digits.clone();
        if digits.is_empty() && self.ask_scale(orders) {
            return;
        }
        if digits.is_empty() {
            return self.act(&Act::Agreed, None, "Enter", orders);
        }
        if self.tells() {
            return self.told(digits, orders);
        }
        let Screen::Work(draft) = &mut self.screen else {
            return;
        };
        let (label, anyway) = (draft.pending.clone(), draft.insisted);
        match digits.parse::<Quantity>() {
            Ok(total) => self.act(
                &Act::Counted {
                    total,
                    label,
                    anyway,
                },
                None,
                &format!("keyed {digits}"),
                orders,
            ),
            Err(_) => {
                draft.digits.clear();
                self.tell(Notice::Refused(Refusal::Nothing), orders);
            }
        }
    }

    /// Whether the step asks for something that a label did not say.
    pub(super) fn tells(&self) -> bool {
        let ask = self.work.as_ref().map(|work| work.prompt().ask);
        matches!(ask, Some(Ask::Tell(_)))
    }

    pub(super) fn told(&mut self, text: String, orders: &mut Vec<Effect>) {
        if let Some(draft) = self.draft() {
            draft.digits.clear();
        }
        let cause = format!("keyed {text}");
        let act = Act::Told {
            text,
            anyway: false,
        };
        self.act(&act, None, &cause, orders);
    }

    // --- facts on disk

    pub(super) fn recorded_work(&mut self, entries: &[Entry], orders: &mut Vec<Effect>) {
        if let Some(begun) = entries
            .iter()
            .find(|entry| matches!(entry.fact, Fact::TaskStarted { .. }))
        {
            self.begin_work(begun, entries);
        }
        let Some(work) = &mut self.work else { return };
        let task = work.task().id.clone();
        let mine: Vec<&Entry> = entries
            .iter()
            .filter(|entry| entry.task.as_ref() == Some(&task))
            .collect();
        if mine.is_empty() {
            return;
        }
        mine.iter().for_each(|entry| work.apply(entry));
        self.counted_tags(&mine);
        let Some(work) = &self.work else { return };
        let (done, title) = (work.is_done(), work.task().part());
        if done {
            self.here = work.task().outline.ends;
        }
        if let Some(draft) = self.draft() {
            *draft = Draft::default();
        }
        match &mine[0].fact {
            Fact::TaskOpened { .. } | Fact::TaskStarted { .. } => {
                self.notice = None;
                orders.push(Effect::Sound(super::Bell::Good));
            }
            _ if mine.iter().any(|entry| entry.fact == Fact::TaskLeft) => {
                self.work = None;
                // A locked handheld stays locked, whenever the disk turned out to have taken it.
                if self.worker.is_some() {
                    self.screen = Screen::Menu { cursor: 0 };
                }
                self.tell(Notice::PutBack, orders);
            }
            Fact::Undone { .. } => self.tell(Notice::TakenBack, orders),
            _ if done => self.tell(Notice::Finished(title), orders),
            _ => self.tell(
                Notice::Recorded(mine.iter().map(|entry| entry.fact.clone()).collect()),
                orders,
            ),
        }
    }

    fn begin_work(&mut self, begun: &Entry, entries: &[Entry]) {
        let opened = entries.iter().find_map(Entry::opened);
        let task = match (&self.screen, opened) {
            (_, Some(task)) => task,
            (Screen::Queue(queue), None) => {
                let mut tasks = queue.tasks.iter().flatten();
                match tasks.find(|task| Some(&task.id) == begun.task.as_ref()) {
                    Some(task) => task.clone(),
                    None => return,
                }
            }
            _ => return,
        };
        self.counted.clear();
        self.work = Some(Box::new(Work::new(task, carrier(begun))));
        // A locked handheld stays locked, whenever the disk turned out to have taken it.
        if self.worker.is_some() {
            self.screen = Screen::Work(Draft::default());
        }
    }

    fn end_work(&mut self, orders: &mut Vec<Effect>) {
        self.work = None;
        self.notice = None;
        self.screen = Screen::Queue(Queue::default());
        orders.push(Effect::Ask(Query::Tasks));
    }

    /// After a restart: the open work stands where it stood.
    pub(super) fn found_held(&mut self, held: Option<Box<(Task, Vec<Entry>)>>) {
        let Some((task, entries)) = held.map(|held| *held) else {
            return;
        };
        let Some(begun) = entries.first() else { return };
        let mut work = Work::new(task, carrier(begun));
        entries.iter().for_each(|entry| work.apply(entry));
        self.work = Some(Box::new(work));
        self.recall_tags(&entries);
    }
}

fn carrier(begun: &Entry) -> Place {
    begun.worker.clone().map_or(Place::Unknown, Place::Worker)
}

/// Whether the bin that comes next is where the work is left, not where it goes on.
const fn hands_over(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::ShiftEnds | Reason::NextZone | Reason::OtherWork
    )
}

pub(super) const fn is_goods(scan: &Scan) -> bool {
    matches!(scan, Scan::Goods(_) | Scan::Code(_))
}

/// An act that was no scan, as it is done when it is meant.
fn anyway(act: &Act) -> Option<Act> {
    match act {
        Act::Counted { total, label, .. } => Some(Act::Counted {
            total: *total,
            label: label.clone(),
            anyway: true,
        }),
        Act::Swept { tags, .. } => Some(Act::Swept {
            tags: tags.clone(),
            anyway: true,
        }),
        Act::Told { text, .. } => Some(Act::Told {
            text: text.clone(),
            anyway: true,
        }),
        _ => None,
    }
}
