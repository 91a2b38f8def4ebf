//! Orders against their cut-off, and one order: its lines, its tasks, its truck, what is packed for it.

use super::super::look::{Look, Part, View};
use super::super::shell::when;
use super::super::table::{Cell, Column, Table};
use super::parts::{choice, facts, field, order, said, search, words};
use super::{stock, tasks};
use crate::office::Error;
use crate::office::report::Paged;
use crate::office::report::orders::{OrderLineSeen, OrderSeen, OrderWhole, Which};
use crate::office::report::stock::{Asked, By};
use crate::office::report::work;
use crate::warehouse::{OrderKind, Quantity};
use maud::{Markup, html};

const STATES: [(&str, &str); 12] = [
    ("", "not finished"),
    ("all", "all"),
    ("late", "late"),
    ("open", "open"),
    ("released", "released"),
    ("picking", "picking"),
    ("picked", "picked"),
    ("packing", "packing"),
    ("packed", "packed"),
    ("shipped", "shipped"),
    ("delivered", "delivered"),
    ("done", "done"),
];

pub(in super::super) fn look(look: &Look) -> Result<View, Error> {
    let state = look.wish.get("state");
    let which = Which {
        kind: look.wish.owned("kind"),
        state: state
            .filter(|state| !matches!(*state, "all" | "late"))
            .map(str::to_owned),
        finished: state == Some("all"),
        text: look.wish.owned("q"),
        late_by: (state == Some("late")).then_some(look.now),
        item: look.wish.owned("item"),
    };
    let found = look
        .office
        .orders_seen(look.here, &which, &look.after(0), look.most)?;
    let kinds: Vec<(&str, &str)> = [("", "all")]
        .into_iter()
        .chain(OrderKind::ALL.map(|kind| (kind.as_str(), kind.as_str())))
        .collect();
    let fields = html! {
        (field(look, "q", "Order, partner or shipment", "search"))
        (choice(look, "kind", "Kind", &kinds))
        (choice(look, "state", "State", &STATES))
        @if let Some(item) = look.wish.get("item") { input type="hidden" name="item" value=(item); }
    };
    Ok(View {
        title: "Orders".to_owned(),
        path: "/orders",
        section: "/orders",
        parts: vec![
            Part::Words(search(look, "/orders", &fields)),
            Part::Table(table(look, found)),
        ],
    })
}

/// Orders as a table.
pub(super) fn table(look: &Look, found: Paged<OrderSeen>) -> Table {
    let row = |seen: &OrderSeen| {
        vec![
            order(look, &seen.code),
            Cell::text(words(&seen.kind)),
            Cell::Text(seen.partner.clone()),
            Cell::whole(seen.priority),
            cutoff(look, seen),
            Cell::text(words(&seen.state)),
            Cell::count(seen.lines),
            Cell::Part(seen.done, seen.wanted),
            Cell::text(seen.shipment.as_deref().unwrap_or_default()),
            Cell::text(&seen.door),
        ]
    };
    Table {
        caption: format!("Orders of {}, the nearest cut-off first", look.here),
        columns: vec![
            Column::text("Order"),
            Column::text("Kind"),
            Column::text("Partner"),
            Column::number("Priority"),
            Column::text("Cut-off"),
            Column::text("State"),
            Column::number("Lines"),
            Column::text("Picked or received"),
            Column::text("Shipment"),
            Column::text("Door"),
        ],
        rows: found.rows.iter().map(row).collect(),
        next: found.next,
        empty: "There is no such order.",
    }
}

fn cutoff(look: &Look, seen: &OrderSeen) -> Cell {
    match seen.cutoff() {
        Some(at) if at < look.now && !seen.is_finished() => Cell::Late(at),
        at => Cell::When(at),
    }
}

