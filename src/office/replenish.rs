//! Pick faces are kept filled: below their least, or where open picking wants more than there is, at once; up to their most in
//! quiet times. What expires first is brought first. Most urgent is what a released order waits for.

use super::assembly::promise;
use super::database::{Row, Tx, values};
use super::{Error, Office, allocate, feed, ledger, records, work};
use crate::warehouse::{
    BinCode, Goods, ItemCode, Job, MoveJob, MoveLine, Quantity, Sscc, Status, Task, TaskId,
    Timestamp, WarehouseCode,
};
use std::collections::HashMap;

/// Lower is sooner: released orders wait for it.
const URGENT: i32 = 5;
/// It is below its least.
const LOW: i32 = 30;
/// There is nothing else to do.
const QUIET: i32 = 90;

/// A pick face that is kept filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickFace {
    /// Its warehouse.
    pub warehouse: WarehouseCode,
    /// The bin.
    pub bin: BinCode,
    /// What is kept there.
    pub item: ItemCode,
    /// Below this it is filled.
    pub least: Quantity,
    /// Up to this.
    pub most: Quantity,
    /// In multiples of this: a case. One unit if zero.
    pub multiple: Quantity,
}

pub(crate) fn put_pick_face(tx: &Tx, face: &PickFace) -> Result<(), Error> {
    let sql = "INSERT INTO pick_faces (warehouse, bin, item, least, most, multiple) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (warehouse, bin, item) DO UPDATE SET least = excluded.least, most = excluded.most,
                   multiple = excluded.multiple";
    tx.run(
        sql,
        values![
            face.warehouse.as_str(),
            face.bin.as_str(),
            face.item.as_str(),
            face.least.thousandths(),
            face.most.thousandths(),
            face.multiple.thousandths()
        ],
    )?;
    Ok(())
}

impl Office {
    /// Makes what is needed to fill pick faces, most urgent first, and makes what was made before more urgent where orders
    /// wait for it now. `top_off`: also those that are above their least, if no picking waits. Says which tasks are new.
    pub fn replenish(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        top_off: bool,
    ) -> Result<Vec<TaskId>, Error> {
        self.write(|tx| {
            let code = warehouse.as_str();
            let quiet = top_off && !picking_waits(tx, code)?;
            let mut needs = Vec::new();
            for row in tx.rows(FACES, values![code])? {
                needs.extend(need(&row, quiet)?);
            }
            needs.sort_by_key(|need| need.priority);
            let mut made = Vec::new();
            for need in needs {
                hurry(tx, code, &need)?;
                made.extend(fill(tx, now, code, &need)?);
            }
            Ok(made)
        })
    }
}

/// Pick faces, each with what is there and free to use, what is on its way, and what open work still takes from there.
const FACES: &str = "SELECT f.bin, f.item, f.least, f.most, f.multiple,
        (SELECT COALESCE(SUM(s.quantity), 0) FROM stock s WHERE s.warehouse = f.warehouse AND s.place = 'bin:' || f.bin
            AND s.item = f.item AND s.status = 'available') AS there,
        (SELECT COALESCE(SUM(r.quantity), 0) FROM refills r WHERE r.warehouse = f.warehouse AND r.bin = f.bin
            AND r.item = f.item AND EXISTS (SELECT 1 FROM tasks t WHERE t.warehouse = r.warehouse AND t.id = r.task
                AND t.state IN ('open', 'started'))) AS coming,
        (SELECT COALESCE(SUM(l.quantity - l.done), 0) FROM task_lines l WHERE l.warehouse = f.warehouse AND l.bin = f.bin
            AND l.item = f.item AND l.is_open = 1 AND l.quantity > l.done) AS promised,
        (SELECT COALESCE(SUM(l.quantity), 0) FROM order_lines l JOIN orders o ON o.warehouse = l.warehouse
            AND o.code = l.order_code WHERE l.warehouse = f.warehouse AND l.item = f.item AND o.kind IN ('sales', 'transfer')
            AND o.state = 'open') AS waiting
    FROM pick_faces f JOIN bins b ON b.warehouse = f.warehouse AND b.code = f.bin
    WHERE f.warehouse = ?1 AND b.frozen = 0 ORDER BY b.sequence, f.bin, f.item";

/// How much a pick face lacks.
struct Need {
    bin: BinCode,
    item: ItemCode,
    /// Up to this much more.
    room: Quantity,
    multiple: Quantity,
    priority: i32,
    /// Whether more is to be brought than is on its way.
    lacks: bool,
}

