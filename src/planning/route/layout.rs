//! Where a person can walk: aisles straight up, cross aisles straight across, and how far it is from one place to another.
//! An aisle reaches as far beyond the outermost cross aisles as there are bins in it; it is a dead end there.

use serde::{Deserialize, Serialize};

/// A place on the floor, in whole units (centimetres, unless the layout is drawn in others).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Point {
    /// Along the cross aisles.
    pub x: i32,
    /// Along the aisles.
    pub y: i32,
}

impl Point {
    /// The place at these coordinates.
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "x {}, y {}", self.x, self.y)
    }
}

/// The aisles and cross aisles of one floor: at least one of each, at most [`Layout::MOST_AISLES`] and
/// [`Layout::MOST_CROSS_AISLES`], in order and each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    aisles: Vec<i32>,
    cross_aisles: Vec<i32>,
}

/// Why there is no such layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLayout {
    /// No aisle, or too many.
    #[error("a layout has 1 to {most} aisles; this one has {0}", most = Layout::MOST_AISLES)]
    Aisles(usize),
    /// No cross aisle, or too many.
    #[error(
        "a layout has 1 to {most} cross aisles; this one has {0}", most = Layout::MOST_CROSS_AISLES
    )]
    CrossAisles(usize),
}

impl Layout {
    /// More aisles are refused.
    pub const MOST_AISLES: usize = 1000;
    /// More cross aisles are refused.
    pub const MOST_CROSS_AISLES: usize = 100;

    /// A floor with aisles at these x and cross aisles at these y, in any order; the same one twice is one.
    pub fn new(mut aisles: Vec<i32>, mut cross_aisles: Vec<i32>) -> Result<Self, BadLayout> {
        for lines in [&mut aisles, &mut cross_aisles] {
            lines.sort_unstable();
            lines.dedup();
        }
        if !(1..=Self::MOST_AISLES).contains(&aisles.len()) {
            return Err(BadLayout::Aisles(aisles.len()));
        }
        if !(1..=Self::MOST_CROSS_AISLES).contains(&cross_aisles.len()) {
            return Err(BadLayout::CrossAisles(cross_aisles.len()));
        }
        Ok(Self {
            aisles,
            cross_aisles,
        })
    }

    /// Where the aisles are, from left to right.
    pub fn aisles(&self) -> &[i32] {
        &self.aisles
    }

    /// Where the cross aisles are, from the front to the back.
    pub fn cross_aisles(&self) -> &[i32] {
        &self.cross_aisles
    }

    /// Whether a bin can be reached from there: the place lies in an aisle.
    pub fn is_in_aisle(&self, at: Point) -> bool {
        self.aisles.binary_search(&at.x).is_ok()
    }

    /// Whether a person can stand there: in an aisle, on a cross aisle, or outside before the first or behind the last one.
    pub fn is_on_floor(&self, at: Point) -> bool {
        let door = self.door(at);
        self.is_in_aisle(at) || door == at || self.is_outside(at)
    }

    /// How far a person walks from one place on the floor to another.
    pub fn distance(&self, from: Point, to: Point) -> u64 {
        let corners = self.corners(from, to);
        corners.windows(2).map(|leg| straight(leg[0], leg[1])).sum()
    }

    /// A shortest way from one place on the floor to another: both ends and the corners between, some of them perhaps equal.
    pub(super) fn corners(&self, from: Point, to: Point) -> [Point; 6] {
        let (inside, other) = (self.is_in_aisle(from), self.is_in_aisle(to));
        let outside = self.is_outside(from) && (from.y < self.front()) == (to.y < self.front());
        if from.x == to.x && (inside || (outside && self.is_outside(to))) {
            return [from, from, from, to, to, to];
        }
        let (start, end) = match (inside, other) {
            (true, true) => return by(from, self.best_cross(from.y, to.y), to),
            (true, false) => return by(from, self.door(to).y, to),
            (false, true) => return by(from, self.door(from).y, to),
            (false, false) => (self.door(from), self.door(to)),
        };
        if start.y == end.y {
            return by(from, start.y, to);
        }
        let aisle = self.best_aisle(start.x, end.x);
        [
            from,
            start,
            Point::new(aisle, start.y),
            Point::new(aisle, end.y),
            end,
            to,
        ]
    }

