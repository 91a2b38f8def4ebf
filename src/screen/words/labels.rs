//! Words of labels and printers.

use crate::handheld::{PrinterNews, PrinterState};
use crate::label::{LabelKind, LabelState, Queued};

pub(in crate::screen) const NO_LABELS: &str = "No label was printed here yet.";

pub(in crate::screen) fn printer(news: &PrinterNews) -> String {
    match &news.state {
        PrinterState::Ready => format!("{}: ready", news.name),
        PrinterState::Away(why) => format!("{} NOT READY: {why}", news.name),
    }
}

pub(in crate::screen) fn labels_wait(waiting: usize) -> String {
    match waiting {
        0 => "All printed.".to_owned(),
        1 => "1 label waits.".to_owned(),
        waiting => format!("{waiting} labels wait."),
    }
}

const fn label_kind(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Carton => "carton label",
        LabelKind::Shipping => "shipping label",
        LabelKind::Plate => "pallet label",
        LabelKind::PackingList => "packing list",
        LabelKind::Bin => "bin label",
        LabelKind::Tote => "tote label",
        LabelKind::Badge => "badge",
    }
}

/// A row of the list: `~` waits, `x` taken back, `!` cannot be printed.
pub(in crate::screen) fn queued(row: &Queued, width: usize) -> String {
    let sign = match row.state {
        LabelState::Waiting => "~",
        LabelState::Printed => " ",
        LabelState::Withdrawn => "x",
        LabelState::Bad => "!",
    };
    if width < 30 {
        return format!("{sign}{}", row.label.name);
    }
    let at = row.at.with_timezone(&chrono::Local).format("%H:%M");
    format!(
        "{sign}{at} {}  {}",
        row.label.name,
        label_kind(row.label.kind)
    )
}
