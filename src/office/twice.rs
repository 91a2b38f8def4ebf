//! Units with serials that come in although they are in the house by the book: one of the two is not what its label says.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, ledger};
use crate::warehouse::{Entry, Fact, Place, Quantity};

/// Tells a person of a unit that has just come in and is there more than once now. Other facts are no arrivals.
pub(super) fn look(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    let Fact::Received { goods, .. } = &entry.fact else {
        return Ok(());
    };
    let Some(serial) = &goods.serial else {
        return Ok(());
    };
    let sql = "SELECT place, quantity FROM stock WHERE warehouse = ?1 AND item = ?2 AND serial = ?3 AND quantity > 0
               ORDER BY place, plate, status, lot";
    let (item, number) = (goods.item.as_str(), ledger::text(Some(serial)));
    let (mut units, mut places) = (Quantity::ZERO, Vec::new());
    for row in tx.rows(sql, values![posting.warehouse, item, number])? {
        let place: Place = row.parse("place")?;
        if place.is_inside() {
            units = units.plus(Quantity::from_thousandths(row.int("quantity")?));
            places.push(place.to_string());
        }
    }
    if units <= Quantity::ONE {
        return Ok(());
    }
    let note = format!(
        "{item} with serial {serial} came in and is in the house already: {}",
        places.join(", ")
    );
    posting.exception(tx, ExceptionKind::DoneTwice, &note)
}
