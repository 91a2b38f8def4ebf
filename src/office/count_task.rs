//! Counting to be done: one task a wish, and none where the same is to be counted already.

use super::database::{Tx, values};
use super::{Error, Office, counting, ledger, records, work};
use crate::warehouse::{
    BinCode, CountBin, CountJob, Goods, ItemCode, Job, Place, Quantity, Task, TaskId,
    WarehouseCode, WorkerCode, ZoneCode,
};

/// Most items that a task brings along; more are looked up on the handheld.
const MOST_ITEMS: u32 = 60;
/// Most bins of one task.
const MOST_BINS: usize = 40;

/// What is to be counted.
pub(super) struct Wanted<'a> {
    pub bins: &'a [BinCode],
    pub item: Option<&'a ItemCode>,
    /// Who must not count it.
    pub not_by: Option<WorkerCode>,
    /// The count that it checks; 0 if none.
    pub checks: u64,
    pub priority: i32,
    /// Whether the worker is told what should be there.
    pub tells: bool,
}

/// Which stock is to be counted, as a person says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToCount {
    /// Its warehouse.
    pub warehouse: WarehouseCode,
    /// This bin only.
    pub bin: Option<BinCode>,
    /// All bins of this zone.
    pub zone: Option<ZoneCode>,
    /// Only this item, wherever it lies.
    pub item: Option<ItemCode>,
    /// Whether the worker is told what should be there.
    pub tells: bool,
}

impl Office {
    /// Has stock counted: tasks in the order of the walk, none where the same is to be counted already. Says which.
    pub fn have_counted(&self, what: &ToCount) -> Result<Vec<TaskId>, Error> {
        self.write(|tx| {
            let warehouse = what.warehouse.as_str();
            let (bin, zone) = (ledger::text(what.bin.as_ref()), ledger::text(what.zone.as_ref()));
            let item = ledger::text(what.item.as_ref());
            // An item is counted where the book has it; a bin and a zone also where it has nothing.
            let sql = "SELECT code FROM bins b WHERE warehouse = ?1 AND (?2 = '' OR code = ?2) AND (?3 = '' OR zone = ?3)
                       AND (?4 = '' OR ?2 <> '' OR EXISTS (SELECT 1 FROM stock s WHERE s.warehouse = b.warehouse
                           AND s.place = 'bin:' || b.code AND s.item = ?4 AND s.quantity <> 0))
                       ORDER BY sequence, code";
            let bins = tx.rows(sql, values![warehouse, &bin, &zone, &item])?;
            let bins: Vec<BinCode> = bins.iter().map(|row| row.parse("code")).collect::<Result<_, _>>()?;
            let mut made = Vec::new();
            for bins in bins.chunks(MOST_BINS) {
                let wanted = Wanted {
                    bins,
                    item: what.item.as_ref(),
                    not_by: None,
                    checks: 0,
                    priority: 75,
                    tells: what.tells,
                };
                made.extend(make(tx, warehouse, &wanted)?);
            }
            Ok(made)
        })
    }
}

/// Makes a task of what is wanted, without what is to be counted already. None if nothing is left.
pub(super) fn make(tx: &Tx, warehouse: &str, wanted: &Wanted) -> Result<Option<TaskId>, Error> {
    let item = ledger::text(wanted.item);
    let mut bins = Vec::new();
    for bin in wanted.bins {
        if wanted.checks > 0 || !is_open(tx, warehouse, bin, &item)? {
            bins.push(bin);
        }
    }
    if bins.is_empty() {
        return Ok(None);
    }
    let id: TaskId = format!("COUNT-{}", tx.next(warehouse, "count_task")?)
        .parse()
        .expect("a word and a number are a code");
    let mut job = CountJob {
        item: wanted.item.cloned(),
        not_by: wanted.not_by.clone(),
        ..CountJob::default()
    };
    for (bin, line) in bins.into_iter().zip(1..) {
        bring(tx, warehouse, bin, wanted, &mut job)?;
        let expected = if wanted.tells {
            expected(tx, warehouse, bin, &item)?
        } else {
            Vec::new()
        };
        job.bins.push(CountBin {
            line,
            bin: bin.clone(),
            expected,
        });
        let sql = "INSERT INTO count_tasks (warehouse, task, bin, item) VALUES (?1, ?2, ?3, ?4)";
        tx.run(sql, values![warehouse, id.as_str(), bin.as_str(), &item])?;
    }
    let mut task = Task::opened(id.clone(), Job::Count(job));
    task.priority = wanted.priority;
    let cause = match wanted.checks {
        0 => String::new(),
        checks => format!("count:{checks}"),
    };
    work::create(tx, warehouse, &task, &cause)?;
    Ok(Some(id))
}

