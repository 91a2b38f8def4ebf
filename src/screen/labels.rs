//! What was printed and what waits for its printer.

use super::parts::Page;
use super::{plain, words};
use crate::handheld::{LabelList, Model, PrinterState};
use crate::label::LabelState;

pub(super) fn draw(model: &Model, list: &LabelList, page: &mut Page) {
    for printer in &model.printers {
        let style = match printer.state {
            PrinterState::Ready => page.theme().quiet(),
            PrinterState::Away(_) => page.theme().ask(),
        };
        page.text(&words::printer(printer), style, 3);
    }
    let Some(rows) = &list.rows else {
        return page.line(words::tr(words::LOOKING), page.theme().quiet());
    };
    if rows.is_empty() {
        return page.text(words::tr(words::NO_LABELS), plain(), 3);
    }
    let waiting = rows
        .iter()
        .filter(|row| row.state == LabelState::Waiting)
        .count();
    page.line(&words::labels_wait(waiting), page.theme().ask());
    let rows: Vec<String> = rows
        .iter()
        .map(|row| words::queued(row, page.width()))
        .collect();
    page.list(&rows, list.cursor);
}
