//! Returns: announced ones become work, what comes back is noted for whoever writes credit notes.

use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::steps::order_reaches;
use super::work::Known;
use super::{Error, Office, ledger, proof, records, work};
use crate::warehouse::{
    Fact, Goods, Job, OrderCode, Quantity, ReturnJob, ReturnLine, SafeText, Status, Task, TaskId,
    Timestamp, WarehouseCode,
};

/// The setting that says what becomes of returned goods that look good.
const GOOD: &str = "returns_become";

/// What came back and is not credited yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnRecord {
    /// Where.
    pub warehouse: WarehouseCode,
    /// The return; empty if nobody had announced it.
    pub order: SafeText,
    /// Who sent it, if known.
    pub customer: SafeText,
    /// What.
    pub goods: Goods,
    /// How much.
    pub quantity: Quantity,
    /// In which status; "scrapped" if it was thrown away, "refused" if it was not taken off the truck.
    pub becomes: SafeText,
    /// When.
    pub at: Timestamp,
}

impl Office {
    /// Puts open returns on the floor. Says which.
    pub fn expect_returns(&self, warehouse: &WarehouseCode) -> Result<Vec<OrderCode>, Error> {
        self.write(|tx| {
            let sql = "SELECT code, partner, priority, due FROM orders WHERE warehouse = ?1 AND kind = 'return' AND state = 'open'
                       ORDER BY priority, code";
            let rows = tx.rows(sql, values![warehouse.as_str()])?;
            rows.iter().map(|row| expect(tx, warehouse.as_str(), row)).collect()
        })
    }

    /// What becomes of returned goods that look good, from now on; on hold at first.
    pub fn set_returns_become(&self, status: Status) -> Result<(), Error> {
        self.write(|tx| records::set(tx, GOOD, ledger::status(status)))
    }

    /// What came back and is not credited yet, oldest first; then what customers refused when it was brought.
    pub fn returns(&self) -> Result<Vec<ReturnRecord>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT r.warehouse, r.order_code, COALESCE(o.partner, '') AS partner, r.item, r.lot, r.serial,
                           NULL AS expiry, r.quantity, r.becomes, r.at FROM returns r
                       LEFT JOIN orders o ON o.warehouse = r.warehouse AND o.code = r.order_code
                       WHERE r.state = 'open' ORDER BY r.warehouse, r.at, r.device, r.epoch, r.seq";
            let rows = tx.rows(sql, &[])?;
            let mut back: Vec<ReturnRecord> = rows.iter().map(record).collect::<Result<_, _>>()?;
            back.extend(proof::refused(tx)?);
            Ok(back)
        })
    }

    /// All that came back with a return, or unannounced if none is named, is credited. Says how many rows.
    pub fn credit(
        &self,
        warehouse: &WarehouseCode,
        order: Option<&OrderCode>,
    ) -> Result<u64, Error> {
        self.write(|tx| {
            let sql = "UPDATE returns SET state = 'credited' WHERE warehouse = ?1 AND order_code = ?2 AND state = 'open'";
            let order = ledger::text(order);
            let refused = proof::credit(tx, warehouse.as_str(), &order)?;
            Ok(tx.run(sql, values![warehouse.as_str(), order])? as u64 + refused)
        })
    }
}

pub(super) fn record(row: &Row) -> Result<ReturnRecord, Error> {
    Ok(ReturnRecord {
        warehouse: row.parse("warehouse")?,
        order: SafeText::new(row.text("order_code")?),
        customer: SafeText::new(row.text("partner")?),
        goods: records::goods(row)?,
        quantity: Quantity::from_thousandths(row.int("quantity")?),
        becomes: SafeText::new(row.text("becomes")?),
        at: row.parse("at")?,
    })
}

fn good(tx: &Tx) -> Result<Status, Error> {
    let text = records::setting(tx, GOOD)?;
    Ok(text
        .and_then(|text| ledger::read_status(&text))
        .unwrap_or(Status::OnHold))
}

