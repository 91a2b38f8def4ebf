//! The report of how right the books are.

use super::super::look::{Look, Part, View};
use super::super::picture::{Bar, bars};
use super::super::table::{Cell, Column, Table};
use super::parts::{self, period, search, words};
use super::reports::{DAYS, money, percent, view};
use crate::office::Error;
use crate::office::report::Paged;
use crate::office::report::counted::{Counted, ZoneCounts};
use crate::warehouse::Quantity;

pub(in super::super) fn look(look: &Look) -> Result<View, Error> {
    let (from, until) = look.period(DAYS)?;
    let zones = look.office.counts_by_zone(look.here, from, until)?;
    let zone = look.wish.get("zone");
    let found =
        look.office
            .counts_seen(look.here, (from, until), zone, &look.after(1), look.most)?;
    let counts: u64 = zones.iter().map(|zone| zone.counts).sum();
    let right: u64 = zones.iter().map(|zone| zone.right).sum();
    let finding = if counts == 0 {
        "Nothing was counted in these days.".to_owned()
    } else {
        format!(
            "{right} of {counts} counts found what the book said: {} %.",
            percent(right, counts)
        )
    };
    let bar = |zone: &ZoneCounts| Bar {
        label: format!("zone {}", zone.zone),
        value: percent(zone.right, zone.counts),
        text: format!(
            "{} %, {} of {} counts",
            percent(zone.right, zone.counts),
            zone.right,
            zone.counts
        ),
        is_bad: false,
    };
    let drawn: Vec<Bar> = zones.iter().map(bar).collect();
    let row = |zone: &ZoneCounts| {
        vec![
            Cell::text(&zone.zone),
            Cell::NumberLink(
                zone.counts.to_string(),
                look.wish
                    .address("/report/accuracy", &[("zone", &zone.zone), ("after", "")]),
            ),
            Cell::count(zone.counts - zone.right),
            Cell::Number(format!("{} %", percent(zone.right, zone.counts))),
        ]
    };
    let by_zone = Table {
        caption: format!("Counts in {} by zone", look.here),
        columns: vec![
            Column::text("Zone"),
            Column::number("Counts"),
            Column::number("That differed"),
            Column::number("Right"),
        ],
        rows: zones.iter().map(row).collect(),
        next: None,
        empty: "Nothing was counted in these days.",
    };
    let fields = maud::html! { (period(look)) (parts::field(look, "zone", "Zone", "search")) };
    let parts = vec![
        Part::Words(search(look, "/report/accuracy", &fields)),
        Part::Words(bars(&finding, &drawn)),
        Part::Table(by_zone),
        Part::Table(table(look, found)),
    ];
    Ok(view("Accuracy", "/report/accuracy", parts))
}

fn table(look: &Look, found: Paged<Counted>) -> Table {
    let row = |count: &Counted| {
        let state = words(&count.state);
        vec![
            Cell::When(Some(count.at)),
            parts::place(look, &format!("bin:{}", count.bin)),
            Cell::text(&count.zone),
            if count.item.is_empty() {
                Cell::text("all of it")
            } else {
                parts::item(look, &count.item)
            },
            Cell::Text(count.worker.clone()),
            if count.differs > 0 {
                Cell::Bad(state.as_str().into())
            } else {
                Cell::text(state)
            },
            Cell::count(count.differs),
            Cell::quantity(count.more),
            Cell::quantity(Quantity::ZERO.minus(count.less)),
            Cell::Number(money(count.value)),
        ]
    };
    Table {
        caption: "Counts, the latest first".to_owned(),
        columns: vec![
            Column::text("When"),
            Column::text("Bin"),
            Column::text("Zone"),
            Column::text("What"),
            Column::text("Worker"),
            Column::text("State"),
            Column::number("Things that differed"),
            Column::number("More than the book"),
            Column::number("Less than the book"),
            Column::number("Worth"),
        ],
        rows: found.rows.iter().map(row).collect(),
        next: found.next,
        empty: "There is no such count.",
    }
}
