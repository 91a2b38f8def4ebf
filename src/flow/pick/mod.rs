//! Picking. Walk to the bin and scan it; scan the goods; say how many. When all is fetched, bring it to the packing place.
//! For several orders at once each has a tote: bind them first, take what the orders want at a bin together, put it tote by
//! tote. Fewer than wanted is a short pick: the rest goes back to the office with the reason.

mod apply;
mod drop;
mod hold;
mod instead;
mod look;
mod map;
mod put;
mod relay;
mod rules;
mod shown;
mod take;
mod walk;
mod weigh;

use look::Look;
pub use map::{Map, Mark};

use super::act::Act;
use super::prompt::Choice;
use super::refusal::{Refusal, Said};
use crate::planning::route::Layout;
use crate::scan::Scan;
use crate::warehouse::{
    BinCode, Fact, Goods, PickJob, PickLine, PickOrder, Place, Point, Quantity, ToteCode,
};

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A tote for an order.
    BindTote(usize),
    /// The bin where those before left their totes.
    FetchTotes,
    /// A tote of an order, from where the zone before left it.
    FetchTote(usize),
    /// The bin of a line.
    GoToBin(usize),
    /// The goods of a line.
    TakeGoods(usize),
    /// The tote of a line's order.
    PutInTote(usize),
    /// The weight of what was just taken of a line.
    Weigh(usize),
    /// Whether the bin of a line is empty.
    LookIntoBin(usize),
    /// How many are left in the bin of a line.
    CountLeft(usize),
    /// The place to which the goods of an order are brought.
    Drop(usize),
    /// The end of a walk that found nothing.
    Return,
    /// Nothing more.
    Done,
}

/// How far a line is. It is named by its order and its place among that order's lines.
#[derive(Clone, Debug)]
struct Line {
    order: usize,
    at: usize,
    /// What was taken, how much of it, and who or what carries it: another worker may have begun this task.
    picked: Vec<(Goods, Quantity, Place)>,
    /// What was given up.
    missing: Quantity,
    /// The bin it is taken from, where that is not the one told.
    elsewhere: Option<BinCode>,
    looked: bool,
    /// Put off to the end of the walk.
    skipped: bool,
}

impl Line {
    const fn new(order: usize, at: usize) -> Self {
        Self {
            order,
            at,
            picked: Vec::new(),
            missing: Quantity::ZERO,
            elsewhere: None,
            looked: false,
            skipped: false,
        }
    }
}

/// How far an order is.
#[derive(Clone, Debug, Default)]
struct Carried {
    /// The tote that its goods go into.
    tote: Option<ToteCode>,
    /// What was picked for it and not brought to its place yet.
    goods: Vec<(Goods, Quantity, Place)>,
    /// Totes that were taken on from the zone before.
    fetched: Vec<ToteCode>,
    /// Totes that were put down as they are.
    down: Vec<ToteCode>,
}

/// Goods in hand, taken for several orders at a bin.
#[derive(Clone, Debug)]
struct Hand {
    /// The first line they are for.
    line: usize,
    goods: Vec<(Goods, Quantity)>,
}

/// Picking for one order, or for several at once.
#[derive(Clone, Debug)]
pub struct Pick {
    job: PickJob,
    carrier: Place,
    lines: Vec<Line>,
    orders: Vec<Carried>,
    floor: Option<Layout>,
    /// Lines in the order of the walk.
    walk: Vec<usize>,
    at: Option<BinCode>,
    /// Where the worker stands, as far as their scans tell.
    stands: Option<Point>,
    hand: Option<Hand>,
    looking: Option<Look>,
    /// What was taken last and is still to be weighed.
    weighing: Option<(usize, Goods)>,
    standing: Option<BinCode>,
    chosen: Option<ToteCode>,
    step: Step,
}

impl Pick {
    /// The work at its beginning. `carrier` is who or what carries the goods when no tote is set.
    pub fn new(job: PickJob, carrier: Place) -> Self {
        let of = |(order, it): (usize, &PickOrder)| {
            (0..it.lines.len()).map(move |at| Line::new(order, at))
        };
        let lines: Vec<Line> = job.orders.iter().enumerate().flat_map(of).collect();
        let carried = |order: &PickOrder| Carried {
            tote: order.tote.clone(),
            ..Carried::default()
        };
        let orders = job.orders.iter().map(carried).collect();
        let floor = walk::layout(&job);
        let mut pick = Self {
            job,
            carrier,
            lines,
            orders,
            floor,
            walk: Vec::new(),
            at: None,
            stands: None,
            hand: None,
            looking: None,
            weighing: None,
            standing: None,
            chosen: None,
            step: Step::Return,
        };
        pick.plan();
        pick.step = pick.next();
        pick
    }

    /// What is awaited.
    pub const fn step(&self) -> Step {
        self.step
    }

