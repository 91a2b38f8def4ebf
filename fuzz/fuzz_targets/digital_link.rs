//! GS1 Digital Link, plain and compressed: what can be written again is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockhand::scan::digital_link::{CANONICAL_STEM, decompress, generate, parse};
use stockhand::scan::gs1::Rules;

fuzz_target!(|uri: &str| {
    for link in [parse(uri, Rules::FLOOR), decompress(uri, Rules::FLOOR)].into_iter().flatten() {
        if let Ok(uri) = generate(&link.pairs, CANONICAL_STEM) {
            parse(&uri, Rules::FLOOR).expect("what was written is read");
        }
    }
});
