//! Which qualifiers may follow a key. GS1 Digital Link URI Syntax §4.3 to §4.8: each may be left out, their order may not change.

use crate::scan::gs1::{Ai, Entry, dictionary};

/// Whether `sequence` is `whole` with some left out.
fn is_part(sequence: &[Ai], whole: &[Ai]) -> bool {
    let mut rest = whole.iter();
    sequence.iter().all(|ai| rest.any(|next| next == ai))
}

/// Whether these qualifiers may stand behind that key in this order.
pub(super) fn fits(key: &Entry, qualifiers: &[Ai]) -> bool {
    let Some(alternatives) = &key.qualifiers else {
        return false;
    };
    qualifiers.is_empty() || alternatives.iter().any(|whole| is_part(qualifiers, whole))
}

/// Whether the identifier could stand somewhere among these qualifiers, and therefore must.
pub(super) fn belongs(key: &Entry, qualifiers: &[Ai], ai: Ai) -> bool {
    (0..=qualifiers.len()).any(|at| {
        let mut longer = qualifiers.to_vec();
        longer.insert(at, ai);
        fits(key, &longer)
    })
}

/// The qualifiers to put into the path: those that leave nothing over that has no other place, then most of them; of two that are
/// equal the ones that read first in the alphabet.
pub(super) fn best(key: &Entry, present: impl Fn(Ai) -> usize) -> Vec<Ai> {
    let alternatives = key.qualifiers.as_deref().unwrap_or_default();
    let there = |whole: &[Ai]| -> Vec<Ai> {
        whole
            .iter()
            .copied()
            .filter(|&ai| present(ai) > 0)
            .collect()
    };
    let placeless = |ai: &Ai| {
        dictionary()
            .entry(ai.as_bytes())
            .is_some_and(|entry| !entry.attribute)
    };
    let candidates = alternatives.iter().map(|whole| {
        let others = alternatives
            .iter()
            .flatten()
            .filter(|ai| !whole.contains(ai));
        let over = others
            .filter(|ai| present(**ai) > 0 && placeless(ai))
            .count();
        let chosen = there(whole);
        let count: usize = chosen.iter().map(|&ai| present(ai)).sum();
        (over, std::cmp::Reverse(count), chosen)
    });
    candidates
        .min()
        .map_or_else(Vec::new, |(_, _, chosen)| chosen)
}
