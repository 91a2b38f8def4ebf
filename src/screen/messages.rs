//! What the office wants a worker to read.

use super::parts::Page;
use super::words;
use crate::handheld::Model;

pub(super) fn draw(model: &Model, page: &mut Page) {
    let Some(message) = model.messages.first() else {
        return;
    };
    let head = words::message_of(model.messages.len(), message.at);
    page.line(&head, page.theme().quiet());
    page.gap();
    let left = page.left();
    page.text(message.text.as_str(), page.theme().ask(), left);
}
