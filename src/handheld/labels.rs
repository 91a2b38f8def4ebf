//! Labels and their printers: what was printed, what waits and why, printing something again or for the first time.
//! Whatever is printed was recorded before: asking for a label is a fact too.

use super::effect::{Effect, Query, Record};
use super::event::{Key, PrinterNews, PrinterState};
use super::model::{Model, Screen};
use super::notice::{Notice, Tone};
use crate::label::{LabelState, Queued};
use crate::scan::Scan;
use crate::warehouse::{Entry, Fact, Known, LabelOf, Role, SafeText, StockRow};

/// Most lines of what stands on a pallet that are printed on its label.
const LINES: usize = 8;

/// The list of labels.
#[derive(Clone, Debug, Default)]
pub struct LabelList {
    /// Newest first; none yet: being looked up.
    pub rows: Option<Vec<Queued>>,
    /// The one that Enter takes.
    pub cursor: usize,
}

impl Model {
    pub(super) fn open_labels(&mut self, orders: &mut Vec<Effect>) {
        self.screen = Screen::Labels(LabelList::default());
        orders.push(Effect::Ask(Query::Labels));
    }

    pub(super) fn found_labels(&mut self, rows: Vec<Queued>) {
        if let Screen::Labels(list) = &mut self.screen {
            // The cursor stays on its label, however many came before it.
            let chosen = list
                .rows
                .as_ref()
                .and_then(|old| old.get(list.cursor))
                .map(|old| old.id);
            let moved = chosen.and_then(|id| rows.iter().position(|row| row.id == id));
            list.cursor = moved
                .unwrap_or(list.cursor)
                .min(rows.len().saturating_sub(1));
            list.rows = Some(rows);
        }
    }

    /// A printer has news. That a label waits is told, unless the worker must know something else just now.
    pub(super) fn printer(&mut self, news: PrinterNews, orders: &mut Vec<Effect>) {
        let away = match &news.state {
            PrinterState::Away(why) => Some(Notice::PrinterAway(news.name.clone(), why.clone())),
            PrinterState::Ready => None,
        };
        match self
            .printers
            .iter_mut()
            .find(|known| known.name == news.name)
        {
            Some(known) => *known = news,
            None => self.printers.push(news),
        }
        if matches!(self.screen, Screen::Labels(_)) {
            orders.push(Effect::Ask(Query::Labels));
        }
        let is_told = matches!(self.notice, Some(Notice::PrinterAway(..)));
        let is_bad = self
            .notice
            .as_ref()
            .is_some_and(|notice| notice.tone() == Tone::Bad);
        match away {
            Some(notice) if is_told || !is_bad => self.tell(notice, orders),
            None if is_told => self.notice = None,
            Some(_) | None => {}
        }
    }

    pub(super) fn pressed_at_labels(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let Screen::Labels(list) = &mut self.screen else {
            return;
        };
        let last = list
            .rows
            .as_ref()
            .map_or(0, |rows| rows.len().saturating_sub(1));
        match key {
            Key::Up => list.cursor = list.cursor.saturating_sub(1),
            Key::Down => list.cursor = (list.cursor + 1).min(last),
            Key::Enter => {
                let row = list.rows.as_ref().and_then(|rows| rows.get(list.cursor));
                match row.map(|row| (row.state, row.seq)) {
                    Some((LabelState::Waiting, _)) => orders.push(Effect::HurryPrinters),
                    Some((LabelState::Withdrawn, _)) => self.tell(Notice::LabelTakenBack, orders),
                    Some((LabelState::Printed | LabelState::Bad, seq)) => {
                        self.want_label(LabelOf::Again { seq }, orders);
                    }
                    None => {}
                }
            }
            Key::F(2) => orders.push(Effect::HurryPrinters),
            Key::F(1) => self.open_look_up(),
            Key::Esc => {
                self.notice = None;
                self.screen = Screen::Menu { cursor: 0 };
            }
            Key::Char(_) | Key::Backspace | Key::F(_) => {}
        }
    }

    /// The label that could be printed of what was looked up.
    fn label_of_found(&self) -> Option<LabelOf> {
        let Screen::LookUp(look_up) = &self.screen else {
            return None;
        };
        match look_up.found.as_ref()? {
            (_, Known::Bin { bin, .. }) => Some(LabelOf::Bin {
                bin: bin.code.clone(),
            }),
            (_, Known::Worker(worker)) => Some(LabelOf::Badge {
                worker: worker.code.clone(),
                badge: worker.badge.clone(),
                name: worker.name.clone(),
            }),
            (Scan::Plate(plate), Known::Load { stock }) => Some(LabelOf::Plate {
                plate: *plate,
                rows: lines(stock),
            }),
            (Scan::Tote(tote), _) => Some(LabelOf::Tote { tote: tote.clone() }),
            (_, Known::Item { .. } | Known::Load { .. } | Known::Nothing) => None,
        }
    }

    /// Whether what was looked up has a label that can be printed here.
    pub fn can_print(&self) -> bool {
        self.settings.has_printer && self.label_of_found().is_some()
    }

    pub(super) fn print_found(&mut self, orders: &mut Vec<Effect>) {
        let Some(of) = self.label_of_found().filter(|_| self.settings.has_printer) else {
            return;
        };
        let is_lead = self
            .worker
            .as_ref()
            .is_some_and(|worker| worker.role == Role::Lead);
        if matches!(of, LabelOf::Badge { .. }) && !is_lead {
            return self.tell(Notice::LeadOnly, orders);
        }
        self.want_label(of, orders);
    }

    fn want_label(&self, of: LabelOf, orders: &mut Vec<Effect>) {
        orders.push(Effect::Record(Record {
            worker: self.code(),
            task: None,
            cause: None,
            facts: vec![Fact::LabelWanted { of: Box::new(of) }],
            hold: None,
        }));
    }

    pub(super) fn recorded_labels(&mut self, entries: &[Entry], orders: &mut Vec<Effect>) {
        let Some(wanted) = entries
            .iter()
            .find(|entry| matches!(entry.fact, Fact::LabelWanted { .. }))
        else {
            return;
        };
        self.tell(Notice::Recorded(vec![wanted.fact.clone()]), orders);
        if matches!(self.screen, Screen::Labels(_)) {
            orders.push(Effect::Ask(Query::Labels));
        }
    }
}

fn lines(stock: &[(StockRow, SafeText)]) -> Vec<SafeText> {
    let line = |(row, name): &(StockRow, SafeText)| {
        let lot = row
            .goods
            .lot
            .as_ref()
            .map_or_else(String::new, |lot| format!("  lot {lot}"));
        SafeText::new(&format!("{} x {name}{lot}", row.quantity))
    };
    stock.iter().take(LINES).map(line).collect()
}
