//! Which RFID tags a make-believe reader would hear: those of what the screen is about, one of them missing, and a stray.

use super::goods::{self, Article, PREFIX};
use crate::handheld::{Find, Model, Panel, Screen};
use crate::scan::{Epc, Filter, Scan, Scheme};
use crate::warehouse::{ItemCode, Quantity, SerialCode};
use std::collections::HashMap;

/// Most tags that are around.
const MOST: usize = 400;
/// More units than these are tagged by the case, where there are cases.
const SINGLY: i64 = 60;
/// Filter values (TDS 2.3 table 10-2).
const ON_ITEM: u8 = 1;
const ON_CASE: u8 = 2;

/// A tag that can be heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// Its EPC in hex.
    pub epc: String,
    /// How strongly, in dBm; none: as one walks to it and past it.
    pub dbm: Option<i8>,
}

/// The tagged goods of the demo.
pub(super) struct Goods(HashMap<String, Article>);

impl Goods {
    pub fn new() -> Self {
        let of = |article: Article| (article.code.clone(), article);
        Self(goods::articles().into_iter().map(of).collect())
    }

    /// What is around now.
    pub fn around(&self, model: &Model) -> Vec<Near> {
        let mut epcs = match &model.screen {
            Screen::Find(find) => return self.to_find(find),
            Screen::Count(count) => {
                let items = count.of.iter().flat_map(|of| of.book.items());
                let mut all: Vec<String> = items
                    .flat_map(|(item, _, quantity)| self.units(item, quantity))
                    .collect();
                // A count that differs is what one wants to see.
                all.pop();
                all
            }
            Screen::Work(_) => self.at_step(model),
            Screen::SetUp(_) => Vec::new(),
            _ => return Vec::new(),
        };
        epcs.truncate(MOST);
        epcs.extend(self.stray(&epcs));
        let near = |(epc, at): (String, i8)| Near {
            epc,
            dbm: Some(-45 - at % 20),
        };
        epcs.into_iter().zip((0..20).cycle()).map(near).collect()
    }

    /// What the step expects, if it reads tags now.
    fn at_step(&self, model: &Model) -> Vec<String> {
        let reads =
            matches!(&model.screen, Screen::Work(draft) if matches!(draft.panel, Panel::Tags(_)));
        let Some(work) = model.work.as_ref().filter(|_| reads) else {
            return Vec::new();
        };
        let mut epcs = Vec::new();
        if let Some(aboard) = work.aboard(&[]) {
            let plates = aboard.cartons.iter().map(|(carton, _)| carton.plate);
            epcs.extend(plates.filter_map(|plate| plate_tag(&plate.to_string())));
        }
        for row in work.arrived(&[]).into_iter().flat_map(|it| it.rows) {
            let plate = row.is.plate.and_then(|plate| plate_tag(&plate.to_string()));
            epcs.extend(plate);
            let item = &row.is.item;
            let units = if item.tracking.serial {
                self.new_units(&item.code, row.left)
            } else {
                self.units(&item.code, row.left)
            };
            epcs.extend(units);
        }
        for row in work.sweep(&[]).0 {
            let expected = row.expected;
            let item = &expected.item.code;
            epcs.extend(
                expected
                    .plate
                    .and_then(|plate| plate_tag(&plate.to_string())),
            );
            let serials = expected
                .goods
                .iter()
                .filter_map(|goods| goods.serial.as_ref());
            let mut units: Vec<String> = serials.filter_map(|it| self.unit(item, it)).collect();
            if units.is_empty() {
                units = self.units(item, expected.wanted);
            }
            epcs.extend(units);
        }
        epcs
    }

    fn to_find(&self, find: &Find) -> Vec<Near> {
        let wanted = match &find.wanted {
            Scan::Goods(label) => label.serial.clone(),
            _ => None,
        };
        let item = &find.item.code;
        let epc = match wanted {
            Some(serial) => self.unit(item, &serial),
            None => self.units(item, Quantity::units(1)).pop(),
        };
        epc.into_iter().map(|epc| Near { epc, dbm: None }).collect()
    }

