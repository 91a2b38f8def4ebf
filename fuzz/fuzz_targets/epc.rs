//! Any bits are an EPC or none; what was read can be written and is read again as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stockhand::scan::{Epc, RawEpc, read_tag};

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(epc) = Epc::from_tag_uri(text)
    {
        let raw = epc.encode().expect("it was checked when it was read");
        assert_eq!(Epc::decode(&raw), Ok(epc));
    }
    let Ok(raw) = RawEpc::from_bytes(data) else {
        return;
    };
    read_tag(None, &raw);
    if let Ok(epc) = Epc::decode(&raw) {
        match epc.encode().map(|raw| Epc::decode(&raw)) {
            Ok(again) => assert_eq!(again.expect("it was written").elements(), epc.elements()),
            // Another coding of the identity may need more room than there is beside what follows.
            Err(why) => assert!(epc.more_follows(), "{why}"),
        }
        epc.unread();
        epc.digital_link();
    }
});
