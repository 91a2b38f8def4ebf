//! The languages of the screen. Every sentence is written in English where it belongs, and said in the language of whoever
//! reads it: a catalogue a language stands in `assets/words/`, English sentence to translated one, and a test holds each of
//! them complete. The language is that of the picture being drawn; nothing outside of `draw` knows one.

use crate::warehouse::Language;
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::OnceLock;

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

/// Draws in a language.
pub(super) fn speaking<T>(language: Language, draw: impl FnOnce() -> T) -> T {
    let before = SPOKEN.replace(language);
    let drawn = draw();
    SPOKEN.set(before);
    drawn
}

type Catalogue = HashMap<String, String>;

/// The catalogue of a language; none for English, which is what is written.
fn catalogue(language: Language) -> Option<&'static Catalogue> {
    static SPANISH: OnceLock<Catalogue> = OnceLock::new();
    static GERMAN: OnceLock<Catalogue> = OnceLock::new();
    static POLISH: OnceLock<Catalogue> = OnceLock::new();
    static FRENCH: OnceLock<Catalogue> = OnceLock::new();
    let (read, text) = match language {
        Language::English => return None,
        Language::Spanish => (&SPANISH, include_str!("../../assets/words/es.toml")),
        Language::German => (&GERMAN, include_str!("../../assets/words/de.toml")),
        Language::Polish => (&POLISH, include_str!("../../assets/words/pl.toml")),
        Language::French => (&FRENCH, include_str!("../../assets/words/fr.toml")),
    };
    Some(read.get_or_init(|| toml::from_str(text).expect("a test reads every catalogue")))
}

/// A sentence without blanks, in the language of the picture. One that no catalogue knows stays English.
pub(super) fn tr(english: &'static str) -> &'static str {
    let known = catalogue(SPOKEN.get()).and_then(|known| known.get(english));
    known.map_or(english, String::as_str)
}

/// A sentence with its blanks filled: `{name}` by what goes by that name.
pub(super) fn fill(english: &'static str, blanks: &[(&str, &dyn Display)]) -> String {
    let mut rest = tr(english);
    let mut said = String::with_capacity(rest.len() + 16);
    while let Some((before, after)) = rest.split_once('{') {
        said.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, blank)) = blanks.iter().find(|(known, _)| *known == name) {
            said.push_str(&blank.to_string());
        }
        rest = after;
    }
    said.push_str(rest);
    said
}

// A macro, so that a sentence is written whole, once, where it is said: its blanks are variables of that place.
macro_rules! say {
    (@blank $name:ident) => { &$name };
    (@blank $name:ident = $blank:expr) => { &$blank };
    ($english:literal $(, $name:ident $(= $blank:expr)?)* $(,)?) => {
        $crate::screen::speech::fill($english, &[$((stringify!($name), say!(@blank $name $(= $blank)?))),*])
    };
}
pub(super) use say;

#[cfg(test)]
mod tests {

    #[test]
    fn blanks_are_filled_by_name_and_in_english_as_written() {
        let (said, wanted) = ("A-1", 7);
        let text = say!("That is {said}. Go to {wanted}.", said, wanted);
        assert_eq!(text, "That is A-1. Go to 7.");
        assert_eq!(say!("{n} of {n}", n = 1 + 1), "2 of 2");
        assert_eq!(say!("Nothing."), "Nothing.");
    }
}
