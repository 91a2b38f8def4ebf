//! The reports of what moved: movements day by day, lines shipped whole or short, and the way from the dock to the shelf.

use super::super::look::{Look, Part, View};
use super::super::picture::{Bar, Day, bars, days};
use super::super::table::{Cell, Column, Table};
use super::parts::{self, choice, period, search};
use super::reports::{DAYS, days_form, percent, view};
use crate::office::Error;
use crate::office::report::Paged;
use crate::office::report::flow::{Way, Ways};
use crate::office::report::shipped::{Docked, LineShipped};
use chrono::{Local, NaiveDate};
use std::collections::BTreeMap;

/// Most rows that a picture is drawn of.
const DRAWN: usize = 20_000;

pub(in super::super) fn flow(look: &Look) -> Result<View, Error> {
    let (from, until) = look.period(DAYS)?;
    let by_day = look.office.ways_by_day(look.here, from, until)?;
    let sum = |way: usize| by_day.values().map(|ways| ways[way]).sum::<u64>();
    let finding = format!(
        "In {} days with work, {} movements brought goods in, {} fetched them, {} loaded them, and {} corrected the book.",
        by_day.len(),
        sum(0),
        sum(1),
        sum(2),
        sum(3)
    );
    let day = |(day, ways): (&NaiveDate, &Ways)| Day {
        label: day.format("%m-%d").to_string(),
        good: ways.iter().sum::<u64>() - ways[3],
        bad: ways[3],
    };
    let drawn: Vec<Day> = by_day.iter().map(day).collect();
    let row = |(day, ways): (&NaiveDate, &Ways)| {
        let (begins, ends) = (format!("{day}T00:00"), format!("{day}T23:59:59"));
        let mut row = vec![Cell::text(day.to_string())];
        for (way, many) in Way::ALL.iter().zip(ways) {
            let asked = [
                ("from", begins.as_str()),
                ("until", ends.as_str()),
                ("way", way.name()),
            ];
            row.push(Cell::NumberLink(
                many.to_string(),
                look.to("/moves", &asked),
            ));
        }
        row
    };
    let table = Table {
        caption: format!("Movements in {} day by day", look.here),
        columns: vec![
            Column::text("Day"),
            Column::number("Came in"),
            Column::number("Fetched"),
            Column::number("Loaded"),
            Column::number("Corrected"),
            Column::number("Within the house"),
        ],
        rows: by_day.iter().rev().map(row).collect(),
        next: None,
        empty: "Nothing moved in these days.",
    };
    let parts = vec![
        days_form(look, "/report/flow"),
        Part::Words(days(
            &finding,
            ("movements", "corrections of the book"),
            &drawn,
        )),
        Part::Table(table),
    ];
    Ok(view("Movements day by day", "/report/flow", parts))
}

pub(in super::super) fn shipped(look: &Look) -> Result<View, Error> {
    let between = look.period(DAYS)?;
    let all = look
        .office
        .lines_shipped(look.here, between, false, &[], DRAWN)?;
    let short_only = look.wish.get("only") == Some("short");
    let found =
        look.office
            .lines_shipped(look.here, between, short_only, &look.after(1), look.most)?;
    let mut by_day: BTreeMap<NaiveDate, (u64, u64)> = BTreeMap::new();
    for line in &all.rows {
        let day = line.left_at.with_timezone(&Local).date_naive();
        let (whole, short) = by_day.entry(day).or_default();
        if line.missing().is_positive() {
            *short += 1;
        } else {
            *whole += 1;
        }
    }
    let whole: u64 = by_day.values().map(|(whole, _)| whole).sum();
    let short: u64 = by_day.values().map(|(_, short)| short).sum();
    let finding = if whole + short == 0 {
        "No order left in these days.".to_owned()
    } else {
        format!(
            "{} of {} lines left whole: {} %.",
            whole,
            whole + short,
            percent(whole, whole + short)
        )
    };
    let drawn: Vec<Day> = by_day
        .iter()
        .map(|(day, (good, bad))| Day {
            label: day.format("%m-%d").to_string(),
            good: *good,
            bad: *bad,
        })
        .collect();
    let fields = maud::html! { (period(look)) (choice(look, "only", "Lines", &[("", "all"), ("short", "short ones only")])) };
    let parts = vec![
        Part::Words(search(look, "/report/shipped", &fields)),
        Part::Words(days(&finding, ("lines whole", "lines short"), &drawn)),
        Part::Table(shipped_days(look, &by_day)),
        Part::Table(lines(look, found)),
    ];
    Ok(view("Shipped and short lines", "/report/shipped", parts))
}

