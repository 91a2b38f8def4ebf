//! Rows of making and taking apart.

use super::cells::Cells;
use super::rows::{self, LONGEST_ORDER};
use crate::office::{OrderLine, OrderRecord};
use crate::warehouse::{OrderCode, OrderKind, SafeText};

/// An order of making or taking apart has one line: what is made, or taken apart.
pub(super) fn order(cells: &Cells, kind: OrderKind) -> Result<OrderRecord, String> {
    let code: OrderCode = cells.parse("order")?;
    if code.as_str().chars().count() > LONGEST_ORDER {
        return Err(format!(
            "order {code} is longer than {LONGEST_ORDER} characters"
        ));
    }
    Ok(OrderRecord {
        warehouse: cells.parse("warehouse")?,
        code,
        kind,
        partner: SafeText::default(),
        priority: cells.maybe("priority")?.unwrap_or(50),
        due: cells.moment("due")?,
        bin: Some(cells.parse("bin")?),
        over_percent: 0,
        least_days: None,
        target: None,
        lines: vec![OrderLine {
            line: 1,
            goods: rows::goods(cells)?,
            plate: None,
            quantity: cells.quantity("quantity")?,
        }],
    })
}
