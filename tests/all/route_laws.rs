//! The shortest walk against brute force: thousands of small floors, each drawn as a plain graph, every distance found by
//! relaxing edges, and every order of the stops tried (Held and Karp's way).

use stockhand::planning::route::{Layout, Point, length, shortest};

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: i32) -> i32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end).unwrap();
        i32::try_from((z ^ (z >> 31)) % end).unwrap()
    }

    fn pick(&mut self, from: &[i32]) -> i32 {
        from[usize::try_from(self.below(i32::try_from(from.len()).unwrap())).unwrap()]
    }

    fn lines(&mut self, count: i32, least: i32, most: i32) -> Vec<i32> {
        let mut at = self.below(50) - 25;
        (0..count)
            .map(|_| {
                at += least + self.below(most - least);
                at
            })
            .collect()
    }
}

struct Case {
    aisles: Vec<i32>,
    cross: Vec<i32>,
    start: Point,
    end: Point,
    stops: Vec<Point>,
}

impl Case {
    fn roll(dice: &mut Dice, cross: i32, is_round: bool) -> Self {
        let aisles = 1 + dice.below(5);
        let aisles = dice.lines(aisles, 2, 12);
        let cross = dice.lines(cross, 3, 14);
        let mut case = Self {
            aisles,
            cross,
            start: Point::default(),
            end: Point::default(),
            stops: Vec::new(),
        };
        case.start = case.anywhere(dice);
        case.end = if is_round {
            case.start
        } else {
            case.anywhere(dice)
        };
        let stops = dice.below(8);
        let only = (dice.below(8) == 0).then(|| dice.pick(&case.aisles));
        for _ in 0..stops {
            let mut stop = case.in_aisle(dice);
            stop.x = only.unwrap_or(stop.x);
            case.stops.push(stop);
        }
        if stops > 1 && dice.below(4) == 0 {
            case.stops.push(case.stops[0]);
        }
        case
    }

    /// In an aisle: also at its ends, on a cross aisle between, and now and then in a dead end.
    fn in_aisle(&self, dice: &mut Dice) -> Point {
        let x = dice.pick(&self.aisles);
        let (front, back) = (self.cross[0], self.cross[self.cross.len() - 1]);
        let y = match dice.below(10) {
            0 | 1 => dice.pick(&self.cross),
            2 => front - 1 - dice.below(5),
            3 => back + 1 + dice.below(5),
            _ => front + dice.below(back - front + 1),
        };
        Point::new(x, y)
    }

    fn anywhere(&self, dice: &mut Dice) -> Point {
        let x = self.aisles[0] - 3
            + dice.below(self.aisles[self.aisles.len() - 1] - self.aisles[0] + 7);
        match dice.below(6) {
            0 => Point::new(x, self.cross[0] - 1 - dice.below(4)),
            1 | 2 => self.in_aisle(dice),
            _ => Point::new(x, dice.pick(&self.cross)),
        }
    }

    /// All distances between start, end and stops: each point has edges to its neighbours on its aisle and cross aisle.
    fn distances(&self) -> Vec<Vec<u64>> {
        const FAR: u64 = 1 << 40;
        let mut points = vec![self.start, self.end];
        points.extend(&self.stops);
        let asked = points.len();
        for at in 0..asked {
            // Where those outside the aisles come onto a cross aisle.
            let y = points[at]
                .y
                .clamp(self.cross[0], self.cross[self.cross.len() - 1]);
            points.push(Point::new(points[at].x, y));
        }
        for &x in &self.aisles {
            points.extend(self.cross.iter().map(|&y| Point::new(x, y)));
        }
        let is_outside = |y: i32| y <= self.cross[0] || y >= self.cross[self.cross.len() - 1];
        let joined = |a: Point, b: Point| {
            let in_aisle = a.x == b.x && self.aisles.contains(&a.x);
            let dead_end = a.x == b.x
                && is_outside(a.y)
                && is_outside(b.y)
                && !(self.cross[0] < a.y.max(b.y)
                    && a.y.min(b.y) < self.cross[self.cross.len() - 1]
                    && a.y != b.y);
            in_aisle || dead_end || (a.y == b.y && self.cross.contains(&a.y))
        };
        let count = points.len();
        let mut far = vec![vec![FAR; count]; count];
        for (i, a) in points.iter().enumerate() {
            for (j, b) in points.iter().enumerate() {
                if joined(*a, *b) {
                    far[i][j] = u64::from(a.x.abs_diff(b.x)) + u64::from(a.y.abs_diff(b.y));
                }
            }
        }
        for k in 0..count {
            let through = far[k].clone();
            for row in &mut far {
                let to = row[k];
                for (old, new) in row.iter_mut().zip(&through) {
                    *old = (*old).min(to + new);
                }
            }
        }
        far.truncate(asked);
        far
    }

    /// The least over all orders.
    fn least(&self, far: &[Vec<u64>]) -> u64 {
        let count = self.stops.len();
        if count == 0 {
            return far[0][1];
        }
        let mut best = vec![vec![u64::MAX / 2; count]; 1 << count];
        for last in 0..count {
            best[1 << last][last] = far[0][last + 2];
        }
        for set in 1usize..1 << count {
            for last in (0..count).filter(|last| set >> last & 1 == 1) {
                let here = best[set][last];
                for next in (0..count).filter(|next| set >> next & 1 == 0) {
                    let there = &mut best[set | 1 << next][next];
                    *there = (*there).min(here + far[last + 2][next + 2]);
                }
            }
        }
        let all = &best[(1 << count) - 1];
        (0..count)
            .map(|last| all[last] + far[last + 2][1])
            .min()
            .unwrap()
    }

