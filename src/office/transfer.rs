//! Transfers between warehouses, squared by the office: what left one is announced to the other as it was sent, and what the other
//! received is taken out of transit. Each warehouse is written by itself; what was done is done once, however often it is asked.

use super::cancel;
use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::order::{OrderLine, OrderRecord, put_order};
use super::{Document, Error, Office, ledger, progress, records, steps};
use crate::warehouse::{
    Goods, LineNo, Move, OrderCode, OrderKind, Place, Quantity, SafeText, Spot, Sscc, Timestamp,
    WarehouseCode,
};
use std::collections::BTreeMap;

/// Goods on their way from one warehouse to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// From where.
    pub from: WarehouseCode,
    /// To where.
    pub to: WarehouseCode,
    /// By which order.
    pub order: OrderCode,
    /// On which truck.
    pub shipment: OrderCode,
    /// On which license plate.
    pub plate: Option<Sscc>,
    /// What.
    pub goods: Goods,
    /// How much of it has not arrived yet, and is not given up.
    pub quantity: Quantity,
    /// Under which number it is announced there, once it is.
    pub notice: Option<OrderCode>,
}

/// A row of what left.
struct Sent {
    number: i64,
    way: UnderWay,
    line: LineNo,
    sent: Quantity,
    arrived: Quantity,
    lost: Quantity,
    is_back: bool,
}

const SENT: &str = "SELECT warehouse, order_code, number, shipment, plate, item, lot, serial, expiry, quantity, target, notice, line,
        arrived, lost, is_open FROM transit WHERE warehouse = ?1 AND is_open IN (1, 2) ORDER BY order_code, number";

fn read(row: &Row) -> Result<Sent, Error> {
    let quantity = |name| row.int(name).map(Quantity::from_thousandths);
    let (sent, arrived, lost) = (
        quantity("quantity")?,
        quantity("arrived")?,
        quantity("lost")?,
    );
    Ok(Sent {
        number: row.int("number")?,
        way: UnderWay {
            from: row.parse("warehouse")?,
            to: row.parse("target")?,
            order: row.parse("order_code")?,
            shipment: row.parse("shipment")?,
            plate: row.parse_maybe("plate")?,
            goods: records::goods(row)?,
            quantity: sent.minus(arrived).minus(lost),
            notice: row.parse_maybe("notice")?,
        },
        line: u32::try_from(row.count("line")?).unwrap_or(u32::MAX),
        sent,
        arrived,
        lost,
        is_back: row.int("is_open")? == 2,
    })
}

fn sent(tx: &Tx, warehouse: &str) -> Result<Vec<Sent>, Error> {
    let rows = tx.rows(SENT, values![warehouse])?;
    rows.iter().map(read).collect()
}

impl Office {
    /// What is on its way between warehouses, by order.
    pub fn in_transit(&self) -> Result<Vec<UnderWay>, Error> {
        self.database().read(|tx| {
            let mut all = Vec::new();
            for warehouse in records::warehouses(tx)? {
                let rows = sent(tx, &warehouse)?.into_iter();
                let on_way = rows.filter(|it| !it.is_back && it.way.quantity.is_positive());
                all.extend(on_way.map(|it| it.way));
            }
            Ok(all)
        })
    }

    /// Announces what left for other warehouses, and squares what they received. Cheap if there is nothing.
    pub fn square_transfers(&self, now: Timestamp) -> Result<(), Error> {
        for warehouse in self.database().read(records::warehouses)? {
            let rows = self.database().read(|tx| sent(tx, &warehouse))?;
            let mut groups: BTreeMap<_, Vec<Sent>> = BTreeMap::new();
            for row in rows {
                let way = &row.way;
                let key = (
                    way.order.clone(),
                    way.shipment.clone(),
                    way.notice.clone(),
                    row.is_back,
                );
                groups.entry(key).or_default().push(row);
            }
            for ((_, _, notice, is_back), rows) in groups {
                match notice {
                    Some(notice) if is_back => self.call_off(now, &notice, &rows)?,
                    Some(notice) => self.square(now, &notice, &rows)?,
                    None => self.announce_transfer(&rows)?,
                }
            }
        }
        Ok(())
    }

