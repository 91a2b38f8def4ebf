//! The sweep from left to right that finds the shortest walk: for every front that the walk so far can have, only the
//! cheapest way to it is kept. Ratliff and Rosenthal's method (1983), for any number of cross aisles up to [`MOST_CROSS`].
//!
//! [`MOST_CROSS`]: super::frontier::MOST_CROSS

use super::columns::{Choice, Column, Mark};
use super::table::{DEAD, Table};

/// Memory for the way back: so many steps at four bytes.
const MOST_STEPS: usize = 1 << 25;

/// What is walked in one column and from it to the next.
pub struct Stage {
    /// For every stretch of the aisle, from the front to the back.
    pub stretches: Vec<Choice>,
    /// How often the walk goes on along each cross aisle.
    pub onward: Vec<usize>,
}

/// The length of the shortest walk; none, if it would need more memory than is allowed.
pub fn length(columns: &[Column], marks: &[Mark], cross: &[i32], round: bool) -> Option<u64> {
    let mut sweep = Sweep::new(columns, marks, cross, round, false)?;
    sweep.run();
    let dead_ends: u64 = columns
        .iter()
        .map(|column| column.dead_ends(marks, cross))
        .sum();
    Some(sweep.result().0 + dead_ends)
}

/// The shortest walk, column by column; none, likewise.
pub fn stages(
    columns: &[Column],
    marks: &[Mark],
    cross: &[i32],
    round: bool,
) -> Option<Vec<Stage>> {
    let mut sweep = Sweep::new(columns, marks, cross, round, true)?;
    sweep.run();
    Some(sweep.back())
}

/// The cheapest ways to all fronts that there are.
struct Fronts {
    /// By front; [`u64::MAX`] for those that do not live.
    cost: Vec<u64>,
    /// The step by which each was reached.
    step: Vec<u32>,
    live: Vec<u16>,
}

impl Fronts {
    fn new(count: usize) -> Self {
        Self {
            cost: vec![u64::MAX; count],
            step: vec![0; count],
            live: Vec::with_capacity(count),
        }
    }

    fn offer(&mut self, front: u16, cost: u64, step: u32) {
        let at = usize::from(front);
        if self.cost[at] == u64::MAX {
            self.live.push(front);
        }
        if cost < self.cost[at] {
            self.cost[at] = cost;
            self.step[at] = step;
        }
    }

    fn clear(&mut self) {
        for front in self.live.drain(..) {
            self.cost[usize::from(front)] = u64::MAX;
        }
    }
}

struct Sweep<'a> {
    table: &'static Table,
    columns: &'a [Column],
    marks: &'a [Mark],
    cross: &'a [i32],
    now: Fronts,
    next: Fronts,
    /// Step before and number of the choice, in one word; kept only if the way back is asked for.
    steps: Option<Vec<u32>>,
}

/// Bits for the number of a choice.
const CHOICE_BITS: u32 = 3;

impl<'a> Sweep<'a> {
    fn new(
        columns: &'a [Column],
        marks: &'a [Mark],
        cross: &'a [i32],
        round: bool,
        keeps: bool,
    ) -> Option<Self> {
        let table = Table::of(cross.len(), round);
        let stages = columns.len() * (2 * cross.len() - 1);
        if keeps && stages.saturating_mul(table.fronts) > MOST_STEPS {
            return None;
        }
        let mut now = Fronts::new(table.fronts);
        now.offer(0, 0, 0);
        Some(Self {
            table,
            columns,
            marks,
            cross,
            now,
            next: Fronts::new(table.fronts),
            steps: keeps.then(|| vec![0]),
        })
    }

    fn run(&mut self) {
        let columns = self.columns;
        for (at, column) in columns.iter().enumerate() {
            self.duties(column);
            for stretch in 0..self.cross.len() - 1 {
                self.stretch(column, stretch);
            }
            let onward = columns
                .get(at + 1)
                .map(|next| u64::from(next.x.abs_diff(column.x)));
            for cross in 0..self.cross.len() {
                self.onward(cross, onward);
            }
        }
    }

    /// What must be walked to at the junctions, whatever is chosen.
    fn duties(&mut self, column: &Column) {
        let table = self.table;
        for at in 0..self.cross.len() {
            let duty = column.duty(self.marks, self.cross, at);
            let moves = match (duty.visit, duty.end_here) {
                (_, true) => table.end_here(at),
                (true, false) => table.visit(at),
                (false, false) => continue,
            };
            for &front in &self.now.live {
                let at = usize::from(front);
                if moves[at] != DEAD {
                    self.next
                        .offer(moves[at], self.now.cost[at], self.now.step[at]);
                }
            }
            self.turn();
        }
    }

    fn stretch(&mut self, column: &Column, at: usize) {
        let table = self.table;
        let choices = column.choices(self.marks, self.cross, at);
        for (number, choice) in (0..).zip(choices.iter()) {
            self.choose(table.climb(at, choice.effect), choice.cost, number);
        }
        self.step();
    }

    /// Up to twice along a cross aisle; behind the last column there is nowhere to go.
    fn onward(&mut self, at: usize, width: Option<u64>) {
        let table = self.table;
        self.choose(table.cross(at, 0), 0, 0);
        if let Some(width) = width {
            self.choose(table.cross(at, 1), width, 1);
            self.choose(table.cross(at, 2), 2 * width, 2);
        }
        self.step();
    }

    fn choose(&mut self, moves: &[u16], cost: u64, number: u32) {
        for &front in &self.now.live {
            let at = usize::from(front);
            if moves[at] != DEAD {
                let step = self.now.step[at] << CHOICE_BITS | number;
                self.next.offer(moves[at], self.now.cost[at] + cost, step);
            }
        }
    }

    /// Writes down how each front was reached.
    fn step(&mut self) {
        if let Some(steps) = &mut self.steps {
            for &front in &self.next.live {
                let number = u32::try_from(steps.len()).expect("steps are counted before");
                let step = &mut self.next.step[usize::from(front)];
                steps.push(std::mem::replace(step, number));
            }
        }
        self.turn();
    }

    fn turn(&mut self) {
        self.now.clear();
        std::mem::swap(&mut self.now, &mut self.next);
    }

    /// Length and last step. A walk is always found: twice along everything is one.
    fn result(&self) -> (u64, u32) {
        let closed = usize::from(self.table.closed);
        (self.now.cost[closed], self.now.step[closed])
    }

    fn back(&self) -> Vec<Stage> {
        let steps = self.steps.as_deref().unwrap_or_default();
        let mut step = self.result().1;
        let mut before = || {
            let word = steps.get(step as usize).copied().unwrap_or_default();
            step = word >> CHOICE_BITS;
            (word & ((1 << CHOICE_BITS) - 1)) as usize
        };
        let mut stages = Vec::with_capacity(self.columns.len());
        for column in self.columns.iter().rev() {
            let mut onward: Vec<usize> = self.cross.iter().map(|_| before()).collect();
            onward.reverse();
            let stretch = |at| {
                let choices = column.choices(self.marks, self.cross, at);
                choices
                    .iter()
                    .nth(before())
                    .expect("what was chosen is there to choose")
            };
            let mut stretches: Vec<Choice> = (0..self.cross.len() - 1).rev().map(stretch).collect();
            stretches.reverse();
            stages.push(Stage { stretches, onward });
        }
        stages.reverse();
        stages
    }
}
