//! What goods cost when they came: by the invoice of their receipt with duty and its share of all charges, else by what is known
//! of the item.

use crate::office::Error;
use crate::office::database::{Row, Tx, values};
use crate::planning::value::{Basis, Charge, DutyRate, Invoiced, Money, landed_costs};
use crate::warehouse::Quantity;
use std::collections::HashMap;

/// So much of an item cost so much.
#[derive(Clone, Copy, Debug)]
struct Landed {
    quantity: Quantity,
    value: Money,
}

/// All that is known of costs in a warehouse.
pub(super) struct Costs {
    /// By receipt and item.
    landed: HashMap<(String, String), Landed>,
    /// What a thousand units of an item cost.
    usual: HashMap<String, Money>,
}

/// This amount's part for so much of a whole, to the nearest hundredth; also where it is more than the whole.
pub(super) fn share(value: Money, quantity: Quantity, whole: Quantity) -> Money {
    let under = i128::from(whole.thousandths());
    if under <= 0 {
        return Money::ZERO;
    }
    let over = i128::from(value.in_cents()) * i128::from(quantity.thousandths());
    let cents = (2 * over + under).div_euclid(2 * under);
    Money::cents(i64::try_from(cents).unwrap_or(i64::MAX))
}

impl Costs {
    pub fn of(tx: &Tx, warehouse: &str) -> Result<Self, Error> {
        Ok(Self {
            landed: landed(tx, warehouse)?,
            usual: usual(tx)?,
        })
    }

    /// What so much of an item of a receipt cost; none if there is no invoice of it.
    pub fn invoiced(&self, order: &str, item: &str, quantity: Quantity) -> Option<Money> {
        let landed = self.landed.get(&(order.to_owned(), item.to_owned()))?;
        Some(share(landed.value, quantity, landed.quantity))
    }

    /// What so much of an item costs as a rule; nothing where nobody ever said.
    pub fn usual(&self, item: &str, quantity: Quantity) -> Money {
        let cost = self.usual.get(item).copied().unwrap_or(Money::ZERO);
        share(cost, quantity, Quantity::units(1000))
    }
}

/// The price of the supplier that is asked first, else the item's value.
fn usual(tx: &Tx) -> Result<HashMap<String, Money>, Error> {
    let mut all = HashMap::new();
    tx.each(
        "SELECT item, price FROM supplies ORDER BY item, rank, supplier",
        &[],
        |row| {
            let price = Money::cents(row.int("price")?);
            all.entry(row.text("item")?.to_owned()).or_insert(price);
            Ok::<(), Error>(())
        },
    )?;
    tx.each("SELECT item, value FROM item_values", &[], |row| {
        let value = Money::cents(row.int("value")?.saturating_mul(1000));
        all.entry(row.text("item")?.to_owned()).or_insert(value);
        Ok::<(), Error>(())
    })?;
    Ok(all)
}

fn landed(tx: &Tx, warehouse: &str) -> Result<HashMap<(String, String), Landed>, Error> {
    let mut charges: HashMap<String, Vec<Charge>> = HashMap::new();
    let sql = "SELECT order_code, amount, basis FROM receipt_charges WHERE warehouse = ?1 ORDER BY order_code, charge";
    tx.each(sql, values![warehouse], |row| {
        let of_order = charges
            .entry(row.text("order_code")?.to_owned())
            .or_default();
        of_order.push(charge(&row)?);
        Ok::<(), Error>(())
    })?;
    let sql = "SELECT c.order_code, l.item, l.quantity, c.value, c.duty, i.weight_g, i.length_mm, i.width_mm, i.height_mm
               FROM receipt_costs c JOIN order_lines l ON l.warehouse = c.warehouse AND l.order_code = c.order_code
                   AND l.line = c.line JOIN items i ON i.code = l.item
               WHERE c.warehouse = ?1 ORDER BY c.order_code, c.line";
    let mut lines: HashMap<String, Vec<(String, Invoiced, DutyRate)>> = HashMap::new();
    tx.each(sql, values![warehouse], |row| {
        let of_order = lines.entry(row.text("order_code")?.to_owned()).or_default();
        of_order.push(invoiced(&row)?);
        Ok::<(), Error>(())
    })?;
    let mut all = HashMap::new();
    for (order, lines) in lines {
        let charges = charges.remove(&order).unwrap_or_default();
        for ((item, line, _), value) in lines.iter().zip(with_charges(&lines, &charges)) {
            let key = (order.clone(), item.clone());
            let landed = all.entry(key).or_insert(Landed {
                quantity: Quantity::ZERO,
                value: Money::ZERO,
            });
            landed.quantity = landed.quantity.plus(line.quantity);
            landed.value = landed.value.plus(value);
        }
    }
    Ok(all)
}

