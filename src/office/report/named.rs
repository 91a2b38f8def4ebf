//! What the records say of one item or one bin, and what a search text names.

use super::{barcode, begins, within};
use crate::office::database::{Row, values};
use crate::office::{Error, Office, records};
use crate::warehouse::{Barcode, Bin, Item, SafeText, WarehouseCode};

/// Most things that a search names of each kind.
const MOST: u32 = 8;

/// An item, and what is scanned for it.
#[derive(Clone, Debug)]
pub(in crate::office) struct ItemSeen {
    pub item: Item,
    pub barcodes: Vec<Barcode>,
    /// Bins that are its own.
    pub fixed: Vec<String>,
}

/// Things whose name begins like a search text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::office) struct Named {
    pub items: Vec<(String, SafeText)>,
    pub bins: Vec<String>,
    pub orders: Vec<String>,
}

impl Office {
    /// What the records say of an item; none if there is no such item.
    pub(in crate::office) fn item_seen(
        &self,
        warehouse: &WarehouseCode,
        code: &str,
    ) -> Result<Option<ItemSeen>, Error> {
        self.database().read(|tx| {
            let Some(item) = records::item(tx, code)? else {
                return Ok(None);
            };
            let sql = "SELECT bin FROM fixed_bins WHERE warehouse = ?1 AND item = ?2 ORDER BY bin";
            let fixed = tx.rows(sql, values![warehouse.as_str(), code])?;
            let fixed = fixed.iter().map(|row| row.text("bin").map(str::to_owned));
            Ok(Some(ItemSeen {
                barcodes: records::barcodes_of(tx, &item.code)?,
                fixed: fixed.collect::<Result<_, _>>()?,
                item,
            }))
        })
    }

    /// What the records say of a bin; none if there is no such bin.
    pub(in crate::office) fn bin_seen(
        &self,
        warehouse: &WarehouseCode,
        code: &str,
    ) -> Result<Option<Bin>, Error> {
        self.database()
            .read(|tx| records::bin(tx, warehouse.as_str(), code))
    }

    /// What a search text may name, a few of each kind.
    pub(in crate::office) fn named(
        &self,
        warehouse: &WarehouseCode,
        text: &str,
    ) -> Result<Named, Error> {
        let (from, any) = (begins(text), within(text));
        self.database().read(|tx| {
            let sql = "SELECT code, name FROM items WHERE UPPER(code) LIKE ?1 ESCAPE '!' OR UPPER(name) LIKE ?2 ESCAPE '!'
                       OR code IN (SELECT item FROM barcodes WHERE code IN (?3, ?5)) ORDER BY code LIMIT ?4";
            let items = tx.rows(sql, values![from.as_str(), any.as_str(), text, MOST, barcode(text)])?;
            let item = |row: &Row| Ok((row.text("code")?.to_owned(), row.text("name")?.into()));
            let codes = |sql| {
                let rows = tx.rows(sql, values![warehouse.as_str(), from.as_str(), MOST])?;
                let codes = rows.iter().map(|row| row.text("code").map(str::to_owned));
                Ok::<_, Error>(codes.collect::<Result<_, _>>()?)
            };
            let bins = "SELECT code FROM bins WHERE warehouse = ?1 AND UPPER(code) LIKE ?2 ESCAPE '!' ORDER BY sequence, code LIMIT ?3";
            let orders = "SELECT code FROM orders WHERE warehouse = ?1 AND UPPER(code) LIKE ?2 ESCAPE '!' ORDER BY code LIMIT ?3";
            Ok(Named {
                items: items.iter().map(item).collect::<Result<_, Error>>()?,
                bins: codes(bins)?,
                orders: codes(orders)?,
            })
        })
    }
}
