//! Putaway: goods that stand at a receiving bin, however they came there, look for a bin each and become a task.
//! What finds none waits, and a person is told once; it looks again whenever something has changed.

use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, Office, feed, ledger, records, rules, space, work};
use crate::planning::putaway::{self, Held, Load, Placed, Shelf, Verdict};
use crate::warehouse::{
    BinCode, Goods, Item, ItemCode, Job, OrderCode, Point, PutBy, PutawayJob, PutawayLine,
    Quantity, Sscc, Status, Task, TaskId, Timestamp, Unfit, WarehouseCode, WhyBin,
};

/// Where the walk begins if nobody knows better.
const ORIGIN: Point = Point { x_cm: 0, y_cm: 0 };

/// Goods that stand somewhere and look for a bin.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub order: OrderCode,
    pub priority: i32,
    pub due: Option<Timestamp>,
    pub bin: BinCode,
    pub plate: Option<Sscc>,
    pub status: Status,
    pub goods: Goods,
    pub quantity: Quantity,
}

/// Notes that goods stand at a receiving bin. `cause`: the fact that ended their receipt; `''` for those on paper.
pub(super) fn stands(
    tx: &Tx,
    warehouse: &str,
    standing: &Standing,
    cause: &str,
) -> Result<(), Error> {
    let id = tx.next(warehouse, "to_put_away")?;
    let sql = "INSERT INTO to_put_away (warehouse, id, order_code, priority, due, bin, plate, status, item, lot, serial, expiry,
                   quantity, cause, told)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0)";
    let goods = &standing.goods;
    tx.run(
        sql,
        values![
            warehouse,
            id,
            standing.order.as_str(),
            standing.priority,
            standing.due.map(|due| due.to_rfc3339()),
            standing.bin.as_str(),
            ledger::text(standing.plate.as_ref()),
            ledger::status(standing.status),
            goods.item.as_str(),
            ledger::text(goods.lot.as_ref()),
            ledger::text(goods.serial.as_ref()),
            goods.expiry.map(|day| day.to_string()),
            standing.quantity.thousandths(),
            cause
        ],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<Standing, Error> {
    Ok(Standing {
        order: row.parse("order_code")?,
        priority: i32::try_from(row.int("priority")?).unwrap_or_default(),
        due: row.parse_maybe("due")?,
        bin: row.parse("bin")?,
        plate: row.parse_maybe("plate")?,
        status: ledger::read_status(row.text("status")?).unwrap_or(Status::OnHold),
        goods: records::goods(row)?,
        quantity: Quantity::from_thousandths(row.int("quantity")?),
    })
}

/// Finds bins for all that looks for one, receipt by receipt, and makes their tasks.
pub(super) fn plan(tx: &Tx, now: Timestamp, warehouse: &str) -> Result<(), Error> {
    let sql =
        "SELECT DISTINCT priority, order_code, bin, cause FROM to_put_away WHERE warehouse = ?1
               ORDER BY priority, order_code, bin, cause";
    let groups = tx.rows(sql, values![warehouse])?;
    if groups.is_empty() {
        return Ok(());
    }
    let mut shelves = space::shelves(tx, warehouse)?;
    let by = rules::of(tx, warehouse)?.putaway;
    for group in groups {
        let (order, bin) = (group.text("order_code")?, group.text("bin")?);
        let cause = group.text("cause")?;
        let sql = "SELECT * FROM to_put_away WHERE warehouse = ?1 AND order_code = ?2 AND bin = ?3 AND cause = ?4
                   ORDER BY plate = '', plate, id";
        let rows = tx.rows(sql, values![warehouse, order, bin, cause])?;
        one_receipt(tx, now, warehouse, cause, &rows, (&by, &mut shelves))?;
    }
    Ok(())
}

fn one_receipt(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    cause: &str,
    rows: &[Row],
    (by, shelves): (&[PutBy], &mut [Shelf]),
) -> Result<(), Error> {
    let mut lines = Vec::new();
    let standing: Vec<Standing> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let Some(first) = standing.first() else {
        return Ok(());
    };
    let from = point(tx, warehouse, &first.bin)?;
    let mut rest: &[Standing] = &standing;
    let mut at = 0;
    while let Some(head) = rest.first() {
        // All that stands on one plate stays together if it may.
        let same = |it: &&Standing| it.plate == head.plate && it.plate.is_some();
        let count = rest.iter().take_while(same).count().max(1);
        let (together, after) = rest.split_at(count);
        let lefts = find(tx, from, together, (by, shelves), &mut lines)?;
        for (row, left) in rows[at..at + count].iter().zip(lefts) {
            keep(tx, now, warehouse, row, left)?;
        }
        (rest, at) = (after, at + count);
    }
    if lines.is_empty() {
        return Ok(());
    }
    let job = PutawayJob {
        order: first.order.clone(),
        from: first.bin.clone(),
        lines,
    };
    let task = Task {
        priority: first.priority,
        due: first.due,
        ..Task::opened(name(tx, warehouse, &first.order)?, Job::Putaway(job))
    };
    work::create(tx, warehouse, &task, cause)
}

/// A name for the next putaway of an order.
fn name(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<TaskId, Error> {
    let number = tx.next(warehouse, &format!("put:{order}"))?;
    let name = match number {
        1 => format!("PUT-{order}"),
        number => format!("PUT-{order}-{number}"),
    };
    name.parse().map_err(|_| Error::Unknown {
        what: "task name short enough for order",
        code: order.to_string(),
    })
}

fn point(tx: &Tx, warehouse: &str, bin: &BinCode) -> Result<Point, Error> {
    let known = records::bin(tx, warehouse, bin.as_str())?;
    Ok(known.map_or(ORIGIN, |bin| putaway::point(&bin)))
}

/// Finds bins for goods that stand together: for all of them if they may, else for each by itself.
/// Adds the lines, promises their space, and says what of each found none.
fn find(
    tx: &Tx,
    from: Point,
    together: &[Standing],
    (by, shelves): (&[PutBy], &mut [Shelf]),
    lines: &mut Vec<PutawayLine>,
) -> Result<Vec<Quantity>, Error> {
    let items: Vec<Item> = (together.iter())
        .map(|it| records::known_item(tx, &it.goods.item))
        .collect::<Result<_, _>>()?;
    let on_plate = together[0].plate.is_some();
    let held = |at: usize| {
        let it = &together[at];
        let held = Held::new(&items[at], &it.goods, it.status, it.quantity);
        (&items[at], held)
    };
    let whole = Load {
        lines: (0..together.len()).map(held).collect(),
        on_plate,
    };
    let placed = putaway::place(&whole, from, shelves, by);
    if let (Some(part), true) = (placed.parts.first(), together.len() > 1) {
        let why = why(&placed, part);
        for (at, it) in together.iter().enumerate() {
            let barcodes = records::barcodes_of(tx, &it.goods.item)?;
            let bin = shelves[part.shelf].bin.code.clone();
            let line = line(lines.len(), it, &items[at], it.quantity, bin, why, barcodes);
            shelves[part.shelf].promised.push(held(at).1);
            lines.push(line);
        }
        return Ok(vec![Quantity::ZERO; together.len()]);
    }
    let mut lefts = Vec::new();
    for (at, it) in together.iter().enumerate() {
        let mut alone = it.clone();
        // A mixed pallet that may not stay together is taken apart.
        alone.plate = it.plate.filter(|_| together.len() == 1);
        let load = Load {
            lines: vec![held(at)],
            on_plate: alone.plate.is_some(),
        };
        let placed = putaway::place(&load, from, shelves, by);
        for part in &placed.parts {
            let barcodes = records::barcodes_of(tx, &it.goods.item)?;
            let bin = shelves[part.shelf].bin.code.clone();
            let why = why(&placed, part);
            let line = line(
                lines.len(),
                &alone,
                &items[at],
                part.quantity,
                bin,
                why,
                barcodes,
            );
            let held = Held {
                quantity: part.quantity,
                ..held(at).1
            };
            shelves[part.shelf].promised.push(held);
            lines.push(line);
        }
        lefts.push(placed.left);
    }
    Ok(lefts)
}

fn why(placed: &Placed, part: &putaway::Part) -> WhyBin {
    WhyBin {
        by: part.by,
        walk_cm: part.score.walk_cm,
        to_face_cm: part.score.to_face_cm,
        others: u32::try_from(placed.fitting().saturating_sub(1)).unwrap_or(u32::MAX),
    }
}

fn line(
    before: usize,
    standing: &Standing,
    item: &Item,
    quantity: Quantity,
    bin: BinCode,
    why: WhyBin,
    barcodes: Vec<crate::warehouse::Barcode>,
) -> PutawayLine {
    PutawayLine {
        line: u32::try_from(before + 1).unwrap_or(u32::MAX),
        plate: standing.plate,
        goods: standing.goods.clone(),
        item: item.clone(),
        quantity,
        bin,
        why: Some(why),
        status: standing.status,
        barcodes,
    }
}

/// What found a bin looks for none any more; what did not, waits.
fn keep(tx: &Tx, now: Timestamp, warehouse: &str, row: &Row, left: Quantity) -> Result<(), Error> {
    let id = row.int("id")?;
    if !left.is_positive() {
        let sql = "DELETE FROM to_put_away WHERE warehouse = ?1 AND id = ?2";
        tx.run(sql, values![warehouse, id])?;
        return Ok(());
    }
    let sql = "UPDATE to_put_away SET quantity = ?3, told = 1 WHERE warehouse = ?1 AND id = ?2";
    tx.run(sql, values![warehouse, id, left.thousandths()])?;
    if row.flag("told")? {
        return Ok(());
    }
    let (item, bin, order) = (row.text("item")?, row.text("bin")?, row.text("order_code")?);
    let note = format!("no bin for {left} of {item} of {order}: it waits at {bin}");
    Posting::of_office(warehouse, "", now).exception(tx, ExceptionKind::NoSpace, &note)
}

/// A receipt goes on: what its end led to is withdrawn, unless someone is on the way already.
pub(super) fn withdraw(tx: &Tx, posting: &mut Posting, seq: u64) -> Result<(), Error> {
    let (warehouse, cause) = (posting.warehouse, posting.cause(seq));
    let sql = "DELETE FROM to_put_away WHERE warehouse = ?1 AND cause = ?2";
    tx.run(sql, values![warehouse, &cause])?;
    let sql =
        "SELECT id, state FROM tasks WHERE warehouse = ?1 AND cause = ?2 AND state <> 'cancelled'";
    for row in tx.rows(sql, values![warehouse, &cause])? {
        let id = row.text("id")?;
        if row.text("state")? != "open" {
            let note =
                format!("{id} was begun, and the receipt it comes from goes on: look at both");
            posting.exception(tx, ExceptionKind::DoneTwice, &note)?;
            continue;
        }
        let sql = "UPDATE tasks SET state = 'cancelled', lease_device = '' WHERE warehouse = ?1 AND id = ?2";
        tx.run(sql, values![warehouse, id])?;
        feed::announce(tx, warehouse, "task", id)?;
    }
    Ok(())
}

/// Goods that one would like to know the way of.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The warehouse.
    pub warehouse: WarehouseCode,
    /// Where they stand, if that matters for the walk.
    pub from: Option<BinCode>,
    /// The item.
    pub item: ItemCode,
    /// Of which only the lot counts.
    pub goods: Goods,
    /// How much.
    pub quantity: Quantity,
    /// Whether they stand on a license plate.
    pub on_plate: bool,
    /// Whether they may be used.
    pub status: Status,
    /// The rules by which a bin is found, in their order, to try others than those that count; none: those that count.
    pub by: Option<Vec<PutBy>>,
}

/// What directed putaway says of one bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinVerdict {
    /// The bin.
    pub bin: BinCode,
    /// What would go into it, if it is among those chosen.
    pub chosen: Option<Quantity>,
    /// What was said of it.
    pub verdict: Verdict,
}

