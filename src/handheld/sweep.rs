//! Tags being read for a step: all that were heard since it was asked for, each once. The screen shows what they are;
//! nothing follows from them until a worker confirms. A tag that was confirmed stays counted where it was counted.

use super::count::MOST_TAGS;
use super::effect::{Effect, Query};
use super::event::Key;
use super::model::{Model, Screen};
use super::panel::Panel;
use super::work::Draft;
use crate::flow::Ask;
use crate::scan::{Packing, RawEpc, Scan, Tag};
use crate::warehouse::{Entry, Fact, Item, Quantity, SafeText};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most tags that are kept apart at a step. Further ones are not looked at, and the screen says so.
pub(super) const MOST: usize = 4096;
/// Most barcodes that are asked for at a time; the rest is asked for with the next tags.
const ASKED: usize = 32;

/// A tag and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spotted {
    /// The tag.
    pub tag: Tag,
    /// What it means to the warehouse.
    pub scan: Scan,
    /// What it is fixed to, if it tells.
    pub packing: Option<Packing>,
    /// Whether it is of a unit that is in the house by the book; as far as was asked.
    pub(super) is_in_house: bool,
    code: Option<SafeText>,
}

/// What was heard since the radio was switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    /// Each tag once, in the order in which they were first heard.
    pub spotted: Vec<Spotted>,
    /// Whether there were more than can be kept apart.
    pub is_full: bool,
    /// The row that Enter takes, where one is chosen.
    pub cursor: usize,
    at: HashMap<RawEpc, usize>,
    /// Tags with serials of which nobody asked yet whether their units are in the house, as places in the list.
    pub(super) unsure: Vec<usize>,
    /// The barcodes on the tags: asked for (none), or known to stand for an item (or for none).
    known: BTreeMap<SafeText, Option<(Item, Quantity)>>,
    /// Those of them that were not asked for yet.
    unasked: BTreeSet<SafeText>,
}

impl Sweep {
    /// Takes tags in; whether one of them is new. Tags within an item (filter value 7) count for nothing.
    /// Beyond so many, they are not looked at.
    pub(super) fn add(&mut self, tags: &[Tag], most: usize) -> bool {
        let before = self.spotted.len();
        for tag in tags {
            if let Some(&at) = self.at.get(&tag.epc) {
                self.spotted[at].tag.add(tag);
                continue;
            }
            let packing = tag.packing();
            if self.spotted.len() >= most {
                self.is_full = true;
            } else if packing != Some(Packing::Component) {
                self.at.insert(tag.epc, self.spotted.len());
                let spotted = Spotted::of(*tag);
                let new = spotted
                    .code
                    .iter()
                    .filter(|code| !self.known.contains_key(*code));
                self.unasked.extend(new.cloned());
                if matches!(&spotted.scan, Scan::Goods(label) if label.serial.is_some()) {
                    self.unsure.push(self.spotted.len());
                }
                self.spotted.push(spotted);
            }
        }
        self.spotted.len() > before
    }

    /// The item of a tag and how many units it stands for, as far as was looked up.
    pub fn item(&self, spotted: &Spotted) -> Option<&(Item, Quantity)> {
        self.known.get(spotted.code.as_ref()?)?.as_ref()
    }

    /// Barcodes that were not asked for yet.
    fn ask(&mut self) -> Option<Effect> {
        let first = std::iter::from_fn(|| self.unasked.pop_first());
        let new: Vec<SafeText> = first.take(ASKED).collect();
        self.known
            .extend(new.iter().map(|code| (code.clone(), None)));
        (!new.is_empty()).then_some(Effect::Ask(Query::Barcodes(new)))
    }

    pub(super) fn learn(&mut self, found: Vec<(SafeText, Option<(Item, Quantity)>)>) {
        for (code, item) in found {
            if let Some(known) = self.known.get_mut(&code) {
                *known = item;
            }
        }
    }
}

/// How the journal tells which tags led to a fact: their EPCs behind this, as many as there is room for.
const CAUSE: &str = "tags ";
/// Longest such text, in bytes, over all facts of the act: each of them tells what led to it.
const LONGEST_CAUSES: usize = 16_000;
/// Longest beside one fact: what the journal has room for.
const LONGEST_CAUSE: usize = 4000;

