//! Totes that go from zone to zone: what each zone tells the next, and what stands at the packing place in totes of which
//! the one who brought them could not know all. Settled anew from all that is known, so that it does not matter who was
//! heard first.

use super::database::{Tx, values};
use super::exception::Posting;
use super::{Document, Error, ledger, records, shortage, work};
use crate::warehouse::{
    BinCode, Fact, Goods, ItemCode, Job, LotCode, Move, OrderCode, PickOrder, Place, Quantity,
    SerialCode, Spot, Task, ToteCode,
};
use std::collections::BTreeMap;

type Key = (ToteCode, ItemCode, Option<LotCode>, Option<SerialCode>);
type Sums = BTreeMap<Key, (Goods, Quantity)>;

/// The order of which a step tells where its totes or goods are.
const fn order_of(fact: &Fact) -> Option<&OrderCode> {
    match fact {
        Fact::Picked { order, .. }
        | Fact::Dropped { order, .. }
        | Fact::TotesPutDown { order, .. }
        | Fact::ToteTakenUp { order, .. } => Some(order),
        _ => None,
    }
}

const fn done_or_undone(fact: &Fact) -> &Fact {
    match fact {
        Fact::Undone { what, .. } => what,
        fact => fact,
    }
}

fn part<'a>(task: &'a Task, order: &OrderCode) -> Option<&'a PickOrder> {
    let Job::Pick(job) = &task.job else {
        return None;
    };
    let mut orders = job.orders.iter();
    orders.find(|known| known.order == *order && known.leg.is_some())
}

/// Tasks of an order.
fn tasks(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    kind: &str,
) -> Result<Vec<work::Known>, Error> {
    let sql =
        "SELECT k.id FROM tasks k JOIN task_orders o ON o.warehouse = k.warehouse AND o.task = k.id
               WHERE k.warehouse = ?1 AND o.order_code = ?2 AND k.kind = ?3 ORDER BY k.id";
    let mut known = Vec::new();
    for row in tx.rows(sql, values![warehouse, order.as_str(), kind])? {
        known.extend(work::known(tx, warehouse, row.text("id")?)?);
    }
    Ok(known)
}

/// The next zones learn which totes stand at their buffers, and that no more come.
pub(super) fn teach(
    tx: &Tx,
    posting: &mut Posting,
    known: &work::Known,
    fact: &Fact,
) -> Result<(), Error> {
    let told = done_or_undone(fact);
    let tells = matches!(told, Fact::TaskFinished | Fact::TotesPutDown { .. });
    let orders = known.task.orders();
    let mut passed = orders
        .into_iter()
        .filter(|order| part(&known.task, order).is_some_and(|part| part.passes_to().is_some()));
    if !tells || passed.clone().next().is_none() {
        return Ok(());
    }
    let id = &known.task.id;
    passed.try_for_each(|order| {
        for next in tasks(tx, posting.warehouse, order, "pick")? {
            let mut task = next.task.clone();
            task.learn(Some(id), fact);
            if next.task.id != *id && task.job != next.task.job {
                work::replace_job(tx, posting.warehouse, &task)?;
            }
        }
        Ok(())
    })
}

/// Puts the books right after a step: what zones picked into totes that stand where the order is packed stands there too.
pub(super) fn settle(
    tx: &Tx,
    posting: &mut Posting,
    known: &work::Known,
    fact: &Fact,
) -> Result<(), Error> {
    if let Fact::TaskFinished = fact {
        return stray(tx, posting, known);
    }
    let Some(order) = order_of(done_or_undone(fact)) else {
        return Ok(());
    };
    let Some(bench) = part(&known.task, order).map(|part| part.drop.clone()) else {
        return Ok(());
    };
    let all = tasks(tx, posting.warehouse, order, "pick")?;
    let legs = all.iter().filter(|leg| part(&leg.task, order).is_some());
    let facts: Vec<&Fact> = legs.flat_map(|leg| &leg.task.done).collect();
    let owed = owed(&facts, order, &bench);
    let posted = posted(tx, posting.warehouse, order)?;
    for (key, goods, by) in differences(owed, posted) {
        shift(tx, posting, known, (order, &bench), &key, goods, by)?;
    }
    match fact {
        Fact::TotesPutDown { totes, bin, .. } => {
            late(tx, posting, known, &all, (order, bin, totes))
        }
        Fact::Undone { seq, what } if matches!(**what, Fact::TotesPutDown { .. }) => {
            shortage::not_instead(tx, posting, *seq)
        }
        _ => Ok(()),
    }
}

/// What was put into an order's totes that stand at the packing place, less what was said to have been brought in them.
fn owed(facts: &[&Fact], order: &OrderCode, bench: &BinCode) -> Sums {
    let mut there: Vec<&ToteCode> = Vec::new();
    for fact in facts {
        if let Fact::TotesPutDown {
            order: of,
            totes,
            bin,
        } = fact
            && of == order
            && bin == bench
        {
            there.extend(totes);
        }
    }
    let mut sums = Sums::new();
    let mut add = |goods: &Goods, place: &Place, by: Quantity| {
        if let Place::Tote(tote) = place
            && there.contains(&tote)
        {
            let sum = sums.entry(key(tote, goods));
            let (_, sum) = sum.or_insert_with(|| (goods.clone(), Quantity::ZERO));
            *sum = sum.plus(by);
        }
    };
    for fact in facts {
        match fact {
            Fact::Picked {
                order: of,
                goods,
                quantity,
                into,
                ..
            } if of == order => add(goods, into, *quantity),
            Fact::Dropped {
                order: of, goods, ..
            } if of == order => {
                for (goods, quantity, from) in goods {
                    add(goods, from, Quantity::ZERO.minus(*quantity));
                }
            }
            _ => {}
        }
    }
    sums.retain(|_, (_, sum)| sum.is_positive());
    sums
}

