//! Envelopes of ISO/IEC 15434: no more comes out than went in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockhand::scan::envelope::parse;

fuzz_target!(|data: &[u8]| {
    if let Ok(envelope) = parse(data) {
        assert!(envelope.formats.len() <= data.len());
    }
});
