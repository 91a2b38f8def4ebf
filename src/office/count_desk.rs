//! Counts on a person's desk: what differs, counted by whom, and the decision.

use super::count_task::{self, Wanted};
use super::database::{Row, Tx, values};
use super::{Error, Office, counting, records};
use crate::warehouse::{
    BinCode, Goods, ItemCode, Quantity, SafeText, TaskId, Timestamp, WarehouseCode,
};

/// A count that is not settled, or was not long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountRecord {
    /// Where.
    pub warehouse: WarehouseCode,
    /// Its number there.
    pub id: u64,
    /// The bin.
    pub bin: BinCode,
    /// The only item that was counted; all if none.
    pub item: Option<ItemCode>,
    /// Who counted.
    pub worker: SafeText,
    /// When.
    pub at: Timestamp,
    /// The count that it checks; 0 if none.
    pub checks: u64,
    /// What came of it: recount, approval, posted, approved, rejected, agreed, superseded or undone.
    pub state: SafeText,
    /// What differs.
    pub lines: Vec<Difference>,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub goods: Goods,
    /// How much there should be, by the book as it was then.
    pub expected: Quantity,
    /// How much was counted.
    pub counted: Quantity,
}

impl Office {
    /// Counts that wait for a second count or for a decision, oldest first; with `all`, also those that are settled.
    pub fn counts(&self, all: bool) -> Result<Vec<CountRecord>, Error> {
        self.database().read(|tx| {
            let sql =
                "SELECT warehouse, id, bin, item, worker, counted_at, first, state FROM counts
                       WHERE ?1 OR state IN ('recount', 'approval') ORDER BY warehouse, id";
            let rows = tx.rows(sql, values![all])?;
            rows.iter().map(|row| record(tx, row)).collect()
        })
    }

    /// A person believes a count: the book says so from now on, as of the moment of the count.
    /// Error: it is not waiting.
    pub fn approve_count(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        id: u64,
    ) -> Result<(), Error> {
        self.write(|tx| {
            decide(tx, warehouse, id, "approved")?;
            counting::correct(tx, warehouse.as_str(), now, id)
        })
    }

    /// A person does not believe a count: the book stays as it is. Error: it is not waiting.
    pub fn reject_count(&self, warehouse: &WarehouseCode, id: u64) -> Result<(), Error> {
        self.write(|tx| decide(tx, warehouse, id, "rejected"))
    }

    /// A person wants it counted once more, by anyone. Error: it is not waiting.
    pub fn count_again(&self, warehouse: &WarehouseCode, id: u64) -> Result<Option<TaskId>, Error> {
        self.write(|tx| {
            decide(tx, warehouse, id, "superseded")?;
            let sql = "SELECT bin, item FROM counts WHERE warehouse = ?1 AND id = ?2";
            let row = tx.first(sql, values![warehouse.as_str(), id])?;
            let row = row.expect("a count that was just decided is there");
            let (bin, item): (BinCode, Option<ItemCode>) =
                (row.parse("bin")?, row.parse_maybe("item")?);
            let wanted = Wanted {
                bins: std::slice::from_ref(&bin),
                item: item.as_ref(),
                not_by: None,
                checks: 0,
                priority: 60,
                tells: false,
            };
            count_task::make(tx, warehouse.as_str(), &wanted)
        })
    }
}

fn record(tx: &Tx, row: &Row) -> Result<CountRecord, Error> {
    let warehouse: WarehouseCode = row.parse("warehouse")?;
    let id = row.count("id")?;
    let sql = "SELECT item, lot, serial, expiry, expected, counted FROM count_lines WHERE warehouse = ?1 AND count = ?2
               ORDER BY item, lot, serial";
    let line = |row: &Row| {
        Ok::<_, Error>(Difference {
            goods: records::goods(row)?,
            expected: Quantity::from_thousandths(row.int("expected")?),
            counted: Quantity::from_thousandths(row.int("counted")?),
        })
    };
    let lines = tx.rows(sql, values![warehouse.as_str(), id])?;
    Ok(CountRecord {
        id,
        bin: row.parse("bin")?,
        item: row.parse_maybe("item")?,
        worker: SafeText::new(row.text("worker")?),
        at: row.parse("counted_at")?,
        checks: row.count("first")?,
        state: SafeText::new(row.text("state")?),
        lines: lines.iter().map(line).collect::<Result<_, _>>()?,
        warehouse,
    })
}

fn decide(tx: &Tx, warehouse: &WarehouseCode, id: u64, state: &str) -> Result<(), Error> {
    let sql = "UPDATE counts SET state = ?3 WHERE warehouse = ?1 AND id = ?2 AND state IN ('recount', 'approval')";
    if tx.run(sql, values![warehouse.as_str(), id, state])? == 0 {
        return Err(Error::Unknown {
            what: "count that waits for a decision",
            code: format!("{warehouse}/{id}"),
        });
    }
    count_task::withdraw_check(tx, warehouse.as_str(), id)
}
