//! The walk as a map: the floor, where the worker stands, and what comes in which turn.

use super::walk::stop;
use super::{Pick, Step};
use crate::planning::route::Point as Stop;
use crate::warehouse::Point;

/// What stands at a place of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The worker.
    Here,
    /// The bin that comes in this turn, from 1.
    Turn(usize),
    /// Where the goods are brought.
    End,
}

/// The floor with marks on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<'a> {
    /// Where the aisles are, from left to right.
    pub aisles: &'a [i32],
    /// Where the cross aisles are, from front to back.
    pub cross_aisles: &'a [i32],
    /// What stands where. Of two at one place the first counts.
    pub marks: Vec<(Point, Mark)>,
    /// How far it is still to walk, in centimetres.
    pub walk_cm: u64,
}

impl Pick {
    /// The walk that is left. None where the floor or one of the places is not known.
    pub fn map(&self) -> Option<Map<'_>> {
        let layout = self.floor.as_ref()?;
        if matches!(self.step, Step::Done) {
            return None;
        }
        let (start, end) = self.ends(layout)?;
        let open: Option<Vec<Point>> = self.open().map(|line| self.told(line).at).collect();
        let mut stops = open?;
        stops.dedup();
        let point = |at: Stop| Point {
            x_cm: at.x,
            y_cm: at.y,
        };
        let turns = stops.iter().copied().zip(1..);
        let mut marks = vec![(point(start), Mark::Here)];
        marks.extend(turns.map(|(at, turn)| (at, Mark::Turn(turn))));
        marks.push((point(end), Mark::End));
        let past = stops.into_iter().map(stop);
        let places: Vec<Stop> = std::iter::once(start).chain(past).chain([end]).collect();
        let legs = places.windows(2).map(|leg| layout.distance(leg[0], leg[1]));
        let walk_cm = legs.sum();
        Some(Map {
            aisles: layout.aisles(),
            cross_aisles: layout.cross_aisles(),
            marks,
            walk_cm,
        })
    }
}