/// Whether this is to be counted already and nobody has begun: what is asked of who is at it may come too late.
fn is_open(tx: &Tx, warehouse: &str, bin: &BinCode, item: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 AS one FROM count_tasks c JOIN tasks t ON t.warehouse = c.warehouse AND t.id = c.task
               WHERE c.warehouse = ?1 AND c.bin = ?2 AND (c.item = '' OR c.item = ?3) AND t.state = 'open' LIMIT 1";
    Ok(tx
        .first(sql, values![warehouse, bin.as_str(), item])?
        .is_some())
}

/// The names of what lies in a bin by the book.
fn bring(
    tx: &Tx,
    warehouse: &str,
    bin: &BinCode,
    wanted: &Wanted,
    job: &mut CountJob,
) -> Result<(), Error> {
    let sql = "SELECT DISTINCT item FROM stock WHERE warehouse = ?1 AND place = ?2 AND quantity <> 0 AND (?3 = '' OR item = ?3)
               ORDER BY item LIMIT ?4";
    let place = Place::Bin(bin.clone()).to_string();
    let only = ledger::text(wanted.item);
    let mut codes: Vec<ItemCode> = wanted.item.cloned().into_iter().collect();
    for row in tx.rows(sql, values![warehouse, place, only, MOST_ITEMS])? {
        codes.push(row.parse("item")?);
    }
    for code in codes {
        let has = job.items.iter().any(|(item, _)| item.code == code);
        if !has
            && job.items.len() < MOST_ITEMS as usize
            && let Some(item) = records::item(tx, code.as_str())?
        {
            job.items.push((item, records::barcodes_of(tx, &code)?));
        }
    }
    Ok(())
}

fn expected(
    tx: &Tx,
    warehouse: &str,
    bin: &BinCode,
    item: &str,
) -> Result<Vec<(Goods, Quantity)>, Error> {
    let sql = "SELECT item, lot, serial, expiry, SUM(quantity) AS quantity FROM stock WHERE warehouse = ?1 AND place = ?2
               AND (?3 = '' OR item = ?3) GROUP BY item, lot, serial, expiry HAVING SUM(quantity) > 0 ORDER BY item, lot, serial";
    let place = Place::Bin(bin.clone()).to_string();
    tx.rows(sql, values![warehouse, place, item])?
        .iter()
        .map(|row| {
            let quantity = Quantity::from_thousandths(row.int("quantity")?);
            Ok((records::goods(row)?, quantity))
        })
        .collect()
}

/// The count that a task checks; 0 if none.
pub(super) fn checks(tx: &Tx, warehouse: &str, task: &str) -> Result<u64, Error> {
    let sql = "SELECT cause FROM tasks WHERE warehouse = ?1 AND id = ?2";
    let row = tx.first(sql, values![warehouse, task])?;
    let cause = row.map(|row| row.text("cause").map(str::to_owned));
    let cause = cause.transpose()?.unwrap_or_default();
    let checks = cause.strip_prefix("count:");
    Ok(checks.and_then(|id| id.parse().ok()).unwrap_or(0))
}

/// Open tasks that would count the same once more, but for this one, are withdrawn if it is all they are for.
pub(super) fn withdraw(
    tx: &Tx,
    warehouse: &str,
    bin: &BinCode,
    item: &str,
    but: &str,
) -> Result<(), Error> {
    let sql = "SELECT c.task FROM count_tasks c JOIN tasks t ON t.warehouse = c.warehouse AND t.id = c.task
               WHERE c.warehouse = ?1 AND c.bin = ?2 AND c.task <> ?3 AND t.state = 'open' AND (?4 = '' OR c.item = ?4)
               AND NOT EXISTS (SELECT 1 FROM count_tasks d WHERE d.warehouse = c.warehouse AND d.task = c.task AND d.bin <> c.bin)";
    for row in tx.rows(sql, values![warehouse, bin.as_str(), but, item])? {
        counting::withdraw(tx, warehouse, &row.parse("task")?)?;
    }
    Ok(())
}

/// The task that checks a count is withdrawn, unless someone has begun it.
pub(super) fn withdraw_check(tx: &Tx, warehouse: &str, count: u64) -> Result<(), Error> {
    let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND cause = ?2";
    for row in tx.rows(sql, values![warehouse, format!("count:{count}")])? {
        counting::withdraw(tx, warehouse, &row.parse("id")?)?;
    }
    Ok(())
}
