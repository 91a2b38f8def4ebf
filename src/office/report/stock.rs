//! Stock by status, told apart by item, zone, bin, lot or license plate: now, or as it was at any moment.
//! Of a moment that is past: what there is now, and all that changed since then backwards.

use super::{Paged, Words, barcode, begins, paged, within};
use crate::office::allocate::today;
use crate::office::database::Row;
use crate::office::{Error, Office};
use crate::warehouse::{Quantity, Timestamp, WarehouseCode};

/// By what stock is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) enum By {
    Item,
    Zone,
    Bin,
    Lot,
    /// Bin or other place, item, lot and serial.
    Spot,
    Plate,
    /// All that tells it apart.
    Each,
}

impl By {
    pub const ALL: [Self; 7] = [
        Self::Item,
        Self::Zone,
        Self::Bin,
        Self::Lot,
        Self::Spot,
        Self::Plate,
        Self::Each,
    ];

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Zone => "zone",
            Self::Bin => "bin",
            Self::Lot => "lot",
            Self::Spot => "spot",
            Self::Plate => "plate",
            Self::Each => "each",
        }
    }

    /// The columns that tell its rows apart and order them.
    const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Item => &["item"],
            Self::Zone => &["zone"],
            Self::Bin => &["place"],
            Self::Lot => &["item", "lot"],
            Self::Spot => &["place", "item", "lot", "serial"],
            Self::Plate => &["plate", "item", "lot", "serial"],
            Self::Each => &["place", "plate", "item", "lot", "serial"],
        }
    }

    /// Whether a row is of one item alone.
    pub fn is_of_an_item(self) -> bool {
        self.keys().contains(&"item")
    }

    /// Whether promises are told: they are made of a bin, an item and a lot, and of no license plate.
    const fn knows_promises(self) -> bool {
        !matches!(self, Self::Plate | Self::Each)
    }
}

/// What stock can be, as columns and in words.
pub(in crate::office) const STATUSES: [(&str, &str); 8] = [
    ("available", "Available"),
    ("reserved", "Reserved"),
    ("on_hold", "On hold"),
    ("damaged", "Damaged"),
    ("expired", "Expired"),
    ("in_transit", "In transit"),
    ("on_order", "On order"),
    ("to_be_received", "To be received"),
];
/// So many of them are of goods that are in our hands.
pub(in crate::office) const IN_HAND: usize = 6;

/// What is asked.
#[derive(Clone, Debug)]
pub(in crate::office) struct Asked {
    pub warehouse: WarehouseCode,
    pub by: By,
    /// As it was then; none: now.
    pub as_of: Option<Timestamp>,
    /// Anything that a label may say: item, name, barcode, bin, lot, serial, license plate.
    pub text: Option<String>,
    pub item: Option<String>,
    /// As `bin:A-01-03`.
    pub place: Option<String>,
    pub zone: Option<String>,
    pub lot: Option<String>,
    pub plate: Option<String>,
    /// Only rows that have something in this status, by its place in [`STATUSES`].
    pub status: Option<usize>,
    pub after: Vec<String>,
    pub most: usize,
}

impl Asked {
    pub fn of(warehouse: &WarehouseCode, by: By, most: usize) -> Self {
        Self {
            warehouse: warehouse.clone(),
            by,
            as_of: None,
            text: None,
            item: None,
            place: None,
            zone: None,
            lot: None,
            plate: None,
            status: None,
            after: Vec::new(),
            most,
        }
    }
}

/// So much stock of one kind; what the row is not told apart by is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::office) struct Line {
    pub key: Vec<String>,
    pub item: String,
    pub name: String,
    pub unit: String,
    pub zone: String,
    pub place: String,
    pub plate: String,
    pub lot: String,
    pub serial: String,
    /// The earliest last day.
    pub expiry: Option<String>,
    /// How many items it is of.
    pub items: u64,
    /// In the order of [`STATUSES`].
    pub amounts: [Quantity; STATUSES.len()],
}