    /// Tags of so much of an item: on cases where it is much, else on each.
    fn units(&self, item: &ItemCode, quantity: Quantity) -> Vec<String> {
        let Some(article) = self.0.get(item.as_str()) else {
            return Vec::new();
        };
        let units = quantity.thousandths() / 1000;
        let case = i64::from(article.case);
        let cases = if units > SINGLY && case > 1 {
            units / case
        } else {
            0
        };
        let tags = |count: i64, gtin: String, filter| {
            let count = usize::try_from(count).unwrap_or(0).min(MOST);
            (1..=count).filter_map(move |serial| tag(&gtin, &serial.to_string(), filter))
        };
        let on_cases = tags(cases, article.gtin("1"), ON_CASE);
        let on_items = tags(
            units - cases * case,
            format!("0{}", article.gtin("")),
            ON_ITEM,
        );
        on_cases.chain(on_items).collect()
    }

    /// Tags of units that no one has seen before, a few at most.
    fn new_units(&self, item: &ItemCode, quantity: Quantity) -> Vec<String> {
        let count = quantity.thousandths().clamp(0, 9_000) / 1000;
        let numbers = (1..=count).map(|number| format!("N{number}").parse().ok());
        numbers
            .filter_map(|serial| self.unit(item, &serial?))
            .collect()
    }

    fn unit(&self, item: &ItemCode, serial: &SerialCode) -> Option<String> {
        let article = self.0.get(item.as_str())?;
        tag(&format!("0{}", article.gtin("")), serial.as_str(), ON_ITEM)
    }

    /// A tag from next door: of an item of which nothing else is around.
    fn stray(&self, around: &[String]) -> Option<String> {
        let mut articles: Vec<&Article> = self.0.values().collect();
        articles.sort_by_key(|article| article.code.as_str());
        let tags = articles
            .iter()
            .filter_map(|article| tag(&format!("0{}", article.gtin("")), "99999", ON_ITEM));
        // Header, prefix and item reference take fourteen digits and a half.
        let is_other = |epc: &String| around.iter().all(|known| known.get(..15) != epc.get(..15));
        let mut others = tags.filter(is_other);
        others.next()
    }
}

fn tag(gtin: &str, serial: &str, filter: u8) -> Option<String> {
    // What 38 bits cannot hold as a number is written as text.
    let number = serial
        .parse::<u64>()
        .ok()
        .filter(|number| number.to_string() == serial);
    let short = number.is_some_and(|number| number < 1 << 38);
    let scheme = if short { "sgtin-96" } else { "sgtin-198" };
    written(scheme, filter, &[("01", gtin), ("21", serial)])
}

fn plate_tag(sscc: &str) -> Option<String> {
    written("sscc-96", 6, &[("00", sscc)])
}

fn written(scheme: &str, filter: u8, elements: &[(&str, &str)]) -> Option<String> {
    let scheme = Scheme::named(scheme)?;
    let filter = Filter::new(filter).ok()?;
    let epc = Epc::from_elements(scheme, filter, PREFIX.len(), None, elements).ok()?;
    epc.encode().ok().map(|raw| raw.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{Packing, RawEpc};

    #[test]
    fn much_is_tagged_by_the_case_and_little_on_each() {
        let goods = Goods::new();
        let article = goods.0.values().find(|article| article.case == 100);
        let item: ItemCode = article
            .expect("bolts come in hundreds")
            .code
            .parse()
            .unwrap();
        let on = |units, packing| {
            let tags = goods.units(&item, Quantity::units(units));
            let packings = tags.iter().map(|hex| {
                let raw = RawEpc::from_hex(hex).unwrap();
                Epc::decode(&raw).unwrap().packing()
            });
            packings.filter(|it| *it == Some(packing)).count()
        };
        assert_eq!((on(60, Packing::Item), on(60, Packing::Case)), (60, 0));
        assert_eq!((on(205, Packing::Item), on(205, Packing::Case)), (5, 2));
        assert!(on(4_000_000_000, Packing::Case) <= MOST);
    }

    #[test]
    fn a_serial_that_is_no_plain_number_is_written_as_text() {
        let scan = |serial| {
            let hex = tag("09506000134352", serial, ON_ITEM).unwrap();
            let epc = Epc::decode(&RawEpc::from_hex(&hex).unwrap()).unwrap();
            epc.element_string().unwrap()
        };
        for serial in ["7", "007", "SN-0007", "999999999999"] {
            assert_eq!(scan(serial), format!("(01)09506000134352(21){serial}"));
        }
    }
}
