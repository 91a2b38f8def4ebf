//! What was wanted, from the ledger: its moves are read once, in parts, into days by item; days become periods.
//! Days are those of UTC.

use super::Period;
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office};
use crate::warehouse::{ItemCode, Timestamp, WarehouseCode};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Moves that are read in one transaction: the floor writes in between.
const PART: u64 = 20_000;
/// Orders that are looked through in one transaction.
const ORDERS: u32 = 500;

/// What is known of one item's past, period by period.
#[derive(Clone, Debug)]
pub(super) struct History {
    pub item: ItemCode,
    /// The number of its first period.
    pub first: i64,
    pub periods: Vec<Past>,
}

/// One period of it, in thousandths of units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Past {
    /// Packed for customers, or used for what is made.
    pub shipped: i64,
    /// Come back.
    pub returned: i64,
    /// Packed for orders that will not come again.
    pub one_off: i64,
    /// Asked for by orders that ended without it.
    pub unmet: i64,
    /// Days on which nothing usable stood in any bin.
    pub days_without: u32,
}

/// Reads what is new in the ledger, and the orders that have ended since.
pub(super) fn read_on(
    office: &Office,
    now: Timestamp,
    warehouse: &WarehouseCode,
) -> Result<(), Error> {
    let code = warehouse.as_str();
    while office.write_in(code, |tx| read_part(tx, code))? {}
    while office.write_in(code, |tx| read_orders(tx, now, code))? {}
    Ok(())
}

/// Begins anew: all of the ledger is read again.
pub(super) fn forget(tx: &Tx, warehouse: &str) -> Result<(), Error> {
    tx.run(
        "DELETE FROM demand_days WHERE warehouse = ?1",
        values![warehouse],
    )?;
    tx.run(
        "DELETE FROM demand_orders WHERE warehouse = ?1",
        values![warehouse],
    )?;
    tx.run(
        "DELETE FROM demand_read WHERE warehouse = ?1",
        values![warehouse],
    )?;
    Ok(())
}

/// Says whether there may be more.
fn read_part(tx: &Tx, warehouse: &str) -> Result<bool, Error> {
    let known = "SELECT move FROM demand_read WHERE warehouse = ?1";
    let done = tx.first(known, values![warehouse])?;
    let done = done.map_or(Ok(0), |row| row.count("move"))?;
    let newest = "SELECT COALESCE(MAX(id), 0) AS newest FROM moves WHERE warehouse = ?1";
    let newest = tx.first(newest, values![warehouse])?;
    let newest = newest.map_or(Ok(0), |row| row.count("newest"))?;
    if done >= newest {
        return Ok(false);
    }
    let upto = newest.min(done + PART);
    // What goes to another warehouse is no demand here. What is taken out of an order's carton again was not packed. A truck brings back what a customer did not take.
    // What is made and taken apart again is no use of it.
    let sql = "INSERT INTO demand_days (warehouse, item, day, shipped, returned, used, unmet, change)
               SELECT m.warehouse, m.item, SUBSTR(m.at, 1, 10),
                   SUM(CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.warehouse = m.warehouse AND o.kind = 'transfer'
                            AND o.code IN (SUBSTR(m.target_place, 7), SUBSTR(m.source_place, 7))) THEN 0
                       WHEN m.target_place LIKE 'order:%' AND m.source_place NOT LIKE 'order:%'
                            AND m.source_place NOT LIKE 'truck:%' THEN m.quantity
                       WHEN m.source_place LIKE 'order:%' AND m.target_place NOT LIKE 'order:%'
                            AND m.target_place NOT LIKE 'truck:%' THEN -m.quantity ELSE 0 END),
                   SUM(CASE WHEN (m.source_place = 'customer' OR m.source_place LIKE 'truck:%')
                            AND (m.target_place LIKE 'bin:%' OR m.target_place LIKE 'worker:%') THEN m.quantity
                       WHEN (m.target_place = 'customer' OR m.target_place LIKE 'truck:%')
                            AND (m.source_place LIKE 'bin:%' OR m.source_place LIKE 'worker:%') THEN -m.quantity ELSE 0 END),
                   SUM(CASE WHEN m.target_place = 'production'
                            AND EXISTS (SELECT 1 FROM recipes r WHERE r.component = m.item) THEN m.quantity
                       WHEN m.source_place = 'production'
                            AND NOT EXISTS (SELECT 1 FROM recipes r WHERE r.product = m.item) THEN -m.quantity ELSE 0 END),
                   0,
                   SUM(CASE WHEN m.target_place LIKE 'bin:%' AND m.target_status = 'available' THEN m.quantity ELSE 0 END)
                   - SUM(CASE WHEN m.source_place LIKE 'bin:%' AND m.source_status = 'available' THEN m.quantity ELSE 0 END)
               FROM moves m WHERE m.warehouse = ?1 AND m.id > ?2 AND m.id <= ?3
                   AND m.source_place NOT LIKE 'transit:%' AND m.target_place NOT LIKE 'transit:%'
               GROUP BY m.warehouse, m.item, SUBSTR(m.at, 1, 10)
               ON CONFLICT (warehouse, item, day) DO UPDATE SET shipped = demand_days.shipped + excluded.shipped,
                   returned = demand_days.returned + excluded.returned, used = demand_days.used + excluded.used,
                   change = demand_days.change + excluded.change";
    tx.run(sql, values![warehouse, done, upto])?;
    let sql = "INSERT INTO demand_read (warehouse, move) VALUES (?1, ?2)
               ON CONFLICT (warehouse) DO UPDATE SET move = excluded.move";
    tx.run(sql, values![warehouse, upto])?;
    Ok(upto < newest)
}

