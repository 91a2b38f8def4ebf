//! GS1 element strings: what is good is good again when it is written in brackets and read from there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockhand::scan::gs1::{Rules, bracketed, from_brackets, parse};

fuzz_target!(|data: &[u8]| {
    let _ = parse(data, Rules::STRICT);
    let Ok(elements) = parse(data, Rules::FLOOR) else {
        return;
    };
    let pairs = || elements.iter().map(|element| (element.entry.ai, element.value));
    let again = from_brackets(&bracketed(pairs())).expect("what is good is good in brackets");
    assert!(again.iter().map(|(entry, value)| (entry.ai, value.as_str())).eq(pairs()));
});
