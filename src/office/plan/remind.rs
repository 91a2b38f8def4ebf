//! Reminders to order: opened when what is there and coming falls to the reorder point, kept while it stays there, closed as
//! stock arrives or is ordered. Leads are told on their handhelds.

use super::level::{self, LevelRecord};
use super::supply::Suppliers;
use super::{forecasts, rules, standing};
use crate::office::allocate::today;
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office, message};
use crate::planning::replenish::{Reminder, Standing, reminder};
use crate::warehouse::{
    ItemCode, Message, Quantity, SafeText, Timestamp, WarehouseCode, WorkerCode,
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// How far ahead it is looked for the day on which stock runs out.
const AHEAD_DAYS: usize = 365;
/// Items that a message names; more are counted.
const NAMED: usize = 4;

/// A reminder to order an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderRecord {
    /// Its number in the warehouse.
    pub id: u64,
    /// Which item.
    pub item: ItemCode,
    /// Since when.
    pub opened_at: Timestamp,
    /// Until when; none: it is open.
    pub closed_at: Option<Timestamp>,
    /// What was there and coming, less what was promised, when it was last looked at.
    pub position: Quantity,
    /// What is missing up to the preferred level.
    pub wanted: Quantity,
    /// The first day that the forecast cannot be met; none within a year.
    pub stock_out: Option<NaiveDate>,
    /// When an order placed then would have been here.
    pub arrives_on: Option<NaiveDate>,
    /// Days between the two: below zero there will be nothing for so many days.
    pub spare_days: Option<i64>,
    /// Why, in words.
    pub why: SafeText,
    /// What a planner did about it: empty, or `proposed`, `ordered`, `refused`.
    pub answer: SafeText,
}

/// What a look at the stock changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reminded {
    /// Reminders that are new.
    pub opened: u64,
    /// Those that stay, with what they say brought up to date.
    pub kept: u64,
    /// Those that are not needed any more.
    pub closed: u64,
}

/// A reminder as it is due now.
pub(super) struct Due {
    pub reminder: Reminder,
    pub arrives_on: Option<NaiveDate>,
}

/// What is due now, by item.
pub(super) fn due(
    tx: &Tx,
    warehouse: &str,
    today: NaiveDate,
) -> Result<BTreeMap<ItemCode, Due>, Error> {
    let mut standings = standing::all(tx, warehouse, "", today)?;
    let mut low = Vec::new();
    for level in level::all(tx, warehouse, "")? {
        let item = &level.item;
        let standing = standings
            .remove(item)
            .unwrap_or_else(|| standing::nothing(item.clone()));
        if standing.position() <= level.levels.reorder_point {
            low.push((level, standing));
        }
    }
    let mut due = BTreeMap::new();
    if low.is_empty() {
        return Ok(due);
    }
    let suppliers = Suppliers::agreed(tx, &rules::of(tx)?)?;
    for (level, standing) in low {
        let found = look(tx, warehouse, &level, &standing, &suppliers, today)?;
        due.insert(level.item, found);
    }
    Ok(due)
}

fn look(
    tx: &Tx,
    warehouse: &str,
    level: &LevelRecord,
    standing: &Standing,
    suppliers: &Suppliers,
    today: NaiveDate,
) -> Result<Due, Error> {
    let mut daily = Vec::new();
    forecasts::each(tx, warehouse, level.item.as_str(), |forecast| {
        daily = forecast.daily(today, AHEAD_DAYS);
        Ok(())
    })?;
    let terms = suppliers.terms(level.supplier.as_str());
    let arrives_on = terms.supply.next_order(today).and_then(|day| {
        // As it really takes, where receipts say so.
        let lead_days = u32::try_from((level.lead.0 + 99) / 100).unwrap_or(u32::MAX);
        let supply = crate::planning::replenish::Supply {
            lead_days,
            ..terms.supply.clone()
        };
        supply.arrival(day)
    });
    let arrival = arrives_on.unwrap_or(NaiveDate::MAX);
    let reminder = reminder(standing, &level.levels, today, arrival, &daily);
    Ok(Due {
        reminder: reminder.expect("the position is at or below the reorder point"),
        arrives_on,
    })
}

