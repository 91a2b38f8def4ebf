//! Proposals as they are kept: a planner accepts one, which makes an order of it as if it had been imported, changes it, or
//! refuses it and says why. All of it is kept.

use super::supply::Suppliers;
use super::{records, remind, rules, value_of};
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office, OrderLine, OrderRecord, order};
use crate::planning::value::Money;
use crate::sync::RefusedKind;
use crate::warehouse::{
    Goods, ItemCode, OrderCode, OrderKind, Quantity, SafeText, Timestamp, WarehouseCode,
};
use chrono::{NaiveDate, NaiveTime};

/// What is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To buy.
    Purchase,
    /// To bring from another warehouse.
    Transfer,
}

impl Kind {
    /// How it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Transfer => "transfer",
        }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for a planner.
    Open,
    /// An order was made of it.
    Accepted,
    /// A planner said no.
    Refused,
    /// Another one stands for it, or nobody needs it any more.
    Replaced,
}

impl State {
    const ALL: [Self; 4] = [Self::Open, Self::Accepted, Self::Refused, Self::Replaced];

    /// How it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Replaced => "replaced",
        }
    }
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalRecord {
    /// Its number in the warehouse.
    pub id: u64,
    /// To buy, or to bring.
    pub kind: Kind,
    /// The supplier, or the other warehouse.
    pub source: SafeText,
    /// What became of it.
    pub state: State,
    /// The next day on which an order is taken.
    pub order_on: Option<NaiveDate>,
    /// When its goods would be here.
    pub arrives_on: Option<NaiveDate>,
    /// So much is missing up to the supplier's smallest order.
    pub below_minimum: Money,
    /// The order that was made of it.
    pub order: Option<OrderCode>,
    /// What the planner said.
    pub why: SafeText,
    /// Who changed or decided it; empty: nobody yet.
    pub planner: SafeText,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was decided; none: it is open.
    pub decided_at: Option<Timestamp>,
    /// What, most urgent first.
    pub lines: Vec<LineRecord>,
}

/// A line of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRecord {
    /// Its number.
    pub line: u32,
    /// Which item.
    pub item: ItemCode,
    /// How much was proposed.
    pub proposed: Quantity,
    /// How much it is now; nothing: the line is left out.
    pub quantity: Quantity,
    /// What that costs.
    pub value: Money,
    /// Why, in words.
    pub why: SafeText,
}

impl ProposalRecord {
    /// What all of it costs.
    pub fn value(&self) -> Money {
        self.lines.iter().map(|line| line.value).sum()
    }

    pub(super) fn draft(kind: Kind) -> Self {
        Self {
            id: 0,
            kind,
            source: SafeText::default(),
            state: State::Open,
            order_on: None,
            arrives_on: None,
            below_minimum: Money::ZERO,
            order: None,
            why: SafeText::default(),
            planner: SafeText::default(),
            made_at: Timestamp::default(),
            decided_at: None,
            lines: Vec::new(),
        }
    }
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

pub(super) fn put(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    draft: &ProposalRecord,
) -> Result<(), Error> {
    let id = tx.next(warehouse, "proposal")?;
    let sql = "INSERT INTO proposals (warehouse, id, kind, source, state, order_on, arrives_on, below_minimum, order_code, why,
                   planner, made_at, decided_at)
               VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7, '', '', '', ?8, '')";
    let (order_on, arrives_on) = (day(draft.order_on), day(draft.arrives_on));
    let (kind, source, below) = (
        draft.kind.as_str(),
        draft.source.as_str(),
        draft.below_minimum.in_cents(),
    );
    let row = values![
        warehouse,
        id,
        kind,
        source,
        order_on,
        arrives_on,
        below,
        now.to_rfc3339()
    ];
    tx.run(sql, row)?;
    for line in &draft.lines {
        let sql = "INSERT INTO proposal_lines (warehouse, proposal, line, item, proposed, quantity, value, why)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let (item, proposed) = (line.item.as_str(), line.proposed.thousandths());
        let (quantity, value) = (line.quantity.thousandths(), line.value.in_cents());
        let row = values![
            warehouse,
            id,
            line.line,
            item,
            proposed,
            quantity,
            value,
            line.why.as_str()
        ];
        tx.run(sql, row)?;
    }
    Ok(())
}

