//! Reports: which there are, and those of stock by status and of how people work.

use super::super::look::{Look, Part, View};
use super::super::picture::{Bar, bars};
use super::super::table::{Cell, Column, Table};
use super::parts::{period, search, words};
use crate::office::Error;
use crate::office::report::stock::{STATUSES, StatusSum};
use crate::planning::pace::Pace;
use crate::warehouse::Quantity;
use maud::html;
use std::collections::BTreeMap;

/// Days that reports look back unless someone asks for others.
pub(super) const DAYS: u64 = 30;

const REPORTS: [(&str, &str, &str); 8] = [
    (
        "/report/status",
        "Stock status",
        "How much is free, promised, kept back, on its way and on order, and what it is worth.",
    ),
    (
        "/report/ageing",
        "Ageing",
        "How long stock has been lying, the oldest first.",
    ),
    (
        "/report/expiry",
        "Expiry",
        "What is past its last day, and what soon will be.",
    ),
    (
        "/report/flow",
        "Movements",
        "What came, was picked, left and was corrected, day by day.",
    ),
    (
        "/report/accuracy",
        "Accuracy",
        "How often a count found what the book said, by zone.",
    ),
    (
        "/report/shipped",
        "Shipped and short lines",
        "Lines that left whole and lines that left short.",
    ),
    (
        "/report/dock",
        "Dock to stock",
        "How long goods took from the dock door to the shelf.",
    ),
    (
        "/report/rates",
        "Work rates",
        "Lines an hour by worker, kind of work and zone.",
    ),
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "every page that is read may fail; this one asks nothing"
)]
pub(in super::super) fn look(look: &Look) -> Result<View, Error> {
    let main = html! {
        ul.cards {
            @for (path, name, about) in REPORTS {
                li { a href=(look.to(path, &[])) { (name) } p { (about) } }
            }
        }
    };
    Ok(View {
        title: "Reports".to_owned(),
        path: "/reports",
        section: "/reports",
        parts: vec![Part::Words(main)],
    })
}

/// A report's page.
pub(super) fn view(title: &str, path: &'static str, parts: Vec<Part>) -> View {
    View {
        title: title.to_owned(),
        path,
        section: "/reports",
        parts,
    }
}

/// The days a report is about, to be asked otherwise.
pub(super) fn days_form(look: &Look, path: &str) -> Part {
    Part::Words(search(look, path, &period(look)))
}

/// Money, from hundredths.
pub(super) fn money(hundredths: i64) -> String {
    Quantity::from_thousandths(hundredths.saturating_mul(10)).to_string()
}

/// A part of a whole in whole percent, never rounded up to all.
pub(super) fn percent(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100).checked_div(whole).unwrap_or(0)
}

pub(in super::super) fn status(look: &Look) -> Result<View, Error> {
    let sums = look.office.stock_sums(look.now, look.here)?;
    let [free, reserved, held, damaged, expired, ..] = &sums;
    let blocked = held.items + damaged.items + expired.items;
    let finding = format!(
        "{} items have stock that is free, {} are promised in part, and in {blocked} cases stock is kept back, damaged or past its day.",
        free.items, reserved.items
    );
    let bar = |(sum, (kind, name)): (&StatusSum, &(&str, &str))| Bar {
        label: (*name).to_owned(),
        value: u64::try_from(sum.quantity.thousandths()).unwrap_or(0),
        text: format!("{} units of {} items", sum.quantity, sum.items),
        is_bad: matches!(*kind, "damaged" | "expired"),
    };
    let drawn: Vec<Bar> = sums.iter().zip(&STATUSES).map(bar).collect();
    let row = |(sum, (kind, name)): (&StatusSum, &(&str, &str))| {
        let to = look.to("/stock", &[("status", kind)]);
        vec![
            Cell::text(name),
            Cell::NumberLink(sum.items.to_string(), to),
            Cell::quantity(sum.quantity),
            Cell::Number(money(sum.value)),
        ]
    };
    let table = Table {
        caption: format!("Stock of {} by status", look.here),
        columns: vec![
            Column::text("Status"),
            Column::number("Items"),
            Column::number("Units"),
            Column::number("Worth"),
        ],
        rows: sums.iter().zip(&STATUSES).map(row).collect(),
        next: None,
        empty: "",
    };
    let parts = vec![Part::Words(bars(&finding, &drawn)), Part::Table(table)];
    Ok(view("Stock status", "/report/status", parts))
}

pub(in super::super) fn rates(look: &Look) -> Result<View, Error> {
    let (from, _) = look.period(1)?;
    let paces = look.office.pace(look.here, from)?;
    let mut by_worker: BTreeMap<String, Pace> = BTreeMap::new();
    for (key, pace) in &paces {
        by_worker
            .entry(key.worker.to_string())
            .or_default()
            .add(pace);
    }
    let rate = |pace: &Pace| pace.lines_an_hour().unwrap_or(0);
    let mut workers: Vec<(&String, &Pace)> = by_worker.iter().collect();
    workers.sort_by_key(|(_, pace)| std::cmp::Reverse(rate(pace)));
    let mut whole = Pace::default();
    workers.iter().for_each(|(_, pace)| whole.add(pace));
    let finding = if workers.is_empty() {
        "Nobody has worked in these days.".to_owned()
    } else {
        format!(
            "{} workers did {} lines at {} an hour of time at work.",
            workers.len(),
            whole.lines.max(0),
            rate(&whole)
        )
    };
    let bar = |(worker, pace): &(&String, &Pace)| Bar {
        label: (*worker).clone(),
        value: rate(pace),
        text: format!("{} an hour, {} lines", rate(pace), pace.lines.max(0)),
        is_bad: false,
    };
    let drawn: Vec<Bar> = workers.iter().map(bar).collect();
    let rows = paces.iter().map(|(key, pace)| {
        vec![
            Cell::Text(key.worker.clone()),
            Cell::text(words(key.kind.as_str())),
            Cell::Text(key.zone.clone()),
            Cell::whole(pace.lines.max(0)),
            Cell::text(
                pace.lines_an_hour()
                    .map(|rate| rate.to_string())
                    .unwrap_or_default(),
            ),
            Cell::count(pace.active_s / 60),
            Cell::count(pace.walked_cm / 100),
        ]
    });
    let table = Table {
        caption: "Work by worker, kind and zone".to_owned(),
        columns: vec![
            Column::text("Worker"),
            Column::text("Kind"),
            Column::text("Zone"),
            Column::number("Lines"),
            Column::number("Lines an hour"),
            Column::number("Minutes at work"),
            Column::number("Metres walked"),
        ],
        rows: rows.collect(),
        next: None,
        empty: "Nobody has worked in these days.",
    };
    let form = search(
        look,
        "/report/rates",
        &super::parts::day(look, "from", "Since the day"),
    );
    let parts = vec![
        Part::Words(form),
        Part::Words(bars(&finding, &drawn)),
        Part::Table(table),
    ];
    Ok(view("Work rates", "/report/rates", parts))
}
