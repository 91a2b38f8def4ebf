//! Ports, raw scans, and the office's code.

use super::parts::Page;
use super::{plain, words};
use crate::handheld::{Model, SetUp};

pub(super) fn draw(model: &Model, set_up: &SetUp, page: &mut Page) {
    if model.identity.is_none() {
        page.text(words::tr(words::SCAN_OFFICE_CODE), page.theme().ask(), 3);
        if !set_up.keyed.is_empty() {
            let tail: String = set_up
                .keyed
                .chars()
                .rev()
                .take(page.width().saturating_sub(3))
                .collect();
            let tail: String = tail.chars().rev().collect();
            page.line(&format!("> {tail}_"), page.theme().big());
        }
    }
    if model.ports.is_empty() {
        page.text(words::tr(words::NO_PORT), plain(), 3);
    }
    for port in &model.ports {
        page.text(&words::port(port), plain(), 2);
    }
    for heard in &set_up.heard {
        let from = model.ports.iter().find(|port| port.name == heard.port);
        page.text(heard.raw.as_str(), page.theme().ask(), 3);
        page.line(&words::heard_by(heard, from), page.theme().quiet());
        let meaning = match &heard.meaning {
            Ok(scan) => words::scan(scan),
            Err(why) => why.to_string(),
        };
        page.text(&meaning, plain(), 6);
    }
}
