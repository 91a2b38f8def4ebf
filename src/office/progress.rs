//! How far an order is, line by line: derived from its tasks and their facts each time, never counted along.

use super::database::{Row, Tx, values};
use super::kit::{self, Component};
use super::{Error, Office, records};
use crate::warehouse::{
    Fact, Goods, ItemCode, LineNo, OrderCode, Quantity, SafeText, TaskId, Timestamp, WarehouseCode,
};
use std::collections::BTreeMap;

/// How far an order is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderProgress {
    /// The warehouse.
    pub warehouse: WarehouseCode,
    /// Its code.
    pub code: OrderCode,
    /// What kind of order, by name.
    pub kind: SafeText,
    /// Supplier, customer or the other warehouse.
    pub partner: SafeText,
    /// How far it is in all, by name.
    pub state: SafeText,
    /// Lower is sooner.
    pub priority: i32,
    /// When it should be done.
    pub due: Option<Timestamp>,
    /// When it was cancelled, and why.
    pub cancelled: Option<(Timestamp, SafeText)>,
    /// Its lines.
    pub lines: Vec<LineProgress>,
    /// Tasks that are open for it or being worked on, with their state.
    pub tasks: Vec<(TaskId, SafeText)>,
}

/// How far a line of an order is. A kit is counted in whole kits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProgress {
    /// Its number.
    pub line: LineNo,
    /// What is wanted.
    pub goods: Goods,
    /// How much.
    pub wanted: Quantity,
    /// When it can go, as was said when the order came in.
    pub promised: Option<Timestamp>,
    /// What open picking still is to fetch.
    pub allocated: Quantity,
    /// What was picked.
    pub picked: Quantity,
    /// What was packed.
    pub packed: Quantity,
    /// What went onto a truck.
    pub shipped: Quantity,
    /// What was handed over.
    pub delivered: Quantity,
    /// What was received, of a receipt.
    pub received: Quantity,
    /// What was to be fetched and was not there.
    pub short: Quantity,
    /// What waits for stock while the rest goes.
    pub back_ordered: Quantity,
}

impl Office {
    /// How far an order is. Error: there is no such order.
    pub fn order_progress(
        &self,
        warehouse: &WarehouseCode,
        order: &OrderCode,
    ) -> Result<OrderProgress, Error> {
        self.database()
            .read(|tx| progress(tx, warehouse.as_str(), order))
    }

    /// The warehouses that have an order of this code.
    pub fn warehouses_of(&self, order: &OrderCode) -> Result<Vec<WarehouseCode>, Error> {
        self.database().read(|tx| {
            let mut found = Vec::new();
            for code in records::warehouses(tx)? {
                let sql = "SELECT warehouse FROM orders WHERE warehouse = ?1 AND code = ?2";
                if let Some(row) = tx.first(sql, values![code, order.as_str()])? {
                    found.push(row.parse("warehouse")?);
                }
            }
            Ok(found)
        })
    }
}

pub(super) fn unknown(order: &OrderCode) -> Error {
    Error::Unknown {
        what: "order",
        code: order.to_string(),
    }
}

