//! The order of the walk, and where a worker stands in it.

use super::Pick;
use crate::flow::act::Act;
use crate::flow::refusal::{Refusal, Said};
use crate::planning::route::{self, Layout, Point as Stop};
use crate::scan::Scan;
use crate::warehouse::{BinCode, Fact, LineNo, PickJob, PickOrder, Point, Reason};

/// The floor of a job as routes are planned on it; none if it is not known or cannot be.
pub(super) fn layout(job: &PickJob) -> Option<Layout> {
    let floor = job.floor.as_ref()?;
    Layout::new(floor.aisles_cm.clone(), floor.cross_aisles_cm.clone()).ok()
}

pub(super) const fn stop(at: Point) -> Stop {
    Stop::new(at.x_cm, at.y_cm)
}

/// A place on the floor, or the nearest one beside it: packing benches and doors stand at the edge.
pub(super) fn onto(layout: &Layout, at: Stop) -> Stop {
    if layout.is_on_floor(at) {
        return at;
    }
    let cross = layout.cross_aisles().iter().copied();
    let y = cross.min_by_key(|y| y.abs_diff(at.y)).unwrap_or(at.y);
    Stop::new(at.x, y)
}

impl Pick {
    /// Plans the walk over what is still to be fetched, from where the worker stands: the shortest where the floor is known,
    /// else by the sequence of the bins. What was put off comes last, what lies at hand first.
    pub(super) fn plan(&mut self) {
        let mut walk: Vec<usize> = (0..self.lines.len()).collect();
        let open: Vec<usize> = walk
            .iter()
            .copied()
            .filter(|&it| self.is_open(it))
            .collect();
        let wanted: Vec<usize> = open
            .iter()
            .copied()
            .filter(|&it| !self.lines[it].skipped)
            .collect();
        let turn = self
            .shortest(&wanted)
            .unwrap_or_else(|| vec![0; self.lines.len()]);
        let here = self.at.as_ref();
        // Before the first skip, lines stand in their turn; the skipped ones in the order in which they were put off.
        let put_off = |line: usize| self.walk.iter().position(|&other| other == line);
        walk.sort_by_key(|&line| {
            let skipped = self.lines[line].skipped;
            let later = put_off(line).filter(|_| skipped).unwrap_or(0);
            let away = here != Some(self.bin(line));
            (skipped, later, away, turn[line], self.told(line).sequence)
        });
        self.walk = walk;
    }

    pub(super) fn skip(&mut self, line: usize) {
        self.lines[line].skipped = true;
        self.walk.retain(|&other| other != line);
        self.walk.push(line);
        self.plan();
    }

    /// The worker is at a bin that no line was confirmed at.
    pub(super) fn came_to(&mut self, bin: &BinCode) {
        let orders = self.job.orders.iter();
        let drop = orders
            .filter(|it| it.goal() == bin)
            .find_map(PickOrder::goal_at);
        let line = (0..self.lines.len()).find(|&line| self.told(line).bin == *bin);
        let at = drop.or_else(|| line.and_then(|line| self.told(line).at));
        self.stands = at.or(self.stands);
        self.plan();
    }

    /// The place of each line in the shortest walk. None where the floor or one of the places is not known.
    fn shortest(&self, lines: &[usize]) -> Option<Vec<usize>> {
        let layout = self.floor.as_ref()?;
        let stops: Option<Vec<Stop>> = lines
            .iter()
            .map(|&line| self.told(line).at.map(stop))
            .collect();
        let (start, end) = self.ends(layout)?;
        let walk = route::shortest(layout, start, end, &stops?).ok()?;
        let mut order = walk.order;
        // A round is as long either way: it begins where walks of this warehouse begin.
        let sequence = |stop: Option<&usize>| stop.map(|&stop| self.told(lines[stop]).sequence);
        if start == end && sequence(order.first()) > sequence(order.last()) {
            order.reverse();
        }
        let mut turn = vec![0; self.lines.len()];
        for (place, &stop) in order.iter().enumerate() {
            turn[lines[stop]] = place;
        }
        Some(turn)
    }