/// What ended orders asked for and never got was wanted all the same, on the day they were due. Kits are wanted as their
/// components, and those were packed or not under their own names.
fn read_orders(tx: &Tx, now: Timestamp, warehouse: &str) -> Result<bool, Error> {
    let sql = "SELECT o.code, o.due FROM orders o WHERE o.warehouse = ?1 AND o.kind = 'sales'
               AND o.state IN ('packed', 'shipped', 'delivered', 'done') AND o.back_ordered = 0
               AND NOT EXISTS (SELECT 1 FROM demand_orders d WHERE d.warehouse = o.warehouse AND d.order_code = o.code)
               AND NOT EXISTS (SELECT 1 FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
                   WHERE x.warehouse = o.warehouse AND x.order_code = o.code AND k.kind IN ('pick', 'pack')
                   AND k.state IN ('open', 'started'))
               ORDER BY o.code LIMIT ?2";
    let ended = tx.rows(sql, values![warehouse, ORDERS])?;
    let today = now.date_naive();
    for row in &ended {
        let code = row.text("code")?;
        let due = row.parse_maybe::<Timestamp>("due")?;
        let day = due.map_or(today, |due| due.date_naive()).min(today);
        let sql = "INSERT INTO demand_days (warehouse, item, day, shipped, returned, used, unmet, change)
                   SELECT w.warehouse, w.item, ?3, 0, 0, 0, w.wanted - w.got, 0 FROM (
                       SELECT l.warehouse, l.item, SUM(l.quantity) AS wanted,
                           (SELECT COALESCE(SUM(m.quantity), 0) FROM moves m WHERE m.warehouse = l.warehouse
                                AND m.target_place = 'order:' || ?2 AND m.item = l.item
                                AND m.source_place NOT LIKE 'order:%' AND m.source_place NOT LIKE 'truck:%')
                           - (SELECT COALESCE(SUM(m.quantity), 0) FROM moves m WHERE m.warehouse = l.warehouse
                                AND m.source_place = 'order:' || ?2 AND m.item = l.item
                                AND m.target_place NOT LIKE 'order:%' AND m.target_place NOT LIKE 'truck:%') AS got
                       FROM order_lines l WHERE l.warehouse = ?1 AND l.order_code = ?2
                           AND NOT EXISTS (SELECT 1 FROM kits k WHERE k.kit = l.item)
                       GROUP BY l.warehouse, l.item) w
                   WHERE w.wanted > w.got
                   ON CONFLICT (warehouse, item, day) DO UPDATE SET unmet = demand_days.unmet + excluded.unmet";
        tx.run(sql, values![warehouse, code, day.to_string()])?;
        let sql = "INSERT INTO demand_orders (warehouse, order_code) VALUES (?1, ?2)";
        tx.run(sql, values![warehouse, code])?;
    }
    Ok(ended.len() == ORDERS as usize)
}