fn progress(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<OrderProgress, Error> {
    let sql =
        "SELECT warehouse, kind, partner, state, priority, due, cancelled_at, cancelled_why FROM orders
               WHERE warehouse = ?1 AND code = ?2";
    let Some(head) = tx.first(sql, values![warehouse, order.as_str()])? else {
        return Err(unknown(order));
    };
    let text = |name| head.text(name).map(SafeText::new);
    let why = text("cancelled_why")?;
    let cancelled: Option<Timestamp> = head.parse_maybe("cancelled_at")?;
    Ok(OrderProgress {
        warehouse: head.parse("warehouse")?,
        code: order.clone(),
        kind: text("kind")?,
        partner: text("partner")?,
        state: text("state")?,
        priority: i32::try_from(head.int("priority")?).unwrap_or_default(),
        due: head.parse_maybe("due")?,
        cancelled: cancelled.map(|at| (at, why)),
        lines: lines(tx, warehouse, order)?,
        tasks: tasks(tx, warehouse, order)?,
    })
}

fn tasks(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Vec<(TaskId, SafeText)>, Error> {
    let sql = "SELECT k.id, k.state FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
               WHERE x.warehouse = ?1 AND x.order_code = ?2 AND k.state IN ('open', 'started') ORDER BY k.id";
    let rows = tx.rows(sql, values![warehouse, order.as_str()])?;
    rows.iter()
        .map(|row| Ok((row.parse("id")?, SafeText::new(row.text("state")?))))
        .collect()
}

/// The lines of an order, each with how far it is.
pub(super) fn lines(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
) -> Result<Vec<LineProgress>, Error> {
    let sql =
        "SELECT l.line, l.item, l.lot, l.serial, l.expiry, l.quantity, l.promised, COALESCE((SELECT SUM(r.quantity) FROM received r
                   WHERE r.warehouse = l.warehouse AND r.order_code = l.order_code AND r.line = l.line), 0) AS received
               FROM order_lines l WHERE l.warehouse = ?1 AND l.order_code = ?2 ORDER BY l.line";
    let rows = tx.rows(sql, values![warehouse, order.as_str()])?;
    let picking = picking(tx, warehouse, order)?;
    let mut done = Done::of(tx, warehouse, order)?;
    let sql = "SELECT state, back_ordered FROM orders WHERE warehouse = ?1 AND code = ?2";
    let Some(head) = tx.first(sql, values![warehouse, order.as_str()])? else {
        return Ok(Vec::new());
    };
    let state = head.text("state")?;
    let stage = Stage {
        on_the_floor: !picking.is_empty() && !matches!(state, "open" | "cancelled" | "cancelling"),
        waits: head.flag("back_ordered")?,
    };
    let mut lines = Vec::new();
    for row in &rows {
        lines.push(line(tx, row, &picking, &mut done, stage)?);
    }
    Ok(lines)
}

/// Where an order stands.
#[derive(Clone, Copy)]
struct Stage {
    on_the_floor: bool,
    /// Whether it waits for what is not there.
    waits: bool,
}

fn line(
    tx: &Tx,
    row: &Row,
    picking: &BTreeMap<LineNo, Parts>,
    done: &mut Done,
    stage: Stage,
) -> Result<LineProgress, Error> {
    let goods = records::goods(row)?;
    let number = u32::try_from(row.count("line")?).unwrap_or(u32::MAX);
    let none = Parts::default();
    let parts = picking.get(&number).unwrap_or(&none);
    let kit = kit::components(tx, &goods.item)?;
    let units = |of: &dyn Fn(&ItemCode, &Part) -> i64| parts.units(&kit, of);
    let wanted = Quantity::from_thousandths(row.int("quantity")?);
    let given = units(&|_, part| part.given);
    let (allocated, picked) = (
        units(&|_, part| part.allocated),
        units(&|_, part| part.done),
    );
    let of_floor = |quantity: Quantity, is_it: bool| {
        if stage.on_the_floor && is_it {
            quantity.max(Quantity::ZERO)
        } else {
            Quantity::ZERO
        }
    };
    let back_ordered = of_floor(wanted.minus(given), stage.waits);
    let short = wanted.minus(back_ordered).minus(allocated).minus(picked);
    let mut spread = |sums: fn(&mut Done) -> &mut Sums| {
        let mine = parts.take(sums(done));
        parts.units(&kit, &|item, _| mine.get(item).copied().unwrap_or(0))
    };
    Ok(LineProgress {
        line: number,
        wanted,
        promised: row.text("promised")?.parse().ok(),
        allocated,
        picked,
        packed: spread(|done| &mut done.packed),
        shipped: spread(|done| &mut done.shipped),
        delivered: spread(|done| &mut done.delivered),
        received: Quantity::from_thousandths(row.int("received")?),
        short: of_floor(short, true),
        back_ordered,
        goods,
    })
}

/// What picking does of one item for a line, in thousandths.
#[derive(Default)]
struct Part {
    /// What it was first told to fetch; what is fetched elsewhere because it fell short is not told twice.
    given: i64,
    allocated: i64,
    done: i64,
}

/// What picking does for a line, item by item: one, or the components of a kit, or what goes instead.
#[derive(Default)]
struct Parts(BTreeMap<ItemCode, Part>);

type Sums = BTreeMap<ItemCode, i64>;

