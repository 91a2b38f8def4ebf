//! Stock by status, told apart as asked; what a label says finds it, and an earlier moment shows what was there then.

use super::super::look::{Look, Part, View};
use super::super::shell::when;
use super::super::table::{Cell, Column, Table};
use super::parts::{self, amount_columns, amounts, choice, field, search};
use crate::office::Error;
use crate::office::report::stock::{Asked, By, IN_HAND, Line, STATUSES};
use maud::{Markup, html};

const APART: [(&str, &str); 7] = [
    ("item", "item"),
    ("zone", "zone"),
    ("bin", "bin or other place"),
    ("lot", "item and lot"),
    ("spot", "bin, item and lot"),
    ("plate", "license plate"),
    ("each", "all that tells it apart"),
];

pub(in super::super) fn look(look: &Look) -> Result<View, Error> {
    let by = By::ALL
        .into_iter()
        .find(|by| Some(by.name()) == look.wish.get("by"));
    let mut asked = Asked::of(look.here, by.unwrap_or(By::Item), look.most);
    asked.as_of = look.wish.moment("as_of")?;
    asked.text = look.wish.owned("q");
    asked.item = look.wish.owned("item");
    asked.zone = look.wish.owned("zone");
    asked.lot = look.wish.owned("lot");
    asked.plate = look.wish.owned("plate");
    asked.place = look.wish.get("bin").map(|bin| format!("bin:{bin}"));
    asked.status = look
        .wish
        .get("status")
        .and_then(|name| STATUSES.iter().position(|(kind, _)| *kind == name));
    asked.after = look.after(0);
    let fields = html! {
        (field(look, "q", "Item, name, barcode, bin, lot, serial or plate", "search"))
        (choice(look, "by", "Told apart by", &APART))
        (field(look, "as_of", "As it was at", "datetime-local"))
        @for name in ["item", "zone", "lot", "plate", "bin", "status"] {
            @if let Some(only) = look.wish.get(name) { (only_of(look, name, only)) }
        }
    };
    let mut parts = vec![Part::Words(html! {
        (search(look, "/stock", &fields))
        (moment(&asked))
        @if let Some(text) = &asked.text { (named(look, text)?) }
    })];
    parts.push(Part::Table(table(look, &asked)?));
    Ok(View {
        title: "Stock".to_owned(),
        path: "/stock",
        section: "/stock",
        parts,
    })
}

/// What was chosen by following a link: kept while other fields change, until it is taken away.
fn only_of(look: &Look, name: &str, only: &str) -> Markup {
    html! {
        span.only {
            input type="hidden" name=(name) value=(only);
            (name) " " (only) " · "
            a href=(look.wish.address("/stock", &[(name, ""), ("after", "")])) { "not only of this " (name) }
        }
    }
}

fn moment(asked: &Asked) -> Markup {
    html! {
        @if let Some(at) = asked.as_of {
            p { "As the books were at " (when(at)) "." }
        } @else if !asked.by.is_of_an_item() {
            p.faint { "Amounts of different items are added up by their units." }
        }
    }
}

/// What a text names: the shortest way to a thing's own page.
fn named(look: &Look, text: &str) -> Result<Markup, Error> {
    let named = look.office.named(look.here, text)?;
    let many = named.items.len() + named.bins.len() + named.orders.len();
    Ok(html! {
        @if many > 0 {
            p.named {
                "Named so: "
                @for (code, name) in &named.items { a href=(look.to("/item", &[("item", code)])) { (code) " " (name) } " " }
                @for code in &named.bins { a href=(look.to("/bin", &[("bin", code)])) { "bin " (code) } " " }
                @for code in &named.orders { a href=(look.to("/order", &[("order", code)])) { "order " (code) } " " }
            }
        }
    })
}

/// The columns of what tells stock apart, before the amounts.
fn heads(by: By) -> Vec<Column> {
    let text = Column::text;
    match by {
        By::Item => vec![text("Item"), text("Name"), text("Unit")],
        By::Zone => vec![text("Zone"), Column::number("Items")],
        By::Bin => vec![text("Place"), Column::number("Items")],
        By::Lot => vec![text("Item"), text("Lot"), text("Last day"), text("Unit")],
        By::Spot => vec![
            text("Place"),
            text("Item"),
            text("Lot"),
            text("Serial"),
            text("Last day"),
            text("Unit"),
        ],
        By::Plate => vec![
            text("Plate"),
            text("Item"),
            text("Lot"),
            text("Serial"),
            text("Last day"),
            text("Unit"),
        ],
        By::Each => vec![
            text("Place"),
            text("Plate"),
            text("Item"),
            text("Lot"),
            text("Serial"),
            text("Last day"),
            text("Unit"),
        ],
    }
}

fn cells(look: &Look, by: By, line: &Line) -> Vec<Cell> {
    let place = || parts::place(look, &line.place);
    let item = || parts::item(look, &line.item);
    let narrowed = |name: &str, text: &str, apart: &str| {
        let to = look.wish.address(
            "/stock",
            &[(name, text), ("by", apart), ("after", ""), ("as", "")],
        );
        Cell::link(text, to)
    };
    let tail = || {
        vec![
            Cell::text(&line.serial),
            Cell::text(line.expiry.as_deref().unwrap_or_default()),
            Cell::text(&line.unit),
        ]
    };
    let mut cells = match by {
        By::Item => vec![item(), Cell::text(&line.name), Cell::text(&line.unit)],
        By::Zone if line.zone.is_empty() => vec![Cell::text("on its way"), Cell::count(line.items)],
        By::Zone => vec![narrowed("zone", &line.zone, "bin"), Cell::count(line.items)],
        By::Bin => vec![place(), Cell::count(line.items)],
        By::Lot => vec![
            item(),
            narrowed("lot", &line.lot, "spot"),
            Cell::text(line.expiry.as_deref().unwrap_or_default()),
            Cell::text(&line.unit),
        ],
        By::Spot => vec![place(), item(), Cell::text(&line.lot)],
        By::Plate if line.plate.is_empty() => {
            vec![Cell::text("loose"), item(), Cell::text(&line.lot)]
        }
        By::Plate => vec![
            narrowed("plate", &line.plate, "each"),
            item(),
            Cell::text(&line.lot),
        ],
        By::Each => vec![
            place(),
            Cell::text(&line.plate),
            item(),
            Cell::text(&line.lot),
        ],
    };
    if matches!(by, By::Spot | By::Plate | By::Each) {
        cells.extend(tail());
    }
    cells
}

/// Stock as a table.
pub(super) fn table(look: &Look, asked: &Asked) -> Result<Table, Error> {
    let found = look.office.stock_by(look.now, asked)?;
    // What is to come is known of items only.
    let amounts_of = if asked.by == By::Item {
        STATUSES.len()
    } else {
        IN_HAND
    };
    let row = |line: &Line| {
        let mut row = cells(look, asked.by, line);
        row.extend(amounts(line, amounts_of));
        row
    };
    let apart = APART.iter().find(|(name, _)| *name == asked.by.name());
    let apart = apart.map_or("", |(_, text)| text);
    let mut columns = heads(asked.by);
    columns.extend(amount_columns(amounts_of));
    let of = asked.as_of.map(|at| {
        let local = at.with_timezone(&chrono::Local);
        format!(", as of {}", local.format("%F %R"))
    });
    Ok(Table {
        caption: format!(
            "Stock of {} by {apart}{}",
            look.here,
            of.unwrap_or_default()
        ),
        columns,
        rows: found.rows.iter().map(row).collect(),
        next: found.next,
        empty: "There is no such stock.",
    })
}
