//! Putting back: what lies at a bench for an order and is not wanted any more, counted from the facts, becomes work.
//! However late a fact comes, nothing is put back twice and nothing is forgotten.

use super::database::{Row, Tx, values};
use super::exception::Posting;
use super::putaway::{self, Standing};
use super::settle::bench;
use super::work::{self, Known};
use super::{Error, feed, ledger, records};
use crate::warehouse::{BinCode, Fact, Goods, Job, OrderCode, Quantity, Status};
use std::collections::BTreeMap;

/// The cause of tasks that put back what nobody wants any more.
const CAUSE: &str = "cancel";

/// Makes work of all that lies at a bench for an order and is not wanted, and is not being put back yet. Says how much of it
/// is being put back in all.
pub(super) fn give_back(
    tx: &Tx,
    posting: &mut Posting,
    order: &OrderCode,
) -> Result<Quantity, Error> {
    let warehouse = posting.warehouse;
    let mut lying = Lying::of(tx, warehouse, order)?;
    if lying.owed.values().any(|(_, sum)| *sum < 0) {
        recall(tx, warehouse, order)?;
        lying = Lying::of(tx, warehouse, order)?;
    }
    let sql = "SELECT priority, due FROM orders WHERE warehouse = ?1 AND code = ?2";
    let Some(head) = tx.first(sql, values![warehouse, order.as_str()])? else {
        return Ok(Quantity::ZERO);
    };
    let mut all = lying.under_way;
    for ((bin, ..), (goods, sum)) in lying.owed {
        if sum <= 0 {
            continue;
        }
        let quantity = Quantity::from_thousandths(sum);
        all = all.plus(quantity);
        let standing = Standing {
            order: order.clone(),
            priority: i32::try_from(head.int("priority")?).unwrap_or_default(),
            due: head.parse_maybe("due")?,
            bin,
            plate: None,
            status: Status::Available,
            goods,
            quantity,
        };
        putaway::stands(tx, warehouse, &standing, CAUSE)?;
    }
    putaway::plan(tx, posting.now, warehouse)?;
    Ok(all)
}

