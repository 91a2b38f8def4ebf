//! What a half-made walk looks like to the part of the warehouse that is still to come: a line of junctions, one a cross
//! aisle, and for each whether the walk touches it, an odd number of times, and together with which others.

/// How many cross aisles are walked exactly; beyond, there are too many ways a walk can look.
pub const MOST_CROSS: usize = 5;

/// A junction's touch by a new stretch of aisle: not at all, by one end, or by two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    None,
    Odd,
    Even,
}

/// The junctions of the front, and which parts of the walk they belong to.
/// Parts are numbered by their first junction, so that equal fronts are equal values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Front {
    /// The part that each junction belongs to, from one; none, where the walk does not touch it.
    part: [u8; MOST_CROSS],
    odd: [bool; MOST_CROSS],
    /// All of the walk lies behind: nothing may be added.
    closed: bool,
}

impl Front {
    /// Before the first aisle.
    pub const BLANK: Self = Self {
        part: [0; MOST_CROSS],
        odd: [false; MOST_CROSS],
        closed: false,
    };

    /// After the last one.
    pub const CLOSED: Self = Self {
        closed: true,
        ..Self::BLANK
    };

    /// This junction must be walked to.
    pub fn visit(self, at: usize) -> Option<Self> {
        let mut next = self;
        next.touch(at, false).then(|| next.in_order())
    }

    /// The walk starts or ends here: that makes an odd end of an even one.
    pub fn end_here(self, at: usize) -> Option<Self> {
        let mut next = self;
        (next.touch(at, true) && next.odd_parts() <= 2).then(|| next.in_order())
    }

    /// A stretch of aisle between junction `at` and the one behind it, which may or may not join the two.
    pub fn climb(self, at: usize, near: Touch, far: Touch, joined: bool) -> Option<Self> {
        let mut next = self;
        for (at, touch) in [(at, near), (at + 1, far)] {
            if touch != Touch::None && !next.touch(at, touch == Touch::Odd) {
                return None;
            }
        }
        if joined {
            next.join(at, at + 1);
        }
        (next.odd_parts() <= 2).then(|| next.in_order())
    }

    /// On to the next column along this cross aisle, so many times.
    pub fn cross(self, at: usize, times: usize) -> Option<Self> {
        let (part, odd) = (self.part[at], self.odd[at]);
        match times {
            1 => odd.then_some(self),
            2 => (part != 0 && !odd).then_some(self),
            _ if odd => None,
            _ if part == 0 => Some(self),
            _ => self.leave(at),
        }
    }

    /// The walk stays behind at this junction: its part goes on elsewhere, or it was all there is.
    fn leave(self, at: usize) -> Option<Self> {
        let mut next = self;
        next.part[at] = 0;
        if next.part.contains(&self.part[at]) {
            return Some(next.in_order());
        }
        (next
            == Self {
                part: [0; MOST_CROSS],
                ..next
            })
        .then_some(Self::CLOSED)
    }

    fn touch(&mut self, at: usize, odd: bool) -> bool {
        if self.part[at] == 0 {
            self.part[at] = 1 + self.part.iter().max().copied().unwrap_or_default();
        }
        self.odd[at] ^= odd;
        !self.closed
    }

    fn join(&mut self, one: usize, other: usize) {
        let (kept, gone) = (self.part[one], self.part[other]);
        for part in &mut self.part {
            if *part == gone {
                *part = kept;
            }
        }
    }

    /// Parts with an odd number of odd junctions: each hides one end of the walk.
    fn odd_parts(&self) -> usize {
        let ends = |part: u8| {
            (0..MOST_CROSS)
                .filter(|&at| self.part[at] == part && self.odd[at])
                .count()
        };
        let most = self.part.iter().max().copied().unwrap_or_default();
        (1..=most).filter(|&part| ends(part) % 2 == 1).count()
    }

    fn in_order(mut self) -> Self {
        let mut names = [0; 2 * MOST_CROSS];
        let mut last = 0;
        for part in self.part.iter_mut().filter(|part| **part != 0) {
            let name = &mut names[usize::from(*part)];
            if *name == 0 {
                last += 1;
                *name = last;
            }
            *part = *name;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_may_not_be_left_behind_while_another_goes_on() {
        let two = Front::BLANK.visit(0).unwrap().visit(2).unwrap();
        assert_eq!(two.cross(0, 0), None);
        let joined = two.climb(0, Touch::Even, Touch::Even, true).unwrap();
        let joined = joined.climb(1, Touch::Even, Touch::Even, true).unwrap();
        assert!(joined.cross(0, 0).is_some());
    }

    #[test]
    fn what_is_closed_stays_closed() {
        let closed = Front::BLANK.visit(1).unwrap().cross(1, 0).unwrap();
        assert_eq!(closed, Front::CLOSED);
        assert_eq!(closed.visit(0), None);
        assert_eq!(closed.climb(0, Touch::Odd, Touch::Odd, true), None);
        assert_eq!(closed.cross(0, 0), Some(closed));
    }

    #[test]
    fn an_odd_junction_is_left_by_one_edge() {
        let passed = Front::BLANK.climb(0, Touch::Odd, Touch::Odd, true).unwrap();
        assert_eq!(passed.cross(0, 0), None);
        assert_eq!(passed.cross(0, 1), Some(passed));
        assert_eq!(passed.cross(0, 2), None);
        let back = passed.climb(0, Touch::Odd, Touch::Odd, true).unwrap();
        assert_eq!(back.cross(0, 1), None);
    }
}
