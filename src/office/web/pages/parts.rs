//! What several pages show alike: places, items, facts and amounts as cells, and the fields of a search.

use super::super::look::Look;
use super::super::table::{Cell, Column, Table};
use crate::office::report::Paged;
use crate::office::report::history::{End, Movement, RowOf};
use crate::office::report::stock::{Line, STATUSES};
use crate::warehouse::Quantity;
use maud::{Markup, html};

/// A name of the program's as people read it.
pub(super) fn words(text: &str) -> String {
    text.replace('_', " ")
}

pub(super) fn item(look: &Look, code: &str) -> Cell {
    Cell::link(code, look.to("/item", &[("item", code)]))
}

pub(super) fn order(look: &Look, code: &str) -> Cell {
    Cell::link(code, look.to("/order", &[("order", code)]))
}

pub(super) fn task(look: &Look, id: &str) -> Cell {
    Cell::link(id, look.to("/task", &[("task", id)]))
}

/// A place as it is written in the ledger: a bin by its code alone.
pub(super) fn place(look: &Look, place: &str) -> Cell {
    match place.split_once(':') {
        Some(("bin", code)) => Cell::link(code, look.to("/bin", &[("bin", code)])),
        Some(("order", code)) => {
            let to = look.to("/order", &[("order", code)]);
            Cell::link(format!("order {code}"), to)
        }
        Some((kind, code)) => Cell::text(format!("{kind} {code}")),
        None => Cell::text(words(place)),
    }
}

/// A fact, leading to the row of the journal it stands in.
pub(super) fn fact(look: &Look, name: &str, row: &RowOf) -> Cell {
    let (epoch, seq) = (row.epoch.to_string(), row.seq.to_string());
    let asked = [
        ("device", row.device.as_str()),
        ("epoch", epoch.as_str()),
        ("seq", seq.as_str()),
    ];
    let shown = if name.is_empty() { "fact" } else { name };
    Cell::link(words(shown), look.to("/fact", &asked))
}

/// Columns of what stock can be, the first so many.
pub(super) fn amount_columns(most: usize) -> impl Iterator<Item = Column> {
    STATUSES
        .iter()
        .take(most)
        .map(|(_, name)| Column::number(name))
}

pub(super) fn amounts(line: &Line, most: usize) -> impl Iterator<Item = Cell> + use<'_> {
    let amounts = line.amounts.iter().take(most);
    amounts.map(|amount| Cell::quantity(*amount))
}

fn end(look: &Look, end: &End) -> Cell {
    let status = if end.status == "available" {
        String::new()
    } else {
        words(&end.status)
    };
    let parts = [end.plate.as_str(), status.as_str()];
    let more: Vec<&str> = parts.into_iter().filter(|text| !text.is_empty()).collect();
    place(look, &end.place).with(&more.join(", "))
}

/// Movements as a table.
pub(super) fn movements(look: &Look, caption: String, found: Paged<Movement>) -> Table {
    let row = |moved: &Movement| {
        let what = match &moved.row {
            Some(row) => fact(look, &moved.told.fact, row),
            None => Cell::Text(moved.document.clone()),
        };
        vec![
            Cell::When(Some(moved.told.at.unwrap_or(moved.at))),
            item(look, &moved.item),
            Cell::text(&moved.lot),
            Cell::text(&moved.serial),
            Cell::quantity(moved.quantity),
            end(look, &moved.source),
            end(look, &moved.target),
            what,
            Cell::text(&moved.told.worker),
            Cell::text(moved.row.as_ref().map_or("", |row| &row.device)),
            task(look, &moved.told.task),
        ]
    };
    Table {
        caption,
        columns: vec![
            Column::text("When"),
            Column::text("Item"),
            Column::text("Lot"),
            Column::text("Serial"),
            Column::number("Quantity"),
            Column::text("From"),
            Column::text("To"),
            Column::text("What"),
            Column::text("Worker"),
            Column::text("Handheld"),
            Column::text("Task"),
        ],
        rows: found.rows.iter().map(row).collect(),
        next: found.next,
        empty: "Nothing moved.",
    }
}

/// A form that asks for a page anew, in this warehouse.
pub(super) fn search(look: &Look, path: &str, fields: &Markup) -> Markup {
    html! {
        form.search role="search" method="get" action=(path) {
            input type="hidden" name="warehouse" value=(look.here);
            (fields)
            button { "Show" }
        }
    }
}

pub(super) fn field(look: &Look, name: &str, label: &str, kind: &str) -> Markup {
    html! {
        label { span { (label) } input type=(kind) name=(name) value=[look.wish.get(name)] maxlength="100"; }
    }
}

/// A field for a day.
pub(super) fn day(look: &Look, name: &str, label: &str) -> Markup {
    field(look, name, label, "date")
}

/// Fields for the days a report is about.
pub(super) fn period(look: &Look) -> Markup {
    html! { (day(look, "from", "From the day")) (day(look, "until", "To the day")) }
}

pub(super) fn choice(look: &Look, name: &str, label: &str, options: &[(&str, &str)]) -> Markup {
    html! {
        label {
            span { (label) }
            select name=(name) {
                @for (value, text) in options {
                    option value=(value) selected[look.wish.get(name).unwrap_or_default() == *value] { (text) }
                }
            }
        }
    }
}

/// What is known of a thing, name by name; what is not known is left out.
pub(super) fn facts(pairs: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts { @for (name, text) in pairs { @if !text.0.is_empty() { div { dt { (name) } dd { (text) } } } } }
    }
}

/// So much, or nothing at all where there is none.
pub(super) fn said(quantity: Quantity, unit: &str) -> String {
    format!("{quantity} {unit}").trim().to_owned()
}
