//! Waves: orders released together are put on carts so that as little as possible is walked; a dry run says what that would be.

use super::database::{Tx, values};
use super::draft::{Drafted, Drafts, drafts};
use super::release::{self, Terms};
use super::rules::{CartRules, Rules};
use super::{Error, Office, zones};
use crate::planning::batch::{Cart, Order, Plan, Wave};
use crate::planning::route::{self, Layout, Point as Stop};
use crate::warehouse::{OrderCode, PickLine, Point, Quantity, SafeText, Timestamp, WarehouseCode};

/// Most orders that are weighed against each other; more are put on carts in portions of so many.
const TOGETHER: usize = 100;

/// What a wave is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Its picking tasks.
    pub carts: Vec<PlannedCart>,
    /// How far is walked for all of them, in centimetres; none where the floor is not known.
    pub walk_cm: Option<u64>,
    /// The same if carts were filled first come, first served.
    pub first_come_cm: Option<u64>,
    /// The same if every order were picked alone.
    pub alone_cm: Option<u64>,
    /// What its orders want and is not in stock, in words.
    pub shorts: Vec<SafeText>,
    /// What goes instead of something else, in words.
    pub substituted: Vec<SafeText>,
    /// Orders that stay open: nothing of them is in stock.
    pub nothing: Vec<OrderCode>,
}

/// One picking task of a wave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlannedCart {
    /// Its orders, most urgent first.
    pub orders: Vec<OrderCode>,
    /// How many lines they have together.
    pub lines: usize,
    /// How much is fetched in all.
    pub quantity: Quantity,
    /// How far is walked for it, in centimetres.
    pub walk_cm: Option<u64>,
}

impl Office {
    /// Releases open orders, most urgent first, no more than so many, as one wave. Says what it is made of.
    pub fn release_wave(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        most: usize,
    ) -> Result<Planned, Error> {
        self.write(|tx| released(tx, now, warehouse.as_str(), most))
    }

    /// What such a wave would be made of by these rules. Nothing is released.
    pub fn plan_wave(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        rules: Rules,
        most: usize,
    ) -> Result<Planned, Error> {
        self.write(|tx| {
            let warehouse = warehouse.as_str();
            let terms = Terms::by(tx, warehouse, rules)?;
            let drafts = drafts(tx, now, warehouse, &terms, most)?;
            let sql = "DELETE FROM task_lines WHERE warehouse = ?1 AND task = ?2";
            for draft in &drafts.made {
                tx.run(sql, values![warehouse, draft.task.as_str()])?;
            }
            Ok(plan(&terms, &drafts))
        })
    }
}

/// Releases a wave within a transaction.
pub(super) fn released(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    most: usize,
) -> Result<Planned, Error> {
    let terms = Terms::of(tx, warehouse)?;
    let drafts = drafts(tx, now, warehouse, &terms, most)?;
    let planned = plan(&terms, &drafts);
    onto_the_floor(tx, now, warehouse, &terms, drafts.made)?;
    Ok(planned)
}

pub(super) fn plan(terms: &Terms, drafts: &Drafts) -> Planned {
    let Drafts { made, nothing } = drafts;
    let drafts = made.as_slice();
    let said = |words: &dyn Fn(&Drafted) -> Vec<String>| {
        drafts.iter().flat_map(words).map(SafeText::from).collect()
    };
    let ground = Ground::of(terms, drafts);
    let walk = |cart: &[usize]| ground.as_ref().and_then(|it| it.length(drafts, cart));
    let all = |carts: &[Vec<usize>]| carts.iter().map(|cart| walk(cart)).sum::<Option<u64>>();
    let carts = carts(terms, drafts, ground.as_ref());
    let alone: Vec<Vec<usize>> = (0..drafts.len()).map(|draft| vec![draft]).collect();
    let first = in_turn(
        &terms.rules.carts,
        drafts,
        &(0..drafts.len()).collect::<Vec<_>>(),
    );
    Planned {
        walk_cm: all(&carts),
        first_come_cm: all(&first),
        alone_cm: all(&alone),
        carts: carts
            .iter()
            .map(|cart| PlannedCart {
                orders: cart
                    .iter()
                    .map(|&at| drafts[at].head.order.clone())
                    .collect(),
                lines: cart.iter().map(|&at| drafts[at].pick.lines.len()).sum(),
                quantity: (cart.iter().flat_map(|&at| &drafts[at].pick.lines))
                    .map(|line| line.quantity)
                    .sum(),
                walk_cm: walk(cart),
            })
            .collect(),
        shorts: said(&|draft| draft.shorts.clone()),
        substituted: said(&|draft| draft.substituted.clone()),
        nothing: nothing.clone(),
    }
}

/// The floor as a wave needs it.
struct Ground {
    layout: Layout,
    start: Stop,
    end: Stop,
}

impl Ground {
    fn of(terms: &Terms, drafts: &[Drafted]) -> Option<Self> {
        let floor = terms.floor.as_ref()?;
        let layout = Layout::new(floor.aisles_cm.clone(), floor.cross_aisles_cm.clone()).ok()?;
        let end = drafts.iter().find_map(|draft| draft.pick.drop_at);
        let start = floor.start.or(end)?;
        let near = |at: Point| {
            let at = stop(at);
            let cross = layout.cross_aisles().iter().copied();
            let y = cross.min_by_key(|y| y.abs_diff(at.y)).unwrap_or(at.y);
            if layout.is_on_floor(at) {
                at
            } else {
                Stop::new(at.x, y)
            }
        };
        Some(Self {
            start: near(start),
            end: near(end.unwrap_or(start)),
            layout,
        })
    }

