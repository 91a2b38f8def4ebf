//! Goods followed through histories of which the truth is known, and through one that people made.

mod floor;
pub mod history;

use super::office_tools::*;
use history::{Care, History, Token, item_name, warehouse};
use std::collections::{BTreeMap, BTreeSet};
use stockhand::office::trace::{Asked, Exposure, Grouping, How, Stage, Traced};
use stockhand::warehouse::Quantity;

/// Moves in a history, and questions asked of it.
const MOVES: usize = 2500;
const QUESTIONS: usize = 40;

fn told(seed: u64, care: Care) -> (Ground, History) {
    let mut history = History::new(seed, care);
    history.until(MOVES);
    let ground = Ground::bare();
    history.store(&ground.office);
    (ground, history)
}

fn asked(token: &Token, number: usize, forward: bool) -> Asked {
    let goods = match token {
        Token::Lot(item) => Grouping::Lot(
            item_name(*item).parse().unwrap(),
            format!("L{number}").parse().unwrap(),
        ),
        Token::Receipt(_, order) => Grouping::Order(order.parse().unwrap()),
    };
    let here = match token {
        Token::Receipt(here, _) => Some(warehouse(*here)),
        Token::Lot(_) => None,
    };
    Asked {
        goods,
        forward,
        until: None,
        warehouse: here,
    }
}

type Sums<K> = BTreeMap<K, Exposure>;

fn sent(traced: &Traced) -> Sums<String> {
    let mut sums = Sums::new();
    for it in traced.sent.iter().filter(|it| it.stage == Stage::Delivered) {
        let sum: &mut Exposure = sums
            .entry(it.order.clone().unwrap().to_string())
            .or_default();
        *sum = sum.plus(it.amount);
    }
    sums
}

fn stands(traced: &Traced) -> Sums<(String, String)> {
    let mut sums = Sums::new();
    for it in &traced.stands {
        let place = it.place.bin().map(ToString::to_string);
        let place = place.unwrap_or_else(|| it.place.to_string());
        let sum: &mut Exposure = sums.entry((it.warehouse.to_string(), place)).or_default();
        *sum = sum.plus(it.amount);
    }
    sums
}

/// The truth lies between what is certain and what is possible; in an exact history it is what is certain.
fn hold<K: Ord + Clone + std::fmt::Debug>(
    care: Care,
    said: &Sums<K>,
    truth: &BTreeMap<K, u32>,
    of: &str,
) {
    for key in said.keys().chain(truth.keys()) {
        let said = said.get(key).copied().unwrap_or_default();
        let truth = Quantity::units(truth.get(key).copied().unwrap_or(0));
        assert!(
            said.certain <= truth && truth <= said.most(),
            "{of}: {key:?}: {said:?} is said, {truth} is true"
        );
        if care == Care::Exact {
            assert_eq!(
                (said.certain, said.possible),
                (truth, Quantity::ZERO),
                "{of}: {key:?}"
            );
        }
    }
}

/// Asks both ways of lots and receipts, and backward of orders. Says how much was certain and possible in all.
fn question(ground: &Ground, history: &mut History, care: Care) -> Exposure {
    let mut all = Exposure::default();
    for _ in 0..QUESTIONS {
        let number = history.dice.below(history.tokens.len());
        let token = history.tokens[number].clone();
        let traced = ground.office.trace(&asked(&token, number, true)).unwrap();
        let (delivered, there) = history.truth(number);
        let of = format!("forward from {token:?} {number}");
        hold(care, &sent(&traced), &delivered, &of);
        hold(care, &stands(&traced), &there, &of);
        for it in &traced.sent {
            all = all.plus(it.amount);
        }
        for it in &traced.balance {
            assert!(it.open >= Quantity::ZERO, "{of}: {it:?}");
            assert!(care == Care::Sloppy || it.open.is_zero(), "{of}: {it:?}");
        }
        if let Token::Lot(_) = token {
            let traced = ground.office.trace(&asked(&token, number, false)).unwrap();
            behind(
                care,
                history,
                &traced,
                &history.made[&number],
                "backward from a lot",
            );
        }
        let at = history.dice.below(history.delivered.len());
        let order = history.delivered[at].order.clone();
        let back = Asked {
            goods: Grouping::Order(order.parse().unwrap()),
            forward: false,
            until: None,
            warehouse: Some(warehouse(history.delivered[at].warehouse)),
        };
        let traced = ground.office.trace(&back).unwrap();
        behind(care, history, &traced, &history.within(&order), &order);
    }
    all
}

/// What it came from: receipts that are certain are true, and all true ones are said, as are all lots on the way.
fn behind(care: Care, history: &History, traced: &Traced, truth: &BTreeSet<usize>, of: &str) {
    let receipts = |wanted: fn(&Exposure) -> bool| -> BTreeSet<String> {
        let came = traced.came.iter();
        let came = came.filter(|it| it.how == How::Received && wanted(&it.amount));
        came.map(|it| it.order.to_string()).collect()
    };
    let (certain, said) = (
        receipts(|it| it.certain.is_positive()),
        receipts(|it| it.is_any()),
    );
    let (mut true_receipts, mut true_lots) = (BTreeSet::new(), BTreeSet::new());
    for number in truth {
        match &history.tokens[*number] {
            Token::Receipt(_, order) => drop(true_receipts.insert(order.clone())),
            Token::Lot(_) => drop(true_lots.insert(format!("L{number}"))),
        }
    }
    assert!(
        certain.is_subset(&true_receipts),
        "{of}: {certain:?} {true_receipts:?}"
    );
    assert!(
        true_receipts.is_subset(&said),
        "{of}: {said:?} {true_receipts:?}"
    );
    let lots = traced.goods.iter().filter_map(|it| it.goods.lot.as_ref());
    let lots: BTreeSet<String> = lots.map(ToString::to_string).collect();
    assert!(true_lots.is_subset(&lots), "{of}: {lots:?} {true_lots:?}");
    if care == Care::Exact {
        assert_eq!((certain, lots), (true_receipts, true_lots), "{of}");
    }
}

#[test]
fn where_every_lot_is_read_a_trace_is_the_truth() {
    for seed in 0..3 {
        let (ground, mut history) = told(seed, Care::Exact);
        let all = question(&ground, &mut history, Care::Exact);
        assert!(
            all.certain.is_positive() && all.possible.is_zero(),
            "{all:?}"
        );
    }
}

#[test]
fn where_lots_are_mixed_and_not_read_the_truth_lies_between_certain_and_possible() {
    for seed in 0..3 {
        let (ground, mut history) = told(100 + seed, Care::Sloppy);
        let all = question(&ground, &mut history, Care::Sloppy);
        assert!(
            all.certain.is_positive() && all.possible.is_positive(),
            "{all:?}"
        );
    }
}
