//! Proof of delivery: what customers took, refused or missed, who received it, and whether they showed the code agreed with them.

use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting, because};
use super::returns::ReturnRecord;
use super::{Error, Office, ledger, records, work};
use crate::warehouse::{
    CodeProof, Entry, Fact, Goods, Job, OrderCode, Quantity, SafeText, Sscc, Timestamp,
    WarehouseCode,
};

/// A stop at which something was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The warehouse it came from.
    pub warehouse: WarehouseCode,
    /// The shipment.
    pub shipment: OrderCode,
    /// The stop.
    pub stop: u32,
    /// Who received it; none: nobody has said so yet.
    pub signed: Option<Signature>,
    /// What became of what was brought there.
    pub lines: Vec<DeliveredLine>,
}

/// Who received something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who, by name or code.
    pub receiver: SafeText,
    /// Whether they showed the code: `right`, `wrong`, `none` (they had none), `unasked` (none was agreed).
    pub shown: SafeText,
    /// When, by the handheld's clock.
    pub at: Timestamp,
}

/// What became of goods in a carton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredLine {
    /// The order.
    pub order: OrderCode,
    /// The carton.
    pub plate: Sscc,
    /// What.
    pub goods: Goods,
    /// How much.
    pub quantity: Quantity,
    /// `delivered`, `refused` or `missing`.
    pub fate: SafeText,
    /// Why, if it was refused.
    pub reason: SafeText,
}

impl Office {
    /// What was brought to customers, the newest stop first, at most so many; of one shipment only, if one is named.
    pub fn deliveries(
        &self,
        shipment: Option<&OrderCode>,
        most: u32,
    ) -> Result<Vec<DeliveryRecord>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT warehouse, shipment, stop, MAX(at) AS last FROM delivery_lines WHERE ?1 = '' OR shipment = ?1
                       GROUP BY warehouse, shipment, stop ORDER BY MAX(at) DESC, warehouse, shipment, stop DESC LIMIT ?2";
            let rows = tx.rows(sql, values![ledger::text(shipment), most])?;
            rows.iter().map(|row| delivery(tx, row)).collect()
        })
    }
}

fn delivery(tx: &Tx, row: &Row) -> Result<DeliveryRecord, Error> {
    let (warehouse, shipment): (WarehouseCode, OrderCode) =
        (row.parse("warehouse")?, row.parse("shipment")?);
    let stop = u32::try_from(row.count("stop")?).unwrap_or(u32::MAX);
    let sql = "SELECT receiver, shown, at FROM deliveries WHERE warehouse = ?1 AND shipment = ?2 AND stop = ?3
               ORDER BY at DESC, device, epoch, seq DESC LIMIT 1";
    let signed = tx.first(sql, values![warehouse.as_str(), shipment.as_str(), stop])?;
    let signed = signed.map(|row| {
        Ok::<_, Error>(Signature {
            receiver: SafeText::new(row.text("receiver")?),
            shown: SafeText::new(row.text("shown")?),
            at: row.parse("at")?,
        })
    });
    let sql = "SELECT order_code, plate, item, lot, serial, NULL AS expiry, quantity, fate, reason FROM delivery_lines
               WHERE warehouse = ?1 AND shipment = ?2 AND stop = ?3 ORDER BY order_code, plate, item, lot, serial, at, device, epoch, seq, part";
    let line = |row: &Row| {
        Ok::<_, Error>(DeliveredLine {
            order: row.parse("order_code")?,
            plate: row.parse("plate")?,
            goods: records::goods(row)?,
            quantity: Quantity::from_thousandths(row.int("quantity")?),
            fate: SafeText::new(row.text("fate")?),
            reason: SafeText::new(row.text("reason")?),
        })
    };
    let lines = tx.rows(sql, values![warehouse.as_str(), shipment.as_str(), stop])?;
    Ok(DeliveryRecord {
        signed: signed.transpose()?,
        lines: lines.iter().map(line).collect::<Result<_, _>>()?,
        warehouse,
        shipment,
        stop,
    })
}

/// From now on the customer of an order shows this code. A tour that is planned already asks for it too.
pub(super) fn put_code(
    tx: &Tx,
    warehouse: &WarehouseCode,
    order: &OrderCode,
    code: &SafeText,
) -> Result<(), Error> {
    let sql = "INSERT INTO delivery_codes (warehouse, order_code, code) VALUES (?1, ?2, ?3)
               ON CONFLICT (warehouse, order_code) DO UPDATE SET code = excluded.code";
    let (warehouse, order_code) = (warehouse.as_str(), order.as_str());
    tx.run(sql, values![warehouse, order_code, code.as_str()])?;
    let sql = "SELECT t.id FROM tasks t JOIN shipment_orders x ON x.warehouse = t.warehouse AND x.shipment = t.order_code
               WHERE t.warehouse = ?1 AND x.order_code = ?2 AND t.kind = 'deliver' AND t.state = 'open'";
    for row in tx.rows(sql, values![warehouse, order_code])? {
        let Some(mut known) = work::known(tx, warehouse, row.text("id")?)? else {
            continue;
        };
        if let Job::Deliver(job) = &mut known.task.job {
            for stop in &mut job.shipment.stops {
                stop.proofs = proofs(tx, warehouse, &stop.orders)?;
            }
            work::replace_job(tx, warehouse, &known.task)?;
        }
    }
    Ok(())
}

/// What the customer of these orders will be asked to show.
pub(super) fn proofs(
    tx: &Tx,
    warehouse: &str,
    orders: &[OrderCode],
) -> Result<Vec<CodeProof>, Error> {
    let mut proofs = Vec::new();
    for order in orders {
        let code = code(tx, warehouse, order)?;
        proofs.extend(code.map(|code| CodeProof::of(order, &code)));
    }
    Ok(proofs)
}

