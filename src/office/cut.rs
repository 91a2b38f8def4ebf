//! Less is wanted of a line whose work is on the floor: picking that nobody is at fetches less, packing packs less.

use super::cancel;
use super::database::{Tx, values};
use super::kit::{self, Component};
use super::progress;
use super::shortage::{packing, wait_no_more};
use super::{Error, work};
use crate::sync::RefusedKind;
use crate::warehouse::{ItemCode, Job, LineNo, OrderCode, PackJob, Quantity, TaskId};
use std::collections::BTreeMap;

type Sums = BTreeMap<ItemCode, i64>;

/// From now on so much is wanted of a line, which is less than before. Refused: more than that is packed already.
pub(super) fn line(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    line: LineNo,
    wanted: Quantity,
) -> Result<(), Error> {
    let lines = progress::lines(tx, warehouse, order)?;
    let Some(known) = lines.iter().find(|known| known.line == line) else {
        return Ok(());
    };
    if known.packed > wanted {
        let packed = known.packed;
        let note =
            format!("{packed} of line {line} of {order} are packed already: it cannot be less.");
        return Err(Error::refused(RefusedKind::Body, note));
    }
    let kit = kit::components(tx, &known.goods.item)?;
    let fetched = fetch_less(tx, warehouse, order, line, wanted, &kit)?;
    let less = known.wanted.minus(wanted);
    let mut sums = in_items(&kit, &known.goods.item, less);
    if kit.is_empty() {
        // What goes instead is not packed either.
        let others = fetched
            .iter()
            .filter(|(item, _)| **item != known.goods.item);
        let others: Sums = others.map(|(item, by)| (item.clone(), *by)).collect();
        let own = sums.entry(known.goods.item.clone()).or_default();
        *own = own.saturating_sub(others.values().sum()).max(0);
        sums.extend(others);
    }
    pack_less(tx, warehouse, order, sums)?;
    cap(tx, warehouse, order)
}

/// Units of a line as what is fetched for them, in thousandths.
fn in_items(kit: &[Component], item: &ItemCode, units: Quantity) -> Sums {
    if kit.is_empty() {
        return Sums::from([(item.clone(), units.thousandths())]);
    }
    let each = |part: &Component| {
        let all = part.each.thousandths().saturating_mul(units.thousandths()) / 1000;
        (part.item.clone(), all)
    };
    kit.iter().map(each).collect()
}

/// What picking still is to fetch for a line.
struct Open {
    task: TaskId,
    line: LineNo,
    item: ItemCode,
    left: i64,
}

/// Picking that nobody is at fetches no more than is wanted. Says how much less of each item.
fn fetch_less(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    line: LineNo,
    wanted: Quantity,
    kit: &[Component],
) -> Result<Sums, Error> {
    let sql = "SELECT l.task, l.line, l.item, l.quantity, l.done, l.is_open, k.state
               FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
               JOIN task_lines l ON l.warehouse = x.warehouse AND l.task = x.task AND l.order_code = x.order_code
               WHERE x.warehouse = ?1 AND x.order_code = ?2 AND l.order_line = ?3 AND k.kind = 'pick'
               ORDER BY LENGTH(l.task) DESC, l.task DESC, l.line DESC";
    // Of a kit each component is counted by itself, else whatever goes for the line together.
    let key = |item: &ItemCode| (!kit.is_empty()).then(|| item.clone());
    let mut excess: BTreeMap<Option<ItemCode>, i64> = BTreeMap::new();
    for part in kit {
        let sums = in_items(std::slice::from_ref(part), &part.item, wanted);
        excess.extend(sums.into_iter().map(|(item, sum)| (Some(item), -sum)));
    }
    if kit.is_empty() {
        excess.insert(None, -wanted.thousandths());
    }
    let mut open = Vec::new();
    for row in tx.rows(sql, values![warehouse, order.as_str(), line])? {
        let item: ItemCode = row.parse("item")?;
        let done = row.int("done")?;
        let left = if row.flag("is_open")? {
            row.int("quantity")?.saturating_sub(done).max(0)
        } else {
            0
        };
        let sum = excess.entry(key(&item)).or_default();
        *sum = sum.saturating_add(done).saturating_add(left);
        if left > 0 && row.text("state")? == "open" {
            open.push(Open {
                task: row.parse("task")?,
                line: u32::try_from(row.count("line")?).unwrap_or(u32::MAX),
                item,
                left,
            });
        }
    }
    let mut less = Sums::new();
    let mut cuts: BTreeMap<TaskId, Vec<(LineNo, i64)>> = BTreeMap::new();
    for it in open {
        let excess = excess.entry(key(&it.item)).or_default();
        let by = it.left.min(*excess);
        if by > 0 {
            *excess -= by;
            *less.entry(it.item).or_default() += by;
            cuts.entry(it.task).or_default().push((it.line, by));
        }
    }
    for (task, lines) in cuts {
        shrink(tx, warehouse, order, &task, &lines)?;
    }
    Ok(less)
}

