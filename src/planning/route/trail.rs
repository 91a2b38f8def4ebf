//! From how often everything is walked to the walk itself, as one line from start to end.

use super::columns::{Column, Mark, dead_end, times};
use super::layout::{Layout, Point, straight};
use super::sweep::Stage;

/// To the left, to the right, to the front, to the back.
const WAYS: usize = 4;
const LEFT: usize = 0;
const RIGHT: usize = 1;
const FRONT: usize = 2;
const BACK: usize = 3;

/// A place in the net of what is walked.
struct Node {
    at: Point,
    /// Where each way leads, and how often it is still to be walked.
    ways: [(usize, u8); WAYS],
}

/// The net of what is walked, place by place.
struct Net {
    nodes: Vec<Node>,
}

/// Every place of the shortest walk, in the order in which it is walked.
pub fn trail(
    layout: &Layout,
    marks: &[Mark],
    columns: &[Column],
    stages: &[Stage],
    start: Point,
) -> Vec<Point> {
    let mut net = Net { nodes: Vec::new() };
    let cross = layout.cross_aisles();
    let mut before: Vec<usize> = Vec::new();
    let mut onward: &[usize] = &[];
    for (column, stage) in columns.iter().zip(stages) {
        let junctions = net.column(column, marks, cross, stage);
        for ((&left, &right), &count) in before.iter().zip(&junctions).zip(onward) {
            net.lay(left, RIGHT, right, count);
        }
        (before, onward) = (junctions, &stage.onward);
    }
    net.walk(start)
}

impl Net {
    fn add(&mut self, at: Point) -> usize {
        self.nodes.push(Node {
            at,
            ways: [(0, 0); WAYS],
        });
        self.nodes.len() - 1
    }

    /// A way from one place to another that lies to the right of it or behind it.
    fn lay(&mut self, from: usize, way: usize, to: usize, count: usize) {
        let count = u8::try_from(count).expect("nothing is walked more than twice");
        let back = if way == RIGHT { LEFT } else { FRONT };
        self.nodes[from].ways[way] = (to, count);
        self.nodes[to].ways[back] = (from, count);
    }

    /// The places of one column from the front to the back; which of them are junctions.
    fn column(
        &mut self,
        column: &Column,
        marks: &[Mark],
        cross: &[i32],
        stage: &Stage,
    ) -> Vec<usize> {
        let mut junctions = Vec::with_capacity(cross.len());
        let junction = |net: &mut Self, y| net.add(Point::new(column.x, y));
        let before = column.before(marks, cross);
        let first = self.nodes.len() + before.len();
        before.iter().for_each(|mark| {
            self.add(mark.at);
        });
        junctions.push(junction(self, cross[0]));
        for (leg, count) in (first - before.len()..).zip(dead_end(before.iter())) {
            self.lay(leg, BACK, leg + 1, count);
        }
        for (at, &choice) in stage.stretches.iter().enumerate() {
            let inner = column.stretch(marks, cross, at);
            let places = inner.iter().map(|mark| mark.at.y).chain([cross[at + 1]]);
            for (y, count) in places.zip(times(inner, choice)) {
                let here = junction(self, y);
                self.lay(here - 1, BACK, here, usize::from(count));
            }
            junctions.push(self.nodes.len() - 1);
        }
        let last = self.nodes.len();
        let behind = column.behind(marks, cross);
        behind.iter().for_each(|mark| {
            self.add(mark.at);
        });
        for (leg, count) in (last..self.nodes.len())
            .rev()
            .zip(dead_end(behind.iter().rev()))
        {
            self.lay(leg - 1, BACK, leg, count);
        }
        junctions
    }

    /// Hierholzer: goes on while there is a way left, and turns back to where one was passed by.
    fn walk(&mut self, start: Point) -> Vec<Point> {
        let start = self.nodes.iter().position(|node| node.at == start);
        let mut open = vec![start.expect("the start is a place of its column")];
        let mut trail = Vec::new();
        while let Some(&here) = open.last() {
            match self.nodes[here].ways.iter().position(|way| way.1 > 0) {
                Some(way) => {
                    let (next, _) = self.nodes[here].ways[way];
                    self.nodes[here].ways[way].1 -= 1;
                    // Ways are numbered so that each is next to its opposite.
                    self.nodes[next].ways[way ^ 1].1 -= 1;
                    open.push(next);
                }
                None => {
                    trail.push(self.nodes[here].at);
                    open.pop();
                }
            }
        }
        trail.reverse();
        trail
    }
}

/// The walk along one straight aisle: to the nearer far end first, then to the other, then to where it ends.
pub fn along_a_line(marks: &[Mark], start: Point, end: Point) -> Vec<Point> {
    let up = || marks.iter().map(|mark| mark.at);
    let down = || up().rev();
    if start <= end {
        let out = down().filter(|at| *at <= start);
        let home = down().filter(|at| *at >= end);
        out.chain(up()).chain(home).collect()
    } else {
        let out = up().filter(|at| *at >= start);
        let home = up().filter(|at| *at <= end);
        out.chain(down()).chain(home).collect()
    }
}

/// How long a line of places is.
pub fn length(trail: &[Point]) -> u64 {
    trail.windows(2).map(|leg| straight(leg[0], leg[1])).sum()
}

/// Only the places where the walk turns, its start and its end.
pub fn turns(trail: &[Point]) -> Vec<Point> {
    let mut turns: Vec<Point> = Vec::new();
    for &next in trail {
        if turns.last() == Some(&next) {
            continue;
        }
        if let [.., before, last] = turns[..]
            && goes_on(before, last, next)
        {
            turns.pop();
        }
        turns.push(next);
    }
    turns
}

fn goes_on(before: Point, last: Point, next: Point) -> bool {
    let is_between = |a: i32, b: i32, c: i32| a.min(c) < b && b < a.max(c);
    (before.x == last.x && last.x == next.x && is_between(before.y, last.y, next.y))
        || (before.y == last.y && last.y == next.y && is_between(before.x, last.x, next.x))
}

/// The stops by when the trail first comes by: every one once, those at one place in their own order.
pub fn order(trail: &[Point], stops: &[Point]) -> Vec<usize> {
    let mut waiting: Vec<(Point, usize)> = stops.iter().copied().zip(0..).collect();
    waiting.sort_unstable();
    let mut is_seen = vec![false; waiting.len()];
    let mut order = Vec::with_capacity(waiting.len());
    for &at in trail {
        let first = waiting.partition_point(|stop| stop.0 < at);
        let here = waiting[first..]
            .iter()
            .take_while(|stop| stop.0 == at)
            .count();
        if here > 0 && !is_seen[first] {
            is_seen[first] = true;
            order.extend(waiting[first..first + here].iter().map(|stop| stop.1));
        }
    }
    order
}