/// Putting back that nobody has begun is withdrawn: it is counted anew.
fn recall(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<(), Error> {
    let sql = "DELETE FROM to_put_away WHERE warehouse = ?1 AND order_code = ?2 AND cause = ?3";
    tx.run(sql, values![warehouse, order.as_str(), CAUSE])?;
    let sql = "UPDATE tasks SET state = 'cancelled', lease_device = '', withdrawn_for = ?2
               WHERE warehouse = ?1 AND order_code = ?2 AND cause = ?3 AND kind = 'putaway' AND state = 'open'
               AND NOT EXISTS (SELECT 1 FROM task_facts f WHERE f.warehouse = tasks.warehouse AND f.task = tasks.id) RETURNING id";
    for row in tx.rows(sql, values![warehouse, order.as_str(), CAUSE])? {
        feed::announce(tx, warehouse, "task", row.text("id")?)?;
    }
    Ok(())
}

/// Goods at a bin: the date belongs to the lot.
type Key = (BinCode, String, String, String);

/// What lies at benches for an order, by the facts, less what is on its way back.
#[derive(Default)]
struct Lying {
    owed: BTreeMap<Key, (Goods, i64)>,
    under_way: Quantity,
}

impl Lying {
    fn of(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Self, Error> {
        let mut lying = Self::default();
        let sql = "SELECT f.fact FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
                   JOIN task_facts f ON f.warehouse = k.warehouse AND f.task = k.id
                   WHERE x.warehouse = ?1 AND x.order_code = ?2 AND k.kind IN ('pick', 'pack')";
        for row in tx.rows(sql, values![warehouse, order.as_str()])? {
            lying.hear(order, &row.json("fact")?);
        }
        if let Some(bench) = bench(tx, warehouse, order)? {
            let sql = "SELECT item, lot, serial, expiry, quantity FROM unpacked WHERE warehouse = ?1 AND order_code = ?2";
            for row in tx.rows(sql, values![warehouse, order.as_str()])? {
                lying.add(&bench, &records::goods(&row)?, row.int("quantity")?);
            }
            // In totes of which whoever brought them could not know all.
            let sql = "SELECT item, lot, serial, NULL AS expiry, quantity FROM relayed WHERE warehouse = ?1 AND order_code = ?2";
            for row in tx.rows(sql, values![warehouse, order.as_str()])? {
                lying.add(&bench, &records::goods(&row)?, row.int("quantity")?);
            }
        }
        let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND order_code = ?2 AND cause = ?3 AND kind = 'putaway'";
        for row in tx.rows(sql, values![warehouse, order.as_str(), CAUSE])? {
            if let Some(known) = work::known(tx, warehouse, row.text("id")?)? {
                lying.goes_back(&known);
            }
        }
        let sql = "SELECT bin, item, lot, serial, expiry, quantity FROM to_put_away
                   WHERE warehouse = ?1 AND order_code = ?2 AND cause = ?3";
        for row in tx.rows(sql, values![warehouse, order.as_str(), CAUSE])? {
            lying.waits(&row)?;
        }
        Ok(lying)
    }

    fn add(&mut self, bin: &BinCode, goods: &Goods, by: i64) {
        let key = (
            bin.clone(),
            goods.item.to_string(),
            ledger::text(goods.lot.as_ref()),
            ledger::text(goods.serial.as_ref()),
        );
        let (known, sum) = self.owed.entry(key).or_insert_with(|| (goods.clone(), 0));
        known.expiry = known.expiry.or(goods.expiry);
        *sum = sum.saturating_add(by);
    }

    fn hear(&mut self, of: &OrderCode, fact: &Fact) {
        match fact {
            Fact::Dropped { order, bin, goods } if order == of => {
                for (goods, quantity, _) in goods {
                    self.add(bin, goods, quantity.thousandths());
                }
            }
            Fact::Packed {
                order,
                goods,
                quantity,
                from,
                ..
            } if order == of => self.add(from, goods, -quantity.thousandths()),
            Fact::PackedShort {
                order,
                goods,
                missing,
                bin,
                ..
            } if order == of => self.add(bin, goods, -missing.thousandths()),
            _ => {}
        }
    }

    /// A task that puts back: what it did, and what it still is to do.
    fn goes_back(&mut self, known: &Known) {
        let Job::Putaway(job) = &known.task.job else {
            return;
        };
        let mut left: BTreeMap<u32, i64> = BTreeMap::new();
        if known.is_open() {
            let lines = job.lines.iter();
            left.extend(lines.map(|line| (line.line, line.quantity.thousandths())));
        }
        for fact in &known.task.done {
            match fact {
                Fact::PutAway {
                    line,
                    goods,
                    quantity,
                    from,
                    ..
                } => {
                    let quantity = quantity.thousandths();
                    self.add(from, goods, -quantity);
                    left.entry(*line).and_modify(|left| *left -= quantity);
                }
                Fact::PutShort { line, missing, .. } => {
                    let missing = missing.thousandths();
                    left.entry(*line).and_modify(|left| *left -= missing);
                }
                _ => {}
            }
        }
        for line in &job.lines {
            let left = left.get(&line.line).copied().unwrap_or(0).max(0);
            self.add(&job.from, &line.goods, -left);
            self.under_way = self.under_way.plus(Quantity::from_thousandths(left));
        }
    }

    /// What found no bin yet.
    fn waits(&mut self, row: &Row) -> Result<(), Error> {
        let quantity = row.int("quantity")?;
        self.add(&row.parse("bin")?, &records::goods(row)?, -quantity);
        self.under_way = self.under_way.plus(Quantity::from_thousandths(quantity));
        Ok(())
    }
}
