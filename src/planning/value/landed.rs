//! What goods cost once they are here: the invoice, duty, and freight and other charges shared out to the cent.

use super::Money;
use crate::warehouse::Quantity;

/// By what a charge is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// By invoiced value.
    Value,
    /// By quantity.
    Quantity,
    /// By weight.
    Weight,
    /// By volume.
    Volume,
}

/// A charge on a whole receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// How much.
    pub amount: Money,
    /// How it is shared out.
    pub basis: Basis,
}

/// One line of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invoiced {
    /// How much came.
    pub quantity: Quantity,
    /// What the supplier wants for the line.
    pub value: Money,
    /// What the line weighs, in grams.
    pub weight_g: u64,
    /// What room it takes, in cubic centimetres.
    pub volume_cm3: u64,
}

impl Invoiced {
    fn weight_by(&self, basis: Basis) -> u64 {
        let size = |number: i64| u64::try_from(number).unwrap_or(0);
        match basis {
            Basis::Value => size(self.value.in_cents()),
            Basis::Quantity => size(self.quantity.thousandths()),
            Basis::Weight => self.weight_g,
            Basis::Volume => self.volume_cm3,
        }
    }
}

/// Duty as a share of the invoiced value, in millionths: 50,000 is 5 %. At most ten times the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DutyRate(u32);

impl DutyRate {
    /// None above ten times the value.
    pub fn from_millionths(millionths: u32) -> Option<Self> {
        (millionths <= 10_000_000).then_some(Self(millionths))
    }
}

/// Why a charge cannot be shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoShares {
    /// No line has any of what it is shared out by.
    #[error("no line has anything to share the charge out by; share it out by another measure")]
    NothingToShareBy,
}

/// What each line costs with duty and its share of every charge. The sum is that of all amounts, to the cent.
pub fn landed_costs(
    lines: &[Invoiced],
    duty: DutyRate,
    charges: &[Charge],
) -> Result<Vec<Money>, NoShares> {
    let mut costs: Vec<Money> = lines
        .iter()
        .map(|line| line.value.plus(duty_on(line.value, duty)))
        .collect();
    for charge in charges.iter().filter(|charge| !charge.amount.is_zero()) {
        let weights: Vec<u64> = lines
            .iter()
            .map(|line| line.weight_by(charge.basis))
            .collect();
        let shares = share_out(charge.amount, &weights)?;
        for (cost, share) in costs.iter_mut().zip(shares) {
            *cost = cost.plus(share);
        }
    }
    Ok(costs)
}

fn duty_on(value: Money, duty: DutyRate) -> Money {
    value.scaled(duty.0.into(), 1_000_000)
}

/// Shares an amount out by weights, so that the shares add up to it: each gets its whole cents, and the cents left over go
/// to those with the largest remainders, the earlier of two the same.
pub fn share_out(amount: Money, weights: &[u64]) -> Result<Vec<Money>, NoShares> {
    let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if total == 0 {
        return Err(NoShares::NothingToShareBy);
    }
    let size = u128::from(amount.in_cents().unsigned_abs());
    let mut shares: Vec<u128> = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (at, &weight) in weights.iter().enumerate() {
        let product = size * u128::from(weight);
        shares.push(product / total);
        remainders.push((std::cmp::Reverse(product % total), at));
    }
    remainders.sort_unstable();
    let left = size - shares.iter().sum::<u128>();
    for (_, at) in remainders
        .iter()
        .zip(0..left)
        .map(|(remainder, _)| remainder)
    {
        shares[*at] += 1;
    }
    let money = |cents: u128| {
        let cents = i64::try_from(cents).unwrap_or(i64::MAX);
        Money::cents(if amount < Money::ZERO { -cents } else { cents })
    };
    Ok(shares.into_iter().map(money).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cents(shares: &[Money]) -> Vec<i64> {
        shares.iter().map(|share| share.in_cents()).collect()
    }

    #[test]
    fn the_last_cents_go_to_the_largest_remainders() {
        let shares = share_out(Money::cents(100), &[1, 1, 1]).unwrap();
        assert_eq!(cents(&shares), [34, 33, 33]);
        let shares = share_out(Money::cents(10), &[1, 2, 4]).unwrap();
        // 1.43, 2.86, 5.71: one cent to .86, one to .71.
        assert_eq!(cents(&shares), [1, 3, 6]);
        let shares = share_out(Money::cents(-10), &[1, 2, 4]).unwrap();
        assert_eq!(cents(&shares), [-1, -3, -6]);
        assert_eq!(
            share_out(Money::cents(1), &[0, 0]),
            Err(NoShares::NothingToShareBy)
        );
        assert_eq!(
            share_out(Money::cents(1), &[]),
            Err(NoShares::NothingToShareBy)
        );
    }

    #[test]
    fn freight_by_weight_and_insurance_by_value_land_on_different_lines() {
        let line = |value, weight_g| Invoiced {
            quantity: Quantity::units(10),
            value: Money::cents(value),
            weight_g,
            volume_cm3: 0,
        };
        let lines = [line(10_000, 9_000), line(30_000, 1_000)];
        let charge = |amount, basis| Charge {
            amount: Money::cents(amount),
            basis,
        };
        let duty = DutyRate::from_millionths(50_000).unwrap();
        let charges = [charge(1000, Basis::Weight), charge(400, Basis::Value)];
        let costs = landed_costs(&lines, duty, &charges).unwrap();
        // 100.00 + 5.00 + 9.00 + 1.00, and 300.00 + 15.00 + 1.00 + 3.00.
        assert_eq!(cents(&costs), [11_500, 31_900]);
        let by_room = [charge(1, Basis::Volume)];
        assert_eq!(
            landed_costs(&lines, duty, &by_room),
            Err(NoShares::NothingToShareBy)
        );
    }

    proptest! {
        #[test]
        fn shares_add_up_and_no_one_pays_a_cent_too_much(
            amount in any::<i32>(),
            weights in proptest::collection::vec(0..u64::MAX, 1..20),
        ) {
            prop_assume!(weights.iter().any(|&weight| weight > 0));
            let amount = Money::cents(amount.into());
            let shares = share_out(amount, &weights).unwrap();
            prop_assert_eq!(shares.iter().copied().sum::<Money>(), amount);
            let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
            for (share, &weight) in shares.iter().zip(&weights) {
                let fair = u128::from(amount.in_cents().unsigned_abs()) * u128::from(weight) / total;
                let paid = u128::from(share.in_cents().unsigned_abs());
                prop_assert!(paid == fair || paid == fair + 1);
            }
        }
    }
}