/// The next items of a warehouse after this one that anything is known of, in order; no more than so many.
pub(super) fn items(
    tx: &Tx,
    warehouse: &str,
    after: &str,
    most: usize,
) -> Result<Vec<ItemCode>, Error> {
    let sql = "SELECT i.code FROM items i WHERE i.code > ?2
               AND (EXISTS (SELECT 1 FROM demand_days d WHERE d.warehouse = ?1 AND d.item = i.code)
                   OR EXISTS (SELECT 1 FROM past_demand p WHERE p.warehouse = ?1 AND p.item = i.code)
                   OR EXISTS (SELECT 1 FROM plan_items n WHERE n.warehouse = ?1 AND n.item = i.code AND n.like_item <> ''))
               ORDER BY i.code LIMIT ?3";
    let rows = tx.rows(
        sql,
        values![warehouse, after, u64::try_from(most).unwrap_or(u64::MAX)],
    )?;
    Ok(rows
        .iter()
        .map(|row| row.parse("code"))
        .collect::<Result<_, _>>()?)
}

/// One day of an item.
#[derive(Clone, Copy, Default)]
struct Day {
    past: Past,
    /// By how much the usable stock in bins changed.
    change: i64,
    /// What left it; of days before the books nothing is known.
    left: i64,
}

type Days = BTreeMap<String, BTreeMap<NaiveDate, Day>>;

/// The past of the items from one to another, up to the period before today's; empty where an item has none.
pub(super) fn load(
    tx: &Tx,
    warehouse: &str,
    (from, to): (&ItemCode, &ItemCode),
    period: Period,
    today: NaiveDate,
) -> Result<Vec<History>, Error> {
    let this = period.of(today);
    let oldest = period.first_day(this - i64::try_from(period.most()).unwrap_or(0));
    let mut days = Days::new();
    let range = values![warehouse, from.as_str(), to.as_str()];
    let sql = "SELECT item, day, quantity FROM past_demand WHERE warehouse = ?1 AND item >= ?2 AND item <= ?3";
    tx.each(sql, range, |row| {
        day(&mut days, &row)?.past.shipped += row.int("quantity")?;
        Ok::<(), Error>(())
    })?;
    let sql =
        "SELECT item, day, shipped + used AS shipped, returned, unmet, change FROM demand_days
               WHERE warehouse = ?1 AND item >= ?2 AND item <= ?3";
    tx.each(sql, range, |row| {
        let day = day(&mut days, &row)?;
        day.past.shipped += row.int("shipped")?;
        day.left += row.int("shipped")?;
        day.past.returned += row.int("returned")?;
        day.past.unmet += row.int("unmet")?;
        day.change += row.int("change")?;
        Ok::<(), Error>(())
    })?;
    let sql = "SELECT m.item, SUBSTR(m.at, 1, 10) AS day, SUM(m.quantity) AS quantity FROM one_offs f
               JOIN moves m ON m.warehouse = f.warehouse AND m.target_place = 'order:' || f.order_code
               WHERE f.warehouse = ?1 AND m.item >= ?2 AND m.item <= ?3 AND m.source_place NOT LIKE 'order:%'
                   AND m.source_place NOT LIKE 'truck:%' GROUP BY m.item, SUBSTR(m.at, 1, 10)";
    tx.each(sql, range, |row| {
        day(&mut days, &row)?.past.one_off += row.int("quantity")?;
        Ok::<(), Error>(())
    })?;
    let mut all = Vec::new();
    for (item, days) in days {
        let item = item.parse().map_err(|_| Error::Unknown {
            what: "item",
            code: item.clone(),
        })?;
        all.push(in_periods(item, &days, period, (oldest, this)));
    }
    Ok(all)
}

fn day<'a>(days: &'a mut Days, row: &Row) -> Result<&'a mut Day, Error> {
    let item = days.entry(row.text("item")?.to_owned()).or_default();
    Ok(item.entry(row.parse("day")?).or_default())
}