    /// Where the walk begins and ends: where the worker stands, and where the goods are brought.
    pub(super) fn ends(&self, layout: &Layout) -> Option<(Stop, Stop)> {
        let end = self.job.orders.iter().find_map(PickOrder::goal_at);
        let floor = self.job.floor.as_ref()?;
        let mut from = self.job.orders.iter().filter_map(PickOrder::from);
        let from = from.find_map(|from| from.at);
        let start = self.stands.or(from).or(floor.start).or(end)?;
        let near = |at: Point| onto(layout, stop(at));
        Some((near(start), near(end.unwrap_or(start))))
    }

    pub(super) fn index(&self, line: LineNo) -> Option<usize> {
        (0..self.lines.len()).find(|&at| self.told(at).line == line)
    }

    pub(super) fn arrived(&self, line: usize, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let wanted = self.bin(line);
        match scan {
            Scan::Bin(bin) if bin == wanted => Ok(vec![self.confirmed(line)]),
            Scan::Bin(bin) => Err(self.another_bin(line, bin)),
            Scan::Goods(_) | Scan::Code(_) => Err(Refusal::BinFirst {
                wanted: wanted.clone(),
            }),
            Scan::Badge(_)
            | Scan::Tote(_)
            | Scan::Order(_)
            | Scan::Plate(_)
            | Scan::Enrolment(_) => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    fn confirmed(&self, line: usize) -> Fact {
        Fact::BinConfirmed {
            line: self.told(line).line,
            bin: self.bin(line).clone(),
            reason: None,
        }
    }

    pub(super) fn another_bin(&self, line: usize, said: &BinCode) -> Refusal {
        let wanted = self.bin(line);
        match self.open_line_at(said) {
            Some(other) if said != wanted => Refusal::OtherLine {
                said: said.clone(),
                line: self.told(other).line,
            },
            _ if said == wanted => Refusal::NotNow(Said::of(&Scan::Bin(said.clone()))),
            _ if self.hand.is_none() && self.carries_to(said) => Refusal::DropNow(said.clone()),
            _ => Refusal::WrongBin {
                said: said.clone(),
                wanted: wanted.clone(),
            },
        }
    }

    fn open_line_at(&self, bin: &BinCode) -> Option<usize> {
        self.open().find(|&line| self.bin(line) == bin)
    }

    /// Another bin, scanned twice: it is meant.
    pub(super) fn changed_line(&self, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let Scan::Bin(bin) = scan else {
            return Err(Refusal::NotHere);
        };
        if let Some(tote) = self.stays() {
            return Err(tote);
        }
        match self.open_line_at(bin) {
            Some(other) => Ok(vec![self.confirmed(other)]),
            None if self.carries_to(bin) => self.dropped(bin),
            None => Err(Refusal::NotNow(Said::of(scan))),
        }
    }

    /// Another bin than told, with a reason; or the one where the work is left standing.
    pub(super) fn chose_bin(
        &self,
        line: usize,
        bin: &BinCode,
        reason: Reason,
    ) -> Result<Vec<Fact>, Refusal> {
        if self.job.rules.hands_over(reason) {
            return self.left_standing(bin, reason);
        }
        if bin == self.bin(line) {
            return self.decide(&Act::Scanned(Scan::Bin(bin.clone())));
        }
        let confirmed = |line| Fact::BinConfirmed {
            line: self.told(line).line,
            bin: bin.clone(),
            reason: Some(reason),
        };
        // The first is confirmed last: it is the one that is gone on with.
        let lines = self.together(line).into_iter().rev();
        Ok(lines.map(confirmed).collect())
    }

    pub(super) fn skipped(&self, line: usize) -> Result<Vec<Fact>, Refusal> {
        let together = self.together(line);
        if self.open().all(|other| together.contains(&other)) {
            return Err(Refusal::OnlyLine);
        }
        let skipped = |line| Fact::LineSkipped {
            line: self.told(line).line,
        };
        Ok(together.into_iter().map(skipped).collect())
    }
}
