//! Labels at work: what was just recorded calls for some, which wait on disk until their printer has taken them.
//! One thread a printer; each is given one label at a time, so that a printer that is away holds up nobody.

use super::memory::trouble;
use super::{Happened, Memory, Stamped};
use crate::device::{PrintOrder, PrinterSettings, Printing, print};
use crate::handheld::{Event, PrinterNews, PrinterState, Record};
use crate::label::{About, Label, LabelKind, LabelState, Queued, Templates, called_for, calls};
use crate::store::Error;
use crate::warehouse::{Entry, Fact, LabelOf, SafeText, Timestamp};
use chrono::Utc;
use std::ops::ControlFlow;
use std::sync::mpsc::{SyncSender, sync_channel};

/// Orders that a printer has not looked at yet. It is given one label, then perhaps calls and haste about it:
/// what finds no room is one call too many.
const ORDERS: usize = 8;
/// Most labels that are listed.
const MOST_LABELS: u32 = 100;

/// Something a printer told, and which one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromPrinter {
    printer: usize,
    told: Printing,
}

/// All printers of a handheld.
pub struct Printers {
    printers: Vec<Printer>,
    templates: Templates,
}

struct Printer {
    settings: PrinterSettings,
    kinds: Vec<LabelKind>,
    orders: SyncSender<PrintOrder>,
    /// The label that it holds.
    busy: Option<i64>,
}

impl Printers {
    /// Starts a thread for each printer. They end with the loop.
    pub fn start(
        settings: Vec<PrinterSettings>,
        templates: Templates,
        out: &SyncSender<Stamped>,
    ) -> Self {
        let mut printers: Vec<Printer> = Vec::new();
        for (at, settings) in settings.into_iter().enumerate() {
            let is_taken =
                |kind: &LabelKind| printers.iter().any(|other| other.kinds.contains(kind));
            let can = |kind: &LabelKind| templates.of(*kind, settings.language).is_some();
            let kinds = settings
                .labels
                .iter()
                .copied()
                .filter(|kind| can(kind) && !is_taken(kind))
                .collect();
            let (orders, ordered) = sync_channel(ORDERS);
            let (out, its) = (out.clone(), settings.clone());
            std::thread::spawn(move || {
                print(&its, &ordered, |told| {
                    let from = FromPrinter { printer: at, told };
                    match out.send((Utc::now(), Happened::Printer(from))) {
                        Ok(()) => ControlFlow::Continue(()),
                        Err(_) => ControlFlow::Break(()),
                    }
                });
            });
            printers.push(Printer {
                settings,
                kinds,
                orders,
                busy: None,
            });
        }
        Self {
            printers,
            templates,
        }
    }

    /// No printer at all.
    pub fn none() -> Self {
        Self {
            printers: Vec::new(),
            templates: Templates::built_in(),
        }
    }

    /// What is printed here.
    pub fn kinds(&self) -> Vec<LabelKind> {
        self.printers
            .iter()
            .flat_map(|printer| printer.kinds.clone())
            .collect()
    }

    /// How they stand before anything was printed.
    pub fn news(&self) -> Vec<Event> {
        let news = |printer: &Printer| ready(&printer.settings);
        self.printers.iter().map(news).collect()
    }

    /// Gives each printer that has nothing to do the label that has waited for it longest.
    pub fn feed(&mut self, memory: &mut Memory) -> Result<(), Error> {
        for printer in self
            .printers
            .iter_mut()
            .filter(|printer| printer.busy.is_none())
        {
            while let Some(Queued { id, label, .. }) = memory.next_label(&printer.kinds)? {
                let template = self.templates.of(label.kind, printer.settings.language);
                let Some(Ok(bytes)) = template.map(|template| template.fill(&label)) else {
                    memory.settle_label(id, LabelState::Bad)?;
                    continue;
                };
                if printer
                    .orders
                    .try_send(PrintOrder::Print { id, bytes })
                    .is_ok()
                {
                    printer.busy = Some(id);
                }
                break;
            }
        }
        Ok(())
    }

    /// What was taken back is called off where a printer holds it.
    pub fn forget(&self, ids: &[i64]) {
        for printer in &self.printers {
            if let Some(id) = printer.busy.filter(|id| ids.contains(id)) {
                // A printer too busy to hear it is printing it.
                let _ = printer.orders.try_send(PrintOrder::Forget(id));
            }
        }
    }

    /// Those that wait try at once.
    pub fn hurry(&self) {
        for printer in self
            .printers
            .iter()
            .filter(|printer| printer.busy.is_some())
        {
            // One that is being hurried already need not be again.
            let _ = printer.orders.try_send(PrintOrder::Hurry);
        }
    }

