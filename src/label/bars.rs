//! Code 128 as ZPL's `^BC` takes it: subsets and FNC1 are written as invocation codes in the field's data.

use crate::scan::gs1::{Fault, from_brackets};
use std::fmt::Write as _;

/// Why something cannot be printed as bars.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBars {
    /// It is no GS1 element string.
    #[error("it is no GS1 element string: {0}")]
    Elements(#[from] Fault),
    /// It holds something that Code 128 has no bars for, or nothing at all.
    #[error("only letters, digits and signs of ASCII have bars")]
    NotPlain,
}

/// One thing that has bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Symbol {
    /// FNC1: in front it makes the code a GS1 one, later it ends a value of variable length.
    Fnc1,
    Char(char),
}

/// The field data of a GS1-128 symbol from `(00)…(10)…`.
///
/// GS1 General Specifications §5.4.1: FNC1 comes first; §7.8.3: it ends each value of variable length but the last.
pub fn gs1_128(text: &str) -> Result<String, NoBars> {
    let elements = from_brackets(text)?;
    let last = elements.len() - 1;
    let mut symbols = vec![Symbol::Fnc1];
    for (at, (entry, value)) in elements.iter().enumerate() {
        symbols.extend(entry.ai.as_str().chars().map(Symbol::Char));
        symbols.extend(value.chars().map(Symbol::Char));
        if entry.separated && at != last {
            symbols.push(Symbol::Fnc1);
        }
    }
    // Subset C from the start: two digits in the room of one character.
    Ok(encode(&symbols))
}

/// The field data of a plain Code 128 symbol.
pub fn code_128(text: &str) -> Result<String, NoBars> {
    if text.is_empty() || !text.chars().all(|c| matches!(c, ' '..='~')) {
        return Err(NoBars::NotPlain);
    }
    let mut data = String::from(">:");
    text.chars().for_each(|c| push(&mut data, c));
    Ok(data)
}

fn encode(symbols: &[Symbol]) -> String {
    let mut data = String::from(">;");
    let mut in_pairs = true;
    let mut at = 0;
    while let Some(&symbol) = symbols.get(at) {
        let digits = run_of_digits(&symbols[at..]);
        match symbol {
            Symbol::Fnc1 => {
                data.push_str(">8");
                at += 1;
            }
            Symbol::Char(_) if in_pairs && digits >= 2 => {
                for symbol in &symbols[at..at + 2] {
                    if let Symbol::Char(digit) = symbol {
                        data.push(*digit);
                    }
                }
                at += 2;
            }
            Symbol::Char(_) if in_pairs => {
                data.push_str(">6");
                in_pairs = false;
            }
            // Pairs pay from four digits on; an odd one goes before them.
            Symbol::Char(_) if digits >= 4 && digits.is_multiple_of(2) => {
                data.push_str(">5");
                in_pairs = true;
            }
            Symbol::Char(c) => {
                push(&mut data, c);
                at += 1;
            }
        }
    }
    data
}

fn run_of_digits(symbols: &[Symbol]) -> usize {
    let is_digit = |symbol: &&Symbol| matches!(symbol, Symbol::Char('0'..='9'));
    symbols.iter().take_while(is_digit).count()
}

/// A character of subset B; three of them are ZPL's own and have invocation codes instead.
fn push(data: &mut String, c: char) {
    let written = match c {
        '>' => data.write_str(">0"),
        '^' => data.write_str("><"),
        '~' => data.write_str(">="),
        c => data.write_char(c),
    };
    written.expect("a string takes all that is written into it");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::gs1::{Rules, bracketed, parse};
    use proptest::prelude::*;

    /// What a scanner would read off the bars; FNC1 in front is left out, later ones are separators.
    fn scanned(data: &str) -> String {
        let (mut read, mut in_pairs) = (String::new(), false);
        let mut rest = data;
        while let Some(c) = rest.chars().next() {
            if let Some(code) = rest.strip_prefix('>') {
                match code.chars().next().expect("an invocation code") {
                    ';' | '5' => in_pairs = true,
                    ':' | '6' => in_pairs = false,
                    '8' if read.is_empty() => {}
                    '8' => read.push('\x1d'),
                    '0' => read.push('>'),
                    '<' => read.push('^'),
                    '=' => read.push('~'),
                    other => panic!("{other} is no code"),
                }
                rest = &code[1..];
            } else if in_pairs {
                assert!(
                    rest.as_bytes()[..2].iter().all(u8::is_ascii_digit),
                    "{data}"
                );
                read.push_str(&rest[..2]);
                rest = &rest[2..];
            } else {
                read.push(c);
                rest = &rest[1..];
            }
        }
        read
    }

    #[test]
    fn the_bars_of_an_sscc_are_ten_pairs_behind_a_function_character() {
        assert_eq!(
            gs1_128("(00)395060001343512341").as_deref(),
            Ok(">;>800395060001343512341")
        );
    }

    #[test]
    fn what_ends_a_value_is_written_between_values_only() {
        let data = gs1_128("(10)A>7(37)12(01)09506000134352(21)X_1").unwrap();
        assert_eq!(scanned(&data), "10A>7\x1d3712\x1d010950600013435221X_1");
        assert!(gs1_128("(10)AB").unwrap().ends_with("AB"));
        assert!(gs1_128("10AB").is_err());
        assert_eq!(code_128("A-01").as_deref(), Ok(">:A-01"));
        assert_eq!(code_128("Ä"), Err(NoBars::NotPlain));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_what_is_read(lot in "[!\"%-?A-Z_a-z]{1,20}", serial in "[0-9A-Z]{1,20}") {
            let text = bracketed([("10", lot.as_str()), ("01", "09506000134352"), ("21", serial.as_str())]
                .map(|(ai, value)| (crate::scan::gs1::Ai::parse(ai.as_bytes()).unwrap(), value)));
            let read = scanned(&gs1_128(&text).unwrap());
            let parsed = parse(read.as_bytes(), Rules::FLOOR).unwrap();
            prop_assert_eq!(parsed.get("10"), Some(lot.as_str()));
            prop_assert_eq!(parsed.get("21"), Some(serial.as_str()));
        }

        #[test]
        fn plain_bars_say_the_text(text in "[ -~]{1,40}") {
            prop_assert_eq!(scanned(&code_128(&text).unwrap()), text);
        }
    }
}
