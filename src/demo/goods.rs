//! The demo's items and their barcodes.

use super::assets::{self, Family};
use super::sheet::{Table, row};
use crate::warehouse::check_digit;

/// GS1 company prefix that GS1 sets aside for examples.
pub(super) const PREFIX: &str = "9506000";

/// One item of the demo.
pub(super) struct Article {
    pub code: String,
    pub zone: String,
    pub lots: bool,
    pub days: Option<u32>,
    pub serials: bool,
    pub case: u32,
    number: u32,
    name: String,
    weight_g: u32,
}

/// All items, in the order of the file.
pub(super) fn articles() -> Vec<Article> {
    let mut articles = Vec::new();
    for family in assets::families() {
        for ((kind, size), of_family) in family.variants().zip(1u32..) {
            let number = u32::try_from(articles.len()).expect("a few thousand");
            articles.push(article(&family, kind, size, of_family, number));
        }
    }
    articles
}

fn article(family: &Family, kind: &str, size: &str, of_family: u32, number: u32) -> Article {
    Article {
        code: format!("{}-{of_family:03}", family.family),
        zone: family.zone.clone(),
        lots: family.has_lots(),
        days: family.expires().then_some(family.days),
        serials: family.has_serials(),
        case: family.case,
        number,
        name: format!("{} {kind} {size}", family.name),
        weight_g: family.weight_g,
    }
}

impl Article {
    // GS1 General Specifications §1.2: company prefix, item reference, check digit; a case has an indicator in front.
    pub fn gtin(&self, indicator: &str) -> String {
        let body = format!("{indicator}{PREFIX}{:05}", self.number);
        format!("{body}{}", check_digit(body.as_bytes()))
    }
}

/// `items.csv`.
pub(super) fn items(articles: &[Article]) -> Vec<u8> {
    let head = [
        "code", "name", "unit", "lot", "serial", "expiry", "weight_g",
    ];
    let mut table = Table::new(&head);
    let word = |yes| if yes { "yes" } else { "no" };
    for article in articles {
        let (lot, serial) = (word(article.lots), word(article.serials));
        let expiry = word(article.days.is_some());
        row!(
            table,
            article.code,
            article.name,
            "each",
            lot,
            serial,
            expiry,
            article.weight_g
        );
    }
    table.bytes()
}

/// `barcodes.csv`: a GTIN-13 for each, a GTIN-14 for a case of several.
pub(super) fn barcodes(articles: &[Article]) -> Vec<u8> {
    let mut table = Table::new(&["code", "item", "holds"]);
    for article in articles {
        row!(table, article.gtin(""), article.code, 1);
        if article.case > 1 {
            row!(table, article.gtin("1"), article.code, article.case);
        }
    }
    table.bytes()
}
