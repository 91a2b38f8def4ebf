//! Words of labels and printers.

use crate::handheld::{PrinterNews, PrinterState};
use crate::label::{LabelKind, LabelState, Queued};
use crate::screen::speech::{say, tr};
use unicode_width::UnicodeWidthStr;

pub(in crate::screen) const NO_LABELS: &str = "No label was printed here yet.";

pub(in crate::screen) fn printer(news: &PrinterNews) -> String {
    match &news.state {
        PrinterState::Ready => say!("{name}: ready", name = news.name),
        PrinterState::Away(why) => say!("{name} NOT READY: {why}", why, name = news.name),
    }
}

pub(in crate::screen) fn labels_wait(waiting: usize) -> String {
    match waiting {
        0 => say!("All printed."),
        1 => say!("1 label waits."),
        waiting => say!("{waiting} labels wait.", waiting),
    }
}

fn label_kind(kind: LabelKind) -> &'static str {
    tr(match kind {
        LabelKind::Carton => "carton label",
        LabelKind::Shipping => "shipping label",
        LabelKind::Plate => "pallet label",
        LabelKind::PackingList => "packing list",
        LabelKind::Bin => "bin label",
        LabelKind::Tote => "tote label",
        LabelKind::Badge => "badge",
    })
}

/// A row of the list: `~` waits, `x` taken back, `!` cannot be printed.
pub(in crate::screen) fn queued(row: &Queued, width: usize) -> String {
    let sign = match row.state {
        LabelState::Waiting => "~",
        LabelState::Printed => " ",
        LabelState::Withdrawn => "x",
        LabelState::Bad => "!",
    };
    let (name, kind) = (&row.label.name, label_kind(row.label.kind));
    let at = row.at.with_timezone(&chrono::Local).format("%H:%M");
    // Which label it is counts for more than when it was asked for, and that for more than its kind.
    let short = format!("{sign}{name}");
    let rows = [
        format!("{sign}{at} {name}  {kind}"),
        format!("{sign}{at} {name}"),
    ];
    let fits = |row: &String| width >= 30 && row.width() <= width;
    rows.into_iter().find(fits).unwrap_or(short)
}
