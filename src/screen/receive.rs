//! What receiving shows beside its steps: what a pallet should bear, a label being learned, a lead being asked.

use super::parts::Page;
use super::{plain, words, work};
use crate::flow::Work;
use crate::handheld::{Lead, Learn};
use crate::warehouse::Sscc;

/// What was announced on a pallet, as far as there is room.
pub(super) fn announced(work: &Work, plate: Sscc, page: &mut Page) {
    for (line, quantity) in work.announced(plate) {
        // The rule of the step stays on the screen.
        if page.left() <= 2 {
            break;
        }
        page.line(
            &words::on_pallet(quantity, line.item.name.as_str()),
            plain(),
        );
        if let Some(lot) = line.lot.as_ref().filter(|_| page.left() > 2) {
            page.line(&words::lot(lot), page.theme().quiet());
        }
    }
}

pub(super) fn draw_lead(lead: &Lead, page: &mut Page) {
    match &lead.who {
        None => {
            page.text(words::tr(words::LEAD_WANTED), page.theme().ask(), 3);
            if !lead.badge().is_empty() {
                page.line(&format!("> {}_", lead.badge()), page.theme().big());
            }
        }
        Some(who) => {
            page.text(&words::lead_pin(who.name.as_str()), page.theme().ask(), 2);
            let dots = "*".repeat(lead.dots());
            page.line(&format!("> {dots}_"), page.theme().big());
        }
    }
}

pub(super) fn draw_learn(shown: &Work, learn: &Learn, page: &mut Page) {
    page.line(learn.code.as_str(), plain());
    if let Some(item) = &learn.item {
        page.text(item.name.as_str(), plain(), 2);
        page.gap();
        page.line(words::tr(words::HOW_MANY_IN_IT), page.theme().ask());
        page.line(&format!("> {}_", learn.digits), page.theme().big());
        return page.text(words::tr(words::ONE_IF_EMPTY), page.theme().quiet(), 2);
    }
    page.line(words::tr(words::WHICH_ITEM), page.theme().ask());
    let items = shown.teachable();
    let rows: Vec<String> = items.iter().map(|item| item.name.to_string()).collect();
    page.list(&work::numbered(&rows), learn.cursor);
}
