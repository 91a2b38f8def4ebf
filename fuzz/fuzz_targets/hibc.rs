//! HIBC labels. The check character is put right, or hardly anything would be read beyond it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockhand::scan::hibc::{check_character, parse};

fuzz_target!(|text: &str| {
    let _ = parse(text, 2026);
    if let Some(check) = check_character(text.as_bytes()) {
        let _ = parse(&format!("{text}{check}"), 2026);
    }
});
