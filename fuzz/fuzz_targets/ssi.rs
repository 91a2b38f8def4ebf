//! Any bytes may come from an SSI scanner. The first byte says where they are split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::time::Duration;
use stockhand::device::{SsiEvent, SsiHost};
use stockhand::scan::LONGEST_FRAME;

fuzz_target!(|data: &[u8]| {
    let Some((&split, bytes)) = data.split_first() else {
        return;
    };
    let mut host = SsiHost::default();
    let (first, second) = bytes.split_at(usize::from(split).min(bytes.len()));
    for (ms, part) in [(0, first), (u64::from(split) * 2, second)] {
        host.hear(Duration::from_millis(ms), part, |event| {
            if let SsiEvent::Scan { bytes, .. } = event {
                assert!(bytes.len() <= LONGEST_FRAME);
            }
        });
    }
    host.tick(Duration::from_secs(9), |_| {});
    host.to_send();
});