impl Office {
    /// One page of stock by status. Error also if the office cannot.
    pub(in crate::office) fn stock_by(
        &self,
        now: Timestamp,
        asked: &Asked,
    ) -> Result<Paged<Line>, Error> {
        let (sql, words) = statement(now, asked);
        let rows = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.rows(&sql, &words.values)?))?;
        let keys = asked.by.keys();
        paged(
            rows,
            asked.most,
            |row| read(row, keys),
            |line| line.key.clone(),
        )
    }
}

/// How much there is in one status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::office) struct StatusSum {
    pub items: u64,
    pub quantity: Quantity,
    /// In hundredths; what has no value counts nothing.
    pub value: i64,
}

impl Office {
    /// How much there is in each status in all, in the order of [`STATUSES`].
    pub(in crate::office) fn stock_sums(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<[StatusSum; STATUSES.len()], Error> {
        let asked = Asked::of(warehouse, By::Item, usize::MAX - 1);
        let (sql, words) = statement(now, &asked);
        // Without the end of one page: all of it, added up where it lies.
        let all = sql
            .rsplit_once(" ORDER BY ")
            .map_or(sql.as_str(), |(all, _)| all);
        let columns: Vec<String> = STATUSES
            .iter()
            .map(|(kind, _)| {
                format!(
                    "SUM(CASE w.{kind} WHEN 0 THEN 0 ELSE 1 END) AS {kind}_items, SUM(w.{kind}) AS {kind},
                     SUM(w.{kind} * COALESCE(v.value, 0) / 1000) AS {kind}_value"
                )
            })
            .collect();
        let sql = format!(
            "SELECT {}, COUNT(*) AS many FROM ({all}) w LEFT JOIN item_values v ON v.item = w.item",
            columns.join(", ")
        );
        let row = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.first(&sql, &words.values)?))?;
        let mut sums = [StatusSum::default(); STATUSES.len()];
        let Some(row) = row else { return Ok(sums) };
        for (sum, names) in sums.iter_mut().zip(SUM_COLUMNS) {
            let number = |name| row.maybe_int(name).unwrap_or(0);
            *sum = StatusSum {
                items: u64::try_from(number(names.0)).unwrap_or(0),
                quantity: Quantity::from_thousandths(number(names.1)),
                value: number(names.2),
            };
        }
        Ok(sums)
    }
}

const SUM_COLUMNS: [(&str, &str, &str); STATUSES.len()] = [
    ("available_items", "available", "available_value"),
    ("reserved_items", "reserved", "reserved_value"),
    ("on_hold_items", "on_hold", "on_hold_value"),
    ("damaged_items", "damaged", "damaged_value"),
    ("expired_items", "expired", "expired_value"),
    ("in_transit_items", "in_transit", "in_transit_value"),
    ("on_order_items", "on_order", "on_order_value"),
    (
        "to_be_received_items",
        "to_be_received",
        "to_be_received_value",
    ),
];

