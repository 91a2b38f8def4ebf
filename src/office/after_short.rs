//! What follows by the rules when a line fell short: it is looked for elsewhere, its bin is frozen, its bin is to be counted.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, feed, rules, shortage, stock_steps};
use crate::warehouse::{BinCode, ItemCode, LineNo, Quantity, Reason, Task};

/// Does what follows.
pub(super) fn follow(
    tx: &Tx,
    posting: &mut Posting,
    task: &Task,
    (line, bin, item): (LineNo, &BinCode, &ItemCode),
    missing: Quantity,
    reason: Reason,
) -> Result<(), Error> {
    look(tx, posting, (bin, item), reason)?;
    if rules::of(tx, posting.warehouse)?
        .after_short(reason)
        .replace
    {
        shortage::instead(tx, posting, task, line, bin, missing)?;
    }
    Ok(())
}

/// Has the bin looked at, as the rules say for this reason: it is frozen, its item is counted.
pub(super) fn look(
    tx: &Tx,
    posting: &mut Posting,
    (bin, item): (&BinCode, &ItemCode),
    reason: Reason,
) -> Result<(), Error> {
    let after = rules::of(tx, posting.warehouse)?.after_short(reason);
    if after.freeze {
        freeze(tx, posting, bin)?;
    }
    if after.count {
        stock_steps::look(tx, posting, bin, item)?;
    }
    Ok(())
}

/// It was not short after all: what followed is taken back, as far as nobody has begun it.
pub(super) fn take_back(tx: &Tx, posting: &mut Posting, seq: u64) -> Result<(), Error> {
    let sql = "UPDATE bins SET frozen = 0, frozen_by = '' WHERE warehouse = ?1 AND frozen_by = ?2 RETURNING code";
    let (warehouse, cause) = (posting.warehouse, posting.cause(seq));
    for row in tx.rows(sql, values![warehouse, cause])? {
        feed::announce(tx, warehouse, "bin", row.text("code")?)?;
    }
    shortage::not_instead(tx, posting, seq)
}

fn freeze(tx: &Tx, posting: &mut Posting, bin: &BinCode) -> Result<(), Error> {
    let sql = "UPDATE bins SET frozen = 1, frozen_by = ?3 WHERE warehouse = ?1 AND code = ?2 AND frozen = 0";
    let cause = posting.cause(posting.seq);
    if tx.run(sql, values![posting.warehouse, bin.as_str(), cause])? == 0 {
        return Ok(());
    }
    feed::announce(tx, posting.warehouse, "bin", bin.as_str())?;
    let note = format!("{bin} is frozen until someone has looked at it");
    posting.exception(tx, ExceptionKind::Frozen, &note)
}
