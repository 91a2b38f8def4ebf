//! The floor cut for the sweep: one column for every aisle that matters and for where the walk starts and ends, and for
//! every stretch of aisle the ways in which a shortest walk can use it.

use super::frontier::Touch;
use super::layout::{Layout, Point};
use super::table::Effect;
use std::ops::Range;

/// A place that must be walked to, and whether exactly one end of the walk lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: Point,
    pub is_end: bool,
}

/// The places to walk to, by x, then y, each once.
pub fn marks(start: Point, end: Point, stops: &[Point]) -> Vec<Mark> {
    let ends = [start, end].map(|at| Mark { at, is_end: true });
    let stops = stops.iter().map(|&at| Mark { at, is_end: false });
    let mut marks: Vec<Mark> = ends.into_iter().chain(stops).collect();
    marks.sort_unstable_by_key(|mark| mark.at);
    marks.dedup_by(|later, kept| {
        let same = later.at == kept.at;
        kept.is_end ^= same && later.is_end;
        same
    });
    marks
}

/// One column of the floor.
pub struct Column {
    pub x: i32,
    /// Its marks, as a range of all of them.
    marks: Range<usize>,
    is_aisle: bool,
}

/// What must hold at a junction before the walk may leave its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Duty {
    pub visit: bool,
    pub end_here: bool,
}

/// One way to use a stretch of aisle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub effect: Effect,
    pub cost: u64,
    /// The first leg, before the first mark, is walked an odd number of times.
    pub starts_odd: bool,
    /// The leg that is not walked at all.
    pub gap: Option<usize>,
}

/// All columns from the last aisle at or before the marks to the first one at or behind them: beyond, a walk gains nothing.
pub fn columns(layout: &Layout, marks: &[Mark]) -> Vec<Column> {
    let aisles = layout.aisles();
    let (first, last) = (marks[0].at.x, marks[marks.len() - 1].at.x);
    let from = aisles.partition_point(|&x| x <= first).saturating_sub(1);
    let to = (aisles.partition_point(|&x| x < last) + 1).min(aisles.len());
    let mut lines: Vec<i32> = marks.iter().map(|mark| mark.at.x).collect();
    lines.extend(aisles.get(from..to).unwrap_or_default());
    lines.sort_unstable();
    lines.dedup();
    let mut seen = 0;
    let column = |x| {
        let begin = seen;
        seen += marks[begin..].partition_point(|mark| mark.at.x == x);
        Column {
            x,
            marks: begin..seen,
            is_aisle: aisles.binary_search(&x).is_ok(),
        }
    };
    lines.into_iter().map(column).collect()
}

impl Column {
    /// Its marks strictly before, on or behind these lines.
    fn within<'a>(&self, marks: &'a [Mark], is_in: impl Fn(i32) -> bool) -> &'a [Mark] {
        let own = &marks[self.marks.clone()];
        let begin = own
            .iter()
            .position(|mark| is_in(mark.at.y))
            .unwrap_or(own.len());
        let len = own[begin..]
            .iter()
            .take_while(|mark| is_in(mark.at.y))
            .count();
        &own[begin..begin + len]
    }

    /// Those in the stretch behind cross aisle `at`.
    pub fn stretch<'a>(&self, marks: &'a [Mark], cross: &[i32], at: usize) -> &'a [Mark] {
        self.within(marks, |y| cross[at] < y && y < cross[at + 1])
    }

    /// Those before the first cross aisle.
    pub fn before<'a>(&self, marks: &'a [Mark], cross: &[i32]) -> &'a [Mark] {
        self.within(marks, |y| y < cross[0])
    }

    /// Those behind the last cross aisle.
    pub fn behind<'a>(&self, marks: &'a [Mark], cross: &[i32]) -> &'a [Mark] {
        self.within(marks, |y| y > cross[cross.len() - 1])
    }

    /// What its marks ask of the junction with cross aisle `at`; those in a dead end are reached from there.
    pub fn duty(&self, marks: &[Mark], cross: &[i32], at: usize) -> Duty {
        let (is_first, is_last) = (at == 0, at + 1 == cross.len());
        let is_here =
            |y: i32| y == cross[at] || (is_first && y < cross[0]) || (is_last && y > cross[at]);
        let mut duty = Duty::default();
        for mark in marks[self.marks.clone()]
            .iter()
            .filter(|mark| is_here(mark.at.y))
        {
            duty.visit = true;
            duty.end_here ^= mark.is_end;
        }
        duty
    }

    /// What the dead ends cost, whatever is chosen.
    pub fn dead_ends(&self, marks: &[Mark], cross: &[i32]) -> u64 {
        let cost = |marks: &mut dyn DoubleEndedIterator<Item = &Mark>, mouth: i32| {
            let marks: Vec<&Mark> = marks.collect();
            let ys = marks.iter().map(|mark| mark.at.y);
            let legs = ys.clone().zip(ys.skip(1).chain([mouth]));
            let lengths = legs.map(|(from, to)| u64::from(from.abs_diff(to)));
            let counts = dead_end(marks.iter().copied());
            lengths
                .zip(counts)
                .map(|(length, count)| length * count as u64)
                .sum::<u64>()
        };
        let (before, behind) = (self.before(marks, cross), self.behind(marks, cross));
        cost(&mut before.iter(), cross[0]) + cost(&mut behind.iter().rev(), cross[cross.len() - 1])
    }

    /// The ways to walk the stretch behind cross aisle `at`, cheapest for each effect.
    pub fn choices(&self, marks: &[Mark], cross: &[i32], at: usize) -> Choices {
        let mut choices = Choices::default();
        if self.is_aisle {
            let inner = self.stretch(marks, cross, at);
            for starts_odd in [false, true] {
                choices.add(&Legs::new((cross[at], cross[at + 1]), inner, starts_odd));
            }
        } else {
            choices.push(Legs::new((0, 0), &[], false).choice(Some(0)));
        }
        choices
    }
}

