//! Waves by themselves: at their times of the day, when enough orders wait, and at once for what is due soon.
//! It has no clock of its own; what was due while the office was down is made up for once.

use super::database::{Tx, values};
use super::draft::drafts;
use super::release::{Only, Terms};
use super::rules::{WaveRules, WaveTime};
use super::{Error, Office, records, rules, ship, wave};
use crate::warehouse::{OrderCode, Timestamp, WarehouseCode};
use chrono::{Days, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

impl Office {
    /// Releases what is to go now by the warehouse's rules, where orders wait for a wave. Says which orders.
    /// `looks`: also at how many wait, and what is due soon; to be asked when something changed, and now and then.
    pub fn release_on_schedule(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        looks: bool,
    ) -> Result<Vec<OrderCode>, Error> {
        let code = warehouse.as_str();
        let (rules, last) = self.database().read(|tx| {
            let last = records::setting(tx, &name(code))?;
            Ok::<_, Error>((rules::of(tx, code)?, last))
        })?;
        if !rules.carts.wait_for_wave || rules.waves == WaveRules::default() {
            return Ok(Vec::new());
        }
        let Some(last) = last.and_then(|text| text.parse::<Timestamp>().ok()) else {
            // From now on times count; those of today that are over were before these rules.
            self.write_in(code, |tx| records::set(tx, &name(code), &now.to_rfc3339()))?;
            return Ok(Vec::new());
        };
        let times = due(&rules.waves.at, last, now);
        if times.is_empty() && !looks {
            return Ok(Vec::new());
        }
        self.write_in(code, |tx| {
            let mut released = Vec::new();
            for (at, time) in &times {
                let until = time.due_until.map(|until| moment_after(*at, until.0));
                let only = until.map_or(Only::All, Only::DueUntil);
                released.extend(go(tx, now, code, &rules.waves, only)?);
            }
            if !times.is_empty() {
                records::set(tx, &name(code), &now.to_rfc3339())?;
            }
            if rules.waves.orders > 0 && waiting(tx, code)? >= u64::from(rules.waves.orders) {
                released.extend(go(tx, now, code, &rules.waves, Only::All)?);
            }
            if rules.waves.urgent_minutes > 0 {
                let soon = now + TimeDelta::minutes(i64::from(rules.waves.urgent_minutes));
                released.extend(go(tx, now, code, &rules.waves, Only::DatedUntil(soon))?);
            }
            Ok(released)
        })
    }
}

fn name(warehouse: &str) -> String {
    format!("waved:{warehouse}")
}

fn go(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    rules: &WaveRules,
    only: Only,
) -> Result<Vec<OrderCode>, Error> {
    let terms = Terms {
        only,
        ..Terms::of(tx, warehouse)?
    };
    let most = usize::try_from(rules.most_orders).unwrap_or(usize::MAX);
    let made = drafts(tx, now, warehouse, &terms, most)?.made;
    let orders = made.iter().map(|draft| draft.head.order.clone()).collect();
    wave::onto_the_floor(tx, now, warehouse, &terms, made)?;
    ship::plan(tx, warehouse)?;
    Ok(orders)
}

fn waiting(tx: &Tx, warehouse: &str) -> Result<u64, Error> {
    let sql = "SELECT COUNT(*) AS orders FROM orders WHERE warehouse = ?1 AND kind IN ('sales', 'transfer') AND state = 'open'";
    let row = tx.first(sql, values![warehouse])?;
    Ok(row.map_or(Ok(0), |row| row.count("orders"))?)
}

/// Times of waves that came after the last and are over by now, each with the moment when it was.
fn due(times: &[WaveTime], last: Timestamp, now: Timestamp) -> Vec<(Timestamp, &WaveTime)> {
    let today = now.with_timezone(&Local).date_naive();
    let yesterday = today - Days::new(1);
    let moments = times.iter().filter_map(|time| {
        // One that was missed is made up for once.
        let days = [today, yesterday].into_iter();
        let mut past = days
            .map(|day| moment(day, time.at.0))
            .filter(|at| *at <= now);
        past.next().map(|at| (at, time))
    });
    let mut due: Vec<_> = moments.filter(|(at, _)| *at > last).collect();
    due.sort_by_key(|(at, _)| *at);
    due
}

/// A time of a day, where the office stands. Where the clocks skip it, it is when they have.
fn moment(day: NaiveDate, time: NaiveTime) -> Timestamp {
    let local = |at: NaiveDateTime| at.and_local_timezone(Local).earliest();
    let at = day.and_time(time);
    let found = local(at).or_else(|| local(at + TimeDelta::hours(1)));
    found.map_or_else(|| at.and_utc(), |at| at.to_utc())
}

/// The first time that a clock there shows this after a moment.
fn moment_after(at: Timestamp, time: NaiveTime) -> Timestamp {
    let day = at.with_timezone(&Local).date_naive();
    let same = moment(day, time);
    if same >= at {
        same
    } else {
        moment(day + Days::new(1), time)
    }
}
