//! The shortest walk from where one stands past all the bins to where the goods are put down.
//!
//! ```text
//!   C2 ──┬─────┬──────────┬──   y    aisles: straight up, each at its x
//!        │     │ 3        │          cross aisles: straight across, each at its y
//!   C1 ──┼─────┼──────────┼──        numbers: stops; they lie in aisles
//!      1 │   2 │          │ 4        S: start and end; anywhere on the floor
//!   C0 ──┴──S──┴──────────┴──→ x
//! ```
//!
//! Up to five cross aisles the walk is the shortest that there is; with more it is a good one, and [`Walk`] says which.

mod columns;
mod frontier;
mod heuristic;
mod instance;
mod layout;
mod sweep;
mod table;
mod trail;

pub use instance::{BadInstance, Instance};
pub use layout::{BadLayout, Layout, Point};

use columns::{Column, Mark};

/// More stops are refused.
pub const MOST_STOPS: usize = 20_000;

/// A walk past all stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// How long it is, in the units of the layout.
    pub length: u64,
    /// The stops, as indices, by when the walk first comes by: each once.
    pub order: Vec<usize>,
    /// Its start, every place where it turns, and its end. One place, if one stands where all is.
    pub path: Vec<Point>,
    /// Nothing is shorter. Otherwise it is a good walk over a floor with more cross aisles than can be looked through.
    pub is_shortest: bool,
}

/// Why there is no walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoute {
    /// This stop, by its index, lies in no aisle.
    #[error("stop {stop} at {at} lies in no aisle")]
    StopOffAisle {
        /// Its index.
        stop: usize,
        /// Where it is said to be.
        at: Point,
    },
    /// Nobody can stand there.
    #[error("the walk cannot start at {0}: that is neither in an aisle nor on a cross aisle")]
    StartOffFloor(Point),
    /// Nobody can stand there.
    #[error("the walk cannot end at {0}: that is neither in an aisle nor on a cross aisle")]
    EndOffFloor(Point),
    /// More than [`MOST_STOPS`].
    #[error("a walk has at most {MOST_STOPS} stops; this one has {0}")]
    TooManyStops(usize),
}

/// The shortest walk from start to end (the same place, or another) past all stops. Start and end may lie in an aisle, at
/// a bin, on a cross aisle, also between two aisles, and before the first or behind the last cross aisle.
/// The same arguments give the same walk.
pub fn shortest(
    layout: &Layout,
    start: Point,
    end: Point,
    stops: &[Point],
) -> Result<Walk, NoRoute> {
    check(layout, start, end, stops)?;
    let (trail, is_shortest) = trail(layout, start, end, stops);
    Ok(Walk {
        length: trail::length(&trail),
        order: trail::order(&trail, stops),
        path: trail::turns(&trail),
        is_shortest,
    })
}

/// How long [`shortest`] is, without the walk itself, in half the time.
pub fn length(layout: &Layout, start: Point, end: Point, stops: &[Point]) -> Result<u64, NoRoute> {
    check(layout, start, end, stops)?;
    let floor = Floor::new(layout, start, end, stops);
    let exact = floor.is_exact() && !floor.is_line();
    let swept = exact.then(|| {
        sweep::length(
            &floor.columns,
            &floor.marks,
            layout.cross_aisles(),
            start == end,
        )
    });
    Ok(swept
        .flatten()
        .unwrap_or_else(|| trail::length(&trail(layout, start, end, stops).0)))
}

fn check(layout: &Layout, start: Point, end: Point, stops: &[Point]) -> Result<(), NoRoute> {
    if stops.len() > MOST_STOPS {
        return Err(NoRoute::TooManyStops(stops.len()));
    }
    if !layout.is_on_floor(start) {
        return Err(NoRoute::StartOffFloor(start));
    }
    if !layout.is_on_floor(end) {
        return Err(NoRoute::EndOffFloor(end));
    }
    match stops.iter().position(|&at| !layout.is_in_aisle(at)) {
        Some(stop) => Err(NoRoute::StopOffAisle {
            stop,
            at: stops[stop],
        }),
        None => Ok(()),
    }
}

/// Every place of the walk, and whether nothing is shorter.
fn trail(layout: &Layout, start: Point, end: Point, stops: &[Point]) -> (Vec<Point>, bool) {
    let floor = Floor::new(layout, start, end, stops);
    let Floor { marks, columns, .. } = &floor;
    if floor.is_line() {
        return (trail::along_a_line(marks, start, end), true);
    }
    let cross = layout.cross_aisles();
    let exact = floor
        .is_exact()
        .then(|| sweep::stages(columns, marks, cross, start == end));
    match exact.flatten() {
        Some(stages) => (trail::trail(layout, marks, columns, &stages, start), true),
        None => (heuristic::trail(layout, marks, start, end), false),
    }
}

/// The floor as one walk sees it.
struct Floor<'a> {
    layout: &'a Layout,
    marks: Vec<Mark>,
    columns: Vec<Column>,
}

impl<'a> Floor<'a> {
    fn new(layout: &'a Layout, start: Point, end: Point, stops: &[Point]) -> Self {
        let marks = columns::marks(start, end, stops);
        let columns = columns::columns(layout, &marks);
        Self {
            layout,
            marks,
            columns,
        }
    }

    fn is_exact(&self) -> bool {
        self.layout.cross_aisles().len() <= frontier::MOST_CROSS
    }

    /// All of it lies in one aisle, or outside on one line: no need to look further.
    fn is_line(&self) -> bool {
        let (first, last) = (self.marks[0].at, self.marks[self.marks.len() - 1].at);
        let apart = u64::from(first.y.abs_diff(last.y));
        first.x == last.x && self.layout.distance(first, last) == apart
    }
}