fn key(tote: &ToteCode, goods: &Goods) -> Key {
    (
        tote.clone(),
        goods.item.clone(),
        goods.lot.clone(),
        goods.serial.clone(),
    )
}

fn posted(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Sums, Error> {
    let sql = "SELECT tote, item, lot, serial, NULL AS expiry, quantity FROM relayed WHERE warehouse = ?1 AND order_code = ?2 AND quantity <> 0";
    let rows = tx.rows(sql, values![warehouse, order.as_str()])?;
    rows.iter()
        .map(|row| {
            let goods = records::goods(row)?;
            let quantity = Quantity::from_thousandths(row.int("quantity")?);
            Ok((key(&row.parse("tote")?, &goods), (goods, quantity)))
        })
        .collect()
}

fn differences(owed: Sums, mut posted: Sums) -> Vec<(Key, Goods, Quantity)> {
    let mut all: Vec<(Key, Goods, Quantity)> = owed
        .into_iter()
        .map(|(key, (goods, owed))| {
            let had = posted.remove(&key).map_or(Quantity::ZERO, |(_, had)| had);
            (key, goods, owed.minus(had))
        })
        .collect();
    let gone = posted.into_iter();
    all.extend(gone.map(|(key, (goods, had))| (key, goods, Quantity::ZERO.minus(had))));
    all.retain(|(.., by)| !by.is_zero());
    all
}

/// So much more of some goods stands at the packing place in a tote; less than nothing: so much less.
fn shift(
    tx: &Tx,
    posting: &Posting,
    known: &work::Known,
    (order, bench): (&OrderCode, &BinCode),
    key: &Key,
    goods: Goods,
    by: Quantity,
) -> Result<(), Error> {
    let (warehouse, now) = (posting.warehouse, posting.now.to_rfc3339());
    let (tote, item, lot, serial) = key;
    let comes = by.is_positive();
    let quantity = if comes { by } else { Quantity::ZERO.minus(by) };
    let step = Move {
        goods: goods.clone(),
        quantity,
        source: Spot::at(Place::Tote(tote.clone())),
        target: Spot::at(Place::Bin(bench.clone())),
    };
    let step = if comes { step } else { step.reversed() };
    let paper = Document::Paper(format!("totes of {order}"));
    ledger::post(tx, warehouse, &now, &paper, &step)?;
    let sql = "INSERT INTO relayed (warehouse, order_code, tote, item, lot, serial, quantity) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (warehouse, order_code, tote, item, lot, serial) DO UPDATE
               SET quantity = relayed.quantity + excluded.quantity";
    let (lot, serial) = (ledger::text(lot.as_ref()), ledger::text(serial.as_ref()));
    let row = values![
        warehouse,
        order.as_str(),
        tote.as_str(),
        item.as_str(),
        lot,
        serial,
        by.thousandths()
    ];
    tx.run(sql, row)?;
    let brought = Fact::Dropped {
        order: order.clone(),
        bin: bench.clone(),
        goods: vec![(goods, quantity, Place::Tote(tote.clone()))],
    };
    let told = if comes {
        brought
    } else {
        Fact::Undone {
            seq: 0,
            what: Box::new(brought),
        }
    };
    for packing in tasks(tx, warehouse, order, "pack")? {
        let mut task = packing.task.clone();
        task.learn(Some(&known.task.id), &told);
        if task.job != packing.task.job {
            work::replace_job(tx, warehouse, &task)?;
        }
    }
    Ok(())
}

/// A zone is done, and totes stand at its buffer that it never took on: they are fetched for themselves.
fn stray(tx: &Tx, posting: &mut Posting, known: &work::Known) -> Result<(), Error> {
    for order in known.task.orders() {
        let Some(from) = part(&known.task, order).and_then(PickOrder::from) else {
            continue;
        };
        let left = untouched(&known.task.done, &from.totes);
        if !left.is_empty() {
            shortage::fetch_totes(tx, posting, &known.task, order, left)?;
        }
    }
    Ok(())
}

/// Totes came to a buffer whose zone was done by then.
fn late(
    tx: &Tx,
    posting: &mut Posting,
    known: &work::Known,
    all: &[work::Known],
    (order, bin, totes): (&OrderCode, &BinCode, &[ToteCode]),
) -> Result<(), Error> {
    for next in all.iter().filter(|next| next.state == "done") {
        let from = part(&next.task, order).and_then(PickOrder::from);
        if from.is_some_and(|from| from.task == known.task.id && from.bin == *bin) {
            let left = untouched(&next.task.done, totes);
            if !left.is_empty() {
                shortage::fetch_totes(tx, posting, &next.task, order, left)?;
            }
        }
    }
    Ok(())
}

fn untouched(done: &[Fact], totes: &[ToteCode]) -> Vec<ToteCode> {
    let took = |tote: &ToteCode| {
        done.iter()
            .any(|fact| matches!(fact, Fact::ToteTakenUp { tote: of, .. } if of == tote))
    };
    totes.iter().filter(|tote| !took(tote)).cloned().collect()
}
