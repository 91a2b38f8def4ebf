//! Movements of the whole ledger, and the fact that one of them comes from.

use super::super::look::{Look, Part, View};
use super::super::shell::when;
use super::parts::{self, choice, facts, field, search, words};
use crate::office::Error;
use crate::office::report::Paged;
use crate::office::report::history::{RowOf, Which};
use crate::sync::RefusedKind;
use maud::html;

const WAYS: [(&str, &str); 6] = [
    ("", "all"),
    ("came", "came in"),
    ("fetched", "fetched"),
    ("loaded", "loaded"),
    ("corrected", "corrected"),
    ("within", "within the house"),
];

pub(in super::super) fn look(look: &Look) -> Result<View, Error> {
    let wish = look.wish;
    let which = Which {
        item: wish.owned("item"),
        lot: wish.owned("lot"),
        serial: wish.owned("serial"),
        plate: wish.owned("plate"),
        place: wish
            .owned("place")
            .or_else(|| wish.get("bin").map(|bin| format!("bin:{bin}"))),
        device: wish.owned("device"),
        document: wish.owned("document"),
        way: wish.owned("way"),
        from: wish.moment("from")?,
        until: wish.moment("until")?,
    };
    let found = look
        .office
        .movements(look.here, &which, &look.after(0), look.most)?;
    let fields = html! {
        (field(look, "item", "Item", "search"))
        (field(look, "bin", "Bin", "search"))
        (field(look, "lot", "Lot", "search"))
        (field(look, "serial", "Serial", "search"))
        (field(look, "plate", "License plate", "search"))
        (field(look, "device", "Handheld", "search"))
        (choice(look, "way", "What", &WAYS))
        (field(look, "from", "Booked from", "datetime-local"))
        (field(look, "until", "Booked until", "datetime-local"))
    };
    let caption = format!("Movements in {}, newest first", look.here);
    Ok(View {
        title: "Movements".to_owned(),
        path: "/moves",
        section: "/moves",
        parts: vec![
            Part::Words(search(look, "/moves", &fields)),
            Part::Table(parts::movements(look, caption, found)),
        ],
    })
}

pub(in super::super) fn of_fact(look: &Look) -> Result<View, Error> {
    let number = |name| look.wish.get(name).and_then(|text| text.parse().ok());
    let (Some(device), Some(epoch), Some(seq)) =
        (look.wish.owned("device"), number("epoch"), number("seq"))
    else {
        let note = "Name a handheld, its journal and a row of it.";
        return Err(Error::refused(RefusedKind::Body, note));
    };
    let row = RowOf { device, epoch, seq };
    let seen = look
        .office
        .fact(look.here, &row)?
        .ok_or_else(|| Error::Unknown {
            what: "row in this warehouse's journals",
            code: format!("{seq}"),
        })?;
    let told = &seen.told;
    let about = facts(&[
        ("What", html! { (words(&told.fact)) }),
        ("Worker", html! { (told.worker) }),
        (
            "Handheld",
            html! { (row.device) ", journal " (row.epoch) ", row " (row.seq) },
        ),
        (
            "By its clock",
            html! { @if let Some(at) = told.at { (when(at)) } },
        ),
        ("Heard here", html! { (when(seen.received_at)) }),
        (
            "Task",
            html! { @if !told.task.is_empty() { a href=(look.to("/task", &[("task", &told.task)])) { (told.task) } } },
        ),
        (
            "Posted",
            html! { @if seen.posted { "yes" } @else { strong.bad { "not yet: it waits for a newer office or for a person" } } },
        ),
        ("Chain", html! { code { (seen.chain) } }),
    ]);
    let found = Paged {
        rows: seen.moves,
        next: None,
    };
    let caption = "What it moved".to_owned();
    let words = html! {
        (about)
        @for note in &seen.exceptions { p.alert { (note) } }
    };
    let whole = html! {
        h2 { "All that it says" }
        pre tabindex="0" aria-label="All that it says" { @for line in &seen.said { (line) "\n" } }
    };
    Ok(View {
        title: format!("Row {seq} of {}", row.device),
        path: "/fact",
        section: "/moves",
        parts: vec![
            Part::Words(words),
            Part::Table(parts::movements(look, caption, found)),
            Part::Words(whole),
        ],
    })
}
