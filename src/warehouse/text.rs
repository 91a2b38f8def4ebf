//! Text that may be shown: the one filter between foreign bytes and a screen, a log or a printer.

use serde::{Deserialize, Serialize};

/// Whether a character may reach a terminal, a log or a printer command as it is.
///
/// False for C0 and C1 controls, DEL, line and paragraph separators, bidi marks, overrides and isolates,
/// zero-width and other invisible formatting characters, interlinear marks, tags and non-characters.
pub fn is_plain(c: char) -> bool {
    !(c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe)
}

/// Text that is safe to show: only plain characters, at most [`SafeText::MAX`] of them.
/// What could not be shown stands as `·`, so that the reader sees that something was there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct SafeText(String);

impl SafeText {
    /// Longest text kept, in characters; the rest is cut and ends in `…`.
    pub const MAX: usize = 200;

    /// Makes any text safe. Never fails.
    pub fn new(raw: &str) -> Self {
        let mut kept: String = raw
            .chars()
            .take(Self::MAX)
            .map(|c| if is_plain(c) { c } else { '·' })
            .collect();
        if raw.chars().nth(Self::MAX).is_some() {
            kept.pop();
            kept.push('…');
        }
        Self(kept)
    }

    /// Makes any bytes safe: UTF-8 where they are, else Latin-1.
    pub fn from_bytes(raw: &[u8]) -> Self {
        let head = &raw[..raw.len().min(Self::MAX * 4)];
        match std::str::from_utf8(head) {
            Ok(text) => Self::new(text),
            Err(_) => Self::new(&head.iter().map(|&b| char::from(b)).collect::<String>()),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for SafeText {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

impl From<&str> for SafeText {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<SafeText> for String {
    fn from(text: SafeText) -> Self {
        text.0
    }
}

impl std::fmt::Display for SafeText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_a_cursor_or_turns_the_line_comes_through() {
        let hostile = "a\u{1b}[2Jb\u{9b}c\u{202e}d\u{200b}e\u{7f}f\u{feff}";
        assert_eq!(SafeText::new(hostile).as_str(), "a·[2Jb·c·d·e·f·");
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let text = SafeText::new(&"x".repeat(5_000));
        assert_eq!(text.as_str().chars().count(), SafeText::MAX);
        assert!(text.as_str().ends_with('…'));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_read_as_latin_1() {
        assert_eq!(SafeText::from_bytes(b"caf\xe9").as_str(), "café");
    }
}
