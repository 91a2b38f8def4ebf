//! The ledger as the walk wants it: moves as steps between numbered places. What was taken back of making never was; goods
//! that another warehouse of ours sent are taken out of what went to customers.

use super::names::Names;
use crate::office::Error;
use crate::office::database::{Error as DatabaseError, Row, Tx, Value, values};
use crate::planning::trace::{Direction, End, Label, Ledger, Moment, Step};
use crate::warehouse::{Entry, Fact, Timestamp};
use std::collections::{HashMap, HashSet};

/// A place, as far as goods there are told apart: by plate only in closed cartons, since goods come off pallets unseen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Spot {
    /// '' for the customers of all warehouses.
    pub warehouse: u32,
    pub place: u32,
    /// With customers: the order under which goods go to another warehouse of ours.
    pub plate: u32,
}

/// What the answer says of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub source_place: u32,
    pub target_place: u32,
    pub source_plate: u32,
    pub target_plate: u32,
    /// The order of a receipt, or the paper.
    pub order: u32,
    pub expiry: u32,
}

/// Whose rows and papers make runs: device, journal, row.
type Document = (u32, i64, i64);

/// The moves of a database up to a moment.
pub(super) struct Moves<'a, 'b> {
    tx: &'a Tx<'b>,
    until: Option<Timestamp>,
    direction: Direction,
    pub names: Names,
    spots: HashMap<Spot, u32>,
    pub places: Vec<Spot>,
    numbers: HashMap<Document, u32>,
    pub runs: Vec<Document>,
    pub marks: Vec<Mark>,
    loose: HashMap<u32, bool>,
    transfers: HashMap<(u32, String), Option<End>>,
}

/// What is known together.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    Item(u32),
    Label(Label),
}

// A row that was taken back says so itself; the program that reads all of that is the one that wrote it.
macro_rules! steps {
    ($which:literal) => {
        concat!(
            "SELECT m.warehouse, m.id, m.at, m.item, m.lot, m.serial, m.expiry, m.quantity, m.source_place, m.source_plate,
                 m.target_place, m.target_plate, m.device, m.epoch, m.seq, m.document,
                 CASE WHEN m.device <> '' AND (m.source_place = 'production' OR m.target_place = 'production') THEN
                     (SELECT j.line FROM journal j WHERE j.device = m.device AND j.epoch = m.epoch AND j.seq = m.seq
                          AND j.line LIKE '%\"fact\":\"undone\"%') END AS undone,
                 CASE WHEN m.device <> '' AND (m.source_place = 'supplier' OR m.target_place = 'supplier') THEN
                     (SELECT r.order_code FROM received r WHERE r.device = m.device AND r.epoch = m.epoch AND r.seq = m.seq)
                     END AS order_code,
                 CASE WHEN m.source_plate <> '' AND (m.source_place = 'customer' OR m.target_place = 'customer') THEN
                     (SELECT MIN(o.source_place) FROM moves o WHERE o.target_plate <> '' AND o.target_plate = m.source_plate
                          AND o.warehouse = m.warehouse AND o.source_place LIKE 'order:%' AND o.target_place LIKE 'truck:%')
                     END AS sent_with
             FROM moves m WHERE ",
            $which
        )
    };
}

impl<'a, 'b> Moves<'a, 'b> {
    pub fn new(tx: &'a Tx<'b>, until: Option<Timestamp>, direction: Direction) -> Self {
        Self {
            tx,
            until,
            direction,
            names: Names::default(),
            spots: HashMap::new(),
            places: Vec::new(),
            numbers: HashMap::new(),
            runs: Vec::new(),
            marks: Vec::new(),
            loose: HashMap::new(),
            transfers: HashMap::new(),
        }
    }

    fn spot(&mut self, spot: Spot) -> u32 {
        if let Some(known) = self.spots.get(&spot) {
            return *known;
        }
        let next = u32::try_from(self.places.len()).expect("a walk has an end long before");
        self.places.push(spot.clone());
        self.spots.insert(spot, next);
        next
    }

    fn run(&mut self, document: Document) -> u32 {
        let next = u32::try_from(self.runs.len()).expect("a walk has an end long before");
        *self.numbers.entry(document).or_insert_with(|| {
            self.runs.push(document);
            next
        })
    }