impl Office {
    /// Looks at what is there and coming, and opens, keeps and closes reminders. To be called when planning is done and from
    /// time to time in between.
    pub fn remind(&self, now: Timestamp, warehouse: &WarehouseCode) -> Result<Reminded, Error> {
        let code = warehouse.as_str();
        let (due, open) = self.database().read_at_length(|tx| {
            Ok::<_, Error>((due(tx, code, today(now))?, all(tx, code, true, u32::MAX)?))
        })?;
        let kept: BTreeSet<&ItemCode> = open.iter().map(|open| &open.item).collect();
        let changed = |open: &&ReminderRecord| match due.get(&open.item) {
            Some(due) => !is_same(open, due),
            None => true,
        };
        let is_news =
            due.keys().any(|item| !kept.contains(item)) || open.iter().any(|open| changed(&open));
        if !is_news {
            let kept = open.len() as u64;
            return Ok(Reminded {
                kept,
                ..Reminded::default()
            });
        }
        self.write_in(code, |tx| settle(tx, now, code, &due))
    }

    /// Reminders of a warehouse, the most urgent first; those that are closed after them, newest first, if wanted.
    pub fn reminders(
        &self,
        warehouse: &WarehouseCode,
        also_closed: bool,
    ) -> Result<Vec<ReminderRecord>, Error> {
        self.database().read(|tx| {
            let mut found = all(tx, warehouse.as_str(), true, u32::MAX)?;
            if also_closed {
                found.extend(all(tx, warehouse.as_str(), false, 500)?);
            }
            Ok(found)
        })
    }
}

fn is_same(open: &ReminderRecord, due: &Due) -> bool {
    let now = &due.reminder;
    open.position == now.position
        && open.wanted == now.wanted
        && open.stock_out == now.stock_out
        && open.arrives_on == due.arrives_on
        && open.why.as_str() == now.why.to_string()
}

/// Open ones by urgency, or the latest closed ones.
pub(super) fn all(
    tx: &Tx,
    warehouse: &str,
    open: bool,
    most: u32,
) -> Result<Vec<ReminderRecord>, Error> {
    let sql = "SELECT id, item, opened_at, closed_at, position, wanted, stock_out, arrives_on, spare_days, why, answer FROM reminders
               WHERE warehouse = ?1 AND state = ?2
               ORDER BY CASE WHEN state = 'open' THEN 0 ELSE -id END, spare_days IS NULL, spare_days, item LIMIT ?3";
    let state = if open { "open" } else { "closed" };
    let rows = tx.rows(sql, values![warehouse, state, most])?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<ReminderRecord, Error> {
    Ok(ReminderRecord {
        id: row.count("id")?,
        item: row.parse("item")?,
        opened_at: row.parse("opened_at")?,
        closed_at: row.parse_maybe("closed_at")?,
        position: Quantity::from_thousandths(row.int("position")?),
        wanted: Quantity::from_thousandths(row.int("wanted")?),
        stock_out: row.parse_maybe("stock_out")?,
        arrives_on: row.parse_maybe("arrives_on")?,
        spare_days: row.maybe_int("spare_days"),
        why: SafeText::new(row.text("why")?),
        answer: SafeText::new(row.text("answer")?),
    })
}

fn settle(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    due: &BTreeMap<ItemCode, Due>,
) -> Result<Reminded, Error> {
    let mut done = Reminded::default();
    let mut kept = BTreeSet::new();
    for open in all(tx, warehouse, true, u32::MAX)? {
        match due.get(&open.item) {
            Some(due) => {
                if !is_same(&open, due) {
                    update(tx, warehouse, open.id, due)?;
                }
                done.kept += 1;
                kept.insert(open.item);
            }
            None => {
                let sql = "UPDATE reminders SET state = 'closed', closed_at = ?3 WHERE warehouse = ?1 AND id = ?2";
                tx.run(sql, values![warehouse, open.id, now.to_rfc3339()])?;
                done.closed += 1;
            }
        }
    }
    let mut new: Vec<(&ItemCode, &Due)> = due
        .iter()
        .filter(|(item, _)| !kept.contains(*item))
        .collect();
    new.sort_by_key(|(_, due)| due.reminder.days_to_spare.unwrap_or(i64::MAX));
    if !new.is_empty() {
        let messages = tell(tx, now, warehouse, &new)?;
        for (item, due) in &new {
            open(tx, now, warehouse, item, due, &messages)?;
            done.opened += 1;
        }
    }
    let_go(tx, warehouse)?;
    Ok(done)
}

fn open(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    item: &ItemCode,
    due: &Due,
    messages: &str,
) -> Result<(), Error> {
    let id = tx.next(warehouse, "reminder")?;
    let sql = "INSERT INTO reminders (warehouse, id, item, state, opened_at, closed_at, position, wanted, stock_out, arrives_on,
                   spare_days, why, messages, answer)
               VALUES (?1, ?2, ?3, 'open', ?4, '', 0, 0, '', '', NULL, '', ?5, '')";
    tx.run(
        sql,
        values![warehouse, id, item.as_str(), now.to_rfc3339(), messages],
    )?;
    update(tx, warehouse, u64::try_from(id).unwrap_or(0), due)
}

