//! Orders onto the floor: picking and packing tasks for what there is of them.

use super::allocate;
use super::database::{Tx, values};
use super::draft::{Drafted, drafts};
use super::exception::{ExceptionKind, Posting};
use super::rules::{self, Rules};
use super::steps::order_is;
use super::{Error, Office, back_order, floor, records, ship, wave, work};
use crate::warehouse::{
    BinCode, Floor, Job, OrderCode, PackJob, PackLine, PickJob, PickOrder, SafeText, Sscc, Task,
    TaskId, Timestamp, WarehouseCode,
};

/// How many license plates are set aside for an order's cartons.
const PLATES: u32 = 6;
/// GS1 company prefix under which this office numbers its cartons, until the settings name the company's own.
/// GS1 General Specifications §1.4.4: prefixes that begin with 2 are for use inside a company.
const PREFIX: &str = "2000000";

impl Office {
    /// Releases open sales orders of a warehouse to the floor, most urgent first: picking and packing tasks for what there is.
    /// An order of which nothing is there stays open; so do all where the rules say that they wait for a wave.
    /// Says which were released.
    pub fn release(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
    ) -> Result<Vec<OrderCode>, Error> {
        self.write(|tx| {
            let terms = Terms::of(tx, warehouse.as_str())?;
            if terms.rules.carts.wait_for_wave {
                ship::plan(tx, warehouse.as_str())?;
                return Ok(Vec::new());
            }
            let drafts = drafts(tx, now, warehouse.as_str(), &terms, usize::MAX)?;
            let orders = drafts.made.iter().map(|draft| draft.head.order.clone());
            let orders = orders.collect();
            wave::onto_the_floor(tx, now, warehouse.as_str(), &terms, drafts.made)?;
            ship::plan(tx, warehouse.as_str())?;
            Ok(orders)
        })
    }
}

/// The terms on which work is made in a warehouse.
pub(super) struct Terms {
    pub rules: Rules,
    pub floor: Option<Floor>,
    pub only: Only,
}

/// Which orders are meant.
#[derive(Clone, Copy, Debug)]
pub(super) enum Only {
    /// All that wait.
    All,
    /// Those due until then, and those that are due at no time.
    DueUntil(Timestamp),
    /// Those due until then.
    DatedUntil(Timestamp),
}

impl Only {
    pub(super) fn takes(self, due: Option<Timestamp>) -> bool {
        match self {
            Self::All => true,
            Self::DueUntil(until) => due.is_none_or(|due| due <= until),
            Self::DatedUntil(until) => due.is_some_and(|due| due <= until),
        }
    }
}

impl Terms {
    pub(super) fn of(tx: &Tx, warehouse: &str) -> Result<Self, Error> {
        Self::by(tx, warehouse, rules::of(tx, warehouse)?)
    }

    pub(super) fn by(tx: &Tx, warehouse: &str, rules: Rules) -> Result<Self, Error> {
        let floor = floor::of(tx, warehouse, &rules.floor)?;
        Ok(Self {
            rules,
            floor,
            only: Only::All,
        })
    }

    /// The picking of some orders.
    pub(super) fn job(&self, orders: Vec<PickOrder>) -> PickJob {
        PickJob {
            orders,
            rules: self.rules.picking.clone(),
            floor: self.floor.clone(),
            after: Vec::new(),
        }
    }
}

/// What an order says above its lines.
pub(super) struct Head {
    pub order: OrderCode,
    pub customer: SafeText,
    pub priority: i32,
    pub due: Option<Timestamp>,
    pub bench: BinCode,
    pub life_days: u32,
}

impl Head {
    pub(super) fn task(&self, id: TaskId, job: Job) -> Task {
        Task {
            id,
            priority: self.priority,
            due: self.due,
            lease: None,
            started_on: None,
            done: Vec::new(),
            outline: crate::warehouse::Outline::default(),
            job,
        }
    }
}

