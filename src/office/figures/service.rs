//! Service achieved: what customers got of what they ordered, and when; how often picks were whole and counts agreed.

use super::Span;
use crate::office::database::{Row, values};
use crate::office::{Error, Office};
use crate::planning::floor::{OrderOutcome, Rate, ServiceRates, service_rates};
use crate::warehouse::{Timestamp, WarehouseCode};
use std::collections::BTreeMap;

/// The service of a warehouse over a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Of the orders of which something was packed last within the span.
    pub orders: ServiceRates,
    /// Picking lines that were fetched whole.
    pub picks: Rate,
    /// Bins that held what the book said when they were counted.
    pub counts: Rate,
}

/// One order while its lines are read.
struct Known {
    outcome: OrderOutcome,
    last: Option<Timestamp>,
    due: Option<Timestamp>,
}

impl Office {
    /// Service, pick and count accuracy over a span. An order is faultless if nothing of it came back.
    pub fn service(&self, warehouse: &WarehouseCode, span: Span) -> Result<Service, Error> {
        self.database().read_at_length(|tx| {
            let (code, from, to) = (warehouse.as_str(), span.from.to_string(), span.to.to_string());
            let sql = "SELECT o.code, o.due, l.item, SUM(l.quantity) AS wanted,
                           (SELECT COALESCE(SUM(m.quantity), 0) FROM moves m WHERE m.warehouse = l.warehouse
                                AND m.target_place = 'order:' || l.order_code AND m.item = l.item
                                AND m.source_place NOT LIKE 'order:%' AND m.source_place NOT LIKE 'truck:%') AS got,
                           (SELECT MAX(m.at) FROM moves m WHERE m.warehouse = l.warehouse
                                AND m.target_place = 'order:' || l.order_code) AS last,
                           (SELECT COUNT(*) FROM returns t WHERE t.warehouse = l.warehouse
                                AND t.order_code = l.order_code) AS returns
                       FROM orders o JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
                       WHERE o.warehouse = ?1 AND o.kind = 'sales' AND o.state IN ('packed', 'shipped', 'delivered', 'done')
                           AND NOT EXISTS (SELECT 1 FROM kits k WHERE k.kit = l.item)
                       GROUP BY l.warehouse, l.order_code, o.code, o.due, l.item ORDER BY o.code, l.item";
            let mut orders: BTreeMap<String, Known> = BTreeMap::new();
            tx.each(sql, values![code], |row| {
                let last = row.maybe("last").and_then(|at| at.parse::<Timestamp>().ok());
                let within = last.is_some_and(|at| (span.from..=span.to).contains(&at.date_naive()));
                if within {
                    line(&mut orders, &row, last)?;
                }
                Ok::<(), Error>(())
            })?;
            let outcomes: Vec<OrderOutcome> = orders.values().map(outcome).collect();
            let picked = "SELECT COUNT(*) AS of, COALESCE(SUM(CASE WHEN l.done >= l.quantity THEN 1 ELSE 0 END), 0) AS good
                          FROM task_lines l JOIN tasks k ON k.warehouse = l.warehouse AND k.id = l.task
                          WHERE l.warehouse = ?1 AND k.kind = 'pick' AND k.state = 'done' AND EXISTS (SELECT 1 FROM moves m
                              WHERE m.warehouse = l.warehouse AND m.target_place = 'order:' || l.order_code
                              AND SUBSTR(m.at, 1, 10) >= ?2 AND SUBSTR(m.at, 1, 10) <= ?3)";
            let counted = "SELECT COUNT(*) AS of, COALESCE(SUM(CASE WHEN state = 'agreed' THEN 1 ELSE 0 END), 0) AS good FROM counts
                           WHERE warehouse = ?1 AND state NOT IN ('superseded', 'undone')
                               AND SUBSTR(counted_at, 1, 10) >= ?2 AND SUBSTR(counted_at, 1, 10) <= ?3";
            let rate = |sql: &str| {
                let row = tx.first(sql, values![code, &from, &to])?.expect("a count is one row");
                Ok::<_, Error>(Rate {
                    good: row.count("good")?,
                    of: row.count("of")?,
                })
            };
            Ok(Service {
                orders: service_rates(&outcomes),
                picks: rate(picked)?,
                counts: rate(counted)?,
            })
        })
    }
}

fn line(
    orders: &mut BTreeMap<String, Known>,
    row: &Row,
    last: Option<Timestamp>,
) -> Result<(), Error> {
    let due = row.parse_maybe::<Timestamp>("due")?;
    let known = orders.entry(row.text("code")?.to_owned()).or_insert(Known {
        outcome: OrderOutcome {
            lines: 0,
            lines_whole: 0,
            on_time: true,
            faultless: row.int("returns")? == 0,
        },
        last,
        due,
    });
    known.outcome.lines += 1;
    known.outcome.lines_whole += u32::from(row.int("got")? >= row.int("wanted")?);
    Ok(())
}

fn outcome(known: &Known) -> OrderOutcome {
    let late = known
        .due
        .zip(known.last)
        .is_some_and(|(due, last)| last > due);
    OrderOutcome {
        on_time: !late,
        ..known.outcome
    }
}
