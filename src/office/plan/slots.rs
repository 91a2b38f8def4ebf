//! Where items should stand: moves between pick faces that shorten the walk, each with the metres that it saves a week and the
//! minutes that it takes; one that is accepted goes to the floor as tasks.

use crate::office::allocate::today;
use crate::office::database::{Row, Tx, values};
use crate::office::replenish::ToMove;
use crate::office::{Error, Office, floor, records, rules};
use crate::planning::floor::{
    Article, Conditions, Layout, Location, SlotMove, SlotRules, Temperature, affinities, slot_moves,
};
use crate::planning::route::{Layout as Walk, Point as Stop};
use crate::sync::RefusedKind;
use crate::warehouse::{
    BinCode, Item, ItemCode, Point, Quantity, TaskId, Timestamp, WarehouseCode,
};
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, HashMap};

/// Picks of so many weeks are looked at.
const WEEKS: u32 = 13;
/// Orders that are looked at for what is wanted together.
const ORDERS: u32 = 5000;
/// Together so often, or it is chance.
const TOGETHER: u32 = 5;

/// A move between pick faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotRecord {
    /// Its number in the warehouse.
    pub id: u64,
    /// What is moved.
    pub item: ItemCode,
    /// From here.
    pub from: BinCode,
    /// To there.
    pub to: BinCode,
    /// What stands there and goes the other way.
    pub swapped: Option<ItemCode>,
    /// Metres that pickers walk less in a week, once the moves before it are made.
    pub metres_a_week: i64,
    /// Minutes of work.
    pub minutes: i64,
}

impl Office {
    /// Proposes moves between pick faces, the best first, in the place of what was proposed before; none where bins have no places
    /// of their own. Each is worth what it says once those before it are made.
    pub fn slotting(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<SlotRecord>, Error> {
        let code = warehouse.as_str();
        let moves = self
            .database()
            .read_at_length(|tx| moves(tx, code, today(now)))?;
        self.write_in(code, |tx| {
            let sql = "UPDATE slot_moves SET state = 'replaced' WHERE warehouse = ?1 AND state = 'open'";
            tx.run(sql, values![code])?;
            for found in &moves {
                let id = tx.next(code, "slot_move")?;
                let sql = "INSERT INTO slot_moves (warehouse, id, item, source, target, swapped, metres, minutes, state, made_at)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'open', ?9)";
                let swapped = crate::office::ledger::text(found.swapped_with.as_ref());
                let (item, from, to) = (found.item.as_str(), found.from.as_str(), found.to.as_str());
                let (metres, minutes) = (whole(found.metres_saved_a_week), whole(found.minutes));
                let row = values![code, id, item, from, to, swapped, metres, minutes, now.to_rfc3339()];
                tx.run(sql, row)?;
            }
            Ok(())
        })?;
        self.slot_moves(warehouse)
    }

    /// The moves that were proposed last and are not decided, the best first.
    pub fn slot_moves(&self, warehouse: &WarehouseCode) -> Result<Vec<SlotRecord>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT id, item, source, target, swapped, metres, minutes FROM slot_moves
                       WHERE warehouse = ?1 AND state = 'open' ORDER BY id";
            tx.rows(sql, values![warehouse.as_str()])?
                .iter()
                .map(read)
                .collect()
        })
    }

    /// Has a proposed move made: tasks to move what stands there, and what goes the other way; the faces are these items' own
    /// from now on. Says which tasks. Error: there is no such open proposal, or nothing free stands there any more.
    pub fn accept_slot(&self, warehouse: &WarehouseCode, id: u64) -> Result<Vec<TaskId>, Error> {
        let all = self.slot_moves(warehouse)?;
        let found = all
            .into_iter()
            .find(|known| known.id == id)
            .ok_or_else(|| Error::Unknown {
                what: "open slot move",
                code: format!("{warehouse}/{id}"),
            })?;
        let task = |from: &BinCode, to: &BinCode, item: &ItemCode| {
            self.have_moved(&ToMove {
                warehouse: warehouse.clone(),
                from: from.clone(),
                to: to.clone(),
                item: Some(item.clone()),
                quantity: None,
            })
        };
        let mut made = Vec::from_iter(task(&found.from, &found.to, &found.item)?);
        if made.is_empty() {
            let note = format!("Nothing of {} is free at {}.", found.item, found.from);
            return Err(Error::refused(RefusedKind::Body, note));
        }
        if let Some(other) = &found.swapped {
            made.extend(task(&found.to, &found.from, other)?);
        }
        self.write(|tx| {
            let code = warehouse.as_str();
            own(tx, code, &found.item, &found.from, &found.to)?;
            if let Some(other) = &found.swapped {
                own(tx, code, other, &found.to, &found.from)?;
            }
            let sql = "UPDATE slot_moves SET state = 'accepted' WHERE warehouse = ?1 AND id = ?2";
            tx.run(sql, values![code, id])?;
            Ok(())
        })?;
        Ok(made)
    }
}