fn expect(tx: &Tx, warehouse: &str, row: &Row) -> Result<OrderCode, Error> {
    let order: OrderCode = row.parse("code")?;
    let sql = "SELECT MIN(line) AS line, item, SUM(quantity) AS quantity FROM order_lines
               WHERE warehouse = ?1 AND order_code = ?2 GROUP BY item ORDER BY MIN(line)";
    let mut lines = Vec::new();
    for line in tx.rows(sql, values![warehouse, order.as_str()])? {
        let item = records::known_item(tx, &line.parse("item")?)?;
        lines.push(ReturnLine {
            line: u32::try_from(line.count("line")?).unwrap_or(u32::MAX),
            barcodes: records::barcodes_of(tx, &item.code)?,
            item,
            quantity: Quantity::from_thousandths(line.int("quantity")?),
        });
    }
    let id: TaskId = format!("RETURN-{order}")
        .parse()
        .map_err(|_| Error::Unknown {
            what: "task name short enough for return",
            code: order.to_string(),
        })?;
    let job = ReturnJob {
        order: Some(order.clone()),
        customer: SafeText::new(row.text("partner")?),
        lines,
        good: good(tx)?,
    };
    let mut task = Task::opened(id, Job::Return(job));
    task.priority = i32::try_from(row.int("priority")?).unwrap_or_default();
    task.due = row.parse_maybe("due")?;
    work::create(tx, warehouse, &task, "")?;
    order_reaches(tx, warehouse, order.as_str(), "released")?;
    Ok(order)
}

/// What came back is noted for the credit note.
pub(super) fn note_down(
    tx: &Tx,
    posting: &mut Posting,
    known: &Known,
    fact: &Fact,
) -> Result<(), Error> {
    let Fact::Returned {
        order,
        goods,
        quantity,
        becomes,
        ..
    } = fact
    else {
        return Ok(());
    };
    let sql = "INSERT INTO returns (warehouse, device, epoch, seq, order_code, item, lot, serial, quantity, becomes, at, state)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'open')";
    tx.run(
        sql,
        values![
            posting.warehouse,
            posting.device,
            posting.epoch,
            posting.seq,
            ledger::text(order.as_ref()),
            goods.item.as_str(),
            ledger::text(goods.lot.as_ref()),
            ledger::text(goods.serial.as_ref()),
            quantity.thousandths(),
            becomes.map_or("scrapped", ledger::status),
            posting.now.to_rfc3339()
        ],
    )?;
    if order.is_none() {
        let note = format!(
            "{quantity} of {} came back unannounced: whose are they?",
            goods.item
        );
        return posting.exception(tx, ExceptionKind::Return, &note);
    }
    if let Job::Return(job) = &known.task.job
        && !job.lines.iter().any(|line| line.item.code == goods.item)
    {
        let title = known.task.title();
        let note = format!(
            "{quantity} of {} came back with {title}, which does not name it",
            goods.item
        );
        return posting.exception(tx, ExceptionKind::Return, &note);
    }
    Ok(())
}

pub(super) fn take_back(tx: &Tx, posting: &Posting, seq: u64) -> Result<(), Error> {
    let sql = "UPDATE returns SET state = 'undone' WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
    tx.run(sql, values![posting.device, posting.epoch, seq])?;
    Ok(())
}

/// A return is all in: what was announced and did not come, or came in another number, is said.
pub(super) fn finished(tx: &Tx, posting: &mut Posting, known: &Known) -> Result<(), Error> {
    let Job::Return(job) = &known.task.job else {
        return Ok(());
    };
    let came = |line: &ReturnLine| -> Quantity {
        let of_it = known.task.done.iter().filter_map(|fact| match fact {
            Fact::Returned {
                goods, quantity, ..
            } if goods.item == line.item.code => Some(*quantity),
            _ => None,
        });
        of_it.sum()
    };
    let differ = job.lines.iter().filter(|line| came(line) != line.quantity);
    let differ: Vec<String> = differ
        .map(|line| {
            format!(
                "{} of {} instead of {}",
                came(line),
                line.item.code,
                line.quantity
            )
        })
        .collect();
    if differ.is_empty() {
        return Ok(());
    }
    let note = format!(
        "{} came back with {}",
        known.task.title(),
        differ.join(", ")
    );
    posting.exception(tx, ExceptionKind::Return, &note)
}