/// Proposals in a state, oldest first; in any state, newest first.
pub(super) fn all(
    tx: &Tx,
    warehouse: &str,
    state: Option<State>,
    most: u32,
) -> Result<Vec<ProposalRecord>, Error> {
    let sql = "SELECT id, kind, source, state, order_on, arrives_on, below_minimum, order_code, why, planner, made_at, decided_at
               FROM proposals WHERE warehouse = ?1 AND (?2 = '' OR state = ?2)
               ORDER BY CASE WHEN ?2 = '' THEN -id ELSE id END LIMIT ?3";
    let state = state.map_or("", State::as_str);
    let mut found = Vec::new();
    for row in tx.rows(sql, values![warehouse, state, most])? {
        found.push(read(tx, warehouse, &row)?);
    }
    Ok(found)
}

fn one(tx: &Tx, warehouse: &str, id: u64) -> Result<Option<ProposalRecord>, Error> {
    let sql = "SELECT id, kind, source, state, order_on, arrives_on, below_minimum, order_code, why, planner, made_at, decided_at
               FROM proposals WHERE warehouse = ?1 AND id = ?2";
    let row = tx.first(sql, values![warehouse, id])?;
    row.map(|row| read(tx, warehouse, &row)).transpose()
}

fn read(tx: &Tx, warehouse: &str, row: &Row) -> Result<ProposalRecord, Error> {
    let id = row.count("id")?;
    let sql = "SELECT line, item, proposed, quantity, value, why FROM proposal_lines WHERE warehouse = ?1 AND proposal = ?2
               ORDER BY line";
    let line = |row: &Row| {
        Ok::<_, Error>(LineRecord {
            line: u32::try_from(row.count("line")?).unwrap_or(u32::MAX),
            item: row.parse("item")?,
            proposed: Quantity::from_thousandths(row.int("proposed")?),
            quantity: Quantity::from_thousandths(row.int("quantity")?),
            value: Money::cents(row.int("value")?),
            why: SafeText::new(row.text("why")?),
        })
    };
    let state = row.text("state")?;
    let state = State::ALL.into_iter().find(|known| known.as_str() == state);
    Ok(ProposalRecord {
        id,
        kind: match row.text("kind")? {
            "transfer" => Kind::Transfer,
            _ => Kind::Purchase,
        },
        source: SafeText::new(row.text("source")?),
        state: state.unwrap_or(State::Replaced),
        order_on: row.parse_maybe("order_on")?,
        arrives_on: row.parse_maybe("arrives_on")?,
        below_minimum: Money::cents(row.int("below_minimum")?),
        order: row.parse_maybe("order_code")?,
        why: SafeText::new(row.text("why")?),
        planner: SafeText::new(row.text("planner")?),
        made_at: row.parse("made_at")?,
        decided_at: row.parse_maybe("decided_at")?,
        lines: tx
            .rows(sql, values![warehouse, id])?
            .iter()
            .map(line)
            .collect::<Result<_, _>>()?,
    })
}

/// It is so from now on.
pub(super) fn decide(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    id: u64,
    state: State,
    (planner, why): (&str, &str),
) -> Result<(), Error> {
    let sql = "UPDATE proposals SET state = ?3, decided_at = ?4, planner = ?5, why = ?6 WHERE warehouse = ?1 AND id = ?2";
    tx.run(
        sql,
        values![
            warehouse,
            id,
            state.as_str(),
            now.to_rfc3339(),
            planner,
            why
        ],
    )?;
    Ok(())
}