fn read(row: &Row, keys: &[&'static str]) -> Result<Line, Error> {
    let mut line = Line {
        name: row.maybe("name").unwrap_or_default().to_owned(),
        unit: row.maybe("unit").unwrap_or_default().to_owned(),
        expiry: row.maybe("expiry").map(str::to_owned),
        items: row.count("items")?,
        ..Line::default()
    };
    for &key in keys {
        let text = row.text(key)?.to_owned();
        line.key.push(text.clone());
        match key {
            "item" => line.item = text,
            "zone" => line.zone = text,
            "place" => line.place = text,
            "plate" => line.plate = text,
            "lot" => line.lot = text,
            _ => line.serial = text,
        }
    }
    for (amount, (column, _)) in line.amounts.iter_mut().zip(STATUSES) {
        *amount = Quantity::from_thousandths(row.int(column)?);
    }
    Ok(line)
}

fn statement(now: Timestamp, asked: &Asked) -> (String, Words) {
    let mut words = Words::default();
    let warehouse = words.put(asked.warehouse.as_str());
    let day = words.put(today(asked.as_of.unwrap_or(now)).to_string());
    let held = held(&mut words, asked);
    let keys = asked.by.keys().join(", ");
    // One word for each status a row can have, so that each amount is one sum.
    let kinds = format!(
        "SELECT h.place, h.plate, h.item, h.lot, h.serial, h.expiry, h.quantity, COALESCE(b.zone, '') AS zone,
             CASE WHEN h.place IN ('on_order', 'to_be_received') THEN h.place WHEN h.place LIKE 'truck:%' OR h.place LIKE 'transit:%' THEN 'in_transit'
                 WHEN h.status <> 'available' THEN h.status WHEN h.expiry < {day} THEN 'expired'
                 WHEN h.place LIKE 'bin:%' THEN 'available' ELSE 'reserved' END AS kind
         FROM ({held}) h LEFT JOIN bins b ON b.warehouse = {warehouse} AND h.place = 'bin:' || b.code
         WHERE (h.place LIKE '%:%' OR h.place IN ('on_order', 'to_be_received')){}",
        narrowed(&mut words, asked)
    );
    let sums: Vec<String> = STATUSES
        .iter()
        .map(|(kind, _)| {
            format!("SUM(CASE k.kind WHEN '{kind}' THEN k.quantity ELSE 0 END) AS {kind}")
        })
        .collect();
    let any: Vec<String> = STATUSES
        .iter()
        .enumerate()
        .filter(|(at, _)| asked.status.is_none_or(|only| only == *at))
        .map(|(_, status)| status)
        .map(|(kind, _)| format!("g.{kind} <> 0"))
        .collect();
    let (names, join) = if asked.by.is_of_an_item() {
        ("i.name, i.unit", " LEFT JOIN items i ON i.code = g.item")
    } else {
        ("'' AS name, '' AS unit", "")
    };
    let sql = format!(
        "SELECT g.*, {names} FROM (SELECT {keys}, MIN(k.expiry) AS expiry, COUNT(DISTINCT k.item) AS items, {}
             FROM ({kinds}) k GROUP BY {keys}) g{join} WHERE ({}){} ORDER BY {} LIMIT {}",
        sums.join(", "),
        any.join(" OR "),
        after(&mut words, asked),
        of_group(asked.by),
        asked.most.saturating_add(1),
    );
    (sql, words)
}

fn of_group(by: By) -> String {
    let keys: Vec<String> = by.keys().iter().map(|key| format!("g.{key}")).collect();
    keys.join(", ")
}

fn after(words: &mut Words, asked: &Asked) -> String {
    if asked.after.len() != asked.by.keys().len() {
        return String::new();
    }
    let parts: Vec<String> = asked
        .after
        .iter()
        .map(|part| words.put(part.as_str()))
        .collect();
    format!(" AND ({}) > ({})", of_group(asked.by), parts.join(", "))
}

