//! One order that came otherwise than in a file: read and checked by what reads and checks the sheets.

use super::cells::{Cells, Columns};
use super::rows::{self, ReadRow, Sheet};
use super::{BadRow, check};
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
    let (mut read, mut bad) = (Vec::new(), Vec::new());
    rows_of(sent, &mut read, &mut bad);
    check::references(tx, &read, &mut bad)?;
    let order = rows::orders(&read).into_iter().next();
    Ok(match order {
        Some(order) if bad.is_empty() => Ok(order),
        _ => Err(bad),
    })
}

fn rows_of(sent: &OrderRows, read: &mut Vec<ReadRow>, bad: &mut Vec<BadRow>) {
    let sheet = Sheet::new(sent.sheet, "").expect("the sheets of orders are known");
    let head = csv::StringRecord::from(sent.head.clone());
    let columns = Columns::new(&head, &sent.head).expect("the head has all that it has");
    for (line, row) in (1..).zip(&sent.rows) {
        let record = csv::StringRecord::from(row.clone());
        let cells = Cells {
            columns: &columns,
            record: &record,
        };
        let file = sent.sheet.to_owned();
        match rows::row(sheet.kind, &cells) {
            Ok(record) => read.push(ReadRow { file, line, record }),
            Err(reason) => bad.push(BadRow { file, line, reason }),
        }
    }
}