fn need(row: &Row, quiet: bool) -> Result<Option<Need>, Error> {
    let quantity = |name| row.int(name).map(Quantity::from_thousandths);
    let (there, coming) = (quantity("there")?, quantity("coming")?);
    let (least, most) = (quantity("least")?, quantity("most")?);
    let free = there.minus(quantity("promised")?);
    let multiple = quantity("multiple")?.max(Quantity::from_thousandths(1));
    // What is promised leaves soon and makes room.
    let room = most.minus(free.plus(coming));
    let waiting = quantity("waiting")?;
    let waits = free < Quantity::ZERO || free < waiting;
    let is_low = free < least;
    let priority = match (waits, is_low) {
        (true, _) => URGENT,
        (false, true) => LOW,
        (false, false) if quiet => QUIET,
        (false, false) => return Ok(None),
    };
    let free = free.plus(coming);
    Ok(Some(Need {
        bin: row.parse("bin")?,
        item: row.parse("item")?,
        lacks: room >= multiple && (free < least.max(waiting.min(most)) || quiet),
        room,
        multiple,
        priority,
    }))
}

fn picking_waits(tx: &Tx, warehouse: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 AS one FROM tasks WHERE warehouse = ?1 AND kind = 'pick' AND state IN ('open', 'started') LIMIT 1";
    Ok(tx.first(sql, values![warehouse])?.is_some())
}

/// What is on its way to a face becomes as urgent as the face is.
fn hurry(tx: &Tx, warehouse: &str, need: &Need) -> Result<(), Error> {
    let sql = "UPDATE tasks SET priority = ?4 WHERE warehouse = ?1 AND kind = 'replenish' AND state IN ('open', 'started')
               AND priority > ?4 AND id IN (SELECT task FROM refills WHERE warehouse = ?1 AND bin = ?2 AND item = ?3)
               RETURNING id";
    let rows = values![
        warehouse,
        need.bin.as_str(),
        need.item.as_str(),
        need.priority
    ];
    for row in tx.rows(sql, rows)? {
        feed::announce(tx, warehouse, "task", row.text("id")?)?;
    }
    Ok(())
}

/// A task that fills a face, from what reserve has and nobody was promised.
fn fill(tx: &Tx, now: Timestamp, warehouse: &str, need: &Need) -> Result<Option<TaskId>, Error> {
    if !need.lacks {
        return Ok(None);
    }
    let lines = sources(tx, now, warehouse, need)?;
    if lines.is_empty() {
        return Ok(None);
    }
    let id: TaskId = format!("FILL-{}", tx.next(warehouse, "fill_task")?)
        .parse()
        .expect("a word and a number are a code");
    let quantity: Quantity = lines.iter().map(|line| line.quantity).sum();
    let sql =
        "INSERT INTO refills (warehouse, task, bin, item, quantity) VALUES (?1, ?2, ?3, ?4, ?5)";
    let (bin, item) = (need.bin.as_str(), need.item.as_str());
    tx.run(
        sql,
        values![warehouse, id.as_str(), bin, item, quantity.thousandths()],
    )?;
    for line in &lines {
        promise(tx, warehouse, &id, line)?;
    }
    let mut task = Task::opened(id.clone(), Job::Replenish(MoveJob { lines }));
    task.priority = need.priority;
    work::create(tx, warehouse, &task, "")?;
    Ok(Some(id))
}

fn sources(tx: &Tx, now: Timestamp, warehouse: &str, need: &Need) -> Result<Vec<MoveLine>, Error> {
    let sql = "SELECT s.item, s.lot, s.serial, s.expiry, s.plate, s.quantity, b.code,
                   (SELECT COALESCE(SUM(l.quantity - l.done), 0) FROM task_lines l WHERE l.warehouse = s.warehouse
                       AND l.bin = b.code AND l.item = s.item AND l.lot = s.lot AND l.serial = s.serial
                       AND l.is_open = 1 AND l.quantity > l.done) AS promised
               FROM stock s JOIN bins b ON b.warehouse = s.warehouse AND s.place = 'bin:' || b.code
               WHERE s.warehouse = ?1 AND s.item = ?2 AND s.status = 'available' AND s.quantity > 0 AND b.frozen = 0
                   AND b.kind = 'reserve' AND (s.expiry IS NULL OR s.expiry >= ?3)
               ORDER BY s.expiry IS NULL, s.expiry, s.since, b.sequence, b.code, s.lot, s.serial, s.plate";
    let today = allocate::today(now).to_string();
    let item = records::known_item(tx, &need.item)?;
    let barcodes = records::barcodes_of(tx, &need.item)?;
    let mut room = whole(need.room, need.multiple);
    let mut lines: Vec<MoveLine> = Vec::new();
    let mut promised: HashMap<(String, Goods), Quantity> = HashMap::new();
    for row in tx.rows(sql, values![warehouse, need.item.as_str(), today])? {
        let goods = records::goods(&row)?;
        let there = Quantity::from_thousandths(row.int("quantity")?);
        // What is promised of these goods in this bin is taken off its rows in turn.
        let known = promised.entry((row.text("code")?.to_owned(), goods.clone()));
        let of_it = Quantity::from_thousandths(row.int("promised")?);
        let left = known.or_insert(of_it);
        let taken = (*left).min(there);
        *left = left.minus(taken);
        let free = there.minus(taken);
        let plate: Option<Sscc> = row.parse_maybe("plate")?;
        let alone = match plate {
            Some(plate) => is_alone(tx, warehouse, plate)?,
            None => true,
        };
        let all = free == there && free <= room && alone;
        let quantity = if all {
            free
        } else {
            whole(free.min(room), need.multiple)
        };
        if !quantity.is_positive() {
            continue;
        }
        room = room.minus(quantity);
        lines.push(MoveLine {
            line: u32::try_from(lines.len() + 1).unwrap_or(u32::MAX),
            from: row.parse("code")?,
            to: need.bin.clone(),
            plate: plate.filter(|_| all),
            status: Status::Available,
            goods,
            item: item.clone(),
            quantity,
            barcodes: barcodes.clone(),
        });
    }
    Ok(lines)
}

