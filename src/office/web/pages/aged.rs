//! The reports of how old stock is and how long it is still good.

use super::super::look::{Look, Part, View};
use super::super::picture::{Bar, bars};
use super::super::table::{Cell, Column, Table};
use super::parts;
use super::reports::{money, percent, view};
use crate::office::Error;
use crate::office::report::spread::{Aged, Lying, Spread, Step};
use chrono::Local;

pub(in super::super) fn ageing(look: &Look) -> Result<View, Error> {
    report(look, Spread::Age, "Ageing", "/report/ageing")
}

pub(in super::super) fn expiry(look: &Look) -> Result<View, Error> {
    report(look, Spread::Expiry, "Expiry", "/report/expiry")
}

fn report(look: &Look, spread: Spread, title: &str, path: &'static str) -> Result<View, Error> {
    let today = look.now.with_timezone(&Local).date_naive();
    let lying = look.office.spread(look.here, spread, today)?;
    let only = look.wish.get("step").and_then(|text| text.parse().ok());
    let page = (&look.after(1)[..], look.most);
    let found = look
        .office
        .spread_rows(look.here, spread, today, only, page)?;
    let bar = |(at, (step, lies)): (usize, &(Step, Lying))| Bar {
        label: step.name.to_owned(),
        value: lies.rows,
        text: format!("{} rows of {} items", lies.rows, lies.items),
        is_bad: match spread {
            Spread::Age => at == 4,
            Spread::Expiry => at == 0,
        },
    };
    let drawn: Vec<Bar> = lying.iter().enumerate().map(bar).collect();
    let step_row = |(at, (step, lies)): (usize, &(Step, Lying))| {
        let to = look.to(path, &[("step", &at.to_string())]);
        vec![
            Cell::text(step.name),
            Cell::NumberLink(lies.rows.to_string(), to),
            Cell::count(lies.items),
            Cell::quantity(lies.quantity),
            Cell::Number(money(lies.value)),
        ]
    };
    let steps = Table {
        caption: format!("{title} of the stock of {}", look.here),
        columns: vec![
            Column::text(if spread == Spread::Age {
                "Lying for"
            } else {
                "Still good for"
            }),
            Column::number("Rows of stock"),
            Column::number("Items"),
            Column::number("Units"),
            Column::number("Worth"),
        ],
        rows: lying.iter().enumerate().map(step_row).collect(),
        next: None,
        empty: "",
    };
    let name = only
        .and_then(|at: usize| spread.steps().get(at))
        .map(|step| step.name);
    let rows = Table {
        caption: match (spread, name) {
            (Spread::Age, None) => "All of it, the oldest first".to_owned(),
            (Spread::Age, Some(name)) => format!("Lying for {name}, the oldest first"),
            (Spread::Expiry, None) => {
                "All that has a last day, what ends first before the rest".to_owned()
            }
            (Spread::Expiry, Some(name)) => format!("What is good for {name}"),
        },
        columns: columns(spread),
        rows: found
            .rows
            .iter()
            .map(|aged| row(look, spread, aged))
            .collect(),
        next: found.next,
        empty: "There is none.",
    };
    let finding = finding(spread, &lying);
    let parts = vec![
        Part::Words(bars(&finding, &drawn)),
        Part::Table(steps),
        Part::Table(rows),
    ];
    Ok(view(title, path, parts))
}

fn finding(spread: Spread, lying: &[(Step, Lying)]) -> String {
    let rows = |at: usize| lying.get(at).map_or(0, |(_, lies)| lies.rows);
    let all: u64 = lying.iter().map(|(_, lies)| lies.rows).sum();
    match spread {
        Spread::Age => format!(
            "Of {all} rows of stock {} ({} %) have been lying for more than half a year.",
            rows(3) + rows(4),
            percent(rows(3) + rows(4), all)
        ),
        Spread::Expiry => format!(
            "Of {all} rows of stock that have a last day {} are past it, and {} end within a week.",
            rows(0),
            rows(1)
        ),
    }
}

fn columns(spread: Spread) -> Vec<Column> {
    vec![
        Column::text(if spread == Spread::Age {
            "Since"
        } else {
            "Last day"
        }),
        Column::text("Item"),
        Column::text("Name"),
        Column::text("Lot"),
        Column::text("Serial"),
        Column::text("Place"),
        Column::text("Plate"),
        Column::text("Status"),
        Column::number("Quantity"),
        Column::text("Unit"),
    ]
}

fn row(look: &Look, spread: Spread, aged: &Aged) -> Vec<Cell> {
    let today = look.now.with_timezone(&Local).date_naive().to_string();
    let day = if spread == Spread::Expiry && aged.day < today {
        Cell::Bad(aged.day.as_str().into())
    } else {
        Cell::text(&aged.day)
    };
    vec![
        day,
        parts::item(look, &aged.item),
        Cell::text(&aged.name),
        Cell::text(&aged.lot),
        Cell::text(&aged.serial),
        parts::place(look, &aged.place),
        Cell::text(&aged.plate),
        Cell::text(parts::words(&aged.status)),
        Cell::quantity(aged.quantity),
        Cell::text(&aged.unit),
    ]
}
