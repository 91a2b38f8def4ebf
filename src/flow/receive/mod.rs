//! Receiving. Scan the dock door, once. A pallet that was announced: scan its label, see what should be on it, then Enter,
//! the next pallet, or the bin it goes to at once. Anything else: scan the goods, count by scans or digits, and say lot,
//! date, serial or weight only where the item demands it and the label did not tell. Choose the license plate that the
//! goods stand on, or none. Enter at the end: is all in? What is missing is given up with a reason, or comes later.

mod arrived;
mod decide;
mod label;
mod pallet;

pub use arrived::{Arrived, Arriving};

use super::prompt::{Ask, Choice, Prompt};
use crate::scan::{RawEpc, Scan};
use crate::warehouse::{
    BinCode, Fact, Goods, ItemCode, JobKind, LineNo, Quantity, ReceiveJob, ReceiveLine, SerialCode,
    Sscc, Status, TagCode,
};
use std::collections::HashSet;

/// What must be known of goods and was not on their label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The lot.
    Lot,
    /// The last day.
    Expiry,
    /// The serial.
    Serial,
    /// The weight.
    Weight,
}

/// Goods of which something must still be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    line: usize,
    goods: Goods,
    quantity: Quantity,
    weight_g: Option<u64>,
    plate: Option<Sscc>,
}

/// What is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The dock door.
    Door,
    /// The bin where received goods are put down.
    PutDown,
    /// Goods, or a pallet.
    Scan,
    /// A pallet that was announced: is all of it there?
    Check(Sscc),
    /// What the label did not say.
    Tell(Part, Detail),
    /// All that was expected is in: close the receipt.
    AllIn,
    /// Nothing more.
    Done,
}

/// A line with what became of it.
#[derive(Clone, Debug)]
struct Line {
    is: ReceiveLine,
    received: Quantity,
    /// Given up.
    missing: Quantity,
    /// Not expected: it came all the same.
    extra: bool,
}

impl Line {
    fn left(&self) -> Quantity {
        self.is.quantity.minus(self.received).minus(self.missing)
    }

    /// The most that is taken without asking.
    fn most(&self, over_percent: u32) -> Quantity {
        let more = self.is.quantity.times(over_percent).thousandths() / 100;
        self.is.quantity.plus(Quantity::from_thousandths(more))
    }
}

/// The goods that were counted last: more of the same count on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lay {
    line: usize,
    goods: Goods,
    plate: Option<Sscc>,
    status: Status,
    sum: Quantity,
    /// What was counted last.
    last: Quantity,
}

/// Receiving of one delivery.
#[derive(Clone, Debug)]
pub struct Receive {
    job: ReceiveJob,
    lines: Vec<Line>,
    door: Option<BinCode>,
    bin: Option<BinCode>,
    plate: Option<Sscc>,
    used: Vec<Sscc>,
    checking: Option<Sscc>,
    part: Option<(Part, Detail)>,
    lay: Option<Lay>,
    dates: Vec<(LineNo, Goods)>,
    /// The units that are in.
    had: HashSet<(ItemCode, SerialCode)>,
    /// The tags of what is in.
    tags: HashSet<RawEpc>,
    /// The tags of what comes in next of a line, once all is said of it.
    taken: Vec<(LineNo, RawEpc)>,
    is_done: bool,
}

impl Receive {
    /// The work at its beginning.
    pub fn new(job: ReceiveJob) -> Self {
        let line = |is: &ReceiveLine| Line {
            is: is.clone(),
            received: Quantity::ZERO,
            missing: Quantity::ZERO,
            extra: false,
        };
        Self {
            lines: job.lines.iter().map(line).collect(),
            bin: job.bin.clone(),
            job,
            door: None,
            plate: None,
            used: Vec::new(),
            checking: None,
            part: None,
            lay: None,
            dates: Vec::new(),
            had: HashSet::new(),
            tags: HashSet::new(),
            taken: Vec::new(),
            is_done: false,
        }
    }

    /// What is awaited.
    pub fn step(&self) -> Step {
        match (self.is_done, &self.door, &self.bin) {
            (true, ..) => Step::Done,
            (false, None, _) => Step::Door,
            (false, _, None) => Step::PutDown,
            (false, Some(_), Some(_)) => self.step_at_door(),
        }
    }

    fn step_at_door(&self) -> Step {
        match (&self.part, self.checking) {
            (Some((part, detail)), _) => Step::Tell(part.clone(), *detail),
            (None, Some(plate)) => Step::Check(plate),
            (None, None) if self.is_all_in() => Step::AllIn,
            (None, None) => Step::Scan,
        }
    }