    /// What is told of a line.
    fn told(&self, line: usize) -> &PickLine {
        let Line { order, at, .. } = self.lines[line];
        &self.job.orders[order].lines[at]
    }

    /// The order that a line is for.
    fn order(&self, line: usize) -> &PickOrder {
        &self.job.orders[self.lines[line].order]
    }

    /// The bin that a line is taken from.
    fn bin(&self, line: usize) -> &BinCode {
        let elsewhere = self.lines[line].elsewhere.as_ref();
        elsewhere.unwrap_or(&self.told(line).bin)
    }

    /// Whether each put is confirmed by scanning the tote.
    fn scans_totes(&self) -> bool {
        self.job.orders.len() > 1
    }

    /// Whether goods go into totes that are bound at the start.
    fn binds_totes(&self) -> bool {
        self.scans_totes()
            || self.job.rules.own_tote
            || self
                .job
                .orders
                .iter()
                .any(|order| order.tote.is_some() || order.leg.is_some())
    }

    fn picked(&self, line: usize) -> Quantity {
        let picked = self.lines[line].picked.iter();
        picked.map(|(_, quantity, _)| *quantity).sum()
    }

    fn left(&self, line: usize) -> Quantity {
        let wanted = self.told(line).quantity.minus(self.lines[line].missing);
        wanted.minus(self.picked(line))
    }

    fn is_open(&self, line: usize) -> bool {
        self.left(line).is_positive()
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        self.walk.iter().copied().filter(|&line| self.is_open(line))
    }

    /// The open lines of the same goods at the same bin, most urgent first. Alone where there is one order only.
    fn together(&self, line: usize) -> Vec<usize> {
        // What is weighed is weighed for one order.
        if !self.scans_totes() || self.told(line).item.handling.catch_weight {
            return vec![line];
        }
        let told = self.told(line);
        let same = |&other: &usize| {
            let it = self.told(other);
            self.is_open(other)
                && self.bin(other) == self.bin(line)
                && it.item.code == told.item.code
                && (&it.lot, &it.serial) == (&told.lot, &told.serial)
        };
        (0..self.lines.len()).filter(same).collect()
    }

    fn left_together(&self, line: usize) -> Quantity {
        let lines = self.together(line).into_iter();
        lines.map(|line| self.left(line)).sum()
    }

    fn in_hand(&self) -> Quantity {
        let goods = self.hand.iter().flat_map(|hand| &hand.goods);
        goods.map(|(_, quantity)| *quantity).sum()
    }

    fn next(&self) -> Step {
        if self.step == Step::Done {
            return Step::Done;
        }
        if self.standing.is_some() {
            return Step::FetchTotes;
        }
        if let Some((line, _)) = self.weighing {
            return Step::Weigh(line);
        }
        if let Some(order) = self.awaits() {
            return Step::FetchTote(order);
        }
        let wants_tote = |&order: &usize| {
            let has_open = |line: &Line| line.order == order;
            let mut lines = self.lines.iter().enumerate().filter(|(_, it)| has_open(it));
            self.orders[order].tote.is_none() && lines.any(|(line, _)| self.is_open(line))
        };
        if self.binds_totes()
            && let Some(order) = (0..self.orders.len()).find(wants_tote)
        {
            return Step::BindTote(order);
        }
        if let Some(hand) = &self.hand {
            let first = self.together(hand.line).into_iter().next();
            return match first {
                Some(line) if self.left_together(line) > self.in_hand() => Step::TakeGoods(line),
                Some(line) => Step::PutInTote(line),
                None => self.onward(),
            };
        }
        match self.looking {
            Some(Look::Empty(line)) => Step::LookIntoBin(line),
            Some(Look::Count(line)) => Step::CountLeft(line),
            None => self.onward(),
        }
    }

    fn onward(&self) -> Step {
        match self.open().next() {
            Some(line) if self.at.as_ref() == Some(self.bin(line)) => Step::TakeGoods(line),
            Some(line) => Step::GoToBin(line),
            None => match self.orders.iter().position(Carried::is_loaded) {
                Some(order) => Step::Drop(self.chosen_order().unwrap_or(order)),
                None => Step::Return,
            },
        }
    }

    /// Which facts follow from an act at this step. Changes nothing.
    pub fn decide(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        let facts = self.decided(act)?;
        if self.is_for_office(&facts) {
            return Err(Refusal::ForOffice);
        }
        Ok(facts)
    }

