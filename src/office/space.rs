//! The space of a warehouse as directed putaway sees it: its bins, what lies in them, and what open work is on its way to
//! them with. Read in the very transaction that gives space away, so that none is given twice.

use super::database::{Row, Tx, values};
use super::{Error, ledger, records};
use crate::planning::putaway::{Held, Shelf};
use crate::warehouse::{
    Fact, Goods, Item, ItemCode, Job, LineNo, MoveLine, PutawayLine, Quantity, Status,
};
use std::collections::{BTreeMap, HashMap};

/// All bins that goods are kept in, in the order of the walk.
pub(super) fn shelves(tx: &Tx, warehouse: &str) -> Result<Vec<Shelf>, Error> {
    let items = records::items(tx)?;
    let mut shelves = Vec::new();
    let mut at: HashMap<String, usize> = HashMap::new();
    let sql = "SELECT * FROM bins
               WHERE warehouse = ?1 AND kind IN ('pick_face', 'reserve', 'quarantine') ORDER BY sequence, code";
    tx.each(sql, values![warehouse], |row| {
        let bin = records::read_bin(&row)?;
        at.insert(bin.code.to_string(), shelves.len());
        shelves.push(Shelf {
            bin,
            held: Vec::new(),
            promised: Vec::new(),
            fixed: Vec::new(),
        });
        Ok::<(), Error>(())
    })?;
    let sql =
        "SELECT SUBSTR(place, 5) AS bin, status, item, lot, serial, expiry, quantity FROM stock
               WHERE warehouse = ?1 AND place LIKE 'bin:%' AND quantity > 0";
    tx.each(sql, values![warehouse], |row| {
        if let Some(&shelf) = at.get(row.text("bin")?) {
            shelves[shelf].held.extend(held(&row, &items)?);
        }
        Ok::<(), Error>(())
    })?;
    let sql = "SELECT bin, item FROM fixed_bins WHERE warehouse = ?1";
    tx.each(sql, values![warehouse], |row| {
        if let Some(&shelf) = at.get(row.text("bin")?) {
            shelves[shelf].fixed.push(row.parse("item")?);
        }
        Ok::<(), Error>(())
    })?;
    for (bin, promised) in promises(tx, warehouse)? {
        if let Some(&shelf) = at.get(&bin) {
            shelves[shelf].promised = promised;
        }
    }
    Ok(shelves)
}

fn held(row: &Row, items: &HashMap<ItemCode, Item>) -> Result<Option<Held>, Error> {
    let goods: Goods = records::goods(row)?;
    let status = row.text("status")?;
    let status = ledger::read_status(status).unwrap_or(Status::OnHold);
    let quantity = Quantity::from_thousandths(row.int("quantity")?);
    let item = items.get(&goods.item);
    Ok(item.map(|item| Held::new(item, &goods, status, quantity)))
}

/// What open work still has to bring, by the bin that it is sent to.
fn promises(tx: &Tx, warehouse: &str) -> Result<BTreeMap<String, Vec<Held>>, Error> {
    let mut promised: BTreeMap<String, Vec<Held>> = BTreeMap::new();
    let sql = "SELECT id, job FROM tasks WHERE warehouse = ?1 AND kind IN ('putaway', 'move', 'replenish')
               AND state IN ('open', 'started')";
    for row in tx.rows(sql, values![warehouse])? {
        let brings = brings(&row.json("job")?);
        let done = done(tx, warehouse, row.text("id")?)?;
        for (line, bin, mut held) in brings {
            let brought = done.get(&line).copied().unwrap_or_default();
            held.quantity = held.quantity.minus(brought);
            if held.quantity.is_positive() {
                promised.entry(bin).or_default().push(held);
            }
        }
    }
    Ok(promised)
}

/// What a job brings, by line, and where to.
fn brings(job: &Job) -> Vec<(LineNo, String, Held)> {
    match job {
        Job::Putaway(job) => {
            let lines = job.lines.iter();
            let held =
                |line: &PutawayLine| Held::new(&line.item, &line.goods, line.status, line.quantity);
            lines
                .map(|line| (line.line, line.bin.to_string(), held(line)))
                .collect()
        }
        Job::Move(job) | Job::Replenish(job) => {
            let lines = job.lines.iter();
            let held =
                |line: &MoveLine| Held::new(&line.item, &line.goods, line.status, line.quantity);
            lines
                .map(|line| (line.line, line.to.to_string(), held(line)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// How much of each line of a task is brought by now, or was given up.
fn done(tx: &Tx, warehouse: &str, task: &str) -> Result<HashMap<LineNo, Quantity>, Error> {
    let mut done: HashMap<LineNo, Quantity> = HashMap::new();
    let sql = "SELECT fact FROM task_facts WHERE warehouse = ?1 AND task = ?2";
    for row in tx.rows(sql, values![warehouse, task])? {
        let (line, quantity) = match row.json::<Fact>("fact")? {
            Fact::PutAway { line, quantity, .. } | Fact::Put { line, quantity, .. } => {
                (line, quantity)
            }
            Fact::PutShort { line, missing, .. } | Fact::TakenShort { line, missing, .. } => {
                (line, missing)
            }
            _ => continue,
        };
        let sum = done.entry(line).or_default();
        *sum = sum.plus(quantity);
    }
    Ok(done)
}
