//! For floors with too many cross aisles to walk them exactly: always to the nearest, then changed for the better while it
//! gets shorter (2-opt and Or-opt). On floors that can be checked this is seldom more than a few in a hundred too long.

use super::columns::Mark;
use super::layout::{Layout, Point};

/// Changes looked at before it is good enough: about a second.
const MOST_TRIES: usize = 5_000_000;
/// More places than these are walked aisle by aisle, up one and down the next: then hardly an aisle is without a stop.
const MOST_IMPROVED: usize = 3_000;

/// A good walk from start to end by all the marks: every place of it, corners included.
pub fn trail(layout: &Layout, marks: &[Mark], start: Point, end: Point) -> Vec<Point> {
    let mut improving = Improving { layout, tries: 0 };
    let tour = if marks.len() > MOST_IMPROVED {
        aisle_by_aisle(marks, start, end)
    } else {
        let mut tour = nearest(layout, marks, start, end);
        while improving.turn_round(&mut tour) || improving.move_along(&mut tour) {}
        tour
    };
    let corners = tour
        .windows(2)
        .flat_map(|leg| layout.corners(leg[0], leg[1]));
    [start].into_iter().chain(corners).collect()
}

fn nearest(layout: &Layout, marks: &[Mark], start: Point, end: Point) -> Vec<Point> {
    let mut left: Vec<Point> = marks.iter().map(|mark| mark.at).collect();
    left.retain(|at| *at != start && *at != end);
    let mut tour = vec![start];
    let mut here = start;
    while let Some(next) =
        (0..left.len()).min_by_key(|&at| (layout.distance(here, left[at]), left[at]))
    {
        here = left.swap_remove(next);
        tour.push(here);
    }
    tour.push(end);
    tour
}

fn aisle_by_aisle(marks: &[Mark], start: Point, end: Point) -> Vec<Point> {
    let mut tour = vec![start];
    for (number, aisle) in marks
        .chunk_by(|one, next| one.at.x == next.at.x)
        .enumerate()
    {
        let from = tour.len();
        tour.extend(aisle.iter().map(|mark| mark.at));
        if number % 2 == 1 {
            tour[from..].reverse();
        }
    }
    tour.push(end);
    tour
}

struct Improving<'a> {
    layout: &'a Layout,
    tries: usize,
}

impl Improving<'_> {
    /// Signed, as a place more can make the way round it shorter than a part that is walked with it.
    fn far(&self, from: Point, to: Point) -> i64 {
        self.layout.distance(from, to).cast_signed()
    }

    /// Whether there is still time to look.
    fn may_try(&mut self) -> bool {
        self.tries += 1;
        self.tries < MOST_TRIES
    }

    /// Walks a part the other way round, if that is shorter.
    fn turn_round(&mut self, tour: &mut [Point]) -> bool {
        let mut is_better = false;
        for from in 1..tour.len() - 1 {
            for to in from + 1..tour.len() - 1 {
                if !self.may_try() {
                    return false;
                }
                let (before, after) = (tour[from - 1], tour[to + 1]);
                let old = self.far(before, tour[from]) + self.far(tour[to], after);
                if self.far(before, tour[to]) + self.far(tour[from], after) < old {
                    tour[from..=to].reverse();
                    is_better = true;
                }
            }
        }
        is_better
    }

    /// Walks up to three places in a row at another time, if that is shorter.
    fn move_along(&mut self, tour: &mut Vec<Point>) -> bool {
        let mut is_better = false;
        for count in 1..=3 {
            for from in 1..(tour.len() - 1).saturating_sub(count - 1) {
                is_better |= self.move_one(tour, from, count);
                if self.tries >= MOST_TRIES {
                    return false;
                }
            }
        }
        is_better
    }

    fn move_one(&mut self, tour: &mut Vec<Point>, from: usize, count: usize) -> bool {
        let part: Vec<Point> = tour[from..from + count].to_vec();
        let (first, last) = (part[0], part[count - 1]);
        let (before, after) = (tour[from - 1], tour[from + count]);
        let saved = self.far(before, first) + self.far(last, after) - self.far(before, after);
        let rest = || tour[..from].iter().chain(&tour[from + count..]).copied();
        let mut best = (saved, 0, false);
        for (at, (one, other)) in rest().zip(rest().skip(1)).enumerate() {
            if !self.may_try() {
                break;
            }
            let apart = self.far(one, other);
            for (turned, (head, tail)) in [(false, (first, last)), (true, (last, first))] {
                let cost = self.far(one, head) + self.far(tail, other) - apart;
                best = best.min((cost, at + 1, turned));
            }
        }
        let (cost, at, turned) = best;
        if cost >= saved {
            return false;
        }
        tour.drain(from..from + count);
        let part = part.into_iter();
        let part: Vec<Point> = if turned {
            part.rev().collect()
        } else {
            part.collect()
        };
        tour.splice(at..at, part);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::route::{self, columns::marks};

    /// The exact method is the measure.
    #[test]
    fn a_good_walk_is_seldom_much_too_long() {
        let layout = Layout::new((0..10).map(|x| x * 300).collect(), vec![0, 1600, 3200]).unwrap();
        let start = Point::new(1300, 0);
        let (mut exact, mut good, mut seed) = (0, 0, 7u64);
        let mut dice = |end: i32| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i32::try_from(seed >> 33).unwrap() % end
        };
        for round in 0..40 {
            let stops: Vec<Point> = (0..20)
                .map(|_| Point::new(dice(10) * 300, 100 + dice(30) * 100))
                .collect();
            let end = if round % 2 == 0 {
                start
            } else {
                Point::new(0, 3200)
            };
            let trail = trail(&layout, &marks(start, end, &stops), start, end);
            let length = crate::planning::route::trail::length(&trail);
            let shortest = route::length(&layout, start, end, &stops).unwrap();
            assert!(length >= shortest, "nothing is shorter than the shortest");
            good += length;
            exact += shortest;
        }
        assert!(good * 100 <= exact * 105, "{good} for {exact}");
        assert_ne!(good, exact, "or the measure is worth nothing");
    }
}