    /// Notes what a printer told, and puts it into the handheld's words.
    pub fn told(&mut self, memory: &mut Memory, from: FromPrinter) -> Result<Vec<Event>, Error> {
        let Some(printer) = self.printers.get_mut(from.printer) else {
            return Ok(Vec::new());
        };
        Ok(match from.told {
            Printing::Printed(id) => {
                printer.busy = None;
                memory.settle_label(id, LabelState::Printed)?;
                vec![ready(&printer.settings)]
            }
            Printing::Forgotten(_) => {
                printer.busy = None;
                vec![ready(&printer.settings)]
            }
            Printing::Away(why) => vec![news(&printer.settings, PrinterState::Away(why))],
        })
    }
}

fn ready(settings: &PrinterSettings) -> Event {
    news(settings, PrinterState::Ready)
}

fn news(settings: &PrinterSettings, state: PrinterState) -> Event {
    let name = SafeText::new(&settings.name);
    Event::Printer(PrinterNews { name, state })
}

impl Memory {
    /// Puts facts on disk, all of them or none, and says which of the two. The labels they call for are queued.
    pub fn record(&mut self, now: Timestamp, record: &Record) -> Vec<Event> {
        let mut events = self.record_facts(now, record);
        let mut troubles = Vec::new();
        for event in &events {
            if let Event::Recorded(entries) = event
                && let Err(why) = self.derive(entries)
            {
                troubles.push(trouble(&why));
            }
        }
        events.extend(troubles);
        events
    }

    /// Labels of these kinds are printed from now on. What called for some while the program was not there to see it
    /// is made up for.
    pub fn print(&mut self, kinds: Vec<LabelKind>) -> Result<(), Error> {
        self.kinds = kinds;
        if self.kinds.is_empty() {
            return Ok(());
        }
        let since = self.labels.derived(self.journal.head().epoch)?;
        let entries = self.journal.read().entries_since(since)?;
        self.derive(&entries)
    }

    /// Puts into the queue what entries call for, and takes out of it what they take back.
    pub(super) fn derive(&mut self, entries: &[Entry]) -> Result<(), Error> {
        if self.kinds.is_empty() {
            return Ok(());
        }
        let epoch = self.journal.head().epoch;
        for entry in entries {
            match &entry.fact {
                Fact::Undone { seq, .. } => {
                    let ids = self.labels.withdraw(epoch, *seq)?;
                    self.called_off.extend(ids);
                }
                Fact::LabelWanted { of } if matches!(**of, LabelOf::Again { .. }) => {
                    if let LabelOf::Again { seq } = **of {
                        self.labels.again(epoch, seq, entry.seq)?;
                    }
                }
                fact if calls(fact) => {
                    let labels = self.labels_of(entry)?;
                    if !labels.is_empty() {
                        self.labels.put(epoch, entry.seq, entry.at, &labels)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn labels_of(&self, entry: &Entry) -> Result<Vec<Label>, Error> {
        let (task, done) = match &entry.task {
            Some(id) => {
                let mut entries = self.journal.read().entries_of(id)?;
                entries.retain(|other| other.seq <= entry.seq);
                let begun = entries
                    .iter()
                    .rposition(|other| matches!(other.fact, Fact::TaskStarted { .. }));
                let done: Vec<Fact> = entries
                    .drain(begun.unwrap_or(0)..)
                    .map(|entry| entry.fact)
                    .collect();
                (self.journal.read().kept_task(id)?, done)
            }
            None => (None, Vec::new()),
        };
        let about = About {
            task: task.as_ref(),
            done: &done,
            day: entry.at.with_timezone(&chrono::Local).date_naive(),
        };
        let mut labels = called_for(entry, &about);
        labels.retain(|label| self.kinds.contains(&label.kind));
        Ok(labels)
    }

    /// The label of these kinds that has waited longest.
    pub fn next_label(&self, kinds: &[LabelKind]) -> Result<Option<Queued>, Error> {
        self.labels.next(kinds)
    }

    /// The labels, newest first.
    pub fn labels(&self) -> Result<Vec<Queued>, Error> {
        self.labels.newest(MOST_LABELS)
    }

    /// A label came to an end.
    pub fn settle_label(&mut self, id: i64, state: LabelState) -> Result<(), Error> {
        self.labels.settle(id, state)
    }

    /// Labels that were taken back since this was asked last.
    pub fn take_called_off(&mut self) -> Vec<i64> {
        std::mem::take(&mut self.called_off)
    }
}