fn update(tx: &Tx, warehouse: &str, id: u64, due: &Due) -> Result<(), Error> {
    let sql = "UPDATE reminders SET position = ?3, wanted = ?4, stock_out = ?5, arrives_on = ?6, spare_days = ?7, why = ?8
               WHERE warehouse = ?1 AND id = ?2";
    let now = &due.reminder;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let row = values![
        warehouse,
        id,
        now.position.thousandths(),
        now.wanted.thousandths(),
        day(now.stock_out),
        day(due.arrives_on),
        now.days_to_spare,
        now.why.to_string(),
    ];
    tx.run(sql, row)?;
    Ok(())
}

/// Every lead is told once of all that is new. Says the messages' numbers.
fn tell(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    new: &[(&ItemCode, &Due)],
) -> Result<String, Error> {
    let sql = "SELECT code FROM workers WHERE warehouse = ?1 AND role = 'lead' ORDER BY code";
    let mut told = Vec::new();
    for row in tx.rows(sql, values![warehouse])? {
        let worker: WorkerCode = row.parse("code")?;
        let id = message::send(tx, now, warehouse, Some(&worker), &words(new))?;
        told.push(id.to_string());
    }
    Ok(told.join(";"))
}

fn words(new: &[(&ItemCode, &Due)]) -> SafeText {
    let named = new
        .iter()
        .take(NAMED)
        .map(|(item, due)| match due.reminder.stock_out {
            Some(day) => format!("{item} (lasts until {})", day.format("%-d %b")),
            None => item.to_string(),
        });
    let named: Vec<String> = named.collect();
    let more = new.len().saturating_sub(NAMED);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let text = format!("Time to order: {}{rest}.", named.join(", "));
    if text.chars().count() <= Message::LONGEST {
        return SafeText::new(&text);
    }
    // Codes may be long.
    SafeText::new(&format!(
        "Time to order {} items. The office has the list.",
        new.len()
    ))
}

/// Messages of which nothing is open any more are taken back.
fn let_go(tx: &Tx, warehouse: &str) -> Result<(), Error> {
    let sql = "SELECT DISTINCT c.messages FROM reminders c WHERE c.warehouse = ?1 AND c.state = 'closed' AND c.messages <> ''
               AND NOT EXISTS (SELECT 1 FROM reminders o WHERE o.warehouse = c.warehouse AND o.state = 'open'
                   AND o.messages = c.messages)";
    for row in tx.rows(sql, values![warehouse])? {
        let ids = row.text("messages")?;
        for id in ids.split(';').filter_map(|id| id.parse().ok()) {
            message::let_go(tx, warehouse, id)?;
        }
        let sql = "UPDATE reminders SET messages = '' WHERE warehouse = ?1 AND messages = ?2";
        tx.run(sql, values![warehouse, ids])?;
    }
    Ok(())
}

/// What a planner did about the open reminders of these items.
pub(super) fn answer(tx: &Tx, warehouse: &str, item: &str, answer: &str) -> Result<(), Error> {
    let sql =
        "UPDATE reminders SET answer = ?3 WHERE warehouse = ?1 AND item = ?2 AND state = 'open'";
    tx.run(sql, values![warehouse, item, answer])?;
    Ok(())
}
