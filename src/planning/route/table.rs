//! All fronts that can come about with so many cross aisles, numbered, and what each becomes by each move: worked out once,
//! so that the sweep only looks up.

use super::frontier::{Front, MOST_CROSS, Touch};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A move that leads nowhere.
pub const DEAD: u16 = u16::MAX;

/// How a stretch of aisle touches the junctions at its ends, as a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    pub near: Touch,
    pub far: Touch,
    pub joined: bool,
}

const TOUCHES: [Touch; 3] = [Touch::None, Touch::Odd, Touch::Even];
/// Three by three touches, apart or joined.
const EFFECTS: usize = 18;

impl Effect {
    const fn row(self) -> usize {
        9 * self.joined as usize + 3 * self.near as usize + self.far as usize
    }

    fn all() -> impl Iterator<Item = Self> {
        (0..EFFECTS).map(|row| Self {
            near: TOUCHES[row % 9 / 3],
            far: TOUCHES[row % 3],
            joined: row >= 9,
        })
    }

    /// Whether a round walk needs it: no end of the walk lies inside an aisle then.
    fn is_round(self) -> bool {
        let odd = |touch| touch == Touch::Odd;
        odd(self.near) == odd(self.far) && (self.joined || !odd(self.near))
    }

    /// Only what touches both ends can join them.
    fn is_sound(self) -> bool {
        !self.joined || (self.near != Touch::None && self.far != Touch::None)
    }
}

/// The moves of a front, by number. Number zero is the blank one.
pub struct Table {
    pub closed: u16,
    pub fronts: usize,
    /// By junction, then front.
    visit: Vec<Vec<u16>>,
    end_here: Vec<Vec<u16>>,
    /// By junction and effect, then front.
    climb: Vec<Vec<u16>>,
    /// By junction and times, then front.
    cross: Vec<Vec<u16>>,
}

impl Table {
    /// The table for so many cross aisles, one to [`MOST_CROSS`]; for walks that end where they start, or for others too.
    pub fn of(cross: usize, round: bool) -> &'static Self {
        static TABLES: [[OnceLock<Table>; 2]; MOST_CROSS] =
            [const { [const { OnceLock::new() }; 2] }; MOST_CROSS];
        TABLES[cross - 1][usize::from(round)].get_or_init(|| Self::new(cross, round))
    }

    fn new(cross: usize, round: bool) -> Self {
        let mut book = Book::new();
        let mut table = Self {
            closed: book.number(Front::CLOSED),
            fronts: 0,
            visit: vec![Vec::new(); cross],
            end_here: vec![Vec::new(); cross],
            climb: vec![Vec::new(); (cross - 1) * EFFECTS],
            cross: vec![Vec::new(); cross * 3],
        };
        // The book grows while it is read: until no move leads to a new front.
        while let Some(&front) = book.fronts.get(table.fronts) {
            table.fronts += 1;
            for at in 0..cross {
                table.visit[at].push(book.after(front.visit(at)));
                let end = if round { None } else { front.end_here(at) };
                table.end_here[at].push(book.after(end));
                for times in 0..3 {
                    table.cross[at * 3 + times].push(book.after(front.cross(at, times)));
                }
            }
            for at in 0..cross - 1 {
                for effect in Effect::all() {
                    let Effect { near, far, joined } = effect;
                    let is_used = effect.is_sound() && (!round || effect.is_round());
                    let next = if is_used {
                        front.climb(at, near, far, joined)
                    } else {
                        None
                    };
                    table.climb[at * EFFECTS + effect.row()].push(book.after(next));
                }
            }
        }
        table
    }

    /// What every front becomes when junction `at` must be walked to.
    pub fn visit(&self, at: usize) -> &[u16] {
        &self.visit[at]
    }

    /// What every front becomes when the walk starts or ends at junction `at`.
    pub fn end_here(&self, at: usize) -> &[u16] {
        &self.end_here[at]
    }

    /// What every front becomes by a stretch of aisle from junction `at` on.
    pub fn climb(&self, at: usize, effect: Effect) -> &[u16] {
        &self.climb[at * EFFECTS + effect.row()]
    }

    /// What every front becomes when the walk goes on along cross aisle `at` so many times, up to two.
    pub fn cross(&self, at: usize, times: usize) -> &[u16] {
        &self.cross[at * 3 + times]
    }
}

/// Fronts met so far, in the order they were met.
struct Book {
    fronts: Vec<Front>,
    numbers: HashMap<Front, u16>,
}

impl Book {
    fn new() -> Self {
        let mut book = Self {
            fronts: Vec::new(),
            numbers: HashMap::new(),
        };
        book.number(Front::BLANK);
        book
    }

    fn after(&mut self, next: Option<Front>) -> u16 {
        next.map_or(DEAD, |front| self.number(front))
    }

    fn number(&mut self, front: Front) -> u16 {
        let next = u16::try_from(self.fronts.len()).expect("five junctions look in fewer ways");
        *self.numbers.entry(front).or_insert_with(|| {
            self.fronts.push(front);
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One block has Ratliff and Rosenthal's seven, two have Roodbergen and de Koster's twenty-five.
    #[test]
    fn there_are_few_fronts() {
        let counts = |round| [1, 2, 3, 4, 5].map(|cross| Table::of(cross, round).fronts);
        assert_eq!(counts(true), [3, 7, 25, 113, 569]);
        assert!(counts(false)[4] < 4000, "{:?}", counts(false));
    }
}
