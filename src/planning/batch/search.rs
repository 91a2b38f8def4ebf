//! The search for less: single orders change carts or places; then, again and again, a handful of orders that lie near each
//! other is taken off its carts and put back where each costs least (Shaw's large neighbourhoods). It ends: both are counted.

use super::{NotBatched, Walks};

/// New walks measured in the search; then it is good enough.
const MOST_WALKS: usize = 20_000;
/// How often a handful of orders is taken off and put back.
const TURNS: u32 = 200;

/// The orders of every cart.
type Carts = Vec<Vec<usize>>;

impl Walks<'_> {
    /// Makes the walks shorter while that is easy.
    pub fn improve(&mut self, carts: &mut Carts) -> Result<(), NotBatched> {
        self.limit = self.known.len() + MOST_WALKS;
        while self.change_places(carts)? {}
        let mut length = self.sum(carts)?;
        let mut dice = Dice(1);
        for _ in 0..TURNS {
            if self.known.len() > self.limit || carts.len() < 2 {
                break;
            }
            let mut others = carts.clone();
            let handful = self.handful(&mut dice)?;
            others
                .iter_mut()
                .for_each(|cart| cart.retain(|order| !handful.contains(order)));
            others.retain(|cart| !cart.is_empty());
            self.put_back(&mut others, handful)?;
            let other = self.sum(&others)?;
            if other <= length {
                (*carts, length) = (others, other);
            }
        }
        while self.change_places(carts)? {}
        Ok(())
    }

    fn sum(&mut self, carts: &[Vec<usize>]) -> Result<u64, NotBatched> {
        carts
            .iter()
            .try_fold(0, |sum, cart| Ok(sum + self.length(cart.clone())?))
    }

    /// One order and some of those that go best with it.
    fn handful(&mut self, dice: &mut Dice) -> Result<Vec<usize>, NotBatched> {
        let count = self.wave.orders.len();
        let seed = dice.below(count);
        let mut near = Vec::with_capacity(count);
        for other in (0..count).filter(|&other| other != seed) {
            let longer = self.length(vec![seed])?.max(self.length(vec![other])?);
            near.push((self.length(vec![seed, other])?.abs_diff(longer), other));
        }
        near.sort_unstable();
        let wanted = 3 + dice.below(7);
        let near = near.into_iter().map(|(_, other)| other);
        let some = near.filter(|_| dice.below(3) > 0).take(wanted);
        Ok([seed].into_iter().chain(some).collect())
    }

    /// First the order that would lose most if its best cart were taken.
    fn put_back(&mut self, carts: &mut Carts, mut handful: Vec<usize>) -> Result<(), NotBatched> {
        while !handful.is_empty() {
            let mut next: Option<(usize, Place)> = None;
            for (at, &order) in handful.iter().enumerate() {
                let place = self.best_place(carts, order)?;
                if next.is_none_or(|(_, best)| place.regret > best.regret) {
                    next = Some((at, place));
                }
            }
            let (at, place) = next.expect("the handful is not empty");
            let order = handful.remove(at);
            match place.cart {
                Some(cart) => carts[cart].push(order),
                None => carts.push(vec![order]),
            }
        }
        Ok(())
    }

    fn best_place(&mut self, carts: &[Vec<usize>], order: usize) -> Result<Place, NotBatched> {
        let (mut best, mut cart) = (self.length(vec![order])?, None);
        let mut second = u64::MAX;
        for (number, other) in carts.iter().enumerate() {
            if !self.wave.fits(other.iter().copied().chain([order])) {
                continue;
            }
            let with = self.length([other.as_slice(), &[order]].concat())?;
            let cost = with.saturating_sub(self.length(other.clone())?);
            if cost < best {
                (second, best, cart) = (best, cost, Some(number));
            } else {
                second = second.min(cost);
            }
        }
        let regret = second - best;
        Ok(Place { cart, regret })
    }

    /// Every order in turn goes to another cart, or changes places with another order, where that saves most.
    fn change_places(&mut self, batches: &mut Vec<Vec<usize>>) -> Result<bool, NotBatched> {
        let mut is_better = false;
        for order in 0..self.wave.orders.len() {
            if self.known.len() > self.limit {
                return Ok(false);
            }
            if let Some(change) = self.best_change(batches, order)? {
                batches[change.from] = change.left;
                batches[change.to] = change.joined;
                batches.retain(|batch| !batch.is_empty());
                is_better = true;
            }
        }
        Ok(is_better)
    }

    fn best_change(
        &mut self,
        batches: &[Vec<usize>],
        order: usize,
    ) -> Result<Option<Change>, NotBatched> {
        let from = batches.iter().position(|batch| batch.contains(&order));
        let from = from.expect("every order is on a cart");
        let mut best: Option<Change> = None;
        for to in (0..batches.len()).filter(|&to| to != from) {
            let other = &batches[to];
            let before = self.length(batches[from].clone())? + self.length(other.clone())?;
            for back in [None].into_iter().chain(other.iter().copied().map(Some)) {
                let left = swapped(&batches[from], Some(order), back);
                let joined = swapped(other, back, Some(order));
                let fits = |batch: &[usize]| self.wave.fits(batch.iter().copied());
                if !fits(&left) || !fits(&joined) {
                    continue;
                }
                let least = before.saturating_sub(best.as_ref().map_or(0, |best| best.saved));
                if let Some(after) = self.pair(&left, &joined, least)? {
                    let saved = before - after;
                    best = Some(Change {
                        from,
                        to,
                        left,
                        joined,
                        saved,
                    });
                }
            }
        }
        Ok(best)
    }

    /// How long two walks are together, if less than this. More orders never make a walk shorter: what a part of a cart
    /// costs, the whole costs at least, and mostly that is enough to know.
    fn pair(
        &mut self,
        one: &[usize],
        other: &[usize],
        least: u64,
    ) -> Result<Option<u64>, NotBatched> {
        let mut floor = 0;
        for batch in [one, other] {
            let mut most = 0;
            for order in batch {
                most = most.max(self.length(vec![*order])?);
            }
            floor += most;
        }
        if floor >= least {
            return Ok(None);
        }
        let first = self.length(one.to_vec())?;
        if first >= least {
            return Ok(None);
        }
        let sum = first + self.length(other.to_vec())?;
        Ok((sum < least).then_some(sum))
    }
}

/// The orders of a cart without this one and with that one.
fn swapped(batch: &[usize], out: Option<usize>, more: Option<usize>) -> Vec<usize> {
    let stay = batch.iter().copied().filter(|&stay| Some(stay) != out);
    stay.chain(more).collect()
}

/// Where an order costs least.
#[derive(Clone, Copy)]
struct Place {
    /// A cart of its own, if none.
    cart: Option<usize>,
    /// How much more the second best place costs.
    regret: u64,
}

/// One order to another cart, perhaps against another one.
struct Change {
    from: usize,
    to: usize,
    left: Vec<usize>,
    joined: Vec<usize>,
    saved: u64,
}

/// Numbers that look random and are the same in every wave.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}
