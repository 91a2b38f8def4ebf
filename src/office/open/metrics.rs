//! How the office does, in numbers, in the text format that Prometheus reads (version 0.0.4).

use super::Key;
use crate::office::database::{Row, Tx};
use crate::office::{Error, Office};
use crate::warehouse::Timestamp;
use std::fmt::Write;

/// One number for each group of rows.
struct Metric {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    labels: &'static [&'static str],
    sql: &'static str,
}

const METRICS: &[Metric] = &[
    Metric {
        name: "stockhand_facts_received_total",
        kind: "counter",
        help: "Journal rows that handhelds have sent.",
        labels: &["warehouse", "device"],
        sql: "SELECT d.warehouse AS warehouse, d.device AS device, SUM(j.acked) AS value FROM journals j
              JOIN devices d ON d.device = j.device GROUP BY d.warehouse, d.device ORDER BY 1, 2",
    },
    Metric {
        name: "stockhand_exceptions_open",
        kind: "gauge",
        help: "Exceptions that nobody has closed.",
        labels: &["warehouse", "kind"],
        sql: "SELECT warehouse, kind, COUNT(*) AS value FROM exceptions WHERE state = 'open'
              GROUP BY warehouse, kind ORDER BY 1, 2",
    },
    Metric {
        name: "stockhand_tasks",
        kind: "gauge",
        help: "Tasks by kind and state.",
        labels: &["warehouse", "kind", "state"],
        sql: "SELECT warehouse, kind, state, COUNT(*) AS value FROM tasks GROUP BY warehouse, kind, state ORDER BY 1, 2, 3",
    },
    Metric {
        name: "stockhand_orders",
        kind: "gauge",
        help: "Orders by kind and state.",
        labels: &["warehouse", "kind", "state"],
        sql: "SELECT warehouse, kind, state, COUNT(*) AS value FROM orders GROUP BY warehouse, kind, state ORDER BY 1, 2, 3",
    },
];

impl Office {
    /// Facts received, exceptions open, handhelds by last contact, tasks and orders by state, of the key's warehouses; and the
    /// size of the whole database in bytes.
    pub fn metrics(&self, key: &Key) -> Result<String, Error> {
        let mut text = self.database().read_at_length(|tx| {
            let mut text = String::new();
            for metric in METRICS {
                head(&mut text, metric.name, metric.kind, metric.help);
                for row in tx.rows(metric.sql, &[])? {
                    if key.is_for(row.text("warehouse")?) {
                        let value = row.int("value")?;
                        line(&mut text, metric.name, metric.labels, &row, value)?;
                    }
                }
            }
            contacts(tx, key, &mut text)?;
            Ok::<_, Error>(text)
        })?;
        let name = "stockhand_database_size_bytes";
        head(&mut text, name, "gauge", "The size of the database.");
        put(
            &mut text,
            format_args!("{name} {}\n", self.database().size()?),
        );
        Ok(text)
    }
}

fn contacts(tx: &Tx, key: &Key, text: &mut String) -> Result<(), Error> {
    let name = "stockhand_device_last_contact_timestamp_seconds";
    head(text, name, "gauge", "When a handheld was last heard.");
    let sql = "SELECT warehouse, device, state, seen_at FROM devices ORDER BY warehouse, device";
    for row in tx.rows(sql, &[])? {
        if key.is_for(row.text("warehouse")?) {
            let seen: Timestamp = row.parse("seen_at")?;
            let labels = &["warehouse", "device", "state"];
            line(text, name, labels, &row, seen.timestamp())?;
        }
    }
    Ok(())
}

fn put(text: &mut String, what: std::fmt::Arguments) {
    text.write_fmt(what).expect("a string takes any text");
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    put(
        text,
        format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"),
    );
}

fn line(
    text: &mut String,
    name: &str,
    labels: &[&'static str],
    row: &Row,
    value: i64,
) -> Result<(), Error> {
    let label = |label: &&'static str| Ok(format!("{label}=\"{}\"", escaped(row.text(label)?)));
    let labels: Result<Vec<String>, Error> = labels.iter().map(label).collect();
    put(
        text,
        format_args!("{name}{{{}}} {value}\n", labels?.join(",")),
    );
    Ok(())
}

/// A label's value as the format wants it.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace('"', "\\\"")
        .replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_end_its_line_or_begin_another_label() {
        assert_eq!(escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
    }
}