    /// The other warehouse has a receipt of what left, line by line. One that was made before and not noted here is found again.
    fn announce_transfer(&self, rows: &[Sent]) -> Result<(), Error> {
        let first = rows.first().expect("no group is empty");
        let way = &first.way;
        let (from, to) = (way.from.as_str(), way.to.as_str());
        let origin = format!("{from}/{}/{}", way.order, first.number);
        let head = self.database().read(|tx| {
            let sql = "SELECT priority, due FROM orders WHERE warehouse = ?1 AND code = ?2";
            Ok::<_, Error>(tx.first(sql, values![from, way.order.as_str()])?)
        })?;
        let Some(head) = head else {
            return Ok(());
        };
        let notice = self.write_in(to, |tx| notice(tx, rows, &origin, &head))?;
        let noted = self.write_in(from, |tx| {
            let mut noted = 0;
            for (row, line) in rows.iter().zip(1u32..) {
                let sql = "UPDATE transit SET notice = ?4, line = ?5 WHERE warehouse = ?1 AND order_code = ?2 AND number = ?3
                           AND notice = '' AND is_open = 1";
                let order = way.order.as_str();
                noted += tx.run(
                    sql,
                    values![from, order, row.number, notice.as_str(), line],
                )?;
            }
            Ok(noted)
        })?;
        // The truck came back to its door in between.
        if noted < rows.len() {
            self.write_in(to, |tx| withdrawn(tx, to, &notice).map(drop))?;
        }
        Ok(())
    }

    /// The truck came back to its door: the other warehouse expects nothing, unless it has begun.
    fn call_off(&self, now: Timestamp, notice: &OrderCode, rows: &[Sent]) -> Result<(), Error> {
        let way = &rows.first().expect("no group is empty").way;
        let (from, to) = (way.from.as_str(), way.to.as_str());
        self.write_in(to, |tx| {
            if !withdrawn(tx, to, notice)? {
                let note =
                    format!("{notice} does not come: its truck went back to its door at {from}");
                Posting::of_office(to, "", now).exception(tx, ExceptionKind::NotOrdered, &note)?;
            }
            Ok(())
        })?;
        self.write_in(from, |tx| {
            for row in rows {
                let sql = "DELETE FROM transit WHERE warehouse = ?1 AND order_code = ?2 AND number = ?3 AND is_open = 2";
                tx.run(sql, values![from, row.way.order.as_str(), row.number])?;
            }
            Ok(())
        })
    }

    /// What was received is not in transit any more; what is missing when the receipt is closed is for a person.
    fn square(&self, now: Timestamp, notice: &OrderCode, rows: &[Sent]) -> Result<(), Error> {
        let way = &rows.first().expect("no group is empty").way;
        let (from, to) = (way.from.as_str(), way.to.as_str());
        let came = self.database().read(|tx| Came::of(tx, to, notice))?;
        let is_news = |row: &Sent| {
            let (arrived, lost) = row.squared(&came);
            (arrived, lost) != (row.arrived, row.lost) || came.is_all && lost.is_zero()
        };
        if !rows.iter().any(is_news) {
            return Ok(());
        }
        self.write_in(from, |tx| {
            let mut posting = Posting::of_office(from, "", now);
            for row in rows.iter().filter(|row| is_news(row)) {
                row.square(tx, &mut posting, &came)?;
            }
            let sql = "SELECT COUNT(*) AS rows FROM transit WHERE warehouse = ?1 AND order_code = ?2 AND is_open = 1";
            let left = tx.first(sql, values![from, way.order.as_str()])?;
            if left.map_or(Ok(0), |row| row.int("rows"))? == 0 {
                steps::order_turns(tx, from, way.order.as_str(), "shipped", "delivered")?;
            }
            Ok(())
        })
    }
}

/// The receipt of what left; made if it is not there.
fn notice(tx: &Tx, rows: &[Sent], origin: &str, head: &Row) -> Result<OrderCode, Error> {
    let way = &rows[0].way;
    let to = way.to.as_str();
    let sql = "SELECT code FROM orders WHERE warehouse = ?1 AND origin = ?2";
    if let Some(known) = tx.first(sql, values![to, origin])? {
        return Ok(known.parse("code")?);
    }
    let code = free_code(tx, to, way)?;
    let lines = rows.iter().zip(1u32..).map(|(row, line)| OrderLine {
        line,
        goods: row.way.goods.clone(),
        plate: row.way.plate,
        quantity: row.sent,
    });
    let order = OrderRecord {
        warehouse: way.to.clone(),
        code: code.clone(),
        kind: OrderKind::Receipt,
        partner: SafeText::new(way.from.as_str()),
        priority: i32::try_from(head.int("priority")?).unwrap_or_default(),
        due: head.parse_maybe("due")?,
        bin: None,
        over_percent: 0,
        least_days: None,
        target: None,
        lines: lines.collect(),
    };
    put_order(tx, &order)?;
    let sql = "UPDATE orders SET origin = ?3 WHERE warehouse = ?1 AND code = ?2";
    tx.run(sql, values![to, code.as_str(), origin])?;
    Ok(code)
}

/// The transfer's own number, or one made of it that is not taken there.
fn free_code(tx: &Tx, to: &str, way: &UnderWay) -> Result<OrderCode, Error> {
    let sql = "SELECT code FROM orders WHERE warehouse = ?1 AND code = ?2";
    let named = |number: i64| match number {
        1 => way.order.to_string(),
        number => format!("{}-{number}", way.order),
    };
    let mut number = 1;
    while tx.first(sql, values![to, named(number)])?.is_some() {
        number += 1;
    }
    let code = named(number);
    code.parse().map_err(|_| Error::Unknown {
        what: "free number for the receipt of",
        code,
    })
}

