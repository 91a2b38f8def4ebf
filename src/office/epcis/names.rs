//! Identifiers of goods, cartons and places as GS1 Digital Links in canonical form, and what is wrong with a partner's.

use crate::office::Error;
use crate::office::database::{Tx, values};
use crate::scan::digital_link::{self, CANONICAL_STEM};
use crate::scan::gs1::{Rules, from_brackets};
use crate::scan::{Epc, Filter, Scheme};
use crate::warehouse::{BinCode, Goods, Gtin, ItemCode, Sscc};
use std::collections::HashMap;

/// Numbers of items and warehouses, as far as they have any.
pub(super) struct Names<'a, 'b> {
    tx: &'a Tx<'b>,
    gtins: HashMap<ItemCode, Option<Gtin>>,
    units: HashMap<ItemCode, String>,
    glns: HashMap<String, Option<String>>,
}

fn link(brackets: &str) -> Option<String> {
    digital_link::generate(&from_brackets(brackets).ok()?, CANONICAL_STEM).ok()
}

/// The link of a license plate.
pub(super) fn plate(plate: Sscc) -> String {
    format!("{CANONICAL_STEM}/00/{plate}")
}

impl<'a, 'b> Names<'a, 'b> {
    pub fn new(tx: &'a Tx<'b>) -> Self {
        Self {
            tx,
            gtins: HashMap::new(),
            units: HashMap::new(),
            glns: HashMap::new(),
        }
    }

    /// The number of one unit of an item: its barcode that is a GTIN and holds one.
    fn gtin(&mut self, item: &ItemCode) -> Result<Option<Gtin>, Error> {
        if let Some(known) = self.gtins.get(item) {
            return Ok(*known);
        }
        let sql = "SELECT code FROM barcodes WHERE item = ?1 AND holds = 1000 ORDER BY code";
        let rows = self.tx.rows(sql, values![item.as_str()])?;
        let gtin = rows.iter().find_map(|row| row.parse::<Gtin>("code").ok());
        self.gtins.insert(item.clone(), gtin);
        Ok(gtin)
    }

    /// The link of goods: their unit if it has a serial, else their lot, else their kind. None: the item has no GTIN, or its
    /// lot or serial cannot stand in one.
    pub fn goods(&mut self, goods: &Goods) -> Result<Option<String>, Error> {
        let Some(gtin) = self.gtin(&goods.item)? else {
            return Ok(None);
        };
        let text = match (&goods.lot, &goods.serial) {
            (_, Some(serial)) => format!("(01){gtin}(21){}", escaped(serial.as_str())),
            (Some(lot), None) => format!("(01){gtin}(10){}", escaped(lot.as_str())),
            (None, None) => format!("(01){gtin}"),
        };
        Ok(link(&text))
    }

    /// The unit of measure of an item, where it is not pieces (UN/CEFACT Recommendation 20).
    pub fn unit(&mut self, item: &ItemCode) -> Result<Option<&'static str>, Error> {
        if !self.units.contains_key(item) {
            let sql = "SELECT unit FROM items WHERE code = ?1";
            let row = self.tx.first(sql, values![item.as_str()])?;
            let unit = row.map_or(Ok(String::new()), |row| row.text("unit").map(str::to_owned));
            self.units.insert(item.clone(), unit?);
        }
        Ok(match self.units[item].as_str() {
            "kg" => Some("KGM"),
            "g" => Some("GRM"),
            "l" => Some("LTR"),
            "m" => Some("MTR"),
            _ => None,
        })
    }

    /// A warehouse's GLN, if it was told.
    pub fn gln(&mut self, warehouse: &str) -> Result<Option<String>, Error> {
        if let Some(known) = self.glns.get(warehouse) {
            return Ok(known.clone());
        }
        let known = crate::office::records::setting(self.tx, &setting(warehouse))?;
        self.glns.insert(warehouse.to_owned(), known.clone());
        Ok(known)
    }

    /// The link of a bin, in a warehouse that has a GLN.
    pub fn bin(&mut self, warehouse: &str, bin: &BinCode) -> Result<Option<String>, Error> {
        let gln = self.gln(warehouse)?;
        let text = gln.map(|gln| format!("(414){gln}(254){}", escaped(bin.as_str())));
        Ok(text.and_then(|text| link(&text)))
    }
}

/// The name of the setting that holds a warehouse's GLN.
pub(super) fn setting(warehouse: &str) -> String {
    format!("gln_{warehouse}")
}

/// A value between brackets may hold brackets itself only if they are no AI's.
fn escaped(value: &str) -> String {
    value.replace('(', "\\(")
}

/// What is wrong with an identifier of goods, cartons or places, in words; none: it is a Digital Link or an EPC URN, with its
/// check digit right.
pub(super) fn fault(id: &str) -> Option<String> {
    if id.starts_with("urn:epc:id:") {
        return pure(id);
    }
    if id.starts_with("urn:epc:class:lgtin:") || id.starts_with("urn:epc:idpat:") {
        let parts = id.rsplit(':').next().unwrap_or("").split('.');
        return (parts.count() < 2).then(|| format!("{id} names no company and item"));
    }
    if !digital_link::is_uri(id) {
        return Some(format!("{id} is neither a GS1 Digital Link nor an EPC URN"));
    }
    match digital_link::parse(id, Rules::STRICT) {
        Ok(_) => None,
        Err(why) => Some(format!("{id}: {why}")),
    }
}

fn pure(id: &str) -> Option<String> {
    let scheme = match id.split(':').nth(3).unwrap_or("") {
        "sgtin" => "sgtin-198",
        "sscc" => "sscc-96",
        "sgln" => "sgln-195",
        "grai" => "grai-170",
        "giai" => "giai-202",
        // What no tag of ours bears is looked at no further.
        _ => return None,
    };
    let (scheme, filter) = (Scheme::named(scheme)?, Filter::new(0).ok()?);
    match Epc::from_pure_uri(id, scheme, filter) {
        Ok(_) => None,
        Err(why) => Some(format!("{id}: {why}")),
    }
}
