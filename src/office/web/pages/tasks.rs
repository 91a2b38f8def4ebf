//! Tasks and waves: what waits, what is in work and at whom, what is done; and one task, step by step.

use super::super::look::{Look, Part, View};
use super::super::shell::when;
use super::super::table::{Cell, Column, Table};
use super::parts::{self, choice, facts, field, order, search, words};
use super::wave;
use crate::office::Error;
use crate::office::report::Paged;
use crate::office::report::work::{StepSeen, TaskLineSeen, TaskSeen, TaskWhole, WaveSeen, Which};
use crate::warehouse::Quantity;
use maud::{Markup, html};

const STATES: [(&str, &str); 5] = [
    ("", "waiting and in work"),
    ("open", "waiting"),
    ("started", "in work"),
    ("done", "done"),
    ("cancelled", "withdrawn"),
];

const KINDS: [(&str, &str); 12] = [
    ("", "all"),
    ("receive", "receive"),
    ("putaway", "put away"),
    ("pick", "pick"),
    ("pack", "pack"),
    ("load", "load"),
    ("deliver", "deliver"),
    ("move", "move"),
    ("replenish", "replenish"),
    ("count", "count"),
    ("return", "return"),
    ("assemble", "assemble"),
];

pub(in super::super) fn look(look: &Look) -> Result<View, Error> {
    let which = Which {
        kind: look.wish.owned("kind"),
        state: look.wish.owned("state"),
        wave: look.wish.get("wave").and_then(|text| text.parse().ok()),
        text: look.wish.owned("q"),
        order: look.wish.owned("order"),
    };
    let found = look
        .office
        .tasks_seen(look.here, &which, &look.after(0), look.most)?;
    let fields = html! {
        (field(look, "q", "Task or order", "search"))
        (choice(look, "kind", "Kind", &KINDS))
        (choice(look, "state", "State", &STATES))
        (field(look, "wave", "Wave", "number"))
    };
    Ok(View {
        title: "Tasks and waves".to_owned(),
        path: "/tasks",
        section: "/tasks",
        parts: vec![
            Part::Words(search(look, "/tasks", &fields)),
            Part::Table(table(look, found)),
            Part::Table(waves(look)?),
            Part::Words(wave::form(look.here, look.role)),
        ],
    })
}

/// A task's state in words.
fn state(state: &str) -> &str {
    let known = STATES.iter().find(|(name, _)| *name == state);
    known.map_or(state, |(_, text)| text)
}

/// Tasks as a table.
pub(super) fn table(look: &Look, found: Paged<TaskSeen>) -> Table {
    let row = |seen: &TaskSeen| {
        let of = match seen.orders {
            0 | 1 => order(look, &seen.first_order),
            many => Cell::text(format!("{many} orders")),
        };
        let due = match seen.due {
            Some(due) if due < look.now && matches!(seen.state.as_str(), "open" | "started") => {
                Cell::Late(due)
            }
            due => Cell::When(due),
        };
        vec![
            parts::task(look, &seen.id),
            Cell::text(words(&seen.kind)),
            Cell::text(state(&seen.state)),
            Cell::whole(seen.priority),
            due,
            of,
            Cell::text(if seen.wave > 0 {
                seen.wave.to_string()
            } else {
                String::new()
            }),
            lines_done(seen.lines_done, seen.lines),
            Cell::text(&seen.worker),
            Cell::text(&seen.device),
            Cell::When(seen.touched),
        ]
    };
    Table {
        caption: format!("Tasks in {}, the most urgent first", look.here),
        columns: vec![
            Column::text("Task"),
            Column::text("Kind"),
            Column::text("State"),
            Column::number("Priority"),
            Column::text("Due"),
            Column::text("Order"),
            Column::text("Wave"),
            Column::text("Lines done"),
            Column::text("Worker"),
            Column::text("Handheld"),
            Column::text("Last step"),
        ],
        rows: found.rows.iter().map(row).collect(),
        next: found.next,
        empty: "There is no such task.",
    }
}

fn lines_done(done: u64, of: u64) -> Cell {
    let units = |count: u64| Quantity::units(u32::try_from(count).unwrap_or(u32::MAX));
    if of == 0 {
        Cell::text("")
    } else {
        Cell::Part(units(done), units(of))
    }
}