/// Days as periods. A first period that is known from later than its first week on says too little and is left out.
fn in_periods(
    item: ItemCode,
    days: &BTreeMap<NaiveDate, Day>,
    period: Period,
    (oldest, this): (NaiveDate, i64),
) -> History {
    let mut history = History {
        item,
        first: this,
        periods: Vec::new(),
    };
    let Some(begin) = days.keys().next().copied() else {
        return history;
    };
    let mut first = period.of(begin.max(oldest));
    let late = (begin - period.first_day(first)).num_days();
    if late * 4 > i64::from(period.days(first)) && first + 2 < this {
        first += 1;
    }
    history.first = first;
    history.periods = vec![Past::default(); usize::try_from(this - first).unwrap_or(0)];
    for (day, said) in days {
        if let Some(past) = at(&mut history, period, *day) {
            past.shipped += said.past.shipped;
            past.returned += said.past.returned;
            past.one_off += said.past.one_off;
            past.unmet += said.past.unmet;
        }
    }
    for day in days_without(days, oldest, period.first_day(this)) {
        if let Some(past) = at(&mut history, period, day) {
            past.days_without += 1;
        }
    }
    history
}

fn at(history: &mut History, period: Period, day: NaiveDate) -> Option<&mut Past> {
    let at = usize::try_from(period.of(day) - history.first).ok()?;
    history.periods.get_mut(at)
}

/// The days on which nothing stood there from morning to evening, since there was anything for the first time.
fn days_without(
    days: &BTreeMap<NaiveDate, Day>,
    oldest: NaiveDate,
    end: NaiveDate,
) -> Vec<NaiveDate> {
    let mut found = Vec::new();
    let (mut balance, mut empty_since) = (0_i64, None::<NaiveDate>);
    let mut between = |since: Option<NaiveDate>, until: NaiveDate| {
        let Some(since) = since else { return };
        let from = since.max(oldest);
        let count = usize::try_from((until.min(end) - from).num_days()).unwrap_or(0);
        found.extend(from.iter_days().take(count));
    };
    for (day, said) in days {
        between(empty_since, *day);
        let before = balance;
        balance = balance.saturating_add(said.change);
        let had_some = before > 0 || said.change > 0 || said.left > 0;
        empty_since = match (balance > 0, empty_since.is_some() || had_some) {
            (false, true) => day.succ_opt(),
            _ => None,
        };
    }
    between(empty_since, end);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(rows: &[(&str, i64, i64)]) -> BTreeMap<NaiveDate, Day> {
        let row = |&(day, shipped, change): &(&str, i64, i64)| {
            let past = Past {
                shipped,
                ..Past::default()
            };
            let left = shipped;
            (date(day), Day { past, change, left })
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn a_period_without_stock_is_counted_in_days_and_one_that_was_never_stocked_is_not() {
        let days = days(&[
            ("2026-01-01", 0, 10),
            ("2026-02-10", 10, -10),
            ("2026-03-05", 0, 4),
        ]);
        let this = Period::Month.of(date("2026-04-02"));
        let history = in_periods(
            "BOLT".parse().unwrap(),
            &days,
            Period::Month,
            (date("2021-01-01"), this),
        );
        let without: Vec<u32> = history
            .periods
            .iter()
            .map(|past| past.days_without)
            .collect();
        // From 11 to 28 February, and from 1 to 4 March.
        assert_eq!(without, [0, 18, 4]);
        assert_eq!(history.first, Period::Month.of(date("2026-01-01")));
        let never = self::days(&[("2026-01-01", 0, 0)]);
        assert_eq!(
            days_without(&never, date("2021-01-01"), date("2026-04-01")),
            []
        );
    }

    #[test]
    fn a_first_month_that_is_known_only_from_its_end_is_left_out() {
        let known = days(&[
            ("2026-01-25", 3, 10),
            ("2026-02-10", 10, 0),
            ("2026-04-05", 1, 4),
        ]);
        let this = Period::Month.of(date("2026-05-02"));
        let history = in_periods(
            "BOLT".parse().unwrap(),
            &known,
            Period::Month,
            (date("2021-01-01"), this),
        );
        let shipped: Vec<i64> = history.periods.iter().map(|past| past.shipped).collect();
        assert_eq!(shipped, [10, 0, 1]);
    }
}