fn cause(tags: &[Spotted], facts: usize) -> String {
    let most = LONGEST_CAUSE.min(LONGEST_CAUSES / facts.max(1));
    let mut cause = CAUSE.to_owned();
    for it in tags {
        let hex = it.tag.epc.to_string();
        if cause.len() + hex.len() + 1 > most {
            break;
        }
        cause.push_str(&hex);
        cause.push(' ');
    }
    cause
}

impl Spotted {
    fn of(tag: Tag) -> Self {
        let scan = tag.scan();
        Self {
            code: code(&scan),
            scan,
            packing: tag.packing(),
            is_in_house: false,
            tag,
        }
    }

    /// A tag of which only the EPC is known.
    fn of_epc(epc: RawEpc) -> Self {
        Self::of(Tag {
            epc,
            pc: None,
            count: 0,
            signal: None,
        })
    }
}

/// The barcode that a tag of goods stands for.
pub(super) fn code(scan: &Scan) -> Option<SafeText> {
    let Scan::Goods(label) = scan else {
        return None;
    };
    Some(SafeText::new(&label.gtin?.to_string()))
}

/// Tags that were confirmed, so that they are counted once and in one place.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    /// The act that counted them; none while it is on its way to disk.
    act: Option<u64>,
    /// The line or carton they were counted for.
    place: u32,
    tags: Vec<Spotted>,
}

impl Model {
    /// The readers send while a screen wants tags, and rest while none does.
    pub(super) fn turn_radio(&mut self, orders: &mut Vec<Effect>) {
        let wants = match &self.screen {
            Screen::Work(draft) => matches!(draft.panel, Panel::Tags(_)),
            Screen::Find(_) => true,
            Screen::SetUp(setup) => setup.reads_tags,
            Screen::Count(count) => count.of.is_some(),
            _ => false,
        };
        let wants = wants && self.settings.has_reader;
        if wants != self.radio {
            self.radio = wants;
            orders.push(Effect::Radio(wants));
        }
    }

    pub(super) fn sweep(&mut self) -> Option<&mut Sweep> {
        match &mut self.screen {
            Screen::Work(Draft {
                panel: Panel::Tags(sweep),
                ..
            }) => Some(sweep),
            Screen::Count(count) => Some(&mut count.sweep),
            _ => None,
        }
    }

    pub(super) fn seen(&mut self, tags: &[Tag], orders: &mut Vec<Effect>) {
        match &mut self.screen {
            Screen::Find(_) => return self.felt(tags, orders),
            Screen::SetUp(setup) if setup.reads_tags => return setup.seen(tags),
            _ => {}
        }
        let most = match self.screen {
            Screen::Count(_) => MOST_TAGS,
            _ => MOST,
        };
        let Some(sweep) = self.sweep() else { return };
        let new = sweep.add(tags, most);
        orders.extend(sweep.ask());
        self.ask_units(orders);
        // Who walks along a shelf with a reader touches nothing and is at work all the same.
        if new {
            self.touched = self.now;
        }
    }

    pub(super) fn found_barcodes(
        &mut self,
        found: Vec<(SafeText, Option<(Item, Quantity)>)>,
        orders: &mut Vec<Effect>,
    ) {
        if let Screen::Find(find) = &mut self.screen {
            find.learn(&found);
        } else if let Some(sweep) = self.sweep() {
            sweep.learn(found);
            self.ask_units(orders);
        }
    }

    /// The line or carton that tags are counted for at this step.
    fn place(&self) -> u32 {
        let prompt = self.work.as_ref().map(|work| work.prompt());
        prompt.map_or(0, |prompt| match prompt.ask {
            Ask::FillCarton(carton) => carton,
            _ => prompt.line.unwrap_or_default(),
        })
    }

    /// The tags to hold against the step: those heard now and those counted here before; not those counted elsewhere.
    pub fn tags_at_step<'a>(&'a self, sweep: &'a Sweep) -> Vec<&'a Spotted> {
        let place = self.place();
        let (here, elsewhere): (Vec<&Counted>, Vec<&Counted>) =
            self.counted.iter().partition(|it| it.place == place);
        let before = here.iter().flat_map(|it| &it.tags);
        let mut tags: Vec<&Spotted> = before.collect();
        let mut known: std::collections::HashSet<RawEpc> = tags
            .iter()
            .copied()
            .chain(elsewhere.iter().flat_map(|it| &it.tags))
            .map(|it| it.tag.epc)
            .collect();
        tags.extend(sweep.spotted.iter().filter(|it| known.insert(it.tag.epc)));
        tags
    }

