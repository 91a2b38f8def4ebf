//! What is proposed: first to bring what another warehouse has too much of, then to buy the rest, an order a supplier.
//! A proposal stands until a planner decides, or until the next planning finds that something else is needed.

use super::proposal::{self, Kind, LineRecord, ProposalRecord, State};
use super::remind::{self, Due};
use super::standing;
use super::supply::Suppliers;
use super::{level, rules};
use crate::office::allocate::today;
use crate::office::database::Tx;
use crate::office::{Error, Office, records};
use crate::planning::replenish::{
    Lot, Need, PurchaseProposal, Site, Standing, Transfer, purchase_proposals, transfers,
};
use crate::planning::value::Money;
use crate::warehouse::{ItemCode, Quantity, SafeText, Timestamp, WarehouseCode};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What became of proposals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proposed {
    /// Those that are new.
    pub new: u64,
    /// Those that stand as they stood.
    pub kept: u64,
    /// Those that others stand for now, or that nobody needs any more.
    pub replaced: u64,
}

impl Office {
    /// Proposes what to bring from other warehouses and what to buy, of all that there are reminders for.
    pub fn propose(&self, now: Timestamp, warehouse: &WarehouseCode) -> Result<Proposed, Error> {
        let code = warehouse.as_str();
        let today = today(now);
        let (open, drafts) = self.database().read_at_length(|tx| {
            let open = proposal::all(tx, code, Some(State::Open), u32::MAX)?;
            let drafts = drafts(tx, warehouse, today, &open)?;
            Ok::<_, Error>((open, drafts))
        })?;
        if drafts.is_empty() && open.is_empty() {
            return Ok(Proposed::default());
        }
        self.write_in(code, |tx| settle(tx, now, code, &open, drafts))
    }
}

fn settle(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    open: &[ProposalRecord],
    mut drafts: Vec<ProposalRecord>,
) -> Result<Proposed, Error> {
    let mut done = Proposed::default();
    for known in open {
        if !known.planner.is_empty() {
            // A planner is at it.
            done.kept += 1;
        } else if let Some(at) = drafts.iter().position(|draft| says_the_same(known, draft)) {
            drafts.remove(at);
            done.kept += 1;
        } else {
            proposal::decide(tx, now, warehouse, known.id, State::Replaced, ("", ""))?;
            done.replaced += 1;
        }
    }
    for draft in &drafts {
        proposal::put(tx, now, warehouse, draft)?;
        for line in &draft.lines {
            remind::answer(tx, warehouse, line.item.as_str(), "proposed")?;
        }
        done.new += 1;
    }
    Ok(done)
}

fn says_the_same(known: &ProposalRecord, draft: &ProposalRecord) -> bool {
    let lines = |proposal: &ProposalRecord| -> Vec<(ItemCode, Quantity)> {
        let lines = proposal.lines.iter();
        lines
            .map(|line| (line.item.clone(), line.proposed))
            .collect()
    };
    known.kind == draft.kind
        && known.source == draft.source
        && known.order_on == draft.order_on
        && lines(known) == lines(draft)
}

fn drafts(
    tx: &Tx,
    warehouse: &WarehouseCode,
    today: NaiveDate,
    open: &[ProposalRecord],
) -> Result<Vec<ProposalRecord>, Error> {
    let code = warehouse.as_str();
    // What a planner has changed or refused is not said again.
    let at_hand = open.iter().filter(|known| !known.planner.is_empty());
    let mut settled: BTreeSet<ItemCode> = at_hand
        .flat_map(|known| known.lines.iter().map(|line| line.item.clone()))
        .collect();
    for reminder in remind::all(tx, code, true, u32::MAX)? {
        if matches!(reminder.answer.as_str(), "refused" | "transfer") {
            settled.insert(reminder.item);
        }
    }
    let mut due = remind::due(tx, code, today)?;
    due.retain(|item, due| !settled.contains(item) && due.reminder.wanted.is_positive());
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let suppliers = Suppliers::agreed(tx, &rules::of(tx)?)?;
    let mut drafts = from_elsewhere(tx, warehouse, &mut due, &suppliers, today)?;
    let needs = due
        .into_values()
        .filter_map(|due| need(due, &suppliers))
        .collect();
    let proposals = purchase_proposals(needs, today, |supplier: &String| {
        let terms = suppliers.terms(supplier);
        (terms.supply, terms.least_value)
    });
    drafts.extend(proposals.into_iter().map(purchase));
    Ok(drafts)
}

