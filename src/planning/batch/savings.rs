//! Clarke and Wright's savings, looked at anew after every step.

use super::{NotBatched, Walks};

impl Walks<'_> {
    /// Clarke and Wright: the pair that saves most, again and again.
    pub fn put_together(&mut self) -> Result<Vec<Vec<usize>>, NotBatched> {
        let count = self.wave.orders.len();
        let mut batches: Vec<Vec<usize>> = (0..count).map(|order| vec![order]).collect();
        let mut savings = vec![None; count * count];
        for one in 0..count {
            // Alone first, so that an order that cannot be walked is named.
            self.length(vec![one])?;
        }
        for one in 0..count {
            for other in one + 1..count {
                savings[one * count + other] = self.saving(&batches[one], &batches[other])?;
            }
        }
        let best = |savings: &[Option<u64>]| {
            (0..savings.len())
                .rev()
                .filter(|&pair| savings[pair].is_some())
                .max_by_key(|&pair| savings[pair])
        };
        while let Some(pair) = best(&savings) {
            let (kept, gone) = (pair / count, pair % count);
            let more = std::mem::take(&mut batches[gone]);
            batches[kept].extend(more);
            for other in (0..count).filter(|&other| other != kept) {
                let place = |a: usize, b: usize| a.min(b) * count + a.max(b);
                savings[place(other, gone)] = None;
                savings[place(other, kept)] = self.saving(&batches[kept], &batches[other])?;
            }
            savings[pair] = None;
        }
        batches.retain(|batch| !batch.is_empty());
        Ok(batches)
    }

    /// What is saved when two carts become one; none, if that cannot be.
    fn saving(&mut self, one: &[usize], other: &[usize]) -> Result<Option<u64>, NotBatched> {
        if one.is_empty() || other.is_empty() || !self.wave.fits(one.iter().chain(other).copied()) {
            return Ok(None);
        }
        let apart = self.length(one.to_vec())? + self.length(other.to_vec())?;
        Ok(apart.checked_sub(self.length([one, other].concat())?))
    }
}