impl Parts {
    /// A number of every item as units of the line: of a kit as many as are whole.
    fn units(&self, kit: &[Component], of: &dyn Fn(&ItemCode, &Part) -> i64) -> Quantity {
        if kit.is_empty() {
            let all = self.0.iter().map(|(item, part)| of(item, part));
            return Quantity::from_thousandths(all.sum());
        }
        let whole = |component: &Component| {
            let part = self.0.get(&component.item);
            let sum = part.map_or(0, |part| of(&component.item, part));
            sum / component.each.thousandths().max(1)
        };
        let whole = kit.iter().map(whole).min().unwrap_or(0);
        Quantity::from_thousandths(whole.saturating_mul(1000))
    }

    /// Takes this line's share out of sums over the whole order: never more than was picked for it.
    fn take(&self, sums: &mut Sums) -> Sums {
        let share = |(item, part): (&ItemCode, &Part)| {
            let left = sums.get_mut(item)?;
            let share = part.done.min(*left).max(0);
            *left -= share;
            Some((item.clone(), share))
        };
        self.0.iter().filter_map(share).collect()
    }
}

fn picking(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<BTreeMap<LineNo, Parts>, Error> {
    let sql = "SELECT l.order_line, l.item,
                   SUM(CASE WHEN k.cause = '' AND k.state <> 'cancelled' THEN l.quantity ELSE 0 END) AS given,
                   SUM(CASE WHEN l.is_open = 1 AND l.quantity > l.done THEN l.quantity - l.done ELSE 0 END) AS allocated,
                   SUM(l.done) AS done
               FROM task_orders x JOIN tasks k ON k.warehouse = x.warehouse AND k.id = x.task
               JOIN task_lines l ON l.warehouse = x.warehouse AND l.task = x.task AND l.order_code = x.order_code
               WHERE x.warehouse = ?1 AND x.order_code = ?2 AND k.kind = 'pick' GROUP BY l.order_line, l.item";
    let mut picking: BTreeMap<LineNo, Parts> = BTreeMap::new();
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        let line = u32::try_from(row.count("order_line")?).unwrap_or(u32::MAX);
        let part = Part {
            given: row.int("given")?,
            allocated: row.int("allocated")?,
            done: row.int("done")?,
        };
        let parts = picking.entry(line).or_default();
        parts.0.insert(row.parse("item")?, part);
    }
    Ok(picking)
}

/// What was packed, loaded and handed over of a whole order, by item, in thousandths.
#[derive(Default)]
struct Done {
    packed: Sums,
    shipped: Sums,
    delivered: Sums,
}

impl Done {
    fn of(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Self, Error> {
        let mut done = Self::default();
        let sql = "SELECT f.fact FROM tasks k JOIN task_facts f ON f.warehouse = k.warehouse AND f.task = k.id
                   WHERE k.warehouse = ?1 AND k.order_code = ?2 AND k.kind = 'pack'";
        for row in tx.rows(sql, values![warehouse, order.as_str()])? {
            done.hear(order, &row.json("fact")?);
        }
        let sql = "SELECT f.fact FROM order_trucks t JOIN tasks k ON k.warehouse = t.warehouse AND k.order_code = t.shipment
                       AND k.kind IN ('load', 'deliver')
                   JOIN task_facts f ON f.warehouse = k.warehouse AND f.task = k.id
                   WHERE t.warehouse = ?1 AND t.order_code = ?2";
        for row in tx.rows(sql, values![warehouse, order.as_str()])? {
            done.hear(order, &row.json("fact")?);
        }
        Ok(done)
    }

    fn hear(&mut self, of: &OrderCode, fact: &Fact) {
        let mut add = |goods: &Goods, quantity: Quantity, to: fn(&mut Self) -> &mut Sums| {
            let sum = to(self).entry(goods.item.clone()).or_default();
            *sum = sum.saturating_add(quantity.thousandths());
        };
        match fact {
            Fact::Packed {
                order,
                goods,
                quantity,
                ..
            } if order == of => add(goods, *quantity, |done| &mut done.packed),
            Fact::Loaded { order, goods, .. } if order == of => {
                for (goods, quantity) in goods {
                    add(goods, *quantity, |done| &mut done.shipped);
                }
            }
            Fact::Delivered { order, goods, .. } if order == of => {
                for (goods, quantity) in goods {
                    add(goods, *quantity, |done| &mut done.delivered);
                }
            }
            _ => {}
        }
    }
}
