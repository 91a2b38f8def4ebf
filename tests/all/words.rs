//! The sentences of the screen in every language: each catalogue holds each sentence, with the same blanks, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const LANGUAGES: [&str; 4] = ["es", "de", "pl", "fr"];
/// What keys are called on them, and how a time is written: the same in every language.
const UNTRANSLATED: [&str; 6] = ["Enter", "Esc", "YYMMDD", "kg", "{}.{:03} kg", "OWN-"];

/// All text literals of a source, without comments and without its tests.
fn literals(source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    let mut rest = code.as_str();
    while let Some((_, after)) = rest.split_once('"') {
        let mut end = 0;
        let bytes = after.as_bytes();
        while bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        found.insert(after[..end].replace("\\\"", "\""));
        rest = &after[end + 1..];
    }
    found
}

fn blanks(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect();
    names.sort_unstable();
    names
}

/// Whether a text has words, beside its blanks.
fn has_words(text: &str) -> bool {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        plain.push(' ');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let letters = plain.split(|c: char| !c.is_ascii_alphabetic());
    letters.into_iter().any(|word| word.len() >= 2)
}

fn sentences() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screen");
    let mut files = vec![root.join("words.rs")];
    for file in std::fs::read_dir(root.join("words")).unwrap() {
        files.push(file.unwrap().path());
    }
    let texts = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap());
    let mut found: BTreeSet<String> = texts.flat_map(|text| literals(&text)).collect();
    found.retain(|text| has_words(text) && !text.contains('%'));
    for key in UNTRANSLATED {
        found.remove(key);
    }
    found
}

fn catalogue(language: &str) -> BTreeMap<String, String> {
    let file = format!("assets/words/{language}.toml");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_sentence_is_said_in_every_language_with_the_same_blanks() {
    let sentences = sentences();
    assert!(sentences.len() > 100, "only {} were found", sentences.len());
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        let catalogue = catalogue(language);
        let missing = sentences.iter().filter(|it| !catalogue.contains_key(*it));
        wrong.extend(missing.map(|it| format!("{language} lacks {it:?}")));
        for (english, said) in &catalogue {
            if !sentences.contains(english) {
                wrong.push(format!("{language} has what nobody says: {english:?}"));
            }
            if blanks(english) != blanks(said) {
                wrong.push(format!(
                    "{language} has other blanks: {english:?}: {said:?}"
                ));
            }
            if said.trim().is_empty() || said.chars().any(char::is_control) {
                wrong.push(format!("{language} has an unfit text for {english:?}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
