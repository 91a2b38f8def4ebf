//! What the targets of RFID readers share.

use std::time::Duration;
use stockhand::device::rfid::{Protocol, Reader, built_in};

/// Any bytes may come from a reader of this kind. The first byte says where they are split.
pub fn heard(protocol: Protocol, data: &[u8]) {
    let Some((&split, bytes)) = data.split_first() else {
        return;
    };
    let profile = built_in().into_iter().find(|it| it.protocol == protocol);
    let mut reader = Reader::new(&profile.expect("every protocol has a profile"));
    reader.start(Duration::ZERO);
    let (first, second) = bytes.split_at(usize::from(split).min(bytes.len()));
    let mut events = 0;
    for (ms, part) in [(1, first), (u64::from(split) * 2, second)] {
        reader.hear(Duration::from_millis(ms), part, |_| events += 1);
        reader.tick(Duration::from_millis(ms), |_| events += 1);
    }
    reader.tick(Duration::from_secs(9), |_| events += 1);
    assert!(events <= bytes.len(), "no event without a byte of its own");
    reader.to_send();
}