fn code(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Option<String>, Error> {
    let sql = "SELECT code FROM delivery_codes WHERE warehouse = ?1 AND order_code = ?2";
    let row = tx.first(sql, values![warehouse, order.as_str()])?;
    Ok(row
        .map(|row| row.text("code").map(str::to_owned))
        .transpose()?)
}

/// What happened at a customer is noted down; goods handed over without the code that was agreed are told.
pub(super) fn note(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    let at = entry.at.to_rfc3339();
    let (shipment, stop, order, plate, goods, fate, reason) = match &entry.fact {
        Fact::Delivered {
            shipment,
            stop,
            order,
            plate,
            goods,
        } => (shipment, stop, order, plate, goods, "delivered", ""),
        Fact::DeliveredShort {
            shipment,
            stop,
            order,
            plate,
            goods,
        } => (shipment, stop, order, plate, goods, "missing", ""),
        Fact::Refused {
            shipment,
            stop,
            order,
            plate,
            goods,
            reason,
        } => (
            shipment,
            stop,
            order,
            plate,
            goods,
            "refused",
            because(*reason),
        ),
        Fact::DeliverySigned { .. } => return signed(tx, posting, &entry.fact, &at),
        _ => return Ok(()),
    };
    let sql = "INSERT INTO delivery_lines (device, epoch, seq, part, warehouse, shipment, stop, order_code, plate, item, lot,
                   serial, quantity, fate, reason, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
    for ((goods, quantity), part) in goods.iter().zip(0_u32..) {
        let row = values![
            posting.device,
            posting.epoch,
            posting.seq,
            part,
            posting.warehouse,
            shipment.as_str(),
            *stop,
            order.as_str(),
            plate.to_string(),
            goods.item.as_str(),
            ledger::text(goods.lot.as_ref()),
            ledger::text(goods.serial.as_ref()),
            quantity.thousandths(),
            fate,
            reason,
            &at
        ];
        tx.run(sql, row)?;
    }
    Ok(())
}

fn signed(tx: &Tx, posting: &mut Posting, fact: &Fact, at: &str) -> Result<(), Error> {
    let Fact::DeliverySigned {
        shipment,
        stop,
        orders,
        receiver,
        code: shown,
    } = fact
    else {
        return Ok(());
    };
    let warehouse = posting.warehouse;
    let proofs = proofs(tx, warehouse, orders)?;
    let verdict = match shown {
        _ if proofs.is_empty() => "unasked",
        Some(shown) if proofs.iter().any(|proof| proof.is(shown.as_str())) => "right",
        Some(_) => "wrong",
        None => "none",
    };
    let sql = "INSERT INTO deliveries (device, epoch, seq, warehouse, shipment, stop, receiver, shown, at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    tx.run(
        sql,
        values![
            posting.device,
            posting.epoch,
            posting.seq,
            warehouse,
            shipment.as_str(),
            *stop,
            receiver.as_str(),
            verdict,
            at
        ],
    )?;
    let sql = "SELECT 1 AS found FROM delivery_lines WHERE warehouse = ?1 AND shipment = ?2 AND stop = ?3 AND fate = 'delivered'";
    let took = tx.first(sql, values![warehouse, shipment.as_str(), *stop])?;
    if took.is_none() || matches!(verdict, "unasked" | "right") {
        return Ok(());
    }
    let how = if verdict == "wrong" {
        "with a code that is not theirs"
    } else {
        "without the code that was agreed"
    };
    let note = format!("{shipment} stop {stop} was handed over to {receiver} {how}");
    posting.exception(tx, ExceptionKind::NotProven, &note)
}

/// What was noted down of a fact is not so.
pub(super) fn take_back(tx: &Tx, posting: &Posting, what: &Fact, seq: u64) -> Result<(), Error> {
    let sql = match what {
        Fact::Delivered { .. } | Fact::DeliveredShort { .. } | Fact::Refused { .. } => {
            "DELETE FROM delivery_lines WHERE device = ?1 AND epoch = ?2 AND seq = ?3"
        }
        Fact::DeliverySigned { .. } => {
            "DELETE FROM deliveries WHERE device = ?1 AND epoch = ?2 AND seq = ?3"
        }
        _ => return Ok(()),
    };
    tx.run(sql, values![posting.device, posting.epoch, seq])?;
    Ok(())
}

/// What customers refused and is not credited yet, as what they sent back.
pub(super) fn refused(tx: &Tx) -> Result<Vec<ReturnRecord>, Error> {
    let sql = "SELECT d.warehouse, d.order_code, COALESCE(o.partner, '') AS partner, d.item, d.lot, d.serial,
                   NULL AS expiry, d.quantity, 'refused' AS becomes, d.at FROM delivery_lines d
               LEFT JOIN orders o ON o.warehouse = d.warehouse AND o.code = d.order_code
               WHERE d.fate = 'refused' AND d.credited = 0 ORDER BY d.warehouse, d.at, d.device, d.epoch, d.seq, d.part";
    let rows = tx.rows(sql, &[])?;
    rows.iter().map(super::returns::record).collect()
}

/// All that was refused of an order is credited. Says how many rows.
pub(super) fn credit(tx: &Tx, warehouse: &str, order: &str) -> Result<u64, Error> {
    let sql = "UPDATE delivery_lines SET credited = 1 WHERE warehouse = ?1 AND order_code = ?2 AND fate = 'refused' AND credited = 0";
    Ok(tx.run(sql, values![warehouse, order])? as u64)
}
