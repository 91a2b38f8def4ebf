//! What is this, where is it?

use super::parts::Page;
use super::{plain, words};
use crate::flow::Said;
use crate::handheld::LookUp;
use crate::warehouse::{Known, SafeText, StockRow};

pub(super) fn draw(look_up: &LookUp, page: &mut Page) {
    if !look_up.keyed.is_empty() || look_up.found.is_none() {
        page.line(words::tr(words::LOOK_UP), page.theme().ask());
        page.line(&format!("> {}_", look_up.keyed), page.theme().big());
    }
    let Some((scan, known)) = &look_up.found else {
        return;
    };
    page.text(&words::said(&Said::of(scan)), page.theme().ask(), 2);
    match known {
        Known::Item { item, holds, stock } => {
            page.text(item.name.as_str(), plain(), 2);
            page.line(&words::holds(item, *holds), page.theme().quiet());
            rows(
                &stock.iter().map(words::stock_at).collect::<Vec<_>>(),
                look_up.top,
                page,
            );
        }
        Known::Bin { bin, stock } => {
            page.line(&words::bin(bin), page.theme().quiet());
            rows(&contents(stock), look_up.top, page);
        }
        Known::Load { stock } => rows(&contents(stock), look_up.top, page),
        Known::Worker(worker) => page.line(worker.name.as_str(), plain()),
        Known::Nothing => page.text(words::tr(words::NOT_KNOWN), plain(), 4),
    }
}

fn contents(stock: &[(StockRow, SafeText)]) -> Vec<String> {
    stock
        .iter()
        .map(|(row, name)| words::stock_of(row, name))
        .collect()
}

fn rows(rows: &[String], top: usize, page: &mut Page) {
    if rows.is_empty() {
        return page.line(words::tr(words::NOTHING_THERE), plain());
    }
    for row in rows.iter().skip(top).take(page.left()) {
        page.line(row, plain());
    }
}