/// Something to buy, if it is known from whom.
fn need(due: Due, suppliers: &Suppliers) -> Option<Need<String>> {
    let bought = suppliers.bought(due.reminder.item.as_str())?;
    let quantity = bought.lot.up(due.reminder.wanted);
    Some(Need {
        supplier: bought.supplier.clone(),
        cost_of_thousand: bought.price_at(quantity),
        lot: bought.lot,
        reminder: due.reminder,
    })
}

fn purchase(proposed: PurchaseProposal<String>) -> ProposalRecord {
    let lines = (1..).zip(proposed.lines).map(|(line, said)| LineRecord {
        line,
        item: said.reminder.item,
        proposed: said.quantity,
        quantity: said.quantity,
        value: said.value,
        why: SafeText::new(&said.reminder.why.to_string()),
    });
    ProposalRecord {
        source: SafeText::new(&proposed.supplier),
        order_on: proposed.order_on,
        arrives_on: proposed.arrives_on,
        below_minimum: proposed.below_minimum,
        lines: lines.collect(),
        ..ProposalRecord::draft(Kind::Purchase)
    }
}

/// What other warehouses have too much of, grouped by them; what is left to buy stays in `due`.
fn from_elsewhere(
    tx: &Tx,
    here: &WarehouseCode,
    due: &mut BTreeMap<ItemCode, Due>,
    suppliers: &Suppliers,
    today: NaiveDate,
) -> Result<Vec<ProposalRecord>, Error> {
    let mut sites: BTreeMap<ItemCode, Vec<Site>> = BTreeMap::new();
    let all = records::warehouses(tx)?;
    if all.len() < 2 {
        return Ok(Vec::new());
    }
    for code in all {
        let warehouse: WarehouseCode = code.parse().map_err(|_| Error::Unknown {
            what: "warehouse",
            code: code.clone(),
        })?;
        let mut standings = standing::all(tx, &code, "", today)?;
        for level in level::all(tx, &code, "")? {
            if due.contains_key(&level.item) {
                let item = level.item.clone();
                let standing = standings
                    .remove(&item)
                    .unwrap_or_else(|| standing::nothing(item.clone()));
                let site = site(&warehouse, &standing, &level.levels);
                sites.entry(item).or_default().push(site);
            }
        }
    }
    let mut by_source: BTreeMap<WarehouseCode, Vec<LineRecord>> = BTreeMap::new();
    for (item, sites) in &sites {
        for made in transfers(sites, &Lot::default()) {
            if made.target == *here {
                let line = line(item, &made, due, suppliers);
                by_source.entry(made.source).or_default().push(line);
            }
        }
    }
    due.retain(|_, due| due.reminder.wanted.is_positive());
    let draft = |(source, lines): (WarehouseCode, Vec<LineRecord>)| ProposalRecord {
        source: SafeText::new(source.as_str()),
        order_on: Some(today),
        lines: (1..)
            .zip(lines)
            .map(|(number, line)| LineRecord {
                line: number,
                ..line
            })
            .collect(),
        ..ProposalRecord::draft(Kind::Transfer)
    };
    Ok(by_source.into_iter().map(draft).collect())
}

fn site(
    warehouse: &WarehouseCode,
    standing: &Standing,
    levels: &crate::planning::replenish::Levels,
) -> Site {
    Site {
        warehouse: warehouse.clone(),
        free: standing
            .on_hand
            .minus(standing.promised)
            .max(Quantity::ZERO),
        position: standing.position(),
        reorder_point: levels.reorder_point,
        preferred: levels.preferred,
    }
}

/// The line of a transfer; so much less is to be bought.
fn line(
    item: &ItemCode,
    made: &Transfer,
    due: &mut BTreeMap<ItemCode, Due>,
    suppliers: &Suppliers,
) -> LineRecord {
    let mut why = format!("{} has more than it needs", made.source);
    if let Some(due) = due.get_mut(item) {
        why = format!("{}; {why}", due.reminder.why);
        due.reminder.wanted = due.reminder.wanted.minus(made.quantity);
    }
    let cost = suppliers
        .cost_of_thousand(item.as_str())
        .unwrap_or(Money::ZERO);
    LineRecord {
        line: 0,
        item: item.clone(),
        proposed: made.quantity,
        quantity: made.quantity,
        value: super::value_of(made.quantity, cost),
        why: SafeText::new(&why),
    }
}