    fn decided(&self, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match (self.step, act) {
            (Step::BindTote(order), Act::Scanned(scan)) => self.bound(order, scan, None),
            (Step::BindTote(order), Act::Known { scan, known, .. }) => {
                self.bound(order, scan, Some(known))
            }
            (Step::FetchTotes, Act::Scanned(scan)) => self.taken_over(scan),
            (Step::FetchTote(order), Act::Scanned(scan)) => self.taken_up(order, scan, None, false),
            (
                Step::FetchTote(order),
                Act::Known {
                    scan,
                    known,
                    insisted,
                    ..
                },
            ) => self.taken_up(order, scan, Some(known), *insisted),
            (Step::GoToBin(line), act) => self.on_the_way(line, act),
            (Step::TakeGoods(line), act) => self.at_the_goods(line, act),
            (Step::PutInTote(line), Act::Scanned(scan)) => self.put(line, scan),
            (Step::PutInTote(_), Act::Chose(Choice::ToteFull, _)) => self.filled(),
            (Step::Weigh(_), Act::Counted { total, .. }) => self.weighed(*total),
            (Step::Weigh(_), Act::Scanned(scan)) => self.weighed_by_label(scan),
            (Step::LookIntoBin(line), Act::Answered(empty)) => Ok(vec![self.looked(line, *empty)]),
            (Step::LookIntoBin(_), _) => Err(Refusal::AnswerFirst),
            (Step::CountLeft(line), Act::Counted { total, .. }) => self.left_there(line, *total),
            (Step::CountLeft(_), _) => Err(Refusal::CountFirst),
            (Step::Drop(_), Act::Scanned(Scan::Bin(bin))) => self.dropped(bin),
            (Step::Drop(_), Act::Scanned(Scan::Tote(tote))) => self.chose_tote(tote),
            (Step::Drop(_), Act::ChoseBin { bin, reason }) => self.left_standing(bin, *reason),
            (Step::Return, Act::Agreed) => Ok(vec![Fact::TaskFinished]),
            (Step::Drop(_) | Step::Return, Act::Scanned(scan)) => {
                Err(Refusal::NotNow(Said::of(scan)))
            }
            (Step::Done, _) => Err(Refusal::AllDone),
            (
                Step::BindTote(_)
                | Step::FetchTotes
                | Step::FetchTote(_)
                | Step::Weigh(_)
                | Step::PutInTote(_)
                | Step::Drop(_)
                | Step::Return,
                _,
            ) => Err(Refusal::NotHere),
        }
    }

    /// At the step [`Step::GoToBin`].
    fn on_the_way(&self, line: usize, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match act {
            Act::Scanned(scan) => self.arrived(line, scan),
            Act::Insisted(scan) => self.changed_line(scan),
            Act::FellShort(reason) => self.fell_short(line, *reason),
            Act::Skipped => self.skipped(line),
            Act::ChoseBin { bin, reason } => self.chose_bin(line, bin, *reason),
            Act::ChoseFor(Choice::HoldLine, reason) => self.held_back(line, *reason),
            Act::ChoseInstead { which, reason } => self.substituted(*which, *reason),
            Act::Chose(Choice::ToteFull, _) => self.filled(),
            Act::Counted { .. } | Act::Agreed => Err(Refusal::BinFirst {
                wanted: self.bin(line).clone(),
            }),
            Act::Known { .. }
            | Act::Answered(_)
            | Act::Chose(..)
            | Act::ChoseFor(..)
            | Act::Told { .. }
            | Act::Swept { .. }
            | Act::Closed(_) => Err(Refusal::NotHere),
        }
    }

    /// At the step [`Step::TakeGoods`].
    fn at_the_goods(&self, line: usize, act: &Act) -> Result<Vec<Fact>, Refusal> {
        match act {
            Act::Scanned(Scan::Bin(bin)) => Err(self.another_bin(line, bin)),
            Act::Insisted(scan @ Scan::Bin(_)) => self.changed_line(scan),
            Act::Scanned(scan @ Scan::Tote(_)) => self.put_early(line, scan),
            Act::Scanned(scan) => self.took(line, scan, false),
            Act::Insisted(scan) => self.took(line, scan, true),
            Act::Counted {
                total,
                label,
                anyway,
            } => self.counted(line, *total, label.as_ref(), *anyway),
            Act::FellShort(reason) => self.fell_short(line, *reason),
            Act::Skipped => self.skipped(line),
            Act::ChoseBin { bin, reason } => self.chose_bin(line, bin, *reason),
            Act::ChoseFor(Choice::HoldLine, reason) => self.held_back(line, *reason),
            Act::ChoseInstead { which, reason } => self.substituted(*which, *reason),
            Act::Chose(Choice::ToteFull, _) => self.filled(),
            Act::Agreed => Err(Refusal::GoodsFirst),
            Act::Known { .. }
            | Act::Answered(_)
            | Act::Chose(..)
            | Act::ChoseFor(..)
            | Act::Told { .. }
            | Act::Swept { .. }
            | Act::Closed(_) => Err(Refusal::NotHere),
        }
    }
}

fn add_to(sums: &mut Vec<(Goods, Quantity, Place)>, goods: &Goods, by: Quantity, carrier: &Place) {
    match sums
        .iter_mut()
        .find(|(had, _, by)| had == goods && by == carrier)
    {
        Some((_, sum, _)) => *sum = sum.plus(by),
        None => sums.push((goods.clone(), by, carrier.clone())),
    }
}
