//! Of an act that did the same to several things, how many they are and which.

use super::receive::status;
use super::tail;
use crate::screen::speech::say;
use crate::warehouse::{Fact, Quantity, Status};

/// So many are named; there is no room for more on the smallest screen.
const NAMED: usize = 3;

/// What several cartons or goods of one act are; none of all else.
pub(super) fn facts(facts: &[Fact]) -> Option<String> {
    loaded(facts).or_else(|| received(facts))
}

fn loaded(facts: &[Fact]) -> Option<String> {
    let plates: Vec<String> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Loaded { plate, .. } => Some(tail(*plate)),
            _ => None,
        })
        .collect();
    let count = plates.len();
    (count > 1).then(|| {
        say!(
            "{count} on the truck: {which}",
            count,
            which = named(&plates)
        )
    })
}

fn received(facts: &[Fact]) -> Option<String> {
    let mut sums: Vec<(String, Status, Quantity)> = Vec::new();
    let mut count = 0;
    for fact in facts {
        let Fact::Received {
            goods,
            quantity,
            status,
            ..
        } = fact
        else {
            continue;
        };
        count += 1;
        let same = |(item, of, _): &&mut (String, Status, Quantity)| {
            (item.as_str(), *of) == (goods.item.as_str(), *status)
        };
        match sums.iter_mut().find(same) {
            Some((.., sum)) => *sum = sum.plus(*quantity),
            None => sums.push((goods.item.to_string(), *status, *quantity)),
        }
    }
    if count < 2 {
        return None;
    }
    let told = |(item, of, sum): &(String, Status, Quantity)| match of {
        Status::Available => format!("{sum} x {item}"),
        kept => format!("{sum} x {item} ({})", status(*kept)),
    };
    let all: Vec<String> = sums.iter().map(told).collect();
    Some(say!("In: {which}", which = named(&all)))
}

/// The first of them, and whether there are more.
fn named(all: &[String]) -> String {
    let (shown, rest) = all.split_at(all.len().min(NAMED));
    let end = if rest.is_empty() { "." } else { ", …" };
    format!("{}{end}", shown.join(", "))
}
