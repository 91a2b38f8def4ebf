//! What scanners send in place of the separators that no keyboard has. Off unless configured, and then only for GS1 data and
//! for envelopes: in any other code a `#` is a `#`.

use serde::Deserialize;
use std::borrow::Cow;

/// Texts that stand for control characters in what this scanner sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Substitutes {
    /// Texts that stand for GS, the end of a variable field (seen: `<GS>` `{GS}` `^]` `~d029` `|` `#` `\x1d`).
    pub gs: Vec<String>,
    /// Texts that stand for RS, in envelopes.
    pub rs: Vec<String>,
    /// Texts that stand for EOT, at the end of envelopes.
    pub eot: Vec<String>,
    /// Takes what has no AIM identifier for GS1 data, if it reads as such.
    pub force_gs1: bool,
}

impl Substitutes {
    /// The data with every substitute made the character that it stands for.
    /// Of two that begin alike the longer counts.
    pub fn restore<'a>(&self, data: &'a [u8]) -> Cow<'a, [u8]> {
        let kinds = [(&self.gs, 0x1d_u8), (&self.rs, 0x1e), (&self.eot, 0x04)];
        let mut all: Vec<(&[u8], u8)> = kinds
            .iter()
            .flat_map(|(texts, byte)| texts.iter().map(|text| (text.as_bytes(), *byte)))
            .filter(|(text, _)| !text.is_empty())
            .collect();
        if all.is_empty() {
            return Cow::Borrowed(data);
        }
        all.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let mut restored = Vec::with_capacity(data.len());
        let mut rest = data;
        while let Some((&first, tail)) = rest.split_first() {
            let found = all.iter().find(|(text, _)| rest.starts_with(text));
            let (byte, skipped) =
                found.map_or((first, tail), |(text, byte)| (*byte, &rest[text.len()..]));
            restored.push(byte);
            rest = skipped;
        }
        Cow::Owned(restored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(gs: &[&str]) -> Substitutes {
        Substitutes {
            gs: gs.iter().map(|&text| text.to_owned()).collect(),
            ..Substitutes::default()
        }
    }

    #[test]
    fn nothing_is_restored_unless_it_is_configured() {
        assert_eq!(
            &*Substitutes::default().restore(b"10A<GS>21B"),
            b"10A<GS>21B"
        );
        assert_eq!(
            &*with(&["<GS>"]).restore(b"10A<GS>21B<GS>"),
            b"10A\x1d21B\x1d"
        );
    }

    #[test]
    fn of_two_that_begin_alike_the_longer_counts() {
        assert_eq!(&*with(&["^", "^]"]).restore(b"a^]b^c"), b"a\x1db\x1dc");
        assert_eq!(&*with(&[""]).restore(b"ab"), b"ab");
    }

    #[test]
    fn an_envelope_has_its_three_separators_back() {
        let mut all = with(&["{GS}"]);
        (all.rs, all.eot) = (vec!["{RS}".to_owned()], vec!["{EOT}".to_owned()]);
        assert_eq!(
            &*all.restore(b"[)>{RS}06{GS}PABC{RS}{EOT}"),
            b"[)>\x1e06\x1dPABC\x1e\x04"
        );
    }
}
