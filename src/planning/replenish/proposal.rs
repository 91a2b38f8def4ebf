//! Purchase orders that are proposed: what is wanted, in sizes that are sold, gathered by supplier.

use super::{Lot, Reminder, Supply};
use crate::planning::value::Money;
use crate::warehouse::{ItemCode, Quantity};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Something to buy. `S` names a supplier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need<S> {
    /// From whom.
    pub supplier: S,
    /// What and why.
    pub reminder: Reminder,
    /// In which sizes it is sold.
    pub lot: Lot,
    /// What a thousand units cost, so that a screw's price is exact.
    pub cost_of_thousand: Money,
}

/// A line of a proposed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// What and why.
    pub reminder: Reminder,
    /// How much: up to the preferred level, in a size that is sold.
    pub quantity: Quantity,
    /// What it costs.
    pub value: Money,
}

/// A proposed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurchaseProposal<S> {
    /// To whom.
    pub supplier: S,
    /// The next day it takes orders; none within 400 days.
    pub order_on: Option<NaiveDate>,
    /// When that order would be here.
    pub arrives_on: Option<NaiveDate>,
    /// Most urgent first.
    pub lines: Vec<OrderLine>,
    /// What it costs.
    pub value: Money,
    /// What is missing up to the supplier's smallest order value.
    pub below_minimum: Money,
}

impl<S> PurchaseProposal<S> {
    /// Its most urgent item, if it has any.
    pub fn first_item(&self) -> Option<&ItemCode> {
        self.lines.first().map(|line| &line.reminder.item)
    }

    fn urgency(&self) -> i64 {
        self.lines.first().map_or(i64::MAX, urgency)
    }
}

/// Days to spare; what lasts beyond the forecast comes last.
fn urgency(line: &OrderLine) -> i64 {
    line.reminder.days_to_spare.unwrap_or(i64::MAX)
}

/// One proposal a supplier, most urgent first. `terms` says how a supplier supplies, and its smallest order value.
pub fn purchase_proposals<S: Ord + Clone>(
    needs: Vec<Need<S>>,
    today: NaiveDate,
    terms: impl Fn(&S) -> (Supply, Money),
) -> Vec<PurchaseProposal<S>> {
    let mut by_supplier: BTreeMap<S, Vec<OrderLine>> = BTreeMap::new();
    for need in needs {
        let quantity = need.lot.up(need.reminder.wanted);
        let line = OrderLine {
            value: value_of(quantity, need.cost_of_thousand),
            quantity,
            reminder: need.reminder,
        };
        by_supplier.entry(need.supplier).or_default().push(line);
    }
    let mut proposals: Vec<PurchaseProposal<S>> = by_supplier
        .into_iter()
        .map(|(supplier, lines)| {
            let (supply, minimum) = terms(&supplier);
            proposal(supplier, lines, &supply, minimum, today)
        })
        .collect();
    proposals.sort_by_key(PurchaseProposal::urgency);
    proposals
}

fn proposal<S>(
    supplier: S,
    mut lines: Vec<OrderLine>,
    supply: &Supply,
    minimum: Money,
    today: NaiveDate,
) -> PurchaseProposal<S> {
    lines.sort_by(|a, b| (urgency(a), &a.reminder.item).cmp(&(urgency(b), &b.reminder.item)));
    let value: Money = lines.iter().map(|line| line.value).sum();
    let order_on = supply.next_order(today);
    PurchaseProposal {
        supplier,
        order_on,
        arrives_on: order_on.and_then(|date| supply.arrival(date)),
        lines,
        value,
        below_minimum: minimum.minus(value).max(Money::ZERO),
    }
}

/// What so much costs, to the nearest cent.
fn value_of(quantity: Quantity, cost_of_thousand: Money) -> Money {
    let cents = i128::from(quantity.thousandths()) * i128::from(cost_of_thousand.in_cents());
    let cents = (cents + 500_000) / 1_000_000;
    Money::cents(i64::try_from(cents).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::{Calendar, Why};
    use super::*;
    use chrono::Weekday;

    fn need(
        supplier: &'static str,
        item: &str,
        wanted: u32,
        spare: Option<i64>,
    ) -> Need<&'static str> {
        let position = Quantity::ZERO;
        Need {
            supplier,
            reminder: Reminder {
                item: item.parse().unwrap(),
                why: Why::AtReorderPoint {
                    position,
                    reorder_point: position,
                },
                position,
                wanted: Quantity::units(wanted),
                stock_out: None,
                days_to_spare: spare,
            },
            lot: Lot {
                minimum: Quantity::units(10),
                multiple: Quantity::units(12),
            },
            cost_of_thousand: Money::cents(1250),
        }
    }

    #[test]
    fn each_supplier_gets_one_order_and_the_most_urgent_comes_first() {
        let needs = vec![
            need("north", "NUT", 30, None),
            need("south", "PIN", 5, Some(2)),
            need("north", "BOLT", 13, Some(-3)),
        ];
        let today = "2026-11-25".parse().unwrap();
        let terms = |_: &&str| {
            let supply = Supply {
                orders: Calendar::on(&[Weekday::Fri]),
                lead_days: 4,
                ..Supply::default()
            };
            (supply, Money::cents(100))
        };
        let found = purchase_proposals(needs, today, terms);
        let names: Vec<_> = found.iter().map(|proposal| proposal.supplier).collect();
        assert_eq!(names, ["north", "south"]);
        let north = &found[0];
        assert_eq!(north.first_item().map(ItemCode::as_str), Some("BOLT"));
        let sizes: Vec<_> = north.lines.iter().map(|line| line.quantity).collect();
        assert_eq!(sizes, [24, 36].map(Quantity::units));
        // 24 and 36 at 12.50 a thousand: 0.30 and 0.45.
        assert_eq!(north.value, Money::cents(75));
        assert_eq!(north.below_minimum, Money::cents(25));
        assert_eq!(north.order_on, "2026-11-27".parse().ok());
        assert_eq!(north.arrives_on, "2026-12-01".parse().ok());
    }
}