pub(super) fn head(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Option<Head>, Error> {
    let sql = "SELECT partner, priority, due, bin FROM orders WHERE warehouse = ?1 AND code = ?2";
    let row = tx
        .first(sql, values![warehouse, order.as_str()])?
        .expect("the order was just listed");
    let Some(bench) = bench(tx, warehouse, row.parse_maybe("bin")?)? else {
        return Ok(None);
    };
    Ok(Some(Head {
        order: order.clone(),
        customer: SafeText::new(row.text("partner")?),
        priority: i32::try_from(row.int("priority")?).unwrap_or_default(),
        due: row.parse_maybe("due")?,
        bench,
        life_days: life_days(tx, row.text("partner")?)?,
    }))
}

pub(super) fn named(kind: &str, order: &OrderCode) -> Result<TaskId, Error> {
    format!("{kind}-{order}")
        .parse()
        .map_err(|_| allocate::too_long(order))
}

/// The rest of a release: packing that waits for the picking, what falls short or waits for stock, and the order's state.
pub(super) fn on_the_floor(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    terms: &Terms,
    drafted: Drafted,
    picks: Vec<TaskId>,
) -> Result<(), Error> {
    let order = &drafted.head.order;
    let waits = terms.rules.back_orders && !drafted.shorts.is_empty();
    let mut posting = Posting::of_office(warehouse, "", now);
    if drafted.is_rest {
        back_order::on_the_floor(tx, warehouse, &drafted, picks)?;
    } else {
        let pack = named("PACK", order)?;
        put_on_bench(tx, warehouse, &drafted.head, pack, picks, drafted.packs)?;
        for short in &drafted.shorts {
            posting.exception(tx, ExceptionKind::Short, short)?;
        }
        order_is(tx, warehouse, order.as_str(), "released")?;
    }
    for note in &drafted.substituted {
        posting.exception(tx, ExceptionKind::Substituted, note)?;
    }
    let sql = "UPDATE orders SET back_ordered = ?3 WHERE warehouse = ?1 AND code = ?2";
    tx.run(sql, values![warehouse, order.as_str(), waits])?;
    Ok(())
}

fn put_on_bench(
    tx: &Tx,
    warehouse: &str,
    head: &Head,
    id: TaskId,
    after: Vec<TaskId>,
    lines: Vec<PackLine>,
) -> Result<(), Error> {
    let job = pack_job(tx, warehouse, head, after, lines)?;
    work::create(tx, warehouse, &head.task(id, Job::Pack(job)), "")
}

/// Packing of some lines of an order that waits for a picking.
pub(super) fn pack_job(
    tx: &Tx,
    warehouse: &str,
    head: &Head,
    after: Vec<TaskId>,
    lines: Vec<PackLine>,
) -> Result<PackJob, Error> {
    Ok(PackJob {
        order: head.order.clone(),
        customer: head.customer.clone(),
        bench: head.bench.clone(),
        after,
        lines,
        plates: plates(tx, warehouse)?,
        totes: Vec::new(),
        weighed_g: 0,
        only: Vec::new(),
        how: ship::packing(tx, warehouse, &head.order)?,
    })
}

/// How many days what a customer gets must still be good for.
pub(super) fn life_days(tx: &Tx, partner: &str) -> Result<u32, Error> {
    let sql = "SELECT MAX(min_life_days) AS days FROM partners WHERE kind = 'customer' AND (code = ?1 OR name = ?1)";
    let row = tx.first(sql, values![partner])?;
    let days = row.and_then(|row| row.maybe_int("days")).unwrap_or(0);
    Ok(u32::try_from(days).unwrap_or(0))
}

/// Where the order is packed: its own place, else the first packing place of the walk.
fn bench(tx: &Tx, warehouse: &str, own: Option<BinCode>) -> Result<Option<BinCode>, Error> {
    if own.is_some() {
        return Ok(own);
    }
    let sql = "SELECT code FROM bins WHERE warehouse = ?1 AND kind = 'packing' AND frozen = 0 ORDER BY sequence, code LIMIT 1";
    Ok(tx
        .first(sql, values![warehouse])?
        .map(|row| row.parse("code"))
        .transpose()?)
}

pub(super) fn plates(tx: &Tx, warehouse: &str) -> Result<Vec<Sscc>, Error> {
    let prefix = records::setting(tx, "company_prefix")?.unwrap_or_else(|| PREFIX.to_owned());
    let digits = 16usize.saturating_sub(prefix.len());
    (0..PLATES)
        .map(|_| {
            // Numbered over all warehouses: a license plate is unique in the company.
            let number = tx.next("", "plate")?;
            let body = format!("0{prefix}{number:0digits$}");
            let bad = || Error::Unknown {
                what: "free license plate under company prefix",
                code: format!("{prefix} ({warehouse})"),
            };
            Sscc::from_body(&body).map_err(|_| bad())
        })
        .collect()
}
