//! From steps that passed to an answer: sums by receipt, by pair of goods, by customer and by bin, in names again.

use super::answer::{Balance, Came, How, Into, Sent, Stage, Stands, Traced, TracedGoods};
use super::ledger::{Mark, Moves};
use super::{Asked, Exposure};
use crate::office::Error;
use crate::office::database::{Error as DatabaseError, Tx, values};
use crate::planning::trace::{Direction, End, Label, Passed, Rest};
use crate::warehouse::{Goods, Place, Quantity, SafeText, Timestamp};
use std::collections::{BTreeMap, HashMap};

pub(super) fn gather(
    tx: &Tx,
    moves: &Moves,
    asked: &Asked,
    passed: &[Passed],
    rest: &[Rest],
) -> Result<Traced, Error> {
    let mut gathering = Gathering {
        tx,
        moves,
        backward: asked.direction() == Direction::Backward,
        orders: HashMap::new(),
        partners: HashMap::new(),
        expiries: HashMap::new(),
        levels: HashMap::new(),
        balances: BTreeMap::new(),
    };
    gathering.learn(passed);
    let came = gathering.came(passed)?;
    let made = gathering.made(passed)?;
    gathering.weigh(passed);
    let mut sent = gathering.delivered(passed)?;
    let mut stands = Vec::new();
    if !gathering.backward {
        gathering.left(rest, &mut stands, &mut sent)?;
    }
    sent.sort_by(|a, b| {
        let key = |it: &Sent| {
            (
                it.stage,
                it.customer.clone(),
                it.order.clone(),
                it.plate.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    Ok(Traced {
        asked: asked.clone(),
        goods: gathering.goods(passed)?,
        came,
        made,
        stands,
        sent,
        balance: gathering.balance()?,
    })
}

struct Gathering<'a, 'b, 'c, 'd> {
    tx: &'a Tx<'b>,
    moves: &'a Moves<'c, 'd>,
    backward: bool,
    /// Which order's place a carton comes from: by warehouse and plate.
    orders: HashMap<(u32, u32), u32>,
    partners: HashMap<(u32, String), SafeText>,
    expiries: HashMap<Label, u32>,
    levels: HashMap<Label, u32>,
    balances: BTreeMap<u32, Sums>,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    came: Exposure,
    made: Exposure,
    sent: Exposure,
    used: Exposure,
    lost: Exposure,
    unknown: Exposure,
    left: Exposure,
}

fn unreadable(what: &'static str, text: &str) -> Error {
    Error::Database(DatabaseError::Unreadable {
        what,
        text: text.to_owned(),
    })
}

impl<'a> Gathering<'a, '_, '_, '_> {
    fn mark(&self, passed: &Passed) -> &'a Mark {
        &self.moves.marks[passed.step.tag as usize]
    }

    fn name(&self, number: u32) -> &'a str {
        self.moves.names.text(number)
    }

    fn parse<T: std::str::FromStr>(&self, what: &'static str, number: u32) -> Result<T, Error> {
        let text = self.name(number);
        text.parse().map_err(|_| unreadable(what, text))
    }

    fn maybe<T: std::str::FromStr>(
        &self,
        what: &'static str,
        number: u32,
    ) -> Result<Option<T>, Error> {
        match number {
            0 => Ok(None),
            _ => self.parse(what, number).map(Some),
        }
    }

    fn goods_of(&self, label: Label) -> Result<Goods, Error> {
        let expiry = self.expiries.get(&label).copied().unwrap_or_default();
        Ok(Goods {
            item: self.parse("item", label.item)?,
            lot: self.maybe("lot", label.lot)?,
            serial: self.maybe("serial", label.serial)?,
            expiry: self.maybe("expiry", expiry)?,
        })
    }

    /// The ends of a step as they were.
    const fn ends(&self, passed: &Passed) -> (End, End) {
        if self.backward {
            (passed.step.target, passed.step.source)
        } else {
            (passed.step.source, passed.step.target)
        }
    }

    /// What is known only once all was seen: which carton is whose, how far from what was asked goods are.
    fn learn(&mut self, passed: &[Passed]) {
        let mut runs: HashMap<u32, u32> = HashMap::new();
        let mut items: HashMap<u32, u32> = HashMap::new();
        for it in passed {
            let (mark, label) = (self.mark(it), it.step.label);
            if mark.expiry != 0 {
                self.expiries.insert(label, mark.expiry);
            }
            let warehouse = it.step.at.warehouse;
            if self.name(mark.source_place).starts_with("order:")
                && self.name(mark.target_place).starts_with("truck:")
            {
                let of = (warehouse, mark.source_plate);
                self.orders.insert(of, mark.source_place);
            }
            // Goods that lost their label on the way are as far as the others of their item.
            let level = match it.step.source {
                End::Run(run) => runs.get(&run).map_or(0, |level| level + 1),
                _ => *self
                    .levels
                    .get(&label)
                    .or_else(|| items.get(&label.item))
                    .unwrap_or(&0),
            };
            let known = self.levels.entry(label).or_insert(level);
            *known = level.min(*known);
            items.entry(label.item).or_insert(level);
            if let End::Run(run) = it.step.target {
                let known = runs.entry(run).or_insert(level);
                *known = level.min(*known);
            }
        }
    }

    fn partner(&mut self, warehouse: u32, order: &str) -> Result<SafeText, Error> {
        let key = (warehouse, order.to_owned());
        if let Some(known) = self.partners.get(&key) {
            return Ok(known.clone());
        }
        let sql = "SELECT partner FROM orders WHERE warehouse = ?1 AND code = ?2";
        let row = self.tx.first(sql, values![self.name(warehouse), order])?;
        let partner = row.map_or(Ok(SafeText::default()), |row| {
            row.text("partner").map(SafeText::new)
        })?;
        self.partners.insert(key, partner.clone());
        Ok(partner)
    }

    fn came(&mut self, passed: &[Passed]) -> Result<Vec<Came>, Error> {
        type Key = (How, u32, u32, Label);
        let mut sums: BTreeMap<Key, (Exposure, i64)> = BTreeMap::new();
        for it in passed {
            let mark = self.mark(it);
            let (source, target) = self.ends(it);
            let inward = |place: u32, end: End| {
                Some(match self.name(place) {
                    "supplier" if matches!(end, End::Place(_)) => How::Transferred,
                    "supplier" => How::Received,
                    "found" => How::Found,
                    _ => return None,
                })
            };
            let (how, comes) = match inward(mark.source_place, source) {
                Some(how) => (how, true),
                None if self.name(mark.source_place) == "customer"
                    && !self.name(mark.target_place).starts_with("truck:") =>
                {
                    (How::Returned, true)
                }
                None => match inward(mark.target_place, target) {
                    Some(how) => (how, false),
                    None => continue,
                },
            };
            let key = (how, it.step.at.warehouse, mark.order, it.step.label);
            let sum = sums
                .entry(key)
                .or_insert((Exposure::default(), it.step.at.micros));
            sum.0 = add(sum.0, comes, it.share.into());
            sum.1 = sum.1.min(it.step.at.micros);
        }
        let rows = sums.into_iter().filter(|(_, (amount, _))| amount.is_any());
        let row = |((how, warehouse, order, label), (amount, at)): (Key, (Exposure, i64))| {
            let order = self.name(order);
            Ok(Came {
                how,
                warehouse: self.parse("warehouse", warehouse)?,
                order: SafeText::new(order),
                partner: self.partner(warehouse, order)?,
                goods: self.goods_of(label)?,
                amount,
                at: Timestamp::from_timestamp_micros(at).unwrap_or_default(),
            })
        };
        rows.map(row).collect()
    }

    /// What was used up for what: by pairs of goods.
    fn made(&self, passed: &[Passed]) -> Result<Vec<Into>, Error> {
        let mut runs: BTreeMap<u32, [Vec<(Label, Exposure)>; 2]> = BTreeMap::new();
        for it in passed {
            let (source, target) = self.ends(it);
            let amount = (it.step.label, it.share.into());
            if let End::Run(run) = target {
                runs.entry(run).or_default()[0].push(amount);
            }
            if let End::Run(run) = source {
                runs.entry(run).or_default()[1].push(amount);
            }
        }
        let mut pairs: BTreeMap<(Label, Label), (Exposure, Exposure)> = BTreeMap::new();
        for [used, made] in runs.values() {
            for (from, used) in used {
                for (into, made) in made {
                    let sum = pairs.entry((*from, *into)).or_default();
                    *sum = (sum.0.plus(*used), sum.1.plus(*made));
                }
            }
        }
        let row = |((from, into), (used, made)): ((Label, Label), (Exposure, Exposure))| {
            Ok(Into {
                from: self.goods_of(from)?,
                used,
                into: self.goods_of(into)?,
                made,
            })
        };
        pairs.into_iter().map(row).collect()
    }

    fn delivered(&mut self, passed: &[Passed]) -> Result<Vec<Sent>, Error> {
        type Key = (u32, u32, u32, u32, Label);
        let mut sums: BTreeMap<Key, Exposure> = BTreeMap::new();
        for it in passed {
            let mark = self.mark(it);
            let places = [mark.source_place, mark.target_place].map(|place| self.name(place));
            let (truck, plate, goes) = match places {
                [_, "customer"] => (mark.source_place, mark.source_plate, true),
                ["customer", truck] if truck.starts_with("truck:") => {
                    (mark.target_place, mark.target_plate, false)
                }
                _ => continue,
            };
            let warehouse = it.step.at.warehouse;
            let order = self.orders.get(&(warehouse, plate)).copied().unwrap_or(0);
            let key = (warehouse, order, truck, plate, it.step.label);
            let sum = sums.entry(key).or_default();
            *sum = add(*sum, goes, it.share.into());
        }
        let rows = sums.into_iter().filter(|(_, amount)| amount.is_any());
        let row = |((warehouse, order, truck, plate, label), amount): (Key, Exposure)| {
            self.sent(
                warehouse,
                order,
                (truck, plate),
                label,
                amount,
                Stage::Delivered,
            )
        };
        rows.map(row).collect()
    }

    fn sent(
        &mut self,
        warehouse: u32,
        order: u32,
        (truck, plate): (u32, u32),
        label: Label,
        amount: Exposure,
        stage: Stage,
    ) -> Result<Sent, Error> {
        let truck = self.name(truck);
        let order = self.name(order).strip_prefix("order:");
        let code = order.map(str::parse).transpose();
        Ok(Sent {
            warehouse: self.parse("warehouse", warehouse)?,
            order: code.map_err(|_| unreadable("order", order.unwrap_or_default()))?,
            customer: self.partner(warehouse, order.unwrap_or_default())?,
            shipment: SafeText::new(truck.strip_prefix("truck:").unwrap_or("")),
            plate: SafeText::new(self.name(plate)),
            goods: self.goods_of(label)?,
            amount,
            stage,
        })
    }

    /// Where it all is: for a customer already, or in the house; what is beyond it is only added up.
    fn left(
        &mut self,
        rest: &[Rest],
        stands: &mut Vec<Stands>,
        sent: &mut Vec<Sent>,
    ) -> Result<(), Error> {
        for it in rest {
            let spot = &self.moves.places[it.place as usize];
            let amount = Exposure::from(it.share);
            let place: Place = self.parse("place", spot.place)?;
            let sums = self.balances.entry(it.label.item).or_default();
            let sum = match place {
                Place::Customer => &mut sums.sent,
                Place::Loss => &mut sums.lost,
                Place::Transit(_) => &mut sums.left,
                _ if place.is_inside() => &mut sums.left,
                _ => &mut sums.unknown,
            };
            *sum = sum.plus(amount);
            let on = (spot.place, spot.plate);
            match place {
                Place::Customer | Place::Loss | Place::Unknown => {}
                Place::Truck(_) => {
                    let order = self.orders.get(&(spot.warehouse, spot.plate)).copied();
                    let order = order.unwrap_or(0);
                    let row = self.sent(spot.warehouse, order, on, it.label, amount, Stage::Loaded);
                    sent.push(row?);
                }
                Place::Order(_) => {
                    let row = self.sent(
                        spot.warehouse,
                        spot.place,
                        on,
                        it.label,
                        amount,
                        Stage::Packed,
                    );
                    sent.push(row?);
                }
                place => stands.push(Stands {
                    warehouse: self.parse("warehouse", spot.warehouse)?,
                    place,
                    goods: self.goods_of(it.label)?,
                    amount,
                }),
            }
        }
        Ok(())
    }

    /// Adds up, item by item, what came and what went.
    fn weigh(&mut self, passed: &[Passed]) {
        for it in passed {
            let mark = self.mark(it);
            let amount = Exposure::from(it.share);
            let places = [mark.source_place, mark.target_place].map(|place| self.name(place));
            let begun = Exposure {
                certain: Quantity::from_thousandths(it.share.least - it.before.least),
                possible: Quantity::ZERO,
            };
            let (source, target) = self.ends(it);
            let sums = self.balances.entry(it.step.label.item).or_default();
            match (places[0], source) {
                ("production", _) => sums.made = sums.made.plus(amount),
                ("supplier" | "found", End::Outside) => sums.came = sums.came.plus(amount),
                _ => sums.came = sums.came.plus(begun),
            }
            match (places[1], target) {
                ("production", _) => sums.used = sums.used.plus(amount),
                ("supplier" | "found", End::Outside) => sums.came = sums.came.minus(amount),
                _ => {}
            }
        }
    }

    fn balance(&self) -> Result<Vec<Balance>, Error> {
        if self.backward {
            return Ok(Vec::new());
        }
        let row = |(item, sums): (&u32, &Sums)| {
            let came = sums.came.plus(sums.made).certain;
            let gone = [sums.sent, sums.used, sums.lost, sums.unknown, sums.left];
            let gone: Quantity = gone.iter().map(|part| part.certain).sum();
            Ok(Balance {
                item: self.parse("item", *item)?,
                came: sums.came,
                made: sums.made,
                sent: sums.sent,
                used: sums.used,
                lost: sums.lost,
                unknown: sums.unknown,
                left: sums.left,
                open: came.minus(gone),
            })
        };
        self.balances.iter().map(row).collect()
    }

    fn goods(&self, passed: &[Passed]) -> Result<Vec<TracedGoods>, Error> {
        let mut came: BTreeMap<(u32, Label), Exposure> = BTreeMap::new();
        for it in passed {
            let level = self.levels.get(&it.step.label).copied().unwrap_or(0);
            let sum = came.entry((level, it.step.label)).or_default();
            let place = self.name(self.mark(it).source_place);
            if matches!(place, "production" | "supplier" | "found") {
                *sum = sum.plus(it.share.into());
            }
        }
        let row = |((level, label), came)| {
            Ok(TracedGoods {
                goods: self.goods_of(label)?,
                level,
                came,
            })
        };
        came.into_iter().map(row).collect()
    }
}

/// The sum with what came, or without what went back.
const fn add(sum: Exposure, comes: bool, amount: Exposure) -> Exposure {
    if comes {
        sum.plus(amount)
    } else {
        sum.minus(amount)
    }
}