    pub(super) fn pressed_at_tags(&mut self, key: Key, orders: &mut Vec<Effect>) {
        let rows = self.work.as_ref().map_or(0, |work| work.expected_rows());
        let Some(sweep) = self.sweep() else { return };
        match key {
            Key::Up => sweep.cursor = sweep.cursor.saturating_sub(1),
            Key::Down => sweep.cursor = (sweep.cursor + 1).min(rows.saturating_sub(1)),
            Key::Enter if self.is_receiving() => self.confirm_arrived(orders),
            Key::Enter => self.confirm_tags(orders),
            Key::Esc | Key::F(4) => self.close_tags(),
            Key::Char(_) | Key::Backspace | Key::F(_) => {}
        }
    }

    pub(super) fn close_tags(&mut self) {
        if let Screen::Work(draft) = &mut self.screen {
            draft.panel = Panel::None;
        }
    }

    fn confirm_tags(&mut self, orders: &mut Vec<Effect>) {
        let (Some(work), Screen::Work(draft)) = (&self.work, &self.screen) else {
            return;
        };
        let Panel::Tags(sweep) = &draft.panel else {
            return;
        };
        let tags = self.tags_at_step(sweep);
        let scans: Vec<&Scan> = tags.iter().map(|it| &it.scan).collect();
        let of_it = work.answering(&scans).into_iter();
        let of_it: Vec<Spotted> = of_it.map(|at| tags[at].clone()).collect();
        match work.confirm(&scans, sweep.cursor) {
            Ok(facts) => {
                let cause = cause(&of_it, facts.len());
                self.counted.retain(|it| it.act.is_some());
                let place = self.place();
                self.counted.push(Counted {
                    act: None,
                    place,
                    tags: of_it,
                });
                self.record(facts, &cause, orders);
            }
            Err(refusal) => {
                // What a number or another label completes is keyed and scanned at the step itself.
                if refusal.wants_more() {
                    self.close_tags();
                }
                let scan = of_it.first().map(|it| it.scan.clone());
                self.refused(refusal, scan, orders);
            }
        }
    }

    /// After a restart: what was counted is in the journal, beside the facts that it led to.
    pub(super) fn recall_tags(&mut self, entries: &[Entry]) {
        self.counted.clear();
        for act in entries.chunk_by(|one, next| one.act == next.act) {
            let place = act.iter().find_map(|entry| match entry.fact {
                Fact::Picked { line, .. } | Fact::TakenInHand { line, .. } => Some(line),
                Fact::Packed { carton, .. } => Some(carton),
                _ => None,
            });
            let cause = act.first().and_then(|entry| entry.cause.as_deref());
            let hexes = cause.and_then(|cause| cause.strip_prefix(CAUSE));
            if let (Some(place), Some(hexes)) = (place, hexes) {
                let epcs = hexes
                    .split_whitespace()
                    .map_while(|hex| RawEpc::from_hex(hex).ok());
                self.counted.push(Counted {
                    act: None,
                    place,
                    tags: epcs.map(Spotted::of_epc).collect(),
                });
            }
            self.counted_tags(&act.iter().collect::<Vec<_>>());
        }
    }

    /// Confirmed tags are on disk now, or were taken back.
    pub(super) fn counted_tags(&mut self, entries: &[&Entry]) {
        let act = entries.first().map(|entry| entry.act);
        let has_moved = |entry: &&Entry| {
            matches!(
                entry.fact,
                Fact::Picked { .. } | Fact::TakenInHand { .. } | Fact::Packed { .. }
            )
        };
        let is_count = entries.iter().any(has_moved);
        self.counted.retain_mut(|it| {
            if it.act.is_none() && is_count {
                it.act = act;
            }
            it.act.is_some_and(|act| {
                let undoes =
                    |entry: &&Entry| matches!(entry.fact, Fact::Undone { seq, .. } if seq == act);
                !entries.iter().any(undoes)
            })
        });
    }
}
