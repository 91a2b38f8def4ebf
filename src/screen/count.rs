//! A bin or zone counted by its tags: each item, how many were seen, what the book says.

use super::parts::Page;
use super::{plain, words};
use crate::handheld::{Count, Model};

pub(super) fn draw(model: &Model, count: &Count, page: &mut Page) {
    let Some(of) = &count.of else {
        page.text(words::tr(words::SCAN_BIN_TO_COUNT), page.theme().ask(), 3);
        page.gap();
        return page.line(&format!("> {}_", count.keyed), page.theme().big());
    };
    page.line(&words::area(&of.area), page.theme().big());
    let read = words::tags_read(model, count.sweep.spotted.len(), count.sweep.is_full);
    page.text(&read, page.theme().quiet(), 2);
    let unknown = count.unknown();
    // What is not known must be seen, however long the list of what is.
    let spare = unknown.len().min(2) + usize::from(!unknown.is_empty());
    let rows = count.rows();
    for row in rows.iter().skip(count.top) {
        if page.left() < spare + 2 {
            break;
        }
        page.line(row.name.as_str(), plain());
        page.line(&words::against_book(row.seen, row.book), page.theme().ask());
        if row.levels.is_mixed() && page.left() > spare {
            page.line(&words::sizes(row), page.theme().quiet());
        }
    }
    if rows.is_empty() {
        page.line(words::tr(words::NOTHING_THERE), plain());
    }
    if !unknown.is_empty() {
        page.line(&words::unknown_tags(unknown.len()), page.theme().ask());
    }
    for spotted in unknown {
        page.line(&words::stray(spotted, None), plain());
    }
}
