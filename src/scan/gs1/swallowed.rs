//! A separator that got lost makes a variable value swallow what came behind it. Can one tell?

use super::{Rules, dictionary, parse};

/// The end of a variable value that reads as elements of its own, beginning with one of predefined length that its check digit
/// or its date makes credible. None proves nothing: a swallowed serial looks like any other text.
pub fn swallowed(value: &str) -> Option<&str> {
    let credible = |tail: &&str| {
        let entry = tail
            .get(..2)
            .and_then(|ai| dictionary().entry(ai.as_bytes()));
        let checked = entry.is_some_and(|entry| {
            !entry.separated && entry.parts.iter().any(|part| !part.linters.is_empty())
        });
        checked && parse(tail.as_bytes(), Rules::FLOOR).is_ok()
    };
    (1..value.len())
        .filter_map(|at| value.get(at..))
        .find(credible)
}

#[cfg(test)]
mod tests {
    use super::swallowed;

    #[test]
    fn a_date_or_a_key_at_the_end_of_a_lot_looks_swallowed() {
        assert_eq!(swallowed("LOT717261231"), Some("17261231"));
        assert_eq!(swallowed("A0109506000134352"), Some("0109506000134352"));
    }

    #[test]
    fn an_ordinary_lot_does_not() {
        for lot in ["LOT7", "17261231", "LOT17261331", "A21SER", "2026-11", ""] {
            assert_eq!(swallowed(lot), None, "{lot}");
        }
    }
}