fn charge(row: &Row) -> Result<Charge, Error> {
    Ok(Charge {
        amount: Money::cents(row.int("amount")?),
        basis: match row.text("basis")? {
            "quantity" => Basis::Quantity,
            "weight" => Basis::Weight,
            "volume" => Basis::Volume,
            _ => Basis::Value,
        },
    })
}

fn invoiced(row: &Row) -> Result<(String, Invoiced, DutyRate), Error> {
    let quantity = Quantity::from_thousandths(row.int("quantity")?);
    let side = |name| {
        row.maybe_int(name)
            .and_then(|side| u64::try_from(side).ok())
            .unwrap_or(0)
    };
    let of_all = |one: u64| {
        let thousandths = u128::from(quantity.thousandths().unsigned_abs()) * u128::from(one);
        u64::try_from(thousandths / 1000).unwrap_or(u64::MAX)
    };
    let cubic_mm = side("length_mm")
        .saturating_mul(side("width_mm"))
        .saturating_mul(side("height_mm"));
    let duty = u32::try_from(row.int("duty")?)
        .ok()
        .and_then(DutyRate::from_millionths);
    let line = Invoiced {
        quantity,
        value: Money::cents(row.int("value")?),
        weight_g: of_all(side("weight_g")),
        volume_cm3: of_all(cubic_mm) / 1000,
    };
    Ok((row.text("item")?.to_owned(), line, duty.unwrap_or_default()))
}

/// What each line costs with its duty and its shares. A charge that cannot be shared out as it should, since nobody knows what
/// the goods weigh, is shared out by quantity.
fn with_charges(lines: &[(String, Invoiced, DutyRate)], charges: &[Charge]) -> Vec<Money> {
    let plain: Vec<Invoiced> = lines.iter().map(|(_, line, _)| *line).collect();
    let with_duty = lines.iter().map(|(_, line, duty)| {
        landed_costs(&[*line], *duty, &[]).map_or(line.value, |costs| costs[0])
    });
    let mut costs: Vec<Money> = with_duty.collect();
    for charge in charges {
        let by_quantity = Charge {
            basis: Basis::Quantity,
            ..*charge
        };
        let shared = landed_costs(&plain, DutyRate::default(), &[*charge])
            .or_else(|_| landed_costs(&plain, DutyRate::default(), &[by_quantity]));
        for ((cost, line), shared) in costs
            .iter_mut()
            .zip(&plain)
            .zip(shared.into_iter().flatten())
        {
            *cost = cost.plus(shared.minus(line.value));
        }
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_more_than_the_whole_costs_more_and_of_nothing_nothing() {
        let (value, whole) = (Money::cents(1000), Quantity::units(3));
        assert_eq!(share(value, Quantity::units(1), whole), Money::cents(333));
        assert_eq!(share(value, Quantity::units(6), whole), Money::cents(2000));
        assert_eq!(
            share(value, Quantity::units(1), Quantity::ZERO),
            Money::ZERO
        );
    }

    #[test]
    fn a_charge_by_weight_of_goods_that_nobody_weighed_is_shared_by_quantity() {
        let line = |units, cents| Invoiced {
            quantity: Quantity::units(units),
            value: Money::cents(cents),
            weight_g: 0,
            volume_cm3: 0,
        };
        let duty = |millionths| DutyRate::from_millionths(millionths).unwrap();
        let lines = [
            ("A".to_owned(), line(30, 10_000), duty(50_000)),
            ("B".to_owned(), line(10, 10_000), duty(0)),
        ];
        let freight = Charge {
            amount: Money::cents(1000),
            basis: Basis::Weight,
        };
        let costs = with_charges(&lines, &[freight]);
        assert_eq!(costs, [Money::cents(11_250), Money::cents(10_250)]);
    }
}
