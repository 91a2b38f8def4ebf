//! A history that never was, and the truth of it: three warehouses receive, move, re-pack, make things in five levels, ship,
//! take back, write off and send to each other. Every physical parcel knows what is in it, whatever was written down.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use stockhand::office::{Office, Value};
use stockhand::warehouse::{
    Fact, Goods, Move, Place, Quantity, Reason, Sscc, Status, Timestamp, WarehouseCode,
};

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }
}

/// What can be asked for: a lot of an item, or what came with a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Lot(usize),
    Receipt(usize, String),
}

/// How carefully people work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Every lot is read, every run has a lot of its own.
    Exact,
    /// Some items have no lots, some lots are not read, some lots are made in several runs.
    Sloppy,
}

#[derive(Clone, Debug)]
struct Parcel {
    item: usize,
    lot: Option<usize>,
    marks: Rc<BTreeSet<usize>>,
    units: u32,
}

/// A row of the ledger, and who wrote it.
struct Line {
    warehouse: usize,
    seq: u64,
    at: Timestamp,
    step: Move,
}

struct Received {
    warehouse: usize,
    seq: u64,
    order: String,
}

/// What was handed over: with which order, what was in it, how many.
pub struct Delivered {
    pub order: String,
    pub warehouse: usize,
    marks: Rc<BTreeSet<usize>>,
    pub units: u32,
}

pub const RAW: usize = 8;
pub const EACH: usize = 4;
pub const LEVELS: usize = 5;
const BINS: usize = 12;

pub struct History {
    pub dice: Dice,
    care: Care,
    lines: Vec<Line>,
    received: Vec<Received>,
    orders: Vec<(usize, String, &'static str, String)>,
    pub tokens: Vec<Token>,
    /// What is in all that was made under a lot, by token.
    pub made: BTreeMap<usize, BTreeSet<usize>>,
    /// What came with or was sent with an order.
    pub delivered: Vec<Delivered>,
    places: BTreeMap<(usize, String), Vec<Parcel>>,
    seq: u64,
    numbers: u64,
}

fn code<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub fn item_name(item: usize) -> String {
    if item < RAW {
        return format!("RAW-{item}");
    }
    format!("M{}-{}", (item - RAW) / EACH + 1, (item - RAW) % EACH)
}

pub fn warehouse_name(warehouse: usize) -> String {
    format!("W{}", warehouse + 1)
}

impl History {
    pub fn new(seed: u64, care: Care) -> Self {
        Self {
            dice: Dice(seed),
            care,
            lines: Vec::new(),
            received: Vec::new(),
            orders: Vec::new(),
            tokens: Vec::new(),
            made: BTreeMap::new(),
            delivered: Vec::new(),
            places: BTreeMap::new(),
            seq: 0,
            numbers: 0,
        }
    }

    /// Goes on until there are so many moves.
    pub fn until(&mut self, moves: usize) {
        while self.lines.len() < moves {
            match self.dice.below(100) {
                0..18 => self.receive(),
                18..48 => self.carry(),
                48..74 => self.make(),
                74..88 => self.ship(),
                88..93 => self.give_back(),
                93..97 => self.transfer(),
                _ => self.scrap(),
            }
        }
    }

