//! The end of a shift.

use super::parts::Page;
use super::{plain, words};
use crate::handheld::{Model, Shift};

pub(super) fn draw(model: &Model, shift: &Shift, page: &mut Page) {
    if let Some(tally) = &shift.tally {
        for line in words::tally(tally) {
            page.line(&line, plain());
        }
        page.gap();
    }
    let office = words::office_has(model);
    page.text(&office, page.theme().ask(), 4);
    page.text(&words::last_word(model), page.theme().quiet(), 2);
}
