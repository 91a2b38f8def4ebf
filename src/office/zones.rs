//! Zones picked apart: what an order or a cart wants becomes one picking task a zone, each leaving its totes where the next
//! one takes them on, or where the order is packed.

use super::database::{Tx, values};
use super::draft::Drafted;
use super::release::{Terms, named};
use super::rules::ZoneRule;
use super::{Error, floor, records, work};
use crate::warehouse::{
    BinCode, ComesFrom, GoesTo, Job, Leg, LineNo, OrderCode, PickLine, PickOrder, Point, TaskId,
    ZoneCode,
};
use std::collections::BTreeMap;

/// A picking task and the orders that it is for.
pub(super) type Picking = (TaskId, Vec<OrderCode>);

/// What is picked in one zone.
struct Part {
    zone: ZoneCode,
    /// Each order with its lines there; its place among the members.
    orders: Vec<(usize, PickOrder)>,
}

/// Makes the picking tasks of some orders that share a cart: one, or one a zone.
pub(super) fn picking(
    tx: &Tx,
    warehouse: &str,
    terms: &Terms,
    members: &[Drafted],
) -> Result<Vec<Picking>, Error> {
    let mut parts = parts(tx, warehouse, &terms.rules.zones, members)?;
    if parts.len() < 2 {
        return Ok(vec![together(tx, warehouse, terms, members)?]);
    }
    let base = base(tx, warehouse, members)?;
    let ids: Vec<TaskId> = parts
        .iter()
        .map(|part| free(tx, warehouse, &format!("{base}-{}", part.zone)))
        .collect::<Result<_, _>>()?;
    chain(tx, warehouse, terms, &mut parts, &ids)?;
    let mut made = Vec::new();
    for (part, id) in parts.into_iter().zip(ids) {
        let orders = part.orders;
        let names = orders.iter().map(|(_, order)| order.order.clone());
        made.push((id.clone(), names.collect()));
        create(tx, warehouse, terms, members, &id, orders)?;
    }
    Ok(made)
}

/// One task for all. One order alone is named after itself; several get a cart's number.
fn together(
    tx: &Tx,
    warehouse: &str,
    terms: &Terms,
    members: &[Drafted],
) -> Result<Picking, Error> {
    if let [alone] = members {
        let job = terms.job(vec![alone.pick.clone()]);
        let task = alone.head.task(alone.task.clone(), Job::Pick(job));
        work::create(tx, warehouse, &task, "")?;
        return Ok((task.id, vec![alone.head.order.clone()]));
    }
    let id: TaskId = free(tx, warehouse, &base(tx, warehouse, members)?)?;
    let orders = members.iter().map(|draft| draft.pick.clone());
    let orders: Vec<(usize, PickOrder)> = orders.enumerate().collect();
    let names = members.iter().map(|draft| draft.head.order.clone());
    create(tx, warehouse, terms, members, &id, orders)?;
    Ok((id, names.collect()))
}

/// What the tasks of some orders are named after.
fn base(tx: &Tx, warehouse: &str, members: &[Drafted]) -> Result<String, Error> {
    match members {
        [alone] => Ok(named("PICK", &alone.head.order)?.to_string()),
        _ => Ok(format!("CART-{}", tx.next(warehouse, "cart")?)),
    }
}

/// This name, or with a number behind it if there is such a task already.
fn free(tx: &Tx, warehouse: &str, name: &str) -> Result<TaskId, Error> {
    let sql = "SELECT 1 AS one FROM tasks WHERE warehouse = ?1 AND id = ?2";
    let mut free = name.to_owned();
    while tx.first(sql, values![warehouse, &free])?.is_some() {
        free = format!("{name}-{}", tx.next(warehouse, "zone")?);
    }
    free.parse().map_err(|_| Error::Unknown {
        what: "task name short enough for",
        code: name.to_owned(),
    })
}

