//! A fill rate promised for a group of items together, such as an ABC/XYZ cell: stock goes where it buys most service.

use super::Protection;
use super::lot::units;
use crate::planning::policy::{Positive, Share, normal};
use crate::warehouse::Quantity;

/// An item of the group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// What its safety stock has to cover.
    pub protection: Protection,
    /// Forecast units a day.
    pub daily: Positive,
    /// Money a unit in stock.
    pub unit_cost: Positive,
    /// Its usual order; more than zero.
    pub lot: Quantity,
}

impl Member {
    /// Units short a day with so many standard deviations of safety stock: G(k)·σ in each of d/Q cycles.
    fn short(&self, k: f64) -> f64 {
        let per_cycle = self.protection.sigma * normal::loss(k);
        per_cycle * self.daily.get() / self.lot_units()
    }

    fn lot_units(&self) -> f64 {
        units(self.lot.max(Quantity::from_thousandths(1)))
    }

    /// The factor at which one more unit kept saves as much shortage as its price: 1 − Φ(k) = price · c·Q / d.
    fn factor(&self, price: f64, least: f64) -> f64 {
        let tail = price * self.unit_cost.get() * self.lot_units() / self.daily.get();
        Share::new(tail).map_or(least, |tail| (-normal::quantile(tail)).max(least))
    }
}

/// How many standard deviations of safety stock each member should have, so that the group's fill rate is `group` at the
/// least stock value, and each member's own at least `each`. Where that alone gives the group more, it is so.
pub fn shared_factors(members: &[Member], group: Share, each: Share) -> Vec<f64> {
    let least: Vec<f64> = members
        .iter()
        .map(|member| {
            let service = super::Service::Fill(each);
            member.protection.factor(service, member.lot_units())
        })
        .collect();
    let factors = |price: f64| -> Vec<f64> {
        let pairs = members.iter().zip(&least);
        pairs
            .map(|(member, &least)| member.factor(price, least))
            .collect()
    };
    let demand: f64 = members.iter().map(|member| member.daily.get()).sum();
    let wanted = group.rest() * demand;
    let short = |factors: &[f64]| -> f64 {
        let pairs = members.iter().zip(factors);
        pairs.map(|(member, &k)| member.short(k)).sum()
    };
    // A higher price of stock is less of it and more short. Bisected by its logarithm, over all that numbers allow.
    let (mut low, mut high) = (-80.0_f64, 80.0_f64);
    for _ in 0..100 {
        let price = f64::midpoint(low, high);
        if short(&factors(price.exp())) > wanted {
            high = price;
        } else {
            low = price;
        }
    }
    factors(low.exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(sigma: f64, unit_cost: f64) -> Member {
        Member {
            protection: Protection { mean: 50.0, sigma },
            daily: Positive::new(10.0).unwrap(),
            unit_cost: Positive::new(unit_cost).unwrap(),
            lot: Quantity::units(100),
        }
    }

    fn share(share: f64) -> Share {
        Share::new(share).unwrap()
    }

    fn fill(members: &[Member], factors: &[f64]) -> f64 {
        let short: f64 = members.iter().zip(factors).map(|(m, &k)| m.short(k)).sum();
        let demand: f64 = members.iter().map(|member| member.daily.get()).sum();
        1.0 - short / demand
    }

    fn value(members: &[Member], factors: &[f64]) -> f64 {
        let value = |(m, k): (&Member, &f64)| m.unit_cost.get() * m.protection.sigma * k;
        members.iter().zip(factors).map(value).sum()
    }

    #[test]
    fn the_group_keeps_its_promise_and_no_shift_between_two_members_is_cheaper() {
        let members = [member(20.0, 1.0), member(20.0, 30.0), member(60.0, 5.0)];
        let factors = shared_factors(&members, share(0.95), share(0.5));
        assert!((fill(&members, &factors) - 0.95).abs() < 1e-9);
        assert!(factors[0] > factors[1], "what is cheap is kept in plenty");
        let best = value(&members, &factors);
        for (more, less) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            let mut other = factors.clone();
            other[more] += 0.05;
            while fill(&members, &other) > 0.95 {
                other[less] -= 0.0001;
            }
            assert!(value(&members, &other) > best - 0.05, "{more} for {less}");
        }
    }

    #[test]
    fn none_is_given_up_for_the_others() {
        let members = [member(40.0, 1.0), member(40.0, 1e6)];
        let factors = shared_factors(&members, share(0.93), share(0.9));
        let own = 1.0 - members[1].short(factors[1]) / 10.0;
        assert!((own - 0.9).abs() < 1e-9, "{own}");
        assert!(shared_factors(&[], share(0.9), share(0.5)).is_empty());
    }
}