/// Withdraws a receipt of which nothing was begun. Says whether it could.
fn withdrawn(tx: &Tx, warehouse: &str, notice: &OrderCode) -> Result<bool, Error> {
    match cancel::withdraw_untouched(tx, warehouse, notice) {
        Ok(()) => {}
        Err(Error::Refused { .. }) => return Ok(false),
        Err(why) => return Err(why),
    }
    let sql = "UPDATE orders SET origin = '' WHERE warehouse = ?1 AND code = ?2 AND state IN ('open', 'released')";
    let is_there = tx.run(sql, values![warehouse, notice.as_str()])? > 0;
    if is_there {
        steps::order_is(tx, warehouse, notice.as_str(), "cancelled")?;
    }
    Ok(is_there)
}

/// What came of a receipt.
struct Came {
    by_line: BTreeMap<LineNo, Quantity>,
    /// Whether that is all that comes.
    is_all: bool,
}

impl Came {
    fn of(tx: &Tx, warehouse: &str, notice: &OrderCode) -> Result<Self, Error> {
        let lines = progress::lines(tx, warehouse, notice)?.into_iter();
        let by_line = lines.map(|line| (line.line, line.received)).collect();
        let sql = "SELECT state FROM orders WHERE warehouse = ?1 AND code = ?2 AND state IN ('received', 'done', 'cancelled')
                   AND NOT EXISTS (SELECT 1 FROM tasks k WHERE k.warehouse = orders.warehouse AND k.order_code = orders.code
                       AND k.kind = 'receive' AND k.state IN ('open', 'started'))";
        let is_all = tx
            .first(sql, values![warehouse, notice.as_str()])?
            .is_some();
        Ok(Self { by_line, is_all })
    }

    fn line(&self, line: LineNo) -> Quantity {
        self.by_line.get(&line).copied().unwrap_or_default()
    }
}

impl Sent {
    /// How much has arrived and how much is given up, by what was received.
    fn squared(&self, came: &Came) -> (Quantity, Quantity) {
        let arrived = came.line(self.line).min(self.sent);
        let lost = if came.is_all {
            self.sent.minus(arrived)
        } else {
            Quantity::ZERO
        };
        (arrived, lost)
    }

    fn square(&self, tx: &Tx, posting: &mut Posting, came: &Came) -> Result<(), Error> {
        let (arrived, lost) = self.squared(came);
        // Only what nobody else has squared meanwhile. What is given up stays open: it may still turn up.
        let sql = "UPDATE transit SET arrived = ?6, lost = ?7, is_open = ?8 WHERE warehouse = ?1 AND order_code = ?2 AND number = ?3
                   AND arrived = ?4 AND lost = ?5 AND is_open = 1";
        let stays_open = !came.is_all || lost.is_positive();
        let is_ours = tx.run(
            sql,
            values![
                posting.warehouse,
                self.way.order.as_str(),
                self.number,
                self.arrived.thousandths(),
                self.lost.thousandths(),
                arrived.thousandths(),
                lost.thousandths(),
                stays_open
            ],
        )?;
        if is_ours == 0 {
            return Ok(());
        }
        self.moves(tx, posting, Place::Customer, arrived.minus(self.arrived))?;
        self.moves(tx, posting, Place::Unknown, lost.minus(self.lost))?;
        let (order, to, item) = (&self.way.order, &self.way.to, &self.way.goods.item);
        if lost > self.lost {
            let note = format!("{order}: {lost} of {item} did not arrive at {to}");
            posting.exception(tx, ExceptionKind::Short, &note)?;
        }
        let more = came.line(self.line).minus(self.sent);
        if !stays_open && more.is_positive() {
            let note = format!("{order}: {more} of {item} more than were sent arrived at {to}");
            posting.exception(tx, ExceptionKind::TooMany, &note)?;
        }
        Ok(())
    }

    /// From transit to a place; back from there if less than nothing.
    fn moves(&self, tx: &Tx, posting: &Posting, to: Place, by: Quantity) -> Result<(), Error> {
        if by.is_zero() {
            return Ok(());
        }
        let at = |place: Place| Spot::at(place).on(self.way.plate);
        let step = Move {
            goods: self.way.goods.clone(),
            quantity: Quantity::from_thousandths(by.thousandths().saturating_abs()),
            source: at(Place::Transit(self.way.order.clone())),
            target: at(to),
        };
        let step = if by.is_positive() {
            step
        } else {
            step.reversed()
        };
        let paper = Document::Paper(format!("arrival {}", self.way.order));
        let now = posting.now.to_rfc3339();
        ledger::post(tx, posting.warehouse, &now, &paper, &step).map(drop)
    }
}