/// The lines of all orders by zone, in the order in which the totes go. None where zones are not picked apart.
fn parts(
    tx: &Tx,
    warehouse: &str,
    rules: &[ZoneRule],
    members: &[Drafted],
) -> Result<Vec<Part>, Error> {
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let mut zones: BTreeMap<&BinCode, (usize, ZoneCode)> = BTreeMap::new();
    for line in members.iter().flat_map(|draft| &draft.pick.lines) {
        if let Some(bin) = records::bin(tx, warehouse, line.bin.as_str())? {
            let rank = rules.iter().position(|rule| rule.zone == bin.zone);
            zones.insert(&line.bin, (rank.unwrap_or(rules.len()), bin.zone));
        }
    }
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    for (member, draft) in members.iter().enumerate() {
        for line in &draft.pick.lines {
            let Some((rank, zone)) = zones.get(&line.bin) else {
                continue;
            };
            let part = parts.entry(*rank).or_insert_with(|| Part {
                zone: zone.clone(),
                orders: Vec::new(),
            });
            part.add(member, &draft.pick, line);
        }
    }
    Ok(parts.into_values().collect())
}

impl Part {
    fn add(&mut self, member: usize, whole: &PickOrder, line: &PickLine) {
        match self.orders.iter_mut().find(|(known, _)| *known == member) {
            Some((_, order)) => order.lines.push(line.clone()),
            None => {
                let lines = vec![line.clone()];
                let order = PickOrder {
                    lines,
                    ..whole.clone()
                };
                self.orders.push((member, order));
            }
        }
    }
}

/// Says of each part where its totes come from and where they go.
fn chain(
    tx: &Tx,
    warehouse: &str,
    terms: &Terms,
    parts: &mut [Part],
    ids: &[TaskId],
) -> Result<(), Error> {
    let mut last: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for at in 0..parts.len() {
        let zone = parts[at].zone.clone();
        let rule = terms.rules.zones.iter().find(|rule| rule.zone == zone);
        let buffer = rule.and_then(|rule| rule.buffer.clone());
        let place = match &buffer {
            Some(bin) => floor::place(tx, warehouse, bin)?.filter(|_| terms.floor.is_some()),
            None => None,
        };
        for which in 0..parts[at].orders.len() {
            let member = parts[at].orders[which].0;
            let before = last.insert(member, (at, which));
            let from = match (&buffer, before) {
                (Some(bin), Some((before, order))) => {
                    let leg = parts[before].orders[order].1.leg.as_mut();
                    leg.expect("every part before has its leg").to = Some(GoesTo {
                        zone: zone.clone(),
                        bin: bin.clone(),
                        at: place,
                    });
                    Some(come(&ids[before], bin, place))
                }
                _ => None,
            };
            let zone = zone.clone();
            parts[at].orders[which].1.leg = Some(Leg {
                zone,
                from,
                to: None,
            });
        }
    }
    Ok(())
}

fn come(task: &TaskId, bin: &BinCode, at: Option<Point>) -> ComesFrom {
    ComesFrom {
        task: task.clone(),
        bin: bin.clone(),
        at,
        totes: Vec::new(),
    }
}

/// Makes a task of orders whose stock is reserved under their own names, and moves that to it.
fn create(
    tx: &Tx,
    warehouse: &str,
    terms: &Terms,
    members: &[Drafted],
    id: &TaskId,
    orders: Vec<(usize, PickOrder)>,
) -> Result<(), Error> {
    let first = orders.first().map_or(0, |(member, _)| *member);
    let due = orders
        .iter()
        .filter_map(|(member, _)| members[*member].head.due);
    let due = due.min();
    let mut next: LineNo = 1;
    let mut all = Vec::new();
    for (member, mut order) in orders {
        for line in &mut order.lines {
            let sql = "UPDATE task_lines SET task = ?4, line = ?5 WHERE warehouse = ?1 AND task = ?2 AND line = ?3";
            let (from, to) = (members[member].task.as_str(), id.as_str());
            tx.run(sql, values![warehouse, from, line.line, to, next])?;
            line.line = next;
            next += 1;
        }
        all.push(order);
    }
    let mut job = terms.job(all);
    let from = job.orders.iter().filter_map(PickOrder::from);
    let mut after: Vec<TaskId> = from.map(|from| from.task.clone()).collect();
    after.sort_unstable();
    after.dedup();
    job.after = after;
    let mut task = members[first].head.task(id.clone(), Job::Pick(job));
    task.due = due;
    work::create(tx, warehouse, &task, "")
}