/// One that waits for a planner. Error: there is no such one.
fn open(tx: &Tx, warehouse: &str, id: u64) -> Result<ProposalRecord, Error> {
    let found = one(tx, warehouse, id)?.filter(|found| found.state == State::Open);
    found.ok_or_else(|| Error::Unknown {
        what: "open proposal",
        code: format!("{warehouse}/{id}"),
    })
}

fn said(text: &str, what: &str) -> Result<SafeText, Error> {
    let text = SafeText::new(text.trim());
    if text.is_empty() {
        let note = format!("Say {what}: it is kept with the proposal.");
        return Err(Error::refused(RefusedKind::Body, note));
    }
    Ok(text)
}

/// Makes an order of a proposal. Says which; none for goods from another warehouse, which are sent from there.
pub(in crate::office) fn accept(
    tx: &Tx,
    now: Timestamp,
    warehouse: &WarehouseCode,
    id: u64,
    named: Option<&OrderCode>,
    planner: &str,
) -> Result<Option<OrderCode>, Error> {
    let (code, planner) = (warehouse.as_str(), said(planner, "who accepts it")?);
    let proposal = open(tx, code, id)?;
    let mut made = None;
    if proposal.kind == Kind::Purchase {
        let order = purchase_order(tx, warehouse, &proposal, named)?;
        order::put_order(tx, &order)?;
        records::ordered(tx, code, order.code.as_str(), now)?;
        let sql = "UPDATE proposals SET order_code = ?3 WHERE warehouse = ?1 AND id = ?2";
        tx.run(sql, values![code, id, order.code.as_str()])?;
        made = Some(order.code);
    }
    decide(tx, now, code, id, State::Accepted, (planner.as_str(), ""))?;
    let answer = match proposal.kind {
        Kind::Purchase => "ordered",
        Kind::Transfer => "transfer",
    };
    for line in proposal.lines {
        remind::answer(tx, code, line.item.as_str(), answer)?;
    }
    Ok(made)
}

fn purchase_order(
    tx: &Tx,
    warehouse: &WarehouseCode,
    proposal: &ProposalRecord,
    named: Option<&OrderCode>,
) -> Result<OrderRecord, Error> {
    let code = match named {
        Some(named) => named.clone(),
        None => format!("PO-P{}", proposal.id)
            .parse()
            .expect("letters and a number are a code"),
    };
    let known = "SELECT 1 AS one FROM orders WHERE warehouse = ?1 AND code = ?2";
    if tx
        .first(known, values![warehouse.as_str(), code.as_str()])?
        .is_some()
    {
        let note = format!("There is an order {code} already; name another.");
        return Err(Error::refused(RefusedKind::Body, note));
    }
    let lines = proposal
        .lines
        .iter()
        .filter(|line| line.quantity.is_positive());
    let lines: Vec<OrderLine> = (1..)
        .zip(lines)
        .map(|(line, said)| OrderLine {
            line,
            goods: Goods::of(said.item.clone()),
            plate: None,
            quantity: said.quantity,
        })
        .collect();
    if lines.is_empty() {
        let note = "Nothing is left of this proposal; refuse it.";
        return Err(Error::refused(RefusedKind::Body, note));
    }
    Ok(OrderRecord {
        warehouse: warehouse.clone(),
        code,
        kind: OrderKind::Receipt,
        partner: proposal.source.clone(),
        priority: 50,
        due: proposal
            .arrives_on
            .map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        bin: None,
        over_percent: 0,
        least_days: None,
        target: None,
        lines,
    })
}

