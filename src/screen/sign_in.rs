//! Badge and PIN; also the lock.

use super::parts::Page;
use super::{plain, words};
use crate::handheld::{Model, SignIn};

pub(super) fn draw(model: &Model, sign_in: &SignIn, page: &mut Page) {
    if let Some(identity) = &model.identity {
        page.text(identity.warehouse_name.as_str(), plain(), 2);
        page.line(identity.device.as_str(), page.theme().quiet());
        page.gap();
    }
    match &sign_in.who {
        None if !model.is_fetched => page.text(words::tr(words::FETCHING), page.theme().ask(), 2),
        None => {
            page.line(words::tr(words::SCAN_BADGE), page.theme().ask());
            if !sign_in.badge().is_empty() {
                page.line(&format!("> {}_", sign_in.badge()), page.theme().big());
            }
        }
        Some(worker) => {
            page.line(worker.name.as_str(), page.theme().ask());
            page.line(words::tr(words::KEY_PIN), page.theme().ask());
            page.line(
                &format!("> {}_", "*".repeat(sign_in.dots())),
                page.theme().big(),
            );
        }
    }
    if let Some(work) = model.work.as_ref().filter(|_| model.has_open_work()) {
        page.gap();
        page.text(&words::open_work(work.task()), plain(), 3);
    }
}