/// Up to eight ways to walk one stretch of aisle.
#[derive(Default)]
pub struct Choices {
    all: [Option<Choice>; 8],
    len: usize,
}

impl Choices {
    pub fn iter(&self) -> impl Iterator<Item = Choice> {
        self.all.iter().map_while(|choice| *choice)
    }

    fn push(&mut self, choice: Choice) {
        self.all[self.len] = Some(choice);
        self.len += 1;
    }

    /// All of it; or all but the first, the last, or the longest other leg, if it may be left out.
    fn add(&mut self, legs: &Legs<'_>) {
        self.push(legs.choice(None));
        let last = legs.inner.len();
        let may = |leg: &usize| !legs.is_odd(*leg);
        for gap in [0, last]
            .into_iter()
            .take(if last == 0 { 1 } else { 2 })
            .filter(may)
        {
            self.push(legs.choice(Some(gap)));
        }
        let length = |leg: &usize| (legs.length(*leg), usize::MAX - leg);
        if let Some(gap) = (1..last).filter(may).max_by_key(length) {
            self.push(legs.choice(Some(gap)));
        }
    }
}

/// A stretch of aisle, cut at its marks. Each leg is walked an odd or an even number of times: that changes where one end
/// of the walk lies, and nowhere else.
struct Legs<'a> {
    near: i32,
    far: i32,
    inner: &'a [Mark],
    starts_odd: bool,
    /// Up to and with these legs nothing changes: the ends of the walk are behind them.
    ends: [usize; 2],
}

impl<'a> Legs<'a> {
    fn new((near, far): (i32, i32), inner: &'a [Mark], starts_odd: bool) -> Self {
        let mut ends = (0..inner.len()).filter(|&at| inner[at].is_end);
        let ends = [(); 2].map(|()| ends.next().unwrap_or(usize::MAX));
        Self {
            near,
            far,
            inner,
            starts_odd,
            ends,
        }
    }

    fn is_odd(&self, leg: usize) -> bool {
        let passed = self.ends.iter().filter(|&&end| leg > end).count();
        self.starts_odd != (passed == 1)
    }

    fn length(&self, leg: usize) -> u64 {
        let y = |mark: &Mark| mark.at.y;
        let from = leg
            .checked_sub(1)
            .map_or(self.near, |before| y(&self.inner[before]));
        let to = self.inner.get(leg).map_or(self.far, y);
        u64::from(to.abs_diff(from))
    }

    fn choice(&self, gap: Option<usize>) -> Choice {
        let last = self.inner.len();
        let walked = (0..=last).filter(|&leg| Some(leg) != gap);
        let touch = |leg| match (Some(leg) == gap, self.is_odd(leg)) {
            (true, _) => Touch::None,
            (false, true) => Touch::Odd,
            (false, false) => Touch::Even,
        };
        Choice {
            effect: Effect {
                near: touch(0),
                far: touch(last),
                joined: gap.is_none(),
            },
            cost: walked
                .map(|leg| self.length(leg) * (2 - u64::from(self.is_odd(leg))))
                .sum(),
            starts_odd: self.starts_odd,
            gap,
        }
    }
}

/// How often each leg of a stretch is walked by this choice.
pub fn times(inner: &[Mark], choice: Choice) -> impl Iterator<Item = u8> {
    let legs = Legs::new((0, 0), inner, choice.starts_odd);
    let walked = move |leg| 2 - u8::from(legs.is_odd(leg));
    (0..=inner.len()).map(move |leg| {
        if Some(leg) == choice.gap {
            0
        } else {
            walked(leg)
        }
    })
}

/// How often each leg of a dead end is walked, from its far end on: in and out, but where the walk starts or ends inside.
pub fn dead_end<'a>(marks: impl Iterator<Item = &'a Mark>) -> impl Iterator<Item = usize> {
    marks.scan(0, |ends, mark| {
        *ends += usize::from(mark.is_end);
        Some(2 - *ends % 2)
    })
}
