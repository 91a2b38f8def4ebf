//! Who works here: what each may do, in which zones, with which equipment, and how much they have done today.

use super::super::look::{Look, Part, View};
use super::super::table::{Cell, Column, Table};
use super::super::users::Role;
use crate::office::Error;
use crate::office::report::people::WorkerSeen;
use maud::html;

pub(in super::super) fn look(look: &Look) -> Result<View, Error> {
    let workers = look.office.workers_seen(look.here)?;
    let (today, _) = look.period(0)?;
    let paces = look.office.hourly(look.here, today)?;
    let row = |worker: &WorkerSeen| {
        let pace = paces.iter().find(|pace| pace.worker == worker.code);
        let any = |text: &crate::warehouse::SafeText| {
            if text.is_empty() {
                Cell::text("any")
            } else {
                Cell::Text(text.clone())
            }
        };
        vec![
            Cell::Text(worker.code.clone()),
            Cell::Text(worker.name.clone()),
            Cell::Text(worker.role.clone()),
            any(&worker.jobs),
            any(&worker.zones),
            Cell::Text(worker.equipment.clone()),
            Cell::Text(worker.language.clone()),
            Cell::text(if worker.has_pin { "yes" } else { "no" }),
            Cell::whole(pace.map_or(0, |pace| pace.lines)),
            Cell::text(
                pace.and_then(|pace| pace.an_hour)
                    .map(|rate| rate.to_string())
                    .unwrap_or_default(),
            ),
        ]
    };
    let table = Table {
        caption: format!("Workers of {}", look.here),
        columns: vec![
            Column::text("Worker"),
            Column::text("Name"),
            Column::text("Role"),
            Column::text("Work"),
            Column::text("Zones"),
            Column::text("Equipment"),
            Column::text("Language"),
            Column::text("Has a PIN"),
            Column::number("Lines today"),
            Column::number("Lines an hour"),
        ],
        rows: workers.iter().map(row).collect(),
        next: None,
        empty: "Nobody works here yet: bring workers.csv in.",
    };
    let words = html! {
        @if look.role >= Role::Manager {
            p { "Workers come in and change with the sheet workers.csv: " a href=(look.to("/import", &[])) { "bring it in" } "." }
        }
    };
    Ok(View {
        title: "Workers".to_owned(),
        path: "/workers",
        section: "/workers",
        parts: vec![Part::Words(words), Part::Table(table)],
    })
}
