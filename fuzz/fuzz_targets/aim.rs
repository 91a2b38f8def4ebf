//! A whole scan, AIM identifier and all, as the handheld reads it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockhand::flow::Said;
use stockhand::scan::{Frame, Labels, Source, read};
use stockhand::warehouse::is_plain;

fuzz_target!(|scan: &[u8]| {
    let frame = Frame {
        source: Source::Scanner,
        port: "fuzz".into(),
        bytes: scan.to_vec(),
    };
    let said = match read(&frame, &Labels::default()) {
        Ok(scan) => Said::of(&scan).text,
        Err(why) => why.to_string(),
    };
    assert!(said.chars().all(is_plain));
});
