//! Drafts of picking: orders with the stock they get, reserved, before it is said who fetches it. What an order that is on the
//! floor already still waits for is drafted with the others, in its turn.

use super::allocate::{self, Wanted, pick_line};
use super::database::{Tx, values};
use super::pick_terms::{self, For};
use super::release::{Head, Terms, head, named};
use super::{Error, back_order, floor, kit, progress, records, substitute};
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
    /// Whether it goes after a part of its order that is on the floor already.
    pub is_rest: bool,
}

/// Drafted orders, and those of which nothing is there.
#[derive(Default)]
pub(super) struct Drafts {
    pub made: Vec<Drafted>,
    pub nothing: Vec<OrderCode>,
}

/// Reserves what there is for open orders and for back-orders, most urgent first, no more than so many.
pub(super) fn drafts(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    terms: &Terms,
    most: usize,
) -> Result<Drafts, Error> {
    let mut drafts = Drafts::default();
    for (order, is_rest) in in_turn(tx, warehouse, terms)? {
        if drafts.made.len() >= most {
            break;
        }
        match draft_of(tx, now, warehouse, terms, &order, is_rest)? {
            Some(draft) => drafts.made.push(draft),
            None if is_rest => {}
            None => drafts.nothing.push(order),
        }
    }
    Ok(drafts)
}

/// Reserves what there is for one order. None if there is nothing, or no place to pack it.
pub(super) fn draft_of(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    terms: &Terms,
    order: &OrderCode,
    is_rest: bool,
) -> Result<Option<Drafted>, Error> {
    let Some(head) = head(tx, warehouse, order)? else {
        return Ok(None);
    };
    let place = Place { tx, now, warehouse };
    draft(&place, terms, order.clone(), head, is_rest)
}

/// Orders that wait for stock, most urgent first, each with whether the rest of it is on the floor already.
fn in_turn(tx: &Tx, warehouse: &str, terms: &Terms) -> Result<Vec<(OrderCode, bool)>, Error> {
    let sql = "SELECT code, priority, due, 0 AS is_rest FROM orders
               WHERE warehouse = ?1 AND kind IN ('sales', 'transfer') AND state = 'open'
               UNION ALL SELECT code, priority, due, 1 AS is_rest FROM orders
               WHERE warehouse = ?1 AND back_ordered = 1 AND state <> 'open' AND ?2 = 1";
    let mut orders = Vec::new();
    for row in tx.rows(sql, values![warehouse, terms.rules.back_orders])? {
        if !terms.only.takes(row.parse_maybe("due")?) {
            continue;
        }
        let due = row.maybe("due").map(str::to_owned);
        let urgency = (row.int("priority")?, due.is_none(), due);
        let order: OrderCode = row.parse("code")?;
        orders.push((urgency, order, row.flag("is_rest")?));
    }
    orders.sort();
    let named = orders.into_iter();
    Ok(named.map(|(_, order, is_rest)| (order, is_rest)).collect())
}

/// Where and when it is done.
struct Place<'a> {
    tx: &'a Tx<'a>,
    now: Timestamp,
    warehouse: &'a str,
}

/// What a line still wants.
struct Demand {
    line: LineNo,
    goods: Goods,
    quantity: Quantity,
}

/// What the lines of an order want: all, or what waits for stock.
fn demands(place: &Place, order: &OrderCode, is_rest: bool) -> Result<Vec<Demand>, Error> {
    let (tx, warehouse) = (place.tx, place.warehouse);
    if is_rest {
        let lines = progress::lines(tx, warehouse, order)?.into_iter();
        let waiting = lines.map(|line| Demand {
            line: line.line,
            goods: line.goods,
            quantity: line.back_ordered,
        });
        return Ok(waiting.filter(|it| it.quantity.is_positive()).collect());
    }
    let sql = "SELECT line, item, lot, serial, expiry, quantity FROM order_lines WHERE warehouse = ?1 AND order_code = ?2 ORDER BY line";
    let rows = tx.rows(sql, values![warehouse, order.as_str()])?;
    rows.iter()
        .map(|row| {
            Ok(Demand {
                line: u32::try_from(row.count("line")?).unwrap_or(u32::MAX),
                goods: records::goods(row)?,
                quantity: Quantity::from_thousandths(row.int("quantity")?),
            })
        })
        .collect()
}

/// Reserves what there is for an order. None if there is nothing.
fn draft(
    place: &Place,
    terms: &Terms,
    order: OrderCode,
    head: Head,
    is_rest: bool,
) -> Result<Option<Drafted>, Error> {
    let (tx, warehouse) = (place.tx, place.warehouse);
    let task = if is_rest {
        back_order::next_pick(tx, warehouse, &order)?
    } else {
        named("PICK", &order)?
    };
    let mut basket = Basket {
        terms,
        head: &head,
        is_rest,
        task,
        picks: Vec::new(),
        packs: Vec::new(),
        shorts: Vec::new(),
        substituted: Vec::new(),
    };
    for demand in demands(place, &order, is_rest)? {
        basket.fill(place, &demand)?;
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
        is_rest,
    }))
}

/// What comes together for an order, line by line.
struct Basket<'a> {
    terms: &'a Terms,
    head: &'a Head,
    is_rest: bool,
    task: TaskId,
    picks: Vec<PickLine>,
    packs: Vec<PackLine>,
    shorts: Vec<String>,
    substituted: Vec<String>,
}

impl Basket<'_> {
    fn fill(&mut self, place: &Place, demand: &Demand) -> Result<(), Error> {
        let (tx, order) = (place.tx, &self.head.order);
        let (line, goods) = (demand.line, &demand.goods);
        let to = (self.terms, self.head);
        let parts = kit::parts(tx, place.now, place.warehouse, to, goods, demand.quantity)?;
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
                wanted: if self.is_rest {
                    own
                } else {
                    wanted.minus(all).plus(own)
                },
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