/// Whether one thing only stands on a license plate, so that it can be taken as a whole.
fn is_alone(tx: &Tx, warehouse: &str, plate: Sscc) -> Result<bool, Error> {
    let sql =
        "SELECT COUNT(*) AS rows FROM stock WHERE warehouse = ?1 AND plate = ?2 AND quantity <> 0";
    let row = tx.first(sql, values![warehouse, plate.to_string()])?;
    Ok(row.map_or(Ok(0), |row| row.int("rows"))? == 1)
}

/// Down to a multiple.
fn whole(quantity: Quantity, multiple: Quantity) -> Quantity {
    let (quantity, multiple) = (quantity.thousandths().max(0), multiple.thousandths().max(1));
    Quantity::from_thousandths(quantity / multiple * multiple)
}

/// What is put into a face by a task, or can't be brought, is not on its way any more.
pub(super) fn arrived(
    tx: &Tx,
    warehouse: &str,
    task: &TaskId,
    quantity: Quantity,
) -> Result<(), Error> {
    // No task fills more than that, whatever a fact says.
    let quantity = quantity
        .min(Quantity::LIMIT)
        .max(Quantity::ZERO.minus(Quantity::LIMIT));
    let sql = "UPDATE refills SET quantity = CASE WHEN quantity > ?3 THEN quantity - ?3 ELSE 0 END WHERE warehouse = ?1 AND task = ?2";
    tx.run(
        sql,
        values![warehouse, task.as_str(), quantity.thousandths()],
    )?;
    Ok(())
}

/// A move that a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToMove {
    /// Its warehouse.
    pub warehouse: WarehouseCode,
    /// From where.
    pub from: BinCode,
    /// To where.
    pub to: BinCode,
    /// Only this item; all that lies there if none.
    pub item: Option<ItemCode>,
    /// Only so much of it; all of it if none.
    pub quantity: Option<Quantity>,
}

impl Office {
    /// Has goods moved: a task for what is free there. None if nothing is.
    pub fn have_moved(&self, what: &ToMove) -> Result<Option<TaskId>, Error> {
        self.write(|tx| {
            let warehouse = what.warehouse.as_str();
            for bin in [&what.from, &what.to] {
                if records::bin(tx, warehouse, bin.as_str())?.is_none() {
                    return Err(Error::Unknown {
                        what: "bin",
                        code: bin.to_string(),
                    });
                }
            }
            let lines = lines(tx, warehouse, what)?;
            if lines.is_empty() {
                return Ok(None);
            }
            let id: TaskId = format!("MOVE-{}", tx.next(warehouse, "move_task")?)
                .parse()
                .expect("a word and a number are a code");
            for line in &lines {
                promise(tx, warehouse, &id, line)?;
            }
            let task = Task::opened(id.clone(), Job::Move(MoveJob { lines }));
            work::create(tx, warehouse, &task, "")?;
            Ok(Some(id))
        })
    }
}

fn lines(tx: &Tx, warehouse: &str, what: &ToMove) -> Result<Vec<MoveLine>, Error> {
    let sql = "SELECT item, lot, serial, expiry, plate, status, quantity FROM stock WHERE warehouse = ?1 AND place = ?2
               AND quantity > 0 AND (?3 = '' OR item = ?3) ORDER BY item, plate, lot, serial, status";
    let place = format!("bin:{}", what.from);
    let mut left = what.quantity.unwrap_or(Quantity::LIMIT);
    let mut lines: Vec<MoveLine> = Vec::new();
    for row in tx.rows(
        sql,
        values![warehouse, place, ledger::text(what.item.as_ref())],
    )? {
        let there = Quantity::from_thousandths(row.int("quantity")?);
        let quantity = there.min(left);
        if !quantity.is_positive() {
            continue;
        }
        left = left.minus(quantity);
        let goods = records::goods(&row)?;
        let item = records::known_item(tx, &goods.item)?;
        lines.push(MoveLine {
            line: u32::try_from(lines.len() + 1).unwrap_or(u32::MAX),
            from: what.from.clone(),
            to: what.to.clone(),
            plate: row
                .parse_maybe("plate")?
                .filter(|_| quantity == there && what.item.is_none()),
            status: ledger::read_status(row.text("status")?).unwrap_or_default(),
            goods,
            quantity,
            barcodes: records::barcodes_of(tx, &item.code)?,
            item,
        });
    }
    Ok(lines)
}