/// The face that was an item's own is another one from now on.
fn own(
    tx: &Tx,
    warehouse: &str,
    item: &ItemCode,
    from: &BinCode,
    to: &BinCode,
) -> Result<(), Error> {
    let row = values![warehouse, item.as_str(), from.as_str(), to.as_str()];
    let sql = "UPDATE pick_faces SET bin = ?4 WHERE warehouse = ?1 AND item = ?2 AND bin = ?3
               AND NOT EXISTS (SELECT 1 FROM pick_faces f WHERE f.warehouse = ?1 AND f.item = ?2 AND f.bin = ?4)";
    tx.run(sql, row)?;
    let sql = "UPDATE fixed_bins SET bin = ?4 WHERE warehouse = ?1 AND item = ?2 AND bin = ?3
               AND NOT EXISTS (SELECT 1 FROM fixed_bins f WHERE f.warehouse = ?1 AND f.item = ?2 AND f.bin = ?4)";
    tx.run(sql, row)?;
    Ok(())
}

fn whole(number: f64) -> i64 {
    super::thousandths(number) / 1000
}

fn read(row: &Row) -> Result<SlotRecord, Error> {
    Ok(SlotRecord {
        id: row.count("id")?,
        item: row.parse("item")?,
        from: row.parse("source")?,
        to: row.parse("target")?,
        swapped: row.parse_maybe("swapped")?,
        metres_a_week: row.int("metres")?,
        minutes: row.int("minutes")?,
    })
}

/// A pick face with what stands there, if it is one item.
struct Face {
    location: Location,
    at: Point,
    item: Option<ItemCode>,
    quantity: Quantity,
}

fn moves(tx: &Tx, warehouse: &str, today: NaiveDate) -> Result<Vec<SlotMove>, Error> {
    let Some(ground) = floor::of(tx, warehouse, &rules::of(tx, warehouse)?.floor)? else {
        return Ok(Vec::new());
    };
    let Ok(walk) = Walk::new(ground.aisles_cm, ground.cross_aisles_cm) else {
        return Ok(Vec::new());
    };
    let Some(start) = start(tx, warehouse, ground.start)? else {
        return Ok(Vec::new());
    };
    let items = records::items(tx)?;
    let faces: Vec<Face> = faces(tx, warehouse)?
        .into_iter()
        // What is dangerous stands where people decided that it stands.
        .filter(|face| {
            let item = face.item.as_ref().and_then(|item| items.get(item));
            item.is_none_or(|item| item.handling.hazard.is_none())
        })
        .collect();
    let (picks, weeks) = picks(tx, warehouse, today)?;
    let (mut articles, mut places) = (Vec::new(), Vec::new());
    for (at, face) in faces.iter().enumerate() {
        if let Some(item) = face.item.as_ref().and_then(|item| items.get(item)) {
            let picked = picks.get(&item.code).copied().unwrap_or(0);
            articles.push(article(item, face.quantity, picked / weeks.max(1)));
            places.push(Some(at));
        }
    }
    let points: HashMap<BinCode, Stop> = faces
        .iter()
        .map(|face| {
            (
                face.location.bin.clone(),
                Stop::new(face.at.x_cm, face.at.y_cm),
            )
        })
        .collect();
    let begin = Stop::new(start.x_cm, start.y_cm);
    let metres = |from: Option<&BinCode>, to: &BinCode| {
        let from = from
            .and_then(|bin| points.get(bin))
            .copied()
            .unwrap_or(begin);
        let to = points.get(to).copied().unwrap_or(begin);
        f64::from(u32::try_from(walk.distance(from, to)).unwrap_or(u32::MAX)) / 100.0
    };
    let layout = Layout {
        locations: faces.into_iter().map(|face| face.location).collect(),
        articles,
        places,
    };
    let pairs = affinities(&orders(tx, warehouse)?, TOGETHER);
    Ok(slot_moves(
        layout,
        &pairs,
        f64::from(weeks),
        &SlotRules::default(),
        metres,
    ))
}

/// Where a walk begins: as the rules say, else at the first packing place.
fn start(tx: &Tx, warehouse: &str, said: Option<Point>) -> Result<Option<Point>, Error> {
    if said.is_some() {
        return Ok(said);
    }
    let sql = "SELECT code FROM bins WHERE warehouse = ?1 AND kind = 'packing' ORDER BY sequence, code LIMIT 1";
    match tx.first(sql, values![warehouse])? {
        Some(row) => floor::place(tx, warehouse, &row.parse("code")?),
        None => Ok(None),
    }
}

