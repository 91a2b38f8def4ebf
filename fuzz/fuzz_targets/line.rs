//! The line framer: however the bytes are cut, the same scans come out, and no more is held than a scan.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockhand::scan::{LineFramer, LineRules};

fuzz_target!(|chunks: Vec<Vec<u8>>| {
    let rules = LineRules {
        max_len: Some(64),
        ..LineRules::default()
    };
    let (mut cut, mut whole) = (Vec::new(), Vec::new());
    let mut framer = LineFramer::new(rules.clone());
    for chunk in &chunks {
        framer.push(chunk, |scan| cut.push(scan));
        assert!(framer.pending().len() <= 64);
    }
    LineFramer::new(rules).push(&chunks.concat(), |scan| whole.push(scan));
    assert_eq!(cut, whole);
});
