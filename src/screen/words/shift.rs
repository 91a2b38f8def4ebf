//! What is told of the shift and of how things stand with the office.

use crate::handheld::{Link, Model, PortNews, Tally};
use crate::screen::speech::say;
use crate::warehouse::Timestamp;

/// What is recorded of the worker's shift: the same that the office sees.
pub(in crate::screen) fn tally(tally: &Tally) -> Vec<String> {
    let since = tally.since.map_or_else(String::new, |since| {
        say!(
            "Since {since}",
            since = since.with_timezone(&chrono::Local).format("%H:%M")
        )
    });
    let figure = |figure: Option<u64>| figure.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let pace = &tally.pace;
    vec![
        since,
        say!("Tasks done   {tasks}", tasks = tally.tasks),
        say!("Lines        {lines}", lines = pace.lines.max(0)),
        say!(
            "Lines/hour   {figure}",
            figure = figure(pace.lines_an_hour())
        ),
        say!(
            "Sec./step    {figure}",
            figure = figure(pace.seconds_a_step())
        ),
        say!("Metres       {walked_cm}", walked_cm = pace.walked_cm / 100),
        say!("Given up     {short}", short = tally.short),
    ]
}

/// Whether everything is at the office: said only when the office said so.
pub(in crate::screen) fn office_has(model: &Model) -> String {
    if model.is_everything_at_office() {
        return say!("Everything is at the office.");
    }
    let age = model.unsent.oldest.map_or_else(String::new, |oldest| {
        say!(", oldest {model}", model = ago(model, oldest))
    });
    say!(
        "{count} unsent{age}. Enter sends.",
        age,
        count = model.unsent.count
    )
}

pub(in crate::screen) fn last_word(model: &Model) -> String {
    let last = model.last_word.map_or_else(
        || say!("not yet"),
        |at| say!("{model} ago", model = ago(model, at)),
    );
    match &model.link {
        Link::Offline(why) | Link::Barred(why) => {
            say!("Office last heard: {last}. {why}", last, why)
        }
        Link::Online | Link::Unknown => say!("Office last heard: {last}", last),
    }
}

fn ago(model: &Model, at: Timestamp) -> String {
    let seconds = (model.now - at).num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => say!("{seconds} min", seconds = seconds / 60),
        _ => say!(
            "{seconds} h {seconds2} min",
            seconds = seconds / 3600,
            seconds2 = seconds / 60 % 60
        ),
    }
}

pub(in crate::screen) fn port(port: &PortNews) -> String {
    match &port.open_on {
        Some(device) if port.why.is_empty() => format!("{}: {device}", port.name),
        Some(device) => format!("{}: {device}. {}", port.name, port.why),
        None => say!("{name}: not there. {why}", name = port.name, why = port.why),
    }
}

/// The head of a message: when it was written, and how many wait behind it.
pub(in crate::screen) fn message_of(count: usize, at: Timestamp) -> String {
    let at = at.with_timezone(&chrono::Local).format("%H:%M");
    match count {
        0 | 1 => say!("Written {at}", at),
        count => say!("Written {at}, {count} more", at, count = count - 1),
    }
}
