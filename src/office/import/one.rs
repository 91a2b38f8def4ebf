//! One order that came otherwise than in a file: read and checked by what reads and checks the sheets.

use super::cells::{Cells, Columns};
use super::check::Known;
use super::rows::{self, Record};
use super::scratch::Scratch;
use super::sheet::kind_of;
use super::{BadRow, join};
use crate::office::database::Tx;
use crate::office::{Error, OrderRecord};

/// The rows of one order; each has a cell for every name of the head.
pub(in crate::office) struct OrderRows {
    /// The sheet in whose manner it is written, such as `orders.csv`.
    pub sheet: &'static str,
    /// The names of the columns.
    pub head: Vec<&'static str>,
    /// A row for each line of the order.
    pub rows: Vec<Vec<String>>,
}

/// The order, or what is wrong with which row, from 1.
pub(in crate::office) fn read_order(
    tx: &Tx,
    sent: &OrderRows,
) -> Result<Result<OrderRecord, Vec<BadRow>>, Error> {
    let said = Scratch::new()?;
    let mut known = Known::new(tx, &said);
    let (mut order, mut bad) = (None, Vec::new());
    let head = csv::StringRecord::from(sent.head.clone());
    let columns = Columns::new(&head, &sent.head).expect("the head has all that it has");
    let kind = kind_of(sent.sheet).expect("the sheets of orders are known");
    for (line, row) in (1..).zip(&sent.rows) {
        let record = csv::StringRecord::from(row.clone());
        let cells = Cells {
            columns: &columns,
            record: &record,
        };
        let found = match rows::row(kind, &cells) {
            Ok(record) => known.look_at(&record)?.map(|()| record),
            Err(reason) => Err(reason),
        };
        match found {
            Ok(Record::Order(part)) => join(&mut order, part),
            Ok(_) => {}
            Err(reason) => bad.push(BadRow {
                file: sent.sheet.to_owned(),
                line,
                reason,
            }),
        }
    }
    Ok(match order {
        Some(order) if bad.is_empty() => Ok(order),
        _ => Err(bad),
    })
}