fn shipped_days(look: &Look, by_day: &BTreeMap<NaiveDate, (u64, u64)>) -> Table {
    let row = |(day, (whole, short)): (&NaiveDate, &(u64, u64))| {
        let day = day.to_string();
        let to = |only: &str| {
            look.to(
                "/report/shipped",
                &[("from", &day), ("until", &day), ("only", only)],
            )
        };
        vec![
            Cell::text(&day),
            Cell::NumberLink((whole + short).to_string(), to("")),
            Cell::NumberLink(short.to_string(), to("short")),
            Cell::Number(format!("{} %", percent(*whole, whole + short))),
        ]
    };
    Table {
        caption: "Lines of orders that left, day by day".to_owned(),
        columns: vec![
            Column::text("Day"),
            Column::number("Lines"),
            Column::number("Short"),
            Column::number("Whole"),
        ],
        rows: by_day.iter().rev().map(row).collect(),
        next: None,
        empty: "No order left in these days.",
    }
}

fn lines(look: &Look, found: Paged<LineShipped>) -> Table {
    let row = |line: &LineShipped| {
        vec![
            Cell::When(Some(line.left_at)),
            parts::order(look, &line.order),
            Cell::Text(line.partner.clone()),
            Cell::whole(line.line),
            parts::item(look, &line.item),
            Cell::Text(line.name.clone()),
            Cell::Part(line.shipped, line.wanted),
            if line.missing().is_positive() {
                Cell::Bad(format!("{} short", line.missing()).into())
            } else {
                Cell::text("whole")
            },
        ]
    };
    Table {
        caption: "Line by line, the latest first".to_owned(),
        columns: vec![
            Column::text("Left"),
            Column::text("Order"),
            Column::text("Customer"),
            Column::number("Line"),
            Column::text("Item"),
            Column::text("Name"),
            Column::text("Shipped"),
            Column::text("State"),
        ],
        rows: found.rows.iter().map(row).collect(),
        next: found.next,
        empty: "There is no such line.",
    }
}

pub(in super::super) fn dock(look: &Look) -> Result<View, Error> {
    let between = look.period(DAYS)?;
    let all = look.office.docked(look.here, between, &[], DRAWN)?;
    let found = look
        .office
        .docked(look.here, between, &look.after(0), look.most)?;
    let mut minutes: Vec<i64> = all.rows.iter().filter_map(Docked::minutes).collect();
    minutes.sort_unstable();
    let open = all.rows.len() - minutes.len();
    let finding = match minutes.get(minutes.len() / 2) {
        None => {
            format!("No delivery of these days is on its shelf yet; {open} are on their way there.")
        }
        Some(median) => format!(
            "Half of {} deliveries were on the shelf within {}; {open} are still on their way there.",
            minutes.len(),
            span(*median)
        ),
    };
    let limits = [
        (60, "an hour or less"),
        (240, "1 to 4 hours"),
        (480, "4 to 8 hours"),
        (1440, "8 to 24 hours"),
        (i64::MAX, "longer than a day"),
    ];
    let mut least = i64::MIN;
    let drawn = limits.map(|(most, label)| {
        let value = minutes
            .iter()
            .filter(|took| **took > least && **took <= most)
            .count() as u64;
        least = most;
        Bar {
            label: label.to_owned(),
            value,
            text: format!("{value} deliveries"),
            is_bad: most == i64::MAX,
        }
    });
    let parts = vec![
        days_form(look, "/report/dock"),
        Part::Words(bars(&finding, &drawn)),
        Part::Table(deliveries(look, found)),
    ];
    Ok(view("Dock to stock", "/report/dock", parts))
}

fn deliveries(look: &Look, found: Paged<Docked>) -> Table {
    let row = |seen: &Docked| {
        vec![
            Cell::When(Some(seen.received_at)),
            parts::task(look, &seen.task),
            parts::order(look, &seen.order),
            Cell::Text(seen.partner.clone()),
            Cell::text(&seen.door),
            Cell::When(seen.docked_at),
            Cell::When(seen.closed_at),
            Cell::When(seen.stocked_at),
            seen.minutes()
                .map_or_else(|| Cell::text("on its way"), |took| Cell::text(span(took))),
        ]
    };
    Table {
        caption: "Deliveries, the latest first".to_owned(),
        columns: vec![
            Column::text("First goods"),
            Column::text("Task"),
            Column::text("Order"),
            Column::text("Supplier"),
            Column::text("Door"),
            Column::text("Docked"),
            Column::text("All in"),
            Column::text("On the shelf"),
            Column::text("Took"),
        ],
        rows: found.rows.iter().map(row).collect(),
        next: found.next,
        empty: "No delivery was received in these days.",
    }
}

/// Minutes in words.
fn span(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
