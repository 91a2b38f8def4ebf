//! Drafts of picking: orders with the stock they get, reserved, before it is said who fetches it.

use super::allocate::{self, Wanted, pick_line};
use super::database::{Row, Tx, values};
use super::pick_terms::{self, For};
use super::release::{Head, Terms, head, named};
use super::{Error, floor, kit, records, substitute};
use crate::warehouse::{
    Goods, LineNo, OrderCode, PackLine, PickLine, PickOrder, Quantity, TaskId, Timestamp,
};

/// An order with the stock it gets, reserved under the name that its picking has if it is picked alone.
pub(super) struct Drafted {
    pub head: Head,
    pub task: TaskId,
    pub pick: PickOrder,
    pub packs: Vec<PackLine>,
    /// What is not there, in words.
    pub shorts: Vec<String>,
    /// What goes instead of something else, in words.
    pub substituted: Vec<String>,
}

/// Reserves what there is for open orders, most urgent first, no more than so many.
pub(super) fn drafts(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    terms: &Terms,
    most: usize,
) -> Result<Vec<Drafted>, Error> {
    let sql = "SELECT code FROM orders WHERE warehouse = ?1 AND kind = 'sales' AND state = 'open'
               ORDER BY priority, due IS NULL, due, code";
    let mut drafts = Vec::new();
    for row in tx.rows(sql, values![warehouse])? {
        if drafts.len() >= most {
            break;
        }
        let order: OrderCode = row.parse("code")?;
        if let Some(head) = head(tx, warehouse, &order)? {
            let place = Place { tx, now, warehouse };
            drafts.extend(draft(&place, terms, order, head)?);
        }
    }
    Ok(drafts)
}

/// Where and when it is done.
struct Place<'a> {
    tx: &'a Tx<'a>,
    now: Timestamp,
    warehouse: &'a str,
}

/// Reserves what there is for an order. None if there is nothing.
fn draft(
    place: &Place,
    terms: &Terms,
    order: OrderCode,
    head: Head,
) -> Result<Option<Drafted>, Error> {
    let (tx, warehouse) = (place.tx, place.warehouse);
    let mut basket = Basket {
        terms,
        head: &head,
        task: named("PICK", &order)?,
        picks: Vec::new(),
        packs: Vec::new(),
        shorts: Vec::new(),
        substituted: Vec::new(),
    };
    let sql = "SELECT line, item, lot, serial, expiry, quantity FROM order_lines WHERE warehouse = ?1 AND order_code = ?2 ORDER BY line";
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        basket.fill(place, &row)?;
    }
    let Basket {
        task,
        picks,
        packs,
        shorts,
        substituted,
        ..
    } = basket;
    if picks.is_empty() {
        return Ok(None);
    }
    let pick = PickOrder {
        order,
        customer: head.customer.clone(),
        tote: None,
        drop: head.bench.clone(),
        drop_at: floor::place(tx, warehouse, &head.bench)?.filter(|_| terms.floor.is_some()),
        leg: None,
        lines: allocate::in_walk(picks),
    };
    Ok(Some(Drafted {
        head,
        task,
        pick,
        packs,
        shorts,
        substituted,
    }))
}

/// What comes together for an order, line by line.
struct Basket<'a> {
    terms: &'a Terms,
    head: &'a Head,
    task: TaskId,
    picks: Vec<PickLine>,
    packs: Vec<PackLine>,
    shorts: Vec<String>,
    substituted: Vec<String>,
}

impl Basket<'_> {
    fn fill(&mut self, place: &Place, row: &Row) -> Result<(), Error> {
        let (tx, order) = (place.tx, &self.head.order);
        let goods = records::goods(row)?;
        let wanted = Quantity::from_thousandths(row.int("quantity")?);
        let line = u32::try_from(row.count("line")?).unwrap_or(u32::MAX);
        let to = (self.terms, self.head);
        let parts = kit::parts(tx, place.now, place.warehouse, to, &goods, wanted)?;
        let mut missing = parts.lacking;
        for (part, wanted) in &parts.parts {
            let found = self.reserve(place, line, part, *wanted, parts.is_kit)?;
            if !parts.is_kit {
                missing = wanted.minus(found);
            }
        }
        if missing.is_positive() {
            let item = &goods.item;
            self.shorts.push(format!(
                "{order} line {line}: {missing} of {item} not in stock"
            ));
        }
        Ok(())
    }

    /// Reserves stock for a line or a component of it. Says how much was there.
    fn reserve(
        &mut self,
        place: &Place,
        line: LineNo,
        goods: &Goods,
        wanted: Quantity,
        is_kit: bool,
    ) -> Result<Quantity, Error> {
        let (tx, warehouse, head) = (place.tx, place.warehouse, self.head);
        let looked_for = Wanted {
            goods,
            quantity: wanted,
            not_at: None,
            life_days: head.life_days,
        };
        let (rules, customer) = (&self.terms.rules, head.customer.as_str());
        let found = substitute::find(tx, place.now, warehouse, rules, &looked_for, customer)?;
        let all: Quantity = found.iter().map(|found| found.quantity).sum();
        let own = found.iter().filter(|found| found.goods.item == goods.item);
        let own: Quantity = own.map(|found| found.quantity).sum();
        if !is_kit {
            let item = records::known_item(tx, &goods.item)?;
            self.packs.push(PackLine {
                line,
                barcodes: records::barcodes_of(tx, &item.code)?,
                item,
                wanted: wanted.minus(all).plus(own),
                picked: Vec::new(),
            });
        }
        let of = For {
            now: place.now,
            warehouse,
            rules,
            customer,
            life_days: head.life_days,
        };
        for found in found {
            let item = records::known_item(tx, &found.goods.item)?;
            let is_other = item.code != goods.item;
            if is_kit || is_other {
                substitute::pack_too(tx, &mut self.packs, &item, found.quantity)?;
            }
            if is_other {
                let (order, quantity) = (&head.order, found.quantity);
                let (other, own) = (&item.code, &goods.item);
                self.substituted.push(format!(
                    "{order} line {line}: {quantity} of {other} go instead of {own}"
                ));
            }
            let number = LineNo::try_from(self.picks.len() + 1).unwrap_or(u32::MAX);
            allocate::reserve(
                tx,
                warehouse,
                &self.task,
                number,
                (&head.order, line),
                &found,
            )?;
            let barcodes = records::barcodes_of(tx, &item.code)?;
            let leaves = found.leaves;
            let pick = pick_line(number, found, item, barcodes);
            let pick = if is_kit {
                pick
            } else {
                pick_terms::complete(tx, &of, goods, leaves, pick)?
            };
            self.picks.push(pick);
        }
        Ok(all)
    }
}