pub(in super::super) fn of_order(look: &Look) -> Result<View, Error> {
    let code = look.wish.get("order").unwrap_or_default();
    let whole = look.office.order_whole(look.here, code)?;
    let whole = whole.ok_or_else(|| Error::Unknown {
        what: "order",
        code: crate::warehouse::SafeText::new(code).to_string(),
    })?;
    let which = work::Which {
        order: Some(code.to_owned()),
        ..work::Which::default()
    };
    let found = look
        .office
        .tasks_seen(look.here, &which, &look.after(1), look.most)?;
    let mut of_it = tasks::table(look, found);
    of_it.caption = format!("Tasks of {code}");
    let mut held = Asked::of(look.here, By::Each, look.most);
    held.place = Some(format!("order:{code}"));
    held.after = look.after(2);
    let mut packed = stock::table(look, &held)?;
    packed.caption = format!("Packed for {code}");
    packed.empty = "Nothing is packed for it now.";
    Ok(View {
        title: format!("Order {code}"),
        path: "/order",
        section: "/orders",
        parts: vec![
            Part::Words(about(look, &whole)),
            Part::Table(lines(look, &whole)),
            Part::Table(of_it),
            Part::Table(packed),
        ],
    })
}

fn about(look: &Look, whole: &OrderWhole) -> Markup {
    let head = &whole.head;
    let late = head.cutoff().is_some_and(|at| at < look.now) && !head.is_finished();
    let place = format!("order:{}", head.code);
    facts(&[
        ("Kind", html! { (words(&head.kind)) }),
        ("Partner", html! { (head.partner) }),
        ("State", html! { (words(&head.state)) }),
        ("Priority", html! { (head.priority) }),
        (
            "Due",
            html! { @if let Some(due) = head.due { (when(due)) } },
        ),
        (
            "Cut-off",
            html! { @if let Some(at) = head.cutoff() { (when(at)) @if late { " " strong.bad { "late" } } } },
        ),
        (
            "Truck",
            html! {
                @if let Some(truck) = &whole.shipment {
                    (truck.code) ", stop " (truck.stop) @if !truck.door.is_empty() { ", door " (truck.door) }
                    ", " (truck.carrier) ", " (words(&truck.state))
                    @if let Some(due) = truck.due { ", leaves " (when(due)) }
                    @if !truck.seal.is_empty() { ", seal " (truck.seal) }
                }
            },
        ),
        (
            "Movements",
            html! { a href=(look.to("/moves", &[("place", &place)])) { "into its cartons and out of them" } },
        ),
    ])
}

fn lines(look: &Look, whole: &OrderWhole) -> Table {
    let row = |line: &OrderLineSeen| {
        vec![
            Cell::whole(line.line),
            super::parts::item(look, &line.item),
            Cell::Text(line.name.clone()),
            Cell::text(&line.lot),
            Cell::text(&line.plate),
            Cell::Part(line.done, line.wanted),
            Cell::Text(line.unit.clone()),
            state(line, &whole.head),
        ]
    };
    Table {
        caption: format!("Lines of {}", whole.head.code),
        columns: vec![
            Column::number("Line"),
            Column::text("Item"),
            Column::text("Name"),
            Column::text("Lot"),
            Column::text("Plate"),
            Column::text("Picked or received"),
            Column::text("Unit"),
            Column::text("State"),
        ],
        rows: whole.lines.iter().map(row).collect(),
        next: None,
        empty: "It has no lines.",
    }
}

/// How far a line is, in words that say what is still to come.
fn state(line: &OrderLineSeen, head: &OrderSeen) -> Cell {
    let unit = line.unit.as_str();
    let left = line.wanted.minus(line.done);
    let missing = left.minus(line.open);
    if !left.is_positive() {
        return Cell::text("whole");
    }
    if line.open.is_positive() && !missing.is_positive() {
        return Cell::text(format!("{} still to fetch", said(line.open, unit)));
    }
    let waits =
        matches!(head.state.as_str(), "open" | "released" | "receiving") && head.kind == "receipt";
    if waits || head.state == "open" {
        return Cell::text(format!("waits, {} to come", said(left, unit)));
    }
    if matches!(head.kind.as_str(), "return" | "production") {
        return Cell::text(words(&head.state));
    }
    let more = if line.open == Quantity::ZERO {
        String::new()
    } else {
        format!(", {} still to fetch", said(line.open, unit))
    };
    Cell::Bad(format!("{} short{more}", said(missing, unit)).into())
}
