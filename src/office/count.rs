//! Counts: what was counted in a bin against the book. Nothing is moved; a person decides what a difference means.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, stock_steps};
use crate::warehouse::{BinCode, Fact, Goods, Place, Quantity};
use std::collections::BTreeMap;

/// Most items that a note names.
const NAMED: usize = 5;

/// Holds a count against the book, and tells a person where they differ. Other facts are no counts.
pub(super) fn compare(tx: &Tx, posting: &mut Posting, fact: &Fact) -> Result<(), Error> {
    let Fact::TagsCounted {
        bin,
        counted,
        unknown,
    } = fact
    else {
        return Ok(());
    };
    let mut items = book(tx, posting.warehouse, bin)?;
    for (Goods { item, .. }, quantity) in counted {
        let (count, _) = items.entry(item.to_string()).or_default();
        *count = count.plus(*quantity);
    }
    items.retain(|_, (count, book)| count != book);
    if items.is_empty() {
        return Ok(());
    }
    let differ = items.iter().take(NAMED);
    let differ: Vec<String> = differ
        .map(|(item, (count, book))| format!("{count} of {item} and not {book}"))
        .collect();
    let more = match items.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more items differ"),
    };
    let strange = match unknown {
        0 => String::new(),
        unknown => format!("; not known: {unknown}"),
    };
    let note = format!(
        "{bin} by its tags holds {}{more}{strange}",
        differ.join(", ")
    );
    posting.exception(tx, ExceptionKind::CountDiffers, &note)?;
    // Tags tell no lots and can be out of reach: a hand count is held against the book and corrects it.
    stock_steps::count_all(tx, posting, bin)
}

/// What each item in a bin was counted to (nothing yet), and what it should be.
fn book(
    tx: &Tx,
    warehouse: &str,
    bin: &BinCode,
) -> Result<BTreeMap<String, (Quantity, Quantity)>, Error> {
    let place = Place::Bin(bin.clone()).to_string();
    let sql =
        "SELECT item, quantity FROM stock WHERE warehouse = ?1 AND place = ?2 AND quantity <> 0";
    let mut items: BTreeMap<String, (Quantity, Quantity)> = BTreeMap::new();
    for row in tx.rows(sql, values![warehouse, place])? {
        let (_, book) = items.entry(row.text("item")?.to_owned()).or_default();
        *book = book.plus(Quantity::from_thousandths(row.int("quantity")?));
    }
    Ok(items)
}
