//! Diagnostics for whoever sets a device up: what does this label, tag or packet say?
//! Reads lines, answers lines; a bad line is answered like any other and never stops the rest.

mod labels;
mod listen;
mod readers;
mod tags;

pub use listen::{listen, listen_to_reader};

use serde_json::{Map, Value, json};
use std::io::{self, BufRead, Read, Write};

/// Longest line that is read, in bytes; the rest of a longer one is passed over.
pub const LONGEST_LINE: usize = 256 * 1024;

/// Answers each line of `input` with one line of JSON: `as` names the form, the other fields are the form's own.
pub fn decode_json(input: impl BufRead, output: impl Write) -> io::Result<()> {
    each_line(
        input,
        output,
        LONGEST_LINE,
        |line| match serde_json::from_slice::<Map<String, Value>>(line) {
            Ok(case) => answer(&case),
            Err(_) => trouble("a line holds one JSON object with the field `as`"),
        },
    )
}

/// Answers each line of `input`, taken as what a scanner sent, with what it is, in words.
pub fn decode_words(input: impl BufRead, output: impl Write) -> io::Result<()> {
    each_line(input, output, LONGEST_LINE, labels::words)
}

/// Answers each line of `input`, cut at `longest` bytes, with a line, as soon as it is read.
pub fn each_line<T: std::fmt::Display>(
    mut input: impl BufRead,
    mut output: impl Write,
    longest: usize,
    answer: impl Fn(&[u8]) -> T,
) -> io::Result<()> {
    while let Some(line) = next_line(&mut input, longest)? {
        writeln!(output, "{}", answer(&line))?;
    }
    output.flush()
}

fn answer(case: &Map<String, Value>) -> Value {
    let Some(form) = case.get("as").and_then(Value::as_str) else {
        return trouble("the field `as` names the form");
    };
    labels::answer(form, case)
        .or_else(|| tags::answer(form, case))
        .unwrap_or_else(|| trouble("there is no such form"))
}

fn trouble(why: &str) -> Value {
    json!({ "ok": false, "error": why })
}

/// The next line without its end, cut at `longest` bytes; none at the end of the input.
fn next_line(input: &mut impl BufRead, longest: usize) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let most = longest as u64;
    if input.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() as u64 == most {
        input.skip_until(b'\n')?;
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Some(line))
}