/// Pick faces that hold one item or none.
fn faces(tx: &Tx, warehouse: &str) -> Result<Vec<Face>, Error> {
    let sql = "SELECT b.code, b.x_cm, b.y_cm, b.level, b.most_weight_g, b.most_volume_cm3, b.temperature,
                   COALESCE(MIN(s.item), '') AS item, COALESCE(SUM(s.quantity), 0) AS quantity,
                   COALESCE((SELECT MAX(f.most) FROM pick_faces f WHERE f.warehouse = b.warehouse AND f.bin = b.code), 0) AS most
               FROM bins b LEFT JOIN stock s ON s.warehouse = b.warehouse AND s.place = 'bin:' || b.code AND s.quantity <> 0
               WHERE b.warehouse = ?1 AND b.kind = 'pick_face' AND b.frozen = 0
               GROUP BY b.warehouse, b.code, b.x_cm, b.y_cm, b.level, b.most_weight_g, b.most_volume_cm3, b.temperature
               HAVING COUNT(DISTINCT s.item) <= 1 ORDER BY b.code";
    let size = |row: &Row, name| {
        row.maybe_int(name)
            .and_then(|size| u64::try_from(size).ok())
    };
    let centimetres = |number: i64| i32::try_from(number).unwrap_or_default();
    let mut all = Vec::new();
    for row in tx.rows(sql, values![warehouse])? {
        let location = Location {
            bin: row.parse("code")?,
            room_cm3: size(&row, "most_volume_cm3").unwrap_or(u64::MAX),
            carries_g: size(&row, "most_weight_g").unwrap_or(u64::MAX),
            level: u8::try_from(row.int("level")?).unwrap_or(u8::MAX),
            offers: conditions(row.text("temperature")?),
        };
        let there = Quantity::from_thousandths(row.int("quantity")?);
        all.push(Face {
            location,
            at: Point {
                x_cm: centimetres(row.int("x_cm")?),
                y_cm: centimetres(row.int("y_cm")?),
            },
            item: row.parse_maybe("item")?,
            quantity: there.max(Quantity::from_thousandths(row.int("most")?)),
        });
    }
    Ok(all)
}

fn conditions(temperature: &str) -> Conditions {
    let temperature = match temperature {
        "chilled" => Temperature::Chilled,
        "frozen" => Temperature::Frozen,
        _ => Temperature::Ambient,
    };
    Conditions {
        temperature,
        ..Conditions::default()
    }
}

fn article(item: &Item, quantity: Quantity, picks_a_week: u32) -> Article {
    let units = quantity.thousandths().unsigned_abs().div_ceil(1000);
    let cubic_mm = item.handling.size_mm.map(|size| size.map(u64::from));
    let cubic_mm = cubic_mm.map_or(0, |[a, b, c]| a.saturating_mul(b).saturating_mul(c));
    let unit_weight_g = item.weight_g.map_or(0, u64::from);
    Article {
        item: item.code.clone(),
        picks_a_week,
        cube_cm3: units.saturating_mul(cubic_mm) / 1000,
        weight_g: units.saturating_mul(unit_weight_g),
        unit_weight_g,
        needs: conditions(item.handling.temperature.as_str()),
    }
}

/// How often each item was taken out of a pick face lately, and in how many weeks.
fn picks(
    tx: &Tx,
    warehouse: &str,
    today: NaiveDate,
) -> Result<(HashMap<ItemCode, u32>, u32), Error> {
    let since = today
        .checked_sub_days(Days::new(u64::from(WEEKS) * 7))
        .unwrap_or(today);
    let sql = "SELECT m.item, COUNT(*) AS picks, MIN(m.at) AS first FROM moves m
               JOIN bins b ON b.warehouse = m.warehouse AND m.source_place = 'bin:' || b.code
               WHERE m.warehouse = ?1 AND b.kind = 'pick_face' AND m.at >= ?2
                   AND (m.target_place LIKE 'tote:%' OR m.target_place LIKE 'worker:%' OR m.target_place LIKE 'order:%')
               GROUP BY m.item";
    let (mut all, mut first) = (HashMap::new(), None::<NaiveDate>);
    for row in tx.rows(sql, values![warehouse, since.to_string()])? {
        let began = row.parse::<Timestamp>("first")?.date_naive();
        first = Some(first.map_or(began, |first| first.min(began)));
        all.insert(
            row.parse("item")?,
            u32::try_from(row.count("picks")?).unwrap_or(u32::MAX),
        );
    }
    let days = first.map_or(7, |first| (today - first).num_days());
    let weeks = u32::try_from(days / 7).unwrap_or(1).clamp(1, WEEKS);
    Ok((all, weeks))
}

/// What was ordered together, of the latest orders.
fn orders(tx: &Tx, warehouse: &str) -> Result<Vec<Vec<ItemCode>>, Error> {
    let sql = "SELECT l.order_code, l.item FROM order_lines l JOIN (SELECT o.code FROM orders o WHERE o.warehouse = ?1
                   AND o.kind = 'sales' AND o.state <> 'open' ORDER BY o.code DESC LIMIT ?2) x ON x.code = l.order_code
               WHERE l.warehouse = ?1";
    let mut all: BTreeMap<String, Vec<ItemCode>> = BTreeMap::new();
    tx.each(sql, values![warehouse, ORDERS], |row| {
        let of_order = all.entry(row.text("order_code")?.to_owned()).or_default();
        of_order.push(row.parse("item")?);
        Ok::<(), Error>(())
    })?;
    Ok(all.into_values().collect())
}
