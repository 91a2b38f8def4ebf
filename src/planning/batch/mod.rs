//! Which orders share a cart, so that as little as possible is walked: every order begins on a cart of its own; the two
//! carts that save most together are put together, and the savings are looked at anew (Clarke and Wright); at last
//! orders change carts while that saves more. All lengths are of true shortest walks.

mod savings;
mod search;

use crate::planning::route::{self, Layout, MOST_STOPS, NoRoute, Point};
use std::collections::HashMap;

/// More orders are refused: plan them in waves.
pub const MOST_ORDERS: usize = 300;

/// What a cart holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cart {
    /// Lines to pick.
    pub lines: u64,
    /// Totes; every order has one.
    pub totes: u64,
    /// Volume in cubic centimetres.
    pub volume_cm3: u64,
    /// Weight in grams.
    pub weight_g: u64,
}

/// An order as a cart sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Where its lines are, one stop a line.
    pub stops: Vec<Point>,
    /// Its volume in cubic centimetres.
    pub volume_cm3: u64,
    /// Its weight in grams.
    pub weight_g: u64,
}

/// Orders to be picked with carts of one kind, each from start to end.
#[derive(Clone, Copy, Debug)]
pub struct Wave<'a> {
    /// The floor.
    pub layout: &'a Layout,
    /// Where a cart is taken.
    pub start: Point,
    /// Where it is left.
    pub end: Point,
    /// What it holds.
    pub cart: Cart,
    /// The orders, by when they came in.
    pub orders: &'a [Order],
}

/// Carts with their orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The orders of each cart, as indices, in rising order; carts by their first order. Every order is on one cart.
    pub batches: Vec<Vec<usize>>,
    /// How long all their walks are together.
    pub length: u64,
}

/// Why the orders cannot be put on carts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBatched {
    /// More than [`MOST_ORDERS`].
    #[error("a wave has at most {MOST_ORDERS} orders; this one has {0}")]
    TooManyOrders(usize),
    /// More than [`MOST_STOPS`].
    #[error("a wave has at most {MOST_STOPS} lines; this one has {0}")]
    TooManyLines(usize),
    /// This order, by its index, is too much for a cart.
    #[error("order {0} alone is too much for a cart")]
    TooLarge(usize),
    /// This order, by its index, cannot be walked.
    #[error("order {order} cannot be walked: {why}")]
    NoRoute {
        /// Its index.
        order: usize,
        /// Why not.
        why: NoRoute,
    },
}

impl Wave<'_> {
    /// Carts with little to walk. The same wave gives the same carts.
    pub fn batches(&self) -> Result<Plan, NotBatched> {
        self.check()?;
        let mut walks = Walks::new(self);
        let mut batches = walks.put_together()?;
        walks.improve(&mut batches)?;
        walks.plan(batches)
    }

    /// The carts that one gets by filling each in turn with the orders as they came: what to compare with.
    pub fn first_come(&self) -> Result<Plan, NotBatched> {
        self.check()?;
        let mut batches: Vec<Vec<usize>> = Vec::new();
        for order in 0..self.orders.len() {
            match batches.last_mut() {
                Some(last) if self.fits(last.iter().copied().chain([order])) => last.push(order),
                _ => batches.push(vec![order]),
            }
        }
        Walks::new(self).plan(batches)
    }

    fn check(&self) -> Result<(), NotBatched> {
        if self.orders.len() > MOST_ORDERS {
            return Err(NotBatched::TooManyOrders(self.orders.len()));
        }
        let lines = self.orders.iter().map(|order| order.stops.len()).sum();
        if lines > MOST_STOPS {
            return Err(NotBatched::TooManyLines(lines));
        }
        match (0..self.orders.len()).find(|&order| !self.fits([order])) {
            Some(order) => Err(NotBatched::TooLarge(order)),
            None => Ok(()),
        }
    }

    /// Whether these orders go on one cart.
    fn fits(&self, batch: impl IntoIterator<Item = usize, IntoIter: Clone>) -> bool {
        let batch = batch.into_iter().map(|order| &self.orders[order]);
        let sum = |of: fn(&Order) -> u64| batch.clone().map(of).fold(0, u64::saturating_add);
        sum(|order| order.stops.len() as u64) <= self.cart.lines
            && sum(|_| 1) <= self.cart.totes
            && sum(|order| order.volume_cm3) <= self.cart.volume_cm3
            && sum(|order| order.weight_g) <= self.cart.weight_g
    }
}

/// The walks measured so far.
struct Walks<'a> {
    wave: &'a Wave<'a>,
    known: HashMap<Vec<usize>, u64>,
    /// With more of them known, the search ends.
    limit: usize,
}

impl<'a> Walks<'a> {
    fn new(wave: &'a Wave<'a>) -> Self {
        Self {
            wave,
            known: HashMap::new(),
            limit: 0,
        }
    }

