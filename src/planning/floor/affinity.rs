//! Which items are wanted together.

use crate::warehouse::ItemCode;
use std::collections::{BTreeMap, BTreeSet};

/// The most different items of one order that are paired; who orders more is restocking a shop, not telling what goes together.
const MOST_ITEMS: usize = 60;

/// Two items and how often they are ordered together.
#[derive(Clone, Debug, PartialEq)]
pub struct Affinity {
    /// The one that comes first in the alphabet.
    pub first: ItemCode,
    /// The other.
    pub second: ItemCode,
    /// Orders that hold both.
    pub together: u32,
    /// How many times more often than if each were ordered regardless of the other.
    pub lift: f64,
}

/// Pairs that at least `least` orders hold and that are together more often than by chance; the highest lift first.
/// Orders of more than 60 different items are left out.
pub fn affinities(orders: &[Vec<ItemCode>], least: u32) -> Vec<Affinity> {
    let mut alone: BTreeMap<&ItemCode, u32> = BTreeMap::new();
    let mut pairs: BTreeMap<(&ItemCode, &ItemCode), u32> = BTreeMap::new();
    let mut counted = 0_u32;
    for order in orders {
        let items: BTreeSet<&ItemCode> = order.iter().collect();
        if items.is_empty() || items.len() > MOST_ITEMS {
            continue;
        }
        counted = counted.saturating_add(1);
        for (at, &first) in items.iter().enumerate() {
            *alone.entry(first).or_default() += 1;
            for &second in items.iter().skip(at + 1) {
                *pairs.entry((first, second)).or_default() += 1;
            }
        }
    }
    let mut found: Vec<Affinity> = pairs
        .into_iter()
        .filter(|(_, together)| *together >= least.max(1))
        .map(|((first, second), together)| {
            let by_chance = f64::from(alone[first]) * f64::from(alone[second]);
            Affinity {
                first: first.clone(),
                second: second.clone(),
                together,
                lift: f64::from(together) * f64::from(counted) / by_chance,
            }
        })
        .filter(|pair| pair.lift > 1.0)
        .collect();
    found.sort_by(|a, b| b.lift.total_cmp(&a.lift));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(items: &str) -> Vec<ItemCode> {
        items.split(' ').map(|item| item.parse().unwrap()).collect()
    }

    #[test]
    fn what_is_bought_together_is_found_and_what_everybody_buys_is_not() {
        let orders: Vec<_> = [
            "BOLT NUT BAG",
            "BOLT NUT BAG",
            "BAG PIN",
            "BAG GLUE",
            "BOLT BOLT BAG",
        ]
        .map(order)
        .into();
        let found = affinities(&orders, 2);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].first.as_str(), found[0].second.as_str()),
            ("BOLT", "NUT")
        );
        // 2 together of 5 orders, 3 with bolts and 2 with nuts: 2 · 5 / (3 · 2).
        assert!((found[0].lift - 5.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_shop_that_orders_everything_says_nothing() {
        let all: Vec<ItemCode> = (0..61).map(|n| format!("I{n}").parse().unwrap()).collect();
        assert!(affinities(&[all.clone(), all], 1).is_empty());
    }
}