/// A picking fetches so much less of these lines, in thousandths. One that would fetch nothing is withdrawn.
fn shrink(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    task: &TaskId,
    lines: &[(LineNo, i64)],
) -> Result<(), Error> {
    let sql = "UPDATE task_lines SET quantity = quantity - ?4 WHERE warehouse = ?1 AND task = ?2 AND line = ?3";
    for (line, by) in lines {
        tx.run(sql, values![warehouse, task.as_str(), *line, *by])?;
    }
    let Some(known) = work::known(tx, warehouse, task.as_str())? else {
        return Ok(());
    };
    let mut changed = known.task;
    let is_new = changed.done.is_empty();
    let Job::Pick(job) = &mut changed.job else {
        return Ok(());
    };
    for line in job.orders.iter_mut().flat_map(|order| &mut order.lines) {
        let by = lines.iter().find(|(cut, _)| *cut == line.line);
        let by = by.map_or(0, |(_, by)| *by);
        line.quantity = line.quantity.minus(Quantity::from_thousandths(by));
    }
    if is_new {
        for order in &mut job.orders {
            order.lines.retain(|line| line.quantity.is_positive());
        }
        job.orders.retain(|order| !order.lines.is_empty());
    }
    let (is_empty, has_order) = (
        job.orders.is_empty(),
        job.orders.iter().any(|known| known.order == *order),
    );
    if is_empty {
        cancel::withdraw(tx, warehouse, task.as_str(), order)?;
    } else {
        work::replace_job(tx, warehouse, &changed)?;
    }
    if has_order {
        return Ok(());
    }
    wait_no_more(tx, warehouse, order, task)
}

/// Packing that nobody is at.
fn open_packs(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Vec<work::Known>, Error> {
    let mut packs = packing(tx, warehouse, order)?;
    packs.retain(|known| known.state == "open");
    Ok(packs)
}

/// So much more of a line is packed, once it is fetched.
pub(super) fn pack_more(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
    line: LineNo,
    more: Quantity,
) -> Result<(), Error> {
    for known in open_packs(tx, warehouse, order)? {
        let mut task = known.task;
        if let Job::Pack(job) = &mut task.job
            && let Some(known) = job.lines.iter_mut().find(|known| known.line == line)
        {
            known.wanted = known.wanted.plus(more);
            return work::replace_job(tx, warehouse, &task);
        }
    }
    Ok(())
}

/// So much less of some items is packed, in thousandths; packing for which nothing is left is withdrawn.
fn pack_less(tx: &Tx, warehouse: &str, order: &OrderCode, mut less: Sums) -> Result<(), Error> {
    for known in open_packs(tx, warehouse, order)?.into_iter().rev() {
        let mut task = known.task;
        let Job::Pack(job) = &mut task.job else {
            continue;
        };
        for line in job.lines.iter_mut().rev() {
            let left = less.entry(line.item.code.clone()).or_default();
            let by = line.wanted.thousandths().min(*left).max(0);
            *left -= by;
            line.wanted = line.wanted.minus(Quantity::from_thousandths(by));
        }
        if job.after.is_empty() && job.lines.iter().all(|line| line.picked.is_empty()) {
            cancel::withdraw(tx, warehouse, task.id.as_str(), order)?;
        } else {
            work::replace_job(tx, warehouse, &task)?;
        }
    }
    Ok(())
}

/// Packing that nobody is at leaves on the bench what was brought and is not wanted.
pub(super) fn cap(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<(), Error> {
    for known in open_packs(tx, warehouse, order)? {
        let mut task = known.task;
        if let Job::Pack(job) = &mut task.job
            && leave(job)
        {
            work::replace_job(tx, warehouse, &task)?;
        }
    }
    Ok(())
}

/// Several lines of one item are brought as one.
fn leave(job: &mut PackJob) -> bool {
    let mut excess = Sums::new();
    for line in &job.lines {
        let picked: Quantity = line.picked.iter().map(|(_, quantity)| *quantity).sum();
        let sum = excess.entry(line.item.code.clone()).or_default();
        *sum = sum.saturating_add(picked.minus(line.wanted).thousandths());
    }
    let mut leaves = false;
    for line in job.lines.iter_mut().rev() {
        let left = excess.entry(line.item.code.clone()).or_default();
        for (_, quantity) in line.picked.iter_mut().rev() {
            let by = quantity.thousandths().min(*left).max(0);
            leaves |= by > 0;
            *left -= by;
            *quantity = quantity.minus(Quantity::from_thousandths(by));
        }
        line.picked.retain(|(_, quantity)| quantity.is_positive());
    }
    leaves
}
