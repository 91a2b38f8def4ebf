//! What to count next, by the rules: what fell short, then what its class says is due, then what has moved a lot.

use super::supply::Suppliers;
use super::{level, rules, value_of};
use crate::office::allocate::today;
use crate::office::count_task::{self, Wanted};
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office};
use crate::planning::floor::{CountRules, Countable, DueCount, due_counts};
use crate::planning::policy::Abc;
use crate::planning::value::Money;
use crate::warehouse::{BinCode, ItemCode, Quantity, SafeText, TaskId, Timestamp, WarehouseCode};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Bins of one task.
const TOGETHER: usize = 20;
/// Later than what people ask for.
const PRIORITY: i32 = 80;

/// A bin that is to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountPrompt {
    /// Which bin.
    pub bin: BinCode,
    /// The item that calls for it.
    pub item: ItemCode,
    /// What the book says is there of it, at cost.
    pub value: Money,
    /// Why, in words.
    pub why: SafeText,
}

impl Office {
    /// What is due to be counted, first things first; at most as many as the rules ask for at once.
    pub fn due_counts(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<CountPrompt>, Error> {
        let due = self
            .database()
            .read_at_length(|tx| due(tx, warehouse.as_str(), today(now)))?;
        let prompt = |due: DueCount| CountPrompt {
            why: SafeText::new(&due.why.to_string()),
            bin: due.bin,
            item: due.item,
            value: due.value,
        };
        Ok(due.into_iter().map(prompt).collect())
    }

    /// Has counted what is due: whole bins, blind, in the order of the walk; none of which is to be counted already. Says by
    /// which tasks.
    pub fn have_due_counted(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<TaskId>, Error> {
        let code = warehouse.as_str();
        let due = self
            .database()
            .read_at_length(|tx| due(tx, code, today(now)))?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        self.write_in(code, |tx| {
            let mut bins = Vec::new();
            for due in &due {
                let sql = "SELECT sequence FROM bins WHERE warehouse = ?1 AND code = ?2";
                let row = tx.first(sql, values![code, due.bin.as_str()])?;
                let sequence = row.map_or(Ok(0), |row| row.int("sequence"))?;
                bins.push((sequence, due.bin.clone()));
            }
            bins.sort();
            bins.dedup();
            let bins: Vec<BinCode> = bins.into_iter().map(|(_, bin)| bin).collect();
            let mut made = Vec::new();
            for bins in bins.chunks(TOGETHER) {
                let wanted = Wanted {
                    bins,
                    item: None,
                    not_by: None,
                    checks: 0,
                    priority: PRIORITY,
                    tells: false,
                };
                made.extend(count_task::make(tx, code, &wanted)?);
            }
            Ok(made)
        })
    }
}

fn due(tx: &Tx, warehouse: &str, today: NaiveDate) -> Result<Vec<DueCount>, Error> {
    let rules = rules::of(tx)?;
    let suppliers = Suppliers::agreed(tx, &rules)?;
    let mut classes = HashMap::new();
    for level in level::all(tx, warehouse, "")? {
        let class = match level.class.as_str().as_bytes().first() {
            Some(b'A') => Abc::A,
            Some(b'B') => Abc::B,
            _ => Abc::C,
        };
        classes.insert(level.item, class);
    }
    let mut shorts = shorts(tx, warehouse)?;
    let sql = "SELECT b.code, s.item, SUM(s.quantity) AS quantity, MIN(s.since) AS since,
                   (SELECT MAX(c.counted_at) FROM counts c WHERE c.warehouse = b.warehouse AND c.bin = b.code
                        AND (c.item = '' OR c.item = s.item) AND c.state NOT IN ('undone', 'superseded')) AS counted
               FROM bins b JOIN stock s ON s.warehouse = b.warehouse AND s.place = 'bin:' || b.code
               WHERE b.warehouse = ?1 AND b.kind IN ('pick_face', 'reserve') AND b.frozen = 0 AND s.quantity <> 0
               GROUP BY b.warehouse, b.code, s.item ORDER BY b.code, s.item";
    let mut places = Vec::new();
    for row in tx.rows(sql, values![warehouse])? {
        let item: ItemCode = row.parse("item")?;
        let class = classes.get(&item).copied().unwrap_or(Abc::C);
        let cost = suppliers
            .cost_of_thousand(item.as_str())
            .unwrap_or(Money::ZERO);
        let quantity = Quantity::from_thousandths(row.int("quantity")?);
        let value = value_of(quantity, cost);
        let is_dear = rules.counts.worth.is_some_and(|worth| value >= worth);
        let (bin, last) = (row.text("code")?, last_looked_at(&row)?);
        let at = shorts
            .remove(&(bin.to_owned(), item.to_string()))
            .unwrap_or_default();
        let since = at.iter().filter(|short| **short > last).count();
        places.push(Countable {
            bin: row.parse("code")?,
            class: if is_dear { Abc::A } else { class },
            value,
            last_count: last.date_naive(),
            movements: movements(tx, warehouse, bin, item.as_str(), last)?,
            exceptions: u32::try_from(since).unwrap_or(u32::MAX),
            item,
        });
    }
    let counts = rules.counts;
    let rules = CountRules {
        days: counts.days,
        movements: counts.movements,
        most: counts.most,
    };
    Ok(due_counts(&places, today, &rules))
}

/// When it was counted last, or came there.
fn last_looked_at(row: &Row) -> Result<Timestamp, Error> {
    let since: Timestamp = row.parse("since")?;
    Ok(row.parse_maybe::<Timestamp>("counted")?.unwrap_or(since))
}

/// When picking fell short, by bin and item.
fn shorts(tx: &Tx, warehouse: &str) -> Result<HashMap<(String, String), Vec<Timestamp>>, Error> {
    let sql = "SELECT DISTINCT e.id, e.at, l.bin, l.item FROM exceptions e
               JOIN task_lines l ON l.warehouse = e.warehouse AND l.task = e.task
               WHERE e.warehouse = ?1 AND e.kind = 'short' AND l.is_open = 0 AND l.quantity > l.done";
    let mut all: HashMap<(String, String), Vec<Timestamp>> = HashMap::new();
    tx.each(sql, values![warehouse], |row| {
        let key = (row.text("bin")?.to_owned(), row.text("item")?.to_owned());
        all.entry(key).or_default().push(row.parse("at")?);
        Ok::<(), Error>(())
    })?;
    Ok(all)
}

fn movements(
    tx: &Tx,
    warehouse: &str,
    bin: &str,
    item: &str,
    since: Timestamp,
) -> Result<u32, Error> {
    let place = format!("bin:{bin}");
    let mut count = 0;
    for sql in [
        "SELECT COUNT(*) AS moves FROM moves WHERE warehouse = ?1 AND source_place = ?2 AND at > ?4 AND item = ?3",
        "SELECT COUNT(*) AS moves FROM moves WHERE warehouse = ?1 AND target_place = ?2 AND at > ?4 AND item = ?3",
    ] {
        let row = tx.first(sql, values![warehouse, &place, item, since.to_rfc3339()])?;
        count += row.map_or(Ok(0), |row| row.count("moves"))?;
    }
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