    fn length(&self, drafts: &[Drafted], cart: &[usize]) -> Option<u64> {
        let stops: Vec<Stop> = cart.iter().flat_map(|&at| stops(&drafts[at])).collect();
        route::length(&self.layout, self.start, self.end, &stops).ok()
    }

    /// Carts with little to walk; none where that cannot be told.
    fn carts(&self, rules: &CartRules, drafts: &[Drafted], which: &[usize]) -> Option<Plan> {
        let orders: Vec<Order> = which
            .iter()
            .map(|&at| Order {
                stops: stops(&drafts[at]),
                volume_cm3: 0,
                weight_g: weight_g(&drafts[at]),
            })
            .collect();
        let wave = Wave {
            layout: &self.layout,
            start: self.start,
            end: self.end,
            cart: Cart {
                lines: u64::from(rules.lines),
                totes: u64::from(rules.totes),
                volume_cm3: u64::MAX,
                weight_g: rules.weight_g,
            },
            orders: &orders,
        };
        wave.batches().ok()
    }
}

const fn stop(at: Point) -> Stop {
    Stop::new(at.x_cm, at.y_cm)
}

fn stops(draft: &Drafted) -> Vec<Stop> {
    draft
        .pick
        .lines
        .iter()
        .filter_map(|line| line.at.map(stop))
        .collect()
}

fn weight_g(draft: &Drafted) -> u64 {
    let weight = |line: &PickLine| {
        let each = u64::from(line.item.weight_g.unwrap_or(0));
        let count = u64::try_from(line.quantity.thousandths()).unwrap_or(0);
        each.saturating_mul(count) / 1000
    };
    draft
        .pick
        .lines
        .iter()
        .map(weight)
        .fold(0, u64::saturating_add)
}

/// Which drafts share a cart, by the rules: only what is as urgent and due at about the same time.
fn carts(terms: &Terms, drafts: &[Drafted], ground: Option<&Ground>) -> Vec<Vec<usize>> {
    let rules = &terms.rules.carts;
    let mut all: Vec<Vec<usize>> = Vec::new();
    let mut classes: Vec<(Class, Vec<usize>)> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        if !can_share(rules, draft) {
            all.push(vec![at]);
            continue;
        }
        let class = class(rules, draft);
        match classes.iter_mut().find(|(known, _)| *known == class) {
            Some((_, members)) => members.push(at),
            None => classes.push((class, vec![at])),
        }
    }
    for (_, members) in classes {
        for portion in members.chunks(TOGETHER) {
            match ground.and_then(|ground| ground.carts(rules, drafts, portion)) {
                Some(plan) => {
                    let named = |cart: Vec<usize>| cart.into_iter().map(|at| portion[at]).collect();
                    all.extend(plan.batches.into_iter().map(named));
                }
                None => all.extend(in_turn(rules, drafts, portion)),
            }
        }
    }
    all.sort_unstable();
    all
}

type Class = (i32, Option<i64>);

fn class(rules: &CartRules, draft: &Drafted) -> Class {
    let window = i64::from(rules.due_within_minutes)
        .saturating_mul(60)
        .max(1);
    let due = draft.head.due.map(|due| due.timestamp().div_euclid(window));
    (draft.head.priority, due)
}

fn can_share(rules: &CartRules, draft: &Drafted) -> bool {
    let lines = u32::try_from(draft.pick.lines.len()).unwrap_or(u32::MAX);
    let is_large = rules.alone_from_lines > 0 && lines >= rules.alone_from_lines;
    rules.totes > 1 && !is_large && lines <= rules.lines && weight_g(draft) <= rules.weight_g
}

/// Carts filled in turn, as orders come.
fn in_turn(rules: &CartRules, drafts: &[Drafted], which: &[usize]) -> Vec<Vec<usize>> {
    let mut carts: Vec<Vec<usize>> = Vec::new();
    for &at in which {
        let fits = |cart: &Vec<usize>| {
            let with = || cart.iter().copied().chain([at]);
            let lines: usize = with().map(|at| drafts[at].pick.lines.len()).sum();
            let weight = with().map(|at| weight_g(&drafts[at]));
            let weight = weight.fold(0, u64::saturating_add);
            with().all(|at| can_share(rules, &drafts[at]))
                && cart.len() < rules.totes as usize
                && lines <= rules.lines as usize
                && weight <= rules.weight_g
        };
        match carts.last_mut().filter(|cart| fits(cart)) {
            Some(cart) => cart.push(at),
            None => carts.push(vec![at]),
        }
    }
    carts
}

/// Makes the tasks of drafted orders: a picking task a cart, a packing task an order.
pub(super) fn onto_the_floor(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    terms: &Terms,
    drafts: Vec<Drafted>,
) -> Result<(), Error> {
    if drafts.is_empty() {
        return Ok(());
    }
    let ground = Ground::of(terms, &drafts);
    let carts = carts(terms, &drafts, ground.as_ref());
    let wave = tx.next(warehouse, "wave")?;
    let mut drafts: Vec<Option<Drafted>> = drafts.into_iter().map(Some).collect();
    for cart in carts {
        let members = cart.into_iter().filter_map(|at| drafts[at].take());
        let members: Vec<Drafted> = members.collect();
        let picks = zones::picking(tx, warehouse, terms, &members)?;
        let sql = "UPDATE tasks SET wave = ?3 WHERE warehouse = ?1 AND id = ?2";
        for (pick, _) in &picks {
            tx.run(sql, values![warehouse, pick.as_str(), wave])?;
        }
        for draft in members {
            let order = &draft.head.order;
            let of_it = picks.iter().filter(|(_, orders)| orders.contains(order));
            let of_it = of_it.map(|(pick, _)| pick.clone()).collect();
            release::on_the_floor(tx, now, warehouse, terms, draft, of_it)?;
        }
    }
    Ok(())
}