/// Changes how much of an item is proposed; nothing leaves it out.
pub(in crate::office) fn change(
    tx: &Tx,
    warehouse: &WarehouseCode,
    id: u64,
    item: &ItemCode,
    quantity: Quantity,
    planner: &str,
) -> Result<(), Error> {
    let (code, planner) = (warehouse.as_str(), said(planner, "who changes it")?);
    let proposal = open(tx, code, id)?;
    let unknown = || Error::Unknown {
        what: "line of the proposal for",
        code: item.to_string(),
    };
    let line = proposal
        .lines
        .iter()
        .find(|line| line.item == *item)
        .ok_or_else(unknown)?;
    if quantity < Quantity::ZERO || quantity > Quantity::LIMIT {
        let note = format!("A quantity goes from 0 to {}.", Quantity::LIMIT);
        return Err(Error::refused(RefusedKind::Body, note));
    }
    let suppliers = Suppliers::agreed(tx, &rules::of(tx)?)?;
    let bought = suppliers
        .bought(item.as_str())
        .filter(|_| proposal.kind == Kind::Purchase);
    let cost = match bought {
        Some(bought) => bought.price_at(quantity),
        None => suppliers
            .cost_of_thousand(item.as_str())
            .unwrap_or(Money::ZERO),
    };
    let value = value_of(quantity, cost);
    let sql = "UPDATE proposal_lines SET quantity = ?4, value = ?5 WHERE warehouse = ?1 AND proposal = ?2 AND line = ?3";
    tx.run(
        sql,
        values![
            code,
            id,
            line.line,
            quantity.thousandths(),
            value.in_cents()
        ],
    )?;
    let total = proposal.value().minus(line.value).plus(value);
    let least = suppliers.terms(proposal.source.as_str()).least_value;
    let below = match proposal.kind {
        Kind::Purchase => least.minus(total).max(Money::ZERO),
        Kind::Transfer => Money::ZERO,
    };
    let sql =
        "UPDATE proposals SET planner = ?3, below_minimum = ?4 WHERE warehouse = ?1 AND id = ?2";
    tx.run(sql, values![code, id, planner.as_str(), below.in_cents()])?;
    Ok(())
}

/// A planner says no, and why. Its items are not proposed again until their reminders are over.
pub(in crate::office) fn refuse(
    tx: &Tx,
    now: Timestamp,
    warehouse: &WarehouseCode,
    id: u64,
    (planner, why): (&str, &str),
) -> Result<(), Error> {
    let code = warehouse.as_str();
    let (planner, why) = (said(planner, "who refuses it")?, said(why, "why")?);
    let proposal = open(tx, code, id)?;
    decide(
        tx,
        now,
        code,
        id,
        State::Refused,
        (planner.as_str(), why.as_str()),
    )?;
    for line in proposal.lines {
        remind::answer(tx, code, line.item.as_str(), "refused")?;
    }
    Ok(())
}

impl Office {
    /// What waits for a planner, oldest first; or the latest of all, newest first.
    pub fn proposals(
        &self,
        warehouse: &WarehouseCode,
        also_decided: bool,
    ) -> Result<Vec<ProposalRecord>, Error> {
        let (state, most) = if also_decided {
            (None, 500)
        } else {
            (Some(State::Open), u32::MAX)
        };
        self.database()
            .read(|tx| all(tx, warehouse.as_str(), state, most))
    }

    /// Makes an order of a proposal, under this name or one of its own, as if it had been imported. Says which; none for goods
    /// from another warehouse, which are sent from there.
    /// Error: no such open proposal, the name is taken, nothing is left of it, or nobody says who accepts it.
    pub fn accept_proposal(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        id: u64,
        named: Option<&OrderCode>,
        planner: &str,
    ) -> Result<Option<OrderCode>, Error> {
        self.write(|tx| accept(tx, now, warehouse, id, named, planner))
    }

    /// Changes how much of an item is proposed; nothing leaves it out. What was proposed at first is kept beside it.
    /// Error: no such open proposal or line, or nobody says who changes it.
    pub fn change_proposal(
        &self,
        warehouse: &WarehouseCode,
        id: u64,
        (item, quantity): (&ItemCode, Quantity),
        planner: &str,
    ) -> Result<(), Error> {
        self.write(|tx| change(tx, warehouse, id, item, quantity, planner))
    }

    /// A planner says no, and why. Error: no such open proposal, or nobody says who and why.
    pub fn refuse_proposal(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        id: u64,
        by: (&str, &str),
    ) -> Result<(), Error> {
        self.write(|tx| refuse(tx, now, warehouse, id, by))
    }
}
