//! The bar that grows as one comes nearer.

use super::parts::Page;
use super::{plain, words};
use crate::handheld::{Find, Model};

pub(super) fn draw(model: &Model, find: &Find, page: &mut Page) {
    page.text(find.item.name.as_str(), page.theme().ask(), 2);
    page.line(find.item.code.as_str(), page.theme().quiet());
    page.gap();
    let Some(tag) = find.heard(model.now) else {
        let why = words::tags_missing(model);
        return page.text(&why, plain(), 4);
    };
    let room = page.width().saturating_sub(2);
    if let Some(signal) = tag.signal {
        let full = (room * usize::from(signal.percent()) / 100).max(1);
        let bar = format!("[{}{}]", "#".repeat(full), ".".repeat(room - full));
        // Three rows high, to be seen from the corner of an eye.
        for _ in 0..3 {
            page.line(&bar, page.theme().big());
        }
    }
    page.gap();
    page.text(&words::strength(tag.signal), page.theme().ask(), 2);
    page.text(&words::tag(tag), page.theme().quiet(), 3);
}
