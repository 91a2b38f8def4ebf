//! One item and one bin: what the records say of it, what there is of it where, and what it went through.

use super::super::look::{Look, Part, View};
use super::super::table::{Cell, Column, Table};
use super::parts::{self, amount_columns, amounts, facts, field, search, words};
use super::stock;
use crate::office::Error;
use crate::office::report::history::Which;
use crate::office::report::named::ItemSeen;
use crate::office::report::stock::{Asked, By, STATUSES};
use crate::warehouse::Bin;
use maud::{Markup, html};

fn unknown(what: &'static str, code: &str) -> Error {
    Error::Unknown {
        what,
        code: crate::warehouse::SafeText::new(code).to_string(),
    }
}

/// The field that asks for an earlier moment, with what else the page is about.
fn earlier(look: &Look, path: &str, name: &str, of: &str) -> Markup {
    let fields = html! {
        input type="hidden" name=(name) value=(of);
        (field(look, "as_of", "As it was at", "datetime-local"))
    };
    search(look, path, &fields)
}

pub(in super::super) fn of_item(look: &Look) -> Result<View, Error> {
    let code = look.wish.get("item").unwrap_or_default();
    let known = look.office.item_seen(look.here, code)?;
    let known = known.ok_or_else(|| unknown("item", code))?;
    let mut where_it_lies = Asked::of(look.here, By::Spot, look.most);
    where_it_lies.item = Some(code.to_owned());
    where_it_lies.as_of = look.wish.moment("as_of")?;
    where_it_lies.after = look.after(1);
    let which = Which {
        item: Some(code.to_owned()),
        until: where_it_lies.as_of,
        ..Which::default()
    };
    let moved = look
        .office
        .movements(look.here, &which, &look.after(2), look.most)?;
    let wanted = crate::office::report::orders::Which {
        item: Some(code.to_owned()),
        ..Default::default()
    };
    let orders = look
        .office
        .orders_seen(look.here, &wanted, &look.after(3), look.most)?;
    let mut wheres = stock::table(look, &where_it_lies)?;
    wheres.caption = format!("Where {code} lies in {}", look.here);
    let caption = format!("Movements of {code}, newest first");
    let mut orders = super::orders::table(look, orders);
    orders.caption = format!("Orders of {code} that are not finished");
    Ok(View {
        title: format!("{code} {}", known.item.name),
        path: "/item",
        section: "/stock",
        parts: vec![
            Part::Words(html! { (about(look, &known)) (earlier(look, "/item", "item", code)) }),
            Part::Table(everywhere(look, code)?),
            Part::Table(wheres),
            Part::Table(parts::movements(look, caption, moved)),
            Part::Table(orders),
        ],
    })
}

fn about(look: &Look, known: &ItemSeen) -> Markup {
    let item = &known.item;
    let tracked = [
        (item.tracking.lot, "lot"),
        (item.tracking.serial, "serial"),
        (item.tracking.expiry, "last day"),
    ];
    let tracked: Vec<&str> = tracked
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| *name)
        .collect();
    let size = item
        .handling
        .size_mm
        .map(|[length, width, height]| format!("{length} × {width} × {height} mm"));
    facts(&[
        ("Unit", html! { (item.unit) }),
        ("Told apart by", html! { (tracked.join(", ")) }),
        (
            "Weight",
            html! { @if let Some(weight) = item.weight_g { (weight) " g" } },
        ),
        ("Size", html! { (size.unwrap_or_default()) }),
        ("Kept", html! { (item.handling.temperature.as_str()) }),
        (
            "Barcodes",
            html! {
                @for code in &known.barcodes { (code.code) @if code.holds != crate::warehouse::Quantity::ONE { " ×" (code.holds) } " " }
            },
        ),
        (
            "Its own bins",
            html! {
                @for bin in &known.fixed { a href=(look.to("/bin", &[("bin", bin)])) { (bin) } " " }
            },
        ),
    ])
}

/// Its stock in every warehouse of the company.
fn everywhere(look: &Look, code: &str) -> Result<Table, Error> {
    let mut rows = Vec::new();
    for warehouse in look.office.warehouse_codes()? {
        let mut asked = Asked::of(&warehouse, By::Item, 1);
        asked.item = Some(code.to_owned());
        asked.as_of = look.wish.moment("as_of")?;
        let found = look.office.stock_by(look.now, &asked)?;
        let to = super::super::shell::address(
            "/item",
            &[("warehouse", warehouse.as_str()), ("item", code)],
        );
        let mut row = vec![Cell::link(warehouse.as_str(), to)];
        let none = crate::office::report::stock::Line::default();
        row.extend(amounts(found.rows.first().unwrap_or(&none), STATUSES.len()));
        rows.push(row);
    }
    let mut columns = vec![Column::text("Warehouse")];
    columns.extend(amount_columns(STATUSES.len()));
    Ok(Table {
        caption: format!("Stock of {code} in each warehouse"),
        columns,
        rows,
        next: None,
        empty: "There is no warehouse.",
    })
}

pub(in super::super) fn of_bin(look: &Look) -> Result<View, Error> {
    let code = look.wish.get("bin").unwrap_or_default();
    let bin = look.office.bin_seen(look.here, code)?;
    let bin = bin.ok_or_else(|| unknown("bin", code))?;
    let place = format!("bin:{code}");
    let mut held = Asked::of(look.here, By::Spot, look.most);
    held.place = Some(place.clone());
    held.as_of = look.wish.moment("as_of")?;
    held.after = look.after(0);
    let mut there = stock::table(look, &held)?;
    there.caption = format!("What is in {code}");
    let mut plates = Asked {
        by: By::Each,
        after: look.after(1),
        ..held.clone()
    };
    plates.place = Some(place.clone());
    let mut plates = stock::table(look, &plates)?;
    plates.caption = "The same by license plate, promises left aside".into();
    let which = Which {
        place: Some(place),
        until: held.as_of,
        ..Which::default()
    };
    let moved = look
        .office
        .movements(look.here, &which, &look.after(2), look.most)?;
    let caption = format!("What went into {code} and out of it, newest first");
    Ok(View {
        title: format!("Bin {code}"),
        path: "/bin",
        section: "/stock",
        parts: vec![
            Part::Words(html! { (of(&bin)) (earlier(look, "/bin", "bin", code)) }),
            Part::Table(there),
            Part::Table(plates),
            Part::Table(parts::movements(look, caption, moved)),
        ],
    })
}

fn of(bin: &Bin) -> Markup {
    let kind = crate::office::records::bin_kind(bin.kind);
    facts(&[
        ("Zone", html! { (bin.zone) }),
        ("Kind", html! { (words(kind)) }),
        ("Place in the walk", html! { (bin.sequence) }),
        (
            "Stands at",
            html! { (metres(bin.x_cm)) ", " (metres(bin.y_cm)) " m, level " (bin.level) },
        ),
        (
            "State",
            html! { @if bin.frozen { strong.bad { "frozen: nothing in, nothing out" } } },
        ),
    ])
}

fn metres(cm: i32) -> String {
    format!("{:.1}", f64::from(cm) / 100.0)
}
