//! What is told of the shift and of how things stand with the office.

use crate::handheld::{Link, Model, PortNews, Tally};
use crate::warehouse::Timestamp;

/// What is recorded of the worker's shift: the same that the office sees.
pub(in crate::screen) fn tally(tally: &Tally) -> Vec<String> {
    let since = tally.since.map_or_else(String::new, |since| {
        format!(
            "Since {}",
            since.with_timezone(&chrono::Local).format("%H:%M")
        )
    });
    let figure = |figure: Option<u64>| figure.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let pace = &tally.pace;
    vec![
        since,
        format!("Tasks done   {}", tally.tasks),
        format!("Lines        {}", pace.lines.max(0)),
        format!("Lines/hour   {}", figure(pace.lines_an_hour())),
        format!("Sec./step    {}", figure(pace.seconds_a_step())),
        format!("Metres       {}", pace.walked_cm / 100),
        format!("Given up     {}", tally.short),
    ]
}

/// Whether everything is at the office: said only when the office said so.
pub(in crate::screen) fn office_has(model: &Model) -> String {
    if model.is_everything_at_office() {
        return "Everything is at the office.".to_owned();
    }
    let age = model.unsent.oldest.map_or_else(String::new, |oldest| {
        format!(", oldest {}", ago(model, oldest))
    });
    format!("{} unsent{age}. Enter sends.", model.unsent.count)
}

pub(in crate::screen) fn last_word(model: &Model) -> String {
    let last = model.last_word.map_or_else(
        || "not yet".to_owned(),
        |at| format!("{} ago", ago(model, at)),
    );
    match &model.link {
        Link::Offline(why) | Link::Barred(why) => format!("Office last heard: {last}. {why}"),
        Link::Online | Link::Unknown => format!("Office last heard: {last}"),
    }
}

fn ago(model: &Model, at: Timestamp) -> String {
    let seconds = (model.now - at).num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

pub(in crate::screen) fn port(port: &PortNews) -> String {
    match &port.open_on {
        Some(device) if port.why.is_empty() => format!("{}: {device}", port.name),
        Some(device) => format!("{}: {device}. {}", port.name, port.why),
        None => format!("{}: not there. {}", port.name, port.why),
    }
}

/// The head of a message: when it was written, and how many wait behind it.
pub(in crate::screen) fn message_of(count: usize, at: Timestamp) -> String {
    let at = at.with_timezone(&chrono::Local).format("%H:%M");
    match count {
        0 | 1 => format!("Written {at}"),
        count => format!("Written {at}, {} more", count - 1),
    }
}
