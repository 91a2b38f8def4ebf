//! What the handheld knows of a label that its work cannot judge, and of what lies in a zone.

use super::Memory;
use crate::handheld::Book;
use crate::scan::Scan;
use crate::store::Error;
use crate::warehouse::{
    Barcode, Fact, Item, ItemCode, Known, Place, Quantity, SafeText, StockRow, ZoneCode,
};
use std::collections::BTreeMap;

impl Memory {
    pub(super) fn known(&self, scan: &Scan) -> Result<Known, Error> {
        match scan {
            Scan::Bin(code) => match self.cache.bin(code)? {
                Some(bin) => {
                    let stock = self.named(self.view()?.stock_in_bin(code)?)?;
                    Ok(Known::Bin { bin, stock })
                }
                None => Ok(Known::Nothing),
            },
            Scan::Badge(badge) => {
                let worker = self.cache.worker_by_badge(badge)?;
                Ok(worker.map_or(Known::Nothing, Known::Worker))
            }
            Scan::Tote(tote) => self.load(self.view()?.stock_at(&Place::Tote(tote.clone()))?),
            Scan::Order(order) => self.load(self.view()?.stock_at(&Place::Order(order.clone()))?),
            Scan::Plate(plate) => self.load(self.view()?.stock_on(*plate)?),
            Scan::Goods(_) | Scan::Code(_) => self.known_goods(scan),
            Scan::Enrolment(_) => Ok(Known::Nothing),
        }
    }

    /// What a barcode stands for: as the office says, else as it was learned here.
    pub(super) fn barcode(&self, code: &str) -> Result<Option<Barcode>, Error> {
        if let Some(known) = self.cache.barcode(code)? {
            return Ok(Some(known));
        }
        let mut learned = None;
        for entry in &self.own {
            match &entry.fact {
                Fact::BarcodeLearned {
                    code: said,
                    item,
                    holds,
                } if said.as_str() == code => {
                    learned = Some(Barcode {
                        code: said.clone(),
                        item: item.clone(),
                        holds: *holds,
                    });
                }
                Fact::Undone { what, .. } => match &**what {
                    Fact::BarcodeLearned { code: said, .. } if said.as_str() == code => {
                        learned = None;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(learned)
    }

    /// What should be in a zone; none if there is no such zone.
    pub(super) fn zone(&self, zone: &ZoneCode) -> Result<Option<Book>, Error> {
        if !self.cache.has_zone(zone)? {
            return Ok(None);
        }
        let mut book = Book::default();
        let mut names: BTreeMap<ItemCode, SafeText> = BTreeMap::new();
        for (item, plate, quantity) in self.view()?.sums_in_zone(zone)? {
            if !names.contains_key(&item) {
                let name = self.cache.item(&item)?.map(|item| item.name);
                names.insert(item.clone(), name.unwrap_or_else(|| item.as_str().into()));
            }
            book.add(&item, &names[&item], plate, quantity);
        }
        Ok(Some(book))
    }

    pub(super) fn item_of(&self, code: &SafeText) -> Result<Option<(Item, Quantity)>, Error> {
        let Some(barcode) = self.barcode(code.as_str())? else {
            return Ok(None);
        };
        let item = self.cache.item(&barcode.item)?;
        Ok(item.map(|item| (item, barcode.holds)))
    }

    pub(super) fn load(&self, stock: Vec<StockRow>) -> Result<Known, Error> {
        if stock.is_empty() {
            return Ok(Known::Nothing);
        }
        let stock = self.named(stock)?;
        Ok(Known::Load { stock })
    }

    /// Goods by their barcode, an item by its code or the first letters of its name, or whatever else has that code.
    pub(super) fn known_goods(&self, scan: &Scan) -> Result<Known, Error> {
        let label = crate::flow::label(scan);
        let text = label
            .gtin
            .map(|gtin| gtin.to_string())
            .or(label.code.map(String::from));
        let Some(text) = text else {
            return Ok(Known::Nothing);
        };
        match self.code_exactly(&text)? {
            Known::Nothing => {}
            known => return Ok(known),
        }
        match self.cache.search_items(&text, 1)?.pop() {
            Some(item) => self.item_known(item, Quantity::units(1)),
            None => Ok(Known::Nothing),
        }
    }

    /// The same, and nothing that only begins so: what moves stock must be meant.
    pub(super) fn exactly(&self, scan: &Scan) -> Result<Known, Error> {
        if !matches!(scan, Scan::Goods(_) | Scan::Code(_)) {
            return self.known(scan);
        }
        let label = crate::flow::label(scan);
        let gtin = label.gtin.map(|gtin| gtin.to_string());
        match gtin.or(label.code.map(String::from)) {
            Some(text) => self.code_exactly(&text),
            None => Ok(Known::Nothing),
        }
    }

    pub(super) fn code_exactly(&self, text: &str) -> Result<Known, Error> {
        if let Some((item, holds)) = self.item_of(&text.into())? {
            return self.item_known(item, holds);
        }
        if let Ok(bin) = text.parse()
            && let Some(bin) = self.cache.bin(&bin)?
        {
            return self.known(&Scan::Bin(bin.code));
        }
        let item = text.parse().ok().map(|code| self.cache.item(&code));
        match item.transpose()?.flatten() {
            Some(item) => self.item_known(item, Quantity::units(1)),
            None => Ok(Known::Nothing),
        }
    }

    pub(super) fn item_known(&self, item: Item, holds: Quantity) -> Result<Known, Error> {
        let stock = self.view()?.stock_of_item(&item.code)?;
        Ok(Known::Item { item, holds, stock })
    }

    pub(super) fn named(&self, stock: Vec<StockRow>) -> Result<Vec<(StockRow, SafeText)>, Error> {
        let name = |row: StockRow| {
            let item = self.cache.item(&row.goods.item)?;
            let name = item.map_or_else(|| row.goods.item.as_str().into(), |item| item.name);
            Ok((row, name))
        };
        stock.into_iter().map(name).collect()
    }
}