    /// Nobody knows of a blind delivery whether all is in: the worker says so.
    fn is_all_in(&self) -> bool {
        let expects = self.lines.iter().any(|line| !line.extra);
        expects && self.open().next().is_none()
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.lines.len()).filter(|&line| self.lines[line].left().is_positive())
    }

    fn next_plate(&self) -> Option<Sscc> {
        let free = |plate: &&Sscc| !self.used.contains(plate);
        self.job.plates.iter().find(free).copied()
    }

    fn on_plate(&self, plate: Sscc) -> impl Iterator<Item = usize> + '_ {
        (0..self.lines.len()).filter(move |&line| self.lines[line].is.plate == Some(plate))
    }

    /// Moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Docked { door, .. } => self.door = Some(door.clone()),
            Fact::BinConfirmed { bin, .. } => self.bin = Some(bin.clone()),
            Fact::PlateConfirmed { plate } => {
                (self.checking, self.part, self.lay) = (Some(*plate), None, None);
                self.taken.clear();
            }
            Fact::PlateChosen { plate } => {
                (self.checking, self.part, self.lay) = (None, None, None);
                self.plate = *plate;
                self.used.extend(*plate);
                self.taken.clear();
            }
            Fact::LineAdded {
                line,
                item,
                barcode,
            } => self.add_line(*line, item, barcode),
            Fact::BarcodeLearned { code, item, holds } => {
                let of_item = (self.lines.iter_mut()).filter(|line| line.is.item.code == *item);
                of_item.for_each(|line| {
                    line.is.barcodes.push(crate::warehouse::Barcode {
                        code: code.clone(),
                        item: item.clone(),
                        holds: *holds,
                    });
                });
            }
            Fact::LabelRead { .. } => self.read_part(fact),
            Fact::TagsTaken { line, tags } => self.tags_taken(*line, tags),
            Fact::Received { .. } => self.received(fact),
            Fact::FoundDamaged { .. } => self.lay = None,
            Fact::ReceivedShort { line, missing, .. } => {
                if let Some(line) = self.index(*line) {
                    self.lines[line].missing = self.lines[line].missing.plus(*missing);
                }
            }
            Fact::TaskFinished => self.is_done = true,
            _ => {}
        }
    }

    fn tags_taken(&mut self, line: LineNo, tags: &[TagCode]) {
        let epcs = tags
            .iter()
            .filter_map(|tag| RawEpc::from_hex(tag.as_str()).ok());
        self.taken.extend(epcs.map(|epc| (line, epc)));
    }

    fn add_line(
        &mut self,
        line: LineNo,
        item: &crate::warehouse::Item,
        barcode: &crate::warehouse::Barcode,
    ) {
        self.lines.push(Line {
            is: ReceiveLine {
                line,
                item: item.clone(),
                barcodes: vec![barcode.clone()],
                quantity: Quantity::ZERO,
                plate: None,
                lot: None,
                expiry: None,
                least_days: None,
                inspect: false,
            },
            received: Quantity::ZERO,
            missing: Quantity::ZERO,
            extra: true,
        });
    }

    fn read_part(&mut self, fact: &Fact) {
        let Fact::LabelRead {
            line,
            goods,
            quantity,
            weight_g,
            plate,
        } = fact
        else {
            return;
        };
        let Some(line) = self.index(*line) else {
            return;
        };
        let part = Part {
            line,
            goods: goods.clone(),
            quantity: *quantity,
            weight_g: *weight_g,
            plate: *plate,
        };
        self.part = self.lacks(&part).map(|detail| (part, detail));
    }

    fn received(&mut self, fact: &Fact) {
        let Fact::Received {
            line: number,
            goods,
            quantity,
            plate,
            status,
            ..
        } = fact
        else {
            return;
        };
        let Some(line) = self.index(*number) else {
            return;
        };
        self.lines[line].received = self.lines[line].received.plus(*quantity);
        let of_it = self.taken.extract_if(.., |(of, _)| of == number);
        self.tags.extend(of_it.map(|(_, epc)| epc));
        self.used.extend(*plate);
        if let Some(serial) = &goods.serial {
            self.had.insert((goods.item.clone(), serial.clone()));
        }
        if goods.expiry.is_some() {
            self.dates.push((*number, goods.clone()));
        }
        let before = self.lay.take().filter(|lay| {
            let same_lot = (&lay.goods.lot, lay.goods.expiry) == (&goods.lot, goods.expiry);
            (lay.line, lay.plate, lay.status) == (line, *plate, *status) && same_lot
        });
        self.lay = Some(Lay {
            line,
            goods: goods.clone(),
            plate: *plate,
            status: *status,
            sum: before.map_or(*quantity, |lay| lay.sum.plus(*quantity)),
            last: *quantity,
        });
        (self.checking, self.part) = (None, None);
    }

    fn index(&self, line: LineNo) -> Option<usize> {
        self.lines.iter().position(|known| known.is.line == line)
    }

    /// The items that an unknown label can be of, each once.
    pub(super) fn teachable(&self) -> Vec<&crate::warehouse::Item> {
        let mut items: Vec<&crate::warehouse::Item> = Vec::new();
        for line in &self.lines {
            if !items.iter().any(|item| item.code == line.is.item.code) {
                items.push(&line.is.item);
            }
        }
        items
    }

    /// Whether a scan means nothing here without the handheld's memory: goods that are on no line, a bin for a pallet.
    pub(super) fn asks(&self, scan: &Scan) -> bool {
        match (self.step(), scan) {
            (Step::Scan | Step::AllIn, Scan::Goods(_) | Scan::Code(_)) => {
                self.lines_of(scan).is_empty() && !label::is_detail(scan)
            }
            (Step::Check(_) | Step::PutDown | Step::Door, Scan::Bin(_)) => true,
            _ => false,
        }
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, choices) = self.question();
        let line = self.at();
        let wanted = line.map(|line| &self.lines[line]);
        let goods = match (&self.part, &self.lay) {
            (Some((part, _)), _) => Some(part.goods.clone()),
            (None, Some(lay)) => Some(lay.goods.clone()),
            (None, None) => None,
        };
        let expected = self.lines.iter().filter(|line| !line.extra).count();
        let count = wanted.map(|line| {
            // Of what nobody expected all is as it should be.
            let of = if line.extra {
                line.received
            } else {
                line.is.quantity
            };
            (line.received, of)
        });
        Prompt {
            ask,
            line: wanted.map(|line| line.is.line),
            item: wanted.map(|line| &line.is.item),
            goods,
            count: count.filter(|(_, wanted)| wanted.is_positive()),
            lines: (expected - self.open().count(), expected),
            tote: None,
            takes_number: matches!(
                self.step(),
                Step::Scan | Step::AllIn | Step::Tell(_, Detail::Expiry | Detail::Weight)
            ),
            choices,
        }
    }

    fn question(&self) -> (Ask<'_>, &'static [Choice]) {
        match self.step() {
            Step::Door => (Ask::Door, &[]),
            Step::PutDown => (Ask::PutDown, &[]),
            Step::Check(plate) => (
                Ask::CheckPlate(plate),
                &[Choice::CountPlate, Choice::Damaged],
            ),
            Step::Tell(_, detail) => (Ask::Tell(detail), &[]),
            Step::AllIn if self.lay.is_some() => (
                Ask::AllIn,
                &[Choice::NewPlate, Choice::Loose, Choice::Damaged],
            ),
            Step::AllIn => (Ask::AllIn, &[Choice::NewPlate, Choice::Loose]),
            Step::Scan => (self.ask_for_goods(), self.choices()),
            Step::Done => (Ask::Done, &[]),
        }
    }

    fn ask_for_goods(&self) -> Ask<'_> {
        match self.plate {
            Some(plate) => Ask::ReceiveOnto(plate),
            None => Ask::Receive,
        }
    }

    fn choices(&self) -> &'static [Choice] {
        match (&self.lay, self.job.order.is_some()) {
            (Some(_), true) => &[
                Choice::Close,
                Choice::NewPlate,
                Choice::Loose,
                Choice::OtherLot,
                Choice::Damaged,
            ],
            (Some(_), false) => &[
                Choice::NewPlate,
                Choice::Loose,
                Choice::OtherLot,
                Choice::Damaged,
            ],
            (None, true) => &[Choice::Close, Choice::NewPlate, Choice::Loose],
            (None, false) => &[Choice::NewPlate, Choice::Loose],
        }
    }

    /// The line on the screen: the one in hand, else what the pallet is announced to bear, else the first open one.
    fn at(&self) -> Option<usize> {
        match self.step() {
            Step::Tell(part, _) => Some(part.line),
            Step::Check(plate) => self.on_plate(plate).next(),
            Step::Scan => self.lay.as_ref().map(|lay| lay.line),
            Step::Door | Step::PutDown | Step::AllIn | Step::Done => None,
        }
    }

    /// What an announced pallet should bear, and how much of each: what is not in yet.
    pub fn announced(&self, plate: Sscc) -> Vec<(&ReceiveLine, Quantity)> {
        let lines = self.on_plate(plate).map(|line| &self.lines[line]);
        lines.map(|line| (&line.is, line.left())).collect()
    }

    /// Its kind.
    pub const fn kind(&self) -> JobKind {
        JobKind::Receive
    }
}