fn waves(look: &Look) -> Result<Table, Error> {
    let row = |wave: WaveSeen| {
        let number = wave.number.to_string();
        let of = |state: &str, count: u64| {
            let to = look.to("/tasks", &[("wave", &number), ("state", state)]);
            Cell::NumberLink(count.to_string(), to)
        };
        vec![
            Cell::link(&number, look.to("/tasks", &[("wave", &number)])),
            Cell::count(wave.orders),
            of("open", wave.waiting),
            of("started", wave.started),
            of("done", wave.done),
            lines_done(wave.lines_done, wave.lines),
        ]
    };
    Ok(Table {
        caption: "Waves, newest first".to_owned(),
        columns: vec![
            Column::text("Wave"),
            Column::number("Orders"),
            Column::number("Waiting"),
            Column::number("In work"),
            Column::number("Done"),
            Column::text("Lines done"),
        ],
        rows: look.office.waves(look.here)?.into_iter().map(row).collect(),
        next: None,
        empty: "No wave was released yet.",
    })
}

pub(in super::super) fn of_task(look: &Look) -> Result<View, Error> {
    let id = look.wish.get("task").unwrap_or_default();
    let whole = look.office.task_whole(look.here, id)?;
    let whole = whole.ok_or_else(|| Error::Unknown {
        what: "task",
        code: crate::warehouse::SafeText::new(id).to_string(),
    })?;
    Ok(View {
        title: format!("Task {id}"),
        path: "/task",
        section: "/tasks",
        parts: vec![
            Part::Words(about(look, &whole)),
            Part::Table(lines(look, &whole)),
            Part::Table(steps(look, &whole)),
        ],
    })
}

fn about(look: &Look, whole: &TaskWhole) -> Markup {
    let head = &whole.head;
    facts(&[
        ("Kind", html! { (words(&head.kind)) }),
        ("State", html! { (state(&head.state)) }),
        ("Priority", html! { (head.priority) }),
        (
            "Due",
            html! { @if let Some(due) = head.due { (when(due)) } },
        ),
        ("Wave", html! { @if head.wave > 0 { (head.wave) } }),
        ("Handheld", html! { (head.device) }),
        (
            "Last by",
            html! { (head.worker) @if let Some(at) = head.touched { ", " (when(at)) } },
        ),
        (
            "Orders",
            html! { @for code in &whole.orders { a href=(look.to("/order", &[("order", code)])) { (code) } " " } },
        ),
    ])
}

fn lines(look: &Look, whole: &TaskWhole) -> Table {
    let row = |line: &TaskLineSeen| {
        let state = if line.done >= line.quantity {
            Cell::text("done")
        } else if line.is_open {
            Cell::text("to do")
        } else {
            Cell::Bad("given up".into())
        };
        vec![
            Cell::whole(line.line),
            order(look, &line.order),
            parts::place(look, &format!("bin:{}", line.bin)),
            parts::item(look, &line.item),
            Cell::text(&line.lot),
            Cell::Part(line.done, line.quantity),
            state,
        ]
    };
    Table {
        caption: format!("Lines of {}", whole.head.id),
        columns: vec![
            Column::number("Line"),
            Column::text("Order"),
            Column::text("Bin"),
            Column::text("Item"),
            Column::text("Lot"),
            Column::text("Fetched"),
            Column::text("State"),
        ],
        rows: whole.lines.iter().map(row).collect(),
        next: None,
        empty: "Its lines are not kept in the books.",
    }
}

fn steps(look: &Look, whole: &TaskWhole) -> Table {
    let row = |step: &StepSeen| {
        vec![
            Cell::When(step.told.at),
            parts::fact(look, &step.told.fact, &step.row),
            Cell::text(&step.told.worker),
            Cell::text(&step.row.device),
        ]
    };
    Table {
        caption: format!("What was done of {}, in turn", whole.head.id),
        columns: vec![
            Column::text("When"),
            Column::text("What"),
            Column::text("Worker"),
            Column::text("Handheld"),
        ],
        rows: whole.steps.iter().map(row).collect(),
        next: None,
        empty: "Nobody has begun it.",
    }
}