/// What is in which place in which status: rows of stock, moves backwards, promises, and what is to come.
fn held(words: &mut Words, asked: &Asked) -> String {
    let of_place = |words: &mut Words, place: &str, plate: &str| {
        words.equal(&[
            ("item", &asked.item),
            ("lot", &asked.lot),
            (place, &asked.place),
            (plate, &asked.plate),
        ])
    };
    let stock = of_place(words, "place", "plate");
    let mut held = format!(
        "SELECT place, plate, status, item, lot, serial, expiry, quantity FROM stock
         WHERE warehouse = ?1 AND quantity <> 0{stock}"
    );
    let since = asked.as_of.map(|at| words.put(at.to_rfc3339()));
    if let Some(at) = &since {
        // Nothing that was gone since then may be missed: its row in the book is zero by now.
        held = held.replace(" AND quantity <> 0", "");
        for (side, sign) in [("source", ""), ("target", "-")] {
            let place = format!("{side}_place");
            let only = of_place(words, &place, &format!("{side}_plate"));
            held.extend([format!(
                " UNION ALL SELECT {side}_place, {side}_plate, {side}_status, item, lot, serial, expiry, {sign}quantity
                  FROM moves WHERE warehouse = ?1 AND at > {at}{only}"
            )]);
        }
    }
    if asked.by.knows_promises() && asked.plate.is_none() {
        for (status, sign, back) in [("reserved", "", "-"), ("available", "-", "")] {
            let only = of_place(words, "'bin:' || bin", "''");
            held.extend([format!(
                " UNION ALL SELECT 'bin:' || bin, '', '{status}', item, lot, serial, CAST(NULL AS TEXT), {sign}(quantity - done)
                  FROM task_lines WHERE warehouse = ?1 AND is_open = 1 AND quantity > done{only}"
            )]);
            if let Some(at) = &since {
                let only = of_place(words, "place", "''");
                held.extend([format!(
                    " UNION ALL SELECT place, '', '{status}', item, lot, serial, CAST(NULL AS TEXT), {back}quantity
                      FROM outlook WHERE warehouse = ?1 AND at > {at} AND kind = 'reserved'{only}"
                )]);
            }
        }
    }
    let is_of_place = asked.place.is_some() || asked.lot.is_some() || asked.plate.is_some();
    if asked.by == By::Item && !is_of_place && asked.zone.is_none() {
        let only = words.equal(&[("c.item", &asked.item)]);
        held.extend([format!(
            " UNION ALL SELECT p.place, '', 'available', p.item, '', '', CAST(NULL AS TEXT), p.quantity FROM ({COMING}{only}) p"
        )]);
        if let Some(at) = &since {
            let only = words.equal(&[("item", &asked.item)]);
            held.extend([format!(
                " UNION ALL SELECT kind, '', 'available', item, '', '', CAST(NULL AS TEXT), -quantity
                  FROM outlook WHERE warehouse = ?1 AND at > {at} AND kind <> 'reserved'{only}"
            )]);
        }
    }
    if since.is_none() {
        return held;
    }
    format!(
        "SELECT place, plate, status, item, lot, serial, MAX(expiry) AS expiry, SUM(quantity) AS quantity FROM ({held}) a
         GROUP BY place, plate, status, item, lot, serial HAVING SUM(quantity) <> 0"
    )
}

/// What suppliers owe: announced on license plates or standing at the dock, or no more than ordered.
pub(super) const COMING: &str = "SELECT c.place, c.item, c.quantity FROM (
        SELECT CASE WHEN l.plate <> '' OR EXISTS (SELECT 1 FROM arrivals a WHERE a.warehouse = o.warehouse
                AND a.order_code = o.code AND a.docked_at <> '') THEN 'to_be_received' ELSE 'on_order' END AS place, l.item,
            l.quantity - (SELECT COALESCE(SUM(r.quantity), 0) FROM received r WHERE r.warehouse = o.warehouse
                AND r.order_code = o.code AND r.line = l.line) AS quantity
        FROM orders o JOIN order_lines l ON l.warehouse = o.warehouse AND l.order_code = o.code
        WHERE o.warehouse = ?1 AND o.kind = 'receipt' AND o.state IN ('open', 'released', 'receiving')) c
    WHERE c.quantity > 0";

/// What is asked for by zone and by what a label says.
fn narrowed(words: &mut Words, asked: &Asked) -> String {
    let mut said = words.equal(&[("b.zone", &asked.zone)]);
    if let Some(text) = &asked.text {
        let is = words.put(text.as_str());
        let (begins, within) = (words.put(begins(text)), words.put(within(text)));
        let code = words.put(barcode(text));
        said.extend([format!(
            " AND (UPPER(h.item) LIKE {begins} ESCAPE '!' OR h.lot = {is} OR h.serial = {is} OR h.plate = {is}
                  OR UPPER(h.place) LIKE 'BIN:' || {begins} ESCAPE '!' OR h.item IN (SELECT item FROM barcodes WHERE code IN ({is}, {code}))
                  OR h.item IN (SELECT code FROM items WHERE UPPER(name) LIKE {within} ESCAPE '!'))"
        )]);
    }
    said
}
