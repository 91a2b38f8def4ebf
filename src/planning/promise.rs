//! Available to promise: when each of some demands can be met from what is there and what is due, in their turn.

use crate::warehouse::Quantity;

/// From when on each demand can be met: the moment of the supply that completes it, or none if all there is to come is too little.
/// An earlier demand takes what there is, even where that is too little for it. What is not positive is met at once by the first
/// supply, and supplies nothing.
pub fn moments<T: Ord + Clone>(
    mut supply: Vec<(T, Quantity)>,
    demands: &[Quantity],
) -> Vec<Option<T>> {
    supply.retain(|(_, quantity)| quantity.is_positive());
    supply.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut coming = supply.into_iter().peekable();
    let mut last = coming.peek().map(|(at, _)| at.clone());
    let mut left = Quantity::ZERO;
    let mut met = Vec::with_capacity(demands.len());
    for &demand in demands {
        let mut lacks = demand;
        loop {
            let part = lacks.min(left).max(Quantity::ZERO);
            (lacks, left) = (lacks.minus(part), left.minus(part));
            if !lacks.is_positive() {
                met.push(last.clone());
                break;
            }
            let Some((at, quantity)) = coming.next() else {
                met.push(None);
                break;
            };
            (last, left) = (Some(at), quantity);
        }
    }
    met
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(counts: &[u32]) -> Vec<Quantity> {
        counts.iter().copied().map(Quantity::units).collect()
    }

    #[test]
    fn each_demand_waits_for_the_supply_that_completes_it() {
        let supply = vec![
            (9, Quantity::units(4)),
            (0, Quantity::units(5)),
            (7, Quantity::units(3)),
        ];
        let met = moments(supply, &units(&[4, 2, 2, 3, 9, 1]));
        assert_eq!(met, [Some(0), Some(7), Some(7), Some(9), None, None]);
        assert_eq!(moments::<u8>(Vec::new(), &units(&[0, 1])), [None, None]);
    }

    proptest! {
        /// The same, said the slow way: a demand is met once as much has come as it and all before it want.
        #[test]
        fn it_is_what_adding_up_says(
            supply in prop::collection::vec((0..9u8, 0..20u32), 0..8),
            demands in prop::collection::vec(1..20u32, 0..8),
        ) {
            let given = supply.iter().map(|(at, count)| (*at, Quantity::units(*count))).collect();
            let met = moments(given, &units(&demands));
            for (at, said) in met.into_iter().enumerate() {
                let wanted: u32 = demands[..=at].iter().sum();
                let come = |until: u8| supply.iter().filter(|(at, _)| *at <= until).map(|(_, count)| count).sum::<u32>();
                prop_assert_eq!(said, (0..9).find(|&until| come(until) >= wanted));
            }
        }
    }
}
