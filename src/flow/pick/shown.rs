//! What picking asks, as data, and what tags can tell of it.

use super::relay::Awaited;
use super::{Pick, Step};
use crate::flow::prompt::{Ask, Choice, Prompt};
use crate::flow::sweep::Expected;
use crate::warehouse::{Goods, JobKind, Quantity, ToteCode};

impl Pick {
    /// What was picked of the same item at other lines.
    fn picked_elsewhere(&self, line: usize) -> Vec<Goods> {
        let others = self.lines.iter().enumerate().filter(|(at, _)| *at != line);
        let goods = others.flat_map(|(_, it)| it.picked.iter().map(|(goods, ..)| goods));
        let item = &self.told(line).item.code;
        goods.filter(|goods| goods.item == *item).cloned().collect()
    }

    /// What tags can tell at this step: the goods of the line in hand.
    pub(in crate::flow) fn expected(&self) -> Vec<Expected<'_>> {
        let Step::TakeGoods(line) = self.step else {
            return Vec::new();
        };
        let told = self.told(line);
        vec![Expected {
            line: told.line,
            item: &told.item,
            plate: None,
            barcodes: &told.barcodes,
            goods: vec![Goods {
                lot: told.lot.clone(),
                serial: told.serial.clone(),
                ..Goods::of(told.item.code.clone())
            }],
            gone: self.picked_elsewhere(line),
            wanted: self.count(line).1,
        }]
    }

    /// How much of a line is done, and of how much: of all that is taken together.
    pub(super) fn count(&self, line: usize) -> (Quantity, Quantity) {
        if self.scans_totes() && !matches!(self.step, Step::LookIntoBin(_)) {
            return (self.in_hand(), self.left_together(line));
        }
        (self.picked(line), self.told(line).quantity)
    }

    fn ask(&self) -> (Ask<'_>, Option<usize>) {
        match self.step {
            Step::BindTote(order) => (Ask::BindTote(&self.job.orders[order].order), None),
            Step::FetchTotes => match &self.standing {
                Some(bin) => (Ask::FetchTotes(bin), None),
                None => (Ask::NothingPicked, None),
            },
            Step::FetchTote(order) => match (self.job.orders[order].from(), self.awaited(order)) {
                (Some(from), Some(awaited)) => {
                    let code = &self.job.orders[order].order;
                    let tote = match awaited {
                        Awaited::Heard(tote) => Some(tote),
                        Awaited::Unheard => None,
                    };
                    (Ask::FetchTote(code, tote, &from.bin), None)
                }
                _ => (Ask::NothingPicked, None),
            },
            Step::GoToBin(line) => (Ask::GoToBin(self.bin(line)), Some(line)),
            Step::TakeGoods(line) => (Ask::TakeGoods(self.bin(line)), Some(line)),
            Step::PutInTote(line) => match &self.orders[self.lines[line].order].tote {
                Some(tote) => {
                    let quantity = self.left(line).min(self.in_hand());
                    (Ask::PutInTote(tote, quantity), Some(line))
                }
                None => (Ask::BindTote(&self.order(line).order), None),
            },
            Step::Weigh(line) => (Ask::Weigh, Some(line)),
            Step::LookIntoBin(line) => (Ask::IsBinEmpty(self.bin(line)), Some(line)),
            Step::CountLeft(line) => (Ask::HowManyLeft(self.bin(line)), Some(line)),
            Step::Drop(order) => match self.job.orders[order].passes_to() {
                Some(to) => (Ask::PassOn(&to.bin, &to.zone), None),
                None => (Ask::BringTo(&self.job.orders[order].drop), None),
            },
            Step::Return => (Ask::NothingPicked, None),
            Step::Done => (Ask::Done, None),
        }
    }

    const fn choices(&self) -> &'static [Choice] {
        match self.step {
            Step::GoToBin(_) | Step::TakeGoods(_) => &[
                Choice::Short,
                Choice::Skip,
                Choice::OtherBin,
                Choice::ToteFull,
                Choice::HandOver,
                Choice::HoldLine,
            ],
            Step::PutInTote(_) => &[Choice::ToteFull],
            Step::Drop(_) => &[Choice::HandOver],
            Step::BindTote(_)
            | Step::FetchTotes
            | Step::FetchTote(_)
            | Step::Weigh(_)
            | Step::LookIntoBin(_)
            | Step::CountLeft(_)
            | Step::Return
            | Step::Done => &[],
        }
    }

    /// Whether what was done of a line says something at this step.
    const fn is_about_count(&self) -> bool {
        !matches!(
            self.step,
            Step::PutInTote(_) | Step::Weigh(_) | Step::CountLeft(_)
        )
    }

    /// What is asked of the worker now.
    pub fn prompt(&self) -> Prompt<'_> {
        let (ask, line) = self.ask();
        let told = line.map(|line| self.told(line));
        let closed = (0..self.lines.len()).filter(|&line| !self.is_open(line));
        Prompt {
            ask,
            line: told.map(|told| told.line),
            item: told.map(|told| &told.item),
            goods: told.map(|told| Goods {
                item: told.item.code.clone(),
                lot: told.lot.clone(),
                serial: told.serial.clone(),
                expiry: told.expiry,
            }),
            count: line
                .filter(|_| self.is_about_count())
                .map(|line| self.count(line)),
            lines: (closed.count(), self.lines.len()),
            tote: self.shown_tote(line),
            takes_number: matches!(
                self.step,
                Step::TakeGoods(_) | Step::Weigh(_) | Step::CountLeft(_)
            ),
            choices: self.choices(),
        }
    }

    /// The tote that matters now: that of a single order, or the one that is brought.
    fn shown_tote(&self, line: Option<usize>) -> Option<&ToteCode> {
        match (self.step, line) {
            (Step::Drop(order), _) if self.chosen.is_none() && self.scans_totes() => {
                let one = self.orders.iter().filter(|it| it.is_loaded()).count() == 1;
                self.carrying_tote(order).filter(|_| one)
            }
            (Step::Drop(order), _) => self.chosen.as_ref().or(self.carrying_tote(order)),
            (Step::PutInTote(_), _) => None,
            (_, Some(line)) if !self.scans_totes() => {
                self.orders[self.lines[line].order].tote.as_ref()
            }
            _ => None,
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> JobKind {
        JobKind::Pick
    }
}
