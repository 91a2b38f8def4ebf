//! What must hold when everyone has been heard. Each check panics with what does not.

use super::{Sim, world};
use crate::converge::Handheld;
use std::collections::BTreeMap;
use stockhand::office::Office;
use stockhand::store::View;
use stockhand::warehouse::{Change, Entry, ItemCode, Quantity, StockRow};

pub fn all(sim: &Sim) {
    books(sim.office());
    let stock = stock(sim.office());
    let mut gone = Quantity::ZERO;
    for hand in &sim.hands {
        kept(&hand.it);
        gone = gone.plus(left(&hand.it, sim.office()));
        if let Some(twin) = &hand.twin {
            kept(twin);
            arrived_of_two(&hand.it, twin, sim.office());
            continue;
        }
        arrived(&hand.it, sim.office());
        same_stock(&hand.it, &stock);
    }
    let here: Quantity = stock.values().flatten().map(|row| row.quantity).sum();
    let should_be = world::at_start().minus(gone);
    assert_eq!(
        here, should_be,
        "what is here is what was here, less what was sent out"
    );
}

/// The office's own check of its books finds nothing.
pub fn books(office: &Office) {
    let verified = office.verify().unwrap();
    assert_eq!(verified.findings, []);
}

/// Whatever beeped is on the handheld's disk as it was, in both copies.
fn kept(handheld: &Handheld) {
    let journal = handheld.memory.as_ref().unwrap().journal();
    assert_eq!(journal.verify().unwrap(), stockhand::store::Verified::Whole);
    let here: BTreeMap<u64, String> = lines(handheld);
    for (seq, line) in &handheld.beeped {
        assert_eq!(here.get(seq), Some(line), "fact {seq} beeped");
    }
}

fn lines(handheld: &Handheld) -> BTreeMap<u64, String> {
    let journal = handheld.memory.as_ref().unwrap().journal().read();
    let entries = journal.entries_since(0).unwrap();
    entries
        .iter()
        .map(|entry| (entry.seq, entry.line()))
        .collect()
}

/// Whatever is on the handheld's disk is at the office, once, byte for byte, and nothing else.
fn arrived(handheld: &Handheld, office: &Office) {
    let there = office.journal_of(&handheld.device.id).unwrap();
    let count = there.len();
    let there: BTreeMap<u64, String> = there.into_iter().collect();
    assert_eq!(count, there.len(), "a fact is at the office twice");
    assert_eq!(there, lines(handheld), "{}", handheld.device.id);
}

/// The office has the beginning of what one of the two recorded.
fn arrived_of_two(one: &Handheld, other: &Handheld, office: &Office) {
    let there = office.journal_of(&one.device.id).unwrap();
    let holds = |lines: BTreeMap<u64, String>| {
        let begins = |(seq, line): &(u64, String)| lines.get(seq) == Some(line);
        there.iter().all(begins) && there.iter().map(|row| row.0).eq(1..=there.len() as u64)
    };
    assert!(
        holds(lines(one)) || holds(lines(other)),
        "{}",
        one.device.id
    );
}

/// How much left the warehouse by what a handheld did, less what came in.
fn left(handheld: &Handheld, office: &Office) -> Quantity {
    let mut gone = Quantity::ZERO;
    for (_, line) in office.journal_of(&handheld.device.id).unwrap() {
        let entry: Entry = serde_json::from_str(&line).unwrap();
        for step in entry.fact.moves() {
            match (step.source.place.is_inside(), step.target.place.is_inside()) {
                (true, false) => gone = gone.plus(step.quantity),
                (false, true) => gone = gone.minus(step.quantity),
                _ => {}
            }
        }
    }
    gone
}

type Stock = BTreeMap<ItemCode, Vec<StockRow>>;

fn stock(office: &Office) -> Stock {
    let mut stock = Stock::new();
    for item in ["BOLT", "MILK", "DRILL"] {
        stock.insert(item.parse().unwrap(), Vec::new());
    }
    let main = "W1".parse().unwrap();
    office
        .everything::<stockhand::office::Error>(&main, |change| {
            if let Change::Stock(row) = change {
                stock.entry(row.goods.item.clone()).or_default().push(row);
            }
            Ok(())
        })
        .unwrap();
    for rows in stock.values_mut() {
        rows.sort_by_key(|row| (row.spot.clone(), row.goods.clone()));
    }
    stock
}

/// The handheld sees the stock that the office sees.
fn same_stock(handheld: &Handheld, stock: &Stock) {
    let memory = handheld.memory.as_ref().unwrap();
    let head = memory.journal().head();
    let own = memory.journal().read().entries_since(0).unwrap();
    let view = View::new(memory.cache(), head.epoch, &own).unwrap();
    for (item, rows) in stock {
        let mut seen = view.stock_of_item(item).unwrap();
        seen.sort_by_key(|row| (row.spot.clone(), row.goods.clone()));
        assert_eq!(&seen, rows, "{item} as {} sees it", handheld.device.id);
    }
}