    fn front(&self) -> i32 {
        self.cross_aisles[0]
    }

    fn is_outside(&self, at: Point) -> bool {
        at.y < self.front() || at.y > self.cross_aisles[self.cross_aisles.len() - 1]
    }

    /// Where one who stands outside the aisles comes onto a cross aisle.
    fn door(&self, at: Point) -> Point {
        let behind = self.cross_aisles.partition_point(|&y| y < at.y);
        let y = self.cross_aisles[behind.min(self.cross_aisles.len() - 1)];
        Point::new(at.x, y)
    }

    fn best_cross(&self, from: i32, to: i32) -> i32 {
        best(&self.cross_aisles, from, to)
    }

    fn best_aisle(&self, from: i32, to: i32) -> i32 {
        best(&self.aisles, from, to)
    }
}

/// From one aisle to another by the cross aisle at this y.
const fn by(from: Point, y: i32, to: Point) -> [Point; 6] {
    let (out, back) = (Point::new(from.x, y), Point::new(to.x, y));
    [from, out, out, back, back, to]
}

/// The line by which one comes from one side to the other with the least detour.
fn best(lines: &[i32], from: i32, to: i32) -> i32 {
    let behind = lines.partition_point(|&line| line < from.min(to));
    let nearest = [behind.checked_sub(1), Some(behind)].into_iter().flatten();
    let nearest = nearest.filter_map(|at| lines.get(at).copied());
    let detour = |line: &i32| u64::from(line.abs_diff(from)) + u64::from(line.abs_diff(to));
    nearest
        .min_by_key(detour)
        .expect("a layout has a line of each kind")
}

/// How far apart two places are that lie on one line.
pub(super) const fn straight(from: Point, to: Point) -> u64 {
    from.x.abs_diff(to.x) as u64 + from.y.abs_diff(to.y) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floor() -> Layout {
        Layout::new(vec![600, 0, 300, 300], vec![1000, 0]).unwrap()
    }

    #[test]
    fn one_walks_along_the_aisle_or_round_by_the_nearer_cross_aisle() {
        let far = |a: (i32, i32), b: (i32, i32)| {
            floor().distance(Point::new(a.0, a.1), Point::new(b.0, b.1))
        };
        assert_eq!(far((0, 200), (0, 900)), 700);
        assert_eq!(far((0, 200), (300, 300)), 300 + 500);
        assert_eq!(far((0, 800), (600, 900)), 600 + 300);
        assert_eq!(far((0, -50), (300, 1050)), 300 + 1100);
        // Between the aisles: the racks are in the way.
        assert_eq!(far((10, 0), (10, 1000)), 20 + 1000);
        assert_eq!(far((10, 0), (350, 1000)), 340 + 1000);
        assert_eq!(far((150, -30), (150, -10)), 20);
        assert_eq!(far((150, -30), (160, -10)), 50);
    }

    #[test]
    fn nobody_stands_in_the_racks() {
        let floor = floor();
        let stands = |x, y| floor.is_on_floor(Point::new(x, y));
        assert!(stands(300, 77) && stands(150, 0) && stands(-40, 1000) && stands(150, -80));
        assert!(!stands(150, 77) && !stands(700, 999));
    }

    #[test]
    fn a_floor_has_aisles_and_the_ends_of_the_scale_do_not_overflow() {
        assert_eq!(Layout::new(vec![], vec![0]), Err(BadLayout::Aisles(0)));
        assert_eq!(Layout::new(vec![0], vec![]), Err(BadLayout::CrossAisles(0)));
        let floor = Layout::new(vec![i32::MIN, i32::MAX], vec![i32::MAX]).unwrap();
        let (from, to) = (
            Point::new(i32::MIN, i32::MIN),
            Point::new(i32::MAX, i32::MIN),
        );
        assert_eq!(floor.distance(from, to), 3 * u64::from(u32::MAX));
    }
}