    fn place(&mut self, warehouse: u32, place: &str, plate: u32) -> End {
        let place = self.names.number(place);
        End::Place(self.spot(Spot {
            warehouse,
            place,
            plate,
        }))
    }

    /// `between`: where goods are that go from one of our warehouses to another, if they do.
    fn end(
        &mut self,
        warehouse: u32,
        place: &str,
        plate: u32,
        document: Document,
        between: Option<End>,
    ) -> End {
        match place {
            "production" if document.0 == 0 => End::Outside,
            "production" => End::Run(self.run(document)),
            "supplier" => between.unwrap_or(End::Outside),
            "found" => End::Outside,
            "customer" => between.unwrap_or_else(|| self.place(0, place, 0)),
            place if place.starts_with("order:") || place.starts_with("truck:") => {
                self.place(warehouse, place, plate)
            }
            place => self.place(warehouse, place, 0),
        }
    }

    /// Where goods of this order are between two warehouses of ours: in transit, or sold by the one and bought by the other under
    /// this very order. None: it is not between them.
    fn between(&mut self, warehouse: u32, order: &str) -> Result<Option<End>, Error> {
        if order.is_empty() {
            return Ok(None);
        }
        let key = (warehouse, order.to_owned());
        if let Some(known) = self.transfers.get(&key) {
            return Ok(*known);
        }
        let here = self.names.text(warehouse);
        let sql = "SELECT warehouse, order_code FROM transit WHERE target = ?1 AND notice <> '' AND notice = ?2
                   ORDER BY warehouse, order_code LIMIT 1";
        let found = match self.tx.first(sql, values![here, order])? {
            Some(row) => {
                let sender = self.names.number(row.text("warehouse")?);
                Some(self.place(sender, &format!("transit:{}", row.text("order_code")?), 0))
            }
            None if self.is_sold_and_bought(warehouse, order)? => {
                let number = self.names.number(order);
                Some(self.place(0, "customer", number))
            }
            None => None,
        };
        self.transfers.insert(key, found);
        Ok(found)
    }

    fn is_sold_and_bought(&self, warehouse: u32, order: &str) -> Result<bool, Error> {
        let sql = "SELECT o.code FROM orders h JOIN warehouses w ON w.code <> h.warehouse
                   JOIN orders o ON o.warehouse = w.code AND o.code = h.code
                   WHERE h.warehouse = ?1 AND h.code = ?2 AND (o.kind = 'receipt') <> (h.kind = 'receipt')";
        let sent = self
            .tx
            .first(sql, values![self.names.text(warehouse), order])?;
        Ok(sent.is_some())
    }

    fn read(&mut self, row: &Row) -> Result<Option<(Step, Option<Document>)>, Error> {
        let at: Timestamp = row.parse("at")?;
        if self.until.is_some_and(|until| at > until) {
            return Ok(None);
        }
        let warehouse = self.names.number(row.text("warehouse")?);
        let device = self.names.number(row.text("device")?);
        let document = (device, row.int("epoch")?, row.int("seq")?);
        let order = row.maybe("order_code").unwrap_or(row.text("document")?);
        let (source, target) = (row.text("source_place")?, row.text("target_place")?);
        let sent_with = row
            .maybe("sent_with")
            .and_then(|place| place.strip_prefix("order:"));
        let of_supplier = source == "supplier" || target == "supplier";
        let is_of = |place: &str| source.starts_with(place) || target.starts_with(place);
        if is_of("transit:") && is_of("customer") {
            // The sender's book squares what the other warehouse has received: that receipt is the step.
            return Ok(None);
        }
        let between = sent_with.or(of_supplier.then_some(order)).unwrap_or("");
        let between = self.between(warehouse, between)?;
        let plates = [row.text("source_plate")?, row.text("target_plate")?];
        let [source_plate, target_plate] = plates.map(|plate| self.names.number(plate));
        let mark = Mark {
            source_place: self.names.number(source),
            target_place: self.names.number(target),
            source_plate,
            target_plate,
            order: self.names.number(order),
            expiry: self.names.number(row.maybe("expiry").unwrap_or("")),
        };
        let label = self
            .names
            .label(row.text("item")?, row.text("lot")?, row.text("serial")?);
        let step = Step {
            at: Moment {
                micros: at.timestamp_micros(),
                warehouse,
                id: row.int("id")?,
            },
            label,
            quantity: row.int("quantity")?,
            source: self.end(warehouse, source, source_plate, document, between),
            target: self.end(warehouse, target, target_plate, document, between),
            tag: u32::try_from(self.marks.len()).expect("a walk has an end long before"),
        };
        self.marks.push(mark);
        Ok(Some((step, undone(row, document))))
    }
}

