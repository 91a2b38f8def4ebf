//! The warehouse's own labels: patterns from the configuration that tell a bin from a badge.

use super::{Scan, Substitutes};
use crate::warehouse::SafeText;
use serde::Deserialize;

/// How the warehouse's own labels look: masks, the first that fits decides.
///
/// In a mask `A` is a capital letter, `9` a digit, `*` the rest of the text (one character or more);
/// every other character stands for itself. `\A` is a capital A, `\9` a nine, `\*` an asterisk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Labels {
    /// Bins.
    pub bin: Vec<String>,
    /// Badges.
    pub badge: Vec<String>,
    /// Totes.
    pub tote: Vec<String>,
    /// Orders.
    pub order: Vec<String>,
    /// What the scanners send in place of separators.
    pub substitutes: Substitutes,
}

impl Default for Labels {
    fn default() -> Self {
        let masks = |masks: &[&str]| masks.iter().map(|&mask| mask.to_owned()).collect();
        Self {
            bin: masks(&[
                "A-99-99",
                "A-99-99-99",
                "AA-99-99",
                "AA-99-99-99",
                "DOCK-*",
                "RECV-*",
                "P\\ACK-*",
                "LOC:*",
            ]),
            badge: masks(&["B\\ADGE-*", "W:*"]),
            tote: masks(&["TOTE-*"]),
            order: masks(&["SO-*", "PO-*"]),
            substitutes: Substitutes::default(),
        }
    }
}

fn fits(mask: &str, text: &str) -> bool {
    let (mut mask, mut text) = (mask.chars(), text.chars());
    loop {
        let fits = match (mask.next(), text.clone().next()) {
            (None, rest) => return rest.is_none(),
            (Some('*'), rest) => return rest.is_some(),
            (Some(_), None) => return false,
            (Some('A'), Some(c)) => c.is_ascii_uppercase(),
            (Some('9'), Some(c)) => c.is_ascii_digit(),
            (Some('\\'), Some(c)) => mask.next() == Some(c),
            (Some(m), Some(c)) => m == c,
        };
        if !fits {
            return false;
        }
        text.next();
    }
}

impl Labels {
    /// What this text is, if it is one of the warehouse's own labels.
    pub fn read(&self, text: &str) -> Option<Scan> {
        if text.starts_with("stockhand:") {
            return Some(Scan::Enrolment(SafeText::new(text)));
        }
        let any = |masks: &[String]| masks.iter().any(|mask| fits(mask, text));
        if any(&self.bin) {
            let code = text.strip_prefix("LOC:").unwrap_or(text);
            return code.parse().ok().map(Scan::Bin);
        }
        if any(&self.badge) {
            return text.parse().ok().map(Scan::Badge);
        }
        if any(&self.tote) {
            return text.parse().ok().map(Scan::Tote);
        }
        if any(&self.order) {
            text.parse().ok().map(Scan::Order)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_fits_its_labels_and_no_others() {
        assert!(fits("A-99-99", "B-01-03"));
        assert!(!fits("A-99-99", "B-01-3"));
        assert!(!fits("A-99-99", "B-01-035"));
        assert!(fits("TOTE-*", "TOTE-7"));
        assert!(!fits("TOTE-*", "TOTE-"));
        assert!(fits("P\\ACK-*", "PACK-01"));
    }

    #[test]
    fn each_kind_is_told_from_the_others() {
        let labels = Labels::default();
        assert!(matches!(labels.read("A-01-03"), Some(Scan::Bin(_))));
        assert!(matches!(labels.read("DOCK-1"), Some(Scan::Bin(_))));
        assert!(matches!(labels.read("PACK-01"), Some(Scan::Bin(_))));
        assert!(matches!(labels.read("BADGE-7"), Some(Scan::Badge(_))));
        assert!(matches!(labels.read("SO-1001"), Some(Scan::Order(_))));
        assert_eq!(labels.read("whatever"), None);
    }
}