impl Office {
    /// What directed putaway says now of every bin for some goods: the chosen ones first, then those that would do,
    /// best first, then those that cannot. Changes nothing.
    pub fn putaway_why(&self, asked: &Asked) -> Result<Vec<BinVerdict>, Error> {
        self.database().read(|tx| {
            let warehouse = asked.warehouse.as_str();
            let item = records::known_item(tx, &asked.item)?;
            let from = match &asked.from {
                Some(bin) => point(tx, warehouse, bin)?,
                None => ORIGIN,
            };
            let shelves = space::shelves(tx, warehouse)?;
            let held = Held::new(&item, &asked.goods, asked.status, asked.quantity);
            let load = Load {
                lines: vec![(&item, held)],
                on_plate: asked.on_plate,
            };
            let by = match &asked.by {
                Some(by) => by.clone(),
                None => rules::of(tx, warehouse)?.putaway,
            };
            let placed = putaway::place(&load, from, &shelves, &by);
            Ok(verdicts(&shelves, placed, &by))
        })
    }
}

fn verdicts(shelves: &[Shelf], placed: Placed, order: &[PutBy]) -> Vec<BinVerdict> {
    let Placed {
        parts, verdicts, ..
    } = placed;
    let chosen = |at: usize| parts.iter().find(|part| part.shelf == at);
    let mut said: Vec<BinVerdict> = verdicts
        .into_iter()
        .enumerate()
        .map(|(at, verdict)| BinVerdict {
            bin: shelves[at].bin.code.clone(),
            chosen: chosen(at).map(|part| part.quantity),
            verdict,
        })
        .collect();
    said.sort_by_key(|it| match &it.verdict {
        Verdict::Fit { by, score, .. } => {
            let turn = order.iter().position(|it| it == by);
            let turn = turn.unwrap_or(order.len());
            (it.chosen.is_none(), false, turn, score.total())
        }
        Verdict::Unfit(_) => (true, true, 0, 0),
    });
    said
}

/// Why a bin cannot take goods, for whoever asks at the office.
pub fn because_unfit(why: &Unfit) -> String {
    match why {
        Unfit::Frozen => "is frozen".to_owned(),
        Unfit::Kind { kind } => format!("is {}: not for these", records::bin_kind(*kind)),
        Unfit::Status { there } => format!("holds goods that are {}", ledger::status(*there)),
        Unfit::Temperature { is, wanted } => {
            format!("is {}, must be {}", is.as_str(), wanted.as_str())
        }
        Unfit::Hazard { there } => format!(
            "holds goods of hazard class {}",
            there.as_ref().map_or("none", |class| class.as_str())
        ),
        Unfit::OtherItem { there } => format!("is for one item, and has {there}"),
        Unfit::OtherLot { there } => format!(
            "is for one lot, and has {}",
            there.as_ref().map_or("another", |lot| lot.as_str())
        ),
        Unfit::Weight { would, most } => format!("would bear {would} g of {most}"),
        Unfit::Volume { would, most } => format!("would hold {would} cm3 of {most}"),
        Unfit::Height { is, most } => format!("is {most} mm high, the goods {is}"),
        Unfit::Promised { else_room } => {
            format!("has room for {else_room}, promised to goods on their way")
        }
    }
}