    fn check(&self) {
        let told = format!(
            "aisles {:?} cross {:?} from {} to {} by {:?}",
            self.aisles, self.cross, self.start, self.end, self.stops
        );
        let layout = Layout::new(self.aisles.clone(), self.cross.clone()).unwrap();
        let far = self.distances();
        let walk = shortest(&layout, self.start, self.end, &self.stops).unwrap();
        assert!(walk.is_shortest);
        assert_eq!(walk.length, self.least(&far), "{told}");
        assert_eq!(
            length(&layout, self.start, self.end, &self.stops),
            Ok(walk.length),
            "{told}"
        );
        // The order leads to the same length, and names every stop once.
        let mut sorted = walk.order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..self.stops.len()), "{told}");
        let places: Vec<usize> = [0]
            .into_iter()
            .chain(walk.order.iter().map(|at| at + 2))
            .chain([1])
            .collect();
        let by_order: u64 = places.windows(2).map(|leg| far[leg[0]][leg[1]]).sum();
        assert_eq!(by_order, walk.length, "{told}");
        // The drawn line is as long, from start to end, and straight between its turns.
        assert_eq!(
            (walk.path[0], walk.path[walk.path.len() - 1]),
            (self.start, self.end),
            "{told}"
        );
        let legs = walk.path.windows(2);
        assert!(
            legs.clone()
                .all(|leg| (leg[0].x == leg[1].x) != (leg[0].y == leg[1].y)),
            "{told}"
        );
        let drawn = legs.map(|leg| layout.distance(leg[0], leg[1]));
        assert_eq!(drawn.sum::<u64>(), walk.length, "{told}");
        for (i, from) in [self.start, self.end].iter().chain(&self.stops).enumerate() {
            for (j, to) in [self.start, self.end].iter().chain(&self.stops).enumerate() {
                assert_eq!(
                    layout.distance(*from, *to),
                    far[i][j],
                    "{from} to {to}: {told}"
                );
            }
        }
    }
}

#[test]
fn a_round_walk_is_as_short_as_trying_everything() {
    let mut dice = Dice(1);
    for round in 0..1500 {
        Case::roll(&mut dice, 1 + round % 5, true).check();
    }
}

#[test]
fn a_walk_to_another_place_is_as_short_as_trying_everything() {
    let mut dice = Dice(2);
    for round in 0..1500 {
        Case::roll(&mut dice, 1 + round % 5, false).check();
    }
}

#[test]
fn a_large_floor_is_walked_all_the_same() {
    let mut dice = Dice(3);
    let aisles: Vec<i32> = (0..500).map(|x| x * 300).collect();
    let layout = Layout::new(aisles, vec![0, 3000, 6000]).unwrap();
    let depot = Point::new(700, 0);
    let stops: Vec<Point> = (0..10_000)
        .map(|_| Point::new(dice.below(500) * 300, dice.below(6000)))
        .collect();
    let walk = shortest(&layout, depot, depot, &stops).unwrap();
    assert!(walk.is_shortest);
    assert_eq!(walk.order.len(), 10_000);
}

#[test]
fn more_cross_aisles_than_can_be_looked_through_give_a_good_walk() {
    let mut dice = Dice(4);
    let layout = Layout::new(
        (0..20).map(|x| x * 300).collect(),
        (0..8).map(|y| y * 700).collect(),
    )
    .unwrap();
    let (start, end) = (Point::new(100, 0), Point::new(5700, 4900));
    for count in [40, 10_000] {
        let stops: Vec<Point> = (0..count)
            .map(|_| Point::new(dice.below(20) * 300, dice.below(4900)))
            .collect();
        let walk = shortest(&layout, start, end, &stops).unwrap();
        assert!(!walk.is_shortest);
        assert_eq!(walk.order.len(), stops.len());
        let places = walk.order.iter().map(|&at| stops[at]);
        let places: Vec<Point> = [start].into_iter().chain(places).chain([end]).collect();
        let by_order: u64 = places
            .windows(2)
            .map(|leg| layout.distance(leg[0], leg[1]))
            .sum();
        assert!(by_order <= walk.length);
    }
}

#[test]
fn the_ends_of_the_scale_do_not_overflow() {
    let (least, most) = (i32::MIN, i32::MAX);
    let aisles = [least, -1, 0, most];
    for cross in [1, 2, 5, 8] {
        let lines = [least, most, 0, -7, 9, 11, 100, 1000];
        let layout = Layout::new(aisles.to_vec(), lines[..cross].to_vec()).unwrap();
        let y = |i: i32| i.wrapping_mul(1_234_567_891);
        let stops: Vec<Point> = (0..300)
            .zip(aisles.iter().cycle())
            .map(|(i, &x)| Point::new(x, y(i)))
            .collect();
        let corners = (Point::new(least, least), Point::new(most, most));
        for (start, end) in [corners, (Point::new(-1, 3), Point::new(-1, 3))] {
            let walk = shortest(&layout, start, end, &stops).unwrap();
            assert_eq!(walk.order.len(), 300);
            assert_eq!(length(&layout, start, end, &stops), Ok(walk.length));
        }
    }
}