    fn tracked(&self, item: usize) -> bool {
        self.care == Care::Exact || item % 4 != 3
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn bin(&mut self) -> String {
        format!("B-{:02}", self.dice.below(BINS))
    }

    fn goods(item: usize, lot: Option<usize>) -> Goods {
        Goods {
            lot: lot.map(|lot| code(&format!("L{lot}"))),
            ..Goods::of(code(&item_name(item)))
        }
    }

    /// Writes a fact down: the moves that follow from it are the ledger's.
    fn write(&mut self, warehouse: usize, fact: &Fact) {
        self.seq += 1;
        let began: Timestamp = "2027-01-01T06:00:00Z".parse().unwrap();
        let at = began + chrono::TimeDelta::seconds(self.seq.cast_signed() * 7);
        for step in fact.moves() {
            self.lines.push(Line {
                warehouse,
                seq: self.seq,
                at,
                step,
            });
        }
    }

    fn put(&mut self, warehouse: usize, place: &str, parcels: Vec<Parcel>) {
        let there = self
            .places
            .entry((warehouse, place.to_owned()))
            .or_default();
        for parcel in parcels {
            let same = |it: &&mut Parcel| {
                it.item == parcel.item && it.lot == parcel.lot && it.marks == parcel.marks
            };
            match there.iter_mut().find(same) {
                Some(known) => known.units += parcel.units,
                None => there.push(parcel),
            }
        }
    }

    /// Takes so many of an item, of this lot if one is read: which parcels, only fate knows.
    fn take(
        &mut self,
        warehouse: usize,
        place: &str,
        item: usize,
        lot: Option<usize>,
        units: u32,
    ) -> Vec<Parcel> {
        let there = self.places.get_mut(&(warehouse, place.to_owned())).unwrap();
        let (mut taken, mut left) = (Vec::new(), units);
        while left > 0 {
            let fits: Vec<usize> = (0..there.len())
                .filter(|at| there[*at].item == item && (lot.is_none() || there[*at].lot == lot))
                .collect();
            let at = fits[self.dice.below(fits.len())];
            let some = left.min(there[at].units);
            let some = 1 + u32::try_from(self.dice.below(some as usize)).unwrap();
            taken.push(Parcel {
                units: some,
                ..there[at].clone()
            });
            there[at].units -= some;
            left -= some;
            if there[at].units == 0 {
                there.swap_remove(at);
            }
        }
        taken
    }

    /// Something in a bin of a warehouse: where, what, which lot is read, how many at most.
    fn find(
        &mut self,
        warehouse: usize,
        wanted: impl Fn(usize) -> bool,
    ) -> Option<(String, usize, Option<usize>, u32)> {
        for _ in 0..8 {
            let bin = self.bin();
            let Some(there) = self.places.get(&(warehouse, bin.clone())) else {
                continue;
            };
            if there.is_empty() {
                continue;
            }
            let found = there[self.dice.below(there.len())].clone();
            if wanted(found.item) {
                let (lot, most) = self.read(warehouse, &bin, &found);
                return Some((bin, found.item, lot, most));
            }
        }
        None
    }

    /// Which lot is read, if one is, and how many can be taken then.
    fn read(&mut self, warehouse: usize, place: &str, found: &Parcel) -> (Option<usize>, u32) {
        let careless = self.care == Care::Sloppy && found.item % 4 == 1 && self.dice.percent(25);
        let lot = found.lot.filter(|_| !careless);
        let there = &self.places[&(warehouse, place.to_owned())];
        let fits = there
            .iter()
            .filter(|it| it.item == found.item && (lot.is_none() || it.lot == lot));
        (lot, fits.map(|it| it.units).sum())
    }

    fn some(&mut self, most: u32, at_most: u32) -> u32 {
        1 + u32::try_from(self.dice.below(most.min(at_most) as usize)).unwrap()
    }

    fn new_lot(&mut self, item: usize) -> Option<usize> {
        self.tracked(item).then(|| {
            self.tokens.push(Token::Lot(item));
            self.tokens.len() - 1
        })
    }

    fn receive(&mut self) {
        let (warehouse, item) = (self.dice.below(3), self.dice.below(RAW));
        let order = format!("RC-{}", self.number());
        self.tokens.push(Token::Receipt(warehouse, order.clone()));
        let receipt = self.tokens.len() - 1;
        let again = self.care == Care::Sloppy && self.dice.percent(20);
        let known: Vec<usize> = (self.tokens.len().saturating_sub(40)..self.tokens.len())
            .filter(|at| self.tokens[*at] == Token::Lot(item))
            .collect();
        let lot = if again && self.tracked(item) && !known.is_empty() {
            Some(known[self.dice.below(known.len())])
        } else {
            self.new_lot(item)
        };
        let units = 20 + u32::try_from(self.dice.below(60)).unwrap();
        let supplier = format!("S{}", self.dice.below(5));
        let (bin, goods) = (self.bin(), Self::goods(item, lot));
        self.take_in(warehouse, &order, &goods, units, &bin);
        self.orders.push((warehouse, order, "receipt", supplier));
        let marks: BTreeSet<usize> = lot.into_iter().chain([receipt]).collect();
        if let Some(lot) = lot {
            self.made.entry(lot).or_default().extend(&marks);
        }
        let parcel = Parcel {
            item,
            lot,
            marks: Rc::new(marks),
            units,
        };
        self.put(warehouse, &bin, vec![parcel]);
    }

    fn take_in(&mut self, warehouse: usize, order: &str, goods: &Goods, units: u32, bin: &str) {
        let fact = Fact::Received {
            order: Some(code(order)),
            line: 1,
            goods: goods.clone(),
            quantity: Quantity::units(units),
            weight_g: None,
            plate: None,
            status: Status::Available,
            bin: code(bin),
        };
        self.write(warehouse, &fact);
        self.received.push(Received {
            warehouse,
            seq: self.seq,
            order: order.to_owned(),
        });
    }

    /// From bin to bin, some of it from pallet to pallet.
    fn carry(&mut self) {
        let warehouse = self.dice.below(3);
        let Some((from, item, lot, most)) = self.find(warehouse, |_| true) else {
            return;
        };
        let (units, to) = (self.some(most, 40), self.bin());
        let goods = Self::goods(item, lot);
        let plate = self.dice.percent(30).then(|| self.plate());
        self.write(
            warehouse,
            &Fact::Taken {
                line: 1,
                goods: goods.clone(),
                quantity: Quantity::units(units),
                plate: None,
                status: Status::Available,
                from: code(&from),
                into: code("worker:P1"),
            },
        );
        self.write(
            warehouse,
            &Fact::Put {
                line: 1,
                goods,
                quantity: Quantity::units(units),
                plate,
                status: Status::Available,
                from: code("worker:P1"),
                to: code(&to),
                reason: None,
            },
        );
        let parcels = self.take(warehouse, &from, item, lot, units);
        self.put(warehouse, &to, parcels);
    }

    fn plate(&mut self) -> Sscc {
        let number = self.number();
        Sscc::from_body(&format!("3{number:016}")).unwrap()
    }

    fn make(&mut self) {
        let (warehouse, level) = (self.dice.below(3), 1 + self.dice.below(LEVELS));
        let below = |item: usize| {
            let of = if item < RAW {
                0
            } else {
                (item - RAW) / EACH + 1
            };
            of < level && (of + 1 == level || of == 0)
        };
        let product = RAW + (level - 1) * EACH + self.dice.below(EACH);
        let mut consumed = Vec::new();
        let mut marks = BTreeSet::new();
        for _ in 0..=self.dice.below(3) {
            let Some((from, item, lot, most)) = self.find(warehouse, below) else {
                break;
            };
            let units = self.some(most, 12);
            let goods = Self::goods(item, lot);
            self.write(
                warehouse,
                &Fact::Taken {
                    line: 1,
                    goods: goods.clone(),
                    quantity: Quantity::units(units),
                    plate: None,
                    status: Status::Available,
                    from: code(&from),
                    into: code("worker:M1"),
                },
            );
            for parcel in self.take(warehouse, &from, item, lot, units) {
                marks.extend(parcel.marks.iter().copied());
            }
            consumed.push((goods, Quantity::units(units), code::<Place>("worker:M1")));
        }
        if consumed.is_empty() {
            return;
        }
        let known: Vec<usize> = (self.tokens.len().saturating_sub(60)..self.tokens.len())
            .filter(|at| self.tokens[*at] == Token::Lot(product))
            .collect();
        let again = self.care == Care::Sloppy && self.dice.percent(30) && self.tracked(product);
        let lot = if again && !known.is_empty() {
            Some(known[self.dice.below(known.len())])
        } else {
            self.new_lot(product)
        };
        marks.extend(lot);
        if let Some(lot) = lot {
            self.made.entry(lot).or_default().extend(&marks);
        }
        let (units, bin) = (4 + u32::try_from(self.dice.below(12)).unwrap(), self.bin());
        let fact = Fact::Assembled {
            order: code("MO-1"),
            product: Self::goods(product, lot),
            quantity: Quantity::units(units),
            bin: code(&bin),
            consumed,
        };
        self.write(warehouse, &fact);
        let parcel = Parcel {
            item: product,
            lot,
            marks: Rc::new(marks),
            units,
        };
        self.put(warehouse, &bin, vec![parcel]);
    }

    fn ship(&mut self) {
        let warehouse = self.dice.below(3);
        let order = format!("SO-{}", self.number());
        let customer = format!("C{}", self.dice.below(20));
        self.orders
            .push((warehouse, order.clone(), "sales", customer));
        let lines = 1 + self.dice.below(2);
        self.send(warehouse, &order, lines);
    }

    /// Picks, packs, loads and hands over lines of an order; says what went.
    fn send(&mut self, warehouse: usize, order: &str, lines: usize) -> Vec<(Goods, Parcel)> {
        let (mut all, mut contents) = (Vec::new(), Vec::new());
        for _ in 0..lines {
            let Some((from, item, lot, most)) = self.find(warehouse, |_| true) else {
                continue;
            };
            let (units, goods) = (self.some(most, 10), Self::goods(item, lot));
            let (quantity, tote): (_, Place) = (Quantity::units(units), code("tote:T1"));
            self.write(
                warehouse,
                &Fact::Picked {
                    line: 1,
                    order: code(order),
                    bin: code(&from),
                    goods: goods.clone(),
                    quantity,
                    into: tote.clone(),
                },
            );
            self.write(
                warehouse,
                &Fact::Dropped {
                    order: code(order),
                    bin: code("PACK"),
                    goods: vec![(goods.clone(), quantity, tote)],
                },
            );
            self.write(
                warehouse,
                &Fact::Packed {
                    line: 1,
                    order: code(order),
                    carton: 1,
                    goods: goods.clone(),
                    quantity,
                    from: code("PACK"),
                },
            );
            let parcels = self.take(warehouse, &from, item, lot, units);
            all.extend(parcels.into_iter().map(|parcel| (goods.clone(), parcel)));
            contents.push((goods, quantity));
        }
        if contents.is_empty() {
            return all;
        }
        let (plate, truck) = (self.plate(), format!("T-{order}"));
        self.write(
            warehouse,
            &Fact::CartonClosed {
                order: code(order),
                carton: 1,
                sscc: plate,
                goods: contents.clone(),
            },
        );
        self.write(
            warehouse,
            &Fact::Loaded {
                shipment: code(&truck),
                door: code("DOCK"),
                order: code(order),
                plate,
                goods: contents.clone(),
            },
        );
        self.write(
            warehouse,
            &Fact::Delivered {
                shipment: code(&truck),
                stop: 1,
                order: code(order),
                plate,
                goods: contents,
            },
        );
        for (_, parcel) in &all {
            self.delivered.push(Delivered {
                order: order.to_owned(),
                warehouse,
                marks: parcel.marks.clone(),
                units: parcel.units,
            });
            self.put(3, "customer", vec![parcel.clone()]);
        }
        all
    }

    fn give_back(&mut self) {
        let Some(there) = self.places.get(&(3, "customer".to_owned())) else {
            return;
        };
        if there.is_empty() {
            return;
        }
        let found = there[self.dice.below(there.len())].clone();
        let (lot, most) = self.read(3, "customer", &found);
        let (units, bin, warehouse) = (self.some(most, 5), self.bin(), self.dice.below(3));
        let fact = Fact::Returned {
            order: None,
            goods: Self::goods(found.item, lot),
            quantity: Quantity::units(units),
            bin: code(&bin),
            becomes: Some(Status::OnHold),
        };
        self.write(warehouse, &fact);
        let parcels = self.take(3, "customer", found.item, lot, units);
        self.put(warehouse, &bin, parcels);
    }

    /// One warehouse is the customer of another, which is its supplier.
    fn transfer(&mut self) {
        let warehouse = self.dice.below(3);
        let other = (warehouse + 1 + self.dice.below(2)) % 3;
        let order = format!("TO-{}", self.number());
        let (from, to) = (warehouse_name(warehouse), warehouse_name(other));
        self.orders.push((warehouse, order.clone(), "sales", to));
        self.orders.push((other, order.clone(), "receipt", from));
        let sent = self.send(warehouse, &order, 1);
        for (goods, parcel) in sent {
            let bin = self.bin();
            self.take_in(other, &order, &goods, parcel.units, &bin);
            let there = self.places.get_mut(&(3, "customer".to_owned())).unwrap();
            let same = |it: &Parcel| {
                it.item == parcel.item && it.lot == parcel.lot && it.marks == parcel.marks
            };
            let at = there.iter().position(same).unwrap();
            there[at].units -= parcel.units;
            if there[at].units == 0 {
                there.swap_remove(at);
            }
            self.put(other, &bin, vec![parcel]);
        }
    }

    fn scrap(&mut self) {
        let warehouse = self.dice.below(3);
        let Some((from, item, lot, most)) = self.find(warehouse, |_| true) else {
            return;
        };
        let units = self.some(most, 6);
        let fact = Fact::Restated {
            bin: code(&from),
            plate: None,
            goods: Self::goods(item, lot),
            quantity: Quantity::units(units),
            was: Status::Available,
            becomes: None,
            reason: Reason::Damaged,
        };
        self.write(warehouse, &fact);
        let parcels = self.take(warehouse, &from, item, lot, units);
        self.put(warehouse, "loss", parcels);
    }

    /// How many units with this in them were handed over, by order, and are there, by warehouse and place.
    pub fn truth(&self, token: usize) -> (BTreeMap<String, u32>, BTreeMap<(String, String), u32>) {
        let mut sent: BTreeMap<String, u32> = BTreeMap::new();
        for it in self.delivered.iter().filter(|it| it.marks.contains(&token)) {
            *sent.entry(it.order.clone()).or_default() += it.units;
        }
        let mut there: BTreeMap<(String, String), u32> = BTreeMap::new();
        for ((warehouse, place), parcels) in &self.places {
            if *warehouse == 3 || place == "loss" {
                continue;
            }
            let with = parcels.iter().filter(|it| it.marks.contains(&token));
            let units: u32 = with.map(|it| it.units).sum();
            if units > 0 {
                there.insert((warehouse_name(*warehouse), place.clone()), units);
            }
        }
        (sent, there)
    }

    /// What is in what was sent with an order.
    pub fn within(&self, order: &str) -> BTreeSet<usize> {
        let of = self.delivered.iter().filter(|it| it.order == order);
        of.flat_map(|it| it.marks.iter().copied()).collect()
    }

    /// Writes it all into an office's books.
    pub fn store(&self, office: &Office) {
        let done = office.database().write(|tx| {
            for warehouse in 0..3 {
                let name = warehouse_name(warehouse);
                let sql = "INSERT INTO warehouses (code, name) VALUES (?1, ?1)";
                tx.run(sql, &[name.as_str().into()])?;
            }
            for (warehouse, code, kind, partner) in &self.orders {
                let sql = "INSERT INTO orders (warehouse, code, kind, partner, priority, state, bin)
                           VALUES (?1, ?2, ?3, ?4, 50, 'open', '')";
                let warehouse = warehouse_name(*warehouse);
                let row: [Value; 4] = [warehouse.into(), code.into(), (*kind).into(), partner.into()];
                tx.run(sql, &row)?;
            }
            for it in &self.received {
                let sql = "INSERT INTO received (warehouse, device, epoch, seq, task, order_code, line, item, lot, quantity, at)
                           VALUES (?1, ?2, 1, ?3, '', ?4, 1, '', '', 0, '')";
                let (warehouse, device) = (warehouse_name(it.warehouse), device(it.warehouse));
                tx.run(sql, &[warehouse.into(), device.into(), it.seq.into(), (&it.order).into()])?;
            }
            for (id, line) in (1i64..).zip(&self.lines) {
                line.store(tx, id)?;
            }
            Ok::<(), stockhand::office::DatabaseError>(())
        });
        done.unwrap();
    }
}

fn device(warehouse: usize) -> String {
    format!("HH-00{warehouse}")
}

impl Line {
    fn store(
        &self,
        tx: &stockhand::office::Tx,
        id: i64,
    ) -> Result<(), stockhand::office::DatabaseError> {
        let sql = "INSERT INTO moves (warehouse, id, device, epoch, seq, document, item, lot, serial, expiry, quantity,
                       source_place, source_plate, source_status, target_place, target_plate, target_status, at)
                   VALUES (?1, ?2, ?3, 1, ?4, '', ?5, ?6, '', NULL, ?7, ?8, ?9, 'available', ?10, ?11, 'available', ?12)";
        let Move {
            goods,
            quantity,
            source,
            target,
        } = &self.step;
        let text = |plate: &Option<Sscc>| plate.map(|plate| plate.to_string()).unwrap_or_default();
        let row: [Value; 12] = [
            warehouse_name(self.warehouse).into(),
            id.into(),
            device(self.warehouse).into(),
            self.seq.into(),
            goods.item.as_str().into(),
            goods.lot.as_ref().map_or("", |lot| lot.as_str()).into(),
            quantity.thousandths().into(),
            source.place.to_string().into(),
            text(&source.plate).into(),
            target.place.to_string().into(),
            text(&target.plate).into(),
            self.at.to_rfc3339().into(),
        ];
        tx.run(sql, &row).map(|_| ())
    }
}

/// The warehouse's code, for a question.
pub fn warehouse(of: usize) -> WarehouseCode {
    code(&warehouse_name(of))
}