/// The row that a row of making takes back.
fn undone(row: &Row, document: Document) -> Option<Document> {
    let entry: Entry = serde_json::from_str(row.maybe("undone")?).ok()?;
    let Fact::Undone { seq, .. } = entry.fact else {
        return None;
    };
    Some((document.0, document.1, i64::try_from(seq).ok()?))
}

impl Ledger for Moves<'_, '_> {
    type Error = Error;
    type Scope = Scope;

    fn scope(&mut self, label: Label) -> Result<Scope, Error> {
        let loose = match self.loose.get(&label.item) {
            Some(known) => *known,
            None => {
                // Where all goods tell alike, no label fits another.
                let sql = "SELECT CASE m.lot WHEN '' THEN 0 ELSE 1 END AS lots, CASE m.serial WHEN '' THEN 0 ELSE 1 END AS serials
                           FROM moves m WHERE m.item = ?1 GROUP BY 1, 2";
                let item = self.names.text(label.item);
                let loose = self.tx.rows(sql, values![item])?.len() > 1;
                self.loose.insert(label.item, loose);
                loose
            }
        };
        Ok(if loose {
            Scope::Item(label.item)
        } else {
            Scope::Label(label)
        })
    }

    fn steps(&mut self, scope: Scope) -> Result<Vec<Step>, Error> {
        let (tx, mut read) = (self.tx, Vec::new());
        let text = |number| self.names.text(number).to_owned();
        let (sql, of) = match scope {
            Scope::Item(item) => (steps!("m.item = ?1"), vec![text(item)]),
            Scope::Label(label) => (
                steps!("m.item = ?1 AND m.lot = ?2 AND m.serial = ?3"),
                vec![text(label.item), text(label.lot), text(label.serial)],
            ),
        };
        let of: Vec<Value> = of.into_iter().map(Value::from).collect();
        tx.each(sql, &of, |row| {
            read.extend(self.read(&row)?);
            Ok::<(), Error>(())
        })?;
        let mut never = HashSet::new();
        for (step, taken_back) in &read {
            if let Some(run) = taken_back.and_then(|document| self.numbers.get(&document)) {
                never.insert(*run);
                for end in [step.source, step.target] {
                    if let End::Run(run) = end {
                        never.insert(run);
                    }
                }
            }
        }
        let is_real = |step: &Step| {
            let was = |end| !matches!(end, End::Run(run) if never.contains(&run));
            step.source != step.target && was(step.source) && was(step.target)
        };
        let steps = read.into_iter().map(|(step, _)| step);
        Ok(steps.filter(is_real).collect())
    }

    fn run(&mut self, run: u32) -> Result<Vec<Label>, Error> {
        let (device, epoch, seq) = self.runs[run as usize];
        let sql = match self.direction {
            Direction::Forward => {
                "SELECT DISTINCT item, lot, serial FROM moves WHERE device <> '' AND device = ?1 AND epoch = ?2 AND seq = ?3
                     AND source_place = 'production'"
            }
            Direction::Backward => {
                "SELECT DISTINCT item, lot, serial FROM moves WHERE device <> '' AND device = ?1 AND epoch = ?2 AND seq = ?3
                     AND target_place = 'production'"
            }
        };
        let rows = self
            .tx
            .rows(sql, values![self.names.text(device), epoch, seq])?;
        let names = &mut self.names;
        let label = |row: &Row| -> Result<Label, DatabaseError> {
            Ok(names.label(row.text("item")?, row.text("lot")?, row.text("serial")?))
        };
        Ok(rows.iter().map(label).collect::<Result<_, _>>()?)
    }
}