    /// How long the walk for these orders is.
    fn length(&mut self, mut batch: Vec<usize>) -> Result<u64, NotBatched> {
        batch.sort_unstable();
        let Some(&first) = batch.first() else {
            return Ok(0);
        };
        if let Some(&length) = self.known.get(&batch) {
            return Ok(length);
        }
        let Wave {
            layout,
            start,
            end,
            orders,
            ..
        } = *self.wave;
        let stops: Vec<Point> = batch
            .iter()
            .flat_map(|&order| &orders[order].stops)
            .copied()
            .collect();
        let length = route::length(layout, start, end, &stops);
        let length = length.map_err(|why| NotBatched::NoRoute { order: first, why })?;
        self.known.insert(batch, length);
        Ok(length)
    }

    fn plan(&mut self, mut batches: Vec<Vec<usize>>) -> Result<Plan, NotBatched> {
        batches.iter_mut().for_each(|batch| batch.sort_unstable());
        batches.sort_unstable();
        let mut length = 0;
        for batch in &batches {
            length += self.length(batch.clone())?;
        }
        Ok(Plan { batches, length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CART: Cart = Cart {
        lines: 16,
        totes: 16,
        volume_cm3: 1_000_000,
        weight_g: 100_000,
    };

    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: i32) -> i32 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i32::try_from(self.0 >> 33).unwrap() % end
        }
    }

    fn floor() -> Layout {
        Layout::new((0..10).map(|x| x * 300).collect(), vec![0, 3200]).unwrap()
    }

    fn order(stops: &[(i32, i32)]) -> Order {
        Order {
            stops: stops.iter().map(|&(x, y)| Point::new(x, y)).collect(),
            volume_cm3: 1000,
            weight_g: 500,
        }
    }

    fn orders(dice: &mut Dice) -> Vec<Order> {
        let stop = |dice: &mut Dice| (dice.below(10) * 300, 50 + dice.below(32) * 100);
        let stops = |dice: &mut Dice| (0..=dice.below(6)).map(|_| stop(dice)).collect::<Vec<_>>();
        (0..40).map(|_| order(&stops(dice))).collect()
    }

    fn wave<'a>(layout: &'a Layout, orders: &'a [Order], cart: Cart) -> Wave<'a> {
        let depot = Point::new(1350, 0);
        Wave {
            layout,
            start: depot,
            end: depot,
            cart,
            orders,
        }
    }

    #[test]
    fn carts_walk_a_quarter_less_than_first_come_first_served() {
        let layout = floor();
        let (mut ours, mut first) = (0, 0);
        for seed in 0..12 {
            let orders = orders(&mut Dice(seed));
            let wave = wave(&layout, &orders, CART);
            let plan = wave.batches().unwrap();
            let mut all = plan.batches.concat();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..40), "every order is on one cart");
            assert!(
                plan.batches
                    .iter()
                    .all(|batch| wave.fits(batch.iter().copied()))
            );
            ours += plan.length;
            first += wave.first_come().unwrap().length;
        }
        assert!(ours * 100 <= first * 75, "{ours} for {first}");
    }

    #[test]
    fn every_limit_of_the_cart_holds() {
        let layout = floor();
        let orders = vec![order(&[(0, 50), (0, 150)]); 4];
        let carts = |cart: Cart| {
            wave(&layout, &orders, cart)
                .batches()
                .unwrap()
                .batches
                .len()
        };
        assert_eq!(carts(CART), 1);
        assert_eq!(carts(Cart { lines: 5, ..CART }), 2);
        assert_eq!(carts(Cart { totes: 1, ..CART }), 4);
        assert_eq!(
            carts(Cart {
                volume_cm3: 3999,
                ..CART
            }),
            2
        );
        assert_eq!(
            carts(Cart {
                weight_g: 999,
                ..CART
            }),
            4
        );
        let small = wave(&layout, &orders, Cart { lines: 1, ..CART });
        assert_eq!(small.batches(), Err(NotBatched::TooLarge(0)));
    }

    #[test]
    fn an_order_that_cannot_be_walked_is_named() {
        let layout = floor();
        let orders = [order(&[(0, 50)]), order(&[(0, 50), (17, 50)])];
        let why = wave(&layout, &orders, CART).batches().unwrap_err();
        assert!(matches!(why, NotBatched::NoRoute { order: 1, .. }), "{why}");
        let many = vec![order(&[]); MOST_ORDERS + 1];
        assert_eq!(
            wave(&layout, &many, CART).batches(),
            Err(NotBatched::TooManyOrders(MOST_ORDERS + 1))
        );
        assert_eq!(wave(&layout, &[], CART).batches().unwrap().length, 0);
    }

    #[test]
    fn orders_for_one_corner_share_a_cart() {
        let layout = floor();
        let (left, right) = ([(0, 3000), (0, 100)], [(2700, 3000), (2700, 100)]);
        let orders = [order(&left), order(&right), order(&left), order(&right)];
        let plan = wave(&layout, &orders, Cart { totes: 2, ..CART })
            .batches()
            .unwrap();
        assert_eq!(plan.batches, [vec![0, 2], vec![1, 3]]);
    }
}
